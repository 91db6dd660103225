/* stdlib/_imp_frozen.h - functions of module _imp about frozen modules (stdlib/_imp_frozen.c); native functions. */
#ifndef OU_STDLIB_IMP_FROZEN_H
#define OU_STDLIB_IMP_FROZEN_H

#include "vm/native.h"

OuObj *ou_imp_is_frozen(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_imp_is_frozen_package(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_imp_find_frozen(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_imp_get_frozen_object(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_imp_init_frozen(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_imp_frozen_names(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_imp_override_frozen(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);

/* Whether _override_frozen_modules_for_tests() turned them off: in the state of _imp (stdlib/_imp.c). */
bool *ou_imp_frozen_off(OuVM *vm);

#endif
