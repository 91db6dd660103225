# Lists, dicts, sets, bytearrays whose items change them while they are compared, hashed, printed, sorted or freed.
### list index clear
l = [1, EQ(lambda: (l.clear(), spray())), 3]
try:
    l.index(99)
except ValueError:
    pass
### list count
l = [EQ(lambda: (l.clear(), spray())) for i in range(9)]
l.count(5)
### list contains
l = [EQ(lambda: (l.clear(), spray())) for i in range(9)]
5 in l
### list remove
l = [EQ(lambda: (l.clear(), spray()), True) for i in range(9)]
try:
    l.remove(5)
except ValueError:
    pass
### list remove2
l = [EQ(lambda: (l.__delitem__(slice(None)), spray()), True) for i in range(9)]
try:
    l.remove(5)
except (ValueError, IndexError):
    pass
### list eq
l = [EQ(lambda: (l.clear(), spray())) for i in range(9)]
l == [1] * 9
m = [EQ(lambda: (m.clear(), k.clear(), spray()), True) for i in range(9)]
k = [1] * 9
m == k
### list lt
m = [EQ(lambda: (m.clear(), k.clear(), spray()), False) for i in range(9)]
k = [object() for i in range(9)]
m < k
m = [EQ(lambda: (m.clear(), k.clear(), spray()), True) for i in range(9)]
k = [object() for i in range(9)]
m < k
### list setslice
l = list(range(20))

class It:

    def __iter__(s):
        l.clear()
        spray()
        return iter([1, 2, 3])
l[2:10] = It()
l = list(range(20))
l[I(lambda: l.clear(), 2):I(lambda: l.clear(), 5)] = [1, 2]
l = list(range(20))
try:
    l[::I(lambda: l.clear(), 2)] = range(10)
except ValueError:
    pass
l = list(range(20))
del l[I(lambda: l.clear(), 5):I(spray, 9):2]
l = [D(lambda: (l.clear(), spray())) for i in range(9)]
l[1:5] = [1]
l = [D(lambda: (l.append(1), spray())) for i in range(9)]
del l[::2]
l = [D(lambda: (l.clear(), spray())) for i in range(9)]
l[::2] = [1] * 5
l = [D(lambda: l.extend([1] * 100)) for i in range(9)]
l.clear()
l = [D(lambda: l.extend([1] * 100)) for i in range(9)]
l[:] = l2 = [1]
### list imul
l = [1] * 9
try:
    l *= I(lambda: l.clear(), 3)
except Exception:
    pass
l = [1] * 9
l.insert(I(lambda: l.clear(), 7), 5)
l = [1] * 9
try:
    l.pop(I(lambda: l.clear(), 7))
except IndexError:
    pass
l = [object() for i in range(9)]
try:
    l[I(lambda: (l.clear(), spray()), 7)]
except IndexError:
    pass
try:
    l[I(lambda: (l.clear(), spray()), 7)] = 4
except IndexError:
    pass
l = [object() for i in range(9)]
try:
    l.index(3, I(lambda: (l.clear(), spray()), 1), I(spray, 8))
except ValueError:
    pass
### list extend self iter
l = [1, 2, 3]

class It:

    def __iter__(s):
        return s
    n = 0

    def __next__(s):
        s.n += 1
        l.clear()
        spray()
        if s.n > 20:
            raise StopIteration
        return s.n

    def __length_hint__(s):
        l.clear()
        spray()
        return 1000
l.extend(It())
l += It()
x = list(It())
l = [It()]
l[:] = It()
### list init reent
l = [D(lambda: l.__init__(range(100))) for i in range(8)]
l.__init__([1, 2])
l = [1, 2, 3]

class G:

    def __iter__(s):
        l.__init__([5] * 10)
        yield 1
        l.__init__([6] * 100)
        spray()
        yield 2
l.__init__(G())
### sort
l = [5, 4, 3, 2, 1] * 10

def key(x):
    l.append(x)
    spray()
    return x
try:
    l.sort(key=key)
except ValueError:
    pass
l = [5, 4, 3, 2, 1] * 10

def key(x):
    l.clear()
    return x
try:
    l.sort(key=key)
except ValueError:
    pass

class L:

    def __init__(s, v):
        s.v = v

    def __lt__(s, o):
        l.extend([1] * 50)
        l.clear()
        spray()
        gc.collect()
        return s.v < o.v
l = [L(i % 7) for i in range(100)]
try:
    l.sort()
except ValueError:
    pass
l = [L(i % 7) for i in range(100)]
try:
    l.sort(reverse=True)
except ValueError:
    pass

class L2(int):

    def __lt__(s, o):
        s.__class__.__lt__ = lambda a, b: 1 / 0
        return True
l = [L2(i) for i in range(30)]
try:
    l.sort()
except ZeroDivisionError:
    pass

class T(tuple):

    def __lt__(s, o):
        l.clear()
        spray()
        return tuple.__lt__(s, o)
l = [T((i % 3, [i])) for i in range(40)]
try:
    l.sort()
except ValueError:
    pass
l = [(EQ(lambda: (l.clear(), spray())), i) for i in range(40)]
try:
    l.sort()
except (ValueError, TypeError):
    pass
l = [(i % 4, L(i)) for i in range(40)]
try:
    l.sort()
except (ValueError, TypeError):
    pass

class S:

    def __lt__(s, o):
        S.__lt__ = None
l = [S() for i in range(9)]
try:
    l.sort()
except TypeError:
    pass
### list repr
class R:

    def __repr__(s):
        l.clear()
        d.clear()
        spray()
        return 'R'
l = [R() for i in range(9)]
d = {}
repr(l)
l = []
d = {i: R() for i in range(9)}
try:
    repr(d)
except RuntimeError:
    pass
l = []
d = {R(): 1 for i in range(9)}
try:
    repr(d)
except RuntimeError:
    pass
for v in ('keys', 'values', 'items'):
    d = {R(): R() for i in range(9)}
    try:
        repr(getattr(d, v)())
    except RuntimeError:
        pass
s = {R() for i in range(9)}

class R2:

    def __repr__(s):
        s_.clear()
        spray()
        return 'R'
s_ = {R2() for i in range(9)}
repr(s_)
s_ = frozenset(s_)
### dict eq
class V:

    def __eq__(s, o):
        a.clear()
        b.clear()
        spray()
        return True
a = {i: V() for i in range(9)}
b = {i: V() for i in range(9)}
a == b

class V:

    def __eq__(s, o):
        a.clear()
        b.clear()
        a.update({i: 1 for i in range(1000)})
        spray()
        return True
a = {i: V() for i in range(9)}
b = {i: V() for i in range(9)}
a == b

class K:

    def __init__(s, h=1):
        s.h = h

    def __hash__(s):
        return s.h

    def __eq__(s, o):
        a.clear()
        b.clear()
        spray()
        return True
a = {K(): 1 for i in range(1)}
b = {K(): 1 for i in range(1)}
a == b
a = {K(i): 1 for i in range(10)}
b = {K(i): 1 for i in range(10)}
a == b
a = {K(i): 1 for i in range(10)}
b = {K(i): 1 for i in range(10)}
a.keys() == b.keys()
a = {K(i): 1 for i in range(10)}
b = {K(i): 1 for i in range(10)}
a.items() == b.items()
a = {K(i): 1 for i in range(10)}
b = {K(i): 1 for i in range(10)}
try:
    a.keys() & b.keys()
except RuntimeError:
    pass
for op in '&|-^':
    for vv in ('keys', 'items'):
        a = {K(i): 1 for i in range(10)}
        b = {K(i): 1 for i in range(10)}
        try:
            eval('a.%s() %s b.%s()' % (vv, op, vv))
        except RuntimeError:
            pass
        a = {K(i): 1 for i in range(10)}
        b = {K(i): 1 for i in range(10)}
        try:
            eval('a.%s().isdisjoint(b.%s())' % (vv, vv))
        except RuntimeError:
            pass
### dict ops
class K:

    def __init__(s, f):
        s.f = f

    def __hash__(s):
        return 1

    def __eq__(s, o):
        s.f()
        return False

def mk(f, n=6):
    return {K(f): i for i in range(n)}

def act():
    f = [lambda: None]
    return f
for what in ('clear', 'grow', 'del'):
    for op in ('d[k]', 'd.get(k)', 'd.pop(k,0)', 'd.setdefault(k,[])', 'd.__setitem__(k,object())', 'k in d', 'd.update({k:1})',
              'd.update([(k,1)])', 'd.__delitem__(k)', '{**d,k:1}', 'dict(d)', 'd|{k:1}', 'd.__ior__({k:1})', 'd.copy()',
              'd.fromkeys(d)', 'd.fromkeys([k]+list(d))', 'dict(**{})', 'set(d)', '{*d,k}', 'list(d.items())'):
        on = False

        def f():
            if not on:
                return
            if what == 'clear':
                d.clear()
            elif what == 'grow':
                d.update({i + 1000: i for i in range(500)})
            else:
                try:
                    d.pop(next(iter(d)))
                except (KeyError, StopIteration, RecursionError):
                    pass
            spray()
        d = {}
        for i in range(6):
            d[K(f)] = [i]
        k = K(f)
        on = True
        try:
            eval(op)
        except (KeyError, RuntimeError, RecursionError):
            pass
### dict del values
for op in ('d.clear()', 'd.pop(1)', 'd.__setitem__(1,2)', 'd.update({1:2,2:3})', 'd.popitem()', 'd.__delitem__(1)', 'd.__init__({1:2})',
          'd.setdefault(50,1)', 'd.__ior__({1:3})'):
    d = {}

    def f():
        d.clear()
        d.update({i: i for i in range(300)})
        spray()
    for i in range(9):
        d[i] = D(f)
    eval(op)
    d = {}

    def f():
        d.clear()
        spray()
    for i in range(9):
        d[i] = D(f)
    eval(op)
    d = {}

    def f():
        d.clear()
        spray()
    for i in range(9):
        d[D(f)] = 1
    try:
        eval(op)
    except KeyError:
        pass
### dict iter mutate
for v in ('keys', 'values', 'items'):
    d = {i: [i] for i in range(9)}
    it = iter(getattr(d, v)())
    next(it)
    d.clear()
    d.update({i: 1 for i in range(9)})
    for x in it:
        pass
    d = {i: [i] for i in range(9)}
    it = reversed(getattr(d, v)())
    next(it)
    d.clear()
    try:
        next(it)
    except RuntimeError:
        pass
    d = {i: [i] for i in range(9)}
    it = reversed(getattr(d, v)())
    for i in range(8):
        del d[i]
    for i in range(8):
        d[i + 100] = 5
    try:
        list(it)
    except RuntimeError:
        pass
### dict update from weird
class M:

    def keys(s):
        d.clear()
        spray()
        return iter(['a', 'b'])

    def __getitem__(s, k):
        d.clear()
        spray()
        return 1
d = {1: 2}
d.update(M())
dict(M())
d |= M()

class Sub(dict):

    def keys(s):
        spray()
        return list(dict.keys(s))

    def __getitem__(s, k):
        s.clear()
        spray()
        return 3
d.update(Sub(a=1, b=2))
f = lambda **k: k
f(**Sub(a=1, b=2))

class Pair:

    def __iter__(s):
        d.clear()
        lst.clear()
        spray()
        return iter((1, 2))
lst = [Pair() for i in range(9)]
d.update(lst)

class K2:

    def __hash__(s):
        return 1

    def __eq__(s, o):
        src.clear()
        spray()
        return False
src = {}
on = K2()
d = {K2(): 1}
src = {K2(): i for i in range(1)}
src.update({'a%d' % i: i for i in range(9)})
try:
    d.update(src)
except RuntimeError:
    pass
try:
    d | src
except RuntimeError:
    pass
### set ops
class K:

    def __init__(s):
        pass

    def __hash__(s):
        return 1

    def __eq__(s, o):
        if on:
            a.clear()
            b.clear()
            spray()
        return False

class K3(K):

    def __eq__(s, o):
        if on:
            a.update(range(300))
            b.update(range(300))
            spray()
        return True
for C in (K, K3):
    for op in ('a&b', 'a|b', 'a-b', 'a^b', 'a<=b', 'a<b', 'a==b', 'a>=b', 'a.update(b)', 'a.intersection_update(b)',
              'a.difference_update(b)', 'a.symmetric_difference_update(b)', 'a.isdisjoint(b)', 'a.union(list(b))',
              'a.intersection(list(b))', 'a.difference(list(b))', 'a.symmetric_difference(list(b))', 'a.add(K())', 'a.discard(K())',
              'a.remove(K())', 'K() in a', 'a.copy()', 'frozenset(a)', 'a.__init__(b)', 'a.issubset(list(b))', 'a.issuperset(list(b))',
              'a.pop()', 'a.__iand__(b)', 'a.__ior__(b)', 'a.__ixor__(b)', 'a.__isub__(b)', 'a.difference(dict.fromkeys(b))',
              'a.symmetric_difference(dict.fromkeys(b))', 'a.symmetric_difference_update(dict.fromkeys(b))',
              'a.update(dict.fromkeys(b))', 'a.__isub__(a)', 'a.__ixor__(a)', 'a.difference_update(a)',
              'a.symmetric_difference_update(a)'):
        on = False
        a = {C() for i in range(5)}
        b = {C() for i in range(5)}
        on = True
        try:
            eval(op)
        except (RuntimeError, KeyError):
            pass
        on = False
### set del
for op in ('s.clear()', 's.pop()', 's.discard(d0)', 's.update([1,2])', 's.__init__([1])', 's.intersection_update([])',
          's.difference_update(list(s))', 's.symmetric_difference_update(list(s))', 's&={1}', 's-=set(s)'):
    s = set()

    def f():
        s.clear()
        s.update(range(100))
        spray()

    class DH(D):
        pass
    for i in range(9):
        s.add(D(f))
    d0 = next(iter(s))
    exec(op)
    del d0
s = {i for i in range(9)}
it = iter(s)
next(it)
s.clear()
s.update(range(100, 109))
try:
    list(it)
except RuntimeError:
    pass
it.__reduce__()

class HS(set):

    def __hash__(s):
        x.clear()
        spray()
        return 1
x = {1, 2, 3}
try:
    x.remove(HS())
except KeyError:
    pass
{1} in x
### tuple
class V:

    def __eq__(s, o):
        spray()
        gc.collect()
        return True
t = (V(),) * 5
t == (1,) * 5
t < (1, 2)
5 in t
t.index(5)
t.count(4)
hash((1, H(spray)))
### bytearray index
b = bytearray(100)

def clr():
    b.clear()
    spray()
for op in ('b[I(clr,50)]', 'b.__setitem__(I(clr,50),1)', 'b.__setitem__(5,I(clr,1))', 'b.append(I(clr,1))', 'b.insert(I(clr,50),1)',
          'b.insert(5,I(clr,1))', 'b.pop(I(clr,50))', 'b.remove(I(clr,0))', 'b.find(b"a",I(clr,5),I(clr,90))', 'b.count(I(clr,0))',
          'b.find(I(clr,0))', 'b.rfind(I(clr,0))', 'b.index(I(clr,0))', 'b.startswith(b"a",I(clr,5))', 'b.replace(b"a",b"b",I(clr,50))',
          'b.split(b"a",I(clr,5))', 'b.center(I(clr,200))', 'b.ljust(I(clr,200))', 'b.zfill(I(clr,200))', 'b*I(clr,5)',
          'b.__imul__(I(clr,5))', 'b.extend([1,2,I(clr,3)])', 'b.__setitem__(slice(I(clr,5),60),b"abc")',
          'b.__setitem__(slice(5,60),[1,I(clr,2)])', 'b.__delitem__(slice(I(clr,5),60,2))', 'b.__setitem__(slice(5,60,5),[I(clr,1)]*11)',
          'I(clr,0) in b', 'b.expandtabs(I(clr,8))', 'b.hex(":",I(clr,3))', 'b.translate(None,delete=b)', 'b.splitlines(I(clr,1))',
          'bytes([I(clr,1),2])', 'bytearray([I(clr,1),2])', 'b.__init__([I(clr,5),7])', 'b.__init__(I(clr,500))',
          'b.join([b"a",bytearray(5)])', 'b%(I(clr,3),)', 'bytearray(b"%d %s")%(I(clr,3),b)', 'b.decode(errors="x")', 'b.resize(3)',
          'b.maketrans(b,b)', 'b.rindex(b"z",I(clr,5))', 'b.strip(b)', 'b.partition(b"z")', 'b+=b', 'b.extend(b)', 'b[5:10]=b',
          'b[::2]=b[:50]', 'b.removeprefix(b)', 'b.__alloc__()', 'b.reverse()', 'b.copy()', 'b.lower()', 'b==b', 'hash(b)', 'int(b)',
          'float(b)', 'b.join(map(bytes,[b,b]))'):
    b = bytearray(b'\x00' * 100)
    try:
        exec(op)
    except (IndexError, ValueError, TypeError, AttributeError, BufferError, LookupError, UnicodeError):
        pass
    b = bytearray(b'12 %d %s' * 20)
    try:
        exec(op)
    except (IndexError, ValueError, TypeError, AttributeError, BufferError, LookupError, UnicodeError):
        pass
### bytearray join
b = bytearray(b'sep')

class It:

    def __iter__(s):
        b.clear()
        spray()
        yield b'a'
        b.extend(b'x' * 1000)
        yield b'b'
try:
    b.join(It())
except BufferError:
    pass
l = []

class BA(bytearray):
    pass
l = [bytearray(5), bytearray(6)]
b.join(l)

class It2:

    def __iter__(s):
        yield 1
        b.clear()
        spray()
        yield 2
        b.extend(b'abc' * 100)
        yield 3
b.extend(It2())
try:
    b[1:2] = It2()
except Exception:
    pass
### bytearray codec error
import codecs
b = bytearray(b'\xff' * 100)

def h(e):
    try:
        b.clear()
    except BufferError:
        pass
    spray()
    return ('x', e.start + 1)
codecs.register_error('hh', h)
for c in ('utf-8', 'ascii', 'utf-16', 'utf-32', 'unicode_escape', 'raw_unicode_escape', 'utf-7', 'charmap', 'cp1252', 'gbk', 'shift_jis',
          'hz', 'idna', 'punycode'):
    b = bytearray(b'\xff\x81\\x' * 50)
    try:
        b.decode(c, 'hh')
    except Exception:
        pass
    b = bytearray(b'\xff\x81\\x' * 50)
    try:
        codecs.decode(b, c, 'hh')
    except Exception:
        pass

    def h2(e):
        return ('x', 10 ** 9)

    def h3(e):
        return ('x', -5)

    def h4(e):
        e.object = b'a'
        return ('x', e.start + 1)

    def h5(e):
        e.object = 'a'
        e.end = 1000
        e.start = 900
        return ('x', e.end)
    for hh in (h2, h4, h5):
        codecs.register_error('hz2', hh)
        try:
            bytes(b'\xff\x81\\x' * 20).decode(c, 'hz2')
        except Exception:
            pass
        try:
            ('\udc80ሴx' * 9).encode(c, 'hz2')
        except Exception:
            pass
