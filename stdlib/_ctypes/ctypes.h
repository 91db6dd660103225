/* stdlib/_ctypes/ctypes.h - what the files of module _ctypes share.
 *
 * A ctypes class is an instance of one of six native metaclasses (CtType: an OuType and a CtInfo, the layout of its C type).
 * Instances begin with CData: a pointer to the C value, which lies in the object itself (up to 16 bytes), in a block that it owns,
 * in another object (`base`), or anywhere.  The root of a chain of bases keeps in `objects` what the pointers inside the value
 * refer to.  References of CtInfo are owned and visited by the metaclass.
 *
 * libffi (ffi.c) is opened on the first call or callback; layouts, pointers and buffers work without it. */
#ifndef OU_STDLIB_CTYPES_CTYPES_H
#define OU_STDLIB_CTYPES_CTYPES_H

#include <pthread.h>

#include "vm/buffer.h"
#include "vm/native.h"
#include "vm/type.h"

/* ---- libffi's interface, x86-64 System V ---- */
typedef struct FfiType {
    size_t size;
    unsigned short alignment, type;
    struct FfiType **elements;
} FfiType;
enum {
    FFI_VOID,
    FFI_INT,
    FFI_FLOAT,
    FFI_DOUBLE,
    FFI_LONGDOUBLE,
    FFI_UINT8,
    FFI_SINT8,
    FFI_UINT16,
    FFI_SINT16,
    FFI_UINT32,
    FFI_SINT32,
    FFI_UINT64,
    FFI_SINT64,
    FFI_STRUCT,
    FFI_POINTER
};
typedef struct FfiCif {
    unsigned abi, nargs;
    FfiType **arg_types;
    FfiType *rtype;
    unsigned bytes, flags;
    uint64_t room[4]; /* what a later version may add */
} FfiCif;
typedef void (*FfiClosureFn)(FfiCif *cif, void *ret, void **args, void *user);
typedef struct Ffi {
    bool open; /* the functions are there */
    int (*prep)(FfiCif *, unsigned abi, unsigned nargs, FfiType *rtype, FfiType **args);
    void (*call)(FfiCif *, void (*fn)(void), void *ret, void **args);
    void *(*closure_alloc)(size_t size, void **code);
    void (*closure_free)(void *);
    int (*prep_closure)(void *closure, FfiCif *, FfiClosureFn, void *user, void *code);
} Ffi;
enum { FFI_UNIX64 = 2, FFI_OK = 0, FFI_CLOSURE_SIZE = 128 };

/* ---- types ---- */
typedef struct CData CData;
/* A C value as Python object (new), and back.  set: *keep (out, new, or NULL) is what must outlive the stored pointer. `size` is
 * that of the value, or for a bit field (number of bits << 16 | lowest bit). */
typedef OuObj *(*CtGet)(OuVM *vm, const void *p, ou_ssize size);
typedef int (*CtSet)(OuVM *vm, void *p, OuObj *v, ou_ssize size, OuObj **keep);
#define CT_LOW_BIT(size) ((size)&0xffff)
#define CT_NUM_BITS(size) ((size) >> 16)

typedef struct CtCode { /* one code of _type_ */
    char code;
    CtSet set;
    CtGet get;
    const FfiType *ffi;
    CtSet set_swapped;
    CtGet get_swapped;
} CtCode;
extern const CtCode ou_ct_codes[];
const CtCode *ou_ct_code(char code); /* NULL: unknown */
extern const FfiType ou_ct_ffi_void, ou_ct_ffi_pointer, ou_ct_ffi_sint;

typedef enum { CT_SIMPLE, CT_STRUCT, CT_UNION, CT_ARRAY, CT_POINTER, CT_FUNC } CtKind;
enum {
    CT_ISPOINTER = 0x100,
    CT_HASPOINTER = 0x200,
    CT_HASUNION = 0x400,
    CT_HASBITFIELD = 0x800,
    CT_FINAL = 0x1000,
    /* derived from a type such as c_int: such values are given as instances, not as Python values */
    CT_SUBCLASS = 0x2000
};
enum { FUNC_CDECL = 1, FUNC_PYTHONAPI = 4, FUNC_USE_ERRNO = 8, FUNC_USE_LASTERROR = 16 };
enum { CT_MAX_ARGS = 1024 };
enum {
    CLS_NONE,
    CLS_SSE,
    CLS_INT,
    CLS_X87,
    CLS_X87UP
}; /* how a byte of a small struct travels in registers */

typedef struct CtInfo {
    CtKind kind;
    char code; /* of a simple type, or 0 */
    uint32_t flags;
    ou_ssize size, align, length; /* length: items of an array, fields of a struct, 1 of a pointer */
    CtGet get;                    /* NULL: instances are given */
    CtSet set;
    OuObj *proto; /* item type of arrays and pointers, code str of simple types */
    OuObj *argtypes, *converters, *restype, *checker; /* functions */
    char *format;                                     /* PEP 3118, malloc'ed, or NULL */
    int ndim;
    ou_ssize *shape; /* malloc'ed */
    FfiType ffi;
    FfiType *elements[5];
    uint8_t cls[16]; /* structs up to 16 bytes, arrays: CLS_ of each byte */
} CtInfo;
typedef struct CtType {
    OuType type;
    CtInfo *info; /* NULL: an abstract class */
} CtType;
#define CT_INFO(t) (((CtType *)(t))->info)

enum { CT_INLINE = 16 };
struct CData {
    OuObj hdr;
    char *ptr;
    CData *base; /* owned: the object in whose memory ptr lies, or NULL */
    OuObj *
        objects; /* owned: what must live as long as this (root of a chain): anything, or a dict by places; or NULL */
    ou_ssize size, length, index;
    size_t block;  /* bytes of the block at ptr that this object owns; 0: none */
    int needsfree; /* the memory is its own: in `value` or in the block */
    bool foreign;  /* the memory was given as an address: see ou_ct_count_at */
    char value[CT_INLINE] __attribute__((aligned(16)));
};
#define CDATA(o) ((CData *)(o))

typedef struct CtArg { /* CArgObject: a parameter ready to be passed */
    OuObj hdr;
    const FfiType *ffi;
    char tag;
    OuObj *obj; /* owned: what it refers to, or NULL */
    ou_ssize size;
    union CtValue {
        char b;
        unsigned char B;
        short h;
        int i;
        long l;
        float f;
        double d;
        long double g;
        void *p;
    } value;
    void *block; /* malloc'ed copy of a struct that value.p points to, or NULL */
} CtArg;

typedef struct CtField { /* CField */
    OuObj hdr;
    ou_ssize offset, size, index;
    OuObj *proto; /* owned */
    CtGet get;    /* NULL: that of proto */
    CtSet set;
    bool anonymous;
} CtField;

typedef struct CtThunk { /* a callback's C side */
    OuObj hdr;
    OuVM *vm;
    void *closure, *code;
    void (*closure_free)(void *); /* libffi's: a thunk may die after the module */
    pthread_key_t key;            /* CtState.key: readable without the lock */
    FfiCif cif;
    uint32_t flags, nargs;
    OuObj *callable, *argtypes, *restype; /* owned */
    FfiType **types;                      /* nargs */
} CtThunk;

typedef struct CtFunc { /* CFuncPtr */
    CData data;
    OuObj *callable, *restype, *checker, *errcheck, *argtypes, *converters, *paramflags, *thunk;
    bool shim; /* one of our own C functions: takes the VM first */
} CtFunc;

/* What this module knows of an OS thread: by pthread key. */
typedef struct CtThread {
    int saved_errno;   /* ctypes.get_errno() */
    OuThread *outside; /* the thread's state while C code runs without the lock, or NULL */
    int depth;         /* foreign calls under way */
} CtThread;

typedef struct CtState {
    OuType *meta[6]; /* by CtKind */
    OuType *cdata, *simple, *structure, *union_, *array, *pointer, *func;
    OuType *field, *arg, *thunk;
    OuObj *arg_error, *pointer_cache, *array_cache;
    Ffi ffi;
    pthread_key_t key;
    bool has_key;
} CtState;
extern const OuModuleDef ou_mod__ctypes;
#define CT(vm) ((CtState *)ou_module_state(vm, &ou_mod__ctypes))
#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

/* ---- ffi.c ---- */
const Ffi *ou_ct_ffi(OuVM *vm); /* NULL: OSError, libffi is not there */
CtThread *ou_ct_thread(OuVM *vm);
/* The ffi type of info as it is passed and returned: sets info->ffi of a struct or union from its size and cls. */
void ou_ct_classify(CtInfo *info);
/* Puts the classes of a member of type `info` at `offset` into cls[16] of an aggregate. */
void ou_ct_class_add(uint8_t cls[16], const CtInfo *info, ou_ssize offset);

/* ---- info.c ---- */
bool ou_ct_is_type(OuVM *vm, OuObj *o); /* o is a class of one of the metaclasses */
/* Layout of a ctypes class or NULL (no exception): o may be anything. */
CtInfo *ou_ct_info(OuVM *vm, OuObj *o);
CtInfo *ou_ct_info_concrete(OuVM *vm, OuObj *type); /* TypeError "abstract class" */
CtInfo *ou_ct_info_new(OuVM *vm, CtKind kind);      /* NULL with MemoryError */
void ou_ct_info_free(OuVM *vm, CtInfo *info);
/* A class of a metaclass whose layout is made by `make` (unless it is inherited or the class is abstract).  new */
OuObj *ou_ct_type_new(OuVM *vm, OuType *meta, OuObj *const *args, size_t nargs, OuObj *kwnames,
                      CtInfo *(*make)(OuVM *vm, OuObj *type));
int ou_ct_info_copy(OuVM *vm, CtInfo *to, const CtInfo *from);
/* type is exactly an instance of this metaclass (or a subclass of it). */
bool ou_ct_has_meta(OuVM *vm, OuObj *type, CtKind kind);
int ou_ct_format(OuVM *vm, CtInfo *info, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
char *ou_ct_format_with_shape(OuVM *vm, const CtInfo *item, const char *prefix,
                              const char *suffix); /* malloc'ed */
/* Looks up name in the class's own dict: borrowed or NULL. */
OuObj *ou_ct_own(OuVM *vm, OuObj *type, const char *name);
/* Methods of all metaclasses. */
#define CT_FN(name) OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
CT_FN(ou_ct_m_from_param);
CT_FN(ou_ct_m_from_address);
CT_FN(ou_ct_m_from_buffer);
CT_FN(ou_ct_m_from_buffer_copy);
CT_FN(ou_ct_m_in_dll);
/* clang-format off */
#define CT_META_METHODS                                                                                        \
    {"from_param(self, value, /)", ou_ct_m_from_param, 0, "Convert a Python object into a function call parameter."}, \
    {"from_address(self, address, /)", ou_ct_m_from_address, 0,                                                \
     "C.from_address(integer) -> C instance\naccess a C instance at the specified address"},                   \
    {"from_buffer(self, source, offset=0, /)", ou_ct_m_from_buffer, 0,                                         \
     "C.from_buffer(object, offset=0, /) -> C instance\ncreate a C instance from a writeable buffer"},         \
    {"from_buffer_copy(self, source, offset=0, /)", ou_ct_m_from_buffer_copy, 0,                               \
     "C.from_buffer_copy(object, offset=0, /) -> C instance\ncreate a C instance from a readable buffer"},     \
    {"in_dll(self, dll, name, /)", ou_ct_m_in_dll, 0,                                                          \
     "C.in_dll(dll, name) -> C instance\naccess a C instance in a dll"}
/* clang-format on */
extern const OuFn ou_ct_meta_methods[];
void ou_ct_type_dealloc(OuVM *vm, OuObj *o);
int ou_ct_type_traverse(OuObj *o, OuVisit visit, void *arg);
void ou_ct_type_clear(OuVM *vm, OuObj *o);
OuObj *ou_ct_type_repeat(OuVM *vm, OuObj *type, ou_ssize n);
OuObj *ou_ct_from_param(OuVM *vm, OuObj *type, OuObj *value); /* of all types but simple ones and pointers */
#define CT_META(kind_name, new_fn, doc_text, extra)                                               \
    {                                                                                             \
        .name = "_ctypes." kind_name, .size = sizeof(CtType), .flags = OU_TYPE_BASE | OU_TYPE_GC, \
        .doc = doc_text, .dealloc = ou_ct_type_dealloc, .traverse = ou_ct_type_traverse,          \
        .clear = ou_ct_type_clear, .s = {.new_ = new_fn, .repeat = ou_ct_type_repeat, extra},     \
        .methods = ou_ct_meta_methods                                                             \
    }
extern const OuTypeSpec ou_ct_meta_simple, ou_ct_meta_struct, ou_ct_meta_union, ou_ct_meta_array,
    ou_ct_meta_pointer, ou_ct_meta_func;

/* ---- cdata.c ---- */
extern const OuTypeSpec ou_ct_cdata_spec, ou_ct_simple_spec, ou_ct_structure_spec, ou_ct_union_spec,
    ou_ct_array_spec, ou_ct_pointer_spec, ou_ct_func_spec, ou_ct_field_spec, ou_ct_arg_spec, ou_ct_thunk_spec;
bool ou_ct_is_data(OuVM *vm, OuObj *o);
OuObj *ou_ct_data_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs,
                      OuObj *kwnames); /* zeroed instance */
OuObj *ou_ct_at_address(OuVM *vm, OuObj *type, void *p);
/* An instance at p inside base's memory, or with its own copy of p when base is NULL. */
OuObj *ou_ct_from_base(OuVM *vm, OuObj *type, CData *base, ou_ssize index, void *p);
int ou_ct_keep(OuVM *vm, CData *target, ou_ssize index, OuObj *keep_take); /* NULL: nothing to keep */
OuObj *ou_ct_kept(OuVM *vm, CData *d);                                     /* borrowed; NULL with exception */
/* Reads or writes a value of `type` at p in memory of `owner`; get/set NULL: those of the type. */
OuObj *ou_ct_get(OuVM *vm, OuObj *type, CtGet get, CData *owner, ou_ssize index, ou_ssize size, char *p,
                 bool foreign);
int ou_ct_set(OuVM *vm, CData *dst, OuObj *type, CtSet set, OuObj *value, ou_ssize index, ou_ssize size,
              char *p, bool foreign);
int ou_ct_resize(OuVM *vm, CData *d, ou_ssize size);
void ou_ct_data_dealloc(OuVM *vm, OuObj *o);
int ou_ct_data_traverse(OuObj *o, OuVisit visit, void *arg);
void ou_ct_data_clear(OuVM *vm, OuObj *o);
int ou_ct_data_getbuffer(OuVM *vm, OuObj *o, OuBuffer *view, int flags);
/* Whether an object begins at p; then its count can be read and set there as the 8 bytes that CPython has. */
bool ou_ct_count_at(OuVM *vm, const void *p);

#define CT_IS_ARG(vm, o) (OU_TYPE_OF(vm, o)->spec == &ou_ct_arg_spec)
#define CT_IS_FIELD(vm, o) (OU_TYPE_OF(vm, o)->spec == &ou_ct_field_spec)

/* ---- simple.c, array.c, pointer.c, struct.c, layout.c, field.c ---- */
OuObj *ou_ct_simple_new_type(OuVM *vm, OuType *meta, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_ct_simple_from_param(OuVM *vm, OuObj *type, OuObj *value);
OuObj *ou_ct_pointer_from_param(OuVM *vm, OuObj *type, OuObj *value);
OuObj *ou_ct_array_type(OuVM *vm, OuObj *item, ou_ssize length); /* item * length, cached */
OuObj *ou_ct_array_slice(OuVM *vm, CData *d, const CtInfo *item, OuObj *proto, char *p, ou_ssize start,
                         ou_ssize step, ou_ssize count, bool foreign);
OuObj *ou_ct_pointer_type(OuVM *vm, OuObj *type); /* POINTER(type) */
int ou_ct_lay_out(OuVM *vm, OuObj *type, OuObj *fields, bool is_struct);
int ou_ct_anonymous(OuVM *vm, OuObj *type);
/* Place of the next field, threaded through the fields of one struct. */
typedef struct CtPlace {
    int field_size, bit_offset; /* of the open bit field; 0: none */
    ou_ssize size, offset, align;
    int pack;
    bool big_endian;
} CtPlace;
CtField *ou_ct_field_new(OuVM *vm, OuObj *desc, ou_ssize index, int bits, CtPlace *at);
OuObj *ou_ct_string_get(OuVM *vm, const void *p, ou_ssize size);
int ou_ct_string_set(OuVM *vm, void *p, OuObj *v, ou_ssize size, OuObj **keep);
OuObj *ou_ct_wstring_get(OuVM *vm, const void *p, ou_ssize size);
int ou_ct_wstring_set(OuVM *vm, void *p, OuObj *v, ou_ssize size, OuObj **keep);
ou_ssize ou_ct_to_wchar(OuObj *s, wchar_t *out); /* the characters of a str, no NUL */
OuObj *ou_ct_wide_copy(OuVM *vm, OuObj *s);      /* bytes of wchar_t with a NUL at the end */

/* ---- func.c, call.c, callback.c, shims.c ---- */
CtArg *ou_ct_arg_new(OuVM *vm);
CtArg *ou_ct_arg_of(OuVM *vm, OuObj *data); /* how a ctypes instance is passed */
OuObj *ou_ct_byref(OuVM *vm, OuObj *data, ou_ssize offset);
/* Calls p; argtypes: tuple of converters or NULL; restype and checker may be NULL. */
OuObj *ou_ct_call(OuVM *vm, void *p, OuObj *args, uint32_t flags, OuObj *converters, OuObj *restype,
                  OuObj *checker, bool shim);
const FfiType *ou_ct_ffi_type(OuVM *vm, OuObj *type); /* NULL type: int */
OuObj *ou_ct_thunk_new(OuVM *vm, OuObj *callable, OuObj *argtypes, OuObj *restype, uint32_t flags);
/* value as an address: an int of any sign. 0/-1 */
int ou_ct_address(OuVM *vm, OuObj *value, const char *message, void **out);
void *ou_ct_shim(const char *name);      /* our own function of that name for ctypes.pythonapi, or NULL */
bool ou_ct_is_shim(const void *address); /* one of the shims or helpers below */
extern const OuFn ou_ct_functions[];
/* sys.audit(event, ...): args of the formats of ou_raise are not needed: objects, borrowed. 0/-1 */
int ou_ct_audit(OuVM *vm, const char *event, size_t n, ...);
int ou_ct_shims_add(OuVM *vm, OuObj *module); /* _memmove_addr and so on */

#endif
