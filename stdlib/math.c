/* stdlib/math.c - module math: functions of floats.  Sums, norms and integer functions are in math_sums.c,
 * math_int.c. */
#include "math_internal.h"

#include <errno.h>
#include <float.h>
#include <math.h>

#include "vm/float.h"
#include "vm/int_big.h"
#include "vm/native.h"

#define F(name) static OuObj *f_##name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

static OuObj *domain(OuVM *vm)
{
    return ou_value_error(vm, "math domain error");
}

static OuObj *range(OuVM *vm)
{
    return ou_raise(vm, OU_EXC(vm, OverflowError), "math range error");
}

/* A new NaN means a wrong argument; a new infinity an overflow, or a pole where the function cannot overflow.
 */
static OuObj *unary(OuVM *vm, OuObj *arg, double (*f)(double), bool can_overflow)
{
    double x;
    if (ou_as_double(vm, arg, &x) < 0)
        return NULL;
    double r = f(x);
    if (isnan(r) && !isnan(x))
        return domain(vm);
    if (isinf(r) && isfinite(x))
        return can_overflow ? range(vm) : domain(vm);
    return ou_float(vm, r);
}

#define UNARY(name, overflow)                      \
    F(name)                                        \
    {                                              \
        return unary(vm, args[0], name, overflow); \
    }
UNARY(acos, false)
UNARY(acosh, false)
UNARY(asin, false)
UNARY(asinh, false)
UNARY(atan, false)
UNARY(atanh, false)
UNARY(cbrt, false)
UNARY(cos, false)
UNARY(cosh, true)
UNARY(erf, false)
UNARY(erfc, false)
UNARY(exp, true)
UNARY(exp2, true)
UNARY(expm1, true)
UNARY(fabs, false)
UNARY(log1p, false)
UNARY(sin, false)
UNARY(sinh, true)
UNARY(sqrt, false)
UNARY(tan, false)
UNARY(tanh, false)

static int two(OuVM *vm, OuObj *const *args, double *x, double *y)
{
    return ou_as_double(vm, args[0], x) < 0 || ou_as_double(vm, args[1], y) < 0 ? -1 : 0;
}

F(atan2)
{
    double x, y;
    return two(vm, args, &y, &x) < 0 ? NULL : ou_float(vm, atan2(y, x));
}

F(copysign)
{
    double x, y;
    return two(vm, args, &x, &y) < 0 ? NULL : ou_float(vm, copysign(x, y));
}

F(fmod)
{
    double x, y;
    if (two(vm, args, &x, &y) < 0)
        return NULL;
    if (isinf(y) && isfinite(x))
        return ou_float(vm, x);
    double r = fmod(x, y);
    return isnan(r) && !isnan(x) && !isnan(y) ? domain(vm) : ou_float(vm, r);
}

F(remainder)
{
    double x, y;
    if (two(vm, args, &x, &y) < 0)
        return NULL;
    double r = remainder(x, y);
    return isnan(r) && !isnan(x) && !isnan(y) ? domain(vm) : ou_float(vm, r);
}

F(pow)
{
    double x, y;
    if (two(vm, args, &x, &y) < 0)
        return NULL;
    double r = pow(x, y);
    if (isfinite(x) && isfinite(y)) {
        if (isnan(r))
            return domain(vm);
        if (isinf(r))
            return x == 0 ? domain(vm) : range(vm);
    }
    return ou_float(vm, r);
}

F(nextafter)
{
    double x, y;
    return two(vm, args, &x, &y) < 0 ? NULL : ou_float(vm, nextafter(x, y));
}

F(ulp)
{
    double x;
    if (ou_as_double(vm, args[0], &x) < 0)
        return NULL;
    if (isnan(x))
        return ou_float(vm, x);
    x = fabs(x);
    if (isinf(x))
        return ou_float(vm, x);
    double up = nextafter(x, INFINITY);
    return ou_float(vm, isinf(up) ? x - nextafter(x, -INFINITY) : up - x);
}

F(frexp)
{
    double x;
    int e = 0;
    if (ou_as_double(vm, args[0], &x) < 0)
        return NULL;
    double m = isfinite(x) && x != 0 ? frexp(x, &e) : x;
    OuObj *pair[2] = {ou_float(vm, m), ou_int(vm, e)}, *r = NULL;
    if (pair[0] && pair[1])
        r = ou_tuple_of_take(vm, pair, 2);
    ou_xdecref(vm, pair[0]);
    ou_xdecref(vm, pair[1]);
    return r;
}

F(modf)
{
    double x, whole;
    if (ou_as_double(vm, args[0], &x) < 0)
        return NULL;
    double frac = modf(x, &whole);
    OuObj *pair[2] = {ou_float(vm, frac), ou_float(vm, whole)}, *r = NULL;
    if (pair[0] && pair[1])
        r = ou_tuple_of_take(vm, pair, 2);
    ou_xdecref(vm, pair[0]);
    ou_xdecref(vm, pair[1]);
    return r;
}

F(ldexp)
{
    double x;
    if (ou_as_double(vm, args[0], &x) < 0)
        return NULL;
    if (!ou_isa_int(vm, args[1]))
        return ou_type_error(vm, "Expected an int as second argument to ldexp.");
    int64_t e;
    if (!ou_int_fits(args[1], &e))
        e = ou_int_sign(args[1]) < 0 ? INT64_MIN : INT64_MAX;
    if (x == 0 || !isfinite(x))
        return ou_float(vm, x);
    if (e > 5000)
        return range(vm);
    double r = e < -5000 ? copysign(0.0, x) : ldexp(x, (int)e);
    return isinf(r) ? range(vm) : ou_float(vm, r);
}

F(degrees)
{
    double x;
    return ou_as_double(vm, args[0], &x) < 0 ? NULL : ou_float(vm, x * (180.0 / M_PI));
}

F(radians)
{
    double x;
    return ou_as_double(vm, args[0], &x) < 0 ? NULL : ou_float(vm, x * (M_PI / 180.0));
}

F(isfinite)
{
    double x;
    return ou_as_double(vm, args[0], &x) < 0 ? NULL : ou_bool(vm, isfinite(x));
}

F(isinf)
{
    double x;
    return ou_as_double(vm, args[0], &x) < 0 ? NULL : ou_bool(vm, isinf(x));
}

F(isnan)
{
    double x;
    return ou_as_double(vm, args[0], &x) < 0 ? NULL : ou_bool(vm, isnan(x));
}

F(isclose)
{
    double a, b, rel = 1e-9, tol = 0;
    if (two(vm, args, &a, &b) < 0 || (args[2] && ou_as_double(vm, args[2], &rel) < 0) ||
        (args[3] && ou_as_double(vm, args[3], &tol) < 0))
        return NULL;
    if (rel < 0 || tol < 0)
        return ou_value_error(vm, "tolerances must be non-negative");
    if (a == b)
        return ou_bool(vm, true);
    if (isinf(a) || isinf(b))
        return ou_bool(vm, false);
    double d = fabs(b - a);
    return ou_bool(vm, d <= fabs(rel * b) || d <= fabs(rel * a) || d <= tol);
}

/* ---- logarithms: ints of any size ------------------------------------------------ */
static OuObj *logarithm(OuVM *vm, OuObj *arg, double (*f)(double))
{
    if (!ou_isa_int(vm, arg))
        return unary(vm, arg, f, false);
    if (ou_int_sign(arg) <= 0)
        return domain(vm);
    double m;
    size_t e;
    if (!ou_int_is_big(arg))
        return ou_float(vm, f((double)OU_INT_V(arg)));
    ou_int_frexp(arg, &m, &e);
    if (e <= DBL_MAX_EXP)
        return ou_float(vm, f(ldexp(m, (int)e)));
    return ou_float(vm, f(m) + f(2.0) * (double)e);
}

static OuObj *f_log(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, "math.log", kwnames) < 0)
        return NULL;
    if (nargs < 1 || nargs > 2)
        return ou_type_error(vm, "math.log requires 1 to 2 arguments");
    OuObj *num = logarithm(vm, args[0], log);
    if (!num || nargs == 1)
        return num;
    OuObj *den = logarithm(vm, args[1], log), *r = NULL;
    if (den)
        r = ou_binop(vm, OU_NB_DIV, num, den);
    ou_decref(vm, num);
    ou_xdecref(vm, den);
    return r;
}

F(log2)
{
    return logarithm(vm, args[0], log2);
}

F(log10)
{
    return logarithm(vm, args[0], log10);
}

/* ---- to int ----------------------------------------------------------------------- */
static OuObj *to_int(OuVM *vm, OuObj *o, OuObj *name, double (*f)(double))
{
    if (ou_is(o, float))
        return ou_int_from_double(vm, f(OU_FLOAT_V(o)));
    OuObj *m;
    int has = ou_lookup_special(vm, o, name, &m);
    if (has < 0)
        return NULL;
    if (has) {
        OuObj *r = ou_call0(vm, m);
        ou_decref(vm, m);
        return r;
    }
    double x;
    return ou_as_double(vm, o, &x) < 0 ? NULL : ou_int_from_double(vm, f(x));
}

F(floor)
{
    return to_int(vm, args[0], OU_NAME(vm, __floor__), floor);
}

F(ceil)
{
    return to_int(vm, args[0], OU_NAME(vm, __ceil__), ceil);
}

F(trunc)
{
    if (ou_is(args[0], float))
        return ou_int_from_double(vm, OU_FLOAT_V(args[0]));
    OuObj *m;
    int has = ou_lookup_special(vm, args[0], OU_NAME(vm, __trunc__), &m);
    if (has < 0)
        return NULL;
    if (!has)
        return ou_type_error(vm, "type %T doesn't define __trunc__ method", args[0]);
    OuObj *r = ou_call0(vm, m);
    ou_decref(vm, m);
    return r;
}

static const OuFn functions[] = {
    {"acos(x, /)", f_acos, 0, "Arc cosine (in radians) of x, between 0 and pi."},
    {"acosh(x, /)", f_acosh, 0, "Inverse hyperbolic cosine of x."},
    {"asin(x, /)", f_asin, 0, "Arc sine (in radians) of x, between -pi/2 and pi/2."},
    {"asinh(x, /)", f_asinh, 0, "Inverse hyperbolic sine of x."},
    {"atan(x, /)", f_atan, 0, "Arc tangent (in radians) of x, between -pi/2 and pi/2."},
    {"atan2(y, x, /)", f_atan2, 0, "Arc tangent (in radians) of y/x in the quadrant of the point (x, y)."},
    {"atanh(x, /)", f_atanh, 0, "Inverse hyperbolic tangent of x."},
    {"cbrt(x, /)", f_cbrt, 0, "Cube root of x."},
    {"ceil(x, /)", f_ceil, 0, "Smallest integer >= x."},
    {"comb(n, k, /)", ou_math_comb, 0, "Ways to choose k of n things without repetition and order."},
    {"copysign(x, y, /)", f_copysign, 0, "Float with the magnitude of x and the sign of y."},
    {"cos(x, /)", f_cos, 0, "Cosine of x (in radians)."},
    {"cosh(x, /)", f_cosh, 0, "Hyperbolic cosine of x."},
    {"degrees(x, /)", f_degrees, 0, "Angle x from radians to degrees."},
    {"dist(p, q, /)", ou_math_dist, 0, "Euclidean distance of the points p and q, sequences of coordinates."},
    {"erf(x, /)", f_erf, 0, "Error function at x."},
    {"erfc(x, /)", f_erfc, 0, "Complementary error function at x."},
    {"exp(x, /)", f_exp, 0, "e raised to the power of x."},
    {"exp2(x, /)", f_exp2, 0, "2 raised to the power of x."},
    {"expm1(x, /)", f_expm1, 0, "exp(x)-1, exact for small x."},
    {"fabs(x, /)", f_fabs, 0, "Absolute value of the float x."},
    {"factorial(x, /)", ou_math_factorial, 0, "x!, an int."},
    {"floor(x, /)", f_floor, 0, "Largest integer <= x."},
    {"fmod(x, y, /)", f_fmod, 0, "Remainder of x / y with the sign of x, as in C."},
    {"frexp(x, /)", f_frexp, 0, "Mantissa and exponent (m, e) of x: x == m * 2.**e, 0.5 <= abs(m) < 1."},
    {"fsum(seq, /)", ou_math_fsum, 0, "Sum of the floats of an iterable, rounded only once."},
    {"gamma(x, /)", ou_math_gamma, 0, "Gamma function at x."},
    {"gcd(*integers)", ou_math_gcd, 0, "Greatest common divisor."},
    {"hypot(...)", ou_math_hypot, 0, "hypot(*coordinates) -> value\n\nEuclidean distance from the origin."},
    {"isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)", f_isclose, 0,
     "Whether two floats are close: within rel_tol of the larger or abs_tol of each other."},
    {"isfinite(x, /)", f_isfinite, 0, "True if x is neither an infinity nor a NaN."},
    {"isinf(x, /)", f_isinf, 0, "True if x is an infinity."},
    {"isnan(x, /)", f_isnan, 0, "True if x is a NaN."},
    {"isqrt(n, /)", ou_math_isqrt, 0, "Integer part of the square root of n."},
    {"lcm(*integers)", ou_math_lcm, 0, "Least common multiple."},
    {"ldexp(x, i, /)", f_ldexp, 0, "x * (2**i)."},
    {"lgamma(x, /)", ou_math_lgamma, 0,
     "Natural logarithm of the absolute value of the gamma function at x."},
    {"log(...)", f_log, 0,
     "log(x, [base=math.e])\nLogarithm of x to the given base, the natural one by default."},
    {"log10(x, /)", f_log10, 0, "Base 10 logarithm of x."},
    {"log1p(x, /)", f_log1p, 0, "Natural logarithm of 1+x, exact for small x."},
    {"log2(x, /)", f_log2, 0, "Base 2 logarithm of x."},
    {"modf(x, /)", f_modf, 0, "Fractional and integer part of x, floats with its sign."},
    {"nextafter(x, y, /)", f_nextafter, 0, "Next float after x towards y."},
    {"perm(n, k=None, /)", ou_math_perm, 0, "Ways to choose k of n things without repetition, in order."},
    {"pow(x, y, /)", f_pow, 0, "x**y of floats."},
    {"prod(iterable, /, *, start=1)", ou_math_prod, 0, "Product of the items of an iterable, times start."},
    {"radians(x, /)", f_radians, 0, "Angle x from degrees to radians."},
    {"remainder(x, y, /)", f_remainder, 0, "Difference of x and the closest multiple of y (IEEE 754)."},
    {"sin(x, /)", f_sin, 0, "Sine of x (in radians)."},
    {"sinh(x, /)", f_sinh, 0, "Hyperbolic sine of x."},
    {"sqrt(x, /)", f_sqrt, 0, "Square root of x."},
    {"tan(x, /)", f_tan, 0, "Tangent of x (in radians)."},
    {"tanh(x, /)", f_tanh, 0, "Hyperbolic tangent of x."},
    {"trunc(x, /)", f_trunc, 0, "x without its fraction; uses __trunc__."},
    {"ulp(x, /)", f_ulp, 0, "Value of the least significant bit of the float x."},
    {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    if (ou_module_add(vm, m, "pi", ou_float(vm, M_PI)) < 0 ||
        ou_module_add(vm, m, "e", ou_float(vm, M_E)) < 0 ||
        ou_module_add(vm, m, "tau", ou_float(vm, 2 * M_PI)) < 0 ||
        ou_module_add(vm, m, "inf", ou_float(vm, INFINITY)) < 0 ||
        ou_module_add(vm, m, "nan", ou_float(vm, (double)NAN)) < 0)
        return -1;
    return 0;
}

const OuModuleDef ou_mod_math = {
    .name = "math",
    .doc = "Mathematical functions as defined by the C standard, and some on integers.",
    .functions = functions,
    .exec = exec,
};
