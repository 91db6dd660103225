/* lang/names.c - the intern table of one tree: equal texts are one OuText.
 *
 * Open addressing, at most half full.  Texts and table live in the arena; an outgrown table is left to it. */
#include "parse.h"

#include <string.h>

struct OuNameTable {
    uint32_t mask, used;
    OuText **slot;
};

static uint32_t hash_of(const char *s, size_t n)
{
    uint32_t h = 2166136261u ^ (uint32_t)n;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)s[i]) * 16777619u;
    return h ^ (h >> 15);
}

static struct OuNameTable *grow(OuParse *p)
{
    struct OuNameTable *t = p->names;
    uint32_t size = t ? (t->mask + 1) * 2 : 128;
    OuText **slot = ou_arena_alloc(p->arena, size * sizeof *slot);
    if (!slot || (!t && !(t = ou_arena_alloc(p->arena, sizeof *t))))
        return NULL;
    for (uint32_t i = 0; t->slot && i <= t->mask; i++) {
        if (!t->slot[i])
            continue;
        uint32_t at = t->slot[i]->hash & (size - 1);
        while (slot[at])
            at = (at + 1) & (size - 1);
        slot[at] = t->slot[i];
    }
    t->slot = slot;
    t->mask = size - 1;
    return p->names = t;
}

OuText *ou_parse_name(OuParse *p, const char *s, size_t n)
{
    struct OuNameTable *t = p->names;
    if ((!t || t->used * 2 > t->mask) && !(t = grow(p)))
        return NULL;
    uint32_t h = hash_of(s, n), at = h & t->mask;
    for (OuText *x; (x = t->slot[at]); at = (at + 1) & t->mask)
        if (x->hash == h && x->len == n && !memcmp(x->s, s, n))
            return x;
    OuText *x = ou_arena_alloc(p->arena, sizeof *x + n + 1);
    if (!x)
        return NULL;
    x->len = (uint32_t)n;
    x->hash = h;
    memcpy(x->s, s, n);
    t->used++;
    return t->slot[at] = x;
}
