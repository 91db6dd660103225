"""What cProfile stands on: a profiler that counts calls and measures the time in them, over sys.setprofile.

One entry a function (code object, or the text of a built-in one), and one a pair of caller and called.  Names and figures are
those of CPython's _lsprof.
"""
import _operator as operator
import sys
from time import perf_counter as _clock


def _fields(*names):
    """A class of tuples with named fields that has its length checked."""

    def new(cls, values):
        values = tuple(values)
        if len(values) != len(names):
            raise TypeError(f'{cls.__module__}.{cls.__name__}() takes a {len(names)}-sequence ({len(values)}-sequence given)')
        return tuple.__new__(cls, values)

    def show(self):
        pairs = ', '.join(f'{n}={v!r}' for n, v in zip(names, self))
        return f'{type(self).__module__}.{type(self).__name__}({pairs})'

    members = {n: property(lambda self, i=i: self[i]) for i, n in enumerate(names)}
    return {'__new__': new, '__repr__': show, '__slots__': (), '__match_args__': names, '__module__': '_lsprof',
            'n_fields': len(names), 'n_sequence_fields': len(names), 'n_unnamed_fields': 0, **members}


_COUNTS = 'code', 'callcount', 'reccallcount', 'totaltime', 'inlinetime'
profiler_entry = type('profiler_entry', (tuple,), _fields(*_COUNTS, 'calls'))
profiler_subentry = type('profiler_subentry', (tuple,), _fields(*_COUNTS))


class _Entry:
    __slots__ = 'count', 'recursive', 'depth', 'total', 'inline', 'calls'

    def __init__(self):
        self.count = self.recursive = self.depth = 0
        self.total = self.inline = 0
        self.calls = None

    def leave(self, total, inline):
        self.depth -= 1
        if self.depth:
            self.recursive += 1
        else:
            self.total += total
        self.inline += inline
        self.count += 1


def _name(function):
    """Text for a built-in function: its object is not kept, it may hold anything."""
    name = function.__name__
    owner = getattr(function, '__self__', None)
    if owner is not None:
        for cls in type(owner).__mro__:
            if name in cls.__dict__:
                return repr(cls.__dict__[name])
    module = getattr(function, '__module__', None)
    return f'<built-in method {module}.{name}>' if isinstance(module, str) else f'<built-in method {name}>'


class Profiler:
    """Profiler(timer=None, timeunit=None, subcalls=True, builtins=True)

    Builds a profiler object using the specified timer function; the default one is fast and based on real time.  For timers
    that return integers, timeunit may be the length of their unit in seconds.
    """

    def __init__(self, timer=None, timeunit=0.0, subcalls=True, builtins=True):
        self.__timer = timer
        self.__unit = float(timeunit or 0.0)
        self.__subcalls = bool(subcalls)
        self.__builtins = bool(builtins)
        self.__entries = {}
        self.__stack = []  # [key, entry, start, time in calls from it]

    def __now(self):
        if self.__timer is None:
            return _clock()
        try:
            t = self.__timer()
            return operator.index(t) if self.__unit else float(t)
        except BaseException as e:
            from types import SimpleNamespace
            sys.unraisablehook(SimpleNamespace(exc_type=type(e), exc_value=e, exc_traceback=e.__traceback__, err_msg=None,
                                               object=self.__timer))
            return 0

    def __enter(self, key):
        entry = self.__entries.get(key)
        if entry is None:
            entry = self.__entries[key] = _Entry()
        entry.depth += 1
        if self.__subcalls and self.__stack:
            caller = self.__stack[-1][1]
            if caller.calls is None:
                caller.calls = {}
            sub = caller.calls.get(key)
            if sub is None:
                sub = caller.calls[key] = _Entry()
            sub.depth += 1
        self.__stack.append([key, entry, self.__now(), 0])

    def __leave(self):
        if not self.__stack:
            return
        key, entry, start, inside = self.__stack.pop()
        total = self.__now() - start
        entry.leave(total, total - inside)
        if self.__stack:
            outer = self.__stack[-1]
            outer[3] += total
            if self.__subcalls and outer[1].calls and key in outer[1].calls:
                outer[1].calls[key].leave(total, total - inside)

    def __call__(self, frame, event, arg):
        """An event of sys.setprofile."""
        if event == 'call':
            if frame.f_code is _disable_code:
                if self.__builtins:
                    self.__enter("<method 'disable' of '_lsprof.Profiler' objects>")
            else:
                self.__enter(frame.f_code)
        elif event == 'return':
            self.__leave()
        elif self.__builtins and frame.f_code is not _disable_code:
            if event == 'c_call':
                self.__enter(sys.intern(_name(arg)))  # one object a name: cProfile goes by its id
            else:
                self.__leave()

    def enable(self, subcalls=True, builtins=True):
        """Start collecting profiling information."""
        self.__subcalls = bool(subcalls)
        self.__builtins = bool(builtins)
        sys.setprofile(self)

    def disable(self):
        """Stop collecting profiling information."""
        sys.setprofile(None)
        while self.__stack:
            self.__leave()

    def clear(self):
        """Clear all profiling information collected so far."""
        self.__entries = {}
        self.__stack = []

    def getstats(self):
        """list of profiler_entry objects: all information collected by the profiler."""
        sys_profiler = sys.getprofile()
        if sys_profiler is self:
            sys.setprofile(None)
        unit = self.__unit or 1
        found = []
        for key, e in self.__entries.items():
            if not e.count:
                continue
            calls = None
            if e.calls:
                calls = [profiler_subentry((k, s.count, s.recursive, s.total * unit, s.inline * unit))
                         for k, s in e.calls.items() if s.count]
            found.append(profiler_entry((key, e.count, e.recursive, e.total * unit, e.inline * unit, calls or None)))
        if sys_profiler is self:
            sys.setprofile(sys_profiler)
        return found


_disable_code = Profiler.disable.__code__
