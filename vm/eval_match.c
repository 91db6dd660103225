/* vm/eval_match.c - structural pattern matching (PEP 634): class, mapping keys, rest. */
#include "err.h"
#include "eval_ops.h"
#include "native.h"

OuObj *ou_op_match_keys(OuVM *vm, OuObj *subject, OuObj *keys)
{
    size_t n = OU_TUPLE(keys)->n;
    OuObj *values = ou_tuple_new(vm, n), *seen = NULL, *get = NULL, *missing = NULL;
    if (!values || !n)
        return values;
    seen = ou_set_new(vm, NULL);
    missing = ou_call0(vm, (OuObj *)&vm->builtin[OU_T_object]);
    get = missing && seen ? ou_getattr(vm, subject, OU_NAME(vm, get)) : NULL;
    if (!get)
        goto fail;
    for (size_t i = 0; i < n; i++) {
        OuObj *key = OU_TUPLE(keys)->items[i];
        int r = ou_set_contains(vm, seen, key);
        if (r > 0)
            ou_value_error(vm, "mapping pattern checks duplicate key (%R)", key);
        if (r || ou_set_add(vm, seen, key) < 0)
            goto fail;
        /* get(key, sentinel): a defaultdict must not grow */
        OuObj *v = ou_call2(vm, get, key, missing);
        if (!v)
            goto fail;
        if (v == missing) {
            ou_decref(vm, v);
            ou_decref(vm, values);
            values = ou_none(vm);
            break;
        }
        OU_TUPLE(values)->items[i] = v;
    }
    goto done;
fail:
    ou_clear(vm, values);
done:
    ou_xdecref(vm, seen);
    ou_xdecref(vm, get);
    ou_xdecref(vm, missing);
    return values;
}

/* Appends attribute `name` of subject: 1, 0 absent, -1. A name may be matched once. */
static int match_attr(OuVM *vm, OuObj *subject, OuObj *cls, OuObj *name, OuObj *seen, OuObj *list)
{
    int r = ou_set_contains(vm, seen, name);
    if (r > 0)
        return ou_type_error_i(vm, "%N() got multiple sub-patterns for attribute %R", OU_AS_TYPE(cls), name);
    if (r < 0 || ou_set_add(vm, seen, name) < 0)
        return -1;
    OuObj *v;
    r = ou_lookup_attr(vm, subject, name, &v);
    if (r > 0 && ou_list_append_take(vm, list, v) < 0)
        return -1;
    return r;
}

OuObj *ou_op_match_class(OuVM *vm, OuObj *subject, OuObj *cls, OuObj *names, size_t npos)
{
    if (!ou_isa_type(vm, cls))
        return ou_type_error(vm, "called match pattern must be a type");
    int r = ou_isinstance(vm, subject, cls);
    if (r <= 0)
        return r < 0 ? NULL : ou_none(vm);
    OuObj *seen = ou_set_new(vm, NULL), *list = ou_list_new(vm, 0), *match_args = NULL, *res = NULL;
    bool match_self = false;
    if (!seen || !list)
        goto done;
    if (npos) {
        r = ou_lookup_attr(vm, cls, OU_NAME(vm, __match_args__), &match_args);
        if (r < 0)
            goto done;
        if (r && !ou_is(match_args, tuple)) {
            ou_type_error(vm, "%N.__match_args__ must be a tuple (got %T)", OU_AS_TYPE(cls), match_args);
            goto done;
        }
        if (!r)
            match_self = (OU_AS_TYPE(cls)->flags & OU_TYPE_MATCH_SELF) != 0;
        size_t allowed = match_self ? 1 : match_args ? OU_TUPLE(match_args)->n : 0;
        if (allowed < npos) {
            ou_type_error(vm, "%N() accepts %zu positional sub-pattern%s (%zu given)", OU_AS_TYPE(cls),
                          allowed, allowed == 1 ? "" : "s", npos);
            goto done;
        }
        if (match_self) {
            if (ou_list_append(vm, list, subject) < 0)
                goto done;
        } else {
            for (size_t i = 0; i < npos; i++) {
                OuObj *name = OU_TUPLE(match_args)->items[i];
                if (!ou_is(name, str)) {
                    ou_type_error(vm, "__match_args__ elements must be strings (got %T)", name);
                    goto done;
                }
                r = match_attr(vm, subject, cls, name, seen, list);
                if (r <= 0) {
                    res = r < 0 ? NULL : ou_none(vm);
                    goto done;
                }
            }
        }
    }
    for (size_t i = 0; i < OU_TUPLE(names)->n; i++) {
        r = match_attr(vm, subject, cls, OU_TUPLE(names)->items[i], seen, list);
        if (r <= 0) {
            res = r < 0 ? NULL : ou_none(vm);
            goto done;
        }
    }
    res = ou_list_to_tuple(vm, list);
done:
    ou_xdecref(vm, seen);
    ou_xdecref(vm, list);
    ou_xdecref(vm, match_args);
    return res;
}

OuObj *ou_op_copy_dict_without(OuVM *vm, OuObj *d, OuObj *keys)
{
    OuObj *copy = ou_dict_new(vm);
    if (!copy)
        return NULL;
    int r = ou_dict_update(vm, copy, d);
    for (size_t i = 0; r == 0 && i < OU_TUPLE(keys)->n; i++)
        r = ou_dict_del(vm, copy, OU_TUPLE(keys)->items[i]);
    if (r < 0)
        ou_clear(vm, copy);
    return copy;
}
