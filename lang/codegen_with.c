/* lang/codegen_with.c - with, async with. */
#include "codegen.h"

void ou_gen_exit_call(OuGen *g, OuReg exit, bool async)
{
    /* __exit__ and its self are below whatever the body left (a returned value): call a run at the top.  They stay until it
     * has returned, as CPython's bound method does. */
    uint32_t top = g->u->top;
    OuReg base = ou_gen_push(g, 5);
    ou_gen_emit(g, OU_OP_WITH_EXIT, 0, base, exit, 0);
    ou_gen_emit(g, OU_OP_CALL, 0, base, 3, base);
    ou_gen_emit(g, OU_OP_CLEAR, 0, exit, 0, 0);
    ou_gen_emit(g, OU_OP_CLEAR, 0, exit + 1, 0, 0);
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
    OuReg m = ou_gen_register(g, item->context_expr, true), exit = OU_R_TEMP | top, value = exit + 2,
          enter = exit + 3;
    ou_gen_pop_to(g, top);
    ou_gen_push(g, 5);
    ou_gen_emit(g, async ? OU_OP_BEFORE_ASYNC_WITH : OU_OP_BEFORE_WITH, 0, exit, m, 0);
    ou_gen_emit(g, OU_OP_CALL, 0, enter, 0, enter);
    ou_gen_emit(g, OU_OP_CLEAR, 0, value, 0, 0);
    ou_gen_pop_to(g, top + 3);
    if (async)
        ou_gen_await(g, value, 1);
    else
        ou_gen_emit(g, item->optional_vars ? OU_OP_TAKE : OU_OP_CLEAR, 0, item->optional_vars ? value : enter,
                    enter, 0);
    g->u->handler = ou_gen_handler(g, caught, value);
    OuBlock block = {
        .kind = async ? OU_FB_ASYNC_WITH : OU_FB_WITH, .reg = exit, .node = &s->node, .outer_handler = outer};
    if (!ou_gen_push_block(g, block, &s->node))
        return;
    if (item->optional_vars)
        ou_gen_store(g, item->optional_vars, value, 0);
    else if (async)
        ou_gen_emit(g, OU_OP_CLEAR, 0, value, 0, 0);
    ou_gen_pop_to(g, top + 2);
    if (pos + 1 < s->items.n)
        with_item(g, s, pos + 1, async);
    else
        ou_gen_body(g, s->body);
    ou_gen_pop_block(g);
    g->u->handler = outer;
    ou_gen_at(g, &s->node);
    ou_gen_exit_call(g, exit, async);
    ou_gen_goto(g, end);

    /* R[exit + 2] handled before, R[exit + 3] exception */
    ou_gen_place(g, caught);
    OuReg h = exit + 2;
    ou_gen_push(g, 2);
    ou_gen_emit(g, OU_OP_PUSH_EXC, 0, h, 0, 0);
    g->u->handler = ou_gen_handler(g, cleanup, h + 1);
    OuReg r = ou_gen_push(g, 1);
    ou_gen_emit(g, OU_OP_WITH_EXCEPT_START, 0, r, exit, h + 1);
    if (async) {
        ou_gen_pop_to(g, top + 4);
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
    ou_gen_emit(g, OU_OP_CLEAR, 0, exit + 1, 0, 0);
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
