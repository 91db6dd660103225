/* vm/codec/codec_utf7.c - UTF-7 (RFC 2152): "+" starts base64 of UTF-16 units, "+-" is a plus sign. */
#include "codec.h"

static int b64(unsigned c)
{
    return c >= 'A' && c <= 'Z'   ? (int)c - 'A'
           : c >= 'a' && c <= 'z' ? (int)c - 'a' + 26
           : c >= '0' && c <= '9' ? (int)c - '0' + 52
           : c == '+'             ? 62
           : c == '/'             ? 63
                                  : -1;
}

/* Characters written as they are. */
static bool direct(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= ' ' && c < 0x7f && c != '+' && c != '\\' && c != '~');
}

OuObj *ou_utf7_decode(OuVM *vm, const char *p, size_t n, const char *errors, size_t *consumed)
{
    OuDecode d;
    size_t pos = 0, shift_start = 0, out_mark = 0;
    bool in = false, ok = true;
    uint32_t high = 0;
    unsigned bits = 0;
    uint64_t buf = 0;
    ou_decode_init(&d, vm, "utf7", errors, p, n);
    while (ok && pos < d.n) {
        unsigned c = d.s[pos];
        size_t start = pos;
        const char *reason = NULL;
        if (in) {
            int v = b64(c);
            if (v >= 0) {
                buf = buf << 6 | (unsigned)v;
                bits += 6;
                pos++;
                if (bits < 16)
                    continue;
                uint32_t u = (uint32_t)(buf >> (bits - 16)) & 0xffff;
                bits -= 16;
                buf &= ((uint64_t)1 << bits) - 1;
                if (high) {
                    if (u >= 0xdc00 && u <= 0xdfff) {
                        ok = ou_strbuf_char(&d.out, 0x10000 + ((high & 0x3ff) << 10) + (u & 0x3ff)) == 0;
                        high = 0;
                        continue;
                    }
                    ok = ou_strbuf_char(&d.out, high) == 0;
                    high = 0;
                }
                if (u >= 0xd800 && u <= 0xdbff)
                    high = u;
                else if (ok)
                    ok = ou_strbuf_char(&d.out, u) == 0;
                continue;
            }
            in = false;
            if (bits > 0) {
                if (bits >= 6)
                    reason = "partial character in shift sequence";
                else if (buf)
                    reason = "non-zero padding bits in shift sequence";
            }
            if (reason) {
                pos++;
                start = shift_start;
                high = 0;
            } else {
                if (high && c < 0x80 && c != '+')
                    ok = ou_strbuf_char(&d.out, high) == 0;
                high = 0;
                if (c == '-')
                    pos++;
                else if (c >= 0x80) {
                    reason = "unexpected special character";
                    start = shift_start;
                    pos++;
                }
                if (!reason)
                    continue;
            }
        } else if (c == '+') {
            shift_start = pos++;
            out_mark = d.out.len;
            if (pos >= d.n) {
                if (consumed) {
                    pos = shift_start;
                    break;
                }
                in = true;
                bits = 0;
                buf = 0;
                break;
            }
            if (d.s[pos] == '-') {
                pos++;
                ok = ou_strbuf_char(&d.out, '+') == 0;
                continue;
            }
            if (b64(d.s[pos]) < 0) {
                pos++;
                reason = "ill-formed sequence";
                start = shift_start;
            } else {
                in = true;
                bits = 0;
                buf = 0;
                high = 0;
                continue;
            }
        } else if (c < 0x80) {
            pos++;
            ok = ou_strbuf_char(&d.out, c) == 0;
            continue;
        } else {
            pos++;
            reason = "unexpected special character";
        }
        if (ok)
            ok = ou_decode_error(&d, start, pos, reason, &pos) == 0;
    }
    if (ok && in && !consumed && (high || bits >= 6 || (bits > 0 && buf))) {
        size_t at;
        ok = ou_decode_error(&d, shift_start, d.n, "unterminated shift sequence", &at) == 0;
        pos = d.n;
    }
    if (consumed) {
        if (in) {
            if (d.out.len > out_mark && d.out.kind == 1)
                d.out.max = 0xff;
            d.out.len = out_mark;
            *consumed = shift_start;
        } else {
            *consumed = pos;
        }
    }
    OuObj *r = ou_decode_finish(&d, ok);
    return r;
}

OuObj *ou_utf7_encode(OuVM *vm, OuObj *o, const char *errors)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    OuStr *s = OU_STR(o);
    OuByteBuf b = {.vm = vm};
    bool in = false, ok = true;
    unsigned bits = 0;
    uint64_t buf = 0;
    for (ou_ssize i = 0; ok && i < (ou_ssize)s->len; i++) {
        uint32_t c = ou_str_at(s, i);
        if (in && direct(c)) {
            if (bits)
                ok = ou_bytebuf_char(&b, (unsigned char)digits[(buf << (6 - bits)) & 63]) == 0;
            bits = 0;
            buf = 0;
            in = false;
            if (ok && (b64(c) >= 0 || c == '-'))
                ok = ou_bytebuf_char(&b, '-') == 0;
            ok = ok && ou_bytebuf_char(&b, c) == 0;
            continue;
        }
        if (!in) {
            if (c == '+') {
                ok = ou_bytebuf_put(&b, "+-", 2) == 0;
                continue;
            }
            if (direct(c)) {
                ok = ou_bytebuf_char(&b, c) == 0;
                continue;
            }
            in = true;
            ok = ou_bytebuf_char(&b, '+') == 0;
        }
        uint32_t u[2] = {c, 0};
        int nu = 1;
        if (c >= 0x10000) {
            u[0] = 0xd800 + ((c - 0x10000) >> 10);
            u[1] = 0xdc00 + ((c - 0x10000) & 0x3ff);
            nu = 2;
        }
        for (int k = 0; k < nu; k++) {
            buf = buf << 16 | u[k];
            bits += 16;
            while (ok && bits >= 6) {
                bits -= 6;
                ok = ou_bytebuf_char(&b, (unsigned char)digits[buf >> bits & 63]) == 0;
            }
            buf &= ((uint64_t)1 << bits) - 1;
        }
    }
    if (ok && bits)
        ok = ou_bytebuf_char(&b, (unsigned char)digits[(buf << (6 - bits)) & 63]) == 0;
    if (ok && in)
        ok = ou_bytebuf_char(&b, '-') == 0;
    if (!ok) {
        ou_bytebuf_free(&b);
        return NULL;
    }
    return ou_bytebuf_take(&b);
}
