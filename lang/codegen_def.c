/* lang/codegen_def.c - functions, lambdas, classes. */
#include "codegen.h"

uint32_t ou_gen_flags(OuGen *g)
{
    OuScope *sc = g->u->scope;
    uint32_t flags = g->future & OU_CO_FUTURE_MASK;
    if (sc->type != OU_BLOCK_FUNCTION)
        return flags;
    flags |= OU_CO_NEWLOCALS | OU_CO_OPTIMIZED;
    if (sc->nested)
        flags |= OU_CO_NESTED;
    if (sc->generator)
        flags |= sc->coroutine ? OU_CO_ASYNC_GENERATOR : OU_CO_GENERATOR;
    else if (sc->coroutine)
        flags |= OU_CO_COROUTINE;
    if (sc->varargs)
        flags |= OU_CO_VARARGS;
    if (sc->varkeywords)
        flags |= OU_CO_VARKEYWORDS;
    return flags;
}

OuText *ou_gen_docstring(OuSeq body)
{
    if (!body.n || body.at[0]->kind != AST_Expr)
        return NULL;
    OuNode *e = AST(Expr, body.at[0])->value;
    return e->kind == AST_Constant && AST(Constant, e)->value.kind == OU_K_STR ? AST(Constant, e)->value.text
                                                                               : NULL;
}

/* ---- function objects ---- */
void ou_gen_make_function(OuGen *g, OuUnit *unit, OuScope *inner, OuReg base, unsigned filled, OuReg dst)
{
    uint32_t top = g->u->top, parts = 0;
    if (!unit)
        return;
    for (unsigned bit = 1; bit <= 4; bit <<= 1)
        parts += (filled & bit) != 0;
    uint32_t nfree = 0;
    for (uint32_t i = 0; i < unit->nvars; i++)
        nfree += unit->var_kinds[i] == OU_REG_FREE;
    if (nfree) {
        ou_gen_pop_to(g, (base & OU_R_INDEX) + parts);
        OuReg first = ou_gen_top(g);
        for (uint32_t i = unit->nvars - nfree; i < unit->nvars; i++)
            ou_gen_emit(g, OU_OP_MOVE, 0, ou_gen_push(g, 1), ou_gen_cell(g, unit->var_names[i]), 0);
        ou_gen_emit(g, OU_OP_BUILD_TUPLE, 0, first, first, nfree);
        filled |= 8;
    }
    (void)inner;
    OuReg k = ou_gen_const(g, &(OuConst){.kind = OU_K_CODE, .unit = unit});
    ou_gen_emit(g, OU_OP_MAKE_FUNCTION, filled, dst, base, k & OU_R_INDEX);
    ou_gen_pop_to(g, top);
}

static unsigned defaults(OuGen *g, OuAst_arguments *a)
{
    unsigned filled = 0;
    if (a->defaults.n) {
        OuReg base = ou_gen_top(g);
        OuAst_Tuple tuple = {.node = {.kind = AST_Tuple}, .elts = a->defaults, .ctx = AST_Load};
        bool all_const = true;
        for (uint32_t i = 0; i < a->defaults.n; i++)
            all_const &= a->defaults.at[i]->kind == AST_Constant;
        if (all_const) {
            OuConst *items = ou_arena_alloc(g->p->arena, a->defaults.n * sizeof *items);
            if (!items) {
                ou_gen_no_memory(g);
                return 0;
            }
            for (uint32_t i = 0; i < a->defaults.n; i++) {
                items[i] = AST(Constant, a->defaults.at[i])->value;
                ou_gen_mark(g, a->defaults.at[i]);
            }
            ou_gen_loadk(g, ou_gen_push(g, 1),
                         ou_gen_const(g, &(OuConst){.kind = OU_K_TUPLE, .n = a->defaults.n, .items = items}));
        } else {
            ou_gen_sequence(g, &tuple.node, a->defaults, OU_OP_BUILD_TUPLE, base);
            ou_gen_push(g, 1);
        }
        filled |= 1;
    }
    OuReg dict = OU_R_NONE;
    OuLoc loc = g->u->loc;
    for (uint32_t i = 0; i < a->kwonlyargs.n; i++) {
        OuNode *value = a->kw_defaults.at[i];
        if (!value)
            continue;
        ou_gen_at(g, value); /* CPython makes the dict after the last value */
        if (dict == OU_R_NONE) {
            dict = ou_gen_push(g, 1);
            ou_gen_emit(g, OU_OP_BUILD_MAP, 0, dict, dict, 0);
            filled |= 2;
        }
        uint32_t top = g->u->top;
        OuReg k = ou_gen_const_text(g, ou_gen_mangle(g, AST(arg, a->kwonlyargs.at[i])->arg));
        ou_gen_emit(g, OU_OP_MAP_ADD, 0, dict, k, ou_gen_operand(g, value, true));
        ou_gen_pop_to(g, top);
    }
    g->u->loc = loc;
    if (filled & 2)
        ou_gen_line(g)->mark = true;
    return filled;
}

/* Pushes name and value. */
static uint32_t push_annotation(OuGen *g, OuText *name, OuNode *annotation)
{
    if (!annotation)
        return 0;
    ou_gen_loadk(g, ou_gen_push(g, 1), ou_gen_const_text(g, ou_gen_mangle(g, name)));
    ou_gen_annotation(g, annotation, ou_gen_top(g));
    ou_gen_push(g, 1);
    return 2;
}

static uint32_t push_annotations(OuGen *g, OuSeq args)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < args.n; i++)
        n += push_annotation(g, AST(arg, args.at[i])->arg, AST(arg, args.at[i])->annotation);
    return n;
}

static unsigned annotations(OuGen *g, OuAst_arguments *a, OuNode *returns)
{
    uint32_t top = g->u->top, n = 0;
    OuReg base = ou_gen_top(g);
    n += push_annotations(g, a->args);
    n += push_annotations(g, a->posonlyargs);
    if (a->vararg)
        n += push_annotation(g, AST(arg, a->vararg)->arg, AST(arg, a->vararg)->annotation);
    n += push_annotations(g, a->kwonlyargs);
    if (a->kwarg)
        n += push_annotation(g, AST(arg, a->kwarg)->arg, AST(arg, a->kwarg)->annotation);
    n += push_annotation(g, ou_gen_text(g, "return"), returns);
    if (!n)
        return 0;
    ou_gen_emit(g, OU_OP_BUILD_TUPLE, 0, base, base, n);
    ou_gen_pop_to(g, top);
    ou_gen_push(g, 1);
    return 4;
}

static void check_params(OuGen *g, OuAst_arguments *a)
{
    for (uint32_t i = 0; i < a->posonlyargs.n; i++)
        if (ou_gen_forbidden(g, AST(arg, a->posonlyargs.at[i])->arg, false))
            return;
    for (uint32_t i = 0; i < a->args.n; i++)
        if (ou_gen_forbidden(g, AST(arg, a->args.at[i])->arg, false))
            return;
    for (uint32_t i = 0; i < a->kwonlyargs.n; i++)
        if (ou_gen_forbidden(g, AST(arg, a->kwonlyargs.at[i])->arg, false))
            return;
    if (a->vararg && ou_gen_forbidden(g, AST(arg, a->vararg)->arg, false))
        return;
    if (a->kwarg)
        ou_gen_forbidden(g, AST(arg, a->kwarg)->arg, false);
}

static void set_arguments(OuGen *g, OuAst_arguments *a)
{
    g->u->argcount = a->posonlyargs.n + a->args.n;
    g->u->posonly = a->posonlyargs.n;
    g->u->kwonly = a->kwonlyargs.n;
    g->u->flags |= ou_gen_flags(g);
}

static void return_none(OuGen *g)
{
    ou_gen_at_none(g);
    ou_gen_emit(g, OU_OP_RETURNK, 0, 0, ou_gen_const_kind(g, OU_K_NONE) & OU_R_INDEX, 0);
}

/* ---- decorators: pushed first, called last to first on the finished object ---- */
static void push_decorators(OuGen *g, OuSeq decos)
{
    for (uint32_t i = 0; i < decos.n; i++) {
        ou_gen_expr_push(g, decos.at[i]);
        ou_gen_push(g, 1);
    }
}

/* The object stands at the argument place of the last decorator; afterwards at `base`. */
static void apply_decorators(OuGen *g, OuSeq decos, OuReg base)
{
    OuLoc saved = g->u->loc;
    for (uint32_t i = decos.n; i-- > 0;) {
        OuReg at = base + 2 * i;
        ou_gen_at(g, decos.at[i]);
        ou_gen_emit(g, OU_OP_CALL, 0, at, 1, at);
    }
    g->u->loc = saved;
}

void ou_gen_function(OuGen *g, OuNode *s)
{
    OuAst_FunctionDef *f = AST(FunctionDef, s); /* AsyncFunctionDef has the same fields */
    OuAst_arguments *a = AST(arguments, f->args);
    uint32_t top = g->u->top;
    OuReg first = ou_gen_top(g), at;
    check_params(g, a);
    push_decorators(g, f->decorator_list);
    int firstlineno = f->decorator_list.n ? f->decorator_list.at[0]->lineno : s->lineno;
    at = ou_gen_top(g);
    unsigned filled = defaults(g, a);
    filled |= annotations(g, a, f->returns);
    ou_gen_enter(g, f->name, s->kind == AST_AsyncFunctionDef ? OU_UNIT_ASYNC : OU_UNIT_FUNCTION, s,
                 firstlineno);
    OuText *doc = ou_gen_docstring(f->body);
    OuSeq body = f->body;
    ou_gen_const(g, &(OuConst){.kind = doc && g->c->optimize < 2 ? OU_K_STR : OU_K_NONE, .text = doc});
    if (doc)
        body.at++, body.n--;
    set_arguments(g, a);
    ou_gen_prologue(g);
    ou_gen_body(g, body);
    return_none(g);
    OuScope *inner = g->u->scope;
    OuUnit *unit = ou_gen_leave(g);
    ou_gen_make_function(g, unit, inner, at, filled, at);
    apply_decorators(g, f->decorator_list, first);
    ou_gen_pop_to(g, top);
    OuReg v = ou_gen_push(g, 1);
    ou_gen_store_name(g, f->name, v, 0);
    ou_gen_pop_to(g, top);
}

void ou_gen_lambda(OuGen *g, OuAst_Lambda *e, OuReg dst)
{
    OuAst_arguments *a = AST(arguments, e->args);
    uint32_t top = g->u->top;
    OuReg base = ou_gen_top(g);
    check_params(g, a);
    unsigned filled = defaults(g, a);
    ou_gen_enter(g, ou_gen_text(g, "<lambda>"), OU_UNIT_LAMBDA, &e->node, e->node.lineno);
    ou_gen_const_kind(g, OU_K_NONE); /* K[0]: no docstring */
    set_arguments(g, a);
    ou_gen_prologue(g);
    ou_gen_at(g, &e->node);
    if (e->body->kind == AST_Constant) {
        ou_gen_mark(g, e->body);
        ou_gen_emit(g, OU_OP_RETURNK, 0, 0, ou_gen_const(g, &AST(Constant, e->body)->value) & OU_R_INDEX, 0);
    } else {
        OuReg r = ou_gen_register(g, e->body, true);
        ou_gen_emit(g, OU_OP_RETURN, 0, r, 0, 0);
    }
    OuScope *inner = g->u->scope;
    OuUnit *unit = ou_gen_leave(g);
    ou_gen_pop_to(g, top);
    ou_gen_make_function(g, unit, inner, base, filled, dst);
    ou_gen_pop_to(g, top);
}

/* ---- classes ---- */
static OuUnit *class_body(OuGen *g, OuAst_ClassDef *s, int firstlineno)
{
    ou_gen_enter(g, s->name, OU_UNIT_CLASS, &s->node, firstlineno);
    g->u->cls = s->name;
    g->u->flags |= ou_gen_flags(g);
    ou_gen_prologue(g);
    OuReg t = ou_gen_top(g);
    ou_gen_load_name(g, ou_gen_text(g, "__name__"), t);
    ou_gen_push(g, 1);
    ou_gen_store_name(g, ou_gen_text(g, "__module__"), t, 0);
    ou_gen_pop_to(g, 0);
    ou_gen_store_name(g, ou_gen_text(g, "__qualname__"), ou_gen_const_text(g, g->u->qualname), 0);
    OuSeq body = s->body;
    ou_gen_setup_annotations(g, body);
    OuText *doc = ou_gen_docstring(body);
    if (doc && g->c->optimize < 2) {
        ou_gen_at(g, body.at[0]);
        ou_gen_store_name(g, ou_gen_text(g, "__doc__"), ou_gen_const_text(g, doc), 0);
    }
    if (doc)
        body.at++, body.n--;
    ou_gen_body(g, body);
    ou_gen_at_none(g);
    if (g->u->scope->needs_class_closure) {
        OuReg cell = ou_gen_cell(g, ou_gen_text(g, "__class__"));
        t = ou_gen_push(g, 1);
        ou_gen_emit(g, OU_OP_MOVE, 0, t, cell, 0);
        ou_gen_store_name(g, ou_gen_text(g, "__classcell__"), t, OU_GEN_KEEP_A);
        ou_gen_emit(g, OU_OP_RETURN, 0, t, 0, 0);
        ou_gen_pop_to(g, 0);
    } else {
        return_none(g);
    }
    return ou_gen_leave(g);
}

void ou_gen_class(OuGen *g, OuAst_ClassDef *s)
{
    uint32_t top = g->u->top;
    OuReg first = ou_gen_top(g);
    push_decorators(g, s->decorator_list);
    int firstlineno = s->decorator_list.n ? s->decorator_list.at[0]->lineno : s->node.lineno;
    OuScope *inner = ou_scope_of(&g->scopes, &s->node);
    OuUnit *unit = class_body(g, s, firstlineno);
    OuReg base = ou_gen_push(g, 2);
    ou_gen_emit(g, OU_OP_LOAD_BUILD_CLASS, 0, base, 0, 0);
    OuReg fn = ou_gen_push(g, 1);
    ou_gen_make_function(g, unit, inner, fn, 0, fn);
    ou_gen_loadk(g, ou_gen_push(g, 1), ou_gen_const_text(g, s->name));
    ou_gen_call_args(g, base, 2, s->bases, s->keywords, base);
    apply_decorators(g, s->decorator_list, first);
    ou_gen_pop_to(g, top);
    OuReg v = ou_gen_push(g, 1);
    ou_gen_store_name(g, s->name, v, 0);
    ou_gen_pop_to(g, top);
}
