/* stdlib/pickle/pickler.c - Pickler objects: output with frames (PEP 3154), memo, attributes. */
#include <string.h>

#include "pickle.h"

enum { HEADER = OU_PICKLE_HEADER, FRAME_MIN = 4 };

/* ---- output ----------------------------------------------------------------------------- */
static int room(OuVM *vm, OuPickler *p, size_t n)
{
    if (p->cap - p->n >= n)
        return 0;
    size_t cap = p->cap ? p->cap : 256;
    while (cap - p->n < n) {
        if (cap > SIZE_MAX / 4)
            return ou_raise_memory_i(vm);
        cap *= 2;
    }
    char *out = p->out ? ou_realloc(vm, p->out, p->cap, cap) : ou_alloc(vm, cap);
    if (!out)
        return -1;
    p->out = out;
    p->cap = cap;
    return 0;
}

int ou_pickler_write_slow(OuVM *vm, OuPickler *p, const void *s, size_t n)
{
    if (room(vm, p, n + HEADER) < 0)
        return -1;
    if (p->framing && p->frame_start < 0) {
        p->frame_start = (ou_ssize)p->n;
        p->n += HEADER; /* filled by commit */
    }
    memcpy(p->out + p->n, s, n);
    p->n += n;
    return 0;
}

/* Ends the open frame; one that is not worth its header loses it. */
static void commit(OuPickler *p)
{
    if (!p->framing || p->frame_start < 0)
        return;
    char *at = p->out + p->frame_start;
    size_t len = p->n - (size_t)p->frame_start - HEADER;
    if (len >= FRAME_MIN) {
        at[0] = (char)OU_P_FRAME;
        for (int i = 0; i < 8; i++)
            at[1 + i] = (char)(len >> 8 * i);
    } else {
        memmove(at, at + HEADER, len);
        p->n -= HEADER;
    }
    p->frame_start = -1;
}

int ou_pickler_flush(OuVM *vm, OuPickler *p)
{
    OuObj *data = ou_bytes_new(vm, p->out ? p->out : "", (ou_ssize)p->n);
    OuObj *r = data ? ou_call1(vm, p->write, data) : NULL;
    ou_xdecref(vm, data);
    ou_xdecref(vm, r);
    return r ? 0 : -1;
}

int ou_pickler_boundary_slow(OuVM *vm, OuPickler *p)
{
    if (p->n - (size_t)p->frame_start - HEADER < OU_PICKLE_FRAME)
        return 0;
    commit(p);
    if (!p->write)
        return 0;
    int r = ou_pickler_flush(vm, p);
    p->n = 0;
    return r;
}

int ou_pickler_write_long(OuVM *vm, OuPickler *p, const char *header, size_t nheader, const char *data,
                          size_t n, OuObj *payload)
{
    bool bypass = n >= OU_PICKLE_FRAME, framing = p->framing;
    if (bypass) {
        commit(p);
        p->framing = false;
    }
    int r = ou_pickler_write(vm, p, header, nheader);
    if (r == 0 && bypass && p->write) {
        r = ou_pickler_flush(vm, p);
        p->n = 0;
        OuObj *whole = r < 0 ? NULL : payload ? ou_ref(payload) : ou_bytes_new(vm, data, (ou_ssize)n);
        OuObj *res = whole ? ou_call1(vm, p->write, whole) : NULL;
        r = res ? 0 : -1;
        ou_xdecref(vm, whole);
        ou_xdecref(vm, res);
    } else if (r == 0) {
        r = ou_pickler_write(vm, p, data, n);
    }
    p->framing = framing;
    return r;
}

/* ---- memo -------------------------------------------------------------------------------- */
int64_t ou_pickler_memo_find(OuPickler *p, OuObj *o)
{
    uint64_t *i = ou_ptrmap_get(&p->memo_map, o);
    return i ? (int64_t)*i : -1;
}

static int write_number(OuVM *vm, OuPickler *p, int text_op, int short_op, int long_op, size_t i)
{
    char buf[32];
    size_t n;
    if (!p->bin) {
        n = (size_t)snprintf(buf, sizeof buf, "%c%zu\n", text_op, i);
    } else if (i < 256) {
        buf[0] = (char)short_op;
        buf[1] = (char)i;
        n = 2;
    } else {
        buf[0] = (char)long_op;
        for (int k = 0; k < 4; k++)
            buf[1 + k] = (char)(i >> 8 * k);
        n = 5;
    }
    return ou_pickler_write(vm, p, buf, n);
}

static int memo_set(OuVM *vm, OuPickler *p, OuObj *o, size_t number)
{
    if (number == p->nmemo) {
        if (p->nmemo == p->memo_cap) {
            size_t cap = p->memo_cap ? p->memo_cap * 2 : 16;
            OuObj **m = p->memo ? ou_realloc(vm, p->memo, p->memo_cap * sizeof *m, cap * sizeof *m)
                                : ou_alloc(vm, cap * sizeof *m);
            if (!m)
                return -1;
            p->memo = m;
            p->memo_cap = cap;
        }
        if (ou_ptrmap_put(&p->memo_map, o, number) < 0)
            return ou_raise_memory_i(vm);
        p->memo[p->nmemo++] = ou_ref(o);
        return 0;
    }
    /* a number given from outside (the memo attribute was set): the object is kept all the same */
    if (memo_set(vm, p, o, p->nmemo) < 0)
        return -1;
    return ou_ptrmap_put(&p->memo_map, o, number) < 0 ? ou_raise_memory_i(vm) : 0;
}

int ou_pickler_memo_put(OuVM *vm, OuPickler *p, OuObj *o)
{
    if (p->fast)
        return 0;
    size_t i = p->nmemo;
    if (memo_set(vm, p, o, i) < 0)
        return -1;
    if (p->proto >= 4)
        return ou_pickler_op(vm, p, OU_P_MEMOIZE);
    return write_number(vm, p, OU_P_PUT, OU_P_BINPUT, OU_P_LONG_BINPUT, i);
}

int ou_pickler_memo_number(OuVM *vm, OuPickler *p, size_t number)
{
    return write_number(vm, p, OU_P_GET, OU_P_BINGET, OU_P_LONG_BINGET, number);
}

int ou_pickler_memo_get(OuVM *vm, OuPickler *p, OuObj *o)
{
    int64_t i = ou_pickler_memo_find(p, o);
    if (i < 0) {
        ou_raise_key(vm, o);
        return -1;
    }
    return ou_pickler_memo_number(vm, p, (size_t)i);
}

void ou_pickler_memo_clear(OuVM *vm, OuPickler *p)
{
    OuObj **memo = p->memo;
    size_t n = p->nmemo, cap = p->memo_cap;
    p->memo = NULL;
    p->nmemo = p->memo_cap = 0;
    ou_ptrmap_free(&p->memo_map);
    ou_ptrmap_init(&p->memo_map, ou_heap_mem(&vm->heap));
    for (size_t i = 0; i < n; i++)
        ou_decref(vm, memo[i]);
    if (memo)
        ou_free(vm, memo, cap * sizeof *memo);
}

/* ---- life ---------------------------------------------------------------------------------- */
OuObj *ou_pickler_alloc(OuVM *vm, OuType *t)
{
    OuPickler *p = OU_PICKLER(ou_type_alloc(vm, t, 0));
    if (!p)
        return NULL;
    p->st = OU_PICKLE(vm);
    p->frame_start = -1;
    ou_ptrmap_init(&p->memo_map, ou_heap_mem(&vm->heap));
    return &p->hdr;
}

static OuObj *pickler_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_pickler_alloc(vm, type);
}

int ou_pickler_setup(OuVM *vm, OuPickler *p, OuObj *proto, OuObj *fix_imports, OuObj *buffer_callback)
{
    int v = OU_PICKLE_DEFAULT, fix = 1;
    if (proto && proto != OU_NONE(vm)) {
        if (ou_as_int(vm, proto, &v) < 0)
            return -1;
        if (v < 0)
            v = OU_PICKLE_HIGHEST;
        else if (v > OU_PICKLE_HIGHEST)
            return ou_value_error_i(vm, "pickle protocol must be <= %d", OU_PICKLE_HIGHEST);
    }
    if (fix_imports && (fix = ou_is_true(vm, fix_imports)) < 0)
        return -1;
    if (buffer_callback == OU_NONE(vm))
        buffer_callback = NULL;
    if (buffer_callback && v < 5)
        return ou_value_error_i(vm, "buffer_callback needs protocol >= 5");
    p->proto = v;
    p->bin = v > 0;
    p->fix_imports = fix && v < 3;
    OuObj *old = p->buffer_callback;
    p->buffer_callback = buffer_callback ? ou_ref(buffer_callback) : NULL;
    ou_xdecref(vm, old);
    p->ready = true;
    return 0;
}

int ou_pickler_set_file(OuVM *vm, OuPickler *p, OuObj *file)
{
    OuObj *name = OU_NAME(vm, write), *w;
    int r = ou_lookup_attr(vm, file, name, &w);
    if (r == 0)
        ou_type_error(vm, "file must have a 'write' attribute");
    if (r <= 0)
        return -1;
    OuObj *old = p->write;
    p->write = w;
    ou_xdecref(vm, old);
    return 0;
}

static int pickler_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuPickler *p = OU_PICKLER(self);
    OuObj *a[4] = {NULL}, *table = NULL, *name;
    if (ou_args_bind(vm, "Pickler(file, protocol=None, fix_imports=True, buffer_callback=None)", args, nargs,
                     kwnames, a) < 0)
        return -1;
    ou_pickler_memo_clear(vm, p);
    bool again = p->ready;
    p->ready = false;
    if (ou_pickler_setup(vm, p, a[1], a[2], a[3]) < 0)
        return -1;
    p->ready = false;
    if (ou_pickler_set_file(vm, p, a[0]) < 0)
        return -1;
    p->n = 0;
    p->fast = 0;
    p->fast_nesting = 0;
    ou_clear(vm, p->fast_memo);
    if (ou_persistent_take(vm, &p->persistent, self, "persistent_id") < 0)
        return -1;
    if (again) /* a table set before the first call stays */
        ou_clear(vm, p->dispatch_table);
    if (!(name = ou_str_intern_s(vm, "dispatch_table")))
        return -1;
    int r = ou_lookup_attr(vm, self, name, &table);
    ou_decref(vm, name);
    if (r < 0)
        return -1;
    OuObj *old = p->dispatch_table;
    p->dispatch_table = r > 0 ? table : NULL;
    ou_xdecref(vm, old);
    p->ready = true;
    return 0;
}

static void pickler_clear(OuVM *vm, OuObj *o)
{
    OuPickler *p = OU_PICKLER(o);
    ou_clear(vm, p->write);
    ou_clear(vm, p->dispatch_table);
    ou_clear(vm, p->persistent.func);
    ou_clear(vm, p->reducer_override);
    ou_clear(vm, p->buffer_callback);
    ou_clear(vm, p->fast_memo);
    ou_pickler_memo_clear(vm, p);
}

static void pickler_dealloc(OuVM *vm, OuObj *o)
{
    OuPickler *p = OU_PICKLER(o);
    pickler_clear(vm, o);
    ou_ptrmap_free(&p->memo_map);
    if (p->out)
        ou_free(vm, p->out, p->cap);
    ou_free_object(vm, o);
}

static int pickler_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OuPickler *p = OU_PICKLER(o);
    OU_VISIT(p->write);
    OU_VISIT(p->dispatch_table);
    OU_VISIT(p->persistent.func);
    OU_VISIT(p->reducer_override);
    OU_VISIT(p->buffer_callback);
    OU_VISIT(p->fast_memo);
    for (size_t i = 0; i < p->nmemo; i++)
        OU_VISIT(p->memo[i]);
    return 0;
}

/* ---- methods and attributes ------------------------------------------------------------------ */
int ou_pickler_dump(OuVM *vm, OuPickler *p, OuObj *o)
{
    bool with_self;
    int r = -1;
    OuObj *name = ou_str_intern_s(vm, "reducer_override"), *hook = NULL;
    (void)with_self;
    p->n = 0;
    p->frame_start = -1;
    if (!name || ou_lookup_attr(vm, &p->hdr, name, &hook) < 0)
        goto done;
    p->reducer_override = hook;
    if (p->proto >= 2) {
        char head[2] = {(char)OU_P_PROTO, (char)p->proto};
        if (ou_pickler_write(vm, p, head, 2) < 0)
            goto done;
        p->framing = p->proto >= 4;
    }
    if (ou_pickle_save(vm, p, o, false) < 0 || ou_pickler_op(vm, p, OU_P_STOP) < 0)
        goto done;
    commit(p);
    r = 0;
done:
    p->framing = false;
    ou_clear(vm, p->reducer_override); /* it may hold the pickler itself */
    ou_xdecref(vm, name);
    return r;
}

static OuObj *m_dump(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuPickler *p = OU_PICKLER(args[0]);
    if (!p->ready || !p->write)
        return ou_pickle_raise(vm, p->st->pickling_error,
                               "Pickler.__init__() was not called by %s.__init__()",
                               OU_TYPE_OF(vm, args[0])->name);
    if (ou_pickler_dump(vm, p, args[1]) < 0 || ou_pickler_flush(vm, p) < 0)
        return NULL;
    return ou_none(vm);
}

static OuObj *m_clear_memo(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    ou_pickler_memo_clear(vm, OU_PICKLER(args[0]));
    return ou_none(vm);
}

static OuObj *m_sizeof(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuPickler *p = OU_PICKLER(args[0]);
    return ou_int(vm, (int64_t)(OU_TYPE_OF(vm, args[0])->face.size + p->cap + p->memo_cap * sizeof *p->memo +
                                p->memo_map.cap * sizeof(OuPtrSlot)));
}

OuObj *ou_pickler_memo_dict(OuVM *vm, OuPickler *p)
{
    OuObj *d = ou_dict_new(vm);
    for (size_t i = 0; d && i < p->nmemo; i++) {
        uint64_t *number = ou_ptrmap_get(&p->memo_map, p->memo[i]);
        OuObj *id = ou_id(vm, p->memo[i]), *n = ou_int(vm, number ? (int64_t)*number : (int64_t)i),
              *pair = n ? ou_tuple_pack(vm, 2, n, p->memo[i]) : NULL;
        if (!id || !pair || ou_dict_set(vm, d, id, pair) < 0)
            ou_clear(vm, d);
        ou_xdecref(vm, id);
        ou_xdecref(vm, n);
        ou_xdecref(vm, pair);
    }
    return d;
}

static OuObj *get_memo(OuVM *vm, OuObj *o, void *data)
{
    return ou_memo_proxy_new(vm, OU_PICKLER(o)->st->pickler_memo, o);
}

static int set_memo(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    OuPickler *p = OU_PICKLER(o);
    OuObj *d = ou_memo_proxy_contents(vm, value, p->st->pickler_memo, "a PicklerMemoProxy");
    if (!d)
        return -1;
    int r = 0;
    size_t pos = 0;
    OuObj *k, *v;
    ou_pickler_memo_clear(vm, p);
    while (r == 0 && ou_dict_next(OU_DICT(d), &pos, &k, &v)) {
        int64_t number;
        if (!ou_isa_tuple(vm, v) || OU_TUPLE(v)->n != 2)
            r = ou_type_error_i(vm, "'memo' values must be 2-item tuples");
        else if ((r = ou_as_i64(vm, OU_TUPLE(v)->items[0], &number)) == 0)
            r = memo_set(vm, p, OU_TUPLE(v)->items[1], (size_t)number);
    }
    ou_decref(vm, d);
    if (r < 0)
        ou_pickler_memo_clear(vm, p);
    return r;
}

static OuObj *get_persistent(OuVM *vm, OuObj *o, void *data)
{
    return ou_persistent_get(vm, &OU_PICKLER(o)->persistent, "persistent_id");
}

static int set_persistent(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    return ou_persistent_set(vm, &OU_PICKLER(o)->persistent, "persistent_id", value);
}

static const OuFn methods[] = {
    {"dump(self, obj, /)", m_dump, 0, "Write a pickled representation of the given object to the open file."},
    {"clear_memo(self, /)", m_clear_memo, 0, "Clears the pickler's \"memo\"."},
    {"__sizeof__(self, /)", m_sizeof, 0, "Returns size in memory, in bytes."},
    {0},
};
static const OuMember members[] = {
    {"bin", OU_MEMBER_INT, offsetof(OuPickler, bin), false, NULL},
    {"fast", OU_MEMBER_INT, offsetof(OuPickler, fast), false, NULL},
    {"dispatch_table", OU_MEMBER_OBJ_EX, offsetof(OuPickler, dispatch_table), false, NULL},
    {0},
};
static const OuGetSet getset[] = {
    {"memo", get_memo, set_memo, NULL, NULL},
    {"persistent_id", get_persistent, set_persistent, NULL, NULL},
    {0},
};
const OuTypeSpec ou_pickler_spec = {
    .name = "_pickle.Pickler",
    .size = sizeof(OuPickler),
    .flags = OU_TYPE_BASE | OU_TYPE_GC,
    .doc = "Pickler(file, protocol=None, fix_imports=True, buffer_callback=None)\n--\n\n"
           "This takes a binary file for writing a pickle data stream.",
    .dealloc = pickler_dealloc,
    .traverse = pickler_traverse,
    .clear = pickler_clear,
    .s = {.new_ = pickler_new, .init = pickler_init},
    .methods = methods,
    .members = members,
    .getset = getset,
};
