/* stdlib/_ctypes/array.c - Array and its metaclass; item * length. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctypes.h"
#include "vm/generic_alias.h"

/* ---- classes ---- */

static OuObj *get_raw(OuVM *vm, OuObj *o, void *data)
{
    return ou_bytes_new(vm, CDATA(o)->ptr, CDATA(o)->size);
}
static int set_raw(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    OuBuffer b;
    if (!value)
        return ou_raise_i(vm, OU_EXC(vm, AttributeError), "cannot delete attribute");
    if (ou_buffer_get(vm, value, &b, OU_BUF_SIMPLE) < 0)
        return -1;
    int r = 0;
    if (b.len > CDATA(o)->size)
        r = ou_value_error_i(vm, "byte string too long");
    else
        memmove(CDATA(o)->ptr, b.buf, (size_t)b.len);
    ou_buffer_release(vm, &b);
    return r;
}
static OuObj *get_chars(OuVM *vm, OuObj *o, void *data)
{
    return ou_ct_string_get(vm, CDATA(o)->ptr, CDATA(o)->size);
}
static int set_chars(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    CData *d = CDATA(o);
    if (!value)
        return ou_type_error_i(vm, "can't delete attribute");
    if (!ou_isa_bytes(vm, value))
        return ou_type_error_i(vm, "bytes expected instead of %T instance", value);
    ou_ssize n = (ou_ssize)OU_BYTES(value)->len;
    if (n > d->size)
        return ou_value_error_i(vm, "byte string too long");
    memcpy(d->ptr, OU_BYTES(value)->data, (size_t)n);
    if (n < d->size)
        d->ptr[n] = 0;
    return 0;
}
static OuObj *get_wchars(OuVM *vm, OuObj *o, void *data)
{
    return ou_ct_wstring_get(vm, CDATA(o)->ptr, CDATA(o)->size);
}
static int set_wchars(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    CData *d = CDATA(o);
    OuObj *keep;
    if (!value)
        return ou_type_error_i(vm, "can't delete attribute");
    if (!ou_isa_str(vm, value))
        return ou_type_error_i(vm, "unicode string expected instead of %T instance", value);
    if (ou_str_len(value) > d->size / (ou_ssize)sizeof(wchar_t))
        return ou_value_error_i(vm, "string too long");
    return ou_ct_wstring_set(vm, d->ptr, value, d->size, &keep);
}
static const OuGetSet char_getset[] = {
    {"raw", get_raw, set_raw, "value", NULL},
    {"value", get_chars, set_chars, "string value", NULL},
};
static const OuGetSet wchar_getset[] = {{"value", get_wchars, set_wchars, "string value", NULL}};

static int add_getsets(OuVM *vm, OuObj *type, const OuGetSet *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        OuObj *d = ou_getset_descr_new(vm, OU_AS_TYPE(type), &rows[i]);
        int r = d ? ou_dict_set_s(vm, (OuObj *)OU_AS_TYPE(type)->dict, rows[i].name, d) : -1;
        ou_xdecref(vm, d);
        if (r < 0)
            return -1;
    }
    ou_type_drop_versions(OU_AS_TYPE(type));
    return 0;
}

/* The attribute of the class, new; AttributeError if it is absent. */
static OuObj *class_attr(OuVM *vm, OuObj *type, const char *name)
{
    OuObj *v, *s = ou_str_intern_s(vm, name);
    int r = s ? ou_lookup_attr(vm, type, s, &v) : -1;
    ou_xdecref(vm, s);
    if (r < 0)
        return NULL;
    return r ? v : ou_raise(vm, OU_EXC(vm, AttributeError), "class must define a '%s' attribute", name);
}

static int read_length(OuVM *vm, OuObj *type, ou_ssize *out)
{
    int64_t n;
    OuObj *v = class_attr(vm, type, "_length_");
    int r = -1;
    if (!v)
        return -1;
    if (!ou_isa_int(vm, v))
        ou_type_error(vm, "The '_length_' attribute must be an integer");
    else if (ou_int_sign(v) < 0)
        ou_value_error(vm, "The '_length_' attribute must not be negative");
    else if (!ou_int_fits(v, &n))
        ou_raise(vm, OU_EXC(vm, OverflowError), "The '_length_' attribute is too large");
    else {
        *out = (ou_ssize)n;
        r = 0;
    }
    ou_decref(vm, v);
    return r;
}

static CtInfo *make_info(OuVM *vm, OuObj *type)
{
    ou_ssize n;
    if (read_length(vm, type, &n) < 0)
        return NULL;
    OuObj *proto = class_attr(vm, type, "_type_");
    if (!proto)
        return NULL;
    CtInfo *item = ou_ct_info(vm, proto), *info = NULL;
    if (!item) {
        ou_type_error(vm, "_type_ must have storage info");
        goto fail;
    }
    if (item->size && n > INTPTR_MAX / item->size) {
        ou_raise(vm, OU_EXC(vm, OverflowError), "array too large");
        goto fail;
    }
    if (!(info = ou_ct_info_new(vm, CT_ARRAY)))
        goto fail;
    info->proto = proto;
    info->size = item->size * n;
    info->align = item->align;
    info->length = n;
    info->ffi = ou_ct_ffi_pointer; /* arrays are passed as pointers */
    info->flags = item->flags & (CT_ISPOINTER | CT_HASPOINTER) ? CT_HASPOINTER : 0;
    for (ou_ssize i = 0; i < n && i * item->size < 16; i++) {
        ou_ct_class_add(info->cls, item, i * item->size);
        if (!item->size)
            break;
    }
    info->ndim = item->ndim + 1;
    info->shape = malloc((size_t)info->ndim * sizeof *info->shape);
    if (!info->shape) {
        ou_raise_memory(vm);
        ou_ct_info_free(vm, info);
        return NULL;
    }
    info->shape[0] = n;
    for (int i = 0; i < item->ndim; i++)
        info->shape[i + 1] = item->shape[i];
    if (ou_ct_format(vm, info, "%s", item->format ? item->format : "B") < 0) {
        ou_ct_info_free(vm, info);
        return NULL;
    }
    return info;
fail:
    ou_decref(vm, proto);
    return NULL;
}

static OuObj *new_type(OuVM *vm, OuType *meta, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *t = ou_type_new(vm, meta, args, nargs, kwnames);
    if (!t || !ou_ct_is_type(vm, t) || CT_INFO(t))
        return t;
    CtInfo *info = CT_INFO(t) = make_info(vm, t);
    CtInfo *item = info ? ou_ct_info(vm, info->proto) : NULL;
    int r = info ? 0 : -1;
    if (item && item->code == 'c')
        r = add_getsets(vm, t, char_getset, 2);
    else if (item && item->code == 'u')
        r = add_getsets(vm, t, wchar_getset, 1);
    if (r < 0)
        ou_clear(vm, t);
    return t;
}
const OuTypeSpec ou_ct_meta_array = CT_META("PyCArrayType", new_type, "metatype for the Array Objects", );

/* The cache holds weak references: an array type lives as long as it is used. */
static OuObj *cached(OuVM *vm, OuObj *cache, OuObj *key)
{
    OuObj *ref = ou_dict_get(vm, cache, key);
    OuObj *t = ref ? ou_call0(vm, ref) : NULL;
    if (t == OU_NONE(vm))
        ou_clear(vm, t);
    return t;
}

OuObj *ou_ct_array_type(OuVM *vm, OuObj *item, ou_ssize length)
{
    CtState *st = CT(vm);
    OuObj *n = ou_int(vm, length), *key = n ? ou_tuple_pack(vm, 2, item, n) : NULL, *t = NULL;
    OuObj *name = NULL, *bases = NULL, *dict = NULL, *ref_type = NULL, *ref = NULL, *remove = NULL;
    if (!key)
        goto done;
    t = cached(vm, st->array_cache, key);
    if (t || ou_err_occurred(vm))
        goto done;
    if (!ou_isa_type(vm, item)) {
        ou_type_error(vm, "Expected a type object");
        goto done;
    }
    OuObj *args[3];
    name = args[0] = ou_str_fmt(vm, "%N_Array_%zd", OU_AS_TYPE(item), length);
    bases = args[1] = ou_tuple_pack(vm, 1, st->array);
    dict = args[2] = ou_dict_new(vm);
    if (!name || !bases || !dict || ou_dict_set_s(vm, dict, "_length_", n) < 0 ||
        ou_dict_set_s(vm, dict, "_type_", item) < 0)
        goto done;
    if (!(t = ou_call(vm, (OuObj *)st->meta[CT_ARRAY], args, 3, NULL)))
        goto done;
    /* entries of dead types are swept when the table has grown */
    if (OU_DICT(st->array_cache)->used >= 512) {
        OuObj *items = ou_dict_items_list(vm, st->array_cache);
        for (size_t i = 0; items && i < OU_LIST(items)->n; i++) {
            OuTuple *pair = OU_TUPLE(OU_LIST(items)->items[i]);
            OuObj *live = ou_call0(vm, pair->items[1]);
            if (live == OU_NONE(vm) && ou_dict_del(vm, st->array_cache, pair->items[0]) < 0)
                ou_err_clear(vm);
            ou_xdecref(vm, live);
        }
        ou_xdecref(vm, items);
    }
    ref_type = ou_import_attr(vm, "_weakref", "ref");
    ref = ref_type ? ou_call1(vm, ref_type, t) : NULL;
    if (!ref || ou_dict_set(vm, st->array_cache, key, ref) < 0)
        ou_clear(vm, t);
done:
    ou_xdecref(vm, n);
    ou_xdecref(vm, key);
    ou_xdecref(vm, name);
    ou_xdecref(vm, bases);
    ou_xdecref(vm, dict);
    ou_xdecref(vm, ref_type);
    ou_xdecref(vm, ref);
    ou_xdecref(vm, remove);
    return t;
}

/* ---- instances ---- */

static CtInfo *infos(OuVM *vm, OuObj *o, CtInfo **item)
{
    CtInfo *info = ou_ct_info_concrete(vm, (OuObj *)OU_TYPE_OF(vm, o));
    *item = info ? ou_ct_info(vm, info->proto) : NULL;
    return *item ? info : NULL;
}

static OuObj *get_item(OuVM *vm, OuObj *o, ou_ssize i)
{
    CData *d = CDATA(o);
    CtInfo *item, *info = infos(vm, o, &item);
    if (!info)
        return NULL;
    if (i < 0 || i >= d->length)
        return ou_raise(vm, OU_EXC(vm, IndexError), "invalid index");
    return ou_ct_get(vm, info->proto, NULL, d, i, item->size, d->ptr + i * item->size, d->foreign);
}
static int set_item(OuVM *vm, OuObj *o, ou_ssize i, OuObj *value)
{
    CData *d = CDATA(o);
    CtInfo *item, *info = infos(vm, o, &item);
    if (!info)
        return -1;
    if (i < 0 || i >= info->length)
        return ou_raise_i(vm, OU_EXC(vm, IndexError), "invalid index");
    return ou_ct_set(vm, d, info->proto, NULL, value, i, item->size, d->ptr + i * item->size, d->foreign);
}

OuObj *ou_ct_array_slice(OuVM *vm, CData *d, const CtInfo *item, OuObj *proto, char *p, ou_ssize start,
                         ou_ssize step, ou_ssize count, bool foreign)
{
    if (count < 0)
        count = 0;
    if (item->code == 'c') {
        OuObj *b = count ? ou_bytes_new(vm, NULL, count) : ou_bytes_new(vm, "", 0);
        for (ou_ssize i = 0; b && i < count; i++)
            OU_BYTES(b)->data[i] = p[start + i * step];
        return b;
    }
    if (item->code == 'u') {
        OuStrBuf b;
        ou_strbuf_init(&b, vm);
        for (ou_ssize i = 0; i < count; i++) {
            wchar_t c;
            memcpy(&c, p + (start + i * step) * (ou_ssize)sizeof c, sizeof c);
            if (ou_strbuf_char(&b, (uint32_t)c) < 0) {
                ou_strbuf_free(&b);
                return NULL;
            }
        }
        return ou_strbuf_take(&b);
    }
    OuObj *list = ou_list_new(vm, 0);
    for (ou_ssize i = 0; list && i < count; i++) {
        ou_ssize at = start + i * step;
        OuObj *v = ou_ct_get(vm, proto, NULL, d, at, item->size, p + at * item->size, foreign);
        if (!v || ou_list_append_take(vm, list, v) < 0)
            ou_clear(vm, list);
    }
    return list;
}

static OuObj *subscript(OuVM *vm, OuObj *o, OuObj *key)
{
    CData *d = CDATA(o);
    CtInfo *item, *info = infos(vm, o, &item);
    ou_ssize i, start, stop, step, count;
    if (!info)
        return NULL;
    if (ou_has_index(vm, key)) {
        if (ou_as_ssize(vm, key, OU_EXC(vm, IndexError), &i) < 0)
            return NULL;
        return get_item(vm, o, i < 0 ? i + d->length : i);
    }
    if (!ou_is(key, slice))
        return ou_type_error(vm, "indices must be integers");
    if (ou_slice_indices(vm, key, d->length, &start, &stop, &step, &count) < 0)
        return NULL;
    return ou_ct_array_slice(vm, d, item, info->proto, d->ptr, start, step, count, d->foreign);
}
static int set_subscript(OuVM *vm, OuObj *o, OuObj *key, OuObj *value)
{
    CData *d = CDATA(o);
    ou_ssize i, start, stop, step, count;
    if (!value)
        return ou_type_error_i(vm, "Array does not support item deletion");
    if (ou_has_index(vm, key)) {
        if (ou_as_ssize(vm, key, OU_EXC(vm, IndexError), &i) < 0)
            return -1;
        return set_item(vm, o, i < 0 ? i + d->length : i, value);
    }
    if (!ou_is(key, slice))
        return ou_type_error_i(vm, "indices must be integer");
    if (ou_slice_indices(vm, key, d->length, &start, &stop, &step, &count) < 0)
        return -1;
    ou_ssize n = ou_len(vm, value);
    if (n < 0)
        ou_err_clear(vm);
    if (n != count)
        return ou_value_error_i(vm, "Can only assign sequence of same size");
    for (i = 0; i < count; i++) {
        OuObj *v = ou_getitem_i(vm, value, i);
        int r = v ? set_item(vm, o, start + i * step, v) : -1;
        ou_xdecref(vm, v);
        if (r < 0)
            return -1;
    }
    return 0;
}
static ou_ssize len(OuVM *vm, OuObj *o)
{
    return CDATA(o)->length;
}
static int init(OuVM *vm, OuObj *o, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    for (size_t i = 0; i < nargs; i++)
        if (set_item(vm, o, (ou_ssize)i, args[i]) < 0)
            return -1;
    return 0;
}

static const OuFn methods[] = {
    {"__class_getitem__(cls, item, /)", ou_fn_class_getitem, OU_FN_CLASS, "See PEP 585"},
    {0},
};
const OuTypeSpec ou_ct_array_spec = {
    .name = "_ctypes.Array",
    .size = sizeof(CData),
    .flags = OU_TYPE_BASE | OU_TYPE_GC,
    .doc = "Base of the C arrays: a fixed number (_length_) of items of one type (_type_).",
    .s = {.new_ = ou_ct_data_new,
          .init = init,
          .getitem = subscript,
          .setitem = set_subscript,
          .item = get_item,
          .len = len},
    .methods = methods,
};
