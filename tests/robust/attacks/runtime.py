# Finalizers, callbacks, generators, trace functions, code and exception objects that change what is under way.
### weakref callbacks
import weakref

class A:
    pass
l = []

def cb(r):
    l.clear()
    gc.collect()
    spray()
for i in range(20):
    a = A()
    l.extend((weakref.ref(a, cb) for _ in range(9)))
    del a
a = A()
refs = []

def cb2(r):
    refs.clear()
    refs.extend((weakref.ref(b, cb2) for _ in range(3)))
b = A()
refs.extend((weakref.ref(a, cb2) for _ in range(9)))
del a

def cb3(r):
    weakref.ref(r)
    list(weakref.getweakrefs(b))
    weakref.getweakrefcount(b)
a = A()
x = [weakref.ref(a, cb3), weakref.proxy(a, cb3)]
del a
d = weakref.WeakKeyDictionary()

class K:

    def __eq__(s, o):
        d.clear()
        gc.collect()
        return s is o

    def __hash__(s):
        return 1
ks = [K() for i in range(9)]
for k in ks:
    d[k] = 1
try:
    d[K()] = 2
except Exception:
    pass
del ks

class P:

    def __getattr__(s, n):
        global p
        del p_owner[:]
        spray()
        return lambda *a: 1

    def __len__(s):
        del p_owner[:]
        spray()
        s.x
        return 1

    def __call__(s, *a):
        del p_owner[:]
        spray()
        return s

    def __add__(s, o):
        del p_owner[:]
        spray()
        s.y
        return 1

    def __iter__(s):
        del p_owner[:]
        spray()
        s.y
        return iter([1])

    def __bool__(s):
        del p_owner[:]
        spray()
        s.y
        return True

    def __eq__(s, o):
        del p_owner[:]
        spray()
        s.y
        return True

    def __getitem__(s, o):
        del p_owner[:]
        spray()
        s.y
        return True

    def __setitem__(s, o, v):
        del p_owner[:]
        spray()
        s.y

    def __repr__(s):
        del p_owner[:]
        spray()
        s.y
        return 'x'

    def __str__(s):
        del p_owner[:]
        spray()
        s.y
        return 'x'

    def __hash__(s):
        return 5

    def __setattr__(s, n, v):
        del p_owner[:]
        spray()
        s.y

    def __next__(s):
        del p_owner[:]
        spray()
        s.y
        return 1

    def __contains__(s, x):
        del p_owner[:]
        spray()
        s.y
        return 1

    def __index__(s):
        del p_owner[:]
        spray()
        s.y
        return 1

    def __enter__(s):
        del p_owner[:]
        spray()
        s.y
        return 1

    def __iadd__(s, o):
        del p_owner[:]
        spray()
        s.y
        return s

    def __pow__(s, o, m=0):
        del p_owner[:]
        spray()
        s.y
        return s

    def __matmul__(s, o):
        del p_owner[:]
        spray()
        s.y
        return s

    def __bytes__(s):
        del p_owner[:]
        spray()
        s.y
        return b''
for op in ('len(p)', 'p()', 'p+1', 'iter(p)', 'bool(p)', 'p==1', 'p[1]', 'p.__setitem__(1,2)', 'repr(p)', 'str(p)', 'setattr(p,"a",1)',
          'next(p)', '1 in p', 'operator.index(p)', 'p.foo', 'p.foo()', 'operator.iadd(p,1)', 'p**2', 'p@1', 'bytes(p)', '1==p',
          'hash(p)', 'delattr(p,"q")', 'dir(p)', 'p.__enter__()', 'isinstance(p,P)', 'p.__class__', 'reversed(p)', 'p<p', 'int(p)'):
    import operator
    p_owner = [P()]
    p = weakref.proxy(p_owner[0])
    try:
        eval(op)
    except Exception:
        pass

class Ref(weakref.ref):

    def __del__(s):
        spray()

    def __call__(s):
        spray()
        return weakref.ref.__call__(s)
a = A()
r = Ref(a, lambda r: (spray(), r.__init__(a2) if 0 else 0))
a2 = A()
del a
r = weakref.ref(a2)
try:
    r.__init__(A(), print)
except Exception:
    pass

class E:

    def __eq__(s, o):
        owner.clear()
        gc.collect()
        spray()
        return True

    def __hash__(s):
        owner.clear()
        spray()
        return 4
owner = [E(), E()]
r1 = weakref.ref(owner[0])
r2 = weakref.ref(owner[1])
r1 == r2
owner = [E()]
r1 = weakref.ref(owner[0])
hash(r1)

class W:

    def __del__(s):
        res.append(weakref.ref(s))
        res.append(s)
res = []
w = W()
wr = weakref.ref(w, lambda r: res.append(r))
del w
res.clear()
gc.collect()
f = weakref.finalize(A(), spray)
f = weakref.finalize(a2, lambda: f.detach())
f()
### del inside gc
class N:

    def __init__(s):
        s.me = s

    def __del__(s):
        global keepers
        keepers.append(s) if len(keepers) < 50 else keepers.clear()
        gc.collect()
        spray()
keepers = []
for i in range(200):
    N()
gc.collect()

class G:

    def __del__(s):
        del glob[:]
        gc.get_objects()
        gc.get_referrers(s)
        gc.get_referents(s)
glob = [G() for i in range(50)]
glob.append(glob)
glob = []
gc.collect()

def g():
    try:
        yield
    finally:
        gc.collect()
        spray()
        hold.append(sys._getframe())
hold = []
for i in range(20):
    x = g()
    next(x)
    y = [x]
    y.append(y)
    del x, y
gc.collect()
hold.clear()
gc.collect()

def cbk(phase, info):
    spray()
    gc.collect()
    gc.disable()
    gc.enable()
gc.callbacks.append(cbk)
gc.callbacks.append(lambda *a: gc.callbacks.clear())
gc.collect()
gc.callbacks[:] = [lambda *a: gc.callbacks.append(print) if len(gc.callbacks) < 9 else gc.callbacks.clear()]
gc.collect()
gc.set_threshold(1)
for i in range(100):
    a = [[] for _ in range(9)]
    a.append(a)
    class_ = type('T', (), {'a': a})
gc.set_threshold(700)

class Frz:

    def __del__(s):
        gc.freeze()
        gc.unfreeze()
        gc.set_debug(0)
        gc.garbage.append(s)
for i in range(9):
    f = Frz()
    f.f = f
    del f
gc.collect()
gc.garbage.clear()
gc.collect()
gc.set_debug(gc.DEBUG_SAVEALL)
for i in range(9):
    a = []
    a.append(a)
gc.collect()
gc.garbage.clear()
gc.set_debug(0)
gc.collect()
l = gc.get_objects()
for o in l[:3000]:
    try:
        (gc.is_tracked(o), gc.get_referents(o), gc.is_finalized(o))
    except Exception:
        pass
del l
### generators
def reent(f):
    try:
        f()
    except BaseException:
        pass

def g():
    yield 1
    reent(lambda: next(x))
    reent(lambda: x.send(1))
    reent(lambda: x.throw(ValueError))
    reent(lambda: x.close())
    spray()
    yield 2
x = g()
list(x)

def g():
    global x
    x = None
    gc.collect()
    spray()
    yield 5
x = g()
y = next(x) if 0 else None
x = g()
reent(lambda: list(x))

class It:

    def __iter__(s):
        return s

    def __next__(s):
        act()
        return 1

    def send(s, v):
        act()
        return 1

    def throw(s, *a):
        act()
        raise ValueError

    def close(s):
        act()

def d():
    yield from It()
for op in ('next(x)', 'x.send(1)', 'x.throw(ValueError)', 'x.close()', 'x.throw(GeneratorExit)'):
    for a in ('next(x)', 'x.send(1)', 'x.throw(ValueError)', 'x.close()', 'x.gi_frame.clear()', 'x.__del__()', 'globals().pop("x")',
              'x.gi_yieldfrom', 'x.gi_frame.f_locals'):
        x = d()
        act = lambda: None
        next(x)
        act = lambda: reent(lambda: eval(a))
        try:
            eval(op)
        except BaseException:
            pass
        act = lambda: None
    x = d()
    next(x)
    act = lambda: None

async def co():
    await Aw()

class Aw:

    def __await__(s):
        return It()
for op in ('x.send(None)', 'x.throw(ValueError)', 'x.close()'):
    for a in ('x.send(None)', 'x.throw(ValueError)', 'x.close()', 'x.cr_frame.clear()', 'globals().pop("x")', 'x.cr_await'):
        act = lambda: None
        x = co()
        x.send(None)
        act = lambda: reent(lambda: eval(a))
        try:
            eval(op)
        except BaseException:
            pass
        act = lambda: None

async def ag():
    try:
        yield (await Aw())
    finally:
        spray()
        await Aw()
for op in ('x.asend(None).send(None)', 'x.athrow(ValueError).send(None)', 'x.aclose().send(None)', 'x.__anext__().throw(ValueError)'):
    for a in ('x.asend(None).send(None)', 'x.aclose().send(None)', 'x.athrow(ValueError).send(None)', 'x.ag_frame.clear()',
              'globals().pop("x")', 'y.send(None)', 'y.throw(ValueError)', 'y.close()'):
        act = lambda: None
        x = ag()
        y = x.asend(None)
        y.send(None)
        act = lambda: reent(lambda: eval(a))
        try:
            eval(op)
        except BaseException:
            pass
        for z in (lambda: y.send(None), lambda: y.close(), lambda: y.throw(KeyError)):
            reent(z)
        act = lambda: None
        sys.set_asyncgen_hooks(firstiter=lambda a: (sys.set_asyncgen_hooks(None, None), spray()), finalizer=lambda a: (sys.set_asyncgen_hooks(None, None), spray()))

def f():
    fr = sys._getframe()
    fr.f_locals
    x = [1]
    hold.append(fr)
    try:
        fr.clear()
    except RuntimeError:
        pass
    yield x
hold = []
g = f()
next(g)
hold[0].clear()
reent(lambda: next(g))
hold[0].f_locals
hold[0].f_back

def h():
    a = D(lambda: hold[-1].clear())
    hold.append(sys._getframe())
    yield
g = h()
next(g)
reent(lambda: hold[-1].clear())

class Cl:

    def __del__(s):
        for q in hold:
            reent(q.clear)

def h2():
    a = Cl()
    b = Cl()
    hold.append(sys._getframe())
    try:
        yield
    finally:
        c = Cl()
g = h2()
next(g)
del g
gc.collect()
### trace
def run(f):

    def work():
        l = [1, 2, 3]
        for i in l:
            x = [i]
            y = {i: x}
        try:
            raise ValueError
        except ValueError as e:
            pass

        def inner():
            yield 1
            yield 2
        list(inner())
        return l
    sys.settrace(f)
    try:
        work()
    except BaseException:
        pass
    finally:
        sys.settrace(None)
    sys.setprofile(f)
    try:
        work()
    except BaseException:
        pass
    finally:
        sys.setprofile(None)

def t1(fr, ev, arg):
    fr.f_locals.clear()
    fr.f_trace = None
    return t1

def t2(fr, ev, arg):
    sys.settrace(None)
    spray()
    return t2

def t3(fr, ev, arg):
    try:
        fr.clear()
    except RuntimeError:
        pass
    gc.collect()
    return t3

def t4(fr, ev, arg):
    try:
        fr.f_lineno = fr.f_code.co_firstlineno + 2
    except ValueError:
        pass
    return t4

def t5(fr, ev, arg):
    raise KeyError

def t6(fr, ev, arg):
    fr.f_trace_opcodes = True
    fr.f_locals['x'] = 5
    fr.f_locals['l'] = None
    return t6

def t7(fr, ev, arg):
    sys.settrace(t1)
    sys.setprofile(None)
    del fr
    return None

class T8:
    n = 0

    def __call__(s, fr, ev, arg):
        T8.n += 1
        sys.settrace(T8()) if T8.n < 20 else sys.settrace(None)
        return T8()

    def __del__(s):
        spray()

def t9(fr, ev, arg):
    for i in range(1, 12):
        try:
            fr.f_lineno = fr.f_code.co_firstlineno + i * T8.n % 11
            break
        except ValueError:
            pass
    T8.n += 1
    if T8.n > 300:
        sys.settrace(None)
    return t9
for t in (t1, t2, t3, t4, t5, t6, t7, T8(), t9):
    if t is t4:
        continue
    run(t)
### code replace
def f(a, b=1, *c, d=2, **e):
    x = [a]
    return lambda: (x, a)
c = f.__code__
for k, v in dict(co_nlocals=0, co_stacksize=0, co_code=b'', co_consts=(), co_names=(), co_varnames=(), co_freevars=(), co_cellvars=(), co_argcount=0, co_kwonlyargcount=0, co_posonlyargcount=0, co_flags=0, co_firstlineno=-5, co_linetable=b'', co_exceptiontable=b'').items():
    try:
        n = c.replace(**{k: v})
    except Exception as e:
        continue
    try:
        repr(n)
        hash(n)
        n == c
        list(n.co_lines())
        list(n.co_positions())
    except Exception:
        pass
g = lambda: 0
try:
    g.__code__ = c
except ValueError:
    pass

def h(n):
    if n:
        h.__code__ = (lambda n: 5).__code__
        spray()
        gc.collect()
    return n + 1
h(3)
h(3)

def h2(a, b=[1]):
    h2.__defaults__ = None
    h2.__kwdefaults__ = None
    h2.__code__ = h.__code__
    gc.collect()
    spray()
    return (a, b)
h2(1)

def gen():
    gen.__code__ = h.__code__
    yield 1
    gc.collect()
    spray()
    yield 2
list(gen())

def dd(*, k=[5]):
    dd.__kwdefaults__.clear()
    spray()
    return k
dd()

class KD(dict):
    pass

class SD(str):

    def __eq__(s, o):
        fk.__kwdefaults__ = {}
        spray()
        return True

    def __hash__(s):
        return hash('k')

def fk(*, k, j):
    return k
fk.__kwdefaults__ = {SD('k'): 1, 'j': 2}
try:
    fk()
except TypeError:
    pass
try:
    fk(**{SD('k'): 1})
except TypeError:
    pass
### exceptions
class E(Exception):

    def __str__(s):
        spray()
        e.args = ()
        return 'x'

    def __repr__(s):
        e.args = ()
        spray()
        return 'y'
e = E([1], [2])
repr(e)
str(e)
str(Exception(e, e))
repr(Exception(e))
eg = ExceptionGroup('a', [ValueError(1), E()])

class EG(ExceptionGroup):

    def derive(s, x):
        spray()
        s.__init__('q', [ValueError()])
        return 5
eg = EG('a', [ValueError(1), TypeError()])
for op in (lambda: eg.split(ValueError), lambda: eg.subgroup(lambda x: (spray(), 1)[1]), lambda: eg.split(lambda x: 1 / 0),
          lambda: repr(eg), lambda: str(eg)):
    try:
        op()
    except Exception:
        pass
l = [ValueError()]

class Sq(list):

    def __len__(s):
        spray()
        return 50

    def __getitem__(s, i):
        spray()
        return ValueError()
try:
    ExceptionGroup('a', Sq([ValueError()]))
except Exception:
    pass
x = ValueError()
x.__context__ = x
x.__cause__ = x
try:
    try:
        raise x
    except ValueError:
        raise x
except ValueError:
    pass
u = UnicodeDecodeError('utf-8', b'abc', 1, 2, 'r')
for s, en in ((-5, 100), (100, -5), (2 ** 62, 2 ** 62), (3, 1), (0, 0)):
    u.start = s
    u.end = en
    str(u)
u.object = 5 if 0 else b''
str(u)
u = UnicodeEncodeError('utf-8', 'abc', 1, 2, 'r')
u.object = ''
str(u)
u.start = 2 ** 60
str(u)
u = UnicodeTranslateError('abc', 1, 2, 'r')
u.object = ''
str(u)
for C in (UnicodeDecodeError, UnicodeEncodeError, UnicodeTranslateError):
    u = C.__new__(C)
    for f in (str, repr, lambda u: u.start, lambda u: u.object, lambda u: u.end, lambda u: u.reason, lambda u: u.encoding):
        try:
            f(u)
        except Exception:
            pass
import codecs
for n in ('strict', 'ignore', 'replace', 'backslashreplace', 'xmlcharrefreplace', 'namereplace', 'surrogateescape', 'surrogatepass'):
    h = codecs.lookup_error(n)
    for C, a in ((UnicodeDecodeError, ('utf-8', b'abc', 0, 1, 'r')), (UnicodeEncodeError, ('utf-8', 'abc', 0, 1, 'r')),
              (UnicodeTranslateError, ('abc', 0, 1, 'r'))):
        for s, en in ((-5, 100), (100, -5), (2 ** 62, 2 ** 62), (3, 1), (0, 0), (0, 2 ** 40)):
            u = C(*a)
            u.start = s
            u.end = en
            try:
                h(u)
            except Exception:
                pass
            u = C.__new__(C)
            try:
                h(u)
            except Exception:
                pass
se = SyntaxError('a', ('f', 1, 2, 'text', 3, 4))
se.text = 5
se.lineno = 'x'
str(se)
o = OSError(1, 'a', 'b', None, 'c')
o.filename = 5
str(o)
o.errno = None
str(o)
o.characters_written = 5
del o.characters_written
s = StopIteration(1)
s.value = 5
i = ImportError('a', name='b', path='c')
i.msg = 5
str(i) if 0 else 0
i.__reduce__()
### int and float ops
class I2(int):

    def __index__(s):
        spray()
        return 5

    def __mul__(s, o):
        spray()
        return 3

class F2(float):

    def __float__(s):
        spray()
        return F2(1)
for f in (int, float, complex, str, bytes, bytearray, range, slice):
    for v in (I2(3), F2(2), bytearray(b'12'), memoryview(b'12')):
        try:
            f(v)
        except Exception:
            pass
sum([1, I2(3), F2(1)], I2(4))
sum([[1]], [])
max([I2(1), 2], key=lambda x: (spray(), 1)[1])
pow(I2(2), I2(3), I2(5))
round(F2(2.5), I2(1))
divmod(I2(4), I2(3))
range(I2(5), I2(9))[I2(1)]
'abc'[I2(1):I2(2)]
int.from_bytes([I(spray, 5)], 'big')
5 .to_bytes(I2(5), 'big')
'%d' % I2(5)
format(I2(5), '05d')

class Fm:

    def __format__(s, x):
        spray()
        d.clear()
        return 'z'
d = {'a': Fm(), 'b': Fm()}
try:
    '{a} {b}'.format_map(d)
except KeyError:
    pass
try:
    '%(a)s %(b)s' % d
except KeyError:
    pass
l = [Fm()] * 5
'{} {}'.format(*l)
f'{l[0]}{(l.clear(), 1)}'

class S2:

    def __str__(s):
        lst.clear()
        spray()
        return 'x'
lst = [S2() for i in range(9)]
'%s %s' % tuple(lst[:2])
''.join(map(str, lst))

class JS(str):
    pass
lst = ['a', 'b', JS('c')]

class JI:

    def __iter__(s):
        lst.clear()
        return iter(['a'])
','.join(JI())

class Tr(dict):

    def __missing__(s, k):
        spray()
        return 'q' * 1000

    def __getitem__(s, k):
        spray()
        return k if k % 2 else None
'abcdef'.translate(Tr())

class Tr2:

    def __getitem__(s, k):
        raise LookupError
'abcሴ'.translate(Tr2())
str.maketrans({I2(3): 1})
### contextvars & threads local
import contextvars, _thread, threading
v = contextvars.ContextVar('v', default=[1])
ctx = contextvars.copy_context()
ctx.run(lambda: (v.set(5), ctx.copy(), list(ctx.items()), spray()))
try:
    ctx.run(lambda: ctx.run(print))
except RuntimeError:
    pass

class K(contextvars.ContextVar if 0 else object):
    pass
tok = v.set(1)
v.reset(tok)
try:
    v.reset(tok)
except RuntimeError:
    pass
for i in range(300):
    contextvars.ContextVar('x%d' % i).set(D(spray))
gc.collect()

class Lc(threading.local):

    def __init__(s):
        s.__dict__
        spray()

    def __del__(s):
        spray()
l = Lc()
l.x = D(lambda: setattr(l, 'y', 1))

def th():
    l.x = D(spray)
    l.__dict__
t = threading.Thread(target=th)
t.start()
t.join()
del l
gc.collect()
lk = _thread.allocate_lock()
r = _thread.RLock()
for f in (lk.release, r.release, lambda: r._release_save(), lambda: r._acquire_restore((1, 2)), lambda: r._acquire_restore(5),
          lambda: lk._at_fork_reinit(), lambda: r._at_fork_reinit()):
    try:
        f()
    except Exception:
        pass
