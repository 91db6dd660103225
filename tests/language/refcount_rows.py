# sys.getrefcount seen from inside each construct: operators, calls, containers, closures, generators, with, match.
import sys
rc = sys.getrefcount
class D:
    def m(self): return rc(self)
    def __add__(s, o): return rc(s)
    def __eq__(s, o): return rc(s)
    def __neg__(s): return rc(s)
    def __getitem__(s, i): return rc(s)
    @property
    def prop(s): return rc(s)
    def __len__(s): return rc(s)
    def __call__(s): return rc(s)
    def __bool__(s): print('bool', rc(s)); return True
    def __getattr__(s, n): return rc(s)
    def __lt__(s, o): print('lt', rc(s), rc(o)); return True
    def __iadd__(s, o): print('iadd', rc(s)); return s
    def __enter__(s): print('enter', rc(s)); return s
    def __exit__(s, *a): print('exit', rc(s))
    def __contains__(s, o): print('in', rc(s)); return True
    def __iter__(s): print('iter', rc(s)); return iter(())
    def __setitem__(s, k, v): print('set', rc(s))
    def __delitem__(s, k): print('del', rc(s))
    def __str__(s): return str(rc(s))
    def __repr__(s): return str(rc(s))
    def __hash__(s): return rc(s)
    def __int__(s): return rc(s)
    def __index__(s): return rc(s)
    def __format__(s, f): return str(rc(s))
class H: pass
def g(a): return rc(a)
def kw(*, a): return rc(a)
def star(*a): return rc(a[0])
def dstar(**k): return rc(k['a'])
def deflt(a, b=None): return rc(a)
def main():
    x = D()
    print(rc(x), g(x), g(a=x), kw(a=x), x.m(), D.m(x), star(x), dstar(a=x), deflt(x), deflt(x, 1))
    b = x.m
    print(b(), x.m(*()), g(*[x]), g(**{'a': x})); del b
    print(g([]), D().m())
    print(x + 1, x == 1, -x, x[0], x.prop, len(x), x())
    bool(x); not x
    if x: pass
    print(f'{x}', repr(x), '%s' % x, hash(x), hex(x))
    y, z = D(), D()
    x < y < z
    z = x; z += 1; del z
    1 in x
    for i in x: pass
    x[0] = 1; del x[0]
    with x as q: print('body', rc(q))
    del q
    with D() as y: print('body', rc(y))
    try: raise ValueError(1)
    except ValueError as e: print('exc', rc(e))
    l = [x, x]; t = (x, [x]); d = {'x': x, x: 1}; s = {x}
    print(rc(x)); del l, t, d, s; print(rc(x))
    h = H(); h.x = x; print(rc(x), rc(h.x), rc(h)); del h
    def inner(): return x
    print(rc(x), rc(inner))
    print([rc(x) for _ in range(1)], list(map(rc, [x])), max([3], key=lambda v: rc(x)))
    for i, v in enumerate([x, D()]): print('enum', rc(v))
    for v in [D()]: print('for', rc(v))
    for a, b in zip([D()], [D()]): print('zip', rc(a), rc(b))
    for k, v in {'a': D()}.items(): print('items', rc(v))
    a, b = D(), D(); a, b = b, a; print(rc(a), rc(b))
    a = b = D(); print(rc(a))
    def gen(p):
        yield rc(p)
        yield rc(p)
    it = gen(x); print(next(it), next(it), rc(x)); del it
    it = gen(D()); print(next(it))
    lam = lambda a: rc(a); print(lam(x), lam(D()))
    print(rc(x) if x else 0, (x, rc(x))[1], [x, rc(x)][1])
    r = locals(); print(rc(x)); del r
    global G
    G = x; print(rc(G)); del G
    import functools
    p = functools.partial(g, x); print(p(), rc(x)); del p
    print(getattr(x, 'prop'), type(x).m(x), (lambda: rc(x))())
    class N: pass
    n = N(); n.a = x; print(rc(n.a))
    n2 = [N() for _ in range(5)]; print(rc(N)); del n2; print(rc(N))
    print(rc(n), isinstance(x, D), callable(x))
    match x:
        case D(): print('match', rc(x))
    while True:
        w = D(); print(rc(w)); break
    assert x, 1
    try:
        raise KeyError(x)
    except KeyError as e2:
        print(rc(x), rc(e2.args[0]))
    print(rc(x))
    print(sum([1, 2], 0), rc(x), any(rc(v) for v in [x]), all([rc(x)]))
main()


def guards(o, *fails):
    match o:
        case int() if print('first guard', rc(o)): pass
        case v if print('last guard', rc(o), rc(v)) or not fails: print('body', rc(o), rc(v))
guards([]); guards([], 1)


def thrown():
    def g():
        try: yield
        except ValueError as e: print('thrown', rc(e)); yield
    i = g(); next(i); e = ValueError(); i.throw(e); print(rc(e))
thrown()


def called_back():
    import weakref
    h = H(); r = weakref.ref(h, lambda r: print('callback', rc(r))); del h
called_back()


def merged():
    class M:
        def keys(self): print('keys', rc(self)); return ['a']
        def __getitem__(self, k): print('item', rc(self)); return 1
        def __iter__(self): print('iter', rc(self)); return iter(())
    m = M(); {**m}; [*m]; (lambda **k: 0)(**m); {}.update(m); {*m}; print(max([m], key=lambda v: rc(v)) is m)
merged()
