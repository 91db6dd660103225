# try, finally, with, loops: every way out.
class M:
    def __init__(self, name, swallow=False):
        self.name, self.swallow = name, swallow

    def __enter__(self):
        print("enter", self.name)
        return self.name

    def __exit__(self, t, v, tb):
        print("exit", self.name, t and t.__name__, v)
        return self.swallow


def f(how):
    for i in range(3):
        try:
            with M("m", how == "swallow") as name:
                if how == "return":
                    return name + str(i)
                if how == "break":
                    break
                if how == "continue":
                    continue
                if how in ("raise", "swallow"):
                    raise ValueError(i)
        except ValueError as e:
            print("caught", e)
            if i == 1:
                return "from handler"
        else:
            print("else", i)
        finally:
            print("finally", i)
    else:
        print("loop else")
    return "end"


for how in ("return", "break", "continue", "raise", "swallow", "none"):
    print(how, "->", f(how))


def nested():
    try:
        try:
            return "a"
        finally:
            try:
                raise KeyError(1)
            except KeyError as e:
                print("inner", e)
    finally:
        print("outer")


print(nested())


def override():
    for x in range(3):
        try:
            return x
        finally:
            if x < 2:
                continue
            break
    return "over"


print(override())


def value():
    x = 1
    try:
        return x
    finally:
        x = 2


print(value())


def unbound2(flag):
    if flag:
        y = 1
    try:
        print(y)
    except UnboundLocalError as e:
        print(e)
    for z in ():
        pass
    try:
        return z
    except UnboundLocalError as e:
        print(e)
    y = 2
    del y
    try:
        del y
    except UnboundLocalError as e:
        print(e)
    while True:
        try:
            w
        except UnboundLocalError:
            w = 1
        else:
            break
    return w


print(unbound2(0), unbound2(1))


def context():
    try:
        try:
            1 / 0
        except ZeroDivisionError:
            raise KeyError("k")
    except KeyError as e:
        print(repr(e.__context__), e.__cause__)
    try:
        try:
            1 / 0
        except ZeroDivisionError as z:
            raise KeyError("k") from z
    except KeyError as e:
        print(repr(e.__cause__))
    try:
        try:
            1 / 0
        except ZeroDivisionError as z:
            raise KeyError from None
    except KeyError as e:
        print(e.__cause__, e.__suppress_context__)
    try:
        raise
    except RuntimeError as e:
        print(e)


context()


def reraise():
    try:
        try:
            raise ValueError(1)
        except TypeError:
            print("no")
        except (KeyError, ValueError) as e:
            print("first", e)
            raise
        finally:
            print("fin")
    except ValueError as e:
        print("second", e)


reraise()


def loops():
    n = 0
    while n < 5:
        n += 1
        if n == 2:
            continue
        if n == 4:
            break
    else:
        print("no")
    print(n)
    while n:
        n -= 1
    else:
        print("while else", n)
    for i in range(3):
        for j in range(3):
            if j == 1:
                break
        else:
            print("never")
        if i == 1:
            break
    print(i, j)
    while not n >= 3 and (n < 10 or False):
        n += 1
    print(n)
    for i, (j, *k) in [(1, (2, 3, 4)), (5, (6,))]:
        print(i, j, k)
    for loops.attr in range(2):
        pass
    d = [0]
    for d[0] in "ab":
        pass
    print(loops.attr, d)


loops()


def groups():
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2), ExceptionGroup("h", [KeyError(3), ValueError(4)])])
    except* ValueError as e:
        print("V", e.exceptions)
    except* (TypeError, KeyError) as e:
        print("T", e.exceptions)
    else:
        print("else")
    finally:
        print("fin")
    try:
        try:
            raise ExceptionGroup("g", [ValueError(1), OSError(2)])
        except* ValueError as e:
            raise KeyError("new")
    except ExceptionGroup as g:
        print(g, g.exceptions)
    try:
        raise ValueError("naked")
    except* ValueError as e:
        print(repr(e))
    for i in range(2):
        try:
            pass
        except* OSError:
            pass
        else:
            print("else", i)


groups()
with M("a") as a, M("b", True) as b:
    print(a, b)
    raise OSError("x")
with (M("p"), M("q") as q):
    pass


class Bad:
    def __enter__(self):
        raise RuntimeError("enter")

    def __exit__(self, *a):
        print("never")


try:
    with M("outer"), Bad():
        pass
except RuntimeError as e:
    print(e)
try:
    with 1:
        pass
except TypeError as e:
    print(e)
assert True, "no"
try:
    assert 1 < 0, "msg"
except AssertionError as e:
    print(e)
try:
    assert 0
except AssertionError as e:
    print(repr(e))


def bare_in_star():
    try:
        raise ExceptionGroup("eg", [ValueError(5), TypeError("t")])
    except* ValueError:
        raise
    except* TypeError:
        print("T")


try:
    bare_in_star()
except ExceptionGroup as e:
    print(repr(e))
