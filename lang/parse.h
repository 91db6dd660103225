/* lang/parse.h - text to tree. */
#ifndef OU_LANG_PARSE_H
#define OU_LANG_PARSE_H

#include "ast.h"
#include "diag.h"

typedef enum { OU_PARSE_FILE, OU_PARSE_EVAL, OU_PARSE_SINGLE, OU_PARSE_FUNC_TYPE } OuParseMode;

enum {
    OU_PARSE_DONT_IMPLY_DEDENT = 0x200, /* PyCF_DONT_IMPLY_DEDENT: "single" input needs its own newline */
    OU_PARSE_TYPE_COMMENTS = 0x1000,
    OU_PARSE_ALLOW_INCOMPLETE = 0x4000, /* diag.incomplete is wanted (codeop, REPL) */
    OU_PARSE_INTERACTIVE = 0x8000000,   /* lines of a prompt: an error does not wait for what may follow it */
    OU_PARSE_UTF8 = 0x100,              /* source was str: ignore BOM/cookie */
    OU_PARSE_BARRY = 0x400000,          /* `<>` for `!=` (from __future__ import barry_as_FLUFL) */
};

typedef struct OuParse {
    OuArena *arena; /* tree, names and messages live here; caller's */
    OuMem *mem;     /* scratch */
    OuDiag diag;
    uint32_t max_depth;      /* of the tree: OU_AST_MAX_DEPTH, or less where the C stack is small */
    OuDiagWarning *warnings; /* in order of place */
    const char *source;      /* decoded source: UTF-8, line ends "\n", NUL terminated (arena) */
    size_t source_len;
    const char *filename; /* set for a script read from a file: other texts for undecodable source; or NULL */
    char *encoding;       /* declared or "utf-8" (arena) */
    bool declared;        /* by BOM or cookie, or the source was str */
    struct OuNameTable *names; /* interned OuText */
    unsigned flags;
    int int_max_digits; /* decimal literals with more are errors (sys.set_int_max_str_digits); 0: no limit */
    /* Decodes `n` bytes in a codec that is neither UTF-8, ASCII nor Latin-1: returns UTF-8 in the
     * arena, or NULL with diag set.  May be NULL (then "unknown encoding: X"). */
    char *(*decode)(struct OuParse *p, const char *encoding, const char *bytes, size_t n, size_t *out_len);
    void *hook_data;
} OuParse;

/* Prepares p; source stays the caller's until ou_parse_run returns. */
void ou_parse_init(OuParse *p, OuArena *arena, OuMem *mem, unsigned flags);
/* Parses bytes[0..n): the mod node, or NULL with p->diag set. */
OuNode *ou_parse_run(OuParse *p, const char *bytes, size_t n, OuParseMode mode);
/* Interned text of s[0..n) (UTF-8); NULL on no memory.  Usable by later passes too. */
OuText *ou_parse_name(OuParse *p, const char *s, size_t n);
/* Line `lineno` of the decoded source without its line end; NULL if there is none.  Borrowed. */
const char *ou_parse_line(const OuParse *p, int lineno, size_t *len);

#endif
