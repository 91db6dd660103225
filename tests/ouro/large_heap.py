# Full collections of a heap of more than 65,536 old containers: what roots lead to, and what only counts tell.
import gc, weakref
gc.disable()
class N:
    def __init__(self, i): self.i = i
def ring(i):
    a, b = N(i), N(i); a.o = b; b.o = a
    return a
live = [ring(i) for i in range(100000)]
t = tuple(ring(i) for i in range(1000))
d = {(i, N(i)): [i] for i in range(1000)}
gc.collect(); gc.collect()
def f():
    local = [ring(i) for i in range(5000)]
    for i in range(3000): ring(i)
    print(gc.collect())
    import itertools
    m = map(ring, [1,2]); x = [next(m)]
    w = weakref.ref(x[0])
    del x
    print(w() is not None, gc.collect(), w() is None)
    return len(local)
print(f())
print(gc.collect())
del live
print(gc.collect(), gc.collect())
live = [ring(i) for i in range(100000)]
gc.collect()
del live[::2]
print(gc.collect())
def g():
    keep = [ring(i) for i in range(100)]
    yield 1
    yield len(keep)
it = g(); next(it); gc.collect(); print(next(it), gc.collect())
