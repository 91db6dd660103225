/* vm/eval_attr.c - attribute access by instructions: the general way, and writing the inline caches of vm/eval_attr.h. */
#include "err.h"
#include "eval_ops.h"
#include "instance.h"
#include "native.h"
#include "type.h"

enum { MISSES = 60 }; /* after so many a site is left to the uncached form */

/* Adds (key, data) to the cache of the instruction before pc under specialised opcode op: a site that had the same opcode keeps
 * its newest entry as the second one.  `any` takes over after too many misses. */
static void specialise(uint64_t *pc, unsigned op, unsigned any, uint64_t key, uint64_t data)
{
    unsigned now = OU_INSTR_OP(pc[-1]);
    uint64_t misses = pc[3] >> 48;
    if (misses >= MISSES && any) {
        ou_op_become(pc, any);
        return;
    }
    bool fresh = ou_op_base(now) == now;
    if (now == op) {
        pc[2] = pc[0];
        pc[3] = pc[1] & 0xffffffffffffu;
    } else {
        pc[2] = ~(uint64_t)0; /* no version is all ones */
        pc[3] = 0;
    }
    pc[3] |= (fresh ? 0 : misses + 1) << 48;
    pc[0] = key;
    pc[1] = data;
    ou_op_become(pc, op);
}

/* A __slots__ member of a Python class at a fixed offset, which instances of t have (a member may be borrowed by a class it
 * does not belong to). */
static bool is_slot_member(OuVM *vm, OuType *t, OuObj *descr)
{
    return descr && ou_is(descr, member_descr) && !((OuMemberDescr *)descr)->def &&
           ((OuMemberDescr *)descr)->offset <= 0xffff &&
           ou_type_is_subtype(vm, t, ((OuMemberDescr *)descr)->owner);
}

/* Whether a class attribute's type is a Python class, which may become a descriptor at any time. */
static bool may_become_descriptor(OuVM *vm, OuObj *descr)
{
    return descr && OU_TYPE_OF(vm, descr)->flags & OU_TYPE_HEAP;
}

static void specialise_module(OuVM *vm, OuObj *o, OuObj *name, uint64_t *pc)
{
    OuType *t = OU_TYPE_OF(vm, o);
    if (t != &vm->builtin[OU_T_module] || ou_type_lookup(vm, t, name))
        return;
    OuDict *d = ((OuModule *)o)->dict;
    ou_ssize i = d ? ou_dict_entry_index(vm, d, name) : -1;
    uint32_t version = i >= 0 ? ou_dict_keys_version(vm, d) : 0;
    if (version)
        specialise(pc, OU_OP_LOAD_ATTR_MODULE, OU_OP_LOAD_ATTR_ANY, version,
                   (uint64_t)ou_dict_value_slot(d, (size_t)i));
}

/* Key of a cache entry for shaped instances with dict word `word`. */
static uint64_t shape_key(uint32_t version, uint64_t word)
{
    return version | (uint64_t)OU_WORD_UPPER(word) << 32;
}

static uint64_t offset_in(OuObj *o, OuObj **value)
{
    return (uint64_t)((char *)value - (char *)o);
}

OuObj *ou_op_load_attr_any(OuVM *vm, OuObj *o, OuObj *name)
{
    return ou_getattr(vm, o, name);
}

/* `name` lies in the dict of a class along t's MRO: LOAD_ATTR_CLASS or _TYPE reads it there. */
static void specialise_class_value(OuVM *vm, OuType *t, OuObj *name, uint64_t *pc, unsigned op, uint64_t key)
{
    OuType *owner;
    OuDict *d = ou_type_lookup_owner(vm, t, name, &owner) ? owner->dict : NULL;
    ou_ssize i = d ? ou_dict_entry_index(vm, d, name) : -1;
    uint32_t version = i >= 0 ? ou_dict_keys_version(vm, d) : 0;
    if (!version)
        return;
    uint64_t misses = pc[3] >> 48;
    specialise(pc, op, OU_OP_LOAD_ATTR_ANY, key, (uint64_t)ou_dict_value_slot(d, (size_t)i));
    if (OU_INSTR_OP(pc[-1]) == op) { /* one entry: the second one's units hold what the place depends on */
        pc[2] = (uint64_t)d;
        pc[3] = version | (misses + 1) << 48;
    }
}

static void specialise_type(OuVM *vm, OuType *t, OuObj *name, uint64_t *pc)
{
    OuType *meta = OU_TYPE_OF(vm, &t->hdr);
    OuObj *value = ou_type_lookup(vm, t, name);
    if (!value || ou_type_lookup(vm, meta, name) ||
        !(ou_is(value, function) || !OU_TYPE_OF(vm, value)->s.descr_get))
        return;
    uint32_t version = ou_type_version(vm, t), meta_version = ou_type_version(vm, meta);
    if (version && meta_version)
        specialise_class_value(vm, t, name, pc, OU_OP_LOAD_ATTR_TYPE, version | (uint64_t)meta_version << 32);
}

/* A data descriptor whose type is native stays one. */
static bool is_native_data_descr(OuVM *vm, OuObj *descr)
{
    const OuType *dt = OU_TYPE_OF(vm, descr);
    return !(dt->flags & OU_TYPE_HEAP) && dt->s.descr_get && dt->s.descr_set;
}

OuObj *ou_op_load_attr(OuVM *vm, OuObj *o, OuObj *name, uint64_t *pc)
{
    OuType *t = OU_TYPE_OF(vm, o);
    if (ou_is(o, module))
        specialise_module(vm, o, name, pc);
    if (t->s.getattr == ou_type_getattr) {
        OuObj *res = ou_getattr(vm, o, name);
        if (res) /* only now: comparing odd keys of a class dict may run code, which is seen to run once */
            specialise_type(vm, OU_AS_TYPE(o), name, pc);
        return res;
    }
    if (t->s.getattr != ou_generic_getattr)
        return ou_getattr(vm, o, name);
    OuObj *descr = ou_type_lookup(vm, t, name);
    uint32_t version = ou_type_version(vm, t);
    if (!version)
        return ou_getattr(vm, o, name);
    if (!(t->flags & OU_TYPE_HEAP)) {
        if (descr && is_native_data_descr(vm, descr))
            specialise(pc, OU_OP_LOAD_ATTR_DESCR, OU_OP_LOAD_ATTR_ANY, version, (uint64_t)descr);
        return ou_getattr(vm, o, name);
    }
    if (is_slot_member(vm, t, descr)) {
        specialise(pc, OU_OP_LOAD_ATTR_SLOT, OU_OP_LOAD_ATTR_ANY, version, ((OuMemberDescr *)descr)->offset);
        return ou_getattr(vm, o, name);
    }
    if (descr && ou_is(descr, property)) {
        specialise(pc, OU_OP_LOAD_ATTR_PROPERTY, OU_OP_LOAD_ATTR_ANY, version, (uint64_t)descr);
        return ou_getattr(vm, o, name);
    }
    if (descr && is_native_data_descr(vm, descr)) {
        specialise(pc, OU_OP_LOAD_ATTR_DESCR, OU_OP_LOAD_ATTR_ANY, version, (uint64_t)descr);
        return ou_getattr(vm, o, name);
    }
    /* the instance's own value comes first unless the class has a data descriptor.  A plain class value could turn into one
     * without a new version only by replacing a plain value, which drops the version when the new one is not plain. */
    if ((descr && OU_TYPE_OF(vm, descr)->s.descr_set) || !(t->flags & OU_TYPE_SHAPED))
        return ou_getattr(vm, o, name);
    uint64_t word = *ou_inst_word(o, t);
    int i = OU_WORD_IS_SHAPED(word) ? ou_shape_find(vm, OU_WORD_SHAPE(word), name) : -1;
    if (i < 0) {
        if (descr && OU_WORD_IS_SHAPED(word) && !OU_TYPE_OF(vm, descr)->s.descr_get)
            specialise_class_value(vm, t, name, pc, OU_OP_LOAD_ATTR_CLASS, shape_key(version, word));
        return ou_getattr(vm, o, name);
    }
    if (may_become_descriptor(vm, descr))
        return ou_getattr(vm, o, name);
    OuObj **value = &OU_INST_VALUES(o, t->dict_off)[i];
    if (offset_in(o, value) <= 0xffff)
        specialise(pc, OU_OP_LOAD_ATTR_SHAPE, OU_OP_LOAD_ATTR_ANY, shape_key(version, word),
                   offset_in(o, value));
    return ou_ref(*value);
}

int ou_op_store_attr(OuVM *vm, OuObj *o, OuObj *name, OuObj *value, uint64_t *pc)
{
    OuType *t = OU_TYPE_OF(vm, o);
    if (t->s.setattr != ou_generic_setattr || !(t->flags & OU_TYPE_HEAP))
        return ou_setattr(vm, o, name, value);
    OuObj *descr = ou_type_lookup(vm, t, name);
    uint32_t version = ou_type_version(vm, t);
    if (is_slot_member(vm, t, descr) && version) {
        specialise(pc, OU_OP_STORE_ATTR_SLOT, 0, version, ((OuMemberDescr *)descr)->offset);
        return ou_setattr(vm, o, name, value);
    }
    if ((descr && OU_TYPE_OF(vm, descr)->s.descr_set) || !(t->flags & OU_TYPE_SHAPED) || !version ||
        may_become_descriptor(vm, descr))
        return ou_setattr(vm, o, name, value);
    uint64_t before = *ou_inst_word(o, t);
    int i = OU_WORD_IS_SHAPED(before) ? ou_shape_find(vm, OU_WORD_SHAPE(before), name) : -1;
    if (ou_setattr(vm, o, name, value) < 0)
        return -1;
    if (OU_TYPE_OF(vm, o) != t || t->version != version || !OU_WORD_IS_SHAPED(before))
        return 0;
    uint64_t after = *ou_inst_word(o, t), added = 0;
    if (!OU_WORD_IS_SHAPED(after))
        return 0;
    if (i < 0) {
        i = ou_shape_find(vm, OU_WORD_SHAPE(after), name);
        if (i < 0 || ou_shape(vm, OU_WORD_SHAPE(after))->parent != OU_WORD_SHAPE(before))
            return 0;
        added = OU_WORD_SHAPE(after);
    }
    uint64_t offset = offset_in(o, &OU_INST_VALUES(o, t->dict_off)[i]);
    if (offset <= 0xffff)
        specialise(pc, OU_OP_STORE_ATTR_SHAPE, 0, shape_key(version, before), offset | added << 16);
    return 0;
}

int ou_op_load_method_any(OuVM *vm, OuObj *o, OuObj *name, OuObj **out)
{
    OuObj *func;
    bool unbound;
    int r = ou_lookup_method(vm, o, name, &func, &unbound);
    if (r <= 0) {
        if (r == 0)
            ou_raise_attribute(vm, o, name);
        return -1;
    }
    out[0] = func;
    out[1] = unbound ? ou_ref(o) : NULL;
    return 0;
}

int ou_op_load_method(OuVM *vm, OuObj *o, OuObj *name, OuObj **out, uint64_t *pc)
{
    OuType *t = OU_TYPE_OF(vm, o);
    if (t->s.getattr == ou_generic_getattr) {
        OuObj *descr = ou_type_lookup(vm, t, name);
        if (descr && (OU_TYPE_OF(vm, descr)->flags & OU_TYPE_METHOD_DESCR)) {
            uint32_t version = ou_type_version(vm, t);
            uint64_t data = (uint64_t)(uintptr_t)descr;
            bool found = false;
            if (version && !t->dict_off) {
                specialise(pc, OU_OP_LOAD_METHOD_TYPE, OU_OP_LOAD_METHOD_ANY, version, data);
                found = true;
            } else if (version && (t->flags & OU_TYPE_SHAPED)) {
                uint64_t word = *ou_inst_word(o, t);
                if (OU_WORD_IS_SHAPED(word) && ou_shape_find(vm, OU_WORD_SHAPE(word), name) < 0) {
                    specialise(pc, OU_OP_LOAD_METHOD_SHAPE, OU_OP_LOAD_METHOD_ANY, shape_key(version, word),
                               data);
                    found = true;
                }
            }
            if (found) {
                out[0] = ou_ref(descr);
                out[1] = ou_ref(o);
                return 0;
            }
        }
    }
    return ou_op_load_method_any(vm, o, name, out);
}
