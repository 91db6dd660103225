/* vm/finalize.c - the end of a VM, in the order a script can see (CPython's Py_FinalizeEx and finalize_modules):
 * atexit functions while everything is alive; then sys.modules is emptied: a __main__ that no function or class keeps frees
 * its globals in definition order, before imported modules; what is left dies in a last collection. */
#include "import.h"

#include "err.h"
#include "exceptions.h"
#include "frame.h"
#include "import_lock.h"
#include "modspec.h"
#include "gcstate.h"
#include "type.h"

static void run_atexit(OuVM *vm)
{
    OuObj *name = ou_str_intern_s(vm, "atexit");
    /* whether or not a script took it out of sys.modules */
    const OuModuleDef *def = name ? ou_native_module_find(name) : NULL;
    OuObj *m = def && ou_module_state(vm, def) ? ou_module_from_def(vm, def) : NULL;
    ou_xdecref(vm, name);
    if (!m) {
        ou_err_clear(vm);
        return;
    }
    OuObj *fn = ou_getattr_s(vm, m, "_run_exitfuncs"), *res = fn ? ou_call0(vm, fn) : NULL;
    ou_decref(vm, m);
    if (!res)
        ou_err_unraisable(vm, fn, NULL);
    ou_xdecref(vm, fn);
    ou_xdecref(vm, res);
}

/* Non-daemon threads end first. */
static void join_threads(OuVM *vm)
{
    OuObj *m = ou_dict_get_s(vm, (OuObj *)vm->modules, "threading");
    if (!m) {
        ou_err_clear(vm);
        return;
    }
    OuObj *fn = ou_getattr_s(vm, m, "_shutdown"), *res = fn ? ou_call0(vm, fn) : NULL;
    if (!res)
        ou_err_unraisable(vm, m, NULL);
    ou_xdecref(vm, fn);
    ou_xdecref(vm, res);
}

/* Flushes sys.stdout or sys.stderr, unless it is closed: -1 when that failed (report: it was told on stderr). */
static int flush(OuVM *vm, const char *name, bool report)
{
    OuObj *file = ou_dict_get_s(vm, (OuObj *)vm->sysdict, name), *res = NULL, *closed = NULL;
    int r = 0;
    if (!file || file == OU_NONE(vm)) {
        ou_err_clear(vm);
        return 0;
    }
    ou_incref(file);
    OuObj *closed_name = ou_str_intern_s(vm, "closed");
    if (!closed_name || ou_lookup_attr(vm, file, closed_name, &closed) < 0)
        ou_err_clear(vm);
    int is_closed = closed ? ou_is_true(vm, closed) : 0;
    if (is_closed < 0)
        ou_err_clear(vm);
    if (is_closed <= 0 && !(res = ou_call_method(vm, file, OU_NAME(vm, flush), 0))) {
        r = -1;
        if (report)
            ou_err_unraisable(vm, file, NULL);
        else
            ou_err_clear(vm);
    }
    ou_xdecref(vm, closed_name);
    ou_xdecref(vm, closed);
    ou_xdecref(vm, res);
    ou_decref(vm, file);
    return r;
}

static int flush_both(OuVM *vm, bool report)
{
    int r = flush(vm, "stdout", report);
    return flush(vm, "stderr", false) < 0 ? -1 : r;
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

/* Modules that somebody put into builtins or sys: their globals die while both still work. */
static void clear_stray_modules(OuVM *vm, OuDict *d)
{
    OuObj *list = ou_dict_values_list(vm, (OuObj *)d);
    for (size_t i = 0; list && i < OU_LIST(list)->n; i++) {
        OuObj *m = OU_LIST(list)->items[i];
        if (ou_is(m, module) && !((OuModule *)m)->def && ((OuModule *)m)->dict)
            clear_module_dict(vm, ((OuModule *)m)->dict);
    }
    ou_xdecref(vm, list);
    ou_err_clear(vm);
}

int ou_vm_finalize(OuVM *vm)
{
    if (!vm->ts || !vm->sysdict || vm->finalizing)
        return 0;
    join_threads(vm);
    run_atexit(vm);
    int status = flush_both(vm, true);
    vm->finalizing = true;
    ou_import_lock_alone(vm);
    ou_err_clear(vm);
    /* Everything is still alive: what this collection leaves stands in the order in which the last one finalizes it. */
    if (vm->heap.enabled)
        ou_gc_collect(&vm->heap, 2);
    /* sys.modules lets go; a module that nobody else holds dies here with its dict */
    OuObj *list = ou_dict_values_list(vm, (OuObj *)vm->modules);
    OuObj *dicts = ou_list_new(vm, 0);
    static const char *const last[] = {"last_type", "last_value", "last_traceback"};
    for (int i = 0; i < 3; i++)
        if (ou_dict_get_s(vm, (OuObj *)vm->sysdict, last[i]))
            ou_dict_set_s(vm, (OuObj *)vm->sysdict, last[i], OU_NONE(vm));
    ou_import_free(vm);
    ou_dict_clear(vm, (OuObj *)vm->modules);
    for (size_t i = 0; list && dicts && i < OU_LIST(list)->n; i++) {
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
    ou_gc_collect(&vm->heap, 2);
    ou_xdecref(vm, dicts);
    clear_stray_modules(vm, vm->builtins);
    clear_stray_modules(vm, vm->sysdict);
    if (flush_both(vm, status == 0) < 0)
        status = -1;
    clear_module_dict(vm, vm->sysdict);
    clear_module_dict(vm, vm->builtins);
    ou_gc_collect(&vm->heap, 2);
    return status;
}
