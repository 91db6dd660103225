/* stdlib/io/bytesio.c - BytesIO, and the exporter behind getbuffer(). */
#include "io.h"

typedef struct OuBytesIO {
    OU_IO_HEAD
    char *p;
    size_t n, cap;
    ou_ssize pos;
    uint32_t exports;
    bool closed;
} OuBytesIO;
#define M(o) ((OuBytesIO *)(o))

static int check(OuVM *vm, OuObj *o)
{
    return M(o)->closed ? ou_value_error_i(vm, "I/O operation on closed file.") : 0;
}
static int check_exports(OuVM *vm, OuObj *o)
{
    return M(o)->exports ? ou_raise_i(vm, OU_EXC(vm, BufferError),
                                      "Existing exports of data: object cannot be re-sized")
                         : 0;
}

static int resize(OuVM *vm, OuBytesIO *m, size_t n)
{
    if (n > m->cap) {
        /* a small step: an eighth of spare room as CPython takes; a great one: hardly any */
        size_t cap = n < m->cap + (m->cap >> 3) ? n + (n >> 3) + 6 : n + 32;
        char *p = ou_realloc(vm, m->p, m->cap, cap);
        if (!p)
            return -1;
        m->p = p;
        m->cap = cap;
    }
    if (n > m->n)
        memset(m->p + m->n, 0, n - m->n);
    m->n = n;
    return 0;
}

static OuObj *bio_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_io_alloc(vm, type, sizeof(OuBytesIO));
}

static int put(OuVM *vm, OuObj *o, const void *p, size_t n)
{
    OuBytesIO *m = M(o);
    if (n == 0)
        return 0;
    size_t end = (size_t)m->pos + n;
    if (end > m->n && resize(vm, m, end) < 0)
        return -1;
    memcpy(m->p + m->pos, p, n);
    m->pos = (ou_ssize)end;
    return 0;
}

static int bio_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[1];
    if (ou_args_bind(vm, "BytesIO(initial_bytes=b'')", args, nargs, kwnames, a) < 0 ||
        check_exports(vm, self) < 0)
        return -1;
    M(self)->n = 0;
    M(self)->pos = 0;
    M(self)->closed = false;
    if (a[0] && a[0] != OU_NONE(vm)) {
        OuBuffer v;
        if (ou_buffer_get(vm, a[0], &v, OU_BUF_SIMPLE) < 0)
            return -1;
        int r = put(vm, self, v.buf, (size_t)v.len);
        ou_buffer_release(vm, &v);
        if (r < 0)
            return -1;
        M(self)->pos = 0;
    }
    return 0;
}

static void bio_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    ou_clear(vm, M(o)->dict);
    ou_free(vm, M(o)->p, M(o)->cap);
    ou_free_object(vm, o);
}

static int bio_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(M(o)->dict);
    return 0;
}

static void bio_clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, M(o)->dict);
}

/* Bytes from the present place on, at most n (n < 0: all); the place moves. */
static size_t take(OuBytesIO *m, ou_ssize n, const char **p)
{
    size_t left = (size_t)m->pos < m->n ? m->n - (size_t)m->pos : 0;
    if (n < 0 || (size_t)n > left)
        n = (ou_ssize)left;
    *p = left ? m->p + m->pos : "";
    m->pos += n;
    return (size_t)n;
}

OU_IO_M(m_read)
{
    ou_ssize n;
    const char *p;
    if (ou_io_size(vm, args[1], &n) < 0 || check(vm, args[0]) < 0)
        return NULL;
    size_t k = take(M(args[0]), n, &p);
    return ou_bytes_new(vm, p, (ou_ssize)k);
}

static OuObj *line(OuVM *vm, OuBytesIO *m, ou_ssize limit)
{
    const char *p;
    size_t left = (size_t)m->pos < m->n ? m->n - (size_t)m->pos : 0;
    if (limit >= 0 && (size_t)limit < left)
        left = (size_t)limit;
    const char *nl = left ? memchr(m->p + m->pos, '\n', left) : NULL;
    size_t k = take(m, nl ? nl - (m->p + m->pos) + 1 : (ou_ssize)left, &p);
    return ou_bytes_new(vm, p, (ou_ssize)k);
}

OU_IO_M(m_readline)
{
    ou_ssize n;
    return ou_io_size(vm, args[1], &n) < 0 || check(vm, args[0]) < 0 ? NULL : line(vm, M(args[0]), n);
}

OU_IO_M(m_readlines)
{
    ou_ssize hint, total = 0;
    if (check(vm, args[0]) < 0)
        return NULL;
    if (args[1] && args[1] != OU_NONE(vm) && !ou_has_index(vm, args[1]))
        return ou_type_error(vm, "integer argument expected, got '%T'", args[1]);
    if (ou_io_size(vm, args[1], &hint) < 0)
        return NULL;
    OuObj *list = ou_list_new(vm, 0);
    while (list && (size_t)M(args[0])->pos < M(args[0])->n) {
        OuObj *l = line(vm, M(args[0]), -1);
        total += l ? (ou_ssize)OU_BYTES(l)->len : 0;
        if (!l || ou_list_append_take(vm, list, l) < 0)
            ou_clear(vm, list);
        if (hint > 0 && total >= hint)
            break;
    }
    return list;
}

OU_IO_M(m_readinto)
{
    OuBuffer v;
    const char *p;
    if (check(vm, args[0]) < 0 || ou_io_target(vm, "readinto", args[1], &v) < 0)
        return NULL;
    size_t k = take(M(args[0]), v.len, &p);
    memmove(v.buf, p, k);
    ou_buffer_release(vm, &v);
    return ou_int(vm, (int64_t)k);
}

static OuObj *bio_next(OuVM *vm, OuObj *o)
{
    if (check(vm, o) < 0)
        return NULL;
    OuObj *l = line(vm, M(o), -1);
    if (l && OU_BYTES(l)->len == 0)
        ou_clear(vm, l);
    return l;
}

OU_IO_M(m_write)
{
    OuBuffer v;
    if (ou_is(args[1], bytes)) {
        OuBytes *b = OU_BYTES(args[1]);
        return check(vm, args[0]) < 0 || check_exports(vm, args[0]) < 0 ||
                       put(vm, args[0], b->data, b->len) < 0
                   ? NULL
                   : ou_int(vm, (int64_t)b->len);
    }
    if (check(vm, args[0]) < 0 || check_exports(vm, args[0]) < 0 ||
        ou_buffer_get(vm, args[1], &v, OU_BUF_FULL & ~OU_BUF_WRITABLE) < 0)
        return NULL;
    ou_ssize n = v.len;
    int r = -1;
    if (ou_buffer_contiguous(&v, 'C')) {
        r = put(vm, args[0], v.buf, (size_t)n);
    } else {
        char *tmp = ou_alloc(vm, (size_t)n + 1);
        if (tmp) {
            ou_buffer_copy_out(vm, &v, tmp, 'C');
            r = put(vm, args[0], tmp, (size_t)n);
            ou_free(vm, tmp, (size_t)n + 1);
        }
    }
    ou_buffer_release(vm, &v);
    return r < 0 ? NULL : ou_int(vm, n);
}

OU_IO_M(m_writelines)
{
    OuObj *it, *x;
    if (check(vm, args[0]) < 0 || !(it = ou_iter(vm, args[1])))
        return NULL;
    while ((x = ou_next(vm, it))) {
        OuObj *a[2] = {args[0], x}, *r = m_write(vm, a, 2, NULL);
        ou_decref(vm, x);
        ou_xdecref(vm, r);
        if (!r)
            break;
    }
    ou_decref(vm, it);
    return ou_err_occurred(vm) ? NULL : ou_none(vm);
}

OU_IO_M(m_seek)
{
    ou_ssize pos;
    int whence = 0;
    if (ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &pos) < 0 ||
        (args[2] && ou_as_int(vm, args[2], &whence) < 0) || check(vm, args[0]) < 0)
        return NULL;
    if (pos < 0 && whence == 0)
        return ou_value_error(vm, "negative seek value %zd", pos);
    if (whence < 0 || whence > 2)
        return ou_value_error(vm, "invalid whence (%i, should be 0, 1 or 2)", whence);
    ou_ssize base = whence == 1 ? M(args[0])->pos : whence == 2 ? (ou_ssize)M(args[0])->n : 0;
    if (pos > PTRDIFF_MAX - base)
        return ou_raise(vm, OU_EXC(vm, OverflowError), "new position too large");
    pos += base;
    M(args[0])->pos = pos < 0 ? 0 : pos;
    return ou_int(vm, M(args[0])->pos);
}

OU_IO_M(m_tell)
{
    return check(vm, args[0]) < 0 ? NULL : ou_int(vm, M(args[0])->pos);
}
OU_IO_M(m_true)
{
    return check(vm, args[0]) < 0 ? NULL : ou_bool(vm, true);
}
OU_IO_M(m_isatty)
{
    return check(vm, args[0]) < 0 ? NULL : ou_bool(vm, false);
}
OU_IO_M(m_flush)
{
    return check(vm, args[0]) < 0 ? NULL : ou_none(vm);
}
OU_IO_M(m_getvalue)
{
    return check(vm, args[0]) < 0
               ? NULL
               : ou_bytes_new(vm, M(args[0])->n ? M(args[0])->p : "", (ou_ssize)M(args[0])->n);
}

OU_IO_M(m_truncate)
{
    ou_ssize n = M(args[0])->pos;
    if (check(vm, args[0]) < 0 || check_exports(vm, args[0]) < 0)
        return NULL;
    if (args[1] && args[1] != OU_NONE(vm)) {
        if (!ou_has_index(vm, args[1]))
            return ou_type_error(vm, "argument should be integer or None, not '%T'", args[1]);
        if (ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &n) < 0)
            return NULL;
        if (n < 0)
            return ou_value_error(vm, "negative size value %zd", n);
    }
    if ((size_t)n < M(args[0])->n)
        M(args[0])->n = (size_t)n;
    return ou_int(vm, n);
}

OU_IO_M(m_close)
{
    OuBytesIO *m = M(args[0]);
    if (check_exports(vm, args[0]) < 0)
        return NULL;
    m->closed = true;
    ou_free(vm, m->p, m->cap);
    m->p = NULL;
    m->n = m->cap = 0;
    return ou_none(vm);
}

OU_IO_M(m_getstate)
{
    if (check(vm, args[0]) < 0)
        return NULL;
    OuObj *a[3] = {ou_bytes_new(vm, M(args[0])->n ? M(args[0])->p : "", (ou_ssize)M(args[0])->n),
                   ou_int(vm, M(args[0])->pos), NULL};
    a[2] = M(args[0])->dict ? ou_dict_copy(vm, M(args[0])->dict) : ou_none(vm);
    return a[0] && a[1] && a[2] ? ou_tuple_of_take(vm, a, 3) : NULL;
}

OU_IO_M(m_setstate)
{
    OuObj *self = args[0], *st = args[1];
    ou_ssize pos;
    if (!ou_isa_tuple(vm, st) || OU_TUPLE(st)->n < 3)
        return ou_type_error(vm, "%T.__setstate__ argument should be 3-tuple, got %T", self, st);
    OuObj **x = OU_TUPLE(st)->items;
    if (check(vm, self) < 0 || check_exports(vm, self) < 0 || bio_init(vm, self, x, 1, NULL) < 0)
        return NULL;
    if (!ou_isa_int(vm, x[1]))
        return ou_type_error(vm, "second item of state must be an integer, got %T", x[1]);
    if (ou_as_ssize(vm, x[1], OU_EXC(vm, OverflowError), &pos) < 0)
        return NULL;
    if (pos < 0)
        return ou_value_error(vm, "position value cannot be negative");
    M(self)->pos = pos;
    if (x[2] != OU_NONE(vm)) {
        if (!ou_isa_dict(vm, x[2]))
            return ou_type_error(vm, "third item of state should be a dict, got a %T", x[2]);
        OuObj *d = ou_getattr(vm, self, OU_NAME(vm, __dict__));
        int r = d ? ou_dict_update(vm, d, x[2]) : -1;
        ou_xdecref(vm, d);
        if (r < 0)
            return NULL;
    }
    return ou_none(vm);
}

OU_IO_M(m_sizeof)
{
    return ou_int(vm, (int64_t)(sizeof(OuBytesIO) + M(args[0])->cap));
}

/* ---- getbuffer ------------------------------------------------------------------------------- */
typedef struct OuBytesIOBuffer {
    OuObj hdr;
    OuObj *source;
} OuBytesIOBuffer;

static void view_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    ou_clear(vm, ((OuBytesIOBuffer *)o)->source);
    ou_free_object(vm, o);
}
static int view_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((OuBytesIOBuffer *)o)->source);
    return 0;
}
static int view_getbuffer(OuVM *vm, OuObj *o, OuBuffer *view, int flags)
{
    OuBytesIO *m = M(((OuBytesIOBuffer *)o)->source);
    static const char none[1]; /* of length 0: never written */
    if (ou_buffer_fill(vm, view, o, m->p ? m->p : (char *)none, (ou_ssize)m->n, false, flags) < 0)
        return -1;
    m->exports++;
    return 0;
}
static void view_releasebuffer(OuVM *vm, OuObj *o, OuBuffer *view)
{
    M(((OuBytesIOBuffer *)o)->source)->exports--;
}
const OuTypeSpec ou_bytesio_buffer_spec = {
    .name = "_io._BytesIOBuffer",
    .size = sizeof(OuBytesIOBuffer),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW | OU_TYPE_IMMUTABLE,
    .dealloc = view_dealloc,
    .traverse = view_traverse,
    .s = {.getbuffer = view_getbuffer, .releasebuffer = view_releasebuffer},
};

OU_IO_M(m_getbuffer)
{
    if (check(vm, args[0]) < 0)
        return NULL;
    OuObj *e = ou_type_alloc(vm, ou_io_state(vm)->bytesio_buffer, 0);
    if (!e)
        return NULL;
    ((OuBytesIOBuffer *)e)->source = ou_ref(args[0]);
    OuObj *v = ou_memoryview_new(vm, e);
    ou_decref(vm, e);
    return v;
}

static OuObj *get_closed(OuVM *vm, OuObj *self, void *data)
{
    return ou_bool(vm, M(self)->closed);
}
static const OuGetSet getset[] = {{"closed", get_closed, NULL, "True if the file is closed.", NULL}, {0}};
static const OuFn methods[] = {
    {"readable(self, /)", m_true, 0, "Returns True if the IO object can be read."},
    {"seekable(self, /)", m_true, 0, "Returns True if the IO object can be seeked."},
    {"writable(self, /)", m_true, 0, "Returns True if the IO object can be written."},
    {"close(self, /)", m_close, 0, "Disable all I/O operations."},
    {"flush(self, /)", m_flush, 0, "Does nothing."},
    {"isatty(self, /)", m_isatty, 0, "Always returns False."},
    {"tell(self, /)", m_tell, 0, "Current file position, an integer."},
    {"write(self, b, /)", m_write, 0, "Write bytes to file."},
    {"writelines(self, lines, /)", m_writelines, 0, "Write lines to the file."},
    {"read1(self, size=-1, /)", m_read, 0, "Read at most size bytes, returned as a bytes object."},
    {"readinto(self, buffer, /)", m_readinto, 0, "Read bytes into buffer."},
    {"readline(self, size=-1, /)", m_readline, 0, "Next line from the file, as a bytes object."},
    {"readlines(self, size=None, /)", m_readlines, 0, "List of bytes objects, each a line from the file."},
    {"read(self, size=-1, /)", m_read, 0, "Read at most size bytes, returned as a bytes object."},
    {"getbuffer(self, /)", m_getbuffer, 0, "Get a read-write view over the contents of the BytesIO object."},
    {"getvalue(self, /)", m_getvalue, 0, "Retrieve the entire contents of the BytesIO object."},
    {"seek(self, pos, whence=0, /)", m_seek, 0, "Change stream position."},
    {"truncate(self, size=None, /)", m_truncate, 0, "Truncate the file to at most size bytes."},
    {"__getstate__(self, /)", m_getstate, 0, NULL},
    {"__setstate__(self, state, /)", m_setstate, 0, NULL},
    {"__sizeof__(self, /)", m_sizeof, 0, NULL},
    {0},
};

const OuTypeSpec ou_bytesio_spec = {
    .name = "_io.BytesIO",
    .size = sizeof(OuBytesIO),
    .flags = OU_IO_TYPE_FLAGS,
    .dict_off = offsetof(OuBytesIO, dict),
    .doc = "BytesIO(initial_bytes=b'')\n--\n\nBuffered I/O implementation using an in-memory bytes buffer.",
    .dealloc = bio_dealloc,
    .traverse = bio_traverse,
    .clear = bio_clear,
    .s = {.new_ = bio_new, .init = bio_init, .next = bio_next},
    .methods = methods,
    .getset = getset,
};
