/* vm/list.c - list: storage, slots and the C interface.  Growth follows CPython's list_resize (never more
 * room). */
#include "list_impl.h"

#include <string.h>

static OuObj **items_alloc(OuVM *vm, size_t n)
{
    if (__builtin_expect(n > (SIZE_MAX >> 5), 0))
        return ou_raise_memory(vm);
    return ou_alloc(vm, n * sizeof(OuObj *));
}
static inline void items_free(OuVM *vm, OuObj **items, size_t cap)
{
    if (items)
        ou_free(vm, items, cap * sizeof(OuObj *));
}

OuObj *ou_list_new(OuVM *vm, size_t n)
{
    OuObj **items = NULL;
    if (n) {
        if (!(items = items_alloc(vm, n)))
            return NULL;
        memset(items, 0, n * sizeof(OuObj *));
    }
    OuList *l = (OuList *)ou_new_gc(vm, OU_T_list, sizeof *l);
    if (!l) {
        items_free(vm, items, n);
        return NULL;
    }
    l->n = l->cap = n;
    l->items = items;
    ou_gc_track(&vm->heap, &l->hdr);
    return &l->hdr;
}

OuObj *ou_list_of_take(OuVM *vm, OuObj **items, size_t n)
{
    OuObj *o = ou_list_new(vm, n);
    for (size_t i = 0; o && i < n; i++) {
        OU_LIST(o)->items[i] = items[i];
        items[i] = NULL;
    }
    return o;
}

int ou_list_resize(OuVM *vm, OuList *l, size_t n)
{
    if (l->cap >= n && n >= l->cap >> 1) {
        l->n = n;
        return 0;
    }
    l->hdr.tf &= ~(uint32_t)OU_F_T0; /* see vm/sort.c */
    size_t cap = n ? (n + (n >> 3) + 6) & ~(size_t)3 : 0;
    if (n > l->n && n - l->n > cap - n)
        cap = (n + 3) & ~(size_t)3;
    if (cap > (SIZE_MAX >> 5)) {
        ou_raise_memory(vm);
        return -1;
    }
    OuObj **items = NULL;
    if (cap == 0) {
        items_free(vm, l->items, l->cap);
    } else {
        items = ou_realloc(vm, l->items, l->cap * sizeof(OuObj *), cap * sizeof(OuObj *));
        if (!items)
            return -1;
    }
    l->items = items;
    l->cap = cap;
    l->n = n;
    return 0;
}

int ou_list_set_cap(OuVM *vm, OuList *l, size_t cap)
{
    OuObj **items = ou_realloc(vm, l->items, l->cap * sizeof(OuObj *), cap * sizeof(OuObj *));
    if (!items)
        return -1;
    l->items = items;
    l->cap = cap;
    return 0;
}

int ou_list_append(OuVM *vm, OuObj *o, OuObj *x)
{
    OuList *l = OU_LIST(o);
    if (__builtin_expect(l->n == l->cap, 0)) {
        size_t n = l->n;
        if (ou_list_resize(vm, l, n + 1) < 0)
            return -1;
        l->n = n;
    }
    l->items[l->n++] = ou_ref(x);
    return 0;
}

int ou_list_append_take(OuVM *vm, OuObj *o, OuObj *x)
{
    OuList *l = OU_LIST(o);
    if (__builtin_expect(l->n == l->cap, 0)) {
        size_t n = l->n;
        if (ou_list_resize(vm, l, n + 1) < 0) {
            ou_decref(vm, x);
            return -1;
        }
        l->n = n;
    }
    l->items[l->n++] = x;
    return 0;
}

int ou_list_insert(OuVM *vm, OuObj *o, ou_ssize i, OuObj *x)
{
    OuList *l = OU_LIST(o);
    size_t n = l->n;
    if (ou_list_resize(vm, l, n + 1) < 0)
        return -1;
    if (i < 0 && (i += (ou_ssize)n) < 0)
        i = 0;
    if (i > (ou_ssize)n)
        i = (ou_ssize)n;
    memmove(l->items + i + 1, l->items + i, (n - (size_t)i) * sizeof(OuObj *));
    l->items[i] = ou_ref(x);
    return 0;
}

static int append_array(OuVM *vm, OuList *l, OuObj *const *items, size_t k, OuList *from)
{
    size_t n = l->n;
    if (k == 0)
        return 0;
    if (!l->items) { /* an exact fit at first, rounded as CPython's list_preallocate_exact */
        size_t cap = (k + 1) & ~(size_t)1;
        l->hdr.tf &= ~(uint32_t)OU_F_T0;
        if (!(l->items = items_alloc(vm, cap)))
            return -1;
        l->cap = cap;
        l->n = k;
    } else if (ou_list_resize(vm, l, n + k) < 0) {
        return -1;
    }
    if (from)
        items = from->items; /* l itself may have moved */
    OuObj **to = l->items + n;
    for (size_t i = 0; i < k; i++)
        to[i] = ou_ref(items[i]);
    return 0;
}

int ou_list_extend(OuVM *vm, OuObj *o, OuObj *iterable)
{
    OuList *l = OU_LIST(o);
    if (ou_is(iterable, list))
        return append_array(vm, l, OU_LIST(iterable)->items, OU_LIST(iterable)->n, OU_LIST(iterable));
    if (ou_is(iterable, tuple))
        return append_array(vm, l, OU_TUPLE(iterable)->items, OU_TUPLE(iterable)->n, NULL);
    OuObj *it = ou_iter(vm, iterable);
    if (!it)
        return -1;
    ou_ssize hint = ou_length_hint(vm, iterable, 8);
    if (hint < 0)
        goto fail;
    if (hint && !l->items) {
        size_t cap = ((size_t)hint + 1) & ~(size_t)1;
        OuObj **items = items_alloc(vm, cap);
        if (!items)
            goto fail;
        l->hdr.tf &= ~(uint32_t)OU_F_T0;
        if (l->items) { /* the hint's code filled it meanwhile */
            items_free(vm, items, cap);
        } else {
            l->items = items;
            l->cap = cap;
        }
    } else if (hint > 0 && (size_t)hint < (SIZE_MAX >> 6)) {
        size_t n = l->n;
        if (ou_list_resize(vm, l, n + (size_t)hint) < 0)
            goto fail;
        l->n = n;
    }
    if (ou_is(iterable, bytes) &&
        l->cap - l->n >= OU_BYTES(iterable)->len) { /* small ints: no step can fail */
        const unsigned char *p = (const unsigned char *)OU_BYTES(iterable)->data;
        for (size_t i = 0, n = OU_BYTES(iterable)->len; i < n; i++)
            l->items[l->n++] = ou_int(vm, p[i]);
        ou_decref(vm, it);
        return 0;
    }
    OuUnary next = OU_TYPE_OF(vm, it)->s.next;
    for (;;) {
        OuObj *x = next(vm, it);
        if (!x) {
            if (ou_err_occurred(vm)) {
                if (!ou_err_is(vm, OU_EXC(vm, StopIteration)))
                    goto fail;
                ou_err_clear(vm);
            }
            break;
        }
        if (__builtin_expect(l->n < l->cap, 1))
            l->items[l->n++] = x;
        else if (ou_list_append_take(vm, o, x) < 0)
            goto fail;
        if (ou_poll(vm) < 0)
            goto fail;
    }
    if (l->n < l->cap) {
        size_t n = l->n;
        if (ou_list_resize(vm, l, n) < 0)
            goto fail;
    }
    ou_decref(vm, it);
    return 0;
fail:
    ou_decref(vm, it);
    return -1;
}

void ou_list_clear(OuVM *vm, OuObj *o)
{
    OuList *l = OU_LIST(o);
    OuObj **items = l->items;
    size_t n = l->n, cap = l->cap;
    l->items = NULL;
    l->n = l->cap = 0;
    if (!items)
        return;
    l->hdr.tf &= ~(uint32_t)OU_F_T0;
    while (n-- > 0)
        ou_xdecref(vm, items[n]);
    items_free(vm, items, cap);
}

int ou_list_reverse(OuVM *vm, OuObj *o)
{
    OuList *l = OU_LIST(o);
    for (size_t i = 0, j = l->n; i + 1 < j;) {
        OuObj *t = l->items[i];
        l->items[i++] = l->items[--j];
        l->items[j] = t;
    }
    return 0;
}

OuObj *ou_list_to_tuple(OuVM *vm, OuObj *o)
{
    return ou_tuple_of(vm, OU_LIST(o)->items, OU_LIST(o)->n);
}

OuObj *ou_list_slice(OuVM *vm, OuList *l, size_t start, size_t stop)
{
    if (stop > l->n)
        stop = l->n;
    if (start > stop)
        start = stop;
    OuObj *o = ou_list_new(vm, stop - start);
    for (size_t i = start; o && i < stop; i++)
        OU_LIST(o)->items[i - start] = ou_ref(l->items[i]);
    return o;
}

/* ---- life ------------------------------------------------------------------------- */

static OuObj *list_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (type == OU_EXC(vm, list))
        return ou_list_new(vm, 0);
    OuObj *o = ou_type_alloc(vm, type, 0);
    if (o) {
        OU_LIST(o)->n = OU_LIST(o)->cap = 0;
        OU_LIST(o)->items = NULL;
    }
    return o;
}
static int list_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    /* a subclass with a __new__ of its own may take keywords here, as in CPython */
    OuType *t = OU_TYPE_OF(vm, self);
    if ((t == OU_EXC(vm, list) || t->s.new_ == vm->builtin[OU_T_list].s.new_) &&
        ou_no_kwargs(vm, "list", kwnames) < 0)
        return -1;
    if (ou_arity(vm, "list", nargs, 0, 1) < 0)
        return -1;
    if (OU_LIST(self)->items)
        ou_list_clear(vm, self);
    return nargs ? ou_list_extend(vm, self, args[0]) : 0;
}
static void list_dealloc(OuVM *vm, OuObj *o)
{
    OuList *l = OU_LIST(o);
    if (l->items) {
        for (size_t i = l->n; i-- > 0;)
            ou_xdecref(vm, l->items[i]);
        items_free(vm, l->items, l->cap);
    }
    if (ou_is(o, list))
        ou_heap_free_gc(&vm->heap, o, sizeof(OuList));
    else
        ou_free_object(vm, o);
}
static int list_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OuList *l = OU_LIST(o);
    for (size_t i = l->n; i-- > 0;)
        OU_VISIT(l->items[i]);
    return 0;
}

/* ---- slots ------------------------------------------------------------------------ */

static OuObj *list_repr(OuVM *vm, OuObj *o)
{
    OuList *l = OU_LIST(o);
    if (l->n == 0)
        return ou_str_new(vm, "[]", 2);
    int r = ou_repr_enter(vm, o);
    if (r != 0)
        return r > 0 ? ou_str_new(vm, "[...]", 5) : NULL;
    OuStrBuf b;
    ou_strbuf_init(&b, vm);
    OuObj *res = NULL;
    int bad = ou_strbuf_char(&b, '[');
    for (size_t i = 0; i < l->n && bad >= 0; i++) { /* repr may change the list */
        if (i > 0)
            bad = ou_strbuf_ascii(&b, ", ", 2);
        OuObj *x = ou_ref(l->items[i]), *s = bad < 0 ? NULL : ou_repr(vm, x);
        bad = s ? ou_strbuf_str(&b, s) : -1;
        ou_xdecref(vm, s);
        ou_decref(vm, x);
    }
    if (bad >= 0 && ou_strbuf_char(&b, ']') == 0)
        res = ou_strbuf_take(&b);
    ou_strbuf_free(&b);
    ou_repr_leave(vm, o);
    return res;
}

static OuObj *list_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if (!ou_isa_list(vm, a) || !ou_isa_list(vm, b))
        return ou_notimplemented(vm);
    OuList *x = OU_LIST(a), *y = OU_LIST(b);
    if (x->n != y->n && (op == OU_CMP_EQ || op == OU_CMP_NE))
        return ou_bool(vm, op == OU_CMP_NE);
    size_t i;
    for (i = 0; i < x->n && i < y->n; i++) {
        OuObj *p = x->items[i], *q = y->items[i];
        if (p == q)
            continue;
        ou_incref(p);
        ou_incref(q);
        int eq = ou_compare_bool(vm, p, q, OU_CMP_EQ);
        ou_decref(vm, p);
        ou_decref(vm, q);
        if (eq < 0)
            return NULL;
        if (!eq)
            break;
    }
    if (i >= x->n || i >= y->n) {
        int c = x->n < y->n ? OU_CMP_LT : x->n > y->n ? OU_CMP_GT : OU_CMP_EQ;
        return ou_bool(vm, (op & c) != 0);
    }
    if (op == OU_CMP_EQ || op == OU_CMP_NE)
        return ou_bool(vm, op == OU_CMP_NE);
    OuObj *p = ou_ref(x->items[i]), *q = ou_ref(y->items[i]);
    OuObj *res = ou_compare(vm, p, q, op);
    ou_decref(vm, p);
    ou_decref(vm, q);
    return res;
}

static ou_ssize list_len(OuVM *vm, OuObj *o)
{
    return (ou_ssize)OU_LIST(o)->n;
}
static OuObj *list_item(OuVM *vm, OuObj *o, ou_ssize i)
{
    OuList *l = OU_LIST(o);
    if ((size_t)i >= l->n)
        return ou_raise(vm, OU_EXC(vm, IndexError), "list index out of range");
    return ou_ref(l->items[i]);
}
static OuObj *list_getitem(OuVM *vm, OuObj *o, OuObj *key)
{
    OuList *l = OU_LIST(o);
    ou_ssize i;
    if (ou_is_small(key)) {
        i = OU_INT_V(key);
    } else if (ou_is(key, slice)) {
        ou_ssize start, stop, step, n;
        if (ou_slice_unpack(vm, key, &start, &stop, &step) < 0)
            return NULL;
        n = ou_slice_adjust((ou_ssize)l->n, &start, &stop, step);
        if (n <= 0)
            return ou_list_new(vm, 0);
        if (step == 1)
            return ou_list_slice(vm, l, (size_t)start, (size_t)(start + n));
        OuObj *res = ou_list_new(vm, (size_t)n);
        for (ou_ssize k = 0; res && k < n; k++, start = ou_slice_next(start, step))
            OU_LIST(res)->items[k] = ou_ref(l->items[start]);
        return res;
    } else if (ou_has_index(vm, key)) {
        if (ou_as_ssize(vm, key, OU_EXC(vm, IndexError), &i) < 0)
            return NULL;
    } else {
        return ou_type_error(vm, "list indices must be integers or slices, not %s", OU_TYPE_NAME(vm, key));
    }
    if (i < 0)
        i += (ou_ssize)l->n;
    return list_item(vm, o, i);
}
static int list_setitem(OuVM *vm, OuObj *o, OuObj *key, OuObj *value)
{
    OuList *l = OU_LIST(o);
    ou_ssize i;
    if (ou_is_small(key)) {
        i = OU_INT_V(key);
    } else if (ou_is(key, slice)) {
        return ou_list_set_slice(vm, l, key, value);
    } else if (ou_has_index(vm, key)) {
        if (ou_as_ssize(vm, key, OU_EXC(vm, IndexError), &i) < 0)
            return -1;
    } else {
        return ou_type_error_i(vm, "list indices must be integers or slices, not %s", OU_TYPE_NAME(vm, key));
    }
    if (i < 0)
        i += (ou_ssize)l->n;
    if ((size_t)i >= l->n)
        return ou_raise_i(vm, OU_EXC(vm, IndexError), "list assignment index out of range");
    if (!value)
        return ou_list_splice(vm, l, i, i + 1, NULL, 0);
    OuObj *old = l->items[i];
    l->items[i] = ou_ref(value);
    ou_decref(vm, old);
    return 0;
}
static int list_contains(OuVM *vm, OuObj *o, OuObj *x)
{
    OuList *l = OU_LIST(o);
    for (size_t i = 0; i < l->n; i++) {
        OuObj *e = l->items[i];
        if (e == x)
            return 1;
        if (ou_is_small(e) && ou_is_small(x)) {
            if (OU_INT_V(e) == OU_INT_V(x))
                return 1;
            continue;
        }
        ou_incref(e);
        int r = ou_compare_bool(vm, e, x, OU_CMP_EQ);
        ou_decref(vm, e);
        if (r != 0)
            return r;
    }
    return 0;
}
static OuObj *list_concat(OuVM *vm, OuObj *a, OuObj *b)
{
    if (!ou_isa_list(vm, b))
        return ou_type_error(vm, "can only concatenate list (not \"%s\") to list", OU_TYPE_NAME(vm, b));
    OuList *x = OU_LIST(a), *y = OU_LIST(b);
    OuObj *o = ou_list_new(vm, x->n + y->n);
    if (!o)
        return NULL;
    OuObj **to = OU_LIST(o)->items;
    for (size_t i = 0; i < x->n; i++)
        *to++ = ou_ref(x->items[i]);
    for (size_t i = 0; i < y->n; i++)
        *to++ = ou_ref(y->items[i]);
    return o;
}
static OuObj *list_iconcat(OuVM *vm, OuObj *a, OuObj *b)
{
    return ou_list_extend(vm, a, b) < 0 ? NULL : ou_ref(a);
}
/* to[0..n) repeated k times in all; counts go up in bulk */
static void fill_repeated(OuObj **to, size_t n, size_t k)
{
    if (n == 1) {
        for (size_t i = 1; i < k; i++)
            to[i] = to[0];
        return;
    }
    for (size_t done = n; done < n * k;) {
        size_t m = done < n * k - done ? done : n * k - done;
        memcpy(to + done, to, m * sizeof(OuObj *));
        done += m;
    }
}
static OuObj *list_repeat(OuVM *vm, OuObj *o, ou_ssize k)
{
    OuList *l = OU_LIST(o);
    if (k < 0)
        k = 0;
    if (k && l->n > (SIZE_MAX >> 5) / (size_t)k)
        return ou_raise_memory(vm);
    size_t n = l->n, total = n * (size_t)k;
    OuObj *res = total ? ou_list_new(vm, total) : ou_list_new(vm, 0);
    if (!res || !total)
        return res;
    OuObj **to = OU_LIST(res)->items;
    for (size_t i = 0; i < n; i++) {
        to[i] = l->items[i];
        to[i]->rc += (uint32_t)k;
    }
    fill_repeated(to, n, (size_t)k);
    return res;
}
static OuObj *list_irepeat(OuVM *vm, OuObj *o, ou_ssize k)
{
    OuList *l = OU_LIST(o);
    size_t n = l->n;
    if (n == 0 || k == 1)
        return ou_ref(o);
    if (k < 1) {
        ou_list_clear(vm, o);
        return ou_ref(o);
    }
    if (n > (SIZE_MAX >> 5) / (size_t)k)
        return ou_raise_memory(vm);
    if (ou_list_resize(vm, l, n * (size_t)k) < 0)
        return NULL;
    for (size_t i = 0; i < n; i++)
        l->items[i]->rc += (uint32_t)k - 1;
    fill_repeated(l->items, n, (size_t)k);
    return ou_ref(o);
}
static OuObj *list_iter(OuVM *vm, OuObj *o)
{
    return ou_seq_iter_new(vm, OU_T_list_iter, o);
}

const OuTypeSpec ou_list_spec = {
    .name = "list",
    .size = sizeof(OuList),
    .flags =
        OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_SEQUENCE | OU_TYPE_DEEP | OU_TYPE_MATCH_SELF | OU_TYPE_LIST_SUB,
    .doc = "list(iterable=(), /)\n--\n\n"
           "Mutable sequence of the items of iterable.",
    .dealloc = list_dealloc,
    .traverse = list_traverse,
    .clear = ou_list_clear,
    .s = {.repr = list_repr,
          .hash = ou_hash_unhashable,
          .compare = list_compare,
          .iter = list_iter,
          .new_ = list_new,
          .init = list_init,
          .len = list_len,
          .getitem = list_getitem,
          .setitem = list_setitem,
          .item = list_item,
          .contains = list_contains,
          .concat = list_concat,
          .iconcat = list_iconcat,
          .repeat = list_repeat,
          .irepeat = list_irepeat},
    .methods = ou_list_methods,
};
