/* vm/dict_methods.c - the type dict: methods, operators, repr, comparison. */
#include "dict_impl.h"
#include "generic_alias.h"
#include "set_impl.h"

/* ---- life ------------------------------------------------------------------------ */

static OuObj *dict_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (type == OU_EXC(vm, dict))
        return ou_dict_new(vm);
    OuObj *o = ou_type_alloc(vm, type, 0);
    if (o)
        ou_dict_init(OU_DICT(o));
    return o;
}
static int dict_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_dict_update_args(vm, self, args, nargs, kwnames, "dict");
}
static void dict_dealloc(OuVM *vm, OuObj *o)
{
    ou_dict_clear(vm, o);
    ou_free_object(vm, o);
}
static int dict_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OuDict *d = OU_DICT(o);
    if (!d->table)
        return 0;
    bool keys = d->kind != OU_DICT_STR;
    for (size_t ix = 0; ix < d->nentries; ix++) {
        OuObj **e = ou_dict_entry(d, ix);
        if (!e[0])
            continue;
        if (keys)
            OU_VISIT(e[0]);
        OU_VISIT(e[1]);
    }
    return 0;
}

/* ---- slots ----------------------------------------------------------------------- */

static OuObj *dict_repr(OuVM *vm, OuObj *o)
{
    OuDict *d = OU_DICT(o);
    int r = ou_repr_enter(vm, o);
    if (r != 0)
        return r > 0 ? ou_str_new(vm, "{...}", 5) : NULL;
    if (d->used == 0) {
        ou_repr_leave(vm, o);
        return ou_str_new(vm, "{}", 2);
    }
    OuStrBuf b;
    ou_strbuf_init(&b, vm);
    OuObj *res = NULL, *key = NULL, *value = NULL, *s = NULL;
    size_t pos = 0;
    bool first = true;
    if (ou_strbuf_char(&b, '{') < 0)
        goto done;
    while (ou_dict_next(d, &pos, &key, &value)) {
        ou_incref(key);
        ou_incref(value);
        int bad = !first && ou_strbuf_ascii(&b, ", ", 2) < 0;
        first = false;
        if (!bad)
            bad = !(s = ou_repr(vm, key)) || ou_strbuf_str(&b, s) < 0;
        ou_clear(vm, s);
        if (!bad)
            bad = ou_strbuf_ascii(&b, ": ", 2) < 0;
        if (!bad)
            bad = !(s = ou_repr(vm, value)) || ou_strbuf_str(&b, s) < 0;
        ou_clear(vm, s);
        ou_decref(vm, key);
        ou_decref(vm, value);
        if (bad)
            goto done;
    }
    if (ou_strbuf_char(&b, '}') == 0)
        res = ou_strbuf_take(&b);
done:
    ou_strbuf_free(&b);
    ou_repr_leave(vm, o);
    return res;
}

static int dict_equal(OuVM *vm, OuDict *a, OuDict *b)
{
    if (a->used != b->used)
        return 0;
    for (size_t ix = 0; ix < a->nentries && a->table; ix++) {
        OuObj **e = ou_dict_entry(a, ix);
        if (!e[0])
            continue;
        OuObj *key = ou_ref(e[0]), *va = ou_ref(e[1]), *vb = NULL;
        ou_ssize at = ou_dict_find(vm, b, key, ou_dict_entry_hash(a, ix));
        int eq = at == -2 ? -1 : 0;
        if (at >= 0) {
            vb = ou_ref(*ou_dict_value_slot(b, (size_t)at));
            eq = ou_compare_bool(vm, va, vb, OU_CMP_EQ);
        }
        ou_decref(vm, key);
        ou_decref(vm, va);
        ou_xdecref(vm, vb);
        if (eq <= 0)
            return eq;
    }
    return 1;
}
static OuObj *dict_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if ((op != OU_CMP_EQ && op != OU_CMP_NE) || !ou_isa_dict(vm, a) || !ou_isa_dict(vm, b))
        return ou_notimplemented(vm);
    int eq = dict_equal(vm, OU_DICT(a), OU_DICT(b));
    return eq < 0 ? NULL : ou_bool(vm, eq == (op == OU_CMP_EQ));
}

static ou_ssize dict_len(OuVM *vm, OuObj *o)
{
    return OU_DICT(o)->used;
}

static OuObj *dict_getitem(OuVM *vm, OuObj *o, OuObj *key)
{
    OuDict *d = OU_DICT(o);
    int64_t hash;
    if (ou_hash_quick(vm, key, &hash) < 0)
        return NULL;
    ou_ssize ix = ou_dict_find(vm, d, key, hash);
    if (ix >= 0)
        return ou_ref(*ou_dict_value_slot(d, (size_t)ix));
    if (ix == -2)
        return NULL;
    if (!ou_is(o, dict)) {
        OuObj *missing;
        int r = ou_lookup_special(vm, o, OU_NAME(vm, __missing__), &missing);
        if (r < 0)
            return NULL;
        if (r) {
            OuObj *res = ou_call1(vm, missing, key);
            ou_decref(vm, missing);
            return res;
        }
    }
    return ou_raise_key(vm, key);
}
static int dict_setitem(OuVM *vm, OuObj *o, OuObj *key, OuObj *value)
{
    return value ? ou_dict_set(vm, o, key, value) : ou_dict_del(vm, o, key);
}
static OuObj *dict_iter(OuVM *vm, OuObj *o)
{
    return ou_dict_iter_new(vm, OU_T_dict_keyiter, OU_DICT(o));
}
static OuObj *dict_or(OuVM *vm, OuObj *a, OuObj *b)
{
    if (!ou_isa_dict(vm, a) || !ou_isa_dict(vm, b))
        return ou_notimplemented(vm);
    OuObj *d = ou_dict_copy(vm, a);
    if (d && ou_dict_update(vm, d, b) < 0)
        ou_clear(vm, d);
    return d;
}
static OuObj *dict_ior(OuVM *vm, OuObj *a, OuObj *b)
{
    return ou_dict_update(vm, a, b) < 0 ? NULL : ou_ref(a);
}

/* ---- methods ----------------------------------------------------------------------- */

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

FN(m_contains)
{
    int r = ou_dict_contains(vm, args[0], args[1]);
    return r < 0 ? NULL : ou_bool(vm, r);
}
FN(m_getitem)
{
    return dict_getitem(vm, args[0], args[1]);
}
FN(m_sizeof)
{
    size_t own = OU_TYPE_OF(vm, args[0])->face.size;
    return ou_int_u64(vm, ou_dict_sizeof(OU_DICT(args[0])) - sizeof(OuDict) + own);
}
FN(m_get)
{
    OuObj *v;
    int r = ou_dict_lookup(vm, args[0], args[1], &v);
    if (r)
        return r < 0 ? NULL : v;
    return args[2] ? ou_ref(args[2]) : ou_none(vm);
}
FN(m_setdefault)
{
    OuObj *v = ou_dict_setdefault(vm, args[0], args[1], args[2] ? args[2] : OU_NONE(vm));
    return v ? ou_ref(v) : NULL;
}
FN(m_pop)
{
    OuObj *v;
    /* dictobject.c: the key of an empty dict is not hashed. */
    int r = OU_DICT(args[0])->used ? ou_dict_pop(vm, args[0], args[1], &v) : 0;
    if (r)
        return r < 0 ? NULL : v;
    if (args[2])
        return ou_ref(args[2]);
    return ou_raise_key(vm, args[1]);
}
FN(m_popitem)
{
    OuDict *d = OU_DICT(args[0]);
    if (d->used == 0)
        return ou_raise(vm, OU_EXC(vm, KeyError), "popitem(): dictionary is empty");
    OuObj *res = ou_tuple_new(vm, 2);
    if (!res)
        return NULL;
    size_t ix = d->nentries - 1;
    while (!*ou_dict_entry(d, ix))
        ix--;
    ou_dict_unlink(d, ix, &OU_TUPLE(res)->items[0], &OU_TUPLE(res)->items[1]);
    d->nentries = (uint32_t)ix;
    return res;
}
FN(m_keys)
{
    return ou_dict_view_new(vm, OU_T_dict_keys, args[0]);
}
FN(m_items)
{
    return ou_dict_view_new(vm, OU_T_dict_items, args[0]);
}
FN(m_values)
{
    return ou_dict_view_new(vm, OU_T_dict_values, args[0]);
}
FN(m_update)
{
    ou_hold(args + 1, nargs - 1);
    int r = ou_dict_update_args(vm, args[0], args + 1, nargs - 1, kwnames, "update");
    ou_unhold(vm, args + 1, nargs - 1);
    return r < 0 ? NULL : ou_none(vm);
}
FN(m_clear)
{
    ou_dict_clear(vm, args[0]);
    return ou_none(vm);
}
FN(m_copy)
{
    return ou_dict_copy(vm, args[0]);
}
FN(m_reversed)
{
    return ou_dict_iter_new(vm, OU_T_dict_revkeyiter, OU_DICT(args[0]));
}
FN(m_fromkeys)
{
    OuObj *value = args[2] ? args[2] : OU_NONE(vm);
    OuObj *d = ou_call0(vm, args[0]), *it = NULL, *key = NULL;
    if (!d)
        return NULL;
    bool plain = ou_is(d, dict);
    if (plain && OU_DICT(d)->used == 0) {
        ou_ssize n = ou_is(args[1], dict)                               ? (ou_ssize)OU_DICT(args[1])->used
                     : ou_is(args[1], set) || ou_is(args[1], frozenset) ? ou_set_len(args[1])
                                                                        : 0;
        if (ou_dict_reserve(vm, OU_DICT(d), (size_t)n) < 0)
            goto fail;
    }
    if (plain && (ou_is(args[1], set) || ou_is(args[1], frozenset))) { /* hashes are known */
        size_t place = 0;
        for (OuSetEntry *e; (e = ou_set_walk((OuSet *)args[1], &place));) {
            OuObj *k = ou_ref(e->key);
            int r = ou_dict_set_hash(vm, OU_DICT(d), k, e->hash, value);
            ou_decref(vm, k);
            if (r < 0)
                goto fail;
        }
        return d;
    }
    if (!(it = ou_iter(vm, args[1])))
        goto fail;
    while ((key = ou_next(vm, it))) {
        int r = plain ? ou_dict_set(vm, d, key, value) : ou_setitem(vm, d, key, value);
        ou_decref(vm, key);
        if (r < 0 || ou_poll(vm) < 0)
            goto fail;
    }
    if (ou_err_occurred(vm))
        goto fail;
    ou_decref(vm, it);
    return d;
fail:
    ou_xdecref(vm, it);
    ou_decref(vm, d);
    return NULL;
}

static const OuFn dict_methods[] = {
    {"__contains__(self, key, /)", m_contains, OU_FN_COEXIST, "Is key among the keys?"},
    {"__getitem__(self, key, /)", m_getitem, OU_FN_COEXIST, "The value of key."},
    {"__sizeof__(self, /)", m_sizeof, 0, "Size in memory, in bytes."},
    {"get(self, key, default=None, /)", m_get, 0, "The value of key if present, else default."},
    {"setdefault(self, key, default=None, /)", m_setdefault, 0,
     "The value of key, which is inserted with default if absent."},
    {"pop(self, key, default=<unrepresentable>, /)", m_pop, 0,
     "Removes key and returns its value; absent: default if given, else KeyError."},
    {"popitem(self, /)", m_popitem, 0,
     "Removes and returns the newest (key, value) pair; KeyError if empty."},
    {"keys(self, /)", m_keys, 0, "A set-like view of the keys."},
    {"items(self, /)", m_items, 0, "A set-like view of the (key, value) pairs."},
    {"values(self, /)", m_values, 0, "A view of the values."},
    {"update(...)", m_update, OU_FN_RAW,
     "Takes keys and values over from a mapping or pairs, then from keyword arguments."},
    {"fromkeys(type, iterable, value=None, /)", m_fromkeys, OU_FN_CLASS,
     "New dictionary with keys from iterable, all with value."},
    {"clear(self, /)", m_clear, 0, "Removes all items."},
    {"copy(self, /)", m_copy, 0, "A shallow copy."},
    {"__reversed__(self, /)", m_reversed, 0, "Iterator over the keys, newest first."},
    {"__class_getitem__(type, item, /)", ou_fn_class_getitem, OU_FN_CLASS, "See PEP 585"},
    {0},
};

const OuTypeSpec ou_dict_spec = {
    .name = "dict",
    .size = sizeof(OuDict),
    .flags =
        OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_MAPPING | OU_TYPE_DEEP | OU_TYPE_MATCH_SELF | OU_TYPE_DICT_SUB,
    .doc = "dict() -> new empty dictionary\n"
           "dict(mapping), dict(pairs) -> new dictionary with their items\n"
           "dict(**kwargs) -> new dictionary of the keyword arguments, which may follow a mapping or pairs",
    .dealloc = dict_dealloc,
    .traverse = dict_traverse,
    .clear = ou_dict_clear,
    .s = {.repr = dict_repr,
          .hash = ou_hash_unhashable,
          .compare = dict_compare,
          .iter = dict_iter,
          .new_ = dict_new,
          .init = dict_init,
          .nb = {[OU_NB_OR] = dict_or, [OU_NB_INPLACE + OU_NB_OR] = dict_ior},
          .len = dict_len,
          .getitem = dict_getitem,
          .setitem = dict_setitem,
          .contains = ou_dict_contains},
    .methods = dict_methods,
};
