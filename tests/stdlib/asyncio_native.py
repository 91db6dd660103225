# asyncio over the native Future and Task: states, errors, cancellation, foreign futures, reports of the loop.
import asyncio, contextvars, gc, re, sys, _asyncio

print(asyncio.Future is _asyncio.Future, asyncio.Task is _asyncio.Task, asyncio.Future.__mro__[:2], asyncio.Task.__mro__[:2])
F, T = asyncio.Future, asyncio.Task


def show(f, *a, **k):
    try:
        print(repr(f(*a, **k)))
    except BaseException as e:
        print(type(e).__name__, e)


def anywhere(future):
    """Its repr; in debug mode without the place in the library where it was made."""
    return re.sub(r"(created at) .*:\d+>", r"\1 FILE:LINE>", repr(future))


for name in "result exception set_result set_exception cancel cancelled done get_loop _make_cancelled_error".split():
    f = F.__new__(F)
    print(name, end=" ")
    show(getattr(f, name), *((1,) if name == "set_result" else (ValueError(),) if name == "set_exception" else ()))
for name in "_state _loop _callbacks _result _exception _log_traceback _source_traceback _cancel_message _asyncio_future_blocking".split():
    print(name, end=" ")
    show(getattr, F.__new__(F), name)
f = F.__new__(F)
show(f.add_done_callback, print)
show(f.remove_done_callback, print)
show(iter, f)
show(repr, f)
show(asyncio.get_running_loop)
show(F, 1)
show(T)
print(_asyncio._get_running_loop())


async def count(n):
    for i in range(n):
        await asyncio.sleep(0)
    return n


async def basics():
    loop = asyncio.get_running_loop()
    f = loop.create_future()
    print(anywhere(f), f._callbacks, f._state, f._blocking if hasattr(f, "_blocking") else "-", f.get_loop() is loop)
    show(f.result)
    show(f.exception)
    f.add_done_callback(lambda f: print("first", anywhere(f)))
    cb = lambda f: print("second")
    f.add_done_callback(cb)
    f.add_done_callback(cb)
    print(len(f._callbacks), f.remove_done_callback(cb), len(f._callbacks))
    f.set_result(7)
    show(f.set_result, 8)
    show(f.set_exception, ValueError())
    print(f.cancel(), f.done(), f.result(), f.exception(), await f)
    await asyncio.sleep(0)
    f = loop.create_future()
    show(f.set_exception, StopIteration)
    show(f.set_exception, 3)
    show(setattr, f, "_log_traceback", True)
    show(delattr, f, "_log_traceback")
    f.set_exception(KeyError("k"))
    try:
        await f
    except KeyError as e:
        print("raised", e)
    f = loop.create_future()
    print(f.cancel("why"), f.cancelled(), f._cancel_message)
    try:
        await f
    except asyncio.CancelledError as e:
        print("cancelled", e.args)
    it = iter(loop.create_future())
    print(next(it).__class__.__name__)
    show(next, it)
    show(it.throw, ValueError("thrown"))
    show(next, it)
    show(it.throw)
    show(it.throw, 3)
    print(it.close())


async def tasks():
    t = asyncio.create_task(count(2), name="counter")
    print(t.get_name(), t._state, t.get_coro().__name__, t._must_cancel, t._fut_waiter, t.cancelling(), t.uncancel())
    show(t.set_result, 1)
    show(t.set_exception, 1)
    t.set_name(5)
    print(await t, t.get_name(), t.get_stack(), t.cancel())
    t = asyncio.create_task(count(100))
    await asyncio.sleep(0)
    print(t.cancel("msg"), t.cancelling())
    try:
        await t
    except asyncio.CancelledError as e:
        print("task cancelled", e.args, t.cancelled())
    show(T, 3)
    loop = asyncio.get_running_loop()

    async def bad(x):
        class A:
            def __await__(self):
                yield x
        await A()

    for x in (3, loop.create_future(), (i for i in ())):
        t = asyncio.create_task(bad(x))
        try:
            await t
        except RuntimeError as e:
            print(str(e).split(" at 0x")[0][:60].split("in task")[0])

    async def self_wait():
        await asyncio.current_task()

    try:
        await asyncio.create_task(self_wait())
    except RuntimeError as e:
        print(str(e)[:27])

    class Foreign:
        _asyncio_future_blocking = False

        def __init__(self):
            self.callbacks, self._loop = [], loop

        def add_done_callback(self, fn, *, context):
            self.callbacks.append(fn)
            loop.call_later(0.01, fn, self)

        def result(self):
            return "foreign"

        def __await__(self):
            self._asyncio_future_blocking = True
            yield self
            return self.result()

    async def foreign():
        return await Foreign()

    print(await asyncio.create_task(foreign()))
    var = contextvars.ContextVar("var", default=0)

    async def setter():
        var.set(1)
        await asyncio.sleep(0)
        return var.get()

    print(await asyncio.create_task(setter()), var.get())
    ctx = contextvars.copy_context()
    print(await asyncio.create_task(setter(), context=ctx), ctx[var])
    print(sorted(await asyncio.gather(*[count(i) for i in range(5)])), len(asyncio.all_tasks()))
    try:
        await asyncio.wait_for(asyncio.sleep(5), 0.01)
    except asyncio.TimeoutError as e:
        print("timeout", repr(e))
    try:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(5)
    except TimeoutError as e:
        print("timeout", repr(e))
    try:
        async with asyncio.TaskGroup() as g:
            g.create_task(count(3))
            g.create_task(bad(1))
    except* RuntimeError as e:
        print(e.exceptions)


async def reports():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, c: print(c["message"], sorted(c), repr(c.get("exception"))))
    f = loop.create_future()
    f.set_exception(ValueError("lost"))
    del f
    gc.collect()

    async def fails():
        1 / 0

    t = asyncio.create_task(fails())
    await asyncio.sleep(0)
    del t
    gc.collect()
    t = T(count(1), loop=loop)
    await asyncio.sleep(0)
    print(loop is asyncio.get_event_loop(), _asyncio._current_tasks[loop] is asyncio.current_task())
    await t


class MyFuture(F):
    pass


class MyTask(T):
    def __init__(self, *a, **k):
        super().__init__(*a, **k)
        self.extra = 1


async def subclasses():
    loop = asyncio.get_running_loop()
    f = MyFuture(loop=loop)
    f.x = 3
    loop.call_soon(f.set_result, 4)
    print(await f, f.x, f)
    t = MyTask(count(1), loop=loop, name="mine")
    print(await t, t.extra, t.get_name(), F[int])


for main in (basics, tasks, reports, subclasses):
    print("--", main.__name__)
    asyncio.run(main())
asyncio.run(basics(), debug=True)
