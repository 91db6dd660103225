/* lang/build_stmt.c - actions of the statement rules.
 *
 * A compound statement is made when its header is complete (so that token pointers never outlive
 * their line) and filled when its block is. */
#include "parser.h"

#include <string.h>

static OuX made(OuNode *n, OuSpan s)
{
    return (OuX){n, s};
}

static OuX target_of(OuParser *c, OuX x, OuTargetKind kind)
{
    if (x.n && ou_targets_set(x.n, kind) < 0)
        ou_parser_reject(c, x.s);
    return x;
}

static void set_end(OuNode *n, OuSpan s)
{
    n->end_lineno = s.el;
    n->end_col = s.ec;
}

OuX ou_build_expr_stmt(OuParser *c, OuX x)
{
    return made(OU_AST(c->p, x.s, Expr, .value = x.n), x.s);
}

OuX ou_build_assign(OuParser *c, OuL chain, OuX value)
{
    OuSpan s = ou_span_join(chain.s, value.s);
    for (uint32_t i = chain.base; i < c->n; i++)
        target_of(c, made(c->item[i], chain.s), OU_TARGET_STAR);
    OuSeq targets = ou_parser_take(c, chain);
    return made(OU_AST(c->p, s, Assign, .targets = targets, .value = value.n), s);
}

/* `a = b = c`: the last one is the value; one alone is an expression statement. */
OuX ou_build_chain(OuParser *c, OuL chain)
{
    OuX last = made(c->n > chain.base ? c->item[--c->n] : NULL, chain.s);
    if (c->n == chain.base)
        return ou_build_expr_stmt(c, last);
    return ou_build_assign(c, chain, last);
}

OuX ou_build_typed_assign(OuParser *c, OuL chain, OuX value, OuC comment)
{
    OuX x = value.n ? ou_build_assign(c, chain, value) : ou_build_chain(c, chain);
    if (!x.n)
        return x;
    if (x.n->kind != AST_Assign) {
        ou_parser_reject(c, comment.s);
        return x;
    }
    AST(Assign, x.n)->type_comment = comment.text;
    set_end(x.n, comment.s); /* CPython counts the comment in */
    return made(x.n, ou_span_join(x.s, comment.s));
}

OuX ou_build_typed(OuX head, OuC comment)
{
    if (head.n) {
        switch (head.n->kind) {
        case AST_For:
            AST(For, head.n)->type_comment = comment.text;
            break;
        case AST_With:
            AST(With, head.n)->type_comment = comment.text;
            break;
        default:
            AST(FunctionDef, head.n)->type_comment = comment.text;
        }
    }
    return head;
}

OuX ou_build_augassign(OuParser *c, OuX target, OuTok op, OuX value)
{
    OuSpan s = ou_span_join(target.s, value.s);
    target_of(c, target, OU_TARGET_SINGLE);
    return made(OU_AST(c->p, s, AugAssign, .target = target.n, .op = op.t->op, .value = value.n), s);
}

/* `(x).y: int` is refused by CPython: its parser takes `(x)` for the whole target. */
static bool starts_with_target(const OuNode *x)
{
    if (x->flags & AST_F_PARENS)
        return false;
    while (!(x->flags & AST_F_PARENS)) {
        if (x->kind == AST_Attribute)
            x = AST(Attribute, x)->value;
        else if (x->kind == AST_Subscript)
            x = AST(Subscript, x)->value;
        else if (x->kind == AST_Call)
            x = AST(Call, x)->func;
        else
            return false;
        if (!x)
            return false;
    }
    return x->kind == AST_Name || x->kind == AST_Attribute || x->kind == AST_Subscript;
}

OuX ou_build_annassign(OuParser *c, OuX target, OuX annotation, OuX value)
{
    OuSpan s = ou_span_join(target.s, value.n ? value.s : annotation.s);
    target_of(c, target, OU_TARGET_SINGLE);
    if (target.n && starts_with_target(target.n))
        ou_parser_reject(c, target.s);
    bool simple = target.n && target.n->kind == AST_Name && !(target.n->flags & AST_F_PARENS);
    return made(OU_AST(c->p, s, AnnAssign, .target = target.n, .annotation = annotation.n, .value = value.n,
                       .simple = simple),
                s);
}

OuX ou_build_return(OuParser *c, OuTok t, OuX value)
{
    OuSpan s = value.n ? ou_span_join(t.s, value.s) : t.s;
    return made(OU_AST(c->p, s, Return, .value = value.n), s);
}

OuX ou_build_plain(OuParser *c, OuTok t, OuAstKind kind)
{
    return made(ou_ast_put(c->p, kind, t.s, &(OuAst_Pass){.node = {0}}.node), t.s);
}

OuX ou_build_raise(OuParser *c, OuTok t, OuX exc, OuX cause)
{
    OuSpan s = ou_span_join(t.s, cause.n ? cause.s : exc.n ? exc.s : t.s);
    return made(OU_AST(c->p, s, Raise, .exc = exc.n, .cause = cause.n), s);
}

OuX ou_build_del(OuParser *c, OuTok t, OuL targets)
{
    OuSpan s = ou_span_join(t.s, targets.s);
    for (uint32_t i = targets.base; i < c->n; i++)
        target_of(c, made(c->item[i], targets.s), OU_TARGET_DEL);
    OuSeq seq = ou_parser_take(c, targets);
    return made(OU_AST(c->p, s, Delete, .targets = seq), s);
}

/* global and nonlocal have one layout */
OuX ou_build_names(OuParser *c, OuTok t, OuAstKind kind, OuL names)
{
    OuSpan s = ou_span_join(t.s, names.s);
    OuNames n = ou_parser_take_names(c, names);
    return made(ou_ast_put(c->p, kind, s, &(OuAst_Global){.names = n}.node), s);
}

OuX ou_build_assert(OuParser *c, OuTok t, OuX test, OuX msg)
{
    OuSpan s = ou_span_join(t.s, msg.n ? msg.s : test.s);
    return made(OU_AST(c->p, s, Assert, .test = test.n, .msg = msg.n), s);
}

/* ---- import ---- */

OuD ou_build_dotted(OuParser *c, OuD d, OuTok name)
{
    OuSpan s = ou_span_join(d.s, name.s);
    if (!d.name || !name.t->name)
        return (OuD){NULL, 0, s};
    size_t a = d.name->len, b = name.t->name->len;
    char small[256], *buf = a + b + 1 <= sizeof small ? small : ou_mem_alloc(c->p->mem, a + b + 1);
    OuText *joined = NULL;
    if (!buf) {
        c->p->arena->failed = true;
        return (OuD){NULL, 0, s};
    }
    memcpy(buf, d.name->s, a);
    buf[a] = '.';
    memcpy(buf + a + 1, name.t->name->s, b);
    joined = ou_parse_name(c->p, buf, a + b + 1);
    if (buf != small)
        ou_mem_free(c->p->mem, buf, a + b + 1);
    return (OuD){joined, 0, s};
}

/* A module or name without text is the star of `from m import *`. */
OuX ou_build_alias(OuParser *c, OuD d, OuTok *asname)
{
    OuSpan s = asname ? ou_span_join(d.s, asname->s) : d.s;
    OuText *name = d.name ? d.name : ou_parse_name(c->p, "*", 1);
    return made(OU_AST(c->p, s, alias, .name = name, .asname = asname ? asname->t->name : NULL), s);
}

OuX ou_build_import(OuParser *c, OuTok t, OuL aliases)
{
    OuSpan s = ou_span_join(t.s, aliases.s);
    OuSeq names = ou_parser_take(c, aliases);
    return made(OU_AST(c->p, s, Import, .names = names), s);
}

OuX ou_build_from(OuParser *c, OuTok t, OuD module, OuL aliases)
{
    OuSpan s = ou_span_join(t.s, aliases.s);
    OuSeq names = ou_parser_take(c, aliases);
    return made(OU_AST(c->p, s, ImportFrom, .module = module.name, .names = names, .level = module.dots), s);
}

/* ---- compound statements ---- */

OuX ou_build_body(OuParser *c, OuX head, OuL block)
{
    OuSeq body = ou_parser_take(c, block);
    OuSpan s = ou_span_join(head.s, block.s);
    OuNode *n = head.n;
    if (!n)
        return head;
    switch (n->kind) {
#define BODY(Name)                 \
    case AST_##Name:               \
        AST(Name, n)->body = body; \
        break;
        BODY(If)
        BODY(While)
        BODY(For)
        BODY(With)
        BODY(FunctionDef)
        BODY(ClassDef)
        BODY(ExceptHandler)
    default:
        BODY(match_case)
#undef BODY
    }
    if (n->kind != AST_match_case)
        set_end(n, s);
    ou_ast_set_depth(c->p, n);
    return made(n, s);
}

OuX ou_build_orelse(OuParser *c, OuX stmt, OuL block)
{
    if (!stmt.n || !block.s.l)
        return stmt;
    OuSpan s = ou_span_join(stmt.s, block.s);
    OuSeq orelse = ou_parser_take(c, block);
    switch (stmt.n->kind) {
    case AST_If:
        AST(If, stmt.n)->orelse = orelse;
        break;
    case AST_While:
        AST(While, stmt.n)->orelse = orelse;
        break;
    default:
        AST(For, stmt.n)->orelse = orelse;
    }
    set_end(stmt.n, s);
    ou_ast_set_depth(c->p, stmt.n);
    return made(stmt.n, s);
}

OuX ou_build_if(OuParser *c, OuTok t, OuX test)
{
    OuSpan s = ou_span_join(t.s, test.s);
    return made(OU_AST(c->p, s, If, .test = test.n), s);
}

/* Each elif is an If alone in the orelse of the one before; all end where the last one ends. */
OuX ou_build_if_end(OuParser *c, OuX head, OuL elifs, OuL orelse)
{
    OuSpan end = orelse.s.l ? orelse.s : c->n > elifs.base ? elifs.s : head.s;
    OuSeq rest = {0, NULL};
    if (orelse.s.l)
        rest = ou_parser_take(c, orelse);
    while (c->n > elifs.base) {
        OuNode *e = c->item[--c->n];
        if (!e)
            return head;
        AST(If, e)->orelse = rest;
        set_end(e, end);
        ou_ast_set_depth(c->p, e);
        rest = ou_ast_seq(c->p, (void *[]){e}, 1);
    }
    if (head.n) {
        AST(If, head.n)->orelse = rest;
        set_end(head.n, end);
        ou_ast_set_depth(c->p, head.n);
    }
    return made(head.n, ou_span_join(head.s, end));
}

OuX ou_build_while(OuParser *c, OuTok t, OuX test)
{
    OuSpan s = ou_span_join(t.s, test.s);
    return made(OU_AST(c->p, s, While, .test = test.n), s);
}

OuX ou_build_for(OuParser *c, OuTok t, OuX target, OuX iter)
{
    OuSpan s = ou_span_join(t.s, iter.s);
    target_of(c, target, OU_TARGET_STAR);
    return made(OU_AST(c->p, s, For, .target = target.n, .iter = iter.n), s);
}

OuX ou_build_with_item(OuParser *c, OuX x, OuX target)
{
    OuSpan s = target.n ? ou_span_join(x.s, target.s) : x.s;
    if (target.n)
        target_of(c, target, OU_TARGET_STAR);
    OuNode *n = OU_AST(c->p, s, withitem, .context_expr = x.n, .optional_vars = target.n);
    /* Of `(a, b)` only the tuple's own place tells a display from a group: with_head compares them. */
    return made(n, s);
}

/* PEP 617's parenthesised form: `with (a, b):` are two items, whatever could also be a tuple; but a walrus
 * or star in it leaves only the tuple.  An item may not come from there if it stands in a second pair. */
static bool is_items(const OuAst_withitem *only)
{
    const OuNode *x = only->context_expr;
    if (!x || only->optional_vars || x->kind != AST_Tuple)
        return false;
    if (x->lineno != only->node.lineno || x->col != only->node.col)
        return false;
    if (x->flags & OU_NF_WITH_ITEMS)
        return true;
    const OuSeq *e = &AST(Tuple, x)->elts;
    for (uint32_t i = 0; i < e->n; i++)
        if (!e->at[i] || e->at[i]->kind == AST_Starred ||
            (e->at[i]->kind == AST_NamedExpr && !(e->at[i]->flags & AST_F_PARENS)))
            return false;
    return e->n > 0;
}

OuX ou_build_with(OuParser *c, OuTok t, OuL items)
{
    OuSpan s = ou_span_join(t.s, items.s);
    OuNode *only = c->n - items.base == 1 ? c->item[items.base] : NULL;
    OuSeq seq = ou_parser_take(c, items);
    if (only && is_items(AST(withitem, only))) {
        OuNode *list = AST(withitem, only)->context_expr;
        if (list == c->loose_as)
            c->loose_as = NULL;
        seq = AST(Tuple, list)->elts;
        for (uint32_t i = 0; i < seq.n; i++) {
            OuNode *e = seq.at[i];
            if (!e || e->kind == AST_withitem)
                continue;
            if (e->kind == AST_Starred || (e->kind == AST_NamedExpr && !(e->flags & AST_F_PARENS)))
                ou_parser_reject(c, ou_span_of(e));
            seq.at[i] = OU_AST(c->p, ou_span_of(e), withitem, .context_expr = e);
        }
    }
    if (c->loose_as)
        ou_parser_reject(c, ou_span_of(c->loose_as));
    return made(OU_AST(c->p, s, With, .items = seq), s);
}

OuX ou_build_except(OuParser *c, OuTok t, OuX type, OuTok *name, OuTok *star)
{
    OuNode *n = OU_AST(c->p, t.s, ExceptHandler, .type = type.n, .name = name ? name->t->name : NULL);
    if (n && star)
        n->flags |= OU_NF_STAR;
    return made(n, t.s);
}

OuX ou_build_try(OuParser *c, OuTok t, OuL body, OuL handlers, OuL orelse, OuL final)
{
    OuSpan end = final.s.l ? final.s : orelse.s.l ? orelse.s : handlers.s;
    OuSpan s = ou_span_join(t.s, end);
    OuAst_Try x = {0};
    if (final.s.l)
        x.finalbody = ou_parser_take(c, final);
    if (orelse.s.l)
        x.orelse = ou_parser_take(c, orelse);
    if (handlers.s.l)
        x.handlers = ou_parser_take(c, handlers);
    x.body = ou_parser_take(c, body);
    uint32_t stars = 0;
    for (uint32_t i = 0; i < x.handlers.n; i++)
        if (x.handlers.at[i] && x.handlers.at[i]->flags & OU_NF_STAR)
            stars++;
    if (stars && stars < x.handlers.n)
        ou_parser_reject(c, ou_span_of(x.handlers.at[1]));
    return made(ou_ast_put(c->p, stars ? AST_TryStar : AST_Try, s, &x.node), s);
}

OuX ou_build_async(OuParser *c, OuTok t, OuX stmt)
{
    OuSpan s = ou_span_join(t.s, stmt.s);
    if (!stmt.n)
        return made(NULL, s);
    stmt.n->kind = stmt.n->kind == AST_For    ? AST_AsyncFor
                   : stmt.n->kind == AST_With ? AST_AsyncWith
                                              : AST_AsyncFunctionDef;
    stmt.n->lineno = t.s.l;
    stmt.n->col = t.s.c;
    return made(stmt.n, s);
}

OuX ou_build_decorated(OuParser *c, OuL decorators, OuX stmt)
{
    OuSeq list = ou_parser_take(c, decorators);
    if (stmt.n) {
        if (stmt.n->kind == AST_ClassDef)
            AST(ClassDef, stmt.n)->decorator_list = list;
        else
            AST(FunctionDef, stmt.n)->decorator_list = list; /* the async one has the same layout */
        ou_ast_set_depth(c->p, stmt.n);
    }
    return stmt;
}

OuX ou_build_match(OuParser *c, OuTok t, OuX subject)
{
    OuSpan s = ou_span_join(t.s, subject.s);
    return made(OU_AST(c->p, s, Match, .subject = subject.n), s);
}

OuX ou_build_match_end(OuParser *c, OuX head, OuL cases)
{
    OuSpan s = ou_span_join(head.s, cases.s);
    OuSeq list = ou_parser_take(c, cases);
    if (head.n) {
        AST(Match, head.n)->cases = list;
        set_end(head.n, s);
        ou_ast_set_depth(c->p, head.n);
    }
    return made(head.n, s);
}

OuX ou_build_case(OuParser *c, OuTok t, OuX pattern, OuX guard)
{
    OuSpan s = ou_span_join(t.s, guard.n ? guard.s : pattern.s);
    return made(OU_AST(c->p, (OuSpan){0}, match_case, .pattern = pattern.n, .guard = guard.n), s);
}

/* ---- roots ---- */

void ou_build_file(OuParser *c, OuL body)
{
    OuSeq list = ou_parser_take(c, body);
    c->result = OU_AST(c->p, (OuSpan){0}, Module, .body = list);
}

void ou_build_single(OuParser *c, OuL body)
{
    OuSeq list = ou_parser_take(c, body);
    c->result = OU_AST(c->p, (OuSpan){0}, Interactive, .body = list);
}

void ou_build_eval(OuParser *c, OuX x)
{
    c->result = x.n;
}

void ou_build_func_type(OuParser *c, OuL args, OuX returns)
{
    OuSeq list = ou_parser_take(c, args);
    c->result = OU_AST(c->p, (OuSpan){0}, FunctionType, .argtypes = list, .returns = returns.n);
}
