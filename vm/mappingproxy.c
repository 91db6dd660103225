/* vm/mappingproxy.c - mappingproxy: a read-only view of a mapping, as `cls.__dict__`. */
#include "generic_alias.h"
#include "type.h"

typedef struct Proxy {
    OuObj hdr;
    OuObj *map;
} Proxy;
#define MAP(o) (((Proxy *)(o))->map)

OuObj *ou_mappingproxy_new(OuVM *vm, OuObj *mapping)
{
    Proxy *p = (Proxy *)ou_new_gc(vm, OU_T_mappingproxy, sizeof *p);
    if (!p)
        return NULL;
    p->map = ou_ref(mapping);
    ou_gc_track(&vm->heap, &p->hdr);
    return &p->hdr;
}

static OuObj *proxy_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *map;
    if (ou_args_bind(vm, "mappingproxy(mapping)", args, nargs, kwnames, &map) < 0)
        return NULL;
    OuType *t = OU_TYPE_OF(vm, map);
    if (!t->s.getitem || ou_isa_list(vm, map) || ou_isa_tuple(vm, map))
        return ou_type_error(vm, "mappingproxy() argument must be a mapping, not %T", map);
    return ou_mappingproxy_new(vm, map);
}

/* A proxy of a proxy of ...: raised RecursionError instead of running out of the C stack. */
#define DEEP (ou_check_stack(vm, "") < 0)

static ou_ssize proxy_len(OuVM *vm, OuObj *o)
{
    return DEEP ? -1 : ou_len(vm, MAP(o));
}
static OuObj *proxy_getitem(OuVM *vm, OuObj *o, OuObj *key)
{
    return DEEP ? NULL : ou_getitem(vm, MAP(o), key);
}
static int proxy_contains(OuVM *vm, OuObj *o, OuObj *key)
{
    return ou_is(MAP(o), dict) ? ou_dict_contains(vm, MAP(o), key) : DEEP ? -1 : ou_contains(vm, MAP(o), key);
}
static OuObj *proxy_iter(OuVM *vm, OuObj *o)
{
    return DEEP ? NULL : ou_iter(vm, MAP(o));
}
static OuObj *proxy_str(OuVM *vm, OuObj *o)
{
    return ou_str(vm, MAP(o));
}
static OuObj *proxy_repr(OuVM *vm, OuObj *o)
{
    return ou_str_fmt(vm, "mappingproxy(%R)", MAP(o));
}
static OuObj *proxy_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    return ou_compare(vm, MAP(a), b, op);
}
static OuObj *proxy_or(OuVM *vm, OuObj *a, OuObj *b)
{
    return DEEP ? NULL
                : ou_binop(vm, OU_NB_OR, ou_is(a, mappingproxy) ? MAP(a) : a,
                           ou_is(b, mappingproxy) ? MAP(b) : b);
}
static OuObj *proxy_ior(OuVM *vm, OuObj *a, OuObj *b)
{
    return ou_type_error(vm, "'|=' is not supported by %T; use '|' instead", a);
}

static OuObj *proxy_get(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_call_method(vm, MAP(args[0]), OU_NAME(vm, get), 2, args[1], args[2] ? args[2] : OU_NONE(vm));
}
static OuObj *proxy_keys(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_call_method(vm, MAP(args[0]), OU_NAME(vm, keys), 0);
}
static OuObj *proxy_values(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_call_method(vm, MAP(args[0]), OU_NAME(vm, values), 0);
}
static OuObj *proxy_items(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_call_method(vm, MAP(args[0]), OU_NAME(vm, items), 0);
}
static OuObj *proxy_copy(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_call_method(vm, MAP(args[0]), OU_NAME(vm, copy), 0);
}
static OuObj *proxy_reversed(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_call_method(vm, MAP(args[0]), OU_NAME(vm, __reversed__), 0);
}

static void proxy_dealloc(OuVM *vm, OuObj *o)
{
    ou_decref(vm, MAP(o));
    ou_heap_free_gc(&vm->heap, o, sizeof(Proxy));
}

static int proxy_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(MAP(o));
    return 0;
}

static const OuFn proxy_methods[] = {
    {"get(self, key, default=None, /)", proxy_get, 0,
     "Return the value for key if key is in the mapping, else default."},
    {"keys(self, /)", proxy_keys, 0, "a set-like object providing a view on D's keys"},
    {"values(self, /)", proxy_values, 0, "an object providing a view on D's values"},
    {"items(self, /)", proxy_items, 0, "a set-like object providing a view on D's items"},
    {"copy(self, /)", proxy_copy, 0, "a shallow copy of D"},
    {"__class_getitem__(type, item, /)", ou_fn_class_getitem, OU_FN_CLASS, "See PEP 585"},
    {"__reversed__(self, /)", proxy_reversed, 0, "D.__reversed__() -> reverse iterator"},
    {0},
};

const OuTypeSpec ou_mappingproxy_spec = {
    .name = "mappingproxy",
    .size = sizeof(Proxy),
    .flags = OU_TYPE_GC | OU_TYPE_DEEP | OU_TYPE_MAPPING,
    .dealloc = proxy_dealloc,
    .traverse = proxy_traverse,
    .s = {.repr = proxy_repr,
          .str = proxy_str,
          .compare = proxy_compare,
          .hash = ou_hash_unhashable,
          .iter = proxy_iter,
          .new_ = proxy_new,
          .len = proxy_len,
          .getitem = proxy_getitem,
          .contains = proxy_contains,
          .nb[OU_NB_OR] = proxy_or,
          .nb[OU_NB_INPLACE + OU_NB_OR] = proxy_ior},
    .methods = proxy_methods,
};
