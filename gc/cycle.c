/* gc/cycle.c - the cycle collector: trial deletion in place.
 *
 * During the passes 1-4 no code but `traverse` runs, and the tracked and visit bits of a header mean
 *
 *     tracked visit
 *        0      0    not tracked
 *        1      0    tracked, not in the set being collected
 *        0      1    in the set, not (yet) reached from outside
 *        1      1    in the set, reached
 *
 *  1 gather    every tracked object of the set goes to 01
 *  2 subtract  each reference between two objects of the set is taken off the target's count; what is left
 *              are references from outside
 *  3 mark      an object 01 with a count above 0 becomes 11, its references to the set are given back, and
 *              their targets are marked in turn
 *  4 restore   objects still 01 are trash: their references are given back as well; 11 returns to 10
 *
 * That is for sets without an order: the test for resurrection, and large heaps, whose members are found by
 * scanning pages (collect_pages).  There, unless something is frozen, "tracked" already says "in the set",
 * and pass 1 is left out: an object is 10, and 01 only while the scan of pass 3 has passed it without finding
 * a reference from outside.  Before that, what the roots of the VM lead to is marked as alive (gc/alive.c), and
 * the passes are run on the rest, in a vector.
 *
 * The young, and all objects while there are no more than h->ordered_max, are in vectors in CPython's order,
 * and collect_vectors keeps that order: there 11 is a member, 01 one that the scan passed over.
 *
 * Working in the counts themselves needs no scratch memory and no second cache miss: the child's header is
 * loaded anyway to see whether it belongs to the set.  Every change of pass 2 is undone by passes 3 and 4,
 * since all three walk the same references.  A frozen object is never in the set, so its page stays clean.
 *
 * The mark stack is bounded: a target that finds no room just gets its count back and stays as it is; the
 * linear scan of pass 3 will come to it, or is repeated.
 *
 * Then the trash is held by a count of our own, weak references into it are cleared, their callbacks and the
 * finalizers run, the trash is tested again when a finalizer ran (resurrection), and what is left is cleared
 * in the order of creation.  PEP 442. */
#include "scan.h"
#include "walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct Set {
    OuHeap *h;
    bool full;   /* all container pages that are not frozen, and the spans */
    uint32_t in; /* members wear this bit, or one of these */
    OuObj **v;   /* not full: the members */
    size_t n;    /* their number */
} Set;

/* Runs BODY for each slot or entry `o` of the set. */
#define EACH(set, BODY)                                \
    do {                                               \
        if (!(set)->full) {                            \
            for (size_t i_ = 0; i_ < (set)->n; i_++) { \
                OuObj *o = (set)->v[i_];               \
                BODY                                   \
            }                                          \
        } else {                                       \
            EACH_OLD((set)->h, BODY);                  \
        }                                              \
    } while (0)

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* ---- passes 1 to 4 ------------------------------------------------------------------------- */

#define INLINE __attribute__((always_inline)) static inline

INLINE void subtract_v(OuObj *child, void *arg)
{
    (void)arg;
    if (child->tf & V)
        child->rc--;
}
INLINE void subtract_t(OuObj *child, void *arg)
{
    (void)arg;
    if (child->tf & T)
        child->rc--;
}
static int visit_subtract_t(OuObj *child, void *arg)
{
    subtract_t(child, arg);
    return 0;
}
static int visit_subtract(OuObj *child, void *arg)
{
    subtract_v(child, arg);
    return 0;
}

static int visit_restore(OuObj *child, void *arg)
{
    if (child->tf & ((Set *)arg)->in)
        child->rc++;
    return 0;
}
INLINE void restore_v(OuObj *child, void *arg)
{
    (void)arg;
    if (child->tf & V)
        child->rc++;
}
static int visit_restore_v(OuObj *child, void *arg)
{
    restore_v(child, arg);
    return 0;
}

typedef struct Mark {
    OuGcVec *stack;
    size_t reached;
    bool missed;
} Mark;

__attribute__((noinline)) static bool mark_room(Mark *k)
{
    if (k->stack->cap < MARK_MAX && ou_gcvec_room(k->stack, k->stack->cap + 1))
        return true;
    k->missed = true;
    return false;
}

/* Puts child, which turns to state `to`, on the stack. */
INLINE void mark_push(OuObj *child, Mark *k, uint32_t to)
{
    OuGcVec *s = k->stack;
    if (s->n == s->cap && !mark_room(k))
        return;
    child->tf = (child->tf & ~(uint32_t)TV) | to;
    k->reached++;
    s->v[s->n++] = child;
}

INLINE void mark_v(OuObj *child, void *arg)
{
    uint32_t tf = child->tf;
    if (!(tf & V))
        return;
    child->rc++;
    if (!(tf & T))
        mark_push(child, arg, TV);
}
static int visit_mark(OuObj *child, void *arg)
{
    mark_v(child, arg);
    return 0;
}

INLINE void mark_t(OuObj *child, void *arg)
{
    uint32_t tf = child->tf;
    if (!(tf & TV))
        return;
    child->rc++;
    if (!(tf & T)) /* 10: the scan is still to come, or has been there */
        mark_push(child, arg, T);
}
static int visit_mark_t(OuObj *child, void *arg)
{
    mark_t(child, arg);
    return 0;
}

static void subtract(Set *set)
{
    OuTypeFace **types = set->h->types;
    EACH(set, {
        if ((o->tf & TV) == V)
            ou_walk(types[ou_type_index(o)], o, subtract_v, visit_subtract, NULL);
    });
}

/* Members 01; those reached become 11.  Returns how many. */
static size_t mark(Set *set)
{
    OuTypeFace **types = set->h->types;
    Mark k = {&set->h->mark, 0, false};
    k.stack->n = 0;
    do {
        k.missed = false;
        EACH(set, {
            if ((o->tf & TV) == V && o->rc) {
                o->tf |= T;
                k.reached++;
                ou_walk(types[ou_type_index(o)], o, mark_v, visit_mark, &k);
                while (k.stack->n) {
                    OuObj *c = k.stack->v[--k.stack->n];
                    ou_walk(types[ou_type_index(c)], c, mark_v, visit_mark, &k);
                }
            }
        });
    } while (k.missed);
    return k.reached;
}

/* All tracked objects are members, 10.  Returns how many there are. */
static size_t subtract_all(OuHeap *h)
{
    OuTypeFace **types = h->types;
    size_t n = 0;
    EACH_OLD(h, {
        if (o->tf & T) {
            n++;
            ou_walk(types[ou_type_index(o)], o, subtract_t, visit_subtract_t, NULL);
        }
    });
    return n;
}

static void drain_t(OuTypeFace **types, Mark *k)
{
    while (k->stack->n) {
        OuObj *c = k->stack->v[--k->stack->n];
        ou_walk(types[ou_type_index(c)], c, mark_t, visit_mark_t, k);
    }
}

/* One scan in the order of the pages: a member with references from outside is walked in its place, one
 * without becomes 01, and 10 again when a reference to it turns up later.  So a live object is written to
 * only where a reference to it is counted.  Returns how many are trash, 01. */
static size_t mark_all(OuHeap *h)
{
    OuTypeFace **types = h->types;
    Mark k = {&h->mark, 0, false};
    size_t passed = 0;
    k.stack->n = 0;
    EACH_OLD(h, {
        if (o->tf & T) {
            if (o->rc) {
                ou_walk(types[ou_type_index(o)], o, mark_t, visit_mark_t, &k);
                drain_t(types, &k);
            } else {
                o->tf ^= TV;
                passed++;
            }
        }
    });
    while (k.missed) {
        k.missed = false;
        EACH_OLD(h, {
            if ((o->tf & TV) == V && o->rc) {
                o->tf ^= TV;
                k.reached++;
                ou_walk(types[ou_type_index(o)], o, mark_t, visit_mark_t, &k);
                drain_t(types, &k);
            }
        });
    }
    return passed - k.reached;
}

static void restore(Set *set)
{
    OuTypeFace **types = set->h->types;
    if (set->in == V)
        EACH(set, {
            if ((o->tf & TV) == V)
                ou_walk(types[ou_type_index(o)], o, restore_v, visit_restore_v, NULL);
        });
    else
        EACH(set, {
            if ((o->tf & TV) == V)
                ou_traverse(types[ou_type_index(o)], o, visit_restore, set);
        });
}

/* Whether child may be tracked, now or later. */
static int visit_trackable(OuObj *child, void *arg)
{
    uint32_t f = ((OuHeap *)arg)->types[ou_type_index(child)]->flags;
    return f & OU_TF_CONTAINER && !(f & OU_TF_FIXED && !(child->tf & T));
}

static inline void untrack_leaf_holder(OuHeap *h, OuObj *o)
{
    OuTypeFace *face = h->types[ou_type_index(o)];
    if (face->flags & OU_TF_UNTRACK && !ou_traverse(face, o, visit_trackable, h))
        o->tf &= ~(uint32_t)T;
}

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

static void move_spans(OuHeap *h, int from, int to)
{
    for (OuHeapSpan *l = &h->spans[from]; l->next != l;)
        ou_span_move(h, l->next, to);
}

static void reset_young(OuHeap *h)
{
    size_t t = (size_t)(h->threshold[0] > 0 ? h->threshold[0] : 700) + 1;
    h->young_at = h->young.v;
    h->young_end = h->young.v + (t < h->young.cap ? t : h->young.cap);
    if (h->stress)
        h->young_end = h->young_at;
}

/* Fills h->work with the objects of the vectors and span lists of generations 0..gen in order of creation,
 * all 11, and empties the vectors.  There is room for each entry twice, and in h->mark once.  -1: no memory.
 */
static int gather(OuHeap *h, int gen)
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
    reset_young(h);
    return 0;
}

/* ---- collecting vectors: the young, and everything while the heap is small ------------------------- */

/* Here a member is 11 from the start, and 01 once the scan has passed it without finding a reference from
 * outside. */
static void reach_linear(OuObj *child, void *arg)
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
static int visit_reach_linear(OuObj *child, void *arg)
{
    reach_linear(child, arg);
    return 0;
}

/* The end of a generation vector's life as the order of creation: from now on pages are scanned. */
static void lose_order(OuHeap *h)
{
    h->ordered = false;
    ou_gc_promote(h, h->old.v, h->old.n);
    free(h->old.v);
    h->old = (OuGcVec){0};
}

/* Generations 0..gen by their vectors, up to pass 4: leaves the trash, 01, in h->work.
 *
 * The scan is CPython's: in order of the list; a member without reference from outside is passed over, and
 * moves to the end when a later one turns out to refer to it.  The order that survivors have afterwards
 * decides in which order they will be finalized one day, so scripts see it. */
static void collect_vectors(OuHeap *h, int gen, size_t *visited)
{
    if (gather(h, gen) < 0)
        return;
    OuTypeFace **types = h->types;
    OuGcVec *work = &h->work;
    OuObj **passed = h->mark.v;
    size_t n = work->n, npassed = 0, dead = 0, kept = 0;
    Set trash = {.h = h, .in = V, .v = passed};
    *visited += n;
    for (size_t i = 0; i < n; i++)
        ou_walk(types[ou_type_index(work->v[i])], work->v[i], subtract_v, visit_subtract, &trash);
    for (size_t i = 0; i < work->n; i++) {
        OuObj *o = work->v[i];
        if (o->rc) {
            ou_walk(types[ou_type_index(o)], o, reach_linear, visit_reach_linear, work);
        } else {
            o->tf &= ~(uint32_t)T;
            passed[npassed++] = o;
            work->v[i] = NULL;
        }
    }
    for (size_t i = 0; i < npassed; i++)
        if (!(passed[i]->tf & T))
            passed[dead++] = passed[i];
    trash.n = dead;
    if (dead)
        restore(&trash);
    OuGcVec *to = gen == 0 ? &h->middle : h->ordered ? &h->old : NULL;
    if (to && !ou_gcvec_room(to, to->n + work->n)) {
        if (to == &h->old)
            lose_order(h);
        to = NULL;
    }
    for (size_t i = 0; i < work->n; i++) {
        OuObj *o = work->v[i];
        if (!o)
            continue;
        o->tf &= ~(uint32_t)V;
        uint32_t flags = types[ou_type_index(o)]->flags;
        if (flags & OU_TF_UNTRACK && gen != 1) { /* what comes to generation 1 has been looked at */
            untrack_leaf_holder(h, o);
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
    memcpy(work->v, passed, dead * sizeof *passed);
    work->n = dead;
    for (int l = gen < 2 ? gen : 1; l >= 0; l--)
        move_spans(h, l, gen < 2 ? gen + 1 : OU_SPANS_OLD);
    if (gen == 1)
        h->long_lived_pending += kept;
    if (gen == 2) {
        h->long_lived_total = kept;
        h->long_lived_pending = 0;
    }
    if (h->ordered && h->old.n > h->ordered_max)
        lose_order(h);
}

/* ---- collecting pages: a large heap ------------------------------------------------------------------ */

/* Takes the trash, 01, into h->work: old objects first in order of address, then young ones in order of
 * creation; 11 goes back to 10.  false: no memory, and nothing is trash. */
static bool take_trash(Set *set, const OuGcVec *young, size_t dead)
{
    OuHeap *h = set->h;
    size_t at = dead, old = 0;
    bool room = ou_gcvec_room(&h->work, dead);
    /* The young part goes to the end; turned over, the scan below does not take it again. */
    for (size_t i = young->n; room && i-- > 0;)
        if ((young->v[i]->tf & TV) == V) {
            young->v[i]->tf ^= TV;
            h->work.v[--at] = young->v[i];
        }
    EACH(set, {
        uint32_t s = o->tf & TV;
        if (s == V && room && old < at)
            h->work.v[old++] = o;
        else if (s & V)
            o->tf = (o->tf & ~(uint32_t)V) | T;
    });
    if (!room)
        return false;
    for (size_t i = 0; i < dead; i++)
        h->work.v[i]->tf = (h->work.v[i]->tf & ~(uint32_t)T) | V;
    h->work.n = dead;
    return true;
}

/* Marks what the roots lead to, and makes the rest a set of its own, each 01.  out: *n, how many objects there
 * are.  false: no memory or no roots, and nothing has changed. */
static bool set_aside_alive(Set *set, OuGcVec *rest, size_t *n)
{
    void *marks;
    if (ou_gc_mark_alive(set->h, &marks) < 0 || ou_gc_gather_rest(set->h, rest, n, marks) < 0)
        return false;
    for (size_t i = 0; i < rest->n; i++)
        rest->v[i]->tf ^= TV;
    *set = (Set){.h = set->h, .in = V, .v = rest->v, .n = rest->n};
    return true;
}

/* The full collection up to pass 4: leaves the trash, 01, in h->work. */
static void collect_pages(OuHeap *h, size_t *visited)
{
    /* The vectors tell the order of the young; they are in the set through their pages. */
    if (gather(h, 1) < 0)
        return;
    OuGcVec young = h->work;
    h->work = (OuGcVec){0};
    Set set = {.h = h, .full = true, .in = h->frozen ? V : TV};
    OuGcVec rest = {0};
    size_t n = 0, dead = 0;
    for (size_t i = 0; i < young.n; i++) {
        OuObj *o = young.v[i];
        bool out = h->frozen && !(o->tf & OU_F_SPAN) && ou_mem_page(o)->frozen;
        o->tf &= ~(uint32_t)V;
        if (!out) /* an object of a frozen page that became tracked later stays out */
            young.v[n++] = o;
    }
    young.n = n;
    ou_gc_promote(h, young.v, young.n);
    n = 0;
    if (!h->frozen && set_aside_alive(&set, &rest, &n)) {
        if (rest.n) {
            subtract(&set);
            dead = rest.n - mark(&set);
        }
    } else if (h->frozen) {
        EACH_OLD(h, {
            if ((o->tf & TV) == T) {
                o->tf ^= TV;
                n++;
            }
        });
        subtract(&set);
        dead = n - mark(&set);
    } else {
        n = subtract_all(h);
        dead = mark_all(h);
    }
    *visited += n;
    if (dead)
        restore(&set);
    if (dead || h->frozen || rest.n)
        take_trash(&set, &young, dead);
    free(rest.v);
    /* Old tuples and dicts that came to hold only leaves are not worth another walk. */
    for (size_t i = 0; i < young.n; i++)
        if (young.v[i]->tf & T)
            untrack_leaf_holder(h, young.v[i]);
    move_spans(h, OU_SPANS_MIDDLE, OU_SPANS_OLD);
    move_spans(h, OU_SPANS_YOUNG, OU_SPANS_OLD);
    h->long_lived_total = n - dead;
    h->long_lived_pending = 0;
    free(young.v);
    if (n - dead < h->ordered_max / 4 && !h->frozen && ou_gcvec_room(&h->old, n - dead)) {
        /* Small again: the order of address stands in for what was lost. */
        h->old.n = 0;
        EACH_OLD(h, {
            if ((o->tf & TV) == T && !(o->tf & OU_F_SPAN) && h->old.n < n - dead)
                h->old.v[h->old.n++] = o;
        });
        h->ordered = true;
        ou_ptrmap_free(&h->serials);
    }
}

/* ---- the trash --------------------------------------------------------------------------------- */

/* Takes all weak references into the trash; those that are not trash themselves form a chain, in the order of
 * the trash, each held by a count. */
static OuWeakNode *clear_weak(OuHeap *h, OuObj **v, size_t n)
{
    OuWeakNode *first = NULL, *last = NULL;
    for (size_t i = 0; i < n; i++) {
        OuWeakNode *c = ou_weak_detach(h, v[i]), *next;
        for (; c; c = next) {
            next = c->next;
            OuObj *owner = ou_weak_owner(c);
            c->next = NULL;
            c->prev = last;
            if ((owner->tf & TV) == V || owner->rc == 0) {
                c->prev = NULL;
                continue;
            }
            owner->rc++;
            if (last)
                last->next = c;
            else
                first = c;
            last = c;
        }
    }
    return first;
}

static void run_weak_callbacks(OuHeap *h, OuWeakNode *chain)
{
    size_t n = 0;
    for (OuWeakNode *c = chain; c; c = c->next)
        n++;
    if (!n)
        return;
    OuWeakNode **held = malloc(n * sizeof *held); /* the hook takes the chain apart */
    size_t i = 0;
    if (held)
        for (OuWeakNode *c = chain; c; c = c->next)
            held[i++] = c;
    OuNestSave s = ou_nest_enter(h);
    if (h->hooks->weak_callbacks)
        h->hooks->weak_callbacks((OuVM *)h, chain);
    ou_nest_leave(h, s);
    for (i = 0; held && i < n; i++)
        ou_decref_((OuVM *)h, ou_weak_owner(held[i])); /* without memory for `held` they leak */
    free(held);
}

typedef struct Final {
    uint64_t serial;
    OuObj *o;
} Final;

static int by_serial(const void *a, const void *b)
{
    uint64_t x = ((const Final *)a)->serial, y = ((const Final *)b)->serial;
    return x < y ? -1 : x > y;
}

static bool wants_finalizer(OuHeap *h, OuObj *o)
{
    return h->types[ou_type_index(o)]->flags & OU_TF_FINALIZE && !(o->tf & OU_F_FINALIZED);
}

static void finalize_one(OuHeap *h, OuObj *o)
{
    if (o->tf & OU_F_FINALIZED)
        return;
    o->tf |= OU_F_FINALIZED;
    OuNestSave s = ou_nest_enter(h);
    h->hooks->finalize((OuVM *)h, o);
    ou_nest_leave(h, s);
}

/* Runs the finalizers of the trash in order of creation; true: there were any. */
static bool finalize(OuHeap *h, OuObj **v, size_t n)
{
    size_t k = 0, i = 0;
    for (i = 0; i < n; i++)
        k += wants_finalizer(h, v[i]);
    if (!k)
        return false;
    Final *f = malloc(k * sizeof *f);
    if (!f) { /* address order, then */
        for (i = 0; i < n; i++)
            if (wants_finalizer(h, v[i]))
                finalize_one(h, v[i]);
        return true;
    }
    k = 0;
    for (i = 0; i < n; i++)
        if (wants_finalizer(h, v[i])) {
            uint64_t *serial = ou_ptrmap_get(&h->serials, v[i]);
            f[k++] = (Final){serial ? *serial : UINT64_MAX / 2 + i, v[i]};
        }
    qsort(f, k, sizeof *f, by_serial);
    for (i = 0; i < k; i++)
        finalize_one(h, f[i].o);
    free(f);
    return true;
}

/* After finalizers: drops from v what nobody but we holds, or what is no longer tracked.  A few passes, in
 * both directions, unravel what fell apart; the rest of a long tangle is trash by the test that follows. */
static size_t drop_fallen(OuHeap *h, OuObj **v, size_t n)
{
    for (int pass = 0; pass < 4; pass++) {
        size_t to = 0;
        for (size_t i = 0; i < n; i++) {
            size_t k = pass & 1 ? n - 1 - i : i;
            if (v[k]->rc == 1 || !(v[k]->tf & T)) {
                OuObj *o = v[k];
                v[k] = NULL;
                ou_decref_((OuVM *)h, o);
            }
        }
        for (size_t i = 0; i < n; i++)
            if (v[i])
                v[to++] = v[i];
        if (to == n)
            break;
        n = to;
    }
    return n;
}

/* Trash that lives on belongs to generation 2; no vector has it now. */
static void age(OuHeap *h, OuObj *o)
{
    if (!(o->tf & OU_F_SPAN))
        ou_gc_promote(h, &o, 1);
}

/* Trial deletion on v alone, each entry held once by us; survivors are released.  Returns the new length.  The
 * scan is that of collect_vectors, for the survivors' order is seen when they die one day. */
static size_t still_trash(OuHeap *h, OuObj **v, size_t n)
{
    n = drop_fallen(h, v, n);
    OuTypeFace **types = h->types;
    OuGcVec work = {0};
    if (!n)
        return 0;
    if (!ou_gcvec_room(&work, 2 * n)) { /* all live on until the next time */
        for (size_t i = 0; i < n; i++) {
            age(h, v[i]);
            ou_decref_((OuVM *)h, v[i]);
        }
        return 0;
    }
    memcpy(work.v, v, n * sizeof *v);
    work.n = n;
    for (size_t i = 0; i < n; i++) {
        v[i]->tf |= V;
        v[i]->rc--;
    }
    for (size_t i = 0; i < n; i++)
        ou_walk(types[ou_type_index(v[i])], v[i], subtract_v, visit_subtract, NULL);
    for (size_t i = 0; i < work.n; i++) {
        OuObj *o = work.v[i];
        if (o->rc) {
            ou_walk(types[ou_type_index(o)], o, reach_linear, visit_reach_linear, &work);
        } else {
            o->tf &= ~(uint32_t)T;
            work.v[i] = NULL;
        }
    }
    size_t to = 0;
    for (size_t i = 0; i < n; i++)
        if (!(v[i]->tf & T))
            v[to++] = v[i];
    Set trash = {.h = h, .in = V, .v = v, .n = to};
    restore(&trash);
    for (size_t i = 0; i < work.n; i++)
        if (work.v[i]) {
            work.v[i]->tf &= ~(uint32_t)V;
            age(h, work.v[i]);
        }
    for (size_t i = 0; i < to; i++) {
        v[i]->tf ^= TV;
        v[i]->rc++;
    }
    free(work.v);
    return to;
}

static void describe(OuHeap *h, const char *what, OuObj *o)
{
    char line[200];
    snprintf(line, sizeof line, "gc: %s <%.100s %p>\n", what, h->types[ou_type_index(o)]->name, (void *)o);
    if (h->hooks->message)
        h->hooks->message((OuVM *)h, line);
}

static void dispose(OuHeap *h, OuObj **v, size_t n)
{
    OuVM *vm = (OuVM *)h;
    for (size_t i = 0; i < n; i++) {
        OuObj *o = v[i];
        void (*clear)(OuVM *, OuObj *) = h->types[ou_type_index(o)]->clear;
        if (h->debug & OU_GC_DEBUG_SAVEALL) {
            if (h->hooks->garbage)
                h->hooks->garbage(vm, o);
        } else if (clear) {
            OuNestSave s = ou_nest_enter(h);
            clear(vm, o);
            ou_nest_leave(h, s);
        }
        if (o->rc > 1 && o->tf & T)
            age(h, o);
        ou_decref_(vm, o);
    }
}

/* ---- entry --------------------------------------------------------------------------------------- */

static void message_stats(OuHeap *h, int gen)
{
    char line[160];
    int c[3];
    ou_gc_count(h, c);
    size_t old = h->long_lived_total + h->long_lived_pending;
    snprintf(line, sizeof line, "gc: collecting generation %d...\n", gen);
    h->hooks->message((OuVM *)h, line);
    snprintf(line, sizeof line, "gc: objects in each generation: %d %zu %zu\n", c[0], h->middle.n, old);
    h->hooks->message((OuVM *)h, line);
    snprintf(line, sizeof line, "gc: objects in permanent generation: %zu\n", ou_gc_freeze_count(h));
    h->hooks->message((OuVM *)h, line);
}

intptr_t ou_gc_collect(OuHeap *h, int gen, intptr_t *uncollectable)
{
    intptr_t bad = 0;
    if (uncollectable)
        *uncollectable = 0;
    if (h->collecting)
        return 0;
    if (h->deferred)
        ou_heap_drain_deferred(h);
    if (h->deferred || h->collecting)
        return 0; /* dead objects that wait for another thread wear our visit bit */
    h->collecting = true;
    h->requested = false;
    OuVM *vm = (OuVM *)h;
    if (h->hooks->callback)
        h->hooks->callback(vm, 0, gen, 0, 0, 0);
    bool tell = h->debug & OU_GC_DEBUG_STATS && h->hooks->message;
    if (tell)
        message_stats(h, gen);
    double start = now();
    size_t visited = 0;
    for (int i = 0; i <= gen; i++)
        h->count[i] = 0;
    if (gen < 2)
        h->count[gen + 1]++;

    h->work.n = 0;
    if (gen == 2 && !h->ordered)
        collect_pages(h, &visited);
    else
        collect_vectors(h, gen, &visited);

    /* The passes are over; from here on code runs, and may allocate, track and free. */
    OuGcVec trash = h->work;
    h->work = (OuGcVec){0};
    intptr_t found = 0;
    if (trash.n) {
        for (size_t i = 0; i < trash.n; i++)
            trash.v[i]->rc++;
        OuWeakNode *chain = clear_weak(h, trash.v, trash.n);
        for (size_t i = 0; i < trash.n; i++)
            trash.v[i]->tf ^= TV;
        if (h->debug & OU_GC_DEBUG_COLLECTABLE)
            for (size_t i = 0; i < trash.n; i++)
                describe(h, "collectable", trash.v[i]);
        run_weak_callbacks(h, chain);
        if (finalize(h, trash.v, trash.n))
            trash.n = still_trash(h, trash.v, trash.n);
        found = (intptr_t)trash.n;
        dispose(h, trash.v, trash.n);
    }
    if (!h->work.v && trash.cap <= 1 << 13)
        h->work = (OuGcVec){trash.v, 0, trash.cap};
    else
        free(trash.v);

    double seconds = now() - start;
    OuGcStats *st = &h->stats[gen];
    st->collections++;
    st->collected += (uint64_t)found;
    st->uncollectable += (uint64_t)bad;
    st->visited += visited;
    st->pause_total += seconds;
    h->last_gen = gen;
    h->last_found = (uint64_t)found;
    h->last_at = start;
    h->last_pause = seconds;
    if (seconds > st->pause_max)
        st->pause_max = seconds;
    if (tell) {
        char line[160];
        snprintf(line, sizeof line, "gc: done, %zd unreachable, %zd uncollectable, %.4fs elapsed\n",
                 (ssize_t)found, (ssize_t)bad, seconds);
        h->hooks->message(vm, line);
    }
    h->collecting = false;
    if (gen == 2 || h->mem.nlimbo > h->mem.limbo_max)
        ou_gc_release_limbo(h);
    if (gen == 2)
        ou_mem_trim(&h->mem);
    if (h->hooks->callback) {
        h->collecting = true; /* a callback must not start another collection */
        h->hooks->callback(vm, 1, gen, found, bad, seconds);
        h->collecting = false;
    }
    if (uncollectable)
        *uncollectable = bad;
    return found;
}

void ou_gc_poll(OuHeap *h)
{
    bool requested = h->requested;
    h->requested = false;
    if (h->collecting)
        return;
    if (h->emergency) {
        h->emergency = false;
        ou_gc_collect(h, 2, NULL);
        return;
    }
    if (!h->enabled || !requested)
        return;
    if (h->stress) {
        bool full = h->stress_full && ++h->stress_count % h->stress_full == 0;
        ou_gc_collect(h, full ? 2 : 0, NULL);
        return;
    }
    if (h->threshold[0] <= 0)
        return;
    for (int g = 2; g >= 0; g--) {
        if (g && h->count[g] <= h->threshold[g])
            continue;
        /* A full collection waits until a quarter of the old generation is new. */
        if (g == 2 && h->long_lived_pending < h->long_lived_total / 4)
            continue;
        ou_gc_collect(h, g, NULL);
        return;
    }
}
