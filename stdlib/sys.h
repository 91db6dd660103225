/* stdlib/sys.h - the parts of module sys. */
#ifndef OU_STDLIB_SYS_H
#define OU_STDLIB_SYS_H

#include "vm/native.h"

extern const OuModuleDef ou_mod_sys;
typedef struct OuSysState { /* of the module */
    OuObj *audit_hooks;     /* list or NULL */
    double switch_interval; /* 0: not set */
    int dlopen_flags;
    bool dlopen_set;
} OuSysState;
int ou_sys_state_traverse(void *data, OuVisit visit, void *arg);
void ou_sys_state_clear(OuVM *vm, void *data);

/* sys_audit.c */
OuObj *ou_sys_audit(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_sys_addaudithook(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_sys_breakpointhook(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_sys_getdlopenflags(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_sys_setdlopenflags(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_sys_getswitchinterval(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_sys_setswitchinterval(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_sys_clear_type_cache(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
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
