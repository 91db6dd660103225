/* stdlib/_ctypes/pointer.c - _Pointer, its metaclass, and the types that POINTER() makes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctypes.h"

/* ---- classes ---- */

static int set_proto(OuVM *vm, CtInfo *info, OuObj *proto)
{
    if (!proto || !ou_isa_type(vm, proto))
        return ou_type_error_i(vm, "_type_ must be a type");
    if (!ou_ct_info(vm, proto))
        return ou_type_error_i(vm, "_type_ must have storage info");
    OuObj *old = info->proto;
    info->proto = ou_ref(proto);
    ou_xdecref(vm, old);
    return 0;
}

static CtInfo *make_info(OuVM *vm, OuObj *type)
{
    CtInfo *info = ou_ct_info_new(vm, CT_POINTER);
    OuObj *proto = ou_ct_own(vm, type, "_type_");
    if (!info)
        return NULL;
    info->size = info->align = sizeof(void *);
    info->length = 1;
    info->ffi = ou_ct_ffi_pointer;
    info->flags = CT_ISPOINTER;
    if (proto) { /* not inherited: a class derived from POINTER(X) has none */
        if (set_proto(vm, info, proto) < 0)
            goto fail;
        CtInfo *item = ou_ct_info(vm, proto);
        /* arrays show their dimensions behind the '&' */
        char *text = ou_ct_format_with_shape(vm, item, "&", item->format ? item->format : "B");
        if (!text)
            goto fail;
        info->format = text;
    }
    return info;
fail:
    ou_ct_info_free(vm, info);
    return NULL;
}

static OuObj *new_type(OuVM *vm, OuType *meta, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_ct_type_new(vm, meta, args, nargs, kwnames, make_info);
}

FN(m_set_type)
{
    CtInfo *info = ou_ct_info_concrete(vm, args[0]);
    if (!info || set_proto(vm, info, args[1]) < 0 || ou_setattr_s(vm, args[0], "_type_", args[1]) < 0)
        return NULL;
    return ou_none(vm);
}
static const OuFn meta_methods[] = {
    CT_META_METHODS,
    {"set_type(self, type, /)", m_set_type, 0, NULL},
    {0},
};
const OuTypeSpec ou_ct_meta_pointer = {
    .name = "_ctypes.PyCPointerType",
    .size = sizeof(CtType),
    .flags = OU_TYPE_BASE | OU_TYPE_GC,
    .doc = "metatype for the Pointer Objects",
    .dealloc = ou_ct_type_dealloc,
    .traverse = ou_ct_type_traverse,
    .clear = ou_ct_type_clear,
    .s = {.new_ = new_type, .repeat = ou_ct_type_repeat},
    .methods = meta_methods,
};

OuObj *ou_ct_pointer_from_param(OuVM *vm, OuObj *type, OuObj *value)
{
    CtInfo *info = ou_ct_info_concrete(vm, type);
    if (value == OU_NONE(vm))
        return ou_none(vm);
    if (!info)
        return NULL;
    if (info->proto) {
        int r = ou_isinstance(vm, value, info->proto); /* an instance of the target is passed by reference */
        if (r)
            return r < 0 ? NULL : ou_ct_byref(vm, value, 0);
        CtInfo *from = ou_ct_info(vm, (OuObj *)OU_TYPE_OF(vm, value));
        if (from && (from->kind == CT_POINTER || from->kind == CT_ARRAY) && from->proto) {
            r = ou_issubclass(vm, from->proto, info->proto);
            if (r)
                return r < 0 ? NULL : ou_ref(value);
        }
    }
    return ou_ct_from_param(vm, type, value);
}

/* POINTER(type), cached in _pointer_type_cache. */
OuObj *ou_ct_pointer_type(OuVM *vm, OuObj *type)
{
    CtState *st = CT(vm);
    OuObj *found = ou_dict_get(vm, st->pointer_cache, type), *t = NULL, *key = NULL;
    if (found || ou_err_occurred(vm))
        return found ? ou_ref(found) : NULL;
    OuObj *args[3] = {NULL, ou_tuple_pack(vm, 1, st->pointer), ou_dict_new(vm)};
    if (!args[1] || !args[2])
        goto done;
    if (ou_isa_str(vm, type)) { /* incomplete: found again by its own id */
        args[0] = ou_str_fmt(vm, "LP_%U", type);
        t = args[0] ? ou_call(vm, (OuObj *)st->meta[CT_POINTER], args, 3, NULL) : NULL;
        key = t ? ou_id(vm, t) : NULL;
    } else if (ou_isa_type(vm, type)) {
        args[0] = ou_str_fmt(vm, "LP_%N", OU_AS_TYPE(type));
        if (args[0] && ou_dict_set_s(vm, args[2], "_type_", type) == 0)
            t = ou_call(vm, (OuObj *)st->meta[CT_POINTER], args, 3, NULL);
        key = t ? ou_ref(type) : NULL;
    } else {
        ou_type_error(vm, "must be a ctypes type");
    }
    if (t && (!key || ou_dict_set(vm, st->pointer_cache, key, t) < 0))
        ou_clear(vm, t);
done:
    ou_xdecref(vm, key);
    for (int i = 0; i < 3; i++)
        ou_xdecref(vm, args[i]);
    return t;
}

/* ---- instances ---- */

/* The address it holds; ValueError for NULL. */
static char *target(OuVM *vm, CData *d)
{
    char *p;
    memcpy(&p, d->ptr, sizeof p);
    return p ? p : ou_value_error(vm, "NULL pointer access");
}
/* Nothing is known of the memory it points to: the address was given as a number. */
static bool points_anywhere(OuVM *vm, const CData *d)
{
    while (d->base)
        d = d->base;
    return !d->objects || d->objects == OU_NONE(vm) ||
           (ou_is(d->objects, dict) && !OU_DICT(d->objects)->used);
}
static CtInfo *infos(OuVM *vm, OuObj *o, CtInfo **item)
{
    CtInfo *info = ou_ct_info_concrete(vm, (OuObj *)OU_TYPE_OF(vm, o));
    *item = info && info->proto ? ou_ct_info(vm, info->proto) : NULL;
    if (info && !*item)
        ou_type_error(vm, "Cannot create instance: has no _type_");
    return *item ? info : NULL;
}

static OuObj *get_contents(OuVM *vm, OuObj *o, void *data)
{
    CData *d = CDATA(o);
    CtInfo *item, *info;
    char *p = target(vm, d);
    if (!p || !(info = infos(vm, o, &item)))
        return NULL;
    OuObj *r = ou_ct_from_base(vm, info->proto, d, 0, p);
    if (r)
        CDATA(r)->foreign = points_anywhere(vm, d);
    return r;
}
static int set_contents(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    CData *d = CDATA(o);
    CtInfo *item, *info;
    if (!value)
        return ou_type_error_i(vm, "Pointer does not support item deletion");
    if (!(info = infos(vm, o, &item)))
        return -1;
    if (!ou_ct_is_data(vm, value)) /* of any type, as in CPython */
        return ou_type_error_i(vm, "expected %N instead of %T", OU_AS_TYPE(info->proto), value);
    memcpy(d->ptr, &CDATA(value)->ptr, sizeof(char *));
    if (ou_ct_keep(vm, d, 1, ou_ref(value)) < 0)
        return -1;
    OuObj *kept = ou_ct_kept(vm, CDATA(value));
    return kept ? ou_ct_keep(vm, d, 0, ou_ref(kept)) : -1;
}
static int init(OuVM *vm, OuObj *o, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_arity(vm, "POINTER", nargs, 0, 1) < 0)
        return -1;
    return nargs ? set_contents(vm, o, args[0], NULL) : 0;
}
static OuObj *new_pointer(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    CtInfo *info = ou_ct_info(vm, (OuObj *)type);
    if (!info || !info->proto)
        return ou_type_error(vm, "Cannot create instance: has no _type_");
    return ou_ct_data_new(vm, type, args, nargs, kwnames);
}

static OuObj *get_item(OuVM *vm, OuObj *o, ou_ssize i)
{
    CData *d = CDATA(o);
    CtInfo *item, *info;
    char *p = target(vm, d);
    if (!p || !(info = infos(vm, o, &item)))
        return NULL;
    return ou_ct_get(vm, info->proto, NULL, d, i, item->size, p + i * item->size, points_anywhere(vm, d));
}
static OuObj *slice(OuVM *vm, OuObj *o, OuSlice *s)
{
    CData *d = CDATA(o);
    CtInfo *item, *info;
    ou_ssize start = 0, stop, step = 1;
    if (s->step && s->step != OU_NONE(vm)) {
        if (ou_as_ssize(vm, s->step, OU_EXC(vm, ValueError), &step) < 0)
            return NULL;
        if (step == 0)
            return ou_value_error(vm, "slice step cannot be zero");
    }
    if (!s->start || s->start == OU_NONE(vm)) {
        if (step < 0)
            return ou_value_error(vm, "slice start is required for step < 0");
    } else if (ou_as_ssize(vm, s->start, OU_EXC(vm, ValueError), &start) < 0) {
        return NULL;
    }
    if (!s->stop || s->stop == OU_NONE(vm))
        return ou_value_error(vm, "slice stop is required");
    if (ou_as_ssize(vm, s->stop, OU_EXC(vm, ValueError), &stop) < 0)
        return NULL;
    ou_ssize count = 0;
    if (step > 0 && start < stop)
        count = (stop - start - 1) / step + 1;
    else if (step < 0 && start > stop)
        count = (stop - start + 1) / step + 1;
    if (!(info = infos(vm, o, &item)))
        return NULL;
    char *p;
    memcpy(&p, d->ptr, sizeof p);
    if (count && !p)
        return target(vm, d) ? NULL : NULL;
    return ou_ct_array_slice(vm, d, item, info->proto, p, start, step, count, points_anywhere(vm, d));
}
static OuObj *subscript(OuVM *vm, OuObj *o, OuObj *key)
{
    ou_ssize i;
    if (ou_has_index(vm, key))
        return ou_as_ssize(vm, key, OU_EXC(vm, IndexError), &i) < 0 ? NULL : get_item(vm, o, i);
    if (ou_is(key, slice))
        return slice(vm, o, (OuSlice *)key);
    return ou_type_error(vm, "Pointer indices must be integer");
}
static int set_subscript(OuVM *vm, OuObj *o, OuObj *key, OuObj *value)
{
    CData *d = CDATA(o);
    CtInfo *item, *info;
    ou_ssize i;
    if (!value)
        return ou_type_error_i(vm, "Pointer does not support item deletion");
    if (ou_as_ssize(vm, key, OU_EXC(vm, IndexError), &i) < 0)
        return -1;
    char *p = target(vm, d);
    if (!p || !(info = infos(vm, o, &item)))
        return -1;
    return ou_ct_set(vm, d, info->proto, NULL, value, i, item->size, p + i * item->size,
                     points_anywhere(vm, d));
}
static int truth(OuVM *vm, OuObj *o)
{
    char *p;
    memcpy(&p, CDATA(o)->ptr, sizeof p);
    return p != NULL;
}

static const OuGetSet getset[] = {
    {"contents", get_contents, set_contents, "the object this pointer points to (read-write)", NULL},
    {0},
};
const OuTypeSpec ou_ct_pointer_spec = {
    .name = "_ctypes._Pointer",
    .size = sizeof(CData),
    .flags = OU_TYPE_BASE | OU_TYPE_GC,
    .doc = "Base of the C pointers: the address of an item of one type (_type_).",
    .s = {.new_ = new_pointer,
          .init = init,
          .getitem = subscript,
          .setitem = set_subscript,
          .item = get_item,
          .truth = truth},
    .getset = getset,
};
