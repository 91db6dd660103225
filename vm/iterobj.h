/* vm/iterobj.h - helpers that the native iterators share. */
#ifndef OU_VM_ITEROBJ_H
#define OU_VM_ITEROBJ_H

#include "vm.h"
#include "native.h"

/* Object `name` of module builtins: new. */
OuObj *ou_builtin_get(OuVM *vm, const char *name);
/* (iter, ((),)): what the __reduce__ of an exhausted iterator gives. */
OuObj *ou_reduce_empty(OuVM *vm);
/* (func_take, (a,)) and (func_take, (a,), state): arguments taken even on failure; NULL ones mean a failed
 * computation. */
OuObj *ou_reduce1_take(OuVM *vm, OuObj *func, OuObj *a);
OuObj *ou_reduce1_state_take(OuVM *vm, OuObj *func, OuObj *a, OuObj *state);
/* New exhausted-safe allocation of an iterator of a builtin type: not tracked yet. */
#define OU_ITER_NEW(vm, Struct, T) ((Struct *)ou_new_gc(vm, OU_T_##T, sizeof(Struct)))

/* iter(callable, sentinel) */
OuObj *ou_callable_iter_new(OuVM *vm, OuObj *callable, OuObj *sentinel);

/* ---- iterators that are a sequence and a place in it: OuSeqIter ---- */

/* New iterator of a builtin type at the start of seq. */
static inline OuObj *ou_seq_iter_new(OuVM *vm, uint32_t type, OuObj *seq)
{
    OuSeqIter *it = (OuSeqIter *)ou_new_gc(vm, type, sizeof *it);
    if (!it)
        return NULL;
    it->i = 0;
    it->seq = ou_ref(seq);
    ou_gc_track(&vm->heap, &it->hdr);
    return &it->hdr;
}
/* Slots. */
void ou_seq_iter_dealloc(OuVM *vm, OuObj *o);
int ou_seq_iter_traverse(OuObj *o, OuVisit visit, void *arg);
/* Lets the sequence go, exhausted for good; NULL without an exception. */
OuObj *ou_seq_iter_finish(OuVM *vm, OuSeqIter *it);
/* __reduce__: iter(seq) and the place; iter(empty_take) when exhausted. */
OuObj *ou_seq_iter_reduce_take(OuVM *vm, OuSeqIter *it, OuObj *empty);
/* __setstate__ over a sequence of n items. */
OuObj *ou_seq_iter_setstate(OuVM *vm, OuSeqIter *it, OuObj *state, size_t n);

/* Rows of an iterator's table of methods. */
#define OU_ITER_HINT_ROW(f)                                                                        \
    {                                                                                              \
        "__length_hint__(self, /)", f, 0, "Private method returning an estimate of len(list(it))." \
    }
#define OU_ITER_REDUCE_ROW(f)                                                 \
    {                                                                         \
        "__reduce__(self, /)", f, 0, "Return state information for pickling." \
    }
#define OU_ITER_SETSTATE_ROW(f)                                                       \
    {                                                                                 \
        "__setstate__(self, state, /)", f, 0, "Set state information for unpickling." \
    }

/* Puts a and b (both taken) into *cache, a 2-tuple, when nobody else holds it, else into a new tuple.  The
 * reused tuple is returned with one more count; what it held is released last (the previous item lives until
 * the next one has been fetched). */
OuObj *ou_pair_take(OuVM *vm, OuObj *a, OuObj *b); /* the "else" */
static inline OuObj *ou_pair_reuse(OuVM *vm, OuObj *cache, OuObj *a, OuObj *b)
{
    OuTuple *t = OU_TUPLE(cache);
    if (__builtin_expect(t->hdr.rc != 1, 0))
        return ou_pair_take(vm, a, b);
    OuObj *old_a = t->items[0], *old_b = t->items[1];
    t->items[0] = a;
    t->items[1] = b;
    t->hdr.rc = 2;
    ou_gc_track(&vm->heap, &t->hdr); /* a collection untracks a tuple of leaves */
    ou_decref(vm, old_a);
    ou_decref(vm, old_b);
    return cache;
}

/* start/stop arguments of index(): __index__, None is not accepted; too large values are clipped. 0/-1 */
int ou_slice_bound(OuVM *vm, OuObj *o, ou_ssize *out);
/* Slice arithmetic without step: negative bounds count from the end, then both are clipped to 0..n. */
static inline void ou_clip_range(ou_ssize n, ou_ssize *start, ou_ssize *stop)
{
    if (*start < 0 && (*start += n) < 0)
        *start = 0;
    if (*stop < 0 && (*stop += n) < 0)
        *stop = 0;
    else if (*stop > n)
        *stop = n;
}

/* Argument of an iterator's __setstate__: an int. 0/-1 */
int ou_state_index(OuVM *vm, OuObj *o, ou_ssize *out);
/* x among the items of any iterable: CONTAINS 1/0/-1; COUNT and INDEX 0/-1 with *out, INDEX raises ValueError
 * if absent. */
enum { OU_SEARCH_CONTAINS, OU_SEARCH_COUNT, OU_SEARCH_INDEX };
int ou_sequence_search(OuVM *vm, OuObj *o, OuObj *x, int what, ou_ssize *out);
/* Supports o[int] as a sequence (not dict)? */
bool ou_is_sequence(OuVM *vm, OuObj *o);
bool ou_has_len(OuVM *vm, OuObj *o);

/* Constructors without keywords refuse them unless a Python subclass has an __init__ of its own. */
static inline bool ou_takes_no_kwargs(OuVM *vm, const OuType *type)
{
    return !(type->flags & OU_TYPE_HEAP) || type->s.init == vm->builtin[OU_T_object].s.init;
}

/* The type of o as a borrowed object. */
#define OU_TYPE_OBJ(vm, o) ((OuObj *)OU_TYPE_OF(vm, o))
/* Name of o's type, for messages. */
#define OU_TYPE_NAME(vm, o) (OU_TYPE_OF(vm, o)->name)

#endif
