/* gc/vectors.c - collecting generations that are vectors: the young, and everything while the heap is small.
 *
 * A member is 11 from the start, and 01 once the scan has passed it without finding a reference from outside
 * (gc/cycle.c).  Vectors keep CPython's order, and scripts see it: it decides in which order finalizers run. */
#include "cycle.h"

#include <stdlib.h>
#include <string.h>

/* ---- gathering ------------------------------------------------------------------------------- */

/* Puts the live entries of v, each object once (its last entry), in front of h->work.v[to], as 11; returns
 * the new start. */
static size_t take_vector(OuHeap *h, OuObj **v, size_t n, size_t to)
{
    while (n-- > 0)
        if ((v[n]->tf & TV) == T) {
            v[n]->tf |= V;
            h->work.v[--to] = v[n];
        }
    return to;
}

static void take_spans(OuHeap *h, int list)
{
    for (OuHeapSpan *l = &h->spans[list], *s = l->next; s != l; s = s->next) {
        OuObj *o = ou_span_obj(s);
        if ((o->tf & TV) == T) {
            o->tf |= V;
            h->work.v[h->work.n++] = o;
        }
    }
}

static size_t span_count(OuHeap *h, int list)
{
    size_t n = 0;
    for (OuHeapSpan *l = &h->spans[list], *s = l->next; s != l; s = s->next)
        n++;
    return n;
}

void ou_gc_move_spans(OuHeap *h, int from, int to)
{
    for (OuHeapSpan *l = &h->spans[from]; l->next != l;)
        ou_span_move(h, l->next, to);
}

int ou_gc_gather(OuHeap *h, int gen)
{
    size_t n = ou_gc_young_count(h) + (gen > 0 ? h->middle.n : 0) + (gen > 1 ? h->old.n : 0), spans = 0;
    for (int l = 0; l <= gen; l++)
        spans += span_count(h, l);
    h->work.n = 0;
    if (!ou_gcvec_room(&h->work, 2 * (n + spans) + 1) || !ou_gcvec_room(&h->mark, n + spans + 1))
        return -1;
    for (int l = gen; l >= 0; l--)
        take_spans(h, l);
    /* Backwards: the slot of a dead object of an older generation may hold a younger one by now. */
    size_t end = h->work.n + n, at = take_vector(h, h->young.v, ou_gc_young_count(h), end);
    if (gen > 0) {
        at = take_vector(h, h->middle.v, h->middle.n, at);
        h->middle.n = 0;
    }
    if (gen > 1) {
        at = take_vector(h, h->old.v, h->old.n, at);
        h->old.n = 0;
    }
    memmove(h->work.v + h->work.n, h->work.v + at, (end - at) * sizeof *h->work.v);
    h->work.n += end - at;
    ou_gc_reset_young(h);
    return 0;
}

/* ---- the scan ---------------------------------------------------------------------------------- */

OU_VISITOR(reach)
{
    OuGcVec *work = arg;
    if (!(child->tf & V))
        return;
    child->rc++;
    if (!(child->tf & T)) { /* passed: it is scanned again at the end */
        child->tf |= T;
        work->v[work->n++] = child;
    }
}
OU_VISIT_CALL(reach)

/* The scan is CPython's: in order of the list; a member without reference from outside is passed over, and
 * moves to the end when a later one turns out to refer to it.  The order that survivors have afterwards
 * decides in which order they will be finalized one day, so scripts see it. */
size_t ou_gc_scan(OuHeap *h, OuGcVec *work, OuObj **trash)
{
    OuTypeFace **types = h->types;
    size_t n = work->n, passed = 0, dead = 0;
    for (size_t i = 0; i < n; i++)
        ou_walk(types[ou_type_index(work->v[i])], work->v[i], subtract, visit_subtract, NULL);
    for (size_t i = 0; i < work->n; i++) {
        OuObj *o = work->v[i];
        if (o->rc) {
            ou_walk(types[ou_type_index(o)], o, reach, visit_reach, work);
        } else {
            o->tf &= ~(uint32_t)T;
            trash[passed++] = o;
            work->v[i] = NULL;
        }
    }
    for (size_t i = 0; i < passed; i++)
        if (!(trash[i]->tf & T))
            trash[dead++] = trash[i];
    for (size_t i = 0; i < dead; i++)
        ou_walk(types[ou_type_index(trash[i])], trash[i], restore, visit_restore, NULL);
    return dead;
}

/* ---- the collection ----------------------------------------------------------------------------- */

/* Whether child may be tracked, now or later. */
static int visit_trackable(OuObj *child, void *arg)
{
    uint32_t f = ((OuHeap *)arg)->types[ou_type_index(child)]->flags;
    return f & OU_TF_CONTAINER && !(f & OU_TF_FIXED && !(child->tf & T));
}

static void untrack_leaf_holder(OuHeap *h, OuTypeFace *face, OuObj *o)
{
    if (!ou_traverse(face, o, visit_trackable, h))
        o->tf &= ~(uint32_t)T;
}

/* As CPython: tuples in each collection; dicts in full ones only, when the tuples in them are known for leaves. */
void ou_gc_untrack_leaf_holders(OuHeap *h, OuObj *const *v, size_t n, bool dicts)
{
    for (size_t i = 0; i < n; i++) {
        OuObj *o = v[i];
        if (!o || !(o->tf & T))
            continue;
        OuTypeFace *face = h->types[ou_type_index(o)];
        if (face->flags & OU_TF_UNTRACK && !(face->flags & OU_TF_FIXED) == dicts)
            untrack_leaf_holder(h, face, o);
    }
}

/* Takes the visit bit off the survivors in h->work and moves them, and the spans, a generation up. */
static void age_survivors(OuHeap *h, int gen)
{
    OuGcVec *work = &h->work, *to = gen == 0 ? &h->middle : h->ordered ? &h->old : NULL;
    size_t kept = 0;
    if (to && !ou_gcvec_room(to, to->n + work->n)) {
        if (to == &h->old)
            ou_gc_lose_order(h);
        to = NULL;
    }
    for (size_t i = 0; i < work->n; i++) {
        OuObj *o = work->v[i];
        if (!o)
            continue;
        o->tf &= ~(uint32_t)V;
        OuTypeFace *face = h->types[ou_type_index(o)];
        uint32_t flags = face->flags;
        if (flags & OU_TF_UNTRACK && flags & OU_TF_FIXED) {
            untrack_leaf_holder(h, face, o);
            if (!(o->tf & T))
                continue;
        }
        kept++;
        if (o->tf & OU_F_SPAN)
            continue;
        if (to)
            to->v[to->n++] = o;
        else if (flags & OU_TF_FINALIZE)
            ou_gc_promote(h, &o, 1);
    }
    if (gen == 2)
        ou_gc_untrack_leaf_holders(h, work->v, work->n, true);
    for (int l = gen < 2 ? gen : 1; l >= 0; l--)
        ou_gc_move_spans(h, l, gen < 2 ? gen + 1 : OU_SPANS_OLD);
    if (gen == 1)
        h->long_lived_pending += kept;
    if (gen == 2) {
        h->long_lived_total = kept;
        h->long_lived_pending = 0;
    }
    if (h->ordered && h->old.n > h->ordered_max)
        ou_gc_lose_order(h);
}

size_t ou_gc_collect_vectors(OuHeap *h, int gen)
{
    if (ou_gc_gather(h, gen) < 0)
        return 0;
    size_t n = h->work.n;
    OuObj **trash = h->mark.v;
    size_t dead = ou_gc_scan(h, &h->work, trash);
    age_survivors(h, gen);
    memcpy(h->work.v, trash, dead * sizeof *trash);
    h->work.n = dead;
    return n;
}
