/* vm/codec/codec_utf16.c - UTF-16 and UTF-32 in both byte orders. */
#include "codec.h"

static inline uint32_t unit(const unsigned char *s, int width, bool big)
{
    if (width == 2)
        return big ? (uint32_t)s[0] << 8 | s[1] : (uint32_t)s[1] << 8 | s[0];
    return big ? (uint32_t)s[0] << 24 | (uint32_t)s[1] << 16 | (uint32_t)s[2] << 8 | s[3]
               : (uint32_t)s[3] << 24 | (uint32_t)s[2] << 16 | (uint32_t)s[1] << 8 | s[0];
}

/* A BOM decides a byte order of 0 and is skipped; native order without one. */
static size_t bom(const unsigned char *s, size_t n, int width, int *order)
{
    if (*order)
        return 0;
    if (n >= (size_t)width && unit(s, width, false) == 0xfeff) {
        *order = -1;
        return (size_t)width;
    }
    if (n >= (size_t)width && unit(s, width, true) == 0xfeff) {
        *order = 1;
        return (size_t)width;
    }
    return 0;
}

/* n whole units without surrogates: measured, then written.  NULL without an exception: there are some. */
static OuObj *decode_units(OuVM *vm, const char *p, size_t n, bool big)
{
    unsigned all = 0, odd = 0;
    uint16_t u;
    for (size_t i = 0; i < n; i++) {
        memcpy(&u, p + 2 * i, 2);
        u = big ? __builtin_bswap16(u) : u;
        all |= u;
        odd |= (u & 0xf800) == 0xd800;
    }
    if (odd || n < 2)
        return NULL;
    OuObj *o = ou_str_alloc(vm, (ou_ssize)n, all);
    if (!o)
        return NULL;
    if (OU_STR(o)->kind == 1) {
        uint8_t *to = (uint8_t *)OU_STR(o)->data;
        for (size_t i = 0; i < n; i++)
            to[i] = (uint8_t)p[2 * i + big];
    } else {
        uint16_t *to = (uint16_t *)OU_STR(o)->data;
        for (size_t i = 0; i < n; i++) {
            memcpy(&u, p + 2 * i, 2);
            to[i] = big ? __builtin_bswap16(u) : u;
        }
    }
    return o;
}

OuObj *ou_utf16_decode(OuVM *vm, const char *p, size_t n, const char *errors, int *order, size_t *consumed)
{
    int ord = order ? *order : -1;
    OuDecode d;
    size_t pos = bom((const unsigned char *)p, n, 2, &ord);
    bool big = ord > 0;
    OuObj *simple = n % 2 ? NULL : decode_units(vm, p + pos, (n - pos) / 2, big);
    if (simple || ou_err_occurred(vm)) {
        if (order)
            *order = ord;
        if (consumed)
            *consumed = n;
        return simple;
    }
    ou_decode_init(&d, vm, big ? "utf-16-be" : "utf-16-le", errors, p, n);
    while (pos < d.n) {
        const char *reason;
        size_t end;
        if (d.n - pos < 2) {
            if (consumed)
                break;
            reason = "truncated data";
            end = d.n;
        } else {
            uint32_t c = unit(d.s + pos, 2, big);
            if (c < 0xd800 || c > 0xdfff) {
                if (ou_strbuf_char(&d.out, c) < 0)
                    return ou_decode_finish(&d, false);
                pos += 2;
                continue;
            }
            if (c >= 0xdc00) {
                reason = "illegal encoding";
                end = pos + 2;
            } else if (d.n - pos < 4) {
                if (consumed)
                    break;
                reason = "unexpected end of data";
                end = d.n;
            } else {
                uint32_t low = unit(d.s + pos + 2, 2, big);
                if (low >= 0xdc00 && low <= 0xdfff) {
                    if (ou_strbuf_char(&d.out, 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff)) < 0)
                        return ou_decode_finish(&d, false);
                    pos += 4;
                    continue;
                }
                reason = "illegal UTF-16 surrogate";
                end = pos + 2;
            }
        }
        if (ou_decode_error(&d, pos, end, reason, &pos) < 0)
            return ou_decode_finish(&d, false);
    }
    if (order)
        *order = ord;
    if (consumed)
        *consumed = pos;
    return ou_decode_finish(&d, true);
}

OuObj *ou_utf32_decode(OuVM *vm, const char *p, size_t n, const char *errors, int *order, size_t *consumed)
{
    int ord = order ? *order : -1;
    OuDecode d;
    size_t pos = bom((const unsigned char *)p, n, 4, &ord);
    bool big = ord > 0;
    ou_decode_init(&d, vm, big ? "utf-32-be" : "utf-32-le", errors, p, n);
    while (pos < d.n) {
        const char *reason;
        size_t end = pos + 4;
        if (d.n - pos < 4) {
            if (consumed)
                break;
            reason = "truncated data";
            end = d.n;
        } else {
            uint32_t c = unit(d.s + pos, 4, big);
            if (c <= 0x10ffff && (c < 0xd800 || c > 0xdfff)) {
                if (ou_strbuf_char(&d.out, c) < 0)
                    return ou_decode_finish(&d, false);
                pos += 4;
                continue;
            }
            reason = c > 0x10ffff ? "code point not in range(0x110000)"
                                  : "code point in surrogate code point range(0xd800, 0xe000)";
        }
        if (ou_decode_error(&d, pos, end, reason, &pos) < 0)
            return ou_decode_finish(&d, false);
    }
    if (order)
        *order = ord;
    if (consumed)
        *consumed = pos;
    return ou_decode_finish(&d, true);
}

static int put(OuByteBuf *b, uint32_t c, int width, bool big)
{
    unsigned char o[4] = {0};
    int n = width;
    if (width == 4) {
        for (int i = 0; i < 4; i++)
            o[big ? 3 - i : i] = (unsigned char)(c >> 8 * i);
    } else {
        uint32_t u[2] = {c, 0};
        if (c >= 0x10000) {
            u[0] = 0xd800 + ((c - 0x10000) >> 10);
            u[1] = 0xdc00 + ((c - 0x10000) & 0x3ff);
            n = 4;
        }
        for (int i = 0; i < n / 2; i++) {
            o[i * 2 + !big] = (unsigned char)(u[i] >> 8);
            o[i * 2 + big] = (unsigned char)u[i];
        }
    }
    return ou_bytebuf_put(b, o, (size_t)n);
}

/* Text without surrogates, of characters that take one unit each: no buffer, no checks.  NULL without an exception:
 * not such a text. */
static OuObj *encode_units(OuVM *vm, const OuStr *s, int order, int width)
{
    size_t n = s->len, mark = order == 0;
    unsigned odd = 0;
    if (width == 2 && s->kind == 4)
        return NULL;
    for (size_t i = 0; s->kind == 2 && i < n; i++)
        odd |= (((const uint16_t *)s->data)[i] & 0xf800) == 0xd800;
    for (size_t i = 0; s->kind == 4 && i < n; i++)
        odd |= (((const uint32_t *)s->data)[i] & 0x1ff800) == 0xd800;
    if (odd || n > PTRDIFF_MAX / 8)
        return NULL;
    OuObj *b = ou_bytes_new(vm, NULL, (ou_ssize)((n + mark) * (size_t)width));
    if (!b)
        return NULL;
    char *to = OU_BYTES(b)->data; /* not aligned for its units */
#define UNITS(T, S, SWAP)                                         \
    do {                                                          \
        T unit_ = 0xfeff;                                         \
        if (mark)                                                 \
            memcpy(to, &unit_, sizeof unit_);                     \
        to += mark * sizeof unit_;                                \
        for (size_t i_ = 0; i_ < n; i_++) {                       \
            unit_ = ((const S *)s->data)[i_];                     \
            unit_ = order > 0 ? SWAP(unit_) : unit_;              \
            memcpy(to + i_ * sizeof unit_, &unit_, sizeof unit_); \
        }                                                         \
    } while (0)
    if (width == 2 && s->kind == 1)
        UNITS(uint16_t, uint8_t, __builtin_bswap16);
    else if (width == 2)
        UNITS(uint16_t, uint16_t, __builtin_bswap16);
    else if (s->kind == 1)
        UNITS(uint32_t, uint8_t, __builtin_bswap32);
    else if (s->kind == 2)
        UNITS(uint32_t, uint16_t, __builtin_bswap32);
    else
        UNITS(uint32_t, uint32_t, __builtin_bswap32);
#undef UNITS
    return b;
}

static OuObj *encode(OuVM *vm, OuObj *o, const char *errors, int order, int width)
{
    OuObj *simple = encode_units(vm, OU_STR(o), order, width);
    if (simple || ou_err_occurred(vm))
        return simple;
    static const char *const names[2][3] = {{"utf-16-le", "utf-16", "utf-16-be"},
                                            {"utf-32-le", "utf-32", "utf-32-be"}};
    OuEncode e;
    bool big = order > 0;
    ou_ssize pos = 0, n = ou_str_len(o);
    ou_encode_init(&e, vm, names[width == 4][order + 1], errors, o);
    if (order == 0 && put(&e.out, 0xfeff, width, false) < 0)
        return ou_encode_finish(&e, false);
    while (pos < n) {
        uint32_t c = ou_str_at(OU_STR(o), pos);
        if (c < 0xd800 || c > 0xdfff) {
            if (put(&e.out, c, width, big) < 0)
                return ou_encode_finish(&e, false);
            pos++;
            continue;
        }
        OuObj *repl;
        ou_ssize start = pos;
        size_t before = e.out.n;
        if (ou_encode_error(&e, start, start + 1, "surrogates not allowed", &repl, &pos) < 0)
            return ou_encode_finish(&e, false);
        if (!repl && (e.out.n - before) % (size_t)width) {
            ou_encode_raise(&e, start, start + 1, "surrogates not allowed");
            return ou_encode_finish(&e, false);
        }
        bool ok = true;
        for (ou_ssize i = 0; repl && ok && i < ou_str_len(repl); i++) {
            uint32_t r = ou_str_at(OU_STR(repl), i);
            if (r >= 0x80) {
                ou_encode_raise(&e, start, start + 1, "surrogates not allowed");
                ok = false;
            } else {
                ok = put(&e.out, r, width, big) == 0;
            }
        }
        ou_xdecref(vm, repl);
        if (!ok)
            return ou_encode_finish(&e, false);
    }
    return ou_encode_finish(&e, true);
}

OuObj *ou_utf16_encode(OuVM *vm, OuObj *s, const char *errors, int order)
{
    return encode(vm, s, errors, order, 2);
}

OuObj *ou_utf32_encode(OuVM *vm, OuObj *s, const char *errors, int order)
{
    return encode(vm, s, errors, order, 4);
}
