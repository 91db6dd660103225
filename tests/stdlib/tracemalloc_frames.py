# The traceback of each allocation, whatever the stack did since the last one: recursion, generators, native calls, threads.
import tracemalloc, threading
tracemalloc.start(5)
def leaf(): return object()
def a(n): 
    if n: 
        return a(n - 1)
    return leaf()
def b(n):
    x = leaf()
    if n:
        return b(n - 1)
    return x
def c(n, out):
    if n == 0: return
    c(n - 1, out)
    out.append(leaf())
def show(o):
    t = tracemalloc.get_object_traceback(o)
    print([f.lineno for f in t], t.total_nframe)
show(a(0)); show(a(3))
show(a(20)); show(b(2)); show(b(50))
for i in range(2): show(leaf())
out = []; c(12, out)
for o in out: show(o)
def gen():
    while True:
        yield leaf()
g = gen()
def one(): return next(g)
def two(): return one()
show(next(g)); show(one()); show(two()); show(next(g))
class K:
    def __repr__(self):
        self.o = leaf(); return 'k'
k = K(); repr([k]); show(k.o); str([[k]]); show(k.o)
res = []
def th(n):
    for i in range(3): res.append(b(n)); res.append(leaf())
ts = [threading.Thread(target=th, args=(i,)) for i in range(3)]
for t in ts: t.start(); t.join()
for o in res: print([f.lineno for f in tracemalloc.get_object_traceback(o)][::-1][:3])
out = []
c(40, out); c(3, out)
for o in out: show(o)
def deep(n):
    if n == 0: return leaf()
    return deep(n-1)
x = [deep(i) for i in (300, 299, 100, 3)]
for o in x: show(o)
tracemalloc.stop(); tracemalloc.start(1)
show(b(3))
tracemalloc.stop(); tracemalloc.start(3)
show(b(3)); show(leaf())
# Frames that have not begun are not in the traceback: cells and generators belong to the call.
def cell_of(x):
    def inner(): return x
    return inner
def local_cell():
    y = 1
    def inner(): return y
    return inner
def gen_of(x): yield lambda: x
async def coro(): pass
async def agen(): yield
tracemalloc.stop()
for n in 1, 4:
    tracemalloc.start(n)
    def main():
        show(cell_of(0).__closure__[0])
        show(local_cell().__closure__[0])
        show(gen_of(1))
        show(next(gen_of(1)).__closure__[0])
        c = coro(); show(c); c.close()
        show(agen())
        for n in 0, -1, 2: show(b'xy' * n)
    main()
    tracemalloc.stop()
