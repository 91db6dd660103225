/* stdlib/weakrefmodule.c - module _weakref: what the library's weakref stands on. */
#include "vm/native.h"

#include "vm/weakref.h"

static OuObj *getweakrefcount(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_int(vm, (int64_t)ou_weakref_count(vm, args[0]));
}

static OuObj *getweakrefs(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_weakref_list(vm, args[0]);
}

static OuObj *proxy(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_weakproxy_new(vm, args[0], args[1]);
}

/* d[key] is removed if its value is a dead weak reference; in one step for other threads and callbacks. */
static OuObj *remove_dead(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (!ou_isa_dict(vm, args[0]))
        return ou_type_error(vm, "_remove_dead_weakref() argument 1 must be dict, not %T", args[0]);
    OuObj *ref = NULL;
    int found = ou_dict_lookup(vm, args[0], args[1], &ref);
    if (found < 0)
        return NULL;
    if (found) {
        bool is_ref = ou_isa(vm, ref, weakref), dead = is_ref && !ou_weakref_target((OuWeakRef *)ref);
        ou_decref(vm, ref);
        if (!is_ref)
            return ou_type_error(vm, "not a weakref");
        if (dead && ou_dict_pop(vm, args[0], args[1], &ref) > 0)
            ou_decref(vm, ref);
        if (ou_err_occurred(vm))
            return NULL;
    }
    return ou_none(vm);
}

static const OuFn functions[] = {
    {"getweakrefcount(object, /)", getweakrefcount, 0, "Return the number of weak references to 'object'."},
    {"getweakrefs(object, /)", getweakrefs, 0,
     "Return a list of all weak reference objects pointing to 'object'."},
    {"proxy(object, callback=None, /)", proxy, 0,
     "Create a proxy object that weakly references 'object'.\n\n'callback', if given, is called with a "
     "reference to the\n"
     "proxy when 'object' is about to be finalized."},
    {"_remove_dead_weakref(dct, key, /)", remove_dead, 0,
     "Atomically remove key from dict if it points to a dead weakref."},
    {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    OuObj *ref = (OuObj *)&vm->builtin[OU_T_weakref];
    if (ou_module_add(vm, m, "ref", ou_ref(ref)) < 0 ||
        ou_module_add(vm, m, "ReferenceType", ou_ref(ref)) < 0)
        return -1;
    if (ou_module_add(vm, m, "ProxyType", ou_ref((OuObj *)&vm->builtin[OU_T_weakproxy])) < 0)
        return -1;
    return ou_module_add(vm, m, "CallableProxyType", ou_ref((OuObj *)&vm->builtin[OU_T_weakcallableproxy]));
}

const OuModuleDef ou_mod_weakref = {
    .name = "_weakref",
    .doc = "Weak-reference support module.",
    .functions = functions,
    .exec = exec,
};
