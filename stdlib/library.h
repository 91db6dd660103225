/* stdlib/library.h - C libraries that are opened on first use: none is needed to build ouro or to start it. */
#ifndef OU_STDLIB_LIBRARY_H
#define OU_STDLIB_LIBRARY_H

#include "vm/native.h"

typedef struct OuLibrary {
    const char *name, *package; /* as messages name it, and the Debian package that has it */
    const char *files[3];       /* the first that is there is opened; NULL ends the list */
} OuLibrary;
typedef struct OuSymbol {
    const char *name;
    void **slot;       /* out: the function */
    const char *older; /* its name in earlier versions of the library, or NULL */
    bool optional;     /* may be missing: then the slot is NULL */
} OuSymbol;

/* Opens the library, to the end of the process (objects made with it may outlive their module), and finds n functions in it.
 * 0, or -1 with exc: ImportError, for a module that is nothing without it. */
int ou_library_open(OuVM *vm, OuType *exc, const OuLibrary *lib, const OuSymbol *symbols, size_t n);

#endif
