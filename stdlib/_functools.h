/* stdlib/_functools.h - inside module _functools. */
#ifndef OU_STDLIB__FUNCTOOLS_H
#define OU_STDLIB__FUNCTOOLS_H

#include "vm/generic_alias.h"
#include "vm/instance.h"
#include "vm/iterobj.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

typedef struct OuFunctools {
    OuType *partial, *keyobj, *lru, *link;
    OuObj *kwd_mark;
} OuFunctools;
extern const OuModuleDef ou_mod__functools;
#define FUNCTOOLS(vm) ((OuFunctools *)ou_module_state(vm, &ou_mod__functools))

extern const OuTypeSpec ou_partial_spec, ou_lru_spec, ou_lru_link_spec;

#endif
