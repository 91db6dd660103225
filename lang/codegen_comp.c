/* lang/codegen_comp.c - comprehensions and generator expressions: functions of one argument, `.0`. */
#include "codegen.h"

typedef struct Comp {
    OuNode *node;
    OuCompType type;
    OuSeq gens;
    OuNode *elt, *value;
    OuReg result; /* list, set or dict being made */
} Comp;

static void element(OuGen *g, Comp *c)
{
    uint32_t top = g->u->top;
    switch (c->type) {
    case OU_COMP_GENEXP: {
        OuReg t = ou_gen_expr_push(g, c->elt);
        if (g->u->flags & OU_CO_ASYNC_GENERATOR)
            ou_gen_emit(g, OU_OP_ASYNC_GEN_WRAP, 0, t, t, 0);
        ou_gen_emit(g, OU_OP_YIELD, 0, t, t, OU_R_NONE);
        ou_gen_emit(g, OU_OP_RESUME, 0, 1, 0, 0);
        ou_gen_emit(g, OU_OP_CLEAR, 0, t, 0, 0);
        break;
    }
    case OU_COMP_DICT: { /* added at the place of the comprehension, or of its last compared filter */
        OuReg k = ou_gen_operand(g, c->elt, ou_gen_is_quiet(g, c->value));
        ou_gen_emit(g, OU_OP_MAP_ADD, 0, c->result, k, ou_gen_operand(g, c->value, true));
        break;
    }
    default: {
        OuReg v = ou_gen_operand(g, c->elt, true);
        ou_gen_emit(g, c->type == OU_COMP_SET ? OU_OP_SET_ADD : OU_OP_LIST_APPEND, 0, c->result, v, 0);
        break;
    }
    }
    ou_gen_pop_to(g, top);
}

static void generator(OuGen *g, Comp *c, uint32_t i);

/* Filters, then the next `for` or the element; a filter that says no jumps to `next`. */
static void inner(OuGen *g, Comp *c, uint32_t i, OuLabel next)
{
    OuAst_comprehension *gen = AST(comprehension, c->gens.at[i]);
    for (uint32_t k = 0; k < gen->ifs.n; k++)
        ou_gen_jump_if(g, gen->ifs.at[k], next, false);
    if (i + 1 < c->gens.n)
        generator(g, c, i + 1);
    else
        element(g, c);
}

/* Local that FOR_ITER may fill at once; a target on a line of its own is stored apart, for tracing. */
static OuReg local_target(OuGen *g, OuNode *target)
{
    return target->kind == AST_Name && target->lineno == g->u->loc.lineno
               ? ou_gen_local(g, AST(Name, target)->id)
               : OU_R_NONE;
}

static void sync_generator(OuGen *g, Comp *c, uint32_t i)
{
    OuAst_comprehension *gen = AST(comprehension, c->gens.at[i]);
    uint32_t top = g->u->top;
    OuLabel again = ou_gen_label(g), refused = ou_gen_label(g), end = ou_gen_label(g);
    OuReg iter = 0; /* `.0` is the first local */
    OuNode *it = gen->iter;
    if (i && (it->kind == AST_List || it->kind == AST_Tuple) && AST(List, it)->elts.n == 1 &&
        AST(List, it)->elts.at[0]->kind != AST_Starred) { /* `for y in [f(x)]` only names a value */
        OuReg v = ou_gen_expr_push(g, AST(List, it)->elts.at[0]);
        ou_gen_store(g, gen->target, v, 0);
        ou_gen_pop_to(g, top);
        inner(g, c, i, end);
        ou_gen_place(g, end);
        return;
    }
    if (i) {
        OuReg v = ou_gen_operand(g, it, true);
        ou_gen_pop_to(g, top);
        iter = ou_gen_push(g, 1);
        ou_gen_emit(g, OU_OP_GET_ITER, 0, iter, v, 0);
    }
    ou_gen_place(g, again);
    OuReg local = local_target(g, gen->target);
    if (local != OU_R_NONE) {
        ou_gen_jump(g, OU_OP_FOR_ITER, 0, local, iter, OU_R_NONE, end);
    } else {
        uint32_t at = g->u->top;
        OuReg v = ou_gen_push(g, 1);
        ou_gen_jump(g, OU_OP_FOR_ITER, 0, v, iter, OU_R_NONE, end);
        ou_gen_store(g, gen->target, v, 0);
        ou_gen_pop_to(g, at);
    }
    inner(g, c, i, refused);
    ou_gen_place(g, refused); /* by way of the jump: it may have a line of its own */
    ou_gen_jump(g, OU_OP_JUMP_BACK, 0, 0, 0, 0, again);
    ou_gen_place(g, end);
    ou_gen_pop_to(g, top);
}

static void async_generator(OuGen *g, Comp *c, uint32_t i)
{
    OuAst_comprehension *gen = AST(comprehension, c->gens.at[i]);
    uint32_t top = g->u->top, outer = g->u->handler;
    OuLabel again = ou_gen_label(g), refused = ou_gen_label(g), done = ou_gen_label(g);
    OuReg iter = ou_gen_push(g, 1);
    if (i) {
        ou_gen_pop_to(g, top);
        OuReg v = ou_gen_operand(g, gen->iter, true);
        ou_gen_emit(g, OU_OP_GET_AITER, 0, iter, v, 0);
        ou_gen_pop_to(g, top);
        ou_gen_push(g, 1);
    } else {
        ou_gen_emit(g, OU_OP_TAKE, 0, iter, 0, 0);
    }
    ou_gen_place(g, again);
    g->u->handler = ou_gen_handler(g, done, iter + 1);
    ou_gen_emit(g, OU_OP_GET_ANEXT, 0, iter + 1, iter, 0);
    ou_gen_next_async(g, gen->target, iter, outer);
    inner(g, c, i, refused);
    ou_gen_place(g, refused);
    ou_gen_jump(g, OU_OP_JUMP_BACK, 0, 0, 0, 0, again);
    ou_gen_place(g, done);
    ou_gen_push(g, 1);
    ou_gen_emit(g, OU_OP_END_ASYNC_FOR, 0, iter, iter + 1, 0);
    ou_gen_pop_to(g, top);
}

static void generator(OuGen *g, Comp *c, uint32_t i)
{
    if (AST(comprehension, c->gens.at[i])->is_async)
        async_generator(g, c, i);
    else
        sync_generator(g, c, i);
}

/* The function's body as a unit. */
static OuUnit *body(OuGen *g, Comp *c, const char *name)
{
    OuUnitKind outer = g->u->kind;
    ou_gen_enter(g, ou_gen_text(g, name), OU_UNIT_COMP, c->node, c->node->lineno);
    OuScope *sc = g->u->scope;
    if (sc->coroutine && c->type != OU_COMP_GENEXP && outer != OU_UNIT_ASYNC && outer != OU_UNIT_COMP &&
        !(g->c->top_level_await && outer == OU_UNIT_MODULE))
        ou_gen_error(g, c->node, "asynchronous comprehension outside of an asynchronous function");
    g->u->flags |= ou_gen_flags(g);
    g->u->argcount = 1;
    ou_gen_at(g, c->node);
    ou_gen_prologue(g);
    if (c->type != OU_COMP_GENEXP) {
        OuOp op = c->type == OU_COMP_LIST  ? OU_OP_BUILD_LIST
                  : c->type == OU_COMP_SET ? OU_OP_BUILD_SET
                                           : OU_OP_BUILD_MAP;
        c->result = ou_gen_push(g, 1);
        ou_gen_emit(g, op, 0, c->result, c->result, 0);
    }
    generator(g, c, 0);
    if (c->type != OU_COMP_GENEXP)
        ou_gen_emit(g, OU_OP_RETURN, 0, c->result, 0, 0);
    else
        ou_gen_emit(g, OU_OP_RETURNK, 0, 0, ou_gen_const_kind(g, OU_K_NONE) & OU_R_INDEX, 0);
    return ou_gen_leave(g);
}

void ou_gen_comp(OuGen *g, OuNode *e, OuReg dst)
{
    Comp c = {.node = e};
    const char *name = "<genexpr>";
    switch (e->kind) {
    case AST_ListComp:
        c.type = OU_COMP_LIST;
        name = "<listcomp>";
        break;
    case AST_SetComp:
        c.type = OU_COMP_SET;
        name = "<setcomp>";
        break;
    case AST_DictComp:
        c.type = OU_COMP_DICT;
        name = "<dictcomp>";
        c.value = AST(DictComp, e)->value;
        break;
    default:
        c.type = OU_COMP_GENEXP;
        break;
    }
    c.elt = AST(ListComp, e)->elt; /* first field of all four */
    c.gens = e->kind == AST_DictComp ? AST(DictComp, e)->generators : AST(ListComp, e)->generators;
    OuScope *sc = ou_scope_of(&g->scopes, e);
    OuUnit *unit = body(g, &c, name);
    if (!unit)
        return;
    uint32_t top = g->u->top;
    OuReg base = ou_gen_push(g, 1);
    ou_gen_make_function(g, unit, sc, base, 0, base);
    ou_gen_pop_to(g, top);
    ou_gen_push(g, 2);
    OuAst_comprehension *outer = AST(comprehension, c.gens.at[0]);
    OuReg v = ou_gen_operand(g, outer->iter, true), arg = base + 2;
    ou_gen_pop_to(g, top + 2);
    ou_gen_push(g, 1);
    ou_gen_emit(g, outer->is_async ? OU_OP_GET_AITER : OU_OP_GET_ITER, 0, arg, v, 0);
    bool awaits = sc->coroutine && c.type != OU_COMP_GENEXP;
    ou_gen_emit(g, OU_OP_CALL, 0, base, 1, awaits ? base : dst);
    ou_gen_pop_to(g, top);
    if (awaits)
        ou_gen_await(g, dst, 0);
}
