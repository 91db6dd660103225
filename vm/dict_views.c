/* vm/dict_views.c - dict_keys, dict_items (set-like) and dict_values.  Subclasses of dict share them;
 * OrderedDict has its own, which follow its order. */
#include "dict_impl.h"

#define VIEW_DICT(o) (((OuDictView *)(o))->dict)

OuObj *ou_dict_view_new(OuVM *vm, uint32_t type, OuObj *dict)
{
    OuDictView *v = (OuDictView *)ou_new_gc(vm, type, sizeof *v);
    if (!v)
        return NULL;
    v->dict = ou_ref(OU_DICT(dict));
    ou_gc_track(&vm->heap, &v->hdr);
    return &v->hdr;
}
static void view_dealloc(OuVM *vm, OuObj *o)
{
    ou_xdecref(vm, VIEW_DICT(o));
    ou_free_object(vm, o);
}
static int view_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(VIEW_DICT(o));
    return 0;
}
static ou_ssize view_len(OuVM *vm, OuObj *o)
{
    return VIEW_DICT(o) ? (ou_ssize)VIEW_DICT(o)->used : 0;
}
static bool is_set_view(OuVM *vm, OuObj *o)
{
    return ou_isa(vm, o, dict_keys) || ou_isa(vm, o, dict_items);
}
static bool is_any_set(OuVM *vm, OuObj *o)
{
    return ou_isa(vm, o, set) || ou_isa(vm, o, frozenset);
}

static OuObj *view_repr(OuVM *vm, OuObj *o)
{
    int r = ou_repr_enter(vm, o);
    if (r != 0)
        return r > 0 ? ou_str_new(vm, "...", 3) : NULL;
    OuObj *list = ou_sequence_list(vm, o);
    OuObj *res = list ? ou_str_fmt(vm, "%s(%R)", OU_TYPE_NAME(vm, o), list) : NULL;
    ou_xdecref(vm, list);
    ou_repr_leave(vm, o);
    return res;
}

static int keys_contains(OuVM *vm, OuObj *o, OuObj *x)
{
    return VIEW_DICT(o) ? ou_dict_contains(vm, &VIEW_DICT(o)->hdr, x) : 0;
}
static int items_contains(OuVM *vm, OuObj *o, OuObj *x)
{
    if (!VIEW_DICT(o) || !ou_isa_tuple(vm, x) || OU_TUPLE(x)->n != 2)
        return 0;
    OuObj *found;
    int r = ou_dict_lookup(vm, &VIEW_DICT(o)->hdr, OU_TUPLE(x)->items[0], &found);
    if (r <= 0)
        return r;
    r = ou_compare_bool(vm, found, OU_TUPLE(x)->items[1], OU_CMP_EQ);
    ou_decref(vm, found);
    return r;
}
static int view_contains(OuVM *vm, OuObj *view, OuObj *x)
{
    return ou_isa(vm, view, dict_keys) ? keys_contains(vm, view, x) : items_contains(vm, view, x);
}

/* Every item of a is in b? */
static int all_in(OuVM *vm, OuObj *a, OuObj *b)
{
    OuObj *it = ou_iter(vm, a);
    if (!it)
        return -1;
    int ok = 1;
    OuObj *x;
    while (ok > 0 && (x = ou_next(vm, it))) {
        ok = ou_contains(vm, b, x);
        ou_decref(vm, x);
    }
    ou_decref(vm, it);
    return ou_err_occurred(vm) ? -1 : ok;
}
static OuObj *view_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if (!is_any_set(vm, b) && !is_set_view(vm, b))
        return ou_notimplemented(vm);
    ou_ssize na = ou_len(vm, a), nb = na < 0 ? -1 : ou_len(vm, b);
    if (nb < 0)
        return NULL;
    int ok = 0;
    switch (op) {
    case OU_CMP_NE:
    case OU_CMP_EQ:
        if (na == nb)
            ok = all_in(vm, a, b);
        if (op == OU_CMP_NE && ok >= 0)
            ok = !ok;
        break;
    case OU_CMP_LT:
    case OU_CMP_LE:
        if (op == OU_CMP_LT ? na < nb : na <= nb)
            ok = all_in(vm, a, b);
        break;
    default:
        if (op == OU_CMP_GT ? na > nb : na >= nb)
            ok = all_in(vm, b, a);
    }
    return ok < 0 ? NULL : ou_bool(vm, ok);
}

/* ---- set operations: a view may stand on either side, the result is a set ------------ */

/* A new set of a's items; the keys of a dict are not hashed again. */
static OuObj *set_of(OuVM *vm, OuObj *a)
{
    return ou_set_new(vm, ou_is(a, dict_keys) ? (OuObj *)VIEW_DICT(a) : a);
}
static OuObj *view_sub(OuVM *vm, OuObj *a, OuObj *b)
{
    OuObj *s = set_of(vm, a);
    if (!s)
        return NULL;
    OuObj *r = ou_call_method(vm, s, OU_NAME(vm, difference_update), 1, b);
    if (!r)
        ou_clear(vm, s);
    ou_xdecref(vm, r);
    return s;
}
static OuObj *view_or(OuVM *vm, OuObj *a, OuObj *b)
{
    OuObj *s = set_of(vm, a);
    if (s && ou_set_update(vm, s, b) < 0)
        ou_clear(vm, s);
    return s;
}
static OuObj *view_and(OuVM *vm, OuObj *a, OuObj *b)
{
    if (!is_set_view(vm, a)) {
        OuObj *t = a;
        a = b;
        b = t;
    }
    ou_ssize na = view_len(vm, a);
    if (ou_is(b, set) && na <= ou_set_len(b))
        return ou_call_method(vm, b, OU_NAME(vm, intersection), 1, a);
    if (is_set_view(vm, b) && view_len(vm, b) > na) {
        OuObj *t = a;
        a = b;
        b = t;
    }
    OuObj *s = ou_set_new(vm, NULL), *it = s ? ou_iter(vm, b) : NULL, *x;
    if (!it) {
        ou_xdecref(vm, s);
        return NULL;
    }
    while ((x = ou_next(vm, it))) {
        int r = view_contains(vm, a, x);
        if (r > 0)
            r = ou_set_add(vm, s, x);
        ou_decref(vm, x);
        if (r < 0 || ou_poll(vm) < 0)
            break;
    }
    ou_decref(vm, it);
    if (ou_err_occurred(vm))
        ou_clear(vm, s);
    return s;
}

/* Symmetric difference of two item views: pairs whose key or value differ, those of b after those of a. */
static OuObj *items_xor(OuVM *vm, OuObj *a, OuObj *b)
{
    OuObj *tmp = ou_dict_copy(vm, &VIEW_DICT(a)->hdr), *s = tmp ? ou_set_new(vm, NULL) : NULL;
    OuDict *d2 = VIEW_DICT(b);
    if (!s)
        goto fail;
    for (size_t ix = 0; ix < d2->nentries && d2->table; ix++) {
        OuObj **e = ou_dict_entry(d2, ix);
        if (!e[0])
            continue;
        OuObj *key = ou_ref(e[0]), *v2 = ou_ref(e[1]), *v1 = NULL;
        int64_t hash = ou_dict_entry_hash(d2, ix);
        ou_ssize at = ou_dict_find(vm, OU_DICT(tmp), key, hash);
        int r = at == -2 ? -1 : 0, same = 0;
        if (at >= 0) {
            v1 = ou_ref(*ou_dict_value_slot(OU_DICT(tmp), (size_t)at));
            same = r = ou_compare_bool(vm, v1, v2, OU_CMP_EQ);
        }
        if (r > 0) {
            OuObj *gone = NULL;
            r = ou_dict_pop(vm, tmp, key, &gone);
            ou_xdecref(vm, gone);
        } else if (r == 0 && !same) {
            OuObj *pair = ou_tuple_pack(vm, 2, key, v2);
            r = pair ? ou_set_add(vm, s, pair) : -1;
            ou_xdecref(vm, pair);
        }
        ou_decref(vm, key);
        ou_decref(vm, v2);
        ou_xdecref(vm, v1);
        if (r < 0)
            goto fail;
    }
    OuObj *rest = ou_dict_view_new(vm, OU_T_dict_items, tmp);
    if (!rest || ou_set_update(vm, s, rest) < 0) {
        ou_xdecref(vm, rest);
        goto fail;
    }
    ou_decref(vm, rest);
    ou_decref(vm, tmp);
    return s;
fail:
    ou_xdecref(vm, tmp);
    ou_xdecref(vm, s);
    return NULL;
}
static OuObj *view_xor(OuVM *vm, OuObj *a, OuObj *b)
{
    if (ou_is(a, dict_items) && ou_is(b, dict_items))
        return items_xor(vm, a, b);
    OuObj *s = set_of(vm, a);
    if (!s)
        return NULL;
    OuObj *r = ou_call_method(vm, s, OU_NAME(vm, symmetric_difference_update), 1, b);
    if (!r)
        ou_clear(vm, s);
    ou_xdecref(vm, r);
    return s;
}

static OuObj *view_isdisjoint(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a = args[0], *b = args[1];
    if (a == b)
        return ou_bool(vm, view_len(vm, a) == 0);
    if (is_any_set(vm, b) || is_set_view(vm, b)) {
        ou_ssize na = view_len(vm, a), nb = ou_len(vm, b);
        if (nb < 0)
            return NULL;
        if (nb > na) {
            OuObj *t = a;
            a = b;
            b = t;
        }
    }
    OuObj *it = ou_iter(vm, b), *x;
    if (!it)
        return NULL;
    int found = 0;
    while (found == 0 && (x = ou_next(vm, it))) {
        found = ou_contains(vm, a, x);
        ou_decref(vm, x);
    }
    ou_decref(vm, it);
    return ou_err_occurred(vm) ? NULL : ou_bool(vm, !found);
}

static OuObj *view_reversed(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *v = args[0];
    uint32_t t = ou_isa(vm, v, dict_keys)     ? OU_T_dict_revkeyiter
                 : ou_isa(vm, v, dict_values) ? OU_T_dict_revvalueiter
                                              : OU_T_dict_revitemiter;
    return ou_dict_iter_new(vm, t, VIEW_DICT(v));
}
static OuObj *keys_iter(OuVM *vm, OuObj *o)
{
    return ou_dict_iter_new(vm, OU_T_dict_keyiter, VIEW_DICT(o));
}
static OuObj *values_iter(OuVM *vm, OuObj *o)
{
    return ou_dict_iter_new(vm, OU_T_dict_valueiter, VIEW_DICT(o));
}
static OuObj *items_iter(OuVM *vm, OuObj *o)
{
    return ou_dict_iter_new(vm, OU_T_dict_itemiter, VIEW_DICT(o));
}
static OuObj *view_mapping(OuVM *vm, OuObj *self, void *data)
{
    return ou_call1(vm, (OuObj *)OU_EXC(vm, mappingproxy), &VIEW_DICT(self)->hdr);
}

static const OuGetSet view_getset[] = {
    {"mapping", view_mapping, NULL, "dictionary that this view refers to", NULL},
    {0},
};
static const OuFn set_view_methods[] = {
    {"isdisjoint(self, other, /)", view_isdisjoint, 0, "True if the view and other have no item in common."},
    {"__reversed__(self, /)", view_reversed, 0, "Iterator from the newest entry to the oldest."},
    {0},
};
static const OuFn values_methods[] = {
    {"__reversed__(self, /)", view_reversed, 0, "Iterator from the newest entry to the oldest."},
    {0},
};

#define SET_VIEW_SLOTS(iterfn, containsfn)                                                                  \
    {                                                                                                       \
        .repr = view_repr, .hash = ou_hash_unhashable, .compare = view_compare, .iter = iterfn,             \
        .nb =                                                                                               \
            {[OU_NB_SUB] = view_sub, [OU_NB_AND] = view_and, [OU_NB_OR] = view_or, [OU_NB_XOR] = view_xor}, \
        .len = view_len, .contains = containsfn                                                             \
    }
#define DICT_VIEW(var, pyname, method_table, ...) \
    const OuTypeSpec var = {                      \
        .name = pyname,                           \
        .size = sizeof(OuDictView),               \
        .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,     \
        .dealloc = view_dealloc,                  \
        .traverse = view_traverse,                \
        .s = __VA_ARGS__,                         \
        .methods = method_table,                  \
        .getset = view_getset,                    \
    }
DICT_VIEW(ou_dict_keys_spec, "dict_keys", set_view_methods, SET_VIEW_SLOTS(keys_iter, keys_contains));
DICT_VIEW(ou_dict_items_spec, "dict_items", set_view_methods, SET_VIEW_SLOTS(items_iter, items_contains));
DICT_VIEW(ou_dict_values_spec, "dict_values", values_methods,
          {.repr = view_repr, .iter = values_iter, .len = view_len});
