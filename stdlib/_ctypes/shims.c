/* stdlib/_ctypes/shims.c - C functions of our own that scripts call by address: what cast(), memmove(), memset(), string_at() and
 * wstring_at() stand on, and the functions of CPython's C interface that are used through ctypes.pythonapi.  A call passes the VM as
 * first argument (CtFunc.shim).  They raise as natives do; counts given away ("new") are those of CPython's functions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "stdlib/version.h"
#include "ctypes.h"
#include "vm/gcstate.h"
#include "vm/threads.h"

/* ---- helpers of the package ---- */

static void *move(OuVM *vm, void *to, const void *from, size_t n)
{
    return memmove(to, from, n);
}
static void *fill(OuVM *vm, void *to, int c, size_t n)
{
    return memset(to, c, n);
}
static int audit_at(OuVM *vm, const char *event, const void *p, int n)
{
    OuObj *address = ou_int_u64(vm, (uintptr_t)p), *size = address ? ou_int(vm, n) : NULL;
    int r = size ? ou_ct_audit(vm, event, 2, address, size) : -1;
    ou_xdecref(vm, address);
    ou_xdecref(vm, size);
    return r;
}
static OuObj *string_at(OuVM *vm, const char *s, int n)
{
    if (!s && n) /* CPython crashes */
        return ou_value_error(vm, "NULL pointer access");
    if (audit_at(vm, "ctypes.string_at", s, n) < 0)
        return NULL;
    return ou_bytes_new(vm, s, n == -1 ? (ou_ssize)strlen(s) : n);
}
static OuObj *wstring_at(OuVM *vm, const wchar_t *s, int n)
{
    if (!s && n)
        return ou_value_error(vm, "NULL pointer access");
    if (audit_at(vm, "ctypes.wstring_at", s, n) < 0)
        return NULL;
    ou_ssize len = n == -1 ? (ou_ssize)wcslen(s) : n;
    for (ou_ssize i = 0; i < len; i++)
        if ((uint32_t)s[i] > 0x10ffff)
            return ou_value_error(vm, "character U+%x is not in range [U+0000; U+10ffff]", (unsigned)s[i]);
    return ou_str_from_ucs(vm, s, 4, len);
}

/* cast(): the result shares what the source keeps alive, and keeps the source. */
static OuObj *cast(OuVM *vm, void *p, OuObj *src, OuObj *type)
{
    CtInfo *info = ou_ct_info(vm, type);
    bool fits = info && (info->kind == CT_POINTER || info->kind == CT_FUNC ||
                         (info->kind == CT_SIMPLE && strchr("sPzUZXO", info->code)));
    if (!fits)
        return ou_type_error(vm, "cast() argument 2 must be a pointer type, not %s",
                             ou_isa_type(vm, type) ? OU_AS_TYPE(type)->name : OU_TYPE_OF(vm, type)->name);
    OuObj *o = ou_call0(vm, type);
    if (!o)
        return NULL;
    CData *d = CDATA(o);
    /* The casted object keeps all references of the source, and the source itself.  Both share one dict. */
    if (ou_ct_is_data(vm, src)) {
        CData *s = CDATA(src);
        OuObj *kept = ou_ct_kept(vm, s);
        if (!kept)
            goto fail;
        if (kept == OU_NONE(vm) || !ou_is(kept, dict)) {
            while (s->base)
                s = s->base;
            OuObj *fresh = ou_dict_new(vm);
            if (!fresh)
                goto fail;
            if (kept != OU_NONE(vm) && ou_dict_set_s(vm, fresh, "0", kept) < 0) {
                ou_decref(vm, fresh);
                goto fail;
            }
            s->objects = fresh;
            ou_decref(vm, kept);
        } else {
            while (s->base)
                s = s->base;
        }
        OuObj *old = d->objects;
        d->objects = ou_ref(s->objects);
        ou_xdecref(vm, old);
        OuObj *key = ou_id(vm, src);
        int r = key ? ou_dict_set(vm, d->objects, key, src) : -1;
        ou_xdecref(vm, key);
        if (r < 0)
            goto fail;
    }
    memcpy(d->ptr, &p, sizeof p);
    return o;
fail:
    ou_decref(vm, o);
    return NULL;
}

/* ---- ctypes.pythonapi ---- */

static void inc_ref(OuVM *vm, OuObj *o)
{
    if (o)
        ou_incref(o);
}
static void dec_ref(OuVM *vm, OuObj *o)
{
    if (o)
        ou_decref(vm, o);
}
/* Raises exc (a class, or NULL: takes it back) in the thread of that id: the number of threads found. */
static int set_async_exc(OuVM *vm, unsigned long id, OuObj *exc)
{
    for (OuThread *t = vm->main_ts; t; t = t->next) {
        if (t->id != id)
            continue;
        OuObj *old = t->async_exc;
        t->async_exc = exc ? ou_ref(exc) : NULL;
        if (exc)
            __atomic_or_fetch(&vm->breaker, OU_BREAK_ASYNC, __ATOMIC_RELEASE);
        ou_xdecref(vm, old);
        return 1;
    }
    return 0;
}
static OuObj *object_repr(OuVM *vm, OuObj *o)
{
    return ou_repr(vm, o);
}
static OuObj *object_str(OuVM *vm, OuObj *o)
{
    return ou_str(vm, o);
}
static OuObj *object_type(OuVM *vm, OuObj *o)
{
    return ou_ref((OuObj *)OU_TYPE_OF(vm, o));
}
static OuObj *new_ref(OuVM *vm, OuObj *o)
{
    return o ? ou_ref(o) : NULL;
}
static int is_tracked(OuVM *vm, OuObj *o)
{
    return ou_gc_is_tracked(o);
}
static int is_finalized(OuVM *vm, OuObj *o)
{
    return (o->tf & OU_F_FINALIZED) != 0;
}
static void track(OuVM *vm, OuObj *o)
{
    if (OU_TYPE_OF(vm, o)->flags & OU_TYPE_GC)
        ou_gc_track(&vm->heap, o);
}
static void untrack(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
}
static intptr_t object_hash(OuVM *vm, OuObj *o)
{
    int64_t h;
    return ou_hash(vm, o, &h) < 0 ? -1 : (intptr_t)h;
}
static int object_truth(OuVM *vm, OuObj *o)
{
    return ou_is_true(vm, o);
}
static int object_isinstance(OuVM *vm, OuObj *o, OuObj *type)
{
    return ou_isinstance(vm, o, type);
}
static OuObj *import_module(OuVM *vm, const char *name)
{
    return ou_import(vm, name);
}
static intptr_t object_size(OuVM *vm, OuObj *o)
{
    return ou_len(vm, o);
}
static OuObj *get_attr_string(OuVM *vm, OuObj *o, const char *name)
{
    return ou_getattr_s(vm, o, name);
}
static int set_attr_string(OuVM *vm, OuObj *o, const char *name, OuObj *v)
{
    return ou_setattr_s(vm, o, name, v);
}
static OuObj *call_object(OuVM *vm, OuObj *f, OuObj *args)
{
    return args ? ou_call_tuple(vm, f, args, NULL) : ou_call0(vm, f);
}
static OuObj *bytes_from(OuVM *vm, const char *s, intptr_t n)
{
    return ou_bytes_new(vm, s, n);
}
static OuObj *bytes_from_string(OuVM *vm, const char *s)
{
    return ou_bytes_new(vm, s, (ou_ssize)strlen(s));
}
static OuObj *str_from_string(OuVM *vm, const char *s)
{
    return ou_str_new(vm, s, -1);
}
static OuObj *long_from(OuVM *vm, long v)
{
    return ou_int(vm, v);
}
static long as_long(OuVM *vm, OuObj *o)
{
    int64_t v;
    return ou_as_i64(vm, o, &v) < 0 ? -1 : (long)v;
}
static int list_append(OuVM *vm, OuObj *list, OuObj *x)
{
    if (!ou_isa_list(vm, list))
        return ou_raise_i(vm, OU_EXC(vm, SystemError), "bad argument to internal function");
    return ou_list_append(vm, list, x);
}
static int dict_set(OuVM *vm, OuObj *d, OuObj *k, OuObj *v)
{
    if (!ou_isa_dict(vm, d))
        return ou_raise_i(vm, OU_EXC(vm, SystemError), "bad argument to internal function");
    return ou_dict_set(vm, d, k, v);
}
/* A memoryview of foreign memory, of unsigned bytes. */
static OuObj *memory_from(OuVM *vm, char *p, intptr_t n, int flags)
{
    OuObj *array, *t, *res = NULL;
    OuObj *ct = ou_import_attr(vm, "ctypes", "c_char");
    t = ct ? ou_ct_array_type(vm, ct, n) : NULL;
    ou_xdecref(vm, ct);
    array = t ? ou_ct_at_address(vm, t, p) : NULL;
    ou_xdecref(vm, t);
    OuObj *view = array ? ou_memoryview_new(vm, array) : NULL;
    ou_xdecref(vm, array);
    OuObj *cast_name = view ? ou_str_intern_s(vm, "cast") : NULL,
          *fmt = cast_name ? ou_str_new(vm, "B", 1) : NULL;
    if (fmt)
        res = ou_call_method(vm, view, cast_name, 1, fmt);
    ou_xdecref(vm, cast_name);
    ou_xdecref(vm, fmt);
    ou_xdecref(vm, view);
    if (res && !(flags & 0x200)) { /* PyBUF_WRITE */
        OuObj *name = ou_str_intern_s(vm, "toreadonly"), *ro = name ? ou_call_method(vm, res, name, 0) : NULL;
        ou_xdecref(vm, name);
        ou_decref(vm, res);
        res = ro;
    }
    return res;
}
static OuObj *memory_of(OuVM *vm, OuObj *o)
{
    return ou_memoryview_new(vm, o);
}
static void *capsule_pointer(OuVM *vm, OuObj *o, const char *name)
{
    return ou_capsule_pointer(vm, o, name);
}
static OuObj *capsule_new(OuVM *vm, void *p, const char *name, void *destructor)
{
    if (destructor)
        return ou_raise(vm, OU_EXC(vm, NotImplementedError), "PyCapsule_New with a destructor");
    return ou_capsule_new(vm, p, name);
}
static void type_modified(OuVM *vm, OuObj *t)
{
    if (ou_isa_type(vm, t))
        ou_type_modified(vm, OU_AS_TYPE(t));
}
static intptr_t gc_collect(OuVM *vm)
{
    return ou_gc_collect(&vm->heap, 2);
}
static int gc_enable(OuVM *vm)
{
    int was = vm->heap.enabled;
    ou_gc_enable(&vm->heap, true);
    return was;
}
static int gc_disable(OuVM *vm)
{
    int was = vm->heap.enabled;
    ou_gc_enable(&vm->heap, false);
    return was;
}
static int gc_is_enabled(OuVM *vm)
{
    return vm->heap.enabled;
}
static void err_set_string(OuVM *vm, OuObj *type, const char *text)
{
    if (ou_isa_type(vm, type))
        ou_raise(vm, OU_AS_TYPE(type), "%s", text);
}
static void err_set_interrupt(OuVM *vm)
{
    ou_signal_trip(2);
}
static int err_check_signals(OuVM *vm)
{
    return ou_signals_run(vm);
}
static int gil_check(OuVM *vm)
{
    return 1;
}
static void nothing(OuVM *vm) {}
static const char *version(OuVM *vm)
{
    return OU_VERSION;
}
static int recursion_limit(OuVM *vm)
{
    return vm->ts->recursion_limit;
}
static void set_recursion_limit(OuVM *vm, int n)
{
    vm->ts->recursion_left += n - vm->ts->recursion_limit;
    vm->ts->recursion_limit = n;
}
static void *mem_alloc(OuVM *vm, size_t n)
{
    return malloc(n ? n : 1);
}
static void *mem_calloc(OuVM *vm, size_t n, size_t size)
{
    return calloc(n ? n : 1, size ? size : 1);
}
static void *mem_realloc(OuVM *vm, void *p, size_t n)
{
    return realloc(p, n ? n : 1);
}
static void mem_free(OuVM *vm, void *p)
{
    free(p);
}

typedef struct Shim {
    const char *name;
    void (*fn)(void);
} Shim;
#define SHIM(name, f)           \
    {                           \
        name, (void (*)(void))f \
    }
static const Shim helpers[] = {
    SHIM("_memmove_addr", move),          SHIM("_memset_addr", fill), SHIM("_string_at_addr", string_at),
    SHIM("_wstring_at_addr", wstring_at), SHIM("_cast_addr", cast),
};
/* clang-format off */
static const Shim shims[] = {
    SHIM("Py_IncRef", inc_ref),
    SHIM("Py_DecRef", dec_ref),
    SHIM("PyThreadState_SetAsyncExc", set_async_exc),
    SHIM("PyObject_Repr", object_repr),
    SHIM("PyObject_Str", object_str),
    SHIM("PyObject_Type", object_type),
    SHIM("Py_NewRef", new_ref),
    SHIM("Py_XNewRef", new_ref),
    SHIM("PyObject_GC_IsTracked", is_tracked),
    SHIM("PyObject_GC_IsFinalized", is_finalized),
    SHIM("PyObject_GC_Track", track),
    SHIM("PyObject_GC_UnTrack", untrack),
    SHIM("PyObject_Hash", object_hash),
    SHIM("PyObject_IsTrue", object_truth),
    SHIM("PyObject_IsInstance", object_isinstance),
    SHIM("PyImport_ImportModule", import_module),
    SHIM("PyObject_Size", object_size),
    SHIM("PyObject_Length", object_size),
    SHIM("PyObject_GetAttrString", get_attr_string),
    SHIM("PyObject_SetAttrString", set_attr_string),
    SHIM("PyObject_CallObject", call_object),
    SHIM("PyBytes_FromStringAndSize", bytes_from),
    SHIM("PyBytes_FromString", bytes_from_string),
    SHIM("PyUnicode_FromString", str_from_string),
    SHIM("PyLong_FromLong", long_from),
    SHIM("PyLong_AsLong", as_long),
    SHIM("PyList_Append", list_append),
    SHIM("PyDict_SetItem", dict_set),
    SHIM("PyMemoryView_FromMemory", memory_from),
    SHIM("PyMemoryView_FromObject", memory_of),
    SHIM("PyCapsule_New", capsule_new),
    SHIM("PyCapsule_GetPointer", capsule_pointer),
    SHIM("PyType_Modified", type_modified),
    SHIM("PyGC_Collect", gc_collect),
    SHIM("PyGC_Enable", gc_enable),
    SHIM("PyGC_Disable", gc_disable),
    SHIM("PyGC_IsEnabled", gc_is_enabled),
    SHIM("PyErr_SetString", err_set_string),
    SHIM("PyErr_SetInterrupt", err_set_interrupt),
    SHIM("PyErr_CheckSignals", err_check_signals),
    SHIM("PyGILState_Check", gil_check),
    SHIM("PyGILState_Ensure", gil_check),
    SHIM("PyGILState_Release", nothing),
    SHIM("Py_IsInitialized", gil_check),
    SHIM("Py_GetVersion", version),
    SHIM("Py_GetRecursionLimit", recursion_limit),
    SHIM("Py_SetRecursionLimit", set_recursion_limit),
    SHIM("PyMem_Malloc", mem_alloc),
    SHIM("PyMem_Calloc", mem_calloc),
    SHIM("PyMem_Realloc", mem_realloc),
    SHIM("PyMem_Free", mem_free),
    SHIM("PyMem_RawMalloc", mem_alloc),
    SHIM("PyMem_RawCalloc", mem_calloc),
    SHIM("PyMem_RawRealloc", mem_realloc),
    SHIM("PyMem_RawFree", mem_free),
};
/* clang-format on */

void *ou_ct_shim(const char *name)
{
    if (strcmp(name, "PyOS_snprintf") == 0)
        return (void *)snprintf;
    for (size_t i = 0; i < sizeof shims / sizeof *shims; i++)
        if (strcmp(shims[i].name, name) == 0)
            return (void *)(uintptr_t)shims[i].fn;
    return NULL;
}
bool ou_ct_is_shim(const void *address)
{
    for (size_t i = 0; i < sizeof helpers / sizeof *helpers; i++)
        if ((const void *)(uintptr_t)helpers[i].fn == address)
            return true;
    for (size_t i = 0; i < sizeof shims / sizeof *shims; i++)
        if ((const void *)(uintptr_t)shims[i].fn == address)
            return true;
    return false;
}
int ou_ct_shims_add(OuVM *vm, OuObj *module)
{
    for (size_t i = 0; i < sizeof helpers / sizeof *helpers; i++)
        if (ou_module_add(vm, module, helpers[i].name, ou_int_u64(vm, (uintptr_t)helpers[i].fn)) < 0)
            return -1;
    return 0;
}
