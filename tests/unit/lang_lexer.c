/* tests/unit/lang_lexer.c - tokens, layout, and the tokenizer's errors with their places (CPython 3.11.7). */
#include "lang_fixture.h"

static char out[4096];

/* Splits src: the tokens' spellings, names and numbers as written, into `out`. */
static const char *split(const char *src, OuParseMode mode, unsigned flags)
{
    begin();
    p.flags = flags;
    OuLex lex;
    size_t n = 0;
    out[0] = '\0';
    ck_assert_int_eq(ou_source_decode(&p, src, strlen(src), mode), 0);
    ou_lex_init(&lex, &p, mode);
    while (ou_lex_line(&lex) > 0) {
        for (size_t i = lex.first; i < lex.n; i++) {
            const OuToken *t = &lex.tok[i];
            if (t->kind == TOK_NAME || t->kind == TOK_NUMBER || t->kind == TOK_STRING ||
                t->kind == TOK_TYPE_COMMENT)
                n += (size_t)sprintf(out + n, "%.*s ", (int)(t->end - t->start), p.source + t->start);
            else if (t->kind == TOK_MATCH)
                n += (size_t)sprintf(out + n, "MATCH ");
            else
                n += (size_t)sprintf(out + n, "%s ",
                                     t->kind == TOK_NEWLINE     ? "NL"
                                     : t->kind == TOK_INDENT    ? "IN"
                                     : t->kind == TOK_DEDENT    ? "OUT"
                                     : t->kind == TOK_ENDMARKER ? "END"
                                                                : ou_token_spelling(t->kind));
        }
    }
    ou_lex_free(&lex);
    end();
    return out;
}

#define SPLIT(src, want) ck_assert_str_eq(split(src, OU_PARSE_FILE, 0), want)

START_TEST(layout)
{
    SPLIT("", "END ");
    SPLIT("\n\n  \n# c\n", "END ");
    SPLIT("x", "x NL END ");
    SPLIT("if x:\n  a\n  b\nc\n", "if x : NL IN a NL b NL OUT c NL END ");
    SPLIT("if x:\n  if y:\n    a\n", "if x : NL IN if y : NL IN a NL OUT OUT END ");
    SPLIT("if x:\n  a\n# c\n\n  b\n", "if x : NL IN a NL b NL OUT END ");
    SPLIT("(a,\n b)\n", "( a , b ) NL END ");
    SPLIT("a \\\n  b\n", "a b NL END ");
    SPLIT("if 1:\n \\\n  x\n", "if 1 : NL IN x NL OUT END ");
    SPLIT("if 1:\n\tx\n\f\ty\n", "if 1 : NL IN x NL y NL OUT END ");
    SPLIT("x\r\ny\rz", "x NL y NL z NL END ");
    ck_assert_str_eq(split("if x:\n  a", OU_PARSE_SINGLE, 0), "if x : NL IN a NL OUT NL END ");
    ck_assert_str_eq(split("if x:\n  a", OU_PARSE_SINGLE, OU_PARSE_DONT_IMPLY_DEDENT),
                     "if x : NL IN a NL END ");
    ck_assert_str_eq(split("1 + 2", OU_PARSE_EVAL, 0), "1 + 2 END ");
}
END_TEST

START_TEST(keywords)
{
#define TOKEN(name, spelling, op)
#define KEYWORD(name, spelling, op) SPLIT(spelling, spelling " NL END ");
#include "lang/tokens.def"
#undef TOKEN
#undef KEYWORD
}
END_TEST

START_TEST(match)
{
    SPLIT("match x:\n", "MATCH x : NL END ");
    SPLIT("match (x):\n", "MATCH ( x ) : NL END ");
    SPLIT("match(x)\n", "match ( x ) NL END ");
    SPLIT("match[a:b]\n", "match [ a : b ] NL END ");
    SPLIT("match = 1\n", "match = 1 NL END ");
    SPLIT("match not in x\n", "match not in x NL END ");
    SPLIT("match not x: # c\n", "MATCH not x : NL END ");
    SPLIT("match -x:\n", "MATCH - x : NL END ");
    SPLIT("match.x\n", "match . x NL END ");
    SPLIT("x = match\n", "x = match NL END ");
    SPLIT("if 1:\n  match x:\n", "if 1 : NL IN MATCH x : NL OUT END ");
}
END_TEST

START_TEST(operators)
{
    static const struct {
        const char *s;
        int kind, op;
    } row[] = {
        {"+", TOK_PLUS, AST_Add},        {"//", TOK_MULOP, AST_FloorDiv},
        {"%", TOK_MULOP, AST_Mod},       {">>", TOK_SHIFTOP, AST_RShift},
        {"<=", TOK_CMPOP, AST_LtE},      {"!=", TOK_CMPOP, AST_NotEq},
        {"**=", TOK_AUGASSIGN, AST_Pow}, {"@=", TOK_AUGASSIGN, AST_MatMult},
        {"->", TOK_RARROW, 0},           {":=", TOK_WALRUS, 0},
        {"...", TOK_ELLIPSIS, 0},        {"!", TOK_OP, 0},
        {"not", TOK_NOT, AST_Not},       {"is", TOK_IS, AST_Is},
        {"~", TOK_TILDE, AST_Invert},
    };
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        OuLex lex;
        begin();
        ck_assert_int_eq(ou_source_decode(&p, row[i].s, strlen(row[i].s), OU_PARSE_EVAL), 0);
        ou_lex_init(&lex, &p, OU_PARSE_EVAL);
        ck_assert_int_eq(ou_lex_line(&lex), 1);
        ck_assert_int_eq(lex.tok[0].kind, row[i].kind);
        ck_assert_int_eq(lex.tok[0].op, row[i].op);
        ck_assert_int_eq(lex.tok[0].end, strlen(row[i].s));
        ou_lex_free(&lex);
        end();
    }
}
END_TEST

START_TEST(names)
{
    begin();
    const char *src = "ﬁn = \xf0\x9d\x90\x9a + fin";
    OuLex lex;
    ck_assert_int_eq(ou_source_decode(&p, src, strlen(src), OU_PARSE_FILE), 0);
    ou_lex_init(&lex, &p, OU_PARSE_FILE);
    ck_assert_int_eq(ou_lex_line(&lex), 1);
    ck_assert_str_eq(lex.tok[0].name->s, "fin");
    ck_assert_str_eq(lex.tok[2].name->s, "a");
    ck_assert_ptr_eq(lex.tok[0].name, lex.tok[4].name);
    ck_assert_int_eq(lex.tok[2].col, 7);
    ck_assert_int_eq(lex.tok[2].end_col, 11);
    ou_lex_free(&lex);
    end();
}
END_TEST

START_TEST(type_comments)
{
    ck_assert_str_eq(split("x = 1 # type: int\n", OU_PARSE_FILE, 0), "x = 1 NL END ");
    ck_assert_str_eq(split("x = 1 # type: int\n", OU_PARSE_FILE, OU_PARSE_TYPE_COMMENTS),
                     "x = 1 int NL END ");
    ck_assert_str_eq(split("x = 1 # type: ignore[y]\n", OU_PARSE_FILE, OU_PARSE_TYPE_COMMENTS),
                     "x = 1 NL END ");
    ck_assert_str_eq(split("x = 1 #  type:ignored\n", OU_PARSE_FILE, OU_PARSE_TYPE_COMMENTS),
                     "x = 1 ignored NL END ");
}
END_TEST

static const struct {
    const char *src;
    OuDiagKind kind;
    const char *msg;
    int lineno, col, end_col;
} bad[] = {
    {"1a", OU_DIAG_SYNTAX, "invalid decimal literal", 1, 0, 0},
    {"x = 1_", OU_DIAG_SYNTAX, "invalid decimal literal", 1, 5, 5},
    {"1__0", OU_DIAG_SYNTAX, "invalid decimal literal", 1, 1, 1},
    {"1.5a", OU_DIAG_SYNTAX, "invalid decimal literal", 1, 2, 2},
    {"1e+", OU_DIAG_SYNTAX, "invalid decimal literal", 1, 2, 2},
    {"1ja", OU_DIAG_SYNTAX, "invalid imaginary literal", 1, 1, 1},
    {"0b", OU_DIAG_SYNTAX, "invalid binary literal", 1, 1, 1},
    {"0b12", OU_DIAG_SYNTAX, "invalid digit '2' in binary literal", 1, 3, 3},
    {"0o18", OU_DIAG_SYNTAX, "invalid digit '8' in octal literal", 1, 3, 3},
    {"0o", OU_DIAG_SYNTAX, "invalid octal literal", 1, 1, 1},
    {"0xg", OU_DIAG_SYNTAX, "invalid hexadecimal literal", 1, 1, 1},
    {"0_7", OU_DIAG_SYNTAX,
     "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers", 1, 0,
     2},
    {"x = 'abc\n", OU_DIAG_SYNTAX, "unterminated string literal (detected at line 1)", 1, 4, 4},
    {"\"a\\\nb", OU_DIAG_SYNTAX, "unterminated string literal (detected at line 2)", 1, 0, 0},
    {"x = \"\"\"abc\ndef\n\n", OU_DIAG_SYNTAX,
     "unterminated triple-quoted string literal (detected at line 3)", 1, 4, 4},
    {"a \\x\n", OU_DIAG_SYNTAX, "unexpected character after line continuation character", 1, 3, -1},
    {"a \\\n", OU_DIAG_SYNTAX, "unexpected EOF while parsing", 1, 3, -2},
    {"é€", OU_DIAG_SYNTAX, "invalid character '€' (U+20AC)", 1, 2, 2},
    {"a\xc2\xa0"
     "b",
     OU_DIAG_SYNTAX, "invalid non-printable character U+00A0", 1, 1, 1},
    {"a\x01", OU_DIAG_SYNTAX, "invalid non-printable character U+0001", 1, 1, 1},
    {"(1\n[2\n", OU_DIAG_SYNTAX, "'[' was never closed", 2, 0, -1},
    {"x = (1,\\", OU_DIAG_SYNTAX, "'(' was never closed", 1, 4, -1},
    {"(]", OU_DIAG_SYNTAX, "closing parenthesis ']' does not match opening parenthesis '('", 1, 1, 1},
    {"[\n)", OU_DIAG_SYNTAX, "closing parenthesis ')' does not match opening parenthesis '[' on line 1", 2, 0,
     0},
    {"a)", OU_DIAG_SYNTAX, "unmatched ')'", 1, 1, 1},
    {"if x:\n    a\n  b\n", OU_DIAG_INDENTATION, "unindent does not match any outer indentation level", 3, 3,
     -2},
    {"if x:\n        a\n\tb\n", OU_DIAG_TAB, "inconsistent use of tabs and spaces in indentation", 3, 0, -1},
};

START_TEST(errors)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        OuLex lex;
        begin();
        ck_assert_int_eq(ou_source_decode(&p, bad[i].src, strlen(bad[i].src), OU_PARSE_FILE), 0);
        ou_lex_init(&lex, &p, OU_PARSE_FILE);
        lex.keep = true;
        while (ou_lex_line(&lex) > 0)
            ;
        ck_assert_int_eq(lex.tok[lex.n - 1].kind, TOK_ERROR);
        ck_assert_msg(lex.diag.kind == bad[i].kind && !strcmp(lex.diag.msg, bad[i].msg) &&
                          lex.diag.lineno == bad[i].lineno && lex.diag.col == bad[i].col &&
                          lex.diag.end_col == bad[i].end_col,
                      "%s: kind %d, %s at %d:%d-%d", bad[i].src, lex.diag.kind, lex.diag.msg, lex.diag.lineno,
                      lex.diag.col, lex.diag.end_col);
        ou_lex_free(&lex);
        end();
    }
}
END_TEST

START_TEST(limits)
{
    char s[512];
    memset(s, '(', 201);
    s[201] = '\0';
    ck_assert_ptr_nonnull(strstr(split(s, OU_PARSE_FILE, 0), "error"));
    memset(s + 200, ')', 200);
    s[400] = '\0';
    ck_assert_ptr_null(strstr(split(s, OU_PARSE_FILE, 0), "error"));

    char *deep = malloc(1 << 16), *o = deep;
    for (int i = 0; i < 101; i++)
        o += sprintf(o, "%*sif 1:\n", i, "");
    ck_assert_ptr_nonnull(strstr(split(deep, OU_PARSE_FILE, 0), "error"));
    free(deep);
}
END_TEST

START_TEST(warnings)
{
    begin();
    const char *src = "1if 0x1for 1else 2\n";
    OuLex lex;
    ck_assert_int_eq(ou_source_decode(&p, src, strlen(src), OU_PARSE_FILE), 0);
    ou_lex_init(&lex, &p, OU_PARSE_FILE);
    ck_assert_int_eq(ou_lex_line(&lex), 1);
    ck_assert_str_eq(p.warnings->msg, "invalid decimal literal");
    ck_assert_str_eq(p.warnings->next->msg, "invalid hexadecimal literal");
    ck_assert_str_eq(p.warnings->next->next->category, "SyntaxWarning");
    ck_assert_ptr_null(p.warnings->next->next->next);
    ou_lex_free(&lex);
    end();
}
END_TEST

static const struct {
    const char *bytes;
    const char *filename;
    int lineno;
    const char *want; /* the source, or the message */
} file[] = {
    {"\xef\xbb\xbfx", NULL, 0, "x\n"},
    {"# coding: latin-1\n'\xe9'", NULL, 0, "# coding: latin-1\n'é'\n"},
    {"#!\n# -*- coding: iso-8859-15 -*-\n'\xa4'", NULL, 0, "#!\n# -*- coding: iso-8859-15 -*-\n'€'\n"},
    {"# vim: set fileencoding=koi8-r :\n'\xc1'\n", NULL, 0, "# vim: set fileencoding=koi8-r :\n'а'\n"},
    {"x\n# coding: latin-1\n", NULL, 0, "x\n# coding: latin-1\n"},
    {"a\r\nb\rc", NULL, 0, "a\nb\nc\n"},
    {"a\n\xff", NULL, 2,
     "(unicode error) 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"},
    {"\xe2\x82", NULL, 1,
     "(unicode error) 'utf-8' codec can't decode bytes in position 0-1: unexpected end of data"},
    {"\"a\xe9\"", NULL, 1,
     "(unicode error) 'utf-8' codec can't decode byte 0xe9 in position 1: unexpected end of data"},
    {"\xed\xa0\x80", NULL, 1,
     "(unicode error) 'utf-8' codec can't decode byte 0xed in position 0: invalid continuation byte"},
    {"# coding: ascii\n\xe9", NULL, 0,
     "'ascii' codec can't decode byte 0xe9 in position 16: ordinal not in range(128)"},
    {"# coding: UTF8\n\xff", NULL, 0,
     "'utf-8' codec can't decode byte 0xff in position 15: invalid start byte"},
    {"# coding: foo\n", NULL, 0, "unknown encoding: foo"},
    {"# coding: foo\n", "f.py", 0, "encoding problem: foo"},
    {"\xef\xbb\xbf# coding: latin-1\n", NULL, 0, "encoding problem: iso-8859-1 with BOM"},
    {"\n\n'\xff'", "f.py", 0,
     "Non-UTF-8 code starting with '\\xff' in file f.py on line 3, but no encoding declared; see "
     "https://peps.python.org/pep-0263/ for details"},
};

START_TEST(source)
{
    for (size_t i = 0; i < sizeof file / sizeof *file; i++) {
        begin();
        p.filename = file[i].filename;
        if (ou_source_decode(&p, file[i].bytes, strlen(file[i].bytes), OU_PARSE_FILE)) {
            ck_assert_str_eq(p.diag.msg, file[i].want);
            ck_assert_int_eq(p.diag.lineno, file[i].lineno);
        } else {
            ck_assert_str_eq(p.source, file[i].want);
        }
        end();
    }
    begin();
    ck_assert_int_eq(ou_source_decode(&p, "a\0b", 3, OU_PARSE_FILE), -1);
    ck_assert_str_eq(p.diag.msg, "source code string cannot contain null bytes");
    end();
}
END_TEST

START_TEST(lines)
{
    begin();
    size_t n;
    ck_assert_int_eq(ou_source_decode(&p, "ab\n\ncd", 6, OU_PARSE_EVAL), 0);
    ck_assert_int_eq(strncmp(ou_parse_line(&p, 1, &n), "ab", 2), 0);
    ck_assert_uint_eq(n, 2);
    ck_assert_ptr_nonnull(ou_parse_line(&p, 2, &n));
    ck_assert_uint_eq(n, 0);
    ck_assert_ptr_nonnull(ou_parse_line(&p, 3, &n));
    ck_assert_uint_eq(n, 2);
    ck_assert_ptr_null(ou_parse_line(&p, 4, &n));
    end();
}
END_TEST

/* Every allocation fails in its turn: never a crash, always told. */
START_TEST(no_memory)
{
    const char *src = "# coding: latin-1\nif x:\n  f(é, 'a', 1if 2 else 3)  # type: ignore\n";
    for (uint64_t nth = 1;; nth++) {
        OuLex lex;
        begin();
        p.flags = OU_PARSE_TYPE_COMMENTS;
        ou_mem_set_fail(&mem, nth, nth + 1);
        int r = ou_source_decode(&p, src, strlen(src), OU_PARSE_FILE);
        if (!r) {
            ou_lex_init(&lex, &p, OU_PARSE_FILE);
            while ((r = ou_lex_line(&lex)) > 0)
                ;
            ou_lex_free(&lex);
        }
        uint64_t failed = mem.failed;
        ck_assert(!failed == !r);
        ck_assert(!r || p.diag.kind == OU_DIAG_MEMORY);
        end();
        if (!failed)
            break;
    }
}
END_TEST

SUITE("lang_lexer", layout, keywords, match, operators, names, type_comments, errors, limits, warnings,
      source, lines, no_memory)
