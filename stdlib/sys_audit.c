/* stdlib/sys_audit.c - audit hooks, the breakpoint hook, dlopen flags, switch interval: the state that module sys itself keeps. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "cmdline.h"
#include "sys.h"
#include "vm/exceptions.h"
#include "vm/type.h"

static OuSysState *state(OuVM *vm)
{
    return ou_module_state(vm, &ou_mod_sys);
}

/* ---- audit ---- */

/* Whether trace functions see the code of a hook: only with a true __cantrace__.  -1: exception. */
static int can_trace(OuVM *vm, OuObj *hook)
{
    OuObj *name, *flag;
    if (!vm->ts->tracefunc && !vm->ts->profilefunc)
        return 1;
    if (!(name = ou_str_intern_s(vm, "__cantrace__")))
        return -1;
    vm->ts->tracing++;
    int r = ou_lookup_attr(vm, hook, name, &flag);
    if (r > 0) {
        r = ou_is_true(vm, flag);
        ou_decref(vm, flag);
    }
    vm->ts->tracing--;
    ou_decref(vm, name);
    return r;
}

/* Calls the hooks with (event, args tuple). 0/-1 */
static int audit(OuVM *vm, OuObj *event, OuObj *args)
{
    OuSysState *s = state(vm);
    OuThread *ts = vm->ts;
    OuObj *hooks = s ? s->audit_hooks : NULL;
    int r = 0;
    if (!hooks)
        return 0;
    ou_incref(hooks);
    for (size_t i = 0; r == 0 && i < OU_LIST(hooks)->n; i++) {
        OuObj *hook = ou_ref(OU_LIST(hooks)->items[i]), *res = NULL;
        int trace = can_trace(vm, hook);
        if (trace >= 0) {
            int hidden = trace ? 0 : 1;
            ts->tracing += hidden;
            res = ou_call2(vm, hook, event, args);
            ts->tracing -= hidden;
        }
        r = res ? 0 : -1;
        ou_xdecref(vm, res);
        ou_decref(vm, hook);
    }
    ou_decref(vm, hooks);
    return r;
}

OuObj *ou_sys_audit(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, "sys.audit", kwnames) < 0)
        return NULL;
    if (nargs == 0)
        return ou_type_error(vm, "audit() missing 1 required positional argument: 'event'");
    OuSysState *s = state(vm);
    if (!s || !s->audit_hooks)
        return ou_none(vm);
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "expected str for argument 'event', not %T", args[0]);
    OuObj *rest = ou_tuple_of(vm, args + 1, nargs - 1);
    int r = rest ? audit(vm, args[0], rest) : -1;
    ou_xdecref(vm, rest);
    return r < 0 ? NULL : ou_none(vm);
}

OuObj *ou_sys_addaudithook(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuSysState *s = state(vm);
    OuObj *event = ou_str_new(vm, "sys.addaudithook", -1);
    /* a hook may refuse the new one by an exception, which is then not shown */
    if (!event || audit(vm, event, OU_EMPTY_TUPLE(vm)) < 0) {
        ou_xdecref(vm, event);
        if (event && ou_err_is(vm, OU_EXC(vm, Exception))) {
            ou_err_clear(vm);
            return ou_none(vm);
        }
        return NULL;
    }
    ou_decref(vm, event);
    if (!s->audit_hooks && !(s->audit_hooks = ou_list_new(vm, 0)))
        return NULL;
    vm->auditing = true;
    if (ou_list_append(vm, s->audit_hooks, args[0]) < 0)
        return NULL;
    ou_gc_untrack(&vm->heap, s->audit_hooks); /* gc.get_objects() does not show the hooks */
    return ou_none(vm);
}

/* ---- breakpoint ---- */

OuObj *ou_sys_breakpointhook(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    const char *name = ou_cmdline_env(vm->config, "PYTHONBREAKPOINT");
    char module[256];
    if (!name)
        name = "pdb.set_trace";
    else if (strcmp(name, "0") == 0)
        return ou_none(vm);
    const char *dot = strrchr(name, '.'), *attr = dot ? dot + 1 : name;
    size_t n = dot ? (size_t)(dot - name) : 0;
    OuObj *fn = NULL, *res;
    if (dot && n > 0 && n < sizeof module) {
        memcpy(module, name, n);
        module[n] = 0;
        OuObj *m = ou_import(vm, module);
        if (m)
            fn = ou_getattr_s(vm, m, attr);
        else if (!ou_err_is(vm, OU_EXC(vm, ImportError)))
            return NULL;
        ou_xdecref(vm, m);
    } else if (!dot)
        fn = ou_getattr_s(vm, vm->builtins_module, attr);
    if (!fn) {
        if (ou_err_occurred(vm) && !ou_err_is(vm, OU_EXC(vm, AttributeError)) &&
            !ou_err_is(vm, OU_EXC(vm, ImportError)))
            return NULL;
        ou_err_clear(vm);
        return ou_warn(vm, OU_EXC(vm, RuntimeWarning), 0, "Ignoring unimportable $PYTHONBREAKPOINT: \"%s\"",
                       name) < 0
                   ? NULL
                   : ou_none(vm);
    }
    res = ou_call(vm, fn, args, nargs, kwnames);
    ou_decref(vm, fn);
    return res;
}

/* ---- small settings ---- */

OuObj *ou_sys_getdlopenflags(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_int(vm, state(vm)->dlopen_set ? state(vm)->dlopen_flags : RTLD_NOW);
}

OuObj *ou_sys_setdlopenflags(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int flags;
    if (ou_as_int(vm, args[0], &flags) < 0)
        return NULL;
    state(vm)->dlopen_flags = flags;
    state(vm)->dlopen_set = true;
    return ou_none(vm);
}

OuObj *ou_sys_getswitchinterval(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    double v = state(vm)->switch_interval;
    return ou_float(vm, v > 0 ? v : 0.005);
}

OuObj *ou_sys_setswitchinterval(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    double v;
    if (ou_as_double(vm, args[0], &v) < 0)
        return NULL;
    if (!(v > 0))
        return ou_value_error(vm, "switch interval must be strictly positive");
    state(vm)->switch_interval = v;
    return ou_none(vm);
}

OuObj *ou_sys_clear_type_cache(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_none(vm); /* lookups are cached by class version: there is nothing stale to drop */
}

int ou_sys_state_traverse(void *data, OuVisit visit, void *arg)
{
    OU_VISIT(((OuSysState *)data)->audit_hooks);
    return 0;
}

void ou_sys_state_clear(OuVM *vm, void *data)
{
    ou_clear(vm, ((OuSysState *)data)->audit_hooks);
}
