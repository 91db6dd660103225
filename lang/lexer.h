/* lang/lexer.h - text to tokens, one logical line at a time.
 *
 * lexer.re finds single tokens; tokens.c adds what depends on the line: INDENT, DEDENT, NEWLINE, the
 * soft keyword `match`, the end of the input.  The parser's loop is
 *
 *     ou_lex_init(&lex, p, mode);
 *     while (ou_lex_line(&lex) > 0)
 *         for (size_t i = lex.first; i < lex.n; i++) { ... lex.tok[i] ... }
 *     ou_lex_free(&lex);
 *
 * A token array is the lexer's and moves: copy what is kept.  The last line ends with ENDMARKER.  When the
 * text cannot be split, the line ends with an ERROR token instead and lex.diag says why: the parser reports
 * it when it gets there, or earlier, instead of a generic "invalid syntax" (CPython tokenises the rest of the
 * file before it says so).
 */
#ifndef OU_LANG_LEXER_H
#define OU_LANG_LEXER_H

#include "parse.h"
#include "token.h"

#define OU_LEX_MAX_BRACKETS 200
#define OU_LEX_MAX_INDENT 100

typedef struct OuBracket {
    char c; /* as opened: ( [ { */
    int32_t lineno, col;
} OuBracket;

typedef struct OuTypeIgnore {
    int32_t lineno;
    OuText *tag; /* what follows "# type: ignore" */
} OuTypeIgnore;

typedef struct OuLex {
    OuParse *p;
    OuDiag diag;  /* of the ERROR token */
    OuToken *tok; /* the current line's tokens are tok[first..n) */
    size_t first, n, cap;
    bool keep;     /* caller sets: tok holds all lines from the first (first > 0), not just one */
    bool quiet;    /* caller sets: no warnings (a second walk over the same text) */
    bool done;     /* ENDMARKER or ERROR has been delivered */
    bool unclosed; /* the ERROR is the end of the input inside a bracket */
    int level;     /* open brackets at the end of tok */
    OuBracket bracket[OU_LEX_MAX_BRACKETS];
    OuTypeIgnore *type_ignores; /* arena; only with OU_PARSE_TYPE_COMMENTS */
    size_t n_type_ignores;

    /* private */
    const char *text, *cur, *line; /* text being split (NUL terminated), next byte, start of the line */
    const char *limit;             /* the NUL */
    const char *buffer; /* start of the line, or of the first one joined to it by backslash or string */
    ptrdiff_t offset;   /* of text[0] in p->source */
    int32_t lineno, first_lineno;
    int32_t col_shift; /* added to columns of the first line (f-string expressions) */
    OuParseMode mode;
    bool fstring, no_memory;
    bool bol;     /* at the beginning of a line whose indentation has not been read */
    bool blank;   /* the line holds no token */
    bool started; /* OU_PARSE_SINGLE: a token since the last NEWLINE made up */
    int pending;  /* INDENTs (> 0) or DEDENTs (< 0) still to deliver */
    int indent;
    int32_t indents[OU_LEX_MAX_INDENT], alt_indents[OU_LEX_MAX_INDENT];
    size_t cap_type_ignores;
} OuLex;

/* Starts at the beginning of p->source.  Never fails. */
void ou_lex_init(OuLex *lex, OuParse *p, OuParseMode mode);
/* For an f-string's expression p->source[start..end), whose "{" stands at lineno, col: yields LPAR, its
 * tokens, RPAR, ENDMARKER as one line (CPython wraps the text in parentheses: `{*a}`, `{yield}`, `{x:=1}` and
 * newlines follow from it).  0, or -1 when out of memory (p->diag set). */
int ou_lex_init_fstring(OuLex *lex, OuParse *p, uint32_t start, uint32_t end, int lineno, int col);
/* Splits the next logical line.  1, 0 after the last one, -1 when out of memory (p->diag set). */
int ou_lex_line(OuLex *lex);
void ou_lex_free(OuLex *lex);

/* Between lexer.re and tokens.c. */
enum {
    RAW_EOL = TOK_COUNT, /* t spans comment and line end; the next line has been entered */
    RAW_EOF,
};
/* Splits one token off: t's kind and place, or a RAW_ kind, or TOK_ERROR with lex->diag (or no_memory) set.
 */
int ou_lex_scan(OuLex *lex, OuToken *t);
/* Sets lex->diag.  Returns TOK_ERROR. */
int ou_lex_fail(OuLex *lex, OuDiagKind kind, int lineno, int col, int end_col, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));
/* Byte column of s on the current line. */
int ou_lex_col(const OuLex *lex, const char *s);
/* At a number literal that is malformed or runs into a name: its end, or NULL with lex->diag set. */
const char *ou_lex_number(OuLex *lex, const char *s);
/* At a word with bytes above 127: checks it (PEP 3131), interned name in NFKC, or NULL with diag set. */
OuText *ou_lex_name(OuLex *lex, const char *s, size_t n);

#endif
