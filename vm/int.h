/* vm/int.h - int, bool, float, complex.
 * Ints of 64 bits are 16-byte boxes; flag OU_F_T0 marks a big one, whose limbs follow (GMP mpn layer).
 * INVARIANT: a value that fits int64_t is never big; -5..256 are the VM's cached objects. */
#ifndef OU_VM_INT_H
#define OU_VM_INT_H

#include "object.h"

typedef struct OuInt {
    OuObj hdr;
    int64_t v;
} OuInt;
typedef struct OuBigInt {
    OuObj hdr;       /* OU_F_T0 set */
    int64_t size;    /* number of limbs, negative for negative numbers */
    uint64_t limb[]; /* least significant first, top limb non-zero */
} OuBigInt;
typedef struct OuFloat {
    OuObj hdr;
    double v;
} OuFloat;
typedef struct OuComplex {
    OuObj hdr;
    double re, im;
} OuComplex;

#define OU_INT_BIG OU_F_T0
#define OU_INT_KIND_MASK (OU_TYPE_MASK | OU_INT_BIG)
/* exactly int (not bool) and fits 64 bits */
#define ou_is_small(o) ((((const OuObj *)(o))->tf & OU_INT_KIND_MASK) == OU_T_int)
#define ou_int_is_big(o) ((((const OuObj *)(o))->tf & OU_INT_BIG) != 0) /* o: int or a subclass */
#define OU_INT_V(o) (((const OuInt *)(o))->v)
#define OU_FLOAT_V(o) (((const OuFloat *)(o))->v)

OuObj *ou_int(OuVM *vm, int64_t v); /* cached if small */
OuObj *ou_int_u64(OuVM *vm, uint64_t v);
OuObj *ou_int_from_double(OuVM *vm, double v); /* truncated; errors for inf, nan */
/* o is an int (or subclass): 1 and out, or 0 if it does not fit. Never raises. */
int ou_int_fits(OuObj *o, int64_t *out);
int ou_int_sign(OuObj *o);
OuObj *ou_int_parse(OuVM *vm, const char *s, size_t n,
                    int base); /* digits only (underscores allowed), sign allowed; ValueError text of int() */
OuObj *ou_int_from_digits(OuVM *vm, const char *digits, size_t n, int base,
                          bool negative); /* trusted digits of the lexer */
OuObj *ou_int_from_bytes(OuVM *vm, const unsigned char *b, size_t n, bool little, bool is_signed);
/* out[0..n) two's complement; OverflowError. */
int ou_int_to_bytes(OuVM *vm, OuObj *o, unsigned char *out, size_t n, bool little, bool is_signed);
int ou_int_to_double(OuVM *vm, OuObj *o, double *out); /* OverflowError "int too large to convert to float" */
/* Digits of v written backwards from end (at least 20 bytes, pow2: 64 / bits rounded up); the first one. */
char *ou_u64_decimal(uint64_t v, char *end);
char *ou_u64_pow2(uint64_t v, int bits, char *end); /* base 2 ** bits, lower case */
OuObj *ou_int_to_str(OuVM *vm, OuObj *o, int base, bool prefix);
OuObj *ou_int_exact(OuVM *vm, OuObj *o); /* int or subclass -> exactly int, new */
OuObj *ou_float(OuVM *vm, double v);
OuObj *ou_float_parse(OuVM *vm, const char *s, size_t n);
/* Shortest repr ("1.0", "1e+16", "inf") into buf; returns its length. */
int ou_float_repr(double v, char buf[40]);
/* CPython's hash of a double. */
int64_t ou_hash_double(double v);
OuObj *ou_complex(OuVM *vm, double re, double im);
/* Arithmetic the eval loop calls once its inline case overflowed or failed; operands exactly int. */
OuObj *ou_int_add(OuVM *vm, OuObj *a, OuObj *b);
OuObj *ou_int_sub(OuVM *vm, OuObj *a, OuObj *b);
OuObj *ou_int_mul(OuVM *vm, OuObj *a, OuObj *b);

#endif
