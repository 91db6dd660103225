/* stdlib/itertools_slice.c - the iterators over another one that keep a state of their own: accumulate (a running
 * total) and islice (positions). */
#include "itertools.h"

/* ---- accumulate ---- */

typedef struct Accumulate {
    OuObj hdr;
    OuObj *it, *func, *total, *initial; /* initial: NULL once given or if there is none */
} Accumulate;
static void Accumulate_dealloc(OuVM *vm, OuObj *o)
{
    Accumulate *a = (Accumulate *)o;
    ou_xdecref(vm, a->func);
    ou_xdecref(vm, a->total);
    ou_xdecref(vm, a->it);
    ou_xdecref(vm, a->initial);
    ou_free_object(vm, o);
}
static int Accumulate_traverse(OuObj *o, OuVisit visit, void *arg)
{
    Accumulate *a = (Accumulate *)o;
    OU_VISIT(a->it);
    OU_VISIT(a->func);
    OU_VISIT(a->total);
    OU_VISIT(a->initial);
    return 0;
}
NEW(accumulate_new)
{
    OuObj *v[3];
    if (ou_args_bind(vm, "accumulate(iterable, func=None, *, initial=None)", args, nargs, kwnames, v) < 0)
        return NULL;
    OuObj *it = ou_iter(vm, v[0]);
    Accumulate *a = it ? (Accumulate *)ou_type_alloc(vm, type, 0) : NULL;
    if (!a) {
        ou_xdecref(vm, it);
        return NULL;
    }
    a->it = it;
    if (v[1] && v[1] != OU_NONE(vm))
        a->func = ou_ref(v[1]);
    if (v[2] && v[2] != OU_NONE(vm))
        a->initial = ou_ref(v[2]);
    return &a->hdr;
}
static OuObj *accumulate_next(OuVM *vm, OuObj *o)
{
    Accumulate *a = (Accumulate *)o;
    if (a->initial) {
        a->total = a->initial;
        a->initial = NULL;
        return ou_ref(a->total);
    }
    OuObj *x = NEXT(a->it);
    if (!x)
        return NULL;
    if (!a->total) {
        a->total = x;
        return ou_ref(x);
    }
    OuObj *total = a->func ? ou_call2(vm, a->func, a->total, x) : ou_binop(vm, OU_NB_ADD, a->total, x);
    ou_decref(vm, x);
    if (!total)
        return NULL;
    OuObj *old = a->total;
    a->total = ou_ref(total);
    ou_decref(vm, old);
    return total;
}
/* chain((first,), it) */
static OuObj *prefixed(OuVM *vm, OuObj *first, OuObj *it)
{
    OuObj *t = ou_tuple_pack(vm, 1, first);
    OuObj *res = t ? ou_call2(vm, (OuObj *)ITERTOOLS(vm)->chain, t, it) : NULL;
    ou_xdecref(vm, t);
    return res;
}
FN(accumulate_reduce)
{
    Accumulate *a = (Accumulate *)args[0];
    OuObj *func = a->func ? a->func : OU_NONE(vm);
    if (a->initial) {
        OuObj *it = prefixed(vm, a->initial, a->it), *inner = it ? ou_tuple_pack(vm, 2, it, func) : NULL;
        ou_xdecref(vm, it);
        return ou_itertools_reduce_state(vm, args[0], inner, ou_none(vm));
    }
    /* a state of None would not be restored: islice(accumulate(chain([None], it)), 1, None) */
    if (a->total == OU_NONE(vm)) {
        OuObj *it = prefixed(vm, OU_NONE(vm), a->it);
        OuObj *acc = it ? ou_call2(vm, OU_TYPE_OBJ(vm, args[0]), it, func) : NULL,
              *one = acc ? ou_int(vm, 1) : NULL;
        OuObj *inner = one ? ou_tuple_pack(vm, 3, acc, one, OU_NONE(vm)) : NULL;
        OuObj *res = inner ? ou_tuple_pack(vm, 2, ITERTOOLS(vm)->islice, inner) : NULL;
        ou_xdecref(vm, it);
        ou_xdecref(vm, acc);
        ou_xdecref(vm, one);
        ou_xdecref(vm, inner);
        return res;
    }
    return ou_itertools_reduce_state(vm, args[0], ou_tuple_pack(vm, 2, a->it, func),
                                     ou_ref(a->total ? a->total : OU_NONE(vm)));
}
FN(accumulate_setstate)
{
    Accumulate *a = (Accumulate *)args[0];
    OuObj *old = a->total;
    a->total = ou_ref(args[1]);
    ou_xdecref(vm, old);
    return ou_none(vm);
}
static const OuFn accumulate_methods[] = {
    {"__reduce__(self, /)", accumulate_reduce, 0, "State for pickling."},
    {"__setstate__(self, state, /)", accumulate_setstate, 0, "Sets the state for unpickling."},
    {0},
};
ITER_SPEC(ou_itertools_accumulate_spec, "itertools.accumulate", Accumulate, accumulate_new, accumulate_next,
          accumulate_methods,
          "accumulate(iterable, func=None, *, initial=None)\n--\n\nRunning totals (or results of func).");

/* ---- islice ---- */

typedef struct Islice {
    OuObj hdr;
    OuObj *it;                      /* NULL: exhausted */
    ou_ssize next, stop, step, cnt; /* stop -1: none */
} Islice;
static void Islice_dealloc(OuVM *vm, OuObj *o)
{
    ou_xdecref(vm, ((Islice *)o)->it);
    ou_free_object(vm, o);
}
static int Islice_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((Islice *)o)->it);
    return 0;
}
/* None leaves *out; false: no index of this size (no exception set) */
static bool islice_index(OuVM *vm, OuObj *o, ou_ssize *out)
{
    if (o == OU_NONE(vm))
        return true;
    ou_ssize v;
    if (!ou_has_index(vm, o) || ou_as_ssize(vm, o, OU_EXC(vm, OverflowError), &v) < 0) {
        ou_err_clear(vm);
        return false;
    }
    *out = v;
    return true;
}
NEW(islice_new)
{
    if (ou_itertools_args(vm, "islice", type, nargs, kwnames, 2, 4) < 0)
        return NULL;
    ou_ssize start = 0, stop = -1, step = 1;
    OuObj *last = args[nargs == 2 ? 1 : 2];
    bool start_ok = nargs == 2 || islice_index(vm, args[1], &start);
    if (!islice_index(vm, last, &stop) || (stop == -1 && last != OU_NONE(vm)))
        return ou_value_error(
            vm, "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.");
    if (!start_ok || start < 0 || stop < -1)
        return ou_value_error(vm, "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.");
    if (nargs == 4 && (!islice_index(vm, args[3], &step) || step < 1))
        return ou_value_error(vm, "Step for islice() must be a positive integer or None.");
    OuObj *it = ou_iter(vm, args[0]);
    Islice *s = it ? (Islice *)ou_type_alloc(vm, type, 0) : NULL;
    if (!s) {
        ou_xdecref(vm, it);
        return NULL;
    }
    s->it = it;
    s->next = start;
    s->stop = stop;
    s->step = step;
    return &s->hdr;
}
static OuObj *islice_next(OuVM *vm, OuObj *o)
{
    Islice *s = (Islice *)o;
    OuObj *it = s->it, *x;
    if (!it)
        return NULL;
    ou_incref(it);
    while (s->cnt < s->next) {
        if (!(x = NEXT(it)))
            goto end;
        ou_decref(vm, x);
        s->cnt++;
        if (ou_poll(vm) < 0) {
            ou_decref(vm, it);
            return NULL;
        }
    }
    if (s->stop != -1 && s->cnt >= s->stop)
        goto end;
    if (!(x = NEXT(it)))
        goto end;
    s->cnt++;
    ou_ssize next;
    if (__builtin_add_overflow(s->next, s->step, &next) || (s->stop != -1 && next > s->stop))
        next = s->stop;
    s->next = next;
    ou_decref(vm, it);
    return x;
end:
    ou_decref(vm, it);
    ou_clear(vm, s->it);
    return NULL;
}
FN(islice_reduce)
{
    Islice *s = (Islice *)args[0];
    OuObj *inner = NULL;
    if (!s->it) {
        OuObj *l = ou_list_new(vm, 0), *it = l ? ou_iter(vm, l) : NULL, *zero = it ? ou_int(vm, 0) : NULL;
        if (zero)
            inner = ou_tuple_pack(vm, 2, it, zero);
        ou_xdecref(vm, l);
        ou_xdecref(vm, it);
        return ou_itertools_reduce_state(vm, args[0], inner, zero);
    }
    OuObj *next = ou_int(vm, s->next), *stop = s->stop == -1 ? ou_none(vm) : ou_int(vm, s->stop),
          *step = ou_int(vm, s->step);
    if (next && stop && step)
        inner = ou_tuple_pack(vm, 4, s->it, next, stop, step);
    ou_xdecref(vm, next);
    ou_xdecref(vm, stop);
    ou_xdecref(vm, step);
    return ou_itertools_reduce_state(vm, args[0], inner, ou_int(vm, s->cnt));
}
FN(islice_setstate)
{
    ou_ssize cnt;
    if (ou_state_index(vm, args[1], &cnt) < 0)
        return NULL;
    ((Islice *)args[0])->cnt = cnt;
    return ou_none(vm);
}
static const OuFn islice_methods[] = {
    {"__reduce__(self, /)", islice_reduce, 0, "State for pickling."},
    {"__setstate__(self, state, /)", islice_setstate, 0, "Sets the state for unpickling."},
    {0},
};
ITER_SPEC(
    ou_itertools_islice_spec, "itertools.islice", Islice, islice_new, islice_next, islice_methods,
    "islice(iterable, stop) --> islice object\nislice(iterable, start, stop[, step]) --> islice object\n\n"
    "The items that iterable[start:stop:step] would have.");
