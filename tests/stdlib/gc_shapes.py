# What gc.collect returns for trash of many shapes, as CPython counts it.
import array, collections, functools, gc, itertools, operator, types, weakref
gc.disable()
gc.collect()


class P:
    pass


class S:
    __slots__ = ('a', 'b', '__weakref__')


class D:
    def __del__(self):
        pass


def self_ref(o, name='x'):
    setattr(o, name, o)


def instance(): self_ref(P())
def instance_dict():
    p = P(); p.__dict__; self_ref(p)
def instance_pair():
    p, q = P(), P(); p.q, q.p = q, p
def slots(): self_ref(S(), 'a')
def final(): self_ref(D())
def lst():
    l = []; l.append(l)
def lst_many():
    l = [[] for i in range(10)]
    for i in range(10): l[i].append(l[i - 1])
def dct():
    d = {}; d['d'] = d
def dct_list():
    d = {}; d['l'] = [d, (d,), {'k': d}]
def tup():
    l = []; t = (l, 1); l.append(t)
def closure():
    def f(): return f
def closure2():
    def f(): return g
    def g(): return f
def closure_value():
    x = []
    def f(): return x
    x.append(f)
def lam():
    f = lambda: f
def method():
    p = P(); p.m = types.MethodType(print, p)
def bound():
    class_ = P
    d = D(); d.m = d.__del__
def func_attr():
    def f(): pass
    f.me = f
def func_default():
    l = []
    def f(a=l): pass
    l.append(f)
def func_kwdefault():
    l = []
    def f(*, a=l): pass
    l.append(f)
def func_ann():
    l = []
    def f(a: l): pass
    l.append(f)
def generator():
    def g():
        me = yield
        yield me
    it = g(); next(it); it.send(it)
def generator_fresh():
    def g(a): yield a
    l = []; l.append(g(l))
def partial():
    p = functools.partial(print); p.p = p
def partial_args():
    l = []; l.append(functools.partial(print, l))
def iterators():
    l = []; l.append(iter(l)); l.append(enumerate(l)); l.append(zip(l)); l.append(map(print, l)); l.append(reversed(l))
def itertools_():
    l = []; l.append(itertools.chain(l)); l.append(itertools.cycle(l)); l.append(itertools.islice(l, 2)); l.append(itertools.repeat(l))
def deque():
    d = collections.deque(); d.append(d)
def odict():
    d = collections.OrderedDict(); d[1] = d
def ddict():
    d = collections.defaultdict(list); d[1].append(d)
def sets():
    p = P(); p.s = {p}; p.f = frozenset([p])
def ns():
    n = types.SimpleNamespace(); n.n = n
def module():
    m = types.ModuleType('m'); m.m = m
def module_function():
    m = types.ModuleType('m'); exec('def f(): pass', m.__dict__)
def empty_class():
    class C: pass
def empty_class_instance():
    class C: pass
    c = C(); c.c = c
def class_method():
    class C:
        def f(self): pass
def class_super():
    class C:
        def f(self): return __class__
def class_slots():
    class C: __slots__ = ('a', 'b')
def exc():
    e = ValueError(); e.e = e
def exc_traceback():
    def f():
        x = []
        try: 1 / 0
        except ZeroDivisionError as e: x.append(e)
    f()
def exc_cause():
    a, b = ValueError(), ValueError(); a.__cause__ = b; b.__context__ = a
def frame():
    import sys
    f = sys._getframe()
def weak():
    p = P(); p.w = weakref.ref(p); p.p = p
def weak_callback():
    p = P(); p.w = weakref.ref(p, lambda r: None); p.p = p
def prop():
    l = []; l.append(property(l.append))
def slice_():
    l = []; l.append(slice(l))
def cell():
    c = types.CellType(); c.cell_contents = c
def mproxy():
    d = {}; d['p'] = types.MappingProxyType(d)
def coroutine():
    async def c(a): pass
    l = []; x = c(l); l.append(x); x.close()
def lru():
    @functools.lru_cache
    def f(): return f
def lru_filled():
    @functools.lru_cache
    def f(x): return x
    l = []; l.append(f)
    f(5)
def builtin():
    l = []; l.append(l.append)
def dictviews():
    d = {}; d['k'] = d.keys(); d['i'] = d.items(); d['v'] = iter(d.values())
def subclasses():
    class L(list): pass
    l = L(); l.append(l); l.me = l
def subdict():
    class Di(dict): pass
    d = Di(); d[1] = d; d.x = 1
def alias():
    l = []; l.append(list[l.append])
def objects():
    o = [object()]; o.append(o)


import io, sys
for name, f in list(globals().items()):
    if isinstance(f, types.FunctionType) and f.__name__ == name.rstrip() and name != 'self_ref':
        gc.collect()
        f()
        print(name, gc.collect(), gc.collect())
