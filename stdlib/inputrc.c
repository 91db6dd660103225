/* stdlib/inputrc.c - inputrc lines to bindings and settings.
 *
 *     "\C-xr": re-read-init-file     Control-a: "text"     set bell-style none     $if $else $endif $include
 *
 * Settings that concern only how GNU readline draws, and its vi mode, have no effect; a name that readline does not know either is
 * complained about. */
#include "inputrc.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void ou_inputrc_init(OuInputrc *rc)
{
    *rc = (OuInputrc){.history_size = -1};
}

void ou_inputrc_free(OuInputrc *rc)
{
    for (size_t i = 0; i < rc->n; i++) {
        free(rc->at[i].seq);
        free(rc->at[i].macro);
    }
    free(rc->at);
    free(rc->file);
    ou_inputrc_init(rc);
}

/* ---- bindings ---- */

OuSeqMatch ou_inputrc_find(const OuInputrc *rc, const char *s, size_t n, const OuBinding **out)
{
    OuSeqMatch match = OU_SEQ_NONE;
    for (size_t i = 0; i < rc->n; i++) {
        const OuBinding *b = &rc->at[i];
        if (b->n < n || memcmp(b->seq, s, n) != 0)
            continue;
        if (b->n > n)
            return OU_SEQ_PREFIX; /* the longer one may still come */
        *out = b;
        match = OU_SEQ_BOUND;
    }
    return match;
}

/* Takes macro.  false: no memory. */
static bool bind(OuInputrc *rc, const char *seq, size_t n, uint32_t key, char *macro, size_t macro_n)
{
    for (size_t i = 0; i < rc->n; i++)
        if (rc->at[i].n == n && memcmp(rc->at[i].seq, seq, n) == 0) {
            free(rc->at[i].macro);
            rc->at[i].key = key;
            rc->at[i].macro = macro;
            rc->at[i].macro_n = macro_n;
            return true;
        }
    if (rc->n == rc->cap) {
        size_t cap = rc->cap ? rc->cap * 2 : 16;
        OuBinding *more = realloc(rc->at, cap * sizeof *more);
        if (!more) {
            free(macro);
            return false;
        }
        rc->at = more;
        rc->cap = cap;
    }
    char *copy = malloc(n + 1);
    if (!copy) {
        free(macro);
        return false;
    }
    memcpy(copy, seq, n);
    copy[n] = 0;
    rc->at[rc->n++] = (OuBinding){copy, n, key, macro, macro_n};
    return true;
}

/* The command of that name; OU_KEY_NONE: there is none here. */
static uint32_t command(const char *name)
{
    static const struct {
        const char *name;
        uint32_t key;
    } rows[] = {
        {"abort", OU_CTRL('G')},
        {"accept-line", '\r'},
        {"backward-char", OU_CTRL('B')},
        {"backward-delete-char", OU_CTRL('H')},
        {"backward-kill-line", OU_CTRL('U')},
        {"backward-kill-word", OU_KEY_META | 127},
        {"backward-word", OU_KEY_META | 'b'},
        {"beginning-of-history", OU_KEY_FIRST},
        {"beginning-of-line", OU_CTRL('A')},
        {"bracketed-paste-begin", OU_KEY_PASTE},
        {"capitalize-word", OU_KEY_META | 'c'},
        {"clear-display", OU_CTRL('L')},
        {"clear-screen", OU_CTRL('L')},
        {"complete", OU_KEY_COMPLETE},
        {"delete-char", OU_KEY_DELETE},
        {"delete-horizontal-space", OU_KEY_META | '\\'},
        {"downcase-word", OU_KEY_META | 'l'},
        {"end-of-file", OU_CTRL('D')},
        {"end-of-history", OU_KEY_LAST},
        {"end-of-line", OU_CTRL('E')},
        {"forward-char", OU_CTRL('F')},
        {"forward-search-history", OU_CTRL('S')},
        {"forward-word", OU_KEY_META | 'f'},
        {"history-search-backward", OU_KEY_PAGE_UP},
        {"history-search-forward", OU_KEY_PAGE_DOWN},
        {"insert-comment", OU_KEY_COMMENT},
        {"insert-completions", OU_KEY_INSERT_ALL},
        {"kill-line", OU_CTRL('K')},
        {"kill-whole-line", OU_KEY_KILL_LINE},
        {"kill-word", OU_KEY_META | 'd'},
        {"menu-complete", OU_KEY_COMPLETE},
        {"next-history", OU_KEY_NEXT},
        {"next-screen-line", OU_KEY_DOWN},
        {"old-menu-complete", OU_KEY_COMPLETE},
        {"possible-completions", OU_KEY_LIST},
        {"previous-history", OU_KEY_PREVIOUS},
        {"previous-screen-line", OU_KEY_UP},
        {"quoted-insert", OU_CTRL('V')},
        {"re-read-init-file", OU_KEY_REREAD},
        {"redraw-current-line", OU_CTRL('L')},
        {"reverse-search-history", OU_CTRL('R')},
        {"revert-line", OU_KEY_META | 'r'},
        {"self-insert", OU_KEY_SELF},
        {"tab-insert", OU_KEY_TAB},
        {"transpose-chars", OU_CTRL('T')},
        {"transpose-words", OU_KEY_META | 't'},
        {"undo", OU_CTRL('_')},
        {"unix-line-discard", OU_CTRL('U')},
        {"unix-word-rubout", OU_CTRL('W')},
        {"upcase-word", OU_KEY_META | 'u'},
        {"yank", OU_CTRL('Y')},
        {"yank-last-arg", OU_KEY_LAST_ARG},
        {"yank-pop", OU_KEY_META | 'y'},
        /* these names the editor knows, too: they are what it does anyway */
        {"rl_complete", OU_KEY_COMPLETE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcasecmp(rows[i].name, name) == 0)
            return rows[i].key;
    return OU_KEY_NONE;
}

/* ---- texts with escapes ---- */

static int hex(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : isxdigit((unsigned char)c) ? (c | 32) - 'a' + 10 : -1;
}

static char control(char c)
{
    return c == '?' ? 127 : (char)(toupper((unsigned char)c) & 31);
}

/* The text between quote marks at s (its first is s[0]): malloc'ed, *n bytes; *end behind it.  NULL: not closed, or no memory. */
static char *quoted(const char *s, size_t *n, const char **end)
{
    char quote = *s++, *out = malloc(strlen(s) + 1);
    *n = 0;
    if (!out)
        return NULL;
    while (*s && *s != quote) {
        bool ctrl = false;
        char c;
        while (s[0] == '\\' && (s[1] == 'C' || s[1] == 'M') && s[2] == '-' && s[3]) {
            if (s[1] == 'C')
                ctrl = true;
            else
                out[(*n)++] = 27; /* as the Meta key sends it; three bytes of s for one */
            s += 3;
        }
        c = *s;
        if (c == '\\' && s[1]) {
            static const char from[] = "abdefnrtv", to[] = "\a\b\177\33\f\n\r\t\v";
            const char *p = strchr(from, s[1]);
            c = s[1];
            s += 2;
            if (p)
                c = to[p - from];
            else if (c >= '0' && c <= '7') {
                int v = c - '0';
                for (int i = 0; i < 2 && *s >= '0' && *s <= '7'; i++)
                    v = v * 8 + (*s++ - '0');
                c = (char)v;
            } else if (c == 'x' && hex(*s) >= 0) {
                int v = hex(*s++);
                if (hex(*s) >= 0)
                    v = v * 16 + hex(*s++);
                c = (char)v;
            }
        } else if (c)
            s++;
        out[(*n)++] = ctrl ? control(c) : c;
    }
    if (*s != quote) {
        free(out);
        return NULL;
    }
    out[*n] = 0;
    *end = s + 1;
    return out;
}

/* A key by name, `Control-Meta-x` or `Rubout`: its bytes, or 0. */
static size_t named_key(const char *s, size_t n, char out[4])
{
    static const struct {
        const char *name;
        char c;
    } names[] = {{"DEL", 127},      {"ESC", 27},    {"Escape", 27},   {"LFD", '\n'},
                 {"Newline", '\n'}, {"RET", '\r'},  {"Return", '\r'}, {"Rubout", 127},
                 {"SPC", ' '},      {"Space", ' '}, {"Tab", '\t'}};
    static const struct {
        const char *name;
        bool meta;
    } mods[] = {{"Control-", false}, {"Ctrl-", false}, {"C-", false}, {"Meta-", true}, {"M-", true}};
    bool ctrl = false, meta = false;
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < sizeof mods / sizeof *mods; i++) {
            size_t k = strlen(mods[i].name);
            if (n > k && strncasecmp(s, mods[i].name, k) == 0) {
                *(mods[i].meta ? &meta : &ctrl) = true;
                s += k;
                n -= k;
                more = true;
            }
        }
    }
    char c = *s;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i].name) == n && strncasecmp(s, names[i].name, n) == 0)
            c = names[i].c;
    size_t at = 0;
    if (n == 0)
        return 0;
    if (meta)
        out[at++] = 27;
    out[at++] = ctrl ? control(c) : c;
    return at;
}

/* ---- lines ---- */

static char *complaint(const char *what, const char *problem)
{
    size_t n = strlen(what) + strlen(problem) + 3;
    char *s = malloc(n);
    if (s)
        snprintf(s, n, "%s: %s", what, problem);
    return s;
}

static const char *skip(const char *s)
{
    while (*s == ' ' || *s == '\t')
        s++;
    return s;
}

static char *set(OuInputrc *rc, const char *s)
{
    static const char *const others[] = {
        "active-region-end-color",
        "active-region-start-color",
        "bind-tty-special-chars",
        "blink-matching-paren",
        "byte-oriented",
        "colored-completion-prefix",
        "colored-stats",
        "comment-begin",
        "completion-display-width",
        "completion-map-case",
        "completion-prefix-display-length",
        "completion-query-items",
        "convert-meta",
        "echo-control-characters",
        "editing-mode",
        "emacs-mode-string",
        "enable-active-region",
        "enable-bracketed-paste",
        "enable-keypad",
        "enable-meta-key",
        "expand-tilde",
        "history-preserve-point",
        "horizontal-scroll-mode",
        "input-meta",
        "isearch-terminators",
        "keymap",
        "keyseq-timeout",
        "mark-directories",
        "mark-modified-lines",
        "mark-symlinked-directories",
        "match-hidden-files",
        "menu-complete-display-prefix",
        "meta-flag",
        "output-meta",
        "page-completions",
        "prefer-visible-bell",
        "print-completions-horizontally",
        "revert-all-at-newline",
        "show-mode-in-prompt",
        "skip-completed-text",
        "vi-cmd-mode-string",
        "vi-ins-mode-string",
        "visible-stats",
    };
    char name[64], value[64] = "";
    if (sscanf(s, "%63s %63s", name, value) < 1)
        return NULL;
    bool on = !*value || strcasecmp(value, "on") == 0 || strcmp(value, "1") == 0;
    const struct {
        const char *name;
        bool *flag;
    } flags[] = {
        {"show-all-if-ambiguous", &rc->list_at_once},
        {"show-all-if-unmodified", &rc->list_unmodified},
        {"disable-completion", &rc->no_completion},
        {"completion-ignore-case", &rc->ignore_case},
    };
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (strcasecmp(flags[i].name, name) == 0) {
            *flags[i].flag = on;
            return NULL;
        }
    if (strcasecmp(name, "bell-style") == 0) {
        rc->no_bell = strcasecmp(value, "none") == 0 || strcasecmp(value, "off") == 0;
        return NULL;
    }
    if (strcasecmp(name, "history-size") == 0) {
        char *end;
        long v = strtol(value, &end, 10);
        if (end != value && !*end)
            rc->history_size = v;
        return NULL;
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcasecmp(others[i], name) == 0)
            return NULL;
    return complaint(name, "unknown variable name");
}

char *ou_inputrc_line(OuInputrc *rc, const char *line)
{
    const char *s = skip(line), *end;
    char *seq = NULL, key[4], *wrong = NULL;
    size_t n;
    if (!*s || *s == '#' || *s == '$')
        return NULL;
    if (strncasecmp(s, "set", 3) == 0 && (s[3] == ' ' || s[3] == '\t'))
        return set(rc, s + 4);
    if (*s == '"' || *s == '\'') {
        if (!(seq = quoted(s, &n, &end)))
            return complaint(s, "no closing quote in key binding");
        end = skip(end);
        if (*end == ':')
            end++;
    } else {
        end = strchr(s, ':');
        size_t len = end ? (size_t)(end - s) : strcspn(s, " \t");
        while (len && (s[len - 1] == ' ' || s[len - 1] == '\t'))
            len--;
        if (!end && !*skip(s + len))
            return complaint(s, "no key sequence terminator");
        end = end ? end + 1 : s + len;
        n = named_key(s, len, key);
    }
    const char *bytes = seq ? seq : key;
    end = skip(end);
    if (n && (*end == '"' || *end == '\'')) {
        size_t macro_n;
        char *macro = quoted(end, &macro_n, &end);
        if (macro)
            bind(rc, bytes, n, OU_KEY_NONE, macro, macro_n);
        else
            wrong = complaint(end, "macro without closing quote");
    } else if (n && *end) {
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(end, " \t"), end);
        uint32_t k = command(name);
        bind(rc, bytes, n, k == OU_KEY_NONE ? (uint32_t)OU_KEY_NOTHING : k, NULL, 0);
    }
    free(seq);
    return wrong;
}

/* ---- files ---- */

static bool holds(const char *test)
{
    const char *term = getenv("TERM");
    if (strncasecmp(test, "mode=", 5) == 0)
        return strcasecmp(test + 5, "emacs") == 0;
    if (strncasecmp(test, "term=", 5) == 0) {
        size_t n = strlen(test + 5);
        return term && strncasecmp(term, test + 5, n) == 0 && (!term[n] || term[n] == '-');
    }
    return strcasecmp(test, "python") == 0;
}

static int read_file(OuInputrc *rc, const char *file, int depth)
{
    enum { DEEPEST = 16 };
    FILE *f = fopen(file, "re");
    if (!f)
        return errno;
    char *line = NULL;
    size_t cap = 0, number = 0;
    unsigned off = 0, level = 0; /* bit i of off: the $if of level i does not hold */
    for (ssize_t n; (n = getline(&line, &cap, f)) > 0;) {
        while (n > 0 && (line[n - 1] == '\n' || line[n - 1] == '\r'))
            line[--n] = 0;
        number++;
        char word[16] = "", arg[4096] = "";
        const char *s = skip(line);
        char *wrong = NULL;
        if (*s == '$') {
            sscanf(s, "%15s %4095s", word, arg);
            if (strcasecmp(word, "$if") == 0 && level < 30)
                off |= (unsigned)!holds(arg) << ++level;
            else if (strcasecmp(word, "$else") == 0 && level)
                off ^= 1u << level;
            else if (strcasecmp(word, "$endif") == 0 && level)
                off &= ~(1u << level--);
            else if (strcasecmp(word, "$include") == 0 && !off && depth < DEEPEST) {
                const char *home = getenv("HOME");
                char path[8192];
                bool tilde = arg[0] == '~' && arg[1] == '/' && home;
                snprintf(path, sizeof path, "%s%s", tilde ? home : "", tilde ? arg + 1 : arg);
                read_file(rc, path, depth + 1);
            }
        } else if (!off)
            wrong = ou_inputrc_line(rc, s);
        if (wrong)
            fprintf(stderr, "readline: %s: line %zu: %s\n", file, number, wrong);
        free(wrong);
    }
    free(line);
    fclose(f);
    return 0;
}

int ou_inputrc_read(OuInputrc *rc, const char *file)
{
    const char *home = getenv("HOME"), *named = getenv("INPUTRC");
    char path[4096], *copy = NULL;
    int err;
    if (!file)
        file = rc->file ? rc->file : named && *named ? named : NULL;
    if (file)
        copy = strdup(file);
    else {
        snprintf(path, sizeof path, "%s/.inputrc", home ? home : "");
        copy = strdup(path);
    }
    err = copy ? read_file(rc, copy, 0) : ENOMEM;
    if (err && !file) {
        free(copy);
        copy = strdup("/etc/inputrc");
        err = copy ? read_file(rc, copy, 0) : ENOMEM;
    }
    if (err) {
        free(copy);
        return err;
    }
    free(rc->file);
    rc->file = copy;
    return 0;
}
