/* stdlib/edit_keys.c - what the keys do: bytes of the terminal to keys, Emacs bindings, arrows. */
#include <stdlib.h>
#include <string.h>

#include "edit.h"

enum {
    K_NONE,
    K_CHAR,
    K_UP = 0x110000,
    K_DOWN,
    K_LEFT,
    K_RIGHT,
    K_HOME,
    K_END,
    K_DELETE,
    K_PAGE_UP,
    K_PAGE_DOWN,
    K_PASTE,
    K_BACKTAB,
    K_WORD_LEFT,
    K_WORD_RIGHT,
    K_WORD_DELETE,
    K_CTRL_HOME,
    K_CTRL_END,
    K_META = 0x400000
};
#define CTRL(c) ((c)&31)

/* ---- decoding ---- */

static bool is(const char *s, size_t n, const char *what)
{
    return strlen(what) == n && memcmp(s, what, n) == 0;
}

/* The key of a complete escape sequence behind ESC [ or ESC O. */
static uint32_t sequence(const char *s, size_t n)
{
    static const struct {
        const char *seq;
        uint32_t key;
    } rows[] = {
        {"A", K_UP},
        {"B", K_DOWN},
        {"C", K_RIGHT},
        {"D", K_LEFT},
        {"H", K_HOME},
        {"F", K_END},
        {"1~", K_HOME},
        {"7~", K_HOME},
        {"4~", K_END},
        {"8~", K_END},
        {"3~", K_DELETE},
        {"5~", K_PAGE_UP},
        {"6~", K_PAGE_DOWN},
        {"200~", K_PASTE},
        {"Z", K_BACKTAB},
        {"1;5D", K_WORD_LEFT},
        {"1;5C", K_WORD_RIGHT},
        {"1;3D", K_WORD_LEFT},
        {"1;3C", K_WORD_RIGHT},
        {"3;5~", K_WORD_DELETE},
        {"3;3~", K_WORD_DELETE},
        {"1;5H", K_CTRL_HOME},
        {"1;5F", K_CTRL_END},
        {"1;2A", K_UP},
        {"1;2B", K_DOWN},
        {"1;2C", K_RIGHT},
        {"1;2D", K_LEFT},
        {"5D", K_WORD_LEFT},
        {"5C", K_WORD_RIGHT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (is(s, n, rows[i].seq))
            return rows[i].key;
    return K_NONE;
}

/* The key at s[0..n): bytes used, 0 when more are needed. */
static size_t decode(const char *s, size_t n, uint32_t *key)
{
    *key = K_NONE;
    if (s[0] != 0x1b)
        return ou_edit_utf8_next(s, n, key);
    if (n < 2)
        return 0;
    if (s[1] == '[' || s[1] == 'O') {
        for (size_t i = 2; i < n; i++) {
            if ((unsigned char)s[i] >= 0x40 && (unsigned char)s[i] <= 0x7e) {
                *key = sequence(s + 2, i - 1);
                return i + 1;
            }
            if (i > 30)
                return i + 1;
        }
        return 0;
    }
    size_t len = decode(s + 1, n - 1, key);
    *key |= K_META;
    return len ? len + 1 : 0;
}

/* ---- all keys ---- */

static OuEditAction tab(OuEdit *e)
{
    size_t start = ou_edit_line_start(e, e->at);
    if (!ou_edit_only_blank(e, start, e->at))
        return OU_EDIT_COMPLETE;
    uint32_t c = ' ';
    ou_edit_save(e);
    do
        if (!ou_edit_insert(e, &c, 1))
            break;
    while ((e->at - start) % 4);
    return OU_EDIT_MORE;
}

static void back_tab(OuEdit *e)
{
    size_t start = ou_edit_line_start(e, e->at), n = 0;
    while (n < 4 && start + n < e->n && e->text[start + n] == ' ')
        n++;
    ou_edit_save(e);
    ou_edit_delete(e, start, start + n);
}

static void backspace(OuEdit *e)
{
    size_t start = ou_edit_line_start(e, e->at), to = e->at ? ou_edit_step_left(e, e->at) : 0;
    if (e->at > start && ou_edit_only_blank(e, start, e->at) && e->text[e->at - 1] == ' ') {
        to = e->at - 1; /* back to the previous indentation */
        while (to > start && (to - start) % 4 && e->text[to - 1] == ' ')
            to--;
    }
    ou_edit_save(e);
    ou_edit_delete(e, to, e->at);
}

/* rest: what was read behind the character. */
static void insert_char(OuEdit *e, uint32_t c, const char *rest, size_t rest_n)
{
    bool word = ou_edit_word_char(c);
    if (!e->typing || !word)
        ou_edit_save(e);
    if (e->auto_indent) {
        /* a space, or a line that came as a whole: whoever sends it knows its indentation */
        size_t n = e->auto_indent;
        if (c == ' ' || c == '\t' || memchr(rest, '\r', rest_n) || memchr(rest, '\n', rest_n)) {
            ou_edit_delete(e, e->at - n, e->at);
            e->own_indent = false;
        }
    } else if (e->own_indent && (c == ' ' || c == '\t') &&
               ou_edit_only_blank(e, ou_edit_line_start(e, e->at), e->at))
        e->own_indent = false;
    ou_edit_insert(e, &c, 1);
    e->typing = word;
    e->auto_indent = 0;
    ou_edit_dedent(e);
    e->hist_at = e->history->n; /* an edited item is a new block */
}

static size_t blank_left(const OuEdit *e)
{
    size_t to = e->at;
    while (to > 0 && (e->text[to - 1] == ' ' || e->text[to - 1] == '\t'))
        to--;
    while (to > 0 && e->text[to - 1] != ' ' && e->text[to - 1] != '\t' && e->text[to - 1] != '\n')
        to--;
    return to;
}

/* The keys that kill: false, it is none of them. */
static bool kill_key(OuEdit *e, uint32_t key)
{
    size_t end = ou_edit_line_end(e, e->at), from, to;
    switch (key) {
    case CTRL('K'):
        ou_edit_kill(e, e->at, end > e->at ? end : e->at + (e->at < e->n), false);
        return true;
    case CTRL('U'):
        ou_edit_kill(e, ou_edit_line_start(e, e->at), e->at, true);
        return true;
    case CTRL('W'):
        ou_edit_kill(e, blank_left(e), e->at, true);
        return true;
    case K_META | 127:
    case K_META | CTRL('H'):
        ou_edit_kill(e, ou_edit_word_left(e), e->at, true);
        return true;
    case K_META | 'd':
    case K_WORD_DELETE:
        ou_edit_kill(e, e->at, ou_edit_word_right(e), false);
        return true;
    case K_META | '\\': /* the blanks around the cursor; not kept */
        for (from = e->at; from > 0 && (e->text[from - 1] == ' ' || e->text[from - 1] == '\t');)
            from--;
        for (to = e->at; to < e->n && (e->text[to] == ' ' || e->text[to] == '\t');)
            to++;
        ou_edit_save(e);
        ou_edit_delete(e, from, to);
        return true;
    default:
        return false;
    }
}

/* The keys that move: false, it is none of them. */
static bool move_key(OuEdit *e, uint32_t key)
{
    switch (key) {
    case CTRL('A'):
    case K_HOME:
        e->at = ou_edit_line_start(e, e->at);
        return true;
    case CTRL('E'):
    case K_END:
        e->at = ou_edit_line_end(e, e->at);
        return true;
    case CTRL('B'):
    case K_LEFT:
        e->at = ou_edit_step_left(e, e->at);
        return true;
    case CTRL('F'):
    case K_RIGHT:
        e->at = ou_edit_step_right(e, e->at);
        return true;
    case CTRL('P'):
    case K_UP:
        ou_edit_move_line(e, -1);
        return true;
    case CTRL('N'):
    case K_DOWN:
        ou_edit_move_line(e, 1);
        return true;
    case K_PAGE_UP:
    case K_META | 'p':
        ou_edit_history_step(e, -1);
        return true;
    case K_PAGE_DOWN:
    case K_META | 'n':
        ou_edit_history_step(e, 1);
        return true;
    case K_META | '<':
    case K_CTRL_HOME:
        e->at = 0;
        return true;
    case K_META | '>':
    case K_CTRL_END:
        e->at = e->n;
        return true;
    case K_META | 'b':
    case K_WORD_LEFT:
        e->at = ou_edit_word_left(e);
        return true;
    case K_META | 'f':
    case K_WORD_RIGHT:
        e->at = ou_edit_word_right(e);
        return true;
    case K_META | 'm': /* first character of the line that is no blank */
        for (e->at = ou_edit_line_start(e, e->at);
             e->at < e->n && (e->text[e->at] == ' ' || e->text[e->at] == '\t');)
            e->at++;
        return true;
    default:
        return false;
    }
}

/* Back to the text before all changes. */
static void revert(OuEdit *e)
{
    while (e->undo_n)
        ou_edit_undo(e);
}

static OuEditAction act(OuEdit *e, uint32_t key, const char *rest, size_t rest_n)
{
    bool was_killing = e->killing, was_yanking = e->yanking, ctrl_x = e->ctrl_x;
    bool is_char = key >= 32 && key != 127 && key < K_UP;
    e->killing = e->yanking = e->ctrl_x = false;
    if (e->menu_n) {
        ou_edit_menu_close(e);
        if (key == CTRL('C') || key == CTRL('G'))
            return OU_EDIT_MORE;
    }
    if (e->quoting) { /* the key itself, whatever it is */
        e->quoting = false;
        if (key < K_UP) {
            ou_edit_save(e);
            ou_edit_insert(e, &key, 1);
        }
        return OU_EDIT_MORE;
    }
    if (e->searching && ou_edit_search_key(e, key, !is_char))
        return OU_EDIT_MORE;
    if (is_char && !ctrl_x) {
        insert_char(e, key, rest, rest_n);
        return OU_EDIT_MORE;
    }
    e->typing = false;
    e->auto_indent = 0;
    if (ctrl_x) { /* C-x C-u: undo */
        if (key == CTRL('U'))
            ou_edit_undo(e);
        return OU_EDIT_MORE;
    }
    if (move_key(e, key))
        return OU_EDIT_MORE;
    e->killing = was_killing;
    if (kill_key(e, key)) {
        e->killing = key != (K_META | '\\');
        return OU_EDIT_MORE;
    }
    e->killing = false;
    switch (key) {
    case '\r':
    case '\n':
        return ou_edit_enter(e, rest_n > 0);
    case K_META | '\r':
    case K_META | '\n':
        ou_edit_save(e);
        ou_edit_insert(e, (uint32_t[]){'\n'}, 1);
        break;
    case CTRL('C'):
        return OU_EDIT_CANCEL;
    case CTRL('Z'):
        return OU_EDIT_SUSPEND;
    case CTRL('D'):
        if (e->n == 0)
            return OU_EDIT_EOF;
        /* fall through */
    case K_DELETE:
        ou_edit_save(e);
        ou_edit_delete(e, e->at, ou_edit_step_right(e, e->at));
        break;
    case CTRL('H'):
    case 127:
        backspace(e);
        break;
    case CTRL('Y'):
        ou_edit_yank(e);
        break;
    case K_META | 'y':
        if (was_yanking)
            ou_edit_yank_older(e);
        break;
    case CTRL('T'):
        ou_edit_transpose(e);
        break;
    case K_META | 't':
        ou_edit_transpose_words(e);
        break;
    case K_META | 'u':
    case K_META | 'l':
    case K_META | 'c':
        ou_edit_word_case(e, (char)(key & 0x7f));
        break;
    case CTRL('_'):
        ou_edit_undo(e);
        break;
    case CTRL('X'):
        e->ctrl_x = true;
        break;
    case K_META | 'r':
        revert(e);
        break;
    case CTRL('Q'):
    case CTRL('V'):
        e->quoting = true;
        break;
    case CTRL('L'):
        return OU_EDIT_CLEAR;
    case CTRL('R'):
        ou_edit_search_begin(e);
        break;
    case K_PASTE:
        e->pasting = true;
        e->paste_n = 0;
        break;
    case '\t':
        return tab(e);
    case K_BACKTAB:
        back_tab(e);
        break;
    default:
        break;
    }
    return OU_EDIT_MORE;
}

OuEditAction ou_edit_feed(OuEdit *e, const char *bytes, size_t n, size_t *used)
{
    size_t i = 0;
    OuEditAction action = OU_EDIT_MORE;
    while (i < n && action == OU_EDIT_MORE) {
        if (e->pasting) {
            i += ou_edit_paste(e, bytes + i, n - i);
            continue;
        }
        uint32_t key;
        size_t len;
        if (e->key_n) { /* the rest of an unfinished key */
            e->key[e->key_n++] = bytes[i++];
            len = decode(e->key, e->key_n, &key);
            if (len == 0 && e->key_n < sizeof e->key - 1)
                continue;
            e->key_n = 0;
        } else {
            len = decode(bytes + i, n - i < 32 ? n - i : 32, &key);
            if (len == 0) {
                e->key[e->key_n++] = bytes[i++];
                continue;
            }
            i += len;
        }
        if (key != K_NONE)
            action = act(e, key, bytes + i, n - i);
    }
    *used = i;
    return action;
}
