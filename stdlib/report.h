/* stdlib/report.h - figures printed by -X showrefcount and -X gcstats (stdlib/report.c). */
#ifndef OU_STDLIB_REPORT_H
#define OU_STDLIB_REPORT_H

#include "cmdline.h"
#include "vm/vm.h"

/* "[N refs, M blocks]" on stderr: references held by containers, blocks in use. */
void ou_report_refcount(OuVM *vm);
/* At the end of the process, what the command line asked for. */
void ou_report_end(OuVM *vm, const OuCommand *cmd);

#endif
