/* vm/text/bytes.c - the type bytes: memory, slots, construction. */
#include "bytes.h"
#include "../config.h"

#include <stdio.h>

OuObj *ou_bytes_new(OuVM *vm, const char *p, ou_ssize n)
{
    OuObj **cache = n == 0 ? &vm->empty_bytes : n == 1 && p ? &vm->byte_objs[(unsigned char)*p] : NULL;
    if (cache && *cache)
        return ou_ref(*cache);
    if (n < 0 || n > PTRDIFF_MAX - (ou_ssize)sizeof(OuBytes) - 1)
        return ou_raise_memory(vm);
    OuBytes *b = (OuBytes *)ou_new_leaf(vm, OU_T_bytes, sizeof *b + (size_t)n + 1);
    if (!b)
        return NULL;
    b->hash = -1;
    b->len = (size_t)n;
    if (p && n)
        memcpy(b->data, p, (size_t)n);
    b->data[n] = 0;
    if (cache) {
        *cache = ou_ref(&b->hdr);
        b->hdr.rc = OU_RC_SINGLETON;
    }
    return &b->hdr;
}

OuChars ou_text_of_bytes(OuVM *vm, OuObj *o)
{
    if (ou_isa_bytes(vm, o))
        return (OuChars){OU_BYTES(o)->data, (ou_ssize)OU_BYTES(o)->len, 1, OU_TEXT_BYTES, o};
    return (OuChars){ou_ba(o)->start, (ou_ssize)ou_ba(o)->len, 1, OU_TEXT_BYTEARRAY, o};
}

int ou_byte_value(OuVM *vm, OuObj *o)
{
    int64_t v;
    if (ou_is_small(o)) {
        v = OU_INT_V(o);
    } else {
        OuObj *i = ou_index(vm, o);
        if (!i)
            return -1;
        if (!ou_int_fits(i, &v))
            v = -1;
        ou_decref(vm, i);
    }
    if (v < 0 || v > 255)
        return ou_value_error_i(vm, "byte must be in range(0, 256)");
    return (int)v;
}

int ou_bytes_arg(OuVM *vm, OuObj *o, bool allow_int, OuBytesArg *a)
{
    a->view.obj = NULL;
    if (ou_is(o, bytes)) {
        a->t = ou_text_of_bytes(vm, o);
        return 0;
    }
    if (allow_int && !ou_has_buffer(vm, o)) {
        if (!ou_has_index(vm, o))
            return ou_type_error_i(vm, "argument should be integer or bytes-like object, not '%T'", o);
        int v = ou_byte_value(vm, o);
        if (v < 0)
            return -1;
        a->one = (unsigned char)v;
        a->t = (OuChars){&a->one, 1, 1, OU_TEXT_BYTES, NULL};
        return 0;
    }
    if (ou_buffer_get(vm, o, &a->view, OU_BUF_SIMPLE) < 0)
        return -1;
    a->t = (OuChars){a->view.buf, a->view.len, 1, OU_TEXT_BYTES, NULL};
    return 0;
}

void ou_bytes_arg_free(OuVM *vm, OuBytesArg *a)
{
    if (a->view.obj)
        ou_buffer_release(vm, &a->view);
}

static void bytes_dealloc(OuVM *vm, OuObj *o)
{
    if (ou_is(o, bytes))
        ou_heap_free_leaf(&vm->heap, o, sizeof(OuBytes) + OU_BYTES(o)->len + 1);
    else
        ou_free_object(vm, o);
}

OuObj *ou_bytes_repr_of(OuVM *vm, const char *prefix, const char *p, size_t n, const char *suffix)
{
    char q = memchr(p, '\'', n) && !memchr(p, '"', n) ? '"' : '\'';
    static const char hex[] = "0123456789abcdef";
    bool quoted = *prefix; /* bytearray escapes the apostrophe in any case */
    size_t size = strlen(prefix) + 3 + strlen(suffix);
    uint8_t width[256]; /* of a byte's text */
    memcpy(width, ou_repr_widths, sizeof width);
    width[(unsigned char)q] = 2;
    if (quoted)
        width['\''] = 2;
    if (n > (size_t)PTRDIFF_MAX / 8)
        return ou_raise_memory(vm);
    for (size_t i = 0; i < n; i++)
        size += width[(unsigned char)p[i]];
    OuObj *r = ou_str_alloc(vm, (ou_ssize)size, 0x7f);
    if (!r)
        return NULL;
    char *to = stpcpy(OU_STR(r)->data, prefix);
    *to++ = 'b';
    *to++ = q;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];
        if (width[c] > 1)
            *to++ = '\\';
        if (width[c] == 4) {
            *to++ = 'x';
            *to++ = hex[c >> 4];
            *to++ = hex[c & 15];
        } else {
            *to++ = (char)(width[c] == 1 ? c : c == '\t' ? 't' : c == '\n' ? 'n' : c == '\r' ? 'r' : c);
        }
    }
    *to++ = q;
    stpcpy(to, suffix);
    return r;
}

static OuObj *bytes_repr(OuVM *vm, OuObj *o)
{
    return ou_bytes_repr_of(vm, "", OU_BYTES(o)->data, OU_BYTES(o)->len, "");
}

static int bytes_hash(OuVM *vm, OuObj *o, int64_t *out)
{
    OuBytes *b = OU_BYTES(o);
    if (b->hash == -1)
        b->hash = ou_hash_bytes(vm, b->data, b->len);
    *out = b->hash;
    return 0;
}

OuObj *ou_bytes_compare(OuVM *vm, const void *a, size_t na, const void *b, size_t nb, int op)
{
    if (na != nb && (op == OU_CMP_EQ || op == OU_CMP_NE))
        return ou_bool(vm, op == OU_CMP_NE);
    size_t n = na < nb ? na : nb;
    int c = n ? memcmp(a, b, n) : 0;
    if (c == 0)
        c = na < nb ? -1 : na > nb;
    bool r = op == OU_CMP_EQ   ? c == 0
             : op == OU_CMP_NE ? c != 0
             : op == OU_CMP_LT ? c < 0
             : op == OU_CMP_LE ? c <= 0
             : op == OU_CMP_GT ? c > 0
                               : c >= 0;
    return ou_bool(vm, r);
}

/* -b: comparing bytes with what only looks like them. 0/-1 */
static int warn_compare(OuVM *vm, OuObj *a, OuObj *b)
{
    if (ou_isa_str(vm, a) || ou_isa_str(vm, b))
        return ou_warn(vm, OU_EXC(vm, BytesWarning), 1, "Comparison between bytes and string");
    if (ou_isa_int(vm, a) || ou_isa_int(vm, b))
        return ou_warn(vm, OU_EXC(vm, BytesWarning), 1, "Comparison between bytes and int");
    return 0;
}

static OuObj *bytes_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if (!ou_isa_bytes(vm, a) || !ou_isa_bytes(vm, b)) {
        if (vm->config && vm->config->bytes_warning && (op == OU_CMP_EQ || op == OU_CMP_NE) &&
            warn_compare(vm, a, b) < 0)
            return NULL;
        return ou_notimplemented(vm);
    }
    return ou_bytes_compare(vm, OU_BYTES(a)->data, OU_BYTES(a)->len, OU_BYTES(b)->data, OU_BYTES(b)->len, op);
}

static OuObj *bytes_str(OuVM *vm, OuObj *o)
{
    if (vm->config && vm->config->bytes_warning &&
        ou_warn(vm, OU_EXC(vm, BytesWarning), 1, "str() on a bytes instance") < 0)
        return NULL;
    return bytes_repr(vm, o);
}

static ou_ssize bytes_len(OuVM *vm, OuObj *o)
{
    return (ou_ssize)OU_BYTES(o)->len;
}

static OuObj *bytes_item(OuVM *vm, OuObj *o, ou_ssize i)
{
    if (i < 0 || i >= (ou_ssize)OU_BYTES(o)->len)
        return ou_raise(vm, OU_EXC(vm, IndexError), "index out of range");
    return ou_int(vm, (unsigned char)OU_BYTES(o)->data[i]);
}

static OuObj *bytes_getitem(OuVM *vm, OuObj *o, OuObj *key)
{
    OuBytes *b = OU_BYTES(o);
    ou_ssize n = (ou_ssize)b->len, i;
    if (ou_is(key, slice)) {
        ou_ssize start, stop, step, count;
        if (ou_slice_indices(vm, key, n, &start, &stop, &step, &count) < 0)
            return NULL;
        if (count <= 0)
            return ou_bytes_new(vm, NULL, 0);
        if (step == 1 && count == n && ou_is(o, bytes))
            return ou_ref(o);
        if (step == 1 || count == 1)
            return ou_bytes_new(vm, b->data + start, count);
        OuObj *r = ou_bytes_new(vm, NULL, count);
        for (ou_ssize k = 0; r && k < count; k++, start = ou_slice_next(start, step))
            OU_BYTES(r)->data[k] = b->data[start];
        return r;
    }
    if (!ou_has_index(vm, key))
        return ou_type_error(vm, "byte indices must be integers or slices, not %T", key);
    if (ou_as_ssize(vm, key, OU_EXC(vm, IndexError), &i) < 0)
        return NULL;
    return bytes_item(vm, o, i < 0 ? i + n : i);
}

int ou_bytes_contains(OuVM *vm, OuObj *o, OuObj *x)
{
    OuBytesArg a;
    if (!ou_has_buffer(vm, x) && !ou_has_index(vm, x))
        return ou_type_error_i(vm, "a bytes-like object is required, not '%T'", x);
    if (ou_bytes_arg(vm, x, true, &a) < 0)
        return -1;
    OuChars h = ou_text_of_bytes(vm, o);
    ou_ssize at = ou_text_find(vm, &h, &a.t, 0, h.n);
    ou_bytes_arg_free(vm, &a);
    return at >= 0;
}

static OuObj *bytes_concat(OuVM *vm, OuObj *a, OuObj *b)
{
    OuBytesArg x, y;
    OuObj *r = NULL;
    if (!ou_has_buffer(vm, a) || !ou_has_buffer(vm, b))
        return ou_type_error(vm, "can't concat %T to %T", b, a);
    if (ou_bytes_arg(vm, a, false, &x) < 0)
        return NULL;
    if (ou_bytes_arg(vm, b, false, &y) < 0)
        goto first;
    if (x.t.n == 0 && ou_is(b, bytes)) {
        r = ou_ref(b);
    } else if (y.t.n == 0 && ou_is(a, bytes)) {
        r = ou_ref(a);
    } else if (x.t.n > PTRDIFF_MAX - y.t.n) {
        ou_raise_memory(vm);
    } else if ((r = ou_bytes_new(vm, NULL, x.t.n + y.t.n))) {
        memcpy(OU_BYTES(r)->data, x.t.p, (size_t)x.t.n);
        memcpy(OU_BYTES(r)->data + x.t.n, y.t.p, (size_t)y.t.n);
    }
    ou_bytes_arg_free(vm, &y);
first:
    ou_bytes_arg_free(vm, &x);
    return r;
}

static OuObj *bytes_repeat(OuVM *vm, OuObj *o, ou_ssize n)
{
    size_t unit = OU_BYTES(o)->len;
    if (unit == 0)
        return ou_bytes_new(vm, NULL, 0);
    if (n <= 0) { /* an object of its own, as in CPython: tracemalloc knows where it was made */
        OuBytes *b = (OuBytes *)ou_new_leaf(vm, OU_T_bytes, sizeof *b + 1);
        if (!b)
            return NULL;
        b->hash = -1;
        b->len = 0;
        b->data[0] = 0;
        return &b->hdr;
    }
    if (n == 1 && ou_is(o, bytes))
        return ou_ref(o);
    if (unit > (size_t)(PTRDIFF_MAX / n))
        return ou_raise(vm, OU_EXC(vm, OverflowError), "repeated bytes are too long");
    OuObj *r = ou_bytes_new(vm, NULL, (ou_ssize)unit * n);
    if (!r)
        return NULL;
    char *d = OU_BYTES(r)->data;
    size_t all = unit * (size_t)n;
    if (unit == 1) {
        memset(d, OU_BYTES(o)->data[0], all);
        return r;
    }
    memcpy(d, OU_BYTES(o)->data, unit);
    for (size_t have = unit; have < all;) {
        size_t m = have <= all - have ? have : all - have;
        memcpy(d + have, d, m);
        have += m;
    }
    return r;
}

static OuObj *bytes_mod(OuVM *vm, OuObj *a, OuObj *b)
{
    if (!ou_isa_bytes(vm, a))
        return ou_notimplemented(vm);
    return ou_bytes_percent(vm, OU_BYTES(a)->data, OU_BYTES(a)->len, b);
}

static int bytes_getbuffer(OuVM *vm, OuObj *o, OuBuffer *view, int flags)
{
    return ou_buffer_fill(vm, view, o, OU_BYTES(o)->data, (ou_ssize)OU_BYTES(o)->len, true, flags);
}

/* ---- construction ------------------------------------------------------------------- */
OuObj *ou_bytes_from_object(OuVM *vm, OuObj *x)
{
    OuObj *method;
    if (ou_is(x, bytes))
        return ou_ref(x);
    int found = ou_lookup_special(vm, x, OU_NAME(vm, __bytes__), &method);
    if (found < 0)
        return NULL;
    if (found) {
        OuObj *b = ou_call0(vm, method);
        ou_decref(vm, method);
        if (b && !ou_isa_bytes(vm, b)) {
            ou_type_error(vm, "__bytes__ returned non-bytes (type %T)", b);
            ou_decref(vm, b);
            return NULL;
        }
        return b;
    }
    if (ou_isa_str(vm, x))
        return ou_type_error(vm, "string argument without an encoding");
    OuObj *ba = ou_bytearray_from(vm, x, "bytes");
    if (!ba)
        return NULL;
    OuObj *r = ou_bytes_new(vm, ou_ba(ba)->start, (ou_ssize)ou_ba(ba)->len);
    ou_decref(vm, ba);
    return r;
}

static OuObj *as_subclass(OuVM *vm, OuType *type, OuObj *b_take)
{
    if (!b_take || type == &vm->builtin[OU_T_bytes])
        return b_take;
    size_t n = OU_BYTES(b_take)->len;
    OuObj *o = ou_type_alloc(vm, type, (ou_ssize)n + 1);
    if (o) {
        OU_BYTES(o)->hash = OU_BYTES(b_take)->hash;
        OU_BYTES(o)->len = n;
        memcpy(OU_BYTES(o)->data, OU_BYTES(b_take)->data, n + 1);
    }
    ou_decref(vm, b_take);
    return o;
}

OuObj *ou_bytes_of(OuVM *vm, OuObj *o)
{
    return ou_bytes_from_object(vm, o);
}

int ou_encode_args(OuVM *vm, OuObj *const *a, const char *fname, OuObj **out)
{
    *out = NULL;
    if (!a[1] && !a[2])
        return 0;
    for (int i = 1; i < 3; i++)
        if (a[i] && !ou_isa_str(vm, a[i]))
            return ou_type_error_i(vm, "%s() argument '%s' must be str, not %s", fname,
                                   i == 1 ? "encoding" : "errors", ou_arg_type_name(vm, a[i]));
    if (!a[0] || !ou_isa_str(vm, a[0]))
        return ou_type_error_i(vm, a[1] ? "encoding without a string argument"
                                        : "errors without a string argument");
    if (!a[1])
        return ou_type_error_i(vm, "string argument without an encoding");
    OuUtf8 enc = {0}, err = {0};
    if ((!a[1] || ou_str_utf8_name(vm, a[1], &enc) == 0) && (!a[2] || ou_str_utf8_name(vm, a[2], &err) == 0))
        *out = ou_str_encode(vm, a[0], enc.s, err.s);
    ou_utf8_free(vm, &enc);
    ou_utf8_free(vm, &err);
    return *out ? 1 : -1;
}

static OuObj *bytes_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[3] = {NULL, NULL, NULL}, *r;
    if ((nargs || kwnames) &&
        ou_args_bind(vm, "bytes(source=b'', encoding='utf-8', errors='strict')", args, nargs, kwnames, a) < 0)
        return NULL;
    int e = ou_encode_args(vm, a, "bytes", &r);
    if (e < 0)
        return NULL;
    if (e == 0)
        r = a[0] ? ou_bytes_from_object(vm, a[0]) : ou_bytes_new(vm, NULL, 0);
    if (r && type == &vm->builtin[OU_T_bytes])
        return r;
    if (r && !ou_is(r, bytes)) { /* __bytes__ gave a subclass */
        OuObj *x = ou_bytes_new(vm, OU_BYTES(r)->data, (ou_ssize)OU_BYTES(r)->len);
        ou_decref(vm, r);
        r = x;
    }
    return as_subclass(vm, type, r);
}

const OuTypeSpec ou_bytes_spec = {
    .name = "bytes",
    .size = sizeof(OuBytes),
    .item_size = 1,
    .flags = OU_TYPE_BASE | OU_TYPE_BYTES_SUB | OU_TYPE_IMMUTABLE | OU_TYPE_MATCH_SELF,
    .doc = "bytes(iterable_of_ints) -> bytes\nbytes(string, encoding[, errors]) -> bytes\n"
           "bytes(bytes_or_buffer) -> immutable copy of bytes_or_buffer\n"
           "bytes(int) -> bytes object of size given by the parameter initialized with null bytes\n"
           "bytes() -> empty bytes object\n\nConstruct an immutable array of bytes from:\n"
           "  - an iterable yielding integers in range(256)\n  - a text string encoded using the specified "
           "encoding\n"
           "  - any object implementing the buffer API.\n  - an integer",
    .dealloc = bytes_dealloc,
    .s = {.repr = bytes_repr,
          .str = bytes_str,
          .hash = bytes_hash,
          .compare = bytes_compare,
          .iter = ou_bytes_iter,
          .new_ = bytes_new,
          .nb[OU_NB_MOD] = bytes_mod,
          .len = bytes_len,
          .getitem = bytes_getitem,
          .item = bytes_item,
          .contains = ou_bytes_contains,
          .concat = bytes_concat,
          .repeat = bytes_repeat,
          .getbuffer = bytes_getbuffer},
    .methods = ou_bytes_methods,
};
