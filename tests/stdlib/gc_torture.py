# Random object graphs against a model: who is alive, how often each is referred to, which finalizers ran.
import gc
import sys
import weakref

gc.disable()


class Random:
    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        return (self.state >> 33) % n


class Node:
    def __init__(self, key):
        self.key = key
        self.list = []
        self.dict = {}


class Final(Node):
    def __del__(self):
        finalized.append(self.key)


class Slotted:
    __slots__ = ('key', 'list', 'dict', '__weakref__')

    def __init__(self, key):
        self.key = key
        self.list = []
        self.dict = {}


def reachable(roots, edges):
    seen = set()
    todo = list(roots)
    while todo:
        k = todo.pop()
        if k not in seen:
            seen.add(k)
            todo.extend(edges[k])
    return seen


def torture(seed, steps, collect_every):
    rnd = Random(seed)
    roots = {}    # key -> object
    edges = {}    # key -> list of keys, one for each reference it owns
    weak = {}     # key -> weak reference
    callbacks = []
    finals = set()
    del finalized[:]
    next_key = 0
    for step in range(steps):
        what = rnd.below(10)
        keys = list(roots)
        if what < 3 or not keys:
            cls = (Node, Final, Slotted)[rnd.below(3)]
            o = cls(next_key)
            roots[next_key] = o
            edges[next_key] = []
            weak[next_key] = weakref.ref(o, callbacks.append)
            if cls is Final:
                finals.add(next_key)
            next_key += 1
            del o
        elif what < 7:
            a, b = keys[rnd.below(len(keys))], keys[rnd.below(len(keys))]
            if rnd.below(2):
                roots[a].list.append(roots[b])
            else:
                roots[a].dict[len(roots[a].dict)] = (roots[b],)
            edges[a].append(b)
        elif what < 8:
            a = keys[rnd.below(len(keys))]
            del roots[a].list[:]
            roots[a].dict.clear()
            edges[a] = []
        else:
            del roots[keys[rnd.below(len(keys))]]
        if step % collect_every == 0:
            gc.collect(rnd.below(3))
    gc.collect()
    gc.collect()
    alive = reachable(roots, edges)
    wrong = [k for k in weak if (weak[k]() is not None) != (k in alive)]
    counts = {}
    for k in alive:
        for target in edges[k]:
            counts[target] = counts.get(target, 0) + 1
    for k in roots:
        counts[k] = counts.get(k, 0) + 1
    miscounted = [k for k in alive if sys.getrefcount(weak[k]()) - 1 != counts[k]]
    dead_finals = sorted(finals - alive)
    ok = sorted(finalized) == dead_finals and len(callbacks) == len(weak) - len(alive)
    roots.clear()
    gc.collect()
    left = [k for k in weak if weak[k]() is not None]
    return len(wrong), len(miscounted), ok, len(left), sorted(finalized) == sorted(finals)


finalized = []
for seed in range(12):
    print(seed, torture(seed, 600, 1 + seed * 5))
gc.enable()
gc.set_threshold(20, 3, 3)
for seed in range(12, 20):
    print(seed, torture(seed, 600, 1000))
