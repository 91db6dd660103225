/* lang/diagnose_expr.c - the diagnosis' reader: expressions down to the primary. */
#include "diagnose.h"
#include "fstring.h"
#include "number.h"

#include <string.h>

/* ---- leaves ---- */

OuNode *ou_diagnose_name(OuDiagnosis *d)
{
    if (!ou_diagnose_at_name(d))
        return NULL;
    uint32_t start = d->mark++;
    OuText *id = ou_diagnose_token(d, start)->name;
    return MAKE(d, start, Name, .id = id, .ctx = AST_Load);
}

OuNode *ou_diagnose_number(OuDiagnosis *d)
{
    if (!ou_diagnose_at(d, TOK_NUMBER))
        return NULL;
    uint32_t start = d->mark++;
    OuConst value = {0};
    if (ou_number_token(d->p, ou_diagnose_token(d, start), &value) < 0) {
        d->failed = true;
        return NULL;
    }
    return MAKE(d, start, Constant, .value = value);
}

OuNode *ou_diagnose_strings(OuDiagnosis *d)
{
    OuNode *n;
    if (ou_diagnose_recall(d, M_STRINGS, &n))
        return n;
    uint32_t start = d->mark;
    while (eat(d, TOK_STRING))
        ;
    if (d->failed || d->mark == start)
        return NULL;
    n = ou_fstring_join(d->p, ou_diagnose_token(d, start), d->mark - start, ou_diagnose_token(d, d->mark),
                        ou_parser_fstring);
    if (!n)
        d->failed = true;
    return ou_diagnose_keep(d, M_STRINGS, start, n);
}

/* ---- the levels ---- */

static bool is_legacy(const OuNode *n)
{
    if (!n || n->kind != AST_Name)
        return false;
    const OuText *id = AST(Name, n)->id;
    return strcmp(id->s, "print") == 0 || strcmp(id->s, "exec") == 0;
}

static OuNode *lambdef(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (!eat(d, TOK_LAMBDA))
        return NULL;
    uint32_t params = d->mark;
    if (!ou_diagnose_params(d, true))
        d->mark = params;
    OuNode *body;
    if (d->failed || !eat(d, TOK_COLON) || !(body = ou_diagnose_expression(d)))
        return NULL;
    return MAKE(d, start, Lambda, .body = body);
}

/* conditional expression, disjunction or lambda, without the checks in front */
static OuNode *plain_expression(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *a = ou_diagnose_disjunction(d), *b, *c;
    if (a) {
        uint32_t after = d->mark;
        if (eat(d, TOK_IF) && (b = ou_diagnose_disjunction(d)) && eat(d, TOK_ELSE) &&
            (c = ou_diagnose_expression(d)))
            return MAKE(d, start, IfExp, .test = b, .body = a, .orelse = c);
        d->mark = after;
        return d->failed ? NULL : a;
    }
    d->mark = start;
    return d->failed ? NULL : lambdef(d);
}

/* A name before a string, or a soft keyword; CPython compares only as many letters as the name has, so that
 * `c` and `ma` count as well. */
static bool starts_softly(OuDiagnosis *d)
{
    static const char *const soft[] = {"_", "case", "match"};
    if (!ou_diagnose_at_name(d))
        return false;
    const OuToken *next = ou_diagnose_token(d, d->mark + 1);
    if (!next || next->kind == TOK_STRING)
        return true;
    const OuText *name = ou_diagnose_token(d, d->mark)->name;
    for (size_t i = 0; i < sizeof soft / sizeof *soft; i++)
        if (strncmp(soft[i], name->s, name->len) == 0)
            return true;
    return false;
}

static void check_expression(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (!starts_softly(d)) {
        OuNode *a = ou_diagnose_disjunction(d), *b = NULL;
        if (a) {
            d->checking = false;
            b = plain_expression(d);
            d->checking = true;
        }
        if (b && !is_legacy(a) && ou_diagnose_level_before(d, d->mark) > 0)
            ou_diagnose_error_at(d, ou_span_join(ou_span_of(a), ou_span_of(b)),
                                 "invalid syntax. Perhaps you forgot a comma?");
    }
    d->mark = start;
    if (d->failed)
        return;
    OuNode *a = ou_diagnose_disjunction(d), *b;
    if (a && eat(d, TOK_IF) && (b = ou_diagnose_disjunction(d)) && !ou_diagnose_at(d, TOK_ELSE) &&
        !ou_diagnose_at(d, TOK_COLON))
        ou_diagnose_error_at(d, ou_span_join(ou_span_of(a), ou_span_of(b)),
                             "expected 'else' after 'if' expression");
    d->mark = start;
}

static void check_legacy(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *a = ou_diagnose_name(d), *b;
    if (a && !ou_diagnose_at(d, TOK_LPAR) && (b = ou_diagnose_star_expressions(d)) && is_legacy(a))
        ou_diagnose_error_at(d, ou_span_join(ou_span_of(a), ou_span_of(b)),
                             "Missing parentheses in call to '%s'. Did you mean %s(...)?",
                             AST(Name, a)->id->s, AST(Name, a)->id->s);
    d->mark = start;
}

OuNode *ou_diagnose_expression(OuDiagnosis *d)
{
    OuNode *n = NULL;
    if (ou_diagnose_recall(d, M_EXPRESSION, &n))
        return n;
    if (!ou_diagnose_enter(d))
        return NULL;
    uint32_t start = d->mark;
    if (d->checking)
        check_expression(d);
    if (d->checking && !d->failed)
        check_legacy(d);
    if (!d->failed)
        n = plain_expression(d);
    ou_diagnose_leave(d);
    return ou_diagnose_keep(d, M_EXPRESSION, start, n);
}

/* n-ary levels: item (op item)* */
static OuNode *operands(OuDiagnosis *d, OuMemoKind memo, OuTokenKind op, int kind,
                        OuNode *(*item)(OuDiagnosis *))
{
    OuNode *n = NULL;
    if (ou_diagnose_recall(d, memo, &n))
        return n;
    uint32_t start = d->mark, base = d->n_vec;
    n = item(d);
    if (n) {
        ou_diagnose_push(d, n);
        uint32_t after = d->mark;
        while (eat(d, op) && (n = item(d))) {
            ou_diagnose_push(d, n);
            after = d->mark;
        }
        d->mark = after;
        OuSeq values = ou_diagnose_take(d, base);
        n = values.n == 1 ? values.at[0] : MAKE(d, start, BoolOp, .op = (uint16_t)kind, .values = values);
    }
    return ou_diagnose_keep(d, memo, start, n);
}

static OuNode *comparison(OuDiagnosis *d);

static OuNode *inversion(OuDiagnosis *d)
{
    OuNode *n = NULL;
    if (ou_diagnose_recall(d, M_INVERSION, &n))
        return n;
    if (!ou_diagnose_enter(d))
        return NULL;
    uint32_t start = d->mark;
    if (eat(d, TOK_NOT)) {
        n = inversion(d);
        if (n)
            n = MAKE(d, start, UnaryOp, .op = AST_Not, .operand = n);
        else
            d->mark = start;
    }
    if (!n && !d->failed)
        n = comparison(d);
    ou_diagnose_leave(d);
    return ou_diagnose_keep(d, M_INVERSION, start, n);
}

static OuNode *conjunction(OuDiagnosis *d)
{
    return operands(d, M_CONJUNCTION, TOK_AND, AST_And, inversion);
}

OuNode *ou_diagnose_disjunction(OuDiagnosis *d)
{
    return operands(d, M_DISJUNCTION, TOK_OR, AST_Or, conjunction);
}

/* A comparison operator: its AST kind, or 0. */
static int compare_op(OuDiagnosis *d)
{
    if (ou_diagnose_at(d, TOK_CMPOP)) {
        const OuToken *t = ou_diagnose_token(d, d->mark);
        if (d->p->flags & OU_PARSE_BARRY && d->p->source[t->start] == '!') {
            ou_diagnose_error(d, OU_DIAG_SYNTAX, "with Barry as BDFL, use '<>' instead of '!='");
            return 0;
        }
        d->mark++;
        return t->op;
    }
    if (eat(d, TOK_NOT))
        return eat(d, TOK_IN) ? AST_NotIn : 0;
    if (eat(d, TOK_IN))
        return AST_In;
    if (eat(d, TOK_IS))
        return eat(d, TOK_NOT) ? AST_IsNot : AST_Is;
    return 0;
}

static OuNode *comparison(OuDiagnosis *d)
{
    uint32_t start = d->mark, base = d->n_vec;
    OuNode *left = ou_diagnose_bitor(d), *n;
    if (!left)
        return NULL;
    uint16_t first = 0;
    for (;;) {
        uint32_t before = d->mark;
        int op = compare_op(d);
        n = op ? ou_diagnose_bitor(d) : NULL;
        if (!n && op == AST_IsNot && !d->failed) {
            /* `is` alone, with `not x` behind it, is no comparison either */
            d->mark = before + 1;
            n = ou_diagnose_bitor(d);
        }
        if (!n) {
            d->mark = before;
            break;
        }
        if (!first)
            first = (uint16_t)op;
        ou_diagnose_push(d, n);
    }
    OuSeq rest = ou_diagnose_take(d, base);
    if (d->failed)
        return NULL;
    if (!rest.n)
        return left;
    OuEnums ops = {1, ou_arena_alloc(d->p->arena, sizeof(uint16_t))};
    if (ops.at)
        ops.at[0] = first; /* the first is all that is ever asked for */
    return MAKE(d, start, Compare, .left = left, .ops = ops, .comparators = rest);
}

/* Binary operators from `|` (0) to `* / // % @` (5), leaning left. */
static bool binary_op(OuDiagnosis *d, int level)
{
    switch (level) {
    case 0:
        return eat(d, TOK_VBAR);
    case 1:
        return eat(d, TOK_CARET);
    case 2:
        return eat(d, TOK_AMP);
    case 3:
        return eat(d, TOK_SHIFTOP);
    case 4:
        return eat(d, TOK_PLUS) || eat(d, TOK_MINUS);
    default:
        return eat(d, TOK_STAR) || eat(d, TOK_SLASH) || eat(d, TOK_MULOP) || eat(d, TOK_AT);
    }
}

static OuNode *factor(OuDiagnosis *d);

static OuNode *binary(OuDiagnosis *d, int level)
{
    uint32_t start = d->mark;
    OuNode *left = level == 5 ? factor(d) : binary(d, level + 1);
    while (left) {
        uint32_t before = d->mark;
        OuNode *right = NULL;
        if (binary_op(d, level))
            right = level == 5 ? factor(d) : binary(d, level + 1);
        if (!right) {
            d->mark = before;
            break;
        }
        left = MAKE(d, start, BinOp, .left = left, .op = AST_Add, .right = right);
    }
    return d->failed ? NULL : left;
}

OuNode *ou_diagnose_bitor(OuDiagnosis *d)
{
    OuNode *n = NULL;
    if (ou_diagnose_recall(d, M_BITOR, &n))
        return n;
    uint32_t start = d->mark;
    return ou_diagnose_keep(d, M_BITOR, start, binary(d, 0));
}

static OuNode *primary(OuDiagnosis *d);

static OuNode *await_primary(OuDiagnosis *d)
{
    OuNode *n = NULL;
    if (ou_diagnose_recall(d, M_AWAIT, &n))
        return n;
    uint32_t start = d->mark;
    if (eat(d, TOK_AWAIT)) {
        n = primary(d);
        if (n)
            n = MAKE(d, start, Await, .value = n);
        else
            d->mark = start;
    }
    if (!n && !d->failed)
        n = primary(d);
    return ou_diagnose_keep(d, M_AWAIT, start, n);
}

static OuNode *power(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *base = await_primary(d), *exp;
    if (!base)
        return NULL;
    uint32_t after = d->mark;
    if (eat(d, TOK_DSTAR) && (exp = factor(d)))
        return MAKE(d, start, BinOp, .left = base, .op = AST_Pow, .right = exp);
    d->mark = after;
    return d->failed ? NULL : base;
}

static OuNode *factor(OuDiagnosis *d)
{
    OuNode *n = NULL;
    if (ou_diagnose_recall(d, M_FACTOR, &n))
        return n;
    if (!ou_diagnose_enter(d))
        return NULL;
    uint32_t start = d->mark;
    if (eat(d, TOK_PLUS) || eat(d, TOK_MINUS) || eat(d, TOK_TILDE)) {
        n = factor(d);
        if (n)
            n = MAKE(d, start, UnaryOp, .op = AST_USub, .operand = n);
        else
            d->mark = start;
    }
    if (!n && !d->failed)
        n = power(d);
    ou_diagnose_leave(d);
    return ou_diagnose_keep(d, M_FACTOR, start, n);
}

/* .name, (generator), (arguments) or [slices]: the kind of node, or 0.  The generator is tried whatever
 * follows: its checks know all three brackets. */
static OuAstKind step(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (eat(d, TOK_DOT) && ou_diagnose_at_name(d)) {
        d->mark++;
        return AST_Attribute;
    }
    d->mark = start;
    if (ou_diagnose_genexp(d))
        return AST_Call;
    d->mark = start;
    if (!d->failed && eat(d, TOK_LPAR)) {
        if (!ou_diagnose_arguments(d))
            d->mark = start + 1;
        if (eat(d, TOK_RPAR))
            return AST_Call;
    }
    d->mark = start;
    if (!d->failed && eat(d, TOK_LSQB) && ou_diagnose_slices(d) && eat(d, TOK_RSQB))
        return AST_Subscript;
    return AST_NULL;
}

static OuNode *primary(OuDiagnosis *d)
{
    OuNode *n = NULL;
    if (ou_diagnose_recall(d, M_PRIMARY, &n))
        return n;
    if (!ou_diagnose_enter(d))
        return NULL;
    uint32_t start = d->mark;
    n = ou_diagnose_atom(d);
    while (n && !d->failed) {
        uint32_t before = d->mark;
        OuAstKind kind = step(d);
        if (!kind) {
            d->mark = before;
            break;
        }
        if (kind == AST_Attribute)
            n = MAKE(d, start, Attribute, .value = n, .ctx = AST_Load);
        else if (kind == AST_Subscript)
            n = MAKE(d, start, Subscript, .value = n, .ctx = AST_Load);
        else
            n = MAKE(d, start, Call, .func = n);
    }
    ou_diagnose_leave(d);
    return ou_diagnose_keep(d, M_PRIMARY, start, n);
}

/* ---- subscripts ---- */

static OuNode *slice(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    if (!ou_diagnose_expression(d))
        d->mark = start;
    if (eat(d, TOK_COLON)) {
        uint32_t at = d->mark;
        if (!ou_diagnose_expression(d))
            d->mark = at;
        at = d->mark;
        if (eat(d, TOK_COLON)) {
            at = d->mark;
            if (!ou_diagnose_expression(d))
                d->mark = at;
        }
        return d->failed ? NULL : MAKE(d, start, Slice, .step = NULL);
    }
    d->mark = start;
    return d->failed ? NULL : ou_diagnose_named_expression(d);
}

OuNode *ou_diagnose_slices(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *n = slice(d);
    if (n && !ou_diagnose_at(d, TOK_COMMA))
        return d->failed ? NULL : n;
    d->mark = start;
    for (bool any = false;; any = true) {
        uint32_t at = d->mark;
        n = NULL;
        if (!any || eat(d, TOK_COMMA)) {
            uint32_t item = d->mark;
            n = d->failed ? NULL : slice(d);
            if (!n && !d->failed) {
                d->mark = item;
                n = ou_diagnose_starred_expression(d);
            }
        }
        if (!n) {
            if (!any || d->failed)
                return NULL;
            d->mark = at;
            eat(d, TOK_COMMA);
            return MAKE(d, start, Tuple, .ctx = AST_Load);
        }
    }
}

/* ---- lists of expressions ---- */

/* item (',' item)* [','], a tuple unless it is one item alone */
static OuNode *listed(OuDiagnosis *d, OuNode *(*item)(OuDiagnosis *))
{
    uint32_t start = d->mark, base = d->n_vec;
    OuNode *n = item(d), *more;
    if (!n)
        return NULL;
    ou_diagnose_push(d, n);
    bool comma = false;
    for (;;) {
        uint32_t before = d->mark;
        if (!eat(d, TOK_COMMA))
            break;
        if (!(more = item(d))) {
            d->mark = before + 1;
            comma = true;
            break;
        }
        ou_diagnose_push(d, more);
    }
    OuSeq elts = ou_diagnose_take(d, base);
    if (d->failed)
        return NULL;
    if (elts.n == 1 && !comma)
        return n;
    return MAKE(d, start, Tuple, .elts = elts, .ctx = AST_Load);
}

static OuNode *star_bitor(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *n;
    if (!eat(d, TOK_STAR) || !(n = ou_diagnose_bitor(d)))
        return NULL;
    return MAKE(d, start, Starred, .value = n, .ctx = AST_Load);
}

static OuNode *star_expression(OuDiagnosis *d)
{
    OuNode *n = NULL;
    if (ou_diagnose_recall(d, M_STAR_EXPRESSION, &n))
        return n;
    uint32_t start = d->mark;
    n = star_bitor(d);
    if (!n && !d->failed) {
        d->mark = start;
        n = ou_diagnose_expression(d);
    }
    return ou_diagnose_keep(d, M_STAR_EXPRESSION, start, n);
}

OuNode *ou_diagnose_star_expressions(OuDiagnosis *d)
{
    return listed(d, star_expression);
}

OuNode *ou_diagnose_expressions(OuDiagnosis *d)
{
    return listed(d, ou_diagnose_expression);
}

OuNode *ou_diagnose_starred_expression(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *n;
    if (!eat(d, TOK_STAR) || !(n = ou_diagnose_expression(d)))
        return NULL;
    return MAKE(d, start, Starred, .value = n, .ctx = AST_Load);
}

OuNode *ou_diagnose_star_named_expression(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *n = star_bitor(d);
    if (n || d->failed)
        return n;
    d->mark = start;
    return ou_diagnose_named_expression(d);
}

/* A Tuple of them, for its last element; a comma at the end is taken. */
OuNode *ou_diagnose_star_named_expressions(OuDiagnosis *d)
{
    uint32_t start = d->mark, base = d->n_vec;
    OuNode *n = ou_diagnose_star_named_expression(d);
    if (!n)
        return NULL;
    ou_diagnose_push(d, n);
    for (;;) {
        uint32_t before = d->mark;
        if (!eat(d, TOK_COMMA))
            break;
        if (!(n = ou_diagnose_star_named_expression(d))) {
            d->mark = before + 1;
            break;
        }
        ou_diagnose_push(d, n);
    }
    OuSeq elts = ou_diagnose_take(d, base);
    return d->failed ? NULL : MAKE(d, start, Tuple, .elts = elts, .ctx = AST_Load);
}

OuNode *ou_diagnose_assignment_expression(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *name = ou_diagnose_name(d), *value;
    if (!name || !eat(d, TOK_WALRUS) || !(value = ou_diagnose_expression(d)))
        return NULL;
    return MAKE(d, start, NamedExpr, .target = name, .value = value);
}

static bool at_equals(OuDiagnosis *d)
{
    return ou_diagnose_at(d, TOK_EQ) || ou_diagnose_at(d, TOK_WALRUS);
}

static void check_named(OuDiagnosis *d)
{
    OuNode *n = NULL, *a, *b;
    if (ou_diagnose_recall(d, M_BAD_NAMED, &n))
        return;
    uint32_t start = d->mark;
    if ((a = ou_diagnose_expression(d)) && eat(d, TOK_WALRUS) && ou_diagnose_expression(d))
        ou_diagnose_error_at(d, ou_span_of(a), "cannot use assignment expressions with %s",
                             ou_diagnose_expr_name(a));
    d->mark = start;
    if (!d->failed && (a = ou_diagnose_name(d)) && eat(d, TOK_EQ) && (b = ou_diagnose_bitor(d)) &&
        !at_equals(d))
        ou_diagnose_error_at(d, ou_span_join(ou_span_of(a), ou_span_of(b)),
                             "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
    d->mark = start;
    if (!d->failed) {
        bool display = ou_diagnose_list(d);
        d->mark = start;
        display = display || (!d->failed && ou_diagnose_tuple(d));
        d->mark = start;
        display = display || (!d->failed && ou_diagnose_genexp(d));
        d->mark = start;
        if (!d->failed && !display && !ou_diagnose_at(d, TOK_TRUE) && !ou_diagnose_at(d, TOK_NONE) &&
            !ou_diagnose_at(d, TOK_FALSE) && (a = ou_diagnose_bitor(d)) && eat(d, TOK_EQ) &&
            ou_diagnose_bitor(d) && !at_equals(d))
            ou_diagnose_error_at(d, ou_span_of(a),
                                 "cannot assign to %s here. Maybe you meant '==' instead of '='?",
                                 ou_diagnose_expr_name(a));
    }
    d->mark = start;
    ou_diagnose_keep(d, M_BAD_NAMED, start, NULL);
}

OuNode *ou_diagnose_named_expression(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *n = ou_diagnose_assignment_expression(d);
    if (n || d->failed)
        return n;
    d->mark = start;
    if (d->checking)
        check_named(d);
    if (d->failed || !(n = ou_diagnose_expression(d)) || ou_diagnose_at(d, TOK_WALRUS))
        return NULL;
    return d->failed ? NULL : n;
}

OuNode *ou_diagnose_yield_expr(OuDiagnosis *d)
{
    uint32_t start = d->mark;
    OuNode *n;
    if (!eat(d, TOK_YIELD))
        return NULL;
    if (eat(d, TOK_FROM)) {
        if ((n = ou_diagnose_expression(d)))
            return MAKE(d, start, YieldFrom, .value = n);
        d->mark = start + 1;
    }
    if (!(n = ou_diagnose_star_expressions(d)))
        d->mark = start + 1;
    return d->failed ? NULL : MAKE(d, start, Yield, .value = n);
}
