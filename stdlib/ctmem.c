/* stdlib/ctmem.c - module _ctmem: raw memory and foreign calls, on which the ctypes inside the binary stands.
 *
 * Calls need no libffi: in the System V convention of x86-64 the first six integers and the first eight
 * doubles travel in registers, whatever their order, and further integers on the stack; a call through a
 * variadic prototype fills all of them, and a callee takes what it declared. */
#include "vm/buffer.h"
#include "vm/native.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>

enum { MAX_INTS = 16, MAX_DOUBLES = 8 };

static int address(OuVM *vm, OuObj *o, uint64_t *out)
{
    return ou_as_u64(vm, o, out);
}

static OuObj *peek(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    uint64_t at;
    ou_ssize n;
    if (address(vm, args[0], &at) < 0 || ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &n) < 0)
        return NULL;
    if (!at)
        return ou_value_error(vm, "NULL pointer access");
    return ou_bytes_new(vm, (const char *)(uintptr_t)at, n);
}

static OuObj *poke(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    uint64_t at;
    if (address(vm, args[0], &at) < 0)
        return NULL;
    if (!at)
        return ou_value_error(vm, "NULL pointer access");
    if (!ou_isa_bytes(vm, args[1]))
        return ou_type_error(vm, "bytes expected");
    memmove((void *)(uintptr_t)at, OU_BYTES(args[1])->data, OU_BYTES(args[1])->len);
    return ou_none(vm);
}

static OuObj *string_length(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    uint64_t at;
    if (address(vm, args[0], &at) < 0)
        return NULL;
    if (!at)
        return ou_value_error(vm, "NULL pointer access");
    return ou_int(vm, (int64_t)strlen((const char *)(uintptr_t)at));
}

/* Address of the data of an object with a buffer. */
static OuObj *data_address(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_isa_bytes(vm, args[0]))
        return ou_int_u64(vm, (uintptr_t)OU_BYTES(args[0])->data);
    if (ou_isa(vm, args[0], bytearray))
        return ou_int_u64(vm, (uintptr_t)((OuByteArray *)args[0])->start);
    OuBuffer view;
    if (ou_buffer_get(vm, args[0], &view, 0) < 0)
        return NULL;
    uintptr_t at = (uintptr_t)view.buf; /* the caller keeps a view open, so it stays there */
    ou_buffer_release(vm, &view);
    return ou_int_u64(vm, at);
}

/* The object at an address, as its id tells it. */
static OuObj *object_at(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    uint64_t at;
    if (address(vm, args[0], &at) < 0)
        return NULL;
    OuObj *o = (OuObj *)(uintptr_t)at;
    if (!o)
        return ou_value_error(vm, "PyObject is NULL");
    return ou_ref(o);
}

/* The count of the object that begins at an address, or None: count and type share the first eight bytes of
 * an object, but who reads a long there means the count. */
static OuObj *count_at(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    uint64_t at;
    if (address(vm, args[0], &at) < 0)
        return NULL;
    const OuObj *o = (const OuObj *)(uintptr_t)at;
    if (at >= (uintptr_t)vm && at < (uintptr_t)(vm + 1))
        return ou_int(vm, o->rc);
    for (OuRegion *r = vm->heap.mem.regions; r; r = r->next) {
        if (ou_region_of(o) != r)
            continue;
        OuPage *pg = ou_mem_page(o);
        const char *p = (const char *)o;
        if (p >= pg->start && p < pg->bump && (p - pg->start) % (ptrdiff_t)pg->size == 0 && o->rc &&
            o->rc < 1u << 30 && ou_type_index(o) && ou_type_index(o) < vm->heap.ntypes &&
            vm->heap.types[ou_type_index(o)])
            return ou_int(vm, o->rc);
    }
    for (int l = 0; l < OU_SPANS_LISTS; l++)
        for (OuHeapSpan *s = vm->heap.spans[l].next; s != &vm->heap.spans[l]; s = s->next)
            if (ou_span_obj(s) == o)
                return ou_int(vm, o->rc);
    return ou_none(vm);
}

static OuObj *open_library(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuUtf8 u = {0};
    int mode;
    if (ou_as_int(vm, args[1], &mode) < 0)
        return NULL;
    if (args[0] != OU_NONE(vm) && ou_str_utf8(vm, args[0], &u, true) < 0)
        return NULL;
    void *h = dlopen(args[0] == OU_NONE(vm) ? NULL : u.s, mode | RTLD_NOW);
    ou_utf8_free(vm, &u);
    if (!h)
        return ou_raise(vm, OU_EXC(vm, OSError), "%s", dlerror());
    return ou_int_u64(vm, (uintptr_t)h);
}

static OuObj *find_symbol(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    uint64_t h;
    OuUtf8 u;
    if (address(vm, args[0], &h) < 0 || ou_str_utf8(vm, args[1], &u, true) < 0)
        return NULL;
    void *p = dlsym((void *)(uintptr_t)h, u.s);
    ou_utf8_free(vm, &u);
    return p ? ou_int_u64(vm, (uintptr_t)p) : ou_none(vm);
}

/* call(address, ints, doubles, kind): kind 0 integer result, 1 double, 2 float. */
static OuObj *call(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    uint64_t fn;
    int kind;
    long i[MAX_INTS] = {0};
    double d[MAX_DOUBLES] = {0};
    if (address(vm, args[0], &fn) < 0 || ou_as_int(vm, args[3], &kind) < 0)
        return NULL;
    if (!ou_is(args[1], list) || !ou_is(args[2], list))
        return ou_type_error(vm, "lists expected");
    if (OU_LIST(args[1])->n > MAX_INTS || OU_LIST(args[2])->n > MAX_DOUBLES)
        return ou_type_error(vm, "too many arguments for a foreign function");
    for (size_t k = 0; k < OU_LIST(args[1])->n; k++) {
        uint64_t v;
        if (address(vm, OU_LIST(args[1])->items[k], &v) < 0)
            return NULL;
        i[k] = (long)v;
    }
    for (size_t k = 0; k < OU_LIST(args[2])->n; k++) {
        uint64_t v; /* the bits, so that a float keeps its own */
        if (address(vm, OU_LIST(args[2])->items[k], &v) < 0)
            return NULL;
        memcpy(&d[k], &v, sizeof v);
    }
#define ARGS                                                                                              \
    i[0], i[1], i[2], i[3], i[4], i[5], d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7], i[6], i[7], i[8], \
        i[9], i[10], i[11], i[12], i[13], i[14], i[15]
    if (kind == 1)
        return ou_float(vm, ((double (*)(long, ...))(uintptr_t)fn)(ARGS));
    if (kind == 2) {
        double r = ((double (*)(long, ...))(uintptr_t)fn)(ARGS);
        float f;
        memcpy(&f, &r, sizeof f);
        return ou_float(vm, (double)f);
    }
    return ou_int(vm, ((long (*)(long, ...))(uintptr_t)fn)(ARGS));
}

static OuObj *get_errno(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_int(vm, errno);
}

static const OuFn functions[] = {
    {"peek(address, size, /)", peek, 0, "The bytes at an address."},
    {"poke(address, data, /)", poke, 0, "Writes bytes to an address."},
    {"string_length(address, /)", string_length, 0, "strlen."},
    {"data_address(buffer, /)", data_address, 0, "Where the data of bytes or a bytearray lies."},
    {"object_at(address, /)", object_at, 0, "The object whose id is given."},
    {"count_at(address, /)", count_at, 0,
     "The reference count of the object at an address, None if there is none."},
    {"open_library(name, mode, /)", open_library, 0, "dlopen."},
    {"find_symbol(handle, name, /)", find_symbol, 0, "dlsym, or None."},
    {"call(address, ints, doubles, kind, /)", call, 0, "Calls a C function."},
    {"get_errno()", get_errno, 0, "errno."},
    {0},
};

const OuModuleDef ou_mod_ctmem = {
    .name = "_ctmem",
    .doc = "Raw memory and foreign calls.",
    .functions = functions,
};
