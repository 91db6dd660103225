/* gc/pages.c - a full collection of a large heap, whose members are found by scanning its pages.
 *
 * What the roots of the VM lead to is set aside first (gc/alive.c); the passes of gc/cycle.c run on the rest. */
#include "cycle.h"

#include <stdlib.h>

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

/* ---- passes 2 to 4 ------------------------------------------------------------------------- */

/* As subtract and restore, where all that is tracked is a member. */
OU_VISITOR(subtract_t)
{
    if (child->tf & T)
        child->rc--;
}
OU_VISIT_CALL(subtract_t)

OU_VISITOR(restore_t)
{
    if (child->tf & TV)
        child->rc++;
}
OU_VISIT_CALL(restore_t)

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
__attribute__((always_inline)) static inline void mark_push(OuObj *child, Mark *k, uint32_t to)
{
    OuGcVec *s = k->stack;
    if (s->n == s->cap && !mark_room(k))
        return;
    child->tf = (child->tf & ~(uint32_t)TV) | to;
    k->reached++;
    s->v[s->n++] = child;
}

OU_VISITOR(mark_v)
{
    uint32_t tf = child->tf;
    if (!(tf & V))
        return;
    child->rc++;
    if (!(tf & T))
        mark_push(child, arg, TV);
}
OU_VISIT_CALL(mark_v)

OU_VISITOR(mark_t)
{
    uint32_t tf = child->tf;
    if (!(tf & TV))
        return;
    child->rc++;
    if (!(tf & T)) /* 10: the scan is still to come, or has been there */
        mark_push(child, arg, T);
}
OU_VISIT_CALL(mark_t)

static void take_off(Set *set)
{
    OuTypeFace **types = set->h->types;
    EACH(set, {
        if ((o->tf & TV) == V)
            ou_walk(types[ou_type_index(o)], o, subtract, visit_subtract, NULL);
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
                ou_walk(types[ou_type_index(o)], o, mark_v, visit_mark_v, &k);
                while (k.stack->n) {
                    OuObj *c = k.stack->v[--k.stack->n];
                    ou_walk(types[ou_type_index(c)], c, mark_v, visit_mark_v, &k);
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

static void give_back(Set *set)
{
    OuTypeFace **types = set->h->types;
    if (set->in == V)
        EACH(set, {
            if ((o->tf & TV) == V)
                ou_walk(types[ou_type_index(o)], o, restore, visit_restore, NULL);
        });
    else
        EACH(set, {
            if ((o->tf & TV) == V)
                ou_walk(types[ou_type_index(o)], o, restore_t, visit_restore_t, NULL);
        });
}

/* ---- the collection ----------------------------------------------------------------------------- */

/* Takes the trash, 01, into h->work: old objects first in order of address, then young ones in order of
 * creation; 11 goes back to 10.  A set of its own is packed in place and its vector becomes h->work's: a second one would
 * be the peak of a program that ends with a million objects.  false: no memory, and nothing is trash. */
static bool take_trash(Set *set, const OuGcVec *young, OuGcVec *rest, size_t dead)
{
    OuHeap *h = set->h;
    OuGcVec tail = {0};
    size_t old = 0, ntail = 0;
    for (size_t i = 0; i < young->n; i++)
        ntail += (young->v[i]->tf & TV) == V;
    bool room = ou_gcvec_room(&tail, ntail) && (!set->full || ou_gcvec_room(&h->work, dead));
    /* Turned over, the scan below does not take the young ones. */
    for (size_t i = 0; room && i < young->n; i++)
        if ((young->v[i]->tf & TV) == V) {
            young->v[i]->tf ^= TV;
            tail.v[tail.n++] = young->v[i];
        }
    OuObj **to = set->full ? h->work.v : set->v;
    EACH(set, {
        uint32_t s = o->tf & TV;
        if (s == V && room && old < dead - ntail)
            to[old++] = o;
        else if (s & V)
            o->tf = (o->tf & ~(uint32_t)V) | T;
    });
    if (room) {
        for (size_t i = 0; i < tail.n; i++)
            to[old++] = tail.v[i];
        for (size_t i = 0; i < dead; i++)
            to[i]->tf = (to[i]->tf & ~(uint32_t)T) | V;
        if (!set->full) {
            free(h->work.v);
            h->work = *rest;
            *rest = (OuGcVec){0};
        }
        h->work.n = dead;
    }
    free(tail.v);
    return room;
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

/* Takes the objects of frozen pages that became tracked later out of v, and the visit bit off all. */
static void leave_out_frozen(OuHeap *h, OuGcVec *v)
{
    size_t n = 0;
    for (size_t i = 0; i < v->n; i++) {
        OuObj *o = v->v[i];
        bool out = h->frozen && !(o->tf & OU_F_SPAN) && ou_mem_page(o)->frozen;
        o->tf &= ~(uint32_t)V;
        if (!out)
            v->v[n++] = o;
    }
    v->n = n;
}

/* Small again: the order of address stands in for what was lost. */
static void regain_order(OuHeap *h, size_t alive)
{
    if (!ou_gcvec_room(&h->old, alive))
        return;
    h->old.n = 0;
    EACH_OLD(h, {
        if ((o->tf & TV) == T && !(o->tf & OU_F_SPAN) && h->old.n < alive)
            h->old.v[h->old.n++] = o;
    });
    h->ordered = true;
    ou_ptrmap_free(&h->serials);
}

size_t ou_gc_collect_pages(OuHeap *h)
{
    /* The vectors tell the order of the young; they are in the set through their pages. */
    if (ou_gc_gather(h, 1) < 0)
        return 0;
    OuGcVec young = h->work, rest = {0};
    h->work = (OuGcVec){0};
    leave_out_frozen(h, &young);
    ou_gc_promote(h, young.v, young.n);
    Set set = {.h = h, .full = true, .in = h->frozen ? V : TV};
    size_t n = 0, dead = 0;
    if (!h->frozen && set_aside_alive(&set, &rest, &n)) {
        if (rest.n) {
            take_off(&set);
            dead = rest.n - mark(&set);
        }
    } else if (h->frozen) {
        EACH_OLD(h, {
            if ((o->tf & TV) == T) {
                o->tf ^= TV;
                n++;
            }
        });
        take_off(&set);
        dead = n - mark(&set);
    } else {
        n = subtract_all(h);
        dead = mark_all(h);
    }
    if (dead)
        give_back(&set);
    if (dead || h->frozen || rest.n)
        take_trash(&set, &young, &rest, dead);
    free(rest.v);
    /* Old tuples and dicts that came to hold only leaves are not worth another walk. */
    ou_gc_untrack_leaf_holders(h, young.v, young.n, false);
    ou_gc_untrack_leaf_holders(h, young.v, young.n, true);
    free(young.v);
    ou_gc_move_spans(h, OU_SPANS_MIDDLE, OU_SPANS_OLD);
    ou_gc_move_spans(h, OU_SPANS_YOUNG, OU_SPANS_OLD);
    h->long_lived_total = n - dead;
    h->long_lived_pending = 0;
    if (n - dead < h->ordered_max / 4 && !h->frozen)
        regain_order(h, n - dead);
    return n;
}
