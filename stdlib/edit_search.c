/* stdlib/edit_search.c - the history at the keys: steps through items that begin as typed, and the search of Ctrl-R. */
#include <stdlib.h>
#include <string.h>

#include "edit.h"

#define CTRL(c) ((c)&31)

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

void ou_edit_move_line(OuEdit *e, int d)
{
    size_t start = ou_edit_line_start(e, e->at), col = e->at - start;
    if (d < 0 ? start == 0 : ou_edit_line_end(e, e->at) == e->n) {
        ou_edit_history_step(e, d);
        return;
    }
    size_t to = d < 0 ? ou_edit_line_start(e, start - 1) : ou_edit_line_end(e, e->at) + 1;
    size_t len = ou_edit_line_end(e, to) - to;
    e->at = to + (col < len ? col : len);
}

/* ---- search ---- */

void ou_edit_search_begin(OuEdit *e)
{
    e->searching = true;
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
        if (other) {
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
