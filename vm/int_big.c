/* vm/int_big.c - big-int arithmetic over GMP's mpn layer: allocation, + - * and floor division. */
#include "int_big.h"

#include <string.h>

/* Operands below this many limbs need no heap scratch inside GMP. */
#define RESERVE_FROM 1024

int ou_limbs_get(OuVM *vm, OuLimbs *s, size_t n)
{
    s->n = n;
    s->p = s->small;
    if (n <= OU_SCRATCH_LIMBS)
        return 0;
    if (n > (size_t)PTRDIFF_MAX / 8) {
        s->n = 0;
        return ou_raise_memory_i(vm);
    }
    s->p = ou_alloc(vm, n * 8);
    if (s->p)
        return 0;
    s->n = 0;
    s->p = s->small;
    return -1;
}

void ou_limbs_free(OuVM *vm, OuLimbs *s)
{
    if (s->p != s->small)
        ou_free(vm, s->p, s->n * 8);
    s->p = s->small;
}

int ou_big_reserve(OuVM *vm, size_t n)
{
    if (n < RESERVE_FROM)
        return 0;
    if (n > (size_t)PTRDIFF_MAX / 48)
        return ou_raise_memory_i(vm);
    void *p = ou_alloc(vm, n * 48);
    if (!p)
        return -1;
    ou_free(vm, p, n * 48);
    return 0;
}

OuBigInt *ou_big_alloc(OuVM *vm, size_t n)
{
    if (n > (size_t)PTRDIFF_MAX / 16)
        return ou_raise_memory(vm);
    OuBigInt *r = (OuBigInt *)ou_new_leaf(vm, OU_T_int, sizeof(OuBigInt) + n * 8);
    if (!r)
        return NULL;
    r->hdr.tf |= OU_INT_BIG;
    r->size = (int64_t)n;
    return r;
}

OuObj *ou_big_from(OuVM *vm, const mp_limb_t *p, size_t n, bool neg)
{
    while (n && !p[n - 1])
        n--;
    if (n == 0)
        return ou_int(vm, 0);
    if (n == 1) {
        if (p[0] <= (mp_limb_t)INT64_MAX)
            return ou_int(vm, neg ? -(int64_t)p[0] : (int64_t)p[0]);
        if (neg && p[0] == (mp_limb_t)1 << 63)
            return ou_int(vm, INT64_MIN);
    }
    OuBigInt *r = ou_big_alloc(vm, n);
    if (!r)
        return NULL;
    memcpy(r->limb, p, n * 8);
    r->size = neg ? -(int64_t)n : (int64_t)n;
    return (OuObj *)r;
}

OuObj *ou_big_finish(OuVM *vm, OuBigInt *r, size_t alloc_n, bool neg)
{
    size_t n = alloc_n;
    if (n > 1 && r->limb[n - 1]) {
        r->size = neg ? -(int64_t)n : (int64_t)n;
        return (OuObj *)r;
    }
    if (n == 1 && (r->limb[0] > (mp_limb_t)1 << 63 || (r->limb[0] == (mp_limb_t)1 << 63 && !neg))) {
        r->size = neg ? -1 : 1;
        return (OuObj *)r;
    }
    OuObj *res = ou_big_from(vm, r->limb, n, neg);
    r->size = (int64_t)alloc_n;
    ou_decref(vm, r);
    return res;
}

OuObj *ou_int_i128(OuVM *vm, __int128 v)
{
    if (v == (int64_t)v)
        return ou_int(vm, (int64_t)v);
    unsigned __int128 u = v < 0 ? -(unsigned __int128)v : (unsigned __int128)v;
    mp_limb_t p[2] = {(mp_limb_t)u, (mp_limb_t)(u >> 64)};
    return ou_big_from(vm, p, 2, v < 0);
}

size_t ou_num_bits(const OuNum *x)
{
    return x->n ? x->n * 64 - (size_t)__builtin_clzll(x->p[x->n - 1]) : 0;
}

static OuObj *add_abs(OuVM *vm, const OuNum *a, const OuNum *b, bool neg)
{
    if (a->n < b->n) {
        const OuNum *t = a;
        a = b;
        b = t;
    }
    if (!a->n)
        return ou_int(vm, 0);
    OuBigInt *r = ou_big_alloc(vm, a->n);
    if (!r)
        return NULL;
    mp_limb_t cy = b->n ? mpn_add(r->limb, a->p, (mp_size_t)a->n, b->p, (mp_size_t)b->n) : 0;
    if (!b->n)
        memcpy(r->limb, a->p, a->n * 8);
    if (!cy)
        return ou_big_finish(vm, r, a->n, neg);
    OuBigInt *w = ou_big_alloc(vm, a->n + 1);
    if (w) {
        memcpy(w->limb, r->limb, a->n * 8);
        w->limb[a->n] = cy;
        w->size = neg ? -w->size : w->size;
    }
    ou_decref(vm, r);
    return (OuObj *)w;
}

static int cmp_abs(const OuNum *a, const OuNum *b)
{
    if (a->n != b->n)
        return a->n < b->n ? -1 : 1;
    return a->n ? mpn_cmp(a->p, b->p, (mp_size_t)a->n) : 0;
}

/* (|a| - |b|), negated if neg. */
static OuObj *sub_abs(OuVM *vm, const OuNum *a, const OuNum *b, bool neg)
{
    int c = cmp_abs(a, b);
    if (c == 0)
        return ou_int(vm, 0);
    if (c < 0) {
        const OuNum *t = a;
        a = b;
        b = t;
        neg = !neg;
    }
    OuBigInt *r = ou_big_alloc(vm, a->n);
    if (!r)
        return NULL;
    if (b->n)
        mpn_sub(r->limb, a->p, (mp_size_t)a->n, b->p, (mp_size_t)b->n);
    else
        memcpy(r->limb, a->p, a->n * 8);
    return ou_big_finish(vm, r, a->n, neg);
}

OuObj *ou_big_add(OuVM *vm, OuObj *a, OuObj *b, bool subtract)
{
    OuNum x, y;
    ou_num_of(&x, a);
    ou_num_of(&y, b);
    bool yneg = y.neg != subtract;
    if (x.neg == yneg)
        return add_abs(vm, &x, &y, x.neg);
    return sub_abs(vm, &x, &y, x.neg);
}

OuObj *ou_big_mul(OuVM *vm, OuObj *a, OuObj *b)
{
    OuNum x, y;
    ou_num_of(&x, a);
    ou_num_of(&y, b);
    if (!x.n || !y.n)
        return ou_int(vm, 0);
    bool neg = x.neg != y.neg;
    const OuNum *l = &x, *s = &y;
    if (x.n < y.n) {
        l = &y;
        s = &x;
    }
    size_t n = l->n + s->n;
    if (ou_big_reserve(vm, n) < 0)
        return NULL;
    if (s->n == 1) {
        if (l->n == 1) {
            unsigned __int128 p = (unsigned __int128)l->p[0] * s->p[0];
            mp_limb_t limbs[2] = {(mp_limb_t)p, (mp_limb_t)(p >> 64)};
            return ou_big_from(vm, limbs, 2, neg);
        }
        OuLimbs t;
        if (ou_limbs_get(vm, &t, n) < 0)
            return NULL;
        t.p[l->n] = mpn_mul_1(t.p, l->p, (mp_size_t)l->n, s->p[0]);
        OuObj *res = ou_big_from(vm, t.p, n, neg);
        ou_limbs_free(vm, &t);
        return res;
    }
    if (n <= OU_SCRATCH_LIMBS) {
        mp_limb_t t[OU_SCRATCH_LIMBS];
        mpn_mul(t, l->p, (mp_size_t)l->n, s->p, (mp_size_t)s->n);
        return ou_big_from(vm, t, n, neg);
    }
    OuBigInt *r = ou_big_alloc(vm, n);
    if (!r)
        return NULL;
    if (l->p == s->p && l->n == s->n)
        mpn_sqr(r->limb, l->p, (mp_size_t)l->n);
    else
        mpn_mul(r->limb, l->p, (mp_size_t)l->n, s->p, (mp_size_t)s->n);
    return ou_big_finish(vm, r, n, neg);
}

/* Floor quotient and remainder when |a| < |b|. */
static int divmod_short(OuVM *vm, OuObj *a, OuObj *b, bool same_sign, OuObj **q, OuObj **r)
{
    bool exact = same_sign || ou_int_sign(a) == 0;
    OuObj *qq = NULL, *rr = NULL;
    if (q && !(qq = ou_int(vm, exact ? 0 : -1)))
        return -1;
    if (r && !(rr = exact ? ou_int_exact(vm, a) : ou_int_add(vm, a, b))) {
        ou_xdecref(vm, qq);
        return -1;
    }
    if (q)
        *q = qq;
    if (r)
        *r = rr;
    return 0;
}

int ou_big_divmod(OuVM *vm, OuObj *a, OuObj *b, OuObj **q, OuObj **r)
{
    OuNum x, y;
    ou_num_of(&x, a);
    ou_num_of(&y, b);
    bool same = x.neg == y.neg;
    if (cmp_abs(&x, &y) < 0)
        return divmod_short(vm, a, b, same, q, r);
    OuLimbs tq, tr;
    OuObj *qq = NULL, *rr = NULL;
    int res = -1;
    size_t qn = x.n - y.n + 1;
    if (ou_big_reserve(vm, x.n) < 0)
        return -1;
    if (ou_limbs_get(vm, &tq, qn + 1) < 0)
        return -1;
    if (ou_limbs_get(vm, &tr, y.n) < 0)
        goto done_q;
    if (y.n == 1)
        tr.p[0] = mpn_divrem_1(tq.p, 0, x.p, (mp_size_t)x.n, y.p[0]);
    else
        mpn_tdiv_qr(tq.p, tr.p, 0, x.p, (mp_size_t)x.n, y.p, (mp_size_t)y.n);
    tq.p[qn] = 0;
    if (!same && !mpn_zero_p(tr.p, (mp_size_t)y.n)) {
        mpn_add_1(tq.p, tq.p, (mp_size_t)qn + 1, 1);
        mpn_sub_n(tr.p, y.p, tr.p, (mp_size_t)y.n);
    }
    if (q && !(qq = ou_big_from(vm, tq.p, qn + 1, !same)))
        goto done;
    if (r && !(rr = ou_big_from(vm, tr.p, y.n, y.neg))) {
        ou_xdecref(vm, qq);
        goto done;
    }
    if (q)
        *q = qq;
    if (r)
        *r = rr;
    res = 0;
done:
    ou_limbs_free(vm, &tr);
done_q:
    ou_limbs_free(vm, &tq);
    return res;
}

OuObj *ou_int_floordiv(OuVM *vm, OuObj *a, OuObj *b)
{
    if (!ou_int_is_big(a) && !ou_int_is_big(b)) {
        int64_t x = OU_INT_V(a), y = OU_INT_V(b);
        if (y == -1)
            return ou_int_i128(vm, -(__int128)x);
        int64_t q = x / y;
        return ou_int(vm, q - ((x % y) != 0 && (x < 0) != (y < 0)));
    }
    OuObj *q;
    return ou_big_divmod(vm, a, b, &q, NULL) < 0 ? NULL : q;
}

OuObj *ou_int_mod(OuVM *vm, OuObj *a, OuObj *b)
{
    if (!ou_int_is_big(a) && !ou_int_is_big(b)) {
        int64_t x = OU_INT_V(a), y = OU_INT_V(b);
        if (y == -1)
            return ou_int(vm, 0);
        int64_t r = x % y;
        return ou_int(vm, r && (r < 0) != (y < 0) ? r + y : r);
    }
    OuObj *r;
    return ou_big_divmod(vm, a, b, NULL, &r) < 0 ? NULL : r;
}

OuObj *ou_int_negate(OuVM *vm, OuObj *a)
{
    if (!ou_int_is_big(a) && OU_INT_V(a) != INT64_MIN)
        return ou_int(vm, -OU_INT_V(a));
    OuNum x;
    ou_num_of(&x, a);
    return ou_big_from(vm, x.p, x.n, !x.neg);
}

OuObj *ou_int_abs(OuVM *vm, OuObj *a)
{
    return ou_int_sign(a) < 0 ? ou_int_negate(vm, a) : ou_int_exact(vm, a);
}

int ou_int_cmp(OuObj *a, OuObj *b)
{
    OuNum x, y;
    ou_num_of(&x, a);
    ou_num_of(&y, b);
    if (x.neg != y.neg)
        return x.neg ? -1 : 1;
    int c = cmp_abs(&x, &y);
    return x.neg ? -c : c;
}

size_t ou_int_bits(OuObj *a)
{
    OuNum x;
    ou_num_of(&x, a);
    return ou_num_bits(&x);
}

OuObj *ou_int_gcd(OuVM *vm, OuObj *a, OuObj *b)
{
    OuNum x, y;
    ou_num_of(&x, a);
    ou_num_of(&y, b);
    if (!x.n)
        return ou_int_abs(vm, b);
    if (!y.n)
        return ou_int_abs(vm, a);
    if (x.n == 1)
        return ou_int_u64(vm, mpn_gcd_1(y.p, (mp_size_t)y.n, x.p[0]));
    if (y.n == 1)
        return ou_int_u64(vm, mpn_gcd_1(x.p, (mp_size_t)x.n, y.p[0]));
    if (ou_big_reserve(vm, x.n + y.n) < 0)
        return NULL;
    mpz_t g, mx, my;
    mpz_roinit_n(mx, x.p, (mp_size_t)x.n);
    mpz_roinit_n(my, y.p, (mp_size_t)y.n);
    mpz_init(g);
    mpz_gcd(g, mx, my);
    OuObj *r = ou_big_from(vm, mpz_limbs_read(g), mpz_size(g), false);
    mpz_clear(g);
    return r;
}

OuObj *ou_int_isqrt(OuVM *vm, OuObj *a)
{
    OuNum x;
    ou_num_of(&x, a);
    if (!x.n)
        return ou_int(vm, 0);
    OuLimbs t;
    size_t n = (x.n + 1) / 2;
    if (ou_big_reserve(vm, x.n) < 0 || ou_limbs_get(vm, &t, n) < 0)
        return NULL;
    mpn_sqrtrem(t.p, NULL, x.p, (mp_size_t)x.n);
    OuObj *r = ou_big_from(vm, t.p, n, false);
    ou_limbs_free(vm, &t);
    return r;
}
