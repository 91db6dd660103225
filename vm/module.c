/* vm/module.c - modules: the type, native modules and their states. */
#include "type.h"

#include <string.h>

/* Instances of native modules, by definition: open addressing. */
typedef struct OuModules {
    OuObj **at;
    uint32_t n, cap;
} OuModules;

static OuObj *module_alloc(OuVM *vm, OuType *type)
{
    OuModule *m = (OuModule *)ou_type_alloc(vm, type, 0);
    if (m && !(m->dict = (OuDict *)ou_dict_new(vm)))
        ou_clear(vm, m);
    return (OuObj *)m;
}

static int set_defaults(OuVM *vm, OuObj *dict, OuObj *name, OuObj *doc)
{
    OuObj *const keys[] = {OU_NAME(vm, __name__), OU_NAME(vm, __doc__), OU_NAME(vm, __package__),
                           OU_NAME(vm, __loader__), OU_NAME(vm, __spec__)};
    OuObj *const values[] = {name, doc, OU_NONE(vm), OU_NONE(vm), OU_NONE(vm)};
    for (size_t i = 0; i < 5; i++)
        if (ou_dict_set(vm, dict, keys[i], values[i]) < 0)
            return -1;
    return 0;
}

OuObj *ou_module_new(OuVM *vm, OuObj *name)
{
    OuObj *m = module_alloc(vm, &vm->builtin[OU_T_module]);
    if (m && set_defaults(vm, (OuObj *)((OuModule *)m)->dict, name, OU_NONE(vm)) < 0)
        ou_clear(vm, m);
    return m;
}

/* ---- native modules ------------------------------------------------------------------------------ */

static OuObj **find(OuModules *ms, const OuModuleDef *def)
{
    uint32_t i = (uint32_t)((uintptr_t)def * OU_GOLDEN >> 40) & (ms->cap - 1);
    while (ms->at[i] && ((OuModule *)ms->at[i])->def != def)
        i = (i + 1) & (ms->cap - 1);
    return &ms->at[i];
}

void *ou_module_state(OuVM *vm, const OuModuleDef *def)
{
    OuObj *m = vm->mods ? *find(vm->mods, def) : NULL;
    return m ? ((OuModule *)m)->state : NULL;
}

static int remember(OuVM *vm, OuObj *m)
{
    OuMem *mem = ou_heap_mem(&vm->heap);
    if (!vm->mods && !(vm->mods = ou_mem_calloc(mem, sizeof *vm->mods)))
        return ou_raise_memory_i(vm);
    OuModules *ms = vm->mods;
    if (ms->n * 2 >= ms->cap) {
        OuModules bigger = {.n = ms->n, .cap = ms->cap ? ms->cap * 2 : 64};
        if (!(bigger.at = ou_mem_calloc(mem, bigger.cap * sizeof *bigger.at)))
            return ou_raise_memory_i(vm);
        for (uint32_t i = 0; i < ms->cap; i++)
            if (ms->at[i])
                *find(&bigger, ((OuModule *)ms->at[i])->def) = ms->at[i];
        ou_mem_free(mem, ms->at, ms->cap * sizeof *ms->at);
        *ms = bigger;
    }
    *find(ms, ((OuModule *)m)->def) = ou_ref(m);
    ms->n++;
    return 0;
}

/* The states last until ou_modules_free: deallocs of module types look into them. */
void ou_modules_strip(OuVM *vm)
{
    OuModules *ms = vm->mods;
    for (uint32_t i = 0; ms && i < ms->cap; i++)
        if (ms->at[i] && ((OuModule *)ms->at[i])->dict)
            ou_dict_clear(vm, (OuObj *)((OuModule *)ms->at[i])->dict);
}

void ou_modules_free(OuVM *vm)
{
    OuModules *ms = vm->mods;
    if (!ms)
        return;
    for (uint32_t i = 0; i < ms->cap; i++) {
        OuModule *m = (OuModule *)ms->at[i];
        if (m && m->state && m->def->clear)
            m->def->clear(vm, m->state);
    }
    vm->mods = NULL;
    for (uint32_t i = 0; i < ms->cap; i++)
        ou_xdecref(vm, ms->at[i]);
    ou_mem_free(ou_heap_mem(&vm->heap), ms->at, ms->cap * sizeof *ms->at);
    ou_mem_free(ou_heap_mem(&vm->heap), ms, sizeof *ms);
}

int ou_module_add_functions(OuVM *vm, OuObj *m, const OuFn *fn)
{
    OuObj *name = ou_str_intern_s(vm, ((OuModule *)m)->def->name);
    int r = name ? 0 : -1;
    for (; r == 0 && fn && fn->sig; fn++) {
        OuObj *key = ou_str_latin1(vm, fn->sig, (ou_ssize)strcspn(fn->sig, "("));
        if (key)
            key = ou_str_intern(vm, key);
        OuObj *f = key ? ou_builtin_new(vm, fn, m, name, false) : NULL;
        r = f ? ou_dict_set(vm, (OuObj *)((OuModule *)m)->dict, key, f) : -1;
        ou_xdecref(vm, f);
        ou_xdecref(vm, key);
    }
    ou_xdecref(vm, name);
    return r;
}

OuObj *ou_module_from_def(OuVM *vm, const OuModuleDef *def)
{
    if (vm->mods) {
        OuObj *known = *find(vm->mods, def); /* there is one instance a VM: its state and types are shared */
        if (known)
            return ou_ref(known);
    }
    OuObj *name = ou_str_intern_s(vm, def->name), *doc = NULL, *m = NULL;
    if (!name || !(doc = def->doc ? ou_str_new(vm, def->doc, -1) : ou_none(vm)) ||
        !(m = module_alloc(vm, &vm->builtin[OU_T_module])))
        goto fail;
    OuModule *mod = (OuModule *)m;
    OuObj *dict = (OuObj *)mod->dict;
    mod->def = def;
    if (set_defaults(vm, dict, name, doc) < 0)
        goto fail;
    if (def->state_size) {
        if (!(mod->state = ou_alloc(vm, def->state_size)))
            goto fail;
        memset(mod->state, 0, def->state_size);
    }
    if (remember(vm, m) < 0)
        goto fail;
    if (ou_module_add_functions(vm, m, def->functions) < 0)
        goto fail;
    if (def->exec && def->exec(vm, m) < 0) {
        OuObj *exc = ou_err_fetch(vm);
        OuObj **at = find(vm->mods, def);
        if (*at == m) { /* its place becomes a hole that only this definition can fill again */
            OuModules *ms = vm->mods;
            OuObj **slot = at;
            ou_decref(vm, *slot);
            *slot = NULL;
            ms->n--;
            for (uint32_t i = (uint32_t)(slot - ms->at + 1) & (ms->cap - 1); ms->at[i];
                 i = (i + 1) & (ms->cap - 1)) {
                OuObj *moved = ms->at[i];
                ms->at[i] = NULL;
                *find(ms, ((OuModule *)moved)->def) = moved;
            }
        }
        ou_err_restore(vm, exc);
        goto fail;
    }
    ou_decref(vm, name);
    ou_decref(vm, doc);
    return m;
fail:
    ou_xdecref(vm, name);
    ou_xdecref(vm, doc);
    ou_xdecref(vm, m);
    return NULL;
}

int ou_module_add(OuVM *vm, OuObj *module, const char *name, OuObj *value_take)
{
    if (!value_take)
        return -1;
    OuObj *key = ou_str_intern_s(vm, name);
    int r = key ? ou_dict_set(vm, (OuObj *)((OuModule *)module)->dict, key, value_take) : -1;
    ou_xdecref(vm, key);
    ou_decref(vm, value_take);
    return r;
}

int ou_module_add_int(OuVM *vm, OuObj *module, const char *name, int64_t v)
{
    return ou_module_add(vm, module, name, ou_int(vm, v));
}

int ou_module_add_str(OuVM *vm, OuObj *module, const char *name, const char *s)
{
    return ou_module_add(vm, module, name, ou_str_new(vm, s, -1));
}

OuType *ou_module_add_type(OuVM *vm, OuObj *module, const OuTypeSpec *spec, OuType *base)
{
    OuType *t = ou_type_from_spec(vm, spec, base);
    if (!t)
        return NULL;
    t->module_state = ((OuModule *)module)->state;
    const char *dot = strrchr(spec->name, '.');
    return ou_module_add(vm, module, dot ? dot + 1 : spec->name, (OuObj *)ou_ref(t)) < 0 ? NULL : t;
}

/* ---- the type ---------------------------------------------------------------------------------------- */

static OuObj *module_tp_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return module_alloc(vm, type);
}

static int module_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[2];
    if (ou_args_bind(vm, "module(name, doc=None)", args, nargs, kwnames, a) < 0)
        return -1;
    if (!ou_isa_str(vm, a[0]))
        return ou_type_error_i(vm, "module() argument 'name' must be str, not %T", a[0]);
    OuModule *m = (OuModule *)self;
    if (!m->dict && !(m->dict = (OuDict *)ou_dict_new(vm)))
        return -1;
    return set_defaults(vm, (OuObj *)m->dict, a[0], a[1] ? a[1] : OU_NONE(vm));
}

/* Whether a module's __spec__ says that it is still being executed: 1, 0, -1. */
static int is_initializing(OuVM *vm, OuObj *dict)
{
    OuObj *spec = ou_dict_get_str(vm, OU_DICT(dict), OU_NAME(vm, __spec__)), *flag = NULL;
    if (!spec || spec == OU_NONE(vm))
        return 0;
    ou_incref(spec);
    int r = ou_lookup_attr(vm, spec, OU_NAME(vm, _initializing), &flag);
    if (r > 0) {
        r = ou_is_true(vm, flag);
        ou_decref(vm, flag);
    }
    ou_decref(vm, spec);
    return r;
}

/* Whether name is a submodule that is being imported now and thus no attribute yet: 1, 0, -1. */
static int child_initializing(OuVM *vm, OuObj *mod_name, OuObj *name)
{
    OuObj *full = ou_str_fmt(vm, "%U.%U", mod_name, name);
    OuObj *m = full ? ou_dict_get(vm, (OuObj *)vm->modules, full) : NULL;
    int r = full && !ou_err_occurred(vm) ? 0 : -1;
    ou_xdecref(vm, full);
    return m && ou_is(m, module) && ((OuModule *)m)->dict
               ? is_initializing(vm, (OuObj *)((OuModule *)m)->dict)
               : r;
}

static OuObj *module_getattr(OuVM *vm, OuObj *o, OuObj *name)
{
    OuObj *v = NULL;
    int r = ou_generic_lookup_attr(vm, o, name, &v);
    if (r > 0)
        return v;
    if (r < 0) {
        if (!ou_err_is(vm, OU_EXC(vm, AttributeError)))
            return NULL;
        ou_err_clear(vm);
    }
    OuObj *d = (OuObj *)((OuModule *)o)->dict;
    OuObj *hook = d ? ou_dict_get_str(vm, OU_DICT(d), OU_NAME(vm, __getattr__)) : NULL;
    if (hook) {
        ou_incref(hook);
        v = ou_call1(vm, hook, name);
        ou_decref(vm, hook);
        return v;
    }
    OuObj *mod_name = d ? ou_dict_get_str(vm, OU_DICT(d), OU_NAME(vm, __name__)) : NULL;
    if (!mod_name || !ou_isa_str(vm, mod_name))
        return ou_raise_attr(vm, o, name, "module has no attribute '%U'", name);
    ou_incref(mod_name);
    int initializing = is_initializing(vm, d);
    int child = initializing == 0 ? child_initializing(vm, mod_name, name) : 0;
    if (child > 0)
        ou_raise_attr(vm, o, name,
                      "cannot access submodule '%U' of module '%U' (most likely due to a circular import)",
                      name, mod_name);
    else if (initializing > 0)
        ou_raise_attr(
            vm, o, name,
            "partially initialized module '%U' has no attribute '%U' (most likely due to a circular import)",
            mod_name, name);
    else if (initializing == 0 && child == 0)
        ou_raise_attr(vm, o, name, "module '%U' has no attribute '%U'", mod_name, name);
    ou_decref(vm, mod_name);
    return NULL;
}

static OuObj *module_repr(OuVM *vm, OuObj *o)
{
    OuObj *d = (OuObj *)((OuModule *)o)->dict, *origin = NULL, *has = NULL, *spec_name = NULL, *r = NULL;
    OuObj *spec = d ? ou_dict_get_str(vm, OU_DICT(d), OU_NAME(vm, __spec__)) : NULL;
    OuObj *name = d ? ou_dict_get_str(vm, OU_DICT(d), OU_NAME(vm, __name__)) : NULL;
    OuObj *file = d ? ou_dict_get_str(vm, OU_DICT(d), OU_NAME(vm, __file__)) : NULL;
    if (spec && spec != OU_NONE(vm)) {
        ou_incref(spec);
        OuObj *n_origin = ou_str_intern_s(vm, "origin"), *n_has = ou_str_intern_s(vm, "has_location");
        if (n_origin && n_has && ou_lookup_attr(vm, spec, OU_NAME(vm, name), &spec_name) > 0 &&
            ou_lookup_attr(vm, spec, n_origin, &origin) > 0 && ou_lookup_attr(vm, spec, n_has, &has) > 0) {
            int location = ou_is_true(vm, has);
            if (origin == OU_NONE(vm)) {
                OuObj *path = ou_dict_get_str(vm, OU_DICT(d), OU_NAME(vm, __path__)), *list = NULL;
                OuObj *loader = NULL;
                if (ou_lookup_attr(vm, spec, OU_NAME(vm, loader), &loader) > 0 && loader != OU_NONE(vm))
                    r = ou_str_fmt(vm, "<module %R (%R)>", spec_name, loader);
                else if (path && !ou_err_occurred(vm) && (list = ou_sequence_list(vm, path)))
                    r = ou_str_fmt(vm, "<module %R (namespace) from %R>", spec_name, list);
                else if (!ou_err_occurred(vm))
                    r = ou_str_fmt(vm, "<module %R>", spec_name);
                ou_xdecref(vm, list);
                ou_xdecref(vm, loader);
            } else if (location > 0) {
                r = ou_str_fmt(vm, "<module %R from %R>", spec_name, origin);
            } else if (location == 0) {
                r = ou_str_fmt(vm, "<module %R (%S)>", spec_name, origin);
            }
        }
        ou_xdecref(vm, n_origin);
        ou_xdecref(vm, n_has);
        ou_xdecref(vm, spec_name);
        ou_xdecref(vm, origin);
        ou_xdecref(vm, has);
        ou_decref(vm, spec);
        if (r || ou_err_occurred(vm))
            return r;
    }
    OuObj *unknown = name ? ou_ref(name) : ou_str_new(vm, "?", 1);
    if (!unknown)
        return NULL;
    OuObj *loader = d ? ou_dict_get_str(vm, OU_DICT(d), OU_NAME(vm, __loader__)) : NULL, *f = NULL;
    OuObj *n_repr = loader ? ou_str_intern_s(vm, "module_repr") : NULL;
    if (n_repr && ou_lookup_attr(vm, loader, n_repr, &f) > 0) { /* the old protocol of loaders */
        r = ou_call1(vm, f, o);
        ou_decref(vm, f);
        if (!r)
            ou_err_clear(vm);
    }
    ou_xdecref(vm, n_repr);
    if (r)
        ;
    else if (((OuModule *)o)->def && !file)
        r = ou_str_fmt(vm, "<module %R (built-in)>", unknown);
    else if (file)
        r = ou_str_fmt(vm, "<module %R from %R>", unknown, file);
    else if (!loader || loader == OU_NONE(vm))
        r = ou_str_fmt(vm, "<module %R>", unknown);
    else
        r = ou_str_fmt(vm, "<module %R (%R)>", unknown, loader);
    ou_decref(vm, unknown);
    return r;
}

static OuObj *module_dir(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *d, *r = NULL;
    if (!(d = ou_getattr(vm, args[0], OU_NAME(vm, __dict__))))
        return NULL;
    if (!ou_isa_dict(vm, d)) {
        ou_type_error(vm, "<module>.__dict__ is not a dictionary");
    } else {
        OuObj *f = ou_dict_get_str(vm, OU_DICT(d), OU_NAME(vm, __dir__));
        r = f ? ou_call0(vm, f) : ou_dict_keys_list(vm, d);
    }
    ou_decref(vm, d);
    return r;
}

static OuObj *get_annotations(OuVM *vm, OuObj *o, void *data)
{
    OuObj *d = ou_getattr(vm, o, OU_NAME(vm, __dict__));
    if (!d)
        return NULL;
    OuObj *v = NULL;
    if (!ou_isa_dict(vm, d)) {
        ou_type_error(vm, "<module>.__dict__ is not a dictionary");
    } else {
        v = ou_dict_get_str(vm, OU_DICT(d), OU_NAME(vm, __annotations__));
        ou_xincref(v);
        if (!v && (v = ou_dict_new(vm)) && ou_dict_set(vm, d, OU_NAME(vm, __annotations__), v) < 0)
            ou_clear(vm, v);
    }
    ou_decref(vm, d);
    return v;
}

static int set_annotations(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    OuObj *d = (OuObj *)((OuModule *)o)->dict;
    if (value)
        return ou_dict_set(vm, d, OU_NAME(vm, __annotations__), value);
    OuObj *old;
    int r = ou_dict_pop(vm, d, OU_NAME(vm, __annotations__), &old);
    if (r > 0)
        ou_decref(vm, old);
    if (r == 0) {
        ou_raise_attr(vm, o, OU_NAME(vm, __annotations__), "__annotations__");
        return -1;
    }
    return r < 0 ? -1 : 0;
}

static void module_dealloc(OuVM *vm, OuObj *o)
{
    OuModule *m = (OuModule *)o;
    ou_xdecref(vm, m->dict);
    if (m->state) {
        if (m->def->clear)
            m->def->clear(vm, m->state);
        ou_free(vm, m->state, m->def->state_size);
    }
    ou_free_object(vm, o);
}

static int module_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OuModule *m = (OuModule *)o;
    OU_VISIT(m->dict);
    return m->state && m->def->traverse ? m->def->traverse(m->state, visit, arg) : 0;
}

static void module_clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, ((OuModule *)o)->dict);
}

static const OuFn module_methods[] = {
    {"__dir__(self, /)", module_dir, 0, "__dir__() -> list\nspecialized dir() implementation"},
    {0},
};
static const OuMember module_members[] = {
    {"__dict__", OU_MEMBER_OBJ, offsetof(OuModule, dict), true, NULL},
    {0},
};
static const OuGetSet module_getset[] = {
    {"__annotations__", get_annotations, set_annotations},
    {0},
};

const OuTypeSpec ou_module_spec = {
    .name = "module",
    .size = sizeof(OuModule),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_WEAK,
    .dict_off = offsetof(OuModule, dict),
    .doc = "module(name, doc=None)\n--\n\nCreate a module object.\n\nThe name must be a string; the optional "
           "doc argument can have any "
           "type.",
    .dealloc = module_dealloc,
    .traverse = module_traverse,
    .clear = module_clear,
    .s = {.repr = module_repr, .getattr = module_getattr, .new_ = module_tp_new, .init = module_init},
    .methods = module_methods,
    .members = module_members,
    .getset = module_getset,
};
