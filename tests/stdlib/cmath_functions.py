# cmath: values on a grid, special values, errors
import cmath

inf, nan = cmath.inf, cmath.nan
parts = [0.0, -0.0, 0.5, -1.0, 2.0, 1e-320, 1e300, 720.0, inf, -inf, nan]
for name in 'acos acosh asin asinh atan atanh cos cosh exp log log10 phase polar sin sinh sqrt tan tanh isfinite isnan isinf'.split():
    for x in parts:
        for y in parts:
            z = complex(x, y)
            try:
                print(name, z, getattr(cmath, name)(z))
            except Exception as e:
                print(name, z, type(e).__name__, e)
for r in (0.0, 1.0, -2.5, inf, nan):
    for phi in (0.0, -0.0, 1.0, inf, nan):
        try:
            print('rect', r, phi, cmath.rect(r, phi))
        except Exception as e:
            print('rect', r, phi, type(e).__name__, e)
print(cmath.log(8, 2), cmath.log(1j, 1j), cmath.isclose(1j, 1j + 1e-12), cmath.isclose(1, 2, rel_tol=0.5), cmath.infj, cmath.nanj, cmath.pi)
for args in ((1, 0), (0, 2), (2, 1), ('a',), (1, 'a')):
    try:
        print(cmath.log(*args))
    except Exception as e:
        print(args, type(e).__name__, e)
