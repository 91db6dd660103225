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

#endif
