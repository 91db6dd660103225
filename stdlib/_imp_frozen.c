/* stdlib/_imp_frozen.c - the frozen modules that importlib's FrozenImporter sees: __hello__, __phello__ and their aliases.
 *
 * CPython keeps them in its binary so that frozen imports can be tried out; here their few lines are compiled when asked for.
 * What CPython freezes to start faster (os, site ...) are files for ouro, whose code cache does that work. */
#include "_imp_frozen.h"

#include <string.h>

#include "vm/buffer.h"
#include "vm/compile.h"
#include "vm/import.h"
#include "vm/marshal.h"
#include "vm/memoryview.h"
#include "vm/modspec.h"

static const char hello[] = "initialized = True\n"
                            "\n"
                            "\n"
                            "def main():\n"
                            "    print('Hello world!')\n"
                            "\n"
                            "\n"
                            "if __name__ == '__main__':\n"
                            "    main()\n";

typedef struct Frozen {
    const char *name;
    const char *original; /* module of the library it stands for; NULL: none */
    bool package;
    const char *source;
} Frozen;
static const Frozen frozen[] = {
    {"__hello__", "__hello__", false, hello},
    {"__hello_alias__", "__hello__", false, hello},
    {"__phello_alias__", "__hello__", true, hello},
    {"__phello_alias__.spam", "__hello__", false, hello},
    {"__phello__", "__phello__", true, hello},
    {"__phello__.__init__", "<__phello__", false, hello},
    {"__phello__.ham", "__phello__.ham", true, ""},
    {"__phello__.ham.__init__", "<__phello__.ham", false, ""},
    {"__phello__.ham.eggs", "__phello__.ham.eggs", false, ""},
    {"__phello__.spam", "__phello__.spam", false, hello},
    {"__hello_only__", NULL, false, hello},
};

/* The row, when frozen modules are on; NULL without or with an exception. */
static const Frozen *find(OuVM *vm, OuObj *name)
{
    if (!ou_isa_str(vm, name))
        return ou_type_error(vm, "a module name must be str, not %T", name);
    for (size_t i = 0; *ou_imp_frozen_off(vm) == false && i < sizeof frozen / sizeof *frozen; i++)
        if (ou_str_eq_s(name, frozen[i].name))
            return &frozen[i];
    return NULL;
}

/* Sources in our binary, where importlib looks for modules (a finder stands in sys.meta_path).  is_frozen() does not know them:
 * importlib, when it starts, must leave the specs of those that were imported natively. */
static const OuEmbeddedModule *embedded(OuVM *vm, OuObj *name)
{
    const OuEmbeddedModule *e = ou_isa_str(vm, name) ? ou_embedded_module_find(name) : NULL;
    return e && !ou_import_prefers_file(vm, name) ? e : NULL;
}

static void *fail(OuVM *vm, const char *format, OuObj *name)
{
    OuObj *text = ou_str_fmt(vm, format, name);
    OuObj *exc = text ? ou_call1(vm, (OuObj *)OU_EXC(vm, ImportError), text) : NULL;
    if (exc && ou_setattr_s(vm, exc, "name", name) == 0)
        ou_raise_obj(vm, exc);
    ou_xdecref(vm, text);
    ou_xdecref(vm, exc);
    return NULL;
}

static OuObj *compile(OuVM *vm, const Frozen *row)
{
    OuObj *file = ou_str_fmt(vm, "<frozen %s>", row->name);
    OuObj *code =
        file ? ou_compile_source(vm, row->source, strlen(row->source), file, OU_PARSE_FILE, 0, -1) : NULL;
    ou_xdecref(vm, file);
    return code;
}

OuObj *ou_imp_is_frozen(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    const Frozen *row = find(vm, args[0]);
    return ou_err_occurred(vm) ? NULL : ou_bool(vm, row != NULL);
}

OuObj *ou_imp_is_frozen_package(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    const Frozen *row = find(vm, args[0]);
    if (!row)
        return ou_err_occurred(vm) ? NULL : fail(vm, "No such frozen object named %R", args[0]);
    return ou_bool(vm, row->package);
}

OuObj *ou_imp_find_frozen(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    const OuEmbeddedModule *e = embedded(vm, args[0]);
    const Frozen *row = e ? NULL : find(vm, args[0]);
    if (e)
        return ou_tuple_pack(vm, 3, OU_NONE(vm), OU_BOOL(vm, e->package), args[0]);
    if (!row)
        return ou_err_occurred(vm) ? NULL : ou_none(vm);
    int with = args[1] ? ou_is_true(vm, args[1]) : 0;
    OuObj *data = NULL, *original = NULL, *res = NULL;
    if (with > 0) {
        OuObj *code = compile(vm, row);
        OuObj *bytes = code ? ou_marshal_dump(vm, code, OU_MARSHAL_VERSION) : NULL;
        data = bytes ? ou_call1(vm, (OuObj *)&vm->builtin[OU_T_memoryview], bytes) : NULL;
        ou_xdecref(vm, code);
        ou_xdecref(vm, bytes);
    } else if (with == 0) {
        data = ou_none(vm);
    }
    if (data && (original = row->original ? ou_str_new(vm, row->original, -1) : ou_none(vm)))
        res = ou_tuple_pack(vm, 3, data, OU_BOOL(vm, row->package), original);
    ou_xdecref(vm, data);
    ou_xdecref(vm, original);
    return res;
}

OuObj *ou_imp_get_frozen_object(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (!args[1] || args[1] == OU_NONE(vm)) {
        const OuEmbeddedModule *e = embedded(vm, args[0]);
        OuObj *file = e ? ou_str_fmt(vm, "<frozen %U>", args[0]) : NULL, *code = NULL;
        if (file)
            code = ou_compile_source(vm, e->source, e->size, file, OU_PARSE_FILE, 0, -1);
        ou_xdecref(vm, file);
        if (e)
            return code;
        const Frozen *row = find(vm, args[0]);
        if (!row)
            return ou_err_occurred(vm) ? NULL : fail(vm, "No such frozen object named %R", args[0]);
        return compile(vm, row);
    }
    OuBuffer b;
    if (ou_buffer_get(vm, args[1], &b, OU_BUF_SIMPLE) < 0)
        return NULL;
    OuObj *code = ou_marshal_load(vm, b.buf, (size_t)b.len, NULL);
    ou_buffer_release(vm, &b);
    if (!code) {
        ou_err_clear(vm);
        return fail(vm, "Frozen object named %R is invalid", args[0]);
    }
    if (!ou_is(code, code)) {
        ou_decref(vm, code);
        return ou_type_error(vm, "frozen object %R is not a code object", args[0]);
    }
    return code;
}

OuObj *ou_imp_init_frozen(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    const Frozen *row = find(vm, args[0]);
    if (!row)
        return ou_err_occurred(vm) ? NULL : ou_none(vm);
    return ou_import_module(vm, args[0]);
}

OuObj *ou_imp_frozen_names(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *list = ou_list_new(vm, 0);
    for (size_t i = 0; list && i < sizeof frozen / sizeof *frozen; i++) {
        OuObj *name = ou_str_new(vm, frozen[i].name, -1);
        if (!name || ou_list_append_take(vm, list, name) < 0)
            ou_clear(vm, list);
    }
    return list;
}

OuObj *ou_imp_override_frozen(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int64_t how;
    if (ou_as_i64(vm, args[0], &how) < 0)
        return NULL;
    *ou_imp_frozen_off(vm) = how < 0;
    return ou_none(vm);
}
