/* stdlib/_json.c - module _json: the scanner behind json.loads. */
#include "_json.h"

#include <string.h>

typedef struct Scanner {
    OuObj hdr;
    bool strict;
    OuObj *object_hook, *object_pairs_hook, *parse_float, *parse_int, *parse_constant;
} Scanner;

/* One text being scanned. */
typedef struct Scan {
    OuVM *vm;
    Scanner *s;
    OuObj *text;
    const OuStr *str;
    ou_ssize len;
    OuObj *memo; /* equal keys become one object */
} Scan;

/* Raises json.decoder.JSONDecodeError(msg, text, pos); NULL. */
static void *fail(OuVM *vm, const char *msg, OuObj *text, ou_ssize pos)
{
    OuObj *cls = ou_import_attr(vm, "json.decoder", "JSONDecodeError");
    OuObj *m = cls ? ou_str_new(vm, msg, -1) : NULL, *p = m ? ou_int(vm, pos) : NULL;
    OuObj *exc = p ? ou_call3(vm, cls, m, text, p) : NULL;
    if (exc)
        ou_raise_obj(vm, exc);
    ou_xdecref(vm, cls);
    ou_xdecref(vm, m);
    ou_xdecref(vm, p);
    ou_xdecref(vm, exc);
    return NULL;
}

static void *stop(OuVM *vm, ou_ssize idx)
{
    OuObj *i = ou_int(vm, idx);
    if (i)
        ou_raise_value(vm, OU_EXC(vm, StopIteration), i);
    ou_xdecref(vm, i);
    return NULL;
}

static int hex4(const OuStr *s, ou_ssize at, uint32_t *out)
{
    uint32_t c = 0;
    for (int i = 0; i < 4; i++) {
        uint32_t d = ou_str_at(s, at + i);
        if (d >= '0' && d <= '9')
            d -= '0';
        else if ((d | 32) >= 'a' && (d | 32) <= 'f' && d < 128)
            d = (d | 32) - 'a' + 10;
        else
            return -1;
        c = c << 4 | d;
    }
    *out = c;
    return 0;
}

/* Passes over blocks of characters that are no quote, backslash or control. */
static ou_ssize plain_end(const uint8_t *p, ou_ssize i, ou_ssize n)
{
    for (; i + 8 <= n; i += 8) {
        uint64_t w;
        memcpy(&w, p + i, 8);
        const uint64_t ones = 0x0101010101010101u, tops = 0x8080808080808080u;
        uint64_t quote = w ^ ones * '"', slash = w ^ ones * '\\';
        if ((((quote - ones) & ~quote) | ((slash - ones) & ~slash) | ((w - ones * 0x20) & ~w)) & tops)
            break;
    }
    return i;
}

/* The string whose first character (after the quote) is at `end`; *next: after the closing quote. */
static OuObj *scan_string(OuVM *vm, OuObj *text, ou_ssize end, bool strict, ou_ssize *next_out)
{
    const OuStr *s = OU_STR(text);
    ou_ssize len = ou_str_len(text), begin = end - 1, next;
    if (end < 0 || end > len)
        return ou_value_error(vm, "end is out of bounds");
    OuStrBuf b;
    bool started = false;
    for (;;) {
        uint32_t c = 0;
        for (next = s->kind == 1 ? plain_end((const uint8_t *)s->data, end, len) : end; next < len; next++) {
            c = ou_str_at(s, next);
            if (c == '"' || c == '\\')
                break;
            if (c <= 0x1f && strict) {
                fail(vm, "Invalid control character at", text, next);
                goto error;
            }
        }
        if (next == len)
            goto unterminated;
        if (c == '"' && !started) { /* no escapes: a slice */
            *next_out = next + 1;
            return ou_str_slice(vm, text, end, next);
        }
        if (!started) {
            ou_strbuf_init(&b, vm);
            started = true;
        }
        if (ou_strbuf_sub(&b, text, end, next) < 0)
            goto error;
        next++;
        if (c == '"') {
            *next_out = next;
            return ou_strbuf_take(&b);
        }
        if (next == len)
            goto unterminated;
        c = ou_str_at(s, next);
        if (c != 'u') {
            static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
            const char *p = c && c < 128 ? strchr(from, (int)c) : NULL;
            end = next + 1;
            if (!p) {
                fail(vm, "Invalid \\escape", text, end - 2);
                goto error;
            }
            c = (uint32_t)to[p - from];
        } else {
            next++;
            end = next + 4;
            if (end >= len) {
                fail(vm, "Invalid \\uXXXX escape", text, next - 1);
                goto error;
            }
            if (hex4(s, next, &c) < 0) {
                fail(vm, "Invalid \\uXXXX escape", text, end - 5);
                goto error;
            }
            if (c >= 0xd800 && c < 0xdc00 && end + 6 < len && ou_str_at(s, end) == '\\' &&
                ou_str_at(s, end + 1) == 'u') {
                uint32_t low;
                if (hex4(s, end + 2, &low) < 0) {
                    fail(vm, "Invalid \\uXXXX escape", text, end + 1);
                    goto error;
                }
                if (low >= 0xdc00 && low < 0xe000) {
                    c = 0x10000 + ((c - 0xd800) << 10 | (low - 0xdc00));
                    end += 6;
                }
            }
        }
        if (ou_strbuf_char(&b, c) < 0)
            goto error;
    }
unterminated:
    fail(vm, "Unterminated string starting at", text, begin);
error:
    if (started)
        ou_strbuf_free(&b);
    return NULL;
}

static OuObj *scan_once(Scan *c, ou_ssize idx, ou_ssize *next);

static ou_ssize skip(const Scan *c, ou_ssize i)
{
    for (; i < c->len; i++) {
        uint32_t ch = ou_str_at(c->str, i);
        if (ch > ' ')
            break;
        if (ch != ' ' && ch != '\t' && ch != '\n' && ch != '\r')
            break;
    }
    return i;
}

static bool at(const Scan *c, ou_ssize i, uint32_t ch)
{
    return i < c->len && ou_str_at(c->str, i) == ch;
}

/* The equal key seen before, or key itself; key is taken. */
static OuObj *memo_key(Scan *c, OuObj *key)
{
    OuObj *same = ou_dict_setdefault(c->vm, c->memo, key, key);
    if (same)
        ou_incref(same);
    ou_decref(c->vm, key);
    return same;
}

static OuObj *scan_object(Scan *c, ou_ssize idx, ou_ssize *next)
{
    OuVM *vm = c->vm;
    bool pairs = c->s->object_pairs_hook != OU_NONE(vm);
    OuObj *r = pairs ? ou_list_new(vm, 0) : ou_dict_new(vm), *key = NULL, *value = NULL;
    if (!r)
        return NULL;
    idx = skip(c, idx);
    if (!at(c, idx, '}')) {
        for (;;) {
            if (!at(c, idx, '"')) {
                fail(vm, "Expecting property name enclosed in double quotes", c->text, idx);
                goto error;
            }
            key = scan_string(vm, c->text, idx + 1, c->s->strict, &idx);
            if (!key || !(key = memo_key(c, key)))
                goto error;
            idx = skip(c, idx);
            if (!at(c, idx, ':')) {
                fail(vm, "Expecting ':' delimiter", c->text, idx);
                goto error;
            }
            if (!(value = scan_once(c, skip(c, idx + 1), &idx)))
                goto error;
            if (pairs) {
                OuObj *pair = ou_tuple_pack(vm, 2, key, value);
                if (!pair || ou_list_append_take(vm, r, pair) < 0)
                    goto error;
            } else if (ou_dict_set(vm, r, key, value) < 0) {
                goto error;
            }
            ou_clear(vm, key);
            ou_clear(vm, value);
            idx = skip(c, idx);
            if (at(c, idx, '}'))
                break;
            if (!at(c, idx, ',')) {
                fail(vm, "Expecting ',' delimiter", c->text, idx);
                goto error;
            }
            idx = skip(c, idx + 1);
        }
    }
    *next = idx + 1;
    OuObj *hook = pairs ? c->s->object_pairs_hook : c->s->object_hook;
    if (hook != OU_NONE(vm)) {
        OuObj *v = ou_call1(vm, hook, r);
        ou_decref(vm, r);
        return v;
    }
    return r;
error:
    ou_xdecref(vm, key);
    ou_xdecref(vm, value);
    ou_decref(vm, r);
    return NULL;
}

static OuObj *scan_array(Scan *c, ou_ssize idx, ou_ssize *next)
{
    OuVM *vm = c->vm;
    OuObj *r = ou_list_new(vm, 0);
    if (!r)
        return NULL;
    idx = skip(c, idx);
    if (!at(c, idx, ']')) {
        for (;;) {
            OuObj *v = scan_once(c, idx, &idx);
            if (!v || ou_list_append_take(vm, r, v) < 0)
                goto error;
            idx = skip(c, idx);
            if (at(c, idx, ']'))
                break;
            if (!at(c, idx, ',')) {
                fail(vm, "Expecting ',' delimiter", c->text, idx);
                goto error;
            }
            idx = skip(c, idx + 1);
        }
    }
    *next = idx + 1;
    return r;
error:
    ou_decref(vm, r);
    return NULL;
}

static OuObj *scan_number(Scan *c, ou_ssize start, ou_ssize *next)
{
    OuVM *vm = c->vm;
    ou_ssize i = start;
#define DIGIT(k) ((k) < c->len && ou_str_at(c->str, k) - '0' < 10u)
    if (at(c, i, '-'))
        i++;
    if (at(c, i, '0'))
        i++;
    else if (DIGIT(i))
        while (DIGIT(i))
            i++;
    else
        return stop(vm, start);
    bool is_float = false;
    if (at(c, i, '.') && DIGIT(i + 1)) {
        is_float = true;
        for (i += 2; DIGIT(i);)
            i++;
    }
    if (at(c, i, 'e') || at(c, i, 'E')) {
        ou_ssize k = i + 1;
        if (at(c, k, '+') || at(c, k, '-'))
            k++;
        if (DIGIT(k)) {
            is_float = true;
            for (i = k; DIGIT(i);)
                i++;
        }
    }
#undef DIGIT
    *next = i;
    OuObj *f = is_float ? c->s->parse_float : c->s->parse_int;
    bool builtin = f == (OuObj *)&vm->builtin[is_float ? OU_T_float : OU_T_int];
    size_t n = (size_t)(i - start);
    char small[64];
    if (builtin && !is_float && n <= 18) {
        int64_t v = 0;
        bool minus = at(c, start, '-');
        for (ou_ssize k = start + minus; k < i; k++)
            v = v * 10 + (ou_str_at(c->str, k) - '0');
        return ou_int(vm, minus ? -v : v);
    }
    if (builtin && n < sizeof small) {
        for (size_t k = 0; k < n; k++)
            small[k] = (char)ou_str_at(c->str, start + (ou_ssize)k);
        return is_float ? ou_float_parse(vm, small, n) : ou_int_parse(vm, small, n, 10);
    }
    OuObj *t = ou_str_slice(vm, c->text, start, i), *r = NULL;
    if (t)
        r = ou_call1(vm, f, t);
    ou_xdecref(vm, t);
    return r;
}

static bool word(const Scan *c, ou_ssize idx, const char *w)
{
    for (; *w; w++, idx++)
        if (!at(c, idx, (unsigned char)*w))
            return false;
    return true;
}

static OuObj *constant(Scan *c, const char *name, ou_ssize idx, ou_ssize *next)
{
    OuObj *t = ou_str_intern_s(c->vm, name), *r = NULL;
    if (t)
        r = ou_call1(c->vm, c->s->parse_constant, t);
    ou_xdecref(c->vm, t);
    *next = idx + (ou_ssize)strlen(name);
    return r;
}

static OuObj *scan_once(Scan *c, ou_ssize idx, ou_ssize *next)
{
    OuVM *vm = c->vm;
    if (idx < 0)
        return ou_value_error(vm, "idx cannot be negative");
    if (idx >= c->len)
        return stop(vm, idx);
    switch (ou_str_at(c->str, idx)) {
    case '"':
        return scan_string(vm, c->text, idx + 1, c->s->strict, next);
    case '{':
        if (ou_check_stack(vm, " while decoding a JSON object from a unicode string") < 0)
            return NULL;
        return scan_object(c, idx + 1, next);
    case '[':
        if (ou_check_stack(vm, " while decoding a JSON array from a unicode string") < 0)
            return NULL;
        return scan_array(c, idx + 1, next);
    case 'n':
        if (word(c, idx, "null")) {
            *next = idx + 4;
            return ou_none(vm);
        }
        break;
    case 't':
        if (word(c, idx, "true")) {
            *next = idx + 4;
            return ou_bool(vm, true);
        }
        break;
    case 'f':
        if (word(c, idx, "false")) {
            *next = idx + 5;
            return ou_bool(vm, false);
        }
        break;
    case 'N':
        if (word(c, idx, "NaN"))
            return constant(c, "NaN", idx, next);
        break;
    case 'I':
        if (word(c, idx, "Infinity"))
            return constant(c, "Infinity", idx, next);
        break;
    case '-':
        if (word(c, idx, "-Infinity"))
            return constant(c, "-Infinity", idx, next);
        break;
    default:
        break;
    }
    return scan_number(c, idx, next);
}

static OuObj *with_end(OuVM *vm, OuObj *value, ou_ssize end)
{
    if (!value)
        return NULL;
    OuObj *e = ou_int(vm, end), *r = e ? ou_tuple_pack(vm, 2, value, e) : NULL;
    ou_xdecref(vm, e);
    ou_decref(vm, value);
    return r;
}

/* ---- the type ----------------------------------------------------------------------- */
#define S(o) ((Scanner *)(o))
static OuObj *scanner_call(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[2];
    ou_ssize idx, next = 0;
    if (ou_args_bind(vm, "scan_once(string, idx)", args, nargs, kwnames, a) < 0 ||
        ou_as_ssize(vm, a[1], OU_EXC(vm, OverflowError), &idx) < 0)
        return NULL;
    if (!ou_isa_str(vm, a[0]))
        return ou_type_error(vm, "first argument must be a string, not %T", a[0]);
    Scan c = {.vm = vm, .s = S(self), .text = a[0], .str = OU_STR(a[0]), .len = ou_str_len(a[0])};
    if (!(c.memo = ou_dict_new(vm)))
        return NULL;
    OuObj *v = scan_once(&c, idx, &next);
    ou_decref(vm, c.memo);
    return with_end(vm, v, next);
}

static OuObj *scanner_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *ctx, *strict = NULL;
    if (ou_args_bind(vm, "make_scanner(context)", args, nargs, kwnames, &ctx) < 0)
        return NULL;
    Scanner *s = (Scanner *)ou_type_alloc(vm, type, 0);
    if (!s)
        return NULL;
    s->object_hook = s->object_pairs_hook = s->parse_float = s->parse_int = s->parse_constant = NULL;
    int r = (strict = ou_getattr_s(vm, ctx, "strict")) ? ou_is_true(vm, strict) : -1;
    ou_xdecref(vm, strict);
    s->strict = r > 0;
    if (r < 0 || !(s->object_hook = ou_getattr_s(vm, ctx, "object_hook")) ||
        !(s->object_pairs_hook = ou_getattr_s(vm, ctx, "object_pairs_hook")) ||
        !(s->parse_float = ou_getattr_s(vm, ctx, "parse_float")) ||
        !(s->parse_int = ou_getattr_s(vm, ctx, "parse_int")) ||
        !(s->parse_constant = ou_getattr_s(vm, ctx, "parse_constant"))) {
        ou_decref(vm, s);
        return NULL;
    }
    return (OuObj *)s;
}

static void scanner_clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, S(o)->object_hook);
    ou_clear(vm, S(o)->object_pairs_hook);
    ou_clear(vm, S(o)->parse_float);
    ou_clear(vm, S(o)->parse_int);
    ou_clear(vm, S(o)->parse_constant);
}

static void scanner_dealloc(OuVM *vm, OuObj *o)
{
    scanner_clear(vm, o);
    ou_free_object(vm, o);
}

static int scanner_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(S(o)->object_hook);
    OU_VISIT(S(o)->object_pairs_hook);
    OU_VISIT(S(o)->parse_float);
    OU_VISIT(S(o)->parse_int);
    OU_VISIT(S(o)->parse_constant);
    return 0;
}

static const OuMember scanner_members[] = {
    {"strict", OU_MEMBER_BOOL, offsetof(Scanner, strict), true, "strict"},
    {"object_hook", OU_MEMBER_OBJ, offsetof(Scanner, object_hook), true, "object_hook"},
    {"object_pairs_hook", OU_MEMBER_OBJ, offsetof(Scanner, object_pairs_hook), true, NULL},
    {"parse_float", OU_MEMBER_OBJ, offsetof(Scanner, parse_float), true, "parse_float"},
    {"parse_int", OU_MEMBER_OBJ, offsetof(Scanner, parse_int), true, "parse_int"},
    {"parse_constant", OU_MEMBER_OBJ, offsetof(Scanner, parse_constant), true, "parse_constant"},
    {0},
};

static const OuTypeSpec scanner_spec = {
    .name = "_json.Scanner",
    .size = sizeof(Scanner),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_IMMUTABLE,
    .doc = "JSON scanner object",
    .dealloc = scanner_dealloc,
    .traverse = scanner_traverse,
    .clear = scanner_clear,
    .s = {.new_ = scanner_new, .call = scanner_call},
    .members = scanner_members,
};

static OuObj *f_scanstring(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    ou_ssize end, next = 0;
    int strict = args[2] ? ou_is_true(vm, args[2]) : 1;
    if (strict < 0 || ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &end) < 0)
        return NULL;
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "first argument must be a string, not %T", args[0]);
    OuObj *v = scan_string(vm, args[0], end, strict, &next);
    return with_end(vm, v, next);
}

static const OuFn functions[] = {
    {"encode_basestring_ascii(string, /)", ou_json_encode_ascii, 0,
     "Return an ASCII-only JSON representation of a Python string"},
    {"encode_basestring(string, /)", ou_json_encode, 0, "Return a JSON representation of a Python string"},
    {"scanstring(string, end, strict=True, /)", f_scanstring, 0,
     "scanstring(string, end, strict=True) -> (string, end)\n\nThe JSON string that begins before end, and "
     "the index after it."},
    {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    OuType *s = ou_type_from_spec(vm, &scanner_spec, NULL),
           *e = ou_type_from_spec(vm, &ou_json_encoder_spec, NULL);
    if (!s || !e || ou_module_add(vm, m, "make_scanner", ou_ref((OuObj *)s)) < 0)
        return -1;
    return ou_module_add(vm, m, "make_encoder", ou_ref((OuObj *)e));
}

const OuModuleDef ou_mod__json = {
    .name = "_json",
    .doc = "json speedups\n",
    .functions = functions,
    .exec = exec,
};
