/* stdlib/_collections_dequeiter.c - the iterators of deques, forwards and backwards. */
#include "_collections.h"

typedef struct DequeIter {
    OuObj hdr;
    OuDeque *d;
    size_t i, left, state; /* i: next index */
} DequeIter;

static OuObj *iter_make(OuVM *vm, OuType *type, OuObj *deque, bool reverse)
{
    DequeIter *it = (DequeIter *)ou_type_alloc(vm, type, 0);
    if (!it)
        return NULL;
    it->d = ou_ref(OU_DEQUE(deque));
    it->left = OU_DEQUE(deque)->n;
    it->i = reverse ? it->left - 1 : 0;
    it->state = OU_DEQUE(deque)->state;
    return &it->hdr;
}
OuObj *ou_deque_iter(OuVM *vm, OuObj *o)
{
    return iter_make(vm, COLLECTIONS(vm)->deque_iter, o, false);
}
OuObj *ou_deque_reversed(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return iter_make(vm, COLLECTIONS(vm)->deque_reviter, args[0], true);
}
static void iter_dealloc(OuVM *vm, OuObj *o)
{
    ou_xdecref(vm, ((DequeIter *)o)->d);
    ou_free_object(vm, o);
}
static int iter_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((DequeIter *)o)->d);
    return 0;
}
static OuObj *iter_step(OuVM *vm, OuObj *o, size_t by)
{
    DequeIter *it = (DequeIter *)o;
    if (it->state != it->d->state) {
        it->left = 0;
        return ou_raise(vm, OU_DEQUE_CHANGED);
    }
    if (it->left == 0)
        return NULL;
    OuObj *x = ou_ref(*ou_deque_at(it->d, it->i));
    it->i += by;
    it->left--;
    return x;
}
static OuObj *iter_next(OuVM *vm, OuObj *o)
{
    DequeIter *it = (DequeIter *)o;
    if (it->left == 0 && it->state == it->d->state)
        return NULL;
    return iter_step(vm, o, 1);
}
static OuObj *iter_prev(OuVM *vm, OuObj *o)
{
    return iter_step(vm, o, (size_t)-1);
}
static OuObj *iter_construct(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames,
                             bool reverse)
{
    ou_ssize skip = 0;
    if (ou_arity(vm, type->name, nargs, 1, 2) < 0)
        return NULL;
    if (!ou_is_deque(vm, args[0]))
        return ou_type_error(vm, "%s() argument 1 must be collections.deque, not %T", type->name, args[0]);
    if (nargs > 1 && ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &skip) < 0)
        return NULL;
    OuObj *it = iter_make(vm, type, args[0], reverse);
    for (ou_ssize i = 0; it && i < skip; i++) {
        OuObj *x = reverse ? iter_prev(vm, it) : iter_next(vm, it);
        if (!x) {
            if (ou_err_occurred(vm))
                ou_clear(vm, it);
            break;
        }
        ou_decref(vm, x);
    }
    return it;
}
static OuObj *iter_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return iter_construct(vm, type, args, nargs, kwnames, false);
}
static OuObj *reviter_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return iter_construct(vm, type, args, nargs, kwnames, true);
}
FN(iter_hint)
{
    return ou_int_u64(vm, ((DequeIter *)args[0])->left);
}
FN(iter_reduce)
{
    DequeIter *it = (DequeIter *)args[0];
    OuObj *i = ou_int(vm, (ou_ssize)it->d->n - (ou_ssize)it->left),
          *inner = i ? ou_tuple_pack(vm, 2, it->d, i) : NULL;
    OuObj *res = inner ? ou_tuple_pack(vm, 2, OU_TYPE_OBJ(vm, args[0]), inner) : NULL;
    ou_xdecref(vm, i);
    ou_xdecref(vm, inner);
    return res;
}
static const OuFn iter_methods[] = {
    OU_ITER_HINT_ROW(iter_hint),
    OU_ITER_REDUCE_ROW(iter_reduce),
    {0},
};
const OuTypeSpec ou_deque_iter_spec = {
    .name = "_collections._deque_iterator",
    .size = sizeof(DequeIter),
    .flags = OU_TYPE_GC,
    .dealloc = iter_dealloc,
    .traverse = iter_traverse,
    .s = {.iter = ou_self_iter, .next = iter_next, .new_ = iter_new},
    .methods = iter_methods,
};
const OuTypeSpec ou_deque_reviter_spec = {
    .name = "_collections._deque_reverse_iterator",
    .size = sizeof(DequeIter),
    .flags = OU_TYPE_GC,
    .dealloc = iter_dealloc,
    .traverse = iter_traverse,
    .s = {.iter = ou_self_iter, .next = iter_prev, .new_ = reviter_new},
    .methods = iter_methods,
};
