/* stdlib/posix/files.c - posix: files and folders by name. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "posix.h"

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

POSIX_FN(posix_chown)
{
    PosixPath p;
    unsigned uid, gid;
    int dir, follow = 1;
    if (ou_posix_id(vm, args[1], "uid", &uid) < 0 || ou_posix_id(vm, args[2], "gid", &gid) < 0 ||
        ou_posix_dir_fd(vm, args[3], &dir) < 0 || (args[4] && (follow = ou_is_true(vm, args[4])) < 0) ||
        ou_posix_path(vm, args[0], "chown", true, false, &p) < 0)
        return NULL;
    int r =
        p.fd >= 0 ? fchown(p.fd, uid, gid) : fchownat(dir, p.s, uid, gid, follow ? 0 : AT_SYMLINK_NOFOLLOW);
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

const OuFn ou_posix_file_functions[] = {
    {"truncate(path, length)", posix_truncate, 0,
     "Truncate a file, specified by path, to a specific length."},
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
    {0},
};
