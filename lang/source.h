/* lang/source.h - bytes of a file to the text the lexer reads. */
#ifndef OU_LANG_SOURCE_H
#define OU_LANG_SOURCE_H

#include "parse.h"

/* Decodes bytes[0..n) into p->source (arena), p->source_len, p->encoding: BOM and PEP 263 cookie (not with
 * OU_PARSE_UTF8), line ends to "\n", a last "\n" added in OU_PARSE_FILE mode.  0, or -1 with p->diag set. */
int ou_source_decode(OuParse *p, const char *bytes, size_t n, OuParseMode mode);

#endif
