/* stdlib/posix/sched.c - posix: scheduling and priorities. */
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "posix.h"
#include "vm/iterobj.h"
#include "vm/structseq.h"

static const OuGetSet sched_fields[] = {OU_SEQ_FIELD(0, "sched_priority", "the scheduling priority"), {0}};
/* Unlike the other named tuples it is made from its one field. */
static OuObj *sched_param_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *priority;
    if (ou_args_bind(vm, "sched_param(sched_priority)", args, nargs, kwnames, &priority) < 0)
        return NULL;
    OuObj *o = ou_structseq_new(vm, type);
    if (o)
        OU_TUPLE(o)->items[0] = ou_ref(priority);
    return ou_structseq_done(vm, o);
}

POSIX_FN(sched_param_reduce)
{
    OuObj *t = ou_tuple_pack(vm, 1, OU_TUPLE(args[0])->items[0]);
    OuObj *r = t ? ou_tuple_pack(vm, 2, (OuObj *)OU_TYPE_OF(vm, args[0]), t) : NULL;
    ou_xdecref(vm, t);
    return r;
}

static const OuFn sched_param_methods[] = {{"__reduce__(self)", sched_param_reduce, 0, NULL}, {0}};
const OuStructSeq ou_posix_sched_desc = {
    .spec = {.name = "posix.sched_param",
             .size = sizeof(OuTuple),
             .item_size = sizeof(OuObj *),
             .flags = OU_TYPE_GC | OU_TYPE_SEQUENCE | OU_TYPE_TUPLE_SUB | OU_TYPE_IMMUTABLE,
             .doc = "Currently has only one field: sched_priority",
             .dealloc = ou_structseq_dealloc,
             .traverse = ou_structseq_traverse,
             .s = {.repr = ou_structseq_repr, .new_ = sched_param_new},
             .methods = sched_param_methods,
             .getset = sched_fields},
    .visible = 1,
    .total = 1};

POSIX_FN(posix_sched_priority_max)
{
    INT_ARG(0, policy, 0);
    int r = sched_get_priority_max(policy);
    return ou_posix_count(vm, r);
}

POSIX_FN(posix_sched_priority_min)
{
    INT_ARG(0, policy, 0);
    int r = sched_get_priority_min(policy);
    return ou_posix_count(vm, r);
}

POSIX_FN(posix_sched_getscheduler)
{
    INT_ARG(0, pid, 0);
    int r = sched_getscheduler(pid);
    return ou_posix_count(vm, r);
}

POSIX_FN(posix_sched_getparam)
{
    INT_ARG(0, pid, 0);
    struct sched_param p;
    if (sched_getparam(pid, &p) < 0)
        return ou_raise_errno(vm, errno, NULL);
    OuObj *o = ou_structseq_of(vm, &ou_posix_sched_desc);
    if (o)
        OU_TUPLE(o)->items[0] = ou_int(vm, p.sched_priority);
    return ou_structseq_done(vm, o);
}

static int param_arg(OuVM *vm, OuObj *o, struct sched_param *p)
{
    int64_t v;
    OuType *t = ou_structseq_type(vm, NULL, &ou_posix_sched_desc);
    if (!t)
        return -1;
    if (OU_TYPE_OF(vm, o) != t)
        return ou_type_error_i(vm, "must have a sched_param object");
    if (ou_as_i64(vm, OU_TUPLE(o)->items[0], &v) < 0)
        return -1;
    if (v < INT_MIN || v > INT_MAX)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "sched_priority out of range");
    p->sched_priority = (int)v;
    return 0;
}

POSIX_FN(posix_sched_setparam)
{
    INT_ARG(0, pid, 0);
    struct sched_param p;
    return param_arg(vm, args[1], &p) < 0 ? NULL : ou_posix_done(vm, sched_setparam(pid, &p));
}

POSIX_FN(posix_sched_setscheduler)
{
    INT_ARG(0, pid, 0);
    INT_ARG(1, policy, 0);
    struct sched_param p;
    return param_arg(vm, args[2], &p) < 0 ? NULL : ou_posix_done(vm, sched_setscheduler(pid, policy, &p));
}

POSIX_FN(posix_sched_rr_get_interval)
{
    INT_ARG(0, pid, 0);
    struct timespec t;
    if (sched_rr_get_interval(pid, &t) < 0)
        return ou_raise_errno(vm, errno, NULL);
    return ou_float(vm, (double)t.tv_sec + 1e-9 * (double)t.tv_nsec);
}

POSIX_FN(posix_sched_setaffinity)
{
    INT_ARG(0, pid, 0);
    cpu_set_t set;
    CPU_ZERO(&set);
    OuObj *it = ou_iter(vm, args[1]), *o;
    bool high = false;
    if (!it)
        return NULL;
    while ((o = ou_next(vm, it))) {
        int64_t cpu = 0;
        if (!ou_isa_int(vm, o))
            ou_type_error(vm, "expected an iterator of ints, but iterator yielded %R", OU_TYPE_OBJ(vm, o));
        else if (ou_as_i64(vm, o, &cpu) == 0 && cpu < 0)
            ou_value_error(vm, "negative CPU number");
        else if (!ou_err_occurred(vm) && cpu > INT_MAX - 1)
            ou_raise(vm, OU_EXC(vm, OverflowError), "CPU number too large");
        ou_decref(vm, o);
        if (ou_err_occurred(vm))
            break;
        if (cpu < CPU_SETSIZE)
            CPU_SET(cpu, &set);
        else
            high = true;
    }
    ou_decref(vm, it);
    if (ou_err_occurred(vm))
        return NULL;
    if (high && CPU_COUNT(&set) == 0) {
        errno = EINVAL;
        return ou_posix_done(vm, -1);
    }
    return ou_posix_done(vm, sched_setaffinity(pid, sizeof set, &set));
}

POSIX_FN(posix_sched_yield)
{
    sched_yield();
    return ou_none(vm);
}

POSIX_FN(posix_sched_getaffinity)
{
    INT_ARG(0, pid, 0);
    cpu_set_t set;
    if (sched_getaffinity(pid, sizeof set, &set) < 0)
        return ou_raise_errno(vm, errno, NULL);
    OuObj *s = ou_set_new(vm, NULL);
    for (int i = 0; s && i < CPU_SETSIZE; i++) {
        if (!CPU_ISSET(i, &set))
            continue;
        OuObj *v = ou_int(vm, i);
        if (!v || ou_set_add(vm, s, v) < 0)
            ou_clear(vm, s);
        ou_xdecref(vm, v);
    }
    return s;
}

POSIX_FN(posix_nice)
{
    INT_ARG(0, inc, 0);
    errno = 0;
    int r = nice(inc);
    return r == -1 && errno ? ou_raise_errno(vm, errno, NULL) : ou_int(vm, r);
}

POSIX_FN(posix_getpriority)
{
    INT_ARG(0, which, 0);
    INT_ARG(1, who, 0);
    errno = 0;
    int r = getpriority(which, (id_t)who);
    return errno ? ou_raise_errno(vm, errno, NULL) : ou_int(vm, r);
}

POSIX_FN(posix_setpriority)
{
    INT_ARG(0, which, 0);
    INT_ARG(1, who, 0);
    INT_ARG(2, priority, 0);
    return ou_posix_done(vm, setpriority((__priority_which_t)which, (id_t)who, priority));
}

POSIX_FN(posix_setpgrp)
{
    return ou_posix_done(vm, setpgid(0, 0));
}

const OuFn ou_posix_sched_functions[] = {
    {"sched_get_priority_max(policy)", posix_sched_priority_max, 0,
     "Get the maximum scheduling priority for policy."},
    {"sched_get_priority_min(policy)", posix_sched_priority_min, 0,
     "Get the minimum scheduling priority for policy."},
    {"sched_getparam(pid, /)", posix_sched_getparam, 0,
     "Returns scheduling parameters for the process identified by pid."},
    {"sched_getscheduler(pid, /)", posix_sched_getscheduler, 0,
     "Get the scheduling policy for the process identified by pid."},
    {"sched_setparam(pid, param, /)", posix_sched_setparam, 0,
     "Set scheduling parameters for the process identified by pid."},
    {"sched_setscheduler(pid, policy, param, /)", posix_sched_setscheduler, 0,
     "Set the scheduling policy for the process identified by pid."},
    {"sched_rr_get_interval(pid, /)", posix_sched_rr_get_interval, 0,
     "Return the round-robin quantum for the process identified by pid, in seconds."},
    {"sched_setaffinity(pid, mask, /)", posix_sched_setaffinity, 0,
     "Set the CPU affinity of the process identified by pid to mask."},
    {"sched_yield()", posix_sched_yield, 0, "Voluntarily relinquish the CPU."},
    {"sched_getaffinity(pid, /)", posix_sched_getaffinity, 0,
     "Return the affinity of the process identified by pid (or the current process if zero)."},
    {"nice(increment, /)", posix_nice, 0,
     "Add increment to the priority of process and return the new priority."},
    {"getpriority(which, who)", posix_getpriority, 0, "Return program scheduling priority."},
    {"setpriority(which, who, priority)", posix_setpriority, 0, "Set program scheduling priority."},
    {"setpgrp()", posix_setpgrp, 0, "Make the current process the leader of its process group."},
    {0},
};

int ou_posix_sched_init(OuVM *vm, OuObj *m)
{
    return ou_structseq_type(vm, m, &ou_posix_sched_desc) ? 0 : -1;
}
