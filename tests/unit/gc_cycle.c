/* tests/unit/gc_cycle.c - the collector against small graphs and against a model of random ones. */
#include "gc_fake.h"

static Node *ring(OuVM *vm, int type, int n)
{
    Node *first = new_node(vm, type, 0, 1), *last = first;
    for (int i = 1; i < n; i++) {
        Node *d = new_node(vm, type, i, 1);
        last->item[0] = &d->ob;
        last = d;
    }
    last->item[0] = ou_ref(&first->ob);
    return first;
}

START_TEST(rings)
{
    for (int gen = 0; gen < 3; gen++) {
        OuVM *vm = fake_vm(0);
        vm->heap.ordered_max = gen == 1 ? 0 : 1000;
        Node *a = ring(vm, T_NODE, 10), *b = ring(vm, T_NODE, 5);
        b->ob.rc++;
        ou_decref(vm, a);
        ou_decref(vm, b);
        ck_assert_int_eq(ou_gc_collect(&vm->heap, gen), 10);
        ck_assert_int_eq(vm->live[T_NODE], 5);
        ou_decref(vm, b);
        ck_assert_int_eq(ou_gc_collect(&vm->heap, 0), 0); /* it has aged */
        ck_assert_int_eq(ou_gc_collect(&vm->heap, 2), 5);
        ck_assert_int_eq(vm->live[T_NODE], 0);
        assert_heap(vm);
        fake_end(vm);
    }
}
END_TEST

START_TEST(finalizers_in_order)
{
    OuVM *vm = fake_vm(0);
    Node *holes[400];
    for (int i = 0; i < 400; i++)
        holes[i] = new_node(vm, T_NODE, i, 1);
    for (int i = 399; i >= 0; i -= 2)
        ou_decref(vm, holes[i]);
    for (int age = 0; age < 3; age++) {
        vm->nlog = 0;
        Node *r = ring(vm, T_FINAL, 100);
        for (int i = 0; i < age; i++)
            ou_gc_collect(&vm->heap, i);
        ou_decref(vm, r);
        ck_assert_int_eq(ou_gc_collect(&vm->heap, 2), 100);
        ck_assert_int_eq(vm->nlog, 100);
        for (int i = 0; i < 100; i++)
            ck_assert_int_eq(vm->log[i], i);
        ck_assert_int_eq(vm->live[T_FINAL], 0);
    }
    fake_end(vm);
}
END_TEST

START_TEST(resurrection)
{
    OuVM *vm = fake_vm(0);
    Node *a = ring(vm, T_FINAL, 3);
    vm->want_resurrect = true;
    ou_decref(vm, a);
    ck_assert_int_eq(ou_gc_collect(&vm->heap, 2), 0);
    ck_assert_int_eq(vm->live[T_FINAL], 3);
    ck_assert_int_eq(vm->nlog, 3);
    vm->want_resurrect = false;
    ck_assert(vm->resurrect->tf & OU_F_FINALIZED);
    assert_heap(vm);
    ou_clear(vm, vm->resurrect);
    ck_assert_int_eq(ou_gc_collect(&vm->heap, 2), 3);
    ck_assert_int_eq(vm->nlog, 3); /* once */
    ck_assert_int_eq(vm->live[T_FINAL], 0);
    /* by count */
    vm->want_resurrect = true;
    Node *b = new_node(vm, T_FINAL, 7, 0);
    ou_decref(vm, b);
    ck_assert_ptr_eq(vm->resurrect, b);
    vm->want_resurrect = false;
    ou_clear(vm, vm->resurrect);
    ck_assert_int_eq(vm->live[T_FINAL], 0);
    ck_assert_int_eq(vm->nlog, 4);
    fake_end(vm);
}
END_TEST

static void fall_apart(OuVM *vm, OuObj *o)
{
    node_clear(vm, o);
}

START_TEST(finalizer_breaks_ring)
{
    OuVM *vm = fake_vm(0);
    Node *a = ring(vm, T_FINAL, 3);
    vm->on_finalize = fall_apart;
    ou_decref(vm, a);
    ck_assert_int_eq(ou_gc_collect(&vm->heap, 2), 0);
    ck_assert_int_eq(vm->live[T_FINAL], 0);
    fake_end(vm);
}
END_TEST

START_TEST(untracked_leaf_holders)
{
    OuVM *vm = fake_vm(0);
    Node *t = new_node(vm, T_TUPLE, 1, 2), *u = new_node(vm, T_TUPLE, 2, 1), *v = new_node(vm, T_TUPLE, 3, 1);
    t->item[0] = new_box(vm, 1);
    u->item[0] = ou_ref(&t->ob);
    v->item[0] = &new_node(vm, T_NODE, 4, 1)->ob;
    ((Node *)v->item[0])->item[0] = ou_ref(&v->ob);
    ou_gc_collect(&vm->heap, 0);
    ck_assert(!ou_gc_is_tracked(&t->ob) && !ou_gc_is_tracked(&u->ob) && ou_gc_is_tracked(&v->ob));
    ou_decref(vm, t);
    ou_decref(vm, u);
    ou_decref(vm, v);
    ck_assert_int_eq(ou_gc_collect(&vm->heap, 2),
                     2); /* a ring through a tuple is cleared by its other part */
    ck_assert_int_eq(vm->live[T_NODE] + vm->live[T_BOX] + vm->live[T_TUPLE], 0);
    fake_end(vm);
}
END_TEST

START_TEST(freezing)
{
    OuVM *vm = fake_vm(0);
    Node *big = new_node(vm, T_NODE, 1, 500); /* a span */
    Node *r = ring(vm, T_NODE, 50);
    ou_gc_freeze(&vm->heap);
    ck_assert_uint_eq(ou_gc_freeze_count(&vm->heap), 51);
    ou_decref(vm, r);
    ck_assert_int_eq(ou_gc_collect(&vm->heap, 2), 0);
    Node *s = ring(vm, T_NODE, 5);
    ou_decref(vm, s);
    ck_assert_int_eq(ou_gc_collect(&vm->heap, 2), 5);
    ck_assert(ou_gc_is_tracked(&big->ob));
    assert_heap(vm);
    ou_gc_unfreeze(&vm->heap);
    ck_assert_uint_eq(ou_gc_freeze_count(&vm->heap), 0);
    ck_assert_int_eq(ou_gc_collect(&vm->heap, 2), 50);
    ou_decref(vm, big);
    ck_assert_int_eq(vm->live[T_NODE], 0);
    assert_heap(vm);
    fake_end(vm);
}
END_TEST

START_TEST(saveall)
{
    OuVM *vm = fake_vm(0);
    vm->heap.debug = OU_GC_DEBUG_SAVEALL;
    ou_decref(vm, ring(vm, T_NODE, 3));
    ck_assert_int_eq(ou_gc_collect(&vm->heap, 2), 3);
    ck_assert_int_eq(vm->ngarbage, 3);
    ck_assert_int_eq(vm->live[T_NODE], 3);
    fake_end(vm);
}
END_TEST

START_TEST(automatic)
{
    OuVM *vm = fake_vm(0);
    for (int i = 0; i < 200000; i++) {
        ou_decref(vm, ring(vm, T_NODE, 2));
        if (vm->requests) {
            vm->requests = 0;
            ou_gc_poll(&vm->heap);
        }
    }
    ck_assert_int_lt(vm->live[T_NODE], 3000);
    ck_assert_uint_gt(vm->heap.stats[0].collections, 200);
    ck_assert_uint_gt(vm->heap.stats[1].collections, 20);
    /* Garbage that dies by count asks for nothing. */
    uint64_t before = vm->heap.stats[0].collections;
    for (int i = 0; i < 100000; i++)
        ou_decref(vm, new_node(vm, T_NODE, i, 1));
    ck_assert_uint_eq(vm->heap.stats[0].collections, before);
    /* Nobody polls, or the collector is off: memory of the young list stays bounded. */
    ou_gc_enable(&vm->heap, false);
    Node *keep = new_node(vm, T_NODE, 0, 1);
    for (int i = 0; i < 300000; i++) {
        Node *d = new_node(vm, T_NODE, i, 1);
        d->item[0] = keep->item[0];
        keep->item[0] = &d->ob;
    }
    ck_assert_uint_lt(vm->heap.young.cap, 1 << 18);
    ck_assert_int_ge(ou_gc_collect(&vm->heap, 2), 0);
    ou_decref(vm, keep);
    ck_assert_int_eq(vm->live[T_NODE], 0);
    assert_heap(vm);
    fake_end(vm);
}
END_TEST

/* A chain of a million dies without using up the C stack; so does a wide tree of chains. */
START_TEST(deep)
{
    for (int mode = 0; mode <= OU_MEM_SYSTEM; mode += OU_MEM_SYSTEM) {
        OuVM *vm = fake_vm(mode);
        ou_gc_enable(&vm->heap, false);
        Node *root = new_node(vm, T_NODE, 0, 50);
        for (int k = 0; k < 50; k++) {
            Node *head = NULL;
            for (int i = 0; i < 20000; i++) {
                Node *d = new_node(vm, T_NODE, i, 40);
                for (int j = 1; j < 40 && i % 100 == 50; j++)
                    d->item[j] = &new_node(vm, T_NODE, j, 0)->ob;
                d->item[0] = (OuObj *)head;
                head = d;
            }
            root->item[k] = &head->ob;
        }
        ou_decref(vm, root);
        ck_assert_int_eq(vm->live[T_NODE], 0);
        ou_gc_collect(&vm->heap, 2);
        ck_assert_uint_eq(vm->heap.mem.nlimbo, 0);
        if (!mode)
            ck_assert_uint_le(vm->heap.mem.nregions, 2); /* given back, but for a spare */
        fake_end(vm);
    }
}
END_TEST

static int count_all(void *arg, OuObj *o)
{
    (void)o;
    ++*(int *)arg;
    return 0;
}

/* Random graphs: roots are a table; a model (reachability by marking) says what must be alive. */
enum { N = 300, SLOTS = 4 };

static void reach(Node *d, char *seen, Node **all)
{
    if (!d || seen[d->id])
        return;
    seen[d->id] = 1;
    for (int i = 0; i < d->n; i++)
        reach((Node *)d->item[i], seen, all);
}

START_TEST(random_graphs)
{
    for (unsigned seed = 1; seed <= 60; seed++) {
        srand(seed);
        OuVM *vm = fake_vm(seed % 5 == 0 ? OU_MEM_SYSTEM : 0);
        if (seed % 2) /* by pages, as a large heap */
            vm->heap.ordered_max = 0;
        if (seed % 3 == 0)
            ou_gc_set_stress(&vm->heap, true, 0);
        Node *root[N] = {0};
        Node *all[N * 40] = {0}; /* never dereferenced unless the model says alive */
        int made = 0;
        for (int step = 0; step < 3000; step++) {
            int k = rand() % N;
            switch (rand() % 6) {
            case 0:
            case 1: {
                if (made == N * 40)
                    break;
                Node *d = new_node(vm, rand() % 7 ? T_NODE : T_FINAL, made, rand() % 9 ? SLOTS : 80);
                all[made++] = d;
                ou_xdecref(vm, root[k]);
                root[k] = d;
                break;
            }
            case 2:
            case 3: {
                Node *a = root[k], *b = root[rand() % N];
                if (a && b) {
                    OuObj **slot = &a->item[rand() % SLOTS], *old = *slot;
                    *slot = ou_ref(&b->ob);
                    ou_xdecref(vm, old);
                }
                break;
            }
            case 4:
                ou_clear(vm, root[k]);
                break;
            default:
                if (rand() % 20 == 0)
                    ou_gc_collect(&vm->heap, rand() % 3);
                if (vm->requests && rand() % 4 == 0) {
                    vm->requests = 0;
                    ou_gc_poll(&vm->heap);
                }
                if (rand() % 300 == 0) {
                    ou_gc_freeze(&vm->heap);
                    if (rand() % 2)
                        ou_gc_unfreeze(&vm->heap);
                }
            }
            if (step % 250 == 0)
                assert_heap(vm);
        }
        ou_gc_unfreeze(&vm->heap);
        ou_gc_collect(&vm->heap, 2);
        ou_gc_collect(&vm->heap, 2);
        char *seen = calloc((size_t)made + 1, 1);
        for (int i = 0; i < N; i++)
            reach(root[i], seen, all);
        int alive = 0, tracked = 0;
        for (int i = 0; i < made; i++)
            alive += seen[i];
        free(seen);
        ck_assert_int_eq(alive, vm->live[T_NODE] + vm->live[T_FINAL]);
        ou_gc_walk(&vm->heap, -1, count_all, &tracked);
        ck_assert_int_eq(alive, tracked);
        assert_heap(vm);
        for (int i = 0; i < N; i++)
            ou_clear(vm, root[i]);
        ou_gc_collect(&vm->heap, 2);
        ck_assert_int_eq(vm->live[T_NODE] + vm->live[T_FINAL], 0);
        ck_assert_uint_eq(vm->heap.serials.n, 0);
        ou_mem_free(&vm->heap.mem, vm->heap.types, vm->heap.ntypes * sizeof(void *));
        vm->heap.types = NULL;
        vm->heap.ntypes = 0;
        ck_assert_uint_eq(ou_mem_blocks(&vm->heap.mem), 0);
        fake_end(vm);
    }
}
END_TEST

SUITE("gc_cycle", rings, finalizers_in_order, resurrection, finalizer_breaks_ring, untracked_leaf_holders,
      freezing, saveall, automatic, deep, random_graphs)
