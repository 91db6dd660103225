/* vm/namespace.c - types.SimpleNamespace. */
#include "type.h"

typedef struct Namespace {
    OuObj hdr;
    OuDict *dict;
} Namespace;

static OuObj *namespace_tp_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *o = ou_type_alloc(vm, type, 0);
    if (o && !(((Namespace *)o)->dict = (OuDict *)ou_dict_new(vm)))
        ou_clear(vm, o);
    return o;
}

OuObj *ou_namespace_new(OuVM *vm, OuObj *dict)
{
    OuObj *o = namespace_tp_new(vm, &vm->builtin[OU_T_namespace], NULL, 0, NULL);
    if (o && dict && ou_dict_update(vm, (OuObj *)((Namespace *)o)->dict, dict) < 0)
        ou_clear(vm, o);
    return o;
}

static int namespace_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (nargs)
        return ou_type_error_i(vm, "no positional arguments expected");
    for (size_t i = 0; kwnames && i < OU_TUPLE(kwnames)->n; i++)
        if (ou_dict_set(vm, (OuObj *)((Namespace *)self)->dict, OU_TUPLE(kwnames)->items[i],
                        args[nargs + i]) < 0)
            return -1;
    return 0;
}

static OuObj *namespace_repr(OuVM *vm, OuObj *o)
{
    OuType *t = OU_TYPE_OF(vm, o);
    OuObj *name = t == &vm->builtin[OU_T_namespace] ? ou_str_new(vm, "namespace", -1) : ou_type_name(vm, t),
          *r = NULL, *pairs = NULL, *sep = NULL, *joined = NULL, *keys = NULL;
    if (!name)
        return NULL;
    int running = ou_repr_enter(vm, o);
    if (running) {
        r = running > 0 ? ou_str_fmt(vm, "%U(...)", name) : NULL;
        ou_decref(vm, name);
        return r;
    }
    OuObj *d = (OuObj *)((Namespace *)o)->dict;
    if (!d || !(pairs = ou_list_new(vm, 0)) || !(keys = ou_dict_keys_list(vm, d)))
        goto done;
    for (size_t i = 0; i < OU_LIST(keys)->n; i++) {
        OuObj *key = OU_LIST(keys)->items[i], *value;
        if (!ou_isa_str(vm, key) || !ou_str_len(key))
            continue;
        int found = ou_dict_lookup(vm, d, key, &value);
        if (found < 0)
            goto done;
        if (!found)
            continue;
        OuObj *s = ou_str_fmt(vm, "%S=%R", key, value);
        ou_decref(vm, value);
        if (!s || ou_list_append_take(vm, pairs, s) < 0)
            goto done;
    }
    if ((sep = ou_str_new(vm, ", ", 2)) &&
        (joined = ou_str_join(vm, sep, OU_LIST(pairs)->items, OU_LIST(pairs)->n)))
        r = ou_str_fmt(vm, "%U(%U)", name, joined);
done:
    ou_repr_leave(vm, o);
    ou_decref(vm, name);
    ou_xdecref(vm, pairs);
    ou_xdecref(vm, keys);
    ou_xdecref(vm, sep);
    ou_xdecref(vm, joined);
    return r;
}

static OuObj *namespace_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if (!ou_isa(vm, a, namespace) || !ou_isa(vm, b, namespace))
        return ou_notimplemented(vm);
    return ou_compare(vm, (OuObj *)((Namespace *)a)->dict, (OuObj *)((Namespace *)b)->dict, op);
}

static OuObj *namespace_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_tuple_pack(vm, 3, OU_TYPE_OF(vm, args[0]), OU_EMPTY_TUPLE(vm), ((Namespace *)args[0])->dict);
}

static void namespace_dealloc(OuVM *vm, OuObj *o)
{
    ou_xdecref(vm, ((Namespace *)o)->dict);
    ou_free_object(vm, o);
}

static int namespace_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((Namespace *)o)->dict);
    return 0;
}

static void namespace_clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, ((Namespace *)o)->dict);
}

static const OuFn namespace_methods[] = {
    {"__reduce__(self, /)", namespace_reduce, 0, "Return state information for pickling"},
    {0},
};
static const OuMember namespace_members[] = {
    {"__dict__", OU_MEMBER_OBJ, offsetof(Namespace, dict), true, NULL},
    {0},
};

const OuTypeSpec ou_namespace_spec = {
    .name = "types.SimpleNamespace",
    .size = sizeof(Namespace),
    .flags = OU_TYPE_BASE | OU_TYPE_GC,
    .dict_off = offsetof(Namespace, dict),
    .doc = "A simple attribute-based namespace.\n\nSimpleNamespace(**kwargs)",
    .dealloc = namespace_dealloc,
    .traverse = namespace_traverse,
    .clear = namespace_clear,
    .s = {.repr = namespace_repr,
          .compare = namespace_compare,
          .new_ = namespace_tp_new,
          .init = namespace_init},
    .methods = namespace_methods,
    .members = namespace_members,
};
