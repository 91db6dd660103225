/* stdlib/_bisect.c - binary search in sorted sequences. */
#include "vm/native.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

/* args: a, x, lo, hi, key.  The place for item (x, for insort its key) in a[lo:hi], right or left of equal
 * ones; -1. */
static ou_ssize search(OuVM *vm, OuObj *const *args, OuObj *item, bool right)
{
    OuObj *a = args[0], *key = args[4] && args[4] != OU_NONE(vm) ? args[4] : NULL;
    ou_ssize lo = 0, hi = -1;
    if (args[2] && ou_as_ssize(vm, args[2], OU_EXC(vm, OverflowError), &lo) < 0)
        return -1;
    if (args[3] && args[3] != OU_NONE(vm) && ou_as_ssize(vm, args[3], OU_EXC(vm, OverflowError), &hi) < 0)
        return -1;
    if (lo < 0)
        return ou_value_error_i(vm, "lo must be non-negative");
    if (hi == -1 && (hi = ou_len(vm, a)) < 0)
        return -1;
    while (lo < hi) {
        ou_ssize mid = (ou_ssize)(((size_t)lo + (size_t)hi) / 2);
        OuObj *m = ou_is(a, list) && (size_t)mid < OU_LIST(a)->n ? ou_ref(OU_LIST(a)->items[mid])
                                                                 : ou_getitem_i(vm, a, mid);
        if (!m)
            return -1;
        if (key) {
            OuObj *k = ou_call1(vm, key, m);
            ou_decref(vm, m);
            if (!(m = k))
                return -1;
        }
        int r;
        if (ou_is_small(m) && ou_is_small(item)) {
            r = right ? OU_INT_V(item) < OU_INT_V(m) : OU_INT_V(m) < OU_INT_V(item);
        } else {
            OuObj *c = right ? ou_compare(vm, item, m, OU_CMP_LT) : ou_compare(vm, m, item, OU_CMP_LT);
            r = c ? ou_is_true(vm, c) : -1;
            ou_xdecref(vm, c);
        }
        ou_decref(vm, m);
        if (r < 0)
            return -1;
        if ((r != 0) == right)
            hi = mid;
        else
            lo = mid + 1;
    }
    return lo;
}
static OuObj *bisect(OuVM *vm, OuObj *const *args, bool right)
{
    ou_ssize i = search(vm, args, args[1], right);
    return i < 0 ? NULL : ou_int(vm, i);
}
static OuObj *insort(OuVM *vm, OuObj *const *args, bool right)
{
    OuObj *item = args[4] && args[4] != OU_NONE(vm) ? ou_call1(vm, args[4], args[1]) : ou_ref(args[1]);
    if (!item)
        return NULL;
    ou_ssize i = search(vm, args, item, right);
    ou_decref(vm, item);
    if (i < 0)
        return NULL;
    if (ou_is(args[0], list))
        return ou_list_insert(vm, args[0], i, args[1]) < 0 ? NULL : ou_none(vm);
    OuObj *at = ou_int(vm, i),
          *r = at ? ou_call_method(vm, args[0], OU_NAME(vm, insert), 2, at, args[1]) : NULL;
    ou_xdecref(vm, at);
    if (!r)
        return NULL;
    ou_decref(vm, r);
    return ou_none(vm);
}
FN(bisect_right)
{
    return bisect(vm, args, true);
}
FN(bisect_left)
{
    return bisect(vm, args, false);
}
FN(insort_right)
{
    return insort(vm, args, true);
}
FN(insort_left)
{
    return insort(vm, args, false);
}
static const OuFn functions[] = {
    {"bisect_right(a, x, lo=0, hi=None, *, key=None)", bisect_right, 0,
     "The place to insert x in the sorted a[lo:hi], behind items equal to x."},
    {"bisect_left(a, x, lo=0, hi=None, *, key=None)", bisect_left, 0,
     "The place to insert x in the sorted a[lo:hi], before items equal to x."},
    {"insort_right(a, x, lo=0, hi=None, *, key=None)", insort_right, 0, "Inserts x where bisect_right says."},
    {"insort_left(a, x, lo=0, hi=None, *, key=None)", insort_left, 0, "Inserts x where bisect_left says."},
    {0},
};
const OuModuleDef ou_mod__bisect = {
    .name = "_bisect", .doc = "Bisection algorithms.", .functions = functions};
