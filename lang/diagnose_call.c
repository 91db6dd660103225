/* lang/diagnose_call.c - the diagnosis' reader: arguments. */
#include "diagnose.h"

/* ---- keyword arguments: a keyword node, or the Starred of `*x` ---- */

static void check_kwarg(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *a;
    const OuToken *t = ou_diagnose_token(d, start);
    if (t && (t->kind == TOK_TRUE || t->kind == TOK_FALSE || t->kind == TOK_NONE)) {
        const char *name = t->kind == TOK_TRUE ? "True" : t->kind == TOK_FALSE ? "False" : "None";
        d->mark++;
        if (eat(d, TOK_EQ))
            ou_diagnose_error_at(d, ou_diagnose_span(d, start), "cannot assign to %s", name);
    }
    d->mark = start;
    if (!d->failed && ou_diagnose_at_name(d)) {
        d->mark++;
        bool keyword = eat(d, TOK_EQ);
        if (keyword && ou_diagnose_expression(d) && ou_diagnose_for_if_clauses(d)) {
            d->mark = start + 2;
            ou_diagnose_error_at(d, ou_diagnose_span(d, start),
                                 "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
        }
        if (keyword)
            return;
    }
    d->mark = start;
    if (!d->failed && (a = ou_diagnose_expression(d)) && eat(d, TOK_EQ))
        ou_diagnose_error_at(d, ou_span_join(ou_span_of(a), ou_diagnose_token_span(d, d->mark - 1)),
                             "expression cannot contain assignment, perhaps you meant \"==\"?");
}

static OuNode *keyword(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (d->checking)
        check_kwarg(d);
    d->mark = start;
    OuNode *name = d->failed ? NULL : ou_diagnose_name(d), *value;
    if (!name || !eat(d, TOK_EQ) || !(value = ou_diagnose_expression(d)))
        return NULL;
    return MAKE(d, start, keyword, .arg = AST(Name, name)->id, .value = value);
}

static OuNode *keyword_or_star(OuDiagnosis *d)
{
    OuNode *n = attempt(d, keyword);
    return n || d->failed ? n : ou_diagnose_starred_expression(d);
}

static OuNode *keyword_or_double_star(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *n = attempt(d, keyword);
    if (n || d->failed || !eat(d, TOK_DSTAR) || !(n = ou_diagnose_expression(d)))
        return n;
    return MAKE(d, start, keyword, .value = n);
}

/* keywords and `*x`, then keywords and `**x`; pushed */
static bool keywords(OuDiagnosis *d)
{
    uint32_t start = d->mark, base = d->n_vec;
    if (gather(d, keyword_or_star) && eat(d, TOK_COMMA) && gather(d, keyword_or_double_star))
        return true;
    d->mark = start;
    d->n_vec = base;
    if (!d->failed && gather(d, keyword_or_star))
        return true;
    d->mark = start;
    d->n_vec = base;
    return !d->failed && gather(d, keyword_or_double_star);
}

/* ---- all arguments: a Call without function ---- */

static OuNode *positional(OuDiagnosis *d)
{
    OuNode *n = attempt(d, ou_diagnose_starred_expression);
    if (n || d->failed)
        return n;
    n = attempt(d, ou_diagnose_assignment_expression);
    if (!n && !d->failed) {
        n = ou_diagnose_expression(d);
        if (n && ou_diagnose_at(d, TOK_WALRUS))
            n = NULL;
    }
    return n && !ou_diagnose_at(d, TOK_EQ) && !d->failed ? n : NULL;
}

/* Takes the pushed items from base: expressions are arguments, keyword nodes keywords. */
static OuNode *call_of(OuDiagnosis *d, uint32_t start, uint32_t base)
{
    OuSeq all = ou_diagnose_take(d, base), args = {0, NULL}, kw = {0, NULL};
    if (d->failed)
        return NULL;
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < all.n; i++)
            if ((all.at[i]->kind == AST_keyword) == (round == 1))
                ou_diagnose_push(d, all.at[i]);
        *(round ? &kw : &args) = ou_diagnose_take(d, base);
    }
    return MAKE(d, start, Call, .args = args, .keywords = kw);
}

static OuNode *args(OuDiagnosis *d)
{
    uint32_t start = d->mark, base = d->n_vec;
    if (gather(d, positional)) {
        uint32_t at = d->mark, height = d->n_vec;
        if (!eat(d, TOK_COMMA) || !keywords(d)) {
            d->mark = at;
            d->n_vec = height;
        }
    } else {
        d->mark = start;
        d->n_vec = base;
        if (d->failed || !keywords(d)) {
            d->n_vec = base;
            return NULL;
        }
    }
    return call_of(d, start, base);
}

/* A comprehension ends, for messages, at its last condition or else its source. */
static OuSpan last_part(const OuNode *clause)
{
    const OuAst_comprehension *c = (const OuAst_comprehension *)clause;
    return ou_span_of(c->ifs.n ? c->ifs.at[c->ifs.n - 1] : c->iter);
}

static const char parenthesize[] = "Generator expression must be parenthesized";

static void check_arguments(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *a, *b;
    uint32_t base = d->n_vec;
    bool named = gather(d, positional) && eat(d, TOK_COMMA) && keywords(d);
    if (!named && !d->failed) {
        d->mark = start;
        named = keywords(d);
    }
    d->n_vec = base;
    if (named && eat(d, TOK_COMMA) && eat(d, TOK_STAR))
        ou_diagnose_error_at(d, ou_diagnose_token_span(d, d->mark - 1),
                             "iterable argument unpacking follows keyword argument unpacking");
    d->mark = start;
    if (!d->failed && (a = ou_diagnose_expression(d)) && (b = ou_diagnose_for_if_clauses(d)) &&
        eat(d, TOK_COMMA)) {
        if (!attempt(d, args) && ou_diagnose_expression(d))
            ou_diagnose_for_if_clauses(d);
        ou_diagnose_error_at(d, ou_span_join(ou_span_of(a), last_part(b)), "%s", parenthesize);
    }
    d->mark = start;
    if (!d->failed && ou_diagnose_name(d) && eat(d, TOK_EQ) && ou_diagnose_expression(d) &&
        ou_diagnose_for_if_clauses(d)) {
        d->mark = start + 2;
        ou_diagnose_error_at(d, ou_diagnose_span(d, start),
                             "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
    }
    d->mark = start;
    if (!d->failed && (a = args(d)) && (b = ou_diagnose_for_if_clauses(d))) {
        const OuSeq *pos = &AST(Call, a)->args;
        if (pos->n > 1)
            ou_diagnose_error_at(d, ou_span_join(ou_span_of(pos->at[pos->n - 1]), last_part(b)), "%s",
                                 parenthesize);
    }
    d->mark = start;
    if (!d->failed && args(d) && eat(d, TOK_COMMA) && (a = ou_diagnose_expression(d)) &&
        (b = ou_diagnose_for_if_clauses(d)))
        ou_diagnose_error_at(d, ou_span_join(ou_span_of(a), last_part(b)), "%s", parenthesize);
    d->mark = start;
    if (!d->failed && (a = args(d)) && eat(d, TOK_COMMA) && args(d)) {
        bool unpacking = false;
        const OuSeq *kw = &AST(Call, a)->keywords;
        for (uint32_t i = 0; i < kw->n; i++)
            unpacking |= !AST(keyword, kw->at[i])->arg;
        ou_diagnose_error(d, OU_DIAG_SYNTAX, "positional argument follows keyword argument%s",
                          unpacking ? " unpacking" : "");
    }
    d->mark = start;
}

OuNode *ou_diagnose_arguments(OuDiagnosis *d)
{
    OuNode *n = NULL;
    if (ou_diagnose_recall(d, M_ARGUMENTS, &n))
        return n;
    uint32_t start = d->mark;
    n = args(d);
    if (n) {
        eat(d, TOK_COMMA);
        if (!ou_diagnose_at(d, TOK_RPAR))
            n = NULL;
    }
    if (!n && d->checking && !d->failed) {
        d->mark = start;
        check_arguments(d);
    }
    return ou_diagnose_keep(d, M_ARGUMENTS, start, n);
}
