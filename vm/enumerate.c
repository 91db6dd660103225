/* vm/enumerate.c - enumerate.  Its result pair is reused while nobody else holds it. */
#include "generic_alias.h"
#include "iterobj.h"

typedef struct Enumerate {
    OuObj hdr;
    OuObj *it, *result;
    OuObj *big; /* the index once it left 64 bits, or NULL */
    int64_t i;
} Enumerate;

static OuObj *enum_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[2] = {NULL, NULL};
    size_t nkw = kwnames ? OU_TUPLE(kwnames)->n : 0;
    if (nargs + nkw > 2)
        return ou_type_error(vm, "enumerate() takes at most 2 arguments (%zu given)", nargs + nkw);
    for (size_t i = 0; i < nargs; i++)
        a[i] = args[i];
    for (size_t i = 0; i < nkw; i++) {
        OuObj *k = OU_TUPLE(kwnames)->items[i];
        int at = ou_str_eq_s(k, "iterable") ? 0 : ou_str_eq_s(k, "start") ? 1 : -1;
        if (at < 0 || a[at] || (at == 1 && nargs == 0 && nkw == 1))
            return ou_type_error(vm, "'%U' is an invalid keyword argument for enumerate()", k);
        a[at] = args[nargs + i];
    }
    if (!a[0])
        return ou_type_error(vm, "enumerate() missing required argument 'iterable'");
    int64_t start = 0;
    OuObj *big = NULL;
    if (a[1]) {
        OuObj *v = ou_index(vm, a[1]);
        if (!v)
            return NULL;
        if (ou_int_fits(v, &start))
            ou_decref(vm, v);
        else
            big = v;
    }
    OuObj *it = ou_iter(vm, a[0]), *pair = it ? ou_tuple_pack(vm, 2, OU_NONE(vm), OU_NONE(vm)) : NULL;
    Enumerate *e = pair ? (Enumerate *)ou_type_alloc(vm, type, 0) : NULL;
    if (!e) {
        ou_xdecref(vm, it);
        ou_xdecref(vm, pair);
        ou_xdecref(vm, big);
        return NULL;
    }
    e->it = it;
    e->result = pair;
    e->big = big;
    e->i = start;
    return &e->hdr;
}
static void enum_dealloc(OuVM *vm, OuObj *o)
{
    Enumerate *e = (Enumerate *)o;
    ou_xdecref(vm, e->it);
    ou_xdecref(vm, e->result);
    ou_xdecref(vm, e->big);
    ou_free_object(vm, o);
}
static int enum_traverse(OuObj *o, OuVisit visit, void *arg)
{
    Enumerate *e = (Enumerate *)o;
    OU_VISIT(e->it);
    OU_VISIT(e->result);
    return 0;
}
static OuObj *big_index(OuVM *vm, Enumerate *e)
{
    OuObj *one = ou_int(vm, 1), *next = one ? ou_binop(vm, OU_NB_ADD, e->big, one) : NULL, *now = e->big;
    ou_xdecref(vm, one);
    if (!next)
        return NULL;
    e->big = next;
    return now;
}
static OuObj *enum_next(OuVM *vm, OuObj *o)
{
    Enumerate *e = (Enumerate *)o;
    if (ou_check_stack(vm, "") < 0)
        return NULL;
    OuObj *x = OU_TYPE_OF(vm, e->it)->s.next(vm, e->it), *i;
    if (!x)
        return NULL;
    if (e->big) {
        i = big_index(vm, e);
    } else {
        i = ou_int(vm, e->i);
        if (i && __builtin_add_overflow(e->i, 1, &e->i)) {
            OuObj *one = ou_int(vm, 1);
            e->big = one ? ou_binop(vm, OU_NB_ADD, i, one) : NULL;
            ou_xdecref(vm, one);
            if (!e->big)
                ou_clear(vm, i);
        }
    }
    if (!i) {
        ou_decref(vm, x);
        return NULL;
    }
    return ou_pair_reuse(vm, e->result, i, x);
}
static OuObj *enum_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Enumerate *e = (Enumerate *)args[0];
    OuObj *i = e->big ? ou_ref(e->big) : ou_int(vm, e->i), *inner = i ? ou_tuple_pack(vm, 2, e->it, i) : NULL;
    OuObj *res = inner ? ou_tuple_pack(vm, 2, OU_TYPE_OBJ(vm, args[0]), inner) : NULL;
    ou_xdecref(vm, i);
    ou_xdecref(vm, inner);
    return res;
}
static const OuFn enum_methods[] = {
    OU_ITER_REDUCE_ROW(enum_reduce),
    {"__class_getitem__(type, item, /)", ou_fn_class_getitem, OU_FN_CLASS, "See PEP 585"},
    {0},
};
const OuTypeSpec ou_enumerate_spec = {
    .name = "enumerate",
    .size = sizeof(Enumerate),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_DEEP,
    .doc = "enumerate(iterable, start=0)\n--\n\n"
           "Iterator over pairs (start, item 0), (start + 1, item 1), ...",
    .dealloc = enum_dealloc,
    .traverse = enum_traverse,
    .s = {.iter = ou_self_iter, .next = enum_next, .new_ = enum_new},
    .methods = enum_methods,
};
