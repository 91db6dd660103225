/* stdlib/repl_input.c - one block of the prompt: from the line editor on a terminal, line by line from anything else. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "repl.h"
#include "vm/compile.h"
#include "vm/err.h"
#include "vm/threads.h"

/* ---- when is a block complete? ---- */

typedef enum { PARSE_OK, PARSE_INCOMPLETE, PARSE_ERROR } Parsed;

static Parsed try_parse(OuVM *vm, const char *text, size_t n, int mode, unsigned flags)
{
    OuParsed ps;
    OuObj *file = ou_str_intern_s(vm, "<stdin>");
    if (!file) {
        ou_err_clear(vm);
        return PARSE_ERROR;
    }
    Parsed r = PARSE_OK;
    if (ou_parse_source(vm, &ps, text, n, file, mode, flags | OU_PARSE_UTF8 | OU_PARSE_ALLOW_INCOMPLETE) < 0)
        r = ps.parse.diag.incomplete ? PARSE_INCOMPLETE : PARSE_ERROR;
    ou_err_clear(vm);
    ou_parsed_free(vm, &ps);
    ou_decref(vm, file);
    return r;
}

bool ou_repl_blank(const char *text, size_t n)
{
    bool comment = false;
    for (size_t i = 0; i < n; i++) {
        comment = text[i] == '\n' ? false : comment || text[i] == '#';
        if (!comment && text[i] != ' ' && text[i] != '\t' && text[i] != '\n' && text[i] != '\f')
            return false;
    }
    return true;
}

/* One statement with the end of its last line, as the interactive grammar takes it: an empty line ends compound statements. */
static Parsed single(OuVM *vm, const char *text, size_t n)
{
    enum { FLAGS = OU_PARSE_DONT_IMPLY_DEDENT | OU_PARSE_INTERACTIVE };
    if (try_parse(vm, text, n, OU_PARSE_SINGLE, FLAGS) == PARSE_OK)
        return PARSE_OK;
    char *line = malloc(n + 3);
    if (!line)
        return PARSE_ERROR;
    memcpy(line, text, n);
    line[n] = '\n';
    Parsed r = try_parse(vm, line, n + 1, OU_PARSE_SINGLE, FLAGS);
    if (r == PARSE_INCOMPLETE && n > 0 && text[n - 1] == '\n') {
        /* An empty line where no statement can end (`if x:` and nothing): an error at once, unless it is inside brackets or
         * a string, where a word in its place would not be wrong either. */
        memcpy(line + n, "x\n", 2);
        r = try_parse(vm, line, n + 2, OU_PARSE_SINGLE, FLAGS) == PARSE_INCOMPLETE ? PARSE_INCOMPLETE
                                                                                   : PARSE_ERROR;
    }
    free(line);
    return r == PARSE_ERROR ? PARSE_ERROR : PARSE_INCOMPLETE;
}

int ou_repl_complete(void *repl, const char *text, size_t n)
{
    OuRepl *r = repl;
    if (ou_repl_blank(text, n) || (text[0] == ':' && !memchr(text, '\n', n)))
        return 1;
    Parsed p = single(r->vm, text, n);
    if (p == PARSE_ERROR && r->console && r->console->edit.whole &&
        memchr(text, '\n', n)) /* several statements, or really wrong */
        return try_parse(r->vm, text, n, OU_PARSE_FILE, 0) != PARSE_INCOMPLETE;
    return p != PARSE_INCOMPLETE;
}

/* ---- terminal ---- */

/* sys.ps1 or ps2 as UTF-8, malloc'ed. */
static char *prompt(OuVM *vm, OuObj *name)
{
    OuObj *v = ou_dict_get(vm, (OuObj *)vm->sysdict, name), *s = v ? ou_str(vm, v) : NULL;
    OuUtf8 u;
    char *copy = NULL;
    if (s && ou_str_utf8(vm, s, &u, true) == 0) {
        copy = strndup(u.s, u.n);
        ou_utf8_free(vm, &u);
    }
    ou_xdecref(vm, s);
    ou_err_clear(vm);
    return copy ? copy : strdup("");
}

/* Tab: our own words.  A completer that was set takes their place; that of rlcompleter, which knows less and runs code, is
 * asked only where there are none. */
static void complete_word(void *repl)
{
    OuRepl *r = repl;
    OuConsole *c = r->console;
    OuEdit *e = &c->edit;
    size_t n, start, count = 0;
    bool plain = ou_repl_plain_completer(r->vm, c->completer);
    char *before = plain ? ou_edit_before(e, &n) : NULL;
    char **words = before ? ou_repl_words(r, before, n, &start, &count) : NULL;
    if (words) {
        ou_edit_completions(e, start, words, count);
        for (size_t i = 0; i < count; i++)
            free(words[i]);
        free(words);
    } else if (c->completer)
        ou_console_complete(r->vm, c);
    else
        e->bell = true;
    free(before);
}

static char *with_newline(char *text, size_t *n)
{
    char *more = realloc(text, *n + 2);
    if (!more) {
        free(text);
        return NULL;
    }
    memcpy(more + *n, "\n", 2);
    ++*n;
    return more;
}

/* Text of a terminal that does not speak UTF-8 becomes UTF-8: malloc'ed; NULL with exception. */
static char *as_utf8(OuVM *vm, char *text, size_t *n)
{
    OuObj *in = ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, stdin)), *name = NULL, *s = NULL;
    OuUtf8 u;
    bool ascii = true;
    for (size_t i = 0; i < *n; i++)
        ascii = ascii && !(text[i] & 0x80);
    if (ascii || !in || in == OU_NONE(vm) || ou_lookup_attr(vm, in, OU_NAME(vm, encoding), &name) <= 0 ||
        !ou_isa_str(vm, name) || ou_str_eq_s(name, "utf-8") || ou_str_utf8(vm, name, &u, false) < 0) {
        ou_err_clear(vm);
        ou_xdecref(vm, name);
        return text;
    }
    s = ou_str_decode(vm, text, *n, u.s, "surrogateescape");
    ou_utf8_free(vm, &u);
    ou_decref(vm, name);
    free(text);
    text = NULL;
    if (s && ou_str_utf8(vm, s, &u, true) == 0) {
        if ((text = strndup(u.s, u.n)))
            *n = u.n;
        ou_utf8_free(vm, &u);
    }
    ou_xdecref(vm, s);
    return text;
}

static OuBlockKind read_terminal(OuRepl *r, char **text, size_t *n)
{
    char *ps1 = prompt(r->vm, OU_NAME(r->vm, ps1)), *ps2 = prompt(r->vm, OU_NAME(r->vm, ps2));
    bool color = r->console->term.color;
    OuConsoleWay way = {
        .style = {ps1, ps2, color ? "\33[1;35m" : "", color ? "\33[0m" : ""},
        .complete = complete_word,
        .arg = r,
    };
    OuEdit *e = &r->console->edit;
    e->complete = ou_repl_complete;
    e->arg = r;
    OuConsoleEnd end = ou_console_read(r->vm, r->console, &way, text, n);
    free(ps1);
    free(ps2);
    if (end == OU_CONSOLE_ERROR)
        return OU_BLOCK_ERROR;
    /* with the end of its last line, as from a file */
    if (end == OU_CONSOLE_EOF || !(*text = as_utf8(r->vm, *text, n)) || !(*text = with_newline(*text, n)))
        return OU_BLOCK_EOF;
    return OU_BLOCK;
}

/* ---- not a terminal ---- */

/* Appends the next line with its end: 1; 0 at the end of the input; -1 with exception. */
static int read_line(OuRepl *r, char **text, size_t *n)
{
    for (;;) {
        char *nl = memchr(r->in + r->in_at, '\n', r->in_n - r->in_at);
        size_t take = nl ? (size_t)(nl - (r->in + r->in_at)) + 1 : r->in_n - r->in_at;
        char *more = realloc(*text, *n + take + 1);
        if (!more)
            return 0;
        *text = more;
        memcpy(more + *n, r->in + r->in_at, take);
        *n += take;
        more[*n] = 0;
        r->in_at += take;
        if (nl)
            return 1;
        ssize_t got;
        OU_BLOCKING(r->vm, got = read(0, r->in, sizeof r->in));
        if (got < 0 && errno == EINTR) {
            if (ou_poll(r->vm) < 0)
                return -1;
            r->in_at = r->in_n = 0;
            continue;
        }
        r->in_at = 0;
        r->in_n = got > 0 ? (size_t)got : 0;
        if (got <= 0)
            return 0;
    }
}

static OuBlockKind read_lines(OuRepl *r, char **text, size_t *n)
{
    OuBlockKind kind = OU_BLOCK;
    FILE *out = isatty(0) && isatty(1) ? stdout : stderr;
    *n = 0;
    for (bool first = true;; first = false) {
        char *ps = prompt(r->vm, first ? OU_NAME(r->vm, ps1) : OU_NAME(r->vm, ps2));
        size_t before = *n;
        fputs(ps ? ps : "", out);
        fflush(out);
        free(ps);
        int got = read_line(r, text, n);
        if (got < 0) {
            fputs("\n", out);
            fflush(out);
            kind = OU_BLOCK_ERROR;
            break;
        }
        if (got == 0) {
            if (*n > before) { /* the last line has no end: the prompt for the next one finds none */
                ps = prompt(r->vm, OU_NAME(r->vm, ps2));
                fputs(ps ? ps : "", out);
                free(ps);
            }
            fputs("\n", out);
            fflush(out);
            kind = *n ? OU_BLOCK : OU_BLOCK_EOF;
            break;
        }
        if (first && ou_repl_blank(*text, *n)) { /* an empty line asks again with the same prompt */
            *n = 0;
            break;
        }
        if (ou_repl_complete(r, *text, *n - 1)) /* without the last line's end */
            break;
    }
    return kind;
}

OuBlockKind ou_repl_read(OuRepl *r, char **text, size_t *n)
{
    OuBlockKind kind = r->console ? read_terminal(r, text, n) : read_lines(r, text, n);
    if (kind != OU_BLOCK) {
        free(*text);
        *text = NULL;
    }
    return kind;
}
