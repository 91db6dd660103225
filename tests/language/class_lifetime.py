# Counts on classes, order of attribute release, cycles with classes, stores to class attributes.
import sys, gc
class A: pass
print(sys.getrefcount(A))
l=[A() for i in range(10)]
print(sys.getrefcount(A))
del l
print(sys.getrefcount(A))
gc.collect()
class B: pass
del B
print(gc.collect())
class B:
    def f(self): return __class__
del B
print(gc.collect())
a=A(); a.a=a; del a
print(gc.collect())
a=A(); a.a=a; a.__dict__; del a
print(gc.collect())
class S: __slots__=('x',)
s=S(); s.x=s; del s
print(gc.collect())
class L(list): pass
l=L(); l.append(l); l.x=l; del l
print(gc.collect())
import weakref
a=A(); r=weakref.ref(a,lambda r:print('cb')); del a; print(r())
class Z:
    def __init__(s,n): s.n=n
    def __del__(s): print('del',s.n)
class H:
    __slots__=('c','a','b')
h=H(); h.a=Z('a');h.b=Z('b');h.c=Z('c'); del h
class H2:pass
h=H2(); h.c=Z('c');h.a=Z('a');h.b=Z('b'); del h
class HH(H): __slots__=('d','z')
h=HH(); h.a=Z('a');h.d=Z('d');h.z=Z('z'); del h
class HH(H): pass
h=HH(); h.a=Z('a');h.d=Z('d');h.q=Z('q'); del h
x=Z(1); x.me=x; del x; print(gc.collect())
def g():
    for i in range(20000):
        class Q:
            x=i
            def f(self): return self.x
        assert Q().f()==i
g()
print(len(A.__subclasses__()))
class C:
    count=0
    def __init__(self): C.count+=1
for i in range(1000): C()
print(C.count)
C.count=property(lambda s:5)
print(C.count.__class__, C.__new__(C).count)
C.count=7
print(C.__new__(C).count)
class D(C): pass
print(D.count); C.count=8; print(D.count); C.count=lambda s:3; print(D.__new__(D).count()); del C.count
try: D.count
except AttributeError as e: print(e)
C.__len__=lambda s:4
print(len(D.__new__(D)))
del C.__len__
try: len(D.__new__(D))
except TypeError as e: print(e)
C.__getattr__=lambda s,n:n
print(D.__new__(D).foo)
