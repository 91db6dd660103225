/* vm/shape.c - shapes: the names of an instance's attributes in order of creation, shared by all instances
 * that got them in the same order.  The shapes of a class form a tree below its root and die with the class.
 *
 * A shape number is a slot of the table (24 bits) and the slot's generation (7 bits: the dict word keeps 31), so a number
 * held by an inline cache never means another shape; a slot that has seen all generations is not used again. */
#include "instance.h"

#include <string.h>

enum {
    SLOT_MASK = 0xffffff,
    GEN_SHIFT = 24,
    MAX_CHILDREN = 64,
    MAX_NAMES = 250,
    GENERATIONS = 128,
    FIND_CACHE = 512
};

typedef struct FindEntry {
    uint32_t shape;
    int32_t index;
    OuObj *name; /* owned by the shape */
} FindEntry;

typedef struct OuShapes {
    OuShape **at; /* by slot; slot 0 is never used */
    uint8_t *generation;
    uint32_t *free_slots;
    uint32_t n, cap, nfree, free_cap;
    FindEntry found[FIND_CACHE];
} OuShapes;

OuShape *ou_shape(OuVM *vm, uint32_t number)
{
    return vm->shapes->at[number & SLOT_MASK];
}

static OuShapes *table(OuVM *vm)
{
    if (!vm->shapes) {
        OuShapes *s = ou_mem_calloc(ou_heap_mem(&vm->heap), sizeof *s);
        if (!s)
            return NULL;
        s->n = 1;
        vm->shapes = s;
    }
    return vm->shapes;
}

static OuShape *new_shape(OuVM *vm, OuType *owner, OuShape *up, OuObj *name)
{
    OuShapes *s = table(vm);
    OuMem *mem = ou_heap_mem(&vm->heap);
    if (!s)
        return NULL;
    uint32_t slot;
    if (s->nfree) {
        slot = s->free_slots[--s->nfree];
    } else {
        if (s->n >= s->cap) {
            uint32_t cap = s->cap ? s->cap * 2 : 64;
            if (cap > SLOT_MASK + 1)
                return NULL;
            OuShape **at = ou_mem_realloc(mem, s->at, s->cap * sizeof *at, cap * sizeof *at);
            if (!at)
                return NULL;
            s->at = at;
            uint8_t *gen = ou_mem_realloc(mem, s->generation, s->cap, cap);
            if (!gen) { /* s->at is longer than cap says: give it back its size */
                s->at = ou_mem_realloc(mem, at, cap * sizeof *at, s->cap * sizeof *at);
                return NULL;
            }
            s->generation = gen;
            memset(gen + s->cap, 0, cap - s->cap);
            s->cap = cap;
        }
        slot = s->n++;
        s->at[slot] = NULL;
    }
    OuShape *sh = ou_mem_calloc(mem, sizeof *sh);
    if (!sh)
        return NULL; /* the slot is lost */
    sh->number = (uint32_t)s->generation[slot] << GEN_SHIFT | slot;
    sh->owner = owner;
    sh->up = up;
    if (up) {
        sh->parent = up->number;
        sh->count = up->count + 1;
        sh->name = ou_ref(name);
        sh->next_sibling = up->first_child;
        up->first_child = sh->number;
        up->nchildren++;
        if (owner->max_names < sh->count)
            owner->max_names = (uint16_t)sh->count;
    }
    s->at[slot] = sh;
    return sh;
}

int ou_shape_find(OuVM *vm, uint32_t shape, OuObj *name)
{
    OuShapes *s = vm->shapes;
    FindEntry *e = &s->found[(((uintptr_t)name >> 4) ^ shape * 7u) & (FIND_CACHE - 1)];
    if (e->shape == shape && e->name == name)
        return e->index;
    for (OuShape *sh = s->at[shape & SLOT_MASK]; sh->up; sh = sh->up) {
        if (sh->name == name) {
            *e = (FindEntry){shape, (int32_t)sh->count - 1, name};
            return (int)sh->count - 1;
        }
    }
    return -1;
}

uint32_t ou_shape_add(OuVM *vm, uint32_t shape, OuObj *name)
{
    OuShape *up = ou_shape(vm, shape);
    for (uint32_t c = up->first_child; c;) {
        OuShape *sh = ou_shape(vm, c);
        if (sh->name == name)
            return c;
        c = sh->next_sibling;
    }
    if (up->nchildren >= MAX_CHILDREN || up->count >= MAX_NAMES)
        return 0;
    OuShape *sh = new_shape(vm, up->owner, up, name);
    return sh ? sh->number : 0;
}

uint32_t ou_shape_root(OuVM *vm, OuType *t)
{
    if (!t->shape) {
        OuShape *sh = new_shape(vm, t, NULL, NULL);
        if (!sh)
            return 0;
        t->shape = sh->number;
    }
    return t->shape;
}

void ou_shape_free_tree(OuVM *vm, uint32_t root)
{
    OuShapes *s = vm->shapes;
    OuMem *mem = ou_heap_mem(&vm->heap);
    /* Depth is bounded by MAX_NAMES; walk without recursion by unlinking children from their parent. */
    OuShape *sh = ou_shape(vm, root);
    while (sh) {
        if (sh->first_child) {
            OuShape *child = ou_shape(vm, sh->first_child);
            sh->first_child = child->next_sibling;
            sh = child;
            continue;
        }
        OuShape *up = sh->up;
        uint32_t slot = sh->number & SLOT_MASK;
        s->at[slot] = NULL;
        if (++s->generation[slot] < GENERATIONS) { /* else the slot rests for good */
            if (s->nfree == s->free_cap) {
                uint32_t cap = s->free_cap ? s->free_cap * 2 : 64;
                uint32_t *p = ou_mem_realloc(mem, s->free_slots, s->free_cap * sizeof *p, cap * sizeof *p);
                if (p) {
                    s->free_slots = p;
                    s->free_cap = cap;
                }
            }
            if (s->nfree < s->free_cap)
                s->free_slots[s->nfree++] = slot;
        }
        if (sh->name)
            ou_decref(vm, sh->name);
        ou_mem_free(mem, sh, sizeof *sh);
        sh = up;
    }
}

void ou_shapes_free(OuVM *vm)
{
    OuShapes *s = vm->shapes;
    OuMem *mem = ou_heap_mem(&vm->heap);
    if (!s)
        return;
    for (uint32_t i = 1; i < s->n; i++)
        if (s->at[i])
            ou_mem_free(mem, s->at[i], sizeof(OuShape));
    ou_mem_free(mem, s->at, s->cap * sizeof *s->at);
    ou_mem_free(mem, s->generation, s->cap);
    ou_mem_free(mem, s->free_slots, s->free_cap * sizeof *s->free_slots);
    ou_mem_free(mem, s, sizeof *s);
    vm->shapes = NULL;
}
