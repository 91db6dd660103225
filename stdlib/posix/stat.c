/* stdlib/posix/stat.c - module posix: stat results, utime, scandir. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "posix.h"
#include "vm/buffer.h"
#include "vm/structseq.h"
#include "vm/type.h"

static const OuGetSet stat_fields[] = {
    OU_SEQ_FIELD(0, "st_mode", "protection bits"),
    OU_SEQ_FIELD(1, "st_ino", "inode"),
    OU_SEQ_FIELD(2, "st_dev", "device"),
    OU_SEQ_FIELD(3, "st_nlink", "number of hard links"),
    OU_SEQ_FIELD(4, "st_uid", "user ID of owner"),
    OU_SEQ_FIELD(5, "st_gid", "group ID of owner"),
    OU_SEQ_FIELD(6, "st_size", "total size, in bytes"),
    OU_SEQ_FIELD(10, "st_atime", "time of last access"),
    OU_SEQ_FIELD(11, "st_mtime", "time of last modification"),
    OU_SEQ_FIELD(12, "st_ctime", "time of last change"),
    OU_SEQ_FIELD(13, "st_atime_ns", "time of last access in nanoseconds"),
    OU_SEQ_FIELD(14, "st_mtime_ns", "time of last modification in nanoseconds"),
    OU_SEQ_FIELD(15, "st_ctime_ns", "time of last change in nanoseconds"),
    OU_SEQ_FIELD(16, "st_blksize", "blocksize for filesystem I/O"),
    OU_SEQ_FIELD(17, "st_blocks", "number of blocks allocated"),
    OU_SEQ_FIELD(18, "st_rdev", "device type (if inode device)"),
    {0},
};
static const OuStructSeq stat_desc = {
    OU_STRUCTSEQ("os.stat_result", "stat_result: Result from stat, fstat, or lstat.", stat_fields),
    .visible = 10, .total = 19};
static const OuGetSet statvfs_fields[] = {
    OU_SEQ_FIELD(0, "f_bsize", NULL),   OU_SEQ_FIELD(1, "f_frsize", NULL), OU_SEQ_FIELD(2, "f_blocks", NULL),
    OU_SEQ_FIELD(3, "f_bfree", NULL),   OU_SEQ_FIELD(4, "f_bavail", NULL), OU_SEQ_FIELD(5, "f_files", NULL),
    OU_SEQ_FIELD(6, "f_ffree", NULL),   OU_SEQ_FIELD(7, "f_favail", NULL), OU_SEQ_FIELD(8, "f_flag", NULL),
    OU_SEQ_FIELD(9, "f_namemax", NULL), OU_SEQ_FIELD(10, "f_fsid", NULL),  {0},
};
static const OuStructSeq statvfs_desc = {
    OU_STRUCTSEQ("os.statvfs_result", "statvfs_result: Result from statvfs or fstatvfs.", statvfs_fields),
    .visible = 10, .total = 11};

static OuObj *nanoseconds(OuVM *vm, const struct timespec *t)
{
    __int128 n = (__int128)t->tv_sec * 1000000000 + t->tv_nsec; /* some file systems reach beyond 2262 */
    return ou_int_from_bytes(vm, (const unsigned char *)&n, sizeof n, true, true);
}

static OuObj *make_stat(OuVM *vm, const struct stat *s)
{
    OuObj *o = ou_structseq_of(vm, &stat_desc);
    if (!o)
        return NULL;
    OuObj **v = OU_TUPLE(o)->items;
    v[0] = ou_int(vm, s->st_mode);
    v[1] = ou_int_u64(vm, s->st_ino);
    v[2] = ou_int_u64(vm, s->st_dev);
    v[3] = ou_int_u64(vm, s->st_nlink);
    v[4] = ou_int(vm, s->st_uid);
    v[5] = ou_int(vm, s->st_gid);
    v[6] = ou_int(vm, s->st_size);
    const struct timespec *times[3] = {&s->st_atim, &s->st_mtim, &s->st_ctim};
    for (int i = 0; i < 3; i++) {
        v[7 + i] = ou_int(vm, times[i]->tv_sec);
        v[10 + i] = ou_float(vm, (double)times[i]->tv_sec + 1e-9 * (double)times[i]->tv_nsec);
        v[13 + i] = nanoseconds(vm, times[i]);
    }
    v[16] = ou_int(vm, s->st_blksize);
    v[17] = ou_int(vm, s->st_blocks);
    v[18] = ou_int_u64(vm, s->st_rdev);
    return ou_structseq_done(vm, o);
}

static OuObj *do_stat(OuVM *vm, OuObj *path, OuObj *dir_fd, bool follow, const char *fn, bool fd_ok)
{
    PosixPath p;
    struct stat st;
    int dir, r;
    if (ou_posix_dir_fd(vm, dir_fd, &dir) < 0 || ou_posix_path(vm, path, fn, fd_ok, false, &p) < 0)
        return NULL;
    if (p.fd >= 0 && dir != AT_FDCWD) {
        ou_posix_path_free(vm, &p);
        return ou_value_error(vm, "%s: can't specify dir_fd without matching path", fn);
    }
    if (p.fd >= 0 && !follow)
        return ou_value_error(vm, "%s: cannot use fd and follow_symlinks together", fn);
    r = p.fd >= 0 ? fstat(p.fd, &st) : fstatat(dir, p.s, &st, follow ? 0 : AT_SYMLINK_NOFOLLOW);
    OuObj *res = r < 0 ? ou_posix_error(vm, &p) : make_stat(vm, &st);
    ou_posix_path_free(vm, &p);
    return res;
}

POSIX_FN(posix_stat)
{
    int follow = args[2] ? ou_is_true(vm, args[2]) : 1;
    return follow < 0 ? NULL : do_stat(vm, args[0], args[1], follow, "stat", true);
}

POSIX_FN(posix_lstat)
{
    return do_stat(vm, args[0], args[1], false, "lstat", false);
}

POSIX_FN(posix_fstat)
{
    struct stat st;
    int fd;
    if (ou_as_int(vm, args[0], &fd) < 0)
        return NULL;
    return fstat(fd, &st) < 0 ? ou_raise_errno(vm, errno, NULL) : make_stat(vm, &st);
}

POSIX_FN(posix_statvfs)
{
    PosixPath p;
    struct statvfs s;
    if (ou_posix_path(vm, args[0], "statvfs", true, false, &p) < 0)
        return NULL;
    OuObj *o = NULL;
    if ((p.fd >= 0 ? fstatvfs(p.fd, &s) : statvfs(p.s, &s)) < 0)
        ou_posix_error(vm, &p);
    else {
        o = ou_structseq_of(vm, &statvfs_desc);
        const uint64_t v[] = {s.f_bsize, s.f_frsize, s.f_blocks, s.f_bfree,   s.f_bavail, s.f_files,
                              s.f_ffree, s.f_favail, s.f_flag,   s.f_namemax, s.f_fsid};
        for (int i = 0; o && i < 11; i++)
            OU_TUPLE(o)->items[i] = ou_int_u64(vm, v[i]);
        o = o ? ou_structseq_done(vm, o) : NULL;
    }
    ou_posix_path_free(vm, &p);
    return o;
}

/* seconds (int or float) or nanoseconds to timespec */
static int seconds_arg(OuVM *vm, OuObj *o, struct timespec *out)
{
    if (ou_is(o, float)) {
        double v = OU_FLOAT_V(o), whole = floor(v);
        if (isnan(v) || fabs(v) > 9.2e18)
            return ou_value_error_i(vm, "Invalid value NaN (not a number)");
        out->tv_sec = (time_t)whole;
        out->tv_nsec = (long)((v - whole) * 1e9);
        return 0;
    }
    int64_t s;
    if (ou_as_i64(vm, o, &s) < 0)
        return -1;
    out->tv_sec = s;
    out->tv_nsec = 0;
    return 0;
}

static int ns_arg(OuVM *vm, OuObj *o, struct timespec *out)
{
    int64_t v;
    if (ou_as_i64(vm, o, &v) < 0)
        return -1;
    out->tv_sec = v / 1000000000 - (v % 1000000000 < 0);
    out->tv_nsec = (v % 1000000000 + 1000000000) % 1000000000;
    return 0;
}

POSIX_FN(posix_utime)
{
    PosixPath p;
    struct timespec ts[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_NOW}};
    int dir, follow = 1;
    OuObj *times = args[1] == OU_NONE(vm) ? NULL : args[1], *ns = args[2];
    if (times && ns)
        return ou_value_error(vm, "utime: you may specify either 'times' or 'ns' but not both");
    OuObj *pair = times ? times : ns;
    if (pair) {
        if (!ou_is(pair, tuple) || OU_TUPLE(pair)->n != 2)
            return ou_type_error(vm, times ? "utime: 'times' must be either a tuple of two ints or None"
                                           : "utime: 'ns' must be a tuple of two ints");
        for (int i = 0; i < 2; i++)
            if ((times ? seconds_arg : ns_arg)(vm, OU_TUPLE(pair)->items[i], &ts[i]) < 0)
                return NULL;
    }
    if (ou_posix_dir_fd(vm, args[3], &dir) < 0 || (args[4] && (follow = ou_is_true(vm, args[4])) < 0) ||
        ou_posix_path(vm, args[0], "utime", true, false, &p) < 0)
        return NULL;
    int r = p.fd >= 0 ? futimens(p.fd, ts) : utimensat(dir, p.s, ts, follow ? 0 : AT_SYMLINK_NOFOLLOW);
    OuObj *res = r < 0 ? ou_posix_error_unnamed(vm, &p) : ou_none(vm);
    ou_posix_path_free(vm, &p);
    return res;
}

static int device_arg(OuVM *vm, OuObj *o, uint64_t *d)
{
    OuObj *i = ou_index(vm, o);
    if (!i)
        return -1;
    int r = ou_int_sign(i) < 0
                ? ou_raise_i(vm, OU_EXC(vm, OverflowError), "can't convert negative int to unsigned")
                : ou_int_to_bytes(vm, i, (unsigned char *)d, 8, true, false);
    ou_decref(vm, i);
    return r;
}

POSIX_FN(posix_major)
{
    uint64_t d;
    return device_arg(vm, args[0], &d) < 0 ? NULL : ou_int(vm, major((dev_t)d));
}

POSIX_FN(posix_minor)
{
    uint64_t d;
    return device_arg(vm, args[0], &d) < 0 ? NULL : ou_int(vm, minor((dev_t)d));
}

POSIX_FN(posix_makedev)
{
    int a, b;
    return ou_as_int(vm, args[0], &a) < 0 || ou_as_int(vm, args[1], &b) < 0
               ? NULL
               : ou_int_u64(vm, makedev((unsigned)a, (unsigned)b));
}

/* ---- scandir -------------------------------------------------------------------------- */

typedef struct DirEntry {
    OuObj hdr;
    OuObj *name, *path;  /* str or bytes */
    OuObj *stat, *lstat; /* cached */
    unsigned char type;
    uint64_t inode;
    int dir_fd;
} DirEntry;
typedef struct ScandirIter {
    OuObj hdr;
    DIR *dir;
    OuObj *path;
    bool fd_based;
    int fd; /* the caller's descriptor, which entries look their names up in */
} ScandirIter;
static const OuTypeSpec entry_spec, scandir_spec;

static void entry_dealloc(OuVM *vm, OuObj *o)
{
    DirEntry *e = (DirEntry *)o;
    ou_xdecref(vm, e->name);
    ou_xdecref(vm, e->path);
    ou_xdecref(vm, e->stat);
    ou_xdecref(vm, e->lstat);
    ou_free_object(vm, o);
}

static OuObj *entry_stat_of(OuVM *vm, DirEntry *e, bool follow)
{
    OuObj **slot = follow ? &e->stat : &e->lstat;
    if (follow && e->type != DT_LNK && e->type != DT_UNKNOWN)
        slot = &e->lstat;
    if (!*slot) {
        OuObj *dir = e->dir_fd >= 0 ? ou_int(vm, e->dir_fd) : NULL;
        *slot = do_stat(vm, e->dir_fd >= 0 ? e->name : e->path, dir, slot == &e->stat, "stat", false);
        ou_xdecref(vm, dir);
    }
    return *slot ? ou_ref(*slot) : NULL;
}

POSIX_FN(entry_stat)
{
    int follow = args[1] ? ou_is_true(vm, args[1]) : 1;
    return follow < 0 ? NULL : entry_stat_of(vm, (DirEntry *)args[0], follow);
}

static OuObj *entry_test(OuVM *vm, OuObj *self, OuObj *follow_arg, unsigned dt, unsigned fmt)
{
    DirEntry *e = (DirEntry *)self;
    int follow = follow_arg ? ou_is_true(vm, follow_arg) : 1;
    if (follow < 0)
        return NULL;
    if (e->type != DT_UNKNOWN && !(follow && e->type == DT_LNK))
        return ou_bool(vm, e->type == dt);
    OuObj *st = entry_stat_of(vm, e, follow);
    if (!st) {
        if (!ou_err_is(vm, OU_EXC(vm, FileNotFoundError)))
            return NULL;
        ou_err_clear(vm);
        return ou_bool(vm, false);
    }
    int64_t mode = OU_INT_V(OU_TUPLE(st)->items[0]);
    ou_decref(vm, st);
    return ou_bool(vm, (mode & S_IFMT) == fmt);
}

POSIX_FN(entry_is_dir)
{
    return entry_test(vm, args[0], args[1], DT_DIR, S_IFDIR);
}

POSIX_FN(entry_is_file)
{
    return entry_test(vm, args[0], args[1], DT_REG, S_IFREG);
}

POSIX_FN(entry_is_symlink)
{
    DirEntry *e = (DirEntry *)args[0];
    if (e->type != DT_UNKNOWN)
        return ou_bool(vm, e->type == DT_LNK);
    return entry_test(vm, args[0], OU_FALSE(vm), DT_LNK, S_IFLNK);
}

POSIX_FN(entry_inode)
{
    return ou_int_u64(vm, ((DirEntry *)args[0])->inode);
}

POSIX_FN(entry_fspath)
{
    return ou_ref(((DirEntry *)args[0])->path);
}

static OuObj *entry_repr(OuVM *vm, OuObj *o)
{
    return ou_str_fmt(vm, "<DirEntry %R>", ((DirEntry *)o)->name);
}

static const OuFn entry_methods[] = {
    {"is_dir(self, *, follow_symlinks=True)", entry_is_dir, 0,
     "Return True if the entry is a directory; cached per entry."},
    {"is_file(self, *, follow_symlinks=True)", entry_is_file, 0,
     "Return True if the entry is a file; cached per entry."},
    {"is_symlink(self, /)", entry_is_symlink, 0,
     "Return True if the entry is a symbolic link; cached per entry."},
    {"stat(self, *, follow_symlinks=True)", entry_stat, 0,
     "Return stat_result object for the entry; cached per entry."},
    {"inode(self, /)", entry_inode, 0, "Return inode of the entry; cached per entry."},
    {"__fspath__(self, /)", entry_fspath, 0, "Returns the path for the entry."},
    {"__class_getitem__(cls, item, /)", ou_class_getitem_alias, OU_FN_CLASS, "See PEP 585"},
    {0},
};
static const OuMember entry_members[] = {
    {"name", OU_MEMBER_OBJ, offsetof(DirEntry, name), true,
     "the entry's base filename, relative to scandir() \"path\" argument"},
    {"path", OU_MEMBER_OBJ, offsetof(DirEntry, path), true,
     "the entry's full path name; equivalent to os.path.join(scandir_path, entry.name)"},
    {0},
};
static const OuTypeSpec entry_spec = {
    .name = "posix.DirEntry",
    .size = sizeof(DirEntry),
    .flags = OU_TYPE_NO_NEW,
    .dealloc = entry_dealloc,
    .s = {.repr = entry_repr},
    .methods = entry_methods,
    .members = entry_members,
};

static void scandir_close(ScandirIter *it)
{
    if (it->dir) {
        if (it->fd_based)
            rewinddir(it->dir);
        closedir(it->dir);
        it->dir = NULL;
    }
}

static void scandir_finalize(OuVM *vm, OuObj *o)
{
    ScandirIter *it = (ScandirIter *)o;
    if (!it->dir)
        return;
    OuObj *saved = ou_err_fetch(vm);
    if (ou_warn_source(vm, OU_EXC(vm, ResourceWarning), o, "unclosed scandir iterator %R", o) < 0)
        ou_err_unraisable(vm, o, NULL);
    ou_err_restore(vm, saved);
    scandir_close(it);
}

static void scandir_dealloc(OuVM *vm, OuObj *o)
{
    scandir_close((ScandirIter *)o);
    ou_xdecref(vm, ((ScandirIter *)o)->path);
    ou_free_object(vm, o);
}

static OuObj *scandir_next(OuVM *vm, OuObj *o)
{
    ScandirIter *it = (ScandirIter *)o;
    struct dirent *d;
    OuPosixState *ty = OU_TYPE_OF(vm, o)->module_state;
    while (it->dir && (errno = 0, d = readdir(it->dir))) {
        if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
            continue;
        DirEntry *e = (DirEntry *)ou_type_alloc(vm, ty->entry, 0);
        if (!e)
            return NULL;
        bool bytes = it->path && ou_isa_bytes(vm, it->path);
        e->stat = e->lstat = e->path = NULL;
        e->type = d->d_type;
        e->inode = d->d_ino;
        e->dir_fd = it->fd_based ? it->fd : -1;
        e->name = bytes ? ou_bytes_new(vm, d->d_name, (ou_ssize)strlen(d->d_name))
                        : ou_fs_decode(vm, d->d_name, -1);
        if (!e->name)
            goto fail;
        if (!it->path || it->fd_based)
            e->path = it->fd_based ? ou_ref(e->name) : ou_str_fmt(vm, "./%U", e->name);
        else if (bytes) {
            size_t n = OU_BYTES(it->path)->len, k = OU_BYTES(e->name)->len;
            bool slash = n && OU_BYTES(it->path)->data[n - 1] == '/';
            OuObj *b = ou_bytes_new(vm, NULL, (ou_ssize)(n + k + !slash));
            if (b) {
                memcpy(OU_BYTES(b)->data, OU_BYTES(it->path)->data, n);
                if (!slash)
                    OU_BYTES(b)->data[n++] = '/';
                memcpy(OU_BYTES(b)->data + n, OU_BYTES(e->name)->data, k);
            }
            e->path = b;
        } else {
            ou_ssize n = ou_str_len(it->path);
            bool slash = n && ou_str_at(OU_STR(it->path), n - 1) == '/';
            e->path = ou_str_fmt(vm, slash || !n ? "%S%U" : "%S/%U", it->path, e->name);
        }
        if (e->path)
            return (OuObj *)e;
    fail:
        ou_decref(vm, e);
        return NULL;
    }
    scandir_close(it);
    return NULL;
}

POSIX_FN(scandir_close_method)
{
    scandir_close((ScandirIter *)args[0]);
    return ou_none(vm);
}

POSIX_FN(scandir_enter)
{
    return ou_ref(args[0]);
}

static const OuFn scandir_methods[] = {
    {"close(self, /)", scandir_close_method, 0, NULL},
    {"__enter__(self, /)", scandir_enter, 0, NULL},
    {"__exit__(self, type=None, value=None, traceback=None, /)", scandir_close_method, 0, NULL},
    {0},
};
static const OuTypeSpec scandir_spec = {
    .name = "posix.ScandirIterator",
    .size = sizeof(ScandirIter),
    .flags = OU_TYPE_NO_NEW,
    .dealloc = scandir_dealloc,
    .s = {.iter = ou_self_iter, .next = scandir_next, .finalize = scandir_finalize},
    .methods = scandir_methods,
};

POSIX_FN(posix_scandir)
{
    PosixPath p;
    DIR *d;
    if (ou_posix_path(vm, args[0], "scandir", true, true, &p) < 0)
        return NULL;
    if (p.fd >= 0) {
        int fd = fcntl(p.fd, F_DUPFD_CLOEXEC, 0);
        d = fd >= 0 ? fdopendir(fd) : NULL;
    } else
        d = opendir(p.s);
    ScandirIter *it = NULL;
    if (!d)
        ou_posix_error_unnamed(vm, &p);
    else {
        OuObj *type = ou_import_attr(vm, "posix", "_ScandirIterator");
        it = type ? (ScandirIter *)ou_type_alloc(vm, OU_AS_TYPE(type), 0) : NULL;
        ou_xdecref(vm, type);
        if (it) {
            it->dir = d;
            it->fd_based = p.fd >= 0;
            it->fd = p.fd;
            it->path = NULL;
            if (p.arg && p.fd < 0)
                it->path = ou_isa_bytes(vm, p.arg) || ou_has_buffer(vm, p.arg) ? ou_ref(p.bytes)
                           : ou_isa_str(vm, p.arg)                             ? ou_ref(p.arg)
                                                                               : ou_fs_decode(vm, p.s, -1);
        } else
            closedir(d);
    }
    ou_posix_path_free(vm, &p);
    return (OuObj *)it;
}

const OuFn ou_posix_stat_functions[] = {
    {"stat(path, *, dir_fd=None, follow_symlinks=True)", posix_stat, 0,
     "Perform a stat system call on the given path."},
    {"lstat(path, *, dir_fd=None)", posix_lstat, 0,
     "Perform a stat system call on the given path, without following symbolic links."},
    {"fstat(fd)", posix_fstat, 0, "Perform a stat system call on the given file descriptor."},
    {"statvfs(path)", posix_statvfs, 0, "Perform a statvfs system call on the given path."},
    {"fstatvfs(fd, /)", posix_statvfs, 0, "Perform an fstatvfs system call on the given fd."},
    {"utime(path, times=None, *, ns=<unrepresentable>, dir_fd=None, follow_symlinks=True)", posix_utime, 0,
     "Set the access and modified time of path."},
    {"major(device, /)", posix_major, 0, "Extracts a device major number from a raw device number."},
    {"minor(device, /)", posix_minor, 0, "Extracts a device minor number from a raw device number."},
    {"makedev(major, minor, /)", posix_makedev, 0,
     "Composes a raw device number from the major and minor device numbers."},
    {"scandir(path=None)", posix_scandir, 0, "Return an iterator of DirEntry objects for given path."},
    {0},
};

int ou_posix_stat_init(OuVM *vm, OuObj *m)
{
    OuPosixState *ty = ((OuModule *)m)->state;
    if (!ou_structseq_type(vm, m, &stat_desc) || !ou_structseq_type(vm, m, &statvfs_desc) ||
        !(ty->entry = ou_module_add_type(vm, m, &entry_spec, NULL)) ||
        !(ty->scandir = ou_type_from_spec(vm, &scandir_spec, NULL)))
        return -1;
    ty->scandir->module_state = ty;
    return ou_module_add(vm, m, "_ScandirIterator", ou_ref((OuObj *)ty->scandir));
}
