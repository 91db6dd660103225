/* stdlib/fcntl.c - module fcntl: fcntl(), ioctl(), flock(), lockf(). */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "stdlib/posix/posix.h"
#include "support.h"
#include "vm/buffer.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
enum { BUFSZ = 1024 };

/* Signals that come in between: their handlers run, then the call is made again (PEP 475). 0/-1 */
static int again(OuVM *vm, int r)
{
    return r < 0 && errno == EINTR && ou_poll_slow(vm) == 0;
}

static OuObj *failed(OuVM *vm)
{
    return ou_err_occurred(vm) ? NULL : ou_raise_errno(vm, errno, NULL);
}

static int fd_arg(OuVM *vm, OuObj *o, int *fd)
{
    if (ou_posix_fd(vm, o, fd) < 0)
        return -1;
    return *fd < 0 ? ou_value_error_i(vm, "file descriptor cannot be a negative integer (%i)", *fd) : 0;
}

/* An int argument as the C int of its low 32 bits (requests of ioctl have the sign bit). */
static int masked(OuVM *vm, OuObj *o, unsigned *out)
{
    OuObj *i = ou_index(vm, o);
    int64_t v;
    if (!i)
        return -1;
    bool ok = ou_int_fits(i, &v);
    ou_decref(vm, i);
    if (!ok)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "Python int too large to convert to C long");
    *out = (unsigned)v;
    return 0;
}

/* A str or bytes-like argument copied into buf: 1, 0 not one, -1. */
static int bytes_argument(OuVM *vm, OuObj *o, char *buf, size_t *n, const char *fn)
{
    if (ou_isa_str(vm, o)) {
        OuUtf8 u;
        if (ou_str_utf8(vm, o, &u, false) < 0)
            return -1;
        *n = u.n;
        if (u.n <= BUFSZ)
            memcpy(buf, u.s, u.n);
        ou_utf8_free(vm, &u);
    } else if (ou_has_buffer(vm, o)) {
        OuBuffer v;
        if (ou_buffer_get(vm, o, &v, OU_BUF_SIMPLE) < 0)
            return -1;
        *n = (size_t)v.len;
        if (*n <= BUFSZ)
            memcpy(buf, v.buf, *n);
        ou_buffer_release(vm, &v);
    } else {
        return 0;
    }
    if (*n > BUFSZ)
        return ou_value_error_i(vm, fn[0] == 'f' ? "fcntl string arg too long" : "ioctl string arg too long");
    buf[*n] = 0;
    return 1;
}

FN(fcntl_fcntl)
{
    int fd, cmd, r;
    unsigned v = 0;
    size_t n;
    char buf[BUFSZ + 1];
    if (fd_arg(vm, args[0], &fd) < 0 || ou_as_int(vm, args[1], &cmd) < 0)
        return NULL;
    int kind = args[2] ? bytes_argument(vm, args[2], buf, &n, "fcntl") : 0;
    if (kind < 0 || (kind == 0 && args[2] && masked(vm, args[2], &v) < 0))
        return NULL;
    do {
        if (kind)
            OU_BLOCKING(vm, r = fcntl(fd, cmd, buf));
        else
            OU_BLOCKING(vm, r = fcntl(fd, cmd, (int)v));
    } while (again(vm, r));
    if (r < 0)
        return failed(vm);
    return kind ? ou_bytes_new(vm, buf, (ou_ssize)n) : ou_int(vm, r);
}

FN(fcntl_ioctl)
{
    int fd, r = -1, mutate = args[3] ? ou_is_true(vm, args[3]) : 1;
    unsigned request, v = 0;
    size_t n;
    char buf[BUFSZ + 1];
    if (mutate < 0 || fd_arg(vm, args[0], &fd) < 0 || masked(vm, args[1], &request) < 0)
        return NULL;
    OuObj *o = args[2];
    OuBuffer view;
    if (o && !ou_isa_str(vm, o) && !ou_isa_bytes(vm, o) && ou_has_buffer(vm, o)) {
        if (ou_buffer_get(vm, o, &view, OU_BUF_WRITABLE) == 0) {
            n = (size_t)view.len;
            char *p = view.buf;
            bool small = n <= BUFSZ;
            if (small) { /* a bound object might be moved meanwhile */
                memcpy(buf, p, n);
                buf[n] = 0;
            }
            if (mutate && !small) {
                OU_BLOCKING(vm, r = ioctl(fd, request, p));
            } else if (small) {
                OU_BLOCKING(vm, r = ioctl(fd, request, buf));
                if (mutate)
                    memcpy(p, buf, n);
            } else {
                ou_value_error(vm, "ioctl string arg too long");
            }
            ou_buffer_release(vm, &view);
            if (r < 0)
                return failed(vm);
            return mutate ? ou_int(vm, r) : ou_bytes_new(vm, buf, (ou_ssize)n);
        }
        ou_err_clear(vm); /* read-only: as bytes */
    }
    int kind = o ? bytes_argument(vm, o, buf, &n, "ioctl") : 0;
    if (kind < 0 || (kind == 0 && o && masked(vm, o, &v) < 0))
        return NULL;
    if (kind)
        OU_BLOCKING(vm, r = ioctl(fd, request, buf));
    else
        OU_BLOCKING(vm, r = ioctl(fd, request, (int)v));
    if (r < 0)
        return failed(vm);
    return kind ? ou_bytes_new(vm, buf, (ou_ssize)n) : ou_int(vm, r);
}

FN(fcntl_flock)
{
    int fd, op, r;
    if (fd_arg(vm, args[0], &fd) < 0 || ou_as_int(vm, args[1], &op) < 0)
        return NULL;
    do
        OU_BLOCKING(vm, r = flock(fd, op));
    while (again(vm, r));
    return r < 0 ? failed(vm) : ou_none(vm);
}

FN(fcntl_lockf)
{
    int fd, op, r, whence = 0;
    int64_t start = 0, len = 0;
    if (fd_arg(vm, args[0], &fd) < 0 || ou_as_int(vm, args[1], &op) < 0 ||
        (args[4] && ou_as_int(vm, args[4], &whence) < 0))
        return NULL;
    struct flock l = {.l_type = op == LOCK_UN  ? F_UNLCK
                                : op & LOCK_SH ? F_RDLCK
                                : op & LOCK_EX ? F_WRLCK
                                               : -1};
    if (l.l_type == -1)
        return ou_value_error(vm, "unrecognized lockf argument");
    if ((args[3] && ou_as_i64(vm, args[3], &start) < 0) || (args[2] && ou_as_i64(vm, args[2], &len) < 0))
        return NULL;
    l.l_start = start;
    l.l_len = len;
    l.l_whence = (short)whence;
    do
        OU_BLOCKING(vm, r = fcntl(fd, op & LOCK_NB ? F_SETLK : F_SETLKW, &l));
    while (again(vm, r));
    return r < 0 ? failed(vm) : ou_none(vm);
}

static const OuIntRow rows[] = {
    OU_INT_ROW(LOCK_SH),
    OU_INT_ROW(LOCK_EX),
    OU_INT_ROW(LOCK_NB),
    OU_INT_ROW(LOCK_UN),
    OU_INT_ROW(LOCK_MAND),
    OU_INT_ROW(LOCK_READ),
    OU_INT_ROW(LOCK_WRITE),
    OU_INT_ROW(LOCK_RW),
    OU_INT_ROW(F_DUPFD),
    OU_INT_ROW(F_DUPFD_CLOEXEC),
    OU_INT_ROW(F_GETFD),
    OU_INT_ROW(F_SETFD),
    OU_INT_ROW(F_GETFL),
    OU_INT_ROW(F_SETFL),
    OU_INT_ROW(F_GETLK),
    OU_INT_ROW(F_SETLK),
    OU_INT_ROW(F_SETLKW),
    OU_INT_ROW(F_OFD_GETLK),
    OU_INT_ROW(F_OFD_SETLK),
    OU_INT_ROW(F_OFD_SETLKW),
    OU_INT_ROW(F_GETOWN),
    OU_INT_ROW(F_SETOWN),
    OU_INT_ROW(F_GETSIG),
    OU_INT_ROW(F_SETSIG),
    OU_INT_ROW(F_RDLCK),
    OU_INT_ROW(F_WRLCK),
    OU_INT_ROW(F_UNLCK),
    OU_INT_ROW(F_GETLK64),
    OU_INT_ROW(F_SETLK64),
    OU_INT_ROW(F_SETLKW64),
    OU_INT_ROW(FASYNC),
    OU_INT_ROW(F_SETLEASE),
    OU_INT_ROW(F_GETLEASE),
    OU_INT_ROW(F_NOTIFY),
    OU_INT_ROW(F_EXLCK),
    OU_INT_ROW(F_SHLCK),
    OU_INT_ROW(F_SETPIPE_SZ),
    OU_INT_ROW(F_GETPIPE_SZ),
    OU_INT_ROW(FD_CLOEXEC),
    OU_INT_ROW(DN_ACCESS),
    OU_INT_ROW(DN_MODIFY),
    OU_INT_ROW(DN_CREATE),
    OU_INT_ROW(DN_DELETE),
    OU_INT_ROW(DN_RENAME),
    OU_INT_ROW(DN_ATTRIB),
    OU_INT_ROW(DN_MULTISHOT),
    OU_INT_ROW(F_ADD_SEALS),
    OU_INT_ROW(F_GET_SEALS),
    OU_INT_ROW(F_SEAL_SEAL),
    OU_INT_ROW(F_SEAL_SHRINK),
    OU_INT_ROW(F_SEAL_GROW),
    OU_INT_ROW(F_SEAL_WRITE),
    {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    return ou_module_add_ints(vm, m, rows);
}

static const OuFn functions[] = {
    {"fcntl(fd, cmd, arg=0, /)", fcntl_fcntl, 0, "Perform the operation `cmd` on file descriptor fd."},
    {"ioctl(fd, request, arg=0, mutate_flag=True, /)", fcntl_ioctl, 0,
     "Perform the operation request on file descriptor fd."},
    {"flock(fd, operation, /)", fcntl_flock, 0,
     "Perform the lock operation `operation` on file descriptor `fd`."},
    {"lockf(fd, cmd, len=0, start=0, whence=0, /)", fcntl_lockf, 0,
     "A wrapper around the fcntl() locking calls."},
    {0},
};
const OuModuleDef ou_mod_fcntl = {
    .name = "fcntl",
    .doc =
        "This module performs file control and I/O control on file\ndescriptors.  It is an interface to the "
        "fcntl() and ioctl() Unix\nroutines.  File descriptors can be obtained with the fileno() method "
        "of\na file "
        "or socket object.",
    .functions = functions,
    .exec = exec,
};
