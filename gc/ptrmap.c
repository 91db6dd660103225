/* gc/ptrmap.c - hash table from addresses to 64-bit values. */
#include "ptrmap.h"

#include <stdlib.h>
#include <string.h>

static size_t home(const OuPtrMap *t, const void *key)
{
    return (size_t)(((uintptr_t)key >> 4) * OU_GOLDEN >> 20) & (t->cap - 1);
}

void ou_ptrmap_init(OuPtrMap *t, OuMem *mem)
{
    *t = (OuPtrMap){.mem = mem};
}

void ou_ptrmap_free(OuPtrMap *t)
{
    if (t->mem)
        ou_mem_free(t->mem, t->slots, t->cap * sizeof *t->slots);
    else
        free(t->slots);
    ou_ptrmap_init(t, t->mem);
}

static OuPtrSlot *find(const OuPtrMap *t, const void *key)
{
    size_t i = home(t, key);
    while (t->slots[i].key && t->slots[i].key != key)
        i = (i + 1) & (t->cap - 1);
    return &t->slots[i];
}

uint64_t *ou_ptrmap_get(const OuPtrMap *t, const void *key)
{
    if (!t->n)
        return NULL;
    OuPtrSlot *s = find(t, key);
    return s->key ? &s->val : NULL;
}

static int resize(OuPtrMap *t, size_t cap)
{
    OuPtrMap n = {.mem = t->mem, .cap = cap, .n = t->n};
    n.slots = t->mem ? ou_mem_calloc(t->mem, cap * sizeof *n.slots) : calloc(cap, sizeof *n.slots);
    if (!n.slots)
        return -1;
    for (size_t i = 0; i < t->cap; i++)
        if (t->slots[i].key)
            *find(&n, t->slots[i].key) = t->slots[i];
    ou_ptrmap_free(t);
    *t = n;
    return 0;
}

int ou_ptrmap_put(OuPtrMap *t, const void *key, uint64_t val)
{
    if ((t->n + 1) * 3 > t->cap * 2 && resize(t, t->cap ? t->cap * 2 : 16) < 0) {
        uint64_t *v = ou_ptrmap_get(t, key); /* replacing needs no room */
        if (!v)
            return -1;
        *v = val;
        return 0;
    }
    OuPtrSlot *s = find(t, key);
    if (!s->key) {
        s->key = key;
        t->n++;
    }
    s->val = val;
    return 0;
}

bool ou_ptrmap_pop(OuPtrMap *t, const void *key, uint64_t *val)
{
    if (!t->n)
        return false;
    OuPtrSlot *s = find(t, key);
    if (!s->key)
        return false;
    if (val)
        *val = s->val;
    size_t mask = t->cap - 1, hole = (size_t)(s - t->slots);
    for (size_t i = hole;;) {
        i = (i + 1) & mask;
        if (!t->slots[i].key)
            break;
        /* An entry may move back to the hole when its home is not between the hole and itself. */
        size_t h = home(t, t->slots[i].key);
        if (((i - h) & mask) >= ((i - hole) & mask)) {
            t->slots[hole] = t->slots[i];
            hole = i;
        }
    }
    t->slots[hole].key = NULL;
    t->n--;
    /* Give memory back after a peak; failing to is harmless. */
    if (t->cap > 1024 && t->n < t->cap / 16)
        resize(t, t->cap / 8);
    return true;
}
