/* stdlib/compress/flow.h - what _bz2 and _lzma share: growing output, and input that waits for the next call. */
#ifndef OU_STDLIB_COMPRESS_FLOW_H
#define OU_STDLIB_COMPRESS_FLOW_H

#include "vm/buffer.h"
#include "vm/native.h"

typedef struct OuFlowOut {
    char *p;
    size_t n, cap, limit; /* limit: no more than this many bytes, SIZE_MAX: any number */
} OuFlowOut;
/* Room behind the n bytes: 1 and *room > 0; 0 at the limit; -1 no memory. */
int ou_flow_room(OuVM *vm, OuFlowOut *o, size_t *room);
/* The bytes as an object (ok) or NULL; the memory is given back. */
OuObj *ou_flow_take(OuVM *vm, OuFlowOut *o, bool ok);

/* Input of a decompressor: what a call leaves waits here. */
typedef struct OuFlowIn {
    OuObj *kept; /* bytes or NULL */
    size_t at;   /* of kept: used so far */
    OuBuffer view;
    bool own; /* this call's input is kept */
    const char *p;
    size_t n;
} OuFlowIn;
/* Input of one call: the kept rest and data.  ou_flow_end must follow.  0/-1 */
int ou_flow_begin(OuVM *vm, OuFlowIn *in, OuObj *data);
/* left bytes of it were not used: they are kept (keep) or given as an object (*rest, if there are any).  0/-1 */
int ou_flow_end(OuVM *vm, OuFlowIn *in, size_t left, bool keep, OuObj **rest);
void ou_flow_clear(OuVM *vm, OuFlowIn *in);
/* Memory of a C library from the VM's gate (blocks remember their size). */
void *ou_flow_malloc(OuVM *vm, size_t items, size_t size);
void ou_flow_free(OuVM *vm, void *p);

#endif
