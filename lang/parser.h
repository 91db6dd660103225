/* lang/parser.h - the state of one walk of the grammar and the functions its actions call.
 *
 * Two walks share the work.  The Lemon grammar (grammar.y) accepts a small superset of Python and
 * builds the tree; where a builder finds a form that the grammar let through but Python refuses, it
 * calls ou_parser_reject.  Neither knows a message: after any refusal the diagnosis (diagnose.c)
 * reads the statement again, from its tokens, and finds CPython's words and place.
 *
 * Lists of the grammar live on one scratch stack, `item`: an LR parser completes an inner list
 * before it goes on with the outer one, so the newest list is always on top; a list value is just
 * the height at which it began. */
#ifndef OU_LANG_PARSER_H
#define OU_LANG_PARSER_H

#include "ast_build.h"
#include "lexer.h"

typedef struct OuParser {
    OuParse *p;
    void **item; /* scratch stack; owned */
    uint32_t n, cap;
    OuNode *result;
    bool accepted;
    bool refused;     /* the grammar has no rule for the token at `where` */
    bool rejected;    /* a builder refused what the grammar let through, at `where` */
    bool extra;       /* refused, but what stood before is a complete statement (S_SINGLE) */
    bool by_lexer;    /* the text could not be split: p->diag is the lexer's */
    OuSpan where;     /* for a plain "invalid syntax" */
    uint32_t end;     /* of the last token the grammar took, in the source */
    size_t skip;      /* tokens before the statement at the outermost level that is being parsed */
    OuNode *loose_as; /* a parenthesised list with `as` no `with` has claimed yet */
} OuParser;

/* Values on the grammar's stack; `s` always spans everything written, parentheses included. */
typedef struct OuTok {
    const OuToken *t; /* valid while its logical line is being parsed */
    OuSpan s;
} OuTok;
typedef struct OuX {
    OuNode *n;
    OuSpan s;
} OuX;
typedef struct OuL {
    uint32_t base; /* items base.. of the scratch stack */
    bool comma;    /* ended with a comma */
    OuSpan s;
} OuL;
typedef struct OuC { /* a type comment */
    OuText *text;
    OuSpan s;
} OuC;
typedef struct OuD {
    OuText *name;
    int dots;
    OuSpan s;
} OuD;
typedef struct OuStrings {
    const OuToken *first, *last;
} OuStrings;

/* private node flags while parsing */
enum {
    OU_NF_BARE_GENEXP = 2, /* generator argument without parentheses of its own */
    OU_NF_WITH_ITEMS = 4,  /* Tuple standing for `(a as b, c)`: its elements are items */
    OU_NF_STAR = 8,        /* handler written `except*` */
};

/* parse.c */
void ou_parser_reject(OuParser *c, OuSpan where);
/* Pushes one item; a failure shows in arena.failed. */
void ou_parser_push(OuParser *c, void *item);
OuL ou_parser_list(OuParser *c, void *item, OuSpan s);
OuL ou_parser_append(OuParser *c, OuL list, void *item, OuSpan s);
OuSeq ou_parser_take(OuParser *c, OuL list);
OuNames ou_parser_take_names(OuParser *c, OuL list);

/* build_expr.c */
OuX ou_build_name(OuParser *c, OuTok t);
OuX ou_build_number(OuParser *c, OuTok t);
OuX ou_build_strings(OuParser *c, OuStrings s);
OuX ou_build_const(OuParser *c, OuTok t, OuConstKind kind);
OuX ou_build_unary(OuParser *c, OuTok op, int kind, OuX x);
OuX ou_build_binop(OuParser *c, OuX l, OuTok op, OuX r);
OuX ou_build_boolop(OuParser *c, int op, OuL values);
int ou_build_cmpop(OuParser *c, OuTok t);
OuL ou_build_cmp(OuParser *c, OuX left, int op, OuX right);
OuL ou_build_cmp_more(OuParser *c, OuL l, int op, OuX right);
OuX ou_build_compare(OuParser *c, OuL l);
OuX ou_build_ifexp(OuParser *c, OuX body, OuX test, OuX orelse);
OuX ou_build_walrus(OuParser *c, OuX target, OuX value);
OuX ou_build_await(OuParser *c, OuTok t, OuX x);
OuX ou_build_yield(OuParser *c, OuTok t, OuX x);
OuX ou_build_yield_from(OuParser *c, OuTok t, OuX x);
OuX ou_build_star(OuParser *c, OuTok t, OuX x);
OuX ou_build_tuple(OuParser *c, OuL l);
OuX ou_build_attribute(OuParser *c, OuX x, OuTok name);
OuX ou_build_subscript(OuParser *c, OuX x, OuL slices, OuTok rsqb);
OuX ou_build_slice(OuParser *c, OuX lo, OuTok colon, OuX hi, OuTok colon2, OuX step);
OuX ou_build_parens(OuParser *c, OuTok lpar, OuL items, OuTok rpar);
OuX ou_build_group(OuParser *c, OuTok lpar, OuX x, OuTok rpar);
OuX ou_build_empty(OuParser *c, OuAstKind kind, OuTok l, OuTok r);
OuX ou_build_display(OuParser *c, OuAstKind kind, OuTok l, OuL items, OuTok r);
OuX ou_build_dict(OuParser *c, OuTok l, OuL items, OuTok r);
OuX ou_build_comp(OuParser *c, OuAstKind kind, OuTok l, OuX elt, OuL fors, OuTok r);
OuX ou_build_dictcomp(OuParser *c, OuTok l, OuX key, OuX value, OuL fors, OuTok r);
OuX ou_build_comp_for(OuParser *c, OuTok start, OuX target, OuX iter, OuL ifs, bool is_async);
OuX ou_build_paren_as(OuParser *c, OuX x, OuX target);

/* build_call.c: arguments and parameters */
OuX ou_build_kwarg(OuParser *c, OuX name, OuX value);
OuX ou_build_dstar_arg(OuParser *c, OuTok t, OuX value);
OuX ou_build_gen_arg(OuParser *c, OuX elt, OuL fors);
OuX ou_build_call(OuParser *c, OuX func, OuTok lpar, OuL args, OuTok rpar);
OuX ou_build_class(OuParser *c, OuTok start, OuTok name, OuL args);
OuX ou_build_arg(OuParser *c, OuTok name, OuX annotation);
OuL ou_build_param(OuParser *c, OuTok first, OuX arg, OuX dflt);
OuX ou_build_params(OuParser *c, OuL params);
/* Gives the parameter that was pushed last its type comment. */
void ou_build_typed_param(OuParser *c, OuC comment);
OuX ou_build_lambda(OuParser *c, OuTok start, OuX params, OuX body);
OuX ou_build_def(OuParser *c, OuTok start, OuTok name, OuX params, OuX returns, OuTok colon);

/* build_stmt.c */
OuX ou_build_expr_stmt(OuParser *c, OuX x);
OuX ou_build_assign(OuParser *c, OuL chain, OuX value);
/* `a = b = c  # type: x`; value.n NULL: it is the chain's last one. */
OuX ou_build_typed_assign(OuParser *c, OuL chain, OuX value, OuC comment);
/* The head of a for, with or def with its type comment. */
OuX ou_build_typed(OuX head, OuC comment);
OuX ou_build_chain(OuParser *c, OuL chain);
OuX ou_build_augassign(OuParser *c, OuX target, OuTok op, OuX value);
OuX ou_build_annassign(OuParser *c, OuX target, OuX annotation, OuX value);
OuX ou_build_return(OuParser *c, OuTok t, OuX value);
OuX ou_build_plain(OuParser *c, OuTok t, OuAstKind kind);
OuX ou_build_raise(OuParser *c, OuTok t, OuX exc, OuX cause);
OuX ou_build_del(OuParser *c, OuTok t, OuL targets);
OuX ou_build_names(OuParser *c, OuTok t, OuAstKind kind, OuL names);
OuX ou_build_assert(OuParser *c, OuTok t, OuX test, OuX msg);
OuX ou_build_import(OuParser *c, OuTok t, OuL aliases);
OuX ou_build_from(OuParser *c, OuTok t, OuD module, OuL aliases);
OuD ou_build_dotted(OuParser *c, OuD d, OuTok name);
OuX ou_build_alias(OuParser *c, OuD d, OuTok *asname);
OuX ou_build_if(OuParser *c, OuTok t, OuX test);
OuX ou_build_if_end(OuParser *c, OuX head, OuL elifs, OuL orelse);
OuX ou_build_while(OuParser *c, OuTok t, OuX test);
OuX ou_build_for(OuParser *c, OuTok t, OuX target, OuX iter);
OuX ou_build_with(OuParser *c, OuTok t, OuL items);
OuX ou_build_with_item(OuParser *c, OuX x, OuX target);
OuX ou_build_except(OuParser *c, OuTok t, OuX type, OuTok *name, OuTok *star);
OuX ou_build_try(OuParser *c, OuTok t, OuL body, OuL handlers, OuL orelse, OuL final);
/* Puts the block into the `body` of a head (any compound statement, handler, case). */
OuX ou_build_body(OuParser *c, OuX head, OuL block);
OuX ou_build_orelse(OuParser *c, OuX stmt, OuL block);
OuX ou_build_async(OuParser *c, OuTok t, OuX stmt);
OuX ou_build_decorated(OuParser *c, OuL decorators, OuX stmt);
OuX ou_build_match(OuParser *c, OuTok t, OuX subject);
OuX ou_build_match_end(OuParser *c, OuX head, OuL cases);
OuX ou_build_case(OuParser *c, OuTok t, OuX pattern, OuX guard);
void ou_build_file(OuParser *c, OuL body);
void ou_build_single(OuParser *c, OuL body);
void ou_build_eval(OuParser *c, OuX x);
void ou_build_func_type(OuParser *c, OuL args, OuX returns);

/* build_pattern.c */
OuX ou_build_pat_name(OuParser *c, OuX pname);
OuX ou_build_pat_value(OuParser *c, OuX value);
OuX ou_build_pat_as(OuParser *c, OuX pattern, OuTok name);
OuX ou_build_pat_or(OuParser *c, OuL l);
OuX ou_build_pat_star(OuParser *c, OuTok star, OuTok name);
OuX ou_build_pat_open(OuParser *c, OuL l);
OuX ou_build_pat_parens(OuParser *c, OuTok l, OuL items, OuTok r);
OuX ou_build_pat_sequence(OuParser *c, OuTok l, OuL items, OuTok r);
OuX ou_build_pat_mapping(OuParser *c, OuTok l, OuL items, OuTok r);
OuX ou_build_pat_class(OuParser *c, OuX cls, OuL items, OuTok r);
OuL ou_build_pat_pair(OuParser *c, OuX key, OuX pattern);
OuL ou_build_pat_rest(OuParser *c, OuTok star, OuTok name);
OuL ou_build_pat_kw(OuParser *c, OuTok name, OuX pattern);
OuL ou_build_pat_pos(OuParser *c, OuX pattern);
OuX ou_build_snum(OuParser *c, OuTok *minus, OuTok number);
OuX ou_build_complex(OuParser *c, OuX real, OuTok op, OuTok imag);

/* targets.c */
typedef enum {
    OU_TARGET_STAR,   /* star_targets: assignment, for, with, comprehension */
    OU_TARGET_SINGLE, /* augmented and annotated assignment */
    OU_TARGET_DEL,
} OuTargetKind;
/* Sets Store or Del through x; 0, or -1 when it cannot be a target. */
int ou_targets_set(OuNode *x, OuTargetKind kind);

/* grammar.y: feeds the lines of lex to the grammar after the token `start` (TOK_S_FILE ...), until the end
 * or the first problem; the outcome is in c's flags, p->diag and arena.failed. */
void ou_grammar_run(OuParser *c, OuLex *lex, OuTokenKind start);

/* parse.c: the OuFstringParse of the whole front end */
OuNode *ou_parser_fstring(OuParse *p, uint32_t start, uint32_t end, int lineno, int col);

/* diagnose.c: after a refusal, sets p->diag with CPython's message and place.  `lex` is fresh, at the
 * beginning of the text; c->skip tokens of it were complete statements. */
void ou_diagnose(OuParser *c, OuLex *lex, OuTokenKind start);

#endif
