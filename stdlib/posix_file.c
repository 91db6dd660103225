/* stdlib/posix_file.c - module posix: descriptors, files and folders. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "posix.h"
#include "vm/iterobj.h"
#include "vm/buffer.h"

#define INT_ARG(i, var, dflt)                        \
    int var = dflt;                                  \
    if (args[i] && ou_as_int(vm, args[i], &var) < 0) \
    return NULL
#define FD_ARG(i, var)                      \
    int var;                                \
    if (ou_posix_fd(vm, args[i], &var) < 0) \
    return NULL

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
    return r < 0 ? ou_raise_errno(vm, errno, NULL) : ou_int(vm, r);
}

POSIX_FN(posix_dup)
{
    INT_ARG(0, fd, -1);
    int r = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return r < 0 ? ou_raise_errno(vm, errno, NULL) : ou_int(vm, r);
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
    return r < 0 ? ou_raise_errno(vm, errno, NULL) : ou_int(vm, r);
}

static OuObj *fd_pair(OuVM *vm, int a, int b)
{
    OuObj *v[2] = {ou_int(vm, a), ou_int(vm, b)};
    OuObj *t = v[0] && v[1] ? ou_tuple_of_take(vm, v, 2) : NULL;
    ou_xdecref(vm, v[0]);
    ou_xdecref(vm, v[1]);
    return t;
}

POSIX_FN(posix_pipe)
{
    int fds[2];
    return pipe2(fds, O_CLOEXEC) < 0 ? ou_raise_errno(vm, errno, NULL) : fd_pair(vm, fds[0], fds[1]);
}

POSIX_FN(posix_pipe2)
{
    int fds[2];
    INT_ARG(0, flags, 0);
    return pipe2(fds, flags) < 0 ? ou_raise_errno(vm, errno, NULL) : fd_pair(vm, fds[0], fds[1]);
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
    return r < 0 ? ou_raise_errno(vm, errno, NULL) : ou_none(vm);
}

POSIX_FN(posix_fdatasync)
{
    FD_ARG(0, fd);
    int r;
    OU_BLOCKING(vm, r = fdatasync(fd));
    return r < 0 ? ou_raise_errno(vm, errno, NULL) : ou_none(vm);
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

POSIX_FN(posix_truncate)
{
    PosixPath p;
    int64_t n;
    if (ou_posix_path(vm, args[0], "truncate", true, false, &p) < 0)
        return NULL;
    OuObj *res = NULL;
    if (ou_as_i64(vm, args[1], &n) == 0)
        res = (p.fd >= 0 ? ftruncate(p.fd, n) : truncate(p.s, n)) < 0 ? ou_posix_error_unnamed(vm, &p)
                                                                      : ou_none(vm);
    ou_posix_path_free(vm, &p);
    return res;
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
    return r < 0 ? ou_raise_errno(vm, errno, NULL) : ou_none(vm);
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
    return r < 0 ? ou_raise_errno(vm, errno, NULL) : ou_none(vm);
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
    return r < 0 ? ou_raise_errno(vm, errno, NULL) : ou_int(vm, r);
}

/* ---- folders and names ---- */

POSIX_FN(posix_getcwd)
{
    char *s = getcwd(NULL, 0);
    OuObj *o = s ? ou_fs_decode(vm, s, -1) : ou_raise_errno(vm, errno, NULL);
    free(s);
    return o;
}

POSIX_FN(posix_getcwdb)
{
    char *s = getcwd(NULL, 0);
    OuObj *o = s ? ou_bytes_new(vm, s, (ou_ssize)strlen(s)) : ou_raise_errno(vm, errno, NULL);
    free(s);
    return o;
}

POSIX_FN(posix_chdir)
{
    PosixPath p;
    if (ou_posix_path(vm, args[0], "chdir", true, false, &p) < 0)
        return NULL;
    OuObj *res = (p.fd >= 0 ? fchdir(p.fd) : chdir(p.s)) < 0 ? ou_posix_error(vm, &p) : ou_none(vm);
    ou_posix_path_free(vm, &p);
    return res;
}

POSIX_FN(posix_fchdir)
{
    FD_ARG(0, fd);
    return fchdir(fd) < 0 ? ou_raise_errno(vm, errno, NULL) : ou_none(vm);
}

POSIX_FN(posix_listdir)
{
    PosixPath p;
    DIR *d;
    if (ou_posix_path(vm, args[0], "listdir", true, true, &p) < 0)
        return NULL;
    if (p.fd >= 0) {
        int fd = fcntl(p.fd, F_DUPFD_CLOEXEC, 0);
        d = fd >= 0 ? fdopendir(fd) : NULL;
        if (d)
            rewinddir(d);
    } else
        d = opendir(p.s);
    OuObj *list = d ? ou_list_new(vm, 0) : ou_posix_error_unnamed(vm, &p);
    struct dirent *e;
    while (list && (errno = 0, e = readdir(d))) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        OuObj *s = ou_posix_name(vm, p.fd >= 0 ? NULL : p.arg, e->d_name, -1);
        if (!s || ou_list_append_take(vm, list, s) < 0)
            ou_clear(vm, list);
    }
    if (d)
        closedir(d);
    ou_posix_path_free(vm, &p);
    return list;
}

/* The shape of most calls: one path, an int, dir_fd. */
POSIX_FN(posix_mkdir)
{
    PosixPath p;
    INT_ARG(1, mode, 0777);
    int dir;
    if (ou_posix_dir_fd(vm, args[2], &dir) < 0 || ou_posix_path(vm, args[0], "mkdir", false, false, &p) < 0)
        return NULL;
    OuObj *res = mkdirat(dir, p.s, (mode_t)mode) < 0 ? ou_posix_error(vm, &p) : ou_none(vm);
    ou_posix_path_free(vm, &p);
    return res;
}

static OuObj *remove_at(OuVM *vm, OuObj *path, OuObj *dir_fd, const char *fn, int flags)
{
    PosixPath p;
    int dir;
    if (ou_posix_dir_fd(vm, dir_fd, &dir) < 0 || ou_posix_path(vm, path, fn, false, false, &p) < 0)
        return NULL;
    OuObj *res = unlinkat(dir, p.s, flags) < 0 ? ou_posix_error(vm, &p) : ou_none(vm);
    ou_posix_path_free(vm, &p);
    return res;
}

POSIX_FN(posix_rmdir)
{
    return remove_at(vm, args[0], args[1], "rmdir", AT_REMOVEDIR);
}

POSIX_FN(posix_unlink)
{
    return remove_at(vm, args[0], args[1], "unlink", 0);
}

POSIX_FN(posix_remove)
{
    return remove_at(vm, args[0], args[1], "remove", 0);
}

static OuObj *two_paths(OuVM *vm, OuObj *const *args, const char *fn, int which)
{
    PosixPath a, b;
    int from, to, follow = 1;
    if (which == 1 && args[4] && (follow = ou_is_true(vm, args[4])) < 0)
        return NULL;
    if (ou_posix_dir_fd(vm, args[2], &from) < 0 || ou_posix_dir_fd(vm, args[3], &to) < 0 ||
        ou_posix_path(vm, args[0], fn, false, false, &a) < 0)
        return NULL;
    if (ou_posix_path(vm, args[1], fn, false, false, &b) < 0) {
        ou_posix_path_free(vm, &a);
        return NULL;
    }
    int r = which == 0 ? renameat(from, a.s, to, b.s)
                       : linkat(from, a.s, to, b.s, follow ? AT_SYMLINK_FOLLOW : 0);
    OuObj *res = r < 0 ? ou_posix_error2(vm, &a, &b) : ou_none(vm);
    ou_posix_path_free(vm, &a);
    ou_posix_path_free(vm, &b);
    return res;
}

POSIX_FN(posix_rename)
{
    return two_paths(vm, args, "rename", 0);
}

POSIX_FN(posix_replace)
{
    return two_paths(vm, args, "replace", 0);
}

POSIX_FN(posix_link)
{
    return two_paths(vm, args, "link", 1);
}

POSIX_FN(posix_symlink)
{
    PosixPath a, b;
    int dir;
    if (ou_posix_dir_fd(vm, args[3], &dir) < 0 || ou_posix_path(vm, args[0], "symlink", false, false, &a) < 0)
        return NULL;
    if (ou_posix_path(vm, args[1], "symlink", false, false, &b) < 0) {
        ou_posix_path_free(vm, &a);
        return NULL;
    }
    OuObj *res = symlinkat(a.s, dir, b.s) < 0 ? ou_posix_error2(vm, &a, &b) : ou_none(vm);
    ou_posix_path_free(vm, &a);
    ou_posix_path_free(vm, &b);
    return res;
}

/* The str or bytes behind a path argument: new. */
static OuObj *path_text(OuVM *vm, OuObj *o)
{
    OuObj *f;
    if (ou_isa_str(vm, o) || ou_isa_bytes(vm, o))
        return ou_ref(o);
    int r = ou_lookup_special(vm, o, OU_NAME(vm, __fspath__), &f);
    if (r <= 0)
        return r < 0 ? NULL : ou_bytes_new(vm, "", 0); /* a buffer */
    OuObj *text = ou_call0(vm, f);
    ou_decref(vm, f);
    return text;
}

POSIX_FN(posix_readlink)
{
    PosixPath p;
    char buf[PATH_MAX];
    int dir;
    if (ou_posix_dir_fd(vm, args[1], &dir) < 0 ||
        ou_posix_path(vm, args[0], "readlink", false, false, &p) < 0)
        return NULL;
    ssize_t n = readlinkat(dir, p.s, buf, sizeof buf);
    OuObj *res = NULL, *like = n < 0 ? NULL : path_text(vm, p.arg);
    if (n < 0)
        ou_posix_error(vm, &p);
    else if (like)
        res = ou_posix_name(vm, like, buf, n);
    ou_xdecref(vm, like);
    ou_posix_path_free(vm, &p);
    return res;
}

POSIX_FN(posix_access)
{
    PosixPath p;
    INT_ARG(1, mode, 0);
    int dir, effective = 0, follow = 1;
    if (ou_posix_dir_fd(vm, args[2], &dir) < 0 || (args[3] && (effective = ou_is_true(vm, args[3])) < 0) ||
        (args[4] && (follow = ou_is_true(vm, args[4])) < 0) ||
        ou_posix_path(vm, args[0], "access", false, false, &p) < 0)
        return NULL;
    int r = faccessat(dir, p.s, mode, (effective ? AT_EACCESS : 0) | (follow ? 0 : AT_SYMLINK_NOFOLLOW));
    ou_posix_path_free(vm, &p);
    return ou_bool(vm, r == 0);
}

POSIX_FN(posix_chmod)
{
    PosixPath p;
    INT_ARG(1, mode, 0);
    int dir, follow = 1;
    if (ou_posix_dir_fd(vm, args[2], &dir) < 0 || (args[3] && (follow = ou_is_true(vm, args[3])) < 0) ||
        ou_posix_path(vm, args[0], "chmod", true, false, &p) < 0)
        return NULL;
    int r = p.fd >= 0 ? fchmod(p.fd, (mode_t)mode)
                      : fchmodat(dir, p.s, (mode_t)mode, follow ? 0 : AT_SYMLINK_NOFOLLOW);
    OuObj *res = r < 0 ? ou_posix_error(vm, &p) : ou_none(vm);
    ou_posix_path_free(vm, &p);
    return res;
}

POSIX_FN(posix_fchmod)
{
    INT_ARG(0, fd, -1);
    INT_ARG(1, mode, 0);
    return fchmod(fd, (mode_t)mode) < 0 ? ou_raise_errno(vm, errno, NULL) : ou_none(vm);
}

/* uid_t argument: -1 means unchanged */
static int id_arg(OuVM *vm, OuObj *o, int64_t *out)
{
    if (ou_as_i64(vm, o, out) < 0)
        return -1;
    if (*out < -1 || *out > UINT32_MAX)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError),
                          *out < 0 ? "uid is less than minimum" : "uid is greater than maximum");
    return 0;
}

POSIX_FN(posix_chown)
{
    PosixPath p;
    int64_t uid, gid;
    int dir, follow = 1;
    if (id_arg(vm, args[1], &uid) < 0 || id_arg(vm, args[2], &gid) < 0 ||
        ou_posix_dir_fd(vm, args[3], &dir) < 0 || (args[4] && (follow = ou_is_true(vm, args[4])) < 0) ||
        ou_posix_path(vm, args[0], "chown", true, false, &p) < 0)
        return NULL;
    int r = p.fd >= 0 ? fchown(p.fd, (uid_t)uid, (gid_t)gid)
                      : fchownat(dir, p.s, (uid_t)uid, (gid_t)gid, follow ? 0 : AT_SYMLINK_NOFOLLOW);
    OuObj *res = r < 0 ? ou_posix_error(vm, &p) : ou_none(vm);
    ou_posix_path_free(vm, &p);
    return res;
}

POSIX_FN(posix_umask)
{
    INT_ARG(0, mask, 0);
    return ou_int(vm, umask((mode_t)mask));
}

POSIX_FN(posix_mkfifo)
{
    PosixPath p;
    INT_ARG(1, mode, 0666);
    int dir;
    if (ou_posix_dir_fd(vm, args[2], &dir) < 0 || ou_posix_path(vm, args[0], "mkfifo", false, false, &p) < 0)
        return NULL;
    OuObj *res = mkfifoat(dir, p.s, (mode_t)mode) < 0 ? ou_posix_error(vm, &p) : ou_none(vm);
    ou_posix_path_free(vm, &p);
    return res;
}

POSIX_FN(posix_get_terminal_size)
{
    INT_ARG(0, fd, 1);
    struct winsize w;
    if (ioctl(fd, TIOCGWINSZ, &w) < 0)
        return ou_raise_errno(vm, errno, NULL);
    OuObj *pair = fd_pair(vm, w.ws_col, w.ws_row), *type = ou_import_attr(vm, "posix", "terminal_size");
    OuObj *res = pair && type ? ou_call1(vm, type, pair) : NULL;
    ou_xdecref(vm, pair);
    ou_xdecref(vm, type);
    return res;
}

const OuFn ou_posix_file_functions[] = {
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
    {"truncate(path, length)", posix_truncate, 0,
     "Truncate a file, specified by path, to a specific length."},
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
    {"getcwd()", posix_getcwd, 0, "Return a unicode string representing the current working directory."},
    {"getcwdb()", posix_getcwdb, 0, "Return a bytes string representing the current working directory."},
    {"chdir(path)", posix_chdir, 0, "Change the current working directory to the specified path."},
    {"fchdir(fd)", posix_fchdir, 0, "Change to the directory of the given file descriptor."},
    {"listdir(path=None)", posix_listdir, 0,
     "Return a list containing the names of the files in the directory."},
    {"mkdir(path, mode=511, *, dir_fd=None)", posix_mkdir, 0, "Create a directory."},
    {"rmdir(path, *, dir_fd=None)", posix_rmdir, 0, "Remove a directory."},
    {"unlink(path, *, dir_fd=None)", posix_unlink, 0, "Remove a file (same as remove())."},
    {"remove(path, *, dir_fd=None)", posix_remove, 0, "Remove a file (same as unlink())."},
    {"rename(src, dst, *, src_dir_fd=None, dst_dir_fd=None)", posix_rename, 0, "Rename a file or directory."},
    {"replace(src, dst, *, src_dir_fd=None, dst_dir_fd=None)", posix_replace, 0,
     "Rename a file or directory, overwriting the destination."},
    {"link(src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True)", posix_link, 0,
     "Create a hard link to a file."},
    {"symlink(src, dst, target_is_directory=False, *, dir_fd=None)", posix_symlink, 0,
     "Create a symbolic link pointing to src named dst."},
    {"readlink(path, *, dir_fd=None)", posix_readlink, 0,
     "Return a string representing the path to which the symbolic link points."},
    {"access(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)", posix_access, 0,
     "Use the real uid/gid to test for access to a path."},
    {"chmod(path, mode, *, dir_fd=None, follow_symlinks=True)", posix_chmod, 0,
     "Change the access permissions of a file."},
    {"fchmod(fd, mode)", posix_fchmod, 0,
     "Change the access permissions of the file given by file descriptor fd."},
    {"chown(path, uid, gid, *, dir_fd=None, follow_symlinks=True)", posix_chown, 0,
     "Change the owner and group id of path to the numeric uid and gid."},
    {"umask(mask, /)", posix_umask, 0, "Set the current numeric umask and return the previous umask."},
    {"mkfifo(path, mode=438, *, dir_fd=None)", posix_mkfifo, 0, "Create a \"fifo\" (a POSIX named pipe)."},
    {"get_terminal_size(fd=1, /)", posix_get_terminal_size, 0,
     "Return the size of the terminal window as (columns, lines)."},
    {0},
};
