/* vm/signals.c - signals of the process, delivered to the VM that owns them.
 *
 * The C handler only sets flags; Python handlers run from the eval breaker in the main thread.  The owner is the one
 * process-wide mutable variable of ouro: a signal handler has no other way to find its VM. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "err.h"
#include "frame.h"
#include "threads.h"

typedef struct OuSignals {
    volatile sig_atomic_t tripped[OU_NSIG];
    volatile sig_atomic_t any;
    volatile int wakeup_fd;
    bool warn_full;
    OuObj *handlers[OU_NSIG]; /* callable, int 0 or 1; NULL: None */
} OuSignals;

/* The one thing here that is of the process and not of a VM: a signal handler is given nothing else to find the VM by. */
static OuVM *volatile owner;

void ou_signal_trip(int signum)
{
    OuVM *vm = owner;
    if (!vm || !vm->signals)
        return;
    vm->signals->tripped[signum] = 1;
    vm->signals->any = 1;
    __atomic_or_fetch(&vm->breaker, OU_BREAK_SIGNAL, __ATOMIC_RELEASE);
    int fd = vm->signals->wakeup_fd;
    if (fd >= 0) {
        unsigned char b = (unsigned char)signum;
        ssize_t n = write(fd, &b, 1);
        (void)n;
    }
}

static void handler(int signum)
{
    int saved = errno;
    ou_signal_trip(signum);
    errno = saved;
}

static int install(int signum, void (*fn)(int))
{
    struct sigaction sa = {0};
    sa.sa_handler = fn;
    sigemptyset(&sa.sa_mask);
    return sigaction(signum, &sa, NULL);
}

void ou_signals_init(OuVM *vm)
{
    if (owner)
        return;
    OuSignals *s = calloc(1, sizeof *s);
    if (!s)
        return;
    s->wakeup_fd = -1;
    vm->signals = s;
    owner = vm;
    install(SIGPIPE, SIG_IGN);
    install(SIGXFSZ, SIG_IGN);
    for (int i = 1; i < OU_NSIG; i++) {
        struct sigaction sa;
        if (sigaction(i, NULL, &sa) < 0)
            continue;
        if (sa.sa_handler == SIG_DFL)
            s->handlers[i] = ou_int(vm, 0);
        else if (sa.sa_handler == SIG_IGN)
            s->handlers[i] = ou_int(vm, 1);
    }
    /* SIGINT is ours unless the parent ignores it (nohup, background jobs); NULL with our handler stands for
     * signal.default_int_handler until module _signal gives the function itself */
    struct sigaction sa;
    if (sigaction(SIGINT, NULL, &sa) == 0 && sa.sa_handler == SIG_DFL) {
        install(SIGINT, handler);
        ou_clear(vm, s->handlers[SIGINT]);
    }
}

void ou_signals_free(OuVM *vm)
{
    OuSignals *s = vm->signals;
    if (!s)
        return;
    owner = NULL;
    vm->signals = NULL;
    for (int i = 1; i < OU_NSIG; i++) {
        OuObj *h = s->handlers[i];
        bool python = h ? !ou_is_small(h) : i == SIGINT;
        if (python)
            install(i, SIG_DFL);
        s->handlers[i] = NULL;
        ou_xdecref(vm, h);
    }
    free(s);
}

OuObj *ou_signal_handler(OuVM *vm, int signum)
{
    return vm->signals ? vm->signals->handlers[signum] : NULL;
}

int ou_signal_set(OuVM *vm, int signum, OuObj *h)
{
    int64_t v = -1;
    void (*fn)(int) = handler;
    if (!vm->signals)
        return ou_value_error_i(vm,
                                "signal only works in the interpreter that owns the signals of the process");
    if (ou_isa_int(vm, h) && ou_int_fits(h, &v))
        fn = v == 0 ? SIG_DFL : SIG_IGN;
    if (install(signum, fn) < 0) {
        ou_raise_errno(vm, errno, NULL);
        return -1;
    }
    OuObj *old = vm->signals->handlers[signum];
    vm->signals->handlers[signum] = ou_ref(h);
    ou_xdecref(vm, old);
    return 0;
}

int ou_signal_wakeup_fd(OuVM *vm, int fd, bool warn)
{
    if (!vm->signals)
        return -1;
    int old = vm->signals->wakeup_fd;
    vm->signals->wakeup_fd = fd;
    vm->signals->warn_full = warn;
    return old;
}

bool ou_signals_pending(OuVM *vm)
{
    return vm->signals && vm->signals->any;
}

int ou_signals_run(OuVM *vm)
{
    OuSignals *s = vm->signals;
    if (!s || !s->any)
        return 0;
    if (!ou_is_main_thread(vm)) {
        /* the main thread must see it: it looks when it gets the lock */
        __atomic_or_fetch(&vm->breaker, OU_BREAK_LOCK, __ATOMIC_RELEASE);
        return 0;
    }
    s->any = 0;
    for (int i = 1; i < OU_NSIG; i++) {
        if (!s->tripped[i])
            continue;
        s->tripped[i] = 0;
        OuObj *h = s->handlers[i];
        if (!h && i == SIGINT) {
            ou_raise_value(vm, OU_EXC(vm, KeyboardInterrupt), NULL);
            return -1;
        }
        if (!h || ou_is_small(h))
            continue;
        OuFrameObj *fo = vm->ts->frame ? ou_frame_object(vm, vm->ts->frame) : NULL;
        if (!fo && ou_err_occurred(vm))
            return -1;
        OuObj *num = ou_int(vm, i);
        ou_incref(h);
        OuObj *res = num ? ou_call2(vm, h, num, fo ? (OuObj *)fo : OU_NONE(vm)) : NULL;
        ou_decref(vm, h);
        ou_xdecref(vm, num);
        if (!res) {
            /* the others stay pending */
            s->any = 1;
            for (int k = i + 1; k < OU_NSIG; k++)
                if (s->tripped[k])
                    __atomic_or_fetch(&vm->breaker, OU_BREAK_SIGNAL, __ATOMIC_RELEASE);
            return -1;
        }
        ou_decref(vm, res);
    }
    return 0;
}
