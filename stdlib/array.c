/* stdlib/array.c - array.array: storage, slots, iterator, buffer exporter.  Kinds of items: array_kinds.c, methods:
 * array_methods.c. */
#include "array.h"

#include <string.h>

/* ---- storage ------------------------------------------------------------------------------------ */

bool ou_is_array(OuVM *vm, OuObj *o)
{
    OuType *t = ARRAY_STATE(vm)->array;
    return OU_TYPE_OF(vm, o) == t || ou_type_is_subtype(vm, OU_TYPE_OF(vm, o), t);
}
OuObj *ou_array_make(OuVM *vm, OuType *type, size_t n, const OuArrayKind *kind)
{
    if (n > (SIZE_MAX >> 1) / kind->size)
        return ou_raise_memory(vm);
    OuArray *a = (OuArray *)ou_type_alloc(vm, type, 0);
    if (!a)
        return NULL;
    a->kind = kind;
    if (n) {
        if (!(a->items = ou_alloc(vm, n * kind->size))) {
            ou_decref(vm, a);
            return NULL;
        }
        a->n = a->cap = n;
    }
    return &a->hdr;
}
int ou_array_resize(OuVM *vm, OuArray *a, size_t n)
{
    if (a->exports && n != a->n)
        return ou_raise_i(vm, OU_EXC(vm, BufferError), "cannot resize an array that is exporting buffers");
    if (a->cap >= n && a->n < n + 16 && a->items) {
        a->n = n;
        return 0;
    }
    size_t size = a->kind->size;
    if (n == 0) {
        if (a->items)
            ou_free(vm, a->items, a->cap * size);
        a->items = NULL;
        a->n = a->cap = 0;
        return 0;
    }
    size_t cap = n + (n >> 4) + (a->n < 8 ? 3 : 7);
    if (cap > (SIZE_MAX >> 1) / size)
        return ou_raise_memory_i(vm);
    char *items = ou_realloc(vm, a->items, a->cap * size, cap * size);
    if (!items)
        return -1;
    a->items = items;
    a->cap = cap;
    a->n = n;
    return 0;
}
int ou_array_insert(OuVM *vm, OuArray *a, ou_ssize i, OuObj *v)
{
    char item[8];
    if (a->kind->set(vm, v, item) < 0) /* once and first: it may change the array */
        return -1;
    ou_ssize n = (ou_ssize)a->n;
    if (ou_array_resize(vm, a, a->n + 1) < 0)
        return -1;
    if (i < 0 && (i += n) < 0)
        i = 0;
    if (i > n)
        i = n;
    memmove(ou_array_at(a, (size_t)i + 1), ou_array_at(a, (size_t)i), (size_t)(n - i) * a->kind->size);
    memcpy(ou_array_at(a, (size_t)i), item, a->kind->size);
    return 0;
}
int ou_array_extend(OuVM *vm, OuArray *a, OuObj *x)
{
    if (ou_is_array(vm, x)) {
        OuArray *b = OU_ARRAY(x);
        if (b->kind != a->kind)
            return ou_type_error_i(vm, "can only extend with array of same kind");
        size_t n = a->n, k = b->n;
        if (ou_array_resize(vm, a, n + k) < 0)
            return -1;
        if (k)
            memcpy(ou_array_at(a, n), b->items, k * a->kind->size);
        return 0;
    }
    OuObj *it = ou_iter(vm, x), *v;
    if (!it)
        return -1;
    while ((v = ou_next(vm, it))) {
        int r = ou_array_insert(vm, a, (ou_ssize)a->n, v);
        ou_decref(vm, v);
        if (r < 0 || ou_poll(vm) < 0)
            break;
    }
    ou_decref(vm, it);
    return ou_err_occurred(vm) ? -1 : 0;
}
int ou_array_from_bytes(OuVM *vm, OuArray *a, OuObj *o)
{
    OuBuffer b;
    if (ou_buffer_get(vm, o, &b, OU_BUF_SIMPLE) < 0)
        return -1;
    int r = 0;
    size_t size = a->kind->size, n = a->n, k = (size_t)b.len / size;
    if (b.itemsize != 1)
        r = ou_type_error_i(vm, "a bytes-like object is required");
    else if ((size_t)b.len % size)
        r = ou_value_error_i(vm, "bytes length not a multiple of item size");
    else if (k && (r = ou_array_resize(vm, a, n + k)) == 0)
        memcpy(ou_array_at(a, n), b.buf, k * size);
    ou_buffer_release(vm, &b);
    return r;
}
int ou_array_from_str(OuVM *vm, OuArray *a, OuObj *s)
{
    size_t n = a->n, k = (size_t)ou_str_len(s);
    if (!a->items && k && (a->items = ou_alloc(vm, k * sizeof(uint32_t)))) {
        a->cap = k; /* a first text: no spare room */
        a->n = k;
    } else if (ou_array_resize(vm, a, n + k) < 0)
        return -1;
    for (size_t i = 0; i < k; i++) {
        uint32_t c = ou_str_at(OU_STR(s), (ou_ssize)i);
        memcpy(ou_array_at(a, n + i), &c, sizeof c);
    }
    return 0;
}
OuObj *ou_array_to_str(OuVM *vm, OuArray *a)
{
    for (size_t i = 0; i < a->n; i++) {
        uint32_t c;
        memcpy(&c, ou_array_at(a, i), sizeof c);
        if (c > 0x10ffff)
            return ou_value_error(vm, "character U+%x is not in range [U+0000; U+10ffff]", c);
    }
    return ou_str_from_ucs(vm, a->items ? a->items : "", 4, (ou_ssize)a->n);
}
OuObj *ou_array_to_list(OuVM *vm, OuArray *a)
{
    OuObj *l = ou_list_new(vm, a->n);
    for (size_t i = 0; l && i < a->n; i++)
        if (!(OU_LIST(l)->items[i] = ou_array_get(vm, a, i)))
            ou_clear(vm, l);
    return l;
}

/* ---- life --------------------------------------------------------------------------------------- */

static OuObj *array_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if ((!(type->flags & OU_TYPE_HEAP) || type->s.init == vm->builtin[OU_T_object].s.init) &&
        ou_no_kwargs(vm, "array.array", kwnames) < 0)
        return NULL;
    if (nargs < 1 || nargs > 2)
        return ou_type_error(vm, "array() takes at %s %d argument%s (%zu given)", nargs ? "most" : "least",
                             nargs ? 2 : 1, nargs ? "s" : "", nargs);
    if (!ou_isa_str(vm, args[0]) || ou_str_len(args[0]) != 1)
        return ou_type_error(vm, "array() argument 1 must be a unicode character, not %s",
                             OU_TYPE_NAME(vm, args[0]));
    uint32_t c = ou_str_at(OU_STR(args[0]), 0);
    const OuArrayKind *kind = ou_array_kind(c);
    OuObj *init = nargs > 1 ? args[1] : NULL;
    if (init && c != 'u') {
        if (ou_isa_str(vm, init))
            return ou_type_error(vm, "cannot use a str to initialize an array with typecode '%c'", (int)c);
        if (ou_is_array(vm, init) && OU_ARRAY(init)->kind->code == 'u')
            return ou_type_error(vm, "cannot use a unicode array to initialize an array with typecode '%c'",
                                 (int)c);
    }
    if (!kind)
        return ou_value_error(vm, "bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)");
    OuObj *o = ou_array_make(vm, type, 0, kind);
    if (!o || !init)
        return o;
    OuArray *a = OU_ARRAY(o);
    int r;
    if (ou_isa_list(vm, init) || ou_isa_tuple(vm, init)) {
        size_t n = ou_isa_list(vm, init) ? OU_LIST(init)->n : OU_TUPLE(init)->n;
        if (n && n < SIZE_MAX / 16 && (a->items = ou_alloc(vm, n * kind->size)))
            a->cap = n;
        r = n && !a->items ? -1 : 0;
        for (size_t i = 0; r == 0 && i < (ou_isa_list(vm, init) ? OU_LIST(init)->n : n); i++) {
            OuObj *v = ou_ref((ou_isa_list(vm, init) ? OU_LIST(init)->items : OU_TUPLE(init)->items)[i]);
            r = ou_array_insert(vm, a, (ou_ssize)a->n, v);
            ou_decref(vm, v);
        }
    } else if (ou_isa_bytes(vm, init) || ou_isa(vm, init, bytearray)) {
        r = ou_array_from_bytes(vm, a, init);
    } else if (ou_isa_str(vm, init)) {
        r = ou_array_from_str(vm, a, init);
    } else if (ou_is_array(vm, init) && OU_ARRAY(init)->kind != kind) {
        OuObj *l = ou_array_to_list(vm, OU_ARRAY(init));
        r = l ? ou_array_extend(vm, a, l) : -1;
        ou_xdecref(vm, l);
    } else {
        r = ou_array_extend(vm, a, init);
    }
    if (r < 0)
        ou_clear(vm, o);
    return o;
}
static void array_dealloc(OuVM *vm, OuObj *o)
{
    OuArray *a = OU_ARRAY(o);
    if (a->items)
        ou_free(vm, a->items, a->cap * a->kind->size);
    ou_free_object(vm, o);
}

/* ---- slots -------------------------------------------------------------------------------------- */

static OuObj *array_repr(OuVM *vm, OuObj *o)
{
    OuArray *a = OU_ARRAY(o);
    const char *name = OU_TYPE_NAME(vm, o), *dot = strrchr(name, '.');
    name = dot ? dot + 1 : name;
    if (a->n == 0)
        return ou_str_fmt(vm, "%s('%c')", name, a->kind->code);
    OuObj *v = a->kind->code == 'u' ? ou_array_to_str(vm, a) : ou_array_to_list(vm, a);
    OuObj *res = v ? ou_str_fmt(vm, "%s('%c', %R)", name, a->kind->code, v) : NULL;
    ou_xdecref(vm, v);
    return res;
}
static OuObj *array_compare(OuVM *vm, OuObj *x, OuObj *y, int op)
{
    if (!ou_is_array(vm, x) || !ou_is_array(vm, y))
        return ou_notimplemented(vm);
    OuArray *a = OU_ARRAY(x), *b = OU_ARRAY(y);
    if (a->n != b->n && (op == OU_CMP_EQ || op == OU_CMP_NE))
        return ou_bool(vm, op == OU_CMP_NE);
    size_t n = a->n < b->n ? a->n : b->n;
    if (a->kind == b->kind && a->kind->is_int && (op == OU_CMP_EQ || op == OU_CMP_NE))
        return ou_bool(vm,
                       (n == 0 || memcmp(a->items, b->items, n * a->kind->size) == 0) == (op == OU_CMP_EQ));
    for (size_t i = 0; i < n && i < a->n && i < b->n; i++) {
        OuObj *p = ou_array_get(vm, a, i), *q = p ? ou_array_get(vm, b, i) : NULL, *res = NULL;
        int eq = q ? ou_compare_bool(vm, p, q, OU_CMP_EQ) : -1;
        if (eq == 0)
            res =
                op == OU_CMP_EQ || op == OU_CMP_NE ? ou_bool(vm, op == OU_CMP_NE) : ou_compare(vm, p, q, op);
        ou_xdecref(vm, p);
        ou_xdecref(vm, q);
        if (eq <= 0)
            return res;
    }
    int c = a->n < b->n ? OU_CMP_LT : a->n > b->n ? OU_CMP_GT : OU_CMP_EQ;
    return ou_bool(vm, (op & c) != 0);
}
static ou_ssize array_len(OuVM *vm, OuObj *o)
{
    return (ou_ssize)OU_ARRAY(o)->n;
}
static OuObj *array_item(OuVM *vm, OuObj *o, ou_ssize i)
{
    if ((size_t)i >= OU_ARRAY(o)->n)
        return ou_raise(vm, OU_EXC(vm, IndexError), "array index out of range");
    return ou_array_get(vm, OU_ARRAY(o), (size_t)i);
}
static OuObj *array_getitem(OuVM *vm, OuObj *o, OuObj *key)
{
    OuArray *a = OU_ARRAY(o);
    ou_ssize i, stop, step;
    if (ou_is(key, slice)) {
        if (ou_slice_unpack(vm, key, &i, &stop, &step) < 0)
            return NULL;
        ou_ssize n = ou_slice_adjust((ou_ssize)a->n, &i, &stop, step);
        OuObj *res = ou_array_make(vm, ARRAY_STATE(vm)->array, n > 0 ? (size_t)n : 0, a->kind);
        for (ou_ssize k = 0; res && k < n; k++, i = ou_slice_next(i, step))
            memcpy(ou_array_at(OU_ARRAY(res), (size_t)k), ou_array_at(a, (size_t)i), a->kind->size);
        return res;
    }
    if (!ou_has_index(vm, key))
        return ou_type_error(vm, "array indices must be integers");
    if (ou_as_ssize(vm, key, OU_EXC(vm, IndexError), &i) < 0)
        return NULL;
    return array_item(vm, o, i < 0 ? i + (ou_ssize)a->n : i);
}
/* a[start:start+gone] = n items at src (of this kind, not a's own memory) */
static int splice(OuVM *vm, OuArray *a, size_t start, size_t gone, const char *src, size_t n)
{
    size_t size = a->kind->size, tail = a->n - start - gone;
    if (n != gone && a->exports)
        return ou_raise_i(vm, OU_EXC(vm, BufferError), "cannot resize an array that is exporting buffers");
    if (n < gone) {
        memmove(ou_array_at(a, start + n), ou_array_at(a, start + gone), tail * size);
        if (ou_array_resize(vm, a, a->n - gone + n) < 0)
            return -1;
    } else if (n > gone) {
        if (ou_array_resize(vm, a, a->n - gone + n) < 0)
            return -1;
        memmove(ou_array_at(a, start + n), ou_array_at(a, start + gone), tail * size);
    }
    if (n)
        memcpy(ou_array_at(a, start), src, n * size);
    return 0;
}
static int set_slice(OuVM *vm, OuArray *a, OuObj *key, OuObj *value)
{
    ou_ssize start, stop, step;
    if (ou_slice_unpack(vm, key, &start, &stop, &step) < 0)
        return -1;
    OuArray *b = NULL;
    OuObj *copy = NULL;
    if (value) {
        if (!ou_is_array(vm, value))
            return ou_type_error_i(vm, "can only assign array (not \"%s\") to array slice",
                                   OU_TYPE_NAME(vm, value));
        b = OU_ARRAY(value);
        if (b == a) {
            if (!(copy = ou_array_make(vm, ARRAY_STATE(vm)->array, a->n, a->kind)))
                return -1;
            if (a->n)
                memcpy(OU_ARRAY(copy)->items, a->items, a->n * a->kind->size);
            b = OU_ARRAY(copy);
        }
        if (b->kind != a->kind)
            return ou_type_error_i(vm, "bad argument type for built-in operation");
    }
    ou_ssize count = ou_slice_adjust((ou_ssize)a->n, &start, &stop, step);
    if (count < 0)
        count = 0;
    size_t n = b ? b->n : 0, size = a->kind->size;
    int r = 0;
    if (step == 1) {
        r = splice(vm, a, (size_t)start, (size_t)count, b ? b->items : NULL, n);
    } else if (!b) {
        if (a->exports && count) {
            r = ou_raise_i(vm, OU_EXC(vm, BufferError), "cannot resize an array that is exporting buffers");
        } else if (count) {
            if (step < 0) {
                start += step * (count - 1);
                step = -step;
            }
            size_t to = (size_t)start;
            ou_ssize next = start, left = count;
            for (size_t i = (size_t)start; i < a->n; i++) {
                if (left && (ou_ssize)i == next) {
                    next = ou_slice_next(next, step);
                    left--;
                } else {
                    memmove(ou_array_at(a, to++), ou_array_at(a, i), size);
                }
            }
            r = ou_array_resize(vm, a, to);
        }
    } else if ((ou_ssize)n != count) {
        r = ou_value_error_i(vm, "attempt to assign array of size %zd to extended slice of size %zd",
                             (ou_ssize)n, count);
    } else {
        for (size_t i = 0; i < n; i++, start = ou_slice_next(start, step))
            memcpy(ou_array_at(a, (size_t)start), ou_array_at(b, i), size);
    }
    ou_xdecref(vm, copy);
    return r;
}
static int array_setitem(OuVM *vm, OuObj *o, OuObj *key, OuObj *value)
{
    OuArray *a = OU_ARRAY(o);
    if (ou_is(key, slice))
        return set_slice(vm, a, key, value);
    if (!ou_has_index(vm, key))
        return ou_type_error_i(vm, "array indices must be integers");
    ou_ssize i;
    if (ou_as_ssize(vm, key, OU_EXC(vm, IndexError), &i) < 0)
        return -1;
    if (i < 0)
        i += (ou_ssize)a->n;
    if ((size_t)i >= a->n)
        return ou_raise_i(vm, OU_EXC(vm, IndexError), "array assignment index out of range");
    if (!value)
        return splice(vm, a, (size_t)i, 1, NULL, 0);
    char item[8];
    if (a->kind->set(vm, value, item) < 0)
        return -1;
    if ((size_t)i < a->n) /* the conversion may have shortened the array */
        memcpy(ou_array_at(a, (size_t)i), item, a->kind->size);
    return 0;
}
static int array_contains(OuVM *vm, OuObj *o, OuObj *x)
{
    OuArray *a = OU_ARRAY(o);
    for (size_t i = 0; i < a->n; i++) {
        OuObj *v = ou_array_get(vm, a, i);
        int r = v ? ou_compare_bool(vm, v, x, OU_CMP_EQ) : -1;
        ou_xdecref(vm, v);
        if (r)
            return r;
    }
    return 0;
}
static OuObj *array_concat(OuVM *vm, OuObj *x, OuObj *y)
{
    if (!ou_is_array(vm, y))
        return ou_type_error(vm, "can only append array (not \"%s\") to array", OU_TYPE_NAME(vm, y));
    OuArray *a = OU_ARRAY(x), *b = OU_ARRAY(y);
    if (a->kind != b->kind)
        return ou_type_error(vm, "bad argument type for built-in operation");
    OuObj *res = ou_array_make(vm, ARRAY_STATE(vm)->array, a->n + b->n, a->kind);
    if (res && a->n)
        memcpy(OU_ARRAY(res)->items, a->items, a->n * a->kind->size);
    if (res && b->n)
        memcpy(ou_array_at(OU_ARRAY(res), a->n), b->items, b->n * a->kind->size);
    return res;
}
static OuObj *array_iconcat(OuVM *vm, OuObj *x, OuObj *y)
{
    if (!ou_is_array(vm, y))
        return ou_type_error(vm, "can only extend array with array (not \"%s\")", OU_TYPE_NAME(vm, y));
    return ou_array_extend(vm, OU_ARRAY(x), y) < 0 ? NULL : ou_ref(x);
}
static void fill_repeated(char *p, size_t bytes, size_t total)
{
    for (size_t done = bytes; done < total;) {
        size_t m = done < total - done ? done : total - done;
        memcpy(p + done, p, m);
        done += m;
    }
}
static OuObj *array_repeat(OuVM *vm, OuObj *o, ou_ssize k)
{
    OuArray *a = OU_ARRAY(o);
    if (k < 0)
        k = 0;
    if (a->n && (size_t)k > (SIZE_MAX >> 2) / a->n / a->kind->size)
        return ou_raise_memory(vm);
    OuObj *res = ou_array_make(vm, ARRAY_STATE(vm)->array, a->n * (size_t)k, a->kind);
    if (res && OU_ARRAY(res)->n) {
        memcpy(OU_ARRAY(res)->items, a->items, a->n * a->kind->size);
        fill_repeated(OU_ARRAY(res)->items, a->n * a->kind->size, OU_ARRAY(res)->n * a->kind->size);
    }
    return res;
}
static OuObj *array_irepeat(OuVM *vm, OuObj *o, ou_ssize k)
{
    OuArray *a = OU_ARRAY(o);
    size_t n = a->n;
    if (k < 0)
        k = 0;
    if (n && k != 1) {
        if ((size_t)k > (SIZE_MAX >> 2) / n / a->kind->size)
            return ou_raise_memory(vm);
        if (ou_array_resize(vm, a, n * (size_t)k) < 0)
            return NULL;
        if (k)
            fill_repeated(a->items, n * a->kind->size, a->n * a->kind->size);
    }
    return ou_ref(o);
}
static int array_getbuffer(OuVM *vm, OuObj *o, OuBuffer *view, int flags)
{
    OuArray *a = OU_ARRAY(o);
    *view = (OuBuffer){.buf = a->items ? a->items : "",
                       .obj = ou_ref(o),
                       .len = (ou_ssize)(a->n * a->kind->size),
                       .itemsize = a->kind->size,
                       .ndim = 1};
    view->smalltable[0] = (ou_ssize)a->n;
    view->smalltable[1] = view->itemsize;
    if ((flags & OU_BUF_ND) == OU_BUF_ND)
        view->shape = &view->smalltable[0];
    if ((flags & OU_BUF_STRIDES) == OU_BUF_STRIDES)
        view->strides = &view->smalltable[1];
    if ((flags & OU_BUF_FORMAT) == OU_BUF_FORMAT)
        view->format = a->kind->format;
    a->exports++;
    return 0;
}
static void array_releasebuffer(OuVM *vm, OuObj *o, OuBuffer *view)
{
    OU_ARRAY(o)->exports--;
}

/* ---- iterator ------------------------------------------------------------------------------------- */

static OuObj *array_iter(OuVM *vm, OuObj *o)
{
    OuSeqIter *it = (OuSeqIter *)ou_type_alloc(vm, ARRAY_STATE(vm)->iter, 0);
    if (it)
        it->seq = ou_ref(o);
    return (OuObj *)it;
}
static OuObj *iter_next(OuVM *vm, OuObj *o)
{
    OuSeqIter *it = (OuSeqIter *)o;
    if (!it->seq)
        return NULL;
    if (it->i < OU_ARRAY(it->seq)->n)
        return ou_array_get(vm, OU_ARRAY(it->seq), it->i++);
    return ou_seq_iter_finish(vm, it);
}
FN(iter_reduce)
{
    return ou_seq_iter_reduce_take(vm, (OuSeqIter *)args[0], ou_ref(OU_EMPTY_TUPLE(vm)));
}
FN(iter_setstate)
{
    OuSeqIter *it = (OuSeqIter *)args[0];
    return ou_seq_iter_setstate(vm, it, args[1], it->seq ? OU_ARRAY(it->seq)->n : 0);
}
static const OuFn iter_methods[] = {
    OU_ITER_REDUCE_ROW(iter_reduce),
    OU_ITER_SETSTATE_ROW(iter_setstate),
    {0},
};
static const OuTypeSpec iter_spec = {
    .name = "array.arrayiterator",
    .size = sizeof(OuSeqIter),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,
    .dealloc = ou_seq_iter_dealloc,
    .traverse = ou_seq_iter_traverse,
    .s = {.iter = ou_self_iter, .next = iter_next},
    .methods = iter_methods,
};

static OuObj *get_typecode(OuVM *vm, OuObj *o, void *data)
{
    return ou_str_char(vm, (uint32_t)OU_ARRAY(o)->kind->code);
}
static OuObj *get_itemsize(OuVM *vm, OuObj *o, void *data)
{
    return ou_int(vm, OU_ARRAY(o)->kind->size);
}
static const OuGetSet array_getset[] = {
    {"typecode", get_typecode, NULL, "the typecode character used to create the array", NULL},
    {"itemsize", get_itemsize, NULL, "the size, in bytes, of one array item", NULL},
    {0},
};
static const OuTypeSpec array_spec = {
    .name = "array.array",
    .size = sizeof(OuArray),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_WEAK |
             OU_TYPE_SEQUENCE, /* tracked, as CPython's: it is counted */
    .doc = "array(typecode [, initializer]) -> array\n\n"
           "Sequence of numbers of one C type: b B (1 byte), h H (2), i I (4), l L q Q (8), f (4), d (8), or "
           "of characters: u.\n"
           "Lower case is signed.",
    .dealloc = array_dealloc,
    .s = {.repr = array_repr,
          .hash = ou_hash_unhashable,
          .compare = array_compare,
          .iter = array_iter,
          .new_ = array_new,
          .len = array_len,
          .getitem = array_getitem,
          .setitem = array_setitem,
          .item = array_item,
          .contains = array_contains,
          .concat = array_concat,
          .iconcat = array_iconcat,
          .repeat = array_repeat,
          .irepeat = array_irepeat,
          .getbuffer = array_getbuffer,
          .releasebuffer = array_releasebuffer},
    .methods = ou_array_methods,
    .getset = array_getset,
};

extern const OuFn ou_array_functions[];
static int exec(OuVM *vm, OuObj *module)
{
    OuArrayState *st = ((OuModule *)module)->state;
    if (!(st->iter = ou_type_from_spec(vm, &iter_spec, NULL)) ||
        !(st->array = ou_module_add_type(vm, module, &array_spec, NULL)) ||
        ou_module_add(vm, module, "ArrayType", ou_ref((OuObj *)st->array)) < 0)
        return -1;
    if (ou_module_add_str(vm, module, "typecodes", "bBuhHiIlLqQfd") < 0)
        return -1;
    OuObj *abc = ou_import_attr(vm, "collections.abc", "MutableSequence");
    OuObj *f = abc ? ou_getattr_s(vm, abc, "register") : NULL,
          *r = f ? ou_call1(vm, f, (OuObj *)st->array) : NULL;
    ou_xdecref(vm, abc);
    ou_xdecref(vm, f);
    ou_xdecref(vm, r);
    return r ? 0 : -1;
}
static int mod_traverse(void *state, OuVisit visit, void *arg)
{
    OU_VISIT(((OuArrayState *)state)->iter);
    return 0;
}
static void mod_clear(OuVM *vm, void *state)
{
    ou_clear(vm, ((OuArrayState *)state)->iter);
}
const OuModuleDef ou_mod_array = {
    .name = "array",
    .doc = "Arrays of numbers of one C type.",
    .functions = ou_array_functions,
    .state_size = sizeof(OuArrayState),
    .exec = exec,
    .traverse = mod_traverse,
    .clear = mod_clear,
};
