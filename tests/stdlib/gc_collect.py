# Counts returned by gc.collect, order of finalizers and callbacks, resurrection, SAVEALL.
import gc
import weakref

gc.collect()
gc.disable()


class Node:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return 'Node(%r)' % self.name


class Final(Node):
    def __del__(self):
        print('del', self.name)


def ring(cls, n):
    nodes = [cls(i) for i in range(n)]
    for i in range(n):
        nodes[i].next = nodes[(i + 1) % n]
    return nodes[0]


ring(Node, 10)
print('ring', gc.collect())
ring(Final, 5)
print('finals', gc.collect())
l = []
l.append(l)
del l
print('list', gc.collect())
d = {}
d['self'] = d
del d
print('dict', gc.collect())


def closure():
    def inner():
        return inner
    return None


closure()
print('closure', gc.collect())


def gen():
    me = yield
    yield me


g = gen()
next(g)
try:
    g.send(g)
except StopIteration:
    pass
del g
print('generator', gc.collect())

# resurrection: once, and the finalizer does not run again
saved = []


class Phoenix(Node):
    def __del__(self):
        print('rising', self.name)
        saved.append(self)


p = Phoenix('p')
p.me = p
del p
print(gc.collect(), saved, gc.is_finalized(saved[0]))
saved[0].me = None
del saved[0]
p = Phoenix('q')
del p
print(saved)
p = saved.pop()
p.me = p
del p
print('second death', gc.collect())

# weak references die before the finalizers run; callbacks newest first
def callback(n):
    return lambda r: print('callback', n, r() is None)


a = Final('a')
a.b = Final('b')
a.b.a = a
refs = [weakref.ref(a, callback(i)) for i in range(3)]
print(weakref.getweakrefcount(a))
del a
print(gc.collect())
a = Final('by count')
refs = [weakref.ref(a, callback(i)) for i in range(3)]
del a

# a callback on trash from trash does not run
a = Node('x')
a.self = a
a.ref = weakref.ref(a, callback('never'))
del a
print(gc.collect())

# objects kept
gc.set_debug(gc.DEBUG_SAVEALL)
ring(Node, 2)
print(gc.collect(), sorted(x.name for x in gc.garbage if isinstance(x, Node)))
gc.set_debug(0)
gc.garbage.clear()
print(gc.collect())

# generations
x = Node('x')
gc.collect()
x.me = x
del x
print(gc.collect(0), gc.collect(1), gc.collect(2))
try:
    gc.collect(3)
except ValueError as e:
    print(e)
try:
    gc.collect(-1)
except ValueError as e:
    print(e)

# phases
events = []


def watch(phase, info):
    events.append((phase, info['generation'], info['collected'], info['uncollectable']))


gc.callbacks.append(watch)
ring(Node, 3)
gc.collect()
gc.collect(0)
gc.callbacks.remove(watch)
print(events)

# a finalizer that collects, one that raises nothing but makes garbage
class Busy(Node):
    def __del__(self):
        ring(Node, 2)
        print('nested', gc.collect())


b = Busy('b')
b.me = b
del b
print(gc.collect(), gc.collect())
