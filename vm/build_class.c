/* vm/build_class.c - builtins.__build_class__: what a class statement calls (PEP 3115, PEP 560). */
#include "type.h"
#include "frame.h"

#include <string.h>

/* bases with `__mro_entries__` of non-classes put in; new (the same tuple if nothing changed). */
static OuTuple *resolve_bases(OuVM *vm, OuTuple *bases)
{
    OuObj *list = NULL;
    for (size_t i = 0; i < bases->n; i++) {
        OuObj *b = bases->items[i], *f, *entries = NULL;
        int r = ou_isa_type(vm, b) ? 0 : ou_lookup_attr(vm, b, OU_NAME(vm, __mro_entries__), &f);
        if (r < 0)
            goto fail;
        if (r) {
            entries = ou_call1(vm, f, (OuObj *)bases);
            ou_decref(vm, f);
            if (!entries)
                goto fail;
            if (!ou_isa_tuple(vm, entries)) {
                ou_type_error(vm, "__mro_entries__ must return a tuple");
                ou_decref(vm, entries);
                goto fail;
            }
            if (!list) {
                if (!(list = ou_list_new(vm, 0))) {
                    ou_decref(vm, entries);
                    goto fail;
                }
                for (size_t k = 0; k < i; k++)
                    if (ou_list_append(vm, list, bases->items[k]) < 0) {
                        ou_decref(vm, entries);
                        goto fail;
                    }
            }
            r = ou_list_extend(vm, list, entries);
            ou_decref(vm, entries);
            if (r < 0)
                goto fail;
        } else if (list && ou_list_append(vm, list, b) < 0) {
            goto fail;
        }
    }
    if (!list)
        return ou_ref(bases);
    OuTuple *t = (OuTuple *)ou_list_to_tuple(vm, list);
    ou_decref(vm, list);
    return t;
fail:
    ou_xdecref(vm, list);
    return NULL;
}

OuObj *ou_class_build(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (nargs < 2)
        return ou_type_error(vm, "__build_class__: not enough arguments");
    OuObj *func = args[0], *name = args[1];
    if (!ou_is(func, function))
        return ou_type_error(vm, "__build_class__: func must be a function");
    if (!ou_isa_str(vm, name))
        return ou_type_error(vm, "__build_class__: name is not a string");
    OuTuple *orig = (OuTuple *)ou_tuple_of(vm, args + 2, nargs - 2),
            *bases = orig ? resolve_bases(vm, orig) : NULL;
    OuObj *meta = NULL, *ns = NULL, *cell = NULL, *cls = NULL, *kwleft = NULL, *prepare = NULL;
    size_t nkw = kwnames ? OU_TUPLE(kwnames)->n : 0, n = 0;
    OuObj **values =
        ou_alloc(vm, (nkw + 4) * sizeof *values); /* three arguments, then keyword values but metaclass */
    if (!bases || !values)
        goto done;
    if (nkw) {
        OuObj *names[nkw];
        for (size_t i = 0; i < nkw; i++) {
            if (ou_str_eq_s(OU_TUPLE(kwnames)->items[i], "metaclass")) {
                meta = ou_ref(args[nargs + i]);
            } else {
                names[n] = OU_TUPLE(kwnames)->items[i];
                values[3 + n++] = args[nargs + i];
            }
        }
        if (n && !(kwleft = ou_tuple_of(vm, names, n)))
            goto done;
    }
    bool is_class = true;
    if (meta)
        is_class = ou_isa_type(vm, meta);
    else
        meta = ou_ref((OuObj *)(bases->n ? OU_TYPE_OF(vm, bases->items[0]) : &vm->builtin[OU_T_type]));
    if (is_class) {
        OuType *winner = ou_type_metaclass(vm, OU_AS_TYPE(meta), bases);
        if (!winner)
            goto done;
        ou_incref(winner);
        ou_decref(vm, meta);
        meta = (OuObj *)winner;
    }
    if (meta == (OuObj *)&vm->builtin[OU_T_type]) {
        ns = ou_dict_new(vm);
    } else {
        int r = ou_lookup_attr(vm, meta, OU_NAME(vm, __prepare__), &prepare);
        if (r < 0)
            goto done;
        if (r) {
            values[1] = name;
            values[2] = (OuObj *)bases;
            ns = ou_call(vm, prepare, values + 1, 2, kwleft);
        } else {
            ns = ou_dict_new(vm);
        }
    }
    if (!ns)
        goto done;
    if (!OU_TYPE_OF(vm, ns)->s.getitem) {
        OuObj *mn = is_class ? ou_type_name(vm, OU_AS_TYPE(meta)) : ou_str_new(vm, "<metaclass>", -1);
        if (mn)
            ou_type_error(vm, "%U.__prepare__() must return a mapping, not %T", mn, ns);
        ou_xdecref(vm, mn);
        goto done;
    }
    OuObj *body = ou_func_call_body(vm, func, ns, &cell);
    if (!body)
        goto done;
    ou_decref(vm, body);
    if (bases != orig) {
        OuObj *key = ou_str_intern_s(vm, "__orig_bases__");
        int r = key ? ou_setitem(vm, ns, key, (OuObj *)orig) : -1;
        ou_xdecref(vm, key);
        if (r < 0)
            goto done;
    }
    values[0] = name;
    values[1] = (OuObj *)bases;
    values[2] = ns;
    cls = ou_call(vm, meta, values, 3, kwleft);
    if (cls && cell && ou_is(cell, cell) && ou_isa_type(vm, cls)) {
        OuObj *in_cell = ((OuCell *)cell)->value;
        if (in_cell != cls) {
            if (!in_cell)
                ou_raise(vm, OU_EXC(vm, RuntimeError),
                         "__class__ not set defining %R as %R. Was __classcell__ propagated to type.__new__?",
                         name, cls);
            else
                ou_type_error(vm, "__class__ set to %R defining %R as %R", in_cell, name, cls);
            ou_clear(vm, cls);
        }
    }
done:
    ou_xdecref(vm, cell);
    ou_xdecref(vm, ns);
    ou_xdecref(vm, prepare);
    ou_xdecref(vm, meta);
    ou_xdecref(vm, kwleft);
    ou_xdecref(vm, orig);
    ou_xdecref(vm, bases);
    if (values)
        ou_free(vm, values, (nkw + 4) * sizeof *values);
    return cls;
}
