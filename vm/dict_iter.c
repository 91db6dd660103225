/* vm/dict_iter.c - iterators over a dict's keys, values and items, forward and reversed.
 *
 * As CPython's: "changed size" is told by the number of entries; after the last expected entry a further one
 * means that entries moved ("keys changed").  An exhausted iterator has let go of its dict. */
#include "dict_impl.h"

OuObj *ou_dict_iter_new(OuVM *vm, uint32_t type, OuDict *dict)
{
    OuDictIter *it = (OuDictIter *)ou_new_gc(vm, type, sizeof *it);
    if (!it)
        return NULL;
    it->dict = ou_ref(dict);
    it->result = NULL;
    it->used = it->left = dict->used;
    it->pos = type >= OU_T_dict_revkeyiter ? (ou_ssize)dict->nentries - 1 : 0;
    if (type == OU_T_dict_itemiter || type == OU_T_dict_revitemiter) {
        it->result = ou_tuple_new(vm, 2);
        if (!it->result) {
            ou_decref(vm, it);
            return NULL;
        }
        OU_TUPLE(it->result)->items[0] = ou_none(vm);
        OU_TUPLE(it->result)->items[1] = ou_none(vm);
    }
    ou_gc_track(&vm->heap, &it->hdr);
    return &it->hdr;
}

static void iter_dealloc(OuVM *vm, OuObj *o)
{
    OuDictIter *it = (OuDictIter *)o;
    ou_xdecref(vm, it->dict);
    ou_xdecref(vm, it->result);
    ou_free_object(vm, o);
}
static int iter_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OuDictIter *it = (OuDictIter *)o;
    OU_VISIT(it->dict);
    OU_VISIT(it->result);
    return 0;
}

/* The next entry or NULL (exhausted or error). */
static inline OuObj **advance(OuVM *vm, OuDictIter *it, bool reverse)
{
    OuDict *d = it->dict;
    if (!d)
        return NULL;
    if (it->used != d->used) {
        it->used = UINT32_MAX;
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "dictionary changed size during iteration");
    }
    OuObj **e;
    if (reverse) {
        if (it->pos >= (ou_ssize)d->nentries)
            it->pos = (ou_ssize)d->nentries - 1;
        do {
            if (it->pos < 0 || !d->table)
                goto end;
            e = ou_dict_entry(d, (size_t)it->pos--);
        } while (!e[0]);
    } else {
        do {
            if (it->pos >= (ou_ssize)d->nentries)
                goto end;
            e = ou_dict_entry(d, (size_t)it->pos++);
        } while (!e[0]);
        if (it->left == 0) {
            ou_raise(vm, OU_EXC(vm, RuntimeError), "dictionary keys changed during iteration");
            goto end;
        }
    }
    it->left--;
    return e;
end:
    it->dict = NULL;
    ou_decref(vm, d);
    return NULL;
}

static OuObj *pair(OuVM *vm, OuDictIter *it, OuObj **e)
{
    ou_incref(e[0]);
    ou_incref(e[1]);
    return ou_pair_reuse(vm, it->result, e[0], e[1]);
}
static OuObj *next_key(OuVM *vm, OuObj *o)
{
    OuObj **e = advance(vm, (OuDictIter *)o, false);
    return e ? ou_ref(e[0]) : NULL;
}
static OuObj *next_value(OuVM *vm, OuObj *o)
{
    OuObj **e = advance(vm, (OuDictIter *)o, false);
    return e ? ou_ref(e[1]) : NULL;
}
static OuObj *next_item(OuVM *vm, OuObj *o)
{
    OuObj **e = advance(vm, (OuDictIter *)o, false);
    return e ? pair(vm, (OuDictIter *)o, e) : NULL;
}
static OuObj *prev_key(OuVM *vm, OuObj *o)
{
    OuObj **e = advance(vm, (OuDictIter *)o, true);
    return e ? ou_ref(e[0]) : NULL;
}
static OuObj *prev_value(OuVM *vm, OuObj *o)
{
    OuObj **e = advance(vm, (OuDictIter *)o, true);
    return e ? ou_ref(e[1]) : NULL;
}
static OuObj *prev_item(OuVM *vm, OuObj *o)
{
    OuObj **e = advance(vm, (OuDictIter *)o, true);
    return e ? pair(vm, (OuDictIter *)o, e) : NULL;
}

static OuObj *length_hint(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuDictIter *it = (OuDictIter *)args[0];
    return ou_int(vm, it->dict && it->used == it->dict->used ? it->left : 0);
}
/* (iter, ([rest],)): the rest is taken from a copy. */
static OuObj *reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuDictIter *it = (OuDictIter *)args[0];
    OuDictIter *copy = (OuDictIter *)ou_new_gc(vm, ou_type_index(args[0]), sizeof *copy);
    if (!copy)
        return NULL;
    OuObj hdr = copy->hdr;
    *copy = *it;
    copy->hdr = hdr;
    ou_xincref(copy->dict);
    ou_xincref(copy->result);
    ou_gc_track(&vm->heap, &copy->hdr);
    OuObj *list = ou_sequence_list(vm, &copy->hdr);
    ou_decref(vm, copy);
    return list ? ou_reduce1_take(vm, ou_builtin_get(vm, "iter"), list) : NULL;
}
static const OuFn iter_methods[] = {
    OU_ITER_HINT_ROW(length_hint),
    OU_ITER_REDUCE_ROW(reduce),
    {0},
};

#define DICT_ITER(var, pyname, nextfn)               \
    const OuTypeSpec var = {                         \
        .name = pyname,                              \
        .size = sizeof(OuDictIter),                  \
        .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,        \
        .dealloc = iter_dealloc,                     \
        .traverse = iter_traverse,                   \
        .s = {.iter = ou_self_iter, .next = nextfn}, \
        .methods = iter_methods,                     \
    }
DICT_ITER(ou_dict_keyiter_spec, "dict_keyiterator", next_key);
DICT_ITER(ou_dict_valueiter_spec, "dict_valueiterator", next_value);
DICT_ITER(ou_dict_itemiter_spec, "dict_itemiterator", next_item);
DICT_ITER(ou_dict_revkeyiter_spec, "dict_reversekeyiterator", prev_key);
DICT_ITER(ou_dict_revvalueiter_spec, "dict_reversevalueiterator", prev_value);
DICT_ITER(ou_dict_revitemiter_spec, "dict_reverseitemiterator", prev_item);
