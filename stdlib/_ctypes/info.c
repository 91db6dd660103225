/* stdlib/_ctypes/info.c - the layout that a ctypes class carries, and what all the metaclasses have in common: item * length,
 * from_address, from_buffer, from_buffer_copy, in_dll, from_param. */
#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctypes.h"
#include "vm/memoryview.h"

extern const OuTypeSpec ou_type_spec;

/* ---- layouts ---- */

/* The metaclass of o that is native: borrowed. */
static OuType *native_meta(OuVM *vm, OuObj *o)
{
    return ou_type_native_base(OU_TYPE_OF(vm, o));
}
bool ou_ct_is_type(OuVM *vm, OuObj *o)
{
    return ou_isa_type(vm, o) && native_meta(vm, o)->face.dealloc == ou_ct_type_dealloc;
}
CtInfo *ou_ct_info(OuVM *vm, OuObj *o)
{
    return ou_ct_is_type(vm, o) ? CT_INFO(o) : NULL;
}
CtInfo *ou_ct_info_concrete(OuVM *vm, OuObj *type)
{
    CtInfo *info = ou_ct_info(vm, type);
    return info ? info : ou_type_error(vm, "abstract class");
}
bool ou_ct_has_meta(OuVM *vm, OuObj *type, CtKind kind)
{
    return ou_isa_type(vm, type) && native_meta(vm, type) == CT(vm)->meta[kind];
}
CtInfo *ou_ct_info_new(OuVM *vm, CtKind kind)
{
    CtInfo *info = ou_alloc(vm, sizeof *info);
    if (info)
        *info = (CtInfo){.kind = kind};
    return info;
}
static void drop(OuVM *vm, CtInfo *info)
{
    ou_clear(vm, info->proto);
    ou_clear(vm, info->argtypes);
    ou_clear(vm, info->converters);
    ou_clear(vm, info->restype);
    ou_clear(vm, info->checker);
}
void ou_ct_info_free(OuVM *vm, CtInfo *info)
{
    if (!info)
        return;
    drop(vm, info);
    free(info->format);
    free(info->shape);
    ou_free(vm, info, sizeof *info);
}

OuObj *ou_ct_type_new(OuVM *vm, OuType *meta, OuObj *const *args, size_t nargs, OuObj *kwnames,
                      CtInfo *(*make)(OuVM *vm, OuObj *type))
{
    OuObj *t = ou_type_new(vm, meta, args, nargs, kwnames);
    if (!t || !ou_ct_is_type(vm, t) || CT_INFO(t))
        return t;
    if (!(CT_INFO(t) = make(vm, t)))
        ou_clear(vm, t);
    return t;
}

int ou_ct_info_copy(OuVM *vm, CtInfo *to, const CtInfo *from)
{
    char *format = from->format ? strdup(from->format) : NULL;
    ou_ssize *shape = NULL;
    if (from->ndim && (shape = malloc((size_t)from->ndim * sizeof *shape)))
        memcpy(shape, from->shape, (size_t)from->ndim * sizeof *shape);
    if ((from->format && !format) || (from->ndim && !shape)) {
        free(format);
        free(shape);
        return ou_raise_memory_i(vm);
    }
    drop(vm, to);
    free(to->format);
    free(to->shape);
    *to = *from;
    to->format = format;
    to->shape = shape;
    if (from->ffi.type == FFI_STRUCT)
        to->ffi.elements = to->elements;
    ou_xincref(to->proto);
    ou_xincref(to->argtypes);
    ou_xincref(to->converters);
    ou_xincref(to->restype);
    ou_xincref(to->checker);
    return 0;
}

int ou_ct_format(OuVM *vm, CtInfo *info, const char *fmt, ...)
{
    va_list ap;
    char *text;
    va_start(ap, fmt);
    int n = vasprintf(&text, fmt, ap);
    va_end(ap);
    if (n < 0)
        return ou_raise_memory_i(vm);
    free(info->format);
    info->format = text;
    return 0;
}
char *ou_ct_format_with_shape(OuVM *vm, const CtInfo *item, const char *prefix, const char *suffix)
{
    char dims[32 + 24 * OU_BUF_MAX_NDIM] = "", *text;
    size_t n = 0;
    if (item->ndim) {
        dims[n++] = '(';
        for (int i = 0; i < item->ndim && i < OU_BUF_MAX_NDIM; i++)
            n += (size_t)sprintf(dims + n, "%s%zd", i ? "," : "", item->shape[i]);
        strcpy(dims + n, ")");
    }
    if (asprintf(&text, "%s%s%s", prefix, dims, suffix) < 0)
        return ou_raise_memory(vm);
    return text;
}

OuObj *ou_ct_own(OuVM *vm, OuObj *type, const char *name)
{
    OuDict *d = OU_AS_TYPE(type)->dict;
    return d ? ou_dict_get_s(vm, (OuObj *)d, name) : NULL;
}

/* ---- life ---- */

void ou_ct_type_dealloc(OuVM *vm, OuObj *o)
{
    CtInfo *info = CT_INFO(o);
    CT_INFO(o) = NULL;
    ou_ct_info_free(vm, info);
    ou_type_spec.dealloc(vm, o);
}
int ou_ct_type_traverse(OuObj *o, OuVisit visit, void *arg)
{
    CtInfo *info = CT_INFO(o);
    if (info) {
        OU_VISIT(info->proto);
        OU_VISIT(info->argtypes);
        OU_VISIT(info->converters);
        OU_VISIT(info->restype);
        OU_VISIT(info->checker);
    }
    return ou_type_spec.traverse(o, visit, arg);
}
void ou_ct_type_clear(OuVM *vm, OuObj *o)
{
    if (CT_INFO(o))
        drop(vm, CT_INFO(o));
    ou_type_spec.clear(vm, o);
}

/* ---- methods of the metaclasses ---- */

OuObj *ou_ct_type_repeat(OuVM *vm, OuObj *type, ou_ssize n)
{
    if (n < 0)
        return ou_value_error(vm, "Array length must be >= 0, not %zd", n);
    return ou_ct_array_type(vm, type, n);
}

int ou_ct_address(OuVM *vm, OuObj *value, const char *message, void **out)
{
    uint64_t bits;
    int64_t s;
    if (!ou_isa_int(vm, value))
        return ou_type_error_i(vm, "%s", message);
    if (ou_int_fits(value, &s))
        bits = (uint64_t)s;
    else if (ou_as_u64(vm, value, &bits) < 0)
        return -1;
    *out = (void *)(uintptr_t)bits;
    return 0;
}

CT_FN(ou_ct_m_from_address)
{
    void *p;
    if (ou_ct_address(vm, args[1], "integer expected", &p) < 0)
        return NULL;
    OuObj *o = ou_ct_at_address(vm, args[0], p);
    if (o)
        CDATA(o)->foreign = true;
    return o;
}

static int offset_arg(OuVM *vm, OuObj *arg, ou_ssize *out)
{
    *out = 0;
    if (arg && ou_as_ssize(vm, arg, OU_EXC(vm, OverflowError), out) < 0)
        return -1;
    return 0;
}
static int check_room(OuVM *vm, const CtInfo *info, ou_ssize have, ou_ssize offset)
{
    if (offset < 0)
        return ou_value_error_i(vm, "offset cannot be negative");
    if (info->size > have - offset)
        return ou_value_error_i(vm, "Buffer size too small (%zd instead of at least %zd bytes)", have,
                                info->size + offset);
    return 0;
}

static int audit_buffer(OuVM *vm, const OuBuffer *b, ou_ssize offset)
{
    OuObj *address = ou_int_u64(vm, (uintptr_t)b->buf), *size = ou_int(vm, b->len), *at = ou_int(vm, offset);
    int r = address && size && at ? ou_ct_audit(vm, "ctypes.cdata/buffer", 3, address, size, at) : -1;
    ou_xdecref(vm, address);
    ou_xdecref(vm, size);
    ou_xdecref(vm, at);
    return r;
}

CT_FN(ou_ct_m_from_buffer)
{
    CtInfo *info = ou_ct_info_concrete(vm, args[0]);
    ou_ssize offset;
    if (!info || offset_arg(vm, args[2], &offset) < 0)
        return NULL;
    OuObj *mv = ou_memoryview_new(vm, args[1]), *o = NULL;
    if (!mv)
        return NULL;
    const OuBuffer *b = &OU_MEMORY(mv)->view;
    if (b->readonly)
        ou_type_error(vm, "underlying buffer is not writable");
    else if (!ou_buffer_contiguous(b, 'C'))
        ou_type_error(vm, "underlying buffer is not C contiguous");
    else if (check_room(vm, info, b->len, offset) == 0 && audit_buffer(vm, b, offset) == 0)
        o = ou_ct_at_address(vm, args[0], (char *)b->buf + offset);
    if (o && ou_ct_keep(vm, CDATA(o), -1, ou_ref(mv)) < 0)
        ou_clear(vm, o);
    ou_decref(vm, mv);
    return o;
}

CT_FN(ou_ct_m_from_buffer_copy)
{
    CtInfo *info = ou_ct_info_concrete(vm, args[0]);
    ou_ssize offset;
    OuBuffer b;
    OuObj *o = NULL;
    if (!info || offset_arg(vm, args[2], &offset) < 0 || ou_buffer_get(vm, args[1], &b, OU_BUF_SIMPLE) < 0)
        return NULL;
    if (check_room(vm, info, b.len, offset) == 0 && audit_buffer(vm, &b, offset) == 0 &&
        (o = ou_ct_data_new(vm, OU_AS_TYPE(args[0]), NULL, 0, NULL)))
        memcpy(CDATA(o)->ptr, (char *)b.buf + offset, (size_t)info->size);
    ou_buffer_release(vm, &b);
    return o;
}

CT_FN(ou_ct_m_in_dll)
{
    void *handle;
    OuUtf8 u;
    if (!ou_isa_str(vm, args[2]))
        return ou_type_error(vm, "in_dll() argument 2 must be str, not %s", ou_arg_type_name(vm, args[2]));
    OuObj *h = ou_getattr_s(vm, args[1], "_handle");
    if (!h)
        return NULL;
    int r = ou_ct_address(vm, h, "the _handle attribute of the second argument must be an integer", &handle);
    ou_decref(vm, h);
    if (r < 0 || ou_ct_audit(vm, "ctypes.dlsym", 2, args[1], args[2]) < 0 ||
        ou_str_utf8(vm, args[2], &u, true) < 0)
        return NULL;
    dlerror();
    void *p = dlsym(handle, u.s);
    ou_utf8_free(vm, &u);
    if (!p) {
        const char *why = dlerror();
        return ou_value_error(vm, "%s", why ? why : "symbol not found");
    }
    return ou_ct_at_address(vm, args[0], p);
}

OuObj *ou_ct_from_param(OuVM *vm, OuObj *type, OuObj *value)
{
    int r = ou_isinstance(vm, value, type);
    if (r)
        return r < 0 ? NULL : ou_ref(value);
    if (CT_IS_ARG(vm, value)) {
        OuObj *ob = ((CtArg *)value)->obj;
        CtInfo *info = ou_ct_info(vm, type);
        if (info && info->proto && ob && ou_isa_type(vm, info->proto)) {
            r = ou_isinstance(vm, ob, info->proto);
            if (r)
                return r < 0 ? NULL : ou_ref(value);
        }
        if (!ob)
            return ou_type_error(vm, "expected %N instance instead of pointer to ???", OU_AS_TYPE(type));
        return ou_type_error(vm, "expected %N instance instead of pointer to %T", OU_AS_TYPE(type), ob);
    }
    OuObj *as, *name = ou_str_intern_s(vm, "_as_parameter_");
    r = name ? ou_lookup_attr(vm, value, name, &as) : -1;
    ou_xdecref(vm, name);
    if (r < 0)
        return NULL;
    if (!r)
        return ou_type_error(vm, "expected %N instance instead of %T", OU_AS_TYPE(type), value);
    OuObj *res =
        ou_check_stack(vm, "while processing _as_parameter_") < 0 ? NULL : ou_ct_from_param(vm, type, as);
    ou_decref(vm, as);
    return res;
}
CT_FN(ou_ct_m_from_param)
{
    if (ou_ct_has_meta(vm, args[0], CT_SIMPLE))
        return ou_ct_simple_from_param(vm, args[0], args[1]);
    if (ou_ct_has_meta(vm, args[0], CT_POINTER))
        return ou_ct_pointer_from_param(vm, args[0], args[1]);
    return ou_ct_from_param(vm, args[0], args[1]);
}

const OuFn ou_ct_meta_methods[] = {CT_META_METHODS, {0}};
