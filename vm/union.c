/* vm/union.c - types.UnionType: int | str (PEP 604). */
#include "generic_alias.h"
#include "type.h"

typedef struct Union {
    OuObj hdr;
    OuObj *args, *parameters; /* parameters: NULL until asked for */
} Union;
#define ARGS(o) OU_TUPLE(((Union *)(o))->args)

static bool unionable(OuVM *vm, OuObj *o)
{
    return o == OU_NONE(vm) || ou_isa_type(vm, o) || ou_is(o, union) || ou_isa(vm, o, generic_alias);
}

static int add(OuVM *vm, OuObj *list, OuObj *o)
{
    if (o == OU_NONE(vm))
        o = (OuObj *)&vm->builtin[OU_T_NoneType];
    if (ou_is(o, union)) {
        for (size_t i = 0; i < ARGS(o)->n; i++)
            if (add(vm, list, ARGS(o)->items[i]) < 0)
                return -1;
        return 0;
    }
    for (size_t i = 0; i < OU_LIST(list)->n; i++) {
        OuObj *other = OU_LIST(list)->items[i];
        int same = other == o;
        if (!same && ou_is(o, generic_alias) && ou_is(other, generic_alias))
            same = ou_compare_bool(vm, other, o, OU_CMP_EQ);
        if (same)
            return same < 0 ? -1 : 0;
    }
    return ou_list_append(vm, list, o);
}

OuObj *ou_union_from(OuVM *vm, OuObj *const *items, size_t n)
{
    OuObj *list = ou_list_new(vm, 0), *r = NULL;
    for (size_t i = 0; list && i < n; i++)
        if (add(vm, list, items[i]) < 0)
            goto done;
    if (!list)
        return NULL;
    if (OU_LIST(list)->n == 1) {
        r = ou_ref(OU_LIST(list)->items[0]);
    } else {
        Union *u = (Union *)ou_type_alloc(vm, &vm->builtin[OU_T_union], 0);
        if (u && !(u->args = ou_list_to_tuple(vm, list)))
            ou_clear(vm, u);
        r = (OuObj *)u;
    }
done:
    ou_decref(vm, list);
    return r;
}

OuObj *ou_union_or(OuVM *vm, OuObj *a, OuObj *b)
{
    if (!unionable(vm, a) || !unionable(vm, b))
        return ou_notimplemented(vm);
    return ou_union_from(vm, (OuObj *[]){a, b}, 2);
}

static OuObj *union_repr(OuVM *vm, OuObj *o)
{
    OuStrBuf b;
    ou_strbuf_init(&b, vm);
    for (size_t i = 0; i < ARGS(o)->n; i++) {
        OuObj *p = ARGS(o)->items[i];
        if (i && ou_strbuf_ascii(&b, " | ", 3) < 0)
            goto fail;
        if (p == (OuObj *)&vm->builtin[OU_T_NoneType] ? ou_strbuf_ascii(&b, "None", 4) < 0
                                                      : ou_alias_repr_item(vm, &b, p) < 0)
            goto fail;
    }
    return ou_strbuf_take(&b);
fail:
    ou_strbuf_free(&b);
    return NULL;
}

static int union_hash(OuVM *vm, OuObj *o, int64_t *out)
{
    OuObj *set = ou_frozenset_new(vm, ((Union *)o)->args);
    int r = set ? ou_hash(vm, set, out) : -1;
    ou_xdecref(vm, set);
    return r;
}

static OuObj *union_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if ((op != OU_CMP_EQ && op != OU_CMP_NE) || !ou_is(a, union) || !ou_is(b, union))
        return ou_notimplemented(vm);
    OuObj *x = ou_set_new(vm, ((Union *)a)->args), *y = x ? ou_set_new(vm, ((Union *)b)->args) : NULL;
    OuObj *r = y ? ou_compare(vm, x, y, op) : NULL;
    ou_xdecref(vm, x);
    ou_xdecref(vm, y);
    return r;
}

static int no_generics(OuVM *vm, OuObj *o, const char *text)
{
    for (size_t i = 0; i < ARGS(o)->n; i++)
        if (ou_isa(vm, ARGS(o)->items[i], generic_alias))
            return ou_type_error_i(vm, "%s", text);
    return 0;
}

int ou_union_isinstance(OuVM *vm, OuObj *o, OuObj *u)
{
    if (no_generics(vm, u, "isinstance() argument 2 cannot be a parameterized generic") < 0)
        return -1;
    int r = 0;
    for (size_t i = 0; i < ARGS(u)->n && r == 0; i++)
        if (ou_isa_type(vm, ARGS(u)->items[i]))
            r = ou_isinstance(vm, o, ARGS(u)->items[i]);
    return r;
}

int ou_union_issubclass(OuVM *vm, OuObj *c, OuObj *u)
{
    if (!ou_isa_type(vm, c))
        return ou_type_error_i(vm, "issubclass() arg 1 must be a class");
    if (no_generics(vm, u, "issubclass() argument 2 cannot be a parameterized generic") < 0)
        return -1;
    int r = 0;
    for (size_t i = 0; i < ARGS(u)->n && r == 0; i++)
        if (ou_isa_type(vm, ARGS(u)->items[i]))
            r = ou_issubclass(vm, c, ARGS(u)->items[i]);
    return r;
}

static OuObj *union_instancecheck(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int r = ou_union_isinstance(vm, args[1], args[0]);
    return r < 0 ? NULL : ou_bool(vm, r);
}

static OuObj *union_subclasscheck(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int r = ou_union_issubclass(vm, args[1], args[0]);
    return r < 0 ? NULL : ou_bool(vm, r);
}

static OuObj *parameters(OuVM *vm, OuObj *o)
{
    Union *u = (Union *)o;
    if (!u->parameters)
        u->parameters = ou_make_parameters(vm, u->args);
    return u->parameters;
}

static OuObj *get_parameters(OuVM *vm, OuObj *o, void *data)
{
    OuObj *p = parameters(vm, o);
    return p ? ou_ref(p) : NULL;
}

static OuObj *union_getitem(OuVM *vm, OuObj *o, OuObj *item)
{
    OuObj *params = parameters(vm, o);
    OuObj *args = params ? ou_subs_parameters(vm, o, ((Union *)o)->args, params, item) : NULL;
    if (!args)
        return NULL;
    OuObj *r = OU_TUPLE(args)->n ? ou_ref(OU_TUPLE(args)->items[0]) : ou_none(vm);
    for (size_t i = 1; r && i < OU_TUPLE(args)->n; i++) {
        OuObj *next = ou_binop(vm, OU_NB_OR, r, OU_TUPLE(args)->items[i]);
        ou_decref(vm, r);
        r = next;
    }
    ou_decref(vm, args);
    return r;
}

static OuObj *union_getattr(OuVM *vm, OuObj *o, OuObj *name)
{
    if (ou_isa_str(vm, name) && ou_str_eq_s(name, "__module__"))
        return ou_getattr(vm, (OuObj *)OU_TYPE_OF(vm, o), name);
    return ou_generic_getattr(vm, o, name);
}

static void union_dealloc(OuVM *vm, OuObj *o)
{
    ou_xdecref(vm, ((Union *)o)->args);
    ou_xdecref(vm, ((Union *)o)->parameters);
    ou_free_object(vm, o);
}

static int union_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((Union *)o)->args);
    OU_VISIT(((Union *)o)->parameters);
    return 0;
}

static const OuFn union_methods[] = {
    {"__instancecheck__(self, instance, /)", union_instancecheck, 0, NULL},
    {"__subclasscheck__(self, subclass, /)", union_subclasscheck, 0, NULL},
    {0},
};
static const OuMember union_members[] = {
    {"__args__", OU_MEMBER_OBJ, offsetof(Union, args), true, NULL},
    {0},
};
static const OuGetSet union_getset[] = {
    {"__parameters__", get_parameters, NULL, "Type variables in the types.UnionType.", NULL},
    {0},
};

const OuTypeSpec ou_union_spec = {
    .name = "types.UnionType",
    .size = sizeof(Union),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,
    .doc = "Represent a PEP 604 union type\n\nE.g. for int | str",
    .dealloc = union_dealloc,
    .traverse = union_traverse,
    .s = {.repr = union_repr,
          .hash = union_hash,
          .getattr = union_getattr,
          .compare = union_compare,
          .getitem = union_getitem,
          .nb[OU_NB_OR] = ou_union_or},
    .methods = union_methods,
    .getset = union_getset,
    .members = union_members,
};
