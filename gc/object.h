/* gc/object.h - the object header, reference counts, and what the heap knows of a type.
 *
 * Every object starts with OuObj, 8 bytes: a 32-bit reference count and a 32-bit word of a
 * 23-bit type index and 9 flags.  A type check is a compare with a constant.  No object is
 * exempt from counting: singletons start at OU_RC_SINGLETON and live inside the OuVM;
 * instances of Python classes own one count on their class.
 *
 * Ownership words used everywhere: new (caller owns the result), borrowed (valid while the
 * source lives), taken (callee owns the argument now), out (written on success only).
 * Parameters are borrowed and results new unless said otherwise. */
#ifndef OU_GC_OBJECT_H
#define OU_GC_OBJECT_H

#include "mem.h"

typedef struct OuVM OuVM;     /* vm/vm.h; its first member is the OuHeap */
typedef struct OuHeap OuHeap; /* gc/heap.h */

typedef struct OuObj {
    uint32_t rc;
    uint32_t tf; /* type index | flags */
} OuObj;

#define OU_TYPE_MASK 0x007fffffu
enum {
    OU_F_VISIT = 1u << 23,     /* the collector's own scratch bit: see gc/cycle.c */
    OU_F_TRACKED = 1u << 24,   /* seen by the cycle collector */
    OU_F_FINALIZED = 1u << 25, /* finalizer has run (PEP 442: once) */
    OU_F_WEAK = 1u << 26,      /* has weak references in the side table */
    OU_F_ADDR = 1u << 27,      /* id() was taken: the box is never reused in place */
    OU_F_SPAN = 1u << 28,      /* container in a span of its own, not in a pool page */
    OU_F_T0 = 1u << 29,        /* three flags of the type's own, e.g. int: limbs follow */
    OU_F_T1 = 1u << 30,
};
#define OU_F_T2 (1u << 31)
#define OU_RC_SINGLETON 999999999u

/* The whole header as one word: a box of exactly this type, no flag set, count 1. */
#define OU_HEADER_RC1(type_index) (((uint64_t)(type_index) << 32) | 1u)

static inline uint32_t ou_type_index(const OuObj *o)
{
    return o->tf & OU_TYPE_MASK;
}

/* Called by a traverse function for each reference the object owns; non-zero stops. */
typedef int (*OuVisit)(OuObj *child, void *arg);
#define OU_VISIT(o)                            \
    do {                                       \
        if (o) {                               \
            int r_ = visit((OuObj *)(o), arg); \
            if (r_)                            \
                return r_;                     \
        }                                      \
    } while (0)

/* OuTypeFace.flags */
enum {
    OU_TF_CONTAINER = 1,    /* instances live in container pages and may be tracked */
    OU_TF_HEAP = 2,         /* a Python class: instances own a count on it */
    OU_TF_FINALIZE = 4,     /* has a finalizer (`__del__`, generators): called through hooks.finalize */
    OU_TF_DEEP = 8,         /* dealloc may recurse through long chains: deferred beyond a nesting depth */
    OU_TF_UNTRACK = 16,     /* a collection untracks it while nothing it holds may be tracked (tuple, dict) */
    OU_TF_FIXED = 32,       /* once untracked it stays so, and counts as a leaf (tuple) */
    OU_TF_BOX = 64,         /* 16 bytes that own nothing, unless OU_F_T0: freed without a call (int, float) */
    OU_TF_WEAK_FIRST = 128, /* dying by count, weak references go before the finalizer (generators) */
};

/* Where the references of the commonest objects lie, so that the collector finds them without a call (gc/walk.h).
 * Offsets at[0], at[1], at[2] are in bytes from the object. */
enum {
    OU_LAYOUT_OTHER,   /* ask traverse */
    OU_LAYOUT_INLINE,  /* tuple: size_t count at at[0], pointers from at[1] on */
    OU_LAYOUT_POINTER, /* list: size_t count at at[0], address of the pointers at at[1] */
    /* dict: uint32_t count at at[0], address of the entries at at[1]; the byte at at[2] is 1: (leaf, value), 0: (key,
     * value, hash).  In a free entry key and value are NULL. */
    OU_LAYOUT_TABLE,
    /* Instances, which own the type object itself, too (ou_face_type).  Slotted: at[1] pointers at at[0]. */
    OU_LAYOUT_FIELDS,
    /* Word at at[0]; lowest bit set: bits 8-23 count the pointers that follow; clear: its low 48 bits are one
     * pointer. */
    OU_LAYOUT_SHAPED,
};

/* The collector's face of a type: first field after the header of vm/'s OuType. */
typedef struct OuTypeFace {
    uint32_t index;
    uint32_t flags;
    uint32_t size;      /* bytes of an instance without items */
    uint32_t item_size; /* bytes of an item for variable-size types, or 0 */
    const char *name;   /* for statistics */
    /* Releases what o owns and its memory.  Count is 0, weak references are cleared, finalizer has run. */
    void (*dealloc)(OuVM *vm, OuObj *o);
    int (*traverse)(OuObj *o, OuVisit visit, void *arg);
    /* For types whose instances cannot tell their layout alone (Python classes): used instead of traverse if
     * not NULL. */
    int (*traverse_typed)(struct OuTypeFace *face, OuObj *o, OuVisit visit, void *arg);
    /* Drops references that may close a cycle; o stays valid.  May be NULL (tuples). */
    void (*clear)(OuVM *vm, OuObj *o);
    uint32_t layout; /* OU_LAYOUT_; whatever it is, traverse visits the same references */
    uint16_t at[3];
} OuTypeFace;

/* The only way to visit what o owns. */
static inline int ou_traverse(OuTypeFace *face, OuObj *o, OuVisit visit, void *arg)
{
    return face->traverse_typed ? face->traverse_typed(face, o, visit, arg)
           : face->traverse     ? face->traverse(o, visit, arg)
                                : 0;
}

/* Count fell to zero: finalizer (may resurrect), weak references, dealloc.  gc/heap.c */
void ou_dealloc(OuVM *vm, OuObj *o);

static inline void ou_incref_(OuObj *o)
{
    o->rc++;
}
static inline void ou_decref_(OuVM *vm, OuObj *o)
{
    if (--o->rc == 0)
        ou_dealloc(vm, o);
}
/* Macros so that any object struct may be given without a cast. */
#define ou_incref(o) ou_incref_((OuObj *)(o))
#define ou_decref(vm, o) ou_decref_(vm, (OuObj *)(o))
#define ou_xincref(o)              \
    do {                           \
        OuObj *xi_ = (OuObj *)(o); \
        if (xi_)                   \
            xi_->rc++;             \
    } while (0)
#define ou_xdecref(vm, o)          \
    do {                           \
        OuObj *xd_ = (OuObj *)(o); \
        if (xd_)                   \
            ou_decref_(vm, xd_);   \
    } while (0)
/* o with one more count, as an expression. */
#define ou_ref(o) ((__typeof__(o))ou_ref_((OuObj *)(o)))
static inline OuObj *ou_ref_(OuObj *o)
{
    o->rc++;
    return o;
}
/* Sets *slot to NULL, then releases what it held. */
#define ou_clear(vm, slot)            \
    do {                              \
        OuObj *cl_ = (OuObj *)(slot); \
        if (cl_) {                    \
            (slot) = NULL;            \
            ou_decref_(vm, cl_);      \
        }                             \
    } while (0)

#endif
