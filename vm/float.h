/* vm/float.h - what the float and complex files share. */
#ifndef OU_VM_FLOAT_H
#define OU_VM_FLOAT_H

#include "vm.h"

extern const OuFn ou_float_methods[];
extern const OuGetSet ou_float_getset[];
/* exc(ERANGE, "Numerical result out of range"); NULL. */
OuObj *ou_raise_range(OuVM *vm, OuType *exc);

#endif
