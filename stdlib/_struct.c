/* stdlib/_struct.c - module _struct: Struct objects and the module's functions.  Formats and the conversion
 * of single values are in _struct_codes.c. */
#include "_struct.h"

#include <string.h>

#include "support.h"
#include "vm/buffer.h"

static OuType *struct_type(OuVM *vm)
{
    OuStructState *st = ou_module_state(vm, &ou_mod__struct);
    return st->type;
}

void *ou_struct_error(OuVM *vm, const char *fmt, ...)
{
    OuStructState *st = ou_module_state(vm, &ou_mod__struct);
    va_list ap;
    va_start(ap, fmt);
    OuObj *msg = ou_str_vfmt(vm, fmt, ap);
    va_end(ap);
    if (msg) {
        ou_raise_value(vm, OU_AS_TYPE(st->error), msg);
        ou_decref(vm, msg);
    }
    return NULL;
}

/* ---- Struct ------------------------------------------------------------------------ */
static void struct_clear_codes(OuVM *vm, OuStruct *s)
{
    if (s->codes)
        ou_free(vm, s->codes, s->ncodes * sizeof(OuStructCode));
    s->codes = NULL;
    s->ncodes = 0;
}

static void struct_dealloc(OuVM *vm, OuObj *o)
{
    OuStruct *s = (OuStruct *)o;
    struct_clear_codes(vm, s);
    ou_clear(vm, s->format);
    ou_free_object(vm, o);
}

static OuObj *struct_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuStruct *s = (OuStruct *)ou_type_alloc(vm, type, 0);
    if (s) {
        s->format = NULL;
        s->codes = NULL;
        s->ncodes = 0;
        s->size = s->nitems = -1;
        s->change = 0;
    }
    return (OuObj *)s;
}

static int struct_set_format(OuVM *vm, OuStruct *s, OuObj *format)
{
    OuObj *bytes;
    if (ou_isa_str(vm, format)) {
        bytes = ou_str_encode(vm, format, "ascii", NULL);
        if (!bytes)
            return -1;
    } else if (ou_isa_bytes(vm, format)) {
        bytes = ou_ref(format);
    } else {
        return ou_type_error_i(vm, "Struct() argument 1 must be a str or bytes object, not %T", format);
    }
    OuObj *old = s->format;
    s->format = bytes;
    ou_xdecref(vm, old);
    struct_clear_codes(vm, s);
    s->change++;
    return ou_struct_compile(vm, s);
}

static int struct_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *format;
    if (ou_args_bind(vm, "Struct(format)", args, nargs, kwnames, &format) < 0)
        return -1;
    return struct_set_format(vm, (OuStruct *)self, format);
}

static OuObj *unpack_at(OuVM *vm, OuStruct *s, const char *p)
{
    OuObj *t = ou_tuple_new(vm, (size_t)(s->nitems < 0 ? 0 : s->nitems));
    if (!t)
        return NULL;
    OuObj **out = OU_TUPLE(t)->items;
    for (size_t i = 0; i < s->ncodes; i++) {
        const OuStructCode *c = &s->codes[i];
        const char *q = p + c->offset;
        for (ou_ssize k = 0; k < c->repeat; k++, q += c->size)
            if (!(*out++ = ou_struct_get(vm, c, s->order, q))) {
                ou_decref(vm, t);
                return NULL;
            }
    }
    return t;
}

static int pack_at(OuVM *vm, OuStruct *s, char *p, OuObj *const *values)
{
    memset(p, 0, (size_t)s->size);
    uint32_t change = s->change;
    for (size_t i = 0; i < s->ncodes; i++) {
        OuStructCode c = s->codes[i];
        char *q = p + c.offset;
        for (ou_ssize k = 0; k < c.repeat; k++, q += c.size) {
            if (ou_struct_put(vm, &c, s->order, q, *values++) < 0)
                return -1;
            if (s->change != change)
                return ou_raise_i(vm, OU_EXC(vm, RuntimeError),
                                  "Struct object was initialized while packing");
        }
    }
    return 0;
}

static OuObj *do_pack(OuVM *vm, OuStruct *s, OuObj *const *values, size_t n)
{
    if ((ou_ssize)n != s->nitems)
        return ou_struct_error(vm, "pack expected %zd items for packing (got %zd)", s->nitems, (ou_ssize)n);
    OuObj *r = ou_bytes_new(vm, NULL, s->size);
    if (r && pack_at(vm, s, OU_BYTES(r)->data, values) < 0) {
        ou_decref(vm, r);
        return NULL;
    }
    return r;
}

/* Offset into a buffer of len bytes, negative from the end; -1 with struct.error. */
static int pack_offset(OuVM *vm, OuStruct *s, ou_ssize len, ou_ssize *offset)
{
    if (*offset < 0) {
        if (*offset + s->size > 0) {
            ou_struct_error(vm, "no space to pack %zd bytes at offset %zd", s->size, *offset);
            return -1;
        }
        if (*offset + len < 0) {
            ou_struct_error(vm, "offset %zd out of range for %zd-byte buffer", *offset, len);
            return -1;
        }
        *offset += len;
    }
    if (len - *offset < s->size) {
        ou_struct_error(
            vm,
            "pack_into requires a buffer of at least %zu bytes for packing %zd bytes at offset %zd "
            "(actual buffer size is %zd)",
            (size_t)s->size + (size_t)*offset, s->size, *offset, len);
        return -1;
    }
    return 0;
}

static OuObj *do_pack_into(OuVM *vm, OuStruct *s, OuObj *const *args, size_t nargs)
{
    if ((ou_ssize)nargs != s->nitems + 2) {
        if (nargs == 0)
            return ou_struct_error(vm, "pack_into expected buffer argument");
        if (nargs == 1)
            return ou_struct_error(vm, "pack_into expected offset argument");
        return ou_struct_error(vm, "pack_into expected %zd items for packing (got %zd)", s->nitems,
                               (ou_ssize)nargs - 2);
    }
    OuBuffer view;
    if (ou_buffer_get(vm, args[0], &view, OU_BUF_WRITABLE) < 0) {
        if (!ou_err_is(vm, OU_EXC(vm, MemoryError))) {
            ou_err_clear(vm);
            ou_type_error(vm, "argument must be read-write bytes-like object, not %T", args[0]);
        }
        return NULL;
    }
    ou_ssize offset;
    int r = ou_as_ssize(vm, args[1], OU_EXC(vm, IndexError), &offset);
    if (r == 0 && (ou_ssize)nargs != s->nitems + 2)
        r = ou_raise_i(vm, OU_EXC(vm, RuntimeError), "Struct object was initialized while packing");
    if (r == 0)
        r = pack_offset(vm, s, view.len, &offset);
    if (r == 0)
        r = pack_at(vm, s, (char *)view.buf + offset, args + 2);
    ou_buffer_release(vm, &view);
    return r < 0 ? NULL : ou_none(vm);
}

static OuObj *do_unpack(OuVM *vm, OuStruct *s, OuObj *o)
{
    if (ou_is(o, bytes)) {
        if ((ou_ssize)OU_BYTES(o)->len != s->size)
            return ou_struct_error(vm, "unpack requires a buffer of %zd bytes", s->size);
        return unpack_at(vm, s, OU_BYTES(o)->data);
    }
    OuBuffer view;
    if (ou_buffer_get(vm, o, &view, OU_BUF_SIMPLE) < 0)
        return NULL;
    OuObj *r = view.len != s->size ? ou_struct_error(vm, "unpack requires a buffer of %zd bytes", s->size)
                                   : unpack_at(vm, s, view.buf);
    ou_buffer_release(vm, &view);
    return r;
}

static OuObj *do_unpack_from(OuVM *vm, OuStruct *s, OuObj *o, OuObj *where)
{
    ou_ssize offset = 0;
    OuBuffer view;
    OuObj *r = NULL;
    if (ou_buffer_get(vm, o, &view, OU_BUF_SIMPLE) < 0)
        return NULL;
    if (where && ou_as_ssize(vm, where, OU_EXC(vm, OverflowError), &offset) < 0)
        goto done;
    if (offset < 0) {
        if (offset + s->size > 0) {
            ou_struct_error(vm, "not enough data to unpack %zd bytes at offset %zd", s->size, offset);
            goto done;
        }
        if (offset + view.len < 0) {
            ou_struct_error(vm, "offset %zd out of range for %zd-byte buffer", offset, view.len);
            goto done;
        }
        offset += view.len;
    }
    if (view.len - offset < s->size)
        ou_struct_error(
            vm,
            "unpack_from requires a buffer of at least %zu bytes for unpacking %zd bytes at offset %zd "
            "(actual buffer size is %zd)",
            (size_t)s->size + (size_t)offset, s->size, offset, view.len);
    else
        r = unpack_at(vm, s, (char *)view.buf + offset);
done:
    ou_buffer_release(vm, &view);
    return r;
}

/* ---- unpack_iterator ------------------------------------------------------------------ */
typedef struct Iter {
    OuObj hdr;
    OuObj *so; /* NULL when exhausted */
    OuBuffer view;
    ou_ssize index;
} Iter;

static OuObj *do_iter_unpack(OuVM *vm, OuStruct *s, OuObj *o)
{
    if (s->size == 0)
        return ou_struct_error(vm, "cannot iteratively unpack with a struct of length 0");
    OuStructState *st = ou_module_state(vm, &ou_mod__struct);
    Iter *it = (Iter *)ou_type_alloc(vm, st->iter_type, 0);
    if (!it)
        return NULL;
    it->so = NULL;
    it->index = 0;
    it->view.obj = NULL;
    if (ou_buffer_get(vm, o, &it->view, OU_BUF_SIMPLE) < 0) {
        it->view.obj = NULL;
        ou_decref(vm, it);
        return NULL;
    }
    it->so = ou_ref((OuObj *)s);
    if (it->view.len % s->size != 0) {
        ou_struct_error(vm, "iterative unpacking requires a buffer of a multiple of %zd bytes", s->size);
        ou_decref(vm, it);
        return NULL;
    }
    return (OuObj *)it;
}

static void iter_stop(OuVM *vm, Iter *it)
{
    OuObj *so = it->so;
    it->so = NULL;
    if (so) {
        ou_buffer_release(vm, &it->view);
        ou_decref(vm, so);
    }
}

static void iter_dealloc(OuVM *vm, OuObj *o)
{
    iter_stop(vm, (Iter *)o);
    ou_free_object(vm, o);
}

static int iter_traverse(OuObj *o, OuVisit visit, void *arg)
{
    Iter *it = (Iter *)o;
    OU_VISIT(it->so);
    if (it->so)
        OU_VISIT(it->view.obj);
    return 0;
}

static OuObj *iter_next(OuVM *vm, OuObj *o)
{
    Iter *it = (Iter *)o;
    if (!it->so)
        return NULL;
    OuStruct *s = (OuStruct *)it->so;
    if (it->index >= it->view.len) {
        iter_stop(vm, it);
        return NULL;
    }
    if (it->view.len - it->index < s->size || s->size <= 0)
        return ou_struct_error(vm, "the Struct of this iterator was initialized again");
    OuObj *r = unpack_at(vm, s, (char *)it->view.buf + it->index);
    it->index += s->size;
    return r;
}

static OuObj *iter_hint(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Iter *it = (Iter *)args[0];
    return ou_int(vm, it->so && ((OuStruct *)it->so)->size > 0
                          ? (it->view.len - it->index) / ((OuStruct *)it->so)->size
                          : 0);
}

static const OuFn iter_methods[] = {{"__length_hint__(...)", iter_hint, 0, NULL}, {0}};

static const OuTypeSpec iter_spec = {
    .name = "_struct.unpack_iterator",
    .size = sizeof(Iter),
    .flags = OU_TYPE_GC | OU_TYPE_IMMUTABLE | OU_TYPE_NO_NEW,
    .dealloc = iter_dealloc,
    .traverse = iter_traverse,
    .s = {.iter = ou_self_iter, .next = iter_next},
    .methods = iter_methods,
};

/* ---- methods ---------------------------------------------------------------------------- */
#define S(o) ((OuStruct *)(o))

static int ready(OuVM *vm, OuStruct *s)
{
    if (s->format)
        return 0;
    return ou_raise_i(vm, OU_EXC(vm, RuntimeError), "Struct object is not initialized");
}

static OuObj *m_pack(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, "Struct.pack", kwnames) < 0)
        return NULL;
    return do_pack(vm, S(args[0]), args + 1, nargs - 1);
}

static OuObj *m_pack_into(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, "Struct.pack_into", kwnames) < 0 || ready(vm, S(args[0])) < 0)
        return NULL;
    return do_pack_into(vm, S(args[0]), args + 1, nargs - 1);
}

static OuObj *m_unpack(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ready(vm, S(args[0])) < 0 ? NULL : do_unpack(vm, S(args[0]), args[1]);
}

static OuObj *m_unpack_from(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ready(vm, S(args[0])) < 0 ? NULL : do_unpack_from(vm, S(args[0]), args[1], args[2]);
}

static OuObj *m_iter_unpack(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ready(vm, S(args[0])) < 0 ? NULL : do_iter_unpack(vm, S(args[0]), args[1]);
}

static OuObj *m_sizeof(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_int(vm, (int64_t)(sizeof(OuStruct) + S(args[0])->ncodes * sizeof(OuStructCode)));
}

static const OuFn struct_methods[] = {
    {"iter_unpack(self, buffer, /)", m_iter_unpack, 0,
     "Iterator over tuples unpacked from consecutive parts of the buffer, whose size must be a multiple of "
     "the\nstruct's."},
    {"pack(...)", m_pack, 0, "S.pack(v1, v2, ...) -> bytes\n\nThe values packed by the format S.format."},
    {"pack_into(...)", m_pack_into, 0,
     "S.pack_into(buffer, offset, v1, v2, ...)\n\nPacks the values into the writable buffer at offset."},
    {"unpack(self, buffer, /)", m_unpack, 0,
     "A tuple of the values in buffer, which must have exactly S.size bytes."},
    {"unpack_from(self, /, buffer, offset=0)", m_unpack_from, 0,
     "A tuple of the values in buffer at offset."},
    {"__sizeof__(...)", m_sizeof, 0, "Size in memory, in bytes."},
    {0},
};

static OuObj *get_format(OuVM *vm, OuObj *self, void *data)
{
    OuStruct *s = S(self);
    if (!s->format)
        return ou_none(vm);
    return ou_str_latin1(vm, OU_BYTES(s->format)->data, (ou_ssize)OU_BYTES(s->format)->len);
}

static OuObj *get_size(OuVM *vm, OuObj *self, void *data)
{
    return ou_int(vm, S(self)->size);
}

static const OuGetSet struct_getset[] = {
    {"format", get_format, NULL, "struct format string", NULL},
    {"size", get_size, NULL, "struct size in bytes", NULL},
    {0},
};

static const OuTypeSpec struct_spec = {
    .name = "_struct.Struct",
    .size = sizeof(OuStruct),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_IMMUTABLE | OU_TYPE_WEAK,
    .doc = "Struct(fmt) --> compiled struct object\n\n",
    .dealloc = struct_dealloc,
    .s = {.new_ = struct_new, .init = struct_init},
    .methods = struct_methods,
    .getset = struct_getset,
};

/* ---- module functions: the last formats are kept compiled -------------------------------- */
enum { CACHE_MAX = 100 };

static OuStruct *cached(OuVM *vm, OuObj *format)
{
    OuStructState *st = ou_module_state(vm, &ou_mod__struct);
    if (!st->cache && !(st->cache = ou_dict_new(vm)))
        return NULL;
    bool hashable = ou_isa_str(vm, format) || ou_isa_bytes(vm, format);
    if (hashable) {
        OuObj *hit = ou_dict_get(vm, st->cache, format);
        if (hit)
            return (OuStruct *)ou_ref(hit);
        if (ou_err_occurred(vm))
            return NULL;
    }
    OuStruct *s = (OuStruct *)struct_new(vm, struct_type(vm), NULL, 0, NULL);
    if (!s)
        return NULL;
    if (struct_set_format(vm, s, format) < 0) {
        ou_decref(vm, s);
        return NULL;
    }
    if (OU_DICT(st->cache)->used >= CACHE_MAX)
        ou_dict_clear(vm, st->cache);
    if (ou_dict_set(vm, st->cache, format, (OuObj *)s) < 0)
        ou_err_clear(vm); /* only a cache */
    return s;
}

static OuObj *f_clearcache(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuStructState *st = ou_module_state(vm, &ou_mod__struct);
    ou_clear(vm, st->cache);
    return ou_none(vm);
}

static OuObj *f_calcsize(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuStruct *s = cached(vm, args[0]);
    if (!s)
        return NULL;
    OuObj *r = ou_int(vm, s->size);
    ou_decref(vm, s);
    return r;
}

static OuObj *f_pack(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, "_struct.pack", kwnames) < 0)
        return NULL;
    if (nargs == 0)
        return ou_type_error(vm, "missing format argument");
    OuStruct *s = cached(vm, args[0]);
    if (!s)
        return NULL;
    OuObj *r = do_pack(vm, s, args + 1, nargs - 1);
    ou_decref(vm, s);
    return r;
}

static OuObj *f_pack_into(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, "_struct.pack_into", kwnames) < 0)
        return NULL;
    if (nargs == 0)
        return ou_type_error(vm, "missing format argument");
    OuStruct *s = cached(vm, args[0]);
    if (!s)
        return NULL;
    OuObj *r = do_pack_into(vm, s, args + 1, nargs - 1);
    ou_decref(vm, s);
    return r;
}

static OuObj *f_unpack(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuStruct *s = cached(vm, args[0]);
    if (!s)
        return NULL;
    OuObj *r = do_unpack(vm, s, args[1]);
    ou_decref(vm, s);
    return r;
}

static OuObj *f_unpack_from(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuStruct *s = cached(vm, args[0]);
    if (!s)
        return NULL;
    OuObj *r = do_unpack_from(vm, s, args[1], args[2]);
    ou_decref(vm, s);
    return r;
}

static OuObj *f_iter_unpack(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuStruct *s = cached(vm, args[0]);
    if (!s)
        return NULL;
    OuObj *r = do_iter_unpack(vm, s, args[1]);
    ou_decref(vm, s);
    return r;
}

static const OuFn functions[] = {
    {"_clearcache()", f_clearcache, 0, "Clear the internal cache."},
    {"calcsize(format, /)", f_calcsize, 0, "Size in bytes of the struct described by the format string."},
    {"iter_unpack(format, buffer, /)", f_iter_unpack, 0,
     "Iterator over tuples unpacked from consecutive parts of the buffer by the format string."},
    {"pack(...)", f_pack, 0, "pack(format, v1, v2, ...) -> bytes\n\nThe values packed by the format string."},
    {"pack_into(...)", f_pack_into, 0,
     "pack_into(format, buffer, offset, v1, v2, ...)\n\nPacks the values into the writable buffer at "
     "offset."},
    {"unpack(format, buffer, /)", f_unpack, 0,
     "A tuple of the values in buffer, which must have exactly the struct's size."},
    {"unpack_from(format, /, buffer, offset=0)", f_unpack_from, 0,
     "A tuple of the values in buffer at offset."},
    {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    OuStructState *st = ((OuModule *)m)->state;
    if (!(st->type = ou_module_add_type(vm, m, &struct_spec, NULL)) ||
        !(st->iter_type = ou_type_from_spec(vm, &iter_spec, NULL)) ||
        !(st->error = ou_module_add_exception(vm, m, "struct", "error", OU_EXC(vm, Exception))))
        return -1;
    return 0;
}

static int traverse(void *state, OuVisit visit, void *arg)
{
    OuStructState *st = state;
    OU_VISIT(st->error);
    OU_VISIT(st->cache);
    return 0;
}

static void clear(OuVM *vm, void *state)
{
    OuStructState *st = state;
    ou_clear(vm, st->error);
    ou_clear(vm, st->cache);
}

const OuModuleDef ou_mod__struct = {
    .name = "_struct",
    .doc =
        "Values packed into bytes as C structs, and back.\n\n"
        "A format string describes the layout.  Its first character may give byte order, sizes and "
        "alignment:\n"
        "@ native (default), = native order with standard sizes, < little-endian, > or ! big-endian.\n"
        "Then follow codes, each with an optional repeat count: x pad byte, c char, b B byte, ? bool, h H "
        "short,\n"
        "i I int, l L long, q Q long long, n N ssize_t and size_t, e f d floats of 2, 4, 8 bytes, s bytes,\n"
        "p bytes with a length byte, P pointer.",
    .functions = functions,
    .state_size = sizeof(OuStructState),
    .exec = exec,
    .traverse = traverse,
    .clear = clear,
};
