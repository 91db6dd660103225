/* lang/flow.h - what flow.c and bound.c share. */
#ifndef OU_LANG_FLOW_H
#define OU_LANG_FLOW_H

#include "codegen.h"

/* Index of the first live instruction from i on, or nins. */
uint32_t ou_flow_live(const OuGenUnit *u, uint32_t i);
/* Drops the CHECKs of locals that are bound on every way. */
void ou_flow_bound(OuGen *g);

#endif
