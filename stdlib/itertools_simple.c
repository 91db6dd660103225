/* stdlib/itertools_simple.c - iterators that pass items on: chain, compress, cycle, dropwhile, takewhile,
 * filterfalse, starmap, pairwise; and the sources count and repeat. */
#include "itertools.h"

#include <string.h>

/* Most have two or three owned references and some numbers. */
typedef struct Pipe {
    OuObj hdr;
    OuObj *a, *b, *c;
    ou_ssize i;
    bool flag;
} Pipe;
#define PIPE(o) ((Pipe *)(o))

static void Pipe_dealloc(OuVM *vm, OuObj *o)
{
    ou_xdecref(vm, PIPE(o)->a);
    ou_xdecref(vm, PIPE(o)->b);
    ou_xdecref(vm, PIPE(o)->c);
    ou_free_object(vm, o);
}
static int Pipe_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(PIPE(o)->a);
    OU_VISIT(PIPE(o)->b);
    OU_VISIT(PIPE(o)->c);
    return 0;
}
/* New instance with a and b (taken; NULL b allowed). */
static OuObj *pipe_take(OuVM *vm, OuType *type, OuObj *a, OuObj *b)
{
    Pipe *p = (Pipe *)ou_type_alloc(vm, type, 0);
    if (!p) {
        ou_xdecref(vm, a);
        ou_xdecref(vm, b);
        return NULL;
    }
    p->a = a;
    p->b = b;
    return &p->hdr;
}
/* name(function, iterable): a = function, b = iterator */
static OuObj *func_iter_new(OuVM *vm, const char *name, OuType *type, OuObj *const *args, size_t nargs,
                            OuObj *kwnames)
{
    if (ou_itertools_args(vm, name, type, nargs, kwnames, 2, 2) < 0)
        return NULL;
    OuObj *it = ou_iter(vm, args[1]);
    return it ? pipe_take(vm, type, ou_ref(args[0]), it) : NULL;
}
FN(reduce_ab)
{
    return ou_itertools_reduce(vm, args[0], PIPE(args[0])->a, PIPE(args[0])->b);
}
FN(reduce_ab_flag)
{
    Pipe *p = PIPE(args[0]);
    return ou_itertools_reduce_state(vm, args[0], ou_tuple_pack(vm, 2, p->a, p->b), ou_int(vm, p->flag));
}
FN(setstate_flag)
{
    int r = ou_is_true(vm, args[1]);
    if (r < 0)
        return NULL;
    PIPE(args[0])->flag = r;
    return ou_none(vm);
}
static const OuFn ab_methods[] = {
    OU_ITER_REDUCE_ROW(reduce_ab),
    {0},
};
static const OuFn flag_methods[] = {
    OU_ITER_REDUCE_ROW(reduce_ab_flag),
    {"__setstate__(self, state, /)", setstate_flag, 0, "Sets the state for unpickling."},
    {0},
};
/* f(x) as truth */
static int test(OuVM *vm, OuObj *f, OuObj *x)
{
    OuObj *r = ou_call1(vm, f, x);
    int ok = r == OU_TRUE(vm) ? 1 : r == OU_FALSE(vm) ? 0 : r ? ou_is_true(vm, r) : -1;
    ou_xdecref(vm, r);
    return ok;
}

/* ---- takewhile, dropwhile, filterfalse, starmap ------------------------------------------------ */

NEW(takewhile_new)
{
    return func_iter_new(vm, "takewhile", type, args, nargs, kwnames);
}
static OuObj *takewhile_next(OuVM *vm, OuObj *o)
{
    Pipe *p = PIPE(o);
    OuObj *x;
    if (p->flag || !(x = NEXT(p->b)))
        return NULL;
    int ok = test(vm, p->a, x);
    if (ok > 0)
        return x;
    ou_decref(vm, x);
    if (ok == 0)
        p->flag = true;
    return NULL;
}
ITER_SPEC(ou_itertools_takewhile_spec, "itertools.takewhile", Pipe, takewhile_new, takewhile_next,
          flag_methods,
          "takewhile(predicate, iterable, /)\n--\n\nItems up to the first for which the predicate is false.");

NEW(dropwhile_new)
{
    return func_iter_new(vm, "dropwhile", type, args, nargs, kwnames);
}
static OuObj *dropwhile_next(OuVM *vm, OuObj *o)
{
    Pipe *p = PIPE(o);
    for (OuObj *x; (x = NEXT(p->b));) {
        if (p->flag)
            return x;
        int ok = test(vm, p->a, x);
        if (ok == 0) {
            p->flag = true;
            return x;
        }
        ou_decref(vm, x);
        if (ok < 0 || ou_poll(vm) < 0)
            return NULL;
    }
    return NULL;
}
ITER_SPEC(
    ou_itertools_dropwhile_spec, "itertools.dropwhile", Pipe, dropwhile_new, dropwhile_next, flag_methods,
    "dropwhile(predicate, iterable, /)\n--\n\nItems from the first on for which the predicate is false.");

NEW(filterfalse_new)
{
    return func_iter_new(vm, "filterfalse", type, args, nargs, kwnames);
}
static OuObj *filterfalse_next(OuVM *vm, OuObj *o)
{
    Pipe *p = PIPE(o);
    bool truth = p->a == OU_NONE(vm) || p->a == (OuObj *)OU_EXC(vm, bool);
    for (OuObj *x; (x = NEXT(p->b));) {
        int ok = truth ? ou_is_true(vm, x) : test(vm, p->a, x);
        if (ok == 0)
            return x;
        ou_decref(vm, x);
        if (ok < 0 || ou_poll(vm) < 0)
            return NULL;
    }
    return NULL;
}
ITER_SPEC(ou_itertools_filterfalse_spec, "itertools.filterfalse", Pipe, filterfalse_new, filterfalse_next,
          ab_methods,
          "filterfalse(function, iterable, /)\n--\n\nItems for which function(item) is false (None: the "
          "false items).");

NEW(starmap_new)
{
    return func_iter_new(vm, "starmap", type, args, nargs, kwnames);
}
static OuObj *starmap_next(OuVM *vm, OuObj *o)
{
    Pipe *p = PIPE(o);
    OuObj *x = NEXT(p->b);
    if (!x)
        return NULL;
    if (!ou_is(x, tuple)) {
        OuObj *t = ou_sequence_tuple(vm, x);
        ou_decref(vm, x);
        if (!(x = t))
            return NULL;
    }
    OuObj *res = ou_call(vm, p->a, OU_TUPLE(x)->items, OU_TUPLE(x)->n, NULL);
    ou_decref(vm, x);
    return res;
}
ITER_SPEC(ou_itertools_starmap_spec, "itertools.starmap", Pipe, starmap_new, starmap_next, ab_methods,
          "starmap(function, iterable, /)\n--\n\nfunction(*item) for each item.");

/* ---- compress: a data, b selectors ------------------------------------------------------------- */

NEW(compress_new)
{
    OuObj *v[2];
    if (ou_args_bind(vm, "compress(data, selectors)", args, nargs, kwnames, v) < 0)
        return NULL;
    OuObj *data = ou_iter(vm, v[0]), *sel = data ? ou_iter(vm, v[1]) : NULL;
    if (!sel) {
        ou_xdecref(vm, data);
        return NULL;
    }
    return pipe_take(vm, type, data, sel);
}
static OuObj *compress_next(OuVM *vm, OuObj *o)
{
    Pipe *p = PIPE(o);
    for (;;) {
        OuObj *x = NEXT(p->a), *s = x ? NEXT(p->b) : NULL;
        if (!s) {
            ou_xdecref(vm, x);
            return NULL;
        }
        int ok = ou_is_true(vm, s);
        ou_decref(vm, s);
        if (ok > 0)
            return x;
        ou_decref(vm, x);
        if (ok < 0 || ou_poll(vm) < 0)
            return NULL;
    }
}
ITER_SPEC(ou_itertools_compress_spec, "itertools.compress", Pipe, compress_new, compress_next, ab_methods,
          "compress(data, selectors)\n--\n\nItems of data whose selector is true.");

/* ---- chain: a source of iterables (NULL: exhausted), b active iterator ---------------------------- */

NEW(chain_new)
{
    if (ou_itertools_args(vm, "chain", type, nargs, kwnames, 0, SIZE_MAX) < 0)
        return NULL;
    OuObj *t = ou_tuple_of(vm, args, nargs), *it = t ? ou_iter(vm, t) : NULL;
    ou_xdecref(vm, t);
    return it ? pipe_take(vm, type, it, NULL) : NULL;
}
FN(chain_from_iterable)
{
    OuObj *it = ou_iter(vm, args[1]);
    return it ? pipe_take(vm, OU_AS_TYPE(args[0]), it, NULL) : NULL;
}
static OuObj *chain_next(OuVM *vm, OuObj *o)
{
    Pipe *p = PIPE(o);
    while (p->a) {
        if (!p->b) {
            OuObj *iterable = ou_next(vm, p->a);
            if (iterable) {
                p->b = ou_iter(vm, iterable);
                ou_decref(vm, iterable);
            }
            if (!p->b) {
                ou_clear(vm, p->a);
                return NULL;
            }
        }
        OuObj *x = NEXT(p->b);
        if (x)
            return x;
        if (ou_err_occurred(vm)) {
            if (!ou_err_is(vm, OU_EXC(vm, StopIteration)))
                return NULL;
            ou_err_clear(vm);
        }
        ou_clear(vm, p->b);
        if (ou_poll(vm) < 0)
            return NULL;
    }
    return NULL;
}
FN(chain_reduce)
{
    Pipe *p = PIPE(args[0]);
    if (!p->a)
        return ou_tuple_pack(vm, 2, OU_TYPE_OBJ(vm, args[0]), OU_EMPTY_TUPLE(vm));
    return ou_itertools_reduce_state(vm, args[0], ou_ref(OU_EMPTY_TUPLE(vm)),
                                     ou_tuple_pack(vm, p->b ? 2 : 1, p->a, p->b));
}
FN(chain_setstate)
{
    Pipe *p = PIPE(args[0]);
    if (ou_itertools_state(vm, args[1]) < 0)
        return NULL;
    OuTuple *t = OU_TUPLE(args[1]);
    if (t->n < 1 || t->n > 2)
        return ou_type_error(vm, "function takes %s %d argument%s (%zu given)", t->n ? "at most" : "at least",
                             t->n ? 2 : 1, t->n ? "s" : "", t->n);
    OuObj *source = t->items[0], *active = t->n > 1 ? t->items[1] : NULL;
    if (!ou_is_iterator(vm, source) || (active && !ou_is_iterator(vm, active)))
        return ou_type_error(vm, "Arguments must be iterators.");
    OuObj *old_a = p->a, *old_b = p->b;
    p->a = ou_ref(source);
    ou_xincref(active);
    p->b = active;
    ou_xdecref(vm, old_a);
    ou_xdecref(vm, old_b);
    return ou_none(vm);
}
static const OuFn chain_methods[] = {
    {"from_iterable(type, iterable, /)", chain_from_iterable, OU_FN_CLASS,
     "chain of the iterables that iterable gives."},
    OU_ITER_REDUCE_ROW(chain_reduce),
    {"__setstate__(self, state, /)", chain_setstate, 0, "Sets the state for unpickling."},
    {"__class_getitem__(type, item, /)", ou_fn_class_getitem, OU_FN_CLASS, "See PEP 585"},
    {0},
};
ITER_SPEC(
    ou_itertools_chain_spec, "itertools.chain", Pipe, chain_new, chain_next, chain_methods,
    "chain(*iterables) --> chain object\n\nThe items of the first iterable, then those of the second, ...");

/* ---- cycle: a iterator (NULL once used up), b list of items seen, i index, flag: items are all saved -- */

NEW(cycle_new)
{
    if (ou_itertools_args(vm, "cycle", type, nargs, kwnames, 1, 1) < 0)
        return NULL;
    OuObj *it = ou_iter(vm, args[0]), *saved = it ? ou_list_new(vm, 0) : NULL;
    if (!saved) {
        ou_xdecref(vm, it);
        return NULL;
    }
    return pipe_take(vm, type, it, saved);
}
static OuObj *cycle_next(OuVM *vm, OuObj *o)
{
    Pipe *p = PIPE(o);
    if (p->a) {
        OuObj *x = ou_next(vm, p->a);
        if (x) {
            if (!p->flag && ou_list_append(vm, p->b, x) < 0)
                ou_clear(vm, x);
            return x;
        }
        if (ou_err_occurred(vm))
            return NULL;
        ou_clear(vm, p->a);
    }
    OuList *l = OU_LIST(p->b);
    if (l->n == 0)
        return NULL;
    OuObj *x = ou_ref(l->items[p->i]);
    if ((size_t)++p->i >= l->n)
        p->i = 0;
    return x;
}
FN(cycle_reduce)
{
    Pipe *p = PIPE(args[0]);
    if (p->a)
        return ou_itertools_reduce_state(vm, args[0], ou_tuple_pack(vm, 1, p->a),
                                         ou_tuple_pack(vm, 2, p->b, OU_BOOL(vm, p->flag)));
    OuObj *it = ou_iter(vm, p->b);
    if (!it)
        return NULL;
    ((OuSeqIter *)it)->i = (size_t)p->i;
    OuObj *inner = ou_tuple_pack(vm, 1, it);
    ou_decref(vm, it);
    return ou_itertools_reduce_state(vm, args[0], inner, ou_tuple_pack(vm, 2, p->b, OU_TRUE(vm)));
}
FN(cycle_setstate)
{
    Pipe *p = PIPE(args[0]);
    if (ou_itertools_state(vm, args[1]) < 0)
        return NULL;
    OuTuple *t = OU_TUPLE(args[1]);
    if (t->n != 2)
        return ou_type_error(vm, "function takes exactly 2 arguments (%zu given)", t->n);
    if (!ou_isa_list(vm, t->items[0]))
        return ou_type_error(vm, "argument 1 must be list, not %T", t->items[0]);
    int first;
    if (ou_as_int(vm, t->items[1], &first) < 0)
        return NULL;
    OuObj *old = p->b;
    p->b = ou_ref(t->items[0]);
    p->flag = first != 0;
    p->i = 0;
    ou_decref(vm, old);
    return ou_none(vm);
}
static const OuFn cycle_methods[] = {
    OU_ITER_REDUCE_ROW(cycle_reduce),
    {"__setstate__(self, state, /)", cycle_setstate, 0, "Sets the state for unpickling."},
    {0},
};
ITER_SPEC(ou_itertools_cycle_spec, "itertools.cycle", Pipe, cycle_new, cycle_next, cycle_methods,
          "cycle(iterable, /)\n--\n\nThe items of iterable again and again.");

/* ---- pairwise: a iterator, b previous item ------------------------------------------------------- */

NEW(pairwise_new)
{
    if (ou_itertools_args(vm, "pairwise", type, nargs, kwnames, 1, 1) < 0)
        return NULL;
    OuObj *it = ou_iter(vm, args[0]);
    return it ? pipe_take(vm, type, it, NULL) : NULL;
}
static OuObj *pairwise_next(OuVM *vm, OuObj *o)
{
    Pipe *p = PIPE(o);
    if (!p->a)
        return NULL;
    if (!p->b) {
        OuObj *first = NEXT(p->a);
        OuObj *stale = p->b;
        p->b = first;
        ou_xdecref(vm, stale);
        if (!first)
            ou_clear(vm, p->a);
        if (!p->a) { /* also when the call used us up */
            ou_clear(vm, p->b);
            return NULL;
        }
    }
    OuObj *old = ou_ref(p->b), *x = NEXT(p->a);
    if (!x) {
        ou_clear(vm, p->a);
        ou_clear(vm, p->b);
        ou_decref(vm, old);
        return NULL;
    }
    OuObj *prev = p->b;
    p->b = ou_ref(x);
    ou_xdecref(vm, prev);
    return ou_pair_take(vm, old, x);
}
static const OuFn no_methods[] = {{0}};
ITER_SPEC(ou_itertools_pairwise_spec, "itertools.pairwise", Pipe, pairwise_new, pairwise_next, no_methods,
          "pairwise(iterable, /)\n--\n\nOverlapping pairs of successive items.");

/* ---- count: a the number to give (NULL: it is i), b the step --------------------------------------- */

static const char *short_name(OuVM *vm, OuObj *o)
{
    const char *name = OU_TYPE_NAME(vm, o), *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}
static bool is_number(OuVM *vm, OuObj *o)
{
    const OuSuite *s = OU_TYPE_OF(vm, o)->u;
    return s->index || s->to_int || s->to_float || ou_isa(vm, o, complex);
}
NEW(count_new)
{
    OuObj *v[2];
    if (ou_args_bind(vm, "count(start=0, step=1)", args, nargs, kwnames, v) < 0)
        return NULL;
    if ((v[0] && !is_number(vm, v[0])) || (v[1] && !is_number(vm, v[1])))
        return ou_type_error(vm, "a number is required");
    OuObj *step = v[1] ? ou_ref(v[1]) : ou_int(vm, 1), *start = NULL;
    if (!step)
        return NULL;
    int64_t i = 0, s;
    bool fast = (!v[0] || (ou_isa_int(vm, v[0]) && ou_int_fits(v[0], &i) && i < INT64_MAX)) &&
                ou_isa_int(vm, step) && ou_int_fits(step, &s) && s == 1;
    if (!fast && !(start = v[0] ? ou_ref(v[0]) : ou_int(vm, 0))) {
        ou_decref(vm, step);
        return NULL;
    }
    OuObj *o = pipe_take(vm, type, start, step);
    if (o)
        PIPE(o)->i = i;
    return o;
}
static OuObj *count_next(OuVM *vm, OuObj *o)
{
    Pipe *p = PIPE(o);
    if (!p->a) {
        if (p->i < INT64_MAX)
            return ou_int(vm, p->i++);
        if (!(p->a = ou_int(vm, p->i)))
            return NULL;
    }
    OuObj *next = ou_binop(vm, OU_NB_ADD, p->a, p->b), *now = p->a;
    if (!next)
        return NULL;
    p->a = next;
    return now;
}
static OuObj *count_repr(OuVM *vm, OuObj *o)
{
    Pipe *p = PIPE(o);
    int64_t s;
    if (!p->a)
        return ou_str_fmt(vm, "%s(%zd)", short_name(vm, o), p->i);
    if (ou_isa_int(vm, p->b) && ou_int_fits(p->b, &s) && s == 1)
        return ou_str_fmt(vm, "%s(%R)", short_name(vm, o), p->a);
    return ou_str_fmt(vm, "%s(%R, %R)", short_name(vm, o), p->a, p->b);
}
FN(count_reduce)
{
    Pipe *p = PIPE(args[0]);
    if (p->a)
        return ou_itertools_reduce(vm, args[0], p->a, p->b);
    OuObj *i = ou_int(vm, p->i), *res = i ? ou_itertools_reduce(vm, args[0], i, NULL) : NULL;
    ou_xdecref(vm, i);
    return res;
}
static const OuFn count_methods[] = {
    OU_ITER_REDUCE_ROW(count_reduce),
    {0},
};
const OuTypeSpec ou_itertools_count_spec = {
    .name = "itertools.count",
    .size = sizeof(Pipe),
    .flags = OU_TYPE_BASE | OU_TYPE_GC,
    .doc = "count(start=0, step=1)\n--\n\nstart, start + step, start + 2 * step, ...",
    .dealloc = Pipe_dealloc,
    .traverse = Pipe_traverse,
    .s = {.repr = count_repr, .iter = ou_self_iter, .next = count_next, .new_ = count_new},
    .methods = count_methods,
};

/* ---- repeat: a object, i times left or -1 ------------------------------------------------------------ */

NEW(repeat_new)
{
    OuObj *v[2];
    if (ou_args_bind(vm, "repeat(object, times=-1)", args, nargs, kwnames, v) < 0)
        return NULL;
    ou_ssize times = -1;
    if (v[1]) {
        if (ou_as_ssize(vm, v[1], OU_EXC(vm, OverflowError), &times) < 0)
            return NULL;
        if (times < 0)
            times = 0;
    }
    OuObj *o = pipe_take(vm, type, ou_ref(v[0]), NULL);
    if (o)
        PIPE(o)->i = times;
    return o;
}
static OuObj *repeat_next(OuVM *vm, OuObj *o)
{
    Pipe *p = PIPE(o);
    if (p->i == 0)
        return NULL;
    if (p->i > 0)
        p->i--;
    return ou_ref(p->a);
}
static OuObj *repeat_repr(OuVM *vm, OuObj *o)
{
    Pipe *p = PIPE(o);
    return p->i < 0 ? ou_str_fmt(vm, "%s(%R)", short_name(vm, o), p->a)
                    : ou_str_fmt(vm, "%s(%R, %zd)", short_name(vm, o), p->a, p->i);
}
FN(repeat_hint)
{
    ou_ssize n = PIPE(args[0])->i;
    return n < 0 ? ou_type_error(vm, "len() of unsized object") : ou_int(vm, n);
}
FN(repeat_reduce)
{
    Pipe *p = PIPE(args[0]);
    OuObj *n = p->i >= 0 ? ou_int(vm, p->i) : NULL;
    OuObj *res = p->i >= 0 && !n ? NULL : ou_itertools_reduce(vm, args[0], p->a, n);
    ou_xdecref(vm, n);
    return res;
}
static const OuFn repeat_methods[] = {
    OU_ITER_HINT_ROW(repeat_hint),
    OU_ITER_REDUCE_ROW(repeat_reduce),
    {0},
};
const OuTypeSpec ou_itertools_repeat_spec = {
    .name = "itertools.repeat",
    .size = sizeof(Pipe),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_DEEP,
    .doc = "repeat(object [,times]) -> object, times times or for ever",
    .dealloc = Pipe_dealloc,
    .traverse = Pipe_traverse,
    .s = {.repr = repeat_repr, .iter = ou_self_iter, .next = repeat_next, .new_ = repeat_new},
    .methods = repeat_methods,
};
