/* lang/diagnose_atom.c - the diagnosis' reader: atoms, displays and comprehensions. */
#include "diagnose.h"

/* ---- comprehensions ---- */

static OuNode *for_if_clause(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *target, *iter, *test;
    eat(d, TOK_ASYNC);
    if (eat(d, TOK_FOR) && (target = ou_diagnose_star_targets(d)) && eat(d, TOK_IN)) {
        /* after `in` there is no other way to read it */
        if (!(iter = ou_diagnose_disjunction(d)))
            return NULL;
        uint32_t base = d->n_vec;
        for (;;) {
            uint32_t at = d->mark;
            if (!eat(d, TOK_IF) || !(test = ou_diagnose_disjunction(d))) {
                d->mark = at;
                break;
            }
            ou_diagnose_push(d, test);
        }
        OuSeq ifs = ou_diagnose_take(d, base);
        return d->failed ? NULL : MAKE(d, start, comprehension, .target = target, .iter = iter, .ifs = ifs);
    }
    d->mark = start;
    if (d->checking && !d->failed)
        ou_diagnose_check_for_target(d);
    return NULL;
}

OuNode *ou_diagnose_for_if_clauses(OuDiagnosis *d)
{
    OuNode *last = NULL, *n;
    while ((n = attempt(d, for_if_clause)))
        last = n;
    return d->failed ? NULL : last;
}

static void check_comprehension(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *a, *b;
    bool paren = ou_diagnose_at(d, TOK_LPAR);
    if (!paren && !ou_diagnose_at(d, TOK_LSQB) && !ou_diagnose_at(d, TOK_LBRACE))
        return;
    d->mark++;
    if ((a = ou_diagnose_starred_expression(d)) && ou_diagnose_for_if_clauses(d))
        ou_diagnose_error_at(d, ou_span_of(a), "iterable unpacking cannot be used in comprehension");
    d->mark = start + 1;
    if (!d->failed && !paren && (a = ou_diagnose_star_named_expression(d)) && eat(d, TOK_COMMA) &&
        (b = ou_diagnose_star_named_expressions(d)) && ou_diagnose_for_if_clauses(d)) {
        const OuSeq *e = &AST(Tuple, b)->elts;
        ou_diagnose_error_at(d, ou_span_join(ou_span_of(a), ou_span_of(e->at[e->n - 1])),
                             "did you forget parentheses around the comprehension target?");
    }
    d->mark = start + 1;
    if (!d->failed && !paren && (a = ou_diagnose_star_named_expression(d)) && eat(d, TOK_COMMA)) {
        uint32_t comma = d->mark - 1;
        if (ou_diagnose_for_if_clauses(d))
            ou_diagnose_error_at(d, ou_span_join(ou_span_of(a), ou_diagnose_token_span(d, comma)),
                                 "did you forget parentheses around the comprehension target?");
    }
    d->mark = start;
}

/* open elt clauses close */
static OuNode *comp(OuDiagnosis *d, OuTokenKind open, OuTokenKind close)
{
    uint32_t start = d->mark;
    OuNode *elt;
    if (eat(d, open) && (elt = ou_diagnose_named_expression(d)) && ou_diagnose_for_if_clauses(d) &&
        eat(d, close)) {
        if (open == TOK_LSQB)
            return MAKE(d, start, ListComp, .elt = elt);
        return MAKE(d, start, SetComp, .elt = elt);
    }
    d->mark = start;
    if (d->checking && !d->failed)
        check_comprehension(d);
    return NULL;
}

OuNode *ou_diagnose_genexp(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *elt = NULL;
    if (eat(d, TOK_LPAR)) {
        elt = attempt(d, ou_diagnose_assignment_expression);
        if (!elt && !d->failed) {
            elt = ou_diagnose_expression(d);
            if (elt && ou_diagnose_at(d, TOK_WALRUS))
                elt = NULL;
        }
        if (elt && ou_diagnose_for_if_clauses(d) && eat(d, TOK_RPAR))
            return MAKE(d, start, GeneratorExp, .elt = elt);
    }
    d->mark = start;
    if (d->checking && !d->failed)
        check_comprehension(d);
    return NULL;
}

/* ---- parentheses and brackets ---- */

OuNode *ou_diagnose_tuple(OuDiagnosis *d)
{
    uint32_t start = d->mark, base = d->n_vec;
    OuNode *n, *rest;
    OuSeq elts = {0, NULL};
    if (!eat(d, TOK_LPAR))
        return NULL;
    n = attempt(d, ou_diagnose_star_named_expression);
    if (n) {
        if (!eat(d, TOK_COMMA))
            return NULL;
        ou_diagnose_push(d, n);
        if ((rest = attempt(d, ou_diagnose_star_named_expressions)))
            for (uint32_t i = 0; i < AST(Tuple, rest)->elts.n; i++)
                ou_diagnose_push(d, AST(Tuple, rest)->elts.at[i]);
        elts = ou_diagnose_take(d, base);
    }
    if (!eat(d, TOK_RPAR))
        return NULL;
    return MAKE(d, start, Tuple, .elts = elts, .ctx = AST_Load);
}

static void check_group(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *a;
    if (eat(d, TOK_LPAR) && (a = ou_diagnose_starred_expression(d)) && eat(d, TOK_RPAR))
        ou_diagnose_error_at(d, ou_span_of(a), "cannot use starred expression here");
    d->mark = start + 1;
    if (!d->failed && eat(d, TOK_DSTAR) && ou_diagnose_expression(d) && eat(d, TOK_RPAR))
        ou_diagnose_error_at(d, ou_diagnose_token_span(d, start + 1),
                             "cannot use double starred expression here");
    d->mark = start;
}

static OuNode *group(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *n;
    if (eat(d, TOK_LPAR)) {
        n = attempt(d, ou_diagnose_yield_expr);
        if (!n)
            n = attempt(d, ou_diagnose_named_expression);
        if (n && eat(d, TOK_RPAR))
            return n;
    }
    d->mark = start;
    if (d->checking && !d->failed)
        check_group(d);
    return NULL;
}

OuNode *ou_diagnose_list(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (!eat(d, TOK_LSQB))
        return NULL;
    OuNode *n = attempt(d, ou_diagnose_star_named_expressions);
    if (d->failed || !eat(d, TOK_RSQB))
        return NULL;
    return MAKE(d, start, List, .elts = n ? AST(Tuple, n)->elts : (OuSeq){0, NULL}, .ctx = AST_Load);
}

static OuNode *listcomp(OuDiagnosis *d)
{
    return comp(d, TOK_LSQB, TOK_RSQB);
}

/* ---- braces ---- */

static OuNode *kvpair(OuDiagnosis *d)
{
    OuNode *key = ou_diagnose_expression(d);
    if (!key || !eat(d, TOK_COLON) || !ou_diagnose_expression(d))
        return NULL;
    return key;
}

static OuNode *dict_item(OuDiagnosis *d)
{
    if (eat(d, TOK_DSTAR))
        return ou_diagnose_bitor(d);
    return kvpair(d);
}

/* One item or more with commas between; the mark stays before a comma that leads nowhere. */
static bool dict_items(OuDiagnosis *d)
{
    if (!attempt(d, dict_item))
        return false;
    for (;;) {
        uint32_t at = d->mark;
        if (!eat(d, TOK_COMMA) || !attempt(d, dict_item)) {
            d->mark = at;
            return !d->failed;
        }
    }
}

/* expression ':' followed by a star or by nothing */
static void check_value(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (ou_diagnose_expression(d) && eat(d, TOK_COLON)) {
        uint32_t star = d->mark;
        if (eat(d, TOK_STAR) && ou_diagnose_bitor(d))
            ou_diagnose_error_at(d, ou_diagnose_from(d, ou_diagnose_token_span(d, star)),
                                 "cannot use a starred expression in a dictionary value");
    }
    d->mark = start;
    if (!d->failed && ou_diagnose_expression(d) && eat(d, TOK_COLON)) {
        OuSpan colon = ou_diagnose_token_span(d, d->mark - 1);
        if (ou_diagnose_at(d, TOK_RBRACE) || ou_diagnose_at(d, TOK_COMMA))
            ou_diagnose_error_at(d, colon, "expression expected after dictionary key and ':'");
    }
    d->mark = start;
}

/* CPython makes this check in its first reading already. */
static void check_dict(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *key;
    if (dict_items(d) && eat(d, TOK_COMMA)) {
        uint32_t item = d->mark;
        if ((key = ou_diagnose_expression(d)) && !ou_diagnose_at(d, TOK_COLON) && !d->failed) {
            OuSpan s = ou_span_of(key);
            s.l = key->lineno;
            s.c = key->end_col - 1;
            s.ec = -1;
            ou_diagnose_error_at(d, s, "':' expected after dictionary key");
        }
        d->mark = item;
        if (!d->failed)
            check_value(d);
    }
    d->mark = start;
    if (!d->failed)
        check_value(d);
}

static OuNode *dict(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (!eat(d, TOK_LBRACE))
        return NULL;
    if (dict_items(d))
        eat(d, TOK_COMMA);
    else
        d->mark = start + 1;
    if (!d->failed && eat(d, TOK_RBRACE))
        return MAKE(d, start, Dict, .keys = {0, NULL});
    d->mark = start + 1;
    if (!d->failed)
        check_dict(d);
    return NULL;
}

static OuNode *set(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *n;
    if (!eat(d, TOK_LBRACE) || !(n = ou_diagnose_star_named_expressions(d)) || !eat(d, TOK_RBRACE))
        return NULL;
    return MAKE(d, start, Set, .elts = AST(Tuple, n)->elts);
}

static OuNode *dictcomp(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *key;
    if (eat(d, TOK_LBRACE) && (key = kvpair(d)) && ou_diagnose_for_if_clauses(d) && eat(d, TOK_RBRACE))
        return MAKE(d, start, DictComp, .key = key);
    d->mark = start;
    if (d->checking && !d->failed && eat(d, TOK_LBRACE) && eat(d, TOK_DSTAR) && ou_diagnose_bitor(d) &&
        ou_diagnose_for_if_clauses(d) && eat(d, TOK_RBRACE))
        ou_diagnose_error_at(d, ou_diagnose_token_span(d, start + 1),
                             "dict unpacking cannot be used in dict comprehension");
    return NULL;
}

static OuNode *setcomp(OuDiagnosis *d)
{
    return comp(d, TOK_LBRACE, TOK_RBRACE);
}

/* ---- atoms ---- */

static OuNode *constant(OuDiagnosis *d, OuConstKind kind)
{
    uint32_t start = d->mark++;
    return MAKE(d, start, Constant, .value = {.kind = (uint8_t)kind});
}

OuNode *ou_diagnose_atom(OuDiagnosis *d)
{
    const OuToken *t = ou_diagnose_token(d, d->mark);
    OuNode *n;
    if (!t)
        return NULL;
    switch ((OuTokenKind)t->kind) {
    case TOK_NAME:
    case TOK_MATCH:
    case TOK_CASE:
        return ou_diagnose_name(d);
    case TOK_TRUE:
        return constant(d, OU_K_TRUE);
    case TOK_FALSE:
        return constant(d, OU_K_FALSE);
    case TOK_NONE:
        return constant(d, OU_K_NONE);
    case TOK_ELLIPSIS:
        return constant(d, OU_K_ELLIPSIS);
    case TOK_STRING:
        return ou_diagnose_strings(d);
    case TOK_NUMBER:
        return ou_diagnose_number(d);
    case TOK_LPAR:
        if (!(n = attempt(d, ou_diagnose_tuple)) && !(n = attempt(d, group)))
            n = attempt(d, ou_diagnose_genexp);
        return n;
    case TOK_LSQB:
        if (!(n = attempt(d, ou_diagnose_list)))
            n = attempt(d, listcomp);
        return n;
    case TOK_LBRACE:
        if (!(n = attempt(d, dict)) && !(n = attempt(d, set)) && !(n = attempt(d, dictcomp)))
            n = attempt(d, setcomp);
        return n;
    default:
        return NULL;
    }
}
