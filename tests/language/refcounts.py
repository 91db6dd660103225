# The counts that a called function sees, construct by construct (notes of the design, "Moments").
import sys
rc = sys.getrefcount


class V:
    def __init__(self, name="v"):
        self.name = name

    def m(self):
        return rc(self)

    def __add__(self, o):
        return rc(self)

    def __lt__(self, o):
        print("lt", rc(self), rc(o))
        return True

    def __eq__(self, o):
        return rc(self)

    def __neg__(self):
        return rc(self)

    def __getitem__(self, i):
        return rc(self)

    def __iadd__(self, o):
        print("iadd", rc(self), rc(o))
        return self

    def __del__(self):
        print("del", self.name)


def g(a):
    return rc(a)


def gk(*, a):
    return rc(a)


def local():
    x = V("x")
    print(rc(x), g(x), gk(a=x), x.m(), V.m(x))
    print((x, rc(x))[1], x is rc(x), rc(x) + rc(x), [rc(x), x, rc(x)][::2])
    b = x.m
    print(b())
    del b
    print(x + x, x == x, -x, x[0])
    y, z = V("y"), V("z")
    x < y < z
    x += y
    return "returned"


print(local())


def temporaries():
    print(g(V("t1")), V("t2").m())
    [V("a"), V("b")][0].name
    print("--")


temporaries()


def handlers():
    try:
        raise ValueError
    except ValueError as e:
        print(rc(e))
    try:
        return V("ret")
    finally:
        print("finally")


handlers()
print("after")


def loop():
    for v in [V("i1"), V("i2")]:
        print(rc(v))
    print("end of loop")
    v = None
    for v in (V("j%d" % i) for i in range(2)):
        break
    print("broke")


loop()


def rebind(a):
    a = None
    print("rebound")


rebind(V("arg"))


def order():
    a, b = V("first"), V("second")
    return 1


order()
x = V("global")
print(rc(x), g(x))
x = None


def swap():
    a, b = V("sa"), V("sb")
    a, b = b, a
    print(a.name, b.name, rc(a))


swap()


class W:
    def __enter__(self):
        return self

    def __exit__(self, *a):
        print("exit", rc(self))

    def __del__(self):
        print("manager gone")


def manager():
    with W() as w:
        print(rc(w))
    del w
    print("next")
    with W():
        pass
    print("end")


manager()
