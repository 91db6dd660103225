/* vm/int_big.h - big-int internals shared by the int files: magnitude views of ints and operations on any
 * int.
 *
 * GMP's mpn layer does the limb work.  Those functions cannot report failure, so results are allocated first
 * and their scratch (GMP takes it from malloc above 64 KiB) is reserved against the memory gate by
 * ou_big_reserve. */
#ifndef OU_VM_INT_BIG_H
#define OU_VM_INT_BIG_H

#include <gmp.h>

#include "vm.h"
#include "format_spec.h"

/* Sign and magnitude of any int; n == 0 is zero.  p may point into the struct itself: do not copy it. */
typedef struct OuNum {
    const mp_limb_t *p;
    size_t n;
    bool neg;
    mp_limb_t one;
} OuNum;

static inline void ou_num_of(OuNum *x, const OuObj *o)
{
    if (ou_int_is_big(o)) {
        const OuBigInt *b = (const OuBigInt *)o;
        x->p = b->limb;
        x->neg = b->size < 0;
        x->n = (size_t)(x->neg ? -b->size : b->size);
        return;
    }
    int64_t v = OU_INT_V(o);
    x->neg = v < 0;
    x->one = v < 0 ? -(uint64_t)v : (uint64_t)v;
    x->p = &x->one;
    x->n = v != 0;
}

/* Scratch limbs: on the stack when few, else through the memory gate. */
#define OU_SCRATCH_LIMBS 64
typedef struct OuLimbs {
    mp_limb_t small[OU_SCRATCH_LIMBS];
    mp_limb_t *p;
    size_t n;
} OuLimbs;
int ou_limbs_get(OuVM *vm, OuLimbs *s, size_t n); /* 0, or -1 with MemoryError */
void ou_limbs_free(OuVM *vm, OuLimbs *s);

/* A big int of n limbs to fill, and its completion: leading zero limbs are dropped, values that fit become
 * small. `r` is taken. */
OuBigInt *ou_big_alloc(OuVM *vm, size_t n);
OuObj *ou_big_finish(OuVM *vm, OuBigInt *r, size_t alloc_n, bool neg);
/* Int of these limbs (top ones may be zero). */
OuObj *ou_big_from(OuVM *vm, const mp_limb_t *p, size_t n, bool neg);
OuObj *ou_int_i128(OuVM *vm, __int128 v);
/* Checks that about six times n limbs could be had now; 0, or -1 with MemoryError. */
int ou_big_reserve(OuVM *vm, size_t n);
size_t ou_num_bits(const OuNum *x); /* bit length of the magnitude */

/* Operands: int or subclasses; results exactly int. */
OuObj *ou_big_add(OuVM *vm, OuObj *a, OuObj *b, bool subtract);
OuObj *ou_big_mul(OuVM *vm, OuObj *a, OuObj *b);
/* Floor division; q and r may be NULL when not wanted.  b is not zero. 0 / -1 */
int ou_big_divmod(OuVM *vm, OuObj *a, OuObj *b, OuObj **q, OuObj **r);
OuObj *ou_int_floordiv(OuVM *vm, OuObj *a, OuObj *b); /* b not zero */
OuObj *ou_int_mod(OuVM *vm, OuObj *a, OuObj *b);      /* b not zero */
OuObj *ou_int_truediv(OuVM *vm, OuObj *a, OuObj *b);
OuObj *ou_int_pow(OuVM *vm, OuObj *a, OuObj *b); /* b >= 0 */
OuObj *ou_int_powmod(OuVM *vm, OuObj *a, OuObj *b, OuObj *mod);
OuObj *ou_int_lshift(OuVM *vm, OuObj *a, OuObj *b);
OuObj *ou_int_rshift(OuVM *vm, OuObj *a, OuObj *b);
OuObj *ou_int_shift_left(OuVM *vm, OuObj *a, size_t bits);
OuObj *ou_int_shift_right(OuVM *vm, OuObj *a, size_t bits);
OuObj *ou_int_logic(OuVM *vm, OuObj *a, OuObj *b, char op); /* '&' '|' '^' */
OuObj *ou_int_negate(OuVM *vm, OuObj *a);
OuObj *ou_int_abs(OuVM *vm, OuObj *a);
OuObj *ou_int_gcd(OuVM *vm, OuObj *a, OuObj *b);
OuObj *ou_int_isqrt(OuVM *vm, OuObj *a); /* a >= 0 */
int ou_int_cmp(OuObj *a, OuObj *b);      /* -1, 0, 1 */
size_t ou_int_bits(OuObj *a);            /* int.bit_length */
/* |a| = *m * 2**(*e), 0.5 <= *m < 1, rounded half to even; for logarithms and conversion. */
void ou_int_frexp(OuObj *a, double *m, size_t *e);
/* Exact comparison of an int with a finite double. */
int ou_int_cmp_double(OuObj *a, double d);
/* Round half to even to a multiple of 10**n (round(a, -n)). */
OuObj *ou_int_round10(OuVM *vm, OuObj *a, OuObj *ndigits);
int64_t ou_int_hash(OuObj *a);

extern const OuFn ou_int_methods[];
extern const OuGetSet ou_int_getset[];
/* int.__new__ */
OuObj *ou_int_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames);

/* Digits of |a| in base 2..36 (lower case, no sign, no prefix); the 4300-digit limit is checked for bases
 * that are no power of two.  b as in ou_fmt_double.  vm/int_str.c */
int ou_int_digits(OuVM *vm, OuObj *a, int base, OuFmtBuf *b);

/* ASCII text of a number in a str: white space becomes ' ', decimal digits of any script 0..9, anything else
 * that is not ASCII '?', which is then the last character.  The bytes are in u until ou_utf8_free.  vm/int_parse.c */
int ou_num_ascii(OuVM *vm, OuObj *str, OuUtf8 *u);
/* Text of a number in bytes, bytearray or another buffer: 1 found (u filled as above), 0 no buffer, -1. */
int ou_num_bytes(OuVM *vm, OuObj *o, OuUtf8 *u);
/* Drops the underscores of s[0..n) that stand between digits into out; new length, or -1 if one is misplaced.
 */
ou_ssize ou_num_underscores(const char *s, size_t n, char *out);
/* ValueError "<prefix><repr of o, 200 characters>". */
void *ou_num_bad_literal(OuVM *vm, const char *prefix, OuObj *o);

#endif
