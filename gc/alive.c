/* gc/alive.c - what the roots of the VM lead to is alive: marked ahead of a full collection.
 *
 * Trial deletion walks each object twice.  Nearly all of a large heap hangs on sys.modules and the registers of
 * running frames, so one walk from there settles it, and trial deletion is left with the rest (gc/cycle.c).
 * Both passes over 40 bytes an object are bound by the memory's speed, therefore the marks are bits of their
 * own: the walk writes to no object, and a page with as many marks as blocks in use is not looked at again.
 * While something is frozen this is not done: frozen objects would be walked for nothing, and the records of
 * regions are pages shared with the parent of a fork.
 *
 * Nothing depends on the roots being complete, nor on the stack having room: what is not reached is only
 * slower to judge.  A root must be held from outside of the heap's own objects. */
#include "cycle.h"

#include <stdlib.h>

enum {
    WIDE = 64,       /* from so many items on, what hangs on an item is marked before the next one is */
    DEPTH_MAX = 40,  /* of nested wide objects that are treated so */
    SHARE = WIDE * 4 /* entries of the stack that one object without known layout may need at least */
};

typedef struct Alive {
    OuHeap *h;
    OuTypeFace **types;
    OuObj **at, **end; /* the mark stack: next free entry, and its end */
    int depth;
} Alive;

__attribute__((noinline)) static bool take_span(OuObj *o)
{
    if (o->tf & V)
        return false;
    o->tf |= V;
    return true;
}

enum { MARK_WORDS = OU_REGION_SIZE / 16 / 64, PAGE_WORDS = OU_PAGE_SIZE / 16 / 64 };

static inline bool marked(OuObj *o)
{
    uintptr_t at = ((uintptr_t)o & (OU_REGION_SIZE - 1)) / 16;
    return ou_region_of(o)->marks[at / 64] >> at % 64 & 1;
}

/* Marks o; false: it has a mark already, or needs none. */
__attribute__((always_inline)) static inline bool take(OuObj *o)
{
    if (!o)
        return false;
    uint32_t tf = o->tf;
    if (!(tf & T))
        return false;
    if (__builtin_expect(tf & OU_F_SPAN, 0))
        return take_span(o);
    uintptr_t at = ((uintptr_t)o & (OU_REGION_SIZE - 1)) / 16;
    uint64_t *word = &ou_region_of(o)->marks[at / 64], bit = (uint64_t)1 << at % 64;
    if (*word & bit)
        return false;
    *word |= bit;
    return true;
}

/* For traverse: puts child on the stack, when there is room. */
static int visit_push(OuObj *child, void *arg)
{
    Alive *a = arg;
    if (a->at < a->end && take(child))
        *a->at++ = child;
    return 0;
}

static void drain(Alive *a, OuObj **base);

/* The n references at v, `stride` apart, each with all that it leads to. */
__attribute__((noinline)) static void walk_wide(Alive *a, OuObj **v, size_t n, size_t stride)
{
    OuObj **base = a->at;
    a->depth++;
    for (; n-- > 0; v += stride)
        if (a->at < a->end && take(*v)) {
            *a->at++ = *v;
            drain(a, base);
        }
    a->depth--;
}

/* Walks what lies on the stack above base, and all that it leads to.  The top of the stack is in `top`. */
static void drain(Alive *a, OuObj **base)
{
    OuTypeFace **types = a->types;
    OuObj **sp = a->at, **end = a->end - WIDE - 2, *top = NULL;
    for (;;) {
        OuObj *o = top, **v;
        size_t n, stride = 1;
        top = NULL;
        if (!o) {
            if (sp == base)
                break;
            o = *--sp;
        }
        OuTypeFace *face = types[ou_type_index(o)];
        switch (face->layout) {
        case OU_LAYOUT_INLINE:
            n = OU_FIELD(size_t, o, face->at[0]);
            v = &OU_FIELD(OuObj *, o, face->at[1]);
            break;
        case OU_LAYOUT_POINTER:
            n = OU_FIELD(size_t, o, face->at[0]);
            v = OU_FIELD(OuObj **, o, face->at[1]);
            break;
        case OU_LAYOUT_TABLE:
            n = OU_FIELD(uint32_t, o, face->at[0]);
            v = OU_FIELD(OuObj **, o, face->at[1]);
            if (!v)
                continue;
            stride = 2;
            if (!OU_FIELD(uint8_t, o, face->at[2])) {
                stride = 3;
                a->at = sp;
                if (a->depth < DEPTH_MAX)
                    walk_wide(a, v, n, 3); /* the keys */
            }
            v++;
            break;
        case OU_LAYOUT_FIELDS:
            v = &OU_FIELD(OuObj *, o, face->at[0]);
            n = face->at[1];
            top = ou_face_type(face);
            if (__builtin_expect(!take(top), 1))
                top = NULL;
            break;
        case OU_LAYOUT_SHAPED: {
            uint64_t w = OU_FIELD(uint64_t, o, face->at[0]);
            v = &OU_FIELD(OuObj *, o, face->at[0] + 8);
            n = ou_shaped_count(w);
            top = ou_face_type(face);
            if (!ou_shaped_inline(w)) {
                n = 0;
                if (sp < end && take(ou_shaped_dict(w)))
                    *sp++ = ou_shaped_dict(w);
            }
            if (__builtin_expect(!take(top), 1))
                top = NULL;
            break;
        }
        default:
            a->at = sp;
            ou_traverse(face, o, visit_push, a);
            sp = a->at;
            continue;
        }
        if (__builtin_expect(n > WIDE, 0)) {
            if (top)
                *sp++ = top;
            top = NULL;
            if (a->depth < DEPTH_MAX) {
                a->at = sp;
                walk_wide(a, v, n, stride);
                continue;
            }
        }
        for (; n-- > 0; v += stride) {
            OuObj *c = *v;
            if (sp < end && take(c)) {
                if (top)
                    *sp++ = top;
                top = c;
            }
        }
    }
    a->at = sp;
}

/* Whether a live container may lie at p.  Registers are released before they are forgotten, so in code that
 * a deallocation runs one of them may still name an object that is gone. */
static bool may_be_object(OuHeap *h, const void *p)
{
    if ((uintptr_t)p % 16)
        return false;
    for (OuRegion *r = h->mem.regions; r; r = r->next) {
        if (r != ou_region_of(p))
            continue;
        const OuPage *pg = ou_mem_page(p);
        const char *at = p;
        return r->containers >> (pg - ou_region_page(r, 0)) & 1 && at >= pg->start && at < pg->bump &&
               (size_t)(at - pg->start) % pg->size == 0;
    }
    return false;
}

static int visit_root(OuObj *o, void *arg)
{
    Alive *a = arg;
    if (may_be_object(a->h, o)) {
        visit_push(o, a);
        drain(a, a->h->mark.v);
    }
    return 0;
}

int ou_gc_mark_alive(OuHeap *h, void **marks)
{
    if (!h->hooks->roots || !ou_gcvec_room(&h->mark, MARK_MAX))
        return -1;
    uint64_t *bits = calloc(h->mem.nregions + 1, MARK_WORDS * sizeof *bits);
    if (!bits)
        return -1;
    *marks = bits;
    for (OuRegion *r = h->mem.regions; r; r = r->next, bits += MARK_WORDS)
        r->marks = bits;
    Alive a = {h, h->types, h->mark.v, h->mark.v + h->mark.cap, 0};
    h->hooks->roots((OuVM *)h, visit_root, &a);
    return 0;
}

static bool add(OuGcVec *rest, OuObj *o)
{
    if (rest->n == rest->cap && !ou_gcvec_room(rest, rest->n + 1))
        return false;
    rest->v[rest->n++] = o;
    return true;
}

/* As many marks as blocks in use: all of them are tracked and alive. */
static bool all_marked(const OuPage *pg, const uint64_t *words)
{
    int n = 0;
    for (int i = 0; i < PAGE_WORDS; i++)
        n += __builtin_popcountll(words[i]);
    return n == ou_page_used(pg);
}

int ou_gc_gather_rest(OuHeap *h, OuGcVec *rest, size_t *n, void *marks)
{
    bool ok = true;
    for (OuRegion *r = h->mem.regions; r; r = r->next)
        for (uint64_t left = r->containers; left; left &= left - 1) {
            unsigned i = (unsigned)__builtin_ctzll(left);
            OuPage *pg = ou_region_page(r, i);
            if (all_marked(pg, r->marks + i * PAGE_WORDS)) {
                *n += (size_t)ou_page_used(pg);
                continue;
            }
            for (char *p = pg->start; p < pg->bump; p += pg->size) {
                OuObj *o = (OuObj *)p;
                if (!(o->tf & T))
                    continue;
                ++*n;
                if (!marked(o))
                    ok = ok && add(rest, o);
            }
        }
    for (int l = OU_SPANS_OLD; l >= 0; l--)
        for (OuHeapSpan *s = h->spans[l].next; s != &h->spans[l]; s = s->next) {
            OuObj *o = ou_span_obj(s);
            if (!(o->tf & T))
                continue;
            ++*n;
            if (o->tf & V)
                o->tf ^= V;
            else
                ok = ok && add(rest, o);
        }
    for (OuRegion *r = h->mem.regions; r; r = r->next)
        r->marks = NULL;
    free(marks);
    if (ok)
        return 0;
    rest->n = 0;
    *n = 0;
    return -1;
}
