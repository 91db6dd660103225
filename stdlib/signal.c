/* stdlib/signal.c - module _signal on vm/signals.c. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "vm/native.h"
#include "vm/structseq.h"
#include "support.h"
#include "vm/threads.h"

typedef struct State {
    OuObj *default_int; /* signal.default_int_handler */
    OuObj *itimer_error;
} State;
extern const OuModuleDef ou_mod_signal;
#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

static int signum_arg(OuVM *vm, OuObj *o, int *out)
{
    if (ou_as_int(vm, o, out) < 0)
        return -1;
    return *out < 1 || *out >= OU_NSIG ? ou_value_error_i(vm, "signal number out of range") : 0;
}

FN(default_int_handler)
{
    return ou_raise_value(vm, OU_EXC(vm, KeyboardInterrupt), NULL);
}

static OuObj *current(OuVM *vm, int signum)
{
    State *st = ou_module_state(vm, &ou_mod_signal);
    OuObj *h = ou_signal_handler(vm, signum);
    if (!h && signum == SIGINT)
        return ou_ref(st->default_int);
    return ou_ref(h ? h : OU_NONE(vm));
}

FN(sig_signal)
{
    int n;
    if (signum_arg(vm, args[0], &n) < 0)
        return NULL;
    if (!ou_is_main_thread(vm))
        return ou_value_error(vm, "signal only works in main thread of the main interpreter");
    int64_t v = -1;
    if (!(ou_isa_int(vm, args[1]) && ou_int_fits(args[1], &v) && (v == 0 || v == 1)) &&
        !ou_callable(vm, args[1]))
        return ou_type_error(vm,
                             "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object");
    if (ou_poll_slow(vm) < 0) /* pending signals belong to the old handler */
        return NULL;
    OuObj *old = current(vm, n);
    OuObj *h = v >= 0 ? ou_int(vm, v) : ou_ref(args[1]);
    int r = h ? ou_signal_set(vm, n, h) : -1;
    ou_xdecref(vm, h);
    if (r < 0) {
        ou_decref(vm, old);
        return NULL;
    }
    return old;
}

FN(sig_getsignal)
{
    int n;
    return signum_arg(vm, args[0], &n) < 0 ? NULL : current(vm, n);
}

FN(sig_raise)
{
    int n;
    if (ou_as_int(vm, args[0], &n) < 0)
        return NULL;
    if (raise(n) != 0)
        return ou_raise_errno(vm, errno, NULL);
    return ou_poll(vm) < 0 ? NULL : ou_none(vm);
}

FN(sig_alarm)
{
    int n;
    return ou_as_int(vm, args[0], &n) < 0 ? NULL : ou_int(vm, alarm((unsigned)n));
}

FN(sig_pause)
{
    OU_BLOCKING(vm, pause());
    return ou_poll_slow(vm) < 0 ? NULL : ou_none(vm);
}

FN(sig_strsignal)
{
    int n;
    if (signum_arg(vm, args[0], &n) < 0)
        return NULL;
    const char *s = sigdescr_np(n);
    if (s)
        return ou_str_new(vm, s, -1);
    return n >= SIGRTMIN && n <= SIGRTMAX ? ou_str_fmt(vm, "Real-time signal %d", n - SIGRTMIN) : ou_none(vm);
}

FN(sig_siginterrupt)
{
    int n, flag;
    struct sigaction sa;
    if (signum_arg(vm, args[0], &n) < 0 || ou_as_int(vm, args[1], &flag) < 0)
        return NULL;
    sigaction(n, NULL, &sa);
    sa.sa_flags = flag ? sa.sa_flags & ~SA_RESTART : sa.sa_flags | SA_RESTART;
    return sigaction(n, &sa, NULL) < 0 ? ou_raise_errno(vm, errno, NULL) : ou_none(vm);
}

FN(sig_set_wakeup_fd)
{
    int fd, warn = args[1] ? ou_is_true(vm, args[1]) : 1;
    if (warn < 0 || ou_as_int(vm, args[0], &fd) < 0)
        return NULL;
    if (!ou_is_main_thread(vm))
        return ou_value_error(vm, "set_wakeup_fd only works in main thread of the main interpreter");
    if (fd != -1) { /* a blocking one would stop the handler */
        int flags = fcntl(fd, F_GETFL);
        if (flags < 0)
            return ou_raise_errno(vm, errno, NULL);
        if (!(flags & O_NONBLOCK))
            return ou_value_error(vm, "the fd %d must be in non-blocking mode", fd);
    }
    return ou_int(vm, ou_signal_wakeup_fd(vm, fd, warn));
}

/* ---- timers ---- */

static OuObj *timer_tuple(OuVM *vm, const struct itimerval *v)
{
    OuObj *f[2] = {ou_float(vm, (double)v->it_value.tv_sec + 1e-6 * (double)v->it_value.tv_usec),
                   ou_float(vm, (double)v->it_interval.tv_sec + 1e-6 * (double)v->it_interval.tv_usec)};
    OuObj *t = f[0] && f[1] ? ou_tuple_of_take(vm, f, 2) : NULL;
    ou_xdecref(vm, f[0]);
    ou_xdecref(vm, f[1]);
    return t;
}

static void *timer_error(OuVM *vm)
{
    State *st = ou_module_state(vm, &ou_mod_signal);
    OuObj *code = ou_int(vm, errno), *msg = ou_str_new(vm, strerror(errno), -1),
          *args = code && msg ? ou_tuple_pack(vm, 2, code, msg) : NULL;
    if (args)
        ou_raise_value(vm, OU_AS_TYPE(st->itimer_error), args);
    ou_xdecref(vm, code);
    ou_xdecref(vm, msg);
    ou_xdecref(vm, args);
    return NULL;
}

static int seconds(OuVM *vm, OuObj *o, struct timeval *out)
{
    double v = 0;
    if (o && ou_as_double(vm, o, &v) < 0)
        return -1;
    if (isnan(v) || fabs(v) > 1e15)
        return ou_value_error_i(vm, "Invalid value NaN (not a number)");
    double up = ceil(v * 1e6);
    out->tv_sec = (time_t)(up / 1e6);
    out->tv_usec = (suseconds_t)(up - (double)out->tv_sec * 1e6);
    return 0;
}

FN(sig_setitimer)
{
    int which;
    struct itimerval now, old;
    if (ou_as_int(vm, args[0], &which) < 0 || seconds(vm, args[1], &now.it_value) < 0 ||
        seconds(vm, args[2], &now.it_interval) < 0)
        return NULL;
    return setitimer((__itimer_which_t)which, &now, &old) < 0 ? timer_error(vm) : timer_tuple(vm, &old);
}

FN(sig_getitimer)
{
    int which;
    struct itimerval now;
    if (ou_as_int(vm, args[0], &which) < 0)
        return NULL;
    return getitimer((__itimer_which_t)which, &now) < 0 ? timer_error(vm) : timer_tuple(vm, &now);
}

/* ---- masks ---- */

static int set_arg(OuVM *vm, OuObj *o, sigset_t *out)
{
    OuObj *it = ou_iter(vm, o), *x;
    sigemptyset(out);
    if (!it)
        return -1;
    while ((x = ou_next(vm, it))) {
        int64_t n;
        OuObj *i = ou_index(vm, x);
        int r = i ? 0 : -1;
        if (i && !ou_int_fits(i, &n))
            n = -1;
        ou_xdecref(vm, i);
        ou_decref(vm, x);
        if (r == 0 && (n < 1 || n >= OU_NSIG))
            r = ou_value_error_i(vm, "signal number %lld out of range [1; %d]", (long long)n, OU_NSIG - 1);
        if (r < 0)
            break;
        sigaddset(out, (int)n);
    }
    ou_decref(vm, it);
    return ou_err_occurred(vm) ? -1 : 0;
}

static OuObj *set_object(OuVM *vm, const sigset_t *set)
{
    OuObj *s = ou_set_new(vm, NULL);
    for (int i = 1; s && i < OU_NSIG; i++) {
        if (sigismember(set, i) != 1)
            continue;
        OuObj *v = ou_int(vm, i);
        if (!v || ou_set_add(vm, s, v) < 0)
            ou_clear(vm, s);
        ou_xdecref(vm, v);
    }
    return s;
}

FN(sig_pthread_sigmask)
{
    int how, r;
    sigset_t set, old;
    if (ou_as_int(vm, args[0], &how) < 0 || set_arg(vm, args[1], &set) < 0)
        return NULL;
    if ((r = pthread_sigmask(how, &set, &old)))
        return ou_raise_errno(vm, r, NULL);
    return ou_poll_slow(vm) < 0 ? NULL : set_object(vm, &old);
}

FN(sig_sigpending)
{
    sigset_t set;
    return sigpending(&set) < 0 ? ou_raise_errno(vm, errno, NULL) : set_object(vm, &set);
}

FN(sig_sigwait)
{
    sigset_t set;
    int n, r;
    if (set_arg(vm, args[0], &set) < 0)
        return NULL;
    OU_BLOCKING(vm, r = sigwait(&set, &n));
    return r ? ou_raise_errno(vm, r, NULL) : ou_int(vm, n);
}

static const OuGetSet siginfo_fields[] = {OU_SEQ_FIELD(0, "si_signo", "signal number"),
                                          OU_SEQ_FIELD(1, "si_code", "signal code"),
                                          OU_SEQ_FIELD(2, "si_errno", "errno associated with this signal"),
                                          OU_SEQ_FIELD(3, "si_pid", "sending process ID"),
                                          OU_SEQ_FIELD(4, "si_uid", "real user ID of sending process"),
                                          OU_SEQ_FIELD(5, "si_status", "exit value or signal"),
                                          OU_SEQ_FIELD(6, "si_band", "band event for SIGPOLL"),
                                          {0}};
static const OuStructSeq siginfo_desc = {
    OU_STRUCTSEQ(
        "signal.struct_siginfo",
        "struct_siginfo: Result from sigwaitinfo or sigtimedwait.\n\nThis object may be accessed either as a "
        "tuple of\n(si_signo, si_code, si_errno, si_pid, si_uid, si_status, si_band),\nor via the attributes "
        "si_signo, si_code, and so on.",
        siginfo_fields),
    .visible = 7, .total = 7};

static OuObj *siginfo(OuVM *vm, const siginfo_t *si)
{
    OuObj *o = ou_structseq_of(vm, &siginfo_desc);
    const int64_t v[] = {si->si_signo, si->si_code,   si->si_errno, si->si_pid,
                         si->si_uid,   si->si_status, si->si_band};
    for (int i = 0; o && i < 7; i++)
        OU_TUPLE(o)->items[i] = ou_int(vm, v[i]);
    return ou_structseq_done(vm, o);
}

/* A signal of the set within `seconds` (< 0: for ever); None when none came. */
static OuObj *wait_info(OuVM *vm, OuObj *sigset, double seconds)
{
    sigset_t set;
    siginfo_t si;
    struct timespec now, left = {0};
    int r;
    if (set_arg(vm, sigset, &set) < 0)
        return NULL;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double until = (double)now.tv_sec + 1e-9 * (double)now.tv_nsec + seconds;
    for (;;) {
        double wait = seconds;
        if (seconds >= 0) {
            clock_gettime(CLOCK_MONOTONIC, &now);
            wait = until - ((double)now.tv_sec + 1e-9 * (double)now.tv_nsec);
            wait = wait < 0 ? 0 : wait;
            left.tv_sec = (time_t)wait;
            left.tv_nsec = (long)((wait - floor(wait)) * 1e9);
        }
        OU_BLOCKING(vm, r = seconds < 0 ? sigwaitinfo(&set, &si) : sigtimedwait(&set, &si, &left));
        if (r >= 0)
            return siginfo(vm, &si);
        if (errno == EAGAIN)
            return ou_none(vm);
        if (errno != EINTR)
            return ou_raise_errno(vm, errno, NULL);
        if (ou_poll_slow(vm) < 0)
            return NULL;
    }
}

FN(sig_sigwaitinfo)
{
    return wait_info(vm, args[0], -1);
}

FN(sig_sigtimedwait)
{
    double seconds;
    int64_t whole;
    if (ou_isa(vm, args[1], float))
        seconds = OU_FLOAT_V(args[1]);
    else if (ou_as_i64(vm, args[1], &whole) == 0)
        seconds = (double)whole;
    else
        return NULL;
    if (seconds < 0)
        return ou_value_error(vm, "timeout must be non-negative");
    return wait_info(vm, args[0], seconds);
}

FN(sig_pidfd_send_signal)
{
    int fd, n, flags = 0;
    if (ou_as_int(vm, args[0], &fd) < 0 || ou_as_int(vm, args[1], &n) < 0 ||
        (args[3] && ou_as_int(vm, args[3], &flags) < 0))
        return NULL;
    if (args[2] && args[2] != OU_NONE(vm))
        return ou_type_error(vm, "siginfo must be None");
    return pidfd_send_signal(fd, n, NULL, (unsigned)flags) < 0 ? ou_raise_errno(vm, errno, NULL)
                                                               : ou_none(vm);
}

FN(sig_pthread_kill)
{
    uint64_t id;
    int n, r;
    if (ou_as_u64(vm, args[0], &id) < 0 || ou_as_int(vm, args[1], &n) < 0)
        return NULL;
    if ((r = pthread_kill((pthread_t)id, n)))
        return ou_raise_errno(vm, r, NULL);
    return ou_poll(vm) < 0 ? NULL : ou_none(vm);
}

FN(sig_valid_signals)
{
    sigset_t set;
    sigfillset(&set);
    return set_object(vm, &set);
}

static const OuFn functions[] = {
    {"default_int_handler(signalnum, frame, /)", default_int_handler, 0,
     "The default handler for SIGINT installed by Python."},
    {"signal(signalnum, handler, /)", sig_signal, 0, "Set the action for the given signal."},
    {"getsignal(signalnum, /)", sig_getsignal, 0, "Return the current action for the given signal."},
    {"raise_signal(signalnum, /)", sig_raise, 0, "Send a signal to the executing process."},
    {"alarm(seconds, /)", sig_alarm, 0, "Arrange for SIGALRM to arrive after the given number of seconds."},
    {"pause()", sig_pause, 0, "Wait until a signal arrives."},
    {"strsignal(signalnum, /)", sig_strsignal, 0, "Return the system description of the given signal."},
    {"siginterrupt(signalnum, flag, /)", sig_siginterrupt, 0, "Change system call restart behaviour."},
    {"set_wakeup_fd(fd, *, warn_on_full_buffer=True)", sig_set_wakeup_fd, 0,
     "Sets the fd to be written to (with the signal number) when a signal comes in."},
    {"setitimer(which, seconds, interval=0.0, /)", sig_setitimer, 0,
     "Sets given itimer (one of ITIMER_REAL, ITIMER_VIRTUAL or ITIMER_PROF)."},
    {"getitimer(which, /)", sig_getitimer, 0, "Returns current value of given itimer."},
    {"pthread_sigmask(how, mask, /)", sig_pthread_sigmask, 0,
     "Fetch and/or change the signal mask of the calling thread."},
    {"sigpending()", sig_sigpending, 0, "Examine pending signals."},
    {"sigwait(sigset, /)", sig_sigwait, 0, "Wait for a signal."},
    {"sigwaitinfo(sigset, /)", sig_sigwaitinfo, 0,
     "Wait synchronously until one of the signals in *sigset* is delivered."},
    {"sigtimedwait(sigset, timeout, /)", sig_sigtimedwait, 0, "Like sigwaitinfo(), but with a timeout."},
    {"pidfd_send_signal(pidfd, signalnum, siginfo=None, flags=0, /)", sig_pidfd_send_signal, 0,
     "Send a signal to a process referred to by a pid file descriptor."},
    {"pthread_kill(thread_id, signalnum, /)", sig_pthread_kill, 0, "Send a signal to a thread."},
    {"valid_signals()", sig_valid_signals, 0, "Return a set of valid signal numbers on this platform."},
    {0},
};

#define C(name)     \
    {               \
#name, name \
    }
static int exec(OuVM *vm, OuObj *m)
{
    static const OuIntRow consts[] = {
        {"SIG_DFL", 0},     {"SIG_IGN", 1},    C(SIG_BLOCK),   C(SIG_UNBLOCK),
        C(SIG_SETMASK),     {"NSIG", OU_NSIG}, C(SIGHUP),      C(SIGINT),
        C(SIGQUIT),         C(SIGILL),         C(SIGTRAP),     C(SIGABRT),
        C(SIGBUS),          C(SIGFPE),         C(SIGKILL),     C(SIGUSR1),
        C(SIGSEGV),         C(SIGUSR2),        C(SIGPIPE),     C(SIGALRM),
        C(SIGTERM),         C(SIGSTKFLT),      C(SIGCHLD),     {"SIGCLD", SIGCHLD},
        C(SIGCONT),         C(SIGSTOP),        C(SIGTSTP),     C(SIGTTIN),
        C(SIGTTOU),         C(SIGURG),         C(SIGXCPU),     C(SIGXFSZ),
        C(SIGVTALRM),       C(SIGPROF),        C(SIGWINCH),    C(SIGIO),
        {"SIGPOLL", SIGIO}, C(SIGPWR),         C(SIGSYS),      {"SIGIOT", SIGABRT},
        C(ITIMER_REAL),     C(ITIMER_VIRTUAL), C(ITIMER_PROF), {0},
    };
    if (!ou_structseq_type(vm, m, &siginfo_desc))
        return -1;
    State *st = ((OuModule *)m)->state;
    if (ou_module_add_ints(vm, m, consts) < 0)
        return -1;
    if (ou_module_add_int(vm, m, "SIGRTMIN", SIGRTMIN) < 0 ||
        ou_module_add_int(vm, m, "SIGRTMAX", SIGRTMAX) < 0)
        return -1;
    st->default_int = ou_getattr_s(vm, m, "default_int_handler");
    st->itimer_error = ou_ref((OuObj *)OU_EXC(vm, OSError));
    return st->default_int ? ou_module_add(vm, m, "ItimerError", ou_ref(st->itimer_error)) : -1;
}

static int traverse(void *state, OuVisit visit, void *arg)
{
    OU_VISIT(((State *)state)->default_int);
    OU_VISIT(((State *)state)->itimer_error);
    return 0;
}

static void clear(OuVM *vm, void *state)
{
    ou_clear(vm, ((State *)state)->default_int);
    ou_clear(vm, ((State *)state)->itimer_error);
}

const OuModuleDef ou_mod_signal = {
    .name = "_signal",
    .doc = "This module provides mechanisms to use signal handlers in Python.",
    .functions = functions,
    .state_size = sizeof(State),
    .exec = exec,
    .traverse = traverse,
    .clear = clear,
};
