/* stdlib/pickle/module.c - module _pickle: the functions, the state, small helpers. */
#include <stdarg.h>
#include <stdlib.h>

#include "stdlib/support.h"
#include "pickle.h"

OuObj *ou_pickle_raise(OuVM *vm, OuObj *exc_class, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    OuObj *text = ou_str_vfmt(vm, fmt, ap);
    va_end(ap);
    if (text)
        ou_raise_value(vm, OU_AS_TYPE(exc_class), text);
    ou_xdecref(vm, text);
    return NULL;
}

OuObj *ou_pickle_encode_int(OuVM *vm, OuObj *i)
{
    int64_t v;
    size_t n;
    unsigned char small[9];
    if (ou_int_fits(i, &v)) {
        for (n = 0; n < 8 && v != 0 && v != -1; n++, v >>= 8)
            small[n] = (unsigned char)v;
        if (v == 0 ? n && small[n - 1] & 0x80 : !n || !(small[n - 1] & 0x80))
            small[n++] = (unsigned char)v;
        return ou_bytes_new(vm, (char *)small, (ou_ssize)n);
    }
    n = (size_t)llabs(((OuBigInt *)i)->size) * 8 + 1;
    OuObj *b = ou_bytes_new(vm, NULL, (ou_ssize)n);
    if (!b)
        return NULL;
    unsigned char *d = (unsigned char *)OU_BYTES(b)->data;
    if (ou_int_to_bytes(vm, i, d, n, true, true) < 0) {
        ou_decref(vm, b);
        return NULL;
    }
    unsigned char sign = d[n - 1] & 0x80 ? 0xff : 0; /* drop bytes that only repeat the sign */
    while (n > 1 && d[n - 1] == sign && (d[n - 2] & 0x80) == (sign & 0x80))
        n--;
    OuObj *r = ou_bytes_new(vm, (char *)d, (ou_ssize)n);
    ou_decref(vm, b);
    return r;
}

static OuObj *f_dump(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuPickler *p = OU_PICKLER(ou_pickler_alloc(vm, OU_PICKLE(vm)->pickler));
    OuObj *r = NULL;
    if (p && ou_pickler_setup(vm, p, args[2], args[3], args[4]) == 0 &&
        ou_pickler_set_file(vm, p, args[1]) == 0 && ou_pickler_dump(vm, p, args[0]) == 0 &&
        ou_pickler_flush(vm, p) == 0)
        r = ou_none(vm);
    ou_xdecref(vm, p);
    return r;
}

static OuObj *f_dumps(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuPickler *p = OU_PICKLER(ou_pickler_alloc(vm, OU_PICKLE(vm)->pickler));
    OuObj *r = NULL;
    if (p && ou_pickler_setup(vm, p, args[1], args[2], args[3]) == 0 && ou_pickler_dump(vm, p, args[0]) == 0)
        r = ou_bytes_new(vm, p->out ? p->out : "", (ou_ssize)p->n);
    ou_xdecref(vm, p);
    return r;
}

/* args: the source, then those of ou_unpickler_setup */
static OuObj *load_from(OuVM *vm, OuObj *const *args, int (*set_source)(OuVM *, OuUnpickler *, OuObj *))
{
    OuUnpickler *u = OU_UNPICKLER(ou_unpickler_alloc(vm, OU_PICKLE(vm)->unpickler));
    OuObj *r = NULL;
    if (u && set_source(vm, u, args[0]) == 0 &&
        ou_unpickler_setup(vm, u, args[1], args[2], args[3], args[4]) == 0)
        r = ou_unpickler_load(vm, u);
    ou_xdecref(vm, u);
    return r;
}

static OuObj *f_load(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return load_from(vm, args, ou_unpickler_set_file);
}

static OuObj *f_loads(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return load_from(vm, args, ou_unpickler_set_data);
}

static const OuFn functions[] = {
    {"dump(obj, file, protocol=None, *, fix_imports=True, buffer_callback=None)", f_dump, 0,
     "Write a pickled representation of obj to the open file object file."},
    {"dumps(obj, protocol=None, *, fix_imports=True, buffer_callback=None)", f_dumps, 0,
     "Return the pickled representation of the object as a bytes object."},
    {"load(file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())", f_load, 0,
     "Read and return an object from the pickle data stored in a file."},
    {"loads(data, /, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())", f_loads, 0,
     "Read and return an object from the given pickle data."},
    {0},
};

static int take_dict(OuVM *vm, const char *module, const char *name, OuObj **slot)
{
    if (!(*slot = ou_import_attr(vm, module, name)))
        return -1;
    if (!ou_isa_dict(vm, *slot))
        return ou_raise_i(vm, OU_EXC(vm, RuntimeError), "%s.%s should be a dict, not %T", module, name,
                          *slot);
    return 0;
}

static int exec(OuVM *vm, OuObj *m)
{
    OuPickleState *st = ((OuModule *)m)->state;
    const struct {
        const char *module, *name;
        OuObj **slot;
    } dicts[] = {
        {"copyreg", "dispatch_table", &st->dispatch_table},
        {"copyreg", "_extension_registry", &st->extension_registry},
        {"copyreg", "_inverted_registry", &st->inverted_registry},
        {"copyreg", "_extension_cache", &st->extension_cache},
        {"_compat_pickle", "NAME_MAPPING", &st->name_mapping},
        {"_compat_pickle", "IMPORT_MAPPING", &st->import_mapping},
        {"_compat_pickle", "REVERSE_NAME_MAPPING", &st->reverse_name_mapping},
        {"_compat_pickle", "REVERSE_IMPORT_MAPPING", &st->reverse_import_mapping},
    };
    for (size_t i = 0; i < sizeof dicts / sizeof *dicts; i++)
        if (take_dict(vm, dicts[i].module, dicts[i].name, dicts[i].slot) < 0)
            return -1;
    if (!(st->codecs_encode = ou_import_attr(vm, "_codecs", "encode")) ||
        !(st->partial = ou_import_attr(vm, "functools", "partial")))
        return -1;
    if (!(st->pickler_memo = ou_type_from_spec(vm, &ou_pickler_memo_spec, NULL)) ||
        !(st->unpickler_memo = ou_type_from_spec(vm, &ou_unpickler_memo_spec, NULL)) ||
        !(st->pickler = ou_module_add_type(vm, m, &ou_pickler_spec, NULL)) ||
        !(st->unpickler = ou_module_add_type(vm, m, &ou_unpickler_spec, NULL)) ||
        !(st->buffer = ou_module_add_type(vm, m, &ou_pickle_buffer_spec, NULL)))
        return -1;
    if (!(st->error = ou_module_add_exception(vm, m, "_pickle", "PickleError", OU_EXC(vm, Exception))) ||
        !(st->pickling_error =
              ou_module_add_exception(vm, m, "_pickle", "PicklingError", OU_AS_TYPE(st->error))) ||
        !(st->unpickling_error =
              ou_module_add_exception(vm, m, "_pickle", "UnpicklingError", OU_AS_TYPE(st->error))))
        return -1;
    return 0;
}

static OuObj **slot_of(OuPickleState *st, int i)
{
    OuObj **const slots[] = {&st->error,
                             &st->pickling_error,
                             &st->unpickling_error,
                             &st->dispatch_table,
                             &st->extension_registry,
                             &st->inverted_registry,
                             &st->extension_cache,
                             &st->name_mapping,
                             &st->import_mapping,
                             &st->reverse_name_mapping,
                             &st->reverse_import_mapping,
                             &st->codecs_encode,
                             &st->partial};
    return i < (int)(sizeof slots / sizeof *slots) ? slots[i] : NULL;
}

static int traverse(void *p, OuVisit visit, void *arg)
{
    for (int i = 0; slot_of(p, i); i++)
        OU_VISIT(*slot_of(p, i));
    return 0;
}

static void clear(OuVM *vm, void *p)
{
    for (int i = 0; slot_of(p, i); i++)
        ou_clear(vm, *slot_of(p, i));
}

const OuModuleDef ou_mod__pickle = {
    .name = "_pickle",
    .doc = "Optimized C implementation for the Python pickle module.",
    .functions = functions,
    .state_size = sizeof(OuPickleState),
    .exec = exec,
    .traverse = traverse,
    .clear = clear,
};
