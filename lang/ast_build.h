/* lang/ast_build.h - making nodes.
 *
 *     OU_AST(p, span, BinOp, .left = l, .op = AST_Add, .right = r)
 *
 * copies a filled struct into the arena, sets kind, place and depth.  Every child must be made
 * before its parent (depth is 1 + the deepest child's).  Above OU_AST_MAX_DEPTH the diagnosis
 * is set and NULL returned; NULL children are allowed everywhere, so a builder may go on after
 * a failure and let the driver look at `failed` once for each token. */
#ifndef OU_LANG_AST_BUILD_H
#define OU_LANG_AST_BUILD_H

#include "parse.h"

/* A stretch of text: lines from 1, byte columns from 0, the end exclusive.  It is kept apart from the
 * node's own place, since `(a)` spans the parentheses and the node `a` does not. */
typedef struct OuSpan {
    int32_t l, c, el, ec;
} OuSpan;

#define OU_AST(p, span, Name, ...) ou_ast_put((p), AST_##Name, (span), &(OuAst_##Name){__VA_ARGS__}.node)

/* New node of `kind` with the fields of `from` (a full OuAst_<kind>); NULL with p->diag set. */
OuNode *ou_ast_put(OuParse *p, OuAstKind kind, OuSpan span, const OuNode *from);
/* Sets depth from the children again (after a pass changed them); -1 above the limit. */
int ou_ast_set_depth(OuParse *p, OuNode *n);

/* New sequences with a copy of the n pointers at `at`; .at is NULL when empty or on no memory
 * (the arena's `failed` tells). */
OuSeq ou_ast_seq(OuParse *p, void *const *at, uint32_t n);
OuNames ou_ast_names(OuParse *p, void *const *at, uint32_t n);

static inline OuSpan ou_span_of(const OuNode *n)
{
    return (OuSpan){n->lineno, n->col, n->end_lineno, n->end_col};
}
static inline OuSpan ou_span_join(OuSpan a, OuSpan b)
{
    return (OuSpan){a.l, a.c, b.el, b.ec};
}

/* The class name of a kind ("BinOp"). */
const char *ou_ast_kind_name(OuAstKind kind);

/* The tree as text, in the form of Python's ast.dump(tree, include_attributes=attributes):
 * NUL-terminated, in p's arena, length in *len; NULL on no memory. */
char *ou_astdump(OuParse *p, const OuNode *tree, bool attributes, size_t *len);

#endif
