/* lang/verify.c - operands, jumps and exception ranges against the rows of lang/opcodes.def. */
#include "opcode.h"
#include "verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Verify {
    const OuUnit *u;
    uint8_t *start; /* bit 0: an instruction starts here */
    char *why;
    size_t size;
} Verify;

static int bad(Verify *v, uint32_t at, const char *what)
{
    snprintf(v->why, v->size, "%s: unit %u: %s", v->u->qualname->s, at, what);
    return -1;
}

static int operand(Verify *v, uint32_t at, char letter, uint32_t x, bool constant)
{
    const OuUnit *u = v->u;
    switch (letter) {
    case 'd':
    case 'r':
    case 't':
    case 'o':
        return x < (constant ? u->nconsts : u->nregs) ? 0 : bad(v, at, constant ? "constant" : "register");
    case 'n':
    case 'N':
        return x < u->nnames ? 0 : bad(v, at, "name");
    case 'k':
    case 'K':
        return x < u->nconsts ? 0 : bad(v, at, "constant");
    default:
        return 0;
    }
}

static int jump(Verify *v, uint32_t at, uint32_t next, int32_t distance)
{
    int64_t to = (int64_t)next + distance;
    if (to < 0 || to >= v->u->ncode || !v->start[to])
        return bad(v, at, "jump target");
    return 0;
}

static int instruction(Verify *v, uint32_t at)
{
    uint64_t w = v->u->code[at];
    unsigned op = OU_INSTR_OP(w), aux = OU_INSTR_AUX(w);
    const char *form = ou_opcode_row[op].operands;
    uint32_t next = at + 1 + ou_opcode_row[op].ext;
    char b = form[1], c = form[2];
    /* operands a form of the instruction does not use */
    if (op == OU_OP_RAISE) {
        b = OU_INSTR_A(w) >= 1 ? b : '-';
        c = OU_INSTR_A(w) >= 2 ? c : '-';
    } else if (op == OU_OP_FOR_ITER ||
               ((op == OU_OP_YIELD || op == OU_OP_FORMAT) && !(aux & OU_AUX_INPLACE))) {
        c = '-';
    }
    bool consts = form[1] == 'o' || form[2] == 'o';
    if (operand(v, at, form[0], OU_INSTR_A(w), false) < 0)
        return -1;
    if (op == OU_OP_UNPACK_VARS && OU_INSTR_A(w) + OU_INSTR_C(w) > v->u->nlocals)
        return bad(v, at, "variables");
    if (form[1] == 'j') {
        if (jump(v, at, next, OU_INSTR_BC(w)) < 0)
            return -1;
    } else if (form[1] == 'N' || form[1] == 'K') {
        if (operand(v, at, form[1], (uint32_t)OU_INSTR_BC(w), false) < 0)
            return -1;
    } else if (operand(v, at, b, OU_INSTR_B(w), consts && (aux & OU_AUX_B_CONST)) < 0 ||
               operand(v, at, c, OU_INSTR_C(w), consts && (aux & OU_AUX_C_CONST)) < 0) {
        return -1;
    }
    if (ou_opcode_row[op].ext_jump && jump(v, at, next, (int32_t)(uint32_t)v->u->code[at + 1]) < 0)
        return -1;
    return 0;
}

static int exceptions(Verify *v)
{
    const OuUnit *u = v->u;
    uint32_t before = 0;
    for (uint32_t i = 0; i < u->nexc; i++) {
        const OuExcEntry *e = &u->exc[i];
        if (e->start < before || e->end <= e->start || e->end > u->ncode || !v->start[e->start])
            return bad(v, e->start, "exception range");
        if (e->target >= u->ncode || !v->start[e->target])
            return bad(v, e->start, "handler");
        if (e->height < u->nvars || e->height >= u->nregs)
            return bad(v, e->start, "handler's height");
        before = e->end;
    }
    return 0;
}

static int code(Verify *v)
{
    const OuUnit *u = v->u;
    uint32_t at = 0, last = OU_OP_NOP;
    while (at < u->ncode) {
        last = OU_INSTR_OP(u->code[at]);
        if (last >= OU_OP_COUNT)
            return bad(v, at, "opcode");
        v->start[at] = 1;
        at += 1u + ou_opcode_row[last].ext;
    }
    if (at != u->ncode)
        return bad(v, at, "length");
    if (!ou_opcode_ends(last))
        return bad(v, at, "runs off the end");
    for (at = 0; at < u->ncode; at += ou_opcode_length(u->code[at]))
        if (instruction(v, at) < 0)
            return -1;
    return exceptions(v) < 0 ? -1 : ou_verify_temps(u, NULL, v->why, v->size);
}

int ou_verify_unit(const OuUnit *u, char *why, size_t size)
{
    Verify v = {.u = u, .why = why, .size = size, .start = calloc(u->ncode + 1, 1)};
    if (!v.start) {
        snprintf(why, size, "out of memory");
        return -1;
    }
    int r = code(&v);
    free(v.start);
    for (uint32_t i = 0; i < u->nconsts && r == 0; i++)
        if (u->consts[i].kind == OU_K_CODE)
            r = ou_verify_unit(u->consts[i].unit, why, size);
    return r;
}

int ou_verify_kinds(const OuUnit *u, uint8_t *rows)
{
    char why[200];
    memset(rows, OU_TEMP_UNREACHED, (size_t)u->ncode * (u->nregs - u->nvars));
    return ou_verify_temps(u, rows, why, sizeof why);
}
