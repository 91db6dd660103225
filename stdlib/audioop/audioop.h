/* stdlib/audioop/audioop.h - inside of module audioop: samples, arguments, the functions.
 *
 * Samples are signed, in the machine's order; sample32() widens one to 32 bits. */
#ifndef OU_STDLIB_AUDIOOP_AUDIOOP_H
#define OU_STDLIB_AUDIOOP_AUDIOOP_H

#include <math.h>
#include <string.h>

#include "vm/buffer.h"
#include "vm/native.h"

/* ---- samples ---- */
static inline int32_t sample(const unsigned char *p, int width)
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

static inline int32_t sample32(const unsigned char *p, int width)
{
    return (int32_t)((uint32_t)sample(p, width) << (32 - 8 * width));
}

static inline void put(unsigned char *p, int width, int32_t v)
{
    for (int i = 0; i < width; i++)
        p[i] = (unsigned char)((uint32_t)v >> 8 * i);
}

static inline void put32(unsigned char *p, int width, int32_t v)
{
    put(p, width, v >> (32 - 8 * width));
}

/* v as a sample of that width: cut off at the ends, rounded down */
static inline int32_t bound(double v, int width)
{
    static const int32_t max_of[] = {0, 0x7f, 0x7fff, 0x7fffff, 0x7fffffff};
    double max = max_of[width], min = -max - 1;
    if (v > max)
        v = max;
    else if (v < min + 1.0)
        v = min;
    return (int32_t)floor(v);
}

/* ---- arguments and results: module.c ---- */
void *ou_audioop_fail(OuVM *vm, const char *text); /* audioop.error: NULL */
int ou_audioop_width_arg(OuVM *vm, OuObj *o, int *width);
/* A fragment of whole samples (frames of n samples); to be released.  0/-1 */
int ou_audioop_fragment(OuVM *vm, OuObj *o, OuObj *width_obj, int *width, int n, OuBuffer *b);
/* Bytes object of n bytes at *to for the result, new; on failure b is released. */
OuObj *ou_audioop_room(OuVM *vm, OuBuffer *b, ou_ssize n, unsigned char **to);
OuObj *ou_audioop_pair(OuVM *vm, int64_t x, int64_t y); /* (x, y): new */

/* Declares the fragment o as b, from p to end, with samples of w bytes: width. */
#define FRAGMENT(o, w)                                    \
    OuBuffer b;                                           \
    int width;                                            \
    if (ou_audioop_fragment(vm, o, w, &width, 1, &b) < 0) \
        return NULL;                                      \
    const unsigned char *p = b.buf, *end = p + b.len
/* Declares the result r with n bytes at `to`. */
#define ROOM(n)                                   \
    unsigned char *to;                            \
    OuObj *r = ou_audioop_room(vm, &b, (n), &to); \
    if (!r)                                       \
    return NULL
#define FRAGMENT_TO(o, w, n) \
    FRAGMENT(o, w);          \
    ROOM(n)

/* ---- the functions of the module: measure.c, convert.c, rate.c, compand.c, adpcm.c ---- */
#define OU_AUDIO_FN(name) OuObj *ou_audioop_##name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
OU_AUDIO_FN(getsample);
OU_AUDIO_FN(max);
OU_AUDIO_FN(minmax);
OU_AUDIO_FN(avg);
OU_AUDIO_FN(rms);
OU_AUDIO_FN(avgpp);
OU_AUDIO_FN(maxpp);
OU_AUDIO_FN(cross);
OU_AUDIO_FN(findfit);
OU_AUDIO_FN(findfactor);
OU_AUDIO_FN(findmax);
OU_AUDIO_FN(mul);
OU_AUDIO_FN(tomono);
OU_AUDIO_FN(tostereo);
OU_AUDIO_FN(add);
OU_AUDIO_FN(bias);
OU_AUDIO_FN(reverse);
OU_AUDIO_FN(byteswap);
OU_AUDIO_FN(lin2lin);
OU_AUDIO_FN(ratecv);
OU_AUDIO_FN(lin2ulaw);
OU_AUDIO_FN(ulaw2lin);
OU_AUDIO_FN(lin2alaw);
OU_AUDIO_FN(alaw2lin);
OU_AUDIO_FN(lin2adpcm);
OU_AUDIO_FN(adpcm2lin);

#endif
