/* vm/text/bytearray.c - the type bytearray.
 *
 * The data begins at `start` inside `block`, so that deletion at the front moves nothing.  While a buffer is
 * exported
 * (`exports` > 0) every change of length is refused: views keep raw addresses. */
#include "bytes.h"
#include "../config.h"

static int check_exports(OuVM *vm, OuByteArray *b)
{
    if (b->exports == 0)
        return 0;
    return ou_raise_i(vm, OU_EXC(vm, BufferError), "Existing exports of data: object cannot be re-sized");
}

int ou_bytearray_resize(OuVM *vm, OuObj *o, size_t n)
{
    OuByteArray *b = ou_ba(o);
    size_t off = (size_t)(b->start - b->block);
    if (n == b->len)
        return 0;
    if (check_exports(vm, b) < 0)
        return -1;
    if (n > (size_t)PTRDIFF_MAX - 1)
        return ou_raise_memory_i(vm);
    if (b->block && off + n + 1 <= b->cap && n + 1 >= b->cap / 2) {
        b->len = n;
        b->start[n] = 0;
        return 0;
    }
    size_t cap = n + 1;
    if (n > b->len && b->block && n <= b->cap + b->cap / 8)
        cap = n + (n >> 3) + (n < 9 ? 3 : 6);
    char *p = ou_alloc(vm, cap);
    if (!p)
        return -1;
    if (b->len)
        memcpy(p, b->start, b->len < n ? b->len : n);
    p[n] = 0;
    ou_free(vm, b->block, b->cap);
    b->block = b->start = p;
    b->cap = cap;
    b->len = n;
    return 0;
}

int ou_bytearray_splice(OuVM *vm, OuObj *o, size_t at, size_t n, const char *src, size_t nsrc)
{
    OuByteArray *b = ou_ba(o);
    if (n > nsrc) {
        size_t cut = n - nsrc;
        if (check_exports(vm, b) < 0)
            return -1;
        if (at == 0) {
            b->start += cut;
            b->len -= cut;
            if (ou_bytearray_resize(vm, o, b->len) < 0)
                return -1;
        } else {
            memmove(b->start + at + nsrc, b->start + at + n, b->len - at - n);
            if (ou_bytearray_resize(vm, o, b->len - cut) < 0)
                return -1;
        }
    } else if (n < nsrc) {
        size_t tail = b->len - at - n, old = b->len;
        if (ou_bytearray_resize(vm, o, old + nsrc - n) < 0)
            return -1;
        memmove(b->start + at + nsrc, b->start + at + n, tail);
    }
    if (nsrc)
        memcpy(b->start + at, src, nsrc);
    return 0;
}

static char *empty_data(void)
{
    static const char nul[1]; /* of length 0: never written */
    return (char *)nul;
}

OuObj *ou_bytearray_new(OuVM *vm, const char *s, ou_ssize n)
{
    OuByteArray *b = (OuByteArray *)ou_new_leaf(vm, OU_T_bytearray, sizeof *b);
    if (!b)
        return NULL;
    *b = (OuByteArray){.hdr = b->hdr};
    b->start = empty_data();
    if (n > 0) {
        if (!(b->block = ou_alloc(vm, (size_t)n + 1))) {
            ou_heap_free_leaf(&vm->heap, &b->hdr, sizeof *b);
            return NULL;
        }
        b->start = b->block;
        b->cap = (size_t)n + 1;
        b->len = (size_t)n;
        if (s)
            memcpy(b->block, s, (size_t)n);
        b->block[n] = 0;
    }
    return &b->hdr;
}

static void ba_dealloc(OuVM *vm, OuObj *o)
{
    ou_free(vm, ou_ba(o)->block, ou_ba(o)->cap);
    ou_free_object(vm, o);
}

static int append(OuVM *vm, OuObj *o, int c)
{
    size_t n = ou_ba(o)->len;
    if (ou_bytearray_resize(vm, o, n + 1) < 0)
        return -1;
    ou_ba(o)->start[n] = (char)c;
    return 0;
}

/* Appends the integers of an iterable; the array may be looked at while it runs. */
static int extend_by(OuVM *vm, OuObj *ba, OuObj *x, const char *what)
{
    OuObj *it = ou_iter(vm, x), *item;
    if (!it) {
        if (ou_err_is(vm, OU_EXC(vm, TypeError))) {
            ou_err_clear(vm);
            ou_type_error(vm, "cannot convert '%T' object to %s", x, what);
        }
        return -1;
    }
    int r = 0;
    while (r == 0 && (item = ou_next(vm, it))) {
        int v = ou_byte_value(vm, item);
        ou_decref(vm, item);
        if (v < 0 && what[5] == 0 && ou_err_is(vm, OU_EXC(vm, ValueError))) {
            ou_err_clear(vm);
            ou_value_error(vm, "bytes must be in range(0, 256)");
        }
        r = v < 0 || append(vm, ba, v) < 0 || ou_poll(vm) < 0 ? -1 : 0;
    }
    ou_decref(vm, it);
    return r < 0 || ou_err_occurred(vm) ? -1 : 0;
}

OuObj *ou_bytearray_from(OuVM *vm, OuObj *x, const char *what)
{
    OuObj *ba = NULL;
    if (!ou_has_buffer(vm, x) && ou_has_index(vm, x)) {
        ou_ssize n;
        if (ou_as_ssize(vm, x, OU_EXC(vm, OverflowError), &n) < 0) {
            if (!ou_err_is(vm, OU_EXC(vm, TypeError)))
                return NULL;
            ou_err_clear(vm);
        } else {
            if (n < 0)
                return ou_value_error(vm, "negative count");
            if ((ba = ou_bytearray_new(vm, NULL, n)) && n)
                memset(ou_ba(ba)->start, 0, (size_t)n);
            return ba;
        }
    }
    if (ou_has_buffer(vm, x)) {
        OuBuffer view;
        if (ou_buffer_get(vm, x, &view, OU_BUF_FULL & ~OU_BUF_WRITABLE) < 0)
            return NULL;
        if ((ba = ou_bytearray_new(vm, NULL, view.len)) &&
            ou_buffer_copy_out(vm, &view, ou_ba(ba)->start, 'C') < 0)
            ou_clear(vm, ba);
        ou_buffer_release(vm, &view);
        return ba;
    }
    if ((ba = ou_bytearray_new(vm, NULL, 0)) && extend_by(vm, ba, x, what) < 0)
        ou_clear(vm, ba);
    return ba;
}

static OuObj *ba_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (type == &vm->builtin[OU_T_bytearray])
        return ou_bytearray_new(vm, NULL, 0);
    OuObj *o = ou_type_alloc(vm, type, 0);
    if (o) {
        OuByteArray *b = ou_ba(o);
        b->len = b->cap = 0;
        b->block = NULL;
        b->start = empty_data();
        b->exports = 0;
    }
    return o;
}

static int ba_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[3] = {NULL, NULL, NULL}, *x;
    if ((nargs || kwnames) && ou_args_bind(vm, "bytearray(source=b'', encoding='utf-8', errors='strict')",
                                           args, nargs, kwnames, a) < 0)
        return -1;
    if (ou_ba(self)->len && ou_bytearray_resize(vm, self, 0) < 0)
        return -1;
    int e = ou_encode_args(vm, a, "bytearray", &x);
    if (e < 0)
        return -1;
    if (e == 0) {
        if (!a[0])
            return 0;
        if (ou_isa_str(vm, a[0]))
            return ou_type_error_i(vm, "string argument without an encoding");
        if (!ou_has_buffer(vm, a[0]) && !ou_has_index(vm, a[0]))
            return extend_by(vm, self, a[0], "bytearray");
        if (!(x = ou_bytearray_from(vm, a[0], "bytearray")))
            return -1;
    }
    OuChars t = ou_text_of_bytes(vm, x);
    int r = ou_bytearray_splice(vm, self, 0, ou_ba(self)->len, t.p, (size_t)t.n);
    ou_decref(vm, x);
    return r;
}

static OuObj *ba_repr(OuVM *vm, OuObj *o)
{
    char head[256];
    const char *name = OU_TYPE_OF(vm, o)->name, *dot = strrchr(name, '.');
    size_t n = strlen(dot ? dot + 1 : name);
    if (n > sizeof head - 2)
        n = sizeof head - 2;
    memcpy(head, dot ? dot + 1 : name, n);
    memcpy(head + n, "(", 2);
    return ou_bytes_repr_of(vm, head, ou_ba(o)->start, ou_ba(o)->len, ")");
}

static OuObj *ba_str(OuVM *vm, OuObj *o)
{
    if (vm->config && vm->config->bytes_warning &&
        ou_warn(vm, OU_EXC(vm, BytesWarning), 1, "str() on a bytearray instance") < 0)
        return NULL;
    return ba_repr(vm, o);
}

static OuObj *ba_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    OuBytesArg x, y;
    if (!ou_has_buffer(vm, a) || !ou_has_buffer(vm, b) || ou_isa_str(vm, a) || ou_isa_str(vm, b))
        return ou_notimplemented(vm);
    if (ou_bytes_arg(vm, a, false, &x) < 0) {
        ou_err_clear(vm);
        return ou_notimplemented(vm);
    }
    if (ou_bytes_arg(vm, b, false, &y) < 0) {
        ou_err_clear(vm);
        ou_bytes_arg_free(vm, &x);
        return ou_notimplemented(vm);
    }
    OuObj *r = ou_bytes_compare(vm, x.t.p, (size_t)x.t.n, y.t.p, (size_t)y.t.n, op);
    ou_bytes_arg_free(vm, &x);
    ou_bytes_arg_free(vm, &y);
    return r;
}

static ou_ssize ba_len(OuVM *vm, OuObj *o)
{
    return (ou_ssize)ou_ba(o)->len;
}

static OuObj *ba_item(OuVM *vm, OuObj *o, ou_ssize i)
{
    if (i < 0 || i >= (ou_ssize)ou_ba(o)->len)
        return ou_raise(vm, OU_EXC(vm, IndexError), "bytearray index out of range");
    return ou_int(vm, (unsigned char)ou_ba(o)->start[i]);
}

static int ba_index(OuVM *vm, OuObj *o, OuObj *key, ou_ssize *i)
{
    if (!ou_has_index(vm, key))
        return ou_type_error_i(vm, "bytearray indices must be integers or slices, not %T", key);
    if (ou_as_ssize(vm, key, OU_EXC(vm, IndexError), i) < 0)
        return -1;
    if (*i < 0)
        *i += (ou_ssize)ou_ba(o)->len;
    return 0;
}

static OuObj *ba_getitem(OuVM *vm, OuObj *o, OuObj *key)
{
    ou_ssize i;
    if (ou_is(key, slice)) {
        ou_ssize start, stop, step, count;
        if (ou_slice_unpack(vm, key, &start, &stop, &step) < 0) /* its __index__ may change the length */
            return NULL;
        count = ou_slice_adjust((ou_ssize)ou_ba(o)->len, &start, &stop, step);
        if (count <= 0)
            return ou_bytearray_new(vm, NULL, 0);
        if (step == 1)
            return ou_bytearray_new(vm, ou_ba(o)->start + start, count);
        OuObj *r = ou_bytearray_new(vm, NULL, count);
        for (ou_ssize k = 0; r && k < count; k++, start = ou_slice_next(start, step))
            ou_ba(r)->start[k] = ou_ba(o)->start[start];
        return r;
    }
    if (ba_index(vm, o, key, &i) < 0)
        return NULL;
    return ba_item(vm, o, i);
}

static int del_extended(OuVM *vm, OuObj *o, ou_ssize start, ou_ssize step, ou_ssize count)
{
    OuByteArray *b = ou_ba(o);
    if (count == 0)
        return 0;
    if (check_exports(vm, b) < 0)
        return -1;
    if (step < 0) {
        start += step * (count - 1);
        step = -step;
    }
    size_t out = (size_t)start;
    ou_ssize next = start, left = count;
    for (size_t in = (size_t)start; in < b->len; in++) {
        if (left && (ou_ssize)in == next) {
            next = ou_slice_next(next, step);
            left--;
        } else {
            b->start[out++] = b->start[in];
        }
    }
    return ou_bytearray_resize(vm, o, out);
}

static int set_slice(OuVM *vm, OuObj *o, OuObj *key, OuObj *value)
{
    ou_ssize start, stop, step, count;
    OuObj *own = NULL;
    OuBytesArg a = {.t = {.n = 0}};
    int r = -1;
    if (value &&
        (value == o ||
         !ou_isa(vm, value, bytearray)) && /* the place is asked for before the value and after it */
        ou_slice_unpack(vm, key, &start, &stop, &step) < 0)
        return -1;
    if (value) { /* anything but bytes is converted first; so is the array itself */
        if (!ou_is(value, bytes) && (value == o || !ou_has_buffer(vm, value))) {
            if (ou_has_index(vm, value) || ou_isa_str(vm, value))
                return ou_type_error_i(
                    vm, "can assign only bytes, buffers, or iterables of ints in range(0, 256)");
            if (!(own = ou_bytearray_from(vm, value, "bytearray")))
                return -1;
            value = own;
        }
        if (ou_bytes_arg(vm, value, false, &a) < 0)
            goto done;
    }
    if (ou_slice_unpack(vm, key, &start, &stop, &step) < 0) /* its __index__ may change the length */
        goto done;
    count = ou_slice_adjust((ou_ssize)ou_ba(o)->len, &start, &stop, step);
    if (step == 1) {
        r = ou_bytearray_splice(vm, o, (size_t)start, (size_t)count, a.t.p, value ? (size_t)a.t.n : 0);
    } else if (!value || a.t.n == 0) {
        r = !value || count == 0 ? del_extended(vm, o, start, step, count)
                                 : del_extended(vm, o, start, step, count);
    } else if (a.t.n != count) {
        ou_value_error(vm, "attempt to assign bytes of size %zd to extended slice of size %zd", a.t.n, count);
    } else {
        for (ou_ssize k = 0; k < count; k++, start = ou_slice_next(start, step))
            ou_ba(o)->start[start] = ((const char *)a.t.p)[k];
        r = 0;
    }
done:
    if (value)
        ou_bytes_arg_free(vm, &a);
    ou_xdecref(vm, own);
    return r;
}

static int ba_setitem(OuVM *vm, OuObj *o, OuObj *key, OuObj *value)
{
    ou_ssize i;
    if (ou_is(key, slice))
        return set_slice(vm, o, key, value);
    if (ba_index(vm, o, key, &i) < 0)
        return -1;
    int v = value ? ou_byte_value(vm, value) : 0;
    if (v < 0)
        return -1;
    if (i < 0 || i >= (ou_ssize)ou_ba(o)->len)
        return ou_raise_i(vm, OU_EXC(vm, IndexError),
                          value ? "bytearray index out of range" : "bytearray index out of range");
    if (!value)
        return ou_bytearray_splice(vm, o, (size_t)i, 1, NULL, 0);
    ou_ba(o)->start[i] = (char)v;
    return 0;
}

static OuObj *ba_concat(OuVM *vm, OuObj *a, OuObj *b)
{
    OuBytesArg x, y;
    OuObj *r = NULL;
    if (!ou_has_buffer(vm, a) || !ou_has_buffer(vm, b))
        return ou_type_error(vm, "can't concat %T to %T", b, a);
    if (ou_bytes_arg(vm, a, false, &x) < 0)
        return NULL;
    if (ou_bytes_arg(vm, b, false, &y) == 0) {
        if ((r = ou_bytearray_new(vm, NULL, x.t.n + y.t.n)) && x.t.n + y.t.n) {
            memcpy(ou_ba(r)->start, x.t.p, (size_t)x.t.n);
            memcpy(ou_ba(r)->start + x.t.n, y.t.p, (size_t)y.t.n);
        }
        ou_bytes_arg_free(vm, &y);
    }
    ou_bytes_arg_free(vm, &x);
    return r;
}

static OuObj *ba_iconcat(OuVM *vm, OuObj *o, OuObj *x)
{
    OuBytesArg a;
    if (!ou_has_buffer(vm, x))
        return ou_type_error(vm, "can't concat %T to %T", x, o);
    if (x == o) { /* growing while it is exported to itself */
        size_t n = ou_ba(o)->len;
        if (ou_bytearray_resize(vm, o, n * 2) < 0)
            return NULL;
        memcpy(ou_ba(o)->start + n, ou_ba(o)->start, n);
        return ou_ref(o);
    }
    if (ou_bytes_arg(vm, x, false, &a) < 0)
        return NULL;
    int r = ou_bytearray_splice(vm, o, ou_ba(o)->len, 0, a.t.p, (size_t)a.t.n);
    ou_bytes_arg_free(vm, &a);
    return r < 0 ? NULL : ou_ref(o);
}

static int fill_repeat(OuVM *vm, OuObj *o, size_t unit, ou_ssize n)
{
    if (n < 0)
        n = 0;
    if (unit && n && unit > (size_t)(PTRDIFF_MAX / n))
        return ou_raise_memory_i(vm);
    if (ou_bytearray_resize(vm, o, unit * (size_t)n) < 0)
        return -1;
    for (size_t have = unit, all = unit * (size_t)n; have && have < all;) {
        size_t m = have <= all - have ? have : all - have;
        memcpy(ou_ba(o)->start + have, ou_ba(o)->start, m);
        have += m;
    }
    return 0;
}

static OuObj *ba_repeat(OuVM *vm, OuObj *o, ou_ssize n)
{
    OuObj *r = ou_bytearray_new(vm, ou_ba(o)->start, n > 0 ? (ou_ssize)ou_ba(o)->len : 0);
    if (r && fill_repeat(vm, r, ou_ba(r)->len, n) < 0)
        ou_clear(vm, r);
    return r;
}

static OuObj *ba_irepeat(OuVM *vm, OuObj *o, ou_ssize n)
{
    return fill_repeat(vm, o, ou_ba(o)->len, n) < 0 ? NULL : ou_ref(o);
}

static OuObj *ba_mod(OuVM *vm, OuObj *a, OuObj *b)
{
    if (!ou_isa(vm, a, bytearray))
        return ou_notimplemented(vm);
    ou_ba(a)->exports++;
    OuObj *r = ou_bytes_percent(vm, ou_ba(a)->start, ou_ba(a)->len, b);
    ou_ba(a)->exports--;
    if (!r)
        return NULL;
    OuObj *ba = ou_bytearray_new(vm, OU_BYTES(r)->data, (ou_ssize)OU_BYTES(r)->len);
    ou_decref(vm, r);
    return ba;
}

static int ba_getbuffer(OuVM *vm, OuObj *o, OuBuffer *view, int flags)
{
    if (ou_buffer_fill(vm, view, o, ou_ba(o)->start, (ou_ssize)ou_ba(o)->len, false, flags) < 0)
        return -1;
    ou_ba(o)->exports++;
    return 0;
}

static void ba_releasebuffer(OuVM *vm, OuObj *o, OuBuffer *view)
{
    ou_ba(o)->exports--;
}

const OuTypeSpec ou_bytearray_spec = {
    .name = "bytearray",
    .size = sizeof(OuByteArray),
    .flags = OU_TYPE_BASE | OU_TYPE_IMMUTABLE | OU_TYPE_MATCH_SELF,
    .doc = "bytearray(iterable_of_ints) -> bytearray\nbytearray(string, encoding[, errors]) -> bytearray\n"
           "bytearray(bytes_or_buffer) -> mutable copy of bytes_or_buffer\n"
           "bytearray(int) -> bytes array of size given by the parameter initialized with null bytes\n"
           "bytearray() -> empty bytes array\n\nConstruct a mutable bytearray object from:\n"
           "  - an iterable yielding integers in range(256)\n  - a text string encoded using the specified "
           "encoding\n"
           "  - a bytes or a buffer object\n  - any object implementing the buffer API.\n  - an integer",
    .dealloc = ba_dealloc,
    .s = {.repr = ba_repr,
          .str = ba_str,
          .hash = ou_hash_unhashable,
          .compare = ba_compare,
          .iter = ou_bytes_iter,
          .new_ = ba_new,
          .init = ba_init,
          .nb[OU_NB_MOD] = ba_mod,
          .len = ba_len,
          .getitem = ba_getitem,
          .setitem = ba_setitem,
          .item = ba_item,
          .contains = ou_bytes_contains,
          .concat = ba_concat,
          .iconcat = ba_iconcat,
          .repeat = ba_repeat,
          .irepeat = ba_irepeat,
          .getbuffer = ba_getbuffer,
          .releasebuffer = ba_releasebuffer},
    .methods = ou_bytearray_methods,
};
