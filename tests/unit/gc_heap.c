/* tests/unit/gc_heap.c - objects: headers, spans, death, lowest slot first, failing allocations, statistics.
 */
#include "gc_fake.h"

START_TEST(headers)
{
    OuVM *vm = fake_vm(0);
    OuObj *b = new_box(vm, 5);
    ck_assert_uint_eq(b->rc, 1);
    ck_assert_uint_eq(b->tf, T_BOX);
    Node *d = new_node(vm, T_NODE, 1, 2), *big = new_node(vm, T_NODE, 2, 1000);
    ck_assert_uint_eq(ou_type_index(&d->ob), T_NODE);
    ck_assert_uint_eq(ou_type_index(&big->ob), T_NODE);
    ck_assert(big->ob.tf & OU_F_SPAN && !(d->ob.tf & OU_F_SPAN));
    d->item[0] = b;
    d->item[1] = &big->ob;
    assert_heap(vm);
    ou_decref(vm, d);
    ck_assert_int_eq(vm->live[T_BOX] + vm->live[T_NODE], 0);
    fake_end(vm);
}
END_TEST

START_TEST(lowest_slot_first)
{
    OuVM *vm = fake_vm(0);
    enum { N = 2000 };
    Node *d[N];
    for (int i = 0; i < N; i++)
        d[i] = new_node(vm, T_NODE, i, 4);
    for (int i = 1; i < N; i++)
        ck_assert((uintptr_t)d[i] / OU_PAGE_SIZE != (uintptr_t)d[i - 1] / OU_PAGE_SIZE || d[i] > d[i - 1]);
    for (int i = N; i-- > 0;)
        if (i % 3)
            ou_clear(vm, d[i]);
    Node *last = NULL;
    for (int i = 0; i < N; i++)
        if (!d[i]) {
            d[i] = new_node(vm, T_NODE, i, 4);
            if (i > 1000 && last && (uintptr_t)d[i] / OU_PAGE_SIZE == (uintptr_t)last / OU_PAGE_SIZE)
                ck_assert(d[i] > last);
            last = d[i];
        }
    for (int i = 0; i < N; i++)
        ou_decref(vm, d[i]);
    ck_assert_int_eq(vm->live[T_NODE], 0);
    assert_heap(vm);
    fake_end(vm);
}
END_TEST

START_TEST(walks)
{
    OuVM *vm = fake_vm(0);
    Node *old = new_node(vm, T_NODE, 1, 1), *big = new_node(vm, T_NODE, 1, 300);
    ou_gc_collect(&vm->heap, 2);
    Node *mid = new_node(vm, T_NODE, 1, 1);
    ou_gc_collect(&vm->heap, 0);
    Node *young = new_node(vm, T_NODE, 1, 1);
    ou_decref(vm, new_node(vm, T_NODE, 1, 1));
    OuObj *want[3][2] = {{&young->ob}, {&mid->ob}, {&old->ob, &big->ob}};
    for (int g = -1; g < 3; g++) {
        size_t n, cap;
        OuObj **v = ou_gc_snapshot(&vm->heap, g, &n, &cap);
        ck_assert_uint_eq(n, g == -1 ? 4 : g == 2 ? 2 : 1);
        for (size_t i = 0; i < n; i++) {
            if (g >= 0)
                ck_assert_ptr_eq(v[i], want[g][i]);
            ou_decref(vm, v[i]);
        }
        ou_mem_free(&vm->heap.mem, v, cap * sizeof *v);
    }
    int c[3];
    ou_gc_count(&vm->heap, c);
    ck_assert_int_eq(c[0], 1);
    ck_assert_int_eq(c[1], 1);
    ck_assert_int_eq(c[2], 0);
    /* Untracked and tracked again: young, and once only. */
    ou_gc_untrack(&vm->heap, &mid->ob);
    ou_gc_track(&vm->heap, &mid->ob);
    ou_gc_untrack(&vm->heap, &big->ob);
    ou_gc_track(&vm->heap, &big->ob);
    ou_gc_count(&vm->heap, c);
    ck_assert_int_eq(c[0], 3);
    size_t n, cap;
    ou_gc_snapshot(&vm->heap, -1, &n, &cap);
    ck_assert_uint_eq(n, 4);
    ou_gc_collect(&vm->heap, 1);
    ou_gc_collect(&vm->heap, 2);
    assert_heap(vm);
    fake_end(vm);
}
END_TEST

/* A small program under every failing allocation: it ends cleanly, nothing is lost. */
static int program(OuVM *vm)
{
    int res = -1;
    Node *root = new_node(vm, T_NODE, 0, 60);
    for (int i = 0; root && i < 60; i++) {
        Node *d = new_node(vm, i % 3 ? T_NODE : T_FINAL, i, i % 5 ? 3 : 200);
        if (!d)
            goto done;
        root->item[i] = &d->ob;
        d->item[0] = ou_ref(&root->ob);
        if (!(d->item[1] = new_box(vm, i)) || !(d->item[2] = (OuObj *)new_ref(vm, &d->ob, 1)))
            goto done;
        if (i % 20 == 0)
            ou_gc_collect(&vm->heap, i % 3);
    }
    res = root ? 0 : -1;
done:
    ou_xdecref(vm, root);
    ou_gc_collect(&vm->heap, 2);
    return res;
}

START_TEST(every_allocation_fails_once)
{
    for (int mode = 0; mode <= OU_MEM_SYSTEM; mode += OU_MEM_SYSTEM) {
        OuVM *vm = fake_vm(mode);
        uint64_t k = 1;
        for (;; k++) {
            vm->nlog = 0;
            ou_mem_set_fail(&vm->heap.mem, k, k + 1);
            int r = program(vm);
            ck_assert_int_eq(r, vm->heap.mem.failed ? -1 : 0);
            for (int t = 0; t < 8; t++)
                ck_assert_int_eq(vm->live[t], 0);
            assert_heap(vm);
            if (!r)
                break;
        }
        ck_assert_uint_gt(k, 150);
        fake_end(vm);
    }
}
END_TEST

START_TEST(emergency_at_the_budget)
{
    OuVM *vm = fake_vm(0);
    ou_gc_enable(&vm->heap, false);
    ou_mem_set_budget(&vm->heap.mem, 8 << 20);
    for (int i = 0; i < 400000; i++) { /* far more cyclic trash than the budget holds */
        Node *d = new_node(vm, T_NODE, i, 3);
        ck_assert_ptr_nonnull(d);
        d->item[0] = &d->ob;
        if (vm->requests) {
            vm->requests = 0;
            ou_gc_poll(&vm->heap);
        }
    }
    ck_assert_uint_le(vm->heap.mem.peak, 8 << 20);
    fake_end(vm);
}
END_TEST

static size_t lines;
static void count_line(void *arg, const char *line)
{
    (void)arg;
    lines += line[strlen(line) - 1] == '\n';
}

START_TEST(statistics)
{
    OuVM *vm = fake_vm(0);
    OuObj *b = new_box(vm, 1);
    Node *d = new_node(vm, T_NODE, 1, 1);
    ou_heap_stats(&vm->heap, count_line, NULL);
    ck_assert_uint_gt(lines, 12);
    ou_decref(vm, b);
    ou_decref(vm, d);
    fake_end(vm);
}
END_TEST

SUITE("gc_heap", headers, lowest_slot_first, walks, every_allocation_fails_once, emergency_at_the_budget,
      statistics)
