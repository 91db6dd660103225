/* stdlib/posix/posix.h - the parts of module posix: module.c (the table, the environment), args.c (arguments and results), fd.c
 * (descriptors), files.c (files and folders by name), stat.c (stat, DirEntry), fs.c (attributes, owners, moving data), process.c
 * (fork, exec, wait), spawn.c, ids.c (users and groups), sched.c (scheduling), conf.c (sysconf and its kin), consts.c.
 *
 * Matched: the functions that CPython 3.11's posix has on Linux, with its messages and audit events. */
#ifndef OU_STDLIB_POSIX_POSIX_H
#define OU_STDLIB_POSIX_POSIX_H

#include "vm/native.h"
#include "vm/threads.h"

/* A path argument: bytes for the system call, or a descriptor. */
typedef struct PosixPath {
    OuObj *arg;   /* borrowed, for error messages */
    OuObj *bytes; /* owned or NULL */
    const char *s;
    int fd; /* -1 when a path */
} PosixPath;
/* "name: path should be string, bytes, os.PathLike[ or integer], not X".  none_ok: "." for None. 0/-1 */
int ou_posix_path(OuVM *vm, OuObj *o, const char *fn, bool fd_ok, bool none_ok, PosixPath *out);
void ou_posix_path_free(OuVM *vm, PosixPath *p);
/* OSError for errno, naming the path. */
void *ou_posix_error(OuVM *vm, const PosixPath *p);
void *ou_posix_error_unnamed(OuVM *vm, const PosixPath *p); /* ... but not a descriptor */
void *ou_posix_error2(OuVM *vm, const PosixPath *a, const PosixPath *b);
/* str or bytes like `like` was given: new. */
OuObj *ou_posix_name(OuVM *vm, OuObj *like, const char *s, ou_ssize n);
int ou_posix_fd(OuVM *vm, OuObj *o, int *out); /* int or fileno() */
/* dir_fd=None */
int ou_posix_dir_fd(OuVM *vm, OuObj *o, int *out);
/* Id of a user or group (`what`: "uid" or "gid"): -1 (unchanged, or nobody's) up to 2**32-1.  0/-1 */
int ou_posix_id(OuVM *vm, OuObj *o, const char *what, unsigned *out);
/* Result r of a system call: None, or OSError for errno if it is negative (and a signal handler raised nothing). */
OuObj *ou_posix_done(OuVM *vm, int64_t r);
OuObj *ou_posix_count(OuVM *vm, int64_t r);              /* ... r itself */
OuObj *ou_posix_ints(OuVM *vm, int n, const int64_t *v); /* tuple of n ints: new */
/* Variables of an int argument (optional: dflt) and of a descriptor or object with fileno(), in a POSIX_FN. */
#define INT_ARG(i, var, dflt)                        \
    int var = dflt;                                  \
    if (args[i] && ou_as_int(vm, args[i], &var) < 0) \
    return NULL
#define FD_ARG(i, var)                      \
    int var;                                \
    if (ou_posix_fd(vm, args[i], &var) < 0) \
    return NULL

typedef struct OuPosixState {
    OuType *entry, *scandir; /* stat.c */
} OuPosixState;
extern const OuFn ou_posix_fd_functions[], ou_posix_file_functions[], ou_posix_stat_functions[],
    ou_posix_process_functions[], ou_posix_id_functions[];
/* resource.struct_rusage, which wait3 and wait4 give too. */
struct rusage;
extern const struct OuStructSeq ou_posix_rusage_desc;
OuObj *ou_posix_rusage(OuVM *vm, const struct rusage *r);
extern const struct OuStructSeq ou_posix_sched_desc;
/* NULL-ended arrays of C strings for exec and spawn: a sequence of paths, a mapping. */
char **ou_posix_string_array(OuVM *vm, OuObj *seq, size_t *n);
char **ou_posix_env_array(OuVM *vm, OuObj *map);
void ou_posix_free_array(char **v);
/* readv and writev (at < 0), preadv and pwritev. */
OuObj *ou_posix_vectored(OuVM *vm, OuObj *fdobj, OuObj *seq, bool writing, int64_t at, int flags,
                         const char *fn);
/* A configuration name: an int, or a str that dict `names` of the module has. */
int ou_posix_conf_name(OuVM *vm, OuObj *o, const char *names, int *out);
extern const OuFn ou_posix_fs_functions[], ou_posix_sched_functions[], ou_posix_spawn_functions[],
    ou_posix_conf_functions[];
int ou_posix_spawn_init(OuVM *vm, OuObj *m);
int ou_posix_conf_init(OuVM *vm, OuObj *m);
int ou_posix_stat_init(OuVM *vm, OuObj *m);
int ou_posix_process_init(OuVM *vm, OuObj *m);
int ou_posix_sched_init(OuVM *vm, OuObj *m);
int ou_posix_consts_init(OuVM *vm, OuObj *m);
#define POSIX_FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

#endif
