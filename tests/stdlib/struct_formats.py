# struct: formats, sizes, errors, Struct objects, buffers
import struct


def show(f, *args, **kw):
    try:
        print(f.__name__, args, '=', repr(f(*args, **kw)))
    except Exception as e:
        print(f.__name__, args, '=', type(e).__name__, e)


for f in ('', 'i', 'ci', 'c0i', '=ci', 'bhilqnP', '<bhilq', '3x', '10s', '5p', 'c?d', ' i  i ', '99999999999999999999i', 'y', '3', '<n', 'i\0', '@x0q'):
    show(struct.calcsize, f)
for c in 'bBhHiIlLqQnN':
    for order in '@<>':
        if order != '@' and c in 'nN':
            continue
        for v in (0, 127, -128, 255, 65535, -32769, 2**31 - 1, 2**32, -1, 2**63 - 1, 2**64 - 1, 2**64, -2**63 - 1, 1.5, 'a'):
            show(struct.pack, order + c, v)
for order in '<>':
    for v in (0.0, 1.5, -2.25, 65504.0, 1e-7, 65520.0, 1e39, float('inf'), 3, 'a'):
        for c in 'efd':
            show(struct.pack, order + c, v)
for args in (('c', b'a'), ('c', 'a'), ('c', b'ab'), ('s', b'abc'), ('5s', b'abc'), ('5s', 'abc'), ('5p', b'abcdefg'), ('3p', b'a'), ('?', []), ('?', [1]), ('P', 1), ('P', -1),
             ('2i', 1), ('2i', 1, 2), ('ix', 1), ('xi', 1), (b'>H', 258), (5,), ()):
    show(struct.pack, *args)
show(struct.unpack, '<bBhHiIqQ', bytes(range(200, 230)))
show(struct.unpack, '>bBhHiIqQ', bytes(range(200, 230)))
show(struct.unpack, '>3s2p?xefd', bytes(range(1, 22)))
show(struct.unpack, '>3s2p?xefd', bytes(range(1, 21)))
show(struct.unpack, 'i', bytearray(b'\1\0\0\0'))
print(struct.unpack('i', memoryview(b'\1\0\0\0')))
show(struct.unpack, 'i', 'abcd')
for off in (0, 2, -4, -2, -20, 5):
    show(struct.unpack_from, '<H', b'\1\2\3\4\5', off)
buf = bytearray(8)
for off in (0, 6, -2, -1, -9, 7):
    show(struct.pack_into, '<H', buf, off, 0x4142)
    print(buf)
show(struct.pack_into, '<H', b'aaaa', 0, 1)
show(struct.pack_into, '<H', buf)
show(struct.pack_into, '<H', buf, 0)
print(list(struct.iter_unpack('<HB', bytes(range(9)))))
show(struct.iter_unpack, '<HB', b'1234')
show(struct.iter_unpack, '', b'')
it = struct.iter_unpack('B', b'abc')
print(it.__length_hint__(), next(it), it.__length_hint__(), list(it), it.__length_hint__())
s = struct.Struct('>hh')
print(s.size, s.format, s.pack(1, -2), s.unpack(b'\0\1\0\2'), s.unpack_from(b'xx\0\1\0\2', offset=2), list(s.iter_unpack(b'\0\1\0\2' * 2)))
s.pack_into(buf, 1, 3, 4)
print(buf, struct.error.__name__, struct.error.__module__, issubclass(struct.error, Exception))
show(struct.Struct, 1)
show(s.pack, 1)
show(s.unpack, b'')
