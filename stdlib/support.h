/* stdlib/support.h - small helpers of native modules. */
#ifndef OU_STDLIB_SUPPORT_H
#define OU_STDLIB_SUPPORT_H

#include "vm/native.h"

/* A new exception class module.name derived from base (borrowed).  NULL with exception. */
OuObj *ou_new_exception(OuVM *vm, const char *module, const char *name, OuType *base);

#endif
