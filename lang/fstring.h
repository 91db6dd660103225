/* lang/fstring.h - adjacent string literals to one Constant or JoinedStr. */
#ifndef OU_LANG_FSTRING_H
#define OU_LANG_FSTRING_H

#include "parse.h"
#include "token.h"

/* Parses the f-string expression p->source[start..end), which stands at lineno, col (byte column), in the
 * grammar's S_FSTR mode (see ou_lex_init_fstring).  The node, or NULL with p->diag set; the callee prefixes
 * its message with "f-string: ".  Supplied by lang/parse.c. */
typedef OuNode *OuFstringParse(OuParse *p, uint32_t start, uint32_t end, int lineno, int col);

/* The node for n >= 1 adjacent STRING tokens: Constant (str with kind 'u' where the first is u-prefixed,
 * or bytes), or JoinedStr if one is an f-string.  Positions span all of them.  NULL with p->diag set
 * ("cannot mix bytes and nonbytes literals", bad escapes, f-string errors). */
OuNode *ou_fstring_join(OuParse *p, const OuToken *tok, size_t n, OuFstringParse *parse);

#endif
