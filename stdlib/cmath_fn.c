/* stdlib/cmath_fn.c - complex elementary functions.
 *
 * Infinities and NaNs go to the C library, whose results are C99 Annex G's; where that leaves a sign or a
 * part open, CPython's choice stands first in the function.  For finite arguments the formulas (W. Kahan,
 * "Branch cuts for complex elementary functions") and their thresholds are those of CPython's
 * Modules/cmathmodule.c, evaluated in the same order, so that results agree to the last digit. */
#include "cmath_fn.h"

#include <complex.h>
#include <float.h>
#include <math.h>

#define LARGE (DBL_MAX / 4.0)

static bool finite2(OuPair z)
{
    return isfinite(z.re) && isfinite(z.im);
}

#define SPECIAL(fn)                                 \
    if (!finite2(z)) {                              \
        double _Complex r_ = fn(CMPLX(z.re, z.im)); \
        return (OuPair){creal(r_), cimag(r_)};      \
    }

static bool large(OuPair z)
{
    return fabs(z.re) > LARGE || fabs(z.im) > LARGE;
}

/* log of |z| + 2 log 2 without overflow */
static double log_half(OuPair z)
{
    return log(hypot(z.re / 2.0, z.im / 2.0)) + M_LN2 * 2.0;
}

/* i*z and -i*z, which turn the circular functions into the hyperbolic ones and back */
static OuPair turn(OuPair z)
{
    return (OuPair){-z.im, z.re};
}

static OuPair turn_back(OuPair z)
{
    return (OuPair){z.im, -z.re};
}

OuPair ou_csqrt(OuPair z)
{
    SPECIAL(csqrt)
    if (z.re == 0 && z.im == 0)
        return (OuPair){0.0, z.im};
    double ax = fabs(z.re), ay = fabs(z.im), s;
    if (ax < DBL_MIN && ay < DBL_MIN) { /* subnormal: scale by 2**53, and back by the root of it */
        ax = ldexp(ax, 53);
        s = ldexp(sqrt(ax + hypot(ax, ldexp(ay, 53))), -27);
    } else {
        ax /= 8.0;
        s = 2.0 * sqrt(ax + hypot(ax, ay / 8.0));
    }
    double d = ay / (2.0 * s);
    if (z.re >= 0)
        return (OuPair){s, copysign(d, z.im)};
    return (OuPair){d, copysign(s, z.im)};
}

OuPair ou_cacos(OuPair z)
{
    if (isinf(z.re) && isnan(z.im))
        return (OuPair){NAN, INFINITY};
    SPECIAL(cacos)
    if (large(z)) {
        double l = log_half(z);
        return (OuPair){atan2(fabs(z.im), z.re), z.re < 0 ? -copysign(l, z.im) : copysign(l, -z.im)};
    }
    OuPair s1 = ou_csqrt((OuPair){1.0 - z.re, -z.im}), s2 = ou_csqrt((OuPair){1.0 + z.re, z.im});
    return (OuPair){2.0 * atan2(s1.re, s2.re), asinh(s2.re * s1.im - s2.im * s1.re)};
}

OuPair ou_cacosh(OuPair z)
{
    if (z.re == 0 && isnan(z.im))
        return (OuPair){NAN, NAN};
    SPECIAL(cacosh)
    if (large(z))
        return (OuPair){log_half(z), atan2(z.im, z.re)};
    OuPair s1 = ou_csqrt((OuPair){z.re - 1.0, z.im}), s2 = ou_csqrt((OuPair){z.re + 1.0, z.im});
    return (OuPair){asinh(s1.re * s2.re + s1.im * s2.im), 2.0 * atan2(s1.im, s2.re)};
}

OuPair ou_casinh(OuPair z)
{
    if (isnan(z.re) && isinf(z.im))
        return (OuPair){INFINITY, NAN};
    SPECIAL(casinh)
    if (large(z)) {
        double l = log_half(z);
        return (OuPair){z.im >= 0 ? copysign(l, z.re) : -copysign(l, -z.re), atan2(z.im, fabs(z.re))};
    }
    OuPair s1 = ou_csqrt((OuPair){1.0 + z.im, -z.re}), s2 = ou_csqrt((OuPair){1.0 - z.im, z.re});
    return (OuPair){asinh(s1.re * s2.im - s2.re * s1.im), atan2(z.im, s1.re * s2.re - s1.im * s2.im)};
}

OuPair ou_casin(OuPair z)
{
    return turn_back(ou_casinh(turn(z)));
}

OuPair ou_catanh(OuPair z)
{
    if (isnan(z.re) && isinf(z.im))
        return (OuPair){0.0, copysign(M_PI / 2.0, z.im)};
    SPECIAL(catanh)
    if (signbit(z.re)) { /* odd function: the right half plane is enough */
        OuPair r = ou_catanh((OuPair){-z.re, -z.im});
        return (OuPair){-r.re, -r.im};
    }
    double ay = fabs(z.im), far = sqrt(LARGE);
    if (z.re > far || ay > far) {
        double h = hypot(z.re / 2.0, z.im / 2.0);
        return (OuPair){z.re / 4.0 / h / h, -copysign(M_PI / 2.0, -z.im)};
    }
    if (z.re == 1.0 && ay < sqrt(DBL_MIN)) {
        if (ay == 0)
            return (OuPair){INFINITY, z.im};
        return (OuPair){-log(sqrt(ay) / sqrt(hypot(ay, 2.0))), copysign(atan2(2.0, -ay) / 2, z.im)};
    }
    return (OuPair){log1p(4.0 * z.re / ((1 - z.re) * (1 - z.re) + ay * ay)) / 4.0,
                    -atan2(-2.0 * z.im, (1 - z.re) * (1 + z.re) - ay * ay) / 2.0};
}

OuPair ou_catan(OuPair z)
{
    return turn_back(ou_catanh(turn(z)));
}

/* e**x would overflow, though its product with sin or cos may not */
static bool steep(double x)
{
    return fabs(x) > log(LARGE);
}

OuPair ou_ccosh(OuPair z)
{
    if (isnan(z.re) && z.im == 0)
        return (OuPair){NAN, 0.0};
    SPECIAL(ccosh)
    if (steep(z.re)) {
        double x = z.re - copysign(1.0, z.re);
        return (OuPair){cos(z.im) * cosh(x) * M_E, sin(z.im) * sinh(x) * M_E};
    }
    return (OuPair){cos(z.im) * cosh(z.re), sin(z.im) * sinh(z.re)};
}

OuPair ou_ccos(OuPair z)
{
    return ou_ccosh(turn(z));
}

OuPair ou_csinh(OuPair z)
{
    if (z.re == 0 && isnan(z.im))
        return (OuPair){0.0, NAN};
    SPECIAL(csinh)
    if (steep(z.re)) {
        double x = z.re - copysign(1.0, z.re);
        return (OuPair){cos(z.im) * sinh(x) * M_E, sin(z.im) * cosh(x) * M_E};
    }
    return (OuPair){cos(z.im) * sinh(z.re), sin(z.im) * cosh(z.re)};
}

OuPair ou_csin(OuPair z)
{
    return turn_back(ou_csinh(turn(z)));
}

OuPair ou_ctanh(OuPair z)
{
    if (isinf(z.re) && !isfinite(z.im))
        return (OuPair){copysign(1.0, z.re), 0.0};
    if (z.re == 0 && isnan(z.im))
        return (OuPair){NAN, NAN};
    SPECIAL(ctanh)
    if (steep(z.re))
        return (OuPair){copysign(1.0, z.re), 4.0 * sin(z.im) * cos(z.im) * exp(-2.0 * fabs(z.re))};
    double tx = tanh(z.re), ty = tan(z.im), cx = 1.0 / cosh(z.re), t = tx * ty, denom = 1.0 + t * t;
    return (OuPair){tx * (1.0 + ty * ty) / denom, ((ty / denom) * cx) * cx};
}

OuPair ou_ctan(OuPair z)
{
    return turn_back(ou_ctanh(turn(z)));
}

OuPair ou_cexp(OuPair z)
{
    if (isinf(z.re) && z.re < 0 && !isfinite(z.im))
        return (OuPair){0.0, 0.0};
    SPECIAL(cexp)
    if (z.re > log(LARGE)) {
        double l = exp(z.re - 1.0);
        return (OuPair){l * cos(z.im) * M_E, l * sin(z.im) * M_E};
    }
    double l = exp(z.re);
    return (OuPair){l * cos(z.im), l * sin(z.im)};
}

OuPair ou_clog(OuPair z)
{
    SPECIAL(clog)
    double ax = fabs(z.re), ay = fabs(z.im), re;
    if (ax > LARGE || ay > LARGE) {
        re = log(hypot(ax / 2.0, ay / 2.0)) + M_LN2;
    } else if (ax < DBL_MIN && ay < DBL_MIN) {
        re = log(hypot(ldexp(ax, DBL_MANT_DIG), ldexp(ay, DBL_MANT_DIG))) - DBL_MANT_DIG * M_LN2;
    } else {
        double h = hypot(ax, ay);
        if (0.71 <= h && h <= 1.73) { /* close to 1: no cancellation in log1p */
            double hi = ax > ay ? ax : ay, lo = ax > ay ? ay : ax;
            re = log1p((hi - 1) * (hi + 1) + lo * lo) / 2.0;
        } else {
            re = log(h);
        }
    }
    return (OuPair){re, atan2(z.im, z.re)};
}
