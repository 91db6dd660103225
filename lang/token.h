/* lang/token.h - one token: what it is, where it stands, what it holds. */
#ifndef OU_LANG_TOKEN_H
#define OU_LANG_TOKEN_H

#include "ast.h"

typedef enum {
    TOK_NOTHING,
#define TOKEN(name, spelling, op) TOK_##name,
#define KEYWORD(name, spelling, op) TOK_##name,
#include "tokens.def"
#undef TOKEN
#undef KEYWORD
    TOK_COUNT
} OuTokenKind;

enum {
    TOKF_RAW = 1, /* STRING prefixes */
    TOKF_BYTES = 2,
    TOKF_FSTRING = 4,
    TOKF_U = 8,
    TOKF_TRIPLE = 16,
    TOKF_FIRST = 64,    /* first token of its logical line (INDENT and DEDENT not counted) */
    TOKF_IMPLIED = 128, /* NEWLINE made up at the end of the input */
};

typedef struct OuToken {
    uint8_t kind;        /* OuTokenKind */
    uint8_t op;          /* AST_Add, AST_Lt ...: the operator spelled, also for grouped tokens; or 0 */
    uint16_t flags;      /* TOKF_* */
    uint32_t start, end; /* byte offsets in OuParse.source, also inside an f-string */
    int32_t lineno, col, end_lineno, end_col; /* as OuNode's */
    OuText *name; /* NAME, CASE, MATCH: interned, NFKC; TYPE_COMMENT: its text; else NULL.  Borrowed */
} OuToken;

/* Spelling of a kind for messages ("(", "import", "newline").  Static. */
const char *ou_token_spelling(OuTokenKind kind);

#endif
