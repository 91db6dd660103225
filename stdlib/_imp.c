/* stdlib/_imp.c - modules _imp and _typing: small things the library's importlib and typing stand on.
 *
 * Not here: create_dynamic; there is no C interface for which an extension module of CPython could be loaded. */
#include <string.h>
#include <unistd.h>

#include "_imp_frozen.h"
#include "support.h"

#include "vm/buffer.h"
#include "vm/config.h"
#include "vm/func.h"
#include "vm/import.h"
#include "vm/modspec.h"
#include "vm/pycache.h"
#include "vm/threads.h"

extern const OuModuleDef ou_mod_imp;

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

FN(imp_extension_suffixes)
{
    return ou_list_new(vm, 0);
}

FN(imp_is_builtin)
{
    return ou_int(vm, ou_isa_str(vm, args[0]) && ou_native_module_find(args[0]));
}

FN(imp_create_builtin)
{
    OuObj *name = ou_getattr(vm, args[0], OU_NAME(vm, name));
    if (!name)
        return NULL;
    const OuModuleDef *def = ou_isa_str(vm, name) ? ou_native_module_find(name) : NULL;
    OuObj *have = def ? ou_dict_get(vm, (OuObj *)vm->modules, name) : NULL, *res;
    if (have)
        res = ou_ref(have);
    else if (def)
        res = ou_module_from_def(vm, def);
    else
        res = ou_none(vm);
    ou_decref(vm, name);
    return res;
}

FN(imp_exec_builtin)
{
    return ou_int(vm, 0); /* native modules are complete when made */
}

FN(imp_source_hash)
{
    int64_t key;
    OuBuffer b;
    if (ou_as_i64(vm, args[0], &key) < 0 || ou_buffer_get(vm, args[1], &b, OU_BUF_SIMPLE) < 0)
        return NULL;
    uint64_t h = ou_hash_keyed((uint64_t)key, 0, b.buf, (size_t)b.len);
    ou_buffer_release(vm, &b);
    return ou_bytes_new(vm, (char *)&h, 8);
}

/* ---- the import lock: the VM's own lock keeps imports apart; scripts see the count ---- */
typedef struct State {
    int held;
    uint64_t owner;
    bool frozen_off;
} State;

static State *state(OuVM *vm)
{
    return ou_module_state(vm, &ou_mod_imp);
}

bool *ou_imp_frozen_off(OuVM *vm)
{
    return &state(vm)->frozen_off;
}

FN(imp_lock_held)
{
    return ou_bool(vm, state(vm)->held > 0);
}

int ou_imp_acquire_lock(OuVM *vm)
{
    State *st = state(vm);
    while (st && st->held && st->owner != vm->ts->id) { /* another thread's: wait for it */
        OU_BLOCKING(vm, usleep(100));
        if (ou_poll(vm) < 0)
            return -1;
    }
    if (st) {
        st->owner = vm->ts->id;
        st->held++;
    }
    return 0;
}

int ou_imp_release_lock(OuVM *vm)
{
    State *st = state(vm);
    if (st && (!st->held || st->owner != vm->ts->id))
        return ou_raise_i(vm, OU_EXC(vm, RuntimeError), "not holding the import lock");
    if (st)
        st->held--;
    return 0;
}

FN(imp_acquire_lock)
{
    return ou_imp_acquire_lock(vm) < 0 ? NULL : ou_none(vm);
}

FN(imp_release_lock)
{
    return ou_imp_release_lock(vm) < 0 ? NULL : ou_none(vm);
}

FN(imp_fix_co_filename)
{
    if (!ou_is(args[0], code))
        return ou_type_error(vm, "_fix_co_filename() argument 1 must be code, not %T", args[0]);
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "_fix_co_filename() argument 2 must be str, not %T", args[1]);
    ou_code_move(vm, (OuCode *)args[0], args[1]);
    return ou_none(vm);
}

static const OuFn imp_functions[] = {
    {"lock_held()", imp_lock_held, 0, "Return True if the import lock is currently held, else False."},
    {"acquire_lock()", imp_acquire_lock, 0, "Acquires the interpreter's import lock for the current thread."},
    {"release_lock()", imp_release_lock, 0, "Release the interpreter's import lock."},
    {"extension_suffixes()", imp_extension_suffixes, 0,
     "Returns the list of file suffixes used to identify extension modules."},
    {"is_builtin(name, /)", imp_is_builtin, 0,
     "Returns True if the module name corresponds to a built-in module."},
    {"is_frozen(name, /)", ou_imp_is_frozen, 0,
     "Returns True if the module name corresponds to a frozen module."},
    {"is_frozen_package(name, /)", ou_imp_is_frozen_package, 0,
     "Returns True if the module name is of a frozen package."},
    {"create_builtin(spec, /)", imp_create_builtin, 0, "Create an extension module."},
    {"exec_builtin(mod, /)", imp_exec_builtin, 0, "Initialize a built-in module."},
    {"exec_dynamic(mod, /)", imp_exec_builtin, 0, "Initialize an extension module."},
    {"find_frozen(name, /, *, withdata=False)", ou_imp_find_frozen, 0,
     "Return info about the corresponding frozen module (if there is one) or None."},
    {"get_frozen_object(name, data=None, /)", ou_imp_get_frozen_object, 0,
     "Create a code object for a frozen module."},
    {"init_frozen(name, /)", ou_imp_init_frozen, 0, "Initializes a frozen module."},
    {"_frozen_module_names()", ou_imp_frozen_names, 0, "Returns the list of available frozen modules."},
    {"_override_frozen_modules_for_tests(override, /)", ou_imp_override_frozen, 0,
     "(internal-only) Override PyConfig.use_frozen_modules."},
    {"source_hash(key, source)", imp_source_hash, 0, NULL},
    {"_fix_co_filename(code, path, /)", imp_fix_co_filename, 0,
     "Changes code.co_filename to specify the passed-in file path."},
    {0},
};

static int imp_exec(OuVM *vm, OuObj *m)
{
    return ou_module_add_str(vm, m, "check_hash_based_pycs",
                             vm->config->check_pycs ? vm->config->check_pycs : "default");
}

const OuModuleDef ou_mod_imp = {.name = "_imp",
                                .doc = "(Extremely) low-level import machinery bits as used by importlib.",
                                .functions = imp_functions,
                                .state_size = sizeof(State),
                                .exec = imp_exec};

FN(typing_idfunc)
{
    return ou_ref(args[0]);
}

static const OuFn typing_functions[] = {{"_idfunc(x, /)", typing_idfunc, 0, NULL}, {0}};
const OuModuleDef ou_mod_typing = {
    .name = "_typing", .doc = "Accelerators for the typing module.", .functions = typing_functions};
