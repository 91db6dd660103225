/* vm/generic_alias.h - list[int] and its like (types.GenericAlias; vm/generic_alias.c). */
#ifndef OU_VM_GENERIC_ALIAS_H
#define OU_VM_GENERIC_ALIAS_H

#include "vm.h"

/* types.GenericAlias(origin, args): args a tuple, or one argument. */
OuObj *ou_generic_alias_new(OuVM *vm, OuObj *origin, OuObj *args);
/* Body of a __class_getitem__ classmethod row: {"__class_getitem__(type, item, /)", ou_fn_class_getitem, OU_FN_CLASS}. */
OuObj *ou_fn_class_getitem(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);

#endif
