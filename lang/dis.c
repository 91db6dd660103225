/* lang/dis.c - disassembler, from the rows of lang/opcodes.def.
 *
 * One instruction a line:   line  unit  NAME  operands   ; jump target, names and constants in clear.
 * Registers are written x (variable), %n (temporary); a ! behind an operand: it is emptied. */
#include "dis.h"
#include "opcode.h"

#include <inttypes.h>

static void print_text(const OuText *t, FILE *out)
{
    for (uint32_t i = 0; i < t->len && i < 60; i++) {
        unsigned char c = (unsigned char)t->s[i];
        if (c == '\n')
            fputs("\\n", out);
        else if (c < 32 || c == 127)
            fprintf(out, "\\x%02x", c);
        else
            fputc(c, out);
    }
    if (t->len > 60)
        fputs("...", out);
}

static void print_const(const OuConst *k, FILE *out)
{
    switch ((OuConstKind)k->kind) {
    case OU_K_NONE:
        fputs("None", out);
        break;
    case OU_K_TRUE:
        fputs("True", out);
        break;
    case OU_K_FALSE:
        fputs("False", out);
        break;
    case OU_K_ELLIPSIS:
        fputs("...", out);
        break;
    case OU_K_INT:
        fprintf(out, "%" PRId64, k->i);
        break;
    case OU_K_BIGINT:
        fputs(k->negative ? "-" : "", out);
        fputs(k->base == 16 ? "0x" : k->base == 8 ? "0o" : k->base == 2 ? "0b" : "", out);
        print_text(k->text, out);
        break;
    case OU_K_FLOAT:
        fprintf(out, "%.17g", k->f);
        break;
    case OU_K_COMPLEX:
        fprintf(out, "(%.17g%+.17gj)", k->f, k->imag);
        break;
    case OU_K_STR:
    case OU_K_BYTES:
        fputs(k->kind == OU_K_BYTES ? "b'" : "'", out);
        print_text(k->text, out);
        fputc('\'', out);
        break;
    case OU_K_TUPLE:
    case OU_K_FROZENSET:
        fputs(k->kind == OU_K_TUPLE ? "(" : "frozenset({", out);
        for (uint32_t i = 0; i < k->n && i < 12; i++) {
            fputs(i ? ", " : "", out);
            print_const(&k->items[i], out);
        }
        fputs(k->n > 12 ? ", ..." : k->n == 1 && k->kind == OU_K_TUPLE ? "," : "", out);
        fputs(k->kind == OU_K_TUPLE ? ")" : "})", out);
        break;
    case OU_K_CODE:
        fprintf(out, "<code %s>", k->unit->qualname->s);
        break;
    case OU_K_OBJECT:
        fputs("<object>", out);
        break;
    }
}

static void print_register(const OuUnit *u, unsigned r, FILE *out)
{
    if (r < u->nvars)
        fputs(u->var_names[r]->s, out);
    else
        fprintf(out, "%%%u", r - u->nvars);
}

static void print_operand(const OuUnit *u, char letter, unsigned x, bool constant, bool emptied, FILE *out)
{
    fputc(' ', out);
    switch (letter) {
    case 'n':
        fprintf(out, ".%s", x < u->nnames ? u->names[x]->s : "?");
        break;
    case 'k':
        constant = true; /* fall through */
    case 'd':
    case 'r':
    case 'o':
    case 't':
        if (constant && x < u->nconsts)
            print_const(&u->consts[x], out);
        else
            print_register(u, x, out);
        if (emptied)
            fputc('!', out);
        break;
    default:
        fprintf(out, "#%u", x);
        break;
    }
}

static void print_instruction(const OuUnit *u, uint32_t at, FILE *out)
{
    static const char *const compare[] = {"", "<", "==", "<=", ">", "!=", ">=", ""};
    uint64_t w = u->code[at];
    unsigned op = OU_INSTR_OP(w), aux = OU_INSTR_AUX(w);
    const char *form = ou_opcode_row[op].operands;
    fprintf(out, "%s", ou_opcode_row[op].name);
    if (op == OU_OP_COMPARE || op == OU_OP_JCOMPARE)
        fprintf(out, "(%s)", compare[aux >> OU_AUX_CMP_SHIFT & 7]);
    else if (op == OU_OP_MAKE_FUNCTION)
        fprintf(out, "(%u)", aux);
    else if (aux & OU_AUX_INPLACE)
        fputs("(*)", out);
    bool operands = op != OU_OP_MAKE_FUNCTION;
    bool a_take = (aux & OU_AUX_A_TAKE) && form[0] == 'r' && op != OU_OP_FORMAT;
    if (form[0] != '-')
        print_operand(u, form[0], OU_INSTR_A(w), false, a_take, out);
    if (form[1] == 'N')
        print_operand(u, 'n', (uint32_t)OU_INSTR_BC(w), false, false, out);
    else if (form[1] == 'K')
        print_operand(u, 'k', (uint32_t)OU_INSTR_BC(w), true, false, out);
    else if (form[1] == 'j')
        fprintf(out, " -> %u", at + 1 + ou_opcode_row[op].ext + (uint32_t)OU_INSTR_BC(w));
    else {
        if (form[1] != '-')
            print_operand(u, form[1], OU_INSTR_B(w), operands && (aux & OU_AUX_B_CONST),
                          operands && (aux & OU_AUX_B_TAKE), out);
        if (form[2] != '-')
            print_operand(u, form[2], OU_INSTR_C(w), operands && (aux & OU_AUX_C_CONST),
                          operands && (aux & OU_AUX_C_TAKE), out);
    }
    if (ou_opcode_row[op].ext_jump)
        fprintf(out, " -> %u", at + 1 + ou_opcode_row[op].ext + (uint32_t)u->code[at + 1]);
    if (op == OU_OP_CALL_KW) {
        fputs("  names ", out);
        print_const(&u->consts[(uint32_t)u->code[at + 1]], out);
    }
    fputc('\n', out);
}

void ou_dis_print(const OuUnit *u, FILE *out)
{
    fprintf(out, "%s: args %u+%u", u->qualname->s, u->argcount, u->kwonlyargcount);
    fprintf(out, " flags 0x%x locals %u vars %u regs %u line %d\n", u->flags, u->nlocals, u->nvars, u->nregs,
            u->firstlineno);
    int line = -2;
    for (uint32_t at = 0; at < u->ncode; at += ou_opcode_length(u->code[at])) {
        OuLoc loc = ou_loc_find(u->locs, u->nlocs, u->firstlineno, at);
        if (loc.lineno != line && loc.lineno >= 0)
            fprintf(out, "%4d ", loc.lineno);
        else
            fputs(loc.lineno < 0 ? "   - " : "     ", out);
        line = loc.lineno;
        fprintf(out, "%5u  ", at);
        print_instruction(u, at, out);
    }
    for (uint32_t i = 0; i < u->nexc; i++)
        fprintf(out, "  exception %u..%u -> %u height %%%u\n", u->exc[i].start, u->exc[i].end,
                u->exc[i].target, u->exc[i].height - u->nvars);
    for (uint32_t i = 0; i < u->nconsts; i++)
        if (u->consts[i].kind == OU_K_CODE) {
            fputc('\n', out);
            ou_dis_print(u->consts[i].unit, out);
        }
}
