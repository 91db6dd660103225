/* gc/weak.c - the side table of weak references.
 *
 * OU_F_WEAK in an object's header says that the table has a chain for it, so objects without weak
 * references never pay for a look-up. */
#include "heap.h"

int ou_weak_add(OuHeap *h, OuWeakNode *n, OuObj *target)
{
    OuWeakNode *first = ou_weak_first(h, target);
    if (ou_ptrmap_put(&h->weak, target, (uintptr_t)n) < 0)
        return -1;
    n->target = target;
    n->prev = NULL;
    n->next = first;
    if (first)
        first->prev = n;
    target->tf |= OU_F_WEAK;
    return 0;
}

void ou_weak_add_after(OuWeakNode *n, OuWeakNode *before)
{
    n->target = before->target;
    n->prev = before;
    n->next = before->next;
    if (n->next)
        n->next->prev = n;
    before->next = n;
}

void ou_weak_remove(OuHeap *h, OuWeakNode *n)
{
    OuObj *target = n->target;
    if (!target)
        return;
    n->target = NULL;
    if (n->next)
        n->next->prev = n->prev;
    if (n->prev) {
        n->prev->next = n->next;
    } else if (n->next) {
        *ou_ptrmap_get(&h->weak, target) = (uintptr_t)n->next;
    } else {
        ou_ptrmap_pop(&h->weak, target, NULL);
        target->tf &= ~(uint32_t)OU_F_WEAK;
    }
    n->next = n->prev = NULL;
}

OuWeakNode *ou_weak_first(OuHeap *h, OuObj *target)
{
    if (!(target->tf & OU_F_WEAK))
        return NULL;
    uint64_t *v = ou_ptrmap_get(&h->weak, target);
    return v ? (OuWeakNode *)(uintptr_t)*v : NULL;
}

OuWeakNode *ou_weak_detach(OuHeap *h, OuObj *o)
{
    uint64_t v = 0;
    if (!(o->tf & OU_F_WEAK) || !ou_ptrmap_pop(&h->weak, o, &v))
        return NULL;
    o->tf &= ~(uint32_t)OU_F_WEAK;
    OuWeakNode *chain = (OuWeakNode *)(uintptr_t)v;
    for (OuWeakNode *n = chain; n; n = n->next)
        n->target = NULL;
    return chain;
}
