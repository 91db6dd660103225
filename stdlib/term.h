/* stdlib/term.h - the terminal under the line editor (stdlib/term.c). */
#ifndef OU_STDLIB_TERM_H
#define OU_STDLIB_TERM_H

#include <termios.h>

#include "edit.h"

typedef struct OuTerm {
    bool usable; /* stdin and stdout are terminals that move their cursor */
    bool color;
    bool raw;
    struct termios cooked;
    size_t row;    /* of the cursor in what ou_term_show drew */
    char in[4096]; /* typed, not yet taken */
    size_t in_n, in_at;
} OuTerm;

/* Looks at stdin, stdout, TERM, NO_COLOR and FORCE_COLOR; the terminal stays as it is until ou_term_enter. */
void ou_term_init(OuTerm *t);
/* Raw mode and bracketed paste, on and off. */
void ou_term_enter(OuTerm *t);
void ou_term_leave(OuTerm *t);
void ou_term_size(size_t *width, size_t *height);
/* Draws v over what was drawn before. */
void ou_term_show(OuTerm *t, const OuEditView *v);
/* The cursor goes below what was drawn; it stays on the screen. */
void ou_term_finish(OuTerm *t, const OuEditView *v);
void ou_term_clear(OuTerm *t);
/* Waits for input: 1, 0 at its end, -1: interrupted by a signal (the window changed). */
int ou_term_read(OuTerm *t);
/* Whether more input waits. */
bool ou_term_pending(OuTerm *t);

#endif
