/* lang/tokens.c - the token layer: layout, the soft keyword `match`, the end of the input.
 *
 * Indentation follows CPython's tokenizer: a tab moves to the next multiple of 8, and a second count with
 * tabs of 1 must order the lines the same way, or TabError.  `match` is decided at the start of a logical
 * line only, from the token after it and, where that could begin both a subject and an operand, from the
 * line's last token. */
#include "lexer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *ou_token_spelling(OuTokenKind kind)
{
    static const char *const spelling[TOK_COUNT] = {
        "",
#define TOKEN(name, text, op) text,
#define KEYWORD(name, text, op) text,
#include "tokens.def"
#undef TOKEN
#undef KEYWORD
    };
    return spelling[kind];
}

int ou_lex_col(const OuLex *lex, const char *s)
{
    return (int)(s - lex->line) + (lex->lineno == lex->first_lineno ? lex->col_shift : 0);
}

int ou_lex_fail(OuLex *lex, OuDiagKind kind, int lineno, int col, int end_col, const char *fmt, ...)
{
    char msg[256];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    ou_diag_set(&lex->diag, lex->p->arena, kind, lineno, col, lineno, end_col, "%s", msg);
    /* CPython's tokenizer shows the line without its end, its parser with it; the latter knows no end column
     */
    size_t n;
    const char *line = end_col >= 0 && !lex->fstring ? ou_parse_line(lex->p, lineno, &n) : NULL;
    if (line)
        lex->diag.text = ou_arena_copy(lex->p->arena, line, n);
    return TOK_ERROR;
}

void ou_lex_init(OuLex *lex, OuParse *p, OuParseMode mode)
{
    memset(lex, 0, sizeof *lex);
    lex->p = p;
    lex->mode = mode;
    lex->text = lex->cur = lex->line = lex->buffer = p->source;
    lex->limit = p->source + p->source_len;
    lex->lineno = lex->first_lineno = 1;
    lex->bol = true;
}

int ou_lex_init_fstring(OuLex *lex, OuParse *p, uint32_t start, uint32_t end, int lineno, int col)
{
    size_t n = end - start;
    char *copy = ou_arena_alloc(p->arena, n + 3);
    memset(lex, 0, sizeof *lex);
    lex->p = p;
    if (!copy)
        return ou_diag_set(&p->diag, p->arena, OU_DIAG_MEMORY, 0, -1, 0, -1, "out of memory");
    copy[0] = '(';
    memcpy(copy + 1, p->source + start, n);
    copy[n + 1] = ')';
    lex->text = lex->cur = lex->line = lex->buffer = copy;
    lex->limit = copy + n + 2;
    lex->offset = (ptrdiff_t)start - 1;
    lex->lineno = lex->first_lineno = lineno;
    lex->col_shift = col;
    lex->mode = OU_PARSE_EVAL;
    lex->fstring = true;
    return 0;
}

void ou_lex_free(OuLex *lex)
{
    ou_mem_free(lex->p->mem, lex->tok, lex->cap * sizeof *lex->tok);
    lex->tok = NULL;
    lex->n = lex->cap = 0;
}

static int tab_error(OuLex *lex)
{
    return ou_lex_fail(lex, OU_DIAG_TAB, lex->lineno, 0, -1,
                       "inconsistent use of tabs and spaces in indentation");
}

/* Reads the blanks at the start of a line and compares them with the open blocks: sets pending, blank.
 * 0, or TOK_ERROR. */
static int read_indentation(OuLex *lex)
{
    int col = 0, alt = 0, joined = 0;
    const char *s = lex->cur;
    lex->bol = false;
    for (;; s++) {
        if (*s == ' ') {
            col++;
            alt++;
        } else if (*s == '\t') {
            col = (col / 8 + 1) * 8;
            alt++;
        } else if (*s == '\f') {
            col = alt = 0;
        } else if (*s == '\\' && s[1] == '\n' && s[2]) {
            /* a continued blank line: the indentation is the first one that is not 0 */
            if (!joined)
                joined = col;
            lex->lineno++;
            lex->line = lex->buffer = s++ + 2;
        } else {
            break;
        }
    }
    lex->cur = s;
    lex->blank = *s == '#' || *s == '\n';
    if (lex->blank || lex->level || *s == '\\') /* a stray backslash is refused before its indentation is */
        return 0;
    if (joined)
        col = alt = joined;
    int top = lex->indents[lex->indent];
    if (col == top)
        return alt == lex->alt_indents[lex->indent] ? 0 : tab_error(lex);
    if (col > top) {
        if (lex->indent + 1 >= OU_LEX_MAX_INDENT)
            return ou_lex_fail(lex, OU_DIAG_INDENTATION, lex->lineno, 0, -1,
                               "too many levels of indentation");
        if (alt <= lex->alt_indents[lex->indent])
            return tab_error(lex);
        lex->pending = 1;
        lex->indents[++lex->indent] = col;
        lex->alt_indents[lex->indent] = alt;
        return 0;
    }
    while (lex->indent > 0 && col < lex->indents[lex->indent]) {
        lex->indent--;
        lex->pending--;
    }
    if (col != lex->indents[lex->indent]) {
        const char *end = strchr(s, '\n');
        return ou_lex_fail(lex, OU_DIAG_INDENTATION, lex->lineno,
                           (int)((end ? end + 1 : lex->limit) - lex->line) - 1, -2,
                           "unindent does not match any outer indentation level");
    }
    return alt == lex->alt_indents[lex->indent] ? 0 : tab_error(lex);
}

/* A zeroed token at the end of the array; NULL on no memory. */
static OuToken *new_token(OuLex *lex)
{
    if (lex->n == lex->cap) {
        size_t cap = lex->cap ? lex->cap * 2 : 32;
        OuToken *more = ou_mem_realloc(lex->p->mem, lex->tok, lex->cap * sizeof *more, cap * sizeof *more);
        if (!more)
            return NULL;
        lex->tok = more;
        lex->cap = cap;
    }
    return memset(&lex->tok[lex->n], 0, sizeof *lex->tok);
}

/* Places a token without text at the current position. */
static void place_here(OuLex *lex, OuToken *t, int kind, int lineno, int col)
{
    t->kind = (uint8_t)kind;
    t->start = t->end = (uint32_t)(lex->offset + (lex->cur - lex->text));
    t->lineno = t->end_lineno = lineno;
    t->col = t->end_col = col;
}

/* The last line's number at the end of the input: a final line end begins no line. */
static int end_lineno(const OuLex *lex)
{
    return lex->lineno - (lex->cur == lex->line);
}

/* The input ends: what CPython's tokenizer, and the parser's hook for interactive input, make of it. */
static void end_of_input(OuLex *lex, OuToken *t)
{
    place_here(lex, t, TOK_ENDMARKER, end_lineno(lex), -1);
    if (lex->level) {
        const OuBracket *b = &lex->bracket[lex->level - 1];
        ou_lex_fail(lex, OU_DIAG_SYNTAX, b->lineno, b->col, -1, "'%c' was never closed", b->c);
        lex->diag.incomplete = lex->unclosed = true;
        t->kind = TOK_ERROR;
    } else if (lex->mode == OU_PARSE_SINGLE && lex->started) {
        t->kind = TOK_NEWLINE;
        t->flags = TOKF_IMPLIED;
        lex->started = false;
        if (!(lex->p->flags & OU_PARSE_DONT_IMPLY_DEDENT)) {
            lex->pending = -lex->indent;
            lex->indent = 0;
        }
        return;
    }
    lex->done = true;
}

static void decide_match(OuLex *lex)
{
    OuToken *t = lex->tok + lex->first, *end = lex->tok + lex->n;
    while (t < end && (t->kind == TOK_INDENT || t->kind == TOK_DEDENT))
        t++;
    if (t == end)
        return;
    t->flags |= TOKF_FIRST;
    if (t->kind != TOK_NAME || t->name->len != 5 || memcmp(t->name->s, "match", 5) || t + 1 >= end)
        return;
    switch (t[1].kind) {
    case TOK_NAME:
    case TOK_CASE:
    case TOK_NUMBER:
    case TOK_STRING:
    case TOK_LBRACE:
    case TOK_TILDE:
    case TOK_ELLIPSIS:
    case TOK_LAMBDA:
    case TOK_AWAIT:
    case TOK_YIELD:
    case TOK_NONE:
    case TOK_TRUE:
    case TOK_FALSE:
        t->kind = TOK_MATCH;
        break;
    case TOK_LPAR:
    case TOK_LSQB:
    case TOK_PLUS:
    case TOK_MINUS:
    case TOK_STAR:
    case TOK_NOT:
        do
            end--;
        while (end->kind == TOK_NEWLINE || end->kind == TOK_TYPE_COMMENT);
        if (end->kind == TOK_COLON)
            t->kind = TOK_MATCH;
        break;
    default:
        break;
    }
}

int ou_lex_line(OuLex *lex)
{
    if (lex->done)
        return 0;
    if (!lex->keep)
        lex->n = 0;
    lex->first = lex->n;
    for (;;) {
        OuToken *t = new_token(lex);
        if (!t)
            goto no_memory;
        if (lex->bol && read_indentation(lex)) {
            place_here(lex, t, TOK_ERROR, lex->lineno, ou_lex_col(lex, lex->cur));
            lex->done = true;
        } else if (lex->pending) {
            int kind = lex->pending > 0 ? TOK_INDENT : TOK_DEDENT;
            lex->pending -= lex->pending > 0 ? 1 : -1;
            place_here(lex, t, kind, *lex->cur ? lex->lineno : end_lineno(lex), ou_lex_col(lex, lex->cur));
            lex->started = true;
        } else {
            switch (ou_lex_scan(lex, t)) {
            case RAW_EOL:
                lex->bol = true;
                if (lex->blank || lex->level) {
                    lex->blank = false;
                    continue;
                }
                t->kind = TOK_NEWLINE;
                lex->started = true;
                break;
            case RAW_EOF:
                end_of_input(lex, t);
                break;
            case TOK_ERROR:
                if (lex->no_memory)
                    goto no_memory;
                place_here(lex, t, TOK_ERROR, lex->lineno, ou_lex_col(lex, lex->cur));
                lex->done = true;
                break;
            default:
                lex->started = true;
                lex->blank = false;
            }
        }
        lex->n++;
        if (lex->done || t->kind == TOK_NEWLINE)
            break;
    }
    if (!lex->fstring)
        decide_match(lex);
    return 1;

no_memory:
    lex->done = true;
    return ou_diag_set(&lex->p->diag, lex->p->arena, OU_DIAG_MEMORY, 0, -1, 0, -1, "out of memory");
}
