/* lang/build_call.c - arguments of calls and classes, parameters of functions. */
#include "parser.h"

/* ---- arguments ---- */

OuX ou_build_kwarg(OuParser *c, OuX name, OuX value)
{
    OuSpan s = ou_span_join(name.s, value.s);
    OuText *id = NULL;
    if (name.n && (name.n->kind != AST_Name || name.n->flags & AST_F_PARENS))
        ou_parser_reject(c, name.s);
    else if (name.n)
        id = AST(Name, name.n)->id;
    return (OuX){OU_AST(c->p, s, keyword, .arg = id, .value = value.n), s};
}

OuX ou_build_dstar_arg(OuParser *c, OuTok t, OuX value)
{
    OuSpan s = ou_span_join(t.s, value.s);
    return (OuX){OU_AST(c->p, s, keyword, .value = value.n), s};
}

/* Splits the list into positional arguments (with `*x`) and keywords (with `**x`) and holds CPython's
 * order: positional before the first keyword, nothing but keywords after the first `**`. */
static void split_args(OuParser *c, OuL l, OuSeq *args, OuSeq *keywords)
{
    uint32_t n = c->n - l.base, nargs = 0;
    bool named = false, unpacked = false;
    void **item = c->item + l.base;
    for (uint32_t i = 0; i < n; i++) {
        OuNode *x = item[i];
        if (!x)
            continue;
        if (x->kind == AST_keyword) {
            named = true;
            unpacked |= !AST(keyword, x)->arg;
            continue;
        }
        if (x->kind == AST_Starred ? unpacked : named)
            ou_parser_reject(c, ou_span_of(x));
        if (x->flags & OU_NF_BARE_GENEXP && (n > 1 || l.comma))
            ou_parser_reject(c, ou_span_of(x));
        nargs++;
    }
    *args = (OuSeq){0, nargs ? ou_arena_alloc(c->p->arena, nargs * sizeof(OuNode *)) : NULL};
    *keywords = (OuSeq){0, n > nargs ? ou_arena_alloc(c->p->arena, (n - nargs) * sizeof(OuNode *)) : NULL};
    for (uint32_t i = 0; i < n; i++) {
        OuNode *x = item[i];
        OuSeq *dest = x && x->kind == AST_keyword ? keywords : args;
        if (x && dest->at)
            dest->at[dest->n++] = x;
    }
    c->n = l.base;
}

OuX ou_build_call(OuParser *c, OuX func, OuTok lpar, OuL args, OuTok rpar)
{
    OuSeq pos, kw;
    split_args(c, args, &pos, &kw);
    if (pos.n == 1 && pos.at[0]->flags & OU_NF_BARE_GENEXP) {
        /* CPython's generator owns the call's parentheses */
        OuNode *g = pos.at[0];
        g->flags &= (uint16_t)~OU_NF_BARE_GENEXP;
        g->lineno = lpar.s.l;
        g->col = lpar.s.c;
        g->end_lineno = rpar.s.el;
        g->end_col = rpar.s.ec;
    }
    OuSpan s = ou_span_join(func.s, rpar.s);
    return (OuX){OU_AST(c->p, s, Call, .func = func.n, .args = pos, .keywords = kw), s};
}

OuX ou_build_class(OuParser *c, OuTok start, OuTok name, OuL args)
{
    OuSeq bases, kw;
    split_args(c, args, &bases, &kw);
    if (bases.n == 1 && bases.at[0]->flags & OU_NF_BARE_GENEXP)
        ou_parser_reject(c, ou_span_of(bases.at[0]));
    return (OuX){OU_AST(c->p, start.s, ClassDef, .name = name.t->name, .bases = bases, .keywords = kw),
                 start.s};
}

/* ---- parameters ---- */

OuX ou_build_arg(OuParser *c, OuTok name, OuX annotation)
{
    OuSpan s = annotation.n ? ou_span_join(name.s, annotation.s) : name.s;
    return (OuX){OU_AST(c->p, s, arg, .arg = name.t->name, .annotation = annotation.n), s};
}

/* Three items a parameter: the first token's kind, the arg or NULL, the default or NULL. */
OuL ou_build_param(OuParser *c, OuTok first, OuX arg, OuX dflt)
{
    OuL l = ou_parser_list(c, (void *)(uintptr_t)first.t->kind, first.s);
    ou_parser_push(c, arg.n);
    return ou_parser_append(c, l, dflt.n, dflt.n ? dflt.s : arg.n ? arg.s : first.s);
}

void ou_build_typed_param(OuParser *c, OuC comment)
{
    OuNode *arg = c->n >= 3 ? c->item[c->n - 2] : NULL;
    if (arg)
        AST(arg, arg)->type_comment = comment.text;
    else
        ou_parser_reject(c, comment.s); /* behind a bare * or / */
}

/* Where the walk over a parameter list stands; each part may only go forward. */
typedef enum { PLAIN, AFTER_SLASH, AFTER_STAR, AFTER_KWARG } Part;

OuX ou_build_params(OuParser *c, OuL params)
{
    OuAst_arguments a = {0};
    uint32_t n = (c->n - params.base) / 3;
    void **item = c->item + params.base;
    OuNode **at = n ? ou_arena_alloc(c->p->arena, 3 * (size_t)n * sizeof *at) : NULL;
    if (n && !at)
        n = 0;
    OuSeq plain = {0, at}, kwonly = {0, at + n}, defaults = {0, at + 2 * n};
    OuSeq kw_defaults = {0, n ? ou_arena_alloc(c->p->arena, n * sizeof *at) : NULL};
    Part part = PLAIN;
    bool bare_star = false, bad = false;
    for (uint32_t i = 0; i < n; i++) {
        OuTokenKind kind = (OuTokenKind)(uintptr_t)item[3 * i];
        OuNode *arg = item[3 * i + 1], *dflt = item[3 * i + 2];
        bad |= part == AFTER_KWARG;
        switch (kind) {
        case TOK_SLASH:
            bad |= part != PLAIN || plain.n == 0;
            a.posonlyargs = plain;
            plain = (OuSeq){0, plain.at + plain.n};
            part = AFTER_SLASH;
            break;
        case TOK_STAR:
            bad |= part == AFTER_STAR;
            part = AFTER_STAR;
            a.vararg = arg;
            bare_star = !arg;
            break;
        case TOK_DSTAR:
            bad |= bare_star; /* named arguments must follow bare * */
            part = AFTER_KWARG;
            a.kwarg = arg;
            break;
        default:
            if (part == AFTER_STAR) {
                bare_star = false;
                kwonly.at[kwonly.n++] = arg;
                if (kw_defaults.at)
                    kw_defaults.at[kw_defaults.n++] = dflt;
                break;
            }
            bad |= !dflt && defaults.n > 0;
            plain.at[plain.n++] = arg;
            if (dflt)
                defaults.at[defaults.n++] = dflt;
        }
    }
    if (bad || bare_star)
        ou_parser_reject(c, params.s);
    c->n = params.base;
    a.args = plain;
    a.kwonlyargs = kwonly;
    a.kw_defaults = kw_defaults;
    a.defaults = defaults;
    return (OuX){ou_ast_put(c->p, AST_arguments, params.s, &a.node), params.s};
}

OuX ou_build_lambda(OuParser *c, OuTok start, OuX params, OuX body)
{
    OuSpan s = ou_span_join(start.s, body.s);
    return (OuX){OU_AST(c->p, s, Lambda, .args = params.n, .body = body.n), s};
}

OuX ou_build_def(OuParser *c, OuTok start, OuTok name, OuX params, OuX returns, OuTok colon)
{
    OuSpan s = ou_span_join(start.s, colon.s);
    return (OuX){OU_AST(c->p, s, FunctionDef, .name = name.t->name, .args = params.n, .returns = returns.n),
                 s};
}
