/* vm/sort.c - list.sort: stable, adaptive (vm/sort_impl.h), with comparisons chosen by the types of the keys.
 *
 * Without a key function the item pointers are sorted in place; with one, pairs of key and item.  While
 * sorting the list is empty, and OU_F_T0 on it tells at the end whether its storage was touched ("list
 * modified during sort"). */
#include "list_impl.h"

#include <string.h>

#define MIN_GALLOP 7

/* a < b for objects of any type; may run Python code. */
static int lt_any(OuVM *vm, OuObj *a, OuObj *b)
{
    uint32_t ta = ou_type_index(a);
    if (ta == ou_type_index(b)) {
        switch (ta) {
        case OU_T_int:
            if (ou_is_small(a) && ou_is_small(b))
                return OU_INT_V(a) < OU_INT_V(b);
            break;
        case OU_T_float:
            return OU_FLOAT_V(a) < OU_FLOAT_V(b);
        case OU_T_str:
            return ou_str_cmp(OU_STR(a), OU_STR(b)) < 0;
        case OU_T_tuple: {
            OuTuple *x = OU_TUPLE(a), *y = OU_TUPLE(b);
            size_t n = x->n < y->n ? x->n : y->n;
            for (size_t i = 0; i < n; i++) {
                OuObj *p = x->items[i], *q = y->items[i];
                if (p == q)
                    continue;
                if (ou_is_small(p) && ou_is_small(q)) {
                    if (OU_INT_V(p) == OU_INT_V(q))
                        continue;
                    return OU_INT_V(p) < OU_INT_V(q);
                }
                if (ou_is(p, str) && ou_is(q, str)) {
                    int c = ou_str_cmp(OU_STR(p), OU_STR(q));
                    if (c == 0)
                        continue;
                    return c < 0;
                }
                int eq = ou_compare_bool(vm, p, q, OU_CMP_EQ);
                if (eq < 0)
                    return -1;
                if (!eq)
                    return lt_any(vm, p, q);
            }
            return x->n < y->n;
        }
        default:
            break;
        }
    }
    OuObj *r = ou_compare(vm, a, b, OU_CMP_LT);
    if (!r)
        return -1;
    int c = r == OU_TRUE(vm) ? 1 : r == OU_FALSE(vm) ? 0 : ou_is_true(vm, r);
    ou_decref(vm, r);
    return c;
}

typedef OuObj *Item;
typedef struct Pair {
    OuObj *key, *value;
} Pair;

/* One-byte strings, the usual ones, compare as bytes. */
static inline bool lt_str(const OuStr *a, const OuStr *b)
{
    if (__builtin_expect(a->kind != 1 || b->kind != 1, 0))
        return ou_str_cmp(a, b) < 0;
    size_t na = a->len, nb = b->len;
    int c = memcmp(a->data, b->data, na < nb ? na : nb);
    return c ? c < 0 : na < nb;
}

#define LT_INT(a, b) (OU_INT_V(a) < OU_INT_V(b))
#define LT_FLOAT(a, b) (OU_FLOAT_V(a) < OU_FLOAT_V(b))
#define LT_STR(a, b) lt_str(OU_STR(a), OU_STR(b))

#define ELEM Item
#define KEY(e) (e)
#define LT(a, b) LT_INT(a, b)
#define F(name) int_##name
#include "sort_impl.h"
#define ELEM Item
#define KEY(e) (e)
#define LT(a, b) LT_FLOAT(a, b)
#define F(name) float_##name
#include "sort_impl.h"
#define ELEM Item
#define KEY(e) (e)
#define LT(a, b) LT_STR(a, b)
#define F(name) str_##name
#include "sort_impl.h"
#define ELEM Item
#define KEY(e) (e)
#define LT(a, b) lt_any(vm, a, b)
#define F(name) any_##name
#include "sort_impl.h"
#define ELEM Pair
#define KEY(e) ((e).key)
#define LT(a, b) LT_INT(a, b)
#define F(name) pair_int_##name
#include "sort_impl.h"
#define ELEM Pair
#define KEY(e) ((e).key)
#define LT(a, b) LT_FLOAT(a, b)
#define F(name) pair_float_##name
#include "sort_impl.h"
#define ELEM Pair
#define KEY(e) ((e).key)
#define LT(a, b) LT_STR(a, b)
#define F(name) pair_str_##name
#include "sort_impl.h"
#define ELEM Pair
#define KEY(e) ((e).key)
#define LT(a, b) lt_any(vm, a, b)
#define F(name) pair_any_##name
#include "sort_impl.h"

/* The common type of n keys, `step` pointers apart: int (64 bits), float, str, or 0. */
static int common_type(OuObj **keys, size_t n, size_t step)
{
    uint32_t t = keys[0]->tf & OU_INT_KIND_MASK;
    if (t != OU_T_int && (t &= OU_TYPE_MASK) != OU_T_float && t != OU_T_str)
        return 0;
    uint32_t mask = t == OU_T_int ? OU_INT_KIND_MASK : OU_TYPE_MASK;
    for (size_t i = 1; i < n; i++)
        if ((keys[i * step]->tf & mask) != t)
            return 0;
    return (int)t;
}

static int sort_items(OuVM *vm, OuObj **items, size_t n)
{
    switch (common_type(items, n, 1)) {
    case OU_T_int:
        return int_sort(vm, items, n);
    case OU_T_float:
        return float_sort(vm, items, n);
    case OU_T_str:
        return str_sort(vm, items, n);
    default:
        return any_sort(vm, items, n);
    }
}
static int sort_pairs(OuVM *vm, Pair *p, size_t n)
{
    switch (common_type(&p->key, n, 2)) {
    case OU_T_int:
        return pair_int_sort(vm, p, n);
    case OU_T_float:
        return pair_float_sort(vm, p, n);
    case OU_T_str:
        return pair_str_sort(vm, p, n);
    default:
        return pair_any_sort(vm, p, n);
    }
}

static void reverse_pointers(OuObj **items, size_t n)
{
    for (size_t i = 0, j = n; i + 1 < j;) {
        OuObj *t = items[i];
        items[i++] = items[--j];
        items[j] = t;
    }
}

static int sort_by_key(OuVM *vm, OuObj **items, size_t n, OuObj *key, bool reverse)
{
    Pair *pairs = ou_alloc(vm, n * sizeof(Pair));
    if (!pairs)
        return -1;
    int res = -1;
    size_t made = 0;
    for (; made < n; made++) {
        pairs[made].value = items[made];
        if (!(pairs[made].key = ou_call1(vm, key, items[made])))
            goto done;
    }
    if (reverse) /* reversing before and after keeps equal items in order */
        for (size_t i = 0, j = n; i + 1 < j;) {
            Pair t = pairs[i];
            pairs[i++] = pairs[--j];
            pairs[j] = t;
        }
    res = sort_pairs(vm, pairs, n);
    for (size_t i = 0; i < n; i++)
        items[i] = pairs[i].value;
    if (reverse)
        reverse_pointers(items, n);
done:
    for (size_t i = 0; i < made; i++)
        ou_decref(vm, pairs[i].key);
    ou_free(vm, pairs, n * sizeof(Pair));
    return res;
}

int ou_list_sort(OuVM *vm, OuObj *o, OuObj *key, bool reverse)
{
    OuList *l = OU_LIST(o);
    OuObj **items = l->items;
    size_t n = l->n, cap = l->cap;
    uint32_t outer = l->hdr.tf & OU_F_T0;
    l->items = NULL;
    l->n = l->cap = 0;
    l->hdr.tf |= OU_F_T0;

    int res = 0;
    if (key && n) {
        res = sort_by_key(vm, items, n, key, reverse);
    } else if (n > 1) {
        if (reverse)
            reverse_pointers(items, n);
        res = sort_items(vm, items, n);
        if (reverse)
            reverse_pointers(items, n);
    }

    bool touched = !(l->hdr.tf & OU_F_T0);
    OuObj **other = l->items;
    size_t other_n = l->n, other_cap = l->cap;
    l->hdr.tf = (l->hdr.tf & ~(uint32_t)OU_F_T0) | outer;
    l->items = items;
    l->n = n;
    l->cap = cap;
    if (touched && res == 0)
        res = ou_value_error_i(vm, "list modified during sort");
    while (other_n > 0)
        ou_decref(vm, other[--other_n]);
    if (other)
        ou_free(vm, other, other_cap * sizeof(OuObj *));
    return res;
}
