/* lang/diag.c - filling in errors and warnings. */
#include "diag.h"

#include <stdarg.h>
#include <stdio.h>

static char *format(OuArena *a, const char *fmt, va_list ap)
{
    char small[256];
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(small, sizeof small, fmt, ap);
    char *msg = NULL;
    if (n >= 0 && (size_t)n < sizeof small)
        msg = ou_arena_copy(a, small, (size_t)n);
    else if (n >= 0 && (msg = ou_arena_alloc(a, (size_t)n + 1)))
        vsnprintf(msg, (size_t)n + 1, fmt, again);
    va_end(again);
    return msg;
}

int ou_diag_set(OuDiag *d, OuArena *a, OuDiagKind kind, int lineno, int col, int end_lineno, int end_col,
                const char *fmt, ...)
{
    if (d->kind != OU_DIAG_NONE)
        return -1;
    va_list ap;
    va_start(ap, fmt);
    char *msg = format(a, fmt, ap);
    va_end(ap);
    d->kind = msg ? kind : OU_DIAG_MEMORY;
    d->msg = msg;
    d->lineno = lineno;
    d->col = col;
    d->end_lineno = end_lineno;
    d->end_col = end_col;
    return -1;
}

int ou_diag_set_pass(OuDiag *d, OuArena *a, OuDiagPass pass, int lineno, int col, int end_lineno, int end_col,
                     const char *msg)
{
    if (d->kind == OU_DIAG_NONE) {
        ou_diag_set(d, a, OU_DIAG_SYNTAX, lineno, col, end_lineno, end_col, "%s", msg);
        d->pass = pass;
    }
    return -1;
}

int ou_diag_warn(OuDiagWarning **list, OuArena *a, const char *category, int lineno, int col, int end_lineno,
                 int end_col, const char *fmt, ...)
{
    OuDiagWarning *w = ou_arena_alloc(a, sizeof *w);
    if (!w)
        return -1;
    va_list ap;
    va_start(ap, fmt);
    w->msg = format(a, fmt, ap);
    va_end(ap);
    if (!w->msg)
        return -1;
    w->category = category;
    w->lineno = lineno;
    w->col = col;
    w->end_lineno = end_lineno;
    w->end_col = end_col;
    while (*list)
        list = &(*list)->next;
    *list = w;
    return 0;
}
