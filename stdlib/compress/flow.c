/* stdlib/compress/flow.c - output buffers and waiting input of the compression modules. */
#include "flow.h"

#include <string.h>

int ou_flow_room(OuVM *vm, OuFlowOut *o, size_t *room)
{
    if (o->n == o->limit)
        return 0;
    if (o->n == o->cap) {
        size_t cap = o->cap ? o->cap * 2 : 8192;
        if (cap > o->limit)
            cap = o->limit;
        char *p = o->p ? ou_realloc(vm, o->p, o->cap, cap) : ou_alloc(vm, cap);
        if (!p)
            return -1;
        o->p = p;
        o->cap = cap;
    }
    *room = o->cap - o->n;
    return 1;
}

OuObj *ou_flow_take(OuVM *vm, OuFlowOut *o, bool ok)
{
    OuObj *r = ok ? ou_bytes_new(vm, o->p ? o->p : "", (ou_ssize)o->n) : NULL;
    if (o->p)
        ou_free(vm, o->p, o->cap);
    o->p = NULL;
    return r;
}

int ou_flow_begin(OuVM *vm, OuFlowIn *in, OuObj *data)
{
    size_t waiting = in->kept ? OU_BYTES(in->kept)->len - in->at : 0;
    if (ou_buffer_get(vm, data, &in->view, OU_BUF_SIMPLE) < 0)
        return -1;
    if (waiting && in->view.len) {
        OuObj *all = ou_bytes_new(vm, NULL, (ou_ssize)waiting + in->view.len);
        if (!all) {
            ou_buffer_release(vm, &in->view);
            return -1;
        }
        memcpy(OU_BYTES(all)->data, OU_BYTES(in->kept)->data + in->at, waiting);
        memcpy(OU_BYTES(all)->data + waiting, in->view.buf, (size_t)in->view.len);
        ou_decref(vm, in->kept);
        in->kept = all;
        in->at = 0;
        waiting = OU_BYTES(all)->len;
    }
    in->own = waiting > 0;
    in->p = in->own ? OU_BYTES(in->kept)->data + in->at : in->view.buf;
    in->n = in->own ? waiting : (size_t)in->view.len;
    return 0;
}

int ou_flow_end(OuVM *vm, OuFlowIn *in, size_t left, bool keep, OuObj **rest)
{
    int r = 0;
    const char *from = in->p + (in->n - left);
    if (left && rest && !(*rest = ou_bytes_new(vm, from, (ou_ssize)left)))
        r = -1;
    if (!keep || !left) {
        ou_clear(vm, in->kept);
        in->at = 0;
    } else if (in->own) {
        in->at = OU_BYTES(in->kept)->len - left;
    } else {
        ou_clear(vm, in->kept);
        in->at = 0;
        if (!(in->kept = ou_bytes_new(vm, from, (ou_ssize)left)))
            r = -1;
    }
    ou_buffer_release(vm, &in->view);
    return r;
}

void ou_flow_clear(OuVM *vm, OuFlowIn *in)
{
    ou_clear(vm, in->kept);
}

void *ou_flow_malloc(OuVM *vm, size_t items, size_t size)
{
    size_t n;
    if (__builtin_mul_overflow(items, size, &n) || n > SIZE_MAX - 16)
        return NULL;
    n += 16;
    char *p = ou_mem_alloc(ou_heap_mem(&vm->heap), n);
    if (!p)
        return NULL;
    memcpy(p, &n, sizeof n);
    return p + 16;
}

void ou_flow_free(OuVM *vm, void *address)
{
    if (!address)
        return;
    char *p = (char *)address - 16;
    size_t n;
    memcpy(&n, p, sizeof n);
    ou_mem_free(ou_heap_mem(&vm->heap), p, n);
}
