/* stdlib/cmath_fn.h - the functions of module cmath on C values; no errors, C99's special values. */
#ifndef OU_STDLIB_CMATH_FN_H
#define OU_STDLIB_CMATH_FN_H

#include "vm/complex.h"

/* acos, acosh, asin ...: the C library's formulas would differ from CPython's in the last digit. */
OuPair ou_cacos(OuPair z);
OuPair ou_cacosh(OuPair z);
OuPair ou_casin(OuPair z);
OuPair ou_casinh(OuPair z);
OuPair ou_catan(OuPair z);
OuPair ou_catanh(OuPair z);
OuPair ou_ccos(OuPair z);
OuPair ou_ccosh(OuPair z);
OuPair ou_cexp(OuPair z);
OuPair ou_clog(OuPair z); /* z != 0 */
OuPair ou_csin(OuPair z);
OuPair ou_csinh(OuPair z);
OuPair ou_csqrt(OuPair z);
OuPair ou_ctan(OuPair z);
OuPair ou_ctanh(OuPair z);

#endif
