# Random object graphs against a model: every count, every death, every weak reference.
#
#   torture.py [first seed] [seeds] [steps]       the suite runs a few; long runs are for sanitizer builds
#
# Nodes of many kinds refer to each other; edges and roots come and go at random, and collections run at random
# points.  After each step the model says which nodes are alive and how many references each one has.  The printed
# digest is of all finalizers and callbacks in their order, so it must equal CPython's.  With the collector on
# (-X gcstress sets `stress` below) cycles may die earlier than the model says, and only the rest is checked.
import functools
import gc
import random
import sys
import types
import weakref
import zlib

stress = '-X gcstress' in sys.argv or 'gcstress' in getattr(sys, '_xoptions', {})
if not stress:
    gc.disable()


class World:
    pass


W = World()
PEEK = World()


class Plain:
    pass


class Slotted:
    __slots__ = ('e0', 'e1', 'e2', 'n', '__weakref__')


class List(list):
    pass


class Dict(dict):
    pass


class Tuple(tuple):
    pass


class Error(Exception):
    pass


class Final:
    def __del__(self):
        W.log.append(('del', self.n))
        W.finalized(self)


class FinalSlots:
    __slots__ = ('e0', 'e1', 'n', '__weakref__')

    def __del__(self):
        W.log.append(('del', self.n))
        W.finalized(self)


def make_closure():
    x = None

    def closure(*a):
        nonlocal x
        if a:
            x = a[0]
        else:
            return x
    return closure


def make_generator(n):
    x = None
    try:
        while True:
            v = yield x
            if v is not PEEK:
                x = v
            v = None
    finally:
        W.log.append(('closed', n))


def noop(*a):
    return a


# kind: (edges that can be set later, edges at creation)
KINDS = {'plain': (4, 0), 'slotted': (3, 0), 'list': (4, 0), 'dict': (4, 0), 'tuple': (0, 3), 'error': (1, 0),
         'final': (3, 0), 'finalslots': (2, 0), 'closure': (1, 0), 'generator': (1, 0), 'method': (0, 1),
         'partial': (0, 2), 'class': (2, 0)}
NAMES = list(KINDS)


class Node:                     # of the model
    def __init__(self, n, kind, size):
        self.n, self.kind = n, kind
        self.edges = [None] * size
        self.count = 0          # edges and roots
        self.base = 0
        self.alive = True
        self.finalized = False
        self.rises = False
        self.closed = False


def create(n, kind, targets):
    if kind == 'plain':
        o = Plain()
    elif kind == 'slotted':
        o = Slotted()
    elif kind == 'list':
        o = List([None] * 4)
    elif kind == 'dict':
        o = Dict()
    elif kind == 'tuple':
        o = Tuple(targets)
    elif kind == 'error':
        o = Error()
    elif kind == 'final':
        o = Final()
    elif kind == 'finalslots':
        o = FinalSlots()
    elif kind == 'closure':
        o = make_closure()
    elif kind == 'generator':
        o = make_generator(n)
        next(o)
    elif kind == 'method':
        o = types.MethodType(noop, targets[0])
    elif kind == 'partial':
        o = functools.partial(noop, *targets)
    else:
        o = type('Class%d' % n, (), {})
    if kind not in ('generator', 'method'):
        o.n = n
    count = sys.getrefcount(o)
    return o, count


def set_edge(node, o, i, target):
    kind = node.kind
    if kind in ('plain', 'slotted', 'final', 'finalslots', 'class'):
        if target is None:
            delattr(o, 'e%d' % i)
        else:
            setattr(o, 'e%d' % i, target)
    elif kind == 'list':
        o[i] = target
    elif kind == 'dict':
        if target is None:
            del o[i]
        else:
            o[i] = target
    elif kind == 'error':
        o.args = (target,)
    elif kind == 'closure':
        o(target)
    else:
        o.send(target)


def get_edge(node, o, i):
    kind = node.kind
    if kind in ('plain', 'slotted', 'final', 'finalslots', 'class'):
        return getattr(o, 'e%d' % i, None)
    if kind in ('list', 'tuple'):
        return o[i]
    if kind == 'dict':
        return o.get(i)
    if kind == 'error':
        return o.args[0] if o.args else None
    if kind == 'closure':
        return o()
    if kind == 'method':
        return o.__self__
    if kind == 'partial':
        return o.args[i]
    return None if node.closed else o.send(PEEK)


class Model:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.nodes = {}         # alive
        self.roots = []         # numbers
        self.real = []          # objects, the same order
        self.weak = {}
        self.next = 0
        self.log = W.log = []
        W.finalized = self.real_finalized

    # ---- the real side

    def real_finalized(self, o):
        node = self.every[o.n]
        if node.rises:
            node.rises = False
            self.real.append(o)
            self.risen.append(node.n)

    def callback(self, w):
        self.log.append(('weak', w.n))

    def watch(self, n, o):
        if isinstance(o, tuple):  # no weak references to those
            return
        w = Ref(o, self.callback)
        w.n = n
        self.weak[n] = w

    # ---- the model

    every = {}

    def lose(self, n):
        todo = [n]
        while todo:
            node = self.nodes[todo.pop()]
            node.count -= 1
            if node.count == 0 and node.alive and node.kind != 'class':  # a class is a cycle by itself
                self.dies(node, todo)

    def dies(self, node, todo):
        if node.kind.startswith('final') and not node.finalized:
            node.finalized = True
            if self.will_rise.pop(node.n, False):
                self.roots.append(node.n)
                node.count += 1
                return
        node.alive = False
        for e in node.edges:
            if e is not None:
                todo.append(e)

    def reachable(self):
        seen, todo = set(), list(self.roots)
        while todo:
            n = todo.pop()
            if n not in seen:
                seen.add(n)
                todo += [e for e in self.nodes[n].edges if e is not None]
        return seen

    def collected(self):
        """What a full collection does."""
        live = self.reachable()
        trash = [k for k in self.nodes.values() if k.alive and k.n not in live]
        for k in trash:
            if k.kind.startswith('final') and not k.finalized:
                k.finalized = True
                if self.will_rise.pop(k.n, False):
                    self.roots.append(k.n)
                    k.count += 1
            if k.kind == 'generator' and not k.closed:
                k.closed = True
                for i, e in enumerate(k.edges):
                    if e is not None:
                        k.edges[i] = None
                        self.nodes[e].count -= 1
        live = self.reachable()
        for k in trash:
            if k.n not in live:
                k.alive = False
                for e in k.edges:
                    if e is not None:
                        self.nodes[e].count -= 1

    will_rise = {}

    # ---- steps

    def pick(self):
        """A reachable node and its object."""
        i = self.r.randrange(len(self.roots))
        n, o = self.roots[i], self.real[i]
        for _ in range(self.r.randrange(4)):
            node = self.nodes[n]
            ways = [i for i, e in enumerate(node.edges) if e is not None]
            if not ways:
                break
            i = self.r.choice(ways)
            n, o = node.edges[i], get_edge(node, o, i)
        return self.nodes[n], o

    def step(self):
        r = self.r
        what = r.random()
        if what < .30 or not self.roots:
            kind = r.choice(self.kinds)
            later, now = KINDS[kind]
            if now and not self.roots:
                return
            targets = [self.pick() for _ in range(now)]
            n = self.next
            self.next += 1
            node = Node(n, kind, later + now)
            o, node.base = create(n, kind, [t for _, t in targets])
            node.edges[:now] = [t.n for t, _ in targets]
            for t, _ in targets:
                t.count += 1
            self.nodes[n] = self.every[n] = node
            if kind.startswith('final') and r.random() < .3 and not stress:
                node.rises = True
                self.will_rise[n] = True
            node.count = 1
            self.roots.append(n)
            self.real.append(o)
            self.watch(n, o)
            del o, targets
        elif what < .65:
            node, o = self.pick()
            if KINDS[node.kind][0] and not node.closed:
                i = r.randrange(len(node.edges))
                old = node.edges[i]
                if old is not None and r.random() < .5:
                    new, target = None, None
                else:
                    new, target = self.pick()
                    new.count += 1
                if new or old is not None:
                    node.edges[i] = new.n if new else None
                    set_edge(node, o, i, target)
                    del target, o
                    if old is not None:
                        self.lose(old)
        elif what < .93:
            for _ in range(r.randrange(1, 4)):
                if self.roots:
                    i = r.randrange(len(self.roots))
                    n = self.roots.pop(i)
                    o = self.real.pop(i)
                    del o
                    self.lose(n)
                    self.sync()
        elif what < .97:
            gc.collect()
            self.collected()
        else:
            gen = r.randrange(2)
            live = self.reachable()
            # what rises from a young collection would save others from the full one that follows
            if not any(n not in live for n in self.will_rise if n in self.nodes):
                gc.collect(gen)
                self.young = True

    def sync(self):
        """The order of the roots that rose is the real one's."""
        rose = self.risen[:]
        self.risen.clear()
        if rose:
            keep = len(self.real) - len(rose)
            assert sorted(self.roots[keep:]) == sorted(rose), (self.roots, rose)
            self.roots[keep:] = rose

    def settle(self):
        """Dead nodes are forgotten."""
        self.sync()
        if len(self.roots) != len(self.real):
            raise AssertionError('roots')
        for n in [n for n, k in self.nodes.items() if not k.alive]:
            del self.nodes[n]
            if not self.every[n].finalized:
                del self.every[n]

    def check(self):
        # the graph that can be reached is the model's
        found = {}
        for n, o in zip(self.roots, self.real):
            found[n] = o
        todo = list(found)
        o = None
        while todo:
            n = todo.pop()
            node = self.nodes[n]
            for i, e in enumerate(node.edges):
                t = get_edge(node, found[n], i)
                if (t is None) != (e is None):
                    raise AssertionError('edge %d of %s %d' % (i, node.kind, n))
                if e is not None:
                    if e in found:
                        assert found[e] is t
                    else:
                        found[e] = t
                        todo.append(e)
        t = None
        if not stress:          # cycles that died early took references with them
            for n in found:
                want, is_ = self.nodes[n].base + self.nodes[n].count, sys.getrefcount(found[n])
                if want != is_:
                    raise AssertionError('count of %s %d: %d, not %d' % (self.nodes[n].kind, n, is_, want))
        for n, w in list(self.weak.items()):
            alive = n in self.nodes
            if w() is None:
                if n in found:  # cleared before it rose again
                    self.watch(n, found[n])
                elif alive and not stress:
                    raise AssertionError('%s %d is gone' % (self.nodes[n].kind, n))
                else:
                    del self.weak[n]
            elif not alive:
                raise AssertionError('%r lives: %r' % (w(), gc.get_referrers(w())))


class Ref(weakref.ref):
    pass


def run(seed, steps):
    m = Model(seed)
    # The order in which classes are walked is not CPython's, so half of the runs are without them.
    m.kinds = NAMES if seed % 2 else NAMES[:-1]
    m.risen, m.every, m.will_rise, m.young = [], {}, {}, False
    for i in range(steps):
        try:
            m.step()
            if m.young or stress:  # some cycles are gone: which ones depends on generations
                if not stress:
                    gc.collect()
                    m.collected()
                m.young = False
            if stress:
                gc.collect()
                m.collected()
            m.settle()
            m.check()
        except AssertionError as e:
            print('seed', seed, 'step', i, e)
            raise
    digest = zlib.crc32(repr(sorted(m.log) if seed % 2 else m.log).encode())
    n = m.next
    m.real.clear()
    for k in list(m.roots):
        m.lose(k)
    m.roots.clear()
    gc.collect()
    gc.collect()
    left = [n for n, w in m.weak.items() if w() is not None]
    if m.real:
        m.real.clear()
        gc.collect()
    return n, len(m.log), digest, len(left) and not m.risen


first, seeds, steps = [int(a) for a in sys.argv[1:4]] + [0, 40, 300][len(sys.argv) - 1:]
for seed in range(first, first + seeds):
    n, events, digest, left = run(seed, steps)
    print('seed', seed, 'left' if left else 'clean',
          'stress' if stress else '%d nodes, %d events, %08x' % (n, events, digest))
