# WeakValueDictionary, WeakKeyDictionary, WeakSet.
import gc
import copy
from weakref import WeakValueDictionary, WeakKeyDictionary, WeakSet, ref


class C:
    def __init__(self, n): self.n = n
    def __repr__(self): return 'C%d' % self.n
    def __eq__(self, o): return isinstance(o, C) and self.n == o.n
    def __hash__(self): return hash(self.n)


objs = [C(i) for i in range(5)]
d = WeakValueDictionary((o.n, o) for o in objs)
print(len(d), sorted(d), d[3], 3 in d, 9 in d, d.get(9), d.get(9, 'none'), sorted(d.values(), key=lambda o: o.n))
del objs[3]
print(len(d), sorted(d.keys()), 3 in d, d.get(3))
try:
    d[3]
except KeyError as e:
    print('KeyError', e)
print(sorted((k, v.n) for k, v in d.items()), len(d.valuerefs()), len(list(d.itervaluerefs())))
print(d.pop(0), len(d), d.pop(0, 'gone'))
d['x'] = x = C(10)
print(d.setdefault('x', None), d.setdefault('y', x), d.copy() == d, len(copy.copy(d)), repr(d).startswith('<WeakValueDictionary'))
d.update({'z': x}, k=x)
print(sorted(map(str, d)))
k, v = d.popitem()
del k, v
del d['x']
e = d | {'q': x}
print('q' in e, 'q' in d, type(e).__name__)
e |= {'r': x}
print('r' in e)
d.clear()
print(len(d))
# deletion while iterating
objs = [C(i) for i in range(10)]
d = WeakValueDictionary((o.n, o) for o in objs)
seen = []
for k in d.keys():
    if k == 4:
        del objs[5:8]
    seen.append(k)
gc.collect()
print(seen[:5], len(d))

objs = [C(i) for i in range(5)]
d = WeakKeyDictionary()
for o in objs:
    d[o] = o.n * 10
del o
print(len(d), d[objs[2]], C(2) in d, 5 in d, sorted(d.values()), sorted(k.n for k in d))
del objs[2]
gc.collect()
print(len(d), sorted(d.values()), d.get(C(2)), d.get(objs[0]))
print(d.pop(objs[0]), len(d), len(d.keyrefs()), sorted((k.n, v) for k, v in d.items()))
try:
    d[5] = 1
except TypeError as e:
    print(e)
try:
    del d[C(77)]
except KeyError as e:
    print('KeyError')
print(d.setdefault(objs[1], 'new'), d.setdefault(objs[0], 'new'), repr(d).startswith('<WeakKeyDictionary'))
e = copy.deepcopy(d)
print(len(e), e == d)

objs = [C(i) for i in range(6)]
s = WeakSet(objs)
print(len(s), objs[1] in s, 7 in s, C(1) in s, sorted(o.n for o in s))
t = WeakSet(objs[3:])
print(sorted(o.n for o in s & t), sorted(o.n for o in s - t), sorted(o.n for o in s | t), sorted(o.n for o in s ^ t))
print(t <= s, t < s, s >= t, s > t, s == WeakSet(objs), s.isdisjoint(t), t.issubset(s), s.issuperset(t))
s.discard(objs[0])
s.discard(objs[0])
try:
    s.remove(objs[0])
except KeyError:
    print('KeyError')
s.add(objs[0])
s -= t
print(sorted(o.n for o in s))
del objs[1]
print(len(s), len(WeakSet()), sorted(o.n for o in s.copy()))
s.update(objs)
s.clear()
print(len(s))
try:
    s.pop()
except KeyError as e:
    print(e)
