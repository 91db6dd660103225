/* stdlib/console.h - the VM's one line editor on the process's terminal: the prompt's, input()'s and module readline's.
 *
 * It is the state of the native module readline, which the prompt imports when it starts on a terminal and a program when it wants
 * to edit; input() uses it from then on.  One thread edits at a time, others wait for their turn. */
#ifndef OU_STDLIB_CONSOLE_H
#define OU_STDLIB_CONSOLE_H

#include <semaphore.h>

#include "term.h"
#include "vm/vm.h"

typedef struct OuConsole {
    OuTerm term;
    OuEdit edit;
    OuHistory history;
    OuInputrc rc;
    OuObj *completer, *startup_hook, *pre_input_hook, *display_hook; /* owned or NULL */
    uint32_t *delims;                                                /* of completion, ended by 0; owned */
    bool no_auto_history;
    bool history_read; /* readline.read_history_file succeeded */
    int file_lines;    /* set_history_length: most lines of a history file; < 0: any */
    size_t begin, end; /* of the word being completed */
    int completion_type;
    sem_t turn;
    const OuThread *reader;         /* who edits now, or NULL */
    const struct OuConsoleWay *way; /* its way; NULL: nobody edits */
    OuEditView view;
} OuConsole;

typedef struct OuConsoleWay {
    OuEditStyle style;
    bool single; /* one line, no block */
    /* Answers Tab; NULL: the completer of module readline does. */
    void (*complete)(void *arg);
    void *arg;
} OuConsoleWay;

/* The console, if module readline was imported in this VM; NULL: it was not.  Never raises. */
OuConsole *ou_console_known(OuVM *vm);
/* The console, importing the module; NULL with exception. */
OuConsole *ou_console(OuVM *vm);

typedef enum { OU_CONSOLE_TEXT, OU_CONSOLE_EOF, OU_CONSOLE_ERROR } OuConsoleEnd;
/* Edits a block or line on the terminal: *text (malloc'ed) and *n; ERROR with exception (KeyboardInterrupt, or of a handler). */
OuConsoleEnd ou_console_read(OuVM *vm, OuConsole *c, const OuConsoleWay *way, char **text, size_t *n);
/* input() at a terminal, fin and fout being its streams: 1 *line is new; -1 exception; 0: no line editor here. */
int ou_console_input(OuVM *vm, OuObj *prompt, OuObj *fin, OuObj *fout, OuObj **line);
/* Tab by the completer of module readline. */
void ou_console_complete(OuVM *vm, OuConsole *c);
/* Shows the line as it is now, if one is edited. */
void ou_console_redraw(OuConsole *c);
/* For the module's exec, traverse and clear. */
int ou_console_init(OuVM *vm, OuConsole *c);
int ou_console_traverse(OuConsole *c, OuVisit visit, void *arg);
void ou_console_free(OuVM *vm, OuConsole *c);

#endif
