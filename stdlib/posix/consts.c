/* stdlib/posix/consts.c - integer constants of module posix. */
#include <linux/memfd.h>
#include <sys/eventfd.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include "posix.h"
#include "stdlib/support.h"

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
static const OuIntRow consts[] = {
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
    {"EFD_CLOEXEC", EFD_CLOEXEC},
    {"EFD_NONBLOCK", EFD_NONBLOCK},
    {"EFD_SEMAPHORE", EFD_SEMAPHORE},
    {"MFD_HUGETLB", MFD_HUGETLB},
    {"MFD_HUGE_16GB", (int)MFD_HUGE_16GB},
    {"MFD_HUGE_16MB", (int)MFD_HUGE_16MB},
    {"MFD_HUGE_1GB", (int)MFD_HUGE_1GB},
    {"MFD_HUGE_1MB", (int)MFD_HUGE_1MB},
    {"MFD_HUGE_256MB", (int)MFD_HUGE_256MB},
    {"MFD_HUGE_2GB", (int)MFD_HUGE_2GB},
    {"MFD_HUGE_2MB", (int)MFD_HUGE_2MB},
    {"MFD_HUGE_32MB", (int)MFD_HUGE_32MB},
    {"MFD_HUGE_512KB", (int)MFD_HUGE_512KB},
    {"MFD_HUGE_512MB", (int)MFD_HUGE_512MB},
    {"MFD_HUGE_64KB", (int)MFD_HUGE_64KB},
    {"MFD_HUGE_8MB", (int)MFD_HUGE_8MB},
    {"MFD_HUGE_MASK", (int)MFD_HUGE_MASK},
    {"MFD_HUGE_SHIFT", (int)MFD_HUGE_SHIFT},
    {"O_FSYNC", O_FSYNC},
    {"P_PIDFD", P_PIDFD},
    {"RWF_APPEND", RWF_APPEND},
    {"RWF_DSYNC", RWF_DSYNC},
    {"RWF_HIPRI", RWF_HIPRI},
    {"RWF_NOWAIT", RWF_NOWAIT},
    {"RWF_SYNC", RWF_SYNC},
    {"SPLICE_F_MORE", SPLICE_F_MORE},
    {"SPLICE_F_MOVE", SPLICE_F_MOVE},
    {"SPLICE_F_NONBLOCK", SPLICE_F_NONBLOCK},

    {"POSIX_SPAWN_OPEN", 0},
    {"POSIX_SPAWN_CLOSE", 1},
    {"POSIX_SPAWN_DUP2", 2},
    {0},
};

int ou_posix_consts_init(OuVM *vm, OuObj *m)
{
    return ou_module_add_ints(vm, m, consts);
}
