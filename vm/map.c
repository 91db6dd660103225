/* vm/map.c - map and filter. */
#include "iterobj.h"

typedef struct Map {
    OuObj hdr;
    OuObj *func;
    OuTuple *its;
} Map;

static OuObj *map_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_takes_no_kwargs(vm, type) && ou_no_kwargs(vm, "map", kwnames) < 0)
        return NULL;
    if (nargs < 2)
        return ou_type_error(vm, "map() must have at least two arguments.");
    OuObj *its = ou_tuple_new(vm, nargs - 1);
    for (size_t i = 1; its && i < nargs; i++)
        if (!(OU_TUPLE(its)->items[i - 1] = ou_iter(vm, args[i])))
            ou_clear(vm, its);
    Map *m = its ? (Map *)ou_type_alloc(vm, type, 0) : NULL;
    if (!m) {
        ou_xdecref(vm, its);
        return NULL;
    }
    m->func = ou_ref(args[0]);
    m->its = OU_TUPLE(its);
    return &m->hdr;
}
static void map_dealloc(OuVM *vm, OuObj *o)
{
    ou_xdecref(vm, ((Map *)o)->its);
    ou_xdecref(vm, ((Map *)o)->func);
    ou_free_object(vm, o);
}
static int map_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((Map *)o)->its);
    OU_VISIT(((Map *)o)->func);
    return 0;
}
static OuObj *map_next(OuVM *vm, OuObj *o)
{
    Map *m = (Map *)o;
    size_t n = m->its->n, k = 0;
    OuObj *few[5], **v = few, *res = NULL;
    if (ou_check_stack(vm, "") < 0)
        return NULL;
    if (n > 5 && !(v = ou_alloc(vm, n * sizeof *v)))
        return NULL;
    for (; k < n; k++) {
        OuObj *it = m->its->items[k];
        if (!(v[k] = OU_TYPE_OF(vm, it)->s.next(vm, it)))
            goto done;
    }
    res = ou_call(vm, m->func, v, n, NULL);
done:
    for (size_t i = 0; i < k; i++)
        ou_decref(vm, v[i]);
    if (v != few)
        ou_free(vm, v, n * sizeof *v);
    return res;
}
static OuObj *map_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Map *m = (Map *)args[0];
    OuObj *inner = ou_tuple_new(vm, m->its->n + 1);
    if (!inner)
        return NULL;
    OU_TUPLE(inner)->items[0] = ou_ref(m->func);
    for (size_t i = 0; i < m->its->n; i++)
        OU_TUPLE(inner)->items[i + 1] = ou_ref(m->its->items[i]);
    OuObj *res = ou_tuple_pack(vm, 2, OU_TYPE_OBJ(vm, args[0]), inner);
    ou_decref(vm, inner);
    return res;
}
static const OuFn map_methods[] = {
    OU_ITER_REDUCE_ROW(map_reduce),
    {0},
};
const OuTypeSpec ou_map_spec = {
    .name = "map",
    .size = sizeof(Map),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_DEEP,
    .doc = "map(func, *iterables) --> iterator of func applied to one item of each iterable, until the "
           "shortest ends.",
    .dealloc = map_dealloc,
    .traverse = map_traverse,
    .s = {.iter = ou_self_iter, .next = map_next, .new_ = map_new},
    .methods = map_methods,
};

/* ---- filter ---------------------------------------------------------------------------- */

typedef struct Filter {
    OuObj hdr;
    OuObj *func, *it;
} Filter;

static OuObj *filter_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_takes_no_kwargs(vm, type) && ou_no_kwargs(vm, "filter", kwnames) < 0)
        return NULL;
    if (ou_arity(vm, "filter", nargs, 2, 2) < 0)
        return NULL;
    OuObj *it = ou_iter(vm, args[1]);
    Filter *f = it ? (Filter *)ou_type_alloc(vm, type, 0) : NULL;
    if (!f) {
        ou_xdecref(vm, it);
        return NULL;
    }
    f->func = ou_ref(args[0]);
    f->it = it;
    return &f->hdr;
}
static void filter_dealloc(OuVM *vm, OuObj *o)
{
    ou_xdecref(vm, ((Filter *)o)->func);
    ou_xdecref(vm, ((Filter *)o)->it);
    ou_free_object(vm, o);
}
static int filter_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((Filter *)o)->func);
    OU_VISIT(((Filter *)o)->it);
    return 0;
}
static OuObj *filter_next(OuVM *vm, OuObj *o)
{
    Filter *f = (Filter *)o;
    OuUnary next = OU_TYPE_OF(vm, f->it)->s.next;
    bool truth = f->func == OU_NONE(vm) || f->func == (OuObj *)OU_EXC(vm, bool);
    OuObj *x;
    if (ou_check_stack(vm, "") < 0)
        return NULL;
    while ((x = next(vm, f->it))) {
        int ok;
        if (truth) {
            ok = ou_is_true(vm, x);
        } else {
            OuObj *r = ou_call1(vm, f->func, x);
            ok = r ? ou_is_true(vm, r) : -1;
            ou_xdecref(vm, r);
        }
        if (ok > 0)
            return x;
        ou_decref(vm, x);
        if (ok < 0 || ou_poll(vm) < 0)
            return NULL;
    }
    return NULL;
}
static OuObj *filter_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Filter *f = (Filter *)args[0];
    OuObj *inner = ou_tuple_pack(vm, 2, f->func, f->it),
          *res = inner ? ou_tuple_pack(vm, 2, OU_TYPE_OBJ(vm, args[0]), inner) : NULL;
    ou_xdecref(vm, inner);
    return res;
}
static const OuFn filter_methods[] = {
    OU_ITER_REDUCE_ROW(filter_reduce),
    {0},
};
const OuTypeSpec ou_filter_spec = {
    .name = "filter",
    .size = sizeof(Filter),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_DEEP,
    .doc = "filter(function or None, iterable) --> iterator over the items for which function(item) is true\n"
           "(with None: the true items).",
    .dealloc = filter_dealloc,
    .traverse = filter_traverse,
    .s = {.iter = ou_self_iter, .next = filter_next, .new_ = filter_new},
    .methods = filter_methods,
};
