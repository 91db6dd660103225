/* vm/buffer.c - the buffer protocol: asking, releasing, simple exporters, copying out. */
#include "buffer.h"

#include <string.h>

bool ou_has_buffer(OuVM *vm, OuObj *o)
{
    return OU_TYPE_OF(vm, o)->u->getbuffer != NULL;
}

int ou_buffer_get(OuVM *vm, OuObj *o, OuBuffer *view, int flags)
{
    OuType *t = OU_TYPE_OF(vm, o);
    view->obj = NULL;
    if (!t->u->getbuffer)
        return ou_type_error_i(vm, "a bytes-like object is required, not '%T'", o);
    return t->u->getbuffer(vm, o, view, flags);
}

void ou_buffer_release(OuVM *vm, OuBuffer *view)
{
    OuObj *o = view->obj;
    if (!o)
        return;
    OuType *t = OU_TYPE_OF(vm, o);
    if (t->u->releasebuffer)
        t->u->releasebuffer(vm, o, view);
    view->obj = NULL;
    ou_decref(vm, o);
}

int ou_buffer_fill(OuVM *vm, OuBuffer *view, OuObj *exporter, void *buf, ou_ssize len, bool readonly,
                   int flags)
{
    if ((flags & OU_BUF_WRITABLE) && readonly)
        return ou_raise_i(vm, OU_EXC(vm, BufferError), "Object is not writable.");
    *view = (OuBuffer){
        .buf = buf, .obj = ou_ref(exporter), .len = len, .itemsize = 1, .readonly = readonly, .ndim = 1};
    view->format = flags & OU_BUF_FORMAT ? "B" : NULL;
    view->smalltable[0] = len;
    view->smalltable[1] = 1;
    view->shape = flags & OU_BUF_ND ? &view->smalltable[0] : NULL;
    view->strides = (flags & OU_BUF_STRIDES) == OU_BUF_STRIDES ? &view->smalltable[1] : NULL;
    return 0;
}

bool ou_buffer_contiguous(const OuBuffer *v, char order)
{
    if (v->suboffsets)
        return false;
    if (v->len == 0 || !v->strides)
        return v->len == 0 || order != 'F' || v->ndim <= 1;
    bool c = true, f = true;
    ou_ssize size = v->itemsize;
    for (int i = v->ndim - 1; i >= 0; i--) {
        if (v->shape[i] > 1 && v->strides[i] != size)
            c = false;
        size *= v->shape[i];
    }
    size = v->itemsize;
    for (int i = 0; i < v->ndim; i++) {
        if (v->shape[i] > 1 && v->strides[i] != size)
            f = false;
        size *= v->shape[i];
    }
    return order == 'C' ? c : order == 'F' ? f : c || f;
}

static void copy_dim(const OuBuffer *v, int dim, const char *src, char **out)
{
    if (dim == v->ndim) {
        memcpy(*out, src, (size_t)v->itemsize);
        *out += v->itemsize;
        return;
    }
    for (ou_ssize i = 0; i < v->shape[dim]; i++, src += v->strides[dim]) {
        const char *p = src;
        if (v->suboffsets && v->suboffsets[dim] >= 0)
            p = *(char *const *)p + v->suboffsets[dim];
        copy_dim(v, dim + 1, p, out);
    }
}

/* Items in Fortran order: the first index runs fastest. */
static void copy_fortran(const OuBuffer *v, char *out)
{
    ou_ssize at[OU_BUF_MAX_NDIM] = {0}, total = v->itemsize ? v->len / v->itemsize : 0;
    for (ou_ssize k = 0; k < total; k++) {
        const char *p = v->buf;
        for (int d = 0; d < v->ndim; d++) {
            p += at[d] * v->strides[d];
            if (v->suboffsets && v->suboffsets[d] >= 0)
                p = *(char *const *)p + v->suboffsets[d];
        }
        memcpy(out, p, (size_t)v->itemsize);
        out += v->itemsize;
        for (int d = 0; d < v->ndim && ++at[d] == v->shape[d]; d++)
            at[d] = 0;
    }
}

int ou_buffer_copy_out(OuVM *vm, const OuBuffer *v, void *out, char order)
{
    char *p = out;
    if (order == 'A')
        order = ou_buffer_contiguous(v, 'F') && !ou_buffer_contiguous(v, 'C') ? 'F' : 'C';
    if (v->len == 0)
        return 0;
    if (!v->shape || !v->strides || ou_buffer_contiguous(v, order))
        memcpy(out, v->buf, (size_t)v->len);
    else if (order == 'F')
        copy_fortran(v, p);
    else
        copy_dim(v, 0, v->buf, &p);
    return 0;
}
