/* stdlib/io/fileio.c - FileIO: a file descriptor. */
#include "io.h"
#include "vm/threads.h"
#include "vm/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct OuFileIO {
    OU_IO_HEAD
    int fd; /* -1: closed */
    bool created, readable, writable, appending, closefd, finalizing, has_fd;
    int8_t seekable; /* -1: not known */
    uint32_t blksize;
} OuFileIO;
#define F(o) ((OuFileIO *)(o))

bool ou_fileio_closed(OuObj *f)
{
    return F(f)->fd < 0;
}
int ou_fileio_fd(OuObj *f)
{
    return F(f)->fd;
}

static OuObj *file_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *o = ou_io_alloc(vm, type, sizeof(OuFileIO));
    if (o) {
        F(o)->fd = -1;
        F(o)->seekable = -1;
        F(o)->closefd = true;
    }
    return o;
}

static int close_fd(OuVM *vm, OuFileIO *f)
{
    int fd = f->fd;
    f->fd = -1;
    if (fd >= 0 && close(fd) < 0 && errno != EINTR) {
        ou_raise_errno(vm, errno, NULL);
        return -1;
    }
    return 0;
}

/* "rb+", "w", ...: flags of open(2). */
static int parse_mode(OuVM *vm, OuFileIO *f, const char *mode)
{
    int flags = 0;
    bool rwa = false, plus = false, bad = false;
    for (const char *p = mode; *p; p++) {
        switch (*p) {
        case 'x':
            bad |= rwa;
            rwa = true;
            f->created = f->writable = true;
            flags |= O_EXCL | O_CREAT;
            break;
        case 'r':
            bad |= rwa;
            rwa = true;
            f->readable = true;
            break;
        case 'w':
            bad |= rwa;
            rwa = true;
            f->writable = true;
            flags |= O_CREAT | O_TRUNC;
            break;
        case 'a':
            bad |= rwa;
            rwa = true;
            f->writable = f->appending = true;
            flags |= O_APPEND | O_CREAT;
            break;
        case 'b':
            break;
        case '+':
            bad |= plus;
            f->readable = f->writable = plus = true;
            break;
        default:
            return ou_value_error_i(vm, "invalid mode: %s", mode);
        }
    }
    if (bad || !rwa)
        return ou_value_error_i(
            vm, "Must have exactly one of create/read/write/append mode and at most one plus");
    flags |= f->readable && f->writable ? O_RDWR : f->readable ? O_RDONLY : O_WRONLY;
    return flags | O_CLOEXEC;
}

static int open_path(OuVM *vm, OuFileIO *f, OuObj *name, int flags, OuObj *opener)
{
    if (opener && opener != OU_NONE(vm)) {
        OuObj *fl = ou_int(vm, flags), *r = fl ? ou_call2(vm, opener, name, fl) : NULL;
        ou_xdecref(vm, fl);
        if (!r)
            return -1;
        if (!ou_isa_int(vm, r)) {
            ou_decref(vm, r);
            return ou_type_error_i(vm, "expected integer from opener");
        }
        int e = ou_as_int(vm, r, &f->fd);
        ou_decref(vm, r);
        if (e < 0)
            return -1;
        if (f->fd < 0)
            return ou_value_error_i(vm, "opener returned %d", f->fd);
        return fcntl(f->fd, F_SETFD, FD_CLOEXEC) < 0 ? (ou_raise_errno(vm, errno, NULL), -1) : 0;
    }
    OuObj *path;
    if (ou_fs_path(vm, name, &path) < 0)
        return -1;
    while ((f->fd = open(OU_BYTES(path)->data, flags, 0666)) < 0 && errno == EINTR) {
        if (ou_poll(vm) < 0) {
            ou_decref(vm, path);
            return -1;
        }
    }
    int e = errno;
    ou_decref(vm, path);
    if (f->fd < 0) {
        ou_raise_errno(vm, e, name);
        return -1;
    }
    return 0;
}

static int file_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuFileIO *f = F(self);
    OuObj *a[4];
    if (ou_args_bind(vm, "FileIO(file, mode='r', closefd=True, opener=None)", args, nargs, kwnames, a) < 0)
        return -1;
    if (f->fd >= 0 && (f->closefd ? close_fd(vm, f) : (f->fd = -1, 0)) < 0)
        return -1;
    f->created = f->readable = f->writable = f->appending = false;
    f->seekable = -1;
    if (ou_is(a[0], float))
        return ou_type_error_i(vm, "integer argument expected, got float");
    OuUtf8 mode = {.s = "r"};
    if (a[1] && !ou_isa_str(vm, a[1]))
        return ou_type_error_i(vm, "FileIO() argument 'mode' must be str, not %s",
                               ou_arg_type_name(vm, a[1]));
    if (a[1] && ou_str_utf8(vm, a[1], &mode, false) < 0)
        return -1;
    int flags = parse_mode(vm, f, mode.s), closefd = a[2] ? ou_is_true(vm, a[2]) : 1;
    int refused = flags < 0 ? 0 : ou_audit(vm, "open", "Osi", a[0], mode.s, flags);
    ou_utf8_free(vm, &mode);
    if (refused < 0)
        return -1;
    if (flags < 0 || closefd < 0)
        return -1;
    int fd = -1;
    if (ou_isa_int(vm, a[0])) {
        if (ou_as_int(vm, a[0], &fd) < 0)
            return -1;
        if (fd < 0)
            return ou_value_error_i(vm, "negative file descriptor");
    }
    if (fd < 0 && !closefd)
        return ou_value_error_i(vm, "Cannot use closefd=False with file name");
    f->closefd = closefd;
    bool own = fd < 0;
    if (own ? open_path(vm, f, a[0], flags, a[3]) < 0 : (f->fd = fd, false))
        goto fail;
    struct stat st;
    if (fstat(f->fd, &st) < 0) {
        if (errno == EBADF) { /* never close what is not ours */
            f->fd = -1;
            ou_raise_errno(vm, EBADF, own ? a[0] : NULL);
            return -1;
        }
        st.st_mode = 0;
        st.st_blksize = OU_IO_CHUNK;
    }
    if (S_ISDIR(st.st_mode)) {
        ou_raise_errno(vm, EISDIR, a[0]);
        goto fail;
    }
    f->blksize = st.st_blksize > 1 ? (uint32_t)st.st_blksize : OU_IO_CHUNK;
    if (ou_setattr_s(vm, self, "name", a[0]) < 0)
        goto fail;
    if (f->appending && lseek(f->fd, 0, SEEK_END) < 0 && errno != ESPIPE) {
        ou_raise_errno(vm, errno, NULL);
        goto fail;
    }
    return 0;
fail:
    if (!own)
        f->fd = -1; /* the caller's descriptor stays open */
    else if (f->fd >= 0) {
        OuObj *exc = ou_err_fetch(vm);
        close_fd(vm, f);
        ou_err_clear(vm);
        ou_err_restore(vm, exc);
    }
    return -1;
}

static void file_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    ou_clear(vm, F(o)->dict);
    ou_free_object(vm, o);
}

static int file_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(F(o)->dict);
    return 0;
}

static void file_clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, F(o)->dict);
}

static int check(OuVM *vm, OuFileIO *f)
{
    return f->fd >= 0 ? 0 : ou_value_error_i(vm, "I/O operation on closed file");
}
static int check_mode(OuVM *vm, OuFileIO *f, bool ok, const char *action)
{
    if (check(vm, f) < 0)
        return -1;
    if (ok)
        return 0;
    char msg[64] = "File not open for ";
    ou_io_unsupported(vm, strcat(msg, action));
    return -1;
}

/* ---- direct calls ------------------------------------------------------------------------------ */
/* After a failed read or write: 0 once more (a signal came), -1 exception, -2 it would block. */
static int failed(OuVM *vm)
{
    if (errno == EAGAIN)
        return -2;
    if (errno == EINTR)
        return ou_poll(vm);
    ou_raise_errno(vm, errno, NULL);
    return -1;
}

ou_ssize ou_fileio_read(OuVM *vm, OuObj *o, char *p, size_t n)
{
    OuFileIO *f = F(o);
    if (check_mode(vm, f, f->readable, "reading") < 0)
        return -1;
    for (;;) {
        ssize_t r;
        OU_BLOCKING(vm, r = read(f->fd, p, n > 0x7ffff000 ? 0x7ffff000 : n));
        if (r >= 0)
            return r;
        if ((r = failed(vm)) < 0)
            return r;
    }
}

ou_ssize ou_fileio_write(OuVM *vm, OuObj *o, const char *p, size_t n)
{
    OuFileIO *f = F(o);
    if (check_mode(vm, f, f->writable, "writing") < 0)
        return -1;
    for (;;) {
        ssize_t r;
        OU_BLOCKING(vm, r = write(f->fd, p, n > 0x7ffff000 ? 0x7ffff000 : n));
        if (r >= 0) /* a short count may come of a signal: its handler runs now */
            return (size_t)r < n && ou_poll(vm) < 0 ? -1 : r;
        if ((r = failed(vm)) < 0)
            return r;
    }
}

int64_t ou_fileio_seek(OuVM *vm, OuObj *o, int64_t off, int whence)
{
    OuFileIO *f = F(o);
    if (check(vm, f) < 0)
        return -1;
    off_t r = lseek(f->fd, off, whence);
    if (r < 0) {
        f->seekable = f->seekable < 0 ? 0 : f->seekable;
        ou_raise_errno(vm, errno, NULL);
        return -1;
    }
    f->seekable = 1;
    return r;
}

/* ---- methods ------------------------------------------------------------------------------------- */
OU_IO_M(m_readall)
{
    OuFileIO *f = F(args[0]);
    struct stat st;
    size_t guess = OU_IO_CHUNK;
    if (check(vm, f) < 0)
        return NULL;
    off_t pos = lseek(f->fd, 0, SEEK_CUR);
    if (pos >= 0 && fstat(f->fd, &st) == 0 && st.st_size >= pos)
        guess = (size_t)(st.st_size - pos) + 1; /* one more shows the end at once */
    OuByteBuf b = {.vm = vm};
    for (;;) {
        if (b.cap - b.n < guess) {
            char *p = ou_realloc(vm, b.p, b.cap, b.n + guess);
            if (!p)
                break;
            b.p = p;
            b.cap = b.n + guess;
        }
        ou_ssize r = ou_fileio_read(vm, args[0], b.p + b.n, b.cap - b.n);
        if (r == 0 || (r == -2 && b.n))
            return ou_bytebuf_take(&b);
        if (r < 0) {
            ou_bytebuf_free(&b);
            return r == -2 ? ou_none(vm) : NULL;
        }
        b.n += (size_t)r;
        guess = b.n > (1u << 16) ? b.n / 4 : OU_IO_CHUNK;
        if (b.n < b.cap)
            guess = b.cap - b.n;
    }
    ou_bytebuf_free(&b);
    return NULL;
}

OU_IO_M(m_read)
{
    ou_ssize n;
    OuFileIO *f = F(args[0]);
    if (check_mode(vm, f, f->readable, "reading") < 0 || ou_io_size(vm, args[1], &n) < 0)
        return NULL;
    if (n < 0)
        return m_readall(vm, args, 1, NULL);
    OuObj *b = ou_bytes_new(vm, NULL, n);
    ou_ssize r = b ? ou_fileio_read(vm, args[0], OU_BYTES(b)->data, (size_t)n) : -1;
    if (r == n)
        return b;
    OuObj *out = r == -2 ? ou_none(vm) : r < 0 ? NULL : ou_bytes_new(vm, OU_BYTES(b)->data, r);
    ou_xdecref(vm, b);
    return out;
}

OU_IO_M(m_readinto)
{
    OuBuffer v;
    OuFileIO *f = F(args[0]);
    if (check_mode(vm, f, f->readable, "reading") < 0 || ou_io_target(vm, "readinto", args[1], &v) < 0)
        return NULL;
    ou_ssize r = ou_fileio_read(vm, args[0], v.buf, (size_t)v.len);
    ou_buffer_release(vm, &v);
    return r == -2 ? ou_none(vm) : r < 0 ? NULL : ou_int(vm, r);
}

OU_IO_M(m_write)
{
    OuBuffer v;
    OuFileIO *f = F(args[0]);
    if (check_mode(vm, f, f->writable, "writing") < 0 || ou_buffer_get(vm, args[1], &v, OU_BUF_SIMPLE) < 0)
        return NULL;
    ou_ssize r = ou_fileio_write(vm, args[0], v.buf, (size_t)v.len);
    ou_buffer_release(vm, &v);
    return r == -2 ? ou_none(vm) : r < 0 ? NULL : ou_int(vm, r);
}

OU_IO_M(m_seek)
{
    int whence = 0;
    int64_t off;
    if (check(vm, F(args[0])) < 0 || ou_io_offset(vm, args[1], &off) < 0 ||
        (args[2] && ou_as_int(vm, args[2], &whence) < 0))
        return NULL;
    int64_t r = ou_fileio_seek(vm, args[0], off, whence);
    return r < 0 ? NULL : ou_int(vm, r);
}

OU_IO_M(m_tell)
{
    int64_t r = ou_fileio_seek(vm, args[0], 0, SEEK_CUR);
    return r < 0 ? NULL : ou_int(vm, r);
}

OU_IO_M(m_truncate)
{
    OuFileIO *f = F(args[0]);
    int64_t n;
    if (check_mode(vm, f, f->writable, "writing") < 0)
        return NULL;
    if (!args[1] || args[1] == OU_NONE(vm)) {
        if ((n = ou_fileio_seek(vm, args[0], 0, SEEK_CUR)) < 0)
            return NULL;
    } else if (ou_io_offset(vm, args[1], &n) < 0) {
        return NULL;
    }
    if (ftruncate(f->fd, n) < 0)
        return ou_raise_errno(vm, errno, NULL);
    return ou_int(vm, n);
}

OU_IO_M(m_close)
{
    OuFileIO *f = F(args[0]);
    OuIoState *st = ou_io_state(vm);
    OuObj *base = ou_getattr_s(vm, (OuObj *)st->rawiobase, "close"),
          *r = base ? ou_call1(vm, base, args[0]) : NULL;
    ou_xdecref(vm, base);
    if (!f->closefd) {
        f->fd = -1;
        return r;
    }
    OuObj *exc = r ? NULL : ou_err_fetch(vm);
    if (f->finalizing && f->fd >= 0) {
        OuObj *w = ou_io_call(vm, args[0], "_dealloc_warn", 1, args[0]);
        ou_xdecref(vm, w);
        ou_err_clear(vm);
    }
    int e = close_fd(vm, f);
    if (exc) {
        ou_err_clear(vm);
        ou_err_restore(vm, exc);
    }
    if (e < 0)
        ou_clear(vm, r);
    return r;
}

OU_IO_M(m_seekable)
{
    OuFileIO *f = F(args[0]);
    if (check(vm, f) < 0)
        return NULL;
    if (f->seekable < 0)
        f->seekable = lseek(f->fd, 0, SEEK_CUR) >= 0;
    return ou_bool(vm, f->seekable);
}
OU_IO_M(m_readable)
{
    return check(vm, F(args[0])) < 0 ? NULL : ou_bool(vm, F(args[0])->readable);
}
OU_IO_M(m_writable)
{
    return check(vm, F(args[0])) < 0 ? NULL : ou_bool(vm, F(args[0])->writable);
}
OU_IO_M(m_fileno)
{
    return check(vm, F(args[0])) < 0 ? NULL : ou_int(vm, F(args[0])->fd);
}
OU_IO_M(m_isatty)
{
    return check(vm, F(args[0])) < 0 ? NULL : ou_bool(vm, isatty(F(args[0])->fd));
}

OU_IO_M(m_dealloc_warn)
{
    if (F(args[0])->fd >= 0 && F(args[0])->closefd &&
        ou_warn_source(vm, OU_EXC(vm, ResourceWarning), args[1], "unclosed file %R", args[1]) < 0) {
        if (ou_err_is(vm, OU_EXC(vm, Warning)))
            ou_err_unraisable(vm, args[0], NULL);
    }
    ou_err_clear(vm);
    return ou_none(vm);
}

static const char *mode_of(OuFileIO *f)
{
    if (f->created)
        return f->readable ? "xb+" : "xb";
    if (f->appending)
        return f->readable ? "ab+" : "ab";
    return f->readable ? f->writable ? "rb+" : "rb" : "wb";
}

static OuObj *file_repr(OuVM *vm, OuObj *o)
{
    OuFileIO *f = F(o);
    const char *title = OU_TYPE_OF(vm, o)->name;
    OuObj *name, *key;
    if (f->fd < 0)
        return ou_str_fmt(vm, "<_io.FileIO [closed]>");
    if (!(key = ou_str_intern_s(vm, "name")))
        return NULL;
    int found = ou_lookup_attr(vm, o, key, &name);
    ou_decref(vm, key);
    if (found < 0)
        return NULL;
    if (!found)
        return ou_str_fmt(vm, "<_io.FileIO fd=%d mode='%s' closefd=%s>", f->fd, mode_of(f),
                          f->closefd ? "True" : "False");
    OuObj *r = NULL;
    int e = ou_repr_enter(vm, o);
    if (e > 0)
        ou_raise(vm, OU_EXC(vm, RuntimeError), "reentrant call inside %s.__repr__", title);
    else if (e == 0) {
        r = ou_str_fmt(vm, "<_io.FileIO name=%R mode='%s' closefd=%s>", name, mode_of(f),
                       f->closefd ? "True" : "False");
        ou_repr_leave(vm, o);
    }
    ou_decref(vm, name);
    return r;
}

static OuObj *get_closed(OuVM *vm, OuObj *self, void *data)
{
    return ou_bool(vm, F(self)->fd < 0);
}
static OuObj *get_closefd(OuVM *vm, OuObj *self, void *data)
{
    return ou_bool(vm, F(self)->closefd);
}
static OuObj *get_mode(OuVM *vm, OuObj *self, void *data)
{
    return ou_str_new(vm, mode_of(F(self)), -1);
}
static const OuGetSet getset[] = {
    {"closed", get_closed, NULL, "True if the file is closed", NULL},
    {"closefd", get_closefd, NULL, "True if the file descriptor will be closed by close().", NULL},
    {"mode", get_mode, NULL, "String giving the file mode", NULL},
    {0}};
static const OuMember members[] = {
    {"_blksize", OU_MEMBER_UINT, offsetof(OuFileIO, blksize), false, NULL},
    {"_finalizing", OU_MEMBER_BOOL, offsetof(OuFileIO, finalizing), false, NULL},
    {0}};
static const OuFn methods[] = {
    {"read(self, size=-1, /)", m_read, 0, "Read at most size bytes, returned as bytes."},
    {"readall(self, /)", m_readall, 0, "Read all data from the file, returned as bytes."},
    {"readinto(self, buffer, /)", m_readinto, 0, "Same as RawIOBase.readinto()."},
    {"write(self, b, /)", m_write, 0, "Write buffer b to file, return number of bytes written."},
    {"seek(self, pos, whence=0, /)", m_seek, 0, "Move to new file position and return the file position."},
    {"tell(self, /)", m_tell, 0, "Current file position."},
    {"truncate(self, size=None, /)", m_truncate, 0,
     "Truncate the file to at most size bytes and return the truncated size."},
    {"close(self, /)", m_close, 0, "Close the file."},
    {"seekable(self, /)", m_seekable, 0, "True if file supports random-access."},
    {"readable(self, /)", m_readable, 0, "True if file was opened in a read mode."},
    {"writable(self, /)", m_writable, 0, "True if file was opened in a write mode."},
    {"fileno(self, /)", m_fileno, 0, "Return the underlying file descriptor (an integer)."},
    {"isatty(self, /)", m_isatty, 0, "True if the file is connected to a TTY device."},
    {"_dealloc_warn(self, source, /)", m_dealloc_warn, 0, NULL},
    {"__reduce__(...)", ou_io_no_pickle, 0, NULL},
    {"__reduce_ex__(...)", ou_io_no_pickle, 0, NULL},
    {0},
};

const OuTypeSpec ou_fileio_spec = {
    .name = "_io.FileIO",
    .size = sizeof(OuFileIO),
    .flags = OU_IO_TYPE_FLAGS,
    .dict_off = offsetof(OuFileIO, dict),
    .doc = "FileIO(file, mode='r', closefd=True, opener=None)\n--\n\nOpen a file.",
    .dealloc = file_dealloc,
    .traverse = file_traverse,
    .clear = file_clear,
    .s = {.repr = file_repr, .new_ = file_new, .init = file_init, .finalize = ou_io_finalize},
    .methods = methods,
    .getset = getset,
    .members = members,
};
