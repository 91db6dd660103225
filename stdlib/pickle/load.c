/* stdlib/pickle/load.c - the pickle machine: one function a group of opcodes, a stack, a stack of marks.
 *
 * The fence is the height of the newest mark: nothing below it may be taken by an opcode that does not look for the mark.
 * Scripts run inside many opcodes and may use this very unpickler: heights are read anew after every call. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "pickle.h"
#include "vm/import.h"

#define UNPICKLING(...) (ou_pickle_raise(vm, u->st->unpickling_error, __VA_ARGS__), -1)

/* ---- stack ---------------------------------------------------------------------------------- */
static int push_take(OuVM *vm, OuUnpickler *u, OuObj *o)
{
    if (!o)
        return -1;
    if (u->n == u->cap) {
        size_t cap = u->cap ? u->cap * 2 : 16;
        OuObj **s = u->stack ? ou_realloc(vm, u->stack, u->cap * sizeof *s, cap * sizeof *s)
                             : ou_alloc(vm, cap * sizeof *s);
        if (!s) {
            ou_decref(vm, o);
            return -1;
        }
        u->stack = s;
        u->cap = cap;
    }
    u->stack[u->n++] = o;
    return 0;
}

static int underflow(OuVM *vm, OuUnpickler *u)
{
    return UNPICKLING(u->nmarks ? "unexpected MARK found" : "unpickling stack underflow");
}

static OuObj *pop(OuVM *vm, OuUnpickler *u)
{
    if (u->n <= u->fence) {
        underflow(vm, u);
        return NULL;
    }
    return u->stack[--u->n];
}

static int push_mark(OuVM *vm, OuUnpickler *u)
{
    if (u->nmarks == u->marks_cap) {
        size_t cap = u->marks_cap ? u->marks_cap * 2 : 16;
        size_t *m = u->marks ? ou_realloc(vm, u->marks, u->marks_cap * sizeof *m, cap * sizeof *m)
                             : ou_alloc(vm, cap * sizeof *m);
        if (!m)
            return -1;
        u->marks = m;
        u->marks_cap = cap;
    }
    u->marks[u->nmarks++] = u->fence = u->n;
    return 0;
}

/* Height at the newest mark, which is removed; -1. */
static ou_ssize take_mark(OuVM *vm, OuUnpickler *u)
{
    if (!u->nmarks)
        return UNPICKLING("could not find MARK");
    size_t at = u->marks[--u->nmarks];
    u->fence = u->nmarks ? u->marks[u->nmarks - 1] : 0;
    return (ou_ssize)at;
}

static void cut(OuVM *vm, OuUnpickler *u, size_t to)
{
    while (u->n > to)
        ou_decref(vm, u->stack[--u->n]);
}

/* The objects from height `from` on leave the stack as a tuple or list: new. */
static OuObj *pop_tuple(OuVM *vm, OuUnpickler *u, size_t from)
{
    if (from < u->fence) {
        underflow(vm, u);
        return NULL;
    }
    OuObj *t = ou_tuple_of_take(vm, u->stack + from, u->n - from);
    if (t)
        u->n = from;
    return t;
}

static OuObj *pop_list(OuVM *vm, OuUnpickler *u, size_t from)
{
    OuObj *l = ou_list_of_take(vm, u->stack + from, u->n - from);
    if (l)
        u->n = from;
    return l;
}

/* ---- reading ---------------------------------------------------------------------------------- */
static int read_le(OuVM *vm, OuUnpickler *u, int n, uint64_t *out)
{
    const char *s;
    if (ou_unpickler_read(vm, u, &s, (size_t)n) < 0)
        return -1;
    *out = 0;
    for (int i = 0; i < n; i++)
        *out |= (uint64_t)(unsigned char)s[i] << 8 * i;
    return 0;
}

static int load_binint(OuVM *vm, OuUnpickler *u, int n)
{
    uint64_t v;
    if (read_le(vm, u, n, &v) < 0)
        return -1;
    return push_take(vm, u, ou_int(vm, n == 4 ? (int64_t)(int32_t)v : (int64_t)v));
}

/* int(text, 0) as C's strtol and CPython's converter take it: the newline counts as space. */
static OuObj *parse_int(OuVM *vm, const char *s, size_t n)
{
    OuObj *text = ou_str_latin1(vm, s, (ou_ssize)n), *base = ou_int(vm, 0), *r = NULL;
    if (text && base)
        r = ou_call2(vm, (OuObj *)&vm->builtin[OU_T_int], text, base);
    ou_xdecref(vm, text);
    ou_xdecref(vm, base);
    return r;
}

static int load_int(OuVM *vm, OuUnpickler *u)
{
    const char *s;
    size_t n;
    if (ou_unpickler_line(vm, u, &s, &n) < 0)
        return -1;
    if (n < 2)
        return UNPICKLING("pickle data was truncated");
    if (n == 3 && s[0] == '0' && (s[1] == '0' || s[1] == '1'))
        return push_take(vm, u, ou_bool(vm, s[1] == '1'));
    char *end, buf[32];
    if (n < sizeof buf) { /* as C reads it: 0777 is octal */
        memcpy(buf, s, n);
        buf[n] = 0;
        long v = strtol(buf, &end, 0);
        if (*end == '\n' && end > buf && n < 20)
            return push_take(vm, u, ou_int(vm, v));
    }
    OuObj *i = parse_int(vm, s, n);
    if (!i && ou_err_is(vm, OU_EXC(vm, ValueError))) {
        ou_err_clear(vm);
        return ou_value_error_i(vm, "could not convert string to int");
    }
    return push_take(vm, u, i);
}

static int load_long(OuVM *vm, OuUnpickler *u)
{
    const char *s;
    size_t n;
    if (ou_unpickler_line(vm, u, &s, &n) < 0)
        return -1;
    if (n < 2)
        return UNPICKLING("pickle data was truncated");
    return push_take(vm, u, parse_int(vm, s, s[n - 2] == 'L' ? n - 2 : n - 1));
}

static int load_binlong(OuVM *vm, OuUnpickler *u, int nsize)
{
    uint64_t n;
    const char *s;
    if (read_le(vm, u, nsize, &n) < 0)
        return -1;
    if (nsize == 4 && (int32_t)n < 0)
        return UNPICKLING("LONG pickle has negative byte count");
    if (ou_unpickler_read(vm, u, &s, n) < 0)
        return -1;
    return push_take(vm, u,
                     n ? ou_int_from_bytes(vm, (const unsigned char *)s, n, true, true) : ou_int(vm, 0));
}

static int load_float(OuVM *vm, OuUnpickler *u)
{
    const char *s;
    size_t n;
    if (ou_unpickler_line(vm, u, &s, &n) < 0)
        return -1;
    if (n < 2)
        return UNPICKLING("pickle data was truncated");
    if (isspace((unsigned char)s[0]))
        return ou_value_error_i(vm, "could not convert string to float");
    return push_take(vm, u, ou_float_parse(vm, s, n - 1));
}

static int load_binfloat(OuVM *vm, OuUnpickler *u)
{
    const char *s;
    uint64_t bits = 0;
    double d;
    if (ou_unpickler_read(vm, u, &s, 8) < 0)
        return -1;
    for (int i = 0; i < 8; i++)
        bits = bits << 8 | (unsigned char)s[i];
    memcpy(&d, &bits, 8);
    return push_take(vm, u, ou_float(vm, d));
}

/* A byte string of Python 2 */
static OuObj *old_string(OuVM *vm, OuUnpickler *u, const char *s, size_t n)
{
    if (strcmp(u->encoding, "bytes") == 0)
        return ou_bytes_new(vm, s, (ou_ssize)n);
    return ou_str_decode(vm, s, n, u->encoding, u->errors);
}

static int load_string(OuVM *vm, OuUnpickler *u)
{
    const char *s;
    size_t n;
    if (ou_unpickler_line(vm, u, &s, &n) < 0)
        return -1;
    n--;
    if (n < 2 || s[0] != s[n - 1] || (s[0] != '\'' && s[0] != '"'))
        return UNPICKLING("the STRING opcode argument must be quoted");
    OuObj *raw = ou_bytes_new(vm, s + 1, (ou_ssize)n - 2),
          *f = ou_import_attr(vm, "_codecs", "escape_decode"), *pair = raw && f ? ou_call1(vm, f, raw) : NULL,
          *r = NULL;
    if (pair) {
        OuObj *b = OU_TUPLE(pair)->items[0];
        r = old_string(vm, u, OU_BYTES(b)->data, OU_BYTES(b)->len);
    }
    ou_xdecref(vm, raw);
    ou_xdecref(vm, f);
    ou_xdecref(vm, pair);
    return push_take(vm, u, r);
}

static int load_binstring(OuVM *vm, OuUnpickler *u, int nsize)
{
    uint64_t n;
    const char *s;
    if (read_le(vm, u, nsize, &n) < 0)
        return -1;
    if (nsize == 4 && (int32_t)n < 0)
        return UNPICKLING("BINSTRING pickle has negative byte count");
    if (ou_unpickler_read(vm, u, &s, n) < 0)
        return -1;
    return push_take(vm, u, old_string(vm, u, s, n));
}

static int load_unicode(OuVM *vm, OuUnpickler *u)
{
    const char *s;
    size_t n;
    if (ou_unpickler_line(vm, u, &s, &n) < 0)
        return -1;
    return push_take(vm, u, ou_str_decode(vm, s, n - 1, "raw-unicode-escape", NULL));
}

static int too_long(OuVM *vm, const char *fmt)
{
    return ou_raise_i(vm, OU_EXC(vm, OverflowError), fmt, (ou_ssize)INT64_MAX);
}

static int load_binunicode(OuVM *vm, OuUnpickler *u, int nsize)
{
    uint64_t n;
    const char *s;
    if (read_le(vm, u, nsize, &n) < 0)
        return -1;
    if (n > INT64_MAX)
        return too_long(vm, "BINUNICODE exceeds system's maximum size of %zd bytes");
    if (ou_unpickler_read(vm, u, &s, n) < 0)
        return -1;
    bool ascii = true;
    for (size_t i = 0; ascii && i < n; i++)
        ascii = !(s[i] & 0x80);
    return push_take(
        vm, u, ascii ? ou_str_latin1(vm, s, (ou_ssize)n) : ou_str_decode(vm, s, n, "utf-8", "surrogatepass"));
}

/* A length is believed only as far as there are data (a file may hold more than is in the buffer). */
static bool plausible(OuUnpickler *u, uint64_t n)
{
    return u->read || n <= u->len - u->at;
}

static int load_binbytes(OuVM *vm, OuUnpickler *u, int nsize)
{
    uint64_t n;
    if (read_le(vm, u, nsize, &n) < 0)
        return -1;
    if (n > INT64_MAX)
        return too_long(vm, "BINBYTES exceeds system's maximum size of %zd bytes");
    if (!plausible(u, n))
        return UNPICKLING("pickle data was truncated");
    OuObj *b = ou_bytes_new(vm, NULL, (ou_ssize)n);
    if (b && n && ou_unpickler_readinto(vm, u, OU_BYTES(b)->data, n) < 0)
        ou_clear(vm, b);
    return push_take(vm, u, b);
}

static int load_bytearray(OuVM *vm, OuUnpickler *u)
{
    uint64_t n;
    if (read_le(vm, u, 8, &n) < 0)
        return -1;
    if (n > INT64_MAX)
        return too_long(vm, "BYTEARRAY8 exceeds system's maximum size of %zd bytes");
    if (!plausible(u, n))
        return UNPICKLING("pickle data was truncated");
    OuObj *b = ou_bytearray_new(vm, NULL, (ou_ssize)n);
    if (b && n && ou_unpickler_readinto(vm, u, ((OuByteArray *)b)->start, n) < 0)
        ou_clear(vm, b);
    return push_take(vm, u, b);
}

static int load_next_buffer(OuVM *vm, OuUnpickler *u)
{
    if (!u->buffers)
        return UNPICKLING("pickle stream refers to out-of-band data but no *buffers* argument was given");
    OuObj *b = ou_next(vm, u->buffers);
    if (!b && !ou_err_occurred(vm))
        return UNPICKLING("not enough out-of-band buffers");
    return push_take(vm, u, b);
}

static int load_readonly_buffer(OuVM *vm, OuUnpickler *u)
{
    if (u->n <= u->fence)
        return underflow(vm, u);
    OuBuffer v;
    OuObj *o = u->stack[u->n - 1];
    if (ou_buffer_get(vm, o, &v, OU_BUF_FULL & ~OU_BUF_WRITABLE) < 0)
        return -1;
    bool readonly = v.readonly;
    ou_buffer_release(vm, &v);
    if (readonly)
        return 0;
    OuObj *m = ou_memoryview_new(vm, o), *name = ou_str_intern_s(vm, "toreadonly"),
          *r = m && name ? ou_call_method(vm, m, name, 0) : NULL;
    ou_xdecref(vm, m);
    ou_xdecref(vm, name);
    if (!r)
        return -1;
    u->stack[u->n - 1] = r;
    ou_decref(vm, o);
    return 0;
}

/* ---- containers ----------------------------------------------------------------------------------- */
static int load_counted_tuple(OuVM *vm, OuUnpickler *u, size_t n)
{
    if (u->n < n || u->n - n < u->fence)
        return underflow(vm, u);
    return push_take(vm, u, pop_tuple(vm, u, u->n - n));
}

static int load_marked(OuVM *vm, OuUnpickler *u, int op)
{
    ou_ssize at = take_mark(vm, u);
    if (at < 0)
        return -1;
    if (op == OU_P_TUPLE)
        return push_take(vm, u, pop_tuple(vm, u, (size_t)at));
    if (op == OU_P_LIST)
        return push_take(vm, u, pop_list(vm, u, (size_t)at));
    if (op == OU_P_FROZENSET) {
        OuObj *items = pop_tuple(vm, u, (size_t)at), *r = items ? ou_frozenset_new(vm, items) : NULL;
        ou_xdecref(vm, items);
        return push_take(vm, u, r);
    }
    if ((u->n - (size_t)at) % 2)
        return UNPICKLING("odd number of items for DICT");
    OuObj *items = pop_tuple(vm, u, (size_t)at), *d = items ? ou_dict_new(vm) : NULL;
    for (size_t i = 0; d && i < OU_TUPLE(items)->n; i += 2)
        if (ou_dict_set(vm, d, OU_TUPLE(items)->items[i], OU_TUPLE(items)->items[i + 1]) < 0)
            ou_clear(vm, d);
    ou_xdecref(vm, items);
    return push_take(vm, u, d);
}

/* f(x) for every object above height `from`, which leave the stack */
static int feed(OuVM *vm, OuUnpickler *u, OuObj *f, size_t from)
{
    OuObj *items = pop_tuple(vm, u, from);
    int r = items ? 0 : -1;
    for (size_t i = 0; r == 0 && i < OU_TUPLE(items)->n; i++) {
        OuObj *x = ou_call1(vm, f, OU_TUPLE(items)->items[i]);
        r = x ? 0 : -1;
        ou_xdecref(vm, x);
    }
    ou_xdecref(vm, items);
    return r;
}

static int append_from(OuVM *vm, OuUnpickler *u, size_t from)
{
    if (from > u->n || from <= u->fence)
        return underflow(vm, u);
    if (from == u->n)
        return 0;
    OuObj *list = u->stack[from - 1], *f;
    if (ou_is(list, list)) {
        int r = 0;
        for (size_t i = from; r == 0 && i < u->n; i++)
            r = ou_list_append(vm, list, u->stack[i]);
        cut(vm, u, from);
        return r;
    }
    ou_incref(list);
    int r = ou_lookup_attr(vm, list, OU_NAME(vm, extend), &f);
    if (r > 0) {
        OuObj *slice = pop_list(vm, u, from), *res = slice ? ou_call1(vm, f, slice) : NULL;
        r = res ? 0 : -1;
        ou_xdecref(vm, slice);
        ou_xdecref(vm, res);
        ou_decref(vm, f);
    } else if (r == 0) {
        f = ou_getattr(vm, list, OU_NAME(vm, append));
        r = f ? feed(vm, u, f, from) : -1;
        ou_xdecref(vm, f);
    }
    ou_decref(vm, list);
    return r;
}

static int setitems_from(OuVM *vm, OuUnpickler *u, size_t from)
{
    if (from > u->n || from <= u->fence)
        return underflow(vm, u);
    if (from == u->n)
        return 0;
    if ((u->n - from) % 2)
        return UNPICKLING("odd number of items for SETITEMS");
    OuObj *d = ou_ref(u->stack[from - 1]), *items = pop_tuple(vm, u, from);
    int r = items ? 0 : -1;
    for (size_t i = 0; r == 0 && i < OU_TUPLE(items)->n; i += 2) {
        OuObj *k = OU_TUPLE(items)->items[i], *v = OU_TUPLE(items)->items[i + 1];
        r = ou_is(d, dict) ? ou_dict_set(vm, d, k, v) : ou_setitem(vm, d, k, v);
    }
    ou_xdecref(vm, items);
    ou_decref(vm, d);
    return r;
}

static int load_additems(OuVM *vm, OuUnpickler *u)
{
    ou_ssize at = take_mark(vm, u);
    if (at < 0)
        return -1;
    size_t from = (size_t)at;
    if (from > u->n || from <= u->fence)
        return underflow(vm, u);
    if (from == u->n)
        return 0;
    OuObj *set = ou_ref(u->stack[from - 1]);
    int r = -1;
    if (ou_is(set, set)) {
        OuObj *items = pop_tuple(vm, u, from);
        r = items ? ou_set_update(vm, set, items) : -1;
        ou_xdecref(vm, items);
    } else {
        OuObj *f = ou_getattr(vm, set, OU_NAME(vm, add));
        r = f ? feed(vm, u, f, from) : -1;
        ou_xdecref(vm, f);
    }
    ou_decref(vm, set);
    return r;
}

/* ---- objects --------------------------------------------------------------------------------------- */
static OuObj *find_class(OuVM *vm, OuUnpickler *u, OuObj *module, OuObj *name)
{
    OuObj *a[3] = {&u->hdr, module, name};
    if (OU_TYPE_OF(vm, u) == u->st->unpickler)
        return ou_unpickler_find_class(vm, a, 3, NULL);
    OuObj *method = ou_str_intern_s(vm, "find_class");
    OuObj *r = method ? ou_call_method(vm, &u->hdr, method, 2, module, name) : NULL;
    ou_xdecref(vm, method);
    return r;
}

static OuObj *line_text(OuVM *vm, OuUnpickler *u, const char *codec)
{
    const char *s;
    size_t n;
    if (ou_unpickler_line(vm, u, &s, &n) < 0)
        return NULL;
    if (n < 2) {
        ou_pickle_raise(vm, u->st->unpickling_error, "pickle data was truncated");
        return NULL;
    }
    return ou_str_decode(vm, s, n - 1, codec, "strict");
}

static OuObj *instantiate(OuVM *vm, OuObj *cls, OuObj *args)
{
    if (OU_TUPLE(args)->n == 0 && ou_isa_type(vm, cls)) {
        OuObj *name = ou_str_intern_s(vm, "__getinitargs__"), *f;
        int r = name ? ou_lookup_attr(vm, cls, name, &f) : -1;
        ou_xdecref(vm, name);
        if (r < 0)
            return NULL;
        if (r == 0)
            return ou_call_method(vm, cls, OU_NAME(vm, __new__), 1, cls);
        ou_decref(vm, f);
    }
    return ou_call_tuple(vm, cls, args, NULL);
}

static int load_inst(OuVM *vm, OuUnpickler *u)
{
    ou_ssize at = take_mark(vm, u);
    if (at < 0)
        return -1;
    OuObj *module = line_text(vm, u, "ascii"), *name = module ? line_text(vm, u, "ascii") : NULL;
    OuObj *cls = name ? find_class(vm, u, module, name) : NULL;
    OuObj *args = cls ? pop_tuple(vm, u, (size_t)at) : NULL, *r = args ? instantiate(vm, cls, args) : NULL;
    ou_xdecref(vm, module);
    ou_xdecref(vm, name);
    ou_xdecref(vm, cls);
    ou_xdecref(vm, args);
    return push_take(vm, u, r);
}

static int load_obj(OuVM *vm, OuUnpickler *u)
{
    ou_ssize at = take_mark(vm, u);
    if (at < 0)
        return -1;
    if (u->n <= (size_t)at)
        return underflow(vm, u);
    OuObj *args = pop_tuple(vm, u, (size_t)at + 1), *cls = args ? pop(vm, u) : NULL;
    OuObj *r = cls ? instantiate(vm, cls, args) : NULL;
    ou_xdecref(vm, args);
    ou_xdecref(vm, cls);
    return push_take(vm, u, r);
}

static int load_newobj(OuVM *vm, OuUnpickler *u, bool ex)
{
    const char *what = ex ? "NEWOBJ_EX" : "NEWOBJ";
    OuObj *kw = NULL, *args = NULL, *cls = NULL, *r = NULL;
    if (ex && !(kw = pop(vm, u)))
        return -1;
    if (!(args = pop(vm, u)) || !(cls = pop(vm, u)))
        goto done;
    if (!ou_isa_type(vm, cls)) {
        ou_pickle_raise(vm, u->st->unpickling_error, "%s class argument must be a type, not %T", what, cls);
    } else if (!OU_AS_TYPE(cls)->s.new_ || OU_AS_TYPE(cls)->flags & OU_TYPE_NO_NEW) {
        ou_pickle_raise(vm, u->st->unpickling_error, "%s class argument '%s' doesn't have __new__", what,
                        OU_AS_TYPE(cls)->name);
    } else if (!ou_isa_tuple(vm, args)) {
        ou_pickle_raise(vm, u->st->unpickling_error, "%s args argument must be a tuple, not %T", what, args);
    } else if (kw && !ou_isa_dict(vm, kw)) {
        ou_pickle_raise(vm, u->st->unpickling_error, "%s kwargs argument must be a dict, not %T", what, kw);
    } else if (kw && OU_DICT(kw)->used) {
        size_t n = OU_TUPLE(args)->n;
        OuObj *all = ou_tuple_new(vm, n + 1), *f = all ? ou_getattr(vm, cls, OU_NAME(vm, __new__)) : NULL;
        if (all) {
            OU_TUPLE(all)->items[0] = ou_ref(cls);
            for (size_t i = 0; i < n; i++)
                OU_TUPLE(all)->items[i + 1] = ou_ref(OU_TUPLE(args)->items[i]);
        }
        r = f ? ou_call_tuple(vm, f, all, kw) : NULL;
        ou_xdecref(vm, f);
        ou_xdecref(vm, all);
    } else {
        r = OU_AS_TYPE(cls)->s.new_(vm, OU_AS_TYPE(cls), OU_TUPLE(args)->items, OU_TUPLE(args)->n, NULL);
    }
done:
    ou_xdecref(vm, kw);
    ou_xdecref(vm, args);
    ou_xdecref(vm, cls);
    return push_take(vm, u, r);
}

static int load_global(OuVM *vm, OuUnpickler *u)
{
    OuObj *module = line_text(vm, u, "utf-8"), *name = module ? line_text(vm, u, "utf-8") : NULL;
    OuObj *r = name ? find_class(vm, u, module, name) : NULL;
    ou_xdecref(vm, module);
    ou_xdecref(vm, name);
    return push_take(vm, u, r);
}

static int load_stack_global(OuVM *vm, OuUnpickler *u)
{
    OuObj *name = pop(vm, u), *module = name ? pop(vm, u) : NULL, *r = NULL;
    if (module && (!ou_is(name, str) || !ou_is(module, str)))
        ou_pickle_raise(vm, u->st->unpickling_error, "STACK_GLOBAL requires str");
    else if (module)
        r = find_class(vm, u, module, name);
    ou_xdecref(vm, name);
    ou_xdecref(vm, module);
    return push_take(vm, u, r);
}

static int load_persistent(OuVM *vm, OuUnpickler *u, bool bin)
{
    if (!u->pers_func)
        return UNPICKLING("A load persistent id instruction was encountered,\n"
                          "but no persistent_load function was specified.");
    OuObj *pid;
    if (bin) {
        pid = pop(vm, u);
    } else {
        const char *s;
        size_t n;
        if (ou_unpickler_line(vm, u, &s, &n) < 0)
            return -1;
        pid = ou_str_decode(vm, s, n - 1, "ascii", "strict");
        if (!pid && ou_err_is(vm, OU_EXC(vm, UnicodeDecodeError))) {
            ou_err_clear(vm);
            return UNPICKLING("persistent IDs in protocol 0 must be ASCII strings");
        }
    }
    if (!pid)
        return -1;
    OuObj *f = ou_ref(u->pers_func);
    OuObj *r = u->pers_self ? ou_call2(vm, f, &u->hdr, pid) : ou_call1(vm, f, pid);
    ou_decref(vm, f);
    ou_decref(vm, pid);
    return push_take(vm, u, r);
}

static int load_extension(OuVM *vm, OuUnpickler *u, int n)
{
    uint64_t raw;
    if (read_le(vm, u, n, &raw) < 0)
        return -1;
    int64_t code = n == 4 ? (int64_t)(int32_t)raw : (int64_t)raw;
    if (code <= 0)
        return UNPICKLING("EXT specifies code <= 0");
    OuObj *key = ou_int(vm, code), *o = NULL, *pair = NULL;
    int r = key ? ou_dict_lookup(vm, u->st->extension_cache, key, &o) : -1;
    if (r == 0 && (r = ou_dict_lookup(vm, u->st->inverted_registry, key, &pair)) == 0)
        r = ou_value_error_i(vm, "unregistered extension code %ld", (long)code);
    if (pair) {
        OuTuple *t = OU_TUPLE(pair);
        if (!ou_isa_tuple(vm, pair) || t->n != 2 || !ou_isa_str(vm, t->items[0]) ||
            !ou_isa_str(vm, t->items[1]))
            ou_value_error(vm, "_inverted_registry[%ld] isn't a 2-tuple of strings", (long)code);
        else if ((o = find_class(vm, u, t->items[0], t->items[1])) &&
                 ou_dict_set(vm, u->st->extension_cache, key, o) < 0)
            ou_clear(vm, o);
        ou_decref(vm, pair);
    }
    ou_xdecref(vm, key);
    return r < 0 ? -1 : push_take(vm, u, o);
}

static int load_reduce(OuVM *vm, OuUnpickler *u)
{
    OuObj *args = pop(vm, u), *f = args ? pop(vm, u) : NULL, *r = NULL;
    if (f && !ou_isa_tuple(vm, args))
        ou_type_error(vm, "argument list must be a tuple");
    else if (f)
        r = ou_call_tuple(vm, f, args, NULL);
    ou_xdecref(vm, args);
    ou_xdecref(vm, f);
    return push_take(vm, u, r);
}

/* obj.__dict__.update(state); setattr for the state of slots */
static int set_state(OuVM *vm, OuUnpickler *u, OuObj *o, OuObj *state, OuObj *slots)
{
    size_t pos = 0;
    OuObj *k, *v;
    int r = 0;
    if (state != OU_NONE(vm)) {
        if (!ou_isa_dict(vm, state))
            return UNPICKLING("state is not a dictionary");
        OuObj *d = ou_getattr(vm, o, OU_NAME(vm, __dict__));
        r = d ? 0 : -1;
        while (r == 0 && ou_dict_next(OU_DICT(state), &pos, &k, &v)) {
            OuObj *name = ou_ref(k), *value = ou_ref(v);
            if (ou_is(name, str))
                name = ou_str_intern(vm, name);
            r = ou_setitem(vm, d, name, value);
            ou_decref(vm, name);
            ou_decref(vm, value);
        }
        ou_xdecref(vm, d);
    }
    if (r < 0 || !slots)
        return r;
    if (!ou_isa_dict(vm, slots))
        return UNPICKLING("slot state is not a dictionary");
    for (pos = 0; r == 0 && ou_dict_next(OU_DICT(slots), &pos, &k, &v);) {
        OuObj *name = ou_ref(k), *value = ou_ref(v);
        r = ou_isa_str(vm, name) ? ou_setattr(vm, o, name, value)
                                 : ou_type_error_i(vm, "attribute name must be string, not '%T'", name);
        ou_decref(vm, name);
        ou_decref(vm, value);
    }
    return r;
}

static int load_build(OuVM *vm, OuUnpickler *u)
{
    if (u->n < 2 || u->n - 2 < u->fence)
        return underflow(vm, u);
    OuObj *state = pop(vm, u), *o = ou_ref(u->stack[u->n - 1]), *f, *slots = NULL;
    int r = ou_lookup_attr(vm, o, OU_NAME(vm, __setstate__), &f);
    if (r > 0) {
        OuObj *res = ou_call1(vm, f, state);
        r = res ? 0 : -1;
        ou_xdecref(vm, res);
        ou_decref(vm, f);
    } else if (r == 0) {
        if (ou_isa_tuple(vm, state) && OU_TUPLE(state)->n == 2) {
            OuObj *pair = state;
            state = ou_ref(OU_TUPLE(pair)->items[0]);
            slots = ou_ref(OU_TUPLE(pair)->items[1]);
            ou_decref(vm, pair);
        }
        r = set_state(vm, u, o, state, slots);
    }
    ou_decref(vm, state);
    ou_xdecref(vm, slots);
    ou_decref(vm, o);
    return r;
}

/* ---- memo ------------------------------------------------------------------------------------------ */
static int text_number(OuVM *vm, OuUnpickler *u, ou_ssize *out, OuObj **number)
{
    const char *s;
    size_t n;
    if (ou_unpickler_line(vm, u, &s, &n) < 0)
        return -1;
    if (n < 2)
        return UNPICKLING("pickle data was truncated");
    OuObj *text = ou_str_latin1(vm, s, (ou_ssize)n),
          *i = text ? ou_call1(vm, (OuObj *)&vm->builtin[OU_T_int], text) : NULL;
    ou_xdecref(vm, text);
    int r = i ? ou_as_ssize(vm, i, OU_EXC(vm, OverflowError), out) : -1;
    if (number && r == 0)
        *number = i;
    else
        ou_xdecref(vm, i);
    return r;
}

static int memo_get(OuVM *vm, OuUnpickler *u, size_t i)
{
    OuObj *o = ou_unpickler_memo_get(u, vm, i);
    if (!o)
        return ou_err_occurred(vm) ? -1 : UNPICKLING("Memo value not found at index %ld", (long)i);
    return push_take(vm, u, ou_ref(o));
}

static int load_get(OuVM *vm, OuUnpickler *u, int nsize)
{
    uint64_t i;
    ou_ssize v;
    if (nsize)
        return read_le(vm, u, nsize, &i) < 0 ? -1 : memo_get(vm, u, i);
    return text_number(vm, u, &v, NULL) < 0 ? -1 : memo_get(vm, u, (size_t)v);
}

static int load_put(OuVM *vm, OuUnpickler *u, int nsize)
{
    uint64_t i;
    ou_ssize v;
    if (nsize) {
        if (read_le(vm, u, nsize, &i) < 0)
            return -1;
    } else {
        if (text_number(vm, u, &v, NULL) < 0)
            return -1;
        if (v < 0)
            return ou_value_error_i(vm, "negative PUT argument");
        i = (uint64_t)v;
    }
    if (u->n <= u->fence)
        return underflow(vm, u);
    return ou_unpickler_memo_put(vm, u, i, u->stack[u->n - 1]);
}

/* ---- the rest --------------------------------------------------------------------------------------- */
static int load_pop(OuVM *vm, OuUnpickler *u)
{
    if (u->nmarks && u->marks[u->nmarks - 1] == u->n)
        return take_mark(vm, u) < 0 ? -1 : 0;
    OuObj *o = pop(vm, u);
    ou_xdecref(vm, o);
    return o ? 0 : -1;
}

static int load_pop_mark(OuVM *vm, OuUnpickler *u)
{
    ou_ssize at = take_mark(vm, u);
    if (at >= 0)
        cut(vm, u, (size_t)at);
    return at < 0 ? -1 : 0;
}

static int load_proto(OuVM *vm, OuUnpickler *u)
{
    uint64_t v;
    if (read_le(vm, u, 1, &v) < 0)
        return -1;
    if (v > OU_PICKLE_HIGHEST)
        return ou_value_error_i(vm, "unsupported pickle protocol: %d", (int)v);
    u->proto = (int)v;
    return 0;
}

static int load_frame(OuVM *vm, OuUnpickler *u)
{
    uint64_t n;
    const char *s;
    if (read_le(vm, u, 8, &n) < 0)
        return -1;
    if (n > INT64_MAX)
        return too_long(vm, "FRAME length exceeds system's maximum of %zd bytes");
    if (ou_unpickler_read(vm, u, &s, n) < 0)
        return -1;
    u->at -= n; /* it is in the buffer now */
    return 0;
}

static int load_append(OuVM *vm, OuUnpickler *u)
{
    if (u->n == 0 || u->n - 1 <= u->fence)
        return underflow(vm, u);
    return append_from(vm, u, u->n - 1);
}

static int load_setitem(OuVM *vm, OuUnpickler *u)
{
    if (u->n < 2)
        return underflow(vm, u);
    return setitems_from(vm, u, u->n - 2);
}

static int marked(OuVM *vm, OuUnpickler *u, int (*f)(OuVM *, OuUnpickler *, size_t))
{
    ou_ssize at = take_mark(vm, u);
    return at < 0 ? -1 : f(vm, u, (size_t)at);
}

static int load_dup(OuVM *vm, OuUnpickler *u)
{
    return u->n <= u->fence ? underflow(vm, u) : push_take(vm, u, ou_ref(u->stack[u->n - 1]));
}

static int load_memoize(OuVM *vm, OuUnpickler *u)
{
    return u->n <= u->fence ? underflow(vm, u)
                            : ou_unpickler_memo_put(vm, u, u->memo_len, u->stack[u->n - 1]);
}

static int step(OuVM *vm, OuUnpickler *u, int op)
{
    switch (op) {
    case OU_P_NONE:
        return push_take(vm, u, ou_none(vm));
    case OU_P_NEWTRUE:
    case OU_P_NEWFALSE:
        return push_take(vm, u, ou_bool(vm, op == OU_P_NEWTRUE));
    case OU_P_BININT:
        return load_binint(vm, u, 4);
    case OU_P_BININT1:
        return load_binint(vm, u, 1);
    case OU_P_BININT2:
        return load_binint(vm, u, 2);
    case OU_P_INT:
        return load_int(vm, u);
    case OU_P_LONG:
        return load_long(vm, u);
    case OU_P_LONG1:
        return load_binlong(vm, u, 1);
    case OU_P_LONG4:
        return load_binlong(vm, u, 4);
    case OU_P_FLOAT:
        return load_float(vm, u);
    case OU_P_BINFLOAT:
        return load_binfloat(vm, u);
    case OU_P_STRING:
        return load_string(vm, u);
    case OU_P_BINSTRING:
        return load_binstring(vm, u, 4);
    case OU_P_SHORT_BINSTRING:
        return load_binstring(vm, u, 1);
    case OU_P_UNICODE:
        return load_unicode(vm, u);
    case OU_P_SHORT_BINUNICODE:
        return load_binunicode(vm, u, 1);
    case OU_P_BINUNICODE:
        return load_binunicode(vm, u, 4);
    case OU_P_BINUNICODE8:
        return load_binunicode(vm, u, 8);
    case OU_P_SHORT_BINBYTES:
        return load_binbytes(vm, u, 1);
    case OU_P_BINBYTES:
        return load_binbytes(vm, u, 4);
    case OU_P_BINBYTES8:
        return load_binbytes(vm, u, 8);
    case OU_P_BYTEARRAY8:
        return load_bytearray(vm, u);
    case OU_P_NEXT_BUFFER:
        return load_next_buffer(vm, u);
    case OU_P_READONLY_BUFFER:
        return load_readonly_buffer(vm, u);
    case OU_P_EMPTY_TUPLE:
        return push_take(vm, u, ou_ref(OU_EMPTY_TUPLE(vm)));
    case OU_P_TUPLE1:
    case OU_P_TUPLE2:
    case OU_P_TUPLE3:
        return load_counted_tuple(vm, u, (size_t)(op - OU_P_TUPLE1 + 1));
    case OU_P_TUPLE:
    case OU_P_LIST:
    case OU_P_DICT:
    case OU_P_FROZENSET:
        return load_marked(vm, u, op);
    case OU_P_EMPTY_LIST:
        return push_take(vm, u, ou_list_new(vm, 0));
    case OU_P_EMPTY_DICT:
        return push_take(vm, u, ou_dict_new(vm));
    case OU_P_EMPTY_SET:
        return push_take(vm, u, ou_set_new(vm, NULL));
    case OU_P_ADDITEMS:
        return load_additems(vm, u);
    case OU_P_OBJ:
        return load_obj(vm, u);
    case OU_P_INST:
        return load_inst(vm, u);
    case OU_P_NEWOBJ:
    case OU_P_NEWOBJ_EX:
        return load_newobj(vm, u, op == OU_P_NEWOBJ_EX);
    case OU_P_GLOBAL:
        return load_global(vm, u);
    case OU_P_STACK_GLOBAL:
        return load_stack_global(vm, u);
    case OU_P_APPEND:
        return load_append(vm, u);
    case OU_P_APPENDS:
        return marked(vm, u, append_from);
    case OU_P_BUILD:
        return load_build(vm, u);
    case OU_P_DUP:
        return load_dup(vm, u);
    case OU_P_BINGET:
        return load_get(vm, u, 1);
    case OU_P_LONG_BINGET:
        return load_get(vm, u, 4);
    case OU_P_GET:
        return load_get(vm, u, 0);
    case OU_P_MARK:
        return push_mark(vm, u);
    case OU_P_BINPUT:
        return load_put(vm, u, 1);
    case OU_P_LONG_BINPUT:
        return load_put(vm, u, 4);
    case OU_P_PUT:
        return load_put(vm, u, 0);
    case OU_P_MEMOIZE:
        return load_memoize(vm, u);
    case OU_P_POP:
        return load_pop(vm, u);
    case OU_P_POP_MARK:
        return load_pop_mark(vm, u);
    case OU_P_SETITEM:
        return load_setitem(vm, u);
    case OU_P_SETITEMS:
        return marked(vm, u, setitems_from);
    case OU_P_PERSID:
    case OU_P_BINPERSID:
        return load_persistent(vm, u, op == OU_P_BINPERSID);
    case OU_P_REDUCE:
        return load_reduce(vm, u);
    case OU_P_PROTO:
        return load_proto(vm, u);
    case OU_P_FRAME:
        return load_frame(vm, u);
    case OU_P_EXT1:
        return load_extension(vm, u, 1);
    case OU_P_EXT2:
        return load_extension(vm, u, 2);
    case OU_P_EXT4:
        return load_extension(vm, u, 4);
    default:
        if (op >= 0x20 && op <= 0x7e && op != '\'' && op != '\\')
            return UNPICKLING("invalid load key, '%c'.", op);
        return UNPICKLING("invalid load key, '\\x%s%x'.", op < 16 ? "0" : "", op);
    }
}

OuObj *ou_unpickler_load(OuVM *vm, OuUnpickler *u)
{
    cut(vm, u, 0);
    u->nmarks = 0;
    u->fence = 0;
    u->proto = 0;
    for (;;) {
        const char *s;
        if (ou_unpickler_read(vm, u, &s, 1) < 0) {
            if (ou_err_is(vm, OU_AS_TYPE(u->st->unpickling_error))) {
                ou_err_clear(vm);
                ou_raise(vm, OU_EXC(vm, EOFError), "Ran out of input");
            }
            return NULL;
        }
        int op = (unsigned char)*s;
        if (op == OU_P_STOP)
            break;
        if (step(vm, u, op) < 0 || ou_poll(vm) < 0)
            return NULL;
    }
    return ou_unpickler_skip(vm, u) < 0 ? NULL : pop(vm, u);
}
