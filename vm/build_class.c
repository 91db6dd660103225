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

/* What __build_class__ puts together.  All but func and name are owned. */
typedef struct Class {
    OuObj *func, *name;
    OuTuple *orig, *bases; /* as written, and after __mro_entries__ */
    OuObj *meta;
    OuObj *ns;
    OuObj *kwnames; /* keywords but metaclass, or NULL */
    OuObj **values; /* room for three arguments of the metaclass; the keyword values (borrowed) behind them */
    size_t values_bytes;
} Class;

/* Takes metaclass out of the keyword arguments; the others are for the metaclass and __init_subclass__. */
static int read_keywords(OuVM *vm, Class *c, OuObj *const *given, OuObj *kwnames)
{
    size_t nkw = kwnames ? OU_TUPLE(kwnames)->n : 0, n = 0;
    OuObj *names[nkw + 1];
    c->values_bytes = (nkw + 4) * sizeof *c->values;
    if (!(c->values = ou_alloc(vm, c->values_bytes)))
        return -1;
    for (size_t i = 0; i < nkw; i++) {
        if (ou_str_eq_s(OU_TUPLE(kwnames)->items[i], "metaclass")) {
            c->meta = ou_ref(given[i]);
        } else {
            names[n] = OU_TUPLE(kwnames)->items[i];
            c->values[3 + n++] = given[i];
        }
    }
    return n && !(c->kwnames = ou_tuple_of(vm, names, n)) ? -1 : 0;
}

/* The metaclass: the given one or that of the first base, unless another base has a more derived one. */
static int find_metaclass(OuVM *vm, Class *c)
{
    if (!c->meta)
        c->meta =
            ou_ref((OuObj *)(c->bases->n ? OU_TYPE_OF(vm, c->bases->items[0]) : &vm->builtin[OU_T_type]));
    else if (!ou_isa_type(vm, c->meta)) /* any callable will do */
        return 0;
    OuType *winner = ou_type_metaclass(vm, OU_AS_TYPE(c->meta), c->bases);
    if (!winner)
        return -1;
    ou_incref(winner);
    ou_decref(vm, c->meta);
    c->meta = (OuObj *)winner;
    return 0;
}

/* The mapping in which the body runs: what __prepare__ gives. */
static int prepare(OuVM *vm, Class *c)
{
    OuObj *f = NULL;
    if (c->meta != (OuObj *)&vm->builtin[OU_T_type] &&
        ou_lookup_attr(vm, c->meta, OU_NAME(vm, __prepare__), &f) < 0)
        return -1;
    if (f) {
        c->values[1] = c->name;
        c->values[2] = (OuObj *)c->bases;
        c->ns = ou_call(vm, f, c->values + 1, 2, c->kwnames);
        ou_decref(vm, f);
    } else {
        c->ns = ou_dict_new(vm);
    }
    if (!c->ns)
        return -1;
    if (OU_TYPE_OF(vm, c->ns)->s.getitem)
        return 0;
    OuObj *mn =
        ou_isa_type(vm, c->meta) ? ou_type_name(vm, OU_AS_TYPE(c->meta)) : ou_str_new(vm, "<metaclass>", -1);
    if (mn)
        ou_type_error(vm, "%U.__prepare__() must return a mapping, not %T", mn, c->ns);
    ou_xdecref(vm, mn);
    return -1;
}

/* The cell of `__class__`, if the body has one, must hold cls by now: TypeError, RuntimeError. */
static int check_cell(OuVM *vm, OuObj *cell, OuObj *name, OuObj *cls)
{
    if (!cell || !ou_is(cell, cell) || !ou_isa_type(vm, cls) || ((OuCell *)cell)->value == cls)
        return 0;
    if (((OuCell *)cell)->value)
        return ou_type_error_i(vm, "__class__ set to %R defining %R as %R", ((OuCell *)cell)->value, name,
                               cls);
    return ou_raise_i(vm, OU_EXC(vm, RuntimeError),
                      "__class__ not set defining %R as %R. Was __classcell__ propagated to type.__new__?",
                      name, cls);
}

/* Runs the body and calls the metaclass: the class, or NULL. */
static OuObj *make(OuVM *vm, Class *c)
{
    OuObj *cell = NULL, *cls = NULL, *body = ou_func_call_body(vm, c->func, c->ns, &cell);
    if (!body)
        goto done;
    ou_decref(vm, body);
    if (c->bases != c->orig) {
        OuObj *key = ou_str_intern_s(vm, "__orig_bases__");
        int r = key ? ou_setitem(vm, c->ns, key, (OuObj *)c->orig) : -1;
        ou_xdecref(vm, key);
        if (r < 0)
            goto done;
    }
    c->values[0] = c->name;
    c->values[1] = (OuObj *)c->bases;
    c->values[2] = c->ns;
    cls = ou_call(vm, c->meta, c->values, 3, c->kwnames);
    if (cls && check_cell(vm, cell, c->name, cls) < 0)
        ou_clear(vm, cls);
done:
    ou_xdecref(vm, cell);
    return cls;
}

OuObj *ou_class_build(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (nargs < 2)
        return ou_type_error(vm, "__build_class__: not enough arguments");
    Class c = {.func = args[0], .name = args[1]};
    if (!ou_is(c.func, function))
        return ou_type_error(vm, "__build_class__: func must be a function");
    if (!ou_isa_str(vm, c.name))
        return ou_type_error(vm, "__build_class__: name is not a string");
    OuObj *cls = NULL;
    if ((c.orig = (OuTuple *)ou_tuple_of(vm, args + 2, nargs - 2)) && (c.bases = resolve_bases(vm, c.orig)) &&
        read_keywords(vm, &c, args + nargs, kwnames) == 0 && find_metaclass(vm, &c) == 0 &&
        prepare(vm, &c) == 0)
        cls = make(vm, &c);
    ou_xdecref(vm, c.ns);
    ou_xdecref(vm, c.meta);
    ou_xdecref(vm, c.kwnames);
    ou_xdecref(vm, c.orig);
    ou_xdecref(vm, c.bases);
    if (c.values)
        ou_free(vm, c.values, c.values_bytes);
    return cls;
}
