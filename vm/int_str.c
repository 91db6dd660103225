/* vm/int_str.c - int to digits and digits to int, subquadratic through mpn_get_str / mpn_set_str. */
#include "int_big.h"

#include <math.h>
#include <string.h>

static const char digit_chars[] = "0123456789abcdefghijklmnopqrstuvwxyz";
#define LIMIT_FROM \
    640 /* below this many digits the limit is never looked at (CPython: _PY_LONG_MAX_STR_DIGITS_THRESHOLD)  \
         */

static int too_long(OuVM *vm)
{
    return ou_value_error_i(vm,
                            "Exceeds the limit (%d digits) for integer string conversion; use "
                            "sys.set_int_max_str_digits() to increase the limit",
                            vm->int_max_str_digits);
}

char *ou_u64_decimal(uint64_t v, char *end)
{
    static const char pairs[] =
        "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748"
        "49505152535455565758596061626364656667686970717273747576777879808182838485868788899091929394959697"
        "9899";
    while (v >= 100) {
        end -= 2;
        memcpy(end, pairs + v % 100 * 2, 2);
        v /= 100;
    }
    if (v >= 10) {
        end -= 2;
        memcpy(end, pairs + v * 2, 2);
    } else {
        *--end = (char)('0' + v);
    }
    return end;
}

char *ou_u64_pow2(uint64_t v, int bits, char *end)
{
    do {
        *--end = digit_chars[v & (((uint64_t)1 << bits) - 1)];
        v >>= bits;
    } while (v);
    return end;
}

static int small_digits(uint64_t v, int base, OuFmtBuf *b)
{
    char *end = b->small + sizeof b->small;
    if (base == 10) {
        b->s = ou_u64_decimal(v, end);
    } else if ((base & (base - 1)) == 0) {
        b->s = ou_u64_pow2(v, __builtin_ctz((unsigned)base), end);
    } else {
        char *p = end;
        do {
            *--p = digit_chars[v % (unsigned)base];
            v /= (unsigned)base;
        } while (v);
        b->s = p;
    }
    b->len = (size_t)(end - b->s);
    b->cap = 0;
    return 0;
}

int ou_int_digits(OuVM *vm, OuObj *a, int base, OuFmtBuf *b)
{
    OuNum x;
    ou_num_of(&x, a);
    if (x.n <= 1)
        return small_digits(x.n ? x.p[0] : 0, base, b);
    size_t bits = ou_num_bits(&x);
    bool pow2 = (base & (base - 1)) == 0;
    int max = vm->int_max_str_digits;
    if (!pow2 && max > 0 && (double)(bits - 1) * (M_LN2 / log(base)) >= (double)max && bits > 3 * LIMIT_FROM)
        return too_long(vm);
    b->cap = pow2 ? bits / (unsigned)__builtin_ctz((unsigned)base) + 2
                  : (size_t)((double)bits * (M_LN2 / log(base)) * 1.0000001) + 3;
    b->s = ou_alloc(vm, b->cap);
    if (!b->s)
        return -1;
    OuLimbs t;
    if (ou_big_reserve(vm, x.n) < 0 || ou_limbs_get(vm, &t, x.n + 1) < 0) {
        ou_free(vm, b->s, b->cap);
        return -1;
    }
    memcpy(t.p, x.p, x.n * 8); /* mpn_get_str destroys its operand */
    size_t n = mpn_get_str((unsigned char *)b->s, base, t.p, (mp_size_t)x.n);
    ou_limbs_free(vm, &t);
    size_t skip = 0;
    while (skip + 1 < n && b->s[skip] == 0)
        skip++;
    n -= skip;
    for (size_t i = 0; i < n; i++)
        b->s[i] = digit_chars[(unsigned char)b->s[i + skip]];
    b->len = n;
    if (!pow2 && max > 0 && n > (size_t)max && n > LIMIT_FROM) {
        ou_fmt_double_free(vm, b);
        return too_long(vm);
    }
    return 0;
}

OuObj *ou_int_to_str(OuVM *vm, OuObj *o, int base, bool prefix)
{
    OuFmtBuf b;
    if (base == 10 && ou_is_small(o)) {
        uint64_t u = OU_INT_V(o) < 0 ? 0 - (uint64_t)OU_INT_V(o) : (uint64_t)OU_INT_V(o);
        char *end = b.small + sizeof b.small, *p = ou_u64_decimal(u, end);
        if (OU_INT_V(o) < 0)
            *--p = '-';
        return ou_str_from_ascii(vm, p, end - p);
    }
    if (ou_int_digits(vm, o, base, &b) < 0)
        return NULL;
    bool neg = ou_int_sign(o) < 0;
    size_t head = (size_t)neg + (prefix && base != 10 ? 2 : 0);
    OuObj *r;
    if (!head) {
        r = ou_str_from_ascii(vm, b.s, (ou_ssize)b.len);
    } else if ((r = ou_str_alloc(vm, (ou_ssize)(b.len + head), 127))) {
        char *p = OU_STR(r)->data;
        if (neg)
            *p++ = '-';
        if (head > 1) {
            *p++ = '0';
            *p++ = base == 16 ? 'x' : base == 8 ? 'o' : 'b';
        }
        memcpy(p, b.s, b.len);
    }
    ou_fmt_double_free(vm, &b);
    return r;
}

static int digit_value(unsigned char c)
{
    return c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
}

OuObj *ou_int_from_digits(OuVM *vm, const char *digits, size_t n, int base, bool negative)
{
    while (n && *digits == '0') {
        digits++;
        n--;
    }
    uint64_t v = 0;
    size_t i = 0;
    for (; i < n; i++) {
        uint64_t w;
        if (__builtin_mul_overflow(v, (uint64_t)base, &w) ||
            __builtin_add_overflow(w, (uint64_t)digit_value((unsigned char)digits[i]), &w))
            break;
        v = w;
    }
    if (i == n) {
        mp_limb_t limb = v;
        return ou_big_from(vm, &limb, 1, negative);
    }
    unsigned char *raw = ou_alloc(vm, n);
    if (!raw)
        return NULL;
    for (i = 0; i < n; i++)
        raw[i] = (unsigned char)digit_value((unsigned char)digits[i]);
    OuLimbs t;
    OuObj *r = NULL;
    size_t room = (size_t)((double)n * log2(base) / 64.0 * 1.0000001) + 3;
    if (ou_big_reserve(vm, room) == 0 && ou_limbs_get(vm, &t, room) == 0) {
        size_t rn = (size_t)mpn_set_str(t.p, raw, n, base);
        r = ou_big_from(vm, t.p, rn, negative);
        ou_limbs_free(vm, &t);
    }
    ou_free(vm, raw, n);
    return r;
}

OuObj *ou_int_from_bytes(OuVM *vm, const unsigned char *b, size_t n, bool little, bool is_signed)
{
    bool neg = is_signed && n && (b[little ? n - 1 : 0] & 0x80);
    size_t limbs = n / 8 + 1;
    OuLimbs t;
    if (ou_limbs_get(vm, &t, limbs) < 0)
        return NULL;
    memset(t.p, neg ? 0xff : 0, limbs * 8);
    unsigned char *dst = (unsigned char *)t.p; /* the machine is little-endian */
    if (little)
        memcpy(dst, b, n);
    else
        for (size_t i = 0; i < n; i++)
            dst[i] = b[n - 1 - i];
    if (neg)
        mpn_neg(t.p, t.p, (mp_size_t)limbs);
    OuObj *r = ou_big_from(vm, t.p, limbs, neg);
    ou_limbs_free(vm, &t);
    return r;
}

int ou_int_to_bytes(OuVM *vm, OuObj *o, unsigned char *out, size_t n, bool little, bool is_signed)
{
    OuNum x;
    ou_num_of(&x, o);
    if (x.neg && !is_signed)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "can't convert negative int to unsigned");
    size_t bits = ou_num_bits(&x);
    /* signed: -2**(k-1) fits k bits, other magnitudes need a sign bit more */
    if (is_signed && x.n && !(x.neg && mpn_popcount(x.p, (mp_size_t)x.n) == 1))
        bits++;
    if (n == 0 && bits == 1 && x.neg)
        return 0; /* as CPython: (-1).to_bytes(0, signed=True) is b'' */
    if (bits > n * 8)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "int too big to convert");
    OuLimbs t;
    size_t limbs = x.n + 1;
    if (ou_limbs_get(vm, &t, limbs) < 0)
        return -1;
    memcpy(t.p, x.p, x.n * 8);
    t.p[x.n] = 0;
    if (x.neg)
        mpn_neg(t.p, t.p, (mp_size_t)limbs);
    const unsigned char *src = (const unsigned char *)t.p;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = i < limbs * 8 ? src[i] : x.neg ? 0xff : 0;
        out[little ? i : n - 1 - i] = c;
    }
    ou_limbs_free(vm, &t);
    return 0;
}
