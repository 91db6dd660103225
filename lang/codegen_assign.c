/* lang/codegen_assign.c - targets: assignment, augmented and annotated assignment, del, unpacking. */
#include "codegen.h"

static bool plain_target(OuGen *g, OuNode *t)
{
    switch (t->kind) {
    case AST_Name:
    case AST_Tuple:
    case AST_List:
        return true; /* unpacked at once */
    case AST_Attribute:
        return ou_gen_is_quiet(g, AST(Attribute, t)->value);
    case AST_Subscript:
        return ou_gen_is_quiet(g, AST(Subscript, t)->value) && ou_gen_is_quiet(g, AST(Subscript, t)->slice);
    default:
        return false;
    }
}

/* Classes get an estimate of their instances' size: what methods store on their first parameter. */
static void note_self_attr(OuGen *g, OuNode *object, OuText *attr)
{
    OuGenUnit *u = g->u, *cls = u->outer;
    if (object->kind != AST_Name || (u->kind != OU_UNIT_FUNCTION && u->kind != OU_UNIT_ASYNC) ||
        cls->kind != OU_UNIT_CLASS || !u->argcount || AST(Name, object)->id != u->scope->params[0])
        return;
    OuGenUnit *units[2] = {cls, u}; /* the class as a whole, and each function (its __init__ above all) */
    for (int i = 0; i < 2; i++)
        if (ou_keymap_get(&units[i]->self_attrs, attr) < 0 &&
            ou_keymap_put(&units[i]->self_attrs, g->p->arena, attr, 0) < 0)
            ou_gen_no_memory(g);
}

static void store_attr(OuGen *g, OuNode *t, OuReg value, unsigned keep)
{
    OuAst_Attribute *a = AST(Attribute, t);
    OuText *name = ou_gen_mangle(g, a->attr);
    OuReg o = ou_gen_register(g, a->value, true);
    ou_gen_at(g, t);
    ou_gen_at_attr(g, t);
    if (ou_gen_forbidden(g, name, false))
        return;
    note_self_attr(g, a->value, name);
    ou_gen_emit(g, OU_OP_STORE_ATTR, keep ? OU_GEN_KEEP_B : 0, o, value, ou_gen_name_index(g, name));
}

static void store_item(OuGen *g, OuAst_Subscript *t, OuReg value, unsigned keep)
{
    OuReg o = ou_gen_register(g, t->value, ou_gen_is_quiet(g, t->slice));
    OuReg i = ou_gen_index(g, t->slice);
    ou_gen_emit(g, OU_OP_SETITEM, keep ? OU_GEN_KEEP_C : 0, o, i, value);
}

/* a, *b, c = value */
static void unpack(OuGen *g, OuNode *t, OuReg value, unsigned keep)
{
    OuSeq elts = AST(Tuple, t)->elts; /* List has the same fields */
    uint32_t top = g->u->top, star = elts.n;
    for (uint32_t i = 0; i < elts.n; i++) {
        if (elts.at[i]->kind != AST_Starred)
            continue;
        if (star < elts.n) {
            ou_gen_error(g, t, "multiple starred expressions in assignment");
            return;
        }
        star = i;
    }
    if (star < elts.n && (star >= 256 || elts.n - star - 1 >= 256)) {
        ou_gen_error(g, t, "too many expressions in star-unpacking assignment");
        return;
    }
    OuReg base = ou_gen_push(g, elts.n);
    if (!elts.n)
        ou_gen_emit(g, OU_OP_UNPACK, keep ? OU_GEN_KEEP_B : 0, base, value, 0);
    else if (star < elts.n)
        ou_gen_emit(g, OU_OP_UNPACK_EX, keep ? OU_GEN_KEEP_B : 0, base, value,
                    star | (elts.n - star - 1) << 8);
    else
        ou_gen_emit(g, OU_OP_UNPACK, keep ? OU_GEN_KEEP_B : 0, base, value, elts.n);
    for (uint32_t i = 0; i < elts.n; i++) {
        OuNode *e = elts.at[i];
        ou_gen_store(g, e->kind == AST_Starred ? AST(Starred, e)->value : e, base + i, 0);
    }
    ou_gen_pop_to(g, top);
}

void ou_gen_store(OuGen *g, OuNode *t, OuReg value, unsigned keep)
{
    uint32_t top = g->u->top;
    if (ou_gen_failed(g))
        return;
    if (ou_reg_is_local(value) && !plain_target(g, t)) {
        OuReg copy = ou_gen_push(g, 1);
        ou_gen_emit(g, OU_OP_MOVE, 0, copy, value, 0);
        value = copy;
        keep = 0;
    }
    OuLoc saved = g->u->loc;
    ou_gen_at(g, t);
    switch (t->kind) {
    case AST_Name:
        ou_gen_store_name(g, AST(Name, t)->id, value, keep);
        break;
    case AST_Attribute:
        store_attr(g, t, value, keep);
        break;
    case AST_Subscript:
        store_item(g, AST(Subscript, t), value, keep);
        break;
    case AST_Tuple:
    case AST_List:
        unpack(g, t, value, keep);
        break;
    case AST_Starred:
        ou_gen_error(g, t, "starred assignment target must be in a list or tuple");
        break;
    default:
        ou_gen_error(g, t, "target expected");
        break;
    }
    g->u->loc = saved;
    ou_gen_pop_to(g, top);
}

static bool has_star(OuSeq s)
{
    for (uint32_t i = 0; i < s.n; i++)
        if (s.at[i]->kind == AST_Starred)
            return true;
    return false;
}

/* `a, b = b, a`: no tuple is made. */
static bool assign_parallel(OuGen *g, OuNode *t, OuNode *v)
{
    if ((t->kind != AST_Tuple && t->kind != AST_List) || v->kind != AST_Tuple)
        return false;
    OuSeq to = AST(Tuple, t)->elts, from = AST(Tuple, v)->elts;
    if (to.n != from.n || to.n < 1 || to.n > 30 || has_star(to) || has_star(from))
        return false;
    OuReg base = ou_gen_top(g);
    for (uint32_t i = 0; i < from.n; i++)
        ou_gen_expr_push(g, from.at[i]);
    for (uint32_t i = 0; i < to.n; i++)
        ou_gen_store(g, to.at[i], base + i, 0);
    return true;
}

void ou_gen_assign(OuGen *g, OuAst_Assign *s)
{
    uint32_t top = g->u->top, n = s->targets.n;
    OuNode *first = s->targets.at[0];
    if (n == 1 && assign_parallel(g, first, s->value)) {
        ou_gen_pop_to(g, top);
        return;
    }
    OuReg local = n == 1 && first->kind == AST_Name ? ou_gen_local(g, AST(Name, first)->id) : OU_R_NONE;
    if (local != OU_R_NONE) {
        bool self = s->value->kind == AST_Name && ou_gen_local(g, AST(Name, s->value)->id) == local;
        if (!self) {
            ou_gen_expr_to(g, s->value, local);
            ou_gen_mark(g, first);
            return;
        }
    }
    bool place = true;
    for (uint32_t i = 0; i < n; i++)
        place &= n == 1 ? plain_target(g, s->targets.at[i]) : s->targets.at[i]->kind == AST_Name;
    OuReg v = ou_gen_operand(g, s->value, place);
    for (uint32_t i = 0; i < n; i++) {
        if (i + 1 < n)
            ou_gen_mark(g, &s->node);
        ou_gen_store(g, s->targets.at[i], v, i + 1 < n ? OU_GEN_KEEP_A : 0);
    }
    ou_gen_pop_to(g, top);
}

void ou_gen_aug_assign(OuGen *g, OuAst_AugAssign *s)
{
    uint32_t top = g->u->top;
    OuOp op = (OuOp)ou_gen_binop(s->op, NULL);
    OuNode *t = s->target;
    OuLoc loc = g->u->loc;
    bool plain = ou_gen_is_quiet(g, s->value);
    switch (t->kind) {
    case AST_Name: {
        OuReg local = ou_gen_local(g, AST(Name, t)->id), old;
        ou_gen_at(g, t);
        if (local != OU_R_NONE && plain) {
            ou_gen_check(g, local);
            g->u->loc = loc;
            ou_gen_mark(g, t);
            ou_gen_at(g, t);
            old = local;
        } else {
            old = ou_gen_top(g);
            ou_gen_load_name(g, AST(Name, t)->id, old);
            ou_gen_push(g, 1);
        }
        OuReg v = ou_gen_operand(g, s->value, true);
        g->u->loc = loc;
        OuReg dst = local != OU_R_NONE ? local : OU_R_TEMP | top;
        ou_gen_emit(g, op, OU_AUX_INPLACE, dst, old, v);
        if (local == OU_R_NONE) {
            ou_gen_pop_to(g, top);
            ou_gen_push(g, 1);
            ou_gen_at(g, t);
            ou_gen_store_name(g, AST(Name, t)->id, dst, 0);
        }
        break;
    }
    case AST_Attribute: {
        OuAst_Attribute *a = AST(Attribute, t);
        OuText *name = ou_gen_mangle(g, a->attr);
        OuReg o = ou_gen_register(g, a->value, plain), old = ou_gen_push(g, 1);
        ou_gen_at(g, t);
        ou_gen_at_attr(g, t);
        ou_gen_emit(g, OU_OP_LOAD_ATTR, OU_GEN_KEEP_B, old, o, ou_gen_name_index(g, name));
        OuReg v = ou_gen_operand(g, s->value, true);
        g->u->loc = loc;
        ou_gen_emit(g, op, OU_AUX_INPLACE, old, old, v);
        ou_gen_at(g, t);
        ou_gen_at_attr(g, t);
        ou_gen_emit(g, OU_OP_STORE_ATTR, 0, o, old, ou_gen_name_index(g, name));
        break;
    }
    case AST_Subscript: {
        OuAst_Subscript *b = AST(Subscript, t);
        bool index = ou_gen_is_quiet(g, b->slice);
        OuReg o = ou_gen_register(g, b->value, plain && index);
        OuReg i = ou_gen_operand(g, b->slice, plain), old = ou_gen_push(g, 1);
        ou_gen_at(g, t);
        ou_gen_emit(g, OU_OP_GETITEM, OU_GEN_KEEP_B | OU_GEN_KEEP_C, old, o, i);
        OuReg v = ou_gen_operand(g, s->value, true);
        g->u->loc = loc;
        ou_gen_emit(g, op, OU_AUX_INPLACE, old, old, v);
        ou_gen_at(g, t);
        ou_gen_emit(g, OU_OP_SETITEM, 0, o, i, old);
        break;
    }
    default:
        ou_gen_error(g, t, "invalid node type for augmented assignment");
        break;
    }
    g->u->loc = loc;
    ou_gen_pop_to(g, top);
}

/* ---- annotations ---- */
void ou_gen_annotation(OuGen *g, OuNode *annotation, OuReg dst)
{
    if (g->future & OU_CO_FUTURE_ANNOTATIONS) {
        OuText *t = ou_unparse_expr(g->p, annotation);
        if (!t)
            ou_gen_no_memory(g);
        else
            ou_gen_loadk(g, dst, ou_gen_const_text(g, t));
    } else if (annotation->kind == AST_Starred) { /* *args: *Ts */
        uint32_t top = g->u->top;
        OuReg v = ou_gen_operand(g, AST(Starred, annotation)->value, true);
        ou_gen_emit(g, OU_OP_UNPACK, 0, dst, v, 1);
        ou_gen_pop_to(g, top);
    } else {
        ou_gen_expr_to(g, annotation, dst);
    }
}

static bool annotates(OuSeq body)
{
    for (uint32_t i = 0; i < body.n; i++) {
        OuNode *s = body.at[i];
        bool found = false;
        switch (s->kind) {
        case AST_AnnAssign:
            return true;
        case AST_For:
        case AST_AsyncFor:
            found = annotates(AST(For, s)->body) || annotates(AST(For, s)->orelse);
            break;
        case AST_While:
            found = annotates(AST(While, s)->body) || annotates(AST(While, s)->orelse);
            break;
        case AST_If:
            found = annotates(AST(If, s)->body) || annotates(AST(If, s)->orelse);
            break;
        case AST_With:
        case AST_AsyncWith:
            found = annotates(AST(With, s)->body);
            break;
        case AST_Try:
        case AST_TryStar:
            for (uint32_t k = 0; k < AST(Try, s)->handlers.n && !found; k++)
                found = annotates(AST(ExceptHandler, AST(Try, s)->handlers.at[k])->body);
            found = found || annotates(AST(Try, s)->body) || annotates(AST(Try, s)->orelse) ||
                    annotates(AST(Try, s)->finalbody);
            break;
        case AST_Match:
            for (uint32_t k = 0; k < AST(Match, s)->cases.n && !found; k++)
                found = annotates(AST(match_case, AST(Match, s)->cases.at[k])->body);
            break;
        default:
            break;
        }
        if (found)
            return true;
    }
    return false;
}

void ou_gen_setup_annotations(OuGen *g, OuSeq body)
{
    if (!annotates(body))
        return;
    OuLoc saved = g->u->loc;
    if (g->u->loc.lineno <= 0) /* of a module: the place of its first statement (compiler_body) */
        ou_gen_at(g, body.at[0]);
    ou_gen_emit(g, OU_OP_SETUP_ANNOTATIONS, 0, 0, 0, 0);
    g->u->loc = saved;
}

/* Evaluates an annotation that is not kept. */
static void check_annotation(OuGen *g, OuNode *annotation)
{
    if (!(g->future & OU_CO_FUTURE_ANNOTATIONS))
        ou_gen_effect(g, annotation);
}

static void check_index_parts(OuGen *g, OuNode *e)
{
    OuNode *part[3] = {e, NULL, NULL};
    if (e->kind == AST_Slice) {
        part[0] = AST(Slice, e)->lower;
        part[1] = AST(Slice, e)->upper;
        part[2] = AST(Slice, e)->step;
    }
    for (int i = 0; i < 3; i++)
        if (part[i])
            ou_gen_effect(g, part[i]);
}

void ou_gen_ann_assign(OuGen *g, OuAst_AnnAssign *s)
{
    uint32_t top = g->u->top;
    OuNode *t = s->target;
    bool function = g->u->scope->type == OU_BLOCK_FUNCTION;
    if (s->value) {
        OuReg v = ou_gen_operand(g, s->value, plain_target(g, t));
        ou_gen_store(g, t, v, 0);
        ou_gen_pop_to(g, top);
    }
    switch (t->kind) {
    case AST_Name:
        if (ou_gen_forbidden(g, AST(Name, t)->id, false))
            return;
        if (s->simple && !function) { /* __annotations__[name] = value */
            OuReg v = ou_gen_top(g);
            ou_gen_annotation(g, s->annotation, v);
            ou_gen_push(g, 1);
            OuReg d = ou_gen_top(g);
            ou_gen_emit(g, OU_OP_LOAD_NAME, 0, d, ou_gen_name_index(g, ou_gen_text(g, "__annotations__")), 0);
            ou_gen_push(g, 1);
            OuReg k = ou_gen_const_text(g, ou_gen_mangle(g, AST(Name, t)->id));
            ou_gen_emit(g, OU_OP_SETITEM, 0, d, k, v);
        }
        break;
    case AST_Attribute:
        if (ou_gen_forbidden(g, AST(Attribute, t)->attr, false))
            return;
        if (!s->value)
            ou_gen_effect(g, AST(Attribute, t)->value);
        break;
    case AST_Subscript:
        if (!s->value) {
            ou_gen_effect(g, AST(Subscript, t)->value);
            check_index_parts(g, AST(Subscript, t)->slice);
        }
        break;
    default:
        ou_gen_error(g, t, "invalid node type for annotated assignment");
        break;
    }
    if (!s->simple && !function)
        check_annotation(g, s->annotation);
    ou_gen_pop_to(g, top);
}

/* ---- del ---- */
void ou_gen_delete(OuGen *g, OuNode *t)
{
    uint32_t top = g->u->top;
    OuLoc saved = g->u->loc;
    if (ou_gen_failed(g))
        return;
    ou_gen_at(g, t);
    switch (t->kind) {
    case AST_Name:
        ou_gen_delete_name(g, AST(Name, t)->id);
        break;
    case AST_Attribute: {
        OuReg o = ou_gen_register(g, AST(Attribute, t)->value, true);
        OuText *name = ou_gen_mangle(g, AST(Attribute, t)->attr);
        ou_gen_at_attr(g, t);
        ou_gen_emit(g, OU_OP_DELETE_ATTR, 0, 0, o, ou_gen_name_index(g, name));
        break;
    }
    case AST_Subscript: {
        OuAst_Subscript *b = AST(Subscript, t);
        OuReg o = ou_gen_operand(g, b->value, ou_gen_is_quiet(g, b->slice));
        ou_gen_emit(g, OU_OP_DELITEM, 0, 0, o, ou_gen_index(g, b->slice));
        break;
    }
    case AST_Tuple:
    case AST_List:
        for (uint32_t i = 0; i < AST(Tuple, t)->elts.n; i++)
            ou_gen_delete(g, AST(Tuple, t)->elts.at[i]);
        break;
    default:
        ou_gen_error(g, t, "cannot delete this");
        break;
    }
    g->u->loc = saved;
    ou_gen_pop_to(g, top);
}
