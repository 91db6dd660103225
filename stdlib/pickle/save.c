/* stdlib/pickle/save.c - what Pickler writes for the built-in types. */
#include <limits.h>
#include <string.h>

#include "pickle.h"

static void put_le(char *out, uint64_t v, int n)
{
    for (int i = 0; i < n; i++)
        out[i] = (char)(v >> 8 * i);
}

/* reduce value (f, (arg...)) of o */
static int save_call(OuVM *vm, OuPickler *p, OuObj *f, OuObj *args_take, OuObj *o)
{
    OuObj *t = args_take ? ou_tuple_pack(vm, 2, f, args_take) : NULL;
    int r = t ? ou_pickle_save_reduce(vm, p, t, o) : -1;
    ou_xdecref(vm, t);
    ou_xdecref(vm, args_take);
    return r;
}

static int save_int(OuVM *vm, OuPickler *p, OuObj *o)
{
    int64_t v;
    char buf[32];
    bool fits = ou_int_fits(o, &v) && v >= INT32_MIN && v <= INT32_MAX;
    if (fits && p->bin) {
        int n = v < 0 || v > 0xffff ? 4 : v > 0xff ? 2 : 1;
        buf[0] = n == 4 ? OU_P_BININT : n == 2 ? OU_P_BININT2 : OU_P_BININT1;
        put_le(buf + 1, (uint64_t)v, n);
        return ou_pickler_write(vm, p, buf, (size_t)n + 1);
    }
    if (fits)
        return ou_pickler_write(vm, p, buf, (size_t)snprintf(buf, sizeof buf, "I%lld\n", (long long)v));
    if (p->proto >= 2) {
        OuObj *b = ou_pickle_encode_int(vm, o);
        if (!b)
            return -1;
        size_t n = OU_BYTES(b)->len;
        int r = -1;
        if (n > INT_MAX) {
            ou_raise(vm, OU_EXC(vm, OverflowError), "int too large to pickle");
        } else {
            buf[0] = (char)(n < 256 ? OU_P_LONG1 : OU_P_LONG4);
            put_le(buf + 1, n, n < 256 ? 1 : 4);
            r = ou_pickler_write(vm, p, buf, n < 256 ? 2 : 5);
            if (r == 0)
                r = ou_pickler_write(vm, p, OU_BYTES(b)->data, n);
        }
        ou_decref(vm, b);
        return r;
    }
    OuObj *s = ou_repr(vm, o);
    int r = s ? ou_pickler_op(vm, p, OU_P_LONG) : -1;
    if (r == 0)
        r = ou_pickler_write(vm, p, OU_STR(s)->data, (size_t)ou_str_len(s));
    ou_xdecref(vm, s);
    return r < 0 ? -1 : ou_pickler_write(vm, p, "L\n", 2);
}

static int save_float(OuVM *vm, OuPickler *p, OuObj *o)
{
    char buf[48];
    double d = OU_FLOAT_V(o);
    if (p->bin) {
        uint64_t bits;
        memcpy(&bits, &d, 8);
        buf[0] = OU_P_BINFLOAT;
        for (int i = 0; i < 8; i++)
            buf[1 + i] = (char)(bits >> (56 - 8 * i));
        return ou_pickler_write(vm, p, buf, 9);
    }
    buf[0] = OU_P_FLOAT;
    int n = ou_float_repr(d, buf + 1);
    buf[n + 1] = '\n';
    return ou_pickler_write(vm, p, buf, (size_t)n + 2);
}

static int save_bytes_data(OuVM *vm, OuPickler *p, OuObj *o, const char *data, size_t n)
{
    char h[9];
    size_t nh;
    if (n <= 0xff) {
        h[0] = OU_P_SHORT_BINBYTES;
        put_le(h + 1, n, 1);
        nh = 2;
    } else if (n <= 0xffffffffu) {
        h[0] = OU_P_BINBYTES;
        put_le(h + 1, n, 4);
        nh = 5;
    } else if (p->proto >= 4) {
        h[0] = (char)OU_P_BINBYTES8;
        put_le(h + 1, n, 8);
        nh = 9;
    } else {
        return ou_raise_i(
            vm, OU_EXC(vm, OverflowError),
            "serializing a bytes object larger than 4 GiB requires pickle protocol 4 or higher");
    }
    return ou_pickler_write_long(vm, p, h, nh, data, n, ou_is(o, bytes) ? o : NULL) < 0
               ? -1
               : ou_pickler_memo_put(vm, p, o);
}

static int save_bytes(OuVM *vm, OuPickler *p, OuObj *o)
{
    if (p->proto >= 3)
        return save_bytes_data(vm, p, o, OU_BYTES(o)->data, OU_BYTES(o)->len);
    if (OU_BYTES(o)->len == 0)
        return save_call(vm, p, (OuObj *)&vm->builtin[OU_T_bytes], ou_tuple_new(vm, 0), o);
    OuObj *text = ou_str_latin1(vm, OU_BYTES(o)->data, (ou_ssize)OU_BYTES(o)->len),
          *codec = ou_str_new(vm, "latin1", -1),
          *args = text && codec ? ou_tuple_pack(vm, 2, text, codec) : NULL;
    ou_xdecref(vm, text);
    ou_xdecref(vm, codec);
    return args ? save_call(vm, p, p->st->codecs_encode, args, o) : -1;
}

static int save_bytearray_data(OuVM *vm, OuPickler *p, OuObj *o, const char *data, size_t n)
{
    char h[9] = {(char)OU_P_BYTEARRAY8};
    put_le(h + 1, n, 8);
    return ou_pickler_write_long(vm, p, h, 9, data, n, ou_is(o, bytearray) ? o : NULL) < 0
               ? -1
               : ou_pickler_memo_put(vm, p, o);
}

static int save_bytearray(OuVM *vm, OuPickler *p, OuObj *o)
{
    OuByteArray *b = (OuByteArray *)o;
    if (p->proto >= 5)
        return save_bytearray_data(vm, p, o, b->start ? b->start : "", b->len);
    OuObj *args;
    if (b->len == 0) {
        args = ou_tuple_new(vm, 0);
    } else {
        OuObj *copy = ou_bytes_new(vm, b->start, (ou_ssize)b->len);
        args = copy ? ou_tuple_pack(vm, 1, copy) : NULL;
        ou_xdecref(vm, copy);
    }
    return args ? save_call(vm, p, (OuObj *)&vm->builtin[OU_T_bytearray], args, o) : -1;
}

static int save_buffer(OuVM *vm, OuPickler *p, OuObj *o)
{
    OuBuffer v;
    int r = -1;
    bool in_band = true;
    if (p->proto < 5) {
        ou_pickle_raise(vm, p->st->pickling_error, "PickleBuffer can only pickled with protocol >= 5");
        return -1;
    }
    if (ou_buffer_get(vm, o, &v, OU_BUF_FULL & ~OU_BUF_WRITABLE) < 0)
        return -1;
    if (v.suboffsets || !ou_buffer_contiguous(&v, 'A')) {
        ou_pickle_raise(vm, p->st->pickling_error,
                        "PickleBuffer can not be pickled when pointing to a non-contiguous buffer");
        goto done;
    }
    if (p->buffer_callback) {
        OuObj *res = ou_call1(vm, p->buffer_callback, o);
        int truth = res ? ou_is_true(vm, res) : -1;
        ou_xdecref(vm, res);
        if (truth < 0)
            goto done;
        in_band = truth;
    }
    if (in_band)
        r = v.readonly ? save_bytes_data(vm, p, o, v.buf, (size_t)v.len)
                       : save_bytearray_data(vm, p, o, v.buf, (size_t)v.len);
    else if ((r = ou_pickler_op(vm, p, OU_P_NEXT_BUFFER)) == 0 && v.readonly)
        r = ou_pickler_op(vm, p, OU_P_READONLY_BUFFER);
done:
    ou_buffer_release(vm, &v);
    return r;
}

/* Protocol 0: raw-unicode-escape with the characters that would end the line, too. */
static int save_text(OuVM *vm, OuPickler *p, OuObj *o)
{
    const OuStr *s = OU_STR(o);
    char buf[16];
    if (ou_pickler_op(vm, p, OU_P_UNICODE) < 0)
        return -1;
    for (ou_ssize i = 0; i < ou_str_len(o); i++) {
        uint32_t c = ou_str_at(s, i);
        size_t n = 1;
        if (c >= 0x10000)
            n = (size_t)snprintf(buf, sizeof buf, "\\U%08x", c);
        else if (c >= 256 || c == '\\' || c == 0 || c == '\n' || c == '\r' || c == 0x1a)
            n = (size_t)snprintf(buf, sizeof buf, "\\u%04x", c);
        else
            buf[0] = (char)c;
        if (ou_pickler_write(vm, p, buf, n) < 0)
            return -1;
    }
    return ou_pickler_op(vm, p, '\n');
}

static int save_str(OuVM *vm, OuPickler *p, OuObj *o)
{
    if (!p->bin)
        return save_text(vm, p, o) < 0 ? -1 : ou_pickler_memo_put(vm, p, o);
    OuUtf8 u;
    if (ou_str_utf8(vm, o, &u, true) < 0)
        return -1;
    char h[9];
    size_t nh;
    int r = -1;
    if (u.n <= 0xff && p->proto >= 4) {
        h[0] = (char)OU_P_SHORT_BINUNICODE;
        put_le(h + 1, u.n, 1);
        nh = 2;
    } else if (u.n <= 0xffffffffu) {
        h[0] = OU_P_BINUNICODE;
        put_le(h + 1, u.n, 4);
        nh = 5;
    } else if (p->proto >= 4) {
        h[0] = (char)OU_P_BINUNICODE8;
        put_le(h + 1, u.n, 8);
        nh = 9;
    } else {
        ou_raise(vm, OU_EXC(vm, OverflowError),
                 "serializing a string larger than 4 GiB requires pickle protocol 4 or higher");
        goto done;
    }
    r = ou_pickler_write_long(vm, p, h, nh, u.s, u.n, NULL);
done:
    ou_utf8_free(vm, &u);
    return r < 0 ? -1 : ou_pickler_memo_put(vm, p, o);
}

/* ---- containers ----------------------------------------------------------------------------- */
/* Fast mode has no memo: deep nesting is watched for cycles instead. */
static int fast_enter(OuVM *vm, OuPickler *p, OuObj *o)
{
    if (!p->fast || ++p->fast_nesting < 50)
        return 0;
    OuObj *id = ou_id(vm, o);
    int r = id ? 0 : -1;
    if (r == 0 && !p->fast_memo && !(p->fast_memo = ou_set_new(vm, NULL)))
        r = -1;
    if (r == 0 && (r = ou_set_contains(vm, p->fast_memo, id)) > 0)
        r = ou_value_error_i(vm, "fast mode: can't pickle cyclic objects including object type %T at %p", o,
                             (void *)o);
    if (r == 0)
        r = ou_set_add(vm, p->fast_memo, id);
    ou_xdecref(vm, id);
    if (r < 0)
        p->fast_nesting = -1;
    return r;
}

static int fast_leave(OuVM *vm, OuPickler *p, OuObj *o)
{
    if (!p->fast || p->fast_nesting-- < 50 || !p->fast_memo)
        return 0;
    OuObj *id = ou_id(vm, o);
    int r = id ? ou_set_discard(vm, p->fast_memo, id) : -1;
    ou_xdecref(vm, id);
    return r < 0 ? -1 : 0;
}

static int save_tuple(OuVM *vm, OuPickler *p, OuObj *o)
{
    size_t n = OU_TUPLE(o)->n;
    bool small = n <= 3 && p->proto >= 2;
    if (n == 0)
        return p->bin ? ou_pickler_op(vm, p, OU_P_EMPTY_TUPLE) : ou_pickler_write(vm, p, "(t", 2);
    if (!small && ou_pickler_op(vm, p, OU_P_MARK) < 0)
        return -1;
    for (size_t i = 0; i < n; i++)
        if (ou_pickle_save(vm, p, OU_TUPLE(o)->items[i], false) < 0)
            return -1;
    if (ou_pickler_memo_find(p, o) >= 0) { /* it holds itself: what was written goes again */
        if (!small && p->bin) {
            if (ou_pickler_op(vm, p, OU_P_POP_MARK) < 0)
                return -1;
        } else {
            for (size_t i = 0; i < n + !small; i++)
                if (ou_pickler_op(vm, p, OU_P_POP) < 0)
                    return -1;
        }
        return ou_pickler_memo_get(vm, p, o);
    }
    return ou_pickler_op(vm, p, small ? OU_P_TUPLE1 + (int)n - 1 : OU_P_TUPLE) < 0
               ? -1
               : ou_pickler_memo_put(vm, p, o);
}

/* Items of an iterator in batches; each is one object (list) or a pair (dict). */
static int save_one(OuVM *vm, OuPickler *p, OuObj *x, bool pairs)
{
    if (!pairs)
        return ou_pickle_save(vm, p, x, false);
    if (!ou_isa_tuple(vm, x) || OU_TUPLE(x)->n != 2)
        return ou_type_error_i(vm, "dict items iterator must return 2-tuples");
    return ou_pickle_save(vm, p, OU_TUPLE(x)->items[0], false) < 0
               ? -1
               : ou_pickle_save(vm, p, OU_TUPLE(x)->items[1], false);
}

static int save_batches(OuVM *vm, OuPickler *p, OuObj *it, bool pairs, int one_op, int many_op)
{
    for (bool more = true; more;) {
        OuObj *first = ou_next(vm, it), *x = NULL;
        if (!first)
            return ou_err_occurred(vm) ? -1 : 0;
        if (p->proto > 0 && !(x = ou_next(vm, it)) && ou_err_occurred(vm)) {
            ou_decref(vm, first);
            return -1;
        }
        int r = x ? ou_pickler_op(vm, p, OU_P_MARK) : 0;
        if (r == 0)
            r = save_one(vm, p, first, pairs);
        ou_decref(vm, first);
        int n = 1;
        while (x && r == 0) {
            r = save_one(vm, p, x, pairs);
            ou_decref(vm, x);
            x = NULL;
            if (r < 0 || ++n == OU_PICKLE_BATCH)
                break;
            x = ou_next(vm, it);
            if (!x && ou_err_occurred(vm))
                r = -1;
        }
        ou_xdecref(vm, x);
        if (r < 0 || ou_pickler_op(vm, p, n == 1 ? one_op : many_op) < 0)
            return -1;
        more = p->proto == 0 || n == OU_PICKLE_BATCH;
    }
    return 0;
}

int ou_pickle_batch_list(OuVM *vm, OuPickler *p, OuObj *it)
{
    return save_batches(vm, p, it, false, OU_P_APPEND, OU_P_APPENDS);
}

int ou_pickle_batch_dict(OuVM *vm, OuPickler *p, OuObj *it)
{
    return save_batches(vm, p, it, true, OU_P_SETITEM, OU_P_SETITEMS);
}

static int list_item(OuVM *vm, OuPickler *p, OuObj *o, size_t i)
{
    OuObj *x = ou_ref(OU_LIST(o)->items[i]);
    int r = ou_pickle_save(vm, p, x, false);
    ou_decref(vm, x);
    return r;
}

static int batch_exact_list(OuVM *vm, OuPickler *p, OuObj *o)
{
    size_t i = 0;
    if (OU_LIST(o)->n == 1)
        return list_item(vm, p, o, 0) < 0 ? -1 : ou_pickler_op(vm, p, OU_P_APPEND);
    do {
        if (ou_pickler_op(vm, p, OU_P_MARK) < 0)
            return -1;
        for (int n = 0; i < OU_LIST(o)->n && n < OU_PICKLE_BATCH; n++)
            if (list_item(vm, p, o, i++) < 0)
                return -1;
        if (ou_pickler_op(vm, p, OU_P_APPENDS) < 0)
            return -1;
    } while (i < OU_LIST(o)->n);
    return 0;
}

static int save_list(OuVM *vm, OuPickler *p, OuObj *o)
{
    if (fast_enter(vm, p, o) < 0)
        return -1;
    if ((p->bin ? ou_pickler_op(vm, p, OU_P_EMPTY_LIST) : ou_pickler_write(vm, p, "(l", 2)) < 0 ||
        ou_pickler_memo_put(vm, p, o) < 0)
        return -1;
    int r = 0;
    if (OU_LIST(o)->n && p->proto > 0) {
        r = batch_exact_list(vm, p, o);
    } else if (OU_LIST(o)->n) {
        OuObj *it = ou_iter(vm, o);
        r = it ? ou_pickle_batch_list(vm, p, it) : -1;
        ou_xdecref(vm, it);
    }
    return fast_leave(vm, p, o) < 0 ? -1 : r;
}

static int dict_item(OuVM *vm, OuPickler *p, OuObj *k, OuObj *v)
{
    ou_incref(k);
    ou_incref(v);
    int r = ou_pickle_save(vm, p, k, false);
    if (r == 0)
        r = ou_pickle_save(vm, p, v, false);
    ou_decref(vm, k);
    ou_decref(vm, v);
    return r;
}

static int batch_exact_dict(OuVM *vm, OuPickler *p, OuObj *o)
{
    OuDict *d = OU_DICT(o);
    size_t pos = 0;
    uint32_t used = d->used;
    OuObj *k, *v;
    int n;
    if (used == 1) {
        ou_dict_next(d, &pos, &k, &v);
        return dict_item(vm, p, k, v) < 0 ? -1 : ou_pickler_op(vm, p, OU_P_SETITEM);
    }
    do {
        n = 0;
        if (ou_pickler_op(vm, p, OU_P_MARK) < 0)
            return -1;
        while (ou_dict_next(d, &pos, &k, &v)) {
            if (dict_item(vm, p, k, v) < 0)
                return -1;
            if (d->used != used)
                return ou_raise_i(vm, OU_EXC(vm, RuntimeError), "dictionary changed size during iteration");
            if (++n == OU_PICKLE_BATCH)
                break;
        }
        if (ou_pickler_op(vm, p, OU_P_SETITEMS) < 0)
            return -1;
    } while (n == OU_PICKLE_BATCH);
    return 0;
}

static int save_dict(OuVM *vm, OuPickler *p, OuObj *o)
{
    if (fast_enter(vm, p, o) < 0)
        return -1;
    if ((p->bin ? ou_pickler_op(vm, p, OU_P_EMPTY_DICT) : ou_pickler_write(vm, p, "(d", 2)) < 0 ||
        ou_pickler_memo_put(vm, p, o) < 0)
        return -1;
    int r = 0;
    if (OU_DICT(o)->used && p->proto > 0) {
        r = batch_exact_dict(vm, p, o);
    } else if (OU_DICT(o)->used) {
        OuObj *items = ou_call_method(vm, o, OU_NAME(vm, items), 0), *it = items ? ou_iter(vm, items) : NULL;
        r = it ? ou_pickle_batch_dict(vm, p, it) : -1;
        ou_xdecref(vm, items);
        ou_xdecref(vm, it);
    }
    return fast_leave(vm, p, o) < 0 ? -1 : r;
}

static int save_set(OuVM *vm, OuPickler *p, OuObj *o, bool frozen)
{
    if (p->proto < 4) {
        OuObj *items = ou_sequence_list(vm, o), *args = items ? ou_tuple_pack(vm, 1, items) : NULL;
        ou_xdecref(vm, items);
        return args ? save_call(vm, p, (OuObj *)OU_TYPE_OF(vm, o), args, o) : -1;
    }
    if (!frozen && (ou_pickler_op(vm, p, OU_P_EMPTY_SET) < 0 || ou_pickler_memo_put(vm, p, o) < 0))
        return -1;
    ou_ssize len = ou_set_len(o);
    if (!frozen && len == 0)
        return 0;
    size_t pos = 0;
    int n;
    do {
        OuObj *key;
        n = 0;
        if (ou_pickler_op(vm, p, OU_P_MARK) < 0)
            return -1;
        while (ou_set_next(o, &pos, &key)) {
            ou_incref(key);
            int r = ou_pickle_save(vm, p, key, false);
            ou_decref(vm, key);
            if (r < 0)
                return -1;
            if (ou_set_len(o) != len)
                return ou_raise_i(vm, OU_EXC(vm, RuntimeError), "set changed size during iteration");
            if (!frozen && ++n == OU_PICKLE_BATCH)
                break;
        }
        if (!frozen && ou_pickler_op(vm, p, OU_P_ADDITEMS) < 0)
            return -1;
    } while (n == OU_PICKLE_BATCH);
    if (!frozen)
        return 0;
    if (ou_pickler_memo_find(p, o) >= 0)
        return ou_pickler_op(vm, p, OU_P_POP_MARK) < 0 ? -1 : ou_pickler_memo_get(vm, p, o);
    return ou_pickler_op(vm, p, OU_P_FROZENSET) < 0 ? -1 : ou_pickler_memo_put(vm, p, o);
}

/* ---- dispatch --------------------------------------------------------------------------------- */
/* 1: saved by its persistent id; 0: it has none; -1. */
static int save_persistent(OuVM *vm, OuPickler *p, OuObj *o)
{
    OuObj *pid = ou_persistent_call(vm, &p->persistent, &p->hdr, o);
    if (!pid)
        return -1;
    int r = 0;
    if (pid == OU_NONE(vm)) {
        r = 0;
    } else if (p->bin) {
        r = ou_pickle_save(vm, p, pid, true) < 0 || ou_pickler_op(vm, p, OU_P_BINPERSID) < 0 ? -1 : 1;
    } else {
        OuObj *text = ou_str(vm, pid);
        r = -1;
        if (text && !OU_STR(text)->ascii)
            ou_pickle_raise(vm, p->st->pickling_error, "persistent IDs in protocol 0 must be ASCII strings");
        else if (text && ou_pickler_op(vm, p, OU_P_PERSID) == 0 &&
                 ou_pickler_write(vm, p, OU_STR(text)->data, (size_t)ou_str_len(text)) == 0 &&
                 ou_pickler_op(vm, p, '\n') == 0)
            r = 1;
        ou_xdecref(vm, text);
    }
    ou_decref(vm, pid);
    return r;
}

/* type(None) and its like, which no module names */
static int save_type(OuVM *vm, OuPickler *p, OuObj *o)
{
    OuObj *const only[] = {OU_NONE(vm), OU_ELLIPSIS(vm), OU_NOTIMPLEMENTED(vm)};
    for (int i = 0; i < 3; i++)
        if (o == (OuObj *)OU_TYPE_OF(vm, only[i]))
            return save_call(vm, p, (OuObj *)&vm->builtin[OU_T_type], ou_tuple_pack(vm, 1, only[i]), o);
    return ou_pickle_save_global(vm, p, o, NULL);
}

/* The value of the reduce protocol for o: new. *global: o is to be saved by its name. */
static OuObj *reduce_value(OuVM *vm, OuPickler *p, OuObj *o, bool *global)
{
    OuType *t = OU_TYPE_OF(vm, o);
    OuObj *f = NULL, *r;
    int found;
    if (!p->dispatch_table) {
        found = ou_dict_lookup(vm, p->st->dispatch_table, (OuObj *)t, &f);
        if (found < 0)
            return NULL;
    } else {
        f = ou_getitem(vm, p->dispatch_table, (OuObj *)t);
        if (!f && !ou_err_is(vm, OU_EXC(vm, KeyError)))
            return NULL;
        if (!f)
            ou_err_clear(vm);
        found = f != NULL;
    }
    if (found) {
        r = ou_call1(vm, f, o);
        ou_decref(vm, f);
        return r;
    }
    if (ou_isa_type(vm, o)) {
        *global = true;
        return NULL;
    }
    if ((found = ou_lookup_attr(vm, o, OU_NAME(vm, __reduce_ex__), &f)) < 0)
        return NULL;
    if (found) {
        OuObj *proto = ou_int(vm, p->proto);
        r = proto ? ou_call1(vm, f, proto) : NULL;
        ou_xdecref(vm, proto);
    } else {
        if ((found = ou_lookup_attr(vm, o, OU_NAME(vm, __reduce__), &f)) < 0)
            return NULL;
        if (!found)
            return ou_pickle_raise(vm, p->st->pickling_error, "can't pickle '%T' object: %R", o, o);
        r = ou_call0(vm, f);
    }
    ou_decref(vm, f);
    return r;
}

static int save_object(OuVM *vm, OuPickler *p, OuObj *o)
{
    OuObj *value = NULL;
    bool global = false;
    if (p->reducer_override) {
        if (!(value = ou_call1(vm, p->reducer_override, o)))
            return -1;
        if (value == OU_NOTIMPLEMENTED(vm))
            ou_clear(vm, value);
    }
    if (!value) {
        if (ou_is(o, type))
            return save_type(vm, p, o);
        if (ou_is(o, function))
            return ou_pickle_save_global(vm, p, o, NULL);
        value = reduce_value(vm, p, o, &global);
        if (global)
            return ou_pickle_save_global(vm, p, o, NULL);
        if (!value)
            return -1;
    }
    int r = -1;
    if (ou_isa_str(vm, value))
        r = ou_pickle_save_global(vm, p, o, value);
    else if (!ou_isa_tuple(vm, value))
        ou_pickle_raise(vm, p->st->pickling_error, "__reduce__ must return a string or tuple");
    else
        r = ou_pickle_save_reduce(vm, p, value, o);
    ou_decref(vm, value);
    return r;
}

int ou_pickle_save(OuVM *vm, OuPickler *p, OuObj *o, bool pers_save)
{
    int r;
    if (!pers_save && p->persistent.func && (r = save_persistent(vm, p, o)) != 0)
        return r < 0 ? -1 : 0;
    switch (ou_type_index(o)) {
    case OU_T_NoneType:
        r = ou_pickler_op(vm, p, OU_P_NONE);
        goto atom;
    case OU_T_bool:
        r = p->proto >= 2 ? ou_pickler_op(vm, p, o == OU_TRUE(vm) ? OU_P_NEWTRUE : OU_P_NEWFALSE)
                          : ou_pickler_write(vm, p, o == OU_TRUE(vm) ? "I01\n" : "I00\n", 4);
        goto atom;
    case OU_T_int:
        r = save_int(vm, p, o);
        goto atom;
    case OU_T_float:
        r = save_float(vm, p, o);
        goto atom;
    default:
        break;
    }
    int64_t number = ou_pickler_memo_find(p, o);
    if (number >= 0) {
        r = ou_pickler_memo_number(vm, p, (size_t)number);
        goto atom;
    }
    if (ou_is(o, bytes)) {
        r = save_bytes(vm, p, o);
        goto atom;
    }
    if (ou_is(o, str)) {
        r = save_str(vm, p, o);
        goto atom;
    }
    if (ou_recursion_enter(vm, " while pickling an object") < 0)
        return -1;
    switch (ou_type_index(o)) {
    case OU_T_dict:
        r = save_dict(vm, p, o);
        break;
    case OU_T_set:
        r = save_set(vm, p, o, false);
        break;
    case OU_T_frozenset:
        r = save_set(vm, p, o, true);
        break;
    case OU_T_list:
        r = save_list(vm, p, o);
        break;
    case OU_T_tuple:
        r = save_tuple(vm, p, o);
        break;
    case OU_T_bytearray:
        r = save_bytearray(vm, p, o);
        break;
    default:
        r = OU_TYPE_OF(vm, o) == p->st->buffer ? save_buffer(vm, p, o) : save_object(vm, p, o);
    }
    ou_recursion_leave(vm);
atom:
    return r < 0 ? -1 : ou_pickler_boundary(vm, p);
}
