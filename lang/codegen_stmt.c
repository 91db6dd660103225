/* lang/codegen_stmt.c - statements: the switch, and the simple ones. */
#include "codegen.h"

static void if_stmt(OuGen *g, OuAst_If *s)
{
    OuLabel end = ou_gen_label(g), other = s->orelse.n ? ou_gen_label(g) : end;
    ou_gen_jump_if(g, s->test, other, false);
    ou_gen_body(g, s->body);
    if (s->orelse.n) {
        ou_gen_at_none(g);
        ou_gen_goto(g, end);
        ou_gen_place(g, other);
        ou_gen_body(g, s->orelse);
    }
    ou_gen_place(g, end);
}

static bool true_tuple(const OuNode *e)
{
    if (e->kind == AST_Tuple)
        return AST(Tuple, e)->elts.n > 0;
    return e->kind == AST_Constant && AST(Constant, e)->value.kind == OU_K_TUPLE &&
           AST(Constant, e)->value.n > 0;
}

static void assert_stmt(OuGen *g, OuAst_Assert *s)
{
    if (true_tuple(s->test))
        ou_gen_warn(g, &s->node, "assertion is always true, perhaps remove parentheses?");
    if (g->c->optimize)
        return;
    uint32_t top = g->u->top;
    OuLabel end = ou_gen_label(g);
    ou_gen_jump_if(g, s->test, end, true);
    OuReg e = ou_gen_push(g, 1);
    ou_gen_emit(g, OU_OP_LOAD_ASSERTION_ERROR, 0, e, 0, 0);
    if (s->msg) {
        ou_gen_push(g, 1);
        ou_gen_expr_push(g, s->msg);
        ou_gen_emit(g, OU_OP_CALL, 0, e, 1, e);
    }
    ou_gen_emit(g, OU_OP_RAISE, 0, 1, e, OU_R_NONE);
    ou_gen_pop_to(g, top);
    ou_gen_place(g, end);
}

static void raise_stmt(OuGen *g, OuAst_Raise *s)
{
    uint32_t top = g->u->top;
    if (!s->exc) {
        ou_gen_emit(g, OU_OP_RAISE, 0, 0, OU_R_NONE, OU_R_NONE);
        return;
    }
    OuReg e = ou_gen_register(g, s->exc, !s->cause || ou_gen_is_quiet(g, s->cause)), cause = OU_R_NONE;
    if (s->cause)
        cause = ou_gen_register(g, s->cause, true);
    ou_gen_emit(g, OU_OP_RAISE, 0, s->cause ? 2 : 1, e, cause);
    ou_gen_pop_to(g, top);
}

static void expr_stmt(OuGen *g, OuNode *s)
{
    OuNode *e = AST(Expr, s)->value;
    uint32_t top = g->u->top;
    if (g->interactive && g->u->kind == OU_UNIT_MODULE) {
        OuReg r = ou_gen_register(g, e, true);
        ou_gen_emit(g, OU_OP_PRINT_EXPR, 0, 0, r, 0);
    } else if (e->kind == AST_Constant) {
        ou_gen_line(g);
    } else {
        OuReg r = ou_gen_operand(g, e, true);
        if (!ou_reg_is_temp(r))
            ou_gen_line(g)->mark = true; /* a name alone: nothing but its line */
        ou_gen_at_none(g); /* of several lines the first is not visited again to throw the value away */
        if (ou_reg_is_temp(r))
            ou_gen_emit(g, OU_OP_CLEAR, 0, r, 0, 0);
    }
    ou_gen_pop_to(g, top);
}

static void statement(OuGen *g, OuNode *s)
{
    ou_gen_at(g, s);
    switch (s->kind) {
    case AST_FunctionDef:
    case AST_AsyncFunctionDef:
        ou_gen_function(g, s);
        break;
    case AST_ClassDef:
        ou_gen_class(g, AST(ClassDef, s));
        break;
    case AST_Return:
        ou_gen_return(g, AST(Return, s));
        break;
    case AST_Delete:
        for (uint32_t i = 0; i < AST(Delete, s)->targets.n; i++)
            ou_gen_delete(g, AST(Delete, s)->targets.at[i]);
        break;
    case AST_Assign:
        ou_gen_assign(g, AST(Assign, s));
        break;
    case AST_AugAssign:
        ou_gen_aug_assign(g, AST(AugAssign, s));
        break;
    case AST_AnnAssign:
        ou_gen_ann_assign(g, AST(AnnAssign, s));
        break;
    case AST_For:
        ou_gen_for(g, AST(For, s));
        break;
    case AST_AsyncFor:
        ou_gen_async_for(g, AST(AsyncFor, s));
        break;
    case AST_While:
        ou_gen_while(g, AST(While, s));
        break;
    case AST_If:
        if_stmt(g, AST(If, s));
        break;
    case AST_With:
        ou_gen_with(g, AST(With, s));
        break;
    case AST_AsyncWith:
        ou_gen_async_with(g, AST(AsyncWith, s));
        break;
    case AST_Match:
        ou_gen_match(g, AST(Match, s));
        break;
    case AST_Raise:
        raise_stmt(g, AST(Raise, s));
        break;
    case AST_Try:
        ou_gen_try(g, AST(Try, s));
        break;
    case AST_TryStar:
        ou_gen_try_star(g, AST(TryStar, s));
        break;
    case AST_Assert:
        assert_stmt(g, AST(Assert, s));
        break;
    case AST_Import:
        ou_gen_import(g, AST(Import, s));
        break;
    case AST_ImportFrom:
        ou_gen_import_from(g, AST(ImportFrom, s));
        break;
    case AST_Global:
    case AST_Nonlocal:
        break;
    case AST_Expr:
        expr_stmt(g, s);
        break;
    case AST_Pass:
        ou_gen_line(g);
        break;
    case AST_Break:
        ou_gen_break(g, s);
        break;
    case AST_Continue:
        ou_gen_continue(g, s);
        break;
    default:
        ou_gen_error(g, s, "statement node expected");
        break;
    }
}

void ou_gen_body(OuGen *g, OuSeq body)
{
    for (uint32_t i = 0; i < body.n && !ou_gen_failed(g); i++)
        statement(g, body.at[i]);
}
