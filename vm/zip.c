/* vm/zip.c - zip.  Its result tuple is reused while nobody else holds it. */
#include "iterobj.h"

typedef struct Zip {
    OuObj hdr;
    OuTuple *its;
    OuObj *result; /* tuple of as many items */
    bool strict;
} Zip;

static OuObj *zip_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int strict = 0;
    size_t nkw = kwnames ? OU_TUPLE(kwnames)->n : 0;
    if (nkw > 1)
        return ou_type_error(vm, "zip() takes at most 1 keyword argument (%zu given)", nkw);
    if (nkw) {
        OuObj *k = OU_TUPLE(kwnames)->items[0];
        if (!ou_str_eq_s(k, "strict"))
            return ou_type_error(vm, "'%U' is an invalid keyword argument for zip()", k);
        if ((strict = ou_is_true(vm, args[nargs])) < 0)
            return NULL;
    }
    OuObj *its = ou_tuple_new(vm, nargs), *result = its ? ou_tuple_new(vm, nargs) : NULL;
    if (!result)
        goto fail;
    for (size_t i = 0; i < nargs; i++) {
        OU_TUPLE(result)->items[i] = ou_none(vm);
        if (!(OU_TUPLE(its)->items[i] = ou_iter(vm, args[i])))
            goto fail;
    }
    Zip *z = (Zip *)ou_type_alloc(vm, type, 0);
    if (!z)
        goto fail;
    z->its = OU_TUPLE(its);
    z->result = result;
    z->strict = strict;
    return &z->hdr;
fail:
    ou_xdecref(vm, its);
    ou_xdecref(vm, result);
    return NULL;
}
static void zip_dealloc(OuVM *vm, OuObj *o)
{
    ou_xdecref(vm, ((Zip *)o)->its);
    ou_xdecref(vm, ((Zip *)o)->result);
    ou_free_object(vm, o);
}
static int zip_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((Zip *)o)->its);
    OU_VISIT(((Zip *)o)->result);
    return 0;
}
/* strict: iterator i ended.  Fine only if all end together. */
static OuObj *check_lengths(OuVM *vm, Zip *z, size_t i)
{
    if (ou_err_occurred(vm)) {
        if (!ou_err_is(vm, OU_EXC(vm, StopIteration)))
            return NULL;
        ou_err_clear(vm);
    }
    if (i)
        return ou_value_error(vm, "zip() argument %zu is shorter than argument%s%zu", i + 1,
                              i == 1 ? " " : "s 1-", i);
    for (i = 1; i < z->its->n; i++) {
        OuObj *x = ou_next(vm, z->its->items[i]);
        if (x) {
            ou_decref(vm, x);
            return ou_value_error(vm, "zip() argument %zu is longer than argument%s%zu", i + 1,
                                  i == 1 ? " " : "s 1-", i);
        }
        if (ou_err_occurred(vm))
            return NULL;
    }
    return NULL;
}
static OuObj *zip_next(OuVM *vm, OuObj *o)
{
    Zip *z = (Zip *)o;
    size_t n = z->its->n;
    if (n == 0)
        return NULL;
    if (ou_check_stack(vm, "") < 0)
        return NULL;
    bool reuse = z->result->rc == 1;
    if (n == 2 && !reuse) { /* pairs that are kept: nothing to clear, nothing to release */
        OuObj *first = z->its->items[0], *second = z->its->items[1], *a, *b;
        if (!(a = OU_TYPE_OF(vm, first)->s.next(vm, first)))
            return z->strict ? check_lengths(vm, z, 0) : NULL;
        if ((b = OU_TYPE_OF(vm, second)->s.next(vm, second)))
            return ou_pair_take(vm, a, b);
        ou_decref(vm, a);
        return z->strict ? check_lengths(vm, z, 1) : NULL;
    }
    OuTuple *t = (OuTuple *)(reuse ? ou_ref(z->result) : ou_tuple_new(vm, n));
    if (!t)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        OuObj *it = z->its->items[i], *x = OU_TYPE_OF(vm, it)->s.next(vm, it);
        if (!x) {
            ou_decref(vm, t);
            return z->strict ? check_lengths(vm, z, i) : NULL;
        }
        OuObj *old = t->items[i];
        t->items[i] = x;
        ou_xdecref(vm, old);
    }
    if (reuse)
        ou_gc_track(&vm->heap, &t->hdr); /* a collection untracks a tuple of leaves */
    return &t->hdr;
}
static OuObj *zip_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Zip *z = (Zip *)args[0];
    return z->strict ? ou_tuple_pack(vm, 3, OU_TYPE_OBJ(vm, args[0]), z->its, OU_TRUE(vm))
                     : ou_tuple_pack(vm, 2, OU_TYPE_OBJ(vm, args[0]), z->its);
}
static OuObj *zip_setstate(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int strict = ou_is_true(vm, args[1]);
    if (strict < 0)
        return NULL;
    ((Zip *)args[0])->strict = strict;
    return ou_none(vm);
}
static const OuFn zip_methods[] = {
    OU_ITER_REDUCE_ROW(zip_reduce),
    {"__setstate__(self, state, /)", zip_setstate, 0, "Sets the state for unpickling."},
    {0},
};
const OuTypeSpec ou_zip_spec = {
    .name = "zip",
    .size = sizeof(Zip),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_DEEP,
    .doc =
        "zip(*iterables, strict=False) --> tuples of one item from each iterable, until the shortest ends;\n"
        "with strict, ValueError unless all have the same length.\n\n"
        ">>> list(zip('abc', range(5)))\n[('a', 0), ('b', 1), ('c', 2)]",
    .dealloc = zip_dealloc,
    .traverse = zip_traverse,
    .s = {.iter = ou_self_iter, .next = zip_next, .new_ = zip_new},
    .methods = zip_methods,
};
