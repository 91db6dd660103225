/* tests/unit/gc_weak.c - weak references: chains, death by count and by collection, order of callbacks. */
#include "gc_fake.h"

START_TEST(chain)
{
    OuVM *vm = fake_vm(0);
    Node *d = new_node(vm, T_NODE, 1, 0);
    Ref *a = new_ref(vm, &d->ob, 1), *b = new_ref(vm, &d->ob, 2);
    Ref *c = new_ref(vm, &d->ob, 3);
    ck_assert_ptr_eq(ou_weak_first(&vm->heap, &d->ob), &c->node);
    ou_weak_remove(&vm->heap, &c->node);
    ou_weak_add_after(&c->node, &b->node);
    ck_assert_ptr_eq(ou_weak_first(&vm->heap, &d->ob), &b->node);
    ck_assert_ptr_eq(b->node.next, &c->node);
    ck_assert_ptr_eq(c->node.next, &a->node);
    ou_decref(vm, d); /* newest first: b, c, a */
    ck_assert_int_eq(vm->nlog, 3);
    ck_assert_int_eq(vm->log[0], -2);
    ck_assert_int_eq(vm->log[1], -3);
    ck_assert_int_eq(vm->log[2], -1);
    ck_assert_ptr_null(a->node.target);
    ck_assert_uint_eq(vm->heap.weak.n, 0);
    ou_decref(vm, a);
    ou_decref(vm, b);
    ou_decref(vm, c);
    fake_end(vm);
}
END_TEST

START_TEST(removal)
{
    OuVM *vm = fake_vm(0);
    enum { N = 500 };
    Node *d[N];
    Ref *r[N][3];
    for (int i = 0; i < N; i++) {
        d[i] = new_node(vm, T_NODE, i, 0);
        for (int k = 0; k < 3; k++)
            r[i][k] = new_ref(vm, &d[i]->ob, 1 + k);
    }
    srand(3);
    for (int step = 0; step < 3 * N; step++) {
        int i = rand() % N, k = rand() % 3;
        ou_clear(vm, r[i][k]);
        OuWeakNode *n = ou_weak_first(&vm->heap, &d[i]->ob);
        ck_assert(!n == !(d[i]->ob.tf & OU_F_WEAK));
        for (k = 3; k-- > 0;)
            if (r[i][k]) {
                ck_assert_ptr_eq(n, &r[i][k]->node);
                n = n->next;
            }
        ck_assert_ptr_null(n);
    }
    for (int i = 0; i < N; i++) {
        ou_decref(vm, d[i]);
        for (int k = 0; k < 3; k++)
            ou_xdecref(vm, r[i][k]);
    }
    ck_assert_uint_eq(vm->heap.weak.n, 0);
    fake_end(vm);
}
END_TEST

START_TEST(order_by_count_and_by_collector)
{
    /* By count: finalizer, then weak references.  By the collector: weak references first. */
    OuVM *vm = fake_vm(0);
    Node *d = new_node(vm, T_FINAL, 50, 1);
    Ref *r = new_ref(vm, &d->ob, 1);
    ou_decref(vm, d);
    ck_assert_int_eq(vm->nlog, 2);
    ck_assert_int_eq(vm->log[0], 50);
    ck_assert_int_eq(vm->log[1], -1);
    ou_decref(vm, r);
    d = new_node(vm, T_FINAL, 51, 3);
    d->item[0] = &d->ob;
    r = new_ref(vm, &d->ob, 2);
    d->item[1] = (OuObj *)new_ref(vm, &d->ob, 3); /* trash itself: not called */
    ck_assert_int_eq(ou_gc_collect(&vm->heap, 2), 2);
    ck_assert_int_eq(vm->nlog, 4);
    ck_assert_int_eq(vm->log[2], -2);
    ck_assert_int_eq(vm->log[3], 51);
    ck_assert_uint_eq(r->ob.rc, 1);
    ou_decref(vm, r);
    ck_assert_int_eq(vm->live[T_REF] + vm->live[T_FINAL], 0);
    assert_heap(vm);
    fake_end(vm);
}
END_TEST

START_TEST(no_memory)
{
    OuVM *vm = fake_vm(0);
    Node *d = new_node(vm, T_NODE, 1, 0);
    ou_mem_set_fail(&vm->heap.mem, 2, 0);
    ck_assert_ptr_null(new_ref(vm, &d->ob, 1));
    ou_mem_set_fail(&vm->heap.mem, 0, 0);
    ck_assert(!(d->ob.tf & OU_F_WEAK));
    ou_decref(vm, d);
    ck_assert_int_eq(vm->live[T_REF], 0);
    fake_end(vm);
}
END_TEST

SUITE("gc_weak", chain, removal, order_by_count_and_by_collector, no_memory)
