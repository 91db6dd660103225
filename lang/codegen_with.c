/* lang/codegen_with.c - with, async with. */
#include "codegen.h"

void ou_gen_exit_call(OuGen *g, OuReg exit, bool async)
{
    /* the bound __exit__ is below whatever the body left (a returned value): call a run at the top */
    uint32_t top = g->u->top;
    OuReg base = ou_gen_push(g, 1);
    ou_gen_emit(g, OU_OP_TAKE, 0, base, exit, 0);
    /* the first None stands where a self would: so the bound method is not taken apart, and holds the manager
     * until it has returned */
    for (int i = 0; i < 3; i++)
        ou_gen_loadk(g, ou_gen_push(g, 1), ou_gen_const_kind(g, OU_K_NONE));
    ou_gen_emit(g, OU_OP_CALL, 0, base, 2, base);
    ou_gen_pop_to(g, top);
    if (async)
        ou_gen_await(g, base, 2);
    ou_gen_emit(g, OU_OP_CLEAR, 0, base, 0, 0);
}

/* Items from `pos` on, then the body. */
static void with_item(OuGen *g, OuAst_With *s, uint32_t pos, bool async)
{
    OuAst_withitem *item = AST(withitem, s->items.at[pos]);
    uint32_t top = g->u->top, outer = g->u->handler;
    OuLabel caught = ou_gen_label(g), cleanup = ou_gen_label(g), suppress = ou_gen_label(g),
            end = ou_gen_label(g);
    OuReg m = ou_gen_register(g, item->context_expr, true), exit = OU_R_TEMP | top;
    ou_gen_pop_to(g, top);
    ou_gen_push(g, 2);
    ou_gen_emit(g, async ? OU_OP_BEFORE_ASYNC_WITH : OU_OP_BEFORE_WITH, 0, exit, m, 0);
    if (async) {
        ou_gen_pop_to(g, top + 1);
        ou_gen_await(g, exit + 1, 1);
        ou_gen_push(g, 1);
    }
    g->u->handler = ou_gen_handler(g, caught, exit + 1);
    OuBlock block = {
        .kind = async ? OU_FB_ASYNC_WITH : OU_FB_WITH, .reg = exit, .node = &s->node, .outer_handler = outer};
    if (!ou_gen_push_block(g, block, &s->node))
        return;
    if (item->optional_vars)
        ou_gen_store(g, item->optional_vars, exit + 1, 0);
    else
        ou_gen_emit(g, OU_OP_CLEAR, 0, exit + 1, 0, 0);
    ou_gen_pop_to(g, top + 1);
    if (pos + 1 < s->items.n)
        with_item(g, s, pos + 1, async);
    else
        ou_gen_body(g, s->body);
    ou_gen_pop_block(g);
    g->u->handler = outer;
    ou_gen_at(g, &s->node);
    ou_gen_exit_call(g, exit, async);
    ou_gen_goto(g, end);

    /* R[exit + 1] handled before, R[exit + 2] exception */
    ou_gen_place(g, caught);
    OuReg h = exit + 1;
    ou_gen_push(g, 2);
    ou_gen_emit(g, OU_OP_PUSH_EXC, 0, h, 0, 0);
    g->u->handler = ou_gen_handler(g, cleanup, h + 1);
    OuReg r = ou_gen_push(g, 1);
    ou_gen_emit(g, OU_OP_WITH_EXCEPT_START, 0, r, exit, h + 1);
    if (async) {
        ou_gen_pop_to(g, top + 3);
        ou_gen_await(g, r, 2);
        ou_gen_push(g, 1);
    }
    ou_gen_jump(g, OU_OP_JUMP_IF_TRUE, 0, r, 0, 0, suppress);
    g->u->handler = outer;
    ou_gen_place(g, cleanup);
    ou_gen_reraise(g, h);
    ou_gen_place(g, suppress);
    ou_gen_emit(g, OU_OP_CLEAR, 0, h + 1, 0, 0);
    ou_gen_emit(g, OU_OP_POP_EXC, 0, h, 0, 0);
    ou_gen_emit(g, OU_OP_CLEAR, 0, exit, 0, 0);
    ou_gen_pop_to(g, top);
    ou_gen_place(g, end);
}

void ou_gen_with(OuGen *g, OuAst_With *s)
{
    with_item(g, s, 0, false);
}

void ou_gen_async_with(OuGen *g, OuAst_AsyncWith *s)
{
    if (g->u->kind != OU_UNIT_ASYNC && !(g->c->top_level_await && g->u->kind == OU_UNIT_MODULE)) {
        ou_gen_error(g, &s->node, "'async with' outside async function");
        return;
    }
    with_item(g, (OuAst_With *)s, 0, true); /* same fields */
}
