# Simple C types: ranges, conversions, errors, byte orders, subclasses.
import ctypes
from ctypes import *


def tried(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return '%s: %s' % (type(e).__name__, e)


for kind in (c_byte, c_ubyte, c_short, c_ushort, c_int, c_uint, c_long, c_ulong, c_longlong, c_ulonglong, c_size_t,
             c_ssize_t, c_bool, c_float, c_double, c_longdouble, c_char, c_wchar, c_char_p, c_wchar_p, c_void_p, py_object,
             c_int8, c_uint16, c_int32, c_uint64):
    print(kind.__name__, kind._type_, sizeof(kind), alignment(kind), type(kind).__name__,
          memoryview(kind()).format, memoryview(kind()).itemsize, memoryview(kind()).ndim)

print('-- values')
for kind in c_byte, c_ubyte, c_short, c_ushort, c_int, c_uint, c_long, c_ulong:
    print(kind.__name__, [kind(v).value for v in (0, 1, -1, 127, 128, 255, 256, 65535, 2**31, 2**32 + 5, -2**63, 2**64 + 3,
                                                  -2**70 - 1, True)])
for kind in c_float, c_double, c_longdouble:
    print(kind.__name__, [kind(v).value for v in (0, 1, 0.1, -2.5, 1e40, float('inf'), True)])
print([c_bool(v).value for v in (0, 1, 2, '', 'x', None, [])], c_bool(3), bool(c_bool(0)))
print(c_char(b'a'), c_char(65), c_char(bytearray(b'z')), c_wchar('\u20ac').value == '\u20ac', c_wchar('\U0001f600').value)
print(c_char_p(b'abc').value, c_char_p(None).value, c_char_p().value, c_wchar_p('abc').value, c_wchar_p(None).value)
print(c_void_p(0).value, c_void_p(5).value, c_void_p(-1).value, c_void_p(None), c_void_p(1 << 64 | 9).value)
print(py_object([1]), py_object(None).value, py_object())


class Index:
    def __index__(self):
        return 300


class Floaty:
    def __float__(self):
        return 2.5


print(c_ubyte(Index()).value, c_double(Floaty()).value, c_double(Index()).value)

print('-- errors')
for kind, value in ((c_int, 1.5), (c_int, '1'), (c_int, None), (c_float, 'a'), (c_double, None), (c_char, b'ab'),
                    (c_char, 'a'), (c_char, 256), (c_char, -1), (c_wchar, 'ab'), (c_wchar, b'a'), (c_char_p, 'a'),
                    (c_char_p, 1.5), (c_wchar_p, b'a'), (c_void_p, 'a'), (c_void_p, 1.5), (c_longdouble, []),
                    (c_double, 10**400)):
    print(kind.__name__, repr(value)[:10], '->', tried(kind, value))
print(tried(c_int, 1, 2))
print(tried(py_object().__class__.value.__get__, py_object()))


def delete():
    i = c_int()
    del i.value


print(tried(delete), tried(hash, c_int()))
for body in ({}, {'_type_': 3}, {'_type_': 'ab'}, {'_type_': ''}, {'_type_': 'y'}, {'_type_': 'X'}, {'_type_': '\xe9'}):
    print(body, '->', tried(type(c_int), 'K', (c_int.__mro__[1],), body))
print(tried(c_int.__mro__[1]), tried(c_int.__mro__[2]))

print('-- repr, truth, equality')
print(c_int(5), c_double(1.5), c_char(b'x'), c_wchar('y'), c_bool(True), c_longdouble(2))
print([bool(x) for x in (c_int(0), c_int(2), c_char(b'\0'), c_char(b'0'), c_double(-0.0), c_char_p(None), c_char_p(b''),
                         c_void_p(0), c_void_p(1), py_object())])
print(c_int(1) == c_int(1))


class MyInt(c_int):
    def twice(self):
        return self.value * 2


m = MyInt(21)
print(m.twice(), repr(m).startswith('<MyInt object at 0x'), isinstance(m, c_int), MyInt.__mro__[1:3])
m.note = 'kept'
print(m.note, m.__dict__)


class S(Structure):
    _fields_ = [('mine', MyInt), ('plain', c_int)]


s = S(MyInt(3), 4)
print(type(s.mine).__name__, s.mine.value, type(s.plain).__name__, type((MyInt * 2)()[0]).__name__)

print('-- parameters')
for kind, value in ((c_int, 3), (c_int, c_int(4)), (c_int, 'x'), (c_int, c_long(3)), (c_double, 2), (c_double, '2'),
                    (c_char_p, None), (c_char_p, b'abc'), (c_char_p, 'abc'), (c_char_p, 5), (c_wchar_p, 'abc'), (c_wchar_p, b'a'),
                    (c_void_p, 7), (c_void_p, None), (c_void_p, 1.5), (c_bool, 5), (c_char, b'q'), (c_byte, -3), (c_ushort, 70000),
                    (py_object, 5), (c_long, 1 << 40), (c_float, 0.5), (c_char, b'\n'), (c_char, 200)):
    got = tried(kind.from_param, value)
    text = repr(got)
    print(kind.__name__, repr(value).split(' at ')[0], '->', text.split('(0x7')[0].split(' at ')[0].split("(0x5")[0])


class AsParameter:
    _as_parameter_ = 11


class Loop:
    pass


loop = Loop()
loop._as_parameter_ = loop
print(c_int.from_param(AsParameter()), tried(c_char_p.from_param, AsParameter()))
try:
    c_int.from_param(loop)
except RecursionError as e:
    print('RecursionError')
print(type(c_char_p.from_param((c_char * 4)())).__name__, type(c_char_p.from_param(byref(c_char()))).__name__,
      tried(c_char_p.from_param, (c_byte * 4)()), type(c_void_p.from_param((c_int * 2)())).__name__,
      type(c_wchar_p.from_param((c_wchar * 4)())).__name__, tried(c_wchar_p.from_param, (c_char * 4)()),
      type(c_void_p.from_param(c_char_p(b'x'))).__name__, tried(c_char_p.from_param, c_void_p(3)))

print('-- byte orders')
for kind in c_short, c_ushort, c_int, c_uint, c_long, c_ulong, c_float, c_double:
    be, le = kind.__ctype_be__, kind.__ctype_le__
    value = be(1)
    print(kind.__name__, le is kind, be is kind, bytes(value), bytes(le(1)), value.value, be.__ctype_le__ is kind,
          be.__ctype_be__ is be, memoryview(value).format, be.__name__, be(-2).value)
print(hasattr(c_char_p, '__ctype_be__'), c_byte.__ctype_be__ is c_byte, hasattr(c_bool, '__ctype_be__'),
      hasattr(c_longdouble, '__ctype_be__'))

print('-- attributes')
print(c_int._b_base_, c_int().__class__, c_int()._b_base_, c_int()._b_needsfree_, c_int()._objects, c_int(3).__ctypes_from_outparam__(),
      type(MyInt(3).__ctypes_from_outparam__()).__name__)
print(c_int.__module__, c_int.__qualname__, c_longlong is c_long, c_voidp is c_void_p, ctypes.__version__)
