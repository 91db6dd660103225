# Arrays and pointers: items, slices, strings, casts, what they keep alive.
import _ctypes
from ctypes import *


def tried(f, *args, **kw):
    try:
        return f(*args, **kw)
    except Exception as e:
        return '%s: %s' % (type(e).__name__, e)


A = c_int * 5
a = A(1, 2, 3)
print(A, len(a), list(a), a[:], a[1:4], a[::-1], a[::2], a[10:], a[-1], sizeof(a), A._length_, A._type_, A is c_int * 5, A is 5 * c_int)
a[1], a[-1] = 20, 50
a[2:4] = [7, 8]
a[::2] = (0, 0, 0)
print(list(a), 8 in a, list(reversed(a)), sum(a))
for i in (5, -6, 'x', 1.5, None):
    print(repr(i), tried(a.__getitem__, i), tried(a.__setitem__, i, 1))
print(tried(a.__setitem__, 0, 'x'), tried(a.__setitem__, slice(0, 2), [1]), tried(a.__delitem__, 0), tried(A, *range(6)),
      tried(a.__setitem__, slice(0, 1), 5), tried(A, 1, 'x'))
print(tried(lambda: c_int * -1), tried(lambda: c_int * 'a'), tried(lambda: c_int * 2.0), tried(lambda: c_int * (1 << 62)), (c_int * 0)()[:])
grid = (c_int * 3 * 2)((1, 2, 3), (4, 5, 6))
print([list(r) for r in grid], grid[1][2], type(grid[0]).__name__, type(grid).__name__, memoryview(grid).shape, memoryview(grid).cast('B').nbytes)
row = grid[1]
row[0] = 44
print(grid[1][0], row._b_base_ is grid, row._b_needsfree_, grid._b_needsfree_)

print('-- characters')
c = (c_char * 6)(*b'hello')
print(c.value, c.raw, c[0], c[1:3], c[::-1], len(c), list(c))
c.value = b'hi'
print(c.value, c.raw)
c.raw = b'abcdef'
print(c.value, c.raw, tried(setattr, c, 'value', b'1234567'), tried(setattr, c, 'raw', b'1234567'), tried(setattr, c, 'value', 'x'),
      tried(delattr, c, 'value'), tried(delattr, c, 'raw'), tried(c.__setitem__, 0, b'ab'))
w = create_unicode_buffer('h\xe9\U0001f600', 6)
print(ascii(w.value), len(w), w[0], ascii(w[:]), ascii(w[::-2]), sizeof(w))
w.value = 'xy'
print(w.value, ascii(w[:]), tried(setattr, w, 'value', 'x' * 7), tried(setattr, w, 'value', b'x'))
print(create_string_buffer(3).raw, create_string_buffer(b'abc').raw, create_string_buffer(b'abc', 2).raw if 0 else '',
      tried(create_string_buffer, b'abc', 2), tried(create_string_buffer, 'abc'), tried(create_string_buffer, None),
      tried(create_unicode_buffer, b'x'), create_unicode_buffer(3)[:] == '\0\0\0')

print('-- classes')
for body in ({}, {'_length_': 2}, {'_type_': c_int}, {'_length_': -1, '_type_': c_int}, {'_length_': 'x', '_type_': c_int},
             {'_length_': 2, '_type_': int}, {'_length_': 1 << 70, '_type_': c_int}, {'_length_': 1 << 62, '_type_': c_int}):
    print(sorted(body), tried(type(Array), 'T', (Array,), body))


class Three(Array):
    _type_ = c_short
    _length_ = 3

    def total(self):
        return sum(self)


print(Three(1, 2, 3).total(), sizeof(Three), tried(Array), Array[int], type(Array))

print('-- pointers')
i = c_int(42)
p = pointer(i)
print(type(p), p.contents, p.contents.value, p[0], bool(p), bool(POINTER(c_int)()), p.contents is p.contents)
p[0] = 7
p.contents.value += 1
print(i, p._objects, p.contents._b_base_ is p)
p.contents = c_int(99)
print(i, p[0], p._objects)
q = cast(a, POINTER(c_int))
print(q[0:5], q[4:0:-2], q[1], [q[k] for k in range(3)])
q[2] = 1234
print(a[2], tried(q.__getitem__, slice(None, None)), tried(q.__getitem__, slice(None, 3, -1)), tried(q.__getitem__, slice(0, 3, 0)), q[:2])
null = POINTER(c_int)()
print(tried(lambda: null.contents), tried(lambda: null[0]), tried(null.__setitem__, 0, 1), tried(null.__delitem__, 0),
      tried(q.__getitem__, 'x'), type(tried(POINTER(c_int), c_long(3))).__name__, tried(POINTER(c_int), 5), tried(setattr, q, 'contents', 5),
      tried(delattr, q, 'contents'), tried(POINTER(c_int), i, i))
s = cast(c_char_p(b'hello'), POINTER(c_char))
print(s[0], s[:5], s[4::-1] if 0 else s[4:0:-1])
ws = cast(c_wchar_p('hello'), POINTER(c_wchar))
print(ws[0], ws[:5], ws[0:5:2])
print(POINTER(c_int) is POINTER(c_int), POINTER(None), POINTER(c_int)._type_, tried(POINTER, 5), POINTER(POINTER(c_int)).__name__)
pp = pointer(p)
print(pp.contents.contents.value, pp[0][0])
Incomplete = POINTER('Later')
print(Incomplete, tried(Incomplete))


class Later(Structure):
    _fields_ = [('next', Incomplete), ('v', c_int)]


SetPointerType(Incomplete, Later)
later = Later()
later.next = pointer(later)
later.v = 5
print(later.next.contents.v, POINTER(Later) is Incomplete)


class Bare(_ctypes._Pointer):
    pass


print(tried(Bare), tried(type('X', (_ctypes._Pointer,), {'_type_': c_int}), 3))
print(tried(type(Bare), 'Y', (_ctypes._Pointer,), {'_type_': 5}), tried(type(Bare), 'Y', (_ctypes._Pointer,), {'_type_': int}))

print('-- cast')
print(cast(q, c_void_p).value == addressof(a), cast(0, c_void_p).value, cast(None, c_char_p).value, cast(b'abc', c_char_p).value)
print(cast(cast(pointer(i), c_void_p), POINTER(c_int)).contents.value, tried(cast, i, c_int), tried(cast, i, 5), tried(cast, 1.5, c_void_p),
      tried(cast, pointer(i), None))
mem = (c_ubyte * 8)(1, 0, 0, 0, 2, 0, 0, 0)
print(cast(mem, POINTER(c_int))[:2], cast(mem, POINTER(c_long)).contents.value == 1 + (2 << 32))
ci = cast(pointer(i), POINTER(c_int))
print(sorted(map(str, (type(k).__name__ for k in ci._objects))))

print('-- what is kept')


class T(Structure):
    _fields_ = [('s', c_char_p), ('n', c_int), ('p', POINTER(c_int)), ('in_', c_char_p * 2)]


t = T(b'first', 3)
print(t._objects)
t.p = pointer(c_int(5))
t.in_[1] = b'second'
print({k: v if isinstance(v, bytes) else type(v).__name__ for k, v in t._objects.items()})
ts = (T * 2)()
ts[1].s = b'deep'
ts[1].in_[0] = b'deeper'
print(ts._objects, ts[1]._objects, ts[1]._b_base_ is ts)
strings = (c_char_p * 3)(b'a', b'b')
strings[2] = b'c'
print(strings[:], strings._objects)
arr = (c_int * 3)(1, 2, 3)
t.p = arr
print(t.p[2], tried(setattr, t, 'p', (c_short * 3)()), tried(setattr, t, 'p', i))
