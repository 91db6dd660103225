/* stdlib/math_gamma.c - module math: gamma and lgamma.
 *
 * The Lanczos approximation with the parameters CPython uses (g = 6.0246..., 13 terms; they are published
 * with the Boost library), evaluated in its order, so that results agree to the last digit. */
#include <math.h>

#include "math_internal.h"

#define TERMS 13
static const double g = 6.024680040776729583740234375, g_minus_half = 5.524680040776729583740234375;
static const double num_coeffs[TERMS] = {
    23531376880.410759688572007674451636754734846804940, 42919803642.649098768957899047001988850926355848959,
    35711959237.355668049440185451547166705960488635843, 17921034426.037209699919755754458931112671403265390,
    6039542586.3520280050642916443072979210699388420708, 1439720407.3117216736632230727949123939715485786372,
    248874557.86205415651146038641322942321632125127801, 31426415.585400194380614231628318205362874684987640,
    2876370.6289353724412254090516208496135991145378768, 186056.26539522349504029498971604569928220784236328,
    8071.6720023658162106380029022722506138218516325024, 210.82427775157934587250973392071336271166969580291,
    2.5066282746310002701649081771338373386264310793408};
/* coefficients of x (x+1) ... (x+11) */
static const double den_coeffs[TERMS] = {0.0,        39916800.0, 120543840.0, 150917976.0, 105258076.0,
                                         45995730.0, 13339535.0, 2637558.0,   357423.0,    32670.0,
                                         1925.0,     66.0,       1.0};

static double lanczos(double x)
{
    double num = 0, den = 0;
    if (x < 5.0) {
        for (int i = TERMS; --i >= 0;) {
            num = num * x + num_coeffs[i];
            den = den * x + den_coeffs[i];
        }
    } else { /* in powers of 1/x: no overflow */
        for (int i = 0; i < TERMS; i++) {
            num = num / x + num_coeffs[i];
            den = den / x + den_coeffs[i];
        }
    }
    return num / den;
}

static double sin_pi(double x)
{
    double y = fmod(fabs(x), 2.0), r;
    switch ((int)round(2.0 * y)) {
    case 0:
        r = sin(M_PI * y);
        break;
    case 1:
        r = cos(M_PI * (y - 0.5));
        break;
    case 2: /* not sin(pi*(y-1)): the sign of a zero matters */
        r = sin(M_PI * (1.0 - y));
        break;
    case 3:
        r = -cos(M_PI * (y - 1.5));
        break;
    default:
        r = sin(M_PI * (y - 2.0));
    }
    return copysign(1.0, x) * r;
}

static double gamma_of(double x)
{
    static const double factorials[] = {1.0,
                                        1.0,
                                        2.0,
                                        6.0,
                                        24.0,
                                        120.0,
                                        720.0,
                                        5040.0,
                                        40320.0,
                                        362880.0,
                                        3628800.0,
                                        39916800.0,
                                        479001600.0,
                                        6227020800.0,
                                        87178291200.0,
                                        1307674368000.0,
                                        20922789888000.0,
                                        355687428096000.0,
                                        6402373705728000.0,
                                        121645100408832000.0,
                                        2432902008176640000.0,
                                        51090942171709440000.0,
                                        1124000727777607680000.0};
    if (x == floor(x) && x <= 23)
        return factorials[(int)x - 1];
    double a = fabs(x), r, z, y;
    if (a < 1e-20)
        return 1.0 / x;
    if (a > 200.0)
        return x < 0 ? 0.0 / sin_pi(x) : INFINITY;
    y = a + g_minus_half;
    /* z: the rounding error of y, to first order of what follows */
    if (a > g_minus_half) {
        volatile double q = y - a;
        z = q - g_minus_half;
    } else {
        volatile double q = y - g_minus_half;
        z = q - a;
    }
    z = z * g / y;
    if (x < 0) {
        r = -M_PI / sin_pi(a) / a * exp(y) / lanczos(a);
        r -= z * r;
        if (a < 140.0)
            return r / pow(y, a - 0.5);
        double p = pow(y, a / 2.0 - 0.25);
        r /= p;
        return r / p;
    }
    r = lanczos(a) / exp(y);
    r += z * r;
    if (a < 140.0)
        return r * pow(y, a - 0.5);
    double p = pow(y, a / 2.0 - 0.25);
    r *= p;
    return r * p;
}

static OuObj *domain(OuVM *vm)
{
    return ou_value_error(vm, "math domain error");
}

static OuObj *range(OuVM *vm)
{
    return ou_raise(vm, OU_EXC(vm, OverflowError), "math range error");
}

OuObj *ou_math_gamma(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    double x;
    if (ou_as_double(vm, args[0], &x) < 0)
        return NULL;
    if (isnan(x) || (isinf(x) && x > 0))
        return ou_float(vm, x);
    if (isinf(x) || (x <= 0 && x == floor(x)))
        return domain(vm);
    double r = gamma_of(x);
    return isinf(r) ? range(vm) : ou_float(vm, r);
}

OuObj *ou_math_lgamma(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    double x;
    if (ou_as_double(vm, args[0], &x) < 0)
        return NULL;
    if (isnan(x))
        return ou_float(vm, x);
    if (isinf(x))
        return ou_float(vm, INFINITY);
    if (x <= 2 && x == floor(x))
        return x <= 0 ? domain(vm) : ou_float(vm, 0.0);
    double a = fabs(x), r;
    if (a < 1e-20)
        return ou_float(vm, -log(a));
    r = log(lanczos(a)) - g;
    r += (a - 0.5) * (log(a + g_minus_half) - 1);
    if (x < 0)
        r = 1.144729885849400174143427351353058711647 - log(fabs(sin_pi(a))) - log(a) - r;
    return isinf(r) ? range(vm) : ou_float(vm, r);
}
