/* tests/bench/c/heap.c - micro-benchmark of the heap: pairs of allocation and free, tracking, full
 * collections.
 *
 * usage: heap [what...]   prints nanoseconds per operation (collections: milliseconds) */
#include "gc/heap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct OuVM {
    OuHeap heap;
    int requests;
};
typedef struct Node {
    OuObj ob;
    size_t n;
    OuObj *item[4];
} Node; /* 48 bytes */

static void box_dealloc(OuVM *vm, OuObj *o)
{
    ou_heap_free_leaf(&vm->heap, o, 16);
}
static void node_dealloc(OuVM *vm, OuObj *o)
{
    for (int i = 0; i < 4; i++)
        ou_xdecref(vm, ((Node *)o)->item[i]);
    ou_heap_free_gc(&vm->heap, o, sizeof(Node));
}
static int node_traverse(OuObj *o, OuVisit visit, void *arg)
{
    for (int i = 0; i < 4; i++)
        OU_VISIT(((Node *)o)->item[i]);
    return 0;
}
static void node_clear(OuVM *vm, OuObj *o)
{
    for (int i = 0; i < 4; i++)
        ou_clear(vm, ((Node *)o)->item[i]);
}
static void request(OuVM *vm)
{
    vm->requests = 1;
}
static const OuHeapHooks hooks = {.request = request};
static OuTypeFace box_face = {.index = 1, .name = "box", .dealloc = box_dealloc};
static OuTypeFace node_face = {.index = 2,
                               .flags = OU_TF_CONTAINER | OU_TF_DEEP,
                               .name = "node",
                               .dealloc = node_dealloc,
                               .traverse = node_traverse,
                               .clear = node_clear,
                               .layout = OU_LAYOUT_INLINE,
                               .at = {8, 16}};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

__attribute__((noinline)) static OuObj *new_box(OuVM *vm)
{
    return ou_heap_alloc_leaf(&vm->heap, 1, 16);
}
__attribute__((noinline)) static void free_box(OuVM *vm, OuObj *o)
{
    ou_heap_free_leaf(&vm->heap, o, 16);
}
__attribute__((noinline)) static Node *new_node(OuVM *vm)
{
    Node *d = (Node *)ou_heap_alloc_gc(&vm->heap, 2, sizeof *d);
    d->n = 4;
    memset(d->item, 0, sizeof d->item);
    ou_gc_track(&vm->heap, &d->ob);
    if (vm->requests) {
        vm->requests = 0;
        ou_gc_poll(&vm->heap);
    }
    return d;
}

int main(int argc, char **argv)
{
    static OuVM vm_;
    OuVM *vm = &vm_;
    enum { N = 1000000, PAIRS = 20000000 };
    static OuObj *v[N];
    ou_heap_init(&vm->heap, &hooks);
    ou_heap_set_type(&vm->heap, 1, &box_face);
    ou_heap_set_type(&vm->heap, 2, &node_face);
    const char *what = argc > 1 ? argv[1] : "all";
    bool all = !strcmp(what, "all");
    double t;
    if (all || !strcmp(what, "pair")) {
        t = now();
        for (int i = 0; i < PAIRS; i++)
            free_box(vm, new_box(vm));
        printf("box alloc/free pair          %6.2f ns\n", (now() - t) / PAIRS);
    }
    if (all || !strcmp(what, "node")) {
        t = now();
        for (int i = 0; i < PAIRS; i++) {
            Node *d = new_node(vm);
            ou_decref(vm, d);
        }
        printf("node new/decref pair         %6.2f ns\n", (now() - t) / PAIRS);
    }
    if (all || !strcmp(what, "random")) {
        enum { LIVE = 20000 };
        for (int i = 0; i < LIVE; i++)
            v[i] = new_box(vm);
        unsigned x = 1;
        t = now();
        for (int i = 0; i < PAIRS; i++) {
            x = x * 1664525 + 1013904223;
            unsigned k = (x >> 8) % LIVE;
            free_box(vm, v[k]);
            v[k] = new_box(vm);
        }
        printf("random of 20k live, pair     %6.2f ns\n", (now() - t) / PAIRS);
        for (int i = 0; i < LIVE; i++)
            free_box(vm, v[i]);
    }
    for (int on = 0; on < 2; on++) {
        if (!all && strcmp(what, on ? "collect" : "build"))
            continue;
        ou_gc_enable(&vm->heap, on);
        t = now();
        for (int i = 0; i < N; i++) {
            Node *d = new_node(vm);
            v[i] = &d->ob;
            if (i)
                d->item[0] = ou_ref(v[i - 1]);
            if (i > 100)
                d->item[1] = ou_ref(v[i / 2]);
        }
        printf("build 1M, collector %-3s      %6.2f ms\n", on ? "on" : "off", (now() - t) / 1e6);
        for (int k = 0; k < 2; k++) {
            t = now();
            ou_gc_collect(&vm->heap, 2);
            printf("full collection of 1M        %6.2f ms\n", (now() - t) / 1e6);
        }
        if (on)
            for (int g = 0; g < 3; g++)
                printf("  generation %d: %5ld collections, %8ld visited, %.2f ms, at most %.2f ms\n", g,
                       (long)vm->heap.stats[g].collections, (long)vm->heap.stats[g].visited,
                       vm->heap.stats[g].pause_total * 1e3, vm->heap.stats[g].pause_max * 1e3);
        t = now();
        for (int i = N; i-- > 0;)
            ou_decref(vm, v[i]);
        printf("drop 1M                      %6.2f ms, %zu regions left\n", (now() - t) / 1e6,
               vm->heap.mem.nregions);
    }
    ou_heap_free(&vm->heap);
    return 0;
}
