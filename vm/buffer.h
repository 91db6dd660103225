/* vm/buffer.h - the buffer protocol (PEP 3118). */
#ifndef OU_VM_BUFFER_H
#define OU_VM_BUFFER_H

#include "vm.h"

#define OU_BUF_MAX_NDIM 64
struct OuBuffer {
    void *buf;
    OuObj *obj; /* exporter, owned; NULL once released */
    ou_ssize len, itemsize;
    bool readonly;
    int ndim;
    const char *format; /* NULL means "B" */
    ou_ssize *shape, *strides, *suboffsets;
    void *internal; /* of the exporter */
    ou_ssize smalltable[2];
};
enum {
    OU_BUF_SIMPLE = 0,
    OU_BUF_WRITABLE = 1,
    OU_BUF_FORMAT = 4,
    OU_BUF_ND = 8,
    OU_BUF_STRIDES = 0x18,
    OU_BUF_INDIRECT = 0x118,
    OU_BUF_FULL = 0x11d
};
/* TypeError "a bytes-like object is required, not 'X'" if o exports none. 0/-1 */
int ou_buffer_get(OuVM *vm, OuObj *o, OuBuffer *view, int flags);
void ou_buffer_release(OuVM *vm, OuBuffer *view);
/* For simple exporters: fills a one-dimensional view of bytes. */
int ou_buffer_fill(OuVM *vm, OuBuffer *view, OuObj *exporter, void *buf, ou_ssize len, bool readonly,
                   int flags);
/* order 'C', 'F', or 'A' (either). */
bool ou_buffer_contiguous(const OuBuffer *v, char order);
/* All items into out (view->len bytes) in C or Fortran order ('A': as they are, C unless Fortran-contiguous). */
int ou_buffer_copy_out(OuVM *vm, const OuBuffer *v, void *out, char order);
bool ou_has_buffer(OuVM *vm, OuObj *o);
OuObj *ou_memoryview_new(OuVM *vm, OuObj *exporter);

#endif
