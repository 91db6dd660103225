/* vm/descr.c - descriptors of native types: method_descriptor, classmethod_descriptor, getset_descriptor,
 * member_descriptor (struct fields and __slots__). */
#include "type.h"

#include <string.h>

/* All descriptors begin with header and owner (owned). */
typedef struct Descr {
    OuObj hdr;
    OuType *owner;
} Descr;

static OuObj *new_descr(OuVM *vm, uint32_t type, size_t size, OuType *owner)
{
    Descr *d = (Descr *)ou_new_gc(vm, type, size);
    if (!d)
        return NULL;
    memset((char *)d + sizeof d->hdr, 0, size - sizeof d->hdr);
    d->owner = ou_ref(owner);
    if (owner->flags & OU_TYPE_HEAP) /* only these can be part of a cycle */
        ou_gc_track(&vm->heap, &d->hdr);
    return &d->hdr;
}

OuObj *ou_method_descr_new(OuVM *vm, OuType *owner, const OuFn *def, bool classmethod)
{
    OuSig *sig = (OuSig *)ou_sig_get(vm, def, true);
    if (!sig)
        return NULL;
    OuObj *name = ou_str_latin1(vm, sig->name, sig->name_len);
    if (!name)
        return NULL;
    name = ou_str_intern(vm, name);
    OuMethodDescr *d = (OuMethodDescr *)new_descr(
        vm, classmethod ? OU_T_classmethod_descr : OU_T_method_descr, sizeof *d, owner);
    if (!d) {
        ou_decref(vm, name);
        return NULL;
    }
    d->name = name;
    d->def = def;
    if (!sig->type)
        sig->type = owner;
    d->sig = sig;
    return &d->hdr;
}

OuObj *ou_wrapper_descr_new(OuVM *vm, OuType *owner, const OuSlotRow *row, void *fn)
{
    OuWrapperDescr *d = (OuWrapperDescr *)new_descr(vm, OU_T_wrapper_descr, sizeof *d, owner);
    if (!d)
        return NULL;
    d->row = row;
    d->fn = fn;
    return &d->hdr;
}

OuObj *ou_getset_descr_new(OuVM *vm, OuType *owner, const OuGetSet *def)
{
    OuObj *name = ou_str_intern_s(vm, def->name);
    OuGetSetDescr *d = name ? (OuGetSetDescr *)new_descr(vm, OU_T_getset_descr, sizeof *d, owner) : NULL;
    if (!d) {
        ou_xdecref(vm, name);
        return NULL;
    }
    d->name = name;
    d->def = def;
    return &d->hdr;
}

OuObj *ou_member_descr_new(OuVM *vm, OuType *owner, const OuMember *def)
{
    OuObj *name = ou_str_intern_s(vm, def->name);
    OuObj *d = name ? ou_slot_descr_new(vm, owner, name, def->offset) : NULL;
    ou_xdecref(vm, name);
    if (d)
        ((OuMemberDescr *)d)->def = def;
    return d;
}

OuObj *ou_slot_descr_new(OuVM *vm, OuType *owner, OuObj *name, uint32_t offset)
{
    OuMemberDescr *d = (OuMemberDescr *)new_descr(vm, OU_T_member_descr, sizeof *d, owner);
    if (!d)
        return NULL;
    d->name = ou_ref(name);
    d->offset = offset;
    return &d->hdr;
}

/* ---- common parts ------------------------------------------------------------------------- */

static OuObj *descr_name(OuVM *vm, OuObj *o)
{
    switch (ou_type_index(o)) {
    case OU_T_wrapper_descr:
        return (OuObj *)vm->names[((OuWrapperDescr *)o)->row->name];
    case OU_T_getset_descr:
        return ((OuGetSetDescr *)o)->name;
    case OU_T_member_descr:
        return ((OuMemberDescr *)o)->name;
    default:
        return ((OuMethodDescr *)o)->name;
    }
}

static OuObj **descr_qualname_at(OuObj *o)
{
    switch (ou_type_index(o)) {
    case OU_T_wrapper_descr:
        return &((OuWrapperDescr *)o)->qualname;
    case OU_T_getset_descr:
        return &((OuGetSetDescr *)o)->qualname;
    case OU_T_member_descr:
        return &((OuMemberDescr *)o)->qualname;
    default:
        return &((OuMethodDescr *)o)->qualname;
    }
}

static OuObj *get_name(OuVM *vm, OuObj *o, void *data)
{
    return ou_ref(descr_name(vm, o));
}

static OuObj *get_qualname(OuVM *vm, OuObj *o, void *data)
{
    OuObj **at = descr_qualname_at(o);
    if (!*at) {
        OuObj *q = ou_type_qualname(vm, ((Descr *)o)->owner);
        if (!q)
            return NULL;
        *at = ou_str_fmt(vm, "%U.%U", q, descr_name(vm, o));
        ou_decref(vm, q);
        if (!*at)
            return NULL;
    }
    return ou_ref(*at);
}

static OuObj *get_doc(OuVM *vm, OuObj *o, void *data)
{
    const char *doc = NULL, *name = NULL;
    switch (ou_type_index(o)) {
    case OU_T_wrapper_descr:
        doc = ((OuWrapperDescr *)o)->row->doc;
        name = OU_STR(descr_name(vm, o))->data;
        break;
    case OU_T_getset_descr:
        doc = ((OuGetSetDescr *)o)->def->doc;
        break;
    case OU_T_member_descr:
        doc = ((OuMemberDescr *)o)->def ? ((OuMemberDescr *)o)->def->doc : NULL;
        break;
    default:
        doc = ((OuMethodDescr *)o)->def->doc;
    }
    if (doc && name)
        doc = ou_doc_text(name, doc);
    return doc ? ou_str_new(vm, doc, -1) : ou_none(vm);
}

static OuObj *get_text_signature(OuVM *vm, OuObj *o, void *data)
{
    if (ou_is(o, wrapper_descr)) {
        OuObj *s = ou_doc_signature(vm, OU_STR(descr_name(vm, o))->data, ((OuWrapperDescr *)o)->row->doc);
        return s || ou_err_occurred(vm) ? s : ou_none(vm);
    }
    return ou_sig_text(vm, ((OuMethodDescr *)o)->sig, ((OuMethodDescr *)o)->def->flags);
}

static OuObj *descr_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *getattr = ou_dict_get_s(vm, (OuObj *)vm->builtins, "getattr");
    OuObj *pair = getattr ? ou_tuple_pack(vm, 2, ((Descr *)args[0])->owner, descr_name(vm, args[0])) : NULL;
    OuObj *r = pair ? ou_tuple_pack(vm, 2, getattr, pair) : NULL;
    ou_xdecref(vm, pair);
    return r;
}

static OuObj *descr_repr(OuVM *vm, OuObj *o)
{
    const char *what = "method";
    switch (ou_type_index(o)) {
    case OU_T_wrapper_descr:
        what = "slot wrapper";
        break;
    case OU_T_getset_descr:
        what = "attribute";
        break;
    case OU_T_member_descr:
        what = "member";
        break;
    }
    return ou_str_fmt(vm, "<%s '%U' of '%N' objects>", what, descr_name(vm, o), ((Descr *)o)->owner);
}

static void descr_dealloc(OuVM *vm, OuObj *o)
{
    static const uint16_t sizes[] = {sizeof(OuMethodDescr), sizeof(OuWrapperDescr), sizeof(OuGetSetDescr),
                                     sizeof(OuMemberDescr)};
    size_t size = sizes[0];
    OuObj *qualname = *descr_qualname_at(o);
    ou_xdecref(vm, qualname);
    switch (ou_type_index(o)) {
    case OU_T_wrapper_descr:
        size = sizes[1];
        break;
    case OU_T_getset_descr:
        ou_decref(vm, ((OuGetSetDescr *)o)->name);
        size = sizes[2];
        break;
    case OU_T_member_descr:
        ou_decref(vm, ((OuMemberDescr *)o)->name);
        size = sizes[3];
        break;
    default:
        ou_decref(vm, ((OuMethodDescr *)o)->name);
    }
    ou_decref(vm, ((Descr *)o)->owner);
    ou_heap_free_gc(&vm->heap, o, size);
}

static int descr_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((Descr *)o)->owner);
    return 0;
}

/* "descriptor 'append' for 'list' objects doesn't apply to a 'int' object" */
static int check_instance(OuVM *vm, OuObj *d, OuObj *o)
{
    OuType *owner = ((Descr *)d)->owner;
    if (OU_TYPE_OF(vm, o) == owner || ou_type_is_subtype(vm, OU_TYPE_OF(vm, o), owner))
        return 0;
    return ou_type_error_i(vm, "descriptor '%U' for '%N' objects doesn't apply to a '%T' object",
                           descr_name(vm, d), owner, o);
}

static const OuMember descr_members[] = {
    {"__objclass__", OU_MEMBER_OBJ, offsetof(Descr, owner), true, NULL},
    {0},
};
static const OuFn descr_methods[] = {
    {"__reduce__(self, /)", descr_reduce, 0, NULL},
    {0},
};
static const OuGetSet callable_getset[] = {
    {"__doc__", get_doc},
    {"__qualname__", get_qualname},
    {"__text_signature__", get_text_signature},
    {"__name__", get_name},
    {0},
};
static const OuGetSet data_getset[] = {
    {"__doc__", get_doc},
    {"__qualname__", get_qualname},
    {"__name__", get_name},
    {0},
};

/* ---- method_descriptor ------------------------------------------------------------------------ */

static OuObj *method_get(OuVM *vm, OuObj *d, OuObj *obj, OuObj *type)
{
    if (!obj)
        return ou_ref(d);
    if (check_instance(vm, d, obj) < 0)
        return NULL;
    return ou_builtin_new(vm, ((OuMethodDescr *)d)->def, obj, NULL, true);
}

static OuObj *method_call(OuVM *vm, OuObj *o, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuMethodDescr *d = (OuMethodDescr *)o;
    if (!nargs) {
        OuObj *q = get_qualname(vm, o, NULL);
        if (q)
            ou_type_error(vm, "unbound method %U() needs an argument", q);
        ou_xdecref(vm, q);
        return NULL;
    }
    if (OU_TYPE_OF(vm, args[0]) != d->owner && check_instance(vm, o, args[0]) < 0)
        return NULL;
    return ou_native_call(vm, d->sig, d->def->fn, args, nargs, kwnames);
}

const OuTypeSpec ou_method_descr_spec = {
    .name = "method_descriptor",
    .size = sizeof(OuMethodDescr),
    .flags = OU_TYPE_GC | OU_TYPE_METHOD_DESCR | OU_TYPE_NO_NEW,
    .dealloc = descr_dealloc,
    .traverse = descr_traverse,
    .s = {.repr = descr_repr, .call = method_call, .descr_get = method_get},
    .methods = descr_methods,
    .getset = callable_getset,
    .members = descr_members,
};

/* ---- classmethod_descriptor ---------------------------------------------------------------------- */

static OuObj *classmethod_get(OuVM *vm, OuObj *o, OuObj *obj, OuObj *type)
{
    OuMethodDescr *d = (OuMethodDescr *)o;
    if (!type) {
        if (!obj)
            return ou_type_error(vm, "descriptor '%U' for type '%N' needs either an object or a type",
                                 d->name, d->owner);
        type = (OuObj *)OU_TYPE_OF(vm, obj);
    }
    if (!ou_isa_type(vm, type))
        return ou_type_error(vm, "descriptor '%U' for type '%N' needs a type, not a '%T' as arg 2", d->name,
                             d->owner, type);
    if (!ou_type_is_subtype(vm, OU_AS_TYPE(type), d->owner))
        return ou_type_error(vm, "descriptor '%U' requires a subtype of '%N' but received '%N'", d->name,
                             d->owner, OU_AS_TYPE(type));
    return ou_builtin_new(vm, d->def, type, NULL, true);
}

static OuObj *classmethod_call(OuVM *vm, OuObj *o, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuMethodDescr *d = (OuMethodDescr *)o;
    if (!nargs)
        return ou_type_error(vm, "descriptor '%U' of '%N' object needs an argument", d->name, d->owner);
    OuObj *bound = classmethod_get(vm, o, NULL, args[0]);
    OuObj *r = bound ? ou_call(vm, bound, args + 1, nargs - 1, kwnames) : NULL;
    ou_xdecref(vm, bound);
    return r;
}

const OuTypeSpec ou_classmethod_descr_spec = {
    .name = "classmethod_descriptor",
    .size = sizeof(OuMethodDescr),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,
    .dealloc = descr_dealloc,
    .traverse = descr_traverse,
    .s = {.repr = descr_repr, .call = classmethod_call, .descr_get = classmethod_get},
    .getset = callable_getset,
    .members = descr_members,
};

/* ---- getset_descriptor ----------------------------------------------------------------------------- */

static OuObj *getset_get(OuVM *vm, OuObj *o, OuObj *obj, OuObj *type)
{
    OuGetSetDescr *d = (OuGetSetDescr *)o;
    if (!obj)
        return ou_ref(o);
    if (check_instance(vm, o, obj) < 0)
        return NULL;
    if (!d->def->get)
        return ou_raise(vm, OU_EXC(vm, AttributeError), "attribute '%U' of '%N' objects is not readable",
                        d->name, d->owner);
    return d->def->get(vm, obj, d->def->data);
}

static int getset_set(OuVM *vm, OuObj *o, OuObj *obj, OuObj *value)
{
    OuGetSetDescr *d = (OuGetSetDescr *)o;
    if (check_instance(vm, o, obj) < 0)
        return -1;
    if (!d->def->set)
        return ou_raise_i(vm, OU_EXC(vm, AttributeError), "attribute '%U' of '%N' objects is not writable",
                          d->name, d->owner);
    return d->def->set(vm, obj, value, d->def->data);
}

const OuTypeSpec ou_getset_descr_spec = {
    .name = "getset_descriptor",
    .size = sizeof(OuGetSetDescr),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,
    .dealloc = descr_dealloc,
    .traverse = descr_traverse,
    .s = {.repr = descr_repr, .descr_get = getset_get, .descr_set = getset_set},
    .getset = data_getset,
    .members = descr_members,
};

/* ---- member_descriptor ------------------------------------------------------------------------------- */

OuObj *ou_member_get(OuVM *vm, OuObj *o, const OuMember *m)
{
    char *at = (char *)o + m->offset;
    switch (m->kind) {
    case OU_MEMBER_OBJ:
        return *(OuObj **)at ? ou_ref(*(OuObj **)at) : ou_none(vm);
    case OU_MEMBER_OBJ_EX: {
        OuObj *v = *(OuObj **)at;
        return v ? ou_ref(v)
                 : ou_raise(vm, OU_EXC(vm, AttributeError), "'%T' object has no attribute '%s'", o, m->name);
    }
    case OU_MEMBER_SSIZE:
        return ou_int(vm, *(ou_ssize *)at);
    case OU_MEMBER_INT:
        return ou_int(vm, *(int *)at);
    case OU_MEMBER_UINT:
        return ou_int(vm, *(unsigned *)at);
    case OU_MEMBER_BOOL:
        return ou_bool(vm, *(bool *)at);
    case OU_MEMBER_DOUBLE:
        return ou_float(vm, *(double *)at);
    }
    return NULL;
}

static int member_store(OuVM *vm, OuObj *o, const OuMember *m, OuObj *value)
{
    char *at = (char *)o + m->offset;
    if (m->readonly)
        return ou_raise_i(vm, OU_EXC(vm, AttributeError), "readonly attribute");
    if (!value && m->kind != OU_MEMBER_OBJ && m->kind != OU_MEMBER_OBJ_EX)
        return ou_type_error_i(vm, "can't delete numeric/char attribute");
    switch (m->kind) {
    case OU_MEMBER_OBJ_EX:
        if (!value && !*(OuObj **)at)
            return ou_raise_i(vm, OU_EXC(vm, AttributeError), "%s", m->name);
        /* fall through */
    case OU_MEMBER_OBJ: {
        OuObj *old = *(OuObj **)at;
        ou_xincref(value);
        *(OuObj **)at = value;
        ou_xdecref(vm, old);
        return 0;
    }
    case OU_MEMBER_BOOL:
        if (!ou_is(value, bool))
            return ou_type_error_i(vm, "attribute value type must be bool");
        *(bool *)at = value == OU_TRUE(vm);
        return 0;
    case OU_MEMBER_DOUBLE:
        return ou_as_double(vm, value, (double *)at);
    case OU_MEMBER_SSIZE:
        return ou_as_ssize(vm, value, OU_EXC(vm, OverflowError), (ou_ssize *)at);
    case OU_MEMBER_INT:
        return ou_as_int(vm, value, (int *)at);
    case OU_MEMBER_UINT: {
        uint64_t v;
        if (ou_as_u64(vm, value, &v) < 0)
            return -1;
        *(unsigned *)at = (unsigned)v;
        return 0;
    }
    }
    return 0;
}

static OuObj **slot_place(OuVM *vm, OuMemberDescr *d, OuObj *o)
{
    if (d->offset & OU_SLOTS_OFF_END)
        return ou_inst_slots(o, OU_TYPE_OF(vm, o)) + (d->offset & ~OU_SLOTS_OFF_END);
    return (OuObj **)((char *)o + d->offset);
}

static OuObj *member_get(OuVM *vm, OuObj *o, OuObj *obj, OuObj *type)
{
    OuMemberDescr *d = (OuMemberDescr *)o;
    if (!obj)
        return ou_ref(o);
    if (check_instance(vm, o, obj) < 0)
        return NULL;
    if (d->def)
        return ou_member_get(vm, obj, d->def);
    OuObj *v = *slot_place(vm, d, obj);
    return v ? ou_ref(v) : ou_raise_attribute(vm, obj, d->name);
}

static int member_set(OuVM *vm, OuObj *o, OuObj *obj, OuObj *value)
{
    OuMemberDescr *d = (OuMemberDescr *)o;
    if (check_instance(vm, o, obj) < 0)
        return -1;
    if (d->def)
        return member_store(vm, obj, d->def, value);
    OuObj **at = slot_place(vm, d, obj), *old = *at;
    if (!value && !old) {
        ou_raise_value(vm, OU_EXC(vm, AttributeError), d->name);
        return -1;
    }
    ou_xincref(value);
    *at = value;
    ou_xdecref(vm, old);
    return 0;
}

const OuTypeSpec ou_member_descr_spec = {
    .name = "member_descriptor",
    .size = sizeof(OuMemberDescr),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,
    .dealloc = descr_dealloc,
    .traverse = descr_traverse,
    .s = {.repr = descr_repr, .descr_get = member_get, .descr_set = member_set},
    .methods = descr_methods,
    .getset = data_getset,
    .members = descr_members,
};

/* ---- wrapper_descriptor; vm/wrapper.c has the calls ------------------------------------------------ */

static OuObj *method_wrapper_new(OuVM *vm, OuObj *descr, OuObj *self);

static OuObj *wrapper_get(OuVM *vm, OuObj *o, OuObj *obj, OuObj *type)
{
    if (!obj)
        return ou_ref(o);
    if (check_instance(vm, o, obj) < 0)
        return NULL;
    return method_wrapper_new(vm, o, obj);
}

static OuObj *wrapper_descr_call(OuVM *vm, OuObj *o, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuWrapperDescr *d = (OuWrapperDescr *)o;
    if (!nargs)
        return ou_type_error(vm, "descriptor '%U' of '%N' object needs an argument", descr_name(vm, o),
                             d->owner);
    if (!ou_type_is_subtype(vm, OU_TYPE_OF(vm, args[0]), d->owner))
        return ou_type_error(vm, "descriptor '%U' requires a '%N' object but received a '%T'",
                             descr_name(vm, o), d->owner, args[0]);
    return ou_wrapper_call(vm, d->row, d->fn, args[0], args + 1, nargs - 1, kwnames);
}

const OuTypeSpec ou_wrapper_descr_spec = {
    .name = "wrapper_descriptor",
    .size = sizeof(OuWrapperDescr),
    .flags = OU_TYPE_GC | OU_TYPE_METHOD_DESCR | OU_TYPE_NO_NEW,
    .dealloc = descr_dealloc,
    .traverse = descr_traverse,
    .s = {.repr = descr_repr, .call = wrapper_descr_call, .descr_get = wrapper_get},
    .methods = descr_methods,
    .getset = callable_getset,
    .members = descr_members,
};

/* ---- method-wrapper --------------------------------------------------------------------------------------
 */

typedef struct MethodWrapper {
    OuObj hdr;
    OuWrapperDescr *descr;
    OuObj *self;
} MethodWrapper;

static OuObj *method_wrapper_new(OuVM *vm, OuObj *descr, OuObj *self)
{
    MethodWrapper *w = (MethodWrapper *)ou_new_gc(vm, OU_T_method_wrapper, sizeof *w);
    if (!w)
        return NULL;
    w->descr = (OuWrapperDescr *)ou_ref(descr);
    w->self = ou_ref(self);
    ou_gc_track(&vm->heap, &w->hdr);
    return &w->hdr;
}

static void method_wrapper_dealloc(OuVM *vm, OuObj *o)
{
    MethodWrapper *w = (MethodWrapper *)o;
    ou_decref(vm, w->descr);
    ou_decref(vm, w->self);
    ou_heap_free_gc(&vm->heap, o, sizeof *w);
}

static int method_wrapper_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((MethodWrapper *)o)->descr);
    OU_VISIT(((MethodWrapper *)o)->self);
    return 0;
}

static OuObj *method_wrapper_repr(OuVM *vm, OuObj *o)
{
    MethodWrapper *w = (MethodWrapper *)o;
    return ou_str_fmt(vm, "<method-wrapper '%U' of %T object at %p>", descr_name(vm, &w->descr->hdr), w->self,
                      (void *)w->self);
}

static OuObj *method_wrapper_call(OuVM *vm, OuObj *o, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    MethodWrapper *w = (MethodWrapper *)o;
    return ou_wrapper_call(vm, w->descr->row, w->descr->fn, w->self, args, nargs, kwnames);
}

static OuObj *method_wrapper_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if ((op != OU_CMP_EQ && op != OU_CMP_NE) || !ou_is(a, method_wrapper) || !ou_is(b, method_wrapper))
        return ou_notimplemented(vm);
    MethodWrapper *x = (MethodWrapper *)a, *y = (MethodWrapper *)b;
    return ou_bool(vm, (x->descr == y->descr && x->self == y->self) == (op == OU_CMP_EQ));
}

static int method_wrapper_hash(OuVM *vm, OuObj *o, int64_t *out)
{
    MethodWrapper *w = (MethodWrapper *)o;
    uint64_t x = (uint64_t)(uintptr_t)w->self, y = (uint64_t)(uintptr_t)w->descr;
    *out = (int64_t)((x >> 4 | x << 60) ^ (y >> 4 | y << 60));
    if (*out == -1)
        *out = -2;
    return 0;
}

static OuObj *method_wrapper_objclass(OuVM *vm, OuObj *o, void *data)
{
    return ou_ref((OuObj *)((MethodWrapper *)o)->descr->owner);
}
static OuObj *method_wrapper_part(OuVM *vm, OuObj *o, void *data)
{
    OuObj *d = &((MethodWrapper *)o)->descr->hdr;
    const char *what = data;
    return what[0] == 'n'   ? get_name(vm, d, NULL)
           : what[0] == 'q' ? get_qualname(vm, d, NULL)
           : what[0] == 'd' ? get_doc(vm, d, NULL)
                            : get_text_signature(vm, d, NULL);
}

static OuObj *method_wrapper_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    MethodWrapper *w = (MethodWrapper *)args[0];
    OuObj *getattr = ou_dict_get_s(vm, (OuObj *)vm->builtins, "getattr");
    OuObj *pair = getattr ? ou_tuple_pack(vm, 2, w->self, descr_name(vm, &w->descr->hdr)) : NULL;
    OuObj *r = pair ? ou_tuple_pack(vm, 2, getattr, pair) : NULL;
    ou_xdecref(vm, pair);
    return r;
}

static const OuFn method_wrapper_methods[] = {
    {"__reduce__(self, /)", method_wrapper_reduce, 0, NULL},
    {0},
};
static const OuMember method_wrapper_members[] = {
    {"__self__", OU_MEMBER_OBJ, offsetof(MethodWrapper, self), true, NULL},
    {0},
};
static const OuGetSet method_wrapper_getset[] = {
    {"__objclass__", method_wrapper_objclass},
    {"__name__", method_wrapper_part, NULL, NULL, "n"},
    {"__qualname__", method_wrapper_part, NULL, NULL, "q"},
    {"__doc__", method_wrapper_part, NULL, NULL, "d"},
    {"__text_signature__", method_wrapper_part, NULL, NULL, "t"},
    {0},
};

const OuTypeSpec ou_method_wrapper_spec = {
    .name = "method-wrapper",
    .size = sizeof(MethodWrapper),
    .flags = OU_TYPE_GC | OU_TYPE_DEEP | OU_TYPE_NO_NEW,
    .dealloc = method_wrapper_dealloc,
    .traverse = method_wrapper_traverse,
    .s = {.repr = method_wrapper_repr,
          .call = method_wrapper_call,
          .compare = method_wrapper_compare,
          .hash = method_wrapper_hash},
    .methods = method_wrapper_methods,
    .getset = method_wrapper_getset,
    .members = method_wrapper_members,
};
