/* lang/codegen_loop.c - loops, and leaving blocks by break, continue and return.
 *
 * Leaving a block runs what it owes (finally bodies, __exit__) in place, as CPython does: the code is
 * emitted again at each exit, under the handler that is in force outside the block. */
#include "codegen.h"

bool ou_gen_push_block(OuGen *g, OuBlock b, const OuNode *at)
{
    OuGenUnit *u = g->u;
    if (u->nblocks >= OU_MAX_BLOCKS) {
        ou_gen_error(g, at, "too many statically nested blocks");
        return false;
    }
    u->blocks[u->nblocks++] = b;
    return true;
}

void ou_gen_pop_block(OuGen *g)
{
    if (g->u->nblocks)
        g->u->nblocks--;
}

static bool is_loop(OuBlockKind k)
{
    return k == OU_FB_WHILE || k == OU_FB_FOR || k == OU_FB_ASYNC_FOR;
}

/* Emits what leaving `b` owes.  Temporaries from `u->top` on are free; a returned value lies below it. */
static void unwind_one(OuGen *g, OuBlock *b, bool value)
{
    OuGenUnit *u = g->u;
    u->handler = b->outer_handler;
    switch (b->kind) {
    case OU_FB_WHILE:
    case OU_FB_TRY:
    case OU_FB_EXCEPT:
    case OU_FB_STAR_HANDLER:
        break;
    case OU_FB_FOR:
    case OU_FB_ASYNC_FOR:
    case OU_FB_VALUE:
        ou_gen_emit(g, OU_OP_CLEAR, 0, b->reg, 0, 0);
        break;
    case OU_FB_FINALLY_TRY: {
        OuBlock held = {.kind = OU_FB_VALUE, .reg = OU_R_TEMP | (u->top - 1), .outer_handler = u->handler};
        if (value && !ou_gen_push_block(g, held, NULL))
            break;
        ou_gen_body(g, b->finalbody);
        if (value)
            ou_gen_pop_block(g);
        ou_gen_at_none(g); /* belongs to the statement that leaves */
        break;
    }
    case OU_FB_FINALLY_END:
        ou_gen_emit(g, OU_OP_CLEAR, 0, b->reg + 1, 0, 0);
        ou_gen_emit(g, OU_OP_POP_EXC, 0, b->reg, 0, 0);
        break;
    case OU_FB_WITH:
    case OU_FB_ASYNC_WITH:
        ou_gen_at(g, b->node);
        ou_gen_exit_call(g, b->reg, b->kind == OU_FB_ASYNC_WITH);
        ou_gen_at_none(g);
        break;
    case OU_FB_HANDLER:
        ou_gen_emit(g, OU_OP_POP_EXC, 0, b->reg, 0, 0);
        if (b->name)
            ou_gen_unbind(g, b->name);
        break;
    }
}

/* Leaves all blocks, or those inside the innermost loop, whose block comes back (its own debts unpaid). */
static OuBlock *unwind(OuGen *g, bool value, bool to_loop)
{
    OuGenUnit *u = g->u;
    while (u->nblocks && !ou_gen_failed(g)) {
        OuBlock *b = &u->blocks[u->nblocks - 1];
        if (b->kind == OU_FB_STAR_HANDLER) {
            ou_gen_error_here(g, "'break', 'continue' and 'return' cannot appear in an except* block");
            return NULL;
        }
        if (to_loop && is_loop(b->kind))
            return b;
        OuBlock copy = *b;
        u->nblocks--;
        unwind_one(g, &copy, value);
    }
    return NULL;
}

typedef struct Saved {
    OuBlock blocks[OU_MAX_BLOCKS + 1];
    uint32_t n, handler, top;
} Saved;

static void save(OuGen *g, Saved *s)
{
    OuGenUnit *u = g->u;
    for (uint32_t i = 0; i < u->nblocks; i++)
        s->blocks[i] = u->blocks[i];
    s->n = u->nblocks;
    s->handler = u->handler;
    s->top = u->top;
}

static void restore(OuGen *g, const Saved *s)
{
    OuGenUnit *u = g->u;
    for (uint32_t i = 0; i < s->n; i++)
        u->blocks[i] = s->blocks[i];
    u->nblocks = s->n;
    u->handler = s->handler;
    u->top = s->top;
}

void ou_gen_break(OuGen *g, OuNode *s)
{
    Saved saved;
    save(g, &saved);
    ou_gen_line(g);
    OuBlock *loop = unwind(g, false, true);
    if (loop) {
        OuBlock copy = *loop;
        unwind_one(g, &copy, false);
        ou_gen_goto(g, copy.brk);
    } else {
        ou_gen_error(g, s, "'break' outside loop");
    }
    restore(g, &saved);
}

void ou_gen_continue(OuGen *g, OuNode *s)
{
    Saved saved;
    save(g, &saved);
    ou_gen_line(g);
    OuBlock *loop = unwind(g, false, true);
    if (loop) {
        g->u->handler = loop->outer_handler;
        ou_gen_goto(g, loop->cont);
    } else {
        ou_gen_error(g, s, "'continue' not properly in loop");
    }
    restore(g, &saved);
}

/* Whether leaving the blocks runs code while a returned value waits. */
static bool unwinding_runs(OuGen *g)
{
    for (uint32_t i = 0; i < g->u->nblocks; i++) {
        OuBlockKind k = g->u->blocks[i].kind;
        if (k == OU_FB_FINALLY_TRY || k == OU_FB_WITH || k == OU_FB_ASYNC_WITH || k == OU_FB_HANDLER)
            return true;
    }
    return false;
}

static void return_value(OuGen *g, OuNode *s, OuNode *e)
{
    Saved saved;
    if (e && e->kind == AST_IfExp &&
        !g->u->nblocks) { /* each branch returns: no value to carry to a meeting point */
        OuLabel other = ou_gen_label(g);
        OuLoc loc;
        ou_gen_at(g, e);
        loc = g->u->loc;
        ou_gen_jump_if(g, AST(IfExp, e)->test, other, false);
        return_value(g, s, AST(IfExp, e)->body);
        ou_gen_place(g, other);
        g->u->loc = loc;
        return_value(g, s, AST(IfExp, e)->orelse);
        return;
    }
    save(g, &saved);
    bool constant = e && e->kind == AST_Constant;
    OuReg value = OU_R_NONE;
    ou_gen_at(g, s);
    if (e && !constant) {
        value = ou_gen_operand(g, e, !unwinding_runs(g));
    } else if (e) {
        ou_gen_at(g, e);
        ou_gen_line(g);
    }
    if (!e || e->lineno != s->lineno) {
        ou_gen_at(g, s);
        ou_gen_line(g);
    }
    unwind(g, value != OU_R_NONE && ou_reg_is_temp(value), false);
    if (value != OU_R_NONE) {
        ou_gen_emit(g, OU_OP_RETURN, 0, value, 0, 0);
    } else {
        OuReg k = constant ? ou_gen_const(g, &AST(Constant, e)->value) : ou_gen_const_kind(g, OU_K_NONE);
        ou_gen_emit(g, OU_OP_RETURNK, 0, 0, k & OU_R_INDEX, 0);
    }
    restore(g, &saved);
}

void ou_gen_return(OuGen *g, OuAst_Return *s)
{
    if (g->u->scope->type != OU_BLOCK_FUNCTION)
        ou_gen_error(g, &s->node, "'return' outside function");
    else if (s->value && (g->u->flags & OU_CO_ASYNC_GENERATOR))
        ou_gen_error(g, &s->node, "'return' with value in async generator");
    else
        return_value(g, &s->node, s->value);
}

/* ---- loops ---- */
void ou_gen_for(OuGen *g, OuAst_For *s)
{
    uint32_t top = g->u->top;
    OuLabel again = ou_gen_label(g), done = ou_gen_label(g), end = ou_gen_label(g);
    OuReg v = ou_gen_operand(g, s->iter, true);
    ou_gen_pop_to(g, top);
    OuReg iter = ou_gen_push(g, 1);
    ou_gen_emit(g, OU_OP_GET_ITER, 0, iter, v, 0);
    OuBlock block = {
        .kind = OU_FB_FOR, .brk = end, .cont = again, .reg = iter, .outer_handler = g->u->handler};
    if (!ou_gen_push_block(g, block, &s->node))
        return;
    ou_gen_place(g, again);
    OuReg local = s->target->kind == AST_Name ? ou_gen_local(g, AST(Name, s->target)->id) : OU_R_NONE;
    if (local != OU_R_NONE) {
        ou_gen_jump(g, OU_OP_FOR_ITER, 0, local, iter, OU_R_NONE, done);
        ou_gen_mark(g, s->target);
    } else {
        OuReg item = ou_gen_push(g, 1);
        ou_gen_jump(g, OU_OP_FOR_ITER, 0, item, iter, OU_R_NONE, done);
        ou_gen_store(g, s->target, item, 0);
        ou_gen_pop_to(g, top + 1);
    }
    ou_gen_body(g, s->body);
    ou_gen_at_none(g);
    ou_gen_jump(g, OU_OP_JUMP_BACK, 0, 0, 0, 0, again);
    ou_gen_pop_block(g);
    ou_gen_place(g, done);
    ou_gen_pop_to(g, top);
    ou_gen_body(g, s->orelse);
    ou_gen_place(g, end);
}

void ou_gen_next_async(OuGen *g, OuNode *target, OuReg iter, uint32_t handler)
{
    OuReg local = target->kind == AST_Name ? ou_gen_local(g, AST(Name, target)->id) : OU_R_NONE;
    uint32_t top = g->u->top;
    bool direct = local != OU_R_NONE;
    ou_gen_yield_loop(g, direct ? local : iter + 1, 3);
    g->u->handler = handler;
    if (direct) {
        ou_gen_mark(g, target);
        return;
    }
    OuReg item = ou_gen_push(g, 1);
    ou_gen_store(g, target, item, 0);
    ou_gen_pop_to(g, top);
}

void ou_gen_async_for(OuGen *g, OuAst_AsyncFor *s)
{
    uint32_t top = g->u->top, outer = g->u->handler;
    if (g->u->kind != OU_UNIT_ASYNC && !(g->c->top_level_await && g->u->kind == OU_UNIT_MODULE)) {
        ou_gen_error(g, &s->node, "'async for' outside async function");
        return;
    }
    OuLabel again = ou_gen_label(g), done = ou_gen_label(g), end = ou_gen_label(g);
    OuReg v = ou_gen_operand(g, s->iter, true);
    ou_gen_pop_to(g, top);
    OuReg iter = ou_gen_push(g, 1);
    ou_gen_emit(g, OU_OP_GET_AITER, 0, iter, v, 0);
    OuBlock block = {.kind = OU_FB_ASYNC_FOR, .brk = end, .cont = again, .reg = iter, .outer_handler = outer};
    if (!ou_gen_push_block(g, block, &s->node))
        return;
    ou_gen_place(g, again);
    g->u->handler = ou_gen_handler(g, done, iter + 1);
    ou_gen_emit(g, OU_OP_GET_ANEXT, 0, iter + 1, iter, 0);
    ou_gen_next_async(g, s->target, iter, outer);
    ou_gen_body(g, s->body);
    ou_gen_at_none(g);
    ou_gen_jump(g, OU_OP_JUMP_BACK, 0, 0, 0, 0, again);
    ou_gen_pop_block(g);
    ou_gen_place(g, done);
    ou_gen_push(g, 1);
    ou_gen_at(g, s->iter);
    ou_gen_emit(g, OU_OP_END_ASYNC_FOR, 0, iter, iter + 1, 0);
    ou_gen_pop_to(g, top);
    ou_gen_body(g, s->orelse);
    ou_gen_place(g, end);
}

/* The test stands twice: once at the entry, once at the bottom, where it is the back jump of the
 * loop.  `continue` goes back to the first, as in CPython: a back jump is a line event. */
void ou_gen_while(OuGen *g, OuAst_While *s)
{
    OuLabel body = ou_gen_label(g), cont = ou_gen_label(g), other = ou_gen_label(g), end = ou_gen_label(g);
    ou_gen_place(g, cont);
    OuBlock block = {.kind = OU_FB_WHILE, .brk = end, .cont = cont, .outer_handler = g->u->handler};
    if (!ou_gen_push_block(g, block, &s->node))
        return;
    ou_gen_jump_if(g, s->test, other, false);
    ou_gen_place(g, body);
    ou_gen_body(g, s->body);
    ou_gen_at(g, &s->node);
    ou_gen_jump_if(g, s->test, body, true);
    ou_gen_pop_block(g);
    ou_gen_place(g, other);
    ou_gen_body(g, s->orelse);
    ou_gen_place(g, end);
}
