/* stdlib/repl.h - the parts of the prompt: repl.c (loop), repl_input.c (blocks from terminal or file), repl_complete.c
 * (completion), repl_memory.c, repl_refs.c (:refs and its kin), repl_report.c (coloured tracebacks). */
#ifndef OU_STDLIB_REPL_H
#define OU_STDLIB_REPL_H

#include "console.h"
#include "run.h"

typedef struct OuPtrSet { /* addresses; open addressing */
    void **at;
    size_t n, cap;
} OuPtrSet;

typedef struct OuRepl {
    OuVM *vm;
    OuCommand *cmd;
    OuObj *globals;                 /* of __main__, borrowed from it */
    OuConsole *console;             /* the editor: NULL where nobody types; borrowed from module readline */
    char *history_file;             /* or NULL */
    OuPtrSet known;                 /* tracked objects at the last prompt */
    bool known_valid, known_wanted; /* there is a picture; :diff asked for it where nobody types */
    int status;                     /* of the SystemExit that ended it */
    char in[8192];                  /* input that is no terminal */
    size_t in_n, in_at;
} OuRepl;

typedef enum { OU_BLOCK, OU_BLOCK_EOF, OU_BLOCK_ERROR } OuBlockKind;
/* The next block (malloc'ed, *n bytes); ERROR with exception: Ctrl-C, or what the handler of another signal raised. */
OuBlockKind ou_repl_read(OuRepl *r, char **text, size_t *n);
/* Whether text may run: 1, or 0 when lines are missing. */
int ou_repl_complete(void *repl, const char *text, size_t n);
/* Nothing but white space and comments. */
bool ou_repl_blank(const char *text, size_t n);
/* Words for the place behind before[0..n): *start is where they begin; array and words are malloc'ed. Never raises. */
char **ou_repl_words(OuRepl *r, const char *before, size_t n, size_t *start, size_t *count);
/* Whether our own words take the place of readline's completer: there is none, or it is rlcompleter's for __main__. */
bool ou_repl_plain_completer(OuVM *vm, OuObj *completer);
/* Runs ":refs x" and its kin: true if text is one of them. */
bool ou_repl_command(OuRepl *r, const char *text);
/* For the commands: prints to sys.stdout; repr, cut short (new); the value of an expression (new), or NULL after its error was shown. */
void ou_repl_say(OuVM *vm, const char *fmt, ...);
OuObj *ou_repl_short_repr(OuVM *vm, OuObj *o);
OuObj *ou_repl_eval(OuRepl *r, const char *text);
/* :refs (repl_refs.c) */
void ou_repl_refs(OuRepl *r, const char *expression);
/* The module whose namespace d is: its name (borrowed), or NULL. */
OuObj *ou_repl_module_of(OuVM *vm, OuObj *d);
/* Whether o is where ways begin: a module, its namespace, a class. */
bool ou_repl_is_root(OuVM *vm, OuObj *o);
/* The way to o from a name of a module, as an expression (new str); NULL: none that does not lead through avoid (or NULL), or not
 * within so many seconds.  *rooted is false when it begins at an object that no container holds (only without avoid).  Never raises. */
OuObj *ou_repl_path(OuVM *vm, OuObj *o, OuObj *avoid, double seconds, bool *rooted);
/* Remembers what is alive, for :diff. */
void ou_repl_remember(OuRepl *r);
/* Prints the exception in flight. */
void ou_repl_report(OuRepl *r);

bool ou_ptrset_add(OuPtrSet *s, const void *p); /* false: it was there, or no memory */
bool ou_ptrset_has(const OuPtrSet *s, const void *p);
void ou_ptrset_free(OuPtrSet *s);

#endif
