# What sys.getrefcount says inside every special method, descriptor and callback that an expression reaches: one line an
# expression, each run once in a function of its own (CPython's specialised instructions would hold less).
import copy, functools, heapq, io, itertools, math, operator, pickle, sys, types

rc = sys.getrefcount
log = []
def mk_unary(name, ret):
    def f(self, *a):
        log.append((name, rc(self)) + tuple(rc(x) for x in a if isinstance(x, (T, U))))
        return ret(self) if callable(ret) else ret
    f.__name__ = name
    return f


class T:
    pass


class U:
    pass


UN = dict(__neg__=1, __pos__=1, __abs__=1, __invert__=1, __int__=1, __float__=1.0, __complex__=1j, __index__=1, __bool__=True, __len__=1, __hash__=1, __repr__='r', __str__='s', __bytes__=b'b', __format__='f', __iter__=lambda s: iter(()), __reversed__=lambda s: iter(()), __length_hint__=1, __round__=1, __trunc__=1, __floor__=1, __ceil__=1, __call__=1, __getitem__=1, __setitem__=None, __delitem__=None, __contains__=True, __missing__=1, __enter__=1, __exit__=False, __sizeof__=1, __dir__=lambda s: [], __fspath__='x', __copy__=1, __deepcopy__=1, __reduce__=None, __reduce_ex__=lambda s: (int, ()), __getstate__=None, __aiter__=1, __await__=lambda s: iter(()), __aenter__=1, __next__=1)
for n, r in UN.items():
    setattr(T, n, mk_unary(n, r))
BIN = 'add sub mul truediv floordiv mod pow lshift rshift and or xor matmul divmod'.split()
for b in BIN:
    setattr(T, f'__{b}__', mk_unary(f'__{b}__', 1))
    if b != 'divmod': setattr(T, f'__i{b}__', mk_unary(f'__i{b}__', lambda s: s))
    setattr(U, f'__r{b}__', mk_unary(f'__r{b}__', 1))
    setattr(T, f'__r{b}__', mk_unary(f'__r{b}__', 1))
for b in 'lt le gt ge eq ne'.split():
    setattr(T, f'__{b}__', mk_unary(f'__{b}__', True))
T.__eq__ = mk_unary('__eq__', True)
class GA:
    def __getattr__(self, n):
        log.append(('__getattr__', rc(self))); return 1
class GAT:
    def __getattribute__(self, n):
        log.append(('__getattribute__', rc(self))); return 1
class GATE:
    def __getattribute__(self, n):
        log.append(('__getattribute__', rc(self))); raise AttributeError
    def __getattr__(self, n):
        log.append(('__getattr__', rc(self))); return 1
class SA:
    def __setattr__(self, n, v):
        log.append(('__setattr__', rc(self), rc(v)))
    def __delattr__(self, n):
        log.append(('__delattr__', rc(self)))
class Desc:
    def __get__(self, o, t=None):
        log.append(('__get__', rc(self), rc(o))); return 1
    def __set__(self, o, v):
        log.append(('__set__', rc(self), rc(o), rc(v)))
    def __delete__(self, o):
        log.append(('__delete__', rc(self), rc(o)))
    def __set_name__(self, owner, n):
        log.append(('__set_name__', rc(self)))
class NDesc:
    def __get__(self, o, t=None):
        log.append(('__get__', rc(self), rc(o))); return 1
class HD:
    d = Desc()
    n = NDesc()
    @property
    def p(self): log.append(('prop', rc(self))); return 1
    @p.setter
    def p(self, v): log.append(('propset', rc(self), rc(v)))
    @p.deleter
    def p(self): log.append(('propdel', rc(self)))
    @classmethod
    def cm(cls, v): log.append(('cm', rc(v)))
    @staticmethod
    def sm(v): log.append(('sm', rc(v)))
    def m(self, v=None): log.append(('m', rc(self), rc(v) if v is not None else 0))
    @functools.cached_property
    def cp(self): log.append(('cp', rc(self))); return 1
    @functools.lru_cache
    def lr(self): log.append(('lr', rc(self))); return 1
    pm = functools.partialmethod(m, None)
    @functools.singledispatchmethod
    def sd(self, v): log.append(('sd', rc(self), rc(v)))


def call1(v): log.append(('f', rc(v))); return 1
def call2(a, b): log.append(('f2', rc(a), rc(b))); return 0
def callkw(*, k): log.append(('kw', rc(k)))
def callstar(*a): log.append(('star', rc(a[0])))
def calldstar(**k): log.append(('dstar', rc(k['k'])))
def calldef(a=None): log.append(('def', rc(a)))
def many(a,b,c,d,e,f): log.append(('many', rc(a), rc(f)))


EXPRESSIONS = '''
-x | +x | abs(x) | ~x | int(x) | float(x) | complex(x) | hex(x) | bin(x) | oct(x) | chr(x) | range(x) | bool(x) | not x |
len(x) | hash(x) | repr(x) | str(x) | ascii(x) | bytes(x) | format(x) | format(x, 'a') | f'{x}' | f'{x!r}' | f'{x!s}' |
f'{x:>3}' | '%s' % x | '%r' % x | '%d' % x | '%f' % x | '%x' % x | '{}'.format(x) | '{0!r}'.format(x) | '{a}'.format(a=x) |
'%s' % (x,) | '%(a)s' % {'a': x} | print(x, file=io.StringIO()) | iter(x) | list(x) | tuple(x) | set(x) | reversed(x) | [*x]
| (*x,) | {*x} | operator.length_hint(x) | round(x) | round(x, 2) | math.trunc(x) | math.floor(x) | math.ceil(x) |
math.sqrt(x) | x() | x(1) | x(a=1) | x(*()) | x(**{}) | x[0] | x[0:1] | x[y] | x[0] = 1 | x[y] = y | del x[0] | del x[y] | 1
in x | y in x | 1 not in x | sys.getsizeof(x) | dir(x) | copy.copy(x) | copy.deepcopy(x) | pickle.dumps(x) |
x.__reduce_ex__(2) | next(x) | x.__len__() | T.__len__(x) | x.__neg__() | [1][x-2:] | [1,2][x] | 'ab'[x] | (1,2)[x] |
[1,2][x:] | [1][:x] | 'a' * x if 0 else 0 | [0] * x | x * [0] | b'a'[0:x] | divmod(x, 1) | divmod(1, x) | pow(x, 1) | pow(x,
1, 2) | pow(2, x) | x ** 2 | 2 ** x | x + 1 | 1 + x | x + y | x + u | x + x | x - 1 | 1 - x | x * 2 | 2 * x | x / 2 | 2 / x |
x // 2 | x % 2 | 2 % x | 'a' % x | x @ x | x << 1 | 1 << x | x & 1 | x | 1 & x | x ^ 1 | 1 ^ x | x < 1 | 1 < x | x < y | x ==
y | x == 1 | 1 == x | x != y | x <= y | x >= y | x < y < x | x is y | x == x | [x] == [y] | (x,) == (y,) | [x] < [y] | {1: x}
== {1: y} | {x: 1} | {x} | {x: 1}[x] | x in [1, y] | x in (1, y) | y in {1: 2} | [1, y].index(x) | [1, y].count(x) | [1,
y].remove(x) | sorted([x, y]) | min(x, y) | max([x, y]) | sum([x, y]) | sum([x], y) | any([x]) | all([x]) | x and 1 | x or 1
| 1 if x else 0 | sorted([x, y], key=call1) | sorted([x], key=call1) | min([x, y], key=call1) | max(x, y, key=call1) |
list(map(call1, [x])) | list(filter(call1, [x])) | functools.reduce(call2, [x, y]) | functools.reduce(call2, [x], y) |
list(map(call2, [x], [y])) | list(itertools.takewhile(call1, [x])) | list(itertools.dropwhile(call1, [x])) |
list(itertools.filterfalse(call1, [x])) | list(itertools.groupby([x, y], call1)) | heapq.heappush([x], y) | heapq.heapify([x,
y]) | heapq.nsmallest(1, [x, y]) | bisect.bisect([x], y) | bisect.bisect([x], y, key=call1) | operator.add(x, y) |
operator.neg(x) | operator.itemgetter(0)(x) | operator.attrgetter('a')(g) | operator.methodcaller('__len__')(x) |
operator.lt(x, y) | operator.contains(x, y) | operator.index(x) | operator.truth(x) | operator.iadd(x, y) |
operator.getitem(x, y) | operator.setitem(x, y, 1) | g.a | getattr(g, 'a') | getattr(g, 'a', 1) | hasattr(g, 'a') | gt.a |
getattr(gt, 'a') | hasattr(gt, 'a') | gte.a | getattr(gte, 'a', 1) | g.a() if 0 else 0 | g.m | sa.x = u | setattr(sa, 'x', u)
| del sa.x | delattr(sa, 'x') | h.d | h.d = u | del h.d | h.n | h.p | h.p = u | del h.p | h.m() | h.m(u) | HD.m(h) | HD.m(h,
u) | h.m(v=u) | h.m(*[u]) | h.m(**{'v': u}) | h.cm(u) | HD.cm(u) | h.sm(u) | HD.sm(u) | h.cp | h.lr() | h.pm() | h.sd(u) |
getattr(h, 'p') | getattr(h, 'd') | getattr(h, 'm')() | getattr(h, 'm')(u) | setattr(h, 'd', u) | HD.p.fget(h) | call1(u) |
call1(v=u) | call1(*[u]) | call1(*(u,)) | call1(**{'v': u}) | call1(*[], **{'v': u}) | call2(u, u) | call2(u, b=x) |
callkw(k=u) | callkw(**{'k': u}) | callstar(u) | callstar(*[u]) | callstar(*(u,)) | callstar(1 and u, 2) | callstar(u, *[1])
| calldstar(k=u) | calldstar(**{'k': u}) | calldef(u) | calldef(a=u) | many(u, 1, 2, 3, 4, u) | many(u, *[1, 2, 3, 4, u]) |
many(f=u, a=u, b=1, c=2, d=3, e=4) | (lambda a: call1(a))(u) | functools.partial(call1, u)() | functools.partial(call1)(u) |
functools.partial(call1, v=u)() | types.MethodType(call1, u)() | call1(T()) | call1(v=T()) | call1([]) | call2([], []) |
callstar([]) | calldstar(k=[]) | T() + T() | T().__neg__() | -T() | T() == T() | T() < T() | T()[T()] | len(T()) | str(T()) |
T()() | HD().m() | HD().p | GA().a | int(T()) | T() in [1] | str(x) + str(x) | str.__call__(x) | type(x)() and 0
'''
for text in ' '.join(EXPRESSIONS.split()).split(' | '):
    exec(f'''def test():
    x, y, u, g, gt, gte, sa, h = T(), T(), U(), GA(), GAT(), GATE(), SA(), HD()
    log.clear()
    {text}
''')
    try:
        test()
    except Exception as e:
        log.append(type(e).__name__)
    print(text, *log)
