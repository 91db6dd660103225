/* vm/finalize.c - the end of a VM, in the order a script can see (CPython's Py_FinalizeEx and finalize_modules):
 * atexit functions while everything is alive; then sys.modules is emptied: a __main__ that no function or class keeps frees
 * its globals in definition order, before imported modules; what is left dies in a last collection. */
#include "import.h"

#include "err.h"
#include "exceptions.h"
#include "frame.h"
#include "gcstate.h"
#include "type.h"

static void run_atexit(OuVM *vm)
{
    OuObj *name = ou_str_intern_s(vm, "atexit");
    OuObj *m = name ? ou_dict_get(vm, (OuObj *)vm->modules, name) : NULL;
    ou_xdecref(vm, name);
    if (!m)
        return;
    OuObj *fn = ou_getattr_s(vm, m, "_run_exitfuncs"), *res = fn ? ou_call0(vm, fn) : NULL;
    if (!res)
        ou_err_unraisable(vm, fn, NULL);
    ou_xdecref(vm, fn);
    ou_xdecref(vm, res);
}

static void flush(OuVM *vm, const char *name)
{
    OuObj *file = ou_dict_get_s(vm, (OuObj *)vm->sysdict, name), *res;
    if (!file || file == OU_NONE(vm))
        return;
    ou_incref(file);
    res = ou_call_method(vm, file, OU_NAME(vm, flush), 0);
    if (!res)
        ou_err_clear(vm);
    ou_xdecref(vm, res);
    ou_decref(vm, file);
}

/* The values of a module's dict die one by one, in definition order; names that functions still read become None. */
static void clear_module_dict(OuVM *vm, OuDict *d)
{
    size_t pos = 0;
    OuObj *key, *value;
    while (ou_dict_next(d, &pos, &key, &value))
        if (value != OU_NONE(vm) && ou_is(key, str) && !ou_str_eq_s(key, "__builtins__"))
            ou_dict_set(vm, (OuObj *)d, key, OU_NONE(vm));
    ou_err_clear(vm);
}

void ou_vm_finalize(OuVM *vm)
{
    if (!vm->ts || !vm->sysdict)
        return;
    run_atexit(vm);
    flush(vm, "stdout");
    flush(vm, "stderr");
    vm->finalizing = true;
    ou_err_clear(vm);
    /* sys.modules lets go; a module that nobody else holds dies here with its dict */
    OuObj *list = ou_dict_values_list(vm, (OuObj *)vm->modules);
    OuObj *dicts = ou_list_new(vm, 0);
    static const char *const last[] = {"last_type", "last_value", "last_traceback"};
    for (int i = 0; i < 3; i++)
        if (ou_dict_get_s(vm, (OuObj *)vm->sysdict, last[i]))
            ou_dict_set_s(vm, (OuObj *)vm->sysdict, last[i], OU_NONE(vm));
    ou_dict_clear(vm, (OuObj *)vm->modules);
    for (size_t i = 0; list && i < OU_LIST(list)->n; i++) {
        OuObj *m = OU_LIST(list)->items[i];
        if (ou_is(m, module) && m != vm->builtins_module && m != vm->sys_module && ((OuModule *)m)->dict)
            ou_list_append(vm, dicts, (OuObj *)((OuModule *)m)->dict);
    }
    /* __main__ first, the others in the order of their import */
    for (size_t i = 0; list && i < OU_LIST(list)->n; i++) {
        OuObj *m = OU_LIST(list)->items[i];
        OU_LIST(list)->items[i] = ou_none(vm);
        ou_decref(vm, m);
    }
    ou_xdecref(vm, list);
    ou_err_clear(vm);
    /* dicts that only `dicts` keeps die here; those that functions hold are left to the collector */
    for (size_t i = 0; dicts && i < OU_LIST(dicts)->n; i++) {
        OuObj *d = OU_LIST(dicts)->items[i];
        OU_LIST(dicts)->items[i] = ou_none(vm);
        ou_decref(vm, d);
    }
    ou_gc_collect(&vm->heap, 2, NULL);
    ou_xdecref(vm, dicts);
    flush(vm, "stdout");
    flush(vm, "stderr");
    clear_module_dict(vm, vm->sysdict);
    clear_module_dict(vm, vm->builtins);
    ou_gc_collect(&vm->heap, 2, NULL);
}
