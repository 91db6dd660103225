# Generators, coroutines, asynchronous comprehensions.
def g():
    try:
        x = yield 1
        print("got", x)
        y = yield x * 2
        print("got", y)
        return "done"
    finally:
        print("closed")


def g2():
    x = yield "a"
    return [x, (yield)]


it = g()
print(next(it), it.send(5))
try:
    it.send("end")
except StopIteration as e:
    print(e.value)


def outer():
    r = yield from g2()
    print("r =", r)
    r = yield from [10, 20]
    print("r =", r)


print(list(outer()))
it = outer()
next(it)
try:
    it.throw(KeyError("thrown"))
except KeyError as e:
    print("out", e)


def catcher():
    while True:
        try:
            yield 1
        except ValueError as e:
            yield "caught %s" % e


def delegating():
    yield from catcher()


it = delegating()
print(next(it), it.throw(ValueError("v")), next(it))
it.close()
it = g()
next(it)
it.close()
try:
    next(it)
except StopIteration:
    print("stopped")


def stop():
    yield 1
    raise StopIteration("inner")


try:
    list(stop())
except RuntimeError as e:
    print(e, repr(e.__cause__))


class Wait:
    def __init__(self, v):
        self.v = v

    def __await__(self):
        got = yield self.v
        return ("awaited", self.v, got)


async def sub(n):
    return await Wait(n)


async def main():
    a = await sub(1)
    b = [await sub(i) for i in range(2)]
    return a, b


def run(c, answers=()):
    out = []
    answers = list(answers)
    try:
        v = c.send(None)
        while True:
            out.append(v)
            v = c.send(answers.pop(0) if answers else None)
    except StopIteration as e:
        return out, e.value


print(run(main(), "xyz"))


class AIter:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.n == 0:
            raise StopAsyncIteration
        self.n -= 1
        return await Wait(self.n)


class AManager:
    async def __aenter__(self):
        print("aenter")
        return await Wait("in")

    async def __aexit__(self, t, v, tb):
        print("aexit", t and t.__name__)
        await Wait("out")
        return t is ValueError


async def loops():
    out = []
    async for x in AIter(2):
        out.append(x[1])
    else:
        out.append("else")
    async with AManager() as m, AManager():
        out.append(m[1])
        raise ValueError
    for i in range(2):
        async with AManager():
            if i:
                break
            continue
    out.append([x[1] async for x in AIter(3) if x[1]])
    out.append({x[1]: y async for x in AIter(2) for y in "ab"})
    out.append([x async for x in agen()])
    async with AManager():
        return out


async def agen():
    for i in range(2):
        yield i
    try:
        yield await Wait("g")
    finally:
        print("agen closed")


print(run(loops()))


async def consume():
    out = []
    async for v in (x * 2 async for x in agen() if isinstance(x, int)):
        out.append(v)
    a = agen()
    out.append(await a.__anext__())
    out.append(await a.asend(None))
    await a.aclose()
    return out


print(run(consume()))
c = main()
c.close()
print(g.__code__.co_flags & 0x20 != 0, main.__code__.co_flags & 0x80 != 0, agen.__code__.co_flags & 0x200 != 0)


def gen_locals(a, b=2):
    yield locals()
    c = 3
    yield sorted(locals())


print(list(gen_locals(1)))
print(sum(x for x in range(5)), list(x for x in () if x), [*(i for i in "ab")])


def yields():
    x = [(yield 1), (yield 2)]
    yield {"k": (yield 3)}
    z = yield
    yield x, z


it = yields()
print([it.send(None if i == 0 else i) for i in range(6)])

# what the target of a yield held is released when the generator goes on, however it is resumed
class Noisy:
    def __init__(self, n):
        self.n = n

    def __del__(self):
        print("del", self.n)


def rebinding():
    for n in range(3):
        x = Noisy(n)
        x = yield n
        print("resumed with", x)


for n in rebinding():
    print("got", n)


def outer():
    yield from rebinding()


it = outer()
print(next(it), it.send(None), next(it), next(it, "end"))


# a chain of delegations: values sent, results, exceptions thrown through and raised below
def countdown(n):
    if not n:
        got = yield "bottom"
        try:
            while True:
                got = yield got
        except KeyError as e:
            return e.args
    result = yield from countdown(n - 1)
    return (n,) + result


it = countdown(5)
print(next(it), it.send("a"), it.send("b"))
try:
    it.throw(KeyError("k"))
except StopIteration as e:
    print(e.value)


def failing(n):
    if not n:
        yield 1
        raise ValueError("below")
    try:
        yield from failing(n - 1)
    finally:
        print("leaving", n)


try:
    print(list(failing(3)))
except ValueError as e:
    depth, tb = 0, e.__traceback__
    while tb:
        depth, tb = depth + 1, tb.tb_next
    print(e, depth)


def itself():
    yield from me


me = itself()
try:
    next(me)
except ValueError as e:
    print(e)


def endless():
    yield from endless()


try:
    next(endless())
except RecursionError as e:
    print(type(e).__name__)
