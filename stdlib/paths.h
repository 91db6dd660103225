/* stdlib/paths.h - where things are: executable, standard library, sys.path (stdlib/paths.c). */
#ifndef OU_STDLIB_PATHS_H
#define OU_STDLIB_PATHS_H

#include "vm/vm.h"

/* sys.executable, prefix and friends, and sys.path without the script's own entry. 0/-1 */
int ou_paths_init(OuVM *vm);
/* Puts dir (file-system encoding) in front of sys.path. 0/-1 */
int ou_paths_insert(OuVM *vm, const char *dir);
/* stdlib/site.c: exit, quit, copyright, credits, license, help of builtins. 0/-1 */
int ou_site_builtins(OuVM *vm);
/* sys.__interactivehook__ as long as nobody sets another. */
OuObj *ou_site_interactive_hook(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
/* Clears or sets the attribute of sys. 0/-1 */
int ou_sys_set_fs(OuVM *vm, const char *name, const char *value);

#endif
