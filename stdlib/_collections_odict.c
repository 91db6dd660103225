/* stdlib/_collections_odict.c - OrderedDict.
 *
 * dict keeps insertion order already, so no list of nodes is needed: moving to the end is taking the entry
 * out and appending it, moving to the front uses room before the first entry (ou_dict_move_front).  `first`
 * remembers where entries begin, which makes popitem(last=False) cheap.  `state` counts changes of the keys
 * ("mutated during iteration").  `count` is the number of keys that came through OrderedDict's own methods:
 * after dict.__delitem__(od, key) CPython's list of nodes names keys that are gone, and repr raises KeyError;
 * so does ours. */
#include "_collections.h"

typedef struct ODict {
    OuDict d;
    uint32_t first; /* no live entry before it, if rebuilds is still the dict's */
    uint32_t count;
    uint16_t rebuilds;
    uint64_t state;
    uint64_t dict; /* dict word */
} ODict;
#define ODICT(o) ((ODict *)(o))

static bool is_odict(OuVM *vm, OuObj *o)
{
    OuType *t = COLLECTIONS(vm)->odict;
    return OU_TYPE_OF(vm, o) == t || ou_type_is_subtype(vm, OU_TYPE_OF(vm, o), t);
}
static bool is_exact(OuVM *vm, OuObj *o)
{
    return OU_TYPE_OF(vm, o) == COLLECTIONS(vm)->odict;
}

/* ---- order --------------------------------------------------------------------------------------- */

/* Number of the first live entry (nentries if there is none). */
static uint32_t first_entry(ODict *o)
{
    OuDict *d = &o->d;
    if (o->rebuilds != d->rebuilds || o->first > d->nentries) {
        o->rebuilds = d->rebuilds;
        o->first = 0;
    }
    while (o->first < d->nentries && !*ou_dict_entry(d, o->first))
        o->first++;
    return o->first;
}
/* Number of the last live entry; used > 0. */
static uint32_t last_entry(ODict *o)
{
    OuDict *d = &o->d;
    while (!*ou_dict_entry(d, d->nentries - 1))
        d->nentries--;
    return d->nentries - 1;
}
static int set_hash(OuVM *vm, ODict *o, OuObj *key, int64_t hash, OuObj *value)
{
    ou_ssize ix = ou_dict_find(vm, &o->d, key, hash);
    if (ix == -2)
        return -1;
    if (ix >= 0)
        return ou_dict_set_hash(vm, &o->d, key, hash, value);
    if (ou_dict_insert_new(vm, &o->d, key, hash, value) < 0)
        return -1;
    o->state++;
    o->count++;
    return 0;
}
/* CPython finds each key again by its hash while it walks: a key that is gone (dict.__delitem__) or whose
 * hash changed is a KeyError.  Those of strings and small ints cannot change. */
static int check_key(OuVM *vm, ODict *o, size_t ix)
{
    OuObj *key = *ou_dict_entry(&o->d, ix);
    if (o->d.used < o->count)
        return ou_raise_key(vm, key), -1;
    if (o->d.kind == OU_DICT_STR || ou_is(key, str) || ou_is_small(key))
        return 0;
    int64_t hash, known = ou_dict_entry_hash(&o->d, ix);
    ou_incref(key);
    int r = ou_hash(vm, key, &hash);
    if (r == 0 && hash != known) {
        ou_raise_key(vm, key);
        r = -1;
    }
    ou_decref(vm, key);
    return r;
}
/* Takes entry ix out: key and value owned by the caller. */
static void take(ODict *o, size_t ix, OuObj **key, OuObj **value)
{
    ou_dict_unlink(&o->d, ix, key, value);
    o->state++;
    if (o->count)
        o->count--;
}
static int od_setitem(OuVM *vm, OuObj *self, OuObj *key, OuObj *value)
{
    ODict *o = ODICT(self);
    int64_t hash;
    if (ou_hash_quick(vm, key, &hash) < 0)
        return -1;
    if (value)
        return set_hash(vm, o, key, hash, value);
    ou_ssize ix = ou_dict_find(vm, &o->d, key, hash);
    if (ix < 0) {
        if (ix == -1)
            ou_raise_key(vm, key);
        return -1;
    }
    OuObj *k, *v;
    take(o, (size_t)ix, &k, &v);
    ou_decref(vm, k);
    ou_decref(vm, v);
    return 0;
}

/* ---- filling, as collections.abc.MutableMapping.update --------------------------------------------- */

static int add_pairs(OuVM *vm, OuObj *self, OuObj *pairs)
{
    OuObj *it = ou_iter(vm, pairs), *pair;
    if (!it)
        return -1;
    while ((pair = ou_next(vm, it))) {
        OuObj *pit = ou_iter(vm, pair), *key = NULL, *value = NULL, *extra = NULL;
        ou_decref(vm, pair);
        if (!pit)
            break;
        if (!(key = ou_next(vm, pit))) {
            if (!ou_err_occurred(vm))
                ou_value_error(vm, "need more than 0 values to unpack");
        } else if (!(value = ou_next(vm, pit))) {
            if (!ou_err_occurred(vm))
                ou_value_error(vm, "need more than 1 value to unpack");
        } else if ((extra = ou_next(vm, pit)) || ou_err_occurred(vm)) {
            if (extra)
                ou_value_error(vm, "too many values to unpack (expected 2)");
        } else {
            ou_setitem(vm, self, key, value);
        }
        ou_decref(vm, pit);
        ou_xdecref(vm, key);
        ou_xdecref(vm, value);
        ou_xdecref(vm, extra);
        if (ou_err_occurred(vm) || ou_poll(vm) < 0)
            break;
    }
    ou_decref(vm, it);
    return ou_err_occurred(vm) ? -1 : 0;
}
static int update_from(OuVM *vm, OuObj *self, OuObj *arg)
{
    OuObj *f, *got;
    int r;
    if (ou_is(arg, dict)) {
        OuObj *items = ou_dict_items_list(vm, arg);
        r = items ? add_pairs(vm, self, items) : -1;
        ou_xdecref(vm, items);
        return r;
    }
    if ((r = ou_lookup_attr(vm, arg, OU_NAME(vm, keys), &f)) < 0)
        return -1;
    if (r) {
        got = ou_call0(vm, f);
        ou_decref(vm, f);
        OuObj *it = got ? ou_iter(vm, got) : NULL, *key;
        ou_xdecref(vm, got);
        if (!it)
            return -1;
        while ((key = ou_next(vm, it))) {
            OuObj *value = ou_getitem(vm, arg, key);
            if (value)
                ou_setitem(vm, self, key, value);
            ou_decref(vm, key);
            ou_xdecref(vm, value);
            if (ou_err_occurred(vm) || ou_poll(vm) < 0)
                break;
        }
        ou_decref(vm, it);
        return ou_err_occurred(vm) ? -1 : 0;
    }
    if ((r = ou_lookup_attr(vm, arg, OU_NAME(vm, items), &f)) < 0)
        return -1;
    if (r) {
        got = ou_call0(vm, f);
        ou_decref(vm, f);
        r = got ? add_pairs(vm, self, got) : -1;
        ou_xdecref(vm, got);
        return r;
    }
    return add_pairs(vm, self, arg);
}
static int update_args(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (nargs > 1)
        return ou_type_error_i(vm, "update() takes at most 1 positional argument (%zu given)", nargs);
    if (nargs && update_from(vm, self, args[0]) < 0)
        return -1;
    for (size_t i = 0; kwnames && i < OU_TUPLE(kwnames)->n; i++) {
        OuObj *key = OU_TUPLE(kwnames)->items[i];
        if (!ou_isa_str(vm, key))
            return ou_type_error_i(vm, "keywords must be strings");
        if (ou_setitem(vm, self, key, args[nargs + i]) < 0)
            return -1;
    }
    return 0;
}

/* ---- life ---------------------------------------------------------------------------------------- */

static OuObj *od_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *o = ou_type_alloc(vm, type, 0);
    if (o)
        ou_dict_init(OU_DICT(o));
    return o;
}
static int od_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (nargs > 1)
        return ou_type_error_i(vm, "expected at most 1 arguments, got %zu", nargs);
    return update_args(vm, self, args, nargs, kwnames);
}
static void od_clear(OuVM *vm, OuObj *self)
{
    ODICT(self)->state++;
    ODICT(self)->count = 0;
    ou_dict_clear(vm, self);
}
static void od_gc_clear(OuVM *vm, OuObj *self)
{
    OuDict *d = OU_WORD_DICT(ODICT(self)->dict);
    ODICT(self)->dict = 0;
    ou_xdecref(vm, d);
    od_clear(vm, self);
}
static void od_dealloc(OuVM *vm, OuObj *self)
{
    od_gc_clear(vm, self);
    ou_free_object(vm, self);
}
static int od_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(OU_WORD_DICT(ODICT(o)->dict));
    return ou_dict_spec.traverse(o, visit, arg);
}

/* ---- slots --------------------------------------------------------------------------------------- */

enum { KEYS = 1, VALUES = 2 };
static OuObj *iter_make(OuVM *vm, OuObj *od, int kind, bool reverse);

static OuObj *od_repr(OuVM *vm, OuObj *self)
{
    ODict *o = ODICT(self);
    const char *name = ou_collections_name(vm, self);
    if (o->d.used == 0)
        return ou_str_fmt(vm, "%s()", name);
    int r = ou_repr_enter(vm, self);
    if (r != 0)
        return r > 0 ? ou_str_new(vm, "...", 3) : NULL;
    OuObj *pairs = NULL, *res = NULL;
    if (!is_exact(vm, self)) {
        OuObj *items = ou_call_method(vm, self, OU_NAME(vm, items), 0);
        pairs = items ? ou_sequence_list(vm, items) : NULL;
        ou_xdecref(vm, items);
    } else {
        OuObj *it = iter_make(vm, self, KEYS | VALUES, false);
        pairs = it ? ou_sequence_list(vm, it) : NULL;
        ou_xdecref(vm, it);
    }
    if (pairs)
        res = ou_str_fmt(vm, "%s(%R)", name, pairs);
    ou_xdecref(vm, pairs);
    ou_repr_leave(vm, self);
    return res;
}
/* Same keys in the same order? */
static int same_order(OuVM *vm, ODict *a, ODict *b)
{
    size_t pa = 0, pb = 0;
    OuObj *ka, *kb;
    uint64_t sa = a->state, sb = b->state;
    for (;;) {
        bool more_a = ou_dict_next(&a->d, &pa, &ka, NULL), more_b = ou_dict_next(&b->d, &pb, &kb, NULL);
        if (!more_a || !more_b)
            return more_a == more_b;
        ou_incref(ka);
        ou_incref(kb);
        int eq = ou_compare_bool(vm, ka, kb, OU_CMP_EQ);
        ou_decref(vm, ka);
        ou_decref(vm, kb);
        if (eq <= 0)
            return eq;
        if (a->state != sa || b->state != sb)
            return ou_raise_i(vm, OU_EXC(vm, RuntimeError), "OrderedDict mutated during iteration");
    }
}
static OuObj *od_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if ((op != OU_CMP_EQ && op != OU_CMP_NE) || !is_odict(vm, a) || !ou_isa_dict(vm, b))
        return ou_notimplemented(vm);
    OuObj *r = ou_dict_spec.s.compare(vm, a, b, OU_CMP_EQ);
    if (!r || r == OU_NOTIMPLEMENTED(vm))
        return r;
    int eq = r == OU_TRUE(vm);
    ou_decref(vm, r);
    if (eq && is_odict(vm, b) && (eq = same_order(vm, ODICT(a), ODICT(b))) < 0)
        return NULL;
    return ou_bool(vm, eq == (op == OU_CMP_EQ));
}
static OuObj *od_or(OuVM *vm, OuObj *a, OuObj *b)
{
    bool left = is_odict(vm, a);
    OuType *t = OU_TYPE_OF(vm, left ? a : b);
    if (!ou_isa_dict(vm, left ? b : a))
        return ou_notimplemented(vm);
    OuObj *res = ou_call1(vm, (OuObj *)t, a);
    if (res && update_from(vm, res, b) < 0)
        ou_clear(vm, res);
    return res;
}
static OuObj *od_ior(OuVM *vm, OuObj *a, OuObj *b)
{
    return update_from(vm, a, b) < 0 ? NULL : ou_ref(a);
}

/* ---- iterators ------------------------------------------------------------------------------------- */

typedef struct ODictIter {
    OuObj hdr;
    ODict *o;      /* NULL: exhausted */
    OuObj *result; /* items: the pair that is reused */
    ou_ssize pos;  /* the entry to give next; -1 or beyond the end: none */
    uint64_t state;
    uint32_t size;
    uint8_t kind; /* KEYS | VALUES */
    bool reverse, failed;
} ODictIter;

static OuObj *iter_make(OuVM *vm, OuObj *od, int kind, bool reverse)
{
    ODict *o = ODICT(od);
    OuObj *pair = NULL;
    if (kind == (KEYS | VALUES) && !(pair = ou_tuple_pack(vm, 2, OU_NONE(vm), OU_NONE(vm))))
        return NULL;
    ODictIter *it = (ODictIter *)ou_type_alloc(vm, COLLECTIONS(vm)->odict_iter, 0);
    if (!it) {
        ou_xdecref(vm, pair);
        return NULL;
    }
    it->o = ou_ref(o);
    it->result = pair;
    it->pos = !reverse ? (ou_ssize)first_entry(o) : o->d.used ? (ou_ssize)last_entry(o) : -1;
    it->state = o->state;
    it->size = o->d.used;
    it->kind = (uint8_t)kind;
    it->reverse = reverse;
    return &it->hdr;
}
static void iter_dealloc(OuVM *vm, OuObj *o)
{
    ou_xdecref(vm, ((ODictIter *)o)->o);
    ou_xdecref(vm, ((ODictIter *)o)->result);
    ou_free_object(vm, o);
}
static int iter_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((ODictIter *)o)->o);
    OU_VISIT(((ODictIter *)o)->result);
    return 0;
}
static OuObj *iter_next(OuVM *vm, OuObj *self)
{
    ODictIter *it = (ODictIter *)self;
    ODict *o = it->o;
    if (!o)
        return NULL;
    OuDict *d = &o->d;
    bool more = it->pos >= 0 && it->pos < (ou_ssize)d->nentries;
    if (!more) {
        ; /* there was no next entry when the last one was given */
    } else if (it->state != o->state) {
        ou_raise(vm, OU_EXC(vm, RuntimeError), "OrderedDict mutated during iteration");
    } else if (it->size != d->used) {
        ou_raise(vm, OU_EXC(vm, RuntimeError), "OrderedDict changed size during iteration");
        it->size = UINT32_MAX;
    } else {
        if (check_key(vm, o, (size_t)it->pos) < 0)
            goto done;
        if (it->state != o->state || it->pos >= (ou_ssize)d->nentries ||
            !*ou_dict_entry(d, (size_t)it->pos)) {
            ou_raise(vm, OU_EXC(vm, RuntimeError), "OrderedDict mutated during iteration");
            goto done;
        }
        OuObj **e = ou_dict_entry(d, (size_t)it->pos);
        do
            it->pos += it->reverse ? -1 : 1;
        while (it->pos >= 0 && it->pos < (ou_ssize)d->nentries && !*ou_dict_entry(d, (size_t)it->pos));
        if (it->pos >= (ou_ssize)d->nentries)
            it->pos = -1;
        if (it->kind == KEYS)
            return ou_ref(e[0]);
        if (it->kind == VALUES)
            return ou_ref(e[1]);
        ou_incref(e[0]);
        ou_incref(e[1]);
        return ou_pair_reuse(vm, it->result, e[0], e[1]);
    }
done:
    it->o = NULL;
    ou_decref(vm, o);
    return NULL;
}
FN(iter_reduce)
{
    ODictIter *it = (ODictIter *)args[0];
    if (!it->o)
        return ou_reduce1_take(vm, ou_builtin_get(vm, "iter"), ou_list_new(vm, 0));
    ODictIter *copy = (ODictIter *)iter_make(vm, (OuObj *)it->o, it->kind, it->reverse);
    if (!copy)
        return NULL;
    copy->pos = it->pos;
    copy->state = it->state;
    copy->size = it->size;
    OuObj *list = ou_sequence_list(vm, &copy->hdr);
    ou_decref(vm, copy);
    return list ? ou_reduce1_take(vm, ou_builtin_get(vm, "iter"), list) : NULL;
}
static const OuFn iter_methods[] = {
    {"__reduce__(self, /)", iter_reduce, 0, "Return state information for pickling"},
    {0},
};
const OuTypeSpec ou_odict_iter_spec = {
    .name = "odict_iterator",
    .size = sizeof(ODictIter),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,
    .dealloc = iter_dealloc,
    .traverse = iter_traverse,
    .s = {.iter = ou_self_iter, .next = iter_next},
    .methods = iter_methods,
};

/* ---- views ------------------------------------------------------------------------------------------ */

static OuObj *view_make(OuVM *vm, OuType *type, OuObj *od)
{
    OuDictView *v = (OuDictView *)ou_type_alloc(vm, type, 0);
    if (v)
        v->dict = ou_ref(OU_DICT(od));
    return (OuObj *)v;
}
#define VIEW(V, kind)                                                                          \
    static OuObj *V##_iter(OuVM *vm, OuObj *o)                                                 \
    {                                                                                          \
        return iter_make(vm, (OuObj *)((OuDictView *)o)->dict, kind, false);                   \
    }                                                                                          \
    FN(V##_reversed)                                                                           \
    {                                                                                          \
        return iter_make(vm, (OuObj *)((OuDictView *)args[0])->dict, kind, true);              \
    }                                                                                          \
    static const OuFn V##_methods[] = {{"__reversed__(self, /)", V##_reversed, 0, NULL}, {0}}; \
    const OuTypeSpec ou_odict_##V##_spec = {                                                   \
        .name = "odict_" #V,                                                                   \
        .size = sizeof(OuDictView),                                                            \
        .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,                                                  \
        .s = {.iter = V##_iter},                                                               \
        .methods = V##_methods,                                                                \
    }
VIEW(keys, KEYS);
VIEW(values, VALUES);
VIEW(items, KEYS | VALUES);

static OuObj *od_iter(OuVM *vm, OuObj *o)
{
    return iter_make(vm, o, KEYS, false);
}
FN(m_keys)
{
    return view_make(vm, COLLECTIONS(vm)->odict_keys, args[0]);
}
FN(m_values)
{
    return view_make(vm, COLLECTIONS(vm)->odict_values, args[0]);
}
FN(m_items)
{
    return view_make(vm, COLLECTIONS(vm)->odict_items, args[0]);
}
FN(m_reversed)
{
    return iter_make(vm, args[0], KEYS, true);
}

/* ---- methods ----------------------------------------------------------------------------------------- */

FN(m_fromkeys)
{
    OuObj *value = args[2] ? args[2] : OU_NONE(vm), *d = ou_call0(vm, args[0]),
          *it = d ? ou_iter(vm, args[1]) : NULL, *key;
    if (!it) {
        ou_xdecref(vm, d);
        return NULL;
    }
    while ((key = ou_next(vm, it))) {
        int r = ou_setitem(vm, d, key, value);
        ou_decref(vm, key);
        if (r < 0 || ou_poll(vm) < 0)
            break;
    }
    ou_decref(vm, it);
    if (ou_err_occurred(vm))
        ou_clear(vm, d);
    return d;
}
FN(m_setdefault)
{
    OuObj *self = args[0], *key = args[1], *dflt = args[2] ? args[2] : OU_NONE(vm), *v;
    if (!is_exact(vm, self)) {
        int has = ou_contains(vm, self, key);
        if (has)
            return has < 0 ? NULL : ou_getitem(vm, self, key);
        return ou_setitem(vm, self, key, dflt) < 0 ? NULL : ou_ref(dflt);
    }
    int r = ou_dict_lookup(vm, self, key, &v);
    if (r)
        return r < 0 ? NULL : v;
    return od_setitem(vm, self, key, dflt) < 0 ? NULL : ou_ref(dflt);
}
FN(m_pop)
{
    ODict *o = ODICT(args[0]);
    int64_t hash;
    if (ou_hash_quick(vm, args[1], &hash) < 0)
        return NULL;
    ou_ssize ix = ou_dict_find(vm, &o->d, args[1], hash);
    if (ix == -2)
        return NULL;
    if (ix == -1)
        return args[2] ? ou_ref(args[2]) : ou_raise_key(vm, args[1]);
    OuObj *key, *value;
    take(o, (size_t)ix, &key, &value);
    ou_decref(vm, key);
    return value;
}
FN(m_popitem)
{
    ODict *o = ODICT(args[0]);
    int last = args[1] ? ou_is_true(vm, args[1]) : 1;
    if (last < 0)
        return NULL;
    if (o->d.used == 0)
        return ou_raise(vm, OU_EXC(vm, KeyError), "dictionary is empty");
    OuObj *pair = ou_tuple_new(vm, 2);
    if (pair)
        take(o, last ? last_entry(o) : first_entry(o), &OU_TUPLE(pair)->items[0], &OU_TUPLE(pair)->items[1]);
    return pair;
}
FN(m_move_to_end)
{
    ODict *o = ODICT(args[0]);
    OuDict *d = &o->d;
    int last = args[2] ? ou_is_true(vm, args[2]) : 1;
    int64_t hash;
    if (last < 0 || ou_hash_quick(vm, args[1], &hash) < 0)
        return NULL;
    ou_ssize ix = d->used ? ou_dict_find(vm, d, args[1], hash) : -1;
    if (ix < 0)
        return ix == -2 ? NULL : ou_raise_key(vm, args[1]);
    if ((size_t)ix == (last ? last_entry(o) : first_entry(o)))
        return ou_none(vm);
    o->state += 2;
    if (!last)
        return ou_dict_move_front(vm, d, (size_t)ix, first_entry(o)) < 0 ? NULL : (o->first = 0, ou_none(vm));
    OuObj *key, *value;
    ou_dict_unlink(d, (size_t)ix, &key, &value);
    int r = ou_dict_insert_new(vm, d, key, hash, value);
    ou_decref(vm, key);
    ou_decref(vm, value);
    return r < 0 ? NULL : ou_none(vm);
}
FN(m_clear)
{
    od_clear(vm, args[0]);
    return ou_none(vm);
}
FN(m_update)
{
    return update_args(vm, args[0], args + 1, nargs - 1, kwnames) < 0 ? NULL : ou_none(vm);
}
FN(m_copy)
{
    OuObj *self = args[0], *res = ou_call0(vm, OU_TYPE_OBJ(vm, self));
    if (!res)
        return NULL;
    if (is_exact(vm, self)) {
        ODict *o = ODICT(self);
        for (size_t ix = 0; res && o->d.kind != OU_DICT_STR && ix < o->d.nentries; ix++)
            if (*ou_dict_entry(&o->d, ix) && check_key(vm, o, ix) < 0)
                ou_clear(vm, res);
        if (res && ou_dict_clone_table(vm, OU_DICT(res), OU_DICT(self)) < 0)
            ou_clear(vm, res);
        if (res)
            ODICT(res)->count = OU_DICT(res)->used;
        return res;
    }
    OuObj *keys = ou_dict_keys_list(vm, self);
    for (size_t i = 0; keys && res && i < OU_LIST(keys)->n; i++) {
        OuObj *value = ou_getitem(vm, self, OU_LIST(keys)->items[i]);
        if (!value || ou_setitem(vm, res, OU_LIST(keys)->items[i], value) < 0)
            ou_clear(vm, res);
        ou_xdecref(vm, value);
    }
    if (!keys)
        ou_clear(vm, res);
    ou_xdecref(vm, keys);
    return res;
}
FN(m_reduce)
{
    OuObj *state = ou_call_method(vm, args[0], OU_NAME(vm, __getstate__), 0);
    OuObj *items = state ? ou_call_method(vm, args[0], OU_NAME(vm, items), 0) : NULL,
          *it = items ? ou_iter(vm, items) : NULL;
    OuObj *res =
        it ? ou_tuple_pack(vm, 5, OU_TYPE_OBJ(vm, args[0]), OU_EMPTY_TUPLE(vm), state, OU_NONE(vm), it)
           : NULL;
    ou_xdecref(vm, state);
    ou_xdecref(vm, items);
    ou_xdecref(vm, it);
    return res;
}
FN(m_sizeof)
{
    return ou_int_u64(vm,
                      OU_TYPE_OF(vm, args[0])->face.size + ou_dict_sizeof(OU_DICT(args[0])) - sizeof(OuDict));
}
static const OuFn od_methods[] = {
    {"fromkeys(type, /, iterable, value=None)", m_fromkeys, OU_FN_CLASS,
     "New ordered dictionary with keys from iterable, all with value."},
    {"__sizeof__(self, /)", m_sizeof, 0, NULL},
    {"__reduce__(self, /)", m_reduce, 0, "Return state information for pickling"},
    {"setdefault(self, /, key, default=None)", m_setdefault, 0,
     "The value of key, which is inserted with default if absent."},
    {"pop(self, /, key, default=<unrepresentable>)", m_pop, 0,
     "Removes key and returns its value; absent: default if given, else KeyError."},
    {"popitem(self, /, last=True)", m_popitem, 0,
     "Removes and returns the last (or first) (key, value) pair."},
    {"keys(self, /)", m_keys, 0, NULL},
    {"values(self, /)", m_values, 0, NULL},
    {"items(self, /)", m_items, 0, NULL},
    {"update(...)", m_update, OU_FN_RAW, NULL},
    {"clear(self, /)", m_clear, 0, "od.clear() -> None.  Remove all items from od."},
    {"copy(self, /)", m_copy, 0, "od.copy() -> a shallow copy of od"},
    {"__reversed__(self, /)", m_reversed, 0, "od.__reversed__() <==> reversed(od)"},
    {"move_to_end(self, /, key, last=True)", m_move_to_end, 0,
     "Moves an existing key to the end (or the beginning if last is false); KeyError if it is absent."},
    {0},
};
static const OuGetSet od_getset[] = {
    {"__dict__", ou_inst_dict_attr, ou_inst_set_dict_attr, NULL, NULL},
    {0},
};
const OuTypeSpec ou_odict_spec = {
    .name = "collections.OrderedDict",
    .size = sizeof(ODict),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_WEAK | OU_TYPE_DICT | OU_TYPE_DEEP,
    .dict_off = offsetof(ODict, dict),
    .doc = "Dictionary that remembers insertion order",
    .dealloc = od_dealloc,
    .traverse = od_traverse,
    .clear = od_gc_clear,
    .s = {.repr = od_repr,
          .hash = ou_hash_unhashable,
          .compare = od_compare,
          .iter = od_iter,
          .new_ = od_new,
          .init = od_init,
          .nb = {[OU_NB_OR] = od_or, [OU_NB_INPLACE + OU_NB_OR] = od_ior},
          .setitem = od_setitem},
    .methods = od_methods,
    .getset = od_getset,
};
