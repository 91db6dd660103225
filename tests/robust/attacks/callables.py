# Functions that lose their last owner while they run: property, partial, json, pickle, re.
import functools, itertools, operator

class CO:
    """callable with Python __call__ whose owner drops it"""

    def __init__(s, f, r=1):
        s.f = f
        s.r = r

    def __call__(s, *a, **k):
        f = s.f
        f()
        spray()
        s.__dict__
        return s.r

def viafn(f, r=1):

    def g(*a, **k):
        f()
        spray()
        y = r
        return y
    return g

def vialam(f, r=1):
    return lambda *a, **k: (f(), spray(), r)[2]

class BM:

    def __init__(s, f, r):
        s.f = f
        s.r = r

    def m(s, *a, **k):
        s.f()
        spray()
        return s.r
kinds = [CO, viafn, vialam, lambda f, r=1: BM(f, r).m, lambda f, r=1: functools.partial(vialam(f, r)), lambda f, r=1: type('T',
          (), {'__new__': lambda c, *a, **k: (f(), spray(), r)[2]})]
### partial
for k in kinds:
    p = functools.partial(k(lambda: p.__setstate__((print, (), {}, None))))
    p()
    p = functools.partial(k(lambda: p.__setstate__((print, (), {}, None))), [1], a=[2])
    p([3], b=[4])
### property
for k in kinds:

    class A:
        x = property(k(lambda: A.x0.__init__()))
        x0 = None
    A.x0 = A.__dict__['x']
    A().x

    class A:
        x = property(None, k(lambda: A.__dict__['x'].__init__()), k(lambda: A.__dict__['x'].__init__()))
    a = A()
    a.x = 1

    class A:
        x = property(None, None, k(lambda: A.__dict__['x'].__init__()))
    del A().x

    class A:
        x = classmethod(k(lambda: A.__dict__['x'].__init__(print)))
    A.x()

    class A:
        x = staticmethod(k(lambda: A.__dict__['x'].__init__(print)))
    A.x()
    s = staticmethod(k(lambda: s.__init__(print)))
    s()

    class A:
        pass
    A.__getattr__ = k(lambda: delattr(A, '__getattr__'))
    A().x
    for n, op in (('__len__', len), ('__bool__', bool), ('__index__', operator.index), ('__iter__', lambda a: iter(a)),
              ('__repr__', repr), ('__str__', str), ('__hash__', hash), ('__eq__', lambda a: a == 1), ('__lt__', lambda a: a < 1),
              ('__add__', lambda a: a + 1), ('__radd__', lambda a: 1 + a), ('__iadd__', lambda a: operator.iadd(a, 1)), ('__contains__',
              lambda a: 1 in a), ('__getitem__', lambda a: a[1]), ('__setitem__', lambda a: a.__setitem__(1, 2)), ('__call__',
              lambda a: a()), ('__enter__', lambda a: a.__enter__()), ('__getattribute__', lambda a: a.x), ('__setattr__',
              lambda a: setattr(a, 'x', 1)), ('__delattr__', lambda a: delattr(a, 'x')), ('__del__', lambda a: 0),
              ('__format__', format), ('__instancecheck__', lambda a: isinstance(1, a)), ('__next__', next), ('__reversed__', reversed),
              ('__length_hint__', operator.length_hint), ('__int__', int), ('__float__', float), ('__complex__', complex), ('__bytes__',
              bytes), ('__dir__', dir), ('__sizeof__', lambda a: sys.getsizeof(a)), ('__neg__', lambda a: -a), ('__pow__',
              lambda a: a ** 2), ('__matmul__', lambda a: a @ 2), ('__round__', round), ('__missing__', lambda a: 0), ('__get__',
              lambda a: type('B', (), {'z': a})().z), ('__set__', lambda a: setattr(type('B', (), {'z': a})(), 'z', 1)), ('__set_name__',
              lambda a: type('B', (), {'z': a})), ('__class_getitem__', lambda a: type(a)[1]), ('__init_subclass__', lambda a: type('C',
              (type(a),), {})), ('__new__', lambda a: type(a)()), ('__init__', lambda a: type(a)()), ('__reduce_ex__',
              lambda a: __import__('copy').copy(a)), ('__deepcopy__', lambda a: __import__('copy').deepcopy(a)), ('__fspath__',
              lambda a: __import__('os').fspath(a)), ('__await__', lambda a: 0), ('__anext__', lambda a: anext(a)), ('__aiter__', aiter),
              ('__mro_entries__', lambda a: type('x', (), {})), ('__prepare__', lambda a: 0), ('__trunc__', int), ('__abs__', abs),
              ('__divmod__', lambda a: divmod(a, 1)), ('__concat__', lambda a: 0)):
        for r in (1, 'x', None, NotImplemented):

            class A:
                pass
            setattr(A, n, k(lambda: delattr(A, n) if n in A.__dict__ else 0, r))
            try:
                op(A())
            except Exception:
                pass
### lru
for k in kinds:
    f = functools.lru_cache(None)(k(lambda: f.cache_clear()))
    f(1)
    f(1)
    f = functools.lru_cache(2)(k(lambda: f.__init__ and f.cache_clear()))
    f(1)
    f(1)
    f = functools.cmp_to_key(k(lambda: 0))
    a, b = (f(1), f(2))

    def act():
        try:
            a.__init__(5)
        except Exception:
            pass
        a.obj = None
    f = functools.cmp_to_key(k(act))
    a, b = (f([1]), f([2]))
    a < b
    cp = functools.cached_property(k(lambda: 0))
### iters
for k in kinds:
    it = iter(k(lambda: it.__setstate__(0) if hasattr(it, '__setstate__') else list(it) if len(junk) < 100 else 0), 1)
    list(it)
    it = iter(k(lambda: list(it) if len(junk) % 10 == 0 else 0), 1)
    list(it)

    def act():
        try:
            next(it)
        except Exception:
            pass

    class Once:

        def __init__(s, f):
            s.n = 0
            s.f = f

        def __call__(s, *a):
            s.n += 1
            if s.n > 5:
                return -1
            if s.n % 2:
                s.f()
            spray()
            return s.n
    for mk in (lambda f: iter(f, -1), lambda f: map(f, [1, 2, 3, 4, 5]), lambda f: filter(f, [1, 2, 3, 4]),
              lambda f: itertools.takewhile(f, [1, 2, 3, 4]), lambda f: itertools.dropwhile(f, [1, 2, 3]),
              lambda f: itertools.filterfalse(f, [1, 2, 3]), lambda f: itertools.accumulate([1, 2, 3, 4, 5], f),
              lambda f: itertools.groupby([1, 2, 3, 4, 5], f), lambda f: itertools.starmap(f, [(1,), (2,), (3,)])):
        it = mk(Once(act))
        list(it)
        it = mk(Once(lambda: list(it)))
        try:
            list(it)
        except Exception:
            pass
### json
import json, _json
for k in kinds:
    s = _json.make_scanner(json.JSONDecoder())

    class Ctx:
        pass

    def mkctx(**kw):
        c = Ctx()
        c.strict = True
        c.object_hook = None
        c.object_pairs_hook = None
        c.parse_float = float
        c.parse_int = int
        c.parse_constant = str
        c.memo = {}
        c.__dict__.update(kw)
        return c
    for n, src in (('object_hook', '{"a":{"b":1}}'), ('object_pairs_hook', '{"a":{"b":1}}'), ('parse_float', '[1.5,2.5]'), ('parse_int',
              '[1,2]'), ('parse_constant', '[NaN,Infinity]')):

        def act():
            sc.__init__(mkctx())
        try:
            sc = _json.make_scanner(mkctx(**{n: k(lambda: act())}))
            sc(src, 0)
        except Exception as e:
            pass
    d = [{'a': 1}]

    def act():
        d.clear()
        spray()

    class DD(dict):

        def items(s):
            act()
            return [(1, 2), ('a', object()), ('b', d)]

    class Str(str):
        pass

    class LL(list):

        def __iter__(s):
            act()
            return iter([1, 2])

    class FF(float):

        def __repr__(s):
            act()
            return 'x'
    for indent in (None, 1):
        for v in (d, [object() for i in range(3)], DD(a=1), LL([1, 2, 3]), [FF(1)], {FF(1): 1}, {'a': [1, 2, 3]}):
            if v is not d:
                pass
            for df in (k(act), k(act, 'x'), k(lambda: v.clear() if hasattr(v, 'clear') else 0, [1, 2])):
                for srt in (0, 1):
                    try:
                        json.dumps(v, default=df, indent=indent, sort_keys=srt)
                    except Exception:
                        pass
                    try:
                        json.JSONEncoder(default=df, sort_keys=srt).encode(v)
                    except Exception:
                        pass
l = [object() for i in range(9)]
json.dumps(l, default=lambda o: (l.clear(), spray(), 1)[2])
dd = {i: object() for i in range(9)}
try:
    json.dumps(dd, default=lambda o: (dd.clear(), spray(), 1)[2])
except RuntimeError:
    pass
memo = {}
enc = _json.make_encoder(memo, lambda o: (memo.clear(), [])[1], lambda s: (memo.clear(), s)[1], None, ': ', ', ', False, False, True)
try:
    enc([object(), ['x', ['y']]], 0)
except Exception:
    pass
enc = _json.make_encoder({}, lambda o: 1, lambda s: 5, None, ': ', ', ', False, False, True)
try:
    enc(['x'], 0)
except TypeError:
    pass

class SS(str):

    def __eq__(s, o):
        return True
    __hash__ = str.__hash__
json.dumps({SS('a'): 1}, sort_keys=True)
### pickle
import pickle, io, copyreg

class R:

    def __init__(s, f):
        s.f = f

    def __reduce__(s):
        s.f()
        return (int, ())

class Rx:

    def __init__(s, f):
        s.f = f

    def __reduce_ex__(s, p):
        s.f()
        return (list, (), None, iter([1, 2]), iter({1: 2}.items()))

class GS:

    def __init__(s, f):
        s.f = f

    def __getstate__(s):
        s.f()
        return {'a': 1}

    def __setstate__(s, st):
        ld()
ld = lambda: 0
for proto in range(6):
    for mk in (R, Rx, GS):
        l = []
        act = lambda: (l.clear(), spray())
        l.extend([mk(act) for i in range(9)])
        try:
            pickle.dumps(l, proto)
        except Exception:
            pass
        d = {}
        act = lambda: (d.clear(), spray())
        d.update({i: mk(act) for i in range(9)})
        try:
            pickle.dumps(d, proto)
        except Exception:
            pass
        d = {}
        act = lambda: (d.clear(), d.update({i: i for i in range(900)}), spray())
        d.update({i: mk(act) for i in range(9)})
        try:
            pickle.dumps(d, proto)
        except Exception:
            pass
        s = set()
        act = lambda: (s.clear(), spray())
        s.update([mk(act) for i in range(9)])
        try:
            pickle.dumps(s, proto)
        except Exception:
            pass
        t = tuple((mk(lambda: spray()) for i in range(9)))
        pickle.dumps(t, proto)
        P = pickle.Pickler(io.BytesIO(), proto)
        for what in (lambda: P.clear_memo(), lambda: P.__init__(io.BytesIO(), proto), lambda: setattr(P, 'memo', {}),
                  lambda: P.dump([1]), lambda: setattr(P, 'dispatch_table', {}), lambda: P.memo.clear()):
            P = pickle.Pickler(io.BytesIO(), proto)
            try:
                P.dump([mk(lambda: (what(), spray())) for i in range(5)])
            except Exception:
                pass

class W:

    def write(s, b):
        act()
        return len(b)
act = lambda: 0

class Pk(pickle.Pickler):

    def persistent_id(s, o):
        pa()
        return None

    def reducer_override(s, o):
        pa()
        return NotImplemented
pa = lambda: 0
for what in (lambda: P.clear_memo(), lambda: P.__init__(W()), lambda: P.dump([1]) if len(junk) < 200 else 0, lambda: P.__init__(W(), 2)):
    P = Pk(W())
    pa = lambda: (what(), spray())
    act = pa
    try:
        P.dump([[1], {'a': (1, 2)}, 'x' * 100000])
    except Exception:
        pass
    pa = act = lambda: 0

class F:

    def __init__(s, b):
        s.b = io.BytesIO(b)

    def read(s, n):
        fa()
        return s.b.read(n)

    def readline(s):
        fa()
        return s.b.readline()

    def peek(s, n):
        fa()
        return b''

    def readinto(s, v):
        fa()
        keep.append(v)
        return s.b.readinto(v)
keep = []
fa = lambda: 0

class Up(pickle.Unpickler):

    def persistent_load(s, o):
        fa()
        return o

    def find_class(s, m, n):
        fa()
        return pickle.Unpickler.find_class(s, m, n)
data = [pickle.dumps([1, 'a' * 300, b'x' * 100000, {'a': [1]}, set([1]), bytearray(70000), GS(None)], p) for p in range(6)]
for b in data:
    for what in (lambda: u.__init__(F(b)), lambda: u.load(), lambda: setattr(u, 'memo', {}), lambda: u.memo.clear(),
              lambda: u.__init__(io.BytesIO(b)), lambda: u.load() if len(junk) < 50 else 0):
        u = Up(F(b))
        fa = ld = lambda: (what(), spray())
        try:
            u.load()
        except BaseException as e:
            pass
        fa = ld = lambda: 0
        for k_ in keep:
            try:
                k_[0] = 1
            except Exception:
                pass
        keep.clear()
u = Up(io.BytesIO(b''))
u2 = pickle.Unpickler.__new__(pickle.Unpickler)
for x in (lambda: u2.load(), lambda: u2.memo, lambda: setattr(u2, 'memo', {}), lambda: u2.find_class('a', 'b'), lambda: u2.persistent_load):
    try:
        x()
    except Exception:
        pass
p2 = pickle.Pickler.__new__(pickle.Pickler)
for x in (lambda: p2.dump(1), lambda: p2.memo, lambda: setattr(p2, 'memo', {}), lambda: p2.clear_memo(), lambda: p2.memo.copy(),
          lambda: p2.memo.clear()):
    try:
        x()
    except Exception:
        pass
u = pickle.Unpickler(io.BytesIO(pickle.dumps([1] * 5)))
for m in ({-1: 1}, {2 ** 70: 1}, {10 ** 8: 1}, {'a': 1}, 5, None, u.memo):
    try:
        u.memo = m
        u.load()
    except Exception:
        pass

class A2:

    def append(s, x):
        ap()

    def extend(s, x):
        ap()

    def __setitem__(s, k, v):
        ap()

    def add(s, x):
        ap()

    def update(s, x):
        ap()

    def __setstate__(s, x):
        ap()

    def __getattr__(s, n):
        ap()
        raise AttributeError
ap = lambda: 0
for b in (b'c__main__\nA2\n)\x81(K\x01K\x02K\x03e.', b'c__main__\nA2\n)\x81(K\x01K\x02u.', b'c__main__\nA2\n)\x81(K\x01K\x02\x90.',
          b'c__main__\nA2\n)\x81K\x01b.', b'c__main__\nA2\n)\x81K\x01a.', b'c__main__\nA2\n)\x81K\x01K\x02s.', b'(c__main__\nA2\no.',
          b'(i__main__\nA2\n.'):
    for what in (lambda: u.__init__(io.BytesIO(b)), lambda: u.load() if len(junk) < 400 else 0):
        u = pickle.Unpickler(io.BytesIO(b))
        ap = lambda: (what(), spray())
        try:
            u.load()
        except Exception:
            pass
        ap = lambda: 0
### re
import re, array
b = bytearray(b'abcabc' * 100)

def f(m):
    try:
        b.clear()
    except BufferError:
        pass
    spray()
    return b'x'
re.sub(b'b', f, b)
re.compile(b'a(b)').sub(f, b)
b = bytearray(b'abcabc' * 100)
m = re.search(b'(b)(c)', b)
b.clear()
spray()
try:
    (m.group(), m.groups(), m.span(), m.start(2), m.expand(b'\\1'), m[1], m.groupdict(), repr(m))
except Exception:
    pass
b = bytearray(b'abcabc' * 100)
it = re.finditer(b'b', b)
next(it)
try:
    b.clear()
except BufferError:
    pass
spray()
list(it)
sc = re.compile(b'b').scanner(b)
sc.match()
sc.search()

class S(str):

    def __getitem__(s, k):
        spray()
        return 'zz'

    def __len__(s):
        return 10 ** 6
re.findall('b', S('abc'))
re.sub('b', S('x'), S('abc'))
re.split('b', S('abcb'))
re.match('(a)', S('abc')).group(S('1')) if 0 else 0

class II:

    def __index__(s):
        spray()
        return 1
m = re.match('(a)(?P<n>b)', 'ab')
m.group(II())
m[II()]
m.span(II())
m.start(II())
mm = memoryview(bytearray(b'abab'))

def f2(x):
    mm.release()
    spray()
    return b'q'
try:
    re.sub(b'b', f2, mm)
except Exception:
    pass
mm = memoryview(bytearray(b'abab' * 50))
m = re.search(b'b', mm)
mm.release()
try:
    m.group()
except Exception:
    pass
import _sre
for args in (('a', 0, [1]), ('a', 0, [17, 97, 1]), ('a', 0, [2 ** 32 - 1] * 5), ('a', 0, [0]), ('a', 0, [])):
    try:
        _sre.compile(*args, 0, {}, ())
    except Exception:
        pass

class Tm:

    def __index__(s):
        return 5
a = array.array('B', b'abc' * 30)
m = re.search(b'c', a)
try:
    a.clear() if hasattr(a, 'clear') else a.__delitem__(slice(None))
except BufferError:
    pass
m.group()

class Lst(list):
    pass

def tmpl(m):
    lst.clear()
    spray()
    return 'x'
lst = ['a']
re.sub('a', tmpl, 'aaaa')
re.compile('(a)').subn(lambda m: (re.purge(), spray(), m.expand('\\1'))[2], 'aaa')
