/* lang/codegen_match.c - match statements.
 *
 * The subject stays in a temporary.  A pattern looks at a register and leaves what it took apart in
 * temporaries above; nothing is copied for a capture: it is remembered as (name, register) and stored when
 * the whole pattern has matched. A pattern that fails jumps to the label of its height, from where the
 * temporaries are emptied downwards. */
#include "codegen.h"

#include <string.h>

typedef struct Capture {
    OuText *name;
    OuReg reg;
} Capture;

typedef struct Match {
    uint32_t base; /* height where a failed pattern must end */
    OuLabel *fail; /* by height above base; 0: not used */
    uint32_t nfail, capfail;
    Capture *captures;
    uint32_t ncaptures, capcaptures;
    bool irrefutable_ok;
} Match;

static void pattern(OuGen *g, Match *m, OuNode *p, OuReg subject);

static OuLabel fail(OuGen *g, Match *m)
{
    uint32_t h = g->u->top - m->base;
    while (m->nfail <= h) {
        OuLabel *grown = ou_gen_grow(g, m->fail, m->nfail, &m->capfail, sizeof *grown);
        if (!grown)
            return 0;
        m->fail = grown;
        m->fail[m->nfail++] = 0;
    }
    if (!m->fail[h])
        m->fail[h] = ou_gen_label(g);
    return m->fail[h];
}

/* The failing paths join here, at height base; labels are ready for the next pattern. */
static void place_fail(OuGen *g, Match *m)
{
    for (uint32_t h = m->nfail; h-- > 0;) {
        if (m->fail[h])
            ou_gen_place(g, m->fail[h]);
        if (h)
            ou_gen_emit(g, OU_OP_CLEAR, 0, OU_R_TEMP | (m->base + h - 1), 0, 0);
    }
    m->nfail = 0;
}

static void drop(OuGen *g, Match *m)
{
    ou_mem_free(g->p->mem, m->fail, m->capfail * sizeof *m->fail);
    ou_mem_free(g->p->mem, m->captures, m->capcaptures * sizeof *m->captures);
}

static void capture(OuGen *g, Match *m, OuText *name, OuReg subject)
{
    if (ou_gen_forbidden(g, name, false))
        return;
    for (uint32_t i = 0; i < m->ncaptures; i++)
        if (m->captures[i].name == name) {
            ou_gen_error_here(g, "multiple assignments to name '%s' in pattern", name->s);
            return;
        }
    Capture *grown = ou_gen_grow(g, m->captures, m->ncaptures, &m->capcaptures, sizeof *grown);
    if (!grown)
        return;
    m->captures = grown;
    grown[m->ncaptures++] = (Capture){name, subject};
}

static bool is_wildcard(const OuNode *p)
{
    return p->kind == AST_MatchAs && !AST(MatchAs, p)->name;
}

static bool is_star_wildcard(const OuNode *p)
{
    return p->kind == AST_MatchStar && !AST(MatchStar, p)->name;
}

static void subpattern(OuGen *g, Match *m, OuNode *p, OuReg subject)
{
    bool ok = m->irrefutable_ok;
    m->irrefutable_ok = true;
    pattern(g, m, p, subject);
    m->irrefutable_ok = ok;
}

/* ---- values ---- */
static void match_value(OuGen *g, Match *m, OuNode *p, OuReg subject)
{
    OuNode *e = AST(MatchValue, p)->value;
    uint32_t top = g->u->top;
    if (e->kind != AST_Constant && e->kind != AST_Attribute && e->kind != AST_UnaryOp &&
        e->kind != AST_BinOp) {
        ou_gen_error(g, e, "patterns may only match literals and attribute lookups");
        return;
    }
    OuReg v = ou_gen_operand(g, e, true);
    ou_gen_pop_to(g, top);
    ou_gen_jump(g, OU_OP_JCOMPARE, OU_CMP_EQ << OU_AUX_CMP_SHIFT | OU_GEN_KEEP_B, 0, subject, v, fail(g, m));
}

/* len(subject) `op` n */
static void check_length(OuGen *g, Match *m, OuReg subject, unsigned op, uint32_t n)
{
    uint32_t top = g->u->top;
    OuReg t = ou_gen_push(g, 1);
    ou_gen_emit(g, OU_OP_GET_LEN, 0, t, subject, 0);
    ou_gen_pop_to(g, top);
    ou_gen_jump(g, OU_OP_JCOMPARE, op << OU_AUX_CMP_SHIFT, 0, t, ou_gen_const_int(g, n), fail(g, m));
}

static void check_type(OuGen *g, Match *m, OuOp op, OuReg subject)
{
    uint32_t top = g->u->top;
    OuReg t = ou_gen_push(g, 1);
    ou_gen_emit(g, op, 0, t, subject, 0);
    ou_gen_pop_to(g, top);
    ou_gen_jump(g, OU_OP_JUMP_IF_FALSE, 0, t, 0, 0, fail(g, m));
}

/* ---- sequences ---- */
/* With `*_` the items are fetched one by one. */
static void sequence_items(OuGen *g, Match *m, OuSeq items, uint32_t star, OuReg subject)
{
    for (uint32_t i = 0; i < items.n; i++) {
        OuNode *p = items.at[i];
        if (i == star || is_wildcard(p))
            continue;
        OuReg item = ou_gen_push(g, 1), index;
        if (i < star) {
            index = ou_gen_const_int(g, i);
        } else { /* counted from the end */
            ou_gen_emit(g, OU_OP_GET_LEN, 0, item, subject, 0);
            ou_gen_emit(g, OU_OP_SUB, 0, item, item, ou_gen_const_int(g, items.n - i));
            index = item;
        }
        ou_gen_emit(g, OU_OP_GETITEM, OU_GEN_KEEP_B, item, subject, index);
        subpattern(g, m, p, item);
    }
}

static void sequence(OuGen *g, Match *m, OuNode *p, OuReg subject)
{
    OuSeq items = AST(MatchSequence, p)->patterns;
    uint32_t star = items.n;
    bool only_wildcards = true;
    for (uint32_t i = 0; i < items.n; i++) {
        OuNode *sub = items.at[i];
        only_wildcards &= is_wildcard(sub) || is_star_wildcard(sub);
        if (sub->kind != AST_MatchStar)
            continue;
        if (star < items.n) {
            ou_gen_error(g, p, "multiple starred names in sequence pattern");
            return;
        }
        star = i;
    }
    check_type(g, m, OU_OP_MATCH_SEQUENCE, subject);
    if (star == items.n)
        check_length(g, m, subject, OU_CMP_EQ, items.n);
    else if (items.n > 1)
        check_length(g, m, subject, OU_CMP_GE, items.n - 1);
    if (only_wildcards)
        return;
    if (star < items.n && is_star_wildcard(items.at[star])) {
        sequence_items(g, m, items, star, subject);
        return;
    }
    if (star < items.n && (star >= 256 || items.n - star - 1 >= 256)) {
        ou_gen_error(g, p, "too many expressions in star-unpacking sequence pattern");
        return;
    }
    OuReg first = ou_gen_push(g, items.n);
    if (star < items.n)
        ou_gen_emit(g, OU_OP_UNPACK_EX, OU_GEN_KEEP_B, first, subject, star | (items.n - star - 1) << 8);
    else
        ou_gen_emit(g, OU_OP_UNPACK, OU_GEN_KEEP_B, first, subject, items.n);
    for (uint32_t i = 0; i < items.n; i++)
        subpattern(g, m, items.at[i], first + i);
}

/* ---- mappings ---- */
/* Real and imaginary part of a number that a double holds. */
static bool number(const OuConst *k, double *re, double *im)
{
    *im = 0;
    switch ((OuConstKind)k->kind) {
    case OU_K_TRUE:
    case OU_K_FALSE:
        *re = k->kind == OU_K_TRUE;
        return true;
    case OU_K_INT:
        *re = (double)k->i;
        return true;
    case OU_K_COMPLEX:
        *im = k->imag; /* fall through */
    case OU_K_FLOAT:
        *re = k->f;
        return true;
    default:
        return false;
    }
}

/* a == b, as dict keys compare. */
static bool same_constant(const OuConst *a, const OuConst *b)
{
    double ar, ai, br, bi;
    if (a->kind == OU_K_INT && b->kind == OU_K_INT)
        return a->i == b->i;
    if (number(a, &ar, &ai) && number(b, &br, &bi))
        return ar == br && ai == bi;
    if (a->kind != b->kind)
        return false;
    if (a->kind != OU_K_BIGINT && a->kind != OU_K_STR && a->kind != OU_K_BYTES)
        return true;
    return a->text->len == b->text->len && !memcmp(a->text->s, b->text->s, a->text->len) &&
           a->negative == b->negative && a->base == b->base;
}

static void check_keys(OuGen *g, OuNode *p, OuSeq keys)
{
    for (uint32_t i = 0; i < keys.n; i++) {
        OuNode *k = keys.at[i];
        if (k->kind == AST_Constant) {
            const OuConst *c = &AST(Constant, k)->value;
            for (uint32_t j = 0; j < i; j++) {
                if (keys.at[j]->kind != AST_Constant || !same_constant(c, &AST(Constant, keys.at[j])->value))
                    continue;
                OuText *t = ou_unparse_expr(g->p, k);
                ou_gen_error(g, p, "mapping pattern checks duplicate key (%s)", t ? t->s : "?");
                return;
            }
        } else if (k->kind != AST_Attribute) {
            ou_gen_error(g, p, "mapping pattern keys may only match literals and attribute lookups");
            return;
        }
    }
}

static void mapping(OuGen *g, Match *m, OuNode *n, OuReg subject)
{
    OuAst_MatchMapping *p = AST(MatchMapping, n);
    uint32_t size = p->keys.n;
    check_type(g, m, OU_OP_MATCH_MAPPING, subject);
    if (!size && !p->rest)
        return;
    if (size)
        check_length(g, m, subject, OU_CMP_GE, size);
    check_keys(g, n, p->keys);
    OuReg keys = ou_gen_top(g);
    for (uint32_t i = 0; i < size; i++)
        ou_gen_expr_push(g, p->keys.at[i]);
    ou_gen_emit(g, OU_OP_BUILD_TUPLE, 0, keys, keys, size);
    ou_gen_pop_to(g, keys & OU_R_INDEX);
    ou_gen_push(g, 1);
    OuReg values = ou_gen_push(g, 1);
    ou_gen_emit(g, OU_OP_MATCH_KEYS, 0, values, subject, keys);
    ou_gen_jump(g, OU_OP_JIS, OU_GEN_KEEP_B, 1, values, ou_gen_const_kind(g, OU_K_NONE), fail(g, m));
    ou_gen_pop_to(g, values & OU_R_INDEX);
    OuReg first = ou_gen_push(g, size);
    ou_gen_emit(g, OU_OP_UNPACK, 0, first, values, size);
    for (uint32_t i = 0; i < size; i++)
        subpattern(g, m, p->patterns.at[i], first + i);
    if (p->rest) {
        OuReg rest = ou_gen_push(g, 1);
        ou_gen_emit(g, OU_OP_COPY_DICT_WITHOUT, 0, rest, subject, keys);
        capture(g, m, p->rest, rest);
    }
}

/* ---- classes ---- */
static void class_pattern(OuGen *g, Match *m, OuNode *n, OuReg subject)
{
    OuAst_MatchClass *p = AST(MatchClass, n);
    uint32_t nargs = p->patterns.n, nattrs = p->kwd_attrs.n;
    for (uint32_t i = 0; i < nattrs; i++) {
        ou_gen_at(g, p->kwd_patterns.at[i]);
        if (ou_gen_forbidden(g, p->kwd_attrs.at[i], false))
            return;
        for (uint32_t j = i + 1; j < nattrs; j++)
            if (p->kwd_attrs.at[i] == p->kwd_attrs.at[j]) {
                ou_gen_error(g, p->kwd_patterns.at[j], "attribute name repeated in class pattern: %s",
                             p->kwd_attrs.at[j]->s);
                return;
            }
    }
    ou_gen_at(g, n);
    OuReg copy = ou_gen_push(g, 1);
    ou_gen_emit(g, OU_OP_MOVE, 0, copy, subject, 0);
    OuReg cls = ou_gen_expr_push(g, p->cls);
    ou_gen_loadk(g, ou_gen_push(g, 1), ou_gen_const_names(g, p->kwd_attrs.at, nattrs));
    ou_gen_emit(g, OU_OP_MATCH_CLASS, 0, cls, copy, nargs);
    ou_gen_pop_to(g, (cls & OU_R_INDEX) + 1);
    ou_gen_jump(g, OU_OP_JIS, OU_GEN_KEEP_B, 1, cls, ou_gen_const_kind(g, OU_K_NONE), fail(g, m));
    ou_gen_pop_to(g, cls & OU_R_INDEX);
    OuReg first = ou_gen_push(g, nargs + nattrs);
    ou_gen_emit(g, OU_OP_UNPACK, 0, first, cls, nargs + nattrs);
    for (uint32_t i = 0; i < nargs + nattrs; i++) {
        OuNode *sub = i < nargs ? p->patterns.at[i] : p->kwd_patterns.at[i - nargs];
        if (!is_wildcard(sub))
            subpattern(g, m, sub, first + i);
    }
}

/* ---- alternatives ---- */
static uint32_t count_captures(const OuNode *p)
{
    uint32_t n = 0;
    OuSeq s = {0}, more = {0};
    switch (p->kind) {
    case AST_MatchStar:
        return AST(MatchStar, p)->name != NULL;
    case AST_MatchAs:
        return (AST(MatchAs, p)->name != NULL) +
               (AST(MatchAs, p)->pattern ? count_captures(AST(MatchAs, p)->pattern) : 0);
    case AST_MatchSequence:
        s = AST(MatchSequence, p)->patterns;
        break;
    case AST_MatchMapping:
        s = AST(MatchMapping, p)->patterns;
        n = AST(MatchMapping, p)->rest != NULL;
        break;
    case AST_MatchClass:
        s = AST(MatchClass, p)->patterns;
        more = AST(MatchClass, p)->kwd_patterns;
        break;
    case AST_MatchOr:
        return count_captures(AST(MatchOr, p)->patterns.at[0]);
    default:
        return 0;
    }
    for (uint32_t i = 0; i < s.n; i++)
        n += count_captures(s.at[i]);
    for (uint32_t i = 0; i < more.n; i++)
        n += count_captures(more.at[i]);
    return n;
}

/* The captures of whichever alternative matched are moved to the same registers. */
static void or_pattern(OuGen *g, Match *m, OuNode *n, OuReg subject)
{
    OuSeq alts = AST(MatchOr, n)->patterns;
    uint32_t slots = count_captures(alts.at[0]);
    OuLabel outer_fail = fail(g, m), matched = ou_gen_label(g);
    OuReg first = ou_gen_push(g, slots);
    uint32_t height = g->u->top;
    OuText **names = ou_arena_alloc(g->p->arena, (slots + 1) * sizeof *names);
    if (!names) {
        ou_gen_no_memory(g);
        return;
    }
    for (uint32_t i = 0; i < alts.n && !ou_gen_failed(g); i++) {
        OuNode *alt = alts.at[i];
        Match a = {.base = height, .irrefutable_ok = i + 1 == alts.n && m->irrefutable_ok};
        ou_gen_at(g, alt);
        pattern(g, &a, alt, subject);
        bool same = a.ncaptures == slots;
        for (uint32_t k = 0; k < a.ncaptures && same; k++) {
            uint32_t at = k;
            if (!i)
                names[k] = a.captures[k].name;
            else
                for (at = 0; at < slots && names[at] != a.captures[k].name; at++)
                    ;
            same = at < slots;
            if (!same)
                break;
            bool own = ou_reg_is_temp(a.captures[k].reg) && (a.captures[k].reg & OU_R_INDEX) >= height;
            for (uint32_t j = k + 1; j < a.ncaptures; j++)
                own &= a.captures[j].reg != a.captures[k].reg;
            ou_gen_emit(g, own ? OU_OP_TAKE : OU_OP_MOVE, 0, first + at, a.captures[k].reg, 0);
        }
        if (!same)
            ou_gen_error_here(g, "alternative patterns bind different names");
        for (uint32_t h = g->u->top; h-- > height;)
            ou_gen_emit(g, OU_OP_CLEAR, 0, OU_R_TEMP | h, 0, 0);
        ou_gen_pop_to(g, height);
        ou_gen_goto(g, matched);
        place_fail(g, &a);
        drop(g, &a);
    }
    ou_gen_goto(g, outer_fail);
    ou_gen_place(g, matched);
    for (uint32_t k = 0; k < slots && !ou_gen_failed(g); k++)
        capture(g, m, names[k], first + k);
}

static void as_pattern(OuGen *g, Match *m, OuNode *n, OuReg subject)
{
    OuAst_MatchAs *p = AST(MatchAs, n);
    if (!p->pattern) {
        if (!m->irrefutable_ok) {
            if (p->name)
                ou_gen_error(g, n, "name capture '%s' makes remaining patterns unreachable", p->name->s);
            else
                ou_gen_error(g, n, "wildcard makes remaining patterns unreachable");
        }
        if (p->name)
            capture(g, m, p->name, subject);
        return;
    }
    pattern(g, m, p->pattern, subject);
    capture(g, m, p->name, subject);
}

static void pattern(OuGen *g, Match *m, OuNode *p, OuReg subject)
{
    if (ou_gen_failed(g))
        return;
    ou_gen_at(g, p); /* not set back: what follows belongs to the last part, as in CPython */
    switch (p->kind) {
    case AST_MatchValue:
        match_value(g, m, p, subject);
        break;
    case AST_MatchSingleton:
        ou_gen_jump(g, OU_OP_JIS, OU_GEN_KEEP_B, 0, subject, ou_gen_const(g, &AST(MatchSingleton, p)->value),
                    fail(g, m));
        break;
    case AST_MatchSequence:
        sequence(g, m, p, subject);
        break;
    case AST_MatchMapping:
        mapping(g, m, p, subject);
        break;
    case AST_MatchClass:
        class_pattern(g, m, p, subject);
        break;
    case AST_MatchStar:
        if (AST(MatchStar, p)->name)
            capture(g, m, AST(MatchStar, p)->name, subject);
        break;
    case AST_MatchAs:
        as_pattern(g, m, p, subject);
        break;
    case AST_MatchOr:
        or_pattern(g, m, p, subject);
        break;
    default:
        ou_gen_error(g, p, "pattern expected");
        break;
    }
}

/* The pattern has matched: names get their values, the rest is emptied. */
static void bind(OuGen *g, Match *m)
{
    for (uint32_t i = 0; i < m->ncaptures; i++) {
        OuReg r = m->captures[i].reg;
        bool own = (r & OU_R_INDEX) >= m->base;
        for (uint32_t j = i + 1; j < m->ncaptures; j++)
            own &= m->captures[j].reg != r;
        ou_gen_store_name(g, m->captures[i].name, r, own ? 0 : OU_GEN_KEEP_A);
    }
    for (uint32_t h = g->u->top; h-- > m->base;) {
        bool taken = false;
        for (uint32_t i = 0; i < m->ncaptures; i++)
            taken |= m->captures[i].reg == (OU_R_TEMP | h);
        if (!taken)
            ou_gen_emit(g, OU_OP_CLEAR, 0, OU_R_TEMP | h, 0, 0);
    }
    ou_gen_pop_to(g, m->base);
}

void ou_gen_match(OuGen *g, OuAst_Match *s)
{
    uint32_t top = g->u->top, n = s->cases.n;
    OuReg subject = ou_gen_expr_push(g, s->subject);
    OuLabel end = ou_gen_label(g);
    Match m = {.base = top + 1};
    bool live = true;
    for (uint32_t i = 0; i < n && !ou_gen_failed(g); i++) {
        OuAst_match_case *c = AST(match_case, s->cases.at[i]);
        bool last = i + 1 == n;
        m.ncaptures = 0;
        m.irrefutable_ok = c->guard || last;
        ou_gen_at(g, c->pattern);
        if (last && n > 1 && is_wildcard(c->pattern)) {
            ou_gen_line(g);
        } else {
            pattern(g, &m, c->pattern, subject);
            bind(g, &m);
        }
        if (c->guard && last) /* as in CPython, nothing needs the subject any more */
            ou_gen_emit(g, OU_OP_CLEAR, 0, subject, 0, 0);
        if (c->guard)
            ou_gen_jump_if(g, c->guard, fail(g, &m), false);
        if (!c->guard || !last)
            ou_gen_emit(g, OU_OP_CLEAR, 0, subject, 0, 0);
        ou_gen_pop_to(g, top);
        ou_gen_body(g, c->body);
        ou_gen_at_none(g);
        ou_gen_goto(g, end);
        ou_gen_push(g, 1);
        ou_gen_at(g, c->pattern);
        live = m.nfail > 0;
        place_fail(g, &m);
    }
    if (live) {
        ou_gen_at_none(g);
        ou_gen_emit(g, OU_OP_CLEAR, 0, subject, 0, 0);
    }
    ou_gen_pop_to(g, top);
    ou_gen_place(g, end);
    drop(g, &m);
}
