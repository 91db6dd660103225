/* vm/instance.h - attributes of instances: shapes with inline values, or an ordinary dict.
 *
 * An instance whose type has a dict_off carries one word there:
 *
 *   SHAPED types (base is object, no native layout):  [OuObj][__slots__ members][word][value 0 .. value cap-1]
 *       word, lowest bit 1:  shape number << 32 | cap << 8 | 1       "shaped": names in the shape, values inline
 *       word, lowest bit 0:  OuDict *  (NULL: no attribute yet, dict made on demand)  "dict state"
 *   other types (subclasses of int, list, exceptions ...): always the OuDict * form.
 *
 * Reading __dict__, an odd key, a name beyond cap or deletion of a name that is not the newest moves the values into a new
 * dict, once and for good.  A shape belongs to one class (its root), so shape number implies class *layout*, not
 * the class version.  `cap` of an instance never changes; the class's inst_cap learns from instances that outgrew it. */
#ifndef OU_VM_INSTANCE_H
#define OU_VM_INSTANCE_H

#include "vm.h"

#define OU_DICT_WORD(o, off) ((uint64_t *)((char *)(o) + (off)))
#define OU_WORD_IS_SHAPED(w) ((w) & 1)
#define OU_WORD_SHAPE(w) ((uint32_t)((w) >> 32))
#define OU_WORD_CAP(w) ((uint32_t)((w) >> 8 & 0xffff))
#define OU_WORD_MAKE(shape, cap) ((uint64_t)(shape) << 32 | (uint64_t)(cap) << 8 | 1)
#define OU_INST_VALUES(o, off) ((OuObj **)((char *)(o) + (off) + 8))

typedef struct OuShape {
    uint32_t number;
    uint32_t parent;    /* 0: a root */
    uint32_t count;     /* names on the path; values 0..count-1 are in use */
    OuObj *name;        /* added by this shape (interned str, owned); NULL for a root */
    OuType *owner;      /* borrowed; NULL once the class is dead (number then in quarantine) */
    uint32_t *children; /* numbers */
    uint32_t nchildren;
    uint32_t refs;
} OuShape;

OuShape *ou_shape(OuVM *vm, uint32_t number); /* borrowed */
/* Index of name in shape, or -1. */
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
/* Sets o.__dict__ (dict or NULL = delete). */
int ou_inst_set_dict(OuVM *vm, OuObj *o, OuType *t, OuObj *dict);

#endif
