# sys.getsizeof of every built-in type is never above what CPython 3.11 says (64-bit Linux), recorded below.
# Not compared: queues, whose records carry more here.
import sys, types, array, collections, functools, itertools, io, weakref, struct, re, operator, mmap, contextvars, decimal, datetime
def f(a, b=1): return a + b
def g(): yield 1
async def co(): pass
async def ag(): yield
class P: pass
class P3:
    def __init__(self): self.a = self.b = self.c = 1
class S3: __slots__ = ('a', 'b', 'c')
class M(type): pass
class L(list): pass
class D(dict): pass
class I(int): pass
class T(tuple): pass
class St(str): pass
def clo():
    x = 1
    def h(): return x
    return h
def deco(f): return f
try: 1/0
except ZeroDivisionError as e: exc = e
c = co(); 
objs = {
'none': None, 'true': True, 'ellipsis': ..., 'notimpl': NotImplemented, 'int0': 0, 'int1': 1, 'int30': 2**30,
    'int60': 2**60, 'int100': 2**100, 'int1000': 2**1000, 'intneg': -2**70, 'float': 1.5, 'complex': 1j,
'str0': '', 'str1': 'a', 'str10': 'a'*10, 'latin1': '\xe9', 'latin': '\xe9'*10, 'ucs2': '\u20ac'*10,
    'ucs4': '\U0001F600'*10, 'str1000': 'x'*1000, 'bytes0': b'', 'bytes10': b'a'*10, 'bytes1000': bytes(1000),
'bytearray0': bytearray(), 'bytearray10': bytearray(10), 'list0': [], 'list1': [1], 'list3': [1,2,3],
    'list1000': list(range(1000)), 'listc': [x for x in range(50)], 'tuple0': (), 'tuple1': (1,),
    'tuple3': (1,2,3), 'tuple100': tuple(range(100)),
'dict0': {}, 'dict1': {1:1}, 'dict5': dict.fromkeys(range(5)), 'dict6': dict.fromkeys(range(6)),
    'dict10': dict.fromkeys(range(10)),
    'dict11': dict.fromkeys(range(11)),'dict100': dict.fromkeys(range(100)),
    'dict1000': dict.fromkeys(range(1000)), 'dict100000': dict.fromkeys(range(100000)),
    'dicts5': dict.fromkeys('abcde'), 'dicts20': {str(i): i for i in range(20)},
    'dicts1000': {str(i): i for i in range(1000)},
'set0': set(), 'set1': {1}, 'set5': set(range(5)), 'set100': set(range(100)), 'set10000': set(range(10000)),
    'frozenset0': frozenset(), 'frozenset4': frozenset(range(4)), 'frozenset50': frozenset(range(50)),
'range': range(10), 'slice': slice(1), 'object': object(), 'function': f, 'function2': clo(),
    'cell': clo().__closure__[0], 'code': f.__code__, 'gen': g(), 'coro': c, 'agen': ag(),
    'lambda': (lambda: 0), 'method': P3().__init__, 'builtin': len, 'bmeth': [].append, 'mdesc': list.append,
    'wrapper': list.__len__, 'methwrap': [].__len__, 'cmeth': classmethod(f), 'smeth': staticmethod(f),
    'property': property(f), 'member': S3.a, 'getset': types.FunctionType.__code__, 'type': int, 'class': P,
    'class3': P3, 'meta': M, 'inst0': P(), 'inst3': P3(), 'slots3': S3(), 'sublist': L(), 'subdict': D(),
    'subint': I(5), 'subtuple': T((1,2)), 'substr': St('abc'),
'module': sys, 'mappingproxy': int.__dict__, 'exc': exc, 'exc2': ValueError('x'), 'oserror': OSError(1, 'x'),
    'keyerr': KeyError(1), 'traceback': exc.__traceback__, 'frame': sys._getframe(),
'listiter': iter([]), 'tupleiter': iter(()), 'dictiter': iter({}), 'dictview': {}.keys(),
    'dictitems': {}.items(), 'dictvalues': {}.values(), 'setiter': iter(set()), 'striter': iter(''),
    'striter2': iter('\u20ac'), 'bytesiter': iter(b''), 'rangeiter': iter(range(3)),
    'longrangeiter': iter(range(2**70)), 'enumerate': enumerate([]), 'zip': zip([], []), 'map': map(len, []),
    'filter': filter(None, []), 'reversed': reversed([]), 'reversedt': reversed(()),
    'calliter': iter(len, 1), 'seqiter': iter(type('Q', (), {'__getitem__': lambda s, i: 1})()),
'memoryview': memoryview(b'abc'), 'super': super(P3, P3()), 'weakref': weakref.ref(P),
    'proxy': weakref.proxy(P), 'array': array.array('i', [1,2,3]), 'array0': array.array('d'),
    'deque': collections.deque(), 'deque100': collections.deque(range(100)),
    'odict': collections.OrderedDict(), 'odict5': collections.OrderedDict.fromkeys(range(5)),
    'defaultdict': collections.defaultdict(list), 'counter': collections.Counter('aab'),
    'partial': functools.partial(f, 1), 'lru': functools.lru_cache(f), 'count': itertools.count(),
    'chain': itertools.chain(), 'cycle': itertools.cycle([]), 'repeat': itertools.repeat(1),
    'islice': itertools.islice([], 1), 'product': itertools.product([1],[2]),
    'perm': itertools.permutations([1,2,3]), 'comb': itertools.combinations([1,2,3],2),
    'tee': itertools.tee([])[0], 'groupby': itertools.groupby([]), 'accumulate': itertools.accumulate([]),
    'zipl': itertools.zip_longest([]), 'bytesio': io.BytesIO(), 'stringio': io.StringIO(),
    'bytesio100': io.BytesIO(bytes(100)), 'struct': struct.Struct('ii'), 'pattern': re.compile('abc'),
    'match': re.match('a', 'a'), 'ns': types.SimpleNamespace(a=1), 'attrgetter': operator.attrgetter('a'),
    'itemgetter': operator.itemgetter(1), 'methodcaller': operator.methodcaller('a'),
    'mmap': mmap.mmap(-1, 4096), 'ctxvar': contextvars.ContextVar('x'), 'ctx': contextvars.Context(),
    'genalias': list[int], 'union': int | str, 'date': datetime.date(2020,1,1),
    'datetime': datetime.datetime(2020,1,1), 'timedelta': datetime.timedelta(1), 'flags': sys.flags,
    'versioninfo': sys.version_info,
    'capsule': datetime.datetime_CAPI if hasattr(datetime, 'datetime_CAPI') else None,'file': sys.stdout,
    'buffer': sys.stdout.buffer, 'stderr': sys.stderr, 'instdict': P3().__dict__,
    'exgroup': ExceptionGroup('a', [ValueError()]), 'stopiter': StopIteration(1),
    'syntaxerr': SyntaxError('a'), 'importerr': ImportError('a'),
    'unicodeerr': UnicodeDecodeError('a', b'', 0, 1, 'x'),
    'namedtuple': collections.namedtuple('NT', 'a b')(1, 2),
    'defdict5': collections.defaultdict(int, dict.fromkeys(range(5))),
    'randoms': __import__('random').Random(), 'hash': __import__('hashlib').md5(),
    'lock': __import__('_thread').allocate_lock(), 'rlock': __import__('_thread').RLock(),
    'simplequeue': __import__('queue').SimpleQueue(), 'localobj': __import__('_thread')._local(),
    'split9': ('a ' * 9).split(), 'split20': ('a,' * 19).split(','), 'arrayu': array.array('u', 'a' * 100),
    'deque10000': collections.deque(range(10000)), 'textio': io.TextIOWrapper(io.BytesIO()),
    'decimal': decimal.Decimal(1), 'interner': sys.intern('abc'),
}
c.close()
RECORDED = {
    'none': 16, 'true': 28, 'ellipsis': 16, 'notimpl': 16, 'int0': 28, 'int1': 28, 'int30': 32, 'int60': 36,
    'int100': 40, 'int1000': 160, 'intneg': 36, 'float': 24, 'complex': 32, 'str0': 49, 'str1': 50,
    'str10': 59, 'latin1': 74, 'latin': 83, 'ucs2': 94, 'ucs4': 116, 'str1000': 1049, 'bytes0': 33,
    'bytes10': 43, 'bytes1000': 1033, 'bytearray0': 56, 'bytearray10': 67, 'list0': 56, 'list1': 64,
    'list3': 88, 'list1000': 8056, 'listc': 472, 'tuple0': 40, 'tuple1': 48, 'tuple3': 64, 'tuple100': 840,
    'dict0': 64, 'dict1': 224, 'dict5': 224, 'dict6': 352, 'dict10': 352, 'dict11': 632, 'dict100': 4688,
    'dict1000': 36952, 'dict100000': 5242960, 'dicts5': 184, 'dicts20': 464, 'dicts1000': 26032, 'set0': 216,
    'set1': 216, 'set5': 728, 'set100': 8408, 'set10000': 524504, 'frozenset0': 216, 'frozenset4': 216,
    'frozenset50': 2264, 'range': 48, 'slice': 56, 'object': 16, 'function': 152, 'function2': 152,
    'cell': 40, 'code': 200, 'gen': 176, 'coro': 176, 'agen': 176, 'lambda': 152, 'method': 64, 'builtin': 72,
    'bmeth': 72, 'mdesc': 72, 'wrapper': 72, 'methwrap': 48, 'cmeth': 48, 'smeth': 48, 'property': 80,
    'member': 64, 'getset': 64, 'type': 424, 'class': 1688, 'class3': 1688, 'meta': 920, 'inst0': 56, 'inst3': 56,
    'slots3': 56, 'sublist': 80, 'subdict': 88, 'subint': 44, 'subtuple': 64, 'substr': 116, 'module': 72,
    'mappingproxy': 40, 'exc': 88, 'exc2': 88, 'oserror': 128, 'keyerr': 88, 'traceback': 56, 'frame': 264,
    'listiter': 48, 'tupleiter': 48, 'dictiter': 72, 'dictview': 40, 'dictitems': 40, 'dictvalues': 40,
    'setiter': 64, 'striter': 48, 'striter2': 48, 'bytesiter': 48, 'rangeiter': 48, 'longrangeiter': 48,
    'enumerate': 72, 'zip': 64, 'map': 48, 'filter': 48, 'reversed': 48, 'reversedt': 48, 'calliter': 48,
    'seqiter': 48, 'memoryview': 184, 'super': 56, 'weakref': 80, 'proxy': 80, 'array': 92, 'array0': 80,
    'deque': 760, 'deque100': 1288, 'odict': 128, 'odict5': 512, 'defaultdict': 72, 'counter': 208,
    'partial': 80, 'lru': 168, 'count': 56, 'chain': 48, 'cycle': 64, 'repeat': 48, 'islice': 72,
    'product': 80, 'perm': 128, 'comb': 88, 'tee': 56, 'groupby': 80, 'accumulate': 64, 'zipl': 72,
    'bytesio': 80, 'stringio': 136, 'struct': 168, 'pattern': 192, 'match': 120, 'ns': 40, 'attrgetter': 56,
    'itemgetter': 64, 'methodcaller': 56, 'mmap': 96, 'ctxvar': 80, 'ctx': 64, 'genalias': 80, 'union': 48,
    'date': 32, 'datetime': 48, 'timedelta': 40, 'flags': 184, 'versioninfo': 80, 'capsule': 48,
    'instdict': 272, 'exgroup': 112, 'stopiter': 96, 'syntaxerr': 152, 'importerr': 112, 'unicodeerr': 128,
    'namedtuple': 56, 'defdict5': 232, 'lock': 56, 'rlock': 64, 'localobj': 80, 'interner': 52,
    'split9': 152, 'split20': 216, 'arrayu': 480, 'deque10000': 83128, 'textio': 208,
}
for name, size in RECORDED.items():
    if sys.getsizeof(objs[name]) > size:
        print(name, sys.getsizeof(objs[name]), 'above', size)
print(len(RECORDED), 'sizes')
