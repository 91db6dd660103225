/* stdlib/audioop/compand.c - the companded formats of G.711: A-law and u-law. */
#include <stdlib.h>

#include "audioop.h"

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
    FRAGMENT_TO(args[0], args[1], b.len / width);
    for (; p < end; p += width)
        *to++ = f(sample32(p, width));
    ou_buffer_release(vm, &b);
    return r;
}

static OuObj *expand(OuVM *vm, OuObj *const *args, int32_t (*f)(unsigned char))
{
    OuBuffer b;
    int width;
    if (ou_audioop_width_arg(vm, args[1], &width) < 0 || ou_buffer_get(vm, args[0], &b, OU_BUF_SIMPLE) < 0)
        return NULL;
    const unsigned char *p = b.buf, *end = p + b.len;
    ROOM(b.len * width);
    for (; p < end; p++, to += width)
        put32(to, width, f(*p));
    ou_buffer_release(vm, &b);
    return r;
}

OU_AUDIO_FN(lin2ulaw)
{
    return compand(vm, args, to_ulaw);
}

OU_AUDIO_FN(ulaw2lin)
{
    return expand(vm, args, from_ulaw);
}

OU_AUDIO_FN(lin2alaw)
{
    return compand(vm, args, to_alaw);
}

OU_AUDIO_FN(alaw2lin)
{
    return expand(vm, args, from_alaw);
}
