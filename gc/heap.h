/* gc/heap.h - the heap: object allocation, cycle collector, weak-reference table, tracing.
 *
 * Leaf objects (no references to other objects that may close a cycle) share the pools of raw memory;
 * container objects live in pages of their own, which the collector can scan slot by slot: a live tracked
 * object has OU_F_TRACKED in its header, a free slot never has, because its header word is the link
 * of the page's free list and no user address reaches that bit.  So there is no per-object collector
 * header and no list of old objects.  Containers above 512 bytes (and all of them under malloc=system)
 * are *spans*: a malloc block with list links in front.
 *
 * Generations.  `young` and `middle` are plain vectors of addresses in the order of tracking: 0 and 1.
 * An entry is a hint, not a fact: the object may have died, been untracked, or its slot may hold a
 * newer object by now; whoever reads the vector looks at the header and skips what is not tracked.
 * So tracking is one store, and freeing a young object costs nothing.  A page may go back to the
 * system only after entries into it were dropped, hence the LIMBO state of gc/mem.h.
 * Generation 2 is everything tracked that is in neither vector; while the heap is small it has a vector `old`
 * too, for the sake of its order (h->ordered).  The permanent generation is the tracked objects in frozen
 * pages.
 *
 * A collection (gc/cycle.c) never runs inside an allocation: tracking past the threshold asks the VM
 * through hooks.request, and the eval loop calls ou_gc_poll at a point where running code is safe. */
#ifndef OU_GC_HEAP_H
#define OU_GC_HEAP_H

#include <stdio.h>

#include "object.h"
#include "ptrmap.h"

/* Links in front of a container object in a span of its own. */
typedef struct OuHeapSpan {
    struct OuHeapSpan *next, *prev;
    size_t size;
    size_t list; /* OU_SPANS_ of the list it is on */
} OuHeapSpan;
enum {
    OU_SPANS_YOUNG, /* as the generations; a span that was untracked stays on its list */
    OU_SPANS_MIDDLE,
    OU_SPANS_OLD,
    OU_SPANS_FROZEN,
    OU_SPANS_UNTRACKED, /* never tracked so far */
    OU_SPANS_DEAD,      /* deferred deallocations */
    OU_SPANS_LISTS
};

static inline OuObj *ou_span_obj(OuHeapSpan *s)
{
    return (OuObj *)(s + 1);
}

/* Nesting of deallocations on one thread's C stack.  With several threads, each has its own and
 * h->nest is swapped with the lock. */
enum { OU_NEST_MAX = 64, OU_NEST_QUEUE = 32 };
typedef struct OuNest {
    int depth; /* deallocations under way since the last entry of Python code */
    int base;  /* queue entries that belong to an outer user */
    int n;
    OuObj *queue[OU_NEST_QUEUE]; /* dead objects waiting for their dealloc */
} OuNest;

/* ---- weak references -----------------------------------------------------------
 * The table maps an object to the chain of its weak-reference objects, newest first.
 * The node must come right behind the header of the weak-reference object: struct { OuObj ob;
 * OuWeakNode node; ... }, so that the collector finds the object of a node; vm/weakref.c owns the objects. */
typedef struct OuWeakNode {
    OuObj *target;           /* borrowed; NULL once dead */
    struct OuWeakNode *next; /* same target, older */
    struct OuWeakNode *prev;
} OuWeakNode;
static inline OuObj *ou_weak_owner(OuWeakNode *n)
{
    return (OuObj *)n - 1;
}

/* ---- what vm/ installs --------------------------------------------------------- */
typedef struct OuHeapHooks {
    /* Runs o's finalizer (`__del__`, generator close); errors are unraisable.  o is alive (count >= 1). */
    void (*finalize)(OuVM *vm, OuObj *o);
    /* The weak references n..chain lost their target (already NULL in each node), newest first: run the
     * callbacks in this order.  The chain is no longer in the table; the heap does not look at it again.  A
     * node whose object has count 0 is dying itself: skip it.  Others must be held while callbacks run. */
    void (*weak_callbacks)(OuVM *vm, OuWeakNode *chain);
    /* Sets the eval breaker bit for a pending collection. */
    void (*request)(OuVM *vm);
    /* gc.callbacks: phase 0 start, 1 stop. */
    void (*callback)(OuVM *vm, int phase, int gen, size_t collected, double seconds);
    /* Puts an object on gc.garbage (DEBUG_SAVEALL). */
    int (*garbage)(OuVM *vm, OuObj *o);
    /* A line for sys.stderr (gc.set_debug). */
    void (*message)(OuVM *vm, const char *line);
    /* Visits objects that are held from outside of the heap: sys.modules, registers of running frames.  May
     * leave out any of them, or be NULL. */
    void (*roots)(OuVM *vm, OuVisit visit, void *arg);
} OuHeapHooks;

typedef struct OuGcStats {
    uint64_t collections, collected, visited;
    double pause_total, pause_max; /* seconds */
} OuGcStats;

/* ou_gc_set_debug, the values of the gc module */
enum {
    OU_GC_DEBUG_STATS = 1,
    OU_GC_DEBUG_COLLECTABLE = 2,
    OU_GC_DEBUG_UNCOLLECTABLE = 4, /* says nothing: PEP 442 leaves nothing uncollectable */
    OU_GC_DEBUG_SAVEALL = 32,
};

typedef struct OuGcVec {
    OuObj **v;
    size_t n, cap;
} OuGcVec;

struct OuHeap {
    OuMem mem;
    OuTypeFace **types; /* by type index */
    uint32_t ntypes;

    OuObj **young_at, **young_end; /* next free entry of young, and where the slow path looks again */
    OuGcVec young;                 /* n is young_at - v: see young_count */
    OuGcVec middle;
    OuGcVec old; /* when ordered: generation 2, but for spans */
    bool ordered;
    size_t ordered_max;               /* above this many old objects the order is given up */
    OuHeapSpan spans[OU_SPANS_LISTS]; /* sentinels of circular lists */
    size_t nyoung_spans;

    OuNest *nest;
    OuNest main_nest;
    bool deferred; /* some page (OuRegion.dead) or span is dead and found no room in a queue */
    int hold;      /* > 0: limbo pages must not be released now */

    int threshold[3];
    int count[3]; /* [0] unused: see ou_gc_count */
    size_t long_lived_total, long_lived_pending;
    bool enabled, collecting, requested, emergency, stress;
    int stress_full, stress_count; /* under stress: each stress_full-th collection is a full one; 0: none */
    bool frozen;                   /* some pages are */
    int debug;
    OuGcStats stats[3];
    int last_gen; /* of the last collection; last_at 0: there was none */
    uint64_t last_found;
    double last_at, last_pause; /* seconds, of CLOCK_MONOTONIC */
    OuGcVec work;               /* set of a young collection, trash of any */
    OuGcVec mark;               /* mark stack */
    OuPtrMap weak;              /* object -> OuWeakNode * */
    OuPtrMap serials;           /* old object with finalizer -> creation serial */
    uint64_t next_serial;
    const OuHeapHooks *hooks;
};

/* ---- objects -------------------------------------------------------------------
 * Both set the header: count 1, type index `type`, no flags; the rest is uninitialised.
 * NULL on failure: the caller raises MemoryError.  `size` is given back on free. */
OuObj *ou_span_alloc(OuHeap *h, uint32_t type, size_t size);
void ou_span_free(OuHeap *h, OuObj *o, size_t size);

static inline OuObj *ou_heap_alloc_leaf(OuHeap *h, uint32_t type, size_t size) /* never tracked */
{
    OuObj *o = (OuObj *)ou_mem_alloc(&h->mem, size);
    if (__builtin_expect(o != NULL, 1)) {
        o->rc = 1;
        o->tf = type;
    }
    return o;
}
static inline OuObj *ou_heap_alloc_gc(OuHeap *h, uint32_t type, size_t size) /* may be tracked later */
{
    if (size > OU_SMALL)
        return ou_span_alloc(h, type, size);
    unsigned cls = OU_GC_CLASS + (unsigned)((size - 1) / 16);
    OuPage *pg = h->mem.cur[cls];
    OuObj *o = (OuObj *)pg->free;
    if (__builtin_expect(o != NULL, 1)) {
        pg->free = *(void **)o;
        pg->credit++;
    } else {
        if (h->mem.mode & OU_MEM_SYSTEM)
            return ou_span_alloc(h, type, size);
        o = (OuObj *)ou_mem_take_slow(&h->mem, cls, size);
        if (!o)
            return NULL;
    }
    o->rc = 1;
    o->tf = type;
    return o;
}
static inline void ou_heap_free_leaf(OuHeap *h, OuObj *o, size_t size)
{
    ou_mem_free(&h->mem, o, size);
}
static inline void ou_heap_free_gc(OuHeap *h, OuObj *o, size_t size) /* untracks */
{
    if (__builtin_expect(o->tf & OU_F_SPAN, 0))
        ou_span_free(h, o, size);
    else
        ou_mem_put(&h->mem, o, size, OU_GC_CLASS + (unsigned)((size - 1) / 16));
}

/* Makes a complete container visible to the collector; no-op when tracked already.  May *request* a
 * collection (sets the eval breaker through hooks.request) but never runs one. */
void ou_gc_track_slow(OuHeap *h, OuObj *o);
static inline void ou_gc_track(OuHeap *h, OuObj *o)
{
    if (o->tf & OU_F_TRACKED)
        return;
    OuObj **at = h->young_at;
    if (__builtin_expect(at == h->young_end || o->tf & OU_F_SPAN, 0)) {
        ou_gc_track_slow(h, o);
        return;
    }
    o->tf |= OU_F_TRACKED;
    *at = o;
    h->young_at = at + 1;
}
static inline void ou_gc_untrack(OuHeap *h, OuObj *o)
{
    (void)h;
    o->tf &= ~(uint32_t)OU_F_TRACKED;
}
static inline bool ou_gc_is_tracked(const OuObj *o)
{
    return (o->tf & OU_F_TRACKED) != 0;
}

/* Raw memory of objects (list items, dict tables): ou_mem_* with ou_heap_mem(h). */
static inline OuMem *ou_heap_mem(OuHeap *h)
{
    return &h->mem;
}

/* ---- collector ----------------------------------------------------------------- */
/* Collects generations 0..gen now; returns the number of unreachable objects found, 0 when a collection is under
 * way already. */
size_t ou_gc_collect(OuHeap *h, int gen);
/* Run from the eval breaker: collects what the thresholds ask for. */
void ou_gc_poll(OuHeap *h);
void ou_gc_enable(OuHeap *h, bool on);
void ou_gc_set_threshold(OuHeap *h, int t0, int t1, int t2); /* t0 == 0: no automatic collection */
/* out[0]: young objects alive, out[1], out[2]: collections of the generation below since the last of this
 * one. */
void ou_gc_count(OuHeap *h, int out[3]);
/* Asks for a collection at every tracking; each full-th of them (0: none) is a full one. */
void ou_gc_set_stress(OuHeap *h, bool on, int full);
/* Calls fn for every tracked object of generation gen (-1: 0, 1 and 2; 3: the permanent one) until it returns
 * non-zero, and returns that.  fn must not track, untrack, free or run code. */
int ou_gc_walk(OuHeap *h, int gen, int (*fn)(void *arg, OuObj *o), void *arg);
/* New array of new references to the objects of generation gen, *n long, to be released with ou_mem_free(..,
 * *cap * sizeof(OuObj *)); NULL on failure. */
OuObj **ou_gc_snapshot(OuHeap *h, int gen, size_t *n, size_t *cap);
void ou_gc_freeze(OuHeap *h);   /* all tracked objects go to the permanent generation */
void ou_gc_unfreeze(OuHeap *h); /* and back, into the oldest */
size_t ou_gc_freeze_count(OuHeap *h);
/* Checks the invariants of the heap (tests); NULL, or a text that says what is wrong. */
const char *ou_gc_check_heap(OuHeap *h);

/* ---- weak references: gc/weak.c ------------------------------------------------- */
int ou_weak_add(OuHeap *h, OuWeakNode *n, OuObj *target); /* at the front; -1: no memory */
/* Right behind `before`, which lives: same target, cannot fail. */
void ou_weak_add_after(OuWeakNode *n, OuWeakNode *before);
void ou_weak_remove(OuHeap *h, OuWeakNode *n);       /* no-op when the target is NULL */
OuWeakNode *ou_weak_first(OuHeap *h, OuObj *target); /* newest, or NULL */
/* Takes the chain off o, every node's target NULL; NULL when there is none. */
OuWeakNode *ou_weak_detach(OuHeap *h, OuObj *o);

/* ---- start and end ----------------------------------------------------------------- */
/* Types: the heap's own table of faces, indexed by type index. -1: no memory.  face NULL: the number is free.
 */
int ou_heap_set_type(OuHeap *h, uint32_t index, OuTypeFace *face);
static inline OuTypeFace *ou_heap_face(OuHeap *h, const OuObj *o)
{
    return h->types[o->tf & OU_TYPE_MASK];
}

/* An empty heap; hooks are borrowed and must outlive it.  -1: no memory. */
int ou_heap_init(OuHeap *h, const OuHeapHooks *hooks);
/* mode: 0 or OU_MEM_SYSTEM (-X malloc=system). */
int ou_heap_init_mode(OuHeap *h, const OuHeapHooks *hooks, int mode);
/* Releases everything without running finalizers; objects that are still alive just vanish. */
void ou_heap_free(OuHeap *h);
/* Before ou_heap_free, when everything has been released: says on f what is left, if anything.  Returns the number of blocks. */
size_t ou_heap_report_left(OuHeap *h, FILE *f);

/* For sys._debugmallocstats: text lines through put(arg, line). */
void ou_heap_stats(OuHeap *h, void (*put)(void *arg, const char *line), void *arg);

/* ---- between the files of gc/ ----------------------------------------------------- */
/* Saves and resets the nesting around code that a finalizer or callback runs. */
typedef struct OuNestSave {
    int depth, base;
} OuNestSave;
OuNestSave ou_nest_enter(OuHeap *h);
void ou_nest_leave(OuHeap *h, OuNestSave s);
/* Deallocates what was put off, as far as it does not wait for another thread. */
void ou_heap_drain_deferred(OuHeap *h);
/* Drops dead and double entries of both vectors, so that limbo pages can be released. */
void ou_gc_purge(OuHeap *h);
/* Puts s at the end of another list (OU_SPANS_). */
void ou_span_move(OuHeap *h, OuHeapSpan *s, int list);
/* Objects that fall into generation 2, in this order: appends them to `old`, or notes serials of those with
 * finalizers. */
void ou_gc_promote(OuHeap *h, OuObj **v, size_t n);
/* From now on generation 2 is found by its pages, and only serials tell the order of creation. */
void ou_gc_lose_order(OuHeap *h);
/* Empties the young vector. */
void ou_gc_reset_young(OuHeap *h);
/* Purges and gives limbo pages back, unless somebody walks pages. */
void ou_gc_release_limbo(OuHeap *h);
/* Runs the finalizer of o (count >= 1) unless it has run. */
void ou_heap_finalize(OuHeap *h, OuObj *o);
bool ou_gcvec_room(OuGcVec *v, size_t n); /* room for n entries in all; false: no memory */

static inline size_t ou_gc_young_count(const OuHeap *h)
{
    return (size_t)(h->young_at - h->young.v);
}

#endif
