# int: construction, arithmetic, subclasses, texts of errors
def show(f, *args):
    try:
        r = f(*args)
        print(type(r).__name__, repr(r))
    except Exception as e:
        print(type(e).__name__, e)


# small and big meet at 64 bits
for n in (2**63 - 1, 2**63, -2**63, -2**63 - 1, 2**64, 2**62, -1, 0):
    print(n, n + 1, n - 1, -n, ~n, n * 2, n >> 1, n << 1, n // 3, n % 3, n // -3, n % -3, abs(n), n * n, hash(n))
zero = 2**64
print(zero - zero is 0 * zero, (2**70 >> 62) == 256)
print(-7 // 2, -7 % 2, 7 // -2, 7 % -2, divmod(-7, 2), divmod(-2**100, 7), divmod(2**100, -2**50 - 1))
print(2**200 & -2**100, -2**200 | 2**100, -2**150 ^ -2**64, ~(2**64), -1 >> 100, -2**100 >> 99, -2**100 >> 200)
print(2**1000 == 2.0**1000, 2**1000 + 1 > 2.0**1000, 2**53 + 1 == float(2**53 + 1), 10**400 > float('inf'), -10**400 < float('-inf'))
print(pow(3, 1000, 10**9 + 7), pow(3, -1, 7), pow(-3, 5, -7), pow(2**70, 2**70, 2**61 - 1), pow(0, 0, 1), pow(0, 0))
print(3**200, (-3)**201, (-1)**(2**80), 1**(2**80), 0**5, 2**-2, (-2)**-1)
print((10**50) / (10**49), 1 / 3, 2**2000 / 2**1999, (2**1074 + 1) / 2**2148, 5 / 2**1080)
for n in (0, 1, -1, 2**31, -2**63, 2**63, 2**200 - 1, -2**200):
    print(n.bit_length(), n.bit_count(), bin(n), oct(n), hex(n), n.as_integer_ratio(), n.to_bytes(26, 'little', signed=True).hex())
for b in (b'', b'\x00', b'\xff', b'\x80\x00', b'\x7f' * 9, b'\xff' * 17):
    print(int.from_bytes(b, 'big'), int.from_bytes(b, 'little', signed=True), int.from_bytes(b))
for s in ('12', ' -12 ', '+0', '0x1f', '0b1_0', '0o17', '1_000', '1__0', '_1', '1_', '', ' ', '- 1', '١٢', '1.0', 'z', '0x', '0_7', '00', '07'):
    for base in (10, 0, 16, 36):
        try:
            print(repr(s), base, int(s, base))
        except ValueError as e:
            print(e)
for args in (('1', 1), ('1', 37), (1.5, 10), ('',), (None,), ([],), (float('nan'),), (float('inf'),), (b'12',), (bytearray(b'1x'),), (1 + 2j,)):
    show(int, *args)
for f in (lambda: 1 << -1, lambda: 1 >> -1, lambda: 1 // 0, lambda: 1 % 0, lambda: 1 / 0, lambda: divmod(1, 0), lambda: pow(2, -1, 4),
          lambda: pow(2, 3, 0), lambda: 0**-1, lambda: 10**400 * 1.0, lambda: 10**400 / 3, lambda: int('1' * 4301), lambda: str(10**4300),
          lambda: 1 + '1', lambda: '1' + 1, lambda: 1 - [], lambda: 1 << 1.0, lambda: ~1.0, lambda: -'', lambda: +[], lambda: abs(()),
          lambda: [] * [], lambda: 'a' * 1.0, lambda: 2**70 * [1], lambda: pow(2, 2, 2.0), lambda: pow(2.0, 2, 2), lambda: 1 @ 2,
          lambda: (300).to_bytes(1), lambda: (-1).to_bytes(1), lambda: (1).to_bytes(-1), lambda: (1).to_bytes(1, 'x'), lambda: int.from_bytes('a'),
          lambda: int.from_bytes([1, 300]), lambda: int(x=1), lambda: int(1, 2, 3), lambda: round(1, 'a'), lambda: [1][2**70]):
    show(f)
for n in (5, 15, 25, 35, -5, -15, 149, 150, 151, 2**70, 10**30 + 5):
    print([round(n, d) for d in (2, 0, -1, -2, -3, -30, -31, -100)])


class I(int):
    def __add__(self, other):
        return I(int(self) + other)

    def __repr__(self):
        return f'I({int(self)})'


class J(int):
    __slots__ = ()

    def __radd__(self, other):
        return 'radd'


a = I(2**100)
a.attr = [1]
print(a, a + 1, type(a * 2), a.attr, a == 2**100, hash(a) == hash(2**100), isinstance(a, int), int(a), a.real, -a, +a, ~a)
print(1 + J(2), J(2) + 1, I(5) + 3, [I(3)], {I(3): 1}[3], J(2**80) >> 70, bool(J(0)), I('ff', 16), I.from_bytes(b'\1\0'))


class T:
    def __init__(self, v):
        self.v = v

    def __index__(self):
        return self.v

    __int__ = __index__


show(int, T(5))
show(int, T('5'))
show(hex, T(255))
show(hex, T(2.5))
show(lambda: [1, 2, 3][T(1)])
show(lambda: 2 ** T(3))
print(True + True, True & False, True | 2, True ^ True, ~True, bool('x'), bool(), True.real, int(True), isinstance(True, int), repr(False))
show(bool, 1, 2)
show(lambda: type('B', (bool,), {}))
print((5).__add__('x'), (5).__radd__(2), (5).__divmod__(3), (5).__pow__(2, 3), (5).__rpow__(2), (5).__lt__(6), (5).__eq__('a'))
print((7).numerator, (7).denominator, (7).imag, (7).conjugate(), (7).__trunc__(), (7).__floor__(), (7).__ceil__(), (7).__index__(), (7).__float__())
