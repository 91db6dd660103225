/* vm/tuple.c - tuple.  The empty tuple lives in the VM; all others are tracked when made (a collection
 * untracks those that hold leaves only). */
#include "iterobj.h"
#include "generic_alias.h"

#include <string.h>

static inline OuTuple *alloc(OuVM *vm, size_t n)
{
    if (__builtin_expect(n > (SIZE_MAX >> 4), 0))
        return ou_raise_memory(vm);
    OuTuple *t = (OuTuple *)ou_new_gc(vm, OU_T_tuple, sizeof(OuTuple) + n * sizeof(OuObj *));
    if (t)
        t->n = n;
    return t;
}

OuObj *ou_tuple_new(OuVM *vm, size_t n)
{
    if (n == 0)
        return ou_ref(OU_EMPTY_TUPLE(vm));
    OuTuple *t = alloc(vm, n);
    if (!t)
        return NULL;
    memset(t->items, 0, n * sizeof(OuObj *));
    ou_gc_track(&vm->heap, &t->hdr);
    return &t->hdr;
}

OuObj *ou_tuple_of(OuVM *vm, OuObj *const *items, size_t n)
{
    if (n == 0)
        return ou_ref(OU_EMPTY_TUPLE(vm));
    OuTuple *t = alloc(vm, n);
    if (!t)
        return NULL;
    for (size_t i = 0; i < n; i++)
        t->items[i] = ou_ref(items[i]);
    ou_gc_track(&vm->heap, &t->hdr);
    return &t->hdr;
}

OuObj *ou_tuple_of_take(OuVM *vm, OuObj **items, size_t n)
{
    if (n == 0)
        return ou_ref(OU_EMPTY_TUPLE(vm));
    OuTuple *t = alloc(vm, n);
    if (!t)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        t->items[i] = items[i];
        items[i] = NULL;
    }
    ou_gc_track(&vm->heap, &t->hdr);
    return &t->hdr;
}

OuObj *ou_pair_take(OuVM *vm, OuObj *a, OuObj *b)
{
    OuTuple *t = alloc(vm, 2);
    if (__builtin_expect(!t, 0)) {
        ou_decref(vm, a);
        ou_decref(vm, b);
        return NULL;
    }
    t->items[0] = a;
    t->items[1] = b;
    ou_gc_track(&vm->heap, &t->hdr);
    return &t->hdr;
}

OuObj *ou_tuple_pack(OuVM *vm, size_t n, ...)
{
    if (n == 0)
        return ou_ref(OU_EMPTY_TUPLE(vm));
    OuTuple *t = alloc(vm, n);
    if (!t)
        return NULL;
    va_list ap;
    va_start(ap, n);
    for (size_t i = 0; i < n; i++)
        t->items[i] = ou_ref(va_arg(ap, OuObj *));
    va_end(ap);
    ou_gc_track(&vm->heap, &t->hdr);
    return &t->hdr;
}

OuObj *ou_tuple_slice(OuVM *vm, OuObj *o, size_t start, size_t end)
{
    OuTuple *t = OU_TUPLE(o);
    if (end > t->n)
        end = t->n;
    if (start > end)
        start = end;
    if (start == 0 && end == t->n && ou_is(o, tuple))
        return ou_ref(o);
    return ou_tuple_of(vm, t->items + start, end - start);
}

/* ---- life ------------------------------------------------------------------------- */

static OuObj *tuple_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (type == OU_EXC(vm, tuple) && ou_no_kwargs(vm, "tuple", kwnames) < 0)
        return NULL;
    if (type->s.init == vm->builtin[OU_T_tuple].s.init && ou_no_kwargs(vm, "tuple", kwnames) < 0)
        return NULL;
    if (ou_arity(vm, "tuple", nargs, 0, 1) < 0)
        return NULL;
    OuObj *t = nargs ? ou_sequence_tuple(vm, args[0]) : ou_ref(OU_EMPTY_TUPLE(vm));
    if (!t || type == OU_EXC(vm, tuple))
        return t;
    size_t n = OU_TUPLE(t)->n;
    OuObj *o = ou_type_alloc(vm, type, (ou_ssize)n);
    if (o) {
        OU_TUPLE(o)->n = n;
        for (size_t i = 0; i < n; i++)
            OU_TUPLE(o)->items[i] = ou_ref(OU_TUPLE(t)->items[i]);
    }
    ou_decref(vm, t);
    return o;
}
/* Last to first, as CPython. */
static void tuple_dealloc(OuVM *vm, OuObj *o)
{
    OuTuple *t = OU_TUPLE(o);
    size_t n = t->n;
    for (size_t i = n; i-- > 0;)
        ou_xdecref(vm, t->items[i]);
    if (ou_is(o, tuple))
        ou_heap_free_gc(&vm->heap, o, sizeof(OuTuple) + n * sizeof(OuObj *));
    else
        ou_free_object(vm, o);
}
static int tuple_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OuTuple *t = OU_TUPLE(o);
    for (size_t i = t->n; i-- > 0;)
        OU_VISIT(t->items[i]);
    return 0;
}

/* ---- slots ------------------------------------------------------------------------ */

static OuObj *tuple_repr(OuVM *vm, OuObj *o)
{
    OuTuple *t = OU_TUPLE(o);
    if (t->n == 0)
        return ou_str_new(vm, "()", 2);
    int r = ou_repr_enter(vm, o);
    if (r != 0)
        return r > 0 ? ou_str_new(vm, "(...)", 5) : NULL;
    OuStrBuf b;
    ou_strbuf_init(&b, vm);
    OuObj *res = NULL;
    int bad = ou_strbuf_char(&b, '(');
    for (size_t i = 0; i < t->n && bad >= 0; i++) {
        if (i > 0)
            bad = ou_strbuf_ascii(&b, ", ", 2);
        OuObj *s = bad < 0 ? NULL : ou_repr(vm, t->items[i]);
        bad = s ? ou_strbuf_str(&b, s) : -1;
        ou_xdecref(vm, s);
    }
    if (bad >= 0 && ou_strbuf_ascii(&b, t->n == 1 ? ",)" : ")", -1) == 0)
        res = ou_strbuf_take(&b);
    ou_strbuf_free(&b);
    ou_repr_leave(vm, o);
    return res;
}

/* The xxHash variant of CPython 3.8+ (Objects/tupleobject.c): numbers are visible in scripts. */
static int tuple_hash(OuVM *vm, OuObj *o, int64_t *out)
{
    const uint64_t p1 = 11400714785074694791ull, p2 = 14029467366897019727ull, p5 = 2870177450012600261ull;
    OuTuple *t = OU_TUPLE(o);
    uint64_t acc = p5;
    if (ou_check_stack(vm, "") < 0)
        return -1;
    for (size_t i = 0; i < t->n; i++) {
        int64_t lane;
        if (ou_hash(vm, t->items[i], &lane) < 0)
            return -1;
        acc += (uint64_t)lane * p2;
        acc = acc << 31 | acc >> 33;
        acc *= p1;
    }
    acc += t->n ^ (p5 ^ 3527539ull);
    *out = acc == UINT64_MAX ? 1546275796 : (int64_t)acc;
    return 0;
}

static OuObj *tuple_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if (!ou_isa_tuple(vm, a) || !ou_isa_tuple(vm, b))
        return ou_notimplemented(vm);
    OuTuple *x = OU_TUPLE(a), *y = OU_TUPLE(b);
    size_t n = x->n < y->n ? x->n : y->n, i;
    for (i = 0; i < n; i++) {
        if (x->items[i] == y->items[i])
            continue;
        int eq = ou_compare_bool(vm, x->items[i], y->items[i], OU_CMP_EQ);
        if (eq < 0)
            return NULL;
        if (!eq)
            break;
    }
    if (i == n) {
        int c = x->n < y->n ? OU_CMP_LT : x->n > y->n ? OU_CMP_GT : OU_CMP_EQ;
        return ou_bool(vm, (op & c) != 0);
    }
    if (op == OU_CMP_EQ || op == OU_CMP_NE)
        return ou_bool(vm, op == OU_CMP_NE);
    return ou_compare(vm, x->items[i], y->items[i], op);
}

static ou_ssize tuple_len(OuVM *vm, OuObj *o)
{
    return (ou_ssize)OU_TUPLE(o)->n;
}
static OuObj *tuple_item(OuVM *vm, OuObj *o, ou_ssize i)
{
    OuTuple *t = OU_TUPLE(o);
    if ((size_t)i >= t->n)
        return ou_raise(vm, OU_EXC(vm, IndexError), "tuple index out of range");
    return ou_ref(t->items[i]);
}
static OuObj *tuple_getitem(OuVM *vm, OuObj *o, OuObj *key)
{
    OuTuple *t = OU_TUPLE(o);
    ou_ssize i;
    if (ou_is_small(key)) {
        i = OU_INT_V(key);
    } else if (ou_is(key, slice)) {
        ou_ssize start, stop, step, n;
        if (ou_slice_indices(vm, key, (ou_ssize)t->n, &start, &stop, &step, &n) < 0)
            return NULL;
        if (n <= 0)
            return ou_ref(OU_EMPTY_TUPLE(vm));
        if (step == 1)
            return ou_tuple_slice(vm, o, (size_t)start, (size_t)(start + n));
        OuTuple *res = alloc(vm, (size_t)n);
        if (!res)
            return NULL;
        for (ou_ssize k = 0; k < n; k++, start = ou_slice_next(start, step))
            res->items[k] = ou_ref(t->items[start]);
        ou_gc_track(&vm->heap, &res->hdr);
        return &res->hdr;
    } else if (ou_has_index(vm, key)) {
        if (ou_as_ssize(vm, key, OU_EXC(vm, IndexError), &i) < 0)
            return NULL;
    } else {
        return ou_type_error(vm, "tuple indices must be integers or slices, not %s", OU_TYPE_NAME(vm, key));
    }
    if (i < 0)
        i += (ou_ssize)t->n;
    return tuple_item(vm, o, i);
}
static int tuple_contains(OuVM *vm, OuObj *o, OuObj *x)
{
    OuTuple *t = OU_TUPLE(o);
    for (size_t i = 0; i < t->n; i++) {
        int r = t->items[i] == x ? 1 : ou_compare_bool(vm, t->items[i], x, OU_CMP_EQ);
        if (r != 0)
            return r;
    }
    return 0;
}
static OuObj *tuple_concat(OuVM *vm, OuObj *a, OuObj *b)
{
    OuTuple *x = OU_TUPLE(a), *y = OU_TUPLE(b);
    if (x->n == 0 && ou_is(b, tuple))
        return ou_ref(b);
    if (!ou_isa_tuple(vm, b))
        return ou_type_error(vm, "can only concatenate tuple (not \"%s\") to tuple", OU_TYPE_NAME(vm, b));
    if (y->n == 0 && ou_is(a, tuple))
        return ou_ref(a);
    if (x->n + y->n == 0)
        return ou_ref(OU_EMPTY_TUPLE(vm));
    OuTuple *t = alloc(vm, x->n + y->n);
    if (!t)
        return NULL;
    for (size_t i = 0; i < x->n; i++)
        t->items[i] = ou_ref(x->items[i]);
    for (size_t i = 0; i < y->n; i++)
        t->items[x->n + i] = ou_ref(y->items[i]);
    ou_gc_track(&vm->heap, &t->hdr);
    return &t->hdr;
}
static OuObj *tuple_repeat(OuVM *vm, OuObj *o, ou_ssize k)
{
    OuTuple *t = OU_TUPLE(o);
    if (ou_is(o, tuple) && (t->n == 0 || k == 1))
        return ou_ref(o);
    if (t->n == 0 || k <= 0)
        return ou_ref(OU_EMPTY_TUPLE(vm));
    if ((size_t)k > (SIZE_MAX >> 4) / t->n)
        return ou_raise_memory(vm);
    OuTuple *res = alloc(vm, t->n * (size_t)k);
    if (!res)
        return NULL;
    for (size_t i = 0; i < t->n; i++)
        t->items[i]->rc += (uint32_t)k;
    for (size_t i = 0; i < res->n; i += t->n)
        memcpy(res->items + i, t->items, t->n * sizeof(OuObj *));
    ou_gc_track(&vm->heap, &res->hdr);
    return &res->hdr;
}
static OuObj *tuple_iter(OuVM *vm, OuObj *o)
{
    return ou_seq_iter_new(vm, OU_T_tuple_iter, o);
}

/* ---- methods ----------------------------------------------------------------------- */

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

FN(m_count)
{
    OuTuple *t = OU_TUPLE(args[0]);
    ou_ssize n = 0;
    for (size_t i = 0; i < t->n; i++) {
        int r = ou_compare_bool(vm, t->items[i], args[1], OU_CMP_EQ);
        if (r < 0)
            return NULL;
        n += r;
    }
    return ou_int(vm, n);
}
FN(m_index)
{
    OuTuple *t = OU_TUPLE(args[0]);
    ou_ssize start = 0, stop = INTPTR_MAX;
    if ((args[2] && ou_slice_bound(vm, args[2], &start) < 0) ||
        (args[3] && ou_slice_bound(vm, args[3], &stop) < 0))
        return NULL;
    ou_clip_range((ou_ssize)t->n, &start, &stop);
    for (ou_ssize i = start; i < stop; i++) {
        int r = ou_compare_bool(vm, t->items[i], args[1], OU_CMP_EQ);
        if (r < 0)
            return NULL;
        if (r)
            return ou_int(vm, i);
    }
    return ou_value_error(vm, "tuple.index(x): x not in tuple");
}
FN(m_getnewargs)
{
    OuObj *copy = ou_tuple_of(vm, OU_TUPLE(args[0])->items, OU_TUPLE(args[0])->n);
    OuObj *res = copy ? ou_tuple_pack(vm, 1, copy) : NULL;
    ou_xdecref(vm, copy);
    return res;
}
static const OuFn tuple_methods[] = {
    {"__getnewargs__(self, /)", m_getnewargs, 0, NULL},
    {"count(self, value, /)", m_count, 0, "Number of items equal to value."},
    {"index(self, value, start=0, stop=sys.maxsize, /)", m_index, 0,
     "First place of an item equal to value; ValueError if there is none."},
    {"__class_getitem__(type, item, /)", ou_fn_class_getitem, OU_FN_CLASS, "See PEP 585"},
    {0},
};

const OuTypeSpec ou_tuple_spec = {
    .name = "tuple",
    .size = sizeof(OuTuple),
    .item_size = sizeof(OuObj *),
    .flags =
        OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_SEQUENCE | OU_TYPE_DEEP | OU_TYPE_MATCH_SELF | OU_TYPE_TUPLE_SUB,
    .doc = "tuple(iterable=(), /)\n--\n\n"
           "Immutable sequence of the items of iterable; a tuple given is returned as it is.",
    .dealloc = tuple_dealloc,
    .traverse = tuple_traverse,
    .s = {.repr = tuple_repr,
          .hash = tuple_hash,
          .compare = tuple_compare,
          .iter = tuple_iter,
          .new_ = tuple_new,
          .len = tuple_len,
          .getitem = tuple_getitem,
          .item = tuple_item,
          .contains = tuple_contains,
          .concat = tuple_concat,
          .repeat = tuple_repeat},
    .methods = tuple_methods,
};
