/* lang/fold.h - arithmetic on constants, as far as CPython folds it at compile time. */
#ifndef OU_LANG_FOLD_H
#define OU_LANG_FOLD_H

#include "parse.h"

/* Each: 1 with *out set, 0 where nothing is folded (wrong types, errors, results too large), -1 out of
 * memory. */
int ou_fold_binary(OuParse *p, int op, const OuConst *l, const OuConst *r,
                   OuConst *out);                                      /* op: AST_Add ... */
int ou_fold_unary(OuParse *p, int op, const OuConst *v, OuConst *out); /* op: AST_USub ... */
int ou_fold_index(OuParse *p, const OuConst *v, const OuConst *i, OuConst *out);

/* Gives integers up to 128 bits one spelling each, so that equal ones are one constant.  0, -1 out of memory.
 */
int ou_fold_normal(OuParse *p, OuConst *k);

/* bool(k), or -1 where it is not known. */
int ou_fold_truth(const OuConst *k);

#endif
