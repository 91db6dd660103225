#!/usr/bin/env python3
"""Command lines, compared with CPython's: exit status, standard error and, where it must be equal, standard output.

tests/cmdline/run.py [ouro] [python3]   prints every difference and "N passed, N failed".
The program's own name, addresses and version texts are made equal before the comparison.
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
OURO = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.path.join(ROOT, 'build', 'ouro-dev')
PYTHON = sys.argv[2] if len(sys.argv) > 2 else 'python3'
PYTHON = subprocess.run([PYTHON, '-c', 'import sys; print(sys.executable)'], capture_output=True, text=True).stdout.strip()

FILES = {
    'hello.py': 'import sys\nprint("hello", sys.argv[1:], __name__)\n',
    'fails.py': 'def f(x):\n    return 1 / x\n\nf(0)\n',
    'syntax.py': 'x = 1\ny = (2\nz = 3 3\n',
    'exit3.py': 'import sys\nsys.exit(3)\n',
    'exittext.py': 'raise SystemExit("bye")\n',
    'first.py': 'this is no Python\nprint("second line", 1)\n1/0\n',
    'shebang.py': '#!/usr/bin/env python3\nprint("from shebang")\n',
    'file.py': 'print(__file__, __name__, __package__ if __package__ is None else repr(__package__))\n',
    'latin.py': '# -*- coding: latin-1 -*-\nprint(ascii("\xe9"))\n',
    'asserts.py': 'assert False, "asserted"\nprint("not reached with assert")\n',
    'docs.py': 'def f():\n    "doc"\nprint(f.__doc__, __debug__)\n',
    'atexits.py': 'import atexit\natexit.register(print, "last")\nprint("first")\nraise ValueError("x")\n',
    'warns.py': 'import warnings\nwarnings.warn("careful")\nprint("after")\n',
    'closes.py': 'import sys\nsys.stdout.close()\n',
    'thread.py': 'import threading, time\nthreading.Thread(target=lambda: (time.sleep(0.05), print("thread"))).start()\nprint("main")\n',
    'del.py': 'class A:\n    def __del__(self): print("del")\na = A()\nprint("end")\n',
    'unraisable.py': 'class A:\n    def __del__(self): 1/0\na = A()\ndel a\n',
    'chain.py': 'try:\n    1/0\nexcept ZeroDivisionError as e:\n    raise KeyError("k") from e\n',
    'hook.py': 'import sys\nsys.excepthook = lambda t, v, tb: print("hook", t.__name__, v)\n1/0\n',
    'badhook.py': 'import sys\ndef hook(t, v, tb): raise SystemExit(7)\nsys.excepthook = hook\n1/0\n',
    'folder/__main__.py': 'import sys, other\nprint(sys.argv, other.x, __name__)\n',
    'folder/other.py': 'x = 42\n',
    'empty/nothing.txt': '',
    'pkg/__init__.py': 'print("init", __name__)\n',
    'pkg/__main__.py': 'import sys\nprint("main", __name__, __package__, len(sys.argv))\n',
    'pkg/sub.py': 'from . import __name__ as n\nprint("sub", n, __spec__.name)\n1/0\n',
    'bare/__init__.py': '',
    'broken/__init__.py': 'import nosuchmodule\n',
    'broken/sub.py': '',
}

# (arguments, keyword arguments): stdin text, env, out=False: stdout is not compared
CASES = [
    (['-c', 'print(1)'], {}),
    (['-c', 'import sys; print(sys.argv)', 'a', '-b', '--c'], {}),
    (['-c', '1/0'], {}),
    (['-c', 'def f(:'], {}),
    (['-c', 'if 1:\n  x = 1\n y = 2'], {}),
    (['-c'], {}),
    (['-c', 'raise SystemExit'], {}),
    (['-c', 'raise SystemExit(None)'], {}),
    (['-c', 'raise SystemExit(True)'], {}),
    (['-c', 'raise SystemExit(300)'], {}),
    (['-c', 'raise SystemExit(-1)'], {}),
    (['-c', 'raise SystemExit(2**80)'], {}),
    (['-c', 'raise SystemExit([1, "two"])'], {}),
    (['-c', 'raise SystemExit("caf\xe9")'], {}),
    (['-c', 'import sys; sys.exit((1, 2))'], {}),
    (['-c', 'import os; os._exit(9)'], {}),
    (['-c', 'raise KeyboardInterrupt'], {}),
    (['-c', 'import os, signal; os.kill(os.getpid(), signal.SIGTERM)'], {}),
    (['hello.py', 'x', '-c', 'y'], {}),
    (['./hello.py'], {}),
    (['fails.py'], {}),
    (['syntax.py'], {}),
    (['exit3.py'], {}),
    (['exittext.py'], {}),
    (['-x', 'first.py'], {}),
    (['first.py'], {}),
    (['shebang.py'], {}),
    (['file.py'], {}),
    (['latin.py'], {}),
    (['nosuch.py'], {}),
    (['no/such/dir/x.py'], {}),
    (['-m', 'hello', 'a'], {}),
    (['-m', 'fails'], {}),
    (['-m', 'pkg', 'a'], {}),
    (['-m', 'pkg.sub'], {}),
    (['-m', 'bare'], {}),
    (['-m', 'nosuch'], {}),
    (['-m', 'nosuch.sub'], {}),
    (['-m', 'pkg.nosuch'], {}),
    (['-m', 'hello.nosuch'], {}),
    (['-m', 'broken.sub'], {}),
    (['-m'], {}),
    (['folder', 'a'], {}),
    (['empty'], {}),
    (['app.zip', 'a'], {}),
    (['-'], {'stdin': 'import sys\nprint(sys.argv)\n1/0\n'}),
    (['-', 'a', 'b'], {'stdin': 'import sys\nprint(sys.argv)\n'}),
    ([], {'stdin': 'print("piped")\nx = (\n'}),
    ([], {'stdin': ''}),
    (['-i', '-q'], {'stdin': '1 + 1\n1/0\nexit(4)\n'}),
    (['-i', '-q', '-c', 'x = 5'], {'stdin': 'x\n'}),
    (['-i', '-q', 'fails.py'], {'stdin': 'f(1)\n'}),
    (['-i', '-q', '-c', 'raise SystemExit(3)'], {'stdin': '2\n'}),
    (['-Z'], {}),
    (['-Zx', 'hello.py'], {}),
    (['--nosuch'], {}),
    (['-W'], {}),
    (['-X'], {}),
    (['-J'], {}),
    (['--check-hash-based-pycs'], {}),
    (['--check-hash-based-pycs', 'x'], {}),
    (['-X', 'int_max_str_digits=5', '-c', 'pass'], {}),
    (['-X', 'int_max_str_digits=700', '-c', 'import sys; print(sys.get_int_max_str_digits()); str(10**701)'], {}),
    (['-X', 'utf8=3', '-c', 'pass'], {}),
    (['-X', 'utf8', '-c', 'import sys; print(sys.flags.utf8_mode)'], {}),
    (['-X', 'tracemalloc=x', '-c', 'pass'], {}),
    (['-X', 'tracemalloc=3', '-c', 'import tracemalloc; print(tracemalloc.get_traceback_limit())'], {}),
    (['-X', 'frozen_modules=x', '-c', 'pass'], {}),
    (['-X', 'a', '-X', 'b=c=d', '-c', 'import sys; print(sys._xoptions)'], {}),
    (['-X', 'no_debug_ranges', 'fails.py'], {}),
    (['-c', 'pass'], {'env': {'PYTHONHASHSEED': 'x'}}),
    (['-c', 'print(hash("a"))'], {'env': {'PYTHONHASHSEED': '5'}}),
    (['-c', 'pass'], {'env': {'PYTHONMALLOC': 'x'}}),
    (['-c', 'pass'], {'env': {'PYTHONINTMAXSTRDIGITS': '1'}}),
    (['-O', 'asserts.py'], {}),
    (['asserts.py'], {}),
    (['-OO', 'docs.py'], {}),
    (['docs.py'], {'env': {'PYTHONOPTIMIZE': '2'}}),
    (['-E', 'docs.py'], {'env': {'PYTHONOPTIMIZE': '2'}}),
    (['-bb', '-c', 'b"" == ""'], {}),
    (['-b', '-c', 'str(b"")'], {}),
    (['-W', 'error', 'warns.py'], {}),
    (['-W', 'ignore', 'warns.py'], {}),
    (['warns.py'], {}),
    (['warns.py'], {'env': {'PYTHONWARNINGS': 'error'}}),
    (['-W', 'nosuch', '-c', 'pass'], {}),
    (['-X', 'dev', '-c', 'import sys; print(sys.flags.dev_mode, sys.warnoptions)'], {}),
    (['-I', '-c', 'import sys; f = sys.flags; print(f.isolated, f.ignore_environment, f.no_user_site, f.safe_path)'], {}),
    (['-BsSEuvq', '-c', 'pass'], {'err': False}),
    (['-Bdsu', '-c', 'import sys; print(list(sys.flags)[:8])'], {}),
    (['-P', '-c', 'import sys; print("" in sys.path)'], {}),
    (['-S', '-c', 'exit()'], {}),
    (['-c', 'exit()'], {}),
    (['-c', 'quit(3)'], {}),
    (['-c', 'print(repr(exit), exit.name)'], {}),
    (['-V'], {'out': False}),
    (['--version'], {'out': False}),
    (['-h'], {'out': False}),
    (['--help-xoptions'], {'out': False}),
    (['--help-env'], {'out': False}),
    (['atexits.py'], {}),
    (['closes.py'], {}),
    (['thread.py'], {}),
    (['del.py'], {}),
    (['unraisable.py'], {}),
    (['chain.py'], {}),
    (['hook.py'], {}),
    (['badhook.py'], {}),
    (['-c', 'print("x" * 100000)'], {'stdout': 'closed'}),
    (['-c', 'print("x")'], {'stdout': '/dev/full'}),
    (['-c', 'import sys; sys.stdout.write("a"); sys.stderr.write("b"); sys.exit(1)'], {}),
    (['-c', 'import path_only_module'], {}),
    (['-c', 'import extra; print(extra.x)'], {'env': {'PYTHONPATH': 'libs'}}),
    (['-E', '-c', 'import extra'], {'env': {'PYTHONPATH': 'libs'}}),
    (['-c', 'print(input("? "), input())'], {'stdin': 'a\nb\n'}),
    (['-c', 'input()'], {'stdin': ''}),
    (['--', 'hello.py', 'x'], {}),
]


def run(program, arguments, cwd, stdin='', env=None, stdout=None, out=True, err=True):
    full = {k: v for k, v in os.environ.items() if not k.startswith('PYTHON')}
    full.update({'LC_ALL': 'C.UTF-8', 'NO_COLOR': '1', **(env or {})})
    target = subprocess.PIPE
    if stdout == 'closed':
        read, target = os.pipe()
        os.close(read)
    elif stdout:
        target = os.open(stdout, os.O_WRONLY)
    try:
        p = subprocess.run([program, *arguments], cwd=cwd, env=full, input=stdin.encode(), stdout=target, stderr=subprocess.PIPE, timeout=30)
    except subprocess.TimeoutExpired:
        return 'timeout', '', ''
    finally:
        if stdout:
            os.close(target)
    text = lambda b: normal((b or b'').decode('utf-8', 'backslashreplace'), program)
    return p.returncode, text(p.stdout) if out else '', text(p.stderr) if err else ''


def normal(s, program):
    s = s.replace(program, 'PROGRAM')
    return re.sub(r'0x[0-9a-f]+', '0x', s)


def main():
    passed = failed = 0
    with tempfile.TemporaryDirectory() as cwd:
        for name, text in FILES.items():
            os.makedirs(os.path.dirname(os.path.join(cwd, name)), exist_ok=True)
            with open(os.path.join(cwd, name), 'w', encoding='latin-1') as f:
                f.write(text)
        os.makedirs(os.path.join(cwd, 'libs'))
        with open(os.path.join(cwd, 'libs', 'extra.py'), 'w') as f:
            f.write('x = "extra"\n')
        with zipfile.ZipFile(os.path.join(cwd, 'app.zip'), 'w') as z:
            z.write(os.path.join(cwd, 'folder', '__main__.py'), '__main__.py')
            z.write(os.path.join(cwd, 'folder', 'other.py'), 'other.py')
        for arguments, how in CASES:
            want, got = run(PYTHON, arguments, cwd, **how), run(OURO, arguments, cwd, **how)
            if want == got:
                passed += 1
                continue
            failed += 1
            print('FAILED', arguments, how)
            for label, a, b in zip(('status', 'stdout', 'stderr'), want, got):
                if a != b:
                    print(f'  {label} CPython: {a!r}\n  {label} ouro:    {b!r}')
    print(f'{passed} passed, {failed} failed')
    return failed != 0


if __name__ == '__main__':
    sys.exit(main())
