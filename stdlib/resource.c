/* stdlib/resource.c - module resource: limits and usage of a process. */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "stdlib/posix/posix.h"
#include "support.h"
#include "vm/structseq.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

FN(resource_getrusage)
{
    int who;
    struct rusage ru;
    if (ou_as_int(vm, args[0], &who) < 0)
        return NULL;
    if (getrusage((__rusage_who_t)who, &ru) < 0) {
        if (errno == EINVAL)
            return ou_value_error(vm, "invalid who parameter");
        return ou_raise_errno(vm, errno, NULL);
    }
    return ou_posix_rusage(vm, &ru);
}

static int resource_number(OuVM *vm, OuObj *o, int *out)
{
    if (ou_as_int(vm, o, out) < 0)
        return -1;
    return *out >= 0 && *out < RLIM_NLIMITS ? 0 : ou_value_error_i(vm, "invalid resource specified");
}

static OuObj *limit_object(OuVM *vm, rlim_t v)
{
    return v == RLIM_INFINITY ? ou_int(vm, -1) : ou_int_u64(vm, v);
}

static OuObj *limits_tuple(OuVM *vm, const struct rlimit *l)
{
    OuObj *v[2] = {limit_object(vm, l->rlim_cur), limit_object(vm, l->rlim_max)};
    OuObj *t = v[0] && v[1] ? ou_tuple_of_take(vm, v, 2) : NULL;
    ou_xdecref(vm, v[0]);
    ou_xdecref(vm, v[1]);
    return t;
}

static int limits_argument(OuVM *vm, OuObj *o, struct rlimit *l)
{
    OuObj *t = ou_sequence_tuple(vm, o);
    int64_t v[2];
    int r = -1;
    if (!t)
        return -1;
    if (OU_TUPLE(t)->n != 2)
        ou_value_error(vm, "expected a tuple of 2 integers");
    else if (ou_as_i64(vm, OU_TUPLE(t)->items[0], &v[0]) == 0 &&
             ou_as_i64(vm, OU_TUPLE(t)->items[1], &v[1]) == 0) {
        l->rlim_cur = (rlim_t)v[0];
        l->rlim_max = (rlim_t)v[1];
        r = 0;
    }
    ou_decref(vm, t);
    return r;
}

static OuObj *limit_error(OuVM *vm)
{
    if (errno == EINVAL)
        return ou_value_error(vm, "current limit exceeds maximum limit");
    if (errno == EPERM)
        return ou_value_error(vm, "not allowed to raise maximum limit");
    return ou_raise_errno(vm, errno, NULL);
}

FN(resource_getrlimit)
{
    int what;
    struct rlimit l;
    if (resource_number(vm, args[0], &what) < 0)
        return NULL;
    return getrlimit((__rlimit_resource_t)what, &l) < 0 ? ou_raise_errno(vm, errno, NULL)
                                                        : limits_tuple(vm, &l);
}

FN(resource_setrlimit)
{
    int what;
    struct rlimit l;
    if (resource_number(vm, args[0], &what) < 0 || limits_argument(vm, args[1], &l) < 0)
        return NULL;
    return setrlimit((__rlimit_resource_t)what, &l) < 0 ? limit_error(vm) : ou_none(vm);
}

FN(resource_prlimit)
{
    int pid, what;
    struct rlimit new_, old;
    bool set = nargs > 2 && args[2] && args[2] != OU_NONE(vm);
    if (ou_as_int(vm, args[0], &pid) < 0 || resource_number(vm, args[1], &what) < 0 ||
        (set && limits_argument(vm, args[2], &new_) < 0))
        return NULL;
    if (prlimit(pid, (__rlimit_resource_t)what, set ? &new_ : NULL, &old) < 0)
        return errno == EINVAL ? ou_value_error(vm, "current limit exceeds maximum limit")
                               : ou_raise_errno(vm, errno, NULL);
    return limits_tuple(vm, &old);
}

FN(resource_getpagesize)
{
    return ou_int(vm, getpagesize());
}

static const OuIntRow rows[] = {
    OU_INT_ROW(RLIMIT_CPU),        OU_INT_ROW(RLIMIT_FSIZE),   OU_INT_ROW(RLIMIT_DATA),
    OU_INT_ROW(RLIMIT_STACK),      OU_INT_ROW(RLIMIT_CORE),    OU_INT_ROW(RLIMIT_NOFILE),
    OU_INT_ROW(RLIMIT_OFILE),      OU_INT_ROW(RLIMIT_AS),      OU_INT_ROW(RLIMIT_RSS),
    OU_INT_ROW(RLIMIT_NPROC),      OU_INT_ROW(RLIMIT_MEMLOCK), OU_INT_ROW(RLIMIT_MSGQUEUE),
    OU_INT_ROW(RLIMIT_NICE),       OU_INT_ROW(RLIMIT_RTPRIO),  OU_INT_ROW(RLIMIT_RTTIME),
    OU_INT_ROW(RLIMIT_SIGPENDING), OU_INT_ROW(RUSAGE_SELF),    OU_INT_ROW(RUSAGE_CHILDREN),
    OU_INT_ROW(RUSAGE_THREAD),     {"RLIM_INFINITY", -1},      {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    if (ou_module_add_ints(vm, m, rows) < 0 || !ou_structseq_type(vm, m, &ou_posix_rusage_desc))
        return -1;
    return ou_module_add(vm, m, "error", ou_ref((OuObj *)OU_EXC(vm, OSError)));
}

static const OuFn functions[] = {
    {"getrusage(who, /)", resource_getrusage, 0, NULL},
    {"getrlimit(resource, /)", resource_getrlimit, 0, NULL},
    {"prlimit(pid, resource, limits=None, /)", resource_prlimit, 0, "prlimit(pid, resource, [limits])"},
    {"setrlimit(resource, limits, /)", resource_setrlimit, 0, NULL},
    {"getpagesize()", resource_getpagesize, 0, NULL},
    {0},
};
const OuModuleDef ou_mod_resource = {
    .name = "resource",
    .functions = functions,
    .exec = exec,
};
