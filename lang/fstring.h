/* lang/fstring.h - adjacent string literals to one Constant or JoinedStr. */
#ifndef OU_LANG_FSTRING_H
#define OU_LANG_FSTRING_H

#include "parse.h"
#include "token.h"

/* Parses the f-string expression p->source[start..end), which stands at lineno, col (byte column of its
 * "{"), in the grammar's S_FSTR mode: ou_lex_init_fstring(&lex, p, start, end, lineno, col).  The node, or
 * NULL with p->diag set; before it returns NULL the callee calls ou_fstring_error.  Supplied by lang/parse.c.
 */
typedef OuNode *OuFstringParse(OuParse *p, uint32_t start, uint32_t end, int lineno, int col);

/* The node for n >= 1 adjacent STRING tokens: Constant (str with kind 'u' where the first is u-prefixed,
 * or bytes), or JoinedStr if one is an f-string.  Positions span all of them.  `next` is the token after
 * them (the parser's lookahead), whose place CPython blames for most errors.  NULL with p->diag set
 * ("cannot mix bytes and nonbytes literals", bad escapes, f-string errors). */
OuNode *ou_fstring_join(OuParse *p, const OuToken *tok, size_t n, const OuToken *next, OuFstringParse *parse);

/* Turns p->diag, just set while parsing the expression p->source[start..end), into what CPython reports:
 * columns in, and text of, the line of "(expression)"; the message prefixed with "f-string: " unless the
 * lexer raised it (by_lexer: the ERROR token's diag).  Does nothing if a nested f-string has done so before.
 */
void ou_fstring_error(OuParse *p, uint32_t start, uint32_t end, int lineno, int col, bool by_lexer);

#endif
