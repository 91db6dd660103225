# Buffers of ctypes objects, from_buffer, resize, pickling, weak references, collection.
import array
import copy
import gc
import pickle
import weakref
from ctypes import *


def tried(f, *args, **kw):
    try:
        return f(*args, **kw)
    except Exception as e:
        return '%s: %s' % (type(e).__name__, e)


class P(Structure):
    _fields_ = [('x', c_int), ('y', c_short * 2 * 3), ('n', c_char * 4)]


class U(Union):
    _fields_ = [('a', c_int), ('b', c_double)]


for o in (c_int(1), c_char(b'x'), (c_int * 3)(1, 2, 3), (c_double * 2 * 3)(), P(5), (P * 2)(), U(), pointer(c_int()),
          CFUNCTYPE(c_int)(), create_string_buffer(b'abc'), (POINTER(c_int) * 2)(), pointer((c_int * 2)()), c_char_p(b'x'),
          (U * 3)(), py_object(1), c_wchar('x')):
    m = memoryview(o)
    print(type(o).__name__, m.format, m.itemsize, m.ndim, m.shape, m.strides, m.nbytes, m.readonly, m.contiguous)
m = memoryview((c_int * 3)(1, 2, 3)).cast('B')
print(m.tolist())
m = memoryview((c_ubyte * 4)(1, 2, 3, 4))
print(tried(m.tolist), tried(lambda: m[0]), bytes(m))
b = create_string_buffer(b'hello')
memoryview(b).cast('B')[0] = 72
print(b.value, bytearray(b), b''.join([b, b]))

print('-- from_buffer')
ba = bytearray(range(16))
i = c_int.from_buffer(ba, 4)
print(hex(i.value), type(i._objects).__name__)
i.value = -1
print(ba, tried(ba.append, 1))
del i
ba.append(16)
print(len(ba))
arr = array.array('i', [1, 2, 3])
v = (c_int * 3).from_buffer(arr)
v[1] = 99
print(arr.tolist() == [1, 99, 3], {k: type(o).__name__ for k, o in v._objects.items()})
print(tried(c_int.from_buffer, b'abcd'), tried(c_int.from_buffer, bytearray(3)), tried(c_int.from_buffer, bytearray(8), 5),
      tried(c_int.from_buffer, bytearray(8), -1), tried(c_int.from_buffer, 5), tried(c_int.from_buffer, memoryview(bytearray(8))[::2]),
      tried(Structure.from_buffer, bytearray(4)))
print(c_int.from_buffer_copy(b'\1\0\0\0\2\0\0\0', 4).value, tried(c_int.from_buffer_copy, b'abc'), tried(c_int.from_buffer_copy, b'abcd', -1),
      tried(c_int.from_buffer_copy, b'abcd', 1), tried(c_int.from_buffer_copy, 'abcd'), (c_char * 3).from_buffer_copy(b'xyz').value)
p = P.from_buffer_copy(bytes(P(7, ((1, 2), (3, 4), (5, 6)), b'nm')))
print(p.x, [list(r) for r in p.y], p.n)

print('-- resize, addresses')
r = (c_int * 2)(1, 2)
resize(r, 32)
print(sizeof(r), len(r), list(r), sizeof(c_int * 2), tried(resize, r, 4), tried(resize, 5, 4), tried(resize, P.from_buffer(bytearray(64)), 100))
s = c_short(3)
resize(s, 4)
print(sizeof(s), s.value, c_short.from_address(addressof(s)).value)
x = c_int(17)
y = c_int.from_address(addressof(x))
y.value += 1
print(x, y._b_needsfree_, x._b_needsfree_, y._b_base_, tried(c_int.from_address, 'x'))
print(string_at(create_string_buffer(b'foo bar')), string_at(b'foo bar', 3), wstring_at('foo bar'), wstring_at('foo bar', 3), string_at(b'a\0b', 3))
dst = create_string_buffer(8)
print(memmove(dst, b'abcdefg', 3) == addressof(dst), dst.raw, memset(dst, ord('x'), 5) == addressof(dst), dst.raw)

print('-- pickling and copies')
for o in (c_int(5), c_double(1.5), c_char(b'z'), c_longlong(-3), (c_int * 3)(1, 2, 3)):
    d = pickle.loads(pickle.dumps(o)) if 'Array' not in type(o).__name__ else copy.copy(o)
    print(type(d).__name__, bytes(d) == bytes(o), d is o)
P.__module__ = '__main__'
p.note = 'attribute'
for proto in range(pickle.HIGHEST_PROTOCOL + 1):
    d = pickle.loads(pickle.dumps(p, proto))
    print(d.x, [list(r) for r in d.y], d.note)
d = copy.deepcopy(p)
d.x = 1
print(d.x, p.x)
for o in c_char_p(b'x'), pointer(c_int()), c_void_p(), py_object(1), CFUNCTYPE(c_int)():
    print(type(o).__name__, tried(pickle.dumps, o))
print(c_int(3).__reduce__()[1])

print('-- weak references, collection')
o = P(1)
ref = weakref.ref(o)
part = o.y
del o
print(ref() is not None, part._b_base_.x)
del part
print(ref())


class Cyclic(Structure):
    _fields_ = [('me', py_object), ('n', c_int)]


c = Cyclic()
c.me = [c]
ref = weakref.ref(c)
del c
print(ref() is None, gc.collect() > 0, ref() is None)
c = Cyclic()
c.attr = [c]
ref = weakref.ref(c)
del c
gc.collect()
print(ref())


def make():
    def callback(n):
        return callback and n
    f = CFUNCTYPE(c_int, c_int)(callback)
    f.myself = f
    callback.f = f
    return weakref.ref(callback)


ref = make()
gc.collect()
print(ref())
T = c_int * 77
ref = weakref.ref(T)
del T
gc.collect()
print(ref())
print(gc.is_tracked(c_int()), gc.is_tracked(P()))
