/* lang/source.c - bytes to text: BOM, PEP 263 declaration, UTF-8 check, line ends.
 *
 * CPython decodes undeclared UTF-8 only where a name or string is used; here all of it is checked at once,
 * and the message counts from the name or string as there.  (Broken bytes in a comment are therefore
 * refused.) */
#include "source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uniconv.h>

static int fail(OuParse *p, OuDiagKind kind, int lineno, int col, int end_col, const char *msg)
{
    return ou_diag_set(&p->diag, p->arena, kind, lineno, col, lineno, end_col, "%s", msg);
}

static int no_memory(OuParse *p)
{
    return fail(p, OU_DIAG_MEMORY, 0, -1, -1, "out of memory");
}

/* First byte of s[0..n) that is not UTF-8 (surrogates are not); n if there is none.  *len: bytes to blame. */
static size_t utf8_check(const unsigned char *s, size_t n, size_t *len, const char **reason)
{
    size_t i = 0;
    while (i < n) {
        uint64_t w;
        if (i + 8 <= n && (memcpy(&w, s + i, 8), !(w & 0x8080808080808080u))) {
            i += 8;
            continue;
        }
        unsigned char c = s[i];
        if (c < 0x80) {
            i++;
            continue;
        }
        size_t need = c >= 0xc2 && c <= 0xdf ? 1 : (c & 0xf0) == 0xe0 ? 2 : c >= 0xf0 && c <= 0xf4 ? 3 : 0;
        *len = 1;
        *reason = "invalid start byte";
        if (!need)
            return i;
        for (size_t k = 1; k <= need; k++, ++*len) {
            *reason = "unexpected end of data";
            if (i + k >= n)
                return i;
            *reason = "invalid continuation byte";
            unsigned char low = k > 1 ? 0x80 : c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
            unsigned char high = k > 1 ? 0xbf : c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
            if (s[i + k] < low || s[i + k] > high)
                return i;
        }
        i += need + 1;
    }
    return n;
}

static int line_of(const char *s, const char *at)
{
    int line = 1;
    for (; (s = memchr(s, '\n', (size_t)(at - s))); s++)
        line++;
    return line;
}

static void codec_message(char *msg, size_t size, const char *codec, unsigned char byte, size_t at,
                          size_t len, const char *reason)
{
    if (len == 1)
        snprintf(msg, size, "'%s' codec can't decode byte 0x%02x in position %zu: %s", codec, byte, at,
                 reason);
    else
        snprintf(msg, size, "'%s' codec can't decode bytes in position %zu-%zu: %s", codec, at, at + len - 1,
                 reason);
}

static bool is_word(unsigned char c)
{
    return c == '_' || c >= 128 || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* The line s[0..n) with U+FFFD for what is no UTF-8, and a line end (arena); NULL without memory. */
static char *replaced_line(OuParse *p, const char *s, size_t n)
{
    char *text = ou_arena_alloc(p->arena, 3 * n + 2), *o = text;
    const char *reason;
    for (size_t len; text && n;) {
        size_t good = utf8_check((const unsigned char *)s, n, &len, &reason);
        memcpy(o, s, good);
        o += good;
        s += good;
        n -= good;
        if (n) {
            memcpy(o, "\xef\xbf\xbd", 3);
            o += 3;
            s += len;
            n -= len;
        }
    }
    if (text)
        memcpy(o, "\n", 2);
    return text;
}

/* Where the token behind a string ends that begins at s. */
static const char *token_end(const char *s, const char *limit)
{
    const char *e = s;
    if (e == limit || *e == '\n' || *e == '#')
        return e;
    while (e < limit && is_word((unsigned char)*e))
        e++;
    if (e > s)
        return e;
    return e + 1 < limit && (e[1] == '=' || (e[1] == *e && strchr("*/<>", *e))) ? e + 2 : e + 1;
}

/* Says that s[at] is no UTF-8 where nothing, or exactly "utf-8", was declared. */
static int undecodable(OuParse *p, const char *s, size_t n, size_t at, bool declared)
{
    char msg[1024], codec[256];
    int lineno = line_of(s, s + at);
    if (p->filename && !declared) {
        snprintf(msg, sizeof msg,
                 "Non-UTF-8 code starting with '\\x%.2x' in file %s on line %d, but no encoding declared; "
                 "see https://peps.python.org/pep-0263/ for details",
                 (unsigned char)s[at], p->filename, lineno);
        return fail(p, OU_DIAG_SYNTAX, 0, -1, -1, msg);
    }
    const char *line = s + at, *start = s + at, *end = s + at, *limit = s + n, *quote = NULL;
    while (line > s && line[-1] != '\n')
        line--;
    for (const char *q = line; q < s + at; q++)
        if (*q == '"' || *q == '\'')
            quote = quote ? NULL : q;
    if (quote) {
        start = quote + 1;
        while (end < limit && *end != '\n' && *end != *quote)
            end++;
    } else {
        while (start > line && is_word((unsigned char)start[-1]))
            start--;
        while (end < limit && is_word((unsigned char)*end))
            end++;
    }
    size_t len;
    const char *reason;
    size_t bad = utf8_check((const unsigned char *)start, (size_t)(end - start), &len, &reason);
    codec_message(codec, sizeof codec, "utf-8", (unsigned char)start[bad], bad, len, reason);
    snprintf(msg, sizeof msg, "(unicode error) %s", codec);
    int col = (int)(end - line);
    if (quote && !p->filename && end < limit &&
        *end == *quote) { /* CPython finds out when it has read one token more */
        const char *next = end + 1, *line_end;
        while (next < limit && (*next == ' ' || *next == '\t'))
            next++;
        for (line_end = next; line_end < limit && *line_end != '\n'; line_end++)
            ;
        fail(p, OU_DIAG_UNICODE, lineno, (int)(next - line), (int)(token_end(next, limit) - line), msg);
        p->diag.text = replaced_line(p, line, (size_t)(line_end - line));
        return -1;
    }
    return quote ? fail(p, OU_DIAG_UNICODE, lineno, col + 1, col + 1, msg)
                 : fail(p, OU_DIAG_UNICODE, lineno, col - 1, -2, msg);
}

/* PEP 263: the name declared in line s[0..n), or 0.  *blank: the line holds nothing but a comment. */
static size_t cookie(const char *s, size_t n, const char **name, bool *blank)
{
    size_t i = 0;
    while (i < n && (s[i] == ' ' || s[i] == '\t' || s[i] == '\f'))
        i++;
    *blank = i == n || s[i] == '#';
    if (i == n || s[i] != '#')
        return 0;
    for (; i + 6 < n; i++) {
        if (memcmp(s + i, "coding", 6) || (s[i + 6] != ':' && s[i + 6] != '='))
            continue;
        i += 7;
        while (i < n && (s[i] == ' ' || s[i] == '\t'))
            i++;
        size_t k = i;
        while (k < n && ((is_word((unsigned char)s[k]) && !(s[k] & 0x80)) || s[k] == '-' || s[k] == '.'))
            k++;
        if (k > i) {
            *name = s + i;
            return k - i;
        }
    }
    return 0;
}

enum { UTF8_LAZY, UTF8, LATIN1, ASCII, OTHER };

/* Classifies a declared name.  *normal: how CPython writes it in messages. */
static int codec_kind(OuParse *p, const char *name, size_t n, char **normal)
{
    char low[64];
    size_t k = 0;
    for (; k < n && k < sizeof low - 1; k++)
        low[k] = name[k] == '_' ? '-' : name[k] >= 'A' && name[k] <= 'Z' ? (char)(name[k] + 32) : name[k];
    low[k] = '\0';
    *normal = ou_arena_copy(p->arena, name, n);
    if (!strncmp(low, "utf-8", 5) && (!low[5] || low[5] == '-')) {
        *normal = ou_arena_copy(p->arena, "utf-8", 5);
        return UTF8_LAZY;
    }
    static const char *const latin[] = {"latin-1", "iso-8859-1", "iso-latin-1"};
    for (size_t i = 0; i < 3; i++) {
        size_t len = strlen(latin[i]);
        if (!strncmp(low, latin[i], len) && (!low[len] || low[len] == '-')) {
            *normal = ou_arena_copy(p->arena, "iso-8859-1", 10);
            return LATIN1;
        }
    }
    static const struct {
        const char *name;
        int kind;
    } alias[] = {
        {"utf8", UTF8},      {"u8", UTF8},     {"utf", UTF8},         {"cp65001", UTF8}, {"latin1", LATIN1},
        {"latin", LATIN1},   {"l1", LATIN1},   {"iso8859-1", LATIN1}, {"8859", LATIN1},  {"cp819", LATIN1},
        {"iso8859", LATIN1}, {"ascii", ASCII}, {"us-ascii", ASCII},   {"646", ASCII},
    };
    for (size_t i = 0; i < sizeof alias / sizeof *alias; i++)
        if (!strcmp(low, alias[i].name))
            return alias[i].kind;
    return OTHER;
}

/* Latin-1 to UTF-8, in the arena. */
static char *latin1(OuParse *p, const char *s, size_t n, size_t *out_len)
{
    size_t high = 0;
    for (size_t i = 0; i < n; i++)
        high += (unsigned char)s[i] >> 7;
    char *out = ou_arena_alloc(p->arena, n + high + 1), *o = out;
    for (size_t i = 0; out && i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c >= 0x80) {
            *o++ = (char)(0xc0 | c >> 6);
            c = 0x80 | (c & 0x3f);
        }
        *o++ = (char)c;
    }
    *out_len = n + high;
    return out;
}

/* Any other codec the C library knows, in the arena; NULL if it does not. */
static char *iconv_decode(OuParse *p, const char *encoding, const char *s, size_t n, size_t *out_len)
{
    char name[64];
    size_t k = 0;
    for (; encoding[k] && k < sizeof name - 1; k++)
        name[k] = encoding[k] == '_' ? '-' : encoding[k];
    name[k] = '\0';
    uint8_t *u = u8_conv_from_encoding(name, iconveh_error, s, n, NULL, NULL, out_len);
    char *text = u ? ou_arena_copy(p->arena, (const char *)u, *out_len) : NULL;
    free(u);
    return text;
}

/* Finds the encoding and decodes: *text, *len are UTF-8, borrowed from the input or the arena. */
static int decode(OuParse *p, const char **text, size_t *len)
{
    const char *s = *text, *name = NULL;
    size_t n = *len, bad_len = 0, name_len = 0;
    const char *reason = "";
    char *normal = NULL, msg[512];
    int kind = UTF8_LAZY;
    bool bom = n >= 3 && !memcmp(s, "\xef\xbb\xbf", 3);
    if (bom) {
        s += 3;
        n -= 3;
    }
    for (size_t line = 0, at = 0; line < 2 && at < n && !name_len; line++) {
        const char *e = s + at;
        bool blank;
        while (e < s + n && *e != '\n' && *e != '\r')
            e++;
        name_len = cookie(s + at, (size_t)(e - (s + at)), &name, &blank);
        if (!blank)
            break;
        at = (size_t)(e - s) + 1 + (e + 1 < s + n && *e == '\r' && e[1] == '\n');
    }
    if (name_len) {
        kind = codec_kind(p, name, name_len, &normal);
        if (!normal)
            return no_memory(p);
        if (bom && kind != UTF8_LAZY) {
            snprintf(msg, sizeof msg, "encoding problem: %s with BOM", normal);
            return fail(p, OU_DIAG_SYNTAX, 0, -1, -1, msg);
        }
        p->encoding = normal;
    }
    p->declared = bom || name_len;
    *text = s;
    *len = n;
    if (kind == OTHER) {
        if (!p->decode && (*text = iconv_decode(p, normal, s, n, len)))
            return 0;
        if (!p->decode) {
            snprintf(msg, sizeof msg, p->filename ? "encoding problem: %s" : "unknown encoding: %s", normal);
            return fail(p, OU_DIAG_SYNTAX, 0, -1, -1, msg);
        }
        *text = p->decode(p, normal, s, n, len);
        if (!*text && p->diag.kind == OU_DIAG_NONE)
            return no_memory(p);
        return *text ? 0 : -1;
    }
    if (kind == LATIN1)
        return (*text = latin1(p, s, n, len)) ? 0 : no_memory(p);
    size_t bad;
    if (kind == ASCII) {
        for (bad = 0; bad < n && !(s[bad] & 0x80); bad++)
            ;
        bad_len = 1;
        reason = "ordinal not in range(128)";
    } else {
        bad = utf8_check((const unsigned char *)s, n, &bad_len, &reason);
    }
    if (bad == n)
        return 0;
    if (kind == UTF8_LAZY)
        return undecodable(p, s, n, bad, bom || name_len);
    if (p->filename)
        snprintf(msg, sizeof msg, "encoding problem: %s", normal);
    else
        codec_message(msg, sizeof msg, kind == ASCII ? "ascii" : "utf-8", (unsigned char)s[bad], bad, bad_len,
                      reason);
    return fail(p, OU_DIAG_SYNTAX, 0, -1, -1, msg);
}

int ou_source_decode(OuParse *p, const char *bytes, size_t n, OuParseMode mode)
{
    if (n >= INT32_MAX - 1)
        return fail(p, OU_DIAG_OVERFLOW, -1, -1, -1, "source code is too long");
    const char *nul = memchr(bytes, '\0', n);
    if (nul && p->filename) {
        const char *line = nul;
        while (line > bytes && line[-1] != '\n')
            line--;
        fail(p, OU_DIAG_SYNTAX, line_of(bytes, nul), -1, -1, "source code cannot contain null bytes");
        p->diag.text = ou_arena_copy(p->arena, line, (size_t)(nul - line)); /* as far as it is one */
        return -1;
    }
    if (nul)
        return fail(p, OU_DIAG_SYNTAX, -1, -1, -1, "source code string cannot contain null bytes");
    p->encoding = ou_arena_copy(p->arena, "utf-8", 5);
    p->declared = true;
    if (!p->encoding || (!(p->flags & OU_PARSE_UTF8) && decode(p, &bytes, &n)))
        return p->encoding ? -1 : no_memory(p);
    char *text = ou_arena_alloc(p->arena, n + 2);
    if (!text)
        return no_memory(p);
    char *o = text;
    for (const char *s = bytes, *end = bytes + n; s < end;) {
        const char *cr = memchr(s, '\r', (size_t)(end - s));
        size_t run = (size_t)((cr ? cr : end) - s);
        memcpy(o, s, run);
        o += run;
        s += run;
        if (cr) {
            *o++ = '\n';
            s += s + 1 < end && s[1] == '\n' ? 2 : 1;
        }
    }
    if (mode == OU_PARSE_FILE && o > text && o[-1] != '\n')
        *o++ = '\n';
    p->source = text;
    p->source_len = (size_t)(o - text);
    return 0;
}

const char *ou_parse_line(const OuParse *p, int lineno, size_t *len)
{
    const char *s = p->source, *end = s ? s + p->source_len : NULL;
    for (; s && s < end && lineno > 1; lineno--) {
        const char *nl = memchr(s, '\n', (size_t)(end - s));
        s = nl ? nl + 1 : end;
    }
    if (!s || lineno != 1 || s == end)
        return NULL;
    const char *nl = memchr(s, '\n', (size_t)(end - s));
    *len = (size_t)((nl ? nl : end) - s);
    return s;
}
