/* gc/heap.c - objects: spans, the type table, tracking, death of an object, statistics. */
#include "heap.h"
#include "trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    THRESHOLD_0 = 700, /* as CPython's */
    THRESHOLD_1 = 10,
    THRESHOLD_2 = 10,
    ORDERED_MAX = 1 << 16,        /* old objects whose order is kept */
    YOUNG_DISABLED_MAX = 1 << 16, /* young objects kept in order while nobody collects */
};

static void drain(OuHeap *h);

/* ---- spans ------------------------------------------------------------------------ */

static void span_unlink(OuHeap *h, OuHeapSpan *s)
{
    h->nyoung_spans -= s->list == OU_SPANS_YOUNG;
    s->next->prev = s->prev;
    s->prev->next = s->next;
}

/* Links s, which is on no list, in front of the sentinel: lists are in order of tracking. */
static void span_link(OuHeap *h, OuHeapSpan *s, int list)
{
    OuHeapSpan *l = &h->spans[list];
    s->list = (size_t)list;
    s->next = l;
    s->prev = l->prev;
    l->prev->next = s;
    l->prev = s;
    h->nyoung_spans += list == OU_SPANS_YOUNG;
}

void ou_span_move(OuHeap *h, OuHeapSpan *s, int list)
{
    span_unlink(h, s);
    span_link(h, s, list);
}

OuObj *ou_span_alloc(OuHeap *h, uint32_t type, size_t size)
{
    OuMem *m = &h->mem;
    size_t whole = size + sizeof(OuHeapSpan);
    if (size > PTRDIFF_MAX || ou_mem_should_fail(m) || !ou_mem_charge(m, whole))
        return NULL;
    OuHeapSpan *s = malloc(whole);
    if (s && m->mode & OU_MEM_TRACE && ou_trace_add(m->trace, s + 1, size) < 0) {
        free(s);
        s = NULL;
    }
    if (!s) {
        ou_mem_uncharge(m, whole);
        return NULL;
    }
    m->large += whole;
    m->nlarge++;
    s->size = size;
    span_link(h, s, OU_SPANS_UNTRACKED);
    OuObj *o = ou_span_obj(s);
    o->rc = 1;
    o->tf = type | OU_F_SPAN;
    return o;
}

void ou_span_free(OuHeap *h, OuObj *o, size_t size)
{
    OuMem *m = &h->mem;
    OuHeapSpan *s = (OuHeapSpan *)o - 1;
    (void)size;
    span_unlink(h, s);
    if (m->mode & OU_MEM_TRACE)
        ou_trace_remove(m->trace, o);
    ou_mem_uncharge(m, s->size + sizeof *s);
    m->large -= s->size + sizeof *s;
    m->nlarge--;
    free(s);
}

/* ---- tracking ----------------------------------------------------------------------- */

bool ou_gcvec_room(OuGcVec *v, size_t n)
{
    if (n <= v->cap)
        return true;
    size_t cap = v->cap ? v->cap : 1024;
    while (cap < n)
        cap *= 2;
    OuObj **p = realloc(v->v, cap * sizeof *p);
    if (!p)
        return false;
    v->v = p;
    v->cap = cap;
    return true;
}

/* Moves the last entry of each tracked object without visit bit to the end of v, in order, and sets the
 * bit; returns the index of the first. */
static size_t sift(OuObj **v, size_t n)
{
    size_t to = n;
    for (size_t i = n; i-- > 0;) {
        OuObj *o = v[i];
        if ((o->tf & (OU_F_TRACKED | OU_F_VISIT)) == OU_F_TRACKED) {
            o->tf |= OU_F_VISIT;
            v[--to] = o;
        }
    }
    return to;
}

/* Clears the bits that sift set and moves the entries to the front; returns how many they are. */
static size_t settle(OuObj **v, size_t n, size_t from)
{
    for (size_t i = from; i < n; i++) {
        v[i]->tf &= ~(uint32_t)OU_F_VISIT;
        v[i - from] = v[i];
    }
    return n - from;
}

void ou_gc_purge(OuHeap *h)
{
    /* The slot of a dead object of an older generation may hold a younger one by now: young first. */
    size_t n = ou_gc_young_count(h), y = sift(h->young.v, n), m = sift(h->middle.v, h->middle.n);
    size_t old = sift(h->old.v, h->old.n);
    h->young_at = h->young.v + settle(h->young.v, n, y);
    h->middle.n = settle(h->middle.v, h->middle.n, m);
    h->old.n = settle(h->old.v, h->old.n, old);
}

void ou_gc_release_limbo(OuHeap *h)
{
    if (h->collecting || h->hold)
        return; /* somebody walks pages; the end of that comes here again */
    ou_gc_purge(h);
    ou_mem_release_limbo(&h->mem);
    /* Keep the cost of a purge small against the deaths that led to it. */
    h->mem.limbo_max = 64 + (ou_gc_young_count(h) + h->middle.n + h->old.n) / 256;
}

static void limbo_full(void *owner)
{
    ou_gc_release_limbo(owner);
}

static void pressure(void *owner)
{
    OuHeap *h = owner;
    h->emergency = true;
    if (!h->collecting && h->hooks->request)
        h->hooks->request((OuVM *)h);
}

static void request(OuHeap *h)
{
    if (h->collecting)
        return;
    h->requested = true;
    if (h->hooks->request)
        h->hooks->request((OuVM *)h);
}

/* How many young objects there may be before the slow path looks at them. */
static size_t young_threshold(const OuHeap *h)
{
    return (size_t)(h->threshold[0] > 0 ? h->threshold[0] : THRESHOLD_0);
}

void ou_gc_reset_young(OuHeap *h)
{
    size_t t = young_threshold(h) + 1;
    h->young_at = h->young.v;
    h->young_end = h->young.v + (h->stress ? 0 : t < h->young.cap ? t : h->young.cap);
}

/* The young vector is full up to young_end: drop what died; ask for a collection when the threshold is
 * reached. */
static void young_full(OuHeap *h)
{
    size_t t = young_threshold(h);
    size_t n = ou_gc_young_count(h);
    n = settle(h->young.v, n, sift(h->young.v, n));
    if (h->enabled && h->threshold[0] > 0 && n >= t)
        request(h);
    if (n >= YOUNG_DISABLED_MAX) {
        /* Nobody collects: the oldest half moves to generation 2, where no vector is needed. */
        size_t half = n / 2;
        ou_gc_promote(h, h->young.v, half);
        memmove(h->young.v, h->young.v + half, (n - half) * sizeof(OuObj *));
        n -= half;
    }
    size_t more = n < t ? t - n : n / 2;
    if (more < t / 4)
        more = t / 4;
    if (more < 16)
        more = 16;
    if (!ou_gcvec_room(&h->young, n + more)) {
        if (n == h->young.cap) {
            ou_gc_promote(h, h->young.v, n);
            n = 0;
        }
        more = h->young.cap - n;
    }
    h->young_at = h->young.v + n;
    h->young_end = h->young_at + more;
}

void ou_gc_track_slow(OuHeap *h, OuObj *o)
{
    o->tf |= OU_F_TRACKED;
    if (h->stress)
        request(h);
    if (o->tf & OU_F_SPAN) {
        ou_span_move(h, (OuHeapSpan *)o - 1, OU_SPANS_YOUNG);
        if (h->enabled && h->threshold[0] > 0 &&
            h->nyoung_spans + ou_gc_young_count(h) > (size_t)h->threshold[0])
            request(h);
        return;
    }
    if (h->young_at == h->young_end && h->young_at < h->young.v + h->young.cap && h->stress) {
        *h->young_at++ = o;
        h->young_end = h->young_at;
        return;
    }
    young_full(h);
    *h->young_at++ = o;
    if (h->stress)
        h->young_end = h->young_at;
}

void ou_gc_promote(OuHeap *h, OuObj **v, size_t n)
{
    if (h->ordered) {
        if (ou_gcvec_room(&h->old, h->old.n + n)) {
            if (n)
                memcpy(h->old.v + h->old.n, v, n * sizeof *v);
            h->old.n += n;
            return;
        }
        ou_gc_lose_order(h);
    }
    for (size_t i = 0; i < n; i++)
        if (v[i]->tf & OU_F_TRACKED && /* an entry is a hint: the object may have died */
            h->types[ou_type_index(v[i])]->flags & OU_TF_FINALIZE && !(v[i]->tf & OU_F_FINALIZED) &&
            !ou_ptrmap_get(&h->serials, v[i]))
            ou_ptrmap_put(&h->serials, v[i], ++h->next_serial); /* without an entry only the order suffers */
}

void ou_gc_lose_order(OuHeap *h)
{
    h->ordered = false;
    ou_gc_promote(h, h->old.v, h->old.n);
    free(h->old.v);
    h->old = (OuGcVec){0};
}

/* ---- death ---------------------------------------------------------------------------- */

OuNestSave ou_nest_enter(OuHeap *h)
{
    OuNest *t = h->nest;
    OuNestSave s = {t->depth, t->base};
    t->depth = 0;
    t->base = t->n;
    return s;
}

void ou_nest_leave(OuHeap *h, OuNestSave s)
{
    if (h->nest->n > h->nest->base)
        drain(h);
    h->nest->depth = s.depth;
    h->nest->base = s.base;
}

void ou_heap_finalize(OuHeap *h, OuObj *o)
{
    if (o->tf & OU_F_FINALIZED)
        return;
    o->tf |= OU_F_FINALIZED;
    OuNestSave s = ou_nest_enter(h);
    h->hooks->finalize((OuVM *)h, o);
    ou_nest_leave(h, s);
}

static void clear_weak(OuHeap *h, OuObj *o)
{
    OuWeakNode *chain = ou_weak_detach(h, o);
    if (chain && h->hooks->weak_callbacks) {
        OuNestSave s = ou_nest_enter(h);
        h->hooks->weak_callbacks((OuVM *)h, chain);
        ou_nest_leave(h, s);
    }
}

/* Finalizer and weak references of o, whose count is 0; true: o was resurrected. */
static bool last_words(OuHeap *h, OuObj *o, OuTypeFace *face)
{
    if (face->flags & OU_TF_WEAK_FIRST && o->tf & OU_F_WEAK) {
        bool tracked = o->tf & OU_F_TRACKED; /* with a count of 0 a collection would take it for trash */
        o->tf &= ~(uint32_t)OU_F_TRACKED;
        clear_weak(h, o);
        if (tracked)
            ou_gc_track(h, o);
    }
    if (face->flags & OU_TF_FINALIZE) {
        if (!(o->tf & OU_F_FINALIZED)) {
            o->rc = 1;
            ou_heap_finalize(h, o);
            if (--o->rc) {
                if (h->types[ou_type_index(o)]->flags & OU_TF_CONTAINER) {
                    o->tf &= ~(uint32_t)OU_F_TRACKED; /* young again, as in CPython */
                    ou_gc_track(h, o);
                }
                return true;
            }
        }
        ou_ptrmap_pop(&h->serials, o, NULL);
    }
    o->tf &= ~(uint32_t)OU_F_TRACKED;
    if (o->tf & OU_F_WEAK)
        clear_weak(h, o);
    return false;
}

__attribute__((always_inline)) static inline void die(OuHeap *h, OuObj *o, OuTypeFace *face)
{
    if ((face->flags & OU_TF_FINALIZE || o->tf & OU_F_WEAK) && last_words(h, o, face))
        return;
    o->tf &= ~(uint32_t)OU_F_TRACKED;
    h->types[ou_type_index(o)]->dealloc((OuVM *)h, o); /* a finalizer may have given it another class */
}

/* Puts a dead object off until the outermost dealloc of this thread is done.  Never fails: when the queue is
 * full the object stays where it is, marked by OU_F_VISIT (untracked, count 0), and its page is noted. */
static void defer(OuHeap *h, OuObj *o)
{
    OuNest *t = h->nest;
    o->tf &= ~(uint32_t)OU_F_TRACKED;
    if (t->n < OU_NEST_QUEUE) {
        t->queue[t->n++] = o;
        return;
    }
    h->deferred = true;
    o->tf |= OU_F_VISIT;
    if (o->tf & OU_F_SPAN) {
        ou_span_move(h, (OuHeapSpan *)o - 1, OU_SPANS_DEAD);
    } else {
        OuRegion *r = ou_region_of(o);
        r->dead |= (uint64_t)1 << (ou_mem_page(o) - ou_region_page(r, 0));
    }
}

static void undefer(OuHeap *h, OuObj *o)
{
    o->tf &= ~(uint32_t)OU_F_VISIT;
    h->nest->depth++;
    die(h, o, ou_heap_face(h, o));
    h->nest->depth--;
}

static void drain_page(OuHeap *h, OuPage *pg)
{
    for (char *p = pg->start; p < pg->bump; p += pg->size) {
        OuObj *o = (OuObj *)p;
        if ((o->tf & (OU_F_TRACKED | OU_F_VISIT)) == OU_F_VISIT && o->rc == 0)
            undefer(h, o);
    }
}

static void drain_pages(OuHeap *h)
{
    h->hold++; /* pages must stay while they are walked */
    while (h->deferred) {
        h->deferred = false;
        for (OuHeapSpan *l = &h->spans[OU_SPANS_DEAD]; l->next != l;) {
            OuHeapSpan *s = l->next;
            ou_span_move(h, s, OU_SPANS_UNTRACKED);
            undefer(h, ou_span_obj(s));
        }
        for (OuRegion *r = h->mem.regions; r; r = r->next)
            while (r->dead) {
                unsigned i = (unsigned)__builtin_ctzll(r->dead);
                r->dead &= r->dead - 1;
                drain_page(h, ou_region_page(r, i));
            }
    }
    h->hold--;
    if (h->mem.nlimbo > h->mem.limbo_max)
        ou_gc_release_limbo(h);
}

static void drain(OuHeap *h)
{
    OuNest *t = h->nest;
    for (;;) {
        while (t->n > t->base) {
            OuObj *o = t->queue[--t->n];
            t->depth++;
            die(h, o, ou_heap_face(h, o));
            t->depth--;
        }
        if (!h->deferred)
            return;
        drain_pages(h);
    }
}

void ou_heap_drain_deferred(OuHeap *h)
{
    OuNestSave s = ou_nest_enter(h);
    drain(h);
    ou_nest_leave(h, s);
}

/* The death of an object that may nest deeply, has a finalizer or weak references. */
__attribute__((noinline)) static void dealloc_slow(OuHeap *h, OuObj *o, OuTypeFace *face)
{
    OuNest *t = h->nest;
    if (t->depth >= OU_NEST_MAX) {
        defer(h, o);
        return;
    }
    t->depth++;
    die(h, o, face);
    t = h->nest; /* a thread may have taken its turn */
    if (--t->depth == 0 && (t->n > t->base || h->deferred))
        drain(h);
}

void ou_dealloc(OuVM *vm, OuObj *o)
{
    OuHeap *h = (OuHeap *)vm;
    uint32_t tf = o->tf;
    OuTypeFace *face = h->types[tf & OU_TYPE_MASK];
    if (face->flags & OU_TF_BOX && !(tf & OU_F_T0)) {
        ou_mem_put(&h->mem, o, 16, 0);
        return;
    }
    if (__builtin_expect(face->flags & (OU_TF_DEEP | OU_TF_FINALIZE) || tf & OU_F_WEAK, 0)) {
        dealloc_slow(h, o, face);
        return;
    }
    o->tf = tf & ~(uint32_t)OU_F_TRACKED; /* code run by the deaths of its parts may collect */
    face->dealloc(vm, o);
}

/* ---- types, start, end ------------------------------------------------------------------ */

int ou_heap_set_type(OuHeap *h, uint32_t index, OuTypeFace *face)
{
    if (index >= h->ntypes) {
        size_t n = h->ntypes ? h->ntypes : 64;
        while (n <= index)
            n *= 2;
        OuTypeFace **t = ou_mem_realloc(&h->mem, h->types, h->ntypes * sizeof *t, n * sizeof *t);
        if (!t)
            return -1;
        memset(t + h->ntypes, 0, (n - h->ntypes) * sizeof *t);
        h->types = t;
        h->ntypes = (uint32_t)n;
    }
    h->types[index] = face;
    return 0;
}

int ou_heap_init_mode(OuHeap *h, const OuHeapHooks *hooks, int mode)
{
    memset(h, 0, sizeof *h);
    ou_mem_init(&h->mem, mode);
    h->mem.owner = h;
    h->mem.pressure = pressure;
    h->mem.limbo_full = limbo_full;
    for (int i = 0; i < OU_SPANS_LISTS; i++)
        h->spans[i].next = h->spans[i].prev = &h->spans[i];
    h->nest = &h->main_nest;
    h->threshold[0] = THRESHOLD_0;
    h->threshold[1] = THRESHOLD_1;
    h->threshold[2] = THRESHOLD_2;
    h->enabled = true;
    h->ordered = true;
    h->ordered_max = ORDERED_MAX;
    h->hooks = hooks;
    ou_ptrmap_init(&h->weak, &h->mem);
    ou_ptrmap_init(&h->serials, NULL);
    if (!ou_gcvec_room(&h->young, 1024))
        return -1;
    ou_gc_reset_young(h);
    return 0;
}

int ou_heap_init(OuHeap *h, const OuHeapHooks *hooks)
{
    return ou_heap_init_mode(h, hooks, 0);
}

size_t ou_heap_report_left(OuHeap *h, FILE *f)
{
    size_t own = h->types ? 1 : 0; /* the table of faces is freed last */
    ou_ptrmap_free(&h->weak);
    size_t n = ou_mem_blocks(&h->mem);
    if (n <= own)
        return 0;
    n -= own;
    fprintf(f, "leakcheck: %zu blocks, %zu bytes left\n", n, ou_mem_live(&h->mem));
    for (int i = 0; i < OU_SPANS_LISTS; i++)
        for (OuHeapSpan *s = h->spans[i].next; s != &h->spans[i]; s = s->next) {
            OuTypeFace *face = ou_heap_face(h, ou_span_obj(s));
            fprintf(f, "leakcheck: %s, count %u\n", face ? face->name : "?", ou_span_obj(s)->rc);
        }
    return n;
}

void ou_heap_free(OuHeap *h)
{
    for (int i = 0; i < OU_SPANS_LISTS; i++)
        for (OuHeapSpan *l = &h->spans[i]; l->next != l;) {
            OuHeapSpan *s = l->next;
            ou_span_free(h, ou_span_obj(s), s->size);
        }
    ou_ptrmap_free(&h->weak);
    ou_ptrmap_free(&h->serials);
    ou_mem_free(&h->mem, h->types, h->ntypes * sizeof *h->types);
    free(h->young.v);
    free(h->middle.v);
    free(h->old.v);
    free(h->work.v);
    free(h->mark.v);
    ou_mem_done(&h->mem);
    memset(h, 0, sizeof *h);
}
