/* stdlib/pickle/reduce.c - objects saved by name or by the value of their __reduce_ex__. */
#include <string.h>

#include "pickle.h"
#include "vm/import.h"

/* ---- by name ------------------------------------------------------------------------------ */
/* The name of the module where the dotted name gives o: its __module__, or a search of sys.modules; "__main__". */
static OuObj *which_module(OuVM *vm, OuObj *o, OuObj *parts)
{
    OuObj *name;
    int r = ou_lookup_attr(vm, o, OU_NAME(vm, __module__), &name);
    if (r < 0)
        return NULL;
    if (r > 0 && name != OU_NONE(vm))
        return name;
    if (r > 0)
        ou_decref(vm, name);
    OuObj *items = ou_dict_items_list(vm, (OuObj *)vm->modules), *found = NULL;
    if (!items)
        return NULL;
    for (size_t i = 0; i < OU_LIST(items)->n && !found; i++) {
        OuTuple *pair = OU_TUPLE(OU_LIST(items)->items[i]);
        if (pair->items[1] == OU_NONE(vm) ||
            (ou_isa_str(vm, pair->items[0]) && ou_str_eq_s(pair->items[0], "__main__")))
            continue;
        OuObj *x = ou_pickle_dotted(vm, pair->items[1], parts, NULL);
        if (x == o)
            found = ou_ref(pair->items[0]);
        else if (!x)
            ou_err_clear(vm);
        ou_xdecref(vm, x);
    }
    ou_decref(vm, items);
    return found ? found : ou_ref(OU_NAME(vm, __main__));
}

static int write_name(OuVM *vm, OuPickler *p, OuObj *name, const char *what)
{
    OuUtf8 u;
    int r = -1;
    if (p->proto < 3 && !OU_STR(name)->ascii)
        goto refuse;
    if (ou_str_utf8(vm, name, &u, false) < 0) {
        if (!ou_err_is(vm, OU_EXC(vm, UnicodeEncodeError)))
            return -1;
        ou_err_clear(vm);
        goto refuse;
    }
    r = ou_pickler_write(vm, p, u.s, u.n);
    ou_utf8_free(vm, &u);
    return r < 0 ? -1 : ou_pickler_op(vm, p, '\n');
refuse:
    ou_pickle_raise(vm, p->st->pickling_error, "can't pickle %s identifier '%S' using pickle protocol %i",
                    what, name, p->proto);
    return -1;
}

/* 1: written as an extension code of copyreg; 0: it has none. */
static int save_extension(OuVM *vm, OuPickler *p, OuObj *o, OuObj *module, OuObj *name)
{
    OuObj *key = ou_tuple_pack(vm, 2, module, name), *code = NULL;
    int r = key ? ou_dict_lookup(vm, p->st->extension_registry, key, &code) : -1;
    ou_xdecref(vm, key);
    if (r <= 0)
        return r;
    int64_t v = 0;
    r = -1;
    if (!ou_isa_int(vm, code)) {
        ou_pickle_raise(vm, p->st->pickling_error, "Can't pickle %R: extension code %R isn't an integer", o,
                        code);
    } else if (!ou_int_fits(code, &v) || v <= 0 || v > 0x7fffffff) {
        ou_pickle_raise(vm, p->st->pickling_error, "Can't pickle %R: extension code %ld is out of range", o,
                        (long)v);
    } else {
        int n = v <= 0xff ? 1 : v <= 0xffff ? 2 : 4;
        char buf[5] = {(char)(n == 1 ? OU_P_EXT1 : n == 2 ? OU_P_EXT2 : OU_P_EXT4)};
        for (int i = 0; i < n; i++)
            buf[1 + i] = (char)(v >> 8 * i);
        r = ou_pickler_write(vm, p, buf, (size_t)n + 1) < 0 ? -1 : 1;
    }
    ou_decref(vm, code);
    return r;
}

int ou_pickle_save_global(OuVM *vm, OuPickler *p, OuObj *o, OuObj *given)
{
    OuObj *name = NULL, *parts = NULL, *module_name = NULL, *module = NULL, *found = NULL, *parent = NULL;
    int r = -1;
    if (given) {
        name = ou_ref(given);
    } else {
        int have = ou_lookup_attr(vm, o, OU_NAME(vm, __qualname__), &name);
        if (have < 0 || (have == 0 && !(name = ou_getattr(vm, o, OU_NAME(vm, __name__)))))
            return -1;
    }
    if (!ou_isa_str(vm, name)) {
        ou_type_error(vm, "must be str, not %T", name);
        goto done;
    }
    if (!(parts = ou_pickle_parts(vm, NULL, name)) || !(module_name = which_module(vm, o, parts)))
        goto done;
    if (!ou_isa_str(vm, module_name) || !(module = ou_import_module(vm, module_name))) {
        ou_err_clear(vm);
        ou_pickle_raise(vm, p->st->pickling_error, "Can't pickle %R: import of module %R failed", o,
                        module_name);
        goto done;
    }
    if (!(found = ou_pickle_dotted(vm, module, parts, &parent))) {
        ou_err_clear(vm);
        ou_pickle_raise(vm, p->st->pickling_error, "Can't pickle %R: attribute lookup %S on %S failed", o,
                        name, module_name);
        goto done;
    }
    if (found != o) {
        ou_pickle_raise(vm, p->st->pickling_error, "Can't pickle %R: it's not the same object as %S.%S", o,
                        module_name, name);
        goto done;
    }
    if (parent == module) { /* a path that came back to its module: the last name will do */
        ou_decref(vm, name);
        name = ou_ref(OU_LIST(parts)->items[OU_LIST(parts)->n - 1]);
    }
    if (p->proto >= 2) {
        r = save_extension(vm, p, o, module_name, name);
        if (r != 0) {
            r = r < 0 ? -1 : 0;
            goto done;
        }
        r = -1;
    }
    if (p->proto >= 4) {
        if (ou_pickle_save(vm, p, module_name, false) < 0 || ou_pickle_save(vm, p, name, false) < 0 ||
            ou_pickler_op(vm, p, OU_P_STACK_GLOBAL) < 0)
            goto done;
    } else if (parent != module) { /* nested: getattr(parent, last) */
        OuObj *get = ou_import_attr(vm, "builtins", "getattr"),
              *args = get ? ou_tuple_pack(vm, 2, parent, OU_LIST(parts)->items[OU_LIST(parts)->n - 1]) : NULL,
              *value = args ? ou_tuple_pack(vm, 2, get, args) : NULL;
        r = value ? ou_pickle_save_reduce(vm, p, value, NULL) : -1;
        ou_xdecref(vm, get);
        ou_xdecref(vm, args);
        ou_xdecref(vm, value);
        if (r < 0)
            goto done;
        r = -1;
    } else {
        if (p->fix_imports &&
            ou_pickle_map_names(vm, p->st->reverse_name_mapping, p->st->reverse_import_mapping, "REVERSE_",
                                &module_name, &name) < 0)
            goto done;
        if (ou_pickler_op(vm, p, OU_P_GLOBAL) < 0 || write_name(vm, p, module_name, "module") < 0 ||
            write_name(vm, p, name, "global") < 0)
            goto done;
    }
    r = ou_pickler_memo_put(vm, p, o);
done:
    ou_xdecref(vm, name);
    ou_xdecref(vm, parts);
    ou_xdecref(vm, module_name);
    ou_xdecref(vm, module);
    ou_xdecref(vm, found);
    ou_xdecref(vm, parent);
    return r;
}

/* ---- by __reduce_ex__ -------------------------------------------------------------------------- */
static int bad(OuVM *vm, OuPickler *p, const char *fmt, const char *type)
{
    ou_pickle_raise(vm, p->st->pickling_error, fmt, type);
    return -1;
}

static const char *type_name(OuVM *vm, OuObj *o)
{
    return OU_TYPE_OF(vm, o)->name;
}

static int save_newobj_ex(OuVM *vm, OuPickler *p, OuTuple *args)
{
    if (args->n != 3) {
        ou_pickle_raise(vm, p->st->pickling_error,
                        "length of the NEWOBJ_EX argument tuple must be exactly 3, not %zd",
                        (ou_ssize)args->n);
        return -1;
    }
    OuObj *cls = args->items[0], *pos = args->items[1], *kw = args->items[2];
    if (!ou_isa_type(vm, cls))
        return bad(vm, p, "first item from NEWOBJ_EX argument tuple must be a class, not %.200s",
                   type_name(vm, cls));
    if (!ou_isa_tuple(vm, pos))
        return bad(vm, p, "second item from NEWOBJ_EX argument tuple must be a tuple, not %.200s",
                   type_name(vm, pos));
    if (!ou_isa_dict(vm, kw))
        return bad(vm, p, "third item from NEWOBJ_EX argument tuple must be a dict, not %.200s",
                   type_name(vm, kw));
    if (p->proto >= 4)
        return ou_pickle_save(vm, p, cls, false) < 0 || ou_pickle_save(vm, p, pos, false) < 0 ||
                       ou_pickle_save(vm, p, kw, false) < 0
                   ? -1
                   : ou_pickler_op(vm, p, OU_P_NEWOBJ_EX);
    /* partial(cls.__new__, cls, *pos, **kw)() */
    size_t n = OU_TUPLE(pos)->n;
    OuObj *make = ou_getattr(vm, cls, OU_NAME(vm, __new__)), *all = make ? ou_tuple_new(vm, n + 2) : NULL;
    OuObj *part = NULL, *none = ou_tuple_new(vm, 0);
    if (all) {
        OU_TUPLE(all)->items[0] = ou_ref(make);
        OU_TUPLE(all)->items[1] = ou_ref(cls);
        for (size_t i = 0; i < n; i++)
            OU_TUPLE(all)->items[i + 2] = ou_ref(OU_TUPLE(pos)->items[i]);
        part = ou_call_tuple(vm, p->st->partial, all, kw);
    }
    int r = part && none && ou_pickle_save(vm, p, part, false) == 0 && ou_pickle_save(vm, p, none, false) == 0
                ? ou_pickler_op(vm, p, OU_P_REDUCE)
                : -1;
    ou_xdecref(vm, make);
    ou_xdecref(vm, all);
    ou_xdecref(vm, part);
    ou_xdecref(vm, none);
    return r;
}

static int save_newobj(OuVM *vm, OuPickler *p, OuTuple *args, OuObj *o)
{
    if (args->n < 1)
        return bad(vm, p, "__newobj__ arglist is empty", NULL);
    OuObj *cls = args->items[0];
    if (!ou_isa_type(vm, cls))
        return bad(vm, p, "args[0] from __newobj__ args is not a type", NULL);
    if (o) {
        OuObj *c = ou_getattr(vm, o, OU_NAME(vm, __class__));
        bool same = c == cls;
        ou_xdecref(vm, c);
        if (!c)
            return -1;
        if (!same)
            return bad(vm, p, "args[0] from __newobj__ args has the wrong class", NULL);
    }
    OuObj *rest = NULL;
    int r = ou_pickle_save(vm, p, cls, false);
    if (r == 0)
        r = (rest = ou_tuple_slice(vm, (OuObj *)args, 1, args->n)) ? 0 : -1;
    if (r == 0)
        r = ou_pickle_save(vm, p, rest, false);
    ou_xdecref(vm, rest);
    return r < 0 ? -1 : ou_pickler_op(vm, p, OU_P_NEWOBJ);
}

static OuObj *not_none(OuVM *vm, OuTuple *t, size_t i)
{
    return i < t->n && t->items[i] != OU_NONE(vm) ? t->items[i] : NULL;
}

int ou_pickle_save_reduce(OuVM *vm, OuPickler *p, OuObj *value, OuObj *o)
{
    OuTuple *t = OU_TUPLE(value);
    if (t->n < 2 || t->n > 6)
        return bad(vm, p, "tuple returned by __reduce__ must contain 2 through 6 elements", NULL);
    OuObj *f = t->items[0], *args = t->items[1], *state = not_none(vm, t, 2), *items = not_none(vm, t, 3),
          *pairs = not_none(vm, t, 4), *setter = not_none(vm, t, 5), *name = NULL;
    if (!ou_callable(vm, f))
        return bad(vm, p, "first item of the tuple returned by __reduce__ must be callable", NULL);
    if (!ou_isa_tuple(vm, args))
        return bad(vm, p, "second item of the tuple returned by __reduce__ must be a tuple", NULL);
    if (items && !ou_is_iterator(vm, items))
        return bad(vm, p, "fourth element of the tuple returned by __reduce__ must be an iterator, not %s",
                   type_name(vm, items));
    if (pairs && !ou_is_iterator(vm, pairs))
        return bad(vm, p, "fifth element of the tuple returned by __reduce__ must be an iterator, not %s",
                   type_name(vm, pairs));
    if (setter && !ou_callable(vm, setter))
        return bad(vm, p, "sixth element of the tuple returned by __reduce__ must be a function, not %s",
                   type_name(vm, setter));
    bool newobj = false, newobj_ex = false;
    if (p->proto >= 2) {
        int r = ou_lookup_attr(vm, f, OU_NAME(vm, __name__), &name);
        if (r < 0)
            return -1;
        if (r > 0 && ou_isa_str(vm, name)) {
            newobj_ex = ou_str_eq_s(name, "__newobj_ex__");
            newobj = ou_str_eq_s(name, "__newobj__");
        }
        if (r > 0)
            ou_decref(vm, name);
    }
    int r;
    if (newobj_ex)
        r = save_newobj_ex(vm, p, OU_TUPLE(args));
    else if (newobj)
        r = save_newobj(vm, p, OU_TUPLE(args), o);
    else
        r = ou_pickle_save(vm, p, f, false) < 0 || ou_pickle_save(vm, p, args, false) < 0
                ? -1
                : ou_pickler_op(vm, p, OU_P_REDUCE);
    if (r < 0)
        return -1;
    if (o) {
        if (ou_pickler_memo_find(p, o) >= 0) /* its own arguments hold it: what was made goes again */
            return ou_pickler_op(vm, p, OU_P_POP) < 0 ? -1 : ou_pickler_memo_get(vm, p, o);
        if (ou_pickler_memo_put(vm, p, o) < 0)
            return -1;
    }
    if ((items && ou_pickle_batch_list(vm, p, items) < 0) ||
        (pairs && ou_pickle_batch_dict(vm, p, pairs) < 0))
        return -1;
    if (!state)
        return 0;
    if (!setter)
        return ou_pickle_save(vm, p, state, false) < 0 ? -1 : ou_pickler_op(vm, p, OU_P_BUILD);
    char tail[3] = {(char)OU_P_TUPLE2, OU_P_REDUCE, OU_P_POP};
    return ou_pickle_save(vm, p, setter, false) < 0 || ou_pickle_save(vm, p, o, false) < 0 ||
                   ou_pickle_save(vm, p, state, false) < 0
               ? -1
               : ou_pickler_write(vm, p, tail, 3);
}
