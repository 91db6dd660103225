/* vm/threads.h - the VM's one lock (vm/threads.c) and signals (vm/signals.c).
 *
 * One thread at a time runs a VM; vm->ts is the thread that holds the lock.  A waiting thread asks for it every 5 ms through the
 * eval breaker.  Around blocking system calls the lock is released. */
#ifndef OU_VM_THREADS_H
#define OU_VM_THREADS_H

#include "vm.h"

struct OuLock;

/* Makes the lock, held by the calling thread; called when the first second thread is about to start. 0/-1 */
int ou_lock_init(OuVM *vm);
void ou_lock_free(OuVM *vm); /* at the end, no other thread is left */
/* Lets another thread that waits for the lock run. */
void ou_lock_yield(OuVM *vm);
/* Waits until another thread has had the lock and released it, at most 5 ms. */
void ou_lock_pause(OuVM *vm);
/* Around a blocking system call: no object may be touched in between.  errno is kept. */
void ou_lock_release(OuVM *vm);
void ou_lock_acquire(OuVM *vm, OuThread *ts);
#define OU_BLOCKING(vm, statement)     \
    do {                               \
        OuThread *blocked_ = (vm)->ts; \
        ou_lock_release(vm);           \
        statement;                     \
        ou_lock_acquire(vm, blocked_); \
    } while (0)

/* A new OS thread that calls callable(*args, **kwargs) (owned references are taken on success): its id, or 0 with RuntimeError. */
uint64_t ou_thread_start(OuVM *vm, OuObj *callable, OuObj *args, OuObj *kwargs, size_t stack_size);
uint64_t ou_thread_ident(void);
/* A state for the calling OS thread, which the VM did not start (a library's thread that calls back); waits for the lock and holds
 * it then.  NULL: no memory.  ou_thread_detach ends it and releases the lock. */
OuThread *ou_thread_attach(OuVM *vm);
void ou_thread_detach(OuVM *vm, OuThread *ts);
/* In the child of fork: the lock is fresh, only the calling thread exists. */
void ou_threads_after_fork(OuVM *vm);
/* Threads other than the caller must not run Python code any more (the VM is ending). */
void ou_threads_stop(OuVM *vm);

/* Releases a _thread.lock object: stdlib/_thread.c. */
void ou_thread_sentinel_release(OuVM *vm, OuObj *lock);

/* ---- signals: one VM of the process owns them ---- */
enum { OU_NSIG = 65 };
/* Takes the process's signals for vm: SIGINT raises KeyboardInterrupt, SIGPIPE is ignored. */
void ou_signals_init(OuVM *vm);
void ou_signals_free(OuVM *vm);
/* Runs the Python handlers of signals that arrived (main thread only). 0 / -1 */
int ou_signals_run(OuVM *vm);
/* As if the signal had come: used by interrupt_main and raise_signal of tests. */
void ou_signal_trip(int signum);
/* The Python handler: borrowed; None: not installed from Python; ints SIG_DFL 0, SIG_IGN 1. */
OuObj *ou_signal_handler(OuVM *vm, int signum);
/* Installs a handler (borrowed): callable, 0 or 1.  0/-1 */
int ou_signal_set(OuVM *vm, int signum, OuObj *handler);
int ou_signal_wakeup_fd(OuVM *vm, int fd, bool warn); /* returns the old one */
/* Some signal waits for its handler, which only the main thread runs. */
bool ou_signals_pending(OuVM *vm);
bool ou_is_main_thread(OuVM *vm);

#endif
