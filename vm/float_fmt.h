/* vm/float_fmt.h - text of doubles, between the float files. */
#ifndef OU_VM_FLOAT_FMT_H
#define OU_VM_FLOAT_FMT_H

#include "format_spec.h"

/* Shortest digits of v > 0 (finite), no trailing zeros: their number; v = 0.d1d2d3... * 10**decpt. */
int ou_float_digits(double v, char digits[20], int *decpt);
/* As ou_float_repr; add_dot_0: "1.0" instead of "1"; alt: always a point; plus: a sign in any case. */
int ou_float_repr_flags(double v, char buf[40], bool add_dot_0, bool alt, bool plus);
/* Correctly rounded value of the decimal (or inf, nan, infinity; sign allowed; no white space) s[0..n), which
 * needs no NUL: 1 and *out, or 0 if it is not one completely.  Independent of the locale.  *end (may be NULL)
 * is where the number ended: then a prefix is enough. -1: MemoryError */
int ou_float_scan(OuVM *vm, const char *s, size_t n, double *out, const char **end);
/* x rounded to ndigits decimals, half to even, as CPython. */
double ou_float_round(double x, int ndigits);

#endif
