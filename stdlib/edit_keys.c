/* stdlib/edit_keys.c - what the keys do: bytes of the terminal to keys, Emacs bindings, arrows. */
#include <stdlib.h>
#include <string.h>

#include "edit.h"

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
        {"A", OU_KEY_UP},
        {"B", OU_KEY_DOWN},
        {"C", OU_KEY_RIGHT},
        {"D", OU_KEY_LEFT},
        {"H", OU_KEY_HOME},
        {"F", OU_KEY_END},
        {"1~", OU_KEY_HOME},
        {"7~", OU_KEY_HOME},
        {"4~", OU_KEY_END},
        {"8~", OU_KEY_END},
        {"3~", OU_KEY_DELETE},
        {"5~", OU_KEY_PAGE_UP},
        {"6~", OU_KEY_PAGE_DOWN},
        {"200~", OU_KEY_PASTE},
        {"Z", OU_KEY_BACKTAB},
        {"1;5D", OU_KEY_WORD_LEFT},
        {"1;5C", OU_KEY_WORD_RIGHT},
        {"1;3D", OU_KEY_WORD_LEFT},
        {"1;3C", OU_KEY_WORD_RIGHT},
        {"3;5~", OU_KEY_WORD_DELETE},
        {"3;3~", OU_KEY_WORD_DELETE},
        {"1;5H", OU_KEY_CTRL_HOME},
        {"1;5F", OU_KEY_CTRL_END},
        {"1;2A", OU_KEY_UP},
        {"1;2B", OU_KEY_DOWN},
        {"1;2C", OU_KEY_RIGHT},
        {"1;2D", OU_KEY_LEFT},
        {"5D", OU_KEY_WORD_LEFT},
        {"5C", OU_KEY_WORD_RIGHT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (is(s, n, rows[i].seq))
            return rows[i].key;
    return OU_KEY_NONE;
}

/* The key at s[0..n): bytes used, 0 when more are needed. */
static size_t decode(const char *s, size_t n, uint32_t *key)
{
    *key = OU_KEY_NONE;
    if (n == 0)
        return 0;
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
    *key |= OU_KEY_META;
    return len ? len + 1 : 0;
}

/* ---- all keys ---- */

/* rest: what was read behind the character. */
static void insert_char(OuEdit *e, uint32_t c, const char *rest, size_t rest_n)
{
    bool word = ou_edit_word_char(c);
    if (e->single) {
        if (!e->typing || !word)
            ou_edit_save(e);
        ou_edit_insert(e, &c, 1);
        e->typing = word;
        return;
    }
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

/* Asks for completions; how: '\t', '?' to show them, '*' to insert them all. */
static OuEditAction complete(OuEdit *e, char how, bool again)
{
    if (e->rc && e->rc->no_completion) {
        insert_char(e, '\t', "", 0);
        return OU_EDIT_MORE;
    }
    e->completing = true;
    e->completion = how != '\t'                       ? how
                    : again                           ? '?'
                    : e->rc && e->rc->list_at_once    ? '!'
                    : e->rc && e->rc->list_unmodified ? '@'
                                                      : how;
    return OU_EDIT_COMPLETE;
}

static OuEditAction tab(OuEdit *e, bool again)
{
    size_t start = ou_edit_line_start(e, e->at);
    if (e->single || !ou_edit_only_blank(e, start, e->at))
        return complete(e, '\t', again);
    uint32_t c = ' ';
    ou_edit_save(e);
    if (e->auto_indent) { /* as with a space: typed indentation takes the place of ours */
        ou_edit_delete(e, start, e->at);
        e->own_indent = false;
    }
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
    case OU_CTRL('K'):
        ou_edit_kill(e, e->at, end > e->at ? end : e->at + (e->at < e->n), false);
        return true;
    case OU_CTRL('U'):
        ou_edit_kill(e, ou_edit_line_start(e, e->at), e->at, true);
        return true;
    case OU_CTRL('W'):
        ou_edit_kill(e, blank_left(e), e->at, true);
        return true;
    case OU_KEY_META | 127:
    case OU_KEY_META | OU_CTRL('H'):
        ou_edit_kill(e, ou_edit_word_left(e), e->at, true);
        return true;
    case OU_KEY_META | 'd':
    case OU_KEY_WORD_DELETE:
        ou_edit_kill(e, e->at, ou_edit_word_right(e), false);
        return true;
    case OU_KEY_KILL_LINE:
        ou_edit_kill(e, ou_edit_line_start(e, e->at), end, true);
        return true;
    case OU_KEY_META | '\\': /* the blanks around the cursor; not kept */
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
    case OU_CTRL('A'):
    case OU_KEY_HOME:
        e->at = ou_edit_line_start(e, e->at);
        return true;
    case OU_CTRL('E'):
    case OU_KEY_END:
        e->at = ou_edit_line_end(e, e->at);
        return true;
    case OU_CTRL('B'):
    case OU_KEY_LEFT:
        e->at = ou_edit_step_left(e, e->at);
        return true;
    case OU_CTRL('F'):
    case OU_KEY_RIGHT:
        e->at = ou_edit_step_right(e, e->at);
        return true;
    case OU_CTRL('P'):
    case OU_KEY_UP:
        ou_edit_move_line(e, -1);
        return true;
    case OU_CTRL('N'):
    case OU_KEY_DOWN:
        ou_edit_move_line(e, 1);
        return true;
    case OU_KEY_PAGE_UP:
    case OU_KEY_META | 'p':
        ou_edit_history_step(e, -1);
        return true;
    case OU_KEY_PAGE_DOWN:
    case OU_KEY_META | 'n':
        ou_edit_history_step(e, 1);
        return true;
    case OU_KEY_PREVIOUS:
        if (e->hist_at > 0)
            ou_edit_history_show(e, e->hist_at - 1);
        return true;
    case OU_KEY_NEXT:
        ou_edit_history_show(e, e->hist_at + 1);
        return true;
    case OU_KEY_FIRST:
        ou_edit_history_show(e, 0);
        return true;
    case OU_KEY_LAST:
        ou_edit_history_show(e, e->history->n);
        return true;
    case OU_KEY_META | '<':
    case OU_KEY_CTRL_HOME:
        e->at = 0;
        return true;
    case OU_KEY_META | '>':
    case OU_KEY_CTRL_END:
        e->at = e->n;
        return true;
    case OU_KEY_META | 'b':
    case OU_KEY_WORD_LEFT:
        e->at = ou_edit_word_left(e);
        return true;
    case OU_KEY_META | 'f':
    case OU_KEY_WORD_RIGHT:
        e->at = ou_edit_word_right(e);
        return true;
    case OU_KEY_META | 'm': /* first character of the line that is no blank */
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
    bool was_killing = e->killing, was_yanking = e->yanking, ctrl_x = e->ctrl_x,
         was_completing = e->completing;
    bool is_char = key >= 32 && key != 127 && key < OU_KEY_UP;
    size_t was_arg = e->arg_from_history;
    e->killing = e->yanking = e->ctrl_x = e->completing = false;
    e->arg_from_history = 0;
    if (e->menu_n) {
        ou_edit_menu_close(e);
        if (key == OU_CTRL('C') || key == OU_CTRL('G'))
            return OU_EDIT_MORE;
    }
    if (e->searching && ou_edit_search_key(e, key, !is_char))
        return OU_EDIT_MORE;
    if (is_char && !ctrl_x) {
        insert_char(e, key, rest, rest_n);
        return OU_EDIT_MORE;
    }
    e->typing = false;
    if (key != '\t')
        e->auto_indent = 0;
    if (ctrl_x) {
        if (key == OU_CTRL('U'))
            ou_edit_undo(e);
        else if (key == 127)
            ou_edit_kill(e, ou_edit_line_start(e, e->at), e->at, true);
        else if (key == OU_CTRL('R'))
            return OU_EDIT_REREAD;
        return OU_EDIT_MORE;
    }
    if (move_key(e, key))
        return OU_EDIT_MORE;
    e->killing = was_killing;
    if (kill_key(e, key)) {
        e->killing = key != (OU_KEY_META | '\\');
        return OU_EDIT_MORE;
    }
    e->killing = false;
    switch (key) {
    case '\r':
    case '\n':
        return ou_edit_enter(e, rest_n > 0 || e->more);
    case OU_KEY_META | '\r':
    case OU_KEY_META | '\n':
        ou_edit_save(e);
        ou_edit_insert(e, (uint32_t[]){'\n'}, 1);
        break;
    case OU_CTRL('C'):
        return OU_EDIT_CANCEL;
    case OU_CTRL('Z'):
        return OU_EDIT_SUSPEND;
    case OU_CTRL('D'):
        if (e->n == 0)
            return OU_EDIT_EOF;
        if (!e->single && e->at == e->n && ou_edit_line_start(e, e->n) > 0 &&
            ou_edit_only_blank(e, ou_edit_line_start(e, e->n),
                               e->n)) { /* the end of a block, as an empty line */
            ou_edit_delete(e, ou_edit_line_start(e, e->n), e->n);
            return OU_EDIT_ACCEPT;
        }
        /* fall through */
    case OU_KEY_DELETE:
        ou_edit_save(e);
        ou_edit_delete(e, e->at, ou_edit_step_right(e, e->at));
        break;
    case OU_CTRL('H'):
    case 127:
        backspace(e);
        break;
    case OU_CTRL('Y'):
        ou_edit_yank(e);
        break;
    case OU_KEY_META | 'y':
        if (was_yanking)
            ou_edit_yank_older(e);
        break;
    case OU_CTRL('T'):
        ou_edit_transpose(e);
        break;
    case OU_KEY_META | 't':
        ou_edit_transpose_words(e);
        break;
    case OU_KEY_META | 'u':
    case OU_KEY_META | 'l':
    case OU_KEY_META | 'c':
        ou_edit_word_case(e, (char)(key & 0x7f));
        break;
    case OU_CTRL('_'):
        ou_edit_undo(e);
        break;
    case OU_CTRL('X'):
        e->ctrl_x = true;
        break;
    case OU_KEY_META | 'r':
        revert(e);
        break;
    case OU_CTRL('Q'):
    case OU_CTRL('V'):
        e->quoting = true;
        break;
    case OU_CTRL('L'):
        return OU_EDIT_CLEAR;
    case OU_CTRL('R'):
    case OU_CTRL('S'):
        ou_edit_search_begin(e, key == OU_CTRL('S'));
        break;
    case OU_CTRL('O'): /* takes the line, and offers the one that followed it in the history */
        if (e->hist_at + 1 < e->history->n)
            e->offer = e->hist_at + 1;
        return ou_edit_enter(e, rest_n > 0 || e->more);
    case OU_KEY_PASTE:
        e->pasting = true;
        e->paste_n = 0;
        break;
    case '\t':
        if (!e->single) {
            OuEditAction action = tab(e, was_completing);
            e->auto_indent = 0;
            return action;
        }
        insert_char(e, '\t', rest, rest_n);
        break;
    case OU_KEY_TAB:
        insert_char(e, '\t', rest, rest_n);
        break;
    case OU_KEY_COMPLETE:
        return tab(e, was_completing);
    case OU_KEY_META | '?':
    case OU_KEY_META | '=':
    case OU_KEY_LIST:
        return complete(e, '?', false);
    case OU_KEY_META | '*':
    case OU_KEY_INSERT_ALL:
        return complete(e, '*', false);
    case OU_KEY_META | '#':
    case OU_KEY_COMMENT:
        ou_edit_save(e);
        e->at = ou_edit_line_start(e, e->at);
        ou_edit_insert(e, (uint32_t[]){'#'}, 1);
        if (e->single)
            return OU_EDIT_ACCEPT;
        e->at = ou_edit_line_end(e, e->at);
        break;
    case OU_KEY_META | '.':
    case OU_KEY_META | '_':
    case OU_KEY_LAST_ARG:
        ou_edit_last_arg(e, was_arg);
        break;
    case OU_KEY_REREAD:
        return OU_EDIT_REREAD;
    case OU_KEY_BACKTAB:
        back_tab(e);
        break;
    default:
        break;
    }
    return OU_EDIT_MORE;
}

/* A digit behind Meta, or behind another: how often the next key is to act. */
static bool count_key(OuEdit *e, uint32_t key)
{
    enum { MOST = 999 };
    uint32_t c = key & ~(uint32_t)OU_KEY_META;
    if (!(c >= '0' && c <= '9') || !(key & OU_KEY_META || e->counting) || e->searching || e->ctrl_x)
        return false;
    e->count = e->counting ? e->count * 10 + (c - '0') : c - '0';
    if (e->count > MOST)
        e->count = MOST;
    e->counting = true;
    return true;
}

static OuEditAction act_counted(OuEdit *e, uint32_t key, const char *rest, size_t rest_n)
{
    if (count_key(e, key))
        return OU_EDIT_MORE;
    size_t times = e->counting ? e->count : 1;
    OuEditAction action = OU_EDIT_MORE;
    e->counting = false;
    while (times-- && action == OU_EDIT_MORE)
        action = act(e, key, rest, rest_n);
    return action;
}

/* Bytes to be read before those of the keyboard. */
static void enqueue(OuEdit *e, const char *s, size_t n)
{
    enum { MOST = 100 }; /* a macro that calls itself ends here */
    size_t left = e->queue_n - e->queue_at;
    char *more = e->expansions++ < MOST ? malloc(left + n + 1) : NULL;
    if (!more)
        return;
    memcpy(more, s, n);
    if (left)
        memcpy(more + n, e->queue + e->queue_at, left);
    free(e->queue);
    e->queue = more;
    e->queue_n = left + n;
    e->queue_at = 0;
}

/* Acts upon what e->key holds, as far as it makes whole keys. */
static OuEditAction take_keys(OuEdit *e, const char *rest, size_t rest_n)
{
    OuEditAction action = OU_EDIT_MORE;
    while (e->key_n && action == OU_EDIT_MORE && !e->pasting) {
        const OuBinding *b = NULL;
        OuSeqMatch match = e->rc && !e->quoting ? ou_inputrc_find(e->rc, e->key, e->key_n, &b) : OU_SEQ_NONE;
        uint32_t key;
        if (match == OU_SEQ_PREFIX && e->key_n < sizeof e->key - 1)
            return OU_EDIT_MORE;
        if (match == OU_SEQ_BOUND) {
            size_t n = e->key_n;
            e->key_n = 0;
            if (b->macro)
                enqueue(e, b->macro, b->macro_n);
            else if (b->key == OU_KEY_SELF && ou_edit_utf8_next(e->key, n, &key))
                insert_char(e, key, rest, rest_n);
            else if (b->key != OU_KEY_NOTHING)
                action = act_counted(e, b->key, rest, rest_n);
            continue;
        }
        size_t len = e->quoting ? ou_edit_utf8_next(e->key, e->key_n, &key) : decode(e->key, e->key_n, &key);
        if (len == 0 && e->key_n < sizeof e->key - 1)
            return OU_EDIT_MORE;
        len = len ? len : e->key_n;
        memmove(e->key, e->key + len, e->key_n - len);
        e->key_n -= len;
        if (e->quoting) { /* the character itself, whatever it is */
            e->quoting = false;
            ou_edit_save(e);
            ou_edit_insert(e, &key, 1);
        } else if (key != OU_KEY_NONE)
            action = act_counted(e, key, rest, rest_n);
    }
    return action;
}

bool ou_edit_queued(const OuEdit *e)
{
    return e->queue_at < e->queue_n;
}

OuEditAction ou_edit_feed(OuEdit *e, const char *bytes, size_t n, size_t *used)
{
    size_t i = 0;
    OuEditAction action = take_keys(e, bytes, n); /* what an action left */
    while (action == OU_EDIT_MORE) {
        bool queued = ou_edit_queued(e);
        if (!queued && i >= n)
            break;
        if (e->pasting && !queued) {
            i += ou_edit_paste(e, bytes + i, n - i);
            continue;
        }
        if (!queued)
            e->expansions = 0;
        char c = queued ? e->queue[e->queue_at++] : bytes[i++];
        if (e->pasting)
            ou_edit_paste(e, &c, 1);
        else {
            e->key[e->key_n++] = c;
            action = ou_edit_queued(e) ? take_keys(e, e->queue + e->queue_at, e->queue_n - e->queue_at)
                                       : take_keys(e, bytes + i, n - i);
        }
    }
    *used = i;
    return action;
}
