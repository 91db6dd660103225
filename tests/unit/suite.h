/* tests/unit/suite.h - the main() of a unit test: one suite with one case, each test in a process of its own. */
#ifndef TESTS_UNIT_SUITE_H
#define TESTS_UNIT_SUITE_H

#include <check.h>

/* setup and teardown run in the process of each test; NULL: none.  The process's exit code. */
static int run_suite(const char *name, void (*setup)(void), void (*teardown)(void), const TTest *const *tests,
                     size_t n)
{
    Suite *s = suite_create(name);
    TCase *c = tcase_create(name);
    tcase_set_timeout(c, 300); /* a hang, not a slow machine */
    if (setup)
        tcase_add_checked_fixture(c, setup, teardown);
    for (size_t i = 0; i < n; i++)
        tcase_add_test(c, tests[i]);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}

#define SUITE_WITH(name, setup, teardown, ...)                                        \
    int main(void)                                                                    \
    {                                                                                 \
        const TTest *const tests[] = {__VA_ARGS__};                                   \
        return run_suite(name, setup, teardown, tests, sizeof tests / sizeof *tests); \
    }
#define SUITE(name, ...) SUITE_WITH(name, NULL, NULL, __VA_ARGS__)

#endif
