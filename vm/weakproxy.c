/* vm/weakproxy.c - weakref.ProxyType and CallableProxyType: every operation goes to the target. */
#include "weakref.h"
#include "native.h"

/* New reference to what p stands for (p itself when it is no proxy); NULL with ReferenceError. */
static OuObj *unwrap(OuVM *vm, OuObj *p)
{
    if (!ou_is(p, weakproxy) && !ou_is(p, weakcallableproxy))
        return ou_ref(p);
    OuObj *o = ou_weakref_target((OuWeakRef *)p);
    if (!o)
        return ou_raise(vm, OU_EXC(vm, ReferenceError), "weakly-referenced object no longer exists");
    return ou_ref(o);
}

typedef OuObj *(*Unary)(OuVM *, OuObj *);

static OuObj *unary(OuVM *vm, OuObj *p, Unary f)
{
    OuObj *o = unwrap(vm, p);
    if (!o)
        return NULL;
    OuObj *res = f(vm, o);
    ou_decref(vm, o);
    return res;
}

static OuObj *binary(OuVM *vm, OuObj *a, OuObj *b, int nb)
{
    OuObj *x = unwrap(vm, a), *y = x ? unwrap(vm, b) : NULL, *res = NULL;
    if (y)
        res = ou_binop(vm, nb, x, y);
    ou_xdecref(vm, x);
    ou_xdecref(vm, y);
    return res;
}

#define EACH_OP(X) \
    X(ADD) X(SUB) X(MUL) X(DIV) X(FLOORDIV) X(MOD) X(POW) X(LSHIFT) X(RSHIFT) X(AND) X(OR) X(XOR) X(MATMUL)
#define DEFINE(OP)                                           \
    static OuObj *op_##OP(OuVM *vm, OuObj *a, OuObj *b)      \
    {                                                        \
        return binary(vm, a, b, OU_NB_##OP);                 \
    }                                                        \
    static OuObj *inplace_##OP(OuVM *vm, OuObj *a, OuObj *b) \
    {                                                        \
        return binary(vm, a, b, OU_NB_INPLACE + OU_NB_##OP); \
    }
EACH_OP(DEFINE)
static OuObj *op_DIVMOD(OuVM *vm, OuObj *a, OuObj *b)
{
    return binary(vm, a, b, OU_NB_DIVMOD);
}

#define UNARY(name, f)                         \
    static OuObj *p_##name(OuVM *vm, OuObj *p) \
    {                                          \
        return unary(vm, p, f);                \
    }
UNARY(str, ou_str)
UNARY(neg, ou_negative)
UNARY(pos, ou_positive)
UNARY(abs, ou_absolute)
UNARY(invert, ou_invert)
UNARY(to_int, ou_to_int)
UNARY(to_float, ou_to_float)
UNARY(index, ou_index)
UNARY(iter, ou_iter)

static OuObj *next_of(OuVM *vm, OuObj *o)
{
    if (!ou_is_iterator(vm, o))
        return ou_type_error(vm, "Weakref proxy referenced a non-iterator '%T' object", o);
    return ou_next(vm, o);
}
UNARY(next, next_of)

static OuObj *p_power3(OuVM *vm, OuObj *a, OuObj *b, OuObj *mod)
{
    OuObj *x = unwrap(vm, a), *y = x ? unwrap(vm, b) : NULL, *z = y ? unwrap(vm, mod) : NULL, *res = NULL;
    if (z)
        res = ou_power(vm, x, y, z);
    ou_xdecref(vm, x);
    ou_xdecref(vm, y);
    ou_xdecref(vm, z);
    return res;
}

static OuObj *p_repr(OuVM *vm, OuObj *p)
{
    OuObj *o = ou_weakref_target((OuWeakRef *)p);
    o = o ? o : OU_NONE(vm);
    return ou_str_fmt(vm, "<weakproxy at %p to %T at %p>", (void *)p, o, (void *)o);
}

static OuObj *p_getattr(OuVM *vm, OuObj *p, OuObj *name)
{
    OuObj *o = unwrap(vm, p);
    if (!o)
        return NULL;
    OuObj *res = ou_getattr(vm, o, name);
    ou_decref(vm, o);
    return res;
}

static int p_setattr(OuVM *vm, OuObj *p, OuObj *name, OuObj *value)
{
    OuObj *o = unwrap(vm, p);
    if (!o)
        return -1;
    int res = ou_setattr(vm, o, name, value);
    ou_decref(vm, o);
    return res;
}

static OuObj *p_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    OuObj *x = unwrap(vm, a), *y = x ? unwrap(vm, b) : NULL, *res = NULL;
    if (y)
        res = ou_compare(vm, x, y, op);
    ou_xdecref(vm, x);
    ou_xdecref(vm, y);
    return res;
}

static int p_truth(OuVM *vm, OuObj *p)
{
    OuObj *o = unwrap(vm, p);
    if (!o)
        return -1;
    int res = ou_is_true(vm, o);
    ou_decref(vm, o);
    return res;
}

static ou_ssize p_len(OuVM *vm, OuObj *p)
{
    OuObj *o = unwrap(vm, p);
    if (!o)
        return -1;
    ou_ssize res = ou_len(vm, o);
    ou_decref(vm, o);
    return res;
}

static OuObj *p_getitem(OuVM *vm, OuObj *p, OuObj *key)
{
    OuObj *x = unwrap(vm, p), *k = x ? unwrap(vm, key) : NULL, *res = NULL;
    if (k)
        res = ou_getitem(vm, x, k);
    ou_xdecref(vm, x);
    ou_xdecref(vm, k);
    return res;
}

static int p_setitem(OuVM *vm, OuObj *p, OuObj *key, OuObj *value)
{
    OuObj *o = unwrap(vm, p);
    if (!o)
        return -1;
    int res = value ? ou_setitem(vm, o, key, value) : ou_delitem(vm, o, key);
    ou_decref(vm, o);
    return res;
}

static int p_contains(OuVM *vm, OuObj *p, OuObj *x)
{
    OuObj *o = unwrap(vm, p);
    if (!o)
        return -1;
    int res = ou_contains(vm, o, x);
    ou_decref(vm, o);
    return res;
}

static OuObj *p_call(OuVM *vm, OuObj *p, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *o = unwrap(vm, p);
    if (!o)
        return NULL;
    OuObj *res = ou_call(vm, o, args, nargs, kwnames);
    ou_decref(vm, o);
    return res;
}

static OuObj *p_bytes(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    (void)nargs, (void)kwnames;
    return unary(vm, args[0], ou_bytes_of);
}

static OuObj *call_reversed(OuVM *vm, OuObj *o)
{
    return ou_call_method(vm, o, OU_NAME(vm, __reversed__), 0);
}

static OuObj *p_reversed(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    (void)nargs, (void)kwnames;
    return unary(vm, args[0], call_reversed);
}

static const OuFn proxy_methods[] = {
    {"__bytes__(...)", p_bytes, 0, NULL},
    {"__reversed__(...)", p_reversed, 0, NULL},
    {0},
};

#define NB_OP(OP) [OU_NB_##OP] = op_##OP, [OU_NB_INPLACE + OU_NB_##OP] = inplace_##OP,
#define PROXY_SLOTS                                                                                         \
    .repr = p_repr, .str = p_str, .hash = ou_hash_unhashable, .getattr = p_getattr, .setattr = p_setattr,   \
    .compare = p_compare, .iter = p_iter, .next = p_next, .nb = {EACH_OP(NB_OP)[OU_NB_DIVMOD] = op_DIVMOD}, \
    .power3 = p_power3, .neg = p_neg, .pos = p_pos, .abs = p_abs, .invert = p_invert, .to_int = p_to_int,   \
    .to_float = p_to_float, .index = p_index, .truth = p_truth, .len = p_len, .getitem = p_getitem,         \
    .setitem = p_setitem, .contains = p_contains

const OuTypeSpec ou_weakproxy_spec = {
    .name = "weakref.ProxyType",
    .size = sizeof(OuWeakRef),
    .flags = OU_TYPE_GC | OU_TYPE_DEEP | OU_TYPE_NO_NEW,
    .dealloc = ou_weakref_dealloc,
    .traverse = ou_weakref_traverse,
    .clear = ou_weakref_clear,
    .s = {PROXY_SLOTS},
    .methods = proxy_methods,
};

const OuTypeSpec ou_weakcallableproxy_spec = {
    .name = "weakref.CallableProxyType",
    .size = sizeof(OuWeakRef),
    .flags = OU_TYPE_GC | OU_TYPE_DEEP | OU_TYPE_NO_NEW,
    .dealloc = ou_weakref_dealloc,
    .traverse = ou_weakref_traverse,
    .clear = ou_weakref_clear,
    .s = {PROXY_SLOTS, .call = p_call},
};
