/* lang/diagnose_pattern.c - the diagnosis' reader: match statements. */
#include "diagnose.h"

/* Any pattern is just a node with a place. */
static OuNode *some_pattern(OuDiagnosis *d, uint32_t start)
{
    return d->failed ? NULL : MAKE(d, start, MatchValue, .value = NULL);
}

static OuNode *pattern(OuDiagnosis *d);

/* ---- leaves ---- */

/* [-] number, not followed by + or - */
static OuNode *signed_number(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    eat(d, TOK_MINUS);
    if (!ou_diagnose_number(d) || at(d, TOK_PLUS) || at(d, TOK_MINUS))
        return NULL;
    return some_pattern(d, start);
}

static bool is_complex(const OuNode *n)
{
    return AST(Constant, n)->value.kind == OU_K_COMPLEX;
}

static OuNode *complex_number(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *n;
    eat(d, TOK_MINUS);
    if (!(n = ou_diagnose_number(d)))
        return NULL;
    if (is_complex(n))
        return ou_diagnose_error_at(d, ou_span_of(n), "real number required in complex literal");
    if ((!eat(d, TOK_PLUS) && !eat(d, TOK_MINUS)) || !(n = ou_diagnose_number(d)))
        return NULL;
    if (!is_complex(n))
        return ou_diagnose_error_at(d, ou_span_of(n), "imaginary number required in complex literal");
    return some_pattern(d, start);
}

static OuNode *literal(OuDiagnosis *d)
{
    OuNode *n = attempt(d, signed_number);
    if (!n)
        n = attempt(d, complex_number);
    if (!n)
        n = attempt(d, ou_diagnose_strings);
    if (n || d->failed)
        return n;
    uint32_t start = d->mark;
    if (eat(d, TOK_NONE) || eat(d, TOK_TRUE) || eat(d, TOK_FALSE))
        return some_pattern(d, start);
    return NULL;
}

static bool goes_on(OuDiagnosis *d)
{
    return at(d, TOK_DOT) || at(d, TOK_LPAR) || at(d, TOK_EQ);
}

static OuNode *capture(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (!ou_diagnose_at_name(d) || ou_diagnose_at_word(d, "_"))
        return NULL;
    d->mark++;
    return goes_on(d) ? NULL : some_pattern(d, start);
}

static OuNode *wildcard(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (!ou_diagnose_at_word(d, "_"))
        return NULL;
    d->mark++;
    return some_pattern(d, start);
}

/* name ('.' name)*; with `dotted` at least one dot */
static OuNode *name_or_attr(OuDiagnosis *d, bool dotted)
{
    uint32_t start = d->mark;
    bool dots = false;
    if (!ou_diagnose_at_name(d))
        return NULL;
    d->mark++;
    for (uint32_t after = d->mark; eat(d, TOK_DOT); after = d->mark) {
        if (!ou_diagnose_at_name(d)) {
            d->mark = after;
            break;
        }
        d->mark++;
        dots = true;
    }
    return dotted && !dots ? NULL : some_pattern(d, start);
}

static OuNode *attr(OuDiagnosis *d)
{
    return name_or_attr(d, true);
}

static OuNode *value_pattern(OuDiagnosis *d)
{
    OuNode *n = attr(d);
    return n && !goes_on(d) ? n : NULL;
}

/* ---- sequences ---- */

static OuNode *star_pattern(OuDiagnosis *d)
{
    OuNode *n = NULL;
    if (ou_diagnose_recall(d, M_STAR_PATTERN, &n))
        return n;
    uint32_t start = d->mark;
    if (eat(d, TOK_STAR) && ((n = attempt(d, capture)) || (n = attempt(d, wildcard))))
        n = some_pattern(d, start);
    return ou_diagnose_keep(d, M_STAR_PATTERN, start, n);
}

static OuNode *maybe_star(OuDiagnosis *d)
{
    OuNode *n = attempt(d, star_pattern);
    return n || d->failed ? n : pattern(d);
}

static OuNode *maybe_sequence(OuDiagnosis *d)
{
    uint32_t base = d->n_vec, n = gather(d, maybe_star);
    d->n_vec = base;
    if (!n)
        return NULL;
    eat(d, TOK_COMMA);
    return DIAG_OK;
}

static OuNode *open_sequence(OuDiagnosis *d)
{
    if (!maybe_star(d) || !eat(d, TOK_COMMA))
        return NULL;
    attempt(d, maybe_sequence);
    return d->failed ? NULL : DIAG_OK;
}

static OuNode *group(OuDiagnosis *d)
{
    OuNode *n;
    return eat(d, TOK_LPAR) && (n = pattern(d)) && eat(d, TOK_RPAR) ? n : NULL;
}

static OuNode *sequence(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (eat(d, TOK_LSQB)) {
        attempt(d, maybe_sequence);
        return !d->failed && eat(d, TOK_RSQB) ? some_pattern(d, start) : NULL;
    }
    if (!eat(d, TOK_LPAR))
        return NULL;
    attempt(d, open_sequence);
    return !d->failed && eat(d, TOK_RPAR) ? some_pattern(d, start) : NULL;
}

/* ---- mappings and classes ---- */

static OuNode *rest(OuDiagnosis *d)
{
    return eat(d, TOK_DSTAR) ? capture(d) : NULL;
}

static OuNode *key_value(OuDiagnosis *d)
{
    OuNode *key = attempt(d, literal);
    if (!key)
        key = attempt(d, attr);
    return key && eat(d, TOK_COLON) ? pattern(d) : NULL;
}

static OuNode *mapping(OuDiagnosis *d)
{
    uint32_t start = d->mark, base = d->n_vec;
    if (!eat(d, TOK_LBRACE))
        return NULL;
    if (eat(d, TOK_RBRACE))
        return some_pattern(d, start);
    if (rest(d)) {
        eat(d, TOK_COMMA);
        if (eat(d, TOK_RBRACE))
            return some_pattern(d, start);
    }
    d->mark = start + 1;
    bool items = !d->failed && gather(d, key_value);
    d->n_vec = base;
    if (!items)
        return NULL;
    uint32_t after = d->mark;
    if (eat(d, TOK_COMMA) && rest(d)) {
        eat(d, TOK_COMMA);
        if (eat(d, TOK_RBRACE))
            return some_pattern(d, start);
    }
    d->mark = after;
    eat(d, TOK_COMMA);
    return !d->failed && eat(d, TOK_RBRACE) ? some_pattern(d, start) : NULL;
}

static OuNode *keyword(OuDiagnosis *d)
{
    if (!ou_diagnose_at_name(d))
        return NULL;
    d->mark++;
    return eat(d, TOK_EQ) ? pattern(d) : NULL;
}

static bool some(OuDiagnosis *d, OuNode *(*item)(OuDiagnosis *))
{
    uint32_t base = d->n_vec, n = gather(d, item);
    d->n_vec = base;
    return n > 0;
}

static bool close_list(OuDiagnosis *d)
{
    eat(d, TOK_COMMA);
    return eat(d, TOK_RPAR);
}

/* The arguments have been opened at `start`; positional after keyword? */
static void check_class(OuDiagnosis *d, uint32_t start)
{
    uint32_t base = d->n_vec;
    d->mark = start;
    if (!some(d, pattern) || !eat(d, TOK_COMMA))
        d->mark = start;
    if (!d->failed && some(d, keyword) && eat(d, TOK_COMMA) && gather(d, pattern)) {
        OuSeq late = ou_diagnose_take(d, base);
        if (late.n)
            ou_diagnose_error_at(d, ou_span_join(ou_span_of(late.at[0]), ou_span_of(late.at[late.n - 1])),
                                 "positional patterns follow keyword patterns");
    }
    d->n_vec = base;
}

static OuNode *class_pattern(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (!name_or_attr(d, false) || !eat(d, TOK_LPAR))
        return NULL;
    uint32_t inside = d->mark;
    if (eat(d, TOK_RPAR))
        return some_pattern(d, start);
    if (some(d, pattern)) {
        uint32_t after = d->mark;
        if (close_list(d))
            return some_pattern(d, start);
        d->mark = after;
    }
    uint32_t positional = d->mark;
    d->mark = inside;
    if (!d->failed && some(d, keyword) && close_list(d))
        return some_pattern(d, start);
    d->mark = positional;
    if (!d->failed && positional > inside && eat(d, TOK_COMMA) && some(d, keyword) && close_list(d))
        return some_pattern(d, start);
    if (d->checking && !d->failed)
        check_class(d, inside);
    return NULL;
}

/* ---- levels ---- */

static OuNode *closed(OuDiagnosis *d)
{
    static OuNode *(*const kinds[])(OuDiagnosis *) = {literal, capture,  wildcard, value_pattern,
                                                      group,   sequence, mapping,  class_pattern};
    OuNode *n = NULL;
    if (ou_diagnose_recall(d, M_CLOSED_PATTERN, &n))
        return n;
    if (!ou_diagnose_enter(d))
        return NULL;
    uint32_t start = d->mark;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !n && !d->failed; i++)
        n = attempt(d, kinds[i]);
    ou_diagnose_leave(d);
    return ou_diagnose_keep(d, M_CLOSED_PATTERN, start, n);
}

static OuNode *or_pattern(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *n = closed(d);
    if (!n)
        return NULL;
    for (uint32_t after = d->mark;; after = d->mark) {
        if (!eat(d, TOK_VBAR) || !attempt(d, closed)) {
            d->mark = after;
            break;
        }
        n = NULL;
    }
    return n && !d->failed ? n : some_pattern(d, start);
}

static OuNode *pattern(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *a, *n = or_pattern(d);
    if (n && eat(d, TOK_AS)) {
        uint32_t target = d->mark;
        if (capture(d))
            return some_pattern(d, start);
        d->mark = target;
        if (d->checking && !d->failed) {
            if (ou_diagnose_at_word(d, "_"))
                return ou_diagnose_error_at(d, ou_diagnose_token_span(d, target),
                                            "cannot use '_' as a target");
            if (!ou_diagnose_at_name(d) && (a = ou_diagnose_expression(d)))
                return ou_diagnose_error_at(d, ou_span_of(a), "invalid pattern target");
        }
        d->mark = target - 1;
    }
    return d->failed ? NULL : n;
}

static OuNode *patterns(OuDiagnosis *d)
{
    OuNode *n = attempt(d, open_sequence);
    return n || d->failed ? n : pattern(d);
}

/* ---- statements ---- */

static OuNode *subject(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (ou_diagnose_star_named_expression(d) && eat(d, TOK_COMMA)) {
        attempt(d, ou_diagnose_star_named_expressions);
        return d->failed ? NULL : DIAG_OK;
    }
    d->mark = start;
    return d->failed ? NULL : ou_diagnose_named_expression(d);
}

/* NEWLINE without INDENT behind it */
static bool no_block(OuDiagnosis *d)
{
    return eat(d, TOK_NEWLINE) && !at(d, TOK_INDENT) && !d->failed;
}

static bool case_head(OuDiagnosis *d)
{
    if (!ou_diagnose_at_word(d, "case"))
        return false;
    d->mark++;
    if (!patterns(d))
        return false;
    uint32_t after = d->mark;
    if (!eat(d, TOK_IF) || !ou_diagnose_named_expression(d))
        d->mark = after;
    return !d->failed;
}

static OuNode *case_block(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (d->checking) {
        if (case_head(d) && eat(d, TOK_NEWLINE))
            return ou_diagnose_error(d, OU_DIAG_SYNTAX, "expected ':'");
        d->mark = start;
        if (!d->failed && case_head(d) && eat(d, TOK_COLON) && no_block(d))
            return ou_diagnose_error(d, OU_DIAG_INDENTATION,
                                     "expected an indented block after 'case' statement on line %d",
                                     ou_diagnose_token(d, start)->lineno);
        d->mark = start;
    }
    if (d->failed || !case_head(d) || !eat(d, TOK_COLON))
        return NULL;
    return ou_diagnose_block(d);
}

OuNode *ou_diagnose_match_stmt(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (!ou_diagnose_at_word(d, "match"))
        return NULL;
    d->mark++;
    if (subject(d) && eat(d, TOK_COLON) && eat(d, TOK_NEWLINE) && eat(d, TOK_INDENT) &&
        attempt(d, case_block)) {
        while (attempt(d, case_block))
            ;
        if (!d->failed && eat(d, TOK_DEDENT))
            return DIAG_OK;
    }
    if (!d->checking || d->failed)
        return NULL;
    d->mark = start + 1;
    if (subject(d) && eat(d, TOK_NEWLINE))
        return ou_diagnose_error(d, OU_DIAG_SYNTAX, "expected ':'");
    d->mark = start + 1;
    if (!d->failed && subject(d) && eat(d, TOK_COLON) && no_block(d))
        return ou_diagnose_error(d, OU_DIAG_INDENTATION,
                                 "expected an indented block after 'match' statement on line %d",
                                 ou_diagnose_token(d, start)->lineno);
    return NULL;
}
