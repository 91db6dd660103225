/* vm/eval_names.c - instructions too long for the loop: names that are no local variables, __annotations__, import. */
#include "eval_ops.h"

#include "err.h"
#include "exceptions.h"
#include "native.h"
#include "type.h"

/* ---- names ------------------------------------------------------------------------ */

/* The value of name in a namespace: 1 and out *v (new), 0, -1.  A subclass of dict may override `__getitem__` or have
 * `__missing__`. */
static int lookup(OuVM *vm, OuObj *ns, OuObj *name, OuObj **v)
{
    if (ou_is(ns, dict))
        return ou_dict_lookup(vm, ns, name, v);
    if ((*v = ou_getitem(vm, ns, name)))
        return 1;
    if (!ou_err_is(vm, OU_EXC(vm, KeyError)))
        return -1;
    ou_err_clear(vm);
    return 0;
}

/* The NameError in flight, if it is one, tells the name. */
static void note_name(OuVM *vm, OuObj *name)
{
    OuObj *e = vm->ts->raised;
    if (e && ou_is(e, NameError) && !((OuExcNameError *)e)->name)
        ((OuExcNameError *)e)->name = ou_ref(name);
}

static OuObj *from_builtins(OuVM *vm, OuObj *b, OuObj *name)
{
    OuObj *v;
    int r = lookup(vm, b, name, &v);
    if (r)
        return r > 0 ? v : NULL;
    ou_raise(vm, OU_EXC(vm, NameError), "name '%U' is not defined", name);
    note_name(vm, name);
    return NULL;
}

/* Where a module or class body keeps its names; borrowed.  Such code called as a function: the globals. */
static OuObj *namespace(OuFrame *f)
{
    if (!f->locals)
        f->locals = ou_ref((OuObj *)f->func->globals);
    return f->locals;
}

/* Code of modules and classes mostly runs once: a LOAD_NAME or STORE_NAME is specialised when it runs again. */
static bool runs_again(uint64_t *cache)
{
    if (cache[0])
        return true;
    cache[0] = 1;
    return false;
}

/* Turns the LOAD_GLOBAL or LOAD_NAME whose cache this is into the instruction that reads the dict's entry, when it can. */
static void cache_global(OuVM *vm, OuDict *g, OuDict *b, OuObj *name, uint64_t *cache)
{
    bool by_name = OU_INSTR_OP(cache[-1]) == OU_OP_LOAD_NAME;
    if (by_name && !runs_again(cache))
        return;
    ou_ssize i = ou_dict_entry_index(vm, g, name);
    uint32_t version = ou_dict_keys_version(vm, g);
    if (!version)
        return;
    if (i >= 0) {
        cache[0] = version;
        cache[1] = (uint64_t)ou_dict_value_slot(g, (size_t)i);
        ou_op_become(cache, by_name ? OU_OP_LOAD_NAME_MODULE : OU_OP_LOAD_GLOBAL_MODULE);
        return;
    }
    uint32_t bversion = ou_dict_keys_version(vm, b);
    i = ou_dict_entry_index(vm, b, name);
    if (i >= 0 && bversion) {
        cache[0] = version | (uint64_t)bversion << 32;
        cache[1] = (uint64_t)ou_dict_value_slot(b, (size_t)i);
        ou_op_become(cache, by_name ? OU_OP_LOAD_NAME_BUILTIN : OU_OP_LOAD_GLOBAL_BUILTIN);
    }
}

OuObj *ou_op_load_global(OuVM *vm, OuFrame *f, OuObj *name, uint64_t *cache)
{
    OuDict *g = f->func->globals;
    OuObj *b = f->func->builtins, *v;
    if (ou_is(g, dict) && ou_is(b, dict))
        cache_global(vm, g, (OuDict *)b, name, cache);
    int r = lookup(vm, (OuObj *)g, name, &v);
    return r > 0 ? v : r < 0 ? NULL : from_builtins(vm, b, name);
}

OuObj *ou_op_load_name(OuVM *vm, OuFrame *f, OuObj *name)
{
    OuObj *ns = namespace(f), *v;
    int r = lookup(vm, ns, name, &v);
    if (r == 0 && ns != (OuObj *)f->func->globals) /* here CPython does not ask a subclass */
        r = ou_dict_lookup(vm, (OuObj *)f->func->globals, name, &v);
    return r > 0 ? v : r < 0 ? NULL : from_builtins(vm, f->func->builtins, name);
}

int ou_op_store_name(OuVM *vm, OuFrame *f, OuObj *name, OuObj *value)
{
    OuObj *ns = namespace(f);
    if (value)
        return ou_is(ns, dict) ? ou_dict_set(vm, ns, name, value) : ou_setitem(vm, ns, name, value);
    int r;
    if (ou_is(ns, dict)) {
        OuObj *old;
        r = ou_dict_pop(vm, ns, name, &old);
        if (r > 0)
            ou_decref(vm, old);
        if (r)
            return r < 0 ? -1 : 0;
    } else if ((r = ou_delitem(vm, ns, name)) == 0 || !ou_err_is(vm, OU_EXC(vm, KeyError)))
        return r;
    ou_raise(vm, OU_EXC(vm, NameError), "name '%U' is not defined", name);
    return -1;
}

int ou_op_store_global(OuVM *vm, OuFrame *f, OuObj *name, OuObj *value, uint64_t *cache)
{
    OuDict *g = f->func->globals;
    bool by_name = OU_INSTR_OP(cache[-1]) == OU_OP_STORE_NAME;
    if (ou_is(g, dict) && (!by_name || runs_again(cache))) {
        ou_ssize i = ou_dict_entry_index(vm, g, name);
        uint32_t version = i >= 0 ? ou_dict_keys_version(vm, g) : 0;
        if (version) {
            cache[0] = version | (uint64_t)(ou_dict_value_slot(g, (size_t)i) - (OuObj **)g->table) << 32;
            ou_op_become(cache, by_name ? OU_OP_STORE_NAME_MODULE : OU_OP_STORE_GLOBAL_MODULE);
        }
    }
    if (by_name && !ou_is(g, dict)) /* a subclass: STORE_NAME asks its __setitem__, STORE_GLOBAL does not */
        return ou_setitem(vm, (OuObj *)g, name, value);
    return ou_dict_set(vm, (OuObj *)g, name, value);
}

int ou_op_delete_global(OuVM *vm, OuFrame *f, OuObj *name)
{
    OuObj *old;
    int r = ou_dict_pop(vm, (OuObj *)f->func->globals, name, &old);
    if (r > 0)
        ou_decref(vm, old);
    if (r)
        return r < 0 ? -1 : 0;
    return ou_raise_i(vm, OU_EXC(vm, NameError), "name '%U' is not defined", name);
}

void *ou_op_unbound(OuVM *vm, OuFrame *f, unsigned reg)
{
    OuCode *c = f->code;
    OuObj *name = c->var_names[reg];
    if (c->var_kinds[reg] & OU_REG_FREE) {
        ou_raise(
            vm, OU_EXC(vm, NameError),
            "cannot access free variable '%U' where it is not associated with a value in enclosing scope",
            name);
        note_name(vm, name);
        return NULL;
    }
    return ou_raise(vm, OU_EXC(vm, UnboundLocalError),
                    "cannot access local variable '%U' where it is not associated with a value", name);
}

OuObj *ou_op_load_classderef(OuVM *vm, OuFrame *f, unsigned cell_reg, OuObj *name)
{
    OuObj *v;
    int r = lookup(vm, f->locals, name, &v);
    if (r)
        return r > 0 ? v : NULL;
    v = ((OuCell *)f->regs[cell_reg])->value;
    return v ? ou_ref(v) : ou_op_unbound(vm, f, cell_reg);
}

int ou_op_setup_annotations(OuVM *vm, OuFrame *f)
{
    OuObj *name = OU_NAME(vm, __annotations__), *ns = namespace(f), *old;
    int r = lookup(vm, ns, name, &old);
    if (r > 0)
        ou_decref(vm, old);
    if (r)
        return r < 0 ? -1 : 0;
    OuObj *d = ou_dict_new(vm);
    if (!d)
        return -1;
    r = ou_setitem(vm, ns, name, d);
    ou_decref(vm, d);
    return r;
}

/* ---- import ------------------------------------------------------------------------------------- */

OuObj *ou_op_import_name(OuVM *vm, OuFrame *f, OuObj *name, OuObj *fromlist, OuObj *level)
{
    OuObj *b = f->func->builtins;
    OuObj *import = ou_is(b, dict) ? ou_dict_get(vm, b, OU_NAME(vm, __import__)) : NULL;
    if (!import) {
        if (!ou_err_occurred(vm))
            ou_raise(vm, OU_EXC(vm, ImportError), "__import__ not found");
        return NULL;
    }
    ou_incref(import);
    OuObj *locals = f->locals ? f->locals : OU_NONE(vm);
    OuObj *args[5] = {name, (OuObj *)f->func->globals, locals, fromlist, level};
    OuObj *m = ou_call(vm, import, args, 5, NULL);
    ou_decref(vm, import);
    return m;
}

/* `from module import name` found no name: ImportError.  modname may be NULL. */
static void cannot_import(OuVM *vm, OuObj *module, OuObj *name, OuObj *modname)
{
    OuObj *file = NULL;
    OuObj *shown =
        modname && ou_isa_str(vm, modname) ? ou_ref(modname) : ou_str_new(vm, "<unknown module name>", -1);
    if (ou_lookup_attr(vm, module, OU_NAME(vm, __file__), &file) < 0)
        ou_err_clear(vm);
    if (file && !ou_isa_str(vm, file))
        ou_clear(vm, file);
    if (!shown)
        goto done;
    if (!file)
        ou_raise(vm, OU_EXC(vm, ImportError), "cannot import name %R from %R (unknown location)", name,
                 shown);
    else
        ou_raise(vm, OU_EXC(vm, ImportError),
                 ou_module_is_initializing(vm, module)
                     ? "cannot import name %R from partially initialized module %R (most likely due to a "
                       "circular import) (%S)"
                     : "cannot import name %R from %R (%S)",
                 name, shown, file);
    OuExcImportError *e = (OuExcImportError *)vm->ts->raised;
    if (e && ou_is(e, ImportError)) {
        ou_clear(vm, e->name);
        ou_clear(vm, e->path);
        e->name = ou_ref(shown);
        e->path = file ? ou_ref(file) : NULL;
    }
done:
    ou_xdecref(vm, shown);
    ou_xdecref(vm, file);
}

OuObj *ou_op_import_from(OuVM *vm, OuObj *module, OuObj *name)
{
    OuObj *v, *modname = NULL;
    int r = ou_lookup_attr(vm, module, name, &v);
    if (r)
        return r < 0 ? NULL : v;
    if (ou_lookup_attr(vm, module, OU_NAME(vm, __name__), &modname) < 0)
        return NULL;
    v = NULL;
    if (modname && ou_isa_str(vm, modname)) {
        /* a submodule that is being imported in a cycle is in sys.modules only */
        OuObj *full = ou_str_fmt(vm, "%U.%U", modname, name);
        v = full ? ou_dict_get(vm, (OuObj *)vm->modules, full) : NULL;
        ou_xdecref(vm, full);
        ou_xincref(v);
    }
    if (!v && !ou_err_occurred(vm))
        cannot_import(vm, module, name, modname);
    ou_xdecref(vm, modname);
    return v;
}

int ou_op_import_star(OuVM *vm, OuFrame *f, OuObj *module)
{
    OuObj *all = NULL, *dict = NULL, *it, *name;
    int r = ou_lookup_attr(vm, module, OU_NAME(vm, __all__), &all);
    if (r < 0)
        return -1;
    bool skip_underscored = r == 0;
    if (r == 0) {
        r = ou_lookup_attr(vm, module, OU_NAME(vm, __dict__), &dict);
        if (r == 0)
            ou_raise(vm, OU_EXC(vm, ImportError), "from-import-* object has no __dict__ and no __all__");
        if (r <= 0)
            return -1;
        all = ou_call_method(vm, dict, OU_NAME(vm, keys), 0);
        ou_decref(vm, dict);
        if (!all)
            return -1;
    }
    OuObj *list = ou_sequence_list(vm, all);
    ou_decref(vm, all);
    it = list ? ou_iter(vm, list) : NULL;
    ou_xdecref(vm, list);
    if (!it)
        return -1;
    r = 0;
    while (r == 0 && (name = ou_next(vm, it))) {
        if (!ou_isa_str(vm, name)) {
            OuObj *mod = ou_getattr(vm, module, OU_NAME(vm, __name__));
            if (mod)
                ou_type_error(vm, "%s in %S.%s must be str, not %T", skip_underscored ? "Key" : "Item", mod,
                              skip_underscored ? "__dict__" : "__all__", name);
            ou_xdecref(vm, mod);
            r = -1;
        } else if (!(skip_underscored && ou_str_len(name) && ou_str_at(OU_STR(name), 0) == '_')) {
            OuObj *v = ou_getattr(vm, module, name);
            r = v ? ou_op_store_name(vm, f, name, v) : -1;
            ou_xdecref(vm, v);
        }
        ou_decref(vm, name);
    }
    ou_decref(vm, it);
    return r < 0 || ou_err_occurred(vm) ? -1 : 0;
}
