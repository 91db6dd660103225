/* gc/cycle.h - between the files of the collector, whose theory is in gc/cycle.c: the state bits of a member, the
 * scan over old objects, the visitors of more than one file. */
#ifndef OU_GC_CYCLE_H
#define OU_GC_CYCLE_H

#include "heap.h"
#include "walk.h"

/* The state of a member is its T and V: 10 is T without V, 01 V without T, 11 both. */
enum {
    T = OU_F_TRACKED,
    V = OU_F_VISIT,
    TV = OU_F_TRACKED | OU_F_VISIT,
    MARK_MAX = 1 << 16, /* entries of the mark stack */
};

/* Runs BODY for each slot `o` of the container pages that are not frozen, in order of address, and for each
 * span. */
#define EACH_OLD(h, BODY)                                                                      \
    do {                                                                                       \
        for (OuRegion *r_ = (h)->mem.regions; r_; r_ = r_->next)                               \
            for (uint64_t left_ = r_->containers; left_; left_ &= left_ - 1) {                 \
                OuPage *pg_ = ou_region_page(r_, (unsigned)__builtin_ctzll(left_));            \
                if (pg_->frozen)                                                               \
                    continue;                                                                  \
                size_t size_ = pg_->size;                                                      \
                for (char *p_ = pg_->start, *end_ = pg_->bump; p_ < end_; p_ += size_) {       \
                    OuObj *o = (OuObj *)p_;                                                    \
                    BODY                                                                       \
                }                                                                              \
            }                                                                                  \
        for (int l_ = OU_SPANS_OLD; l_ >= 0; l_--)                                             \
            for (OuHeapSpan *s_ = (h)->spans[l_].next; s_ != &(h)->spans[l_]; s_ = s_->next) { \
                OuObj *o = ou_span_obj(s_);                                                    \
                BODY                                                                           \
            }                                                                                  \
    } while (0)

/* ---- visitors: passes 2 and 4 on members that wear V ------------------------------------------- */

OU_VISITOR(subtract)
{
    if (child->tf & V)
        child->rc--;
}
OU_VISIT_CALL(subtract)

OU_VISITOR(restore)
{
    if (child->tf & V)
        child->rc++;
}
OU_VISIT_CALL(restore)

/* ---- gc/vectors.c ------------------------------------------------------------------------------ */

/* Fills h->work with the objects of the vectors and span lists of generations 0..gen in order of creation,
 * all 11, and empties the vectors.  There is room for each entry twice, and in h->mark once.  -1: no memory. */
int ou_gc_gather(OuHeap *h, int gen);
/* Passes 2 to 4 on the members in work, all 11, which has room for each twice.  The trash, 01, goes to trash[]
 * in order; returns how many.  work keeps the others, 11, in the order that they have for CPython from now on,
 * and NULL between them. */
size_t ou_gc_scan(OuHeap *h, OuGcVec *work, OuObj **trash);
/* Untracks the tracked of these n objects (or NULL) whose type allows that and that hold nothing that may be tracked, now or
 * later: either what never changes (tuples) or what may (dicts). */
void ou_gc_untrack_leaf_holders(OuHeap *h, OuObj *const *v, size_t n, bool dicts);
/* Puts all spans of a list (OU_SPANS_) on another. */
void ou_gc_move_spans(OuHeap *h, int from, int to);
/* Collects generations 0..gen up to pass 4: leaves the trash, 01, in h->work.  Returns how many objects were
 * visited. */
size_t ou_gc_collect_vectors(OuHeap *h, int gen);

/* ---- gc/pages.c -------------------------------------------------------------------------------- */

/* The same for all objects of a heap without order. */
size_t ou_gc_collect_pages(OuHeap *h);

/* ---- gc/trash.c -------------------------------------------------------------------------------- */

/* Finalizes and clears the trash, 01, in h->work; runs code.  Returns how many objects did not live on. */
size_t ou_gc_bury(OuHeap *h);

/* ---- gc/alive.c -------------------------------------------------------------------------------- */

/* What the roots of the VM lead to is alive; not while something is frozen.  The marks of objects in pages are
 * bits beside them, OuRegion.marks; a span wears V.  out: marks, for ou_gc_gather_rest.  -1: no roots or no
 * memory, and nothing is marked. */
int ou_gc_mark_alive(OuHeap *h, void **marks);
/* Collects the other tracked objects in `rest`, in order of address and spans last, and takes the marks away.
 * out: *n, how many tracked objects there are.  -1: no memory, and rest is empty. */
int ou_gc_gather_rest(OuHeap *h, OuGcVec *rest, size_t *n, void *marks);

#endif
