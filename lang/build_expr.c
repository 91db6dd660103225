/* lang/build_expr.c - actions of the expression rules. */
#include "fstring.h"
#include "number.h"
#include "parser.h"

static OuX made(OuNode *n, OuSpan s)
{
    return (OuX){n, s};
}

static OuSpan to(OuSpan a, OuSpan b)
{
    return ou_span_join(a, b);
}

OuX ou_build_name(OuParser *c, OuTok t)
{
    return made(OU_AST(c->p, t.s, Name, .id = t.t->name, .ctx = AST_Load), t.s);
}

OuX ou_build_number(OuParser *c, OuTok t)
{
    OuConst value = {0};
    if (ou_number_token(c->p, t.t, &value) < 0)
        return made(NULL, t.s);
    return made(OU_AST(c->p, t.s, Constant, .value = value), t.s);
}

OuX ou_build_strings(OuParser *c, OuStrings s)
{
    /* a string is never the last token of its line: s.last[1] is the lookahead */
    OuNode *n = ou_fstring_join(c->p, s.first, (size_t)(s.last - s.first) + 1, s.last + 1, ou_parser_fstring);
    return made(n, (OuSpan){s.first->lineno, s.first->col, s.last->end_lineno, s.last->end_col});
}

OuX ou_build_const(OuParser *c, OuTok t, OuConstKind kind)
{
    return made(OU_AST(c->p, t.s, Constant, .value = {.kind = (uint8_t)kind}), t.s);
}

OuX ou_build_unary(OuParser *c, OuTok op, int kind, OuX x)
{
    OuSpan s = to(op.s, x.s);
    return made(OU_AST(c->p, s, UnaryOp, .op = (uint16_t)kind, .operand = x.n), s);
}

OuX ou_build_binop(OuParser *c, OuX l, OuTok op, OuX r)
{
    OuSpan s = to(l.s, r.s);
    return made(OU_AST(c->p, s, BinOp, .left = l.n, .op = op.t->op, .right = r.n), s);
}

OuX ou_build_boolop(OuParser *c, int op, OuL values)
{
    OuSeq v = ou_parser_take(c, values);
    return made(OU_AST(c->p, values.s, BoolOp, .op = (uint16_t)op, .values = v), values.s);
}

/* Who imported barry_as_FLUFL has `<>` (from the lexer) and no `!=`. */
int ou_build_cmpop(OuParser *c, OuTok t)
{
    if (c->p->flags & OU_PARSE_BARRY && c->p->source[t.t->start] == '!')
        ou_parser_reject(c, t.s);
    return t.t->op;
}

/* A comparison list holds the first operand, then pairs of operator and operand. */
OuL ou_build_cmp(OuParser *c, OuX left, int op, OuX right)
{
    return ou_build_cmp_more(c, ou_parser_list(c, left.n, left.s), op, right);
}

OuL ou_build_cmp_more(OuParser *c, OuL l, int op, OuX right)
{
    ou_parser_push(c, (void *)(uintptr_t)op);
    return ou_parser_append(c, l, right.n, right.s);
}

OuX ou_build_compare(OuParser *c, OuL l)
{
    if (c->n < l.base + 3) /* a push failed */
        return made(NULL, l.s);
    uint32_t n = (c->n - l.base) / 2;
    void **item = c->item + l.base;
    OuEnums ops = {0, ou_arena_alloc(c->p->arena, n * sizeof(uint16_t))};
    if (ops.at) {
        ops.n = n;
        for (uint32_t i = 0; i < n; i++)
            ops.at[i] = (uint16_t)(uintptr_t)item[1 + 2 * i];
    }
    OuNode *left = item[0];
    for (uint32_t i = 0; i < n; i++)
        item[i] = item[2 + 2 * i];
    c->n = l.base + n;
    OuSeq rest = ou_parser_take(c, l);
    return made(OU_AST(c->p, l.s, Compare, .left = left, .ops = ops, .comparators = rest), l.s);
}

OuX ou_build_ifexp(OuParser *c, OuX body, OuX test, OuX orelse)
{
    OuSpan s = to(body.s, orelse.s);
    return made(OU_AST(c->p, s, IfExp, .test = test.n, .body = body.n, .orelse = orelse.n), s);
}

OuX ou_build_walrus(OuParser *c, OuX target, OuX value)
{
    OuSpan s = to(target.s, value.s);
    if (target.n && (target.n->kind != AST_Name || target.n->flags & AST_F_PARENS))
        ou_parser_reject(c, target.s);
    else if (target.n)
        AST(Name, target.n)->ctx = AST_Store;
    return made(OU_AST(c->p, s, NamedExpr, .target = target.n, .value = value.n), s);
}

OuX ou_build_await(OuParser *c, OuTok t, OuX x)
{
    OuSpan s = to(t.s, x.s);
    return made(OU_AST(c->p, s, Await, .value = x.n), s);
}

OuX ou_build_yield(OuParser *c, OuTok t, OuX x)
{
    OuSpan s = x.n ? to(t.s, x.s) : t.s;
    return made(OU_AST(c->p, s, Yield, .value = x.n), s);
}

OuX ou_build_yield_from(OuParser *c, OuTok t, OuX x)
{
    OuSpan s = to(t.s, x.s);
    return made(OU_AST(c->p, s, YieldFrom, .value = x.n), s);
}

OuX ou_build_star(OuParser *c, OuTok t, OuX x)
{
    OuSpan s = to(t.s, x.s);
    return made(OU_AST(c->p, s, Starred, .value = x.n, .ctx = AST_Load), s);
}

/* A list without brackets: one element and no comma is the element itself. */
OuX ou_build_tuple(OuParser *c, OuL l)
{
    if (c->n - l.base == 1 && !l.comma) {
        OuNode *only = c->item[l.base];
        c->n = l.base;
        return made(only, l.s);
    }
    OuSeq elts = ou_parser_take(c, l);
    return made(OU_AST(c->p, l.s, Tuple, .elts = elts, .ctx = AST_Load), l.s);
}

OuX ou_build_attribute(OuParser *c, OuX x, OuTok name)
{
    OuSpan s = to(x.s, name.s);
    return made(OU_AST(c->p, s, Attribute, .value = x.n, .attr = name.t->name, .ctx = AST_Load), s);
}

OuX ou_build_subscript(OuParser *c, OuX x, OuL slices, OuTok rsqb)
{
    OuNode *only = c->n - slices.base == 1 ? c->item[slices.base] : NULL;
    OuNode *slice;
    if (only && !slices.comma && only->kind != AST_Starred) {
        slice = only;
        c->n = slices.base;
    } else {
        OuSeq elts = ou_parser_take(c, slices);
        slice = OU_AST(c->p, slices.s, Tuple, .elts = elts, .ctx = AST_Load);
    }
    OuSpan s = to(x.s, rsqb.s);
    return made(OU_AST(c->p, s, Subscript, .value = x.n, .slice = slice, .ctx = AST_Load), s);
}

OuX ou_build_slice(OuParser *c, OuX lo, OuTok colon, OuX hi, OuTok colon2, OuX step)
{
    OuSpan end = step.n ? step.s : colon2.t ? colon2.s : hi.n ? hi.s : colon.s;
    OuSpan s = to(lo.n ? lo.s : colon.s, end);
    return made(OU_AST(c->p, s, Slice, .lower = lo.n, .upper = hi.n, .step = step.n), s);
}

OuX ou_build_group(OuParser *c, OuTok lpar, OuX x, OuTok rpar)
{
    if (x.n)
        x.n->flags |= AST_F_PARENS;
    return made(x.n, to(lpar.s, rpar.s));
}

OuX ou_build_paren_as(OuParser *c, OuX x, OuX target)
{
    OuSpan s = to(x.s, target.s);
    return made(ou_build_with_item(c, x, target).n, s);
}

/* `( items )`: a group, a tuple, or (with `as` inside) the items of a with statement, which only that
 * statement may use: see loose_as. */
OuX ou_build_parens(OuParser *c, OuTok lpar, OuL items, OuTok rpar)
{
    OuSpan s = to(lpar.s, rpar.s);
    bool with_items = false;
    for (uint32_t i = items.base; i < c->n; i++)
        with_items |= c->item[i] && ((OuNode *)c->item[i])->kind == AST_withitem;
    if (c->n - items.base == 1 && !items.comma && !with_items) {
        OuX only = {c->item[items.base], items.s};
        c->n = items.base;
        if (only.n && only.n->kind == AST_Starred)
            ou_parser_reject(c, rpar.s);
        return ou_build_group(c, lpar, only, rpar);
    }
    OuSeq elts = ou_parser_take(c, items);
    OuNode *n = OU_AST(c->p, s, Tuple, .elts = elts, .ctx = AST_Load);
    if (n && with_items) {
        n->flags |= OU_NF_WITH_ITEMS;
        if (c->loose_as)
            ou_parser_reject(c, ou_span_of(c->loose_as));
        c->loose_as = n;
    }
    return made(n, s);
}

OuX ou_build_empty(OuParser *c, OuAstKind kind, OuTok l, OuTok r)
{
    OuSpan s = to(l.s, r.s);
    switch (kind) {
    case AST_Tuple:
        return made(OU_AST(c->p, s, Tuple, .ctx = AST_Load), s);
    case AST_List:
        return made(OU_AST(c->p, s, List, .ctx = AST_Load), s);
    default:
        return made(OU_AST(c->p, s, Dict, .keys = {0, NULL}), s);
    }
}

OuX ou_build_display(OuParser *c, OuAstKind kind, OuTok l, OuL items, OuTok r)
{
    OuSpan s = to(l.s, r.s);
    OuSeq elts = ou_parser_take(c, items);
    if (kind == AST_List)
        return made(OU_AST(c->p, s, List, .elts = elts, .ctx = AST_Load), s);
    return made(OU_AST(c->p, s, Set, .elts = elts), s);
}

/* The list holds key (NULL for `**`), value, key, value ... */
OuX ou_build_dict(OuParser *c, OuTok l, OuL items, OuTok r)
{
    OuSpan s = to(l.s, r.s);
    uint32_t n = (c->n - items.base) / 2;
    void **item = c->item + items.base;
    OuSeq keys = {0, ou_arena_alloc(c->p->arena, n * sizeof(OuNode *))};
    OuSeq values = {0, ou_arena_alloc(c->p->arena, n * sizeof(OuNode *))};
    if (keys.at && values.at) {
        keys.n = values.n = n;
        for (uint32_t i = 0; i < n; i++) {
            keys.at[i] = item[2 * i];
            values.at[i] = item[2 * i + 1];
        }
    }
    c->n = items.base;
    return made(OU_AST(c->p, s, Dict, .keys = keys, .values = values), s);
}

static OuNode *comprehend(OuParser *c, OuAstKind kind, OuSpan s, OuNode *elt, OuL fors)
{
    OuSeq g = ou_parser_take(c, fors);
    /* the three kinds have one layout */
    return ou_ast_put(c->p, kind, s, &(OuAst_ListComp){.elt = elt, .generators = g}.node);
}

OuX ou_build_comp(OuParser *c, OuAstKind kind, OuTok l, OuX elt, OuL fors, OuTok r)
{
    OuSpan s = to(l.s, r.s);
    return made(comprehend(c, kind, s, elt.n, fors), s);
}

OuX ou_build_gen_arg(OuParser *c, OuX elt, OuL fors)
{
    OuSpan s = to(elt.s, fors.s);
    OuNode *n = comprehend(c, AST_GeneratorExp, s, elt.n, fors);
    if (n)
        n->flags |= OU_NF_BARE_GENEXP;
    return made(n, s);
}

OuX ou_build_dictcomp(OuParser *c, OuTok l, OuX key, OuX value, OuL fors, OuTok r)
{
    OuSpan s = to(l.s, r.s);
    OuSeq g = ou_parser_take(c, fors);
    return made(OU_AST(c->p, s, DictComp, .key = key.n, .value = value.n, .generators = g), s);
}

OuX ou_build_comp_for(OuParser *c, OuTok start, OuX target, OuX iter, OuL ifs, bool is_async)
{
    OuSpan s = to(start.s, c->n > ifs.base ? ifs.s : iter.s);
    if (target.n && ou_targets_set(target.n, OU_TARGET_STAR) < 0)
        ou_parser_reject(c, target.s);
    OuSeq tests = ou_parser_take(c, ifs);
    return made(OU_AST(c->p, s, comprehension, .target = target.n, .iter = iter.n, .ifs = tests,
                       .is_async = is_async),
                s);
}
