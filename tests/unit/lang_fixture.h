/* tests/unit/lang_fixture.h - one parse state over the system allocator, for the tests of lang/. */
#ifndef OU_TESTS_LANG_FIXTURE_H
#define OU_TESTS_LANG_FIXTURE_H

#include "lang/ast_build.h"
#include "lang/lexer.h"
#include "lang/source.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static OuMem mem;
static OuArena arena;
static OuParse p;

static void begin(void)
{
    ou_mem_init(&mem, OU_MEM_SYSTEM);
    ou_arena_init(&arena, &mem);
    ou_parse_init(&p, &arena, &mem, 0);
}

static void end(void)
{
    ou_arena_free(&arena);
    ck_assert_uint_eq(mem.used, 0);
    ou_mem_done(&mem);
}

/* Runs the suites of one file; the process's exit code. */
static int run_case(const char *name, const TTest *const *tests, size_t n)
{
    Suite *s = suite_create(name);
    TCase *c = tcase_create(name);
    tcase_set_timeout(c, 60);
    for (size_t i = 0; i < n; i++)
        tcase_add_test(c, tests[i]);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}

#define RUN(name, ...)                                              \
    int main(void)                                                  \
    {                                                               \
        const TTest *const tests[] = {__VA_ARGS__};                 \
        return run_case(name, tests, sizeof tests / sizeof *tests); \
    }

#endif
