/* stdlib/_collections.c - the module _collections: defaultdict, _tuplegetter, _count_elements.  deque is in
 * _collections_deque.c, OrderedDict in _collections_odict.c. */
#include "_collections.h"

#include <string.h>

const char *ou_collections_name(OuVM *vm, OuObj *o)
{
    const char *name = OU_TYPE_NAME(vm, o), *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}

/* ---- defaultdict ------------------------------------------------------------------------------- */

typedef struct DefaultDict {
    OuDict d;
    OuObj *factory; /* NULL or None: there is none */
} DefaultDict;
#define FACTORY(o) (((DefaultDict *)(o))->factory)
#define HAS_FACTORY(vm, o) (FACTORY(o) && FACTORY(o) != OU_NONE(vm))

static OuObj *dd_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *o = ou_type_alloc(vm, type, 0);
    if (o)
        ou_dict_init(OU_DICT(o));
    return o;
}
static int dd_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *factory = NULL, *old = FACTORY(self);
    if (nargs) {
        factory = args[0];
        if (factory == OU_NONE(vm))
            factory = NULL;
        else if (!ou_callable(vm, factory))
            return ou_type_error_i(vm, "first argument must be callable or None");
        args++;
        nargs--;
    }
    ou_xincref(factory);
    FACTORY(self) = factory;
    int r = ou_dict_update_args(vm, self, args, nargs, kwnames, "dict");
    ou_xdecref(vm, old);
    return r;
}
static void dd_dealloc(OuVM *vm, OuObj *o)
{
    ou_clear(vm, FACTORY(o));
    ou_dict_clear(vm, o);
    ou_free_object(vm, o);
}
static int dd_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(FACTORY(o));
    return ou_dict_spec.traverse(o, visit, arg);
}
static void dd_clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, FACTORY(o));
    ou_dict_clear(vm, o);
}
static OuObj *dd_repr(OuVM *vm, OuObj *o)
{
    OuObj *base = ou_dict_spec.s.repr(vm, o), *fac, *res;
    if (!base)
        return NULL;
    if (!HAS_FACTORY(vm, o)) {
        fac = ou_str_new(vm, "None", 4);
    } else {
        int r = ou_repr_enter(vm, FACTORY(o)); /* the factory may be our own bound method */
        fac = r > 0 ? ou_str_new(vm, "...", 3) : r < 0 ? NULL : ou_repr(vm, FACTORY(o));
        if (r == 0)
            ou_repr_leave(vm, FACTORY(o));
    }
    res = fac ? ou_str_fmt(vm, "%s(%U, %U)", ou_collections_name(vm, o), fac, base) : NULL;
    ou_decref(vm, base);
    ou_xdecref(vm, fac);
    return res;
}
/* type(self)(factory, mapping) */
static OuObj *dd_with(OuVM *vm, OuObj *self, OuObj *mapping)
{
    return ou_call2(vm, OU_TYPE_OBJ(vm, self), FACTORY(self) ? FACTORY(self) : OU_NONE(vm), mapping);
}
static OuObj *dd_or(OuVM *vm, OuObj *a, OuObj *b)
{
    OuType *t = COLLECTIONS(vm)->defaultdict;
    bool left = ou_type_is_subtype(vm, OU_TYPE_OF(vm, a), t);
    if (!ou_isa_dict(vm, left ? b : a))
        return ou_notimplemented(vm);
    OuObj *res = dd_with(vm, left ? a : b, a);
    if (res && ou_dict_update(vm, res, b) < 0)
        ou_clear(vm, res);
    return res;
}
FN(dd_missing)
{
    if (!HAS_FACTORY(vm, args[0]))
        return ou_raise_key(vm, args[1]);
    OuObj *v = ou_call0(vm, FACTORY(args[0]));
    if (v && ou_setitem(vm, args[0], args[1], v) < 0)
        ou_clear(vm, v);
    return v;
}
FN(dd_copy)
{
    return dd_with(vm, args[0], args[0]);
}
FN(dd_reduce)
{
    OuObj *inner =
        HAS_FACTORY(vm, args[0]) ? ou_tuple_pack(vm, 1, FACTORY(args[0])) : ou_ref(OU_EMPTY_TUPLE(vm));
    OuObj *items = inner ? ou_call_method(vm, args[0], OU_NAME(vm, items), 0) : NULL,
          *it = items ? ou_iter(vm, items) : NULL;
    OuObj *res =
        it ? ou_tuple_pack(vm, 5, OU_TYPE_OBJ(vm, args[0]), inner, OU_NONE(vm), OU_NONE(vm), it) : NULL;
    ou_xdecref(vm, inner);
    ou_xdecref(vm, items);
    ou_xdecref(vm, it);
    return res;
}
static const OuFn dd_methods[] = {
    {"__missing__(self, key, /)", dd_missing, 0,
     "Called by __getitem__ for an absent key: inserts and returns default_factory(), or raises KeyError "
     "without one."},
    {"copy(self, /)", dd_copy, 0, "D.copy() -> a shallow copy of D."},
    {"__copy__(self, /)", dd_copy, 0, "D.copy() -> a shallow copy of D."},
    {"__reduce__(self, /)", dd_reduce, 0, "Return state information for pickling."},
    {"__class_getitem__(type, item, /)", ou_fn_class_getitem, OU_FN_CLASS, "See PEP 585"},
    {0},
};
static const OuMember dd_members[] = {
    {"default_factory", OU_MEMBER_OBJ, offsetof(DefaultDict, factory), false,
     "Factory for default value called by __missing__()."},
    {0},
};
const OuTypeSpec ou_defaultdict_spec = {
    .name = "collections.defaultdict",
    .size = sizeof(DefaultDict),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_DEEP,
    .doc = "defaultdict(default_factory=None, /, [...]) --> dict with default factory\n\n"
           "A missing key that is asked for is inserted with the value default_factory().",
    .dealloc = dd_dealloc,
    .traverse = dd_traverse,
    .clear = dd_clear,
    .s = {.repr = dd_repr, .new_ = dd_new, .init = dd_init, .nb = {[OU_NB_OR] = dd_or}},
    .methods = dd_methods,
    .members = dd_members,
};

/* ---- _tuplegetter: the field descriptors of named tuples ---------------------------------------------- */

typedef struct TupleGetter {
    OuObj hdr;
    ou_ssize i;
    OuObj *doc;
} TupleGetter;

static OuObj *tg_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    ou_ssize i;
    if (ou_no_kwargs(vm, "_tuplegetter", kwnames) < 0 || ou_arity(vm, "_tuplegetter", nargs, 2, 2) < 0 ||
        ou_as_ssize(vm, args[0], OU_EXC(vm, OverflowError), &i) < 0)
        return NULL;
    TupleGetter *g = (TupleGetter *)ou_type_alloc(vm, type, 0);
    if (g) {
        g->i = i;
        g->doc = ou_ref(args[1]);
    }
    return (OuObj *)g;
}
static void tg_dealloc(OuVM *vm, OuObj *o)
{
    ou_xdecref(vm, ((TupleGetter *)o)->doc);
    ou_free_object(vm, o);
}
static int tg_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((TupleGetter *)o)->doc);
    return 0;
}
static OuObj *tg_get(OuVM *vm, OuObj *self, OuObj *obj, OuObj *type)
{
    ou_ssize i = ((TupleGetter *)self)->i;
    if (!obj)
        return ou_ref(self);
    if (!ou_isa_tuple(vm, obj)) {
        if (obj == OU_NONE(vm))
            return ou_ref(self);
        return ou_type_error(vm,
                             "descriptor for index '%zd' for tuple subclasses doesn't apply to '%s' object",
                             i, OU_TYPE_NAME(vm, obj));
    }
    if ((size_t)i >= OU_TUPLE(obj)->n)
        return ou_raise(vm, OU_EXC(vm, IndexError), "tuple index out of range");
    return ou_ref(OU_TUPLE(obj)->items[i]);
}
static int tg_set(OuVM *vm, OuObj *self, OuObj *obj, OuObj *value)
{
    return ou_raise_i(vm, OU_EXC(vm, AttributeError),
                      value ? "can't set attribute" : "can't delete attribute");
}
static OuObj *tg_repr(OuVM *vm, OuObj *o)
{
    TupleGetter *g = (TupleGetter *)o;
    return ou_str_fmt(vm, "%s(%zd, %R)", ou_collections_name(vm, o), g->i, g->doc);
}
FN(tg_reduce)
{
    TupleGetter *g = (TupleGetter *)args[0];
    OuObj *i = ou_int(vm, g->i), *inner = i ? ou_tuple_pack(vm, 2, i, g->doc) : NULL;
    OuObj *res = inner ? ou_tuple_pack(vm, 2, OU_TYPE_OBJ(vm, args[0]), inner) : NULL;
    ou_xdecref(vm, i);
    ou_xdecref(vm, inner);
    return res;
}
static const OuFn tg_methods[] = {
    {"__reduce__(self, /)", tg_reduce, 0, NULL},
    {0},
};
static const OuMember tg_members[] = {
    {"__doc__", OU_MEMBER_OBJ, offsetof(TupleGetter, doc), false, NULL},
    {0},
};
static const OuTypeSpec tuplegetter_spec = {
    .name = "_collections._tuplegetter",
    .size = sizeof(TupleGetter),
    .flags = OU_TYPE_GC,
    .dealloc = tg_dealloc,
    .traverse = tg_traverse,
    .s = {.repr = tg_repr, .descr_get = tg_get, .descr_set = tg_set, .new_ = tg_new},
    .methods = tg_methods,
    .members = tg_members,
};

/* ---- _count_elements ----------------------------------------------------------------------------------- */

/* Uses the dict directly if its type has the built-in get and __setitem__. */
static bool plain_counter(OuVM *vm, OuObj *m)
{
    if (!ou_isa_dict(vm, m))
        return false;
    OuType *t = OU_TYPE_OF(vm, m);
    /* the slot would not tell: it also stands for __delitem__, which Counter has of its own */
    return ou_type_lookup(vm, t, OU_NAME(vm, __setitem__)) ==
               ou_type_lookup(vm, OU_EXC(vm, dict), OU_NAME(vm, __setitem__)) &&
           ou_type_lookup(vm, t, OU_NAME(vm, get)) == ou_type_lookup(vm, OU_EXC(vm, dict), OU_NAME(vm, get));
}
static int count_plain(OuVM *vm, OuObj *m, OuObj *key, OuObj *one)
{
    int64_t hash;
    if (ou_hash_quick(vm, key, &hash) < 0)
        return -1;
    ou_ssize ix = ou_dict_find(vm, OU_DICT(m), key, hash);
    if (ix == -2)
        return -1;
    if (ix == -1)
        return ou_dict_insert_new(vm, OU_DICT(m), key, hash, one);
    OuObj *old = *ou_dict_value_slot(OU_DICT(m), (size_t)ix), *v;
    if (ou_is_small(old) && OU_INT_V(old) < INT64_MAX) {
        if (!(v = ou_int(vm, OU_INT_V(old) + 1)))
            return -1;
        *ou_dict_value_slot(OU_DICT(m), (size_t)ix) = v;
        ou_decref(vm, old);
        return 0;
    }
    ou_incref(old);
    v = ou_binop(vm, OU_NB_ADD, old, one);
    int r = v ? ou_dict_set_hash(vm, OU_DICT(m), key, hash, v) : -1;
    ou_decref(vm, old);
    ou_xdecref(vm, v);
    return r;
}
/* Characters of a Latin-1 str: counted aside, then put in by their first places, which is where one by one would. */
static int count_chars(OuVM *vm, OuObj *m, OuObj *text, OuObj *one)
{
    const uint8_t *p = (const uint8_t *)OU_STR(text)->data;
    size_t len = OU_STR(text)->len, counts[256] = {0}, nfound = 0;
    uint8_t found[256];
    for (size_t i = 0; i < len; i++)
        if (counts[p[i]]++ == 0)
            found[nfound++] = p[i];
    for (size_t i = 0; i < nfound; i++) {
        OuObj *key = (OuObj *)&vm->latin1[found[i]], *old, *v;
        size_t n = counts[found[i]];
        int64_t hash;
        if (ou_hash_quick(vm, key, &hash) < 0)
            return -1;
        ou_ssize ix = ou_dict_find(vm, OU_DICT(m), key, hash);
        if (ix == -2)
            return -1;
        old = ix < 0 ? NULL : *ou_dict_value_slot(OU_DICT(m), (size_t)ix);
        if (old && !(ou_is_small(old) && OU_INT_V(old) < INT64_MAX / 2)) {
            for (; n; n--)
                if (count_plain(vm, m, key, one) < 0)
                    return -1;
            continue;
        }
        v = ou_int(vm, (int64_t)n + (old ? OU_INT_V(old) : 0));
        int r = v ? ou_dict_set_hash(vm, OU_DICT(m), key, hash, v) : -1;
        ou_xdecref(vm, v);
        if (r < 0)
            return -1;
    }
    return 0;
}
static int count_general(OuVM *vm, OuObj *m, OuObj *get, OuObj *key, OuObj *zero, OuObj *one)
{
    OuObj *old = ou_call2(vm, get, key, zero), *v = old ? ou_binop(vm, OU_NB_ADD, old, one) : NULL;
    int r = v ? ou_setitem(vm, m, key, v) : -1;
    ou_xdecref(vm, old);
    ou_xdecref(vm, v);
    return r;
}
FN(count_elements)
{
    OuObj *m = args[0], *it = ou_iter(vm, args[1]), *get = NULL, *key;
    OuObj *zero = ou_int(vm, 0), *one = ou_int(vm, 1);
    bool plain = plain_counter(vm, m);
    if (!it || !zero || !one || (!plain && !(get = ou_getattr(vm, m, OU_NAME(vm, get)))))
        goto done;
    if (plain && ou_is(args[1], str) && OU_STR(args[1])->kind == 1) {
        count_chars(vm, m, args[1], one);
        goto done;
    }
    while ((key = ou_next(vm, it))) {
        int r = plain ? count_plain(vm, m, key, one) : count_general(vm, m, get, key, zero, one);
        ou_decref(vm, key);
        if (r < 0 || ou_poll(vm) < 0)
            break;
    }
done:
    ou_xdecref(vm, it);
    ou_xdecref(vm, get);
    ou_xdecref(vm, zero);
    ou_xdecref(vm, one);
    return ou_err_occurred(vm) ? NULL : ou_none(vm);
}

/* ---- module ----------------------------------------------------------------------------------------------
 */

static const OuFn functions[] = {
    {"_count_elements(mapping, iterable, /)", count_elements, 0,
     "Counts elements in the iterable, updating the mapping"},
    {0},
};
static int exec(OuVM *vm, OuObj *module)
{
    OuCollections *st = ((OuModule *)module)->state;
    OuType *dict = OU_EXC(vm, dict);
    st->odict_iter = ou_type_from_spec(vm, &ou_odict_iter_spec, NULL);
    st->odict_keys = ou_type_from_spec(vm, &ou_odict_keys_spec, OU_EXC(vm, dict_keys));
    st->odict_values = ou_type_from_spec(vm, &ou_odict_values_spec, OU_EXC(vm, dict_values));
    st->odict_items = ou_type_from_spec(vm, &ou_odict_items_spec, OU_EXC(vm, dict_items));
    if (!st->odict_iter || !st->odict_keys || !st->odict_values || !st->odict_items)
        return -1;
    st->deque = ou_module_add_type(vm, module, &ou_deque_spec, NULL);
    st->defaultdict = ou_module_add_type(vm, module, &ou_defaultdict_spec, dict);
    st->odict = ou_module_add_type(vm, module, &ou_odict_spec, dict);
    st->deque_iter = ou_module_add_type(vm, module, &ou_deque_iter_spec, NULL);
    st->deque_reviter = ou_module_add_type(vm, module, &ou_deque_reviter_spec, NULL);
    return st->deque && st->defaultdict && st->odict && st->deque_iter && st->deque_reviter &&
                   ou_module_add_type(vm, module, &tuplegetter_spec, NULL)
               ? 0
               : -1;
}
static int mod_traverse(void *state, OuVisit visit, void *arg)
{
    OuCollections *st = state;
    OU_VISIT(st->odict_iter);
    OU_VISIT(st->odict_keys);
    OU_VISIT(st->odict_values);
    OU_VISIT(st->odict_items);
    return 0;
}
static void mod_clear(OuVM *vm, void *state)
{
    OuCollections *st = state;
    ou_clear(vm, st->odict_iter);
    ou_clear(vm, st->odict_keys);
    ou_clear(vm, st->odict_values);
    ou_clear(vm, st->odict_items);
}
const OuModuleDef ou_mod__collections = {
    .name = "_collections",
    .doc = "High performance data structures.\n"
           "- deque:        ordered collection accessible from endpoints only\n"
           "- defaultdict:  dict subclass with a default value factory\n",
    .functions = functions,
    .state_size = sizeof(OuCollections),
    .exec = exec,
    .traverse = mod_traverse,
    .clear = mod_clear,
};
