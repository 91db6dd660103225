/* lang/dis.h - text of a code unit, for -X dis and the golden tests. */
#ifndef OU_LANG_DIS_H
#define OU_LANG_DIS_H

#include <stdio.h>

#include "unit.h"

/* Units of the instruction that starts with word w. */
uint32_t ou_dis_length(uint64_t w);
extern const char *const ou_dis_opcode_names[OU_OP_COUNT];

/* Prints unit and the units among its constants. */
void ou_dis_print(const OuUnit *unit, FILE *out);

#endif
