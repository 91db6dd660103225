/* stdlib/itertools_group.c - groupby, tee and zip_longest. */
#include "itertools.h"

/* ---- groupby --------------------------------------------------------------------------------- */

typedef struct Grouper Grouper;
typedef struct Groupby {
    OuObj hdr;
    OuObj *it, *key;            /* key: None for identity */
    OuObj *target;              /* key of the group given last */
    OuObj *cur_key, *cur_value; /* read ahead; NULL */
    const Grouper *current;     /* the newest grouper: only it may advance; compared, never used */
} Groupby;
struct Grouper {
    OuObj hdr;
    Groupby *parent;
    OuObj *target;
};
#define GROUPBY(o) ((Groupby *)(o))

static void Groupby_dealloc(OuVM *vm, OuObj *o)
{
    Groupby *g = GROUPBY(o);
    ou_xdecref(vm, g->it);
    ou_xdecref(vm, g->key);
    ou_xdecref(vm, g->target);
    ou_xdecref(vm, g->cur_key);
    ou_xdecref(vm, g->cur_value);
    ou_free_object(vm, o);
}
static int Groupby_traverse(OuObj *o, OuVisit visit, void *arg)
{
    Groupby *g = GROUPBY(o);
    OU_VISIT(g->it);
    OU_VISIT(g->key);
    OU_VISIT(g->target);
    OU_VISIT(g->cur_key);
    OU_VISIT(g->cur_value);
    return 0;
}
NEW(groupby_new)
{
    OuObj *v[2];
    if (ou_args_bind(vm, "groupby(iterable, key=None)", args, nargs, kwnames, v) < 0)
        return NULL;
    OuObj *it = ou_iter(vm, v[0]);
    Groupby *g = it ? (Groupby *)ou_type_alloc(vm, type, 0) : NULL;
    if (!g) {
        ou_xdecref(vm, it);
        return NULL;
    }
    g->it = it;
    g->key = ou_ref(v[1] ? v[1] : OU_NONE(vm));
    return &g->hdr;
}
/* Reads one item ahead. 0, or -1 at the end or on error. */
static int groupby_step(OuVM *vm, Groupby *g)
{
    OuObj *x = NEXT(g->it);
    if (!x)
        return -1;
    OuObj *k = g->key == OU_NONE(vm) ? ou_ref(x) : ou_call1(vm, g->key, x);
    if (!k) {
        ou_decref(vm, x);
        return -1;
    }
    OuObj *old_value = g->cur_value, *old_key = g->cur_key;
    g->cur_value = x;
    g->cur_key = k;
    ou_xdecref(vm, old_key);
    ou_xdecref(vm, old_value);
    return 0;
}
static int same_key(OuVM *vm, OuObj *a, OuObj *b)
{
    ou_incref(a);
    ou_incref(b);
    int r = ou_compare_bool(vm, a, b, OU_CMP_EQ);
    ou_decref(vm, a);
    ou_decref(vm, b);
    return r;
}
static OuObj *grouper_make(OuVM *vm, OuType *type, Groupby *parent, OuObj *target)
{
    Grouper *gr = (Grouper *)ou_type_alloc(vm, type, 0);
    if (!gr)
        return NULL;
    gr->parent = ou_ref(parent);
    gr->target = ou_ref(target);
    parent->current = gr;
    return &gr->hdr;
}
static OuObj *groupby_next(OuVM *vm, OuObj *o)
{
    Groupby *g = GROUPBY(o);
    g->current = NULL;
    for (;;) { /* skip the rest of the present group */
        if (g->cur_key) {
            if (!g->target)
                break;
            int same = same_key(vm, g->target, g->cur_key);
            if (same < 0)
                return NULL;
            if (!same)
                break;
        }
        if (groupby_step(vm, g) < 0 || ou_poll(vm) < 0)
            return NULL;
    }
    OuObj *old = g->target;
    g->target = ou_ref(g->cur_key);
    ou_xdecref(vm, old);
    OuObj *gr = grouper_make(vm, ITERTOOLS(vm)->grouper, g, g->target);
    OuObj *res = gr ? ou_tuple_pack(vm, 2, g->cur_key, gr) : NULL;
    ou_xdecref(vm, gr);
    return res;
}
FN(groupby_reduce)
{
    Groupby *g = GROUPBY(args[0]);
    if (!g->target || !g->cur_key || !g->cur_value)
        return ou_itertools_reduce(vm, args[0], g->it, g->key);
    return ou_itertools_reduce_state(vm, args[0], ou_tuple_pack(vm, 2, g->it, g->key),
                                     ou_tuple_pack(vm, 3, g->cur_key, g->cur_value, g->target));
}
FN(groupby_setstate)
{
    Groupby *g = GROUPBY(args[0]);
    if (ou_itertools_state(vm, args[1]) < 0)
        return NULL;
    OuTuple *t = OU_TUPLE(args[1]);
    if (t->n != 3)
        return ou_type_error(vm, "function takes exactly 3 arguments (%zu given)", t->n);
    OuObj *old[3] = {g->cur_key, g->cur_value, g->target};
    g->cur_key = ou_ref(t->items[0]);
    g->cur_value = ou_ref(t->items[1]);
    g->target = ou_ref(t->items[2]);
    for (int i = 0; i < 3; i++)
        ou_xdecref(vm, old[i]);
    return ou_none(vm);
}
static const OuFn groupby_methods[] = {
    {"__reduce__(self, /)", groupby_reduce, 0, "State for pickling."},
    {"__setstate__(self, state, /)", groupby_setstate, 0, "Sets the state for unpickling."},
    {0},
};
ITER_SPEC(
    ou_itertools_groupby_spec, "itertools.groupby", Groupby, groupby_new, groupby_next, groupby_methods,
    "groupby(iterable, key=None)\n--\n\nPairs of a key and an iterator over the run of items that have it.");

static void Grouper_dealloc(OuVM *vm, OuObj *o)
{
    Grouper *gr = (Grouper *)o;
    ou_xdecref(vm, gr->parent);
    ou_xdecref(vm, gr->target);
    ou_free_object(vm, o);
}
static int Grouper_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((Grouper *)o)->parent);
    OU_VISIT(((Grouper *)o)->target);
    return 0;
}
NEW(grouper_new)
{
    if (ou_itertools_args(vm, "_grouper", type, nargs, kwnames, 2, 2) < 0)
        return NULL;
    OuType *groupby = ITERTOOLS(vm)->groupby;
    if (!ou_type_is_subtype(vm, OU_TYPE_OF(vm, args[0]), groupby))
        return ou_type_error(vm, "_grouper() argument 1 must be itertools.groupby, not %T", args[0]);
    return grouper_make(vm, type, GROUPBY(args[0]), args[1]);
}
static OuObj *grouper_next(OuVM *vm, OuObj *o)
{
    Grouper *gr = (Grouper *)o;
    Groupby *g = gr->parent;
    if (g->current != gr)
        return NULL;
    if (!g->cur_value && groupby_step(vm, g) < 0)
        return NULL;
    int same = same_key(vm, gr->target, g->cur_key);
    if (same <= 0)
        return NULL;
    OuObj *x = g->cur_value;
    g->cur_value = NULL;
    ou_clear(vm, g->cur_key);
    return x;
}
FN(grouper_reduce)
{
    Grouper *gr = (Grouper *)args[0];
    if (gr->parent->current != gr)
        return ou_reduce_empty(vm);
    return ou_itertools_reduce(vm, args[0], &gr->parent->hdr, gr->target);
}
static const OuFn grouper_methods[] = {
    {"__reduce__(self, /)", grouper_reduce, 0, "State for pickling."},
    {0},
};
const OuTypeSpec ou_itertools_grouper_spec = {
    .name = "itertools._grouper",
    .size = sizeof(Grouper),
    .flags = OU_TYPE_GC,
    .dealloc = Grouper_dealloc,
    .traverse = Grouper_traverse,
    .s = {.iter = ou_self_iter, .next = grouper_next, .new_ = grouper_new},
    .methods = grouper_methods,
};

/* ---- tee: iterators over a chain of blocks of items, filled from one source ------------------------ */

#define CELLS 57

typedef struct TeeData {
    OuObj hdr;
    OuObj *it;
    struct TeeData *next;
    uint32_t n;
    bool running;
    OuObj *value[CELLS];
} TeeData;
typedef struct Tee {
    OuObj hdr;
    TeeData *data;
    uint32_t i;
} Tee;

static TeeData *tee_data_make(OuVM *vm, OuType *type, OuObj *it)
{
    TeeData *d = (TeeData *)ou_type_alloc(vm, type, 0);
    if (d)
        d->it = ou_ref(it);
    return d;
}
/* The next block, borrowed. */
static TeeData *tee_data_link(OuVM *vm, TeeData *d)
{
    if (!d->next)
        d->next = tee_data_make(vm, OU_TYPE_OF(vm, d), d->it);
    return d->next;
}
static OuObj *tee_data_item(OuVM *vm, TeeData *d, uint32_t i)
{
    if (i < d->n)
        return ou_ref(d->value[i]);
    if (d->running)
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "cannot re-enter the tee iterator");
    d->running = true;
    OuObj *x = ou_next(vm, d->it);
    d->running = false;
    if (!x)
        return NULL;
    d->value[d->n++] = x;
    return ou_ref(x);
}
static void tee_data_clear(OuVM *vm, OuObj *o)
{
    TeeData *d = (TeeData *)o;
    ou_clear(vm, d->it);
    uint32_t n = d->n;
    d->n = 0;
    for (uint32_t i = 0; i < n; i++)
        ou_clear(vm, d->value[i]);
    TeeData *next = d->next;
    d->next = NULL;
    while (next && next->hdr.rc == 1) { /* a long chain falls without recursion */
        TeeData *after = next->next;
        next->next = NULL;
        ou_decref(vm, next);
        next = after;
    }
    ou_xdecref(vm, next);
}
static void tee_data_dealloc(OuVM *vm, OuObj *o)
{
    tee_data_clear(vm, o);
    ou_free_object(vm, o);
}
static int tee_data_traverse(OuObj *o, OuVisit visit, void *arg)
{
    TeeData *d = (TeeData *)o;
    OU_VISIT(d->it);
    for (uint32_t i = 0; i < d->n; i++)
        OU_VISIT(d->value[i]);
    OU_VISIT(d->next);
    return 0;
}
NEW(tee_data_new)
{
    OuItertools *st = ITERTOOLS(vm);
    if (ou_itertools_args(vm, "teedataobject", type, nargs, kwnames, 3, 3) < 0)
        return NULL;
    if (!ou_isa_list(vm, args[1]))
        return ou_type_error(vm, "teedataobject() argument 2 must be list, not %T", args[1]);
    size_t n = OU_LIST(args[1])->n;
    OuObj *next = args[2];
    TeeData *d = tee_data_make(vm, type, args[0]);
    if (!d)
        return NULL;
    if (n > CELLS)
        goto bad;
    for (size_t i = 0; i < n; i++)
        d->value[i] = ou_ref(OU_LIST(args[1])->items[i]);
    d->n = (uint32_t)n;
    if (next != OU_NONE(vm)) {
        if (n != CELLS || OU_TYPE_OF(vm, next) != st->tee_data)
            goto bad;
        d->next = (TeeData *)ou_ref(next);
    }
    return &d->hdr;
bad:
    ou_decref(vm, d);
    return ou_value_error(vm, "Invalid arguments");
}
FN(tee_data_reduce)
{
    TeeData *d = (TeeData *)args[0];
    OuObj *values = ou_list_new(vm, d->n);
    if (!values)
        return NULL;
    for (uint32_t i = 0; i < d->n; i++)
        OU_LIST(values)->items[i] = ou_ref(d->value[i]);
    OuObj *inner = ou_tuple_pack(vm, 3, d->it, values, d->next ? (OuObj *)d->next : OU_NONE(vm));
    OuObj *res = inner ? ou_tuple_pack(vm, 2, OU_TYPE_OBJ(vm, args[0]), inner) : NULL;
    ou_decref(vm, values);
    ou_xdecref(vm, inner);
    return res;
}
static const OuFn tee_data_methods[] = {
    {"__reduce__(self, /)", tee_data_reduce, 0, "State for pickling."},
    {0},
};
const OuTypeSpec ou_itertools_tee_data_spec = {
    .name = "itertools._tee_dataobject",
    .size = sizeof(TeeData),
    .flags = OU_TYPE_GC | OU_TYPE_DEEP,
    .doc = "teedataobject(iterable, values, next, /)\n--\n\nItems that tee iterators share.",
    .dealloc = tee_data_dealloc,
    .traverse = tee_data_traverse,
    .clear = tee_data_clear,
    .s = {.new_ = tee_data_new},
    .methods = tee_data_methods,
};

static OuObj *tee_make(OuVM *vm, TeeData *data, uint32_t i)
{
    Tee *t = (Tee *)ou_type_alloc(vm, ITERTOOLS(vm)->tee, 0);
    if (!t)
        return NULL;
    t->data = ou_ref(data);
    t->i = i;
    return &t->hdr;
}
static OuObj *tee_from(OuVM *vm, OuObj *iterable)
{
    OuItertools *st = ITERTOOLS(vm);
    OuObj *it = ou_iter(vm, iterable), *res = NULL;
    if (!it)
        return NULL;
    if (ou_type_is_subtype(vm, OU_TYPE_OF(vm, it), st->tee)) {
        res = tee_make(vm, ((Tee *)it)->data, ((Tee *)it)->i);
    } else {
        TeeData *d = tee_data_make(vm, st->tee_data, it);
        if (d) {
            res = tee_make(vm, d, 0);
            ou_decref(vm, d);
        }
    }
    ou_decref(vm, it);
    return res;
}
NEW(tee_new)
{
    if (ou_itertools_args(vm, "_tee", type, nargs, kwnames, 1, 1) < 0)
        return NULL;
    return tee_from(vm, args[0]);
}
static void tee_clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, ((Tee *)o)->data);
}
static void tee_dealloc(OuVM *vm, OuObj *o)
{
    tee_clear(vm, o);
    ou_free_object(vm, o);
}
static int tee_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((Tee *)o)->data);
    return 0;
}
static OuObj *tee_next(OuVM *vm, OuObj *o)
{
    Tee *t = (Tee *)o;
    if (t->i >= CELLS) {
        TeeData *next = tee_data_link(vm, t->data);
        if (!next)
            return NULL;
        TeeData *old = t->data;
        t->data = ou_ref(next);
        t->i = 0;
        ou_decref(vm, old);
    }
    OuObj *x = tee_data_item(vm, t->data, t->i);
    if (x)
        t->i++;
    return x;
}
FN(tee_copy)
{
    return tee_make(vm, ((Tee *)args[0])->data, ((Tee *)args[0])->i);
}
FN(tee_reduce)
{
    Tee *t = (Tee *)args[0];
    OuObj *i = ou_int(vm, t->i), *state = i ? ou_tuple_pack(vm, 2, t->data, i) : NULL;
    ou_xdecref(vm, i);
    return ou_itertools_reduce_state(vm, args[0], ou_tuple_pack(vm, 1, OU_EMPTY_TUPLE(vm)), state);
}
FN(tee_setstate)
{
    Tee *t = (Tee *)args[0];
    if (ou_itertools_state(vm, args[1]) < 0)
        return NULL;
    OuTuple *s = OU_TUPLE(args[1]);
    int i;
    if (s->n != 2)
        return ou_type_error(vm, "function takes exactly 2 arguments (%zu given)", s->n);
    if (OU_TYPE_OF(vm, s->items[0]) != ITERTOOLS(vm)->tee_data)
        return ou_type_error(vm, "argument 1 must be itertools._tee_dataobject, not %T", s->items[0]);
    if (ou_as_int(vm, s->items[1], &i) < 0)
        return NULL;
    if (i < 0 || i > CELLS)
        return ou_value_error(vm, "Index out of range");
    TeeData *old = t->data;
    t->data = (TeeData *)ou_ref(s->items[0]);
    t->i = (uint32_t)i;
    ou_decref(vm, old);
    return ou_none(vm);
}
static const OuFn tee_methods[] = {
    {"__copy__(self, /)", tee_copy, 0, "Returns an independent iterator."},
    {"__reduce__(self, /)", tee_reduce, 0, "State for pickling."},
    {"__setstate__(self, state, /)", tee_setstate, 0, "Sets the state for unpickling."},
    {0},
};
const OuTypeSpec ou_itertools_tee_spec = {
    .name = "itertools._tee",
    .size = sizeof(Tee),
    .flags = OU_TYPE_GC | OU_TYPE_WEAK,
    .doc = "_tee(iterable, /)\n--\n\nIterator wrapped to make it copyable.",
    .dealloc = tee_dealloc,
    .traverse = tee_traverse,
    .clear = tee_clear,
    .s = {.iter = ou_self_iter, .next = tee_next, .new_ = tee_new},
    .methods = tee_methods,
};

OuObj *ou_itertools_tee(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    ou_ssize n = 2;
    if (args[1] && ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &n) < 0)
        return NULL;
    if (n < 0)
        return ou_value_error(vm, "n must be >= 0");
    OuObj *res = ou_tuple_new(vm, (size_t)n), *it = NULL, *copy = NULL;
    if (!res || n == 0)
        return res;
    if (!(it = ou_iter(vm, args[0])))
        goto fail;
    int r = ou_lookup_attr(vm, it, OU_NAME(vm, __copy__), &copy);
    if (r == 0) { /* not copyable by itself */
        OuObj *t = tee_from(vm, it);
        ou_decref(vm, it);
        if (!(it = t))
            goto fail;
        r = ou_lookup_attr(vm, it, OU_NAME(vm, __copy__), &copy);
    }
    if (r <= 0)
        goto fail;
    OU_TUPLE(res)->items[0] = it;
    it = NULL;
    for (ou_ssize i = 1; i < n; i++)
        if (!(OU_TUPLE(res)->items[i] = ou_call0(vm, copy)))
            goto fail;
    ou_decref(vm, copy);
    return res;
fail:
    ou_xdecref(vm, it);
    ou_xdecref(vm, copy);
    ou_decref(vm, res);
    return NULL;
}

/* ---- zip_longest ------------------------------------------------------------------------------- */

typedef struct ZipLongest {
    OuObj hdr;
    OuTuple *its; /* NULL items: ended */
    OuObj *result, *fill;
    size_t active;
} ZipLongest;

static void ZipLongest_dealloc(OuVM *vm, OuObj *o)
{
    ou_xdecref(vm, ((ZipLongest *)o)->its);
    ou_xdecref(vm, ((ZipLongest *)o)->result);
    ou_xdecref(vm, ((ZipLongest *)o)->fill);
    ou_free_object(vm, o);
}
static int ZipLongest_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((ZipLongest *)o)->its);
    OU_VISIT(((ZipLongest *)o)->result);
    OU_VISIT(((ZipLongest *)o)->fill);
    return 0;
}
NEW(zip_longest_new)
{
    OuObj *fill = OU_NONE(vm);
    size_t nkw = kwnames ? OU_TUPLE(kwnames)->n : 0;
    if (nkw > 1 || (nkw == 1 && !ou_str_eq_s(OU_TUPLE(kwnames)->items[0], "fillvalue")))
        return ou_type_error(vm, "zip_longest() got an unexpected keyword argument");
    if (nkw)
        fill = args[nargs];
    OuObj *its = ou_tuple_new(vm, nargs), *result = its ? ou_tuple_new(vm, nargs) : NULL;
    if (!result)
        goto fail;
    for (size_t i = 0; i < nargs; i++) {
        OU_TUPLE(result)->items[i] = ou_none(vm);
        if (!(OU_TUPLE(its)->items[i] = ou_iter(vm, args[i])))
            goto fail;
    }
    ZipLongest *z = (ZipLongest *)ou_type_alloc(vm, type, 0);
    if (!z)
        goto fail;
    z->its = OU_TUPLE(its);
    z->result = result;
    z->fill = ou_ref(fill);
    z->active = nargs;
    return &z->hdr;
fail:
    ou_xdecref(vm, its);
    ou_xdecref(vm, result);
    return NULL;
}
static OuObj *zip_longest_next(OuVM *vm, OuObj *o)
{
    ZipLongest *z = (ZipLongest *)o;
    size_t n = z->its->n;
    if (n == 0 || z->active == 0)
        return NULL;
    bool reuse = z->result->rc == 1;
    OuTuple *t = (OuTuple *)(reuse ? ou_ref(z->result) : ou_tuple_new(vm, n));
    if (!t)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        OuObj *it = z->its->items[i], *x;
        if (it) {
            ou_incref(it); /* it may come back here and end */
            x = ou_next(vm, it);
            ou_decref(vm, it);
        } else {
            x = ou_ref(z->fill);
        }
        if (!x) {
            if (z->its->items[i])
                z->active -= z->active > 0;
            if (z->active == 0 || ou_err_occurred(vm)) {
                z->active = 0;
                ou_decref(vm, t);
                return NULL;
            }
            x = ou_ref(z->fill);
            ou_clear(vm, z->its->items[i]);
        }
        OuObj *old = t->items[i];
        t->items[i] = x;
        ou_xdecref(vm, old);
    }
    if (reuse)
        ou_gc_track(&vm->heap, &t->hdr);
    return &t->hdr;
}
FN(zip_longest_reduce)
{
    ZipLongest *z = (ZipLongest *)args[0];
    OuObj *its = ou_tuple_new(vm, z->its->n);
    for (size_t i = 0; its && i < z->its->n; i++)
        OU_TUPLE(its)->items[i] = ou_ref(z->its->items[i] ? z->its->items[i] : OU_EMPTY_TUPLE(vm));
    return ou_itertools_reduce_state(vm, args[0], its, ou_ref(z->fill));
}
FN(zip_longest_setstate)
{
    ZipLongest *z = (ZipLongest *)args[0];
    OuObj *old = z->fill;
    z->fill = ou_ref(args[1]);
    ou_decref(vm, old);
    return ou_none(vm);
}
static const OuFn zip_longest_methods[] = {
    {"__reduce__(self, /)", zip_longest_reduce, 0, "State for pickling."},
    {"__setstate__(self, state, /)", zip_longest_setstate, 0, "Sets the state for unpickling."},
    {0},
};
ITER_SPEC(ou_itertools_zip_longest_spec, "itertools.zip_longest", ZipLongest, zip_longest_new,
          zip_longest_next, zip_longest_methods,
          "zip_longest(*iterables, fillvalue=None) --> zip_longest object\n\n"
          "Tuples of one item from each, until the longest ends; fillvalue stands for missing ones.");
