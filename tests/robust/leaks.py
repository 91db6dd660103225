#!/usr/bin/env python3
"""Nothing is lost: after the end of each program below every block has been freed.

    tests/robust/leaks.py [--ouro build/ouro] [--valgrind]     prints "N passed, N failed"

-X leakcheck makes the interpreter give back what it owns piece by piece and count what is left; --valgrind runs some of the programs
under `valgrind --leak-check=full` with -X malloc=system as well: nothing definitely, indirectly or possibly lost, nothing still
reachable."""
import argparse
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MODULES = """re json unittest threading asyncio ctypes socket subprocess decimal datetime tempfile logging argparse typing dataclasses
collections enum csv array mmap zlib hashlib struct select signal random io os tracemalloc weakref gc inspect ast symtable contextvars
heapq string textwrap pickle copy pathlib shutil glob multiprocessing concurrent.futures http.client email.message statistics fractions
doctest dis objgraph memory_profiler timeit urllib.parse html xml.etree.ElementTree configparser secrets uuid zipfile bz2 lzma sched
queue traceback warnings linecache tokenize codecs locale gettext calendar difflib pprint reprlib graphlib types operator itertools
functools bisect binascii base64 quopri uu cmath math numbers colorsys""".split()
PROGRAMS = {
    "nothing": "pass",
    "error": "1/0",
    "syntax error": "def f(:",
    "import error": "import no_such_module",
    "exit": "import sys; sys.exit(3)",
    "exit text": "raise SystemExit('bye')",
    "exit in a function": "def f(n):\n    x = [n]\n    f(n - 1) if n else exit(1)\nf(50)",
    "deep recursion": "def f(): f()\nf()",
    "cycles": "class A:\n    def __del__(self): self.me\na = A(); a.me = a; b = []; b.append(b); c = {}; c[1] = c\nf = lambda: f",
    "finalizer that fails": "class A:\n    def __del__(self): 1/0\na = A(); a.me = a",
    "frozen garbage": "import gc\ngc.disable(); a = []; a.append(a); del a; gc.freeze()",
    "saved garbage": "import gc\ngc.set_debug(gc.DEBUG_SAVEALL)\na = []; a.append(a); del a; gc.collect()",
    "generators": "def g():\n    try:\n        yield 1\n    finally:\n        print('end')\na = g(); next(a); b = g(); c = (x for x in a); next(c)",
    "coroutines": "import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    return [1]\nasync def m():\n    t = asyncio.create_task(f())\n    "
                  "print(await asyncio.gather(f(), t))\nasyncio.run(m())",
    "coroutine never awaited": "async def f(): pass\nf()",
    "async generator": "import asyncio\nasync def g():\n    try:\n        yield 1\n    finally:\n        print('end')\nasync def m():\n    async for x in "
                       "g(): break\nasyncio.run(m())",
    "threads": "import threading\nl = []\ntt = [threading.Thread(target=l.append, args=(i,)) for i in range(5)]\n[t.start() for t in tt]\n[t.join() "
               "for t in tt]\nloc = threading.local(); loc.x = [1]\n",
    "thread that fails": "import threading\nt = threading.Thread(target=lambda: 1/0); t.start(); t.join()",
    "pool": "from concurrent.futures import ThreadPoolExecutor as P\nwith P(3) as p: print(sum(p.map(lambda x: x * x, range(50))))",
    "exceptions": "l = []\nfor i in range(50):\n    try:\n        try: [][i]\n        except IndexError as e: raise KeyError(i) from e\n    except KeyError as "
                  "e: l.append(e)\n",
    "groups": "try:\n    raise ExceptionGroup('g', [ValueError(1), KeyError(2)])\nexcept* ValueError as e: keep = e\nexcept* KeyError: pass",
    "memory errors": "l = []\nfor i in range(20):\n    try: bytearray(1 << 62)\n    except MemoryError as e: l.append(e)\n",
    "tracing": "import sys\nsys.settrace(lambda *a: None); sys.setprofile(lambda *a: None)\ndef f(): pass\nf()",
    "tracemalloc": "import tracemalloc\ntracemalloc.start(5)\nx = [object() for i in range(100)]\ns = tracemalloc.take_snapshot()\ns.statistics('lineno')",
    "signals": "import signal\nsignal.signal(signal.SIGUSR1, lambda *a: print('got'))\nsignal.raise_signal(signal.SIGUSR1)",
    "weak references": "import weakref\nclass A: pass\na = A(); r = weakref.ref(a, print); p = weakref.proxy(a); d = weakref.WeakValueDictionary(x=a)\n"
                       "f = weakref.finalize(a, print, 'gone')",
    "contexts": "import contextvars\nv = contextvars.ContextVar('v'); t = v.set([v]); c = contextvars.copy_context(); c.run(v.set, c)",
    "classes": "import abc\nclass M(type): pass\nclass A(metaclass=M):\n    __slots__ = ('x', '__weakref__')\nclass B(A, dict): x = property(len)\n"
               "class C(abc.ABC):\n    @abc.abstractmethod\n    def f(self): pass\nC.register(int); isinstance(1, C); b = B(); b.x2 = b\n"
               "for i in range(300): type('T%d' % i, (A,), {'me': i})\n",
    "compiled text": "ns = {}\nfor i in range(50): exec('def f%d(x=%d): return [x, %d]' % (i, i, i), ns)\neval('lambda: 0')\n"
                     "import ast; t = ast.parse('a = [1, 2]'); compile(t, 'x', 'exec')",
    "files": "import tempfile, os\nf = tempfile.TemporaryFile('w+'); f.write('x' * 5000)\ng = open(os.devnull, 'wb'); h = open(os.devnull)\n"
             "import io; b = io.BufferedRWPair(io.BytesIO(), io.BytesIO()); s = io.StringIO('x'); t = io.TextIOWrapper(io.BytesIO(b'a\\nb'))\nt.readline()",
    "hooks": "import sys, atexit\nsys.excepthook = lambda *a: print('hook'); sys.displayhook = print; sys.unraisablehook = print\n"
             "atexit.register(print, 'bye'); sys.addaudithook(lambda *a: None)\n1/0",
    "regex": "import re\np = [re.compile('a%d|(b+)' % i) for i in range(600)]\nm = p[0].match('a0'); it = p[1].finditer('a1a1'); next(it)",
    "structs": "import struct, array, ctypes\ns = struct.Struct('iq'); a = array.array('i', range(9)); m = memoryview(a)[1:]\n"
               "class P(ctypes.Structure): _fields_ = [('x', ctypes.c_int), ('p', ctypes.POINTER(ctypes.c_int))]\n"
               "p = P(1); f = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(lambda x: x + 1); f(3)",
    "subprocess": "import subprocess, sys\nprint(subprocess.run(['echo', 'x'], capture_output=True).stdout)",
    "fork": "import os\npid = os.fork()\nif pid == 0: raise SystemExit(0)\nos.waitpid(pid, 0)",
    "itertools": "import itertools as i, functools as f, operator as o\nx = [i.tee(range(9)), i.cycle('ab'), i.groupby('aab'), i.chain('a', 'b')]\n"
                 "[next(iter(y)) for y in x]\n@f.lru_cache\ndef g(x): return [x]\n[g(k) for k in range(300)]\np = f.partial(g, 1); s = f.singledispatch(g)",
}
VALGRIND = ["nothing", "error", "cycles", "threads", "classes", "files", "structs"]


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--ouro", default=os.path.join(TOP, "build", "ouro"))
    ap.add_argument("--valgrind", action="store_true")
    args = ap.parse_args()
    env = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
    passed = failed = 0

    def check(name, code, bad, command):
        nonlocal passed, failed
        try:
            p = subprocess.run(command + ["-c", code], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                               timeout=300, env=env, errors="replace")
            status, text = p.returncode, p.stderr
        except subprocess.TimeoutExpired:
            status, text = "no end", ""
        m = re.search(bad, text)
        if m or status not in (0, 1, 3):
            failed += 1
            print("FAILED %s: status %s: %s" % (name, status, text[m.start():m.start() + 1500] if m else text[-500:]))
        else:
            passed += 1

    for module in MODULES:
        code = "try: import %s\nexcept ImportError: pass" % module
        check("import " + module, code, "leakcheck:.*", [args.ouro, "-X", "leakcheck"])
    for name, code in PROGRAMS.items():
        check(name, code, "leakcheck:.*", [args.ouro, "-X", "leakcheck"])
    if args.valgrind:
        for name in VALGRIND:
            check(name + " (valgrind)", PROGRAMS[name], r"bytes in [0-9,]+ blocks? are|Invalid |uninitialised",
                  ["valgrind", "-q", "--leak-check=full", "--show-leak-kinds=all", "--child-silent-after-fork=yes",
                   "--suppressions=" + os.path.join(TOP, "tests", "robust", "valgrind.supp"), args.ouro, "-X", "malloc=system"])
    print("%d passed, %d failed" % (passed, failed))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
