/* stdlib/io/buffered.c - BufferedReader, BufferedWriter, BufferedRandom: one struct, three sets of methods; see buffered.h. */
#include <stdio.h>
#include <unistd.h>

#include "buffered.h"

int ou_buffered_check_init(OuVM *vm, OuBuffered *b)
{
    if (b->ok)
        return 0;
    return ou_value_error_i(vm, b->detached ? "raw stream has been detached"
                                            : "I/O operation on uninitialized object");
}

static int is_closed(OuVM *vm, OuBuffered *b)
{
    int c = b->direct ? ou_fileio_closed(b->raw) : ou_io_is_closed(vm, b->raw);
    return c || b->buf ? c : 1; /* a raw stream may deny that it is closed */
}

int ou_buffered_is_closed(OuVM *vm, OuObj *o)
{
    const OuTypeSpec *spec = OU_TYPE_OF(vm, o)->spec;
    bool exact = spec == &ou_buffered_reader_spec || spec == &ou_buffered_writer_spec ||
                 spec == &ou_buffered_random_spec;
    return exact && B(o)->ok && B(o)->direct ? ou_fileio_closed(B(o)->raw) : ou_io_is_closed(vm, o);
}

int ou_buffered_check(OuVM *vm, OuBuffered *b, const char *msg)
{
    if (ou_buffered_check_init(vm, b) < 0)
        return -1;
    int c = is_closed(vm, b);
    return c > 0 ? ou_value_error_i(vm, "%s", msg) : c;
}

int ou_buffered_enter(OuVM *vm, OuObj *o)
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
/* The raw stream and the buffer may not be exchanged while a method uses them. */
static int inside(OuVM *vm, OuObj *o)
{
    return B(o)->owner ? ou_raise_i(vm, OU_EXC(vm, RuntimeError), "reentrant call inside %R", o) : 0;
}
OuObj *ou_buffered_leave(OuObj *o, OuObj *result)
{
    B(o)->owner = NULL;
    return result;
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
    char *p = inside(vm, self) < 0 ? NULL : ou_alloc(vm, (size_t)size);
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
    if (!b->direct && ou_buffered_raw_tell(vm, b) < 0)
        ou_err_clear(vm);
    return 0;
}

static int init_common(OuVM *vm, OuObj *self, const char *sig, bool r, bool w, OuObj *const *args,
                       size_t nargs, OuObj *kwnames)
{
    OuObj *a[2];
    if (inside(vm, self) < 0)
        return -1;
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
#define PASS(name)                                                                                     \
    OU_IO_M(m_##name)                                                                                  \
    {                                                                                                  \
        return ou_buffered_check_init(vm, B(args[0])) < 0 ? NULL                                       \
                                                          : ou_io_call(vm, B(args[0])->raw, #name, 0); \
    }
PASS(seekable)
PASS(readable)
PASS(writable)
PASS(fileno)
PASS(isatty)

static OuObj *get_closed(OuVM *vm, OuObj *self, void *data)
{
    return ou_buffered_check_init(vm, B(self)) < 0 ? NULL : ou_io_attr(vm, B(self)->raw, "closed");
}
static OuObj *get_name(OuVM *vm, OuObj *self, void *data)
{
    return ou_buffered_check_init(vm, B(self)) < 0 ? NULL : ou_io_attr(vm, B(self)->raw, "name");
}
static OuObj *get_mode(OuVM *vm, OuObj *self, void *data)
{
    return ou_buffered_check_init(vm, B(self)) < 0 ? NULL : ou_io_attr(vm, B(self)->raw, "mode");
}
static OuObj *buf_repr(OuVM *vm, OuObj *o)
{
    return ou_io_repr(vm, o, "");
}

OU_IO_M(m_simple_flush)
{
    return ou_buffered_check_init(vm, B(args[0])) < 0
               ? NULL
               : ou_io_method(vm, B(args[0])->raw, OU_NAME(vm, flush), 0);
}

OU_IO_M(do_flush)
{
    OuBuffered *b = B(args[0]);
    if (ou_buffered_check(vm, b, "flush of closed file") < 0 || ou_buffered_flush_out(vm, b) < 0 ||
        (b->readable && ou_buffered_rewind_in(vm, b) < 0))
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
    int c = ou_buffered_check_init(vm, b) < 0 ? -1 : is_closed(vm, b);
    if (c)
        return c < 0 ? NULL : ou_none(vm);
    if (b->finalizing) {
        OuObj *w = ou_io_call(vm, b->raw, "_dealloc_warn", 1, args[0]);
        ou_xdecref(vm, w);
        ou_err_clear(vm);
    }
    OuObj *f = ou_call_method(vm, args[0], OU_NAME(vm, flush), 0), *exc = f ? NULL : ou_err_fetch(vm);
    ou_xdecref(vm, f);
    OuObj *r = ou_buffered_enter(vm, args[0]) < 0
                   ? NULL
                   : ou_buffered_leave(args[0], ou_io_method(vm, b->raw, OU_NAME(vm, close), 0));
    if (b->buf && r && !b->owner) {
        ou_free(vm, b->buf, b->size);
        b->buf = NULL;
        b->size = 0;
        b->pos = b->end = b->wn = 0;
    }
    return ou_io_close_result(vm, exc, r);
}

OU_IO_M(m_detach)
{
    OuBuffered *b = B(args[0]);
    if (ou_buffered_check_init(vm, b) < 0)
        return NULL;
    OuObj *r = ou_call_method(vm, args[0], OU_NAME(vm, flush), 0);
    if (!r)
        return NULL;
    ou_decref(vm, r);
    if (ou_buffered_check_init(vm, b) < 0 || inside(vm, args[0]) < 0) /* flush() may have run code */
        return NULL;
    r = b->raw;
    b->raw = NULL;
    b->ok = false;
    b->detached = true;
    return r;
}

/* ---- place ---- */
OU_IO_M(do_tell)
{
    OuBuffered *b = B(args[0]);
    if (ou_buffered_check_init(vm, b) < 0)
        return NULL;
    int64_t p = ou_buffered_raw_tell(vm, b);
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
    if (ou_buffered_check_init(vm, b) < 0 || (args[2] && ou_as_int(vm, args[2], &whence) < 0))
        return NULL;
    if (whence < 0 || whence > 4)
        return ou_value_error(vm, "whence value %d unsupported", whence);
    if (ou_buffered_check(vm, b, "seek of closed file") < 0 || ou_io_require(vm, b->raw, "seekable") < 0 ||
        ou_io_offset(vm, args[1], &off) < 0)
        return NULL;
    if (b->end > b->pos && whence <= 1) { /* inside the data read ahead? */
        int64_t raw = b->raw_pos >= 0 ? b->raw_pos : ou_buffered_raw_tell(vm, b),
                here = raw - (int64_t)(b->end - b->pos);
        int64_t delta = whence ? off : off - here;
        if (raw < 0)
            return NULL;
        if (delta >= -(int64_t)b->pos && delta <= (int64_t)(b->end - b->pos)) {
            b->pos = (size_t)((int64_t)b->pos + delta);
            return ou_int(vm, here + delta);
        }
    }
    if (ou_buffered_flush_out(vm, b) < 0)
        return NULL;
    if (whence == 1)
        off -= (int64_t)(b->end - b->pos);
    int64_t r = ou_buffered_raw_seek(vm, b, off, whence);
    if (r < 0)
        return NULL;
    b->pos = b->end = 0;
    return ou_int(vm, r);
}

OU_IO_M(do_truncate)
{
    OuBuffered *b = B(args[0]);
    if (ou_buffered_check(vm, b, "truncate of closed file") < 0)
        return NULL;
    if (!b->writable)
        return ou_io_unsupported(vm, "truncate");
    if (ou_buffered_flush_out(vm, b) < 0 || ou_buffered_rewind_in(vm, b) < 0)
        return NULL;
    OuObj *pos = args[1] && args[1] != OU_NONE(vm) ? ou_ref(args[1]) : do_tell(vm, args, 1, NULL);
    OuObj *r = pos ? ou_io_call(vm, b->raw, "truncate", 1, pos) : NULL;
    ou_xdecref(vm, pos);
    if (r && ou_buffered_raw_tell(vm, b) < 0)
        ou_err_clear(vm);
    return r;
}

/* clang-format off */
#define GUARDED(name) OU_BUFFERED_GUARDED(static, m_##name, do_##name)
GUARDED(flush) GUARDED(tell) GUARDED(seek) GUARDED(truncate)
    /* clang-format on */

    OU_IO_M(m_sizeof)
{
    return ou_int(vm, (int64_t)(sizeof(OuBuffered) + (B(args[0])->buf ? B(args[0])->size : 0)));
}

/* ---- the types ---- */
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
#define READING                                                           \
    {"read(self, size=-1, /)", ou_buffered_m_read, 0, NULL},              \
        {"read1(self, size=-1, /)", ou_buffered_m_read1, 0, NULL},        \
        {"readinto(self, buffer, /)", ou_buffered_m_readinto, 0, NULL},   \
        {"readinto1(self, buffer, /)", ou_buffered_m_readinto1, 0, NULL}, \
        {"readline(self, size=-1, /)", ou_buffered_m_readline, 0, NULL},  \
    {                                                                     \
        "peek(self, size=0, /)", ou_buffered_m_peek, 0, NULL              \
    }

static const OuFn reader_methods[] = {SHARED,
                                      READING,
                                      {"readable(self, /)", m_readable, 0, NULL},
                                      {"flush(self, /)", m_simple_flush, 0, NULL},
                                      {0}};
static const OuFn writer_methods[] = {SHARED,
                                      {"writable(self, /)", m_writable, 0, NULL},
                                      {"write(self, buffer, /)", ou_buffered_m_write, 0, NULL},
                                      {"flush(self, /)", m_flush, 0, NULL},
                                      {0}};
static const OuFn random_methods[] = {SHARED,
                                      READING,
                                      {"readable(self, /)", m_readable, 0, NULL},
                                      {"writable(self, /)", m_writable, 0, NULL},
                                      {"write(self, buffer, /)", ou_buffered_m_write, 0, NULL},
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
            .next = ou_buffered_next,                                                                        \
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
