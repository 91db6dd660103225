# Properties read in loops: inline getters, counts, errors, classes that change meanwhile.
import sys
class A:
    def __init__(s): s.v=5
    @property
    def p(self): return self.v
    @property
    def rc(self): return sys.getrefcount(self)
    @property
    def boom(self): raise ValueError('x')
    @property
    def gen(self):
        yield 1
        yield self.v
    @property
    def redef(self):
        del A.redef
        return self.v
    @property
    def rec(self): return self.rec
    @property
    def attr(self): raise AttributeError('inner')
    def __getattr__(self, n): return n+'?'
class B:
    @property
    def p(self): return 'B'
def f(a):
    t=0
    for i in range(5): t+=a.p
    return t
print(f(A()))
def g(a): return a.rc
def g2(a): x=a.rc; return x
def g3(): return A().rc
a=A()
for i in range(4): print(g(a), g2(a), g3())
def h(a):
    try: return a.boom
    except ValueError as e: return str(e), e.__traceback__.tb_next.tb_frame.f_code.co_name
for i in range(4): print(h(a))
for i in range(4): print(list(a.gen))
def k(a): return a.redef
print(k(a))
def r(a):
    try: a.rec
    except RecursionError as e: return str(e)
for i in range(3): print(r(a))
def m(a): return a.attr
for i in range(3): print(m(a))
def poly(l): return [x.p for x in l]
for i in range(3): print(poly([A(),B(),A()]))
def gg(a):
    for i in range(3): yield a.p
print(list(gg(a)))
A.p=property(lambda s: 'new')
for i in range(3): print(poly([A(),B()]))
class W:
    def __init__(s): s.d=[]
    @property
    def first(self): return self.d[0]
w=W(); w.d.append(3)
def loc(w):
    z=w.first; z=w.first; z=w.first+w.first
    return z, [w.first, w.first], w.first if w.first else 0
for i in range(3): print(loc(w))
