/* stdlib/_heapq.c - heaps in lists.  A comparison may change the list: its size is checked after each one
 * ("list changed size during iteration"). */
#include "vm/native.h"

#include <string.h>

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

/* Does a go before b: a < b, in max heaps b < a. */
static inline int before(OuVM *vm, OuObj *a, OuObj *b, bool max)
{
    if (max) {
        OuObj *t = a;
        a = b;
        b = t;
    }
    if (ou_is_small(a) && ou_is_small(b))
        return OU_INT_V(a) < OU_INT_V(b);
    ou_incref(a);
    ou_incref(b);
    int r = ou_compare_bool(vm, a, b, OU_CMP_LT);
    ou_decref(vm, a);
    ou_decref(vm, b);
    return r;
}
static int changed(OuVM *vm)
{
    return ou_raise_i(vm, OU_EXC(vm, RuntimeError), "list changed size during iteration");
}
static inline void swap(OuList *l, size_t i, size_t j)
{
    OuObj *t = l->items[i];
    l->items[i] = l->items[j];
    l->items[j] = t;
}

/* Moves the item at pos towards start while it goes before its parent. */
static int sift_down(OuVM *vm, OuList *l, size_t start, size_t pos, bool max)
{
    size_t n = l->n;
    if (pos >= n)
        return ou_raise_i(vm, OU_EXC(vm, IndexError), "index out of range");
    while (pos > start) {
        size_t parent = (pos - 1) >> 1;
        int r = before(vm, l->items[pos], l->items[parent], max);
        if (r < 0)
            return -1;
        if (l->n != n)
            return changed(vm);
        if (!r)
            break;
        swap(l, pos, parent);
        pos = parent;
    }
    return 0;
}
/* Lets the item at pos sink to a leaf, smaller children going up, then puts it in place from there. */
static int sift_up(OuVM *vm, OuList *l, size_t pos, bool max)
{
    size_t n = l->n, start = pos, limit = n >> 1;
    if (pos >= n)
        return ou_raise_i(vm, OU_EXC(vm, IndexError), "index out of range");
    while (pos < limit) {
        size_t child = 2 * pos + 1;
        if (child + 1 < n) {
            int r = before(vm, l->items[child], l->items[child + 1], max);
            if (r < 0)
                return -1;
            child += (unsigned)r ^ 1;
            if (l->n != n)
                return changed(vm);
        }
        swap(l, pos, child);
        pos = child;
    }
    return sift_down(vm, l, start, pos, max);
}

static OuList *heap(OuVM *vm, const char *name, OuObj *o)
{
    if (ou_isa_list(vm, o))
        return OU_LIST(o);
    return ou_type_error(
        vm, "%s() argument%s must be list, not %T", name,
        strstr(name, "ify") || strstr(name, "heappop") == name || strstr(name, "pop_max") ? "" : " 1", o);
}

FN(heappush)
{
    OuList *l = heap(vm, "heappush", args[0]);
    if (!l || ou_list_append(vm, args[0], args[1]) < 0 || sift_down(vm, l, 0, l->n - 1, false) < 0)
        return NULL;
    return ou_none(vm);
}
static OuObj *pop(OuVM *vm, OuList *l, bool max)
{
    if (l->n == 0)
        return ou_raise(vm, OU_EXC(vm, IndexError), "index out of range");
    OuObj *last = l->items[--l->n];
    if (l->n == 0)
        return last;
    OuObj *res = l->items[0];
    l->items[0] = last;
    if (sift_up(vm, l, 0, max) < 0) {
        ou_decref(vm, res);
        return NULL;
    }
    return res;
}
FN(heappop)
{
    OuList *l = heap(vm, "heappop", args[0]);
    return l ? pop(vm, l, false) : NULL;
}
FN(heappop_max)
{
    OuList *l = heap(vm, "_heappop_max", args[0]);
    return l ? pop(vm, l, true) : NULL;
}
static OuObj *replace(OuVM *vm, OuList *l, OuObj *item, bool max)
{
    if (l->n == 0)
        return ou_raise(vm, OU_EXC(vm, IndexError), "index out of range");
    OuObj *res = l->items[0];
    l->items[0] = ou_ref(item);
    if (sift_up(vm, l, 0, max) < 0) {
        ou_decref(vm, res);
        return NULL;
    }
    return res;
}
FN(heapreplace)
{
    OuList *l = heap(vm, "heapreplace", args[0]);
    return l ? replace(vm, l, args[1], false) : NULL;
}
FN(heapreplace_max)
{
    OuList *l = heap(vm, "_heapreplace_max", args[0]);
    return l ? replace(vm, l, args[1], true) : NULL;
}
FN(heappushpop)
{
    OuList *l = heap(vm, "heappushpop", args[0]);
    if (!l)
        return NULL;
    if (l->n == 0)
        return ou_ref(args[1]);
    int r = before(vm, l->items[0], args[1], false);
    if (r <= 0)
        return r < 0 ? NULL : ou_ref(args[1]);
    return replace(vm, l, args[1], false);
}
static OuObj *heapify(OuVM *vm, OuList *l, bool max)
{
    for (size_t i = l->n >> 1; i-- > 0;)
        if (sift_up(vm, l, i, max) < 0 || ou_poll(vm) < 0)
            return NULL;
    return ou_none(vm);
}
FN(heapify_min)
{
    OuList *l = heap(vm, "heapify", args[0]);
    return l ? heapify(vm, l, false) : NULL;
}
FN(heapify_max)
{
    OuList *l = heap(vm, "_heapify_max", args[0]);
    return l ? heapify(vm, l, true) : NULL;
}

static const OuFn functions[] = {
    {"heappush(heap, item, /)", heappush, 0, "Pushes item onto heap, keeping the heap invariant."},
    {"heappushpop(heap, item, /)", heappushpop, 0, "Pushes item, then pops and returns the smallest item."},
    {"heappop(heap, /)", heappop, 0, "Pops the smallest item off the heap."},
    {"heapreplace(heap, item, /)", heapreplace, 0, "Pops and returns the smallest item, then pushes item."},
    {"heapify(heap, /)", heapify_min, 0, "Makes a heap of a list, in place, in linear time."},
    {"_heappop_max(heap, /)", heappop_max, 0, "Max-heap variant of heappop."},
    {"_heapify_max(heap, /)", heapify_max, 0, "Max-heap variant of heapify."},
    {"_heapreplace_max(heap, item, /)", heapreplace_max, 0, "Max-heap variant of heapreplace."},
    {0},
};
static int exec(OuVM *vm, OuObj *module)
{
    return ou_module_add_str(vm, module, "__about__",
                             "Heap queues: lists whose item k is never greater than items 2k+1 and 2k+2.");
}
const OuModuleDef ou_mod__heapq = {
    .name = "_heapq",
    .doc = "Heap queue algorithm (a.k.a. priority queue).",
    .functions = functions,
    .exec = exec,
};
