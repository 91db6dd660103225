/* stdlib/support.c - small helpers of native modules. */
#include "support.h"

OuObj *ou_new_exception(OuVM *vm, const char *module, const char *name, OuType *base)
{
    OuObj *n = ou_str_new(vm, name, -1), *bases = ou_tuple_pack(vm, 1, base), *d = ou_dict_new(vm);
    OuObj *mod = ou_str_new(vm, module, -1), *r = NULL;
    if (n && bases && d && mod && ou_dict_set(vm, d, OU_NAME(vm, __module__), mod) == 0)
        r = ou_call3(vm, (OuObj *)&vm->builtin[OU_T_type], n, bases, d);
    ou_xdecref(vm, n);
    ou_xdecref(vm, bases);
    ou_xdecref(vm, d);
    ou_xdecref(vm, mod);
    return r;
}
