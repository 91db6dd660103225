/* vm/type.h - the inside of types: lookup cache, lazily filled dicts, slot rows, descriptors.
 *
 * Dicts of native types are filled on first use: a start of the machine makes none of the ~2500 descriptors.  So t->dict
 * may be NULL for a native type; ou_type_dict(vm, t) fills it.
 *
 * Versions and inline caches.  t->version is unique and never reused; it is dropped (0) from t and all its subclasses when
 * a lookup along the MRO may give something else: a name is added to or deleted from a class dict, or a value is
 * replaced *and* the old or the new one is not plain.  A value is plain if its type has no descr_get slot (int, str,
 * list, ... - not functions, properties, classes' methods).  So `C.count += 1` keeps the version.
 * RULE for everyone who caches by version: the pointer of a plain value must not be cached; keep (owner dict,
 * keys_version, entry index) or look it up again.  Functions, descriptors and "absent" may be cached as they are.
 *
 * Numbers of dead classes wait in a quarantine and are given out again only after ou_eval_flush_caches(). */
#ifndef OU_VM_TYPE_H
#define OU_VM_TYPE_H

#include "instance.h"
#include "native.h"

enum { OU_TYPE_CACHE = 1024, OU_INDEX_QUARANTINE = 4096, OU_STRUCTSEQ_MAX = 64 };
typedef struct OuTypeCacheEntry {
    uint32_t version; /* 0: empty */
    OuObj *name;      /* owned: a reused address must not hit */
    OuObj *value;     /* borrowed; NULL: absent, or plain: see dict */
    OuDict *dict;     /* plain value: borrowed dict it is in */
} OuTypeCacheEntry;

typedef struct OuTypeState {
    OuTypeCacheEntry cache[OU_TYPE_CACHE];
    uint32_t *dead;                  /* quarantined, then free numbers */
    uint32_t ndead, nfree, dead_cap; /* the first nfree of ndead may be used */
    const void **sig_keys;           /* OuFn * or signature text -> OuSig *, open addressing */
    OuSig **sigs;
    uint32_t nsigs, sigs_cap;
    OuType *seqs[OU_STRUCTSEQ_MAX]; /* named tuples of native modules: one type a description */
    uint32_t nseqs;
} OuTypeState;

/* The dict of t, filled; borrowed.  NULL: MemoryError. */
OuDict *ou_type_dict(OuVM *vm, OuType *t);
/* vm/type_names.c: turns the slots of t's spec into those whose names its dict shows. */
void ou_type_shown_slots(const OuType *t, OuSlots *s);
/* Whether its dict shows the method of this signature. */
bool ou_type_shows_method(const OuType *t, const char *sig);
/* As ou_type_lookup, out: the class whose dict has it. */
OuObj *ou_type_lookup_owner(OuVM *vm, OuType *t, OuObj *name, OuType **owner);
/* The first native class on the chain of bases. */
static inline OuType *ou_type_native_base(OuType *t)
{
    while (t->flags & OU_TYPE_HEAP)
        t = t->base;
    return t;
}
/* sub in the list of base's direct subclasses, which borrows it.  -1: MemoryError. */
int ou_type_add_subclass(OuVM *vm, OuType *base, OuType *sub);
void ou_type_remove_subclass(OuVM *vm, OuType *base, OuType *sub);
/* Makes t a subclass of t->bases and of none else of old; it may be linked to any of these. */
int ou_type_relink(OuVM *vm, OuType *t, OuTuple *old);
/* Drops the versions of t and its subclasses. */
void ou_type_drop_versions(OuType *t);
/* A free type number with vm->types room; 0 with MemoryError. */
uint32_t ou_type_take_index(OuVM *vm);
/* Tells the heap of t, whose number and face are set. */
void ou_type_set_face(OuVM *vm, OuType *t);
/* Puts the number of a dead class in quarantine. */
void ou_type_release_index(OuVM *vm, uint32_t index);
/* Frees what types keep outside the heap; no object may be touched afterwards. */
void ou_types_free(OuVM *vm);
/* __module__ of a native type: new str. */
OuObj *ou_type_module_name(OuVM *vm, OuType *t);
OuObj *ou_type_name(OuVM *vm, OuType *t);     /* __name__, new */
OuObj *ou_type_qualname(OuVM *vm, OuType *t); /* new */
/* "module.qualname", or the qualname alone for builtins; new. */
OuObj *ou_type_fullname(OuVM *vm, OuType *t);

/* vm/mro.c: MRO of t by its bases (tuple); NULL with TypeError. */
OuTuple *ou_mro_compute(OuVM *vm, OuType *t, OuTuple *bases);
/* Sets t->mro by the metaclass's mro() if it has one: 1; 0 if mro() itself led to a newer one; -1. */
int ou_mro_set(OuVM *vm, OuType *t);
/* The base whose instance layout t extends; borrowed, NULL with TypeError. */
OuType *ou_type_best_base(OuVM *vm, OuTuple *bases);

/* As ou_lookup_special, but a function is given unbound: see ou_lookup_method. */
int ou_lookup_special_method(OuVM *vm, OuObj *o, OuObj *name, OuObj **func, bool *unbound);

/* vm/type_new.c: type(name, bases, dict) and type(x), slots of `type`; and the assignment to __name__. */
OuObj *ou_type_new(OuVM *vm, OuType *meta, OuObj *const *args, size_t nargs, OuObj *kwnames);
int ou_type_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames);
int ou_type_set_name(OuVM *vm, OuType *t, OuObj *name);

/* vm/type_attr.c */
/* AttributeError with its name and obj: "%N" and so on as in fmt. */
void *ou_raise_attr(OuVM *vm, OuObj *o, OuObj *name, const char *fmt, ...);
/* Slot of `type`: an attribute of a class (value NULL: deleted); keeps slots, versions and caches right. */
int ou_type_setattr(OuVM *vm, OuObj *type, OuObj *name, OuObj *value);
/* Assignment to __bases__. */
int ou_type_set_bases(OuVM *vm, OuType *t, OuObj *bases);
/* Same layout, so that `__class__`/`__bases__` may be assigned?  attr names the attribute in the TypeError. */
bool ou_type_compatible(OuVM *vm, OuType *from, OuType *to, const char *attr);

/* ---- slots: vm/slots.c, vm/slot_call.c ---- */
/* How a wrapper_descriptor calls the function of its slot (vm/wrapper.c), and `__x__` its arguments. */
typedef enum {
    OU_W_UNARY,
    OU_W_BINARY,
    OU_W_BINARY_R,
    OU_W_POW,
    OU_W_POW_R,
    OU_W_LEN,
    OU_W_TRUTH,
    OU_W_HASH,
    OU_W_CALL,
    OU_W_GETATTR,
    OU_W_SETATTR,
    OU_W_DELATTR,
    OU_W_LT,
    OU_W_EQ,
    OU_W_LE,
    OU_W_GT,
    OU_W_NE,
    OU_W_GE,
    OU_W_NEXT,
    OU_W_GET,
    OU_W_SET,
    OU_W_DELETE,
    OU_W_INIT,
    OU_W_SETITEM,
    OU_W_DELITEM,
    OU_W_ITEM,
    OU_W_CONTAINS,
    OU_W_REPEAT,
    OU_W_DEL,
    OU_W_NONE /* a row without a wrapper */
} OuWrapKind;
typedef struct OuSlotRow {
    uint16_t name;   /* OuNameNumber */
    uint16_t offset; /* in OuSlots */
    uint8_t kind;    /* OuWrapKind */
    void *generic;   /* the slot function that calls the Python method */
    const char *doc; /* signature and text */
} OuSlotRow;
extern const OuSlotRow ou_slot_rows[];
extern const size_t ou_slot_row_count;
#define OU_SLOT_AT(s, offset) (*(void **)((char *)(s) + (offset)))
/* Adds wrapper descriptors for spec's own slots to dict. */
int ou_slots_fill_dict(OuVM *vm, OuType *t, const OuSlots *s, OuDict *dict);
/* All slots of the Python class t from its MRO. */
int ou_slots_set_all(OuVM *vm, OuType *t);
/* Memory for what ou_slots_update(t, name) may change; call it before the change that makes the update necessary. */
int ou_slots_reserve(OuVM *vm, OuType *t, OuObj *name);
/* A dunder of t was set or deleted (NULL: any of them): updates t and its subclasses. */
void ou_slots_update(OuVM *vm, OuType *t, OuObj *name);
/* t's `__new__` is a Python function. */
bool ou_slots_new_is_python(const OuType *t);
/* ---- vm/suite.c ---- */
/* The slot at offset in OuSlots. */
void *ou_slot_get(const OuType *t, size_t offset);
int ou_slot_set(OuVM *vm, OuType *t, size_t offset, void *fn); /* -1: no memory for a suite of its own */
/* Slots of a native type: those of its spec, empty ones from base (NULL: t is object). */
int ou_slots_native(OuVM *vm, OuType *t, const OuSlots *s, const OuType *base);
/* Gives t a suite of its own, a copy; its subclasses that shared the old one share the copy. */
int ou_suite_own(OuVM *vm, OuType *t);
void ou_suite_free(OuVM *vm, OuType *t);

/* ---- descriptors: vm/descr.c ---- */
typedef struct OuWrapperDescr { /* wrapper_descriptor */
    OuObj hdr;
    OuType *owner; /* owned */
    OuObj *qualname;
    const OuSlotRow *row;
    void *fn;
} OuWrapperDescr;
typedef struct OuGetSetDescr {
    OuObj hdr;
    OuType *owner; /* owned */
    OuObj *name, *qualname;
    const OuGetSet *def;
} OuGetSetDescr;
typedef struct OuMemberDescr {
    OuObj hdr;
    OuType *owner; /* owned */
    OuObj *name, *qualname;
    const OuMember *def; /* NULL: __slots__ member at offset */
    uint32_t offset;
} OuMemberDescr;
/* Descriptors of owner (held by a count); the rows are static and outlive them. */
OuObj *ou_method_descr_new(OuVM *vm, OuType *owner, const OuFn *def, bool classmethod);
OuObj *ou_wrapper_descr_new(OuVM *vm, OuType *owner, const OuSlotRow *row, void *fn);
OuObj *ou_getset_descr_new(OuVM *vm, OuType *owner, const OuGetSet *def);
OuObj *ou_member_descr_new(OuVM *vm, OuType *owner, const OuMember *def);
/* Of a name in __slots__, whose value is at offset in the instance. */
OuObj *ou_slot_descr_new(OuVM *vm, OuType *owner, OuObj *name, uint32_t offset);
typedef struct OuProperty {
    OuObj hdr;
    OuObj *get, *set, *del, *doc, *name;
    bool getter_doc; /* doc came from the getter */
} OuProperty;
/* Calls the slot function behind a wrapper; args without self. */
OuObj *ou_wrapper_call(OuVM *vm, const OuSlotRow *row, void *fn, OuObj *self, OuObj *const *args,
                       size_t nargs, OuObj *kwnames);
/* The value of a member of o: new. */
OuObj *ou_member_get(OuVM *vm, OuObj *o, const OuMember *m);
/* The rows `__dict__` and `__weakref__` of Python classes. */
extern const OuGetSet ou_inst_dict_getset, ou_inst_weakref_getset;
/* __new__ of native types: a builtin bound to the type. */
extern const OuFn ou_new_fn;
/* Whether f is the `__new__` of native type t. */
bool ou_is_native_new(OuObj *f, OuType **type);
/* Text without the "name(sig)\n--\n\n" head; and the "(sig)" itself as a new str, or NULL without exception. */
const char *ou_doc_text(const char *name, const char *doc);
OuObj *ou_doc_signature(OuVM *vm, const char *name, const char *doc);

/* ---- other parts ---- */
OuObj **ou_sig_params(OuVM *vm, OuSig *sig); /* interned parameter names; NULL on no memory */
OuObj *ou_sig_text(OuVM *vm, const OuSig *sig, uint32_t fn_flags); /* __text_signature__ or None */
OuObj *ou_classmethod_new(OuVM *vm, OuObj *f);
OuObj *ou_staticmethod_new(OuVM *vm, OuObj *f);
OuObj *ou_mappingproxy_new(OuVM *vm, OuObj *mapping);
OuObj *ou_namespace_new(OuVM *vm,
                        OuObj *dict); /* SimpleNamespace with this dict (borrowed, copied; NULL empty) */
OuObj *ou_union_or(OuVM *vm, OuObj *a, OuObj *b);             /* type.__or__: may give NotImplemented */
OuObj *ou_union_from(OuVM *vm, OuObj *const *args, size_t n); /* deduplicated */
OuObj *ou_make_parameters(OuVM *vm, OuObj *args);
OuObj *ou_subs_parameters(OuVM *vm, OuObj *self, OuObj *args, OuObj *params, OuObj *item);
OuObj *ou_fn_class_getitem(OuVM *vm, OuObj *const *args, size_t nargs,
                           OuObj *kwnames); /* vm/generic_alias.h */
#define ou_class_getitem_alias ou_fn_class_getitem
int ou_alias_repr_item(OuVM *vm, OuStrBuf *b, OuObj *p); /* a type as list[...] and X | Y show it */
int ou_union_isinstance(OuVM *vm, OuObj *o, OuObj *u);
int ou_union_issubclass(OuVM *vm, OuObj *c, OuObj *u);
/* At the end of the VM: empties the dicts of native modules; then releases the modules with their states. */
void ou_modules_strip(OuVM *vm);
void ou_modules_free(OuVM *vm);
OuObj *ou_capsule_new(OuVM *vm, void *p, const char *name);
void *ou_capsule_pointer(OuVM *vm, OuObj *o, const char *name);
OuObj *ou_super_new(OuVM *vm, OuType *type, OuObj *obj);
/* The attribute behind type on start's MRO, bound to obj: new; NULL without exception if there is none. */
OuObj *ou_super_lookup(OuVM *vm, OuType *type, OuObj *obj, OuType *start, OuObj *name);
OuObj *ou_class_build(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
/* type.__instancecheck__, type.__subclasscheck__ */
int ou_real_isinstance(OuVM *vm, OuObj *o, OuObj *cls);
int ou_real_issubclass(OuVM *vm, OuObj *derived, OuObj *cls);
/* object.__reduce_ex__(protocol) and helpers; vm/reduce.c */
OuObj *ou_object_reduce_ex(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_object_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_object_getstate(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
/* Defined by the founder. */
void ou_eval_flush_caches(OuVM *vm);

#endif
