/* stdlib/io/textcodec.c - how TextIOWrapper encodes and decodes: natively where it can, else by the codec's
 * objects. */
#include "text.h"
#include "vm/text/text.h"

#include <ctype.h>

static OuNative_codec native_of(OuObj *encoding)
{
    char n[16];
    ou_ssize len = ou_str_len(encoding);
    if (!OU_STR(encoding)->ascii || len >= (ou_ssize)sizeof n)
        return OU_NATIVE_NONE;
    for (ou_ssize i = 0; i <= len; i++)
        n[i] = OU_STR(encoding)->data[i] == '_' ? '-' : (char)tolower(OU_STR(encoding)->data[i]);
    if (!strcmp(n, "utf-8") || !strcmp(n, "utf8"))
        return OU_NATIVE_UTF8;
    if (!strcmp(n, "latin-1") || !strcmp(n, "latin1") || !strcmp(n, "iso-8859-1") || !strcmp(n, "iso8859-1"))
        return OU_NATIVE_LATIN1;
    if (!strcmp(n, "ascii") || !strcmp(n, "us-ascii"))
        return OU_NATIVE_ASCII;
    return OU_NATIVE_NONE;
}

/* info.incrementaldecoder(errors) or incrementalencoder */
static OuObj *codec_object(OuVM *vm, OuObj *info, const char *what, OuObj *errors)
{
    OuObj *cls = ou_getattr_s(vm, info, what), *o = cls ? ou_call1(vm, cls, errors) : NULL;
    ou_xdecref(vm, cls);
    return o;
}

static int set_object(OuVM *vm, OuObj **field, OuObj *o)
{
    OuObj *old = *field; /* what made o may have set one, too */
    *field = o;
    ou_xdecref(vm, old);
    return o ? 0 : -1;
}

int ou_text_set_codec(OuVM *vm, OuTextIO *t, bool readable, bool writable)
{
    OuUtf8 enc;
    ou_clear(vm, t->encoder);
    ou_clear(vm, t->decoder);
    t->decoding = readable;
    t->encoding_on = writable;
    t->ntail = 0;
    t->nl = (OuNewline){.translate = t->translate};
    if ((t->native = native_of(t->encoding)) != OU_NATIVE_NONE)
        return 0;
    OuObj *encoding = ou_ref(t->encoding), *errors = ou_ref(t->errors); /* looking up codecs runs code */
    if (ou_str_utf8(vm, encoding, &enc, false) < 0) {
        ou_decref(vm, encoding);
        ou_decref(vm, errors);
        return -1;
    }
    OuObj *info = ou_codec_lookup(vm, enc.s), *flag;
    int r = -1;
    if (!info)
        goto done;
    int found = ou_lookup_attr(vm, info, OU_NAME(vm, _is_text_encoding), &flag), text = 1;
    if (found > 0) {
        text = ou_is_true(vm, flag);
        ou_decref(vm, flag);
    }
    if (found < 0 || text < 0)
        goto done;
    if (!text) {
        ou_raise(vm, OU_EXC(vm, LookupError),
                 "'%s' is not a text encoding; use codecs.open() to handle arbitrary codecs", enc.s);
        goto done;
    }
    if ((readable && set_object(vm, &t->decoder, codec_object(vm, info, "incrementaldecoder", errors)) < 0) ||
        (writable && set_object(vm, &t->encoder, codec_object(vm, info, "incrementalencoder", errors)) < 0))
        goto done;
    r = 0;
done:
    ou_xdecref(vm, info);
    ou_utf8_free(vm, &enc);
    ou_decref(vm, encoding);
    ou_decref(vm, errors);
    return r;
}

static OuObj *native_decode(OuVM *vm, OuTextIO *t, const char *p, size_t n, bool final, size_t *consumed)
{
    *consumed = n;
    if (t->native == OU_NATIVE_LATIN1)
        return ou_str_latin1(vm, p, (ou_ssize)n);
    OuObj *errors = ou_ref(t->errors); /* a handler may set others */
    const char *e = OU_STR(errors)->data;
    OuObj *r = t->native == OU_NATIVE_UTF8 ? ou_utf8_decode(vm, p, n, e, final ? NULL : consumed)
                                           : ou_ascii_decode(vm, p, n, e);
    ou_decref(vm, errors);
    return r;
}

OuObj *ou_text_decode(OuVM *vm, OuTextIO *t, OuObj *bytes, bool final)
{
    OuObj *text;
    if (!t->errors) { /* a failed __init__ */
        ou_text_check(vm, t);
        return NULL;
    }
    if (t->native == OU_NATIVE_NONE) {
        text = ou_io_call(vm, t->decoder, "decode", 2, bytes, OU_BOOL(vm, final));
        if (text && !ou_isa_str(vm, text)) {
            ou_type_error(vm, "decoder should return a string result, not '%T'", text);
            ou_clear(vm, text);
        }
    } else {
        OuBuffer v;
        OuObj *joined = NULL;
        if (ou_buffer_get(vm, bytes, &v, OU_BUF_SIMPLE) < 0)
            return NULL;
        const char *p = v.buf;
        size_t n = (size_t)v.len, used;
        if (t->ntail) {
            if (!(joined = ou_bytes_new(vm, NULL, (ou_ssize)n + t->ntail))) {
                ou_buffer_release(vm, &v);
                return NULL;
            }
            memcpy(OU_BYTES(joined)->data, t->tail, (size_t)t->ntail);
            memcpy(OU_BYTES(joined)->data + t->ntail, p, n);
            p = OU_BYTES(joined)->data;
            n += (size_t)t->ntail;
        }
        text = native_decode(vm, t, p, n, final, &used);
        if (text) {
            t->ntail = (int)(n - used);
            memcpy(t->tail, p + used, n - used);
        }
        ou_xdecref(vm, joined);
        ou_buffer_release(vm, &v);
    }
    if (!text || !t->universal)
        return text;
    return ou_newline_feed(vm, &t->nl, text, final);
}

int ou_text_encode(OuVM *vm, OuTextIO *t, OuObj *text, OuByteBuf *out)
{
    OuStr *s = OU_STR(text);
    if (t->native != OU_NATIVE_NONE && (s->ascii || (t->native == OU_NATIVE_LATIN1 && s->kind == 1)))
        return ou_bytebuf_put(out, s->data, s->len);
    if (!t->errors)
        return ou_text_check(vm, t);
    OuObj *held = ou_ref(t->errors); /* a handler may set others */
    const char *errors = OU_STR(held)->data;
    OuObj *b;
    switch (t->native) {
    case OU_NATIVE_UTF8:
        b = ou_utf8_encode(vm, text, errors);
        break;
    case OU_NATIVE_LATIN1:
        b = ou_latin1_encode(vm, text, errors);
        break;
    case OU_NATIVE_ASCII:
        b = ou_ascii_encode(vm, text, errors);
        break;
    default:
        b = ou_io_call(vm, t->encoder, "encode", 1, text);
        break;
    }
    ou_decref(vm, held);
    if (b && !ou_isa_bytes(vm, b)) {
        ou_type_error(vm, "encoder should return a bytes object, not '%T'", b);
        ou_clear(vm, b);
    }
    if (!b)
        return -1;
    int r = ou_bytebuf_put(out, OU_BYTES(b)->data, OU_BYTES(b)->len);
    ou_decref(vm, b);
    return r;
}

int ou_text_getstate(OuVM *vm, OuTextIO *t, int64_t *flags, OuObj **bytes)
{
    if (t->native != OU_NATIVE_NONE) {
        *flags = t->nl.pendingcr;
        return (*bytes = ou_bytes_new(vm, t->tail, t->ntail)) ? 0 : -1;
    }
    OuObj *st = ou_io_call(vm, t->decoder, "getstate", 0);
    if (!st)
        return -1;
    int r = -1;
    if (!ou_isa_tuple(vm, st) || OU_TUPLE(st)->n != 2)
        ou_type_error(vm, "illegal decoder state");
    else if (!ou_isa_bytes(vm, OU_TUPLE(st)->items[0]))
        ou_type_error(vm, "illegal decoder state: the first item should be a bytes object, not '%T'",
                      OU_TUPLE(st)->items[0]);
    else if ((r = ou_as_i64(vm, OU_TUPLE(st)->items[1], flags)) == 0)
        *bytes = ou_ref(OU_TUPLE(st)->items[0]);
    ou_decref(vm, st);
    if (r == 0 && t->universal)
        *flags = *flags << 1 | t->nl.pendingcr;
    return r;
}

int ou_text_setstate(OuVM *vm, OuTextIO *t, int64_t flags, OuObj *bytes)
{
    if (t->universal || t->native != OU_NATIVE_NONE) {
        t->nl.pendingcr = flags & 1;
        flags >>= 1;
    }
    if (t->native != OU_NATIVE_NONE) {
        size_t n = OU_BYTES(bytes)->len;
        t->ntail = n < sizeof t->tail ? (int)n : 0;
        memcpy(t->tail, OU_BYTES(bytes)->data, (size_t)t->ntail);
        return 0;
    }
    OuObj *f = ou_int(vm, flags), *st = f ? ou_tuple_pack(vm, 2, bytes, f) : NULL;
    OuObj *r = st ? ou_io_call(vm, t->decoder, "setstate", 1, st) : NULL;
    ou_xdecref(vm, f);
    ou_xdecref(vm, st);
    ou_xdecref(vm, r);
    return r ? 0 : -1;
}

int ou_text_reset_decoder(OuVM *vm, OuTextIO *t)
{
    t->ntail = 0;
    t->nl.pendingcr = false;
    if (!t->decoder)
        return 0;
    OuObj *r = ou_io_call(vm, t->decoder, "reset", 0);
    ou_xdecref(vm, r);
    return r ? 0 : -1;
}
