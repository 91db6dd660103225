/* vm/import.h - the native importer (vm/import.c), embedded modules, and the end of a VM. */
#ifndef OU_VM_IMPORT_H
#define OU_VM_IMPORT_H

#include "native.h"

/* Rows a program registers: native modules and Python sources inside the binary. Ended by {0}. */
typedef struct OuNativeModule {
    const char *name;
    const OuModuleDef *def;
} OuNativeModule;
typedef struct OuEmbeddedModule {
    const char *name;
    const char *source;
    size_t size;
    bool package;
} OuEmbeddedModule;
extern const OuNativeModule ou_native_modules[];     /* stdlib/modules.c, from stdlib/modules.def */
extern const OuEmbeddedModule ou_embedded_modules[]; /* build/gen/embedded.c, from stdlib/py */

/* sys.modules, sys and builtins. 0/-1 */
int ou_import_init(OuVM *vm);
/* The function behind __import__(name, globals, locals, fromlist, level). */
OuObj *ou_import_level(OuVM *vm, OuObj *name, OuObj *globals, OuObj *locals, OuObj *fromlist, int level);
/* The module `name` (full dotted name), imported if need be: new. */
OuObj *ou_import_module(OuVM *vm, OuObj *name);
const OuModuleDef *ou_native_module_find(OuObj *name);
const OuEmbeddedModule *ou_embedded_module_find(OuObj *name);
/* Runs atexit functions, empties sys.modules, collects: everything a script can see of the end; once.
 * -1 when stdout could not be flushed (which was reported). */
int ou_vm_finalize(OuVM *vm);
int ou_exc_init(OuVM *vm);

#endif
