/* vm/table.h - what dict and set share: the index of a compact hash table, quick hashes, quick equality.
 *
 * A table is one block: the index, then the entries.  The `table` pointer points to the first entry, and
 * index place i lies at -1-i from it (elements of 1, 2 or 4 bytes, by the index size), so that neither the
 * entries nor the index need an offset. */
#ifndef OU_VM_TABLE_H
#define OU_VM_TABLE_H

#include "vm.h"

#define OU_IX_EMPTY 0xffffffffu
#define OU_IX_DUMMY 0xfffffffeu
#define OU_TABLE_PERTURB 5

/* Bytes of an index of 1 << log2 places.  255 and 254, 65535 and 65534 are never entry numbers: at most 2/3
 * of the places are used. */
static inline size_t ou_ix_bytes(unsigned log2)
{
    return log2 <= 8 ? (size_t)1 << log2 : log2 <= 16 ? (size_t)2 << log2 : (size_t)4 << log2;
}

static inline uint32_t ou_ix_get(const void *table, unsigned log2, size_t i)
{
    if (log2 <= 8) {
        uint32_t v = ((const uint8_t *)table)[-1 - (ptrdiff_t)i];
        return v >= 0xfe ? v | 0xffffff00u : v;
    }
    if (log2 <= 16) {
        uint32_t v = ((const uint16_t *)table)[-1 - (ptrdiff_t)i];
        return v >= 0xfffe ? v | 0xffff0000u : v;
    }
    return ((const uint32_t *)table)[-1 - (ptrdiff_t)i];
}

static inline void ou_ix_set(void *table, unsigned log2, size_t i, uint32_t v)
{
    if (log2 <= 8)
        ((uint8_t *)table)[-1 - (ptrdiff_t)i] = (uint8_t)v;
    else if (log2 <= 16)
        ((uint16_t *)table)[-1 - (ptrdiff_t)i] = (uint16_t)v;
    else
        ((uint32_t *)table)[-1 - (ptrdiff_t)i] = v;
}

/* Hash of an int that fits: modulus 2^61-1 with the sign of v, -1 becomes -2. */
static inline int64_t ou_hash_i64(int64_t v)
{
    const uint64_t p = ((uint64_t)1 << 61) - 1;
    uint64_t m = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    if (__builtin_expect(m >= p, 0))
        m %= p;
    int64_t h = v < 0 ? -(int64_t)m : (int64_t)m;
    return h == -1 ? -2 : h;
}

/* As ou_hash, with the usual keys inline. */
static inline int ou_hash_quick(OuVM *vm, OuObj *o, int64_t *out)
{
    if (ou_is(o, str)) {
        int64_t h = OU_STR(o)->hash;
        *out = __builtin_expect(h != -1, 1) ? h : ou_str_hash(vm, o);
        return 0;
    }
    if (ou_is_small(o)) {
        *out = ou_hash_i64(OU_INT_V(o));
        return 0;
    }
    return ou_hash(vm, o, out);
}

/* a == b for two different objects with equal hashes; may run Python code.  1/0/-1 */
static inline int ou_key_eq(OuVM *vm, OuObj *a, OuObj *b)
{
    if (ou_is(a, str) && ou_is(b, str))
        return ou_str_eq(OU_STR(a), OU_STR(b));
    if (ou_is_small(a) && ou_is_small(b))
        return OU_INT_V(a) == OU_INT_V(b);
    return ou_compare_bool(vm, a, b, OU_CMP_EQ);
}
/* The comparison cannot run Python code. */
static inline bool ou_key_plain(OuObj *a, OuObj *b)
{
    return (ou_is(a, str) && ou_is(b, str)) || (ou_is_small(a) && ou_is_small(b));
}

/* May o be tracked now or later?  Exact tuples and types only if they are: a class is from its birth on, a built-in
 * type never. */
static inline bool ou_may_be_tracked(OuVM *vm, OuObj *o)
{
    if (ou_is(o, str) || ou_is(o, int) || ou_is(o, NoneType))
        return false;
    if (ou_is(o, tuple) || ou_is(o, type))
        return (o->tf & OU_F_TRACKED) != 0;
    return (OU_TYPE_OF(vm, o)->flags & OU_TYPE_GC) != 0;
}

#endif
