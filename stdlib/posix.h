/* stdlib/posix.h - the parts of module posix: posix.c (table, environment), posix_file.c (descriptors, folders), posix_stat.c
 * (stat, DirEntry), posix_process.c (fork, wait, ids). */
#ifndef OU_STDLIB_POSIX_H
#define OU_STDLIB_POSIX_H

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
void *ou_posix_error2(OuVM *vm, const PosixPath *a, const PosixPath *b);
/* str or bytes like `like` was given: new. */
OuObj *ou_posix_name(OuVM *vm, OuObj *like, const char *s, ou_ssize n);
int ou_posix_fd(OuVM *vm, OuObj *o, int *out); /* int or fileno() */
/* dir_fd=None */
int ou_posix_dir_fd(OuVM *vm, OuObj *o, int *out);

extern const OuFn ou_posix_file_functions[], ou_posix_stat_functions[], ou_posix_process_functions[];
int ou_posix_stat_init(OuVM *vm, OuObj *m);
int ou_posix_process_init(OuVM *vm, OuObj *m);
int ou_posix_consts_init(OuVM *vm, OuObj *m);
#define POSIX_FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

#endif
