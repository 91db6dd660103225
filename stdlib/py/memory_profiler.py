"""Line-by-line memory use of functions, as the memory_profiler package shows it.

The figures come from the allocator, not from samples of the process: an increment is what the line itself
allocated and kept.

    from memory_profiler import profile

    @profile
    def f(): ...

or `-m memory_profiler script.py`, which puts `profile` into the builtins.
"""

import builtins
import sys
import time

from _ouro import memory_in_use, memory_peak, memory_reset_peak

__version__ = '0.61.0'

_TWO_20 = float(2 ** 20)
_CMD_USAGE = 'python -m memory_profiler script_file.py'


_CODE = type((lambda: None).__code__)
_COROUTINE = 0x80  # CO_COROUTINE


def _wraps(func):
    def copy(wrapper):
        for name in '__module__', '__name__', '__qualname__', '__doc__':
            try:
                setattr(wrapper, name, getattr(func, name))
            except AttributeError:
                pass
        wrapper.__dict__.update(getattr(func, '__dict__', {}))
        wrapper.__wrapped__ = func
        return wrapper
    return copy


def _is_coroutine(func):
    return bool(getattr(getattr(func, '__code__', None), 'co_flags', 0) & _COROUTINE)


def _source(filename):
    """The lines of a file; empty when it cannot be read."""
    try:
        import linecache
        return linecache.getlines(filename)
    except ImportError:
        try:
            with open(filename) as f:
                return f.readlines()
        except OSError:
            return []


def _block(lines):
    """How many of these lines the function that begins in the first one takes."""
    depth = None
    last = 0
    for i, line in enumerate(lines):
        text = line.strip()
        if not text or text.startswith('#'):
            continue
        indent = len(line) - len(line.lstrip())
        if depth is None:
            if text.startswith(('def ', 'async def ', 'class ')):
                depth = indent
        elif indent <= depth and not text.startswith((')', ']', '}')):
            break
        last = i + 1
    return last


def _own_pid():
    import posix
    return posix.getpid()


def _mib():
    return memory_in_use() / _TWO_20


def memory_usage(proc=-1, interval=.1, timeout=None, timestamps=False, include_children=False,
                 multiprocess=False, max_usage=False, retval=False, stream=None, backend=None,
                 max_iterations=None):
    """Return the memory usage of this process or of a function call, in MiB.

    proc: -1 for this process, or a function, or a tuple (f, args, kwargs) that is called.  For a call the list
    holds the use before, the peak during, and the use after it; max_usage gives the peak alone.
    """
    if stream is not None:
        timestamps = True

    def stamp(value):
        return (value, time.time()) if timestamps else value

    if callable(proc):
        proc = (proc, (), {})
    if isinstance(proc, (list, tuple)):
        if len(proc) == 1:
            f, args, kwargs = proc[0], (), {}
        elif len(proc) == 2:
            f, args, kwargs = proc[0], proc[1], {}
        elif len(proc) == 3:
            f, args, kwargs = proc
        else:
            raise ValueError('proc must be a function, or a tuple of function, arguments and keywords')
        found = [stamp(_mib())]
        memory_reset_peak()
        returned = f(*args, **kwargs)
        found.append(stamp(memory_peak() / _TWO_20))
        found.append(stamp(_mib()))
    else:
        if proc != -1 and proc != _own_pid():
            raise NotImplementedError('memory of another process')
        returned = None
        n = max_iterations if max_iterations is not None else 1
        if timeout is not None:
            n = max(int(timeout / interval), 1)
        found = [stamp(_mib())]
        for i in range(n - 1):
            time.sleep(interval)
            found.append(stamp(_mib()))
    if stream is not None:
        for value, when in found:
            stream.write('MEM {0:.6f} {1:.4f}\n'.format(value, when))
        return None
    if max_usage:
        found = max(found)
    return (found, returned) if retval else found


class CodeMap(dict):
    """For each code object: lines -> (increment, memory, occurrences)."""

    def __init__(self, include_children=False, backend=None):
        self._toplevel = []

    def add(self, code, toplevel_code=None):
        if code in self:
            return
        self[code] = {}
        if toplevel_code is None:
            filename = code.co_filename
            if filename.endswith(('.pyc', '.pyo')):
                filename = filename[:-1]
            lines = _source(filename)
            if not lines:
                print('ERROR: Could not find file ' + filename)
                if filename.startswith(('ipython-input', '<ipython-input', '<stdin')):
                    print('NOTE: %mprun can only be used on functions defined in physical files, and not in the '
                          'IPython environment.')
                del self[code]
                return
            size = _block(lines[code.co_firstlineno - 1:])
            numbers = range(code.co_firstlineno, code.co_firstlineno + size)
            self._toplevel.append((filename, code, numbers))
        else:
            self[code] = self[toplevel_code]
        for const in code.co_consts:
            if isinstance(const, _CODE):
                self.add(const, toplevel_code=toplevel_code or code)

    def items(self):
        for filename, code, numbers in self._toplevel:
            rows = self[code]
            yield filename, [(n, rows.get(n)) for n in numbers]


class LineProfiler:
    """Records the memory before and after each line of the functions it wraps."""

    def __init__(self, **kw):
        self.code_map = CodeMap()
        self.enable_count = 0
        self.max_mem = kw.get('max_mem', None)
        self._stack = {}
        self._original = None

    def __call__(self, func=None, precision=1):
        if func is None:
            return lambda f: self(f, precision)
        self.add_function(func)
        return self.wrap_function(func)

    def add_function(self, func):
        code = getattr(func, '__code__', None)
        if code is None:
            import warnings
            warnings.warn('Could not extract a code object for the object %r' % func)
        else:
            self.code_map.add(code)

    def wrap_function(self, func):
        if _is_coroutine(func):
            async def wrapper(*args, **kwargs):
                self.enable_by_count()
                try:
                    return await func(*args, **kwargs)
                finally:
                    self.disable_by_count()
        else:
            def wrapper(*args, **kwargs):
                self.enable_by_count()
                try:
                    return func(*args, **kwargs)
                finally:
                    self.disable_by_count()
        return _wraps(func)(wrapper)

    def runctx(self, cmd, globals, locals):
        self.enable_by_count()
        try:
            exec(cmd, globals, locals)
        finally:
            self.disable_by_count()
        return self

    def enable_by_count(self):
        if self.enable_count == 0:
            self.enable()
        self.enable_count += 1

    def disable_by_count(self):
        if self.enable_count > 0:
            self.enable_count -= 1
            if self.enable_count == 0:
                self.disable()

    def enable(self):
        self._original = sys.gettrace()
        sys.settrace(self.trace_memory_usage)

    def disable(self):
        sys.settrace(self._original)

    def trace_memory_usage(self, frame, event, arg):
        code = frame.f_code
        if code not in self.code_map:
            return None
        key = id(frame)
        now = _mib()
        if event == 'call':
            self._stack[key] = (code.co_firstlineno, now)
            rows = self.code_map[code]
            if code.co_firstlineno not in rows:
                rows[code.co_firstlineno] = [now, now, 1]
            else:
                rows[code.co_firstlineno][2] += 1
        elif event in ('line', 'return'):
            line, before = self._stack.get(key, (None, now))
            if line is not None and line != code.co_firstlineno:
                self._note(code, line, before, now)
            if event == 'return':
                self._stack.pop(key, None)
            else:
                # What the tracer itself kept is not the line's.
                self._stack[key] = (frame.f_lineno, _mib())
        return self.trace_memory_usage

    def _note(self, code, line, before, now):
        rows = self.code_map[code]
        row = rows.get(line)
        if row is None:
            rows[line] = [now - before, now, 1]
        else:
            row[0] += now - before
            row[1] = max(row[1], now)
            row[2] += 1

    def __enter__(self):
        self.enable_by_count()

    def __exit__(self, exc_type, exc_val, exc_tb):
        self.disable_by_count()


def show_results(prof, stream=None, precision=1):
    """Print the tables of a LineProfiler."""
    if stream is None:
        stream = sys.stdout
    template = '{0:>6} {1:>12} {2:>12}  {3:>10}   {4:<}'
    mem_template = '{0:%d.%df} MiB' % (precision + 4, precision)
    for filename, lines in prof.code_map.items():
        header = template.format('Line #', 'Mem usage', 'Increment', 'Occurrences', 'Line Contents')
        stream.write('Filename: ' + filename + '\n\n')
        stream.write(header + '\n')
        stream.write('=' * len(header) + '\n')
        source = _source(filename)
        for number, row in lines:
            if row:
                increment, memory, occurrences = row
                cells = mem_template.format(memory), mem_template.format(increment), occurrences
            else:
                cells = '', '', ''
            stream.write(template.format(number, *cells, source[number - 1]))
        stream.write('\n\n')


def profile(func=None, stream=None, precision=1, backend=None):
    """Decorator: runs the function and prints its line-by-line memory use."""
    if func is None:
        return lambda f: profile(f, stream=stream, precision=precision, backend=backend)
    if _is_coroutine(func):
        @_wraps(func)
        async def wrapper(*args, **kwargs):
            prof = LineProfiler()
            value = await prof(func)(*args, **kwargs)
            show_results(prof, stream=stream, precision=precision)
            return value
    else:
        @_wraps(func)
        def wrapper(*args, **kwargs):
            prof = LineProfiler()
            value = prof(func)(*args, **kwargs)
            show_results(prof, stream=stream, precision=precision)
            return value
    return wrapper


class LogFile:
    """A file-like object that writes to a logger (stream of profile)."""

    def __init__(self, name=None, reportIncrementFlag=False):
        import logging
        self.logger = logging.getLogger(name)
        self.reportIncrementFlag = reportIncrementFlag

    def write(self, msg, level=20):
        if self.reportIncrementFlag:
            if 'MiB' in msg and float(msg.split('MiB')[1].strip()) > 0:
                self.logger.log(level, msg)
            elif msg.__contains__('Filename:') or msg.__contains__('Line Contents'):
                self.logger.log(level, msg)
        else:
            self.logger.log(level, msg)

    def flush(self):
        for handler in self.logger.handlers:
            handler.flush()


def _run_script(argv):
    import argparse
    import os
    parser = argparse.ArgumentParser(usage=_CMD_USAGE)
    parser.add_argument('--version', action='version', version=__version__)
    parser.add_argument('--precision', dest='precision', default=3, type=int,
                        help='precision of memory output in number of significant digits')
    parser.add_argument('-o', dest='out_filename', default=None, help='path to a file where results will be written')
    parser.add_argument('program', nargs=argparse.REMAINDER, help='python script or module followed by command line arguments to run')
    args = parser.parse_args(argv)
    if not args.program:
        print('A program to run must be provided. Use --help for help')
        return 1
    script = args.program[0]
    prof = LineProfiler()
    builtins.profile = prof
    sys.argv[:] = args.program
    sys.path[0:1] = [os.path.dirname(os.path.abspath(script))]
    main = sys.modules['__main__']
    namespace = {'__name__': '__main__', '__file__': script, '__builtins__': builtins}
    # The classes of the script are looked up in its own __main__.
    module = type(sys)('__main__')
    module.__dict__.update(namespace)
    sys.modules['__main__'] = module
    try:
        with open(script, 'rb') as f:
            code = compile(f.read(), script, 'exec')
        exec(code, module.__dict__)
    finally:
        sys.modules['__main__'] = main
        if args.out_filename:
            with open(args.out_filename, 'a') as out:
                show_results(prof, stream=out, precision=args.precision)
        else:
            show_results(prof, precision=args.precision)
    return 0


if __name__ == '__main__':
    sys.exit(_run_script(sys.argv[1:]))
