/* stdlib/_ctypes/field.c - CField: the descriptor of a field, and where the next field of a struct goes. */
#include <stdio.h>

#include "ctypes.h"

/* Arrays of characters are given as bytes and str. */
static void choose_access(OuVM *vm, CtField *f)
{
    CtInfo *info = ou_ct_info(vm, f->proto),
           *item = info && info->kind == CT_ARRAY ? ou_ct_info(vm, info->proto) : NULL;
    if (item && item->code == 'c') {
        f->get = ou_ct_string_get;
        f->set = ou_ct_string_set;
    } else if (item && item->code == 'u') {
        f->get = ou_ct_wstring_get;
        f->set = ou_ct_wstring_set;
    }
}

/* A bit field joins the open one if it fits into its type (or, as gcc does, into a larger type in the same place). */
CtField *ou_ct_field_new(OuVM *vm, OuObj *desc, ou_ssize index, int bits, CtPlace *at)
{
    CtInfo *info = ou_ct_info(vm, desc);
    CtField *f = (CtField *)ou_type_alloc(vm, CT(vm)->field, 0);
    if (!f)
        return NULL;
    f->proto = ou_ref(desc);
    f->index = index;
    choose_access(vm, f);
    int type_bits = (int)info->size * 8;
    enum { NEW, CONTINUE, EXPAND, PLAIN } how;
    if (!bits)
        how = PLAIN;
    else if (at->field_size && type_bits <= at->field_size && at->bit_offset + bits <= at->field_size)
        how = CONTINUE;
    else if (at->field_size && type_bits >= at->field_size && at->bit_offset + bits <= type_bits)
        how = EXPAND;
    else
        how = NEW;
    if (how == NEW || how == PLAIN) {
        at->bit_offset = 0;
        at->field_size = bits ? type_bits : 0;
        ou_ssize align = at->pack && at->pack < info->align ? at->pack : info->align;
        if (align && at->offset % align) {
            ou_ssize gap = align - at->offset % align;
            at->size += gap;
            at->offset += gap;
        }
        f->offset = at->offset;
        at->size += info->size;
        at->offset += info->size;
        at->align = align;
    } else {
        if (how == EXPAND) {
            at->offset += info->size - at->field_size / 8;
            at->size += info->size - at->field_size / 8;
            at->field_size = type_bits;
        }
        f->offset = at->offset - info->size;
    }
    if (bits) {
        int low = at->big_endian ? at->field_size - at->bit_offset - bits : at->bit_offset;
        f->size = ((ou_ssize)bits << 16) + low;
        at->bit_offset += bits;
    } else {
        f->size = info->size;
    }
    return f;
}

static OuObj *get(OuVM *vm, OuObj *self, OuObj *obj, OuObj *type)
{
    CtField *f = (CtField *)self;
    if (!obj || obj == OU_NONE(vm))
        return ou_ref(self);
    if (!ou_ct_is_data(vm, obj))
        return ou_type_error(vm, "not a ctype instance");
    CData *d = CDATA(obj);
    return ou_ct_get(vm, f->proto, f->get, d, f->index, f->size, d->ptr + f->offset, d->foreign);
}
static int set(OuVM *vm, OuObj *self, OuObj *obj, OuObj *value)
{
    CtField *f = (CtField *)self;
    if (!ou_ct_is_data(vm, obj))
        return ou_type_error_i(vm, "not a ctype instance");
    CData *d = CDATA(obj);
    if (!value)
        return ou_type_error_i(vm, "can't delete attribute");
    return ou_ct_set(vm, d, f->proto, f->set, value, f->index, f->size, d->ptr + f->offset, d->foreign);
}
static OuObj *repr(OuVM *vm, OuObj *o)
{
    CtField *f = (CtField *)o;
    ou_ssize bits = CT_NUM_BITS(f->size);
    if (bits)
        return ou_str_fmt(vm, "<Field type=%N, ofs=%zd:%zd, bits=%zd>", OU_AS_TYPE(f->proto), f->offset,
                          CT_LOW_BIT(f->size), bits);
    return ou_str_fmt(vm, "<Field type=%N, ofs=%zd, size=%zd>", OU_AS_TYPE(f->proto), f->offset, f->size);
}
static void clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, ((CtField *)o)->proto);
}
static void dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    clear(vm, o);
    ou_free_object(vm, o);
}
static int traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((CtField *)o)->proto);
    return 0;
}

static OuObj *get_offset(OuVM *vm, OuObj *o, void *data)
{
    return ou_int(vm, ((CtField *)o)->offset);
}
static OuObj *get_size(OuVM *vm, OuObj *o, void *data)
{
    return ou_int(vm, ((CtField *)o)->size);
}
static const OuGetSet getset[] = {
    {"offset", get_offset, NULL, "offset in bytes of this field", NULL},
    {"size", get_size, NULL, "size in bytes of this field", NULL},
    {0},
};
const OuTypeSpec ou_ct_field_spec = {
    .name = "_ctypes.CField",
    .size = sizeof(CtField),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,
    .doc = "Structure/Union member",
    .dealloc = dealloc,
    .traverse = traverse,
    .clear = clear,
    .s = {.descr_get = get, .descr_set = set, .repr = repr},
    .getset = getset,
};
