/* lang/codegen_cond.c - conditions, comparisons, `and`, `or`, conditional expressions.
 *
 * A condition jumps; no boolean is made for it. */
#include "codegen.h"
#include "fold.h"

static int const_truth(const OuNode *e)
{
    return e->kind == AST_Constant ? ou_fold_truth(&AST(Constant, e)->value) : -1;
}

typedef struct Cmp {
    OuOp op, jump;
    unsigned aux;
    bool invert;
} Cmp;

static Cmp comparison(int op)
{
    unsigned mask = 0;
    switch (op) {
    case AST_Is:
        return (Cmp){OU_OP_IS, OU_OP_JIS, 0, false};
    case AST_IsNot:
        return (Cmp){OU_OP_IS, OU_OP_JIS, OU_AUX_INPLACE, true};
    case AST_In:
        return (Cmp){OU_OP_CONTAINS, OU_OP_JCONTAINS, 0, false};
    case AST_NotIn:
        return (Cmp){OU_OP_CONTAINS, OU_OP_JCONTAINS, OU_AUX_INPLACE, true};
    case AST_Eq:
        mask = OU_CMP_EQ;
        break;
    case AST_NotEq:
        mask = OU_CMP_NE;
        break;
    case AST_Lt:
        mask = OU_CMP_LT;
        break;
    case AST_LtE:
        mask = OU_CMP_LE;
        break;
    case AST_Gt:
        mask = OU_CMP_GT;
        break;
    default:
        mask = OU_CMP_GE;
        break;
    }
    return (Cmp){OU_OP_COMPARE, OU_OP_JCOMPARE, mask << OU_AUX_CMP_SHIFT, false};
}

static void compare_value(OuGen *g, int op, OuReg dst, OuReg l, OuReg r, unsigned keep)
{
    Cmp c = comparison(op);
    ou_gen_emit(g, c.op, c.aux | keep, dst, l, r);
}

static void compare_jump(OuGen *g, int op, OuReg l, OuReg r, unsigned keep, OuLabel to, bool cond)
{
    Cmp c = comparison(op);
    unsigned aux = c.jump == OU_OP_JCOMPARE ? c.aux : 0;
    ou_gen_jump(g, c.jump, aux | keep, cond != c.invert, l, r, to);
}

/* Chains: the left operand stands in t, the middle one is held in t + 1 while the first comparison runs and
 * then becomes the left one. */
void ou_gen_compare(OuGen *g, OuAst_Compare *e, OuReg dst)
{
    uint32_t top = g->u->top, n = e->ops.n;
    ou_gen_warn_compare(g, e);
    if (n == 1) {
        OuReg l = ou_gen_operand(g, e->left, ou_gen_is_quiet(g, e->comparators.at[0]));
        OuReg r = ou_gen_operand(g, e->comparators.at[0], true);
        compare_value(g, e->ops.at[0], dst, l, r, 0);
        ou_gen_pop_to(g, top);
        return;
    }
    OuLabel cleanup = ou_gen_label(g), end = ou_gen_label(g);
    OuReg left = ou_gen_operand(g, e->left, ou_gen_is_quiet(g, e->comparators.at[0])), t = OU_R_TEMP | top;
    ou_gen_pop_to(g, top);
    ou_gen_push(g, 1);
    for (uint32_t i = 0; i + 1 < n; i++) {
        if (i) {
            ou_gen_emit(g, OU_OP_TAKE, 0, t, t + 1, 0);
            left = t;
            ou_gen_pop_to(g, top + 1);
        }
        OuReg mid = ou_gen_expr_push(g, e->comparators.at[i]);
        compare_value(g, e->ops.at[i], t, left, mid, OU_GEN_KEEP_C);
        ou_gen_jump(g, OU_OP_JUMP_IF_FALSE_OR_POP, 0, t, 0, 0, cleanup);
    }
    OuReg last = ou_gen_operand(g, e->comparators.at[n - 1], true);
    compare_value(g, e->ops.at[n - 1], dst, t + 1, last, 0);
    ou_gen_pop_to(g, top);
    ou_gen_goto(g, end);
    ou_gen_place(g, cleanup);
    ou_gen_emit(g, OU_OP_CLEAR, 0, t + 1, 0, 0);
    if (dst != t)
        ou_gen_emit(g, OU_OP_TAKE, 0, dst, t, 0);
    ou_gen_place(g, end);
}

static void jump_if_chain(OuGen *g, OuAst_Compare *e, OuLabel to, bool cond)
{
    uint32_t top = g->u->top, n = e->ops.n;
    OuLabel cleanup = ou_gen_label(g), end = ou_gen_label(g);
    OuReg left = ou_gen_operand(g, e->left, ou_gen_is_quiet(g, e->comparators.at[0])), t = OU_R_TEMP | top;
    ou_gen_pop_to(g, top);
    ou_gen_push(g, 1);
    for (uint32_t i = 0; i + 1 < n; i++) {
        if (i) {
            ou_gen_emit(g, OU_OP_TAKE, 0, t, t + 1, 0);
            left = t;
            ou_gen_pop_to(g, top + 1);
        }
        OuReg mid = ou_gen_expr_push(g, e->comparators.at[i]);
        compare_jump(g, e->ops.at[i], left, mid, OU_GEN_KEEP_C, cleanup, false);
    }
    OuReg last = ou_gen_operand(g, e->comparators.at[n - 1], true);
    compare_jump(g, e->ops.at[n - 1], t + 1, last, 0, to, cond);
    ou_gen_pop_to(g, top);
    ou_gen_goto(g, end);
    ou_gen_place(g, cleanup);
    ou_gen_emit(g, OU_OP_CLEAR, 0, t + 1, 0, 0);
    if (!cond)
        ou_gen_goto(g, to);
    ou_gen_place(g, end);
}

static void jump_if_compare(OuGen *g, OuAst_Compare *e, OuLabel to, bool cond)
{
    uint32_t top = g->u->top;
    ou_gen_warn_compare(g, e);
    ou_gen_at(g, &e->node); /* not set back, as in CPython: what follows the condition belongs to it */
    if (e->ops.n > 1) {
        jump_if_chain(g, e, to, cond);
    } else {
        OuReg l = ou_gen_operand(g, e->left, ou_gen_is_quiet(g, e->comparators.at[0]));
        OuReg r = ou_gen_operand(g, e->comparators.at[0], true);
        compare_jump(g, e->ops.at[0], l, r, 0, to, cond);
        ou_gen_pop_to(g, top);
    }
}

void ou_gen_jump_if(OuGen *g, OuNode *e, OuLabel to, bool cond)
{
    uint32_t top = g->u->top;
    if (ou_gen_failed(g))
        return;
    switch (e->kind) {
    case AST_Constant: {
        OuLoc saved = g->u->loc;
        ou_gen_at(g, e);
        ou_gen_line(g);
        g->u->loc = saved;
        int truth = const_truth(e);
        if (truth < 0)
            break;
        if (truth == cond)
            ou_gen_goto(g, to);
        return;
    }
    case AST_UnaryOp:
        if (AST(UnaryOp, e)->op != AST_Not)
            break;
        ou_gen_jump_if(g, AST(UnaryOp, e)->operand, to, !cond);
        return;
    case AST_BoolOp: {
        OuAst_BoolOp *b = AST(BoolOp, e);
        bool decides = b->op == AST_Or;
        OuLabel next = decides == cond ? to : ou_gen_label(g);
        for (uint32_t i = 0; i + 1 < b->values.n; i++)
            ou_gen_jump_if(g, b->values.at[i], next, decides);
        ou_gen_jump_if(g, b->values.at[b->values.n - 1], to, cond);
        if (next != to)
            ou_gen_place(g, next);
        return;
    }
    case AST_IfExp: {
        OuAst_IfExp *i = AST(IfExp, e);
        OuLabel other = ou_gen_label(g), end = ou_gen_label(g);
        ou_gen_jump_if(g, i->test, other, false);
        ou_gen_jump_if(g, i->body, to, cond);
        ou_gen_goto(g, end);
        ou_gen_place(g, other);
        ou_gen_jump_if(g, i->orelse, to, cond);
        ou_gen_place(g, end);
        return;
    }
    case AST_Compare:
        jump_if_compare(g, AST(Compare, e), to, cond);
        return;
    default:
        break;
    }
    OuReg r = ou_gen_register(g, e, true);
    ou_gen_jump(g, cond ? OU_OP_JUMP_IF_TRUE : OU_OP_JUMP_IF_FALSE, 0, r, 0, 0, to);
    ou_gen_pop_to(g, top);
}

void ou_gen_boolop(OuGen *g, OuAst_BoolOp *e, OuReg dst)
{
    uint32_t top = g->u->top;
    OuReg t = ou_gen_push(g, 1);
    OuLabel end = ou_gen_label(g);
    bool decides = e->op == AST_Or;
    ou_gen_pop_to(g, top);
    for (uint32_t i = 0; i < e->values.n; i++) {
        int truth = const_truth(e->values.at[i]);
        bool last = i + 1 == e->values.n;
        if (!last && truth == !decides)
            continue;
        ou_gen_expr_to(g, e->values.at[i], t);
        if (last || truth == decides)
            break;
        ou_gen_jump(g, decides ? OU_OP_JUMP_IF_TRUE_OR_POP : OU_OP_JUMP_IF_FALSE_OR_POP, 0, t, 0, 0, end);
    }
    ou_gen_place(g, end);
    if (t != dst)
        ou_gen_emit(g, OU_OP_TAKE, 0, dst, t, 0);
}

void ou_gen_ifexp(OuGen *g, OuAst_IfExp *e, OuReg dst)
{
    OuLabel other = ou_gen_label(g), end = ou_gen_label(g);
    ou_gen_jump_if(g, e->test, other, false);
    ou_gen_expr_to(g, e->body, dst);
    ou_gen_goto(g, end);
    ou_gen_place(g, other);
    ou_gen_expr_to(g, e->orelse, dst);
    ou_gen_place(g, end);
}
