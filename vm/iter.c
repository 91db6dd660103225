/* vm/iter.c - iterators over list and tuple, reversed list, iter(o) by __getitem__, iter(f, sentinel),
 * reversed(). */
#include "list_impl.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
#define SEQ_ITER(o) ((OuSeqIter *)(o))

int ou_state_index(OuVM *vm, OuObj *o, ou_ssize *out)
{
    if (!ou_isa_int(vm, o))
        return ou_type_error_i(vm, "an integer is required");
    int64_t v;
    if (!ou_int_fits(o, &v))
        return ou_raise_i(vm, OU_EXC(vm, OverflowError), "Python int too large to convert to C ssize_t");
    *out = v;
    return 0;
}

/* ---- what all of them share -------------------------------------------------------------- */

void ou_seq_iter_dealloc(OuVM *vm, OuObj *o)
{
    ou_xdecref(vm, SEQ_ITER(o)->seq);
    ou_free_object(vm, o);
}

int ou_seq_iter_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(SEQ_ITER(o)->seq);
    return 0;
}

OuObj *ou_seq_iter_finish(OuVM *vm, OuSeqIter *it)
{
    OuObj *seq = it->seq;
    it->seq = NULL;
    ou_decref(vm, seq);
    return NULL;
}

OuObj *ou_seq_iter_reduce_take(OuVM *vm, OuSeqIter *it, OuObj *empty)
{
    OuObj *iter = empty ? ou_builtin_get(vm, "iter") : NULL; /* may run code that exhausts us */
    if (!it->seq || !empty)
        return ou_reduce1_take(vm, iter, empty);
    ou_xdecref(vm, empty);
    return ou_reduce1_state_take(vm, iter, ou_ref(it->seq), ou_int_u64(vm, it->i));
}

OuObj *ou_seq_iter_setstate(OuVM *vm, OuSeqIter *it, OuObj *state, size_t n)
{
    ou_ssize i;
    if (ou_state_index(vm, state, &i) < 0)
        return NULL;
    if (it->seq)
        it->i = i < 0 ? 0 : (size_t)i > n ? n : (size_t)i;
    return ou_none(vm);
}

/* The same for those that run backwards: i is the next index, wrapping below 0 to SIZE_MAX. */
static void place_backwards(OuSeqIter *it, ou_ssize i, ou_ssize n)
{
    it->i = (size_t)(i < -1 ? -1 : i > n - 1 ? n - 1 : i);
}

/* ---- list and tuple -------------------------------------------------------------------- */

static OuObj *list_next(OuVM *vm, OuObj *o)
{
    OuSeqIter *it = SEQ_ITER(o);
    if (!it->seq)
        return NULL;
    OuList *l = OU_LIST(it->seq);
    return it->i < l->n ? ou_ref(l->items[it->i++]) : ou_seq_iter_finish(vm, it);
}
static OuObj *tuple_next(OuVM *vm, OuObj *o)
{
    OuSeqIter *it = SEQ_ITER(o);
    if (!it->seq)
        return NULL;
    OuTuple *t = OU_TUPLE(it->seq);
    return it->i < t->n ? ou_ref(t->items[it->i++]) : ou_seq_iter_finish(vm, it);
}
static size_t seq_size(OuVM *vm, const OuSeqIter *it)
{
    return !it->seq ? 0 : ou_isa_list(vm, it->seq) ? OU_LIST(it->seq)->n : OU_TUPLE(it->seq)->n;
}
FN(hint)
{
    OuSeqIter *it = SEQ_ITER(args[0]);
    size_t n = seq_size(vm, it);
    return ou_int_u64(vm, n > it->i ? n - it->i : 0);
}
FN(reduce)
{
    return ou_seq_iter_reduce_take(
        vm, SEQ_ITER(args[0]), ou_is(args[0], list_iter) ? ou_list_new(vm, 0) : ou_ref(OU_EMPTY_TUPLE(vm)));
}
FN(setstate)
{
    return ou_seq_iter_setstate(vm, SEQ_ITER(args[0]), args[1], seq_size(vm, SEQ_ITER(args[0])));
}
static const OuFn iter_methods[] = {
    OU_ITER_HINT_ROW(hint),
    OU_ITER_REDUCE_ROW(reduce),
    OU_ITER_SETSTATE_ROW(setstate),
    {0},
};
const OuTypeSpec ou_list_iter_spec = {
    .name = "list_iterator",
    .size = sizeof(OuSeqIter),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,
    .dealloc = ou_seq_iter_dealloc,
    .traverse = ou_seq_iter_traverse,
    .s = {.iter = ou_self_iter, .next = list_next},
    .methods = iter_methods,
};
const OuTypeSpec ou_tuple_iter_spec = {
    .name = "tuple_iterator",
    .size = sizeof(OuSeqIter),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,
    .dealloc = ou_seq_iter_dealloc,
    .traverse = ou_seq_iter_traverse,
    .s = {.iter = ou_self_iter, .next = tuple_next},
    .methods = iter_methods,
};

/* ---- reversed list ----------------------------------------------------------------------- */

OuObj *ou_list_reviter_new(OuVM *vm, OuObj *list)
{
    OuSeqIter *it = OU_ITER_NEW(vm, OuSeqIter, list_reviter);
    if (!it)
        return NULL;
    it->i = OU_LIST(list)->n - 1;
    it->seq = ou_ref(list);
    ou_gc_track(&vm->heap, &it->hdr);
    return &it->hdr;
}
static OuObj *rev_next(OuVM *vm, OuObj *o)
{
    OuSeqIter *it = SEQ_ITER(o);
    if (!it->seq)
        return NULL;
    OuList *l = OU_LIST(it->seq);
    if (it->i < l->n)
        return ou_ref(l->items[it->i--]);
    it->i = SIZE_MAX;
    return ou_seq_iter_finish(vm, it);
}
FN(rev_hint)
{
    OuSeqIter *it = SEQ_ITER(args[0]);
    size_t n = it->i + 1;
    return ou_int_u64(vm, !it->seq || OU_LIST(it->seq)->n < n ? 0 : n);
}
FN(rev_reduce)
{
    OuSeqIter *it = SEQ_ITER(args[0]);
    if (it->seq) {
        OuObj *reversed = ou_builtin_get(vm, "reversed");
        if (it->seq)
            return ou_reduce1_state_take(vm, reversed, ou_ref(it->seq), ou_int(vm, (ou_ssize)it->i));
        ou_xdecref(vm, reversed);
    }
    return ou_reduce1_take(vm, ou_builtin_get(vm, "iter"), ou_list_new(vm, 0));
}
FN(rev_setstate)
{
    OuSeqIter *it = SEQ_ITER(args[0]);
    ou_ssize i;
    if (ou_state_index(vm, args[1], &i) < 0)
        return NULL;
    if (it->seq)
        place_backwards(it, i, (ou_ssize)OU_LIST(it->seq)->n);
    return ou_none(vm);
}
static const OuFn rev_methods[] = {
    OU_ITER_HINT_ROW(rev_hint),
    OU_ITER_REDUCE_ROW(rev_reduce),
    OU_ITER_SETSTATE_ROW(rev_setstate),
    {0},
};
const OuTypeSpec ou_list_reviter_spec = {
    .name = "list_reverseiterator",
    .size = sizeof(OuSeqIter),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,
    .dealloc = ou_seq_iter_dealloc,
    .traverse = ou_seq_iter_traverse,
    .s = {.iter = ou_self_iter, .next = rev_next},
    .methods = rev_methods,
};

/* ---- iter(o) by __getitem__ --------------------------------------------------------------- */

/* IndexError and StopIteration end such iterators. */
static bool end_of_sequence(OuVM *vm)
{
    if (!ou_err_is(vm, OU_EXC(vm, IndexError)) && !ou_err_is(vm, OU_EXC(vm, StopIteration)))
        return false;
    ou_err_clear(vm);
    return true;
}
static OuObj *seq_next(OuVM *vm, OuObj *o)
{
    OuSeqIter *it = SEQ_ITER(o);
    if (!it->seq)
        return NULL;
    if (it->i == INTPTR_MAX)
        return ou_raise(vm, OU_EXC(vm, OverflowError), "iter index too large");
    OuObj *x = ou_getitem_i(vm, it->seq, (ou_ssize)it->i);
    if (x) {
        it->i++;
        return x;
    }
    if (end_of_sequence(vm) && it->seq)
        ou_seq_iter_finish(vm, it);
    return NULL;
}
FN(seq_hint)
{
    OuSeqIter *it = SEQ_ITER(args[0]);
    if (!it->seq)
        return ou_int(vm, 0);
    if (!ou_has_len(vm, it->seq))
        return ou_notimplemented(vm);
    ou_ssize n = ou_len(vm, it->seq);
    if (n < 0)
        return NULL;
    n -= (ou_ssize)it->i;
    return ou_int(vm, n > 0 ? n : 0);
}
FN(seq_setstate)
{
    return ou_seq_iter_setstate(vm, SEQ_ITER(args[0]), args[1], SIZE_MAX);
}
static const OuFn seq_methods[] = {
    OU_ITER_HINT_ROW(seq_hint),
    OU_ITER_REDUCE_ROW(reduce),
    OU_ITER_SETSTATE_ROW(seq_setstate),
    {0},
};
const OuTypeSpec ou_seq_iter_spec = {
    .name = "iterator",
    .size = sizeof(OuSeqIter),
    .flags = OU_TYPE_GC | OU_TYPE_DEEP | OU_TYPE_NO_NEW,
    .dealloc = ou_seq_iter_dealloc,
    .traverse = ou_seq_iter_traverse,
    .s = {.iter = ou_self_iter, .next = seq_next},
    .methods = seq_methods,
};

/* ---- iter(f, sentinel) ---------------------------------------------------------------------- */

typedef struct CallIter {
    OuObj hdr;
    OuObj *callable, *sentinel; /* both NULL: exhausted */
} CallIter;

OuObj *ou_callable_iter_new(OuVM *vm, OuObj *callable, OuObj *sentinel)
{
    CallIter *it = OU_ITER_NEW(vm, CallIter, callable_iter);
    if (!it)
        return NULL;
    it->callable = ou_ref(callable);
    it->sentinel = ou_ref(sentinel);
    ou_gc_track(&vm->heap, &it->hdr);
    return &it->hdr;
}
static void call_dealloc(OuVM *vm, OuObj *o)
{
    ou_xdecref(vm, ((CallIter *)o)->callable);
    ou_xdecref(vm, ((CallIter *)o)->sentinel);
    ou_free_object(vm, o);
}
static int call_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((CallIter *)o)->callable);
    OU_VISIT(((CallIter *)o)->sentinel);
    return 0;
}
static OuObj *call_next(OuVM *vm, OuObj *o)
{
    CallIter *it = (CallIter *)o;
    if (!it->callable)
        return NULL;
    OuObj *x = ou_call0(vm, it->callable);
    if (x && it->sentinel) {
        OuObj *sentinel = ou_ref(it->sentinel);
        int eq = ou_compare_bool(vm, sentinel, x, OU_CMP_EQ);
        ou_decref(vm, sentinel);
        if (eq == 0)
            return x;
        if (eq > 0) {
            ou_clear(vm, it->callable);
            ou_clear(vm, it->sentinel);
        }
    } else if (!x && ou_err_is(vm, OU_EXC(vm, StopIteration))) {
        ou_err_clear(vm);
        ou_clear(vm, it->callable);
        ou_clear(vm, it->sentinel);
    }
    ou_xdecref(vm, x);
    return NULL;
}
FN(call_reduce)
{
    CallIter *it = (CallIter *)args[0];
    OuObj *iter = ou_builtin_get(vm, "iter");
    if (!iter)
        return NULL;
    if (!it->callable || !it->sentinel)
        return ou_reduce1_take(vm, iter, ou_ref(OU_EMPTY_TUPLE(vm)));
    OuObj *inner = ou_tuple_pack(vm, 2, it->callable, it->sentinel),
          *res = inner ? ou_tuple_pack(vm, 2, iter, inner) : NULL;
    ou_decref(vm, iter);
    ou_xdecref(vm, inner);
    return res;
}
static const OuFn call_methods[] = {
    OU_ITER_REDUCE_ROW(call_reduce),
    {0},
};
const OuTypeSpec ou_callable_iter_spec = {
    .name = "callable_iterator",
    .size = sizeof(CallIter),
    .flags = OU_TYPE_GC | OU_TYPE_DEEP | OU_TYPE_NO_NEW,
    .dealloc = call_dealloc,
    .traverse = call_traverse,
    .s = {.iter = ou_self_iter, .next = call_next},
    .methods = call_methods,
};

/* ---- reversed() ------------------------------------------------------------------------------ */

static OuObj *reversed_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_takes_no_kwargs(vm, type) && ou_no_kwargs(vm, "reversed", kwnames) < 0)
        return NULL;
    if (ou_arity(vm, "reversed", nargs, 1, 1) < 0)
        return NULL;
    OuObj *seq = args[0], *f;
    int r = ou_lookup_special(vm, seq, OU_NAME(vm, __reversed__), &f);
    if (r < 0)
        return NULL;
    if (r && f != OU_NONE(vm)) {
        OuObj *res = ou_call0(vm, f);
        ou_decref(vm, f);
        return res;
    }
    if (r)
        ou_decref(vm, f);
    if (r || !ou_is_sequence(vm, seq))
        return ou_type_error(vm, "'%s' object is not reversible", OU_TYPE_NAME(vm, seq));
    ou_ssize n = ou_len(vm, seq);
    if (n < 0)
        return NULL;
    OuSeqIter *it = (OuSeqIter *)ou_type_alloc(vm, type, 0);
    if (!it)
        return NULL;
    it->i = (size_t)n - 1;
    it->seq = ou_ref(seq);
    return &it->hdr;
}
static OuObj *reversed_next(OuVM *vm, OuObj *o)
{
    OuSeqIter *it = SEQ_ITER(o);
    if (!it->seq)
        return NULL;
    if ((ou_ssize)it->i >= 0) {
        OuObj *x = ou_getitem_i(vm, it->seq, (ou_ssize)it->i);
        if (x) {
            it->i--;
            return x;
        }
        if (!end_of_sequence(vm))
            return NULL;
    }
    it->i = SIZE_MAX;
    if (it->seq)
        ou_seq_iter_finish(vm, it);
    return NULL;
}
FN(reversed_hint)
{
    OuSeqIter *it = SEQ_ITER(args[0]);
    if (!it->seq)
        return ou_int(vm, 0);
    ou_ssize n = ou_len(vm, it->seq), at = (ou_ssize)it->i + 1;
    if (n < 0)
        return NULL;
    return ou_int(vm, n < at ? 0 : at);
}
FN(reversed_reduce)
{
    OuSeqIter *it = SEQ_ITER(args[0]);
    OuObj *type = ou_ref(OU_TYPE_OBJ(vm, args[0]));
    if (it->seq)
        return ou_reduce1_state_take(vm, type, ou_ref(it->seq), ou_int(vm, (ou_ssize)it->i));
    return ou_reduce1_take(vm, type, ou_ref(OU_EMPTY_TUPLE(vm)));
}
FN(reversed_setstate)
{
    OuSeqIter *it = SEQ_ITER(args[0]);
    ou_ssize i;
    if (ou_state_index(vm, args[1], &i) < 0)
        return NULL;
    if (it->seq) {
        ou_ssize n = ou_len(vm, it->seq);
        if (n < 0)
            return NULL;
        place_backwards(it, i, n);
    }
    return ou_none(vm);
}
static const OuFn reversed_methods[] = {
    OU_ITER_HINT_ROW(reversed_hint),
    OU_ITER_REDUCE_ROW(reversed_reduce),
    OU_ITER_SETSTATE_ROW(reversed_setstate),
    {0},
};
const OuTypeSpec ou_reversed_spec = {
    .name = "reversed",
    .size = sizeof(OuSeqIter),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_DEEP,
    .doc = "reversed(sequence, /)\n--\n\nIterator over the items of sequence, last first.",
    .dealloc = ou_seq_iter_dealloc,
    .traverse = ou_seq_iter_traverse,
    .s = {.iter = ou_self_iter, .next = reversed_next, .new_ = reversed_new},
    .methods = reversed_methods,
};
