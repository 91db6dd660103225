/* lang/codegen_display.c - tuples, lists, sets, dicts, f-strings.
 *
 * Short displays are built from a run of temporaries, as CPython builds them from its stack; from the size
 * where CPython starts to append one by one (30) they grow in place, so that registers stay few. */
#include "codegen.h"

#define RUN_MAX 30

static bool has_star(OuSeq s)
{
    for (uint32_t i = 0; i < s.n; i++)
        if (s.at[i]->kind == AST_Starred)
            return true;
    return false;
}

/* dst must be a temporary to grow in; the value goes to its place at the end. */
static void finish(OuGen *g, OuReg from, OuReg dst, uint32_t top)
{
    ou_gen_pop_to(g, top);
    if (from != dst)
        ou_gen_emit(g, OU_OP_TAKE, 0, dst, from, 0);
}

/* [1, 2, 3] of constants: a constant tuple poured into an empty list. */
static bool const_items(OuGen *g, OuSeq elts, bool set, OuReg *out)
{
    for (uint32_t i = 0; i < elts.n; i++)
        if (elts.at[i]->kind != AST_Constant)
            return false;
    OuConst *items = ou_arena_alloc(g->p->arena, (elts.n + 1) * sizeof *items);
    if (!items) {
        ou_gen_no_memory(g);
        return false;
    }
    for (uint32_t i = 0; i < elts.n; i++)
        items[i] = AST(Constant, elts.at[i])->value;
    OuReg k =
        ou_gen_const(g, &(OuConst){.kind = set ? OU_K_FROZENSET : OU_K_TUPLE, .n = elts.n, .items = items});
    *out = k;
    return (k & OU_R_INDEX) < OU_NARROW_CONSTS;
}

void ou_gen_sequence(OuGen *g, OuNode *e, OuSeq elts, OuOp build, OuReg dst)
{
    uint32_t top = g->u->top;
    OuReg base = ou_gen_top(g), k;
    if (e->kind == AST_Tuple && AST(Tuple, e)->ctx != AST_Load)
        return;
    bool star = has_star(elts), set = build == OU_OP_BUILD_SET;
    if (!star && elts.n > 2 && build != OU_OP_BUILD_TUPLE && const_items(g, elts, set, &k)) {
        ou_gen_emit(g, build, 0, ou_gen_push(g, 1), base, 0);
        ou_gen_emit(g, set ? OU_OP_SET_UPDATE : OU_OP_LIST_EXTEND, 0, base, k, 0);
        finish(g, base, dst, top);
        return;
    }
    if (!star && elts.n <= RUN_MAX) {
        for (uint32_t i = 0; i < elts.n; i++)
            ou_gen_expr_push(g, elts.at[i]);
        ou_gen_emit(g, build, 0, dst, base, elts.n);
        ou_gen_pop_to(g, top);
        return;
    }
    /* leading plain elements make the first list; the rest is added one by one */
    uint32_t i = 0;
    while (i < elts.n && elts.n <= RUN_MAX && elts.at[i]->kind != AST_Starred)
        ou_gen_expr_push(g, elts.at[i++]);
    ou_gen_emit(g, set ? OU_OP_BUILD_SET : OU_OP_BUILD_LIST, 0, base, base, i);
    ou_gen_pop_to(g, top);
    ou_gen_push(g, 1);
    for (; i < elts.n; i++) {
        bool starred = elts.at[i]->kind == AST_Starred;
        OuReg v = ou_gen_operand(g, starred ? AST(Starred, elts.at[i])->value : elts.at[i], true);
        OuOp op = set       ? (starred ? OU_OP_SET_UPDATE : OU_OP_SET_ADD)
                  : starred ? OU_OP_LIST_EXTEND
                            : OU_OP_LIST_APPEND;
        ou_gen_emit(g, op, 0, base, v, 0);
        ou_gen_pop_to(g, top + 1);
    }
    if (build == OU_OP_BUILD_TUPLE) {
        ou_gen_emit(g, OU_OP_LIST_TO_TUPLE, 0, dst, base, 0);
        ou_gen_pop_to(g, top);
        return;
    }
    finish(g, base, dst, top);
}

/* Pairs from i on, up to the next `**`, if all keys are constant and CPython collects the values first: then the
 * instructions stand at the values, and the dict's own line comes after the last of them. */
static uint32_t late_run(OuAst_Dict *d, uint32_t i)
{
    uint32_t n = 0;
    for (; n <= RUN_MAX / 2 && i + n < d->values.n && d->keys.at[i + n]; n++)
        if (d->keys.at[i + n]->kind != AST_Constant)
            return 0;
    return n <= RUN_MAX / 2 ? n : 0;
}

/* Up to RUN_MAX / 2 pairs go by a run; constant keys, which cannot fail, straight into the dict. */
void ou_gen_dict(OuGen *g, OuAst_Dict *d, OuReg dst)
{
    uint32_t top = g->u->top, n = d->values.n;
    OuReg base = ou_gen_top(g);
    bool plain = n > 0;
    for (uint32_t i = 0; i < n; i++)
        plain &= d->keys.at[i] && d->keys.at[i]->kind == AST_Constant;
    bool unpack = false;
    for (uint32_t i = 0; i < n; i++)
        unpack |= !d->keys.at[i];
    if (!unpack && !plain && n <= RUN_MAX / 2) {
        for (uint32_t i = 0; i < n; i++) {
            ou_gen_expr_push(g, d->keys.at[i]);
            ou_gen_expr_push(g, d->values.at[i]);
        }
        ou_gen_emit(g, OU_OP_BUILD_MAP, 0, dst, base, n);
        ou_gen_pop_to(g, top);
        return;
    }
    OuLoc loc = g->u->loc;
    if (late_run(d, 0))
        ou_gen_at(g, n == 1 ? d->keys.at[0] : d->values.at[0]);
    ou_gen_emit(g, OU_OP_BUILD_MAP, 0, ou_gen_push(g, 1), base, 0);
    for (uint32_t i = 0; i < n;) {
        uint32_t late = late_run(d, i), end = late ? i + late : i + 1;
        for (; i < end; i++) {
            OuNode *key = d->keys.at[i], *value = d->values.at[i];
            if (key) {
                if (late)
                    ou_gen_at(g, late == 1 ? key : value);
                OuReg k = ou_gen_operand(g, key, ou_gen_is_quiet(g, value));
                if (late)
                    ou_gen_at(g, value);
                OuReg v = ou_gen_operand(g, value, true);
                ou_gen_emit(g, OU_OP_MAP_ADD, 0, base, k, v);
            } else {
                ou_gen_emit(g, OU_OP_DICT_UPDATE, 0, base, ou_gen_operand(g, value, true), 0);
            }
            ou_gen_pop_to(g, top + 1);
        }
        g->u->loc = loc;
        if (late)
            ou_gen_line(g)->mark = true;
    }
    finish(g, base, dst, top);
}

void ou_gen_formatted(OuGen *g, OuAst_FormattedValue *f, OuReg dst)
{
    uint32_t top = g->u->top;
    unsigned conversion = f->conversion == 's' ? 1 : f->conversion == 'r' ? 2 : f->conversion == 'a' ? 3 : 0;
    unsigned aux = conversion << OU_AUX_CMP_SHIFT;
    OuReg spec = OU_R_NONE,
          v = ou_gen_operand(g, f->value, !f->format_spec || ou_gen_is_quiet(g, f->format_spec));
    if (f->format_spec) {
        spec = ou_gen_operand(g, f->format_spec, true);
        aux |= OU_AUX_INPLACE;
    }
    ou_gen_emit(g, OU_OP_FORMAT, aux, dst, v, spec);
    ou_gen_pop_to(g, top);
}

void ou_gen_joined(OuGen *g, OuSeq values, OuReg dst)
{
    uint32_t top = g->u->top;
    OuReg base = ou_gen_top(g);
    if (values.n <= 255) {
        for (uint32_t i = 0; i < values.n; i++)
            ou_gen_expr_push(g, values.at[i]);
        ou_gen_emit(g, OU_OP_BUILD_STRING, 0, dst, base, values.n);
        ou_gen_pop_to(g, top);
        return;
    }
    /* ''.join(list), as CPython does for long ones */
    ou_gen_loadk(g, ou_gen_push(g, 1), ou_gen_const_text(g, g->empty));
    ou_gen_emit(g, OU_OP_LOAD_METHOD, 0, base, base, ou_gen_name_index(g, ou_gen_text(g, "join")));
    ou_gen_push(g, 1);
    OuReg list = ou_gen_push(g, 1);
    ou_gen_emit(g, OU_OP_BUILD_LIST, 0, list, list, 0);
    for (uint32_t i = 0; i < values.n; i++) {
        ou_gen_emit(g, OU_OP_LIST_APPEND, 0, list, ou_gen_operand(g, values.at[i], true), 0);
        ou_gen_pop_to(g, top + 3);
    }
    ou_gen_emit(g, OU_OP_CALL, 0, base, 1, dst);
    ou_gen_pop_to(g, top);
}
