/* stdlib/atexit.c - module atexit: functions to run at the end, newest first (vm/finalize.c calls _run_exitfuncs). */
#include <string.h>

#include "vm/native.h"

typedef struct State {
    OuObj *list; /* list of (function, args, kwargs or None) */
} State;
extern const OuModuleDef ou_mod_atexit;

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

FN(reg)
{
    State *st = ou_module_state(vm, &ou_mod_atexit);
    if (nargs == 0)
        return ou_type_error(vm, "register() takes at least 1 argument (0 given)");
    if (!ou_callable(vm, args[0]))
        return ou_type_error(vm, "the first argument must be callable");
    OuObj *pos = ou_tuple_of(vm, args + 1, nargs - 1), *kw = kwnames ? ou_dict_new(vm) : ou_none(vm);
    for (size_t i = 0; kw && kwnames && i < OU_TUPLE(kwnames)->n; i++)
        if (ou_dict_set(vm, kw, OU_TUPLE(kwnames)->items[i], args[nargs + i]) < 0)
            ou_clear(vm, kw);
    OuObj *row = pos && kw ? ou_tuple_pack(vm, 3, args[0], pos, kw) : NULL;
    ou_xdecref(vm, pos);
    ou_xdecref(vm, kw);
    if (!row || ou_list_append_take(vm, st->list, row) < 0)
        return NULL;
    return ou_ref(args[0]);
}

FN(run)
{
    State *st = ou_module_state(vm, &ou_mod_atexit);
    OuList *l = OU_LIST(st->list);
    while (l->n) {
        OuObj *row = l->items[--l->n];
        OuObj **v = OU_TUPLE(row)->items,
              *res = ou_call_tuple(vm, v[0], v[1], v[2] == OU_NONE(vm) ? NULL : v[2]);
        if (!res)
            ou_err_unraisable(vm, v[0], "in atexit callback");
        ou_xdecref(vm, res);
        ou_decref(vm, row);
    }
    return ou_none(vm);
}

FN(clear_all)
{
    State *st = ou_module_state(vm, &ou_mod_atexit);
    OuObj *empty = ou_list_new(vm, 0), *old = st->list;
    if (!empty)
        return NULL;
    st->list = empty;
    ou_decref(vm, old);
    return ou_none(vm);
}

FN(unregister)
{
    State *st = ou_module_state(vm, &ou_mod_atexit);
    OuList *l = OU_LIST(st->list);
    for (size_t i = 0; i < l->n; i++) {
        int r = ou_compare_bool(vm, OU_TUPLE(l->items[i])->items[0], args[0], OU_CMP_EQ);
        if (r < 0)
            return NULL;
        if (r && i < l->n) {
            OuObj *row = l->items[i];
            memmove(l->items + i, l->items + i + 1, (l->n - i - 1) * sizeof *l->items);
            l->n--;
            i--;
            ou_decref(vm, row);
        }
    }
    return ou_none(vm);
}

FN(ncallbacks)
{
    State *st = ou_module_state(vm, &ou_mod_atexit);
    return ou_int(vm, (int64_t)OU_LIST(st->list)->n);
}

static const OuFn functions[] = {
    {"register(...)", reg, OU_FN_RAW,
     "register(func, *args, **kwargs) -> func\n\nRegister a function to be executed upon normal program "
     "termination"},
    {"_run_exitfuncs()", run, 0, "_run_exitfuncs() -> None\n\nRun all registered exit functions."},
    {"_clear()", clear_all, 0, "_clear() -> None\n\nClear the list of previously registered exit functions."},
    {"unregister(func, /)", unregister, 0,
     "unregister(func) -> None\n\nUnregister an exit function which was previously registered "
     "using\natexit.register"},
    {"_ncallbacks()", ncallbacks, 0,
     "_ncallbacks() -> int\n\nReturn the number of registered exit functions."},
    {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    State *st = ((OuModule *)m)->state;
    return (st->list = ou_list_new(vm, 0)) ? 0 : -1;
}

static int traverse(void *state, OuVisit visit, void *arg)
{
    OU_VISIT(((State *)state)->list);
    return 0;
}

static void clear(OuVM *vm, void *state)
{
    ou_clear(vm, ((State *)state)->list);
}

const OuModuleDef ou_mod_atexit = {
    .name = "atexit",
    .doc =
        "allow programmer to define multiple exit functions to be executed\nupon normal program termination.",
    .functions = functions,
    .state_size = sizeof(State),
    .exec = exec,
    .traverse = traverse,
    .clear = clear,
};
