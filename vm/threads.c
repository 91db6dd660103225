/* vm/threads.c - OS threads under the one lock of a VM. */
#include "threads.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "err.h"
#include "exceptions.h"
#include "frame.h"
#include "import_lock.h"

enum { SWITCH_NS = 5000000 }; /* sys.getswitchinterval() */

struct OuLock {
    pthread_mutex_t mutex;
    pthread_cond_t free, switched;
    bool held;
    uint64_t switches;
    int waiting;
};

int ou_lock_init(OuVM *vm)
{
    if (vm->lock)
        return 0;
    struct OuLock *l = calloc(1, sizeof *l);
    if (!l)
        return ou_raise_memory_i(vm);
    pthread_mutex_init(&l->mutex, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&l->free, &attr);
    pthread_cond_init(&l->switched, &attr);
    pthread_condattr_destroy(&attr);
    l->held = true;
    vm->lock = l;
    return 0;
}

void ou_lock_free(OuVM *vm)
{
    struct OuLock *l = vm->lock;
    if (!l)
        return;
    vm->lock = NULL;
    pthread_cond_destroy(&l->switched);
    pthread_cond_destroy(&l->free);
    pthread_mutex_destroy(&l->mutex);
    free(l);
}

void ou_lock_release(OuVM *vm)
{
    struct OuLock *l = vm->lock;
    if (!l)
        return;
    int saved = errno;
    OuThread *ts = vm->ts;
    OuNestSave nest = ou_nest_enter(&vm->heap);
    memcpy(ts->nest, &nest, sizeof nest);
    vm->ts = NULL;
    pthread_mutex_lock(&l->mutex);
    l->held = false;
    l->switches++;
    pthread_cond_signal(&l->free);
    pthread_cond_broadcast(&l->switched);
    pthread_mutex_unlock(&l->mutex);
    errno = saved;
}

void ou_lock_acquire(OuVM *vm, OuThread *ts)
{
    struct OuLock *l = vm->lock;
    if (!l) {
        vm->ts = ts;
        return;
    }
    int saved = errno;
    pthread_mutex_lock(&l->mutex);
    l->waiting++;
    while (l->held) {
        struct timespec until;
        uint64_t seen = l->switches;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += SWITCH_NS;
        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }
        if (pthread_cond_timedwait(&l->free, &l->mutex, &until) == ETIMEDOUT && l->held &&
            l->switches == seen)
            __atomic_or_fetch(&vm->breaker, OU_BREAK_LOCK, __ATOMIC_RELEASE);
    }
    l->waiting--;
    l->held = true;
    vm->ts = ts;
    pthread_mutex_unlock(&l->mutex);
    if (ts->async_exc) /* another thread may have taken the request out of the breaker */
        __atomic_or_fetch(&vm->breaker, OU_BREAK_ASYNC, __ATOMIC_RELEASE);
    if (ts == vm->main_ts && ou_signals_pending(vm)) /* the same for a signal */
        __atomic_or_fetch(&vm->breaker, OU_BREAK_SIGNAL, __ATOMIC_RELEASE);
    if (vm->finalizing && ts != vm->main_ts) /* the VM is ending: this thread may not touch it any more */
        for (;;) {
            ou_lock_release(vm);
            pthread_exit(NULL);
        }
    OuNestSave nest;
    memcpy(&nest, ts->nest, sizeof nest);
    ou_nest_leave(&vm->heap, nest);
    errno = saved;
}

void ou_lock_yield(OuVM *vm)
{
    struct OuLock *l = vm->lock;
    if (!l || !l->waiting)
        return;
    OuThread *ts = vm->ts;
    uint64_t mine;
    ou_lock_release(vm);
    /* hand over for certain: without this the releasing thread often wins the race for its own lock */
    pthread_mutex_lock(&l->mutex);
    mine = l->switches;
    if (!l->held && l->waiting) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += SWITCH_NS;
        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }
        while (!l->held && l->waiting && l->switches == mine)
            if (pthread_cond_timedwait(&l->switched, &l->mutex, &until) == ETIMEDOUT)
                break;
    }
    pthread_mutex_unlock(&l->mutex);
    ou_lock_acquire(vm, ts);
}

void ou_lock_pause(OuVM *vm)
{
    struct OuLock *l = vm->lock;
    OuThread *ts = vm->ts;
    if (!l)
        return;
    ou_lock_release(vm);
    pthread_mutex_lock(&l->mutex);
    uint64_t mine = l->switches;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += SWITCH_NS;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    while (l->switches == mine && pthread_cond_timedwait(&l->switched, &l->mutex, &until) != ETIMEDOUT)
        continue;
    pthread_mutex_unlock(&l->mutex);
    ou_lock_acquire(vm, ts);
}

uint64_t ou_thread_ident(void)
{
    return (uint64_t)pthread_self();
}

bool ou_is_main_thread(OuVM *vm)
{
    return vm->ts == vm->main_ts;
}

/* ---- starting ---- */

typedef struct Boot {
    OuVM *vm;
    OuThread *ts;
    OuObj *callable, *args, *kwargs;
} Boot;

static void unlink_thread(OuVM *vm, OuThread *ts)
{
    if (ts->prev)
        ts->prev->next = ts->next;
    if (ts->next)
        ts->next->prev = ts->prev;
    vm->nthreads--;
}

static void link_thread(OuVM *vm, OuThread *ts)
{
    OuThread *head = vm->main_ts;
    ts->prev = head;
    ts->next = head->next;
    if (head->next)
        head->next->prev = ts;
    head->next = ts;
    vm->nthreads++;
}

static void set_stack_limit(OuThread *ts)
{
    pthread_attr_t attr;
    void *base;
    size_t size;
    if (pthread_getattr_np(pthread_self(), &attr) == 0) {
        if (pthread_attr_getstack(&attr, &base, &size) == 0)
            ts->stack_limit = (char *)base + (size > 512 * 1024 ? 192 * 1024 : size / 3);
        pthread_attr_destroy(&attr);
    }
}

OuThread *ou_thread_attach(OuVM *vm)
{
    OuThread *ts = calloc(1, sizeof *ts);
    if (!ts)
        return NULL;
    set_stack_limit(ts);
    ts->id = ou_thread_ident();
    ou_lock_acquire(vm, ts);
    if (ou_thread_init(vm, ts) < 0) {
        ou_lock_release(vm);
        free(ts);
        return NULL;
    }
    ts->recursion_limit = ts->recursion_left = vm->main_ts->recursion_limit;
    link_thread(vm, ts);
    return ts;
}

void ou_thread_detach(OuVM *vm, OuThread *ts)
{
    ou_clear(vm, ts->dict);
    ou_thread_free(vm, ts);
    unlink_thread(vm, ts);
    ou_lock_release(vm);
    free(ts);
}

static void *run(void *arg)
{
    Boot b = *(Boot *)arg;
    OuVM *vm = b.vm;
    OuThread *ts = b.ts;
    free(arg);
    set_stack_limit(ts);
    ts->id = ou_thread_ident();
    ou_lock_acquire(vm, ts);
    OuObj *res = ou_call_tuple(vm, b.callable, b.args, b.kwargs);
    if (!res) {
        if (ou_err_is(vm, OU_EXC(vm, SystemExit)))
            ou_err_clear(vm);
        else
            ou_err_unraisable(vm, b.callable, "in thread started by");
    }
    ou_xdecref(vm, res);
    ou_decref(vm, b.callable);
    ou_decref(vm, b.args);
    ou_xdecref(vm, b.kwargs);
    ou_clear(vm, ts->dict); /* thread-local values die with the thread, their finalizers run in it */
    if (ts->on_exit) {
        OuObj *lock = ts->on_exit;
        ts->on_exit = NULL;
        ou_thread_sentinel_release(vm, lock);
        ou_decref(vm, lock);
    }
    ou_thread_free(vm, ts);
    unlink_thread(vm, ts);
    ou_lock_release(vm);
    free(ts);
    return NULL;
}

uint64_t ou_thread_start(OuVM *vm, OuObj *callable, OuObj *args, OuObj *kwargs, size_t stack_size)
{
    if (ou_lock_init(vm) < 0)
        return 0;
    Boot *b = calloc(1, sizeof *b);
    OuThread *ts = calloc(1, sizeof *ts);
    pthread_t id;
    pthread_attr_t attr;
    if (!b || !ts || ou_thread_init(vm, ts) < 0) {
        free(b);
        free(ts);
        ou_raise_memory(vm);
        return 0;
    }
    ts->recursion_limit = ts->recursion_left = vm->main_ts->recursion_limit;
    ts->tracefunc = NULL;
    *b = (Boot){vm, ts, ou_ref(callable), ou_ref(args), kwargs ? ou_ref(kwargs) : NULL};
    link_thread(vm, ts);
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    if (stack_size)
        pthread_attr_setstacksize(&attr, stack_size);
    int err = pthread_create(&id, &attr, run, b);
    pthread_attr_destroy(&attr);
    if (err) {
        ou_decref(vm, callable);
        ou_decref(vm, args);
        ou_xdecref(vm, kwargs);
        unlink_thread(vm, ts);
        ou_thread_free(vm, ts);
        free(ts);
        free(b);
        ou_raise(vm, OU_EXC(vm, RuntimeError), "can't start new thread");
        return 0;
    }
    return (uint64_t)id;
}

void ou_threads_after_fork(OuVM *vm)
{
    if (!vm->lock)
        return;
    struct OuLock *l = vm->lock;
    /* the parent's other threads do not exist here: their states are dropped without running anything */
    memset(l, 0, sizeof *l);
    vm->lock = NULL;
    free(l);
    ou_lock_init(vm);
    vm->main_ts = vm->ts;
    vm->ts->prev = vm->ts->next = NULL;
    vm->ts->id = ou_thread_ident();
    vm->nthreads = 1;
    ou_import_lock_alone(vm);
}

void ou_threads_stop(OuVM *vm)
{
    vm->finalizing = true;
}
