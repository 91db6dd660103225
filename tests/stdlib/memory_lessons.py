# What lessons about Python's memory show: counts, cycles, weak references, finalizers, interning, slots, buffers, leaks.
import array
import gc
import io
import sys
import tracemalloc
import weakref

print('-- counts')
first = [1, 2, 3]
second = first
third = first
print(sys.getrefcount(first))
del second
third = None
print(sys.getrefcount(first))


class Step:
    def __init__(self, name):
        self.name = name
        print('begin', name)

    def __del__(self):
        print('end', self.name)


step = Step('one')
step = Step('two')
del step

print('-- cycles')


class Tree:
    def __init__(self, value=None):
        self.value = value
        self.parent = None
        self.children = []


gc.collect()
root, leaf = Tree(1), Tree(2)
root.children.append(leaf)
leaf.parent = root
del root, leaf
print('unreachable:', gc.collect(), 'thresholds:', gc.get_threshold(), gc.isenabled())
was = gc.isenabled()
gc.disable()
print(gc.isenabled())
if was:
    gc.enable()
gc.set_debug(gc.DEBUG_SAVEALL)
a, b = Tree(), Tree()
a.parent, b.parent = b, a
del a, b
gc.collect()
print('saved:', sorted(type(o).__name__ for o in gc.garbage))
gc.set_debug(0)
gc.garbage.clear()
gc.collect()
holder = Tree([1, 2])
holder.__dict__
print(gc.get_referents(holder)[0] is holder.__dict__, len(gc.get_referrers(holder.value)) > 0)
gc.freeze()
print(gc.get_freeze_count() > 0)
gc.unfreeze()

print('-- weak references')


class Resource:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return 'Resource(%r)' % self.name


strong = Resource('db')
weak = weakref.ref(strong, lambda r: print('gone'))
print(weak(), weak() is strong)
del strong
print(weak())
cache = weakref.WeakValueDictionary()


def load(key):
    if key in cache:
        print('hit', key)
        return cache[key]
    print('miss', key)
    cache[key] = found = Resource(key)
    return found


x = load(1)
y = load(1)
print(x is y, dict(cache))
del x, y
print(dict(cache))


class Connection:
    def __init__(self, name):
        self.finalizer = weakref.finalize(self, self.cleanup, name)

    @staticmethod
    def cleanup(name):
        print('clean', name)

    def detach(self):
        self.finalizer.detach()


c = Connection('first')
del c
c = Connection('second')
c.detach()
del c
other = Resource('f')
end = weakref.finalize(other, print, 'closed', 'file')
print(end.alive)
del other
print(end.alive)

print('-- identity')
print(sys.intern('two words') is sys.intern(' '.join(['two', 'words'])))
i, j = int('100'), int('100')
k, l = int('1000'), int('1000')
print(i is j, k is l)

print('-- slots')


class Loose:
    def __init__(self, a, b):
        self.a, self.b = a, b


class Tight:
    __slots__ = ('a', '_b')
    kind = 'tight'

    def __init__(self, a, b):
        self.a, self._b = a, b

    @property
    def b(self):
        return self._b


class Tighter(Tight):
    __slots__ = ('c',)


t = Tighter(1, 2)
t.c = 3
print(t.a, t.b, t.c, t.kind, hasattr(t, '__dict__'), sys.getsizeof(t) <= sys.getsizeof(Loose(1, 2)) + 8)
try:
    t.d = 4
except AttributeError as e:
    print(e)


def deep_size(o, seen=None):
    seen = set() if seen is None else seen
    if id(o) in seen:
        return 0
    seen.add(id(o))
    size = sys.getsizeof(o)
    if isinstance(o, dict):
        size += sum(deep_size(k, seen) + deep_size(v, seen) for k, v in o.items())
    elif isinstance(o, (list, tuple, set, frozenset)):
        size += sum(deep_size(i, seen) for i in o)
    return size


data = {'users': [{'name': 'Ann', 'scores': [1, 2, 3]}]}
print(deep_size(data) > sys.getsizeof(data))

print('-- buffers')
source = io.BytesIO(bytes(range(6)))
room = bytearray(4)
print(source.readinto(room), room)
view = memoryview(room)
head, tail = view[:2], view[2:]
tail[:] = b'ZZ'
print(room, view[0], tail.tobytes(), head.obj is room)
try:
    room.append(1)
except BufferError as e:
    print(e)
numbers = array.array('i', [1, 2, 3])
memoryview(numbers)[1] = 20
print(numbers)

print('-- leaks')


def work():
    return [str(i) * 10 for i in range(1000)]


tracemalloc.start()
before = tracemalloc.take_snapshot()
kept = work()
after = tracemalloc.take_snapshot()
top = after.compare_to(before, 'lineno')[0]
print(top.traceback[0].lineno, top.count_diff >= 1000, top.size_diff > 10000)
print(tracemalloc.get_object_traceback(kept[500])[0].lineno)
now, peak = tracemalloc.get_traced_memory()
print(0 < now <= peak)
tracemalloc.stop()
print(tracemalloc.get_traced_memory(), tracemalloc.is_tracing())


class Pool:
    def __init__(self, make, most):
        self.make, self.most, self.free = make, most, []

    def take(self):
        return self.free.pop() if self.free else self.make()

    def give(self, o):
        if len(self.free) < self.most:
            self.free.append(o)


pool = Pool(list, 2)
o = pool.take()
pool.give(o)
print(pool.take() is o)
