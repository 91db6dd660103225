#!/usr/bin/env python3
"""Command lines, compared with CPython's: exit status, standard error and, where it must be equal, standard output.

tests/cmdline/run.py [ouro [python3 [text]]]   (cases that hold the text) prints every difference and "N passed, N failed".
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
MICRO = int(subprocess.run([PYTHON, '-c', 'import sys; print(sys.version_info.micro)'], capture_output=True, text=True).stdout)

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
    'thread.py': 'import threading\nmain = threading.main_thread()\nthreading.Thread(target=lambda: (main.join(), print("thread"))).start()\nprint("main")\n',
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
    'pkg2/__init__.py': '',
    'pkg2/inner/__init__.py': '',
    'crash.py': 'import os, signal, faulthandler\nos.kill(os.getpid(), signal.SIGSEGV)\n',
    'aborts.py': 'import os\ndef f():\n    os.abort()\nf()\n',
    'nullbyte.py': 'x = 1\0\n',
    'bom.py': '\xef\xbb\xbfprint("bom")\n',
    'badutf.py': 'x = "\xff"\n',
    'badcookie.py': '# coding: nosuch\nx = 1\n',
    'tabs.py': 'if 1:\n        x = 1\n\ty = 2\n',
    'deep.py': 'def f(n):\n    return f(n + 1)\nf(0)\n',
    'group.py': 'raise ExceptionGroup("g", [ValueError(1), TypeError(2)])\n',
    'sigint.py': 'import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(5)\n',
    'sigpipe.py': 'import sys\nfor i in range(100000):\n    print("x" * 100)\n',
    'exitinatexit.py': 'import atexit, sys\natexit.register(lambda: sys.exit(5))\n',
    'nostd.py': 'import sys\nprint(sys.stdin is None, sys.stdout is None, sys.stderr is None, file=open("/dev/stderr", "w") if sys.stderr else sys.stdout)\n',
    'threadraise.py': 'import threading\nt = threading.Thread(target=lambda: 1/0, name="T")\nt.start(); t.join()\nprint("main")\n',
    'resource.py': 'f = open(__file__)\nf = None\nprint("end")\n',
    'deprecated.py': 'import warnings\nwarnings.warn("old", DeprecationWarning)\nwarnings.warn("soon", PendingDeprecationWarning)\nwarnings.warn("rt", RuntimeWarning)\n',
    'isliteral.py': 'x = 1\nprint(x is 1)\nassert (x, "m")\n"\\q"\n',
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
    (['crash.py'], {}),
    (['-X', 'faulthandler', 'crash.py'], {}),
    (['-X', 'faulthandler', 'aborts.py'], {}),
    (['aborts.py'], {}),
    (['crash.py'], {'env': {'PYTHONFAULTHANDLER': '1'}}),
    (['-X', 'faulthandler', '-c', 'import os, signal; os.kill(os.getpid(), signal.SIGFPE)'], {}),
    (['-X', 'dev', 'crash.py'], {}),
    (['nullbyte.py'], {'since': 4}),
    (['bom.py'], {}),
    (['badutf.py'], {}),
    (['badcookie.py'], {}),
    (['tabs.py'], {}),
    (['deep.py'], {}),
    (['group.py'], {}),
    (['sigint.py'], {}),
    (['sigpipe.py'], {'stdout': 'closed'}),
    (['exitinatexit.py'], {}),
    (['threadraise.py'], {}),
    (['resource.py'], {}),
    (['-X', 'dev', 'resource.py'], {}),
    (['-W', 'always', 'resource.py'], {}),
    (['resource.py'], {'env': {'PYTHONDEVMODE': '1'}}),
    (['-W', 'error', 'resource.py'], {}),
    (['deprecated.py'], {}),
    (['-W', 'default', 'deprecated.py'], {}),
    (['-W', 'error::RuntimeWarning', 'deprecated.py'], {}),
    (['-W', 'ignore:rt', 'deprecated.py'], {}),
    (['-W', 'once', '-W', 'ignore::DeprecationWarning', 'deprecated.py'], {}),
    (['-Wd', 'deprecated.py'], {}),
    (['-Wi', 'deprecated.py'], {}),
    (['-W', 'error:::nosuch.mod:3', 'deprecated.py'], {}),
    (['-W', 'error::NoSuchCategory', '-c', 'pass'], {}),
    (['-W', 'error::no.such.Cat', '-c', 'pass'], {}),
    (['-W', 'always:::x:notanumber', '-c', 'pass'], {}),
    (['-W', 'a:b:c:d:e:f', '-c', 'pass'], {}),
    (['deprecated.py'], {'env': {'PYTHONWARNINGS': 'ignore,default::DeprecationWarning'}}),
    (['-E', 'deprecated.py'], {'env': {'PYTHONWARNINGS': 'error'}}),
    (['-W', 'ignore', 'isliteral.py'], {}),
    (['isliteral.py'], {}),
    (['-W', 'error', 'isliteral.py'], {}),
    (['-m', 'pkg2'], {}),
    (['-m', 'pkg2.inner'], {}),
    (['-m', '.pkg'], {}),
    (['-m', ''], {}),
    (['-m', 'pkg.__init__'], {}),
    (['-m', 'timeit', '-n', '1', '-r', '1', '-q'], {}),
    (['-m', 'hello.py'], {}),
    (['-m', 'exit3'], {}),
    (['bad.zip'], {}),
    (['nomain.zip'], {}),
    (['unreadable.py'], {}),
    (['pkg'], {}),
    (['pkg2'], {}),
    (['libs/'], {}),
    (['hello.py/'], {}),
    (['/dev/null'], {}),
    (['/dev/stdin'], {'stdin': 'print("from dev stdin")\n'}),
    (['-', '-c', 'x'], {'stdin': 'import sys; print(sys.argv)'}),
    ([], {'stdin': 'x = "\udcff"\n', 'rawstdin': b'x = "\xff"\n'}),
    (['-c', 'import sys; print(ascii(sys.argv))', b'\xff\xfe'], {}),
    (['-c', b'print(ascii("\xff"))'], {}),
    ([b'no\xffsuch.py'], {}),
    (['-c', 'print("\\udcff")'], {}),
    (['-c', 'print("caf\\xe9 \\u20ac")'], {'env': {'PYTHONIOENCODING': 'latin-1'}}),
    (['-c', 'print("caf\\xe9 \\u20ac")'], {'env': {'PYTHONIOENCODING': 'ascii:backslashreplace'}}),
    (['-c', 'print("\\u20ac")'], {'env': {'PYTHONIOENCODING': ':replace'}}),
    (['-c', 'print(1)'], {'env': {'PYTHONIOENCODING': 'nosuch'}}),
    (['-c', 'import sys; print(sys.stdout.encoding, sys.stderr.errors, sys.stdin.errors)'], {'env': {'PYTHONIOENCODING': 'utf-16:strict'}, 'out': False}),
    (['-c', 'import sys; print(sys.stdout.encoding, sys.stdout.errors, sys.getfilesystemencoding(), sys.flags.utf8_mode)'], {'env': {'LC_ALL': 'C'}}),
    (['-c', 'import sys; print(sys.stdout.encoding, sys.stdout.errors, sys.getfilesystemencoding(), sys.flags.utf8_mode)'], {'env': {'LC_ALL': 'POSIX', 'PYTHONCOERCECLOCALE': '0'}}),
    (['-c', 'import sys; print(sys.stdout.encoding, sys.stdout.errors, sys.flags.utf8_mode)'], {'env': {'LC_ALL': 'C', 'PYTHONCOERCECLOCALE': '0', 'PYTHONUTF8': '0'}}),
    (['-c', 'print("\\xe9")'], {'env': {'LC_ALL': 'C', 'PYTHONCOERCECLOCALE': '0', 'PYTHONUTF8': '0'}}),
    (['-c', 'import sys; print(sys.stdout.encoding)'], {'env': {'LC_ALL': 'nosuch_LOCALE'}}),
    (['-c', 'import sys; print(sys.stdout.encoding, sys.flags.utf8_mode)'], {'env': {'LC_ALL': '', 'LANG': 'en_US.ISO-8859-1'}}),
    (['-c', 'import os; print(os.environ.get("LC_CTYPE"))'], {'env': {'LC_ALL': '', 'LANG': 'C'}}),
    (['-X', 'utf8=0', '-c', 'import sys; print(sys.flags.utf8_mode)'], {'env': {'PYTHONUTF8': '1'}}),
    (['-c', 'pass'], {'env': {'PYTHONUTF8': '2'}}),
    (['-c', 'import sys; print("out"); print("err", file=sys.stderr); import os; os._exit(0)'], {'env': {'PYTHONUNBUFFERED': '1'}}),
    (['-u', '-c', 'import sys; sys.stdout.write("a"); import os; os._exit(0)'], {}),
    (['-c', 'import sys; sys.stdout.write("a"); import os; os._exit(0)'], {}),
    (['-c', 'import sys; print(sys.dont_write_bytecode, sys.flags.dont_write_bytecode)'], {'env': {'PYTHONDONTWRITEBYTECODE': 'x'}}),
    (['-c', 'import sys; print(sys.pycache_prefix)'], {'env': {'PYTHONPYCACHEPREFIX': '/tmp/nowhere'}}),
    (['-X', 'pycache_prefix=/tmp/elsewhere', '-c', 'import sys; print(sys.pycache_prefix)'], {}),
    (['-q', '-c', 'x = 7'], {'env': {'PYTHONINSPECT': '1'}, 'stdin': 'x\n'}),
    (['-c', 'import os; os.environ["PYTHONINSPECT"] = "1"; y = 8'], {'stdin': 'y\n', 'err': False}),
    (['fails.py'], {'env': {'PYTHONNODEBUGRANGES': '1'}}),
    (['-c', 'def f():\n  (1 +\n   "a")\nf()'], {'env': {'PYTHONNODEBUGRANGES': '1'}}),
    (['-c', 'import sys; print("" in sys.path, sys.flags.safe_path)'], {'env': {'PYTHONSAFEPATH': '1'}}),
    (['-P', 'folder/other.py'], {}),
    (['-P', '-m', 'hello'], {}),
    (['-c', 'print(1)'], {'env': {'PYTHONMALLOC': 'malloc'}}),
    (['-c', 'print(1)'], {'env': {'PYTHONMALLOC': 'debug'}}),
    (['-c', 'print(1)'], {'env': {'PYTHONMALLOC': 'pymalloc'}}),
    (['-c', 'print(1)'], {'env': {'PYTHONMALLOC': 'default'}}),
    (['-c', 'print(1)'], {'env': {'PYTHONMALLOC': 'malloc_debug'}}),
    (['-c', 'pass'], {'env': {'PYTHONHASHSEED': '-1'}}),
    (['-c', 'pass'], {'env': {'PYTHONHASHSEED': '4294967296'}}),
    (['-c', 'print(hash("abc"), hash(b"x"))'], {'env': {'PYTHONHASHSEED': '0'}}),
    (['-c', 'import sys; print(sys.flags.hash_randomization)'], {'env': {'PYTHONHASHSEED': 'random'}}),
    (['-R', '-c', 'import sys; print(sys.flags.hash_randomization)'], {'env': {'PYTHONHASHSEED': '0'}}),
    (['-c', 'import tracemalloc; print(tracemalloc.get_traceback_limit(), tracemalloc.is_tracing())'], {'env': {'PYTHONTRACEMALLOC': '7'}}),
    (['-c', 'pass'], {'env': {'PYTHONTRACEMALLOC': 'x'}}),
    (['-X', 'tracemalloc=0', '-c', 'import tracemalloc; print(tracemalloc.is_tracing())'], {}),
    (['-X', 'tracemalloc=-1', '-c', 'pass'], {}),
    (['-X', 'tracemalloc', '-c', 'import tracemalloc; print(tracemalloc.is_tracing())'], {}),
    (['-X', 'importtime', '-c', 'import folder.other'], {'err': 'importtime'}),
    (['-c', 'import folder.other'], {'env': {'PYTHONPROFILEIMPORTTIME': '1'}, 'err': 'importtime'}),
    (['-X', 'int_max_str_digits=0', '-c', 'import sys; print(sys.get_int_max_str_digits())'], {}),
    (['-X', 'int_max_str_digits', '-c', 'pass'], {}),
    (['-X', 'int_max_str_digits=x', '-c', 'pass'], {}),
    (['-X', 'int_max_str_digits=-1', '-c', 'pass'], {}),
    (['-X', 'int_max_str_digits=700', '-c', 'import sys; print(sys.flags.int_max_str_digits)'], {'env': {'PYTHONINTMAXSTRDIGITS': '800'}}),
    (['-c', 'int("1" * 5000)'], {}),
    (['-c', 'x = ' + '1' * 5000], {}),
    (['-X', 'warn_default_encoding', '-c', 'open("hello.py").close()'], {}),
    (['-c', 'import sys; print(sys.flags.warn_default_encoding)'], {'env': {'PYTHONWARNDEFAULTENCODING': '1'}}),
    (['-X', 'showrefcount', '-c', 'pass'], {'err': False}),
    (['-X', 'frozen_modules=off', '-c', 'print(1)'], {}),
    (['-X', 'no_debug_ranges', '-c', '1/0'], {}),
    (['-X', '', '-c', 'import sys; print(sys._xoptions)'], {}),
    (['-X', '=x', '-c', 'import sys; print(sys._xoptions)'], {}),
    (['-c', 'breakpoint(); print("after")'], {'env': {'PYTHONBREAKPOINT': '0'}}),
    (['-c', 'breakpoint()'], {'env': {'PYTHONBREAKPOINT': 'nosuch.hook'}}),
    (['-c', 'breakpoint(1, 2)'], {'env': {'PYTHONBREAKPOINT': 'builtins.print'}}),
    (['-c', 'breakpoint()'], {'env': {'PYTHONBREAKPOINT': 'int.nosuch'}}),
    (['-i', '-q', '-c', '1/0'], {'stdin': 'import sys; sys.last_value\n'}),
    (['-i', '-q', 'nosuch.py'], {'stdin': '1\n'}),
    (['-i', '-q', 'syntax.py'], {'stdin': '1\n'}),
    (['-i', '-q', '-m', 'hello'], {'stdin': '__name__, __file__[-8:]\n'}),
    (['-iq', '-'], {'stdin': '2\nexit()\n3\n'}),
    (['-i', '-q'], {'stdin': 'raise SystemExit("out")\n'}),
    (['-i', '-q'], {'stdin': 'import sys; sys.ps1 = "? "\n1\n'}),
    (['-i', '-q'], {'stdin': 'if 1:\n  2'}),
    (['-i', '-q'], {'stdin': 'x = input()\nabc\nx\n'}),
    (['-iV'], {'stdin': '', 'out': False}),
    (['-OOO', '-c', 'import sys; print(sys.flags.optimize)'], {}),
    (['-vv', '-S', '-c', 'pass'], {'err': False}),
    (['-VV'], {'out': False}),
    (['-?'], {'out': False}),
    (['--help'], {'out': False}),
    (['--help-all'], {'out': False}),
    (['--version', 'x'], {'out': False}),
    (['-hV'], {'out': False}),
    (['-c'], {}),
    (['-', ], {'stdin': '1/0\n'}),
    (['-t', '-c', '1'], {}),
    (['-3', '-c', '1'], {}),
    (['-bb', '-c', 'print(str(b"x"))'], {}),
    (['-b', '-c', 'print(b"a" == "a", b"a" == 97)'], {}),
    (['-d', '-c', 'import sys; print(sys.flags.debug)'], {}),
    (['-c', 'import sys; print(sys.flags)'], {}),
    (['-I', '-c', 'import sys; print(sys.flags)'], {}),
    (['-X', 'dev', '-c', 'import sys; print(sys.flags)'], {}),
    (['-sSEB', '-c', 'import sys; print(sys.flags)'], {}),
    (['-cprint(2)'], {}),
    (['-Wignore', '-Xdev', '-mhello', 'z'], {}),
    (['-Es', '-xu', 'first.py'], {}),
    (['-S', '-c', 'print(exit)'], {}),
    (['-S', '-c', 'import site; print(site.ENABLE_USER_SITE)'], {}),
    (['-I', '-m', 'hello'], {}),
    (['-I', 'folder'], {}),
    (['-c', 'import sys; print(sys.orig_argv[1:])', '-x', 'y'], {}),
    (['-m', 'file'], {}),
    (['-c', 'print(__name__, __spec__, __builtins__.__name__, "__file__" in globals())'], {}),
    (['-c', 'import sys; sys.stdout = None; print(1)'], {}),
    (['-c', 'import sys; sys.stderr = None; 1/0'], {}),
    (['-c', 'import sys; del sys.stdout; print(1)'], {}),
    (['-c', 'import sys; del sys.excepthook; 1/0'], {}),
    (['-c', 'import sys; sys.excepthook = None; 1/0'], {}),
    (['-c', 'import sys; sys.exit(2**31)'], {}),
    (['-c', 'import sys; sys.exit("")'], {}),
    (['-c', 'class E(Exception):\n  def __str__(self): 1/0\nraise E'], {}),
    (['-c', 'class E(Exception): pass\nE.__module__ = "a.b"\nraise E("x")'], {}),
    (['-c', 'raise KeyError("k") from ValueError("v")'], {}),
    (['-c', 'e = ValueError("a"); e.add_note("n1\\nn2"); raise e'], {}),
    (['-c', 'import sys; sys.tracebacklimit = 1\ndef f(): 1/0\nf()'], {}),
    (['-c', 'import sys; sys.tracebacklimit = 0\n1/0'], {}),
    (['-c', 'import threading\nclass T(threading.Thread):\n  def run(self): raise SystemExit(4)\nt = T(); t.start(); t.join(); print("ok")'], {}),
    (['-c', 'import signal, os; signal.signal(signal.SIGINT, signal.SIG_DFL); os.kill(os.getpid(), signal.SIGINT)'], {}),
    (['-c', 'import signal; signal.raise_signal(signal.SIGINT)'], {}),
    (['-c', 'try:\n  import signal; signal.raise_signal(signal.SIGINT)\nexcept KeyboardInterrupt: print("caught")'], {}),
    (['nostd.py'], {'close': (0,)}),
    (['nostd.py'], {'close': (1,)}),
    (['nostd.py'], {'close': (2,)}),
    (['nostd.py'], {'close': (0, 1, 2)}),
    (['-c', 'print(1)'], {'close': (1,)}),
    (['fails.py'], {'close': (2,)}),
    (['-c', 'input()'], {'close': (0,)}),
    ([], {'close': (0,)}),
]


def run(program, arguments, cwd, stdin='', rawstdin=None, env=None, stdout=None, out=True, err=True, close=(), since=0):
    full = {k: v for k, v in os.environ.items() if not k.startswith(('PYTHON', 'LC_', 'LANG'))}
    full.update({'LC_ALL': 'C.UTF-8', 'NO_COLOR': '1', **(env or {})})
    target = subprocess.PIPE
    if stdout == 'closed':
        read, target = os.pipe()
        os.close(read)
    elif stdout:
        target = os.open(stdout, os.O_WRONLY)
    before = (lambda: [os.close(fd) for fd in close]) if close else None
    data = {'stdin': subprocess.DEVNULL} if close else {'input': stdin.encode() if rawstdin is None else rawstdin}
    try:
        p = subprocess.run([program, *arguments], cwd=cwd, env=full, stdout=target, stderr=subprocess.PIPE, timeout=120,
                           preexec_fn=before, **data)
    except subprocess.TimeoutExpired:
        return 'timeout', '', ''
    finally:
        if stdout:
            os.close(target)
    text = lambda b: normal((b or b'').decode('utf-8', 'backslashreplace'), program)
    error = text(p.stderr) if err else ''
    if err == 'importtime':  # the numbers and the modules differ, the form and the named ones do not
        lines = re.sub(r'\d+', 'N', re.sub(r' +', ' ', error)).split('\n')
        error = [line for line in lines if 'folder' in line or 'imported' in line]
    return p.returncode, text(p.stdout) if out else '', error


def normal(s, program):
    s = re.sub(r'"/[^"]*/lib/python3.11/([^"]*", line )\d+', r'"LIB/\1N', s)
    s = s.replace(program, 'PROGRAM').replace(os.path.basename(program), 'PROGRAM')
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
        with zipfile.ZipFile(os.path.join(cwd, 'nomain.zip'), 'w') as z:
            z.writestr('other.py', '')
        with open(os.path.join(cwd, 'bad.zip'), 'wb') as f:
            f.write(b'PK\3\4 not a zip')
        with open(os.path.join(cwd, 'unreadable.py'), 'w') as f:
            f.write('print(1)')
        os.chmod(os.path.join(cwd, 'unreadable.py'), 0)
        for arguments, how in CASES:
            if len(sys.argv) > 3 and sys.argv[3] not in repr((arguments, how)):
                continue
            if how.get('since', 0) > MICRO:
                continue  # a later 3.11 says something else
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
