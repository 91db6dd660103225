/* stdlib/csv/csvmodule.c - module _csv: the registry of dialects.
 *
 * Matched: CPython 3.11's module, but for the names Reader and Writer of the types of reader() and writer(). */
#include "csv.h"
#include "stdlib/support.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

OuCsvState *ou_csv_state(OuVM *vm)
{
    return ou_module_state(vm, &ou_mod__csv);
}

FN(register_dialect)
{
    if (nargs < 1 || nargs > 2)
        return ou_type_error(vm, "register_dialect expected at %s %d argument%s, got %zu",
                             nargs ? "most" : "least", nargs ? 2 : 1, nargs ? "s" : "", nargs);
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "dialect name must be a string");
    OuObj *d = ou_csv_dialect(vm, nargs > 1 ? args[1] : NULL, args + nargs, kwnames);
    int r = d ? ou_dict_set(vm, ou_csv_state(vm)->dialects, args[0], d) : -1;
    ou_xdecref(vm, d);
    return r < 0 ? NULL : ou_none(vm);
}

FN(unregister_dialect)
{
    OuObj *old;
    int r = ou_dict_pop(vm, ou_csv_state(vm)->dialects, args[0], &old);
    if (r > 0)
        ou_decref(vm, old);
    return r > 0 ? ou_none(vm) : r < 0 ? NULL : ou_csv_error(vm, "unknown dialect");
}

FN(get_dialect)
{
    OuObj *d = ou_dict_get(vm, ou_csv_state(vm)->dialects, args[0]);
    if (!d)
        return ou_err_occurred(vm) ? NULL : ou_csv_error(vm, "unknown dialect");
    return ou_ref(d);
}

FN(list_dialects)
{
    return ou_dict_keys_list(vm, ou_csv_state(vm)->dialects);
}

FN(field_size_limit)
{
    OuCsvState *st = ou_csv_state(vm);
    int64_t old = st->field_limit;
    if (args[0]) {
        if (!ou_isa_int(vm, args[0]))
            return ou_type_error(vm, "limit must be an integer");
        if (ou_as_i64(vm, args[0], &st->field_limit) < 0)
            return NULL;
    }
    return ou_int(vm, old);
}

static const OuFn functions[] = {
    {"reader(...)", ou_csv_reader, 0,
     "csv_reader = reader(iterable [, dialect='excel'] [optional keyword args])"},
    {"writer(...)", ou_csv_writer, 0,
     "csv_writer = csv.writer(fileobj [, dialect='excel'] [optional keyword args])"},
    {"register_dialect(...)", register_dialect, 0, "Create a mapping from a string name to a dialect class."},
    {"unregister_dialect(name)", unregister_dialect, 0,
     "Delete the name/dialect mapping associated with a string name."},
    {"get_dialect(name)", get_dialect, 0, "Return the dialect instance associated with name."},
    {"list_dialects()", list_dialects, 0, "Return a list of all known dialect names."},
    {"field_size_limit(new_limit=None, /)", field_size_limit, 0, "Sets an upper limit on parsed fields."},
    {0},
};

static int exec(OuVM *vm, OuObj *module)
{
    OuCsvState *st = ((OuModule *)module)->state;
    st->field_limit = 128 * 1024;
    if (!(st->dialects = ou_dict_new(vm)) ||
        !(st->error = ou_module_add_exception(vm, module, "_csv", "Error", OU_EXC(vm, Exception))))
        return -1;
    st->dialect = ou_module_add_type(vm, module, &ou_csv_dialect_spec, NULL);
    st->reader = ou_module_add_type(vm, module, &ou_csv_reader_spec, NULL);
    st->writer = ou_module_add_type(vm, module, &ou_csv_writer_spec, NULL);
    if (!st->dialect || !st->reader || !st->writer)
        return -1;
    if (ou_module_add(vm, module, "Reader", (OuObj *)ou_ref(st->reader)) < 0 ||
        ou_module_add(vm, module, "Writer", (OuObj *)ou_ref(st->writer)) < 0)
        return -1;
    /* the functions reader and writer hide the types of those names */
    static const char *const hidden[] = {"reader", "writer"};
    for (int i = 0; i < 2; i++) {
        OuObj *name = ou_str_intern_s(vm, "_csv"),
              *f = name ? ou_builtin_new(vm, &functions[i], NULL, name, false) : NULL;
        ou_xdecref(vm, name);
        if (ou_module_add(vm, module, hidden[i], f) < 0)
            return -1;
    }
    return ou_module_add(vm, module, "_dialects", ou_ref(st->dialects)) < 0 ||
                   ou_module_add_str(vm, module, "__version__", "1.0") < 0 ||
                   ou_module_add_int(vm, module, "QUOTE_MINIMAL", OU_QUOTE_MINIMAL) < 0 ||
                   ou_module_add_int(vm, module, "QUOTE_ALL", OU_QUOTE_ALL) < 0 ||
                   ou_module_add_int(vm, module, "QUOTE_NONNUMERIC", OU_QUOTE_NONNUMERIC) < 0 ||
                   ou_module_add_int(vm, module, "QUOTE_NONE", OU_QUOTE_NONE) < 0
               ? -1
               : 0;
}

static int traverse(void *state, OuVisit visit, void *arg)
{
    OU_VISIT(((OuCsvState *)state)->dialects);
    OU_VISIT(((OuCsvState *)state)->error);
    return 0;
}

static void clear(OuVM *vm, void *state)
{
    ou_clear(vm, ((OuCsvState *)state)->dialects);
    ou_clear(vm, ((OuCsvState *)state)->error);
}

const OuModuleDef ou_mod__csv = {.name = "_csv",
                                 .doc = "CSV parsing and writing.",
                                 .functions = functions,
                                 .state_size = sizeof(OuCsvState),
                                 .exec = exec,
                                 .traverse = traverse,
                                 .clear = clear};
