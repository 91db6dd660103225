/* vm/float_repr.c - the shortest decimal that reads back as the same double, and repr of floats.
 *
 * The search follows R. Giulietti's "Schubfach" scheme: the interval that rounds to v is scaled by a power of
 * ten so that it holds one to three integers of 16-17 digits; one 128-bit multiplication per bound, rounded
 * to odd, is exact enough to choose among them. */
#include "format_spec.h"

#include <math.h>
#include <string.h>

#include "float_fmt.h"
#include "float_pow10.h"

/* floor(log10(2**e)), floor(log10(3/4 * 2**e)), floor(log2(10**e)) for the range of doubles */
static int log10_pow2(int e)
{
    return (e * 1262611) >> 22;
}

static int log10_three_quarters_pow2(int e)
{
    return (e * 1262611 - 524031) >> 22;
}

static int log2_pow10(int e)
{
    return (e * 1741647) >> 19;
}

/* floor of g * c / 2**128 with the lowest bit set if anything was cut off */
static uint64_t round_to_odd(uint64_t g_hi, uint64_t g_lo, uint64_t c)
{
    unsigned __int128 x = (unsigned __int128)g_lo * c, y = (unsigned __int128)g_hi * c;
    y += (uint64_t)(x >> 64);
    return (uint64_t)(y >> 64) | ((uint64_t)y > 1);
}

/* v positive, finite, not zero: v rounds from digits * 10**exp, the shortest such digits. */
static uint64_t shortest(double v, int *exp)
{
    uint64_t bits;
    memcpy(&bits, &v, 8);
    uint64_t frac = bits & (((uint64_t)1 << 52) - 1);
    int be = (int)(bits >> 52 & 0x7ff), q;
    uint64_t c;
    if (be) {
        c = frac | (uint64_t)1 << 52;
        q = be - 1075;
        if (q <= 0 && q > -53 && (c & (((uint64_t)1 << -q) - 1)) == 0) { /* small integers */
            *exp = 0;
            return c >> -q;
        }
    } else {
        c = frac;
        q = -1074;
    }
    bool even = (c & 1) == 0, lower_closer = frac == 0 && be > 1;
    uint64_t cbl = 4 * c - 2 + lower_closer, cb = 4 * c, cbr = 4 * c + 2;
    int k = lower_closer ? log10_three_quarters_pow2(q) : log10_pow2(q);
    int h = q + log2_pow10(-k) + 1;
    uint64_t hi = pow10_table[-k - POW10_MIN].hi, lo = pow10_table[-k - POW10_MIN].lo;
    uint64_t vbl = round_to_odd(hi, lo, cbl << h), vb = round_to_odd(hi, lo, cb << h),
             vbr = round_to_odd(hi, lo, cbr << h);
    uint64_t lower = vbl + !even, upper = vbr - !even, s = vb / 4;
    if (s >= 10) { /* one digit less? */
        uint64_t sp = s / 10;
        bool up_in = lower <= 40 * sp, wp_in = 40 * sp + 40 <= upper;
        if (up_in != wp_in) {
            *exp = k + 1;
            return sp + wp_in;
        }
    }
    bool u_in = lower <= 4 * s, w_in = 4 * s + 4 <= upper;
    *exp = k;
    if (u_in != w_in)
        return s + w_in;
    uint64_t mid = 4 * s + 2;
    return s + (vb > mid || (vb == mid && (s & 1)));
}

int ou_float_digits(double v, char digits[20], int *decpt)
{
    int exp;
    uint64_t d = shortest(v, &exp);
    char tmp[24], *end = tmp + sizeof tmp, *p = end;
    do {
        *--p = (char)('0' + d % 10);
        d /= 10;
    } while (d);
    int n = (int)(end - p);
    *decpt = n + exp;
    while (n > 1 && p[n - 1] == '0')
        n--;
    memcpy(digits, p, (size_t)n);
    return n;
}

int ou_float_repr(double v, char buf[40])
{
    return ou_float_repr_flags(v, buf, true, false, false);
}

int ou_float_repr_flags(double v, char buf[40], bool add_dot_0, bool alt, bool plus)
{
    char *p = buf, digits[20];
    if (isnan(v)) {
        if (plus)
            *p++ = '+';
        memcpy(p, "nan", 4);
        return (int)(p - buf) + 3;
    }
    if (signbit(v))
        *p++ = '-';
    else if (plus)
        *p++ = '+';
    if (isinf(v)) {
        memcpy(p, "inf", 4);
        return (int)(p - buf) + 3;
    }
    int decpt = 1, n = 1;
    digits[0] = '0';
    if (v != 0)
        n = ou_float_digits(fabs(v), digits, &decpt);
    if (decpt <= -4 || decpt > 16) { /* exponent form */
        *p++ = digits[0];
        if (n > 1 || alt)
            *p++ = '.';
        memcpy(p, digits + 1, (size_t)n - 1);
        p += n - 1;
        int e = decpt - 1;
        *p++ = 'e';
        *p++ = e < 0 ? '-' : '+';
        e = e < 0 ? -e : e;
        if (e >= 100)
            *p++ = (char)('0' + e / 100);
        *p++ = (char)('0' + e / 10 % 10);
        *p++ = (char)('0' + e % 10);
    } else if (decpt <= 0) {
        *p++ = '0';
        *p++ = '.';
        memset(p, '0', (size_t)-decpt);
        p += -decpt;
        memcpy(p, digits, (size_t)n);
        p += n;
    } else if (n <= decpt) {
        memcpy(p, digits, (size_t)n);
        p += n;
        memset(p, '0', (size_t)(decpt - n));
        p += decpt - n;
        if (add_dot_0 || alt)
            *p++ = '.';
        if (add_dot_0)
            *p++ = '0';
    } else {
        memcpy(p, digits, (size_t)decpt);
        p += decpt;
        *p++ = '.';
        memcpy(p, digits + decpt, (size_t)(n - decpt));
        p += n - decpt;
    }
    *p = 0;
    return (int)(p - buf);
}
