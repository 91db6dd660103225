/* lang/verify.h - is a code unit sound?  Asked by debug builds and when code comes from a cache. */
#ifndef OU_LANG_VERIFY_H
#define OU_LANG_VERIFY_H

#include "unit.h"

/* 0, or -1 with the reason in why[0..size).  Looks at the units among the constants too. */
int ou_verify_unit(const OuUnit *u, char *why, size_t size);
/* The part of it that follows the temporaries (verify_temps.c); forms, exts, extjumps: columns of the opcode table. */
int ou_verify_temps(const OuUnit *u, const char *const *forms, const uint8_t *exts, const bool *extjumps, char *why,
                    size_t size);

#endif
