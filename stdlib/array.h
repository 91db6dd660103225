/* stdlib/array.h - inside module array. */
#ifndef OU_STDLIB_ARRAY_H
#define OU_STDLIB_ARRAY_H

#include "vm/buffer.h"
#include "vm/instance.h"
#include "vm/iterobj.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

/* One kind of item. */
typedef struct OuArrayKind {
    char code;
    uint8_t size;
    char format[2];  /* of the buffer protocol */
    uint8_t machine; /* format code of pickles on this (little-endian) machine */
    bool is_int, is_signed;
    OuObj *(*get)(OuVM *vm, const void *p);
    int (*set)(OuVM *vm, OuObj *v, void *out); /* out NULL: check only */
} OuArrayKind;
extern const OuArrayKind ou_array_kinds[]; /* ended by code 0 */

typedef struct OuArray {
    OuObj hdr;
    size_t n, cap;
    char *items;
    const OuArrayKind *kind;
    uint32_t exports;
} OuArray;
#define OU_ARRAY(o) ((OuArray *)(o))

typedef struct OuArrayState {
    OuType *array, *iter;
} OuArrayState;
extern const OuModuleDef ou_mod_array;
#define ARRAY_STATE(vm) ((OuArrayState *)ou_module_state(vm, &ou_mod_array))
extern const OuFn ou_array_methods[];

/* An array.array or an instance of a subclass. */
bool ou_is_array(OuVM *vm, OuObj *o);
const OuArrayKind *ou_array_kind(uint32_t code); /* or NULL */
/* n items, not set.  new */
OuObj *ou_array_make(OuVM *vm, OuType *type, size_t n, const OuArrayKind *kind);
/* n items; BufferError while exported. */
int ou_array_resize(OuVM *vm, OuArray *a, size_t n);
/* Appends all items of an iterable or array (of the same kind). */
int ou_array_extend(OuVM *vm, OuArray *a, OuObj *x);
int ou_array_from_bytes(OuVM *vm, OuArray *a, OuObj *buffer);    /* machine values, appended.  0/-1 */
int ou_array_from_str(OuVM *vm, OuArray *a, OuObj *s);           /* of kind 'u', appended.  0/-1 */
int ou_array_insert(OuVM *vm, OuArray *a, ou_ssize i, OuObj *v); /* i is clipped, as list.insert's.  0/-1 */
OuObj *ou_array_to_list(OuVM *vm, OuArray *a);                   /* new */
OuObj *ou_array_to_str(OuVM *vm, OuArray *a);                    /* of kind 'u': new */
static inline char *ou_array_at(const OuArray *a, size_t i)
{
    return a->items + i * a->kind->size;
}
static inline OuObj *ou_array_get(OuVM *vm, const OuArray *a, size_t i)
{
    return a->kind->get(vm, ou_array_at(a, i));
}

#endif
