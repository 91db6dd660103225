/* stdlib/pickle/names.c - dotted names, and the names that modules of Python 2 had. */
#include "pickle.h"

OuObj *ou_pickle_parts(OuVM *vm, OuObj *obj, OuObj *name)
{
    OuObj *list = ou_list_new(vm, 0);
    ou_ssize len = ou_str_len(name), start = 0;
    for (ou_ssize i = 0; list && i <= len; i++) {
        if (i < len && ou_str_at(OU_STR(name), i) != '.')
            continue;
        OuObj *part = ou_str_slice(vm, name, start, i);
        bool local = part && ou_str_eq_s(part, "<locals>");
        if (!part || ou_list_append_take(vm, list, part) < 0) {
            ou_clear(vm, list);
        } else if (local) {
            if (obj)
                ou_raise(vm, OU_EXC(vm, AttributeError), "Can't pickle local attribute %R on %R", name, obj);
            else
                ou_raise(vm, OU_EXC(vm, AttributeError), "Can't pickle local object %R", name);
            ou_clear(vm, list);
        }
        start = i + 1;
    }
    return list;
}

OuObj *ou_pickle_dotted(OuVM *vm, OuObj *obj, OuObj *names, OuObj **parent)
{
    OuObj *o = ou_ref(obj), *up = NULL;
    for (size_t i = 0; i < OU_LIST(names)->n; i++) {
        OuObj *next = ou_getattr(vm, o, OU_LIST(names)->items[i]);
        ou_xdecref(vm, up);
        up = o;
        if (!(o = next))
            break;
    }
    if (parent && o)
        *parent = up;
    else
        ou_xdecref(vm, up);
    return o;
}

int ou_pickle_map_names(OuVM *vm, OuObj *names, OuObj *imports, const char *prefix, OuObj **module,
                        OuObj **name)
{
    OuObj *key = ou_tuple_pack(vm, 2, *module, *name), *v;
    int r = key ? ou_dict_lookup(vm, names, key, &v) : -1;
    ou_xdecref(vm, key);
    if (r < 0)
        return -1;
    if (r > 0) {
        if (!ou_isa_tuple(vm, v) || OU_TUPLE(v)->n != 2) {
            r = ou_raise_i(vm, OU_EXC(vm, RuntimeError),
                           "_compat_pickle.%sNAME_MAPPING values should be 2-tuples, not %T", prefix, v);
        } else if (!ou_isa_str(vm, OU_TUPLE(v)->items[0]) || !ou_isa_str(vm, OU_TUPLE(v)->items[1])) {
            r = ou_raise_i(vm, OU_EXC(vm, RuntimeError),
                           "_compat_pickle.%sNAME_MAPPING values should be pairs of str, not (%T, %T)",
                           prefix, OU_TUPLE(v)->items[0], OU_TUPLE(v)->items[1]);
        } else {
            ou_decref(vm, *module);
            ou_decref(vm, *name);
            *module = ou_ref(OU_TUPLE(v)->items[0]);
            *name = ou_ref(OU_TUPLE(v)->items[1]);
        }
        ou_decref(vm, v);
        return r < 0 ? -1 : 0;
    }
    r = ou_dict_lookup(vm, imports, *module, &v);
    if (r > 0 && !ou_isa_str(vm, v)) {
        r = ou_raise_i(vm, OU_EXC(vm, RuntimeError),
                       "_compat_pickle.%sIMPORT_MAPPING values should be strings, not %T", prefix, v);
        ou_decref(vm, v);
    } else if (r > 0) {
        ou_decref(vm, *module);
        *module = v;
    }
    return r < 0 ? -1 : 0;
}
