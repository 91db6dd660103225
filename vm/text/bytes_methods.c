/* vm/text/bytes_methods.c - the methods bytes and bytearray have in common, one body for both. */
#include "../codec/codec.h"
#include "bytes.h"

#define SELF(vm) ou_text_of_bytes(vm, args[0])

/* Holds a bytearray's exports up while arguments run Python code or the data is read. */
static void hold(OuVM *vm, OuObj *o)
{
    if (!ou_isa_bytes(vm, o))
        ou_ba(o)->exports++;
}
static void let_go(OuVM *vm, OuObj *o)
{
    if (!ou_isa_bytes(vm, o))
        ou_ba(o)->exports--;
}

/* ---- searching ------------------------------------------------------------------------ */
static OuObj *search(OuVM *vm, const char *name, OuSearch what, OuObj *const *args, size_t nargs,
                     OuObj *kwnames)
{
    ou_ssize start, end;
    OuBytesArg a;
    OuObj *res = NULL;
    hold(vm, args[0]);
    OuChars h = SELF(vm);
    if (ou_text_search_args(vm, name, args, nargs, kwnames, h.n, &start, &end) == 0 &&
        ou_bytes_arg(vm, args[1], true, &a) == 0) {
        res = ou_text_search(vm, what, &h, &a.t, start, end, "subsection not found");
        ou_bytes_arg_free(vm, &a);
    }
    let_go(vm, args[0]);
    return res;
}
OU_M1(m_find, search(vm, "find", OU_FIND, args, nargs, kwnames))
OU_M1(m_rfind, search(vm, "rfind", OU_RFIND, args, nargs, kwnames))
OU_M1(m_index, search(vm, "index", OU_INDEX, args, nargs, kwnames))
OU_M1(m_rindex, search(vm, "rindex", OU_RINDEX, args, nargs, kwnames))
OU_M1(m_count, search(vm, "count", OU_COUNT, args, nargs, kwnames))

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
    hold(vm, args[0]);
    OuChars h = SELF(vm);
    if (ou_text_search_args(vm, name, args, nargs, kwnames, h.n, &start, &end) < 0) {
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
    let_go(vm, args[0]);
    return r < 0 ? NULL : ou_bool(vm, r);
}
OU_M1(m_startswith, tail(vm, "startswith", false, args, nargs, kwnames))
OU_M1(m_endswith, tail(vm, "endswith", true, args, nargs, kwnames))

OU_M(m_replace)
{
    OuBytesArg from, to;
    ou_ssize count = -1;
    OuObj *r = NULL;
    if (ou_bytes_arg(vm, args[1], false, &from) < 0)
        return NULL;
    if (ou_bytes_arg(vm, args[2], false, &to) == 0) {
        if (ou_text_opt_ssize(vm, args[3], &count) == 0) {
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
OU_M1(m_removeprefix, remove_affix(vm, args, false))
OU_M1(m_removesuffix, remove_affix(vm, args, true))

/* ---- cutting --------------------------------------------------------------------------- */
static OuObj *split(OuVM *vm, OuObj *const *args, bool right)
{
    ou_ssize max = -1;
    OuBytesArg a;
    if (ou_text_opt_ssize(vm, args[2], &max) < 0)
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
OU_M1(m_split, split(vm, args, false))
OU_M1(m_rsplit, split(vm, args, true))

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
OU_M1(m_partition, partition(vm, args, false))
OU_M1(m_rpartition, partition(vm, args, true))

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
OU_M1(m_strip, strip(vm, args, true, true))
OU_M1(m_lstrip, strip(vm, args, true, false))
OU_M1(m_rstrip, strip(vm, args, false, true))

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

/* ---- the rest ----------------------------------------------------------------------------- */
OU_M(m_join)
{
    hold(vm, args[0]); /* the iterator must not change the separator's length */
    OuObj *seq = ou_sequence_fast(vm, args[1], "can only join an iterable");
    let_go(vm, args[0]);
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
    if ((!args[1] || ou_str_utf8_name(vm, args[1], &enc) == 0) &&
        (!args[2] || ou_str_utf8_name(vm, args[2], &err) == 0)) {
        hold(vm, args[0]);
        OuChars t = SELF(vm);
        if (t.n) /* nothing needs no codec, not even a known one */
            r = ou_str_decode(vm, t.p, (size_t)t.n, enc.s, err.s);
        else if (ou_codec_check_names(vm, enc.s, err.s) == 0)
            r = ou_ref(OU_EMPTY_STR(vm));
        let_go(vm, args[0]);
    }
    ou_utf8_free(vm, &enc);
    ou_utf8_free(vm, &err);
    return r;
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
    if (has_table && !args[2]) { /* as many as there were */
        void *to;
        int same_kind;
        const unsigned char *from = t.p, *map = table.t.p;
        if ((r = ou_text_new(vm, &t, t.n, 0xff, &to, &same_kind))) {
            n = t.n;
            for (ou_ssize i = 0; i < n; i++)
                ((unsigned char *)to)[i] = map[from[i]];
            if (t.cls == OU_TEXT_BYTES && n && memcmp(to, from, (size_t)n) == 0) {
                ou_decref(vm, r);
                r = ou_text_sub(vm, &t, 0, n);
            }
        }
        goto done;
    }
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
    OuObj *b = args[0];
    return ou_is(b, bytes) ? ou_ref(b) : ou_bytes_new(vm, OU_BYTES(b)->data, (ou_ssize)OU_BYTES(b)->len);
}

OU_M(m_sizeof)
{
    OuObj *o = args[0];
    return ou_int(vm, ou_isa_bytes(vm, o) ? (int64_t)(sizeof(OuBytes) + OU_BYTES(o)->len + 1)
                                          : (int64_t)(sizeof(OuByteArray) + ou_ba(o)->cap));
}

const OuFn ou_bytes_methods[] = {
#include "bytes_methods.def"
    {"fromhex(type, string, /)", ou_bytes_m_fromhex, OU_FN_CLASS,
     "Create a bytes object from a string of hexadecimal numbers."},
    {"__getnewargs__(self, /)", m_getnewargs, OU_FN_NOTEXT, NULL},
    {"__bytes__(self, /)", m_bytes, 0, "Convert this value to exact type bytes."},
    {0},
};

const OuFn ou_bytearray_methods[] = {
#include "bytes_methods.def"
    {"fromhex(type, string, /)", ou_bytes_m_fromhex_bytearray, OU_FN_CLASS,
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
