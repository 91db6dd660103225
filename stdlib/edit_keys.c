/* stdlib/edit_keys.c - what the keys do: Emacs bindings, arrows, history, search, bracketed paste, automatic indentation.
 *
 * Indentation is typed by the editor only when a person types: not when more input is waiting behind the Enter (code sent by
 * an editor brings its own), and the first space typed at its place takes the place of it. */
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

/* ---- small steps ---- */

static bool word_char(uint32_t c)
{
    return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           c == '_';
}

static size_t word_left(const OuEdit *e)
{
    size_t at = e->at;
    while (at > 0 && !word_char(e->text[at - 1]))
        at--;
    while (at > 0 && word_char(e->text[at - 1]))
        at--;
    return at;
}

static size_t word_right(const OuEdit *e)
{
    size_t at = e->at;
    while (at < e->n && !word_char(e->text[at]))
        at++;
    while (at < e->n && word_char(e->text[at]))
        at++;
    return at;
}

/* A character with the combining ones behind it is one step. */
static size_t step_left(const OuEdit *e, size_t at)
{
    do
        at -= at > 0;
    while (at > 0 && e->text[at] >= 0x300 && ou_char_width(e->text[at]) == 0);
    return at;
}

static size_t step_right(const OuEdit *e, size_t at)
{
    at += at < e->n;
    while (at < e->n && e->text[at] >= 0x300 && ou_char_width(e->text[at]) == 0)
        at++;
    return at;
}

static void kill_range(OuEdit *e, size_t from, size_t to, bool before)
{
    size_t n = to - from, old = e->killing ? e->kill_n : 0;
    if (n == 0)
        return;
    uint32_t *k = malloc((n + old) * sizeof *k);
    if (!k)
        return;
    memcpy(k + (before ? 0 : old), e->text + from, n * sizeof *k);
    if (old)
        memcpy(k + (before ? n : 0), e->kill, old * sizeof *k);
    free(e->kill);
    e->kill = k;
    e->kill_n = n + old;
    ou_edit_save(e);
    ou_edit_delete(e, from, to);
}

static bool only_blank(const OuEdit *e, size_t from, size_t to)
{
    for (; from < to; from++)
        if (e->text[from] != ' ' && e->text[from] != '\t')
            return false;
    return true;
}

/* ---- history ---- */

static void show_item(OuEdit *e, size_t item)
{
    OuHistory *h = e->history;
    const char *s = item == h->n ? e->hist_saved : h->items[item];
    if (ou_edit_set(e, s ? s : "", s ? strlen(s) : 0)) {
        e->hist_at = item;
        e->whole = item != h->n;
    }
}

/* The next item in direction d that begins with what was typed. */
static void history_step(OuEdit *e, int d)
{
    OuHistory *h = e->history;
    if (e->hist_at == h->n && d < 0) {
        size_t n;
        free(e->hist_saved);
        if (!(e->hist_saved = ou_edit_text(e, &n)))
            return;
        e->hist_prefix = n;
        ou_edit_save(e);
    }
    for (size_t i = e->hist_at;;) {
        if (d < 0 ? i == 0 : i >= h->n)
            return;
        i = d < 0 ? i - 1 : i + 1;
        if (i == h->n || strncmp(h->items[i], e->hist_saved, e->hist_prefix) == 0) {
            show_item(e, i);
            return;
        }
    }
}

static void move_line(OuEdit *e, int d)
{
    size_t start = ou_edit_line_start(e, e->at), col = e->at - start;
    if (d < 0 ? start == 0 : ou_edit_line_end(e, e->at) == e->n) {
        history_step(e, d);
        return;
    }
    size_t to = d < 0 ? ou_edit_line_start(e, start - 1) : ou_edit_line_end(e, e->at) + 1;
    size_t len = ou_edit_line_end(e, to) - to;
    e->at = to + (col < len ? col : len);
}

/* ---- search ---- */

static void search(OuEdit *e, size_t from, int d)
{
    OuHistory *h = e->history;
    for (size_t i = from; i < h->n; i = d < 0 ? i - 1 : i + 1) { /* below 0 wraps beyond n */
        if (strstr(h->items[i], e->query)) {
            e->match = i;
            e->search_failed = false;
            return;
        }
    }
    e->search_failed = true;
}

static void search_end(OuEdit *e, bool take)
{
    e->searching = false;
    if (take && e->match < e->history->n) {
        ou_edit_save(e);
        if (e->hist_at == e->history->n) {
            size_t n;
            free(e->hist_saved);
            e->hist_saved = ou_edit_text(e, &n);
            e->hist_prefix = 0;
        }
        show_item(e, e->match);
    }
}

/* true: the key was for the search */
static bool search_key(OuEdit *e, uint32_t key, OuEditAction *action)
{
    char buf[8];
    size_t n;
    switch (key) {
    case CTRL('R'):
        if (e->match > 0)
            search(e, (e->match < e->history->n ? e->match : e->history->n) - 1, -1);
        else
            e->search_failed = true;
        return true;
    case CTRL('S'):
        search(e, e->match + 1, 1);
        return true;
    case CTRL('G'):
    case CTRL('C'):
        search_end(e, false);
        return true;
    case CTRL('H'):
    case 127:
        while (e->query_n > 0 && (e->query[--e->query_n] & 0xc0) == 0x80)
            ;
        e->query[e->query_n] = 0;
        search(e, e->history->n - 1, -1);
        return true;
    default:
        if (key < 32 || key >= K_UP) {
            search_end(e, true);
            return false;
        }
        n = ou_edit_utf8_put(buf, key);
        if (e->query_n + n < sizeof e->query) {
            memcpy(e->query + e->query_n, buf, n);
            e->query_n += n;
            e->query[e->query_n] = 0;
            search(e, e->match < e->history->n ? e->match : e->history->n - 1, -1);
        }
        return true;
    }
}

/* ---- Enter ---- */

/* Indentation for the line after the one that ends at the cursor. */
static size_t indentation(const OuEdit *e)
{
    static const char *const leaving[] = {"return", "pass", "raise", "break", "continue"};
    size_t start = ou_edit_line_start(e, e->at), i = start, width = 0, last = start;
    bool comment = false;
    while (i < e->at && e->text[i] == ' ')
        i++, width++;
    for (size_t k = i; k < e->at; k++) {
        if (e->text[k] == '#')
            comment = true;
        if (!comment && e->text[k] != ' ')
            last = k;
    }
    if (i == e->at)
        return width;
    if (e->text[last] == ':')
        return width + 4;
    for (size_t w = 0; w < sizeof leaving / sizeof *leaving; w++) {
        size_t k = 0, n = strlen(leaving[w]);
        while (k < n && i + k < e->at && e->text[i + k] == (unsigned char)leaving[w][k])
            k++;
        if (k == n && (i + k == e->at || !word_char(e->text[i + k])))
            return width >= 4 ? width - 4 : 0;
    }
    return width;
}

static int is_complete(OuEdit *e, bool more_newline)
{
    size_t n;
    char *text = ou_edit_text(e, &n);
    if (!text)
        return 1;
    if (more_newline)
        text[n++] = '\n'; /* in place of the NUL */
    char *copy = more_newline ? strndup(text, n) : text;
    int r = copy ? e->complete(e->arg, copy, n) : 1;
    if (copy != text)
        free(copy);
    free(text);
    return r;
}

static OuEditAction enter(OuEdit *e, bool waiting)
{
    bool at_end = only_blank(e, e->at, e->n), single = ou_edit_line_end(e, 0) == e->n;
    if (at_end || single) {
        /* the indentation that the editor typed on an empty line is not part of the block */
        size_t start = ou_edit_line_start(e, e->n);
        if (!single && only_blank(e, start, e->n))
            ou_edit_delete(e, start, e->n);
        if (is_complete(e, e->whole)) {
            e->at = e->n;
            return OU_EDIT_ACCEPT;
        }
        e->at = e->n;
    }
    ou_edit_save(e);
    e->whole = false;
    size_t spaces = waiting ? 0 : indentation(e);
    uint32_t c = '\n';
    if (!ou_edit_insert(e, &c, 1))
        return OU_EDIT_MORE;
    for (c = ' ', e->auto_indent = 0; e->auto_indent < spaces && ou_edit_insert(e, &c, 1);)
        e->auto_indent++;
    return OU_EDIT_MORE;
}

/* ---- paste ---- */

/* The text of a session: lines with prompts lose them, the others are output. */
static size_t strip_prompts(char *s, size_t n)
{
    size_t i = 0, to = 0;
    while (i < n && (s[i] == '\n' || s[i] == ' '))
        i++;
    if (n - i < 4 || memcmp(s + i, ">>> ", 4) != 0)
        return n;
    for (i = 0; i < n;) {
        char *nl = memchr(s + i, '\n', n - i);
        size_t end = nl ? (size_t)(nl - s) : n, at = i;
        while (at < end && s[at] == ' ')
            at++;
        bool prompt = end - at >= 3 && (memcmp(s + at, ">>>", 3) == 0 || memcmp(s + at, "...", 3) == 0);
        if (prompt) {
            at += 3;
            at += at < end && s[at] == ' ';
            memmove(s + to, s + at, end - at);
            to += end - at;
            s[to++] = '\n';
        }
        i = end + 1;
    }
    return to;
}

static void paste_done(OuEdit *e)
{
    size_t n = 0;
    for (size_t i = 0; i < e->paste_n; i++) { /* CR and CR LF are line ends */
        if (e->paste[i] == '\r') {
            e->paste[n++] = '\n';
            i += i + 1 < e->paste_n && e->paste[i + 1] == '\n';
        } else
            e->paste[n++] = e->paste[i];
    }
    n = strip_prompts(e->paste, n);
    bool lines = n && memchr(e->paste, '\n', n - 1);
    while (n > 0 && e->paste[n - 1] == '\n')
        n--;
    ou_edit_save(e);
    uint32_t *s = malloc((n ? n : 1) * sizeof *s);
    size_t k = 0;
    for (size_t i = 0; s && i < n;) {
        size_t len = ou_edit_utf8_next(e->paste + i, n - i, &s[k]);
        k += len > 0;
        i += len ? len : 1;
    }
    if (s)
        ou_edit_insert(e, s, k);
    free(s);
    if (lines)
        e->whole = true;
    e->paste_n = 0;
    e->pasting = false;
}

/* Takes the bytes of a paste: how many. */
static size_t paste_bytes(OuEdit *e, const char *s, size_t n)
{
    static const char end[] = "\33[201~";
    size_t i = 0;
    while (i < n) {
        if (e->paste_n == e->paste_cap) {
            size_t cap = e->paste_cap ? e->paste_cap * 2 : 4096;
            char *more = realloc(e->paste, cap);
            if (!more) {
                e->paste_n = 0;
                e->pasting = false;
                return n;
            }
            e->paste = more;
            e->paste_cap = cap;
        }
        e->paste[e->paste_n++] = s[i++];
        if (s[i - 1] == '~' && e->paste_n >= 6 && memcmp(e->paste + e->paste_n - 6, end, 6) == 0) {
            e->paste_n -= 6;
            paste_done(e);
            break;
        }
    }
    return i;
}

/* ---- all keys ---- */

static OuEditAction tab(OuEdit *e)
{
    size_t start = ou_edit_line_start(e, e->at);
    if (!only_blank(e, start, e->at))
        return OU_EDIT_COMPLETE;
    uint32_t c = ' ';
    ou_edit_save(e);
    do
        if (!ou_edit_insert(e, &c, 1))
            break;
    while ((e->at - start) % 4);
    return OU_EDIT_MORE;
}

static void backspace(OuEdit *e)
{
    size_t start = ou_edit_line_start(e, e->at), to = e->at ? step_left(e, e->at) : 0;
    if (e->at > start && only_blank(e, start, e->at) && e->text[e->at - 1] == ' ') {
        to = e->at - 1; /* back to the previous indentation */
        while (to > start && (to - start) % 4 && e->text[to - 1] == ' ')
            to--;
    }
    ou_edit_save(e);
    ou_edit_delete(e, to, e->at);
}

static void transpose(OuEdit *e)
{
    size_t at = e->at == e->n && e->at ? e->at - 1 : e->at;
    if (at == 0 || e->text[at] == '\n' || e->text[at - 1] == '\n')
        return;
    ou_edit_save(e);
    uint32_t c = e->text[at];
    e->text[at] = e->text[at - 1];
    e->text[at - 1] = c;
    e->at = at + 1;
}

static void insert_char(OuEdit *e, uint32_t c)
{
    bool word = word_char(c);
    if (!e->typing || !word)
        ou_edit_save(e);
    if (e->auto_indent && (c == ' ' || c == '\t')) {
        size_t n = e->auto_indent;
        ou_edit_delete(e, e->at - n, e->at);
    }
    ou_edit_insert(e, &c, 1);
    e->typing = word;
    if (e->hist_at == e->history->n)
        return;
    e->hist_at = e->history->n; /* an edited item is a new block */
}

static OuEditAction act(OuEdit *e, uint32_t key, bool waiting)
{
    bool was_killing = e->killing;
    OuEditAction action = OU_EDIT_MORE;
    e->killing = false;
    if (e->menu_n) {
        ou_edit_menu_close(e);
        if (key == CTRL('C') || key == CTRL('G'))
            return OU_EDIT_MORE;
    }
    if (e->searching && search_key(e, key, &action))
        return action;
    if (key >= 32 && key != 127 && key < K_UP) {
        insert_char(e, key);
        e->auto_indent = 0;
        return OU_EDIT_MORE;
    }
    e->typing = false;
    e->auto_indent = 0;
    switch (key) {
    case '\r':
    case '\n':
        return enter(e, waiting);
    case K_META | '\r':
    case K_META | '\n':
        ou_edit_save(e);
        ou_edit_insert(e, (uint32_t[]){'\n'}, 1);
        break;
    case CTRL('A'):
    case K_HOME:
        e->at = ou_edit_line_start(e, e->at);
        break;
    case CTRL('E'):
    case K_END:
        e->at = ou_edit_line_end(e, e->at);
        break;
    case CTRL('B'):
    case K_LEFT:
        e->at = step_left(e, e->at);
        break;
    case CTRL('F'):
    case K_RIGHT:
        e->at = step_right(e, e->at);
        break;
    case CTRL('P'):
    case K_UP:
        move_line(e, -1);
        break;
    case CTRL('N'):
    case K_DOWN:
        move_line(e, 1);
        break;
    case K_PAGE_UP:
        history_step(e, -1);
        break;
    case K_PAGE_DOWN:
        history_step(e, 1);
        break;
    case K_META | '<':
        e->at = 0;
        break;
    case K_META | '>':
        e->at = e->n;
        break;
    case K_META | 'b':
    case K_WORD_LEFT:
        e->at = word_left(e);
        break;
    case K_META | 'f':
    case K_WORD_RIGHT:
        e->at = word_right(e);
        break;
    case CTRL('C'):
        return OU_EDIT_CANCEL;
    case CTRL('D'):
        if (e->n == 0)
            return OU_EDIT_EOF;
        /* fall through */
    case K_DELETE:
        ou_edit_save(e);
        ou_edit_delete(e, e->at, step_right(e, e->at));
        break;
    case CTRL('H'):
    case 127:
        backspace(e);
        break;
    case CTRL('K'):
        e->killing = was_killing;
        kill_range(e, e->at,
                   ou_edit_line_end(e, e->at) > e->at ? ou_edit_line_end(e, e->at) : e->at + (e->at < e->n),
                   false);
        e->killing = true;
        break;
    case CTRL('U'):
        e->killing = was_killing;
        kill_range(e, ou_edit_line_start(e, e->at), e->at, true);
        e->killing = true;
        break;
    case CTRL('W'):
        e->killing = was_killing;
        {
            size_t to = e->at;
            while (to > 0 && (e->text[to - 1] == ' ' || e->text[to - 1] == '\t'))
                to--;
            while (to > 0 && e->text[to - 1] != ' ' && e->text[to - 1] != '\t' && e->text[to - 1] != '\n')
                to--;
            kill_range(e, to, e->at, true);
        }
        e->killing = true;
        break;
    case K_META | 127:
    case K_META | CTRL('H'):
        e->killing = was_killing;
        kill_range(e, word_left(e), e->at, true);
        e->killing = true;
        break;
    case K_META | 'd':
        e->killing = was_killing;
        kill_range(e, e->at, word_right(e), false);
        e->killing = true;
        break;
    case CTRL('Y'):
        if (e->kill_n) {
            ou_edit_save(e);
            ou_edit_insert(e, e->kill, e->kill_n);
        }
        break;
    case CTRL('T'):
        transpose(e);
        break;
    case CTRL('_'):
        ou_edit_undo(e);
        break;
    case CTRL('L'):
        return OU_EDIT_CLEAR;
    case CTRL('R'):
        e->searching = true;
        e->search_failed = false;
        e->query_n = 0;
        e->query[0] = 0;
        e->match = e->history->n;
        break;
    case K_PASTE:
        e->pasting = true;
        e->paste_n = 0;
        break;
    case '\t':
        return tab(e);
    case K_BACKTAB: {
        size_t start = ou_edit_line_start(e, e->at);
        size_t n = 0;
        while (n < 4 && start + n < e->n && e->text[start + n] == ' ')
            n++;
        ou_edit_save(e);
        ou_edit_delete(e, start, start + n);
        break;
    }
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
            i += paste_bytes(e, bytes + i, n - i);
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
            action = act(e, key, i < n);
    }
    *used = i;
    return action;
}
