/* vm/import_lock.h - one thread loads a module, the others wait for it (vm/import_lock.c). */
#ifndef OU_VM_IMPORT_LOCK_H
#define OU_VM_IMPORT_LOCK_H

#include "vm.h"

/* A load under way; lives where the loading code keeps it (on its stack) from enter to leave. */
typedef struct OuImportLoad {
    struct OuImportLoad *next;
    OuObj *name; /* str, borrowed: outlives the load */
    OuThread *owner;
} OuImportLoad;

/* Waits until no other thread loads `name`: 0; 1 if that thread waits for this one (a circular import of two threads): what
 * is there so far has to do; -1 with an exception of a signal handler. */
int ou_import_wait(OuVM *vm, OuObj *name);
/* As ou_import_wait, then marks `name` as loaded by this thread (not after -1).  A thread may enter a name twice. */
int ou_import_enter(OuVM *vm, OuImportLoad *load, OuObj *name);
void ou_import_leave(OuVM *vm, OuImportLoad *load);
/* Only the calling thread will run any more (child of fork, end of the VM): the loads of others are forgotten. */
void ou_import_lock_alone(OuVM *vm);
/* Makes importlib._bootstrap (module `boot`) use these locks instead of its own.  0/-1 */
int ou_import_lock_install(OuVM *vm, OuObj *boot);

#endif
