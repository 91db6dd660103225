/* vm/codec/codec_error.c - error handlers: the built-in ones, and calling registered ones. */
#include "codec.h"
#include "../exceptions.h"
#include "../text/str_case.h"

#include <stdio.h>

static const char *const kind_names[] = {
    "strict",      "ignore",          "replace",      "backslashreplace", "xmlcharrefreplace",
    "namereplace", "surrogateescape", "surrogatepass"};

OuErrKind ou_codec_error_kind(const char *errors)
{
    if (!errors)
        return OU_ERR_STRICT;
    for (int i = 0; i < OU_ERR_OTHER; i++)
        if (strcmp(errors, kind_names[i]) == 0)
            return (OuErrKind)i;
    return OU_ERR_OTHER;
}

/* ---- bytes of unknown length ------------------------------------------------------------ */
int ou_bytebuf_put(OuByteBuf *b, const void *p, size_t n)
{
    if (n > b->cap - b->n) {
        size_t cap = (b->n + n) + (b->n + n) / 2 + 32;
        char *q = ou_realloc(b->vm, b->p, b->cap, cap);
        if (!q)
            return -1;
        b->p = q;
        b->cap = cap;
    }
    if (n)
        memcpy(b->p + b->n, p, n);
    b->n += n;
    return 0;
}

void ou_bytebuf_free(OuByteBuf *b)
{
    ou_free(b->vm, b->p, b->cap);
    b->p = NULL;
    b->n = b->cap = 0;
}

OuObj *ou_bytebuf_take(OuByteBuf *b)
{
    OuObj *o = ou_bytes_new(b->vm, b->n ? b->p : "", (ou_ssize)b->n);
    ou_bytebuf_free(b);
    return o;
}

/* ---- the built-in handlers ---------------------------------------------------------------- */
static int surrogate_width(const char *encoding, int *big)
{
    char name[16] = {0};
    size_t k = 0;
    for (const char *p = encoding; *p && k < sizeof name - 1; p++)
        if (*p != '-' && *p != '_')
            name[k++] = (char)(*p | 0x20);
    name[k] = 0;
    if (strncmp(name, "utf", 3))
        return 0;
    *big = strstr(name, "be") != NULL;
    const char *d = name + 3;
    const char *rest = d + (d[0] == '8' ? 1 : 2);
    bool tail = !*rest || !strcmp(rest, "le") || !strcmp(rest, "be");
    if (!strncmp(d, "8", 1) && !*rest)
        return 1;
    return tail && !strncmp(d, "16", 2) ? 2 : tail && !strncmp(d, "32", 2) ? 4 : 0;
}

/* Characters s[start..end) of an encoder or translator: 1 handled, 0 not, -1 error. */
static int encode_builtin(OuVM *vm, OuErrKind kind, const char *encoding, OuObj *s, ou_ssize start,
                          ou_ssize end, OuStrBuf *text, OuByteBuf *bytes)
{
    int big = 0, width = kind == OU_ERR_SURROGATEPASS ? surrogate_width(encoding, &big) : 0;
    if (kind == OU_ERR_STRICT || (kind == OU_ERR_SURROGATEPASS && !width))
        return 0;
    if (kind == OU_ERR_SURROGATEESCAPE || kind == OU_ERR_SURROGATEPASS) {
        for (ou_ssize i = start; i < end; i++) {
            uint32_t c = ou_str_at(OU_STR(s), i);
            if (kind == OU_ERR_SURROGATEESCAPE ? c < 0xdc80 || c > 0xdcff : c < 0xd800 || c > 0xdfff)
                return 0;
        }
    }
    for (ou_ssize i = start; i < end; i++) {
        uint32_t c = ou_str_at(OU_STR(s), i);
        char out[300];
        int n = 0;
        switch (kind) {
        case OU_ERR_REPLACE:
            if (ou_strbuf_char(text, encoding ? '?' : 0xfffd) < 0)
                return -1;
            break;
        case OU_ERR_XMLCHARREF:
            n = snprintf(out, sizeof out, "&#%u;", c);
            break;
        case OU_ERR_NAME: {
            char name[OU_CHAR_NAME_MAX];
            if (ou_char_name(c, name)) {
                n = snprintf(out, sizeof out, "\\N{%s}", name);
                break;
            }
        } /* fall through */
        case OU_ERR_BACKSLASH:
            n = snprintf(out, sizeof out, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
            break;
        case OU_ERR_SURROGATEESCAPE:
            if (ou_bytebuf_char(bytes, c - 0xdc00) < 0)
                return -1;
            break;
        case OU_ERR_SURROGATEPASS: {
            unsigned char b[4] = {0};
            if (width == 1) {
                b[0] = (unsigned char)(0xe0 | c >> 12);
                b[1] = (unsigned char)(0x80 | (c >> 6 & 0x3f));
                b[2] = (unsigned char)(0x80 | (c & 0x3f));
            } else {
                b[big ? width - 1 : 0] = (unsigned char)c;
                b[big ? width - 2 : 1] = (unsigned char)(c >> 8);
            }
            if (ou_bytebuf_put(bytes, b, width == 1 ? 3 : (size_t)width) < 0)
                return -1;
            break;
        }
        default:
            break;
        }
        if (n && ou_strbuf_ascii(text, out, n) < 0)
            return -1;
    }
    return 1;
}

/* Bytes s[start..end) of a decoder: 1 handled (*pos), 0 not, -1 error. */
static int decode_builtin(OuVM *vm, OuErrKind kind, const char *encoding, const unsigned char *s, size_t n,
                          size_t start, size_t end, OuStrBuf *out, size_t *pos)
{
    *pos = end;
    switch (kind) {
    case OU_ERR_IGNORE:
        return 1;
    case OU_ERR_REPLACE:
        return ou_strbuf_char(out, 0xfffd) < 0 ? -1 : 1;
    case OU_ERR_BACKSLASH:
        for (size_t i = start; i < end; i++) {
            char b[8];
            snprintf(b, sizeof b, "\\x%02x", s[i]);
            if (ou_strbuf_ascii(out, b, 4) < 0)
                return -1;
        }
        return 1;
    case OU_ERR_SURROGATEESCAPE: {
        size_t i = start;
        for (; i < end && i < start + 4 && s[i] >= 0x80; i++)
            if (ou_strbuf_char(out, 0xdc00u + s[i]) < 0)
                return -1;
        *pos = i;
        return i > start;
    }
    case OU_ERR_SURROGATEPASS: {
        int big, width = surrogate_width(encoding, &big);
        uint32_t c = 0;
        if (width == 1 && n - start >= 3 && (s[start] & 0xf0) == 0xe0 && (s[start + 1] & 0xc0) == 0x80 &&
            (s[start + 2] & 0xc0) == 0x80) {
            c = (s[start] & 15u) << 12 | (s[start + 1] & 0x3fu) << 6 | (s[start + 2] & 0x3fu);
            width = 3;
        } else if (width == 2 && n - start >= 2) {
            c = big ? (uint32_t)s[start] << 8 | s[start + 1] : (uint32_t)s[start + 1] << 8 | s[start];
        } else if (width == 4 && n - start >= 4) {
            const unsigned char *p = s + start;
            c = big ? (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3]
                    : (uint32_t)p[3] << 24 | p[2] << 16 | p[1] << 8 | p[0];
        }
        if (c < 0xd800 || c > 0xdfff)
            return 0;
        *pos = start + (size_t)width;
        return ou_strbuf_char(out, c) < 0 ? -1 : 1;
    }
    default:
        return 0;
    }
}

/* ---- exceptions --------------------------------------------------------------------------- */
static OuObj *make_exception(OuVM *vm, OuType *type, const char *encoding, OuObj *object, ou_ssize start,
                             ou_ssize end, const char *reason)
{
    OuObj *a[5] = {NULL}, *exc = NULL;
    size_t k = 0;
    if (encoding)
        a[k++] = ou_str_new(vm, encoding, -1);
    a[k++] = ou_ref(object);
    a[k++] = ou_int(vm, start);
    a[k++] = ou_int(vm, end);
    a[k++] = ou_str_new(vm, reason, -1);
    bool ok = true;
    for (size_t i = 0; i < k; i++)
        ok = ok && a[i];
    if (ok)
        exc = ou_call(vm, (OuObj *)type, a, k, NULL);
    for (size_t i = 0; i < k; i++)
        ou_xdecref(vm, a[i]);
    return exc;
}

static void raise_take(OuVM *vm, OuObj *exc)
{
    if (exc) {
        ou_raise_obj(vm, exc);
        ou_decref(vm, exc);
    }
}

/* Calls handler(exc): text or bytes and position; -1 error.  out: new replacement. */
static int call_handler(OuVM *vm, OuObj **handler, const char *errors, OuObj *exc, bool encoding,
                        OuObj **repl, ou_ssize *pos)
{
    if (!*handler && !(*handler = ou_codec_lookup_error(vm, errors)))
        return -1;
    OuObj *r = ou_call1(vm, *handler, exc);
    if (!r)
        return -1;
    OuObj *p = ou_isa_tuple(vm, r) && OU_TUPLE(r)->n == 2 ? OU_TUPLE(r)->items[0] : NULL;
    bool right = p && (ou_isa_str(vm, p) || (encoding && ou_isa_bytes(vm, p))) &&
                 ou_has_index(vm, OU_TUPLE(r)->items[1]);
    if (!right) {
        ou_type_error(vm, encoding ? "encoding error handler must return (str/bytes, int) tuple"
                                   : "decoding error handler must return (str, int) tuple");
        ou_decref(vm, r);
        return -1;
    }
    int e = ou_as_ssize(vm, OU_TUPLE(r)->items[1], NULL, pos);
    *repl = ou_ref(p);
    ou_decref(vm, r);
    if (e < 0)
        ou_clear(vm, *repl);
    return e;
}

void ou_decode_init(OuDecode *d, OuVM *vm, const char *encoding, const char *errors, const void *s, size_t n)
{
    *d = (OuDecode){.vm = vm,
                    .encoding = encoding,
                    .errors = errors,
                    .kind = ou_codec_error_kind(errors),
                    .s = s,
                    .n = n};
    ou_strbuf_init(&d->out, vm);
}

OuObj *ou_decode_finish(OuDecode *d, bool ok)
{
    OuObj *r = NULL;
    if (ok)
        r = ou_strbuf_take(&d->out);
    else
        ou_strbuf_free(&d->out);
    ou_xdecref(d->vm, d->handler);
    ou_xdecref(d->vm, d->input);
    return r;
}

int ou_decode_error(OuDecode *d, size_t start, size_t end, const char *reason, size_t *pos)
{
    OuVM *vm = d->vm;
    OuObj *repl;
    ou_ssize at;
    int r = d->kind == OU_ERR_OTHER
                ? 0
                : decode_builtin(vm, d->kind, d->encoding, d->s, d->n, start, end, &d->out, pos);
    if (r)
        return r < 0 ? -1 : 0;
    if (!d->input && !(d->input = ou_bytes_new(vm, (const char *)d->s, (ou_ssize)d->n)))
        return -1;
    OuObj *exc = make_exception(vm, OU_EXC(vm, UnicodeDecodeError), d->encoding, d->input, (ou_ssize)start,
                                (ou_ssize)end, reason);
    if (!exc)
        return -1;
    if (d->kind != OU_ERR_OTHER && d->kind != OU_ERR_XMLCHARREF && d->kind != OU_ERR_NAME) {
        raise_take(vm, exc);
        return -1;
    }
    if (call_handler(vm, &d->handler, d->errors, exc, false, &repl, &at) < 0) {
        ou_decref(vm, exc);
        return -1;
    }
    OuObj *object = ((OuExcUnicode *)exc)->object;
    if (!object || !ou_isa_bytes(vm, object)) {
        ou_type_error(vm, "exception attribute object must be bytes");
        r = -1;
    } else if (object != d->input) {
        ou_incref(object);
        ou_decref(vm, d->input);
        d->input = object;
    }
    ou_decref(vm, exc);
    if (r == 0) {
        d->s = (const unsigned char *)OU_BYTES(d->input)->data;
        d->n = OU_BYTES(d->input)->len;
        if (at < 0)
            at += (ou_ssize)d->n;
        if (at < 0 || at > (ou_ssize)d->n)
            r = ou_raise_i(vm, OU_EXC(vm, IndexError), "position %zd from error handler out of bounds", at);
        else
            r = ou_strbuf_str(&d->out, repl);
        *pos = (size_t)at;
    }
    ou_decref(vm, repl);
    return r;
}

void ou_encode_init(OuEncode *e, OuVM *vm, const char *encoding, const char *errors, OuObj *text)
{
    *e = (OuEncode){.vm = vm,
                    .encoding = encoding,
                    .errors = errors,
                    .kind = ou_codec_error_kind(errors),
                    .text = text,
                    .out = {.vm = vm}};
}

OuObj *ou_encode_finish(OuEncode *e, bool ok)
{
    OuObj *r = NULL;
    if (ok)
        r = ou_bytebuf_take(&e->out);
    else
        ou_bytebuf_free(&e->out);
    ou_xdecref(e->vm, e->handler);
    return r;
}

void *ou_encode_raise(OuEncode *e, ou_ssize start, ou_ssize end, const char *reason)
{
    raise_take(e->vm, make_exception(e->vm, OU_EXC(e->vm, UnicodeEncodeError), e->encoding, e->text, start,
                                     end, reason));
    return NULL;
}

int ou_encode_error(OuEncode *e, ou_ssize start, ou_ssize end, const char *reason, OuObj **repl,
                    ou_ssize *pos)
{
    OuVM *vm = e->vm;
    *repl = NULL;
    *pos = end;
    if (e->kind != OU_ERR_OTHER) {
        OuStrBuf text;
        ou_strbuf_init(&text, vm);
        int r = encode_builtin(vm, e->kind, e->encoding, e->text, start, end, &text, &e->out);
        if (r == 1 && text.len)
            r = (*repl = ou_strbuf_take(&text)) ? 1 : -1;
        ou_strbuf_free(&text);
        if (r == 0)
            ou_encode_raise(e, start, end, reason);
        return r == 1 ? 0 : -1;
    }
    OuObj *exc = make_exception(vm, OU_EXC(vm, UnicodeEncodeError), e->encoding, e->text, start, end, reason),
          *x;
    ou_ssize at, n = ou_str_len(e->text);
    if (!exc)
        return -1;
    int r = call_handler(vm, &e->handler, e->errors, exc, true, &x, &at);
    ou_decref(vm, exc);
    if (r < 0)
        return -1;
    if (at < 0)
        at += n;
    *pos = at;
    if (at < 0 || at > n) {
        r = ou_raise_i(vm, OU_EXC(vm, IndexError), "position %zd from error handler out of bounds", at);
    } else if (ou_isa_bytes(vm, x)) {
        r = ou_bytebuf_put(&e->out, OU_BYTES(x)->data, OU_BYTES(x)->len);
    } else {
        *repl = x;
        return 0;
    }
    ou_decref(vm, x);
    return r;
}

/* ---- the handlers as callable objects -------------------------------------------------------- */
static OuObj *as_function(OuVM *vm, OuErrKind kind, OuObj *exc)
{
    bool enc = ou_isa(vm, exc, UnicodeEncodeError), dec = ou_isa(vm, exc, UnicodeDecodeError),
         tr = ou_isa(vm, exc, UnicodeTranslateError);
    OuExcUnicode *u = (OuExcUnicode *)exc;
    if (kind == OU_ERR_STRICT) {
        if (ou_isa_exc(vm, exc))
            return ou_raise_obj(vm, exc);
        return ou_type_error(vm, "codec must pass exception instance");
    }
    bool fits = kind == OU_ERR_IGNORE || kind == OU_ERR_REPLACE || kind == OU_ERR_BACKSLASH ? enc || dec || tr
                : kind == OU_ERR_XMLCHARREF || kind == OU_ERR_NAME                          ? enc
                                                                                            : enc || dec;
    if (!fits)
        return ou_type_error(vm, "don't know how to handle %T in error callback", exc);
    if (!u->object || (dec ? !ou_isa_bytes(vm, u->object) : !ou_isa_str(vm, u->object)))
        return ou_type_error(vm, u->object ? dec ? "object attribute must be bytes"
                                                 : "object attribute must be unicode"
                                           : "object attribute not set");
    OuStrBuf text;
    OuByteBuf bytes = {.vm = vm};
    OuUtf8 name = {.s = NULL};
    OuObj *what = NULL, *at = NULL, *r = NULL;
    ou_ssize n = dec ? (ou_ssize)OU_BYTES(u->object)->len : ou_str_len(u->object), start = u->start,
             end = u->end;
    start = start < 0 ? 0 : start > n ? n : start;
    end = end < start ? start : end > n ? n : end;
    ou_strbuf_init(&text, vm);
    if (!tr && ou_str_utf8(vm, u->encoding, &name, true) < 0)
        return NULL;
    size_t pos = (size_t)end;
    int e = dec ? decode_builtin(vm, kind, name.s, (const unsigned char *)OU_BYTES(u->object)->data,
                                 (size_t)n, (size_t)start, (size_t)end, &text, &pos)
                : encode_builtin(vm, kind, name.s, u->object, start, end, &text, &bytes);
    if (e == 0)
        ou_raise_obj(vm, exc);
    if (e == 1) {
        what = bytes.n ? ou_bytebuf_take(&bytes) : ou_strbuf_take(&text);
        at = ou_int(vm, (int64_t)pos);
        if (what && at)
            r = ou_tuple_pack(vm, 2, what, at);
    }
    ou_xdecref(vm, what);
    ou_xdecref(vm, at);
    ou_bytebuf_free(&bytes);
    ou_strbuf_free(&text);
    ou_utf8_free(vm, &name);
    return r;
}

#define HANDLER(name, kind)                                                        \
    static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames) \
    {                                                                              \
        return as_function(vm, kind, args[0]);                                     \
    }
HANDLER(strict_errors, OU_ERR_STRICT)
HANDLER(ignore_errors, OU_ERR_IGNORE)
HANDLER(replace_errors, OU_ERR_REPLACE)
HANDLER(backslashreplace_errors, OU_ERR_BACKSLASH)
HANDLER(xmlcharrefreplace_errors, OU_ERR_XMLCHARREF)
HANDLER(namereplace_errors, OU_ERR_NAME)
HANDLER(surrogateescape, OU_ERR_SURROGATEESCAPE)
HANDLER(surrogatepass, OU_ERR_SURROGATEPASS)

static const OuFn handlers[] = {
    {"strict_errors(exception, /)", strict_errors, 0,
     "Implements the 'strict' error handling, which raises a UnicodeError on coding errors."},
    {"ignore_errors(exception, /)", ignore_errors, 0,
     "Implements the 'ignore' error handling, which ignores malformed data and continues."},
    {"replace_errors(exception, /)", replace_errors, 0,
     "Implements the 'replace' error handling, which replaces malformed data with a replacement marker."},
    {"backslashreplace_errors(exception, /)", backslashreplace_errors, 0,
     "Implements the 'backslashreplace' error handling, which replaces malformed data with a backslashed "
     "escape sequence."},
    {"xmlcharrefreplace_errors(exception, /)", xmlcharrefreplace_errors, 0,
     "Implements the 'xmlcharrefreplace' error handling, which replaces an unencodable character with the "
     "appropriate XML character reference."},
    {"namereplace_errors(exception, /)", namereplace_errors, 0,
     "Implements the 'namereplace' error handling, which replaces an unencodable character with a \\N{...} "
     "escape sequence."},
    {"surrogateescape(exception, /)", surrogateescape, 0, NULL},
    {"surrogatepass(exception, /)", surrogatepass, 0, NULL},
};

int ou_codec_register_builtin_errors(OuVM *vm, OuObj *dict)
{
    for (int i = 0; i < OU_ERR_OTHER; i++) {
        OuObj *f = ou_builtin_new(vm, &handlers[i], NULL, NULL, false);
        int r = f ? ou_dict_set_s(vm, dict, kind_names[i], f) : -1;
        ou_xdecref(vm, f);
        if (r < 0)
            return -1;
    }
    return 0;
}
