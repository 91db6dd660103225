# Every number operation under every failing allocation: MemoryError or success, no crash, no leak.
import binascii
import cmath
import gc
import json
import math
import struct
import time
import zlib
import _random
from _sha256 import sha256
from failing import check

gc.disable()
A, B = 3**1000, -7**400
TEXT = str(A)
DATA = {'a': [1, 2.5, 'x' * 50, None, {'b': True}], 'k' * 30: 10**30}
JSON = json.dumps(DATA)
Z = zlib.compress(b'abc' * 1000)


class I(int):
    pass


class F(float):
    pass


def arithmetic():
    A + B, A - A, A * B, A * A, A // B, A % B, divmod(B, 7), -A, abs(B), ~A, A << 100, B >> 77, A & B, A | B, A ^ B, A / B, A**3, 2**500, 7**90
    pow(A, B & 0xfff, 10**30), pow(3, -1, 2**70 + 1), A < B, A == A + 1, hash(A), A.bit_length(), 2**63 + 1, (2**64) - 2**64, A > 1.5, float(2**70)


def texts():
    str(A), int(TEXT), int('1_0' * 30), int('٣' * 30), hex(A), int(TEXT, 36), A.to_bytes(300, 'big'), int.from_bytes(b'\xff' * 50, 'little', signed=True)
    int(b'123'), int(' 12 '), repr(1.5), float('1e400'), float('0.1' + '0' * 200), complex('1+2j'), (1.5).hex(), float.fromhex('0x1.8p1'), (0.1).as_integer_ratio()


def formats():
    f'{A:,} {A:x} {A:_b} {1e300:.50f} {1.5:>100} {1234567.5:,.2f} {1j:.3f} {5:é^20} {65:c}', '%d %x %.3f %100d' % (A, A, 1.5, 2), format(2.5, '010.3e'), round(A, -50), round(1.23456, 3)


def classes():
    i = I(A)
    i.x = 1
    f = F(2.5)
    f.x = 2
    i + 1, i * i, int(i), f * f, I('12'), F('3'), I(5).real, complex(1, 2) * 2j, (1 + 2j)**2, repr(1 + 2j), abs(3 + 4j), bool(i)


def errors():
    for f in (lambda: 1 // 0, lambda: int('x' * 300), lambda: 'a' + 1, lambda: 1 + 'a', lambda: float('x'), lambda: 10**400 * 1.0, lambda: 1 << -1,
              lambda: struct.pack('b', 300), lambda: json.loads('[1,'), lambda: binascii.unhexlify('x'), lambda: zlib.decompress(b'x'), lambda: math.sqrt(-1)):
        try:
            f()
        except MemoryError:
            raise
        except Exception:
            pass


def modules():
    math.fsum([0.1] * 50), math.hypot(*[1.0] * 20), math.comb(100, 50), math.factorial(50), math.isqrt(A), math.gcd(A, B), math.lcm(A, B), math.prod([A, B, 2]), math.log(A)
    math.dist([1] * 20, [2] * 20), math.perm(30, 20), cmath.sqrt(-1), cmath.polar(1j), math.modf(1.5), math.floor(A)
    struct.unpack('<3sIqd5p', struct.pack('<3sIqd5p', b'abc', 1, -2, 1.5, b'xyz')), list(struct.iter_unpack('H', b'abcd')), struct.calcsize('iiQ')
    binascii.hexlify(b'abc', '-'), binascii.a2b_base64(binascii.b2a_base64(b'abcdef')), binascii.b2a_qp(b'a=b c\n'), binascii.crc32(b'abc')
    sha256(b'abc').hexdigest(), sha256(b'x').copy().digest(), time.gmtime(0), time.strftime('%Y %d', time.gmtime(0)), time.get_clock_info('time'), repr(time.gmtime(0))


def compression():
    c = zlib.compressobj()
    c.compress(b'abc' * 100) + c.flush()
    d = zlib.decompressobj()
    d.decompress(Z, 100), d.copy().flush(), zlib.decompress(Z), zlib.compress(b'x' * 50)


def json_():
    json.loads(JSON), json.dumps(DATA), json.dumps(DATA, sort_keys=True)


def random():
    r = _random.Random(A)
    r.setstate(r.getstate()), r.getrandbits(500), r.random()


for f in arithmetic, texts, formats, classes, errors, modules, compression, json_, random:
    check(f, every=16)
