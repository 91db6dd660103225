/* vm/ast_validate.c - trees made by scripts: what the parser could never have produced is refused before compilation
 * (CPython's ast.c validator: ValueError and TypeError with these texts). */
#include "astobj.h"

#include <string.h>

#include "err.h"

static int check(OuVM *vm, OuParse *p, const OuNode *n, unsigned ctx);

static int nonempty(OuVM *vm, uint32_t n, const char *what, const char *owner)
{
    return n ? 0 : ou_value_error_i(vm, "empty %s on %s", what, owner);
}

static int all(OuVM *vm, OuParse *p, const OuSeq *s, unsigned ctx, bool null_ok)
{
    for (uint32_t i = 0; i < s->n; i++) {
        if (!s->at[i]) {
            if (!null_ok)
                return ou_value_error_i(vm, "None disallowed in expression list");
        } else if (check(vm, p, s->at[i], ctx) < 0)
            return -1;
    }
    return 0;
}

static const char *context_name(unsigned ctx)
{
    return ctx == AST_Load ? "Load" : ctx == AST_Store ? "Store" : "Del";
}

static int context(OuVM *vm, unsigned want, unsigned have)
{
    return want == have ? 0
                        : ou_value_error_i(vm, "expression must have %s context but has %s instead",
                                           context_name(want), context_name(have));
}

static int name_ok(OuVM *vm, const OuText *t)
{
    static const char *const bad[] = {"None", "True", "False"};
    for (int i = 0; t && i < 3; i++)
        if (strcmp(t->s, bad[i]) == 0)
            return ou_value_error_i(vm, "identifier field can't represent '%s' constant", bad[i]);
    return 0;
}

static int constant_ok(OuVM *vm, const OuConst *k)
{
    if (k->kind == OU_K_TUPLE || k->kind == OU_K_FROZENSET)
        for (uint32_t i = 0; i < k->n; i++)
            if (constant_ok(vm, &k->items[i]) < 0)
                return -1;
    if (k->kind == OU_K_OBJECT && !ou_is((OuObj *)k->any, int))
        return ou_type_error_i(vm, "got an invalid type in Constant: %T", (OuObj *)k->any);
    return 0;
}

static int place_ok(OuVM *vm, const OuNode *n)
{
    if (n->lineno > n->end_lineno)
        return ou_value_error_i(vm, "AST node line range (%d, %d) is not valid", n->lineno, n->end_lineno);
    if ((n->lineno < 0 && n->end_lineno != n->lineno) || (n->col < 0 && n->col != n->end_col))
        return ou_value_error_i(vm, "AST node column range (%d, %d) for line range (%d, %d) is not valid",
                                n->col, n->end_col, n->lineno, n->end_lineno);
    if (n->lineno == n->end_lineno && n->col > n->end_col)
        return ou_value_error_i(vm, "line %d, column %d-%d is not a valid range", n->lineno, n->col,
                                n->end_col);
    return 0;
}

/* ---- patterns ---- */

static int capture_ok(OuVM *vm, const OuText *name)
{
    if (name && strcmp(name->s, "_") == 0)
        return ou_value_error_i(vm, "can't capture name '_' in patterns");
    return name_ok(vm, name);
}

/* A number, or -number where a sign may stand; imaginary ones or real ones. */
static bool is_number(const OuNode *e, bool negative, bool real, bool imaginary)
{
    if (negative && e->kind == AST_UnaryOp && AST(UnaryOp, e)->op == AST_USub)
        e = AST(UnaryOp, e)->operand;
    if (e->kind != AST_Constant)
        return false;
    unsigned kind = AST(Constant, e)->value.kind;
    return (imaginary && kind == OU_K_COMPLEX) ||
           (real && (kind == OU_K_INT || kind == OU_K_BIGINT || kind == OU_K_FLOAT));
}

static int pattern_value(OuVM *vm, OuParse *p, const OuNode *e)
{
    if (check(vm, p, e, AST_Load) < 0)
        return -1;
    switch (e->kind) {
    case AST_Constant:
        switch (AST(Constant, e)->value.kind) {
        case OU_K_INT:
        case OU_K_BIGINT:
        case OU_K_FLOAT:
        case OU_K_COMPLEX:
        case OU_K_STR:
        case OU_K_BYTES:
            return 0;
        default:
            return ou_value_error_i(vm, "unexpected constant inside of a literal pattern");
        }
    case AST_Attribute:
    case AST_JoinedStr:
        return 0;
    case AST_UnaryOp:
        if (AST(UnaryOp, e)->op == AST_USub && is_number(AST(UnaryOp, e)->operand, false, true, true))
            return 0;
        break;
    case AST_BinOp: {
        OuAst_BinOp *b = AST(BinOp, e);
        if ((b->op == AST_Add || b->op == AST_Sub) && is_number(b->left, true, true, false) &&
            is_number(b->right, false, false, true))
            return 0;
        break;
    }
    default:
        break;
    }
    return ou_value_error_i(vm, "patterns may only match literals and attribute lookups");
}

static int pattern(OuVM *vm, OuParse *p, const OuNode *n, bool star_ok);

static int patterns(OuVM *vm, OuParse *p, const OuSeq *s, bool star_ok)
{
    for (uint32_t i = 0; i < s->n; i++)
        if (pattern(vm, p, s->at[i], star_ok) < 0)
            return -1;
    return 0;
}

static int pattern_mapping(OuVM *vm, OuParse *p, const OuAst_MatchMapping *m)
{
    if (m->keys.n != m->patterns.n)
        return ou_value_error_i(vm, "MatchMapping doesn't have the same number of keys as patterns");
    if (m->rest && capture_ok(vm, m->rest) < 0)
        return -1;
    for (uint32_t i = 0; i < m->keys.n; i++) {
        const OuNode *k = m->keys.at[i];
        unsigned kind = k->kind == AST_Constant ? AST(Constant, k)->value.kind : OU_K_OBJECT;
        if (kind != OU_K_NONE && kind != OU_K_TRUE && kind != OU_K_FALSE && pattern_value(vm, p, k) < 0)
            return -1;
    }
    return patterns(vm, p, &m->patterns, false);
}

static int pattern_class(OuVM *vm, OuParse *p, const OuAst_MatchClass *m)
{
    if (m->kwd_attrs.n != m->kwd_patterns.n)
        return ou_value_error_i(vm,
                                "MatchClass doesn't have the same number of keyword attributes as patterns");
    if (check(vm, p, m->cls, AST_Load) < 0)
        return -1;
    const OuNode *cls = m->cls;
    while (cls->kind == AST_Attribute)
        cls = AST(Attribute, cls)->value;
    if (cls->kind != AST_Name)
        return ou_value_error_i(vm, "MatchClass cls field can only contain Name or Attribute nodes.");
    for (uint32_t i = 0; i < m->kwd_attrs.n; i++)
        if (name_ok(vm, m->kwd_attrs.at[i]) < 0)
            return -1;
    return patterns(vm, p, &m->patterns, false) < 0 ? -1 : patterns(vm, p, &m->kwd_patterns, false);
}

static int pattern(OuVM *vm, OuParse *p, const OuNode *n, bool star_ok)
{
    if (ou_check_stack(vm, " during compilation") < 0 || place_ok(vm, n) < 0)
        return -1;
    switch (n->kind) {
    case AST_MatchValue:
        return pattern_value(vm, p, AST(MatchValue, n)->value);
    case AST_MatchSingleton: {
        unsigned kind = AST(MatchSingleton, n)->value.kind;
        if (kind == OU_K_NONE || kind == OU_K_TRUE || kind == OU_K_FALSE)
            return 0;
        return ou_value_error_i(vm, "MatchSingleton can only contain True, False and None");
    }
    case AST_MatchSequence:
        return patterns(vm, p, &AST(MatchSequence, n)->patterns, true);
    case AST_MatchMapping:
        return pattern_mapping(vm, p, AST(MatchMapping, n));
    case AST_MatchClass:
        return pattern_class(vm, p, AST(MatchClass, n));
    case AST_MatchStar:
        if (!star_ok)
            return ou_value_error_i(vm, "can't use MatchStar here");
        return capture_ok(vm, AST(MatchStar, n)->name);
    case AST_MatchAs: {
        OuAst_MatchAs *a = AST(MatchAs, n);
        if (a->name && capture_ok(vm, a->name) < 0)
            return -1;
        if (!a->pattern)
            return 0;
        if (!a->name)
            return ou_value_error_i(vm, "MatchAs must specify a target name if a pattern is given");
        return pattern(vm, p, a->pattern, false);
    }
    default:
        if (AST(MatchOr, n)->patterns.n < 2)
            return ou_value_error_i(vm, "MatchOr requires at least 2 patterns");
        return patterns(vm, p, &AST(MatchOr, n)->patterns, false);
    }
}

/* ---- the rest ---- */

static int generic(OuVM *vm, OuParse *p, const OuNode *n)
{
    OuAstClass c = ou_ast_class(n->kind);
    for (const OuAstField *f = c.fields; f->name; f++) {
        const void *at = (const char *)n + f->offset;
        if (f->kind == OU_AF_ONE || f->kind == OU_AF_OPT) {
            const OuNode *child = *(OuNode *const *)at;
            if (child && check(vm, p, child, AST_Load) < 0)
                return -1;
        } else if (f->kind == OU_AF_SEQ) {
            bool null_ok =
                (n->kind == AST_Dict && strcmp(f->name, "keys") == 0) || strcmp(f->name, "kw_defaults") == 0;
            if (all(vm, p, at, AST_Load, null_ok) < 0)
                return -1;
        }
    }
    return 0;
}

/* Whether an expression may stand in context ctx. */
static int check_context(OuVM *vm, const OuNode *n, unsigned ctx)
{
    unsigned have = AST_Load;
    switch (n->kind) {
    case AST_Attribute:
        have = AST(Attribute, n)->ctx;
        break;
    case AST_Subscript:
        have = AST(Subscript, n)->ctx;
        break;
    case AST_Starred:
        have = AST(Starred, n)->ctx;
        break;
    case AST_Name:
        if (name_ok(vm, AST(Name, n)->id) < 0)
            return -1;
        have = AST(Name, n)->ctx;
        break;
    case AST_List:
        have = AST(List, n)->ctx;
        break;
    case AST_Tuple:
        have = AST(Tuple, n)->ctx;
        break;
    default:
        if (ctx != AST_Load)
            return ou_value_error_i(vm, "expression which can't be assigned to in %s context",
                                    context_name(ctx));
    }
    return context(vm, ctx, have);
}

static int check_statement(OuVM *vm, OuParse *p, const OuNode *n)
{
    const char *name = ou_ast_class(n->kind).name;
    switch (n->kind) {
    case AST_FunctionDef:
    case AST_AsyncFunctionDef:
        if (nonempty(vm, AST(FunctionDef, n)->body.n, "body", name) < 0)
            return -1;
        break;
    case AST_ClassDef:
        if (nonempty(vm, AST(ClassDef, n)->body.n, "body", name) < 0)
            return -1;
        break;
    case AST_Delete:
        return nonempty(vm, AST(Delete, n)->targets.n, "targets", "Delete") < 0
                   ? -1
                   : all(vm, p, &AST(Delete, n)->targets, AST_Del, false);
    case AST_Assign:
        return nonempty(vm, AST(Assign, n)->targets.n, "targets", "Assign") < 0 ||
                       all(vm, p, &AST(Assign, n)->targets, AST_Store, false) < 0
                   ? -1
                   : check(vm, p, AST(Assign, n)->value, AST_Load);
    case AST_AugAssign:
        return check(vm, p, AST(AugAssign, n)->target, AST_Store) < 0
                   ? -1
                   : check(vm, p, AST(AugAssign, n)->value, AST_Load);
    case AST_AnnAssign: {
        OuAst_AnnAssign *a = AST(AnnAssign, n);
        if (a->target->kind != AST_Name && a->simple)
            return ou_type_error_i(vm, "AnnAssign with simple non-Name target");
        if (check(vm, p, a->target, AST_Store) < 0 || (a->value && check(vm, p, a->value, AST_Load) < 0))
            return -1;
        return check(vm, p, a->annotation, AST_Load);
    }
    case AST_For:
    case AST_AsyncFor: {
        OuAst_For *a = AST(For, n);
        if (check(vm, p, a->target, AST_Store) < 0 || check(vm, p, a->iter, AST_Load) < 0 ||
            nonempty(vm, a->body.n, "body", name) < 0)
            return -1;
        return all(vm, p, &a->body, AST_Load, false) < 0 ? -1 : all(vm, p, &a->orelse, AST_Load, false);
    }
    case AST_While:
        if (nonempty(vm, AST(While, n)->body.n, "body", "While") < 0)
            return -1;
        break;
    case AST_If:
        if (nonempty(vm, AST(If, n)->body.n, "body", "If") < 0)
            return -1;
        break;
    case AST_With:
    case AST_AsyncWith:
        if (nonempty(vm, AST(With, n)->items.n, "items", name) < 0 ||
            nonempty(vm, AST(With, n)->body.n, "body", name) < 0)
            return -1;
        break;
    case AST_Match:
        if (nonempty(vm, AST(Match, n)->cases.n, "cases", "Match") < 0)
            return -1;
        break;
    case AST_Raise:
        if (!AST(Raise, n)->exc && AST(Raise, n)->cause)
            return ou_value_error_i(vm, "Raise with cause but no exception");
        break;
    case AST_Try:
    case AST_TryStar: {
        OuAst_Try *t = AST(Try, n);
        if (nonempty(vm, t->body.n, "body", name) < 0)
            return -1;
        if (!t->handlers.n && !t->finalbody.n)
            return ou_value_error_i(vm, "%s has neither except handlers nor finalbody", name);
        if (!t->handlers.n && t->orelse.n)
            return ou_value_error_i(vm, "%s has orelse but no except handlers", name);
        break;
    }
    case AST_Import:
        return nonempty(vm, AST(Import, n)->names.n, "names", "Import");
    case AST_ImportFrom:
        if (AST(ImportFrom, n)->level < 0)
            return ou_value_error_i(vm, "Negative ImportFrom level");
        return nonempty(vm, AST(ImportFrom, n)->names.n, "names", "ImportFrom");
    case AST_Global:
        return nonempty(vm, AST(Global, n)->names.n, "names", "Global");
    case AST_Nonlocal:
        return nonempty(vm, AST(Nonlocal, n)->names.n, "names", "Nonlocal");
    default:
        break;
    }
    return generic(vm, p, n);
}

static int check_expression(OuVM *vm, OuParse *p, const OuNode *n, unsigned ctx)
{
    if (check_context(vm, n, ctx) < 0)
        return -1;
    switch (n->kind) {
    case AST_BoolOp:
        if (AST(BoolOp, n)->values.n < 2)
            return ou_value_error_i(vm, "BoolOp with less than 2 values");
        break;
    case AST_NamedExpr:
        if (AST(NamedExpr, n)->target->kind != AST_Name)
            return ou_type_error_i(vm, "NamedExpr target must be a Name");
        return check(vm, p, AST(NamedExpr, n)->target, AST_Store) < 0
                   ? -1
                   : check(vm, p, AST(NamedExpr, n)->value, AST_Load);
    case AST_Dict:
        if (AST(Dict, n)->keys.n != AST(Dict, n)->values.n)
            return ou_value_error_i(vm, "Dict doesn't have the same number of keys as values");
        break;
    case AST_ListComp:
    case AST_SetComp:
    case AST_GeneratorExp:
        if (!AST(ListComp, n)->generators.n)
            return ou_value_error_i(vm, "comprehension with no generators");
        return all(vm, p, &AST(ListComp, n)->generators, AST_Load, false) < 0
                   ? -1
                   : check(vm, p, AST(ListComp, n)->elt, AST_Load);
    case AST_DictComp: {
        OuAst_DictComp *d = AST(DictComp, n);
        if (!d->generators.n)
            return ou_value_error_i(vm, "comprehension with no generators");
        if (all(vm, p, &d->generators, AST_Load, false) < 0 || check(vm, p, d->key, AST_Load) < 0)
            return -1;
        return check(vm, p, d->value, AST_Load);
    }
    case AST_Compare:
        if (!AST(Compare, n)->comparators.n)
            return ou_value_error_i(vm, "Compare with no comparators");
        if (AST(Compare, n)->comparators.n != AST(Compare, n)->ops.n)
            return ou_value_error_i(vm, "Compare has a different number of comparators and operands");
        break;
    case AST_Constant:
        return constant_ok(vm, &AST(Constant, n)->value);
    case AST_Attribute:
        return check(vm, p, AST(Attribute, n)->value, AST_Load);
    case AST_Starred:
        return check(vm, p, AST(Starred, n)->value, ctx);
    case AST_List:
        return all(vm, p, &AST(List, n)->elts, ctx, false);
    case AST_Tuple:
        return all(vm, p, &AST(Tuple, n)->elts, ctx, false);
    default:
        break;
    }
    return generic(vm, p, n);
}

/* What is neither statement nor expression. */
static int check_part(OuVM *vm, OuParse *p, const OuNode *n)
{
    switch (n->kind) {
    case AST_withitem:
        if (check(vm, p, AST(withitem, n)->context_expr, AST_Load) < 0)
            return -1;
        return AST(withitem, n)->optional_vars ? check(vm, p, AST(withitem, n)->optional_vars, AST_Store) : 0;
    case AST_ExceptHandler:
        if (nonempty(vm, AST(ExceptHandler, n)->body.n, "body", "ExceptHandler") < 0)
            return -1;
        break;
    case AST_comprehension: {
        OuAst_comprehension *g = AST(comprehension, n);
        if (check(vm, p, g->target, AST_Store) < 0 || check(vm, p, g->iter, AST_Load) < 0)
            return -1;
        return all(vm, p, &g->ifs, AST_Load, false);
    }
    case AST_arguments: {
        OuAst_arguments *a = AST(arguments, n);
        if (all(vm, p, &a->posonlyargs, AST_Load, false) < 0 || all(vm, p, &a->args, AST_Load, false) < 0 ||
            (a->vararg && check(vm, p, a->vararg, AST_Load) < 0) ||
            all(vm, p, &a->kwonlyargs, AST_Load, false) < 0 ||
            (a->kwarg && check(vm, p, a->kwarg, AST_Load) < 0))
            return -1;
        if (a->defaults.n > a->posonlyargs.n + a->args.n)
            return ou_value_error_i(vm, "more positional defaults than args on arguments");
        if (a->kw_defaults.n != a->kwonlyargs.n)
            return ou_value_error_i(vm, "length of kwonlyargs is not the same as kw_defaults on arguments");
        return all(vm, p, &a->defaults, AST_Load, false) < 0 ? -1
                                                             : all(vm, p, &a->kw_defaults, AST_Load, true);
    }
    case AST_match_case: {
        OuAst_match_case *m = AST(match_case, n);
        if (nonempty(vm, m->body.n, "body", "match_case") < 0 || pattern(vm, p, m->pattern, false) < 0 ||
            (m->guard && check(vm, p, m->guard, AST_Load) < 0))
            return -1;
        return all(vm, p, &m->body, AST_Load, false);
    }
    default:
        break;
    }
    return generic(vm, p, n);
}

static int check(OuVM *vm, OuParse *p, const OuNode *n, unsigned ctx)
{
    OuAstClass c = ou_ast_class(n->kind);
    if (ou_check_stack(vm, " during compilation") < 0)
        return -1;
    if (c.positioned && place_ok(vm, n) < 0)
        return -1;
    return strcmp(c.sum, "expr") == 0   ? check_expression(vm, p, n, ctx)
           : strcmp(c.sum, "stmt") == 0 ? check_statement(vm, p, n)
                                        : check_part(vm, p, n);
}

int ou_ast_validate(OuVM *vm, OuParse *p, OuNode *tree)
{
    return check(vm, p, tree, AST_Load);
}
