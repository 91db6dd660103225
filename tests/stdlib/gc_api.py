# The functions of gc that ask, and switch.
import gc
import sys

print(gc.isenabled())
gc.disable()
print(gc.isenabled())
gc.enable()
print(gc.get_threshold())
gc.set_threshold(800)
print(gc.get_threshold())
gc.set_threshold(500, 5)
gc.set_threshold(1000, 15, 20)
print(gc.get_threshold())
gc.set_threshold(700, 10, 10)
for bad in ((), ('x',), (1, 2, 3, 4)):
    try:
        gc.set_threshold(*bad)
    except TypeError as e:
        print('TypeError')
gc.disable()
print([sorted(s)[:3] for s in ([k for k in st if k in ('collections', 'collected', 'uncollectable')] for st in gc.get_stats())])
print(gc.get_debug(), gc.DEBUG_STATS, gc.DEBUG_COLLECTABLE, gc.DEBUG_UNCOLLECTABLE, gc.DEBUG_SAVEALL, gc.DEBUG_LEAK)
print(gc.callbacks, gc.garbage)


class C:
    pass


class S:
    __slots__ = ('a',)


def f(): pass


c = C()
print('tracked', [(type(o).__name__, gc.is_tracked(o)) for o in
                  (1, 1.5, 'a', b'a', None, c, S(), f, c.__init__, [], {}, set(), frozenset([1]), (1, []), range(3),
                   iter([]), C, int, slice(1), memoryview(b''), property(), enumerate([]), (i for i in []), f.__code__)])
d = {}
print(gc.is_tracked(d))
d['a'] = 1
print(gc.is_tracked(d))
d['b'] = []
print(gc.is_tracked(d))
t = tuple([1, 'two', 3.0])
gc.collect()
print(gc.is_tracked(t))

# referents and referrers
a = [1, 'x', (2, 3)]
print(gc.get_referents(a))
print(gc.get_referents({'k': 'v'}), gc.get_referents(5), gc.get_referents())
holder = [a]
box = {'a': a}
c.attr = a
found = gc.get_referrers(a)
print(any(r is holder for r in found), any(r is box for r in found), any(r is globals() for r in found))
print(len(gc.get_referrers()))

# objects
gc.collect()
mark = C()
print(any(o is mark for o in gc.get_objects()), any(o is mark for o in gc.get_objects(0)),
      any(o is mark for o in gc.get_objects(generation=1)))
gc.collect(0)
print(any(o is mark for o in gc.get_objects(0)), any(o is mark for o in gc.get_objects(1)))
gc.collect(1)
print(any(o is mark for o in gc.get_objects(1)), any(o is mark for o in gc.get_objects(2)))
for bad in (3, -1, 'x'):
    try:
        gc.get_objects(bad)
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)

# counts
gc.collect()
n = gc.get_count()
print(n[1:], n[0] < 50)
keep = [[] for i in range(100)]
m = gc.get_count()
print(m[0] - n[0] >= 100)
gc.collect(0)
print(gc.get_count()[1:])
gc.collect(1)
print(gc.get_count()[1:])

# freeze
gc.freeze()
print(gc.get_freeze_count() > 100, gc.get_count()[1:])
x = C()
x.me = x
gc.freeze()
del x
print(gc.collect())
gc.unfreeze()
print(gc.get_freeze_count(), gc.collect())

# automatic collection
gc.enable()
died = 0


class D:
    def __del__(self):
        global died
        died += 1


for i in range(5000):
    d = D()
    d.me = d
print(died > 1000)
gc.disable()
died = 0
for i in range(2000):
    d = D()
    d.me = d
print(died)
gc.collect()
print(died > 1998)
