/* stdlib/math_sums.c - module math: fsum, hypot, dist, prod. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "math_internal.h"
#include "vm/int_big.h"

/* ---- fsum: Shewchuk's exact partial sums, rounded half to even at the end ------------ */
typedef struct Partials {
    double small[32], *p;
    size_t n, cap;
} Partials;

static int push(OuVM *vm, Partials *s, double x)
{
    if (s->n == s->cap) {
        double *p =
            s->p == s->small ? ou_alloc(vm, s->cap * 16) : ou_realloc(vm, s->p, s->cap * 8, s->cap * 16);
        if (!p)
            return -1;
        if (s->p == s->small)
            memcpy(p, s->small, sizeof s->small);
        s->p = p;
        s->cap *= 2;
    }
    s->p[s->n++] = x;
    return 0;
}

static double total(const Partials *s)
{
    if (!s->n)
        return 0.0;
    size_t n = s->n;
    double hi = s->p[--n], lo = 0;
    while (n > 0) {
        double x = hi, y = s->p[--n];
        hi = x + y;
        lo = y - (hi - x);
        if (lo != 0)
            break;
    }
    /* half-even across partials: the rest decides a tie */
    if (n > 0 && ((lo < 0 && s->p[n - 1] < 0) || (lo > 0 && s->p[n - 1] > 0))) {
        double y = lo * 2, x = hi + y;
        if (y == x - hi)
            hi = x;
    }
    return hi;
}

OuObj *ou_math_fsum(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *it = ou_iter(vm, args[0]), *item, *res = NULL;
    if (!it)
        return NULL;
    Partials s = {.p = s.small, .cap = 32};
    double special = 0, inf_sum = 0;
    while ((item = ou_next(vm, it))) {
        double x, start;
        int r = ou_as_double(vm, item, &x);
        ou_decref(vm, item);
        if (r < 0 || ou_poll(vm) < 0)
            goto done;
        start = x;
        size_t i = 0;
        for (size_t j = 0; j < s.n; j++) {
            double y = s.p[j];
            if (fabs(x) < fabs(y)) {
                double t = x;
                x = y;
                y = t;
            }
            volatile double hi = x + y;
            double lo = y - (hi - x);
            if (lo != 0)
                s.p[i++] = lo;
            x = hi;
        }
        s.n = i;
        if (x == 0)
            continue;
        if (!isfinite(x)) {
            if (isfinite(start)) {
                ou_raise(vm, OU_EXC(vm, OverflowError), "intermediate overflow in fsum");
                goto done;
            }
            if (isinf(start))
                inf_sum += start;
            special += start;
            s.n = 0;
        } else if (push(vm, &s, x) < 0) {
            goto done;
        }
    }
    if (ou_err_occurred(vm))
        goto done;
    if (special != 0) {
        if (isnan(inf_sum))
            ou_value_error(vm, "-inf + inf in fsum");
        else
            res = ou_float(vm, special);
    } else {
        res = ou_float(vm, total(&s));
    }
done:
    if (s.p != s.small)
        ou_free(vm, s.p, s.cap * 8);
    ou_decref(vm, it);
    return res;
}

/* ---- norms --------------------------------------------------------------------------
 * Coordinates are scaled by a power of two, squares summed with their rounding errors, and the root corrected
 * once by its residual: within one ulp, practically always correctly rounded. */
static double norm(double *v, size_t n, double max, bool found_nan)
{
    if (isinf(max))
        return max;
    if (found_nan)
        return NAN;
    if (max == 0 || n <= 1)
        return max;
    int e;
    frexp(max, &e);
    double scale = 1.0;
    if (e < -1023) { /* subnormal: bring into the normal range first */
        for (size_t i = 0; i < n; i++)
            v[i] /= DBL_MIN;
        return DBL_MIN * norm(v, n, max / DBL_MIN, false);
    }
    scale = ldexp(1.0, -e);
    double sum = 1.0, err = 0.0; /* 1.0 keeps sum the larger addend in each step */
    for (size_t i = 0; i < n; i++) {
        double x = v[i] * scale, sq = x * x, low = fma(x, x, -sq), old = sum;
        sum += sq;
        err += (old - sum) + sq;
        err += low;
    }
    double h = sqrt(sum - 1.0 + err);
    /* residual sum - 1 - h*h, exactly enough */
    double hh = h * h, hl = fma(h, h, -hh), rest = sum;
    double d = rest - hh;
    err += (rest - d) - hh;
    d = d - 1.0;
    double r = d + (err - hl);
    return (h + r / (2.0 * h)) / scale;
}

OuObj *ou_math_hypot(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, "math.hypot", kwnames) < 0)
        return NULL;
    double small[16], *v = small, max = 0;
    bool nan = false;
    OuObj *res = NULL;
    if (nargs > 16 && !(v = ou_alloc(vm, nargs * sizeof(double))))
        return NULL;
    for (size_t i = 0; i < nargs; i++) {
        double x;
        if (ou_as_double(vm, args[i], &x) < 0)
            goto done;
        v[i] = fabs(x);
        nan |= isnan(x);
        if (v[i] > max)
            max = v[i];
    }
    res = ou_float(vm, norm(v, nargs, max, nan));
done:
    if (v != small)
        ou_free(vm, v, nargs * sizeof(double));
    return res;
}

OuObj *ou_math_dist(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *p = ou_sequence_tuple(vm, args[0]), *q = NULL, *res = NULL;
    double small[16], *v = small, max = 0;
    bool nan = false;
    if (!p || !(q = ou_sequence_tuple(vm, args[1])))
        goto done;
    size_t n = OU_TUPLE(p)->n;
    if (n != OU_TUPLE(q)->n) {
        ou_value_error(vm, "both points must have the same number of dimensions");
        goto done;
    }
    if (n > 16 && !(v = ou_alloc(vm, n * sizeof(double)))) {
        v = small;
        goto done;
    }
    for (size_t i = 0; i < n; i++) {
        double x, y;
        if (ou_as_double(vm, OU_TUPLE(p)->items[i], &x) < 0 ||
            ou_as_double(vm, OU_TUPLE(q)->items[i], &y) < 0)
            goto done;
        x = fabs(x - y);
        v[i] = x;
        nan |= isnan(x);
        if (x > max)
            max = x;
    }
    res = ou_float(vm, norm(v, n, max, nan));
done:
    if (v != small)
        ou_free(vm, v, OU_TUPLE(p)->n * sizeof(double));
    ou_xdecref(vm, p);
    ou_xdecref(vm, q);
    return res;
}

OuObj *ou_math_prod(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *it = ou_iter(vm, args[0]), *item;
    OuObj *res = args[1] ? ou_ref(args[1]) : ou_int(vm, 1);
    if (!it || !res)
        goto fail;
    while ((item = ou_next(vm, it))) {
        OuObj *t;
        if (ou_is(res, int) && ou_is(item, int))
            t = ou_int_mul(vm, res, item);
        else if (ou_is(res, float) && ou_is(item, float))
            t = ou_float(vm, OU_FLOAT_V(res) * OU_FLOAT_V(item));
        else
            t = ou_binop(vm, OU_NB_MUL, res, item);
        ou_decref(vm, item);
        ou_decref(vm, res);
        res = t;
        if (!res || ou_poll(vm) < 0)
            goto fail;
    }
    if (ou_err_occurred(vm))
        goto fail;
    ou_decref(vm, it);
    return res;
fail:
    ou_xdecref(vm, it);
    ou_xdecref(vm, res);
    return NULL;
}
