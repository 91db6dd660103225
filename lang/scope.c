/* lang/scope.c - first walk: what each block does with each name.
 *
 * The order of visits is CPython's (Python/symtable.c): it decides which of two errors is reported and the
 * order of names.  Children without a rule of their own are visited in the order of lang/ast.def. */
#include "scope.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct Build {
    OuScopes *s;
    OuParse *p;
    OuScope *cur;
    OuText *cls; /* class whose name mangles */
    OuText *n_super, *n_class, *n_dot0;
} Build;

static int visit(Build *b, OuNode *n);

int ou_scope_error(OuParse *p, const OuNode *at, const char *fmt, ...)
{
    char msg[1024];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    if (at)
        return ou_diag_set_pass(&p->diag, p->arena, OU_DIAG_SYMBOLS, at->lineno, at->col, at->end_lineno,
                                at->end_col, msg);
    return ou_diag_set(&p->diag, p->arena, OU_DIAG_SYNTAX, 0, -1, 0, -1, "%s", msg);
}

static int no_memory(OuParse *p)
{
    return ou_diag_set(&p->diag, p->arena, OU_DIAG_MEMORY, 0, -1, 0, -1, "out of memory");
}

/* ---- tables ---- */
static void *grow(OuParse *p, void *old, uint32_t n, uint32_t *cap, size_t item)
{
    if (n < *cap)
        return old;
    uint32_t bigger = *cap ? *cap * 2 : 4;
    void *mem = ou_arena_alloc(p->arena, bigger * item);
    if (!mem) {
        no_memory(p);
        return NULL;
    }
    if (n)
        memcpy(mem, old, n * item);
    *cap = bigger;
    return mem;
}

OuSymbol *ou_scope_find(const OuScope *scope, const OuText *name)
{
    int64_t i = ou_keymap_get(&scope->index, name);
    return i < 0 ? NULL : &scope->syms[i];
}

OuSymbol *ou_scope_add(OuScopes *s, OuScope *scope, OuText *name, uint32_t flags)
{
    OuSymbol *sym = ou_scope_find(scope, name);
    if (!sym) {
        OuSymbol *syms = grow(s->p, scope->syms, scope->nsyms, &scope->capsyms, sizeof *syms);
        if (!syms)
            return NULL;
        scope->syms = syms;
        if (ou_keymap_put(&scope->index, s->p->arena, name, scope->nsyms) < 0) {
            no_memory(s->p);
            return NULL;
        }
        sym = &syms[scope->nsyms++];
        *sym = (OuSymbol){.name = name, .reg = -1};
    }
    sym->flags |= flags;
    return sym;
}

OuScope *ou_scope_of(const OuScopes *s, const OuNode *node)
{
    int64_t i = ou_keymap_get(&s->of_node, node);
    return i < 0 ? NULL : s->all[i];
}

OuText *ou_scope_mangle(OuParse *p, const OuText *cls, OuText *name)
{
    if (!cls || name->len < 3 || name->s[0] != '_' || name->s[1] != '_' || memchr(name->s, '.', name->len) ||
        (name->s[name->len - 1] == '_' && name->s[name->len - 2] == '_'))
        return name;
    const char *c = cls->s;
    size_t n = cls->len;
    while (n && *c == '_')
        c++, n--;
    if (!n)
        return name;
    char *buf = ou_mem_alloc(p->mem, n + name->len + 1);
    if (!buf) {
        no_memory(p);
        return NULL;
    }
    buf[0] = '_';
    memcpy(buf + 1, c, n);
    memcpy(buf + 1 + n, name->s, name->len);
    OuText *t = ou_parse_name(p, buf, n + name->len + 1);
    ou_mem_free(p->mem, buf, n + name->len + 1);
    if (!t)
        no_memory(p);
    return t;
}

static int enter(Build *b, OuText *name, OuBlockType type, OuNode *node)
{
    OuParse *p = b->p;
    OuScope *sc = ou_arena_alloc(p->arena, sizeof *sc), *up = b->cur;
    OuScope **all = sc ? grow(p, b->s->all, b->s->n, &b->s->cap, sizeof *all) : NULL;
    if (!all || !name || ou_keymap_put(&b->s->of_node, p->arena, node, b->s->n) < 0)
        return no_memory(p);
    b->s->all = all;
    all[b->s->n++] = sc;
    *sc = (OuScope){.parent = up,
                    .node = node,
                    .name = name,
                    .type = type,
                    .lineno = node->lineno,
                    .col = node->col,
                    .end_lineno = node->end_lineno,
                    .end_col = node->end_col};
    b->cur = sc;
    if (!up)
        return 0;
    sc->nested = up->nested || up->type == OU_BLOCK_FUNCTION;
    sc->comp_iter_depth = up->comp_iter_depth;
    if (type == OU_BLOCK_ANNOTATION) /* will become a string: binds nothing */
        return 0;
    OuScope **children = grow(p, up->children, up->nchildren, &up->capchildren, sizeof *children);
    if (!children)
        return -1;
    up->children = children;
    children[up->nchildren++] = sc;
    return 0;
}

static void leave(Build *b)
{
    b->cur = b->cur->parent;
}

static OuText *mangled(Build *b, OuText *name)
{
    return ou_scope_mangle(b->p, b->cls, name);
}

/* Records `flags` for a name, already mangled, in scope sc. */
static int define_in(Build *b, OuScope *sc, OuText *name, uint32_t flags, const OuNode *at)
{
    OuSymbol *sym = ou_scope_find(sc, name);
    if (sym && (flags & OU_SYM_PARAM) && (sym->flags & OU_SYM_PARAM))
        return ou_scope_error(b->p, at, "duplicate argument '%s' in function definition", name->s);
    sym = ou_scope_add(b->s, sc, name, flags);
    if (!sym)
        return -1;
    if (sc->in_comp_target) {
        if (sym->flags & (OU_SYM_GLOBAL | OU_SYM_NONLOCAL))
            return ou_scope_error(b->p, at,
                                  "comprehension inner loop cannot rebind assignment expression target '%s'",
                                  name->s);
        sym->flags |= OU_SYM_COMP_ITER;
    }
    if (flags & OU_SYM_PARAM) {
        OuText **params = grow(b->p, sc->params, sc->nparams, &sc->capparams, sizeof *params);
        if (!params)
            return -1;
        sc->params = params;
        params[sc->nparams++] = name;
    } else if ((flags & OU_SYM_GLOBAL) && !ou_scope_add(b->s, b->s->module, name, flags)) {
        return -1;
    }
    return 0;
}

static int define(Build *b, OuText *name, uint32_t flags, const OuNode *at)
{
    return (name = mangled(b, name)) ? define_in(b, b->cur, name, flags, at) : -1;
}

static uint32_t flags_of(Build *b, OuText *name)
{
    OuSymbol *sym = (name = mangled(b, name)) ? ou_scope_find(b->cur, name) : NULL;
    return sym ? sym->flags : 0;
}

static int directive(Build *b, OuText *name, OuNode *at)
{
    OuDirective *d = ou_arena_alloc(b->p->arena, sizeof *d);
    if (!d || !(name = mangled(b, name)))
        return no_memory(b->p);
    *d = (OuDirective){.next = b->cur->directives, .name = name, .at = at};
    b->cur->directives = d;
    return 0;
}

/* ---- parts ---- */
static int visit_seq(Build *b, OuSeq seq)
{
    for (uint32_t i = 0; i < seq.n; i++)
        if (seq.at[i] && visit(b, seq.at[i]) < 0)
            return -1;
    return 0;
}

/* All children, in the order of the table. */
static int visit_children(Build *b, OuNode *n)
{
    switch (n->kind) {
#define CHILD(place) visit(b, place)
#define CHILDREN(seq) visit_seq(b, seq)
#include "ast_children.def"
    }
    return 0;
}

/* Under `from __future__ import annotations` an annotation is text: its names go to a scope nobody asks. */
static int visit_annotation(Build *b, OuNode *n)
{
    if (!n)
        return 0;
    bool text = b->s->future & OU_CO_FUTURE_ANNOTATIONS;
    if (text && enter(b, ou_parse_name(b->p, "_annotation", 11), OU_BLOCK_ANNOTATION, n) < 0)
        return -1;
    if (visit(b, n) < 0)
        return -1;
    if (text)
        leave(b);
    return 0;
}

static int visit_arg_annotations(Build *b, OuSeq args)
{
    for (uint32_t i = 0; i < args.n; i++)
        if (visit_annotation(b, AST(arg, args.at[i])->annotation) < 0)
            return -1;
    return 0;
}

static int visit_signature(Build *b, OuAst_arguments *a, OuNode *returns)
{
    if (visit_arg_annotations(b, a->posonlyargs) < 0 || visit_arg_annotations(b, a->args) < 0)
        return -1;
    if ((a->vararg && visit_annotation(b, AST(arg, a->vararg)->annotation) < 0) ||
        (a->kwarg && visit_annotation(b, AST(arg, a->kwarg)->annotation) < 0))
        return -1;
    return visit_arg_annotations(b, a->kwonlyargs) < 0 ? -1 : visit_annotation(b, returns);
}

static int define_args(Build *b, OuSeq args)
{
    for (uint32_t i = 0; i < args.n; i++)
        if (define(b, AST(arg, args.at[i])->arg, OU_SYM_PARAM, args.at[i]) < 0)
            return -1;
    return 0;
}

static int define_params(Build *b, OuAst_arguments *a)
{
    if (define_args(b, a->posonlyargs) < 0 || define_args(b, a->args) < 0 ||
        define_args(b, a->kwonlyargs) < 0)
        return -1;
    if (a->vararg) {
        if (define(b, AST(arg, a->vararg)->arg, OU_SYM_PARAM, a->vararg) < 0)
            return -1;
        b->cur->varargs = true;
    }
    if (a->kwarg) {
        if (define(b, AST(arg, a->kwarg)->arg, OU_SYM_PARAM, a->kwarg) < 0)
            return -1;
        b->cur->varkeywords = true;
    }
    return 0;
}

static int visit_function(Build *b, OuNode *n)
{
    OuAst_FunctionDef *f = AST(FunctionDef, n); /* AsyncFunctionDef has the same fields */
    OuAst_arguments *a = AST(arguments, f->args);
    if (define(b, f->name, OU_SYM_LOCAL, n) < 0 || visit_seq(b, a->defaults) < 0 ||
        visit_seq(b, a->kw_defaults) < 0 || visit_signature(b, a, f->returns) < 0 ||
        visit_seq(b, f->decorator_list) < 0)
        return -1;
    if (enter(b, f->name, OU_BLOCK_FUNCTION, n) < 0)
        return -1;
    b->cur->coroutine = n->kind == AST_AsyncFunctionDef;
    if (define_params(b, a) < 0 || visit_seq(b, f->body) < 0)
        return -1;
    leave(b);
    return 0;
}

static int visit_lambda(Build *b, OuNode *n)
{
    OuAst_arguments *a = AST(arguments, AST(Lambda, n)->args);
    if (visit_seq(b, a->defaults) < 0 || visit_seq(b, a->kw_defaults) < 0 ||
        enter(b, ou_parse_name(b->p, "lambda", 6), OU_BLOCK_FUNCTION, n) < 0 || define_params(b, a) < 0 ||
        visit(b, AST(Lambda, n)->body) < 0)
        return -1;
    leave(b);
    return 0;
}

static int visit_class(Build *b, OuNode *n)
{
    OuAst_ClassDef *c = AST(ClassDef, n);
    if (define(b, c->name, OU_SYM_LOCAL, n) < 0 || visit_seq(b, c->bases) < 0 ||
        visit_seq(b, c->keywords) < 0 || visit_seq(b, c->decorator_list) < 0 ||
        enter(b, c->name, OU_BLOCK_CLASS, n) < 0)
        return -1;
    OuText *cls = b->cls;
    b->cls = c->name;
    int r = visit_seq(b, c->body);
    b->cls = cls;
    leave(b);
    return r;
}

static int visit_comp_iter(Build *b, OuNode *iter)
{
    b->cur->comp_iter_depth++;
    int r = visit(b, iter);
    b->cur->comp_iter_depth--;
    return r;
}

static int visit_comp_target(Build *b, OuNode *target)
{
    b->cur->in_comp_target = true;
    int r = visit(b, target);
    b->cur->in_comp_target = false;
    return r;
}

static int visit_comp(Build *b, OuNode *n, const char *name, OuCompType type, OuSeq gens, OuNode *elt,
                      OuNode *value)
{
    OuAst_comprehension *outer = AST(comprehension, gens.at[0]);
    if (visit_comp_iter(b, outer->iter) < 0 ||
        enter(b, ou_parse_name(b->p, name, strlen(name)), OU_BLOCK_FUNCTION, n) < 0)
        return -1;
    b->cur->comp = type;
    b->cur->coroutine = outer->is_async;
    if (define_in(b, b->cur, b->n_dot0, OU_SYM_PARAM, n) < 0 || visit_comp_target(b, outer->target) < 0 ||
        visit_seq(b, outer->ifs) < 0)
        return -1;
    for (uint32_t i = 1; i < gens.n; i++) {
        OuAst_comprehension *g = AST(comprehension, gens.at[i]);
        if (visit_comp_target(b, g->target) < 0 || visit_comp_iter(b, g->iter) < 0 ||
            visit_seq(b, g->ifs) < 0)
            return -1;
        b->cur->coroutine |= g->is_async;
    }
    if ((value && visit(b, value) < 0) || visit(b, elt) < 0)
        return -1;
    b->cur->generator = type == OU_COMP_GENEXP;
    bool is_async = b->cur->coroutine && !b->cur->generator;
    leave(b);
    b->cur->coroutine |= is_async;
    return 0;
}

/* The target of `:=` in a comprehension belongs to the nearest function or module around it. */
static int extend_named(Build *b, OuNode *target)
{
    OuText *name = mangled(b, AST(Name, target)->id);
    if (!name)
        return -1;
    for (OuScope *sc = b->cur; sc; sc = sc->parent) {
        OuSymbol *sym = ou_scope_find(sc, name);
        if (sc->comp) {
            if (sym && (sym->flags & OU_SYM_COMP_ITER))
                return ou_scope_error(
                    b->p, target, "assignment expression cannot rebind comprehension iteration variable '%s'",
                    name->s);
            continue;
        }
        if (sc->type == OU_BLOCK_CLASS)
            return ou_scope_error(
                b->p, target, "assignment expression within a comprehension cannot be used in a class body");
        if (sc->type == OU_BLOCK_ANNOTATION)
            continue;
        bool global = sc->type == OU_BLOCK_MODULE || (sym && (sym->flags & OU_SYM_GLOBAL));
        if (define_in(b, b->cur, name, global ? OU_SYM_GLOBAL : OU_SYM_NONLOCAL, target) < 0 ||
            directive(b, name, target) < 0)
            return -1;
        return define_in(b, sc, name, sc->type == OU_BLOCK_MODULE ? OU_SYM_GLOBAL : OU_SYM_LOCAL, target);
    }
    return 0;
}

static int not_in_annotation(Build *b, const char *what, OuNode *n)
{
    if (b->cur->type != OU_BLOCK_ANNOTATION)
        return 0;
    return ou_scope_error(b->p, n, "'%s' can not be used within an annotation", what);
}

static int visit_named(Build *b, OuNode *n)
{
    if (not_in_annotation(b, "named expression", n) < 0)
        return -1;
    if (b->cur->comp_iter_depth > 0)
        return ou_scope_error(b->p, n,
                              "assignment expression cannot be used in a comprehension iterable expression");
    OuAst_NamedExpr *e = AST(NamedExpr, n);
    if (b->cur->comp && extend_named(b, e->target) < 0)
        return -1;
    return visit(b, e->value) < 0 ? -1 : visit(b, e->target);
}

static int visit_yield(Build *b, OuNode *n)
{
    static const char *const where[] = {[OU_COMP_LIST] = "'yield' inside list comprehension",
                                        [OU_COMP_DICT] = "'yield' inside dict comprehension",
                                        [OU_COMP_SET] = "'yield' inside set comprehension",
                                        [OU_COMP_GENEXP] = "'yield' inside generator expression"};
    if (not_in_annotation(b, "yield expression", n) < 0 || visit_children(b, n) < 0)
        return -1;
    b->cur->generator = true;
    return b->cur->comp ? ou_scope_error(b->p, n, "%s", where[b->cur->comp]) : 0;
}

static int visit_ann_assign(Build *b, OuNode *n)
{
    OuAst_AnnAssign *s = AST(AnnAssign, n);
    if (s->target->kind == AST_Name) {
        OuText *name = AST(Name, s->target)->id;
        uint32_t cur = flags_of(b, name);
        if ((cur & (OU_SYM_GLOBAL | OU_SYM_NONLOCAL)) && b->cur != b->s->module && s->simple)
            return ou_scope_error(b->p, n, "annotated name '%s' can't be %s", name->s,
                                  cur & OU_SYM_GLOBAL ? "global" : "nonlocal");
        if (s->simple ? define(b, name, OU_SYM_ANNOT | OU_SYM_LOCAL, s->target) < 0
                      : s->value && define(b, name, OU_SYM_LOCAL, s->target) < 0)
            return -1;
    } else if (visit(b, s->target) < 0) {
        return -1;
    }
    if (visit_annotation(b, s->annotation) < 0)
        return -1;
    return s->value ? visit(b, s->value) : 0;
}

/* `global` and `nonlocal`: the same checks, other words. */
static int visit_declaration(Build *b, OuNode *n, OuNames names, const char *word, uint32_t flag)
{
    for (uint32_t i = 0; i < names.n; i++) {
        OuText *name = names.at[i];
        uint32_t cur = flags_of(b, name);
        if (cur & OU_SYM_PARAM)
            return ou_scope_error(b->p, n, "name '%s' is parameter and %s", name->s, word);
        if (cur & OU_SYM_USE)
            return ou_scope_error(b->p, n, "name '%s' is used prior to %s declaration", name->s, word);
        if (cur & OU_SYM_ANNOT)
            return ou_scope_error(b->p, n, "annotated name '%s' can't be %s", name->s, word);
        if (cur & OU_SYM_LOCAL)
            return ou_scope_error(b->p, n, "name '%s' is assigned to before %s declaration", name->s, word);
        if (define(b, name, flag, n) < 0 || directive(b, name, n) < 0)
            return -1;
    }
    return 0;
}

static int visit_alias(Build *b, OuNode *n)
{
    OuAst_alias *a = AST(alias, n);
    OuText *name = a->asname ? a->asname : a->name;
    if (name->len == 1 && name->s[0] == '*')
        return b->cur->type == OU_BLOCK_MODULE
                   ? 0
                   : ou_scope_error(b->p, n, "import * only allowed at module level");
    const char *dot = a->asname ? NULL : memchr(name->s, '.', name->len);
    if (dot && !(name = ou_parse_name(b->p, name->s, (size_t)(dot - name->s))))
        return no_memory(b->p);
    return define(b, name, OU_SYM_IMPORT, n);
}

static int visit(Build *b, OuNode *n)
{
    switch (n->kind) {
    case AST_FunctionDef:
    case AST_AsyncFunctionDef:
        return visit_function(b, n);
    case AST_ClassDef:
        return visit_class(b, n);
    case AST_Lambda:
        return visit_lambda(b, n);
    case AST_ListComp:
        return visit_comp(b, n, "listcomp", OU_COMP_LIST, AST(ListComp, n)->generators, AST(ListComp, n)->elt,
                          NULL);
    case AST_SetComp:
        return visit_comp(b, n, "setcomp", OU_COMP_SET, AST(SetComp, n)->generators, AST(SetComp, n)->elt,
                          NULL);
    case AST_DictComp:
        return visit_comp(b, n, "dictcomp", OU_COMP_DICT, AST(DictComp, n)->generators, AST(DictComp, n)->key,
                          AST(DictComp, n)->value);
    case AST_GeneratorExp:
        return visit_comp(b, n, "genexpr", OU_COMP_GENEXP, AST(GeneratorExp, n)->generators,
                          AST(GeneratorExp, n)->elt, NULL);
    case AST_Return:
        if (!AST(Return, n)->value)
            return 0;
        b->cur->returns_value = true;
        return visit(b, AST(Return, n)->value);
    case AST_AnnAssign:
        return visit_ann_assign(b, n);
    case AST_Global:
        return visit_declaration(b, n, AST(Global, n)->names, "global", OU_SYM_GLOBAL);
    case AST_Nonlocal:
        return visit_declaration(b, n, AST(Nonlocal, n)->names, "nonlocal", OU_SYM_NONLOCAL);
    case AST_alias:
        return visit_alias(b, n);
    case AST_Try:
    case AST_TryStar: { /* else before handlers */
        OuAst_Try *t = AST(Try, n);
        return visit_seq(b, t->body) < 0 || visit_seq(b, t->orelse) < 0 || visit_seq(b, t->handlers) < 0
                   ? -1
                   : visit_seq(b, t->finalbody);
    }
    case AST_ExceptHandler: {
        OuAst_ExceptHandler *h = AST(ExceptHandler, n);
        if ((h->type && visit(b, h->type) < 0) || (h->name && define(b, h->name, OU_SYM_LOCAL, n) < 0))
            return -1;
        return visit_seq(b, h->body);
    }
    case AST_NamedExpr:
        return visit_named(b, n);
    case AST_Yield:
    case AST_YieldFrom:
        return visit_yield(b, n);
    case AST_Await:
        if (not_in_annotation(b, "await expression", n) < 0 || visit_children(b, n) < 0)
            return -1;
        b->cur->coroutine = true;
        return 0;
    case AST_AsyncFor:
    case AST_AsyncWith: /* of a module: only where top-level await is allowed */
        b->cur->coroutine |= b->cur->type == OU_BLOCK_MODULE;
        return visit_children(b, n);
    case AST_Name: {
        OuAst_Name *e = AST(Name, n);
        if (define(b, e->id, e->ctx == AST_Load ? OU_SYM_USE : OU_SYM_LOCAL, n) < 0)
            return -1;
        /* super() without arguments finds its class through the cell __class__ */
        if (e->ctx == AST_Load && b->cur->type == OU_BLOCK_FUNCTION && e->id == b->n_super)
            return define_in(b, b->cur, b->n_class, OU_SYM_USE, n);
        return 0;
    }
    case AST_MatchStar:
        return AST(MatchStar, n)->name ? define(b, AST(MatchStar, n)->name, OU_SYM_LOCAL, n) : 0;
    case AST_MatchMapping:
        if (visit_children(b, n) < 0)
            return -1;
        return AST(MatchMapping, n)->rest ? define(b, AST(MatchMapping, n)->rest, OU_SYM_LOCAL, n) : 0;
    case AST_MatchAs:
        if (visit_children(b, n) < 0)
            return -1;
        return AST(MatchAs, n)->name ? define(b, AST(MatchAs, n)->name, OU_SYM_LOCAL, n) : 0;
    default:
        return visit_children(b, n);
    }
}

int ou_scope_build(OuScopes *s, OuParse *p, OuNode *mod, unsigned future)
{
    *s = (OuScopes){.p = p, .future = future};
    Build b = {.s = s,
               .p = p,
               .n_super = ou_parse_name(p, "super", 5),
               .n_class = ou_parse_name(p, "__class__", 9),
               .n_dot0 = ou_parse_name(p, ".0", 2)};
    if (!b.n_super || !b.n_class || !b.n_dot0)
        return no_memory(p);
    if (enter(&b, ou_parse_name(p, "top", 3), OU_BLOCK_MODULE, mod) < 0)
        return -1;
    s->module = b.cur;
    return visit(&b, mod) < 0 ? -1 : ou_scope_resolve(s);
}
