/* lang/grammar.y - the grammar of Python 3.11, for Lemon: no conflict, no precedence directive.
 *
 * One non-terminal a level; every rule has at most one call as its action.  The grammar accepts a
 * superset where LALR(1) asks for it (targets, arguments, parameters, parenthesised `with`); the
 * builders in build_*.c and targets.c refuse what is too much.  A rule `a ::= b.` costs nothing.
 * See parser.h for the types of values. */
%name ou_grammar_
%token_prefix T_
%token_type {OuTok}
%extra_context {OuParser *c}
%stack_size 0

%token ENDMARKER NAME NUMBER STRING NEWLINE INDENT DEDENT LPAR RPAR LSQB RSQB LBRACE RBRACE COMMA COLON SEMI
    DOT ELLIPSIS RARROW EQ WALRUS AT PLUS MINUS STAR DSTAR SLASH VBAR CARET AMP TILDE MULOP SHIFTOP CMPOP
    AUGASSIGN TYPE_COMMENT OP FALSE NONE TRUE AND AS ASSERT ASYNC AWAIT BREAK CLASS CONTINUE DEF DEL ELIF ELSE
    EXCEPT FINALLY FOR FROM GLOBAL IF IMPORT IN IS LAMBDA NONLOCAL NOT OR PASS RAISE RETURN TRY WHILE WITH
    YIELD MATCH CASE S_FILE S_EVAL S_SINGLE S_FSTR S_FUNCTYPE.
%fallback NAME CASE.
%start_symbol start

%include {
#include "lang/parser.h"

#include <stdlib.h>
#include <string.h>

/* The template grows its stack with malloc and realloc and ends with free: all three go to the gate. */
#define malloc(size) ou_mem_alloc(p->c->p->mem, (size))
#define realloc(old, size) \
    ou_mem_realloc(p->c->p->mem, (old), (size_t)p->yystksz * sizeof(yyStackEntry), (size))
#define free(old) ou_mem_free(pParser->c->p->mem, (old), (size_t)pParser->yystksz * sizeof(yyStackEntry))
#define YYNOERRORRECOVERY 1
/* The trace of debug builds keeps its state in globals. */
#ifndef NDEBUG
#define NDEBUG 1
#endif

static const OuX no_x;
static const OuL no_l;

static OuL with_comma(OuL l, OuSpan comma)
{
    return (OuL){l.base, true, ou_span_join(l.s, comma)};
}
static OuL until(OuL l, OuSpan end)
{
    return (OuL){l.base, l.comma, ou_span_join(l.s, end)};
}
/* An item list that a builder pushed itself, after the list it continues. */
static OuL joined(OuL l, OuL more)
{
    return (OuL){l.base, false, ou_span_join(l.s, more.s)};
}
static OuL nothing(OuParser *c)
{
    return (OuL){c->n, false, {0, 0, 0, 0}};
}
}

%syntax_error { c->refused = true; c->where = TOKEN.s; }
%stack_overflow { c->p->arena->failed = true; }
%parse_accept { c->accepted = true; }

start ::= S_FILE file_body(B) ENDMARKER. { ou_build_file(c, B); }
start ::= S_EVAL eval_exprs(X) newlines ENDMARKER. { ou_build_eval(c, X); }
start ::= S_SINGLE single(B). { ou_build_single(c, B); }
start ::= S_FSTR star_exprs(X) ENDMARKER. { ou_build_eval(c, X); }
start ::= S_FUNCTYPE LPAR type_args(A) RPAR RARROW expression(R) newlines ENDMARKER. { ou_build_func_type(c, A, R); }

%type eval_exprs {OuX}
%type eval_list {OuL}
eval_exprs ::= expression.
eval_exprs(A) ::= expression(X) COMMA(C). { A = ou_build_tuple(c, with_comma(ou_parser_list(c, X.n, X.s), C.s)); }
eval_exprs(A) ::= eval_list(L). { A = ou_build_tuple(c, L); }
eval_exprs(A) ::= eval_list(L) COMMA(C). { A = ou_build_tuple(c, with_comma(L, C.s)); }
eval_list(A) ::= expression(X) COMMA expression(Y). { A = ou_parser_append(c, ou_parser_list(c, X.n, X.s), Y.n, Y.s); }
eval_list(A) ::= eval_list(L) COMMA expression(X). { A = ou_parser_append(c, L, X.n, X.s); }
newlines ::= .
newlines ::= newlines NEWLINE.
%type single {OuL}
single ::= simple_line.
single(A) ::= compound(X) NEWLINE. { A = ou_parser_list(c, X.n, X.s); }
single(A) ::= NEWLINE(T). { A = ou_parser_list(c, ou_build_plain(c, T, AST_Pass).n, T.s); }
%type file_body {OuL}
file_body(A) ::= . { A = nothing(c); }
file_body ::= stmts.
%type type_args {OuL}
%type type_arg_list {OuL}
%type type_star_args {OuL}
type_args(A) ::= . { A = nothing(c); }
type_args ::= type_arg_list.
type_args ::= type_star_args.
type_args(A) ::= type_arg_list(L) COMMA type_star_args(M). { A = joined(L, M); }
type_arg_list(A) ::= expression(X). { A = ou_parser_list(c, X.n, X.s); }
type_arg_list(A) ::= type_arg_list(L) COMMA expression(X). { A = ou_parser_append(c, L, X.n, X.s); }
type_star_args(A) ::= STAR expression(X). { A = ou_parser_list(c, X.n, X.s); }
type_star_args(A) ::= STAR expression(X) COMMA DSTAR expression(Y). { A = ou_parser_append(c, ou_parser_list(c, X.n, X.s), Y.n, Y.s); }
type_star_args(A) ::= DSTAR expression(X). { A = ou_parser_list(c, X.n, X.s); }

/* ---- statements ---- */
/* Reduced while its line's tokens are there: the text outlives them. */
%type type_comment {OuC}
type_comment(A) ::= TYPE_COMMENT(T). { A = (OuC){T.t->name, T.s}; }
%type stmts {OuL}
stmts(A) ::= compound(X). { A = ou_parser_list(c, X.n, X.s); }
stmts ::= simple_line.
stmts(A) ::= stmts(L) compound(X). { A = ou_parser_append(c, L, X.n, X.s); }
stmts(A) ::= stmts(L) simple_line(M). { A = joined(L, M); }
%type simple_line {OuL}
simple_line(A) ::= simple_list(L) NEWLINE. { A = L; }
simple_line(A) ::= simple_list(L) SEMI(S) NEWLINE. { A = until(L, S.s); }
%type simple_list {OuL}
simple_list(A) ::= simple(X). { A = ou_parser_list(c, X.n, X.s); }
simple_list(A) ::= simple_list(L) SEMI simple(X). { A = ou_parser_append(c, L, X.n, X.s); }

%type simple {OuX}
simple(A) ::= chain(L). { A = ou_build_chain(c, L); }
simple(A) ::= chain(L) EQ yield_expr(X). { A = ou_build_assign(c, L, X); }
simple(A) ::= chain(L) type_comment(T). { A = ou_build_typed_assign(c, L, no_x, T); }
simple(A) ::= chain(L) EQ yield_expr(X) type_comment(T). { A = ou_build_typed_assign(c, L, X, T); }
simple(A) ::= yield_expr(X). { A = ou_build_expr_stmt(c, X); }
simple(A) ::= star_exprs(T) AUGASSIGN(O) star_exprs(V). { A = ou_build_augassign(c, T, O, V); }
simple(A) ::= star_exprs(T) AUGASSIGN(O) yield_expr(V). { A = ou_build_augassign(c, T, O, V); }
simple(A) ::= star_exprs(T) COLON expression(N). { A = ou_build_annassign(c, T, N, no_x); }
simple(A) ::= star_exprs(T) COLON expression(N) EQ ann_rhs(V). { A = ou_build_annassign(c, T, N, V); }
%type ann_rhs {OuX}
ann_rhs ::= yield_expr.
ann_rhs ::= star_exprs.
%type chain {OuL}
chain(A) ::= star_exprs(X). { A = ou_parser_list(c, X.n, X.s); }
chain(A) ::= chain(L) EQ star_exprs(X). { A = ou_parser_append(c, L, X.n, X.s); }
simple(A) ::= RETURN(T). { A = ou_build_return(c, T, no_x); }
simple(A) ::= RETURN(T) star_exprs(X). { A = ou_build_return(c, T, X); }
simple(A) ::= IMPORT(T) dotted_as_names(L). { A = ou_build_import(c, T, L); }
simple(A) ::= FROM(T) from_mod(M) IMPORT import_what(L). { A = ou_build_from(c, T, M, L); }
simple(A) ::= RAISE(T). { A = ou_build_raise(c, T, no_x, no_x); }
simple(A) ::= RAISE(T) expression(X). { A = ou_build_raise(c, T, X, no_x); }
simple(A) ::= RAISE(T) expression(X) FROM expression(Y). { A = ou_build_raise(c, T, X, Y); }
simple(A) ::= PASS(T). { A = ou_build_plain(c, T, AST_Pass); }
simple(A) ::= BREAK(T). { A = ou_build_plain(c, T, AST_Break); }
simple(A) ::= CONTINUE(T). { A = ou_build_plain(c, T, AST_Continue); }
simple(A) ::= DEL(T) target_seq(L). { A = ou_build_del(c, T, L); }
simple(A) ::= DEL(T) target_seq(L) COMMA(C). { A = ou_build_del(c, T, with_comma(L, C.s)); }
simple(A) ::= GLOBAL(T) names(L). { A = ou_build_names(c, T, AST_Global, L); }
simple(A) ::= NONLOCAL(T) names(L). { A = ou_build_names(c, T, AST_Nonlocal, L); }
simple(A) ::= ASSERT(T) expression(X). { A = ou_build_assert(c, T, X, no_x); }
simple(A) ::= ASSERT(T) expression(X) COMMA expression(Y). { A = ou_build_assert(c, T, X, Y); }
%type names {OuL}
names(A) ::= NAME(N). { A = ou_parser_list(c, N.t->name, N.s); }
names(A) ::= names(L) COMMA NAME(N). { A = ou_parser_append(c, L, N.t->name, N.s); }

%type dotted_name {OuD}
dotted_name(A) ::= NAME(N). { A = (OuD){N.t->name, 0, N.s}; }
dotted_name(A) ::= dotted_name(D) DOT NAME(N). { A = ou_build_dotted(c, D, N); }
%type dotted_as {OuX}
dotted_as(A) ::= dotted_name(D). { A = ou_build_alias(c, D, NULL); }
dotted_as(A) ::= dotted_name(D) AS NAME(N). { A = ou_build_alias(c, D, &N); }
%type dotted_as_names {OuL}
dotted_as_names(A) ::= dotted_as(X). { A = ou_parser_list(c, X.n, X.s); }
dotted_as_names(A) ::= dotted_as_names(L) COMMA dotted_as(X). { A = ou_parser_append(c, L, X.n, X.s); }
%type dots {OuD}
dots(A) ::= DOT(T). { A = (OuD){NULL, 1, T.s}; }
dots(A) ::= ELLIPSIS(T). { A = (OuD){NULL, 3, T.s}; }
dots(A) ::= dots(D) DOT. { A = (OuD){NULL, D.dots + 1, D.s}; }
dots(A) ::= dots(D) ELLIPSIS. { A = (OuD){NULL, D.dots + 3, D.s}; }
%type from_mod {OuD}
from_mod ::= dotted_name.
from_mod ::= dots.
from_mod(A) ::= dots(D) dotted_name(N). { A = (OuD){N.name, D.dots, D.s}; }
%type import_as {OuX}
import_as(A) ::= NAME(N). { A = ou_build_alias(c, (OuD){N.t->name, 0, N.s}, NULL); }
import_as(A) ::= NAME(N) AS NAME(M). { A = ou_build_alias(c, (OuD){N.t->name, 0, N.s}, &M); }
%type import_as_list {OuL}
import_as_list(A) ::= import_as(X). { A = ou_parser_list(c, X.n, X.s); }
import_as_list(A) ::= import_as_list(L) COMMA import_as(X). { A = ou_parser_append(c, L, X.n, X.s); }
%type import_what {OuL}
import_what(A) ::= STAR(T). { A = ou_parser_list(c, ou_build_alias(c, (OuD){NULL, 0, T.s}, NULL).n, T.s); }
import_what ::= import_as_list.
import_what(A) ::= LPAR import_as_list(L) RPAR(R). { A = until(L, R.s); }
import_what(A) ::= LPAR import_as_list(L) COMMA RPAR(R). { A = until(L, R.s); }

%type block {OuL}
block ::= simple_line.
block(A) ::= NEWLINE INDENT stmts(L) DEDENT. { A = L; }
%type compound {OuX}
compound ::= if_stmt.
compound ::= while_stmt.
compound ::= for_stmt.
compound(A) ::= ASYNC(T) for_stmt(X). { A = ou_build_async(c, T, X); }
compound ::= try_stmt.
compound ::= with_stmt.
compound(A) ::= ASYNC(T) with_stmt(X). { A = ou_build_async(c, T, X); }
compound ::= func_def.
compound(A) ::= ASYNC(T) func_def(X). { A = ou_build_async(c, T, X); }
compound ::= class_def.
compound(A) ::= decorators(D) func_def(X). { A = ou_build_decorated(c, D, X); }
compound(A) ::= decorators(D) ASYNC(T) func_def(X). { A = ou_build_decorated(c, D, ou_build_async(c, T, X)); }
compound(A) ::= decorators(D) class_def(X). { A = ou_build_decorated(c, D, X); }
compound ::= match_stmt.
%type decorators {OuL}
decorators(A) ::= AT named_expr(X) NEWLINE. { A = ou_parser_list(c, X.n, X.s); }
decorators(A) ::= decorators(L) AT named_expr(X) NEWLINE. { A = ou_parser_append(c, L, X.n, X.s); }

%type if_stmt {OuX}
%type if_head {OuX}
%type elifs {OuL}
%type elif_head {OuX}
%type else_opt {OuL}
%type if_body {OuX}
if_body(A) ::= if_head(H) block(B). { A = ou_build_body(c, H, B); }
if_stmt(A) ::= if_body(X) elifs(E) else_opt(O). { A = ou_build_if_end(c, X, E, O); }
if_head(A) ::= IF(T) named_expr(X) COLON. { A = ou_build_if(c, T, X); }
elif_head(A) ::= ELIF(T) named_expr(X) COLON. { A = ou_build_if(c, T, X); }
elifs(A) ::= . { A = nothing(c); }
elifs(A) ::= elifs(L) elif_head(H) block(B). { OuX x = ou_build_body(c, H, B); A = ou_parser_append(c, L, x.n, x.s); }
else_opt(A) ::= . { A = no_l; }
else_opt(A) ::= ELSE COLON block(B). { A = B; }
%type while_stmt {OuX}
%type while_head {OuX}
while_head(A) ::= WHILE(T) named_expr(X) COLON. { A = ou_build_while(c, T, X); }
while_body(A) ::= while_head(H) block(B). { A = ou_build_body(c, H, B); }
%type while_body {OuX}
while_stmt(A) ::= while_body(X) else_opt(O). { A = ou_build_orelse(c, X, O); }
%type for_stmt {OuX}
%type for_head {OuX}
%type for_body {OuX}
for_head(A) ::= FOR(T) target_list(X) IN star_exprs(Y) COLON. { A = ou_build_for(c, T, X, Y); }
for_body(A) ::= for_head(H) block(B). { A = ou_build_body(c, H, B); }
for_body(A) ::= for_head(H) type_comment(T) block(B). { A = ou_build_body(c, ou_build_typed(H, T), B); }
for_stmt(A) ::= for_body(X) else_opt(O). { A = ou_build_orelse(c, X, O); }
%type try_stmt {OuX}
%type finally_opt {OuL}
%type excepts {OuL}
%type except {OuX}
%type except_head {OuX}
try_stmt(A) ::= TRY(T) COLON block(B) FINALLY COLON block(F). { A = ou_build_try(c, T, B, no_l, no_l, F); }
try_stmt(A) ::= TRY(T) COLON block(B) excepts(E) else_opt(O) finally_opt(F). { A = ou_build_try(c, T, B, E, O, F); }
finally_opt(A) ::= . { A = no_l; }
finally_opt(A) ::= FINALLY COLON block(B). { A = B; }
excepts(A) ::= except(X). { A = ou_parser_list(c, X.n, X.s); }
excepts(A) ::= excepts(L) except(X). { A = ou_parser_append(c, L, X.n, X.s); }
except(A) ::= except_head(H) block(B). { A = ou_build_body(c, H, B); }
except_head(A) ::= EXCEPT(T) COLON. { A = ou_build_except(c, T, no_x, NULL, NULL); }
except_head(A) ::= EXCEPT(T) expression(X) COLON. { A = ou_build_except(c, T, X, NULL, NULL); }
except_head(A) ::= EXCEPT(T) expression(X) AS NAME(N) COLON. { A = ou_build_except(c, T, X, &N, NULL); }
except_head(A) ::= EXCEPT(T) STAR(S) expression(X) COLON. { A = ou_build_except(c, T, X, NULL, &S); }
except_head(A) ::= EXCEPT(T) STAR(S) expression(X) AS NAME(N) COLON. { A = ou_build_except(c, T, X, &N, &S); }
%type with_stmt {OuX}
%type with_head {OuX}
%type with_items {OuL}
%type with_item {OuX}
with_stmt(A) ::= with_head(H) block(B). { A = ou_build_body(c, H, B); }
with_stmt(A) ::= with_head(H) type_comment(T) block(B). { A = ou_build_body(c, ou_build_typed(H, T), B); }
with_head(A) ::= WITH(T) with_items(L) COLON. { A = ou_build_with(c, T, L); }
with_items(A) ::= with_item(X). { A = ou_parser_list(c, X.n, X.s); }
with_items(A) ::= with_items(L) COMMA with_item(X). { A = ou_parser_append(c, L, X.n, X.s); }
with_item(A) ::= expression(X). { A = ou_build_with_item(c, X, no_x); }
with_item(A) ::= expression(X) AS target(T). { A = ou_build_with_item(c, X, T); }
%type class_def {OuX}
%type class_head {OuX}
class_def(A) ::= class_head(H) block(B). { A = ou_build_body(c, H, B); }
class_head(A) ::= CLASS(T) NAME(N) COLON. { A = ou_build_class(c, T, N, nothing(c)); }
class_head(A) ::= CLASS(T) NAME(N) LPAR args_opt(L) RPAR COLON. { A = ou_build_class(c, T, N, L); }
%type func_def {OuX}
%type func_head {OuX}
func_def(A) ::= func_head(H) block(B). { A = ou_build_body(c, H, B); }
func_def(A) ::= func_head(H) type_comment(T) block(B). { A = ou_build_body(c, ou_build_typed(H, T), B); }
func_def(A) ::= func_head(H) NEWLINE type_comment(T) NEWLINE INDENT stmts(B) DEDENT. { A = ou_build_body(c, ou_build_typed(H, T), B); }
func_head(A) ::= DEF(T) NAME(N) LPAR params(P) RPAR arrow(R) COLON(C). { A = ou_build_def(c, T, N, P, R, C); }
%type arrow {OuX}
arrow(A) ::= . { A = no_x; }
arrow(A) ::= RARROW expression(X). { A = X; }

/* ---- parameters ---- */
%type params {OuX}
%type param_list {OuL}
%type param {OuL}
params(A) ::= . { A = ou_build_params(c, nothing(c)); }
params(A) ::= param_list(L). { A = ou_build_params(c, L); }
params(A) ::= param_list(L) type_comment(T). { ou_build_typed_param(c, T); A = ou_build_params(c, L); }
params(A) ::= param_list(L) COMMA(C). { A = ou_build_params(c, with_comma(L, C.s)); }
params(A) ::= typed_params(L). { A = ou_build_params(c, L); }
%type typed_params {OuL}
typed_params(A) ::= param_list(L) COMMA(C) type_comment(T). { ou_build_typed_param(c, T); A = with_comma(L, C.s); }
param_list ::= param.
param_list(A) ::= param_list(L) COMMA param(M). { A = joined(L, M); }
param_list(A) ::= typed_params(L) param(M). { A = joined(L, M); }
param(A) ::= NAME(N) ann(X) dflt(D). { A = ou_build_param(c, N, ou_build_arg(c, N, X), D); }
param(A) ::= SLASH(T). { A = ou_build_param(c, T, no_x, no_x); }
param(A) ::= STAR(T). { A = ou_build_param(c, T, no_x, no_x); }
param(A) ::= STAR(T) NAME(N) ann(X). { A = ou_build_param(c, T, ou_build_arg(c, N, X), no_x); }
param(A) ::= STAR(T) NAME(N) COLON STAR(S) bitor(X). { A = ou_build_param(c, T, ou_build_arg(c, N, ou_build_star(c, S, X)), no_x); }
param(A) ::= DSTAR(T) NAME(N) ann(X). { A = ou_build_param(c, T, ou_build_arg(c, N, X), no_x); }
%type ann {OuX}
ann(A) ::= . { A = no_x; }
ann(A) ::= COLON expression(X). { A = X; }
%type dflt {OuX}
dflt(A) ::= . { A = no_x; }
dflt(A) ::= EQ expression(X). { A = X; }
%type lparams {OuX}
%type lparam_list {OuL}
%type lparam {OuL}
lparams(A) ::= . { A = ou_build_params(c, nothing(c)); }
lparams(A) ::= lparam_list(L). { A = ou_build_params(c, L); }
lparams(A) ::= lparam_list(L) COMMA(C). { A = ou_build_params(c, with_comma(L, C.s)); }
lparam_list ::= lparam.
lparam_list(A) ::= lparam_list(L) COMMA lparam(M). { A = joined(L, M); }
lparam(A) ::= NAME(N) dflt(D). { A = ou_build_param(c, N, ou_build_arg(c, N, no_x), D); }
lparam(A) ::= SLASH(T). { A = ou_build_param(c, T, no_x, no_x); }
lparam(A) ::= STAR(T). { A = ou_build_param(c, T, no_x, no_x); }
lparam(A) ::= STAR(T) NAME(N). { A = ou_build_param(c, T, ou_build_arg(c, N, no_x), no_x); }
lparam(A) ::= DSTAR(T) NAME(N). { A = ou_build_param(c, T, ou_build_arg(c, N, no_x), no_x); }

/* ---- targets (after for, del, as: they stop at `in`) ---- */
%type target {OuX}
target ::= bitor.
target(A) ::= STAR(T) bitor(X). { A = ou_build_star(c, T, X); }
%type target_seq {OuL}
target_seq(A) ::= target(X). { A = ou_parser_list(c, X.n, X.s); }
target_seq(A) ::= target_seq(L) COMMA target(X). { A = ou_parser_append(c, L, X.n, X.s); }
%type target_list {OuX}
target_list(A) ::= target_seq(L). { A = ou_build_tuple(c, L); }
target_list(A) ::= target_seq(L) COMMA(C). { A = ou_build_tuple(c, with_comma(L, C.s)); }

/* ---- expressions ---- */
%type yield_expr {OuX}
yield_expr(A) ::= YIELD(T). { A = ou_build_yield(c, T, no_x); }
yield_expr(A) ::= YIELD(T) star_exprs(X). { A = ou_build_yield(c, T, X); }
yield_expr(A) ::= YIELD(T) FROM expression(X). { A = ou_build_yield_from(c, T, X); }
%type star_expr {OuX}
star_expr ::= expression.
star_expr(A) ::= STAR(T) bitor(X). { A = ou_build_star(c, T, X); }
%type sx_list {OuL}
sx_list(A) ::= star_expr(X) COMMA star_expr(Y). { A = ou_parser_append(c, ou_parser_list(c, X.n, X.s), Y.n, Y.s); }
sx_list(A) ::= sx_list(L) COMMA star_expr(X). { A = ou_parser_append(c, L, X.n, X.s); }
%type star_exprs {OuX}
star_exprs ::= star_expr.
star_exprs(A) ::= star_expr(X) COMMA(C). { A = ou_build_tuple(c, with_comma(ou_parser_list(c, X.n, X.s), C.s)); }
star_exprs(A) ::= sx_list(L). { A = ou_build_tuple(c, L); }
star_exprs(A) ::= sx_list(L) COMMA(C). { A = ou_build_tuple(c, with_comma(L, C.s)); }
%type named_expr {OuX}
named_expr ::= expression.
named_expr(A) ::= expression(T) WALRUS expression(V). { A = ou_build_walrus(c, T, V); }
%type sn_item {OuX}
sn_item ::= named_expr.
sn_item(A) ::= STAR(T) bitor(X). { A = ou_build_star(c, T, X); }
%type sn_list {OuL}
sn_list(A) ::= sn_item(X). { A = ou_parser_list(c, X.n, X.s); }
sn_list(A) ::= sn_list(L) COMMA sn_item(X). { A = ou_parser_append(c, L, X.n, X.s); }
%type sn_items {OuL}
sn_items ::= sn_list.
sn_items(A) ::= sn_list(L) COMMA(C). { A = with_comma(L, C.s); }
/* in parentheses, with `as` for the with statement */
%type pn_item {OuX}
pn_item ::= sn_item.
pn_item(A) ::= expression(X) AS target(T). { A = ou_build_paren_as(c, X, T); }
%type pn_list {OuL}
pn_list(A) ::= pn_item(X). { A = ou_parser_list(c, X.n, X.s); }
pn_list(A) ::= pn_list(L) COMMA pn_item(X). { A = ou_parser_append(c, L, X.n, X.s); }
%type pn_items {OuL}
pn_items ::= pn_list.
pn_items(A) ::= pn_list(L) COMMA(C). { A = with_comma(L, C.s); }

%type expression {OuX}
expression ::= disj.
expression(A) ::= disj(X) IF disj(T) ELSE expression(Y). { A = ou_build_ifexp(c, X, T, Y); }
expression(A) ::= LAMBDA(T) lparams(P) COLON expression(X). { A = ou_build_lambda(c, T, P, X); }
%type disj {OuX}
%type or_list {OuL}
disj ::= conj.
disj(A) ::= or_list(L). { A = ou_build_boolop(c, AST_Or, L); }
or_list(A) ::= conj(X) OR conj(Y). { A = ou_parser_append(c, ou_parser_list(c, X.n, X.s), Y.n, Y.s); }
or_list(A) ::= or_list(L) OR conj(X). { A = ou_parser_append(c, L, X.n, X.s); }
%type conj {OuX}
%type and_list {OuL}
conj ::= inv.
conj(A) ::= and_list(L). { A = ou_build_boolop(c, AST_And, L); }
and_list(A) ::= inv(X) AND inv(Y). { A = ou_parser_append(c, ou_parser_list(c, X.n, X.s), Y.n, Y.s); }
and_list(A) ::= and_list(L) AND inv(X). { A = ou_parser_append(c, L, X.n, X.s); }
%type inv {OuX}
inv ::= cmp.
inv(A) ::= NOT(T) inv(X). { A = ou_build_unary(c, T, AST_Not, X); }
%type cmp {OuX}
%type cmp_list {OuL}
cmp ::= bitor.
cmp(A) ::= cmp_list(L). { A = ou_build_compare(c, L); }
cmp_list(A) ::= bitor(X) cmpop(O) bitor(Y). { A = ou_build_cmp(c, X, O, Y); }
cmp_list(A) ::= cmp_list(L) cmpop(O) bitor(Y). { A = ou_build_cmp_more(c, L, O, Y); }
%type cmpop {int}
cmpop(A) ::= CMPOP(T). { A = ou_build_cmpop(c, T); }
cmpop(A) ::= IN. { A = AST_In; }
cmpop(A) ::= NOT IN. { A = AST_NotIn; }
cmpop(A) ::= IS. { A = AST_Is; }
cmpop(A) ::= IS NOT. { A = AST_IsNot; }
%type bitor {OuX}
bitor ::= bitxor.
bitor(A) ::= bitor(X) VBAR(O) bitxor(Y). { A = ou_build_binop(c, X, O, Y); }
%type bitxor {OuX}
bitxor ::= bitand.
bitxor(A) ::= bitxor(X) CARET(O) bitand(Y). { A = ou_build_binop(c, X, O, Y); }
%type bitand {OuX}
bitand ::= shift.
bitand(A) ::= bitand(X) AMP(O) shift(Y). { A = ou_build_binop(c, X, O, Y); }
%type shift {OuX}
shift ::= arith.
shift(A) ::= shift(X) SHIFTOP(O) arith(Y). { A = ou_build_binop(c, X, O, Y); }
%type arith {OuX}
arith ::= term.
arith(A) ::= arith(X) PLUS(O) term(Y). { A = ou_build_binop(c, X, O, Y); }
arith(A) ::= arith(X) MINUS(O) term(Y). { A = ou_build_binop(c, X, O, Y); }
%type term {OuX}
term ::= factor.
term(A) ::= term(X) STAR(O) factor(Y). { A = ou_build_binop(c, X, O, Y); }
term(A) ::= term(X) SLASH(O) factor(Y). { A = ou_build_binop(c, X, O, Y); }
term(A) ::= term(X) MULOP(O) factor(Y). { A = ou_build_binop(c, X, O, Y); }
term(A) ::= term(X) AT(O) factor(Y). { A = ou_build_binop(c, X, O, Y); }
%type factor {OuX}
factor ::= power.
factor(A) ::= PLUS(T) factor(X). { A = ou_build_unary(c, T, AST_UAdd, X); }
factor(A) ::= MINUS(T) factor(X). { A = ou_build_unary(c, T, AST_USub, X); }
factor(A) ::= TILDE(T) factor(X). { A = ou_build_unary(c, T, AST_Invert, X); }
%type power {OuX}
power ::= aw.
power(A) ::= aw(X) DSTAR(O) factor(Y). { A = ou_build_binop(c, X, O, Y); }
%type aw {OuX}
aw ::= primary.
aw(A) ::= AWAIT(T) primary(X). { A = ou_build_await(c, T, X); }
%type primary {OuX}
primary ::= atom.
primary(A) ::= primary(X) DOT NAME(N). { A = ou_build_attribute(c, X, N); }
primary(A) ::= primary(X) LPAR(P) args_opt(L) RPAR(Q). { A = ou_build_call(c, X, P, L, Q); }
primary(A) ::= primary(X) LSQB slices(L) RSQB(R). { A = ou_build_subscript(c, X, L, R); }
%type args_opt {OuL}
%type arg_list {OuL}
%type arg {OuX}
args_opt(A) ::= . { A = nothing(c); }
args_opt ::= arg_list.
args_opt(A) ::= arg_list(L) COMMA(C). { A = with_comma(L, C.s); }
arg_list(A) ::= arg(X). { A = ou_parser_list(c, X.n, X.s); }
arg_list(A) ::= arg_list(L) COMMA arg(X). { A = ou_parser_append(c, L, X.n, X.s); }
arg ::= named_expr.
arg(A) ::= expression(N) EQ expression(X). { A = ou_build_kwarg(c, N, X); }
arg(A) ::= STAR(T) expression(X). { A = ou_build_star(c, T, X); }
arg(A) ::= DSTAR(T) expression(X). { A = ou_build_dstar_arg(c, T, X); }
arg(A) ::= named_expr(X) comp_fors(L). { A = ou_build_gen_arg(c, X, L); }
%type slices {OuL}
%type slice_list {OuL}
%type slice {OuX}
slices ::= slice_list.
slices(A) ::= slice_list(L) COMMA(C). { A = with_comma(L, C.s); }
slice_list(A) ::= slice(X). { A = ou_parser_list(c, X.n, X.s); }
slice_list(A) ::= slice_list(L) COMMA slice(X). { A = ou_parser_append(c, L, X.n, X.s); }
slice ::= named_expr.
slice(A) ::= STAR(T) expression(X). { A = ou_build_star(c, T, X); }
slice(A) ::= opt_expr(X) COLON(C) opt_expr(Y). { A = ou_build_slice(c, X, C, Y, (OuTok){0}, no_x); }
slice(A) ::= opt_expr(X) COLON(C) opt_expr(Y) COLON(D) opt_expr(Z). { A = ou_build_slice(c, X, C, Y, D, Z); }
%type opt_expr {OuX}
opt_expr(A) ::= . { A = no_x; }
opt_expr ::= expression.
%type comp_fors {OuL}
%type comp_for {OuX}
%type comp_ifs {OuL}
comp_fors(A) ::= comp_for(X). { A = ou_parser_list(c, X.n, X.s); }
comp_fors(A) ::= comp_fors(L) comp_for(X). { A = ou_parser_append(c, L, X.n, X.s); }
comp_for(A) ::= FOR(T) target_list(X) IN disj(Y) comp_ifs(L). { A = ou_build_comp_for(c, T, X, Y, L, false); }
comp_for(A) ::= ASYNC(T) FOR target_list(X) IN disj(Y) comp_ifs(L). { A = ou_build_comp_for(c, T, X, Y, L, true); }
comp_ifs(A) ::= . { A = nothing(c); }
comp_ifs(A) ::= comp_ifs(L) IF disj(X). { A = ou_parser_append(c, L, X.n, X.s); }
%type atom {OuX}
atom(A) ::= NAME(T). { A = ou_build_name(c, T); }
atom(A) ::= NUMBER(T). { A = ou_build_number(c, T); }
atom(A) ::= strings(S). { A = ou_build_strings(c, S); }
atom(A) ::= NONE(T). { A = ou_build_const(c, T, OU_K_NONE); }
atom(A) ::= TRUE(T). { A = ou_build_const(c, T, OU_K_TRUE); }
atom(A) ::= FALSE(T). { A = ou_build_const(c, T, OU_K_FALSE); }
atom(A) ::= ELLIPSIS(T). { A = ou_build_const(c, T, OU_K_ELLIPSIS); }
%type strings {OuStrings}
strings(A) ::= STRING(T). { A = (OuStrings){T.t, T.t}; }
strings(A) ::= strings(S) STRING(T). { A = (OuStrings){S.first, T.t}; }
atom(A) ::= LPAR(L) RPAR(R). { A = ou_build_empty(c, AST_Tuple, L, R); }
atom(A) ::= LPAR(L) yield_expr(X) RPAR(R). { A = ou_build_group(c, L, X, R); }
atom(A) ::= LPAR(L) pn_items(I) RPAR(R). { A = ou_build_parens(c, L, I, R); }
atom(A) ::= LPAR(L) named_expr(X) comp_fors(F) RPAR(R). { A = ou_build_comp(c, AST_GeneratorExp, L, X, F, R); }
atom(A) ::= LSQB(L) RSQB(R). { A = ou_build_empty(c, AST_List, L, R); }
atom(A) ::= LSQB(L) sn_items(I) RSQB(R). { A = ou_build_display(c, AST_List, L, I, R); }
atom(A) ::= LSQB(L) named_expr(X) comp_fors(F) RSQB(R). { A = ou_build_comp(c, AST_ListComp, L, X, F, R); }
atom(A) ::= LBRACE(L) RBRACE(R). { A = ou_build_empty(c, AST_Dict, L, R); }
atom(A) ::= LBRACE(L) sn_items(I) RBRACE(R). { A = ou_build_display(c, AST_Set, L, I, R); }
atom(A) ::= LBRACE(L) named_expr(X) comp_fors(F) RBRACE(R). { A = ou_build_comp(c, AST_SetComp, L, X, F, R); }
atom(A) ::= LBRACE(L) dict_items(I) RBRACE(R). { A = ou_build_dict(c, L, I, R); }
atom(A) ::= LBRACE(L) dict_items(I) COMMA RBRACE(R). { A = ou_build_dict(c, L, I, R); }
atom(A) ::= LBRACE(L) expression(K) COLON expression(V) comp_fors(F) RBRACE(R). { A = ou_build_dictcomp(c, L, K, V, F, R); }
%type dict_items {OuL}
%type dict_item {OuL}
dict_items ::= dict_item.
dict_items(A) ::= dict_items(L) COMMA dict_item(M). { A = joined(L, M); }
dict_item(A) ::= expression(K) COLON expression(V). { A = ou_parser_append(c, ou_parser_list(c, K.n, K.s), V.n, V.s); }
dict_item(A) ::= DSTAR(T) bitor(V). { A = ou_parser_append(c, ou_parser_list(c, NULL, T.s), V.n, V.s); }

/* ---- match ---- */
%type match_stmt {OuX}
%type match_head {OuX}
match_stmt(A) ::= match_head(H) NEWLINE INDENT cases(L) DEDENT. { A = ou_build_match_end(c, H, L); }
match_head(A) ::= MATCH(T) subject(X) COLON. { A = ou_build_match(c, T, X); }
%type subject {OuX}
subject ::= named_expr.
subject(A) ::= sn_item(X) COMMA(C). { A = ou_build_tuple(c, with_comma(ou_parser_list(c, X.n, X.s), C.s)); }
subject(A) ::= subject_list(L). { A = ou_build_tuple(c, L); }
subject(A) ::= subject_list(L) COMMA(C). { A = ou_build_tuple(c, with_comma(L, C.s)); }
%type subject_list {OuL}
subject_list(A) ::= sn_item(X) COMMA sn_item(Y). { A = ou_parser_append(c, ou_parser_list(c, X.n, X.s), Y.n, Y.s); }
subject_list(A) ::= subject_list(L) COMMA sn_item(Y). { A = ou_parser_append(c, L, Y.n, Y.s); }
%type cases {OuL}
%type case_block {OuX}
%type case_head {OuX}
cases(A) ::= case_block(X). { A = ou_parser_list(c, X.n, X.s); }
cases(A) ::= cases(L) case_block(X). { A = ou_parser_append(c, L, X.n, X.s); }
case_block(A) ::= case_head(H) block(B). { A = ou_build_body(c, H, B); }
case_head(A) ::= CASE(T) patterns(X) guard(G) COLON. { A = ou_build_case(c, T, X, G); }
%type guard {OuX}
guard(A) ::= . { A = no_x; }
guard(A) ::= IF named_expr(X). { A = X; }
%type patterns {OuX}
%type open_seq {OuL}
patterns ::= pattern.
patterns(A) ::= open_seq(L). { A = ou_build_pat_open(c, L); }
patterns(A) ::= open_seq(L) COMMA(C). { A = ou_build_pat_open(c, with_comma(L, C.s)); }
patterns(A) ::= sp(X) COMMA(C). { A = ou_build_pat_open(c, with_comma(ou_parser_list(c, X.n, X.s), C.s)); }
open_seq(A) ::= sp(X) COMMA sp(Y). { A = ou_parser_append(c, ou_parser_list(c, X.n, X.s), Y.n, Y.s); }
open_seq(A) ::= open_seq(L) COMMA sp(Y). { A = ou_parser_append(c, L, Y.n, Y.s); }
%type sp {OuX}
sp ::= pattern.
sp(A) ::= STAR(T) NAME(N). { A = ou_build_pat_star(c, T, N); }
%type sp_list {OuL}
%type sp_items {OuL}
sp_list(A) ::= sp(X). { A = ou_parser_list(c, X.n, X.s); }
sp_list(A) ::= sp_list(L) COMMA sp(X). { A = ou_parser_append(c, L, X.n, X.s); }
sp_items ::= sp_list.
sp_items(A) ::= sp_list(L) COMMA(C). { A = with_comma(L, C.s); }
%type pattern {OuX}
pattern ::= or_pat.
pattern(A) ::= or_pat(X) AS NAME(N). { A = ou_build_pat_as(c, X, N); }
%type or_pat {OuX}
%type or_pat_list {OuL}
or_pat ::= closed.
or_pat(A) ::= or_pat_list(L). { A = ou_build_pat_or(c, L); }
or_pat_list(A) ::= closed(X) VBAR closed(Y). { A = ou_parser_append(c, ou_parser_list(c, X.n, X.s), Y.n, Y.s); }
or_pat_list(A) ::= or_pat_list(L) VBAR closed(X). { A = ou_parser_append(c, L, X.n, X.s); }
%type closed {OuX}
closed(A) ::= lit(X). { A = ou_build_pat_value(c, X); }
closed(A) ::= pname(X). { A = ou_build_pat_name(c, X); }
closed(A) ::= LPAR(L) RPAR(R). { A = ou_build_pat_sequence(c, L, nothing(c), R); }
closed(A) ::= LPAR(L) sp_items(I) RPAR(R). { A = ou_build_pat_parens(c, L, I, R); }
closed(A) ::= LSQB(L) RSQB(R). { A = ou_build_pat_sequence(c, L, nothing(c), R); }
closed(A) ::= LSQB(L) sp_items(I) RSQB(R). { A = ou_build_pat_sequence(c, L, I, R); }
closed(A) ::= LBRACE(L) RBRACE(R). { A = ou_build_pat_mapping(c, L, nothing(c), R); }
closed(A) ::= LBRACE(L) mp_list(I) RBRACE(R). { A = ou_build_pat_mapping(c, L, I, R); }
closed(A) ::= LBRACE(L) mp_list(I) COMMA RBRACE(R). { A = ou_build_pat_mapping(c, L, I, R); }
closed(A) ::= pname(X) LPAR RPAR(R). { A = ou_build_pat_class(c, X, nothing(c), R); }
closed(A) ::= pname(X) LPAR cp_list(I) RPAR(R). { A = ou_build_pat_class(c, X, I, R); }
closed(A) ::= pname(X) LPAR cp_list(I) COMMA RPAR(R). { A = ou_build_pat_class(c, X, I, R); }
%type pname {OuX}
pname(A) ::= NAME(T). { A = ou_build_name(c, T); }
pname(A) ::= pname(X) DOT NAME(N). { A = ou_build_attribute(c, X, N); }
%type mp_list {OuL}
%type mp {OuL}
mp_list ::= mp.
mp_list(A) ::= mp_list(L) COMMA mp(M). { A = joined(L, M); }
mp(A) ::= lit(K) COLON pattern(X). { A = ou_build_pat_pair(c, K, X); }
mp(A) ::= pname(K) COLON pattern(X). { A = ou_build_pat_pair(c, K, X); }
mp(A) ::= DSTAR(T) NAME(N). { A = ou_build_pat_rest(c, T, N); }
%type cp_list {OuL}
%type cp {OuL}
cp_list ::= cp.
cp_list(A) ::= cp_list(L) COMMA cp(M). { A = joined(L, M); }
cp(A) ::= pattern(X). { A = ou_build_pat_pos(c, X); }
cp(A) ::= NAME(N) EQ pattern(X). { A = ou_build_pat_kw(c, N, X); }
%type lit {OuX}
lit(A) ::= strings(S). { A = ou_build_strings(c, S); }
lit(A) ::= NONE(T). { A = ou_build_const(c, T, OU_K_NONE); }
lit(A) ::= TRUE(T). { A = ou_build_const(c, T, OU_K_TRUE); }
lit(A) ::= FALSE(T). { A = ou_build_const(c, T, OU_K_FALSE); }
lit ::= snum.
lit(A) ::= snum(X) PLUS(O) NUMBER(N). { A = ou_build_complex(c, X, O, N); }
lit(A) ::= snum(X) MINUS(O) NUMBER(N). { A = ou_build_complex(c, X, O, N); }
%type snum {OuX}
snum(A) ::= NUMBER(N). { A = ou_build_snum(c, NULL, N); }
snum(A) ::= MINUS(T) NUMBER(N). { A = ou_build_snum(c, &T, N); }

%code {
/* One token; false when there is no point in going on. */
static bool feed(yyParser *y, OuParser *c, int kind, const OuToken *t)
{
    OuTok v = {t, {t->lineno, t->col, t->end_lineno, t->end_col}};
    ou_grammar_(y, kind, v);
    return !(c->refused || c->rejected || c->p->diag.kind || c->p->arena->failed);
}

/* Does a line that starts like this go on with the statement of the line before? */
static bool continues(OuTokenKind kind)
{
    return kind == TOK_ELIF || kind == TOK_ELSE || kind == TOK_EXCEPT || kind == TOK_FINALLY;
}

/* Is there anything but space and comments? */
static bool more_text(const char *s)
{
    for (;; s++) {
        s += strspn(s, " \t\n\f");
        if (*s != '#')
            return *s;
        s += strcspn(s, "\n");
        if (!*s)
            return false;
    }
}

/* `fresh` is the first token of a statement at the outermost level, if the line begins one: once the grammar
 * has taken it, the statement before is complete. */
static bool feed_line(yyParser *y, OuParser *c, OuLex *lex, size_t fresh, size_t skip)
{
    for (size_t i = lex->first; i < lex->n; i++) {
        const OuToken *t = &lex->tok[i];
        if (t->kind == TOK_ERROR) {
            c->p->diag = lex->diag;
            c->by_lexer = true;
            return false;
        }
        if (!feed(y, c, t->kind, t))
            return false;
        if (i == fresh)
            c->skip = skip;
        c->end = t->end;
        if (t->kind == TOK_NEWLINE && c->loose_as) {
            ou_parser_reject(c, ou_span_of(c->loose_as));
            return false;
        }
    }
    return true;
}

void ou_grammar_run(OuParser *c, OuLex *lex, OuTokenKind start)
{
    yyParser y;
    OuToken mark = {.kind = (uint8_t)start, .lineno = 1, .end_lineno = 1};
    size_t count = 0;
    int depth = 0, more = 0;
    bool decorated = false;
    ou_grammar_Init(&y, c);
    bool good = feed(&y, c, (int)start, &mark);
    while (good && (more = ou_lex_line(lex)) > 0) {
        size_t i = lex->first;
        for (; i < lex->n && (lex->tok[i].kind == TOK_DEDENT || lex->tok[i].kind == TOK_INDENT); i++)
            depth += lex->tok[i].kind == TOK_INDENT ? 1 : -1;
        bool begins = depth == 0 && i < lex->n && !continues(lex->tok[i].kind);
        good = feed_line(&y, c, lex, begins && !decorated ? i : SIZE_MAX, count + (i - lex->first));
        if (begins)
            decorated = lex->tok[i].kind == TOK_AT;
        count += lex->n - lex->first;
    }
    if (good && more < 0)
        c->p->arena->failed = true;
    if (good && more == 0)
        feed(&y, c, 0, &mark);
    if (start == TOK_S_SINGLE && (c->refused || c->by_lexer)) {
        /* perhaps a complete statement with something behind it: the end, or what CPython forbids */
        OuDiag diag = c->p->diag;
        bool refused = c->refused;
        c->refused = false;
        c->p->diag.kind = OU_DIAG_NONE;
        feed(&y, c, 0, &mark);
        c->extra = c->accepted && more_text(c->p->source + c->end);
        if (!c->accepted || c->extra) {
            c->refused = refused || c->extra;
            c->p->diag = diag;
        }
    }
    ou_grammar_Finalize(&y);
}
}
