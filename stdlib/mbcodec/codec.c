/* stdlib/mbcodec/codec.c - MultibyteCodec and the modules that give codecs by name. */
#include "mbcodec.h"

#include "vm/type.h"

static OuMbModule *state(OuVM *vm)
{
    return ou_module_state(vm, &ou_mod__multibytecodec);
}

/* ---- whole texts ---- */

OuObj *ou_mb_decode_all(OuVM *vm, const OuMbCodec *k, OuMbState *st, const char *errors, const void *s,
                        size_t n, size_t *left)
{
    OuDecode d;
    ou_decode_init(&d, vm, k->name, errors, s, n);
    bool ok = true;
    size_t i = 0;
    if (left)
        *left = 0;
    while (ok && i < d.n) {
        uint32_t out[2];
        int nout = 0, r = ou_mb_step_decode(vm, k, st, d.s + i, d.n - i, out, &nout);
        if (ou_err_occurred(vm)) {
            ok = false;
        } else if (r > 0) {
            for (int j = 0; ok && j < nout; j++)
                ok = ou_strbuf_char(&d.out, out[j]) == 0;
            i += (size_t)r;
        } else if (r == 0 && left) {
            *left = d.n - i;
            break;
        } else {
            size_t end = r == 0 ? d.n : i + (size_t)-r;
            ok = ou_decode_error(&d, i, end > d.n ? d.n : end,
                                 r == 0 ? "incomplete multibyte sequence" : "illegal multibyte sequence",
                                 &i) == 0;
        }
    }
    return ou_decode_finish(&d, ok);
}

static int encode_piece(OuEncode *e, const OuMbCodec *k, OuMbState *st, OuObj *text, ou_ssize *pos,
                        bool final, bool nested)
{
    ou_ssize n = ou_str_len(text);
    uint8_t out[OU_MB_MAX];
    int nout;
    while (*pos < n) {
        uint32_t c[2] = {ou_str_at(OU_STR(text), *pos), *pos + 1 < n ? ou_str_at(OU_STR(text), *pos + 1) : 0};
        int r = ou_mb_step_encode(e->vm, k, st, c, *pos + 1 < n ? 2 : 1, final || nested, out, &nout);
        if (ou_err_occurred(e->vm))
            return -1;
        if (r > 0) {
            if (ou_bytebuf_put(&e->out, out, (size_t)nout) < 0)
                return -1;
            *pos += r;
        } else if (r == 0) {
            return 0;
        } else if (nested) {
            ou_encode_raise(e, 0, 1, "illegal multibyte sequence");
            return -1;
        } else {
            OuObj *repl = NULL;
            ou_ssize next = *pos, at = 0;
            if (ou_encode_error(e, *pos, *pos + 1, "illegal multibyte sequence", &repl, &next) < 0)
                return -1;
            int bad = repl ? encode_piece(e, k, st, repl, &at, true, true) : 0;
            ou_xdecref(e->vm, repl);
            if (bad < 0)
                return -1;
            *pos = next;
        }
    }
    return 0;
}

OuObj *ou_mb_encode_all(OuVM *vm, const OuMbCodec *k, OuMbState *st, const char *errors, OuObj *text,
                        ou_ssize *left)
{
    OuEncode e;
    uint8_t out[OU_MB_MAX];
    ou_ssize pos = 0;
    ou_encode_init(&e, vm, k->name, errors, text);
    bool ok = encode_piece(&e, k, st, text, &pos, !left, false) == 0;
    if (ok && left)
        *left = ou_str_len(text) - pos;
    if (ok && !left)
        ok = ou_bytebuf_put(&e.out, out, (size_t)ou_mb_reset(k, st, out)) == 0;
    return ou_encode_finish(&e, ok);
}

/* ---- MultibyteCodec ---- */

static int errors_arg(OuVM *vm, OuObj *o, const char *fn, OuUtf8 *u)
{
    *u = (OuUtf8){0};
    if (!o || o == OU_NONE(vm))
        return 0;
    if (!ou_isa_str(vm, o))
        return ou_type_error_i(vm, "%s() argument 'errors' must be str or None, not %s", fn,
                               ou_arg_type_name(vm, o));
    return ou_str_utf8(vm, o, u, false);
}

static OuObj *with_length(OuVM *vm, OuObj *r_take, ou_ssize n)
{
    OuObj *len = r_take ? ou_int(vm, n) : NULL, *t = len ? ou_tuple_pack(vm, 2, r_take, len) : NULL;
    ou_xdecref(vm, r_take);
    ou_xdecref(vm, len);
    return t;
}

static OuObj *codec_encode(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuUtf8 errors;
    OuMbState st = {0};
    OuObj *text = ou_isa_str(vm, args[1]) ? ou_ref(args[1]) : ou_str(vm, args[1]), *r = NULL;
    if (!text)
        return NULL;
    if (errors_arg(vm, args[2], "encode", &errors) == 0) {
        r = with_length(vm, ou_mb_encode_all(vm, (OuMbCodec *)args[0], &st, errors.s, text, NULL),
                        ou_str_len(text));
        ou_utf8_free(vm, &errors);
    }
    ou_decref(vm, text);
    return r;
}

static OuObj *codec_decode(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuUtf8 errors;
    OuMbState st = {0};
    OuBuffer v;
    OuObj *r = NULL;
    if (ou_buffer_get(vm, args[1], &v, OU_BUF_SIMPLE) < 0)
        return NULL;
    if (errors_arg(vm, args[2], "decode", &errors) == 0) {
        r = with_length(
            vm, ou_mb_decode_all(vm, (OuMbCodec *)args[0], &st, errors.s, v.buf, (size_t)v.len, NULL), v.len);
        ou_utf8_free(vm, &errors);
    }
    ou_buffer_release(vm, &v);
    return r;
}

static const OuFn codec_methods[] = {
    {"encode(self, /, input, errors=None)", codec_encode, 0, "Return an encoded string version of 'input'."},
    {"decode(self, /, input, errors=None)", codec_decode, 0, "Decodes 'input'."},
    {0},
};
static const OuTypeSpec codec_spec = {
    .name = "_multibytecodec.MultibyteCodec",
    .size = sizeof(OuMbCodec),
    .flags = OU_TYPE_NO_NEW,
    .methods = codec_methods,
};

/* ---- modules ---- */

static void clear(OuVM *vm, void *state_)
{
    (void)vm;
    ou_mb_close_converters(state_);
}

static int exec(OuVM *vm, OuObj *m)
{
    OuMbModule *st = ((OuModule *)m)->state;
    return (st->codec = ou_type_from_spec(vm, &codec_spec, NULL)) &&
                   (st->encoder = ou_module_add_type(vm, m, &ou_mb_encoder_spec, NULL)) &&
                   (st->decoder = ou_module_add_type(vm, m, &ou_mb_decoder_spec, NULL)) &&
                   (st->reader = ou_module_add_type(vm, m, &ou_mb_reader_spec, NULL)) &&
                   (st->writer = ou_module_add_type(vm, m, &ou_mb_writer_spec, NULL))
               ? 0
               : -1;
}

const OuModuleDef ou_mod__multibytecodec = {
    .name = "_multibytecodec", .state_size = sizeof(OuMbModule), .exec = exec, .clear = clear};

/* getcodec(name) of a module that has the codecs named in `names`. */
static OuObj *getcodec(OuVM *vm, OuObj *name, const char *const *names)
{
    if (!ou_isa_str(vm, name))
        return ou_type_error(vm, "encoding name must be a string.");
    OuObj *base = ou_import(vm, "_multibytecodec");
    if (!base)
        return NULL;
    ou_decref(vm, base);
    for (; *names; names++) {
        if (!ou_str_eq_s(name, *names))
            continue;
        OuMbCodec *k = (OuMbCodec *)ou_type_alloc(vm, state(vm)->codec, 0);
        if (k) {
            k->name = *names;
            k->cs = ou_mb_charset(*names);
            k->sets = k->cs ? NULL : ou_mb_shift_sets(*names, &k->hz);
        }
        return (OuObj *)k;
    }
    return ou_raise(vm, OU_EXC(vm, LookupError), "no such codec is supported.");
}

#define CODECS(module, ...)                                                                            \
    static OuObj *getcodec_##module(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)        \
    {                                                                                                  \
        static const char *const names[] = {__VA_ARGS__, NULL};                                        \
        return getcodec(vm, args[0], names);                                                           \
    }                                                                                                  \
    static const OuFn functions_##module[] = {{"getcodec(name, /)", getcodec_##module, 0, NULL}, {0}}; \
    extern const OuModuleDef ou_mod_##module;                                                          \
    const OuModuleDef ou_mod_##module = {.name = #module, .functions = functions_##module};
CODECS(_codecs_cn, "gb2312", "gbk", "gb18030", "hz")
CODECS(_codecs_hk, "big5hkscs")
CODECS(_codecs_iso2022, "iso2022_kr", "iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_2004",
       "iso2022_jp_3", "iso2022_jp_ext")
CODECS(_codecs_jp, "shift_jis", "cp932", "euc_jp", "shift_jis_2004", "euc_jis_2004", "euc_jisx0213",
       "shift_jisx0213")
CODECS(_codecs_kr, "euc_kr", "cp949", "johab")
CODECS(_codecs_tw, "big5", "cp950")
