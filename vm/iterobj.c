/* vm/iterobj.c - helpers that the native iterators share. */
#include "iterobj.h"

OuObj *ou_builtin_get(OuVM *vm, const char *name)
{
    OuObj *o = ou_dict_get_s(vm, &vm->builtins->hdr, name);
    if (o)
        return ou_ref(o);
    if (!ou_err_occurred(vm))
        ou_raise(vm, OU_EXC(vm, AttributeError), "%s", name);
    return NULL;
}

OuObj *ou_reduce1_take(OuVM *vm, OuObj *func, OuObj *a)
{
    OuObj *inner = func && a ? ou_tuple_pack(vm, 1, a) : NULL;
    OuObj *res = inner ? ou_tuple_pack(vm, 2, func, inner) : NULL;
    ou_xdecref(vm, func);
    ou_xdecref(vm, a);
    ou_xdecref(vm, inner);
    return res;
}

OuObj *ou_reduce1_state_take(OuVM *vm, OuObj *func, OuObj *a, OuObj *state)
{
    OuObj *inner = func && a && state ? ou_tuple_pack(vm, 1, a) : NULL;
    OuObj *res = inner ? ou_tuple_pack(vm, 3, func, inner, state) : NULL;
    ou_xdecref(vm, func);
    ou_xdecref(vm, a);
    ou_xdecref(vm, state);
    ou_xdecref(vm, inner);
    return res;
}

OuObj *ou_reduce_empty(OuVM *vm)
{
    return ou_reduce1_take(vm, ou_builtin_get(vm, "iter"), ou_ref(OU_EMPTY_TUPLE(vm)));
}
