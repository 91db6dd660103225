/* stdlib/inputrc.h - key bindings and settings in the language of GNU readline's inputrc (stdlib/inputrc.c).
 *
 * A command of the editor is named by the key that has it by default, so that a binding is a row "these bytes mean that key". */
#ifndef OU_STDLIB_INPUTRC_H
#define OU_STDLIB_INPUTRC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OU_CTRL(c) ((uint32_t)(c)&31)

/* Keys that are no characters, and commands that have no key of their own. */
enum {
    OU_KEY_NONE,
    OU_KEY_UP = 0x110000,
    OU_KEY_DOWN,
    OU_KEY_LEFT,
    OU_KEY_RIGHT,
    OU_KEY_HOME,
    OU_KEY_END,
    OU_KEY_DELETE,
    OU_KEY_PAGE_UP,
    OU_KEY_PAGE_DOWN,
    OU_KEY_PASTE,
    OU_KEY_BACKTAB,
    OU_KEY_WORD_LEFT,
    OU_KEY_WORD_RIGHT,
    OU_KEY_WORD_DELETE,
    OU_KEY_CTRL_HOME,
    OU_KEY_CTRL_END,
    OU_KEY_COMPLETE,
    OU_KEY_LIST,       /* possible-completions */
    OU_KEY_INSERT_ALL, /* insert-completions */
    OU_KEY_SELF,       /* self-insert: the first character of the key sequence */
    OU_KEY_TAB,        /* tab-insert */
    OU_KEY_PREVIOUS,   /* history, whatever was typed */
    OU_KEY_NEXT,
    OU_KEY_FIRST,
    OU_KEY_LAST,
    OU_KEY_COMMENT,   /* insert-comment */
    OU_KEY_LAST_ARG,  /* yank-last-arg */
    OU_KEY_KILL_LINE, /* kill-whole-line */
    OU_KEY_REREAD,    /* re-read-init-file */
    OU_KEY_NOTHING,
    OU_KEY_META = 0x400000
};

typedef struct OuBinding {
    char *seq; /* owned; may hold NULs */
    size_t n;
    uint32_t key;
    char *macro; /* owned; bytes to be read in place of seq, or NULL */
    size_t macro_n;
} OuBinding;

typedef struct OuInputrc {
    OuBinding *at;
    size_t n, cap;
    char *file; /* read last, owned */
    bool no_bell, list_at_once, list_unmodified, no_completion, ignore_case;
    long history_size; /* < 0: any */
} OuInputrc;

void ou_inputrc_init(OuInputrc *rc);
void ou_inputrc_free(OuInputrc *rc);
/* Executes one line.  NULL, or what is wrong with it (malloc'ed; the line had no effect). */
char *ou_inputrc_line(OuInputrc *rc, const char *line);
/* Executes a file; NULL: the one read last, else $INPUTRC, ~/.inputrc or /etc/inputrc.  Complaints go to stderr.  0 or errno. */
int ou_inputrc_read(OuInputrc *rc, const char *file);
typedef enum { OU_SEQ_NONE, OU_SEQ_PREFIX, OU_SEQ_BOUND } OuSeqMatch;
/* Whether s[0..n) is bound: *out (borrowed until the next binding), or begins a longer sequence that is. */
OuSeqMatch ou_inputrc_find(const OuInputrc *rc, const char *s, size_t n, const OuBinding **out);

#endif
