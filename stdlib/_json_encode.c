/* stdlib/_json_encode.c - module _json: the encoder behind json.dumps. */
#include <math.h>
#include <string.h>

#include "_json.h"
#include "vm/int_big.h"

typedef struct Encoder {
    OuObj hdr;
    OuObj *markers, *dflt, *encoder, *indent, *key_separator, *item_separator;
    bool sort_keys, skipkeys, allow_nan;
    int fast; /* 1: encoder is our encode_basestring_ascii, 2: encode_basestring */
} Encoder;
#define E(o) ((Encoder *)(o))

static int escape(OuStrBuf *b, uint32_t c)
{
    static const char digits[] = "0123456789abcdef";
    char out[8] = {'\\', 0};
    switch (c) {
    case '"':
    case '\\':
        out[1] = (char)c;
        return ou_strbuf_ascii(b, out, 2);
    case '\b':
        return ou_strbuf_ascii(b, "\\b", 2);
    case '\f':
        return ou_strbuf_ascii(b, "\\f", 2);
    case '\n':
        return ou_strbuf_ascii(b, "\\n", 2);
    case '\r':
        return ou_strbuf_ascii(b, "\\r", 2);
    case '\t':
        return ou_strbuf_ascii(b, "\\t", 2);
    default:
        break;
    }
    if (c > 0xffff) {
        if (escape(b, 0xd800 + ((c - 0x10000) >> 10)) < 0)
            return -1;
        c = 0xdc00 + ((c - 0x10000) & 0x3ff);
    }
    out[1] = 'u';
    for (int i = 0; i < 4; i++)
        out[2 + i] = digits[c >> (12 - 4 * i) & 15];
    return ou_strbuf_ascii(b, out, 6);
}

/* The quoted form of s: runs of plain characters are copied as they are. */
static int quote(OuStrBuf *b, OuObj *s, bool ascii)
{
    const OuStr *str = OU_STR(s);
    ou_ssize n = ou_str_len(s), from = 0;
    if (ou_strbuf_char(b, '"') < 0)
        return -1;
    for (ou_ssize i = 0; i < n; i++) {
        uint32_t c = ou_str_at(str, i);
        if (c >= ' ' && c != '"' && c != '\\' && !(ascii && c > '~'))
            continue;
        if ((from < i && ou_strbuf_sub(b, s, from, i) < 0) || escape(b, c) < 0)
            return -1;
        from = i + 1;
    }
    if (from < n && ou_strbuf_sub(b, s, from, n) < 0)
        return -1;
    return ou_strbuf_char(b, '"');
}

static OuObj *quoted(OuVM *vm, OuObj *s, bool ascii)
{
    if (!ou_isa_str(vm, s))
        return ou_type_error(vm, "first argument must be a string, not %T", s);
    OuStrBuf b;
    ou_strbuf_init(&b, vm);
    if (quote(&b, s, ascii) < 0) {
        ou_strbuf_free(&b);
        return NULL;
    }
    return ou_strbuf_take(&b);
}

OuObj *ou_json_encode_ascii(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return quoted(vm, args[0], true);
}

OuObj *ou_json_encode(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return quoted(vm, args[0], false);
}

static int put(OuVM *vm, Encoder *e, OuStrBuf *b, OuObj *o);

static int put_str(OuVM *vm, Encoder *e, OuStrBuf *b, OuObj *s)
{
    if (e->fast)
        return quote(b, s, e->fast == 1);
    OuObj *t = ou_call1(vm, e->encoder, s);
    if (!t)
        return -1;
    int r = ou_isa_str(vm, t) ? ou_strbuf_str(b, t)
                              : ou_type_error_i(vm, "encoder() must return a string, not %T", t);
    ou_decref(vm, t);
    return r;
}

static int put_float(OuVM *vm, Encoder *e, OuStrBuf *b, OuObj *o)
{
    double v = OU_FLOAT_V(o);
    if (!isfinite(v)) {
        if (!e->allow_nan)
            return ou_value_error_i(vm, "Out of range float values are not JSON compliant");
        return ou_strbuf_ascii(b, isnan(v) ? "NaN" : v > 0 ? "Infinity" : "-Infinity", -1);
    }
    char buf[40];
    int n = ou_float_repr(v, buf);
    return ou_strbuf_ascii(b, buf, n);
}

static int put_int(OuVM *vm, OuStrBuf *b, OuObj *o)
{
    OuFmtBuf d;
    if (ou_int_digits(vm, o, 10, &d) < 0)
        return -1;
    int r = ou_int_sign(o) < 0 ? ou_strbuf_char(b, '-') : 0;
    if (r == 0)
        r = ou_strbuf_ascii(b, d.s, (ou_ssize)d.len);
    ou_fmt_double_free(vm, &d);
    return r;
}

/* Marks o as being encoded: *ident new (NULL: no markers); ValueError if it already is. */
static int enter(OuVM *vm, Encoder *e, OuObj *o, OuObj **ident)
{
    *ident = NULL;
    if (e->markers == OU_NONE(vm))
        return 0;
    OuObj *id = ou_int(vm, (int64_t)(intptr_t)o);
    if (!id)
        return -1;
    int seen = ou_dict_contains(vm, e->markers, id);
    if (seen > 0)
        ou_value_error(vm, "Circular reference detected");
    if (seen != 0 || ou_dict_set(vm, e->markers, id, o) < 0) {
        ou_decref(vm, id);
        return -1;
    }
    *ident = id;
    return 0;
}

static int leave(OuVM *vm, Encoder *e, OuObj *ident, int r)
{
    if (!ident)
        return r;
    if (r == 0)
        r = ou_dict_del(vm, e->markers, ident);
    ou_decref(vm, ident);
    return r;
}

static int put_key(OuVM *vm, Encoder *e, OuStrBuf *b, OuObj *key)
{
    if (ou_isa_str(vm, key))
        return put_str(vm, e, b, key);
    OuStrBuf t;
    int r;
    ou_strbuf_init(&t, vm);
    if (ou_isa(vm, key, float))
        r = put_float(vm, e, &t, key);
    else if (key == OU_TRUE(vm) || key == OU_FALSE(vm) || key == OU_NONE(vm))
        r = ou_strbuf_ascii(&t, key == OU_NONE(vm) ? "null" : key == OU_TRUE(vm) ? "true" : "false", -1);
    else
        r = put_int(vm, &t, key);
    if (r < 0) {
        ou_strbuf_free(&t);
        return -1;
    }
    OuObj *s = ou_strbuf_take(&t);
    if (!s)
        return -1;
    r = put_str(vm, e, b, s);
    ou_decref(vm, s);
    return r;
}

/* 1 written, 0 skipped, -1 */
static int put_item(OuVM *vm, Encoder *e, OuStrBuf *b, OuObj *key, OuObj *value, bool first)
{
    if (!ou_isa_str(vm, key) && !ou_isa(vm, key, float) && !ou_isa_int(vm, key) && key != OU_NONE(vm)) {
        if (e->skipkeys)
            return 0;
        return ou_type_error_i(vm, "keys must be str, int, float, bool or None, not %T", key);
    }
    if ((!first && ou_strbuf_str(b, e->item_separator) < 0) || put_key(vm, e, b, key) < 0 ||
        ou_strbuf_str(b, e->key_separator) < 0 || put(vm, e, b, value) < 0)
        return -1;
    return 1;
}

static int put_dict(OuVM *vm, Encoder *e, OuStrBuf *b, OuObj *d)
{
    ou_ssize n = ou_len(vm, d);
    if (n <= 0)
        return n < 0 ? -1 : ou_strbuf_ascii(b, "{}", 2);
    OuObj *ident, *items = NULL;
    if (enter(vm, e, d, &ident) < 0)
        return -1;
    int r = -1;
    if (ou_strbuf_char(b, '{') < 0)
        goto done;
    OuObj *view = ou_call_method(vm, d, OU_NAME(vm, items), 0);
    items = view ? ou_sequence_list(vm, view) : NULL;
    ou_xdecref(vm, view);
    if (!items || (e->sort_keys && ou_list_sort(vm, items, NULL, false) < 0))
        goto done;
    bool first = true;
    for (size_t i = 0; i < OU_LIST(items)->n; i++) {
        OuObj *item = ou_ref(OU_LIST(items)->items[i]);
        int w = -1;
        if (!ou_isa_tuple(vm, item) || OU_TUPLE(item)->n != 2)
            ou_value_error(vm, "items must return 2-tuples");
        else
            w = put_item(vm, e, b, OU_TUPLE(item)->items[0], OU_TUPLE(item)->items[1], first);
        ou_decref(vm, item);
        if (w < 0)
            goto done;
        first = first && w == 0;
    }
    r = ou_strbuf_char(b, '}');
done:
    ou_xdecref(vm, items);
    return leave(vm, e, ident, r);
}

static int put_list(OuVM *vm, Encoder *e, OuStrBuf *b, OuObj *l)
{
    OuObj *seq = ou_sequence_fast(vm, l, "_iterencode_list needs a sequence"), *ident = NULL;
    if (!seq)
        return -1;
    int r = -1;
    bool list = ou_isa_list(vm, seq);
#define COUNT (list ? OU_LIST(seq)->n : OU_TUPLE(seq)->n)
    if (COUNT == 0) {
        r = ou_strbuf_ascii(b, "[]", 2);
        goto done;
    }
    if (enter(vm, e, l, &ident) < 0)
        goto done;
    if (ou_strbuf_char(b, '[') == 0) {
        r = 0;
        for (size_t i = 0; r == 0 && i < COUNT; i++) {
            OuObj *x = ou_ref(list ? OU_LIST(seq)->items[i] : OU_TUPLE(seq)->items[i]);
            if ((i && ou_strbuf_str(b, e->item_separator) < 0) || put(vm, e, b, x) < 0)
                r = -1;
            ou_decref(vm, x);
        }
        if (r == 0)
            r = ou_strbuf_char(b, ']');
    }
#undef COUNT
    r = leave(vm, e, ident, r);
done:
    ou_decref(vm, seq);
    return r;
}

static int put(OuVM *vm, Encoder *e, OuStrBuf *b, OuObj *o)
{
    if (ou_isa_str(vm, o))
        return put_str(vm, e, b, o);
    if (o == OU_NONE(vm))
        return ou_strbuf_ascii(b, "null", 4);
    if (o == OU_TRUE(vm))
        return ou_strbuf_ascii(b, "true", 4);
    if (o == OU_FALSE(vm))
        return ou_strbuf_ascii(b, "false", 5);
    if (ou_isa_int(vm, o))
        return put_int(vm, b, o);
    if (ou_isa(vm, o, float))
        return put_float(vm, e, b, o);
    if (ou_check_stack(vm, " while encoding a JSON object") < 0 || ou_poll(vm) < 0)
        return -1;
    if (ou_isa_list(vm, o) || ou_isa_tuple(vm, o))
        return put_list(vm, e, b, o);
    if (ou_isa_dict(vm, o))
        return put_dict(vm, e, b, o);
    OuObj *ident;
    if (enter(vm, e, o, &ident) < 0)
        return -1;
    OuObj *x = ou_call1(vm, e->dflt, o);
    int r = x ? put(vm, e, b, x) : -1;
    ou_xdecref(vm, x);
    return leave(vm, e, ident, r);
}

static OuObj *encoder_call(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[2];
    if (ou_args_bind(vm, "_iterencode(obj, _current_indent_level)", args, nargs, kwnames, a) < 0)
        return NULL;
    OuStrBuf b;
    ou_strbuf_init(&b, vm);
    if (put(vm, E(self), &b, a[0]) < 0) {
        ou_strbuf_free(&b);
        return NULL;
    }
    OuObj *s = ou_strbuf_take(&b), *r = s ? ou_tuple_pack(vm, 1, s) : NULL;
    ou_xdecref(vm, s);
    return r;
}

static OuObj *encoder_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[9];
    if (ou_args_bind(vm,
                     "make_encoder(markers, default, encoder, indent, key_separator, item_separator, "
                     "sort_keys, skipkeys, "
                     "allow_nan)",
                     args, nargs, kwnames, a) < 0)
        return NULL;
    if (a[0] != OU_NONE(vm) && !ou_isa_dict(vm, a[0]))
        return ou_type_error(vm, "make_encoder() argument 1 must be dict or None, not %T", a[0]);
    for (int i = 4; i < 6; i++)
        if (!ou_isa_str(vm, a[i]))
            return ou_type_error(vm, "make_encoder() argument %d must be str, not %T", i + 1, a[i]);
    int flag[3];
    for (int i = 0; i < 3; i++)
        if ((flag[i] = ou_is_true(vm, a[6 + i])) < 0)
            return NULL;
    Encoder *e = (Encoder *)ou_type_alloc(vm, type, 0);
    if (!e)
        return NULL;
    e->markers = ou_ref(a[0]);
    e->dflt = ou_ref(a[1]);
    e->encoder = ou_ref(a[2]);
    e->indent = ou_ref(a[3]);
    e->key_separator = ou_ref(a[4]);
    e->item_separator = ou_ref(a[5]);
    e->sort_keys = flag[0];
    e->skipkeys = flag[1];
    e->allow_nan = flag[2];
    e->fast = 0;
    if (ou_is(a[2], builtin)) {
        OuNative f = ((OuBuiltin *)a[2])->def->fn;
        e->fast = f == ou_json_encode_ascii ? 1 : f == ou_json_encode ? 2 : 0;
    }
    return (OuObj *)e;
}

static void encoder_clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, E(o)->markers);
    ou_clear(vm, E(o)->dflt);
    ou_clear(vm, E(o)->encoder);
    ou_clear(vm, E(o)->indent);
    ou_clear(vm, E(o)->key_separator);
    ou_clear(vm, E(o)->item_separator);
}

static void encoder_dealloc(OuVM *vm, OuObj *o)
{
    encoder_clear(vm, o);
    ou_free_object(vm, o);
}

static int encoder_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(E(o)->markers);
    OU_VISIT(E(o)->dflt);
    OU_VISIT(E(o)->encoder);
    OU_VISIT(E(o)->indent);
    OU_VISIT(E(o)->key_separator);
    OU_VISIT(E(o)->item_separator);
    return 0;
}

static const OuMember encoder_members[] = {
    {"markers", OU_MEMBER_OBJ, offsetof(Encoder, markers), true, "markers"},
    {"default", OU_MEMBER_OBJ, offsetof(Encoder, dflt), true, "default"},
    {"encoder", OU_MEMBER_OBJ, offsetof(Encoder, encoder), true, "encoder"},
    {"indent", OU_MEMBER_OBJ, offsetof(Encoder, indent), true, "indent"},
    {"key_separator", OU_MEMBER_OBJ, offsetof(Encoder, key_separator), true, "key_separator"},
    {"item_separator", OU_MEMBER_OBJ, offsetof(Encoder, item_separator), true, "item_separator"},
    {"sort_keys", OU_MEMBER_BOOL, offsetof(Encoder, sort_keys), true, "sort_keys"},
    {"skipkeys", OU_MEMBER_BOOL, offsetof(Encoder, skipkeys), true, "skipkeys"},
    {0},
};

const OuTypeSpec ou_json_encoder_spec = {
    .name = "_json.Encoder",
    .size = sizeof(Encoder),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_IMMUTABLE,
    .doc = "Encoder(markers, default, encoder, indent, key_separator, item_separator, sort_keys, skipkeys, "
           "allow_nan)",
    .dealloc = encoder_dealloc,
    .traverse = encoder_traverse,
    .clear = encoder_clear,
    .s = {.new_ = encoder_new, .call = encoder_call},
    .members = encoder_members,
};
