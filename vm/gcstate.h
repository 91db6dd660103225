/* vm/gcstate.h - what the collector's hooks and the tracer keep in the VM (vm/gcstate.c). */
#ifndef OU_VM_GCSTATE_H
#define OU_VM_GCSTATE_H

#include "vm.h"

typedef struct OuGcState {
    OuObj *garbage, *callbacks;    /* the lists gc.garbage and gc.callbacks */
    struct OuFrame **trace_frames; /* scratch of vm/tracing.c while tracing, or NULL */
    int trace_limit;               /* frames of the last start of tracemalloc, 0: never */
} OuGcState;

/* What ou_heap_init is given. */
extern const OuHeapHooks ou_vm_heap_hooks;
/* Makes vm->gc and completes the faces of tuple and dict; after the built-in types.  0/-1 */
int ou_gcstate_init(OuVM *vm);
void ou_gcstate_free(OuVM *vm);

#endif
