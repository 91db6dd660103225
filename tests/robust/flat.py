#!/usr/bin/env python3
"""Long loops do not grow: VmRSS after a warm-up and after ten times as much of the same differ by less than 1 MiB.

    tests/robust/flat.py [--ouro build/ouro] [--scale 1.0] [name ...]     prints "N passed, N failed"

Each case is a body of `def f(n)` and the n of the long run; --scale multiplies the latter."""
import argparse
import os
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIMIT = 1024  # KiB

CASES = {
    "int": (10 ** 7, "x = 0\nfor i in range(n): x = x + i & 0xffffffffff"),
    "big int": (10 ** 6, "x = 3\nfor i in range(n): x = (x * x + i) % (1 << 127)"),
    "float": (10 ** 7, "x = 0.5\nfor i in range(n): x = x * 0.9999 + 1.5"),
    "str building": (10 ** 6, "s = ''\nfor i in range(n):\n    s += 'a%d' % i\n    if len(s) > 1000: s = s[500:].upper()"),
    "join": (10 ** 6, "for i in range(n // 10): s = ','.join([str(i), f'{i}', chr(i % 50000)] * 3).encode().decode()"),
    "calls": (10 ** 6, "def g(a, b=1, *c, d=2, **e): return a\nfor i in range(n): g(i, 2, 3, d=4, k=i)"),
    "recursion": (10 ** 6, "def g(k): return k and g(k - 1)\nfor i in range(n // 100): g(100)"),
    "generators": (10 ** 6, "def g(k):\n    while True:\n        yield k\nfor i in range(n):\n    it = g(i); next(it)\nsum(j for j in range(n))"),
    "coroutines": (10 ** 6, "async def g(k): return k\nfor i in range(n):\n    try: g(i).send(None)\n    except StopIteration: pass"),
    "exceptions": (10 ** 6, "for i in range(n):\n    try:\n        try: [][i]\n        except IndexError as e: raise KeyError(i) from e\n    except KeyError: pass"),
    "closures": (10 ** 6, "for i in range(n):\n    def g(): return i\n    (lambda a=g: a())()"),
    "attributes": (10 ** 6, "class A: pass\nclass S: __slots__ = 'x',\nfor i in range(n):\n    a = A(); a.x = i; a.y = a.x; del a.x\n    s = S(); s.x = a"),
    "attribute names": (3 * 10 ** 5, "class A: pass\na = A()\nfor i in range(n):\n    setattr(a, 'n%d' % (i % 1000), i); delattr(a, 'n%d' % (i % 1000))"),
    "list": (10 ** 6, "l = []\nfor i in range(n):\n    l.append([i]); l.insert(0, i)\n    if len(l) > 100: del l[10:]"),
    "dict": (10 ** 6, "d = {}\nfor i in range(n):\n    d[i] = d.get(i - 1); d.pop(i - 50, None); d[str(i % 100)] = {i}"),
    "deque": (10 ** 6, "from collections import deque\nd = deque(maxlen=50)\nfor i in range(n): d.append((i,))"),
    "cycles": (10 ** 6, "class A: pass\nfor i in range(n // 2):\n    a = A(); a.me = a; l = [a]; l.append(l)"),
    "weak references": (5 * 10 ** 5, "import weakref\nclass A: pass\nw = weakref.WeakValueDictionary()\nfor i in range(n):\n    a = A(); r = weakref.ref(a, id); w[i % 10] = a"),
    "classes": (2 * 10 ** 4, "for i in range(n):\n    class A:\n        def m(self): return self\n    class B(A): x = i\n    B().m()"),
    "imports": (10 ** 6, "for i in range(n):\n    import sys, os.path\n    from os import path"),
    "failed imports": (2000, "for i in range(n):\n    try: import no_such_module\n    except ImportError: pass"),
    "compile": (2 * 10 ** 4, "for i in range(n): exec('def f%d(x): return [x, %d, \"t%d\"]' % (i % 7, i, i), {})"),
    "regex": (10 ** 5, "import re\nfor i in range(n): re.sub('(a+)b', r'\\\\1', 'aab' * 9); re.match('x%d' % (i % 30), 'x1')"),
    "buffers": (10 ** 6, "for i in range(n): m = memoryview(bytearray(i % 5000))[1:]; m.tobytes()"),
    "files": (2 * 10 ** 4, "import os\nfor i in range(n):\n    with open(os.devnull, 'w') as h: h.write('x')"),
    "threads": (2000, "import threading\nfor i in range(n):\n    t = threading.Thread(target=id, args=(i,)); t.start(); t.join()"),
}
PROGRAM = """
def rss():
    with open('/proc/self/status') as h:
        return [int(line.split()[1]) for line in h if line.startswith('VmRSS')][0]
def f(n):
%s
N = %d
f(max(1, N // 10))
rss()
before = rss()
f(N)
print(before, rss())
"""


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--ouro", default=os.path.join(TOP, "build", "ouro"))
    ap.add_argument("--scale", type=float, default=1.0)
    ap.add_argument("--show", action="store_true", help="print the growth of every case")
    ap.add_argument("names", nargs="*")
    args = ap.parse_args()
    env = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
    passed = failed = 0
    for name, (n, body) in CASES.items():
        if args.names and name not in args.names:
            continue
        code = PROGRAM % ("\n".join("    " + line for line in body.split("\n")), int(n * args.scale))
        try:
            p = subprocess.run([args.ouro, "-c", code], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, env=env)
            before, after = map(int, p.stdout.split())
            why = "%d -> %d KiB" % (before, after)
            good = p.returncode == 0 and after - before < LIMIT
        except subprocess.TimeoutExpired:
            good, why = False, "no end"
        except ValueError:
            good, why = False, "status %s %s" % (p.returncode, p.stderr[-500:])
        passed, failed = passed + good, failed + (not good)
        if not good or args.show:
            print("%s%s: %s" % ("" if good else "FAILED ", name, why), flush=True)
    print("%d passed, %d failed" % (passed, failed))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
