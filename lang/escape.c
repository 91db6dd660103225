/* lang/escape.c - backslash escapes.
 *
 * CPython rewrites a str literal before it decodes it: a character above 127 becomes \UXXXXXXXX and the
 * backslash before one \u005c.  Positions in its messages count the rewritten text, and so does `at` here. */
#include "escape.h"

#include <string.h>

int ou_bytes_reserve(OuBytes *b, size_t n)
{
    if (b->cap - b->n >= n)
        return 0;
    size_t cap = (b->n + n) * 2;
    char *s = ou_mem_realloc(b->mem, b->s, b->cap, cap);
    if (!s)
        return -1;
    b->s = s;
    b->cap = cap;
    return 0;
}

int ou_bytes_add(OuBytes *b, const char *s, size_t n)
{
    if (ou_bytes_reserve(b, n))
        return -1;
    if (n)
        memcpy(b->s + b->n, s, n);
    b->n += n;
    return 0;
}

void ou_bytes_free(OuBytes *b)
{
    ou_mem_free(b->mem, b->s, b->cap);
    *b = (OuBytes){.mem = b->mem};
}

int ou_utf8_put(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    int n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (int i = n - 1; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)((0xf00 >> n & 0xff) | c);
    return n;
}

static int hex_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Value of up to `max` octal digits at *s. */
static unsigned octal(const char **s, const char *end, int max)
{
    unsigned c = 0;
    for (int i = 0; i < max && *s < end && **s >= '0' && **s <= '7'; i++)
        c = c * 8 + (unsigned)(*(*s)++ - '0');
    return c;
}

/* The character of a simple escape, or -1. */
static int simple(char c)
{
    static const char from[] = "\\'\"bfnrtva", to[] = "\\'\"\b\f\n\r\t\v\a";
    const char *p = c ? strchr(from, c) : NULL;
    return p ? to[p - from] : -1;
}

/* Length of s[0..n) as CPython rewrites it, for a position. */
static size_t rewritten(const char *s, const char *end)
{
    size_t at = 0;
    for (; s < end; s++) {
        if ((unsigned char)*s >= 0xc0)
            at += 10;
        else if (!(*s & 0x80))
            at += 1;
        if (*s == '\\' && s + 1 < end) {
            if (*++s & 0x80) {
                at += 5;
                s--;
            } else {
                at++;
            }
        }
    }
    return at;
}

static int fail(OuEscapes *e, const char *reason, const char *body, const char *backslash, const char *end)
{
    e->reason = reason;
    e->start = rewritten(body, backslash);
    e->end = e->start + rewritten(backslash, end);
    return -1;
}

int ou_escape_str(OuBytes *out, const char *s, size_t n, OuEscapes *e)
{
    const char *body = s, *end = s + n;
    *e = (OuEscapes){0};
    if (ou_bytes_reserve(out, n + 4)) /* no escape is shorter than what it stands for */
        return -1;
    while (s < end) {
        const char *b = memchr(s, '\\', (size_t)(end - s));
        size_t plain = (size_t)((b ? b : end) - s);
        memcpy(out->s + out->n, s, plain);
        out->n += plain;
        if (!b)
            break;
        s = b + 1;
        int digits = 0;
        const char *reason = NULL;
        uint32_t c;
        if (s == end || (*s & 0x80)) {
            out->s[out->n++] = '\\';
            continue;
        }
        switch (*s++) {
        case '\n':
            continue;
        case '0':
        case '1':
        case '2':
        case '3':
        case '4':
        case '5':
        case '6':
        case '7':
            s--;
            c = octal(&s, end, 3);
            if (c > 0377 && !e->invalid)
                e->invalid = b;
            break;
        case 'x':
            digits = 2;
            reason = "truncated \\xXX escape";
            break;
        case 'u':
            digits = 4;
            reason = "truncated \\uXXXX escape";
            break;
        case 'U':
            digits = 8;
            reason = "truncated \\UXXXXXXXX escape";
            break;
        case 'N': {
            if (s == end || *s != '{')
                return fail(e, "malformed \\N character escape", body, b, s);
            const char *name = s + 1, *close = memchr(name, '}', (size_t)(end - name));
            if (!close || close == name)
                return fail(e, "malformed \\N character escape", body, b, close ? close : end);
            int32_t found = ou_escape_lookup(name, (size_t)(close - name));
            s = close + 1;
            if (found < 0)
                return fail(e, "unknown Unicode character name", body, b, s);
            c = (uint32_t)found;
            break;
        }
        default: {
            int ch = simple(s[-1]);
            if (ch < 0) {
                if (!e->invalid)
                    e->invalid = b;
                out->s[out->n++] = '\\';
                ch = s[-1];
            }
            c = (uint32_t)ch;
        }
        }
        if (digits) {
            c = 0;
            for (; digits && s < end && hex_of(*s) >= 0; digits--)
                c = c << 4 | (uint32_t)hex_of(*s++);
            if (digits)
                return fail(e, reason, body, b, s);
            if (c > 0x10ffff)
                return fail(e, "illegal Unicode character", body, b, s);
        }
        out->n += (size_t)ou_utf8_put(out->s + out->n, c);
    }
    return 0;
}

int ou_escape_bytes(OuBytes *out, const char *s, size_t n, OuEscapes *e)
{
    const char *body = s, *end = s + n;
    *e = (OuEscapes){0};
    if (ou_bytes_reserve(out, n))
        return -1;
    while (s < end) {
        if (*s != '\\' || s + 1 == end) {
            out->s[out->n++] = *s++;
            continue;
        }
        const char *b = s++;
        int c = simple(*s);
        if (c >= 0) {
            s++;
        } else if (*s == '\n') {
            s++;
            continue;
        } else if (*s >= '0' && *s <= '7') {
            c = (int)octal(&s, end, 3);
            if (c > 0377 && !e->invalid)
                e->invalid = b;
        } else if (*s == 'x') {
            if (s + 2 >= end || hex_of(s[1]) < 0 || hex_of(s[2]) < 0) {
                e->reason = "invalid \\x escape";
                e->start = (size_t)(b - body);
                return -1;
            }
            c = hex_of(s[1]) * 16 + hex_of(s[2]);
            s += 3;
        } else {
            if (!e->invalid)
                e->invalid = b;
            c = '\\';
        }
        out->s[out->n++] = (char)c;
    }
    return 0;
}
