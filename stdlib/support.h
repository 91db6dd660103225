/* stdlib/support.h - small helpers of native modules. */
#ifndef OU_STDLIB_SUPPORT_H
#define OU_STDLIB_SUPPORT_H

#include <semaphore.h>

#include "vm/native.h"

/* Adds to module m a new exception class, package.name derived from base.  New, for the state, or NULL. */
OuObj *ou_module_add_exception(OuVM *vm, OuObj *m, const char *package, const char *name, OuType *base);
/* Integer constants of a module: rows ended by {0}. */
typedef struct OuIntRow {
    const char *name;
    int64_t v;
} OuIntRow;
#define OU_INT_ROW(constant)           \
    {                                  \
#constant, (int64_t)(constant) \
    }
int ou_module_add_ints(OuVM *vm, OuObj *module, const OuIntRow *rows);
/* The import lock that scripts see (imp.acquire_lock), waited for; nothing while _imp was not imported.  0 / -1.
 * fork() holds it, so that a child never sees the import of another thread half done. */
int ou_imp_acquire_lock(OuVM *vm);
int ou_imp_release_lock(OuVM *vm);
/* Takes sem within `seconds` (< 0: for ever, 0: at once): 1 got it, 0 not, -1 exception by a signal handler. */
int ou_sem_take(OuVM *vm, sem_t *sem, double seconds);

#endif
