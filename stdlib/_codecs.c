/* stdlib/_codecs.c - module _codecs: the registry and every native codec.  Codecs of East Asian encodings: mbcodec/. */
#include "vm/codec/codec.h"
#include "vm/text/bytes.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

/* An optional str argument as C text: out->s NULL when absent or None. */
static int opt_text(OuVM *vm, OuObj *o, const char *fn, const char *name, OuUtf8 *out)
{
    *out = (OuUtf8){0};
    if (!o || o == OU_NONE(vm))
        return 0;
    if (!ou_isa_str(vm, o))
        return ou_type_error_i(vm, "%s() argument '%s' must be str, not %s", fn, name,
                               ou_arg_type_name(vm, o));
    return ou_str_utf8_name(vm, o, out);
}

static OuObj *pair(OuVM *vm, OuObj *x_take, ou_ssize n)
{
    OuObj *i = x_take ? ou_int(vm, n) : NULL, *r = i ? ou_tuple_pack(vm, 2, x_take, i) : NULL;
    ou_xdecref(vm, x_take);
    ou_xdecref(vm, i);
    return r;
}

/* ---- registry --------------------------------------------------------------------------------- */
FN(c_register)
{
    OuCodecs *c = ou_codecs(vm);
    if (!c)
        return NULL;
    if (!ou_callable(vm, args[0]))
        return ou_type_error(vm, "argument must be callable");
    return ou_list_append(vm, c->search, args[0]) < 0 ? NULL : ou_none(vm);
}

FN(c_unregister)
{
    OuCodecs *c = ou_codecs(vm);
    if (!c)
        return NULL;
    for (size_t i = 0; i < OU_LIST(c->search)->n; i++) {
        if (OU_LIST(c->search)->items[i] == args[0]) {
            ou_dict_clear(vm, c->cache);
            OuObj *k = ou_int(vm, (int64_t)i);
            int r = k ? ou_delitem(vm, c->search, k) : -1;
            ou_xdecref(vm, k);
            return r < 0 ? NULL : ou_none(vm);
        }
    }
    return ou_none(vm);
}

FN(c_lookup)
{
    OuUtf8 e;
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "lookup() argument must be str, not %s", ou_arg_type_name(vm, args[0]));
    if (ou_str_utf8_name(vm, args[0], &e) < 0)
        return NULL;
    OuObj *r = ou_codec_lookup(vm, e.s);
    ou_utf8_free(vm, &e);
    return r;
}

static OuObj *code(OuVM *vm, OuObj *const *args, int which)
{
    const char *fn = which ? "decode" : "encode";
    OuUtf8 enc, err;
    OuObj *r = NULL;
    if (opt_text(vm, args[1], fn, "encoding", &enc) < 0)
        return NULL;
    if (opt_text(vm, args[2], fn, "errors", &err) == 0) {
        OuObj *info = ou_codec_lookup(vm, enc.s ? enc.s : "utf-8");
        if (info)
            r = err.s ? ou_call2(vm, OU_TUPLE(info)->items[which], args[0], args[2])
                      : ou_call1(vm, OU_TUPLE(info)->items[which], args[0]);
        if (info && !r)
            ou_codec_wrap_error(vm, which ? "decoding" : "encoding", enc.s ? enc.s : "utf-8");
        ou_xdecref(vm, info);
        ou_utf8_free(vm, &err);
    }
    ou_utf8_free(vm, &enc);
    if (r && (!ou_isa_tuple(vm, r) || OU_TUPLE(r)->n != 2)) {
        ou_type_error(vm, which ? "decoder must return a tuple (object,integer)"
                                : "encoder must return a tuple (object, integer)");
        ou_clear(vm, r);
    }
    if (!r)
        return NULL;
    OuObj *x = ou_ref(OU_TUPLE(r)->items[0]);
    ou_decref(vm, r);
    return x;
}
FN(c_encode)
{
    return code(vm, args, 0);
}
FN(c_decode)
{
    return code(vm, args, 1);
}

FN(c_register_error)
{
    OuCodecs *c = ou_codecs(vm);
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "register_error() argument 1 must be str, not %s",
                             ou_arg_type_name(vm, args[0]));
    if (!ou_callable(vm, args[1]))
        return ou_type_error(vm, "handler must be callable");
    OuUtf8 name;
    if (ou_str_utf8_name(vm, args[0], &name) < 0)
        return NULL;
    ou_utf8_free(vm, &name);
    return !c || ou_dict_set(vm, c->errors, args[0], args[1]) < 0 ? NULL : ou_none(vm);
}

FN(c_lookup_error)
{
    OuUtf8 e;
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "lookup_error() argument must be str, not %s",
                             ou_arg_type_name(vm, args[0]));
    if (ou_str_utf8_name(vm, args[0], &e) < 0)
        return NULL;
    OuObj *r = ou_codec_lookup_error(vm, e.s);
    ou_utf8_free(vm, &e);
    return r;
}

FN(c_forget_codec)
{
    OuCodecs *c = ou_codecs(vm);
    if (!c)
        return NULL;
    int r = ou_dict_contains(vm, c->cache, args[0]);
    if (r > 0)
        r = ou_dict_del(vm, c->cache, args[0]) < 0 ? -1 : 1;
    return r < 0 ? NULL : ou_bool(vm, r);
}

/* ---- encoders ------------------------------------------------------------------------------------ */
typedef OuObj *(*Encoder)(OuVM *vm, OuObj *s, const char *errors);
static OuObj *encode(OuVM *vm, const char *fn, OuObj *s, OuObj *errors, Encoder f)
{
    OuUtf8 err;
    if (!ou_isa_str(vm, s))
        return ou_type_error(vm, "%s() argument 1 must be str, not %s", fn, ou_arg_type_name(vm, s));
    if (opt_text(vm, errors, fn, "errors", &err) < 0)
        return NULL;
    OuObj *r = f(vm, s, err.s);
    ou_utf8_free(vm, &err);
    return pair(vm, r, ou_str_len(s));
}
static OuObj *e_utf16(OuVM *vm, OuObj *s, const char *e)
{
    return ou_utf16_encode(vm, s, e, 0);
}
static OuObj *e_utf16le(OuVM *vm, OuObj *s, const char *e)
{
    return ou_utf16_encode(vm, s, e, -1);
}
static OuObj *e_utf16be(OuVM *vm, OuObj *s, const char *e)
{
    return ou_utf16_encode(vm, s, e, 1);
}
static OuObj *e_utf32(OuVM *vm, OuObj *s, const char *e)
{
    return ou_utf32_encode(vm, s, e, 0);
}
static OuObj *e_utf32le(OuVM *vm, OuObj *s, const char *e)
{
    return ou_utf32_encode(vm, s, e, -1);
}
static OuObj *e_utf32be(OuVM *vm, OuObj *s, const char *e)
{
    return ou_utf32_encode(vm, s, e, 1);
}
static OuObj *e_esc(OuVM *vm, OuObj *s, const char *e)
{
    return ou_unicode_escape_encode(vm, s);
}
static OuObj *e_raw(OuVM *vm, OuObj *s, const char *e)
{
    return ou_raw_unicode_escape_encode(vm, s);
}
#define ENC(name, f)                                   \
    FN(c_##name)                                       \
    {                                                  \
        return encode(vm, #name, args[0], args[1], f); \
    }
ENC(utf_8_encode, ou_utf8_encode)
ENC(utf_7_encode, ou_utf7_encode)
ENC(latin_1_encode, ou_latin1_encode)
ENC(ascii_encode, ou_ascii_encode)
ENC(utf_16_le_encode, e_utf16le)
ENC(utf_16_be_encode, e_utf16be)
ENC(utf_32_le_encode, e_utf32le)
ENC(utf_32_be_encode, e_utf32be)
ENC(unicode_escape_encode, e_esc)
ENC(raw_unicode_escape_encode, e_raw)

static OuObj *encode_order(OuVM *vm, const char *fn, OuObj *const *args, Encoder little, Encoder native,
                           Encoder big)
{
    int order = 0;
    if (args[2] && ou_as_int(vm, args[2], &order) < 0)
        return NULL;
    return encode(vm, fn, args[0], args[1], order < 0 ? little : order > 0 ? big : native);
}
FN(c_utf_16_encode)
{
    return encode_order(vm, "utf_16_encode", args, e_utf16le, e_utf16, e_utf16be);
}
FN(c_utf_32_encode)
{
    return encode_order(vm, "utf_32_encode", args, e_utf32le, e_utf32, e_utf32be);
}

FN(c_charmap_encode)
{
    OuUtf8 err;
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "charmap_encode() argument 1 must be str, not %s",
                             ou_arg_type_name(vm, args[0]));
    if (opt_text(vm, args[1], "charmap_encode", "errors", &err) < 0)
        return NULL;
    OuObj *r = ou_charmap_encode(vm, args[0], err.s, args[2]);
    ou_utf8_free(vm, &err);
    return pair(vm, r, ou_str_len(args[0]));
}

FN(c_charmap_build)
{
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "charmap_build() argument must be str, not %s",
                             ou_arg_type_name(vm, args[0]));
    return ou_charmap_build(vm, args[0]);
}

FN(c_escape_encode)
{
    if (!ou_isa_bytes(vm, args[0]))
        return ou_type_error(vm, "escape_encode() argument 1 must be bytes, not %s",
                             ou_arg_type_name(vm, args[0]));
    OuObj *t = ou_bytes_repr_of(vm, "", OU_BYTES(args[0])->data, OU_BYTES(args[0])->len, "");
    if (!t)
        return NULL;
    /* the repr without b and quotes; with double quotes around, a single one inside is escaped by hand */
    OuByteBuf b = {.vm = vm};
    bool dbl = OU_STR(t)->data[1] == '"';
    int e = 0;
    for (size_t i = 2; i + 1 < OU_STR(t)->len && e == 0; i++) {
        char c = OU_STR(t)->data[i];
        if (dbl && c == '\'')
            e = ou_bytebuf_char(&b, '\\');
        if (e == 0)
            e = ou_bytebuf_char(&b, (unsigned char)c);
    }
    ou_decref(vm, t);
    if (e < 0) {
        ou_bytebuf_free(&b);
        return NULL;
    }
    return pair(vm, ou_bytebuf_take(&b), (ou_ssize)OU_BYTES(args[0])->len);
}

/* ---- decoders ----------------------------------------------------------------------------------------- */
typedef OuObj *(*Decoder)(OuVM *vm, const char *s, size_t n, const char *errors, size_t *consumed);
/* str_ok: a str argument stands for its UTF-8 form. */
static OuObj *decode(OuVM *vm, const char *fn, OuObj *data, OuObj *errors, OuObj *final_obj, bool dflt_final,
                     bool str_ok, Decoder f)
{
    OuUtf8 err, own = {0};
    OuBuffer v = {.obj = NULL};
    int final = final_obj ? ou_is_true(vm, final_obj) : dflt_final;
    if (final < 0)
        return NULL;
    if (str_ok && ou_isa_str(vm, data)) {
        if (ou_str_utf8(vm, data, &own, false) < 0)
            return NULL;
        v.buf = (void *)own.s;
        v.len = (ou_ssize)own.n;
    } else if (ou_buffer_get(vm, data, &v, OU_BUF_SIMPLE) < 0) {
        return NULL;
    }
    OuObj *r = NULL;
    if (opt_text(vm, errors, fn, "errors", &err) == 0) {
        size_t used = (size_t)v.len;
        r = pair(vm, f(vm, v.buf, (size_t)v.len, err.s, final ? NULL : &used), 0);
        ou_utf8_free(vm, &err);
        if (r) {
            ou_decref(vm, OU_TUPLE(r)->items[1]);
            OU_TUPLE(r)->items[1] = ou_int(vm, final ? v.len : (ou_ssize)used);
        }
    }
    ou_buffer_release(vm, &v);
    ou_utf8_free(vm, &own);
    return r;
}
#define D_ORDER(name, width, ord)                                                          \
    static OuObj *d_##name(OuVM *vm, const char *s, size_t n, const char *e, size_t *used) \
    {                                                                                      \
        int order = ord;                                                                   \
        return ou_utf##width##_decode(vm, s, n, e, &order, used);                          \
    }
D_ORDER(utf16, 16, 0)
D_ORDER(utf16le, 16, -1)
D_ORDER(utf16be, 16, 1)
D_ORDER(utf32, 32, 0)
D_ORDER(utf32le, 32, -1)
D_ORDER(utf32be, 32, 1) static OuObj *d_latin1(OuVM *vm, const char *s, size_t n, const char *e, size_t *used)
{
    return ou_str_latin1(vm, s, (ou_ssize)n);
}
static OuObj *d_ascii(OuVM *vm, const char *s, size_t n, const char *e, size_t *used)
{
    return ou_ascii_decode(vm, s, n, e);
}
static OuObj *d_escape(OuVM *vm, const char *s, size_t n, const char *e, size_t *used)
{
    return ou_bytes_escape_decode(vm, s, n, e);
}
#define DEC(name, f)                                                          \
    FN(c_##name)                                                              \
    {                                                                         \
        return decode(vm, #name, args[0], args[1], args[2], false, false, f); \
    }
#define DEC2(name, f)                                                     \
    FN(c_##name)                                                          \
    {                                                                     \
        return decode(vm, #name, args[0], args[1], NULL, true, false, f); \
    }
DEC(utf_8_decode, ou_utf8_decode)
DEC(utf_7_decode, ou_utf7_decode)
DEC(utf_16_decode, d_utf16)
DEC(utf_16_le_decode, d_utf16le)
DEC(utf_16_be_decode, d_utf16be)
DEC(utf_32_decode, d_utf32)
DEC(utf_32_le_decode, d_utf32le)
DEC(utf_32_be_decode, d_utf32be)
DEC2(latin_1_decode, d_latin1)
DEC2(ascii_decode, d_ascii)
FN(c_unicode_escape_decode)
{
    return decode(vm, "unicode_escape_decode", args[0], args[1], args[2], true, true,
                  ou_unicode_escape_decode);
}
FN(c_raw_unicode_escape_decode)
{
    return decode(vm, "raw_unicode_escape_decode", args[0], args[1], args[2], true, true,
                  ou_raw_unicode_escape_decode);
}
FN(c_escape_decode)
{
    return decode(vm, "escape_decode", args[0], args[1], NULL, true, true, d_escape);
}

static OuObj *decode_ex(OuVM *vm, const char *fn, OuObj *const *args, int width)
{
    OuUtf8 err;
    OuBuffer v;
    int order = 0, final = args[3] ? ou_is_true(vm, args[3]) : 0;
    if (final < 0 || (args[2] && ou_as_int(vm, args[2], &order) < 0) ||
        ou_buffer_get(vm, args[0], &v, OU_BUF_SIMPLE) < 0)
        return NULL;
    OuObj *t = NULL, *r = NULL;
    size_t used = (size_t)v.len;
    if (opt_text(vm, args[1], fn, "errors", &err) == 0) {
        t = (width == 16 ? ou_utf16_decode : ou_utf32_decode)(vm, v.buf, (size_t)v.len, err.s, &order,
                                                              final ? NULL : &used);
        ou_utf8_free(vm, &err);
    }
    ou_buffer_release(vm, &v);
    if (t) {
        OuObj *a[3] = {t, ou_int(vm, (int64_t)used), ou_int(vm, order)};
        r = ou_tuple_of_take(vm, a, 3);
    }
    return r;
}
FN(c_utf_16_ex_decode)
{
    return decode_ex(vm, "utf_16_ex_decode", args, 16);
}
FN(c_utf_32_ex_decode)
{
    return decode_ex(vm, "utf_32_ex_decode", args, 32);
}

FN(c_charmap_decode)
{
    OuUtf8 err;
    OuBuffer v;
    if (ou_buffer_get(vm, args[0], &v, OU_BUF_SIMPLE) < 0)
        return NULL;
    ou_ssize n = v.len;
    OuObj *r = NULL;
    if (opt_text(vm, args[1], "charmap_decode", "errors", &err) == 0) {
        r = ou_charmap_decode(vm, v.buf, (size_t)n, err.s, args[2]);
        ou_utf8_free(vm, &err);
    }
    ou_buffer_release(vm, &v);
    return pair(vm, r, n);
}

FN(c_readbuffer_encode)
{
    OuUtf8 own = {0};
    OuBuffer v = {.obj = NULL};
    if (ou_isa_str(vm, args[0])) {
        if (ou_str_utf8(vm, args[0], &own, false) < 0)
            return NULL;
        v.buf = (void *)own.s;
        v.len = (ou_ssize)own.n;
    } else if (ou_buffer_get(vm, args[0], &v, OU_BUF_SIMPLE) < 0) {
        return NULL;
    }
    OuObj *r = pair(vm, ou_bytes_new(vm, v.len ? v.buf : "", v.len), v.len);
    ou_buffer_release(vm, &v);
    ou_utf8_free(vm, &own);
    return r;
}

#define E2(n)                                      \
    {                                              \
#n "(str, errors=None, /)", c_##n, 0, NULL \
    }
#define E3(n)                                                   \
    {                                                           \
#n "(str, errors=None, byteorder=0, /)", c_##n, 0, NULL \
    }
#define D2(n)                                       \
    {                                               \
#n "(data, errors=None, /)", c_##n, 0, NULL \
    }
#define D3(n)                                                    \
    {                                                            \
#n "(data, errors=None, final=False, /)", c_##n, 0, NULL \
    }
static const OuFn functions[] = {
    {"register(search_function, /)", c_register, 0, "Register a codec search function."},
    {"unregister(search_function, /)", c_unregister, 0,
     "Unregister a codec search function and clear the registry's cache."},
    {"lookup(encoding, /)", c_lookup, 0,
     "Looks up a codec tuple in the Python codec registry and returns a CodecInfo object."},
    {"encode(obj, encoding='utf-8', errors='strict')", c_encode, 0,
     "Encodes obj using the codec registered for encoding."},
    {"decode(obj, encoding='utf-8', errors='strict')", c_decode, 0,
     "Decodes obj using the codec registered for encoding."},
    {"register_error(errors, handler, /)", c_register_error, 0,
     "Register the specified error handler under the name errors."},
    {"lookup_error(name, /)", c_lookup_error, 0, "lookup_error(errors) -> handler"},
    {"_forget_codec(encoding, /)", c_forget_codec, 0,
     "Purge the named codec from the internal codec lookup cache"},
    E2(utf_8_encode),
    E2(utf_7_encode),
    E2(latin_1_encode),
    E2(ascii_encode),
    E2(utf_16_le_encode),
    E2(utf_16_be_encode),
    E2(utf_32_le_encode),
    E2(utf_32_be_encode),
    E2(unicode_escape_encode),
    E2(raw_unicode_escape_encode),
    E3(utf_16_encode),
    E3(utf_32_encode),
    D3(utf_8_decode),
    D3(utf_7_decode),
    D3(utf_16_decode),
    D3(utf_16_le_decode),
    D3(utf_16_be_decode),
    D3(utf_32_decode),
    D3(utf_32_le_decode),
    D3(utf_32_be_decode),
    D2(latin_1_decode),
    D2(ascii_decode),
    D2(escape_decode),
    {"unicode_escape_decode(data, errors=None, final=True, /)", c_unicode_escape_decode, 0, NULL},
    {"raw_unicode_escape_decode(data, errors=None, final=True, /)", c_raw_unicode_escape_decode, 0, NULL},
    {"utf_16_ex_decode(data, errors=None, byteorder=0, final=False, /)", c_utf_16_ex_decode, 0, NULL},
    {"utf_32_ex_decode(data, errors=None, byteorder=0, final=False, /)", c_utf_32_ex_decode, 0, NULL},
    {"charmap_encode(str, errors=None, mapping=None, /)", c_charmap_encode, 0, NULL},
    {"charmap_decode(data, errors=None, mapping=None, /)", c_charmap_decode, 0, NULL},
    {"charmap_build(map, /)", c_charmap_build, 0, NULL},
    {"escape_encode(data, errors=None, /)", c_escape_encode, 0, NULL},
    {"readbuffer_encode(data, errors=None, /)", c_readbuffer_encode, 0, NULL},
    {0},
};

const OuModuleDef ou_mod__codecs = {.name = "_codecs", .functions = functions};
