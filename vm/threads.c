/* vm/threads.c - the lock of a VM. */
#include "threads.h"

void ou_lock_yield(OuVM *vm)
{
}

void ou_lock_release(OuVM *vm)
{
}

void ou_lock_acquire(OuVM *vm, OuThread *ts)
{
    vm->ts = ts;
}

int ou_signals_run(OuVM *vm)
{
    return 0;
}
