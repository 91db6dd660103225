/* stdlib/_ctypes/functions.c - the functions of module _ctypes. */
#include <dlfcn.h>
#include <stdarg.h>
#include <string.h>

#include "stdlib/sys.h"
#include "ctypes.h"

int ou_ct_audit(OuVM *vm, const char *event, size_t n, ...)
{
    OuSysState *sys = ou_module_state(vm, &ou_mod_sys);
    if (!sys || !sys->audit_hooks)
        return 0;
    OuObj *args[8] = {ou_str_new(vm, event, -1)};
    va_list ap;
    va_start(ap, n);
    for (size_t i = 0; i < n && i < 7; i++)
        args[i + 1] = va_arg(ap, OuObj *);
    va_end(ap);
    OuObj *r = args[0] ? ou_sys_audit(vm, args, n + 1, NULL) : NULL;
    ou_xdecref(vm, args[0]);
    ou_xdecref(vm, r);
    return r ? 0 : -1;
}

/* ---- libraries ---- */

FN(f_dlopen)
{
    int mode = RTLD_NOW;
    OuObj *path = NULL;
    if (args[1] && ou_as_int(vm, args[1], &mode) < 0)
        return NULL;
    if (ou_ct_audit(vm, "ctypes.dlopen", 1, args[0]) < 0 ||
        (args[0] != OU_NONE(vm) && ou_fs_path(vm, args[0], &path) < 0))
        return NULL;
    void *h = dlopen(path ? OU_BYTES(path)->data : NULL, mode | RTLD_NOW);
    ou_xdecref(vm, path);
    if (!h) {
        const char *why = dlerror();
        return ou_raise(vm, OU_EXC(vm, OSError), "%s", why ? why : "dlopen() error");
    }
    return ou_int_u64(vm, (uintptr_t)h);
}
FN(f_dlclose)
{
    void *h;
    if (ou_ct_address(vm, args[0], "an integer is required", &h) < 0)
        return NULL;
    if (dlclose(h)) {
        const char *why = dlerror();
        return ou_raise(vm, OU_EXC(vm, OSError), "%s", why ? why : "dlclose() error");
    }
    return ou_none(vm);
}
FN(f_dlsym)
{
    void *h;
    OuUtf8 u;
    if (ou_ct_address(vm, args[0], "an integer is required", &h) < 0)
        return NULL;
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "dlsym() argument 2 must be str, not %s", ou_arg_type_name(vm, args[1]));
    if (ou_ct_audit(vm, "ctypes.dlsym/handle", 2, args[0], args[1]) < 0 ||
        ou_str_utf8(vm, args[1], &u, true) < 0)
        return NULL;
    dlerror();
    void *p = dlsym(h, u.s);
    ou_utf8_free(vm, &u);
    if (!p) {
        const char *why = dlerror();
        return ou_raise(vm, OU_EXC(vm, OSError), "%s", why ? why : "symbol not found");
    }
    return ou_int_u64(vm, (uintptr_t)p);
}

/* ---- instances ---- */

FN(f_sizeof)
{
    CtInfo *info = ou_ct_info(vm, args[0]);
    if (info)
        return ou_int(vm, info->size);
    if (ou_ct_is_data(vm, args[0]))
        return ou_int(vm, CDATA(args[0])->size);
    return ou_type_error(vm, "this type has no size");
}
FN(f_alignment)
{
    CtInfo *info = ou_ct_info(vm, args[0]);
    if (!info)
        info = ou_ct_info(vm, (OuObj *)OU_TYPE_OF(vm, args[0]));
    return info ? ou_int(vm, info->align) : ou_type_error(vm, "no alignment info");
}
FN(f_byref)
{
    ou_ssize offset = 0;
    if (args[1] && ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &offset) < 0)
        return NULL;
    return ou_ct_byref(vm, args[0], offset);
}
FN(f_addressof)
{
    if (!ou_ct_is_data(vm, args[0]))
        return ou_type_error(vm, "invalid type");
    if (ou_ct_audit(vm, "ctypes.addressof", 1, args[0]) < 0)
        return NULL;
    return ou_int_u64(vm, (uintptr_t)CDATA(args[0])->ptr);
}
FN(f_resize)
{
    ou_ssize n;
    if (ou_as_ssize(vm, args[1], OU_EXC(vm, OverflowError), &n) < 0)
        return NULL;
    CtInfo *info = ou_ct_is_data(vm, args[0]) ? ou_ct_info(vm, (OuObj *)OU_TYPE_OF(vm, args[0])) : NULL;
    if (!info)
        return ou_type_error(vm, "excepted ctypes instance");
    if (n < info->size)
        return ou_value_error(vm, "minimum size is %zd", info->size);
    return ou_ct_resize(vm, CDATA(args[0]), n) < 0 ? NULL : ou_none(vm);
}
FN(f_pointer_type)
{
    return ou_ct_pointer_type(vm, args[0]);
}
FN(f_pointer)
{
    OuObj *t = ou_ct_pointer_type(vm, (OuObj *)OU_TYPE_OF(vm, args[0]));
    OuObj *o = t ? ou_call1(vm, t, args[0]) : NULL;
    ou_xdecref(vm, t);
    return o;
}
FN(f_buffer_info)
{
    CtInfo *info = ou_ct_info(vm, args[0]);
    if (!info)
        info = ou_ct_info(vm, (OuObj *)OU_TYPE_OF(vm, args[0]));
    if (!info)
        return ou_type_error(vm, "not a ctypes type or object");
    OuObj *shape = ou_tuple_new(vm, (size_t)info->ndim), *format, *ndim, *t = NULL;
    for (int i = 0; shape && i < info->ndim; i++)
        if (!(OU_TUPLE(shape)->items[i] = ou_int(vm, info->shape[i])))
            ou_clear(vm, shape);
    format = ou_str_new(vm, info->format ? info->format : "B", -1);
    ndim = ou_int(vm, info->ndim);
    if (shape && format && ndim)
        t = ou_tuple_pack(vm, 3, format, ndim, shape);
    ou_xdecref(vm, shape);
    ou_xdecref(vm, format);
    ou_xdecref(vm, ndim);
    return t;
}
/* _unpickle(type, (dict, bytes)) */
FN(f_unpickle)
{
    OuObj *name = ou_str_intern_s(vm, "__new__"),
          *o = name ? ou_call_method(vm, args[0], name, 1, args[0]) : NULL;
    ou_xdecref(vm, name);
    OuObj *set = o ? ou_getattr_s(vm, o, "__setstate__") : NULL;
    OuObj *r = set ? ou_call_tuple(vm, set, args[1], NULL) : NULL;
    ou_xdecref(vm, set);
    if (!r)
        ou_clear(vm, o);
    ou_xdecref(vm, r);
    return o;
}

/* ---- errno, calls, objects by address ---- */

FN(f_get_errno)
{
    if (ou_ct_audit(vm, "ctypes.get_errno", 0) < 0)
        return NULL;
    CtThread *t = ou_ct_thread(vm);
    return t ? ou_int(vm, t->saved_errno) : NULL;
}
FN(f_set_errno)
{
    int e;
    if (ou_as_int(vm, args[0], &e) < 0 || ou_ct_audit(vm, "ctypes.set_errno", 1, args[0]) < 0)
        return NULL;
    CtThread *t = ou_ct_thread(vm);
    if (!t)
        return NULL;
    int old = t->saved_errno;
    t->saved_errno = e;
    return ou_int(vm, old);
}
static OuObj *call_address(OuVM *vm, OuObj *const *args, uint32_t flags)
{
    void *p;
    if (ou_ct_address(vm, args[0], "an integer is required", &p) < 0)
        return NULL;
    if (!ou_isa_tuple(vm, args[1]))
        return ou_type_error(vm, "argument 2 must be tuple, not %T", args[1]);
    if (ou_ct_audit(vm, "ctypes.call_function", 2, args[0], args[1]) < 0)
        return NULL;
    return ou_ct_call(vm, p, args[1], flags, NULL, NULL, NULL, ou_ct_is_shim(p));
}
FN(f_call_function)
{
    return call_address(vm, args, 0);
}
FN(f_call_cdeclfunction)
{
    return call_address(vm, args, FUNC_CDECL);
}
FN(f_from_ptr)
{
    void *p;
    if (ou_ct_address(vm, args[0], "an integer is required", &p) < 0 ||
        (p && ou_ct_audit(vm, "ctypes.PyObj_FromPtr", 1, p) < 0))
        return NULL;
    return p ? ou_ref((OuObj *)p) : ou_value_error(vm, "PyObject is NULL");
}
FN(f_incref)
{
    ou_incref(args[0]);
    return ou_ref(args[0]);
}
FN(f_decref)
{
    ou_decref(vm, args[0]);
    return ou_ref(args[0]);
}

const OuFn ou_ct_functions[] = {
    {"get_errno()", f_get_errno, 0, NULL},
    {"set_errno(value, /)", f_set_errno, 0, NULL},
    {"POINTER(type, /)", f_pointer_type, 0, NULL},
    {"pointer(arg, /)", f_pointer, 0, NULL},
    {"_unpickle(type, state, /)", f_unpickle, 0, NULL},
    {"buffer_info(o, /)", f_buffer_info, 0, "Return buffer interface information"},
    {"resize(obj, size, /)", f_resize, 0, "Resize the memory buffer of a ctypes instance"},
    {"dlopen(name, flag=RTLD_NOW, /)", f_dlopen, 0,
     "dlopen(name, flag={RTLD_GLOBAL|RTLD_LOCAL}) open a shared library"},
    {"dlclose(handle, /)", f_dlclose, 0, "dlclose a library"},
    {"dlsym(handle, name, /)", f_dlsym, 0, "find symbol in shared library"},
    {"alignment(type, /)", f_alignment, 0, NULL},
    {"sizeof(type, /)", f_sizeof, 0, NULL},
    {"byref(obj, offset=0, /)", f_byref, 0,
     "byref(C instance[, offset=0]) -> byref-object\nReturn a pointer lookalike to a C instance, only "
     "usable\nas function "
     "argument"},
    {"addressof(obj, /)", f_addressof, 0,
     "addressof(C instance) -> integer\nReturn the address of the C instance internal buffer"},
    {"call_function(address, args, /)", f_call_function, 0, NULL},
    {"call_cdeclfunction(address, args, /)", f_call_cdeclfunction, 0, NULL},
    {"PyObj_FromPtr(address, /)", f_from_ptr, 0, NULL},
    {"Py_INCREF(o, /)", f_incref, 0, NULL},
    {"Py_DECREF(o, /)", f_decref, 0, NULL},
    {0},
};
