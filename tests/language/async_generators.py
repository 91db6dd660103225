"""Asynchronous generators driven by hand."""
def run(coro):
    try:
        while True: coro.send(None)
    except StopIteration as e: return e.value
async def g():
    yield 1
    try:
        x = yield 2
        print("got", x)
    finally:
        print("fin")
async def main():
    async for i in g(): print(i)
    a = g()
    print(await a.__anext__(), await a.asend(None))
    try: print(await a.asend(5))
    except StopAsyncIteration as e: print("stop", repr(e))
    b = g(); print(await b.__anext__()); await b.aclose()
    try: await b.__anext__()
    except StopAsyncIteration: print("closed")
    print([x async for x in g()], {x: 1 async for x in g()})
    c = g(); await c.__anext__(); await c.__anext__()
    try: await c.athrow(ValueError("q"))
    except ValueError as e: print(repr(e))
    async def bad():
        try: yield 1
        except GeneratorExit: yield 2
    d = bad(); await d.__anext__()
    try: await d.aclose()
    except RuntimeError as e: print(e)
    e = g()
    x = e.__anext__()
    for v in (3,):
        try: x.send(v)
        except BaseException as q: print(repr(q))
    try: x.send(None)
    except BaseException as q: print(repr(q))
    y = e.athrow(ValueError)
    try: y.send(4)
    except BaseException as q: print(repr(q))
    try: y.send(None)
    except BaseException as q: print(repr(q))
    try: y.send(None)
    except BaseException as q: print(repr(q))
    print(e.ag_running, e.ag_frame, e.ag_await)
run(main())
