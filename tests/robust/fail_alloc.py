"""Every function below under every failing allocation, one after the other.

    ouro -X leakcheck tests/robust/fail_alloc.py [--seconds S] [--batch N] [name ...]

The outcome must be success or MemoryError (or what a function says it may turn it into), never a signal, a hang, another
exception, a broken heap or a block that is lost: a forked child runs a batch of allocation numbers, ends as a program ends and
reports what is left; when something is wrong the numbers are tried one by one.  Prints "N passed, N failed".

--seconds bounds the time of one function: then not every number is tried, but numbers spread over all of them."""
import gc
import os
import signal
import sys
import tempfile
import time

import _ouro

gc.disable()
FUNCTIONS = {}
MAY = {}


def test(*may):
    def deco(f):
        FUNCTIONS[f.__name__] = f
        MAY[f.__name__] = may
        return f
    return deco


# ---- what is tried ----------------------------------------------------------------------------------------------

@test()
def ints():
    a = 10 ** 50 + 7
    b = [a * a, a // 3, a % 12345678901, -a, a << 70, a >> 3, a & b'x'[0], a | 1, a ^ a - 1, pow(a, 5, 10 ** 9), divmod(a, 77)]
    b += [int('9' * 40), int('-0x' + 'f' * 30, 16), str(a), hex(a), oct(a), bin(a), a.to_bytes(30, 'little'), hash(a)]
    b += [int.from_bytes(b'123456789' * 3, 'big'), a.bit_length(), float(a), a / 3, round(a, -5), '%d %x' % (a, a), f'{a:,}']
    return b == b, complex(1, 2) ** 2, repr(1.5e300 * 7), float('1.25'), (0.1).hex(), (1.5).as_integer_ratio(), f'{2.5:.30f}'


@test()
def strings():
    s = 'a\xe9\u20ac\U0001f600' * 9
    t = [s.upper(), s.title(), s.split('\xe9'), s.rsplit('a', 2), s.replace('a', 'bc'), s.join(['x', 'y']), s.center(80), s[::2]]
    t += [s.encode(), s.encode('utf-16'), s.encode('ascii', 'backslashreplace'), s.encode().decode(), s.partition('\u20ac')]
    t += ['{0!r:>{w}} {n.real}'.format(s, w=50, n=4), '%(a)s %(a)r' % {'a': s}, f'{s!a:^90}', repr(s), s + s, s * 3, s.casefold()]
    t += [s.translate({97: 'xyz'}), s.expandtabs(), s.splitlines(), s.zfill(90), s.find('\U0001f600'), s.maketrans('ab', 'cd'), hash(s)]
    return t


@test()
def binary():
    b = bytearray(b'abc' * 10)
    b.extend(range(50))
    b += b'xyz'
    del b[3:7]
    m = memoryview(b).cast('B')[2:20:3]
    r = [bytes(m), m.tolist(), m.hex(), bytes(b).split(b'a'), b.replace(b'a', b'bb'), b.hex('-'), bytes.fromhex('00ff'), b.upper()]
    r += [b'%d %s' % (4, b'x'), bytes(5), b.translate(bytes(range(256))), repr(b), b.join([b'1', b'2']), bytes([1, 2, 3]), m == m]
    m.release()
    return r


@test()
def containers():
    d = {i: str(i) for i in range(30)}
    d.update(a=1, b=[2])
    l = sorted(d.values(), key=str) + [d]
    s = {x for x in range(40)} | {'a', 'b'} - frozenset('a')
    t = tuple(l[2:9]) * 2
    l.extend(s), l.insert(3, t), l.reverse(), l.pop(), l.remove('5')
    del d['a'], l[3:5]
    l[2:2] = [1, 2, 3]
    return repr(d), repr(l), s ^ {1, 2}, d | {1: 2}, list(zip(l, s)), list(map(str, t)), list(filter(None, t)), list(enumerate(t)), \
        list(reversed(l)), max(t, key=str), dict.fromkeys(s), d.copy(), [*range(10)][::-2], slice(1, 2), list(d.items()), s <= set(l[:3])


@test()
def functions():
    def f(a, b=[], *args, k, **kw):
        def inner(x):
            nonlocal a
            a += x
            return a, kw
        return inner
    g = f(1, 2, 3, 4, k=5, z=6, y=7)
    g(10)
    h = lambda *a, **k: (a, k)
    h(*[1, 2, 3], **{'a': 1, 'b': 2})
    return [i for i in (lambda: (yield 1))()], f.__code__.co_varnames, repr(f), f.__defaults__, f.__kwdefaults__


@test()
def classes():
    class A:
        __slots__ = ('x', 'y')

        def __init__(self, x):
            self.x = x

        def __repr__(self):
            return f'A({self.x})'

    class B(dict):
        z = property(lambda self: 1)

        def __getattr__(self, name):
            return name

        def __del__(self):
            pass

    class C(A, B.__base__ if False else object):
        def __init_subclass__(cls, **kw):
            super().__init_subclass__()

        def m(self):
            return super().__repr__()

    class D(C):
        @classmethod
        def c(cls):
            return cls(1)

        @staticmethod
        def s():
            pass
    b = B(q=1)
    b.attr = 2
    d = D.c()
    d.extra = [d]
    setattr(d, 'more', 1), vars(d), dir(d), D.__mro__, D.__subclasses__(), type('E', (D,), {'p': 1}), repr(d), d.m(), b.zz, b.z, D.s()
    del d.extra
    d.__dict__['x2'] = 3
    return isinstance(d, A), repr(D), d.__reduce_ex__(2)


@test()
def exceptions():
    class E(Exception):
        pass

    def f(n):
        if n == 0:
            raise E('x', n)
        try:
            f(n - 1)
        except E as e:
            raise ValueError(n) from e
    try:
        f(3)
    except ValueError as e:
        e.add_note('note')
        text = repr(e), str(e), e.__traceback__.tb_frame.f_locals, e.__cause__
    try:
        raise ExceptionGroup('g', [ValueError(1), TypeError(2)])
    except* ValueError as g:
        text += (g.exceptions,)
    except* TypeError:
        pass
    for bad in ('1/0', '[][1]', '{}[1]', 'None.x', 'x_', 'int("z")', '()()', 'len(5)', '"a"+1', 'open("/nonexistent/x")', '1<""'):
        try:
            eval(bad)
        except MemoryError:
            raise
        except Exception as e:
            text += (str(e), repr(e))
    return text


@test()
def generators():
    def g(n):
        try:
            for i in range(n):
                x = yield i
        finally:
            n = 0

    def h():
        yield from g(5)
        return 7

    async def co():
        return 1

    async def ag():
        yield 1
        await co()
        yield 2

    async def main():
        return [x async for x in ag()] + [await co()]
    it = g(4)
    next(it), it.send(5), it.close()
    try:
        main().send(None)
    except StopIteration as e:
        v = e.value
    return list(h()), sum(x for x in g(5)), v, {k: v for k, v in enumerate(g(20))}


SOURCE = '''
import os.path as p, sys
from math import *
@print
class A(B, metaclass=M):
    """doc"""
    x: int = 1
    def f(self, a, /, b=1, *c, d, e=2, **g) -> int:
        with a as b, c: pass
        try:
            return [x for x in y if x] + {k: v for k, v in z} or (lambda q: (yield))
        except (A, B) as e:
            raise X from e
        finally:
            del a.b, c[1:2]
        while True:
            if a < b <= c: break
            elif not a: continue
            else: assert x, f"{a!r:>{w}} {b=}" "tail"
        else: pass
        async def m():
            async with x: await y
        match z:
            case [1, *r] | {'a': Q(b=3), **r}: z = 1
            case A.B: z = 2
        a += b; (c := d); x = yield; print(*a, **b); return 1 if 2 else 3
x = 10**40 + 1j; y = b'abc' + "\\N{DIGIT ONE}".encode(); z = (1, (2, 3), "s", None, ...); w = {1, 2} ; v = -5 * "ab"
'''


@test()
def compiling():
    c = compile(SOURCE, '<s>', 'exec')
    for bad in ('def f(:', 'x = = 1', '(1', 'f"{"', '"abc', '  x\n y', 'return', 'a b', 'break', '\\', 'nonlocal x', '1 = 2', 'x$'):
        try:
            compile(bad, '<b>', 'exec')
        except SyntaxError as e:
            str(e)
    return c.co_consts, list(c.co_lines()), eval('1+2*3'), exec('a = 1', {})


@test()
def trees():
    import _ast
    t = compile(SOURCE, '<s>', 'exec', _ast.PyCF_ONLY_AST)
    return compile(t, '<s>', 'exec')


@test()
def marshalling():
    import marshal
    x = [1, -10 ** 30, 1.5, 2j, 'text', '\u20ac', b'b', (1, 2), {3}, frozenset([4]), {5: 6}, None, True, ..., StopIteration]
    return marshal.loads(marshal.dumps(x)), marshal.loads(marshal.dumps(compile('def f(x): return x + 1', 's', 'exec')))


@test(ImportError)
def importing():
    for name in ('bisect', 'keyword', 'colorsys', 'zlib', 'array', '_struct', 'unicodedata'):
        sys.modules.pop(name, None)
        __import__(name)


@test(OSError)
def files():
    with open(TEMPORARY, 'w', encoding='utf-8', newline=None) as f:
        print('one', 2, [3], file=f)
        f.write('\xe9\u20ac\n' * 20)
        f.writelines(['a\n', 'b\n'])
    with open(TEMPORARY, encoding='utf-8') as f:
        a = f.readline(), f.read(5), list(f), f.tell(), f.seek(0), f.read(), repr(f)
    with open(TEMPORARY, 'rb') as f:
        b = f.read(3), f.readinto(bytearray(10)), f.peek(), f.readlines()
    return os.stat(TEMPORARY), os.listdir(os.path.dirname(TEMPORARY)), os.path.abspath('x'), sys.stdout.fileno(), a, b


@test()
def memory_io():
    import io
    s = io.StringIO('a\nb\n')
    s.seek(0, 2), s.write('\u20ac' * 30), s.getvalue(), s.seek(0), list(s)
    b = io.BytesIO(b'xyz')
    b.write(b'1' * 100), b.getvalue(), b.getbuffer().tobytes(), b.seek(0), b.readlines()
    t = io.TextIOWrapper(io.BufferedRandom(io.BytesIO(b'a\r\nb' * 20)), encoding='latin-1')
    return t.read(), t.detach(), s.close()


@test()
def regex():
    import re
    re.purge()
    p = re.compile(r'(?P<a>\w+)\s*(?:=|:)\s*("[^"]*"|\d{1,5}|[a-f\u0400-\u04ff]+?)(?=;)(?i:x)?')
    m = p.search('  key = 1234; other: "x";')
    return m and (m.groups(), m.groupdict(), m.span(), m.expand(r'\1-\g<a>')), p.sub(lambda m: m[1], 'a=1; b=2;'), \
        p.findall('a=1;b=2;c=3;'), p.split('a=1;b'), list(re.finditer('.', 'abc')), repr(p), re.escape('a.b')


@test()
def collections_():
    from collections import OrderedDict, defaultdict, deque, Counter, namedtuple, ChainMap
    o = OrderedDict(a=1, b=2)
    o.move_to_end('a')
    d = deque(range(100), 50)
    d.rotate(7), d.appendleft(1), d.extend('abc'), d.pop()
    dd = defaultdict(list)
    dd['x'].append(1)
    P = namedtuple('P', 'x y')
    return repr(o), repr(d), repr(dd), P(1, 2)._replace(x=3), Counter('abracadabra').most_common(2), ChainMap({1: 2}, {3: 4})[3]


@test()
def iteration():
    import itertools as it
    import functools as ft
    import operator as op
    a = [list(it.chain('ab', 'cd')), list(it.combinations(range(5), 3)), list(it.product('ab', repeat=3)), list(it.permutations('abc'))]
    a += [list(it.groupby('aabb')), list(it.islice(it.count(), 5)), list(it.accumulate(range(5))), list(it.zip_longest('ab', 'c'))]
    a += [it.tee(range(10), 3), list(it.starmap(pow, [(2, 3)])), list(it.pairwise('abc')), ft.reduce(op.add, range(9))]
    a += [ft.partial(int, base=2)('101'), ft.lru_cache(lambda x: [x])(4), sorted([3, 1], key=ft.cmp_to_key(lambda x, y: x - y))]
    return a, op.itemgetter(1, 2)('abc'), op.attrgetter('real.imag')(5), op.methodcaller('upper')('x')


@test()
def modules():
    import array, struct, json, _random, binascii, math, time, weakref, contextvars
    a = array.array('d', range(20))
    a.extend([1.5]), a.byteswap(), a.tobytes(), a[2:5]
    j = json.dumps({'a': [1, 2.5, None, '\u20ac'], 'b': {}}, indent=1), json.loads('{"x": [1, "y", 2e5], "z": null}')
    v = contextvars.ContextVar('v')
    c = contextvars.copy_context()
    c.run(v.set, [1])
    return struct.pack('<3sIq', b'abc', 1, 2), struct.unpack('>HB', b'abc'), list(struct.iter_unpack('B', b'xyz')), j, \
        _random.Random(5).random(), binascii.b2a_base64(b'x' * 50), binascii.hexlify(b'a'), math.factorial(30), math.comb(50, 20), \
        time.strftime('%Y', time.gmtime(0)), weakref.WeakValueDictionary({1: Key()}), list(c.items())


class Key:
    pass


@test()
def threads():
    import _thread
    lock = _thread.allocate_lock()
    lock.acquire()
    try:
        _thread.start_new_thread(lock.release, ())
    except RuntimeError:
        return
    lock.acquire()
    local = _thread._local()
    local.x = 1


@test()
def collector():
    for i in range(20):
        k = Key()
        k.me = [k, {1: k}, (k,)]
        k.__class__ = Key
    del k
    gc.collect(), gc.get_objects(0), gc.get_referrers(Key), gc.get_referents(Key), gc.get_stats()


@test()
def tracing():
    import _tracemalloc
    _tracemalloc.start(3)
    try:
        l = [Key() for i in range(5)]
        _tracemalloc._get_traces(), _tracemalloc._get_object_traceback(l), _tracemalloc.get_traced_memory()
    finally:
        _tracemalloc.stop()


@test()
def system():
    sys._getframe().f_locals, sys.exc_info(), sys.getsizeof([]), sys.intern('x' + 'y'), sys._current_frames(), os.getcwd(), dict(os.environ)
    return os.fspath('x'), os.urandom(4), os.getpid(), os.path.join('a', 'b'), sys.getrecursionlimit(), globals(), locals(), dir(), \
        vars(sys), sys.version_info, sys.flags, repr(sys.implementation), repr(sys.float_info), print(end='')


# ---- driver -----------------------------------------------------------------------------------------------------

def attempt(f, may, n):
    """True when the allocation number n failed."""
    _ouro.fail_alloc(n, n + 1)
    try:
        f()
    except MemoryError:
        pass
    except may:
        pass
    except BaseException as e:
        count = _ouro.failed()
        if count or not isinstance(e, Exception):
            import traceback
            os.write(2, ('other exception at %d\n%s' % (n, ''.join(traceback.format_exception(e)))).encode())
        return count
    return _ouro.failed()


def child(f, may, first, count):
    code = 0
    for n in range(first, first + count):
        if not attempt(f, may, n):
            code = 77
            break
    gc.collect()
    _ouro.check_heap()
    sys.exit(code)


def one_thread():
    """Wait until the threads that were joined have left the process: join() returns before that, and a fork meanwhile can leave a
    lock of ASan's allocator taken in the child for ever."""
    while len(os.listdir('/proc/self/task')) > 1:
        time.sleep(0.001)


def run(name, first, count, limit):
    """(status, text on stderr) of a child that tries these numbers; status 77: the last of them did not fail."""
    one_thread()
    r, w = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(r)
        os.dup2(w, 2)
        os.close(w)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.close(null)
        signal.alarm(limit)
        child(FUNCTIONS[name], MAY[name], first, count)
    os.close(w)
    text = []
    while True:
        part = os.read(r, 65536)
        if not part:
            break
        text.append(part)
    os.close(r)
    status = os.waitpid(pid, 0)[1]
    return status, b''.join(text).decode('utf-8', 'replace')


def bad(status, text):
    if os.WIFSIGNALED(status):
        return 'signal %d' % os.WTERMSIG(status)
    for mark in ('leakcheck:', 'Sanitizer', 'runtime error', 'SystemError', 'other exception', 'Assertion'):
        if mark in text:
            return mark
    if os.WEXITSTATUS(status) not in (0, 77):
        return 'status %d' % os.WEXITSTATUS(status)
    return None


def main():
    global TEMPORARY
    args = sys.argv[1:]
    seconds, batch, names = 8.0, 25, []
    while args:
        a = args.pop(0)
        if a == '--seconds':
            seconds = float(args.pop(0))
        elif a == '--batch':
            batch = int(args.pop(0))
        else:
            names.append(a)
    TEMPORARY = os.path.join(tempfile.mkdtemp(), 'file')
    passed = failed = 0
    for name in names or FUNCTIONS:
        try:
            FUNCTIONS[name]()
            FUNCTIONS[name]()
        except Exception as e:
            print('FAILED %s: %s: %s' % (name, type(e).__name__, e))
            failed += 1
            continue
        start = time.monotonic()
        first = tried = 1
        total = None
        wrong = []
        while True:
            status, text = run(name, first, batch, 120)
            if bad(status, text):
                for n in range(first, first + batch):
                    status, text = run(name, n, 1, 60)
                    why = bad(status, text)
                    if why:
                        wrong.append((n, why, text))
                    if len(wrong) > 3 or status == 77 << 8:
                        break
                else:
                    if not wrong:
                        wrong.append((first, 'in a batch of %d only' % batch, text))
            tried += batch
            if status == 77 << 8 or len(wrong) > 3:
                break
            first += batch
            if time.monotonic() - start > seconds / 2:  # wider and wider gaps
                first += int(batch * (time.monotonic() - start) / seconds * 8)
        for n, why, text in wrong:
            print('FAILED %s, allocation %d: %s\n%s' % (name, n, why, text[-1500:]))
        failed += len(wrong)
        passed += tried - len(wrong)
        print('%s: %d of %d allocations' % (name, tried, first + batch), flush=True)
    try:
        os.unlink(TEMPORARY)
        os.rmdir(os.path.dirname(TEMPORARY))
    except OSError:
        pass
    print('%d passed, %d failed' % (passed, failed))
    sys.stdout.flush()
    os._exit(failed != 0)


main()
