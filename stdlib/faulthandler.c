/* stdlib/faulthandler.c - module faulthandler: the Python stack when the process crashes.
 *
 * The handlers run in a process that is broken: they allocate nothing, take no lock and read only frames, code objects and
 * one-byte strings.  Like the signals themselves they belong to one VM of the process (compare vm/signals.c).
 *
 * Matched: CPython 3.11's module, but for two of the functions that crash on purpose (_stack_overflow, _fatal_error_c_thread). */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "vm/exceptions.h"
#include "vm/frame.h"
#include "vm/native.h"
#include "vm/threads.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

typedef struct Fatal {
    int signum;
    const char *name;
} Fatal;
static const Fatal fatals[] = {
    {SIGBUS, "Bus error"}, {SIGILL, "Illegal instruction"}, {SIGFPE, "Floating point exception"},
    {SIGABRT, "Aborted"},  {SIGSEGV, "Segmentation fault"},
};
enum { NFATAL = sizeof fatals / sizeof *fatals, NSIG_ = 65, MAX_FRAMES = 100 };

/* What the handlers of the process need; a signal handler has no other way to it. */
static struct Handlers {
    OuVM *vm;
    int fd;
    bool enabled, all_threads;
    struct sigaction old[NFATAL];
    void *stack; /* the alternate one: a fault may be an overflow of the normal one */
    struct {
        bool on, chain, all_threads;
        int fd;
        struct sigaction old;
    } user[NSIG_];
} handlers;

typedef struct State {
    OuObj *file; /* of enable() */
    OuObj *user_file[NSIG_];
    /* dump_traceback_later */
    pthread_t timer;
    pthread_mutex_t lock;
    pthread_cond_t cond;
    bool timer_on, cancelled, repeat, exit;
    double timeout;
    int fd;
    OuObj *later_file;
} State;

static State *state(OuVM *vm);

/* ---- writing without memory ---- */

static void put(int fd, const char *s, size_t n)
{
    while (n > 0) {
        ssize_t w = write(fd, s, n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            return;
        s += w;
        n -= (size_t)w;
    }
}

static void put_s(int fd, const char *s)
{
    put(fd, s, strlen(s));
}

static void put_number(int fd, unsigned long v, unsigned base, int digits)
{
    char buf[24];
    int n = 0;
    do
        buf[sizeof buf - 1 - (size_t)n++] = "0123456789abcdef"[v % base];
    while ((v /= base) || n < digits);
    put(fd, buf + sizeof buf - n, (size_t)n);
}

static void put_str(int fd, OuObj *o)
{
    enum { MOST = 500 };
    if (!o || !ou_is(o, str)) {
        put_s(fd, "???");
        return;
    }
    ou_ssize n = ou_str_len(o) < MOST ? ou_str_len(o) : MOST;
    for (ou_ssize i = 0; i < n; i++) {
        uint32_t c = ou_str_at(OU_STR(o), i);
        char ch = (char)c;
        if (c >= 32 && c < 127)
            put(fd, &ch, 1);
        else {
            put_s(fd, c < 256 ? "\\x" : c < 65536 ? "\\u" : "\\U");
            put_number(fd, c, 16, c < 256 ? 2 : c < 65536 ? 4 : 8);
        }
    }
    if (n < ou_str_len(o))
        put_s(fd, "...");
}

static void put_frames(int fd, OuThread *ts)
{
    int n = 0;
    if (!ts->frame)
        put_s(fd, "  <no Python frame>\n");
    for (OuFrame *f = ts->frame; f; f = f->prev) {
        if (n++ == MAX_FRAMES) {
            put_s(fd, "  ...\n");
            break;
        }
        put_s(fd, "  File \"");
        put_str(fd, f->code->filename);
        put_s(fd, "\", line ");
        int line = ou_frame_lineno(f);
        if (line > 0)
            put_number(fd, (unsigned long)line, 10, 1);
        else
            put_s(fd, "???");
        put_s(fd, " in ");
        put_str(fd, f->code->name);
        put_s(fd, "\n");
    }
}

static void put_thread(int fd, OuThread *ts, bool current)
{
    put_s(fd, current ? "Current thread 0x" : "Thread 0x");
    put_number(fd, (unsigned long)ts->id, 16, 16);
    put_s(fd, " (most recent call first):\n");
    if (current && ts->vm->heap.collecting)
        put_s(fd, "  Garbage-collecting\n");
    put_frames(fd, ts);
}

static void put_all(int fd, OuVM *vm, bool all_threads)
{
    OuThread *now = vm->ts;
    if (!all_threads) {
        put_s(fd, "Stack (most recent call first):\n");
        put_frames(fd, now);
        return;
    }
    /* newest first; the main thread, head of the list, is the oldest */
    for (OuThread *ts = vm->main_ts->next; ts; ts = ts->next) {
        put_thread(fd, ts, ts == now);
        put_s(fd, "\n");
    }
    put_thread(fd, vm->main_ts, vm->main_ts == now);
}

/* ---- fatal signals ---- */

static void on_fatal(int signum)
{
    int saved = errno;
    for (int i = 0; i < NFATAL; i++) {
        if (fatals[i].signum != signum)
            continue;
        sigaction(signum, &handlers.old[i],
                  NULL); /* the default deals with it when the instruction is repeated */
        put_s(handlers.fd, "Fatal Python error: ");
        put_s(handlers.fd, fatals[i].name);
        put_s(handlers.fd, "\n\n");
        if (handlers.vm)
            put_all(handlers.fd, handlers.vm, handlers.all_threads);
    }
    errno = saved;
    raise(signum);
}

static void disable(void)
{
    if (!handlers.enabled)
        return;
    handlers.enabled = false;
    for (int i = 0; i < NFATAL; i++)
        sigaction(fatals[i].signum, &handlers.old[i], NULL);
}

/* The descriptor of a file argument (NULL or None: sys.stderr): -1 with exception.  out: the file to keep alive (new, may be NULL). */
static int file_descriptor(OuVM *vm, OuObj *file, OuObj **keep)
{
    int fd;
    *keep = NULL;
    if (!file || file == OU_NONE(vm)) {
        file = ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, stderr));
        if (!file || file == OU_NONE(vm)) {
            ou_raise(vm, OU_EXC(vm, RuntimeError), file ? "sys.stderr is None" : "unable to get sys.stderr");
            return -1;
        }
    } else if (ou_isa_int(vm, file)) {
        if (ou_as_int(vm, file, &fd) < 0)
            return -1;
        if (fd < 0)
            return ou_value_error_i(vm, "file is not a valid file descripter");
        return fd;
    }
    OuObj *no = ou_call_method(vm, file, OU_NAME(vm, fileno), 0), *res;
    if (!no)
        return -1;
    int r = ou_is(no, int) ? ou_as_int(vm, no, &fd) : -1;
    if (!ou_err_occurred(vm) && (r < 0 || fd < 0))
        ou_raise(vm, OU_EXC(vm, RuntimeError), "file.fileno() is not a valid file descriptor");
    ou_decref(vm, no);
    if (ou_err_occurred(vm))
        return -1;
    if (!(res = ou_call_method(vm, file, OU_NAME(vm, flush), 0)))
        ou_err_clear(vm);
    ou_xdecref(vm, res);
    *keep = ou_ref(file);
    return fd;
}

static void replace(OuVM *vm, OuObj **slot, OuObj *value_take)
{
    OuObj *old = *slot;
    *slot = value_take;
    ou_xdecref(vm, old);
}

FN(enable)
{
    OuObj *keep;
    int all = args[1] ? ou_is_true(vm, args[1]) : 1, fd = all < 0 ? -1 : file_descriptor(vm, args[0], &keep);
    if (fd < 0)
        return NULL;
    replace(vm, &state(vm)->file, keep);
    handlers.vm = vm;
    handlers.fd = fd;
    handlers.all_threads = all;
    if (!handlers.stack && (handlers.stack = malloc((size_t)SIGSTKSZ * 4))) {
        stack_t st = {.ss_sp = handlers.stack, .ss_size = (size_t)SIGSTKSZ * 4};
        sigaltstack(&st, NULL);
    }
    for (int i = 0; i < NFATAL && !handlers.enabled; i++) {
        struct sigaction sa = {.sa_handler = on_fatal, .sa_flags = SA_NODEFER | SA_ONSTACK};
        sigaction(fatals[i].signum, &sa, &handlers.old[i]);
    }
    handlers.enabled = true;
    return ou_none(vm);
}

FN(disable_fn)
{
    bool was = handlers.enabled;
    disable();
    replace(vm, &state(vm)->file, NULL);
    return ou_bool(vm, was);
}

FN(is_enabled)
{
    return ou_bool(vm, handlers.enabled);
}

FN(dump_traceback)
{
    OuObj *keep;
    int all = args[1] ? ou_is_true(vm, args[1]) : 1, fd = all < 0 ? -1 : file_descriptor(vm, args[0], &keep);
    if (fd < 0)
        return NULL;
    put_all(fd, vm, all);
    ou_xdecref(vm, keep);
    return ou_none(vm);
}

/* ---- signals of the user ---- */

static void on_user(int signum)
{
    int saved = errno;
    if (handlers.vm && handlers.user[signum].on) {
        put_all(handlers.user[signum].fd, handlers.vm, handlers.user[signum].all_threads);
        if (handlers.user[signum].chain) {
            struct sigaction mine;
            sigaction(signum, &handlers.user[signum].old, &mine);
            errno = saved;
            raise(signum);
            sigaction(signum, &mine, NULL);
        }
    }
    errno = saved;
}

static int user_signal(OuVM *vm, OuObj *o)
{
    int n;
    if (ou_as_int(vm, o, &n) < 0)
        return -1;
    for (int i = 0; i < NFATAL; i++)
        if (fatals[i].signum == n) {
            ou_raise(vm, OU_EXC(vm, RuntimeError), "signal %d cannot be registered, use enable() instead", n);
            return -1;
        }
    if (n < 1 || n >= NSIG_)
        return ou_value_error_i(vm, "signal number out of range");
    return n;
}

static bool unregister(OuVM *vm, int n)
{
    bool was = handlers.user[n].on;
    if (was) {
        handlers.user[n].on = false;
        sigaction(n, &handlers.user[n].old, NULL);
        replace(vm, &state(vm)->user_file[n], NULL);
    }
    return was;
}

FN(register_fn)
{
    OuObj *keep;
    int n = user_signal(vm, args[0]);
    int all = n < 0     ? -1
              : args[2] ? ou_is_true(vm, args[2])
                        : 1,
        chain = all < 0   ? -1
                : args[3] ? ou_is_true(vm, args[3])
                          : 0;
    int fd = chain < 0 ? -1 : file_descriptor(vm, args[1], &keep);
    if (fd < 0)
        return NULL;
    if (!handlers.user[n].on) {
        struct sigaction sa = {.sa_handler = on_user, .sa_flags = SA_RESTART | (chain ? SA_NODEFER : 0)};
        if (sigaction(n, &sa, &handlers.user[n].old) < 0) {
            ou_xdecref(vm, keep);
            return ou_raise_errno(vm, errno, NULL);
        }
    }
    handlers.vm = vm;
    handlers.user[n].fd = fd;
    handlers.user[n].all_threads = all;
    handlers.user[n].chain = chain;
    handlers.user[n].on = true;
    replace(vm, &state(vm)->user_file[n], keep);
    return ou_none(vm);
}

FN(unregister_fn)
{
    int n = user_signal(vm, args[0]);
    return n < 0 ? NULL : ou_bool(vm, unregister(vm, n));
}

/* ---- later ---- */

typedef struct Later {
    OuVM *vm;
    State *s;
} Later;

static void *wait_later(void *arg)
{
    Later l = *(Later *)arg;
    State *s = l.s;
    free(arg);
    pthread_mutex_lock(&s->lock);
    do {
        struct timespec end;
        clock_gettime(CLOCK_REALTIME, &end);
        double whole = (double)(long)s->timeout;
        end.tv_sec += (long)s->timeout;
        end.tv_nsec += (long)((s->timeout - whole) * 1e9);
        if (end.tv_nsec >= 1000000000) {
            end.tv_sec++;
            end.tv_nsec -= 1000000000;
        }
        int r = 0;
        while (!s->cancelled && r != ETIMEDOUT)
            r = pthread_cond_timedwait(&s->cond, &s->lock, &end);
        if (s->cancelled)
            break;
        long ms = (long)(s->timeout * 1000);
        put_s(s->fd, "Timeout (");
        put_number(s->fd, (unsigned long)(ms / 3600000), 10, 1);
        put_s(s->fd, ":");
        put_number(s->fd, (unsigned long)(ms / 60000 % 60), 10, 2);
        put_s(s->fd, ":");
        put_number(s->fd, (unsigned long)(ms / 1000 % 60), 10, 2);
        if (ms % 1000) {
            put_s(s->fd, ".");
            put_number(s->fd, (unsigned long)(ms % 1000) * 1000, 10, 6);
        }
        put_s(s->fd, ")!\n");
        for (OuThread *ts = l.vm->main_ts->next; ts; ts = ts->next) {
            put_thread(s->fd, ts, false);
            put_s(s->fd, "\n");
        }
        put_thread(s->fd, l.vm->main_ts, false);
        if (s->exit)
            _exit(1);
    } while (s->repeat);
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

static void cancel_later(OuVM *vm, State *s)
{
    if (!s->timer_on)
        return;
    pthread_mutex_lock(&s->lock);
    s->cancelled = true;
    pthread_cond_broadcast(&s->cond);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->timer, NULL);
    pthread_mutex_destroy(&s->lock);
    pthread_cond_destroy(&s->cond);
    s->timer_on = false;
    replace(vm, &s->later_file, NULL);
}

FN(dump_traceback_later)
{
    State *s = state(vm);
    double timeout;
    OuObj *keep;
    if (ou_as_double(vm, args[0], &timeout) < 0)
        return NULL;
    if (!(timeout >= 1e-6))
        return ou_value_error(vm, "timeout must be greater than 0");
    int repeat = args[1] ? ou_is_true(vm, args[1]) : 0, leave = repeat < 0 ? -1
                                                                : args[3]  ? ou_is_true(vm, args[3])
                                                                           : 0;
    int fd = leave < 0 ? -1 : file_descriptor(vm, args[2], &keep);
    if (fd < 0)
        return NULL;
    cancel_later(vm, s);
    Later *l = malloc(sizeof *l);
    if (!l) {
        ou_xdecref(vm, keep);
        return ou_raise_memory(vm);
    }
    *l = (Later){vm, s};
    s->timeout = timeout;
    s->repeat = repeat;
    s->exit = leave;
    s->fd = fd;
    s->cancelled = false;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->cond, NULL);
    sigset_t all, old;
    sigfillset(&all); /* signals are for the threads of scripts */
    pthread_sigmask(SIG_SETMASK, &all, &old);
    int err = pthread_create(&s->timer, NULL, wait_later, l);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (err) {
        free(l);
        ou_xdecref(vm, keep);
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "unable to start watchdog thread");
    }
    s->timer_on = true;
    replace(vm, &s->later_file, keep);
    return ou_none(vm);
}

FN(cancel_dump_traceback_later)
{
    cancel_later(vm, state(vm));
    return ou_none(vm);
}

/* ---- for tests ---- */

static void no_core(void)
{
    struct rlimit rl = {0, 0};
    setrlimit(RLIMIT_CORE, &rl);
}

FN(sigsegv)
{
    no_core();
    raise(SIGSEGV);
    return ou_none(vm);
}

FN(read_null)
{
    no_core();
    return ou_int(vm,
                  *(volatile int *)(vm->finalizing ? (void *)vm : NULL)); /* the compiler must not see it */
}

FN(sigabrt)
{
    no_core();
    abort();
    return NULL;
}

FN(sigfpe)
{
    no_core();
    raise(SIGFPE);
    return ou_none(vm);
}

static const OuFn functions[] = {
    {"enable(file=None, all_threads=True)", enable, 0,
     "enable(file=sys.stderr, all_threads=True): enable the fault handler"},
    {"disable()", disable_fn, 0, "disable(): disable the fault handler"},
    {"is_enabled()", is_enabled, 0, "is_enabled()->bool: check if the handler is enabled"},
    {"dump_traceback(file=None, all_threads=True)", dump_traceback, 0,
     "dump_traceback(file=sys.stderr, all_threads=True): dump the traceback of the current thread, or of all "
     "threads if all_threads is True, "
     "into file"},
    {"dump_traceback_later(timeout, repeat=False, file=None, exit=False)", dump_traceback_later, 0,
     "dump_traceback_later(timeout, repeat=False, file=sys.stderr, exit=False):\ndump the traceback of all "
     "threads in timeout seconds"},
    {"cancel_dump_traceback_later()", cancel_dump_traceback_later, 0,
     "cancel_dump_traceback_later():\ncancel the previous call"},
    {"register(signum, file=None, all_threads=True, chain=False)", register_fn, 0,
     "register(signum, file=sys.stderr, all_threads=True, chain=False): register a handler for the signal "
     "'signum'"},
    {"unregister(signum, /)", unregister_fn, 0,
     "unregister(signum): unregister the handler of the signal 'signum'"},
    {"_read_null(release_gil=False, /)", read_null, 0,
     "read from NULL, raise a SIGSEGV or SIGBUS signal depending on the platform"},
    {"_sigsegv(release_gil=False, /)", sigsegv, 0, "raise a SIGSEGV signal"},
    {"_sigabrt()", sigabrt, 0, "raise a SIGABRT signal"},
    {"_sigfpe()", sigfpe, 0, "raise a SIGFPE signal"},
    {0},
};

static int traverse(void *data, OuVisit visit, void *arg)
{
    State *s = data;
    OU_VISIT(s->file);
    OU_VISIT(s->later_file);
    for (int i = 0; i < NSIG_; i++)
        OU_VISIT(s->user_file[i]);
    return 0;
}

static void clear(OuVM *vm, void *data)
{
    State *s = data;
    cancel_later(vm, s);
    if (handlers.vm == vm) {
        disable();
        handlers.vm = NULL;
    }
    for (int i = 0; i < NSIG_; i++) {
        handlers.user[i].on = false;
        ou_clear(vm, s->user_file[i]);
    }
    ou_clear(vm, s->file);
    ou_clear(vm, s->later_file);
}

const OuModuleDef ou_mod_faulthandler = {
    .name = "faulthandler",
    .doc = "faulthandler module.",
    .functions = functions,
    .state_size = sizeof(State),
    .traverse = traverse,
    .clear = clear,
};

static State *state(OuVM *vm)
{
    return ou_module_state(vm, &ou_mod_faulthandler);
}
