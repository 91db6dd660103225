/* stdlib/audioop/convert.c - one fragment to another: sums, products, widths, mono and stereo. */
#include "audioop.h"

OU_AUDIO_FN(mul)
{
    double factor;
    if (ou_as_double(vm, args[2], &factor) < 0)
        return NULL;
    FRAGMENT_TO(args[0], args[1], b.len);
    for (; p < end; p += width, to += width)
        put(to, width, bound(sample(p, width) * factor, width));
    ou_buffer_release(vm, &b);
    return r;
}

OU_AUDIO_FN(tomono)
{
    OuBuffer b;
    int width;
    double left, right;
    if (ou_as_double(vm, args[2], &left) < 0 || ou_as_double(vm, args[3], &right) < 0 ||
        ou_audioop_fragment(vm, args[0], args[1], &width, 2, &b) < 0)
        return NULL;
    const unsigned char *p = b.buf, *end = p + b.len;
    ROOM(b.len / 2);
    for (; p < end; p += 2 * width, to += width)
        put(to, width, bound(sample(p, width) * left + sample(p + width, width) * right, width));
    ou_buffer_release(vm, &b);
    return r;
}

OU_AUDIO_FN(tostereo)
{
    double left, right;
    if (ou_as_double(vm, args[2], &left) < 0 || ou_as_double(vm, args[3], &right) < 0)
        return NULL;
    FRAGMENT_TO(args[0], args[1], b.len * 2);
    for (; p < end; p += width, to += 2 * width) {
        put(to, width, bound(sample(p, width) * left, width));
        put(to + width, width, bound(sample(p, width) * right, width));
    }
    ou_buffer_release(vm, &b);
    return r;
}

OU_AUDIO_FN(add)
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
        ou_audioop_fail(vm, "Lengths should be the same");
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

OU_AUDIO_FN(bias)
{
    int bias;
    if (ou_as_int(vm, args[2], &bias) < 0)
        return NULL;
    FRAGMENT_TO(args[0], args[1], b.len);
    for (; p < end; p += width, to += width)
        put(to, width, (int32_t)((uint32_t)sample(p, width) + (uint32_t)bias));
    ou_buffer_release(vm, &b);
    return r;
}

OU_AUDIO_FN(reverse)
{
    FRAGMENT_TO(args[0], args[1], b.len);
    for (to += b.len; p < end; p += width)
        memcpy(to -= width, p, (size_t)width);
    ou_buffer_release(vm, &b);
    return r;
}

OU_AUDIO_FN(byteswap)
{
    FRAGMENT_TO(args[0], args[1], b.len);
    for (; p < end; p += width, to += width)
        for (int i = 0; i < width; i++)
            to[i] = p[width - 1 - i];
    ou_buffer_release(vm, &b);
    return r;
}

OU_AUDIO_FN(lin2lin)
{
    int other;
    FRAGMENT(args[0], args[1]);
    if (ou_audioop_width_arg(vm, args[2], &other) < 0) {
        ou_buffer_release(vm, &b);
        return NULL;
    }
    ROOM(b.len / width * other);
    for (; p < end; p += width, to += other)
        put32(to, other, sample32(p, width));
    ou_buffer_release(vm, &b);
    return r;
}
