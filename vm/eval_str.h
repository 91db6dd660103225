/* vm/eval_str.h - small helpers of the eval loop that other files provide. */
#ifndef OU_VM_EVAL_STR_H
#define OU_VM_EVAL_STR_H

#include "vm.h"

/* *left += right where *left is an exact str held by that register alone: grows in place where it can
 * (amortised constant).  vm/text/str.c.  -1: *left unchanged. */
int ou_str_append(OuVM *vm, OuObj **left, OuObj *right);

#endif
