/* lang/build_pattern.c - actions of the pattern rules (PEP 634). */
#include "parser.h"

static OuX made(OuNode *n, OuSpan s)
{
    return (OuX){n, s};
}

static bool is_wildcard(const OuText *name)
{
    return name && name->len == 1 && name->s[0] == '_';
}

static OuText *or_none(OuText *name)
{
    return is_wildcard(name) ? NULL : name;
}

/* `_`, a capture, or a dotted name to compare with. */
OuX ou_build_pat_name(OuParser *c, OuX x)
{
    if (x.n && x.n->kind == AST_Name)
        return made(OU_AST(c->p, x.s, MatchAs, .name = or_none(AST(Name, x.n)->id)), x.s);
    return ou_build_pat_value(c, x);
}

OuX ou_build_pat_value(OuParser *c, OuX x)
{
    if (x.n && x.n->kind == AST_Constant && AST(Constant, x.n)->value.kind <= OU_K_FALSE)
        return made(OU_AST(c->p, x.s, MatchSingleton, .value = AST(Constant, x.n)->value), x.s);
    return made(OU_AST(c->p, x.s, MatchValue, .value = x.n), x.s);
}

OuX ou_build_pat_as(OuParser *c, OuX x, OuTok name)
{
    OuSpan s = ou_span_join(x.s, name.s);
    if (is_wildcard(name.t->name))
        ou_parser_reject(c, name.s);
    return made(OU_AST(c->p, s, MatchAs, .pattern = x.n, .name = name.t->name), s);
}

OuX ou_build_pat_or(OuParser *c, OuL l)
{
    OuSeq list = ou_parser_take(c, l);
    return made(OU_AST(c->p, l.s, MatchOr, .patterns = list), l.s);
}

OuX ou_build_pat_star(OuParser *c, OuTok star, OuTok name)
{
    OuSpan s = ou_span_join(star.s, name.s);
    return made(OU_AST(c->p, s, MatchStar, .name = or_none(name.t->name)), s);
}

OuX ou_build_pat_open(OuParser *c, OuL l)
{
    OuSeq list = ou_parser_take(c, l);
    return made(OU_AST(c->p, l.s, MatchSequence, .patterns = list), l.s);
}

OuX ou_build_pat_parens(OuParser *c, OuTok l, OuL items, OuTok r)
{
    if (c->n - items.base != 1 || items.comma)
        return ou_build_pat_sequence(c, l, items, r);
    OuNode *only = c->item[items.base];
    c->n = items.base;
    if (only && only->kind == AST_MatchStar)
        ou_parser_reject(c, r.s);
    return made(only, ou_span_join(l.s, r.s));
}

OuX ou_build_pat_sequence(OuParser *c, OuTok l, OuL items, OuTok r)
{
    OuSpan s = ou_span_join(l.s, r.s);
    OuSeq list = ou_parser_take(c, items);
    return made(OU_AST(c->p, s, MatchSequence, .patterns = list), s);
}

/* ---- mappings: pairs of key and pattern; key NULL is `**rest`, the second then a Name ---- */

OuL ou_build_pat_pair(OuParser *c, OuX key, OuX pattern)
{
    if (key.n && key.n->kind == AST_Name)
        ou_parser_reject(c, pattern.s);
    return ou_parser_append(c, ou_parser_list(c, key.n, key.s), pattern.n, pattern.s);
}

OuL ou_build_pat_rest(OuParser *c, OuTok star, OuTok name)
{
    if (is_wildcard(name.t->name))
        ou_parser_reject(c, name.s);
    return ou_parser_append(c, ou_parser_list(c, NULL, star.s), name.t->name, name.s);
}

OuX ou_build_pat_mapping(OuParser *c, OuTok l, OuL items, OuTok r)
{
    OuSpan s = ou_span_join(l.s, r.s);
    uint32_t n = (c->n - items.base) / 2;
    void **item = c->item + items.base;
    OuText *rest = NULL;
    OuSeq keys = {0, n ? ou_arena_alloc(c->p->arena, n * sizeof(OuNode *)) : NULL};
    OuSeq pats = {0, n ? ou_arena_alloc(c->p->arena, n * sizeof(OuNode *)) : NULL};
    for (uint32_t i = 0; i < n; i++) {
        if (!item[2 * i]) {
            if (i + 1 < n)
                ou_parser_reject(c, r.s);
            rest = item[2 * i + 1];
        } else if (keys.at && pats.at) {
            keys.at[keys.n++] = item[2 * i];
            pats.at[pats.n++] = item[2 * i + 1];
        }
    }
    c->n = items.base;
    return made(OU_AST(c->p, s, MatchMapping, .keys = keys, .patterns = pats, .rest = rest), s);
}

/* ---- classes: pairs of keyword (NULL: positional) and pattern ---- */

OuL ou_build_pat_pos(OuParser *c, OuX pattern)
{
    return ou_parser_append(c, ou_parser_list(c, NULL, pattern.s), pattern.n, pattern.s);
}

OuL ou_build_pat_kw(OuParser *c, OuTok name, OuX pattern)
{
    return ou_parser_append(c, ou_parser_list(c, name.t->name, name.s), pattern.n, pattern.s);
}

/* The first name of a.b.c. */
static const OuText *root_of(const OuNode *x)
{
    while (x && x->kind == AST_Attribute)
        x = AST(Attribute, x)->value;
    return x ? AST(Name, x)->id : NULL;
}

OuX ou_build_pat_class(OuParser *c, OuX cls, OuL items, OuTok r)
{
    OuSpan s = ou_span_join(cls.s, r.s);
    uint32_t n = (c->n - items.base) / 2;
    void **item = c->item + items.base;
    OuSeq pos = {0, n ? ou_arena_alloc(c->p->arena, n * sizeof(OuNode *)) : NULL};
    OuSeq kw = {0, n ? ou_arena_alloc(c->p->arena, n * sizeof(OuNode *)) : NULL};
    OuNames names = {0, n ? ou_arena_alloc(c->p->arena, n * sizeof(OuText *)) : NULL};
    if (is_wildcard(root_of(cls.n)))
        ou_parser_reject(c, cls.s);
    for (uint32_t i = 0; i < n && pos.at && kw.at && names.at; i++) {
        if (item[2 * i]) {
            names.at[names.n++] = item[2 * i];
            kw.at[kw.n++] = item[2 * i + 1];
        } else {
            if (kw.n)
                ou_parser_reject(c, r.s);
            pos.at[pos.n++] = item[2 * i + 1];
        }
    }
    c->n = items.base;
    return made(
        OU_AST(c->p, s, MatchClass, .cls = cls.n, .patterns = pos, .kwd_attrs = names, .kwd_patterns = kw),
        s);
}

/* ---- numbers ---- */

static bool is_imaginary(OuX x)
{
    return x.n && x.n->kind == AST_Constant && AST(Constant, x.n)->value.kind == OU_K_COMPLEX;
}

OuX ou_build_snum(OuParser *c, OuTok *minus, OuTok number)
{
    OuX x = ou_build_number(c, number);
    return minus ? ou_build_unary(c, *minus, AST_USub, x) : x;
}

/* real +/- imaginary: CPython refuses other mixtures with messages of their own. */
OuX ou_build_complex(OuParser *c, OuX real, OuTok op, OuTok imag)
{
    OuX im = ou_build_number(c, imag);
    OuX re = real;
    if (re.n && re.n->kind == AST_UnaryOp)
        re.n = AST(UnaryOp, re.n)->operand;
    if (is_imaginary(re) || !is_imaginary(im))
        ou_parser_reject(c, imag.s);
    return ou_build_binop(c, real, op, im);
}
