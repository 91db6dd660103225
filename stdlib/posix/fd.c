/* stdlib/posix/fd.c - posix: descriptors. */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

#include "posix.h"
#include "vm/buffer.h"
#include "vm/iterobj.h"

POSIX_FN(posix_open)
{
    PosixPath p;
    INT_ARG(1, flags, 0);
    INT_ARG(2, mode, 0777);
    int dir, fd;
    if (ou_posix_dir_fd(vm, args[3], &dir) < 0 || ou_posix_path(vm, args[0], "open", false, false, &p) < 0)
        return NULL;
    do
        OU_BLOCKING(vm, fd = openat(dir, p.s, flags | O_CLOEXEC, (mode_t)mode));
    while (fd < 0 && errno == EINTR && ou_poll_slow(vm) == 0);
    OuObj *res = fd >= 0 ? ou_int(vm, fd) : ou_err_occurred(vm) ? NULL : ou_posix_error(vm, &p);
    ou_posix_path_free(vm, &p);
    return res;
}

POSIX_FN(posix_close)
{
    INT_ARG(0, fd, -1);
    int r;
    OU_BLOCKING(vm, r = close(fd));
    return r < 0 && errno != EINTR ? ou_raise_errno(vm, errno, NULL) : ou_none(vm);
}

POSIX_FN(posix_closerange)
{
    INT_ARG(0, low, 0);
    INT_ARG(1, high, 0);
    for (int fd = low < 0 ? 0 : low; fd < high; fd++)
        close(fd);
    return ou_none(vm);
}

POSIX_FN(posix_read)
{
    INT_ARG(0, fd, -1);
    ou_ssize n, got;
    if (ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &n) < 0)
        return NULL;
    if (n < 0) {
        errno = EINVAL;
        return ou_raise_errno(vm, errno, NULL);
    }
    OuObj *b = ou_bytes_new(vm, NULL, n);
    if (!b)
        return NULL;
    do
        OU_BLOCKING(vm, got = read(fd, OU_BYTES(b)->data, (size_t)n));
    while (got < 0 && errno == EINTR && ou_poll_slow(vm) == 0);
    OuObj *res = NULL;
    if (got >= 0)
        res = got == n ? ou_ref(b) : ou_bytes_new(vm, OU_BYTES(b)->data, got);
    else if (!ou_err_occurred(vm))
        ou_raise_errno(vm, errno, NULL);
    ou_decref(vm, b);
    return res;
}

POSIX_FN(posix_pread)
{
    INT_ARG(0, fd, -1);
    ou_ssize n, got;
    int64_t at;
    if (ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &n) < 0 || ou_as_i64(vm, args[2], &at) < 0)
        return NULL;
    if (n < 0) {
        errno = EINVAL;
        return ou_raise_errno(vm, errno, NULL);
    }
    OuObj *b = ou_bytes_new(vm, NULL, n);
    if (!b)
        return NULL;
    OU_BLOCKING(vm, got = pread(fd, OU_BYTES(b)->data, (size_t)n, at));
    OuObj *res = got < 0 ? ou_raise_errno(vm, errno, NULL) : ou_bytes_new(vm, OU_BYTES(b)->data, got);
    ou_decref(vm, b);
    return res;
}

POSIX_FN(posix_write)
{
    INT_ARG(0, fd, -1);
    OuBuffer view;
    ou_ssize n;
    if (ou_buffer_get(vm, args[1], &view, OU_BUF_SIMPLE) < 0)
        return NULL;
    do
        OU_BLOCKING(vm, n = write(fd, view.buf, (size_t)view.len));
    while (n < 0 && errno == EINTR && ou_poll_slow(vm) == 0);
    int saved = errno;
    ou_buffer_release(vm, &view);
    if (n >= 0)
        return ou_int(vm, n);
    return ou_err_occurred(vm) ? NULL : ou_raise_errno(vm, saved, NULL);
}

POSIX_FN(posix_pwrite)
{
    INT_ARG(0, fd, -1);
    OuBuffer view;
    ou_ssize n;
    int64_t at;
    if (ou_as_i64(vm, args[2], &at) < 0 || ou_buffer_get(vm, args[1], &view, OU_BUF_SIMPLE) < 0)
        return NULL;
    OU_BLOCKING(vm, n = pwrite(fd, view.buf, (size_t)view.len, at));
    int saved = errno;
    ou_buffer_release(vm, &view);
    return n < 0 ? ou_raise_errno(vm, saved, NULL) : ou_int(vm, n);
}

/* readv/writev: buffers of a sequence. */
OuObj *ou_posix_vectored(OuVM *vm, OuObj *fdobj, OuObj *seq, bool writing, int64_t at, int flags,
                         const char *fn)
{
    int fd;
    if (ou_as_int(vm, fdobj, &fd) < 0)
        return NULL;
    OuObj *list = NULL, *res = NULL;
    if (ou_isa_list(vm, seq) || ou_isa_tuple(vm, seq) || ou_is_sequence(vm, seq))
        list = ou_sequence_fast(vm, seq, "");
    else
        ou_type_error(vm, "%s() arg 2 must be a sequence", fn);
    if (!list)
        return NULL;
    size_t n = (size_t)ou_len(vm, list), got = 0;
    struct iovec *iov = ou_alloc(vm, (n + 1) * sizeof *iov);
    OuBuffer *views = iov ? ou_alloc(vm, (n + 1) * sizeof *views) : NULL;
    for (; views && got < n; got++) {
        OuObj *o = ou_getitem_i(vm, list, (ou_ssize)got);
        int r = o ? ou_buffer_get(vm, o, &views[got], writing ? OU_BUF_SIMPLE : OU_BUF_WRITABLE) : -1;
        ou_xdecref(vm, o);
        if (r < 0)
            break;
        iov[got].iov_base = views[got].buf;
        iov[got].iov_len = (size_t)views[got].len;
    }
    if (views && got == n) {
        ou_ssize done;
        do {
            if (at < 0)
                OU_BLOCKING(vm, done = writing ? writev(fd, iov, (int)n) : readv(fd, iov, (int)n));
            else
                OU_BLOCKING(vm, done = writing ? pwritev2(fd, iov, (int)n, at, flags)
                                               : preadv2(fd, iov, (int)n, at, flags));
        } while (done < 0 && errno == EINTR && ou_poll_slow(vm) == 0);
        if (done >= 0)
            res = ou_int(vm, done);
        else if (!ou_err_occurred(vm))
            ou_raise_errno(vm, errno, NULL);
    }
    while (got > 0)
        ou_buffer_release(vm, &views[--got]);
    ou_free(vm, views, (n + 1) * sizeof *views);
    ou_free(vm, iov, (n + 1) * sizeof *iov);
    ou_decref(vm, list);
    return res;
}

POSIX_FN(posix_readv)
{
    return ou_posix_vectored(vm, args[0], args[1], false, -1, 0, "readv");
}

POSIX_FN(posix_writev)
{
    return ou_posix_vectored(vm, args[0], args[1], true, -1, 0, "writev");
}

POSIX_FN(posix_lseek)
{
    INT_ARG(0, fd, -1);
    int64_t at;
    INT_ARG(2, how, 0);
    if (ou_as_i64(vm, args[1], &at) < 0)
        return NULL;
    off_t r = lseek(fd, at, how);
    return ou_posix_count(vm, r);
}

POSIX_FN(posix_dup)
{
    INT_ARG(0, fd, -1);
    int r = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return ou_posix_count(vm, r);
}

POSIX_FN(posix_dup2)
{
    INT_ARG(0, fd, -1);
    INT_ARG(1, fd2, -1);
    int inheritable = args[2] ? ou_is_true(vm, args[2]) : 1;
    if (inheritable < 0)
        return NULL;
    if (fd < 0 || fd2 < 0) {
        errno = EBADF;
        return ou_raise_errno(vm, errno, NULL);
    }
    int r = inheritable || fd == fd2 ? dup2(fd, fd2) : dup3(fd, fd2, O_CLOEXEC);
    return ou_posix_count(vm, r);
}

POSIX_FN(posix_pipe)
{
    int fds[2];
    return pipe2(fds, O_CLOEXEC) < 0 ? ou_raise_errno(vm, errno, NULL)
                                     : ou_posix_ints(vm, 2, (int64_t[]){fds[0], fds[1]});
}

POSIX_FN(posix_pipe2)
{
    int fds[2];
    INT_ARG(0, flags, 0);
    return pipe2(fds, flags) < 0 ? ou_raise_errno(vm, errno, NULL)
                                 : ou_posix_ints(vm, 2, (int64_t[]){fds[0], fds[1]});
}

POSIX_FN(posix_isatty)
{
    INT_ARG(0, fd, -1);
    return ou_bool(vm, isatty(fd) == 1);
}

POSIX_FN(posix_ttyname)
{
    INT_ARG(0, fd, -1);
    char buf[256];
    int r = ttyname_r(fd, buf, sizeof buf);
    return r ? ou_raise_errno(vm, r, NULL) : ou_fs_decode(vm, buf, -1);
}

POSIX_FN(posix_fsync)
{
    FD_ARG(0, fd);
    int r;
    OU_BLOCKING(vm, r = fsync(fd));
    return ou_posix_done(vm, r);
}

POSIX_FN(posix_fdatasync)
{
    FD_ARG(0, fd);
    int r;
    OU_BLOCKING(vm, r = fdatasync(fd));
    return ou_posix_done(vm, r);
}

POSIX_FN(posix_sync)
{
    sync();
    return ou_none(vm);
}

POSIX_FN(posix_ftruncate)
{
    INT_ARG(0, fd, -1);
    int64_t n;
    if (ou_as_i64(vm, args[1], &n) < 0)
        return NULL;
    return ftruncate(fd, n) < 0 ? ou_raise_errno(vm, errno, NULL) : ou_none(vm);
}

POSIX_FN(posix_get_inheritable)
{
    INT_ARG(0, fd, -1);
    int r = fcntl(fd, F_GETFD);
    return r < 0 ? ou_raise_errno(vm, errno, NULL) : ou_bool(vm, !(r & FD_CLOEXEC));
}

POSIX_FN(posix_set_inheritable)
{
    INT_ARG(0, fd, -1);
    INT_ARG(1, on, 0);
    int r = fcntl(fd, F_GETFD);
    if (r >= 0)
        r = fcntl(fd, F_SETFD, on ? r & ~FD_CLOEXEC : r | FD_CLOEXEC);
    return ou_posix_done(vm, r);
}

POSIX_FN(posix_get_blocking)
{
    INT_ARG(0, fd, -1);
    int r = fcntl(fd, F_GETFL);
    return r < 0 ? ou_raise_errno(vm, errno, NULL) : ou_bool(vm, !(r & O_NONBLOCK));
}

POSIX_FN(posix_set_blocking)
{
    INT_ARG(0, fd, -1);
    int on = ou_is_true(vm, args[1]), r;
    if (on < 0)
        return NULL;
    r = fcntl(fd, F_GETFL);
    if (r >= 0)
        r = fcntl(fd, F_SETFL, on ? r & ~O_NONBLOCK : r | O_NONBLOCK);
    return ou_posix_done(vm, r);
}

POSIX_FN(posix_device_encoding)
{
    INT_ARG(0, fd, -1);
    return isatty(fd) ? ou_str_new(vm, "utf-8", -1) : ou_none(vm);
}

POSIX_FN(posix_sendfile)
{
    INT_ARG(0, out, -1);
    INT_ARG(1, in, -1);
    int64_t n, at;
    off_t off;
    ssize_t r;
    if (ou_as_i64(vm, args[3], &n) < 0)
        return NULL;
    if (args[2] != OU_NONE(vm)) {
        if (ou_as_i64(vm, args[2], &at) < 0)
            return NULL;
        off = at;
    }
    OU_BLOCKING(vm, r = sendfile(out, in, args[2] != OU_NONE(vm) ? &off : NULL, (size_t)n));
    return ou_posix_count(vm, r);
}

POSIX_FN(posix_get_terminal_size)
{
    INT_ARG(0, fd, 1);
    struct winsize w;
    if (ioctl(fd, TIOCGWINSZ, &w) < 0)
        return ou_raise_errno(vm, errno, NULL);
    OuObj *pair = ou_posix_ints(vm, 2, (int64_t[]){w.ws_col, w.ws_row}),
          *type = ou_import_attr(vm, "posix", "terminal_size");
    OuObj *res = pair && type ? ou_call1(vm, type, pair) : NULL;
    ou_xdecref(vm, pair);
    ou_xdecref(vm, type);
    return res;
}

const OuFn ou_posix_fd_functions[] = {
    {"open(path, flags, mode=511, *, dir_fd=None)", posix_open, 0,
     "Open a file for low level IO.  Returns a file descriptor (integer)."},
    {"close(fd)", posix_close, 0, "Close a file descriptor."},
    {"closerange(fd_low, fd_high, /)", posix_closerange, 0,
     "Closes all file descriptors in [fd_low, fd_high), ignoring errors."},
    {"read(fd, length, /)", posix_read, 0, "Read from a file descriptor.  Returns a bytes object."},
    {"pread(fd, length, offset, /)", posix_pread, 0,
     "Read a number of bytes from a file descriptor starting at a particular offset."},
    {"write(fd, data, /)", posix_write, 0, "Write a bytes object to a file descriptor."},
    {"pwrite(fd, buffer, offset, /)", posix_pwrite, 0,
     "Write bytes to a file descriptor starting at a particular offset."},
    {"readv(fd, buffers, /)", posix_readv, 0, "Read from a file descriptor fd into an iterable of buffers."},
    {"writev(fd, buffers, /)", posix_writev, 0,
     "Iterate over buffers, and write the contents of each to a file descriptor."},
    {"lseek(fd, position, whence, /)", posix_lseek, 0,
     "Set the position of a file descriptor.  Return the new position."},
    {"dup(fd, /)", posix_dup, 0, "Return a duplicate of a file descriptor."},
    {"dup2(fd, fd2, inheritable=True)", posix_dup2, 0, "Duplicate file descriptor."},
    {"pipe()", posix_pipe, 0, "Create a pipe."},
    {"pipe2(flags, /)", posix_pipe2, 0, "Create a pipe with flags set atomically."},
    {"isatty(fd, /)", posix_isatty, 0, "Return True if the fd is connected to a terminal."},
    {"ttyname(fd, /)", posix_ttyname, 0, "Return the name of the terminal device connected to 'fd'."},
    {"fsync(fd)", posix_fsync, 0, "Force write of fd to disk."},
    {"fdatasync(fd)", posix_fdatasync, 0, "Force write of fd to disk without forcing update of metadata."},
    {"sync()", posix_sync, 0, "Force write of everything to disk."},
    {"ftruncate(fd, length, /)", posix_ftruncate, 0,
     "Truncate a file, specified by file descriptor, to a specific length."},
    {"get_inheritable(fd, /)", posix_get_inheritable, 0,
     "Get the close-on-exe flag of the specified file descriptor."},
    {"set_inheritable(fd, inheritable, /)", posix_set_inheritable, 0,
     "Set the inheritable flag of the specified file descriptor."},
    {"get_blocking(fd, /)", posix_get_blocking, 0, "Get the blocking mode of the file descriptor."},
    {"set_blocking(fd, blocking, /)", posix_set_blocking, 0,
     "Set the blocking mode of the specified file descriptor."},
    {"device_encoding(fd)", posix_device_encoding, 0,
     "Return a string describing the encoding of a terminal's file descriptor."},
    {"sendfile(out_fd, in_fd, offset, count)", posix_sendfile, 0,
     "Copy count bytes from file descriptor in_fd to file descriptor out_fd."},
    {"get_terminal_size(fd=1, /)", posix_get_terminal_size, 0,
     "Return the size of the terminal window as (columns, lines)."},
    {0},
};
