/* vm/slice.c - slice objects and index arithmetic. */
#include "iterobj.h"

OuObj *ou_slice_new(OuVM *vm, OuObj *start, OuObj *stop, OuObj *step)
{
    OuSlice *s = (OuSlice *)ou_new_gc(vm, OU_T_slice, sizeof *s);
    if (!s)
        return NULL;
    s->start = ou_ref(start ? start : OU_NONE(vm));
    s->stop = ou_ref(stop ? stop : OU_NONE(vm));
    s->step = ou_ref(step ? step : OU_NONE(vm));
    ou_gc_track(&vm->heap, &s->hdr);
    return &s->hdr;
}

/* ---- arithmetic --------------------------------------------------------------------- */

int ou_slice_bound(OuVM *vm, OuObj *o, ou_ssize *out)
{
    if (ou_is_small(o)) {
        *out = OU_INT_V(o);
        return 0;
    }
    if (!ou_has_index(vm, o))
        return ou_type_error_i(vm, "slice indices must be integers or have an __index__ method");
    return ou_as_ssize(vm, o, NULL, out);
}
static int bound(OuVM *vm, OuObj *o, ou_ssize *out)
{
    if (ou_is_small(o)) {
        *out = OU_INT_V(o);
        return 0;
    }
    if (!ou_has_index(vm, o))
        return ou_type_error_i(vm, "slice indices must be integers or None or have an __index__ method");
    return ou_as_ssize(vm, o, NULL, out);
}

int ou_slice_unpack(OuVM *vm, OuObj *o, ou_ssize *start, ou_ssize *stop, ou_ssize *step)
{
    OuSlice *s = (OuSlice *)o;
    *step = 1;
    if (s->step != OU_NONE(vm)) {
        if (bound(vm, s->step, step) < 0)
            return -1;
        if (*step == 0)
            return ou_value_error_i(vm, "slice step cannot be zero");
        if (*step < -INTPTR_MAX) /* so that -step is defined */
            *step = -INTPTR_MAX;
    }
    *start = *step < 0 ? INTPTR_MAX : 0;
    *stop = *step < 0 ? INTPTR_MIN : INTPTR_MAX;
    if (s->start != OU_NONE(vm) && bound(vm, s->start, start) < 0)
        return -1;
    if (s->stop != OU_NONE(vm) && bound(vm, s->stop, stop) < 0)
        return -1;
    return 0;
}

static inline ou_ssize clip(ou_ssize len, ou_ssize i, bool down)
{
    if (i < 0) {
        i += len;
        return i < 0 ? (down ? -1 : 0) : i;
    }
    return i >= len ? (down ? len - 1 : len) : i;
}
ou_ssize ou_slice_adjust(ou_ssize len, ou_ssize *start, ou_ssize *stop, ou_ssize step)
{
    *start = clip(len, *start, step < 0);
    *stop = clip(len, *stop, step < 0);
    if (step < 0)
        return *stop < *start ? (*start - *stop - 1) / -step + 1 : 0;
    return *start < *stop ? (*stop - *start - 1) / step + 1 : 0;
}

int ou_slice_indices(OuVM *vm, OuObj *o, ou_ssize len, ou_ssize *start, ou_ssize *stop, ou_ssize *step,
                     ou_ssize *count)
{
    if (ou_slice_unpack(vm, o, start, stop, step) < 0)
        return -1;
    *count = ou_slice_adjust(len, start, stop, *step);
    return 0;
}

/* A bound as exact int: clipped to lower..upper, counting from length when negative. New. */
static OuObj *long_bound(OuVM *vm, OuObj *o, OuObj *length, OuObj *lower, OuObj *upper)
{
    if (!ou_has_index(vm, o))
        return ou_type_error(vm, "slice indices must be integers or None or have an __index__ method");
    OuObj *i = ou_index(vm, o);
    if (!i)
        return NULL;
    if (ou_int_sign(i) < 0) {
        OuObj *sum = ou_binop(vm, OU_NB_ADD, i, length);
        ou_decref(vm, i);
        if (!(i = sum))
            return NULL;
        int low = ou_compare_bool(vm, i, lower, OU_CMP_LT);
        if (low == 0)
            return i;
        ou_decref(vm, i);
        return low < 0 ? NULL : ou_ref(lower);
    }
    int high = ou_compare_bool(vm, i, upper, OU_CMP_GT);
    if (high == 0)
        return i;
    ou_decref(vm, i);
    return high < 0 ? NULL : ou_ref(upper);
}

int ou_slice_long_indices(OuVM *vm, OuObj *o, OuObj *length, OuObj *out[3])
{
    OuSlice *s = (OuSlice *)o;
    OuObj *start = NULL, *stop = NULL, *step = NULL, *lower = NULL, *upper = NULL;
    if (s->step == OU_NONE(vm)) {
        step = ou_int(vm, 1);
    } else {
        if (!ou_has_index(vm, s->step))
            return ou_type_error_i(vm, "slice indices must be integers or None or have an __index__ method");
        if (!(step = ou_index(vm, s->step)))
            return -1;
        if (ou_int_sign(step) == 0) {
            ou_decref(vm, step);
            return ou_value_error_i(vm, "slice step cannot be zero");
        }
    }
    if (!step)
        return -1;
    bool down = ou_int_sign(step) < 0;
    OuObj *minus1 = ou_int(vm, -1);
    if (!minus1)
        goto fail;
    lower = down ? ou_ref(minus1) : ou_int(vm, 0);
    upper = down ? ou_binop(vm, OU_NB_ADD, length, minus1) : ou_ref(length);
    ou_decref(vm, minus1);
    if (!lower || !upper)
        goto fail;
    start = s->start == OU_NONE(vm) ? ou_ref(down ? upper : lower)
                                    : long_bound(vm, s->start, length, lower, upper);
    if (!start)
        goto fail;
    stop =
        s->stop == OU_NONE(vm) ? ou_ref(down ? lower : upper) : long_bound(vm, s->stop, length, lower, upper);
    if (!stop)
        goto fail;
    ou_decref(vm, lower);
    ou_decref(vm, upper);
    out[0] = start;
    out[1] = stop;
    out[2] = step;
    return 0;
fail:
    ou_xdecref(vm, lower);
    ou_xdecref(vm, upper);
    ou_xdecref(vm, start);
    ou_decref(vm, step);
    return -1;
}

/* ---- the type ------------------------------------------------------------------------ */

static OuObj *slice_make(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, "slice", kwnames) < 0 || ou_arity(vm, "slice", nargs, 1, 3) < 0)
        return NULL;
    if (nargs == 1)
        return ou_slice_new(vm, NULL, args[0], NULL);
    return ou_slice_new(vm, args[0], args[1], nargs > 2 ? args[2] : NULL);
}
static void slice_dealloc(OuVM *vm, OuObj *o)
{
    OuSlice *s = (OuSlice *)o;
    ou_decref(vm, s->step);
    ou_decref(vm, s->start);
    ou_decref(vm, s->stop);
    ou_free_object(vm, o);
}
static int slice_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OuSlice *s = (OuSlice *)o;
    OU_VISIT(s->start);
    OU_VISIT(s->stop);
    OU_VISIT(s->step);
    return 0;
}
static OuObj *slice_repr(OuVM *vm, OuObj *o)
{
    OuSlice *s = (OuSlice *)o;
    return ou_str_fmt(vm, "slice(%R, %R, %R)", s->start, s->stop, s->step);
}
static OuObj *slice_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if (!ou_is(a, slice) || !ou_is(b, slice))
        return ou_notimplemented(vm);
    if (a == b)
        return ou_bool(vm, (op & OU_CMP_EQ) != 0);
    OuObj *x = ou_tuple_of(vm, &((OuSlice *)a)->start, 3), *y = ou_tuple_of(vm, &((OuSlice *)b)->start, 3);
    OuObj *res = x && y ? ou_compare(vm, x, y, op) : NULL;
    ou_xdecref(vm, x);
    ou_xdecref(vm, y);
    return res;
}
static OuObj *slice_indices(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *len = ou_index(vm, args[1]), *out[3];
    if (!len)
        return NULL;
    OuObj *res = NULL;
    if (ou_int_sign(len) < 0)
        ou_value_error(vm, "length should not be negative");
    else if (ou_slice_long_indices(vm, args[0], len, out) == 0) {
        res = ou_tuple_of(vm, out, 3);
        for (int i = 0; i < 3; i++)
            ou_decref(vm, out[i]);
    }
    ou_decref(vm, len);
    return res;
}
static OuObj *slice_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *t = ou_tuple_of(vm, &((OuSlice *)args[0])->start, 3);
    OuObj *res = t ? ou_tuple_pack(vm, 2, OU_TYPE_OBJ(vm, args[0]), t) : NULL;
    ou_xdecref(vm, t);
    return res;
}
static const OuFn slice_methods[] = {
    {"indices(self, len, /)", slice_indices, 0,
     "S.indices(len) -> (start, stop, stride)\n\nThe bounds of this slice for a sequence of length len."},
    {"__reduce__(self, /)", slice_reduce, 0, "State for pickling."},
    {0},
};
static const OuMember slice_members[] = {
    {"start", OU_MEMBER_OBJ, offsetof(OuSlice, start), true, NULL},
    {"stop", OU_MEMBER_OBJ, offsetof(OuSlice, stop), true, NULL},
    {"step", OU_MEMBER_OBJ, offsetof(OuSlice, step), true, NULL},
    {0},
};
const OuTypeSpec ou_slice_spec = {
    .name = "slice",
    .size = sizeof(OuSlice),
    .flags = OU_TYPE_GC | OU_TYPE_DEEP,
    .doc = "slice(stop)\n"
           "slice(start, stop[, step])\n\n"
           "What extended slicing (a[0:10:2]) passes to __getitem__.",
    .dealloc = slice_dealloc,
    .traverse = slice_traverse,
    .s = {.repr = slice_repr, .hash = ou_hash_unhashable, .compare = slice_compare, .new_ = slice_make},
    .methods = slice_methods,
    .members = slice_members,
};
