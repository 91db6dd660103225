/* stdlib/pickle/buffer.c - PickleBuffer (PEP 574): a buffer that may be pickled out of band. */
#include "pickle.h"
#include "vm/memoryview.h"

typedef struct Wrapped {
    OuObj hdr;
    OuBuffer view; /* view.obj NULL: released */
} Wrapped;
#define WRAPPED(o) ((Wrapped *)(o))

static OuObj *buffer_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, "PickleBuffer", kwnames) < 0)
        return NULL;
    if (nargs != 1)
        return ou_type_error(vm, "PickleBuffer() takes exactly 1 argument (%zu given)", nargs);
    Wrapped *b = (Wrapped *)ou_type_alloc(vm, type, 0);
    if (b && ou_buffer_get(vm, args[0], &b->view, OU_BUF_FULL & ~OU_BUF_WRITABLE) < 0) {
        b->view.obj = NULL;
        ou_clear(vm, b);
    }
    return (OuObj *)b;
}

static void buffer_clear(OuVM *vm, OuObj *o)
{
    if (WRAPPED(o)->view.obj)
        ou_buffer_release(vm, &WRAPPED(o)->view);
    WRAPPED(o)->view.obj = NULL;
}

static void buffer_dealloc(OuVM *vm, OuObj *o)
{
    buffer_clear(vm, o);
    ou_free_object(vm, o);
}

static int buffer_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(WRAPPED(o)->view.obj);
    return 0;
}

static int buffer_get(OuVM *vm, OuObj *o, OuBuffer *view, int flags)
{
    if (!WRAPPED(o)->view.obj)
        return ou_value_error_i(vm, "operation forbidden on released PickleBuffer object");
    return ou_buffer_get(vm, WRAPPED(o)->view.obj, view, flags);
}

static OuObj *m_raw(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Wrapped *b = WRAPPED(args[0]);
    if (!b->view.obj)
        return ou_value_error(vm, "operation forbidden on released PickleBuffer object");
    if (b->view.suboffsets || !ou_buffer_contiguous(&b->view, 'A'))
        return ou_raise(vm, OU_EXC(vm, BufferError), "cannot extract raw buffer from non-contiguous buffer");
    OuObj *m = ou_memoryview_new(vm, args[0]);
    if (!m)
        return NULL;
    ou_ssize len = b->view.len, one = 1;
    OuBuffer flat = OU_MEMORY(m)->view;
    flat.ndim = 1;
    flat.itemsize = 1;
    flat.format = "B";
    flat.shape = &len;
    flat.strides = &one;
    flat.suboffsets = NULL;
    OuObj *r = ou_memory_derive(vm, OU_MEMORY(m), &flat);
    ou_decref(vm, m);
    return r;
}

static OuObj *m_release(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    buffer_clear(vm, args[0]);
    return ou_none(vm);
}

static const OuFn methods[] = {
    {"raw(self, /)", m_raw, 0, "Return a memoryview of the raw memory underlying this buffer."},
    {"release(self, /)", m_release, 0, "Release the underlying buffer."},
    {0},
};
const OuTypeSpec ou_pickle_buffer_spec = {
    .name = "pickle.PickleBuffer",
    .size = sizeof(Wrapped),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_WEAK,
    .doc = "Wrapper for potentially out-of-band buffers",
    .dealloc = buffer_dealloc,
    .traverse = buffer_traverse,
    .clear = buffer_clear,
    .s = {.new_ = buffer_new, .getbuffer = buffer_get},
    .methods = methods,
};
