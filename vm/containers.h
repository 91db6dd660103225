/* vm/containers.h - list, tuple, dict, set, slice, range: structs and the functions the machine uses. */
#ifndef OU_VM_CONTAINERS_H
#define OU_VM_CONTAINERS_H

#include "object.h"

/* ---- tuple: 16 + 8n ---- */
struct OuTuple {
    OuObj hdr;
    size_t n;
    OuObj *items[];
};
typedef struct OuTupleStatic {
    OuObj hdr;
    size_t n;
} OuTupleStatic;
#define OU_TUPLE(o) ((OuTuple *)(o))
OuObj *ou_tuple_new(OuVM *vm, size_t n); /* items NULL: fill all, then it is visible to scripts; tracked */
OuObj *ou_tuple_of(OuVM *vm, OuObj *const *items, size_t n); /* items borrowed */
/* items taken and set to NULL; on failure they stay */
OuObj *ou_tuple_of_take(OuVM *vm, OuObj **items, size_t n);
OuObj *ou_tuple_pack(OuVM *vm, size_t n, ...); /* borrowed */
OuObj *ou_tuple_slice(OuVM *vm, OuObj *t, size_t start, size_t end);

/* ---- list: 32 + items ---- */
typedef struct OuList {
    OuObj hdr;
    size_t n, cap;
    OuObj **items;
} OuList;
#define OU_LIST(o) ((OuList *)(o))
OuObj *ou_list_new(OuVM *vm, size_t n);                    /* n NULL items to fill */
OuObj *ou_list_of_take(OuVM *vm, OuObj **items, size_t n); /* as ou_tuple_of_take */
int ou_list_append(OuVM *vm, OuObj *list, OuObj *x);
int ou_list_append_take(OuVM *vm, OuObj *list, OuObj *x); /* x is taken even on failure */
int ou_list_insert(OuVM *vm, OuObj *list, ou_ssize i, OuObj *x);
int ou_list_extend(OuVM *vm, OuObj *list, OuObj *iterable);
int ou_list_sort(OuVM *vm, OuObj *list, OuObj *key, bool reverse);
int ou_list_reverse(OuVM *vm, OuObj *list);
OuObj *ou_list_to_tuple(OuVM *vm, OuObj *list);

/* ---- dict: insertion-ordered, split index/entries; see vm/dict.c for the layout ----
 * keys_version: 0 = unassigned; otherwise unique to the present *set and places* of keys.  It goes back to 0 on
 * insertion of a new key, deletion, clear or when the table moves, but not when a value is replaced: inline caches keep
 * (keys_version, address of the value) and read it directly. */
typedef struct OuDictEntry {
    OuObj *key; /* NULL: deleted */
    OuObj *value;
    int64_t hash; /* absent in tables of str keys only (see OU_DICT_STR) */
} OuDictEntry;
struct OuDict {
    OuObj hdr;
    uint32_t used;     /* live entries */
    uint32_t nentries; /* entries in use, deleted ones included */
    uint32_t cap;      /* entries there is room for */
    uint32_t keys_version;
    uint8_t log2_index; /* size of the index: 0 = no table yet */
    uint8_t kind;       /* OU_DICT_STR: all keys are exact str, entries of 16 bytes (hash is in the str) */
    uint16_t rebuilds;  /* counts tables: entry numbers hold until it changes */
    uint32_t usable;    /* insertions left before the index must be rebuilt, as CPython's dk_usable */
    void *table;        /* the entries; the index grows downward from here (vm/table.h); NULL without table */
};                      /* 40 bytes */
enum { OU_DICT_GENERAL = 0, OU_DICT_STR = 1 };
#define OU_DICT(o) ((OuDict *)(o))
OuObj *ou_dict_new(OuVM *vm);
OuObj *ou_dict_new_sized(OuVM *vm, size_t n);
OuObj *ou_dict_get(OuVM *vm, OuObj *d, OuObj *key); /* borrowed; NULL: absent, or error with exception */
int ou_dict_lookup(OuVM *vm, OuObj *d, OuObj *key, OuObj **out); /* 1/0/-1, out: new */
/* name an exact str: borrowed or NULL; cannot fail unless keys have Python __eq__ */
OuObj *ou_dict_get_str(OuVM *vm, OuDict *d, OuObj *name);
/* Entry index of str key name, or -1; and the key layout version (assigned on demand; 0: no more versions). */
ou_ssize ou_dict_entry_index(OuVM *vm, OuDict *d, OuObj *name);
uint32_t ou_dict_keys_version(OuVM *vm, OuDict *d);
/* Address of an entry's value. */
static inline OuObj **ou_dict_value_slot(OuDict *d, size_t entry)
{
    return d->kind == OU_DICT_STR ? (OuObj **)d->table + 2 * entry + 1 : (OuObj **)d->table + 3 * entry + 1;
}
int ou_dict_set(OuVM *vm, OuObj *d, OuObj *key, OuObj *value);
int ou_dict_set_s(OuVM *vm, OuObj *d, const char *key, OuObj *value);
OuObj *ou_dict_get_s(OuVM *vm, OuObj *d, const char *key);    /* borrowed */
int ou_dict_del(OuVM *vm, OuObj *d, OuObj *key);              /* KeyError if absent */
int ou_dict_pop(OuVM *vm, OuObj *d, OuObj *key, OuObj **out); /* 1/0/-1, out: new */
int ou_dict_contains(OuVM *vm, OuObj *d, OuObj *key);
OuObj *ou_dict_setdefault(OuVM *vm, OuObj *d, OuObj *key, OuObj *dflt); /* borrowed */
int ou_dict_update(OuVM *vm, OuObj *d, OuObj *mapping_or_pairs);        /* dict.update(x) */
/* override: 1 yes, 0 keep, 2 KeyError on duplicate */
int ou_dict_merge(OuVM *vm, OuObj *d, OuObj *mapping, int override);
OuObj *ou_dict_copy(OuVM *vm, OuObj *d);
void ou_dict_clear(OuVM *vm, OuObj *d);
/* Iteration that tolerates no change: *pos starts at 0; borrowed key and value; false at the end. */
bool ou_dict_next(OuDict *d, size_t *pos, OuObj **key, OuObj **value);
OuObj *ou_dict_keys_list(OuVM *vm, OuObj *d);
OuObj *ou_dict_values_list(OuVM *vm, OuObj *d);
OuObj *ou_dict_items_list(OuVM *vm, OuObj *d);
size_t ou_dict_sizeof(OuDict *d);

/* ---- set ---- */
OuObj *ou_set_new(OuVM *vm, OuObj *iterable); /* NULL: empty */
OuObj *ou_frozenset_new(OuVM *vm, OuObj *iterable);
int ou_set_add(OuVM *vm, OuObj *set, OuObj *x); /* also fills a fresh frozenset */
int ou_set_contains(OuVM *vm, OuObj *set, OuObj *x);
int ou_set_discard(OuVM *vm, OuObj *set, OuObj *x); /* 1 found, 0, -1 */
int ou_set_update(OuVM *vm, OuObj *set, OuObj *iterable);
ou_ssize ou_set_len(OuObj *set);
bool ou_set_next(OuObj *set, size_t *pos, OuObj **key); /* borrowed */

/* New dict of keyword arguments: n values named by the tuple kwnames (NULL: empty). */
OuObj *ou_dict_of_kwargs(OuVM *vm, OuObj *const *values, OuObj *kwnames);

/* ---- slice, range ---- */
typedef struct OuSlice {
    OuObj hdr;
    OuObj *start, *stop, *step;
} OuSlice;
OuObj *ou_slice_new(OuVM *vm, OuObj *start, OuObj *stop, OuObj *step); /* NULL = None */
/* Indices for a sequence of length len, out: start, stop, step, count; ValueError for step 0. */
int ou_slice_indices(OuVM *vm, OuObj *slice, ou_ssize len, ou_ssize *start, ou_ssize *stop, ou_ssize *step,
                     ou_ssize *count);
/* The same in two steps, for sequences that the __index__ methods of the bounds may change. */
int ou_slice_unpack(OuVM *vm, OuObj *slice, ou_ssize *start, ou_ssize *stop, ou_ssize *step);
ou_ssize ou_slice_adjust(ou_ssize len, ou_ssize *start, ou_ssize *stop, ou_ssize step); /* the count */
/* From one index of the slice to the next; behind the last one it may wrap around (the step is as large as a script likes). */
static inline ou_ssize ou_slice_next(ou_ssize i, ou_ssize step)
{
    return (ou_ssize)((size_t)i + (size_t)step);
}
/* For a length of any size: out[0..3) start, stop, step as int objects, new. */
int ou_slice_long_indices(OuVM *vm, OuObj *slice, OuObj *length, OuObj *out[3]);
OuObj *ou_range_new(OuVM *vm, OuObj *start, OuObj *stop, OuObj *step); /* exact ints, step not 0 */
typedef struct OuRangeIter {                                           /* the FOR_ITER fast path reads it */
    OuObj hdr;
    int64_t next, step;
    uint64_t left;
    uint64_t total; /* at the beginning: for pickling */
} OuRangeIter;
typedef struct OuSeqIter { /* list_iter, tuple_iter: next index and sequence (NULL when exhausted) */
    OuObj hdr;
    size_t i;
    OuObj *seq;
} OuSeqIter;

#endif
