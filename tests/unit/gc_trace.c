/* tests/unit/gc_trace.c - allocation tracing: sizes, tracebacks, peak, the cut at nframe. */
#include "gc_fake.h"

typedef struct Place {
    const void *code, *pc;
} Place;
static Place stack[100];
static int depth, kept, limit;

static const uint64_t units[202];

/* Two places are on one line. */
static uint32_t line(void *vm, const void *code, const void *pc)
{
    (void)vm, (void)code;
    return (uint32_t)((const uint64_t *)pc - units) / 2;
}

static uint32_t here(void *vm, OuTrace *t)
{
    uint32_t id = 0;
    for (int i = depth > limit ? depth - limit : 0; i < depth; i++)
        id = ou_trace_intern(t, stack[i].code, stack[i].pc, id, id ? 0 : (uint32_t)i + 1);
    return id;
}

static void keep(void *vm, const void *code)
{
    (void)vm, (void)code;
    kept++;
}

static const OuTraceHooks hooks = {.here = here, .line = line, .keep = keep};
static const char code[100];

/* Instruction k of code c: an address is of one code only. */
static Place place(int c, int k)
{
    return (Place){&code[c], &units[c * 4 + k]};
}

static int sum(void *arg, const void *p, size_t size, uint32_t tb)
{
    (void)p, (void)tb;
    *(size_t *)arg += size;
    return 0;
}

START_TEST(records)
{
    for (int mode = 0; mode <= OU_MEM_SYSTEM; mode += OU_MEM_SYSTEM) {
        OuVM *vm = fake_vm(mode);
        OuMem *m = &vm->heap.mem;
        OuObj *before = new_box(vm, 0);
        kept = 0;
        depth = 3;
        for (int i = 0; i < 100; i++)
            stack[i] = (Place){&code[i], &units[i + 1]};
        limit = 2;
        ck_assert_int_eq(ou_trace_start(m, 2, &hooks), 0);
        OuObj *a = new_box(vm, 1), *b = new_box(vm, 2);
        Node *d = new_node(vm, T_NODE, 1, 200);
        size_t size, now, peak, all = 0;
        uint32_t ta, tb;
        ck_assert(ou_trace_find(m, a, &size, &ta));
        ck_assert_uint_eq(size, 16);
        ck_assert(ou_trace_find(m, b, &size, &tb));
        ck_assert_uint_eq(ta, tb);
        ck_assert(ou_trace_find(m, d, &size, &tb));
        ck_assert_uint_eq(size, node_size(200));
        ck_assert(!ou_trace_find(m, before, &size, &tb));
        const OuTraceNode *n = ou_trace_node(m, ta);
        ck_assert(n->code == &code[2] && n->line == 1 && n->depth == 3);
        n = ou_trace_node(m, n->caller);
        ck_assert(n->code == &code[1] && n->line == 1 && n->depth == 2 && n->caller == 0);
        ck_assert_int_eq(kept, 2);
        ou_trace_memory(m, &now, &peak);
        ck_assert_uint_eq(now, 32 + node_size(200));
        ou_trace_walk(m, sum, &all);
        ck_assert_uint_eq(all, now);
        ou_decref(vm, d);
        ou_decref(vm, before);
        ou_decref(vm, a);
        ou_trace_memory(m, &now, &peak);
        ck_assert_uint_eq(now, 16);
        ck_assert_uint_eq(peak, 32 + node_size(200));
        ou_trace_reset_peak(m);
        ou_trace_memory(m, &now, &peak);
        ck_assert_uint_eq(peak, 16);
        ou_trace_clear(m);
        ou_decref(vm, b);
        ou_trace_stop(m);
        ck_assert(!m->slow_free || mode);
        assert_heap(vm);
        fake_end(vm);
    }
}
END_TEST

/* Random stacks: the interned traceback must spell the stack of the moment. */
START_TEST(tracebacks)
{
    OuVM *vm = fake_vm(0);
    OuMem *m = &vm->heap.mem;
    limit = 10;
    ou_trace_start(m, 10, &hooks);
    srand(5);
    depth = 1;
    stack[0] = place(0, 0);
    for (int step = 0; step < 50000; step++) {
        if (rand() % 3 == 0 && depth < 30)
            stack[depth++] = place(rand() % 5, rand() % 4);
        else if (rand() % 2 && depth > 1)
            depth--;
        else
            stack[depth - 1] = place((int)((const char *)stack[depth - 1].code - code), rand() % 4);
        OuObj *b = new_box(vm, 1);
        size_t size;
        uint32_t tb;
        ck_assert(ou_trace_find(m, b, &size, &tb));
        int i = depth;
        for (int k = 0; tb && k < 10; k++, tb = ou_trace_node(m, tb)->caller) {
            const OuTraceNode *n = ou_trace_node(m, tb);
            i--;
            ck_assert(n->code == stack[i].code && n->line == line(NULL, NULL, stack[i].pc) &&
                      (int)n->depth == i + 1);
        }
        ck_assert_int_eq(i, depth > 10 ? depth - 10 : 0);
        ou_decref(vm, b);
    }
    ou_trace_stop(m);
    fake_end(vm);
}
END_TEST

SUITE("gc_trace", records, tracebacks)
