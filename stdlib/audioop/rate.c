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
    int n;            /* channels */
    int width, frame; /* bytes of a sample, of one of each channel */
    int in, out;      /* rates, without common factor */
    int wa, wb;       /* weights of a sample and of the one before */
    int d;            /* below 0: the next output lies behind what was read */
    int *prev, *cur;  /* the last two samples of each channel */
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

typedef struct Output {
    unsigned char *p;
    size_t n, cap; /* cap > 0 */
} Output;

static const unsigned char *take_frame(Rate *s, const unsigned char *p)
{
    for (int i = 0; i < s->n; i++, p += s->width) {
        s->prev[i] = s->cur[i];
        s->cur[i] = (int)(((double)s->wa * sample32(p, s->width) + (double)s->wb * s->prev[i]) /
                          ((double)s->wa + s->wb));
    }
    s->d += s->out;
    return p;
}

/* What lies between the last two samples, at d.  0/-1 */
static int give_frame(OuVM *vm, Rate *s, Output *o)
{
    if (o->n + (size_t)s->frame >
        o->cap) { /* a state given from outside may make more than was reckoned with */
        size_t cap = o->cap * 2 + (size_t)s->frame;
        unsigned char *more = ou_realloc(vm, o->p, o->cap, cap);
        if (!more)
            return -1;
        o->p = more;
        o->cap = cap;
    }
    for (int i = 0; i < s->n; i++, o->n += (size_t)s->width)
        put32(o->p + o->n, s->width,
              (int32_t)(((double)s->prev[i] * s->d + (double)s->cur[i] * (double)((int64_t)s->out - s->d)) /
                        s->out));
    s->d -= s->in;
    return 0;
}

/* The frames at p through s: (bytes, state), new. */
static OuObj *resample(OuVM *vm, Rate *s, const unsigned char *p, ou_ssize frames)
{
    ou_ssize most;
    if (__builtin_mul_overflow(frames ? 1 + (frames - 1) / s->in : 0, (ou_ssize)s->out, &most) ||
        __builtin_mul_overflow(most + 1, (ou_ssize)s->frame, &most))
        return ou_raise(vm, OU_EXC(vm, MemoryError), "not enough memory for output buffer");
    Output o = {ou_alloc(vm, (size_t)most), 0, (size_t)most};
    if (!o.p)
        return NULL;
    bool ok = true;
    while (ok && (s->d >= 0 || frames > 0)) {
        for (; s->d < 0 && frames > 0; frames--)
            p = take_frame(s, p);
        while (ok && s->d >= 0)
            ok = give_frame(vm, s, &o) == 0;
        ok = ok && ou_poll(vm) == 0;
    }
    OuObj *data = ok ? ou_bytes_new(vm, (char *)o.p, (ou_ssize)o.n) : NULL;
    OuObj *r = data ? rate_result(vm, data, s) : NULL;
    ou_xdecref(vm, data);
    ou_free(vm, o.p, o.cap);
    return r;
}

OU_AUDIO_FN(ratecv)
{
    Rate s = {.wa = 1};
    OuBuffer b;
    OuObj *r = NULL;
    if (ou_audioop_width_arg(vm, args[1], &s.width) < 0 || ou_as_int(vm, args[2], &s.n) < 0 ||
        ou_as_int(vm, args[3], &s.in) < 0 || ou_as_int(vm, args[4], &s.out) < 0 ||
        (args[6] && ou_as_int(vm, args[6], &s.wa) < 0) || (args[7] && ou_as_int(vm, args[7], &s.wb) < 0))
        return NULL;
    if (s.n < 1)
        return ou_audioop_fail(vm, "# of channels should be >= 1");
    if (s.width > INT_MAX / s.n)
        return ou_raise(vm, OU_EXC(vm, OverflowError), "width * nchannels too big for a C int");
    if (s.wa < 1 || s.wb < 0)
        return ou_audioop_fail(vm, "weightA should be >= 1, weightB should be >= 0");
    s.frame = s.width * s.n;
    if (ou_buffer_get(vm, args[0], &b, OU_BUF_SIMPLE) < 0)
        return NULL;
    size_t size = (size_t)s.n * 2 * sizeof(int);
    if (b.len % s.frame) {
        ou_audioop_fail(vm, "not a whole number of frames");
    } else if (s.in <= 0 || s.out <= 0) {
        ou_audioop_fail(vm, "sampling rate not > 0");
    } else if ((s.prev = ou_alloc(vm, size))) {
        int rates = gcd(s.in, s.out), weights = gcd(s.wa, s.wb);
        s.in /= rates;
        s.out /= rates;
        s.wa /= weights;
        s.wb /= weights;
        memset(s.prev, 0, size);
        s.cur = s.prev + s.n;
        s.d = -s.out;
        if (args[5] == OU_NONE(vm) || take_rate_state(vm, args[5], &s) == 0)
            r = resample(vm, &s, b.buf, b.len / s.frame);
        ou_free(vm, s.prev, size);
    }
    ou_buffer_release(vm, &b);
    return r;
}
