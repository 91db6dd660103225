/* lang/diagnose.h - inside the diagnosis: a second, slow reader of the text that failed.
 *
 * CPython reads a faulty text with a backtracking parser, twice: first plainly, which settles how far it
 * looked (the last token fetched is the one a plain "invalid syntax" blames), then again with extra
 * checks that raise the special messages, in the order in which the parser comes to them.  What is said,
 * and where, follows from that order.  So the diagnosis is a recursive-descent reader that tries things in
 * the same order, with the same lookaheads, cuts and memory, over the tokens of the failing statement;
 * it makes nodes only to name and place what it complains about.
 *
 * Conventions.  A reader is called at d->mark.  It returns a node (or DIAG_OK) and has moved the mark,
 * or returns NULL; then the caller puts the mark back.  After d->failed every reader returns NULL.
 * A `check_` function never matches; it sets the error or does nothing, and leaves the mark
 * wherever it was. */
#ifndef OU_LANG_DIAGNOSE_H
#define OU_LANG_DIAGNOSE_H

#include "parser.h"

/* Readers whose results are kept for each place. */
typedef enum {
    M_BLOCK,
    M_SIMPLE_STMT,
    M_EXPRESSION,
    M_STAR_EXPRESSION,
    M_DISJUNCTION,
    M_CONJUNCTION,
    M_INVERSION,
    M_BITOR,
    M_FACTOR,
    M_AWAIT,
    M_PRIMARY,
    M_ARGUMENTS,
    M_STRINGS,
    M_STAR_TARGET,
    M_STAR_ATOM,
    M_T_PRIMARY,
    M_DEL_TARGET,
    M_BAD_NAMED,
    M_CLOSED_PATTERN,
    M_STAR_PATTERN,
} OuMemoKind;

typedef struct OuMemo {
    struct OuMemo *next;
    OuMemoKind kind;
    uint32_t end;
    OuNode *node;
} OuMemo;

typedef struct OuDiagnosis {
    OuParse *p;      /* a copy of the caller's, with a diag and warnings of its own */
    OuLex *lex;      /* keeps all tokens */
    size_t base;     /* of the failing statement in lex->tok */
    uint32_t mark;   /* next token, counted from base */
    uint32_t fill;   /* tokens looked at so far */
    bool checking;   /* second reading: the check_ functions speak */
    bool explaining; /* the second reading, which finds the words for the error */
    bool failed;     /* p->diag is set, or no memory */
    bool by_lexer;   /* ... by the ERROR token */
    bool fstring;    /* the text is an expression of an f-string */
    uint32_t level;  /* of recursion */
    OuMemo **memo;   /* for each token */
    uint32_t n_memo;
    void **vec; /* scratch stack of lists */
    uint32_t n_vec, cap_vec;
} OuDiagnosis;

/* what a reader without a node of its own returns */
extern const OuNode ou_diagnose_ok;
#define DIAG_OK ((OuNode *)&ou_diagnose_ok)

/* ---- diagnose.c: tokens, memory, errors ---- */
const OuToken *ou_diagnose_token(OuDiagnosis *d, uint32_t i); /* NULL when failed */
bool ou_diagnose_at(OuDiagnosis *d, OuTokenKind kind);        /* is it the next token? */
bool ou_diagnose_eat(OuDiagnosis *d, OuTokenKind kind);
bool ou_diagnose_eat_op(OuDiagnosis *d, OuTokenKind kind, int op);
bool ou_diagnose_force(OuDiagnosis *d, OuTokenKind kind, const char *spelling); /* "expected 'x'" */
bool ou_diagnose_at_name(OuDiagnosis *d); /* a name, soft keywords included */
bool ou_diagnose_at_word(OuDiagnosis *d, const char *word);
int ou_diagnose_level_before(OuDiagnosis *d, uint32_t i); /* open brackets after token i - 1 */
bool ou_diagnose_enter(OuDiagnosis *d);
static inline void ou_diagnose_leave(OuDiagnosis *d)
{
    d->level--;
}
bool ou_diagnose_recall(OuDiagnosis *d, OuMemoKind kind, OuNode **out);
OuNode *ou_diagnose_keep(OuDiagnosis *d, OuMemoKind kind, uint32_t start, OuNode *n);
OuSpan ou_diagnose_span(OuDiagnosis *d, uint32_t start); /* of tokens start .. mark - 1 */
OuSpan ou_diagnose_token_span(OuDiagnosis *d, uint32_t i);
/* Tries a reader; on refusal the mark is back at the start. */
OuNode *ou_diagnose_attempt(OuDiagnosis *d, OuNode *(*reader)(OuDiagnosis *));
/* item (',' item)*; the mark stays before a comma that leads nowhere. */
bool ou_diagnose_commas(OuDiagnosis *d, OuNode *(*item)(OuDiagnosis *));
/* The same, and pushes the nodes; how many. */
uint32_t ou_diagnose_gather(OuDiagnosis *d, OuNode *(*item)(OuDiagnosis *));
void ou_diagnose_push(OuDiagnosis *d, void *x);
OuSeq ou_diagnose_take(OuDiagnosis *d, uint32_t base);
/* The error at the last token looked at; at a place; from a place to the last byte looked at.  All return
 * NULL. */
OuNode *ou_diagnose_error(OuDiagnosis *d, OuDiagKind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
OuNode *ou_diagnose_error_at(OuDiagnosis *d, OuSpan s, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
OuSpan ou_diagnose_from(OuDiagnosis *d, OuSpan s);
const char *ou_diagnose_expr_name(const OuNode *n);
OuNode *ou_diagnose_bad_target(OuNode *n, OuTargetKind kind, bool in_for);
void ou_diagnose_check_target(OuDiagnosis *d, OuNode *n, OuTargetKind kind, bool in_for);

/* ---- diagnose_expr.c ---- */
OuNode *ou_diagnose_expression(OuDiagnosis *d);
OuNode *ou_diagnose_expressions(OuDiagnosis *d);
OuNode *ou_diagnose_star_expressions(OuDiagnosis *d);
OuNode *ou_diagnose_named_expression(OuDiagnosis *d);
OuNode *ou_diagnose_assignment_expression(OuDiagnosis *d);
OuNode *ou_diagnose_star_named_expression(OuDiagnosis *d);
OuNode *ou_diagnose_star_named_expressions(OuDiagnosis *d);
OuNode *ou_diagnose_starred_expression(OuDiagnosis *d);
OuNode *ou_diagnose_yield_expr(OuDiagnosis *d);
OuNode *ou_diagnose_disjunction(OuDiagnosis *d);
OuNode *ou_diagnose_bitor(OuDiagnosis *d);
OuNode *ou_diagnose_name(OuDiagnosis *d);
OuNode *ou_diagnose_number(OuDiagnosis *d);
OuNode *ou_diagnose_strings(OuDiagnosis *d);
OuNode *ou_diagnose_slices(OuDiagnosis *d);

/* ---- diagnose_atom.c: what stands in brackets, comprehensions ---- */
OuNode *ou_diagnose_atom(OuDiagnosis *d);
OuNode *ou_diagnose_genexp(OuDiagnosis *d);
OuNode *ou_diagnose_list(OuDiagnosis *d);
OuNode *ou_diagnose_tuple(OuDiagnosis *d);
OuNode *ou_diagnose_for_if_clauses(OuDiagnosis *d); /* the last clause */

/* ---- diagnose_target.c ---- */
OuNode *ou_diagnose_star_targets(OuDiagnosis *d);
OuNode *ou_diagnose_star_target(OuDiagnosis *d);
OuNode *ou_diagnose_single_target(OuDiagnosis *d);
OuNode *ou_diagnose_single_access(OuDiagnosis *d);
OuNode *ou_diagnose_del_targets(OuDiagnosis *d);
void ou_diagnose_check_for_target(OuDiagnosis *d);

/* ---- diagnose_call.c, diagnose_params.c ---- */
OuNode *ou_diagnose_arguments(OuDiagnosis *d);
OuNode *ou_diagnose_params(OuDiagnosis *d, bool lambda);

/* ---- diagnose_stmt.c, diagnose_compound.c, diagnose_pattern.c ---- */
OuNode *ou_diagnose_simple_stmts(OuDiagnosis *d);
OuNode *ou_diagnose_compound_stmt(OuDiagnosis *d);
OuNode *ou_diagnose_statements(OuDiagnosis *d);
OuNode *ou_diagnose_block(OuDiagnosis *d);
OuNode *ou_diagnose_match_stmt(OuDiagnosis *d);

/* ---- short names for what every reader uses ---- */
#define eat(d, kind) ou_diagnose_eat(d, kind)
#define at(d, kind) ou_diagnose_at(d, kind)
#define attempt(d, reader) ou_diagnose_attempt(d, reader)
#define commas(d, item) ou_diagnose_commas(d, item)
#define gather(d, item) ou_diagnose_gather(d, item)
#define MAKE(d, start, Name, ...) OU_AST((d)->p, ou_diagnose_span((d), (start)), Name, __VA_ARGS__)

#endif
