# Classes: mro() that assigns __bases__, objects made without __init__.
import gc
### bases assigned by mro
class M(type):
    n = 0
    def mro(cls):
        M.n += 1
        if M.n == 1:
            assert cls.__mro__ is None
            cls.__bases__ += ()
        return type.mro(cls)
class A(metaclass=M):
    pass
print(object.__subclasses__().count(A), M.n)
del A
import gc; gc.collect()
print([c for c in object.__subclasses__() if c.__name__ == 'A'])
class M2(type):
    todo = None
    def mro(cls):
        t, M2.todo = M2.todo, None
        if t:
            t(cls)
        return type.mro(cls)
class P: pass
class X: pass
class Y: pass
class B(P, metaclass=M2): pass
def setx(cls): cls.__bases__ = X,
M2.todo = setx
B.__bases__ = Y,
print(B.__bases__, P.__subclasses__(), X.__subclasses__(), Y.__subclasses__())
def setfail(cls):
    def bad(c): raise ValueError
    M2.todo = bad
    try: cls.__bases__ = P,
    except ValueError: print('failed')
M2.todo = setfail
B.__bases__ = Y,
print(B.__bases__, P.__subclasses__(), X.__subclasses__(), Y.__subclasses__())
M2.todo = setx
class C(Y, metaclass=M2): pass
print(C.__bases__, P.__subclasses__(), X.__subclasses__(), Y.__subclasses__())
### super before init
s = super.__new__(super)
for o in (1, None, s, int):
    for f in (lambda: s.__get__(o), lambda: s.x, lambda: repr(s), lambda: s.__init__(o), lambda: s.__self__):
        try:
            f()
        except Exception:
            pass
class S(super):
    pass
class A:
    @property
    def __class__(self):
        s.__init__(int, 1)
        return A
s = S.__new__(S)
for f in (lambda: s.__get__(A()), lambda: s.__init__(S, A()), lambda: s.x):
    try:
        f()
    except Exception:
        pass
### attribute names that are no str
import _thread, types, weakref
for o in (_thread._local(), types.SimpleNamespace(), types.ModuleType("m"), type("T", (), {}), Exception(), lambda: 0):
    for n in (1, None, b"x", 10 ** 30):
        for f in (lambda: o.__setattr__(n, 1), lambda: o.__delattr__(n), lambda: o.__getattribute__(n),
                  lambda: type.__setattr__(o, n, 1), lambda: object.__setattr__(o, n, 1)):
            try:
                f()
            except Exception:
                pass
