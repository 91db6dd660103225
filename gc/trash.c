/* gc/trash.c - the end of what a collection found: weak references, callbacks, finalizers, and clearing.  PEP 442. */
#include "cycle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORK_KEPT = 1 << 13 }; /* entries: a vector up to this size is kept for the next collection */

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
                ou_heap_finalize(h, v[i]);
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
        ou_heap_finalize(h, f[i].o);
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

/* Trial deletion on v alone, each entry held once by us; survivors are released.  Returns the new length. */
static size_t still_trash(OuHeap *h, OuObj **v, size_t n)
{
    n = drop_fallen(h, v, n);
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
    n = ou_gc_scan(h, &work, v);
    for (size_t i = 0; i < work.n; i++)
        if (work.v[i]) {
            work.v[i]->tf &= ~(uint32_t)V;
            age(h, work.v[i]);
        }
    for (size_t i = 0; i < n; i++) {
        v[i]->tf ^= TV;
        v[i]->rc++;
    }
    free(work.v);
    return n;
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

size_t ou_gc_bury(OuHeap *h)
{
    OuGcVec trash = h->work; /* from here on code runs, and may allocate, track and free */
    h->work = (OuGcVec){0};
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
        dispose(h, trash.v, trash.n);
    }
    if (!h->work.v && trash.cap <= WORK_KEPT)
        h->work = (OuGcVec){trash.v, 0, trash.cap};
    else
        free(trash.v);
    return trash.n;
}
