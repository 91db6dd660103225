/* tests/unit/lang_escape.c - escapes of str and bytes literals, names of characters. */
#include "lang_fixture.h"

#include "lang/escape.h"

static const struct {
    const char *body, *text; /* text NULL: an error */
    const char *reason;
    size_t start, end;
} str[] = {
    {"", ""},
    {"plain é", "plain é"},
    {"a\\nb\\t\\\\\\'\\\"", "a\nb\t\\'\""},
    {"\\a\\b\\f\\v\\r", "\a\b\f\v\r"},
    {"a\\\nb", "ab"},
    {"\\101\\60\\378", "A0\x1f"
                       "8"},
    {"\\x41\\xe9", "Aé"},
    {"\\u20ac\\U0001f600", "€\xf0\x9f\x98\x80"},
    {"\\ud83d\\ude00", "\xed\xa0\xbd\xed\xb8\x80"},
    {"\\N{DIGIT ONE}\\N{lf}\\N{HANGUL SYLLABLE GAG}\\N{CJK UNIFIED IDEOGRAPH-4E00}", "1\n각一"},
    {"\\d\\e", "\\d\\e"},
    {"\\é", "\\é"},
    {"ab\\x4z", NULL, "truncated \\xXX escape", 2, 5},
    {"é\\x", NULL, "truncated \\xXX escape", 10, 12},
    {"\\u123", NULL, "truncated \\uXXXX escape", 0, 5},
    {"\\U1234567", NULL, "truncated \\UXXXXXXXX escape", 0, 9},
    {"\\U00110000", NULL, "illegal Unicode character", 0, 10},
    {"\\N", NULL, "malformed \\N character escape", 0, 2},
    {"\\N{}", NULL, "malformed \\N character escape", 0, 3},
    {"\\N{foo}", NULL, "unknown Unicode character name", 0, 7},
    {"\\N{KEYCAP DIGIT ONE}", NULL, "unknown Unicode character name", 0, 20},
};

START_TEST(strings)
{
    for (size_t i = 0; i < sizeof str / sizeof *str; i++) {
        begin();
        OuBytes b = {.mem = &mem};
        OuEscapes e;
        int r = ou_escape_str(&b, str[i].body, strlen(str[i].body), &e);
        if (str[i].text) {
            ck_assert_int_eq(r, 0);
            ck_assert_uint_eq(b.n, strlen(str[i].text));
            ck_assert(!b.n || !memcmp(b.s, str[i].text, b.n));
        } else {
            ck_assert_int_eq(r, -1);
            ck_assert_str_eq(e.reason, str[i].reason);
            ck_assert_uint_eq(e.start, str[i].start);
            ck_assert_uint_eq(e.end, str[i].end);
        }
        ou_bytes_free(&b);
        end();
    }
}
END_TEST

START_TEST(invalid)
{
    static const struct {
        const char *body;
        int at; /* first invalid escape, or -1 */
    } row[] = {{"a\\n", -1}, {"a\\d\\e", 1}, {"\\400", 0}, {"\\377", -1}, {"\\8", 0}, {"x\\é", -1}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        begin();
        OuBytes b = {.mem = &mem};
        OuEscapes e;
        ck_assert_int_eq(ou_escape_str(&b, row[i].body, strlen(row[i].body), &e), 0);
        ck_assert_int_eq(e.invalid ? e.invalid - row[i].body : -1, row[i].at);
        ou_bytes_free(&b);
        end();
    }
}
END_TEST

START_TEST(bytes)
{
    begin();
    OuBytes b = {.mem = &mem};
    OuEscapes e;
    ck_assert_int_eq(ou_escape_bytes(&b, "\\x00\\xff\\400\\N{a}\\u12\\\n", 21, &e), 0);
    ck_assert_uint_eq(b.n, 12);
    ck_assert_int_eq(memcmp(b.s, "\x00\xff\x00\\N{a}\\u12", 12), 0);
    ck_assert_int_eq(ou_escape_bytes(&b, "a\\xz", 4, &e), -1);
    ck_assert_str_eq(e.reason, "invalid \\x escape");
    ck_assert_uint_eq(e.start, 1);
    ou_bytes_free(&b);
    end();
}
END_TEST

START_TEST(character_names)
{
    static const struct {
        const char *name;
        int32_t c;
    } row[] = {
        {"SPACE", ' '},
        {"latin small letter a", 'a'},
        {"NULL", 0},
        {"BELL", 0x1f514},
        {"BEL", 7},
        {"VS1", 0xfe00},
        {"WEIERSTRASS ELLIPTIC FUNCTION", 0x2118},
        {"CJK COMPATIBILITY IDEOGRAPH-F900", 0xf900},
        {"HANGUL SYLLABLE A", 0xc544},
        {"HANGUL SYLLABLE HIH", 0xd7a3},
        {"hangul syllable gag", -1},
        {"HANGUL SYLLABLE GAGG", 0xac02},
        {"HANGUL SYLLABLE ", -1},
        {"CJK UNIFIED IDEOGRAPH-3134A", 0x3134a},
        {"CJK UNIFIED IDEOGRAPH-3134B", -1},
        {"cjk unified ideograph-4e00", -1},
        {"LATIN_SMALL_LETTER_A", -1},
        {"LATIN SMALL  LETTER A", -1},
        {"<control>", -1},
        {"TANGUT IDEOGRAPH-17000", -1},
        {"NUSHU CHARACTER-1B170", 0x1b170},
        {"", -1},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        ck_assert_msg(ou_escape_lookup(row[i].name, strlen(row[i].name)) == row[i].c, "%s", row[i].name);
}
END_TEST

SUITE("lang_escape", strings, invalid, bytes, character_names)
