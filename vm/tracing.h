/* vm/tracing.h - allocation tracing as tracemalloc needs it (vm/tracing.c). */
#ifndef OU_VM_TRACING_H
#define OU_VM_TRACING_H

#include "gc/trace.h"
#include "vm.h"

/* Traces blocks allocated from now on, with up to nframe frames each (1..65535).  0/-1 with MemoryError. */
int ou_tracing_start(OuVM *vm, int nframe);
void ou_tracing_stop(OuVM *vm);
/* The frames of a traceback: new tuple of (filename, line) pairs, newest first; out: depth of the whole
 * stack. */
OuObj *ou_tracing_frames(OuVM *vm, uint32_t traceback, int *total);
/* Where o's own block was allocated, as above; None if unknown. */
OuObj *ou_tracing_of_object(OuVM *vm, OuObj *o);
/* List of (domain, size, frames, total) for all records. */
OuObj *ou_tracing_list(OuVM *vm);

#endif
