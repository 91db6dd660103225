/* gc/trace.h - allocation tracing (tracemalloc): a record for each live block.
 *
 * Tracebacks are interned as a trie: a node is one line plus the node of its callers, so that deep
 * tracebacks share their prefixes, and a traceback is the number of its innermost node.  The VM builds it by a
 * hook; it remembers in each frame the node of the callers, so that a record costs one look-up.  The record of a
 * pool block lies in a shadow of its region, 4 bytes for each 16 of the region; large blocks and spans are in a
 * hash table. */
#ifndef OU_GC_TRACE_H
#define OU_GC_TRACE_H

#include "mem.h"

/* One node of the trie.  Number 0 is the empty traceback. */
typedef struct OuTraceNode {
    const void *code;
    uint32_t line;
    uint32_t caller; /* node number, 0: none known */
    uint32_t depth;  /* frames on the stack up to this one, the outermost is 1 */
    uint32_t length; /* nodes along `caller`, this one counted */
} OuTraceNode;

typedef struct OuTraceHooks {
    void *vm;
    /* The traceback of the running code, built with ou_trace_intern from the outermost frame inwards; 0: none.
     * Runs at every allocation and must not allocate from the traced memory itself. */
    uint32_t (*here)(void *vm, OuTrace *t);
    /* Line of the instruction pc of code. */
    uint32_t (*line)(void *vm, const void *code, const void *pc);
    /* First time that a code is recorded: the VM keeps it alive until tracing ends. */
    void (*keep)(void *vm, const void *code);
} OuTraceHooks;

/* Starts tracing blocks allocated from now on with up to nframe frames each; -1: no memory. */
int ou_trace_start(OuMem *m, int nframe, const OuTraceHooks *hooks);
/* Ends tracing and forgets all records. */
void ou_trace_stop(OuMem *m);
bool ou_trace_is_on(const OuMem *m);
int ou_trace_limit(const OuMem *m); /* nframe */
/* Forgets all records, keeps tracing. */
void ou_trace_clear(OuMem *m);
/* Bytes traced now and at most. */
void ou_trace_memory(const OuMem *m, size_t *now, size_t *peak);
void ou_trace_reset_peak(OuMem *m);
/* Bytes used by the records themselves. */
size_t ou_trace_overhead(const OuMem *m);
/* The record of the block at p: true and out size, traceback; else false. */
bool ou_trace_find(const OuMem *m, const void *p, size_t *size, uint32_t *traceback);
/* Calls fn for every record until it returns non-zero; fn must not allocate from m. */
int ou_trace_walk(const OuMem *m, int (*fn)(void *arg, const void *p, size_t size, uint32_t traceback),
                  void *arg);
/* For the hook `here`: the node of the instruction of code at pc (its address, or that of the one behind it),
 * called from node `caller`.  depth (below 2**31) is told when caller is 0, and else 0.  0: no memory. */
uint32_t ou_trace_intern(OuTrace *t, const void *code, const void *pc, uint32_t caller, uint32_t depth);
/* How many nodes lie along the callers of node, itself included. */
uint32_t ou_trace_length(const OuTrace *t, uint32_t node);
/* Node `number`; the frames of a traceback are the first ou_trace_limit nodes along `caller`.  NULL: no such
 * number. */
const OuTraceNode *ou_trace_node(const OuMem *m, uint32_t number);
uint32_t ou_trace_nodes(const OuMem *m); /* count of nodes, number 0 included */

/* While paused, new blocks get no record (for making a snapshot). */
void ou_trace_pause(OuMem *m, bool on);

/* For mem.c: a block of a pool, with its record; NULL without memory for either.  The way of every small block
 * while nothing but tracing is switched on. */
void *ou_trace_take(OuMem *m, unsigned cls, size_t n);
/* For mem.c and heap.c: a pool block, and any other.  Adding: -1 without memory for the record. */
int ou_trace_add_pool(OuTrace *t, const void *p, size_t n);
void ou_trace_remove_pool(OuTrace *t, const void *p);
int ou_trace_add(OuTrace *t, const void *p, size_t n);
void ou_trace_remove(OuTrace *t, const void *p);
/* Takes the shadow of a region that goes away. */
void ou_trace_drop_region(OuRegion *r);

#endif
