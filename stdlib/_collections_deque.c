/* stdlib/_collections_deque.c - deque: a ring of item pointers.  Its iterators: _collections_dequeiter.c.
 *
 * `state` counts structural changes, so that iterators notice them.  Comparisons may run code that changes
 * the deque; loops then stop as CPython's do ("deque mutated during iteration"). */
#include "_collections.h"

#include <string.h>

bool ou_is_deque(OuVM *vm, OuObj *o)
{
    OuType *t = COLLECTIONS(vm)->deque;
    return OU_TYPE_OF(vm, o) == t || ou_type_is_subtype(vm, OU_TYPE_OF(vm, o), t);
}

/* ---- storage ----------------------------------------------------------------------------------- */

static int set_cap(OuVM *vm, OuDeque *d, size_t cap)
{
    if (cap > SIZE_MAX / 16)
        return ou_raise_memory_i(vm);
    OuObj **items = ou_alloc(vm, cap * sizeof *items);
    if (!items)
        return -1;
    size_t head = d->cap - d->first < d->n ? d->cap - d->first : d->n;
    if (d->items) {
        memcpy(items, d->items + d->first, head * sizeof *items);
        memcpy(items + head, d->items, (d->n - head) * sizeof *items);
        ou_free(vm, d->items, d->cap * sizeof *items);
    }
    d->items = items;
    d->cap = cap;
    d->first = 0;
    return 0;
}
/* Room for one more item.  Large rings grow by a sixteenth, which realloc does without copying, and the largest by no more
 * than what CPython's links of its blocks take. */
static int grow(OuVM *vm, OuDeque *d)
{
    size_t old = d->cap,
           cap = old +
                 (old < 256    ? old >> 2
                  : old < 4096 ? old >> 4
                               : old >> 5) +
                 4,
           tail = old - d->first;
    if (cap > SIZE_MAX / 16)
        return ou_raise_memory_i(vm);
    OuObj **items = ou_realloc(vm, d->items, old * sizeof *items, cap * sizeof *items);
    if (!items)
        return -1;
    d->items = items;
    d->cap = cap;
    if (d->first) { /* the part before the seam goes to the end */
        memmove(items + cap - tail, items + d->first, tail * sizeof *items);
        d->first = cap - tail;
    }
    return 0;
}
static inline int reserve(OuVM *vm, OuDeque *d)
{
    return d->n < d->cap ? 0 : grow(vm, d);
}
/* Gives memory back when little is used; failing to is no error. */
static inline void shrink(OuVM *vm, OuDeque *d)
{
    if (d->cap > 32 && d->n < d->cap >> 2 && set_cap(vm, d, d->cap >> 1) < 0)
        ou_err_clear(vm);
}
static OuObj *take_first(OuVM *vm, OuDeque *d)
{
    OuObj *x = d->items[d->first];
    if (++d->first == d->cap)
        d->first = 0;
    d->n--;
    d->state++;
    shrink(vm, d);
    return x;
}
static OuObj *take_last(OuVM *vm, OuDeque *d)
{
    OuObj *x = *ou_deque_at(d, d->n - 1);
    d->n--;
    d->state++;
    shrink(vm, d);
    return x;
}
/* Both take x, also on failure; an item beyond maxlen falls off the other end. */
static int append(OuVM *vm, OuDeque *d, OuObj *x)
{
    if (d->maxlen == 0 || reserve(vm, d) < 0) {
        ou_decref(vm, x);
        return d->maxlen == 0 ? 0 : -1;
    }
    *ou_deque_at(d, d->n) = x;
    d->n++;
    if ((size_t)d->maxlen < d->n)
        ou_decref(vm, take_first(vm, d));
    else
        d->state++;
    return 0;
}
static int append_left(OuVM *vm, OuDeque *d, OuObj *x)
{
    if (d->maxlen == 0 || reserve(vm, d) < 0) {
        ou_decref(vm, x);
        return d->maxlen == 0 ? 0 : -1;
    }
    d->first = d->first ? d->first - 1 : d->cap - 1;
    d->items[d->first] = x;
    d->n++;
    if ((size_t)d->maxlen < d->n)
        ou_decref(vm, take_last(vm, d));
    else
        d->state++;
    return 0;
}
static int extend(OuVM *vm, OuDeque *d, OuObj *iterable, bool left)
{
    if (iterable == &d->hdr) {
        OuObj *copy = ou_sequence_list(vm, iterable);
        int r = copy ? extend(vm, d, copy, left) : -1;
        ou_xdecref(vm, copy);
        return r;
    }
    OuObj *it = ou_iter(vm, iterable), *x;
    if (!it)
        return -1;
    while ((x = ou_next(vm, it)))
        if ((left ? append_left(vm, d, x) : append(vm, d, x)) < 0 || ou_poll(vm) < 0)
            break;
    ou_decref(vm, it);
    return ou_err_occurred(vm) ? -1 : 0;
}
static void deque_clear(OuVM *vm, OuObj *o)
{
    OuDeque *d = OU_DEQUE(o), old = *d;
    d->n = d->cap = d->first = 0;
    d->items = NULL;
    d->state++;
    for (size_t i = 0; i < old.n; i++)
        ou_decref(vm, *ou_deque_at(&old, i));
    if (old.items)
        ou_free(vm, old.items, old.cap * sizeof *old.items);
}
/* Turns the ring by k places to the right, 0 < k < n. */
static void rotate_right(OuDeque *d, size_t k)
{
    if (d->n == d->cap) {
        d->first = d->first >= k ? d->first - k : d->first + d->cap - k;
        return;
    }
    if (k <= d->n / 2) {
        for (; k; k--) {
            OuObj *x = *ou_deque_at(d, d->n - 1);
            d->first = d->first ? d->first - 1 : d->cap - 1;
            d->items[d->first] = x;
        }
    } else {
        for (k = d->n - k; k; k--) {
            OuObj *x = d->items[d->first];
            if (++d->first == d->cap)
                d->first = 0;
            *ou_deque_at(d, d->n - 1) = x;
        }
    }
}
static void rotate(OuDeque *d, ou_ssize k)
{
    if (d->n <= 1)
        return;
    ou_ssize n = (ou_ssize)d->n;
    k %= n;
    if (k < 0)
        k += n;
    if (k) {
        rotate_right(d, (size_t)k);
        d->state++;
    }
}
/* Takes item i out. */
static OuObj *take_at(OuVM *vm, OuDeque *d, size_t i)
{
    OuObj *x = *ou_deque_at(d, i);
    if (i < d->n / 2) {
        for (; i > 0; i--)
            *ou_deque_at(d, i) = *ou_deque_at(d, i - 1);
        *ou_deque_at(d, 0) = x;
        return take_first(vm, d);
    }
    for (; i + 1 < d->n; i++)
        *ou_deque_at(d, i) = *ou_deque_at(d, i + 1);
    *ou_deque_at(d, d->n - 1) = x;
    return take_last(vm, d);
}

/* ---- life -------------------------------------------------------------------------------------- */

static OuObj *deque_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuDeque *d = (OuDeque *)ou_type_alloc(vm, type, 0);
    if (d)
        d->maxlen = -1;
    return (OuObj *)d;
}
static int deque_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuDeque *d = OU_DEQUE(self);
    OuObj *v[2] = {NULL, NULL};
    if (nargs <= 2 && (!kwnames || OU_TUPLE(kwnames)->n == 0)) {
        for (size_t i = 0; i < nargs; i++)
            v[i] = args[i];
    } else if (ou_args_bind(vm, "deque(iterable=(), maxlen=None)", args, nargs, kwnames, v) < 0) {
        return -1;
    }
    ou_ssize maxlen = -1;
    if (v[1] && v[1] != OU_NONE(vm)) {
        if (ou_state_index(vm, v[1], &maxlen) < 0)
            return -1;
        if (maxlen < 0)
            return ou_value_error_i(vm, "maxlen must be non-negative");
    }
    d->maxlen = maxlen;
    if (d->n)
        deque_clear(vm, self);
    return v[0] ? extend(vm, d, v[0], false) : 0;
}
static void deque_dealloc(OuVM *vm, OuObj *o)
{
    deque_clear(vm, o);
    ou_free_object(vm, o);
}
static int deque_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OuDeque *d = OU_DEQUE(o);
    for (size_t i = 0; i < d->n; i++)
        OU_VISIT(*ou_deque_at(d, i));
    return 0;
}

/* type(d)(d) or type(d)(d, maxlen) */
static OuObj *copy(OuVM *vm, OuDeque *d)
{
    OuCollections *st = COLLECTIONS(vm);
    OuType *t = OU_TYPE_OF(vm, d);
    if (t == st->deque) {
        OuObj *o = deque_new(vm, t, NULL, 0, NULL);
        if (!o)
            return NULL;
        OU_DEQUE(o)->maxlen = d->maxlen;
        if (d->n && set_cap(vm, OU_DEQUE(o), d->n) < 0) {
            ou_decref(vm, o);
            return NULL;
        }
        for (size_t i = 0; i < d->n; i++)
            OU_DEQUE(o)->items[i] = ou_ref(*ou_deque_at(d, i));
        OU_DEQUE(o)->n = d->n;
        return o;
    }
    OuObj *res;
    if (d->maxlen < 0) {
        res = ou_call1(vm, (OuObj *)t, &d->hdr);
    } else {
        OuObj *m = ou_int(vm, d->maxlen);
        res = m ? ou_call2(vm, (OuObj *)t, &d->hdr, m) : NULL;
        ou_xdecref(vm, m);
    }
    if (res && !ou_is_deque(vm, res)) {
        ou_type_error(vm, "%s() must return a deque, not %s", t->name, OU_TYPE_NAME(vm, res));
        ou_clear(vm, res);
    }
    return res;
}

/* ---- slots ------------------------------------------------------------------------------------- */

static OuObj *deque_repr(OuVM *vm, OuObj *o)
{
    int r = ou_repr_enter(vm, o);
    if (r != 0)
        return r > 0 ? ou_str_new(vm, "[...]", 5) : NULL;
    OuObj *list = ou_sequence_list(vm, o), *res = NULL;
    if (list)
        res = OU_DEQUE(o)->maxlen >= 0 ? ou_str_fmt(vm, "%s(%R, maxlen=%zd)", ou_collections_name(vm, o),
                                                    list, OU_DEQUE(o)->maxlen)
                                       : ou_str_fmt(vm, "%s(%R)", ou_collections_name(vm, o), list);
    ou_xdecref(vm, list);
    ou_repr_leave(vm, o);
    return res;
}
static OuObj *deque_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if (!ou_is_deque(vm, a) || !ou_is_deque(vm, b))
        return ou_notimplemented(vm);
    size_t na = OU_DEQUE(a)->n, nb = OU_DEQUE(b)->n;
    if (na != nb && (op == OU_CMP_EQ || op == OU_CMP_NE))
        return ou_bool(vm, op == OU_CMP_NE);
    OuObj *ia = ou_iter(vm, a), *ib = ia ? ou_iter(vm, b) : NULL, *x = NULL, *y = NULL, *res = NULL;
    if (!ib)
        goto done;
    for (;;) {
        if (!(x = ou_next(vm, ia)) && ou_err_occurred(vm))
            goto done;
        y = ou_next(vm, ib);
        if (!x || !y)
            break;
        int eq = ou_compare_bool(vm, x, y, OU_CMP_EQ);
        if (eq < 0)
            goto done;
        if (eq == 0) {
            res =
                op == OU_CMP_EQ || op == OU_CMP_NE ? ou_bool(vm, op == OU_CMP_NE) : ou_compare(vm, x, y, op);
            goto done;
        }
        ou_clear(vm, x);
        ou_clear(vm, y);
    }
    if (!ou_err_occurred(vm)) {
        int c = x ? OU_CMP_GT : y ? OU_CMP_LT : OU_CMP_EQ;
        res = ou_bool(vm, (op & c) != 0);
    }
done:
    ou_xdecref(vm, ia);
    ou_xdecref(vm, ib);
    ou_xdecref(vm, x);
    ou_xdecref(vm, y);
    return res;
}
static ou_ssize deque_len(OuVM *vm, OuObj *o)
{
    return (ou_ssize)OU_DEQUE(o)->n;
}
static OuObj *deque_item(OuVM *vm, OuObj *o, ou_ssize i)
{
    OuDeque *d = OU_DEQUE(o);
    if ((size_t)i >= d->n)
        return ou_raise(vm, OU_EXC(vm, IndexError), "deque index out of range");
    return ou_ref(*ou_deque_at(d, (size_t)i));
}
static int deque_setitem(OuVM *vm, OuObj *o, OuObj *key, OuObj *value)
{
    OuDeque *d = OU_DEQUE(o);
    if (!ou_has_index(vm, key))
        return ou_type_error_i(vm, "sequence index must be integer, not '%s'", OU_TYPE_NAME(vm, key));
    ou_ssize i;
    if (ou_as_ssize(vm, key, OU_EXC(vm, IndexError), &i) < 0)
        return -1;
    if (i < 0)
        i += (ou_ssize)d->n;
    if ((size_t)i >= d->n)
        return ou_raise_i(vm, OU_EXC(vm, IndexError), "deque index out of range");
    if (!value) {
        ou_decref(vm, take_at(vm, d, (size_t)i));
        return 0;
    }
    OuObj **at = ou_deque_at(d, (size_t)i), *old = *at;
    *at = ou_ref(value);
    ou_decref(vm, old);
    return 0;
}
/* First place >= i and < stop with an item equal to x, or stop; -1 on error (also when the deque changed). */
static ou_ssize find(OuVM *vm, OuDeque *d, OuObj *x, size_t i, size_t stop, OuType *exc, const char *msg)
{
    size_t state = d->state;
    for (; i < stop; i++) {
        OuObj *e = ou_ref(*ou_deque_at(d, i));
        int r = ou_compare_bool(vm, e, x, OU_CMP_EQ);
        ou_decref(vm, e);
        if (r < 0)
            return -1;
        if (state != d->state)
            return ou_raise_i(vm, exc, "%s", msg);
        if (r)
            break;
    }
    return (ou_ssize)i;
}
static int deque_contains(OuVM *vm, OuObj *o, OuObj *x)
{
    OuDeque *d = OU_DEQUE(o);
    size_t n = d->n;
    ou_ssize i = find(vm, d, x, 0, n, OU_DEQUE_CHANGED);
    return i < 0 ? -1 : i < (ou_ssize)n;
}
static OuObj *deque_concat(OuVM *vm, OuObj *a, OuObj *b)
{
    if (!ou_is_deque(vm, b))
        return ou_type_error(vm, "can only concatenate deque (not \"%s\") to deque", OU_TYPE_NAME(vm, b));
    OuObj *res = copy(vm, OU_DEQUE(a));
    if (res && extend(vm, OU_DEQUE(res), b, false) < 0)
        ou_clear(vm, res);
    return res;
}
static OuObj *deque_iconcat(OuVM *vm, OuObj *a, OuObj *b)
{
    return extend(vm, OU_DEQUE(a), b, false) < 0 ? NULL : ou_ref(a);
}
static OuObj *deque_irepeat(OuVM *vm, OuObj *o, ou_ssize k)
{
    OuDeque *d = OU_DEQUE(o);
    size_t n = d->n;
    if (n == 0 || k == 1)
        return ou_ref(o);
    if (k <= 0) {
        deque_clear(vm, o);
        return ou_ref(o);
    }
    if (d->maxlen >= 0 && (size_t)k > (size_t)d->maxlen / n + 1)
        k = (ou_ssize)((size_t)d->maxlen / n + 1);
    if ((size_t)k > SIZE_MAX / 16 / n)
        return ou_raise_memory(vm);
    OuObj *list = ou_sequence_list(vm, o);
    if (!list)
        return NULL;
    bool bad = d->maxlen < 0 && d->cap < n * (size_t)k && set_cap(vm, d, n * (size_t)k) < 0;
    while (!bad && --k > 0)
        bad = extend(vm, d, list, false) < 0;
    ou_decref(vm, list);
    return bad ? NULL : ou_ref(o);
}
static OuObj *deque_repeat(OuVM *vm, OuObj *o, ou_ssize k)
{
    OuObj *c = copy(vm, OU_DEQUE(o)), *res = c ? deque_irepeat(vm, c, k) : NULL;
    ou_xdecref(vm, c);
    return res;
}

/* ---- methods ------------------------------------------------------------------------------------ */

FN(m_append)
{
    return append(vm, OU_DEQUE(args[0]), ou_ref(args[1])) < 0 ? NULL : ou_none(vm);
}
FN(m_appendleft)
{
    return append_left(vm, OU_DEQUE(args[0]), ou_ref(args[1])) < 0 ? NULL : ou_none(vm);
}
FN(m_clear)
{
    deque_clear(vm, args[0]);
    return ou_none(vm);
}
FN(m_copy)
{
    return copy(vm, OU_DEQUE(args[0]));
}
FN(m_count)
{
    OuDeque *d = OU_DEQUE(args[0]);
    size_t n = d->n, state = d->state;
    ou_ssize count = 0;
    for (size_t i = 0; i < n; i++) {
        OuObj *e = ou_ref(*ou_deque_at(d, i));
        int r = ou_compare_bool(vm, e, args[1], OU_CMP_EQ);
        ou_decref(vm, e);
        if (r < 0)
            return NULL;
        if (state != d->state)
            return ou_raise(vm, OU_DEQUE_CHANGED);
        count += r;
    }
    return ou_int(vm, count);
}
FN(m_extend)
{
    return extend(vm, OU_DEQUE(args[0]), args[1], false) < 0 ? NULL : ou_none(vm);
}
FN(m_extendleft)
{
    return extend(vm, OU_DEQUE(args[0]), args[1], true) < 0 ? NULL : ou_none(vm);
}
FN(m_index)
{
    OuDeque *d = OU_DEQUE(args[0]);
    ou_ssize start = 0, stop = INTPTR_MAX;
    if ((args[2] && ou_slice_bound(vm, args[2], &start) < 0) ||
        (args[3] && ou_slice_bound(vm, args[3], &stop) < 0))
        return NULL;
    ou_clip_range((ou_ssize)d->n, &start, &stop);
    if (start > stop)
        start = stop;
    ou_ssize i = find(vm, d, args[1], (size_t)start, (size_t)stop, OU_DEQUE_CHANGED);
    if (i < 0)
        return NULL;
    return i < stop ? ou_int(vm, i) : ou_value_error(vm, "%R is not in deque", args[1]);
}
FN(m_insert)
{
    OuDeque *d = OU_DEQUE(args[0]);
    ou_ssize i, n;
    if (ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &i) < 0)
        return NULL;
    n = (ou_ssize)d->n; /* __index__ may have changed the deque */
    if (d->maxlen == n)
        return ou_raise(vm, OU_EXC(vm, IndexError), "deque already at its maximum size");
    if (i < 0 && (i += n) < 0)
        i = 0;
    if (i > n)
        i = n;
    OuObj *x = args[2];
    if (i < n / 2) {
        if (append_left(vm, d, ou_ref(x)) < 0)
            return NULL;
        for (ou_ssize k = 0; k < i; k++)
            *ou_deque_at(d, (size_t)k) = *ou_deque_at(d, (size_t)k + 1);
    } else {
        if (append(vm, d, ou_ref(x)) < 0)
            return NULL;
        for (ou_ssize k = n; k > i; k--)
            *ou_deque_at(d, (size_t)k) = *ou_deque_at(d, (size_t)k - 1);
    }
    *ou_deque_at(d, (size_t)i) = x;
    return ou_none(vm);
}
FN(m_pop)
{
    OuDeque *d = OU_DEQUE(args[0]);
    return d->n ? take_last(vm, d) : ou_raise(vm, OU_EXC(vm, IndexError), "pop from an empty deque");
}
FN(m_popleft)
{
    OuDeque *d = OU_DEQUE(args[0]);
    return d->n ? take_first(vm, d) : ou_raise(vm, OU_EXC(vm, IndexError), "pop from an empty deque");
}
FN(m_remove)
{
    OuDeque *d = OU_DEQUE(args[0]);
    size_t n = d->n;
    ou_ssize i = find(vm, d, args[1], 0, n, OU_EXC(vm, IndexError), "deque mutated during remove().");
    if (i < 0)
        return NULL;
    if (i == (ou_ssize)n)
        return ou_value_error(vm, "%R is not in deque", args[1]);
    ou_decref(vm, take_at(vm, d, (size_t)i));
    return ou_none(vm);
}
FN(m_reverse)
{
    OuDeque *d = OU_DEQUE(args[0]);
    for (size_t i = 0, j = d->n; i + 1 < j; i++) {
        OuObj **a = ou_deque_at(d, i), **b = ou_deque_at(d, --j), *t = *a;
        *a = *b;
        *b = t;
    }
    return ou_none(vm);
}
FN(m_rotate)
{
    ou_ssize k = 1;
    if (args[1] && ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &k) < 0)
        return NULL;
    rotate(OU_DEQUE(args[0]), k);
    return ou_none(vm);
}
FN(m_reduce)
{
    OuDeque *d = OU_DEQUE(args[0]);
    OuObj *state = ou_call_method(vm, args[0], OU_NAME(vm, __getstate__), 0),
          *it = state ? ou_iter(vm, args[0]) : NULL;
    OuObj *inner = NULL, *res = NULL;
    if (it) {
        if (d->maxlen < 0) {
            inner = ou_ref(OU_EMPTY_TUPLE(vm));
        } else {
            OuObj *m = ou_int(vm, d->maxlen);
            inner = m ? ou_tuple_pack(vm, 2, OU_EMPTY_TUPLE(vm), m) : NULL;
            ou_xdecref(vm, m);
        }
    }
    if (inner)
        res = ou_tuple_pack(vm, 4, OU_TYPE_OBJ(vm, args[0]), inner, state, it);
    ou_xdecref(vm, state);
    ou_xdecref(vm, it);
    ou_xdecref(vm, inner);
    return res;
}
FN(m_sizeof)
{
    return ou_int_u64(vm, OU_TYPE_OF(vm, args[0])->face.size + OU_DEQUE(args[0])->cap * sizeof(OuObj *));
}
static OuObj *get_maxlen(OuVM *vm, OuObj *o, void *data)
{
    return OU_DEQUE(o)->maxlen < 0 ? ou_none(vm) : ou_int(vm, OU_DEQUE(o)->maxlen);
}

static const OuFn deque_methods[] = {
    {"append(self, item, /)", m_append, 0, "Add an element to the right side of the deque."},
    {"appendleft(self, item, /)", m_appendleft, 0, "Add an element to the left side of the deque."},
    {"clear(self, /)", m_clear, 0, "Remove all elements from the deque."},
    {"__copy__(self, /)", m_copy, 0, "Return a shallow copy of a deque."},
    {"copy(self, /)", m_copy, 0, "Return a shallow copy of a deque."},
    {"count(self, value, /)", m_count, 0, "D.count(value) -- return number of occurrences of value"},
    {"extend(self, iterable, /)", m_extend, 0,
     "Extend the right side of the deque with elements from the iterable"},
    {"extendleft(self, iterable, /)", m_extendleft, 0,
     "Extend the left side of the deque with elements from the iterable"},
    {"index(self, value, start=0, stop=sys.maxsize, /)", m_index, 0,
     "First place of value; ValueError if it is absent."},
    {"insert(self, index, object, /)", m_insert, 0, "D.insert(index, object) -- insert object before index"},
    {"pop(self, /)", m_pop, 0, "Remove and return the rightmost element."},
    {"popleft(self, /)", m_popleft, 0, "Remove and return the leftmost element."},
    OU_ITER_REDUCE_ROW(m_reduce),
    {"remove(self, value, /)", m_remove, 0, "D.remove(value) -- remove first occurrence of value."},
    {"__reversed__(self, /)", ou_deque_reversed, 0,
     "D.__reversed__() -- return a reverse iterator over the deque"},
    {"reverse(self, /)", m_reverse, 0, "D.reverse() -- reverse *IN PLACE*"},
    {"rotate(self, n=1, /)", m_rotate, 0,
     "Rotate the deque n steps to the right (default n=1).  If n is negative, rotates left."},
    {"__sizeof__(self, /)", m_sizeof, 0, "Size in memory, in bytes."},
    {"__class_getitem__(type, item, /)", ou_fn_class_getitem, OU_FN_CLASS, "See PEP 585"},
    {0},
};
static const OuGetSet deque_getset[] = {
    {"maxlen", get_maxlen, NULL, "maximum size of a deque or None if unbounded", NULL},
    {0},
};
const OuTypeSpec ou_deque_spec = {
    .name = "collections.deque",
    .size = sizeof(OuDeque),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_WEAK | OU_TYPE_SEQUENCE | OU_TYPE_DEEP,
    .doc = "deque([iterable[, maxlen]]) --> deque object\n\nA list-like sequence optimized for data accesses "
           "near its endpoints.",
    .dealloc = deque_dealloc,
    .traverse = deque_traverse,
    .clear = deque_clear,
    .s = {.repr = deque_repr,
          .hash = ou_hash_unhashable,
          .compare = deque_compare,
          .iter = ou_deque_iter,
          .new_ = deque_new,
          .init = deque_init,
          .len = deque_len,
          .item = deque_item,
          .setitem = deque_setitem,
          .contains = deque_contains,
          .concat = deque_concat,
          .iconcat = deque_iconcat,
          .repeat = deque_repeat,
          .irepeat = deque_irepeat},
    .methods = deque_methods,
    .getset = deque_getset,
};
