/* lang/codegen_call.c - calls.
 *
 * R[A] the callable, R[A+1] self or empty, arguments from R[A+2]: they become the callee's registers. */
#include "codegen.h"

#define RUN_MAX 30 /* arguments in registers, named ones counting twice; more go by a list, as in CPython */

static bool starred(OuSeq args, OuSeq keywords)
{
    for (uint32_t i = 0; i < args.n; i++)
        if (args.at[i]->kind == AST_Starred)
            return true;
    for (uint32_t i = 0; i < keywords.n; i++)
        if (!AST(keyword, keywords.at[i])->arg)
            return true;
    return false;
}

static void check_keywords(OuGen *g, OuSeq keywords)
{
    for (uint32_t i = 0; i < keywords.n; i++) {
        OuText *name = AST(keyword, keywords.at[i])->arg;
        if (!name)
            continue;
        if (ou_gen_forbidden(g, name, false))
            return;
        for (uint32_t j = i + 1; j < keywords.n && keywords.n < 5000; j++)
            if (AST(keyword, keywords.at[j])->arg == name) {
                ou_gen_error(g, keywords.at[j], "keyword argument repeated: %s", name->s);
                return;
            }
    }
}

/* Named arguments [from, to) into dict d. */
static void named_into(OuGen *g, OuReg d, OuSeq keywords, uint32_t from, uint32_t to)
{
    uint32_t top = g->u->top;
    bool late = to - from <= RUN_MAX / 2; /* CPython makes the dict after the last value */
    OuLoc loc = g->u->loc;
    if (late)
        ou_gen_at(g, AST(keyword, keywords.at[from])->value);
    ou_gen_emit(g, OU_OP_BUILD_MAP, 0, d, d, 0);
    for (uint32_t i = from; i < to; i++) {
        OuAst_keyword *kw = AST(keyword, keywords.at[i]);
        OuReg k = ou_gen_const_text(g, kw->arg);
        if ((k & OU_R_INDEX) >= OU_NARROW_CONSTS) {
            OuReg t = ou_gen_push(g, 1);
            ou_gen_loadk(g, t, k);
            k = t;
        }
        if (late)
            ou_gen_at(g, kw->value);
        ou_gen_emit(g, OU_OP_MAP_ADD, 0, d, k, ou_gen_operand(g, kw->value, true));
        ou_gen_pop_to(g, top);
    }
    g->u->loc = loc;
    if (late)
        ou_gen_line(g)->mark = true;
}

static void call_ex(OuGen *g, OuReg base, uint32_t pushed, OuSeq args, OuSeq keywords, OuReg dst)
{
    OuReg list = base + 2, dict = base + 3;
    if (!pushed && args.n == 1 && args.at[0]->kind == AST_Starred) {
        ou_gen_expr_push(g, AST(Starred, args.at[0])->value);
    } else if (!pushed && !args.n) {
        ou_gen_loadk(g, ou_gen_push(g, 1), ou_gen_const(g, &(OuConst){.kind = OU_K_TUPLE}));
    } else {
        uint32_t i = 0;
        while (i < args.n && args.n <= 30 && args.at[i]->kind != AST_Starred)
            ou_gen_expr_push(g, args.at[i++]);
        ou_gen_emit(g, OU_OP_BUILD_LIST, 0, list, list, pushed + i);
        ou_gen_pop_to(g, list & OU_R_INDEX);
        ou_gen_push(g, 1);
        for (; i < args.n; i++) {
            bool star = args.at[i]->kind == AST_Starred;
            OuReg v = ou_gen_operand(g, star ? AST(Starred, args.at[i])->value : args.at[i], true);
            ou_gen_emit(g, star ? OU_OP_LIST_EXTEND : OU_OP_LIST_APPEND, 0, list, v, 0);
            ou_gen_pop_to(g, dict & OU_R_INDEX);
        }
        ou_gen_emit(g, OU_OP_LIST_TO_TUPLE, 0, list, list, 0);
    }
    ou_gen_push(g, 1); /* the dict's place, empty without keywords */
    bool have = false;
    for (uint32_t i = 0; i < keywords.n;) {
        uint32_t from = i;
        while (i < keywords.n && AST(keyword, keywords.at[i])->arg)
            i++;
        if (i > from && !have) {
            named_into(g, dict, keywords, from, i);
        } else if (i > from) {
            OuReg part = ou_gen_push(g, 1);
            named_into(g, part, keywords, from, i);
            ou_gen_emit(g, OU_OP_DICT_MERGE, 0, dict, part, base);
        } else if (!have) {
            ou_gen_emit(g, OU_OP_BUILD_MAP, 0, dict, dict, 0);
        }
        have = true;
        ou_gen_pop_to(g, (dict & OU_R_INDEX) + 1);
        if (i < keywords.n) {
            OuReg v = ou_gen_operand(g, AST(keyword, keywords.at[i++])->value, true);
            ou_gen_emit(g, OU_OP_DICT_MERGE, 0, dict, v, base);
            ou_gen_pop_to(g, (dict & OU_R_INDEX) + 1);
        }
    }
    ou_gen_emit(g, OU_OP_CALL_EX, 0, base, 0, dst);
}

void ou_gen_call_args(OuGen *g, OuReg base, uint32_t pushed, OuSeq args, OuSeq keywords, OuReg dst)
{
    check_keywords(g, keywords);
    if (starred(args, keywords) || pushed + args.n + 2 * keywords.n > RUN_MAX) {
        call_ex(g, base, pushed, args, keywords, dst);
        ou_gen_pop_to(g, base & OU_R_INDEX);
        return;
    }
    for (uint32_t i = 0; i < args.n; i++)
        ou_gen_expr_push(g, args.at[i]);
    for (uint32_t i = 0; i < keywords.n; i++)
        ou_gen_expr_push(g, AST(keyword, keywords.at[i])->value);
    if (keywords.n) {
        OuText *names[RUN_MAX];
        for (uint32_t i = 0; i < keywords.n; i++)
            names[i] = AST(keyword, keywords.at[i])->arg; /* never mangled */
        OuReg k = ou_gen_const_names(g, names, keywords.n);
        ou_gen_emit(g, OU_OP_CALL_KW, 0, base, pushed + args.n + keywords.n, dst)->ext = k & OU_R_INDEX;
    } else {
        ou_gen_emit(g, OU_OP_CALL, 0, base, pushed + args.n, dst);
    }
    ou_gen_pop_to(g, base & OU_R_INDEX);
}

/* A name that an import at module level binds: its attributes are functions more often than methods. */
static bool is_module(OuGen *g, const OuNode *e)
{
    OuSymbol *sym = e->kind == AST_Name ? ou_scope_find(g->scopes.module, AST(Name, e)->id) : NULL;
    return sym && (sym->flags & OU_SYM_IMPORT);
}

void ou_gen_call(OuGen *g, OuNode *n, OuReg dst)
{
    OuAst_Call *e = AST(Call, n);
    uint32_t top = g->u->top;
    OuReg base = ou_gen_top(g);
    ou_gen_warn_call(g, e);
    bool method = e->func->kind == AST_Attribute && AST(Attribute, e->func)->ctx == AST_Load &&
                  !is_module(g, AST(Attribute, e->func)->value) && !starred(e->args, e->keywords) &&
                  e->args.n + e->keywords.n + (e->keywords.n > 0) < RUN_MAX &&
                  e->args.n + 2 * e->keywords.n <= RUN_MAX;
    if (method) {
        OuAst_Attribute *a = AST(Attribute, e->func);
        OuLoc saved = g->u->loc;
        OuReg self = ou_gen_register(g, a->value, true);
        ou_gen_at(g, e->func);
        ou_gen_at_attr(g, e->func);
        ou_gen_pop_to(g, top);
        ou_gen_push(g, 2);
        ou_gen_emit(g, OU_OP_LOAD_METHOD, 0, base, self, ou_gen_name_index(g, ou_gen_mangle(g, a->attr)));
        g->u->loc = saved;
        ou_gen_at_attr(g, e->func);
    } else {
        ou_gen_expr_push(g, e->func);
        ou_gen_push(g, 1);
    }
    ou_gen_call_args(g, base, 0, e->args, e->keywords, dst);
}
