/* lang/assemble.c - the instruction list becomes the published unit.
 *
 * Symbolic registers get their numbers (variables, cells and free variables, temporaries), labels their
 * distances, handlers their ranges. */
#include "codegen.h"
#include "loctab.h"

#include <string.h>

static OuReg real(const OuGenUnit *u, OuReg r)
{
    if (r == OU_R_NONE) /* operand this form does not use */
        return 0;
    if (r & OU_R_CELL)
        return u->nlocals + (r & OU_R_INDEX);
    if (r & OU_R_TEMP)
        return u->nlocals + u->ncells + u->nfree + (r & OU_R_INDEX);
    if (r & OU_R_CONST)
        return r & OU_R_INDEX;
    return (OuReg)u->scope->syms[r].reg;
}

static bool is_register(char letter)
{
    return letter == 'd' || letter == 'r' || letter == 'o' || letter == 't';
}

/* 16-bit operand, or an error. */
static uint32_t narrow(OuGen *g, const OuIns *i, int k, uint32_t x)
{
    if (is_register(ou_opcode_row[i->op].operands[k]))
        x = real(g->u, x);
    if (x > UINT16_MAX)
        ou_diag_set(&g->p->diag, g->p->arena, OU_DIAG_OVERFLOW, i->loc.lineno, i->loc.col, i->loc.end_lineno,
                    i->loc.end_col, "too many names, constants or variables in one code object");
    return x;
}

/* MAKE_FUNCTION names its code in 16 bits: beyond OU_NARROW_CONSTS, where only 32-bit forms refer to anything
 * else, the code objects move to the front. */
static void order_consts(OuGen *g)
{
    OuGenUnit *u = g->u;
    uint32_t n = u->nconsts, from = OU_NARROW_CONSTS, to = from;
    if (n <= from)
        return;
    size_t size = (n - from) * sizeof(uint32_t), bytes = (n - from) * sizeof *u->consts;
    uint32_t *moved = ou_mem_alloc(g->p->mem, size);
    OuConst *old = ou_mem_alloc(g->p->mem, bytes);
    if (!moved || !old) {
        ou_gen_no_memory(g);
        goto done;
    }
    memcpy(old, u->consts + from, bytes);
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < n - from; i++)
            if ((old[i].kind != OU_K_CODE) == pass) {
                u->consts[to] = old[i];
                moved[i] = to++;
            }
    for (uint32_t i = 0; i < u->nins; i++) {
        OuIns *ins = &u->ins[i];
        if (ou_opcode_row[ins->op].operands[1] == 'K' && ins->b >= from)
            ins->b = moved[ins->b - from];
        else if (ou_opcode_row[ins->op].operands[2] == 'k' && ins->c >= from)
            ins->c = moved[ins->c - from];
        else if (ins->op == OU_OP_CALL_KW && ins->ext >= from)
            ins->ext = moved[ins->ext - from];
    }
done:
    ou_mem_free(g->p->mem, moved, size);
    ou_mem_free(g->p->mem, old, bytes);
}

/* First unit of each instruction, in `at`; at[nins] is the length. */
static void place(const OuGenUnit *u, uint32_t *at)
{
    uint32_t unit = 0;
    for (uint32_t i = 0; i < u->nins; i++) {
        at[i] = unit;
        if (!u->ins[i].dead && !u->ins[i].mark)
            unit += 1 + ou_opcode_row[u->ins[i].op].ext;
    }
    at[u->nins] = unit;
}

static void encode(OuGen *g, const OuIns *i, const uint32_t *at, uint32_t next, uint64_t *to)
{
    OuGenUnit *u = g->u;
    const char *form = ou_opcode_row[i->op].operands;
    unsigned op = i->op;
    int32_t jump = i->label ? (int32_t)(at[u->labels[i->label]] - next) : 0;
    if (op == OU_OP_JUMP || op == OU_OP_JUMP_BACK)
        op = jump < 0 ? OU_OP_JUMP_BACK : OU_OP_JUMP;
    uint32_t a = form[0] == '-' ? 0 : narrow(g, i, 0, i->a);
    if (form[1] == 'j')
        to[0] = OU_INSTR_J(op, i->aux, a, jump);
    else if (form[1] == 'N' || form[1] == 'K')
        to[0] = OU_INSTR_J(op, i->aux, a, i->b);
    else {
        uint32_t b = form[1] == '-' ? 0 : narrow(g, i, 1, i->b),
                 c = form[2] == '-' ? 0 : narrow(g, i, 2, i->c);
        bool drop = op >= OU_OP_ADD && op <= OU_OP_INVERT &&
                    ((i->aux & OU_AUX_B_TAKE && b != a) || (i->aux & OU_AUX_C_TAKE && c != a));
        to[0] = OU_INSTR(op, i->aux | (drop ? OU_AUX_DROP : 0), a, b, c);
    }
    if (ou_opcode_row[op].ext_jump)
        to[1] = (uint32_t)jump;
    else if (ou_opcode_row[op].ext)
        to[1] = i->ext;
}

static void positions(OuGen *g, OuUnit *out)
{
    OuGenUnit *u = g->u;
    uint8_t *buf = ou_mem_alloc(g->p->mem, (size_t)(u->nins + 1) * OU_LOC_ROW_MAX);
    if (!buf) {
        ou_gen_no_memory(g);
        return;
    }
    size_t n = 0;
    int line = out->firstlineno;
    OuLoc run = {0};
    uint32_t units = 0;
    for (uint32_t i = 0; i <= u->nins; i++) {
        const OuIns *ins = i < u->nins ? &u->ins[i] : NULL;
        if (ins && ins->dead)
            continue;
        if (units && (!ins || ins->mark || memcmp(&run, &ins->loc, sizeof run))) {
            n += ou_loc_pack(buf + n, &line, run, units);
            units = 0;
        }
        if (ins && ins->mark) {
            n += ou_loc_pack(buf + n, &line, ins->loc, 0);
        } else if (ins) {
            run = ins->loc;
            units += 1u + ou_opcode_row[ins->op].ext;
        }
    }
    out->locs = ou_arena_alloc(g->p->arena, n + 1);
    if (out->locs)
        memcpy(out->locs, buf, n);
    else
        ou_gen_no_memory(g);
    out->nlocs = (uint32_t)n;
    ou_mem_free(g->p->mem, buf, (size_t)(u->nins + 1) * OU_LOC_ROW_MAX);
}

static void exceptions(OuGen *g, OuUnit *out, const uint32_t *at)
{
    OuGenUnit *u = g->u;
    uint32_t n = 0, last = 0;
    for (uint32_t i = 0; i < u->nins; i++) {
        if (u->ins[i].dead || u->ins[i].mark)
            continue;
        n += u->ins[i].handler && u->ins[i].handler != last;
        last = u->ins[i].handler;
    }
    if (!n)
        return;
    out->exc = ou_arena_alloc(g->p->arena, n * sizeof *out->exc);
    if (!out->exc) {
        ou_gen_no_memory(g);
        return;
    }
    last = 0;
    for (uint32_t i = 0; i < u->nins; i++) {
        const OuIns *ins = &u->ins[i];
        if (ins->dead || ins->mark)
            continue;
        uint32_t next = at[i] + 1 + ou_opcode_row[ins->op].ext;
        if (ins->handler && ins->handler == last) {
            out->exc[out->nexc - 1].end = next;
        } else if (ins->handler) {
            OuHandler *h = &u->handlers[ins->handler];
            out->exc[out->nexc++] = (OuExcEntry){.start = at[i],
                                                 .end = next,
                                                 .target = at[u->labels[h->label]],
                                                 .height = real(u, OU_R_TEMP | h->height)};
        }
        last = ins->handler;
    }
}

static void *copy(OuGen *g, const void *from, size_t n)
{
    void *to = ou_arena_alloc(g->p->arena, n ? n : 1);
    if (!to)
        ou_gen_no_memory(g);
    else if (n)
        memcpy(to, from, n);
    return to;
}

static void variables(OuGen *g, OuUnit *out)
{
    OuGenUnit *u = g->u;
    out->nlocals = u->nlocals;
    out->nvars = u->nlocals + u->ncells + u->nfree;
    out->nregs = out->nvars + u->max_top;
    out->var_names = ou_arena_alloc(g->p->arena, (out->nvars + 1) * sizeof *out->var_names);
    out->var_kinds = ou_arena_alloc(g->p->arena, out->nvars + 1);
    if (!out->var_names || !out->var_kinds) {
        ou_gen_no_memory(g);
        return;
    }
    for (uint32_t i = 0; i < u->nlocals; i++) {
        OuSymbol *sym = ou_scope_find(u->scope, u->locals[i]);
        out->var_names[i] = u->locals[i];
        out->var_kinds[i] = sym->scope == OU_NAME_CELL ? OU_REG_LOCAL | OU_REG_CELL : OU_REG_LOCAL;
    }
    for (uint32_t i = 0; i < u->ncells + u->nfree; i++) {
        out->var_names[u->nlocals + i] = u->cells[i];
        out->var_kinds[u->nlocals + i] = i < u->ncells ? OU_REG_CELL : OU_REG_FREE;
    }
}

OuUnit *ou_assemble_unit(OuGen *g)
{
    OuGenUnit *u = g->u;
    OuUnit *out = ou_arena_alloc(g->p->arena, sizeof *out);
    size_t size = (size_t)(u->nins + 1) * sizeof(uint32_t);
    uint32_t *at = ou_mem_alloc(g->p->mem, size);
    if (!out || !at) {
        ou_gen_no_memory(g);
        ou_mem_free(g->p->mem, at, size);
        return NULL;
    }
    order_consts(g);
    place(u, at);
    *out = (OuUnit){.name = u->name,
                    .qualname = u->qualname,
                    .flags = u->flags,
                    .argcount = u->argcount,
                    .posonlyargcount = u->posonly,
                    .kwonlyargcount = u->kwonly,
                    .firstlineno = u->firstlineno,
                    .ncode = at[u->nins],
                    .nconsts = u->nconsts,
                    .nnames = u->nnames,
                    .self_attrs = u->self_attrs.n,
                    .has_self_attrs = u->kind == OU_UNIT_CLASS || u->self_attrs.n > 0};
    out->code = ou_arena_alloc(g->p->arena, (out->ncode + 1) * sizeof *out->code);
    if (!out->code)
        ou_gen_no_memory(g);
    for (uint32_t i = 0; i < u->nins && !ou_gen_failed(g); i++)
        if (!u->ins[i].dead && !u->ins[i].mark)
            encode(g, &u->ins[i], at, at[i] + 1 + ou_opcode_row[u->ins[i].op].ext, out->code + at[i]);
    out->consts = copy(g, u->consts, u->nconsts * sizeof *u->consts);
    out->names = copy(g, u->names, u->nnames * sizeof *u->names);
    variables(g, out);
    exceptions(g, out, at);
    positions(g, out);
    ou_mem_free(g->p->mem, at, size);
    return ou_gen_failed(g) ? NULL : out;
}
