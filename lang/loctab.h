/* lang/loctab.h - writing the packed positions that lang/unit.h reads. */
#ifndef OU_LANG_LOCTAB_H
#define OU_LANG_LOCTAB_H

#include "unit.h"

#define OU_LOC_ROW_MAX 32 /* bytes one row takes at most */
/* Appends a row of `units` >= 1 units at `to`; *line is the line of the row before (first: firstlineno).
 * Returns its length. */
size_t ou_loc_pack(uint8_t *to, int *line, OuLoc loc, uint32_t units);

#endif
