# Order of evaluation, and operands that are rebound between their place and the operation.
log = []


def t(x, v=None):
    log.append(x)
    return v


class D(dict):
    def __setitem__(self, k, v):
        log.append(("set", k, v))


def show():
    print(*log)
    log.clear()


def walrus(x):
    print(x + (x := 10), (x, (x := 7), x), x * 2 - (x := 1))
    a = [x, (x := 5), x]
    d = {x: (x := 6), x: x}
    print(a, d, x < (x := 100) > x, f"{x}{(x := 3)}{x}")


walrus(1)
t("c", D())[t("k", 1)] = t("v", 2)
show()
{t("k1", 1): t("v1"), t("k2", 2): t("v2")}
show()


class O:
    def __setattr__(self, n, v):
        log.append((n, v))


t("a", O()).x = t("b", O()).y = t("v", 3)
show()
t("f", lambda *a, **k: None)(t("a1"), *t("a2", [1]), t("a3"), k=t("k1"), **t("k2", {}))
show()
t("l", [1, 2, 3])[t("i", 0):t("j", 2)] = t("v", [9])
show()
t("l", 1) < t("m", 2) < t("n", 1) < t("o", 5)
show()
print([t(1) or t(2, 5) or t(3)], [t(1, 1) and t(2, 0) and t(3)])
show()
print(t("yes") if t("cond", 1) else t("no"))
show()


def aug():
    x = 5
    x += (x := 2)
    print(x)
    l = [1, 2, 3]
    i = 0
    l[i] += (i := 2)
    print(l, i)

    class A:
        n = 1
    a = A()
    a.n += 1 + (a := A()).n
    print(a.n)


aug()


def unpack():
    a = b = [1, 2]
    print(a is b)
    x, y = y, x = 1, 2
    print(x, y)
    (a, *b), c = "xyz", 3
    print(a, b, c)
    *a, = range(3)
    print(a)
    i = 0
    l = [0, 0, 0]
    i, l[i] = 1, 2
    print(i, l)
    a, b, c, d = 1, 2, 3, 4
    a, b, c, d = d, c, b, a
    print(a, b, c, d)
    try:
        a, b = 1, 2, 3
    except ValueError as e:
        print(e)
    try:
        a, *b, c = [1]
    except ValueError as e:
        print(e)


unpack()


def star(*args, **kw):
    return args, kw


print(star(*[1], *(2, 3), **{"a": 1}, **{"b": 2}), star(*"ab", c=3), star(**{"x": 1}))
try:
    star(**{"a": 1}, **{"a": 2})
except TypeError as e:
    print(e)
try:
    star(a=1, **{"a": 2})
except TypeError as e:
    print(e)
print([*range(3), *"ab"], {*[1, 2], 3}, (*"x", *"y"), {**{"a": 1}, "b": 2, **{"a": 3}})
print([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
       t("x", 32)][-3:], log)
