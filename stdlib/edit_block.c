/* stdlib/edit_block.c - lines of a block: Enter, automatic indentation, paste.
 *
 * Indentation is typed by the editor only when a person types.  Code sent by a program brings its own, and none of it may be
 * changed: nothing is indented when more input waits behind the Enter, a line that arrives as a whole with its Enter takes the
 * place of the indentation, so does the first space typed there, and nothing is indented inside a string.  A blank line ends
 * the block when the editor made its blanks; when they were typed the block goes on, as at CPython's prompt. */
#include <stdlib.h>
#include <string.h>

#include "edit.h"

/* ---- where the cursor is in the program ---- */

typedef struct Place {
    size_t logical; /* where the logical line begins */
    size_t open;    /* where the innermost open bracket is; n: none */
    size_t last;    /* last character that is neither blank nor comment; n: none in this logical line */
    bool string, backslash; /* inside a string of three quotes; behind a backslash at the end of a line */
} Place;

/* Reads text[0..at) as Python, as far as brackets, strings and comments go. */
static Place place(const OuEdit *e, size_t at)
{
    enum { DEEPEST = 64 };
    size_t stack[DEEPEST], depth = 0;
    const uint32_t *s = e->text;
    Place p = {0, e->n, e->n, false, false};
    for (size_t i = 0; i < at; i++) {
        uint32_t c = s[i];
        p.backslash = false;
        if (c == '"' || c == '\'') {
            bool three = i + 2 < at && s[i + 1] == c && s[i + 2] == c;
            size_t k = i + (three ? 3 : 1);
            p.string = three;
            for (; k < at; k++) {
                if (s[k] == '\\')
                    k++;
                else if (three ? s[k] == c && k + 2 < at && s[k + 1] == c && s[k + 2] == c
                               : s[k] == c || s[k] == '\n') {
                    p.string = false;
                    break;
                }
            }
            if (k >= at)
                return p;
            i = three ? k + 2 : s[k] == '\n' ? k - 1 : k;
            p.last = i;
        } else if (c == '#') {
            while (i + 1 < at && s[i + 1] != '\n')
                i++;
        } else if (c == '(' || c == '[' || c == '{') {
            if (depth < DEEPEST)
                stack[depth] = i;
            depth++;
            p.last = i;
        } else if (c == ')' || c == ']' || c == '}') {
            depth -= depth > 0;
            p.last = i;
        } else if (c == '\\' && (i + 1 == at || s[i + 1] == '\n')) {
            p.backslash = i + 1 == at;
            i++;
        } else if (c == '\n') {
            if (depth == 0) {
                p.logical = i + 1;
                p.last = e->n;
            }
        } else if (c != ' ' && c != '\t' && c != '\f')
            p.last = i;
    }
    p.open = depth && depth <= DEEPEST ? stack[depth - 1] : e->n;
    return p;
}

static size_t spaces_at(const OuEdit *e, size_t start)
{
    size_t n = 0;
    while (start + n < e->n && e->text[start + n] == ' ')
        n++;
    return n;
}

static bool word_at(const OuEdit *e, size_t at, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i < n; i++)
        if (at + i >= e->n || e->text[at + i] != (unsigned char)word[i])
            return false;
    return at + n == e->n || !ou_edit_word_char(e->text[at + n]);
}

/* Indentation for the line behind the cursor. */
static size_t indentation(const OuEdit *e)
{
    static const char *const leaving[] = {"return", "pass", "raise", "break", "continue"};
    Place p = place(e, e->at);
    size_t start = ou_edit_line_start(e, e->at), here = spaces_at(e, start);
    if (p.string)
        return 0;
    if (p.open < e->n)
        return p.open >= start ? here + 4 : here;
    if (p.backslash)
        return p.logical == start ? here + 4 : here;
    size_t base = spaces_at(e, p.logical), width = base;
    if (p.last == e->n) /* an empty line or a comment */
        return here;
    if (e->text[p.last] == ':')
        return width + 4;
    for (size_t w = 0; w < sizeof leaving / sizeof *leaving; w++)
        if (word_at(e, p.logical + base, leaving[w]))
            return width >= 4 ? width - 4 : 0;
    return width;
}

/* ---- else: and closing brackets ---- */

static bool opens(const OuEdit *e, size_t at, const char *const *words)
{
    for (; *words; words++)
        if (word_at(e, at, *words))
            return true;
    return false;
}

void ou_edit_dedent(OuEdit *e)
{
    static const char *const for_else[] = {"if", "elif", "for", "while", "try", "except", "async", NULL};
    static const char *const for_elif[] = {"if", "elif", NULL}, *const for_except[] = {"try", "except", NULL},
                             *const for_finally[] = {"try", "except", "else", NULL};
    size_t start = ou_edit_line_start(e, e->at), here = spaces_at(e, start), first = start + here, to = here;
    if (!e->own_indent || here == 0 || e->at <= first)
        return;
    uint32_t c = e->text[e->at - 1];
    if (e->at == first + 1 && (c == ')' || c == ']' || c == '}')) {
        Place p = place(e, first);
        if (!p.string && p.open < e->n)
            to = spaces_at(e, ou_edit_line_start(e, p.open));
    } else if (c == ':') {
        const char *const *words = word_at(e, first, "else")      ? for_else
                                   : word_at(e, first, "elif")    ? for_elif
                                   : word_at(e, first, "except")  ? for_except
                                   : word_at(e, first, "finally") ? for_finally
                                                                  : NULL;
        Place p = place(e, e->at);
        if (!words || p.string || p.open < e->n || p.logical != start || p.last != e->at - 1)
            return;
        /* the nearest statement above that may have it; a line with less indentation hides the deeper ones */
        size_t limit = here;
        for (size_t line = start; line > 0;) {
            line = ou_edit_line_start(e, line - 1);
            size_t n = spaces_at(e, line);
            if (n > limit || line + n >= e->n || e->text[line + n] == '\n' || e->text[line + n] == '#')
                continue;
            if (opens(e, line + n, words)) {
                to = n;
                break;
            }
            if (n == 0)
                return;
            limit = n - 1;
        }
    }
    if (to < here) {
        ou_edit_delete(e, start, start + (here - to));
        e->own_indent = false;
    }
}

/* ---- Enter ---- */

OuEditAction ou_edit_enter(OuEdit *e, bool waiting)
{
    if (e->single) {
        e->at = e->n;
        return OU_EDIT_ACCEPT;
    }
    bool at_end = ou_edit_only_blank(e, e->at, e->n), single = ou_edit_line_end(e, 0) == e->n;
    if (at_end || single) {
        size_t start = ou_edit_line_start(e, e->n), n;
        bool blank = !single && ou_edit_only_blank(e, start, e->n), goes_on = blank && start < e->n;
        if (goes_on && (e->own_indent || e->whole)) { /* its blanks are not part of the block */
            ou_edit_delete(e, start, e->n);
            goes_on = false;
        }
        char *text = goes_on ? NULL : ou_edit_text(e, &n);
        if (text && e->whole)
            text[n++] = '\n'; /* no empty line is asked for: in place of the NUL */
        bool complete = !goes_on && (!text || e->complete(e->arg, text, n));
        free(text);
        e->at = e->n;
        if (complete)
            return OU_EDIT_ACCEPT;
    }
    ou_edit_save(e);
    e->whole = false;
    size_t spaces = waiting ? 0 : indentation(e);
    uint32_t c = '\n';
    if (!ou_edit_insert(e, &c, 1))
        return OU_EDIT_MORE;
    for (c = ' ', e->auto_indent = 0; e->auto_indent < spaces && ou_edit_insert(e, &c, 1);)
        e->auto_indent++;
    e->own_indent = true;
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

size_t ou_edit_paste(OuEdit *e, const char *s, size_t n)
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
