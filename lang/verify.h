/* lang/verify.h - is a code unit sound?  Asked by debug builds and when code comes from a cache. */
#ifndef OU_LANG_VERIFY_H
#define OU_LANG_VERIFY_H

#include "unit.h"

/* 0, or -1 with the reason in why[0..size).  Looks at the units among the constants too. */
int ou_verify_unit(const OuUnit *u, char *why, size_t size);
/* What a temporary holds: nothing, something, it depends on the way, an iterator being looped over, an
 * exception, the exception handled before a handler began, the __exit__ of a `with`. */
enum {
    OU_TEMP_EMPTY,
    OU_TEMP_FULL,
    OU_TEMP_UNKNOWN,
    OU_TEMP_ITER,
    OU_TEMP_EXC,
    OU_TEMP_HANDLED,
    OU_TEMP_EXIT,
    OU_TEMP_UNREACHED = 255
};
/* rows[unit * ntemps + i]: temporary i (of ntemps = nregs - nvars) before each instruction; UNREACHED where
 * none begins or no way leads.  Of u only the code, its exception ranges, nregs and nvars are read.  0, or -1
 * without memory. */
int ou_verify_kinds(const OuUnit *u, uint8_t *rows);
/* The part of it that follows the temporaries (verify_temps.c); rows: see ou_verify_kinds, or NULL. */
int ou_verify_temps(const OuUnit *u, uint8_t *rows, char *why, size_t size);

#endif
