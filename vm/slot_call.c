/* vm/slot_call.c - the slots of Python classes: each looks its special method up and calls it.  Ends in the table of all
 * special methods, ou_slot_rows. */
#include "type.h"

#include <string.h>

/* ---- calling the Python method ---------------------------------------------------------- */

/* Calls method f (borrowed, found on the type of args[0]) with args[1..n). */
static OuObj *call_found(OuVM *vm, OuObj *f, OuObj *const *args, size_t n)
{
    OuType *ft = OU_TYPE_OF(vm, f);
    OuObj *r;
    ou_incref(f);
    if (ft->flags & OU_TYPE_METHOD_DESCR) {
        r = ou_call(vm, f, args, n, NULL);
    } else if (ft->s.descr_get) {
        OuObj *bound = ft->s.descr_get(vm, f, args[0], (OuObj *)OU_TYPE_OF(vm, args[0]));
        r = bound ? ou_call(vm, bound, args + 1, n - 1, NULL) : NULL;
        ou_xdecref(vm, bound);
    } else {
        r = ou_call(vm, f, args + 1, n - 1, NULL);
    }
    ou_decref(vm, f);
    return r;
}

/* Calls f(first, args...) with the caller's keyword values. */
static OuObj *call_prepended(OuVM *vm, OuObj *f, OuObj *first, OuObj *const *args, size_t nargs,
                             OuObj *kwnames)
{
    size_t n = nargs + (kwnames ? OU_TUPLE(kwnames)->n : 0);
    OuObj *small[10], **v = small;
    if (n + 1 > sizeof small / sizeof *small && !(v = ou_alloc(vm, (n + 1) * sizeof *v)))
        return NULL;
    v[0] = first;
    if (n)
        memcpy(v + 1, args, n * sizeof *v);
    OuObj *r = ou_call(vm, f, v, nargs + 1, kwnames);
    if (v != small)
        ou_free(vm, v, (n + 1) * sizeof *v);
    return r;
}

/* The same with keyword values behind the arguments, and self apart. */
static OuObj *call_found_kw(OuVM *vm, OuObj *f, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuType *ft = OU_TYPE_OF(vm, f);
    OuObj *r;
    ou_incref(f);
    if (ft->flags & OU_TYPE_METHOD_DESCR) {
        r = call_prepended(vm, f, self, args, nargs, kwnames);
    } else if (ft->s.descr_get) {
        OuObj *bound = ft->s.descr_get(vm, f, self, (OuObj *)OU_TYPE_OF(vm, self));
        r = bound ? ou_call(vm, bound, args, nargs, kwnames) : NULL;
        ou_xdecref(vm, bound);
    } else {
        r = ou_call(vm, f, args, nargs, kwnames);
    }
    ou_decref(vm, f);
    return r;
}

static OuObj *call_method(OuVM *vm, OuObj *name, OuObj *const *args, size_t n)
{
    OuObj *f = ou_type_lookup(vm, OU_TYPE_OF(vm, args[0]), name);
    if (!f)
        return ou_raise_value(vm, OU_EXC(vm, AttributeError), name);
    return call_found(vm, f, args, n);
}

static OuObj *call_maybe(OuVM *vm, OuObj *name, OuObj *self, OuObj *other)
{
    OuObj *f = ou_type_lookup(vm, OU_TYPE_OF(vm, self), name);
    if (!f)
        return ou_notimplemented(vm);
    return call_found(vm, f, (OuObj *[]){self, other}, 2);
}

/* ---- binary operators ---------------------------------------------------------------------- */

static OuObj *binary(OuVM *vm, OuObj *a, OuObj *b, OuNb nb, OuBinary self_fn, OuObj *name, OuObj *rname)
{
    OuType *ta = OU_TYPE_OF(vm, a), *tb = OU_TYPE_OF(vm, b);
    bool do_other = ta != tb && tb->u->nb[nb] == self_fn;
    if (ta->u->nb[nb] == self_fn) {
        if (do_other && ou_type_is_subtype(vm, tb, ta)) {
            OuObj *rb = ou_type_lookup(vm, tb, rname);
            if (rb && rb != ou_type_lookup(vm, ta, rname)) { /* the subclass overrides the reflected method */
                OuObj *r = call_found(vm, rb, (OuObj *[]){b, a}, 2);
                if (r != OU_NOTIMPLEMENTED(vm))
                    return r;
                ou_decref(vm, r);
                do_other = false;
            }
        }
        OuObj *r = call_maybe(vm, name, a, b);
        if (r != OU_NOTIMPLEMENTED(vm) || OU_TYPE_OF(vm, b) == OU_TYPE_OF(vm, a))
            return r;
        ou_decref(vm, r);
    }
    if (do_other)
        return call_maybe(vm, rname, b, a);
    return ou_notimplemented(vm);
}

#define BINARY_SLOT(fn, NB, name, rname)                                                \
    static OuObj *fn(OuVM *vm, OuObj *a, OuObj *b)                                      \
    {                                                                                   \
        return binary(vm, a, b, OU_NB_##NB, fn, OU_NAME(vm, name), OU_NAME(vm, rname)); \
    }
BINARY_SLOT(slot_add, ADD, __add__, __radd__)
BINARY_SLOT(slot_sub, SUB, __sub__, __rsub__)
BINARY_SLOT(slot_mul, MUL, __mul__, __rmul__)
BINARY_SLOT(slot_mod, MOD, __mod__, __rmod__)
BINARY_SLOT(slot_divmod, DIVMOD, __divmod__, __rdivmod__)
BINARY_SLOT(slot_pow, POW, __pow__, __rpow__)
BINARY_SLOT(slot_lshift, LSHIFT, __lshift__, __rlshift__)
BINARY_SLOT(slot_rshift, RSHIFT, __rshift__, __rrshift__)
BINARY_SLOT(slot_and, AND, __and__, __rand__)
BINARY_SLOT(slot_xor, XOR, __xor__, __rxor__)
BINARY_SLOT(slot_or, OR, __or__, __ror__)
BINARY_SLOT(slot_floordiv, FLOORDIV, __floordiv__, __rfloordiv__)
BINARY_SLOT(slot_truediv, DIV, __truediv__, __rtruediv__)
BINARY_SLOT(slot_matmul, MATMUL, __matmul__, __rmatmul__)

static OuObj *slot_power3(OuVM *vm, OuObj *a, OuObj *b, OuObj *mod)
{
    OuType *t = OU_TYPE_OF(vm, a);
    if (t->u->power3 != slot_power3)
        return ou_notimplemented(vm);
    return call_method(vm, OU_NAME(vm, __pow__), (OuObj *[]){a, b, mod}, 3);
}

#define INPLACE_SLOT(fn, name)                                           \
    static OuObj *fn(OuVM *vm, OuObj *a, OuObj *b)                       \
    {                                                                    \
        return call_method(vm, OU_NAME(vm, name), (OuObj *[]){a, b}, 2); \
    }
INPLACE_SLOT(slot_iadd, __iadd__)
INPLACE_SLOT(slot_isub, __isub__)
INPLACE_SLOT(slot_imul, __imul__)
INPLACE_SLOT(slot_imod, __imod__)
INPLACE_SLOT(slot_ipow, __ipow__)
INPLACE_SLOT(slot_ilshift, __ilshift__)
INPLACE_SLOT(slot_irshift, __irshift__)
INPLACE_SLOT(slot_iand, __iand__)
INPLACE_SLOT(slot_ixor, __ixor__)
INPLACE_SLOT(slot_ior, __ior__)
INPLACE_SLOT(slot_ifloordiv, __ifloordiv__)
INPLACE_SLOT(slot_itruediv, __itruediv__)
INPLACE_SLOT(slot_imatmul, __imatmul__)
INPLACE_SLOT(slot_getitem, __getitem__)

#define UNARY_SLOT(fn, name)                              \
    static OuObj *fn(OuVM *vm, OuObj *o)                  \
    {                                                     \
        return call_method(vm, OU_NAME(vm, name), &o, 1); \
    }
UNARY_SLOT(slot_neg, __neg__)
UNARY_SLOT(slot_pos, __pos__)
UNARY_SLOT(slot_abs, __abs__)
UNARY_SLOT(slot_invert, __invert__)
UNARY_SLOT(slot_to_int, __int__)
UNARY_SLOT(slot_to_float, __float__)
UNARY_SLOT(slot_index, __index__)
UNARY_SLOT(slot_next, __next__) /* a StopIteration stays in flight: ou_next and the loops clear it */

static OuObj *async_slot(OuVM *vm, OuObj *o, OuObj *name, const char *text)
{
    OuObj *f = ou_type_lookup(vm, OU_TYPE_OF(vm, o), name);
    if (!f)
        return ou_raise(vm, OU_EXC(vm, AttributeError), text, OU_TYPE_OF(vm, o));
    return call_found(vm, f, &o, 1);
}
static OuObj *slot_await(OuVM *vm, OuObj *o)
{
    return async_slot(vm, o, OU_NAME(vm, __await__), "object %N does not have __await__ method");
}
static OuObj *slot_aiter(OuVM *vm, OuObj *o)
{
    return async_slot(vm, o, OU_NAME(vm, __aiter__), "object %N does not have __aiter__ method");
}
static OuObj *slot_anext(OuVM *vm, OuObj *o)
{
    return async_slot(vm, o, OU_NAME(vm, __anext__), "object %N does not have __anext__ method");
}

/* ---- the others ------------------------------------------------------------------------------ */

static OuObj *slot_repr(OuVM *vm, OuObj *o)
{
    OuObj *f = ou_type_lookup(vm, OU_TYPE_OF(vm, o), OU_NAME(vm, __repr__));
    if (!f)
        return ou_str_fmt(vm, "<%N object at %p>", OU_TYPE_OF(vm, o), (void *)o);
    return call_found(vm, f, &o, 1);
}
UNARY_SLOT(slot_str, __str__)

static int slot_hash(OuVM *vm, OuObj *o, int64_t *out)
{
    OuObj *f = ou_type_lookup(vm, OU_TYPE_OF(vm, o), OU_NAME(vm, __hash__));
    if (!f || f == OU_NONE(vm))
        return ou_hash_unhashable(vm, o, out);
    OuObj *r = call_found(vm, f, &o, 1);
    if (!r)
        return -1;
    if (!ou_isa_int(vm, r)) {
        ou_decref(vm, r);
        return ou_type_error_i(vm, "__hash__ method should return an integer");
    }
    /* An int that fits is the hash as it is; a wider one is hashed as an int. */
    int e = ou_int_fits(r, out) ? 0 : vm->builtin[OU_T_int].s.hash(vm, r, out);
    if (*out == -1)
        *out = -2;
    ou_decref(vm, r);
    return e;
}

static OuObj *slot_call(OuVM *vm, OuObj *o, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *f = ou_type_lookup(vm, OU_TYPE_OF(vm, o), OU_NAME(vm, __call__));
    if (!f)
        return ou_type_error(vm, "'%T' object is not callable", o);
    if (ou_recursion_enter(vm, " while calling a Python object") < 0)
        return NULL;
    OuObj *r = call_found_kw(vm, f, o, args, nargs, kwnames);
    ou_recursion_leave(vm);
    return r;
}

/* In a class with __getattr__, CPython binds both hooks: o counts one more inside. */
static OuObj *call_held(OuVM *vm, OuObj *f, OuObj *o, OuObj *name)
{
    ou_incref(o);
    OuObj *r = call_found(vm, f, (OuObj *[]){o, name}, 2);
    ou_decref(vm, o);
    return r;
}

static OuObj *slot_getattr(OuVM *vm, OuObj *o, OuObj *name)
{
    OuType *t = OU_TYPE_OF(vm, o);
    OuObj *hook = ou_type_lookup(vm, t, OU_NAME(vm, __getattr__));
    OuObj *get = ou_type_lookup(vm, t, OU_NAME(vm, __getattribute__));
    OuObj *v = NULL;
    ou_xincref(hook);
    if (get && ou_is(get, wrapper_descr) && ((OuWrapperDescr *)get)->row->kind == OU_W_GETATTR) {
        OuBinary fn = (OuBinary)((OuWrapperDescr *)get)->fn;
        if (fn == ou_generic_getattr && hook) {
            int r = ou_generic_lookup_attr(vm, o, name, &v);
            if (r > 0 || (r < 0 && !ou_err_is(vm, OU_EXC(vm, AttributeError)))) {
                ou_decref(vm, hook);
                return r > 0 ? v : NULL;
            }
            if (r < 0)
                ou_err_clear(vm);
            v = call_held(vm, hook, o, name);
            ou_decref(vm, hook);
            return v;
        }
        v = fn(vm, o, name);
    } else if (get) {
        v = hook ? call_held(vm, get, o, name) : call_found(vm, get, (OuObj *[]){o, name}, 2);
    }
    if (!v && hook && ou_err_is(vm, OU_EXC(vm, AttributeError))) {
        ou_err_clear(vm);
        v = call_held(vm, hook, o, name);
    }
    ou_xdecref(vm, hook);
    return v;
}

static int slot_setattr(OuVM *vm, OuObj *o, OuObj *name, OuObj *value)
{
    OuObj *r = value ? call_method(vm, OU_NAME(vm, __setattr__), (OuObj *[]){o, name, value}, 3)
                     : call_method(vm, OU_NAME(vm, __delattr__), (OuObj *[]){o, name}, 2);
    if (!r)
        return -1;
    ou_decref(vm, r);
    return 0;
}

static OuObj *compare_name(OuVM *vm, int op)
{
    switch (op) {
    case OU_CMP_LT:
        return OU_NAME(vm, __lt__);
    case OU_CMP_LE:
        return OU_NAME(vm, __le__);
    case OU_CMP_EQ:
        return OU_NAME(vm, __eq__);
    case OU_CMP_NE:
        return OU_NAME(vm, __ne__);
    case OU_CMP_GT:
        return OU_NAME(vm, __gt__);
    default:
        return OU_NAME(vm, __ge__);
    }
}

static OuObj *slot_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    OuObj *f = ou_type_lookup(vm, OU_TYPE_OF(vm, a), compare_name(vm, op));
    if (!f)
        return ou_notimplemented(vm);
    OuType *ft = OU_TYPE_OF(vm, f);
    if (ft->flags & OU_TYPE_METHOD_DESCR || !ft->s.descr_get)
        return call_found(vm, f, (OuObj *[]){a, b}, 2);
    ou_incref(f);
    OuObj *bound = ft->s.descr_get(vm, f, a, (OuObj *)OU_TYPE_OF(vm, a)), *r;
    ou_decref(vm, f);
    if (!bound) { /* a property that fails counts as no method here */
        ou_err_clear(vm);
        return ou_notimplemented(vm);
    }
    r = ou_call1(vm, bound, b);
    ou_decref(vm, bound);
    return r;
}

static OuObj *slot_iter(OuVM *vm, OuObj *o)
{
    OuObj *f = ou_type_lookup(vm, OU_TYPE_OF(vm, o), OU_NAME(vm, __iter__));
    if (!f || f == OU_NONE(vm))
        return ou_type_error(vm, "'%T' object is not iterable", o);
    return call_found(vm, f, &o, 1);
}

static OuObj *slot_descr_get(OuVM *vm, OuObj *d, OuObj *obj, OuObj *type)
{
    OuObj *f = ou_type_lookup(vm, OU_TYPE_OF(vm, d), OU_NAME(vm, __get__));
    if (!f)
        return ou_ref(d);
    return call_found(vm, f, (OuObj *[]){d, obj ? obj : OU_NONE(vm), type ? type : OU_NONE(vm)}, 3);
}

static int slot_descr_set(OuVM *vm, OuObj *d, OuObj *obj, OuObj *value)
{
    OuObj *r = value ? call_method(vm, OU_NAME(vm, __set__), (OuObj *[]){d, obj, value}, 3)
                     : call_method(vm, OU_NAME(vm, __delete__), (OuObj *[]){d, obj}, 2);
    if (!r)
        return -1;
    ou_decref(vm, r);
    return 0;
}

static int slot_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *f = ou_type_lookup(vm, OU_TYPE_OF(vm, self), OU_NAME(vm, __init__));
    if (!f) {
        ou_raise_value(vm, OU_EXC(vm, AttributeError), OU_NAME(vm, __init__));
        return -1;
    }
    OuObj *r = call_found_kw(vm, f, self, args, nargs, kwnames);
    if (!r)
        return -1;
    if (r != OU_NONE(vm)) {
        ou_type_error(vm, "__init__() should return None, not '%T'", r);
        ou_decref(vm, r);
        return -1;
    }
    ou_decref(vm, r);
    return 0;
}

static OuObj *slot_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *f = ou_getattr(vm, (OuObj *)type, OU_NAME(vm, __new__));
    if (!f)
        return NULL;
    OuObj *r = call_prepended(vm, f, (OuObj *)type, args, nargs, kwnames);
    ou_decref(vm, f);
    return r;
}

bool ou_slots_new_is_python(const OuType *t)
{
    return t->s.new_ == slot_new;
}

static void slot_finalize(OuVM *vm, OuObj *o)
{
    OuObj *saved = ou_err_fetch(vm);
    OuObj *f = ou_type_lookup(vm, OU_TYPE_OF(vm, o), OU_NAME(vm, __del__));
    if (f) {
        ou_incref(f);
        OuObj *r = call_found(vm, f, &o, 1);
        if (r)
            ou_decref(vm, r);
        else
            ou_err_unraisable(vm, f, NULL);
        ou_decref(vm, f);
    }
    ou_err_restore(vm, saved);
}

static ou_ssize slot_len(OuVM *vm, OuObj *o)
{
    OuObj *r = call_method(vm, OU_NAME(vm, __len__), &o, 1);
    if (!r)
        return -1;
    OuObj *i = ou_index(vm, r);
    ou_decref(vm, r);
    if (!i)
        return -1;
    ou_ssize n = -1;
    if (ou_int_sign(i) < 0)
        ou_value_error(vm, "__len__() should return >= 0");
    else if (ou_as_ssize(vm, i, OU_EXC(vm, OverflowError), &n) < 0)
        n = -1;
    ou_decref(vm, i);
    return n;
}

static int slot_truth(OuVM *vm, OuObj *o)
{
    OuType *t = OU_TYPE_OF(vm, o);
    OuObj *f = ou_type_lookup(vm, t, OU_NAME(vm, __bool__));
    if (!f) {
        if (!ou_type_lookup(vm, t, OU_NAME(vm, __len__)))
            return 1;
        ou_ssize n = slot_len(vm, o);
        return n < 0 ? -1 : n > 0;
    }
    OuObj *r = call_found(vm, f, &o, 1);
    if (!r)
        return -1;
    int truth = r == OU_TRUE(vm) ? 1 : r == OU_FALSE(vm) ? 0 : -1;
    if (truth < 0)
        ou_type_error(vm, "__bool__ should return bool, returned %T", r);
    ou_decref(vm, r);
    return truth;
}

static int slot_setitem(OuVM *vm, OuObj *o, OuObj *key, OuObj *value)
{
    OuObj *r = value ? call_method(vm, OU_NAME(vm, __setitem__), (OuObj *[]){o, key, value}, 3)
                     : call_method(vm, OU_NAME(vm, __delitem__), (OuObj *[]){o, key}, 2);
    if (!r)
        return -1;
    ou_decref(vm, r);
    return 0;
}

static OuObj *slot_item(OuVM *vm, OuObj *o, ou_ssize i)
{
    OuObj *key = ou_int(vm, i);
    if (!key)
        return NULL;
    OuObj *r = call_method(vm, OU_NAME(vm, __getitem__), (OuObj *[]){o, key}, 2);
    ou_decref(vm, key);
    return r;
}

static int slot_contains(OuVM *vm, OuObj *o, OuObj *x)
{
    OuObj *f = ou_type_lookup(vm, OU_TYPE_OF(vm, o), OU_NAME(vm, __contains__));
    if (f == OU_NONE(vm))
        return ou_type_error_i(vm, "'%T' object is not a container", o);
    if (f) {
        OuObj *r = call_found(vm, f, (OuObj *[]){o, x}, 2);
        int truth = r ? ou_is_true(vm, r) : -1;
        ou_xdecref(vm, r);
        return truth;
    }
    OuObj *it = ou_iter(vm, o), *v;
    int found = it ? 0 : -1;
    while (found == 0 && (v = ou_next(vm, it))) {
        found = ou_compare_bool(vm, v, x, OU_CMP_EQ);
        ou_decref(vm, v);
    }
    ou_xdecref(vm, it);
    return found == 0 && ou_err_occurred(vm) ? -1 : found;
}

/* ---- the table ---------------------------------------------------------------------------------- */

const OuSlotRow ou_slot_rows[] = {
#define SLOT(name, field, kind, generic, sig, doc) \
    {OU_NAME_##name, offsetof(OuSlots, field), OU_W_##kind, generic, #name sig "\n--\n\n" doc},
#include "slots.def"
#undef SLOT
};
const size_t ou_slot_row_count = sizeof ou_slot_rows / sizeof *ou_slot_rows;
