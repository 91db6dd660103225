# memoryview, array, struct, deque, OrderedDict, lru_cache, itertools: indices, keys and items that change their owner.
### memoryview release
import array

def mk():
    global b, m
    b = bytearray(100)
    m = memoryview(b)

def rel():
    m.release()
    try:
        b.clear()
    except BufferError:
        pass
    spray()

class F:

    def __float__(s):
        rel()
        return 1.0

class BO:

    def __bool__(s):
        rel()
        return True
for op in ('m[I(rel,5)]', 'm.__setitem__(I(rel,5),1)', 'm.__setitem__(5,I(rel,1))', 'm[I(rel,5):50]',
          'm.__setitem__(slice(I(rel,0),5),b"abcde")', 'm.cast("d").__setitem__(1,F())', 'm[:96].cast("?").__setitem__(1,BO())',
          'm.tobytes(I(rel,1))', 'm.cast("B",[I(rel,10),10])', 'm.hex("-",I(rel,3))', 'm==EQ(rel)', 'm==b', 'm.index(I(rel,4))',
          'I(rel,7) in m', 'list(zip(m,[rel()]))', 'm.__enter__().__exit__(1,2,3)', 'm.__delitem__(1)', 'm[::I(rel,2)]',
          'm.toreadonly()[I(rel,3)]', 'm[:96].cast("I").tolist()', 'm[:96].cast("q").__setitem__(3,I(rel,7))',
          'm[:90].cast("B",(9,10)).__setitem__((I(rel,3),2),4)', 'm[:90].cast("B",(9,10))[I(rel,3),I(rel,2)]',
          'memoryview(m).__setitem__(1,I(rel,5))', 'bytes(m)+bytes(m)', 'm.__setitem__(slice(0,5),memoryview(b)[3:8])'):
    mk()
    try:
        eval(op)
    except (ValueError, TypeError, IndexError, NotImplementedError, AttributeError, BufferError):
        pass
### array
import array

def clr():
    try:
        del a[:]
    except BufferError:
        pass
    spray()

class F:

    def __float__(s):
        clr()
        return 1.0
for tc in 'bBhHiIlLqQfdu':
    for op in ('a[I(clr,50)]', 'a.__setitem__(I(clr,50),1)', 'a.__setitem__(5,I(clr,1))', 'a.__setitem__(5,F())', 'a.append(I(clr,1))',
              'a.append(F())', 'a.insert(I(clr,50),1)', 'a.insert(50,I(clr,1))', 'a.insert(50,F())', 'a.pop(I(clr,50))',
              'a.remove(EQ(clr))', 'a.remove(EQ(clr,True))', 'a.index(EQ(clr))', 'a.index(1,I(clr,5))', 'a.index(0,0,I(clr,50))',
              'a.count(EQ(clr))', 'EQ(clr) in a', 'a*I(clr,5)', 'a.__imul__(I(clr,5))', 'a.extend([1,I(clr,3),F()])',
              'a.fromlist([1,I(clr,1)])', 'a.__setitem__(slice(I(clr,5),60),array.array(tc))',
              'a.__setitem__(slice(I(clr,5),60,2),array.array(tc,a[:3]))', 'a.__delitem__(slice(I(clr,5),60,2))', 'a[I(clr,5):60]',
              'array.array(tc,[I(clr,5),4])', 'array.array(tc,a)', 'a.__init__(tc)', 'a.fromfile(FF(),I(clr,50))', 'a.frombytes(a)',
              'a.extend(a)', 'a+=a', 'a[5:10]=a', 'a[::2]=a[:50]', 'a==a', 'a.tofile(FF())', 'a.byteswap()', 'a.__reduce_ex__(I(clr,3))',
              'a.__deepcopy__({})', 'memoryview(a)[5]', 'iter(a).__setstate__(I(clr,90))'):

        class FF:

            def read(s, n):
                clr()
                return bytes(n)

            def write(s, x):
                clr()
        a = array.array(tc, 'x' * 100 if tc == 'u' else [1] * 100)
        try:
            exec(op)
        except (IndexError, ValueError, TypeError, AttributeError, BufferError, LookupError, OverflowError, EOFError):
            pass
a = array.array('i', range(10))
it = iter(a)
next(it)
clr()
list(it)
b = array.array('i', range(10))

class E:

    def __eq__(s, o):
        clr()
        b[:] = array.array('i')
        return True
### struct
import struct
b = bytearray(100)
m = memoryview(b)

def rel():
    m.release()
    try:
        b.clear()
    except BufferError:
        pass
    spray()

class F:

    def __float__(s):
        rel()
        return 1.0

class BO:

    def __bool__(s):
        rel()
        return True
for op in ('struct.pack_into("ii",b,0,I(rel,1),2)', 'struct.pack_into("ii",m,0,I(rel,1),2)', 'struct.pack_into("ii",b,I(rel,50),1,2)',
          'struct.unpack_from("ii",b,I(rel,50))', 'struct.pack_into("d",b,0,F())', 'struct.pack_into("?",b,0,BO())',
          'struct.pack("5s",b)', 'struct.unpack_from("ii",m,I(rel,50))', 's.__init__("100i")',
          's.pack(I(lambda:s.__init__("100i"),1),2)', 's.pack_into(b,0,I(lambda:s.__init__("100i"),1),2)',
          '[s.__init__("100i") for x in s.iter_unpack(bytes(80))]', 's.pack_into(b,0,I(lambda:s.__init__("c"),1),2)'):
    b = bytearray(100)
    m = memoryview(b)
    s = struct.Struct('ii')
    try:
        eval(op)
    except (struct.error, ValueError, TypeError, BufferError):
        pass
### struct del
import struct

class G:

    def __del__(s):
        spray()
s = struct.Struct.__new__(struct.Struct)
for n in dir(s):
    if n.startswith('__') and n not in ('__repr__', '__sizeof__'):
        continue
    try:
        r = getattr(s, n)
        r = r(b'', 1, 2) if callable(r) else 0
    except Exception as e:
        pass
it = struct.iter_unpack('i', bytearray(40))
next(it)
it.__length_hint__()
del s
list(it)
### deque
from collections import deque

def clr():
    d.clear()
    spray()

def mut():
    d.append(1)
    d.popleft() if d else 0
    spray()

def grow():
    d.extendleft(range(500))
for f in (clr, mut, grow):
    for op in ('d.index(EQ(f))', 'd.count(EQ(f))', 'd.remove(EQ(f))', 'd.remove(EQ(f,True))', 'EQ(f) in d', 'd==d2', 'd<d2',
              'd[I(f,50)]', 'd.__setitem__(I(f,50),1)', 'd.__delitem__(I(f,50))', 'd.insert(I(f,50),1)', 'd.rotate(I(f,50))', 'd*I(f,3)',
              'd.__imul__(I(f,3))', 'd.index(1,I(f,5),I(f,90))', 'repr(d3)', 'd.extend(gen())', 'd.extendleft(gen())',
              'd.__init__(gen())', 'd.__init__(gen(),5)', 'd.__init__(d)', 'd.extend(d)', 'd+d', 'd+=d', 'list(d)', 'd.copy()',
              'd.__reduce__()', 'd.reverse()', '[f() for x in d]', '[f() for x in reversed(d)]', 'd.pop()', 'd.popleft()',
              'd.__init__([],I(f,5))', '__import__("copy").deepcopy(d)', '__import__("copy").copy(d)', 'iter(d).__reduce__()',
              'type(iter(d))(d,I(f,60))', 'type(reversed(d))(d,I(f,60))'):

        def gen():
            for i in range(20):
                f()
                yield i
        d = deque((EQ(f, i % 2) for i in range(100)))
        d2 = deque((EQ(f, True) for i in range(100)))
        d3 = d
        try:
            exec(op)
        except (IndexError, ValueError, TypeError, RuntimeError):
            pass
        d = deque([EQ(f, i % 2) for i in range(100)], 100)
        d2 = deque((EQ(f, True) for i in range(100)))
        d3 = d
        try:
            exec(op)
        except (IndexError, ValueError, TypeError, RuntimeError):
            pass
for op in ('d.clear()', 'd.pop()', 'd.popleft()', 'd.__init__([1])', 'd.append(1)', 'd.appendleft(1)', 'd.extend(range(20))',
          'd.__setitem__(5,1)', 'd.__delitem__(5)', 'd.rotate(3)', 'd.remove(9)', 'd.insert(3,2)'):
    for f in (clr, mut, grow):
        for mx in (None, 9):
            d = deque([D(f) for i in range(9)], mx)
            try:
                eval(op)
            except (ValueError, IndexError):
                pass
### deque repr
from collections import deque

class R:

    def __repr__(s):
        d.clear()
        spray()
        return 'r'
d = deque((R() for i in range(100)))
try:
    repr(d)
except RuntimeError:
    pass

class Sub(deque):

    def __iter__(s):
        d.clear()
        return iter([1, 2])

    @property
    def maxlen(s):
        d.clear()
        return 1
d = Sub(range(50))
d + d
d.copy()
d == d
repr(d)
d.__reduce__()
d.extend(d)
import copy
copy.copy(d)
### odict
from collections import OrderedDict as O

class K:

    def __init__(s, f):
        s.f = f

    def __hash__(s):
        return 1

    def __eq__(s, o):
        if on:
            s.f()
        return s is o

def clr():
    d.clear()
    spray()

def pop():
    try:
        d.popitem()
    except KeyError:
        pass

def mv():
    for k in list(dict.keys(d)):
        try:
            dict.__delitem__(d, k)
        except KeyError:
            pass

def grow():
    d.update({i: i for i in range(200)})
on = False
for f in (clr, pop, mv, grow):
    for op in ('d.move_to_end(k)', 'd.move_to_end(k0)', 'd.move_to_end(k0,False)', 'd.pop(k,1)', 'd.pop(k0)', 'd.popitem()',
              'd.popitem(False)', 'd.setdefault(k,2)', 'd[k]', 'd.get(k)', 'd.__setitem__(k,1)', 'd.__delitem__(k0)', 'd==d2',
              'd==dict(d2)', 'd.copy()', 'd.update(d2)', 'd|d2', 'd.__ior__(d2)', 'd.__reduce__()', 'list(d.items())',
              'list(reversed(d))', '[f() for x in d]', '[f() for x in d.items()]', '[f() for x in reversed(d.values())]',
              'd.__init__(d2)', 'd.clear()', 'repr(d)', 'd.fromkeys(d2)', 'd.__sizeof__()', 'd.move_to_end(50)', 'iter(d).__reduce__()',
              '__import__("copy").copy(d)'):
        on = False
        ks = [K(f) for i in range(6)]
        d = O(((k, [1]) for k in ks))
        d2 = O(((k, [1]) for k in ks))
        k = K(f)
        k0 = ks[3]
        on = True
        try:
            eval(op)
        except (KeyError, RuntimeError, ValueError, RecursionError):
            pass
        on = False

class SO(O):

    def __getitem__(s, k):
        clr()
        return 1

    def __delitem__(s, k):
        O.clear(s)

    def __missing__(s, k):
        clr()
        return 1

    def __contains__(s, k):
        clr()
        return True

    def __setitem__(s, k, v):
        clr()
        O.__setitem__(s, k, v)

    def keys(s):
        clr()
        return ['a', 'b']

    def items(s):
        clr()
        return iter([(1, 2), (3, 4)])

    def __iter__(s):
        clr()
        return iter([1, 2])

    def pop(s, *a):
        clr()
        return 1
d = SO()
for op in ('d.move_to_end(1)', 'd.pop(1)', 'd.popitem()', 'd.setdefault(5,2)', 'd.copy()', 'd.update({1:2})', 'd|d', 'repr(d)', 'd==d',
          'd.__reduce__()', 'O(d)', 'dict(d)', 'd.clear()'):
    O.update(d, [(i, i) for i in range(9)])
    try:
        eval(op)
    except (KeyError, RuntimeError, ValueError, TypeError):
        pass
for op in ('d.clear()', 'd.pop(1)', 'd.popitem()', 'd.__setitem__(1,2)', 'd.__delitem__(1)', 'd.update({1:2,3:4})', 'd.__init__()'):
    for f in (clr, pop, mv, grow):
        d = O(((i, D(f)) for i in range(9)))
        try:
            eval(op)
        except KeyError:
            pass
        d = O(((D(f), D(f)) for i in range(9)))
        try:
            eval(op)
        except KeyError:
            pass
d = O.fromkeys(range(9))
it = iter(d)
next(it)
dict.clear(d)
try:
    list(it)
except (RuntimeError, KeyError):
    pass
d = O.fromkeys(range(9))
dict.__setitem__(d, 100, 1)
for op in ('list(d)', 'd.popitem()', 'repr(d)', 'd.copy()', 'list(d.items())', 'd.move_to_end(100)', 'd.clear()', 'list(reversed(d))'):
    try:
        eval(op)
    except (KeyError, RuntimeError):
        pass
d = O.fromkeys(range(9))
dict.__delitem__(d, 4)
for op in ('list(d)', 'd.popitem()', 'repr(d)', 'd.copy()', 'list(d.items())', 'd.move_to_end(4)', 'd.move_to_end(5)',
          'list(reversed(d))', 'd==d', 'd.__reduce__()', 'd.clear()'):
    try:
        eval(op)
    except (KeyError, RuntimeError):
        pass
### lru
import functools
for mx in (None, 0, 1, 3):

    class K:

        def __init__(s, v):
            s.v = v

        def __hash__(s):
            return 1

        def __eq__(s, o):
            if on:
                f.cache_clear()
                spray()
            return False
    on = False

    @functools.lru_cache(mx)
    def f(x):
        if on:
            f.cache_clear()
            spray()
        if on and isinstance(x, int) and (x < 5):
            f(x + 1)
        return [x]
    for i in range(5):
        f(K(i))
    on = True
    for i in range(5):
        f(K(i))
        f(i)
    on = False

    class DD(D):

        def __hash__(s):
            return 2

        def __eq__(s, o):
            return s is o
    for i in range(20):
        f(DD(lambda: (f.cache_clear(), spray())))
    for i in range(20):
        f(DD(lambda: (f(i), spray())))
    f.cache_clear()

    @functools.lru_cache(mx)
    def g(x):
        return D(lambda: (g.cache_clear(), spray(), g(100)) if len(junk) < 400 else 0)
    for i in range(20):
        g(i)
    g.cache_clear()

class P(functools.partial):
    pass

def act(*a, **k):
    p.__setstate__((print, (), {}, None))
    spray()
p = functools.partial(act, 1, 2, a=3)
p()
p = functools.partial(act, *range(50))
p(7)

class RR:

    def __repr__(s):
        p.__setstate__((print, (), {}, None))
        spray()
        return 'x'
p = functools.partial(act, *[RR() for i in range(5)], a=RR())
repr(p)

class Kw(dict):
    pass
p = functools.partial(act, **{'a': RR(), 'b': RR()})
repr(p)
functools.reduce(lambda a, b: (spray(), b)[1], iter([1, 2, 3]))
c = functools.cmp_to_key(lambda a, b: (spray(), 1)[1])
sorted([1, 2, 3], key=c)
c(1) < c(2)
### itertools
import itertools as it

class It:

    def __init__(s, f, n=5):
        s.f = f
        s.n = n

    def __iter__(s):
        return s

    def __next__(s):
        s.n -= 1
        s.f()
        if s.n < 0:
            raise StopIteration
        return s.n

def reent(mk):

    def f():
        try:
            next(x)
        except (ValueError, StopIteration, RuntimeError, TypeError, RecursionError):
            pass
        spray()
    x = mk(It(f))
    try:
        for i in range(20):
            next(x)
    except (ValueError, StopIteration, RuntimeError, TypeError, RecursionError):
        pass

    def f():
        try:
            x.__setstate__(0)
        except Exception:
            pass
        try:
            x.__reduce__()
        except Exception:
            pass
    x = mk(It(f))
    try:
        for i in range(20):
            next(x)
    except (ValueError, StopIteration, RuntimeError, TypeError, RecursionError):
        pass
for mk in (lambda i: it.chain(i, i), lambda i: it.cycle(i), lambda i: it.islice(i, 0, 10, 2),
          lambda i: it.takewhile(lambda x: (next(i), 1), i), lambda i: it.dropwhile(lambda x: next(i), i),
          lambda i: it.filterfalse(None, i), lambda i: it.accumulate(i), lambda i: it.groupby(i),
          lambda i: it.groupby(i, key=lambda k: next(i, 0)), lambda i: it.zip_longest(i, i), lambda i: it.starmap(max, zip(i, i)),
          lambda i: it.compress(i, i), lambda i: it.pairwise(i), lambda i: it.tee(i)[0], lambda i: it.tee(i)[1], lambda i: zip(i, i),
          lambda i: map(max, i, i), lambda i: filter(None, i), lambda i: enumerate(i), lambda i: it.count(0, 1),
          lambda i: iter(lambda: next(i), -1)):
    reent(mk)
a, b = it.tee(It(lambda: (next(b, 0), spray())))
try:
    list(a)
    list(b)
except RuntimeError:
    pass

class Del:

    def __del__(s):
        spray()
        next(a, 0)
a, b = it.tee((Del() for i in range(300)))
list(b)
list(a)
a, b = it.tee(iter(range(1000)))
c = a.__copy__()
list(a)
del a, b
list(c)
### groupby
import itertools as it

class K:

    def __init__(s, v):
        s.v = v

    def __eq__(s, o):
        global depth
        depth += 1
        if depth < 20:
            try:
                next(g)
            except StopIteration:
                pass
            gc.collect()
            spray()
        return s.v == o.v
depth = 0
g = it.groupby((K(i // 2) for i in range(30)))
for k, v in g:
    try:
        list(v)
    except StopIteration:
        pass
depth = 0
g = it.groupby([K(1), K(1), K(2), K(3)])
k, v = next(g)
k2, v2 = next(g, (0, ()))
list(v)
list(v2)

class G:

    def __init__(s):
        s.l = [0] * 0

def key(x):
    return K(x)
depth = 0
g = it.groupby(range(20), key)
for k, v in g:
    next(v, 0)
### combos
import itertools as it

class T(tuple):
    pass
for f in (it.product,):
    p = f([1, 2], [3, 4])
    next(p)
    p.__setstate__((1, 1))
    list(p)
    p = f([1, 2], [3, 4])
    p.__setstate__((100, 100))
    list(p)
    p = f([1, 2], [3, 4])
    p.__setstate__((-5, -5))
    list(p)
for f in (it.combinations, it.combinations_with_replacement, it.permutations):
    p = f(range(5), 3)
    next(p)
    r = p.__reduce__()
    for st in ((100, 100, 100), (-1, -1, -1), (4, 4, 4), ((4, 4, 4, 4, 4), (9, 9, 9)), ((-4,) * 5, (-9,) * 3), ((0, 1, 2, 3, 4),
              (5, 4, 3)), ((0, 0, 0, 0, 0), (0, 0, 0)), ()):
        try:
            p.__setstate__(st)
            list(it.islice(p, 1000))
        except (ValueError, TypeError, OverflowError):
            pass

    class S(tuple):

        def __len__(s):
            return 3

    class II:

        def __index__(s):
            spray()
            p.__setstate__(r[2]) if 0 else 0
            return 0
    try:
        p.__setstate__((II(), II(), II()))
    except (ValueError, TypeError):
        pass
x = it.islice(range(5), 1, 4)
x.__reduce__()
try:
    x.__setstate__(3)
except Exception:
    pass
z = it.zip_longest([1], [2, 3])
z.__reduce__()
try:
    z.__setstate__(5)
except Exception:
    pass
### zip reuse
class H2:

    def __init__(s, n):
        s.n = n

    def __iter__(s):
        return s

    def __next__(s):
        s.n -= 1
        if s.n < 0:
            raise StopIteration
        for o in gc.get_objects():
            if type(o) is tuple and len(o) == 2:
                keep.append(o) if len(keep) < 50 else 0
        return [s.n]
keep = []
z = zip(H2(5), H2(5))
for a in z:
    pass
e = enumerate(H2(5))
for a in e:
    pass
d = {i: [i] for i in range(5)}
for a in d.items():
    H2(1).__next__()
print(len(keep) >= 0)
