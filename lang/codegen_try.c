/* lang/codegen_try.c - try, except, finally, except*.
 *
 * A handler with height h finds the exception in R[h].  PUSH_EXC makes R[h] what was handled before and
 * R[h + 1] the exception; what goes wrong from then on is caught at height h + 1, so that R[h] survives, and
 * ends like an exception that no clause took: handled := R[h], re-raise R[h + 1]. */
#include "codegen.h"

static void reraise_here(OuGen *g, OuReg h, unsigned aux)
{
    ou_gen_emit(g, OU_OP_POP_EXC, 0, h, 0, 0);
    ou_gen_emit(g, OU_OP_RERAISE, aux, h + 1, 0, 0);
}

void ou_gen_reraise(OuGen *g, OuReg h)
{
    ou_gen_at_none(g);
    reraise_here(g, h, OU_AUX_INPLACE);
}

void ou_gen_unbind(OuGen *g, OuText *name)
{
    OuReg local = ou_gen_local(g, name);
    if (local != OU_R_NONE) { /* None and del in one: nobody can see between them */
        ou_gen_emit(g, OU_OP_CLEAR, 0, local, 0, 0);
        return;
    }
    ou_gen_store_name(g, name, ou_gen_const_kind(g, OU_K_NONE), 0);
    ou_gen_delete_name(g, name);
}

/* The body and else of a try with handlers, to which exceptions go: at `caught`, placed behind it.  h: first register that
 * is emptied on the way.  false: after an error. */
static bool guarded_body(OuGen *g, OuAst_Try *s, OuReg h, OuLabel caught, OuLabel end)
{
    uint32_t outer = g->u->handler;
    ou_gen_line(g);
    g->u->handler = ou_gen_handler(g, caught, h);
    if (!ou_gen_push_block(g, (OuBlock){.kind = OU_FB_TRY, .outer_handler = outer}, &s->node))
        return false;
    ou_gen_body(g, s->body);
    ou_gen_pop_block(g);
    g->u->handler = outer;
    ou_gen_body(g, s->orelse);
    ou_gen_at_none(g);
    ou_gen_goto(g, end);
    ou_gen_place(g, caught);
    return true;
}

static void try_except(OuGen *g, OuAst_Try *s)
{
    uint32_t top = g->u->top, outer = g->u->handler;
    OuReg h = ou_gen_top(g);
    OuLabel caught = ou_gen_label(g), cleanup = ou_gen_label(g), end = ou_gen_label(g);
    if (!guarded_body(g, s, h, caught, end))
        return;
    ou_gen_push(g, 2);
    ou_gen_emit(g, OU_OP_PUSH_EXC, 0, h, 0, 0);
    uint32_t inside = ou_gen_handler(g, cleanup, h + 1);
    g->u->handler = inside;
    if (!ou_gen_push_block(g, (OuBlock){.kind = OU_FB_EXCEPT, .outer_handler = outer}, &s->node))
        return;
    for (uint32_t i = 0; i < s->handlers.n && !ou_gen_failed(g); i++) {
        OuAst_ExceptHandler *eh = AST(ExceptHandler, s->handlers.at[i]);
        OuLabel next = ou_gen_label(g), unbind = eh->name ? ou_gen_label(g) : 0;
        ou_gen_at(g, &eh->node);
        if (!eh->type && i + 1 < s->handlers.n) {
            ou_gen_error(g, &eh->node, "default 'except:' must be last");
            return;
        }
        if (eh->type) {
            OuReg t = ou_gen_register(g, eh->type, true);
            ou_gen_jump(g, OU_OP_JEXC_NOMATCH, 0, 0, h + 1, t, next);
            ou_gen_pop_to(g, top + 2);
        }
        if (eh->name) {
            ou_gen_store_name(g, eh->name, h + 1, 0);
            g->u->handler = ou_gen_handler(g, unbind, h + 1);
        } else {
            ou_gen_emit(g, OU_OP_CLEAR, 0, h + 1, 0, 0);
        }
        ou_gen_pop_to(g, top + 1);
        OuBlock block = {.kind = OU_FB_HANDLER, .reg = h, .name = eh->name, .outer_handler = outer};
        if (!ou_gen_push_block(g, block, &eh->node))
            return;
        ou_gen_body(g, eh->body);
        ou_gen_pop_block(g);
        ou_gen_at_none(g);
        g->u->handler = outer;
        ou_gen_emit(g, OU_OP_POP_EXC, 0, h, 0, 0);
        if (eh->name)
            ou_gen_unbind(g, eh->name);
        ou_gen_goto(g, end);
        ou_gen_push(g, 1);
        if (eh->name) {
            g->u->handler = inside;
            ou_gen_place(g, unbind);
            ou_gen_unbind(g, eh->name);
            ou_gen_goto(g, cleanup);
        }
        g->u->handler = inside;
        ou_gen_place(g, next);
    }
    ou_gen_pop_block(g);
    g->u->handler = outer;
    ou_gen_at(g, s->handlers.at[s->handlers.n - 1]);
    reraise_here(g, h, 0);
    ou_gen_place(g, cleanup);
    ou_gen_reraise(g, h);
    ou_gen_pop_to(g, top);
    ou_gen_place(g, end);
}

/* Where the end of a finally body stands when its last statement leaves no place: in the statement, for two kinds deeper within. */
static OuNode *last_place(OuSeq body)
{
    OuNode *s = body.at[body.n - 1];
    if (s->kind == AST_Try && AST(Try, s)->finalbody.n)
        return last_place(AST(Try, s)->finalbody);
    if (s->kind == AST_Match) {
        OuSeq cases = AST(Match, s)->cases;
        OuAst_match_case *last = AST(match_case, cases.at[cases.n - 1]);
        if (last->pattern->kind != AST_MatchAs || AST(MatchAs, last->pattern)->name)
            return last->pattern;
    }
    return s;
}

/* Body (with handlers or without) and a finally body: once after it, once in the handler, and wherever
 * `break`, `continue`, `return` leave it. */
static void try_finally(OuGen *g, OuAst_Try *s, void (*inner)(OuGen *, OuAst_Try *))
{
    uint32_t top = g->u->top, outer = g->u->handler;
    OuReg h = ou_gen_top(g);
    OuLabel caught = ou_gen_label(g), cleanup = ou_gen_label(g), end = ou_gen_label(g);
    ou_gen_line(g);
    g->u->handler = ou_gen_handler(g, caught, h);
    OuBlock block = {.kind = OU_FB_FINALLY_TRY, .finalbody = s->finalbody, .outer_handler = outer};
    if (!ou_gen_push_block(g, block, &s->node))
        return;
    if (s->handlers.n)
        inner(g, s);
    else
        ou_gen_body(g, s->body);
    ou_gen_pop_block(g);
    g->u->handler = outer;
    ou_gen_body(g, s->finalbody);
    ou_gen_at_none(g);
    ou_gen_goto(g, end);

    ou_gen_place(g, caught);
    ou_gen_push(g, 2);
    ou_gen_emit(g, OU_OP_PUSH_EXC, 0, h, 0, 0);
    g->u->handler = ou_gen_handler(g, cleanup, h + 1);
    block = (OuBlock){.kind = OU_FB_FINALLY_END, .reg = h, .outer_handler = outer};
    if (!ou_gen_push_block(g, block, &s->node))
        return;
    ou_gen_body(g, s->finalbody);
    ou_gen_pop_block(g);
    g->u->handler = outer;
    OuLoc left = g->u->loc; /* none after a statement that is an expression */
    if (left.lineno < 0)
        ou_gen_at(g, last_place(s->finalbody));
    reraise_here(g, h, 0); /* at the last statement: f_lineno of a frame left so */
    ou_gen_place(g, cleanup);
    g->u->loc = left;
    reraise_here(g, h, OU_AUX_INPLACE);
    ou_gen_at_none(g);
    ou_gen_pop_to(g, top);
    ou_gen_place(g, end);
}

void ou_gen_try(OuGen *g, OuAst_Try *s)
{
    if (s->finalbody.n)
        try_finally(g, s, try_except);
    else
        try_except(g, s);
}

/* except*: R[h] handled before, R[h+1] original group, R[h+2] list of what the clauses raised, R[h+3] the
 * rest. Each clause splits the rest; at the end PREP_RERAISE_STAR makes what is still to be raised. */
static void try_star_except(OuGen *g, OuAst_Try *s)
{
    uint32_t top = g->u->top, outer = g->u->handler;
    OuReg h = ou_gen_top(g), orig = h + 1, list = h + 2, rest = h + 3;
    OuLabel caught = ou_gen_label(g), cleanup = ou_gen_label(g), end = ou_gen_label(g),
            reraise = ou_gen_label(g);
    if (!guarded_body(g, s, h, caught, end))
        return;
    ou_gen_push(g, 4);
    ou_gen_emit(g, OU_OP_PUSH_EXC, 0, h, 0, 0);
    uint32_t inside = ou_gen_handler(g, cleanup, orig);
    g->u->handler = inside;
    if (!ou_gen_push_block(g, (OuBlock){.kind = OU_FB_EXCEPT, .outer_handler = outer}, &s->node))
        return;
    ou_gen_emit(g, OU_OP_BUILD_LIST, 0, list, list, 0);
    ou_gen_emit(g, OU_OP_MOVE, 0, rest, orig, 0);
    for (uint32_t i = 0; i < s->handlers.n && !ou_gen_failed(g); i++) {
        OuAst_ExceptHandler *eh = AST(ExceptHandler, s->handlers.at[i]);
        OuLabel next = ou_gen_label(g), nomatch = ou_gen_label(g), failed = ou_gen_label(g);
        ou_gen_at(g, &eh->node);
        /* split = R[h+4] rest, R[h+5] match; the type stands in R[h+4] before */
        OuReg split = ou_gen_top(g);
        OuReg t = ou_gen_register(g, eh->type, true);
        ou_gen_pop_to(g, top + 4);
        ou_gen_push(g, 2);
        ou_gen_emit(g, OU_OP_CHECK_EG_MATCH, 0, split, rest, t);
        ou_gen_jump(g, OU_OP_JIS, OU_GEN_KEEP_B, 1, split + 1, ou_gen_const_kind(g, OU_K_NONE), nomatch);
        ou_gen_emit(g, OU_OP_CLEAR, 0, rest, 0, 0);
        ou_gen_emit(g, OU_OP_TAKE, 0, rest, split, 0);
        if (eh->name)
            ou_gen_store_name(g, eh->name, split + 1, 0);
        else
            ou_gen_emit(g, OU_OP_CLEAR, 0, split + 1, 0, 0);
        g->u->handler = ou_gen_handler(g, failed, split);
        ou_gen_pop_to(g, top + 4);
        if (!ou_gen_push_block(g, (OuBlock){.kind = OU_FB_STAR_HANDLER, .outer_handler = outer}, &eh->node))
            return;
        ou_gen_body(g, eh->body);
        ou_gen_pop_block(g);
        g->u->handler = inside;
        ou_gen_at_none(g);
        if (eh->name)
            ou_gen_unbind(g, eh->name);
        ou_gen_goto(g, next);
        ou_gen_place(g, failed); /* what the clause raised is kept for the end */
        ou_gen_push(g, 1);
        if (eh->name)
            ou_gen_unbind(g, eh->name);
        ou_gen_emit(g, OU_OP_LIST_APPEND, 0, list, split, 0);
        ou_gen_goto(g, next);
        ou_gen_place(g, nomatch); /* what was raised goes on itself, not the copy that the split made */
        ou_gen_emit(g, OU_OP_CLEAR, 0, split + 1, 0, 0);
        ou_gen_emit(g, OU_OP_CLEAR, 0, split, 0, 0);
        ou_gen_place(g, next);
        ou_gen_pop_to(g, top + 4);
    }
    ou_gen_pop_block(g);
    ou_gen_at_none(g);
    ou_gen_emit(g, OU_OP_LIST_APPEND, 0, list, rest, 0);
    ou_gen_emit(g, OU_OP_PREP_RERAISE_STAR, 0, orig, orig, list);
    ou_gen_jump(g, OU_OP_JIS, OU_GEN_KEEP_B, 0, orig, ou_gen_const_kind(g, OU_K_NONE), reraise);
    ou_gen_emit(g, OU_OP_CLEAR, 0, orig, 0, 0);
    g->u->handler = outer;
    ou_gen_emit(g, OU_OP_POP_EXC, 0, h, 0, 0);
    ou_gen_goto(g, end);
    ou_gen_place(g, reraise);
    reraise_here(g, h, 0);
    ou_gen_place(g, cleanup);
    ou_gen_reraise(g, h);
    ou_gen_pop_to(g, top);
    ou_gen_place(g, end);
}

void ou_gen_try_star(OuGen *g, OuAst_TryStar *s)
{
    OuAst_Try *t = (OuAst_Try *)s; /* same fields */
    if (s->finalbody.n)
        try_finally(g, t, try_star_except);
    else
        try_star_except(g, t);
}
