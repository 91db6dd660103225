/* vm/text/bytearray_methods.c - the methods only bytearray has: those that change it, and its pickling. Their rows
 * are in bytes_methods.c, behind the ones it shares with bytes. */
#include "bytes.h"

OuObj *ou_bytearray_m_append(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int v = ou_byte_value(vm, args[1]);
    size_t n = ou_ba(args[0])->len;
    if (v < 0 || ou_bytearray_resize(vm, args[0], n + 1) < 0)
        return NULL;
    ou_ba(args[0])->start[n] = (char)v;
    return ou_none(vm);
}

OuObj *ou_bytearray_m_extend(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *self = args[0], *x = args[1];
    if (ou_has_buffer(vm, x)) {
        OuObj *b =
            x == self ? ou_bytearray_new(vm, ou_ba(self)->start, (ou_ssize)ou_ba(self)->len) : ou_ref(x);
        OuBytesArg a;
        if (!b)
            return NULL;
        int r = ou_bytes_arg(vm, b, false, &a);
        if (r == 0) {
            r = ou_bytearray_splice(vm, self, ou_ba(self)->len, 0, a.t.p, (size_t)a.t.n);
            ou_bytes_arg_free(vm, &a);
        }
        ou_decref(vm, b);
        return r < 0 ? NULL : ou_none(vm);
    }
    OuObj *it = ou_iter(vm, x);
    if (!it) {
        if (ou_err_is(vm, OU_EXC(vm, TypeError))) {
            ou_err_clear(vm);
            ou_type_error(vm, "can't extend bytearray with %T", x);
        }
        return NULL;
    }
    if (ou_length_hint(vm, x, 32) < 0) { /* only its errors matter */
        ou_decref(vm, it);
        return NULL;
    }
    OuObj *tmp = ou_bytearray_new(vm, NULL, 0), *item;
    int r = tmp ? 0 : -1;
    while (r == 0 && (item = ou_next(vm, it))) {
        int v;
        if (ou_isa_str(vm, x)) {
            v = -1;
            ou_type_error(vm, "expected iterable of integers; got: 'str'");
        } else {
            v = ou_byte_value(vm, item);
        }
        size_t n = ou_ba(tmp)->len;
        ou_decref(vm, item);
        if (v < 0 || ou_bytearray_resize(vm, tmp, n + 1) < 0 || ou_poll(vm) < 0)
            r = -1;
        else
            ou_ba(tmp)->start[n] = (char)v;
    }
    ou_decref(vm, it);
    if (r == 0 && ou_err_occurred(vm))
        r = -1;
    if (r == 0)
        r = ou_bytearray_splice(vm, self, ou_ba(self)->len, 0, ou_ba(tmp)->start, ou_ba(tmp)->len);
    ou_xdecref(vm, tmp);
    return r < 0 ? NULL : ou_none(vm);
}

OuObj *ou_bytearray_m_insert(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    ou_ssize i, n;
    if (ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &i) < 0)
        return NULL;
    int v = ou_byte_value(vm, args[2]);
    char c = (char)v;
    if (v < 0)
        return NULL;
    n = (ou_ssize)ou_ba(args[0])->len;
    if (i < 0 && (i += n) < 0)
        i = 0;
    if (i > n)
        i = n;
    return ou_bytearray_splice(vm, args[0], (size_t)i, 0, &c, 1) < 0 ? NULL : ou_none(vm);
}

OuObj *ou_bytearray_m_pop(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuByteArray *b = ou_ba(args[0]);
    ou_ssize i = -1;
    if (args[1] && ou_as_ssize(vm, args[1], OU_EXC(vm, IndexError), &i) < 0)
        return NULL;
    if (b->len == 0)
        return ou_raise(vm, OU_EXC(vm, IndexError), "pop from empty bytearray");
    if (i < 0)
        i += (ou_ssize)b->len;
    if (i < 0 || i >= (ou_ssize)b->len)
        return ou_raise(vm, OU_EXC(vm, IndexError), "pop index out of range");
    int v = (unsigned char)b->start[i];
    return ou_bytearray_splice(vm, args[0], (size_t)i, 1, NULL, 0) < 0 ? NULL : ou_int(vm, v);
}

OuObj *ou_bytearray_m_remove(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuByteArray *b = ou_ba(args[0]);
    int v = ou_byte_value(vm, args[1]);
    if (v < 0)
        return NULL;
    char *p = b->len ? memchr(b->start, v, b->len) : NULL;
    if (!p)
        return ou_value_error(vm, "value not found in bytearray");
    return ou_bytearray_splice(vm, args[0], (size_t)(p - b->start), 1, NULL, 0) < 0 ? NULL : ou_none(vm);
}

OuObj *ou_bytearray_m_reverse(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuByteArray *b = ou_ba(args[0]);
    for (size_t i = 0, j = b->len; i + 1 < j; i++) {
        char c = b->start[i];
        b->start[i] = b->start[--j];
        b->start[j] = c;
    }
    return ou_none(vm);
}

OuObj *ou_bytearray_m_clear(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_bytearray_resize(vm, args[0], 0) < 0 ? NULL : ou_none(vm);
}
OuObj *ou_bytearray_m_copy(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_bytearray_new(vm, ou_ba(args[0])->start, (ou_ssize)ou_ba(args[0])->len);
}
OuObj *ou_bytearray_m_alloc(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_int(vm, (int64_t)ou_ba(args[0])->cap);
}

/* (type, (contents, encoding?), dict): protocol 2 and below have no bytes and take latin-1 text. */
static OuObj *reduce(OuVM *vm, OuObj *self, int proto)
{
    OuObj *inner = NULL, *r = NULL, *state = NULL;
    if (ou_ba(self)->len == 0) {
        inner = ou_ref(OU_EMPTY_TUPLE(vm));
    } else if (proto < 3) {
        OuObj *t = ou_str_latin1(vm, ou_ba(self)->start, (ou_ssize)ou_ba(self)->len),
              *e = ou_str_new(vm, "latin-1", -1);
        inner = t && e ? ou_tuple_pack(vm, 2, t, e) : NULL;
        ou_xdecref(vm, t);
        ou_xdecref(vm, e);
    } else {
        OuObj *b = ou_bytes_new(vm, ou_ba(self)->start, (ou_ssize)ou_ba(self)->len);
        inner = b ? ou_tuple_pack(vm, 1, b) : NULL;
        ou_xdecref(vm, b);
    }
    if (inner && (state = ou_call_method(vm, self, OU_NAME(vm, __getstate__), 0)))
        r = ou_tuple_pack(vm, 3, OU_TYPE_OF(vm, self), inner, state);
    ou_xdecref(vm, state);
    ou_xdecref(vm, inner);
    return r;
}
OuObj *ou_bytearray_m_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return reduce(vm, args[0], 2);
}
OuObj *ou_bytearray_m_reduce_ex(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int proto = 0;
    if (args[1] && ou_as_int(vm, args[1], &proto) < 0)
        return NULL;
    return reduce(vm, args[0], proto);
}
