/* stdlib/cmath.c - module cmath: complex functions with CPython's errors.
 *
 * The functions themselves are in cmath_fn.c.  What is added here is which results are errors: "math domain
 * error" for poles and for periodic functions at infinity, "math range error" for a new infinity. */
#include <errno.h>
#include <math.h>

#include "math_internal.h"
#include "vm/complex.h"
#include "cmath_fn.h"

#define F(name) static OuObj *f_##name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

static OuObj *domain(OuVM *vm)
{
    return ou_value_error(vm, "math domain error");
}

static OuObj *range(OuVM *vm)
{
    return ou_raise(vm, OU_EXC(vm, OverflowError), "math range error");
}

static bool finite2(OuPair z)
{
    return isfinite(z.re) && isfinite(z.im);
}

static OuObj *result(OuVM *vm, OuPair z, OuPair r)
{
    double re = r.re, im = r.im;
    if (finite2(z) && (isinf(re) || isinf(im)))
        return range(vm);
    return ou_complex(vm, re, im);
}

#define PLAIN(name, fn)                                                          \
    F(name)                                                                      \
    {                                                                            \
        OuPair z;                                                                \
        return ou_as_complex(vm, args[0], &z) < 0 ? NULL : result(vm, z, fn(z)); \
    }
PLAIN(acos, ou_cacos)
PLAIN(acosh, ou_cacosh)
PLAIN(asin, ou_casin)
PLAIN(asinh, ou_casinh)
PLAIN(sqrt, ou_csqrt)

/* atanh has poles at 1 and -1, atan at i and -i */
F(atanh)
{
    OuPair z;
    if (ou_as_complex(vm, args[0], &z) < 0)
        return NULL;
    return fabs(z.re) == 1 && z.im == 0 ? domain(vm) : result(vm, z, ou_catanh(z));
}

F(atan)
{
    OuPair z;
    if (ou_as_complex(vm, args[0], &z) < 0)
        return NULL;
    return fabs(z.im) == 1 && z.re == 0 ? domain(vm) : result(vm, z, ou_catan(z));
}

static OuObj *hyperbolic(OuVM *vm, OuPair z, OuPair (*f)(OuPair), bool turned)
{
    /* turned: sin, cos, tan are the functions of iz; the roles of the parts change */
    double x = turned ? z.im : z.re, y = turned ? z.re : z.im;
    bool tangent = f == ou_ctanh || f == ou_ctan;
    if (isinf(y) && (tangent ? isfinite(x) : !isnan(x)))
        return domain(vm);
    return result(vm, z, f(z));
}

#define HYPERBOLIC(name, fn, turned)                                                      \
    F(name)                                                                               \
    {                                                                                     \
        OuPair z;                                                                         \
        return ou_as_complex(vm, args[0], &z) < 0 ? NULL : hyperbolic(vm, z, fn, turned); \
    }
HYPERBOLIC(cosh, ou_ccosh, false)
HYPERBOLIC(sinh, ou_csinh, false)
HYPERBOLIC(tanh, ou_ctanh, false)
HYPERBOLIC(cos, ou_ccos, true)
HYPERBOLIC(sin, ou_csin, true)
HYPERBOLIC(tan, ou_ctan, true)

F(exp)
{
    OuPair z;
    if (ou_as_complex(vm, args[0], &z) < 0)
        return NULL;
    if (isinf(z.im) && (isfinite(z.re) || (isinf(z.re) && z.re > 0)))
        return domain(vm);
    return result(vm, z, ou_cexp(z));
}

static OuObj *f_log(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuPair z, b;
    if (ou_as_complex(vm, args[0], &z) < 0)
        return NULL;
    if (args[1] && ou_as_complex(vm, args[1], &b) < 0)
        return NULL;
    OuPair r = ou_clog(z);
    if (!args[1])
        return z.re == 0 && z.im == 0 ? domain(vm) : ou_complex(vm, r.re, r.im);
    if (b.re == 0 && b.im == 0)
        return domain(vm);
    OuPair base = ou_clog(b);
    OuObj *x = ou_complex(vm, r.re, r.im), *y = ou_complex(vm, base.re, base.im), *q = NULL;
    if (x && y && base.re == 0 && base.im == 0)
        domain(vm);
    else if (x && y)
        q = ou_binop(vm, OU_NB_DIV, x, y);
    ou_xdecref(vm, x);
    ou_xdecref(vm, y);
    return q;
}

F(log10)
{
    OuPair z;
    if (ou_as_complex(vm, args[0], &z) < 0)
        return NULL;
    if (z.re == 0 && z.im == 0)
        return domain(vm);
    OuPair r = ou_clog(z);
    return ou_complex(vm, r.re / M_LN10, r.im / M_LN10);
}

static int modulus(OuVM *vm, OuPair z, double *out)
{
    if (!finite2(z)) {
        *out = isinf(z.re) || isinf(z.im) ? INFINITY : NAN;
        return 0;
    }
    *out = hypot(z.re, z.im);
    if (isinf(*out)) {
        range(vm);
        return -1;
    }
    return 0;
}

F(phase)
{
    OuPair z;
    if (ou_as_complex(vm, args[0], &z) < 0)
        return NULL;
    errno = 0;
    double r = atan2(z.im, z.re);
    return errno ? range(vm) : ou_float(vm, r); /* an underflow is an error in CPython as well */
}

F(polar)
{
    OuPair z;
    double r;
    if (ou_as_complex(vm, args[0], &z) < 0 || modulus(vm, z, &r) < 0)
        return NULL;
    OuObj *pair[2] = {ou_float(vm, r), ou_float(vm, atan2(z.im, z.re))}, *t = NULL;
    if (pair[0] && pair[1])
        t = ou_tuple_of_take(vm, pair, 2);
    ou_xdecref(vm, pair[0]);
    ou_xdecref(vm, pair[1]);
    return t;
}

F(rect)
{
    double r, phi, re, im;
    if (ou_as_double(vm, args[0], &r) < 0 || ou_as_double(vm, args[1], &phi) < 0)
        return NULL;
    if (isinf(phi) && r != 0 && !isnan(r))
        return domain(vm);
    if (!isfinite(r) || !isfinite(phi)) {
        if (isinf(r) && isfinite(phi) && phi != 0) {
            re = copysign(INFINITY, r > 0 ? cos(phi) : -cos(phi));
            im = copysign(INFINITY, r > 0 ? sin(phi) : -sin(phi));
        } else if (isinf(r) && phi == 0) {
            re = r;
            im = copysign(0.0, phi) * (r > 0 ? 1 : -1);
        } else if (isinf(r)) { /* phi is NaN */
            re = INFINITY;
            im = NAN;
        } else if (r == 0) {
            re = im = 0.0;
        } else {
            re = NAN;
            im = phi == 0 ? 0.0 : (double)NAN;
        }
        return ou_complex(vm, re, im);
    }
    if (phi == 0) /* the sign of a zero angle is kept */
        return ou_complex(vm, r, r * phi);
    return ou_complex(vm, r * cos(phi), r * sin(phi));
}

F(isfinite)
{
    OuPair z;
    return ou_as_complex(vm, args[0], &z) < 0 ? NULL : ou_bool(vm, finite2(z));
}

F(isnan)
{
    OuPair z;
    return ou_as_complex(vm, args[0], &z) < 0 ? NULL : ou_bool(vm, isnan(z.re) || isnan(z.im));
}

F(isinf)
{
    OuPair z;
    return ou_as_complex(vm, args[0], &z) < 0 ? NULL : ou_bool(vm, isinf(z.re) || isinf(z.im));
}

F(isclose)
{
    OuPair a, b;
    double rel = 1e-9, tol = 0;
    if (ou_as_complex(vm, args[0], &a) < 0 || ou_as_complex(vm, args[1], &b) < 0 ||
        (args[2] && ou_as_double(vm, args[2], &rel) < 0) || (args[3] && ou_as_double(vm, args[3], &tol) < 0))
        return NULL;
    if (rel < 0 || tol < 0)
        return ou_value_error(vm, "tolerances must be non-negative");
    if (a.re == b.re && a.im == b.im)
        return ou_bool(vm, true);
    if (isinf(a.re) || isinf(a.im) || isinf(b.re) || isinf(b.im))
        return ou_bool(vm, false);
    double d = hypot(a.re - b.re, a.im - b.im);
    return ou_bool(vm, d <= rel * hypot(b.re, b.im) || d <= rel * hypot(a.re, a.im) || d <= tol);
}

static const OuFn functions[] = {
    {"acos(z, /)", f_acos, 0, "Arc cosine of z."},
    {"acosh(z, /)", f_acosh, 0, "Inverse hyperbolic cosine of z."},
    {"asin(z, /)", f_asin, 0, "Arc sine of z."},
    {"asinh(z, /)", f_asinh, 0, "Inverse hyperbolic sine of z."},
    {"atan(z, /)", f_atan, 0, "Arc tangent of z."},
    {"atanh(z, /)", f_atanh, 0, "Inverse hyperbolic tangent of z."},
    {"cos(z, /)", f_cos, 0, "Cosine of z."},
    {"cosh(z, /)", f_cosh, 0, "Hyperbolic cosine of z."},
    {"exp(z, /)", f_exp, 0, "e**z."},
    {"isclose(a, b, *, rel_tol=1e-09, abs_tol=0.0)", f_isclose, 0,
     "Whether two complex numbers are close in value."},
    {"isfinite(z, /)", f_isfinite, 0, "True if both parts of z are finite."},
    {"isinf(z, /)", f_isinf, 0, "True if a part of z is infinite."},
    {"isnan(z, /)", f_isnan, 0, "True if a part of z is NaN."},
    {"log(z, base=<unrepresentable>, /)", f_log, 0,
     "log(z[, base]): logarithm of z, the natural one by default."},
    {"log10(z, /)", f_log10, 0, "Base-10 logarithm of z."},
    {"phase(z, /)", f_phase, 0, "Argument (angle) of z."},
    {"polar(z, /)", f_polar, 0, "Modulus and argument of z."},
    {"rect(r, phi, /)", f_rect, 0, "Complex number of modulus r and argument phi."},
    {"sin(z, /)", f_sin, 0, "Sine of z."},
    {"sinh(z, /)", f_sinh, 0, "Hyperbolic sine of z."},
    {"sqrt(z, /)", f_sqrt, 0, "Square root of z."},
    {"tan(z, /)", f_tan, 0, "Tangent of z."},
    {"tanh(z, /)", f_tanh, 0, "Hyperbolic tangent of z."},
    {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    const struct {
        const char *name;
        double v;
    } reals[] = {{"pi", M_PI}, {"e", M_E}, {"tau", 2 * M_PI}, {"inf", INFINITY}, {"nan", (double)NAN}};
    for (size_t i = 0; i < sizeof reals / sizeof *reals; i++)
        if (ou_module_add(vm, m, reals[i].name, ou_float(vm, reals[i].v)) < 0)
            return -1;
    if (ou_module_add(vm, m, "infj", ou_complex(vm, 0, INFINITY)) < 0)
        return -1;
    return ou_module_add(vm, m, "nanj", ou_complex(vm, 0, (double)NAN));
}

const OuModuleDef ou_mod_cmath = {
    .name = "cmath",
    .doc = "Mathematical functions of complex numbers.",
    .functions = functions,
    .exec = exec,
};
