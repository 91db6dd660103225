/* vm/dict_merge.c - dict.update, dict(...), |=, {**a} and f(**a): merging of mappings and of pairs. */
#include "dict_impl.h"

/* From a dict whose iteration is the built-in one. */
static int merge_dict(OuVM *vm, OuDict *d, OuDict *src, int override)
{
    if (d == src || src->used == 0)
        return 0;
    if (d->used == 0 && d->cap == 0 && !d->table)
        return ou_dict_clone_table(vm, d, src);
    if (d->used == 0)
        override = 1;
    if (ou_dict_usable(d->log2_index) < src->used && ou_dict_reserve(vm, d, (size_t)d->used + src->used) < 0)
        return -1;
    uint32_t n = src->nentries;
    void *table = src->table;
    for (size_t ix = 0; ix < n; ix++) {
        OuObj **e = ou_dict_entry(src, ix);
        if (!e[0])
            continue;
        OuObj *key = ou_ref(e[0]), *value = ou_ref(e[1]);
        int64_t hash = ou_dict_entry_hash(src, ix);
        int r = 0;
        ou_ssize at = ou_dict_find(vm, d, key, hash);
        if (at == -2) {
            r = -1;
        } else if (at == -1) {
            r = ou_dict_insert_new(vm, d, key, hash, value);
        } else if (override == 1) {
            ou_dict_replace(vm, d, (size_t)at, value);
        } else if (override == 2) {
            ou_raise_key(vm, key);
            r = -1;
        }
        ou_decref(vm, key);
        ou_decref(vm, value);
        if (r < 0)
            return -1;
        if (src->nentries != n || src->table != table)
            return ou_raise_i(vm, OU_EXC(vm, RuntimeError), "dict mutated during update");
    }
    return 0;
}

/* An iterator over o.keys(), with CPython's text for a bad result. */
static OuObj *keys_iter(OuVM *vm, OuObj *o)
{
    OuObj *keys = ou_call_method(vm, o, OU_NAME(vm, keys), 0);
    if (!keys)
        return NULL;
    OuObj *it = ou_iter(vm, keys);
    if (!it && ou_err_is(vm, OU_EXC(vm, TypeError))) {
        ou_err_clear(vm);
        ou_type_error(vm, "%s.keys() returned a non-iterable (type %s)", OU_TYPE_NAME(vm, o),
                      OU_TYPE_NAME(vm, keys));
    }
    ou_decref(vm, keys);
    if (!it)
        return NULL;
    OuObj *list = ou_sequence_list(vm, it);
    ou_decref(vm, it);
    if (!list)
        return NULL;
    it = ou_iter(vm, list);
    ou_decref(vm, list);
    return it;
}

static int merge_mapping(OuVM *vm, OuObj *d, OuObj *src, int override)
{
    OuObj *it = keys_iter(vm, src);
    if (!it)
        return -1;
    OuObj *key;
    while ((key = ou_next(vm, it))) {
        int r = 0;
        if (override != 1) {
            r = ou_dict_contains(vm, d, key);
            if (r > 0 && override == 0) {
                ou_decref(vm, key);
                continue;
            }
            if (r > 0) {
                ou_raise_key(vm, key);
                r = -1;
            }
        }
        OuObj *value = r < 0 ? NULL : ou_getitem(vm, src, key);
        r = value ? ou_dict_set(vm, d, key, value) : -1;
        ou_decref(vm, key);
        ou_xdecref(vm, value);
        if (r < 0 || ou_poll(vm) < 0) {
            ou_decref(vm, it);
            return -1;
        }
    }
    ou_decref(vm, it);
    return ou_err_occurred(vm) ? -1 : 0;
}

int ou_dict_merge(OuVM *vm, OuObj *d, OuObj *src, int override)
{
    if (ou_is(src, dict) ||
        (ou_isa_dict(vm, src) && OU_TYPE_OF(vm, src)->s.iter == vm->builtin[OU_T_dict].s.iter))
        return merge_dict(vm, OU_DICT(d), OU_DICT(src), override);
    return merge_mapping(vm, d, src, override);
}

static int merge_pairs(OuVM *vm, OuObj *d, OuObj *pairs)
{
    OuObj *it = ou_iter(vm, pairs);
    if (!it)
        return -1;
    OuObj *item;
    for (ou_ssize i = 0; (item = ou_next(vm, it)); i++) {
        OuObj *fast = ou_sequence_fast(vm, item, "");
        int r = -1;
        if (!fast) {
            if (ou_err_is(vm, OU_EXC(vm, TypeError))) {
                ou_err_clear(vm);
                ou_type_error(vm, "cannot convert dictionary update sequence element #%zd to a sequence", i);
            }
        } else {
            size_t n = ou_is(fast, list)       ? OU_LIST(fast)->n
                       : ou_isa_list(vm, fast) ? OU_LIST(fast)->n
                                               : OU_TUPLE(fast)->n;
            OuObj **items = ou_isa_list(vm, fast) ? OU_LIST(fast)->items : OU_TUPLE(fast)->items;
            if (n != 2) {
                ou_value_error(vm, "dictionary update sequence element #%zd has length %zd; 2 is required", i,
                               (ou_ssize)n);
            } else {
                OuObj *key = ou_ref(items[0]), *value = ou_ref(items[1]);
                r = ou_dict_set(vm, d, key, value);
                ou_decref(vm, key);
                ou_decref(vm, value);
            }
            ou_decref(vm, fast);
        }
        ou_decref(vm, item);
        if (r < 0 || ou_poll(vm) < 0) {
            ou_decref(vm, it);
            return -1;
        }
    }
    ou_decref(vm, it);
    return ou_err_occurred(vm) ? -1 : 0;
}

int ou_dict_update(OuVM *vm, OuObj *d, OuObj *arg)
{
    if (ou_is(arg, dict))
        return ou_dict_merge(vm, d, arg, 1);
    OuObj *keys;
    int r = ou_lookup_attr(vm, arg, OU_NAME(vm, keys), &keys);
    if (r < 0)
        return -1;
    if (r == 0)
        return merge_pairs(vm, d, arg);
    ou_decref(vm, keys);
    return ou_dict_merge(vm, d, arg, 1);
}

int ou_dict_update_args(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames,
                        const char *name)
{
    if (nargs > 1)
        return ou_type_error_i(vm, "%s expected at most 1 argument, got %zu", name, nargs);
    if (nargs == 1 && ou_dict_update(vm, self, args[0]) < 0)
        return -1;
    size_t n = kwnames ? OU_TUPLE(kwnames)->n : 0;
    for (size_t i = 0; i < n; i++) {
        OuObj *key = OU_TUPLE(kwnames)->items[i];
        if (!ou_isa_str(vm, key))
            return ou_type_error_i(vm, "keywords must be strings");
        if (ou_dict_set(vm, self, key, args[nargs + i]) < 0)
            return -1;
    }
    return 0;
}
