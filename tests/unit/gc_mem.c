/* tests/unit/gc_mem.c - the gate: blocks, pools, regions given back, budget, fail-the-Nth, arenas. */
#include "gc_fake.h"
#include "gc/arena.h"

enum { BLOCKS = 3000 };

START_TEST(random_blocks)
{
    for (int mode = 0; mode <= OU_MEM_SYSTEM; mode += OU_MEM_SYSTEM) {
        OuMem m;
        ou_mem_init(&m, mode);
        struct {
            unsigned char *p;
            size_t n;
        } b[BLOCKS] = {0};
        srand(7);
        for (int step = 0; step < 200000; step++) {
            int i = rand() % BLOCKS;
            size_t n = (size_t)(rand() % 20 ? rand() % 700 : rand() % 100 ? rand() % 9000 : rand() % 3000000);
            unsigned char mark = (unsigned char)i;
            size_t both = b[i].n < n ? b[i].n : n ? 1 : 0; /* bytes whose end is marked */
            if (b[i].p && both)
                ck_assert(b[i].p[0] == mark && b[i].p[b[i].n - 1] == mark);
            switch (rand() % 3) {
            case 0:
                b[i].p = ou_mem_realloc(&m, b[i].p, b[i].n, n);
                ck_assert_ptr_nonnull(b[i].p);
                ck_assert(!both || (b[i].p[0] == mark && b[i].p[both - 1] == mark));
                b[i].n = n;
                break;
            case 1:
                ou_mem_free(&m, b[i].p, b[i].n);
                b[i].p = NULL;
                b[i].n = 0;
                break;
            default:
                ou_mem_free(&m, b[i].p, b[i].n);
                b[i].p = ou_mem_calloc(&m, n);
                for (size_t k = 0; k < n; k += 61)
                    ck_assert(b[i].p[k] == 0);
                b[i].n = n;
            }
            ck_assert_uint_eq((uintptr_t)b[i].p % 16, 0);
            if (b[i].p && b[i].n)
                b[i].p[0] = b[i].p[b[i].n - 1] = mark;
            else if (b[i].p)
                b[i].p[0] = mark;
        }
        size_t n = 0;
        for (int i = 0; i < BLOCKS; i++)
            n += b[i].p != NULL;
        ck_assert_uint_eq(ou_mem_blocks(&m), n);
        for (int i = 0; i < BLOCKS; i++)
            ou_mem_free(&m, b[i].p, b[i].n);
        ck_assert_uint_eq(ou_mem_blocks(&m), 0);
        ck_assert_uint_eq(m.large, 0);
        ou_mem_done(&m);
        ck_assert_uint_eq(m.used, 0);
    }
}
END_TEST

START_TEST(regions_go_back)
{
    OuMem m;
    ou_mem_init(&m, 0);
    enum { N = 200000 };
    void **p = malloc(N * sizeof *p);
    for (int i = 0; i < N; i++)
        p[i] = ou_mem_alloc(&m, 48);
    size_t most = m.nregions;
    ck_assert_uint_ge(m.used, N * 48);
    ck_assert_uint_le(m.used, N * 48 * 102 / 100 + 2 * OU_PAGE_SIZE);
    for (int i = 0; i < N; i++)
        ou_mem_free(&m, p[i], 48);
    ck_assert_uint_gt(most, 8);
    ck_assert_uint_le(m.nregions, 2);
    ck_assert_uint_le(m.used, 2 * OU_PAGE_SIZE);
    ck_assert_uint_ge(m.peak, N * 48);
    ou_mem_trim(&m);
    /* Half of the blocks, evenly spread, are used again before new pages are. */
    for (int i = 0; i < N; i++)
        p[i] = ou_mem_alloc(&m, 48);
    size_t full = m.used;
    for (int i = 0; i < N; i += 2)
        ou_mem_free(&m, p[i], 48);
    for (int i = 0; i < N; i += 2)
        p[i] = ou_mem_alloc(&m, 33);
    ck_assert_uint_le(m.used, full + OU_PAGE_SIZE);
    for (int i = 0; i < N; i++)
        ou_mem_free(&m, p[i], 48);
    free(p);
    ou_mem_done(&m);
}
END_TEST

START_TEST(budget)
{
    OuMem m;
    ou_mem_init(&m, 0);
    ou_mem_set_budget(&m, 1 << 20);
    ck_assert_ptr_null(ou_mem_alloc(&m, 2 << 20));
    int n = 0;
    while (ou_mem_alloc(&m, 512))
        n++;
    ck_assert_int_gt(n, 1900);
    ck_assert_int_le(n, 2048);
    ck_assert_uint_le(m.used, 1 << 20);
    void *p = malloc(1);
    ck_assert(!ou_mem_charge(&m, SIZE_MAX));
    free(p);
    ou_mem_set_budget(&m, 0);
    ck_assert_ptr_nonnull(ou_mem_alloc(&m, 512));
    ou_mem_done(&m);
}
END_TEST

START_TEST(failing)
{
    OuMem m;
    ou_mem_init(&m, 0);
    for (int k = 1; k < 50; k++) {
        ou_mem_set_fail(&m, (uint64_t)k, (uint64_t)k + 2);
        for (int i = 1; i < 60; i++) {
            void *p = ou_mem_alloc(&m, (size_t)i * 20);
            ck_assert_int_eq(p == NULL, i == k || i == k + 1);
            ou_mem_free(&m, p, (size_t)i * 20);
        }
        ck_assert_uint_eq(m.failed, 2);
    }
    void *p = ou_mem_alloc(&m, 5000);
    ou_mem_set_fail(&m, 1, 0);
    ck_assert_ptr_null(ou_mem_realloc(&m, p, 5000, 6000));
    ck_assert_ptr_nonnull(p = ou_mem_realloc(&m, p, 5000, 300)); /* shrinking never fails */
    ck_assert_ptr_nonnull(p = ou_mem_realloc(&m, p, 300, 20));
    ck_assert_ptr_null(ou_mem_calloc(&m, 1));
    ou_mem_set_fail(&m, 0, 0);
    ou_mem_free(&m, p, 20);
    ck_assert_uint_eq(ou_mem_blocks(&m), 0);
    ou_mem_done(&m);
}
END_TEST

START_TEST(arenas)
{
    OuMem m;
    ou_mem_init(&m, 0);
    OuArena a;
    ou_arena_init(&a, &m);
    char *s = ou_arena_copy(&a, "text", 4);
    for (int i = 0; i < 10000; i++) {
        char *p = ou_arena_alloc(&a, (size_t)(i % 300));
        ck_assert_ptr_nonnull(p);
        ck_assert_uint_eq((uintptr_t)p % 8, 0);
        for (int k = 0; k < i % 300; k++)
            ck_assert(p[k] == 0);
        memset(p, 1, (size_t)(i % 300));
    }
    ck_assert_str_eq(s, "text");
    ou_mem_set_fail(&m, 1, 0);
    while (ou_arena_alloc(&a, 300))
        ;
    ck_assert(a.failed);
    ou_arena_free(&a);
    ck_assert_uint_eq(ou_mem_blocks(&m), 0);
    ou_mem_done(&m);
}
END_TEST

SUITE("gc_mem", random_blocks, regions_go_back, budget, failing, arenas)
