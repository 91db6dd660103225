/* stdlib/console.c - edits on the terminal: the loop from keys to a line, signals, hooks, completion by a Python function. */
#include "console.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support.h"
#include "vm/exceptions.h"
#include "vm/threads.h"

extern const OuModuleDef ou_mod_readline;

OuConsole *ou_console_known(OuVM *vm)
{
    return ou_module_state(vm, &ou_mod_readline);
}

OuConsole *ou_console(OuVM *vm)
{
    OuObj *m = ou_console_known(vm) ? NULL : ou_import(vm, "readline");
    OuConsole *c = ou_console_known(vm);
    ou_xdecref(vm, m);
    if (!c && !ou_err_occurred(vm)) /* sys.modules has another one */
        ou_raise(vm, OU_EXC(vm, ImportError), "no line editor: sys.modules['readline'] is another module");
    return c;
}

/* Every key is answered, whether it makes a block complete or not. */
static int always(void *arg, const char *text, size_t n)
{
    (void)arg, (void)text, (void)n;
    return 1;
}

int ou_console_init(OuVM *vm, OuConsole *c)
{
    static const char delims[] = " \t\n`~!@#$%^&*()-=+[{]}\\|;:'\",<>/?";
    if (!(c->delims = malloc(sizeof delims * sizeof *c->delims)))
        return ou_raise_memory_i(vm);
    for (size_t i = 0; i < sizeof delims; i++)
        c->delims[i] = (unsigned char)delims[i];
    c->file_lines = -1;
    sem_init(&c->turn, 0, 1);
    ou_term_init(&c->term);
    ou_inputrc_init(&c->rc);
    ou_edit_init(&c->edit, &c->history, always, NULL);
    c->edit.rc = &c->rc;
    ou_inputrc_read(&c->rc, NULL); /* there need not be one */
    c->history.max = c->rc.history_size > 0 ? (size_t)c->rc.history_size : 0;
    return 0;
}

int ou_console_traverse(OuConsole *c, OuVisit visit, void *arg)
{
    OU_VISIT(c->completer);
    OU_VISIT(c->startup_hook);
    OU_VISIT(c->pre_input_hook);
    OU_VISIT(c->display_hook);
    return 0;
}

void ou_console_free(OuVM *vm, OuConsole *c)
{
    ou_clear(vm, c->completer);
    ou_clear(vm, c->startup_hook);
    ou_clear(vm, c->pre_input_hook);
    ou_clear(vm, c->display_hook);
    ou_edit_free(&c->edit);
    ou_history_free(&c->history);
    ou_inputrc_free(&c->rc);
    ou_edit_view_free(&c->view);
    free(c->delims);
    c->delims = NULL;
    ou_edit_init(&c->edit, &c->history, always, NULL); /* it may be asked again */
}

/* ---- drawing ---- */

void ou_console_redraw(OuConsole *c)
{
    enum { ANY_WIDTH = 1 << 24 };
    size_t width, height;
    if (!c->way)
        return;
    ou_term_size(&width, &height);
    if (c->term.dumb)
        width = ANY_WIDTH, height = 1;
    if (ou_edit_view(&c->edit, &c->way->style, width, height, &c->view))
        ou_term_show(&c->term, &c->view);
    if (c->edit.bell && !c->rc.no_bell)
        ou_term_bell(&c->term);
    c->edit.bell = false;
}

/* What stays on the screen, without the completions; the cursor goes behind it, or to the next line. */
static void redraw_last(OuConsole *c, bool newline)
{
    ou_edit_menu_close(&c->edit);
    c->edit.searching = false;
    c->edit.at = c->edit.n;
    ou_console_redraw(c);
    if (newline && c->view.text)
        ou_term_finish(&c->term, &c->view);
}

/* ---- Python functions ---- */

/* func(): its exceptions are dropped, as readline's module does. */
static void call_hook(OuVM *vm, OuConsole *c, OuObj *func)
{
    if (!func)
        return;
    ou_incref(func);
    ou_term_signals(&c->term, true);
    ou_xdecref(vm, ou_call0(vm, func));
    ou_term_signals(&c->term, false);
    ou_err_clear(vm);
    ou_decref(vm, func);
}

/* ---- completion ---- */

typedef struct Matches {
    char **at;
    size_t n, cap;
} Matches;

static bool add_match(Matches *m, const char *s, size_t n)
{
    if (m->n == m->cap) {
        size_t cap = m->cap ? m->cap * 2 : 32;
        char **more = realloc(m->at, cap * sizeof *more);
        if (!more)
            return false;
        m->at = more;
        m->cap = cap;
    }
    if (!(m->at[m->n] = strndup(s, n)))
        return false;
    m->n++;
    return true;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* completer(text, 0), completer(text, 1) ... until it returns no str. */
static Matches ask(OuVM *vm, OuObj *completer, OuObj *text)
{
    Matches m = {0};
    ou_incref(completer);
    for (int64_t state = 0;; state++) {
        OuObj *number = ou_int(vm, state), *args[] = {text, number}, *word = NULL;
        OuUtf8 u;
        if (number)
            word = ou_call(vm, completer, args, 2, NULL);
        ou_xdecref(vm, number);
        bool more = word && ou_isa_str(vm, word) && ou_str_utf8(vm, word, &u, true) == 0;
        if (more) {
            more = add_match(&m, u.s, u.n);
            ou_utf8_free(vm, &u);
        }
        ou_xdecref(vm, word);
        ou_err_clear(vm);
        if (!more)
            break;
    }
    ou_decref(vm, completer);
    size_t to = 0;
    if (m.n)
        qsort(m.at, m.n, sizeof *m.at, compare);
    for (size_t i = 0; i < m.n; i++) {
        if (to && strcmp(m.at[to - 1], m.at[i]) == 0)
            free(m.at[i]);
        else
            m.at[to++] = m.at[i];
    }
    m.n = to;
    return m;
}

/* The display hook gets what they have in common, the list, and the length of the longest. */
static void display(OuVM *vm, OuConsole *c, const Matches *m, const char *common, size_t common_n)
{
    OuObj *hook = c->display_hook;
    if (!hook && c->term.dumb) {
        ou_term_list(&c->term, m->at, m->n);
        return;
    }
    if (!hook) {
        ou_edit_menu(&c->edit, m->at, m->n);
        ou_console_redraw(c); /* though more keys may wait */
        return;
    }
    ou_incref(hook);
    OuObj *sub = ou_fs_decode(vm, common, (ou_ssize)common_n), *list = ou_list_new(vm, 0), *longest = NULL;
    size_t most = 0;
    bool ok = sub && list;
    for (size_t i = 0; ok && i < m->n; i++) {
        OuObj *s = ou_fs_decode(vm, m->at[i], -1);
        ok = s && ou_list_append(vm, list, s) == 0;
        most = ok && strlen(m->at[i]) > most ? strlen(m->at[i]) : most;
        ou_xdecref(vm, s);
    }
    if (ok && (longest = ou_int(vm, (int64_t)most))) {
        OuObj *args[] = {sub, list, longest};
        ou_console_redraw(c);
        ou_term_signals(&c->term, true);
        ou_xdecref(vm, ou_call(vm, hook, args, 3, NULL));
        ou_err_clear(vm);
        OuObj *out = ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, stdout));
        if (out && out != OU_NONE(vm))
            ou_xdecref(vm, ou_call_method(vm, out, OU_NAME(vm, flush), 0));
        ou_term_signals(&c->term, false);
        /* the hook leaves the cursor at the beginning of a line, or behind the line drawn by itself */
        c->term.row = c->term.col = 0;
        c->term.fresh = false;
        fputs("\r", stdout);
        fflush(stdout);
    }
    ou_err_clear(vm);
    ou_xdecref(vm, sub);
    ou_xdecref(vm, list);
    ou_xdecref(vm, longest);
    ou_decref(vm, hook);
}

static bool is_delim(const OuConsole *c, uint32_t ch)
{
    for (const uint32_t *d = c->delims; d && *d; d++)
        if (*d == ch)
            return true;
    return ch == '\n';
}

static OuObj *text_between(OuVM *vm, const OuEdit *e, size_t from, size_t to)
{
    char *s = malloc((to - from) * 4 + 1);
    size_t n = 0;
    if (!s)
        return ou_raise_memory(vm);
    for (; from < to; from++)
        n += ou_edit_utf8_put(s + n, e->text[from]);
    OuObj *text = ou_fs_decode(vm, s, (ou_ssize)n);
    free(s);
    return text;
}

void ou_console_complete(OuVM *vm, OuConsole *c)
{
    OuEdit *e = &c->edit;
    size_t from = e->at, end = e->at;
    char how = e->completion;
    while (from > 0 && !is_delim(c, e->text[from - 1]))
        from--;
    c->begin = from;
    c->end = end;
    c->completion_type = how;
    OuObj *text = c->completer ? text_between(vm, e, from, end) : NULL;
    Matches m = {0};
    if (text) {
        ou_term_signals(&c->term, true);
        m = ask(vm, c->completer, text);
        ou_term_signals(&c->term, false);
    }
    /* the completer may have changed the line: its word stands where it began */
    end = e->at;
    from = from < end ? from : end;
    ou_err_clear(vm);
    ou_edit_menu_close(e);
    if (m.n == 0)
        e->bell = true;
    else if (how == '*') {
        ou_edit_save(e);
        for (size_t i = 0; i < m.n; i++) {
            ou_edit_replace(e, i ? e->at : from, m.at[i], strlen(m.at[i]));
            ou_edit_insert(e, (uint32_t[]){' '}, 1);
        }
    } else {
        size_t common = ou_edit_common(m.at, m.n);
        OuUtf8 u;
        bool changed = false;
        if (ou_str_utf8(vm, text, &u, true) == 0) {
            changed = common && (u.n != common || memcmp(u.s, m.at[0], common) != 0);
            if (how != '?' && changed) {
                ou_edit_save(e);
                ou_edit_replace(e, from, m.at[0], common);
            }
            if (how == '?' || (m.n > 1 && (how == '!' || (how == '@' && !changed))))
                display(vm, c, &m, common ? m.at[0] : u.s, common ? common : u.n);
            else
                e->bell = m.n > 1;
            ou_utf8_free(vm, &u);
        }
    }
    for (size_t i = 0; i < m.n; i++)
        free(m.at[i]);
    free(m.at);
    ou_xdecref(vm, text);
    ou_err_clear(vm);
}

/* ---- reading ---- */

/* Handlers of signals that came: 0, -1 when one raised; the line is shown anew behind what they printed. */
static int run_handlers(OuVM *vm, OuConsole *c)
{
    if (!vm->breaker)
        return 0;
    bool signals = ou_signals_pending(vm) && ou_is_main_thread(vm);
    int r = ou_poll_slow(vm);
    if (signals && r == 0)
        ou_console_redraw(c);
    return r;
}

/* Waits for more input: 1, 0 at the end, -1 with exception. */
static int more_input(OuVM *vm, OuConsole *c)
{
    OuTerm *t = &c->term;
    for (;;) {
        sigset_t all, old;
        int got;
        /* a signal that comes before the wait must end it */
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, &old);
        if (!(vm->breaker & OU_BREAK_SIGNAL))
            OU_BLOCKING(vm, ou_term_wait(&old));
        pthread_sigmask(SIG_SETMASK, &old, NULL);
        if (run_handlers(vm, c) < 0)
            return -1;
        got = ou_term_read(t, c->way->single);
        if (got >= 0)
            return got;
        ou_console_redraw(c); /* the window changed */
    }
}

/* Ctrl-C and its kin do what they do in a running program, with the terminal as it was: 0 go on, -1 with exception. */
static int send_signal(OuVM *vm, OuConsole *c, int signum)
{
    OuTerm *t = &c->term;
    bool paste = t->paste;
    ou_term_leave(t);
    OU_BLOCKING(vm, raise(signum));
    int r = vm->breaker ? ou_poll_slow(vm) : 0;
    ou_term_enter(t, paste);
    return r;
}

static OuConsoleEnd edit(OuVM *vm, OuConsole *c)
{
    OuTerm *t = &c->term;
    OuEdit *e = &c->edit;
    bool first = true;
    ou_edit_reset(e);
    e->single = c->way->single;
    ou_term_enter(t, !c->way->single);
    call_hook(vm, c, c->startup_hook);
    for (;;) {
        if (first && c->pre_input_hook) {
            ou_console_redraw(c);
            call_hook(vm, c, c->pre_input_hook);
        }
        first = false;
        if (t->in_at == t->in_n && !ou_edit_queued(e)) {
            if (!ou_term_pending(t))
                ou_console_redraw(c);
            int got = more_input(vm, c);
            if (got < 0)
                return OU_CONSOLE_ERROR;
            if (got == 0)
                return OU_CONSOLE_EOF;
        }
        size_t used;
        e->more = t->in_at < t->in_n && t->in[t->in_n - 1] == '\n' && ou_term_more();
        OuEditAction action = ou_edit_feed(e, t->in + t->in_at, t->in_n - t->in_at, &used);
        t->in_at += used;
        switch (action) {
        case OU_EDIT_MORE:
            break;
        case OU_EDIT_COMPLETE:
            if (c->way->complete)
                c->way->complete(c->way->arg);
            else
                ou_console_complete(vm, c);
            break;
        case OU_EDIT_CLEAR:
            ou_term_clear(t);
            break;
        case OU_EDIT_REREAD:
            ou_inputrc_read(&c->rc, NULL);
            break;
        case OU_EDIT_SUSPEND:
            redraw_last(c, false); /* the shell begins a line */
            if (send_signal(vm, c, SIGTSTP) < 0)
                return OU_CONSOLE_ERROR;
            break;
        case OU_EDIT_CANCEL:
            if (!ou_is_main_thread(vm)) { /* which answers; this one reads on */
                kill(getpid(), SIGINT);
                break;
            }
            redraw_last(c, !e->single);
            if (send_signal(vm, c, SIGINT) < 0) {
                t->fresh = true; /* drawn already */
                return OU_CONSOLE_ERROR;
            }
            break;
        case OU_EDIT_ACCEPT:
            return OU_CONSOLE_TEXT;
        case OU_EDIT_EOF:
            return OU_CONSOLE_EOF;
        }
    }
}

OuConsoleEnd ou_console_read(OuVM *vm, OuConsole *c, const OuConsoleWay *way, char **text, size_t *n)
{
    OuConsoleEnd end;
    if (c->reader == vm->ts) {
        ou_raise(vm, OU_EXC(vm, RuntimeError), "can't re-enter readline");
        return OU_CONSOLE_ERROR;
    }
    if (ou_sem_take(vm, &c->turn, -1) < 0)
        return OU_CONSOLE_ERROR;
    c->reader = vm->ts;
    c->way = way;
    fflush(stderr);
    end = edit(vm, c);
    /* at its end input() leaves the cursor where it is: who takes EOFError or KeyboardInterrupt begins a line */
    if (!c->term.fresh || end == OU_CONSOLE_TEXT)
        redraw_last(c, end == OU_CONSOLE_TEXT || !way->single);
    ou_term_leave(&c->term);
    c->way = NULL;
    c->reader = NULL;
    sem_post(&c->turn);
    if (end == OU_CONSOLE_TEXT && !(*text = ou_edit_text(&c->edit, n))) {
        ou_raise_memory(vm);
        return OU_CONSOLE_ERROR;
    }
    return end;
}

/* ---- input() ---- */

/* stream.encoding and stream.errors as C strings of their own: false when they are no str.  Never raises. */
static bool stream_codec(OuVM *vm, OuObj *stream, char encoding[64], char errors[64])
{
    static const char *const names[] = {"encoding", "errors"};
    bool ok = true;
    for (int i = 0; ok && i < 2; i++) {
        OuObj *name = ou_str_intern_s(vm, names[i]), *v = NULL;
        OuUtf8 u;
        ok = name && ou_lookup_attr(vm, stream, name, &v) > 0 && ou_isa_str(vm, v) &&
             ou_str_utf8(vm, v, &u, true) == 0;
        if (ok) {
            snprintf(i ? errors : encoding, 64, "%.*s", (int)u.n, u.s);
            ou_utf8_free(vm, &u);
        }
        ou_xdecref(vm, name);
        ou_xdecref(vm, v);
        ou_err_clear(vm);
    }
    return ok;
}

int ou_console_input(OuVM *vm, OuObj *prompt, OuObj *fin, OuObj *fout, OuObj **line)
{
    OuConsole *c = ou_console_known(vm);
    char in_codec[64], in_errors[64], out_codec[64], out_errors[64], *text = NULL;
    size_t n = 0;
    if (!c)
        return 0;
    if (!c->term.usable && !c->term.dumb) /* the streams may have been replaced since */
        ou_term_init(&c->term);
    if ((!c->term.usable && !c->term.dumb) || !stream_codec(vm, fin, in_codec, in_errors) ||
        !stream_codec(vm, fout, out_codec, out_errors))
        return 0;
    OuObj *s = prompt ? ou_str(vm, prompt) : NULL,
          *bytes = s ? ou_str_encode(vm, s, out_codec, out_errors) : NULL;
    ou_xdecref(vm, s);
    if (prompt && !bytes)
        return -1;
    if (bytes && strlen(OU_BYTES(bytes)->data) != OU_BYTES(bytes)->len) {
        ou_decref(vm, bytes);
        return ou_value_error_i(vm, "input: prompt string cannot contain null characters");
    }
    OuObj *flushed = ou_call_method(vm, fout, OU_NAME(vm, flush), 0);
    ou_xdecref(vm, flushed);
    ou_err_clear(vm);
    OuConsoleWay way = {.style = {bytes ? OU_BYTES(bytes)->data : "", "", "", ""}, .single = true};
    OuConsoleEnd end = ou_console_read(vm, c, &way, &text, &n);
    ou_xdecref(vm, bytes);
    if (end == OU_CONSOLE_EOF)
        ou_raise_value(vm, OU_EXC(vm, EOFError), NULL);
    if (end != OU_CONSOLE_TEXT)
        return -1;
    if (!c->no_auto_history && n &&
        (c->history.n == 0 || strcmp(c->history.items[c->history.n - 1], text) != 0))
        ou_history_push(&c->history, text, n);
    *line = ou_str_decode(vm, text, n, in_codec, in_errors);
    free(text);
    return *line ? 1 : -1;
}
