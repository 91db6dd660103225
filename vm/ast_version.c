/* vm/ast_version.c - compile(..., _feature_version=N): syntax that Python 3.N did not have yet is refused.
 *
 * CPython's parser says so while it parses; here the finished tree is looked over, inner nodes first. */
#include "astobj.h"

#include <ctype.h>
#include <string.h>

#include "compile.h"
#include "err.h"

typedef struct Feature {
    int since;
    const char *what;
} Feature;

/* `with (a as b, c):`: behind the last item comes the parenthesis. */
static bool parenthesised(const OuParse *p, const OuAst_With *w)
{
    OuAst_withitem *last = AST(withitem, w->items.at[w->items.n - 1]);
    const OuNode *end = last->optional_vars ? last->optional_vars : last->context_expr;
    size_t n;
    const char *line = ou_parse_line(p, end->end_lineno, &n);
    for (size_t i = (size_t)end->end_col; line && i < n; i++)
        if (!isspace((unsigned char)line[i]))
            return line[i] == ')' || line[i] == ',';
    return false;
}

/* A number as it is written with underscores. */
static bool underscored(const OuParse *p, const OuNode *n)
{
    size_t len;
    const char *line = ou_parse_line(p, n->lineno, &len);
    size_t i = (size_t)n->col,
           end = n->end_lineno == n->lineno && (size_t)n->end_col <= len ? (size_t)n->end_col : len;
    if (!line || i >= end || !(isdigit((unsigned char)line[i]) || line[i] == '.'))
        return false;
    return memchr(line + i, '_', end - i) != NULL;
}

static Feature feature_of(const OuParse *p, const OuNode *n)
{
    switch (n->kind) {
    case AST_NamedExpr:
        return (Feature){8, "Assignment expressions are"};
    case AST_arguments:
        return AST(arguments, n)->posonlyargs.n ? (Feature){8, "Positional-only parameters are"}
                                                : (Feature){0};
    case AST_Constant:
        return underscored(p, n) ? (Feature){6, "Underscores in numeric literals are"} : (Feature){0};
    case AST_TryStar:
        return (Feature){11, "Exception groups are"};
    case AST_Match:
        return (Feature){10, "Pattern matching is"};
    case AST_AsyncFunctionDef:
        return (Feature){5, "Async functions are"};
    case AST_AsyncFor:
        return (Feature){5, "Async for loops are"};
    case AST_AsyncWith:
        return (Feature){5, "Async with statements are"};
    case AST_With:
        return parenthesised(p, AST(With, n)) ? (Feature){9, "Parenthesized context managers are"}
                                              : (Feature){0};
    case AST_Await:
        return (Feature){5, "Await expressions are"};
    case AST_comprehension:
        return AST(comprehension, n)->is_async ? (Feature){6, "Async comprehensions are"} : (Feature){0};
    case AST_BinOp:
        return AST(BinOp, n)->op == AST_MatMult ? (Feature){5, "The '@' operator is"} : (Feature){0};
    case AST_AugAssign:
        return AST(AugAssign, n)->op == AST_MatMult ? (Feature){5, "The '@' operator is"} : (Feature){0};
    case AST_AnnAssign:
        return (Feature){6, "Variable annotation syntax is"};
    case AST_JoinedStr:
        return (Feature){6, "Format strings are"};
    default:
        return (Feature){0};
    }
}

/* place: the nearest node around n that has one. */
static int check(OuVM *vm, OuParse *p, const OuNode *n, int minor, const OuNode *place)
{
    OuAstClass c = ou_ast_class(n->kind);
    if (ou_check_stack(vm, " during compilation") < 0)
        return -1;
    if (c.positioned)
        place = n;
    for (const OuAstField *f = c.fields; f->name; f++) {
        const void *at = (const char *)n + f->offset;
        if (f->kind == OU_AF_ONE || f->kind == OU_AF_OPT) {
            const OuNode *child = *(OuNode *const *)at;
            if (child && check(vm, p, child, minor, place) < 0)
                return -1;
        } else if (f->kind == OU_AF_SEQ) {
            const OuSeq *s = at;
            for (uint32_t i = 0; i < s->n; i++)
                if (s->at[i] && check(vm, p, s->at[i], minor, place) < 0)
                    return -1;
        }
    }
    Feature x = feature_of(p, n);
    if (minor >= x.since)
        return 0;
    return ou_diag_set(&p->diag, p->arena, OU_DIAG_SYNTAX, place->end_lineno, place->end_col,
                       place->end_lineno, place->end_col, "%s only supported in Python 3.%d and greater",
                       x.what, x.since);
}

int ou_ast_check_version(OuVM *vm, OuParse *p, OuNode *tree, int minor, OuObj *filename)
{
    if (check(vm, p, tree, minor, tree) == 0)
        return 0;
    if (!ou_err_occurred(vm))
        ou_compile_raise(vm, p, filename);
    return -1;
}
