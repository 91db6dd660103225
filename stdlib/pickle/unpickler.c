/* stdlib/pickle/unpickler.c - Unpickler objects: input, memo, find_class, attributes. */
#include <stdlib.h>
#include <string.h>

#include "pickle.h"
#include "vm/import.h"

enum { PREFETCH = 128 * 1024 };

/* ---- input -------------------------------------------------------------------------------- */
static void drop_input(OuVM *vm, OuUnpickler *u)
{
    if (u->view.obj)
        ou_buffer_release(vm, &u->view);
    u->view.obj = NULL;
    u->in = NULL;
    u->len = u->at = u->prefetched = 0;
}

int ou_unpickler_set_data(OuVM *vm, OuUnpickler *u, OuObj *data)
{
    OuBuffer v;
    if (ou_buffer_get(vm, data, &v, OU_BUF_SIMPLE) < 0)
        return -1;
    drop_input(vm, u);
    u->view = v;
    u->in = v.buf;
    u->len = (size_t)v.len;
    u->prefetched = u->len;
    return 0;
}

static int truncated(OuVM *vm, OuUnpickler *u)
{
    ou_pickle_raise(vm, u->st->unpickling_error, "pickle data was truncated");
    return -1;
}

/* The bytes of a peek that were used since are read from the file for good. */
int ou_unpickler_skip(OuVM *vm, OuUnpickler *u)
{
    if (!u->peek || u->at <= u->prefetched)
        return 0;
    OuObj *n = ou_int(vm, (int64_t)(u->at - u->prefetched)), *r = n ? ou_call1(vm, u->read, n) : NULL;
    ou_xdecref(vm, n);
    ou_xdecref(vm, r);
    if (!r)
        return -1;
    u->prefetched = u->at;
    return 0;
}

/* n bytes or a line (n == SIZE_MAX) from the file become the input. */
static int refill(OuVM *vm, OuUnpickler *u, size_t n)
{
    OuObj *data = NULL, *arg;
    if (!u->read)
        return truncated(vm, u);
    if (ou_unpickler_skip(vm, u) < 0)
        return -1;
    if (n == SIZE_MAX) {
        data = ou_call0(vm, u->readline);
    } else {
        if (u->peek && n < PREFETCH) {
            arg = ou_int(vm, PREFETCH);
            OuObj *seen = arg ? ou_call1(vm, u->peek, arg) : NULL;
            ou_xdecref(vm, arg);
            if (!seen && ou_err_is(vm, OU_EXC(vm, NotImplementedError))) {
                ou_err_clear(vm);
                ou_clear(vm, u->peek);
            } else if (!seen) {
                return -1;
            } else {
                int r = ou_unpickler_set_data(vm, u, seen);
                ou_decref(vm, seen);
                if (r < 0)
                    return -1;
                u->prefetched = 0;
                if (n <= u->len)
                    return 0;
            }
        }
        arg = n > INT64_MAX ? NULL : ou_int(vm, (int64_t)n);
        data = arg ? ou_call1(vm, u->read, arg) : NULL;
        ou_xdecref(vm, arg);
    }
    int r = data ? ou_unpickler_set_data(vm, u, data) : -1;
    ou_xdecref(vm, data);
    return r;
}

int ou_unpickler_read_slow(OuVM *vm, OuUnpickler *u, const char **s, size_t n)
{
    if (n > u->len - u->at) {
        if (n > SIZE_MAX / 2) {
            ou_pickle_raise(vm, u->st->unpickling_error, "read would overflow (invalid bytecode)");
            return -1;
        }
        /* what a frame has left is dropped: a value may not cross its end (CPython drops it too) */
        if (refill(vm, u, n) < 0)
            return -1;
        if (n > u->len - u->at)
            return truncated(vm, u);
    }
    *s = u->in + u->at;
    u->at += n;
    return 0;
}

int ou_unpickler_readinto(OuVM *vm, OuUnpickler *u, char *buf, size_t n)
{
    size_t left = u->len - u->at, have = left < n ? left : n;
    memcpy(buf, u->in ? u->in + u->at : "", have);
    u->at += have;
    if (have == n)
        return 0;
    if (!u->read)
        return truncated(vm, u);
    const char *s;
    if (!u->readinto) {
        if (ou_unpickler_read(vm, u, &s, n - have) < 0)
            return -1;
        memcpy(buf + have, s, n - have);
        return 0;
    }
    if (ou_unpickler_skip(vm, u) < 0)
        return -1;
    OuObj *part = ou_bytearray_new(vm, NULL, (ou_ssize)(n - have)),
          *res = part ? ou_call1(vm, u->readinto, part) : NULL;
    ou_ssize got = -1;
    int r = res ? ou_as_ssize(vm, res, OU_EXC(vm, OverflowError), &got) : -1;
    if (r == 0 && got < 0)
        r = ou_value_error_i(vm, "readinto() returned negative size");
    else if (r == 0 && (size_t)got < n - have)
        r = truncated(vm, u);
    if (r == 0)
        memcpy(buf + have, ((OuByteArray *)part)->start, n - have);
    ou_xdecref(vm, part);
    ou_xdecref(vm, res);
    return r;
}

int ou_unpickler_line(OuVM *vm, OuUnpickler *u, const char **s, size_t *n)
{
    const char *from = u->in ? u->in + u->at : "", *end = memchr(from, '\n', u->len - u->at);
    if (!end && u->read) {
        if (refill(vm, u, SIZE_MAX) < 0)
            return -1;
        from = u->in;
        end = u->len && from[u->len - 1] == '\n' ? from + u->len - 1 : NULL;
    }
    if (!end)
        return truncated(vm, u);
    *s = from;
    *n = (size_t)(end - from) + 1;
    u->at += *n;
    return 0;
}

/* ---- memo ---------------------------------------------------------------------------------- */
OuObj *ou_unpickler_memo_get(OuUnpickler *u, OuVM *vm, size_t i)
{
    if (i < u->memo_cap)
        return u->memo[i];
    if (!u->far_memo || i > INT64_MAX)
        return NULL;
    OuObj *k = ou_int(vm, (int64_t)i), *v = k ? ou_dict_get(vm, u->far_memo, k) : NULL;
    ou_xdecref(vm, k);
    return v;
}

int ou_unpickler_memo_put(OuVM *vm, OuUnpickler *u, size_t i, OuObj *o)
{
    if (i >= u->memo_cap &&
        i > 4 * u->memo_len + 65536) { /* no array of that size for a number out of the blue */
        OuObj *k = ou_int_u64(vm, i);
        if (!u->far_memo)
            u->far_memo = ou_dict_new(vm);
        int r = k && u->far_memo ? ou_dict_set(vm, u->far_memo, k, o) : -1;
        ou_xdecref(vm, k);
        if (r == 0)
            u->memo_len++;
        return r;
    }
    if (i >= u->memo_cap) {
        size_t cap = u->memo_cap ? u->memo_cap : 32;
        while (cap <= i)
            cap *= 2;
        OuObj **m = u->memo ? ou_realloc(vm, u->memo, u->memo_cap * sizeof *m, cap * sizeof *m)
                            : ou_alloc(vm, cap * sizeof *m);
        if (!m)
            return -1;
        memset(m + u->memo_cap, 0, (cap - u->memo_cap) * sizeof *m);
        u->memo = m;
        u->memo_cap = cap;
    }
    OuObj *old = u->memo[i];
    u->memo[i] = ou_ref(o);
    if (old)
        ou_decref(vm, old);
    else
        u->memo_len++;
    return 0;
}

void ou_unpickler_memo_clear(OuVM *vm, OuUnpickler *u)
{
    OuObj **memo = u->memo;
    size_t cap = u->memo_cap;
    u->memo = NULL;
    u->memo_cap = u->memo_len = 0;
    ou_clear(vm, u->far_memo);
    for (size_t i = 0; i < cap; i++)
        ou_xdecref(vm, memo[i]);
    if (memo)
        ou_free(vm, memo, cap * sizeof *memo);
}

/* ---- life ------------------------------------------------------------------------------------ */
OuObj *ou_unpickler_alloc(OuVM *vm, OuType *t)
{
    OuUnpickler *u = OU_UNPICKLER(ou_type_alloc(vm, t, 0));
    if (u)
        u->st = OU_PICKLE(vm);
    return (OuObj *)u;
}

static OuObj *unpickler_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_unpickler_alloc(vm, type);
}

static void free_text(OuVM *vm, char **s)
{
    if (*s)
        ou_free(vm, *s, strlen(*s) + 1);
    *s = NULL;
}

static int set_text(OuVM *vm, char **slot, OuObj *o, const char *dflt, const char *what)
{
    OuUtf8 u = {.s = dflt, .n = strlen(dflt)};
    if (o && !ou_isa_str(vm, o))
        return ou_type_error_i(vm, "argument '%s' must be str, not %s", what, ou_arg_type_name(vm, o));
    if (o && ou_str_utf8(vm, o, &u, false) < 0)
        return -1;
    char *s = NULL;
    if (memchr(u.s, 0, u.n))
        ou_value_error(vm, "embedded null character");
    else if ((s = ou_alloc(vm, u.n + 1))) {
        memcpy(s, u.s, u.n);
        s[u.n] = 0;
    }
    if (o)
        ou_utf8_free(vm, &u);
    if (!s)
        return -1;
    free_text(vm, slot);
    *slot = s;
    return 0;
}

int ou_unpickler_setup(OuVM *vm, OuUnpickler *u, OuObj *fix_imports, OuObj *encoding, OuObj *errors,
                       OuObj *buffers)
{
    int fix = 1;
    if (fix_imports && (fix = ou_is_true(vm, fix_imports)) < 0)
        return -1;
    if (set_text(vm, &u->encoding, encoding, "ASCII", "encoding") < 0 ||
        set_text(vm, &u->errors, errors, "strict", "errors") < 0)
        return -1;
    ou_clear(vm, u->buffers);
    if (buffers && buffers != OU_NONE(vm) && !(u->buffers = ou_iter(vm, buffers)))
        return -1;
    u->fix_imports = fix;
    u->proto = 0;
    u->ready = true;
    return 0;
}

int ou_unpickler_set_file(OuVM *vm, OuUnpickler *u, OuObj *file)
{
    const struct {
        const char *name;
        OuObj **slot;
    } methods[] = {
        {"peek", &u->peek}, {"readinto", &u->readinto}, {"read", &u->read}, {"readline", &u->readline}};
    drop_input(vm, u);
    for (int i = 0; i < 4; i++)
        ou_clear(vm, *methods[i].slot);
    for (int i = 0; i < 4; i++) {
        OuObj *name = ou_str_intern_s(vm, methods[i].name), *f = NULL;
        int r = name ? ou_lookup_attr(vm, file, name, &f) : -1;
        ou_xdecref(vm, name);
        if (r < 0)
            return -1;
        *methods[i].slot = r > 0 ? f : NULL;
    }
    if (!u->read || !u->readline) {
        ou_clear(vm, u->read);
        ou_clear(vm, u->readline);
        return ou_type_error_i(vm, "file must have 'read' and 'readline' attributes");
    }
    return 0;
}

static int unpickler_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuUnpickler *u = OU_UNPICKLER(self);
    OuObj *a[5] = {NULL};
    if (ou_args_bind(vm,
                     "Unpickler(file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())",
                     args, nargs, kwnames, a) < 0)
        return -1;
    u->ready = false;
    ou_unpickler_memo_clear(vm, u);
    if (ou_unpickler_set_file(vm, u, a[0]) < 0 ||
        ou_persistent_take(vm, &u->persistent, self, "persistent_load") < 0)
        return -1;
    return ou_unpickler_setup(vm, u, a[1], a[2], a[3], a[4]);
}

static void clear_stack(OuVM *vm, OuUnpickler *u)
{
    while (u->n)
        ou_decref(vm, u->stack[--u->n]);
    u->nmarks = 0;
    u->fence = 0;
}

static void unpickler_clear(OuVM *vm, OuObj *o)
{
    OuUnpickler *u = OU_UNPICKLER(o);
    clear_stack(vm, u);
    ou_unpickler_memo_clear(vm, u);
    drop_input(vm, u);
    ou_clear(vm, u->persistent.func);
    ou_clear(vm, u->read);
    ou_clear(vm, u->readinto);
    ou_clear(vm, u->readline);
    ou_clear(vm, u->peek);
    ou_clear(vm, u->buffers);
}

static void unpickler_dealloc(OuVM *vm, OuObj *o)
{
    OuUnpickler *u = OU_UNPICKLER(o);
    unpickler_clear(vm, o);
    if (u->stack)
        ou_free(vm, u->stack, u->cap * sizeof *u->stack);
    if (u->marks)
        ou_free(vm, u->marks, u->marks_cap * sizeof *u->marks);
    free_text(vm, &u->encoding);
    free_text(vm, &u->errors);
    ou_free_object(vm, o);
}

static int unpickler_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OuUnpickler *u = OU_UNPICKLER(o);
    OU_VISIT(u->view.obj);
    OU_VISIT(u->persistent.func);
    OU_VISIT(u->read);
    OU_VISIT(u->readinto);
    OU_VISIT(u->readline);
    OU_VISIT(u->peek);
    OU_VISIT(u->buffers);
    OU_VISIT(u->far_memo);
    for (size_t i = 0; i < u->n; i++)
        OU_VISIT(u->stack[i]);
    for (size_t i = 0; i < u->memo_cap; i++)
        OU_VISIT(u->memo[i]);
    return 0;
}

/* ---- find_class --------------------------------------------------------------------------------- */
static int audit(OuVM *vm, OuObj *module, OuObj *name)
{
    OuObj *f = ou_dict_get_s(vm, (OuObj *)vm->sysdict, "audit"),
          *event = ou_str_new(vm, "pickle.find_class", -1);
    OuObj *r = f && event ? ou_call3(vm, f, event, module, name) : NULL;
    ou_xdecref(vm, event);
    ou_xdecref(vm, r);
    return r || !f ? 0 : -1;
}

OuObj *ou_unpickler_find_class(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuUnpickler *u = OU_UNPICKLER(args[0]);
    OuObj *module = ou_ref(args[1]), *name = ou_ref(args[2]), *m = NULL, *parts = NULL, *r = NULL;
    if (audit(vm, module, name) < 0)
        goto done;
    if (u->proto < 3 && u->fix_imports &&
        ou_pickle_map_names(vm, u->st->name_mapping, u->st->import_mapping, "", &module, &name) < 0)
        goto done;
    if (!ou_isa_str(vm, module) || !ou_isa_str(vm, name)) {
        ou_type_error(vm, "find_class() arguments must be str");
        goto done;
    }
    if (!(m = ou_import_module(vm, module)))
        goto done;
    if (u->proto >= 4) {
        if (!(parts = ou_pickle_parts(vm, m, name)))
            goto done;
        r = ou_pickle_dotted(vm, m, parts, NULL);
    } else {
        r = ou_getattr(vm, m, name);
    }
    if (!r && ou_err_is(vm, OU_EXC(vm, AttributeError))) {
        ou_err_clear(vm);
        ou_raise(vm, OU_EXC(vm, AttributeError), "Can't get attribute %R on %R", name, m);
    }
done:
    ou_xdecref(vm, m);
    ou_xdecref(vm, parts);
    ou_decref(vm, module);
    ou_decref(vm, name);
    return r;
}

/* ---- methods and attributes ----------------------------------------------------------------------- */
static OuObj *m_load(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuUnpickler *u = OU_UNPICKLER(args[0]);
    if (!u->ready || !u->read)
        return ou_pickle_raise(vm, u->st->unpickling_error,
                               "Unpickler.__init__() was not called by %s.__init__()",
                               OU_TYPE_OF(vm, args[0])->name);
    return ou_unpickler_load(vm, u);
}

static OuObj *m_sizeof(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuUnpickler *u = OU_UNPICKLER(args[0]);
    return ou_int(
        vm, (int64_t)(OU_TYPE_OF(vm, args[0])->face.size + u->cap * 8 + u->marks_cap * 8 + u->memo_cap * 8));
}

OuObj *ou_unpickler_memo_dict(OuVM *vm, OuUnpickler *u)
{
    OuObj *d = u->far_memo ? ou_dict_copy(vm, u->far_memo) : ou_dict_new(vm);
    for (size_t i = 0; d && i < u->memo_cap; i++) {
        if (!u->memo[i])
            continue;
        OuObj *k = ou_int(vm, (int64_t)i);
        if (!k || ou_dict_set(vm, d, k, u->memo[i]) < 0)
            ou_clear(vm, d);
        ou_xdecref(vm, k);
    }
    return d;
}

static OuObj *get_memo(OuVM *vm, OuObj *o, void *data)
{
    return ou_memo_proxy_new(vm, OU_UNPICKLER(o)->st->unpickler_memo, o);
}

static int set_memo(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    OuUnpickler *u = OU_UNPICKLER(o);
    OuObj *d = ou_memo_proxy_contents(vm, value, u->st->unpickler_memo, "an UnpicklerMemoProxy");
    if (!d)
        return -1;
    int r = 0;
    size_t pos = 0;
    OuObj *k, *v;
    ou_unpickler_memo_clear(vm, u);
    while (r == 0 && ou_dict_next(OU_DICT(d), &pos, &k, &v)) {
        ou_ssize i;
        if (!ou_isa_int(vm, k))
            r = ou_type_error_i(vm, "memo key must be integers");
        else if ((r = ou_as_ssize(vm, k, OU_EXC(vm, OverflowError), &i)) == 0)
            r = i < 0 ? ou_value_error_i(vm, "memo key must be positive integers.")
                      : ou_unpickler_memo_put(vm, u, (size_t)i, v);
    }
    ou_decref(vm, d);
    return r;
}

static OuObj *get_persistent(OuVM *vm, OuObj *o, void *data)
{
    return ou_persistent_get(vm, &OU_UNPICKLER(o)->persistent, "persistent_load");
}

static int set_persistent(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    return ou_persistent_set(vm, &OU_UNPICKLER(o)->persistent, "persistent_load", value);
}

static const OuFn methods[] = {
    {"load(self, /)", m_load, 0, "Load a pickle."},
    {"find_class(self, module_name, global_name, /)", ou_unpickler_find_class, 0,
     "Return an object from a specified module."},
    {"__sizeof__(self, /)", m_sizeof, 0, "Returns size in memory, in bytes."},
    {0},
};
static const OuGetSet getset[] = {
    {"memo", get_memo, set_memo, NULL, NULL},
    {"persistent_load", get_persistent, set_persistent, NULL, NULL},
    {0},
};
const OuTypeSpec ou_unpickler_spec = {
    .name = "_pickle.Unpickler",
    .size = sizeof(OuUnpickler),
    .flags = OU_TYPE_BASE | OU_TYPE_GC,
    .doc = "Unpickler(file, *, fix_imports=True, encoding='ASCII', errors='strict',\n          "
           "buffers=())\n--\n\n"
           "This takes a binary file for reading a pickle data stream.",
    .dealloc = unpickler_dealloc,
    .traverse = unpickler_traverse,
    .clear = unpickler_clear,
    .s = {.new_ = unpickler_new, .init = unpickler_init},
    .methods = methods,
    .getset = getset,
};
