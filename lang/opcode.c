/* lang/opcode.c - see opcode.h. */
#include "opcode.h"

const OuOpRow ou_opcode_row[OU_OP_COUNT] = {
#define OP(name, operands, ext) [OU_OP_##name] = {#name, operands, ext, false},
#define OPJ(name, operands, ext) [OU_OP_##name] = {#name, operands, ext, true},
#define OPS(name, base, operands, ext) [OU_OP_##name] = {#name, operands, ext, false},
#include "opcodes.def"
#undef OP
#undef OPJ
#undef OPS
};
