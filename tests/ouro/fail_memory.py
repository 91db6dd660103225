# Every function of the memory modules under every failing allocation: MemoryError or success, no crash, no
# broken heap, no leak.
import gc
import sys
import _weakref
import _tracemalloc
from failing import check

gc.disable()


class C:
    pass


class D:
    def __del__(self):
        pass


def cycle():
    c, d = C(), D()
    c.d, d.c = d, c
    c.r = _weakref.ref(d)


def weakrefs():
    c = C()
    a = _weakref.ref(c)
    b = _weakref.ref(c, len)
    p = _weakref.proxy(c)
    q = _weakref.proxy(c, len)
    _weakref.getweakrefs(c), _weakref.getweakrefcount(c)
    a(), hash(a), a == b, repr(a), repr(p), str(p)
    p.x = 1
    p.x


def collect():
    cycle()
    gc.collect()


def asking():
    l = [1]
    m = [l, {'k': l}]
    gc.get_referrers(l), gc.get_referents(m), gc.get_stats(), gc.get_count(), gc.get_threshold()
    gc.is_tracked(l), gc.is_finalized(l), gc.get_objects(0)


def freezing():
    cycle()
    gc.freeze()
    gc.get_freeze_count()
    gc.unfreeze()


def tracing():
    _tracemalloc.start(3)
    try:
        l = [C() for i in range(5)]
        _tracemalloc._get_traces(), _tracemalloc._get_object_traceback(l), _tracemalloc.get_traced_memory()
    finally:
        _tracemalloc.stop()


def sizes():
    sys.getsizeof([]), sys.getrefcount(C()), sys.getallocatedblocks(), sys.intern('a' + str(id(C)))


def containers():
    d = {i: str(i) for i in range(20)}
    l = [x for x in d.items()]
    t = tuple(l)
    s = set(t)
    l.sort(reverse=True)
    return len(s), l[3:5], d | {1: 2}, '%s %r' % (t[1], l[0])


for f in weakrefs, collect, asking, freezing, tracing, sizes, containers:
    check(f, every=1)
