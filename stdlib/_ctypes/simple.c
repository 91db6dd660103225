/* stdlib/_ctypes/simple.c - _SimpleCData and its metaclass: types of one character code, such as c_int ('i'). */
#include <stdio.h>
#include <string.h>

#include "ctypes.h"

/* ---- classes ---- */

/* PEP 3118 codes: those of the struct module, whose sizes are fixed after '<' and '>'. */
static char format_code(char code)
{
    switch (code) {
    case 'l':
        return 'q';
    case 'L':
        return 'Q';
    default:
        return code;
    }
}

static CtInfo *make_info(OuVM *vm, const CtCode *c, OuObj *proto, bool big_endian)
{
    CtInfo *info = ou_ct_info_new(vm, CT_SIMPLE);
    if (!info)
        return NULL;
    info->code = c->code;
    info->proto = ou_ref(proto);
    info->size = (ou_ssize)c->ffi->size;
    info->align = c->ffi->alignment;
    info->ffi = *c->ffi;
    info->set = big_endian ? c->set_swapped : c->set;
    info->get = big_endian ? c->get_swapped : c->get;
    if (strchr("zZPO", c->code)) /* pointers: not to be pickled */
        info->flags |= CT_ISPOINTER;
    if (ou_ct_format(vm, info, "%c%c", big_endian ? '>' : '<', format_code(c->code)) < 0) {
        ou_ct_info_free(vm, info);
        return NULL;
    }
    return info;
}

/* The type of the same name in the other byte order, linked by __ctype_le__ and __ctype_be__. */
static int add_swapped(OuVM *vm, OuType *meta, OuObj *type, const CtCode *c, OuObj *proto, OuObj *const *args)
{
    OuObj *name = ou_str_fmt(vm, "%U_be", args[0]);
    OuObj *own[3] = {name, args[1], args[2]}, *swapped = name ? ou_type_new(vm, meta, own, 3, NULL) : NULL;
    ou_xdecref(vm, name);
    if (!swapped)
        return -1;
    int r = -1;
    if ((CT_INFO(swapped) = make_info(vm, c, proto, true)) &&
        ou_setattr_s(vm, type, "__ctype_be__", swapped) == 0 &&
        ou_setattr_s(vm, type, "__ctype_le__", type) == 0 &&
        ou_setattr_s(vm, swapped, "__ctype_le__", type) == 0 &&
        ou_setattr_s(vm, swapped, "__ctype_be__", swapped) == 0)
        r = 0;
    ou_decref(vm, swapped);
    return r;
}

OuObj *ou_ct_simple_new_type(OuVM *vm, OuType *meta, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *t = ou_type_new(vm, meta, args, nargs, kwnames), *proto = NULL;
    if (!t || !ou_ct_is_type(vm, t) || CT_INFO(t))
        return t;
    const CtCode *c = NULL;
    OuUtf8 u = {0};
    OuObj *name = ou_str_intern_s(vm, "_type_");
    int r = name ? ou_lookup_attr(vm, t, name, &proto) : -1;
    ou_xdecref(vm, name);
    if (r < 0)
        goto fail;
    if (!r) {
        ou_raise(vm, OU_EXC(vm, AttributeError), "class must define a '_type_' attribute");
        goto fail;
    }
    if (!ou_isa_str(vm, proto)) {
        ou_type_error(vm, "class must define a '_type_' string attribute");
        goto fail;
    }
    if (ou_str_utf8(vm, proto, &u, false) < 0)
        goto fail;
    if (u.n != 1) {
        ou_value_error(vm, "class must define a '_type_' attribute which must be a string of length 1");
        goto fail;
    }
    if (!strchr("cbBhHiIlLdfuzZqQPXOv?g", u.s[0])) {
        ou_raise(vm, OU_EXC(vm, AttributeError),
                 "class must define a '_type_' attribute which must be\na single character string containing "
                 "one of "
                 "'cbBhHiIlLdfuzZqQPXOv?g'.");
        goto fail;
    }
    if (!(c = ou_ct_code(u.s[0]))) {
        ou_value_error(vm, "_type_ '%s' not supported", u.s);
        goto fail;
    }
    if (!(CT_INFO(t) = make_info(vm, c, proto, false)))
        goto fail;
    if (OU_AS_TYPE(t)->base != CT(vm)->simple)
        CT_INFO(t)->flags |= CT_SUBCLASS;
    if (meta == CT(vm)->meta[CT_SIMPLE] && c->set_swapped && OU_AS_TYPE(t)->base == CT(vm)->simple &&
        add_swapped(vm, meta, t, c, proto, args) < 0)
        goto fail;
    ou_utf8_free(vm, &u);
    ou_decref(vm, proto);
    return t;
fail:
    ou_utf8_free(vm, &u);
    ou_xdecref(vm, proto);
    ou_decref(vm, t);
    return NULL;
}
const OuTypeSpec ou_ct_meta_simple =
    CT_META("PyCSimpleType", ou_ct_simple_new_type, "metatype for the PyCSimpleType Objects", );

/* ---- from_param ---- */

static OuObj *by_attribute(OuVM *vm, OuObj *type, OuObj *value, const char *otherwise)
{
    OuObj *as = NULL, *name = ou_str_intern_s(vm, "_as_parameter_"), *res;
    int r = name ? ou_lookup_attr(vm, value, name, &as) : -1;
    ou_xdecref(vm, name);
    if (r < 0)
        return NULL;
    if (!r)
        return ou_type_error(vm, "%s", otherwise);
    res = ou_check_stack(vm, " while processing _as_parameter_") < 0 ? NULL
                                                                     : ou_ct_simple_from_param(vm, type, as);
    ou_decref(vm, as);
    return res;
}

static OuObj *pointer_arg(OuVM *vm, char tag, const void *p, OuObj *obj_take)
{
    CtArg *a = ou_ct_arg_new(vm);
    if (!a) {
        ou_xdecref(vm, obj_take);
        return NULL;
    }
    a->ffi = &ou_ct_ffi_pointer;
    a->tag = tag;
    a->obj = obj_take;
    a->value.p = (void *)p;
    return (OuObj *)a;
}

/* What pointers accept besides their own type; 1: *out is set, 0: nothing fits, -1. */
static int pointer_param(OuVM *vm, OuObj *type, char code, OuObj *value, OuObj **out)
{
    CtInfo *from = ou_ct_info(vm, (OuObj *)OU_TYPE_OF(vm, value));
    *out = NULL;
    if (value == OU_NONE(vm)) {
        *out = ou_none(vm);
        return 1;
    }
    if (code == 'P' && ou_isa_int(vm, value)) {
        void *p = NULL;
        OuObj *keep = NULL;
        if (ou_ct_code('P')->set(vm, &p, value, 0, &keep) == 0)
            *out = pointer_arg(vm, 'P', p, NULL);
        return *out ? 1 : -1;
    }
    if (ou_isa_bytes(vm, value) && code != 'Z') {
        *out = pointer_arg(vm, 'z', OU_BYTES(value)->data, ou_ref(value));
        return *out ? 1 : -1;
    }
    if (ou_isa_str(vm, value) && code != 'z') {
        OuObj *copy = ou_ct_wide_copy(vm, value);
        *out = copy ? pointer_arg(vm, 'Z', OU_BYTES(copy)->data, copy) : NULL;
        return *out ? 1 : -1;
    }
    int r = ou_isinstance(vm, value, type);
    if (r) {
        *out = r > 0 ? ou_ref(value) : NULL;
        return r;
    }
    bool is_arg = CT_IS_ARG(vm, value);
    if (code == 'P') {
        if (from && (from->kind == CT_ARRAY || from->kind == CT_POINTER)) {
            *out = ou_ref(value);
            return 1;
        }
        if (is_arg && ((CtArg *)value)->tag == 'P') {
            *out = ou_ref(value);
            return 1;
        }
        if (from && (from->kind == CT_FUNC ||
                     (from->kind == CT_SIMPLE && (from->code == 'z' || from->code == 'Z')))) {
            void *p;
            memcpy(&p, CDATA(value)->ptr, sizeof p);
            *out = pointer_arg(vm, from->kind == CT_FUNC ? 'P' : 'Z', p, ou_ref(value));
            return *out ? 1 : -1;
        }
        return 0;
    }
    /* arrays of, pointers to and byref of characters */
    CtInfo *item =
        from && (from->kind == CT_ARRAY || from->kind == CT_POINTER) ? ou_ct_info(vm, from->proto) : NULL;
    if (is_arg && ((CtArg *)value)->obj)
        item = ou_ct_info(vm, (OuObj *)OU_TYPE_OF(vm, ((CtArg *)value)->obj));
    if (item && item->kind == CT_SIMPLE && item->code == (code == 'z' ? 'c' : 'u')) {
        *out = ou_ref(value);
        return 1;
    }
    return 0;
}

OuObj *ou_ct_simple_from_param(OuVM *vm, OuObj *type, OuObj *value)
{
    CtInfo *info = ou_ct_info(vm, type);
    if (info && strchr("zZP", info->code)) {
        OuObj *out;
        int r = pointer_param(vm, type, info->code, value, &out);
        return r ? out : by_attribute(vm, type, value, "wrong type");
    }
    int r = ou_isinstance(vm, value, type);
    if (r)
        return r < 0 ? NULL : ou_ref(value);
    if (!info)
        return ou_type_error(vm, "abstract class");
    const CtCode *c = ou_ct_code(info->code);
    CtArg *a = ou_ct_arg_new(vm);
    if (!a)
        return NULL;
    a->ffi = c->ffi;
    a->tag = c->code;
    if (c->set(vm, &a->value, value, 0, &a->obj) == 0)
        return (OuObj *)a;
    ou_err_clear(vm);
    ou_decref(vm, a);
    return by_attribute(vm, type, value, "wrong type");
}

/* ---- instances ---- */

static OuObj *get_value(OuVM *vm, OuObj *o, void *data)
{
    CData *d = CDATA(o);
    CtInfo *info = ou_ct_info_concrete(vm, (OuObj *)OU_TYPE_OF(vm, o));
    if (!info)
        return NULL;
    if (d->foreign && info->size == 8 && strchr("lLqQ", info->code) && ou_ct_count_at(vm, d->ptr))
        return ou_int(vm, ((OuObj *)d->ptr)->rc);
    return info->get(vm, d->ptr, d->size);
}
static int set_value(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    CData *d = CDATA(o);
    CtInfo *info = ou_ct_info_concrete(vm, (OuObj *)OU_TYPE_OF(vm, o));
    OuObj *keep = NULL;
    if (!value)
        return ou_type_error_i(vm, "can't delete attribute");
    if (!info)
        return -1;
    if (d->foreign && info->size == 8 && strchr("lLqQ", info->code) && ou_ct_count_at(vm, d->ptr)) {
        uint64_t count;
        if (info->set(vm, &count, value, info->size, &keep) < 0)
            return -1;
        ((OuObj *)d->ptr)->rc = (uint32_t)count;
        return 0;
    }
    return info->set(vm, d->ptr, value, info->size, &keep) < 0 ? -1 : ou_ct_keep(vm, d, 0, keep);
}
static int init(OuVM *vm, OuObj *o, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_arity(vm, "__init__", nargs, 0, 1) < 0)
        return -1;
    return nargs ? set_value(vm, o, args[0], NULL) : 0;
}
static int truth(OuVM *vm, OuObj *o)
{
    for (ou_ssize i = 0; i < CDATA(o)->size; i++)
        if (CDATA(o)->ptr[i])
            return 1;
    return 0;
}
static OuObj *repr(OuVM *vm, OuObj *o)
{
    if (OU_TYPE_OF(vm, o)->base != CT(vm)->simple)
        return ou_str_fmt(vm, "<%T object at %p>", o, (void *)o);
    OuObj *v = get_value(vm, o, NULL);
    OuObj *name = v ? ou_type_name(vm, OU_TYPE_OF(vm, o)) : NULL;
    OuObj *r = name ? ou_str_fmt(vm, "%U(%R)", name, v) : NULL;
    ou_xdecref(vm, v);
    ou_xdecref(vm, name);
    return r;
}
FN(s_from_outparam)
{
    if (OU_TYPE_OF(vm, args[0])->base != CT(vm)->simple)
        return ou_ref(args[0]);
    return get_value(vm, args[0], NULL);
}

static const OuFn methods[] = {
    {"__ctypes_from_outparam__(self, /)", s_from_outparam, 0, NULL},
    {0},
};
static const OuGetSet getset[] = {
    {"value", get_value, set_value, "current value", NULL},
    {0},
};
const OuTypeSpec ou_ct_simple_spec = {
    .name = "_ctypes._SimpleCData",
    .size = sizeof(CData),
    .flags = OU_TYPE_BASE | OU_TYPE_GC,
    .doc = "Base of the C types that hold one value of one character code, such as c_int.",
    .s = {.new_ = ou_ct_data_new, .init = init, .repr = repr, .truth = truth},
    .methods = methods,
    .getset = getset,
};
