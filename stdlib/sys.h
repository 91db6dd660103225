/* stdlib/sys.h - the parts of module sys. */
#ifndef OU_STDLIB_SYS_H
#define OU_STDLIB_SYS_H

#include "vm/native.h"

/* sys_hooks.c */
OuObj *ou_sys_excepthook(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_sys_displayhook(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_sys_unraisablehook(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
/* sys_info.c: version, flags, paths, structures. 0/-1 */
int ou_sys_init_info(OuVM *vm, OuObj *m);
/* sys_stream.c: stdin, stdout, stderr through _io; after modules can be imported. 0/-1 */
int ou_sys_init_streams(OuVM *vm);

/* stdlib/sys_trace.c */
OuObj *ou_sys_settrace(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_sys_gettrace(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_sys_setprofile(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_sys_getprofile(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_sys_call_tracing(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_sys_current_frames(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_sys_current_exceptions(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);

#endif
