/* lang/dis.h - text of a code unit, for -X dis and the golden tests. */
#ifndef OU_LANG_DIS_H
#define OU_LANG_DIS_H

#include <stdio.h>

#include "unit.h"

/* Prints unit and the units among its constants. */
void ou_dis_print(const OuUnit *unit, FILE *out);

#endif
