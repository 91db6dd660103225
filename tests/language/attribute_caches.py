# Attributes that sites read again and again while what they find changes: class values, classes, data descriptors.
class A:
    z = 1
    w = [1]

    def f(self):
        return "f"


class B(A):
    pass


class Desc:
    def __init__(self, v):
        self.v = v


def read(o):
    return o.z


b = B()
for i in range(12):
    if i == 3:
        A.z = 2
    if i == 4:
        B.z = 3
    if i == 5:
        b.z = "own"
    if i == 6:
        del b.z
    if i == 7:
        del B.z
    if i == 8:
        A.z = Desc("late")
    if i == 9:
        Desc.__get__ = lambda self, o, t: ("got", self.v, o is b)
    if i == 10:
        Desc.__set__ = lambda self, o, v: None
        b.__dict__["z"] = "hidden"
    if i == 11:
        del Desc.__get__, Desc.__set__
    r = read(b)
    print(i, r if not isinstance(r, Desc) else "Desc")


class Meta(type):
    @property
    def prop(cls):
        return "meta property"


class M(metaclass=Meta):
    x = 1
    prop = "hidden"

    def f(self):
        return "f"

    @staticmethod
    def s():
        return "s"

    @classmethod
    def c(cls):
        return cls.__name__


class N(M):
    pass


def on_class(c):
    return c.x, c.prop, c.f is M.__dict__["f"], c.s(), c.c()


for i in range(8):
    if i == 2:
        M.x = 2
    if i == 3:
        N.x = 3
    if i == 4:
        Meta.x = property(lambda cls: "by meta")
    if i == 5:
        del Meta.x
    if i == 6:
        M.f = None
    if i == 7:
        del N.x
        N.__bases__ = (type("Other", (M,), {"x": "other"}),)
    print(i, on_class(M), on_class(N))


def sees(e):
    return e.args, e.__class__.__name__


for e in [ValueError(1), KeyError("k"), ValueError(), OSError(2, "x")] * 2:
    print(sees(e))

import collections

P = collections.namedtuple("P", "x y")


class Q(P):
    __slots__ = ()


class R(P):
    x = property(lambda self: "own")


def xs(o):
    return o.x, o.y


for o in [P(1, 2), Q(3, 4), R(5, 6), P(7, 8)] * 2:
    print(xs(o))


def real(o):
    return o.real, o.imag


for o in [1, 2.5, 1j, True] * 2:
    print(real(o))


def missing(o):
    try:
        return o.nothing
    except AttributeError as e:
        return str(e)


for o in [A, B, b, 1, M] * 2:
    print(missing(o))
