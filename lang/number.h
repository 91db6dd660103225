/* lang/number.h - the value of a number literal. */
#ifndef OU_LANG_NUMBER_H
#define OU_LANG_NUMBER_H

#include "parse.h"
#include "token.h"

/* Value of the literal s[0..n), which the lexer found well-formed.  Ints above int64 keep their digits
 * (OU_K_BIGINT: no prefix, no underscores, no leading zeros).  0, or -1 when out of memory. */
int ou_number_const(OuParse *p, const char *s, size_t n, OuConst *out);
/* The same for a NUMBER token. */
int ou_number_token(OuParse *p, const OuToken *tok, OuConst *out);

#endif
