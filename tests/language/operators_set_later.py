# Operators that are given to classes, or taken away, after their subclasses were made.
import gc, weakref


class A: pass
class B(A): pass
class C(B):
    def __radd__(self, other): return 'C.radd'
class D(A): pass
class E(B, D): pass
class F(D):
    __slots__ = ()
    def __mul__(self, other): return 'F.mul'


def attempt(f):
    try:
        return f()
    except TypeError as e:
        return str(e)


def show(when):
    print(when)
    for c in (A, B, C, D, E, F):
        o = c()
        print('', c.__name__, attempt(lambda: o + 1), attempt(lambda: 1 + o), attempt(lambda: o * 2),
              attempt(lambda: -o), attempt(lambda: pow(o, 2, 3)), attempt(lambda: [10, 20, 30][o]), sep=' | ')


show('nothing')
A.__add__ = lambda self, other: 'A.add'
show('A.add')
B.__add__ = lambda self, other: 'B.add'
show('B.add')
D.__neg__ = lambda self: 'D.neg'
A.__index__ = lambda self: 1
show('D.neg, A.index')
del A.__add__
show('A.add gone')
E.__bases__ = (D, B)
show('E turned round')
A.__pow__ = lambda self, other, mod=None: ('pow', mod)
D.__neg__ = None
show('A.pow')
del B.__add__, D.__neg__, A.__index__, A.__pow__
show('all gone')

# native bases: their own operators come first
class I(int): pass
class J(I): pass
class L(list): pass
class M(L, A): pass
print(I(3) + 4, J(3) * J(4), L([1]) + [2], M([1]) * 2, divmod(J(7), 2), pow(I(2), 5, 7), ~J(1))
I.__add__ = lambda self, other: 'I.add'
A.__sub__ = lambda self, other: 'A.sub'
L.__iadd__ = lambda self, other: 'L.iadd'
m = M([1]); m += [2]
print(I(3) + 4, J(3) + 4, 4 + J(3), J(3) - 1, M() - 1, m)
del I.__add__, A.__sub__, L.__iadd__
m = M([1]); m += [2]
print(I(3) + 4, J(3) + 4, m, attempt(lambda: M() - 1))
J.__and__ = int.__or__
print(J(5) & 2, I(5) & 2)
class Bytes(bytes): pass
class Both(A, Bytes): pass
print(bytes(memoryview(Both(b'ab'))), memoryview(Bytes(b'xy')).tolist())

# metaclasses have operators too
class Meta(type): pass
class K(metaclass=Meta): pass
print(attempt(lambda: K + 1), (K | int))
Meta.__add__ = lambda cls, other: cls.__name__
print(K + 1)
Meta.__or__ = lambda cls, other: 'or'
print(K | int, attempt(lambda: int | K))
del Meta.__add__, Meta.__or__
print(attempt(lambda: K + 1), K | int)

# many classes come and go
class Root: pass
for i in range(300):
    T = type('T', (Root,), {'__add__': lambda s, o: i} if i % 2 else {})
    U = type('U', (T,), {})
    Root.__sub__ = lambda s, o: 'sub'
    assert (U() - 1) == 'sub' and (not i % 2 or U() + 1 == i)
    del Root.__sub__
    assert attempt(lambda: U() - 1).startswith('unsupported')
    r = weakref.ref(T)
    del T, U
    gc.collect()
    assert r() is None
print(Root.__subclasses__())
