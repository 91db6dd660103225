/* gc/ptrmap.h - hash table from addresses to 64-bit values (weak chains, serials, traced blocks).
 *
 * Open addressing with linear probing and deletion by shifting back: no tombstones, so a table that
 * lives as long as the VM never degrades. */
#ifndef OU_GC_PTRMAP_H
#define OU_GC_PTRMAP_H

#include "mem.h"

typedef struct OuPtrSlot {
    const void *key; /* NULL: empty */
    uint64_t val;
} OuPtrSlot;

typedef struct OuPtrMap {
    OuMem *mem; /* where the slots come from; NULL: plain malloc, outside the gate */
    OuPtrSlot *slots;
    size_t cap, n; /* cap is 0 or a power of two */
} OuPtrMap;

/* Empty, without memory of its own yet; mem is borrowed. */
void ou_ptrmap_init(OuPtrMap *t, OuMem *mem);
/* Gives the slots back; what the values mean is the caller's. */
void ou_ptrmap_free(OuPtrMap *t);
/* Borrowed address of the value of key, or NULL; valid until the table changes. */
uint64_t *ou_ptrmap_get(const OuPtrMap *t, const void *key);
/* Sets key's value; -1: no memory, table unchanged. */
int ou_ptrmap_put(OuPtrMap *t, const void *key, uint64_t val);
/* Removes key: true when it was there, out: its value (val may be NULL). */
bool ou_ptrmap_pop(OuPtrMap *t, const void *key, uint64_t *val);

#endif
