/* vm/text/bytes_methods.c - the methods bytes and bytearray have in common, one body for both. */
#include "bytes.h"

#define SELF(vm) ou_text_of_bytes(vm, args[0])

/* Holds a bytearray's exports up while arguments run Python code or the data is read. */
static void hold(OuVM *vm, OuObj *o)
{
    if (!ou_isa_bytes(vm, o))
        ou_ba(o)->exports++;
}
static void let(OuVM *vm, OuObj *o)
{
    if (!ou_isa_bytes(vm, o))
        ou_ba(o)->exports--;
}

/* ---- searching ------------------------------------------------------------------------ */
typedef enum { FIND, RFIND, INDEX, RINDEX, COUNT } Search;

static int arity(OuVM *vm, const char *name, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, name, kwnames) < 0)
        return -1;
    if (nargs >= 2 && nargs <= 4)
        return 0;
    return ou_type_error_i(vm, "%s() takes at %s %d argument%s (%zu given)", name,
                           nargs < 2 ? "least" : "most", nargs < 2 ? 1 : 3, nargs < 2 ? "" : "s", nargs - 1);
}

static OuObj *search(OuVM *vm, const char *name, Search what, OuObj *const *args, size_t nargs,
                     OuObj *kwnames)
{
    ou_ssize start, end, r;
    OuBytesArg a;
    OuObj *res = NULL;
    if (arity(vm, name, nargs, kwnames) < 0)
        return NULL;
    hold(vm, args[0]);
    OuChars h = SELF(vm);
    if (ou_text_range(vm, nargs > 2 ? args[2] : NULL, nargs > 3 ? args[3] : NULL, h.n, &start, &end) == 0 &&
        ou_bytes_arg(vm, args[1], true, &a) == 0) {
        r = what == COUNT                   ? ou_text_count(vm, &h, &a.t, start, end)
            : what == FIND || what == INDEX ? ou_text_find(vm, &h, &a.t, start, end)
                                            : ou_text_rfind(vm, &h, &a.t, start, end);
        if (r == -2)
            res = NULL;
        else if (r < 0 && (what == INDEX || what == RINDEX))
            res = ou_value_error(vm, "subsection not found");
        else
            res = ou_int(vm, r);
        ou_bytes_arg_free(vm, &a);
    }
    let(vm, args[0]);
    return res;
}
OU_M(m_find)
{
    return search(vm, "find", FIND, args, nargs, kwnames);
}
OU_M(m_rfind)
{
    return search(vm, "rfind", RFIND, args, nargs, kwnames);
}
OU_M(m_index)
{
    return search(vm, "index", INDEX, args, nargs, kwnames);
}
OU_M(m_rindex)
{
    return search(vm, "rindex", RINDEX, args, nargs, kwnames);
}
OU_M(m_count)
{
    return search(vm, "count", COUNT, args, nargs, kwnames);
}

static int one_tail(OuVM *vm, const OuChars *h, OuObj *sub, ou_ssize start, ou_ssize end, bool at_end)
{
    OuBytesArg a;
    if (ou_bytes_arg(vm, sub, false, &a) < 0)
        return -1;
    int r = ou_text_tailmatch(h, &a.t, start, end, at_end);
    ou_bytes_arg_free(vm, &a);
    return r;
}

static OuObj *tail(OuVM *vm, const char *name, bool at_end, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    ou_ssize start, end;
    int r = -1;
    if (arity(vm, name, nargs, kwnames) < 0)
        return NULL;
    hold(vm, args[0]);
    OuChars h = SELF(vm);
    if (ou_text_range(vm, nargs > 2 ? args[2] : NULL, nargs > 3 ? args[3] : NULL, h.n, &start, &end) < 0) {
        r = -1;
    } else if (ou_isa_tuple(vm, args[1])) {
        r = 0;
        for (size_t i = 0; i < OU_TUPLE(args[1])->n && r == 0; i++)
            r = one_tail(vm, &h, OU_TUPLE(args[1])->items[i], start, end, at_end);
    } else if (!ou_has_buffer(vm, args[1])) {
        ou_type_error(vm, "%s first arg must be bytes or a tuple of bytes, not %T", name, args[1]);
    } else {
        r = one_tail(vm, &h, args[1], start, end, at_end);
    }
    let(vm, args[0]);
    return r < 0 ? NULL : ou_bool(vm, r);
}
OU_M(m_startswith)
{
    return tail(vm, "startswith", false, args, nargs, kwnames);
}
OU_M(m_endswith)
{
    return tail(vm, "endswith", true, args, nargs, kwnames);
}

static int opt_ssize(OuVM *vm, OuObj *o, ou_ssize *v)
{
    return !o ? 0 : ou_as_ssize(vm, o, OU_EXC(vm, OverflowError), v);
}

OU_M(m_replace)
{
    OuBytesArg from, to;
    ou_ssize count = -1;
    OuObj *r = NULL;
    if (ou_bytes_arg(vm, args[1], false, &from) < 0)
        return NULL;
    if (ou_bytes_arg(vm, args[2], false, &to) == 0) {
        if (opt_ssize(vm, args[3], &count) == 0) {
            OuChars t = SELF(vm);
            r = ou_text_replace(vm, &t, &from.t, &to.t, count);
        }
        ou_bytes_arg_free(vm, &to);
    }
    ou_bytes_arg_free(vm, &from);
    return r;
}

static OuObj *remove_affix(OuVM *vm, OuObj *const *args, bool suffix)
{
    OuBytesArg a;
    if (ou_bytes_arg(vm, args[1], false, &a) < 0)
        return NULL;
    OuChars t = SELF(vm);
    bool hit = a.t.n && ou_text_tailmatch(&t, &a.t, 0, t.n, suffix);
    OuObj *r = ou_text_sub(vm, &t, hit && !suffix ? a.t.n : 0, hit && suffix ? t.n - a.t.n : t.n);
    ou_bytes_arg_free(vm, &a);
    return r;
}
OU_M(m_removeprefix)
{
    return remove_affix(vm, args, false);
}
OU_M(m_removesuffix)
{
    return remove_affix(vm, args, true);
}

/* ---- cutting --------------------------------------------------------------------------- */
static OuObj *split(OuVM *vm, OuObj *const *args, bool right)
{
    ou_ssize max = -1;
    OuBytesArg a;
    if (opt_ssize(vm, args[2], &max) < 0)
        return NULL;
    OuChars t = SELF(vm);
    if (!args[1] || args[1] == OU_NONE(vm))
        return ou_text_split(vm, &t, NULL, max, right);
    if (ou_bytes_arg(vm, args[1], false, &a) < 0)
        return NULL;
    OuObj *r = ou_text_split(vm, &t, &a.t, max, right);
    ou_bytes_arg_free(vm, &a);
    return r;
}
OU_M(m_split)
{
    return split(vm, args, false);
}
OU_M(m_rsplit)
{
    return split(vm, args, true);
}

OU_M(m_splitlines)
{
    int keep = 0;
    if (args[1] &&
        ou_as_int(vm, args[1], &keep) < 0) /* an int, as the argument clinic's bool(accept={int}) asks */
        return NULL;
    OuChars t = SELF(vm);
    return ou_text_splitlines(vm, &t, keep);
}

static OuObj *partition(OuVM *vm, OuObj *const *args, bool right)
{
    OuBytesArg a;
    if (ou_bytes_arg(vm, args[1], false, &a) < 0)
        return NULL;
    OuChars t = SELF(vm);
    OuObj *r = ou_text_partition(vm, &t, &a.t, args[1], right);
    ou_bytes_arg_free(vm, &a);
    return r;
}
OU_M(m_partition)
{
    return partition(vm, args, false);
}
OU_M(m_rpartition)
{
    return partition(vm, args, true);
}

static OuObj *strip(OuVM *vm, OuObj *const *args, bool left, bool right)
{
    OuBytesArg a;
    OuChars t = SELF(vm);
    if (!args[1] || args[1] == OU_NONE(vm))
        return ou_text_strip(vm, &t, NULL, left, right);
    if (ou_bytes_arg(vm, args[1], false, &a) < 0)
        return NULL;
    OuObj *r = ou_text_strip(vm, &t, &a.t, left, right);
    ou_bytes_arg_free(vm, &a);
    return r;
}
OU_M(m_strip)
{
    return strip(vm, args, true, true);
}
OU_M(m_lstrip)
{
    return strip(vm, args, true, false);
}
OU_M(m_rstrip)
{
    return strip(vm, args, false, true);
}

/* ---- padding ---------------------------------------------------------------------------- */
static int width_fill(OuVM *vm, const char *name, OuObj *const *args, ou_ssize *width, uint32_t *fill)
{
    *fill = ' ';
    if (ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), width) < 0)
        return -1;
    if (!args[2])
        return 0;
    if (!(ou_isa_bytes(vm, args[2]) || ou_isa(vm, args[2], bytearray)) ||
        ou_text_of_bytes(vm, args[2]).n != 1)
        return ou_type_error_i(vm, "%s() argument 2 must be a byte string of length 1, not %s", name,
                               ou_arg_type_name(vm, args[2]));
    OuChars f = ou_text_of_bytes(vm, args[2]);
    *fill = ou_text_at(&f, 0);
    return 0;
}
#define PAD(name, call)                                     \
    OU_M(m_##name)                                          \
    {                                                       \
        ou_ssize width;                                     \
        uint32_t fill;                                      \
        if (width_fill(vm, #name, args, &width, &fill) < 0) \
            return NULL;                                    \
        OuChars t = SELF(vm);                               \
        return call;                                        \
    }
PAD(ljust, ou_text_pad(vm, &t, 0, width - t.n, fill))
PAD(rjust, ou_text_pad(vm, &t, width - t.n, 0, fill))
PAD(center, ou_text_center(vm, &t, width, fill))

OU_M(m_zfill)
{
    ou_ssize width;
    if (ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &width) < 0)
        return NULL;
    OuChars t = SELF(vm);
    return ou_text_zfill(vm, &t, width);
}

OU_M(m_expandtabs)
{
    int size = 8;
    if (args[1] && ou_as_int(vm, args[1], &size) < 0)
        return NULL;
    OuChars t = SELF(vm);
    return ou_text_expandtabs(vm, &t, size);
}

/* ---- ASCII case and classes ------------------------------------------------------------- */
static inline bool up(unsigned char c)
{
    return c >= 'A' && c <= 'Z';
}
static inline bool low(unsigned char c)
{
    return c >= 'a' && c <= 'z';
}
static inline bool digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}
static inline bool space(unsigned char c)
{
    return c == ' ' || (c >= 9 && c <= 13);
}

static OuObj *map_case(OuVM *vm, OuObj *self, int mode)
{
    OuChars t = ou_text_of_bytes(vm, self);
    void *data;
    int kind;
    bool prev = false;
    OuObj *r = ou_text_new(vm, &t, t.n, 0xff, &data, &kind);
    for (ou_ssize i = 0; r && i < t.n; i++) {
        unsigned char c = ((const unsigned char *)t.p)[i];
        bool cased = up(c) || low(c);
        bool make_up =
            mode == 'u' || (mode == 's' && low(c)) || (mode == 'c' && i == 0) || (mode == 't' && !prev);
        if (cased)
            c = make_up ? c & 0xdf : c | 0x20;
        prev = cased;
        ((unsigned char *)data)[i] = c;
    }
    return r;
}
OU_M(m_upper)
{
    return map_case(vm, args[0], 'u');
}
OU_M(m_lower)
{
    return map_case(vm, args[0], 'l');
}
OU_M(m_swapcase)
{
    return map_case(vm, args[0], 's');
}
OU_M(m_capitalize)
{
    return map_case(vm, args[0], 'c');
}
OU_M(m_title)
{
    return map_case(vm, args[0], 't');
}

#define IS(name, cond)                                         \
    OU_M(m_##name)                                             \
    {                                                          \
        OuChars t = SELF(vm);                                  \
        for (ou_ssize i = 0; i < t.n; i++) {                   \
            unsigned char c = ((const unsigned char *)t.p)[i]; \
            if (!(cond))                                       \
                return ou_bool(vm, false);                     \
        }                                                      \
        return ou_bool(vm, t.n > 0);                           \
    }
IS(isalpha, up(c) || low(c))
IS(isalnum, up(c) || low(c) || digit(c))
IS(isdigit, digit(c))
IS(isspace, space(c))

OU_M(m_isascii)
{
    OuChars t = SELF(vm);
    return ou_bool(vm, ou_ascii_prefix(t.p, (size_t)t.n) == (size_t)t.n);
}

static OuObj *one_case(OuVM *vm, OuObj *self, bool upper)
{
    OuChars t = ou_text_of_bytes(vm, self);
    bool cased = false;
    for (ou_ssize i = 0; i < t.n; i++) {
        unsigned char c = ((const unsigned char *)t.p)[i];
        if (upper ? low(c) : up(c))
            return ou_bool(vm, false);
        cased |= up(c) || low(c);
    }
    return ou_bool(vm, cased);
}
OU_M(m_islower)
{
    return one_case(vm, args[0], false);
}
OU_M(m_isupper)
{
    return one_case(vm, args[0], true);
}
OU_M(m_istitle)
{
    OuChars t = SELF(vm);
    bool cased = false, prev = false;
    for (ou_ssize i = 0; i < t.n; i++) {
        unsigned char c = ((const unsigned char *)t.p)[i];
        if ((up(c) && prev) || (low(c) && !prev))
            return ou_bool(vm, false);
        prev = up(c) || low(c);
        cased |= prev;
    }
    return ou_bool(vm, cased);
}

/* ---- the rest ----------------------------------------------------------------------------- */
OU_M(m_join)
{
    hold(vm, args[0]); /* the iterator must not change the separator's length */
    OuObj *seq = ou_sequence_fast(vm, args[1], "can only join an iterable");
    let(vm, args[0]);
    if (!seq)
        return NULL;
    bool list = ou_isa_list(vm, seq);
    size_t n = list ? OU_LIST(seq)->n : OU_TUPLE(seq)->n;
    OuObj **items = list ? OU_LIST(seq)->items : OU_TUPLE(seq)->items, *r = NULL;
    OuChars sep = SELF(vm);
    OuBytesArg *a = n ? ou_alloc(vm, n * sizeof *a) : NULL;
    size_t got = 0;
    ou_ssize total = n ? sep.n * (ou_ssize)(n - 1) : 0;
    if (n && !a)
        goto done;
    if (n == 1 && sep.cls == OU_TEXT_BYTES && ou_is(items[0], bytes)) {
        r = ou_ref(items[0]);
        goto done;
    }
    for (; got < n; got++) {
        if (!ou_has_buffer(vm, items[got])) {
            ou_type_error(vm, "sequence item %zu: expected a bytes-like object, %T found", got, items[got]);
            goto done;
        }
        if (ou_bytes_arg(vm, items[got], false, &a[got]) < 0)
            goto done;
        if (total > PTRDIFF_MAX - a[got].t.n) {
            ou_raise(vm, OU_EXC(vm, OverflowError), "join() result is too long for bytes");
            got++;
            goto done;
        }
        total += a[got].t.n;
    }
    void *data;
    int kind;
    sep.owner = NULL;
    if ((r = ou_text_new(vm, &sep, total, 0xff, &data, &kind))) {
        char *p = data;
        for (size_t i = 0; i < n; i++) {
            if (i && sep.n) {
                memcpy(p, sep.p, (size_t)sep.n);
                p += sep.n;
            }
            if (a[i].t.n)
                memcpy(p, a[i].t.p, (size_t)a[i].t.n);
            p += a[i].t.n;
        }
    }
done:
    for (size_t i = 0; i < got; i++)
        ou_bytes_arg_free(vm, &a[i]);
    ou_free(vm, a, n * sizeof *a);
    ou_decref(vm, seq);
    return r;
}

OU_M(m_decode)
{
    OuUtf8 enc = {0}, err = {0};
    OuObj *r = NULL;
    for (int i = 1; i < 3; i++)
        if (args[i] && !ou_isa_str(vm, args[i]))
            return ou_type_error(vm, "decode() argument '%s' must be str, not %s",
                                 i == 1 ? "encoding" : "errors", ou_arg_type_name(vm, args[i]));
    if ((!args[1] || ou_str_utf8(vm, args[1], &enc, false) == 0) &&
        (!args[2] || ou_str_utf8(vm, args[2], &err, false) == 0)) {
        hold(vm, args[0]);
        OuChars t = SELF(vm);
        r = ou_str_decode(vm, t.p, (size_t)t.n, enc.s, err.s);
        let(vm, args[0]);
    }
    ou_utf8_free(vm, &enc);
    ou_utf8_free(vm, &err);
    return r;
}

OU_M(m_hex)
{
    int group = 1;
    if (args[2] &&
        ou_as_int(vm, args[2], &group) < 0) /* before the bytes are looked at: it may change them */
        return NULL;
    OuChars t = SELF(vm);
    return ou_hex(vm, t.p, (size_t)t.n, args[1], group);
}

OuObj *ou_hex(OuVM *vm, const unsigned char *p, size_t n, OuObj *sep, int group)
{
    static const char digits[] = "0123456789abcdef";
    uint32_t c = 0;
    if (sep) {
        bool is_str = ou_isa_str(vm, sep), is_bytes = ou_isa_bytes(vm, sep);
        ou_ssize len = is_str ? ou_str_len(sep) : is_bytes ? (ou_ssize)OU_BYTES(sep)->len : ou_len(vm, sep);
        if (len < 0)
            return NULL;
        if (len != 1)
            return ou_value_error(vm, "sep must be length 1.");
        if (is_str) {
            c = ou_str_at(OU_STR(sep), 0);
        } else if (is_bytes) {
            c = (unsigned char)OU_BYTES(sep)->data[0];
        } else {
            return ou_type_error(vm, "sep must be str or bytes.");
        }
        if (c > 127)
            return ou_value_error(vm, "sep must be ASCII.");
    }
    if (n == 0)
        return ou_ref(OU_EMPTY_STR(vm));
    size_t size = (size_t)(group < 0 ? -(int64_t)group : group), nseps = sep && group ? (n - 1) / size : 0;
    if (n > (size_t)PTRDIFF_MAX / 4)
        return ou_raise_memory(vm);
    OuObj *r = ou_str_alloc(vm, (ou_ssize)(n * 2 + nseps), 0x7f);
    if (!r)
        return NULL;
    char *d = OU_STR(r)->data;
    for (size_t i = 0; i < n; i++) {
        /* positive: groups are counted from the right */
        if (nseps && i && (group > 0 ? (n - i) % size == 0 : i % size == 0))
            *d++ = (char)c;
        *d++ = digits[p[i] >> 4];
        *d++ = digits[p[i] & 15];
    }
    return r;
}

static int hexval(uint32_t c)
{
    return c >= '0' && c <= '9'                     ? (int)c - '0'
           : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (int)(c | 0x20) - 'a' + 10
                                                    : -1;
}

static OuObj *fromhex(OuVM *vm, OuObj *const *args, bool bytearray)
{
    OuObj *s = args[1], *r;
    if (!ou_isa_str(vm, s))
        return ou_type_error(vm, "fromhex() argument must be str, not %s", ou_arg_type_name(vm, s));
    ou_ssize n = ou_str_len(s), i = 0, bad = -1;
    size_t out = 0, size = (size_t)n / 2 + 1;
    char *d = ou_alloc(vm, size);
    if (!d)
        return NULL;
    while (i < n && bad < 0) {
        uint32_t c = ou_str_at(OU_STR(s), i);
        if (c < 0x80 && space((unsigned char)c)) {
            i++;
        } else if (hexval(c) < 0) {
            bad = i;
        } else if (i + 1 >= n || hexval(ou_str_at(OU_STR(s), i + 1)) < 0) {
            bad = i + 1;
        } else {
            d[out++] = (char)(hexval(c) << 4 | hexval(ou_str_at(OU_STR(s), i + 1)));
            i += 2;
        }
    }
    OuType *type = OU_AS_TYPE(args[0]);
    if (bad >= 0)
        r = ou_value_error(vm, "non-hexadecimal number found in fromhex() arg at position %zd", bad);
    else
        r = bytearray ? ou_bytearray_new(vm, d, (ou_ssize)out) : ou_bytes_new(vm, d, (ou_ssize)out);
    ou_free(vm, d, size);
    if (r && type != &vm->builtin[bytearray ? OU_T_bytearray : OU_T_bytes]) {
        OuObj *sub = ou_call1(vm, args[0], r);
        ou_decref(vm, r);
        return sub;
    }
    return r;
}
OU_M(m_fromhex)
{
    return fromhex(vm, args, false);
}
OU_M(ba_fromhex)
{
    return fromhex(vm, args, true);
}

OU_M(m_translate)
{
    OuBytesArg table = {.view.obj = NULL}, del = {.view.obj = NULL};
    OuObj *r = NULL;
    bool keep[256], has_table = args[1] != OU_NONE(vm);
    if (has_table && ou_bytes_arg(vm, args[1], false, &table) < 0)
        return NULL;
    if (has_table && table.t.n != 256) {
        ou_value_error(vm, "translation table must be 256 characters long");
        goto done;
    }
    if (args[2] && ou_bytes_arg(vm, args[2], false, &del) < 0)
        goto done;
    memset(keep, true, sizeof keep);
    for (ou_ssize i = 0; args[2] && i < del.t.n; i++)
        keep[((const unsigned char *)del.t.p)[i]] = false;
    OuChars t = SELF(vm);
    ou_ssize n = 0;
    bool changed = false;
    for (ou_ssize i = 0; i < t.n; i++) {
        unsigned char c = ((const unsigned char *)t.p)[i];
        n += keep[c];
        changed |= !keep[c] || (has_table && ((const unsigned char *)table.t.p)[c] != c);
    }
    if (!changed) {
        r = ou_text_sub(vm, &t, 0, t.n);
        goto done;
    }
    void *data;
    int kind;
    if ((r = ou_text_new(vm, &t, n, 0xff, &data, &kind))) {
        unsigned char *p = data;
        for (ou_ssize i = 0; i < t.n; i++) {
            unsigned char c = ((const unsigned char *)t.p)[i];
            if (keep[c])
                *p++ = has_table ? ((const unsigned char *)table.t.p)[c] : c;
        }
    }
done:
    ou_bytes_arg_free(vm, &table);
    ou_bytes_arg_free(vm, &del);
    return r;
}

OU_M(m_maketrans)
{
    OuBytesArg from, to;
    OuObj *r = NULL;
    if (ou_bytes_arg(vm, args[0], false, &from) < 0)
        return NULL;
    if (ou_bytes_arg(vm, args[1], false, &to) < 0) {
        ou_bytes_arg_free(vm, &from);
        return NULL;
    }
    if (from.t.n != to.t.n) {
        ou_value_error(vm, "maketrans arguments must have same length");
    } else if ((r = ou_bytes_new(vm, NULL, 256))) {
        unsigned char *d = (unsigned char *)OU_BYTES(r)->data;
        for (int i = 0; i < 256; i++)
            d[i] = (unsigned char)i;
        for (ou_ssize i = 0; i < from.t.n; i++)
            d[((const unsigned char *)from.t.p)[i]] = ((const unsigned char *)to.t.p)[i];
    }
    ou_bytes_arg_free(vm, &from);
    ou_bytes_arg_free(vm, &to);
    return r;
}

OU_M(m_getnewargs)
{
    OuObj *b = ou_bytes_new(vm, OU_BYTES(args[0])->data, (ou_ssize)OU_BYTES(args[0])->len);
    return b ? ou_tuple_of_take(vm, &b, 1) : NULL;
}

OU_M(m_bytes)
{
    return ou_is(args[0], bytes)
               ? ou_ref(args[0])
               : ou_bytes_new(vm, OU_BYTES(args[0])->data, (ou_ssize)OU_BYTES(args[0])->len);
}

OU_M(m_sizeof)
{
    OuObj *o = args[0];
    return ou_int(vm, ou_isa_bytes(vm, o) ? (int64_t)(sizeof(OuBytes) + OU_BYTES(o)->len + 1)
                                          : (int64_t)(sizeof(OuByteArray) + ou_ba(o)->cap));
}

#define COMMON                                                                                               \
    {"capitalize(self, /)", m_capitalize, 0,                                                                 \
     "B.capitalize() -> copy of B\n\nReturn a copy of B with only its first character capitalized "          \
     "(ASCII)\nand the rest lower-cased."},                                                                  \
        {"center(self, width, fillchar=b' ', /)", m_center, 0,                                               \
         "Return a centered string of length width.\n\nPadding is done using the specified fill "            \
         "character."},                                                                                      \
        {"count(...)", m_count, 0, "B.count(sub[, start[, end]]) -> int"},                                   \
        {"decode(self, /, encoding='utf-8', errors='strict')", m_decode, 0,                                  \
         "Decode the bytes using the codec registered for encoding."},                                       \
        {"endswith(...)", m_endswith, 0, "B.endswith(suffix[, start[, end]]) -> bool"},                      \
        {"expandtabs(self, /, tabsize=8)", m_expandtabs, 0,                                                  \
         "Return a copy where all tab characters are expanded using spaces."},                               \
        {"find(...)", m_find, 0, "B.find(sub[, start[, end]]) -> int"},                                      \
        {"hex(self, sep=None, bytes_per_sep=1)", m_hex, 0,                                                   \
         "Two hexadecimal digits a byte, with sep between groups of bytes_per_sep bytes (counted from the\n" \
         "right; from the left if negative).\n\n>>> value = bytes.fromhex('0102fe')\n>>> "                   \
         "value.hex()\n'0102fe'\n"                                                                           \
         ">>> value.hex(':')\n'01:02:fe'\n>>> value.hex(':', 2)\n'01:02fe'\n>>> value.hex(':', "             \
         "-2)\n'0102:fe'"},                                                                                  \
        {"index(...)", m_index, 0, "B.index(sub[, start[, end]]) -> int"},                                   \
        {"isalnum(self, /)", m_isalnum, 0, "B.isalnum() -> bool"},                                           \
        {"isalpha(self, /)", m_isalpha, 0, "B.isalpha() -> bool"},                                           \
        {"isascii(self, /)", m_isascii, 0, "B.isascii() -> bool"},                                           \
        {"isdigit(self, /)", m_isdigit, 0, "B.isdigit() -> bool"},                                           \
        {"islower(self, /)", m_islower, 0, "B.islower() -> bool"},                                           \
        {"isspace(self, /)", m_isspace, 0, "B.isspace() -> bool"},                                           \
        {"istitle(self, /)", m_istitle, 0, "B.istitle() -> bool"},                                           \
        {"isupper(self, /)", m_isupper, 0, "B.isupper() -> bool"},                                           \
        {"join(self, iterable_of_bytes, /)", m_join, 0, "Concatenate any number of bytes objects."},         \
        {"ljust(self, width, fillchar=b' ', /)", m_ljust, 0,                                                 \
         "Return a left-justified string of length width."},                                                 \
        {"lower(self, /)", m_lower, 0, "B.lower() -> copy of B"},                                            \
        {"lstrip(self, bytes=None, /)", m_lstrip, 0, "Strip leading bytes contained in the argument."},      \
        {"maketrans(frm, to, /)", m_maketrans, OU_FN_STATIC,                                                 \
         "Return a translation table useable for the bytes or bytearray translate method."},                 \
        {"partition(self, sep, /)", m_partition, 0,                                                          \
         "Partition the bytes into three parts using the given separator."},                                 \
        {"removeprefix(self, prefix, /)", m_removeprefix, 0,                                                 \
         "Return a bytes object with the given prefix string removed if present."},                          \
        {"removesuffix(self, suffix, /)", m_removesuffix, 0,                                                 \
         "Return a bytes object with the given suffix string removed if present."},                          \
        {"replace(self, old, new, count=-1, /)", m_replace, 0,                                               \
         "Return a copy with all occurrences of substring old replaced by new."},                            \
        {"rfind(...)", m_rfind, 0, "B.rfind(sub[, start[, end]]) -> int"},                                   \
        {"rindex(...)", m_rindex, 0, "B.rindex(sub[, start[, end]]) -> int"},                                \
        {"rjust(self, width, fillchar=b' ', /)", m_rjust, 0,                                                 \
         "Return a right-justified string of length width."},                                                \
        {"rpartition(self, sep, /)", m_rpartition, 0,                                                        \
         "Partition the bytes into three parts using the given separator."},                                 \
        {"rsplit(self, /, sep=None, maxsplit=-1)", m_rsplit, 0,                                              \
         "Return a list of the sections in the bytes, using sep as the delimiter."},                         \
        {"rstrip(self, bytes=None, /)", m_rstrip, 0, "Strip trailing bytes contained in the argument."},     \
        {"split(self, /, sep=None, maxsplit=-1)", m_split, 0,                                                \
         "Return a list of the sections in the bytes, using sep as the delimiter."},                         \
        {"splitlines(self, /, keepends=False)", m_splitlines, 0,                                             \
         "Return a list of the lines in the bytes, breaking at line boundaries."},                           \
        {"startswith(...)", m_startswith, 0, "B.startswith(prefix[, start[, end]]) -> bool"},                \
        {"strip(self, bytes=None, /)", m_strip, 0,                                                           \
         "Strip leading and trailing bytes contained in the argument."},                                     \
        {"swapcase(self, /)", m_swapcase, 0, "B.swapcase() -> copy of B"},                                   \
        {"title(self, /)", m_title, 0, "B.title() -> copy of B"},                                            \
        {"translate(self, table, /, delete=b'')", m_translate, 0,                                            \
         "Return a copy with each character mapped by the given translation table."},                        \
        {"upper(self, /)", m_upper, 0, "B.upper() -> copy of B"},                                            \
        {"zfill(self, width, /)", m_zfill, 0,                                                                \
         "Pad a numeric string with zeros on the left, to fill a field of the given width."},                \
    {                                                                                                        \
        "__sizeof__(self, /)", m_sizeof, 0, "Returns the size of the object in memory, in bytes."            \
    }

const OuFn ou_bytes_methods[] = {
    COMMON,
    {"fromhex(type, string, /)", m_fromhex, OU_FN_CLASS,
     "Create a bytes object from a string of hexadecimal numbers."},
    {"__getnewargs__(self, /)", m_getnewargs, OU_FN_NOTEXT, NULL},
    {"__bytes__(self, /)", m_bytes, 0, "Convert this value to exact type bytes."},
    {0},
};

const OuFn ou_bytearray_methods[] = {
    COMMON,
    {"fromhex(type, string, /)", ba_fromhex, OU_FN_CLASS,
     "Create a bytearray object from a string of hexadecimal numbers."},
    {"append(self, item, /)", ou_bytearray_m_append, 0, "Append a single item to the end of the bytearray."},
    {"clear(self, /)", ou_bytearray_m_clear, 0, "Remove all items from the bytearray."},
    {"copy(self, /)", ou_bytearray_m_copy, 0, "Return a copy of B."},
    {"extend(self, iterable_of_ints, /)", ou_bytearray_m_extend, 0,
     "Append all the items from the iterator or sequence to the end of the bytearray."},
    {"insert(self, index, item, /)", ou_bytearray_m_insert, 0,
     "Insert a single item into the bytearray before the given index."},
    {"pop(self, index=-1, /)", ou_bytearray_m_pop, 0, "Remove and return a single item from B."},
    {"remove(self, value, /)", ou_bytearray_m_remove, 0,
     "Remove the first occurrence of a value in the bytearray."},
    {"reverse(self, /)", ou_bytearray_m_reverse, 0, "Reverse the order of the values in B in place."},
    {"__alloc__(self, /)", ou_bytearray_m_alloc, OU_FN_NOTEXT, "B.__alloc__() -> int"},
    {"__reduce__(self, /)", ou_bytearray_m_reduce, 0, "Return state information for pickling."},
    {"__reduce_ex__(self, proto=0, /)", ou_bytearray_m_reduce_ex, 0,
     "Return state information for pickling."},
    {0},
};
