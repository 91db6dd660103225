/* stdlib/repl.c - the prompt: reads a block, runs it, reports.  On a terminal through the line editor; otherwise as CPython does,
 * with the prompts on stderr. */
#include "repl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "paths.h"
#include "report.h"
#include "version.h"
#include "lang/ast.h"
#include "vm/codecache.h"
#include "vm/compile.h"
#include "vm/exceptions.h"
#include "vm/native.h"

static void flush(OuVM *vm)
{
    static const char *const names[] = {"stderr", "stdout"};
    OuObj *exc = ou_err_fetch(vm);
    for (int i = 0; i < 2; i++) {
        OuObj *f = ou_dict_get_s(vm, (OuObj *)vm->sysdict, names[i]);
        OuObj *res = f && f != OU_NONE(vm) ? ou_call_method(vm, f, OU_NAME(vm, flush), 0) : NULL;
        ou_xdecref(vm, res);
        ou_err_clear(vm);
    }
    ou_err_restore(vm, exc);
}

/* ---- running ---- */

/* Compiles and runs one statement. false: the prompt is to end (SystemExit). */
static bool run_single(OuRepl *r, const char *text, size_t n)
{
    OuVM *vm = r->vm;
    OuObj *file = ou_str_intern_s(vm, "<stdin>");
    OuObj *code =
        file ? ou_compile_source(vm, text, n, file, OU_PARSE_SINGLE, OU_PARSE_UTF8 | OU_PARSE_INTERACTIVE, -1)
             : NULL;
    OuObj *res = code ? ou_eval_code(vm, code, OU_DICT(r->globals), NULL) : NULL;
    ou_xdecref(vm, file);
    ou_xdecref(vm, code);
    bool go_on = true;
    if (res)
        ou_decref(vm, res);
    else if (ou_err_is(vm, OU_EXC(vm, SystemExit))) {
        r->status = ou_run_report(vm, r->cmd);
        go_on = false;
    } else
        ou_repl_report(r);
    flush(vm);
    if (r->cmd->showrefcount)
        ou_report_refcount(vm);
    return go_on;
}

/* First line of a statement, decorators included. */
static int first_line(const OuNode *node)
{
    OuSeq decorators = {0};
    if (node->kind == AST_FunctionDef)
        decorators = AST(FunctionDef, node)->decorator_list;
    else if (node->kind == AST_AsyncFunctionDef)
        decorators = AST(AsyncFunctionDef, node)->decorator_list;
    else if (node->kind == AST_ClassDef)
        decorators = AST(ClassDef, node)->decorator_list;
    return decorators.n ? decorators.at[0]->lineno : node->lineno;
}

/* Where the statements of a block begin: byte offsets, malloc'ed, *count of them; NULL: it cannot be parsed. */
static size_t *split(OuVM *vm, const char *text, size_t n, size_t *count)
{
    OuParsed ps;
    size_t *starts = NULL;
    OuObj *file = ou_str_intern_s(vm, "<stdin>");
    *count = 0;
    if (!file)
        return NULL;
    if (ou_parse_source(vm, &ps, text, n, file, OU_PARSE_FILE, OU_PARSE_UTF8) == 0) {
        OuSeq body = AST(Module, ps.tree)->body;
        int line = 1, last = 0;
        size_t at = 0;
        starts = malloc((body.n + 1) * sizeof *starts);
        for (uint32_t i = 0; starts && i < body.n; i++) {
            int first = first_line(body.at[i]);
            if (first > last) { /* statements of one line stay together */
                while (line < first && at < n)
                    line += text[at++] == '\n';
                starts[(*count)++] = at;
            }
            last = body.at[i]->end_lineno;
        }
    }
    ou_err_clear(vm);
    ou_parsed_free(vm, &ps);
    ou_decref(vm, file);
    return starts;
}

/* A block of several statements (pasted) runs them one by one, as if they had been typed. */
static bool run_block(OuRepl *r, const char *text, size_t n)
{
    size_t count = 0, *starts = r->console && r->console->edit.whole && memchr(text, '\n', n)
                                    ? split(r->vm, text, n, &count)
                                    : NULL;
    bool go_on = true;
    if (count < 2)
        go_on = run_single(r, text, n);
    for (size_t i = 0; go_on && count >= 2 && i < count; i++) {
        size_t end = i + 1 < count ? starts[i + 1] : n;
        char *part = strndup(text + starts[i], end - starts[i] + 1);
        if (!part)
            break;
        part[end - starts[i]] = 0;
        go_on = run_single(r, part, end - starts[i]);
        free(part);
    }
    free(starts);
    return go_on;
}

/* Bare `exit`, `quit` and `help` at a terminal, unless the names were given another meaning. */
static bool bare_word(OuRepl *r, const char *text, size_t n, bool *go_on)
{
    static const char *const words[] = {"exit", "quit", "help"};
    OuVM *vm = r->vm;
    while (n && (text[n - 1] == '\n' || text[n - 1] == ' '))
        n--;
    for (int i = 0; i < 3; i++)
        if (n == strlen(words[i]) && strncmp(text, words[i], n) == 0 &&
            !ou_dict_get_s(vm, r->globals, words[i]) && ou_dict_get_s(vm, (OuObj *)vm->builtins, words[i])) {
            char call[16];
            snprintf(call, sizeof call, "%s()", words[i]);
            *go_on = run_single(r, call, strlen(call));
            return true;
        }
    return false;
}

/* ---- start and end ---- */

static void banner(OuRepl *r)
{
    OuCommand *cmd = r->cmd;
    if (cmd->config.quiet ||
        (!cmd->config.verbose && (cmd->kind != OU_RUN_STDIN || !(cmd->config.interactive || isatty(0)))))
        return;
    fprintf(stderr, "Python %s on linux\n", OU_VERSION_TEXT);
    if (!cmd->config.no_site)
        fputs("Type \"help\", \"copyright\", \"credits\" or \"license\" for more information.\n", stderr);
}

static void startup_file(OuRepl *r)
{
    OuVM *vm = r->vm;
    const char *path = r->cmd->kind == OU_RUN_STDIN ? ou_cmdline_env(&r->cmd->config, "PYTHONSTARTUP") : NULL;
    if (!path)
        return;
    OuObj *file = ou_fs_decode(vm, path, -1), *src = file ? ou_read_file(vm, file) : NULL, *code = NULL,
          *res = NULL;
    if (file && !src) {
        OuObj *exc = ou_err_fetch(vm);
        fprintf(stderr, "Could not open PYTHONSTARTUP\n");
        ou_err_restore(vm, exc);
    }
    if (src && ou_dict_set(vm, r->globals, OU_NAME(vm, __file__), file) == 0)
        code = ou_compile_source(vm, OU_BYTES(src)->data, OU_BYTES(src)->len, file, OU_PARSE_FILE,
                                 (unsigned)OU_COMPILE_SCRIPT, -1);
    if (code)
        res = ou_eval_code(vm, code, OU_DICT(r->globals), NULL);
    if (!res)
        ou_err_print(vm);
    ou_err_clear(vm);
    if (ou_dict_contains(vm, r->globals, OU_NAME(vm, __file__)) > 0)
        ou_dict_del(vm, r->globals, OU_NAME(vm, __file__));
    ou_xdecref(vm, file);
    ou_xdecref(vm, src);
    ou_xdecref(vm, code);
    ou_xdecref(vm, res);
    flush(vm);
}

/* sys.ps1, ps2 exist while a prompt runs; sys.__interactivehook__ of a site is called. */
static void prepare_sys(OuRepl *r)
{
    OuVM *vm = r->vm;
    OuObj *d = (OuObj *)vm->sysdict, *hook, *res;
    if (!ou_dict_get(vm, d, OU_NAME(vm, ps1)))
        ou_sys_set_fs(vm, "ps1", ">>> ");
    if (!ou_dict_get(vm, d, OU_NAME(vm, ps2)))
        ou_sys_set_fs(vm, "ps2", "... ");
    hook = ou_dict_get_s(vm, d, "__interactivehook__");
    if (hook && !(ou_is(hook, builtin) && ((OuBuiltin *)hook)->def->fn == ou_site_interactive_hook)) {
        ou_incref(hook);
        if (!(res = ou_call0(vm, hook))) {
            fputs("Failed calling sys.__interactivehook__\n", stderr);
            ou_err_print(vm);
        }
        ou_xdecref(vm, res);
        ou_decref(vm, hook);
    }
}

/* The file of $PYTHONHISTFILE or ~/.ouro_history, unless a startup file took care of the history; the first time what CPython's
 * prompt kept is offered. */
static void history_open(OuRepl *r)
{
    enum { MOST = 5000 };
    OuConsole *c = r->console;
    const char *name = getenv("PYTHONHISTFILE"), *home = getenv("HOME");
    char other[4096] = "";
    if (r->cmd->config.ignore_environment)
        name = NULL;
    if (name)
        r->history_file = *name ? strdup(name) : NULL;
    else if (c->history.n == 0 && home && *home) {
        size_t n = strlen(home) + 16;
        if ((r->history_file = malloc(n)))
            snprintf(r->history_file, n, "%s/.ouro_history", home);
        snprintf(other, sizeof other, "%s/.python_history", home);
    }
    if (r->history_file) {
        bool old = access(r->history_file, F_OK) == 0;
        ou_history_load(&c->history, old || !*other ? r->history_file : other, MOST, old);
    }
    ou_edit_history_changed(&c->edit);
}

int ou_repl(OuVM *vm, OuCommand *cmd)
{
    OuRepl *r = calloc(1, sizeof *r);
    if (!r)
        return 1;
    r->vm = vm;
    r->cmd = cmd;
    r->globals = ou_run_main_dict(vm);
    if (!r->globals) {
        free(r);
        return ou_run_report(vm, cmd);
    }
    if (isatty(0) && isatty(1) && (r->console = ou_console(vm)) && !r->console->term.usable)
        r->console = NULL;
    ou_err_clear(vm);
    banner(r);
    startup_file(r);
    prepare_sys(r);
    if (r->console)
        history_open(r);
    ou_repl_remember(r);
    for (bool go_on = true; go_on;) {
        char *text = NULL;
        size_t n;
        OuBlockKind kind = ou_repl_read(r, &text, &n);
        if (kind == OU_BLOCK_EOF)
            break;
        if (kind == OU_BLOCK_ERROR) {
            go_on = !ou_err_is(vm, OU_EXC(vm, SystemExit));
            if (go_on)
                ou_repl_report(r);
            else
                r->status = ou_run_report(vm, r->cmd);
            flush(vm);
            continue;
        }
        OuHistory *h = r->console && !r->console->no_auto_history ? &r->console->history : NULL;
        if (h && ou_history_add(h, text, n) && r->history_file)
            ou_history_append(r->history_file, h->items[h->n - 1]);
        if (ou_repl_blank(text, n))
            go_on = true;
        else if (!(r->console && bare_word(r, text, n, &go_on)) && !ou_repl_command(r, text)) {
            ou_repl_remember(r);
            go_on = run_block(r, text, n);
        }
        free(text);
    }
    int status = r->status;
    if (r->console) { /* it may be used on, by atexit functions */
        ou_edit_reset(&r->console->edit);
        r->console->edit.single = true;
    }
    ou_ptrset_free(&r->known);
    free(r->history_file);
    free(r);
    return status;
}
