/* lang/ast.h - the tree: plain structs in an arena, derived from lang/ast.def.
 *
 * A node starts with OuNode; `kind` is AST_<Name>.  Identifiers and strings are OuText,
 * interned per tree: two identifiers are equal iff their pointers are.  Positions are
 * CPython's: lines from 1, columns in UTF-8 bytes from 0, ends exclusive.
 * `depth` is 1 + the deepest child's; the constructors refuse above OU_AST_MAX_DEPTH,
 * so no later pass can overflow the C stack. */
#ifndef OU_LANG_AST_H
#define OU_LANG_AST_H

#include "gc/arena.h"

typedef struct OuText {
    uint32_t len;  /* bytes */
    uint32_t hash; /* for the intern table */
    char s[];      /* UTF-8 (lone surrogates as three bytes, "WTF-8"), NUL terminated */
} OuText;

typedef enum {
    OU_K_NONE,
    OU_K_TRUE,
    OU_K_FALSE,
    OU_K_ELLIPSIS,
    OU_K_INT,       /* i */
    OU_K_BIGINT,    /* text: digits as written without prefix and underscores; base */
    OU_K_FLOAT,     /* f */
    OU_K_COMPLEX,   /* f (real), imag */
    OU_K_STR,       /* text, WTF-8 */
    OU_K_BYTES,     /* text, raw bytes */
    OU_K_TUPLE,     /* items, n: made by folding only (or by `_ast` from an object) */
    OU_K_FROZENSET, /* items, n: made by folding only */
    OU_K_CODE,      /* unit: only in a unit's constants */
    OU_K_OBJECT,    /* any: an object put in by vm/ through `_ast`; opaque to lang/ */
} OuConstKind;

typedef struct OuConst {
    uint8_t kind;  /* OuConstKind */
    uint8_t base;  /* OU_K_BIGINT: 2, 8, 10, 16 */
    bool negative; /* OU_K_BIGINT, after folding of unary minus */
    uint32_t n;    /* OU_K_TUPLE, OU_K_FROZENSET */
    union {
        int64_t i;
        double f;
        OuText *text;
        struct OuConst *items;
        struct OuUnit *unit;
        void *any;
    };
    double imag; /* OU_K_COMPLEX */
} OuConst;

#define OU_AST_MAX_DEPTH 6000

typedef struct OuNode {
    uint16_t kind;  /* OuAstKind */
    uint16_t flags; /* AST_F_*: of the parser, see below */
    uint32_t depth;
    int32_t lineno, col, end_lineno, end_col;
} OuNode;

enum {
    AST_F_PARENS = 1, /* expression stood in parentheses of its own (genexp, tuple display, walrus checks) */
};

typedef struct OuSeq {
    uint32_t n;
    OuNode **at;
} OuSeq;
typedef struct OuNames {
    uint32_t n;
    OuText **at;
} OuNames;
typedef struct OuEnums {
    uint32_t n;
    uint16_t *at;
} OuEnums;

typedef enum {
    AST_NULL,
#define SUM(sum, pos)
#define NODE(sum, name, fields) AST_##name,
#define ENUM(sum, name) AST_##name,
#include "ast.def"
#undef SUM
#undef NODE
#undef ENUM
    AST_KIND_COUNT
} OuAstKind;

/* struct OuAst_<Name>; e.g. ((OuAst_BinOp *)node)->left */
#define SUM(sum, pos)
#define ENUM(sum, name)
#define ONE(type, name) OuNode *name;
#define OPT(type, name) OuNode *name;
#define SEQ(type, name) OuSeq name;
#define NAM(name) OuText *name;
#define NAO(name) OuText *name;
#define NAS(name) OuNames name;
#define ENU(sum, name) uint16_t name;
#define ENS(sum, name) OuEnums name;
#define INT(name) int name;
#define INO(name) int name;
#define STO(name) OuText *name;
#define STR(name) OuText *name;
#define CON(name) OuConst name;
#define NODE(sum, name, fields)   \
    typedef struct OuAst_##name { \
        OuNode node;              \
        fields                    \
    } OuAst_##name;
#include "ast.def"
#undef SUM
#undef ENUM
#undef NODE
#undef ONE
#undef OPT
#undef SEQ
#undef NAM
#undef NAO
#undef NAS
#undef ENU
#undef ENS
#undef INT
#undef INO
#undef STO
#undef STR
#undef CON

/* AST(BinOp, node)->left */
#define AST(Name, node) ((OuAst_##Name *)(node))

#endif
