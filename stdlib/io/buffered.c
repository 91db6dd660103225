/* stdlib/io/buffered.c - BufferedReader, BufferedWriter, BufferedRandom: one struct, three sets of methods.
 *
 * INVARIANT: at most one of these holds: buf[pos..end) is data read ahead, or buf[0..wn) waits to be written.
 * raw_pos is the raw stream's place when known (-1: not known); with data read ahead it is the place behind
 * buf[end). */
#include "io.h"
#include "vm/threads.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

typedef struct OuBuffered {
    OU_IO_HEAD
    OuObj *raw;
    bool ok, detached, readable, writable, finalizing, direct; /* direct: raw is exactly FileIO */
    OuThread *owner;                                           /* thread inside a method, or NULL */
    int64_t raw_pos;
    char *buf;
    size_t size, pos, end, wn;
} OuBuffered;
#define B(o) ((OuBuffered *)(o))

static int check_init(OuVM *vm, OuBuffered *b)
{
    if (b->ok)
        return 0;
    return ou_value_error_i(vm, b->detached ? "raw stream has been detached"
                                            : "I/O operation on uninitialized object");
}

static int is_closed(OuVM *vm, OuBuffered *b)
{
    return b->direct ? ou_fileio_closed(b->raw) : ou_io_is_closed(vm, b->raw);
}

int ou_buffered_is_closed(OuVM *vm, OuObj *o)
{
    const OuTypeSpec *spec = OU_TYPE_OF(vm, o)->spec;
    bool exact = spec == &ou_buffered_reader_spec || spec == &ou_buffered_writer_spec ||
                 spec == &ou_buffered_random_spec;
    return exact && B(o)->ok && B(o)->direct ? ou_fileio_closed(B(o)->raw) : ou_io_is_closed(vm, o);
}

static int check(OuVM *vm, OuBuffered *b, const char *msg)
{
    if (check_init(vm, b) < 0)
        return -1;
    int c = is_closed(vm, b);
    return c > 0 ? ou_value_error_i(vm, "%s", msg) : c;
}

/* Methods exclude each other: the lock of the VM is let go while raw I/O blocks.  -1: this thread is inside
 * already. */
static int enter(OuVM *vm, OuObj *o)
{
    OuBuffered *b = B(o);
    while (b->owner && b->owner != vm->ts) {
        OU_BLOCKING(vm, usleep(100));
        if (ou_poll(vm) < 0)
            return -1;
    }
    if (b->owner)
        return ou_raise_i(vm, OU_EXC(vm, RuntimeError), "reentrant call inside %R", o);
    b->owner = vm->ts;
    return 0;
}
static OuObj *leave(OuObj *o, OuObj *result)
{
    B(o)->owner = NULL;
    return result;
}

/* ---- raw ------------------------------------------------------------------------------------------ */
static ou_ssize raw_read(OuVM *vm, OuBuffered *b, char *p, size_t n)
{
    ou_ssize r;
    if (b->direct) {
        r = ou_fileio_read(vm, b->raw, p, n);
    } else {
        OuObj *tmp = ou_bytearray_new(vm, NULL, (ou_ssize)n), *view = tmp ? ou_memoryview_new(vm, tmp) : NULL;
        OuObj *res = view ? ou_call_method(vm, b->raw, OU_NAME(vm, readinto), 1, view) : NULL;
        r = -1;
        if (res == OU_NONE(vm))
            r = -2;
        else if (res && ou_as_ssize(vm, res, OU_EXC(vm, ValueError), &r) < 0) {
            r = -1;
            ou_raise_from(vm, OU_EXC(vm, OSError), "raw readinto() failed");
        } else if (res && (r < 0 || r > (ou_ssize)n)) {
            ou_raise(vm, OU_EXC(vm, OSError),
                     "raw readinto() returned invalid length %zd (should have been between 0 and %zd)", r,
                     (ou_ssize)n);
            r = -1;
        } else if (res) {
            memcpy(p, ((OuByteArray *)tmp)->start, (size_t)r);
        }
        ou_xdecref(vm, res);
        ou_xdecref(vm, view);
        ou_xdecref(vm, tmp);
    }
    if (r > 0 && b->raw_pos >= 0)
        b->raw_pos += r;
    return r;
}

static ou_ssize raw_write(OuVM *vm, OuBuffered *b, const char *p, size_t n)
{
    ou_ssize r;
    if (b->direct) {
        r = ou_fileio_write(vm, b->raw, p, n);
    } else {
        OuObj *tmp = ou_bytes_new(vm, p, (ou_ssize)n), *view = tmp ? ou_memoryview_new(vm, tmp) : NULL;
        OuObj *res = view ? ou_call_method(vm, b->raw, OU_NAME(vm, write), 1, view) : NULL;
        r = -1;
        if (res == OU_NONE(vm))
            r = -2;
        else if (res && ou_as_ssize(vm, res, OU_EXC(vm, ValueError), &r) < 0)
            r = -1;
        else if (res && (r < 0 || r > (ou_ssize)n)) {
            ou_raise(vm, OU_EXC(vm, OSError),
                     "raw write() returned invalid length %zd (should have been between 0 and %zd)", r,
                     (ou_ssize)n);
            r = -1;
        }
        ou_xdecref(vm, res);
        ou_xdecref(vm, view);
        ou_xdecref(vm, tmp);
    }
    if (r > 0 && b->raw_pos >= 0)
        b->raw_pos += r;
    return r;
}

static int64_t raw_result(OuVM *vm, OuBuffered *b, OuObj *res)
{
    int64_t n;
    if (!res)
        return -1;
    int e = ou_io_offset(vm, res, &n);
    ou_decref(vm, res);
    if (e < 0)
        return -1;
    if (n < 0)
        return ou_raise_i(vm, OU_EXC(vm, OSError), "Raw stream returned invalid position %lld", (long long)n);
    return b->raw_pos = n;
}

static int64_t raw_seek(OuVM *vm, OuBuffered *b, int64_t off, int whence)
{
    if (b->direct)
        return b->raw_pos = ou_fileio_seek(vm, b->raw, off, whence);
    OuObj *o = ou_int(vm, off), *w = ou_int(vm, whence);
    OuObj *r = o && w ? ou_io_call(vm, b->raw, "seek", 2, o, w) : NULL;
    ou_xdecref(vm, o);
    ou_xdecref(vm, w);
    return raw_result(vm, b, r);
}

static int64_t raw_tell(OuVM *vm, OuBuffered *b)
{
    if (b->direct)
        return b->raw_pos = ou_fileio_seek(vm, b->raw, 0, SEEK_CUR);
    return raw_result(vm, b, ou_io_call(vm, b->raw, "tell", 0));
}

static int blocked(OuVM *vm, size_t written)
{
    OuObj *a[3] = {ou_int(vm, EAGAIN), ou_str_new(vm, "write could not complete without blocking", -1),
                   ou_int(vm, (int64_t)written)};
    OuObj *exc = a[0] && a[1] && a[2] ? ou_call(vm, (OuObj *)OU_EXC(vm, BlockingIOError), a, 3, NULL) : NULL;
    for (int i = 0; i < 3; i++)
        ou_xdecref(vm, a[i]);
    if (exc) {
        ou_raise_obj(vm, exc);
        ou_decref(vm, exc);
    }
    return -1;
}

/* Writes out what waits: 0, -1 exception, -2 would block (the rest stays). */
static int drain(OuVM *vm, OuBuffered *b)
{
    size_t done = 0;
    int res = 0;
    while (done < b->wn) {
        ou_ssize r = raw_write(vm, b, b->buf + done, b->wn - done);
        if (r < 0) {
            res = (int)r;
            break;
        }
        done += (size_t)r;
        if (ou_poll(vm) < 0) {
            res = -1;
            break;
        }
    }
    if (done && done < b->wn)
        memmove(b->buf, b->buf + done, b->wn - done);
    b->wn = done < b->wn ? b->wn - done : 0;
    return res;
}

static int flush_out(OuVM *vm, OuBuffered *b)
{
    int r = b->wn ? drain(vm, b) : 0;
    return r == -2 ? blocked(vm, 0) : r;
}

/* Forgets what was read ahead: the raw stream goes back to the place the user sees. */
static int rewind_in(OuVM *vm, OuBuffered *b)
{
    int64_t ahead = (int64_t)(b->end - b->pos);
    b->pos = b->end = 0;
    return ahead && raw_seek(vm, b, -ahead, SEEK_CUR) < 0 ? -1 : 0;
}

/* Refills the empty read buffer: n, 0 at the end, -1, -2. */
static ou_ssize fill(OuVM *vm, OuBuffered *b)
{
    if (b->wn && flush_out(vm, b) < 0)
        return -1;
    b->pos = b->end = 0;
    ou_ssize r = raw_read(vm, b, b->buf, b->size);
    if (r > 0)
        b->end = (size_t)r;
    return r;
}

/* ---- life ------------------------------------------------------------------------------------------- */
static OuObj *buf_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_io_alloc(vm, type, sizeof(OuBuffered));
}

static int setup(OuVM *vm, OuObj *self, OuObj *raw, OuObj *size_obj)
{
    OuBuffered *b = B(self);
    ou_ssize size = OU_IO_CHUNK;
    b->ok = false;
    if (size_obj && ou_as_ssize(vm, size_obj, OU_EXC(vm, OverflowError), &size) < 0)
        return -1;
    if (size <= 0)
        return ou_value_error_i(vm, "buffer size must be strictly positive");
    char *p = ou_alloc(vm, (size_t)size);
    if (!p)
        return -1;
    if (b->buf)
        ou_free(vm, b->buf, b->size);
    b->buf = p;
    b->size = (size_t)size;
    b->pos = b->end = b->wn = 0;
    b->raw_pos = -1;
    OuObj *old = b->raw;
    b->raw = ou_ref(raw);
    ou_xdecref(vm, old);
    b->detached = false;
    b->direct = OU_TYPE_OF(vm, raw) == ou_io_state(vm)->fileio;
    b->ok = true;
    /* whether it can seek and where it stands, as CPython asks at once */
    if (!b->direct && raw_tell(vm, b) < 0)
        ou_err_clear(vm);
    return 0;
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

static int init_common(OuVM *vm, OuObj *self, const char *sig, bool r, bool w, OuObj *const *args,
                       size_t nargs, OuObj *kwnames)
{
    OuObj *a[2];
    B(self)->ok = false;
    B(self)->detached = false;
    if (ou_args_bind(vm, sig, args, nargs, kwnames, a) < 0)
        return -1;
    if ((r && w && ou_io_require(vm, a[0], "seekable") < 0) ||
        (r && ou_io_require(vm, a[0], "readable") < 0) || (w && ou_io_require(vm, a[0], "writable") < 0))
        return -1;
    B(self)->readable = r;
    B(self)->writable = w;
    return setup(vm, self, a[0], a[1]);
}
static int reader_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return init_common(vm, self, "BufferedReader(raw, buffer_size=8192)", true, false, args, nargs, kwnames);
}
static int writer_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return init_common(vm, self, "BufferedWriter(raw, buffer_size=8192)", false, true, args, nargs, kwnames);
}
static int random_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return init_common(vm, self, "BufferedRandom(raw, buffer_size=8192)", true, true, args, nargs, kwnames);
}

static void buf_dealloc(OuVM *vm, OuObj *o)
{
    OuBuffered *b = B(o);
    ou_gc_untrack(&vm->heap, o);
    b->ok = false;
    ou_clear(vm, b->raw);
    ou_clear(vm, b->dict);
    if (b->buf)
        ou_free(vm, b->buf, b->size);
    ou_free_object(vm, o);
}

static int buf_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(B(o)->raw);
    OU_VISIT(B(o)->dict);
    return 0;
}

static void buf_clear(OuVM *vm, OuObj *o)
{
    B(o)->ok = false;
    ou_clear(vm, B(o)->raw);
    ou_clear(vm, B(o)->dict);
}

/* ---- passed on to raw ---------------------------------------------------------------------------------- */
#define PASS(name)                                                                                \
    OU_IO_M(m_##name)                                                                             \
    {                                                                                             \
        return check_init(vm, B(args[0])) < 0 ? NULL : ou_io_call(vm, B(args[0])->raw, #name, 0); \
    }
PASS(seekable)
PASS(readable)
PASS(writable)
PASS(fileno)
PASS(isatty)

static OuObj *get_closed(OuVM *vm, OuObj *self, void *data)
{
    return check_init(vm, B(self)) < 0 ? NULL : ou_getattr_s(vm, B(self)->raw, "closed");
}
static OuObj *get_name(OuVM *vm, OuObj *self, void *data)
{
    return check_init(vm, B(self)) < 0 ? NULL : ou_getattr_s(vm, B(self)->raw, "name");
}
static OuObj *get_mode(OuVM *vm, OuObj *self, void *data)
{
    return check_init(vm, B(self)) < 0 ? NULL : ou_getattr_s(vm, B(self)->raw, "mode");
}
static OuObj *buf_repr(OuVM *vm, OuObj *o)
{
    return ou_io_repr(vm, o, "");
}

OU_IO_M(m_simple_flush)
{
    return check_init(vm, B(args[0])) < 0 ? NULL : ou_call_method(vm, B(args[0])->raw, OU_NAME(vm, flush), 0);
}

OU_IO_M(do_flush)
{
    OuBuffered *b = B(args[0]);
    if (check(vm, b, "flush of closed file") < 0 || flush_out(vm, b) < 0 ||
        (b->readable && rewind_in(vm, b) < 0))
        return NULL;
    return ou_none(vm);
}

OU_IO_M(m_dealloc_warn)
{
    OuBuffered *b = B(args[0]);
    if (b->ok && b->raw) {
        OuObj *r = ou_io_call(vm, b->raw, "_dealloc_warn", 1, args[1]);
        ou_xdecref(vm, r);
        ou_err_clear(vm);
    }
    return ou_none(vm);
}

OU_IO_M(m_close)
{
    OuBuffered *b = B(args[0]);
    int c = check_init(vm, b) < 0 ? -1 : is_closed(vm, b);
    if (c)
        return c < 0 ? NULL : ou_none(vm);
    if (b->finalizing) {
        OuObj *w = ou_io_call(vm, b->raw, "_dealloc_warn", 1, args[0]);
        ou_xdecref(vm, w);
        ou_err_clear(vm);
    }
    OuObj *f = ou_call_method(vm, args[0], OU_NAME(vm, flush), 0), *exc = f ? NULL : ou_err_fetch(vm);
    ou_xdecref(vm, f);
    OuObj *r =
        enter(vm, args[0]) < 0 ? NULL : leave(args[0], ou_call_method(vm, b->raw, OU_NAME(vm, close), 0));
    if (b->buf && r) {
        ou_free(vm, b->buf, b->size);
        b->buf = NULL;
        b->size = 0;
        b->pos = b->end = b->wn = 0;
    }
    if (exc) {
        if (!r) { /* both failed: the later one, with the first as context */
            OuObj *late = ou_err_fetch(vm);
            ou_exc_set_context(vm, late, exc);
            ou_err_restore(vm, late);
        } else {
            ou_err_restore(vm, exc);
            ou_clear(vm, r);
        }
    }
    return r;
}

OU_IO_M(m_detach)
{
    OuBuffered *b = B(args[0]);
    if (check_init(vm, b) < 0)
        return NULL;
    OuObj *r = ou_call_method(vm, args[0], OU_NAME(vm, flush), 0);
    if (!r)
        return NULL;
    ou_decref(vm, r);
    r = b->raw;
    b->raw = NULL;
    b->ok = false;
    b->detached = true;
    return r;
}

/* ---- place ------------------------------------------------------------------------------------------------
 */
OU_IO_M(do_tell)
{
    OuBuffered *b = B(args[0]);
    if (check_init(vm, b) < 0)
        return NULL;
    int64_t p = raw_tell(vm, b);
    if (p < 0)
        return NULL;
    p = p - (int64_t)(b->end - b->pos) + (int64_t)b->wn;
    return ou_int(vm, p < 0 ? 0 : p);
}

OU_IO_M(do_seek)
{
    OuBuffered *b = B(args[0]);
    int whence = 0;
    int64_t off;
    if (check_init(vm, b) < 0 || (args[2] && ou_as_int(vm, args[2], &whence) < 0))
        return NULL;
    if (whence < 0 || whence > 4)
        return ou_value_error(vm, "whence value %d unsupported", whence);
    if (check(vm, b, "seek of closed file") < 0 || ou_io_require(vm, b->raw, "seekable") < 0 ||
        ou_io_offset(vm, args[1], &off) < 0)
        return NULL;
    if (b->end > b->pos && whence <= 1) { /* inside the data read ahead? */
        int64_t raw = b->raw_pos >= 0 ? b->raw_pos : raw_tell(vm, b), here = raw - (int64_t)(b->end - b->pos);
        int64_t delta = whence ? off : off - here;
        if (raw < 0)
            return NULL;
        if (delta >= -(int64_t)b->pos && delta <= (int64_t)(b->end - b->pos)) {
            b->pos = (size_t)((int64_t)b->pos + delta);
            return ou_int(vm, here + delta);
        }
    }
    if (flush_out(vm, b) < 0)
        return NULL;
    if (whence == 1)
        off -= (int64_t)(b->end - b->pos);
    int64_t r = raw_seek(vm, b, off, whence);
    if (r < 0)
        return NULL;
    b->pos = b->end = 0;
    return ou_int(vm, r);
}

OU_IO_M(do_truncate)
{
    OuBuffered *b = B(args[0]);
    if (check(vm, b, "truncate of closed file") < 0)
        return NULL;
    if (!b->writable)
        return ou_io_unsupported(vm, "truncate");
    if (flush_out(vm, b) < 0 || rewind_in(vm, b) < 0)
        return NULL;
    OuObj *pos = args[1] && args[1] != OU_NONE(vm) ? ou_ref(args[1]) : do_tell(vm, args, 1, NULL);
    OuObj *r = pos ? ou_io_call(vm, b->raw, "truncate", 1, pos) : NULL;
    ou_xdecref(vm, pos);
    if (r && raw_tell(vm, b) < 0)
        ou_err_clear(vm);
    return r;
}

/* ---- reading
 * ------------------------------------------------------------------------------------------------- */
static OuObj *read_all(OuVM *vm, OuBuffered *b)
{
    OuByteBuf all = {.vm = vm};
    if (b->wn && flush_out(vm, b) < 0)
        return NULL;
    if (ou_bytebuf_put(&all, b->buf + b->pos, b->end - b->pos) < 0)
        return NULL;
    b->pos = b->end = 0;
    OuObj *key = ou_str_intern_s(vm, "readall"), *f;
    int found = key ? ou_lookup_attr(vm, b->raw, key, &f) : -1;
    ou_xdecref(vm, key);
    if (found < 0)
        goto fail;
    if (found) {
        OuObj *x = ou_call0(vm, f);
        ou_decref(vm, f);
        if (!x)
            goto fail;
        b->raw_pos = -1;
        if (x != OU_NONE(vm) && !ou_isa_bytes(vm, x)) {
            ou_decref(vm, x);
            ou_type_error(vm, "readall() should return bytes");
            goto fail;
        }
        if (all.n == 0)
            return x;
        int e = x == OU_NONE(vm) ? 0 : ou_bytebuf_put(&all, OU_BYTES(x)->data, OU_BYTES(x)->len);
        ou_decref(vm, x);
        if (e < 0)
            goto fail;
        return ou_bytebuf_take(&all);
    }
    for (;;) {
        OuObj *x = ou_call_method(vm, b->raw, OU_NAME(vm, read), 0);
        if (!x)
            goto fail;
        if (x != OU_NONE(vm) && !ou_isa_bytes(vm, x)) {
            ou_decref(vm, x);
            ou_type_error(vm, "read() should return bytes");
            goto fail;
        }
        b->raw_pos = -1;
        if (x == OU_NONE(vm) || OU_BYTES(x)->len == 0) {
            if (all.n == 0)
                return x;
            ou_decref(vm, x);
            return ou_bytebuf_take(&all);
        }
        int e = ou_bytebuf_put(&all, OU_BYTES(x)->data, OU_BYTES(x)->len);
        ou_decref(vm, x);
        if (e < 0)
            goto fail;
    }
fail:
    ou_bytebuf_free(&all);
    return NULL;
}

/* Reads up to n bytes into p; stops early at the end, or (once) after one raw read.  n read, -1, -2 nothing
 * yet. */
static ou_ssize read_into(OuVM *vm, OuBuffered *b, char *p, size_t n, bool once)
{
    size_t got = b->end - b->pos < n ? b->end - b->pos : n;
    memcpy(p, b->buf + b->pos, got);
    b->pos += got;
    if (got == n || (once && got && n - got <= b->size))
        return (ou_ssize)got;
    if (b->wn && flush_out(vm, b) < 0)
        return -1;
    while (got < n) {
        ou_ssize r;
        if (once ? n - got > b->size : n - got >= b->size) {
            b->pos = b->end = 0;
            size_t want = once ? n - got : (n - got) / b->size * b->size;
            r = raw_read(vm, b, p + got, want);
            if (r > 0)
                got += (size_t)r;
        } else if ((r = fill(vm, b)) > 0) {
            size_t k = (size_t)r < n - got ? (size_t)r : n - got;
            memcpy(p + got, b->buf, k);
            b->pos = k;
            got += k;
        }
        if (r == -1)
            return -1;
        if (r == 0 || r == -2)
            return got || r == 0 ? (ou_ssize)got : -2;
        if (once)
            break;
    }
    return (ou_ssize)got;
}

static OuObj *read_bytes(OuVM *vm, OuBuffered *b, size_t n, bool once)
{
    if (b->end - b->pos >= n) {
        b->pos += n;
        return ou_bytes_new(vm, b->buf + b->pos - n, (ou_ssize)n);
    }
    OuObj *o = ou_bytes_new(vm, NULL, (ou_ssize)n);
    ou_ssize r = o ? read_into(vm, b, OU_BYTES(o)->data, n, once) : -1;
    if (r == (ou_ssize)n)
        return o;
    OuObj *x = r == -2 ? ou_none(vm) : r < 0 ? NULL : ou_bytes_new(vm, OU_BYTES(o)->data, r);
    ou_xdecref(vm, o);
    return x;
}

OU_IO_M(do_read)
{
    OuBuffered *b = B(args[0]);
    ou_ssize n;
    if (check_init(vm, b) < 0 || ou_io_size(vm, args[1], &n) < 0)
        return NULL;
    if (n < -1)
        return ou_value_error(vm, "read length must be non-negative or -1");
    if (check(vm, b, "read of closed file") < 0)
        return NULL;
    return n < 0 ? read_all(vm, b) : read_bytes(vm, b, (size_t)n, false);
}

OU_IO_M(do_read1)
{
    OuBuffered *b = B(args[0]);
    ou_ssize n = -1;
    if (check_init(vm, b) < 0 || (args[1] && ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &n) < 0))
        return NULL;
    if (check(vm, b, "read of closed file") < 0)
        return NULL;
    if (n < 0)
        n = (ou_ssize)b->size;
    if (n == 0)
        return ou_bytes_new(vm, NULL, 0);
    size_t have = b->end - b->pos;
    if (have) {
        size_t k = have < (size_t)n ? have : (size_t)n;
        b->pos += k;
        return ou_bytes_new(vm, b->buf + b->pos - k, (ou_ssize)k);
    }
    if (b->wn && flush_out(vm, b) < 0)
        return NULL;
    OuObj *o = ou_bytes_new(vm, NULL, n);
    ou_ssize r = o ? raw_read(vm, b, OU_BYTES(o)->data, (size_t)n) : -1;
    if (r == n)
        return o;
    OuObj *x = r == -1 ? NULL : ou_bytes_new(vm, OU_BYTES(o)->data, r == -2 ? 0 : r);
    ou_xdecref(vm, o);
    return x;
}

static OuObj *into(OuVM *vm, OuObj *const *args, bool once)
{
    OuBuffered *b = B(args[0]);
    OuBuffer v;
    if (check_init(vm, b) < 0 || check(vm, b, "readinto of closed file") < 0 ||
        ou_io_target(vm, once ? "readinto1" : "readinto", args[1], &v) < 0)
        return NULL;
    ou_ssize r = read_into(vm, b, v.buf, (size_t)v.len, once);
    ou_buffer_release(vm, &v);
    return r == -1 ? NULL : r == -2 ? ou_none(vm) : ou_int(vm, r);
}
OU_IO_M(do_readinto)
{
    return into(vm, args, false);
}
OU_IO_M(do_readinto1)
{
    return into(vm, args, true);
}

OU_IO_M(do_peek)
{
    OuBuffered *b = B(args[0]);
    ou_ssize n = 0;
    if (check_init(vm, b) < 0 || (args[1] && ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &n) < 0) ||
        check(vm, b, "peek of closed file") < 0)
        return NULL;
    if (b->end == b->pos && fill(vm, b) == -1)
        return NULL;
    return ou_bytes_new(vm, b->buf + b->pos, (ou_ssize)(b->end - b->pos));
}

static OuObj *read_line(OuVM *vm, OuBuffered *b, ou_ssize limit)
{
    OuByteBuf line = {.vm = vm};
    for (;;) {
        size_t have = b->end - b->pos,
               want = limit >= 0 && (size_t)limit - line.n < have ? (size_t)limit - line.n : have;
        char *p = b->buf + b->pos, *nl = want ? memchr(p, '\n', want) : NULL;
        if (nl)
            want = (size_t)(nl - p) + 1;
        b->pos += want;
        if (line.n == 0 && (nl || (limit >= 0 && want == (size_t)limit)))
            return ou_bytes_new(vm, p, (ou_ssize)want);
        if (ou_bytebuf_put(&line, p, want) < 0)
            break;
        if (nl || (limit >= 0 && line.n >= (size_t)limit))
            return ou_bytebuf_take(&line);
        ou_ssize r = fill(vm, b);
        if (r == -1)
            break;
        if (r == 0 || r == -2)
            return ou_bytebuf_take(&line);
    }
    ou_bytebuf_free(&line);
    return NULL;
}

OU_IO_M(do_readline)
{
    ou_ssize n;
    if (check_init(vm, B(args[0])) < 0 || ou_io_size(vm, args[1], &n) < 0 ||
        check(vm, B(args[0]), "readline of closed file") < 0)
        return NULL;
    return read_line(vm, B(args[0]), n);
}

static OuObj *buf_next(OuVM *vm, OuObj *o)
{
    OuObj *line;
    if (check_init(vm, B(o)) < 0)
        return NULL;
    if (OU_IO_IS(vm, o, ou_buffered_reader_spec) || OU_IO_IS(vm, o, ou_buffered_random_spec)) {
        if (check(vm, B(o), "readline of closed file") < 0 || enter(vm, o) < 0)
            return NULL;
        line = leave(o, read_line(vm, B(o), -1));
    } else {
        line = ou_call_method(vm, o, OU_NAME(vm, readline), 0);
        if (line && !ou_isa_bytes(vm, line)) {
            ou_raise(vm, OU_EXC(vm, OSError), "readline() should have returned a bytes object, not '%T'",
                     line);
            ou_clear(vm, line);
        }
    }
    if (line && OU_BYTES(line)->len == 0)
        ou_clear(vm, line);
    return line;
}

/* ---- writing
 * --------------------------------------------------------------------------------------------------- */
static int write_bytes(OuVM *vm, OuObj *o, const char *p, size_t n)
{
    OuBuffered *b = B(o);
    if (check(vm, b, "write to closed file") < 0)
        return -1;
    if ((b->end || b->pos) && rewind_in(vm, b) < 0)
        return -1;
    if (n <= b->size - b->wn) {
        memcpy(b->buf + b->wn, p, n);
        b->wn += n;
        return 0;
    }
    int r = drain(vm, b);
    if (r == -1)
        return -1;
    if (r == -2) { /* keep what fits */
        size_t room = b->size - b->wn, k = n < room ? n : room;
        memcpy(b->buf + b->wn, p, k);
        b->wn += k;
        return k == n ? 0 : blocked(vm, k);
    }
    size_t done = 0;
    while (n - done > b->size) {
        ou_ssize w = raw_write(vm, b, p + done, n - done);
        if (w == -1)
            return -1;
        if (w == -2) {
            memcpy(b->buf, p + done, b->size);
            b->wn = b->size;
            return blocked(vm, done + b->size);
        }
        done += (size_t)w;
        if (ou_poll(vm) < 0)
            return -1;
    }
    memcpy(b->buf, p + done, n - done);
    b->wn = n - done;
    return 0;
}

int ou_buffered_write(OuVM *vm, OuObj *o, const char *p, size_t n)
{
    if (enter(vm, o) < 0)
        return -1;
    int r = write_bytes(vm, o, p, n);
    leave(o, NULL);
    return r;
}

OU_IO_M(m_write)
{
    OuBuffered *b = B(args[0]);
    OuBuffer v;
    if (check_init(vm, b) < 0 || ou_buffer_get(vm, args[1], &v, OU_BUF_SIMPLE) < 0)
        return NULL;
    int r = ou_buffered_write(vm, args[0], v.buf, (size_t)v.len);
    ou_ssize n = v.len;
    ou_buffer_release(vm, &v);
    return r < 0 ? NULL : ou_int(vm, n);
}

#define GUARDED(name)                                                                               \
    OU_IO_M(m_##name)                                                                               \
    {                                                                                               \
        return enter(vm, args[0]) < 0 ? NULL : leave(args[0], do_##name(vm, args, nargs, kwnames)); \
    }
GUARDED(flush)
GUARDED(tell)
GUARDED(seek)
GUARDED(truncate)
GUARDED(read)
/* clang-format off */
GUARDED(read1) GUARDED(readinto) GUARDED(readinto1) GUARDED(peek) GUARDED(readline)
    /* clang-format on */

    OU_IO_M(m_sizeof)
{
    return ou_int(vm, (int64_t)(sizeof(OuBuffered) + (B(args[0])->buf ? B(args[0])->size : 0)));
}

/* ---- the types
 * ---------------------------------------------------------------------------------------------------- */
#define SHARED                                                                                               \
    {"detach(self, /)", m_detach, 0, NULL}, {"close(self, /)", m_close, 0, NULL},                            \
        {"seekable(self, /)", m_seekable, 0, NULL}, {"fileno(self, /)", m_fileno, 0, NULL},                  \
        {"isatty(self, /)", m_isatty, 0, NULL}, {"_dealloc_warn(self, source, /)", m_dealloc_warn, 0, NULL}, \
        {"tell(self, /)", m_tell, 0, NULL}, {"seek(self, target, whence=0, /)", m_seek, 0, NULL},            \
        {"truncate(self, pos=None, /)", m_truncate, 0, NULL}, {"__sizeof__(self, /)", m_sizeof, 0, NULL},    \
        {"__reduce__(...)", ou_io_no_pickle, 0, NULL},                                                       \
    {                                                                                                        \
        "__reduce_ex__(...)", ou_io_no_pickle, 0, NULL                                                       \
    }
#define READING                                                                                 \
    {"read(self, size=-1, /)", m_read, 0, NULL}, {"read1(self, size=-1, /)", m_read1, 0, NULL}, \
        {"readinto(self, buffer, /)", m_readinto, 0, NULL},                                     \
        {"readinto1(self, buffer, /)", m_readinto1, 0, NULL},                                   \
        {"readline(self, size=-1, /)", m_readline, 0, NULL},                                    \
    {                                                                                           \
        "peek(self, size=0, /)", m_peek, 0, NULL                                                \
    }

static const OuFn reader_methods[] = {SHARED,
                                      READING,
                                      {"readable(self, /)", m_readable, 0, NULL},
                                      {"flush(self, /)", m_simple_flush, 0, NULL},
                                      {0}};
static const OuFn writer_methods[] = {SHARED,
                                      {"writable(self, /)", m_writable, 0, NULL},
                                      {"write(self, buffer, /)", m_write, 0, NULL},
                                      {"flush(self, /)", m_flush, 0, NULL},
                                      {0}};
static const OuFn random_methods[] = {SHARED,
                                      READING,
                                      {"readable(self, /)", m_readable, 0, NULL},
                                      {"writable(self, /)", m_writable, 0, NULL},
                                      {"write(self, buffer, /)", m_write, 0, NULL},
                                      {"flush(self, /)", m_flush, 0, NULL},
                                      {0}};
static const OuGetSet getset[] = {{"closed", get_closed, NULL, NULL, NULL},
                                  {"name", get_name, NULL, NULL, NULL},
                                  {"mode", get_mode, NULL, NULL, NULL},
                                  {0}};
static const OuMember members[] = {
    {"raw", OU_MEMBER_OBJ, offsetof(OuBuffered, raw), true, NULL},
    {"_finalizing", OU_MEMBER_BOOL, offsetof(OuBuffered, finalizing), false, NULL},
    {0}};

#define BUFFERED(title, text, init_fn, rows)                                                                 \
    {                                                                                                        \
        .name = title, .size = sizeof(OuBuffered), .flags = OU_IO_TYPE_FLAGS,                                \
        .dict_off = offsetof(OuBuffered, dict), .doc = text, .dealloc = buf_dealloc,                         \
        .traverse = buf_traverse, .clear = buf_clear, .methods = rows, .getset = getset, .members = members, \
        .s = {                                                                                               \
            .repr = buf_repr,                                                                                \
            .new_ = buf_new,                                                                                 \
            .init = init_fn,                                                                                 \
            .next = buf_next,                                                                                \
            .finalize = ou_io_finalize                                                                       \
        }                                                                                                    \
    }
const OuTypeSpec ou_buffered_reader_spec =
    BUFFERED("_io.BufferedReader",
             "BufferedReader(raw, buffer_size=8192)\n--\n\nCreate a new buffered reader using the given "
             "readable raw IO object.",
             reader_init, reader_methods);
const OuTypeSpec ou_buffered_writer_spec =
    BUFFERED("_io.BufferedWriter",
             "BufferedWriter(raw, buffer_size=8192)\n--\n\nA buffer for a writeable sequential RawIO object.",
             writer_init, writer_methods);
const OuTypeSpec ou_buffered_random_spec =
    BUFFERED("_io.BufferedRandom",
             "BufferedRandom(raw, buffer_size=8192)\n--\n\nA buffered interface to random access streams.",
             random_init, random_methods);
