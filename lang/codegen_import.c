/* lang/codegen_import.c - import statements. */
#include "codegen.h"

#include <string.h>

/* Pushes the module: __import__(name, ..., fromlist, level). */
static OuReg import(OuGen *g, OuText *name, OuReg fromlist, int level)
{
    uint32_t top = g->u->top;
    OuReg base = ou_gen_push(g, 2);
    ou_gen_loadk(g, base, ou_gen_const_int(g, level));
    ou_gen_loadk(g, base + 1, fromlist);
    ou_gen_emit(g, OU_OP_IMPORT_NAME, 0, base, base, ou_gen_name_index(g, name));
    ou_gen_pop_to(g, top);
    return ou_gen_push(g, 1);
}

static OuText *part(OuGen *g, const char *s, size_t n)
{
    OuText *t = ou_parse_name(g->p, s, n);
    if (!t)
        ou_gen_no_memory(g);
    return t ? t : g->empty;
}

void ou_gen_import(OuGen *g, OuAst_Import *s)
{
    uint32_t top = g->u->top;
    for (uint32_t i = 0; i < s->names.n; i++) {
        OuAst_alias *a = AST(alias, s->names.at[i]);
        OuReg m = import(g, a->name, ou_gen_const_kind(g, OU_K_NONE), 0);
        const char *dot = strchr(a->name->s, '.');
        if (!a->asname) { /* import a.b binds a */
            ou_gen_store_name(g, dot ? part(g, a->name->s, (size_t)(dot - a->name->s)) : a->name, m, 0);
            ou_gen_pop_to(g, top);
            continue;
        }
        while (dot) { /* import a.b.c as d: attributes of a */
            const char *next = strchr(dot + 1, '.');
            size_t n = next ? (size_t)(next - dot - 1) : strlen(dot + 1);
            OuReg sub = ou_gen_push(g, 1);
            ou_gen_emit(g, OU_OP_IMPORT_FROM, 0, sub, m, ou_gen_name_index(g, part(g, dot + 1, n)));
            ou_gen_emit(g, OU_OP_CLEAR, 0, m, 0, 0);
            ou_gen_emit(g, OU_OP_TAKE, 0, m, sub, 0);
            ou_gen_pop_to(g, top + 1);
            dot = next;
        }
        ou_gen_store_name(g, a->asname, m, 0);
        ou_gen_pop_to(g, top);
    }
}

void ou_gen_import_from(OuGen *g, OuAst_ImportFrom *s)
{
    uint32_t top = g->u->top, n = s->names.n;
    if (s->module && !strcmp(s->module->s, "__future__") && s->node.lineno > g->future_line) {
        ou_gen_error(g, &s->node, "from __future__ imports must occur at the beginning of the file");
        return;
    }
    OuConst *items = ou_arena_alloc(g->p->arena, (n + 1) * sizeof *items);
    if (!items) {
        ou_gen_no_memory(g);
        return;
    }
    for (uint32_t i = 0; i < n; i++)
        items[i] = (OuConst){.kind = OU_K_STR, .text = AST(alias, s->names.at[i])->name};
    OuReg list = ou_gen_const(g, &(OuConst){.kind = OU_K_TUPLE, .n = n, .items = items});
    OuReg m = import(g, s->module ? s->module : g->empty, list, s->level > 0 ? s->level : 0);
    if (n && !strcmp(items[0].text->s, "*")) {
        ou_gen_emit(g, OU_OP_IMPORT_STAR, 0, 0, m, 0);
        ou_gen_pop_to(g, top);
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        OuAst_alias *a = AST(alias, s->names.at[i]);
        OuReg v = ou_gen_push(g, 1);
        ou_gen_emit(g, OU_OP_IMPORT_FROM, 0, v, m, ou_gen_name_index(g, a->name));
        ou_gen_store_name(g, a->asname ? a->asname : a->name, v, 0);
        ou_gen_pop_to(g, top + 1);
    }
    ou_gen_emit(g, OU_OP_CLEAR, 0, m, 0, 0);
    ou_gen_pop_to(g, top);
}
