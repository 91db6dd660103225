/* stdlib/io/base.c - _IOBase, _RawIOBase, _BufferedIOBase, _TextIOBase. */
#include "io.h"
#include "vm/instance.h"

#include <stdio.h>

OuIoState *ou_io_state(OuVM *vm)
{
    return ou_module_state(vm, &ou_mod_io);
}

OuObj *ou_io_alloc(OuVM *vm, OuType *type, size_t size)
{
    OuObj *o = ou_type_alloc(vm, type, 0);
    if (o)
        memset((char *)o + sizeof(OuObj), 0, size - sizeof(OuObj));
    return o;
}

OuObj *ou_io_unsupported(OuVM *vm, const char *msg)
{
    OuIoState *st = ou_io_state(vm);
    return ou_raise(vm, OU_AS_TYPE(st->unsupported), "%s", msg);
}

static OuObj *call_held(OuVM *vm, OuObj *o, OuObj *name, int n, va_list ap)
{
    OuObj *args[5], *func, *res = NULL;
    bool unbound;
    if (!o)
        return ou_value_error(vm, "I/O operation on uninitialized object");
    ou_incref(o);
    int r = ou_lookup_method(vm, o, name, &func, &unbound);
    if (r == 0)
        ou_raise_attribute(vm, o, name);
    if (r > 0) {
        args[0] = o;
        for (int i = 0; i < n; i++)
            args[i + 1] = va_arg(ap, OuObj *);
        res = ou_call(vm, func, unbound ? args : args + 1, (size_t)n + unbound, NULL);
        ou_decref(vm, func);
    }
    ou_decref(vm, o);
    return res;
}

OuObj *ou_io_method(OuVM *vm, OuObj *o, OuObj *name, int n, ...)
{
    va_list ap;
    va_start(ap, n);
    OuObj *r = call_held(vm, o, name, n, ap);
    va_end(ap);
    return r;
}

OuObj *ou_io_call(OuVM *vm, OuObj *o, const char *name, int n, ...)
{
    OuObj *key = ou_str_intern_s(vm, name);
    if (!key)
        return NULL;
    va_list ap;
    va_start(ap, n);
    OuObj *r = call_held(vm, o, key, n, ap);
    va_end(ap);
    ou_decref(vm, key);
    return r;
}

OuObj *ou_io_attr(OuVM *vm, OuObj *o, const char *name)
{
    if (!o)
        return ou_value_error(vm, "I/O operation on uninitialized object");
    ou_incref(o);
    OuObj *r = ou_getattr_s(vm, o, name);
    ou_decref(vm, o);
    return r;
}

int ou_io_require(OuVM *vm, OuObj *raw, const char *what)
{
    OuObj *r = ou_io_call(vm, raw, what, 0);
    if (!r)
        return -1;
    bool ok = r == OU_TRUE(vm);
    ou_decref(vm, r);
    if (ok)
        return 0;
    char msg[64];
    snprintf(msg, sizeof msg, "File or stream is not %s.", what);
    ou_io_unsupported(vm, msg);
    return -1;
}

OuObj *ou_io_close_result(OuVM *vm, OuObj *first_take, OuObj *r_take)
{
    if (!first_take)
        return r_take;
    if (!r_take) {
        OuObj *late = ou_err_fetch(vm);
        ou_exc_set_context(vm, late, first_take);
        first_take = late;
    }
    ou_err_restore(vm, first_take);
    ou_xdecref(vm, r_take);
    return NULL;
}

int ou_io_is_closed(OuVM *vm, OuObj *o)
{
    OuObj *c = ou_io_attr(vm, o, "closed");
    if (!c)
        return -1;
    int r = ou_is_true(vm, c);
    ou_decref(vm, c);
    return r;
}

int ou_io_size(OuVM *vm, OuObj *o, ou_ssize *n)
{
    *n = -1;
    if (!o || o == OU_NONE(vm))
        return 0;
    if (!ou_has_index(vm, o))
        return ou_type_error_i(vm, "argument should be integer or None, not '%T'", o);
    return ou_as_ssize(vm, o, OU_EXC(vm, OverflowError), n);
}

int ou_io_target(OuVM *vm, const char *fn, OuObj *o, OuBuffer *view)
{
    if (ou_has_buffer(vm, o) && ou_buffer_get(vm, o, view, OU_BUF_WRITABLE) == 0)
        return 0;
    if (ou_err_occurred(vm) && !ou_err_is(vm, OU_EXC(vm, BufferError)))
        return -1;
    ou_err_clear(vm);
    return ou_type_error_i(vm, "%s() argument must be read-write bytes-like object, not %s", fn,
                           ou_arg_type_name(vm, o));
}

int ou_io_offset(OuVM *vm, OuObj *o, int64_t *out)
{
    OuObj *i = ou_index(vm, o);
    if (!i)
        return -1;
    int r = ou_int_fits(i, out)
                ? 0
                : ou_raise_i(vm, OU_EXC(vm, ValueError), "cannot fit '%T' into an offset-sized integer", o);
    ou_decref(vm, i);
    return r;
}

OuObj *ou_io_repr(OuVM *vm, OuObj *o, const char *extra)
{
    OuObj *name;
    OuType *t = OU_TYPE_OF(vm, o);
    OuObj *key = ou_str_intern_s(vm, "name");
    int found = key ? ou_lookup_attr(vm, o, key, &name) : -1;
    ou_xdecref(vm, key);
    if (found < 0) {
        if (!ou_err_is(vm, OU_EXC(vm, ValueError)))
            return NULL;
        ou_err_clear(vm);
    }
    if (found <= 0)
        return ou_str_fmt(vm, "<%s%s>", t->name, extra);
    int e = ou_repr_enter(vm, o);
    OuObj *r = NULL;
    if (e > 0)
        ou_raise(vm, OU_EXC(vm, RuntimeError), "reentrant call inside %s.__repr__", t->name);
    else if (e == 0) {
        r = ou_str_fmt(vm, "<%s name=%R%s>", t->name, name, extra);
        ou_repr_leave(vm, o);
    }
    ou_decref(vm, name);
    return r;
}

OuObj *ou_io_no_pickle(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_type_error(vm, "cannot pickle '%T' object", args[0]);
}

/* ---- _IOBase ------------------------------------------------------------------------------ */
static bool marked_closed(OuVM *vm, OuObj *o)
{
    OuObj *v, *key = ou_str_intern_s(vm, "__IOBase_closed");
    int found = key ? ou_lookup_attr(vm, o, key, &v) : -1;
    ou_xdecref(vm, key);
    if (found < 0)
        ou_err_clear(vm);
    if (found > 0)
        ou_decref(vm, v);
    return found > 0;
}

static int check_closed(OuVM *vm, OuObj *o)
{
    int c = ou_io_is_closed(vm, o);
    if (c > 0)
        return ou_value_error_i(vm, "I/O operation on closed file.");
    return c;
}

void ou_io_finalize(OuVM *vm, OuObj *o)
{
    OuObj *pending = ou_err_fetch(vm), *v;
    OuObj *key = ou_str_intern_s(vm, "closed");
    int closed = 0;
    if (key && ou_lookup_attr(vm, o, key, &v) > 0) {
        closed = ou_is_true(vm, v);
        ou_decref(vm, v);
    }
    ou_xdecref(vm, key);
    ou_err_clear(vm);
    if (closed == 0) {
        if (ou_setattr_s(vm, o, "_finalizing", OU_TRUE(vm)) < 0)
            ou_err_clear(vm);
        OuObj *r = ou_call_method(vm, o, OU_NAME(vm, close), 0);
        ou_xdecref(vm, r);
        ou_err_clear(vm); /* as CPython outside of dev mode */
    }
    ou_err_restore(vm, pending);
}

static OuObj *base_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_io_alloc(vm, type, sizeof(OuIoBase));
}

static void base_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    ou_clear(vm, ((OuIoBase *)o)->dict);
    ou_free_object(vm, o);
}

static int base_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((OuIoBase *)o)->dict);
    return 0;
}

static void base_clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, ((OuIoBase *)o)->dict);
}

OU_IO_M(m_seek)
{
    return ou_io_unsupported(vm, "seek");
}
OU_IO_M(m_truncate)
{
    return ou_io_unsupported(vm, "truncate");
}
OU_IO_M(m_fileno)
{
    return ou_io_unsupported(vm, "fileno");
}

OU_IO_M(m_tell)
{
    OuObj *zero = ou_int(vm, 0), *one = ou_int(vm, 1);
    OuObj *r = ou_io_call(vm, args[0], "seek", 2, zero, one);
    ou_decref(vm, zero);
    ou_decref(vm, one);
    return r;
}

OU_IO_M(m_flush)
{
    if (marked_closed(vm, args[0]))
        return ou_value_error(vm, "I/O operation on closed file.");
    return ou_none(vm);
}

OU_IO_M(m_close)
{
    if (marked_closed(vm, args[0]))
        return ou_none(vm);
    OuObj *r = ou_call_method(vm, args[0], OU_NAME(vm, flush), 0), *exc = r ? NULL : ou_err_fetch(vm);
    int e = ou_setattr_s(vm, args[0], "__IOBase_closed", OU_TRUE(vm));
    if (exc) {
        ou_err_clear(vm);
        ou_err_restore(vm, exc);
        return NULL;
    }
    ou_decref(vm, r);
    return e < 0 ? NULL : ou_none(vm);
}

OU_IO_M(m_false)
{
    return check_closed(vm, args[0]) < 0 ? NULL : ou_bool(vm, false);
}
OU_IO_M(m_no)
{
    return ou_bool(vm, false);
}

static OuObj *require(OuVM *vm, OuObj *o, const char *method, const char *msg)
{
    OuObj *r = ou_io_call(vm, o, method, 0);
    if (!r || r == OU_TRUE(vm))
        return r;
    ou_decref(vm, r);
    return ou_io_unsupported(vm, msg);
}
OU_IO_M(m_check_closed)
{
    return check_closed(vm, args[0]) < 0 ? NULL : ou_none(vm);
}
OU_IO_M(m_check_seekable)
{
    return require(vm, args[0], "seekable", "File or stream is not seekable.");
}
OU_IO_M(m_check_readable)
{
    return require(vm, args[0], "readable", "File or stream is not readable.");
}
OU_IO_M(m_check_writable)
{
    return require(vm, args[0], "writable", "File or stream is not writable.");
}

OU_IO_M(m_enter)
{
    return check_closed(vm, args[0]) < 0 ? NULL : ou_ref(args[0]);
}
OU_IO_M(m_exit)
{
    return ou_call_method(vm, args[0], OU_NAME(vm, close), 0);
}

/* How many bytes the next read of a line may take: up to the newline if peek shows one. */
static ou_ssize peek_line(OuVM *vm, OuObj *o, OuObj *peek, ou_ssize limit)
{
    OuObj *one = ou_int(vm, 1), *b = ou_call1(vm, peek, one);
    ou_decref(vm, one);
    if (!b)
        return -1;
    if (!ou_isa_bytes(vm, b)) {
        ou_raise(vm, OU_EXC(vm, OSError), "peek() should have returned a bytes object, not '%T'", b);
        ou_decref(vm, b);
        return -1;
    }
    ou_ssize n = 1;
    if (OU_BYTES(b)->len) {
        const char *nl = memchr(OU_BYTES(b)->data, '\n', OU_BYTES(b)->len);
        n = nl ? nl - OU_BYTES(b)->data + 1 : (ou_ssize)OU_BYTES(b)->len;
        if (limit >= 0 && n > limit)
            n = limit;
    }
    ou_decref(vm, b);
    return n;
}

OU_IO_M(m_readline)
{
    ou_ssize limit;
    OuObj *peek = NULL, *key;
    OuByteBuf line = {.vm = vm};
    if (ou_io_size(vm, args[1], &limit) < 0 || !(key = ou_str_intern_s(vm, "peek")))
        return NULL;
    int found = ou_lookup_attr(vm, args[0], key, &peek);
    ou_decref(vm, key);
    if (found < 0)
        return NULL;
    while (limit < 0 || (ou_ssize)line.n < limit) {
        ou_ssize want = found ? peek_line(vm, args[0], peek, limit < 0 ? -1 : limit - (ou_ssize)line.n) : 1;
        OuObj *n = want < 0 ? NULL : ou_int(vm, want),
              *b = n ? ou_call_method(vm, args[0], OU_NAME(vm, read), 1, n) : NULL;
        ou_xdecref(vm, n);
        if (b && !ou_isa_bytes(vm, b)) {
            ou_raise(vm, OU_EXC(vm, OSError), "read() should have returned a bytes object, not '%T'", b);
            ou_clear(vm, b);
        }
        if (!b || ou_bytebuf_put(&line, OU_BYTES(b)->data, OU_BYTES(b)->len) < 0) {
            ou_xdecref(vm, b);
            ou_bytebuf_free(&line);
            if (found)
                ou_decref(vm, peek);
            return NULL;
        }
        bool end = OU_BYTES(b)->len == 0 || OU_BYTES(b)->data[OU_BYTES(b)->len - 1] == '\n';
        ou_decref(vm, b);
        if (end)
            break;
    }
    if (found)
        ou_decref(vm, peek);
    return ou_bytebuf_take(&line);
}

OU_IO_M(m_readlines)
{
    ou_ssize hint, total = 0;
    if (ou_io_size(vm, args[1], &hint) < 0)
        return NULL;
    OuObj *list = ou_list_new(vm, 0), *it = list ? ou_iter(vm, args[0]) : NULL, *line;
    if (!it) {
        ou_xdecref(vm, list);
        return NULL;
    }
    while ((line = ou_next(vm, it))) {
        ou_ssize n = ou_len(vm, line);
        if (ou_list_append_take(vm, list, line) < 0 || n < 0)
            break;
        total += n;
        if (hint > 0 && total > hint)
            break;
    }
    ou_decref(vm, it);
    if (ou_err_occurred(vm))
        ou_clear(vm, list);
    return list;
}

OU_IO_M(m_writelines)
{
    OuObj *it, *line;
    if (check_closed(vm, args[0]) < 0 || !(it = ou_iter(vm, args[1])))
        return NULL;
    while ((line = ou_next(vm, it))) {
        OuObj *r = ou_call_method(vm, args[0], OU_NAME(vm, write), 1, line);
        ou_decref(vm, line);
        if (!r)
            break;
        ou_decref(vm, r);
    }
    ou_decref(vm, it);
    return ou_err_occurred(vm) ? NULL : ou_none(vm);
}

static OuObj *base_iter(OuVM *vm, OuObj *o)
{
    return check_closed(vm, o) < 0 ? NULL : ou_ref(o);
}

static OuObj *base_next(OuVM *vm, OuObj *o)
{
    OuObj *line = ou_call_method(vm, o, OU_NAME(vm, readline), 0);
    if (!line)
        return NULL;
    ou_ssize n = ou_len(vm, line);
    if (n > 0)
        return line;
    ou_decref(vm, line);
    return NULL;
}

static OuObj *get_closed(OuVM *vm, OuObj *self, void *data)
{
    return ou_bool(vm, marked_closed(vm, self));
}

static OuObj *get_dict(OuVM *vm, OuObj *self, void *data)
{
    OuDict *d = ou_inst_dict(vm, self, OU_TYPE_OF(vm, self));
    return d ? ou_ref((OuObj *)d) : NULL;
}

static const OuGetSet base_getset[] = {
    {"closed", get_closed, NULL, NULL, NULL}, {"__dict__", get_dict, NULL, NULL, NULL}, {0}};

static const OuFn base_methods[] = {
    {"seek(...)", m_seek, 0, "Change stream position."},
    {"tell(self, /)", m_tell, 0, "Return current stream position."},
    {"truncate(...)", m_truncate, 0, "Truncate file to size bytes."},
    {"flush(self, /)", m_flush, 0, "Flush write buffers, if applicable."},
    {"close(self, /)", m_close, 0, "Flush and close the IO object."},
    {"seekable(self, /)", m_no, 0, "Return whether object supports random access."},
    {"readable(self, /)", m_no, 0, "Return whether object was opened for reading."},
    {"writable(self, /)", m_no, 0, "Return whether object was opened for writing."},
    {"_checkClosed(...)", m_check_closed, 0, NULL},
    {"_checkSeekable(...)", m_check_seekable, 0, NULL},
    {"_checkReadable(...)", m_check_readable, 0, NULL},
    {"_checkWritable(...)", m_check_writable, 0, NULL},
    {"fileno(self, /)", m_fileno, 0, "Returns underlying file descriptor if one exists."},
    {"isatty(self, /)", m_false, 0, "Return whether this is an 'interactive' stream."},
    {"__enter__(...)", m_enter, 0, NULL},
    {"__exit__(...)", m_exit, 0, NULL},
    {"readline(self, size=-1, /)", m_readline, 0, "Read and return a line from the stream."},
    {"readlines(self, hint=-1, /)", m_readlines, 0, "Return a list of lines from the stream."},
    {"writelines(self, lines, /)", m_writelines, 0, "Write a list of lines to stream."},
    {0},
};

#define BASE(title, text, rows, props, extra)                                                    \
    {                                                                                            \
        .name = title, .size = sizeof(OuIoBase), .flags = OU_IO_TYPE_FLAGS,                      \
        .dict_off = offsetof(OuIoBase, dict), .doc = text, .dealloc = base_dealloc,              \
        .traverse = base_traverse, .clear = base_clear, .methods = rows, .getset = props, .s = { \
            .new_ = base_new,                                                                    \
            extra                                                                                \
        }                                                                                        \
    }
const OuTypeSpec ou_iobase_spec = {
    .name = "_io._IOBase",
    .size = sizeof(OuIoBase),
    .flags = OU_IO_TYPE_FLAGS,
    .dict_off = offsetof(OuIoBase, dict),
    .doc = "The abstract base class for all I/O classes.",
    .dealloc = base_dealloc,
    .traverse = base_traverse,
    .clear = base_clear,
    .s = {.new_ = base_new, .iter = base_iter, .next = base_next, .finalize = ou_io_finalize},
    .methods = base_methods,
    .getset = base_getset,
};

/* ---- _RawIOBase ------------------------------------------------------------------------------- */
OU_IO_M(raw_readall)
{
    OuByteBuf all = {.vm = vm};
    OuObj *size = ou_int(vm, OU_IO_CHUNK);
    for (;;) {
        OuObj *b = size ? ou_call_method(vm, args[0], OU_NAME(vm, read), 1, size) : NULL;
        if (b == OU_NONE(vm)) {
            ou_decref(vm, size);
            if (all.n) {
                ou_decref(vm, b);
                return ou_bytebuf_take(&all);
            }
            ou_bytebuf_free(&all);
            return b;
        }
        if (b && !ou_isa_bytes(vm, b)) {
            ou_type_error(vm, "read() should return bytes");
            ou_clear(vm, b);
        }
        if (!b || ou_bytebuf_put(&all, OU_BYTES(b)->data, OU_BYTES(b)->len) < 0) {
            ou_xdecref(vm, b);
            ou_xdecref(vm, size);
            ou_bytebuf_free(&all);
            return NULL;
        }
        bool end = OU_BYTES(b)->len == 0;
        ou_decref(vm, b);
        if (end)
            break;
    }
    ou_decref(vm, size);
    return ou_bytebuf_take(&all);
}

OU_IO_M(raw_read)
{
    ou_ssize n = -1;
    if (ou_io_size(vm, args[1], &n) < 0)
        return NULL;
    if (n < 0)
        return ou_io_call(vm, args[0], "readall", 0);
    OuObj *b = ou_bytearray_new(vm, NULL, n),
          *r = b ? ou_call_method(vm, args[0], OU_NAME(vm, readinto), 1, b) : NULL, *out = NULL;
    ou_ssize got;
    if (r == OU_NONE(vm)) {
        ou_decref(vm, b);
        return r;
    }
    if (r && ou_as_ssize(vm, r, OU_EXC(vm, ValueError), &got) == 0) {
        if (got < 0 || got > n)
            ou_value_error(vm, "readinto returned %zd outside buffer size %zd", got, n);
        else
            out = ou_bytes_new(vm, ((OuByteArray *)b)->start, got);
    }
    ou_xdecref(vm, r);
    ou_xdecref(vm, b);
    return out;
}

OU_IO_M(raw_abstract)
{
    return ou_raise_value(vm, OU_EXC(vm, NotImplementedError), NULL);
}

static const OuFn raw_methods[] = {
    {"readinto(...)", raw_abstract, 0, NULL},
    {"write(...)", raw_abstract, 0, NULL},
    {"read(self, size=-1, /)", raw_read, 0, NULL},
    {"readall(self, /)", raw_readall, 0, "Read until EOF, using multiple read() call."},
    {0},
};
const OuTypeSpec ou_rawiobase_spec =
    BASE("_io._RawIOBase", "Base class for raw binary I/O.", raw_methods, NULL, );

/* ---- _BufferedIOBase -------------------------------------------------------------------------- */
static OuObj *into(OuVM *vm, OuObj *self, OuObj *target, const char *method)
{
    OuBuffer v;
    if (ou_io_target(vm, method[4] ? "readinto1" : "readinto", target, &v) < 0)
        return NULL;
    OuObj *n = ou_int(vm, v.len), *b = n ? ou_io_call(vm, self, method, 1, n) : NULL, *r = NULL;
    if (b && !ou_isa_bytes(vm, b))
        ou_type_error(vm, "read() should return bytes");
    else if (b && (ou_ssize)OU_BYTES(b)->len > v.len)
        ou_value_error(vm, "read() returned too much data: %zd bytes requested, %zd returned", v.len,
                       (ou_ssize)OU_BYTES(b)->len);
    else if (b) {
        memcpy(v.buf, OU_BYTES(b)->data, OU_BYTES(b)->len);
        r = ou_int(vm, (int64_t)OU_BYTES(b)->len);
    }
    ou_xdecref(vm, n);
    ou_xdecref(vm, b);
    ou_buffer_release(vm, &v);
    return r;
}
OU_IO_M(buf_detach)
{
    return ou_io_unsupported(vm, "detach");
}
OU_IO_M(buf_read)
{
    return ou_io_unsupported(vm, "read");
}
OU_IO_M(buf_read1)
{
    return ou_io_unsupported(vm, "read1");
}
OU_IO_M(buf_write)
{
    return ou_io_unsupported(vm, "write");
}
OU_IO_M(buf_readinto)
{
    return into(vm, args[0], args[1], "read");
}
OU_IO_M(buf_readinto1)
{
    return into(vm, args[0], args[1], "read1");
}
static const OuFn buffered_methods[] = {
    {"detach(self, /)", buf_detach, 0,
     "Disconnect this buffer from its underlying raw stream and return it."},
    {"read(...)", buf_read, 0, "Read and return up to n bytes."},
    {"read1(...)", buf_read1, 0,
     "Read and return up to n bytes, with at most one read() call to the underlying raw stream."},
    {"readinto(self, buffer, /)", buf_readinto, 0, NULL},
    {"readinto1(self, buffer, /)", buf_readinto1, 0, NULL},
    {"write(...)", buf_write, 0, "Write the given buffer to the IO stream."},
    {0},
};
const OuTypeSpec ou_bufferediobase_spec =
    BASE("_io._BufferedIOBase", "Base class for buffered IO objects.", buffered_methods, NULL, );

/* ---- _TextIOBase -------------------------------------------------------------------------------- */
OU_IO_M(text_readline)
{
    return ou_io_unsupported(vm, "readline");
}
static OuObj *get_none(OuVM *vm, OuObj *self, void *data)
{
    return ou_none(vm);
}
static const OuGetSet text_getset[] = {
    {"encoding", get_none, NULL, "Encoding of the text stream.", NULL},
    {"newlines", get_none, NULL, "Line endings translated so far.", NULL},
    {"errors", get_none, NULL, "The error setting of the decoder or encoder.", NULL},
    {0}};
static const OuFn text_methods[] = {
    {"detach(...)", buf_detach, 0, "Separate the underlying buffer from the TextIOBase and return it."},
    {"read(...)", buf_read, 0, "Read at most n characters from stream."},
    {"readline(...)", text_readline, 0, "Read until newline or EOF."},
    {"write(...)", buf_write, 0, "Write string to stream."},
    {0},
};
const OuTypeSpec ou_textiobase_spec =
    BASE("_io._TextIOBase", "Base class for text I/O.", text_methods, text_getset, );
