/* vm/codec/codec_utf8.c - UTF-8. */
#include "codec.h"
#include "../text/text.h"

/* Length of the well-formed sequence at s (1..4) and its character, or 0: *bad is the length of the wrong
 * part and *reason says why (Unicode's maximal subpart, as CPython reports). */
static int next(const unsigned char *s, size_t n, uint32_t *c, size_t *bad, const char **reason)
{
    unsigned b = s[0];
    *bad = 1;
    *reason = "invalid start byte";
    if (b < 0x80) {
        *c = b;
        return 1;
    }
    if (b < 0xc2 || b > 0xf4)
        return 0;
    int len = b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
    unsigned lo = b == 0xe0 ? 0xa0 : b == 0xf0 ? 0x90 : 0x80, hi = b == 0xed ? 0x9f : b == 0xf4 ? 0x8f : 0xbf;
    uint32_t v = b & (0x7fu >> len);
    for (int i = 1; i < len; i++, lo = 0x80, hi = 0xbf) {
        if ((size_t)i >= n) {
            *bad = n;
            *reason = "unexpected end of data";
            return 0;
        }
        if (s[i] < lo || s[i] > hi) {
            *bad = (size_t)i;
            *reason = "invalid continuation byte";
            return 0;
        }
        v = v << 6 | (s[i] & 0x3f);
    }
    *c = v;
    return len;
}

/* Text without an error, in two passes and no buffer: lead bytes tell how many characters there are and how wide the
 * widest is.  NULL without an exception: there is an error somewhere. */
static OuObj *decode_clean(OuVM *vm, const unsigned char *s, size_t n)
{
    size_t len = 0;
    unsigned char lead = 0;
    for (size_t i = 0; i < n; i++)
        lead = s[i] > lead ? s[i] : lead;
    for (size_t i = 0; i < n;) { /* all but continuations, 255 at most in a byte */
        size_t part = n - i < 255 ? n - i : 255;
        uint8_t sum = 0;
        for (size_t k = 0; k < part; k++)
            sum = (uint8_t)(sum + ((s[i + k] & 0xc0) != 0x80));
        len += sum;
        i += part;
    }
    if (lead > 0xf4 || lead < 0xc2)
        return NULL;
    OuObj *o = ou_str_alloc(vm, (ou_ssize)len, lead < 0xc4 ? 0xff : lead < 0xf0 ? 0xffff : 0x10ffff);
    if (!o)
        return NULL;
    const unsigned char *end = s + n;
    bool ok = true;
#define CONTINUES(i) ((s[i] & 0xc0) == 0x80)
#define DECODE(T)                                                                                            \
    do {                                                                                                     \
        T *d = (T *)OU_STR(o)->data, *stop = d + len;                                                        \
        while (s < end && ok) {                                                                              \
            unsigned b = *s;                                                                                 \
            if (d == stop) {                                                                                 \
                ok = false;                                                                                  \
            } else if (b < 0x80) {                                                                           \
                *d++ = (T)b;                                                                                 \
                s++;                                                                                         \
            } else if (b >= 0xc2 && b < 0xe0 && end - s > 1 && CONTINUES(1)) {                               \
                *d++ = (T)((b & 0x1f) << 6 | (s[1] & 0x3f));                                                 \
                s += 2;                                                                                      \
            } else if (sizeof(T) > 1 && (b & 0xf0) == 0xe0 && end - s > 2 && CONTINUES(1) && CONTINUES(2)) { \
                uint32_t c = (b & 0xfu) << 12 | (s[1] & 0x3fu) << 6 | (s[2] & 0x3f);                         \
                ok = c >= 0x800 && (c < 0xd800 || c > 0xdfff);                                               \
                *d++ = (T)c;                                                                                 \
                s += 3;                                                                                      \
            } else if (sizeof(T) > 2 && b >= 0xf0 && end - s > 3 && CONTINUES(1) && CONTINUES(2) &&          \
                       CONTINUES(3)) {                                                                       \
                uint32_t c = (b & 7u) << 18 | (s[1] & 0x3fu) << 12 | (s[2] & 0x3fu) << 6 | (s[3] & 0x3f);    \
                ok = c >= 0x10000 && c <= 0x10ffff;                                                          \
                *d++ = (T)c;                                                                                 \
                s += 4;                                                                                      \
            } else {                                                                                         \
                ok = false;                                                                                  \
            }                                                                                                \
        }                                                                                                    \
    } while (0)
    if (len == 1) { /* the cached characters */
        const char *reason;
        uint32_t c = 0;
        size_t bad;
        ok = (size_t)next(s, n, &c, &bad, &reason) == n;
        ou_decref(vm, o);
        return ok ? ou_str_char(vm, c) : NULL;
    }
    switch (OU_STR(o)->kind) {
    case 1:
        DECODE(uint8_t);
        break;
    case 2:
        DECODE(uint16_t);
        break;
    default:
        DECODE(uint32_t);
    }
#undef DECODE
#undef CONTINUES
    if (ok)
        return o;
    ou_decref(vm, o);
    return NULL;
}

OuObj *ou_utf8_decode(OuVM *vm, const char *p, size_t n, const char *errors, size_t *consumed)
{
    size_t pos = ou_ascii_prefix(p, n);
    if (pos == n) {
        if (consumed)
            *consumed = n;
        return ou_str_from_ascii(vm, p, (ou_ssize)n);
    }
    OuObj *clean = decode_clean(vm, (const unsigned char *)p, n);
    if (clean || ou_err_occurred(vm)) {
        if (consumed)
            *consumed = n;
        return clean;
    }
    OuDecode d;
    const char *reason;
    uint32_t c;
    size_t bad;
    ou_decode_init(&d, vm, "utf-8", errors, p, n);
    if (ou_strbuf_ascii(&d.out, p, (ou_ssize)pos) < 0)
        return ou_decode_finish(&d, false);
    while (pos < d.n) {
        size_t run = ou_ascii_prefix((const char *)d.s + pos, d.n - pos);
        if (run) {
            if (ou_strbuf_ascii(&d.out, (const char *)d.s + pos, (ou_ssize)run) < 0)
                return ou_decode_finish(&d, false);
            pos += run;
            continue;
        }
        int len = next(d.s + pos, d.n - pos, &c, &bad, &reason);
        if (len) {
            if (ou_strbuf_char(&d.out, c) < 0)
                return ou_decode_finish(&d, false);
            pos += (size_t)len;
            continue;
        }
        if (consumed && reason[0] == 'u')
            break;
        /* a cut surrogate: the error handler may want all three bytes */
        if (consumed && d.s[pos] == 0xed && d.n - pos == 2 && d.s[pos + 1] >= 0xa0 && d.s[pos + 1] <= 0xbf)
            break;
        if (ou_decode_error(&d, pos, pos + bad, reason, &pos) < 0)
            return ou_decode_finish(&d, false);
    }
    if (consumed)
        *consumed = pos;
    return ou_decode_finish(&d, true);
}

static inline bool surrogate(uint32_t c)
{
    return c >= 0xd800 && c <= 0xdfff;
}

static inline size_t put(char *p, uint32_t c)
{
    if (c < 0x80) {
        p[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        p[0] = (char)(0xc0 | c >> 6);
        p[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        p[0] = (char)(0xe0 | c >> 12);
        p[1] = (char)(0x80 | (c >> 6 & 0x3f));
        p[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    p[0] = (char)(0xf0 | c >> 18);
    p[1] = (char)(0x80 | (c >> 12 & 0x3f));
    p[2] = (char)(0x80 | (c >> 6 & 0x3f));
    p[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

/* Bytes above 0x7f: sums of 255 in bytes, which the compiler makes vectors of. */
static size_t count_high(const uint8_t *p, size_t n)
{
    size_t all = 0;
    while (n) {
        size_t part = n < 255 ? n : 255;
        uint8_t sum = 0;
        for (size_t i = 0; i < part; i++)
            sum = (uint8_t)(sum + (p[i] >> 7));
        all += sum;
        p += part;
        n -= part;
    }
    return all;
}

/* Bytes of s; *first_surrogate -1 if there is none. */
static size_t measure(const OuStr *s, ou_ssize *first_surrogate)
{
    size_t n = s->len;
    *first_surrogate = -1;
    if (s->kind == 1) {
        return n + count_high((const uint8_t *)s->data, s->len);
    }
    if (s->kind == 2) {
        const uint16_t *p = (const uint16_t *)s->data;
        uint16_t found = 0;
        for (size_t i = 0; i < s->len;) {
            size_t part = s->len - i < 16384 ? s->len - i : 16384;
            uint16_t more = 0;
            for (const uint16_t *end = p + i + part, *q = p + i; q < end; q++) {
                more = (uint16_t)(more + (*q >= 0x80) + (*q >= 0x800));
                found |= (uint16_t)((*q & 0xf800) == 0xd800);
            }
            n += more;
            i += part;
        }
        for (size_t i = 0; found && *first_surrogate < 0; i++)
            if (surrogate(p[i]))
                *first_surrogate = (ou_ssize)i;
        return n;
    }
    n = 0;
    for (ou_ssize i = 0; i < (ou_ssize)s->len; i++) {
        uint32_t c = ou_str_at(s, i);
        n += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        if (surrogate(c) && *first_surrogate < 0)
            *first_surrogate = i;
    }
    return n;
}

/* All of s as UTF-8, surrogates too; `to` has the room measured. */
static void put_all(char *to, const OuStr *s)
{
    size_t n = s->len, i = 0;
    if (s->kind == 1) {
        const uint8_t *p = (const uint8_t *)s->data;
        while (i < n) {
            uint8_t c = p[i++];
            *to++ = (char)(c < 0x80 ? c : 0xc0 | c >> 6);
            if (c >= 0x80)
                *to++ = (char)(0x80 | (c & 0x3f));
        }
    } else if (s->kind == 2) {
        const uint16_t *p = (const uint16_t *)s->data;
        while (i < n)
            to += put(to, p[i++]);
    } else {
        const uint32_t *p = (const uint32_t *)s->data;
        while (i < n)
            to += put(to, p[i++]);
    }
}

int ou_str_utf8(OuVM *vm, OuObj *o, OuUtf8 *out, bool surrogates)
{
    OuStr *s = OU_STR(o);
    *out = (OuUtf8){0};
    if (s->ascii || s->len == 0) {
        out->s = s->data;
        out->n = s->len;
        return 0;
    }
    ou_ssize bad;
    size_t n = measure(s, &bad);
    if (bad >= 0 && !surrogates) {
        OuObj *none = ou_utf8_encode(vm, o, NULL); /* raises with place and reason */
        ou_xdecref(vm, none);
        return -1;
    }
    char *p = ou_alloc(vm, n + 1);
    if (!p)
        return -1;
    put_all(p, s);
    p[n] = 0;
    *out = (OuUtf8){p, n, p, n + 1};
    return 0;
}

int ou_str_utf8_name(OuVM *vm, OuObj *o, OuUtf8 *out)
{
    if (ou_str_utf8(vm, o, out, false) < 0)
        return -1;
    if (strlen(out->s) == out->n)
        return 0;
    ou_utf8_free(vm, out);
    *out = (OuUtf8){0};
    return ou_value_error_i(vm, "embedded null character");
}

void ou_utf8_free(OuVM *vm, OuUtf8 *u)
{
    if (u->own)
        ou_free(vm, u->own, u->own_size);
    *u = (OuUtf8){0};
}

OuObj *ou_utf8_encode(OuVM *vm, OuObj *o, const char *errors)
{
    OuStr *s = OU_STR(o);
    ou_ssize bad, pos = 0, n = (ou_ssize)s->len;
    if (s->ascii || n == 0)
        return ou_bytes_new(vm, s->data, n);
    size_t size = measure(s, &bad);
    if (bad < 0) {
        OuObj *b = ou_bytes_new(vm, NULL, (ou_ssize)size);
        if (b)
            put_all(OU_BYTES(b)->data, s);
        return b;
    }
    OuEncode e;
    ou_encode_init(&e, vm, "utf-8", errors, o);
    while (pos < n) {
        uint32_t c = ou_str_at(s, pos);
        if (!surrogate(c)) {
            char b[4];
            if (ou_bytebuf_put(&e.out, b, put(b, c)) < 0)
                return ou_encode_finish(&e, false);
            pos++;
            continue;
        }
        ou_ssize end = pos + 1, start = pos;
        OuObj *repl;
        while (end < n && surrogate(ou_str_at(s, end)))
            end++;
        if (e.kind == OU_ERR_SURROGATEESCAPE) { /* escape what can be, blame the rest */
            ou_ssize k = pos;
            while (k < end && ou_str_at(s, k) >= 0xdc80 && ou_str_at(s, k) <= 0xdcff)
                k++;
            if (k == pos) {
                ou_encode_raise(&e, pos, end, "surrogates not allowed");
                return ou_encode_finish(&e, false);
            }
            end = k;
        }
        if (ou_encode_error(&e, start, end, "surrogates not allowed", &repl, &pos) < 0)
            return ou_encode_finish(&e, false);
        if (repl) {
            int r = 0;
            if (!OU_STR(repl)->ascii && ou_str_len(repl)) {
                ou_encode_raise(&e, start, end, "surrogates not allowed");
                r = -1;
            } else {
                r = ou_bytebuf_put(&e.out, OU_STR(repl)->data, OU_STR(repl)->len);
            }
            ou_decref(vm, repl);
            if (r < 0)
                return ou_encode_finish(&e, false);
        }
    }
    return ou_encode_finish(&e, true);
}
