/* stdlib/run.c - from the command line to a running program: script, -c, standard input; reports and exit statuses. */
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "paths.h"
#include "vm/codecache.h"
#include "vm/compile.h"
#include "vm/exceptions.h"
#include "vm/import.h"

/* ---- reports ---- */

/* SystemExit in flight: its status; text is printed on sys.stderr. */
static int system_exit(OuVM *vm)
{
    OuObj *exc = ou_err_fetch(vm), *code;
    int status = 0;
    int64_t v;
    if (ou_lookup_attr(vm, exc, OU_NAME(vm, code), &code) <= 0) {
        ou_err_clear(vm);
        code = ou_none(vm);
    }
    if (code == OU_NONE(vm))
        status = 0;
    else if (ou_isa_int(vm, code))
        status = ou_int_fits(code, &v) ? (int)v : -1;
    else {
        OuObj *f = ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, stderr)), *s = ou_str(vm, code);
        OuObj *line = s ? ou_str_fmt(vm, "%U\n", s) : NULL;
        status = 1;
        fflush(stdout);
        if (line && f && f != OU_NONE(vm))
            ou_xdecref(vm, ou_call_method(vm, f, OU_NAME(vm, write), 1, line));
        else if (line) {
            OuUtf8 u;
            if (ou_str_utf8(vm, line, &u, true) == 0) {
                fwrite(u.s, 1, u.n, stderr);
                ou_utf8_free(vm, &u);
            }
        }
        ou_xdecref(vm, s);
        ou_xdecref(vm, line);
        ou_err_clear(vm);
    }
    ou_decref(vm, code);
    ou_decref(vm, exc);
    return status & 0xff;
}

int ou_run_report(OuVM *vm, const OuCommand *cmd)
{
    if (!cmd->config.inspect && ou_err_is(vm, OU_EXC(vm, SystemExit)))
        return system_exit(vm);
    bool interrupt = ou_err_is(vm, OU_EXC(vm, KeyboardInterrupt));
    ou_err_print(vm);
    if (ou_err_occurred(vm)) /* the hook itself raised SystemExit */
        return system_exit(vm);
    return interrupt ? OU_EXIT_SIGINT : 1;
}

OuObj *ou_run_main_dict(OuVM *vm)
{
    OuObj *name = OU_NAME(vm, __main__), *m = ou_dict_get(vm, (OuObj *)vm->modules, name);
    if (m && ou_is(m, module))
        return (OuObj *)((OuModule *)m)->dict;
    m = ou_module_new(vm, name);
    OuObj *notes = m ? ou_dict_new(vm) : NULL, *d = m ? (OuObj *)((OuModule *)m)->dict : NULL;
    if (!notes || ou_dict_set(vm, d, OU_NAME(vm, __annotations__), notes) < 0 ||
        ou_dict_set(vm, d, OU_NAME(vm, __builtins__), vm->builtins_module) < 0 ||
        ou_dict_set(vm, (OuObj *)vm->modules, name, m) < 0)
        d = NULL;
    ou_xdecref(vm, notes);
    ou_xdecref(vm, m);
    return d; /* sys.modules owns the module */
}

static void dis(OuVM *vm, OuObj *code)
{
    OuObj *fn = ou_import_attr(vm, "dis", "dis"), *res = fn ? ou_call1(vm, fn, code) : NULL;
    if (!res)
        ou_err_print(vm);
    ou_xdecref(vm, fn);
    ou_xdecref(vm, res);
}

int ou_run_loader(OuVM *vm, OuObj *code)
{
    const OuCode *c = (const OuCode *)code;
    for (uint32_t i = 0; !vm->import && i < c->nnames; i++)
        if (c->names[i] == OU_NAME(vm, __loader__)) {
            OuObj *m = ou_import(vm, "importlib");
            if (!m && !ou_err_is(vm, OU_EXC(vm, ImportError)))
                return -1;
            ou_err_clear(vm);
            ou_xdecref(vm, m);
            return 0;
        }
    return 0;
}

int ou_run_code(OuVM *vm, const OuCommand *cmd, OuObj *code_take, OuObj *globals)
{
    if (code_take && globals && ou_run_loader(vm, code_take) < 0)
        ou_clear(vm, code_take);
    if (code_take && cmd->dis)
        dis(vm, code_take);
    OuObj *res = code_take && globals ? ou_eval_code(vm, code_take, OU_DICT(globals), NULL) : NULL;
    ou_xdecref(vm, code_take);
    if (!res)
        return ou_run_report(vm, cmd);
    ou_decref(vm, res);
    return 0;
}

/* ---- -c and standard input ---- */

static int run_text(OuVM *vm, OuCommand *cmd, const char *text, size_t n, const char *name, unsigned flags)
{
    OuObj *globals = ou_run_main_dict(vm), *file = ou_str_intern_s(vm, name), *s = NULL, *bytes = NULL;
    if (cmd->kind == OU_RUN_COMMAND) { /* bytes of the argument that are no UTF-8 */
        OuObj *encode = ou_str_intern_s(vm, "encode");
        s = encode ? ou_fs_decode(vm, text, (ou_ssize)n) : NULL;
        bytes = s ? ou_call_method(vm, s, encode, 0) : NULL;
        ou_xdecref(vm, encode);
        ou_xdecref(vm, s);
        if (!bytes) {
            ou_xdecref(vm, file);
            fputs("Unable to decode the command from the command line:\n", stderr);
            return ou_run_report(vm, cmd);
        }
        ou_decref(vm, bytes);
    }
    OuObj *code = globals && file ? ou_compile_source(vm, text, n, file, OU_PARSE_FILE, flags, -1) : NULL;
    ou_xdecref(vm, file);
    return ou_run_code(vm, cmd, code, globals);
}

static char *skip_line(char *text, size_t *n)
{
    char *nl = memchr(text, '\n', *n); /* the line end stays: line numbers are those of the file */
    if (!nl)
        nl = text + *n;
    *n -= (size_t)(nl - text);
    return nl;
}

static char *read_all(int fd, size_t *out_n)
{
    size_t cap = 65536, n = 0;
    char *buf = malloc(cap);
    while (buf) {
        if (cap - n < 4096) {
            char *more = realloc(buf, cap *= 2);
            if (!more)
                free(buf);
            buf = more;
            continue;
        }
        ssize_t got = read(fd, buf + n, cap - n - 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    if (buf)
        buf[n] = 0;
    *out_n = n;
    return buf;
}

static int set_file(OuVM *vm, OuObj *globals, OuObj *file)
{
    return !globals || ou_dict_set(vm, globals, OU_NAME(vm, __file__), file) < 0 ||
                   ou_dict_set(vm, globals, OU_NAME(vm, __cached__), OU_NONE(vm)) < 0
               ? -1
               : 0;
}

/* The names of the file are gone when the program has run: for a prompt that follows, and for atexit functions. */
static void unset_file(OuVM *vm, OuObj *globals)
{
    OuObj *const names[] = {OU_NAME(vm, __file__), OU_NAME(vm, __cached__)};
    for (int i = 0; i < 2; i++) {
        if (globals && ou_dict_contains(vm, globals, names[i]) > 0)
            ou_dict_del(vm, globals, names[i]);
        ou_err_clear(vm);
    }
}

static int run_stdin(OuVM *vm, OuCommand *cmd)
{
    size_t n;
    char *text = read_all(0, &n), *start = text;
    if (!text) {
        ou_raise_memory(vm);
        return ou_run_report(vm, cmd);
    }
    if (cmd->skip_first_line)
        start = skip_line(text, &n);
    OuObj *globals = ou_run_main_dict(vm), *file = ou_str_new(vm, "<stdin>", -1);
    int status = globals && file && set_file(vm, globals, file) == 0
                     ? run_text(vm, cmd, start, n, "<stdin>", (unsigned)OU_COMPILE_SCRIPT)
                     : ou_run_report(vm, cmd);
    free(text);
    unset_file(vm, globals);
    ou_xdecref(vm, file);
    return status;
}

/* ---- scripts ---- */

/* Folder of the script behind one symbolic link, made absolute. */
static void script_folder(const char *path, char out[PATH_MAX])
{
    char link[PATH_MAX], file[2 * PATH_MAX];
    ssize_t n = readlink(path, link, sizeof link - 1);
    const char *slash = strrchr(path, '/');
    if (n > 0) {
        link[n] = 0;
        if (link[0] == '/' || !slash)
            snprintf(file, sizeof file, "%s", link);
        else
            snprintf(file, sizeof file, "%.*s/%s", (int)(slash - path), path, link);
    } else
        snprintf(file, sizeof file, "%s", path);
    char *last = strrchr(file, '/');
    if (!last)
        strcpy(file, ".");
    else
        last[last == file] = 0;
    if (!realpath(file, out))
        snprintf(out, PATH_MAX, "%.*s", PATH_MAX - 1, file);
}

/* new: the name as given behind the working directory */
static OuObj *absolute(OuVM *vm, const char *path)
{
    char cwd[PATH_MAX];
    OuObj *p = ou_fs_decode(vm, path, -1), *dir = NULL, *full = NULL;
    if (!p || *path == '/' || !getcwd(cwd, sizeof cwd))
        return p;
    if ((dir = ou_fs_decode(vm, cwd, -1)))
        full = ou_str_fmt(vm, cwd[1] ? "%U/%U" : "%U%U", dir, p);
    ou_decref(vm, p);
    ou_xdecref(vm, dir);
    return full;
}

/* The end record of a zip archive is within its last 64 KiB. */
static bool is_zip(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    bool yes = false;
    enum { TAIL = 65536 + 22 };
    if (fd < 0)
        return false;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size >= 22) {
        size_t n = st.st_size < TAIL ? (size_t)st.st_size : TAIL;
        char head[4], *buf = malloc(n);
        /* every archive we can run begins with an entry, or holds one behind a #! line */
        if (buf && pread(fd, head, 4, 0) == 4 &&
            (memcmp(head, "PK\3\4", 4) == 0 || memcmp(head, "#!", 2) == 0) &&
            pread(fd, buf, n, st.st_size - (off_t)n) == (ssize_t)n)
            yes = memmem(buf, n, "PK\5\6", 4) != NULL;
        free(buf);
    }
    close(fd);
    return yes;
}

static int cannot_open(OuVM *vm, OuCommand *cmd, OuObj *file)
{
    OuObj *exc = ou_err_fetch(vm), *name = ou_ascii(vm, file);
    OuObj *no = exc && ou_isa(vm, exc, OSError) ? ((OuExcOSError *)exc)->myerrno : NULL;
    int64_t err = ENOMEM;
    OuUtf8 u;
    if (no && ou_isa_int(vm, no))
        ou_int_fits(no, &err);
    if (name && ou_str_utf8(vm, name, &u, true) == 0) {
        fprintf(stderr, "%s: can't open file %s: [Errno %d] %s\n", cmd->config.program, u.s, (int)err,
                strerror((int)err));
        ou_utf8_free(vm, &u);
    }
    ou_xdecref(vm, exc);
    ou_xdecref(vm, name);
    ou_err_clear(vm);
    return 2;
}

/* A compiled file: 16 bytes of header, then a marshalled code object. */
static int run_compiled(OuVM *vm, OuCommand *cmd, OuObj *bytes, OuObj *globals)
{
    OuObj *loads = ou_import_attr(vm, "marshal", "loads"), *code = NULL;
    OuObj *body =
        loads ? ou_bytes_new(vm, OU_BYTES(bytes)->data + 16, (ou_ssize)OU_BYTES(bytes)->len - 16) : NULL;
    if (body)
        code = ou_call1(vm, loads, body);
    if (code && !ou_is(code, code)) {
        ou_clear(vm, code);
        ou_raise(vm, OU_EXC(vm, RuntimeError), "Bad code object in .pyc file");
    }
    ou_xdecref(vm, loads);
    ou_xdecref(vm, body);
    return ou_run_code(vm, cmd, code, globals);
}

static int run_file(OuVM *vm, OuCommand *cmd)
{
    const char *path = cmd->what;
    struct stat st;
    if ((stat(path, &st) == 0 && S_ISDIR(st.st_mode)) || is_zip(path)) {
        OuObj *dir = absolute(vm, path), *paths = ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, path));
        int r = dir && paths ? ou_list_insert(vm, paths, 0, dir) : -1;
        ou_xdecref(vm, dir);
        if (r < 0)
            return ou_run_report(vm, cmd);
        return ou_run_module(vm, cmd, "__main__", false);
    }
    if (!cmd->config.safe_path) {
        char dir[PATH_MAX];
        script_folder(path, dir);
        if (ou_paths_insert(vm, dir) < 0)
            return ou_run_report(vm, cmd);
    }
    OuObj *file = absolute(vm, path), *src = file ? ou_read_file(vm, file) : NULL, *code = NULL;
    int status;
    if (!src) {
        status = file ? cannot_open(vm, cmd, file) : ou_run_report(vm, cmd);
        ou_xdecref(vm, file);
        return status;
    }
    OuObj *globals = ou_run_main_dict(vm);
    char *text = OU_BYTES(src)->data;
    size_t n = OU_BYTES(src)->len, len = strlen(path);
    if (set_file(vm, globals, file) < 0)
        status = ou_run_report(vm, cmd);
    else if (len > 4 && strcmp(path + len - 4, ".pyc") == 0 && n > 16)
        status = run_compiled(vm, cmd, src, globals);
    else {
        if (cmd->skip_first_line)
            text = skip_line(text, &n);
        code = ou_compile_source(vm, text, n, file, OU_PARSE_FILE, (unsigned)OU_COMPILE_SCRIPT, -1);
        ou_clear(vm, src);
        status = ou_run_code(vm, cmd, code, globals);
    }
    unset_file(vm, globals);
    ou_xdecref(vm, src);
    ou_decref(vm, file);
    return status;
}

/* ---- all kinds ---- */

static int first_path(OuVM *vm, OuCommand *cmd)
{
    char cwd[PATH_MAX];
    if (cmd->config.safe_path || cmd->kind == OU_RUN_FILE)
        return 0;
    if (cmd->kind == OU_RUN_MODULE)
        return getcwd(cwd, sizeof cwd) ? ou_paths_insert(vm, cwd) : 0;
    return ou_paths_insert(vm, "");
}

static bool wants_prompt(OuCommand *cmd)
{
    return cmd->config.interactive || isatty(0);
}

int ou_run(OuVM *vm, OuCommand *cmd)
{
    int status = 0;
    bool prompt_at_end = cmd->config.inspect;
    if (first_path(vm, cmd) < 0)
        return ou_run_report(vm, cmd);
    switch (cmd->kind) {
    case OU_RUN_COMMAND:
        status = run_text(vm, cmd, cmd->what, strlen(cmd->what), "<string>", OU_PARSE_UTF8);
        break;
    case OU_RUN_MODULE:
        status = ou_run_module(vm, cmd, cmd->what, true);
        break;
    case OU_RUN_FILE:
        status = run_file(vm, cmd);
        break;
    case OU_RUN_STDIN:
        if (wants_prompt(cmd)) {
            cmd->config.inspect = 0;
            return ou_repl(vm, cmd);
        }
        status = run_stdin(vm, cmd);
        break;
    }
    /* a program may ask for the prompt by setting PYTHONINSPECT */
    if (!prompt_at_end && ou_cmdline_env(&cmd->config, "PYTHONINSPECT"))
        prompt_at_end = true;
    if (prompt_at_end && (cmd->config.interactive || isatty(0))) {
        cmd->config.inspect = 0;
        status = ou_repl(vm, cmd);
    }
    return status;
}
