# What gc.collect returns for trash of many shapes, as CPython counts it.
import abc, array, collections, contextlib, contextvars, enum, functools, gc, io, itertools, operator, queue, re, types, typing, weakref
gc.disable()
gc.collect()


class P:
    pass


class S:
    __slots__ = ('a', 'b', '__weakref__')


class D:
    def __del__(self):
        pass


def self_ref(o, name='x'):
    setattr(o, name, o)


def instance(): self_ref(P())
def instance_dict():
    p = P(); p.__dict__; self_ref(p)
def instance_pair():
    p, q = P(), P(); p.q, q.p = q, p
def slots(): self_ref(S(), 'a')
def final(): self_ref(D())
def lst():
    l = []; l.append(l)
def lst_many():
    l = [[] for i in range(10)]
    for i in range(10): l[i].append(l[i - 1])
def dct():
    d = {}; d['d'] = d
def dct_list():
    d = {}; d['l'] = [d, (d,), {'k': d}]
def tup():
    l = []; t = (l, 1); l.append(t)
def closure():
    def f(): return f
def closure2():
    def f(): return g
    def g(): return f
def closure_value():
    x = []
    def f(): return x
    x.append(f)
def lam():
    f = lambda: f
def method():
    p = P(); p.m = types.MethodType(print, p)
def bound():
    class_ = P
    d = D(); d.m = d.__del__
def func_attr():
    def f(): pass
    f.me = f
def func_default():
    l = []
    def f(a=l): pass
    l.append(f)
def func_kwdefault():
    l = []
    def f(*, a=l): pass
    l.append(f)
def func_ann():
    l = []
    def f(a: l): pass
    l.append(f)
def generator():
    def g():
        me = yield
        yield me
    it = g(); next(it); it.send(it)
def generator_fresh():
    def g(a): yield a
    l = []; l.append(g(l))
def partial():
    p = functools.partial(print); p.p = p
def partial_args():
    l = []; l.append(functools.partial(print, l))
def iterators():
    l = []; l.append(iter(l)); l.append(enumerate(l)); l.append(zip(l)); l.append(map(print, l)); l.append(reversed(l))
def itertools_():
    l = []; l.append(itertools.chain(l)); l.append(itertools.cycle(l)); l.append(itertools.islice(l, 2)); l.append(itertools.repeat(l))
def deque():
    d = collections.deque(); d.append(d)
def odict():
    d = collections.OrderedDict(); d[1] = d
def ddict():
    d = collections.defaultdict(list); d[1].append(d)
def sets():
    p = P(); p.s = {p}; p.f = frozenset([p])
def ns():
    n = types.SimpleNamespace(); n.n = n
def module():
    m = types.ModuleType('m'); m.m = m
def module_function():
    m = types.ModuleType('m'); exec('def f(): pass', m.__dict__)
def empty_class():
    class C: pass
def empty_class_instance():
    class C: pass
    c = C(); c.c = c
def class_method():
    class C:
        def f(self): pass
def class_super():
    class C:
        def f(self): return __class__
def class_slots():
    class C: __slots__ = ('a', 'b')
def exc():
    e = ValueError(); e.e = e
def exc_traceback():
    def f():
        x = []
        try: 1 / 0
        except ZeroDivisionError as e: x.append(e)
    f()
def exc_cause():
    a, b = ValueError(), ValueError(); a.__cause__ = b; b.__context__ = a
def frame():
    import sys
    f = sys._getframe()
def weak():
    p = P(); p.w = weakref.ref(p); p.p = p
def weak_callback():
    p = P(); p.w = weakref.ref(p, lambda r: None); p.p = p
def prop():
    l = []; l.append(property(l.append))
def slice_():
    l = []; l.append(slice(l))
def cell():
    c = types.CellType(); c.cell_contents = c
def mproxy():
    d = {}; d['p'] = types.MappingProxyType(d)
def coroutine():
    async def c(a): pass
    l = []; x = c(l); l.append(x); x.close()
def lru():
    @functools.lru_cache
    def f(): return f
def lru_filled():
    @functools.lru_cache
    def f(x): return x
    l = []; l.append(f)
    f(5)
def builtin():
    l = []; l.append(l.append)
def dictviews():
    d = {}; d['k'] = d.keys(); d['i'] = d.items(); d['v'] = iter(d.values())
def subclasses():
    class L(list): pass
    l = L(); l.append(l); l.me = l
def subdict():
    class Di(dict): pass
    d = Di(); d[1] = d; d.x = 1
def alias():
    l = []; l.append(list[l.append])
def objects():
    o = [object()]; o.append(o)

def subclass_instance():
    class B: pass
    class C(B): pass
    c = C(); c.c = c
def class_prop():
    class C:
        @property
        def f(self): pass
def sub_only():
    class B: pass
    class C(B): pass
def sub_three():
    class A: pass
    class B(A): pass
    class C(B): pass
def diamond():
    class A: pass
    class B(A): pass
    class C(A): pass
    class D(B, C): pass
def itemget():
    l = []; l.append(operator.itemgetter(l))
def itemget2():
    l = []; l.append(operator.itemgetter(l, 2))
def itemget_int():
    l = []; l.append(operator.itemgetter(2)); l.append(l)
def attrget():
    l = []; l.append(operator.attrgetter('a')); l.append(l)
def attrget2():
    l = []; l.append(operator.attrgetter('a.b', 'c')); l.append(l)
def methcall():
    l = []; l.append(operator.methodcaller('a', l))
def methcall_kw():
    l = []; l.append(operator.methodcaller('a', k=l))
def abc_class():
    class C(abc.ABC):
        @abc.abstractmethod
        def f(self): pass
def meta():
    class M(type): pass
    class C(metaclass=M): pass
def enum_():
    class E(enum.Enum):
        A = 1
def namedtup():
    collections.namedtuple('N', 'a b')
def counter():
    c = collections.Counter('abc'); c['c'] = c
def chainmap():
    c = collections.ChainMap(); c['c'] = c
def userlist():
    c = collections.UserList(); c.append(c)
def class_new():
    class C:
        def __new__(cls): return super().__new__(cls)
    C()
def class_init_sub():
    class C:
        def __init_subclass__(cls): pass
    class D(C): pass
def class_getitem():
    class C:
        def __class_getitem__(cls, k): pass
def class_static_cycle():
    class C: pass
    C.c = C()
def class_dict_attr():
    class C: x = {}
    C.x['c'] = C
def cls_doc():
    class C: 'doc'
def cls_ann():
    class C: a: int = 1
def cls_slots_inst():
    class C: __slots__ = ('a',)
    c = C(); c.a = c
def cls_weakslot():
    class C: __slots__ = ('a', '__weakref__')
    c = C(); c.a = weakref.ref(c)
def cls_int():
    class I(int): pass
    i = I(5); i.i = i
def cls_str():
    class I(str): pass
    i = I('a'); i.i = i
def cls_tuple():
    class I(tuple): pass
    l = []; l.append(I((l,)))
def cls_set():
    class I(set): pass
    i = I(); i.i = i
def cls_exc():
    class I(Exception): pass
    i = I(); i.i = i
def cls_dict_items():
    class I(dict): pass
    i = I(); i[1] = i
def type3():
    T = type('T', (), {'a': 1}); T.t = T()
def inst_dict_replaced():
    p = P(); p.__dict__ = {'p': p}
def ctxvar():
    l = []; v = contextvars.ContextVar('v', default=l); l.append(v)
def ctx():
    l = []; c = contextvars.copy_context(); l.append(c); l.append(l)
def ctxset():
    v = contextvars.ContextVar('v'); c = contextvars.copy_context()
    l = [c]; c.run(v.set, l)
def sio():
    s = io.StringIO(); s.s = s
def bio():
    s = io.BytesIO(); s.s = s
def brd():
    s = io.BufferedReader(io.BytesIO()); s.s = s
def pat():
    l = [re.compile('a')]; l.append(l)
def match():
    class St(str): pass
    s = St('a'); s.m = re.match('a', s)
def match2():
    l = [re.match('a', 'a')]; l.append(l)
def scanner():
    l = [re.compile('b').scanner('abc')]; l.append(l)
def finditer():
    l = [re.finditer('b', 'bbb')]; l.append(l)
def ga():
    l = []; l.append(typing.List[int]); l.append(l)
def cmgr():
    @contextlib.contextmanager
    def f(): yield f
    c = f(); c.c = c
def exitstack():
    e = contextlib.ExitStack(); e.push(e)
def cmpkey():
    k = functools.cmp_to_key(lambda a, b: 0); l = []; l.append(k(l)); 
def cmpkey2():
    l = []; l.append(functools.cmp_to_key(l.append))
def pmethod():
    class C: f = functools.partialmethod(print, 1)
def sdisp():
    @functools.singledispatch
    def f(a): pass
def total():
    @functools.total_ordering
    class C:
        def __lt__(self, o): return 0
def tee():
    l = []; a, b = itertools.tee(l); l += [a, b]
def tee_half():
    l = [1, 2, 3]; a, b = itertools.tee(l); next(a); l += [a, b]
def groupby():
    l = [1, 1]; g = itertools.groupby(l); l.append(g); l.append(next(g))
def it_more():
    l = []; l += [itertools.accumulate(l), itertools.starmap(print, l), itertools.takewhile(print, l), itertools.dropwhile(print, l), itertools.filterfalse(print, l), itertools.compress(l, l), itertools.zip_longest(l, l), itertools.pairwise(l), itertools.count(1)]
def it_comb():
    l = []; l += [itertools.product([l], [l]), itertools.permutations([l]), itertools.combinations([l], 1), itertools.combinations_with_replacement([l], 1)]
def it_run():
    l = [1, 2, 3]
    for c in (itertools.chain, itertools.cycle, itertools.accumulate, itertools.pairwise, itertools.product, itertools.permutations):
        i = c(l); next(i); l.append(i)
def chain_from():
    l = []; i = itertools.chain.from_iterable([[1, l], [2]]); next(i); l.append(i)
def filt():
    l = []; l.append(filter(None, l)); l.append(filter(lambda x: l, l))
def calliter():
    l = []; l.append(iter(l.append, 1))
def seqiter():
    class Q:
        def __getitem__(self, i): return 1
    l = []; q = Q(); q.i = iter(q)
def rng():
    l = [range(3), iter(range(3))]; l.append(l)
def bmeth():
    l = []; l.append(l.__len__); l.append(l.__add__)
def wrapdesc():
    l = [list.__add__, list.append, dict.__dict__['fromkeys'], dict.fromkeys, int.real, type.__dict__['__mro__']]; l.append(l)
def wproxy():
    p = P(); p.w = weakref.proxy(p)
def wmeth():
    class C:
        def f(self): pass
    c = C(); c.w = weakref.WeakMethod(c.f)
def coro_await():
    async def c(a): pass
    l = []; x = c(l); l.append(x.__await__()); x.close()
def genexpr():
    l = []; l.append(x for x in l)
def gen_from():
    def g(l): yield from l
    l = [1]; i = g(l); next(i); l.append(i)
def frame_cycle():
    def f():
        import sys
        fr = sys._getframe()
        def g(): return fr
    f()
def frame_locals():
    def f():
        l = locals(); l['l'] = l
    f()
def tb2():
    def f(n):
        if n: f(n - 1)
        else: raise ValueError
    try: f(3)
    except ValueError as e: e.e = e
def excgroup():
    e = ExceptionGroup('a', [ValueError()]); e.e = e
def stopiter():
    l = []; l.append(StopIteration(l))
def oserr():
    l = []; l.append(OSError(1, l))
def nameerr():
    e = NameError('a', name='x'); e.e = e
def impr():
    l = []; l.append(ImportError('a', name=l))
def synt():
    l = []; l.append(SyntaxError('a', ('f', 1, 1, l)))
def arr():
    class A(array.array): pass
    a = A('i'); a.a = a
def dq_iter():
    d = collections.deque([1]); d.append(iter(d)); d.append(reversed(d))
def od_more():
    d = collections.OrderedDict(); d[1] = iter(d); d[2] = d.items(); d.x = 1
def odict_iter():
    d = {}; d[1] = d; d[2] = iter(d.items()); d[3] = reversed(d)
def set_iter():
    l = []; l.append(iter({1})); l.append(l)
def frozenset_c():
    l = []
    class H:
        def __hash__(self): return 1
    h = H(); h.f = frozenset([h])
def tup_empty():
    l = [(), (1, 2), ('a', (1,))]; l.append(l)
def dict_atoms():
    l = [{1: 2}, {'a': 1}, {}]; l.append(l)
def tuple_in_dict():
    d = {}; d[1] = (1, 2); d[2] = (d,)
def kwonly():
    l = []; d = dict(a=1, b=l); l.append(d)
def union_():
    l = [int | str, list[int]]; l.append(l)
def codeo():
    l = [compile('1', 'a', 'eval')]; l.append(l)
def func_glob():
    d = {}; exec('def f(): pass', d)
def func_glob2():
    d = {}; exec('class C:\n def f(self): pass', d)
def slice2():
    l = []; l.append(slice(1)); l.append(l)
def fn_dict():
    def f(): pass
    f.__dict__['f'] = f
def nested_fn():
    def a():
        def b():
            return a
        return b
    a.b = a()
def deco():
    def d(f):
        @functools.wraps(f)
        def w(*a): return f(*a)
        return w
    @d
    def f(): return f
def prop_full():
    l = []; l.append(property(l.append, l.append, l.append, 'x'))
def cm_obj():
    l = []; l.append(classmethod(l.append)); l.append(staticmethod(l.append))
def uclass_dict():
    class C: pass
    c = C(); c.__dict__; C.inst = c
def simplens():
    a = types.SimpleNamespace(x=1); a.b = types.SimpleNamespace(a=a)
def lru_none():
    @functools.lru_cache(None)
    def f(x): return f
    f(1)


import sys
for name, f in list(globals().items()):
    if isinstance(f, types.FunctionType) and f.__name__ == name.rstrip() and name != 'self_ref':
        gc.collect()
        f()
        print(name, gc.collect(), gc.collect())

import threading
def local():
    t = threading.local(); t.t = t; t.p = P(); return weakref.ref(t), weakref.ref(t.p)
t, p = local()
print(gc.collect() > 0, t(), p())
