/* vm/object.h - types, slots, native functions: the conventions every object follows.
 *
 * - The first parameter of everything is the OuVM; all state hangs off it.
 * - Errors: NULL (objects) or -1 (ints) with an exception set (vm/err.h); anything else means none is set.
 *   Lookups return 1 / 0 / -1 for found / absent / error.  `next` is the one exception: NULL *without* an
 *   exception means exhausted.
 * - Parameters are borrowed, results new, unless the name or comment says taken / borrowed / out.
 * - Borrowed results never cross a call that can run Python code.
 * - Native functions get `args`, an array that already holds one entry per parameter of their signature
 *   (see OuFn).  For methods args[0] is self. */
#ifndef OU_VM_OBJECT_H
#define OU_VM_OBJECT_H

#include "gc/heap.h"
#include "lang/unit.h"

typedef struct OuType OuType;
typedef struct OuStr OuStr;
typedef struct OuDict OuDict;
typedef struct OuTuple OuTuple;
typedef intptr_t ou_ssize;

/* ---- native functions ----------------------------------------------------------
 * nargs counts positional arguments; keyword values follow them, named by the tuple kwnames (NULL: none). */
typedef OuObj *(*OuNative)(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);

/* OuFn.flags */
enum {
    OU_FN_RAW = 1,     /* no binding: args, nargs, kwnames as given by the caller; sig is for inspect only */
    OU_FN_CLASS = 2,   /* classmethod: args[0] is the type */
    OU_FN_STATIC = 4,  /* staticmethod of a type */
    OU_FN_COEXIST = 8, /* replaces the slot wrapper of that name */
    OU_FN_NOTEXT = 16, /* sig binds the arguments, but __text_signature__ is None, as in CPython */
};

/* A native function or method: one row of a table ended by {0}.  `sig` is "name(params)" with the syntax of
 * CPython's text signatures: "pop(self, index=-1, /)", "gcd(*integers)", "sorted(iterable, /, *, key=None,
 * reverse=False)", "print(*args, sep=' ', end='\n', file=None, flush=False)".  It is parsed once at
 * registration and serves argument binding, CPython's error texts and __text_signature__ alike.
 * Without OU_FN_RAW, fn receives one entry per parameter in order (defaults: NULL where the argument is
 * absent; *args: a tuple; **kw: a dict), nargs = the number of parameters, kwnames = NULL.
 * "name(...)" has no text signature and implies OU_FN_RAW. */
typedef struct OuFn {
    const char *sig;
    OuNative fn;
    uint32_t flags;
    const char *doc;
} OuFn;

/* Computed attributes (getset descriptors); table ended by {0}.  set: value NULL = delete. */
typedef struct OuGetSet {
    const char *name;
    OuObj *(*get)(OuVM *vm, OuObj *self, void *data);
    int (*set)(OuVM *vm, OuObj *self, OuObj *value, void *data);
    const char *doc;
    void *data;
} OuGetSet;

/* Fields of the struct (member descriptors); table ended by {0}. */
typedef enum {
    OU_MEMBER_OBJ,
    OU_MEMBER_OBJ_EX /* NULL raises AttributeError */,
    OU_MEMBER_SSIZE,
    OU_MEMBER_INT,
    OU_MEMBER_UINT,
    OU_MEMBER_BOOL,
    OU_MEMBER_DOUBLE
} OuMemberKind;
typedef struct OuMember {
    const char *name;
    OuMemberKind kind;
    uint32_t offset;
    bool readonly;
    const char *doc;
} OuMember;

/* ---- slots --------------------------------------------------------------------- */
/* binary operators; + OU_NB_INPLACE gives the in-place slot.  Same order as opcodes ADD..MATMUL */
typedef enum {
    OU_NB_ADD,
    OU_NB_SUB,
    OU_NB_MUL,
    OU_NB_DIV,
    OU_NB_FLOORDIV,
    OU_NB_MOD,
    OU_NB_POW,
    OU_NB_LSHIFT,
    OU_NB_RSHIFT,
    OU_NB_AND,
    OU_NB_OR,
    OU_NB_XOR,
    OU_NB_MATMUL,
    OU_NB_INPLACE,
    OU_NB_DIVMOD = 2 * OU_NB_INPLACE, /* has no in-place form */
    OU_NB_COUNT
} OuNb;

typedef struct OuBuffer OuBuffer; /* vm/buffer.h */
/* The functions of the slots.  An object is new, an int 0 or 1 (yes), -1 a failure. */
typedef OuObj *(*OuUnary)(OuVM *vm, OuObj *o);
typedef OuObj *(*OuBinary)(OuVM *vm, OuObj *a, OuObj *b);
typedef OuObj *(*OuTernary)(OuVM *vm, OuObj *a, OuObj *b, OuObj *c);
typedef OuObj *(*OuCompareFn)(OuVM *vm, OuObj *a, OuObj *b, int op); /* OU_CMP_ */
typedef OuObj *(*OuItemFn)(OuVM *vm, OuObj *o, ou_ssize i);
typedef OuObj *(*OuCallFn)(OuVM *vm, OuObj *callee, OuObj *const *args, size_t nargs, OuObj *kwnames);
typedef OuObj *(*OuNewFn)(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames);
typedef int (*OuInitFn)(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames);
typedef int (*OuInquiry)(OuVM *vm, OuObj *o);
typedef int (*OuContainsFn)(OuVM *vm, OuObj *o, OuObj *x);
typedef int (*OuSetter)(OuVM *vm, OuObj *o, OuObj *key, OuObj *value); /* value NULL: delete */
typedef int (*OuHashFn)(OuVM *vm, OuObj *o, int64_t *out);
typedef ou_ssize (*OuLenFn)(OuVM *vm, OuObj *o);
typedef void (*OuFinalizeFn)(OuVM *vm, OuObj *o);
typedef int (*OuGetBufferFn)(OuVM *vm, OuObj *o, OuBuffer *view, int flags); /* vm/buffer.h */
typedef void (*OuReleaseBufferFn)(OuVM *vm, OuObj *o, OuBuffer *view);

/* The slots in two halves.  A type object holds the first, which every attribute access, call and loop reads; the
 * second, of operators and the rarer protocols, lies outside of it: most classes add nothing to their base's and share
 * it (vm/suite.c). */
#define OU_SLOTS_HEAD                                                       \
    OuUnary repr, str;                                                      \
    OuHashFn hash;                                                          \
    OuCallFn call;                                                          \
    OuBinary getattr;                                                       \
    OuSetter setattr;                                                       \
    OuCompareFn compare; /* may give NotImplemented */                      \
    OuUnary iter;                                                           \
    OuUnary next;        /* NULL without exception: exhausted */            \
    OuTernary descr_get; /* descr, obj, type: obj or type may be NULL */    \
    OuSetter descr_set;                                                     \
    OuNewFn new_;                                                           \
    OuInitFn init;                                                          \
    OuFinalizeFn finalize;                                                  \
    OuInquiry truth;                                                        \
    OuLenFn len;                                                            \
    OuBinary getitem; /* o[key] */                                          \
    OuSetter setitem;                                                       \
    OuItemFn item; /* sequence item, 0 <= i expected; IndexError outside */ \
    OuContainsFn contains;
#define OU_SLOTS_SUITE                                                         \
    OuBinary nb[OU_NB_COUNT]; /* may give NotImplemented; POW: two operands */ \
    OuTernary power3;         /* pow(a, b, mod), mod not None */               \
    OuUnary neg, pos, abs, invert, to_int, to_float, index;                    \
    OuBinary concat, iconcat; /* sequence + : tried after nb[ADD] of both */   \
    OuItemFn repeat, irepeat; /* sequence * */                                 \
    OuGetBufferFn getbuffer;                                                   \
    OuReleaseBufferFn releasebuffer;                                           \
    OuUnary await, aiter, anext;
typedef struct OuSlotHead {
    OU_SLOTS_HEAD
} OuSlotHead;
typedef struct OuSuite {
    OU_SLOTS_SUITE
} OuSuite;
typedef struct OuSlots { /* of a spec: both */
    OU_SLOTS_HEAD
    OU_SLOTS_SUITE
} OuSlots;
_Static_assert(offsetof(OuSlots, nb) == sizeof(OuSlotHead) &&
                   sizeof(OuSlots) == sizeof(OuSlotHead) + sizeof(OuSuite),
               "the halves lie one behind the other");

/* OuTypeSpec.flags, OuType.flags */
enum {
    OU_TYPE_BASE = 1,            /* may be subclassed */
    OU_TYPE_GC = 2,              /* container: instances are tracked */
    OU_TYPE_WEAK = 4,            /* instances may be weakly referenced */
    OU_TYPE_DICT = 8,            /* instances have a __dict__ word at dict_off */
    OU_TYPE_HEAP = 16,           /* made by a class statement or type() */
    OU_TYPE_IMMUTABLE = 32,      /* attributes of the class cannot be set (all native types) */
    OU_TYPE_NO_NEW = 64,         /* "cannot create 'X' instances" */
    OU_TYPE_SHAPED = 128,        /* dict word is followed by inline values, see vm/instance.h */
    OU_TYPE_SEQUENCE = 256,      /* matches sequence patterns */
    OU_TYPE_MAPPING = 512,       /* matches mapping patterns */
    OU_TYPE_DEEP = 1024,         /* see OU_TF_DEEP */
    OU_TYPE_METHOD_DESCR = 2048, /* instances bind by prepending self: LOAD_METHOD need not bind */
    OU_TYPE_ABSTRACT = 4096,     /* has abstract methods: cannot be instantiated */
    OU_TYPE_MATCH_SELF = 8192,   /* class pattern takes one positional: the subject itself */
    OU_TYPE_VALID_VERSION = 16384,
    /* subclass tests by one bit, inherited */
    OU_TYPE_INT_SUB = 1 << 20,
    OU_TYPE_LIST_SUB = 1 << 21,
    OU_TYPE_TUPLE_SUB = 1 << 22,
    OU_TYPE_STR_SUB = 1 << 23,
    OU_TYPE_BYTES_SUB = 1 << 24,
    OU_TYPE_DICT_SUB = 1 << 25,
    OU_TYPE_EXC_SUB = 1 << 26,
    OU_TYPE_TYPE_SUB = 1 << 27,
};

/* What a native type is made from: static const, one per type file, shared by all VMs. */
typedef struct OuTypeSpec {
    const char *name; /* "int", or "collections.deque" (module before the last dot) */
    uint32_t size, item_size;
    uint32_t flags;
    uint32_t dict_off; /* offset of a dict pointer, or 0 */
    const char *doc;   /* __doc__, with "name(sig)\n--\n\n" prefix allowed as in CPython */
    void (*dealloc)(OuVM *vm, OuObj *o);
    int (*traverse)(OuObj *o, OuVisit visit, void *arg);
    void (*clear)(OuVM *vm, OuObj *o);
    OuSlots s;
    const OuFn *methods;
    const OuGetSet *getset;
    const OuMember *members;
} OuTypeSpec;

/* ---- type objects -------------------------------------------------------------- */
struct OuType {
    OuObj hdr;
    OuTypeFace face;    /* the collector's face; face.index is this type's number */
    uint32_t flags;     /* OU_TYPE_* */
    uint32_t version;   /* attribute version for inline caches: unique, never reused; 0 = not cacheable now */
    uint32_t dict_off;  /* offset of the dict word in an instance, 0 = none; see vm/instance.h */
    uint32_t inst_cap;  /* SHAPED: inline values given to new instances; learns */
    uint16_t inst_seen; /* instances made so far, up to a few: then inst_cap is cut to max_names */
    bool inst_guessed;  /* inst_cap is a mere default so far */
    bool own_suite;     /* u is this type's own */
    uint16_t max_names; /* names of the longest shape so far */
    uint32_t nslots;    /* own and inherited __slots__ members */
    uint32_t shape;     /* SHAPED: root shape, 0 = not made yet */
    const OuTypeSpec *spec; /* native types: static description; NULL for Python classes */
    OuSlotHead s;           /* inherited slots filled in */
    const OuSuite *u; /* the other slots: of a spec, of a base, or own_suite: its own block (vm/suite.c) */
    const char *name; /* tp_name: UTF-8; owned by name_obj for Python classes */
    OuObj *name_obj;  /* __name__ */
    OuObj *qualname;  /* Python classes: __qualname__; else NULL */
    OuType *base;     /* __base__ */
    OuTuple *bases, *mro;
    OuDict *dict;  /* scripts see a mappingproxy; NULL until used in native types: ou_type_dict() */
    OuType **subs; /* direct subclasses, borrowed, in order of creation: see vm/type.h */
    uint32_t nsubs, subs_cap;
    uint32_t slots_off; /* offset of the first __slots__ member of an instance; they are contiguous */
    uint32_t layout;    /* number of the native type whose struct instances begin with */
    OuObj *slot_names;  /* Python classes: tuple of own slot names, sorted, or NULL */
    OuObj *doc;         /* unused by Python classes (in dict) */
    void *module_state; /* of the native module that made it */
};
#define OU_TYPE_OF(vm, o) ((vm)->types[ou_type_index((OuObj *)(o))])
#define OU_AS_TYPE(o) ((OuType *)(o))

/* Built-in type numbers, OU_T_<c_name>; from vm/types.def and vm/exceptions.def.  0 is "no type". */
typedef enum {
    OU_T_NONE_,
#define TYPE(c_name, spec) OU_T_##c_name,
#include "types.def"
#undef TYPE
#define EXC(name, base, layout, doc) OU_T_##name,
#include "exceptions.def"
#undef EXC
    OU_T_COUNT
} OuTypeNumber;

#define ou_is(o, T) (ou_type_index((const OuObj *)(o)) == OU_T_##T) /* exactly this built-in type */
#define ou_isa(vm, o, T) (ou_is(o, T) || ou_type_is_subtype(vm, OU_TYPE_OF(vm, o), &(vm)->builtin[OU_T_##T]))
#define ou_has_flag(vm, o, FLAG) ((OU_TYPE_OF(vm, o)->flags & (FLAG)) != 0)
#define ou_isa_int(vm, o) ou_has_flag(vm, o, OU_TYPE_INT_SUB)
#define ou_isa_str(vm, o) ou_has_flag(vm, o, OU_TYPE_STR_SUB)
#define ou_isa_bytes(vm, o) ou_has_flag(vm, o, OU_TYPE_BYTES_SUB)
#define ou_isa_list(vm, o) ou_has_flag(vm, o, OU_TYPE_LIST_SUB)
#define ou_isa_tuple(vm, o) ou_has_flag(vm, o, OU_TYPE_TUPLE_SUB)
#define ou_isa_dict(vm, o) ou_has_flag(vm, o, OU_TYPE_DICT_SUB)
#define ou_isa_exc(vm, o) ou_has_flag(vm, o, OU_TYPE_EXC_SUB)
#define ou_isa_type(vm, o) ou_has_flag(vm, o, OU_TYPE_TYPE_SUB)

/* ---- vm/type.c ------------------------------------------------------------------ */
/* Fills vm->builtin[...] from types.def / exceptions.def at start-up, in table order. */
int ou_type_init_builtins(OuVM *vm);
/* New native type from a static spec with one or more bases (NULL: object); for modules. */
OuType *ou_type_from_spec(OuVM *vm, const OuTypeSpec *spec, OuType *base);
/* The same as an instance of the native metaclass meta. */
OuType *ou_type_from_spec_meta(OuVM *vm, const OuTypeSpec *spec, OuType *base, OuType *meta);
/* type(name, bases, dict, **kw) with metaclass meta (no __prepare__, no metaclass calculation). */
OuObj *ou_type_new_class(OuVM *vm, OuType *meta, OuObj *name, OuTuple *bases, OuDict *dict,
                         OuObj *const *kwargs, OuObj *kwnames);
/* Borrowed attribute along the MRO (cached by version), or NULL without exception. */
OuObj *ou_type_lookup(OuVM *vm, OuType *t, OuObj *name);
bool ou_type_is_subtype(OuVM *vm, const OuType *a, const OuType *b);
/* Gives t a version if it may have one; 0 if none can be given. */
uint32_t ou_type_version(OuVM *vm, OuType *t);
/* Something in t's dict or bases changed: versions of t and its subclasses are dropped, slots updated. */
void ou_type_modified(OuVM *vm, OuType *t);
OuObj *ou_type_getattr(OuVM *vm, OuObj *type, OuObj *name);
/* Instance memory of t (dict word, slots zeroed; tracked if GC): new. nitems for variable-size types. */
OuObj *ou_type_alloc(OuVM *vm, OuType *t, ou_ssize nitems);
/* Last step of a dealloc: gives o's memory back with the size its type says (variable-size types: their items; leaf
 * or gc, span or not) and releases the count on a Python class.  vm/type.c */
void ou_free_object(OuVM *vm, OuObj *o);

/* One count more for each argument while Python code may run, where a script would see by sys.getrefcount that CPython
 * packed them into a tuple. */
static inline void ou_hold(OuObj *const *args, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ou_incref(args[i]);
}
static inline void ou_unhold(OuVM *vm, OuObj *const *args, size_t n)
{
    while (n-- > 0)
        ou_decref(vm, args[n]);
}
/* type.__call__: new + init. */
OuObj *ou_type_call(OuVM *vm, OuObj *type, OuObj *const *args, size_t nargs, OuObj *kwnames);
/* The most derived metaclass of bases, starting from meta; borrowed, NULL with TypeError on conflict. */
OuType *ou_type_metaclass(OuVM *vm, OuType *meta, OuTuple *bases);

/* ---- generic slot functions (vm/objectobj.c, vm/instance.c) -------------------- */
OuObj *ou_generic_getattr(OuVM *vm, OuObj *o, OuObj *name);
int ou_generic_setattr(OuVM *vm, OuObj *o, OuObj *name, OuObj *value);
/* As ou_generic_getattr, but an absent attribute gives 0 without building AttributeError; out: new. */
int ou_generic_lookup_attr(OuVM *vm, OuObj *o, OuObj *name, OuObj **out);
int ou_hash_pointer(OuVM *vm, OuObj *o, int64_t *out);
int ou_hash_unhashable(OuVM *vm, OuObj *o, int64_t *out); /* TypeError; marks unhashable types */
OuObj *ou_self_iter(OuVM *vm, OuObj *o);                  /* iter of iterators */
/* tp_new of simple native types with no arguments of their own: object.__new__'s rules. */
OuObj *ou_object_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames);

#endif
