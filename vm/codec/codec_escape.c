/* vm/codec/codec_escape.c - unicode-escape, raw-unicode-escape, and the escapes of bytes literals. */
#include "codec.h"
#include "../text/text.h"

#include <stdio.h>

/* lang/escape.h, whose OuBytes is another one than ours: the code point of that name, or -1. */
extern int32_t ou_escape_lookup(const char *s, size_t n);

static int hexval(unsigned c)
{
    return c >= '0' && c <= '9'                     ? (int)c - '0'
           : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (int)(c | 0x20) - 'a' + 10
                                                    : -1;
}

/* One escape at d->s[pos] == '\\': 1 and *c, *end; 0: bad, *end and *reason; -2: incomplete at the end of the
 * data; 2: nothing comes out (line continuation); -3: unknown escape, both characters stay. */
static int escape(OuDecode *d, size_t pos, uint32_t *c, size_t *end, const char **reason)
{
    const unsigned char *s = d->s;
    size_t n = d->n, i = pos + 1;
    int want;
    *end = i;
    *reason = "\\ at end of string";
    if (i >= n)
        return -2;
    unsigned e = s[i++];
    *end = i;
    switch (e) {
    case '\n':
        return 2;
    case '\\':
    case '\'':
    case '"':
        *c = e;
        return 1;
    case 'b':
        *c = '\b';
        return 1;
    case 't':
        *c = '\t';
        return 1;
    case 'n':
        *c = '\n';
        return 1;
    case 'r':
        *c = '\r';
        return 1;
    case 'f':
        *c = '\f';
        return 1;
    case 'v':
        *c = '\v';
        return 1;
    case 'a':
        *c = '\a';
        return 1;
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
        *c = e - '0';
        for (int k = 0; k < 2 && i < n && s[i] >= '0' && s[i] <= '7'; k++)
            *c = *c * 8 + (s[i++] - '0');
        *end = i;
        return 1;
    case 'x':
        want = 2;
        *reason = "truncated \\xXX escape";
        break;
    case 'u':
        want = 4;
        *reason = "truncated \\uXXXX escape";
        break;
    case 'U':
        want = 8;
        *reason = "truncated \\UXXXXXXXX escape";
        break;
    case 'N': {
        *reason = "malformed \\N character escape";
        if (i >= n)
            return -2;
        if (s[i] != '{')
            return 0;
        size_t close = i + 1;
        while (close < n && s[close] != '}')
            close++;
        if (close >= n) {
            *end = n;
            return -2;
        }
        if (close == i + 1) {
            *end = i + 1;
            return 0;
        }
        *end = close + 1;
        *reason = "unknown Unicode character name";
        int32_t v = ou_escape_lookup((const char *)s + i + 1, close - i - 1);
        *c = (uint32_t)v;
        return v >= 0;
    }
    default:
        return -3;
    }
    *c = 0;
    for (int k = 0; k < want; k++, i++) {
        *end = i;
        if (i >= n)
            return -2;
        int h = hexval(s[i]);
        if (h < 0)
            return 0;
        *c = *c << 4 | (uint32_t)h;
    }
    *end = i;
    *reason = "illegal Unicode character";
    return *c <= 0x10ffff;
}

/* The first doubtful escape: -1 none, a character, or 0x100 + the value of an octal one. */
static int warn_escape(OuVM *vm, int escape_char)
{
    if (escape_char < 0)
        return 0;
    if (escape_char < 0x100)
        return ou_warn(vm, OU_EXC(vm, DeprecationWarning), 1, "invalid escape sequence '\\%c'", escape_char);
    char digits[8];
    snprintf(digits, sizeof digits, "%o", (unsigned)(escape_char - 0x100) & 0777);
    return ou_warn(vm, OU_EXC(vm, DeprecationWarning), 1, "invalid octal escape sequence '\\%s'", digits);
}

OuObj *ou_unicode_escape_decode(OuVM *vm, const char *p, size_t n, const char *errors, size_t *consumed)
{
    OuDecode d;
    size_t pos = 0, end;
    int bad_escape = -1;
    bool ok = true;
    ou_decode_init(&d, vm, "unicodeescape", errors, p, n);
    while (ok && pos < d.n) {
        uint32_t c = d.s[pos];
        const char *reason;
        if (c != '\\') {
            ok = ou_strbuf_char(&d.out, c) == 0;
            pos++;
            continue;
        }
        int r = escape(&d, pos, &c, &end, &reason);
        if (r == -2 && consumed)
            break;
        if (r == 1) {
            if (c > 0377 && bad_escape < 0 && d.s[pos + 1] >= '0' && d.s[pos + 1] <= '7')
                bad_escape = 0x100 + (int)c; /* an octal number beyond a byte */
            ok = ou_strbuf_char(&d.out, c) == 0;
            pos = end;
        } else if (r == 2) {
            pos = end;
        } else if (r == -3) {
            if (bad_escape < 0)
                bad_escape = d.s[pos + 1];
            ok = ou_strbuf_char(&d.out, '\\') == 0 && ou_strbuf_char(&d.out, d.s[pos + 1]) == 0;
            pos += 2;
        } else {
            ok = ou_decode_error(&d, pos, end, reason, &pos) == 0;
        }
    }
    if (consumed)
        *consumed = pos;
    if (ok && warn_escape(vm, bad_escape) < 0)
        ok = false;
    return ou_decode_finish(&d, ok);
}

OuObj *ou_raw_unicode_escape_decode(OuVM *vm, const char *p, size_t n, const char *errors, size_t *consumed)
{
    OuDecode d;
    size_t pos = 0;
    bool ok = true;
    ou_decode_init(&d, vm, "rawunicodeescape", errors, p, n);
    while (ok && pos < d.n) {
        unsigned e = pos + 1 < d.n ? d.s[pos + 1] : 0;
        if (d.s[pos] == '\\' && pos + 1 >= d.n && consumed)
            break;
        if (d.s[pos] != '\\' || (e != 'u' && e != 'U')) {
            int two = d.s[pos] == '\\' && pos + 1 < d.n; /* a backslash protects the next one */
            ok = ou_strbuf_char(&d.out, d.s[pos++]) == 0 && (!two || ou_strbuf_char(&d.out, d.s[pos++]) == 0);
            continue;
        }
        int want = e == 'u' ? 4 : 8, k = 0;
        uint32_t c = 0;
        size_t i = pos + 2;
        for (; k < want && i < d.n && hexval(d.s[i]) >= 0; k++, i++)
            c = c << 4 | (uint32_t)hexval(d.s[i]);
        if (k < want && i >= d.n && consumed)
            break;
        if (k == want && c <= 0x10ffff) {
            ok = ou_strbuf_char(&d.out, c) == 0;
            pos = i;
        } else {
            ok = ou_decode_error(&d, pos, i,
                                 k < want
                                     ? want == 4 ? "truncated \\uXXXX escape" : "truncated \\UXXXXXXXX escape"
                                     : "\\Uxxxxxxxx out of range",
                                 &pos) == 0;
        }
    }
    if (consumed)
        *consumed = pos;
    return ou_decode_finish(&d, ok);
}

OuObj *ou_unicode_escape_encode(OuVM *vm, OuObj *o)
{
    OuStr *s = OU_STR(o);
    OuByteBuf b = {.vm = vm};
    for (ou_ssize i = 0; i < (ou_ssize)s->len; i++) {
        uint32_t c = ou_str_at(s, i);
        char out[16];
        int n;
        if (c == '\\' || c == '\n' || c == '\t' || c == '\r')
            n = snprintf(out, sizeof out, "\\%c", c == '\\' ? '\\' : c == '\n' ? 'n' : c == '\t' ? 't' : 'r');
        else if (c >= 0x20 && c < 0x7f)
            n = snprintf(out, sizeof out, "%c", (char)c);
        else
            n = snprintf(out, sizeof out, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
        if (ou_bytebuf_put(&b, out, (size_t)n) < 0) {
            ou_bytebuf_free(&b);
            return NULL;
        }
    }
    return ou_bytebuf_take(&b);
}

OuObj *ou_raw_unicode_escape_encode(OuVM *vm, OuObj *o)
{
    OuStr *s = OU_STR(o);
    OuByteBuf b = {.vm = vm};
    for (ou_ssize i = 0; i < (ou_ssize)s->len; i++) {
        uint32_t c = ou_str_at(s, i);
        char out[16];
        int n = c < 0x100 ? (out[0] = (char)c, 1)
                          : snprintf(out, sizeof out, c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
        if (ou_bytebuf_put(&b, out, (size_t)n) < 0) {
            ou_bytebuf_free(&b);
            return NULL;
        }
    }
    return ou_bytebuf_take(&b);
}

OuObj *ou_bytes_escape_decode(OuVM *vm, const char *p, size_t n, const char *errors)
{
    const unsigned char *s = (const unsigned char *)p;
    OuByteBuf b = {.vm = vm};
    OuErrKind kind = ou_codec_error_kind(errors);
    int bad_escape = -1, r = 0;
    for (size_t i = 0; i < n && r == 0;) {
        unsigned c = s[i++];
        if (c != '\\') {
            r = ou_bytebuf_char(&b, c);
            continue;
        }
        if (i >= n) {
            r = ou_value_error_i(vm, "Trailing \\ in string");
            break;
        }
        static const char from[] = "\\'\"btnrfva", to[] = "\\'\"\b\t\n\r\f\v\a";
        c = s[i++];
        const char *at = c ? strchr(from, (int)c) : NULL;
        if (c == '\n')
            continue;
        if (at) {
            r = ou_bytebuf_char(&b, (unsigned char)to[at - from]);
        } else if (c >= '0' && c <= '7') {
            unsigned v = c - '0';
            for (int k = 0; k < 2 && i < n && s[i] >= '0' && s[i] <= '7'; k++)
                v = v * 8 + (s[i++] - '0');
            if (v > 0377 && bad_escape < 0)
                bad_escape = 0x100 + (int)v;
            r = ou_bytebuf_char(&b, v & 255);
        } else if (c == 'x') {
            if (i + 1 < n && hexval(s[i]) >= 0 && hexval(s[i + 1]) >= 0) {
                r = ou_bytebuf_char(&b, (unsigned)(hexval(s[i]) << 4 | hexval(s[i + 1])));
                i += 2;
                continue;
            }
            if (kind == OU_ERR_STRICT)
                r = ou_value_error_i(vm, "invalid \\x escape at position %zd", (ou_ssize)i - 2);
            else if (kind == OU_ERR_REPLACE)
                r = ou_bytebuf_char(&b, '?');
            else if (kind != OU_ERR_IGNORE)
                r = ou_value_error_i(vm, "decoding error; unknown error handling code: %s", errors);
            if (i < n && hexval(s[i]) >= 0)
                i++;
        } else {
            if (bad_escape < 0)
                bad_escape = (int)c;
            r = ou_bytebuf_char(&b, '\\') < 0 ? -1 : ou_bytebuf_char(&b, c);
        }
    }
    if (r == 0)
        r = warn_escape(vm, bad_escape);
    if (r < 0) {
        ou_bytebuf_free(&b);
        return NULL;
    }
    return ou_bytebuf_take(&b);
}
