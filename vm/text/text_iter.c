/* vm/text/text_iter.c - iterators of str, bytes and bytearray.  str has two: one for ASCII strings, as in CPython. */
#include "bytes.h"
#include "str_methods.h"

#include "../iterobj.h"

OuObj *ou_str_iter(OuVM *vm, OuObj *s)
{
    return ou_seq_iter_new(vm, OU_STR(s)->ascii ? OU_T_str_ascii_iter : OU_T_str_iter, s);
}

OuObj *ou_bytes_iter(OuVM *vm, OuObj *o)
{
    return ou_seq_iter_new(vm, ou_isa_bytes(vm, o) ? OU_T_bytes_iter : OU_T_bytearray_iter, o);
}

static OuObj *str_next(OuVM *vm, OuObj *o)
{
    OuSeqIter *it = (OuSeqIter *)o;
    if (!it->seq)
        return NULL;
    if ((ou_ssize)it->i < ou_str_len(it->seq))
        return ou_str_char(vm, ou_str_at(OU_STR(it->seq), (ou_ssize)it->i++));
    return ou_seq_iter_finish(vm, it);
}

static OuObj *bytes_next(OuVM *vm, OuObj *o)
{
    OuSeqIter *it = (OuSeqIter *)o;
    if (!it->seq)
        return NULL;
    OuChars t = ou_text_of_bytes(vm, it->seq);
    if ((ou_ssize)it->i < t.n)
        return ou_int(vm, ((const unsigned char *)t.p)[it->i++]);
    return ou_seq_iter_finish(vm, it);
}

static size_t length(OuVM *vm, const OuSeqIter *it)
{
    return !it->seq
               ? 0
               : (size_t)(ou_isa_str(vm, it->seq) ? ou_str_len(it->seq) : ou_text_of_bytes(vm, it->seq).n);
}

OU_M(length_hint)
{
    OuSeqIter *it = (OuSeqIter *)args[0];
    size_t n = length(vm, it);
    return ou_int_u64(vm, n > it->i ? n - it->i : 0); /* a bytearray may have shrunk */
}

OU_M(reduce)
{
    bool str = ou_is(args[0], str_iter) || ou_is(args[0], str_ascii_iter);
    return ou_seq_iter_reduce_take(vm, (OuSeqIter *)args[0],
                                   ou_ref(str ? OU_EMPTY_STR(vm) : OU_EMPTY_TUPLE(vm)));
}

OU_M(setstate)
{
    OuSeqIter *it = (OuSeqIter *)args[0];
    return ou_seq_iter_setstate(vm, it, args[1], length(vm, it));
}

static const OuFn iter_methods[] = {
    OU_ITER_HINT_ROW(length_hint),
    OU_ITER_REDUCE_ROW(reduce),
    OU_ITER_SETSTATE_ROW(setstate),
    {0},
};

#define TEXT_ITER(var, pyname, nextfn)                            \
    const OuTypeSpec var = {                                      \
        .name = pyname,                                           \
        .size = sizeof(OuSeqIter),                                \
        .flags = OU_TYPE_GC | OU_TYPE_IMMUTABLE | OU_TYPE_NO_NEW, \
        .dealloc = ou_seq_iter_dealloc,                           \
        .traverse = ou_seq_iter_traverse,                         \
        .s = {.iter = ou_self_iter, .next = nextfn},              \
        .methods = iter_methods,                                  \
    }
TEXT_ITER(ou_str_iter_spec, "str_iterator", str_next);
TEXT_ITER(ou_str_ascii_iter_spec, "str_ascii_iterator", str_next);
TEXT_ITER(ou_bytes_iter_spec, "bytes_iterator", bytes_next);
TEXT_ITER(ou_bytearray_iter_spec, "bytearray_iterator", bytes_next);
