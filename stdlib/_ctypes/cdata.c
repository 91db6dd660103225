/* stdlib/_ctypes/cdata.c - _CData, the base of all ctypes instances: memory, what it keeps alive, reading and writing parts of it,
 * buffers, pickling; and the counts of objects that scripts read by address. */
#include <stdio.h>
#include <string.h>

#include "ctypes.h"

/* ---- memory ---- */

/* Abstract classes have no layout, and no instances. */
bool ou_ct_is_data(OuVM *vm, OuObj *o)
{
    return ou_ct_info(vm, (OuObj *)OU_TYPE_OF(vm, o)) != NULL;
}

/* Bytes in front of a block, so that it never begins where an object could: see ou_ct_count_at. */
enum { FRONT = 16 };

/* A zeroed block of size bytes. */
static char *new_block(OuVM *vm, size_t size)
{
    if (size > SIZE_MAX / 2)
        return ou_raise_memory(vm);
    char *p = ou_alloc(vm, size + FRONT);
    return p ? memset(p + FRONT, 0, size) : NULL;
}
static int own_memory(OuVM *vm, CData *d, ou_ssize size)
{
    if (size <= CT_INLINE) {
        d->ptr = d->value;
    } else {
        if (!(d->ptr = new_block(vm, (size_t)size)))
            return -1;
        d->block = (size_t)size;
    }
    d->needsfree = true;
    d->size = size;
    return 0;
}
static void free_memory(OuVM *vm, CData *d)
{
    if (d->block)
        ou_free(vm, d->ptr - FRONT, d->block + FRONT);
    d->block = 0;
    d->ptr = NULL;
}

int ou_ct_resize(OuVM *vm, CData *d, ou_ssize size)
{
    if (!d->needsfree)
        return ou_value_error_i(vm, "Memory cannot be resized because this object doesn't own it");
    if (size > CT_INLINE) {
        size_t old = d->block ? d->block : CT_INLINE;
        char *p = new_block(vm, (size_t)size);
        if (!p)
            return -1;
        memcpy(p, d->ptr, old < (size_t)size ? old : (size_t)size);
        free_memory(vm, d);
        d->ptr = p;
        d->block = (size_t)size;
    }
    d->size = size;
    return 0;
}

static CData *bare(OuVM *vm, OuObj *type)
{
    CtInfo *info = ou_ct_info_concrete(vm, type);
    if (!info)
        return NULL;
    info->flags |= CT_FINAL;
    CData *d = (CData *)ou_type_alloc(vm, OU_AS_TYPE(type), 0);
    if (d) {
        d->length = info->length;
        d->size = info->size;
    }
    return d;
}

OuObj *ou_ct_data_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    CData *d = bare(vm, (OuObj *)type);
    if (d && own_memory(vm, d, d->size) < 0)
        ou_clear(vm, d);
    return (OuObj *)d;
}

OuObj *ou_ct_at_address(OuVM *vm, OuObj *type, void *p)
{
    OuObj *address = ou_int_u64(vm, (uintptr_t)p);
    int r = address ? ou_ct_audit(vm, "ctypes.cdata", 1, address) : -1;
    ou_xdecref(vm, address);
    CData *d = r < 0 ? NULL : bare(vm, type);
    if (d)
        d->ptr = p;
    return (OuObj *)d;
}

OuObj *ou_ct_from_base(OuVM *vm, OuObj *type, CData *base, ou_ssize index, void *p)
{
    CData *d = bare(vm, type);
    if (!d)
        return NULL;
    if (base) {
        d->ptr = p;
        d->base = ou_ref(base);
        d->foreign = base->foreign;
    } else {
        if (own_memory(vm, d, d->size) < 0) {
            ou_decref(vm, d);
            return NULL;
        }
        memcpy(d->ptr, p, (size_t)d->size);
    }
    d->index = index;
    return (OuObj *)d;
}

void ou_ct_data_clear(OuVM *vm, OuObj *o)
{
    CData *d = CDATA(o);
    ou_clear(vm, d->objects);
    if (d->needsfree && d->block) {
        free_memory(vm, d);
        d->ptr = d->value;
        d->size = 0;
    }
    ou_clear(vm, d->base);
}
void ou_ct_data_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    ou_ct_data_clear(vm, o);
    ou_free_object(vm, o);
}
int ou_ct_data_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(CDATA(o)->objects);
    OU_VISIT(CDATA(o)->base);
    return 0;
}

/* ---- what it keeps alive ---- */

/* The root of the chain, with `objects` set. */
static CData *root_of(OuVM *vm, CData *d)
{
    while (d->base)
        d = d->base;
    if (!d->objects && !(d->objects = d->length ? ou_dict_new(vm) : ou_none(vm)))
        return NULL;
    return d;
}
OuObj *ou_ct_kept(OuVM *vm, CData *d)
{
    d = root_of(vm, d);
    return d ? d->objects : NULL;
}

/* The place of item `index` of target in its root: hexadecimal indices from inside out. */
static OuObj *place_key(OuVM *vm, CData *target, ou_ssize index)
{
    char text[256];
    size_t n = (size_t)sprintf(text, "%x", (int)index);
    for (; target->base; target = target->base) {
        if (n + 12 > sizeof text)
            return ou_value_error(vm, "ctypes object structure too deep");
        n += (size_t)sprintf(text + n, ":%x", (int)target->index);
    }
    return ou_str_from_ascii(vm, text, (ou_ssize)n);
}

int ou_ct_keep(OuVM *vm, CData *target, ou_ssize index, OuObj *keep)
{
    if (!keep)
        return 0;
    if (keep == OU_NONE(vm)) {
        ou_decref(vm, keep);
        return 0;
    }
    CData *root = root_of(vm, target);
    if (!root) {
        ou_decref(vm, keep);
        return -1;
    }
    if (!ou_is(root->objects, dict)) {
        OuObj *old = root->objects;
        root->objects = keep;
        ou_xdecref(vm, old);
        return 0;
    }
    OuObj *key = place_key(vm, target, index);
    int r = key ? ou_dict_set(vm, root->objects, key, keep) : -1;
    ou_xdecref(vm, key);
    ou_decref(vm, keep);
    return r;
}

/* ---- counts by address ----
 * A script written for CPython reads a long at id(x) and means the reference count.  Here the first eight bytes of an object are a
 * 32-bit count and the type, so such a read gives the count alone, and a write leaves the type. */

bool ou_ct_count_at(OuVM *vm, const void *p)
{
    const OuObj *o = p;
    if ((uintptr_t)p % 8)
        return false;
    if ((uintptr_t)p >= (uintptr_t)vm && (uintptr_t)p < (uintptr_t)(vm + 1))
        return ou_type_index(o) && ou_type_index(o) < OU_T_COUNT && o->rc > OU_RC_SINGLETON / 2;
    if (!o->rc || (o->rc >= 1u << 30) || !ou_type_index(o) || ou_type_index(o) >= vm->heap.ntypes ||
        !vm->heap.types[ou_type_index(o)])
        return false;
    for (OuRegion *r = vm->heap.mem.regions; r; r = r->next) {
        if (ou_region_of(o) != r)
            continue;
        OuPage *pg = ou_mem_page(o);
        const char *c = p;
        return c >= pg->start && c < pg->bump && (c - pg->start) % (ptrdiff_t)pg->size == 0;
    }
    for (int l = 0; l < OU_SPANS_LISTS; l++)
        for (OuHeapSpan *s = vm->heap.spans[l].next; s != &vm->heap.spans[l]; s = s->next)
            if (ou_span_obj(s) == o)
                return true;
    return false;
}
static bool is_count(OuVM *vm, const CtInfo *info, bool foreign, const char *p)
{
    return foreign && info && info->kind == CT_SIMPLE && info->size == 8 && strchr("lLqQ", info->code) &&
           ou_ct_count_at(vm, p);
}

/* ---- parts ---- */

OuObj *ou_ct_get(OuVM *vm, OuObj *type, CtGet get, CData *owner, ou_ssize index, ou_ssize size, char *p,
                 bool foreign)
{
    CtInfo *info = ou_ct_info(vm, type);
    if (get)
        return get(vm, p, size);
    if (info && info->get && !(info->flags & CT_SUBCLASS)) {
        if (!CT_NUM_BITS(size) && is_count(vm, info, foreign, p))
            return ou_int(vm, ((OuObj *)p)->rc);
        return info->get(vm, p, size);
    }
    OuObj *o = ou_ct_from_base(vm, type, owner, index, p);
    if (o && foreign)
        CDATA(o)->foreign = true;
    return o;
}

/* Stores value at p; *keep: what must be kept, new, or NULL. */
static int store(OuVM *vm, OuObj *type, CtSet set, OuObj *value, ou_ssize size, char *p, bool foreign,
                 OuObj **keep)
{
    if (set)
        return set(vm, p, value, size, keep);
    CtInfo *info = ou_ct_info(vm, type);
    if (!ou_ct_is_data(vm, value)) {
        if (info && info->set) {
            if (!CT_NUM_BITS(size) && is_count(vm, info, foreign, p)) {
                uint64_t count;
                if (info->set(vm, &count, value, size, keep) < 0)
                    return -1;
                ((OuObj *)p)->rc = (uint32_t)count;
                return 0;
            }
            return info->set(vm, p, value, size, keep);
        }
        if (ou_isa_tuple(vm, value)) { /* arguments to make one from */
            OuObj *o = ou_call_tuple(vm, type, value, NULL);
            if (!o) {
                OuObj *exc = ou_err_fetch(vm);
                OuObj *text = ou_str(vm, exc);
                if (text)
                    ou_raise(vm, OU_EXC(vm, RuntimeError), "(%N) %T: %U", OU_AS_TYPE(type), exc, text);
                ou_xdecref(vm, text);
                ou_decref(vm, exc);
                return -1;
            }
            int r = store(vm, type, NULL, o, size, p, foreign, keep);
            ou_decref(vm, o);
            return r;
        }
        if (value == OU_NONE(vm) && info && info->kind == CT_POINTER) {
            memset(p, 0, sizeof(void *));
            return 0;
        }
        return ou_type_error_i(vm, "expected %N instance, got %T", OU_AS_TYPE(type), value);
    }
    CData *src = CDATA(value);
    int r = ou_isinstance(vm, value, type);
    if (r < 0)
        return -1;
    if (r) {
        memmove(p, src->ptr, (size_t)size);
        OuObj *kept = ou_ct_kept(vm, src);
        if (!kept)
            return -1;
        *keep = ou_ref(kept);
        return 0;
    }
    CtInfo *from = ou_ct_info(vm, (OuObj *)OU_TYPE_OF(vm, value));
    if (info && from && info->kind == CT_POINTER && from->kind == CT_ARRAY) {
        if (from->proto != info->proto)
            return ou_type_error_i(vm, "incompatible types, %T instance instead of %N instance", value,
                                   OU_AS_TYPE(type));
        memcpy(p, &src->ptr, sizeof src->ptr);
        OuObj *kept = ou_ct_kept(vm, src);
        *keep = kept ? ou_tuple_pack(vm, 2, kept, value) : NULL;
        return *keep ? 0 : -1;
    }
    return ou_type_error_i(vm, "incompatible types, %T instance instead of %N instance", value,
                           OU_AS_TYPE(type));
}

int ou_ct_set(OuVM *vm, CData *dst, OuObj *type, CtSet set, OuObj *value, ou_ssize index, ou_ssize size,
              char *p, bool foreign)
{
    OuObj *keep = NULL;
    if (store(vm, type, set, value, size, p, foreign, &keep) < 0)
        return -1;
    return ou_ct_keep(vm, dst, index, keep);
}

/* ---- buffers ---- */

int ou_ct_data_getbuffer(OuVM *vm, OuObj *o, OuBuffer *view, int flags)
{
    CData *d = CDATA(o);
    OuObj *item = (OuObj *)OU_TYPE_OF(vm, o);
    CtInfo *info = ou_ct_info(vm, item), *item_info = info;
    while (item_info && item_info->kind == CT_ARRAY)
        item_info = ou_ct_info(vm, item_info->proto);
    *view = (OuBuffer){.buf = d->ptr, .obj = ou_ref(o), .len = d->size, .itemsize = 1};
    if (!item_info)
        return 0;
    view->format = info->format ? info->format : "B";
    view->ndim = info->ndim;
    view->shape = info->shape;
    view->itemsize = item_info->size;
    return 0;
}

/* ---- the type ---- */

static int hash(OuVM *vm, OuObj *o, int64_t *out)
{
    return ou_type_error_i(vm, "unhashable type");
}

FN(d_reduce)
{
    CData *d = CDATA(args[0]);
    OuObj *type = (OuObj *)OU_TYPE_OF(vm, d);
    CtInfo *info = ou_ct_info_concrete(vm, type);
    if (!info)
        return NULL;
    if (info->flags & (CT_ISPOINTER | CT_HASPOINTER))
        return ou_value_error(vm, "ctypes objects containing pointers cannot be pickled");
    OuObj *dict = ou_getattr(vm, args[0], OU_NAME(vm, __dict__));
    OuObj *bytes = dict ? ou_bytes_new(vm, d->ptr, d->size) : NULL;
    OuObj *fn = bytes ? ou_import_attr(vm, "_ctypes", "_unpickle") : NULL;
    OuObj *state = fn ? ou_tuple_pack(vm, 2, dict, bytes) : NULL;
    OuObj *rest = state ? ou_tuple_pack(vm, 2, type, state) : NULL;
    OuObj *res = rest ? ou_tuple_pack(vm, 2, fn, rest) : NULL;
    ou_xdecref(vm, dict);
    ou_xdecref(vm, bytes);
    ou_xdecref(vm, fn);
    ou_xdecref(vm, state);
    ou_xdecref(vm, rest);
    return res;
}
FN(d_setstate)
{
    CData *d = CDATA(args[0]);
    if (!ou_isa_dict(vm, args[1]))
        return ou_type_error(vm, "__setstate__() argument 1 must be dict, not %s",
                             ou_arg_type_name(vm, args[1]));
    if (!ou_isa_bytes(vm, args[2]))
        return ou_type_error(vm, "a bytes-like object is required, not '%T'", args[2]);
    size_t n = OU_BYTES(args[2])->len;
    memmove(d->ptr, OU_BYTES(args[2])->data, n < (size_t)d->size ? n : (size_t)d->size);
    OuObj *dict = ou_getattr(vm, args[0], OU_NAME(vm, __dict__));
    int r = -1;
    if (dict && !ou_isa_dict(vm, dict))
        ou_type_error(vm, "%T.__dict__ must be a dictionary, not %T", args[0], dict);
    else if (dict)
        r = ou_dict_update(vm, dict, args[1]);
    ou_xdecref(vm, dict);
    return r < 0 ? NULL : ou_none(vm);
}
FN(d_from_outparam)
{
    return ou_ref(args[0]);
}
FN(d_sizeof)
{
    return ou_int(vm, (int64_t)(ou_object_size(vm, args[0]) + CDATA(args[0])->block));
}

static const OuFn methods[] = {
    {"__ctypes_from_outparam__(self, /)", d_from_outparam, 0, NULL},
    {"__reduce__(self, /)", d_reduce, 0, NULL},
    {"__setstate__(self, dict, data, /)", d_setstate, 0, NULL},
    {"__sizeof__(self, /)", d_sizeof, 0, "Size of object in memory, in bytes."},
    {0},
};
static const OuMember members[] = {
    {"_b_base_", OU_MEMBER_OBJ, offsetof(CData, base), true, "the base object"},
    {"_b_needsfree_", OU_MEMBER_INT, offsetof(CData, needsfree), true,
     "whether the object owns the memory or not"},
    {"_objects", OU_MEMBER_OBJ, offsetof(CData, objects), true,
     "internal objects tree (NEVER CHANGE THIS OBJECT!)"},
    {0},
};
const OuTypeSpec ou_ct_cdata_spec = {
    .name = "_ctypes._CData",
    .size = sizeof(CData),
    .flags = OU_TYPE_BASE | OU_TYPE_GC,
    .doc = "Base of all C types: an object over a piece of memory.",
    .dealloc = ou_ct_data_dealloc,
    .traverse = ou_ct_data_traverse,
    .clear = ou_ct_data_clear,
    .s = {.hash = hash, .getbuffer = ou_ct_data_getbuffer},
    .methods = methods,
    .members = members,
};
