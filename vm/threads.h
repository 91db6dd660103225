/* vm/threads.h - the VM's one lock and signals (vm/threads.c). */
#ifndef OU_VM_THREADS_H
#define OU_VM_THREADS_H

#include "vm.h"

/* Lets another thread that waits for the lock run. */
void ou_lock_yield(OuVM *vm);
/* Around a blocking system call: no object may be touched in between.  Keeps errno. */
void ou_lock_release(OuVM *vm);
void ou_lock_acquire(OuVM *vm, OuThread *ts);
#define OU_BLOCKING(vm, statement) \
    do { \
        OuThread *blocked_ = (vm)->ts; \
        ou_lock_release(vm); \
        statement; \
        ou_lock_acquire(vm, blocked_); \
    } while (0)
/* Runs the Python handlers of signals that arrived (main thread only). 0 / -1 */
int ou_signals_run(OuVM *vm);

#endif
