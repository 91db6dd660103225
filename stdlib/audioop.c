/* stdlib/audioop.c - module audioop: arithmetic on raw audio samples of 1 to 4 bytes.
 *
 * Samples are signed, in the machine's order; sample32() widens one to 32 bits.  The companded formats are G.711's A-law and u-law, the
 * compressed one is the ADPCM of Intel and DVI. */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"
#include "vm/buffer.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

typedef struct State {
    OuObj *error;
} State;
extern const OuModuleDef ou_mod_audioop;

/* ---- samples ---------------------------------------------------------------------------- */
static int32_t sample(const unsigned char *p, int width)
{
    int16_t h;
    int32_t w;
    switch (width) {
    case 1:
        return (signed char)*p;
    case 2:
        memcpy(&h, p, 2);
        return h;
    case 3:
        return (int32_t)((uint32_t)p[0] | (uint32_t)p[1] << 8) + (int32_t)(signed char)p[2] * 65536;
    default:
        memcpy(&w, p, 4);
        return w;
    }
}

static int32_t sample32(const unsigned char *p, int width)
{
    return (int32_t)((uint32_t)sample(p, width) << (32 - 8 * width));
}

static void put(unsigned char *p, int width, int32_t v)
{
    for (int i = 0; i < width; i++)
        p[i] = (unsigned char)((uint32_t)v >> 8 * i);
}

static void put32(unsigned char *p, int width, int32_t v)
{
    put(p, width, v >> (32 - 8 * width));
}

static const int32_t max_of[] = {0, 0x7f, 0x7fff, 0x7fffff, 0x7fffffff};
static int32_t bound(double v, int width)
{
    double max = max_of[width], min = -max - 1;
    if (v > max)
        v = max;
    else if (v < min + 1.0)
        v = min;
    return (int32_t)floor(v);
}

/* ---- arguments --------------------------------------------------------------------------- */
static void *fail(OuVM *vm, const char *text)
{
    State *st = ou_module_state(vm, &ou_mod_audioop);
    OuObj *s = ou_str_new(vm, text, -1);
    if (s)
        ou_raise_value(vm, OU_AS_TYPE(st->error), s);
    ou_xdecref(vm, s);
    return NULL;
}

static int width_arg(OuVM *vm, OuObj *o, int *width)
{
    if (ou_as_int(vm, o, width) < 0)
        return -1;
    if (*width >= 1 && *width <= 4)
        return 0;
    fail(vm, "Size should be 1, 2, 3 or 4");
    return -1;
}

/* A fragment of whole samples (frames of n samples); to be released.  0/-1 */
static int fragment(OuVM *vm, OuObj *o, OuObj *width_obj, int *width, int n, OuBuffer *b)
{
    if (ou_buffer_get(vm, o, b, OU_BUF_SIMPLE) < 0)
        return -1;
    if (width_obj ? width_arg(vm, width_obj, width) == 0 : true) {
        if (b->len % (*width * n) == 0)
            return 0;
        fail(vm, "not a whole number of frames");
    }
    ou_buffer_release(vm, b);
    return -1;
}

static OuObj *room(OuVM *vm, OuBuffer *b, ou_ssize n, unsigned char **to)
{
    OuObj *r = ou_bytes_new(vm, NULL, n);
    if (!r)
        ou_buffer_release(vm, b);
    else
        *to = (unsigned char *)OU_BYTES(r)->data;
    return r;
}

#define FRAGMENT(o, w)                         \
    OuBuffer b;                                \
    int width;                                 \
    if (fragment(vm, o, w, &width, 1, &b) < 0) \
        return NULL;                           \
    const unsigned char *p = b.buf, *end = p + b.len

/* ---- measures ------------------------------------------------------------------------------ */
FN(f_getsample)
{
    ou_ssize i;
    FRAGMENT(args[0], args[1]);
    OuObj *r = NULL;
    if (ou_as_ssize(vm, args[2], OU_EXC(vm, OverflowError), &i) == 0)
        r = i < 0 || i >= b.len / width ? fail(vm, "Index out of range")
                                        : ou_int(vm, sample(p + i * width, width));
    (void)end;
    ou_buffer_release(vm, &b);
    return r;
}

FN(f_max)
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

FN(f_minmax)
{
    int32_t min = INT32_MAX, max = INT32_MIN;
    FRAGMENT(args[0], args[1]);
    for (; p < end; p += width) {
        int32_t v = sample(p, width);
        min = v < min ? v : min;
        max = v > max ? v : max;
    }
    ou_buffer_release(vm, &b);
    OuObj *lo = ou_int(vm, min), *hi = ou_int(vm, max), *t = lo && hi ? ou_tuple_pack(vm, 2, lo, hi) : NULL;
    ou_xdecref(vm, lo);
    ou_xdecref(vm, hi);
    return t;
}

FN(f_avg)
{
    double sum = 0;
    FRAGMENT(args[0], args[1]);
    ou_ssize n = b.len / width;
    for (; p < end; p += width)
        sum += sample(p, width);
    ou_buffer_release(vm, &b);
    return ou_int(vm, n ? (int64_t)floor(sum / (double)n) : 0);
}

FN(f_rms)
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

FN(f_avgpp)
{
    double sum;
    int64_t n, largest;
    FRAGMENT(args[0], args[1]);
    peaks(p, end, width, &sum, &n, &largest);
    ou_buffer_release(vm, &b);
    return ou_int(vm, n ? (int64_t)(sum / (double)n) : 0);
}

FN(f_maxpp)
{
    double sum;
    int64_t n, largest;
    FRAGMENT(args[0], args[1]);
    peaks(p, end, width, &sum, &n, &largest);
    ou_buffer_release(vm, &b);
    return ou_int(vm, largest);
}

FN(f_cross)
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
        fail(vm, "Strings should be even-sized");
        ou_buffer_release(vm, c);
    }
    ou_buffer_release(vm, a);
    return -1;
}

FN(f_findfit)
{
    OuBuffer a, c;
    if (two(vm, args, &a, &c) < 0)
        return NULL;
    const int16_t *x = a.buf, *ref = c.buf;
    ou_ssize nx = a.len / 2, n = c.len / 2, best = 0;
    OuObj *r = NULL;
    if (nx < n) {
        fail(vm, "First sample should be longer");
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

FN(f_findfactor)
{
    OuBuffer a, c;
    if (two(vm, args, &a, &c) < 0)
        return NULL;
    OuObj *r = a.len != c.len
                   ? fail(vm, "Samples should be same size")
                   : ou_float(vm, product(a.buf, c.buf, a.len / 2) / product(c.buf, c.buf, a.len / 2));
    ou_buffer_release(vm, &a);
    ou_buffer_release(vm, &c);
    return r;
}

FN(f_findmax)
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
        fail(vm, "Strings should be even-sized");
    } else if (n < 0 || nx < n) {
        fail(vm, "Input sample should be longer");
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

/* ---- one fragment to another ------------------------------------------------------------------- */
FN(f_mul)
{
    double factor;
    unsigned char *to;
    if (ou_as_double(vm, args[2], &factor) < 0)
        return NULL;
    FRAGMENT(args[0], args[1]);
    OuObj *r = room(vm, &b, b.len, &to);
    if (!r)
        return NULL;
    for (; p < end; p += width, to += width)
        put(to, width, bound(sample(p, width) * factor, width));
    ou_buffer_release(vm, &b);
    return r;
}

FN(f_tomono)
{
    OuBuffer b;
    int width;
    double left, right;
    unsigned char *to;
    if (ou_as_double(vm, args[2], &left) < 0 || ou_as_double(vm, args[3], &right) < 0 ||
        fragment(vm, args[0], args[1], &width, 2, &b) < 0)
        return NULL;
    const unsigned char *p = b.buf, *end = p + b.len;
    OuObj *r = room(vm, &b, b.len / 2, &to);
    if (!r)
        return NULL;
    for (; p < end; p += 2 * width, to += width)
        put(to, width, bound(sample(p, width) * left + sample(p + width, width) * right, width));
    ou_buffer_release(vm, &b);
    return r;
}

FN(f_tostereo)
{
    double left, right;
    unsigned char *to;
    if (ou_as_double(vm, args[2], &left) < 0 || ou_as_double(vm, args[3], &right) < 0)
        return NULL;
    FRAGMENT(args[0], args[1]);
    OuObj *r = room(vm, &b, b.len * 2, &to);
    if (!r)
        return NULL;
    for (; p < end; p += width, to += 2 * width) {
        put(to, width, bound(sample(p, width) * left, width));
        put(to + width, width, bound(sample(p, width) * right, width));
    }
    ou_buffer_release(vm, &b);
    return r;
}

FN(f_add)
{
    OuBuffer c;
    unsigned char *to;
    FRAGMENT(args[0], args[2]);
    if (ou_buffer_get(vm, args[1], &c, OU_BUF_SIMPLE) < 0) {
        ou_buffer_release(vm, &b);
        return NULL;
    }
    OuObj *r = NULL;
    if (b.len != c.len)
        fail(vm, "Lengths should be the same");
    else
        r = ou_bytes_new(vm, NULL, b.len);
    if (r) {
        to = (unsigned char *)OU_BYTES(r)->data;
        const unsigned char *q = c.buf;
        for (; p < end; p += width, q += width, to += width)
            put(to, width, bound((double)sample(p, width) + (double)sample(q, width), width));
    }
    ou_buffer_release(vm, &b);
    ou_buffer_release(vm, &c);
    return r;
}

FN(f_bias)
{
    int bias;
    unsigned char *to;
    if (ou_as_int(vm, args[2], &bias) < 0)
        return NULL;
    FRAGMENT(args[0], args[1]);
    OuObj *r = room(vm, &b, b.len, &to);
    if (!r)
        return NULL;
    for (; p < end; p += width, to += width)
        put(to, width, (int32_t)((uint32_t)sample(p, width) + (uint32_t)bias));
    ou_buffer_release(vm, &b);
    return r;
}

FN(f_reverse)
{
    unsigned char *to;
    FRAGMENT(args[0], args[1]);
    OuObj *r = room(vm, &b, b.len, &to);
    if (!r)
        return NULL;
    for (to += b.len; p < end; p += width)
        memcpy(to -= width, p, (size_t)width);
    ou_buffer_release(vm, &b);
    return r;
}

FN(f_byteswap)
{
    unsigned char *to;
    FRAGMENT(args[0], args[1]);
    OuObj *r = room(vm, &b, b.len, &to);
    if (!r)
        return NULL;
    for (; p < end; p += width, to += width)
        for (int i = 0; i < width; i++)
            to[i] = p[width - 1 - i];
    ou_buffer_release(vm, &b);
    return r;
}

FN(f_lin2lin)
{
    int other;
    unsigned char *to;
    FRAGMENT(args[0], args[1]);
    if (width_arg(vm, args[2], &other) < 0) {
        ou_buffer_release(vm, &b);
        return NULL;
    }
    OuObj *r = room(vm, &b, b.len / width * other, &to);
    if (!r)
        return NULL;
    for (; p < end; p += width, to += other)
        put32(to, other, sample32(p, width));
    ou_buffer_release(vm, &b);
    return r;
}

/* ---- sampling rates -------------------------------------------------------------------------------- */
static int gcd(int a, int b)
{
    while (b) {
        int t = a % b;
        a = b;
        b = t;
    }
    return a;
}

typedef struct Rate {
    int n, d, *prev, *cur;
} Rate;

static int take_rate_state(OuVM *vm, OuObj *state, Rate *s)
{
    if (!ou_isa_tuple(vm, state))
        return ou_type_error_i(vm, "state must be a tuple or None");
    OuTuple *t = OU_TUPLE(state);
    if (t->n != 2 || !ou_isa_tuple(vm, t->items[1]))
        return ou_type_error_i(vm, "ratecv(): illegal state argument");
    if (ou_as_int(vm, t->items[0], &s->d) < 0)
        return -1;
    OuTuple *all = OU_TUPLE(t->items[1]);
    if (all->n != (size_t)s->n) {
        fail(vm, "illegal state argument");
        return -1;
    }
    for (int i = 0; i < s->n; i++) {
        OuObj *pair = all->items[i];
        if (!ou_isa_tuple(vm, pair))
            return ou_type_error_i(vm, "ratecv(): illegal state argument");
        if (OU_TUPLE(pair)->n != 2)
            return ou_type_error_i(vm, "ratecv() takes exactly 2 arguments (%zu given)", OU_TUPLE(pair)->n);
        if (ou_as_int(vm, OU_TUPLE(pair)->items[0], &s->prev[i]) < 0 ||
            ou_as_int(vm, OU_TUPLE(pair)->items[1], &s->cur[i]) < 0)
            return -1;
    }
    return 0;
}

static OuObj *pair_of_ints(OuVM *vm, int64_t x, int64_t y)
{
    OuObj *a = ou_int(vm, x), *c = ou_int(vm, y), *t = a && c ? ou_tuple_pack(vm, 2, a, c) : NULL;
    ou_xdecref(vm, a);
    ou_xdecref(vm, c);
    return t;
}

/* (bytes, (d, ((prev, cur), ...))): new */
static OuObj *rate_result(OuVM *vm, OuObj *data, const Rate *s)
{
    OuObj *all = ou_tuple_new(vm, (size_t)s->n), *d = ou_int(vm, s->d), *state = NULL, *r = NULL;
    for (int i = 0; all && i < s->n; i++)
        if (!(OU_TUPLE(all)->items[i] = pair_of_ints(vm, s->prev[i], s->cur[i])))
            ou_clear(vm, all);
    if (all && d && (state = ou_tuple_pack(vm, 2, d, all)))
        r = ou_tuple_pack(vm, 2, data, state);
    ou_xdecref(vm, all);
    ou_xdecref(vm, d);
    ou_xdecref(vm, state);
    return r;
}

FN(f_ratecv)
{
    int width, in, out, wa = 1, wb = 0;
    Rate s = {0};
    OuBuffer b;
    OuObj *data = NULL, *r = NULL;
    if (width_arg(vm, args[1], &width) < 0 || ou_as_int(vm, args[2], &s.n) < 0 ||
        ou_as_int(vm, args[3], &in) < 0 || ou_as_int(vm, args[4], &out) < 0 ||
        (args[6] && ou_as_int(vm, args[6], &wa) < 0) || (args[7] && ou_as_int(vm, args[7], &wb) < 0))
        return NULL;
    if (s.n < 1)
        return fail(vm, "# of channels should be >= 1");
    if (width > INT_MAX / s.n)
        return ou_raise(vm, OU_EXC(vm, OverflowError), "width * nchannels too big for a C int");
    if (wa < 1 || wb < 0)
        return fail(vm, "weightA should be >= 1, weightB should be >= 0");
    int frame = width * s.n;
    if (ou_buffer_get(vm, args[0], &b, OU_BUF_SIMPLE) < 0)
        return NULL;
    size_t size = (size_t)s.n * 2 * sizeof(int);
    if (b.len % frame) {
        fail(vm, "not a whole number of frames");
        goto done;
    }
    if (in <= 0 || out <= 0) {
        fail(vm, "sampling rate not > 0");
        goto done;
    }
    int g = gcd(in, out);
    in /= g;
    out /= g;
    g = gcd(wa, wb);
    wa /= g;
    wb /= g;
    if (!(s.prev = ou_alloc(vm, size)))
        goto done;
    memset(s.prev, 0, size);
    s.cur = s.prev + s.n;
    s.d = -out;
    if (args[5] != OU_NONE(vm) && take_rate_state(vm, args[5], &s) < 0)
        goto done;
    ou_ssize left = b.len / frame, most;
    if (__builtin_mul_overflow(left ? 1 + (left - 1) / in : 0, (ou_ssize)out, &most) ||
        __builtin_mul_overflow(most + 1, (ou_ssize)frame, &most)) {
        ou_raise(vm, OU_EXC(vm, MemoryError), "not enough memory for output buffer");
        goto done;
    }
    /* a state given from outside may make more of it: grown on need */
    size_t cap = (size_t)most, n = 0;
    unsigned char *to = ou_alloc(vm, cap ? cap : 1);
    const unsigned char *p = b.buf;
    bool ok = to != NULL;
    while (ok && (s.d >= 0 || left > 0)) {
        while (s.d < 0 && left > 0) {
            for (int i = 0; i < s.n; i++, p += width) {
                s.prev[i] = s.cur[i];
                s.cur[i] =
                    (int)(((double)wa * sample32(p, width) + (double)wb * s.prev[i]) / ((double)wa + wb));
            }
            left--;
            s.d += out;
        }
        while (ok && s.d >= 0) {
            if (n + (size_t)frame > cap) {
                unsigned char *more = ou_realloc(vm, to, cap ? cap : 1, cap * 2 + (size_t)frame);
                if (!more) {
                    ok = false;
                    break;
                }
                to = more;
                cap = cap * 2 + (size_t)frame;
            }
            for (int i = 0; i < s.n; i++, n += (size_t)width)
                put32(to + n, width,
                      (int32_t)(((double)s.prev[i] * s.d + (double)s.cur[i] * (double)((int64_t)out - s.d)) /
                                out));
            s.d -= in;
        }
        if (ok && ou_poll(vm) < 0)
            ok = false;
    }
    if (ok && (data = ou_bytes_new(vm, (char *)to, (ou_ssize)n)))
        r = rate_result(vm, data, &s);
    ou_xdecref(vm, data);
    if (to)
        ou_free(vm, to, cap ? cap : 1);
done:
    if (s.prev)
        ou_free(vm, s.prev, size);
    ou_buffer_release(vm, &b);
    return r;
}

/* ---- G.711 ------------------------------------------------------------------------------------------ */
static int segment(int v, int first)
{
    int i = 0;
    for (int end = first; i < 8 && v > end; end = end * 2 + 1)
        i++;
    return i;
}

static unsigned char to_ulaw(int32_t v32)
{
    int v = v32 >> 18, mask = v < 0 ? 0x7f : 0xff;
    v = abs(v);
    v = (v > 8159 ? 8159 : v) + 33;
    int seg = segment(v, 0x3f);
    return (unsigned char)(seg >= 8 ? 0x7f ^ mask : (seg << 4 | (v >> (seg + 1) & 0xf)) ^ mask);
}

static int32_t from_ulaw(unsigned char c)
{
    int u = ~c & 0xff, t = (((u & 0xf) << 3) + 0x84) << (u >> 4 & 7);
    return (u & 0x80 ? 0x84 - t : t - 0x84) * 65536;
}

static unsigned char to_alaw(int32_t v32)
{
    int v = v32 >> 19, mask = v >= 0 ? 0xd5 : 0x55;
    if (v < 0)
        v = -v - 1;
    int seg = segment(v, 0x1f);
    return (unsigned char)(seg >= 8 ? 0x7f ^ mask : (seg << 4 | (v >> (seg < 2 ? 1 : seg) & 0xf)) ^ mask);
}

static int32_t from_alaw(unsigned char c)
{
    int a = c ^ 0x55, t = (a & 0xf) << 4, seg = a >> 4 & 7;
    t = seg == 0 ? t + 8 : (t + 0x108) << (seg - 1);
    return (a & 0x80 ? t : -t) * 65536;
}

static OuObj *compand(OuVM *vm, OuObj *const *args, unsigned char (*f)(int32_t))
{
    unsigned char *to;
    FRAGMENT(args[0], args[1]);
    OuObj *r = room(vm, &b, b.len / width, &to);
    if (!r)
        return NULL;
    for (; p < end; p += width)
        *to++ = f(sample32(p, width));
    ou_buffer_release(vm, &b);
    return r;
}

static OuObj *expand(OuVM *vm, OuObj *const *args, int32_t (*f)(unsigned char))
{
    OuBuffer b;
    int width;
    unsigned char *to;
    if (width_arg(vm, args[1], &width) < 0 || ou_buffer_get(vm, args[0], &b, OU_BUF_SIMPLE) < 0)
        return NULL;
    const unsigned char *p = b.buf, *end = p + b.len;
    OuObj *r = room(vm, &b, b.len * width, &to);
    if (!r)
        return NULL;
    for (; p < end; p++, to += width)
        put32(to, width, f(*p));
    ou_buffer_release(vm, &b);
    return r;
}

FN(f_lin2ulaw)
{
    return compand(vm, args, to_ulaw);
}

FN(f_ulaw2lin)
{
    return expand(vm, args, from_ulaw);
}

FN(f_lin2alaw)
{
    return compand(vm, args, to_alaw);
}

FN(f_alaw2lin)
{
    return expand(vm, args, from_alaw);
}

/* ---- ADPCM --------------------------------------------------------------------------------------------- */
static const int index_change[8] = {-1, -1, -1, -1, 2, 4, 6, 8};
static const int steps[89] = {
    7,    8,     9,     10,    11,    12,    13,    14,    16,    17,    19,    21,    23,    25,   28,
    31,   34,    37,    41,    45,    50,    55,    60,    66,    73,    80,    88,    97,    107,  118,
    130,  143,   157,   173,   190,   209,   230,   253,   279,   307,   337,   371,   408,   449,  494,
    544,  598,   658,   724,   796,   876,   963,   1060,  1166,  1282,  1411,  1552,  1707,  1878, 2066,
    2272, 2499,  2749,  3024,  3327,  3660,  4026,  4428,  4871,  5358,  5894,  6484,  7132,  7845, 8630,
    9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767};

static int adpcm_state(OuVM *vm, OuObj *state, int *value, int *index)
{
    *value = *index = 0;
    if (state == OU_NONE(vm))
        return 0;
    if (!ou_isa_tuple(vm, state))
        return ou_type_error_i(vm, "state must be a tuple or None");
    if (OU_TUPLE(state)->n != 2)
        return ou_type_error_i(vm, "function takes exactly 2 arguments (%zu given)", OU_TUPLE(state)->n);
    if (ou_as_int(vm, OU_TUPLE(state)->items[0], value) < 0 ||
        ou_as_int(vm, OU_TUPLE(state)->items[1], index) < 0)
        return -1;
    if (*value >= 0x8000 || *value < -0x8000 || *index < 0 || *index > 88)
        return ou_value_error_i(vm, "bad state");
    return 0;
}

/* The code's effect on the predicted value and the step. */
static void adpcm_step(int code, int change, int *value, int *index)
{
    int v = *value + (code & 8 ? -change : change), i = *index + index_change[code & 7];
    *value = v > 32767 ? 32767 : v < -32768 ? -32768 : v;
    *index = i < 0 ? 0 : i > 88 ? 88 : i;
}

static OuObj *with_state(OuVM *vm, OuObj *data_take, int value, int index)
{
    OuObj *state = pair_of_ints(vm, value, index), *r = state ? ou_tuple_pack(vm, 2, data_take, state) : NULL;
    ou_xdecref(vm, state);
    ou_decref(vm, data_take);
    return r;
}

FN(f_lin2adpcm)
{
    int value, index, high = -1;
    unsigned char *to;
    FRAGMENT(args[0], args[1]);
    if (adpcm_state(vm, args[2], &value, &index) < 0) {
        ou_buffer_release(vm, &b);
        return NULL;
    }
    OuObj *r = room(vm, &b, b.len / (width * 2), &to);
    if (!r)
        return NULL;
    for (; p < end; p += width) {
        int diff = (sample32(p, width) >> 16) - value, code = diff < 0 ? 8 : 0, step = steps[index],
            change = step >> 3;
        diff = abs(diff);
        for (int bit = 4; bit; bit >>= 1, step >>= 1)
            if (diff >= step) {
                code |= bit;
                diff -= step;
                change += step;
            }
        adpcm_step(code, change, &value, &index);
        if (high < 0) {
            high = code << 4;
        } else {
            *to++ = (unsigned char)(high | code);
            high = -1;
        }
    }
    ou_buffer_release(vm, &b);
    return with_state(vm, r, value, index);
}

FN(f_adpcm2lin)
{
    OuBuffer b;
    int width, value, index;
    unsigned char *to;
    if (width_arg(vm, args[1], &width) < 0 || adpcm_state(vm, args[2], &value, &index) < 0 ||
        ou_buffer_get(vm, args[0], &b, OU_BUF_SIMPLE) < 0)
        return NULL;
    const unsigned char *p = b.buf;
    OuObj *r = room(vm, &b, b.len * width * 2, &to);
    if (!r)
        return NULL;
    for (ou_ssize i = 0; i < b.len * 2; i++, to += width) {
        int code = i % 2 ? p[i / 2] & 0xf : p[i / 2] >> 4, step = steps[index], change = step >> 3;
        change += (code & 4 ? step : 0) + (code & 2 ? step >> 1 : 0) + (code & 1 ? step >> 2 : 0);
        adpcm_step(code, change, &value, &index);
        put32(to, width, value * 65536);
    }
    ou_buffer_release(vm, &b);
    return with_state(vm, r, value, index);
}

/* ---- the module ------------------------------------------------------------------------------------------- */
static const OuFn functions[] = {
    {"add(fragment1, fragment2, width, /)", f_add, 0,
     "Return a fragment which is the addition of the two samples passed as parameters."},
    {"adpcm2lin(fragment, width, state, /)", f_adpcm2lin, 0,
     "Decode an Intel/DVI ADPCM coded fragment to a linear fragment."},
    {"alaw2lin(fragment, width, /)", f_alaw2lin, 0,
     "Convert sound fragments in a-LAW encoding to linearly encoded sound fragments."},
    {"avg(fragment, width, /)", f_avg, 0, "Return the average over all samples in the fragment."},
    {"avgpp(fragment, width, /)", f_avgpp, 0,
     "Return the average peak-peak value over all samples in the fragment."},
    {"bias(fragment, width, bias, /)", f_bias, 0,
     "Return a fragment that is the original fragment with a bias added to each sample."},
    {"byteswap(fragment, width, /)", f_byteswap, 0,
     "Convert big-endian samples to little-endian and vice versa."},
    {"cross(fragment, width, /)", f_cross, 0,
     "Return the number of zero crossings in the fragment passed as an argument."},
    {"findfactor(fragment, reference, /)", f_findfactor, 0,
     "Return a factor F such that rms(add(fragment, mul(reference, -F))) is minimal."},
    {"findfit(fragment, reference, /)", f_findfit, 0,
     "Try to match reference as well as possible to a portion of fragment."},
    {"findmax(fragment, length, /)", f_findmax, 0,
     "Search fragment for a slice of specified number of samples with maximum energy."},
    {"getsample(fragment, width, index, /)", f_getsample, 0,
     "Return the value of sample index from the fragment."},
    {"lin2adpcm(fragment, width, state, /)", f_lin2adpcm, 0,
     "Convert samples to 4 bit Intel/DVI ADPCM encoding."},
    {"lin2alaw(fragment, width, /)", f_lin2alaw, 0,
     "Convert samples in the audio fragment to a-LAW encoding."},
    {"lin2lin(fragment, width, newwidth, /)", f_lin2lin, 0,
     "Convert samples between 1-, 2-, 3- and 4-byte formats."},
    {"lin2ulaw(fragment, width, /)", f_lin2ulaw, 0,
     "Convert samples in the audio fragment to u-LAW encoding."},
    {"max(fragment, width, /)", f_max, 0,
     "Return the maximum of the absolute value of all samples in a fragment."},
    {"maxpp(fragment, width, /)", f_maxpp, 0, "Return the maximum peak-peak value in the sound fragment."},
    {"minmax(fragment, width, /)", f_minmax, 0,
     "Return the minimum and maximum values of all samples in the sound fragment."},
    {"mul(fragment, width, factor, /)", f_mul, 0,
     "Return a fragment that has all samples in the original fragment multiplied by the floating-point value "
     "factor."},
    {"ratecv(fragment, width, nchannels, inrate, outrate, state, weightA=1, weightB=0, /)", f_ratecv, 0,
     "Convert the frame rate of the input fragment."},
    {"reverse(fragment, width, /)", f_reverse, 0,
     "Reverse the samples in a fragment and returns the modified fragment."},
    {"rms(fragment, width, /)", f_rms, 0,
     "Return the root-mean-square of the fragment, i.e. sqrt(sum(S_i^2)/n)."},
    {"tomono(fragment, width, lfactor, rfactor, /)", f_tomono, 0,
     "Convert a stereo fragment to a mono fragment."},
    {"tostereo(fragment, width, lfactor, rfactor, /)", f_tostereo, 0,
     "Generate a stereo fragment from a mono fragment."},
    {"ulaw2lin(fragment, width, /)", f_ulaw2lin, 0,
     "Convert sound fragments in u-LAW encoding to linearly encoded sound fragments."},
    {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    State *st = ((OuModule *)m)->state;
    return (st->error = ou_new_exception(vm, "audioop", "error", OU_EXC(vm, Exception))) &&
                   ou_module_add(vm, m, "error", ou_ref(st->error)) == 0
               ? 0
               : -1;
}

static int traverse(void *p, OuVisit visit, void *arg)
{
    OU_VISIT(((State *)p)->error);
    return 0;
}

static void clear(OuVM *vm, void *p)
{
    ou_clear(vm, ((State *)p)->error);
}

const OuModuleDef ou_mod_audioop = {
    .name = "audioop",
    .functions = functions,
    .state_size = sizeof(State),
    .exec = exec,
    .traverse = traverse,
    .clear = clear,
};
