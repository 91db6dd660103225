/* lang/diagnose_params.c - the diagnosis' reader: parameters of def and lambda.
 *
 * One reader serves both: a lambda's end at ':' and have no annotations. */
#include "diagnose.h"

typedef struct Params {
    OuDiagnosis *d;
    bool lambda;
} Params;

typedef enum { NO_DEFAULT, WITH_DEFAULT, MAYBE_DEFAULT } Default;

static OuTokenKind closer(const Params *p)
{
    return p->lambda ? TOK_COLON : TOK_RPAR;
}

/* After a parameter: its comma, or the end in sight. */
static bool separator(Params *p)
{
    return eat(p->d, TOK_COMMA) || at(p->d, closer(p));
}

/* behind a parameter, with its type comment */
static bool typed_separator(Params *p)
{
    bool comma = eat(p->d, TOK_COMMA);
    uint32_t start = p->d->mark;
    if (!p->lambda && eat(p->d, TOK_TYPE_COMMENT) && !comma && !at(p->d, closer(p)))
        p->d->mark = start;
    return comma || at(p->d, closer(p));
}

/* name [annotation]; the token's number, or -1 */
static int64_t param(Params *p)
{
    uint32_t start = p->d->mark;
    if (!ou_diagnose_at_name(p->d))
        return -1;
    p->d->mark++;
    if (!p->lambda) {
        uint32_t after = p->d->mark;
        if (!eat(p->d, TOK_COLON) || !ou_diagnose_expression(p->d))
            p->d->mark = after;
    }
    return p->d->failed ? -1 : (int64_t)start;
}

static bool dflt(Params *p)
{
    uint32_t start = p->d->mark;
    if (!eat(p->d, TOK_EQ))
        return false;
    if (ou_diagnose_expression(p->d))
        return true;
    p->d->mark = start + 1;
    if (p->d->checking && !p->d->failed && (at(p->d, TOK_RPAR) || at(p->d, TOK_COMMA)))
        ou_diagnose_error_at(p->d, ou_diagnose_token_span(p->d, start), "expected default value expression");
    p->d->mark = start;
    return false;
}

/* One parameter with its separator.  On refusal the mark is back. */
static bool one(Params *p, Default want)
{
    uint32_t start = p->d->mark;
    if (param(p) >= 0) {
        uint32_t after = p->d->mark;
        bool has = want != NO_DEFAULT && dflt(p);
        if (!has)
            p->d->mark = after;
        if ((has || want != WITH_DEFAULT) && !p->d->failed && typed_separator(p))
            return !p->d->failed;
    }
    p->d->mark = start;
    return false;
}

static uint32_t many(Params *p, Default want)
{
    uint32_t n = 0;
    while (one(p, want))
        n++;
    return n;
}

static bool back(Params *p, uint32_t start)
{
    p->d->mark = start;
    return false;
}

static bool slash(Params *p)
{
    return eat(p->d, TOK_SLASH) && separator(p);
}

static bool slash_no_default(Params *p)
{
    uint32_t start = p->d->mark;
    return (many(p, NO_DEFAULT) && slash(p)) || back(p, start);
}

static bool slash_with_default(Params *p)
{
    uint32_t start = p->d->mark;
    many(p, NO_DEFAULT);
    return (many(p, WITH_DEFAULT) && slash(p)) || back(p, start);
}

/* The place of a parameter: name and annotation. */
static OuSpan param_span(Params *p, uint32_t start)
{
    uint32_t mark = p->d->mark;
    p->d->mark = start;
    param(p);
    OuSpan s = ou_diagnose_span(p->d, start);
    p->d->mark = mark;
    return s;
}

/* ---- `**kw` ---- */

static void check_kwds(Params *p)
{
    OuDiagnosis *d = p->d;
    uint32_t start = d->mark;
    if (!eat(p->d, TOK_DSTAR) || param(p) < 0)
        return;
    if (at(p->d, TOK_EQ)) {
        ou_diagnose_error_at(d, ou_diagnose_token_span(d, d->mark),
                             "var-keyword argument cannot have default value");
    } else if (eat(p->d, TOK_COMMA)) {
        uint32_t next = d->mark;
        if (param(p) >= 0)
            ou_diagnose_error_at(d, ou_diagnose_span(d, next),
                                 "arguments cannot follow var-keyword argument");
        d->mark = next;
        if (!d->failed && (at(p->d, TOK_STAR) || at(p->d, TOK_DSTAR) || at(p->d, TOK_SLASH)))
            ou_diagnose_error_at(d, ou_diagnose_token_span(d, next),
                                 "arguments cannot follow var-keyword argument");
    }
    d->mark = start;
}

static bool kwds(Params *p)
{
    uint32_t start = p->d->mark;
    if (p->d->checking)
        check_kwds(p);
    p->d->mark = start;
    return (!p->d->failed && eat(p->d, TOK_DSTAR) && one(p, NO_DEFAULT)) || back(p, start);
}

/* ---- `*args` and what follows ---- */

/* after the star: a parameter, or the comma of a bare star */
static bool star_subject(Params *p)
{
    return one(p, NO_DEFAULT) || eat(p->d, TOK_COMMA);
}

static void check_star(Params *p)
{
    OuDiagnosis *d = p->d;
    uint32_t start = d->mark;
    if (!eat(p->d, TOK_STAR))
        return;
    bool bare = at(p->d, closer(p)) || (eat(p->d, TOK_COMMA) && (at(p->d, closer(p)) || at(p->d, TOK_DSTAR)));
    if (bare && !d->failed) {
        if (p->lambda) {
            ou_diagnose_error(d, OU_DIAG_SYNTAX, "named arguments must follow bare *");
        } else {
            ou_diagnose_error_at(d, ou_diagnose_token_span(d, start), "named arguments must follow bare *");
        }
    }
    d->mark = start + 1;
    if (!d->failed && !p->lambda && eat(p->d, TOK_COMMA) && eat(p->d, TOK_TYPE_COMMENT))
        ou_diagnose_error(d, OU_DIAG_SYNTAX, "bare * has associated type comment");
    d->mark = start + 1;
    if (!d->failed && param(p) >= 0 && at(p->d, TOK_EQ))
        ou_diagnose_error_at(d, ou_diagnose_token_span(d, d->mark),
                             "var-positional argument cannot have default value");
    d->mark = start + 1;
    if (!d->failed && star_subject(p)) {
        many(p, MAYBE_DEFAULT);
        uint32_t second = d->mark;
        if (!d->failed && eat(p->d, TOK_STAR) && star_subject(p))
            ou_diagnose_error_at(d, ou_diagnose_token_span(d, second), "* argument may appear only once");
    }
    d->mark = start;
}

/* `*args: *Ts` */
static bool star_annotated(Params *p)
{
    if (p->lambda || !ou_diagnose_at_name(p->d))
        return false;
    p->d->mark++;
    if (!eat(p->d, TOK_COLON))
        return false;
    uint32_t start = p->d->mark;
    if (!eat(p->d, TOK_STAR) || !ou_diagnose_bitor(p->d)) {
        p->d->mark = start;
        if (p->d->failed || !ou_diagnose_expression(p->d))
            return false;
    }
    return typed_separator(p);
}

static bool star_etc(Params *p)
{
    OuDiagnosis *d = p->d;
    uint32_t start = d->mark;
    if (d->checking)
        check_star(p);
    d->mark = start;
    if (!d->failed && eat(p->d, TOK_STAR)) {
        bool good = one(p, NO_DEFAULT);
        if (!good && !d->failed)
            good = star_annotated(p);
        if (good) {
            many(p, MAYBE_DEFAULT);
        } else {
            d->mark = start + 1;
            good = !d->failed && eat(p->d, TOK_COMMA) && many(p, MAYBE_DEFAULT);
        }
        if (good && !d->failed) {
            kwds(p);
            return !d->failed;
        }
    }
    d->mark = start;
    return !d->failed && kwds(p);
}

/* ---- whole lists ---- */

static void check_params(Params *p)
{
    OuDiagnosis *d = p->d;
    uint32_t start = d->mark, last;
    many(p, NO_DEFAULT);
    if (!d->failed && (slash_with_default(p) || many(p, WITH_DEFAULT))) {
        last = d->mark;
        if (one(p, NO_DEFAULT))
            ou_diagnose_error_at(d, param_span(p, last), "non-default argument follows default argument");
    }
    d->mark = start;
    if (!d->failed) {
        many(p, NO_DEFAULT);
        last = d->mark;
        bool any = eat(p->d, TOK_LPAR);
        if (any && p->lambda) {
            any = param(p) >= 0;
            for (uint32_t after = d->mark; any; after = d->mark)
                if (!eat(p->d, TOK_COMMA) || param(p) < 0) {
                    d->mark = after;
                    break;
                }
            eat(p->d, TOK_COMMA);
        } else if (any) {
            any = many(p, NO_DEFAULT);
            eat(p->d, TOK_COMMA);
        }
        if (any && !d->failed && eat(p->d, TOK_RPAR))
            ou_diagnose_error_at(d, ou_diagnose_span(d, last), "%s parameters cannot be parenthesized",
                                 p->lambda ? "Lambda expression" : "Function");
    }
    d->mark = start;
    if (!d->failed && eat(p->d, TOK_SLASH) && eat(p->d, TOK_COMMA))
        ou_diagnose_error_at(d, ou_diagnose_token_span(d, start), "at least one argument must precede /");
    d->mark = start;
    if (!d->failed && (slash_no_default(p) || slash_with_default(p))) {
        many(p, MAYBE_DEFAULT);
        if (!d->failed && at(p->d, TOK_SLASH))
            ou_diagnose_error_at(d, ou_diagnose_token_span(d, d->mark), "/ may appear only once");
    }
    d->mark = start;
    if (!d->failed) {
        if (!slash_no_default(p))
            slash_with_default(p);
        many(p, MAYBE_DEFAULT);
        if (!d->failed && eat(p->d, TOK_STAR) && (eat(p->d, TOK_COMMA) || one(p, NO_DEFAULT))) {
            many(p, MAYBE_DEFAULT);
            if (!d->failed && at(p->d, TOK_SLASH))
                ou_diagnose_error_at(d, ou_diagnose_token_span(d, d->mark), "/ must be ahead of *");
        }
    }
    d->mark = start;
    if (!d->failed && many(p, MAYBE_DEFAULT) && eat(p->d, TOK_SLASH) && at(p->d, TOK_STAR))
        ou_diagnose_error_at(d, ou_diagnose_token_span(d, d->mark), "expected comma between / and *");
    d->mark = start;
}

static bool parameters(Params *p)
{
    OuDiagnosis *d = p->d;
    uint32_t start = d->mark;
    if (slash_no_default(p)) {
        many(p, NO_DEFAULT);
        many(p, WITH_DEFAULT);
    } else if (!d->failed && slash_with_default(p)) {
        many(p, WITH_DEFAULT);
    } else if (!d->failed && many(p, NO_DEFAULT)) {
        many(p, WITH_DEFAULT);
    } else if (!d->failed && !many(p, WITH_DEFAULT)) {
        d->mark = start;
        return !d->failed && star_etc(p);
    }
    if (!d->failed)
        star_etc(p);
    return !d->failed;
}

OuNode *ou_diagnose_params(OuDiagnosis *d, bool lambda)
{
    Params p = {d, lambda};
    if (d->checking)
        check_params(&p);
    return !d->failed && parameters(&p) ? DIAG_OK : NULL;
}
