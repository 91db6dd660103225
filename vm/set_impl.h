/* vm/set_impl.h - inside the set files: the struct, lookup and insertion with a known hash. */
#ifndef OU_VM_SET_IMPL_H
#define OU_VM_SET_IMPL_H

#include "iterobj.h"
#include "table.h"

typedef struct OuSetEntry {
    OuObj *key;   /* NULL: free */
    int64_t hash; /* of a free entry: the next free one */
} OuSetEntry;

/* set and frozenset: the places of the index stand where CPython's table entries would be, so walking the
 * index gives CPython's order.  fill counts used and removed places, as there. */
typedef struct OuSet {
    OuObj hdr;
    uint32_t used, fill;
    uint32_t cap, nentries, free; /* entries: room, in use or free, first free one or OU_IX_EMPTY */
    uint32_t finger;              /* where pop goes on */
    int64_t hash;                 /* frozenset; -1: not computed */
    uint8_t log2;                 /* index size; 3 while there is no table */
    OuSetEntry *table;            /* the index grows downward from here (vm/table.h), or NULL */
} OuSet;
#define OU_SET(o) ((OuSet *)(o))

/* A place holds an entry number in its log2 low bits (fewer than 3/5 of the numbers are used, so none looks
 * like EMPTY or DUMMY) and bits of the hash above: most probes of other keys end without a look at the entry,
 * which for large sets is a cache miss. */
static inline uint32_t ou_set_tag(int64_t hash, unsigned log2)
{
    uint32_t mix = (uint32_t)((uint64_t)hash ^ (uint64_t)hash >> 32) * 0x9e3779b1u;
    mix >>= log2 <= 8 ? 24 : log2 <= 16 ? 16 : 0;
    return mix >> log2 << log2;
}

static inline size_t ou_set_mask(const OuSet *s)
{
    return ((size_t)1 << s->log2) - 1;
}
/* The entry at place i, or NULL. */
static inline OuSetEntry *ou_set_at(const OuSet *s, size_t i)
{
    uint32_t ix = ou_ix_get(s->table, s->log2, i);
    return ix < OU_IX_DUMMY ? &s->table[ix & ou_set_mask(s)] : NULL;
}
static inline bool ou_is_any_set(OuVM *vm, OuObj *o)
{
    return ou_is(o, set) || ou_is(o, frozenset) || ou_isa(vm, o, set) || ou_isa(vm, o, frozenset);
}
/* Next live entry at or after *place (then advanced), or NULL. */
static inline OuSetEntry *ou_set_walk(const OuSet *s, size_t *place)
{
    if (s->table)
        for (size_t mask = ou_set_mask(s); *place <= mask;) {
            OuSetEntry *e = ou_set_at(s, (*place)++);
            if (e)
                return e;
        }
    return NULL;
}

/* Empty, without a table. */
void ou_set_init(OuSet *s);
/* key, whose hash is known: 0 it is in the set now (also if it was), -1 (__eq__ or no memory). */
int ou_set_add_hash(OuVM *vm, OuSet *s, OuObj *key, int64_t hash);
/* The same of a key that is not in the set. */
int ou_set_add_new(OuVM *vm, OuSet *s, OuObj *key, int64_t hash);
int ou_set_has_hash(OuVM *vm, OuSet *s, OuObj *key, int64_t hash);     /* 1/0/-1 */
int ou_set_discard_hash(OuVM *vm, OuSet *s, OuObj *key, int64_t hash); /* 1/0/-1 */
/* Takes the key at a place out; owned by the caller. */
OuObj *ou_set_unlink(OuSet *s, size_t place);
/* New table of more than minused places, with room for about `expect` entries. */
int ou_set_resize(OuVM *vm, OuSet *s, size_t minused, size_t expect);
void ou_set_clear(OuVM *vm, OuObj *o);
/* The body of a becomes that of b and back (not the hash of sets that have none). */
void ou_set_swap(OuSet *a, OuSet *b);
/* New set of exactly this type; iterable may be NULL. */
OuObj *ou_set_make(OuVM *vm, OuType *type, OuObj *iterable);
OuObj *ou_set_iter_new(OuVM *vm, OuObj *set);
extern const OuFn ou_set_methods[], ou_frozenset_methods[];
/* operators of set_methods.c */
OuObj *ou_set_or(OuVM *vm, OuObj *a, OuObj *b);
OuObj *ou_set_and(OuVM *vm, OuObj *a, OuObj *b);
OuObj *ou_set_sub(OuVM *vm, OuObj *a, OuObj *b);
OuObj *ou_set_xor(OuVM *vm, OuObj *a, OuObj *b);
OuObj *ou_set_ior(OuVM *vm, OuObj *a, OuObj *b);
OuObj *ou_set_iand(OuVM *vm, OuObj *a, OuObj *b);
OuObj *ou_set_isub(OuVM *vm, OuObj *a, OuObj *b);
OuObj *ou_set_ixor(OuVM *vm, OuObj *a, OuObj *b);
OuObj *ou_set_compare(OuVM *vm, OuObj *a, OuObj *b, int op);

#endif
