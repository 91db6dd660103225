# References, proxies, methods, finalizers.
import gc
import weakref
import operator

gc.disable()


class C:
    def __init__(self, v=0):
        self.v = v

    def method(self):
        return self.v

    def __repr__(self):
        return 'C(%r)' % self.v


def attempt(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return '%s: %s' % (type(e).__name__, e)


# ref
o = C(1)
r = weakref.ref(o)
print(r() is o, r is weakref.ref(o), weakref.ref(o, print) is weakref.ref(o, print))
print(weakref.getweakrefcount(o), len(weakref.getweakrefs(o)), weakref.getweakrefs(5))
print(hash(r) == hash(o), r == weakref.ref(o), r == weakref.ref(C(1)), r != r)
print(attempt(operator.lt, r, r))
print(r.__callback__, weakref.ref(o, len).__callback__)
print(o.__weakref__ is r)
for x in (1, 'a', b'', (), [], {}, None, 1.5, range(3), object()):
    print(attempt(weakref.ref, x))
for x in (C, len, lambda: 0, set(), frozenset(), o.method, (i for i in []), gc, memoryview(b'')):
    weakref.ref(x)
print(attempt(weakref.ref), attempt(weakref.ref, o, 1, 2), attempt(r, 1))
try:
    weakref.ref(o, callback=None)
except TypeError as e:
    print(e)
del o
print(r(), repr(r)[-6:], attempt(hash, weakref.ref(C())), hash(r) == hash(r))


class Ref(weakref.ref):
    def __new__(cls, o, callback=None, tag=None):
        return super().__new__(cls, o, callback)

    def __init__(self, o, callback=None, tag=None):
        super().__init__(o, callback)
        self.tag = tag


o = C(2)
r1, r2 = Ref(o, tag='one'), Ref(o, tag='two')
print(r1 is r2, r1 == r2, r1.tag, r2.tag, r1() is o, weakref.getweakrefcount(o), type(r1).__mro__[1].__name__)


# callbacks: errors are reported, the next still runs
def bad(ref):
    raise RuntimeError('in callback')


import sys
sys.unraisablehook = lambda u: print('unraisable', u.exc_value)
log = []
refs = [weakref.ref(o, log.append), weakref.ref(o, bad), weakref.ref(o, lambda r: log.append('last'))]
del o
print(len(log), log[0], log[1] is refs[0])

# a callback that drops the other references
o = C(3)
refs = []
for i in range(5):
    refs.append(weakref.ref(o, lambda r: refs.clear()))
del o
print(refs)

# proxies
o = C(4)
p = weakref.proxy(o)
print(type(p).__name__, p.v, p.method(), p == o, p is weakref.proxy(o), isinstance(p, C), p.__class__ is C)
p.v = 5
print(o.v, str(p), repr(p).startswith('<weakproxy at'))
del p.v
print(attempt(getattr, o, 'v'))
print(attempt(hash, p), attempt(p), attempt(next, p), attempt(len, p), attempt(weakref.proxy, 1))
del o
for f in (str, bool, len, iter, next, operator.neg, lambda p: p.x, lambda p: p + 1, lambda p: p == p, lambda p: p[0]):
    print(attempt(f, p))


class N:
    def __init__(self, n): self.n = n
    def __add__(self, o): return ('add', self.n, o.n if isinstance(o, N) else o)
    def __radd__(self, o): return ('radd', o, self.n)
    def __iadd__(self, o): return ('iadd', self.n, o)
    def __matmul__(self, o): return ('matmul', self.n, o)
    def __divmod__(self, o): return ('divmod', self.n, o)
    def __pow__(self, o, m=None): return ('pow', self.n, o, m)
    def __neg__(self): return ('neg', self.n)
    def __index__(self): return self.n
    def __int__(self): return self.n
    def __float__(self): return self.n + .5
    def __bool__(self): return self.n > 0
    def __len__(self): return self.n
    def __getitem__(self, i): return ('item', i)
    def __setitem__(self, i, v): print('set', i, v)
    def __delitem__(self, i): print('del', i)
    def __contains__(self, x): return x == self.n
    def __iter__(self): return iter(range(self.n))
    def __reversed__(self): return reversed(range(self.n))
    def __bytes__(self): return b'bytes'
    def __call__(self, *a, **k): return (a, k)
    def __lt__(self, o): return ('lt', o.n if isinstance(o, N) else o)


n, m = N(3), N(4)
p, q = weakref.proxy(n), weakref.proxy(m)
print(type(p).__name__, p + 1, 1 + p, p + q, p @ 2, divmod(p, 2), p ** 2, pow(p, 2, 5), -p)
print(operator.index(p), int(p), float(p), bool(p), len(p), p[1], 3 in p, list(p))
print(attempt(reversed, p), attempt(bytes, p))
p[1] = 2
del p[3]
print(p(1, a=2), p < q, [10, 20, 30, 40][p])
r = p
r += 5
print(r)


class It:
    def __init__(self): self.i = 0
    def __iter__(self): return self
    def __next__(self):
        self.i += 1
        if self.i > 2:
            raise StopIteration
        return self.i


class Rev:
    def __reversed__(self): return 'reversed'
    def __bytes__(self): return b'bytes'


rev = Rev()
print(reversed(weakref.proxy(rev)), bytes(weakref.proxy(rev)))
i = It()
print(list(weakref.proxy(i)))

# methods
o = C(6)
wm = weakref.WeakMethod(o.method)
print(wm()(), wm() == o.method, wm == weakref.WeakMethod(o.method), attempt(weakref.WeakMethod, len)[:40])
wm2 = weakref.WeakMethod(o.method, lambda r: print('method died', r is wm2))
del o
print(wm(), wm == wm2)

# finalize
o = C(7)
f = weakref.finalize(o, print, 'finalizing', end='!\n')
print(f.alive, f.atexit, f.peek()[1:], repr(f).startswith('<finalize object at'), repr(f).endswith('; dead>'))
del o
print(f.alive, f.peek(), f.detach(), f(), repr(f).endswith('; dead>'))
o = C(8)
f = weakref.finalize(o, lambda x: x * 2, 21)
print(f(), f(), f.alive)
f = weakref.finalize(o, print, 'detached')
print(f.detach()[0] is o, f.alive)
del o
keep = C(9)
weakref.finalize(keep, print, 'at exit: first registered')
weakref.finalize(keep, print, 'at exit: second')
f = weakref.finalize(keep, print, 'never')
f.atexit = False
