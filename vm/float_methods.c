/* vm/float_methods.c - methods and attributes of float. */
#include "float.h"

#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "float_fmt.h"
#include "int_big.h"
#include "native.h"

static OuObj *exact(OuVM *vm, OuObj *o)
{
    return ou_is(o, float) ? ou_ref(o) : ou_float(vm, OU_FLOAT_V(o));
}

static OuObj *m_conjugate(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return exact(vm, args[0]);
}

static OuObj *m_trunc(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_int_from_double(vm, OU_FLOAT_V(args[0]));
}

static OuObj *m_floor(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_int_from_double(vm, floor(OU_FLOAT_V(args[0])));
}

static OuObj *m_ceil(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_int_from_double(vm, ceil(OU_FLOAT_V(args[0])));
}

static OuObj *m_is_integer(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    double v = OU_FLOAT_V(args[0]);
    return ou_bool(vm, isfinite(v) && floor(v) == v);
}

static OuObj *m_round(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    double x = OU_FLOAT_V(args[0]);
    if (!args[1] || args[1] == OU_NONE(vm)) {
        double r = round(x);
        if (fabs(x - r) == 0.5)
            r = 2.0 * round(x / 2.0);
        return ou_int_from_double(vm, r);
    }
    ou_ssize nd;
    if (ou_as_ssize(vm, args[1], NULL, &nd) < 0)
        return NULL;
    if (!isfinite(x))
        return ou_float(vm, x);
    /* beyond these every digit is kept, or none */
    if (nd > (int)((DBL_MANT_DIG - DBL_MIN_EXP) * 0.30103))
        return ou_float(vm, x);
    if (nd < -(int)((DBL_MAX_EXP + 1) * 0.30103))
        return ou_float(vm, 0.0 * x);
    double r = ou_float_round(x, (int)nd);
    if (isinf(r))
        return ou_raise(vm, OU_EXC(vm, OverflowError), "rounded value too large to represent");
    return ou_float(vm, r);
}

static OuObj *m_format(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "__format__() argument must be str, not %T", args[1]);
    return ou_fmt_float(vm, args[0], args[1]);
}

static OuObj *m_getnewargs(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *v = ou_float(vm, OU_FLOAT_V(args[0])), *r = NULL;
    if (v)
        r = ou_tuple_pack(vm, 1, v);
    ou_xdecref(vm, v);
    return r;
}

static OuObj *m_getformat(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "__getformat__() argument must be str, not %T", args[1]);
    if (!ou_str_eq_s(args[1], "double") && !ou_str_eq_s(args[1], "float"))
        return ou_value_error(vm, "__getformat__() argument 1 must be 'double' or 'float'");
    return ou_str_new(vm, "IEEE, little-endian", -1);
}

static OuObj *m_as_integer_ratio(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    double v = OU_FLOAT_V(args[0]);
    if (isinf(v))
        return ou_raise(vm, OU_EXC(vm, OverflowError), "cannot convert Infinity to integer ratio");
    if (isnan(v))
        return ou_value_error(vm, "cannot convert NaN to integer ratio");
    int e;
    double m = frexp(v, &e);
    int64_t num = (int64_t)ldexp(m, 53);
    e -= 53;
    while (num && !(num & 1)) {
        num /= 2;
        e++;
    }
    if (!num)
        e = 0;
    OuObj *pair[2] = {ou_int(vm, num), ou_int(vm, 1)}, *r = NULL;
    if (pair[0] && pair[1]) {
        int which = e < 0;
        OuObj *s = ou_int_shift_left(vm, pair[which], (size_t)(e < 0 ? -e : e));
        ou_decref(vm, pair[which]);
        pair[which] = s;
        if (s)
            r = ou_tuple_of_take(vm, pair, 2);
    }
    ou_xdecref(vm, pair[0]);
    ou_xdecref(vm, pair[1]);
    return r;
}

static OuObj *m_hex(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    double v = OU_FLOAT_V(args[0]);
    if (!isfinite(v))
        return ou_repr(vm, args[0]);
    const char *sign = signbit(v) ? "-" : "";
    if (v == 0)
        return ou_str_fmt(vm, "%s0x0.0p+0", sign);
    uint64_t bits;
    memcpy(&bits, &v, 8);
    int be = (int)(bits >> 52 & 0x7ff);
    char buf[48];
    snprintf(buf, sizeof buf, "%s0x%d.%013llxp%+d", sign, be != 0,
             (unsigned long long)(bits & (((uint64_t)1 << 52) - 1)), be ? be - 1023 : -1022);
    return ou_str_new(vm, buf, -1);
}

/* ---- fromhex --------------------------------------------------------------------- */
static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool no_case(const char *s, const char *end, const char *w)
{
    for (; *w; s++, w++)
        if (s >= end || (*s | 32) != *w)
            return false;
    return true;
}

/* 1 and out, 0 malformed, -1 overflow */
static int hex_value(const char *s, const char *end, double *out)
{
    bool neg = false;
    while (s < end && ((*s >= 9 && *s <= 13) || *s == ' '))
        s++;
    while (end > s && ((end[-1] >= 9 && end[-1] <= 13) || end[-1] == ' '))
        end--;
    if (s < end && (*s == '+' || *s == '-'))
        neg = *s++ == '-';
    double v;
    if (no_case(s, end, "infinity") || no_case(s, end, "inf")) {
        v = INFINITY;
        s += no_case(s, end, "infinity") ? 8 : 3;
        *out = neg ? -v : v;
        return s == end;
    }
    if (no_case(s, end, "nan")) {
        *out = neg ? -NAN : NAN;
        return s + 3 == end;
    }
    if (end - s >= 2 && s[0] == '0' && (s[1] | 32) == 'x')
        s += 2;
    /* up to 60 bits of the number in m, what comes below only in `sticky`; value = m * 2**exp */
    uint64_t m = 0;
    bool sticky = false, point = false, any = false;
    long long exp = 0;
    for (; s < end; s++) {
        if (*s == '.' && !point) {
            point = true;
            continue;
        }
        int d = hex_digit(*s);
        if (d < 0)
            break;
        any = true;
        if (m >> 56) {
            sticky |= d != 0;
            exp += point ? 0 : 4;
        } else {
            m = m << 4 | (uint64_t)d;
            exp -= point ? 4 : 0;
        }
    }
    if (!any)
        return 0;
    if (s < end && (*s | 32) == 'p') {
        s++;
        bool eneg = false;
        long long e = 0;
        if (s < end && (*s == '+' || *s == '-'))
            eneg = *s++ == '-';
        if (s == end || *s < '0' || *s > '9')
            return 0;
        for (; s < end && *s >= '0' && *s <= '9'; s++)
            if (e < LLONG_MAX / 100)
                e = e * 10 + (*s - '0');
        exp += eneg ? -e : e;
    }
    bool whole = s == end; /* asked after the overflow, as CPython does */
    if (m == 0) {
        *out = neg ? -0.0 : 0.0;
        return whole;
    }
    int lz = __builtin_clzll(m);
    m <<= lz;
    exp -= lz;
    long long top = exp + 64; /* the number is in [2**(top-1), 2**top) */
    if (top > DBL_MAX_EXP)
        return -1;
    if (top < DBL_MIN_EXP - DBL_MANT_DIG) {
        *out = neg ? -0.0 : 0.0;
        return whole;
    }
    int keep = top < DBL_MIN_EXP ? DBL_MANT_DIG - (int)(DBL_MIN_EXP - top) : DBL_MANT_DIG; /* 0..53 bits */
    int drop = 64 - keep;
    uint64_t q = drop < 64 ? m >> drop : 0,
             rest = drop < 64 ? m << keep : m; /* rest: the cut bits, at the top */
    if (rest > (uint64_t)1 << 63 || (rest == (uint64_t)1 << 63 && (sticky || (q & 1))))
        q++;
    v = ldexp((double)q, (int)(exp + drop));
    if (isinf(v))
        return -1;
    *out = neg ? -v : v;
    return whole;
}

static OuObj *m_fromhex(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "bad argument type for built-in operation");
    OuUtf8 u;
    if (ou_str_utf8(vm, args[1], &u, false) < 0)
        return NULL;
    double v;
    int r = hex_value(u.s, u.s + u.n, &v);
    ou_utf8_free(vm, &u);
    if (r == 0)
        return ou_value_error(vm, "invalid hexadecimal floating-point string");
    if (r < 0)
        return ou_raise(vm, OU_EXC(vm, OverflowError), "hexadecimal value too large to represent as a float");
    OuObj *f = ou_float(vm, v);
    if (f && OU_AS_TYPE(args[0]) != &vm->builtin[OU_T_float]) {
        OuObj *sub = ou_call1(vm, args[0], f);
        ou_decref(vm, f);
        return sub;
    }
    return f;
}

const OuFn ou_float_methods[] = {
    {"conjugate(self, /)", m_conjugate, 0, "The number itself."},
    {"__trunc__(self, /)", m_trunc, 0, "The integer between the number and 0 that is closest to it."},
    {"__floor__(self, /)", m_floor, 0, "The floor as an int."},
    {"__ceil__(self, /)", m_ceil, 0, "The ceiling as an int."},
    {"__round__(self, ndigits=None, /)", m_round, 0,
     "The closest int, half to even; with ndigits a float rounded to that many decimals."},
    {"as_integer_ratio(self, /)", m_as_integer_ratio, 0,
     "A pair of ints whose ratio is exactly the number, the denominator positive.\n\n"
     "OverflowError for infinities, ValueError for NaNs.\n\n>>> (2.5).as_integer_ratio()\n(5, 2)\n"
     ">>> (0.0).as_integer_ratio()\n(0, 1)\n>>> (-.25).as_integer_ratio()\n(-1, 4)"},
    {"fromhex(type, string, /)", m_fromhex, OU_FN_CLASS,
     "The float a hexadecimal string stands for.\n\n>>> float.fromhex('0x1.8p1')\n3.0\n>>> "
     "float.fromhex('-inf')\n-inf"},
    {"hex(self, /)", m_hex, 0,
     "Hexadecimal form, without rounding.\n\n>>> (3.0).hex()\n'0x1.8000000000000p+1'\n>>> "
     "(-0.0).hex()\n'-0x0.0p+0'"},
    {"is_integer(self, /)", m_is_integer, 0, "Return True if the float is an integer."},
    {"__getnewargs__(self, /)", m_getnewargs, 0, NULL},
    {"__getformat__(type, typestr, /)", m_getformat, OU_FN_CLASS,
     "How 'double' or 'float' numbers are stored; for tests."},
    {"__format__(self, format_spec, /)", m_format, 0, "Formats the float according to format_spec."},
    {0},
};

static OuObj *g_real(OuVM *vm, OuObj *self, void *data)
{
    return exact(vm, self);
}

static OuObj *g_imag(OuVM *vm, OuObj *self, void *data)
{
    return ou_float(vm, 0.0);
}

const OuGetSet ou_float_getset[] = {
    {"real", g_real, NULL, "the real part of a complex number", NULL},
    {"imag", g_imag, NULL, "the imaginary part of a complex number", NULL},
    {0},
};
