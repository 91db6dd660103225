/* stdlib/readline.c - module readline: CPython's interface to GNU readline, in front of our own line editor.
 *
 * History files are those of readline: one line an item.  A block of several lines, which only our prompt makes, is written as the
 * lines that it has. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "console.h"
#include "support.h"
#include "vm/audit.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

static OuConsole *console(OuVM *vm)
{
    return ou_console_known(vm);
}

/* A str argument as bytes of the terminal: new, or NULL. */
static OuObj *text_arg(OuVM *vm, OuObj *o)
{
    OuObj *bytes;
    if (!ou_isa_str(vm, o))
        return ou_type_error(vm, "bad argument type for built-in operation");
    if (ou_fs_path(vm, o, &bytes) < 0) {
        /* the texts of this module know no paths */
        if (ou_err_is(vm, OU_EXC(vm, ValueError)) && !ou_err_is(vm, OU_EXC(vm, UnicodeError))) {
            ou_err_clear(vm);
            return ou_value_error(vm, "embedded null character");
        }
        return NULL;
    }
    return bytes;
}

/* ---- bindings ---- */

FN(rl_parse_and_bind)
{
    OuConsole *c = console(vm);
    OuObj *s = text_arg(vm, args[0]);
    if (!s)
        return NULL;
    char *wrong = ou_inputrc_line(&c->rc, OU_BYTES(s)->data);
    c->history.max = c->rc.history_size > 0 ? (size_t)c->rc.history_size : 0;
    ou_decref(vm, s);
    if (wrong)
        fprintf(stderr, "readline: %s\n", wrong);
    free(wrong);
    return ou_none(vm);
}

/* The bytes of a file name, or NULL: None or absent. 0/-1 */
static int file_arg(OuVM *vm, OuObj *o, OuObj **out)
{
    *out = NULL;
    return o && o != OU_NONE(vm) ? ou_fs_path(vm, o, out) : 0;
}

FN(rl_read_init_file)
{
    OuObj *file;
    if (file_arg(vm, args[0], &file) < 0)
        return NULL;
    if (ou_audit(vm, "open", "OOi", args[0], NULL, 0) < 0) {
        ou_xdecref(vm, file);
        return NULL;
    }
    OuConsole *c = console(vm);
    int err = ou_inputrc_read(&c->rc, file ? OU_BYTES(file)->data : NULL);
    c->history.max = c->rc.history_size > 0 ? (size_t)c->rc.history_size : 0;
    ou_xdecref(vm, file);
    return err ? ou_raise_errno(vm, err, NULL) : ou_none(vm);
}

/* ---- history files ---- */

/* The file of the argument, else ~/.history: malloc'ed; NULL with exception. */
static char *history_file(OuVM *vm, OuObj *o)
{
    OuObj *bytes;
    if (file_arg(vm, o, &bytes) < 0 || ou_audit(vm, "open", "OOi", o, NULL, 0) < 0)
        return NULL;
    const char *home = getenv("HOME");
    size_t n = bytes ? OU_BYTES(bytes)->len : strlen(home ? home : "") + 9;
    char *name = malloc(n + 1);
    if (!name)
        ou_raise_memory(vm);
    else if (bytes)
        strcpy(name, OU_BYTES(bytes)->data);
    else
        snprintf(name, n + 1, "%s/.history", home ? home : "");
    ou_xdecref(vm, bytes);
    return name;
}

FN(rl_read_history_file)
{
    OuConsole *c = console(vm);
    char *name = history_file(vm, args[0]), *line = NULL;
    size_t cap = 0;
    if (!name)
        return NULL;
    FILE *f = fopen(name, "re");
    int err = f ? 0 : errno;
    free(name);
    if (!f)
        return ou_raise_errno(vm, err, NULL);
    for (ssize_t n; (n = getline(&line, &cap, f)) > 0;) {
        n -= line[n - 1] == '\n';
        n -= n > 0 && line[n - 1] == '\r';
        if (n > 0)
            ou_history_push(&c->history, line, (size_t)n);
    }
    err = ferror(f) ? errno : 0;
    free(line);
    fclose(f);
    c->history_read = true;
    ou_edit_history_changed(&c->edit);
    return err ? ou_raise_errno(vm, err, NULL) : ou_none(vm);
}

/* Items from `from` on, and a line end behind each: 0 or errno. */
static int write_items(const OuHistory *h, const char *file, size_t from, const char *mode)
{
    FILE *f = fopen(file, mode);
    if (!f)
        return errno;
    for (size_t i = from; i < h->n; i++) {
        fputs(h->items[i], f);
        fputc('\n', f);
    }
    int err = ferror(f) ? EIO : 0;
    return fclose(f) != 0 && !err ? errno : err;
}

/* Keeps the last `most` lines of the file. */
static int truncate_file(const char *file, size_t most)
{
    FILE *f = fopen(file, "re");
    char *text = NULL;
    size_t cap = 0;
    if (!f)
        return errno;
    ssize_t n = getdelim(&text, &cap, EOF, f);
    fclose(f);
    ssize_t at = n;
    for (size_t lines = 0; at > 0; at--)
        if (text[at - 1] == '\n' && at < n && ++lines == most)
            break;
    int err = 0;
    if (n > 0 && (at > 0 || most == 0) && (f = fopen(file, "we"))) {
        if (most)
            fwrite(text + at, 1, (size_t)(n - at), f);
        err = fclose(f) != 0 ? errno : 0;
    }
    free(text);
    return err;
}

static OuObj *write_file(OuVM *vm, OuObj *arg, size_t from, bool append)
{
    OuConsole *c = console(vm);
    char *name = history_file(vm, arg);
    if (!name)
        return NULL;
    bool made = access(name, F_OK) != 0;
    int err = append && made ? ENOENT : write_items(&c->history, name, from, append ? "ae" : "we");
    if (!err && made)
        chmod(name, 0600);
    if (!err && c->file_lines >= 0)
        err = truncate_file(name, (size_t)c->file_lines);
    free(name);
    return err ? ou_raise_errno(vm, err, NULL) : ou_none(vm);
}

FN(rl_write_history_file)
{
    return write_file(vm, args[0], 0, false);
}

FN(rl_append_history_file)
{
    OuConsole *c = console(vm);
    int n;
    if (ou_as_int(vm, args[0], &n) < 0)
        return NULL;
    size_t last = n < 0 ? 0 : (size_t)n < c->history.n ? (size_t)n : c->history.n;
    return write_file(vm, args[1], c->history.n - last, true);
}

FN(rl_set_history_length)
{
    return ou_as_int(vm, args[0], &console(vm)->file_lines) < 0 ? NULL : ou_none(vm);
}

FN(rl_get_history_length)
{
    return ou_int(vm, console(vm)->file_lines);
}

/* ---- history items ---- */

FN(rl_get_current_history_length)
{
    return ou_int(vm, (int64_t)console(vm)->history.n);
}

FN(rl_get_history_item)
{
    OuHistory *h = &console(vm)->history;
    int i;
    if (ou_as_int(vm, args[0], &i) < 0)
        return NULL;
    return i < 1 || (size_t)i > h->n ? ou_none(vm) : ou_fs_decode(vm, h->items[i - 1], -1);
}

/* The number of an item, from 0: 0, or -1 with exception. */
static int item_arg(OuVM *vm, OuObj *o, size_t *out)
{
    int i;
    if (ou_as_int(vm, o, &i) < 0)
        return -1;
    if (i < 0)
        return ou_value_error_i(vm, "History index cannot be negative");
    if ((size_t)i >= console(vm)->history.n)
        return ou_value_error_i(vm, "No history item at position %d", i);
    *out = (size_t)i;
    return 0;
}

FN(rl_remove_history_item)
{
    OuConsole *c = console(vm);
    size_t i;
    if (item_arg(vm, args[0], &i) < 0)
        return NULL;
    ou_history_remove(&c->history, i);
    ou_edit_history_changed(&c->edit);
    return ou_none(vm);
}

FN(rl_replace_history_item)
{
    OuHistory *h = &console(vm)->history;
    size_t i;
    OuObj *s = NULL;
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "replace_history_item() argument 2 must be str, not %s",
                             ou_arg_type_name(vm, args[1]));
    if (item_arg(vm, args[0], &i) < 0 || !(s = text_arg(vm, args[1])))
        return NULL;
    char *copy = strdup(OU_BYTES(s)->data);
    ou_decref(vm, s);
    if (!copy)
        return ou_raise_memory(vm);
    free(h->items[i]);
    h->items[i] = copy;
    return ou_none(vm);
}

FN(rl_add_history)
{
    OuConsole *c = console(vm);
    OuObj *s = text_arg(vm, args[0]);
    if (!s)
        return NULL;
    bool ok = ou_history_push(&c->history, OU_BYTES(s)->data, OU_BYTES(s)->len);
    ou_edit_history_changed(&c->edit);
    ou_decref(vm, s);
    return ok ? ou_none(vm) : ou_raise_memory(vm);
}

FN(rl_clear_history)
{
    OuConsole *c = console(vm);
    size_t max = c->history.max;
    ou_history_free(&c->history);
    c->history.max = max;
    ou_edit_history_changed(&c->edit);
    return ou_none(vm);
}

FN(rl_set_auto_history)
{
    int on = ou_is_true(vm, args[0]);
    if (on < 0)
        return NULL;
    console(vm)->no_auto_history = !on;
    return ou_none(vm);
}

/* ---- the line ---- */

FN(rl_get_line_buffer)
{
    size_t n;
    char *text = ou_edit_text(&console(vm)->edit, &n);
    OuObj *s = text ? ou_fs_decode(vm, text, (ou_ssize)n) : ou_raise_memory(vm);
    free(text);
    return s;
}

FN(rl_insert_text)
{
    OuEdit *e = &console(vm)->edit;
    OuObj *s = text_arg(vm, args[0]);
    if (!s)
        return NULL;
    ou_edit_save(e);
    ou_edit_replace(e, e->at, OU_BYTES(s)->data, OU_BYTES(s)->len);
    ou_decref(vm, s);
    return ou_none(vm);
}

FN(rl_redisplay)
{
    ou_console_redraw(console(vm));
    return ou_none(vm);
}

/* ---- hooks ---- */

static OuObj *set_hook(OuVM *vm, const char *name, OuObj **slot, OuObj *func)
{
    OuObj *old = *slot;
    if (!func || func == OU_NONE(vm))
        *slot = NULL;
    else if (!ou_callable(vm, func))
        return ou_type_error(vm, "set_%s(func): argument not callable", name);
    else
        *slot = ou_ref(func);
    ou_xdecref(vm, old);
    return ou_none(vm);
}

FN(rl_set_startup_hook)
{
    return set_hook(vm, "startup_hook", &console(vm)->startup_hook, args[0]);
}

FN(rl_set_pre_input_hook)
{
    return set_hook(vm, "pre_input_hook", &console(vm)->pre_input_hook, args[0]);
}

FN(rl_set_completion_display_matches_hook)
{
    return set_hook(vm, "completion_display_matches_hook", &console(vm)->display_hook, args[0]);
}

FN(rl_set_completer)
{
    return set_hook(vm, "completer", &console(vm)->completer, args[0]);
}

FN(rl_get_completer)
{
    OuObj *f = console(vm)->completer;
    return ou_ref(f ? f : OU_NONE(vm));
}

FN(rl_set_completer_delims)
{
    OuConsole *c = console(vm);
    OuObj *s = text_arg(vm, args[0]);
    if (!s)
        return NULL;
    size_t n = OU_BYTES(s)->len, k = 0;
    uint32_t *delims = malloc((n + 1) * sizeof *delims);
    for (size_t i = 0; delims && i < n; k++) {
        size_t len = ou_edit_utf8_next(OU_BYTES(s)->data + i, n - i, &delims[k]);
        i += len ? len : 1;
    }
    ou_decref(vm, s);
    if (!delims)
        return ou_raise_memory(vm);
    delims[k] = 0;
    free(c->delims);
    c->delims = delims;
    return ou_none(vm);
}

FN(rl_get_completer_delims)
{
    const uint32_t *d = console(vm)->delims;
    size_t n = 0, at = 0;
    while (d && d[n])
        n++;
    char *s = malloc(n * 4 + 1);
    if (!s)
        return ou_raise_memory(vm);
    for (size_t i = 0; i < n; i++)
        at += ou_edit_utf8_put(s + at, d[i]);
    OuObj *str = ou_fs_decode(vm, s, (ou_ssize)at);
    free(s);
    return str;
}

FN(rl_get_completion_type)
{
    return ou_int(vm, console(vm)->completion_type);
}

FN(rl_get_begidx)
{
    return ou_int(vm, (int64_t)console(vm)->begin);
}

FN(rl_get_endidx)
{
    return ou_int(vm, (int64_t)console(vm)->end);
}

/* ---- the module ---- */

static int exec(OuVM *vm, OuObj *m)
{
    enum { LIKE = 0x0802 }; /* the readline whose behaviour programs may count on */
    if (ou_module_add_int(vm, m, "_READLINE_VERSION", LIKE) < 0 ||
        ou_module_add_int(vm, m, "_READLINE_RUNTIME_VERSION", LIKE) < 0 ||
        ou_module_add_str(vm, m, "_READLINE_LIBRARY_VERSION", "8.2") < 0)
        return -1;
    return ou_console_init(vm, ((OuModule *)m)->state);
}

static int traverse(void *state, OuVisit visit, void *arg)
{
    return ou_console_traverse(state, visit, arg);
}

static void clear(OuVM *vm, void *state)
{
    ou_console_free(vm, state);
}

static const OuFn functions[] = {
    {"parse_and_bind(string, /)", rl_parse_and_bind, 0, "Execute one line of an inputrc file."},
    {"read_init_file(filename=None, /)", rl_read_init_file, 0,
     "Execute an inputrc file.\n\nThe default is the file read last."},
    {"read_history_file(filename=None, /)", rl_read_history_file, 0,
     "Add the lines of a file to the history.\n\nThe default is ~/.history."},
    {"write_history_file(filename=None, /)", rl_write_history_file, 0,
     "Write the history to a file.\n\nThe default is ~/.history."},
    {"append_history_file(nelements, filename=None, /)", rl_append_history_file, 0,
     "Append the last nelements items of the history to a file, which must exist.\n\nThe default is "
     "~/.history."},
    {"get_history_length()", rl_get_history_length, 0,
     "The most lines that will be written to a history file; negative: any number."},
    {"set_history_length(length, /)", rl_set_history_length, 0,
     "Set the most lines that will be written to a history file.\n\nA negative length means any number."},
    {"get_current_history_length()", rl_get_current_history_length, 0, "The number of items in the history."},
    {"get_history_item(index, /)", rl_get_history_item, 0, "The item of the history at that index, from 1."},
    {"remove_history_item(pos, /)", rl_remove_history_item, 0, "Remove the item at that position, from 0."},
    {"replace_history_item(pos, line, /)", rl_replace_history_item, 0,
     "Replace the item at that position, from 0, by line."},
    {"add_history(string, /)", rl_add_history, 0, "Append a line to the history."},
    {"clear_history()", rl_clear_history, 0, "Drop all items of the history."},
    {"set_auto_history(enabled, /)", rl_set_auto_history, 0,
     "Whether lines that were typed are added to the history."},
    {"get_line_buffer()", rl_get_line_buffer, 0, "The line as edited so far."},
    {"insert_text(string, /)", rl_insert_text, 0, "Insert text into the line at the cursor."},
    {"redisplay()", rl_redisplay, 0, "Show the line as it is now."},
    {"set_startup_hook(function=None, /)", rl_set_startup_hook, 0,
     "Set or remove the function called without arguments before the prompt is shown."},
    {"set_pre_input_hook(function=None, /)", rl_set_pre_input_hook, 0,
     "Set or remove the function called without arguments when the prompt is shown and before keys are "
     "read."},
    {"set_completer(function=None, /)", rl_set_completer, 0,
     "Set or remove the function that completes.\n\nIt is called as function(text, state) for state 0, 1, 2, "
     "... until "
     "it returns no str;\nit returns the next word that text may stand for."},
    {"get_completer()", rl_get_completer, 0, "The function that completes, or None."},
    {"set_completer_delims(string, /)", rl_set_completer_delims, 0,
     "Set the characters that end words to complete."},
    {"get_completer_delims()", rl_get_completer_delims, 0, "The characters that end words to complete."},
    {"get_completion_type()", rl_get_completion_type, 0, "The kind of completion that was asked for."},
    {"get_begidx()", rl_get_begidx, 0, "Where the word to complete begins in the line."},
    {"get_endidx()", rl_get_endidx, 0, "Where the word to complete ends in the line."},
    {"set_completion_display_matches_hook(function=None, /)", rl_set_completion_display_matches_hook, 0,
     "Set or remove the function that shows completions.\n\nIt is called as function(substitution, matches, "
     "longest_match_length)."},
    {0},
};
const OuModuleDef ou_mod_readline = {
    .name = "readline",
    .doc = "Line editing for input() and the prompt: the interface of GNU readline, in front of ouro's own "
           "line editor.",
    .functions = functions,
    .state_size = sizeof(OuConsole),
    .exec = exec,
    .traverse = traverse,
    .clear = clear,
};
