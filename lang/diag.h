/* lang/diag.h - what the front end has to say: one error, any number of warnings.
 *
 * lang/ knows no exceptions.  A failing pass fills OuDiag and returns NULL or -1; vm/
 * turns it into SyntaxError (IndentationError, TabError, ...) with CPython's fields. */
#ifndef OU_LANG_DIAG_H
#define OU_LANG_DIAG_H

#include "gc/arena.h"

typedef enum {
    OU_DIAG_NONE,
    OU_DIAG_SYNTAX,
    OU_DIAG_INDENTATION,
    OU_DIAG_TAB,
    OU_DIAG_UNICODE,   /* SyntaxError "(unicode error) ..." and undecodable source */
    OU_DIAG_VALUE,     /* ValueError (source code string cannot contain null bytes ...) */
    OU_DIAG_RECURSION, /* RecursionError "... during compilation" */
    OU_DIAG_MEMORY,    /* MemoryError: the arena failed or too deep nesting */
    OU_DIAG_OVERFLOW,  /* SystemError: a unit with more of something than an operand holds */
    OU_DIAG_HOOK,      /* a hook of vm/ failed and has set its own exception */
} OuDiagKind;

/* Who complains.  CPython's passes after the parser take the line of source from the file (there is none for a string), count
 * columns in bytes, and those before the compiler set attributes instead of arguments. */
typedef enum OuDiagPass { OU_DIAG_PARSER, OU_DIAG_SYMBOLS, OU_DIAG_COMPILER } OuDiagPass;

#define OU_DIAG_NO_END (-1000000) /* end_col: CPython gives no end_offset (None) */

typedef struct OuDiag {
    OuDiagKind kind;
    char *msg;              /* arena; UTF-8 */
    int lineno, end_lineno; /* from 1; 0: unknown (args (file, 0, -1, None)); -1: the message is all */
    int col,
        end_col; /* UTF-8 byte offsets from 0, both in line `lineno`; vm/ turns them into SyntaxError.offset (1-based,
                                    characters).  Negative ones too: end_col -1 is CPython's end_offset 0,
                                    -2 its -1 */
    char *text; /* the line to show (SyntaxError.text) instead of the source's line `lineno`:
                                    an error inside an f-string shows "(expression)", one of the tokenizer
                                    its line without line end; or NULL: the line and "\n".  Arena */
    OuDiagPass pass;
    bool incomplete; /* the input ended inside a statement: the REPL asks for more */
} OuDiag;

typedef struct OuDiagWarning {
    struct OuDiagWarning *next;
    const char *category; /* "SyntaxWarning", "DeprecationWarning" */
    char *msg;            /* arena */
    int lineno, col, end_lineno, end_col;
} OuDiagWarning;

/* Sets d from a printf format unless it is set already; text in arena a.  Returns -1. */
int ou_diag_set(OuDiag *d, OuArena *a, OuDiagKind kind, int lineno, int col, int end_lineno, int end_col,
                const char *fmt, ...) __attribute__((format(printf, 8, 9)));

/* The same for an error of a later pass. */
int ou_diag_set_pass(OuDiag *d, OuArena *a, OuDiagPass pass, int lineno, int col, int end_lineno, int end_col,
                     const char *msg);

/* Appends a warning to *list.  0, or -1 when out of memory. */
int ou_diag_warn(OuDiagWarning **list, OuArena *a, const char *category, int lineno, int col, int end_lineno,
                 int end_col, const char *fmt, ...) __attribute__((format(printf, 8, 9)));

#endif
