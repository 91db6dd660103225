# Calls into libc and libm, callbacks, prototypes, errno, errors.
import ctypes
import sys
import threading
from ctypes import *


def tried(f, *args, **kw):
    try:
        return f(*args, **kw)
    except Exception as e:
        return '%s: %s' % (type(e).__name__, e)


libc, libm = CDLL(None), CDLL('libm.so.6')
print(libc.abs(-5), libc.abs(c_int(-6)), libc.strlen(b'four'), libc.abs(2**32 - 5), libc.toupper(ord('a')))
sqrt = libm.sqrt
sqrt.restype, sqrt.argtypes = c_double, [c_double]
print(sqrt(2), sqrt(c_double(9)), tried(sqrt), tried(sqrt, 'x'), tried(sqrt, 1, 2), sqrt.argtypes, sqrt.restype)
libm.powf.restype, libm.powf.argtypes = c_float, (c_float, c_float)
libm.sqrtl.restype, libm.sqrtl.argtypes = c_longdouble, (c_longdouble,)
libm.ldexp.restype, libm.ldexp.argtypes = c_double, (c_double, c_int)
print(libm.powf(2, 0.5), libm.sqrtl(2), libm.ldexp(0.5, 10))
libm.pow.restype = c_double
print(libm.pow(c_double(2), c_double(10)), tried(libm.pow, 2.0, 10.0))

print('-- strings')
libc.strchr.restype, libc.strchr.argtypes = c_char_p, (c_char_p, c_char)
print(libc.strchr(b'abcdef', b'd'), libc.strchr(b'abcdef', b'x'), tried(libc.strchr, 'abc', b'a'), libc.strchr(b'abc', 98))
buf = create_string_buffer(100)
print(libc.snprintf(buf, 100, b'%d %s %.2f %c %ld %x', 5, b'text', c_double(2.5), 65, c_long(1 << 40), 255), buf.value)
print(libc.snprintf(buf, c_size_t(100), b'%g %g %g %g %g %g %g %g %g %g', *[c_double(k / 2) for k in range(10)]), buf.value)
print(libc.snprintf(buf, c_size_t(100), b'%d %d %d %d %d %d %d %d %d', *range(9)), buf.value)
print(libc.swprintf(create_unicode_buffer(20), 20, '%ls!', 'wide'), libc.wcslen('w\xefde'), libc.atoi(b'123'))
libc.strdup.restype = c_void_p
copy = libc.strdup(b'duplicate')
print(string_at(copy), type(copy))
libc.free(c_void_p(copy))
libc.getenv.restype = c_char_p
print(libc.getenv(b'SURELY_NOT_SET'))
libc.sscanf.argtypes = None
n, d = c_int(), c_double()
print(libc.sscanf(b'42 2.5', b'%d %lf', byref(n), byref(d)), n, d, libc.sscanf(b'7', b'%d', pointer(n)), n)

print('-- structs by value')


class Div(Structure):
    _fields_ = [('quot', c_int), ('rem', c_int)]


class LDiv(Structure):
    _fields_ = [('quot', c_long), ('rem', c_long)]


libc.div.restype, libc.ldiv.restype = Div, LDiv
libc.ldiv.argtypes = [c_long, c_long]
r = libc.div(17, 5)
print(r.quot, r.rem, type(r).__name__)
r = libc.ldiv(-10**15, 7)
print(r.quot, r.rem)


class InAddr(Structure):
    _fields_ = [('s_addr', c_uint32)]


libc.inet_ntoa.restype = c_char_p
print(libc.inet_ntoa(InAddr(0x0100007f)))


class Big(Structure):
    _fields_ = [('a', c_long * 5), ('d', c_double)]


class Two(Structure):
    _fields_ = [('f', c_float), ('i', c_int), ('d', c_double)]


got = []


@CFUNCTYPE(c_int, Big, Two, c_int, Two, Div)
def take(big, two, i, three, div):
    got.append((list(big.a), big.d, two.f, two.i, two.d, i, three.d, div.quot, div.rem))
    big.d = 0
    return i + 1


big = Big((1, 2, 3, 4, 5), 6.5)
print(take(big, Two(1.5, 2, 3.5), 7, Two(0, 0, 9.5), Div(8, 9)), got, big.d)

print('-- callbacks')
compare_type = CFUNCTYPE(c_int, POINTER(c_int), POINTER(c_int))
values = (c_int * 8)(5, 3, 8, 1, 9, 2, 7, 4)
libc.qsort(values, len(values), sizeof(c_int), compare_type(lambda a, b: a[0] - b[0]))
print(list(values))
libc.qsort.argtypes, libc.qsort.restype = (c_void_p, c_size_t, c_size_t, compare_type), None
libc.qsort(values, len(values), sizeof(c_int), compare_type(lambda a, b: b.contents.value - a.contents.value))
print(list(values), tried(libc.qsort, values, 8, 4, lambda a, b: 0))
for kind, value in ((c_byte, -5), (c_ubyte, 250), (c_short, -300), (c_ushort, 65000), (c_int, -70000), (c_uint, 4000000000),
                    (c_long, -2**40), (c_ulong, 2**63), (c_float, 0.5), (c_double, 1.25), (c_longdouble, 2.5), (c_char, b'x'),
                    (c_bool, True), (c_void_p, 77), (c_void_p, None), (py_object, 'any'), (c_char_p, b'bytes'),
                    (c_wchar_p, 'wide'), (c_wchar, 'w')):
    back = []
    f = CFUNCTYPE(None, kind)(back.append)
    print(kind.__name__, f(value), back, end=' ')
    if kind not in (c_char_p, c_wchar_p):
        print(CFUNCTYPE(kind, kind)(lambda x: x)(value))
    else:
        print()
print(CFUNCTYPE(c_int, *[c_double] * 10 + [c_int] * 10)(lambda *a: int(sum(a)))(*range(20)))
print(CFUNCTYPE(c_int)(lambda: None.x if 0 else 3)(), tried(CFUNCTYPE(Div, c_int), lambda x: x), tried(CFUNCTYPE(c_int), 'x'),
      tried(CFUNCTYPE, c_int, int), tried(CFUNCTYPE, c_int, bad=1))
inner = CFUNCTYPE(c_int, c_int)(lambda n: n * 2)
outer = CFUNCTYPE(c_int, c_int, CFUNCTYPE(c_int, c_int))(lambda n, f: f(n) + 1)
print(outer(20, inner), CFUNCTYPE(c_int, c_int)(cast(inner, c_void_p).value)(4))

hook, sys.unraisablehook = sys.unraisablehook, lambda u: print('unraisable', u.exc_type.__name__, u.exc_value, '|', u.err_msg)
CFUNCTYPE(c_int, c_int)(lambda n: 1 // n)(0)  # the result is undefined
CFUNCTYPE(c_int)(lambda: 'text')()
CFUNCTYPE(c_int, c_char_p)(lambda s: s.nothing)(b'x')
sys.unraisablehook = hook

print('-- pythonapi style')


def boom(x):
    raise KeyError(x)


print(PYFUNCTYPE(py_object, py_object)(lambda o: [o])(5), PYFUNCTYPE(c_int, c_int)(lambda n: n + 1)(1))

print('-- result types')
libc.abs.restype = lambda n: 'got %d' % n
print(libc.abs(-3))
libc.abs.restype = None
print(libc.abs(-3), libc.abs.restype)
print(tried(setattr, libc.abs, 'restype', 5))


class Checked(c_int):
    def _check_retval_(value):
        return 'checked %d' % value.value


class Sub(c_int):
    pass


libc.abs.restype = Checked
print(libc.abs(-3))
libc.abs.restype = Sub
print(type(libc.abs(-3)).__name__)
del libc.abs.restype
print(libc.abs(-4), libc.abs.restype)
fresh = libc['abs']
print(fresh is libc['abs'], libc.abs is libc.abs, fresh.__name__)

print('-- errcheck')


def check(result, func, args):
    print('  check', result, func.__name__, args)
    return result * 10


fresh.errcheck = check
print(fresh(-7), fresh.errcheck is check, tried(setattr, fresh, 'errcheck', 5))
fresh.errcheck = lambda r, f, a: a
print(fresh(-8))
del fresh.errcheck
print(fresh(-9), fresh.errcheck)


def fail(result, func, args):
    raise OSError('no %d' % result)


fresh.errcheck = fail
print(tried(fresh, -1))

print('-- prototypes with flags')
proto = CFUNCTYPE(c_double, c_double, POINTER(c_int))
frexp = proto(('frexp', libm), ((1, 'x'), (2, 'exp')))
print(frexp(8.0), frexp(x=10.0), tried(frexp), tried(frexp, 1.0, 2.0, 3.0))
modf = CFUNCTYPE(c_double, c_double, POINTER(c_double))(('modf', libm), ((1, 'x', 2.75), (2, 'whole')))
print(modf(), modf(-3.5))
modf.errcheck = lambda r, f, a: (r, a[1].value)
print(modf(5.25))
strtol = CFUNCTYPE(c_long, c_char_p, POINTER(c_char_p), c_int)(('strtol', libc), ((1, 'text'), (2, 'end'), (1, 'base', 10)))
print(strtol(b'12rest'), strtol(b'ff!', base=16), strtol(text=b'7'))
for flags in (((1,),), ((9, 'x'), (1, 'y')), ((2, 'x'), (1, 'y')), (1, 2), [(1, 'x'), (1, 'y')], ((1, 5), (1, 'y'))):
    got = tried(proto, ('frexp', libm), flags)
    print(flags, got if isinstance(got, str) else type(got).__name__)
print(tried(proto, ('nothing', libm)), tried(proto, (1.5, libm)), tried(proto, ('x', 5)), tried(proto, ('x',)), tried(proto, 1, 2, 3))

print('-- arguments')
print(tried(libc.abs, 1.5), tried(libc.abs, []), tried(libc.abs, 1 << 70), tried(libc.abs, object), tried(libc.abs, *range(1025)))


class As:
    def __init__(self, value):
        self._as_parameter_ = value


print(libc.abs(As(-5)), libc.abs(As(As(c_int(-6)))), tried(libc.abs, As(1.5)))
libc.abs.argtypes = [c_int]
print(libc.abs(As(-5)), tried(libc.abs, 'x'), tried(libc.abs), libc.abs(-3, 4), libc.abs.argtypes)
print(tried(setattr, libc.abs, 'argtypes', [5]), tried(setattr, libc.abs, 'argtypes', 5))


class Shouting:
    @classmethod
    def from_param(cls, value):
        return value.upper()


libc.strlen.argtypes = [Shouting]
print(libc.strlen(b'abc'), tried(libc.strlen, 5))
libc.abs.argtypes = None
print(libc.abs(-2), repr(byref(c_int(5)))[:14], byref(c_int(5))._obj)
print(tried(byref, 5), tried(byref, c_int(), 'x'), tried(addressof, 5), tried(sizeof, 5), tried(alignment, 5))

print('-- errno')
lib = CDLL(None, use_errno=True)
set_errno(0)
print(lib.open(b'/surely/not/there', 0), get_errno(), set_errno(33), get_errno())
print(libc.close(-1), get_errno())
seen = []


def other():
    seen.append(get_errno())
    lib.close(-1)
    seen.append(get_errno())


t = threading.Thread(target=other)
t.start()
t.join()
print(seen, get_errno())

print('-- libraries')
print(tried(CDLL, 'libsurely_not_there.so'), tried(lambda: libc.surely_not_there) == tried(lambda: libc.surely_not_there),
      'undefined symbol: surely_not_there' in tried(lambda: libc.surely_not_there), tried(getattr, libc, '__nothing__'))
print(repr(libm).startswith("<CDLL 'libm.so.6', handle "), libm._name, isinstance(libm._handle, int), libm['sqrt'] is libm['sqrt'],
      cdll.LoadLibrary('libm.so.6'), end=' '.join(['', '\n'])) if 0 else print(libm._name)
print(repr(libc.abs).startswith('<_FuncPtr object at 0x'), bool(libc.abs), bool(compare_type()), compare_type.__name__)
print(c_int.in_dll(libc, 'optind').value >= 0, 'surely_not' in tried(c_int.in_dll, libc, 'surely_not'), tried(c_int.in_dll, 5, 'x'))
print(sys.getrefcount(pythonapi) > 0, type(pythonapi).__name__, tried(lambda: pythonapi.PySurelyNot_There).split(':')[0])

print('-- threads')
counts = []
sleepers = [threading.Thread(target=lambda: counts.append(libc.usleep(20000))) for _ in range(4)]
for s in sleepers:
    s.start()
for s in sleepers:
    s.join()
print(counts)
start_type = CFUNCTYPE(c_void_p, c_void_p)
ran = []


@start_type
def started(arg):
    ran.append((arg, threading.current_thread() is not threading.main_thread()))
    return (arg or 0) + 1


handle, result = c_ulong(), c_void_p()
libc.pthread_create.argtypes = [POINTER(c_ulong), c_void_p, start_type, c_void_p]
for n in 5, 6:
    print(libc.pthread_create(byref(handle), None, started, n), libc.pthread_join(handle, byref(result)), ran, result.value)
