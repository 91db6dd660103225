# ctypes: simple types, structures, arrays, pointers, functions of libc, callbacks.
import ctypes, sys
from ctypes import *
x = [1,2]
y = x
print(c_long.from_address(id(x)).value, sys.getrefcount(x)-1)
print(c_size_t.from_address(id(x)).value, c_ssize_t.from_address(id(x)).value, c_uint32.from_address(id(x)).value)
print(cast(id(x), py_object).value is x)
print(sizeof(c_int), sizeof(c_long), sizeof(c_char), sizeof(c_double), sizeof(c_void_p))
i = c_int(42); print(i, i.value, addressof(i) != 0)
i.value = -7; print(i.value, c_ubyte(300).value, c_byte(200).value)
A = c_int * 5
a = A(1,2,3); print(list(a), len(a), a[1:3], A.__name__); a[4] = 9; print(a[-1], sizeof(a))
class P(Structure):
    _fields_ = [('x', c_int), ('y', c_double), ('c', c_char), ('arr', c_short * 3)]
p = P(1, 2.5, b'z'); p.arr[1] = 7
print(sizeof(P), p.x, p.y, p.c, list(p.arr), P.y.offset, P.y)
class U(Union):
    _fields_ = [('i', c_uint32), ('b', c_ubyte * 4)]
u = U(); u.i = 0x01020304; print(list(u.b))
b = create_string_buffer(b'hello', 10); print(b.raw, b.value, sizeof(b)); b.value = b'hi'; print(b.value)
print(string_at(b), string_at(addressof(b), 4))
pp = pointer(i); print(pp.contents.value, pp[0]); pp[0] = 99; print(i.value, bool(POINTER(c_int)()))
libc = CDLL(None)
print(libc.abs(-5), libc.strlen(b'four'), libc.getpid() > 0)
libc.sqrt = None
m = CDLL('libm.so.6'); m.sqrt.restype = c_double; m.sqrt.argtypes = [c_double]; print(m.sqrt(2.0))
m.pow.restype = c_double; m.pow.argtypes = [c_double, c_double]; print(m.pow(2, 10))
libc.atoi.argtypes = [c_char_p]; print(libc.atoi(b'123'))
libc.getenv.restype = c_char_p; print(libc.getenv(b'HOME') is not None)
memset(addressof(b), 65, 3); print(b.value); memmove(b, b'xyz', 3); print(b.value)
ba = bytearray(b'\x01\x00\x00\x00'); ci = c_int.from_buffer(ba); ci.value = 258; print(ba)
print(c_int.from_buffer_copy(b'\x05\0\0\0').value)
