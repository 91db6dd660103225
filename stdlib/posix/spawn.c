/* stdlib/posix/spawn.c - posix: posix_spawn(), waitid(), pseudo-terminals, event, memory and process descriptors. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pty.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utmp.h>

#include "posix.h"
#include "vm/iterobj.h"
#include "vm/structseq.h"

/* ---- posix_spawn ---- */

/* A set of signal numbers from an iterable. */
static int signal_set(OuVM *vm, OuObj *o, sigset_t *set)
{
    sigemptyset(set);
    OuObj *it = ou_iter(vm, o), *x;
    if (!it)
        return -1;
    while ((x = ou_next(vm, it))) {
        int64_t v = 0;
        if (ou_as_i64(vm, x, &v) == 0 && (v <= 0 || v >= NSIG))
            ou_value_error(vm, "signal number %lld out of range [1; %d]", (long long)v, NSIG - 1);
        ou_decref(vm, x);
        if (ou_err_occurred(vm))
            break;
        sigaddset(set, (int)v);
    }
    ou_decref(vm, it);
    return ou_err_occurred(vm) ? -1 : 0;
}

/* scheduler=(policy or None, sched_param) */
static int scheduler_arg(OuVM *vm, OuObj *o, posix_spawnattr_t *attr, short *flags)
{
    if (!ou_isa_tuple(vm, o) || OU_TUPLE(o)->n != 2)
        return ou_type_error_i(vm, "A scheduler tuple must have two elements");
    OuObj *policy = OU_TUPLE(o)->items[0], *param = OU_TUPLE(o)->items[1];
    OuType *t = ou_structseq_type(vm, NULL, &ou_posix_sched_desc);
    int p;
    struct sched_param sp;
    if (policy != OU_NONE(vm)) {
        if (ou_as_int(vm, policy, &p) < 0)
            return -1;
        posix_spawnattr_setschedpolicy(attr, p);
        *flags |= POSIX_SPAWN_SETSCHEDULER;
    }
    if (!t || OU_TYPE_OF(vm, param) != t)
        return ou_type_error_i(vm, "must have a sched_param object");
    if (ou_as_int(vm, OU_TUPLE(param)->items[0], &sp.sched_priority) < 0)
        return -1;
    posix_spawnattr_setschedparam(attr, &sp);
    *flags |= POSIX_SPAWN_SETSCHEDPARAM;
    return 0;
}

/* One (tag, ...) of file_actions; paths are kept alive in `keep`. */
static int file_action(OuVM *vm, OuObj *o, posix_spawn_file_actions_t *fa, OuObj *keep)
{
    int64_t tag;
    int fd, fd2, oflag, mode, err = 0;
    OuObj *path;
    if (!ou_isa_tuple(vm, o) || !OU_TUPLE(o)->n)
        return ou_type_error_i(vm, "Each file_actions element must be a non-empty tuple");
    OuObj **v = OU_TUPLE(o)->items;
    size_t n = OU_TUPLE(o)->n;
    if (ou_as_i64(vm, v[0], &tag) < 0)
        return -1;
    switch (tag) {
    case 0:
        if (n != 5)
            return ou_type_error_i(vm, "A open file_action tuple must have 5 elements");
        if (ou_as_int(vm, v[1], &fd) < 0 || ou_fs_path(vm, v[2], &path) < 0)
            return -1;
        if (ou_list_append_take(vm, keep, path) < 0 || ou_as_int(vm, v[3], &oflag) < 0 ||
            ou_as_int(vm, v[4], &mode) < 0)
            return -1;
        err = posix_spawn_file_actions_addopen(fa, fd, OU_BYTES(path)->data, oflag, (mode_t)mode);
        break;
    case 1:
        if (n != 2)
            return ou_type_error_i(vm, "A close file_action tuple must have 2 elements");
        if (ou_as_int(vm, v[1], &fd) < 0)
            return -1;
        err = posix_spawn_file_actions_addclose(fa, fd);
        break;
    case 2:
        if (n != 3)
            return ou_type_error_i(vm, "A dup2 file_action tuple must have 3 elements");
        if (ou_as_int(vm, v[1], &fd) < 0 || ou_as_int(vm, v[2], &fd2) < 0)
            return -1;
        err = posix_spawn_file_actions_adddup2(fa, fd, fd2);
        break;
    default:
        return ou_type_error_i(vm, "Unknown file_actions identifier");
    }
    if (err)
        ou_raise_errno(vm, err, NULL);
    return err ? -1 : 0;
}

static int file_actions(OuVM *vm, OuObj *o, posix_spawn_file_actions_t *fa, OuObj *keep)
{
    if (!ou_is_sequence(vm, o))
        return ou_type_error_i(vm, "file_actions must be a sequence or None");
    OuObj *list = ou_sequence_list(vm, o);
    int r = list ? 0 : -1;
    for (size_t i = 0; r == 0 && i < OU_LIST(list)->n; i++)
        r = file_action(vm, OU_LIST(list)->items[i], fa, keep);
    ou_xdecref(vm, list);
    return r;
}

static int attributes(OuVM *vm, OuObj *const *args, posix_spawnattr_t *attr)
{
    short flags = 0;
    sigset_t set;
    int pgid, r;
    if (args[4]) {
        if (ou_as_int(vm, args[4], &pgid) < 0)
            return -1;
        posix_spawnattr_setpgroup(attr, pgid);
        flags |= POSIX_SPAWN_SETPGROUP;
    }
    if (args[5]) {
        if (ou_as_int(vm, args[5], &r) < 0)
            return -1;
        flags |= r ? POSIX_SPAWN_RESETIDS : 0;
    }
    if (args[6]) {
        if (ou_as_int(vm, args[6], &r) < 0)
            return -1;
        flags |= r ? POSIX_SPAWN_SETSID : 0;
    }
    if (args[7]) {
        if (signal_set(vm, args[7], &set) < 0)
            return -1;
        posix_spawnattr_setsigmask(attr, &set);
        flags |= POSIX_SPAWN_SETSIGMASK;
    }
    if (args[8]) {
        if (signal_set(vm, args[8], &set) < 0)
            return -1;
        posix_spawnattr_setsigdefault(attr, &set);
        flags |= POSIX_SPAWN_SETSIGDEF;
    }
    if (args[9] && scheduler_arg(vm, args[9], attr, &flags) < 0)
        return -1;
    posix_spawnattr_setflags(attr, flags);
    return 0;
}

static OuObj *spawn(OuVM *vm, OuObj *const *args, const char *fn, bool search)
{
    PosixPath p;
    size_t n;
    char **argv = NULL, **env = NULL;
    posix_spawn_file_actions_t fa;
    posix_spawnattr_t attr;
    OuObj *r = NULL, *keep = NULL;
    if (ou_posix_path(vm, args[0], fn, false, false, &p) < 0)
        return NULL;
    posix_spawn_file_actions_init(&fa);
    posix_spawnattr_init(&attr);
    if (!ou_isa_tuple(vm, args[1]) && !ou_isa_list(vm, args[1])) {
        ou_type_error(vm, "%s: argv must be a tuple or list", fn);
        goto done;
    }
    if (ou_len(vm, args[1]) < 1) {
        ou_value_error(vm, "%s: argv must not be empty", fn);
        goto done;
    }
    if (!ou_hasattr(vm, args[2], OU_NAME(vm, __getitem__))) {
        ou_type_error(vm, "%s: environment must be a mapping object", fn);
        goto done;
    }
    if (!(argv = ou_posix_string_array(vm, args[1], &n)))
        goto done;
    if (!*argv[0]) {
        ou_value_error(vm, "%s: argv first element cannot be empty", fn);
        goto done;
    }
    if (!(env = ou_posix_env_array(vm, args[2])) || !(keep = ou_list_new(vm, 0)) ||
        (args[3] && args[3] != OU_NONE(vm) && file_actions(vm, args[3], &fa, keep) < 0) ||
        attributes(vm, args, &attr) < 0)
        goto done;
    pid_t pid;
    int err = search ? posix_spawnp(&pid, p.s, &fa, &attr, argv, env)
                     : posix_spawn(&pid, p.s, &fa, &attr, argv, env);
    errno = err;
    r = err ? ou_posix_error(vm, &p) : ou_int(vm, pid);
done:
    posix_spawn_file_actions_destroy(&fa);
    posix_spawnattr_destroy(&attr);
    ou_posix_free_array(argv);
    ou_posix_free_array(env);
    ou_xdecref(vm, keep);
    ou_posix_path_free(vm, &p);
    return r;
}

POSIX_FN(posix_spawn_)
{
    return spawn(vm, args, "posix_spawn", false);
}

POSIX_FN(posix_spawnp_)
{
    return spawn(vm, args, "posix_spawnp", true);
}

/* ---- waitid ---- */

static const OuGetSet waitid_fields[] = {
    OU_SEQ_FIELD(0, "si_pid", NULL),    OU_SEQ_FIELD(1, "si_uid", NULL),  OU_SEQ_FIELD(2, "si_signo", NULL),
    OU_SEQ_FIELD(3, "si_status", NULL), OU_SEQ_FIELD(4, "si_code", NULL), {0}};
static const OuStructSeq waitid_desc = {
    OU_STRUCTSEQ(
        "posix.waitid_result",
        "waitid_result: Result from waitid.\n\nThis object may be accessed either as a tuple of\n  (si_pid, "
        "si_uid, si_signo, si_status, si_code),\nor via the attributes si_pid, si_uid, and so on.\n\nSee "
        "os.waitid for more information.",
        waitid_fields),
    .visible = 5, .total = 5};

POSIX_FN(posix_waitid)
{
    INT_ARG(0, type, 0);
    INT_ARG(1, id, 0);
    INT_ARG(2, options, 0);
    siginfo_t si = {0};
    int r;
    do
        OU_BLOCKING(vm, r = waitid((idtype_t)type, (id_t)id, &si, options));
    while (r < 0 && errno == EINTR && ou_poll_slow(vm) == 0);
    if (r < 0)
        return ou_err_occurred(vm) ? NULL : ou_raise_errno(vm, errno, NULL);
    if (!si.si_pid)
        return ou_none(vm);
    OuObj *o = ou_structseq_of(vm, &waitid_desc);
    const int64_t v[] = {si.si_pid, si.si_uid, si.si_signo, si.si_status, si.si_code};
    for (int i = 0; o && i < 5; i++)
        OU_TUPLE(o)->items[i] = ou_int(vm, v[i]);
    return ou_structseq_done(vm, o);
}

/* ---- terminals ---- */

POSIX_FN(posix_openpty)
{
    int master, slave;
    if (openpty(&master, &slave, NULL, NULL, NULL) < 0)
        return ou_raise_errno(vm, errno, NULL);
    fcntl(master, F_SETFD, FD_CLOEXEC);
    fcntl(slave, F_SETFD, FD_CLOEXEC);
    OuObj *v[2] = {ou_int(vm, master), ou_int(vm, slave)};
    OuObj *t = v[0] && v[1] ? ou_tuple_of_take(vm, v, 2) : NULL;
    ou_xdecref(vm, v[0]);
    ou_xdecref(vm, v[1]);
    return t;
}

POSIX_FN(posix_login_tty)
{
    int fd;
    if (ou_posix_fd(vm, args[0], &fd) < 0)
        return NULL;
    return login_tty(fd) < 0 ? ou_raise_errno(vm, errno, NULL) : ou_none(vm);
}

/* ---- descriptors of other kinds ---- */

/* An unsigned argument up to max. */
static int unsigned_arg(OuVM *vm, OuObj *o, uint64_t max, const char *type, uint64_t *out)
{
    OuObj *i = ou_index(vm, o);
    int64_t v;
    if (!i)
        return -1;
    int sign = ou_int_sign(i);
    bool fits = ou_int_fits(i, &v), ok = sign >= 0 && (fits || max == UINT64_MAX);
    if (sign < 0)
        ou_value_error(vm, "value must be positive");
    else if (fits)
        *out = (uint64_t)v;
    else if (ok && ou_int_to_bytes(vm, i, (unsigned char *)out, 8, true, false) < 0)
        ok = false;
    if (ok ? *out > max : sign >= 0 && !ou_err_occurred(vm)) {
        ou_raise(vm, OU_EXC(vm, OverflowError), "Python int too large %s", type);
        ok = false;
    }
    ou_decref(vm, i);
    return ok ? 0 : -1;
}

POSIX_FN(posix_eventfd)
{
    uint64_t value;
    int flags = EFD_CLOEXEC;
    if (unsigned_arg(vm, args[0], UINT_MAX, "for C unsigned int", &value) < 0 ||
        (args[1] && ou_as_int(vm, args[1], &flags) < 0))
        return NULL;
    int fd = eventfd((unsigned)value, flags);
    return fd < 0 ? ou_raise_errno(vm, errno, NULL) : ou_int(vm, fd);
}

POSIX_FN(posix_eventfd_read)
{
    int fd, r;
    eventfd_t v;
    if (ou_posix_fd(vm, args[0], &fd) < 0)
        return NULL;
    OU_BLOCKING(vm, r = eventfd_read(fd, &v));
    return r < 0 ? ou_raise_errno(vm, errno, NULL) : ou_int_u64(vm, v);
}

POSIX_FN(posix_eventfd_write)
{
    int fd, r;
    uint64_t v;
    if (ou_posix_fd(vm, args[0], &fd) < 0 || unsigned_arg(vm, args[1], UINT64_MAX, "to convert", &v) < 0)
        return NULL;
    OU_BLOCKING(vm, r = eventfd_write(fd, v));
    return r < 0 ? ou_raise_errno(vm, errno, NULL) : ou_none(vm);
}

POSIX_FN(posix_memfd_create)
{
    OuObj *name;
    int flags = MFD_CLOEXEC;
    if ((args[1] && ou_as_int(vm, args[1], &flags) < 0) || ou_fs_path(vm, args[0], &name) < 0)
        return NULL;
    int fd = memfd_create(OU_BYTES(name)->data, (unsigned)flags);
    ou_decref(vm, name);
    return fd < 0 ? ou_raise_errno(vm, errno, NULL) : ou_int(vm, fd);
}

POSIX_FN(posix_pidfd_open)
{
    INT_ARG(0, pid, 0);
    int flags = 0;
    if (args[1] && ou_as_int(vm, args[1], &flags) < 0)
        return NULL;
    int fd = pidfd_open(pid, (unsigned)flags);
    return fd < 0 ? ou_raise_errno(vm, errno, NULL) : ou_int(vm, fd);
}

#define SPAWN_PARAMS                                                                                       \
    "(path, argv, env, /, *, file_actions=(), setpgroup=<unrepresentable>, resetids=False, setsid=False, " \
    "setsigmask=(), setsigdef=(), scheduler=<unrepresentable>)"
const OuFn ou_posix_spawn_functions[] = {
    {"posix_spawn" SPAWN_PARAMS, posix_spawn_, 0, "Execute the program specified by path in a new process."},
    {"posix_spawnp" SPAWN_PARAMS, posix_spawnp_, 0,
     "Execute the program specified by path in a new process."},
    {"waitid(idtype, id, options, /)", posix_waitid, 0,
     "Returns the result of waiting for a process or processes."},
    {"openpty()", posix_openpty, 0, "Open a pseudo-terminal."},
    {"login_tty(fd, /)", posix_login_tty, 0,
     "Prepare the tty of which fd is a file descriptor for a new login session."},
    {"eventfd(initval, flags=EFD_CLOEXEC)", posix_eventfd, 0,
     "Creates and returns an event notification file descriptor."},
    {"eventfd_read(fd)", posix_eventfd_read, 0, "Read eventfd value"},
    {"eventfd_write(fd, value)", posix_eventfd_write, 0, "Write eventfd value."},
    {"memfd_create(name, flags=MFD_CLOEXEC)", posix_memfd_create, 0, NULL},
    {"pidfd_open(pid, flags=0)", posix_pidfd_open, 0,
     "Return a file descriptor referring to the process *pid*."},
    {0},
};

int ou_posix_spawn_init(OuVM *vm, OuObj *m)
{
    return ou_structseq_type(vm, m, &waitid_desc) ? 0 : -1;
}
