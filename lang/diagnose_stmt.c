/* lang/diagnose_stmt.c - the diagnosis' reader: simple statements. */
#include "diagnose.h"

#include <string.h>

static OuNode *yield_or_star(OuDiagnosis *d)
{
    OuNode *n = attempt(d, ou_diagnose_yield_expr);
    return n ? n : attempt(d, ou_diagnose_star_expressions);
}

/* ---- assignments ---- */

/* list or tuple, perhaps in parentheses: what an annotation likes least */
static OuNode *unpacking_target(OuDiagnosis *d)
{
    OuNode *n = attempt(d, ou_diagnose_list);
    if (!n)
        n = attempt(d, ou_diagnose_tuple);
    if (n || d->failed || !eat(d, TOK_LPAR))
        return n;
    n = ou_diagnose_enter(d) ? unpacking_target(d) : NULL;
    ou_diagnose_leave(d);
    return n && eat(d, TOK_RPAR) ? n : NULL;
}

/* (targets '=')*: the mark goes to the first that is none */
static void skip_targets(OuDiagnosis *d)
{
    for (uint32_t start = d->mark;; start = d->mark)
        if (!ou_diagnose_star_targets(d) || !eat(d, TOK_EQ)) {
            d->mark = start;
            return;
        }
}

static void check_assignment(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *a = unpacking_target(d);
    if (a && eat(d, TOK_COLON) && ou_diagnose_expression(d))
        ou_diagnose_error_at(d, ou_span_of(a), "only single target (not %s) can be annotated",
                             ou_diagnose_expr_name(a));
    d->mark = start;
    if (!d->failed && (a = ou_diagnose_star_named_expression(d)) && eat(d, TOK_COMMA)) {
        while (attempt(d, ou_diagnose_star_named_expressions))
            ;
        if (!d->failed && eat(d, TOK_COLON) && ou_diagnose_expression(d))
            ou_diagnose_error_at(d, ou_span_of(a), "only single target (not tuple) can be annotated");
    }
    d->mark = start;
    if (!d->failed && (a = ou_diagnose_expression(d)) && eat(d, TOK_COLON) && ou_diagnose_expression(d))
        ou_diagnose_error_at(d, ou_span_of(a), "illegal target for annotation");
    d->mark = start;
    if (!d->failed)
        skip_targets(d);
    if (!d->failed && (a = ou_diagnose_star_expressions(d)) && eat(d, TOK_EQ))
        ou_diagnose_check_target(d, a, OU_TARGET_STAR, false);
    d->mark = start;
    if (!d->failed)
        skip_targets(d);
    if (!d->failed && (a = ou_diagnose_yield_expr(d)) && eat(d, TOK_EQ))
        ou_diagnose_error_at(d, ou_span_of(a), "assignment to yield expression not possible");
    d->mark = start;
    if (!d->failed && (a = ou_diagnose_star_expressions(d)) && eat(d, TOK_AUGASSIGN) && yield_or_star(d))
        ou_diagnose_error_at(d, ou_span_of(a), "'%s' is an illegal expression for augmented assignment",
                             ou_diagnose_expr_name(a));
    d->mark = start;
}

/* ':' annotation ['=' value] */
static bool annotation(OuDiagnosis *d)
{
    if (!eat(d, TOK_COLON) || !ou_diagnose_expression(d))
        return false;
    uint32_t after = d->mark;
    if (!eat(d, TOK_EQ) || !yield_or_star(d))
        d->mark = after;
    return !d->failed;
}

static OuNode *assignment(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (ou_diagnose_at_name(d)) {
        d->mark++;
        if (annotation(d))
            return DIAG_OK;
    }
    d->mark = start;
    if (d->failed)
        return NULL;
    bool target = eat(d, TOK_LPAR) && ou_diagnose_single_target(d) && eat(d, TOK_RPAR);
    if (!target && !d->failed) {
        d->mark = start;
        target = ou_diagnose_single_access(d);
    }
    if (target && annotation(d))
        return DIAG_OK;
    d->mark = start;
    if (d->failed)
        return NULL;
    skip_targets(d);
    if (d->mark > start && yield_or_star(d) && !at(d, TOK_EQ) && !d->failed) {
        eat(d, TOK_TYPE_COMMENT);
        return DIAG_OK;
    }
    d->mark = start;
    if (!d->failed && ou_diagnose_single_target(d) && eat(d, TOK_AUGASSIGN))
        return yield_or_star(d); /* settled: nothing else is tried */
    d->mark = start;
    if (d->checking && !d->failed)
        check_assignment(d);
    return NULL;
}

/* ---- import ---- */

static OuNode *name(OuDiagnosis *d)
{
    if (!ou_diagnose_at_name(d))
        return NULL;
    d->mark++;
    return DIAG_OK;
}

static bool dotted_name(OuDiagnosis *d)
{
    if (!name(d))
        return false;
    for (uint32_t after = d->mark; eat(d, TOK_DOT); after = d->mark)
        if (!name(d)) {
            d->mark = after;
            break;
        }
    return !d->failed;
}

static void as_name(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (!eat(d, TOK_AS) || !name(d))
        d->mark = start;
}

static OuNode *dotted_as_name(OuDiagnosis *d)
{
    if (!dotted_name(d))
        return NULL;
    as_name(d);
    return DIAG_OK;
}

static OuNode *name_as_name(OuDiagnosis *d)
{
    if (!name(d))
        return NULL;
    as_name(d);
    return DIAG_OK;
}

static OuNode *import_targets(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (eat(d, TOK_LPAR) && commas(d, name_as_name)) {
        eat(d, TOK_COMMA);
        if (eat(d, TOK_RPAR))
            return DIAG_OK;
    }
    d->mark = start;
    if (!d->failed && commas(d, name_as_name) && !at(d, TOK_COMMA))
        return d->failed ? NULL : DIAG_OK;
    d->mark = start;
    if (eat(d, TOK_STAR))
        return DIAG_OK;
    if (d->checking && !d->failed && commas(d, name_as_name) && eat(d, TOK_COMMA) && eat(d, TOK_NEWLINE))
        ou_diagnose_error(d, OU_DIAG_SYNTAX, "trailing comma not allowed without surrounding parentheses");
    return NULL;
}

static OuNode *import_from(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (!eat(d, TOK_FROM))
        return NULL;
    while (eat(d, TOK_DOT) || eat(d, TOK_ELLIPSIS))
        ;
    uint32_t after = d->mark;
    if (dotted_name(d) && eat(d, TOK_IMPORT) && import_targets(d))
        return DIAG_OK;
    d->mark = after;
    if (!d->failed && after > start + 1 && eat(d, TOK_IMPORT) && import_targets(d))
        return DIAG_OK;
    return NULL;
}

/* ---- the others ---- */

static OuNode *optional(OuDiagnosis *d, OuNode *(*reader)(OuDiagnosis *))
{
    attempt(d, reader);
    return d->failed ? NULL : DIAG_OK;
}

static OuNode *raise_stmt(OuDiagnosis *d)
{
    uint32_t start = d->mark++;
    if (ou_diagnose_expression(d)) {
        uint32_t after = d->mark;
        if (!eat(d, TOK_FROM) || !ou_diagnose_expression(d))
            d->mark = after;
        return d->failed ? NULL : DIAG_OK;
    }
    d->mark = start + 1;
    return d->failed ? NULL : DIAG_OK;
}

static OuNode *del_stmt(OuDiagnosis *d)
{
    uint32_t start = d->mark++;
    OuNode *a;
    if (ou_diagnose_del_targets(d) && (at(d, TOK_SEMI) || at(d, TOK_NEWLINE)))
        return DIAG_OK;
    d->mark = start + 1;
    if (d->checking && !d->failed && (a = ou_diagnose_star_expressions(d)))
        ou_diagnose_check_target(d, a, OU_TARGET_DEL, false);
    return NULL;
}

static OuNode *assert_stmt(OuDiagnosis *d)
{
    d->mark++;
    if (!ou_diagnose_expression(d))
        return NULL;
    uint32_t after = d->mark;
    if (!eat(d, TOK_COMMA) || !ou_diagnose_expression(d))
        d->mark = after;
    return d->failed ? NULL : DIAG_OK;
}

static OuNode *by_keyword(OuDiagnosis *d)
{
    const OuToken *t = ou_diagnose_token(d, d->mark);
    if (!t)
        return NULL;
    switch ((OuTokenKind)t->kind) {
    case TOK_RETURN:
        d->mark++;
        return optional(d, ou_diagnose_star_expressions);
    case TOK_IMPORT:
        d->mark++;
        return commas(d, dotted_as_name) ? DIAG_OK : NULL;
    case TOK_FROM:
        return import_from(d);
    case TOK_RAISE:
        return raise_stmt(d);
    case TOK_DEL:
        return del_stmt(d);
    case TOK_YIELD:
        return ou_diagnose_yield_expr(d);
    case TOK_ASSERT:
        return assert_stmt(d);
    case TOK_PASS:
    case TOK_BREAK:
    case TOK_CONTINUE:
        d->mark++;
        return DIAG_OK;
    case TOK_GLOBAL:
    case TOK_NONLOCAL:
        d->mark++;
        return commas(d, name) ? DIAG_OK : NULL;
    default:
        return NULL;
    }
}

static OuNode *simple_stmt(OuDiagnosis *d)
{
    OuNode *n = NULL;
    if (ou_diagnose_recall(d, M_SIMPLE_STMT, &n))
        return n;
    uint32_t start = d->mark;
    n = attempt(d, assignment);
    if (!n)
        n = attempt(d, ou_diagnose_star_expressions);
    if (!n)
        n = attempt(d, by_keyword);
    return ou_diagnose_keep(d, M_SIMPLE_STMT, start, n);
}

OuNode *ou_diagnose_simple_stmts(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (simple_stmt(d) && !at(d, TOK_SEMI) && eat(d, TOK_NEWLINE))
        return DIAG_OK;
    d->mark = start;
    if (d->failed || !attempt(d, simple_stmt))
        return NULL;
    for (;;) {
        uint32_t after = d->mark;
        if (!eat(d, TOK_SEMI) || !attempt(d, simple_stmt)) {
            d->mark = after;
            break;
        }
    }
    eat(d, TOK_SEMI);
    return !d->failed && eat(d, TOK_NEWLINE) ? DIAG_OK : NULL;
}
