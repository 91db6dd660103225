/* vm/complex.h - what the complex files share. */
#ifndef OU_VM_COMPLEX_H
#define OU_VM_COMPLEX_H

#include "vm.h"

typedef struct OuPair {
    double re, im;
} OuPair;

/* complex.__new__ */
OuObj *ou_complex_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames);
/* The complex value of o: complex, __complex__, float, __float__ or __index__ (not text); cmath's arguments.
 * 0 / -1 */
int ou_as_complex(OuVM *vm, OuObj *o, OuPair *out);

#endif
