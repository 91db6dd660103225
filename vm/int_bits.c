/* vm/int_bits.c - shifts, & | ^ in two's complement, and the exact meeting points of ints and doubles. */
#include "int_big.h"

#include <float.h>
#include <math.h>
#include <string.h>

OuObj *ou_int_shift_left(OuVM *vm, OuObj *a, size_t bits)
{
    OuNum x;
    ou_num_of(&x, a);
    if (!x.n)
        return ou_int(vm, 0);
    size_t limbs = bits / 64, sh = bits % 64, n = x.n + limbs + 1;
    if (sh + ou_num_bits(&x) <= x.n * 64)
        n--; /* no limb beyond the shifted ones */
    OuBigInt *r = ou_big_alloc(vm, n);
    if (!r)
        return NULL;
    memset(r->limb, 0, limbs * 8);
    if (sh) {
        mp_limb_t out = mpn_lshift(r->limb + limbs, x.p, (mp_size_t)x.n, (unsigned)sh);
        if (limbs + x.n < n)
            r->limb[n - 1] = out;
    } else {
        memcpy(r->limb + limbs, x.p, x.n * 8);
    }
    return ou_big_finish(vm, r, n, x.neg);
}

OuObj *ou_int_shift_right(OuVM *vm, OuObj *a, size_t bits)
{
    if (!ou_int_is_big(a))
        return ou_int(vm, OU_INT_V(a) >> (bits > 63 ? 63 : bits));
    OuNum x;
    ou_num_of(&x, a);
    size_t limbs = bits / 64, sh = bits % 64;
    if (limbs >= x.n)
        return ou_int(vm, x.neg ? -1 : 0);
    size_t n = x.n - limbs;
    OuLimbs t;
    if (ou_limbs_get(vm, &t, n + 1) < 0)
        return NULL;
    mp_limb_t lost = 0;
    if (sh)
        lost = mpn_rshift(t.p, x.p + limbs, (mp_size_t)n, (unsigned)sh);
    else
        memcpy(t.p, x.p + limbs, n * 8);
    t.p[n] = 0;
    /* floor: a negative number that loses a set bit goes one further down */
    if (x.neg && (lost || (limbs && !mpn_zero_p(x.p, (mp_size_t)limbs))))
        mpn_add_1(t.p, t.p, (mp_size_t)n + 1, 1);
    OuObj *r = ou_big_from(vm, t.p, n + 1, x.neg);
    ou_limbs_free(vm, &t);
    return r;
}

OuObj *ou_int_lshift(OuVM *vm, OuObj *a, OuObj *b)
{
    if (ou_int_sign(b) < 0)
        return ou_value_error(vm, "negative shift count");
    if (ou_int_sign(a) == 0)
        return ou_int(vm, 0);
    if (ou_int_is_big(b)) { /* CPython's digits of 30 bits could not be counted, or only not be had */
        double m;
        size_t e;
        ou_int_frexp(b, &m, &e);
        if (e > 67 || ldexp(m, (int)e) >= 2305843009213693945.0 * 30)
            return ou_raise(vm, OU_EXC(vm, OverflowError), "too many digits in integer");
        return ou_raise_memory(vm);
    }
    int64_t s = OU_INT_V(b);
    if (!ou_int_is_big(a) && s < 63) {
        int64_t v = OU_INT_V(a), r = (int64_t)((uint64_t)v << s);
        if (r >> s == v)
            return ou_int(vm, r);
    }
    return ou_int_shift_left(vm, a, (size_t)s);
}

OuObj *ou_int_rshift(OuVM *vm, OuObj *a, OuObj *b)
{
    if (ou_int_sign(b) < 0)
        return ou_value_error(vm, "negative shift count");
    if (ou_int_is_big(b))
        return ou_int(vm, ou_int_sign(a) < 0 ? -1 : 0);
    return ou_int_shift_right(vm, a, (size_t)OU_INT_V(b));
}

/* Two's complement of x in n limbs. */
static void twos(mp_limb_t *out, const OuNum *x, size_t n)
{
    memcpy(out, x->p, x->n * 8);
    memset(out + x->n, 0, (n - x->n) * 8);
    if (x->neg)
        mpn_neg(out, out, (mp_size_t)n);
}

OuObj *ou_int_logic(OuVM *vm, OuObj *a, OuObj *b, char op)
{
    if (!ou_int_is_big(a) && !ou_int_is_big(b)) {
        int64_t x = OU_INT_V(a), y = OU_INT_V(b);
        return ou_int(vm, op == '&' ? x & y : op == '|' ? x | y : x ^ y);
    }
    OuNum x, y;
    ou_num_of(&x, a);
    ou_num_of(&y, b);
    size_t n = (x.n > y.n ? x.n : y.n) + 1;
    if (op == '&' && !x.neg && !y.neg)
        n = x.n < y.n ? x.n : y.n;
    if (!n)
        return ou_int(vm, 0);
    OuLimbs s, t;
    if (ou_limbs_get(vm, &s, n) < 0)
        return NULL;
    if (ou_limbs_get(vm, &t, n) < 0) {
        ou_limbs_free(vm, &s);
        return NULL;
    }
    if (x.n > n)
        x.n = n;
    if (y.n > n)
        y.n = n;
    twos(s.p, &x, n);
    twos(t.p, &y, n);
    if (op == '&')
        mpn_and_n(s.p, s.p, t.p, (mp_size_t)n);
    else if (op == '|')
        mpn_ior_n(s.p, s.p, t.p, (mp_size_t)n);
    else
        mpn_xor_n(s.p, s.p, t.p, (mp_size_t)n);
    bool neg = op == '&' ? x.neg && y.neg : op == '|' ? x.neg || y.neg : x.neg != y.neg;
    if (neg)
        mpn_neg(s.p, s.p, (mp_size_t)n);
    OuObj *r = ou_big_from(vm, s.p, n, neg);
    ou_limbs_free(vm, &s);
    ou_limbs_free(vm, &t);
    return r;
}

/* ---- doubles ------------------------------------------------------------------- */
void ou_int_frexp(OuObj *a, double *m, size_t *e)
{
    OuNum x;
    ou_num_of(&x, a);
    *m = 0.0;
    *e = 0;
    if (!x.n)
        return;
    size_t bits = ou_num_bits(&x);
    uint64_t top = x.p[x.n - 1];
    int lz = __builtin_clzll(top);
    bool sticky = false;
    top <<= lz;
    if (x.n > 1) {
        size_t i = x.n - 2;
        if (lz) {
            top |= x.p[i] >> (64 - lz);
            sticky = (x.p[i] << lz) != 0;
        } else {
            sticky = x.p[i] != 0;
        }
        while (!sticky && i > 0)
            sticky = x.p[--i] != 0;
    }
    /* 64 significant bits: keep 53, round half to even with the sticky bit below */
    uint64_t low = top & 0x7ff, q = top >> 11;
    if (low > 0x400 || (low == 0x400 && (sticky || (q & 1))))
        q++;
    if (q >> 53) {
        q >>= 1;
        bits++;
    }
    *m = ldexp((double)q, -53);
    *e = bits;
}

int ou_int_to_double(OuVM *vm, OuObj *o, double *out)
{
    if (!ou_int_is_big(o)) {
        *out = (double)OU_INT_V(o); /* the hardware rounds half to even */
        return 0;
    }
    double m;
    size_t e;
    ou_int_frexp(o, &m, &e);
    if (e > DBL_MAX_EXP)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "int too large to convert to float");
    m = ldexp(m, (int)e);
    *out = ou_int_sign(o) < 0 ? -m : m;
    return 0;
}

int ou_int_cmp_double(OuObj *a, double d)
{
    if (!ou_int_is_big(a)) {
        int64_t v = OU_INT_V(a);
        if (d >= 0x1p63)
            return -1;
        if (d < -0x1p63)
            return 1;
        int64_t t = (int64_t)d;
        if (v != t)
            return v < t ? -1 : 1;
        double frac = d - (double)t;
        return frac > 0 ? -1 : frac < 0 ? 1 : 0;
    }
    int sign = ou_int_sign(a);
    if (sign < 0 ? d >= 0 : d <= 0)
        return sign;
    /* same sign: compare bit lengths, then the bits of the double with the top ones of the int */
    int e;
    double m = frexp(fabs(d), &e);
    size_t bits = ou_int_bits(a);
    if (e <= 0 || bits != (size_t)e)
        return (e > 0 && bits < (size_t)e) ? -sign : sign;
    OuNum x;
    ou_num_of(&x, a);
    uint64_t top = (uint64_t)ldexp(m, 64), mine = x.p[x.n - 1];
    int lz = __builtin_clzll(mine);
    mine <<= lz;
    if (x.n > 1 && lz)
        mine |= x.p[x.n - 2] >> (64 - lz);
    if (mine != top)
        return mine < top ? -sign : sign;
    bool rest = x.n > 1 && (lz ? x.p[x.n - 2] << lz : x.p[x.n - 2]) != 0;
    for (size_t i = x.n > 1 ? x.n - 2 : 0; !rest && i > 0;)
        rest = x.p[--i] != 0;
    return rest ? sign : 0;
}

OuObj *ou_int_from_double(OuVM *vm, double v)
{
    if (v > -0x1p63 && v < 0x1p63)
        return ou_int(vm, (int64_t)v);
    if (isnan(v))
        return ou_value_error(vm, "cannot convert float NaN to integer");
    if (isinf(v))
        return ou_raise(vm, OU_EXC(vm, OverflowError), "cannot convert float infinity to integer");
    int e;
    double m = frexp(fabs(v), &e);
    uint64_t top = (uint64_t)ldexp(m, 64); /* 53 bits at the top; e >= 64 */
    mp_limb_t p[18] = {0};
    size_t sh = (size_t)e - 64;
    size_t i = sh / 64, s = sh % 64;
    p[i] = top << s;
    if (s)
        p[i + 1] = top >> (64 - s);
    return ou_big_from(vm, p, i + 2, v < 0);
}

/* a / b correctly rounded: the quotient is computed to 55 bits or more with a sticky bit, then rounded once,
 * at the place a subnormal result demands. */
OuObj *ou_int_truediv(OuVM *vm, OuObj *a, OuObj *b)
{
    OuNum x, y;
    ou_num_of(&x, a);
    ou_num_of(&y, b);
    if (!y.n)
        return ou_raise(vm, OU_EXC(vm, ZeroDivisionError), "division by zero");
    bool neg = x.neg != y.neg;
    if (!x.n)
        return ou_float(vm, neg ? -0.0 : 0.0);
    if (x.n == 1 && y.n == 1 && x.p[0] <= (uint64_t)1 << 53 && y.p[0] <= (uint64_t)1 << 53) {
        double r = (double)x.p[0] / (double)y.p[0];
        return ou_float(vm, neg ? -r : r);
    }
    int64_t diff = (int64_t)ou_num_bits(&x) - (int64_t)ou_num_bits(&y);
    if (diff > DBL_MAX_EXP)
        goto overflow;
    if (diff < DBL_MIN_EXP - DBL_MANT_DIG - 1)
        return ou_float(vm, neg ? -0.0 : 0.0);
    int64_t shift = (diff > DBL_MIN_EXP ? diff : DBL_MIN_EXP) - DBL_MANT_DIG - 2;
    bool sticky = false;
    OuObj *mag = ou_int_abs(vm, a), *den = NULL, *num = NULL, *q = NULL, *r = NULL;
    if (!mag)
        return NULL;
    if (shift <= 0) {
        num = ou_int_shift_left(vm, mag, (size_t)-shift);
    } else {
        OuNum m;
        ou_num_of(&m, mag);
        sticky = mpn_scan1(m.p, 0) < (mp_bitcnt_t)shift;
        num = ou_int_shift_right(vm, mag, (size_t)shift);
    }
    ou_decref(vm, mag);
    if (!num)
        return NULL;
    den = ou_int_abs(vm, b);
    if (!den || ou_big_divmod(vm, num, den, &q, &r) < 0) {
        ou_decref(vm, num);
        ou_xdecref(vm, den);
        return NULL;
    }
    uint64_t low = (uint64_t)OU_INT_V(q);
    sticky |= ou_int_sign(r) != 0;
    ou_decref(vm, num);
    ou_decref(vm, den);
    ou_decref(vm, q);
    ou_decref(vm, r);
    int qbits = low ? 64 - __builtin_clzll(low) : 0;
    int extra = (int)((qbits > DBL_MIN_EXP - shift ? qbits : DBL_MIN_EXP - shift) - DBL_MANT_DIG);
    uint64_t mask = (uint64_t)1 << (extra - 1);
    low |= sticky;
    if ((low & mask) && (low & (3 * mask - 1)))
        low += mask;
    low &= ~(2 * mask - 1);
    double d = ldexp((double)low, (int)shift);
    if (isinf(d))
        goto overflow;
    return ou_float(vm, neg ? -d : d);
overflow:
    return ou_raise(vm, OU_EXC(vm, OverflowError), "integer division result too large for a float");
}
