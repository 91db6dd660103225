/* tests/unit/stdlib_edit.c - the core of the line editor: keys in, text and screen out, no terminal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "suite.h"
#include "stdlib/edit.h"

static OuHistory history;
static OuEdit e;

/* Complete: no line that ends in ':' without an empty last line, no open parenthesis. */
static int fake_complete(void *arg, const char *text, size_t n)
{
    bool compound = false;
    int depth = 0;
    (void)arg;
    for (size_t i = 0; i < n; i++) {
        depth += text[i] == '(';
        depth -= text[i] == ')';
        compound = compound || (text[i] == ':' && (i + 1 == n || text[i + 1] == '\n'));
    }
    return depth <= 0 && (!compound || (n && text[n - 1] == '\n'));
}

static void setup(void)
{
    memset(&history, 0, sizeof history);
    ou_edit_init(&e, &history, fake_complete, NULL);
}

static void teardown(void)
{
    ou_edit_free(&e);
    ou_history_free(&history);
}

/* Feeds keys; the last action that was not MORE. */
static OuEditAction keys(const char *s)
{
    size_t n = strlen(s), used;
    OuEditAction last = OU_EDIT_MORE;
    for (size_t i = 0; i < n; i += used) {
        OuEditAction a = ou_edit_feed(&e, s + i, n - i, &used);
        if (a != OU_EDIT_MORE)
            last = a;
    }
    return last;
}

/* One at a time, as a person types. */
static OuEditAction slowly(const char *s)
{
    OuEditAction last = OU_EDIT_MORE;
    size_t used;
    for (; *s; s++) {
        OuEditAction a = ou_edit_feed(&e, s, 1, &used);
        if (a != OU_EDIT_MORE)
            last = a;
    }
    return last;
}

static void text_is(const char *want)
{
    size_t n;
    char *s = ou_edit_text(&e, &n);
    ck_assert_str_eq(s, want);
    free(s);
}

static void view_is(size_t width, size_t height, const char *want, size_t row, size_t col)
{
    OuEditStyle style = {">>> ", "... ", "", ""};
    OuEditView v = {0};
    ck_assert(ou_edit_view(&e, &style, width, height, &v));
    ck_assert_str_eq(v.text, want);
    ck_assert_uint_eq(v.row, row);
    ck_assert_uint_eq(v.col, col);
    ou_edit_view_free(&v);
}

START_TEST(test_insert_and_accept)
{
    ck_assert_int_eq(keys("1 + 1\r"), OU_EDIT_ACCEPT);
    text_is("1 + 1");
}
END_TEST

START_TEST(test_movement)
{
    keys("bd\33[D"
         "c"
         "\33[H"
         "a"
         "\33[F"
         "e");
    text_is("abcde");
    keys("\1"
         "0"
         "\5"
         "9"
         "\2\2"
         "-"
         "\6"
         "+");
    text_is("0abcd-e+9");
}
END_TEST

START_TEST(test_words)
{
    keys("one two three"
         "\33b\33b"
         "X"
         "\33f"
         "Y");
    text_is("one XtwoY three");
    keys("\33[1;5D"
         "<"
         "\33[1;5C\33[1;5C"
         ">");
    text_is("one <XtwoY three>");
}
END_TEST

START_TEST(test_delete)
{
    keys("abcdef"
         "\177"
         "\1"
         "\4"
         "\33[3~");
    text_is("cde");
    ck_assert_int_eq(keys("\25\4"), OU_EDIT_MORE); /* Ctrl-D in text deletes */
}
END_TEST

START_TEST(test_kill_and_yank)
{
    keys("one two"
         "\27"
         "\27"
         "\31");
    text_is("one two"); /* kills in a row are one text */
    keys("\1\13"
         "\31\31");
    text_is("one twoone two");
    keys("\25"
         "a b"
         "\33\177"
         "\31");
    text_is("a b");
}
END_TEST

START_TEST(test_transpose)
{
    keys("ba\24");
    text_is("ab");
}
END_TEST

START_TEST(test_undo)
{
    keys("abc def"
         "\25");
    text_is("");
    keys("\37");
    text_is("abc def");
    keys("\37");
    text_is("abc ");
    keys("\37\37\37");
    text_is("");
}
END_TEST

START_TEST(test_eof_and_cancel)
{
    ck_assert_int_eq(keys("\4"), OU_EDIT_EOF);
    ck_assert_int_eq(keys("abc\3"), OU_EDIT_CANCEL);
}
END_TEST

START_TEST(test_block_needs_an_empty_line)
{
    ck_assert_int_eq(slowly("if 1:\r"), OU_EDIT_MORE);
    ck_assert_int_eq(slowly("x\r"), OU_EDIT_MORE);
    text_is("if 1:\n    x\n    ");
    ck_assert_int_eq(slowly("\r"), OU_EDIT_ACCEPT);
    text_is("if 1:\n    x\n");
}
END_TEST

START_TEST(test_indent_follows)
{
    slowly("if 1:\r"
           "if 2:\r"
           "return\r");
    text_is("if 1:\n    if 2:\n        return\n    ");
    slowly("f(\r");
    text_is("if 1:\n    if 2:\n        return\n    f(\n        ");
    slowly("1,\r)\rx");
    text_is("if 1:\n    if 2:\n        return\n    f(\n        1,\n    )\n    x");
}
END_TEST

START_TEST(test_indent_gives_way)
{
    slowly("if 1:\r"
           "  x");
    text_is("if 1:\n  x");
}
END_TEST

START_TEST(test_no_indent_for_fast_input)
{
    keys("if 1:\r  x\ry");
    text_is("if 1:\n  x\ny");
}
END_TEST

START_TEST(test_else_goes_to_its_place)
{
    slowly("if a:\rif b:\rx\relse:\ry\r");
    text_is("if a:\n    if b:\n        x\n    else:\n        y\n        ");
    slowly("\177else:\rz"); /* b has one already */
    text_is("if a:\n    if b:\n        x\n    else:\n        y\nelse:\n    z");
}
END_TEST

START_TEST(test_except_and_finally_go_to_their_place)
{
    slowly("for i in r:\rtry:\rx\rexcept (A, B):\ry\relse:\rz\rfinally:\rw\relse:\rv");
    text_is("for i in r:\n    try:\n        x\n    except (A, B):\n        y\n    else:\n        z\n    "
            "finally:\n"
            "        w\nelse:\n    v");
}
END_TEST

START_TEST(test_dedent_only_where_it_can_belong)
{
    slowly("if a:\rd[1:");
    text_is("if a:\n    d[1:");
    slowly("2]\relse_:");
    text_is("if a:\n    d[1:2]\n    else_:");
}
END_TEST

START_TEST(test_line_sent_as_a_whole)
{
    keys("try:\r");
    keys("    f()\r");
    keys("finally:\r");
    keys("    g()\r");
    text_is("try:\n    f()\nfinally:\n    g()\n    ");
}
END_TEST

START_TEST(test_typed_blanks_do_not_end_the_block)
{
    keys("if 1:\r");
    keys("    x\r");
    ck_assert_int_eq(keys("    \r"), OU_EDIT_MORE);
    keys("    y\r");
    text_is("if 1:\n    x\n    \n    y\n    ");
    ck_assert_int_eq(keys("\r"), OU_EDIT_ACCEPT);
}
END_TEST

START_TEST(test_no_indent_inside_a_string)
{
    slowly("s(\"\"\"a\r  b\rc\"\"\",\rd");
    text_is("s(\"\"\"a\n  b\nc\"\"\",\nd");
}
END_TEST

START_TEST(test_kill_ring)
{
    keys("one two three\27\1\13\25"); /* C-w, then C-a C-k, C-u */
    keys("\31\33y");
    text_is("three");
    keys("\33y");
    text_is("one two ");
    keys("x\33y"); /* no yank before it */
    text_is("one two x");
}
END_TEST

START_TEST(test_case_and_words)
{
    keys("hello world \u00e9t\u00e9\33<\33u\33c\33u");
    text_is("HELLO World \u00c9T\u00c9");
    keys("\33b\33l");
    text_is("HELLO World \u00e9t\u00e9");
    keys("\33t");
    text_is("HELLO \u00e9t\u00e9 World");
    keys("\33<\33f\33t");
    text_is("\u00e9t\u00e9 HELLO World");
}
END_TEST

START_TEST(test_quoted_blanks_undo_revert)
{
    keys("a\26\tb");
    text_is("a\tb");
    keys("\25x   y\2\2\33\\");
    text_is("xy");
    keys("\30\25"); /* C-x C-u */
    text_is("x   y");
    keys("\33r");
    text_is("");
}
END_TEST

START_TEST(test_suspend)
{
    ck_assert_int_eq(keys("abc\32"), OU_EDIT_SUSPEND);
    text_is("abc");
}
END_TEST

START_TEST(test_tab_and_backspace_indent)
{
    keys("\t\tx\1\33[C\33[C\33[C\33[C\33[C\33[C\33[C\33[C\177");
    text_is("    x");
    ck_assert_int_eq(keys("\5\t"), OU_EDIT_COMPLETE);
    keys("\33[Z");
    text_is("x");
}
END_TEST

START_TEST(test_edit_an_earlier_line)
{
    slowly("if 1:\r"
           "x\r");
    keys("\33[A\33[F2");
    text_is("if 1:\n    x2\n    ");
    keys("\33[A\33[H#");
    text_is("#if 1:\n    x2\n    ");
}
END_TEST

START_TEST(test_history)
{
    ou_history_add(&history, "one", 3);
    ou_history_add(&history, "two", 3);
    ou_edit_reset(&e);
    keys("now"
         "\25");
    keys("\33[A");
    text_is("two");
    keys("\20");
    text_is("one");
    keys("\33[A");
    text_is("one");
    keys("\16\16");
    text_is("");
}
END_TEST

START_TEST(test_history_by_prefix)
{
    ou_history_add(&history, "alpha", 5);
    ou_history_add(&history, "beta", 4);
    ou_history_add(&history, "alps", 4);
    ou_edit_reset(&e);
    keys("al\33[A");
    text_is("alps");
    keys("\33[A");
    text_is("alpha");
    keys("\33[B\33[B");
    text_is("al");
}
END_TEST

START_TEST(test_recalled_block_runs_at_once)
{
    ou_history_add(&history, "if 1:\n    x", 11);
    ou_edit_reset(&e);
    ck_assert_int_eq(keys("\33[A\r"), OU_EDIT_ACCEPT);
}
END_TEST

START_TEST(test_history_drops_doubles)
{
    ck_assert(ou_history_add(&history, "x\n", 2));
    ck_assert(!ou_history_add(&history, "x", 1));
    ck_assert(!ou_history_add(&history, " \n", 2));
    ck_assert_uint_eq(history.n, 1);
}
END_TEST

START_TEST(test_history_file)
{
    char file[] = "/tmp/ouro-history-XXXXXX";
    struct stat st;
    OuHistory h = {0};
    close(mkstemp(file));
    unlink(file);
    ou_history_append(file, "a\\n\nb");
    ck_assert_int_eq(stat(file, &st), 0);
    ck_assert_int_eq(st.st_mode & 0777, 0600);
    for (int i = 0; i < 30; i++) {
        char s[20];
        snprintf(s, sizeof s, "x%d", i);
        ou_history_append(file, s);
    }
    ou_history_load(&h, file, 100, true);
    ck_assert_uint_eq(h.n, 31);
    ck_assert_str_eq(h.items[0], "a\\n\nb");
    ou_history_free(&h);
    ou_history_load(&h, file, 10, true);
    ck_assert_uint_eq(h.n, 10);
    ou_history_free(&h);
    ou_history_load(&h, file, 100, true); /* the file was cut */
    ck_assert_uint_eq(h.n, 10);
    ck_assert_str_eq(h.items[9], "x29");
    ou_history_free(&h);
    unlink(file);
}
END_TEST

START_TEST(test_search)
{
    ou_history_add(&history, "first needle", 12);
    ou_history_add(&history, "second needle", 13);
    ou_history_add(&history, "other", 5);
    ou_edit_reset(&e);
    keys("\22need");
    view_is(80, 24, "(reverse-i-search)`need': second needle", 0, 23);
    keys("\22");
    view_is(80, 24, "(reverse-i-search)`need': first needle", 0, 23);
    keys("zz");
    view_is(80, 24, "(failed reverse-i-search)`needzz': first needle", 0, 32);
    keys("\177\177\177\22\5!");
    text_is("first needle!");
}
END_TEST

START_TEST(test_search_is_left)
{
    ou_history_add(&history, "needle", 6);
    ou_edit_reset(&e);
    keys("mine\22nee\3");
    text_is("mine");
    ck_assert_int_eq(keys("\22nee\r"), OU_EDIT_ACCEPT);
    text_is("needle");
}
END_TEST

START_TEST(test_paste)
{
    ck_assert_int_eq(keys("\33[200~if 1:\r    x\r\r\ny\33[201~"), OU_EDIT_MORE);
    text_is("if 1:\n    x\n\ny");
    ck_assert_int_eq(keys("z"), OU_EDIT_MORE);
    text_is("if 1:\n    x\n\nyz");
}
END_TEST

START_TEST(test_paste_in_pieces)
{
    slowly("\33[200~a\33[D\tb\33[201~");
    size_t n;
    char *s = ou_edit_text(&e, &n);
    ck_assert_uint_eq(n, 6); /* what is pasted is no key */
    free(s);
}
END_TEST

START_TEST(test_paste_loses_prompts)
{
    keys("\33[200~>>> for x in y:\n...     x\n... \n1\n2\n>>> z\n\33[201~");
    text_is("for x in y:\n    x\n\nz");
}
END_TEST

START_TEST(test_utf8)
{
    slowly("h\303\251\346\274\242"
           "\33[D"
           "x");
    text_is("h\303\251x\346\274\242");
    keys("\5"
         "e\314\201"
         "\33[D"
         "y"); /* a combining character goes with its base */
    text_is("h\303\251x\346\274\242"
            "ye\314\201");
    keys("\33[C\177");
    ck_assert_uint_eq(e.n, 5);
}
END_TEST

START_TEST(test_bad_bytes_are_kept)
{
    keys("a\377b");
    text_is("a\377b");
}
END_TEST

START_TEST(test_view)
{
    slowly("if 1:\rxy");
    view_is(80, 24, ">>> if 1:\r\n...     xy", 1, 10);
    keys("\33[D");
    view_is(80, 24, ">>> if 1:\r\n...     xy", 1, 9);
}
END_TEST

START_TEST(test_view_wraps)
{
    keys("abcdefgh");
    view_is(8, 24, ">>> abcd\r\nefgh", 1, 4);
    keys("ijkl");
    view_is(8, 24, ">>> abcd\r\nefghijkl\r\n", 2, 0); /* the cursor has a row of its own */
}
END_TEST

START_TEST(test_view_wide)
{
    keys("\346\274\242\346\274\242");
    view_is(80, 24, ">>> \346\274\242\346\274\242", 0, 8);
    view_is(7, 24, ">>> \346\274\242\r\n\346\274\242", 1, 2);
    keys("\25"
         "e\314\201");
    view_is(80, 24, ">>> e\314\201", 0, 5);
    keys("\25"
         "\26");
    view_is(80, 24, ">>> ", 0, 4); /* control keys without a meaning insert nothing */
}
END_TEST

START_TEST(test_view_of_a_high_block)
{
    keys("\33[200~a\nb\nc\nd\ne\33[201~");
    view_is(80, 3, "... c\r\n... d\r\n... e", 2, 5);
    keys("\33<");
    view_is(80, 3, ">>> a\r\n... b\r\n... c", 0, 4);
}
END_TEST

START_TEST(test_completions)
{
    char *words[] = {"value_one", "value_two"}, *one[] = {"value_one"};
    keys("x.val");
    ou_edit_completions(&e, 2, words, 2);
    text_is("x.value_");
    ou_edit_completions(&e, 2, words, 2);
    view_is(40, 24, ">>> x.value_\r\nvalue_one  value_two", 0, 12);
    ck_assert_int_eq(keys("\3"), OU_EDIT_MORE); /* closes the menu only */
    view_is(40, 24, ">>> x.value_", 0, 12);
    ou_edit_completions(&e, 2, one, 1);
    text_is("x.value_one");
    ou_edit_completions(&e, 2, NULL, 0);
    text_is("x.value_one");
}
END_TEST

/* ---- one line, bindings ---- */

START_TEST(test_single_line)
{
    e.single = true;
    ck_assert_int_eq(keys("if 1:\r"), OU_EDIT_ACCEPT);
    text_is("if 1:");
    ou_edit_reset(&e);
    ck_assert_int_eq(keys("a\tb"), OU_EDIT_MORE); /* Tab is bound to nothing else */
    text_is("a\tb");
    ou_history_push(&history, "older", 5);
    ou_history_push(&history, "newer", 5);
    ou_edit_history_changed(&e);
    keys("\33[A\33[A\33[A"); /* whatever was typed */
    text_is("older");
    keys("\33[B\33[B");
    text_is("a\tb");
}
END_TEST

START_TEST(test_bindings)
{
    OuInputrc rc;
    ou_inputrc_init(&rc);
    e.rc = &rc;
    ck_assert_ptr_null(ou_inputrc_line(&rc, "\"\\C-xq\": \"macro\""));
    ck_assert_ptr_null(ou_inputrc_line(&rc, "Control-o: beginning-of-line"));
    ck_assert_ptr_null(ou_inputrc_line(&rc, "\"\\e[24~\": kill-whole-line"));
    ck_assert_ptr_null(ou_inputrc_line(&rc, "TAB: complete"));
    ck_assert_ptr_null(ou_inputrc_line(&rc, "Meta-Rubout: no-such-command"));
    keys("1\x18q\x0f"
         "0");
    text_is("01macro");
    ck_assert_int_eq(keys("\t"), OU_EDIT_COMPLETE);
    keys("\33[24~");
    text_is("");
    keys("\x18\x15"); /* the beginning of a bound sequence, then another key: Ctrl-X Ctrl-U, undo */
    keys("ab\33\x7f");
    text_is("0ab1macro");
    keys("\x16\x0f"); /* quoted */
    text_is("0ab\x0f"
            "1macro");
    char *wrong = ou_inputrc_line(&rc, "set nonsense on");
    ck_assert_str_eq(wrong, "nonsense: unknown variable name");
    free(wrong);
    wrong = ou_inputrc_line(&rc, "\"open: complete");
    ck_assert_ptr_nonnull(wrong);
    free(wrong);
    ou_inputrc_line(&rc, "set show-all-if-ambiguous on");
    ck_assert(rc.list_at_once);
    e.rc = NULL;
    ou_inputrc_free(&rc);
}
END_TEST

START_TEST(test_macro_that_calls_itself)
{
    OuInputrc rc;
    ou_inputrc_init(&rc);
    e.rc = &rc;
    ou_inputrc_line(&rc, "Control-o: \"xx\\C-o\\C-o\"");
    keys("\x0f"); /* ends when the queue is full */
    ck_assert_uint_gt(e.n, 0);
    e.rc = NULL;
    ou_inputrc_free(&rc);
}
END_TEST

START_TEST(test_counts_and_last_arguments)
{
    ou_history_push(&history, "copy one two", 12);
    ou_history_push(&history, "see three", 9);
    ou_edit_history_changed(&e);
    keys("12345\33"
         "2\x02\x0b");
    text_is("123");
    keys(" \33.");
    text_is("123 three");
    keys("\33.");
    text_is("123 two");
    keys("\33"
         "12a");
    text_is("123 twoaaaaaaaaaaaa");
}
END_TEST

START_TEST(test_forward_search_and_next_of_history)
{
    ou_history_push(&history, "first", 5);
    ou_history_push(&history, "second", 6);
    ou_history_push(&history, "third", 5);
    ou_edit_history_changed(&e);
    keys("\x13sec\33[C"); /* from the oldest on */
    text_is("second");
    ck_assert_int_eq(keys("\x0f"), OU_EDIT_ACCEPT);
    ou_edit_reset(&e);
    text_is("third");
    ou_edit_reset(&e);
    text_is("");
}
END_TEST

START_TEST(test_history_changes_while_it_is_shown)
{
    ou_history_push(&history, "a", 1);
    ou_history_push(&history, "b", 1);
    ou_edit_history_changed(&e);
    keys("\33[A");
    text_is("b");
    ou_history_remove(&history, 1);
    ou_edit_history_changed(&e);
    keys("\33[A");
    keys("\33[B\33[B\33[A\x12q\r");
    history.max = 1;
    ou_history_push(&history, "c", 1);
    ck_assert_uint_eq(history.n, 1);
    ck_assert_str_eq(history.items[0], "c");
}
END_TEST

START_TEST(test_end_of_file_ends_a_block)
{
    keys("if 1:\rx\r");
    ck_assert_int_eq(keys("\x04"), OU_EDIT_ACCEPT);
    text_is("if 1:\nx\n");
}
END_TEST

START_TEST(test_prompt_of_two_rows)
{
    OuEditStyle style = {"\33[31mone\33[0m\n\001\33]0;t\a\002> ", "", "", ""};
    OuEditView v = {0};
    keys("ab");
    ck_assert(ou_edit_view(&e, &style, 20, 10, &v));
    ck_assert_uint_eq(v.rows, 2);
    ck_assert_uint_eq(v.row, 1);
    ck_assert_uint_eq(v.col, 4);
    ck_assert_uint_eq(v.end_col, 4);
    ou_edit_view_free(&v);
}
END_TEST

START_TEST(test_random_keys)
{
    static const char *const some[] = {"a",        " ",
                                       "\r",       "\t",
                                       "\177",     "\33[A",
                                       "\33[B",    "\33[C",
                                       "\33[D",    "\1",
                                       "\5",       "\13",
                                       "\25",      "\27",
                                       "\31",      "\37",
                                       "\22",      "(",
                                       ":",        "\346\274\242",
                                       "\314\201", "\33[200~x\ny\33[201~",
                                       "\33b",     "\33d",
                                       "\3",       "\7",
                                       "\24",      "\n",
                                       "\33[Z",    "\33\r",
                                       "\377",     "\33[9",
                                       "\33.",     "\17",
                                       "\23",      "\33#",
                                       "\33*",     "\33?",
                                       "\4",       "\26",
                                       "\30\25",   "\30\177"};
    srand(5);
    for (int i = 0; i < 20000; i++) {
        OuEditStyle style = {">>> ", "... ", "", ""};
        OuEditView v = {0};
        OuEditAction a = keys(some[(size_t)rand() % (sizeof some / sizeof *some)]);
        if (a == OU_EDIT_ACCEPT) {
            size_t n;
            char *s = ou_edit_text(&e, &n);
            ou_history_add(&history, s, n);
            free(s);
        }
        if (a == OU_EDIT_ACCEPT || a == OU_EDIT_CANCEL || e.n > 300) {
            ou_edit_reset(&e);
            e.single = i % 3 == 0;
        }
        if (i % 500 == 0 && history.n) {
            ou_history_remove(&history, (size_t)rand() % history.n);
            ou_edit_history_changed(&e);
        }
        ck_assert_uint_le(e.at, e.n);
        ck_assert(ou_edit_view(&e, &style, (size_t)(rand() % 30), (size_t)(rand() % 10), &v));
        ou_edit_view_free(&v);
    }
}
END_TEST

SUITE_WITH("stdlib_edit", setup, teardown, test_insert_and_accept, test_movement, test_words, test_delete,
           test_kill_and_yank, test_transpose, test_undo, test_eof_and_cancel, test_block_needs_an_empty_line,
           test_indent_follows, test_indent_gives_way, test_else_goes_to_its_place,
           test_except_and_finally_go_to_their_place, test_dedent_only_where_it_can_belong,
           test_line_sent_as_a_whole, test_typed_blanks_do_not_end_the_block, test_no_indent_inside_a_string,
           test_kill_ring, test_case_and_words, test_quoted_blanks_undo_revert, test_suspend,
           test_no_indent_for_fast_input, test_tab_and_backspace_indent, test_edit_an_earlier_line,
           test_history, test_history_by_prefix, test_recalled_block_runs_at_once, test_history_drops_doubles,
           test_history_file, test_search, test_search_is_left, test_paste, test_paste_in_pieces,
           test_paste_loses_prompts, test_utf8, test_bad_bytes_are_kept, test_view, test_view_wraps,
           test_view_wide, test_view_of_a_high_block, test_completions, test_single_line, test_bindings,
           test_macro_that_calls_itself, test_counts_and_last_arguments,
           test_forward_search_and_next_of_history, test_history_changes_while_it_is_shown,
           test_end_of_file_ends_a_block, test_prompt_of_two_rows, test_random_keys)
