# What gc.collect returns, and gc.is_tracked says, for objects of native modules; and for generators that die in a cycle.
import array, contextvars, csv, functools, gc, io, mmap, os, struct, sys, threading, time, types, warnings
warnings.simplefilter('ignore')
gc.disable()


def count(o):
    """Objects found when a list with o in it dies in a cycle."""
    gc.collect()
    l = [o]
    l.append(l)
    del l, o
    return gc.collect()


for name, make in {
    'lock': threading.Lock, 'rlock': threading.RLock, 'event': threading.Event, 'condition': threading.Condition,
    'semaphore': threading.Semaphore, 'array': lambda: array.array('i', [1]), 'array iterator': lambda: iter(array.array('i', [1])),
    'struct': lambda: struct.Struct('i'), 'mmap': lambda: mmap.mmap(-1, 10), 'memoryview': lambda: memoryview(b'abc'),
    'memoryview of memoryview': lambda: memoryview(memoryview(b'abc')), 'slice of memoryview': lambda: memoryview(b'abc')[1:],
    'memoryview of array': lambda: memoryview(array.array('i', [1])), 'BytesIO.getbuffer': lambda: io.BytesIO(b'a').getbuffer(),
    'memoryview iterator': lambda: iter(memoryview(b'a')), 'ContextVar with default': lambda: contextvars.ContextVar('v', default=[]), 'stat': lambda: os.stat('.'),
    'struct_time': time.localtime, 'float_info': lambda: sys.float_info, 'csv writer': lambda: csv.writer(io.StringIO()),
    'cached_property': lambda: functools.cached_property(len), 'genexpr': lambda: (x for x in [1]),
}.items():
    o = make()
    print(name, gc.is_tracked(o), end=' ')
    del o
    print(count(make()))


def views():
    "slices share one buffer: the collector must see through it"
    class B(bytearray):
        pass
    b = B(b'abcd')
    m = memoryview(b)
    b.views = [m, m[1:], m.cast('H'), m.toreadonly()]


def fresh():
    l = []
    def g():
        yield l
    l.append(g())


def started():
    l = []
    def g():
        yield l
    l.append(g())
    next(l[0])


def finally_():
    l = []
    def g():
        try:
            yield l
        finally:
            l.append(1)
    l.append(g())
    next(l[0])


def own_frame():
    l = []
    def g():
        yield l
    l.append(g())
    l.append(l[0].gi_frame)


def unstarted_coroutine():
    l = []
    async def c():
        await l
    l.append(c())


def async_gen():
    l = []
    async def g():
        yield l
    l.append(g())


class Name(str):
    pass


def function_name():
    def f(): pass
    name = Name('n')
    name.f = f
    f.__name__ = name


def function_qualname():
    def f(): pass
    name = Name('n')
    name.f = f
    f.__qualname__ = name


for f in function_name, function_qualname, views, fresh, started, finally_, own_frame, unstarted_coroutine, async_gen:
    gc.collect()
    f()
    print(f.__name__, gc.collect())

# A generator that ended keeps nothing of its function.
def make(kind):
    class Probe:
        def __del__(self): print('function gone')
    def gen(p=Probe()):
        yield 1
        if kind == 'raise':
            raise KeyError
    return gen()


for kind in 'end', 'raise', 'close':
    g = make(kind)
    next(g)
    print(kind)
    try:
        g.close() if kind == 'close' else next(g)
    except (StopIteration, KeyError) as e:
        e.__traceback__ = None
    print('still', g.__name__, g.gi_frame)

# A view released by the index of its own slice: the slice lives.
class Releases:
    def __index__(self):
        m.release()
        return 2


m = memoryview(bytearray(b'abcd'))
print(bytes(m[:Releases()]))
try:
    m[0]
except ValueError as e:
    print(e)
