# What a filled lru_cache counts in a collection, and which tuples and dicts of leaves a collection takes off its list.
import functools, gc
gc.disable(); gc.collect()
class P: pass
def a():
    @functools.lru_cache
    def f(x): return [x]
    p = P(); f(p); p.f = f
def b():
    @functools.lru_cache
    def f(x, y): return [x]
    p = P(); f(p, 1); f(1, 2); p.f = f
def c():
    @functools.lru_cache(None)
    def f(x, y): return [x]
    p = P(); f(p, 1); f(1, 2); p.f = f
def d():
    l = {'a': tuple([1, 'b']), 'b': {'c': {1: tuple([2])}}, 'd': tuple([tuple([1]), tuple([tuple([])])])}
    print([gc.is_tracked(o) for o in (l, l['a'], l['b'], l['b']['c'], l['d'], l['d'][0], l['d'][1])])
    gc.collect()
    print([gc.is_tracked(o) for o in (l, l['a'], l['b'], l['b']['c'], l['d'], l['d'][0], l['d'][1])])
    gc.collect()
    print([gc.is_tracked(o) for o in (l, l['a'], l['b'], l['b']['c'], l['d'], l['d'][0], l['d'][1])])
    for g in 0, 1:
        l = {'a': tuple([1, 'b'])}; gc.collect(g); print(gc.is_tracked(l), gc.is_tracked(l['a']))
        gc.collect(g); print(gc.is_tracked(l), gc.is_tracked(l['a']))
def e():
    class C:
        @functools.lru_cache
        def f(self, x): return [x]
    c = C(); c.f(1); c.f(2)
for f in a, b, c, d, e: f(); print(f.__name__, gc.collect())
