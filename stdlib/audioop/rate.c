/* stdlib/audioop/rate.c - ratecv(): another number of samples a second. */
#include <limits.h>

#include "audioop.h"

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
        ou_audioop_fail(vm, "illegal state argument");
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

/* (bytes, (d, ((prev, cur), ...))): new */
static OuObj *rate_result(OuVM *vm, OuObj *data, const Rate *s)
{
    OuObj *all = ou_tuple_new(vm, (size_t)s->n), *d = ou_int(vm, s->d), *state = NULL, *r = NULL;
    for (int i = 0; all && i < s->n; i++)
        if (!(OU_TUPLE(all)->items[i] = ou_audioop_pair(vm, s->prev[i], s->cur[i])))
            ou_clear(vm, all);
    if (all && d && (state = ou_tuple_pack(vm, 2, d, all)))
        r = ou_tuple_pack(vm, 2, data, state);
    ou_xdecref(vm, all);
    ou_xdecref(vm, d);
    ou_xdecref(vm, state);
    return r;
}

OU_AUDIO_FN(ratecv)
{
    int width, in, out, wa = 1, wb = 0;
    Rate s = {0};
    OuBuffer b;
    OuObj *data = NULL, *r = NULL;
    if (ou_audioop_width_arg(vm, args[1], &width) < 0 || ou_as_int(vm, args[2], &s.n) < 0 ||
        ou_as_int(vm, args[3], &in) < 0 || ou_as_int(vm, args[4], &out) < 0 ||
        (args[6] && ou_as_int(vm, args[6], &wa) < 0) || (args[7] && ou_as_int(vm, args[7], &wb) < 0))
        return NULL;
    if (s.n < 1)
        return ou_audioop_fail(vm, "# of channels should be >= 1");
    if (width > INT_MAX / s.n)
        return ou_raise(vm, OU_EXC(vm, OverflowError), "width * nchannels too big for a C int");
    if (wa < 1 || wb < 0)
        return ou_audioop_fail(vm, "weightA should be >= 1, weightB should be >= 0");
    int frame = width * s.n;
    if (ou_buffer_get(vm, args[0], &b, OU_BUF_SIMPLE) < 0)
        return NULL;
    size_t size = (size_t)s.n * 2 * sizeof(int);
    if (b.len % frame) {
        ou_audioop_fail(vm, "not a whole number of frames");
        goto done;
    }
    if (in <= 0 || out <= 0) {
        ou_audioop_fail(vm, "sampling rate not > 0");
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
