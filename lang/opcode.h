/* lang/opcode.h - the rows of lang/opcodes.def as a table: names, operand letters, following units. */
#ifndef OU_LANG_OPCODE_H
#define OU_LANG_OPCODE_H

#include "unit.h"

typedef struct OuOpRow {
    const char *name;
    const char *operands; /* three letters, see lang/opcodes.def */
    uint8_t ext;          /* units that follow the first */
    bool ext_jump;        /* the first of them holds a jump */
} OuOpRow;
extern const OuOpRow ou_opcode_row[OU_OP_COUNT];

/* Units of the instruction that starts with word w. */
static inline uint32_t ou_opcode_length(uint64_t w)
{
    return 1u + ou_opcode_row[OU_INSTR_OP(w)].ext;
}

/* No instruction is reached by falling through this one. */
static inline bool ou_opcode_ends(unsigned op)
{
    return op == OU_OP_JUMP || op == OU_OP_JUMP_BACK || op == OU_OP_RETURN || op == OU_OP_RETURNK ||
           op == OU_OP_RAISE || op == OU_OP_RERAISE;
}

#endif
