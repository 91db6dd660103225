/* vm/dict.c - dict: insertion-ordered, compact; lookup, insertion, deletion and the C interface.
 *
 * Layout: entries stand in insertion order, 16 bytes each while all keys are exact str (the hash is in the
 * str), else 24; before them lies an index of 1, 2 or 4 bytes a place (vm/table.h).  Index sizes and the
 * moments of rebuilding follow CPython (Objects/dictobject.c: first size 8, 2/3 usable, growth to 3 * used),
 * since a script that changes a dict while iterating sees when entries are compacted.  Room for entries grows
 * in smaller steps than the index: a literal gets exactly what it needs.
 *
 * Python code runs in hash and comparison only: find returns after checking that the table is still the one
 * it looked at.  Values are stored first and the old ones released after. */
#include "dict_impl.h"

#include <string.h>

#define FIRST_LOG2 3
#define FIRST_CAP 3

static inline size_t entry_size(int kind)
{
    return kind == OU_DICT_STR ? 2 * sizeof(OuObj *) : sizeof(OuDictEntry);
}
static inline size_t block_size(unsigned log2, int kind, size_t cap)
{
    return ou_ix_bytes(log2) + cap * entry_size(kind);
}
static inline void free_block(OuVM *vm, void *table, unsigned log2, int kind, size_t cap)
{
    if (table)
        ou_free(vm, (char *)table - ou_ix_bytes(log2), block_size(log2, kind, cap));
}
/* Smallest index of at least n places. */
static unsigned log2_for(size_t n)
{
    unsigned log2 = FIRST_LOG2;
    while (((size_t)1 << log2) < n)
        log2++;
    return log2;
}

void ou_dict_init(OuDict *d)
{
    d->used = d->nentries = d->cap = d->keys_version = d->usable = 0;
    d->log2_index = 0;
    d->kind = OU_DICT_STR;
    d->rebuilds = 0;
    d->table = NULL;
}

OuObj *ou_dict_new(OuVM *vm)
{
    OuDict *d = (OuDict *)ou_new_gc(vm, OU_T_dict, sizeof(OuDict));
    if (d)
        ou_dict_init(d);
    return (OuObj *)d;
}

/* The size is a hint kept in `cap` until the first key tells the kind. */
OuObj *ou_dict_new_sized(OuVM *vm, size_t n)
{
    OuDict *d = (OuDict *)ou_dict_new(vm);
    if (d && n < (1u << 27))
        d->cap = (uint32_t)n;
    return (OuObj *)d;
}

/* ---- lookup -------------------------------------------------------------------- */

/* Width is a constant at every call: the loop has no branch on the index size. */
static inline __attribute__((always_inline)) ou_ssize find_str_width(const OuDict *d, const OuStr *key,
                                                                     uint64_t hash, int width)
{
    size_t mask = ((size_t)1 << d->log2_index) - 1, i = hash & mask;
    uint64_t perturb = hash;
    OuStr **ents = d->table;
    for (;;) {
        uint32_t ix, dummy;
        if (width == 1) {
            ix = ((const uint8_t *)ents)[-1 - (ptrdiff_t)i];
            dummy = 0xfe;
        } else if (width == 2) {
            ix = ((const uint16_t *)ents)[-1 - (ptrdiff_t)i];
            dummy = 0xfffe;
        } else {
            ix = ((const uint32_t *)ents)[-1 - (ptrdiff_t)i];
            dummy = OU_IX_DUMMY;
        }
        if (ix < dummy) {
            OuStr *k = ents[2 * (size_t)ix];
            if (k == key || ((uint64_t)k->hash == hash && ou_str_eq(k, key)))
                return ix;
        } else if (ix > dummy) {
            return -1;
        }
        perturb >>= OU_TABLE_PERTURB;
        i = (i * 5 + perturb + 1) & mask;
    }
}
static inline ou_ssize find_str(const OuDict *d, const OuStr *key, int64_t hash)
{
    if (d->log2_index <= 8)
        return find_str_width(d, key, (uint64_t)hash, 1);
    if (d->log2_index <= 16)
        return find_str_width(d, key, (uint64_t)hash, 2);
    return find_str_width(d, key, (uint64_t)hash, 4);
}

/* Any key, any table.  A comparison that changes the table starts the search again. */
static ou_ssize find_any(OuVM *vm, OuDict *d, OuObj *key, int64_t hash)
{
restart:
    if (!d->table)
        return -1;
    void *table = d->table;
    unsigned log2 = d->log2_index;
    int kind = d->kind;
    size_t mask = ((size_t)1 << log2) - 1, i = (size_t)hash & mask;
    uint64_t perturb = (uint64_t)hash;
    for (;;) {
        uint32_t ix = ou_ix_get(table, log2, i);
        if (ix == OU_IX_EMPTY)
            return -1;
        if (ix != OU_IX_DUMMY) {
            OuObj *k = *ou_dict_entry(d, ix);
            if (k == key)
                return ix;
            if (ou_dict_entry_hash(d, ix) == hash) {
                if (ou_key_plain(k, key)) {
                    if (ou_key_eq(vm, k, key) > 0)
                        return ix;
                } else {
                    ou_incref(k);
                    int eq = ou_compare_bool(vm, k, key, OU_CMP_EQ);
                    ou_decref(vm, k);
                    if (eq < 0)
                        return -2;
                    if (d->table != table || d->log2_index != log2 || d->kind != kind || ix >= d->nentries ||
                        *ou_dict_entry(d, ix) != k)
                        goto restart;
                    if (eq)
                        return ix;
                }
            }
        }
        perturb >>= OU_TABLE_PERTURB;
        i = (i * 5 + perturb + 1) & mask;
    }
}

ou_ssize ou_dict_find(OuVM *vm, OuDict *d, OuObj *key, int64_t hash)
{
    if (d->kind == OU_DICT_STR && ou_is(key, str))
        return d->table ? find_str(d, OU_STR(key), hash) : -1;
    return find_any(vm, d, key, hash);
}

/* ---- table changes --------------------------------------------------------------- */

/* First free place of the probe sequence of hash. */
static inline size_t free_place(void *table, unsigned log2, int64_t hash)
{
    size_t mask = ((size_t)1 << log2) - 1, i = (size_t)hash & mask;
    uint64_t perturb = (uint64_t)hash;
    while (ou_ix_get(table, log2, i) < OU_IX_DUMMY) {
        perturb >>= OU_TABLE_PERTURB;
        i = (i * 5 + perturb + 1) & mask;
    }
    return i;
}

/* Room for entries after a rebuild or when it is used up: whole small tables, steps of a quarter for others.
 */
static uint32_t room_for(uint32_t n, unsigned log2)
{
    uint32_t all = ou_dict_usable(log2);
    uint64_t want = (uint64_t)n + (n >> 2) + 6;
    return all <= 10 || want > all ? all : (uint32_t)want;
}

/* A larger index before the same entries, which have no holes: the block grows, so that old and new need not
 * be there at once and the system gives few fresh pages. */
static int grow_in_place(OuVM *vm, OuDict *d, unsigned log2, uint32_t cap)
{
    size_t old_ixb = ou_ix_bytes(d->log2_index), ixb = ou_ix_bytes(log2);
    char *block = ou_realloc(vm, (char *)d->table - old_ixb, block_size(d->log2_index, d->kind, d->cap),
                             block_size(log2, d->kind, cap));
    if (!block)
        return -1;
    memmove(block + ixb, block + old_ixb, d->nentries * entry_size(d->kind));
    memset(block, 0xff, ixb);
    d->table = block + ixb;
    d->log2_index = (uint8_t)log2;
    d->cap = cap;
    for (uint32_t ix = 0; ix < d->nentries; ix++)
        ou_ix_set(d->table, log2, free_place(d->table, log2, ou_dict_entry_hash(d, ix)), ix);
    d->usable = ou_dict_usable(log2) - d->nentries;
    d->rebuilds++;
    d->keys_version = 0;
    return 0;
}

/* Moves the live entries to a new table, behind `gap` empty ones; kind may only widen. */
static int rebuild_gap(OuVM *vm, OuDict *d, unsigned log2, int kind, uint32_t cap, uint32_t gap)
{
    if (log2 > 31) {
        ou_raise_memory(vm);
        return -1;
    }
    size_t ixb = ou_ix_bytes(log2);
    if (gap == 0 && d->table && kind == d->kind && d->nentries == d->used && log2 > d->log2_index &&
        log2 > 8 && cap >= d->cap)
        return grow_in_place(vm, d, log2, cap);
    char *block = ou_alloc(vm, block_size(log2, kind, cap));
    if (!block)
        return -1;
    memset(block, 0xff, ixb);
    OuObj **to = (OuObj **)(block + ixb);
    void *table = to;
    size_t width = entry_size(kind) / sizeof(OuObj *);
    uint32_t n = 0;
    for (; n < gap; n++, to += width)
        to[0] = to[1] = NULL;
    if (d->table) {
        for (size_t ix = 0; ix < d->nentries; ix++) {
            OuObj **e = ou_dict_entry(d, ix);
            if (!e[0])
                continue;
            int64_t hash = ou_dict_entry_hash(d, ix);
            to[0] = e[0];
            to[1] = e[1];
            if (kind == OU_DICT_GENERAL)
                memcpy(&to[2], &hash, sizeof hash);
            ou_ix_set(table, log2, free_place(table, log2, hash), n++);
            to += width;
        }
        free_block(vm, d->table, d->log2_index, d->kind, d->cap);
    }
    d->table = table;
    d->log2_index = (uint8_t)log2;
    d->kind = (uint8_t)kind;
    d->nentries = n;
    d->cap = cap;
    d->usable = ou_dict_usable(log2) - n;
    d->rebuilds++;
    d->keys_version = 0;
    return 0;
}
static int rebuild(OuVM *vm, OuDict *d, unsigned log2, int kind, uint32_t cap)
{
    return rebuild_gap(vm, d, log2, kind, cap, 0);
}

static int more_room(OuVM *vm, OuDict *d)
{
    uint32_t cap = d->cap < 5 && d->log2_index == FIRST_LOG2 ? 5 : room_for(d->cap, d->log2_index);
    if (cap <= d->nentries) /* a gap at the front (ou_dict_move_front) counts too */
        cap = d->nentries + 1;
    size_t ixb = ou_ix_bytes(d->log2_index);
    char *block = ou_realloc(vm, (char *)d->table - ixb, block_size(d->log2_index, d->kind, d->cap),
                             block_size(d->log2_index, d->kind, cap));
    if (!block)
        return -1;
    d->table = block + ixb;
    d->cap = cap;
    d->keys_version = 0;
    return 0;
}

int ou_dict_reserve(OuVM *vm, OuDict *d, size_t n)
{
    if (!d->table) {
        if (n < (1u << 27) && n > d->cap)
            d->cap = (uint32_t)n;
        return 0;
    }
    if (n <= ou_dict_usable(d->log2_index))
        return 0;
    unsigned log2 = log2_for((n * 3 + 1) / 2);
    return rebuild(vm, d, log2, d->kind, room_for((uint32_t)n, log2));
}

int ou_dict_insert_new(OuVM *vm, OuDict *d, OuObj *key, int64_t hash, OuObj *value)
{
    bool is_str = ou_is(key, str);
    if (!d->table) {
        uint32_t hint = d->cap;
        unsigned log2 = hint > 5 ? log2_for(((size_t)hint * 3 + 1) / 2) : FIRST_LOG2;
        int kind = is_str ? OU_DICT_STR : OU_DICT_GENERAL;
        if (rebuild(vm, d, log2, kind, hint ? hint : FIRST_CAP) < 0)
            return -1;
    } else if (d->usable == 0 || (d->kind == OU_DICT_STR && !is_str)) {
        unsigned log2 = log2_for((size_t)d->used * 3);
        int kind = is_str ? d->kind : OU_DICT_GENERAL;
        if (rebuild(vm, d, log2, kind, room_for(d->used, log2)) < 0)
            return -1;
    } else if (d->nentries == d->cap) {
        if (more_room(vm, d) < 0)
            return -1;
    }
    uint32_t ix = d->nentries;
    OuObj **e = ou_dict_entry(d, ix);
    ou_ix_set(d->table, d->log2_index, free_place(d->table, d->log2_index, hash), ix);
    ou_incref(key);
    ou_incref(value);
    e[0] = key;
    e[1] = value;
    if (d->kind == OU_DICT_GENERAL)
        ((OuDictEntry *)e)->hash = hash;
    d->nentries++;
    d->used++;
    d->usable--;
    d->keys_version = 0;
    if (!(d->hdr.tf & OU_F_TRACKED) &&
        (ou_may_be_tracked(vm, value) || (!is_str && ou_may_be_tracked(vm, key))))
        ou_gc_track(&vm->heap, &d->hdr);
    return 0;
}

int ou_dict_set_hash(OuVM *vm, OuDict *d, OuObj *key, int64_t hash, OuObj *value)
{
    ou_ssize ix = ou_dict_find(vm, d, key, hash);
    if (ix >= 0) {
        ou_dict_replace(vm, d, (size_t)ix, value);
        return 0;
    }
    return ix == -2 ? -1 : ou_dict_insert_new(vm, d, key, hash, value);
}

void ou_dict_unlink(OuDict *d, size_t ix, OuObj **key, OuObj **value)
{
    int64_t hash = ou_dict_entry_hash(d, ix);
    size_t mask = ((size_t)1 << d->log2_index) - 1, i = (size_t)hash & mask;
    uint64_t perturb = (uint64_t)hash;
    while (ou_ix_get(d->table, d->log2_index, i) != ix) {
        perturb >>= OU_TABLE_PERTURB;
        i = (i * 5 + perturb + 1) & mask;
    }
    ou_ix_set(d->table, d->log2_index, i, OU_IX_DUMMY);
    OuObj **e = ou_dict_entry(d, ix);
    *key = e[0];
    *value = e[1];
    e[0] = e[1] = NULL;
    d->used--;
    d->keys_version = 0;
}

void ou_dict_drop(OuVM *vm, OuDict *d, size_t ix)
{
    OuObj *key, *value;
    ou_dict_unlink(d, ix, &key, &value);
    ou_decref(vm, key);
    ou_decref(vm, value);
}

int ou_dict_move_front(OuVM *vm, OuDict *d, size_t ix, size_t first)
{
    if (first == 0 || d->usable == 0) {
        uint32_t gap = d->used / 2 + 4, n = d->used + gap;
        uint32_t from = 0; /* live entries before it */
        for (size_t i = first; i < ix; i++)
            from += *ou_dict_entry(d, i) != NULL;
        unsigned log2 = log2_for((size_t)n * 2);
        if (rebuild_gap(vm, d, log2, d->kind, n + 1, gap) < 0)
            return -1;
        first = gap;
        ix = gap + from;
    }
    int64_t hash = ou_dict_entry_hash(d, ix);
    OuObj *key, *value;
    ou_dict_unlink(d, ix, &key, &value);
    OuObj **e = ou_dict_entry(d, first - 1);
    e[0] = key;
    e[1] = value;
    if (d->kind == OU_DICT_GENERAL)
        ((OuDictEntry *)e)->hash = hash;
    ou_ix_set(d->table, d->log2_index, free_place(d->table, d->log2_index, hash), (uint32_t)first - 1);
    d->used++;
    d->usable--;
    return 0;
}

void ou_dict_clear(OuVM *vm, OuObj *o)
{
    OuDict old = *OU_DICT(o);
    ou_dict_init(OU_DICT(o));
    OU_DICT(o)->rebuilds = old.rebuilds + 1;
    if (!old.table)
        return;
    for (size_t ix = 0; ix < old.nentries; ix++) {
        OuObj **e = ou_dict_entry(&old, ix);
        if (e[0]) {
            ou_decref(vm, e[0]);
            ou_decref(vm, e[1]);
        }
    }
    free_block(vm, old.table, old.log2_index, old.kind, old.cap);
}

int ou_dict_clone_table(OuVM *vm, OuDict *d, OuDict *src)
{
    if (!src->table || src->used == 0)
        return 0;
    if (src->nentries != src->used) { /* holes: a compact copy */
        unsigned log2 = log2_for(((size_t)src->used * 3 + 1) / 2);
        OuDict tmp = *src;
        size_t ixb = ou_ix_bytes(log2), width = entry_size(src->kind) / sizeof(OuObj *);
        char *block = ou_alloc(vm, block_size(log2, src->kind, src->used));
        if (!block)
            return -1;
        memset(block, 0xff, ixb);
        OuObj **to = (OuObj **)(block + ixb);
        uint32_t n = 0;
        for (size_t ix = 0; ix < tmp.nentries; ix++) {
            OuObj **e = ou_dict_entry(&tmp, ix);
            if (!e[0])
                continue;
            int64_t hash = ou_dict_entry_hash(&tmp, ix);
            memcpy(to, e, width * sizeof *to);
            ou_ix_set(block + ixb, log2, free_place(block + ixb, log2, hash), n++);
            to += width;
        }
        d->table = block + ixb;
        d->log2_index = (uint8_t)log2;
        d->cap = d->nentries = n;
        d->usable = ou_dict_usable(log2) - n;
    } else {
        size_t ixb = ou_ix_bytes(src->log2_index), es = entry_size(src->kind);
        uint32_t cap = src->cap <= 10 ? src->cap : src->nentries;
        char *block = ou_alloc(vm, ixb + cap * es);
        if (!block)
            return -1;
        memcpy(block, (char *)src->table - ixb, ixb + src->nentries * es);
        d->table = block + ixb;
        d->log2_index = src->log2_index;
        d->cap = cap;
        d->nentries = src->nentries;
        d->usable = ou_dict_usable(d->log2_index) - d->nentries;
    }
    d->kind = src->kind;
    d->used = src->used;
    d->keys_version = 0;
    for (size_t ix = 0; ix < d->nentries; ix++) {
        OuObj **e = ou_dict_entry(d, ix);
        ou_incref(e[0]);
        ou_incref(e[1]);
    }
    if ((src->hdr.tf & OU_F_TRACKED) && !(d->hdr.tf & OU_F_TRACKED))
        ou_gc_track(&vm->heap, &d->hdr);
    return 0;
}

OuObj *ou_dict_copy(OuVM *vm, OuObj *o)
{
    OuObj *d = ou_dict_new(vm);
    if (d && ou_dict_clone_table(vm, OU_DICT(d), OU_DICT(o)) < 0) {
        ou_decref(vm, d);
        return NULL;
    }
    return d;
}

/* ---- C interface ------------------------------------------------------------------- */

OuObj *ou_dict_get(OuVM *vm, OuObj *o, OuObj *key)
{
    OuDict *d = OU_DICT(o);
    int64_t hash;
    if (ou_hash_quick(vm, key, &hash) < 0)
        return NULL;
    ou_ssize ix = ou_dict_find(vm, d, key, hash);
    return ix >= 0 ? *ou_dict_value_slot(d, (size_t)ix) : NULL;
}

OuObj *ou_dict_get_str(OuVM *vm, OuDict *d, OuObj *name)
{
    if (!d->table)
        return NULL;
    int64_t hash = OU_STR(name)->hash;
    if (hash == -1)
        hash = ou_str_hash(vm, name);
    if (__builtin_expect(d->kind == OU_DICT_STR, 1)) {
        ou_ssize ix = find_str(d, OU_STR(name), hash);
        return ix >= 0 ? ((OuObj **)d->table)[2 * ix + 1] : NULL;
    }
    ou_ssize ix = find_any(vm, d, name, hash);
    return ix >= 0 ? *ou_dict_value_slot(d, (size_t)ix) : NULL;
}

int ou_dict_lookup(OuVM *vm, OuObj *o, OuObj *key, OuObj **out)
{
    OuDict *d = OU_DICT(o);
    int64_t hash;
    if (ou_hash_quick(vm, key, &hash) < 0)
        return -1;
    ou_ssize ix = ou_dict_find(vm, d, key, hash);
    if (ix < 0)
        return ix == -2 ? -1 : 0;
    *out = ou_ref(*ou_dict_value_slot(d, (size_t)ix));
    return 1;
}

int ou_dict_contains(OuVM *vm, OuObj *o, OuObj *key)
{
    int64_t hash;
    if (ou_hash_quick(vm, key, &hash) < 0)
        return -1;
    ou_ssize ix = ou_dict_find(vm, OU_DICT(o), key, hash);
    return ix >= 0 ? 1 : ix == -2 ? -1 : 0;
}

ou_ssize ou_dict_entry_index(OuVM *vm, OuDict *d, OuObj *name)
{
    ou_ssize ix = ou_dict_find(vm, d, name, ou_str_hash(vm, name));
    if (ix == -2) {
        ou_err_clear(vm);
        return -1;
    }
    return ix;
}

uint32_t ou_dict_keys_version(OuVM *vm, OuDict *d)
{
    if (d->keys_version == 0 && vm->keys_version_last < UINT32_MAX)
        d->keys_version = ++vm->keys_version_last;
    return d->keys_version;
}

int ou_dict_set(OuVM *vm, OuObj *d, OuObj *key, OuObj *value)
{
    int64_t hash;
    if (ou_is(key, str) || ou_is_small(key))
        return ou_hash_quick(vm, key, &hash) < 0 ? -1 : ou_dict_set_hash(vm, OU_DICT(d), key, hash, value);
    /* as in CPython, both are the dict's already while the key is hashed and compared */
    ou_incref(key);
    ou_incref(value);
    int r = ou_hash(vm, key, &hash) < 0 ? -1 : ou_dict_set_hash(vm, OU_DICT(d), key, hash, value);
    ou_decref(vm, value);
    ou_decref(vm, key);
    return r;
}

int ou_dict_set_s(OuVM *vm, OuObj *d, const char *key, OuObj *value)
{
    OuObj *k = value ? ou_str_intern_s(vm, key) : NULL; /* no value: making it failed */
    if (!k)
        return -1;
    int r = ou_dict_set(vm, d, k, value);
    ou_decref(vm, k);
    return r;
}

OuObj *ou_dict_get_s(OuVM *vm, OuObj *d, const char *key)
{
    OuObj *k = ou_str_intern_s(vm, key);
    if (!k)
        return NULL;
    OuObj *v = ou_dict_get_str(vm, OU_DICT(d), k);
    ou_decref(vm, k);
    return v;
}

int ou_dict_pop(OuVM *vm, OuObj *o, OuObj *key, OuObj **out)
{
    OuDict *d = OU_DICT(o);
    if (d->used == 0) {
        int64_t h;
        *out = NULL;
        return ou_hash_quick(vm, key, &h);
    }
    int64_t hash;
    if (ou_hash_quick(vm, key, &hash) < 0)
        return -1;
    ou_ssize ix = ou_dict_find(vm, d, key, hash);
    if (ix < 0) {
        *out = NULL;
        return ix == -2 ? -1 : 0;
    }
    OuObj *k;
    ou_dict_unlink(d, (size_t)ix, &k, out);
    ou_decref(vm, k);
    return 1;
}

int ou_dict_del(OuVM *vm, OuObj *o, OuObj *key)
{
    OuDict *d = OU_DICT(o);
    int64_t hash;
    if (ou_hash_quick(vm, key, &hash) < 0)
        return -1;
    ou_ssize ix = ou_dict_find(vm, d, key, hash);
    if (ix < 0) {
        if (ix == -1)
            ou_raise_key(vm, key);
        return -1;
    }
    ou_dict_drop(vm, d, (size_t)ix);
    return 0;
}

OuObj *ou_dict_setdefault(OuVM *vm, OuObj *o, OuObj *key, OuObj *dflt)
{
    OuDict *d = OU_DICT(o);
    int64_t hash;
    if (ou_hash_quick(vm, key, &hash) < 0)
        return NULL;
    ou_ssize ix = ou_dict_find(vm, d, key, hash);
    if (ix >= 0)
        return *ou_dict_value_slot(d, (size_t)ix);
    if (ix == -2 || ou_dict_insert_new(vm, d, key, hash, dflt) < 0)
        return NULL;
    return dflt;
}

bool ou_dict_next(OuDict *d, size_t *pos, OuObj **key, OuObj **value)
{
    if (!d->table)
        return false;
    for (size_t ix = *pos; ix < d->nentries; ix++) {
        OuObj **e = ou_dict_entry(d, ix);
        if (e[0]) {
            *pos = ix + 1;
            if (key)
                *key = e[0];
            if (value)
                *value = e[1];
            return true;
        }
    }
    *pos = d->nentries;
    return false;
}

/* which: 0 keys, 1 values */
static OuObj *column(OuVM *vm, OuDict *d, int which)
{
    OuObj *list = ou_list_new(vm, d->used);
    if (!list)
        return NULL;
    size_t n = 0;
    for (size_t ix = 0; ix < d->nentries && d->table; ix++) {
        OuObj **e = ou_dict_entry(d, ix);
        if (e[0])
            OU_LIST(list)->items[n++] = ou_ref(e[which]);
    }
    return list;
}
OuObj *ou_dict_keys_list(OuVM *vm, OuObj *d)
{
    return column(vm, OU_DICT(d), 0);
}
OuObj *ou_dict_values_list(OuVM *vm, OuObj *d)
{
    return column(vm, OU_DICT(d), 1);
}
OuObj *ou_dict_items_list(OuVM *vm, OuObj *o)
{
    OuDict *d = OU_DICT(o);
    OuObj *list = ou_list_new(vm, d->used);
    if (!list)
        return NULL;
    size_t n = 0;
    for (size_t ix = 0; ix < d->nentries && d->table; ix++) {
        OuObj **e = ou_dict_entry(d, ix);
        if (!e[0])
            continue;
        OuObj *pair = ou_tuple_of(vm, e, 2);
        if (!pair) {
            ou_decref(vm, list);
            return NULL;
        }
        OU_LIST(list)->items[n++] = pair;
    }
    return list;
}

OuObj *ou_dict_of_kwargs(OuVM *vm, OuObj *const *values, OuObj *kwnames)
{
    size_t n = kwnames ? OU_TUPLE(kwnames)->n : 0;
    OuObj *d = ou_dict_new_sized(vm, n);
    for (size_t i = 0; d && i < n; i++)
        if (ou_dict_set(vm, d, OU_TUPLE(kwnames)->items[i], values[i]) < 0)
            ou_clear(vm, d);
    return d;
}

size_t ou_dict_sizeof(OuDict *d)
{
    return sizeof(OuDict) + (d->table ? block_size(d->log2_index, d->kind, d->cap) : 0);
}
