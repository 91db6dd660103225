/* vm/text/str_translate.c - str.translate and str.maketrans. */
#include "text.h"
#include "str_methods.h"

/* What the table says of c: out: new str, int or None object, or NULL where it does not know c.  0/-1 */
static int lookup(OuVM *vm, OuObj *table, uint32_t c, OuObj **out)
{
    *out = NULL;
    OuObj *key = ou_int(vm, c);
    if (!key)
        return -1;
    *out = ou_getitem(vm, table, key);
    ou_decref(vm, key);
    if (*out)
        return 0;
    if (!ou_err_is(vm, OU_EXC(vm, LookupError)))
        return -1;
    ou_err_clear(vm);
    return 0;
}

static int put(OuVM *vm, OuStrBuf *b, uint32_t c, OuObj *to)
{
    if (!to)
        return ou_strbuf_char(b, c);
    if (to == OU_NONE(vm))
        return 0;
    if (ou_isa_str(vm, to))
        return ou_strbuf_str(b, to);
    if (!ou_isa_int(vm, to))
        return ou_type_error_i(vm, "character mapping must return integer, None or str");
    int64_t v;
    if (!ou_int_fits(to, &v) || v < 0 || v > 0x10ffff)
        return ou_value_error_i(vm, "character mapping must be in range(0x110000)");
    return ou_strbuf_char(b, (uint32_t)v);
}

/* ASCII text whose characters become one ASCII character each, or none: a table of bytes, filled as characters come.
 * NULL without an exception: the general way from the start (the table is asked again). */
static OuObj *translate_ascii(OuVM *vm, OuObj *o, OuObj *table)
{
    enum { UNKNOWN = 0xff, GONE = 0xfe };
    OuStr *s = OU_STR(o);
    size_t n = s->len, at = 0;
    uint8_t map[128];
    memset(map, UNKNOWN, sizeof map);
    OuObj *r = ou_str_alloc(vm, (ou_ssize)n, 0x7f);
    if (!r)
        return NULL;
    const uint8_t *from = (const uint8_t *)s->data;
    uint8_t *to = (uint8_t *)OU_STR(r)->data;
    for (size_t i = 0; i < n; i++) {
        uint8_t c = map[from[i]];
        if (__builtin_expect(c >= 0x80, 0)) {
            OuObj *v;
            if (c == UNKNOWN) {
                if (lookup(vm, table, from[i], &v) < 0) {
                    ou_decref(vm, r);
                    return NULL;
                }
                c = !v                                                         ? from[i]
                    : v == OU_NONE(vm)                                         ? GONE
                    : ou_is(v, str) && OU_STR(v)->ascii && ou_str_len(v) == 1  ? (uint8_t)OU_STR(v)->data[0]
                    : ou_is_small(v) && OU_INT_V(v) >= 0 && OU_INT_V(v) < 0x80 ? (uint8_t)OU_INT_V(v)
                                                                               : UNKNOWN;
                ou_xdecref(vm, v);
                if (c == UNKNOWN) {
                    ou_decref(vm, r);
                    return NULL;
                }
                map[from[i]] = c;
            }
            if (c == GONE)
                continue;
        }
        to[at++] = c;
    }
    if (at == n && n > 1)
        return r;
    OuObj *shorter = ou_str_from_ascii(vm, (const char *)to, (ou_ssize)at);
    ou_decref(vm, r);
    return shorter;
}

OuObj *ou_str_translate(OuVM *vm, OuObj *o, OuObj *table)
{
    OuStr *s = OU_STR(o);
    if (s->ascii && s->len && ou_is(table, dict)) { /* asking a dict twice shows nowhere */
        OuObj *fast = translate_ascii(vm, o, table);
        if (fast || ou_err_occurred(vm))
            return fast;
    }
    OuStrBuf b;
    OuObj *cache[128] = {0}; /* ASCII characters ask the table once: new references */
    bool known[128] = {0};
    int r = 0;
    ou_strbuf_init(&b, vm);
    for (ou_ssize i = 0; i < (ou_ssize)s->len && r == 0; i++) {
        uint32_t c = ou_str_at(s, i);
        OuObj *to;
        if (c < 128 && known[c]) {
            r = put(vm, &b, c, cache[c]);
            continue;
        }
        if ((r = lookup(vm, table, c, &to)) < 0)
            break;
        r = put(vm, &b, c, to);
        if (c < 128) {
            known[c] = true;
            cache[c] = to;
        } else {
            ou_xdecref(vm, to);
        }
    }
    for (int c = 0; c < 128; c++)
        ou_xdecref(vm, cache[c]);
    if (r < 0) {
        ou_strbuf_free(&b);
        return NULL;
    }
    return ou_strbuf_take(&b);
}

static int map_char(OuVM *vm, OuObj *d, uint32_t c, OuObj *value)
{
    OuObj *key = ou_int(vm, c);
    int r = key ? ou_dict_set(vm, d, key, value) : -1;
    ou_xdecref(vm, key);
    return r;
}

static int from_dict(OuVM *vm, OuObj *d, OuObj *x)
{
    OuObj *key, *value;
    if (!ou_is(x, dict))
        return ou_type_error_i(vm, "if you give only one argument to maketrans it must be a dict");
    for (size_t pos = 0; ou_dict_next(OU_DICT(x), &pos, &key, &value);) {
        int r;
        if (ou_isa_str(vm, key)) {
            if (ou_str_len(key) != 1)
                return ou_value_error_i(vm, "string keys in translate table must be of length 1");
            r = map_char(vm, d, ou_str_at(OU_STR(key), 0), value);
        } else if (ou_isa_int(vm, key)) {
            r = ou_dict_set(vm, d, key, value);
        } else {
            return ou_type_error_i(vm, "keys in translate table must be strings or integers");
        }
        if (r < 0)
            return -1;
    }
    return 0;
}

static int from_strings(OuVM *vm, OuObj *d, OuObj *x, OuObj *y, OuObj *z)
{
    if (!ou_isa_str(vm, x))
        return ou_type_error_i(vm, "first maketrans argument must be a string if there is a second argument");
    if (ou_str_len(x) != ou_str_len(y))
        return ou_value_error_i(vm, "the first two maketrans arguments must have equal length");
    for (ou_ssize i = 0; i < ou_str_len(x); i++) {
        OuObj *v = ou_int(vm, ou_str_at(OU_STR(y), i));
        int r = v ? map_char(vm, d, ou_str_at(OU_STR(x), i), v) : -1;
        ou_xdecref(vm, v);
        if (r < 0)
            return -1;
    }
    for (ou_ssize i = 0; z && i < ou_str_len(z); i++)
        if (map_char(vm, d, ou_str_at(OU_STR(z), i), OU_NONE(vm)) < 0)
            return -1;
    return 0;
}

OuObj *ou_str_maketrans(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, "str.maketrans", kwnames) < 0 || ou_arity(vm, "maketrans", nargs, 1, 3) < 0)
        return NULL;
    for (size_t i = 1; i < nargs; i++)
        if (!ou_isa_str(vm, args[i]))
            return ou_type_error(vm, "maketrans() argument %zu must be str, not %s", i + 1,
                                 ou_arg_type_name(vm, args[i]));
    OuObj *d = ou_dict_new(vm);
    if (!d)
        return NULL;
    if ((nargs == 1 ? from_dict(vm, d, args[0])
                    : from_strings(vm, d, args[0], args[1], nargs > 2 ? args[2] : NULL)) < 0) {
        ou_decref(vm, d);
        return NULL;
    }
    return d;
}
