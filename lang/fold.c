/* lang/fold.c - constant folding on the tree, where CPython does it (Python/ast_opt.c).
 *
 * Children first, then the node.  A folded node is replaced by a Constant at its place. */
#include "codegen.h"
#include "fold.h"

#include <stdio.h>
#include <string.h>

typedef struct Fold {
    OuParse *p;
    int optimize;
    bool text_annotations;
} Fold;

static int fold(Fold *f, OuNode **slot);

static int no_memory(Fold *f)
{
    return ou_diag_set(&f->p->diag, f->p->arena, OU_DIAG_MEMORY, 0, -1, 0, -1, "out of memory");
}

static int replace(Fold *f, OuNode **slot, const OuConst *value)
{
    OuAst_Constant *c = ou_arena_alloc(f->p->arena, sizeof *c);
    if (!c)
        return no_memory(f);
    c->node = **slot;
    c->node.kind = AST_Constant;
    c->node.depth = 1;
    c->value = *value;
    *slot = &c->node;
    return 0;
}

static int settle(Fold *f, OuNode **slot, int folded, const OuConst *value)
{
    return folded > 0 ? replace(f, slot, value) : folded < 0 ? no_memory(f) : 0;
}

static int fold_seq(Fold *f, OuSeq seq)
{
    for (uint32_t i = 0; i < seq.n; i++)
        if (seq.at[i] && fold(f, &seq.at[i]) < 0)
            return -1;
    return 0;
}

static bool is_const(const OuNode *e)
{
    return e->kind == AST_Constant;
}

/* 1 with *out = tuple or frozenset of elts, 0 if not all are constants. */
static int const_items(Fold *f, OuSeq elts, OuConstKind kind, OuConst *out)
{
    for (uint32_t i = 0; i < elts.n; i++)
        if (!is_const(elts.at[i]))
            return 0;
    *out = (OuConst){.kind = (uint8_t)kind, .n = elts.n};
    out->items = ou_arena_alloc(f->p->arena, (elts.n + 1) * sizeof *out->items);
    if (!out->items)
        return -1;
    for (uint32_t i = 0; i < elts.n; i++)
        out->items[i] = AST(Constant, elts.at[i])->value;
    return 1;
}

/* What `for` and `in` look through: a list may be a tuple, a set of constants a frozenset. */
static int fold_iter(Fold *f, OuNode **slot)
{
    OuNode *e = *slot;
    OuConst value;
    if (e->kind == AST_List) {
        OuSeq elts = AST(List, e)->elts;
        for (uint32_t i = 0; i < elts.n; i++)
            if (elts.at[i]->kind == AST_Starred)
                return 0;
        e->kind = AST_Tuple; /* same fields */
        return settle(f, slot, const_items(f, elts, OU_K_TUPLE, &value), &value);
    }
    if (e->kind == AST_Set)
        return settle(f, slot, const_items(f, AST(Set, e)->elts, OU_K_FROZENSET, &value), &value);
    return 0;
}

/* ---- '...%s...' % (a, b) becomes an f-string ---- */
typedef struct Format {
    const char *s;
    size_t n, at;
} Format;

static OuNode *new_constant(Fold *f, const OuNode *at, const char *s, size_t n)
{
    OuAst_Constant *c = ou_arena_alloc(f->p->arena, sizeof *c);
    OuText *t = ou_parse_name(f->p, s, n);
    if (!c || !t)
        return NULL;
    c->node = *at;
    c->node.kind = AST_Constant;
    c->node.depth = 1;
    c->node.lineno = c->node.end_lineno = c->node.col = c->node.end_col =
        -1; /* stands nowhere: no line event */
    c->value = (OuConst){.kind = OU_K_STR, .text = t};
    return &c->node;
}

/* Text up to the next conversion, `%%` undone.  0: there is none; -1: out of memory. */
static int literal(Fold *f, Format *fmt, const OuNode *at, OuNode **out)
{
    char *buf = ou_mem_alloc(f->p->mem, fmt->n + 1);
    size_t n = 0;
    if (!buf)
        return -1;
    while (fmt->at < fmt->n) {
        if (fmt->s[fmt->at] == '%') {
            if (fmt->at + 1 >= fmt->n || fmt->s[fmt->at + 1] != '%')
                break;
            fmt->at++;
        }
        buf[n++] = fmt->s[fmt->at++];
    }
    *out = n ? new_constant(f, at, buf, n) : NULL;
    ou_mem_free(f->p->mem, buf, fmt->n + 1);
    return n ? (*out ? 1 : -1) : 0;
}

static int number(Format *fmt)
{
    int x = 0, digits = 0;
    while (fmt->at < fmt->n && fmt->s[fmt->at] >= '0' && fmt->s[fmt->at] <= '9') {
        x = x * 10 + (fmt->s[fmt->at++] - '0');
        if (++digits > 3)
            return -2;
    }
    return digits ? x : -1;
}

/* One %-5.3s: 1, 0 if it is not of the simple kinds, -1. */
static int conversion(Fold *f, Format *fmt, OuNode *arg, OuNode **out)
{
    bool left = false;
    int width, precision = -1;
    fmt->at++;
    for (; fmt->at < fmt->n && strchr("-+ #0", fmt->s[fmt->at]); fmt->at++) {
        if (fmt->s[fmt->at] != '-')
            return 0;
        left = true;
    }
    width = number(fmt);
    if (width == -2)
        return 0;
    if (fmt->at < fmt->n && fmt->s[fmt->at] == '.') {
        fmt->at++;
        precision = number(fmt);
        if (precision == -2)
            return 0;
        if (precision < 0)
            precision = 0;
    }
    if (fmt->at >= fmt->n || !strchr("sra", fmt->s[fmt->at]))
        return 0;
    char spec[16];
    int n = 0;
    if (!left && width > 0)
        spec[n++] = '>';
    if (width >= 0)
        n += snprintf(spec + n, sizeof spec - (size_t)n, "%d", width);
    if (precision >= 0)
        n += snprintf(spec + n, sizeof spec - (size_t)n, ".%d", precision);
    OuAst_FormattedValue *v = ou_arena_alloc(f->p->arena, sizeof *v);
    if (!v)
        return -1;
    v->node = *arg;
    v->node.kind = AST_FormattedValue;
    v->value = arg;
    v->conversion = fmt->s[fmt->at++];
    if (n && !(v->format_spec = new_constant(f, arg, spec, (size_t)n)))
        return -1;
    *out = &v->node;
    return 1;
}

static int fold_format(Fold *f, OuNode **slot, const OuText *text, OuSeq args)
{
    Format fmt = {text->s, text->len, 0};
    OuAst_JoinedStr *j = ou_arena_alloc(f->p->arena, sizeof *j);
    OuNode **parts = ou_arena_alloc(f->p->arena, (args.n * 2 + 1) * sizeof *parts);
    uint32_t n = 0, used = 0;
    if (!j || !parts)
        return no_memory(f);
    for (;;) {
        int r = literal(f, &fmt, *slot, &parts[n]);
        if (r < 0)
            return no_memory(f);
        n += (uint32_t)r;
        if (fmt.at >= fmt.n)
            break;
        if (used >= args.n)
            return 0;
        r = conversion(f, &fmt, args.at[used++], &parts[n]);
        if (r <= 0)
            return r < 0 ? no_memory(f) : 0;
        n++;
    }
    if (used < args.n)
        return 0;
    j->node = **slot;
    j->node.kind = AST_JoinedStr;
    j->values = (OuSeq){n, parts};
    *slot = &j->node;
    return 0;
}

/* ---- nodes ---- */
static int fold_binop(Fold *f, OuNode **slot)
{
    OuAst_BinOp *e = AST(BinOp, *slot);
    OuConst value;
    if (!is_const(e->left))
        return 0;
    const OuConst *l = &AST(Constant, e->left)->value;
    if (e->op == AST_Mod && l->kind == OU_K_STR && e->right->kind == AST_Tuple) {
        OuSeq args = AST(Tuple, e->right)->elts;
        for (uint32_t i = 0; i < args.n; i++)
            if (args.at[i]->kind == AST_Starred)
                return 0;
        return fold_format(f, slot, l->text, args);
    }
    if (!is_const(e->right))
        return 0;
    return settle(f, slot, ou_fold_binary(f->p, e->op, l, &AST(Constant, e->right)->value, &value), &value);
}

static int fold_unaryop(Fold *f, OuNode **slot)
{
    OuAst_UnaryOp *e = AST(UnaryOp, *slot);
    OuConst value;
    if (is_const(e->operand))
        return settle(f, slot, ou_fold_unary(f->p, e->op, &AST(Constant, e->operand)->value, &value), &value);
    if (e->op != AST_Not || e->operand->kind != AST_Compare || AST(Compare, e->operand)->ops.n != 1)
        return 0;
    uint16_t *op = &AST(Compare, e->operand)->ops.at[0]; /* not a in b: a not in b */
    switch (*op) {
    case AST_Is:
        *op = AST_IsNot;
        break;
    case AST_IsNot:
        *op = AST_Is;
        break;
    case AST_In:
        *op = AST_NotIn;
        break;
    case AST_NotIn:
        *op = AST_In;
        break;
    default:
        return 0;
    }
    *slot = e->operand;
    return 0;
}

/* A body whose first statement became a string by folding must not turn it into a docstring. */
static int fold_body(Fold *f, OuSeq body)
{
    bool doc = ou_gen_docstring(body) != NULL;
    if (fold_seq(f, body) < 0)
        return -1;
    if (doc || !ou_gen_docstring(body))
        return 0;
    OuAst_Expr *s = AST(Expr, body.at[0]);
    OuAst_JoinedStr *j = ou_arena_alloc(f->p->arena, sizeof *j);
    OuNode **part = ou_arena_alloc(f->p->arena, sizeof *part);
    if (!j || !part)
        return no_memory(f);
    *part = s->value;
    j->node = *s->value;
    j->node.kind = AST_JoinedStr;
    j->values = (OuSeq){1, part};
    s->value = &j->node;
    return 0;
}

/* All children in the order of the table. */
static int fold_children(Fold *f, OuNode *n)
{
    switch (n->kind) {
#define CHILD(place) fold(f, &(place))
#define CHILDREN(seq) fold_seq(f, seq)
#include "ast_children.def"
    }
    return 0;
}

static int fold_function(Fold *f, OuNode *n)
{
    OuAst_FunctionDef *d = AST(FunctionDef, n); /* AsyncFunctionDef has the same fields */
    if (fold(f, &d->args) < 0 || fold_body(f, d->body) < 0 || fold_seq(f, d->decorator_list) < 0)
        return -1;
    return d->returns && !f->text_annotations ? fold(f, &d->returns) : 0;
}

static int fold(Fold *f, OuNode **slot)
{
    OuNode *n = *slot;
    OuConst value;
    switch (n->kind) {
    case AST_Constant:
        return 0;
    case AST_Name: {
        OuAst_Name *e = AST(Name, n);
        if (e->ctx != AST_Load || strcmp(e->id->s, "__debug__"))
            return 0;
        value = (OuConst){.kind = f->optimize ? OU_K_FALSE : OU_K_TRUE};
        return replace(f, slot, &value);
    }
    case AST_Module:
        return fold_body(f, AST(Module, n)->body);
    case AST_FunctionDef:
    case AST_AsyncFunctionDef:
        return fold_function(f, n);
    case AST_ClassDef: {
        OuAst_ClassDef *c = AST(ClassDef, n);
        if (fold_seq(f, c->bases) < 0 || fold_seq(f, c->keywords) < 0 || fold_body(f, c->body) < 0)
            return -1;
        return fold_seq(f, c->decorator_list);
    }
    case AST_arg:
        return AST(arg, n)->annotation && !f->text_annotations ? fold(f, &AST(arg, n)->annotation) : 0;
    case AST_AnnAssign: {
        OuAst_AnnAssign *s = AST(AnnAssign, n);
        if (fold(f, &s->target) < 0 || (!f->text_annotations && fold(f, &s->annotation) < 0))
            return -1;
        return s->value ? fold(f, &s->value) : 0;
    }
    default:
        break;
    }
    if (fold_children(f, n) < 0)
        return -1;
    switch (n->kind) {
    case AST_BinOp:
        return fold_binop(f, slot);
    case AST_UnaryOp:
        return fold_unaryop(f, slot);
    case AST_Tuple:
        if (AST(Tuple, n)->ctx != AST_Load)
            return 0;
        return settle(f, slot, const_items(f, AST(Tuple, n)->elts, OU_K_TUPLE, &value), &value);
    case AST_Subscript: {
        OuAst_Subscript *e = AST(Subscript, n);
        if (e->ctx != AST_Load || !is_const(e->value) || !is_const(e->slice))
            return 0;
        int r = ou_fold_index(f->p, &AST(Constant, e->value)->value, &AST(Constant, e->slice)->value, &value);
        return settle(f, slot, r, &value);
    }
    case AST_Compare: {
        OuAst_Compare *e = AST(Compare, n);
        uint16_t op = e->ops.at[e->ops.n - 1];
        return op == AST_In || op == AST_NotIn ? fold_iter(f, &e->comparators.at[e->comparators.n - 1]) : 0;
    }
    case AST_For:
        return fold_iter(f, &AST(For, n)->iter);
    case AST_comprehension:
        return fold_iter(f, &AST(comprehension, n)->iter);
    default:
        return 0;
    }
}

int ou_fold_tree(OuParse *p, OuNode *mod, int optimize, unsigned future)
{
    Fold f = {.p = p, .optimize = optimize, .text_annotations = future & OU_CO_FUTURE_ANNOTATIONS};
    return fold(&f, &mod);
}
