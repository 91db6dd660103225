/* vm/pycache.h - .pyc files beside the sources (vm/pycache.c), as PEP 3147 and PEP 552 describe them. */
#ifndef OU_VM_PYCACHE_H
#define OU_VM_PYCACHE_H

#include <sys/stat.h>

#include "func.h"

enum { OU_PYC_PATH = 4096 };

/* What is known of a source and its .pyc while it is loaded. */
typedef struct OuPyc {
    char path[OU_PYC_PATH]; /* of the .pyc; "": none for this source */
    uint32_t flags;         /* of a .pyc that is there: 1 by hash of the source, 2 to be checked */
} OuPyc;

/* Finds where the .pyc of a source (its path as bytes) is.  Modules of the standard library have none: vm/codecache.c. */
void ou_pycache_find(OuVM *vm, OuPyc *pyc, const char *source);
/* The code in it, with co_filename `shown`: new; NULL without exception: absent, stale or damaged. */
OuObj *ou_pycache_load(OuVM *vm, OuPyc *pyc, const struct stat *source, OuObj *file, OuObj *shown);
/* Writes it, if sys.dont_write_bytecode and the folder allow: whether it is there now. */
bool ou_pycache_save(OuVM *vm, const OuPyc *pyc, const struct stat *source, OuObj *code, OuObj *text);
/* Tells `code` and the code objects inside that they come from `file`. */
void ou_code_move(OuVM *vm, OuCode *code, OuObj *file);

#endif
