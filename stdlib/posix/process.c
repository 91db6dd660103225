/* stdlib/posix/process.c - module posix: processes: fork, exec, wait, signals, groups of processes and their terminals. */
#include <errno.h>
#include <pty.h>
#include <grp.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "posix.h"
#include "stdlib/support.h"
#include "vm/structseq.h"

#define SIMPLE(name, expr)                  \
    POSIX_FN(posix_##name)                  \
    {                                       \
        return ou_int(vm, (int64_t)(expr)); \
    }
#define CHECKED2(name, expr)                                               \
    POSIX_FN(posix_##name)                                                 \
    {                                                                      \
        INT_ARG(0, a, 0);                                                  \
        INT_ARG(1, b, 0);                                                  \
        return (expr) < 0 ? ou_raise_errno(vm, errno, NULL) : ou_none(vm); \
    }
#define STATUS(name, expr) \
    POSIX_FN(posix_##name) \
    {                      \
        INT_ARG(0, s, 0);  \
        return (expr);     \
    }

SIMPLE(getpid, getpid())
SIMPLE(getppid, getppid())
SIMPLE(getpgrp, getpgrp())
CHECKED2(kill, kill(a, b))
CHECKED2(killpg, killpg(a, b))
CHECKED2(setpgid, setpgid(a, b))
CHECKED2(tcsetpgrp, tcsetpgrp(a, b))
STATUS(WIFEXITED, ou_bool(vm, WIFEXITED(s)))
STATUS(WIFSIGNALED, ou_bool(vm, WIFSIGNALED(s)))
STATUS(WIFSTOPPED, ou_bool(vm, WIFSTOPPED(s)))
STATUS(WIFCONTINUED, ou_bool(vm, WIFCONTINUED(s)))
STATUS(WCOREDUMP, ou_bool(vm, WCOREDUMP(s) != 0))
STATUS(WEXITSTATUS, ou_int(vm, WEXITSTATUS(s)))
STATUS(WTERMSIG, ou_int(vm, WTERMSIG(s)))
STATUS(WSTOPSIG, ou_int(vm, WSTOPSIG(s)))

POSIX_FN(posix_waitstatus_to_exitcode)
{
    INT_ARG(0, s, 0);
    if (WIFEXITED(s))
        return ou_int(vm, WEXITSTATUS(s));
    if (WIFSIGNALED(s))
        return ou_int(vm, -WTERMSIG(s));
    if (WIFSTOPPED(s))
        return ou_value_error(vm, "process stopped by delivery of signal %d", WSTOPSIG(s));
    return ou_value_error(vm, "invalid wait status: %d", s);
}

POSIX_FN(posix_getpgid)
{
    INT_ARG(0, pid, 0);
    pid_t r = getpgid(pid);
    return r < 0 ? ou_raise_errno(vm, errno, NULL) : ou_int(vm, r);
}

POSIX_FN(posix_getsid)
{
    INT_ARG(0, pid, 0);
    pid_t r = getsid(pid);
    return r < 0 ? ou_raise_errno(vm, errno, NULL) : ou_int(vm, r);
}

POSIX_FN(posix_setsid)
{
    return setsid() < 0 ? ou_raise_errno(vm, errno, NULL) : ou_none(vm);
}

POSIX_FN(posix_tcgetpgrp)
{
    INT_ARG(0, fd, 0);
    pid_t r = tcgetpgrp(fd);
    return r < 0 ? ou_raise_errno(vm, errno, NULL) : ou_int(vm, r);
}

POSIX_FN(posix_exit_now)
{
    INT_ARG(0, status, 0);
    _exit(status);
}

POSIX_FN(posix_abort)
{
    abort();
}

/* ---- fork, exec, wait ---- */

/* Functions of register_at_fork: kind 0 before (newest first), 1 parent, 2 child. */
static int run_hooks(OuVM *vm, int kind)
{
    static const char *const names[] = {"_fork_before", "_fork_parent", "_fork_child"};
    OuObj *list = ou_import_attr(vm, "posix", names[kind]);
    if (!list)
        return -1;
    size_t n = OU_LIST(list)->n;
    for (size_t i = 0; i < n; i++) {
        OuObj *f = OU_LIST(list)->items[kind == 0 ? n - 1 - i : i], *res = ou_call0(vm, f);
        if (!res)
            ou_err_unraisable(vm, f, NULL);
        ou_xdecref(vm, res);
    }
    ou_decref(vm, list);
    return 0;
}

static int before_fork(OuVM *vm)
{
    return run_hooks(vm, 0) < 0 ? -1 : ou_imp_acquire_lock(vm);
}

/* In parent and child; errno is kept. */
static void after_fork(OuVM *vm, pid_t pid)
{
    int err = errno;
    if (pid == 0)
        ou_threads_after_fork(vm);
    ou_imp_release_lock(vm);
    run_hooks(vm, pid == 0 ? 2 : 1);
    errno = err;
}

POSIX_FN(posix_register_at_fork)
{
    static const char *const names[] = {"_fork_before", "_fork_child", "_fork_parent"};
    if (!args[0] && !args[1] && !args[2])
        return ou_type_error(vm, "At least one argument is required.");
    for (int i = 0; i < 3; i++) {
        if (!args[i])
            continue;
        static const char *const what[] = {"before", "after_in_child", "after_in_parent"};
        if (!ou_callable(vm, args[i]))
            return ou_type_error(vm, "'%s' must be callable, not %T", what[i], args[i]);
        OuObj *list = ou_import_attr(vm, "posix", names[i]);
        int r = list ? ou_list_append(vm, list, args[i]) : -1;
        ou_xdecref(vm, list);
        if (r < 0)
            return NULL;
    }
    return ou_none(vm);
}

POSIX_FN(posix_fork)
{
    if (before_fork(vm) < 0)
        return NULL;
    pid_t pid = fork();
    after_fork(vm, pid);
    return pid < 0 ? ou_raise_errno(vm, errno, NULL) : ou_int(vm, pid);
}

/* A NULL-ended array of the strings of a sequence; count out. */
char **ou_posix_string_array(OuVM *vm, OuObj *seq, size_t *count)
{
    OuObj *list = ou_sequence_list(vm, seq);
    if (!list)
        return NULL;
    size_t n = OU_LIST(list)->n;
    char **v = calloc(n + 1, sizeof *v);
    for (size_t i = 0; v && i < n; i++) {
        OuObj *bytes;
        if (ou_fs_path(vm, OU_LIST(list)->items[i], &bytes) < 0) {
            for (size_t k = 0; k < i; k++)
                free(v[k]);
            free(v);
            ou_decref(vm, list);
            return NULL;
        }
        v[i] = strdup(OU_BYTES(bytes)->data);
        ou_decref(vm, bytes);
    }
    if (!v)
        ou_raise_memory(vm);
    *count = n;
    ou_decref(vm, list);
    return v;
}

void ou_posix_free_array(char **v)
{
    for (char **p = v; p && *p; p++)
        free(*p);
    free(v);
}

/* "KEY=value" of a mapping. */
char **ou_posix_env_array(OuVM *vm, OuObj *env)
{
    OuObj *items = ou_call_method(vm, env, OU_NAME(vm, items), 0),
          *list = items ? ou_sequence_list(vm, items) : NULL;
    ou_xdecref(vm, items);
    if (!list)
        return NULL;
    size_t n = OU_LIST(list)->n;
    char **v = calloc(n + 1, sizeof *v);
    for (size_t i = 0; v && i < n; i++) {
        OuObj *pair = OU_LIST(list)->items[i];
        OuObj *k, *val;
        if (!ou_isa_tuple(vm, pair) || OU_TUPLE(pair)->n != 2) {
            ou_value_error(vm, "items() must yield pairs");
            goto fail;
        }
        if (ou_fs_path(vm, OU_TUPLE(pair)->items[0], &k) < 0)
            goto fail;
        if (ou_fs_path(vm, OU_TUPLE(pair)->items[1], &val) < 0) {
            ou_decref(vm, k);
            goto fail;
        }
        bool bad = strchr(OU_BYTES(k)->data, '=') != NULL || !OU_BYTES(k)->len;
        if (!bad && asprintf(&v[i], "%s=%s", OU_BYTES(k)->data, OU_BYTES(val)->data) < 0)
            v[i] = NULL;
        ou_decref(vm, k);
        ou_decref(vm, val);
        if (bad) {
            ou_value_error(vm, "illegal environment variable name");
            goto fail;
        }
    }
    ou_decref(vm, list);
    return v;
fail:
    ou_posix_free_array(v);
    ou_decref(vm, list);
    return NULL;
}

static OuObj *do_exec(OuVM *vm, OuObj *path, OuObj *argv_obj, OuObj *env_obj, const char *fn)
{
    PosixPath p;
    size_t n;
    if (!ou_isa_tuple(vm, argv_obj) && !ou_isa_list(vm, argv_obj))
        return ou_type_error(vm, "%s: argv must be a tuple or list", fn);
    if (ou_posix_path(vm, path, fn, env_obj != NULL, false, &p) < 0)
        return NULL;
    char **argv = ou_posix_string_array(vm, argv_obj, &n), **env = NULL;
    OuObj *res = NULL;
    if (!argv)
        goto done;
    if (n < 1 || !*argv[0]) {
        ou_value_error(
            vm, n < 1 ? "%s() arg 2 must not be empty" : "%s() arg 2 first element cannot be empty", fn);
        goto done;
    }
    if (env_obj && !(env = ou_posix_env_array(vm, env_obj)))
        goto done;
    if (p.fd >= 0)
        fexecve(p.fd, argv, env);
    else if (env)
        execve(p.s, argv, env);
    else
        execv(p.s, argv);
    ou_posix_error(vm, &p);
done:
    ou_posix_free_array(argv);
    ou_posix_free_array(env);
    ou_posix_path_free(vm, &p);
    return res;
}

POSIX_FN(posix_execv)
{
    return do_exec(vm, args[0], args[1], NULL, "execv");
}

POSIX_FN(posix_execve)
{
    return do_exec(vm, args[0], args[1], args[2], "execve");
}

POSIX_FN(posix_forkpty)
{
    int master = -1;
    if (before_fork(vm) < 0)
        return NULL;
    pid_t pid = forkpty(&master, NULL, NULL, NULL);
    after_fork(vm, pid);
    if (pid < 0)
        return ou_raise_errno(vm, errno, NULL);
    OuObj *v[2] = {ou_int(vm, pid), ou_int(vm, master)};
    OuObj *t = v[0] && v[1] ? ou_tuple_of_take(vm, v, 2) : NULL;
    ou_xdecref(vm, v[0]);
    ou_xdecref(vm, v[1]);
    return t;
}

static const OuGetSet rusage_fields[] = {
    OU_SEQ_FIELD(0, "ru_utime", "user time used"),
    OU_SEQ_FIELD(1, "ru_stime", "system time used"),
    OU_SEQ_FIELD(2, "ru_maxrss", "max. resident set size"),
    OU_SEQ_FIELD(3, "ru_ixrss", "shared memory size"),
    OU_SEQ_FIELD(4, "ru_idrss", "unshared data size"),
    OU_SEQ_FIELD(5, "ru_isrss", "unshared stack size"),
    OU_SEQ_FIELD(6, "ru_minflt", "page faults not requiring I/O"),
    OU_SEQ_FIELD(7, "ru_majflt", "page faults requiring I/O"),
    OU_SEQ_FIELD(8, "ru_nswap", "number of swap outs"),
    OU_SEQ_FIELD(9, "ru_inblock", "block input operations"),
    OU_SEQ_FIELD(10, "ru_oublock", "block output operations"),
    OU_SEQ_FIELD(11, "ru_msgsnd", "IPC messages sent"),
    OU_SEQ_FIELD(12, "ru_msgrcv", "IPC messages received"),
    OU_SEQ_FIELD(13, "ru_nsignals", "signals received"),
    OU_SEQ_FIELD(14, "ru_nvcsw", "voluntary context switches"),
    OU_SEQ_FIELD(15, "ru_nivcsw", "involuntary context switches"),
    {0},
};
const OuStructSeq ou_posix_rusage_desc = {
    OU_STRUCTSEQ("resource.struct_rusage", "resource usage", rusage_fields), .visible = 16, .total = 16};

OuObj *ou_posix_rusage(OuVM *vm, const struct rusage *r)
{
    OuObj *o = ou_structseq_of(vm, &ou_posix_rusage_desc);
    if (!o)
        return NULL;
    OuObj **v = OU_TUPLE(o)->items;
    v[0] = ou_float(vm, (double)r->ru_utime.tv_sec + 1e-6 * (double)r->ru_utime.tv_usec);
    v[1] = ou_float(vm, (double)r->ru_stime.tv_sec + 1e-6 * (double)r->ru_stime.tv_usec);
    const long longs[] = {r->ru_maxrss, r->ru_ixrss,    r->ru_idrss,   r->ru_isrss,   r->ru_minflt,
                          r->ru_majflt, r->ru_nswap,    r->ru_inblock, r->ru_oublock, r->ru_msgsnd,
                          r->ru_msgrcv, r->ru_nsignals, r->ru_nvcsw,   r->ru_nivcsw};
    for (int i = 0; i < 14; i++)
        v[2 + i] = ou_int(vm, longs[i]);
    return ou_structseq_done(vm, o);
}

static OuObj *do_wait(OuVM *vm, int pid, int options, bool usage)
{
    int status = 0;
    struct rusage ru;
    pid_t r;
    do
        OU_BLOCKING(vm, r = wait4(pid, &status, options, &ru));
    while (r < 0 && errno == EINTR && ou_poll_slow(vm) == 0);
    if (r < 0)
        return ou_err_occurred(vm) ? NULL : ou_raise_errno(vm, errno, NULL);
    if (r == 0)
        memset(&ru, 0, sizeof ru);
    OuObj *v[3] = {ou_int(vm, r), ou_int(vm, status), usage ? ou_posix_rusage(vm, &ru) : NULL};
    OuObj *t = v[0] && v[1] && (!usage || v[2]) ? ou_tuple_of_take(vm, v, usage ? 3 : 2) : NULL;
    for (int i = 0; i < 3; i++)
        ou_xdecref(vm, v[i]);
    return t;
}

POSIX_FN(posix_waitpid)
{
    INT_ARG(0, pid, 0);
    INT_ARG(1, options, 0);
    return do_wait(vm, pid, options, false);
}

POSIX_FN(posix_wait)
{
    return do_wait(vm, -1, 0, false);
}

POSIX_FN(posix_wait3)
{
    INT_ARG(0, options, 0);
    return do_wait(vm, -1, options, true);
}

POSIX_FN(posix_wait4)
{
    INT_ARG(0, pid, 0);
    INT_ARG(1, options, 0);
    return do_wait(vm, pid, options, true);
}

POSIX_FN(posix_system)
{
    PosixPath p;
    int r;
    if (ou_posix_path(vm, args[0], "system", false, false, &p) < 0)
        return NULL;
    OU_BLOCKING(vm, r = system(p.s));
    ou_posix_path_free(vm, &p);
    return ou_int(vm, r);
}

/* ---- what the system is ---- */

static const OuGetSet uname_fields[] = {
    OU_SEQ_FIELD(0, "sysname", "operating system name"),
    OU_SEQ_FIELD(1, "nodename", "name of machine on network (implementation-defined)"),
    OU_SEQ_FIELD(2, "release", "operating system release"),
    OU_SEQ_FIELD(3, "version", "operating system version"),
    OU_SEQ_FIELD(4, "machine", "hardware identifier"),
    {0}};
static const OuStructSeq uname_desc = {
    OU_STRUCTSEQ("posix.uname_result", "uname_result: Result from os.uname().", uname_fields), .visible = 5,
    .total = 5};
static const OuGetSet times_fields[] = {
    OU_SEQ_FIELD(0, "user", "user time"),
    OU_SEQ_FIELD(1, "system", "system time"),
    OU_SEQ_FIELD(2, "children_user", "user time of children"),
    OU_SEQ_FIELD(3, "children_system", "system time of children"),
    OU_SEQ_FIELD(4, "elapsed", "elapsed time since an arbitrary point in the past"),
    {0}};
static const OuStructSeq times_desc = {
    OU_STRUCTSEQ("posix.times_result", "times_result: Result from os.times().", times_fields), .visible = 5,
    .total = 5};
static const OuGetSet term_fields[] = {
    OU_SEQ_FIELD(0, "columns", "width of the terminal window in characters"),
    OU_SEQ_FIELD(1, "lines", "height of the terminal window in characters"),
    {0}};
static const OuStructSeq term_desc = {
    OU_STRUCTSEQ("os.terminal_size", "A tuple of (columns, lines) for holding terminal window size",
                 term_fields),
    .visible = 2, .total = 2};
POSIX_FN(posix_uname)
{
    struct utsname u;
    if (uname(&u) < 0)
        return ou_raise_errno(vm, errno, NULL);
    OuObj *o = ou_structseq_of(vm, &uname_desc);
    const char *v[] = {u.sysname, u.nodename, u.release, u.version, u.machine};
    for (int i = 0; o && i < 5; i++)
        OU_TUPLE(o)->items[i] = ou_fs_decode(vm, v[i], -1);
    return o ? ou_structseq_done(vm, o) : NULL;
}

POSIX_FN(posix_times)
{
    struct tms b;
    clock_t now = times(&b);
    double hz = (double)sysconf(_SC_CLK_TCK);
    OuObj *o = ou_structseq_of(vm, &times_desc);
    const clock_t v[] = {b.tms_utime, b.tms_stime, b.tms_cutime, b.tms_cstime, now};
    for (int i = 0; o && i < 5; i++)
        OU_TUPLE(o)->items[i] = ou_float(vm, (double)v[i] / hz);
    return o ? ou_structseq_done(vm, o) : NULL;
}

POSIX_FN(posix_sysconf)
{
    int name;
    if (ou_posix_conf_name(vm, args[0], "sysconf_names", &name) < 0)
        return NULL;
    errno = 0;
    long r = sysconf(name);
    return r == -1 && errno ? ou_raise_errno(vm, errno, NULL) : ou_int(vm, r);
}

POSIX_FN(posix_ctermid)
{
    char buf[L_ctermid];
    return ou_fs_decode(vm, ctermid(buf), -1);
}

#define ROW0(name, doc)                  \
    {                                    \
#name "()", posix_##name, 0, doc \
    }
#define ROW1(name, arg, doc)                       \
    {                                              \
#name "(" arg ", /)", posix_##name, 0, doc \
    }
#define WAIT_ROW(name, doc)                    \
    {                                          \
#name "(status)", posix_##name, 0, doc \
    }
const OuFn ou_posix_process_functions[] = {
    ROW0(getpid, "Return the current process id."),
    ROW0(getppid, "Return the parent's process id."),
    ROW0(getpgrp, "Return the current process group id."),
    ROW1(kill, "pid, signal", "Kill a process with a signal."),
    ROW1(killpg, "pgid, signal", "Kill a process group with a signal."),
    ROW1(setpgid, "pid, pgrp", "Call the system call setpgid(pid, pgrp)."),
    ROW1(tcsetpgrp, "fd, pgid", "Set the process group associated with the terminal specified by fd."),
    ROW1(tcgetpgrp, "fd", "Return the process group associated with the terminal specified by fd."),
    WAIT_ROW(WIFEXITED, "Return True if the process returning status exited via the exit() system call."),
    WAIT_ROW(WIFSIGNALED, "Return True if the process returning status was terminated by a signal."),
    WAIT_ROW(WIFSTOPPED, "Return True if the process returning status was stopped."),
    WAIT_ROW(WIFCONTINUED, "Return True if a particular process was continued from a job control stop."),
    WAIT_ROW(WCOREDUMP, "Return True if the process returning status was dumped to a core file."),
    WAIT_ROW(WEXITSTATUS, "Return the process return code from status."),
    WAIT_ROW(WTERMSIG, "Return the signal that terminated the process that provided the status value."),
    WAIT_ROW(WSTOPSIG, "Return the signal that stopped the process that provided the status value."),
    WAIT_ROW(waitstatus_to_exitcode, "Convert a wait status to an exit code."),
    {"getpgid(pid)", posix_getpgid, 0, "Call the system call getpgid(), and return the result."},
    ROW1(getsid, "pid", "Call the system call getsid(pid) and return the result."),
    ROW0(setsid, "Call the system call setsid()."),
    {"_exit(status)", posix_exit_now, 0,
     "Exit to the system with specified status, without normal exit processing."},
    ROW0(abort, "Abort the interpreter immediately."),
    {"register_at_fork(*, before=None, after_in_child=None, after_in_parent=None)", posix_register_at_fork, 0,
     "Register functions to be called when forking a new process."},
    ROW0(fork, "Fork a child process."),
    ROW0(forkpty, "Fork a new process with a new pseudo-terminal as controlling tty."),
    ROW1(execv, "path, argv", "Execute an executable path with arguments, replacing current process."),
    {"execve(path, argv, env)", posix_execve, 0,
     "Execute an executable path with arguments, replacing current process."},
    ROW1(waitpid, "pid, options", "Wait for completion of a given child process."),
    ROW0(wait, "Wait for completion of a child process."),
    {"wait3(options)", posix_wait3, 0, "Wait for completion of a child process."},
    {"wait4(pid, options)", posix_wait4, 0, "Wait for completion of a specific child process."},
    {"system(command)", posix_system, 0, "Execute the command in a subshell."},
    ROW0(uname, "Return an object identifying the current operating system."),
    ROW0(times, "Return a collection containing process timing information."),
    ROW1(sysconf, "name", "Return an integer-valued system configuration variable."),
    ROW0(ctermid, "Return the name of the controlling terminal for this process."),
    {0},
};

int ou_posix_process_init(OuVM *vm, OuObj *m)
{
    static const char *const lists[] = {"_fork_before", "_fork_parent", "_fork_child"};
    for (int i = 0; i < 3; i++)
        if (ou_module_add(vm, m, lists[i], ou_list_new(vm, 0)) < 0)
            return -1;
    return ou_structseq_type(vm, m, &uname_desc) && ou_structseq_type(vm, m, &times_desc) &&
                   ou_structseq_type(vm, m, &term_desc)
               ? 0
               : -1;
}
