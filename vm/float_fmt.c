/* vm/float_fmt.c - doubles to text by a format code, text to doubles, rounding to decimals.
 *
 * The C library prints and reads exactly (round half to even), but with the locale's decimal point: the work
 * is done under the "C" locale of this thread. */
#include "float_fmt.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "int_big.h"

/* The built-in "C" locale object: glibc hands out a static one, nothing is allocated. */
static locale_t c_locale(void)
{
    return newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

void ou_fmt_double_free(OuVM *vm, OuFmtBuf *b)
{
    if (b->cap)
        ou_free(vm, b->s, b->cap);
    b->cap = 0;
}

/* "%.*f" of |v| < 2**63 whose fraction has at most 64 bits, with at most 17 decimals: exact in 128-bit
 * integers, half to even.  Returns the length (buf has room for 40), or 0 when v is not of that kind. */
static int quick_fixed(char *buf, double v, int prec)
{
    static const uint64_t tens[] = {1,
                                    10,
                                    100,
                                    1000,
                                    10000,
                                    100000,
                                    1000000,
                                    10000000,
                                    100000000,
                                    1000000000,
                                    10000000000,
                                    100000000000,
                                    1000000000000,
                                    10000000000000,
                                    100000000000000,
                                    1000000000000000,
                                    10000000000000000,
                                    100000000000000000};
    uint64_t bits, whole = 0, frac = 0, m;
    memcpy(&bits, &v, 8);
    int e = (int)(bits >> 52 & 0x7ff) - 1075;
    if (prec < 0 || prec > 17 || (v != 0 && (e > 10 || e < -127)))
        return 0;
    m = (bits & (((uint64_t)1 << 52) - 1)) | (uint64_t)1 << 52;
    int zeros = __builtin_ctzll(m);
    m >>= zeros;
    e += zeros;
    if (v == 0) {
        whole = 0;
    } else if (e >= 0) {
        whole = m << e;
    } else if (e >= -64) {
        int k = -e;
        whole = k == 64 ? 0 : m >> k;
        frac = k == 64 ? m : m & (((uint64_t)1 << k) - 1);
        unsigned __int128 product = (unsigned __int128)frac * tens[prec];
        unsigned __int128 rest = product & (((unsigned __int128)1 << k) - 1),
                          half = (unsigned __int128)1 << (k - 1);
        frac = (uint64_t)(product >> k);
        bool odd = (prec ? frac : whole) & 1;
        if (rest > half || (rest == half && odd))
            frac++;
        if (frac == tens[prec]) {
            frac = 0;
            whole++;
        }
    } else {
        return 0;
    }
    char tmp[24], *p = buf, *end = tmp + sizeof tmp, *q = end;
    if (signbit(v))
        *p++ = '-';
    do {
        *--q = (char)('0' + whole % 10);
        whole /= 10;
    } while (whole);
    memcpy(p, q, (size_t)(end - q));
    p += end - q;
    if (prec) {
        *p++ = '.';
        for (int i = prec; i-- > 0; frac /= 10)
            p[i] = (char)('0' + frac % 10);
        p += prec;
    }
    *p = 0;
    return (int)(p - buf);
}

/* printf of v with "%[#]+?.*X" into b, with room for `extra` characters more. */
static int print_c(OuVM *vm, OuFmtBuf *b, double v, char code, int prec, bool alt, size_t extra)
{
    char fmt[8], *p = fmt;
    int quick = code == 'f' && !alt ? quick_fixed(b->small, v, prec) : 0;
    if (quick) {
        b->s = b->small;
        b->cap = 0;
        b->len = (size_t)quick;
        return 0;
    }
    *p++ = '%';
    if (alt)
        *p++ = '#';
    *p++ = '.';
    *p++ = '*';
    *p++ = code;
    *p = 0;
    b->s = b->small;
    b->cap = 0;
    locale_t old = uselocale(c_locale());
    int n = snprintf(b->small, sizeof b->small, fmt, prec, v);
    if (n >= 0 && (size_t)n + extra + 1 > sizeof b->small) {
        b->cap = (size_t)n + extra + 1;
        b->s = ou_alloc(vm, b->cap);
        if (!b->s)
            b->cap = 0;
        else
            snprintf(b->s, b->cap, fmt, prec, v);
    }
    uselocale(old);
    if (n < 0)
        return ou_value_error_i(vm, "precision too big");
    if (!b->s)
        return -1;
    b->len = (size_t)n;
    return 0;
}

/* "g" for a float without format code: as %g, but exponent form one digit earlier, and "1" becomes "1.0". */
static int general_dot_0(OuVM *vm, OuFmtBuf *b, double v, int prec, bool alt)
{
    if (prec == 0)
        prec = 1;
    if (print_c(vm, b, v, 'e', prec - 1, alt, 4) < 0)
        return -1;
    char *e = memchr(b->s, 'e', b->len);
    int exp10 = atoi(e + 1);
    if (exp10 < -4 || exp10 >= prec - 1) {
        if (!alt) { /* drop trailing zeros of the mantissa */
            char *m = e;
            if (memchr(b->s, '.', (size_t)(e - b->s))) {
                while (m[-1] == '0')
                    m--;
                if (m[-1] == '.')
                    m--;
            }
            size_t tail = b->len - (size_t)(e - b->s);
            memmove(m, e, tail + 1);
            b->len = (size_t)(m - b->s) + tail;
        }
        return 0;
    }
    ou_fmt_double_free(vm, b);
    if (print_c(vm, b, v, 'g', prec, alt, 4) < 0)
        return -1;
    if (!memchr(b->s, '.', b->len) && !memchr(b->s, 'e', b->len)) {
        memcpy(b->s + b->len, ".0", 3);
        b->len += 2;
    } else if (b->s[b->len - 1] == '.') {
        memcpy(b->s + b->len, "0", 2);
        b->len++;
    }
    return 0;
}

int ou_fmt_double(OuVM *vm, OuFmtBuf *b, double v, char type, int prec, bool alt, bool plus, bool add_dot_0)
{
    b->s = b->small;
    b->cap = 0;
    bool percent = type == '%';
    if (percent) {
        type = 'f';
        v *= 100;
    }
    if (!isfinite(v)) {
        bool upper = type == 'E' || type == 'F' || type == 'G';
        char *p = b->small;
        if (isinf(v) && v < 0)
            *p++ = '-';
        else if (plus)
            *p++ = '+';
        memcpy(p, isnan(v) ? (upper ? "NAN" : "nan") : (upper ? "INF" : "inf"), 4);
        b->len = (size_t)(p - b->small) + 3;
    } else if (type == 'r') {
        b->len = (size_t)ou_float_repr_flags(v, b->small, add_dot_0, alt, plus);
        return 0;
    } else if (add_dot_0 && type == 'g') {
        if (general_dot_0(vm, b, v, prec, alt) < 0)
            return -1;
    } else if (print_c(vm, b, v, type, prec, alt, 4) < 0) {
        return -1;
    }
    if (plus && isfinite(v) && b->s[0] != '-') {
        memmove(b->s + 1, b->s, b->len + 1);
        b->s[0] = '+';
        b->len++;
    }
    if (percent) {
        b->s[b->len++] = '%';
        b->s[b->len] = 0;
    }
    return 0;
}

/* ---- reading --------------------------------------------------------------------- */
static bool word(const char *s, const char *end, const char *w)
{
    for (; *w; s++, w++)
        if (s == end || (*s | 32) != *w)
            return false;
    return true;
}

int ou_float_scan(OuVM *vm, const char *s, size_t n, double *out, const char **stop)
{
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    const char *p = s, *end = s + n;
    bool neg = false;
    if (p < end && (*p == '+' || *p == '-'))
        neg = *p++ == '-';
    double v = 0;
    if (p < end && (*p | 32) == 'i' && word(p, end, "inf")) {
        p += word(p, end, "infinity") ? 8 : 3;
        v = INFINITY;
    } else if (p < end && (*p | 32) == 'n' && word(p, end, "nan")) {
        p += 3;
        v = NAN;
    } else {
        uint64_t m = 0;
        int digits = 0, significant = 0;
        long exp = 0;
        const char *start = p;
        for (; p < end && *p >= '0' && *p <= '9'; p++, digits++) {
            if (significant < 19)
                m = m * 10 + (uint64_t)(*p - '0');
            significant += m != 0;
        }
        if (p < end && *p == '.') {
            p++;
            for (; p < end && *p >= '0' && *p <= '9'; p++, digits++) {
                if (significant < 19) {
                    m = m * 10 + (uint64_t)(*p - '0');
                    exp--;
                }
                significant += m != 0;
            }
        }
        if (!digits)
            return 0;
        if (p < end && (*p | 32) == 'e') {
            const char *q = p + 1;
            bool eneg = false;
            long e = 0;
            if (q < end && (*q == '+' || *q == '-'))
                eneg = *q++ == '-';
            if (q < end && *q >= '0' && *q <= '9') {
                for (; q < end && *q >= '0' && *q <= '9'; q++)
                    if (e < 1000000)
                        e = e * 10 + (*q - '0');
                p = q;
                exp += eneg ? -e : e;
            }
        }
        if (significant <= 19 && m < (uint64_t)1 << 53 && exp >= -22 && exp <= 22) {
            /* both parts exact: one operation rounds correctly */
            v = exp < 0 ? (double)m / tens[-exp] : (double)m * tens[exp];
        } else {
            char small[128], *buf = small;
            size_t len = (size_t)(p - start);
            if (len >= sizeof small && !(buf = ou_alloc(vm, len + 1)))
                return -1;
            memcpy(buf, start, len);
            buf[len] = 0;
            v = strtod_l(buf, NULL, c_locale());
            if (buf != small)
                ou_free(vm, buf, len + 1);
        }
    }
    if (stop)
        *stop = p;
    else if (p != end)
        return 0;
    *out = neg ? -v : v;
    return 1;
}

OuObj *ou_float_parse(OuVM *vm, const char *s, size_t n)
{
    double v;
    int r = ou_float_scan(vm, s, n, &v, NULL);
    if (r < 0)
        return NULL;
    if (r == 0) {
        OuObj *t = ou_str_new(vm, s, (ou_ssize)n);
        if (t)
            ou_value_error(vm, "could not convert string to float: %R", t);
        ou_xdecref(vm, t);
        return NULL;
    }
    return ou_float(vm, v);
}

/* ---- rounding -------------------------------------------------------------------- */
double ou_float_round(double x, int ndigits)
{
    char buf[1200];
    double r;
    int quick = ndigits >= 0 ? quick_fixed(buf, x, ndigits) : 0;
    if (quick && ou_float_scan(NULL, buf, (size_t)quick, &r, NULL) > 0)
        return r;
    locale_t old = uselocale(c_locale());
    if (ndigits >= 0) {
        snprintf(buf, sizeof buf, "%.*f", ndigits, x); /* exact, half to even */
        r = strtod(buf, NULL);
    } else {
        /* all digits of the exact value, to know the decimal exponent; then cut at the wanted place */
        snprintf(buf, sizeof buf, "%.780e", fabs(x));
        int e10 = atoi(strchr(buf, 'e') + 1), keep = e10 + 1 + ndigits;
        if (keep < 0 || x == 0) {
            r = 0.0;
        } else if (keep == 0) {
            bool above = buf[0] > '5';
            for (char *p = buf + 2; !above && buf[0] == '5' && *p != 'e'; p++)
                above = *p != '0';
            snprintf(buf, sizeof buf, "1e%d", e10 + 1);
            r = above ? strtod(buf, NULL) : 0.0;
        } else {
            snprintf(buf, sizeof buf, "%.*e", keep - 1, fabs(x));
            r = strtod(buf, NULL);
        }
        r = copysign(r, x);
    }
    uselocale(old);
    return r;
}
