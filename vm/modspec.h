/* vm/modspec.h - __spec__ and __loader__ of modules the native importer loads (vm/modspec.c), and when it steps aside. */
#ifndef OU_VM_MODSPEC_H
#define OU_VM_MODSPEC_H

#include "native.h"

typedef enum { OU_SPEC_NATIVE, OU_SPEC_EMBEDDED, OU_SPEC_FILE, OU_SPEC_NAMESPACE } OuSpecKind;

/* Sets __name__, __spec__, __loader__, __package__, __file__, __cached__, __path__ of a fresh module.
 * file: str (FILE); search: list of directories of a package, or NULL. 0/-1 */
int ou_modspec_init(OuVM *vm, OuObj *module, OuObj *name, OuSpecKind kind, OuObj *file, OuObj *search);
/* Marks __spec__._initializing. Never raises. */
void ou_modspec_initializing(OuVM *vm, OuObj *module, bool on);
/* Whether sys.meta_path was filled by importlib or a script, so that its finders decide: 1/0/-1. */
int ou_import_meta_path_active(OuVM *vm);
/* The library's importlib was loaded: its finders go on sys.meta_path, loaded modules get its specs. 0/-1 */
int ou_import_installed(OuVM *vm);
void ou_import_free(OuVM *vm);
OuObj *ou_import_by_meta_path(OuVM *vm, OuObj *name, OuObj *path);
/* Embedded sources that only stand in for a missing library: true when the library's file should be taken. */
bool ou_import_prefers_file(OuVM *vm, OuObj *name);
/* For "No module named": a hint when the standard library is not installed, or NULL. */
const char *ou_import_missing_library(OuVM *vm, OuObj *name);

#endif
