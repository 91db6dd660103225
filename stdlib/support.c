/* stdlib/support.c - small helpers of native modules. */
#include "support.h"

#include <errno.h>
#include <math.h>
#include <time.h>

#include "vm/threads.h"

OuObj *ou_module_add_exception(OuVM *vm, OuObj *m, const char *package, const char *name, OuType *base)
{
    OuObj *n = ou_str_new(vm, name, -1), *bases = ou_tuple_pack(vm, 1, base), *d = ou_dict_new(vm);
    OuObj *mod = ou_str_new(vm, package, -1), *r = NULL;
    if (n && bases && d && mod && ou_dict_set(vm, d, OU_NAME(vm, __module__), mod) == 0)
        r = ou_call3(vm, (OuObj *)&vm->builtin[OU_T_type], n, bases, d);
    ou_xdecref(vm, n);
    ou_xdecref(vm, bases);
    ou_xdecref(vm, d);
    ou_xdecref(vm, mod);
    if (r && ou_module_add(vm, m, name, ou_ref(r)) < 0)
        ou_clear(vm, r);
    return r;
}

int ou_module_add_ints(OuVM *vm, OuObj *module, const OuIntRow *rows)
{
    for (; rows->name; rows++)
        if (ou_module_add_int(vm, module, rows->name, rows->v) < 0)
            return -1;
    return 0;
}

int ou_sem_take(OuVM *vm, sem_t *sem, double seconds)
{
    struct timespec until;
    if (sem_trywait(sem) == 0)
        return 1;
    if (seconds == 0)
        return 0;
    if (seconds > 0) {
        clock_gettime(CLOCK_MONOTONIC, &until);
        double whole = floor(seconds);
        until.tv_sec += (time_t)whole;
        until.tv_nsec += (long)((seconds - whole) * 1e9);
        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }
    }
    for (;;) {
        int r;
        OU_BLOCKING(vm, r = seconds < 0 ? sem_wait(sem) : sem_clockwait(sem, CLOCK_MONOTONIC, &until));
        if (r == 0)
            return 1;
        if (errno == ETIMEDOUT)
            return 0;
        if (errno != EINTR) {
            ou_raise_errno(vm, errno, NULL);
            return -1;
        }
        if (ou_poll_slow(vm) < 0)
            return -1;
    }
}
