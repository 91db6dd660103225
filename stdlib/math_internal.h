/* stdlib/math_internal.h - functions of module math that live in math_sums.c and math_int.c. */
#ifndef OU_STDLIB_MATH_INTERNAL_H
#define OU_STDLIB_MATH_INTERNAL_H

#include "vm/native.h"

extern const OuModuleDef ou_mod_math, ou_mod_cmath;

/* Bodies of the functions of the same names, for the table in math.c. */
OuObj *ou_math_comb(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_math_dist(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_math_factorial(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_math_fsum(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_math_gamma(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_math_lgamma(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_math_gcd(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_math_hypot(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_math_isqrt(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_math_lcm(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_math_perm(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_math_prod(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);

#endif
