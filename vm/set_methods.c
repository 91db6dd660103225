/* vm/set_methods.c - set algebra, comparison and the methods of set and frozenset.  Which operand is walked,
 * and into what, follows CPython's Objects/setobject.c, since it decides the order of the result. */
#include "set_impl.h"
#include "dict_impl.h"
#include "generic_alias.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

/* set or frozenset: what results of operations on subclasses are. */
static OuType *base_type(OuVM *vm, OuObj *o)
{
    return ou_is(o, set) || (!ou_is(o, frozenset) && ou_isa(vm, o, set)) ? OU_EXC(vm, set)
                                                                         : OU_EXC(vm, frozenset);
}
static OuObj *make_base(OuVM *vm, OuObj *like, OuObj *iterable)
{
    return ou_set_make(vm, base_type(vm, like), iterable);
}
static OuObj *copy(OuVM *vm, OuObj *o)
{
    return make_base(vm, o, o);
}

/* ---- algebra ----------------------------------------------------------------------- */

static OuObj *intersection(OuVM *vm, OuObj *so, OuObj *other)
{
    if (so == other)
        return copy(vm, so);
    OuObj *res = make_base(vm, so, NULL);
    if (!res)
        return NULL;
    if (ou_is_any_set(vm, other)) {
        if (OU_SET(other)->used > OU_SET(so)->used) {
            OuObj *t = so;
            so = other;
            other = t;
        }
        size_t place = 0;
        for (OuSetEntry *e; (e = ou_set_walk(OU_SET(other), &place));) {
            OuObj *key = ou_ref(e->key);
            int64_t hash = e->hash;
            int r = ou_set_has_hash(vm, OU_SET(so), key, hash);
            if (r > 0)
                r = ou_set_add_hash(vm, OU_SET(res), key, hash);
            ou_decref(vm, key);
            if (r < 0)
                goto fail;
        }
        return res;
    }
    OuObj *it = ou_iter(vm, other), *key;
    if (!it)
        goto fail;
    while ((key = ou_next(vm, it))) {
        int64_t hash;
        int r = ou_hash_quick(vm, key, &hash);
        if (r == 0)
            r = ou_set_has_hash(vm, OU_SET(so), key, hash);
        bool full = false;
        if (r > 0) {
            r = ou_set_add_hash(vm, OU_SET(res), key, hash);
            full = OU_SET(res)->used >= OU_SET(so)->used;
        }
        ou_decref(vm, key);
        if (r < 0 || ou_poll(vm) < 0) {
            ou_decref(vm, it);
            goto fail;
        }
        if (full)
            break;
    }
    ou_decref(vm, it);
    if (ou_err_occurred(vm))
        goto fail;
    return res;
fail:
    ou_decref(vm, res);
    return NULL;
}

static int difference_update(OuVM *vm, OuObj *so, OuObj *other)
{
    OuSet *s = OU_SET(so);
    if (so == other) {
        ou_set_clear(vm, so);
        return 0;
    }
    if (ou_is_any_set(vm, other)) {
        OuObj *tmp = NULL;
        if (OU_SET(other)->used >> 3 > s->used) {
            if (!(tmp = intersection(vm, so, other)))
                return -1;
            other = tmp;
        }
        size_t place = 0;
        int r = 0;
        for (OuSetEntry *e; r >= 0 && (e = ou_set_walk(OU_SET(other), &place));) {
            OuObj *key = ou_ref(e->key);
            r = ou_set_discard_hash(vm, s, key, e->hash);
            ou_decref(vm, key);
        }
        ou_xdecref(vm, tmp);
        if (r < 0)
            return -1;
    } else {
        OuObj *it = ou_iter(vm, other), *key;
        if (!it)
            return -1;
        while ((key = ou_next(vm, it))) {
            int r = ou_set_discard(vm, so, key);
            ou_decref(vm, key);
            if (r < 0 || ou_poll(vm) < 0)
                break;
        }
        ou_decref(vm, it);
        if (ou_err_occurred(vm))
            return -1;
    }
    if ((size_t)(s->fill - s->used) <= ou_set_mask(s) / 4) /* few removed places */
        return 0;
    return ou_set_resize(vm, s, s->used > 50000 ? (size_t)s->used * 2 : (size_t)s->used * 4, s->used);
}

static OuObj *copy_and_difference(OuVM *vm, OuObj *so, OuObj *other)
{
    OuObj *res = copy(vm, so);
    if (res && difference_update(vm, res, other) < 0)
        ou_clear(vm, res);
    return res;
}
static OuObj *difference(OuVM *vm, OuObj *so, OuObj *other)
{
    size_t n;
    bool is_dict = ou_is(other, dict);
    if (is_dict)
        n = OU_DICT(other)->used;
    else if (ou_is_any_set(vm, other))
        n = OU_SET(other)->used;
    else
        return copy_and_difference(vm, so, other);
    if (OU_SET(so)->used >> 2 > n)
        return copy_and_difference(vm, so, other);
    OuObj *res = make_base(vm, so, NULL);
    size_t place = 0;
    for (OuSetEntry *e; res && (e = ou_set_walk(OU_SET(so), &place));) {
        OuObj *key = ou_ref(e->key);
        int64_t hash = e->hash;
        int r;
        if (is_dict) {
            ou_ssize ix = ou_dict_find(vm, OU_DICT(other), key, hash);
            r = ix >= 0 ? 1 : ix == -2 ? -1 : 0;
        } else {
            r = ou_set_has_hash(vm, OU_SET(other), key, hash);
        }
        if (r == 0)
            r = ou_set_add_new(vm, OU_SET(res), key, hash);
        ou_decref(vm, key);
        if (r < 0)
            ou_clear(vm, res);
    }
    return res;
}

/* Removes key if present, else adds it. */
static int toggle(OuVM *vm, OuSet *s, OuObj *key, int64_t hash)
{
    int r = ou_set_discard_hash(vm, s, key, hash);
    return r == 0 ? ou_set_add_hash(vm, s, key, hash) : r;
}
static int symmetric_update(OuVM *vm, OuObj *so, OuObj *other)
{
    if (so == other) {
        ou_set_clear(vm, so);
        return 0;
    }
    if (ou_is(other, dict)) {
        size_t pos = 0;
        OuObj *key;
        while (ou_dict_next(OU_DICT(other), &pos, &key, NULL)) {
            ou_incref(key);
            int r = toggle(vm, OU_SET(so), key, ou_dict_entry_hash(OU_DICT(other), pos - 1));
            ou_decref(vm, key);
            if (r < 0)
                return -1;
        }
        return 0;
    }
    OuObj *set = ou_is_any_set(vm, other) ? ou_ref(other) : make_base(vm, so, other);
    if (!set)
        return -1;
    size_t place = 0;
    int r = 0;
    for (OuSetEntry *e; r >= 0 && (e = ou_set_walk(OU_SET(set), &place));) {
        OuObj *key = ou_ref(e->key);
        r = toggle(vm, OU_SET(so), key, e->hash);
        ou_decref(vm, key);
    }
    ou_decref(vm, set);
    return r < 0 ? -1 : 0;
}
static OuObj *symmetric_difference(OuVM *vm, OuObj *so, OuObj *other)
{
    OuObj *res = make_base(vm, so, other);
    if (res && symmetric_update(vm, res, so) < 0)
        ou_clear(vm, res);
    return res;
}

static int is_subset(OuVM *vm, OuObj *so, OuObj *other)
{
    if (!ou_is_any_set(vm, other)) {
        OuObj *tmp = ou_set_new(vm, other);
        if (!tmp)
            return -1;
        int r = is_subset(vm, so, tmp);
        ou_decref(vm, tmp);
        return r;
    }
    if (OU_SET(so)->used > OU_SET(other)->used)
        return 0;
    size_t place = 0;
    for (OuSetEntry *e; (e = ou_set_walk(OU_SET(so), &place));) {
        OuObj *key = ou_ref(e->key);
        int r = ou_set_has_hash(vm, OU_SET(other), key, e->hash);
        ou_decref(vm, key);
        if (r <= 0)
            return r;
    }
    return 1;
}
static int is_superset(OuVM *vm, OuObj *so, OuObj *other)
{
    if (ou_is_any_set(vm, other))
        return is_subset(vm, other, so);
    OuObj *it = ou_iter(vm, other), *key;
    if (!it)
        return -1;
    int r = 1;
    while (r > 0 && (key = ou_next(vm, it))) {
        r = ou_set_contains(vm, so, key);
        ou_decref(vm, key);
    }
    ou_decref(vm, it);
    return ou_err_occurred(vm) ? -1 : r;
}

/* ---- operators ----------------------------------------------------------------------- */

OuObj *ou_set_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if (!ou_is_any_set(vm, a) || !ou_is_any_set(vm, b))
        return ou_notimplemented(vm);
    size_t na = OU_SET(a)->used, nb = OU_SET(b)->used;
    int r;
    switch (op) {
    case OU_CMP_EQ:
    case OU_CMP_NE:
        if (na != nb ||
            (OU_SET(a)->hash != -1 && OU_SET(b)->hash != -1 && OU_SET(a)->hash != OU_SET(b)->hash))
            r = 0;
        else
            r = is_subset(vm, a, b);
        if (op == OU_CMP_NE && r >= 0)
            r = !r;
        break;
    case OU_CMP_LT:
        r = na < nb ? is_subset(vm, a, b) : 0;
        break;
    case OU_CMP_LE:
        r = is_subset(vm, a, b);
        break;
    case OU_CMP_GT:
        r = na > nb ? is_subset(vm, b, a) : 0;
        break;
    default:
        r = is_subset(vm, b, a);
    }
    return r < 0 ? NULL : ou_bool(vm, r);
}

#define BOTH_SETS(a, b)                                 \
    if (!ou_is_any_set(vm, a) || !ou_is_any_set(vm, b)) \
    return ou_notimplemented(vm)

OuObj *ou_set_or(OuVM *vm, OuObj *a, OuObj *b)
{
    BOTH_SETS(a, b);
    OuObj *res = copy(vm, a);
    if (res && a != b && ou_set_update(vm, res, b) < 0)
        ou_clear(vm, res);
    return res;
}
OuObj *ou_set_and(OuVM *vm, OuObj *a, OuObj *b)
{
    BOTH_SETS(a, b);
    return intersection(vm, a, b);
}
OuObj *ou_set_sub(OuVM *vm, OuObj *a, OuObj *b)
{
    BOTH_SETS(a, b);
    return difference(vm, a, b);
}
OuObj *ou_set_xor(OuVM *vm, OuObj *a, OuObj *b)
{
    BOTH_SETS(a, b);
    return symmetric_difference(vm, a, b);
}
OuObj *ou_set_ior(OuVM *vm, OuObj *a, OuObj *b)
{
    BOTH_SETS(b, b);
    return ou_set_update(vm, a, b) < 0 ? NULL : ou_ref(a);
}
static int intersection_update(OuVM *vm, OuObj *a, OuObj *tmp_take)
{
    if (!tmp_take)
        return -1;
    ou_set_swap(OU_SET(a), OU_SET(tmp_take));
    ou_decref(vm, tmp_take);
    return 0;
}
OuObj *ou_set_iand(OuVM *vm, OuObj *a, OuObj *b)
{
    BOTH_SETS(b, b);
    return intersection_update(vm, a, intersection(vm, a, b)) < 0 ? NULL : ou_ref(a);
}
OuObj *ou_set_isub(OuVM *vm, OuObj *a, OuObj *b)
{
    BOTH_SETS(b, b);
    return difference_update(vm, a, b) < 0 ? NULL : ou_ref(a);
}
OuObj *ou_set_ixor(OuVM *vm, OuObj *a, OuObj *b)
{
    BOTH_SETS(b, b);
    return symmetric_update(vm, a, b) < 0 ? NULL : ou_ref(a);
}

/* ---- methods ----------------------------------------------------------------------- */

/* Rows with *others get args[1] as a tuple. */
#define OTHERS(i) OU_TUPLE(args[1])->items[i]
#define NOTHERS OU_TUPLE(args[1])->n

FN(m_contains)
{
    int r = vm->builtin[OU_T_set].s.contains(vm, args[0], args[1]);
    return r < 0 ? NULL : ou_bool(vm, r);
}
FN(m_add)
{
    return ou_set_add(vm, args[0], args[1]) < 0 ? NULL : ou_none(vm);
}
FN(m_clear)
{
    ou_set_clear(vm, args[0]);
    return ou_none(vm);
}
FN(m_copy)
{
    return ou_is(args[0], frozenset) ? ou_ref(args[0]) : copy(vm, args[0]);
}
/* Takes x out; an unhashable set is looked up as a frozenset. 1/0/-1 */
static int discard(OuVM *vm, OuObj *o, OuObj *x)
{
    int r = ou_set_discard(vm, o, x);
    if (r >= 0 || !ou_isa(vm, x, set) || !ou_err_is(vm, OU_EXC(vm, TypeError)))
        return r;
    ou_err_clear(vm);
    OuObj *tmp = ou_frozenset_new(vm, x);
    r = tmp ? ou_set_discard(vm, o, tmp) : -1;
    ou_xdecref(vm, tmp);
    return r;
}
FN(m_discard)
{
    return discard(vm, args[0], args[1]) < 0 ? NULL : ou_none(vm);
}
FN(m_remove)
{
    int r = discard(vm, args[0], args[1]);
    if (r == 0)
        return ou_raise_key(vm, args[1]);
    return r < 0 ? NULL : ou_none(vm);
}
FN(m_pop)
{
    OuSet *s = OU_SET(args[0]);
    if (s->used == 0)
        return ou_raise(vm, OU_EXC(vm, KeyError), "pop from an empty set");
    size_t mask = ou_set_mask(s), i = s->finger & mask;
    while (!ou_set_at(s, i))
        i = i + 1 > mask ? 0 : i + 1;
    s->finger = (uint32_t)i + 1;
    return ou_set_unlink(s, i);
}
FN(m_update)
{
    for (size_t i = 0; i < NOTHERS; i++)
        if (ou_set_update(vm, args[0], OTHERS(i)) < 0)
            return NULL;
    return ou_none(vm);
}
FN(m_union)
{
    OuObj *res = copy(vm, args[0]);
    for (size_t i = 0; res && i < NOTHERS; i++)
        if (OTHERS(i) != args[0] && ou_set_update(vm, res, OTHERS(i)) < 0)
            ou_clear(vm, res);
    return res;
}
FN(m_intersection)
{
    if (NOTHERS == 0)
        return copy(vm, args[0]);
    OuObj *res = ou_ref(args[0]);
    for (size_t i = 0; res && i < NOTHERS; i++) {
        OuObj *next = intersection(vm, res, OTHERS(i));
        ou_decref(vm, res);
        res = next;
    }
    return res;
}
FN(m_intersection_update)
{
    return intersection_update(vm, args[0], m_intersection(vm, args, nargs, kwnames)) < 0 ? NULL
                                                                                          : ou_none(vm);
}
FN(m_difference)
{
    if (NOTHERS == 0)
        return copy(vm, args[0]);
    OuObj *res = difference(vm, args[0], OTHERS(0));
    for (size_t i = 1; res && i < NOTHERS; i++)
        if (difference_update(vm, res, OTHERS(i)) < 0)
            ou_clear(vm, res);
    return res;
}
FN(m_difference_update)
{
    for (size_t i = 0; i < NOTHERS; i++)
        if (difference_update(vm, args[0], OTHERS(i)) < 0)
            return NULL;
    return ou_none(vm);
}
FN(m_symmetric_difference)
{
    return symmetric_difference(vm, args[0], args[1]);
}
FN(m_symmetric_difference_update)
{
    return symmetric_update(vm, args[0], args[1]) < 0 ? NULL : ou_none(vm);
}
FN(m_issubset)
{
    int r = is_subset(vm, args[0], args[1]);
    return r < 0 ? NULL : ou_bool(vm, r);
}
FN(m_issuperset)
{
    int r = is_superset(vm, args[0], args[1]);
    return r < 0 ? NULL : ou_bool(vm, r);
}
FN(m_isdisjoint)
{
    OuObj *so = args[0], *other = args[1];
    if (so == other)
        return ou_bool(vm, OU_SET(so)->used == 0);
    int r = 0;
    if (ou_is(other, set) || ou_is(other, frozenset)) {
        if (OU_SET(other)->used > OU_SET(so)->used) {
            OuObj *t = so;
            so = other;
            other = t;
        }
        size_t place = 0;
        for (OuSetEntry *e; r == 0 && (e = ou_set_walk(OU_SET(other), &place));) {
            OuObj *key = ou_ref(e->key);
            r = ou_set_has_hash(vm, OU_SET(so), key, e->hash);
            ou_decref(vm, key);
        }
    } else {
        OuObj *it = ou_iter(vm, other), *key;
        if (!it)
            return NULL;
        while (r == 0 && (key = ou_next(vm, it))) {
            r = ou_set_contains(vm, so, key);
            ou_decref(vm, key);
        }
        ou_decref(vm, it);
    }
    return ou_err_occurred(vm) ? NULL : ou_bool(vm, !r);
}
FN(m_reduce)
{
    OuObj *keys = ou_sequence_list(vm, args[0]), *inner = keys ? ou_tuple_pack(vm, 1, keys) : NULL;
    OuObj *state = inner ? ou_call_method(vm, args[0], OU_NAME(vm, __getstate__), 0) : NULL;
    OuObj *res = state ? ou_tuple_pack(vm, 3, OU_TYPE_OBJ(vm, args[0]), inner, state) : NULL;
    ou_xdecref(vm, keys);
    ou_xdecref(vm, inner);
    ou_xdecref(vm, state);
    return res;
}
FN(m_sizeof)
{
    OuSet *s = OU_SET(args[0]);
    size_t n = OU_TYPE_OF(vm, args[0])->face.size;
    if (s->table)
        n += ou_ix_bytes(s->log2) + s->cap * sizeof(OuSetEntry);
    return ou_int_u64(vm, n);
}

#define COMMON_ROWS                                                                                          \
    {"__contains__(self, item, /)", m_contains, OU_FN_COEXIST, "x.__contains__(y) <==> y in x."},            \
        {"copy(self, /)", m_copy, 0, "A shallow copy."},                                                     \
        {"difference(self, *others)", m_difference, 0, "Items of this set that are in none of the others."}, \
        {"intersection(self, *others)", m_intersection, 0, "Items that all have in common."},                \
        {"isdisjoint(self, other, /)", m_isdisjoint, 0, "True if the two have no item in common."},          \
        {"issubset(self, other, /)", m_issubset, 0, "Does other contain this set?"},                         \
        {"issuperset(self, other, /)", m_issuperset, 0, "Does this set contain other?"},                     \
        {"symmetric_difference(self, other, /)", m_symmetric_difference, 0,                                  \
         "Items that are in exactly one of the two."},                                                       \
        {"union(self, *others)", m_union, 0, "Items of all of them."},                                       \
        {"__reduce__(self, /)", m_reduce, 0, "State for pickling."},                                         \
        {"__sizeof__(self, /)", m_sizeof, 0, "Size in memory, in bytes."},                                   \
    {                                                                                                        \
        "__class_getitem__(type, item, /)", ou_fn_class_getitem, OU_FN_CLASS, "See PEP 585"                  \
    }

const OuFn ou_set_methods[] = {
    COMMON_ROWS,
    {"add(self, item, /)", m_add, 0, "Adds item; no effect if it is present."},
    {"clear(self, /)", m_clear, 0, "Removes all items."},
    {"discard(self, item, /)", m_discard, 0, "Removes item if it is present."},
    {"remove(self, item, /)", m_remove, 0, "Removes item; KeyError if it is absent."},
    {"pop(self, /)", m_pop, 0, "Removes and returns some item; KeyError if empty."},
    {"update(self, *others)", m_update, 0, "Adds the items of all others."},
    {"intersection_update(self, *others)", m_intersection_update, 0, "Keeps what all others have too."},
    {"difference_update(self, *others)", m_difference_update, 0, "Removes the items of all others."},
    {"symmetric_difference_update(self, other, /)", m_symmetric_difference_update, 0,
     "Keeps items that are in exactly one of the two."},
    {0},
};
const OuFn ou_frozenset_methods[] = {COMMON_ROWS, {0}};
