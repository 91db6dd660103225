# Names: locals, globals, cells, class bodies, comprehensions.
x = "global"


def outer():
    x = "outer"

    def inner():
        return x

    class C:
        y = x
        x = "class"
        z = [x for _ in range(1)]

        def m(self):
            return x, __class__.__name__

    x = "changed"
    return inner(), C.y, C.x, C.z, C().m()


print(outer())


def counter():
    n = 0

    def inc(by=1):
        nonlocal n
        n += by
        return n

    def reset():
        nonlocal n
        del n

    return inc, reset


inc, reset = counter()
print(inc(), inc(5))
reset()
try:
    inc()
except NameError as e:
    print(type(e).__name__, e)


def param_cell(a, *args, k=1, **kw):
    f = lambda: (a, args, k, kw)
    a += 1
    return f()


print(param_cell(1, 2, 3, k=4, z=5))


def g():
    global made
    made = 1


g()
print(made)


class K:
    a = 1
    b = [a for a in range(3)]
    c = (lambda: 5)()
    try:
        d = [z + a for z in range(2)]
    except NameError as e:
        print(e)
    for i in range(2):
        locals()["v%d" % i] = i
    del i
    print(sorted(n for n in locals() if not n.startswith("__")))


class Mangle:
    __secret = 1

    def __init__(self, __p=2):
        self.__x = __p

    def get(self):
        __local = self.__x
        return __local, self.__secret, __class__

    __slots = [__q for __q in range(2)]


print(Mangle().get()[:2], sorted(n for n in vars(Mangle) if n.startswith("_M")))


class Base:
    def __init_subclass__(cls, **kw):
        print(cls.__name__, kw)

    def who(self):
        return "base"


class Derived(Base, tag=1):
    def who(self):
        return "derived " + super().who()

    def cell(self):
        return __class__


print(Derived().who(), Derived().cell() is Derived)
print([[i * j for j in range(i)] for i in range(4)], {i: {j for j in range(i)} for i in range(3)})
print([y := 5, y ** 2], [last := i for i in range(4)], last)
print(list((i, j) for i in range(3) if i for j in "ab" if j != "b"))


def comp_closure():
    fs = [lambda: i for i in range(3)]
    gs = [lambda i=i: i for i in range(3)]
    return [f() for f in fs], [g() for g in gs], any(i > 1 for i in range(3))


print(comp_closure())


def defaults(a, b=[], /, c=(1, 2), *, d, e=None):
    b.append(a)
    return a, b, c, d, e


print(defaults(1, d=1), defaults(2, d=2), defaults.__defaults__, defaults.__kwdefaults__)


def ann(a: int, b: "str" = 1, *c: float, d: list = None, **e: dict) -> bool:
    z: int = 3
    w: undefined
    return z


print(ann.__annotations__, ann(1))
m: int = 5
n: "text"
print(__annotations__)


class Ann:
    p: int
    q: str = "a"
    (r): int = 2


print(Ann.__annotations__, hasattr(Ann, "p"))


def deco(tag):
    print("make", tag)

    def apply(f):
        print("apply", tag, f.__name__)
        return f

    return apply


@deco(1)
@deco(2)
def decorated():
    "doc"


@deco(3)
class DecoratedClass:
    "class doc"


print(decorated.__doc__, DecoratedClass.__doc__, decorated.__qualname__, comp_closure.__code__.co_varnames)
print((lambda *a, k=2, **kw: (a, k, kw))(1, z=3), (lambda: (yield))().__class__.__name__)


def exec_scope():
    a = 1
    exec("b = a + 1; print(b)")
    return eval("a + 5")


print(exec_scope())


def recursive(n):
    return 1 if n <= 1 else n * recursive(n - 1)


print(recursive(20), outer.__code__.co_cellvars, param_cell.__code__.co_cellvars)


def undefined_global():
    return no_such_name


try:
    undefined_global()
except NameError as e:
    print(e)


def free_before():
    def f():
        return later
    try:
        f()
    except NameError as e:
        print(e)
    later = 1
    return f()


print(free_before())


def walrus_scope():
    if any((hit := v) > 2 for v in [1, 3, 5]):
        return hit


print(walrus_scope())
