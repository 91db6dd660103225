/* stdlib/_ctypes/module.c - module _ctypes: its types and state. */
#include <dlfcn.h>
#include <stdlib.h>

#include "stdlib/support.h"
#include "ctypes.h"

static int add_types(OuVM *vm, OuObj *module, CtState *st)
{
    static const OuTypeSpec *const metas[] = {
        [CT_SIMPLE] = &ou_ct_meta_simple, [CT_STRUCT] = &ou_ct_meta_struct,   [CT_UNION] = &ou_ct_meta_union,
        [CT_ARRAY] = &ou_ct_meta_array,   [CT_POINTER] = &ou_ct_meta_pointer, [CT_FUNC] = &ou_ct_meta_func,
    };
    for (int i = 0; i < 6; i++)
        if (!(st->meta[i] = ou_type_from_spec(vm, metas[i], &vm->builtin[OU_T_type])))
            return -1;
    if (!(st->cdata = ou_type_from_spec(vm, &ou_ct_cdata_spec, NULL)) ||
        !(st->field = ou_type_from_spec(vm, &ou_ct_field_spec, NULL)) ||
        !(st->arg = ou_type_from_spec(vm, &ou_ct_arg_spec, NULL)) ||
        !(st->thunk = ou_type_from_spec(vm, &ou_ct_thunk_spec, NULL)))
        return -1;
    const struct {
        const char *name;
        const OuTypeSpec *spec;
        CtKind kind;
        OuType **slot;
    } rows[] = {
        {"_SimpleCData", &ou_ct_simple_spec, CT_SIMPLE, &st->simple},
        {"Structure", &ou_ct_structure_spec, CT_STRUCT, &st->structure},
        {"Union", &ou_ct_union_spec, CT_UNION, &st->union_},
        {"Array", &ou_ct_array_spec, CT_ARRAY, &st->array},
        {"_Pointer", &ou_ct_pointer_spec, CT_POINTER, &st->pointer},
        {"CFuncPtr", &ou_ct_func_spec, CT_FUNC, &st->func},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        OuType *t = *rows[i].slot =
            ou_type_from_spec_meta(vm, rows[i].spec, st->cdata, st->meta[rows[i].kind]);
        if (!t || ou_module_add(vm, module, rows[i].name, (OuObj *)ou_ref(t)) < 0)
            return -1;
    }
    return 0;
}

static int exec(OuVM *vm, OuObj *module)
{
    CtState *st = ((OuModule *)module)->state;
    if (pthread_key_create(&st->key, free))
        return ou_raise_i(vm, OU_EXC(vm, RuntimeError), "no room for thread-specific data");
    st->has_key = true;
    if (add_types(vm, module, st) < 0 || !(st->pointer_cache = ou_dict_new(vm)) ||
        !(st->array_cache = ou_dict_new(vm)) ||
        !(st->arg_error =
              ou_module_add_exception(vm, module, "ctypes", "ArgumentError", OU_EXC(vm, Exception))) ||
        ou_module_add(vm, module, "_pointer_type_cache", ou_ref(st->pointer_cache)) < 0 ||
        ou_module_add_str(vm, module, "__version__", "1.1.0") < 0 || ou_ct_shims_add(vm, module) < 0)
        return -1;
    const struct {
        const char *name;
        int v;
    } ints[] = {
        {"FUNCFLAG_CDECL", FUNC_CDECL},
        {"FUNCFLAG_PYTHONAPI", FUNC_PYTHONAPI},
        {"FUNCFLAG_USE_ERRNO", FUNC_USE_ERRNO},
        {"FUNCFLAG_USE_LASTERROR", FUNC_USE_LASTERROR},
        {"RTLD_LOCAL", RTLD_LOCAL},
        {"RTLD_GLOBAL", RTLD_GLOBAL},
        {"CTYPES_MAX_ARGCOUNT", CT_MAX_ARGS},
    };
    for (size_t i = 0; i < sizeof ints / sizeof *ints; i++)
        if (ou_module_add_int(vm, module, ints[i].name, ints[i].v) < 0)
            return -1;
    return 0;
}

static int traverse(void *state, OuVisit visit, void *arg)
{
    CtState *st = state;
    OU_VISIT(st->arg_error);
    OU_VISIT(st->pointer_cache);
    OU_VISIT(st->array_cache);
    return 0;
}
static void clear(OuVM *vm, void *state)
{
    CtState *st = state;
    ou_clear(vm, st->arg_error);
    ou_clear(vm, st->pointer_cache);
    ou_clear(vm, st->array_cache);
    if (st->has_key) {
        st->has_key = false;
        free(pthread_getspecific(st->key));
        pthread_setspecific(st->key, NULL);
        pthread_key_delete(st->key);
    }
}

const OuModuleDef ou_mod__ctypes = {
    .name = "_ctypes",
    .doc = "Create and manipulate C compatible data types in Python.",
    .functions = ou_ct_functions,
    .state_size = sizeof(CtState),
    .exec = exec,
    .traverse = traverse,
    .clear = clear,
};
