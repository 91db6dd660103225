/* stdlib/math_int.c - module math: integer functions (gcd, lcm, factorial, comb, perm, isqrt). */
#include <limits.h>
#include <math.h>

#include "math_internal.h"
#include "vm/int_big.h"

/* |a*b| / gcd(a, b); a >= 0 */
static OuObj *lcm2(OuVM *vm, OuObj *a, OuObj *b)
{
    if (ou_int_sign(a) == 0 || ou_int_sign(b) == 0)
        return ou_int(vm, 0);
    OuObj *g = ou_int_gcd(vm, a, b), *q = NULL, *p = NULL, *r = NULL;
    if (g && (q = ou_int_floordiv(vm, a, g)) && (p = ou_int_mul(vm, q, b)))
        r = ou_int_abs(vm, p);
    ou_xdecref(vm, g);
    ou_xdecref(vm, q);
    ou_xdecref(vm, p);
    return r;
}

/* two(... two(two(start, args[0]), args[1]) ...) of the integers of a tuple. */
static OuObj *fold(OuVM *vm, const OuTuple *t, int start, OuObj *(*two)(OuVM *, OuObj *, OuObj *))
{
    OuObj *r = ou_int(vm, start);
    for (size_t i = 0; r && i < t->n; i++) {
        OuObj *x = ou_index(vm, t->items[i]), *next = NULL;
        if (x) {
            next = two(vm, r, x);
            ou_decref(vm, x);
        }
        ou_decref(vm, r);
        r = next;
    }
    return r;
}

OuObj *ou_math_gcd(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    const OuTuple *t = OU_TUPLE(args[0]);
    if (t->n == 2 && ou_is_small(t->items[0]) && ou_is_small(t->items[1])) {
        int64_t x = OU_INT_V(t->items[0]), y = OU_INT_V(t->items[1]);
        uint64_t a = x < 0 ? -(uint64_t)x : (uint64_t)x, b = y < 0 ? -(uint64_t)y : (uint64_t)y;
        while (b) {
            uint64_t rest = a % b;
            a = b;
            b = rest;
        }
        return ou_int_u64(vm, a);
    }
    return fold(vm, t, 0, ou_int_gcd);
}

OuObj *ou_math_lcm(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return fold(vm, OU_TUPLE(args[0]), 1, lcm2);
}

OuObj *ou_math_isqrt(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *n = ou_index(vm, args[0]), *r = NULL;
    if (!n)
        return NULL;
    if (ou_int_sign(n) < 0)
        ou_value_error(vm, "isqrt() argument must be nonnegative");
    else
        r = ou_int_isqrt(vm, n);
    ou_decref(vm, n);
    return r;
}

static OuObj *from_mpz(OuVM *vm, const mpz_t z)
{
    return ou_big_from(vm, mpz_limbs_read(z), mpz_size(z), mpz_sgn(z) < 0);
}

OuObj *ou_math_factorial(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *n = ou_index(vm, args[0]), *r = NULL;
    if (!n)
        return NULL;
    int64_t v;
    if (ou_int_sign(n) < 0) {
        ou_value_error(vm, "factorial() not defined for negative values");
    } else if (!ou_int_fits(n, &v)) {
        ou_raise(vm, OU_EXC(vm, OverflowError), "factorial() argument should not exceed %ld", LONG_MAX);
    } else {
        /* log2(n!) bounds the memory; above the gate's budget GMP is not even started */
        double bits = v < 2 ? 1 : lgamma((double)v + 1) / M_LN2;
        if (bits > 1e12) {
            ou_raise_memory(vm);
        } else if (ou_big_reserve(vm, (size_t)(bits / 64) + 1) == 0) {
            mpz_t z;
            mpz_init(z);
            mpz_fac_ui(z, (unsigned long)v);
            r = from_mpz(vm, z);
            mpz_clear(z);
        }
    }
    ou_decref(vm, n);
    return r;
}

/* z = n * (n-1) * ... * (n-k+1), by halves so that factors stay balanced */
static int falling(OuVM *vm, mpz_t z, const mpz_t n, uint64_t k)
{
    if (k <= 16) {
        mpz_t f;
        mpz_init_set(f, n);
        mpz_set_ui(z, 1);
        for (; k; k--) {
            mpz_mul(z, z, f);
            mpz_sub_ui(f, f, 1);
        }
        mpz_clear(f);
        return 0;
    }
    if (ou_poll(vm) < 0)
        return -1;
    mpz_t m, other;
    mpz_inits(m, other, NULL);
    int r = falling(vm, z, n, k / 2);
    if (r == 0) {
        mpz_sub_ui(m, n, k / 2);
        r = falling(vm, other, m, k - k / 2);
        mpz_mul(z, z, other);
    }
    mpz_clears(m, other, NULL);
    return r;
}

/* Both arguments as non-negative ints; 0 / -1.  n, k: new. */
static int non_negative(OuVM *vm, OuObj *const *args, OuObj **n, OuObj **k)
{
    *k = NULL;
    if (!(*n = ou_index(vm, args[0])))
        return -1;
    if (!(*k = ou_index(vm, args[1])))
        goto fail;
    if (ou_int_sign(*n) < 0)
        ou_value_error(vm, "n must be a non-negative integer");
    else if (ou_int_sign(*k) < 0)
        ou_value_error(vm, "k must be a non-negative integer");
    else
        return 0;
fail:
    ou_decref(vm, *n);
    ou_xdecref(vm, *k);
    return -1;
}

OuObj *ou_math_perm(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (!args[1] || args[1] == OU_NONE(vm))
        return ou_math_factorial(vm, args, 1, NULL);
    OuObj *n, *k, *r = NULL;
    if (non_negative(vm, args, &n, &k) < 0)
        return NULL;
    int64_t kv;
    if (ou_int_cmp(n, k) < 0) {
        r = ou_int(vm, 0);
    } else if (!ou_int_fits(k, &kv)) {
        ou_raise(vm, OU_EXC(vm, OverflowError), "k must not exceed %lld", LLONG_MAX);
    } else if ((double)kv * (double)ou_int_bits(n) > 1e12) {
        ou_raise_memory(vm);
    } else if (ou_big_reserve(vm, (size_t)kv * ou_int_bits(n) / 64 + 1) == 0) {
        OuNum x;
        ou_num_of(&x, n);
        mpz_t z, mn;
        mpz_init(z);
        mpz_roinit_n(mn, x.p, (mp_size_t)x.n);
        if (falling(vm, z, mn, (uint64_t)kv) == 0)
            r = from_mpz(vm, z);
        mpz_clear(z);
    }
    ou_decref(vm, n);
    ou_decref(vm, k);
    return r;
}

OuObj *ou_math_comb(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *n, *k, *r = NULL, *rest = NULL;
    if (non_negative(vm, args, &n, &k) < 0)
        return NULL;
    int64_t kv;
    if (ou_is_small(n) && ou_is_small(k) && OU_INT_V(n) <= 61 && OU_INT_V(k) <= OU_INT_V(n)) {
        /* comb(61, 30) * 31 is below 2**64 */
        uint64_t nv = (uint64_t)OU_INT_V(n), small = (uint64_t)OU_INT_V(k), c = 1;
        small = small > nv - small ? nv - small : small;
        for (uint64_t i = 1; i <= small; i++)
            c = c * (nv - small + i) / i;
        r = ou_int_u64(vm, c);
        goto done;
    }
    if (ou_int_cmp(n, k) < 0) {
        r = ou_int(vm, 0);
        goto done;
    }
    if (!(rest = ou_int_sub(vm, n, k)))
        goto done;
    if (!ou_int_fits(ou_int_cmp(rest, k) < 0 ? rest : k, &kv)) {
        ou_raise(vm, OU_EXC(vm, OverflowError), "min(n - k, k) must not exceed %lld", LLONG_MAX);
    } else if ((double)kv * (double)ou_int_bits(n) > 1e12) {
        ou_raise_memory(vm);
    } else if (ou_big_reserve(vm, (size_t)kv * ou_int_bits(n) / 64 + 1) == 0) {
        OuNum x;
        ou_num_of(&x, n);
        mpz_t z, mn;
        mpz_init(z);
        mpz_roinit_n(mn, x.p, (mp_size_t)x.n);
        mpz_bin_ui(z, mn, (unsigned long)kv);
        r = from_mpz(vm, z);
        mpz_clear(z);
    }
done:
    ou_xdecref(vm, rest);
    ou_decref(vm, n);
    ou_decref(vm, k);
    return r;
}
