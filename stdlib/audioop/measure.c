/* stdlib/audioop/measure.c - extremes, means, peaks and fits of fragments. */
#include <stdlib.h>

#include "audioop.h"

OU_AUDIO_FN(getsample)
{
    ou_ssize i;
    FRAGMENT(args[0], args[1]);
    OuObj *r = NULL;
    if (ou_as_ssize(vm, args[2], OU_EXC(vm, OverflowError), &i) == 0)
        r = i < 0 || i >= b.len / width ? ou_audioop_fail(vm, "Index out of range")
                                        : ou_int(vm, sample(p + i * width, width));
    (void)end;
    ou_buffer_release(vm, &b);
    return r;
}

OU_AUDIO_FN(max)
{
    int64_t max = 0;
    FRAGMENT(args[0], args[1]);
    for (; p < end; p += width) {
        int64_t v = llabs((long long)sample(p, width));
        max = v > max ? v : max;
    }
    ou_buffer_release(vm, &b);
    return ou_int(vm, max);
}

OU_AUDIO_FN(minmax)
{
    int32_t min = INT32_MAX, max = INT32_MIN;
    FRAGMENT(args[0], args[1]);
    for (; p < end; p += width) {
        int32_t v = sample(p, width);
        min = v < min ? v : min;
        max = v > max ? v : max;
    }
    ou_buffer_release(vm, &b);
    return ou_audioop_pair(vm, min, max);
}

OU_AUDIO_FN(avg)
{
    double sum = 0;
    FRAGMENT(args[0], args[1]);
    ou_ssize n = b.len / width;
    for (; p < end; p += width)
        sum += sample(p, width);
    ou_buffer_release(vm, &b);
    return ou_int(vm, n ? (int64_t)floor(sum / (double)n) : 0);
}

OU_AUDIO_FN(rms)
{
    double sum = 0;
    FRAGMENT(args[0], args[1]);
    ou_ssize n = b.len / width;
    for (; p < end; p += width) {
        double v = sample(p, width);
        sum += v * v;
    }
    ou_buffer_release(vm, &b);
    return ou_int(vm, n ? (int64_t)sqrt(sum / (double)n) : 0);
}

/* Differences between extremes that follow one another: their sum and number, and the largest. */
static void peaks(const unsigned char *p, const unsigned char *end, int width, double *sum, int64_t *n,
                  int64_t *largest)
{
    bool have = false;
    int direction = -1; /* not known yet; 1: falling */
    int64_t last, extreme = 0;
    *sum = 0;
    *n = *largest = 0;
    if (end - p <= width)
        return;
    last = sample(p, width);
    for (p += width; p < end; p += width) {
        int64_t v = sample(p, width);
        if (v == last)
            continue;
        int falling = v < last;
        if (direction >= 0 && direction != falling) {
            if (have) {
                int64_t d = llabs(last - extreme);
                *sum += (double)d;
                *largest = d > *largest ? d : *largest;
                ++*n;
            }
            have = true;
            extreme = last;
        }
        last = v;
        direction = falling;
    }
}

OU_AUDIO_FN(avgpp)
{
    double sum;
    int64_t n, largest;
    FRAGMENT(args[0], args[1]);
    peaks(p, end, width, &sum, &n, &largest);
    ou_buffer_release(vm, &b);
    return ou_int(vm, n ? (int64_t)(sum / (double)n) : 0);
}

OU_AUDIO_FN(maxpp)
{
    double sum;
    int64_t n, largest;
    FRAGMENT(args[0], args[1]);
    peaks(p, end, width, &sum, &n, &largest);
    ou_buffer_release(vm, &b);
    return ou_int(vm, largest);
}

OU_AUDIO_FN(cross)
{
    int64_t n = -1;
    int last = -1;
    FRAGMENT(args[0], args[1]);
    for (; p < end; p += width) {
        int negative = sample(p, width) < 0;
        n += negative != last;
        last = negative;
    }
    ou_buffer_release(vm, &b);
    return ou_int(vm, n);
}

static double product(const int16_t *a, const int16_t *c, ou_ssize n)
{
    double sum = 0;
    for (ou_ssize i = 0; i < n; i++)
        sum += (double)a[i] * (double)c[i];
    return sum;
}

static int two(OuVM *vm, OuObj *const *args, OuBuffer *a, OuBuffer *c)
{
    if (ou_buffer_get(vm, args[0], a, OU_BUF_SIMPLE) < 0)
        return -1;
    if (ou_buffer_get(vm, args[1], c, OU_BUF_SIMPLE) == 0) {
        if (a->len % 2 == 0 && c->len % 2 == 0)
            return 0;
        ou_audioop_fail(vm, "Strings should be even-sized");
        ou_buffer_release(vm, c);
    }
    ou_buffer_release(vm, a);
    return -1;
}

OU_AUDIO_FN(findfit)
{
    OuBuffer a, c;
    if (two(vm, args, &a, &c) < 0)
        return NULL;
    const int16_t *x = a.buf, *ref = c.buf;
    ou_ssize nx = a.len / 2, n = c.len / 2, best = 0;
    OuObj *r = NULL;
    if (nx < n) {
        ou_audioop_fail(vm, "First sample should be longer");
    } else {
        double ref2 = product(ref, ref, n), x2 = product(x, x, n), xr = product(x, ref, n);
        double least = (ref2 * x2 - xr * xr) / x2;
        for (ou_ssize j = 1; j <= nx - n; j++) {
            double gone = x[j - 1], come = x[j + n - 1];
            x2 = x2 + come * come - gone * gone;
            xr = product(x + j, ref, n);
            double v = (ref2 * x2 - xr * xr) / x2;
            if (v < least) {
                least = v;
                best = j;
            }
        }
        OuObj *at = ou_int(vm, best), *factor = ou_float(vm, product(x + best, ref, n) / ref2);
        r = at && factor ? ou_tuple_pack(vm, 2, at, factor) : NULL;
        ou_xdecref(vm, at);
        ou_xdecref(vm, factor);
    }
    ou_buffer_release(vm, &a);
    ou_buffer_release(vm, &c);
    return r;
}

OU_AUDIO_FN(findfactor)
{
    OuBuffer a, c;
    if (two(vm, args, &a, &c) < 0)
        return NULL;
    OuObj *r = a.len != c.len
                   ? ou_audioop_fail(vm, "Samples should be same size")
                   : ou_float(vm, product(a.buf, c.buf, a.len / 2) / product(c.buf, c.buf, a.len / 2));
    ou_buffer_release(vm, &a);
    ou_buffer_release(vm, &c);
    return r;
}

OU_AUDIO_FN(findmax)
{
    OuBuffer b;
    ou_ssize n, best = 0;
    if (ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &n) < 0 ||
        ou_buffer_get(vm, args[0], &b, OU_BUF_SIMPLE) < 0)
        return NULL;
    const int16_t *x = b.buf;
    ou_ssize nx = b.len / 2;
    bool ok = false;
    if (b.len % 2) {
        ou_audioop_fail(vm, "Strings should be even-sized");
    } else if (n < 0 || nx < n) {
        ou_audioop_fail(vm, "Input sample should be longer");
    } else {
        double v = product(x, x, n), most = v;
        for (ou_ssize j = 1; j <= nx - n; j++) {
            double gone = x[j - 1], come = n ? x[j + n - 1] : gone;
            v = v + come * come - gone * gone;
            if (v > most) {
                most = v;
                best = j;
            }
        }
        ok = true;
    }
    ou_buffer_release(vm, &b);
    return ok ? ou_int(vm, best) : NULL;
}
