/* lang/diagnose_compound.c - the diagnosis' reader: blocks and compound statements. */
#include "diagnose.h"

static OuNode *done(OuDiagnosis *d)
{
    return d->failed ? NULL : DIAG_OK;
}

/* ---- blocks ---- */

static OuNode *indented(OuDiagnosis *d)
{
    if (eat(d, TOK_NEWLINE) && eat(d, TOK_INDENT) && ou_diagnose_statements(d) && eat(d, TOK_DEDENT))
        return DIAG_OK;
    return NULL;
}

OuNode *ou_diagnose_block(OuDiagnosis *d)
{
    OuNode *n = NULL;
    if (ou_diagnose_recall(d, M_BLOCK, &n))
        return n;
    if (!ou_diagnose_enter(d))
        return NULL;
    uint32_t start = d->mark;
    n = attempt(d, indented);
    if (!n)
        n = attempt(d, ou_diagnose_simple_stmts);
    if (!n && d->checking && !d->failed && eat(d, TOK_NEWLINE) && !at(d, TOK_INDENT) && !d->failed)
        ou_diagnose_error(d, OU_DIAG_INDENTATION, "expected an indented block");
    ou_diagnose_leave(d);
    return ou_diagnose_keep(d, M_BLOCK, start, n);
}

/* At ':' with nothing indented behind: the message for `what`, whose keyword is token `start`. */
static void check_indent(OuDiagnosis *d, uint32_t start, const char *what)
{
    /* looking for the INDENT may itself end in an error of the tokenizer, which then is the answer */
    if (!d->failed && eat(d, TOK_COLON) && eat(d, TOK_NEWLINE) && !at(d, TOK_INDENT) && !d->failed)
        ou_diagnose_error(d, OU_DIAG_INDENTATION, "expected an indented block after %s on line %d", what,
                          ou_diagnose_token(d, start)->lineno);
}

static void check_colon(OuDiagnosis *d)
{
    if (!d->failed && eat(d, TOK_NEWLINE))
        ou_diagnose_error(d, OU_DIAG_SYNTAX, "expected ':'");
}

static OuNode *else_block(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (!eat(d, TOK_ELSE))
        return NULL;
    if (d->checking)
        check_indent(d, start, "'else' statement");
    d->mark = start + 1;
    if (d->failed || !ou_diagnose_force(d, TOK_COLON, ":"))
        return NULL;
    return ou_diagnose_block(d);
}

/* ---- if, while, for ---- */

static OuNode *conditional(OuDiagnosis *d, const char *what, bool more)
{
    uint32_t start = d->mark++;
    if (d->checking) {
        if (ou_diagnose_named_expression(d))
            check_colon(d);
        d->mark = start + 1;
        if (!d->failed && ou_diagnose_named_expression(d))
            check_indent(d, start, what);
        d->mark = start + 1;
    }
    if (d->failed || !ou_diagnose_named_expression(d) || !eat(d, TOK_COLON) || !ou_diagnose_block(d))
        return NULL;
    if (more && at(d, TOK_ELIF)) {
        uint32_t after = d->mark;
        if (!ou_diagnose_enter(d))
            return NULL;
        OuNode *n = conditional(d, "'elif' statement", true);
        ou_diagnose_leave(d);
        if (n || d->failed)
            return n;
        d->mark = after;
    }
    attempt(d, else_block);
    return done(d);
}

static OuNode *for_stmt(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (eat(d, TOK_ASYNC) && d->failed)
        return NULL;
    uint32_t keyword = d->mark;
    if (d->checking) {
        if (eat(d, TOK_FOR) && ou_diagnose_star_targets(d) && eat(d, TOK_IN) &&
            ou_diagnose_star_expressions(d))
            check_colon(d);
        d->mark = keyword;
        if (!d->failed && eat(d, TOK_FOR) && ou_diagnose_star_targets(d) && eat(d, TOK_IN) &&
            ou_diagnose_star_expressions(d))
            check_indent(d, keyword, "'for' statement");
        d->mark = keyword;
    }
    if (!d->failed && eat(d, TOK_FOR) && ou_diagnose_star_targets(d) && eat(d, TOK_IN)) {
        /* settled */
        if (!ou_diagnose_star_expressions(d) || !eat(d, TOK_COLON))
            return NULL;
        eat(d, TOK_TYPE_COMMENT);
        if (!ou_diagnose_block(d))
            return NULL;
        attempt(d, else_block);
        return done(d);
    }
    d->mark = start;
    if (d->checking && !d->failed)
        ou_diagnose_check_for_target(d);
    return NULL;
}

/* ---- with ---- */

static OuNode *with_item(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *a;
    if (ou_diagnose_expression(d) && eat(d, TOK_AS) && ou_diagnose_star_target(d) &&
        (at(d, TOK_COMMA) || at(d, TOK_RPAR) || at(d, TOK_COLON)))
        return DIAG_OK;
    d->mark = start;
    if (d->checking && !d->failed && ou_diagnose_expression(d) && eat(d, TOK_AS) &&
        (a = ou_diagnose_expression(d)) && (at(d, TOK_COMMA) || at(d, TOK_RPAR) || at(d, TOK_COLON)))
        ou_diagnose_check_target(d, a, OU_TARGET_STAR, false);
    d->mark = start;
    return d->failed ? NULL : ou_diagnose_expression(d);
}

static OuNode *as_target(OuDiagnosis *d)
{
    return eat(d, TOK_AS) ? ou_diagnose_star_target(d) : NULL;
}

/* the looser items of the checks */
static OuNode *loose_item(OuDiagnosis *d)
{
    if (!ou_diagnose_expression(d))
        return NULL;
    attempt(d, as_target);
    return done(d);
}

static OuNode *loose_items_item(OuDiagnosis *d)
{
    if (!ou_diagnose_expressions(d))
        return NULL;
    attempt(d, as_target);
    return done(d);
}

static bool loose_parens(OuDiagnosis *d)
{
    if (!eat(d, TOK_LPAR) || !commas(d, loose_items_item))
        return false;
    eat(d, TOK_COMMA);
    return eat(d, TOK_RPAR);
}

static OuNode *with_stmt(OuDiagnosis *d)
{
    eat(d, TOK_ASYNC);
    uint32_t keyword = d->mark;
    if (!eat(d, TOK_WITH))
        return NULL;
    if (d->checking) {
        if (commas(d, loose_item))
            check_indent(d, keyword, "'with' statement");
        d->mark = keyword + 1;
        if (!d->failed && loose_parens(d))
            check_indent(d, keyword, "'with' statement");
        d->mark = keyword + 1;
    }
    if (!d->failed && eat(d, TOK_LPAR) && commas(d, with_item)) {
        eat(d, TOK_COMMA);
        if (eat(d, TOK_RPAR) && eat(d, TOK_COLON) && ou_diagnose_block(d))
            return DIAG_OK;
    }
    d->mark = keyword + 1;
    if (!d->failed && commas(d, with_item) && eat(d, TOK_COLON)) {
        eat(d, TOK_TYPE_COMMENT);
        if (ou_diagnose_block(d))
            return DIAG_OK;
    }
    if (d->checking) {
        d->mark = keyword + 1;
        if (!d->failed && commas(d, loose_item))
            check_colon(d);
        d->mark = keyword + 1;
        if (!d->failed && loose_parens(d))
            check_colon(d);
    }
    return NULL;
}

/* ---- try ---- */

/* after `except` [`*`] expression: [as NAME] */
static void as_name(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (eat(d, TOK_AS) && ou_diagnose_at_name(d))
        d->mark++;
    else
        d->mark = start;
}

static void check_except(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *a;
    d->mark++;
    eat(d, TOK_STAR);
    uint32_t type = d->mark;
    if ((a = ou_diagnose_expression(d)) && eat(d, TOK_COMMA) && ou_diagnose_expressions(d)) {
        as_name(d);
        if (eat(d, TOK_COLON))
            ou_diagnose_error_at(d, ou_diagnose_from(d, ou_span_of(a)),
                                 "multiple exception types must be parenthesized");
    }
    d->mark = type;
    if (!d->failed && ou_diagnose_expression(d)) {
        as_name(d);
        check_colon(d);
    }
    d->mark = start + 1;
    check_colon(d);
    d->mark = start + 1;
    if (!d->failed && eat(d, TOK_STAR) && (at(d, TOK_NEWLINE) || at(d, TOK_COLON))) {
        d->mark++;
        ou_diagnose_error(d, OU_DIAG_SYNTAX, "expected one or more exception types");
    }
    d->mark = start;
}

static OuNode *handler(OuDiagnosis *d, bool star)
{
    uint32_t start = d->mark;
    if (!eat(d, TOK_EXCEPT))
        return NULL;
    if (d->checking) {
        if ((!star || eat(d, TOK_STAR)) && ou_diagnose_expression(d)) {
            as_name(d);
            check_indent(d, start, star ? "'except*' statement" : "'except' statement");
        }
        d->mark = start + 1;
        if (!star)
            check_indent(d, start, "'except' statement");
        d->mark = start + 1;
    }
    if (!d->failed && (!star || eat(d, TOK_STAR)) && ou_diagnose_expression(d)) {
        as_name(d);
        if (eat(d, TOK_COLON) && ou_diagnose_block(d))
            return DIAG_OK;
    }
    d->mark = start + 1;
    if (!star && !d->failed && eat(d, TOK_COLON) && ou_diagnose_block(d))
        return DIAG_OK;
    d->mark = start;
    if (d->checking && !d->failed)
        check_except(d);
    return NULL;
}

static OuNode *except_block(OuDiagnosis *d)
{
    return handler(d, false);
}

static OuNode *except_star_block(OuDiagnosis *d)
{
    return handler(d, true);
}

static bool many(OuDiagnosis *d, OuNode *(*reader)(OuDiagnosis *))
{
    bool any = false;
    while (attempt(d, reader))
        any = true;
    return any;
}

static OuNode *finally_block(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (!eat(d, TOK_FINALLY))
        return NULL;
    if (d->checking)
        check_indent(d, start, "'finally' statement");
    d->mark = start + 1;
    if (d->failed || !ou_diagnose_force(d, TOK_COLON, ":"))
        return NULL;
    return ou_diagnose_block(d);
}

/* Handlers of one kind, then the head of one of the other. */
static void check_mixed(OuDiagnosis *d, uint32_t start, bool star)
{
    d->mark = start;
    if (d->failed || !many(d, star ? except_star_block : except_block))
        return;
    uint32_t head = d->mark;
    if (d->failed || !eat(d, TOK_EXCEPT) || (!star && !eat(d, TOK_STAR)))
        return;
    OuSpan s = ou_diagnose_span(d, head);
    uint32_t after = d->mark;
    if (ou_diagnose_expression(d))
        as_name(d);
    else if (star)
        d->mark = after;
    else
        return;
    if (!d->failed && eat(d, TOK_COLON))
        ou_diagnose_error_at(d, s, "cannot have both 'except' and 'except*' on the same 'try'");
}

static void check_try(OuDiagnosis *d)
{
    uint32_t start = d->mark++;
    check_indent(d, start, "'try' statement");
    d->mark = start + 1;
    if (!d->failed && eat(d, TOK_COLON) && ou_diagnose_block(d) && !at(d, TOK_EXCEPT) && !at(d, TOK_FINALLY))
        ou_diagnose_error(d, OU_DIAG_SYNTAX, "expected 'except' or 'finally' block");
    d->mark = start + 1;
    if (!d->failed && eat(d, TOK_COLON)) {
        many(d, ou_diagnose_block);
        uint32_t first = d->mark;
        check_mixed(d, first, false);
        check_mixed(d, first, true);
    }
    d->mark = start;
}

static OuNode *try_stmt(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (d->checking)
        check_try(d);
    d->mark = start + 1;
    if (d->failed || !ou_diagnose_force(d, TOK_COLON, ":") || !ou_diagnose_block(d))
        return NULL;
    uint32_t after = d->mark;
    if (attempt(d, finally_block))
        return DIAG_OK;
    for (int star = 0; star < 2 && !d->failed; star++) {
        d->mark = after;
        if (many(d, star ? except_star_block : except_block)) {
            attempt(d, else_block);
            attempt(d, finally_block);
            return done(d);
        }
    }
    return NULL;
}

/* ---- def and class ---- */

/* '(' params ')' [-> expression] and, where forced, its colon */
static bool signature(OuDiagnosis *d, bool forced)
{
    if (forced ? !ou_diagnose_force(d, TOK_LPAR, "(") : !eat(d, TOK_LPAR))
        return false;
    uint32_t params = d->mark;
    if (!ou_diagnose_params(d, false))
        d->mark = params;
    if (d->failed || !eat(d, TOK_RPAR))
        return false;
    uint32_t after = d->mark;
    if (!eat(d, TOK_RARROW) || !ou_diagnose_expression(d))
        d->mark = after;
    return !d->failed;
}

/* The type comment of a function: behind its colon, or on a line of its own; not both. */
static void def_comment(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    bool here = eat(d, TOK_TYPE_COMMENT);
    uint32_t after = d->mark;
    bool next = eat(d, TOK_NEWLINE) && eat(d, TOK_TYPE_COMMENT) && eat(d, TOK_NEWLINE) && at(d, TOK_INDENT);
    if (here && next)
        ou_diagnose_error(d, OU_DIAG_SYNTAX, "Cannot have two type comments on def");
    d->mark = here ? after : next ? start + 2 : start;
}

static OuNode *function_raw(OuDiagnosis *d)
{
    eat(d, TOK_ASYNC);
    uint32_t keyword = d->mark;
    if (!eat(d, TOK_DEF))
        return NULL;
    if (d->checking) {
        if (ou_diagnose_name(d) && signature(d, false))
            check_indent(d, keyword, "function definition");
        d->mark = keyword + 1;
    }
    if (d->failed || !ou_diagnose_name(d) || !signature(d, true) || !ou_diagnose_force(d, TOK_COLON, ":"))
        return NULL;
    def_comment(d);
    return d->failed ? NULL : ou_diagnose_block(d);
}

/* class NAME [( arguments )] */
static bool class_head(OuDiagnosis *d)
{
    if (!ou_diagnose_name(d))
        return false;
    uint32_t after = d->mark;
    if (eat(d, TOK_LPAR)) {
        attempt(d, ou_diagnose_arguments);
        if (d->failed || !eat(d, TOK_RPAR))
            d->mark = after;
    }
    return !d->failed;
}

static OuNode *class_raw(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (!eat(d, TOK_CLASS))
        return NULL;
    if (d->checking) {
        if (class_head(d))
            check_colon(d);
        d->mark = start + 1;
        if (!d->failed && class_head(d))
            check_indent(d, start, "class definition");
        d->mark = start + 1;
    }
    if (d->failed || !class_head(d) || !eat(d, TOK_COLON))
        return NULL;
    return ou_diagnose_block(d);
}

static OuNode *decorator(OuDiagnosis *d)
{
    return eat(d, TOK_AT) && ou_diagnose_named_expression(d) && eat(d, TOK_NEWLINE) ? DIAG_OK : NULL;
}

static OuNode *decorated(OuDiagnosis *d, OuNode *(*raw)(OuDiagnosis *))
{
    uint32_t start = d->mark;
    if (many(d, decorator)) {
        OuNode *n = attempt(d, raw);
        if (n)
            return n;
    }
    d->mark = start;
    return d->failed ? NULL : raw(d);
}

static OuNode *function_def(OuDiagnosis *d)
{
    return decorated(d, function_raw);
}

static OuNode *class_def(OuDiagnosis *d)
{
    return decorated(d, class_raw);
}

/* ---- any statement ---- */

OuNode *ou_diagnose_compound_stmt(OuDiagnosis *d)
{
    OuNode *n = NULL;
    uint32_t start = d->mark;
    const OuToken *t = ou_diagnose_token(d, start);
    OuTokenKind kind = t ? (OuTokenKind)t->kind : TOK_NOTHING;
    switch (kind) {
    case TOK_NOTHING:
        return NULL;
    case TOK_AT:
        if (!(n = attempt(d, function_def)))
            n = attempt(d, class_def);
        break;
    case TOK_ASYNC:
        if (!(n = attempt(d, function_def)) && !(n = attempt(d, with_stmt)))
            n = attempt(d, for_stmt);
        break;
    case TOK_DEF:
        n = attempt(d, function_def);
        break;
    case TOK_CLASS:
        n = attempt(d, class_def);
        break;
    case TOK_IF:
        n = conditional(d, "'if' statement", true);
        break;
    case TOK_WHILE:
        n = conditional(d, "'while' statement", false);
        break;
    case TOK_WITH:
        n = attempt(d, with_stmt);
        break;
    case TOK_FOR:
        n = attempt(d, for_stmt);
        break;
    case TOK_TRY:
        n = attempt(d, try_stmt);
        break;
    default:
        break;
    }
    if (n || d->failed)
        return n;
    d->mark = start;
    return attempt(d, ou_diagnose_match_stmt);
}

static OuNode *statement(OuDiagnosis *d)
{
    OuNode *n = attempt(d, ou_diagnose_compound_stmt);
    return n || d->failed ? n : ou_diagnose_simple_stmts(d);
}

OuNode *ou_diagnose_statements(OuDiagnosis *d)
{
    return many(d, statement) && !d->failed ? DIAG_OK : NULL;
}
