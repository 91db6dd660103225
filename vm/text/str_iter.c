/* vm/text/str_iter.c - iterators of str: one type for ASCII strings (only cached characters), one for the
 * rest. */
#include "text.h"
#include "str_methods.h"

typedef struct OuStrIter {
    OuObj hdr;
    ou_ssize i;
    OuObj *s; /* NULL: exhausted */
} OuStrIter;

OuObj *ou_str_iter(OuVM *vm, OuObj *s)
{
    OuStrIter *it =
        (OuStrIter *)ou_new_gc(vm, OU_STR(s)->ascii ? OU_T_str_ascii_iter : OU_T_str_iter, sizeof *it);
    if (!it)
        return NULL;
    it->i = 0;
    it->s = ou_ref(s);
    ou_gc_track(&vm->heap, &it->hdr);
    return &it->hdr;
}

static void iter_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    ou_xdecref(vm, ((OuStrIter *)o)->s);
    ou_free_object(vm, o);
}

static int iter_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((OuStrIter *)o)->s);
    return 0;
}

static OuObj *iter_next(OuVM *vm, OuObj *o)
{
    OuStrIter *it = (OuStrIter *)o;
    if (!it->s)
        return NULL;
    if (it->i < ou_str_len(it->s))
        return ou_str_char(vm, ou_str_at(OU_STR(it->s), it->i++));
    ou_clear(vm, it->s);
    return NULL;
}

OU_M(length_hint)
{
    OuStrIter *it = (OuStrIter *)args[0];
    return ou_int(vm, it->s ? ou_str_len(it->s) - it->i : 0);
}

OU_M(reduce)
{
    OuStrIter *it = (OuStrIter *)args[0];
    OuObj *f = ou_import_attr(vm, "builtins", "iter"), *r = NULL;
    if (!f)
        return NULL;
    OuObj *inner = ou_tuple_pack(vm, 1, it->s ? it->s : OU_EMPTY_STR(vm)),
          *i = it->s ? ou_int(vm, it->i) : NULL;
    if (inner && (i || !it->s))
        r = it->s ? ou_tuple_pack(vm, 3, f, inner, i) : ou_tuple_pack(vm, 2, f, inner);
    ou_decref(vm, f);
    ou_xdecref(vm, inner);
    ou_xdecref(vm, i);
    return r;
}

OU_M(setstate)
{
    OuStrIter *it = (OuStrIter *)args[0];
    ou_ssize i;
    if (ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &i) < 0)
        return NULL;
    if (it->s)
        it->i = i < 0 ? 0 : i > ou_str_len(it->s) ? ou_str_len(it->s) : i;
    return ou_none(vm);
}

static const OuFn iter_methods[] = {
    {"__length_hint__(self, /)", length_hint, 0, "Private method returning an estimate of len(list(it))."},
    {"__reduce__(self, /)", reduce, 0, "Return state information for pickling."},
    {"__setstate__(self, state, /)", setstate, 0, "Set state information for unpickling."},
    {0},
};

#define ITER_SPEC(title)                                                                                    \
    {                                                                                                       \
        .name = title, .size = sizeof(OuStrIter), .flags = OU_TYPE_GC | OU_TYPE_IMMUTABLE | OU_TYPE_NO_NEW, \
        .dealloc = iter_dealloc, .traverse = iter_traverse, .s = {.iter = ou_self_iter, .next = iter_next}, \
        .methods = iter_methods                                                                             \
    }
const OuTypeSpec ou_str_iter_spec = ITER_SPEC("str_iterator");
const OuTypeSpec ou_str_ascii_iter_spec = ITER_SPEC("str_ascii_iterator");
