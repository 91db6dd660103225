/* stdlib/_posixsubprocess.c - module _posixsubprocess: fork_exec, what the library's subprocess stands on.
 *
 * Everything that needs memory is prepared before fork(); the child only makes system calls. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stdlib/posix/posix.h"

typedef struct Plan {
    char **exec_list, **argv, **env;
    const char *cwd;
    int p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, err_read, err_write;
    bool close_fds, restore_signals, setsid;
    int pgid;
    int *keep;
    size_t nkeep;
    int64_t gid, uid;
    gid_t *groups;
    int ngroups; /* -1: unchanged */
    int umask;   /* -1: unchanged */
    OuObj *preexec;
} Plan;

/* Descriptors above 2 but those to keep are closed; /proc tells which are open. */
static void close_others(const Plan *p)
{
    DIR *d = opendir("/proc/self/fd");
    struct dirent *e;
    if (!d) {
        for (int fd = 3; fd < 1024; fd++) {
            bool kept = false;
            for (size_t i = 0; i < p->nkeep; i++)
                kept |= p->keep[i] == fd;
            if (!kept)
                close(fd);
        }
        return;
    }
    while ((e = readdir(d))) {
        int fd = atoi(e->d_name);
        bool kept = fd < 3 || fd == dirfd(d);
        for (size_t i = 0; i < p->nkeep; i++)
            kept |= p->keep[i] == fd;
        if (!kept)
            close(fd);
    }
    closedir(d);
}

/* In the child: never returns.  Errors go to the parent as "OSError:<hex errno>:<what>". */
static void child(OuVM *vm, Plan *p)
{
    const char *what = "";
    char msg[128];
    for (size_t i = 0; i < p->nkeep; i++)
        if (p->keep[i] != p->err_write) {
            int flags = fcntl(p->keep[i], F_GETFD);
            if (flags >= 0)
                fcntl(p->keep[i], F_SETFD, flags & ~FD_CLOEXEC);
        }
    if (p->p2cwrite >= 0)
        close(p->p2cwrite);
    if (p->c2pread >= 0)
        close(p->c2pread);
    if (p->errread >= 0)
        close(p->errread);
    close(p->err_read);
    /* low numbers first get out of the way */
    if (p->c2pwrite == 0 && (p->c2pwrite = dup(p->c2pwrite)) < 0)
        goto fail;
    while (p->errwrite == 0 || p->errwrite == 1)
        if ((p->errwrite = dup(p->errwrite)) < 0)
            goto fail;
    int from[3] = {p->p2cread, p->c2pwrite, p->errwrite};
    for (int fd = 0; fd < 3; fd++) {
        if (from[fd] == fd) {
            int flags = fcntl(fd, F_GETFD);
            if (flags < 0 || fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC) < 0)
                goto fail;
        } else if (from[fd] >= 0 && dup2(from[fd], fd) < 0)
            goto fail;
    }
    if (p->cwd && chdir(p->cwd) < 0) {
        what = "noexec";
        goto fail;
    }
    if (p->umask >= 0)
        umask((mode_t)p->umask);
    if (p->restore_signals) {
        signal(SIGPIPE, SIG_DFL);
        signal(SIGXFSZ, SIG_DFL);
    }
    if (p->setsid && setsid() < 0)
        goto fail;
    if (p->pgid >= 0 && setpgid(0, p->pgid) < 0)
        goto fail;
    if (p->ngroups >= 0 && setgroups((size_t)p->ngroups, p->groups) < 0)
        goto fail;
    if (p->gid >= 0 && setregid((gid_t)p->gid, (gid_t)p->gid) < 0)
        goto fail;
    if (p->uid >= 0 && setreuid((uid_t)p->uid, (uid_t)p->uid) < 0)
        goto fail;
    if (p->preexec) {
        ou_threads_after_fork(vm);
        if (!ou_call0(vm, p->preexec)) {
            static const char text[] = "SubprocessError:0:Exception occurred in preexec_fn.";
            ssize_t n = write(p->err_write, text, sizeof text - 1);
            (void)n;
            _exit(255);
        }
    }
    if (p->close_fds)
        close_others(p);
    int saved = 0;
    for (char **e = p->exec_list; *e; e++) {
        if (p->env)
            execve(*e, p->argv, p->env);
        else
            execv(*e, p->argv);
        if (errno != ENOENT && errno != ENOTDIR && !saved)
            saved = errno;
    }
    if (saved)
        errno = saved;
fail:;
    int n = snprintf(msg, sizeof msg, "OSError:%X:%s", errno, what);
    ssize_t written = write(p->err_write, msg, (size_t)n);
    (void)written;
    _exit(255);
}

/* uid or gid of fork_exec(): None stays -1.  0 / -1. */
static int owner_arg(OuVM *vm, OuObj *o, const char *what, int64_t *out)
{
    if (o == OU_NONE(vm))
        return 0;
    OuObj *i = ou_index(vm, o);
    if (!i)
        return -1;
    bool fits = ou_int_fits(i, out) && *out >= 0 && *out <= UINT32_MAX;
    ou_decref(vm, i);
    return fits ? 0 : ou_raise_i(vm, OU_EXC(vm, OverflowError), "%s is greater than maximum", what);
}

/* Places of fork_exec()'s arguments. */
enum {
    ARGS,
    EXECS,
    CLOSE,
    KEEP,
    CWD,
    ENV,
    FDS,
    RESTORE = FDS + 8,
    SETSID,
    PGID,
    GID,
    GROUPS,
    UID,
    UMASK,
    PREEXEC,
    VFORK,
    COUNT
};

/* Numbers and switches.  0/-1 */
static int read_scalars(OuVM *vm, OuObj *const *a, Plan *p)
{
    int *fds[8] = {&p->p2cread, &p->p2cwrite, &p->c2pread,  &p->c2pwrite,
                   &p->errread, &p->errwrite, &p->err_read, &p->err_write};
    for (int i = 0; i < 8; i++)
        if (ou_as_int(vm, a[FDS + i], fds[i]) < 0)
            return -1;
    int close_fds = ou_is_true(vm, a[CLOSE]), restore = ou_is_true(vm, a[RESTORE]),
        session = ou_is_true(vm, a[SETSID]);
    if (close_fds < 0 || restore < 0 || session < 0 || ou_as_int(vm, a[PGID], &p->pgid) < 0 ||
        ou_as_int(vm, a[UMASK], &p->umask) < 0 || owner_arg(vm, a[GID], "gid", &p->gid) < 0 ||
        owner_arg(vm, a[UID], "uid", &p->uid) < 0)
        return -1;
    p->close_fds = close_fds;
    p->restore_signals = restore;
    p->setsid = session;
    p->preexec = a[PREEXEC] == OU_NONE(vm) ? NULL : a[PREEXEC];
    return close_fds && p->err_write < 3 ? ou_value_error_i(vm, "errpipe_write must be >= 3") : 0;
}

/* Descriptors to keep open, in ascending order.  0/-1 */
static int read_keep(OuVM *vm, OuObj *o, Plan *p)
{
    OuObj *list = ou_sequence_list(vm, o);
    if (!list)
        return -1;
    int r = 0;
    p->nkeep = OU_LIST(list)->n;
    if (!(p->keep = calloc(p->nkeep + 1, sizeof *p->keep)))
        r = ou_raise_memory_i(vm);
    for (size_t i = 0; r == 0 && i < p->nkeep; i++)
        if (ou_as_int(vm, OU_LIST(list)->items[i], &p->keep[i]) < 0 || p->keep[i] < 0 ||
            (i && p->keep[i] <= p->keep[i - 1])) {
            ou_err_clear(vm);
            r = ou_value_error_i(vm, "bad value(s) in fds_to_keep");
        }
    ou_decref(vm, list);
    return r;
}

/* Supplementary groups; None stays none.  0/-1 */
static int read_groups(OuVM *vm, OuObj *o, Plan *p)
{
    if (o == OU_NONE(vm))
        return 0;
    OuObj *list = ou_sequence_list(vm, o);
    if (!list)
        return -1;
    int r = 0;
    p->ngroups = (int)OU_LIST(list)->n;
    if (!(p->groups = calloc((size_t)p->ngroups + 1, sizeof *p->groups)))
        r = ou_raise_memory_i(vm);
    for (int i = 0; r == 0 && i < p->ngroups; i++) {
        int64_t g = -1;
        OuObj *x = OU_LIST(list)->items[i];
        if (!ou_isa_int(vm, x) || !ou_int_fits(x, &g) || g < 0 || g > UINT32_MAX)
            r = ou_value_error_i(vm, "invalid group id");
        else
            p->groups[i] = (gid_t)g;
    }
    ou_decref(vm, list);
    return r;
}

/* Everything is read before the fork: the child runs no code of ours but preexec_fn. */
static OuObj *fork_exec(OuVM *vm, OuObj *const *a, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, "fork_exec", kwnames) < 0 || ou_arity(vm, "fork_exec", nargs, COUNT, COUNT) < 0)
        return NULL;
    Plan p = {.gid = -1, .uid = -1, .ngroups = -1};
    size_t n;
    OuObj *cwd = NULL, *res = NULL;
    if (read_scalars(vm, a, &p) < 0)
        return NULL;
    if (read_keep(vm, a[KEEP], &p) < 0 || read_groups(vm, a[GROUPS], &p) < 0 ||
        !(p.exec_list = ou_posix_string_array(vm, a[EXECS], &n)) ||
        !(p.argv = ou_posix_string_array(vm, a[ARGS], &n)) ||
        (a[ENV] != OU_NONE(vm) && !(p.env = ou_posix_string_array(vm, a[ENV], &n))) ||
        (a[CWD] != OU_NONE(vm) && ou_fs_path(vm, a[CWD], &cwd) < 0))
        goto done;
    if (cwd)
        p.cwd = OU_BYTES(cwd)->data;
    pid_t pid = fork();
    if (pid == 0)
        child(vm, &p);
    res = pid < 0 ? ou_raise_errno(vm, errno, NULL) : ou_int(vm, pid);
done:
    ou_posix_free_array(p.exec_list);
    ou_posix_free_array(p.argv);
    ou_posix_free_array(p.env);
    free(p.keep);
    free(p.groups);
    ou_xdecref(vm, cwd);
    return res;
}

static const OuFn functions[] = {
    {"fork_exec(...)", fork_exec, OU_FN_RAW, "Spawn a fresh new child process."},
    {0},
};

const OuModuleDef ou_mod_posixsubprocess = {
    .name = "_posixsubprocess", .doc = "A POSIX helper for the subprocess module.", .functions = functions};
