# Structures and unions: layout, packing, bit fields, anonymous members, byte order, initialisation, errors.
from ctypes import *


def tried(f, *args, **kw):
    try:
        return f(*args, **kw)
    except Exception as e:
        return '%s: %s' % (type(e).__name__, e)


def show(cls):
    print(cls.__name__, sizeof(cls), alignment(cls), memoryview(cls()).format)
    for c in reversed(cls.__mro__):
        for field in c.__dict__.get('_fields_', ()):
            print('   ', field[0], getattr(cls, field[0]))


class Plain(Structure):
    _fields_ = [('c', c_char), ('i', c_int), ('b', c_byte), ('d', c_double), ('s', c_short), ('p', c_void_p), ('ld', c_longdouble)]


class Packed1(Structure):
    _pack_ = 1
    _fields_ = Plain._fields_


class Packed2(Structure):
    _pack_ = 2
    _fields_ = Plain._fields_


class Nested(Structure):
    _fields_ = [('a', Plain), ('arr', c_short * 3), ('grid', c_int * 2 * 3), ('name', c_char * 5), ('wide', c_wchar * 3),
                ('ptr', POINTER(c_int)), ('fn', CFUNCTYPE(c_int, c_int))]


class Empty(Structure):
    pass


class EmptyFields(Structure):
    _fields_ = []


class Derived(Nested):
    _fields_ = [('more', c_byte)]


class U(Union):
    _fields_ = [('i', c_uint32), ('b', c_ubyte * 4), ('d', c_double), ('c3', c_char * 13)]


for cls in Plain, Packed1, Packed2, Nested, Derived, U, Empty, EmptyFields:
    show(cls)

print('-- bit fields')


class Bits(Structure):
    _fields_ = [('a', c_int, 3), ('b', c_int, 5), ('c', c_uint, 30), ('d', c_short, 4), ('e', c_byte, 4), ('f', c_byte, 5),
                ('g', c_longlong, 40), ('h', c_longlong, 30), ('i', c_ubyte), ('j', c_bool, 1)]


class Mixed(Structure):
    _fields_ = [('A', c_short, 4), ('B', c_int, 4), ('C', c_long, 10), ('D', c_byte, 8)]


class BigBits(BigEndianStructure):
    _fields_ = [('a', c_uint, 3), ('b', c_uint, 5), ('c', c_uint, 24), ('d', c_ushort, 12)]


for cls in Bits, Mixed, BigBits:
    show(cls)
x = Bits()
for name, value in zip('abcdefghij', (3, -9, 2**31 + 7, -8, 7, -1, 2**39 - 1, -5, 300, 5)):
    setattr(x, name, value)
    print(name, getattr(x, name), bytes(x).hex())
y = BigBits(5, 17, 0xabcdef, 0x123)
print(bytes(y).hex(), y.a, y.b, y.c, y.d)
for field in (('x', c_float, 3), ('x', c_int, 0), ('x', c_int, 33), ('x', c_int, -1), ('x', c_char, 2), ('x', c_wchar, 2),
              ('x', c_void_p, 2), ('x', c_int * 2, 2), ('x', c_int, 'y'), ('x', c_char_p, 1)):
    print(repr(field[1].__name__), field[2], tried(type(Structure), 'B', (Structure,), {'_fields_': [field]}))

print('-- initialisation')
p = Plain(b'x', 1, 2, 3.5)
print(p.c, p.i, p.b, p.d, p.s, p.p, p.ld)
print(tried(Plain, b'x', 1, i=3), tried(Plain, *range(9)), tried(Plain, nothing=3).nothing, Plain(d=2).d)
print(tried(Plain, 'x'), tried(Plain, b'x', 'y'))
d = Derived(more=3, name=b'abc', wide='xy', arr=(1, 2, 3), a=(b'q', 9))
print(d.more, d.name, d.wide, list(d.arr), d.a.c, d.a.i, [list(r) for r in d.grid], bool(d.ptr))
print(tried(setattr, d, 'name', b'toolong'), tried(setattr, d, 'name', 'str'), tried(setattr, d, 'wide', 'long'),
      tried(setattr, d, 'arr', (1, 2, 3, 4)), tried(setattr, d, 'a', 5), tried(setattr, d, 'a', (b'q', 'bad')),
      tried(setattr, d, 'ptr', 5), tried(setattr, d, 'grid', [1]), tried(setattr, d, 'a', U()), tried(delattr, d, 'more'))
d.name = b'12345'
print(d.name, bytes(d.name))
d.name = b'a\0b'
print(d.name)
d.grid[1][0] = 77
d.grid[2] = (5, 6)
print([list(r) for r in d.grid], d.grid[1]._b_base_._b_base_ is d)
d.extra = 'ok'
print(d.extra, d.__dict__)

print('-- unions')
u = U(0x01020304)
print(list(u.b), u.i)
u.b[0] = 255
print(hex(u.i), u.c3[:2])
print(tried(U, 1, 2))


class InUnion(Structure):
    class _U(Union):
        class _S(Structure):
            _fields_ = [('lo', c_ushort), ('hi', c_ushort)]
        _anonymous_ = ('parts',)
        _fields_ = [('whole', c_uint), ('parts', _S)]
    _anonymous_ = ['u']
    _fields_ = [('tag', c_int), ('u', _U)]


v = InUnion(1)
v.whole = 0x11223344
print(hex(v.lo), hex(v.hi), v.u.parts.hi == v.hi, InUnion.lo, InUnion.whole, InUnion.hi.offset, InUnion.hi.size)
v.hi = 0xabcd
print(hex(v.whole))
for body in ({'_anonymous_': ['x'], '_fields_': [('y', c_int)]}, {'_anonymous_': 5, '_fields_': []},
             {'_anonymous_': ['y'], '_fields_': [('y', c_int)]}, {'_pack_': -1, '_fields_': []}, {'_pack_': 'a', '_fields_': []},
             {'_fields_': 5}, {'_fields_': [5]}, {'_fields_': [('a',)]}, {'_fields_': [('a', int)]}, {'_fields_': [(5, c_int)]},
             {'_fields_': [('a', c_int, 1, 2)]}, {'_fields_': ['ab']}):
    print(body, '->', str(tried(type(Structure), 'B', (Structure,), body)).replace(' at 0x', ' '))

print('-- completing later, finality')


class Node(Structure):
    pass


Node._fields_ = [('value', c_int), ('next', POINTER(Node))]
third, second = Node(3), Node(2)
first = Node(1, pointer(second))
second.next = pointer(third)
walk, seen = first, []
while walk:
    seen.append(walk.value)
    walk = walk.next.contents if walk.next else None
print(seen)
print(tried(setattr, Node, '_fields_', []))


class Self(Structure):
    pass


print(tried(setattr, Self, '_fields_', [('me', Self)]))


class Used(Structure):
    pass


Used()
print(tried(setattr, Used, '_fields_', [('a', c_int)]))


class Sub(Plain):
    pass


print(sizeof(Sub) == sizeof(Plain), Sub(b'y').c, tried(setattr, Plain, '_fields_', []))

print('-- byte order')


class Big(BigEndianStructure):
    _fields_ = [('h', c_ushort), ('i', c_int), ('arr', c_short * 2), ('d', c_double), ('b', c_byte)]


class BigU(BigEndianUnion):
    _fields_ = [('i', c_uint), ('h', c_ushort)]


b = Big(1, 2, (3, 4), 1.0, 5)
print(bytes(b).hex(), b.h, b.i, list(b.arr), b.d, memoryview(b).format, Big.h, Big.__base__)
bu = BigU(0x01020304)
print(hex(bu.h), bytes(bu).hex(), LittleEndianStructure is Structure, LittleEndianUnion is Union)
print(tried(type(BigEndianStructure), 'B', (BigEndianStructure,), {'_fields_': [('p', c_char_p)]}))

print('-- fields')
print(Plain.i, tried(Plain.i.__get__, 5), Plain.i.__get__(None, Plain) is Plain.i, Plain.i.offset, Plain.i.size,
      tried(setattr, Plain.i, 'offset', 3), tried(type(Plain.i)), type(Plain.i))
print(Structure.__doc__, Union.__doc__, type(Structure), type(Union), tried(Structure), tried(Union))


class WithMethods(Structure):
    _fields_ = [('x', c_int), ('y', c_int)]

    def __init__(self, x, y=5):
        super().__init__(x * 2, y)

    def __eq__(self, other):
        return (self.x, self.y) == (other.x, other.y)

    @property
    def total(self):
        return self.x + self.y


w = WithMethods(4)
print(w.x, w.y, w.total, w == WithMethods(4), w != WithMethods(1))
