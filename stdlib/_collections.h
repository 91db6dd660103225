/* stdlib/_collections.h - inside module _collections. */
#ifndef OU_STDLIB__COLLECTIONS_H
#define OU_STDLIB__COLLECTIONS_H

#include "vm/dict_impl.h"
#include "vm/generic_alias.h"
#include "vm/instance.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

typedef struct OuCollections {
    OuType *deque, *deque_iter, *deque_reviter, *defaultdict, *odict, *odict_iter, *odict_keys, *odict_values,
        *odict_items;
} OuCollections;
extern const OuModuleDef ou_mod__collections;
#define COLLECTIONS(vm) ((OuCollections *)ou_module_state(vm, &ou_mod__collections))

extern const OuTypeSpec ou_deque_spec, ou_deque_iter_spec, ou_deque_reviter_spec, ou_defaultdict_spec,
    ou_odict_spec, ou_odict_iter_spec, ou_odict_keys_spec, ou_odict_values_spec, ou_odict_items_spec;

/* Last part of the dotted name of o's type. */
const char *ou_collections_name(OuVM *vm, OuObj *o);

/* ---- _collections_deque.c, _collections_dequeiter.c ---- */
typedef struct OuDeque {
    OuObj hdr;
    size_t n, cap, first; /* item i is at (first + i) mod cap */
    OuObj **items;
    ou_ssize maxlen; /* -1: none */
    size_t state;
} OuDeque;
#define OU_DEQUE(o) ((OuDeque *)(o))

static inline OuObj **ou_deque_at(const OuDeque *d, size_t i)
{
    size_t at = d->first + i;
    return &d->items[at >= d->cap ? at - d->cap : at];
}
#define OU_DEQUE_CHANGED OU_EXC(vm, RuntimeError), "deque mutated during iteration"
bool ou_is_deque(OuVM *vm, OuObj *o);
OuObj *ou_deque_iter(OuVM *vm, OuObj *o);
OuObj *ou_deque_reversed(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);

#endif
