/* vm/range.c - range and its two iterators: range_iterator for 64-bit bounds, longrange_iterator for the
 * rest. */
#include "iterobj.h"
#include "table.h"

typedef struct Range {
    OuObj hdr;
    OuObj *start, *stop, *step; /* exact ints */
    OuObj *length;              /* computed when first asked, or NULL */
} Range;
#define RANGE(o) ((Range *)(o))

#define ADD(a, b) ou_binop(vm, OU_NB_ADD, a, b)
#define SUB(a, b) ou_binop(vm, OU_NB_SUB, a, b)
#define MUL(a, b) ou_binop(vm, OU_NB_MUL, a, b)

OuObj *ou_range_new(OuVM *vm, OuObj *start, OuObj *stop, OuObj *step)
{
    Range *r = (Range *)ou_new_leaf(vm, OU_T_range, sizeof *r);
    if (!r)
        return NULL;
    r->start = ou_ref(start);
    r->stop = ou_ref(stop);
    r->step = ou_ref(step);
    r->length = NULL;
    return &r->hdr;
}

/* All three bounds fit 64 bits? */
static inline bool small(const Range *r, int64_t *start, int64_t *stop, int64_t *step)
{
    if (!ou_is_small(r->start) || !ou_is_small(r->stop) || !ou_is_small(r->step))
        return false;
    *start = OU_INT_V(r->start);
    *stop = OU_INT_V(r->stop);
    *step = OU_INT_V(r->step);
    return true;
}
static inline uint64_t small_length(int64_t start, int64_t stop, int64_t step)
{
    if (step > 0)
        return start < stop ? ((uint64_t)stop - (uint64_t)start - 1) / (uint64_t)step + 1 : 0;
    return start > stop ? ((uint64_t)start - (uint64_t)stop - 1) / (0 - (uint64_t)step) + 1 : 0;
}

/* Number of items of any bounds: new int. */
static OuObj *long_length(OuVM *vm, OuObj *start, OuObj *stop, OuObj *step)
{
    bool down = ou_int_sign(step) < 0;
    OuObj *lo = down ? stop : start, *hi = down ? start : stop;
    int empty = ou_compare_bool(vm, lo, hi, OU_CMP_GE);
    if (empty)
        return empty < 0 ? NULL : ou_int(vm, 0);
    OuObj *one = ou_int(vm, 1), *stride = down ? ou_negative(vm, step) : ou_ref(step), *diff = NULL,
          *q = NULL, *res = NULL, *t;
    if (!one || !stride || !(t = SUB(hi, lo)))
        goto done;
    diff = SUB(t, one);
    ou_decref(vm, t);
    if (diff && (q = ou_binop(vm, OU_NB_FLOORDIV, diff, stride)))
        res = ADD(q, one);
done:
    ou_xdecref(vm, one);
    ou_xdecref(vm, stride);
    ou_xdecref(vm, diff);
    ou_xdecref(vm, q);
    return res;
}
/* Borrowed length object. */
static OuObj *length(OuVM *vm, Range *r)
{
    if (!r->length) {
        int64_t a, b, s;
        r->length = small(r, &a, &b, &s) ? ou_int_u64(vm, small_length(a, b, s))
                                         : long_length(vm, r->start, r->stop, r->step);
    }
    return r->length;
}

/* start + i * step: new. */
static OuObj *item_at(OuVM *vm, Range *r, OuObj *i)
{
    OuObj *t = MUL(i, r->step);
    OuObj *res = t ? ADD(r->start, t) : NULL;
    ou_xdecref(vm, t);
    return res;
}

/* ---- life ------------------------------------------------------------------------ */

static OuObj *exact_index(OuVM *vm, OuObj *o)
{
    if (ou_is(o, int))
        return ou_ref(o);
    OuObj *i = ou_index(vm, o);
    if (!i || ou_is(i, int))
        return i;
    OuObj *e = ou_int_exact(vm, i);
    ou_decref(vm, i);
    return e;
}
static OuObj *range_make(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, "range", kwnames) < 0 || ou_arity(vm, "range", nargs, 1, 3) < 0)
        return NULL;
    OuObj *start = NULL, *stop = NULL, *step = NULL, *res = NULL;
    if (nargs == 1) {
        if (!(stop = exact_index(vm, args[0])) || !(start = ou_int(vm, 0)) || !(step = ou_int(vm, 1)))
            goto done;
    } else {
        if (!(start = exact_index(vm, args[0])) || !(stop = exact_index(vm, args[1])))
            goto done;
        if (!(step = nargs > 2 ? exact_index(vm, args[2]) : ou_int(vm, 1)))
            goto done;
        if (ou_int_sign(step) == 0) {
            ou_value_error(vm, "range() arg 3 must not be zero");
            goto done;
        }
    }
    res = ou_range_new(vm, start, stop, step);
done:
    ou_xdecref(vm, start);
    ou_xdecref(vm, stop);
    ou_xdecref(vm, step);
    return res;
}
static void range_dealloc(OuVM *vm, OuObj *o)
{
    Range *r = RANGE(o);
    ou_decref(vm, r->start);
    ou_decref(vm, r->stop);
    ou_decref(vm, r->step);
    ou_xdecref(vm, r->length);
    ou_free_object(vm, o);
}

/* ---- slots ------------------------------------------------------------------------ */

static OuObj *range_repr(OuVM *vm, OuObj *o)
{
    Range *r = RANGE(o);
    if (ou_is_small(r->step) && OU_INT_V(r->step) == 1)
        return ou_str_fmt(vm, "range(%R, %R)", r->start, r->stop);
    return ou_str_fmt(vm, "range(%R, %R, %R)", r->start, r->stop, r->step);
}
static int range_truth(OuVM *vm, OuObj *o)
{
    OuObj *n = length(vm, RANGE(o));
    return n ? ou_int_sign(n) != 0 : -1;
}
static ou_ssize range_len(OuVM *vm, OuObj *o)
{
    OuObj *n = length(vm, RANGE(o));
    int64_t v;
    if (!n)
        return -1;
    if (!ou_int_fits(n, &v))
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "Python int too large to convert to C ssize_t");
    return v;
}

static int same_int(OuVM *vm, OuObj *a, OuObj *b)
{
    return a == b ? 1 : ou_compare_bool(vm, a, b, OU_CMP_EQ);
}
static int range_equal(OuVM *vm, Range *a, Range *b)
{
    if (a == b)
        return 1;
    OuObj *na = length(vm, a), *nb = na ? length(vm, b) : NULL;
    if (!nb)
        return -1;
    int eq = same_int(vm, na, nb);
    if (eq != 1 || ou_int_sign(na) == 0)
        return eq;
    eq = same_int(vm, a->start, b->start);
    if (eq != 1 || (ou_is_small(na) && OU_INT_V(na) == 1))
        return eq;
    return same_int(vm, a->step, b->step);
}
static OuObj *range_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if (!ou_is(b, range) || !ou_is(a, range) || (op != OU_CMP_EQ && op != OU_CMP_NE))
        return ou_notimplemented(vm);
    int eq = range_equal(vm, RANGE(a), RANGE(b));
    return eq < 0 ? NULL : ou_bool(vm, eq == (op == OU_CMP_EQ));
}
/* As the tuple (length, start or None, step or None): equal ranges, equal hashes. */
static int range_hash(OuVM *vm, OuObj *o, int64_t *out)
{
    Range *r = RANGE(o);
    OuObj *n = length(vm, r);
    if (!n)
        return -1;
    bool empty = ou_int_sign(n) == 0, one = ou_is_small(n) && OU_INT_V(n) == 1;
    OuObj *t = ou_tuple_pack(vm, 3, n, empty ? OU_NONE(vm) : r->start, empty || one ? OU_NONE(vm) : r->step);
    if (!t)
        return -1;
    int res = ou_hash(vm, t, out);
    ou_decref(vm, t);
    return res;
}

/* Item i of any int object; IndexError outside. */
static OuObj *item_obj(OuVM *vm, Range *r, OuObj *i)
{
    OuObj *n = length(vm, r), *at;
    if (!n)
        return NULL;
    if (ou_int_sign(i) < 0)
        at = ADD(n, i);
    else
        at = ou_ref(i);
    if (!at)
        return NULL;
    int outside = ou_int_sign(at) < 0 ? 1 : ou_compare_bool(vm, at, n, OU_CMP_GE);
    OuObj *res = NULL;
    if (outside > 0)
        ou_raise(vm, OU_EXC(vm, IndexError), "range object index out of range");
    else if (outside == 0)
        res = item_at(vm, r, at);
    ou_decref(vm, at);
    return res;
}
static OuObj *range_item(OuVM *vm, OuObj *o, ou_ssize i)
{
    int64_t a, b, s;
    if (small(RANGE(o), &a, &b, &s)) {
        if (i < 0 || (uint64_t)i >= small_length(a, b, s))
            return ou_raise(vm, OU_EXC(vm, IndexError), "range object index out of range");
        return ou_int(vm, (int64_t)((uint64_t)a + (uint64_t)i * (uint64_t)s));
    }
    OuObj *k = ou_int(vm, i), *res = k ? item_obj(vm, RANGE(o), k) : NULL;
    ou_xdecref(vm, k);
    return res;
}
static OuObj *range_getitem(OuVM *vm, OuObj *o, OuObj *key)
{
    Range *r = RANGE(o);
    if (ou_is(key, slice)) {
        OuObj *n = length(vm, r), *b[3], *res = NULL;
        if (!n || ou_slice_long_indices(vm, key, n, b) < 0)
            return NULL;
        OuObj *step = MUL(r->step, b[2]), *start = step ? item_at(vm, r, b[0]) : NULL,
              *stop = start ? item_at(vm, r, b[1]) : NULL;
        if (stop)
            res = ou_range_new(vm, start, stop, step);
        ou_xdecref(vm, step);
        ou_xdecref(vm, start);
        ou_xdecref(vm, stop);
        for (int i = 0; i < 3; i++)
            ou_decref(vm, b[i]);
        return res;
    }
    if (!ou_has_index(vm, key))
        return ou_type_error(vm, "range indices must be integers or slices, not %s", OU_TYPE_NAME(vm, key));
    OuObj *i = ou_index(vm, key), *res = i ? item_obj(vm, r, i) : NULL;
    ou_xdecref(vm, i);
    return res;
}

/* Is the int x among the items? */
static int contains_int(OuVM *vm, Range *r, OuObj *x)
{
    int64_t a, b, s, v;
    if (small(r, &a, &b, &s) && ou_int_fits(x, &v)) {
        if (s > 0 ? v < a || v >= b : v > a || v <= b)
            return 0;
        uint64_t d = s > 0 ? (uint64_t)v - (uint64_t)a : (uint64_t)a - (uint64_t)v;
        return d % (s > 0 ? (uint64_t)s : 0 - (uint64_t)s) == 0;
    }
    bool up = ou_int_sign(r->step) > 0;
    int in = ou_compare_bool(vm, up ? r->start : r->stop, x, up ? OU_CMP_LE : OU_CMP_LT);
    if (in > 0)
        in = ou_compare_bool(vm, x, up ? r->stop : r->start, up ? OU_CMP_LT : OU_CMP_LE);
    if (in <= 0)
        return in;
    OuObj *d = SUB(x, r->start), *m = d ? ou_binop(vm, OU_NB_MOD, d, r->step) : NULL;
    in = m ? ou_int_sign(m) == 0 : -1;
    ou_xdecref(vm, d);
    ou_xdecref(vm, m);
    return in;
}
static int range_contains(OuVM *vm, OuObj *o, OuObj *x)
{
    if (ou_is(x, int) || ou_is(x, bool))
        return contains_int(vm, RANGE(o), x);
    return ou_sequence_search(vm, o, x, OU_SEARCH_CONTAINS, NULL);
}

/* ---- iterators ----------------------------------------------------------------------- */

typedef struct LongIter {
    OuObj hdr;
    OuObj *start, *step, *len, *index;
} LongIter;

static OuObj *small_iter(OuVM *vm, int64_t start, int64_t step, uint64_t n)
{
    OuRangeIter *it = (OuRangeIter *)ou_new_leaf(vm, OU_T_range_iter, sizeof *it);
    if (!it)
        return NULL;
    it->next = start;
    it->step = step;
    it->left = it->total = n;
    return &it->hdr;
}
/* Arguments taken; NULL ones mean a failed computation. */
static OuObj *long_iter_take(OuVM *vm, OuObj *start, OuObj *step, OuObj *len)
{
    OuObj *zero = ou_int(vm, 0);
    LongIter *it =
        start && step && len && zero ? (LongIter *)ou_new_leaf(vm, OU_T_longrange_iter, sizeof *it) : NULL;
    if (!it) {
        ou_xdecref(vm, start);
        ou_xdecref(vm, step);
        ou_xdecref(vm, len);
        ou_xdecref(vm, zero);
        return NULL;
    }
    it->start = start;
    it->step = step;
    it->len = len;
    it->index = zero;
    return &it->hdr;
}
/* start + n * step stays within 64 bits (and so do all items), and the length fits a C long. */
static inline bool iter_fits(int64_t start, int64_t step, uint64_t n)
{
    int64_t t;
    return n <= INT64_MAX && !__builtin_mul_overflow((int64_t)n, step, &t) &&
           !__builtin_add_overflow(start, t, &t);
}
static OuObj *range_iter(OuVM *vm, OuObj *o)
{
    Range *r = RANGE(o);
    int64_t a, b, s;
    if (small(r, &a, &b, &s)) {
        uint64_t n = small_length(a, b, s);
        if (iter_fits(a, s, n))
            return small_iter(vm, a, s, n);
    }
    OuObj *n = length(vm, r);
    return n ? long_iter_take(vm, ou_ref(r->start), ou_ref(r->step), ou_ref(n)) : NULL;
}
static OuObj *range_reversed(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Range *r = RANGE(args[0]);
    int64_t a, b, s;
    if (small(r, &a, &b, &s) && s != INT64_MIN) {
        uint64_t n = small_length(a, b, s);
        int64_t last;
        if (iter_fits(a, s, n) && !__builtin_sub_overflow(a, s, &last))
            return small_iter(vm, (int64_t)((uint64_t)a + (n - 1) * (uint64_t)s), -s, n);
    }
    OuObj *n = length(vm, r), *one = ou_int(vm, 1), *i = n && one ? SUB(n, one) : NULL;
    OuObj *res = NULL;
    if (i) {
        OuObj *start = item_at(vm, r, i);
        OuObj *step = start ? ou_negative(vm, r->step) : NULL;
        res = long_iter_take(vm, start, step, ou_ref(n));
    }
    ou_xdecref(vm, one);
    ou_xdecref(vm, i);
    return res;
}

static OuObj *riter_next(OuVM *vm, OuObj *o)
{
    OuRangeIter *it = (OuRangeIter *)o;
    if (it->left == 0)
        return NULL;
    it->left--;
    int64_t v = it->next;
    it->next = (int64_t)((uint64_t)v + (uint64_t)it->step);
    return ou_int(vm, v);
}
static OuObj *riter_hint(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_int_u64(vm, ((OuRangeIter *)args[0])->left);
}
static OuObj *riter_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuRangeIter *it = (OuRangeIter *)args[0];
    uint64_t done = it->total - it->left, first = (uint64_t)it->next - done * (uint64_t)it->step;
    OuObj *start = ou_int(vm, (int64_t)first), *step = ou_int(vm, it->step);
    OuObj *stop = ou_int(vm, (int64_t)(first + it->total * (uint64_t)it->step));
    OuObj *range = start && step && stop ? ou_range_new(vm, start, stop, step) : NULL;
    ou_xdecref(vm, start);
    ou_xdecref(vm, step);
    ou_xdecref(vm, stop);
    return range ? ou_reduce1_state_take(vm, ou_builtin_get(vm, "iter"), range, ou_int_u64(vm, done)) : NULL;
}
static OuObj *riter_setstate(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuRangeIter *it = (OuRangeIter *)args[0];
    ou_ssize i;
    if (ou_state_index(vm, args[1], &i) < 0)
        return NULL;
    uint64_t n = i < 0 ? 0 : (uint64_t)i > it->total ? it->total : (uint64_t)i, done = it->total - it->left;
    it->left = it->total - n;
    it->next = (int64_t)((uint64_t)it->next + (n - done) * (uint64_t)it->step);
    return ou_none(vm);
}

static void liter_dealloc(OuVM *vm, OuObj *o)
{
    LongIter *it = (LongIter *)o;
    ou_decref(vm, it->start);
    ou_decref(vm, it->step);
    ou_decref(vm, it->len);
    ou_decref(vm, it->index);
    ou_free_object(vm, o);
}
static OuObj *liter_next(OuVM *vm, OuObj *o)
{
    LongIter *it = (LongIter *)o;
    int more = ou_compare_bool(vm, it->index, it->len, OU_CMP_LT);
    if (more <= 0)
        return NULL;
    OuObj *one = ou_int(vm, 1), *next = one ? ADD(it->index, one) : NULL;
    OuObj *t = next ? MUL(it->index, it->step) : NULL, *res = t ? ADD(it->start, t) : NULL;
    if (res) {
        OuObj *old = it->index;
        it->index = ou_ref(next);
        ou_decref(vm, old);
    }
    ou_xdecref(vm, one);
    ou_xdecref(vm, next);
    ou_xdecref(vm, t);
    return res;
}
static OuObj *liter_hint(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    LongIter *it = (LongIter *)args[0];
    return SUB(it->len, it->index);
}
static OuObj *liter_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    LongIter *it = (LongIter *)args[0];
    OuObj *t = MUL(it->len, it->step), *stop = t ? ADD(it->start, t) : NULL;
    OuObj *range = stop ? ou_range_new(vm, it->start, stop, it->step) : NULL;
    ou_xdecref(vm, t);
    ou_xdecref(vm, stop);
    return range ? ou_reduce1_state_take(vm, ou_builtin_get(vm, "iter"), range, ou_ref(it->index)) : NULL;
}
static OuObj *liter_setstate(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    LongIter *it = (LongIter *)args[0];
    OuObj *zero = ou_int(vm, 0), *state = args[1];
    if (!zero)
        return NULL;
    int c = ou_compare_bool(vm, state, zero, OU_CMP_LT);
    if (c > 0) {
        state = zero;
    } else if (c == 0) {
        c = ou_compare_bool(vm, it->len, state, OU_CMP_LT);
        if (c > 0)
            state = it->len;
    }
    if (c >= 0) {
        OuObj *old = it->index;
        it->index = ou_ref(state);
        ou_decref(vm, old);
    }
    ou_decref(vm, zero);
    return c < 0 ? NULL : ou_none(vm);
}

static const OuFn riter_methods[] = {
    OU_ITER_HINT_ROW(riter_hint),
    OU_ITER_REDUCE_ROW(riter_reduce),
    OU_ITER_SETSTATE_ROW(riter_setstate),
    {0},
};
const OuTypeSpec ou_range_iter_spec = {
    .name = "range_iterator",
    .size = sizeof(OuRangeIter),
    .flags = OU_TYPE_NO_NEW,
    .dealloc = ou_free_object,
    .s = {.iter = ou_self_iter, .next = riter_next},
    .methods = riter_methods,
};
static const OuFn liter_methods[] = {
    OU_ITER_HINT_ROW(liter_hint),
    OU_ITER_REDUCE_ROW(liter_reduce),
    OU_ITER_SETSTATE_ROW(liter_setstate),
    {0},
};
const OuTypeSpec ou_longrange_iter_spec = {
    .name = "longrange_iterator",
    .size = sizeof(LongIter),
    .flags = OU_TYPE_NO_NEW,
    .dealloc = liter_dealloc,
    .s = {.iter = ou_self_iter, .next = liter_next},
    .methods = liter_methods,
};

/* ---- methods ----------------------------------------------------------------------- */

static OuObj *m_index(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Range *r = RANGE(args[0]);
    if (!ou_is(args[1], int) && !ou_is(args[1], bool)) {
        ou_ssize i;
        return ou_sequence_search(vm, args[0], args[1], OU_SEARCH_INDEX, &i) < 0 ? NULL : ou_int(vm, i);
    }
    int in = contains_int(vm, r, args[1]);
    if (in < 0)
        return NULL;
    if (!in)
        return ou_value_error(vm, "%R is not in range", args[1]);
    OuObj *d = SUB(args[1], r->start), *q = d ? ou_binop(vm, OU_NB_FLOORDIV, d, r->step) : NULL;
    ou_xdecref(vm, d);
    return q;
}
static OuObj *m_count(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (!ou_is(args[1], int) && !ou_is(args[1], bool)) {
        ou_ssize n;
        return ou_sequence_search(vm, args[0], args[1], OU_SEARCH_COUNT, &n) < 0 ? NULL : ou_int(vm, n);
    }
    int in = contains_int(vm, RANGE(args[0]), args[1]);
    return in < 0 ? NULL : ou_int(vm, in);
}
static OuObj *m_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *t = ou_tuple_of(vm, &RANGE(args[0])->start, 3);
    OuObj *res = t ? ou_tuple_pack(vm, 2, OU_TYPE_OBJ(vm, args[0]), t) : NULL;
    ou_xdecref(vm, t);
    return res;
}
static const OuFn range_methods[] = {
    {"__reversed__(self, /)", range_reversed, 0, "Iterator from the last item to the first."},
    {"__reduce__(self, /)", m_reduce, 0, NULL},
    {"count(self, value, /)", m_count, 0,
     "rangeobject.count(value) -> integer\n\nNumber of items equal to value."},
    {"index(self, value, /)", m_index, 0,
     "rangeobject.index(value) -> integer\n\nPlace of value; ValueError if it is absent."},
    {0},
};
static const OuMember range_members[] = {
    {"start", OU_MEMBER_OBJ, offsetof(Range, start), true, NULL},
    {"stop", OU_MEMBER_OBJ, offsetof(Range, stop), true, NULL},
    {"step", OU_MEMBER_OBJ, offsetof(Range, step), true, NULL},
    {0},
};
const OuTypeSpec ou_range_spec = {
    .name = "range",
    .size = sizeof(Range),
    .flags = OU_TYPE_SEQUENCE,
    .doc = "range(stop) -> range object\n"
           "range(start, stop[, step]) -> range object\n\n"
           "The integers from start (0) up to, but not including, stop, step (1) apart.",
    .dealloc = range_dealloc,
    .s = {.repr = range_repr,
          .hash = range_hash,
          .compare = range_compare,
          .iter = range_iter,
          .new_ = range_make,
          .truth = range_truth,
          .len = range_len,
          .getitem = range_getitem,
          .item = range_item,
          .contains = range_contains},
    .methods = range_methods,
    .members = range_members,
};
