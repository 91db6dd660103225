/* stdlib/posix/module.c - module posix: the environment, random bytes, and the table of all parts; see posix.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <sched.h>
#include <unistd.h>

#include "posix.h"

extern char **environ;

POSIX_FN(posix_putenv)
{
    PosixPath k, v;
    if (ou_posix_path(vm, args[0], "putenv", false, false, &k) < 0)
        return NULL;
    if (ou_posix_path(vm, args[1], "putenv", false, false, &v) < 0) {
        ou_posix_path_free(vm, &k);
        return NULL;
    }
    OuObj *res = NULL;
    if (!*k.s || strchr(k.s, '='))
        ou_value_error(vm, "illegal environment variable name");
    else if (setenv(k.s, v.s, 1) < 0)
        ou_raise_errno(vm, errno, NULL);
    else
        res = ou_none(vm);
    ou_posix_path_free(vm, &k);
    ou_posix_path_free(vm, &v);
    return res;
}

POSIX_FN(posix_unsetenv)
{
    PosixPath k;
    if (ou_posix_path(vm, args[0], "unsetenv", false, false, &k) < 0)
        return NULL;
    int r = unsetenv(k.s);
    ou_posix_path_free(vm, &k);
    return r < 0 ? ou_raise_errno(vm, errno, NULL) : ou_none(vm);
}

POSIX_FN(posix_urandom)
{
    ou_ssize n;
    if (ou_as_ssize(vm, args[0], OU_EXC(vm, OverflowError), &n) < 0)
        return NULL;
    if (n < 0)
        return ou_value_error(vm, "negative argument not allowed");
    OuObj *b = ou_bytes_new(vm, NULL, n);
    for (ou_ssize at = 0; b && at < n;) {
        ssize_t got = getrandom(OU_BYTES(b)->data + at, (size_t)(n - at), 0);
        if (got < 0 && errno != EINTR) {
            ou_decref(vm, b);
            return ou_raise_errno(vm, errno, NULL);
        }
        at += got > 0 ? got : 0;
    }
    return b;
}

POSIX_FN(posix_getrandom)
{
    ou_ssize n;
    int flags = 0;
    if (ou_as_ssize(vm, args[0], OU_EXC(vm, OverflowError), &n) < 0 ||
        (args[1] && ou_as_int(vm, args[1], &flags) < 0))
        return NULL;
    if (n < 0)
        return ou_raise(vm, OU_EXC(vm, OSError), "negative argument");
    OuObj *b = ou_bytes_new(vm, NULL, n);
    if (b) {
        ssize_t got = getrandom(OU_BYTES(b)->data, (size_t)n, (unsigned)flags);
        if (got != n) {
            ou_decref(vm, b);
            return ou_raise_errno(vm, errno, NULL);
        }
    }
    return b;
}

POSIX_FN(posix_fspath)
{
    OuObj *f, *res;
    if (ou_isa_str(vm, args[0]) || ou_isa_bytes(vm, args[0]))
        return ou_ref(args[0]);
    int r = ou_lookup_special(vm, args[0], OU_NAME(vm, __fspath__), &f);
    if (r == 0)
        ou_type_error(vm, "expected str, bytes or os.PathLike object, not %T", args[0]);
    if (r <= 0)
        return NULL;
    res = ou_call0(vm, f);
    ou_decref(vm, f);
    if (res && !ou_isa_str(vm, res) && !ou_isa_bytes(vm, res)) {
        ou_type_error(vm, "expected %T.__fspath__() to return str or bytes, not %T", args[0], res);
        ou_clear(vm, res);
    }
    return res;
}

POSIX_FN(posix_strerror)
{
    int e;
    char buf[256];
    if (ou_as_int(vm, args[0], &e) < 0)
        return NULL;
    return ou_fs_decode(vm, strerror_r(e, buf, sizeof buf), -1);
}

POSIX_FN(posix_cpu_count)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n < 1 ? ou_none(vm) : ou_int(vm, n);
}

POSIX_FN(posix_getloadavg)
{
    double v[3];
    if (getloadavg(v, 3) != 3)
        return ou_raise(vm, OU_EXC(vm, OSError), "Load averages are unobtainable");
    OuObj *f[3] = {ou_float(vm, v[0]), ou_float(vm, v[1]), ou_float(vm, v[2])};
    OuObj *t = f[0] && f[1] && f[2] ? ou_tuple_of_take(vm, f, 3) : NULL;
    for (int i = 0; i < 3; i++)
        ou_xdecref(vm, f[i]);
    return t;
}

static const OuFn functions[] = {
    {"putenv(name, value, /)", posix_putenv, 0, "Change or add an environment variable."},
    {"unsetenv(name, /)", posix_unsetenv, 0, "Delete an environment variable."},
    {"urandom(size, /)", posix_urandom, 0,
     "Return a bytes object containing random bytes suitable for cryptographic use."},
    {"getrandom(size, flags=0)", posix_getrandom, 0, "Obtain a series of random bytes."},
    {"fspath(path)", posix_fspath, 0, "Return the file system path representation of the object."},
    {"strerror(code, /)", posix_strerror, 0, "Translate an error code to a message string."},
    {"cpu_count()", posix_cpu_count, 0,
     "Return the number of CPUs in the system; return None if indeterminable."},
    {"getloadavg()", posix_getloadavg, 0, "Return average recent system load information."},
    {0},
};

static int add_environ(OuVM *vm, OuObj *m)
{
    OuObj *d = ou_dict_new(vm);
    for (char **e = environ; d && *e; e++) {
        char *eq = strchr(*e, '=');
        if (!eq)
            continue;
        OuObj *k = ou_bytes_new(vm, *e, eq - *e), *v = ou_bytes_new(vm, eq + 1, (ou_ssize)strlen(eq + 1));
        if (!k || !v || !ou_dict_setdefault(vm, d, k, v))
            ou_clear(vm, d);
        ou_xdecref(vm, k);
        ou_xdecref(vm, v);
    }
    return ou_module_add(vm, m, "environ", d);
}

/* What os tests for in _have_functions: which functions take a descriptor, dir_fd or follow_symlinks. */
static int add_have_functions(OuVM *vm, OuObj *m)
{
    static const char *const haves[] = {
        "HAVE_FACCESSAT",  "HAVE_FCHDIR",    "HAVE_FCHMOD",    "HAVE_FCHMODAT", "HAVE_FCHOWN",
        "HAVE_FCHOWNAT",   "HAVE_FDOPENDIR", "HAVE_FPATHCONF", "HAVE_FSTATAT",  "HAVE_FSTATVFS",
        "HAVE_FTRUNCATE",  "HAVE_FUTIMENS",  "HAVE_LINKAT",    "HAVE_LCHOWN",   "HAVE_LSTAT",
        "HAVE_LUTIMES",    "HAVE_MKDIRAT",   "HAVE_MKFIFOAT",  "HAVE_MKNODAT",  "HAVE_OPENAT",
        "HAVE_READLINKAT", "HAVE_RENAMEAT",  "HAVE_SYMLINKAT", "HAVE_UNLINKAT", "HAVE_UTIMENSAT"};
    OuObj *have = ou_list_new(vm, 0);
    for (size_t i = 0; have && i < sizeof haves / sizeof *haves; i++) {
        OuObj *s = ou_str_intern_s(vm, haves[i]);
        if (!s || ou_list_append_take(vm, have, s) < 0)
            ou_clear(vm, have);
    }
    return ou_module_add(vm, m, "_have_functions", have);
}

static int exec(OuVM *vm, OuObj *m)
{
    const OuFn *const tables[] = {
        ou_posix_fd_functions,      ou_posix_file_functions,  ou_posix_stat_functions,
        ou_posix_process_functions, ou_posix_id_functions,    ou_posix_fs_functions,
        ou_posix_sched_functions,   ou_posix_spawn_functions, ou_posix_conf_functions};
    int (*const inits[])(OuVM *, OuObj *) = {add_have_functions,    add_environ,         ou_posix_stat_init,
                                             ou_posix_process_init, ou_posix_sched_init, ou_posix_consts_init,
                                             ou_posix_spawn_init,   ou_posix_conf_init};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (ou_module_add_functions(vm, m, tables[i]) < 0)
            return -1;
    for (size_t i = 0; i < sizeof inits / sizeof *inits; i++)
        if (inits[i](vm, m) < 0)
            return -1;
    return ou_module_add(vm, m, "error", ou_ref((OuObj *)OU_EXC(vm, OSError)));
}

const OuModuleDef ou_mod_posix = {
    .name = "posix",
    .doc = "This module provides access to operating system functionality that is\nstandardized by the C "
           "Standard and the POSIX standard (a "
           "thinly\ndisguised Unix interface).  Refer to the library manual and\ncorresponding Unix manual "
           "entries for more information on "
           "calls.",
    .functions = functions,
    .state_size = sizeof(OuPosixState),
    .exec = exec,
};
