/* stdlib/_ctypes/struct.c - Structure and Union: their metaclasses and initialisation. */
#include <stdlib.h>
#include <string.h>

#include "ctypes.h"

/* ---- classes ---- */

static OuObj *new_type(OuVM *vm, OuType *meta, OuObj *const *args, size_t nargs, OuObj *kwnames, CtKind kind)
{
    OuObj *t = ou_type_new(vm, meta, args, nargs, kwnames);
    if (!t || !ou_ct_is_type(vm, t) || CT_INFO(t) || ou_ct_own(vm, t, "_abstract_"))
        return t;
    CtInfo *info = CT_INFO(t) = ou_ct_info_new(vm, kind);
    OuObj *fields = ou_ct_own(vm, t, "_fields_");
    CtInfo *base = ou_ct_info(vm, (OuObj *)OU_AS_TYPE(t)->base);
    int r = info ? ou_ct_format(vm, info, "B") : -1;
    if (r == 0) {
        info->ffi = (FfiType){0, 1, FFI_STRUCT, info->elements};
        if (fields) {
            ou_incref(fields);
            r = ou_setattr_s(vm, t, "_fields_", fields);
            ou_decref(vm, fields);
        } else if (base) {
            r = ou_ct_info_copy(vm, info, base);
            info->flags &= ~(uint32_t)CT_FINAL;
            base->flags |= CT_FINAL;
        }
    }
    if (r < 0)
        ou_clear(vm, t);
    return t;
}
static OuObj *new_struct(OuVM *vm, OuType *meta, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return new_type(vm, meta, args, nargs, kwnames, CT_STRUCT);
}
static OuObj *new_union(OuVM *vm, OuType *meta, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return new_type(vm, meta, args, nargs, kwnames, CT_UNION);
}

static int set_attr(OuVM *vm, OuObj *type, OuObj *name, OuObj *value, bool is_struct)
{
    if (ou_type_setattr(vm, type, name, value) < 0)
        return -1;
    return ou_str_eq_s(name, "_fields_") ? ou_ct_lay_out(vm, type, value, is_struct) : 0;
}
static int struct_setattr(OuVM *vm, OuObj *type, OuObj *name, OuObj *value)
{
    return set_attr(vm, type, name, value, true);
}
static int union_setattr(OuVM *vm, OuObj *type, OuObj *name, OuObj *value)
{
    return set_attr(vm, type, name, value, false);
}
const OuTypeSpec ou_ct_meta_struct =
    CT_META("PyCStructType", new_struct, "metatype for the CData Objects", .setattr = struct_setattr);
const OuTypeSpec ou_ct_meta_union =
    CT_META("UnionType", new_union, "metatype for the CData Objects", .setattr = union_setattr);

/* ---- instances ---- */

/* Positional arguments go to the fields of the base classes first.  The index of the next argument, or -1. */
static ou_ssize init_fields(OuVM *vm, OuObj *self, OuType *type, OuObj *const *args, size_t nargs,
                            OuObj *kwnames, ou_ssize at)
{
    if (ou_ct_info(vm, (OuObj *)type->base)) {
        at = init_fields(vm, self, type->base, args, nargs, kwnames, at);
        if (at < 0)
            return -1;
    }
    OuObj *fields = ou_ct_own(vm, (OuObj *)type, "_fields_");
    if (!fields)
        return at;
    ou_incref(fields);
    ou_ssize n = ou_len(vm, fields);
    int r = n < 0 ? -1 : 0;
    for (ou_ssize i = 0; r == 0 && i < n && at < (ou_ssize)nargs; i++, at++) {
        OuObj *pair = ou_getitem_i(vm, fields, i), *name = pair ? ou_getitem_i(vm, pair, 0) : NULL;
        r = name ? 0 : -1;
        for (size_t k = 0; r == 0 && kwnames && k < OU_TUPLE(kwnames)->n; k++)
            if (ou_isa_str(vm, name) && ou_str_eq(OU_STR(OU_TUPLE(kwnames)->items[k]), OU_STR(name)))
                r = ou_type_error_i(vm, "duplicate values for field %R", name);
        if (r == 0)
            r = ou_setattr(vm, self, name, args[at]);
        ou_xdecref(vm, pair);
        ou_xdecref(vm, name);
    }
    ou_decref(vm, fields);
    return r < 0 ? -1 : at;
}

static int init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (nargs) {
        ou_ssize used = init_fields(vm, self, OU_TYPE_OF(vm, self), args, nargs, kwnames, 0);
        if (used < 0)
            return -1;
        if (used < (ou_ssize)nargs)
            return ou_type_error_i(vm, "too many initializers");
    }
    for (size_t k = 0; kwnames && k < OU_TUPLE(kwnames)->n; k++)
        if (ou_setattr(vm, self, OU_TUPLE(kwnames)->items[k], args[nargs + k]) < 0)
            return -1;
    return 0;
}

const OuTypeSpec ou_ct_structure_spec = {
    .name = "_ctypes.Structure",
    .size = sizeof(CData),
    .flags = OU_TYPE_BASE | OU_TYPE_GC,
    .doc = "Structure base class",
    .s = {.new_ = ou_ct_data_new, .init = init},
};
const OuTypeSpec ou_ct_union_spec = {
    .name = "_ctypes.Union",
    .size = sizeof(CData),
    .flags = OU_TYPE_BASE | OU_TYPE_GC,
    .doc = "Union base class",
    .s = {.new_ = ou_ct_data_new, .init = init},
};
