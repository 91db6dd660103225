# math: values, domain and range errors, exact sums and norms, integer functions
import math

inf, nan = math.inf, math.nan


def show(name, *args, **kw):
    try:
        print(name, args, kw or '', '=', repr(getattr(math, name)(*args, **kw)))
    except Exception as e:
        print(name, args, kw or '', '=', type(e).__name__, e)


points = [0.0, -0.0, 0.5, 1.0, -1.0, 2, -2.5, 1e-10, 100.0, 710.0, -745.5, 1e300, inf, -inf, nan]
for name in ('acos acosh asin asinh atan atanh cbrt ceil cos cosh degrees erf erfc exp exp2 expm1 fabs floor frexp gamma isfinite isinf isnan lgamma '
             'log log10 log1p log2 modf radians sin sinh sqrt tan tanh trunc ulp').split():
    for x in points:
        show(name, x)
for name in 'atan2 copysign fmod pow remainder nextafter hypot isclose log'.split():
    for x in (0.0, -0.0, 1.5, -2.0, inf, nan):
        for y in (0.0, -1.0, 2.0, 0.5, -inf):
            show(name, x, y)
for x, e in ((1.5, 10), (0.0, 10**400), (1.0, 1024), (1.0, -1080), (1.0, -10**400), (inf, 5), (1.0, 2.0)):
    show('ldexp', x, e)
for args in ((10**400,), (10**400, 10), (2**2000, 2), (0,), (-10**400,), (10, 1), ('a',), ()):
    show('log', *args)
show('log2', 2**5000)
show('log10', 10**4000)
for l in ([], [1e100, 1.0, -1e100], [0.1] * 10, [1e308, 1e308, -1e308], [inf, 1.0], [inf, -inf], [nan], [2.0**53, -0.5, -2.0**-54], [1, 2, 3], ['a'],
          [2.0**n - 2.0**(n + 50) + 2.0**(n + 52) for n in range(-1074, 900, 2)] + [-2.0**1022]):
    show('fsum', l) if len(l) < 20 else print(math.fsum(l))
for args in ((), (3, 4), (1e200, 1e200), (5e-324, 5e-324), (inf, nan), (nan, 1), (1, 2, 3, 4, 5), (0.1,) * 7, ('a',)):
    show('hypot', *args)
show('dist', (1, 2, 3), (4, 6, 8.5))
show('dist', [1], (2,))
show('dist', (1, 2), (1,))
show('dist', (), ())
for args in ((0,), (5,), (20,), (-1,), (5.0,), (10**30,), ('5',)):
    show('factorial', *args)
print(math.factorial(300) % (10**9 + 7))
for args in ((5, 2), (5, 7), (0, 0), (100, 50), (-1, 2), (2, -1), (10**20, 3), (2**70, 2**70 - 2), (2**70, 2**69), (5.0, 2)):
    show('comb', *args)
    if args[1] != 2**70 - 2:
        show('perm', *args)
show('perm', 6)
show('perm', 6, None)
for args in ((), (12,), (12, -18), (0, 0), (2**100, 6**60), (2**100 * 3, 2**99 * 5, 7 * 2**98), (1.5,)):
    show('gcd', *args)
    show('lcm', *args)
for n in (0, 1, 15, 16, 2**64 - 1, 2**64, 10**60 + 1, -1, 2.0):
    show('isqrt', n)
show('prod', [1, 2, 3])
show('prod', [1.5, 2, 3], start=2)
show('prod', [])
show('prod', ['a', 3])
show('prod', [2**40] * 4)
show('isclose', 1.0, 1.0 + 1e-10)
show('isclose', 1.0, 1.1, rel_tol=0.2)
show('isclose', 1.0, 1.1, abs_tol=-1)
for name in ('ceil', 'floor', 'trunc', 'sin'):
    show(name, 'a')
    show(name, 10**400)
    show(name, 2**70)


class C:
    def __ceil__(self):
        return 'ceil'

    def __floor__(self):
        return 'floor'

    def __trunc__(self):
        return 'trunc'

    def __float__(self):
        return 2.5

    def __repr__(self):
        return 'C()'


for name in ('ceil', 'floor', 'trunc', 'sqrt'):
    show(name, C())
print(math.pi, math.e, math.tau, math.inf, math.nan)
