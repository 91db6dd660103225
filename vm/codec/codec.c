/* vm/codec/codec.c - encoding and decoding by name, and the registry.
 *
 * The names every program uses are native and found without importing anything; all others go through the
 * search functions, of which the library's package `encodings` is the first. */
#include "codec.h"
#include "../config.h"
#include "../exceptions.h"
#include "../text/text.h"

#include <ctype.h>

/* Lower case, '-' for '_' and ' '; false if it does not fit. */
static bool normalise(const char *name, char out[32])
{
    size_t k = 0;
    for (; *name; name++) {
        if (k >= 31)
            return false;
        out[k++] = *name == '_' || *name == ' ' ? '-' : (char)tolower((unsigned char)*name);
    }
    out[k] = 0;
    return true;
}

typedef enum { NONE, UTF8, LATIN1, ASCII, UTF16, UTF32 } Native;

static Native native(const char *name)
{
    char n[32];
    if (!name)
        return UTF8;
    if (!normalise(name, n))
        return NONE;
    if (!strcmp(n, "utf-8") || !strcmp(n, "utf8"))
        return UTF8;
    if (!strcmp(n, "latin-1") || !strcmp(n, "latin1") || !strcmp(n, "iso-8859-1") || !strcmp(n, "iso8859-1"))
        return LATIN1;
    if (!strcmp(n, "ascii") || !strcmp(n, "us-ascii"))
        return ASCII;
    if (!strcmp(n, "utf-16") || !strcmp(n, "utf16"))
        return UTF16;
    if (!strcmp(n, "utf-32") || !strcmp(n, "utf32"))
        return UTF32;
    return NONE;
}

OuCodecs *ou_codecs(OuVM *vm)
{
    if (vm->codecs)
        return vm->codecs;
    OuCodecs *c = ou_alloc(vm, sizeof *c);
    if (!c)
        return NULL;
    c->search = ou_list_new(vm, 0);
    c->cache = ou_dict_new(vm);
    c->errors = ou_dict_new(vm);
    if (!c->search || !c->cache || !c->errors || ou_codec_register_builtin_errors(vm, c->errors) < 0) {
        ou_xdecref(vm, c->search);
        ou_xdecref(vm, c->cache);
        ou_xdecref(vm, c->errors);
        ou_free(vm, c, sizeof *c);
        return NULL;
    }
    return vm->codecs = c;
}

void ou_codecs_free(OuVM *vm)
{
    OuCodecs *c = vm->codecs;
    if (!c)
        return;
    vm->codecs = NULL;
    ou_decref(vm, c->search);
    ou_decref(vm, c->cache);
    ou_decref(vm, c->errors);
    ou_free(vm, c, sizeof *c);
}

OuObj *ou_codec_lookup(OuVM *vm, const char *encoding)
{
    OuCodecs *c = ou_codecs(vm);
    if (!c)
        return NULL;
    /* as encodings.normalize_encoding: runs of other characters become one underscore */
    size_t n = strlen(encoding), k = 0;
    char *name = ou_alloc(vm, n + 1);
    if (!name)
        return NULL;
    bool punct = false;
    for (const char *p = encoding; *p; p++) {
        if (isalnum((unsigned char)*p) || *p == '.' || (*p & 0x80)) {
            if (punct && k)
                name[k++] = '_';
            punct = false;
            if (!(*p & 0x80))
                name[k++] = (char)tolower((unsigned char)*p);
        } else {
            punct = true;
        }
    }
    OuObj *key = ou_str_new(vm, name, (ou_ssize)k), *info;
    ou_free(vm, name, n + 1);
    if (!key)
        return NULL;
    key = ou_str_intern(vm, key);
    info = ou_dict_get(vm, c->cache, key);
    if (info || ou_err_occurred(vm)) {
        ou_xincref(info);
        ou_decref(vm, key);
        return info;
    }
    if (OU_LIST(c->search)->n == 0) {
        OuObj *m = ou_import(vm, "encodings");
        if (!m) {
            ou_decref(vm, key);
            return NULL;
        }
        ou_decref(vm, m);
    }
    for (size_t i = 0; i < OU_LIST(c->search)->n; i++) {
        OuObj *f = ou_ref(OU_LIST(c->search)->items[i]);
        info = ou_call1(vm, f, key);
        ou_decref(vm, f);
        if (!info)
            break;
        if (info == OU_NONE(vm)) {
            ou_clear(vm, info);
            continue;
        }
        if (!ou_isa_tuple(vm, info) || OU_TUPLE(info)->n != 4) {
            ou_type_error(vm, "codec search functions must return 4-tuples");
            ou_clear(vm, info);
        }
        break;
    }
    if (info && ou_dict_set(vm, c->cache, key, info) < 0)
        ou_clear(vm, info);
    if (!info && !ou_err_occurred(vm))
        ou_raise(vm, OU_EXC(vm, LookupError), "unknown encoding: %s", encoding);
    ou_decref(vm, key);
    return info;
}

OuObj *ou_codec_lookup_error(OuVM *vm, const char *name)
{
    OuCodecs *c = ou_codecs(vm);
    if (!c)
        return NULL;
    OuObj *f = ou_dict_get_s(vm, c->errors, name ? name : "strict");
    if (!f && !ou_err_occurred(vm))
        return ou_raise(vm, OU_EXC(vm, LookupError), "unknown error handler name '%s'", name);
    ou_xincref(f);
    return f;
}

void ou_codec_wrap_error(OuVM *vm, const char *operation, const char *encoding)
{
    OuObj *exc = ou_err_fetch(vm);
    if (!exc)
        return;
    OuType *t = OU_TYPE_OF(vm, exc), *base = OU_EXC(vm, BaseException);
    OuExc *e = (OuExc *)exc;
    OuObj *arg = e->args && OU_TUPLE(e->args)->n == 1 ? OU_TUPLE(e->args)->items[0] : NULL;
    bool plain =
        t->s.init == base->s.init && t->s.new_ == base->s.new_ && t->layout == base->layout && t->nslots == 0;
    if (!plain || !e->args || OU_TUPLE(e->args)->n > 1 || (arg && !ou_isa_str(vm, arg)) ||
        (e->dict && OU_DICT(e->dict)->used)) {
        ou_err_restore(vm, exc);
        return;
    }
    OuObj *msg = ou_str_fmt(vm, "%s with '%s' codec failed (%T: %S)", operation, encoding, exc, exc);
    OuObj *wrapped = msg ? ou_call1(vm, (OuObj *)t, msg) : NULL;
    ou_xdecref(vm, msg);
    if (!wrapped) {
        ou_err_clear(vm);
        ou_err_restore(vm, exc);
        return;
    }
    ou_exc_set_cause(vm, wrapped, exc); /* the cause only, as _PyErr_TrySetFromCause */
    ou_err_restore(vm, wrapped);
}

/* The codec's function i (0 encode, 1 decode) applied to o; the first item of its result. */
static OuObj *by_registry(OuVM *vm, const char *encoding, const char *errors, OuObj *o, int i)
{
    OuObj *info = ou_codec_lookup(vm, encoding), *flag, *r = NULL;
    if (!info)
        return NULL;
    if (!ou_is(info, tuple)) {
        int found = ou_lookup_attr(vm, info, OU_NAME(vm, _is_text_encoding), &flag), text = 1;
        if (found > 0) {
            text = ou_is_true(vm, flag);
            ou_decref(vm, flag);
        }
        if (found < 0 || text < 0) {
            ou_decref(vm, info);
            return NULL;
        }
        if (!text) {
            ou_decref(vm, info);
            return ou_raise(vm, OU_EXC(vm, LookupError),
                            "'%s' is not a text encoding; use %s to handle arbitrary codecs", encoding,
                            i ? "codecs.decode()" : "codecs.encode()");
        }
    }
    OuObj *args[2] = {o, errors ? ou_str_new(vm, errors, -1) : NULL};
    if (!errors || args[1])
        r = ou_call(vm, OU_TUPLE(info)->items[i], args, errors ? 2 : 1, NULL);
    if (!r)
        ou_codec_wrap_error(vm, i ? "decoding" : "encoding", encoding);
    ou_xdecref(vm, args[1]);
    ou_decref(vm, info);
    if (r && (!ou_isa_tuple(vm, r) || OU_TUPLE(r)->n != 2)) {
        ou_type_error(vm, i ? "decoder must return a tuple (object,integer)"
                            : "encoder must return a tuple (object, integer)");
        ou_clear(vm, r);
    }
    if (!r)
        return NULL;
    OuObj *x = ou_ref(OU_TUPLE(r)->items[0]);
    ou_decref(vm, r);
    return x;
}

int ou_codec_check_names(OuVM *vm, const char *encoding, const char *errors)
{
    if (!vm->config || !vm->config->dev_mode || vm->finalizing)
        return 0;
    if (encoding && native(encoding) == NONE) {
        OuObj *info = ou_codec_lookup(vm, encoding);
        if (!info)
            return -1;
        ou_decref(vm, info);
    }
    if (errors && ou_codec_error_kind(errors) == OU_ERR_OTHER) {
        OuObj *f = ou_codec_lookup_error(vm, errors);
        if (!f)
            return -1;
        ou_decref(vm, f);
    }
    return 0;
}

OuObj *ou_str_encode(OuVM *vm, OuObj *s, const char *encoding, const char *errors)
{
    if (ou_codec_check_names(vm, encoding, errors) < 0)
        return NULL;
    switch (native(encoding)) {
    case UTF8:
        return ou_utf8_encode(vm, s, errors);
    case LATIN1:
        return ou_latin1_encode(vm, s, errors);
    case ASCII:
        return ou_ascii_encode(vm, s, errors);
    case UTF16:
        return ou_utf16_encode(vm, s, errors, 0);
    case UTF32:
        return ou_utf32_encode(vm, s, errors, 0);
    case NONE:
        break;
    }
    OuObj *r = by_registry(vm, encoding, errors, s, 0);
    if (!r || ou_isa_bytes(vm, r))
        return r;
    if (ou_isa(vm, r, bytearray)) {
        OuByteArray *b = (OuByteArray *)r;
        OuObj *copy = NULL;
        if (ou_warn(vm, OU_EXC(vm, RuntimeWarning), 1,
                    "encoder %s returned bytearray instead of bytes; use codecs.encode() to encode to "
                    "arbitrary types",
                    encoding) == 0)
            copy = ou_bytes_new(vm, b->start, (ou_ssize)b->len);
        ou_decref(vm, r);
        return copy;
    }
    ou_type_error(
        vm, "'%s' encoder returned '%T' instead of 'bytes'; use codecs.encode() to encode to arbitrary types",
        encoding, r);
    ou_decref(vm, r);
    return NULL;
}

OuObj *ou_str_decode(OuVM *vm, const char *bytes, size_t n, const char *encoding, const char *errors)
{
    int order = 0;
    if (ou_codec_check_names(vm, encoding, errors) < 0)
        return NULL;
    switch (native(encoding)) {
    case UTF8:
        return ou_utf8_decode(vm, bytes, n, errors, NULL);
    case LATIN1:
        return ou_str_latin1(vm, bytes, (ou_ssize)n);
    case ASCII:
        return ou_ascii_decode(vm, bytes, n, errors);
    case UTF16:
        return ou_utf16_decode(vm, bytes, n, errors, &order, NULL);
    case UTF32:
        return ou_utf32_decode(vm, bytes, n, errors, &order, NULL);
    case NONE:
        break;
    }
    OuObj *b = ou_bytes_new(vm, n ? bytes : "", (ou_ssize)n), *view = b ? ou_memoryview_new(vm, b) : NULL,
          *r = NULL;
    if (view)
        r = by_registry(vm, encoding, errors, view, 1);
    ou_xdecref(vm, view);
    ou_xdecref(vm, b);
    if (!r || ou_isa_str(vm, r))
        return r;
    ou_type_error(
        vm, "'%s' decoder returned '%T' instead of 'str'; use codecs.decode() to decode to arbitrary types",
        encoding, r);
    ou_decref(vm, r);
    return NULL;
}

/* ---- file names ---------------------------------------------------------------------------- */
OuObj *ou_fs_decode(OuVM *vm, const char *s, ou_ssize n)
{
    return ou_utf8_decode(vm, s, n < 0 ? strlen(s) : (size_t)n, "surrogateescape", NULL);
}

int ou_fs_path(OuVM *vm, OuObj *o, OuObj **out)
{
    OuObj *p = ou_ref(o), *m;
    if (!ou_isa_str(vm, o) && !ou_isa_bytes(vm, o)) {
        int found = ou_lookup_special(vm, o, OU_NAME(vm, __fspath__), &m);
        ou_decref(vm, p);
        if (found < 0)
            return -1;
        if (!found)
            return ou_type_error_i(vm, "expected str, bytes or os.PathLike object, not %T", o);
        p = ou_call0(vm, m);
        ou_decref(vm, m);
        if (!p)
            return -1;
        if (!ou_isa_str(vm, p) && !ou_isa_bytes(vm, p)) {
            ou_type_error(vm, "expected %T.__fspath__() to return str or bytes, not %T", o, p);
            ou_decref(vm, p);
            return -1;
        }
    }
    OuObj *b = ou_isa_str(vm, p) ? ou_utf8_encode(vm, p, "surrogateescape") : ou_ref(p);
    ou_decref(vm, p);
    if (!b)
        return -1;
    if (memchr(OU_BYTES(b)->data, 0, OU_BYTES(b)->len)) {
        ou_decref(vm, b);
        return ou_value_error_i(vm, "embedded null byte");
    }
    *out = b;
    return 0;
}
