/* stdlib/itertools_combi.c - product, permutations, combinations, combinations_with_replacement.  All give a
 * tuple that is reused while nobody else holds it; the previous one tells the next. */
#include "itertools.h"

#include <string.h>

typedef struct Combi {
    OuObj hdr;
    OuObj *pool;   /* tuple of items; product: tuple of such tuples */
    OuObj *result; /* the last tuple given, or NULL before the first */
    ou_ssize *at;  /* indices: r, or n for permutations, followed by `more` others */
    size_t nat;    /* number of all of them */
    ou_ssize r;
    bool stopped;
} Combi;
#define COMBI(o) ((Combi *)(o))

static void Combi_dealloc(OuVM *vm, OuObj *o)
{
    Combi *c = COMBI(o);
    ou_xdecref(vm, c->pool);
    ou_xdecref(vm, c->result);
    if (c->at)
        ou_free(vm, c->at, c->nat * sizeof *c->at);
    ou_free_object(vm, o);
}
static int Combi_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(COMBI(o)->pool);
    OU_VISIT(COMBI(o)->result);
    return 0;
}
static OuObj *combi_take(OuVM *vm, OuType *type, OuObj *pool, ou_ssize r, size_t nat)
{
    Combi *c = (Combi *)ou_type_alloc(vm, type, 0);
    if (!c) {
        ou_decref(vm, pool);
        return NULL;
    }
    c->pool = pool;
    c->r = r;
    if (nat && (nat > SIZE_MAX / 16 || !(c->at = ou_alloc(vm, nat * sizeof *c->at)))) {
        if (nat > SIZE_MAX / 16)
            ou_raise_memory(vm);
        ou_decref(vm, c);
        return NULL;
    }
    c->nat = nat;
    return &c->hdr;
}
FN(combi_sizeof)
{
    return ou_int_u64(vm, OU_TYPE_OF(vm, args[0])->face.size + COMBI(args[0])->nat * sizeof(ou_ssize));
}
/* The result tuple to change: the old one if it is ours alone, else a copy (which replaces it). */
static OuTuple *writable(OuVM *vm, Combi *c)
{
    if (c->result->rc > 1) {
        OuObj *copy = ou_tuple_of(vm, OU_TUPLE(c->result)->items, OU_TUPLE(c->result)->n);
        if (!copy)
            return NULL;
        ou_decref(vm, c->result);
        c->result = copy;
    } else {
        ou_gc_track(&vm->heap, c->result);
    }
    return OU_TUPLE(c->result);
}
static inline void put(OuVM *vm, OuTuple *t, size_t i, OuObj *x)
{
    OuObj *old = t->items[i];
    t->items[i] = ou_ref(x);
    ou_decref(vm, old);
}
static OuObj *index_tuple(OuVM *vm, const ou_ssize *at, size_t n)
{
    OuObj *t = ou_tuple_new(vm, n);
    for (size_t i = 0; t && i < n; i++)
        if (!(OU_TUPLE(t)->items[i] = ou_int(vm, at[i])))
            ou_clear(vm, t);
    return t;
}
/* Item i of a state tuple as index clipped to 0..max. */
static int state_at(OuVM *vm, OuObj *state, size_t i, ou_ssize max, ou_ssize *out)
{
    ou_ssize v;
    if (ou_state_index(vm, OU_TUPLE(state)->items[i], &v) < 0)
        return -1;
    *out = v < 0 ? 0 : v > max ? max : v;
    return 0;
}
/* items pool[at[0]], ... pool[at[r-1]] */
static OuObj *pick(OuVM *vm, OuObj *pool, const ou_ssize *at, size_t r)
{
    OuObj *t = ou_tuple_new(vm, r);
    for (size_t i = 0; t && i < r; i++)
        OU_TUPLE(t)->items[i] = ou_ref(OU_TUPLE(pool)->items[at[i]]);
    return t;
}
static OuObj *stop(Combi *c)
{
    c->stopped = true;
    return NULL;
}
static OuObj *first(OuVM *vm, Combi *c)
{
    c->result = pick(vm, c->pool, c->at, (size_t)c->r);
    return c->result ? ou_ref(c->result) : NULL;
}

/* ---- product --------------------------------------------------------------------------------- */

NEW(product_new)
{
    ou_ssize repeat = 1;
    size_t nkw = kwnames ? OU_TUPLE(kwnames)->n : 0;
    if (nkw > 1)
        return ou_type_error(vm, "product() takes at most 1 keyword argument (%zu given)", nkw);
    if (nkw) {
        if (!ou_str_eq_s(OU_TUPLE(kwnames)->items[0], "repeat"))
            return ou_type_error(vm, "'%U' is an invalid keyword argument for product()",
                                 OU_TUPLE(kwnames)->items[0]);
        if (ou_as_ssize(vm, args[nargs], OU_EXC(vm, OverflowError), &repeat) < 0)
            return NULL;
        if (repeat < 0)
            return ou_value_error(vm, "repeat argument cannot be negative");
    }
    size_t n = repeat ? nargs : 0, total;
    if (__builtin_mul_overflow(n, (size_t)repeat, &total) || total > SIZE_MAX / 16)
        return ou_raise(vm, OU_EXC(vm, OverflowError), "repeat argument too large");
    OuObj *pools = ou_tuple_new(vm, total);
    for (size_t i = 0; pools && i < n; i++)
        if (!(OU_TUPLE(pools)->items[i] = ou_sequence_tuple(vm, args[i])))
            ou_clear(vm, pools);
    if (!pools)
        return NULL;
    for (size_t i = n; i < total; i++)
        OU_TUPLE(pools)->items[i] = ou_ref(OU_TUPLE(pools)->items[i - n]);
    OuObj *o = combi_take(vm, type, pools, (ou_ssize)total, total);
    if (o && COMBI(o)->at)
        memset(COMBI(o)->at, 0, total * sizeof(ou_ssize));
    return o;
}
static OuObj *product_pick(OuVM *vm, Combi *c)
{
    OuObj *t = ou_tuple_new(vm, c->nat);
    for (size_t i = 0; t && i < c->nat; i++)
        OU_TUPLE(t)->items[i] = ou_ref(OU_TUPLE(OU_TUPLE(c->pool)->items[i])->items[c->at[i]]);
    return t;
}
static OuObj *product_next(OuVM *vm, OuObj *o)
{
    Combi *c = COMBI(o);
    if (c->stopped)
        return NULL;
    size_t n = c->nat;
    OuObj **pools = OU_TUPLE(c->pool)->items;
    if (!c->result) {
        for (size_t i = 0; i < n; i++)
            if (OU_TUPLE(pools[i])->n == 0)
                return stop(c);
        c->result = product_pick(vm, c);
        return c->result ? ou_ref(c->result) : NULL;
    }
    if (n == 0)
        return stop(c);
    OuTuple *t = writable(vm, c);
    if (!t)
        return NULL;
    size_t i = n;
    while (i-- > 0) {
        OuTuple *pool = OU_TUPLE(pools[i]);
        if ((size_t)++c->at[i] < pool->n) {
            put(vm, t, i, pool->items[c->at[i]]);
            return ou_ref(&t->hdr);
        }
        c->at[i] = 0;
        put(vm, t, i, pool->items[0]);
    }
    return stop(c);
}
FN(product_reduce)
{
    Combi *c = COMBI(args[0]);
    if (c->stopped) {
        OuObj *inner = ou_tuple_pack(vm, 1, OU_EMPTY_TUPLE(vm));
        OuObj *res = inner ? ou_tuple_pack(vm, 2, OU_TYPE_OBJ(vm, args[0]), inner) : NULL;
        ou_xdecref(vm, inner);
        return res;
    }
    if (!c->result)
        return ou_tuple_pack(vm, 2, OU_TYPE_OBJ(vm, args[0]), c->pool);
    return ou_itertools_reduce_state(vm, args[0], ou_ref(c->pool), index_tuple(vm, c->at, c->nat));
}
FN(product_setstate)
{
    Combi *c = COMBI(args[0]);
    OuObj *state = args[1];
    if (!ou_isa_tuple(vm, state) || OU_TUPLE(state)->n != c->nat)
        return ou_value_error(vm, "invalid arguments");
    for (size_t i = 0; i < c->nat; i++) {
        ou_ssize n = (ou_ssize)OU_TUPLE(OU_TUPLE(c->pool)->items[i])->n;
        if (n == 0) {
            c->stopped = true;
            return ou_none(vm);
        }
        if (state_at(vm, state, i, n - 1, &c->at[i]) < 0)
            return NULL;
    }
    OuObj *t = product_pick(vm, c), *old = c->result;
    if (!t)
        return NULL;
    c->result = t;
    ou_xdecref(vm, old);
    return ou_none(vm);
}
static const OuFn product_methods[] = {
    {"__reduce__(self, /)", product_reduce, 0, "State for pickling."},
    {"__setstate__(self, state, /)", product_setstate, 0, "Sets the state for unpickling."},
    {"__sizeof__(self, /)", combi_sizeof, 0, "Size in memory, in bytes."},
    {0},
};
ITER_SPEC(ou_itertools_product_spec, "itertools.product", Combi, product_new, product_next, product_methods,
          "product(*iterables, repeat=1) --> product object\n\nCartesian product, the last iterable running "
          "fastest.");

/* ---- combinations ------------------------------------------------------------------------------ */

static OuObj *choose_new(OuVM *vm, OuType *type, const char *sig, OuObj *const *args, size_t nargs,
                         OuObj *kwnames, bool again)
{
    OuObj *v[2];
    if (ou_args_bind(vm, sig, args, nargs, kwnames, v) < 0)
        return NULL;
    ou_ssize r;
    if (ou_as_ssize(vm, v[1], OU_EXC(vm, OverflowError), &r) < 0)
        return NULL;
    OuObj *pool = ou_sequence_tuple(vm, v[0]);
    if (!pool)
        return NULL;
    if (r < 0) {
        ou_decref(vm, pool);
        return ou_value_error(vm, "r must be non-negative");
    }
    ou_ssize n = (ou_ssize)OU_TUPLE(pool)->n;
    OuObj *o = combi_take(vm, type, pool, r, (size_t)r);
    if (!o)
        return NULL;
    for (ou_ssize i = 0; i < r; i++)
        COMBI(o)->at[i] = again ? 0 : i;
    COMBI(o)->stopped = again ? n == 0 && r > 0 : r > n;
    return o;
}
FN(choose_reduce)
{
    Combi *c = COMBI(args[0]);
    OuObj *r = ou_int(vm, c->r),
          *inner = r ? ou_tuple_pack(vm, 2, c->stopped ? OU_EMPTY_TUPLE(vm) : c->pool, r) : NULL;
    ou_xdecref(vm, r);
    if (inner && c->result && !c->stopped)
        return ou_itertools_reduce_state(vm, args[0], inner, index_tuple(vm, c->at, c->nat));
    OuObj *res = inner ? ou_tuple_pack(vm, 2, OU_TYPE_OBJ(vm, args[0]), inner) : NULL;
    ou_xdecref(vm, inner);
    return res;
}
static OuObj *choose_setstate(OuVM *vm, Combi *c, OuObj *state, bool again)
{
    ou_ssize n = (ou_ssize)OU_TUPLE(c->pool)->n;
    if (!ou_isa_tuple(vm, state) || (ou_ssize)OU_TUPLE(state)->n != c->r)
        return ou_value_error(vm, "invalid arguments");
    for (ou_ssize i = 0; i < c->r; i++) {
        ou_ssize max = again ? n - 1 : i + n - c->r;
        if (max < 0)
            return ou_value_error(vm, "invalid arguments");
        if (state_at(vm, state, (size_t)i, max, &c->at[i]) < 0)
            return NULL;
    }
    OuObj *t = pick(vm, c->pool, c->at, (size_t)c->r), *old = c->result;
    if (!t)
        return NULL;
    c->result = t;
    ou_xdecref(vm, old);
    return ou_none(vm);
}

/* The next choice; again: an item may be taken more than once.  The last place that can still go up does, and those behind it
 * start anew from there. */
static inline OuObj *next_choice(OuVM *vm, Combi *c, bool again)
{
    if (c->stopped)
        return NULL;
    if (!c->result)
        return first(vm, c);
    OuTuple *t = writable(vm, c);
    if (!t)
        return NULL;
    ou_ssize n = (ou_ssize)OU_TUPLE(c->pool)->n, r = c->r, i = r - 1;
    while (i >= 0 && c->at[i] == (again ? n - 1 : i + n - r))
        i--;
    if (i < 0)
        return stop(c);
    ou_ssize k = c->at[i] + 1;
    for (; i < r; i++) {
        c->at[i] = k;
        put(vm, t, (size_t)i, OU_TUPLE(c->pool)->items[k]);
        k += !again;
    }
    return ou_ref(&t->hdr);
}

NEW(combinations_new)
{
    return choose_new(vm, type, "combinations(iterable, r)", args, nargs, kwnames, false);
}
static OuObj *combinations_next(OuVM *vm, OuObj *o)
{
    return next_choice(vm, COMBI(o), false);
}
FN(combinations_setstate)
{
    return choose_setstate(vm, COMBI(args[0]), args[1], false);
}
static const OuFn combinations_methods[] = {
    {"__reduce__(self, /)", choose_reduce, 0, "State for pickling."},
    {"__setstate__(self, state, /)", combinations_setstate, 0, "Sets the state for unpickling."},
    {"__sizeof__(self, /)", combi_sizeof, 0, "Size in memory, in bytes."},
    {0},
};
ITER_SPEC(
    ou_itertools_combinations_spec, "itertools.combinations", Combi, combinations_new, combinations_next,
    combinations_methods,
    "combinations(iterable, r)\n--\n\nTuples of r items in the order of iterable, each place used once.");

NEW(cwr_new)
{
    return choose_new(vm, type, "combinations_with_replacement(iterable, r)", args, nargs, kwnames, true);
}
static OuObj *cwr_next(OuVM *vm, OuObj *o)
{
    return next_choice(vm, COMBI(o), true);
}
FN(cwr_setstate)
{
    return choose_setstate(vm, COMBI(args[0]), args[1], true);
}
static const OuFn cwr_methods[] = {
    {"__reduce__(self, /)", choose_reduce, 0, "State for pickling."},
    {"__setstate__(self, state, /)", cwr_setstate, 0, "Sets the state for unpickling."},
    {"__sizeof__(self, /)", combi_sizeof, 0, "Size in memory, in bytes."},
    {0},
};
ITER_SPEC(ou_itertools_cwr_spec, "itertools.combinations_with_replacement", Combi, cwr_new, cwr_next,
          cwr_methods,
          "combinations_with_replacement(iterable, r)\n--\n\nTuples of r items in the order of iterable, "
          "places may repeat.");

/* ---- permutations: at = n indices, then r cycle counters --------------------------------------------- */

NEW(permutations_new)
{
    OuObj *v[2];
    if (ou_args_bind(vm, "permutations(iterable, r=None)", args, nargs, kwnames, v) < 0)
        return NULL;
    OuObj *pool = ou_sequence_tuple(vm, v[0]);
    if (!pool)
        return NULL;
    ou_ssize n = (ou_ssize)OU_TUPLE(pool)->n, r = n;
    if (v[1] && v[1] != OU_NONE(vm)) {
        int64_t i;
        if (!ou_isa_int(vm, v[1]))
            ou_type_error(vm, "Expected int as r");
        else if (!ou_int_fits(v[1], &i))
            ou_raise(vm, OU_EXC(vm, OverflowError), "Python int too large to convert to C ssize_t");
        else if ((r = i) < 0)
            ou_value_error(vm, "r must be non-negative");
        if (ou_err_occurred(vm)) {
            ou_decref(vm, pool);
            return NULL;
        }
    }
    if (r > INTPTR_MAX / 16 - n) {
        ou_decref(vm, pool);
        return ou_raise_memory(vm);
    }
    OuObj *o = combi_take(vm, type, pool, r, (size_t)(n + r));
    if (!o)
        return NULL;
    Combi *c = COMBI(o);
    for (ou_ssize i = 0; i < n; i++)
        c->at[i] = i;
    for (ou_ssize i = 0; i < r; i++)
        c->at[n + i] = n - i;
    c->stopped = r > n;
    return o;
}
static OuObj *permutations_next(OuVM *vm, OuObj *o)
{
    Combi *c = COMBI(o);
    if (c->stopped)
        return NULL;
    if (!c->result)
        return first(vm, c);
    ou_ssize n = (ou_ssize)OU_TUPLE(c->pool)->n, r = c->r, *at = c->at, *cycles = c->at + n;
    if (n == 0)
        return stop(c);
    OuTuple *t = writable(vm, c);
    if (!t)
        return NULL;
    for (ou_ssize i = r - 1; i >= 0; i--) {
        if (--cycles[i] == 0) { /* back to sorted order: rotate left by one */
            ou_ssize x = at[i];
            memmove(at + i, at + i + 1, (size_t)(n - i - 1) * sizeof *at);
            at[n - 1] = x;
            cycles[i] = n - i;
            continue;
        }
        ou_ssize j = n - cycles[i], x = at[i];
        at[i] = at[j];
        at[j] = x;
        for (; i < r; i++)
            put(vm, t, (size_t)i, OU_TUPLE(c->pool)->items[at[i]]);
        return ou_ref(&t->hdr);
    }
    return stop(c);
}
FN(permutations_reduce)
{
    Combi *c = COMBI(args[0]);
    size_t n = OU_TUPLE(c->pool)->n;
    OuObj *r = ou_int(vm, c->r),
          *inner = r ? ou_tuple_pack(vm, 2, c->stopped ? OU_EMPTY_TUPLE(vm) : c->pool, r) : NULL,
          *state = NULL;
    ou_xdecref(vm, r);
    if (!inner || !c->result || c->stopped) {
        OuObj *res = inner ? ou_tuple_pack(vm, 2, OU_TYPE_OBJ(vm, args[0]), inner) : NULL;
        ou_xdecref(vm, inner);
        return res;
    }
    OuObj *a = index_tuple(vm, c->at, n), *b = a ? index_tuple(vm, c->at + n, (size_t)c->r) : NULL;
    if (b)
        state = ou_tuple_pack(vm, 2, a, b);
    ou_xdecref(vm, a);
    ou_xdecref(vm, b);
    return ou_itertools_reduce_state(vm, args[0], inner, state);
}
FN(permutations_setstate)
{
    Combi *c = COMBI(args[0]);
    OuObj *state = args[1], *a, *b;
    ou_ssize n = (ou_ssize)OU_TUPLE(c->pool)->n;
    if (ou_itertools_state(vm, state) < 0)
        return NULL;
    if (OU_TUPLE(state)->n != 2 || !ou_isa_tuple(vm, a = OU_TUPLE(state)->items[0]) ||
        !ou_isa_tuple(vm, b = OU_TUPLE(state)->items[1]) || (ou_ssize)OU_TUPLE(a)->n != n ||
        (ou_ssize)OU_TUPLE(b)->n != c->r)
        return ou_value_error(vm, "invalid arguments");
    for (ou_ssize i = 0; i < n; i++)
        if (state_at(vm, a, (size_t)i, n - 1, &c->at[i]) < 0)
            return NULL;
    for (ou_ssize i = 0; i < c->r; i++) {
        ou_ssize v;
        if (state_at(vm, b, (size_t)i, n - i, &v) < 0)
            return NULL;
        c->at[n + i] = v < 1 ? 1 : v;
    }
    OuObj *t = pick(vm, c->pool, c->at, (size_t)c->r), *old = c->result;
    if (!t)
        return NULL;
    c->result = t;
    ou_xdecref(vm, old);
    return ou_none(vm);
}
static const OuFn permutations_methods[] = {
    {"__reduce__(self, /)", permutations_reduce, 0, "State for pickling."},
    {"__setstate__(self, state, /)", permutations_setstate, 0, "Sets the state for unpickling."},
    {"__sizeof__(self, /)", combi_sizeof, 0, "Size in memory, in bytes."},
    {0},
};
ITER_SPEC(ou_itertools_permutations_spec, "itertools.permutations", Combi, permutations_new,
          permutations_next, permutations_methods,
          "permutations(iterable, r=None)\n--\n\nOrderings of r (or all) items.");
