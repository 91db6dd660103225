/* vm/text/bytes_iter.c - bytes_iterator and bytearray_iterator. */
#include "bytes.h"

typedef struct OuBytesIter {
    OuObj hdr;
    ou_ssize i;
    OuObj *o; /* NULL: exhausted */
} OuBytesIter;

OuObj *ou_bytes_iter(OuVM *vm, OuObj *o)
{
    OuBytesIter *it =
        (OuBytesIter *)ou_new_gc(vm, ou_isa_bytes(vm, o) ? OU_T_bytes_iter : OU_T_bytearray_iter, sizeof *it);
    if (!it)
        return NULL;
    it->i = 0;
    it->o = ou_ref(o);
    ou_gc_track(&vm->heap, &it->hdr);
    return &it->hdr;
}

static void iter_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    ou_xdecref(vm, ((OuBytesIter *)o)->o);
    ou_free_object(vm, o);
}

static int iter_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((OuBytesIter *)o)->o);
    return 0;
}

static OuObj *iter_next(OuVM *vm, OuObj *o)
{
    OuBytesIter *it = (OuBytesIter *)o;
    if (!it->o)
        return NULL;
    OuChars t = ou_text_of_bytes(vm, it->o);
    if (it->i < t.n)
        return ou_int(vm, ((const unsigned char *)t.p)[it->i++]);
    ou_clear(vm, it->o);
    return NULL;
}

OU_M(length_hint)
{
    OuBytesIter *it = (OuBytesIter *)args[0];
    ou_ssize n = it->o ? ou_text_of_bytes(vm, it->o).n - it->i : 0;
    return ou_int(vm, n < 0 ? 0 : n);
}

OU_M(reduce)
{
    OuBytesIter *it = (OuBytesIter *)args[0];
    OuObj *f = ou_import_attr(vm, "builtins", "iter"), *r = NULL;
    if (!f)
        return NULL;
    OuObj *of = ou_ref(it->o ? it->o : OU_EMPTY_TUPLE(vm));
    OuObj *inner = of ? ou_tuple_pack(vm, 1, of) : NULL, *i = it->o ? ou_int(vm, it->i) : NULL;
    if (inner && (i || !it->o))
        r = it->o ? ou_tuple_pack(vm, 3, f, inner, i) : ou_tuple_pack(vm, 2, f, inner);
    ou_decref(vm, f);
    ou_xdecref(vm, of);
    ou_xdecref(vm, inner);
    ou_xdecref(vm, i);
    return r;
}

OU_M(setstate)
{
    OuBytesIter *it = (OuBytesIter *)args[0];
    ou_ssize i;
    if (ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &i) < 0)
        return NULL;
    if (it->o) {
        ou_ssize n = ou_text_of_bytes(vm, it->o).n;
        it->i = i < 0 ? 0 : i > n ? n : i;
    }
    return ou_none(vm);
}

static const OuFn iter_methods[] = {
    {"__length_hint__(self, /)", length_hint, 0, "Private method returning an estimate of len(list(it))."},
    {"__reduce__(self, /)", reduce, 0, "Return state information for pickling."},
    {"__setstate__(self, state, /)", setstate, 0, "Set state information for unpickling."},
    {0},
};

#define ITER_SPEC(title)                                                                                   \
    {                                                                                                      \
        .name = title, .size = sizeof(OuBytesIter),                                                        \
        .flags = OU_TYPE_GC | OU_TYPE_IMMUTABLE | OU_TYPE_NO_NEW, .dealloc = iter_dealloc,                 \
        .traverse = iter_traverse, .s = {.iter = ou_self_iter, .next = iter_next}, .methods = iter_methods \
    }
const OuTypeSpec ou_bytes_iter_spec = ITER_SPEC("bytes_iterator");
const OuTypeSpec ou_bytearray_iter_spec = ITER_SPEC("bytearray_iterator");
