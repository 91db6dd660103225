# The calls of a with statement: what they are given, what they count (sys.getrefcount), where errors come from.
import sys, gc
from sys import getrefcount as rc
class C:
    def __init__(self): self.n = 0
    def __enter__(self):
        print("enter", rc(self), len(gc.get_referrers(self)) >= 0)
        return self
    def __exit__(self, t, e, tb):
        print("exit", rc(self), t and rc(t) > 2, e and rc(e))
        return self.n > 0
    def __del__(self): print("del")
class R:
    def __enter__(self): return [1]
    def __exit__(self, *a): print(len(a), a[0])
def f():
    c = C()
    with c: print("body", rc(c))
    with c as d: print("body", rc(c))
    with C() as d: print("body", rc(d))
    with C(): print("temp")
    c.n = 1
    with c: raise ValueError(1)
    with c, C() as e2: print(rc(e2)); raise KeyError(2)
f()
def g():
    for i in range(3):
        with C() as c:
            if i == 0: continue
            if i == 1: break
    with C(): return rc(c)
print(g())
class B:
    __enter__ = staticmethod(lambda: 5)
    __exit__ = staticmethod(lambda *a: print("static", len(a)))
with B() as x: print(x)
class D:
    def __init__(self): self.__enter__ = None
    __enter__ = classmethod(lambda cls: cls.__name__)
    class X:
        def __call__(self, *a): print("callable", len(a)); return True
    __exit__ = X()
with D() as x:
    print(x); raise OSError
try:
    with D(), 5: pass
except TypeError as e: print(e)
class E:
    def __enter__(self): raise ValueError("enter")
    def __exit__(self, *a): print("never")
try:
    with E(): pass
except ValueError as e: print(e, e.__traceback__.tb_lineno)
class F:
    def __enter__(self): return self
    def __exit__(self, *a): raise RuntimeError("exit")
try:
    with F(): 1/0
except RuntimeError as e: print(repr(e.__context__), e.__traceback__.tb_lineno, e.__traceback__.tb_next.tb_lineno)
import asyncio
class A:
    async def __aenter__(self): print("a", rc(self)); await asyncio.sleep(0); return self
    async def __aexit__(self, *a): print("x", rc(self)); await asyncio.sleep(0); return True
async def m():
    a = A()
    async with a as b: print(rc(a))
    async with a: 1/0
    async with A() as q, A(): return 5
print(asyncio.run(m()))
def gen():
    with C() as c:
        yield rc(c)
        yield 2
it = gen(); print(next(it)); it.close()
it = gen(); print(next(it))
try: it.throw(ValueError)
except ValueError: print("thrown")
import threading
l = threading.Lock()
with l: print(l.locked())
with open("/dev/null") as f: print(f.closed)
print(f.closed, l.locked())
