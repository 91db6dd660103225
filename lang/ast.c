/* lang/ast.c - nodes, sequences and interned names; tables derived from ast.def. */
#include "ast_build.h"

#include <string.h>

#define SUM(sum, pos)

/* ---- sizes and names ---- */

#define NODE(sum, name, fields) [AST_##name] = sizeof(OuAst_##name),
#define ENUM(sum, name)
static const uint16_t node_size[AST_KIND_COUNT] = {
#include "ast.def"
};
#undef NODE
#undef ENUM

#define NODE(sum, name, fields) [AST_##name] = #name,
#define ENUM(sum, name) [AST_##name] = #name,
static const char *const node_name[AST_KIND_COUNT] = {
#include "ast.def"
};
#undef NODE
#undef ENUM

const char *ou_ast_kind_name(OuAstKind kind)
{
    return kind < AST_KIND_COUNT ? node_name[kind] : NULL;
}

/* ---- depth: one function a kind, made from its fields ---- */

static inline uint32_t deeper(uint32_t d, const OuNode *n)
{
    return n && n->depth > d ? n->depth : d;
}

static uint32_t deepest(uint32_t d, const OuSeq *s)
{
    for (uint32_t i = 0; i < s->n; i++)
        d = deeper(d, s->at[i]);
    return d;
}

#define ENUM(sum, name)
#define ONE(type, nm) d = deeper(d, x->nm);
#define OPT(type, nm) d = deeper(d, x->nm);
#define SEQ(type, nm) d = deepest(d, &x->nm);
#define NAM(nm)
#define NAO(nm)
#define NAS(nm)
#define ENU(sum, nm)
#define ENS(sum, nm)
#define INT(nm)
#define INO(nm)
#define STO(nm)
#define STR(nm)
#define CON(nm)
#define NODE(sum, name, fields)                          \
    static uint32_t depth_##name(const OuNode *n)        \
    {                                                    \
        const OuAst_##name *x = (const OuAst_##name *)n; \
        uint32_t d = 0;                                  \
        (void)x;                                         \
        fields return d;                                 \
    }
#include "ast.def"
#undef NODE

#define NODE(sum, name, fields) [AST_##name] = depth_##name,
static uint32_t (*const node_depth[AST_KIND_COUNT])(const OuNode *) = {
#include "ast.def"
};
#undef NODE

int ou_ast_set_depth(OuParse *p, OuNode *n)
{
    n->depth = 1 + node_depth[n->kind](n);
    if (n->depth <= p->max_depth)
        return 0;
    /* CPython's parser itself recurses on what leans right and gives MemoryError; the operators
     * that lean left parse at any length and fail in the compiler. */
    if (n->kind == AST_UnaryOp || n->kind == AST_Lambda || n->kind == AST_IfExp || n->kind == AST_If ||
        (n->kind == AST_BinOp && AST(BinOp, n)->op == AST_Pow))
        return ou_diag_set(&p->diag, p->arena, OU_DIAG_MEMORY, 0, -1, 0, -1, "%s", "");
    return ou_diag_set(&p->diag, p->arena, OU_DIAG_RECURSION, 0, -1, 0, -1, "%s",
                       "maximum recursion depth exceeded during compilation");
}

OuNode *ou_ast_put(OuParse *p, OuAstKind kind, OuSpan span, const OuNode *from)
{
    OuNode *n = ou_arena_alloc(p->arena, node_size[kind]);
    if (!n)
        return NULL;
    memcpy(n, from, node_size[kind]);
    n->kind = (uint16_t)kind;
    n->lineno = span.l;
    n->col = span.c;
    n->end_lineno = span.el;
    n->end_col = span.ec;
    return ou_ast_set_depth(p, n) < 0 ? NULL : n;
}

OuSeq ou_ast_seq(OuParse *p, void *const *at, uint32_t n)
{
    OuSeq s = {0, NULL};
    if (n && (s.at = ou_arena_alloc(p->arena, n * sizeof *s.at))) {
        memcpy(s.at, at, n * sizeof *s.at);
        s.n = n;
    }
    return s;
}

OuNames ou_ast_names(OuParse *p, void *const *at, uint32_t n)
{
    OuNames s = {0, NULL};
    if (n && (s.at = ou_arena_alloc(p->arena, n * sizeof *s.at))) {
        memcpy(s.at, at, n * sizeof *s.at);
        s.n = n;
    }
    return s;
}
