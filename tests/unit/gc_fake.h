/* tests/unit/gc_fake.h - tiny object types for the tests of gc/, without a VM.
 *
 * Node: a container of `n` references.  Final: the same with a finalizer.  Box: a leaf of 16 bytes.
 * Tuple: a Node that cannot be cleared and is untracked while it holds leaves.
 * Ref: a weak reference with an optional callback number. */
#ifndef TESTS_UNIT_GC_FAKE_H
#define TESTS_UNIT_GC_FAKE_H

#include "gc/heap.h"
#include "gc/trace.h"
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { T_BOX = 1, T_NODE, T_FINAL, T_REF, T_TUPLE };

struct OuVM {
    OuHeap heap;
    int live[8];   /* objects alive by type */
    int log[4096]; /* ids of finalized nodes, and -callback numbers */
    int nlog;
    int requests;
    OuObj *resurrect; /* a finalizer stores its object here when want_resurrect */
    bool want_resurrect;
    OuObj *garbage[16];
    int ngarbage;
    void (*on_finalize)(OuVM *vm, OuObj *o);
};

typedef struct Box {
    OuObj ob;
    int64_t v;
} Box;

typedef struct Node {
    OuObj ob;
    int id, n;
    OuObj *item[];
} Node;

typedef struct Ref {
    OuObj ob;
    OuWeakNode node;
    int callback;
} Ref;

static inline size_t node_size(int n)
{
    return sizeof(Node) + (size_t)n * sizeof(OuObj *);
}

static void box_dealloc(OuVM *vm, OuObj *o)
{
    vm->live[T_BOX]--;
    ou_heap_free_leaf(&vm->heap, o, sizeof(Box));
}

static void node_dealloc(OuVM *vm, OuObj *o)
{
    Node *d = (Node *)o;
    vm->live[ou_type_index(o)]--;
    for (int i = d->n; i-- > 0;)
        ou_xdecref(vm, d->item[i]);
    ou_heap_free_gc(&vm->heap, o, node_size(d->n));
}

static int node_traverse(OuObj *o, OuVisit visit, void *arg)
{
    Node *d = (Node *)o;
    for (int i = 0; i < d->n; i++)
        OU_VISIT(d->item[i]);
    return 0;
}

static void node_clear(OuVM *vm, OuObj *o)
{
    Node *d = (Node *)o;
    for (int i = 0; i < d->n; i++)
        ou_clear(vm, d->item[i]);
}

static void ref_dealloc(OuVM *vm, OuObj *o)
{
    vm->live[T_REF]--;
    ou_weak_remove(&vm->heap, &((Ref *)o)->node);
    ou_heap_free_gc(&vm->heap, o, sizeof(Ref));
}

static int ref_traverse(OuObj *o, OuVisit visit, void *arg)
{
    (void)o, (void)visit, (void)arg;
    return 0;
}

static void hook_finalize(OuVM *vm, OuObj *o)
{
    if (vm->nlog < 4096)
        vm->log[vm->nlog++] = ((Node *)o)->id;
    if (vm->want_resurrect) {
        ou_xdecref(vm, vm->resurrect);
        vm->resurrect = ou_ref(o);
    }
    if (vm->on_finalize)
        vm->on_finalize(vm, o);
}

static void hook_weak(OuVM *vm, OuWeakNode *chain)
{
    for (OuWeakNode *n = chain, *next; n; n = next) {
        next = n->next;
        n->next = n->prev = NULL;
        Ref *r = (Ref *)ou_weak_owner(n);
        if (r->ob.rc && r->callback && vm->nlog < 4096)
            vm->log[vm->nlog++] = -r->callback;
    }
}

static void hook_request(OuVM *vm)
{
    vm->requests++;
}

static int hook_garbage(OuVM *vm, OuObj *o)
{
    if (vm->ngarbage < 16)
        vm->garbage[vm->ngarbage++] = ou_ref(o);
    return 0;
}

static const OuHeapHooks fake_hooks = {
    .finalize = hook_finalize, .weak_callbacks = hook_weak, .request = hook_request, .garbage = hook_garbage};

static OuTypeFace box_face = {.index = T_BOX, .size = sizeof(Box), .name = "box", .dealloc = box_dealloc};
static OuTypeFace node_face = {.index = T_NODE,
                               .flags = OU_TF_CONTAINER | OU_TF_DEEP,
                               .size = sizeof(Node),
                               .item_size = 8,
                               .name = "node",
                               .dealloc = node_dealloc,
                               .traverse = node_traverse,
                               .clear = node_clear};
static OuTypeFace tuple_face = {.index = T_TUPLE,
                                .flags = OU_TF_CONTAINER | OU_TF_DEEP | OU_TF_UNTRACK | OU_TF_FIXED,
                                .size = sizeof(Node),
                                .item_size = 8,
                                .name = "tuple",
                                .dealloc = node_dealloc,
                                .traverse = node_traverse};
static OuTypeFace final_face = {.index = T_FINAL,
                                .flags = OU_TF_CONTAINER | OU_TF_DEEP | OU_TF_FINALIZE,
                                .size = sizeof(Node),
                                .item_size = 8,
                                .name = "final",
                                .dealloc = node_dealloc,
                                .traverse = node_traverse,
                                .clear = node_clear};
static OuTypeFace ref_face = {.index = T_REF,
                              .flags = OU_TF_CONTAINER,
                              .size = sizeof(Ref),
                              .name = "ref",
                              .dealloc = ref_dealloc,
                              .traverse = ref_traverse};

static inline OuVM *fake_vm(int mode)
{
    OuVM *vm = calloc(1, sizeof *vm);
    ck_assert_int_eq(ou_heap_init_mode(&vm->heap, &fake_hooks, mode), 0);
    ou_heap_set_type(&vm->heap, T_BOX, &box_face);
    ou_heap_set_type(&vm->heap, T_NODE, &node_face);
    ou_heap_set_type(&vm->heap, T_FINAL, &final_face);
    ou_heap_set_type(&vm->heap, T_REF, &ref_face);
    ou_heap_set_type(&vm->heap, T_TUPLE, &tuple_face);
    return vm;
}

static inline void fake_end(OuVM *vm)
{
    ou_heap_free(&vm->heap);
    free(vm);
}

static inline OuObj *new_box(OuVM *vm, int64_t v)
{
    Box *b = (Box *)ou_heap_alloc_leaf(&vm->heap, T_BOX, sizeof *b);
    if (!b)
        return NULL;
    b->v = v;
    vm->live[T_BOX]++;
    return &b->ob;
}

static inline Node *new_node(OuVM *vm, int type, int id, int n)
{
    Node *d = (Node *)ou_heap_alloc_gc(&vm->heap, (uint32_t)type, node_size(n));
    if (!d)
        return NULL;
    d->id = id;
    d->n = n;
    memset(d->item, 0, (size_t)n * sizeof *d->item);
    vm->live[type]++;
    ou_gc_track(&vm->heap, &d->ob);
    return d;
}

static inline Ref *new_ref(OuVM *vm, OuObj *target, int callback)
{
    Ref *r = (Ref *)ou_heap_alloc_gc(&vm->heap, T_REF, sizeof *r);
    if (!r)
        return NULL;
    memset(&r->node, 0, sizeof r->node);
    r->callback = callback;
    vm->live[T_REF]++;
    if (ou_weak_add(&vm->heap, &r->node, target) < 0) {
        ou_decref(vm, r);
        return NULL;
    }
    ou_gc_track(&vm->heap, &r->ob);
    return r;
}

static inline void assert_heap(OuVM *vm)
{
    const char *bad = ou_gc_check_heap(&vm->heap);
    ck_assert_msg(!bad, "heap: %s", bad);
}

#endif
