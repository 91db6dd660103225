/* stdlib/term.h - the terminal under the line editor (stdlib/term.c). */
#ifndef OU_STDLIB_TERM_H
#define OU_STDLIB_TERM_H

#include <signal.h>
#include <termios.h>

#include "edit.h"

typedef struct OuTerm {
    bool usable; /* stdin and stdout are terminals that move their cursor */
    bool dumb;   /* they are terminals, but no more than that */
    bool color;
    bool raw, paste; /* ou_term_enter was called; it switched bracketed paste on */
    bool fresh;      /* nothing drawn since ou_term_enter: the cursor may stand behind other output */
    bool watching;   /* our handler of SIGWINCH is installed */
    struct termios cooked;
    struct sigaction winch; /* what was there before */
    size_t row, col;        /* of the cursor in what ou_term_show drew */
    size_t shown;           /* columns that are not blank, on a dumb one */
    char in[4096];          /* typed, not yet taken */
    size_t in_n, in_at;
} OuTerm;

/* Looks at stdin, stdout, TERM, NO_COLOR and FORCE_COLOR; the terminal stays as it is until ou_term_enter. */
void ou_term_init(OuTerm *t);
/* What NO_COLOR and FORCE_COLOR say, else usable. */
bool ou_term_wants_color(bool usable);
/* Raw mode, with or without bracketed paste; and back. */
void ou_term_enter(OuTerm *t, bool paste);
void ou_term_leave(OuTerm *t);
/* While Python code runs in raw mode: Ctrl-C and its kin send signals. */
void ou_term_signals(OuTerm *t, bool on);
void ou_term_size(size_t *width, size_t *height);
/* Draws v over what was drawn before; on a dumb terminal v is one row of any width. */
void ou_term_show(OuTerm *t, const OuEditView *v);
/* The cursor goes below what was drawn; it stays on the screen. */
void ou_term_finish(OuTerm *t, const OuEditView *v);
void ou_term_clear(OuTerm *t);
void ou_term_bell(OuTerm *t);
/* Prints words on lines of their own; what was drawn is to be drawn anew. */
void ou_term_list(OuTerm *t, char *const *words, size_t n);
/* Waits until a byte, a signal or the end comes, with the signals of *mask blocked; calls nothing. */
void ou_term_wait(const sigset_t *mask);
/* Reads what is there up to the end of a line, or one byte: 1, 0 at the end, -1: nothing there, or interrupted by a signal.  What
 * stands behind the line is left to whoever reads next: the program itself, a child. */
int ou_term_read(OuTerm *t, bool byte);
/* Whether more input waits in the terminal; there or in t. */
bool ou_term_more(void);
bool ou_term_pending(OuTerm *t);

#endif
