/* stdlib/edit_search.c - the history at the keys: steps through items that begin as typed, and the search of Ctrl-R. */
#include <stdlib.h>
#include <string.h>

#include "edit.h"

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
void ou_edit_history_step(OuEdit *e, int d)
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

void ou_edit_history_show(OuEdit *e, size_t item)
{
    OuHistory *h = e->history;
    if (item > h->n || item == e->hist_at)
        return;
    if (e->hist_at == h->n) {
        size_t n;
        free(e->hist_saved);
        if (!(e->hist_saved = ou_edit_text(e, &n)))
            return;
        e->hist_prefix = 0;
        ou_edit_save(e);
    }
    show_item(e, item);
}

void ou_edit_history_changed(OuEdit *e)
{
    e->hist_at = e->match = e->history->n;
    free(e->hist_saved);
    e->hist_saved = NULL;
    e->offer = e->arg_from_history = 0;
}

void ou_edit_move_line(OuEdit *e, int d)
{
    size_t start = ou_edit_line_start(e, e->at), col = e->at - start;
    if (d < 0 ? start == 0 : ou_edit_line_end(e, e->at) == e->n) {
        if (!e->single)
            ou_edit_history_step(e, d);
        else if (d > 0 || e->hist_at > 0) /* as readline: whatever was typed */
            ou_edit_history_show(e, d < 0 ? e->hist_at - 1 : e->hist_at + 1);
        return;
    }
    size_t to = d < 0 ? ou_edit_line_start(e, start - 1) : ou_edit_line_end(e, e->at) + 1;
    size_t len = ou_edit_line_end(e, to) - to;
    e->at = to + (col < len ? col : len);
}

/* ---- search ---- */

/* The last word of the item before `last` (1 + its index; 0: of the newest) goes in place of the one that the last key took. */
void ou_edit_last_arg(OuEdit *e, size_t last)
{
    OuHistory *h = e->history;
    size_t item = last ? last - 1 : h->n;
    if (item == 0 || item > h->n) {
        e->bell = true;
        e->arg_from_history = last;
        return;
    }
    const char *s = h->items[--item];
    size_t end = strlen(s), start, n = 0;
    while (end && (s[end - 1] == ' ' || s[end - 1] == '\n'))
        end--;
    for (start = end; start && s[start - 1] != ' ' && s[start - 1] != '\n' && s[start - 1] != '\t';)
        start--;
    uint32_t *word = malloc((end - start + 1) * sizeof *word);
    for (size_t i = start; word && i < end;) {
        size_t len = ou_edit_utf8_next(s + i, end - i, &word[n++]);
        i += len ? len : 1;
    }
    ou_edit_save(e);
    if (last)
        ou_edit_delete(e, e->arg_at, e->at);
    e->arg_at = e->at;
    if (word)
        ou_edit_insert(e, word, n);
    free(word);
    e->arg_from_history = item + 1;
}

void ou_edit_search_begin(OuEdit *e, bool forward)
{
    e->searching = true;
    e->search_forward = forward;
    e->search_failed = false;
    e->query_n = 0;
    e->query[0] = 0;
    e->match = e->history->n;
}

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

bool ou_edit_search_key(OuEdit *e, uint32_t key, bool other)
{
    char buf[8];
    size_t n;
    switch (key) {
    case OU_CTRL('R'):
        e->search_forward = false;
        if (e->match > 0)
            search(e, (e->match < e->history->n ? e->match : e->history->n) - 1, -1);
        else
            e->search_failed = true;
        return true;
    case OU_CTRL('S'):
        e->search_forward = true;
        search(e, e->match < e->history->n ? e->match + 1 : 0, 1);
        return true;
    case OU_CTRL('G'):
    case OU_CTRL('C'):
        search_end(e, false);
        return true;
    case OU_CTRL('H'):
    case 127:
        while (e->query_n > 0 && (e->query[--e->query_n] & 0xc0) == 0x80)
            ;
        e->query[e->query_n] = 0;
        search(e, e->search_forward ? 0 : e->history->n - 1, e->search_forward ? 1 : -1);
        return true;
    default:
        if (other) {
            search_end(e, true);
            return false;
        }
        n = ou_edit_utf8_put(buf, key);
        if (e->query_n + n < sizeof e->query) {
            memcpy(e->query + e->query_n, buf, n);
            e->query_n += n;
            e->query[e->query_n] = 0;
            size_t last = e->history->n - 1;
            search(e,
                   e->match <= last && e->history->n ? e->match
                   : e->search_forward               ? 0
                                                     : last,
                   e->search_forward ? 1 : -1);
        }
        return true;
    }
}
