# Every function of the memory modules, those written in Python included, under failing allocations: MemoryError (or
# what a library makes of it) or success, no crash, no broken heap, no leak.  fail_memory.py has the built-in ones.
import array
import copy
import gc
import io
import mmap
import os
import struct
import sys
import tempfile
import tracemalloc
import weakref

import _ouro
import memory_profiler
import objgraph

gc.disable()
sys.unraisablehook = lambda u: None
LIMIT = 250                 # points of failure of one function; more of them are spread out


class C:
    def method(self):
        pass


class S:
    __slots__ = ('a', 'b', '__weakref__')


def views():
    b = bytearray(range(24))
    m = memoryview(b)
    m.nbytes, m.itemsize, m.format, m.ndim, m.shape, m.strides, m.suboffsets, m.readonly, m.obj, m.contiguous
    c = m.cast('B', [4, 6])
    c.tolist(), c[1, 2], c.tobytes(), m.hex(), m.hex(':'), m.tobytes('F')
    m.cast('i').tolist(), m.cast('d')[1]
    m[2:20:3].tolist(), m[::-1].tobytes(), m == b, m[:4] == c.cast('B')[:4]
    m[0] = 5
    m[1:3] = b'ab'
    r = m.toreadonly()
    hash(memoryview(b'ab')), len(m), list(m)[:2], 5 in m, repr(m)
    with memoryview(b'abc') as v:
        v.tolist()
    m.release()


def arrays():
    for code in 'bBhHiIlLqQfdu':
        a = array.array(code)
        a.extend(['x'] * 3 if code == 'u' else [1, 2, 3])
        a.append(a[0])
        a.insert(1, a[0])
        a += a
        a * 2, a[1:3], a[::2], a.index(a[0]), a.count(a[0]), a.tolist(), a.tobytes(), a.buffer_info(), repr(a)
        a.byteswap()
        a.byteswap()
        a.reverse()
        a.pop()
        a.remove(a[0])
        del a[0]
        b = array.array(code, a)
        b.frombytes(a.tobytes())
        b == a, copy.copy(b), copy.deepcopy(a), memoryview(b).tobytes()
        b[1:2] = a
        a.__reduce_ex__(2), list(a), a.__sizeof__()
    array.array('u', 'text').tounicode()
    with tempfile.TemporaryFile() as f:
        array.array('i', [1, 2]).tofile(f)
        f.seek(0)
        array.array('i').fromfile(f, 2)


def maps():
    with mmap.mmap(-1, 8192) as m:
        m[:5] = b'hello'
        m.find(b'l'), m.rfind(b'l'), m[1], m[1:4], m[::2][:3], len(m), m.tell()
        m.write(b'abc')
        m.seek(0)
        m.read(3), m.read_byte(), m.readline()
        m.seek(8)
        m.write_byte(1)
        m.move(10, 0, 5)
        m.flush()
        m.resize(4096)
        memoryview(m)[:3].tobytes()
        repr(m)


def structs():
    s = struct.Struct('<iHq3sdf?x5p')
    b = s.pack(1, 2, 3, b'abc', 1.5, 2.5, True, b'pp')
    s.unpack(b), s.size, s.format, list(s.iter_unpack(b * 2)), s.unpack_from(b, 0)
    s.pack_into(bytearray(100), 1, 1, 2, 3, b'abc', 1.5, 2.5, True, b'pp')
    struct.calcsize('ii'), struct.pack('>l', 5), struct.unpack('2h', b'1234'), struct.unpack_from('b', b'12', 1)


def weak():
    o, p = C(), C()
    d = weakref.WeakValueDictionary(a=o)
    d['b'] = p
    d.get('a'), d['b'], list(d.items()), list(d.values()), list(d.keys()), d.valuerefs(), len(d), 'a' in d
    d.copy(), copy.deepcopy(d), d.setdefault('c', o), d.pop('c'), d | {'x': o}, repr(d)
    d.update(e=p)
    k = weakref.WeakKeyDictionary()
    k[o] = 1
    k[p] = 2
    list(k.items()), list(k), k.keyrefs(), k.get(o), k.pop(p), k.copy(), len(k), o in k, k.setdefault(p, 3)
    s = weakref.WeakSet([o, p])
    s | {o}, s & {o}, s - {o}, s ^ {o}, s <= s, len(s), o in s, s.copy(), list(s), s.issubset(s), s == s, repr(s)
    s.discard(o)
    del p
    m = weakref.WeakMethod(o.method)
    m(), m == m, hash(m)
    f = weakref.finalize(o, len, 'x')
    f.alive, f.peek(), f.atexit, repr(f)
    f.detach()
    f = weakref.finalize(o, len, 'x')
    q = weakref.proxy(o)
    q.x = 1
    q.x, dir(q), weakref.getweakrefs(o), weakref.getweakrefcount(o), weakref.ref(S())
    del o
    f()


def trace():
    tracemalloc.start(3)
    try:
        l = [C() for i in range(4)]
        a = tracemalloc.take_snapshot()
        l += [[i] for i in range(4)]
        b = tracemalloc.take_snapshot()
        for key in 'lineno', 'filename', 'traceback':
            [str(s) for s in b.statistics(key)[:2]]
        [str(s) for s in b.compare_to(a, 'lineno')[:2]]
        b.statistics('lineno', cumulative=True)
        b.filter_traces([tracemalloc.Filter(True, '*'), tracemalloc.DomainFilter(True, 0)])
        tracemalloc.get_traced_memory(), tracemalloc.get_tracemalloc_memory(), tracemalloc.get_traceback_limit()
        t = tracemalloc.get_object_traceback(l[0])
        t and (t.format(), str(t), repr(t), len(t), t[0] == t[0])
        tracemalloc.reset_peak()
        tracemalloc.clear_traces()
        tracemalloc.is_tracing()
    finally:
        tracemalloc.stop()


def graph():
    out = io.StringIO()
    o = C()
    o.a = [o, {'k': S()}]
    objgraph.typestats([o, o.a]), objgraph.most_common_types(limit=3), objgraph.count('C')
    objgraph.show_most_common_types(limit=2, file=out)
    objgraph.by_type('S'), objgraph.growth(limit=2), objgraph.get_leaking_objects()[:0]
    objgraph.show_growth(limit=2, file=out)
    objgraph.find_ref_chain(o, lambda x: isinstance(x, S))
    objgraph.find_backref_chain(o.a, objgraph.is_proper_module, max_depth=3)
    objgraph.show_refs([o], output=out, max_depth=3)
    objgraph.show_backrefs([o.a], output=out, max_depth=2)
    objgraph.show_chain([o, o.a], output=out, backrefs=False)
    objgraph.at(id(o)), objgraph.at_addrs([id(o)])


def profile():
    out = io.StringIO()

    @memory_profiler.profile(stream=out)
    def f():
        x = [0] * 1000
        return x
    f()
    memory_profiler.memory_usage(), memory_profiler.memory_usage((len, ('x',)), interval=.001)


def system():
    o = C()
    sys.getsizeof(o), sys.getsizeof(3, 4), sys.getrefcount(o), sys.intern('s' + str(id(o)))
    sys.getallocatedblocks(), sys._getframe().f_locals, sys.exc_info(), sys.flags[0], sys.getrecursionlimit()
    gc.get_objects(2)[:0], gc.get_referrers(o), gc.get_referents(o), gc.get_stats(), gc.is_finalized(o)
    gc.get_debug(), gc.get_threshold(), gc.garbage, gc.callbacks[:]


def copies():
    o = C()
    o.l = [1, (2, [3]), {4: {5}}, bytearray(b'x'), array.array('i', [1])]
    o.o = o
    copy.copy(o), copy.deepcopy(o), copy.deepcopy(o.l)


def inout():
    b = io.BytesIO(b'hello\nworld')
    v = b.getbuffer()
    v[0] = 72
    v.release()
    b.readinto(bytearray(3)), b.readline(), b.getvalue(), b.read(), b.seek(0), b.write(b'xyz'), b.truncate(2)
    r, w = os.pipe()
    try:
        with open(r, 'rb', 0, closefd=False) as f, open(w, 'wb', 0, closefd=False) as g:
            g.write(b'abc')
            f.readinto(bytearray(3))
    finally:
        os.close(r)
        os.close(w)


def attempt(f, n):
    _ouro.fail_alloc(n, n + 1)
    try:
        f()
    except MemoryError:
        pass
    except Exception as e:          # a library that catches MemoryError may say something else
        kinds.add(type(e).__name__)
    finally:
        failed = _ouro.failed()
    return failed


def clean():
    tracemalloc.stop()
    gc.collect()


def check(f):
    kinds.clear()
    for i in range(3):
        f()
        clean()
    total = 1
    while attempt(f, total):
        total = total + 1 + total // 8      # roughly how many allocations there are
        clean()
    step = max(1, total // LIMIT)
    for n in range(1, total, step):
        attempt(f, n)
        _ouro.check_heap()
    clean()
    before = sys.getallocatedblocks()
    for n in range(1, total, step):
        attempt(f, n)
    clean()
    after = sys.getallocatedblocks()
    leak = after - before
    print(f.__name__, 'ok' if leak < 20 else 'leak of %d blocks' % leak, *sorted(kinds))


kinds = set()
which = sys.argv[1:]
for f in views, arrays, maps, structs, weak, trace, graph, profile, system, copies, inout:
    if not which or f.__name__ in which:
        check(f)
