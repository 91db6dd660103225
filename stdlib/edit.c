/* stdlib/edit.c - the block being edited: text, undo, completion. */
#include "edit.h"

#include <stdlib.h>
#include <string.h>

void ou_edit_init(OuEdit *e, OuHistory *history, int (*complete)(void *, const char *, size_t), void *arg)
{
    *e = (OuEdit){.history = history, .complete = complete, .arg = arg};
    e->hist_at = history->n;
}

static void drop_undo(OuEdit *e)
{
    for (size_t i = 0; i < e->undo_n; i++)
        free(e->undo[i].text);
    e->undo_n = 0;
}

void ou_edit_reset(OuEdit *e)
{
    e->n = e->at = 0;
    e->hist_at = e->history->n;
    free(e->hist_saved);
    e->hist_saved = NULL;
    e->whole = e->searching = e->typing = e->killing = e->yanking = e->ctrl_x = e->quoting = e->own_indent =
        false;
    e->completing = e->counting = e->bell = false;
    e->auto_indent = e->arg_from_history = 0;
    drop_undo(e);
    ou_edit_menu_close(e);
    if (e->offer && e->offer < e->history->n)
        ou_edit_history_show(e, e->offer);
    e->offer = 0;
}

void ou_edit_free(OuEdit *e)
{
    ou_edit_reset(e);
    free(e->text);
    ou_edit_kills_free(e);
    free(e->undo);
    free(e->paste);
    free(e->queue);
}

/* ---- UTF-8 ---- */

size_t ou_edit_utf8_next(const char *s, size_t n, uint32_t *out)
{
    const unsigned char *p = (const unsigned char *)s;
    if (n == 0)
        return 0;
    size_t len = p[0] < 0x80                   ? 1
                 : p[0] >= 0xc2 && p[0] < 0xe0 ? 2
                 : p[0] >= 0xe0 && p[0] < 0xf0 ? 3
                 : p[0] >= 0xf0 && p[0] < 0xf5 ? 4
                                               : 0;
    if (len == 0) {
        *out = 0xdc00 + p[0];
        return 1;
    }
    uint32_t c = len == 1 ? p[0] : p[0] & (0x7fu >> len);
    for (size_t i = 1; i < len; i++) {
        if (i >= n)
            return 0;
        if ((p[i] & 0xc0) != 0x80) {
            *out = 0xdc00 + p[0];
            return 1;
        }
        c = c << 6 | (p[i] & 0x3f);
    }
    *out = c;
    return len;
}

size_t ou_edit_utf8_put(char *out, uint32_t c)
{
    if (c >= 0xdc80 && c <= 0xdcff) { /* a byte that was no character */
        out[0] = (char)(c - 0xdc00);
        return 1;
    }
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

static char *encode(const uint32_t *s, size_t n, size_t *out_n)
{
    char *r = malloc(n * 4 + 1), *p = r;
    if (!r)
        return NULL;
    for (size_t i = 0; i < n; i++)
        p += ou_edit_utf8_put(p, s[i]);
    *p = 0;
    *out_n = (size_t)(p - r);
    return r;
}

char *ou_edit_text(const OuEdit *e, size_t *n)
{
    return encode(e->text, e->n, n);
}

char *ou_edit_before(const OuEdit *e, size_t *n)
{
    return encode(e->text, e->at, n);
}

/* ---- changes ---- */

static bool room(OuEdit *e, size_t n)
{
    if (e->n + n <= e->cap)
        return true;
    size_t cap = e->cap ? e->cap : 64;
    while (cap < e->n + n)
        cap *= 2;
    uint32_t *more = realloc(e->text, cap * sizeof *more);
    if (!more) {
        e->failed = true;
        return false;
    }
    e->text = more;
    e->cap = cap;
    return true;
}

bool ou_edit_insert(OuEdit *e, const uint32_t *s, size_t n)
{
    if (!room(e, n))
        return false;
    memmove(e->text + e->at + n, e->text + e->at, (e->n - e->at) * sizeof *s);
    memcpy(e->text + e->at, s, n * sizeof *s);
    e->n += n;
    e->at += n;
    return true;
}

void ou_edit_delete(OuEdit *e, size_t from, size_t to)
{
    if (to > e->n)
        to = e->n;
    if (from >= to)
        return;
    memmove(e->text + from, e->text + to, (e->n - to) * sizeof *e->text);
    e->n -= to - from;
    if (e->at > to)
        e->at -= to - from;
    else if (e->at > from)
        e->at = from;
}

bool ou_edit_set(OuEdit *e, const char *utf8, size_t n)
{
    size_t keep = e->n;
    e->n = e->at = 0;
    if (!room(e, n)) { /* never more characters than bytes */
        e->n = keep;
        return false;
    }
    for (size_t i = 0; i < n;) {
        size_t len = ou_edit_utf8_next(utf8 + i, n - i, &e->text[e->n]);
        if (len == 0) {
            e->text[e->n] = 0xdc00u + (unsigned char)utf8[i];
            len = 1;
        }
        e->n++;
        i += len;
    }
    e->at = e->n;
    return true;
}

void ou_edit_save(OuEdit *e)
{
    enum { MOST = 256 };
    if (e->undo_n == MOST) {
        free(e->undo[0].text);
        memmove(e->undo, e->undo + 1, (MOST - 1) * sizeof *e->undo);
        e->undo_n--;
    }
    if (e->undo_n == e->undo_cap) {
        size_t cap = e->undo_cap ? e->undo_cap * 2 : 16;
        OuEditState *more = realloc(e->undo, cap * sizeof *more);
        if (!more)
            return;
        e->undo = more;
        e->undo_cap = cap;
    }
    OuEditState s = {malloc((e->n ? e->n : 1) * sizeof *e->text), e->n, e->at};
    if (!s.text)
        return;
    if (e->n)
        memcpy(s.text, e->text, e->n * sizeof *e->text);
    e->undo[e->undo_n++] = s;
}

void ou_edit_undo(OuEdit *e)
{
    if (e->undo_n == 0)
        return;
    OuEditState s = e->undo[--e->undo_n];
    e->n = e->at = 0;
    if (room(e, s.n)) {
        memcpy(e->text, s.text, s.n * sizeof *s.text);
        e->n = s.n;
        e->at = s.at;
    }
    free(s.text);
}

size_t ou_edit_line_start(const OuEdit *e, size_t at)
{
    while (at > 0 && e->text[at - 1] != '\n')
        at--;
    return at;
}

size_t ou_edit_line_end(const OuEdit *e, size_t at)
{
    while (at < e->n && e->text[at] != '\n')
        at++;
    return at;
}

/* ---- completion ---- */

void ou_edit_menu_close(OuEdit *e)
{
    for (size_t i = 0; i < e->menu_n; i++)
        free(e->menu[i]);
    free(e->menu);
    e->menu = NULL;
    e->menu_n = 0;
}

void ou_edit_menu(OuEdit *e, char *const *words, size_t n)
{
    ou_edit_menu_close(e);
    if (n && (e->menu = calloc(n, sizeof *e->menu)))
        for (size_t i = 0; i < n && (e->menu[i] = strdup(words[i])); i++)
            e->menu_n++;
}

size_t ou_edit_common(char *const *words, size_t n)
{
    size_t common = n ? strlen(words[0]) : 0;
    for (size_t i = 1; i < n; i++) {
        size_t k = 0;
        while (k < common && words[i][k] == words[0][k])
            k++;
        common = k;
    }
    while (common > 0 && (words[0][common] & 0xc0) == 0x80)
        common--; /* not inside a character */
    return common;
}

void ou_edit_replace(OuEdit *e, size_t from, const char *utf8, size_t n)
{
    ou_edit_delete(e, from, e->at);
    for (size_t i = 0; i < n;) {
        uint32_t c;
        size_t len = ou_edit_utf8_next(utf8 + i, n - i, &c);
        if (len == 0 || !ou_edit_insert(e, &c, 1))
            break;
        i += len;
    }
}

void ou_edit_completions(OuEdit *e, size_t start, char *const *words, size_t n)
{
    size_t before_n;
    char *before = ou_edit_before(e, &before_n);
    ou_edit_menu_close(e);
    if (!before || n == 0 || start > before_n) {
        free(before);
        e->bell = n == 0;
        return;
    }
    size_t common = ou_edit_common(words, n), typed = before_n - start, from = 0;
    for (size_t i = 0; i < start; from++) {
        uint32_t c;
        size_t len = ou_edit_utf8_next(before + i, before_n - i, &c);
        i += len ? len : 1;
    }
    if (e->completion == '*') {
        ou_edit_save(e);
        for (size_t i = 0; i < n; i++) {
            ou_edit_replace(e, i ? e->at : from, words[i], strlen(words[i]));
            ou_edit_insert(e, (uint32_t[]){' '}, 1);
        }
    } else if (e->completion != '?' && (common > typed || (n == 1 && common >= typed &&
                                                           strncmp(words[0], before + start, typed) != 0))) {
        ou_edit_save(e);
        ou_edit_replace(e, from, words[0], common);
    } else if (n > 1 || e->completion == '?')
        ou_edit_menu(e, words, n);
    free(before);
}
