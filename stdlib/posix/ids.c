/* stdlib/posix/ids.c - posix: ids of users and groups. */
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <unistd.h>

#include "posix.h"
#include "vm/iterobj.h"

#define GET(name)                  \
    POSIX_FN(posix_##name)         \
    {                              \
        return ou_int(vm, name()); \
    }
#define SET(name, what)                                                                      \
    POSIX_FN(posix_##name)                                                                   \
    {                                                                                        \
        unsigned id;                                                                         \
        return ou_posix_id(vm, args[0], what, &id) < 0 ? NULL : ou_posix_done(vm, name(id)); \
    }
#define SET2(name, what)                                                                      \
    POSIX_FN(posix_##name)                                                                    \
    {                                                                                         \
        unsigned a, b;                                                                        \
        if (ou_posix_id(vm, args[0], what, &a) < 0 || ou_posix_id(vm, args[1], what, &b) < 0) \
            return NULL;                                                                      \
        return ou_posix_done(vm, name(a, b));                                                 \
    }
GET(getuid)
GET(geteuid)
GET(getgid)
GET(getegid)
SET(setuid, "uid")
SET(setgid, "gid")
SET(seteuid, "uid")
SET(setegid, "gid")
SET2(setreuid, "uid")
SET2(setregid, "gid")

POSIX_FN(posix_getresuid)
{
    uid_t r, e, s;
    if (getresuid(&r, &e, &s) < 0)
        return ou_raise_errno(vm, errno, NULL);
    return ou_posix_ints(vm, 3, (int64_t[]){r, e, s});
}

POSIX_FN(posix_getresgid)
{
    gid_t r, e, s;
    if (getresgid(&r, &e, &s) < 0)
        return ou_raise_errno(vm, errno, NULL);
    return ou_posix_ints(vm, 3, (int64_t[]){r, e, s});
}

POSIX_FN(posix_setresuid)
{
    unsigned r, e, s;
    if (ou_posix_id(vm, args[0], "uid", &r) < 0 || ou_posix_id(vm, args[1], "uid", &e) < 0 ||
        ou_posix_id(vm, args[2], "uid", &s) < 0)
        return NULL;
    return ou_posix_done(vm, setresuid(r, e, s));
}

POSIX_FN(posix_setresgid)
{
    unsigned r, e, s;
    if (ou_posix_id(vm, args[0], "gid", &r) < 0 || ou_posix_id(vm, args[1], "gid", &e) < 0 ||
        ou_posix_id(vm, args[2], "gid", &s) < 0)
        return NULL;
    return ou_posix_done(vm, setresgid(r, e, s));
}

POSIX_FN(posix_getlogin)
{
    char buf[256];
    int r = getlogin_r(buf, sizeof buf);
    return r ? ou_raise_errno(vm, r, NULL) : ou_fs_decode(vm, buf, -1);
}

POSIX_FN(posix_getgroups)
{
    gid_t g[256];
    int n = getgroups(256, g);
    OuObj *list = n < 0 ? ou_raise_errno(vm, errno, NULL) : ou_list_new(vm, 0);
    for (int i = 0; list && i < n; i++) {
        OuObj *v = ou_int(vm, g[i]);
        if (!v || ou_list_append_take(vm, list, v) < 0)
            ou_clear(vm, list);
    }
    return list;
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
            r = ou_posix_id(vm, o, "gid", &id);
        ou_xdecref(vm, o);
        if (r < 0)
            return NULL;
        groups[i] = id;
    }
    return ou_posix_done(vm, setgroups((size_t)n, groups));
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
    if (ou_posix_id(vm, args[1], "gid", &gid) == 0) {
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
    if (ou_posix_id(vm, args[1], "gid", &gid) == 0)
        r = ou_posix_done(vm, initgroups(OU_BYTES(user)->data, gid));
    ou_decref(vm, user);
    return r;
}

const OuFn ou_posix_id_functions[] = {
    {"getuid()", posix_getuid, 0, "Return the current process's user id."},
    {"geteuid()", posix_geteuid, 0, "Return the current process's effective user id."},
    {"getgid()", posix_getgid, 0, "Return the current process's group id."},
    {"getegid()", posix_getegid, 0, "Return the current process's effective group id."},
    {"setuid(uid, /)", posix_setuid, 0, "Set the current process's user id."},
    {"setgid(gid, /)", posix_setgid, 0, "Set the current process's group id."},
    {"seteuid(euid, /)", posix_seteuid, 0, "Set the current process's effective user id."},
    {"setegid(egid, /)", posix_setegid, 0, "Set the current process's effective group id."},
    {"setreuid(ruid, euid, /)", posix_setreuid, 0, "Set the current process's real and effective user ids."},
    {"setregid(rgid, egid, /)", posix_setregid, 0, "Set the current process's real and effective group ids."},
    {"getlogin()", posix_getlogin, 0, "Return the actual login name."},
    {"getgroups()", posix_getgroups, 0, "Return list of supplemental group IDs for the process."},
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
