/* vm/suite.c - the half of a type's slots that lies outside of it: shared with the base or the spec, or its own.
 *
 * Most classes define no operator, so a type points to a suite instead of holding 352 bytes of it: a native type to
 * the one in its spec, which is constant data, or to its base's if the spec has none; a Python class to its base's.
 * Only where the two must be mixed, or a class defines an operator, does a type get a block of its own.
 *
 * INVARIANT: what a type that shares its base's suite would find along its MRO is what the suite says.  So a change
 * of the base's block in place is right for those that follow; ou_slots_reserve gives the others a block first. */
#include "type.h"

#include <string.h>

static const OuSuite no_suite; /* object's: no operators */
#define SUITE_WORDS (sizeof(OuSuite) / sizeof(void *))

void *ou_slot_get(const OuType *t, size_t offset)
{
    return offset < sizeof(OuSlotHead) ? OU_SLOT_AT(&t->s, offset)
                                       : OU_SLOT_AT(t->u, offset - sizeof(OuSlotHead));
}

int ou_slot_set(OuVM *vm, OuType *t, size_t offset, void *fn)
{
    if (offset < sizeof(OuSlotHead)) {
        OU_SLOT_AT(&t->s, offset) = fn;
        return 0;
    }
    offset -= sizeof(OuSlotHead);
    if (OU_SLOT_AT(t->u, offset) == fn)
        return 0;
    if (!t->own_suite && ou_suite_own(vm, t) < 0)
        return -1;
    OU_SLOT_AT(t->u, offset) = fn;
    return 0;
}

/* Subclasses that shared old with their base t now share t's own block. */
static void follow(OuType *t, const OuSuite *old)
{
    for (uint32_t i = 0; i < t->nsubs; i++) {
        OuType *sub = t->subs[i];
        if (sub->base == t && !sub->own_suite && sub->u == old) {
            sub->u = t->u;
            follow(sub, old);
        }
    }
}

int ou_suite_own(OuVM *vm, OuType *t)
{
    OuSuite *u = ou_alloc(vm, sizeof *u);
    if (!u)
        return -1;
    const OuSuite *old = t->u;
    *u = old ? *old : no_suite; /* none yet: mro() of a new class assigns its __bases__ */
    t->u = u;
    t->own_suite = true;
    follow(t, old);
    return 0;
}

void ou_suite_free(OuVM *vm, OuType *t)
{
    if (t->own_suite)
        ou_free(vm, (void *)t->u, sizeof *t->u);
    t->u = &no_suite;
    t->own_suite = false;
}

/* t's empty suite slots come from base's: shares one of the two where nothing is to be mixed. */
static int inherit_suite(OuVM *vm, OuType *t, const OuType *base)
{
    void *const *own = (void *const *)t->u, *const *from = (void *const *)base->u;
    bool any = false, lacks = false;
    for (size_t i = 0; i < SUITE_WORDS; i++) {
        any = any || own[i];
        lacks = lacks || (!own[i] && from[i]);
    }
    if (!any)
        t->u = base->u;
    if (!any || !lacks)
        return 0;
    if (ou_suite_own(vm, t) < 0)
        return -1;
    void **to = (void **)t->u;
    for (size_t i = 0; i < SUITE_WORDS; i++)
        if (!to[i])
            to[i] = from[i];
    return 0;
}

int ou_slots_native(OuVM *vm, OuType *t, const OuSlots *s, const OuType *base)
{
    memcpy(&t->s, s, sizeof t->s);
    t->u = base ? (const OuSuite *)s->nb : &no_suite;
    if (!base)
        return 0;
    if (t->s.compare && !t->s.hash)
        t->s.hash = ou_hash_unhashable;
    /* Natives directly under object are made by Python code only if they say so. */
    bool no_new = !t->s.new_ && (!base->base || t->flags & OU_TYPE_NO_NEW);
    void **to = (void **)&t->s;
    void *const *from = (void *const *)&base->s;
    for (size_t i = 0; i < sizeof t->s / sizeof *to; i++)
        if (!to[i])
            to[i] = from[i];
    if (no_new) {
        t->s.new_ = NULL;
        t->flags |= OU_TYPE_NO_NEW;
    }
    return inherit_suite(vm, t, base);
}
