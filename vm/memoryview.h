/* vm/memoryview.h - memoryview: a view of somebody's buffer, shared by its slices and casts. */
#ifndef OU_VM_MEMORYVIEW_H
#define OU_VM_MEMORYVIEW_H

#include "buffer.h"
#include "native.h"

/* One request to an exporter: an object, so that the collector sees who owns the exporter.  The views made from it own
 * one count each; the last of them that is released gives the buffer back, whoever else still holds the object. */
typedef struct OuManagedBuf {
    OuObj hdr;
    uint32_t users;
    OuBuffer master;
} OuManagedBuf;

typedef struct OuMemory {
    OuObj hdr;
    int64_t hash;     /* -1: not computed */
    OuManagedBuf *mb; /* NULL: released */
    OuBuffer view;    /* view.obj is unused; shape, strides, suboffsets point to dims */
    uint32_t exports;
    bool restricted; /* toreadonly */
    ou_ssize *dims;  /* 3 * ndim values; small or allocated */
    ou_ssize small[3];
} OuMemory;
#define OU_MEMORY(o) ((OuMemory *)(o))

/* A view like `like` (its dimensions copied) on the same managed buffer; new. */
OuObj *ou_memory_derive(OuVM *vm, OuMemory *m, const OuBuffer *like);
int ou_memory_check(OuVM *vm, OuMemory *m); /* ValueError on a released view */
/* vm/memoryview_item.c.  Single-character native format (optional '@'): its size, or 0. */
ou_ssize ou_memory_native_size(const char *format, char *code);
const char *ou_memory_native_format(const char *format); /* static text of it, or NULL */
/* NotImplementedError: items of that format are no single native values.  NULL */
void *ou_memory_unsupported(OuVM *vm, const char *format);
OuObj *ou_memory_unpack(OuVM *vm, const char *format, const char *p, ou_ssize itemsize);
int ou_memory_pack(OuVM *vm, const char *format, char *p, OuObj *value);
OuObj *ou_memory_unpack_any(OuVM *vm, const char *format, const char *p,
                            ou_ssize itemsize); /* struct formats, too */
/* New list of n items at p, stride bytes apart. */
OuObj *ou_memory_list(OuVM *vm, const OuBuffer *v, const char *p, ou_ssize n, ou_ssize stride);
OuObj *ou_memory_cast(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_memory_compare(OuVM *vm, OuObj *a, OuObj *b, int op);

/* Contiguous as a memoryview says it: an empty one with a step is not, unlike in ou_buffer_contiguous. */
bool ou_memory_contiguous(const OuBuffer *v, char order);

#endif
