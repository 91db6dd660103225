/* stdlib/posix_sched.c - posix: scheduling, priorities, ids of users and groups. */
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "posix.h"
#include "vm/iterobj.h"
#include "vm/structseq.h"

#define INT_ARG(i, name)                   \
    int name;                              \
    if (ou_as_int(vm, args[i], &name) < 0) \
    return NULL

static OuObj *done(OuVM *vm, int r)
{
    return r < 0 ? ou_raise_errno(vm, errno, NULL) : ou_none(vm);
}

POSIX_FN(posix_sched_priority_max)
{
    INT_ARG(0, policy);
    int r = sched_get_priority_max(policy);
    return r < 0 ? ou_raise_errno(vm, errno, NULL) : ou_int(vm, r);
}

POSIX_FN(posix_sched_priority_min)
{
    INT_ARG(0, policy);
    int r = sched_get_priority_min(policy);
    return r < 0 ? ou_raise_errno(vm, errno, NULL) : ou_int(vm, r);
}

POSIX_FN(posix_sched_getscheduler)
{
    INT_ARG(0, pid);
    int r = sched_getscheduler(pid);
    return r < 0 ? ou_raise_errno(vm, errno, NULL) : ou_int(vm, r);
}

POSIX_FN(posix_sched_getparam)
{
    INT_ARG(0, pid);
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
    INT_ARG(0, pid);
    struct sched_param p;
    return param_arg(vm, args[1], &p) < 0 ? NULL : done(vm, sched_setparam(pid, &p));
}

POSIX_FN(posix_sched_setscheduler)
{
    INT_ARG(0, pid);
    INT_ARG(1, policy);
    struct sched_param p;
    return param_arg(vm, args[2], &p) < 0 ? NULL : done(vm, sched_setscheduler(pid, policy, &p));
}

POSIX_FN(posix_sched_rr_get_interval)
{
    INT_ARG(0, pid);
    struct timespec t;
    if (sched_rr_get_interval(pid, &t) < 0)
        return ou_raise_errno(vm, errno, NULL);
    return ou_float(vm, (double)t.tv_sec + 1e-9 * (double)t.tv_nsec);
}

POSIX_FN(posix_sched_setaffinity)
{
    INT_ARG(0, pid);
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
        return done(vm, -1);
    }
    return done(vm, sched_setaffinity(pid, sizeof set, &set));
}

POSIX_FN(posix_setpriority)
{
    INT_ARG(0, which);
    INT_ARG(1, who);
    INT_ARG(2, priority);
    return done(vm, setpriority((__priority_which_t)which, (id_t)who, priority));
}

POSIX_FN(posix_setpgrp)
{
    return done(vm, setpgid(0, 0));
}

/* ---- ids ---- */

static OuObj *three(OuVM *vm, unsigned a, unsigned b, unsigned c)
{
    OuObj *v[3] = {ou_int(vm, a), ou_int(vm, b), ou_int(vm, c)};
    OuObj *t = v[0] && v[1] && v[2] ? ou_tuple_of_take(vm, v, 3) : NULL;
    for (int i = 0; i < 3; i++)
        ou_xdecref(vm, v[i]);
    return t;
}

POSIX_FN(posix_getresuid)
{
    uid_t r, e, s;
    return getresuid(&r, &e, &s) < 0 ? ou_raise_errno(vm, errno, NULL) : three(vm, r, e, s);
}

POSIX_FN(posix_getresgid)
{
    gid_t r, e, s;
    return getresgid(&r, &e, &s) < 0 ? ou_raise_errno(vm, errno, NULL) : three(vm, r, e, s);
}

/* uid or gid; -1 means "unchanged". */
static int id_arg(OuVM *vm, OuObj *o, const char *what, unsigned *out)
{
    OuObj *i = ou_index(vm, o);
    int64_t v = 0;
    if (!i) {
        if (ou_err_is(vm, OU_EXC(vm, TypeError))) {
            ou_err_clear(vm);
            ou_type_error(vm, "%s should be integer, not %T", what, o);
        }
        return -1;
    }
    bool fits = ou_int_fits(i, &v);
    int sign = ou_int_sign(i);
    ou_decref(vm, i);
    if (!fits || v < -1 || v > UINT32_MAX)
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "%s is %s", what,
                          sign < 0 ? "less than minimum" : "greater than maximum");
    *out = (unsigned)v;
    return 0;
}

POSIX_FN(posix_setresuid)
{
    unsigned r, e, s;
    if (id_arg(vm, args[0], "uid", &r) < 0 || id_arg(vm, args[1], "uid", &e) < 0 ||
        id_arg(vm, args[2], "uid", &s) < 0)
        return NULL;
    return done(vm, setresuid(r, e, s));
}

POSIX_FN(posix_setresgid)
{
    unsigned r, e, s;
    if (id_arg(vm, args[0], "gid", &r) < 0 || id_arg(vm, args[1], "gid", &e) < 0 ||
        id_arg(vm, args[2], "gid", &s) < 0)
        return NULL;
    return done(vm, setresgid(r, e, s));
}

POSIX_FN(posix_setgroups)
{
    gid_t groups[NGROUPS_MAX];
    if (!ou_is_sequence(vm, args[0]))
        return ou_type_error(vm, "setgroups argument must be a sequence");
    ou_ssize n = ou_len(vm, args[0]);
    if (n < 0)
        return NULL;
    if (n > NGROUPS_MAX)
        return ou_value_error(vm, "too many groups");
    for (ou_ssize i = 0; i < n; i++) {
        OuObj *o = ou_getitem_i(vm, args[0], i);
        unsigned id = 0;
        int r = -1;
        if (o && !ou_isa_int(vm, o))
            ou_type_error(vm, "groups must be integers");
        else if (o)
            r = id_arg(vm, o, "gid", &id);
        ou_xdecref(vm, o);
        if (r < 0)
            return NULL;
        groups[i] = id;
    }
    return done(vm, setgroups((size_t)n, groups));
}

/* A user's name; out new bytes. */
static int user_arg(OuVM *vm, OuObj *o, const char *fn, OuObj **out)
{
    if (!ou_isa_str(vm, o))
        return ou_type_error_i(vm, "%s() argument 1 must be str, not %s", fn, ou_arg_type_name(vm, o));
    return ou_fs_path(vm, o, out);
}

POSIX_FN(posix_getgrouplist)
{
    OuObj *user, *list = NULL;
    unsigned gid;
    if (user_arg(vm, args[0], "getgrouplist", &user) < 0)
        return NULL;
    if (id_arg(vm, args[1], "gid", &gid) == 0) {
        gid_t *groups = NULL;
        int cap = 64, n;
        for (;; cap *= 2) {
            if (!(groups = ou_alloc(vm, (size_t)cap * sizeof *groups)))
                break;
            n = cap;
            if (getgrouplist(OU_BYTES(user)->data, gid, groups, &n) >= 0)
                break;
            ou_free(vm, groups, (size_t)cap * sizeof *groups);
        }
        list = groups ? ou_list_new(vm, 0) : NULL;
        for (int i = 0; list && i < n; i++) {
            OuObj *o = ou_int(vm, groups[i]);
            if (!o || ou_list_append_take(vm, list, o) < 0)
                ou_clear(vm, list);
        }
        if (groups)
            ou_free(vm, groups, (size_t)cap * sizeof *groups);
    }
    ou_decref(vm, user);
    return list;
}

POSIX_FN(posix_initgroups)
{
    OuObj *user, *r = NULL;
    unsigned gid;
    if (user_arg(vm, args[0], "initgroups", &user) < 0)
        return NULL;
    if (id_arg(vm, args[1], "gid", &gid) == 0)
        r = done(vm, initgroups(OU_BYTES(user)->data, gid));
    ou_decref(vm, user);
    return r;
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
    {"setpriority(which, who, priority)", posix_setpriority, 0, "Set program scheduling priority."},
    {"setpgrp()", posix_setpgrp, 0, "Make the current process the leader of its process group."},
    {"getresuid()", posix_getresuid, 0,
     "Return a tuple of the current process's real, effective, and saved user ids."},
    {"getresgid()", posix_getresgid, 0,
     "Return a tuple of the current process's real, effective, and saved group ids."},
    {"setresuid(ruid, euid, suid, /)", posix_setresuid, 0,
     "Set the current process's real, effective, and saved user ids."},
    {"setresgid(rgid, egid, sgid, /)", posix_setresgid, 0,
     "Set the current process's real, effective, and saved group ids."},
    {"setgroups(groups, /)", posix_setgroups, 0, "Set the groups of the current process to list."},
    {"getgrouplist(user, group, /)", posix_getgrouplist, 0,
     "Returns a list of groups to which a user belongs."},
    {"initgroups(username, gid, /)", posix_initgroups, 0, "Initialize the group access list."},
    {0},
};
