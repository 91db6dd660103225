/* vm/dict_impl.h - for the dict files and native subclasses of dict: lookup and insertion with a known hash,
 * views and iterators. */
#ifndef OU_VM_DICT_IMPL_H
#define OU_VM_DICT_IMPL_H

#include "table.h"
#include "native.h"
#include "iterobj.h"

/* Entry accessors: table is an array of (key, value) or (key, value, hash). */
static inline OuObj **ou_dict_entry(const OuDict *d, size_t ix)
{
    return d->kind == OU_DICT_STR ? (OuObj **)d->table + 2 * ix : (OuObj **)d->table + 3 * ix;
}
static inline int64_t ou_dict_entry_hash(const OuDict *d, size_t ix)
{
    return d->kind == OU_DICT_STR ? OU_STR(((OuObj **)d->table)[2 * ix])->hash
                                  : ((OuDictEntry *)d->table)[ix].hash;
}
static inline uint32_t ou_dict_usable(unsigned log2)
{
    return (uint32_t)(((uint64_t)2 << log2) / 3);
}

/* Number of key's entry, -1 absent, -2 error. */
ou_ssize ou_dict_find(OuVM *vm, OuDict *d, OuObj *key, int64_t hash);
/* Adds a key that is known to be absent (both borrowed). */
int ou_dict_insert_new(OuVM *vm, OuDict *d, OuObj *key, int64_t hash, OuObj *value);
int ou_dict_set_hash(OuVM *vm, OuDict *d, OuObj *key, int64_t hash, OuObj *value);
/* A new value for entry ix, which is in use. */
static inline void ou_dict_replace(OuVM *vm, OuDict *d, size_t ix, OuObj *value)
{
    OuObj **slot = ou_dict_value_slot(d, ix);
    OuObj *old = *slot;
    ou_incref(value);
    *slot = value;
    if (!(d->hdr.tf & OU_F_TRACKED) && ou_may_be_tracked(vm, value))
        ou_gc_track(&vm->heap, &d->hdr);
    ou_decref(vm, old);
}
/* Takes entry ix out of the table: key and value are out (owned by the caller now). */
void ou_dict_unlink(OuDict *d, size_t ix, OuObj **key, OuObj **value);
/* Removes entry ix and releases key, then value. */
void ou_dict_drop(OuVM *vm, OuDict *d, size_t ix);
/* Makes entry ix the first one (OrderedDict.move_to_end); first: the first live entry, below ix. */
int ou_dict_move_front(OuVM *vm, OuDict *d, size_t ix, size_t first);
/* Room for n entries in all, by at most one rebuild. */
int ou_dict_reserve(OuVM *vm, OuDict *d, size_t n);
/* Empty table of d's type (exact dict or subclass instance, fields not yet set). */
void ou_dict_init(OuDict *d);
/* d := a copy of src's table; d is empty. */
int ou_dict_clone_table(OuVM *vm, OuDict *d, OuDict *src);
/* dict(*args, **kw) and update: `name` for messages. */
int ou_dict_update_args(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames,
                        const char *name);

extern const OuTypeSpec ou_dict_spec;

typedef struct OuDictView {
    OuObj hdr;
    OuDict *dict;
} OuDictView;
/* A view of dict, of the type with index `type` (keys, values or items). */
OuObj *ou_dict_view_new(OuVM *vm, uint32_t type, OuObj *dict);

typedef struct OuDictIter {
    OuObj hdr;
    OuDict *dict;  /* NULL: exhausted */
    OuObj *result; /* item iterators: the tuple that is reused while nobody else holds it */
    uint32_t used; /* of the dict when we began; UINT32_MAX after "changed size" was raised */
    uint32_t left; /* entries still to give */
    ou_ssize pos;  /* next entry */
} OuDictIter;
OuObj *ou_dict_iter_new(OuVM *vm, uint32_t type, OuDict *dict);

#endif
