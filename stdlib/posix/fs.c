/* stdlib/posix/fs.c - posix: extended attributes, owners, nodes, moving data between descriptors, paths. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "posix.h"
#include "vm/buffer.h"

#define I64_ARG(i, name)                   \
    int64_t name;                          \
    if (ou_as_i64(vm, args[i], &name) < 0) \
    return NULL

static bool again(OuVM *vm, int64_t r)
{
    return r < 0 && errno == EINTR && ou_poll_slow(vm) == 0;
}

/* ---- extended attributes ---- */

static int follow_arg(OuVM *vm, OuObj *o, const char *fn, const PosixPath *p, bool *follow)
{
    int r = o ? ou_is_true(vm, o) : 1;
    if (r == 0 && p->fd > 0) /* 0 slips through, as in CPython */
        return ou_value_error_i(vm, "%s: cannot use fd and follow_symlinks together", fn);
    *follow = r != 0;
    return r < 0 ? -1 : 0;
}

/* Path and attribute name of the xattr functions. */
static int xattr_args(OuVM *vm, OuObj *path, OuObj *attr, OuObj *follow_obj, const char *fn, PosixPath *p,
                      PosixPath *a, bool *follow)
{
    if (ou_posix_path(vm, path, fn, true, false, p) < 0)
        return -1;
    if (ou_posix_path(vm, attr, fn, false, false, a) == 0) {
        if (follow_arg(vm, follow_obj, fn, p, follow) == 0)
            return 0;
        ou_posix_path_free(vm, a);
    }
    ou_posix_path_free(vm, p);
    return -1;
}

POSIX_FN(posix_getxattr)
{
    PosixPath p, a;
    bool follow;
    OuObj *r = NULL;
    if (xattr_args(vm, args[0], args[1], args[2], "getxattr", &p, &a, &follow) < 0)
        return NULL;
    for (size_t size = 128;; size = XATTR_SIZE_MAX) {
        ssize_t n;
        OuObj *b = ou_bytes_new(vm, NULL, (ou_ssize)size);
        if (!b)
            break;
        char *buf = OU_BYTES(b)->data;
        OU_BLOCKING(vm, n = p.fd >= 0 ? fgetxattr(p.fd, a.s, buf, size)
                            : follow  ? getxattr(p.s, a.s, buf, size)
                                      : lgetxattr(p.s, a.s, buf, size));
        if (n >= 0)
            r = ou_bytes_new(vm, buf, n);
        ou_decref(vm, b);
        if (n < 0 && errno == ERANGE && size < XATTR_SIZE_MAX)
            continue;
        if (n < 0)
            ou_posix_error(vm, &p);
        break;
    }
    ou_posix_path_free(vm, &p);
    ou_posix_path_free(vm, &a);
    return r;
}

POSIX_FN(posix_setxattr)
{
    PosixPath p, a;
    bool follow;
    int flags = 0, r;
    OuBuffer v;
    OuObj *res = NULL;
    if ((args[3] && ou_as_int(vm, args[3], &flags) < 0) ||
        xattr_args(vm, args[0], args[1], args[4], "setxattr", &p, &a, &follow) < 0)
        return NULL;
    if (ou_buffer_get(vm, args[2], &v, OU_BUF_SIMPLE) == 0) {
        OU_BLOCKING(vm, r = p.fd >= 0 ? fsetxattr(p.fd, a.s, v.buf, (size_t)v.len, flags)
                            : follow  ? setxattr(p.s, a.s, v.buf, (size_t)v.len, flags)
                                      : lsetxattr(p.s, a.s, v.buf, (size_t)v.len, flags));
        res = r < 0 ? ou_posix_error(vm, &p) : ou_none(vm);
        ou_buffer_release(vm, &v);
    }
    ou_posix_path_free(vm, &p);
    ou_posix_path_free(vm, &a);
    return res;
}

POSIX_FN(posix_removexattr)
{
    PosixPath p, a;
    bool follow;
    int r;
    if (xattr_args(vm, args[0], args[1], args[2], "removexattr", &p, &a, &follow) < 0)
        return NULL;
    OU_BLOCKING(vm, r = p.fd >= 0 ? fremovexattr(p.fd, a.s)
                        : follow  ? removexattr(p.s, a.s)
                                  : lremovexattr(p.s, a.s));
    OuObj *res = r < 0 ? ou_posix_error(vm, &p) : ou_none(vm);
    ou_posix_path_free(vm, &p);
    ou_posix_path_free(vm, &a);
    return res;
}

POSIX_FN(posix_listxattr)
{
    PosixPath p;
    bool follow;
    OuObj *list = NULL;
    if (ou_posix_path(vm, args[0] ? args[0] : OU_NONE(vm), "listxattr", true, true, &p) < 0)
        return NULL;
    if (follow_arg(vm, args[1], "listxattr", &p, &follow) < 0)
        goto out;
    for (size_t size = 256;; size = XATTR_LIST_MAX) {
        ssize_t n;
        char *buf = ou_alloc(vm, size);
        if (!buf)
            break;
        OU_BLOCKING(vm, n = p.fd >= 0 ? flistxattr(p.fd, buf, size)
                            : follow  ? listxattr(p.s, buf, size)
                                      : llistxattr(p.s, buf, size));
        int err = errno;
        if (n >= 0) {
            list = ou_list_new(vm, 0);
            for (char *s = buf; list && s < buf + n; s += strlen(s) + 1) {
                OuObj *o = ou_fs_decode(vm, s, -1);
                if (!o || ou_list_append_take(vm, list, o) < 0)
                    ou_clear(vm, list);
            }
        }
        ou_free(vm, buf, size);
        if (n < 0 && err == ERANGE && size < XATTR_LIST_MAX)
            continue;
        errno = err;
        if (n < 0)
            ou_posix_error(vm, &p);
        break;
    }
out:
    ou_posix_path_free(vm, &p);
    return list;
}

/* ---- owners and nodes ---- */

POSIX_FN(posix_fchown)
{
    INT_ARG(0, fd, 0);
    unsigned uid, gid;
    int r;
    if (ou_posix_id(vm, args[1], "uid", &uid) < 0 || ou_posix_id(vm, args[2], "gid", &gid) < 0)
        return NULL;
    do
        OU_BLOCKING(vm, r = fchown(fd, uid, gid));
    while (again(vm, r));
    return ou_posix_done(vm, r);
}

POSIX_FN(posix_lchown)
{
    PosixPath p;
    unsigned uid, gid;
    int r;
    if (ou_posix_path(vm, args[0], "lchown", false, false, &p) < 0)
        return NULL;
    OuObj *res = NULL;
    if (ou_posix_id(vm, args[1], "uid", &uid) == 0 && ou_posix_id(vm, args[2], "gid", &gid) == 0) {
        OU_BLOCKING(vm, r = lchown(p.s, uid, gid));
        res = r < 0 ? ou_posix_error(vm, &p) : ou_none(vm);
    }
    ou_posix_path_free(vm, &p);
    return res;
}

POSIX_FN(posix_chroot)
{
    PosixPath p;
    int r;
    if (ou_posix_path(vm, args[0], "chroot", false, false, &p) < 0)
        return NULL;
    OU_BLOCKING(vm, r = chroot(p.s));
    OuObj *res = r < 0 ? ou_posix_error(vm, &p) : ou_none(vm);
    ou_posix_path_free(vm, &p);
    return res;
}

POSIX_FN(posix_mknod)
{
    PosixPath p;
    int mode = 0600, dir_fd = AT_FDCWD, r;
    uint64_t device = 0;
    if ((args[1] && ou_as_int(vm, args[1], &mode) < 0) || (args[2] && ou_as_u64(vm, args[2], &device) < 0) ||
        ou_posix_dir_fd(vm, args[3], &dir_fd) < 0 ||
        ou_posix_path(vm, args[0], "mknod", false, false, &p) < 0)
        return NULL;
    OU_BLOCKING(vm, r = mknodat(dir_fd, p.s, (mode_t)mode, (dev_t)device));
    OuObj *res = r < 0 ? ou_posix_error(vm, &p) : ou_none(vm);
    ou_posix_path_free(vm, &p);
    return res;
}

/* ---- locks, space, advice ---- */

POSIX_FN(posix_lockf)
{
    INT_ARG(0, fd, 0);
    INT_ARG(1, command, 0);
    I64_ARG(2, length);
    int r;
    do
        OU_BLOCKING(vm, r = lockf(fd, command, length));
    while (again(vm, r));
    return ou_posix_done(vm, r);
}

POSIX_FN(posix_fadvise_)
{
    INT_ARG(0, fd, 0);
    I64_ARG(1, offset);
    I64_ARG(2, length);
    INT_ARG(3, advice, 0);
    int err;
    do
        OU_BLOCKING(vm, err = posix_fadvise(fd, offset, length, advice));
    while (err == EINTR && ou_poll_slow(vm) == 0);
    errno = err;
    return ou_posix_done(vm, err ? -1 : 0);
}

POSIX_FN(posix_fallocate_)
{
    INT_ARG(0, fd, 0);
    I64_ARG(1, offset);
    I64_ARG(2, length);
    int err;
    do
        OU_BLOCKING(vm, err = posix_fallocate(fd, offset, length));
    while (err == EINTR && ou_poll_slow(vm) == 0);
    errno = err;
    return ou_posix_done(vm, err ? -1 : 0);
}

/* ---- moving data ---- */

POSIX_FN(posix_preadv_)
{
    I64_ARG(2, at);
    int flags = 0;
    if (args[3] && ou_as_int(vm, args[3], &flags) < 0)
        return NULL;
    return ou_posix_vectored(vm, args[0], args[1], false, at < 0 ? INT64_MAX : at, flags, "preadv2");
}

POSIX_FN(posix_pwritev_)
{
    I64_ARG(2, at);
    int flags = 0;
    if (args[3] && ou_as_int(vm, args[3], &flags) < 0)
        return NULL;
    return ou_posix_vectored(vm, args[0], args[1], true, at < 0 ? INT64_MAX : at, flags, "pwritev2");
}

static int count_arg(OuVM *vm, OuObj *o, ou_ssize *n)
{
    if (ou_as_ssize(vm, o, OU_EXC(vm, OverflowError), n) < 0)
        return -1;
    return *n < 0 ? ou_value_error_i(vm, "negative value for 'count' not allowed") : 0;
}

/* An offset or None: *p points to *v, or is NULL. */
static int offset_arg(OuVM *vm, OuObj *o, off64_t *v, off64_t **p)
{
    int64_t i;
    *p = NULL;
    if (!o || o == OU_NONE(vm))
        return 0;
    if (ou_as_i64(vm, o, &i) < 0)
        return -1;
    *v = i;
    *p = v;
    return 0;
}

POSIX_FN(posix_copy_file_range)
{
    INT_ARG(0, src, 0);
    INT_ARG(1, dst, 0);
    ou_ssize n, r;
    off64_t in, out, *pin, *pout;
    if (count_arg(vm, args[2], &n) < 0 || offset_arg(vm, args[3], &in, &pin) < 0 ||
        offset_arg(vm, args[4], &out, &pout) < 0)
        return NULL;
    do
        OU_BLOCKING(vm, r = copy_file_range(src, pin, dst, pout, (size_t)n, 0));
    while (again(vm, r));
    return ou_posix_count(vm, r);
}

POSIX_FN(posix_splice)
{
    INT_ARG(0, src, 0);
    INT_ARG(1, dst, 0);
    ou_ssize n, r;
    int flags = 0;
    off64_t in, out, *pin, *pout;
    if (count_arg(vm, args[2], &n) < 0 || offset_arg(vm, args[3], &in, &pin) < 0 ||
        offset_arg(vm, args[4], &out, &pout) < 0 || (args[5] && ou_as_int(vm, args[5], &flags) < 0))
        return NULL;
    do
        OU_BLOCKING(vm, r = splice(src, pin, dst, pout, (size_t)n, (unsigned)flags));
    while (again(vm, r));
    return ou_posix_count(vm, r);
}

/* ---- paths ---- */

/* "a//b/../c" to "a/c"; two leading slashes stay two, more become one. */
POSIX_FN(posix_path_normpath)
{
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "expected 'str', not '%T'", args[0]);
    const OuStr *s = OU_STR(args[0]);
    ou_ssize n = ou_str_len(s), k = 0, i = 0;
    if (n == 1 && ou_str_at(s, 0) == '.')
        return ou_ref(args[0]);
    uint32_t *out = ou_alloc(vm, ((size_t)n + 2) * sizeof *out);
    if (!out)
        return NULL;
    while (i < n && ou_str_at(s, i) == '/')
        i++;
    ou_ssize root = i == 2 ? 2 : i > 0;
    while (k < root)
        out[k++] = '/';
    while (i < n) {
        ou_ssize start = i;
        while (i < n && ou_str_at(s, i) != '/')
            i++;
        ou_ssize len = i - start;
        bool dot = len > 0 && ou_str_at(s, start) == '.',
             dots = dot && len == 2 && ou_str_at(s, start + 1) == '.';
        while (i < n && ou_str_at(s, i) == '/')
            i++;
        if (len == 0 || (dot && len == 1))
            continue;
        if (dots) {
            ou_ssize last = k;
            while (last > root && out[last - 1] != '/')
                last--;
            bool up = k - last == 2 && out[last] == '.' && out[last + 1] == '.';
            if (k > root && !up) {
                k = last > root ? last - 1 : root;
                continue;
            }
            if (root && k == root)
                continue;
        }
        if (k > root)
            out[k++] = '/';
        for (ou_ssize j = 0; j < len; j++)
            out[k++] = ou_str_at(s, start + j);
    }
    OuObj *r = ou_str_from_ucs(vm, out, 4, k);
    ou_free(vm, out, ((size_t)n + 2) * sizeof *out);
    return r;
}

const OuFn ou_posix_fs_functions[] = {
    {"getxattr(path, attribute, *, follow_symlinks=True)", posix_getxattr, 0,
     "Return the value of extended attribute attribute on path."},
    {"setxattr(path, attribute, value, flags=0, *, follow_symlinks=True)", posix_setxattr, 0,
     "Set extended attribute attribute on path to value."},
    {"removexattr(path, attribute, *, follow_symlinks=True)", posix_removexattr, 0,
     "Remove extended attribute attribute on path."},
    {"listxattr(path=None, *, follow_symlinks=True)", posix_listxattr, 0,
     "Return a list of extended attributes on path."},
    {"fchown(fd, uid, gid)", posix_fchown, 0,
     "Change the owner and group id of the file specified by file descriptor."},
    {"lchown(path, uid, gid)", posix_lchown, 0,
     "Change the owner and group id of path to the numeric uid and gid."},
    {"chroot(path)", posix_chroot, 0, "Change root directory to path."},
    {"mknod(path, mode=384, device=0, *, dir_fd=None)", posix_mknod, 0, "Create a node in the file system."},
    {"lockf(fd, command, length, /)", posix_lockf, 0,
     "Apply, test or remove a POSIX lock on an open file descriptor."},
    {"posix_fadvise(fd, offset, length, advice, /)", posix_fadvise_, 0,
     "Announce an intention to access data in a specific pattern."},
    {"posix_fallocate(fd, offset, length, /)", posix_fallocate_, 0,
     "Ensure a file has allocated at least a particular number of bytes on disk."},
    {"preadv(fd, buffers, offset, flags=0, /)", posix_preadv_, 0,
     "Reads from a file descriptor into a number of mutable bytes-like objects."},
    {"pwritev(fd, buffers, offset, flags=0, /)", posix_pwritev_, 0,
     "Writes the contents of bytes-like objects to a file descriptor at a given offset."},
    {"copy_file_range(src, dst, count, offset_src=None, offset_dst=None)", posix_copy_file_range, 0,
     "Copy count bytes from one file descriptor to another."},
    {"splice(src, dst, count, offset_src=None, offset_dst=None, flags=0)", posix_splice, 0,
     "Transfer count bytes from one pipe to a descriptor or vice versa."},
    {"_path_normpath(path)", posix_path_normpath, 0, "Basic path normalization."},
    {0},
};
