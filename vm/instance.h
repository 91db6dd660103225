/* vm/instance.h - attributes of instances: shapes with inline values, or an ordinary dict.
 *
 * An instance whose type has a dict_off carries one word there:
 *
 *   SHAPED types (base is object, no native layout):  [OuObj][__slots__ members][word][value 0 .. value cap-1]
 *       word, lowest bit 1:  1 << 63 | shape number << 32 | cap << 8 | 1   "shaped": names in the shape, values inline
 *       word, lowest bit 0:  OuDict *  (NULL: no attribute yet, dict made on demand)  "dict state".  The top 16 bits
 *           keep the cap, which is needed to free the instance: always read it by OU_WORD_DICT.  A cap is below 2**15, so
 *           the upper halves of words of the two kinds differ: inline caches compare nothing but them.
 *   other types (subclasses of int, list, exceptions ...): always the OuDict * form.  In subclasses of types whose items
 *       follow the struct (int, str, tuple, bytes) the word stands behind the items: dict_off is OU_DICT_OFF_END,
 *       and ou_inst_word() finds it.
 *
 * Reading __dict__, an odd key, a name beyond cap or deletion of a name that is not the newest moves the values into a new
 * dict, once and for good.  A shape belongs to one class (its root), so shape number implies class *layout*, not
 * the class version.  `cap` of an instance never changes; the class's inst_cap learns from instances that outgrew it. */
#ifndef OU_VM_INSTANCE_H
#define OU_VM_INSTANCE_H

#include "vm.h"

#define OU_DICT_WORD(o, off) ((uint64_t *)((char *)(o) + (off)))
#define OU_WORD_IS_SHAPED(w) ((w)&1)
#define OU_WORD_UPPER(w) ((uint32_t)((w) >> 32))
#define OU_WORD_SHAPE(w) (OU_WORD_UPPER(w) & 0x7fffffffu)
#define OU_WORD_CAP(w) ((uint32_t)((w) >> 8 & 0xffff))
#define OU_WORD_DICT(w) ((OuDict *)((w)&0x0000fffffffffffeull))
#define OU_WORD_MAKE_DICT(d, cap) ((uint64_t)(cap) << 48 | (uint64_t)(uintptr_t)(d))
#define OU_DICT_OFF_END 0xffffffffu
/* OuType.slots_off of a str subclass with __slots__: the members stand behind the text, before the dict word.  Offsets of its
 * member descriptors are OU_SLOTS_OFF_END | index. */
#define OU_SLOTS_OFF_END 0x80000000u
#define OU_WORD_MAKE(shape, cap) (1ull << 63 | (uint64_t)(shape) << 32 | (uint64_t)(cap) << 8 | 1)
#define OU_INST_VALUES(o, off) ((OuObj **)((char *)(o) + (off) + 8))
/* The members of o, of t->nslots (see __slots__). */
OuObj **ou_inst_slots(OuObj *o, const OuType *t);
/* The dict word of o (t->dict_off is not 0). */
uint64_t *ou_inst_word_end(OuObj *o, const OuType *t);
static inline uint64_t *ou_inst_word(OuObj *o, const OuType *t)
{
    return __builtin_expect(t->dict_off == OU_DICT_OFF_END, 0) ? ou_inst_word_end(o, t)
                                                               : OU_DICT_WORD(o, t->dict_off);
}

typedef struct OuShape {
    uint32_t number;
    uint32_t parent;    /* 0: a root */
    struct OuShape *up; /* the parent, or NULL */
    uint32_t count;     /* names on the path; values 0..count-1 are in use */
    OuObj *name;        /* added by this shape (interned str, owned); NULL for a root */
    OuType *owner;      /* borrowed: the shapes of a class die with it; their numbers are not used again */
    uint32_t first_child, next_sibling; /* numbers, 0: none */
    uint32_t nchildren;
} OuShape;

OuShape *ou_shape(OuVM *vm, uint32_t number); /* borrowed */
/* All shapes below and with root are freed. */
void ou_shape_free_tree(OuVM *vm, uint32_t root);
void ou_shapes_free(OuVM *vm);
/* Index of name (interned) in shape, or -1. */
int ou_shape_find(OuVM *vm, uint32_t shape, OuObj *name);
/* The child shape with name added (made on demand); 0: none can be made (limits, no memory: caller falls back to dict). */
uint32_t ou_shape_add(OuVM *vm, uint32_t shape, OuObj *name);
uint32_t ou_shape_root(OuVM *vm, OuType *t);

/* Borrowed instance attribute (no class lookup), or NULL; *err set to 1 on exception. */
OuObj *ou_inst_get(OuVM *vm, OuObj *o, OuType *t, OuObj *name, int *err);
/* Sets (value NULL: deletes; AttributeError if absent) an instance attribute. */
int ou_inst_set(OuVM *vm, OuObj *o, OuType *t, OuObj *name, OuObj *value);
/* The instance's dict (moves shaped values into it); borrowed; NULL with exception. */
OuDict *ou_inst_dict(OuVM *vm, OuObj *o, OuType *t);
/* Computed attribute __dict__, for the getset tables of native types with a dict_off. */
OuObj *ou_inst_dict_attr(OuVM *vm, OuObj *o, void *data);
int ou_inst_set_dict_attr(OuVM *vm, OuObj *o, OuObj *value, void *data);
/* Sets o.__dict__ (dict or NULL = delete). */
int ou_inst_set_dict(OuVM *vm, OuObj *o, OuType *t, OuObj *dict);

/* Releases o's memory and its count on a Python class; contents must be gone.  The end of every dealloc. */
void ou_free_object(OuVM *vm, OuObj *o);
/* Bytes of o's own block. */
size_t ou_object_size(OuVM *vm, OuObj *o);
/* The collector's face of Python classes. */
void ou_inst_dealloc(OuVM *vm, OuObj *o);
int ou_inst_traverse(OuTypeFace *face, OuObj *o, OuVisit visit, void *arg);
void ou_inst_clear(OuVM *vm, OuObj *o);
/* hooks.finalize: runs the type's finalize slot. */
void ou_object_finalize(OuVM *vm, OuObj *o);
/* Moves o's attributes to a layout-compatible class (the new type's number is set, counts on classes moved). 0/-1 */
int ou_inst_change_class(OuVM *vm, OuObj *o, OuType *to);

#endif
