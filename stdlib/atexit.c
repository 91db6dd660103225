/* stdlib/atexit.c - module atexit: functions called at the end, newest first.
 *
 * The callbacks are a list of (func, args, kwargs) tuples; unregister leaves None in the place, as a
 * comparison may run code that registers others. */
#include "vm/native.h"

typedef struct State {
    OuObj *list; /* of tuples and None */
} State;

const OuModuleDef ou_mod_atexit;

static OuObj **slot(OuVM *vm)
{
    State *st = ou_module_state(vm, &ou_mod_atexit);
    return &st->list;
}

static OuObj *register_(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (nargs == 0)
        return ou_type_error(vm, "register() takes at least 1 argument (0 given)");
    if (!ou_callable(vm, args[0]))
        return ou_type_error(vm, "the first argument must be callable");
    OuObj *rest = ou_tuple_of(vm, args + 1, nargs - 1);
    OuObj *kw = rest ? ou_dict_of_kwargs(vm, args + nargs, kwnames) : NULL;
    OuObj *entry = kw ? ou_tuple_pack(vm, 3, args[0], rest, kw) : NULL;
    ou_xdecref(vm, rest);
    ou_xdecref(vm, kw);
    if (!entry || ou_list_append_take(vm, *slot(vm), entry) < 0)
        return NULL;
    return ou_ref(args[0]);
}

static OuObj *unregister(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *list = ou_ref(*slot(vm));
    int same = 0;
    for (size_t i = 0; i < OU_LIST(list)->n && same >= 0; i++) {
        OuObj *entry = OU_LIST(list)->items[i];
        if (entry == OU_NONE(vm))
            continue;
        ou_incref(entry);
        same = ou_compare_bool(vm, OU_TUPLE(entry)->items[0], args[0], OU_CMP_EQ);
        if (same > 0 && i < OU_LIST(list)->n && OU_LIST(list)->items[i] == entry) {
            OU_LIST(list)->items[i] = ou_none(vm);
            ou_decref(vm, entry);
        }
        ou_decref(vm, entry);
    }
    ou_decref(vm, list);
    return same < 0 ? NULL : ou_none(vm);
}

static OuObj *clear_all(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *list = ou_list_new(vm, 0), *old = *slot(vm);
    if (!list)
        return NULL;
    *slot(vm) = list;
    ou_decref(vm, old);
    return ou_none(vm);
}

static OuObj *run(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    /* A function may register another: it is then the newest, and runs next. */
    for (;;) {
        OuList *list = OU_LIST(*slot(vm));
        if (!list->n)
            return ou_none(vm);
        OuObj *entry = list->items[--list->n];
        if (entry != OU_NONE(vm)) {
            OuObj **t = OU_TUPLE(entry)->items, *res = ou_call_tuple(vm, t[0], t[1], t[2]);
            if (!res)
                ou_err_unraisable(vm, t[0], "in atexit callback");
            ou_xdecref(vm, res);
        }
        ou_decref(vm, entry);
    }
}

static OuObj *ncallbacks(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int64_t n = 0;
    OuList *list = OU_LIST(*slot(vm));
    for (size_t i = 0; i < list->n; i++)
        n += list->items[i] != OU_NONE(vm);
    return ou_int(vm, n);
}

static const OuFn functions[] = {
    {"register(...)", register_, OU_FN_RAW,
     "register(func, *args, **kwargs) -> func\n\nRegister a function to be executed upon normal program "
     "termination."},
    {"_clear()", clear_all, 0, "Clear the list of previously registered exit functions."},
    {"unregister(func, /)", unregister, 0, "Unregister an exit function which was previously registered."},
    {"_run_exitfuncs()", run, 0, "Run all registered exit functions, newest first."},
    {"_ncallbacks()", ncallbacks, 0, "Return the number of registered exit functions."},
    {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    State *st = ou_module_state(vm, &ou_mod_atexit);
    st->list = ou_list_new(vm, 0);
    return st->list ? 0 : -1;
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
    .doc = "allow programmer to define multiple exit functions to be executed upon normal program "
           "termination.\n\n"
           "Two public functions, register and unregister, are defined.",
    .functions = functions,
    .state_size = sizeof(State),
    .exec = exec,
    .traverse = traverse,
    .clear = clear,
};
