"""Module _symtable: the symbol tables of the compiler."""
import _symtable
src='''
import os, sys as q
from a import b
glob = 1
def f(a, b: int = 3, *c, d=4, **e) -> str:
    global glob, x
    y = a
    def g():
        nonlocal y
        y += glob
        return lambda z: z + y
    [i for i in range(3) if (w := i)]
    return (k for k in a)
class A(object):
    v: int = 3
    __p = 4
    def m(self): return __class__, super().m, self.__p
    @property
    def prop(self): del self
async def co():
    async for i in x: yield i
try: pass
except E as err: pass
with a as (b1, b2): pass
match x:
    case {"a": mm, **rest}: pass
'''
def show(e, d=0):
    print(' '*d, e.name, e.symbols, e.varnames, e.nested, e.type, e.lineno)
    for c in e.children: show(c, d+2)
show(_symtable.symtable(src, "f", "exec"))
show(_symtable.symtable("lambda x: x", "f", "eval"))
for a in [("x=1",), ("x","f","bad"),(3,"f","exec"),("a b","f","exec"),("def f(a,a):pass","f","exec"),("x","f"),("a\0","f","exec"),("x",3,"exec")]:
    try: print(_symtable.symtable(*a))
    except Exception as e: print(type(e),e)
