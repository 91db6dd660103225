/* stdlib/marshal.c - module marshal: values as bytes, version 4 of CPython 3.11's format.  Code objects are ours, with a hash of the
 * instruction set: a stale one is EOFError, which importlib forgives. */
#include "vm/marshal.h"

#include "vm/buffer.h"
#include "vm/audit.h"

static OuObj *dumps(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int version = OU_MARSHAL_VERSION;
    if (args[1] && ou_as_int(vm, args[1], &version) < 0)
        return NULL;
    if (ou_audit(vm, "marshal.dumps", "Oi", args[0], version) < 0)
        return NULL;
    return ou_marshal_dump(vm, args[0], version);
}

static OuObj *loads(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuBuffer view;
    if (ou_buffer_get(vm, args[0], &view, OU_BUF_SIMPLE) < 0)
        return NULL;
    OuObj *o = NULL, *copy = vm->auditing ? ou_bytes_new(vm, view.buf, view.len) : NULL;
    if (!vm->auditing || (copy && ou_audit(vm, "marshal.loads", "O", copy) == 0))
        o = ou_marshal_load(vm, view.buf, (size_t)view.len, NULL);
    ou_xdecref(vm, copy);
    ou_buffer_release(vm, &view);
    return o;
}

static OuObj *dump(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int version = OU_MARSHAL_VERSION;
    if (args[2] && ou_as_int(vm, args[2], &version) < 0)
        return NULL;
    if (ou_audit(vm, "marshal.dumps", "Oi", args[0], version) < 0)
        return NULL;
    OuObj *bytes = ou_marshal_dump(vm, args[0], version);
    OuObj *res = bytes ? ou_call_method(vm, args[1], OU_NAME(vm, write), 1, bytes) : NULL;
    ou_xdecref(vm, bytes);
    return res;
}

/* Reads the rest of the file and gives back what the object did not use, by seek: a stream is read object by object. */
static OuObj *load(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    size_t used = 0;
    if (ou_audit(vm, "marshal.load", "") < 0)
        return NULL;
    OuObj *start = ou_call_method(vm, args[0], ou_str_intern_s(vm, "tell"), 0), *o = NULL;
    if (!start) /* not seekable: everything is one object */
        ou_err_clear(vm);
    OuObj *data = ou_call_method(vm, args[0], OU_NAME(vm, read), 0);
    if (data && !ou_isa_bytes(vm, data))
        ou_type_error(vm, "file.read() returned not bytes but %T", data);
    else if (data)
        o = ou_marshal_load(vm, (unsigned char *)OU_BYTES(data)->data, OU_BYTES(data)->len, &used);
    if (o && start && used < OU_BYTES(data)->len) {
        OuObj *n = ou_int(vm, (int64_t)used), *to = n ? ou_binop(vm, OU_NB_ADD, start, n) : NULL;
        OuObj *name = ou_str_intern_s(vm, "seek"),
              *res = to && name ? ou_call_method(vm, args[0], name, 1, to) : NULL;
        if (!res)
            ou_clear(vm, o);
        ou_xdecref(vm, n);
        ou_xdecref(vm, to);
        ou_xdecref(vm, name);
        ou_xdecref(vm, res);
    }
    ou_xdecref(vm, start);
    ou_xdecref(vm, data);
    return o;
}

static const OuFn functions[] = {
    {"dump(value, file, version=4, /)", dump, 0, "Write the value on the open file."},
    {"load(file, /)", load, 0, "Read one value from the open file and return it."},
    {"dumps(value, version=4, /)", dumps, 0,
     "Return the bytes object that would be written to a file by dump(value, file)."},
    {"loads(bytes, /)", loads, 0, "Convert the bytes-like object to a value."},
    {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    return ou_module_add_int(vm, m, "version", OU_MARSHAL_VERSION);
}

const OuModuleDef ou_mod_marshal = {
    .name = "marshal",
    .doc = "This module contains functions that can read and write Python values in\na binary format.",
    .functions = functions,
    .exec = exec,
};
