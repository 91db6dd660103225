/* stdlib/posix_consts.c - integer constants of module posix. */
#include "posix.h"

#include <errno.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/random.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <sysexits.h>
#include <unistd.h>

#define C(name)     \
    {               \
#name, name \
    }
static const struct {
    const char *name;
    int64_t value;
} consts[] = {
    C(F_OK),
    C(R_OK),
    C(W_OK),
    C(X_OK),
    C(O_RDONLY),
    C(O_WRONLY),
    C(O_RDWR),
    C(O_NDELAY),
    C(O_NONBLOCK),
    C(O_APPEND),
    C(O_DSYNC),
    C(O_RSYNC),
    C(O_SYNC),
    C(O_NOCTTY),
    C(O_CREAT),
    C(O_EXCL),
    C(O_TRUNC),
    C(O_LARGEFILE),
    C(O_PATH),
    C(O_TMPFILE),
    C(O_CLOEXEC),
    C(O_ACCMODE),
    C(O_ASYNC),
    C(O_DIRECT),
    C(O_DIRECTORY),
    C(O_NOFOLLOW),
    C(O_NOATIME),
    C(EX_OK),
    C(EX_USAGE),
    C(EX_DATAERR),
    C(EX_NOINPUT),
    C(EX_NOUSER),
    C(EX_NOHOST),
    C(EX_UNAVAILABLE),
    C(EX_SOFTWARE),
    C(EX_OSERR),
    C(EX_OSFILE),
    C(EX_CANTCREAT),
    C(EX_IOERR),
    C(EX_TEMPFAIL),
    C(EX_PROTOCOL),
    C(EX_NOPERM),
    C(EX_CONFIG),
    C(WNOHANG),
    C(WUNTRACED),
    C(WCONTINUED),
    C(WEXITED),
    C(WSTOPPED),
    C(WNOWAIT),
    C(P_PID),
    C(P_PGID),
    C(P_ALL),
    C(CLD_EXITED),
    C(CLD_KILLED),
    C(CLD_DUMPED),
    C(CLD_TRAPPED),
    C(CLD_STOPPED),
    C(CLD_CONTINUED),
    C(F_LOCK),
    C(F_TLOCK),
    C(F_ULOCK),
    C(F_TEST),
    C(ST_RDONLY),
    C(ST_NOSUID),
    C(ST_NODEV),
    C(ST_NOEXEC),
    C(ST_SYNCHRONOUS),
    C(ST_MANDLOCK),
    C(ST_WRITE),
    C(ST_APPEND),
    C(ST_NOATIME),
    C(ST_NODIRATIME),
    C(ST_RELATIME),
    C(POSIX_FADV_NORMAL),
    C(POSIX_FADV_SEQUENTIAL),
    C(POSIX_FADV_RANDOM),
    C(POSIX_FADV_NOREUSE),
    C(POSIX_FADV_WILLNEED),
    C(POSIX_FADV_DONTNEED),
    C(PRIO_PROCESS),
    C(PRIO_PGRP),
    C(PRIO_USER),
    C(SEEK_DATA),
    C(SEEK_HOLE),
    C(SCHED_OTHER),
    C(SCHED_FIFO),
    C(SCHED_RR),
    C(SCHED_BATCH),
    C(SCHED_IDLE),
    C(SCHED_RESET_ON_FORK),
    C(XATTR_CREATE),
    C(XATTR_REPLACE),
    {"XATTR_SIZE_MAX", 65536},
    C(RTLD_LAZY),
    C(RTLD_NOW),
    C(RTLD_GLOBAL),
    C(RTLD_LOCAL),
    C(RTLD_NODELETE),
    C(RTLD_NOLOAD),
    C(RTLD_DEEPBIND),
    C(GRND_RANDOM),
    C(GRND_NONBLOCK),
    C(MFD_CLOEXEC),
    C(MFD_ALLOW_SEALING),
    {"TMP_MAX", 238328},
    {"NGROUPS_MAX", 65536},
    {"POSIX_SPAWN_OPEN", 0},
    {"POSIX_SPAWN_CLOSE", 1},
    {"POSIX_SPAWN_DUP2", 2},
};

int ou_posix_consts_init(OuVM *vm, OuObj *m)
{
    for (size_t i = 0; i < sizeof consts / sizeof *consts; i++)
        if (ou_module_add_int(vm, m, consts[i].name, consts[i].value) < 0)
            return -1;
    static const struct {
        const char *name;
        int value;
    } conf[] = {C(_SC_ARG_MAX),          C(_SC_CHILD_MAX),        C(_SC_CLK_TCK),
                C(_SC_OPEN_MAX),         C(_SC_PAGESIZE),         C(_SC_PAGE_SIZE),
                C(_SC_NPROCESSORS_CONF), C(_SC_NPROCESSORS_ONLN), C(_SC_PHYS_PAGES),
                C(_SC_AVPHYS_PAGES),     C(_SC_IOV_MAX),          C(_SC_LINE_MAX),
                C(_SC_GETPW_R_SIZE_MAX), C(_SC_GETGR_R_SIZE_MAX), C(_SC_NGROUPS_MAX),
                C(_SC_VERSION),          C(_SC_TTY_NAME_MAX),     C(_SC_HOST_NAME_MAX),
                C(_SC_SEM_NSEMS_MAX),    C(_SC_SEM_VALUE_MAX),    C(_SC_RTSIG_MAX)},
      pathconf_names[] = {C(_PC_LINK_MAX),         C(_PC_MAX_CANON), C(_PC_MAX_INPUT),
                          C(_PC_NAME_MAX),         C(_PC_PATH_MAX),  C(_PC_PIPE_BUF),
                          C(_PC_CHOWN_RESTRICTED), C(_PC_NO_TRUNC),  C(_PC_VDISABLE)};
    OuObj *d = ou_dict_new(vm), *p = ou_dict_new(vm);
    for (size_t i = 0; d && i < sizeof conf / sizeof *conf; i++) {
        OuObj *v = ou_int(vm, conf[i].value);
        if (!v || ou_dict_set_s(vm, d, conf[i].name + 1, v) < 0) /* "SC_..." */
            ou_clear(vm, d);
        ou_xdecref(vm, v);
    }
    for (size_t i = 0; p && i < sizeof pathconf_names / sizeof *pathconf_names; i++) {
        OuObj *v = ou_int(vm, pathconf_names[i].value);
        if (!v || ou_dict_set_s(vm, p, pathconf_names[i].name + 1, v) < 0)
            ou_clear(vm, p);
        ou_xdecref(vm, v);
    }
    int r = ou_module_add(vm, m, "sysconf_names", d);
    return ou_module_add(vm, m, "pathconf_names", p) < 0 ? -1 : r;
}
