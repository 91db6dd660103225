/* stdlib/itertools.c - the module itertools: table of types and helpers.  The iterators are in itertools_*.c.
 */
#include "itertools.h"

int ou_itertools_args(OuVM *vm, const char *name, OuType *type, size_t nargs, OuObj *kwnames, size_t min,
                      size_t max)
{
    if (ou_takes_no_kwargs(vm, type) && ou_no_kwargs(vm, name, kwnames) < 0)
        return -1;
    return ou_arity(vm, name, nargs, min, max);
}

OuObj *ou_itertools_reduce(OuVM *vm, OuObj *self, OuObj *a, OuObj *b)
{
    OuObj *inner = ou_tuple_pack(vm, b ? 2 : 1, a, b);
    OuObj *res = inner ? ou_tuple_pack(vm, 2, OU_TYPE_OBJ(vm, self), inner) : NULL;
    ou_xdecref(vm, inner);
    return res;
}

OuObj *ou_itertools_reduce_state(OuVM *vm, OuObj *self, OuObj *args, OuObj *state)
{
    OuObj *res = args && state ? ou_tuple_pack(vm, 3, OU_TYPE_OBJ(vm, self), args, state) : NULL;
    ou_xdecref(vm, args);
    ou_xdecref(vm, state);
    return res;
}

int ou_itertools_state(OuVM *vm, OuObj *o)
{
    return ou_isa_tuple(vm, o) ? 0 : ou_type_error_i(vm, "state is not a tuple");
}

static const OuFn functions[] = {
    {"tee(iterable, n=2, /)", ou_itertools_tee, 0, "Returns a tuple of n independent iterators."},
    {0},
};

static int exec(OuVM *vm, OuObj *module)
{
    OuItertools *st = ((OuModule *)module)->state;
    const struct {
        const OuTypeSpec *spec;
        OuType **keep;
    } types[] = {
        {&ou_itertools_accumulate_spec, &st->accumulate},
        {&ou_itertools_combinations_spec, NULL},
        {&ou_itertools_cwr_spec, NULL},
        {&ou_itertools_cycle_spec, NULL},
        {&ou_itertools_dropwhile_spec, NULL},
        {&ou_itertools_takewhile_spec, NULL},
        {&ou_itertools_islice_spec, &st->islice},
        {&ou_itertools_starmap_spec, NULL},
        {&ou_itertools_chain_spec, &st->chain},
        {&ou_itertools_compress_spec, NULL},
        {&ou_itertools_filterfalse_spec, NULL},
        {&ou_itertools_count_spec, NULL},
        {&ou_itertools_zip_longest_spec, NULL},
        {&ou_itertools_pairwise_spec, NULL},
        {&ou_itertools_permutations_spec, NULL},
        {&ou_itertools_product_spec, NULL},
        {&ou_itertools_repeat_spec, NULL},
        {&ou_itertools_groupby_spec, &st->groupby},
        {&ou_itertools_grouper_spec, &st->grouper},
        {&ou_itertools_tee_spec, &st->tee},
        {&ou_itertools_tee_data_spec, &st->tee_data},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        OuType *t = ou_module_add_type(vm, module, types[i].spec, NULL);
        if (!t)
            return -1;
        if (types[i].keep)
            *types[i].keep = t;
    }
    return 0;
}

const OuModuleDef ou_mod_itertools = {
    .name = "itertools",
    .doc = "Functional tools for creating and using iterators.",
    .functions = functions,
    .state_size = sizeof(OuItertools),
    .exec = exec,
};
