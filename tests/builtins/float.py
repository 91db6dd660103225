# float and complex: repr, rounding, comparison with ints, hex, texts of errors
def show(f, *args):
    try:
        r = f(*args)
        print(type(r).__name__, repr(r))
    except Exception as e:
        print(type(e).__name__, e)


inf, nan = float('inf'), float('nan')
values = [0.0, -0.0, 1.0, -1.5, 0.1, 1e16, 1e15, 123456789012345680.0, 9999999999999998.0, 1e-4, 1e-5, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308,
          2.0**53, 1 / 3, 100.0, 1e22, 1e23, 4.35, 0.3, 2.675, inf, -inf, nan]
for v in values:
    print(v, v.hex(), v.is_integer(), bool(v), v.real, v.imag, -v, abs(v), float.fromhex(v.hex()))
    if v == v:
        print(hash(v), v == v, v < 1, v >= 0)
for v in (0.5, 1.5, 2.5, -0.5, -1.5, 2.675, 1.005, 1e22, 12345.6789, 5e-324, 1.7e308):
    print([round(v, d) for d in (0, 1, 2, 3, -1, -2, -3, -5, 20, 400, -400)], round(v) if v < 1e300 else '')
for s in ('1', ' 1.5 ', '1e5', '1E-5', '.5', '5.', '1_0.2_5', '1__0', '_1', 'inf', '-Infinity', 'nan', '+nan', 'infin', '1e', 'e5', '', '0x1', '٣.٥', '1e400', '1e-400',
          '2.4703282292062327e-324', '2.4703282292062328e-324', '179769313486231580793728971405301e276', '0.1' + '0' * 200 + '1'):
    show(float, s)
for s in ('0x1p0', '1.8', '0X.8P1', '-0x1.fffffffffffffp1023', '0x1p-1074', '0x1p-1075', '0x1.8p-1075', '0x1p1024', 'inf', '-nan', 'x', '0x', '1p', ' 0x1p3 ',
          '0x1.00000000000008p0', '0x1.00000000000018p0', '0x1.000000000000081p0'):
    show(float.fromhex, s)
for f in (lambda: 1.0 / 0, lambda: 1.0 // 0, lambda: 1.0 % 0, lambda: divmod(1.0, 0), lambda: 0.0**-1, lambda: 1e200**2, lambda: (-8.0)**(1 / 3), lambda: float([]),
          lambda: float(b'x'), lambda: float('x' * 3), lambda: inf.as_integer_ratio(), lambda: nan.as_integer_ratio(), lambda: int(inf), lambda: int(nan),
          lambda: round(1e308, -308), lambda: round(1.7e308, -308), lambda: float(10**400), lambda: float(1, 2), lambda: float(x=1), lambda: 1.5 & 1,
          lambda: float.__getformat__('float'), lambda: float.__getformat__('x'), lambda: round(1.5, 'x'), lambda: float.fromhex(1)):
    show(f)
for a in (7.5, -7.5, 0.0, -0.0, 1e100, inf, nan):
    for b in (2.0, -2.0, 0.3, inf, -inf):
        print(a % b, a // b, a / b, a ** 2, sep=' ', end='; ')
    print()
print(0.1 + 0.2, 1e16 + 1, 3 * 0.1, 2.0**0.5, (-2.0)**3, 0.0**0, nan**0, 1.0**nan, inf**-1, (-inf)**3, (-inf)**-3)
print(2**53 == 2.0**53, 2**53 + 1 == 2.0**53, 2**53 + 1 > 2.0**53, 10**300 < 1e300, 10**300 == 1e300, 2**1024 > 1.7e308, 2**1024 < inf, -2**1024 > -inf, nan == 2**70)
print((0.1).as_integer_ratio(), (-2.5).as_integer_ratio(), (1e300).as_integer_ratio()[1], (5e-324).as_integer_ratio()[0])
print(int(1e20), int(-1.9), (2.7).__trunc__(), (2.7).__floor__(), (2.2).__ceil__(), (2.5).__round__(), (3.5).__round__(), (-0.5).__round__())


class F(float):
    def __new__(cls, v=0.0):
        return super().__new__(cls, v)

    def __repr__(self):
        return 'F' + super().__repr__()


f = F(2.5)
f.x = 1
print(f, f + 1, type(f + 1), f.x, f == 2.5, {f: 1}[2.5], F.fromhex('0x1p4'), float(f), F('3'), [F()])
c = [0j, 1j, -1j, 1 + 2j, -0.0 - 0j, complex(inf, nan), complex(nan, -inf), 1e100 + 1e-100j, complex(-0.0, 1), complex(0.0, -0.0)]
for z in c:
    print(z, z.real, z.imag, z.conjugate(), abs(z), -z, bool(z), z == z.real)
for a, b in ((1 + 2j, 3 - 4j), (1j, 2), (2, 1j), (1.5, 2j), (0j, 1j)):
    print(a + b, a - b, a * b, a / b, a == b, a != b)
print((1 + 2j)**2, (1 + 2j)**-2, (1 + 2j)**0.5, 2**(1j), (1 + 2j)**0, 0j**0, 0j**2, (1j)**100, (1j)**101)
print(hash(1 + 0j) == hash(1), hash(1j), hash(1.5 + 2.5j), (3 + 4j) == 3, 2**60 == complex(2**60), 2**60 + 1 == complex(2**60))
for s in ('1', '1j', 'j', '-j', '+1-j', '1+2j', ' (1+2j) ', '1 + 2j', '(1', '1e5-1e-5j', 'nanj', 'inf-infj', '1_0j', '', '1+', '1jj', '1j2', 'infinityj', '3+4J'):
    show(complex, s)
for args in ((1, 2), (1j, 2j), (1, '2'), ('1', 2), ([],), (1, []), (1, 2, 3), (None,), (2**2000,), (b'1',)):
    show(complex, *args)
for f in (lambda: 1j / 0, lambda: 1j // 1, lambda: 1j % 1, lambda: divmod(1j, 1), lambda: 0j**-1, lambda: 1j < 1, lambda: int(1j), lambda: float(1j),
          lambda: abs(complex(1e308, 1e308)), lambda: complex(1e308)**2.5, lambda: pow(1j, 2, 3), lambda: complex(x=1)):
    show(f)
