/* gc/mem.h - the one gate for memory.
 *
 * Every byte ouro uses comes through an OuMem: budget (-X memlimit), fail-the-Nth
 * (tests), tracing (tracemalloc) and statistics hang here and nowhere else.
 *
 * Sizes are given back on free: the caller always knows them, and the allocator then
 * needs no per-block header.  Blocks are 16-byte aligned.  Sizes up to OU_SMALL come from
 * size-class pools, larger ones from malloc or, from 1 MiB on, from mmap.
 *
 * A *region* is 1 MiB, aligned to its size and split into 64 *pages* of 16 KiB; each page in
 * use serves one size class of one kind (raw blocks and leaf objects, or container objects).
 * The page records lie densely at the head of the region, so that masking an address finds
 * its record without touching the page.  A page in use is in one of these states:
 *
 *   CURRENT  m->real[class] points to it; the only page of the class that is allocated from
 *   FULL     on no list; comes back once a sixteenth of its blocks has been freed
 *   AVAIL    on m->avail[class]; has free blocks
 *   LIMBO    container pages only: empty, but the young list of the collector may still point into it
 *
 * The fast paths know nothing of budgets, failures or tracing: while such a mode is on, m->cur[]
 * points to an empty page, so that every allocation misses into the slow path, and m->slow_free
 * is set.  `credit` counts the frees left until the slow path must look at a page again;
 * blocks in use = credit + bias, always. */
#ifndef OU_GC_MEM_H
#define OU_GC_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    OU_SMALL = 512,
    OU_CLASSES = OU_SMALL / 16, /* size classes of one kind */
    OU_GC_CLASS = OU_CLASSES,   /* first class of container objects */
    OU_ALL_CLASSES = 2 * OU_CLASSES,
    OU_PAGE_SHIFT = 14,
    OU_PAGE_SIZE = 1 << OU_PAGE_SHIFT,
    OU_REGION_SIZE = 1 << 20,
    OU_REGION_PAGES = OU_REGION_SIZE / OU_PAGE_SIZE,
};

/* 2^64 divided by the golden ratio: multiplying by it spreads what differs in the low bits, as addresses and small
 * numbers do, over the high ones (Knuth, volume 3, 6.4). */
#define OU_GOLDEN UINT64_C(0x9e3779b97f4a7c15)

typedef struct OuPage {
    void *free;     /* list of free blocks, through their first word */
    int32_t credit; /* frees left until the slow path looks */
    int32_t bias;   /* blocks in use = credit + bias */
    char *bump;     /* first block never handed out */
    char *end;      /* after the last block that fits */
    char *start;
    struct OuPage *next, *prev; /* list of its state */
    uint32_t size;              /* of a block */
    uint16_t cls;
    uint8_t state;
    uint8_t frozen; /* gc.freeze: tracked objects here are in the permanent generation */
} OuPage;
_Static_assert(sizeof(OuPage) == 64, "page records are found by shifts");

typedef struct OuRegion OuRegion;
typedef struct OuTrace OuTrace; /* gc/trace.h */

/* A doubly linked list of pages. */
typedef struct OuPageList {
    OuPage *head, *tail;
} OuPageList;

/* OuMem.mode */
enum {
    OU_MEM_FAIL = 1,
    OU_MEM_TRACE = 2,
    OU_MEM_SYSTEM = 4, /* every block its own malloc, for ASan and valgrind; set at creation only */
};

typedef struct OuMem {
    OuPage *cur[OU_ALL_CLASSES];  /* what the fast path takes from: real[], or &none in a mode */
    uint8_t slow_free;            /* frees must take the slow path */
    uint8_t mode;                 /* OU_MEM_ */
    OuPage *real[OU_ALL_CLASSES]; /* current page of each class, or &none */
    OuPageList avail[OU_ALL_CLASSES];
    OuPageList limbo[OU_CLASSES]; /* of container classes */
    size_t nlimbo;
    OuPage none; /* the page without blocks */

    OuRegion *regions, *last_region; /* in order of creation */
    OuRegion *fill;                  /* region pages are taken from, or NULL */
    size_t nregions, regions_made;   /* now, ever */
    size_t npages;

    size_t used, peak;    /* bytes: whole pages and large blocks (system mode: blocks) */
    size_t large, nlarge; /* part of `used` in large blocks; their number (system mode: all blocks) */
    size_t budget;        /* limit of `used`; 0 = none */
    size_t soft;          /* when `used` passes this, call pressure */
    uint64_t fail_start, fail_stop, fail_count; /* allocations number start..stop-1 fail; stop 0: all later */
    uint64_t failed;                            /* how many were made to fail */

    void *spare; /* a mapping that was freed last and is kept, up to 4 MiB: buffers come and go in loops */
    size_t spare_size;

    OuTrace *trace;         /* owned by gc/trace.c */
    struct OuMemKept *kept; /* gc/kept.c: the large blocks, or NULL: they are not registered */
    /* Installed by the heap. */
    void *owner;
    void (*pressure)(void *owner);   /* memory is getting short: ask for a collection */
    void (*limbo_full)(void *owner); /* drop pointers into limbo pages, then ou_mem_release_limbo */
    size_t limbo_max;
} OuMem;

/* mode: 0 or OU_MEM_SYSTEM. */
void ou_mem_init(OuMem *m, int mode);
/* Gives everything back to the system, pools included; large blocks must have been freed, unless ou_mem_keep is on. */
void ou_mem_done(OuMem *m);

/* Slow halves of the inline functions below; no other callers.  n <= OU_SMALL. */
void *ou_mem_take_slow(OuMem *m, unsigned cls, size_t n);
void ou_mem_put_slow(OuMem *m, OuPage *pg);
void ou_mem_free_mode(OuMem *m, void *p, size_t n, unsigned cls);
void *ou_mem_alloc_large(OuMem *m, size_t n);
void ou_mem_free_large(OuMem *m, void *p, size_t n);

static inline OuPage *ou_mem_page(const void *p)
{
    uintptr_t a = (uintptr_t)p;
    return (OuPage *)((a & ~(uintptr_t)(OU_REGION_SIZE - 1)) +
                      ((a >> (OU_PAGE_SHIFT - 6)) & (OU_REGION_PAGES - 1) << 6));
}

/* A block of size class cls (raw and container classes alike), n bytes of it wanted. */
static inline void *ou_mem_take(OuMem *m, unsigned cls, size_t n)
{
    OuPage *pg = m->cur[cls];
    void *p = pg->free;
    if (__builtin_expect(p == NULL, 0))
        return ou_mem_take_slow(m, cls, n);
    pg->free = *(void **)p;
    pg->credit++;
    return p;
}
static inline void ou_mem_put(OuMem *m, void *p, size_t n, unsigned cls)
{
    if (__builtin_expect(m->slow_free, 0)) {
        ou_mem_free_mode(m, p, n, cls);
        return;
    }
    OuPage *pg = ou_mem_page(p);
    *(void **)p = pg->free;
    pg->free = p;
    if (__builtin_expect(--pg->credit == 0, 0))
        ou_mem_put_slow(m, pg);
}

/* New block of `n` bytes (n == 0 is treated as 1), uninitialised; NULL on failure.
 * lang/ and vm/ raise MemoryError; nothing here knows exceptions. */
static inline void *ou_mem_alloc(OuMem *m, size_t n)
{
    if (n - 1 < OU_SMALL)
        return ou_mem_take(m, (unsigned)((n - 1) / 16), n);
    return ou_mem_alloc_large(m, n);
}
/* Frees p, which was allocated with size n.  NULL is ignored. */
static inline void ou_mem_free(OuMem *m, void *p, size_t n)
{
    if (!p)
        return;
    if (n - 1 < OU_SMALL)
        ou_mem_put(m, p, n, (unsigned)((n - 1) / 16));
    else
        ou_mem_free_large(m, p, n);
}
/* As ou_mem_alloc, zero filled. */
void *ou_mem_calloc(OuMem *m, size_t n);
/* Resizes p (NULL with old == 0 allowed) from `old` to `n` bytes; NULL on failure and
 * then p is still valid.  Shrinking is not refused by budget or fail-the-Nth. */
void *ou_mem_realloc(OuMem *m, void *p, size_t old, size_t n);

/* Registers large blocks from now on, so that ou_mem_done releases what is left of them.  -1: no memory. */
int ou_mem_keep(OuMem *m);
/* For mem.c and trace.c: a block of class cls, unrecorded and never refused by fail-the-Nth; NULL when there is no
 * memory for another page. */
void *ou_mem_pool_take(OuMem *m, unsigned cls);
int ou_mem_kept_add(OuMem *m, void *p, size_t n);
void ou_mem_kept_remove(OuMem *m, void *p);
void ou_mem_kept_free(OuMem *m);

/* ---- the gate ------------------------------------------------------------------ */
/* Limit in bytes, 0 for none.  An allocation that would pass it fails; from 7/8 on the collector is asked. */
void ou_mem_set_budget(OuMem *m, size_t bytes);
/* The allocations number start..stop-1 from now (the next one is 1) fail; stop 0: all from start on;
 * start 0 switches the mode off. */
void ou_mem_set_fail(OuMem *m, uint64_t start, uint64_t stop);
/* Counts `n` bytes that are allocated elsewhere (mappings, GMP scratch): false when over the budget. */
bool ou_mem_charge(OuMem *m, size_t n);
void ou_mem_uncharge(OuMem *m, size_t n);
/* True when this allocation is one to fail; for blocks that do not come from here. */
bool ou_mem_should_fail(OuMem *m);
/* Switches a mode bit (OU_MEM_FAIL, OU_MEM_TRACE). */
void ou_mem_set_mode(OuMem *m, int bit, bool on);
/* Returns the pages of the limbo lists to their regions; nothing may point into them. */
void ou_mem_release_limbo(OuMem *m);
/* Gives the memory of unused pages back to the system. */
void ou_mem_trim(OuMem *m);
/* gc.freeze: the container pages in use are not allocated from any more, until thawed. */
void ou_mem_freeze(OuMem *m);
void ou_mem_thaw(OuMem *m);
/* Blocks in use, and their bytes (rounded up to size classes). */
size_t ou_mem_blocks(const OuMem *m);
size_t ou_mem_live(const OuMem *m);

/* ---- for the collector and the statistics ------------------------------------------ */
struct OuRegion {
    OuRegion *next, *prev;
    uint32_t *shadow;    /* records of gc/trace.c, or NULL */
    uint64_t free;       /* bit i: page i is unused */
    uint64_t containers; /* bit i: page i holds container objects */
    uint64_t dirty;      /* bit i: page i was used since the system last got its memory back */
    uint64_t dead;       /* bit i: page i holds objects whose deallocation was deferred (gc/heap.c) */
    uint64_t *marks;     /* during a full collection: a bit for each 16 bytes (gc/alive.c) */
};
/* The region record lies behind the page records, in the first page. */
enum { OU_REGION_HEAD = OU_REGION_PAGES * 64 + 64 };
_Static_assert(sizeof(struct OuRegion) <= 64, "the first block comes right behind");
static inline OuPage *ou_region_page(OuRegion *r, unsigned i)
{
    return (OuPage *)((char *)r - OU_REGION_PAGES * 64) + i;
}
static inline OuRegion *ou_region_of(const void *p)
{
    return (OuRegion *)(((uintptr_t)p & ~(uintptr_t)(OU_REGION_SIZE - 1)) + OU_REGION_PAGES * 64);
}
static inline int32_t ou_page_used(const OuPage *pg)
{
    return pg->credit + pg->bias;
}

#endif
