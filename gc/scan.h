/* gc/scan.h - for the collector's files: the state bits of a member, and the scan over old objects. */
#ifndef OU_GC_SCAN_H
#define OU_GC_SCAN_H

#include "heap.h"

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

/* What the roots of the VM lead to is alive: gc/alive.c; not while something is frozen.  The marks of objects in pages are bits beside them,
 * OuRegion.marks; a span wears V.  -1: no roots or no memory, and nothing is marked. */
int ou_gc_mark_alive(OuHeap *h, void **marks);
/* Collects the other tracked objects in `rest`, in order of address and spans last, and takes the marks away.
 * out: *n, how many tracked objects there are.  -1: no memory, and rest is empty. */
int ou_gc_gather_rest(OuHeap *h, OuGcVec *rest, size_t *n, void *marks);

#endif
