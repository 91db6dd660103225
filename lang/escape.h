/* lang/escape.h - the bodies of string and bytes literals. */
#ifndef OU_LANG_ESCAPE_H
#define OU_LANG_ESCAPE_H

#include "gc/mem.h"

/* A growing byte string. */
typedef struct OuBytes {
    OuMem *mem;
    char *s; /* owned */
    size_t n, cap;
} OuBytes;

/* Room for n more bytes at b->s + b->n; -1 when out of memory. */
int ou_bytes_reserve(OuBytes *b, size_t n);
int ou_bytes_add(OuBytes *b, const char *s, size_t n);
void ou_bytes_free(OuBytes *b);
/* Writes c as UTF-8 (a surrogate as three bytes): the length, 1..4. */
int ou_utf8_put(char *out, uint32_t c);

/* What decoding found besides the text. */
typedef struct OuEscapes {
    const char *invalid; /* first backslash of an unknown escape or an octal one above 0o377, in the source;
                            or NULL */
    const char *reason;  /* error: "truncated \xXX escape" ...; or NULL */
    size_t start, end;   /* error: CPython's positions, end exclusive */
} OuEscapes;

/* Appends the text of the str literal body s[0..n) (valid UTF-8) as UTF-8.  0; -1 with e->reason set,
 * or without when out of memory. */
int ou_escape_str(OuBytes *out, const char *s, size_t n, OuEscapes *e);
/* The same for a bytes literal; e->start is where the bad \x stands. */
int ou_escape_bytes(OuBytes *out, const char *s, size_t n, OuEscapes *e);
/* Code point named s[0..n), as unicodedata.lookup finds it (no named sequences); -1 if there is none. */
int32_t ou_escape_lookup(const char *s, size_t n);

#endif
