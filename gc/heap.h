/* gc/heap.h - the heap: object allocation, cycle collector, weak-reference table, tracing.
 *
 * (The theory page: page layout, bitmaps, generations, invariants before and after each pass.)
 */
#ifndef OU_GC_HEAP_H
#define OU_GC_HEAP_H

#include "object.h"

/* ---- objects -------------------------------------------------------------------
 * Both set the header: count 1, type index `type`, no flags; the rest is uninitialised.
 * NULL on failure: the caller raises MemoryError.  `size` is given back on free. */
OuObj *ou_heap_alloc_leaf(OuHeap *h, uint32_t type, size_t size); /* never tracked */
OuObj *ou_heap_alloc_gc(OuHeap *h, uint32_t type, size_t size);   /* may be tracked later */
void ou_heap_free_leaf(OuHeap *h, OuObj *o, size_t size);
void ou_heap_free_gc(OuHeap *h, OuObj *o, size_t size); /* untracks */
/* Makes a complete container visible to the collector; no-op when tracked already.  May *request* a
 * collection (sets the eval breaker through hooks.request) but never runs one. */
void ou_gc_track(OuHeap *h, OuObj *o);
void ou_gc_untrack(OuHeap *h, OuObj *o);

/* Raw memory of objects (list items, dict tables): ou_mem_* with ou_heap_mem(h). */
OuMem *ou_heap_mem(OuHeap *h);

/* ---- collector ----------------------------------------------------------------- */
/* Collects generations 0..gen now; returns unreachable objects found, out: uncollectable. */
intptr_t ou_gc_collect(OuHeap *h, int gen, intptr_t *uncollectable);
/* Run from the eval breaker: collects what the thresholds ask for. */
void ou_gc_poll(OuHeap *h);

/* ---- weak references -----------------------------------------------------------
 * The table maps an object to the chain of its weak-reference objects, newest first.
 * A weak-reference object embeds OuWeakNode; vm/weakref.c owns the objects. */
typedef struct OuWeakNode {
    OuObj *target;           /* borrowed; NULL once dead */
    struct OuWeakNode *next; /* same target, older */
    struct OuWeakNode *prev;
} OuWeakNode;
int ou_weak_add(OuHeap *h, OuWeakNode *n, OuObj *target); /* -1: no memory */
void ou_weak_remove(OuHeap *h, OuWeakNode *n);
OuWeakNode *ou_weak_first(OuHeap *h, OuObj *target); /* newest, or NULL */

/* ---- what vm/ installs --------------------------------------------------------- */
typedef struct OuHeapHooks {
    /* Runs o's finalizer (`__del__`, generator close); errors are unraisable.  o is alive (count >= 1). */
    void (*finalize)(OuVM *vm, OuObj *o);
    /* Weak references n..chain lost their target (already NULL in each node): run callbacks newest first. */
    void (*weak_callbacks)(OuVM *vm, OuWeakNode *chain);
    /* Sets the eval breaker bit for a pending collection. */
    void (*request)(OuVM *vm);
    /* gc.callbacks: phase 0 start, 1 stop. */
    void (*callback)(OuVM *vm, int phase, int gen, intptr_t collected, intptr_t uncollectable, double seconds);
    /* Puts an uncollectable / DEBUG_SAVEALL object on gc.garbage. */
    int (*garbage)(OuVM *vm, OuObj *o);
    /* Current Python place for tracemalloc: fills up to `max` (code id, line) pairs, newest first. */
    int (*traceback)(OuVM *vm, void *frames, int max);
} OuHeapHooks;

/* Types: the heap's own table of faces, indexed by type index; grown by ou_heap_add_type. */
int ou_heap_set_type(OuHeap *h, uint32_t index, OuTypeFace *face);

int ou_heap_init(OuHeap *h, const OuHeapHooks *hooks);
void ou_heap_free(OuHeap *h);

/* The helper completes: struct OuHeap { OuMem mem; OuTypeFace **types; ... }, inline fast paths. */

#endif
