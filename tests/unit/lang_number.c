/* tests/unit/lang_number.c - values of number literals. */
#include "lang_fixture.h"

#include "lang/number.h"

#include <math.h>

static OuConst value(const char *s)
{
    OuConst c;
    ck_assert_int_eq(ou_number_const(&p, s, strlen(s), &c), 0);
    return c;
}

START_TEST(ints)
{
    static const struct {
        const char *s;
        int64_t v;
    } row[] = {
        {"0", 0},
        {"00_0", 0},
        {"1", 1},
        {"1_000", 1000},
        {"0x_fF", 255},
        {"0b1_0", 2},
        {"0O17", 15},
        {"9223372036854775807", INT64_MAX},
        {"0x7fffffffffffffff", INT64_MAX},
        {"0x0000000000000000000000001", 1},
    };
    begin();
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        OuConst c = value(row[i].s);
        ck_assert_int_eq(c.kind, OU_K_INT);
        ck_assert_int_eq(c.i, row[i].v);
    }
    end();
}
END_TEST

START_TEST(wide)
{
    begin();
    OuConst c = value("9_223_372_036_854_775_808");
    ck_assert_int_eq(c.kind, OU_K_BIGINT);
    ck_assert_int_eq(c.base, 10);
    ck_assert_str_eq(c.text->s, "9223372036854775808");
    c = value("0X00_ffff_FFFF_ffff_ffff");
    ck_assert_int_eq(c.base, 16);
    ck_assert_str_eq(c.text->s, "ffffFFFFffffffff");
    end();
}
END_TEST

START_TEST(reals)
{
    begin();
    ck_assert_double_eq(value("1.5").f, 1.5);
    ck_assert_double_eq(value("1_0.2_5e0_1").f, 102.5);
    ck_assert_double_eq(value(".1").f, .1);
    ck_assert_double_eq(value("1.").f, 1.);
    ck_assert_double_eq(value("0777.").f, 777.);
    ck_assert_double_eq(value("2.2250738585072011e-308").f, 2.2250738585072011e-308);
    ck_assert_double_eq(value("1e400").f, HUGE_VAL);
    char s[200] = "0.";
    memset(s + 2, '0', 150);
    strcpy(s + 152, "1e151");
    ck_assert_double_eq(value(s).f, 1.);
    OuConst c = value("1_5.5J");
    ck_assert_int_eq(c.kind, OU_K_COMPLEX);
    ck_assert_double_eq(c.imag, 15.5);
    ck_assert_double_eq(c.f, 0.);
    ck_assert_double_eq(value("09j").imag, 9.);
    end();
}
END_TEST

SUITE("lang_number", ints, wide, reals)
