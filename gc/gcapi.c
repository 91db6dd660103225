/* gc/gcapi.c - what the gc module asks of the collector: switches, counts, walks, freeze, checks. */
#include "cycle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void ou_gc_enable(OuHeap *h, bool on)
{
    h->enabled = on;
}

void ou_gc_set_threshold(OuHeap *h, int t0, int t1, int t2)
{
    h->threshold[0] = t0;
    h->threshold[1] = t1;
    h->threshold[2] = t2;
    h->young_end = h->young_at; /* look at the new threshold at the next tracking */
}

void ou_gc_set_stress(OuHeap *h, bool on, int full)
{
    h->stress = on;
    h->stress_full = full;
    h->young_end = h->young_at;
}

void ou_gc_count(OuHeap *h, int out[3])
{
    ou_gc_purge(h);
    out[0] = (int)(ou_gc_young_count(h) + h->nyoung_spans);
    out[1] = h->count[1];
    out[2] = h->count[2];
}

/* ---- walks --------------------------------------------------------------------------------- */

typedef int (*Fn)(void *arg, OuObj *o);

static int walk_vector(OuObj **v, size_t n, Fn fn, void *arg)
{
    for (size_t i = 0; i < n; i++) {
        int r = fn(arg, v[i]);
        if (r)
            return r;
    }
    return 0;
}

static int walk_spans(OuHeap *h, int list, Fn fn, void *arg)
{
    for (OuHeapSpan *l = &h->spans[list], *s = l->next; s != l; s = s->next) {
        OuObj *o = ou_span_obj(s);
        int r = o->tf & T ? fn(arg, o) : 0;
        if (r)
            return r;
    }
    return 0;
}

/* Tracked objects of pages, frozen or not, that do not wear the visit bit. */
static int walk_pages(OuHeap *h, bool frozen, Fn fn, void *arg)
{
    for (OuRegion *r = h->mem.regions; r; r = r->next)
        for (uint64_t left = r->containers; left; left &= left - 1) {
            OuPage *pg = ou_region_page(r, (unsigned)__builtin_ctzll(left));
            if (pg->frozen != frozen)
                continue;
            for (char *p = pg->start; p < pg->bump; p += pg->size) {
                OuObj *o = (OuObj *)p;
                int res = (o->tf & TV) == T ? fn(arg, o) : 0;
                if (res)
                    return res;
            }
        }
    return 0;
}

static void set_visit(OuObj **v, size_t n, bool on)
{
    for (size_t i = 0; i < n; i++)
        v[i]->tf = on ? v[i]->tf | V : v[i]->tf & ~(uint32_t)V;
}

int ou_gc_walk(OuHeap *h, int gen, Fn fn, void *arg)
{
    ou_gc_purge(h);
    size_t ny = ou_gc_young_count(h);
    int r = 0;
    if (gen == 3) {
        r = walk_pages(h, true, fn, arg);
        return r ? r : walk_spans(h, OU_SPANS_FROZEN, fn, arg);
    }
    if (gen == 0 || gen == -1) {
        r = walk_vector(h->young.v, ny, fn, arg);
        if (!r)
            r = walk_spans(h, OU_SPANS_YOUNG, fn, arg);
    }
    if (!r && (gen == 1 || gen == -1)) {
        r = walk_vector(h->middle.v, h->middle.n, fn, arg);
        if (!r)
            r = walk_spans(h, OU_SPANS_MIDDLE, fn, arg);
    }
    if (!r && (gen == 2 || gen == -1) && h->ordered) {
        r = walk_vector(h->old.v, h->old.n, fn, arg);
        if (!r)
            r = walk_spans(h, OU_SPANS_OLD, fn, arg);
    } else if (!r && (gen == 2 || gen == -1)) {
        /* The young are in pages too: hide them from the walk of the pages. */
        set_visit(h->young.v, ny, true);
        set_visit(h->middle.v, h->middle.n, true);
        r = walk_pages(h, false, fn, arg);
        set_visit(h->young.v, ny, false);
        set_visit(h->middle.v, h->middle.n, false);
        if (!r)
            r = walk_spans(h, OU_SPANS_OLD, fn, arg);
    }
    return r;
}

typedef struct Snapshot {
    OuObj **v;
    size_t n, cap;
} Snapshot;

static int count_one(void *arg, OuObj *o)
{
    (void)o;
    ++*(size_t *)arg;
    return 0;
}

static int take_one(void *arg, OuObj *o)
{
    Snapshot *s = arg;
    if (s->n == s->cap)
        return 1;
    s->v[s->n++] = o;
    return 0;
}

OuObj **ou_gc_snapshot(OuHeap *h, int gen, size_t *n, size_t *cap)
{
    Snapshot s = {0};
    ou_gc_walk(h, gen, count_one, &s.cap);
    s.v = ou_mem_alloc(&h->mem, s.cap * sizeof *s.v);
    if (!s.v)
        return NULL;
    ou_gc_walk(h, gen, take_one, &s);
    for (size_t i = 0; i < s.n; i++)
        s.v[i]->rc++;
    *n = s.n;
    *cap = s.cap;
    return s.v;
}

/* ---- the permanent generation ----------------------------------------------------------------- */

void ou_gc_freeze(OuHeap *h)
{
    ou_gc_purge(h);
    ou_gc_promote(h, h->middle.v, h->middle.n);
    ou_gc_promote(h, h->young.v, ou_gc_young_count(h));
    h->middle.n = h->old.n = 0;
    h->young_at = h->young.v;
    h->young_end = h->young.v;
    for (int l = 0; l <= OU_SPANS_OLD; l++)
        ou_gc_move_spans(h, l, OU_SPANS_FROZEN);
    ou_mem_freeze(&h->mem);
    h->frozen = true;
    memset(h->count, 0, sizeof h->count);
    h->long_lived_total = h->long_lived_pending = 0;
}

void ou_gc_unfreeze(OuHeap *h)
{
    size_t n = ou_gc_freeze_count(h);
    h->long_lived_total += n;
    if (n && h->ordered) /* theirs is not known */
        ou_gc_lose_order(h);
    ou_gc_move_spans(h, OU_SPANS_FROZEN, OU_SPANS_OLD);
    ou_mem_thaw(&h->mem);
    h->frozen = false;
}

size_t ou_gc_freeze_count(OuHeap *h)
{
    size_t n = 0;
    ou_gc_walk(h, 3, count_one, &n);
    return n;
}

/* ---- checks and statistics ----------------------------------------------------------------------- */

typedef struct Check {
    OuHeap *h;
    const char *bad;
} Check;

static int check_child(OuObj *o, void *arg)
{
    Check *c = arg;
    if (o->rc == 0)
        c->bad = "a tracked object refers to one with count 0";
    else if (ou_type_index(o) >= c->h->ntypes || !c->h->types[ou_type_index(o)])
        c->bad = "a tracked object refers to one without a type";
    return c->bad != NULL;
}

static int check_object(void *arg, OuObj *o)
{
    Check *c = arg;
    OuTypeFace *face = ou_type_index(o) < c->h->ntypes ? c->h->types[ou_type_index(o)] : NULL;
    if (o->tf & V)
        c->bad = "visit bit set outside of a collection";
    else if (!face)
        c->bad = "a tracked object has no type";
    else if (!face->traverse && !face->traverse_typed)
        c->bad = "a tracked object has no traverse";
    else
        ou_traverse(face, o, check_child, c);
    return c->bad != NULL;
}

static const char *check_page(const OuPage *pg)
{
    int32_t cap = (int32_t)((pg->bump - pg->start) / (ptrdiff_t)pg->size), nfree = 0;
    for (char *p = pg->free; p; p = *(char **)p) {
        if (p < pg->start || p >= pg->bump || (p - pg->start) % (ptrdiff_t)pg->size)
            return "free list leaves its page";
        if (++nfree > cap)
            return "free list has a loop";
    }
    return ou_page_used(pg) == cap - nfree ? NULL : "blocks in use and free do not add up";
}

const char *ou_gc_check_heap(OuHeap *h)
{
    Check c = {.h = h};
    size_t pages = 0;
    for (OuRegion *r = h->mem.regions; r; r = r->next)
        for (uint64_t left = ~r->free; left; left &= left - 1) {
            const char *bad = check_page(ou_region_page(r, (unsigned)__builtin_ctzll(left)));
            if (bad)
                return bad;
            pages++;
        }
    if (pages != h->mem.npages)
        return "number of pages";
    if (h->mem.used != h->mem.large + pages * OU_PAGE_SIZE && !(h->mem.mode & OU_MEM_SYSTEM))
        return "bytes in use";
    ou_gc_walk(h, -1, check_object, &c);
    if (!c.bad)
        ou_gc_walk(h, 3, check_object, &c);
    return c.bad;
}

void ou_heap_stats(OuHeap *h, void (*put)(void *arg, const char *line), void *arg)
{
    char line[200];
    OuMem *m = &h->mem;
    struct {
        size_t pages, used, cap;
    } k[OU_ALL_CLASSES] = {0};
    size_t free_pages = 0, wasted = 0, in_use = 0;
    for (OuRegion *r = m->regions; r; r = r->next) {
        free_pages += (size_t)__builtin_popcountll(r->free);
        for (uint64_t left = ~r->free; left; left &= left - 1) {
            OuPage *pg = ou_region_page(r, (unsigned)__builtin_ctzll(left));
            k[pg->cls].pages++;
            k[pg->cls].used += (size_t)ou_page_used(pg);
            k[pg->cls].cap += (size_t)(pg->end - pg->start) / pg->size;
            wasted += OU_PAGE_SIZE - (size_t)(pg->end - pg->start);
        }
    }
    put(arg,
        "Small block threshold = 512, in 32 size classes, for raw blocks and for container objects.\n\n");
    put(arg, "class kind   size   num pools   blocks in use  avail blocks\n");
    put(arg, "----- ----   ----   ---------   -------------  ------------\n");
    for (int i = 0; i < OU_ALL_CLASSES; i++) {
        if (!k[i].pages)
            continue;
        size_t size = (size_t)(i % OU_CLASSES + 1) * 16;
        in_use += k[i].used * size;
        snprintf(line, sizeof line, "%5d %-4s %6zu %11zu %15zu %13zu\n", i % OU_CLASSES,
                 i < OU_GC_CLASS ? "raw" : "gc", size, k[i].pages, k[i].used, k[i].cap - k[i].used);
        put(arg, line);
    }
    const struct {
        const char *name;
        size_t n;
    } rows[] = {
        {"# arenas allocated total", m->regions_made},
        {"# arenas reclaimed", m->regions_made - m->nregions},
        {"# arenas allocated current", m->nregions},
        {"# pools in use", m->npages},
        {"# unused pools", free_pages},
        {"# empty pools waiting for a collection", m->nlimbo},
        {"# bytes in allocated blocks", in_use},
        {"# bytes lost to pool headers and quantization", wasted},
        {"# large blocks", m->nlarge},
        {"# bytes in large blocks", m->large},
        {"# bytes in use", m->used},
        {"# bytes in use at most", m->peak},
    };
    put(arg, "\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(line, sizeof line, "%-48s = %20zu\n", rows[i].name, rows[i].n);
        put(arg, line);
    }
}
