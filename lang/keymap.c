/* lang/keymap.c - open addressing; tables outgrown stay in the arena (at most as much again). */
#include "keymap.h"

static uint32_t hash(const void *key)
{
    uint64_t x = (uint64_t)(uintptr_t)key >> 3;
    return (uint32_t)((x * OU_GOLDEN) >> 32);
}

static struct OuKeySlot *find(const OuKeyMap *m, const void *key)
{
    uint32_t i = hash(key) & (m->size - 1);
    while (m->slots[i].key && m->slots[i].key != key)
        i = (i + 1) & (m->size - 1);
    return &m->slots[i];
}

int64_t ou_keymap_get(const OuKeyMap *m, const void *key)
{
    if (!m->size)
        return -1;
    struct OuKeySlot *s = find(m, key);
    return s->key ? (int64_t)s->value : -1;
}

int ou_keymap_put(OuKeyMap *m, OuArena *a, const void *key, uint32_t value)
{
    if ((m->n + 1) * 4 > m->size * 3) {
        OuKeyMap bigger = {.size = m->size ? m->size * 2 : 8, .n = m->n};
        bigger.slots = ou_arena_alloc(a, bigger.size * sizeof *bigger.slots);
        if (!bigger.slots)
            return -1;
        for (uint32_t i = 0; i < m->size; i++)
            if (m->slots[i].key)
                *find(&bigger, m->slots[i].key) = m->slots[i];
        *m = bigger;
    }
    struct OuKeySlot *s = find(m, key);
    m->n += s->key == NULL;
    s->key = key;
    s->value = value;
    return 0;
}
