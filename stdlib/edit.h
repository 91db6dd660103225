/* stdlib/edit.h - the line editor's core: keys to buffer and screen, without a terminal.
 *
 * Bytes of the keyboard go in (ou_edit_feed), actions come out; ou_edit_view lays the block out for a screen of given size.  The
 * core allocates by malloc and knows neither VM nor terminal, so that tests drive it alone (tests/unit/stdlib_edit.c).
 * Parts: edit.c (buffer, undo, completion), edit_keys.c (key bindings), edit_words.c (words, kills), edit_block.c (Enter,
 * indentation, paste), edit_search.c (steps and search in the history), edit_view.c (layout), edit_history.c (history and its file). */
#ifndef OU_STDLIB_EDIT_H
#define OU_STDLIB_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "inputrc.h"

typedef enum {
    OU_EDIT_MORE,     /* nothing to do but to show the buffer */
    OU_EDIT_ACCEPT,   /* the block is complete: ou_edit_text */
    OU_EDIT_EOF,      /* Ctrl-D on an empty block */
    OU_EDIT_CANCEL,   /* Ctrl-C: the block was dropped */
    OU_EDIT_COMPLETE, /* Tab: give ou_edit_completions */
    OU_EDIT_CLEAR,    /* Ctrl-L: the screen is to be cleared */
    OU_EDIT_REREAD,   /* Ctrl-X Ctrl-R: the inputrc file is to be read again */
    OU_EDIT_SUSPEND,  /* Ctrl-Z: the process is to stop until its shell wakes it */
} OuEditAction;

typedef struct OuHistory {
    char **items; /* oldest first; UTF-8, may hold newlines */
    size_t n, cap;
    size_t max; /* oldest items go when there are more; 0: any number */
} OuHistory;

typedef struct OuEditState { /* for undo */
    uint32_t *text;
    size_t n, at;
} OuEditState;

typedef struct OuEditKill { /* text that was killed, owned */
    uint32_t *text;
    size_t n;
} OuEditKill;
enum { OU_EDIT_KILLS = 16 };

typedef struct OuEdit {
    uint32_t *text; /* the block: code points, lines separated by '\n' */
    size_t n, cap, at;
    OuHistory *history;  /* borrowed */
    size_t hist_at;      /* item shown, history->n: the block being typed */
    char *hist_saved;    /* the block being typed while an item is shown */
    size_t hist_prefix;  /* bytes of hist_saved that items must begin with */
    size_t offer;        /* item to begin the next block with (Ctrl-O); 0: none */
    const OuInputrc *rc; /* borrowed, or NULL */
    bool more;           /* input waits behind what is fed */
    bool single;         /* one line, as for input(): Enter takes it, nothing is indented */
    bool whole;          /* recalled or pasted: Enter runs it without an empty line at its end */
    size_t auto_indent;  /* characters before the cursor that were not typed; 0 after the next key */
    bool own_indent;     /* nobody typed the indentation of the last line: a blank one ends the block */
    OuEditKill kills[OU_EDIT_KILLS]; /* newest first */
    bool killing;                    /* the last key killed: the next one adds */
    bool yanking;                    /* the last key yanked: M-y takes an older one */
    size_t yank_from, yank_n;        /* where it stands, which of kills */
    bool ctrl_x, quoting;            /* the last key was Ctrl-X; Ctrl-V or Ctrl-Q */
    bool completing;                 /* the last key was Tab: another one shows what there is */
    char
        completion; /* with OU_EDIT_COMPLETE: '\t', '!' or '@' insert, the latter two show at once; '?' show; '*' insert all */
    bool bell;               /* nothing to complete: to be rung and reset by the owner */
    bool counting;           /* Meta and digits were typed: */
    size_t count;            /* repeat the next key */
    size_t arg_from_history; /* 1 + the item that M-. took its word from; 0: the last key was another */
    size_t arg_at;           /* where that word stands */
    char *queue;             /* a macro's bytes, taken before the keyboard's */
    size_t queue_n, queue_at;
    int expansions; /* macros since the last byte of the keyboard */
    OuEditState *undo;
    size_t undo_n, undo_cap;
    bool typing;  /* the last key inserted a character: one undo step a word */
    char key[64]; /* bytes of an unfinished key */
    size_t key_n;
    bool pasting;
    char *paste;
    size_t paste_n, paste_cap;
    bool searching, search_forward;
    char query[256];
    size_t query_n;
    size_t match; /* history item found; history->n: none */
    bool search_failed;
    char **menu; /* completions on show, owned */
    size_t menu_n;
    size_t tab_start; /* where the word to complete begins, in code points */
    bool failed;      /* out of memory: the last change was not made */
    /* Whether text (UTF-8) may run: 1, or 0 when lines are missing. */
    int (*complete)(void *arg, const char *text, size_t n);
    void *arg;
} OuEdit;

/* An empty block; history (borrowed) and arg must outlive it, complete is called as complete(arg, text, n). */
void ou_edit_init(OuEdit *e, OuHistory *history, int (*complete)(void *, const char *, size_t), void *arg);
/* Releases text and undo; the history stays. */
void ou_edit_free(OuEdit *e);
/* Empty block, for the next prompt. */
void ou_edit_reset(OuEdit *e);
/* The block as UTF-8 (malloc'ed), *n without the NUL; NULL: no memory. */
char *ou_edit_text(const OuEdit *e, size_t *n);
/* The text before the cursor. */
char *ou_edit_before(const OuEdit *e, size_t *n);
/* Takes bytes until an action other than MORE or their end: *used of them. */
OuEditAction ou_edit_feed(OuEdit *e, const char *bytes, size_t n, size_t *used);
/* Answer to OU_EDIT_COMPLETE: words that may stand from `start` (bytes of ou_edit_before) to the cursor.  Inserts what they have
 * in common; shows them when that is nothing new. */
void ou_edit_completions(OuEdit *e, size_t start, char *const *words, size_t n);
/* More input of a macro waits: ou_edit_feed takes it, with or without further bytes. */
bool ou_edit_queued(const OuEdit *e);
/* The history lost items or got some while a block is edited: it is as if nothing had been recalled. */
void ou_edit_history_changed(OuEdit *e);

/* ---- for the parts ---- */
bool ou_edit_insert(OuEdit *e, const uint32_t *s, size_t n);
void ou_edit_delete(OuEdit *e, size_t from, size_t to);
bool ou_edit_set(OuEdit *e, const char *utf8, size_t n); /* cursor at the end */
void ou_edit_save(OuEdit *e);                            /* an undo step begins */
void ou_edit_undo(OuEdit *e);
void ou_edit_menu_close(OuEdit *e);
void ou_edit_menu(OuEdit *e, char *const *words, size_t n);
/* Bytes that all words begin with. */
size_t ou_edit_common(char *const *words, size_t n);
/* Puts text between `from` (code points) and the cursor. */
void ou_edit_replace(OuEdit *e, size_t from, const char *utf8, size_t n);
size_t ou_edit_line_start(const OuEdit *e, size_t at);
size_t ou_edit_line_end(const OuEdit *e, size_t at);
/* Decodes one character of s[0..n): bytes used, 0 when more are needed; bad bytes become U+DC80 + byte. */
size_t ou_edit_utf8_next(const char *s, size_t n, uint32_t *out);
size_t ou_edit_utf8_put(char *out, uint32_t c);
/* Columns of a character; control characters are shown in two. */
int ou_char_width(uint32_t c);

/* edit_words.c */
bool ou_edit_word_char(uint32_t c);
size_t ou_edit_word_left(const OuEdit *e);
size_t ou_edit_word_right(const OuEdit *e);
size_t ou_edit_step_left(const OuEdit *e, size_t at); /* a character with its combining ones */
size_t ou_edit_step_right(const OuEdit *e, size_t at);
bool ou_edit_only_blank(const OuEdit *e, size_t from, size_t to);
/* Deletes and remembers; adds to the newest kill when e->killing. */
void ou_edit_kill(OuEdit *e, size_t from, size_t to, bool before);
void ou_edit_yank(OuEdit *e);
void ou_edit_yank_older(OuEdit *e);
void ou_edit_kills_free(OuEdit *e);
void ou_edit_transpose(OuEdit *e);
void ou_edit_transpose_words(OuEdit *e);
/* Changes the case of the word at the cursor: 'u', 'l' or 'c'. */
void ou_edit_word_case(OuEdit *e, char how);

/* edit_block.c */
OuEditAction ou_edit_enter(OuEdit *e, bool waiting);
/* What a character just inserted means for the indentation of its line: `else:` and closing brackets go to their place. */
void ou_edit_dedent(OuEdit *e);
/* Takes the bytes of a paste: how many. */
size_t ou_edit_paste(OuEdit *e, const char *s, size_t n);

/* edit_search.c */
void ou_edit_history_step(OuEdit *e, int d);
void ou_edit_move_line(OuEdit *e, int d);
void ou_edit_history_show(OuEdit *e, size_t item); /* whatever was typed */
void ou_edit_last_arg(OuEdit *e, size_t last);
void ou_edit_search_begin(OuEdit *e, bool forward);
/* true: the key was for the search. `other`: it is no character. */
bool ou_edit_search_key(OuEdit *e, uint32_t key, bool other);

/* ---- history ---- */
void ou_history_free(OuHistory *h);
/* Adds text unless it is empty or equals the newest. false: not added. */
bool ou_history_add(OuHistory *h, const char *text, size_t n);
/* Adds text as it is. */
bool ou_history_push(OuHistory *h, const char *text, size_t n);
void ou_history_remove(OuHistory *h, size_t item);
/* Reads the file (absent: empty) and, when it has grown far beyond max entries, rewrites it with the newest; one that is not
 * `ours` holds plain lines and stays as it is. */
void ou_history_load(OuHistory *h, const char *file, size_t max, bool ours);
/* Appends one entry; the file is made with mode 0600. */
void ou_history_append(const char *file, const char *text);

/* ---- layout ---- */
typedef struct OuEditView {
    char *text; /* rows separated by "\r\n", UTF-8 with colours; owned */
    size_t n, cap;
    size_t rows;     /* at least 1 */
    size_t row, col; /* of the cursor, from the first row shown */
    size_t end_col;  /* behind the last character */
} OuEditView;
typedef struct OuEditStyle {
    const char *ps1, *ps2;       /* UTF-8 */
    const char *prompt_on, *off; /* escape sequences, "" without colours */
} OuEditStyle;
/* Lays the block out for a screen of width x height; at most height rows, around the cursor. false: no memory. */
bool ou_edit_view(const OuEdit *e, const OuEditStyle *style, size_t width, size_t height, OuEditView *out);
void ou_edit_view_free(OuEditView *v);

#endif
