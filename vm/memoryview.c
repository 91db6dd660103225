/* vm/memoryview.c - the type memoryview: life, attributes, indexing, methods. */
#include "memoryview.h"
#include "text/bytes.h"

#include <string.h>

int ou_memory_check(OuVM *vm, OuMemory *m)
{
    return m->mb ? 0 : ou_value_error_i(vm, "operation forbidden on released memoryview object");
}

/* ---- life ---------------------------------------------------------------------------------------- */
/* A view with copied dimensions; mb is counted. */
static OuObj *make(OuVM *vm, OuManagedBuf *mb, const OuBuffer *like)
{
    OuMemory *m = (OuMemory *)ou_new_gc(vm, OU_T_memoryview, sizeof *m);
    if (!m)
        return NULL;
    int nd = like->ndim;
    *m = (OuMemory){.hdr = m->hdr, .hash = -1, .view = *like};
    m->view.obj = NULL;
    m->dims = m->small;
    if (nd > 1 && !(m->dims = ou_alloc(vm, (size_t)nd * 3 * sizeof *m->dims))) {
        m->dims = m->small;
        m->view.ndim = 0;
        ou_free_object(vm, &m->hdr);
        return NULL;
    }
    if (!m->view.format)
        m->view.format = "B";
    ou_ssize stride = like->itemsize;
    for (int d = nd - 1; d >= 0; d--) {
        m->dims[d] = like->shape ? like->shape[d] : like->len / (like->itemsize ? like->itemsize : 1);
        m->dims[nd + d] = like->strides ? like->strides[d] : stride;
        stride *= m->dims[d];
        if (like->suboffsets)
            m->dims[2 * nd + d] = like->suboffsets[d];
    }
    m->view.shape = m->dims;
    m->view.strides = m->dims + nd;
    m->view.suboffsets = like->suboffsets ? m->dims + 2 * nd : NULL;
    m->mb = ou_ref(mb);
    mb->users++;
    ou_gc_track(&vm->heap, &m->hdr);
    return &m->hdr;
}

OuObj *ou_memory_derive(OuVM *vm, OuMemory *m, const OuBuffer *like)
{
    OuObj *o = make(vm, m->mb, like);
    if (o)
        OU_MEMORY(o)->restricted = m->restricted;
    return o;
}

OuObj *ou_memoryview_new(OuVM *vm, OuObj *exporter)
{
    if (ou_is(exporter, memoryview)) {
        OuMemory *m = OU_MEMORY(exporter);
        return ou_memory_check(vm, m) < 0 ? NULL : ou_memory_derive(vm, m, &m->view);
    }
    if (!ou_has_buffer(vm, exporter))
        return ou_type_error(vm, "memoryview: a bytes-like object is required, not '%T'", exporter);
    OuManagedBuf *mb = (OuManagedBuf *)ou_new_gc(vm, OU_T_managed_buffer, sizeof *mb);
    if (!mb)
        return NULL;
    *mb = (OuManagedBuf){.hdr = mb->hdr};
    OuObj *o = NULL;
    if (ou_buffer_get(vm, exporter, &mb->master, OU_BUF_FULL & ~OU_BUF_WRITABLE) == 0) {
        ou_gc_track(&vm->heap, &mb->hdr);
        o = make(vm, mb, &mb->master);
    } else
        mb->master.obj = NULL;
    ou_decref(vm, mb);
    return o;
}

static void managed_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    ou_buffer_release(vm, &((OuManagedBuf *)o)->master); /* of no view: make() failed */
    ou_free_object(vm, o);
}

static int managed_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((OuManagedBuf *)o)->master.obj);
    return 0;
}

const OuTypeSpec ou_managed_buffer_spec = {
    .name = "managedbuffer",
    .size = sizeof(OuManagedBuf),
    .flags = OU_TYPE_GC | OU_TYPE_IMMUTABLE | OU_TYPE_NO_NEW,
    .dealloc = managed_dealloc,
    .traverse = managed_traverse,
};

static void let_go(OuVM *vm, OuMemory *m)
{
    OuManagedBuf *mb = m->mb;
    m->mb = NULL;
    if (!mb)
        return;
    if (--mb->users == 0)
        ou_buffer_release(vm, &mb->master);
    ou_decref(vm, mb);
}

static void mem_dealloc(OuVM *vm, OuObj *o)
{
    OuMemory *m = OU_MEMORY(o);
    ou_gc_untrack(&vm->heap, o);
    int nd = m->view.ndim;
    let_go(vm, m);
    if (m->dims != m->small)
        ou_free(vm, m->dims, (size_t)nd * 3 * sizeof *m->dims);
    ou_free_object(vm, o);
}

static int mem_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(OU_MEMORY(o)->mb);
    return 0;
}

static void mem_clear(OuVM *vm, OuObj *o)
{
    if (OU_MEMORY(o)->exports == 0)
        let_go(vm, OU_MEMORY(o));
}

static int release(OuVM *vm, OuMemory *m)
{
    if (m->exports)
        return ou_raise_i(vm, OU_EXC(vm, BufferError), "memoryview has %u exported buffer%s", m->exports,
                          m->exports == 1 ? "" : "s");
    let_go(vm, m);
    return 0;
}

/* ---- places ------------------------------------------------------------------------------------------ */
static char *step_into(const OuBuffer *v, int dim, char *p)
{
    return v->suboffsets && v->suboffsets[dim] >= 0 ? *(char **)p + v->suboffsets[dim] : p;
}

static char *item_at(OuVM *vm, const OuBuffer *v, char *p, int dim, ou_ssize i)
{
    ou_ssize n = v->shape[dim];
    if (i < 0)
        i += n;
    if (i < 0 || i >= n)
        return ou_raise(vm, OU_EXC(vm, IndexError), "index out of bounds on dimension %d", dim + 1);
    return step_into(v, dim, p + v->strides[dim] * i);
}

/* Address of the item that key (an index or a tuple of indices) names. */
static char *place(OuVM *vm, OuMemory *m, OuObj *key)
{
    OuBuffer *v = &m->view;
    char *p = v->buf;
    ou_ssize i;
    if (!ou_isa_tuple(vm, key)) {
        if (ou_as_ssize(vm, key, OU_EXC(vm, IndexError), &i) < 0)
            return NULL;
        if (v->ndim > 1)
            return ou_raise(vm, OU_EXC(vm, NotImplementedError),
                            "multi-dimensional sub-views are not implemented");
        return ou_memory_check(vm, m) < 0 ? NULL : item_at(vm, v, p, 0, i);
    }
    OuTuple *t = OU_TUPLE(key);
    if ((ou_ssize)t->n < v->ndim)
        return ou_raise(vm, OU_EXC(vm, NotImplementedError), "sub-views are not implemented");
    if ((ou_ssize)t->n > v->ndim)
        return ou_type_error(vm, "cannot index %d-dimension view with %zu-element tuple", v->ndim, t->n);
    for (int d = 0; d < v->ndim; d++) {
        if (ou_as_ssize(vm, t->items[d], OU_EXC(vm, IndexError), &i) < 0 || ou_memory_check(vm, m) < 0 ||
            !(p = item_at(vm, v, p, d, i)))
            return NULL;
    }
    return p;
}

static bool all_of(OuVM *vm, OuObj *key, bool slices)
{
    if (!ou_isa_tuple(vm, key) || (slices && OU_TUPLE(key)->n == 0))
        return false;
    for (size_t i = 0; i < OU_TUPLE(key)->n; i++)
        if (slices ? !ou_is(OU_TUPLE(key)->items[i], slice) : !ou_has_index(vm, OU_TUPLE(key)->items[i]))
            return false;
    return true;
}

/* v becomes the part key names along the first dimension. */
static int cut(OuVM *vm, OuBuffer *v, OuObj *key, ou_ssize *shape, ou_ssize *strides)
{
    ou_ssize start, stop, step, count;
    if (ou_slice_indices(vm, key, v->shape[0], &start, &stop, &step, &count) < 0)
        return -1;
    memcpy(shape, v->shape, (size_t)v->ndim * sizeof *shape);
    memcpy(strides, v->strides, (size_t)v->ndim * sizeof *strides);
    v->buf = (char *)v->buf + strides[0] * start;
    shape[0] = count;
    strides[0] *= step;
    v->shape = shape;
    v->strides = strides;
    v->len = v->itemsize;
    for (int d = 0; d < v->ndim; d++)
        v->len *= shape[d];
    return 0;
}

static OuObj *mem_getitem(OuVM *vm, OuObj *o, OuObj *key)
{
    OuMemory *m = OU_MEMORY(o);
    OuBuffer *v = &m->view;
    if (ou_memory_check(vm, m) < 0)
        return NULL;
    if (v->ndim == 0) {
        if (ou_is(key, tuple) && OU_TUPLE(key)->n == 0)
            return ou_memory_unpack(vm, v->format, v->buf, v->itemsize);
        if (key == OU_ELLIPSIS(vm))
            return ou_ref(o);
        return ou_type_error(vm, "invalid indexing of 0-dim memory");
    }
    if (ou_is(key, slice)) {
        ou_ssize shape[OU_BUF_MAX_NDIM], strides[OU_BUF_MAX_NDIM];
        OuBuffer part = *v;
        /* an __index__ of the slice may release this view, which leaves the new one alive */
        OuManagedBuf *mb = ou_ref(m->mb);
        bool restricted = m->restricted;
        mb->users++;
        OuObj *res = cut(vm, &part, key, shape, strides) < 0 ? NULL : make(vm, mb, &part);
        if (res)
            OU_MEMORY(res)->restricted = restricted;
        if (--mb->users == 0)
            ou_buffer_release(vm, &mb->master);
        ou_decref(vm, mb);
        return res;
    }
    if (ou_has_index(vm, key) || all_of(vm, key, false)) {
        char *p = place(vm, m, key);
        return p ? ou_memory_unpack(vm, v->format, p, v->itemsize) : NULL;
    }
    if (all_of(vm, key, true))
        return ou_raise(vm, OU_EXC(vm, NotImplementedError), "multi-dimensional slicing is not implemented");
    return ou_type_error(vm, "memoryview: invalid slice key");
}

static int assign_slice(OuVM *vm, OuMemory *m, OuObj *key, OuObj *value)
{
    OuBuffer src, dst = m->view;
    ou_ssize shape[OU_BUF_MAX_NDIM], strides[OU_BUF_MAX_NDIM];
    char x = 0, y = 0, *tmp = NULL;
    int r = -1;
    if (ou_buffer_get(vm, value, &src, OU_BUF_FULL & ~OU_BUF_WRITABLE) < 0)
        return -1;
    if (cut(vm, &dst, key, shape, strides) < 0 || ou_memory_check(vm, m) < 0)
        goto done;
    ou_ssize n = src.shape ? src.shape[0] : src.len;
    if (src.ndim != 1 || src.itemsize != dst.itemsize || n != shape[0] ||
        !ou_memory_native_size(src.format, &x) || !ou_memory_native_size(dst.format, &y) || x != y) {
        ou_value_error(vm, "memoryview assignment: lvalue and rvalue have different structures");
        goto done;
    }
    if (src.len == 0) {
        r = 0;
        goto done;
    }
    if (!(tmp = ou_alloc(vm, (size_t)src.len))) /* source and target may overlap */
        goto done;
    ou_buffer_copy_out(vm, &src, tmp, 'C');
    for (ou_ssize i = 0; i < n; i++)
        memcpy(step_into(&dst, 0, (char *)dst.buf + i * strides[0]), tmp + i * dst.itemsize,
               (size_t)dst.itemsize);
    r = 0;
done:
    if (tmp)
        ou_free(vm, tmp, (size_t)src.len);
    ou_buffer_release(vm, &src);
    return r;
}

static int mem_setitem(OuVM *vm, OuObj *o, OuObj *key, OuObj *value)
{
    OuMemory *m = OU_MEMORY(o);
    OuBuffer *v = &m->view;
    char *p = v->buf;
    if (ou_memory_check(vm, m) < 0)
        return -1;
    if (v->readonly)
        return ou_type_error_i(vm, "cannot modify read-only memory");
    if (!value)
        return ou_type_error_i(vm, "cannot delete memory");
    if (v->ndim == 0) {
        if (key != OU_ELLIPSIS(vm) && !(ou_is(key, tuple) && OU_TUPLE(key)->n == 0))
            return ou_type_error_i(vm, "invalid indexing of 0-dim memory");
    } else if (ou_is(key, slice)) {
        if (v->ndim != 1)
            return ou_raise_i(vm, OU_EXC(vm, NotImplementedError),
                              "memoryview slice assignments are currently restricted to ndim = 1");
        return assign_slice(vm, m, key, value);
    } else if (ou_has_index(vm, key) || all_of(vm, key, false)) {
        if (!(p = place(vm, m, key)))
            return -1;
    } else if (all_of(vm, key, true)) {
        return ou_raise_i(vm, OU_EXC(vm, NotImplementedError),
                          "memoryview slice assignments are currently restricted to ndim = 1");
    } else {
        return ou_type_error_i(vm, "memoryview: invalid slice key");
    }
    /* conversion may run code that releases the view: pack aside first */
    char tmp[16];
    char code;
    if (!ou_memory_native_size(v->format, &code))
        return ou_memory_pack(vm, v->format, p, value);
    if (ou_memory_pack(vm, v->format, tmp, value) < 0 || ou_memory_check(vm, m) < 0)
        return -1;
    memcpy(p, tmp, (size_t)v->itemsize);
    return 0;
}

static ou_ssize mem_len(OuVM *vm, OuObj *o)
{
    OuMemory *m = OU_MEMORY(o);
    if (ou_memory_check(vm, m) < 0)
        return -1;
    return m->view.ndim == 0 ? 1 : m->view.shape[0];
}

static OuObj *mem_item(OuVM *vm, OuObj *o, ou_ssize i)
{
    OuMemory *m = OU_MEMORY(o);
    if (ou_memory_check(vm, m) < 0)
        return NULL;
    if (m->view.ndim == 0)
        return ou_type_error(vm, "invalid indexing of 0-dim memory");
    if (m->view.ndim > 1)
        return ou_raise(vm, OU_EXC(vm, NotImplementedError),
                        "multi-dimensional sub-views are not implemented");
    char *p = item_at(vm, &m->view, m->view.buf, 0, i);
    return p ? ou_memory_unpack(vm, m->view.format, p, m->view.itemsize) : NULL;
}

/* ---- slots ------------------------------------------------------------------------------------------- */
static OuObj *mem_repr(OuVM *vm, OuObj *o)
{
    return ou_str_fmt(vm, OU_MEMORY(o)->mb ? "<memory at %p>" : "<released memory at %p>", (void *)o);
}

static int mem_hash(OuVM *vm, OuObj *o, int64_t *out)
{
    OuMemory *m = OU_MEMORY(o);
    char code = 0;
    if (m->hash == -1) {
        if (ou_memory_check(vm, m) < 0)
            return -1;
        if (!m->view.readonly)
            return ou_value_error_i(vm, "cannot hash writable memoryview object");
        ou_memory_native_size(m->view.format, &code);
        if (code != 'B' && code != 'b' && code != 'c')
            return ou_value_error_i(vm, "memoryview: hashing is restricted to formats 'B', 'b' or 'c'");
        if (m->mb->master.obj && ou_hash(vm, m->mb->master.obj, out) < 0)
            return -1;
        char *tmp = ou_alloc(vm, (size_t)m->view.len + 1);
        if (!tmp)
            return -1;
        ou_buffer_copy_out(vm, &m->view, tmp, 'C');
        m->hash = ou_hash_bytes(vm, tmp, (size_t)m->view.len);
        ou_free(vm, tmp, (size_t)m->view.len + 1);
    }
    *out = m->hash;
    return 0;
}

static OuObj *mem_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[1];
    if (ou_args_bind(vm, "memoryview(object)", args, nargs, kwnames, a) < 0)
        return NULL;
    return ou_memoryview_new(vm, a[0]);
}

bool ou_memory_contiguous(const OuBuffer *v, char order)
{
    if (v->ndim == 1 && v->shape && v->strides && !v->suboffsets)
        return v->shape[0] == 1 || v->strides[0] == v->itemsize;
    return ou_buffer_contiguous(v, order);
}

static int mem_getbuffer(OuVM *vm, OuObj *o, OuBuffer *view, int flags)
{
    OuMemory *m = OU_MEMORY(o);
    const char *msg = NULL;
    if (ou_memory_check(vm, m) < 0)
        return -1;
    *view = m->view;
    view->obj = NULL;
    if ((flags & OU_BUF_WRITABLE) && view->readonly)
        msg = "memoryview: underlying buffer is not writable";
    else if ((flags & 0x38) == 0x38 && !ou_memory_contiguous(view, 'C'))
        msg = "memoryview: underlying buffer is not C-contiguous";
    else if ((flags & 0x58) == 0x58 && !ou_memory_contiguous(view, 'F'))
        msg = "memoryview: underlying buffer is not Fortran contiguous";
    else if ((flags & 0x98) == 0x98 && !ou_memory_contiguous(view, 'A'))
        msg = "memoryview: underlying buffer is not contiguous";
    else if ((flags & OU_BUF_INDIRECT) != OU_BUF_INDIRECT && view->suboffsets)
        msg = "memoryview: underlying buffer requires suboffsets";
    else if ((flags & OU_BUF_STRIDES) != OU_BUF_STRIDES && !ou_memory_contiguous(view, 'C'))
        msg = "memoryview: underlying buffer is not C-contiguous";
    else if ((flags & OU_BUF_ND) != OU_BUF_ND && (flags & OU_BUF_FORMAT))
        msg = "memoryview: cannot cast to unsigned bytes if the format flag is present";
    if (msg)
        return ou_raise_i(vm, OU_EXC(vm, BufferError), "%s", msg);
    if (!(flags & OU_BUF_FORMAT))
        view->format = NULL;
    if ((flags & OU_BUF_STRIDES) != OU_BUF_STRIDES)
        view->strides = NULL;
    if ((flags & OU_BUF_ND) != OU_BUF_ND) {
        view->ndim = 1;
        view->shape = NULL;
    }
    view->obj = ou_ref(o);
    m->exports++;
    return 0;
}

static void mem_releasebuffer(OuVM *vm, OuObj *o, OuBuffer *view)
{
    OU_MEMORY(o)->exports--;
}

/* ---- methods ------------------------------------------------------------------------------------------- */
OU_M(m_release)
{
    return release(vm, OU_MEMORY(args[0])) < 0 ? NULL : ou_none(vm);
}
OU_M(m_enter)
{
    return ou_memory_check(vm, OU_MEMORY(args[0])) < 0 ? NULL : ou_ref(args[0]);
}
OU_M(m_exit)
{
    return release(vm, OU_MEMORY(args[0])) < 0 ? NULL : ou_none(vm);
}

OU_M(m_tobytes)
{
    OuMemory *m = OU_MEMORY(args[0]);
    char order = 'C';
    if (ou_memory_check(vm, m) < 0)
        return NULL;
    if (args[1] && args[1] != OU_NONE(vm)) {
        if (!ou_isa_str(vm, args[1]))
            return ou_type_error(vm, "tobytes() argument 'order' must be str or None, not %s",
                                 ou_arg_type_name(vm, args[1]));
        if (ou_str_len(args[1]) != 1 || !strchr("CFA", (int)ou_str_at(OU_STR(args[1]), 0)))
            return ou_value_error(vm, "order must be 'C', 'F' or 'A'");
        order = (char)ou_str_at(OU_STR(args[1]), 0);
    }
    if (m->view.len == 1)
        return ou_bytes_new(vm, m->view.suboffsets ? step_into(&m->view, 0, m->view.buf) : m->view.buf, 1);
    OuObj *b = ou_bytes_new(vm, NULL, m->view.len);
    if (b)
        ou_buffer_copy_out(vm, &m->view, OU_BYTES(b)->data, order);
    return b;
}

OU_M(m_hex)
{
    OuMemory *m = OU_MEMORY(args[0]);
    int group = 1;
    if ((args[2] && ou_as_int(vm, args[2], &group) < 0) || ou_memory_check(vm, m) < 0)
        return NULL;
    if (ou_buffer_contiguous(&m->view, 'C'))
        return ou_hex(vm, m->view.buf, (size_t)m->view.len, args[1], group);
    char *tmp = ou_alloc(vm, (size_t)m->view.len + 1);
    if (!tmp)
        return NULL;
    ou_buffer_copy_out(vm, &m->view, tmp, 'C');
    OuObj *r = ou_hex(vm, (unsigned char *)tmp, (size_t)m->view.len, args[1], group);
    ou_free(vm, tmp, (size_t)m->view.len + 1);
    return r;
}

static OuObj *list_dim(OuVM *vm, const OuBuffer *v, char *p, int dim)
{
    if (dim == v->ndim)
        return ou_memory_unpack(vm, v->format, p, v->itemsize);
    if (dim == v->ndim - 1 && !v->suboffsets)
        return ou_memory_list(vm, v, p, v->shape[dim], v->strides[dim]);
    OuObj *l = ou_list_new(vm, 0);
    for (ou_ssize i = 0; l && i < v->shape[dim]; i++) {
        OuObj *x = list_dim(vm, v, step_into(v, dim, p + i * v->strides[dim]), dim + 1);
        if (!x || ou_list_append_take(vm, l, x) < 0)
            ou_clear(vm, l);
    }
    return l;
}

OU_M(m_tolist)
{
    OuMemory *m = OU_MEMORY(args[0]);
    char code;
    if (ou_memory_check(vm, m) < 0)
        return NULL;
    if (!ou_memory_native_size(m->view.format, &code)) /* also when there are no items */
        return ou_memory_unsupported(vm, m->view.format);
    return list_dim(vm, &m->view, m->view.buf, 0);
}

OU_M(m_toreadonly)
{
    OuMemory *m = OU_MEMORY(args[0]);
    OuObj *o = ou_memory_check(vm, m) < 0 ? NULL : ou_memory_derive(vm, m, &m->view);
    if (o) {
        OU_MEMORY(o)->view.readonly = true;
        OU_MEMORY(o)->restricted = true;
    }
    return o;
}

static const OuFn methods[] = {
    {"release(self, /)", m_release, 0, "Release the underlying buffer exposed by the memoryview object."},
    {"tobytes(self, /, order='C')", m_tobytes, 0, "Return the data in the buffer as a byte string."},
    {"hex(self, sep=None, bytes_per_sep=1)", m_hex, 0,
     "Return the data in the buffer as a str of hexadecimal numbers, with sep between groups of\n"
     "bytes_per_sep bytes (counted from the right; from the left if negative).\n\n"
     ">>> value = memoryview(b'\\x01\\x02\\xfe')\n>>> value.hex()\n'0102fe'\n>>> value.hex(':')\n'01:02:fe'\n"
     ">>> value.hex(':', 2)\n'01:02fe'\n>>> value.hex(':', -2)\n'0102:fe'"},
    {"tolist(self, /)", m_tolist, 0, "Return the data in the buffer as a list of elements."},
    {"cast(self, /, format, shape=None)", ou_memory_cast, 0, "Cast a memoryview to a new format or shape."},
    {"toreadonly(self, /)", m_toreadonly, 0, "Return a readonly version of the memoryview."},
    {"__enter__(self, /)", m_enter, OU_FN_NOTEXT, NULL},
    {"__exit__(self, /, *args)", m_exit, OU_FN_NOTEXT, NULL},
    {0},
};

/* ---- attributes
 * --------------------------------------------------------------------------------------------- */
#define GET(name) static OuObj *get_##name(OuVM *vm, OuObj *self, void *data)
#define VIEW (&OU_MEMORY(self)->view)
#define LIVE                                      \
    if (ou_memory_check(vm, OU_MEMORY(self)) < 0) \
    return NULL

static OuObj *numbers(OuVM *vm, const ou_ssize *v, int n)
{
    OuObj *t = ou_tuple_new(vm, v ? (size_t)n : 0);
    for (int i = 0; t && v && i < n; i++)
        if (!(OU_TUPLE(t)->items[i] = ou_int(vm, v[i])))
            ou_clear(vm, t);
    return t;
}

GET(obj)
{
    LIVE;
    return ou_ref(OU_MEMORY(self)->mb->master.obj ? OU_MEMORY(self)->mb->master.obj : OU_NONE(vm));
}
GET(nbytes)
{
    LIVE;
    return ou_int(vm, VIEW->len);
}
GET(itemsize)
{
    LIVE;
    return ou_int(vm, VIEW->itemsize);
}
GET(format)
{
    LIVE;
    return ou_str_new(vm, VIEW->format, -1);
}
GET(ndim)
{
    LIVE;
    return ou_int(vm, VIEW->ndim);
}
GET(shape)
{
    LIVE;
    return numbers(vm, VIEW->shape, VIEW->ndim);
}
GET(strides)
{
    LIVE;
    return numbers(vm, VIEW->strides, VIEW->ndim);
}
GET(suboffsets)
{
    LIVE;
    return numbers(vm, VIEW->suboffsets, VIEW->ndim);
}
GET(readonly)
{
    LIVE;
    return ou_bool(vm, VIEW->readonly);
}
GET(c_contiguous)
{
    LIVE;
    return ou_bool(vm, ou_memory_contiguous(VIEW, 'C'));
}
GET(f_contiguous)
{
    LIVE;
    return ou_bool(vm, ou_memory_contiguous(VIEW, 'F'));
}
GET(contiguous)
{
    LIVE;
    return ou_bool(vm, ou_memory_contiguous(VIEW, 'A'));
}

static const OuGetSet getset[] = {
    {"obj", get_obj, NULL, "The underlying object of the memoryview.", NULL},
    {"nbytes", get_nbytes, NULL,
     "The amount of space in bytes that the array would use in\n a contiguous representation.", NULL},
    {"readonly", get_readonly, NULL, "A bool indicating whether the memory is read only.", NULL},
    {"itemsize", get_itemsize, NULL, "The size in bytes of each element of the memoryview.", NULL},
    {"format", get_format, NULL,
     "A string containing the format (in struct module style)\n for each element in the view.", NULL},
    {"ndim", get_ndim, NULL,
     "An integer indicating how many dimensions of a multi-dimensional\n array the memory represents.", NULL},
    {"shape", get_shape, NULL,
     "A tuple of ndim integers giving the shape of the memory\n as an N-dimensional array.", NULL},
    {"strides", get_strides, NULL,
     "A tuple of ndim integers giving the size in bytes to access\n each element for each dimension of the "
     "array.",
     NULL},
    {"suboffsets", get_suboffsets, NULL, "A tuple of integers used internally for PIL-style arrays.", NULL},
    {"c_contiguous", get_c_contiguous, NULL, "A bool indicating whether the memory is C contiguous.", NULL},
    {"f_contiguous", get_f_contiguous, NULL, "A bool indicating whether the memory is Fortran contiguous.",
     NULL},
    {"contiguous", get_contiguous, NULL, "A bool indicating whether the memory is contiguous.", NULL},
    {0},
};

/* ---- iterator
 * ------------------------------------------------------------------------------------------------ */
typedef struct OuMemoryIter {
    OuObj hdr;
    ou_ssize i, n;
    OuObj *m; /* NULL: exhausted */
} OuMemoryIter;

static OuObj *mem_iter(OuVM *vm, OuObj *o)
{
    OuMemory *m = OU_MEMORY(o);
    char code;
    if (ou_memory_check(vm, m) < 0)
        return NULL;
    if (m->view.ndim == 0)
        return ou_type_error(vm, "invalid indexing of 0-dim memory");
    if (m->view.ndim != 1)
        return ou_raise(vm, OU_EXC(vm, NotImplementedError),
                        "multi-dimensional sub-views are not implemented");
    if (!ou_memory_native_size(m->view.format, &code))
        return ou_memory_unsupported(vm, m->view.format);
    OuMemoryIter *it = (OuMemoryIter *)ou_new_gc(vm, OU_T_memory_iter, sizeof *it);
    if (!it)
        return NULL;
    it->i = 0;
    it->n = m->view.shape[0];
    it->m = ou_ref(o);
    ou_gc_track(&vm->heap, &it->hdr);
    return &it->hdr;
}

static void iter_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    ou_xdecref(vm, ((OuMemoryIter *)o)->m);
    ou_free_object(vm, o);
}

static int iter_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((OuMemoryIter *)o)->m);
    return 0;
}

static OuObj *iter_next(OuVM *vm, OuObj *o)
{
    OuMemoryIter *it = (OuMemoryIter *)o;
    if (!it->m)
        return NULL;
    if (it->i < it->n)
        return mem_item(vm, it->m, it->i++);
    ou_clear(vm, it->m);
    return NULL;
}

const OuTypeSpec ou_memory_iter_spec = {
    .name = "memory_iterator",
    .size = sizeof(OuMemoryIter),
    .flags = OU_TYPE_GC | OU_TYPE_IMMUTABLE | OU_TYPE_NO_NEW,
    .dealloc = iter_dealloc,
    .traverse = iter_traverse,
    .s = {.iter = ou_self_iter, .next = iter_next},
};

const OuTypeSpec ou_memoryview_spec = {
    .name = "memoryview",
    .size = sizeof(OuMemory),
    .flags = OU_TYPE_GC | OU_TYPE_WEAK | OU_TYPE_IMMUTABLE | OU_TYPE_SEQUENCE,
    .doc = "memoryview(object)\n--\n\nCreate a new memoryview object which references the given object.",
    .dealloc = mem_dealloc,
    .traverse = mem_traverse,
    .clear = mem_clear,
    .s = {.repr = mem_repr,
          .hash = mem_hash,
          .compare = ou_memory_compare,
          .iter = mem_iter,
          .new_ = mem_new,
          .len = mem_len,
          .getitem = mem_getitem,
          .setitem = mem_setitem,
          .item = mem_item,
          .getbuffer = mem_getbuffer,
          .releasebuffer = mem_releasebuffer},
    .methods = methods,
    .getset = getset,
};
