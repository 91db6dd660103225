/* stdlib/edit_view.c - layout of the block on a screen: prompts, wrapping at the width, wide and combining characters, the menu of
 * completions; the part around the cursor when the screen is too small. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uniwidth.h>

#include "edit.h"

int ou_char_width(uint32_t c)
{
    if (c < 0x20 || c == 0x7f)
        return 2; /* ^X */
    if (c < 0x7f)
        return 1;
    int w = uc_width(c, "UTF-8");
    return w < 0 ? 1 : w;
}

typedef struct Layout {
    OuEditView *v;
    size_t width, first, last; /* rows wanted */
    size_t row, col;           /* where the next character goes */
    bool failed;
} Layout;

static void put(Layout *l, const char *s, size_t n)
{
    OuEditView *v = l->v;
    if (l->row < l->first || l->row > l->last)
        return;
    if (v->n + n + 1 > v->cap) {
        size_t cap = (v->n + n + 1) * 2;
        char *more = realloc(v->text, cap);
        if (!more) {
            l->failed = true;
            return;
        }
        v->text = more;
        v->cap = cap;
    }
    memcpy(v->text + v->n, s, n);
    v->n += n;
    v->text[v->n] = 0;
}

static void new_row(Layout *l)
{
    bool visible = l->row >= l->first && l->row < l->last;
    if (visible)
        put(l, "\r\n", 2);
    l->row++;
    l->col = 0;
}

/* Room for a character of w columns: wraps when the row is full. */
static void make_room(Layout *l, int w)
{
    if (l->col + (size_t)w > l->width)
        new_row(l);
}

static void put_char(Layout *l, uint32_t c)
{
    char buf[8];
    int w = ou_char_width(c);
    make_room(l, w);
    if (c < 0x20 || c == 0x7f) {
        buf[0] = '^';
        buf[1] = (char)(c ^ 0x40);
        put(l, buf, 2);
    } else
        put(l, buf, ou_edit_utf8_put(buf, c));
    l->col += (size_t)w;
}

/* Bytes of the escape sequence at s[0..n) (ESC [ ... letter, or ESC and one more). */
static size_t escape(const char *s, size_t n)
{
    size_t i = 2;
    if (n < 2 || s[1] != '[')
        return n < 2 ? n : 2;
    while (i < n && !((unsigned char)s[i] >= 0x40 && (unsigned char)s[i] <= 0x7e))
        i++;
    return i < n ? i + 1 : n;
}

/* To the next multiple of 8, or to the end of the row: it may be narrower. */
static void put_tab(Layout *l)
{
    do
        put_char(l, ' ');
    while (l->col % 8 && l->col < l->width);
}

/* A prompt may hold escape sequences, which take no room, as does whatever stands between \1 and \2; and line ends. */
static void put_text(Layout *l, const char *s)
{
    bool hidden = false;
    for (size_t n = strlen(s), i = 0; i < n;) {
        uint32_t c;
        size_t len = ou_edit_utf8_next(s + i, n - i, &c);
        if (len == 0)
            len = 1, c = '?';
        if (c == 1 || c == 2)
            hidden = c == 1;
        else if (c == 0x1b && !hidden) {
            len = escape(s + i, n - i);
            put(l, s + i, len);
        } else if (hidden)
            put(l, s + i, len);
        else if (c == '\n')
            new_row(l);
        else if (c == '\t')
            put_tab(l);
        else if (c != '\r')
            put_char(l, c);
        i += len;
    }
}

static void put_prompt(Layout *l, const OuEditStyle *style, const char *s)
{
    put(l, style->prompt_on, strlen(style->prompt_on));
    put_text(l, s);
    put(l, style->off, strlen(style->off));
}

static void put_menu(Layout *l, const OuEdit *e)
{
    size_t widest = 1, most = 200;
    for (size_t i = 0; i < e->menu_n; i++)
        if (strlen(e->menu[i]) > widest)
            widest = strlen(e->menu[i]);
    size_t columns = l->width / (widest + 2), rows;
    if (columns == 0)
        columns = 1;
    size_t n = e->menu_n < most ? e->menu_n : most;
    rows = (n + columns - 1) / columns;
    for (size_t r = 0; r < rows; r++) {
        new_row(l);
        for (size_t k = 0; k < columns && k * rows + r < n; k++) {
            while (l->col < k * (widest + 2) && l->col < l->width)
                put_char(l, ' ');
            put_text(l, e->menu[k * rows + r]);
        }
    }
    if (n < e->menu_n) {
        char more[40];
        new_row(l);
        snprintf(more, sizeof more, "... and %zu more", e->menu_n - n);
        put_text(l, more);
    }
}

/* One pass over the block: row and column of the cursor, number of rows. */
static void lay_out(const OuEdit *e, const OuEditStyle *style, Layout *l)
{
    OuEditView *v = l->v;
    if (e->searching) {
        const char *found = e->match < e->history->n ? e->history->items[e->match] : "";
        put_text(l, e->search_failed ? "(failed " : "(");
        put_text(l, e->search_forward ? "i-search)`" : "reverse-i-search)`");
        put_text(l, e->query);
        v->row = l->row;
        v->col = l->col;
        put_text(l, "': ");
        for (const char *p = found; *p;) {
            const char *nl = strchrnul(p, '\n');
            char *line = strndup(p, (size_t)(nl - p));
            if (line)
                put_text(l, line);
            free(line);
            if (*nl)
                new_row(l);
            p = *nl ? nl + 1 : nl;
        }
        v->rows = l->row + 1;
        v->end_col = l->col;
        return;
    }
    put_prompt(l, style, style->ps1);
    for (size_t i = 0;; i++) {
        if (i == e->at) {
            /* the cursor stands where the next character would go */
            if (l->col >= l->width && (i == e->n || e->text[i] == '\n' || ou_char_width(e->text[i]) > 0))
                new_row(l);
            v->row = l->row;
            v->col = l->col;
        }
        if (i == e->n)
            break;
        if (e->text[i] == '\n') {
            new_row(l);
            put_prompt(l, style, style->ps2);
        } else if (e->text[i] == '\t')
            put_tab(l);
        else
            put_char(l, e->text[i]);
    }
    if (e->menu_n)
        put_menu(l, e);
    v->rows = l->row + 1;
    v->end_col = l->col;
}

bool ou_edit_view(const OuEdit *e, const OuEditStyle *style, size_t width, size_t height, OuEditView *out)
{
    if (width < 2)
        width = 2;
    if (height < 1)
        height = 1;
    /* first where the cursor and the end are (nothing is kept), then the rows around it */
    out->n = 0;
    Layout l = {.v = out, .width = width, .first = SIZE_MAX, .last = 0};
    lay_out(e, style, &l);
    size_t rows = out->rows, first = 0;
    if (rows > height) {
        first = out->row + 1 > height ? out->row + 1 - height : 0;
        if (e->menu_n && first + height < rows) /* show as much of the menu as leaves the cursor's row */
            first = out->row < rows - height ? out->row : rows - height;
    }
    size_t last = first + height - 1 < rows - 1 ? first + height - 1 : rows - 1;
    l = (Layout){.v = out, .width = width, .first = first, .last = last};
    out->n = 0;
    lay_out(e, style, &l);
    out->rows = last - first + 1;
    out->row -= first;
    if (!out->text && !l.failed) {
        out->text = calloc(1, 1);
        out->cap = out->text ? 1 : 0;
    }
    return !l.failed && out->text;
}

void ou_edit_view_free(OuEditView *v)
{
    free(v->text);
    *v = (OuEditView){0};
}
