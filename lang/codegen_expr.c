/* lang/codegen_expr.c - expressions: names, operators, attributes, subscripts, await and yield. */
#include "codegen.h"

#include <string.h>

/* ---- operands ---- */
bool ou_gen_is_quiet(OuGen *g, const OuNode *e)
{
    if (e->kind == AST_Slice) {
        OuAst_Slice *s = AST(Slice, e);
        return (!s->lower || ou_gen_is_quiet(g, s->lower)) && (!s->upper || ou_gen_is_quiet(g, s->upper)) &&
               (!s->step || ou_gen_is_quiet(g, s->step));
    }
    return e->kind == AST_Constant || (e->kind == AST_Name && g->u->scope->type == OU_BLOCK_FUNCTION);
}

OuReg ou_gen_expr_push(OuGen *g, OuNode *e)
{
    OuReg t = ou_gen_push(g, 1);
    ou_gen_pop_to(g, t & OU_R_INDEX);
    ou_gen_expr_to(g, e, t);
    return ou_gen_push(g, 1);
}

/* Plain local that `e` is or leaves its value in, without anything evaluated after it; or OU_R_NONE. */
static OuReg in_place(OuGen *g, OuNode *e)
{
    OuReg local = OU_R_NONE;
    if (e->kind == AST_Name && (local = ou_gen_local(g, AST(Name, e)->id)) != OU_R_NONE) {
        OuLoc saved = g->u->loc;
        ou_gen_at(g, e);
        ou_gen_check(g, local);
        g->u->loc = saved;
        ou_gen_mark(g, e);
    } else if (e->kind == AST_NamedExpr) {
        OuAst_NamedExpr *n = AST(NamedExpr, e);
        local = ou_gen_local(g, AST(Name, n->target)->id);
        if (local != OU_R_NONE) {
            ou_gen_expr_to(g, n->value, local);
            ou_gen_mark(g, n->target);
        }
    }
    return local;
}

OuReg ou_gen_operand(OuGen *g, OuNode *e, bool place)
{
    if (e->kind == AST_Constant) {
        OuReg k = ou_gen_const(g, &AST(Constant, e)->value);
        if ((k & OU_R_INDEX) < OU_NARROW_CONSTS) {
            ou_gen_mark(g, e);
            return k;
        }
    } else if (place) {
        OuReg local = in_place(g, e);
        if (local != OU_R_NONE)
            return local;
    }
    return ou_gen_expr_push(g, e);
}

OuReg ou_gen_register(OuGen *g, OuNode *e, bool place)
{
    return e->kind == AST_Constant ? ou_gen_expr_push(g, e) : ou_gen_operand(g, e, place);
}

void ou_gen_effect(OuGen *g, OuNode *e)
{
    uint32_t top = g->u->top;
    if (e->kind == AST_Constant)
        return;
    OuReg r = ou_gen_operand(g, e, true);
    if (ou_reg_is_temp(r))
        ou_gen_emit(g, OU_OP_CLEAR, 0, r, 0, 0);
    ou_gen_pop_to(g, top);
}

/* ---- operators ---- */
unsigned ou_gen_binop(int op, unsigned *aux)
{
    (void)aux;
    switch (op) {
    case AST_Add:
        return OU_OP_ADD;
    case AST_Sub:
        return OU_OP_SUB;
    case AST_Mult:
        return OU_OP_MUL;
    case AST_MatMult:
        return OU_OP_MATMUL;
    case AST_Div:
        return OU_OP_DIV;
    case AST_Mod:
        return OU_OP_MOD;
    case AST_Pow:
        return OU_OP_POW;
    case AST_LShift:
        return OU_OP_LSHIFT;
    case AST_RShift:
        return OU_OP_RSHIFT;
    case AST_BitOr:
        return OU_OP_OR;
    case AST_BitXor:
        return OU_OP_XOR;
    case AST_BitAnd:
        return OU_OP_AND;
    default:
        return OU_OP_FLOORDIV;
    }
}

static void binop(OuGen *g, OuAst_BinOp *e, OuReg dst)
{
    uint32_t top = g->u->top;
    OuReg l = ou_gen_operand(g, e->left, ou_gen_is_quiet(g, e->right));
    OuReg r = ou_gen_operand(g, e->right, true);
    ou_gen_emit(g, ou_gen_binop(e->op, NULL), 0, dst, l, r);
    ou_gen_pop_to(g, top);
}

static void unaryop(OuGen *g, OuAst_UnaryOp *e, OuReg dst)
{
    uint32_t top = g->u->top;
    OuReg r = ou_gen_operand(g, e->operand, true);
    OuOp op = e->op == AST_Not    ? OU_OP_NOT
              : e->op == AST_USub ? OU_OP_NEG
              : e->op == AST_UAdd ? OU_OP_POS
                                  : OU_OP_INVERT;
    ou_gen_emit(g, op, 0, dst, r, 0);
    ou_gen_pop_to(g, top);
}

/* ---- attributes and items ---- */
void ou_gen_at_attr(OuGen *g, OuNode *attr)
{
    OuLoc *loc = &g->u->loc;
    if (loc->lineno == attr->end_lineno)
        return;
    /* the last line of a chain that spans several: blame the attribute's name */
    int len = 0;
    for (const char *s = AST(Attribute, attr)->attr->s; *s; s++)
        len += (*s & 0xc0) != 0x80;
    loc->lineno = attr->end_lineno;
    if (len <= attr->end_col)
        loc->col = attr->end_col - len;
    else
        loc->col = loc->end_col = -1;
    if (loc->end_lineno < loc->lineno)
        loc->end_lineno = loc->lineno;
    if (loc->end_lineno == loc->lineno && loc->end_col < loc->col)
        loc->end_col = loc->col;
}

static void attribute(OuGen *g, OuNode *n, OuReg dst)
{
    OuAst_Attribute *e = AST(Attribute, n);
    uint32_t top = g->u->top;
    OuReg r = ou_gen_register(g, e->value, true);
    ou_gen_at_attr(g, n);
    ou_gen_emit(g, OU_OP_LOAD_ATTR, 0, dst, r, ou_gen_name_index(g, ou_gen_mangle(g, e->attr)));
    ou_gen_pop_to(g, top);
}

static void slice(OuGen *g, OuAst_Slice *s, OuReg dst)
{
    uint32_t top = g->u->top;
    OuReg base = ou_gen_top(g);
    OuNode *part[3] = {s->lower, s->upper, s->step};
    int n = s->step ? 3 : 2;
    for (int i = 0; i < n; i++) {
        if (part[i])
            ou_gen_expr_push(g, part[i]);
        else
            ou_gen_loadk(g, ou_gen_push(g, 1), ou_gen_const_kind(g, OU_K_NONE));
    }
    ou_gen_emit(g, OU_OP_BUILD_SLICE, 0, dst, base, (OuReg)n);
    ou_gen_pop_to(g, top);
}

OuReg ou_gen_index(OuGen *g, OuNode *e)
{
    return ou_gen_operand(g, e, true);
}

static void subscript(OuGen *g, OuAst_Subscript *e, OuReg dst)
{
    uint32_t top = g->u->top;
    ou_gen_warn_subscript(g, e);
    OuReg o = ou_gen_operand(g, e->value, ou_gen_is_quiet(g, e->slice));
    OuReg i = ou_gen_index(g, e->slice);
    ou_gen_emit(g, OU_OP_GETITEM, 0, dst, o, i);
    ou_gen_pop_to(g, top);
}

/* ---- generators ---- */
void ou_gen_yield_loop(OuGen *g, OuReg dst, int resume)
{
    /* this exact shape - SEND, YIELD, RESUME, JUMP_BACK - is known to vm/ (throw into a delegating generator)
     */
    uint32_t top = g->u->top;
    OuReg iter = ou_gen_push(g, 2), value = iter + 1;
    OuLabel again = ou_gen_label(g), done = ou_gen_label(g);
    ou_gen_loadk(g, value, ou_gen_const_kind(g, OU_K_NONE));
    ou_gen_place(g, again);
    ou_gen_jump(g, OU_OP_SEND, 0, iter, value, 0, done);
    ou_gen_emit(g, OU_OP_YIELD, OU_AUX_INPLACE, value, value, iter);
    ou_gen_emit(g, OU_OP_RESUME, 0, (OuReg)resume, 0, 0);
    ou_gen_jump(g, OU_OP_JUMP_BACK, 0, 0, 0, 0, again);
    ou_gen_place(g, done);
    ou_gen_emit(g, OU_OP_TAKE, 0, dst, value, 0);
    ou_gen_pop_to(g, top);
}

void ou_gen_await(OuGen *g, OuReg dst, int kind)
{
    OuReg t = ou_gen_top(g);
    ou_gen_emit(g, OU_OP_GET_AWAITABLE, 0, t, t, (OuReg)kind);
    ou_gen_yield_loop(g, dst, 3);
}

static bool in_function(OuGen *g)
{
    return g->u->scope->type == OU_BLOCK_FUNCTION;
}

static void await_expr(OuGen *g, OuNode *n, OuReg dst)
{
    OuUnitKind kind = g->u->kind;
    bool module_ok = g->c->top_level_await && kind == OU_UNIT_MODULE;
    if (!module_ok) {
        if (!in_function(g)) {
            ou_gen_error(g, n, "'await' outside function");
            return;
        }
        if (kind != OU_UNIT_ASYNC && kind != OU_UNIT_COMP) {
            ou_gen_error(g, n, "'await' outside async function");
            return;
        }
    }
    uint32_t top = g->u->top;
    OuReg t = ou_gen_expr_push(g, AST(Await, n)->value);
    ou_gen_pop_to(g, top);
    (void)t;
    ou_gen_await(g, dst, 0);
}

static void yield_expr(OuGen *g, OuNode *n, OuReg dst)
{
    uint32_t top = g->u->top;
    if (!in_function(g)) {
        ou_gen_error(g, n, "'yield' outside function");
        return;
    }
    OuReg t = ou_gen_push(g, 1);
    ou_gen_pop_to(g, top);
    if (AST(Yield, n)->value)
        ou_gen_expr_to(g, AST(Yield, n)->value, t);
    else
        ou_gen_loadk(g, t, ou_gen_const_kind(g, OU_K_NONE));
    if (g->u->flags & OU_CO_ASYNC_GENERATOR)
        ou_gen_emit(g, OU_OP_ASYNC_GEN_WRAP, 0, t, t, 0);
    ou_gen_emit(g, OU_OP_YIELD, 0, dst, t, OU_R_NONE);
    ou_gen_emit(g, OU_OP_RESUME, 0, 1, 0, 0);
}

static void yield_from(OuGen *g, OuNode *n, OuReg dst)
{
    uint32_t top = g->u->top;
    if (!in_function(g)) {
        ou_gen_error(g, n, "'yield' outside function");
        return;
    }
    if (g->u->kind == OU_UNIT_ASYNC) {
        ou_gen_error(g, n, "'yield from' inside async function");
        return;
    }
    OuReg t = ou_gen_expr_push(g, AST(YieldFrom, n)->value);
    ou_gen_emit(g, OU_OP_GET_YIELD_FROM_ITER, 0, t, t, 0);
    ou_gen_pop_to(g, top);
    ou_gen_yield_loop(g, dst, 2);
}

/* ---- the rest ---- */
static void named(OuGen *g, OuAst_NamedExpr *e, OuReg dst)
{
    uint32_t top = g->u->top;
    OuReg v = ou_gen_expr_push(g, e->value);
    OuLoc saved = g->u->loc;
    ou_gen_at(g, e->target);
    ou_gen_store(g, e->target, v, OU_GEN_KEEP_A);
    g->u->loc = saved;
    if (v != dst)
        ou_gen_emit(g, OU_OP_TAKE, 0, dst, v, 0);
    ou_gen_pop_to(g, top);
}

static void expr_at(OuGen *g, OuNode *e, OuReg dst)
{
    switch (e->kind) {
    case AST_Constant:
        ou_gen_loadk(g, dst, ou_gen_const(g, &AST(Constant, e)->value));
        break;
    case AST_Name:
        ou_gen_load_name(g, AST(Name, e)->id, dst);
        break;
    case AST_BinOp:
        binop(g, AST(BinOp, e), dst);
        break;
    case AST_UnaryOp:
        unaryop(g, AST(UnaryOp, e), dst);
        break;
    case AST_BoolOp:
        ou_gen_boolop(g, AST(BoolOp, e), dst);
        break;
    case AST_Compare:
        ou_gen_compare(g, AST(Compare, e), dst);
        break;
    case AST_IfExp:
        ou_gen_ifexp(g, AST(IfExp, e), dst);
        break;
    case AST_Call:
        ou_gen_call(g, e, dst);
        break;
    case AST_Attribute:
        attribute(g, e, dst);
        break;
    case AST_Subscript:
        subscript(g, AST(Subscript, e), dst);
        break;
    case AST_Slice:
        slice(g, AST(Slice, e), dst);
        break;
    case AST_Tuple:
        ou_gen_sequence(g, e, AST(Tuple, e)->elts, OU_OP_BUILD_TUPLE, dst);
        break;
    case AST_List:
        ou_gen_sequence(g, e, AST(List, e)->elts, OU_OP_BUILD_LIST, dst);
        break;
    case AST_Set:
        ou_gen_sequence(g, e, AST(Set, e)->elts, OU_OP_BUILD_SET, dst);
        break;
    case AST_Dict:
        ou_gen_dict(g, AST(Dict, e), dst);
        break;
    case AST_JoinedStr:
        ou_gen_joined(g, AST(JoinedStr, e)->values, dst);
        break;
    case AST_FormattedValue:
        ou_gen_formatted(g, AST(FormattedValue, e), dst);
        break;
    case AST_ListComp:
    case AST_SetComp:
    case AST_DictComp:
    case AST_GeneratorExp:
        ou_gen_comp(g, e, dst);
        break;
    case AST_Lambda:
        ou_gen_lambda(g, AST(Lambda, e), dst);
        break;
    case AST_NamedExpr:
        named(g, AST(NamedExpr, e), dst);
        break;
    case AST_Await:
        await_expr(g, e, dst);
        break;
    case AST_Yield:
        yield_expr(g, e, dst);
        break;
    case AST_YieldFrom:
        yield_from(g, e, dst);
        break;
    case AST_Starred:
        ou_gen_error(g, e,
                     AST(Starred, e)->ctx == AST_Store
                         ? "starred assignment target must be in a list or tuple"
                         : "can't use starred expression here");
        break;
    default:
        ou_gen_error(g, e, "expression node expected");
        break;
    }
}

void ou_gen_expr_to(OuGen *g, OuNode *e, OuReg dst)
{
    if (ou_gen_failed(g))
        return;
    OuLoc saved = g->u->loc;
    ou_gen_at(g, e);
    if (ou_reg_is_temp(dst) && (dst & OU_R_INDEX) >= g->u->max_top)
        g->u->max_top = (dst & OU_R_INDEX) + 1;
    expr_at(g, e, dst);
    g->u->loc = saved;
}
