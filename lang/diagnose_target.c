/* lang/diagnose_target.c - the diagnosis' reader: targets of assignment, for, with, del. */
#include "diagnose.h"

/* Does a primary go on here? */
static bool goes_on(OuDiagnosis *d)
{
    return ou_diagnose_at(d, TOK_LPAR) || ou_diagnose_at(d, TOK_LSQB) || ou_diagnose_at(d, TOK_DOT);
}

/* One step of a primary: .name, [slices], (generator), (arguments); false leaves the mark anywhere. */
static bool step(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (eat(d, TOK_DOT) && ou_diagnose_at_name(d)) {
        d->mark++;
        if (goes_on(d))
            return true;
    }
    d->mark = start;
    if (!d->failed && eat(d, TOK_LSQB) && ou_diagnose_slices(d) && eat(d, TOK_RSQB) && goes_on(d))
        return true;
    d->mark = start;
    if (!d->failed && ou_diagnose_genexp(d) && goes_on(d))
        return true;
    d->mark = start;
    if (d->failed || !eat(d, TOK_LPAR))
        return false;
    attempt(d, ou_diagnose_arguments);
    return eat(d, TOK_RPAR) && goes_on(d);
}

/* The longest primary that is followed by one more step. */
static OuNode *t_primary(OuDiagnosis *d)
{
    OuNode *n = NULL;
    if (ou_diagnose_recall(d, M_T_PRIMARY, &n))
        return n;
    if (!ou_diagnose_enter(d))
        return NULL;
    uint32_t start = d->mark;
    n = ou_diagnose_atom(d);
    if (n && !goes_on(d))
        n = NULL;
    while (n && !d->failed) {
        uint32_t before = d->mark;
        if (!step(d)) {
            d->mark = before;
            break;
        }
        n = MAKE(d, start, Call, .func = n);
    }
    ou_diagnose_leave(d);
    return ou_diagnose_keep(d, M_T_PRIMARY, start, n);
}

/* primary.name or primary[slices] and nothing behind */
OuNode *ou_diagnose_single_access(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *base = t_primary(d);
    if (!base)
        return NULL;
    uint32_t at = d->mark;
    if (eat(d, TOK_DOT) && ou_diagnose_at_name(d)) {
        d->mark++;
        if (!goes_on(d))
            return d->failed ? NULL : MAKE(d, start, Attribute, .value = base, .ctx = AST_Store);
    }
    d->mark = at;
    if (eat(d, TOK_LSQB) && ou_diagnose_slices(d) && eat(d, TOK_RSQB) && !goes_on(d))
        return d->failed ? NULL : MAKE(d, start, Subscript, .value = base, .ctx = AST_Store);
    return NULL;
}

/* ---- star targets ---- */

static OuNode *with_star_atom(OuDiagnosis *d);

/* target (',' target)* [',']; counts them */
static uint32_t target_list(OuDiagnosis *d, OuNode *(*target)(OuDiagnosis *), bool *comma)
{
    uint32_t n = 0;
    *comma = false;
    if (!attempt(d, target))
        return 0;
    for (n = 1; eat(d, TOK_COMMA); n++)
        if (!attempt(d, target)) {
            *comma = true;
            break;
        }
    return d->failed ? 0 : n;
}

/* name, (one), (a, b), [a, b]; in the brackets the same kind of target */
static OuNode *target_atom(OuDiagnosis *d, OuNode *(*inner)(OuDiagnosis *), OuNode *(*target)(OuDiagnosis *))
{
    uint32_t start = d->mark, n;
    bool comma, star = target == ou_diagnose_star_target;
    OuNode *x = attempt(d, ou_diagnose_name);
    if (x || d->failed)
        return x;
    if (eat(d, TOK_LPAR)) {
        if ((x = inner(d)) && eat(d, TOK_RPAR))
            return x;
        d->mark = start + 1;
        n = d->failed ? 0 : target_list(d, target, &comma);
        if (n == 1 && star && !comma)
            d->mark = start + 1; /* one alone is no tuple */
        if (!d->failed && eat(d, TOK_RPAR))
            return MAKE(d, start, Tuple, .ctx = AST_Store);
        d->mark = start;
        return NULL;
    }
    if (eat(d, TOK_LSQB)) {
        target_list(d, target, &comma);
        if (!d->failed && eat(d, TOK_RSQB))
            return MAKE(d, start, List, .ctx = AST_Store);
    }
    return NULL;
}

static OuNode *with_star_atom(OuDiagnosis *d)
{
    OuNode *n = NULL;
    if (ou_diagnose_recall(d, M_STAR_ATOM, &n))
        return n;
    if (!ou_diagnose_enter(d))
        return NULL;
    uint32_t start = d->mark;
    n = attempt(d, ou_diagnose_single_access);
    if (!n && !d->failed)
        n = target_atom(d, with_star_atom, ou_diagnose_star_target);
    ou_diagnose_leave(d);
    return ou_diagnose_keep(d, M_STAR_ATOM, start, n);
}

OuNode *ou_diagnose_star_target(OuDiagnosis *d)
{
    OuNode *n = NULL;
    if (ou_diagnose_recall(d, M_STAR_TARGET, &n))
        return n;
    uint32_t start = d->mark;
    if (eat(d, TOK_STAR) && !ou_diagnose_at(d, TOK_STAR) && (n = ou_diagnose_star_target(d)))
        n = MAKE(d, start, Starred, .value = n, .ctx = AST_Store);
    if (!n && !d->failed) {
        d->mark = start;
        n = with_star_atom(d);
    }
    return ou_diagnose_keep(d, M_STAR_TARGET, start, n);
}

OuNode *ou_diagnose_star_targets(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    bool comma;
    OuNode *n = ou_diagnose_star_target(d);
    if (!n || !ou_diagnose_at(d, TOK_COMMA))
        return d->failed ? NULL : n;
    d->mark = start;
    if (!target_list(d, ou_diagnose_star_target, &comma))
        return NULL;
    return MAKE(d, start, Tuple, .ctx = AST_Store);
}

/* ---- the others ---- */

OuNode *ou_diagnose_single_target(OuDiagnosis *d)
{
    OuNode *n = attempt(d, ou_diagnose_single_access);
    if (!n)
        n = attempt(d, ou_diagnose_name);
    if (n || d->failed || !eat(d, TOK_LPAR))
        return d->failed ? NULL : n;
    n = ou_diagnose_single_target(d);
    return n && eat(d, TOK_RPAR) ? n : NULL;
}

static OuNode *del_target(OuDiagnosis *d)
{
    OuNode *n = NULL;
    if (ou_diagnose_recall(d, M_DEL_TARGET, &n))
        return n;
    if (!ou_diagnose_enter(d))
        return NULL;
    uint32_t start = d->mark;
    n = attempt(d, ou_diagnose_single_access);
    if (!n && !d->failed)
        n = target_atom(d, del_target, del_target);
    ou_diagnose_leave(d);
    return ou_diagnose_keep(d, M_DEL_TARGET, start, n);
}

OuNode *ou_diagnose_del_targets(OuDiagnosis *d)
{
    bool comma;
    return target_list(d, del_target, &comma) ? DIAG_OK : NULL;
}

/* ---- what cannot be a target ---- */

OuNode *ou_diagnose_bad_target(OuNode *n, OuTargetKind kind, bool in_for)
{
    const OuSeq *e = NULL;
    switch (n->kind) {
    case AST_Name:
    case AST_Attribute:
    case AST_Subscript:
        return NULL;
    case AST_List:
        e = &AST(List, n)->elts;
        break;
    case AST_Tuple:
        e = &AST(Tuple, n)->elts;
        break;
    case AST_Starred:
        return kind == OU_TARGET_DEL ? n : ou_diagnose_bad_target(AST(Starred, n)->value, kind, in_for);
    case AST_Compare:
        /* `for a in b` reads a comparison: what counts is left of the `in` */
        if (!in_for)
            return n;
        if (AST(Compare, n)->ops.at && AST(Compare, n)->ops.at[0] == AST_In)
            return ou_diagnose_bad_target(AST(Compare, n)->left, kind, in_for);
        return NULL;
    default:
        return n;
    }
    for (uint32_t i = 0; i < e->n; i++) {
        OuNode *bad = ou_diagnose_bad_target(e->at[i], kind, in_for);
        if (bad)
            return bad;
    }
    return NULL;
}

void ou_diagnose_check_target(OuDiagnosis *d, OuNode *n, OuTargetKind kind, bool in_for)
{
    OuNode *bad = ou_diagnose_bad_target(n, kind, in_for);
    if (bad)
        ou_diagnose_error_at(d, ou_span_of(bad),
                             kind == OU_TARGET_DEL ? "cannot delete %s" : "cannot assign to %s",
                             ou_diagnose_expr_name(bad));
}

void ou_diagnose_check_for_target(OuDiagnosis *d)
{
    OuNode *n;
    eat(d, TOK_ASYNC);
    if (eat(d, TOK_FOR) && (n = ou_diagnose_star_expressions(d)))
        ou_diagnose_check_target(d, n, OU_TARGET_STAR, true);
}

const char *ou_diagnose_expr_name(const OuNode *n)
{
    switch (n->kind) {
    case AST_Attribute:
        return "attribute";
    case AST_Subscript:
        return "subscript";
    case AST_Starred:
        return "starred";
    case AST_Name:
        return "name";
    case AST_List:
        return "list";
    case AST_Tuple:
        return "tuple";
    case AST_Lambda:
        return "lambda";
    case AST_Call:
        return "function call";
    case AST_BoolOp:
    case AST_BinOp:
    case AST_UnaryOp:
        return "expression";
    case AST_GeneratorExp:
        return "generator expression";
    case AST_Yield:
    case AST_YieldFrom:
        return "yield expression";
    case AST_Await:
        return "await expression";
    case AST_ListComp:
        return "list comprehension";
    case AST_SetComp:
        return "set comprehension";
    case AST_DictComp:
        return "dict comprehension";
    case AST_Dict:
        return "dict literal";
    case AST_Set:
        return "set display";
    case AST_JoinedStr:
    case AST_FormattedValue:
        return "f-string expression";
    case AST_Compare:
        return "comparison";
    case AST_IfExp:
        return "conditional expression";
    case AST_NamedExpr:
        return "named expression";
    default:
        switch (AST(Constant, n)->value.kind) {
        case OU_K_NONE:
            return "None";
        case OU_K_TRUE:
            return "True";
        case OU_K_FALSE:
            return "False";
        case OU_K_ELLIPSIS:
            return "ellipsis";
        default:
            return "literal";
        }
    }
}
