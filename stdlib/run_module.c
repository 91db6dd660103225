/* stdlib/run_module.c - `-m name`, and folders and zip files with a __main__.py, as runpy does it, without importing runpy when
 * the module is a source file that the native importer would find. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run.h"
#include "vm/codecache.h"
#include "vm/exceptions.h"
#include "vm/import.h"
#include "vm/modspec.h"

/* Tracebacks of programs run by name begin with two functions of runpy: the program is started through functions of these
 * names at the lines they have there.  _run_module_as_main(x, y), whose second line is `outer`, calls `name`, which runs `body`
 * at line `inner`. */
static OuObj *starter(OuVM *vm, int inner, const char *name, const char *body, int outer)
{
    char text[1024];
    size_t n = 0;
    for (; n < (size_t)inner - 2; n++)
        text[n] = '\n';
    n += (size_t)sprintf(text + n, "def %s(x, y):\n    %s\n", name, body);
    for (int i = inner + 1; i < outer - 1; i++)
        text[n++] = '\n';
    sprintf(text + n, "def _run_module_as_main(x, y):\n    %s(x, y)\n", name);
    OuObj *file = ou_str_new(vm, "<frozen runpy>", -1), *globals = ou_dict_new(vm), *res = NULL, *fn = NULL;
    OuObj *code = file && globals
                      ? ou_compile_source(vm, text, strlen(text), file, OU_PARSE_FILE, OU_PARSE_UTF8, 0)
                      : NULL;
    if (code && ou_dict_set(vm, globals, OU_NAME(vm, __builtins__), vm->builtins_module) == 0)
        res = ou_eval_code(vm, code, OU_DICT(globals), NULL);
    if (res && (fn = ou_dict_get_s(vm, globals, "_run_module_as_main")))
        ou_incref(fn);
    ou_xdecref(vm, file);
    ou_xdecref(vm, globals);
    ou_xdecref(vm, code);
    ou_xdecref(vm, res);
    return fn;
}

/* Imports the parent of a module that is to run: new. */
static OuObj *import_parent(OuVM *vm, OuObj *name)
{
    OuObj *m = ou_dict_get(vm, (OuObj *)vm->modules, name);
    if (m)
        return ou_ref(m);
    OuObj *fn = starter(vm, 112, "_get_module_details", "__import__(x)", 189),
          *res = fn ? ou_call2(vm, fn, name, OU_NONE(vm)) : NULL;
    ou_xdecref(vm, fn);
    if (!res)
        return NULL;
    ou_decref(vm, res);
    return ou_import_module(vm, name);
}

/* Where a module's source is. */
typedef enum { NOT_FOUND, SOURCE, PACKAGE, OTHER, FAILED } Found;

static Found look_in(OuVM *vm, OuObj *dir, OuObj *tail, OuObj **file)
{
    char path[PATH_MAX];
    struct stat st;
    OuUtf8 d, t;
    Found found = NOT_FOUND;
    if (!ou_isa_str(vm, dir))
        return NOT_FOUND;
    if (ou_str_utf8(vm, dir, &d, true) < 0)
        return FAILED;
    if (ou_str_utf8(vm, tail, &t, true) < 0) {
        ou_utf8_free(vm, &d);
        return FAILED;
    }
    const char *base = d.n ? d.s : ".";
    if (stat(base, &st) == 0 ? S_ISREG(st.st_mode) : errno == ENOTDIR)
        found = OTHER; /* an archive, or inside one: zipimport must look */
    else {
        snprintf(path, sizeof path, "%s/%s/__init__.py", base, t.s);
        if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
            found = PACKAGE;
        else {
            snprintf(path, sizeof path, "%s/%s.py", base, t.s);
            if (stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
                found = (*file = ou_fs_decode(vm, d.n ? path : path + 2, -1)) ? SOURCE : FAILED;
            } else {
                snprintf(path, sizeof path, "%s/%s", base, t.s);
                if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
                    found = OTHER; /* perhaps a namespace package */
                snprintf(path, sizeof path, "%s/%s.pyc", base, t.s);
                if (stat(path, &st) == 0)
                    found = OTHER;
            }
        }
    }
    ou_utf8_free(vm, &t);
    ou_utf8_free(vm, &d);
    return found;
}

/* Prints "program: message". */
static int complain(OuVM *vm, OuObj *msg)
{
    OuObj *exe = ou_dict_get_s(vm, (OuObj *)vm->sysdict, "executable"),
          *f = ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, stderr));
    OuObj *line = msg && exe ? ou_str_fmt(vm, "%S: %U\n", exe, msg) : NULL;
    if (line && f)
        ou_xdecref(vm, ou_call_method(vm, f, OU_NAME(vm, write), 1, line));
    ou_xdecref(vm, line);
    ou_xdecref(vm, msg);
    ou_err_clear(vm);
    return 1;
}

/* msg (taken) with a hint for `-m name.py`. */
static OuObj *with_hint(OuVM *vm, OuObj *msg, OuObj *name)
{
    ou_ssize n = ou_str_len(name);
    OuObj *tail = n > 3 ? ou_str_slice(vm, name, n - 3, n) : NULL, *head = NULL, *res;
    if (!msg || !tail || !ou_str_eq_s(tail, ".py") || !(head = ou_str_slice(vm, name, 0, n - 3))) {
        ou_xdecref(vm, tail);
        return msg;
    }
    res = ou_str_fmt(vm, "%U. Try using '%U' instead of '%U' as the module name.", msg, head, name);
    ou_xdecref(vm, tail);
    ou_xdecref(vm, head);
    ou_xdecref(vm, msg);
    return res;
}

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int by_runpy(OuVM *vm, OuCommand *cmd, OuObj *name, bool alter_argv)
{
    if (!ou_run_main_dict(vm))
        return ou_run_report(vm, cmd);
    OuObj *fn = ou_import_attr(vm, "runpy", "_run_module_as_main"),
          *res = fn ? ou_call2(vm, fn, name, OU_BOOL(vm, alter_argv)) : NULL;
    ou_xdecref(vm, fn);
    if (!res)
        return ou_run_report(vm, cmd);
    ou_decref(vm, res);
    return 0;
}

/* The __main__ of an archive, sys.path[0]. */
static int run_archive(OuVM *vm, OuCommand *cmd)
{
    OuObj *globals = ou_run_main_dict(vm), *paths = ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, path));
    OuObj *fn = globals ? ou_import_attr(vm, "zipimport", "_main") : NULL,
          *code = fn ? ou_call1(vm, fn, OU_LIST(paths)->items[0]) : NULL;
    OuObj *start = NULL, *res = NULL;
    ou_xdecref(vm, fn);
    if (code == OU_NONE(vm)) {
        ou_decref(vm, code);
        return complain(vm, ou_str_fmt(vm, "can't find '__main__' module in %R", OU_LIST(paths)->items[0]));
    }
    if (code && (start = starter(vm, 88, "_run_code", "exec(x, y)", 198)))
        res = ou_call2(vm, start, code, globals);
    ou_xdecref(vm, start);
    ou_xdecref(vm, code);
    if (!res)
        return ou_run_report(vm, cmd);
    ou_decref(vm, res);
    return 0;
}

/* RuntimeWarning when the module was imported by its own package. */
static int warn_if_loaded(OuVM *vm, OuObj *name, OuObj *package)
{
    if (!ou_dict_get(vm, (OuObj *)vm->modules, name))
        return 0;
    OuObj *fn = ou_import_attr(vm, "_warnings", "warn_explicit");
    OuObj *msg = ou_str_fmt(vm,
                            "%R found in sys.modules after import of package %R, but prior to execution of "
                            "%R; this may result in "
                            "unpredictable behaviour",
                            name, package, name);
    OuObj *file = ou_str_new(vm, "<frozen runpy>", -1), *line = ou_int(vm, 128);
    OuObj *args[4] = {msg, (OuObj *)OU_EXC(vm, RuntimeWarning), file, line};
    OuObj *res = fn && msg && file && line ? ou_call(vm, fn, args, 4, NULL) : NULL;
    ou_xdecref(vm, fn);
    ou_xdecref(vm, msg);
    ou_xdecref(vm, file);
    ou_xdecref(vm, line);
    ou_xdecref(vm, res);
    return res ? 0 : -1;
}

static int run_source(OuVM *vm, OuCommand *cmd, OuObj *name, OuObj *file, bool alter_argv)
{
    OuObj *globals = ou_run_main_dict(vm),
          *main = ou_dict_get(vm, (OuObj *)vm->modules, OU_NAME(vm, __main__));
    OuObj *code = globals ? ou_codecache_load(vm, file) : NULL,
          *fn = code ? starter(vm, 88, "_run_code", "exec(x, y)", 198) : NULL, *res = NULL;
    if (fn && ou_modspec_init(vm, main, name, OU_SPEC_FILE, file, NULL) == 0 &&
        ou_dict_set(vm, globals, OU_NAME(vm, __name__), OU_NAME(vm, __main__)) == 0 &&
        ou_dict_set(vm, globals, OU_NAME(vm, __cached__), OU_NONE(vm)) == 0) {
        OuObj *argv = ou_dict_get_s(vm, (OuObj *)vm->sysdict, "argv");
        int r = 0;
        if (alter_argv && argv && ou_is(argv, list) && OU_LIST(argv)->n)
            r = ou_setitem(vm, argv, (OuObj *)&vm->small_ints[-OU_SMALL_MIN], file);
        if (r == 0 && ou_run_loader(vm, code) == 0)
            res = ou_call2(vm, fn, code, globals);
    }
    ou_xdecref(vm, fn);
    ou_xdecref(vm, code);
    if (!res)
        return ou_run_report(vm, cmd);
    ou_decref(vm, res);
    return 0;
}

/* A module inside the binary. */
static int run_embedded(OuVM *vm, OuCommand *cmd, OuObj *name, const OuEmbeddedModule *e)
{
    OuObj *globals = ou_run_main_dict(vm),
          *main = ou_dict_get(vm, (OuObj *)vm->modules, OU_NAME(vm, __main__)), *res = NULL;
    OuObj *file = globals ? ou_str_fmt(vm, "<frozen %U>", name) : NULL;
    OuObj *code = file ? ou_compile_source(vm, e->source, e->size, file, OU_PARSE_FILE, 0, -1) : NULL;
    if (code && ou_modspec_init(vm, main, name, OU_SPEC_EMBEDDED, NULL, NULL) == 0 &&
        ou_dict_set(vm, globals, OU_NAME(vm, __name__), OU_NAME(vm, __main__)) == 0)
        res = ou_eval_code(vm, code, OU_DICT(globals), NULL);
    ou_xdecref(vm, code);
    ou_xdecref(vm, file);
    if (!res)
        return ou_run_report(vm, cmd);
    ou_decref(vm, res);
    return 0;
}

/* Whether the ImportError raised by importing pname is that pname, or a package above it, is missing. */
static bool parent_missing(OuVM *vm, OuObj *pname)
{
    if (!ou_err_is(vm, OU_EXC(vm, ImportError)))
        return false;
    OuObj *missing = ((OuExcImportError *)vm->ts->raised)->name;
    if (!missing || !ou_isa_str(vm, missing))
        return false;
    OuObj *head = ou_str_fmt(vm, "%U.", missing);
    bool own = ou_str_eq(OU_STR(missing), OU_STR(pname)) ||
               (head && ou_str_find(OU_STR(pname), OU_STR(head), 0, ou_str_len(pname)) == 0);
    ou_xdecref(vm, head);
    return own;
}

/* Where the modules of package pname are looked for, to find `name` in it: __path__, new; or NULL with *status out (the error was
 * reported). */
static OuObj *path_in_package(OuVM *vm, OuCommand *cmd, OuObj *pname, OuObj *name, int *status)
{
    OuObj *parent = import_parent(vm, pname), *path = NULL;
    if (!parent && parent_missing(vm, pname)) {
        OuObj *exc = ou_err_fetch(vm);
        OuObj *msg = ou_str_fmt(vm, "Error while finding module specification for %R (%s: %S)", name,
                                OU_TYPE_OF(vm, exc)->name, exc);
        ou_decref(vm, exc);
        *status = complain(vm, with_hint(vm, msg, name));
        return NULL;
    }
    int r = parent && warn_if_loaded(vm, name, pname) == 0
                ? ou_lookup_attr(vm, parent, OU_NAME(vm, __path__), &path)
                : -1;
    if (r < 0)
        *status = ou_run_report(vm, cmd);
    else if (r == 0)
        *status = complain(vm, with_hint(vm,
                                         ou_str_fmt(vm,
                                                    "Error while finding module specification for %R "
                                                    "(ModuleNotFoundError: __path__ attribute "
                                                    "not found on %R while trying to find %R)",
                                                    name, pname, name),
                                         name));
    ou_xdecref(vm, parent);
    return r > 0 ? path : NULL;
}

/* The module of this name that is in the binary, if it is the one to run. */
static const OuEmbeddedModule *embedded(OuVM *vm, OuObj *name, bool dotted)
{
    const OuEmbeddedModule *e = ou_native_module_find(name) ? NULL : ou_embedded_module_find(name);
    return e && !e->package && !dotted && ou_import_meta_path_active(vm) <= 0 ? e : NULL;
}

static int not_found(OuVM *vm, OuObj *name, OuObj *pname, OuObj *tail, bool folder)
{
    if (folder) {
        OuObj *where = ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, path));
        return complain(vm, ou_str_fmt(vm, "can't find '__main__' module in %R", OU_LIST(where)->items[0]));
    }
    if (pname && ou_str_eq_s(tail, "__main__"))
        return complain(vm,
                        ou_str_fmt(vm, "No module named %U; %R is a package and cannot be directly executed",
                                   name, pname));
    return complain(vm, ou_str_fmt(vm, "No module named %U", name));
}

static int run_named(OuVM *vm, OuCommand *cmd, OuObj *name, bool alter_argv, bool folder);

/* A package is run by its __main__. */
static int run_package(OuVM *vm, OuCommand *cmd, OuObj *name, OuObj *pname, OuObj *tail, bool alter_argv)
{
    if (ou_str_eq_s(tail, "__main__"))
        return complain(
            vm, pname ? ou_str_fmt(vm,
                                   "Cannot use package as __main__ module; %R is a package and cannot be "
                                   "directly executed",
                                   pname)
                      : ou_str_new(vm, "Cannot use package as __main__ module", -1));
    OuObj *sub = ou_str_fmt(vm, "%U.__main__", name);
    int status = sub ? run_named(vm, cmd, sub, alter_argv, false) : ou_run_report(vm, cmd);
    ou_xdecref(vm, sub);
    return status;
}

/* Module `tail` of package pname (NULL: of no package), whole name `name`, looked for in `path`. */
static int run_found(OuVM *vm, OuCommand *cmd, OuObj *name, OuObj *pname, OuObj *tail, OuObj *path,
                     bool alter_argv, bool folder)
{
    OuObj *list = ou_sequence_list(vm, path), *file = NULL;
    if (!list)
        return ou_run_report(vm, cmd);
    Found found = NOT_FOUND;
    const OuEmbeddedModule *e = embedded(vm, name, pname != NULL);
    if (ou_import_meta_path_active(vm) > 0 || ou_native_module_find(name) || ou_embedded_module_find(name))
        found = OTHER;
    if (e && ou_import_prefers_file(vm, name)) {
        e = NULL;
        found = NOT_FOUND;
    }
    size_t n = folder ? 1 : SIZE_MAX; /* of a folder only itself is searched */
    for (size_t i = 0; found == NOT_FOUND && i < n && i < OU_LIST(list)->n; i++)
        found = look_in(vm, OU_LIST(list)->items[i], tail, &file);
    ou_decref(vm, list);
    int status;
    switch (found) {
    case SOURCE:
        status = run_source(vm, cmd, name, file, alter_argv);
        ou_decref(vm, file);
        return status;
    case PACKAGE:
        return run_package(vm, cmd, name, pname, tail, alter_argv);
    case OTHER:
        return folder && !is_folder(cmd->what) ? run_archive(vm, cmd)
               : e                             ? run_embedded(vm, cmd, name, e)
                                               : by_runpy(vm, cmd, name, alter_argv);
    case FAILED:
        return ou_run_report(vm, cmd);
    case NOT_FOUND:
        break;
    }
    return not_found(vm, name, pname, tail, folder);
}

/* Runs module `name` (str).  folder: it is the __main__ of sys.path[0]. */
static int run_named(OuVM *vm, OuCommand *cmd, OuObj *name, bool alter_argv, bool folder)
{
    if (ou_str_len(name) && ou_str_at(OU_STR(name), 0) == '.')
        return complain(vm, ou_str_new(vm, "Relative module names not supported", -1));
    ou_ssize dot = ou_str_len(name);
    while (dot > 0 && ou_str_at(OU_STR(name), dot - 1) != '.')
        dot--;
    OuObj *tail = ou_str_slice(vm, name, dot, ou_str_len(name)),
          *pname = dot > 0 ? ou_str_slice(vm, name, 0, dot - 1) : NULL, *path = NULL;
    int status = 1;
    if (!tail || (dot > 0 && !pname))
        status = ou_run_report(vm, cmd);
    else if (pname)
        path = path_in_package(vm, cmd, pname, name, &status);
    else if ((path = ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, path))))
        ou_incref(path);
    else
        status = not_found(vm, name, pname, tail, folder);
    if (path)
        status = run_found(vm, cmd, name, pname, tail, path, alter_argv, folder);
    ou_xdecref(vm, path);
    ou_xdecref(vm, tail);
    ou_xdecref(vm, pname);
    return status;
}

int ou_run_module(OuVM *vm, OuCommand *cmd, const char *name, bool alter_argv)
{
    OuObj *s = ou_fs_decode(vm, name, -1);
    s = s ? ou_str_intern(vm, s) : NULL;
    int status = s ? run_named(vm, cmd, s, alter_argv, !alter_argv) : ou_run_report(vm, cmd);
    ou_xdecref(vm, s);
    return status;
}
