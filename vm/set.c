/* vm/set.c - set and frozenset: table, lookup, life, iterator, the C interface.
 *
 * Order is output: probe sequence (9 linear steps, then perturbation by 5 bits), first size 8, load 3/5 and
 * growth by 4 (2 above 50,000) are those of CPython's Objects/setobject.c.  A new key takes the last removed
 * place that its probe sequence passes, as there.  Unlike there, a place is 1, 2 or 4 bytes and the 16-byte
 * entries have their own array, which makes large sets less than half the size. */
#include "set_impl.h"
#include "dict_impl.h"

#include <string.h>

#define LINEAR 9

static inline uint32_t max_fill(unsigned log2)
{
    return (uint32_t)((((uint64_t)1 << log2) * 3 + 1) / 5); /* the first fill with fill * 5 >= mask * 3 */
}
static inline size_t block_size(unsigned log2, size_t cap)
{
    return ou_ix_bytes(log2) + cap * sizeof(OuSetEntry);
}
static inline void free_table(OuVM *vm, OuSet *s)
{
    if (s->table)
        ou_free(vm, (char *)s->table - ou_ix_bytes(s->log2), block_size(s->log2, s->cap));
}
static OuSetEntry *new_table(OuVM *vm, unsigned log2, size_t cap)
{
    char *block = ou_alloc(vm, block_size(log2, cap));
    if (!block)
        return NULL;
    size_t ixb = ou_ix_bytes(log2);
    memset(block, 0xff, ixb);
    return (OuSetEntry *)(block + ixb);
}
static inline uint32_t room_for(size_t n, unsigned log2)
{
    size_t all = max_fill(log2), want = n + (n >> 2) + 4;
    return (uint32_t)(all <= 20 || want > all ? all : want);
}

void ou_set_init(OuSet *s)
{
    s->used = s->fill = s->cap = s->nentries = s->finger = 0;
    s->free = OU_IX_EMPTY;
    s->hash = -1;
    s->log2 = 3;
    s->table = NULL;
}

/* Index places by a width that is constant at every call. */
static inline __attribute__((always_inline)) uint32_t place_get(const OuSetEntry *table, int width, size_t i)
{
    if (width == 1) {
        uint32_t v = ((const uint8_t *)table)[-1 - (ptrdiff_t)i];
        return v >= 0xfe ? v | 0xffffff00u : v;
    }
    if (width == 2) {
        uint32_t v = ((const uint16_t *)table)[-1 - (ptrdiff_t)i];
        return v >= 0xfffe ? v | 0xffff0000u : v;
    }
    return ((const uint32_t *)table)[-1 - (ptrdiff_t)i];
}
#define BY_WIDTH(log2, call) ((log2) <= 8 ? call(1) : (log2) <= 16 ? call(2) : call(4))

/* Puts an absent key into the first empty place; table has room. */
static inline __attribute__((always_inline)) size_t empty_place(const OuSetEntry *table, unsigned log2,
                                                                int64_t hash, int width)
{
    size_t mask = ((size_t)1 << log2) - 1, i = (size_t)hash & mask;
    uint64_t perturb = (uint64_t)hash;
    for (;;) {
        size_t steps = i + LINEAR <= mask ? LINEAR : 0;
        for (size_t j = i; j <= i + steps; j++)
            if (place_get(table, width, j) == OU_IX_EMPTY)
                return j;
        perturb >>= OU_TABLE_PERTURB;
        i = (i * 5 + 1 + perturb) & mask;
    }
}
static inline void insert_clean(OuSetEntry *table, unsigned log2, uint32_t ix, int64_t hash)
{
#define CALL(width) empty_place(table, log2, hash, width)
    ou_ix_set(table, log2, BY_WIDTH(log2, CALL), ix | ou_set_tag(hash, log2));
#undef CALL
}

int ou_set_resize(OuVM *vm, OuSet *s, size_t minused, size_t expect)
{
    unsigned log2 = 3;
    while (((size_t)1 << log2) <= minused)
        log2++;
    if (log2 > 31) {
        ou_raise_memory(vm);
        return -1;
    }
    uint32_t cap = room_for(expect, log2);
    OuSetEntry *table = new_table(vm, log2, cap);
    if (!table)
        return -1;
    uint32_t n = 0;
    size_t place = 0;
    for (OuSetEntry *e; (e = ou_set_walk(s, &place));) {
        if (s->log2 > 12 && place + 8 <= ou_set_mask(s))
            __builtin_prefetch(&s->table[ou_ix_get(s->table, s->log2, place + 8) & ou_set_mask(s)]);
        table[n] = *e;
        insert_clean(table, log2, n++, e->hash);
    }
    free_table(vm, s);
    s->table = table;
    s->log2 = (uint8_t)log2;
    s->cap = cap;
    s->fill = s->used = s->nentries = n;
    s->free = OU_IX_EMPTY;
    return 0;
}

/* Room for one more entry. */
static int more_room(OuVM *vm, OuSet *s)
{
    if (!s->table) {
        s->cap = max_fill(3);
        s->table = new_table(vm, 3, s->cap);
        if (!s->table) {
            s->cap = 0;
            return -1;
        }
        return 0;
    }
    uint32_t cap = room_for(s->cap, s->log2);
    if (cap <= s->nentries)
        cap = s->nentries + 1;
    size_t ixb = ou_ix_bytes(s->log2);
    char *block =
        ou_realloc(vm, (char *)s->table - ixb, block_size(s->log2, s->cap), block_size(s->log2, cap));
    if (!block)
        return -1;
    s->table = (OuSetEntry *)(block + ixb);
    s->cap = cap;
    return 0;
}

/* Looks key up.  1: *place is its place; 0: absent, *place where it would go (table exists), *dummy: that is
 * a removed place; -1 error. */
static inline __attribute__((always_inline)) int look_width(OuVM *vm, OuSet *s, OuObj *key, int64_t hash,
                                                            size_t *place, bool *dummy, int width)
{
    OuSetEntry *table = s->table;
    unsigned log2 = s->log2;
    size_t mask = ((size_t)1 << log2) - 1, i = (size_t)hash & mask;
    uint64_t perturb = (uint64_t)hash;
    uint32_t tag = ou_set_tag(hash, log2);
    for (;;) {
        size_t steps = i + LINEAR <= mask ? LINEAR : 0;
        for (size_t j = i; j <= i + steps; j++) {
            uint32_t v = place_get(table, width, j), ix;
            if (v == OU_IX_EMPTY) {
                if (!*dummy)
                    *place = j;
                return 0;
            }
            if (v == OU_IX_DUMMY) {
                *dummy = true;
                *place = j;
                continue;
            }
            ix = v & (uint32_t)mask;
            if (v - ix != tag || table[ix].hash != hash)
                continue;
            OuObj *k = table[ix].key;
            if (k != key) {
                int eq;
                if (ou_key_plain(k, key)) {
                    eq = ou_key_eq(vm, k, key);
                } else {
                    ou_incref(k);
                    eq = ou_compare_bool(vm, k, key, OU_CMP_EQ);
                    ou_decref(vm, k);
                    if (eq < 0)
                        return -1;
                    if (s->table != table || s->log2 != log2 || ix >= s->nentries || table[ix].key != k)
                        return 2; /* the comparison changed the set: once more */
                }
                if (!eq)
                    continue;
            }
            *place = j;
            return 1;
        }
        perturb >>= OU_TABLE_PERTURB;
        i = (i * 5 + 1 + perturb) & mask;
    }
}
static int look(OuVM *vm, OuSet *s, OuObj *key, int64_t hash, size_t *place, bool *dummy)
{
    int r;
    do {
        *dummy = false;
        if (!s->table)
            return 0;
#define CALL(width) look_width(vm, s, key, hash, place, dummy, width)
        r = BY_WIDTH(s->log2, CALL);
#undef CALL
    } while (r == 2);
    return r;
}

static inline bool has_room(const OuSet *s)
{
    return s->nentries < s->cap || s->free != OU_IX_EMPTY;
}

/* The usual addition: room in the table, no removed places, keys whose comparison runs no code.  1 done, -1 error, 0 not
 * that usual. */
static inline __attribute__((always_inline)) int add_quick(OuSet *s, OuObj *key, int64_t hash, int width)
{
    OuSetEntry *table = s->table;
    unsigned log2 = s->log2;
    size_t mask = ((size_t)1 << log2) - 1, i = (size_t)hash & mask, j;
    uint64_t perturb = (uint64_t)hash;
    uint32_t tag = ou_set_tag(hash, log2), v;
    for (;;) {
        size_t last = i + LINEAR <= mask ? i + LINEAR : i;
        for (j = i; j <= last; j++) {
            if ((v = place_get(table, width, j)) == OU_IX_EMPTY)
                goto absent;
            uint32_t ix = v & (uint32_t)mask;
            if (v - ix != tag || table[ix].hash != hash)
                continue;
            OuObj *k = table[ix].key;
            if (k == key)
                return 1;
            if (!ou_key_plain(k, key))
                return 0;
            if (ou_is(k, str) ? ou_str_eq(OU_STR(k), OU_STR(key)) : OU_INT_V(k) == OU_INT_V(key))
                return 1;
        }
        perturb >>= OU_TABLE_PERTURB;
        i = (i * 5 + 1 + perturb) & mask;
    }
absent:
    v = s->nentries++;
    table[v].key = ou_ref(key);
    table[v].hash = hash;
    ou_ix_set(table, log2, j, v | tag);
    s->used++;
    s->fill++;
    return 1;
}

int ou_set_add_hash(OuVM *vm, OuSet *s, OuObj *key, int64_t hash)
{
    size_t place = 0;
    bool dummy;
    /* the addition that makes the table grow goes the long way, which can take it back */
    if (s->table && s->fill == s->used && s->nentries < s->cap &&
        ((size_t)s->fill + 1) * 5 < ou_set_mask(s) * 3) {
#define CALL(width) add_quick(s, key, hash, width)
        if (BY_WIDTH(s->log2, CALL))
            return 0;
#undef CALL
    }
    if (!has_room(s) && more_room(vm, s) < 0)
        return -1;
    ou_incref(key);
    for (;;) {
        int r = look(vm, s, key, hash, &place, &dummy);
        if (r) {
            ou_decref(vm, key);
            return r < 0 ? -1 : 0;
        }
        if (s->table && has_room(s))
            break;
        if (more_room(vm, s) < 0) { /* a comparison emptied or filled the table */
            ou_decref(vm, key);
            return -1;
        }
    }
    uint32_t ix = s->free;
    if (ix != OU_IX_EMPTY)
        s->free = (uint32_t)s->table[ix].hash;
    else
        ix = s->nentries++;
    ou_ix_set(s->table, s->log2, place, ix | ou_set_tag(hash, s->log2));
    s->table[ix].key = key;
    s->table[ix].hash = hash;
    s->used++;
    if (dummy)
        return 0;
    s->fill++;
    if ((size_t)s->fill * 5 < ou_set_mask(s) * 3)
        return 0;
    if (ou_set_resize(vm, s, s->used > 50000 ? (size_t)s->used * 2 : (size_t)s->used * 4, s->used) == 0)
        return 0;
    /* Taken back, or a table that cannot grow would fill up and a probe for an absent key never end. */
    ou_decref(vm, ou_set_unlink(s, place));
    ou_ix_set(s->table, s->log2, place, OU_IX_EMPTY);
    s->fill--;
    return -1;
}

int ou_set_add_new(OuVM *vm, OuSet *s, OuObj *key, int64_t hash)
{
    if (s->fill != s->used || !s->table || s->nentries == s->cap)
        return ou_set_add_hash(vm, s, key, hash);
    s->table[s->nentries].key = ou_ref(key);
    s->table[s->nentries].hash = hash;
    insert_clean(s->table, s->log2, s->nentries++, hash);
    s->used++;
    s->fill++;
    if ((size_t)s->fill * 5 < ou_set_mask(s) * 3)
        return 0;
    return ou_set_resize(vm, s, s->used > 50000 ? (size_t)s->used * 2 : (size_t)s->used * 4, s->used);
}

int ou_set_has_hash(OuVM *vm, OuSet *s, OuObj *key, int64_t hash)
{
    size_t place;
    bool dummy;
    return look(vm, s, key, hash, &place, &dummy);
}

OuObj *ou_set_unlink(OuSet *s, size_t place)
{
    uint32_t ix = ou_ix_get(s->table, s->log2, place) & (uint32_t)ou_set_mask(s);
    OuObj *key = s->table[ix].key;
    s->table[ix].key = NULL;
    s->table[ix].hash = s->free;
    s->free = ix;
    ou_ix_set(s->table, s->log2, place, OU_IX_DUMMY);
    s->used--;
    return key;
}

int ou_set_discard_hash(OuVM *vm, OuSet *s, OuObj *key, int64_t hash)
{
    size_t place;
    bool dummy;
    int r = look(vm, s, key, hash, &place, &dummy);
    if (r <= 0)
        return r;
    ou_decref(vm, ou_set_unlink(s, place));
    return 1;
}

void ou_set_clear(OuVM *vm, OuObj *o)
{
    OuSet *s = OU_SET(o), old = *s;
    int64_t hash = s->hash;
    ou_set_init(s);
    s->hash = hash;
    size_t place = 0;
    for (OuSetEntry *e; (e = ou_set_walk(&old, &place));)
        ou_decref(vm, e->key);
    free_table(vm, &old);
}

void ou_set_swap(OuSet *a, OuSet *b)
{
    OuSet t = *a;
    OuObj ha = a->hdr, hb = b->hdr;
    *a = *b;
    *b = t;
    a->hdr = ha;
    b->hdr = hb;
    a->hash = b->hash = -1;
}

/* ---- filling --------------------------------------------------------------------- */

static int merge(OuVM *vm, OuSet *s, OuSet *from)
{
    if (s == from || from->used == 0)
        return 0;
    if (((size_t)s->fill + from->used) * 5 >= ou_set_mask(s) * 3 &&
        ou_set_resize(vm, s, ((size_t)s->used + from->used) * 2, (size_t)s->used + from->used) < 0)
        return -1;
    if (s->fill == 0) {
        if (s->log2 == from->log2 && from->fill == from->used) { /* same places */
            OuSetEntry *table = new_table(vm, from->log2, from->fill);
            if (!table)
                return -1;
            size_t ixb = ou_ix_bytes(from->log2);
            memcpy((char *)table - ixb, (char *)from->table - ixb, ixb + from->fill * sizeof(OuSetEntry));
            free_table(vm, s);
            s->table = table;
            s->cap = s->fill = s->used = s->nentries = from->fill;
            for (size_t i = 0; i < s->fill; i++)
                ou_incref(table[i].key);
            return 0;
        }
        if (!s->table || s->cap < from->used) {
            OuSetEntry *table = new_table(vm, s->log2, from->used);
            if (!table)
                return -1;
            free_table(vm, s);
            s->table = table;
            s->cap = from->used;
        } else {
            memset((char *)s->table - ou_ix_bytes(s->log2), 0xff, ou_ix_bytes(s->log2));
        }
        size_t place = 0;
        uint32_t n = 0;
        for (OuSetEntry *e; (e = ou_set_walk(from, &place));) {
            s->table[n].key = ou_ref(e->key);
            s->table[n].hash = e->hash;
            insert_clean(s->table, s->log2, n++, e->hash);
        }
        s->fill = s->used = s->nentries = n;
        return 0;
    }
    size_t place = 0;
    for (OuSetEntry *e; (e = ou_set_walk(from, &place));) {
        OuObj *key = ou_ref(e->key);
        int r = ou_set_add_hash(vm, s, key, e->hash);
        ou_decref(vm, key);
        if (r < 0)
            return -1;
    }
    return 0;
}

int ou_set_update(OuVM *vm, OuObj *o, OuObj *from)
{
    OuSet *s = OU_SET(o);
    if (ou_is_any_set(vm, from))
        return merge(vm, s, OU_SET(from));
    if (ou_is(from, dict)) {
        OuDict *d = OU_DICT(from);
        if (((size_t)s->fill + d->used) * 5 >= ou_set_mask(s) * 3 &&
            ou_set_resize(vm, s, ((size_t)s->used + d->used) * 2, (size_t)s->used + d->used) < 0)
            return -1;
        size_t pos = 0;
        OuObj *key;
        while (ou_dict_next(d, &pos, &key, NULL)) {
            ou_incref(key);
            int r = ou_set_add_hash(vm, s, key, ou_dict_entry_hash(d, pos - 1));
            ou_decref(vm, key);
            if (r < 0)
                return -1;
        }
        return 0;
    }
    if (ou_is(from, list) || ou_is(from, tuple)) { /* as their iterators: the length is asked each time */
        for (size_t i = 0; i < (ou_is(from, list) ? OU_LIST(from)->n : OU_TUPLE(from)->n); i++) {
            OuObj *x = ou_ref((ou_is(from, list) ? OU_LIST(from)->items : OU_TUPLE(from)->items)[i]);
            int r = ou_set_add(vm, o, x);
            ou_decref(vm, x);
            if (r < 0 || ou_poll(vm) < 0)
                return -1;
        }
        return 0;
    }
    OuObj *it = ou_iter(vm, from), *x;
    if (!it)
        return -1;
    while ((x = ou_next(vm, it))) {
        int r = ou_set_add(vm, o, x);
        ou_decref(vm, x);
        if (r < 0 || ou_poll(vm) < 0) {
            ou_decref(vm, it);
            return -1;
        }
    }
    ou_decref(vm, it);
    return ou_err_occurred(vm) ? -1 : 0;
}

OuObj *ou_set_make(OuVM *vm, OuType *type, OuObj *iterable)
{
    OuObj *o;
    if (type == OU_EXC(vm, set) || type == OU_EXC(vm, frozenset)) {
        o = ou_new_gc(vm, type->face.index, sizeof(OuSet));
        if (!o)
            return NULL;
        ou_set_init(OU_SET(o));
        ou_gc_track(&vm->heap, o);
    } else {
        if (!(o = ou_type_alloc(vm, type, 0)))
            return NULL;
        ou_set_init(OU_SET(o));
    }
    if (iterable && ou_set_update(vm, o, iterable) < 0) {
        ou_decref(vm, o);
        return NULL;
    }
    return o;
}

/* ---- C interface ------------------------------------------------------------------- */

OuObj *ou_set_new(OuVM *vm, OuObj *iterable)
{
    return ou_set_make(vm, OU_EXC(vm, set), iterable);
}
OuObj *ou_frozenset_new(OuVM *vm, OuObj *iterable)
{
    return ou_set_make(vm, OU_EXC(vm, frozenset), iterable);
}
int ou_set_add(OuVM *vm, OuObj *o, OuObj *x)
{
    int64_t hash;
    return ou_hash_quick(vm, x, &hash) < 0 ? -1 : ou_set_add_hash(vm, OU_SET(o), x, hash);
}
int ou_set_contains(OuVM *vm, OuObj *o, OuObj *x)
{
    int64_t hash;
    return ou_hash_quick(vm, x, &hash) < 0 ? -1 : ou_set_has_hash(vm, OU_SET(o), x, hash);
}
int ou_set_discard(OuVM *vm, OuObj *o, OuObj *x)
{
    int64_t hash;
    return ou_hash_quick(vm, x, &hash) < 0 ? -1 : ou_set_discard_hash(vm, OU_SET(o), x, hash);
}
ou_ssize ou_set_len(OuObj *o)
{
    return OU_SET(o)->used;
}
bool ou_set_next(OuObj *o, size_t *pos, OuObj **key)
{
    OuSetEntry *e = ou_set_walk(OU_SET(o), pos);
    if (e)
        *key = e->key;
    return e != NULL;
}

/* ---- life and slots ------------------------------------------------------------------ */

static OuObj *set_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_set_make(vm, type, NULL);
}
static int set_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, "set", kwnames) < 0 || ou_arity(vm, OU_TYPE_NAME(vm, self), nargs, 0, 1) < 0)
        return -1;
    if (OU_SET(self)->fill)
        ou_set_clear(vm, self);
    OU_SET(self)->hash = -1;
    return nargs ? ou_set_update(vm, self, args[0]) : 0;
}
static OuObj *frozenset_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if ((type == OU_EXC(vm, frozenset) || type->s.init == vm->builtin[OU_T_frozenset].s.init) &&
        ou_no_kwargs(vm, "frozenset", kwnames) < 0)
        return NULL;
    if (ou_arity(vm, type->name, nargs, 0, 1) < 0)
        return NULL;
    if (nargs && type == OU_EXC(vm, frozenset) && ou_is(args[0], frozenset))
        return ou_ref(args[0]);
    return ou_set_make(vm, type, nargs ? args[0] : NULL);
}
static void set_dealloc(OuVM *vm, OuObj *o)
{
    OuSet *s = OU_SET(o);
    size_t place = 0, i = 0;
    /* in the order of memory while the keys are plain, whose death nobody can see; else in CPython's order */
    for (; i < s->nentries; i++) {
        OuObj *key = s->table[i].key;
        if (!key)
            continue;
        if (!ou_is(key, int) && !ou_is(key, str) && !ou_is(key, float) && !ou_is(key, bytes))
            break;
        s->table[i].key = NULL;
        ou_decref(vm, key);
    }
    if (i < s->nentries)
        for (OuSetEntry *e; (e = ou_set_walk(s, &place));)
            ou_xdecref(vm, e->key);
    free_table(vm, s);
    ou_free_object(vm, o);
}
static int set_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OuSet *s = OU_SET(o);
    for (size_t i = 0; i < s->nentries; i++)
        OU_VISIT(s->table[i].key);
    return 0;
}

static OuObj *set_repr(OuVM *vm, OuObj *o)
{
    const char *name = OU_TYPE_NAME(vm, o);
    int r = ou_repr_enter(vm, o);
    if (r != 0)
        return r > 0 ? ou_str_fmt(vm, "%s(...)", name) : NULL;
    OuObj *res = NULL, *list = NULL, *text = NULL;
    if (OU_SET(o)->used == 0) {
        res = ou_str_fmt(vm, "%s()", name);
        goto done;
    }
    if (!(list = ou_sequence_list(vm, o)) || !(text = ou_repr(vm, list)))
        goto done;
    OuStrBuf b;
    ou_strbuf_init(&b, vm);
    bool plain = ou_is(o, set);
    if ((plain || (ou_strbuf_ascii(&b, name, -1) == 0 && ou_strbuf_char(&b, '(') == 0)) &&
        ou_strbuf_char(&b, '{') == 0 && ou_strbuf_sub(&b, text, 1, ou_str_len(text) - 1) == 0 &&
        ou_strbuf_ascii(&b, plain ? "}" : "})", -1) == 0)
        res = ou_strbuf_take(&b);
    ou_strbuf_free(&b);
done:
    ou_xdecref(vm, list);
    ou_xdecref(vm, text);
    ou_repr_leave(vm, o);
    return res;
}

/* Independent of order, equal to CPython's (Objects/setobject.c: frozenset_hash). */
static int frozenset_hash(OuVM *vm, OuObj *o, int64_t *out)
{
    OuSet *s = OU_SET(o);
    if (s->hash == -1) {
        uint64_t h = 0;
        for (size_t i = 0; i < s->nentries; i++)
            if (s->table[i].key) {
                uint64_t x = (uint64_t)s->table[i].hash;
                h ^= ((x ^ 89869747u) ^ (x << 16)) * 3644798167u;
            }
        h ^= ((uint64_t)s->used + 1) * 1927868237u;
        h ^= (h >> 11) ^ (h >> 25);
        h = h * 69069u + 907133923u;
        s->hash = h == UINT64_MAX ? 590923713 : (int64_t)h;
    }
    *out = s->hash;
    return 0;
}
static ou_ssize set_len(OuVM *vm, OuObj *o)
{
    return OU_SET(o)->used;
}
static int set_contains(OuVM *vm, OuObj *o, OuObj *x)
{
    int r = ou_set_contains(vm, o, x);
    if (r >= 0 || !ou_isa(vm, x, set) || !ou_err_is(vm, OU_EXC(vm, TypeError)))
        return r;
    ou_err_clear(vm); /* a set is looked up as the frozenset of its items */
    OuObj *tmp = ou_frozenset_new(vm, x);
    r = tmp ? ou_set_contains(vm, o, tmp) : -1;
    ou_xdecref(vm, tmp);
    return r;
}

/* ---- iterator ---------------------------------------------------------------------- */

typedef struct SetIter {
    OuObj hdr;
    OuSet *set;
    uint32_t used, left; /* used: UINT32_MAX after "changed size" was raised */
    size_t place;
} SetIter;

OuObj *ou_set_iter_new(OuVM *vm, OuObj *o)
{
    SetIter *it = OU_ITER_NEW(vm, SetIter, set_iter);
    if (!it)
        return NULL;
    it->set = ou_ref(OU_SET(o));
    it->used = it->left = OU_SET(o)->used;
    it->place = 0;
    ou_gc_track(&vm->heap, &it->hdr);
    return &it->hdr;
}
static void iter_dealloc(OuVM *vm, OuObj *o)
{
    ou_xdecref(vm, ((SetIter *)o)->set);
    ou_free_object(vm, o);
}
static int iter_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((SetIter *)o)->set);
    return 0;
}
static OuObj *iter_next(OuVM *vm, OuObj *o)
{
    SetIter *it = (SetIter *)o;
    OuSet *s = it->set;
    if (!s)
        return NULL;
    if (it->used != s->used) {
        it->used = UINT32_MAX;
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "Set changed size during iteration");
    }
    OuSetEntry *e = ou_set_walk(s, &it->place);
    if (e) {
        it->left--;
        return ou_ref(e->key);
    }
    it->set = NULL;
    ou_decref(vm, s);
    return NULL;
}
static OuObj *iter_hint(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    SetIter *it = (SetIter *)args[0];
    return ou_int(vm, it->set && it->used == it->set->used ? it->left : 0);
}
static OuObj *iter_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    SetIter *it = (SetIter *)args[0];
    if (!it->set)
        return ou_reduce1_take(vm, ou_builtin_get(vm, "iter"), ou_list_new(vm, 0));
    SetIter *copy = (SetIter *)ou_set_iter_new(vm, &it->set->hdr);
    if (!copy)
        return NULL;
    copy->used = it->used;
    copy->left = it->left;
    copy->place = it->place;
    OuObj *list = ou_sequence_list(vm, &copy->hdr);
    ou_decref(vm, copy);
    return list ? ou_reduce1_take(vm, ou_builtin_get(vm, "iter"), list) : NULL;
}
static const OuFn iter_methods[] = {
    OU_ITER_HINT_ROW(iter_hint),
    OU_ITER_REDUCE_ROW(iter_reduce),
    {0},
};
const OuTypeSpec ou_set_iter_spec = {
    .name = "set_iterator",
    .size = sizeof(SetIter),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,
    .dealloc = iter_dealloc,
    .traverse = iter_traverse,
    .s = {.iter = ou_self_iter, .next = iter_next},
    .methods = iter_methods,
};

const OuTypeSpec ou_set_spec = {
    .name = "set",
    .size = sizeof(OuSet),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_WEAK | OU_TYPE_DEEP | OU_TYPE_MATCH_SELF,
    .doc = "set() -> new empty set object\n"
           "set(iterable) -> new set of the items of iterable",
    .dealloc = set_dealloc,
    .traverse = set_traverse,
    .clear = ou_set_clear,
    .s = {.repr = set_repr,
          .hash = ou_hash_unhashable,
          .compare = ou_set_compare,
          .iter = ou_set_iter_new,
          .new_ = set_new,
          .init = set_init,
          .nb = {[OU_NB_SUB] = ou_set_sub,
                 [OU_NB_AND] = ou_set_and,
                 [OU_NB_XOR] = ou_set_xor,
                 [OU_NB_OR] = ou_set_or,
                 [OU_NB_INPLACE + OU_NB_SUB] = ou_set_isub,
                 [OU_NB_INPLACE + OU_NB_AND] = ou_set_iand,
                 [OU_NB_INPLACE + OU_NB_XOR] = ou_set_ixor,
                 [OU_NB_INPLACE + OU_NB_OR] = ou_set_ior},
          .len = set_len,
          .contains = set_contains},
    .methods = ou_set_methods,
};
const OuTypeSpec ou_frozenset_spec = {
    .name = "frozenset",
    .size = sizeof(OuSet),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_WEAK | OU_TYPE_DEEP | OU_TYPE_MATCH_SELF,
    .doc = "frozenset() -> empty frozenset object\n"
           "frozenset(iterable) -> immutable set of the items of iterable",
    .dealloc = set_dealloc,
    .traverse = set_traverse,
    .clear = ou_set_clear,
    .s = {.repr = set_repr,
          .hash = frozenset_hash,
          .compare = ou_set_compare,
          .iter = ou_set_iter_new,
          .new_ = frozenset_new,
          .nb = {[OU_NB_SUB] = ou_set_sub,
                 [OU_NB_AND] = ou_set_and,
                 [OU_NB_XOR] = ou_set_xor,
                 [OU_NB_OR] = ou_set_or},
          .len = set_len,
          .contains = set_contains},
    .methods = ou_frozenset_methods,
};
