/* lang/keymap.h - pointers (interned names, tree nodes) to small numbers; lives in an arena. */
#ifndef OU_LANG_KEYMAP_H
#define OU_LANG_KEYMAP_H

#include "gc/arena.h"

typedef struct OuKeyMap {
    struct OuKeySlot {
        const void *key; /* NULL: free */
        uint32_t value;
    } * slots;
    uint32_t size; /* of slots, a power of two or 0 */
    uint32_t n;
} OuKeyMap;

/* Value of key, or -1. */
int64_t ou_keymap_get(const OuKeyMap *m, const void *key);
/* Adds or replaces.  0, or -1 when the arena failed. */
int ou_keymap_put(OuKeyMap *m, OuArena *a, const void *key, uint32_t value);

#endif
