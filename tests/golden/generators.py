async def f(x):
    async with x as y:
        await y
    return [i async for i in x]


def g(x):
    y = yield x
    yield from y
    return (i * 2 for i in y if i)
