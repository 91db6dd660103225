/* lang/codegen.c - units, instructions, constants: what all of codegen*.c writes with. */
#include "codegen.h"
#include "fold.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- errors ---- */
void ou_gen_error(OuGen *g, const OuNode *at, const char *fmt, ...)
{
    char msg[1024];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    if (at)
        ou_diag_set_pass(&g->p->diag, g->p->arena, OU_DIAG_COMPILER, at->lineno, at->col, at->end_lineno,
                         at->end_col, msg);
    else
        ou_scope_error(g->p, at, "%s", msg);
}

void ou_gen_error_here(OuGen *g, const char *fmt, ...)
{
    char msg[1024];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    OuLoc at = g->u->loc;
    ou_diag_set_pass(&g->p->diag, g->p->arena, OU_DIAG_COMPILER, at.lineno, at.col, at.end_lineno, at.end_col,
                     msg);
}

void ou_gen_no_memory(OuGen *g)
{
    ou_diag_set(&g->p->diag, g->p->arena, OU_DIAG_MEMORY, 0, -1, 0, -1, "out of memory");
}

static void too_many(OuGen *g, const char *what)
{
    ou_diag_set(&g->p->diag, g->p->arena, OU_DIAG_OVERFLOW, g->u->loc.lineno, g->u->loc.col,
                g->u->loc.end_lineno, g->u->loc.end_col, "too many %s in one code object", what);
}

void ou_gen_warn(OuGen *g, const OuNode *at, const char *fmt, ...)
{
    if (ou_gen_failed(g))
        return;
    char msg[512];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    OuDiagWarning **end = &g->p->warnings;
    while (*end)
        end = &(*end)->next;
    OuDiagWarning *w = ou_arena_alloc(g->p->arena, sizeof *w);
    char *text = ou_arena_copy(g->p->arena, msg, strlen(msg));
    if (!w || !text) {
        ou_gen_no_memory(g);
        return;
    }
    *w = (OuDiagWarning){.category = "SyntaxWarning",
                         .msg = text,
                         .lineno = at->lineno,
                         .col = at->col,
                         .end_lineno = at->end_lineno,
                         .end_col = at->end_col};
    *end = w;
}

OuText *ou_gen_text(OuGen *g, const char *s)
{
    OuText *t = ou_parse_name(g->p, s, strlen(s));
    if (!t)
        ou_gen_no_memory(g);
    return t ? t : g->empty;
}

OuText *ou_gen_mangle(OuGen *g, OuText *name)
{
    OuText *t = ou_scope_mangle(g->p, g->u->cls, name);
    return t ? t : name;
}

/* Scratch arrays double; they are the unit's and go when it is left. */
void *ou_gen_grow(OuGen *g, void *old, uint32_t n, uint32_t *cap, size_t item)
{
    if (n < *cap)
        return old;
    uint32_t bigger = *cap ? *cap * 2 : 16;
    void *mem = ou_mem_realloc(g->p->mem, old, *cap * item, bigger * item);
    if (!mem) {
        ou_gen_no_memory(g);
        return NULL;
    }
    *cap = bigger;
    return mem;
}
#define GROW(g, array, n, cap)                                            \
    __extension__({                                                       \
        void *grown_ = ou_gen_grow(g, array, n, &(cap), sizeof *(array)); \
        if (grown_)                                                       \
            (array) = grown_;                                             \
        grown_ != NULL;                                                   \
    })

/* ---- units ---- */
static int by_name(const void *a, const void *b)
{
    const OuText *x = *(OuText *const *)a, *y = *(OuText *const *)b;
    int r = memcmp(x->s, y->s, x->len < y->len ? x->len : y->len); /* UTF-8 order is code point order */
    return r ? r : (x->len > y->len) - (x->len < y->len);
}

/* Gives a plain local its number. */
static void number_local(OuGen *g, OuSymbol *sym)
{
    OuGenUnit *u = g->u;
    if (sym->reg >= 0 || !GROW(g, u->locals, u->nlocals, u->caplocals))
        return;
    u->locals[u->nlocals] = sym->name;
    sym->reg = (int32_t)u->nlocals++;
}

/* Numbers parameters, then collects cells (not those that are parameters) and free variables, sorted. */
static void number_variables(OuGen *g, OuGenUnit *u)
{
    OuScope *sc = u->scope;
    for (uint32_t i = 0; i < sc->nsyms; i++)
        sc->syms[i].reg = -1;
    for (uint32_t i = 0; i < sc->nparams; i++)
        number_local(g, ou_scope_find(sc, sc->params[i]));
    u->cells = ou_arena_alloc(g->p->arena, (sc->nsyms + 1) * sizeof *u->cells);
    if (!u->cells) {
        ou_gen_no_memory(g);
        return;
    }
    for (uint32_t i = 0; i < sc->nsyms; i++)
        if (sc->syms[i].scope == OU_NAME_CELL && sc->syms[i].reg < 0)
            u->cells[u->ncells++] = sc->syms[i].name;
    if (u->kind == OU_UNIT_CLASS && sc->needs_class_closure)
        u->cells[u->ncells++] = ou_gen_text(g, "__class__");
    qsort(u->cells, u->ncells, sizeof *u->cells, by_name);
    for (uint32_t i = 0; i < sc->nsyms; i++)
        if (sc->syms[i].scope == OU_NAME_FREE || (sc->syms[i].flags & OU_SYM_FREE_CLASS))
            u->cells[u->ncells + u->nfree++] = sc->syms[i].name;
    qsort(u->cells + u->ncells, u->nfree, sizeof *u->cells, by_name);
}

/* `f.<locals>.g`, `C.m`; a name declared global stands alone. */
static OuText *qualified(OuGen *g, OuGenUnit *u)
{
    OuGenUnit *up = u->outer;
    if (!up || up->kind == OU_UNIT_MODULE)
        return u->name;
    bool function = up->kind == OU_UNIT_FUNCTION || up->kind == OU_UNIT_ASYNC || up->kind == OU_UNIT_LAMBDA;
    if (u->kind == OU_UNIT_FUNCTION || u->kind == OU_UNIT_ASYNC || u->kind == OU_UNIT_CLASS) {
        OuText *name = ou_scope_mangle(g->p, up->cls, u->name);
        OuSymbol *sym = name ? ou_scope_find(up->scope, name) : NULL;
        if (sym && sym->scope == OU_NAME_GLOBAL_EXPLICIT)
            return u->name;
    }
    const char *mid = function ? ".<locals>." : ".";
    size_t n = up->qualname->len + strlen(mid) + u->name->len;
    char *buf = ou_mem_alloc(g->p->mem, n + 1);
    if (!buf) {
        ou_gen_no_memory(g);
        return u->name;
    }
    snprintf(buf, n + 1, "%s%s%s", up->qualname->s, mid, u->name->s);
    OuText *t = ou_parse_name(g->p, buf, n);
    ou_mem_free(g->p->mem, buf, n + 1);
    if (!t)
        ou_gen_no_memory(g);
    return t ? t : u->name;
}

void ou_gen_enter(OuGen *g, OuText *name, OuUnitKind kind, OuNode *node, int firstlineno)
{
    OuGenUnit *u = ou_mem_calloc(g->p->mem, sizeof *u);
    if (!u) {
        ou_gen_no_memory(g);
        g->unentered++;
        return;
    }
    u->outer = g->u;
    u->name = name;
    u->kind = kind;
    u->scope = ou_scope_of(&g->scopes, node);
    u->firstlineno = firstlineno;
    u->loc = (OuLoc){firstlineno, firstlineno, 0, 0};
    u->cls = g->u ? g->u->cls : NULL;
    g->u = u;
    u->qualname = qualified(g, u);
    u->nlabels = u->nhandlers = 1; /* 0 means none */
    if (GROW(g, u->labels, u->nlabels, u->caplabels) && GROW(g, u->handlers, u->nhandlers, u->caphandlers))
        u->labels[0] = UINT32_MAX;
    number_variables(g, u);
}

static void drop_unit(OuGen *g)
{
    OuGenUnit *u = g->u;
    OuMem *m = g->p->mem;
    g->u = u->outer;
    ou_mem_free(m, u->ins, u->capins * sizeof *u->ins);
    ou_mem_free(m, u->labels, u->caplabels * sizeof *u->labels);
    ou_mem_free(m, u->handlers, u->caphandlers * sizeof *u->handlers);
    ou_mem_free(m, u->consts, u->capconsts * sizeof *u->consts);
    ou_mem_free(m, u->const_slots, u->nconst_slots * sizeof *u->const_slots);
    ou_mem_free(m, u->names, u->capnames * sizeof *u->names);
    ou_mem_free(m, u->locals, u->caplocals * sizeof *u->locals);
    ou_mem_free(m, u, sizeof *u);
}

OuUnit *ou_gen_leave(OuGen *g)
{
    OuUnit *unit = NULL;
    if (g->unentered) {
        g->unentered--;
        return NULL;
    }
    if (!ou_gen_failed(g))
        ou_flow_run(g);
    if (!ou_gen_failed(g))
        unit = ou_assemble_unit(g);
    drop_unit(g);
    return unit;
}

void ou_gen_prologue(OuGen *g)
{
    OuGenUnit *u = g->u;
    OuLoc loc = u->loc;
    ou_gen_at_none(g);
    if (u->nfree)
        ou_gen_emit(g, OU_OP_COPY_FREE_VARS, 0, u->nfree, 0, 0);
    for (uint32_t i = 0; i < u->scope->nparams; i++)
        if (ou_scope_find(u->scope, u->scope->params[i])->scope == OU_NAME_CELL)
            ou_gen_emit(g, OU_OP_MAKE_CELL, 0,
                        ou_gen_variable(g, ou_scope_find(u->scope, u->scope->params[i])), 0, 0);
    for (uint32_t i = 0; i < u->ncells; i++)
        ou_gen_emit(g, OU_OP_MAKE_CELL, 0, OU_R_CELL | i, 0, 0);
    u->loc = (OuLoc){u->firstlineno, u->firstlineno, -1, -1};
    if (u->flags & (OU_CO_GENERATOR | OU_CO_COROUTINE | OU_CO_ASYNC_GENERATOR))
        ou_gen_emit(g, OU_OP_RETURN_GENERATOR, 0, 0, 0, 0);
    u->loc = (OuLoc){u->kind == OU_UNIT_MODULE ? 0 : u->firstlineno, u->firstlineno, 0, 0};
    ou_gen_emit(g, OU_OP_RESUME, 0, 0, 0, 0);
    u->loc = loc;
}

/* ---- instructions ---- */
enum { KB = 1, KC = 2, TA = 4 }; /* B, C stay although temporaries; A is read and may be emptied */
static const uint8_t consume[OU_OP_COUNT] = {
    [OU_OP_MOVE] = KB,
    [OU_OP_TAKE] = KB,
    [OU_OP_LOAD_DEREF] = KB,
    [OU_OP_LOAD_CLASSDEREF] = KB,
    [OU_OP_FOR_ITER] = KB | KC,
    [OU_OP_SEND] = KB,
    [OU_OP_GET_ANEXT] = KB,
    [OU_OP_END_ASYNC_FOR] = KB,
    [OU_OP_WITH_EXIT] = KB,
    [OU_OP_WITH_EXCEPT_START] = KB | KC,
    [OU_OP_JEXC_NOMATCH] = KB,
    [OU_OP_CHECK_EG_MATCH] = KB,
    [OU_OP_IMPORT_FROM] = KB,
    [OU_OP_GET_LEN] = KB,
    [OU_OP_MATCH_SEQUENCE] = KB,
    [OU_OP_MATCH_MAPPING] = KB,
    [OU_OP_MATCH_KEYS] = KB | KC,
    [OU_OP_COPY_DICT_WITHOUT] = KB | KC,
    [OU_OP_DICT_MERGE] = KC,
    [OU_OP_YIELD] = KC,
    [OU_OP_CALL] = KC,
    [OU_OP_CALL_KW] = KC,
    [OU_OP_CALL_EX] = KC,
    [OU_OP_STORE_GLOBAL] = TA,
    [OU_OP_STORE_NAME] = TA,
    [OU_OP_STORE_ATTR] = TA,
    [OU_OP_SETITEM] = TA,
    [OU_OP_JUMP_IF_FALSE] = TA,
    [OU_OP_JUMP_IF_TRUE] = TA,
    [OU_OP_RETURN] = TA,
    [OU_OP_RERAISE] = TA,
};

static bool is_operand(char letter)
{
    return letter == 'o' || letter == 'r';
}

/* A constant whose index no 16-bit operand holds, in a temporary above all others. */
static OuReg narrow_const(OuGen *g, char letter, OuReg r)
{
    if (letter != 'o' || !ou_reg_is_const(r) || (r & OU_R_INDEX) < OU_NARROW_CONSTS)
        return r;
    OuReg t = OU_R_TEMP | g->u->max_top++;
    ou_gen_loadk(g, t, r);
    return t;
}

OuIns *ou_gen_emit(OuGen *g, OuOp op, unsigned aux, OuReg a, OuReg b, OuReg c)
{
    OuGenUnit *u = g->u;
    b = narrow_const(g, ou_opcode_row[op].operands[1], b);
    c = narrow_const(g, ou_opcode_row[op].operands[2], c);
    if (ou_gen_failed(g) || !GROW(g, u->ins, u->nins, u->capins))
        return &g->scratch;
    const char *form = ou_opcode_row[op].operands;
    uint8_t rule = consume[op];
    if (is_operand(form[1])) {
        if (ou_reg_is_const(b))
            aux |= OU_AUX_B_CONST;
        else if (ou_reg_is_temp(b) && !(rule & KB) && !(aux & OU_GEN_KEEP_B))
            aux |= OU_AUX_B_TAKE;
    }
    if (is_operand(form[2])) {
        if (ou_reg_is_const(c))
            aux |= OU_AUX_C_CONST;
        else if (ou_reg_is_temp(c) && !(rule & KC) && !(aux & OU_GEN_KEEP_C))
            aux |= OU_AUX_C_TAKE;
    }
    if ((rule & TA) && ou_reg_is_temp(a) && !(aux & OU_GEN_KEEP_A))
        aux |= OU_AUX_A_TAKE;
    const OuReg operands[3] = {b, c, a};
    const char letters[3] = {form[1], form[2], form[0]};
    for (int k = 0; k < 3; k++) { /* the destination is numbered after what it is made from */
        if (!strchr("drot", letters[k]))
            continue;
        if (ou_reg_is_local(operands[k]))
            number_local(g, &u->scope->syms[operands[k]]);
        else if (ou_reg_is_temp(operands[k]) && (operands[k] & OU_R_INDEX) >= u->max_top)
            u->max_top = (operands[k] & OU_R_INDEX) + 1; /* an empty run at the top has a base all the same */
    }
    OuIns *i = &u->ins[u->nins++];
    *i = (OuIns){
        .op = (uint8_t)op, .aux = (uint8_t)aux, .a = a, .b = b, .c = c, .handler = u->handler, .loc = u->loc};
    return i;
}

OuIns *ou_gen_jump(OuGen *g, OuOp op, unsigned aux, OuReg a, OuReg b, OuReg c, OuLabel to)
{
    OuIns *i = ou_gen_emit(g, op, aux, a, b, c);
    i->label = to;
    return i;
}

void ou_gen_goto(OuGen *g, OuLabel to)
{
    ou_gen_jump(g, OU_OP_JUMP, 0, 0, 0, 0, to);
}

OuLabel ou_gen_label(OuGen *g)
{
    OuGenUnit *u = g->u;
    if (!GROW(g, u->labels, u->nlabels, u->caplabels))
        return 0;
    u->labels[u->nlabels] = UINT32_MAX;
    return u->nlabels++;
}

void ou_gen_place(OuGen *g, OuLabel l)
{
    if (!ou_gen_failed(g))
        g->u->labels[l] = g->u->nins;
}

uint32_t ou_gen_handler(OuGen *g, OuLabel l, OuReg height)
{
    OuGenUnit *u = g->u;
    if (!GROW(g, u->handlers, u->nhandlers, u->caphandlers))
        return 0;
    u->handlers[u->nhandlers] = (OuHandler){.label = l, .height = height & OU_R_INDEX};
    return u->nhandlers++;
}

OuIns *ou_gen_line(OuGen *g)
{
    return ou_gen_emit(g, OU_OP_NOP, 0, 0, 0, 0);
}

void ou_gen_mark(OuGen *g, const OuNode *n)
{
    OuLoc *loc = &g->u->loc;
    if (n->lineno == loc->lineno && loc->end_lineno == loc->lineno)
        return;
    OuIns *i = ou_gen_line(g);
    i->mark = true;
    i->loc = (OuLoc){n->lineno, n->lineno, -1, -1};
}

OuReg ou_gen_push(OuGen *g, uint32_t n)
{
    OuGenUnit *u = g->u;
    OuReg r = OU_R_TEMP | u->top;
    u->top += n;
    if (u->top > u->max_top)
        u->max_top = u->top;
    if (u->top > 60000)
        too_many(g, "temporaries");
    return r;
}

/* ---- constants and names ---- */
static bool const_equal(const OuConst *a, const OuConst *b)
{
    if (a->kind != b->kind)
        return false;
    switch ((OuConstKind)a->kind) {
    case OU_K_NONE:
    case OU_K_TRUE:
    case OU_K_FALSE:
    case OU_K_ELLIPSIS:
        return true;
    case OU_K_INT:
        return a->i == b->i;
    case OU_K_FLOAT:
        return !memcmp(&a->f, &b->f, sizeof a->f);
    case OU_K_COMPLEX:
        return !memcmp(&a->f, &b->f, sizeof a->f) && !memcmp(&a->imag, &b->imag, sizeof a->imag);
    case OU_K_BIGINT:
        if (a->base != b->base || a->negative != b->negative)
            return false; /* fall through */
    case OU_K_STR:
    case OU_K_BYTES:
        return a->text == b->text ||
               (a->text->len == b->text->len && !memcmp(a->text->s, b->text->s, a->text->len));
    case OU_K_TUPLE:
    case OU_K_FROZENSET:
        if (a->n != b->n)
            return false;
        for (uint32_t i = 0; i < a->n; i++)
            if (!const_equal(&a->items[i], &b->items[i]))
                return false;
        return true;
    case OU_K_CODE:
        return a->unit == b->unit;
    case OU_K_OBJECT:
        return a->any == b->any;
    }
    return false;
}

static uint64_t const_hash(const OuConst *k)
{
    uint64_t h = k->kind * OU_GOLDEN, x = 0;
    switch ((OuConstKind)k->kind) {
    case OU_K_INT:
        x = (uint64_t)k->i;
        break;
    case OU_K_COMPLEX:
        memcpy(&x, &k->imag, sizeof x);
        h ^= x * 31; /* fall through */
    case OU_K_FLOAT:
        memcpy(&x, &k->f, sizeof x);
        break;
    case OU_K_BIGINT:
    case OU_K_STR:
    case OU_K_BYTES:
        x = k->text->len;
        for (uint32_t i = 0; i < k->text->len && i < 64; i++)
            x = (x ^ (unsigned char)k->text->s[i]) * 0x100000001b3u;
        break;
    case OU_K_TUPLE:
    case OU_K_FROZENSET:
        for (uint32_t i = 0; i < k->n && i < 64; i++)
            x = x * 31 + const_hash(&k->items[i]);
        break;
    case OU_K_CODE:
        x = (uintptr_t)k->unit;
        break;
    case OU_K_OBJECT:
        x = (uintptr_t)k->any;
        break;
    default:
        break;
    }
    h = (h ^ x) * 0xff51afd7ed558ccdu;
    return h ^ (h >> 32);
}

static void rehash_consts(OuGen *g, OuGenUnit *u)
{
    uint32_t size = u->nconst_slots ? u->nconst_slots * 2 : 32;
    uint32_t *slots = ou_mem_calloc(g->p->mem, size * sizeof *slots);
    if (!slots) {
        ou_gen_no_memory(g);
        return;
    }
    ou_mem_free(g->p->mem, u->const_slots, u->nconst_slots * sizeof *slots);
    u->const_slots = slots;
    u->nconst_slots = size;
    for (uint32_t i = 0; i < u->nconsts; i++) {
        uint64_t at = const_hash(&u->consts[i]);
        while (slots[at &= size - 1])
            at++;
        slots[at] = i + 1;
    }
}

OuReg ou_gen_const(OuGen *g, const OuConst *k)
{
    OuGenUnit *u = g->u;
    if (ou_gen_failed(g))
        return OU_R_CONST;
    if (u->nconsts * 2 >= u->nconst_slots)
        rehash_consts(g, u);
    if (ou_gen_failed(g) || !GROW(g, u->consts, u->nconsts, u->capconsts))
        return OU_R_CONST;
    OuConst wide = *k;
    if (k->kind == OU_K_BIGINT) {
        k = &wide;
        if (ou_fold_normal(g->p, &wide) < 0)
            ou_gen_no_memory(g);
    }
    uint64_t at = const_hash(k);
    for (; u->const_slots[at &= u->nconst_slots - 1]; at++)
        if (const_equal(&u->consts[u->const_slots[at] - 1], k))
            return OU_R_CONST | (u->const_slots[at] - 1);
    u->const_slots[at] = u->nconsts + 1;
    u->consts[u->nconsts] = *k;
    return OU_R_CONST | u->nconsts++;
}

OuReg ou_gen_const_kind(OuGen *g, OuConstKind kind)
{
    return ou_gen_const(g, &(OuConst){.kind = (uint8_t)kind});
}

OuReg ou_gen_const_text(OuGen *g, OuText *t)
{
    return ou_gen_const(g, &(OuConst){.kind = OU_K_STR, .text = t});
}

OuReg ou_gen_const_int(OuGen *g, int64_t i)
{
    return ou_gen_const(g, &(OuConst){.kind = OU_K_INT, .i = i});
}

OuReg ou_gen_const_names(OuGen *g, OuText **names, uint32_t n)
{
    OuConst *items = ou_arena_alloc(g->p->arena, (n + 1) * sizeof *items);
    if (!items) {
        ou_gen_no_memory(g);
        return OU_R_CONST;
    }
    for (uint32_t i = 0; i < n; i++)
        items[i] = (OuConst){.kind = OU_K_STR, .text = names[i]};
    return ou_gen_const(g, &(OuConst){.kind = OU_K_TUPLE, .n = n, .items = items});
}

void ou_gen_loadk(OuGen *g, OuReg dst, OuReg k)
{
    ou_gen_emit(g, OU_OP_LOADK, 0, dst, k & OU_R_INDEX, 0);
}

uint32_t ou_gen_name_index(OuGen *g, OuText *name)
{
    OuGenUnit *u = g->u;
    int64_t at = ou_keymap_get(&u->name_index, name);
    if (at >= 0)
        return (uint32_t)at;
    if (ou_gen_failed(g) || !GROW(g, u->names, u->nnames, u->capnames))
        return 0;
    if (ou_keymap_put(&u->name_index, g->p->arena, name, u->nnames) < 0)
        ou_gen_no_memory(g);
    u->names[u->nnames] = name;
    return u->nnames++;
}

OuReg ou_gen_cell(OuGen *g, OuText *name)
{
    OuGenUnit *u = g->u;
    OuSymbol *sym = ou_scope_find(u->scope, name);
    if (sym && sym->reg >= 0 && sym->scope == OU_NAME_CELL)
        return ou_gen_variable(g, sym);
    for (uint32_t i = 0; u->cells && i < u->ncells + u->nfree; i++)
        if (u->cells[i] == name)
            return OU_R_CELL | i;
    ou_gen_error(g, NULL, "no cell for '%s'", name->s);
    return OU_R_CELL;
}

/* ---- the whole ---- */
static OuUnit *compile_module(OuGen *g, OuNode *mod)
{
    ou_gen_enter(g, ou_gen_text(g, "<module>"), OU_UNIT_MODULE, mod, 1);
    if (!g->u)
        return NULL;
    g->u->flags = ou_gen_flags(g);
    if (g->c->top_level_await && g->u->scope && g->u->scope->coroutine)
        g->u->flags |= OU_CO_COROUTINE;
    ou_gen_prologue(g);
    ou_gen_at_none(g);
    switch (mod->kind) {
    case AST_Module: {
        OuSeq body = AST(Module, mod)->body;
        OuText *doc = ou_gen_docstring(body);
        ou_gen_setup_annotations(g, body);
        if (doc && g->c->optimize < 2) {
            ou_gen_at(g, body.at[0]);
            ou_gen_store_name(g, ou_gen_text(g, "__doc__"), ou_gen_const_text(g, doc), 0);
        }
        if (doc)
            body.at++, body.n--;
        ou_gen_body(g, body);
        break;
    }
    case AST_Interactive:
        ou_gen_setup_annotations(g, AST(Interactive, mod)->body);
        g->interactive = 1;
        ou_gen_body(g, AST(Interactive, mod)->body);
        break;
    case AST_Expression: {
        OuReg r = ou_gen_register(g, AST(Expression, mod)->body, true);
        ou_gen_emit(g, OU_OP_RETURN, 0, r, 0, 0);
        return ou_gen_leave(g);
    }
    default:
        ou_gen_error(g, NULL, "module node expected");
        break;
    }
    ou_gen_at_none(g);
    ou_gen_emit(g, OU_OP_RETURNK, 0, 0, ou_gen_const_kind(g, OU_K_NONE) & OU_R_INDEX, 0);
    return ou_gen_leave(g);
}

OuUnit *ou_compile(OuCompile *c, OuNode *mod)
{
    OuGen g = {.c = c, .p = c->parse, .empty = ou_parse_name(c->parse, "", 0)};
    if (!g.empty) {
        ou_gen_no_memory(&g);
        return NULL;
    }
    if (ou_future_scan(c->parse, mod, &c->future, &g.future_line) < 0 ||
        ou_fold_tree(c->parse, mod, c->optimize, c->future) < 0 ||
        ou_scope_build(&g.scopes, c->parse, mod, c->future) < 0)
        return NULL;
    g.future = c->future;
    OuUnit *unit = compile_module(&g, mod);
    while (g.u)
        drop_unit(&g);
    return ou_gen_failed(&g) ? NULL : unit;
}
