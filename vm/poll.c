/* vm/poll.c - the eval breaker: what the loop does when it must look up. */
#include "vm.h"

#include <stdatomic.h>

#include "err.h"
#include "threads.h"

int ou_poll_slow(OuVM *vm)
{
    uint32_t why = __atomic_exchange_n(&vm->breaker, 0, __ATOMIC_ACQUIRE);
    if (why & OU_BREAK_LOCK)
        ou_lock_yield(vm);
    if (why & OU_BREAK_GC)
        ou_gc_poll(&vm->heap); /* an exception in flight, if any, is kept by the hooks */
    if (why & OU_BREAK_SIGNAL && ou_signals_run(vm) < 0)
        return -1;
    if (vm->ts->async_exc) {
        OuObj *exc = vm->ts->async_exc;
        vm->ts->async_exc = NULL;
        ou_raise_obj(vm, exc);
        ou_decref(vm, exc);
        return -1;
    }
    if (why & OU_BREAK_ASYNC) /* it is for another thread */
        for (OuThread *ts = vm->main_ts; ts; ts = ts->next)
            if (ts->async_exc)
                __atomic_or_fetch(&vm->breaker, OU_BREAK_ASYNC, __ATOMIC_RELEASE);
    return 0;
}
