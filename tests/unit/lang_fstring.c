/* tests/unit/lang_fstring.c - adjacent literals and f-strings: trees, places, errors (CPython 3.11.7). */
#include "lang_fixture.h"

#include "lang/fstring.h"

static OuNode *parse(const char *src)
{
    return ou_parse_run(&p, src, strlen(src), OU_PARSE_EVAL);
}

static const struct {
    const char *src, *dump;
} good[] = {
    {"'a' 'b'", "Expression(body=Constant(value='ab'))"},
    {"u'a' 'b'", "Expression(body=Constant(value='ab', kind='u'))"},
    {"'a' u'b'", "Expression(body=Constant(value='ab'))"},
    {"b'\\x41' rb'\\d'", "Expression(body=Constant(value=b'A\\\\d'))"},
    {"f''", "Expression(body=JoinedStr(values=[]))"},
    {"f'{{}}' 'b{{'", "Expression(body=JoinedStr(values=[Constant(value='{}b{{')]))"},
    {"'p' f'a{b}c' 'd'",
     "Expression(body=JoinedStr(values=[Constant(value='pa'), "
     "FormattedValue(value=Name(id='b', ctx=Load()), conversion=-1), Constant(value='cd')]))"},
    {"f'{a!r:>{w}}'",
     "Expression(body=JoinedStr(values=[FormattedValue(value=Name(id='a', ctx=Load()), conversion=114, "
     "format_spec=JoinedStr(values=[Constant(value='>'), FormattedValue(value=Name(id='w', ctx=Load()), "
     "conversion=-1)]))]))"},
    {"f'{a = }'",
     "Expression(body=JoinedStr(values=[Constant(value='a = '), FormattedValue(value=Name(id='a', "
     "ctx=Load()), conversion=114)]))"},
    {"f'{a=:x}'",
     "Expression(body=JoinedStr(values=[Constant(value='a='), FormattedValue(value=Name(id='a', ctx=Load()), "
     "conversion=-1, format_spec=JoinedStr(values=[Constant(value='x')]))]))"},
    {"f'{a!=b}'",
     "Expression(body=JoinedStr(values=[FormattedValue(value=Compare(left=Name(id='a', ctx=Load()), "
     "ops=[NotEq()], comparators=[Name(id='b', ctx=Load())]), conversion=-1)]))"},
    {"f'\\N{DIGIT ONE}{a:}'",
     "Expression(body=JoinedStr(values=[Constant(value='1'), FormattedValue(value=Name(id='a', ctx=Load()), "
     "conversion=-1, format_spec=JoinedStr(values=[]))]))"},
    {"fr'\\N{a}'",
     "Expression(body=JoinedStr(values=[Constant(value='\\\\N'), FormattedValue(value=Name(id='a', "
     "ctx=Load()), conversion=-1)]))"},
};

START_TEST(trees)
{
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        begin();
        OuNode *tree = parse(good[i].src);
        size_t len;
        ck_assert_msg(tree != NULL, "%s: %s", good[i].src, p.diag.msg);
        ck_assert_str_eq(ou_astdump(&p, tree, false, &len), good[i].dump);
        end();
    }
}
END_TEST

START_TEST(places)
{
    begin();
    OuNode *tree = parse("(\n 'x' f'''é{a}\n {bb:{c}}''')");
    ck_assert_ptr_nonnull(tree);
    OuNode *joined = AST(Expression, tree)->body;
    ck_assert_int_eq(joined->lineno, 2);
    ck_assert_int_eq(joined->col, 1);
    ck_assert_int_eq(joined->end_lineno, 3);
    ck_assert_int_eq(joined->end_col, 12);
    OuSeq v = AST(JoinedStr, joined)->values;
    ck_assert_uint_eq(v.n, 4);
    OuNode *a = AST(FormattedValue, v.at[1])->value, *b = AST(FormattedValue, v.at[3])->value;
    ck_assert_int_eq(a->lineno, 2);
    ck_assert_int_eq(a->col, 12);
    ck_assert_int_eq(b->lineno, 3);
    ck_assert_int_eq(b->col, 2);
    ck_assert_int_eq(b->end_col, 4);
    OuNode *spec = AST(FormattedValue, v.at[3])->format_spec;
    ck_assert_int_eq(spec->col, 5);
    OuNode *c = AST(FormattedValue, AST(JoinedStr, spec)->values.at[0])->value;
    ck_assert_int_eq(c->lineno, 3);
    ck_assert_int_eq(c->col, 6);
    end();
}
END_TEST

static const struct {
    const char *src, *msg;
    int lineno, col, end_col;
    const char *text;
} bad[] = {
    {"'a' b'b'", "cannot mix bytes and nonbytes literals", 1, 7, -2, NULL},
    {"x(b'é')", "bytes can only contain ASCII literal characters", 1, 2, 7, NULL},
    {"('\\x')",
     "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-1: truncated \\xXX escape", 1, 5,
     6, NULL},
    {"(b'a\\x')", "(value error) invalid \\x escape at position 1", 1, 7, 8, NULL},
    {"(f'{}')", "f-string: empty expression not allowed", 1, 6, 7, NULL},
    {"(f'{ !r}')", "f-string: expression required before '!'", 1, 9, 10, NULL},
    {"(f'{a!x}')", "f-string: invalid conversion character: expected 's', 'r', or 'a'", 1, 9, 10, NULL},
    {"(f'{a!rr}')", "f-string: expecting '}'", 1, 10, 11, NULL},
    {"(f'{a:')", "f-string: expecting '}'", 1, 7, 8, NULL},
    {"(f'}')", "f-string: single '}' is not allowed", 1, 5, 6, NULL},
    {"(f'{a\\n}')", "f-string expression part cannot include a backslash", 1, 9, 10, NULL},
    {"(f'{#}')", "f-string expression part cannot include '#'", 1, 7, 8, NULL},
    {"(f'{a[}')", "f-string: closing parenthesis '}' does not match opening parenthesis '['", 1, 8, 9, NULL},
    {"(f'{a)}')", "f-string: unmatched ')'", 1, 8, 9, NULL},
    {"(f'{a:{b:{c}}}')", "f-string: expressions nested too deeply", 1, 15, 16, NULL},
    {"(f'{\"a}')", "f-string: unterminated string", 1, 8, 9, NULL},
    {"(f'{a $}')", "f-string: invalid syntax", 1, 3, 4, "(a $)\n"},
    {"(f'{1a}')", "invalid decimal literal", 1, 1, 1, "(1a)"},
    {"(f'''x\n  {a $}''')", "f-string: invalid syntax", 2, 3, 4, "(a $)\n"},
    {"(f\"{f'{}'}\")", "f-string: f-string: empty expression not allowed", 1, 6, 7, "(f'{}')\n"},
};

START_TEST(errors)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        begin();
        ck_assert_msg(!parse(bad[i].src), "%s", bad[i].src);
        ck_assert_str_eq(p.diag.msg, bad[i].msg);
        ck_assert_msg(p.diag.lineno == bad[i].lineno && p.diag.col == bad[i].col &&
                          p.diag.end_col == bad[i].end_col,
                      "%s at %d:%d-%d", bad[i].src, p.diag.lineno, p.diag.col, p.diag.end_col);
        if (bad[i].text)
            ck_assert_str_eq(p.diag.text, bad[i].text);
        else
            ck_assert_ptr_null(p.diag.text);
        end();
    }
}
END_TEST

START_TEST(warnings)
{
    begin();
    ck_assert_ptr_nonnull(parse("f'\\d{a}\\e' '\\q\\q'"));
    OuDiagWarning *w = p.warnings;
    ck_assert_str_eq(w->msg, "invalid escape sequence '\\d'");
    ck_assert_str_eq(w->next->msg, "invalid escape sequence '\\e'");
    ck_assert_str_eq(w->next->next->msg, "invalid escape sequence '\\q'");
    ck_assert_str_eq(w->category, "DeprecationWarning");
    ck_assert_ptr_null(w->next->next->next);
    end();
}
END_TEST

SUITE("lang_fstring", trees, places, errors, warnings)
