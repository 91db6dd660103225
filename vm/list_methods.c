/* vm/list_methods.c - slice assignment and deletion, and the methods of list. */
#include "list_impl.h"
#include "generic_alias.h"

#include <string.h>

/* Slots between start and stop go, n new items come.  The list is whole before anything is released. */
int ou_list_splice(OuVM *vm, OuList *l, ou_ssize start, ou_ssize stop, OuObj *const *items, size_t n)
{
    if (start < 0)
        start = 0;
    else if (start > (ou_ssize)l->n)
        start = (ou_ssize)l->n;
    if (stop < start)
        stop = start;
    else if (stop > (ou_ssize)l->n)
        stop = (ou_ssize)l->n;
    size_t lo = (size_t)start, gone = (size_t)(stop - start), old_n = l->n;
    if (old_n - gone + n == 0) {
        ou_list_clear(vm, &l->hdr);
        return 0;
    }
    OuObj *few[8], **del = few;
    if (gone > 8 && !(del = ou_alloc(vm, gone * sizeof(OuObj *))))
        return -1;
    if (gone)
        memcpy(del, l->items + lo, gone * sizeof(OuObj *));
    size_t tail = old_n - (size_t)stop;
    if (n <= gone) {
        memmove(l->items + lo + n, l->items + stop, tail * sizeof(OuObj *));
        if (ou_list_resize(vm, l, old_n - gone + n) < 0) { /* could not give memory back: not needed */
            ou_err_clear(vm);
            l->n = old_n - gone + n;
        }
    } else {
        if (ou_list_resize(vm, l, old_n - gone + n) < 0) {
            if (del != few)
                ou_free(vm, del, gone * sizeof(OuObj *));
            return -1;
        }
        memmove(l->items + lo + n, l->items + stop, tail * sizeof(OuObj *));
    }
    for (size_t i = 0; i < n; i++)
        l->items[lo + i] = ou_ref(items[i]);
    for (size_t i = gone; i-- > 0;)
        ou_xdecref(vm, del[i]);
    if (del != few)
        ou_free(vm, del, gone * sizeof(OuObj *));
    return 0;
}

/* del l[start::step] for a step other than 1. */
static int delete_extended(OuVM *vm, OuList *l, ou_ssize start, ou_ssize step, ou_ssize count)
{
    if (step < 0) {
        start += step * (count - 1);
        step = -step;
    }
    OuObj **gone = ou_alloc(vm, (size_t)count * sizeof(OuObj *));
    if (!gone)
        return -1;
    size_t to = (size_t)start;
    ou_ssize next = start, k = 0;
    for (size_t i = (size_t)start; i < l->n; i++) {
        if ((ou_ssize)i == next && k < count) {
            gone[k++] = l->items[i];
            next = k < count ? next + step : -1;
        } else {
            l->items[to++] = l->items[i];
        }
    }
    if (ou_list_resize(vm, l, to) < 0) {
        ou_err_clear(vm);
        l->n = to;
    }
    for (ou_ssize i = 0; i < count; i++)
        ou_decref(vm, gone[i]);
    ou_free(vm, gone, (size_t)count * sizeof(OuObj *));
    return 0;
}

static inline void fast_items(OuVM *vm, OuObj *fast, OuObj ***items, size_t *n)
{
    if (ou_isa_list(vm, fast)) {
        *items = OU_LIST(fast)->items;
        *n = OU_LIST(fast)->n;
    } else {
        *items = OU_TUPLE(fast)->items;
        *n = OU_TUPLE(fast)->n;
    }
}

int ou_list_set_slice(OuVM *vm, OuList *l, OuObj *key, OuObj *value)
{
    ou_ssize start, stop, step, raw_start, raw_stop;
    if (ou_slice_unpack(vm, key, &raw_start, &raw_stop, &step) < 0)
        return -1;
    start = raw_start;
    stop = raw_stop;
    ou_ssize count = ou_slice_adjust((ou_ssize)l->n, &start, &stop, step);
    if (!value) {
        if (count <= 0)
            return 0;
        return step == 1 ? ou_list_splice(vm, l, start, start + count, NULL, 0)
                         : delete_extended(vm, l, start, step, count);
    }
    OuObj *fast;
    if (value == &l->hdr)
        fast = ou_list_slice(vm, l, 0, l->n);
    else
        fast = ou_sequence_fast(
            vm, value, step == 1 ? "can only assign an iterable" : "must assign iterable to extended slice");
    if (!fast)
        return -1;
    OuObj **items;
    size_t n;
    fast_items(vm, fast, &items, &n);
    int r = 0;
    start = raw_start; /* iterating value may have changed the list */
    stop = raw_stop;
    count = ou_slice_adjust((ou_ssize)l->n, &start, &stop, step);
    if (step == 1) {
        r = ou_list_splice(vm, l, start, start + (count > 0 ? count : 0), items, n);
    } else if ((ou_ssize)n != count) {
        r = ou_value_error_i(vm, "attempt to assign sequence of size %zd to extended slice of size %zd",
                             (ou_ssize)n, count);
    } else if (n) {
        OuObj **old = ou_alloc(vm, n * sizeof(OuObj *));
        if (!old) {
            r = -1;
        } else {
            for (size_t i = 0; i < n; i++, start = ou_slice_next(start, step)) {
                old[i] = l->items[start];
                l->items[start] = ou_ref(items[i]);
            }
            for (size_t i = 0; i < n; i++)
                ou_decref(vm, old[i]);
            ou_free(vm, old, n * sizeof(OuObj *));
        }
    }
    ou_decref(vm, fast);
    return r;
}

/* ---- methods ----------------------------------------------------------------------- */

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

FN(m_getitem)
{
    return vm->builtin[OU_T_list].s.getitem(vm, args[0], args[1]);
}
FN(m_reversed)
{
    return ou_list_reviter_new(vm, args[0]);
}
FN(m_sizeof)
{
    return ou_int_u64(vm, OU_TYPE_OF(vm, args[0])->face.size + OU_LIST(args[0])->cap * sizeof(OuObj *));
}
FN(m_append)
{
    return ou_list_append(vm, args[0], args[1]) < 0 ? NULL : ou_none(vm);
}
FN(m_clear)
{
    ou_list_clear(vm, args[0]);
    return ou_none(vm);
}
FN(m_copy)
{
    return ou_list_slice(vm, OU_LIST(args[0]), 0, OU_LIST(args[0])->n);
}
FN(m_extend)
{
    return ou_list_extend(vm, args[0], args[1]) < 0 ? NULL : ou_none(vm);
}
FN(m_insert)
{
    ou_ssize i;
    if (ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &i) < 0)
        return NULL;
    return ou_list_insert(vm, args[0], i, args[2]) < 0 ? NULL : ou_none(vm);
}
FN(m_pop)
{
    OuList *l = OU_LIST(args[0]);
    ou_ssize i = -1;
    if (args[1] && ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &i) < 0)
        return NULL;
    if (l->n == 0)
        return ou_raise(vm, OU_EXC(vm, IndexError), "pop from empty list");
    if (i < 0)
        i += (ou_ssize)l->n;
    if ((size_t)i >= l->n)
        return ou_raise(vm, OU_EXC(vm, IndexError), "pop index out of range");
    OuObj *x = l->items[i];
    size_t n = l->n - 1;
    if ((size_t)i < n)
        memmove(l->items + i, l->items + i + 1, (n - (size_t)i) * sizeof(OuObj *));
    if (n >= l->cap >> 1) {
        l->n = n;
    } else if (ou_list_resize(vm, l, n) < 0) {
        ou_err_clear(vm);
        l->n = n;
    }
    return x;
}
FN(m_remove)
{
    OuList *l = OU_LIST(args[0]);
    for (size_t i = 0; i < l->n; i++) {
        OuObj *x = ou_ref(l->items[i]);
        int r = ou_compare_bool(vm, x, args[1], OU_CMP_EQ);
        ou_decref(vm, x);
        if (r < 0)
            return NULL;
        if (r)
            return ou_list_splice(vm, l, (ou_ssize)i, (ou_ssize)i + 1, NULL, 0) < 0 ? NULL : ou_none(vm);
    }
    return ou_value_error(vm, "list.remove(x): x not in list");
}
FN(m_index)
{
    OuList *l = OU_LIST(args[0]);
    ou_ssize start = 0, stop = INTPTR_MAX;
    if ((args[2] && ou_slice_bound(vm, args[2], &start) < 0) ||
        (args[3] && ou_slice_bound(vm, args[3], &stop) < 0))
        return NULL;
    if (start < 0 && (start += (ou_ssize)l->n) < 0)
        start = 0;
    if (stop < 0 && (stop += (ou_ssize)l->n) < 0)
        stop = 0;
    for (ou_ssize i = start; i < stop && (size_t)i < l->n; i++) {
        OuObj *x = ou_ref(l->items[i]);
        int r = ou_compare_bool(vm, x, args[1], OU_CMP_EQ);
        ou_decref(vm, x);
        if (r < 0)
            return NULL;
        if (r)
            return ou_int(vm, i);
    }
    return ou_value_error(vm, "%R is not in list", args[1]);
}
FN(m_count)
{
    OuList *l = OU_LIST(args[0]);
    ou_ssize n = 0;
    for (size_t i = 0; i < l->n; i++) {
        OuObj *x = l->items[i];
        if (x == args[1]) {
            n++;
            continue;
        }
        ou_incref(x);
        int r = ou_compare_bool(vm, x, args[1], OU_CMP_EQ);
        ou_decref(vm, x);
        if (r < 0)
            return NULL;
        n += r;
    }
    return ou_int(vm, n);
}
FN(m_reverse)
{
    ou_list_reverse(vm, args[0]);
    return ou_none(vm);
}
FN(m_sort)
{
    int reverse = 0;
    if (args[2] && ou_as_int(vm, args[2], &reverse) < 0)
        return NULL;
    OuObj *key = args[1] && args[1] != OU_NONE(vm) ? args[1] : NULL;
    return ou_list_sort(vm, args[0], key, reverse != 0) < 0 ? NULL : ou_none(vm);
}

const OuFn ou_list_methods[] = {
    {"__getitem__(self, index, /)", m_getitem, OU_FN_COEXIST, "x.__getitem__(y) <==> x[y]"},
    {"__reversed__(self, /)", m_reversed, 0, "Iterator from the last item to the first."},
    {"__sizeof__(self, /)", m_sizeof, 0, "Size in memory, in bytes."},
    {"clear(self, /)", m_clear, 0, "Removes all items."},
    {"copy(self, /)", m_copy, 0, "A shallow copy."},
    {"append(self, object, /)", m_append, 0, "Adds object at the end."},
    {"insert(self, index, object, /)", m_insert, 0, "Inserts object before index."},
    {"extend(self, iterable, /)", m_extend, 0, "Appends the items of iterable."},
    {"pop(self, index=-1, /)", m_pop, 0,
     "Removes and returns the item at index; IndexError if there is none."},
    {"remove(self, value, /)", m_remove, 0,
     "Removes the first item equal to value; ValueError if there is none."},
    {"index(self, value, start=0, stop=sys.maxsize, /)", m_index, 0,
     "First place of an item equal to value; ValueError if there is none."},
    {"count(self, value, /)", m_count, 0, "Number of items equal to value."},
    {"reverse(self, /)", m_reverse, 0, "Reverses the order in place."},
    {"sort(self, /, *, key=None, reverse=False)", m_sort, 0,
     "Sorts in place, ascending and stable; key is a function of one item, reverse turns the order."},
    {"__class_getitem__(type, item, /)", ou_fn_class_getitem, OU_FN_CLASS, "See PEP 585"},
    {0},
};
