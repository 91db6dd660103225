# The containers and their modules under every failing allocation: MemoryError or success, no crash, no broken heap, no leak.
import gc
from array import array
from collections import OrderedDict, deque, defaultdict, Counter
from functools import lru_cache, partial, reduce, cmp_to_key
from heapq import heappush, heappop, heapify
from bisect import insort
import itertools
import operator
from failing import check

gc.disable()


class K:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n % 7

    def __eq__(self, other):
        return isinstance(other, K) and self.n == other.n


def dicts():
    d = {}
    for i in range(40):
        d[str(i)] = i
    for i in range(0, 40, 2):
        del d[str(i)]
    d[5] = [1]
    d.update({K(i): i for i in range(12)})
    e = d | {'x': 1}
    e.pop('x'), e.popitem(), e.setdefault('q', []), e.get(K(3))
    list(reversed(e.items())), list(e.values()), e.keys() & d.keys(), {3: 4}.items() ^ {1: 2}.items()
    return dict.fromkeys(d, 1) == d, repr(list(d.keys())[:3]), dict([(1, 2), (3, 4)], a=5), d.copy()


def sets():
    s = set(range(50))
    t = {K(i) for i in range(20)}
    s |= t
    s -= set(range(0, 50, 3))
    f = frozenset(s)
    return s & f, s ^ {1, 2, 999}, s.union([7], 'ab'), s.symmetric_difference(t), hash(f), s.pop(), s < f, s.difference(range(9)), repr({1})


def lists():
    l = list(range(30))
    l[3:9] = 'abc'
    l[::2] = l[::2]
    del l[::3]
    l += l
    l.insert(3, 'x')
    l = [x for x in l if type(x) is int]
    l.sort(key=lambda x: -x)
    l.sort(key=cmp_to_key(lambda a, b: a - b))
    sorted([(x % 5, str(x)) for x in l], reverse=True)
    return l * 2, l + [1], tuple(l)[::-1], repr(l), (1, 2) + tuple(l), l[2:9:2], list(range(5))[slice(1, 3)]


def iterators():
    list(zip([1, 2], 'ab', range(2), strict=True)), list(enumerate('ab', 10**20)), list(map(max, [1], [2])), list(filter(None, [0, 1]))
    list(range(10**20, 10**20 + 3)), list(reversed(range(5))), range(10)[2:5], list(iter([1, 2].pop, 1)), slice(1, 2).indices(5)
    iter([1]).__reduce__(), iter({1: 2}).__reduce__(), zip('a').__reduce__()


def deques():
    d = deque(range(20), 30)
    for i in range(30):
        d.append(i)
        d.appendleft(i)
    d.rotate(5)
    d.insert(3, 1) if len(d) < 30 else d.pop()
    d.remove(5)
    return d + d, d * 2, d.copy(), repr(d), list(reversed(d)), d == d.copy()


def odicts():
    o = OrderedDict((i, i) for i in range(20))
    for i in range(0, 20, 3):
        o.move_to_end(i, last=False)
        o.move_to_end(19 - i)
    o.popitem(last=False), o.popitem(), o.pop(5, None)
    return o.copy(), repr(o), list(o.items()), o == o.copy(), o | {1: 1}, OrderedDict.fromkeys('abc')


def others():
    d = defaultdict(list)
    for i in range(10):
        d[i % 3].append(i)
    c = Counter('mississippi')

    @lru_cache(3)
    def f(*a, **k):
        return a, k
    for i in range(8):
        f(i % 5), f(i, x=i)
    h = []
    for i in range(10):
        heappush(h, -i)
    heapify(h)
    insort(h, 3)
    a = array('i', range(10))
    a.extend([1, 2])
    a[2:4] = array('i', [9])
    return (repr(d), c['s'], heappop(h), a[1:5], a * 2, a.tolist(), partial(f, 1, x=2)(3), repr(partial(int, base=2)),
            reduce(operator.add, [[1], [2]]), operator.itemgetter(1, 2)('abc'), operator.attrgetter('real', 'imag')(1),
            operator.methodcaller('split', ',')('a,b'))


def tools():
    list(itertools.product('ab', repeat=2)), list(itertools.permutations('abc')), list(itertools.combinations('abcd', 2))
    list(itertools.accumulate([1, 2, 3], initial=5)), list(itertools.chain('ab', [1])), list(itertools.islice(itertools.count(5), 3))
    [(k, list(g)) for k, g in itertools.groupby('aab')], list(itertools.zip_longest('abc', [1])), list(itertools.pairwise('abc'))
    a, b = itertools.tee(range(70))
    return list(a), list(b), list(itertools.islice(itertools.cycle('ab'), 5)), list(itertools.starmap(max, [(1, 2)]))


for f in dicts, sets, lists, iterators, deques, odicts, others, tools:
    check(f, every=16)
