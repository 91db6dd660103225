/* vm/complex.c - the type complex: arithmetic as CPython's (Objects/complexobject.c), repr and attributes. */
#include "complex.h"

#include <errno.h>
#include <float.h>
#include <math.h>

#include "float_fmt.h"
#include "int_big.h"
#include "native.h"

#define RE(o) (((OuComplex *)(o))->re)
#define IM(o) (((OuComplex *)(o))->im)

OuObj *ou_complex(OuVM *vm, double re, double im)
{
    OuComplex *r = (OuComplex *)ou_new_leaf(vm, OU_T_complex, sizeof(OuComplex));
    if (r) {
        r->re = re;
        r->im = im;
    }
    return (OuObj *)r;
}

static OuObj *make(OuVM *vm, OuPair v)
{
    return ou_complex(vm, v.re, v.im);
}

/* Operand: 1 and out; 0 not a number of ours; -1 */
static int operand(OuVM *vm, OuObj *o, OuPair *out)
{
    out->im = 0;
    if (ou_is(o, complex)) {
        *out = (OuPair){RE(o), IM(o)};
        return 1;
    }
    if (ou_isa_int(vm, o))
        return ou_int_to_double(vm, o, &out->re) < 0 ? -1 : 1;
    if (ou_isa(vm, o, float)) {
        out->re = OU_FLOAT_V(o);
        return 1;
    }
    if (ou_isa(vm, o, complex)) {
        *out = (OuPair){RE(o), IM(o)};
        return 1;
    }
    return 0;
}

#define OPERANDS(x, y)                                     \
    OuPair x, y;                                           \
    do {                                                   \
        int r_ = operand(vm, a, &x);                       \
        if (r_ > 0)                                        \
            r_ = operand(vm, b, &y);                       \
        if (r_ <= 0)                                       \
            return r_ == 0 ? ou_notimplemented(vm) : NULL; \
    } while (0)

static OuPair product(OuPair x, OuPair y)
{
    return (OuPair){x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re};
}

/* Quotient scaled by the larger part of y, against overflow; false for y == 0. */
static bool quotient(OuPair x, OuPair y, OuPair *out)
{
    double are = fabs(y.re), aim = fabs(y.im);
    if (are >= aim) {
        if (are == 0)
            return false;
        double ratio = y.im / y.re, denom = y.re + y.im * ratio;
        *out = (OuPair){(x.re + x.im * ratio) / denom, (x.im - x.re * ratio) / denom};
    } else if (aim >= are) {
        double ratio = y.re / y.im, denom = y.re * ratio + y.im;
        *out = (OuPair){(x.re * ratio + x.im) / denom, (x.im * ratio - x.re) / denom};
    } else { /* a NaN in y */
        *out = (OuPair){NAN, NAN};
    }
    return true;
}

static OuObj *complex_add(OuVM *vm, OuObj *a, OuObj *b)
{
    OPERANDS(x, y);
    return ou_complex(vm, x.re + y.re, x.im + y.im);
}

static OuObj *complex_sub(OuVM *vm, OuObj *a, OuObj *b)
{
    OPERANDS(x, y);
    return ou_complex(vm, x.re - y.re, x.im - y.im);
}

static OuObj *complex_mul(OuVM *vm, OuObj *a, OuObj *b)
{
    OPERANDS(x, y);
    return make(vm, product(x, y));
}

static OuObj *complex_div(OuVM *vm, OuObj *a, OuObj *b)
{
    OPERANDS(x, y);
    OuPair q;
    if (!quotient(x, y, &q))
        return ou_raise(vm, OU_EXC(vm, ZeroDivisionError), "complex division by zero");
    return make(vm, q);
}

static OuPair power_whole(OuPair x, long n)
{
    OuPair r = {1, 0}, p = x;
    for (long mask = 1; mask > 0 && n >= mask; mask <<= 1) {
        if (n & mask)
            r = product(r, p);
        p = product(p, p);
    }
    return r;
}

static OuPair power_general(OuPair x, OuPair y, bool *domain)
{
    if (y.re == 0 && y.im == 0)
        return (OuPair){1, 0};
    if (x.re == 0 && x.im == 0) {
        *domain = y.im != 0 || y.re < 0;
        return (OuPair){0, 0};
    }
    double abs = hypot(x.re, x.im), len = pow(abs, y.re), at = atan2(x.im, x.re), phase = at * y.re;
    if (y.im != 0) {
        len /= exp(at * y.im);
        phase += y.im * log(abs);
    }
    return (OuPair){len * cos(phase), len * sin(phase)};
}

static OuObj *complex_pow(OuVM *vm, OuObj *a, OuObj *b)
{
    OPERANDS(x, y);
    OuPair r = {0, 0};
    bool domain = false;
    errno = 0; /* CPython reports what sin and cos of an infinite phase leave there */
    if (y.im == 0 && y.re == floor(y.re) && fabs(y.re) <= 100.0) {
        long n = (long)y.re;
        if (n >= 0)
            r = power_whole(x, n);
        else
            domain = !quotient((OuPair){1, 0}, power_whole(x, -n), &r);
    } else {
        r = power_general(x, y, &domain);
    }
    if (domain || errno == EDOM)
        return ou_raise(vm, OU_EXC(vm, ZeroDivisionError), "0.0 to a negative or complex power");
    if (isinf(r.re) || isinf(r.im))
        return ou_raise(vm, OU_EXC(vm, OverflowError), "complex exponentiation");
    return make(vm, r);
}

static OuObj *complex_power3(OuVM *vm, OuObj *a, OuObj *b, OuObj *mod)
{
    OPERANDS(x, y);
    (void)x;
    (void)y;
    return ou_value_error(vm, "complex modulo");
}

static OuObj *complex_neg(OuVM *vm, OuObj *o)
{
    return ou_complex(vm, -RE(o), -IM(o));
}

static OuObj *complex_exact(OuVM *vm, OuObj *o)
{
    return ou_is(o, complex) ? ou_ref(o) : ou_complex(vm, RE(o), IM(o));
}

static OuObj *complex_abs(OuVM *vm, OuObj *o)
{
    double re = RE(o), im = IM(o), r;
    if (!isfinite(re) || !isfinite(im)) /* infinite even if the other part is NaN */
        r = isinf(re) || isinf(im) ? INFINITY : NAN;
    else if (isinf(r = hypot(re, im)))
        return ou_raise(vm, OU_EXC(vm, OverflowError), "absolute value too large");
    return ou_float(vm, r);
}

static int complex_truth(OuVM *vm, OuObj *o)
{
    return RE(o) != 0 || IM(o) != 0;
}

static OuObj *complex_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if (op != OU_CMP_EQ && op != OU_CMP_NE)
        return ou_notimplemented(vm);
    bool eq;
    if (ou_isa_int(vm, b))
        eq = IM(a) == 0 && isfinite(RE(a)) && ou_int_cmp_double(b, RE(a)) == 0;
    else if (ou_isa(vm, b, float))
        eq = IM(a) == 0 && RE(a) == OU_FLOAT_V(b);
    else if (ou_isa(vm, b, complex))
        eq = RE(a) == RE(b) && IM(a) == IM(b);
    else
        return ou_notimplemented(vm);
    return ou_bool(vm, eq == (op == OU_CMP_EQ));
}

static int complex_hash(OuVM *vm, OuObj *o, int64_t *out)
{
    int64_t re = ou_hash_double(RE(o)), im = ou_hash_double(IM(o)), nan;
    if (ou_hash_pointer(vm, o, &nan) < 0)
        return -1;
    if (isnan(RE(o)))
        re = nan;
    if (isnan(IM(o)))
        im = nan;
    uint64_t h = (uint64_t)re + 1000003u * (uint64_t)im;
    *out = (int64_t)h == -1 ? -2 : (int64_t)h;
    return 0;
}

static OuObj *complex_repr(OuVM *vm, OuObj *o)
{
    char buf[100], *p = buf;
    double re = RE(o), im = IM(o);
    bool only_imag = re == 0 && !signbit(re);
    if (!only_imag) {
        *p++ = '(';
        p += ou_float_repr_flags(re, p, false, false, false);
    }
    p += ou_float_repr_flags(im, p, false, false, !only_imag);
    *p++ = 'j';
    if (!only_imag)
        *p++ = ')';
    return ou_str_latin1(vm, buf, p - buf);
}

static void complex_dealloc(OuVM *vm, OuObj *o)
{
    if (ou_is(o, complex))
        ou_heap_free_leaf(&vm->heap, o, sizeof(OuComplex));
    else
        ou_free_object(vm, o);
}

static OuObj *m_conjugate(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_complex(vm, RE(args[0]), -IM(args[0]));
}

static OuObj *m_complex(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return complex_exact(vm, args[0]);
}

static OuObj *m_format(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "__format__() argument must be str, not %T", args[1]);
    return ou_fmt_complex(vm, args[0], args[1]);
}

static OuObj *m_getnewargs(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *pair[2] = {ou_float(vm, RE(args[0])), ou_float(vm, IM(args[0]))}, *r = NULL;
    if (pair[0] && pair[1])
        r = ou_tuple_of_take(vm, pair, 2);
    ou_xdecref(vm, pair[0]);
    ou_xdecref(vm, pair[1]);
    return r;
}

static const OuFn methods[] = {
    {"conjugate(self, /)", m_conjugate, 0, "The number with the sign of its imaginary part changed."},
    {"__complex__(self, /)", m_complex, 0, "Convert this value to exact type complex."},
    {"__getnewargs__(self, /)", m_getnewargs, 0, NULL},
    {"__format__(self, format_spec, /)", m_format, 0, "Convert to a string according to format_spec."},
    {0},
};

static const OuMember members[] = {
    {"real", OU_MEMBER_DOUBLE, offsetof(OuComplex, re), true, "the real part of a complex number"},
    {"imag", OU_MEMBER_DOUBLE, offsetof(OuComplex, im), true, "the imaginary part of a complex number"},
    {0},
};

const OuTypeSpec ou_complex_spec = {
    .name = "complex",
    .size = sizeof(OuComplex),
    .flags = OU_TYPE_BASE | OU_TYPE_IMMUTABLE,
    .doc = "complex(real=0, imag=0)\n--\n\nA complex number of a real part and an imaginary part, or of a "
           "string.\n\n"
           "It is real + imag*1j.",
    .dealloc = complex_dealloc,
    .s = {.repr = complex_repr,
          .hash = complex_hash,
          .compare = complex_compare,
          .new_ = ou_complex_new,
          .nb = {[OU_NB_ADD] = complex_add,
                 [OU_NB_SUB] = complex_sub,
                 [OU_NB_MUL] = complex_mul,
                 [OU_NB_DIV] = complex_div,
                 [OU_NB_POW] = complex_pow},
          .power3 = complex_power3,
          .neg = complex_neg,
          .pos = complex_exact,
          .abs = complex_abs,
          .truth = complex_truth},
    .methods = methods,
    .members = members,
};
