/* stdlib/_abc.c - module _abc: what the library's abc.ABCMeta stands on (PEP 3119): registry, positive and negative caches of weak
 * references.  One _abc_data object a class holds them; the negative cache is valid for one invalidation counter. */
#include <string.h>

#include "vm/native.h"
#include "vm/type.h"
#include "vm/weakref.h"

typedef struct AbcData {
    OuObj hdr;
    OuObj *registry, *cache, *negative; /* sets of weak references, or NULL */
    uint64_t negative_version;
} AbcData;
typedef struct State {
    OuType *data_type;
    uint64_t counter;
} State;
extern const OuModuleDef ou_mod_abc;

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

static void data_clear(OuVM *vm, OuObj *o)
{
    AbcData *d = (AbcData *)o;
    ou_clear(vm, d->registry);
    ou_clear(vm, d->cache);
    ou_clear(vm, d->negative);
}

static void data_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    data_clear(vm, o);
    ou_free_object(vm, o);
}

static int data_traverse(OuObj *o, OuVisit visit, void *arg)
{
    AbcData *d = (AbcData *)o;
    OU_VISIT(d->registry);
    OU_VISIT(d->cache);
    OU_VISIT(d->negative);
    return 0;
}

static const OuTypeSpec data_spec = {
    .name = "_abc._abc_data",
    .size = sizeof(AbcData),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,
    .dealloc = data_dealloc,
    .traverse = data_traverse,
    .clear = data_clear,
};

/* The data object of class `self`: borrowed (the class's dict holds it). */
static AbcData *data_of(OuVM *vm, OuObj *self)
{
    State *st = ou_module_state(vm, &ou_mod_abc);
    OuObj *d = ou_isa_type(vm, self) ? ou_type_lookup(vm, OU_AS_TYPE(self), OU_NAME(vm, _abc_impl)) : NULL;
    if (d && OU_TYPE_OF(vm, d) == st->data_type)
        return (AbcData *)d;
    d = ou_getattr(vm, self, OU_NAME(vm, _abc_impl));
    if (!d)
        return NULL;
    ou_decref(vm, d);
    if (OU_TYPE_OF(vm, d) != st->data_type)
        return ou_type_error(vm, "_abc_impl is set to a wrong type");
    return (AbcData *)d;
}

static OuObj *weak_of(OuVM *vm, OuObj *o, OuObj *callback)
{
    OuObj *type = (OuObj *)&vm->builtin[OU_T_weakref];
    return callback ? ou_call2(vm, type, o, callback) : ou_call1(vm, type, o);
}

/* Is there a weak reference to class o in set?  The key that is looked for lives on the stack: nobody gets hold of it, since
 * comparing weak references shows only their targets. */
static int set_has(OuVM *vm, OuObj *set, OuObj *o)
{
    if (!set || ou_set_len(set) == 0)
        return 0;
    int64_t hash;
    if (!ou_isa_type(vm, o)) { /* a __class__ that is none: only what takes weak references can be there */
        OuObj *ref = weak_of(vm, o, NULL);
        if (!ref) {
            if (!ou_err_is(vm, OU_EXC(vm, TypeError)))
                return -1;
            ou_err_clear(vm);
            return 0;
        }
        int r = ou_set_contains(vm, set, ref);
        ou_decref(vm, ref);
        return r;
    }
    if (ou_hash(vm, o, &hash) < 0)
        return -1;
    OuWeakRef key = {.hdr = {.rc = 1, .tf = OU_T_weakref}, .node.target = o, .hash = hash};
    return ou_set_contains(vm, set, (OuObj *)&key);
}

/* Callback of the weak references: takes the dead one out of its set.  self: weak reference to the set. */
FN(destroy)
{
    OuObj *set = ou_call0(vm, args[0]);
    if (!set)
        return NULL;
    int r = set == OU_NONE(vm) ? 0 : ou_set_discard(vm, set, args[1]);
    ou_decref(vm, set);
    return r < 0 ? NULL : ou_none(vm);
}

static const OuFn destroy_def = {"_destroy(wr, ref, /)", destroy, 0, NULL};

static int set_put(OuVM *vm, OuObj **slot, OuObj *o)
{
    if (!*slot && !(*slot = ou_set_new(vm, NULL)))
        return -1;
    OuObj *wr = weak_of(vm, *slot, NULL),
          *callback = wr ? ou_builtin_new(vm, &destroy_def, wr, NULL, true) : NULL;
    OuObj *ref = callback ? weak_of(vm, o, callback) : NULL;
    int r = ref ? ou_set_add(vm, *slot, ref) : -1;
    ou_xdecref(vm, wr);
    ou_xdecref(vm, callback);
    ou_xdecref(vm, ref);
    return r;
}

/* ---- functions ---- */

static int is_abstract(OuVM *vm, OuObj *value)
{
    OuObj *v;
    int r = ou_lookup_attr(vm, value, OU_NAME(vm, __isabstractmethod__), &v);
    if (r > 0) {
        r = ou_is_true(vm, v);
        ou_decref(vm, v);
    }
    return r;
}

/* __abstractmethods__ from the namespace and the bases'. */
static int compute_abstract(OuVM *vm, OuObj *self)
{
    OuObj *abstracts = ou_set_new(vm, NULL), *items = NULL, *frozen = NULL;
    OuType *t = OU_AS_TYPE(self);
    int r = -1;
    if (!abstracts || !(items = ou_dict_items_list(vm, (OuObj *)ou_type_dict(vm, t))))
        goto done;
    for (size_t i = 0; i < OU_LIST(items)->n; i++) {
        OuObj **kv = OU_TUPLE(OU_LIST(items)->items[i])->items;
        int a = is_abstract(vm, kv[1]);
        if (a < 0 || (a && ou_set_add(vm, abstracts, kv[0]) < 0))
            goto done;
    }
    for (size_t b = 0; b < t->bases->n; b++) {
        OuObj *inherited;
        int have = ou_lookup_attr(vm, t->bases->items[b], OU_NAME(vm, __abstractmethods__), &inherited);
        if (have < 0)
            goto done;
        if (!have)
            continue;
        OuObj *it = ou_iter(vm, inherited), *name;
        ou_decref(vm, inherited);
        while (it && (name = ou_next(vm, it))) {
            OuObj *v;
            int a = ou_lookup_attr(vm, self, name, &v);
            if (a > 0) {
                a = is_abstract(vm, v);
                ou_decref(vm, v);
            }
            if (a < 0 || (a && ou_set_add(vm, abstracts, name) < 0)) {
                ou_decref(vm, name);
                ou_decref(vm, it);
                goto done;
            }
            ou_decref(vm, name);
        }
        ou_xdecref(vm, it);
        if (!it || ou_err_occurred(vm))
            goto done;
    }
    frozen = ou_frozenset_new(vm, abstracts);
    r = frozen ? ou_setattr(vm, self, OU_NAME(vm, __abstractmethods__), frozen) : -1;
done:
    ou_xdecref(vm, abstracts);
    ou_xdecref(vm, items);
    ou_xdecref(vm, frozen);
    return r;
}

FN(abc_init)
{
    State *st = ou_module_state(vm, &ou_mod_abc);
    if (!ou_isa_type(vm, args[0]))
        return ou_type_error(vm, "_abc_init(cls) requires a class");
    if (compute_abstract(vm, args[0]) < 0)
        return NULL;
    AbcData *d = (AbcData *)ou_type_alloc(vm, st->data_type, 0);
    if (!d)
        return NULL;
    d->registry = d->cache = d->negative = NULL;
    d->negative_version = st->counter;
    int r = ou_setattr(vm, args[0], OU_NAME(vm, _abc_impl), (OuObj *)d);
    ou_decref(vm, d);
    if (r < 0)
        return NULL;
    /* PEP 634: collections.abc.Sequence and Mapping say what they are */
    OuObj *flags = ou_dict_get_s(vm, (OuObj *)ou_type_dict(vm, OU_AS_TYPE(args[0])), "__abc_tpflags__");
    int64_t v;
    if (flags && ou_isa_int(vm, flags) && ou_int_fits(flags, &v)) {
        OuType *t = OU_AS_TYPE(args[0]);
        if ((v & 0x60) == 0x60)
            return ou_type_error(vm,
                                 "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING");
        t->flags |= (v & 0x20 ? OU_TYPE_SEQUENCE : 0) | (v & 0x40 ? OU_TYPE_MAPPING : 0);
        OuObj *name = ou_str_intern_s(vm, "__abc_tpflags__");
        if (!name || ou_delitem(vm, (OuObj *)ou_type_dict(vm, t), name) < 0)
            ou_err_clear(vm);
        ou_xdecref(vm, name);
    }
    return ou_none(vm);
}

static void inherit_flags(OuVM *vm, OuType *child, uint32_t flags)
{
    if (!(child->flags & OU_TYPE_HEAP))
        return;
    child->flags = (child->flags & ~(uint32_t)(OU_TYPE_SEQUENCE | OU_TYPE_MAPPING)) | flags;
    for (uint32_t i = 0; i < child->nsubs; i++)
        inherit_flags(vm, child->subs[i], flags);
}

FN(abc_register)
{
    State *st = ou_module_state(vm, &ou_mod_abc);
    OuObj *self = args[0], *sub = args[1];
    if (!ou_isa_type(vm, sub))
        return ou_type_error(vm, "Can only register classes");
    int r = ou_issubclass(vm, sub, self);
    if (r)
        return r < 0 ? NULL : ou_ref(sub);
    r = ou_issubclass(vm, self, sub);
    if (r > 0)
        ou_raise(vm, OU_EXC(vm, RuntimeError), "Refusing to create an inheritance cycle");
    if (r)
        return NULL;
    AbcData *d = data_of(vm, self);
    if (!d || set_put(vm, &d->registry, sub) < 0)
        return NULL;
    st->counter++;
    uint32_t flags = OU_AS_TYPE(self)->flags & (OU_TYPE_SEQUENCE | OU_TYPE_MAPPING);
    if (flags)
        inherit_flags(vm, OU_AS_TYPE(sub), flags);
    return ou_ref(sub);
}

static int subclass_of(OuVM *vm, OuObj *self, OuObj *cls)
{
    OuObj *res = ou_call_method(vm, self, OU_NAME(vm, __subclasscheck__), 1, cls);
    if (!res)
        return -1;
    int r = ou_is_true(vm, res);
    ou_decref(vm, res);
    return r;
}

FN(abc_instancecheck)
{
    State *st = ou_module_state(vm, &ou_mod_abc);
    OuObj *self = args[0], *o = args[1];
    AbcData *d = data_of(vm, self);
    OuObj *cls = d ? ou_getattr(vm, o, OU_NAME(vm, __class__)) : NULL;
    if (!cls)
        return NULL;
    int r = set_has(vm, d->cache, cls);
    if (r == 0) {
        OuObj *type = (OuObj *)OU_TYPE_OF(vm, o);
        if (type == cls && d->negative_version == st->counter && (r = set_has(vm, d->negative, cls)) != 0)
            r = r < 0 ? -1 : 0;
        else {
            r = subclass_of(vm, self, cls);
            if (r == 0 && type != cls)
                r = subclass_of(vm, self, type);
        }
    }
    ou_decref(vm, cls);
    return r < 0 ? NULL : ou_bool(vm, r);
}

FN(abc_subclasscheck)
{
    State *st = ou_module_state(vm, &ou_mod_abc);
    OuObj *self = args[0], *sub = args[1], *ok;
    if (!ou_isa_type(vm, sub))
        return ou_type_error(vm, "issubclass() arg 1 must be a class");
    AbcData *d = data_of(vm, self);
    if (!d)
        return NULL;
    int r = set_has(vm, d->cache, sub);
    if (r)
        return r < 0 ? NULL : ou_bool(vm, true);
    if (d->negative_version < st->counter) {
        ou_clear(vm, d->negative);
        d->negative_version = st->counter;
    } else if ((r = set_has(vm, d->negative, sub)))
        return r < 0 ? NULL : ou_bool(vm, false);
    ok = ou_call_method(vm, self, OU_NAME(vm, __subclasshook__), 1, sub);
    if (!ok)
        return NULL;
    ou_decref(vm, ok);
    if (ok == OU_TRUE(vm))
        return set_put(vm, &d->cache, sub) < 0 ? NULL : ou_bool(vm, true);
    if (ok == OU_FALSE(vm))
        return set_put(vm, &d->negative, sub) < 0 ? NULL : ou_bool(vm, false);
    if (ok != OU_NOTIMPLEMENTED(vm))
        return ou_raise(vm, OU_EXC(vm, AssertionError),
                        "__subclasshook__ must return either False, True, or NotImplemented");
    if (ou_type_is_subtype(vm, OU_AS_TYPE(sub), OU_AS_TYPE(self)))
        return set_put(vm, &d->cache, sub) < 0 ? NULL : ou_bool(vm, true);
    if (d->registry && ou_set_len(d->registry)) {
        if ((r = set_has(vm, d->registry, sub)))
            return r < 0 ? NULL : ou_bool(vm, true);
        OuObj *list = ou_sequence_list(vm, d->registry);
        for (size_t i = 0; list && r == 0 && i < OU_LIST(list)->n; i++) {
            OuObj *cls = ou_call0(vm, OU_LIST(list)->items[i]);
            r = cls ? cls == OU_NONE(vm) ? 0 : ou_issubclass(vm, sub, cls) : -1;
            ou_xdecref(vm, cls);
        }
        ou_xdecref(vm, list);
        if (!list || r < 0)
            return NULL;
        if (r)
            return set_put(vm, &d->cache, sub) < 0 ? NULL : ou_bool(vm, true);
    }
    OuObj *subs = ou_call_method(vm, self, OU_NAME(vm, __subclasses__), 0);
    if (!subs)
        return NULL;
    if (!ou_isa_list(vm, subs)) {
        ou_decref(vm, subs);
        return ou_type_error(vm, "__subclasses__() must return a list");
    }
    for (size_t i = 0; r == 0 && i < OU_LIST(subs)->n; i++)
        r = ou_issubclass(vm, sub, OU_LIST(subs)->items[i]);
    ou_decref(vm, subs);
    if (r < 0 || set_put(vm, r ? &d->cache : &d->negative, sub) < 0)
        return NULL;
    return ou_bool(vm, r);
}

FN(get_cache_token)
{
    return ou_int_u64(vm, ((State *)ou_module_state(vm, &ou_mod_abc))->counter);
}

FN(reset_registry)
{
    AbcData *d = data_of(vm, args[0]);
    if (d && d->registry)
        ou_clear(vm, d->registry);
    return d ? ou_none(vm) : NULL;
}

FN(reset_caches)
{
    AbcData *d = data_of(vm, args[0]);
    if (!d)
        return NULL;
    ou_clear(vm, d->cache);
    ou_clear(vm, d->negative);
    return ou_none(vm);
}

FN(get_dump)
{
    AbcData *d = data_of(vm, args[0]);
    if (!d)
        return NULL;
    OuObj *v[4] = {ou_set_new(vm, d->registry), ou_set_new(vm, d->cache), ou_set_new(vm, d->negative),
                   ou_int_u64(vm, d->negative_version)};
    OuObj *t = v[0] && v[1] && v[2] && v[3] ? ou_tuple_of_take(vm, v, 4) : NULL;
    for (int i = 0; i < 4; i++)
        ou_xdecref(vm, v[i]);
    return t;
}

static const OuFn functions[] = {
    {"_abc_init(self, /)", abc_init, 0,
     "Internal ABC helper for class set-up. Should be never used outside abc module."},
    {"_abc_register(self, subclass, /)", abc_register, 0,
     "Internal ABC helper for subclasss registration. Should be never used outside abc module."},
    {"_abc_instancecheck(self, instance, /)", abc_instancecheck, 0,
     "Internal ABC helper for instance checks. Should be never used outside abc module."},
    {"_abc_subclasscheck(self, subclass, /)", abc_subclasscheck, 0,
     "Internal ABC helper for subclasss checks. Should be never used outside abc module."},
    {"get_cache_token()", get_cache_token, 0, "Returns the current ABC cache token."},
    {"_reset_registry(self, /)", reset_registry, 0,
     "Internal ABC helper to reset registry of a given class."},
    {"_reset_caches(self, /)", reset_caches, 0, "Internal ABC helper to reset both caches of a given class."},
    {"_get_dump(self, /)", get_dump, 0, "Internal ABC helper for cache and registry debugging."},
    {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    State *st = ((OuModule *)m)->state;
    st->counter = 0;
    return (st->data_type = ou_type_from_spec(vm, &data_spec, NULL)) ? 0 : -1;
}

const OuModuleDef ou_mod_abc = {
    .name = "_abc",
    .doc = "Module contains faster C implementation of abc.ABCMeta",
    .functions = functions,
    .state_size = sizeof(State),
    .exec = exec,
};
