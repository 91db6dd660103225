/* vm/float.c - the type float: making, comparing, hashing and the operator slots. */
#include "float.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "float_fmt.h"
#include "int_big.h"
#include "native.h"

OuObj *ou_float(OuVM *vm, double v)
{
    OuFloat *r = (OuFloat *)ou_new_leaf(vm, OU_T_float, sizeof(OuFloat));
    if (r)
        r->v = v;
    return (OuObj *)r;
}

/* Operand of a float operation: 1 and out; 0 neither float nor int; -1 exception. */
static inline int operand(OuVM *vm, OuObj *o, double *out)
{
    if (ou_is(o, float)) {
        *out = OU_FLOAT_V(o);
        return 1;
    }
    if (ou_isa_int(vm, o))
        return ou_int_to_double(vm, o, out) < 0 ? -1 : 1;
    if (ou_isa(vm, o, float)) {
        *out = OU_FLOAT_V(o);
        return 1;
    }
    return 0;
}

#define OPERANDS(x, y)                                     \
    double x, y;                                           \
    do {                                                   \
        int r_ = operand(vm, a, &x);                       \
        if (r_ > 0)                                        \
            r_ = operand(vm, b, &y);                       \
        if (r_ <= 0)                                       \
            return r_ == 0 ? ou_notimplemented(vm) : NULL; \
    } while (0)

static OuObj *float_add(OuVM *vm, OuObj *a, OuObj *b)
{
    OPERANDS(x, y);
    return ou_float(vm, x + y);
}

static OuObj *float_sub(OuVM *vm, OuObj *a, OuObj *b)
{
    OPERANDS(x, y);
    return ou_float(vm, x - y);
}

static OuObj *float_mul(OuVM *vm, OuObj *a, OuObj *b)
{
    OPERANDS(x, y);
    return ou_float(vm, x * y);
}

static OuObj *zero_division(OuVM *vm, const char *msg)
{
    return ou_raise(vm, OU_EXC(vm, ZeroDivisionError), "%s", msg);
}

static OuObj *float_div(OuVM *vm, OuObj *a, OuObj *b)
{
    OPERANDS(x, y);
    return y == 0 ? zero_division(vm, "float division by zero") : ou_float(vm, x / y);
}

/* Floor quotient and remainder with the sign of y, as CPython: fmod is exact, the quotient is corrected from
 * it. */
static double floor_divmod(double x, double y, double *mod)
{
    double m = fmod(x, y), div = (x - m) / y, q;
    if (m != 0) {
        if ((y < 0) != (m < 0)) {
            m += y;
            div -= 1.0;
        }
    } else {
        m = copysign(0.0, y);
    }
    if (div != 0) {
        q = floor(div);
        if (div - q > 0.5)
            q += 1.0;
    } else {
        q = copysign(0.0, x / y);
    }
    *mod = m;
    return q;
}

static OuObj *float_floordiv(OuVM *vm, OuObj *a, OuObj *b)
{
    OPERANDS(x, y);
    double mod;
    return y == 0 ? zero_division(vm, "float floor division by zero")
                  : ou_float(vm, floor_divmod(x, y, &mod));
}

static OuObj *float_mod(OuVM *vm, OuObj *a, OuObj *b)
{
    OPERANDS(x, y);
    if (y == 0)
        return zero_division(vm, "float modulo");
    double m = fmod(x, y);
    if (m == 0)
        m = copysign(0.0, y);
    else if ((y < 0) != (m < 0))
        m += y;
    return ou_float(vm, m);
}

static OuObj *float_divmod(OuVM *vm, OuObj *a, OuObj *b)
{
    OPERANDS(x, y);
    if (y == 0)
        return zero_division(vm, "float divmod()");
    double mod, q = floor_divmod(x, y, &mod);
    OuObj *pair[2] = {ou_float(vm, q), ou_float(vm, mod)}, *r = NULL;
    if (pair[0] && pair[1])
        r = ou_tuple_of_take(vm, pair, 2);
    ou_xdecref(vm, pair[0]);
    ou_xdecref(vm, pair[1]);
    return r;
}

static bool is_odd(double y)
{
    return fmod(fabs(y), 2.0) == 1.0;
}

OuObj *ou_raise_range(OuVM *vm, OuType *exc)
{
    OuObj *code = ou_int(vm, ERANGE), *text = ou_str_new(vm, strerror(ERANGE), -1);
    OuObj *args = code && text ? ou_tuple_pack(vm, 2, code, text) : NULL;
    if (args)
        ou_raise_value(vm, exc, args);
    ou_xdecref(vm, args);
    ou_xdecref(vm, code);
    ou_xdecref(vm, text);
    return NULL;
}

static OuObj *float_pow(OuVM *vm, OuObj *a, OuObj *b)
{
    OPERANDS(x, y);
    /* C99's special cases, spelled out: platforms differ in errno */
    if (y == 0)
        return ou_float(vm, 1.0);
    if (isnan(x))
        return ou_float(vm, x);
    if (isnan(y))
        return ou_float(vm, x == 1.0 ? 1.0 : y);
    if (isinf(y)) {
        x = fabs(x);
        return ou_float(vm, x == 1.0 ? 1.0 : (y > 0) == (x > 1) ? INFINITY : 0.0);
    }
    if (isinf(x)) {
        bool odd = is_odd(y);
        if (y > 0)
            return ou_float(vm, odd ? x : fabs(x));
        return ou_float(vm, odd ? copysign(0.0, x) : 0.0);
    }
    if (x == 0) {
        if (y < 0)
            return zero_division(vm, "0.0 cannot be raised to a negative power");
        return ou_float(vm, is_odd(y) ? x : 0.0);
    }
    bool negate = false;
    if (x < 0) {
        if (y != floor(y)) { /* a complex result */
            OuObj *ca = ou_complex(vm, x, 0), *cb = ou_complex(vm, y, 0), *r = NULL;
            if (ca && cb)
                r = vm->builtin[OU_T_complex].u->nb[OU_NB_POW](vm, ca, cb);
            ou_xdecref(vm, ca);
            ou_xdecref(vm, cb);
            return r;
        }
        x = -x;
        negate = is_odd(y);
    }
    if (x == 1.0)
        return ou_float(vm, negate ? -1.0 : 1.0);
    double r = pow(x, y);
    if (isinf(r))
        return ou_raise_range(vm, OU_EXC(vm, OverflowError));
    return ou_float(vm, negate ? -r : r);
}

static OuObj *float_power3(OuVM *vm, OuObj *a, OuObj *b, OuObj *mod)
{
    return ou_type_error(vm, "pow() 3rd argument not allowed unless all arguments are integers");
}

static OuObj *float_neg(OuVM *vm, OuObj *o)
{
    return ou_float(vm, -OU_FLOAT_V(o));
}

static OuObj *float_exact(OuVM *vm, OuObj *o)
{
    return ou_is(o, float) ? ou_ref(o) : ou_float(vm, OU_FLOAT_V(o));
}

static OuObj *float_abs(OuVM *vm, OuObj *o)
{
    return ou_float(vm, fabs(OU_FLOAT_V(o)));
}

static OuObj *float_trunc(OuVM *vm, OuObj *o)
{
    return ou_int_from_double(vm, OU_FLOAT_V(o));
}

static int float_truth(OuVM *vm, OuObj *o)
{
    return OU_FLOAT_V(o) != 0;
}

static OuObj *float_repr(OuVM *vm, OuObj *o)
{
    char buf[40];
    int n = ou_float_repr(OU_FLOAT_V(o), buf);
    return ou_str_latin1(vm, buf, n);
}

static OuObj *float_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    double x = OU_FLOAT_V(a);
    int c;
    if (ou_is(b, float) || (!ou_isa_int(vm, b) && ou_isa(vm, b, float))) {
        double y = OU_FLOAT_V(b);
        if (isnan(x) || isnan(y))
            return ou_bool(vm, op == OU_CMP_NE);
        c = (x > y) - (x < y);
    } else if (ou_isa_int(vm, b)) {
        if (isnan(x))
            return ou_bool(vm, op == OU_CMP_NE);
        c = isinf(x) ? (x > 0 ? 1 : -1) : -ou_int_cmp_double(b, x);
    } else {
        return ou_notimplemented(vm);
    }
    return ou_bool(vm, op >> (c + 1) & 1);
}

/* The value modulo 2**61 - 1 (as for ints and fractions), with the sign; inf is 314159. */
int64_t ou_hash_double(double v)
{
    enum { BITS = 61 };
    const uint64_t modulus = ((uint64_t)1 << BITS) - 1;
    if (isnan(v))
        return 0;
    if (isinf(v))
        return v > 0 ? 314159 : -314159;
    int e;
    double m = frexp(fabs(v), &e);
    uint64_t x = 0;
    while (m != 0) { /* 28 bits at a time */
        x = (x << 28 & modulus) | x >> (BITS - 28);
        m *= 268435456.0;
        e -= 28;
        uint64_t y = (uint64_t)m;
        m -= (double)y;
        x += y;
        if (x >= modulus)
            x -= modulus;
    }
    e = e >= 0 ? e % BITS : BITS - 1 - (-1 - e) % BITS;
    x = (x << e & modulus) | x >> (BITS - e);
    int64_t h = v < 0 ? -(int64_t)x : (int64_t)x;
    return h == -1 ? -2 : h;
}

static int float_hash(OuVM *vm, OuObj *o, int64_t *out)
{
    if (isnan(OU_FLOAT_V(o)))
        return ou_hash_pointer(vm, o, out);
    *out = ou_hash_double(OU_FLOAT_V(o));
    return 0;
}

static void float_dealloc(OuVM *vm, OuObj *o)
{
    if (ou_is(o, float))
        ou_heap_free_leaf(&vm->heap, o, sizeof(OuFloat));
    else
        ou_free_object(vm, o);
}

/* ---- construction ---------------------------------------------------------------- */
static bool space(char c)
{
    return (c >= 9 && c <= 13) || c == 0x20;
}

/* float of text: 1 and out, 0 when o is no text, -1. */
static int from_text(OuVM *vm, OuObj *o, double *out)
{
    OuUtf8 u;
    if (ou_isa_str(vm, o)) {
        if (ou_num_ascii(vm, o, &u) < 0)
            return -1;
    } else {
        int r = ou_num_bytes(vm, o, &u);
        if (r <= 0)
            return r;
    }
    const char *s = u.s, *end = u.s + u.n;
    while (s < end && space(*s))
        s++;
    while (end > s && space(end[-1]))
        end--;
    int r = 0;
    size_t n = (size_t)(end - s);
    if (memchr(s, '_', n)) {
        char *clean = ou_alloc(vm, n);
        if (!clean) {
            ou_utf8_free(vm, &u);
            return -1;
        }
        ou_ssize m = ou_num_underscores(s, n, clean);
        if (m >= 0)
            r = ou_float_scan(vm, clean, (size_t)m, out, NULL);
        ou_free(vm, clean, n);
    } else {
        r = ou_float_scan(vm, s, n, out, NULL);
    }
    ou_utf8_free(vm, &u);
    if (r == 0)
        return ou_value_error_i(vm, "could not convert string to float: %R", o);
    return r;
}

/* Result of nb_float or __float__: must be a float; a strict subclass is deprecated. Takes r. */
static int check_float(OuVM *vm, OuObj *o, OuObj *r, double *out)
{
    int res = -1;
    if (!r)
        return -1;
    if (!ou_isa(vm, r, float)) {
        ou_type_error(vm, "%T.__float__ returned non-float (type %T)", o, r);
    } else if (
        ou_is(r, float) ||
        ou_warn(vm, OU_EXC(vm, DeprecationWarning), 1,
                "%T.__float__ returned non-float (type %T).  The ability to return an instance of a strict "
                "subclass of float is deprecated, and may not be supported in a future version of Python.",
                o, r) == 0) {
        *out = OU_FLOAT_V(r);
        res = 0;
    }
    ou_decref(vm, r);
    return res;
}

static int index_to_double(OuVM *vm, OuObj *o, double *out)
{
    OuObj *i = ou_index(vm, o);
    if (!i)
        return -1;
    int r = ou_int_to_double(vm, i, out);
    ou_decref(vm, i);
    return r;
}

int ou_as_double(OuVM *vm, OuObj *o, double *out)
{
    if (ou_is(o, float)) {
        *out = OU_FLOAT_V(o);
        return 0;
    }
    if (ou_is(o, int))
        return ou_int_to_double(vm, o, out);
    if (ou_isa(vm, o, float)) {
        *out = OU_FLOAT_V(o);
        return 0;
    }
    OuType *t = OU_TYPE_OF(vm, o);
    if (t->u->to_float)
        return check_float(vm, o, t->u->to_float(vm, o), out);
    if (t->u->index)
        return index_to_double(vm, o, out);
    return ou_type_error_i(vm, "must be real number, not %T", o);
}

OuObj *ou_to_float(OuVM *vm, OuObj *o)
{
    if (ou_is(o, float))
        return ou_ref(o);
    OuType *t = OU_TYPE_OF(vm, o);
    double v;
    if (t->u->to_float) {
        if (check_float(vm, o, t->u->to_float(vm, o), &v) < 0)
            return NULL;
    } else if (t->u->index) {
        if (index_to_double(vm, o, &v) < 0)
            return NULL;
    } else {
        int r = from_text(vm, o, &v);
        if (r == 0)
            ou_type_error(vm, "float() argument must be a string or a real number, not '%T'", o);
        if (r <= 0)
            return NULL;
    }
    return ou_float(vm, v);
}

static OuObj *float_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    /* a subclass with an __init__ of its own may take keywords */
    if ((type->s.init == vm->builtin[OU_T_float].s.init && ou_no_kwargs(vm, "float", kwnames) < 0) ||
        ou_arity(vm, "float", nargs, 0, 1) < 0)
        return NULL;
    OuObj *v = nargs ? ou_to_float(vm, args[0]) : ou_float(vm, 0.0);
    if (!v || type == &vm->builtin[OU_T_float])
        return v;
    OuObj *o = ou_type_alloc(vm, type, 0);
    if (o)
        ((OuFloat *)o)->v = OU_FLOAT_V(v);
    ou_decref(vm, v);
    return o;
}

const OuTypeSpec ou_float_spec = {
    .name = "float",
    .size = sizeof(OuFloat),
    .flags = OU_TYPE_BASE | OU_TYPE_IMMUTABLE | OU_TYPE_MATCH_SELF,
    .doc = "float(x=0, /)\n--\n\nConvert a string or number to a floating point number, if possible.",
    .dealloc = float_dealloc,
    .s = {.repr = float_repr,
          .hash = float_hash,
          .compare = float_compare,
          .new_ = float_new,
          .nb = {[OU_NB_ADD] = float_add,
                 [OU_NB_SUB] = float_sub,
                 [OU_NB_MUL] = float_mul,
                 [OU_NB_DIV] = float_div,
                 [OU_NB_FLOORDIV] = float_floordiv,
                 [OU_NB_MOD] = float_mod,
                 [OU_NB_POW] = float_pow,
                 [OU_NB_DIVMOD] = float_divmod},
          .power3 = float_power3,
          .neg = float_neg,
          .pos = float_exact,
          .abs = float_abs,
          .to_int = float_trunc,
          .to_float = float_exact,
          .truth = float_truth},
    .methods = ou_float_methods,
    .getset = ou_float_getset,
};
