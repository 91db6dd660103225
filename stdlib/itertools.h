/* stdlib/itertools.h - inside module itertools: its state and the specs of its types. */
#ifndef OU_STDLIB_ITERTOOLS_H
#define OU_STDLIB_ITERTOOLS_H

#include "vm/generic_alias.h"
#include "vm/iterobj.h"

typedef struct OuItertools {
    OuType *accumulate, *chain, *groupby, *grouper, *islice, *tee, *tee_data;
} OuItertools;
extern const OuModuleDef ou_mod_itertools;
#define ITERTOOLS(vm) ((OuItertools *)ou_module_state(vm, &ou_mod_itertools))

/* A constructor without keywords: TypeErrors of CPython for `name`; subclasses with an __init__ of their own
 * may take more. */
int ou_itertools_args(OuVM *vm, const char *name, OuType *type, size_t nargs, OuObj *kwnames, size_t min,
                      size_t max);
/* (type(self), (a, b)) with borrowed arguments (b may be NULL). */
OuObj *ou_itertools_reduce(OuVM *vm, OuObj *self, OuObj *a, OuObj *b);
/* Wraps the taken result of a reduce with a taken state. */
OuObj *ou_itertools_reduce_state(OuVM *vm, OuObj *self, OuObj *args_take, OuObj *state_take);
/* A state tuple for __setstate__, else TypeError. */
int ou_itertools_state(OuVM *vm, OuObj *o);

extern const OuTypeSpec ou_itertools_accumulate_spec, ou_itertools_chain_spec, ou_itertools_combinations_spec,
    ou_itertools_cwr_spec, ou_itertools_compress_spec, ou_itertools_count_spec, ou_itertools_cycle_spec,
    ou_itertools_dropwhile_spec, ou_itertools_filterfalse_spec, ou_itertools_groupby_spec,
    ou_itertools_grouper_spec, ou_itertools_islice_spec, ou_itertools_pairwise_spec,
    ou_itertools_permutations_spec, ou_itertools_product_spec, ou_itertools_repeat_spec,
    ou_itertools_starmap_spec, ou_itertools_takewhile_spec, ou_itertools_tee_spec, ou_itertools_tee_data_spec,
    ou_itertools_zip_longest_spec;
/* itertools.tee(iterable, n=2, /) */
OuObj *ou_itertools_tee(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
#define NEW(name) static OuObj *name(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
/* tp_iternext of it: NULL may come with StopIteration set */
static inline OuObj *next_item(OuVM *vm, OuObj *it)
{
    if (ou_check_stack(vm, "") < 0) /* iterators over iterators over ... */
        return NULL;
    return OU_TYPE_OF(vm, it)->s.next(vm, it);
}
#define NEXT(it) next_item(vm, it)

#define ITER_SPEC(var, pyname, Struct, newfn, nextfn, methodtab, doctext) \
    const OuTypeSpec var = {                                              \
        .name = pyname,                                                   \
        .size = sizeof(Struct),                                           \
        .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_DEEP,                \
        .doc = doctext,                                                   \
        .dealloc = Struct##_dealloc,                                      \
        .traverse = Struct##_traverse,                                    \
        .s = {.iter = ou_self_iter, .next = nextfn, .new_ = newfn},       \
        .methods = methodtab,                                             \
    }

#endif
