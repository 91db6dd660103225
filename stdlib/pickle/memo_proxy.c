/* stdlib/pickle/memo_proxy.c - PicklerMemoProxy and UnpicklerMemoProxy: the memo as seen by scripts. */
#include "pickle.h"

typedef struct Proxy {
    OuObj hdr;
    OuObj *owner; /* the Pickler or Unpickler */
} Proxy;
#define PROXY(o) ((Proxy *)(o))

static bool of_pickler(OuVM *vm, OuObj *o)
{
    return OU_TYPE_OF(vm, o)->spec == &ou_pickler_memo_spec;
}

OuObj *ou_memo_proxy_new(OuVM *vm, OuType *type, OuObj *owner)
{
    OuObj *o = ou_type_alloc(vm, type, 0);
    if (o)
        PROXY(o)->owner = ou_ref(owner);
    return o;
}

static OuObj *copy(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *owner = PROXY(args[0])->owner;
    return of_pickler(vm, args[0]) ? ou_pickler_memo_dict(vm, OU_PICKLER(owner))
                                   : ou_unpickler_memo_dict(vm, OU_UNPICKLER(owner));
}

OuObj *ou_memo_proxy_contents(OuVM *vm, OuObj *value, OuType *type, const char *what)
{
    if (!value)
        return ou_type_error(vm, "attribute deletion is not supported");
    if (OU_TYPE_OF(vm, value) == type)
        return copy(vm, &value, 1, NULL);
    if (ou_isa_dict(vm, value))
        return ou_ref(value);
    return ou_type_error(vm, "'memo' attribute must be %s object or dict, not %T", what, value);
}

static OuObj *empty(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *owner = PROXY(args[0])->owner;
    if (of_pickler(vm, args[0]))
        ou_pickler_memo_clear(vm, OU_PICKLER(owner));
    else
        ou_unpickler_memo_clear(vm, OU_UNPICKLER(owner));
    return ou_none(vm);
}

static OuObj *reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *d = copy(vm, args, nargs, kwnames), *inner = d ? ou_tuple_pack(vm, 1, d) : NULL;
    OuObj *r = inner ? ou_tuple_pack(vm, 2, (OuObj *)&vm->builtin[OU_T_dict], inner) : NULL;
    ou_xdecref(vm, d);
    ou_xdecref(vm, inner);
    return r;
}

static void clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, PROXY(o)->owner);
}

static void dealloc(OuVM *vm, OuObj *o)
{
    clear(vm, o);
    ou_free_object(vm, o);
}

static int traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(PROXY(o)->owner);
    return 0;
}

#define METHODS(reduce_doc)                                               \
    {                                                                     \
        {"clear(self, /)", empty, 0, "Remove all items from memo."},      \
            {"copy(self, /)", copy, 0, "Copy the memo to a new object."}, \
            {"__reduce__(self, /)", reduce, 0, reduce_doc}, {0},          \
    }
#define SPEC(type_name, table)                                                                              \
    {                                                                                                       \
        .name = type_name, .size = sizeof(Proxy), .flags = OU_TYPE_GC | OU_TYPE_NO_NEW, .dealloc = dealloc, \
        .traverse = traverse, .clear = clear, .s = {.hash = ou_hash_unhashable}, .methods = table           \
    }
static const OuFn pickler_methods[] = METHODS("Implement pickle support.");
static const OuFn unpickler_methods[] = METHODS("Implement pickling support.");
const OuTypeSpec ou_pickler_memo_spec = SPEC("_pickle.PicklerMemoProxy", pickler_methods);
const OuTypeSpec ou_unpickler_memo_spec = SPEC("_pickle.UnpicklerMemoProxy", unpickler_methods);
