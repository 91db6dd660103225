/* stdlib/datetime/delta.c - datetime.timedelta.  Sums are made in 128-bit integers of microseconds; only quotients by
 * floats need Python's. */
#include "datetime.h"

#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>

#include "vm/type.h"

#define US_SECOND ((ou_i128)1000000)
#define US_DAY (86400 * US_SECOND)

static bool is_delta(OuVM *vm, OuObj *o)
{
    return ou_dt_isa(vm, o, ou_dt_state(vm)->delta);
}

static void *too_large(OuVM *vm)
{
    return ou_raise(vm, OU_EXC(vm, OverflowError), "Python int too large to convert to C int");
}

static OuObj *make(OuVM *vm, OuType *type, int64_t days, int seconds, int us)
{
    if (days < -OU_MAXDELTA || days > OU_MAXDELTA)
        return ou_raise(vm, OU_EXC(vm, OverflowError), "days=%lld; must have magnitude <= %d",
                        (long long)days, OU_MAXDELTA);
    OuDelta *d = (OuDelta *)ou_type_alloc(vm, type, 0);
    if (d) {
        d->days = (int32_t)days;
        d->seconds = seconds;
        d->us = us;
    }
    return (OuObj *)d;
}

static ou_i128 floor_div(ou_i128 a, ou_i128 b)
{
    ou_i128 q = a / b;
    return q * b != a && (a < 0) != (b < 0) ? q - 1 : q;
}

static OuObj *from_us(OuVM *vm, OuType *type, ou_i128 us)
{
    ou_i128 days = floor_div(us, US_DAY);
    us -= days * US_DAY;
    if (days < INT_MIN || days > INT_MAX)
        return too_large(vm);
    return make(vm, type, (int64_t)days, (int)(us / US_SECOND), (int)(us % US_SECOND));
}

OuObj *ou_delta_new(OuVM *vm, int64_t days, int64_t seconds, int64_t us)
{
    return from_us(vm, ou_dt_state(vm)->delta, days * US_DAY + seconds * US_SECOND + us);
}

ou_i128 ou_delta_total(const OuObj *o)
{
    const OuDelta *d = (const OuDelta *)o;
    return d->days * US_DAY + d->seconds * US_SECOND + d->us;
}

int ou_delta_cmp(const OuObj *a, const OuObj *b)
{
    ou_i128 x = ou_delta_total(a), y = ou_delta_total(b);
    return (x > y) - (x < y);
}

OuObj *ou_delta_sub(OuVM *vm, OuObj *a, OuObj *b)
{
    return from_us(vm, ou_dt_state(vm)->delta, ou_delta_total(a) - ou_delta_total(b));
}

bool ou_delta_zero(const OuObj *o)
{
    const OuDelta *d = (const OuDelta *)o;
    return !d->days && !d->seconds && !d->us;
}

/* ---- construction ---- */

/* A whole double as 128 bits. */
static int double_i128(OuVM *vm, double v, ou_i128 *out)
{
    if (isinf(v))
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "cannot convert float infinity to integer");
    if (isnan(v))
        return ou_value_error_i(vm, "cannot convert float NaN to integer");
    if (fabs(v) >= 0x1p126) {
        too_large(vm);
        return -1;
    }
    *out = (ou_i128)v;
    return 0;
}

static int add_scaled(OuVM *vm, ou_i128 *sum, ou_i128 v, ou_i128 factor)
{
    ou_i128 p;
    if (!__builtin_mul_overflow(v, factor, &p) && !__builtin_add_overflow(*sum, p, sum))
        return 0;
    too_large(vm);
    return -1;
}

/* *sum += o * factor; fractions of a microsecond go to *rest. */
static int accumulate(OuVM *vm, const char *tag, OuObj *o, ou_i128 factor, ou_i128 *sum, double *rest)
{
    ou_i128 v;
    if (ou_isa_int(vm, o)) {
        if (ou_dt_as_i128(vm, o, &v))
            return add_scaled(vm, sum, v, factor);
        too_large(vm);
        return -1;
    }
    if (!ou_isa(vm, o, float))
        return ou_type_error_i(vm, "unsupported type for timedelta %s component: %T", tag, o);
    double whole, frac = modf(OU_FLOAT_V(o), &whole);
    if (double_i128(vm, whole, &v) < 0 || add_scaled(vm, sum, v, factor) < 0)
        return -1;
    if (frac == 0)
        return 0;
    frac = modf(frac * (double)factor, &whole);
    *sum += (ou_i128)whole;
    *rest += frac;
    return 0;
}

static OuObj *delta_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    static const char *const names[] = {"days",    "seconds", "microseconds", "milliseconds",
                                        "minutes", "hours",   "weeks",        NULL};
    static const int64_t factors[] = {86400000000, 1000000, 1, 1000, 60000000, 3600000000, 604800000000};
    static const uint8_t order[] = {2, 3, 1, 4, 5, 0, 6}; /* small units first, as CPython adds them */
    OuObj *a[7];
    if (ou_dt_args(vm, "__new__", names, 0, 7, args, nargs, kwnames, a) < 0)
        return NULL;
    ou_i128 sum = 0;
    double rest = 0;
    for (int k = 0; k < 7; k++) {
        int i = order[k];
        if (a[i] && accumulate(vm, names[i], a[i], factors[i], &sum, &rest) < 0)
            return NULL;
    }
    if (rest != 0) {
        double us = round(rest);
        if (fabs(us - rest) == 0.5) { /* half to even, and the sum so far decides what is even */
            int odd = (int)(sum & 1);
            us = 2.0 * round((rest + odd) * 0.5) - odd;
        }
        sum += (ou_i128)us;
    }
    return from_us(vm, type, sum);
}

/* ---- arithmetic ---- */

static OuObj *result(OuVM *vm, ou_i128 us)
{
    return from_us(vm, ou_dt_state(vm)->delta, us);
}

static OuObj *delta_add(OuVM *vm, OuObj *a, OuObj *b)
{
    if (!is_delta(vm, a) || !is_delta(vm, b))
        return ou_notimplemented(vm);
    return result(vm, ou_delta_total(a) + ou_delta_total(b));
}

static OuObj *delta_subtract(OuVM *vm, OuObj *a, OuObj *b)
{
    if (!is_delta(vm, a) || !is_delta(vm, b))
        return ou_notimplemented(vm);
    return result(vm, ou_delta_total(a) - ou_delta_total(b));
}

static OuObj *delta_neg(OuVM *vm, OuObj *o)
{
    return result(vm, -ou_delta_total(o));
}

static OuObj *delta_pos(OuVM *vm, OuObj *o)
{
    return result(vm, ou_delta_total(o));
}

static OuObj *delta_abs(OuVM *vm, OuObj *o)
{
    ou_i128 us = ou_delta_total(o);
    return result(vm, us < 0 ? -us : us);
}

static int delta_truth(OuVM *vm, OuObj *o)
{
    return !ou_delta_zero(o);
}

static void *zero_division(OuVM *vm)
{
    return ou_raise(vm, OU_EXC(vm, ZeroDivisionError), "integer division or modulo by zero");
}

/* a / b of ints, nearest, half to even; a is taken. */
static OuObj *nearest_take(OuVM *vm, OuObj *a, OuObj *b)
{
    OuObj *x = a, *y = ou_ref(b), *qr = NULL, *r = NULL;
    if (x && ou_int_sign(y) < 0) {
        OuObj *nx = ou_negative(vm, x), *ny = ou_negative(vm, y);
        ou_decref(vm, x);
        ou_decref(vm, y);
        x = nx;
        y = ny;
    }
    if (x && y && ou_int_sign(y) == 0)
        zero_division(vm);
    else if (x && y)
        qr = ou_binop(vm, OU_NB_DIVMOD, x, y);
    if (qr) {
        OuObj *q = OU_TUPLE(qr)->items[0], *rest = OU_TUPLE(qr)->items[1];
        OuObj *twice = ou_binop(vm, OU_NB_ADD, rest, rest), *one = ou_int(vm, 1);
        OuObj *odd = one ? ou_binop(vm, OU_NB_AND, q, one) : NULL;
        int gt = twice ? ou_compare_bool(vm, twice, y, OU_CMP_GT) : -1;
        int eq = gt == 0 ? ou_compare_bool(vm, twice, y, OU_CMP_EQ) : 0;
        if (odd && gt >= 0 && eq >= 0)
            r = gt || (eq && ou_int_sign(odd)) ? ou_binop(vm, OU_NB_ADD, q, one) : ou_ref(q);
        ou_xdecref(vm, twice);
        ou_xdecref(vm, one);
        ou_xdecref(vm, odd);
    }
    ou_xdecref(vm, x);
    ou_xdecref(vm, y);
    ou_xdecref(vm, qr);
    return r;
}

static OuObj *from_int_take(OuVM *vm, OuObj *us)
{
    ou_i128 v;
    if (!us)
        return NULL;
    OuObj *r = ou_dt_as_i128(vm, us, &v) ? result(vm, v) : too_large(vm);
    ou_decref(vm, us);
    return r;
}

/* delta * f, or delta / f if divide. */
static OuObj *scale_float(OuVM *vm, OuObj *d, OuObj *f, bool divide)
{
    OuObj *f_ratio = ou_getattr_s(vm, f, "as_integer_ratio");
    OuObj *ratio = f_ratio ? ou_call0(vm, f_ratio) : NULL, *us = NULL, *r = NULL;
    ou_xdecref(vm, f_ratio);
    OuObj **v = ratio && ou_isa_tuple(vm, ratio) ? OU_TUPLE(ratio)->items : NULL;
    if (ratio && !v) {
        ou_type_error(vm, "unexpected return type from as_integer_ratio(): expected tuple, got '%T'", ratio);
    } else if (ratio && OU_TUPLE(ratio)->n != 2) {
        ou_value_error(vm, "as_integer_ratio() must return a 2-tuple");
    } else if (ratio && (!ou_isa_int(vm, v[0]) || !ou_isa_int(vm, v[1]))) {
        ou_type_error(vm, "non-integer arguments in division");
    } else if (ratio && (us = ou_dt_int128(vm, ou_delta_total(d)))) {
        r = from_int_take(vm, nearest_take(vm, ou_binop(vm, OU_NB_MUL, us, v[divide]), v[!divide]));
    }
    ou_xdecref(vm, us);
    ou_xdecref(vm, ratio);
    return r;
}

static OuObj *delta_multiply(OuVM *vm, OuObj *a, OuObj *b)
{
    OuObj *d = is_delta(vm, a) ? a : b, *x = d == a ? b : a;
    ou_i128 v;
    if (ou_isa(vm, x, float))
        return scale_float(vm, d, x, false);
    if (!ou_isa_int(vm, x))
        return ou_notimplemented(vm);
    if (!ou_dt_as_i128(vm, x, &v) || __builtin_mul_overflow(v, ou_delta_total(d), &v))
        return ou_delta_zero(d) ? result(vm, 0) : too_large(vm);
    return result(vm, v);
}

static OuObj *delta_divide(OuVM *vm, OuObj *a, OuObj *b)
{
    if (!is_delta(vm, a))
        return ou_notimplemented(vm);
    if (ou_isa(vm, b, float))
        return scale_float(vm, a, b, true);
    if (is_delta(vm, b)) {
        OuObj *x = ou_dt_int128(vm, ou_delta_total(a)), *y = ou_dt_int128(vm, ou_delta_total(b));
        OuObj *r = x && y ? ou_binop(vm, OU_NB_DIV, x, y) : NULL;
        ou_xdecref(vm, x);
        ou_xdecref(vm, y);
        return r;
    }
    if (!ou_isa_int(vm, b))
        return ou_notimplemented(vm);
    return from_int_take(vm, nearest_take(vm, ou_dt_int128(vm, ou_delta_total(a)), b));
}

static OuObj *delta_floordiv(OuVM *vm, OuObj *a, OuObj *b)
{
    ou_i128 v, us;
    if (!is_delta(vm, a))
        return ou_notimplemented(vm);
    us = ou_delta_total(a);
    if (is_delta(vm, b))
        return (v = ou_delta_total(b)) ? ou_dt_int128(vm, floor_div(us, v)) : zero_division(vm);
    if (!ou_isa_int(vm, b))
        return ou_notimplemented(vm);
    if (!ou_dt_as_i128(vm, b, &v)) /* far beyond any timedelta */
        return result(vm, us && (us < 0) != (ou_int_sign(b) < 0) ? -1 : 0);
    return v ? result(vm, floor_div(us, v)) : zero_division(vm);
}

static OuObj *delta_mod(OuVM *vm, OuObj *a, OuObj *b)
{
    if (!is_delta(vm, a) || !is_delta(vm, b))
        return ou_notimplemented(vm);
    ou_i128 x = ou_delta_total(a), y = ou_delta_total(b);
    if (!y)
        return ou_raise(vm, OU_EXC(vm, ZeroDivisionError), "integer modulo by zero");
    return result(vm, x - floor_div(x, y) * y);
}

static OuObj *delta_divmod(OuVM *vm, OuObj *a, OuObj *b)
{
    if (!is_delta(vm, a) || !is_delta(vm, b))
        return ou_notimplemented(vm);
    ou_i128 x = ou_delta_total(a), y = ou_delta_total(b);
    if (!y)
        return zero_division(vm);
    ou_i128 n = floor_div(x, y);
    OuObj *q = ou_dt_int128(vm, n), *m = result(vm, x - n * y);
    OuObj *r = q && m ? ou_tuple_pack(vm, 2, q, m) : NULL;
    ou_xdecref(vm, q);
    ou_xdecref(vm, m);
    return r;
}

/* ---- the rest ---- */

static OuObj *delta_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if (!is_delta(vm, b))
        return ou_notimplemented(vm);
    return ou_dt_diff(vm, ou_delta_cmp(a, b), op);
}

static OuObj *state_tuple(OuVM *vm, OuObj *o)
{
    OuObj *v[3] = {ou_int(vm, OU_DELTA(o)->days), ou_int(vm, OU_DELTA(o)->seconds),
                   ou_int(vm, OU_DELTA(o)->us)};
    OuObj *t = v[0] && v[1] && v[2] ? ou_tuple_of_take(vm, v, 3) : NULL;
    for (int i = 0; i < 3; i++)
        ou_xdecref(vm, v[i]);
    return t;
}

static int delta_hash(OuVM *vm, OuObj *o, int64_t *out)
{
    OuObj *t = state_tuple(vm, o);
    int r = t ? ou_hash(vm, t, out) : -1;
    ou_xdecref(vm, t);
    return r;
}

static OuObj *delta_repr(OuVM *vm, OuObj *o)
{
    const OuDelta *d = OU_DELTA(o);
    char text[96];
    int n = 0;
    const char *sep = "";
    text[0] = 0;
    const struct {
        const char *name;
        int v;
    } rows[] = {{"days", d->days}, {"seconds", d->seconds}, {"microseconds", d->us}};
    for (int i = 0; i < 3; i++)
        if (rows[i].v) {
            n += snprintf(text + n, sizeof text - (size_t)n, "%s%s=%d", sep, rows[i].name, rows[i].v);
            sep = ", ";
        }
    return ou_str_fmt(vm, "%s(%s)", OU_TYPE_OF(vm, o)->name, n ? text : "0");
}

static OuObj *delta_str(OuVM *vm, OuObj *o)
{
    const OuDelta *d = OU_DELTA(o);
    char text[80];
    int n = 0;
    if (d->days)
        n = snprintf(text, sizeof text, "%d day%s, ", d->days, d->days == 1 || d->days == -1 ? "" : "s");
    n += snprintf(text + n, sizeof text - (size_t)n, "%d:%02d:%02d", d->seconds / 3600, d->seconds / 60 % 60,
                  d->seconds % 60);
    if (d->us)
        n += snprintf(text + n, sizeof text - (size_t)n, ".%06d", d->us);
    return ou_str_from_ascii(vm, text, n);
}

FN(total_seconds)
{
    OuObj *us = ou_dt_int128(vm, ou_delta_total(args[0])), *unit = ou_int(vm, 1000000);
    OuObj *r = us && unit ? ou_binop(vm, OU_NB_DIV, us, unit) : NULL;
    ou_xdecref(vm, us);
    ou_xdecref(vm, unit);
    return r;
}

FN(delta_reduce)
{
    OuObj *t = state_tuple(vm, args[0]);
    OuObj *r = t ? ou_tuple_pack(vm, 2, (OuObj *)OU_TYPE_OF(vm, args[0]), t) : NULL;
    ou_xdecref(vm, t);
    return r;
}

static const OuFn methods[] = {
    {"total_seconds(self)", total_seconds, 0, "Total seconds in the duration."},
    {"__reduce__(self)", delta_reduce, 0, "__reduce__() -> (cls, state)"},
    {0},
};
static const OuMember members[] = {
    {"days", OU_MEMBER_INT, offsetof(OuDelta, days), true, "Number of days."},
    {"seconds", OU_MEMBER_INT, offsetof(OuDelta, seconds), true,
     "Number of seconds (>= 0 and less than 1 day)."},
    {"microseconds", OU_MEMBER_INT, offsetof(OuDelta, us), true,
     "Number of microseconds (>= 0 and less than 1 second)."},
    {0},
};
const OuTypeSpec ou_delta_spec = {
    .name = "datetime.timedelta",
    .size = sizeof(OuDelta),
    .flags = OU_TYPE_BASE,
    .doc = "Difference between two datetime values.\n\n"
           "timedelta(days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0)\n\n"
           "All arguments are optional and default to 0.\n"
           "Arguments may be integers or floats, and may be positive or negative.",
    .s = {.repr = delta_repr,
          .str = delta_str,
          .hash = delta_hash,
          .compare = delta_compare,
          .new_ = delta_new,
          .nb = {[OU_NB_ADD] = delta_add,
                 [OU_NB_SUB] = delta_subtract,
                 [OU_NB_MUL] = delta_multiply,
                 [OU_NB_DIV] = delta_divide,
                 [OU_NB_FLOORDIV] = delta_floordiv,
                 [OU_NB_MOD] = delta_mod,
                 [OU_NB_DIVMOD] = delta_divmod},
          .neg = delta_neg,
          .pos = delta_pos,
          .abs = delta_abs,
          .truth = delta_truth},
    .methods = methods,
    .members = members,
};
