/* stdlib/_operator.h - inside module _operator. */
#ifndef OU_STDLIB__OPERATOR_H
#define OU_STDLIB__OPERATOR_H

#include "vm/buffer.h"
#include "vm/iterobj.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

extern const OuTypeSpec ou_itemgetter_spec, ou_attrgetter_spec, ou_methodcaller_spec;

#endif
