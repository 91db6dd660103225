/* vm/reduce.c - object.__reduce_ex__, __reduce__, __getstate__: the copy and pickle protocols 0 to 5. */
#include "type.h"

/* Members of __slots__ that copyreg found for cls: list or None, kept in cls.__slotnames__.  New. */
static OuObj *slot_names(OuVM *vm, OuType *cls)
{
    OuObj *names = cls->dict ? ou_dict_get_str(vm, cls->dict, OU_NAME(vm, __slotnames__)) : NULL;
    if (names) {
        if (names != OU_NONE(vm) && !ou_isa_list(vm, names))
            return ou_type_error(vm, "%N.__slotnames__ should be a list or None, not %T", cls, names);
        return ou_ref(names);
    }
    if (!cls->nslots) /* the usual class: no need to import copyreg */
        return ou_list_new(vm, 0);
    OuObj *f = ou_import_attr(vm, "copyreg", "_slotnames");
    OuObj *r = f ? ou_call1(vm, f, (OuObj *)cls) : NULL;
    ou_xdecref(vm, f);
    if (r && r != OU_NONE(vm) && !ou_isa_list(vm, r)) {
        ou_type_error(vm, "copyreg._slotnames didn't return a list or None");
        ou_clear(vm, r);
    }
    return r;
}

static OuObj *default_state(OuVM *vm, OuObj *o, bool required)
{
    OuType *t = OU_TYPE_OF(vm, o);
    if (required && (t->face.item_size || ou_isa_int(vm, o) || ou_isa_str(vm, o) || ou_isa_bytes(vm, o)))
        return ou_type_error(vm, "cannot pickle %N objects", t);
    OuObj *state, *names = NULL, *slots = NULL;
    bool empty = true;
    if (t->dict_off && !ou_isa_type(vm, o)) {
        uint64_t w = *ou_inst_word(o, t);
        if (OU_WORD_IS_SHAPED(w))
            empty = ou_shape(vm, OU_WORD_SHAPE(w))->count == 0;
        else
            empty = !OU_WORD_DICT(w) || OU_WORD_DICT(w)->used == 0;
    }
    state = empty ? OU_NONE(vm) : (OuObj *)ou_inst_dict(vm, o, t);
    if (!state)
        return NULL;
    ou_incref(state);
    if (!(names = slot_names(vm, t)))
        goto fail;
    if (required) {
        OuType *native = ou_type_native_base(t);
        bool declared = names != OU_NONE(vm) ? OU_LIST(names)->n >= t->nslots : t->nslots == 0;
        if (native->face.size > sizeof(OuObj) || !declared) {
            ou_type_error(vm, "cannot pickle '%N' object", t);
            goto fail;
        }
    }
    if (names != OU_NONE(vm) && OU_LIST(names)->n) {
        if (!(slots = ou_dict_new(vm)))
            goto fail;
        bool any = false;
        for (size_t i = 0; i < OU_LIST(names)->n; i++) {
            OuObj *name = ou_ref(OU_LIST(names)->items[i]), *value;
            int r = ou_lookup_attr(vm, o, name, &value);
            if (r > 0) {
                any = true;
                r = ou_dict_set(vm, slots, name, value);
                ou_decref(vm, value);
            }
            ou_decref(vm, name);
            if (r < 0)
                goto fail;
        }
        if (any) {
            OuObj *pair = ou_tuple_pack(vm, 2, state, slots);
            ou_decref(vm, state);
            state = pair;
        }
    }
    ou_xdecref(vm, slots);
    ou_decref(vm, names);
    return state;
fail:
    ou_xdecref(vm, slots);
    ou_xdecref(vm, names);
    ou_decref(vm, state);
    return NULL;
}

OuObj *ou_object_getstate(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return default_state(vm, args[0], false);
}

static OuObj *get_state(OuVM *vm, OuObj *o, bool required)
{
    OuObj *f = ou_getattr(vm, o, OU_NAME(vm, __getstate__)), *r;
    if (!f)
        return NULL;
    if (ou_is(f, builtin) && ((OuBuiltin *)f)->self == o && ((OuBuiltin *)f)->def->fn == ou_object_getstate)
        r = default_state(vm, o, required);
    else
        r = ou_call0(vm, f);
    ou_decref(vm, f);
    return r;
}

/* out: args (tuple or NULL), kwargs (dict or NULL), new. */
static int new_arguments(OuVM *vm, OuObj *o, OuObj **args, OuObj **kwargs)
{
    OuObj *f, *r;
    *args = *kwargs = NULL;
    int found = ou_lookup_special(vm, o, OU_NAME(vm, __getnewargs_ex__), &f);
    if (found < 0)
        return -1;
    if (found) {
        r = ou_call0(vm, f);
        ou_decref(vm, f);
        if (!r)
            return -1;
        if (!ou_isa_tuple(vm, r)) {
            ou_type_error(vm, "__getnewargs_ex__ should return a tuple, not '%T'", r);
        } else if (OU_TUPLE(r)->n != 2) {
            ou_value_error(vm, "__getnewargs_ex__ should return a tuple of length 2, not %zd",
                           (ou_ssize)OU_TUPLE(r)->n);
        } else if (!ou_isa_tuple(vm, OU_TUPLE(r)->items[0])) {
            ou_type_error(vm,
                          "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '%T'",
                          OU_TUPLE(r)->items[0]);
        } else if (!ou_isa_dict(vm, OU_TUPLE(r)->items[1])) {
            ou_type_error(vm,
                          "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '%T'",
                          OU_TUPLE(r)->items[1]);
        } else {
            *args = ou_ref(OU_TUPLE(r)->items[0]);
            *kwargs = ou_ref(OU_TUPLE(r)->items[1]);
        }
        ou_decref(vm, r);
        return *args ? 0 : -1;
    }
    found = ou_lookup_special(vm, o, OU_NAME(vm, __getnewargs__), &f);
    if (found <= 0)
        return found;
    r = ou_call0(vm, f);
    ou_decref(vm, f);
    if (r && !ou_isa_tuple(vm, r)) {
        ou_type_error(vm, "__getnewargs__ should return a tuple, not '%T'", r);
        ou_clear(vm, r);
    }
    *args = r;
    return r ? 0 : -1;
}

static OuObj *reduce_newobj(OuVM *vm, OuObj *o)
{
    OuType *t = OU_TYPE_OF(vm, o);
    if (!t->s.new_)
        return ou_type_error(vm, "cannot pickle '%N' object", t);
    OuObj *args, *kwargs, *maker = NULL, *newargs = NULL, *state = NULL, *listitems = NULL, *dictitems = NULL,
                          *r = NULL;
    if (new_arguments(vm, o, &args, &kwargs) < 0)
        return NULL;
    bool has_args = args != NULL;
    if (!kwargs || OU_DICT(kwargs)->used == 0) {
        maker = ou_import_attr(vm, "copyreg", "__newobj__");
        size_t n = args ? OU_TUPLE(args)->n : 0;
        newargs = ou_tuple_new(vm, n + 1);
        if (!maker || !newargs)
            goto done;
        OU_TUPLE(newargs)->items[0] = (OuObj *)ou_ref(t);
        for (size_t i = 0; i < n; i++)
            OU_TUPLE(newargs)->items[i + 1] = ou_ref(OU_TUPLE(args)->items[i]);
    } else {
        maker = ou_import_attr(vm, "copyreg", "__newobj_ex__");
        newargs = ou_tuple_pack(vm, 3, t, args, kwargs);
        if (!maker || !newargs)
            goto done;
    }
    state = get_state(vm, o, !(has_args || ou_isa_list(vm, o) || ou_isa_dict(vm, o)));
    if (!state)
        goto done;
    listitems = ou_isa_list(vm, o) ? ou_iter(vm, o) : ou_none(vm);
    if (!listitems)
        goto done;
    if (ou_isa_dict(vm, o)) {
        OuObj *items = ou_call_method(vm, o, OU_NAME(vm, items), 0);
        dictitems = items ? ou_iter(vm, items) : NULL;
        ou_xdecref(vm, items);
    } else {
        dictitems = ou_none(vm);
    }
    if (dictitems)
        r = ou_tuple_pack(vm, 5, maker, newargs, state, listitems, dictitems);
done:
    ou_xdecref(vm, args);
    ou_xdecref(vm, kwargs);
    ou_xdecref(vm, maker);
    ou_xdecref(vm, newargs);
    ou_xdecref(vm, state);
    ou_xdecref(vm, listitems);
    ou_xdecref(vm, dictitems);
    return r;
}

static OuObj *common_reduce(OuVM *vm, OuObj *o, int protocol)
{
    if (protocol >= 2)
        return reduce_newobj(vm, o);
    OuObj *f = ou_import_attr(vm, "copyreg", "_reduce_ex"), *n = ou_int(vm, protocol);
    OuObj *r = f && n ? ou_call2(vm, f, o, n) : NULL;
    ou_xdecref(vm, f);
    ou_xdecref(vm, n);
    return r;
}

OuObj *ou_object_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return common_reduce(vm, args[0], 0);
}

OuObj *ou_object_reduce_ex(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *o = args[0], *reduce;
    int protocol;
    if (ou_as_int(vm, args[1], &protocol) < 0)
        return NULL;
    int found = ou_lookup_attr(vm, o, OU_NAME(vm, __reduce__), &reduce);
    if (found < 0)
        return NULL;
    if (found) {
        OuObj *cls = ou_getattr(vm, o, OU_NAME(vm, __class__));
        OuObj *of_class = cls ? ou_getattr(vm, cls, OU_NAME(vm, __reduce__)) : NULL;
        ou_xdecref(vm, cls);
        if (!of_class) {
            ou_decref(vm, reduce);
            return NULL;
        }
        OuDict *d = ou_type_dict(vm, &vm->builtin[OU_T_object]);
        bool override = d && of_class != ou_dict_get_str(vm, d, OU_NAME(vm, __reduce__));
        ou_decref(vm, of_class);
        if (override) {
            OuObj *r = ou_call0(vm, reduce);
            ou_decref(vm, reduce);
            return r;
        }
        ou_decref(vm, reduce);
    }
    return common_reduce(vm, o, protocol);
}
