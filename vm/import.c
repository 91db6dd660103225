/* vm/import.c - the native importer: native modules, Python sources inside the binary, files of sys.path.
 *
 * It serves until somebody loads the library's importlib and changes sys.meta_path: from then on the finders there are asked
 * (see find_and_load).  Files go through the code cache (vm/codecache.c). */
#include "import.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit.h"
#include "codecache.h"
#include "config.h"
#include "err.h"
#include "exceptions.h"
#include "frame.h"
#include "import_lock.h"
#include "modspec.h"

/* ---- tables ---- */

const OuModuleDef *ou_native_module_find(OuObj *name)
{
    for (const OuNativeModule *m = ou_native_modules; m->name; m++)
        if (ou_str_eq_s(name, m->name))
            return m->def;
    return NULL;
}

const OuEmbeddedModule *ou_embedded_module_find(OuObj *name)
{
    for (const OuEmbeddedModule *m = ou_embedded_modules; m->name; m++)
        if (ou_str_eq_s(name, m->name))
            return m;
    return NULL;
}

int ou_import_init(OuVM *vm)
{
    static const char *const first[] = {"builtins", "sys"};
    vm->modules = (OuDict *)ou_dict_new(vm);
    if (!vm->modules)
        return -1;
    for (int i = 0; i < 2; i++) {
        OuObj *name = ou_str_intern_s(vm, first[i]);
        OuObj *m = name ? ou_module_from_def(vm, ou_native_module_find(name)) : NULL;
        if (!m)
            return -1;
        OuDict **slot = i ? &vm->sysdict : &vm->builtins;
        *slot = ou_ref(((OuModule *)m)->dict);
        *(i ? &vm->sys_module : &vm->builtins_module) = m;
        if (ou_dict_set(vm, (OuObj *)vm->modules, name, m) < 0)
            return -1;
        ou_decref(vm, name);
    }
    return 0;
}

/* ---- running module code ---- */

static int exec_source(OuVM *vm, OuObj *module, const char *src, size_t n, OuObj *filename)
{
    OuObj *code = ou_compile_source(vm, src, n, filename, OU_PARSE_FILE, 0, -1);
    OuDict *dict = ((OuModule *)module)->dict;
    OuObj *res = NULL;
    if (code && ou_dict_set(vm, (OuObj *)dict, OU_NAME(vm, __builtins__), (OuObj *)vm->builtins) == 0)
        res = ou_eval_code(vm, code, dict, NULL);
    ou_xdecref(vm, code);
    ou_xdecref(vm, res);
    return res ? 0 : -1;
}

/* Takes name out of sys.modules after a failed import, keeping the exception. */
static void forget(OuVM *vm, OuObj *name)
{
    OuObj *exc = ou_err_fetch(vm), *old;
    if (ou_dict_pop(vm, (OuObj *)vm->modules, name, &old) > 0)
        ou_decref(vm, old);
    ou_err_clear(vm);
    ou_err_restore(vm, exc);
}

/* What sys.modules holds after execution (a module may replace itself): new. */
static OuObj *loaded(OuVM *vm, OuObj *name, OuObj *module_take)
{
    OuObj *now = ou_dict_get(vm, (OuObj *)vm->modules, name);
    if (!now) {
        ou_decref(vm, module_take);
        if (ou_err_occurred(vm))
            return NULL;
        ou_raise_key(vm, name);
        return NULL;
    }
    ou_incref(now);
    ou_decref(vm, module_take);
    return now;
}

/* A native module that was imported before and taken out of sys.modules comes back as another module object, as in CPython;
 * its functions, types and state are those of the first.  m is taken; new. */
static OuObj *second_instance(OuVM *vm, OuObj *name, OuObj *m_take)
{
    OuObj *spec = ou_dict_get_str(vm, ((OuModule *)m_take)->dict, OU_NAME(vm, __spec__));
    if (!spec || spec == OU_NONE(vm) || m_take == vm->sys_module || m_take == vm->builtins_module)
        return m_take;
    OuObj *m = ou_module_new(vm, name);
    if (m && ou_dict_update(vm, (OuObj *)((OuModule *)m)->dict, (OuObj *)((OuModule *)m_take)->dict) < 0)
        ou_clear(vm, m);
    ou_decref(vm, m_take);
    return m;
}

static OuObj *load_native(OuVM *vm, OuObj *name, const OuModuleDef *def)
{
    OuObj *m = ou_module_from_def(vm, def);
    if (!m || !(m = second_instance(vm, name, m)))
        return NULL;
    if (ou_modspec_init(vm, m, name, OU_SPEC_NATIVE, NULL, NULL) < 0 ||
        ou_dict_set(vm, (OuObj *)vm->modules, name, m) < 0)
        ou_clear(vm, m);
    return m;
}

static OuObj *load_embedded(OuVM *vm, OuObj *name, const OuEmbeddedModule *e)
{
    OuObj *filename = ou_str_fmt(vm, "<frozen %U>", name), *path = NULL;
    OuObj *m = filename ? ou_module_new(vm, name) : NULL;
    if (m && e->package && !(path = ou_list_new(vm, 0)))
        ou_clear(vm, m);
    if (m && (ou_modspec_init(vm, m, name, OU_SPEC_EMBEDDED, NULL, path) < 0 ||
              ou_dict_set(vm, (OuObj *)vm->modules, name, m) < 0))
        ou_clear(vm, m);
    if (m && exec_source(vm, m, e->source, e->size, filename) < 0) {
        forget(vm, name);
        ou_clear(vm, m);
    }
    ou_xdecref(vm, filename);
    ou_xdecref(vm, path);
    return m ? loaded(vm, name, m) : NULL;
}

/* Modules of the library that CPython freezes: their code calls itself <frozen os>, as tracebacks show. */
static OuObj *shown_file(OuVM *vm, OuObj *name, OuObj *file)
{
    static const char *const frozen[] = {
        "_collections_abc",
        "_sitebuiltins",
        "abc",
        "codecs",
        "genericpath",
        "importlib._bootstrap",
        "importlib.util",
        "importlib.machinery",
        "importlib._bootstrap_external",
        "io",
        "ntpath",
        "os",
        "posixpath",
        "runpy",
        "site",
        "stat",
        "zipimport",
    };
    OuObj *dir = ou_dict_get_s(vm, (OuObj *)vm->sysdict, "_stdlib_dir"), *path, *shown = NULL;
    ou_ssize n = dir && ou_isa_str(vm, dir) ? ou_str_len(dir) : 0;
    for (size_t i = 0; n && i < sizeof frozen / sizeof *frozen; i++)
        if (ou_str_eq_s(name, frozen[i]) && ou_str_len(file) == n + 1 + ou_str_len(name) + 3) {
            path = ou_str_slice(vm, file, 0, n); /* what follows can only be the module's own path */
            if (path && ou_str_eq(OU_STR(path), OU_STR(dir)))
                shown = ou_str_fmt(vm, "<frozen %U>", name);
            ou_xdecref(vm, path);
        }
    return shown || ou_err_occurred(vm) ? shown : ou_ref(file);
}

/* importlib's own two modules are made under the names that CPython's frozen ones have, which classes and functions keep. */
static OuObj *made_as(OuVM *vm, OuObj *name)
{
    if (vm->import)
        return NULL;
    return ou_str_eq_s(name, "importlib._bootstrap") ? ou_str_intern_s(vm, "_frozen_importlib")
           : ou_str_eq_s(name, "importlib._bootstrap_external")
               ? ou_str_intern_s(vm, "_frozen_importlib_external")
               : NULL;
}

static OuObj *load_file(OuVM *vm, OuObj *name, OuObj *file, OuObj *search)
{
    OuObj *m = ou_module_new(vm, name), *code = NULL, *res = NULL, *shown, *other;
    if (!m)
        return NULL;
    if (ou_modspec_init(vm, m, name, OU_SPEC_FILE, file, search) < 0 ||
        ou_dict_set(vm, (OuObj *)vm->modules, name, m) < 0) {
        ou_decref(vm, m);
        return NULL;
    }
    OuObj *dict = (OuObj *)((OuModule *)m)->dict;
    if ((shown = shown_file(vm, name, file)))
        code = ou_codecache_load_as(vm, file, shown);
    if (code && ou_dict_set(vm, dict, OU_NAME(vm, __builtins__), (OuObj *)vm->builtins) == 0 &&
        (!(other = made_as(vm, name)) || ou_dict_set(vm, dict, OU_NAME(vm, __name__), other) == 0)) {
        ou_modspec_initializing(vm, m, true);
        if (ou_audit(vm, "exec", "O", code) == 0)
            res = ou_eval_code(vm, code, ((OuModule *)m)->dict, NULL);
        ou_modspec_initializing(vm, m, false);
        if (res && other && ou_dict_set(vm, dict, OU_NAME(vm, __name__), name) < 0)
            ou_clear(vm, res);
        ou_xdecref(vm, other);
    }
    ou_xdecref(vm, shown);
    ou_xdecref(vm, code);
    if (!res) {
        forget(vm, name);
        ou_decref(vm, m);
        return NULL;
    }
    ou_decref(vm, res);
    return loaded(vm, name, m);
}

/* ---- finding files ---- */

static int stat_kind(OuVM *vm, OuObj *path)
{
    struct stat st;
    OuUtf8 u;
    OuObj *bytes = NULL;
    const char *s;
    if (!ou_is(path, str) || !OU_STR(path)->ascii) { /* undecodable bytes of a name are surrogates */
        if (ou_fs_path(vm, path, &bytes) < 0)
            return -1;
        s = OU_BYTES(bytes)->data;
    } else if (ou_str_utf8(vm, path, &u, true) < 0) {
        return -1;
    } else {
        s = u.s;
    }
    int r = stat(s, &st) == 0 ? (S_ISDIR(st.st_mode) ? 2 : S_ISREG(st.st_mode) ? 1 : 0) : 0;
    if (bytes)
        ou_decref(vm, bytes);
    else
        ou_utf8_free(vm, &u);
    return r;
}

/* The module from an entry of sys.path that is a file, or inside one: embedded zipimport looks.  1, 0, -1 as try_dir. */
static int try_archive(OuVM *vm, OuObj *name, OuObj *entry, OuObj *portions, OuObj **out)
{
    OuObj *fn = ou_import_attr(vm, "zipimport", "_import"), *m = fn ? ou_call2(vm, fn, name, entry) : NULL;
    ou_xdecref(vm, fn);
    if (m == OU_NONE(vm)) {
        ou_decref(vm, m);
        return 0;
    }
    if (m && ou_is(m, str)) /* a folder of the archive without __init__ */
        return ou_list_append_take(vm, portions, m);
    *out = m;
    return m ? 1 : -1;
}

/* An entry of sys.path as importlib's FileFinder keeps it, from the root on: new. */
static OuObj *absolute(OuVM *vm, OuObj *dir)
{
    char cwd[4096];
    if ((ou_str_len(dir) && ou_str_at(OU_STR(dir), 0) == '/') || !getcwd(cwd, sizeof cwd))
        return ou_ref(dir);
    OuObj *here = ou_fs_decode(vm, cwd, -1), *r = NULL;
    if (here)
        r = ou_str_len(dir) == 0 || ou_str_eq_s(dir, ".") ? ou_ref(here) : ou_str_fmt(vm, "%U/%U", here, dir);
    ou_xdecref(vm, here);
    return r;
}

/* Searches dir for `tail`: 1 loaded (out), 0 not here (portion appended for a namespace package), -1. */
static int try_dir(OuVM *vm, OuObj *name, OuObj *tail, OuObj *dir, OuObj *portions, OuObj **out)
{
    OuObj *base, *file = NULL, *search = NULL;
    int r = 0;
    if (!ou_isa_str(vm, dir))
        return 0;
    OuObj *from = absolute(vm, dir);
    if (!from)
        return -1;
    if (ou_str_len(from) == 0)
        base = ou_ref(tail);
    else
        base = ou_str_fmt(vm, ou_str_at(OU_STR(from), ou_str_len(from) - 1) == '/' ? "%U%U" : "%U/%U", from,
                          tail);
    ou_decref(vm, from);
    if (!base)
        return -1;
    errno = 0;
    int kind = stat_kind(vm, base);
    if (kind == 0 && errno == ENOTDIR) {
        ou_decref(vm, base);
        return try_archive(vm, name, dir, portions, out);
    }
    if (kind == 2) {
        file = ou_str_fmt(vm, "%U/__init__.py", base);
        if (!file || (kind = stat_kind(vm, file)) < 0)
            r = -1;
        else if (kind == 1) {
            search = ou_list_new(vm, 0);
            r = search && ou_list_append(vm, search, base) == 0 && (*out = load_file(vm, name, file, search))
                    ? 1
                    : -1;
        }
    }
    if (r == 0) {
        ou_xdecref(vm, file);
        file = ou_str_fmt(vm, "%U.py", base);
        int k = file ? stat_kind(vm, file) : -1;
        if (k < 0)
            r = -1;
        else if (k == 1)
            r = (*out = load_file(vm, name, file, NULL)) ? 1 : -1;
        else if (kind >= 0 && stat_kind(vm, base) == 2)
            r = ou_list_append(vm, portions, base);
    }
    ou_decref(vm, base);
    ou_xdecref(vm, file);
    ou_xdecref(vm, search);
    return r;
}

/* Whether a directory holds `tail` compiled only, without its source, or an archive may hold a part of it. */
static int elsewhere(OuVM *vm, OuObj *tail, OuObj *list)
{
    for (size_t i = 0; i < OU_LIST(list)->n; i++) {
        OuObj *dir = OU_LIST(list)->items[i];
        if (!ou_isa_str(vm, dir))
            continue;
        OuObj *file = ou_str_fmt(vm, ou_str_len(dir) ? "%U/%U.pyc" : "%U%U.pyc", dir, tail);
        int kind = file ? stat_kind(vm, file) : -1;
        if (kind == 0 || kind == 2)
            kind = stat_kind(vm, dir);
        ou_xdecref(vm, file);
        if (kind < 0 || kind == 1)
            return kind;
    }
    return 0;
}

/* Namespace packages (their __path__ follows sys.path) and modules without a source are left to the library's importlib,
 * which is loaded for them: 1 it is there, 0 no library, -1. */
static int want_importlib(OuVM *vm)
{
    if (vm->import)
        return 1;
    OuObj *name = ou_str_intern_s(vm, "importlib"), *m = name ? ou_import_module(vm, name) : NULL;
    ou_xdecref(vm, name);
    if (!m && ou_err_is(vm, OU_EXC(vm, ImportError)))
        ou_err_clear(vm);
    ou_xdecref(vm, m);
    return ou_err_occurred(vm) ? -1 : vm->import != NULL;
}

static OuObj *search_path(OuVM *vm, OuObj *name, OuObj *tail, OuObj *path)
{
    OuObj *portions = ou_list_new(vm, 0), *list = portions ? ou_sequence_list(vm, path) : NULL, *m = NULL;
    int r = list ? 0 : -1;
    for (size_t i = 0; r == 0 && i < OU_LIST(list)->n; i++)
        r = try_dir(vm, name, tail, OU_LIST(list)->items[i], portions, &m);
    if (r == 0 && (OU_LIST(portions)->n || (r = elsewhere(vm, tail, list)) > 0)) {
        r = want_importlib(vm);
        if (r > 0) {
            m = ou_import_by_meta_path(vm, name, path);
        } else if (r == 0 && OU_LIST(portions)->n) {
            m = ou_module_new(vm, name); /* PEP 420 namespace package */
            if (m && (ou_modspec_init(vm, m, name, OU_SPEC_NAMESPACE, NULL, portions) < 0 ||
                      ou_dict_set(vm, (OuObj *)vm->modules, name, m) < 0))
                ou_clear(vm, m);
        }
    }
    ou_xdecref(vm, portions);
    ou_xdecref(vm, list);
    return m;
}

/* ---- import of one dotted name ---- */

static void *not_found(OuVM *vm, OuObj *name, const char *why)
{
    OuObj *msg = why ? ou_str_fmt(vm, "No module named %R; %s", name, why)
                     : ou_str_fmt(vm, "No module named %R", name);
    OuObj *exc = msg ? ou_call1(vm, (OuObj *)OU_EXC(vm, ModuleNotFoundError), msg) : NULL;
    ou_xdecref(vm, msg);
    if (exc) {
        OuExcImportError *e = (OuExcImportError *)exc;
        OuObj *old = e->name;
        e->name = ou_ref(name);
        ou_xdecref(vm, old);
        ou_raise_obj(vm, exc);
        ou_decref(vm, exc);
    }
    return NULL;
}

/* Makes the module an attribute of its parent: of the one in sys.modules now, the child may have replaced it. */
static int bind_child(OuVM *vm, OuObj *name, ou_ssize dot, OuObj *tail, OuObj *m)
{
    OuObj *pname = ou_str_slice(vm, name, 0, dot);
    OuObj *parent = pname ? ou_dict_get(vm, (OuObj *)vm->modules, pname) : NULL;
    int r = pname && !ou_err_occurred(vm) ? 0 : -1;
    if (parent) {
        ou_incref(parent);
        r = ou_setattr(vm, parent, tail, m);
        if (r < 0 && ou_err_is(vm, OU_EXC(vm, AttributeError))) {
            ou_err_clear(vm);
            r = ou_warn(vm, OU_EXC(vm, ImportWarning), 1, "Cannot set an attribute on %R for child module %R",
                        pname, tail);
        }
        ou_decref(vm, parent);
    }
    ou_xdecref(vm, pname);
    return r;
}

/* __hello__, __phello__.spam and the like: importlib's FrozenImporter finds them (stdlib/_imp_frozen.c). */
static bool is_frozen_name(OuObj *name)
{
    static const char head[] = "__hello", other[] = "__phello";
    ou_ssize n = ou_str_len(name), i = 0, k = 0;
    while (i < n && head[i] && ou_str_at(OU_STR(name), i) == (unsigned char)head[i])
        i++;
    while (k < n && other[k] && ou_str_at(OU_STR(name), k) == (unsigned char)other[k])
        k++;
    return !head[i] || !other[k];
}

static int audit_import(OuVM *vm, OuObj *name)
{
    OuObj *sys = (OuObj *)vm->sysdict;
    return ou_audit(vm, "import", "OOOOO", name, NULL, ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, path)),
                    ou_dict_get_s(vm, sys, "meta_path"), ou_dict_get_s(vm, sys, "path_hooks"));
}

static OuObj *find_and_load(OuVM *vm, OuObj *name)
{
    if (vm->auditing && audit_import(vm, name) < 0)
        return NULL;
    ou_ssize dot = -1, n = ou_str_len(name);
    OuObj *parent = NULL, *path = NULL, *tail = NULL, *m = NULL;
    for (ou_ssize i = n; i-- > 0 && dot < 0;)
        if (ou_str_at(OU_STR(name), i) == '.')
            dot = i;
    tail = dot < 0 ? ou_ref(name) : ou_str_slice(vm, name, dot + 1, n);
    if (!tail)
        return NULL;
    if (dot >= 0) {
        OuObj *pname = ou_str_slice(vm, name, 0, dot);
        pname = pname ? ou_str_intern(vm, pname) : NULL;
        parent = pname ? ou_import_module(vm, pname) : NULL;
        ou_xdecref(vm, pname);
        if (!parent)
            goto done;
        /* importing the parent may have imported the child */
        m = ou_dict_get(vm, (OuObj *)vm->modules, name);
        if (m) {
            ou_incref(m);
            goto done;
        }
        if (ou_lookup_attr(vm, parent, OU_NAME(vm, __path__), &path) < 0)
            goto done;
        if (!path) {
            OuObj *why = ou_str_slice(vm, name, 0, dot);
            OuObj *text = why ? ou_str_fmt(vm, "%R is not a package", why) : NULL;
            OuUtf8 u;
            if (text && ou_str_utf8(vm, text, &u, true) == 0) {
                not_found(vm, name, u.s);
                ou_utf8_free(vm, &u);
            }
            ou_xdecref(vm, why);
            ou_xdecref(vm, text);
            goto done;
        }
    }
    OuImportLoad load;
    int meta = -1;
    if (ou_import_enter(vm, &load, name) < 0)
        goto done;
    if ((m = ou_dict_get(vm, (OuObj *)vm->modules, name))) { /* another thread was faster */
        ou_incref(m);
        goto leave;
    }
    if (ou_err_occurred(vm) || (meta = ou_import_meta_path_active(vm)) < 0)
        goto leave;
    if (meta) {
        m = ou_import_by_meta_path(vm, name, path);
    } else {
        const OuModuleDef *def = ou_native_module_find(name);
        const OuEmbeddedModule *e = def ? NULL : ou_embedded_module_find(name);
        if (def)
            m = load_native(vm, name, def);
        else if (is_frozen_name(name) && (meta = want_importlib(vm)))
            m = meta > 0 ? ou_import_by_meta_path(vm, name, path) : NULL;
        else if (e && !ou_import_prefers_file(vm, name))
            m = load_embedded(vm, name, e);
        else {
            if (!path)
                path = ou_ref(ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, path)));
            m = search_path(vm, name, tail, path);
            if (!m && e && !ou_err_occurred(vm))
                m = load_embedded(vm, name, e);
        }
        if (m && !vm->import && ou_str_eq_s(name, "importlib") && ou_import_installed(vm) < 0)
            ou_clear(vm, m);
        if (!m && !ou_err_occurred(vm))
            not_found(vm, name, dot < 0 ? ou_import_missing_library(vm, name) : NULL);
    }
    if (m && parent && bind_child(vm, name, dot, tail, m) < 0)
        ou_clear(vm, m);
leave:
    ou_import_leave(vm, &load);
done:
    ou_xdecref(vm, parent);
    ou_xdecref(vm, path);
    ou_decref(vm, tail);
    return m;
}

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* -X importtime and -v: the import with a line about it on stderr. */
static OuObj *load_reported(OuVM *vm, OuObj *name)
{
    bool timed = vm->config->importtime;
    int64_t start = now_us(), outer = vm->import_us;
    if (timed && !vm->import_header) {
        fputs("import time: self [us] | cumulative | imported package\n", stderr);
        vm->import_header = true;
    }
    vm->import_us = 0;
    vm->import_depth++;
    OuObj *m = find_and_load(vm, name);
    vm->import_depth--;
    int64_t total = now_us() - start, inner = vm->import_us;
    vm->import_us = outer + total;
    OuUtf8 u;
    OuObj *exc = ou_err_fetch(vm);
    if (ou_str_utf8(vm, name, &u, true) == 0) {
        if (timed)
            fprintf(stderr, "import time: %9ld | %10ld | %*s%s\n", (long)(total - inner), (long)total,
                    vm->import_depth * 2, "", u.s);
        if (m && vm->config->verbose)
            fprintf(stderr, "import %s # %ld us\n", u.s, (long)total);
        ou_utf8_free(vm, &u);
    }
    ou_err_clear(vm);
    ou_err_restore(vm, exc);
    return m;
}

OuObj *ou_import_module(OuVM *vm, OuObj *name)
{
    OuObj *m = ou_dict_get(vm, (OuObj *)vm->modules, name);
    if (m == OU_NONE(vm)) {
        OuObj *text = ou_str_fmt(vm, "import of %U halted; None in sys.modules", name);
        OuObj *exc = text ? ou_call1(vm, (OuObj *)OU_EXC(vm, ModuleNotFoundError), text) : NULL;
        if (exc) {
            ((OuExcImportError *)exc)->name = ou_ref(name);
            ou_raise_obj(vm, exc);
            ou_decref(vm, exc);
        }
        ou_xdecref(vm, text);
        return NULL;
    }
    if (m && vm->import_loads) { /* perhaps another thread's, half done */
        if (ou_import_wait(vm, name) < 0)
            return NULL;
        m = ou_dict_get(vm, (OuObj *)vm->modules, name); /* gone if that failed: tried again here */
    }
    if (m)
        return ou_ref(m);
    if (ou_err_occurred(vm))
        return NULL;
    if (vm->config && (vm->config->importtime || vm->config->verbose))
        return load_reported(vm, name);
    return find_and_load(vm, name);
}

/* ---- __import__ ---- */

/* -1 when ImportWarning about a __package__ unlike __spec__.parent is an error. */
static int package_agrees(OuVM *vm, OuObj *package, OuObj *spec)
{
    if (!spec || spec == OU_NONE(vm))
        return 0;
    OuObj *parent = ou_getattr_s(vm, spec, "parent");
    int r = parent ? ou_compare_bool(vm, package, parent, OU_CMP_EQ) : -1;
    ou_xdecref(vm, parent);
    return r ? (r < 0 ? -1 : 0) : ou_warn(vm, OU_EXC(vm, ImportWarning), 1, "__package__ != __spec__.parent");
}

/* The absolute name for a relative import: new. */
static OuObj *resolve(OuVM *vm, OuObj *name, OuObj *globals, int level)
{
    OuObj *package = NULL, *spec = NULL, *parent = NULL;
    if (!globals || !ou_isa_dict(vm, globals))
        return ou_raise(vm, OU_EXC(vm, KeyError), "'__name__' not in globals");
    package = ou_dict_get(vm, globals, OU_NAME(vm, __package__));
    spec = ou_dict_get(vm, globals, OU_NAME(vm, __spec__));
    if (package && package != OU_NONE(vm)) {
        if (!ou_isa_str(vm, package))
            return ou_type_error(vm, "package must be a string");
        if (package_agrees(vm, package, spec) < 0)
            return NULL;
        ou_incref(package);
    } else if (spec && spec != OU_NONE(vm)) {
        if (!(package = ou_getattr_s(vm, spec, "parent")))
            return NULL;
        if (!ou_isa_str(vm, package)) {
            ou_decref(vm, package);
            return ou_type_error(vm, "__spec__.parent must be a string");
        }
    } else {
        if (ou_warn(
                vm, OU_EXC(vm, ImportWarning), 1,
                "can't resolve package from __spec__ or __package__, falling back on __name__ and __path__") <
            0)
            return NULL;
        package = ou_dict_get(vm, globals, OU_NAME(vm, __name__));
        if (!package)
            return ou_raise(vm, OU_EXC(vm, KeyError), "'__name__' not in globals");
        if (!ou_isa_str(vm, package))
            return ou_type_error(vm, "__name__ must be a string");
        ou_incref(package);
        if (!ou_dict_get(vm, globals, OU_NAME(vm, __path__))) {
            ou_ssize i = ou_str_len(package);
            while (i > 0 && ou_str_at(OU_STR(package), i - 1) != '.')
                i--;
            OuObj *up = ou_str_slice(vm, package, 0, i ? i - 1 : 0);
            ou_decref(vm, package);
            if (!(package = up))
                return NULL;
        }
    }
    ou_ssize end = ou_str_len(package);
    if (end == 0) {
        ou_decref(vm, package);
        return ou_raise(vm, OU_EXC(vm, ImportError),
                        "attempted relative import with no known parent package");
    }
    for (int i = 1; i < level; i++) {
        while (end > 0 && ou_str_at(OU_STR(package), end - 1) != '.')
            end--;
        if (end <= 0) {
            ou_decref(vm, package);
            return ou_raise(vm, OU_EXC(vm, ImportError),
                            "attempted relative import beyond top-level package");
        }
        end--;
    }
    parent = ou_str_slice(vm, package, 0, end);
    ou_decref(vm, package);
    if (parent && ou_str_len(name)) {
        OuObj *abs = ou_str_fmt(vm, "%U.%U", parent, name);
        ou_decref(vm, parent);
        parent = abs;
    }
    return parent ? ou_str_intern(vm, parent) : NULL;
}

/* from package import a, b: submodules that are not attributes yet are imported. */
static int handle_fromlist(OuVM *vm, OuObj *module, OuObj *fromlist, bool recursive)
{
    OuObj *list = ou_sequence_list(vm, fromlist), *mname = NULL;
    int r = list ? 0 : -1;
    for (size_t i = 0; r == 0 && i < OU_LIST(list)->n; i++) {
        OuObj *x = OU_LIST(list)->items[i], *v = NULL;
        if (!ou_isa_str(vm, x)) {
            OuObj *where = ou_getattr(vm, module, OU_NAME(vm, __name__));
            if (where && recursive)
                ou_type_error(vm, "Item in %S.__all__ must be str, not %T", where, x);
            else if (where)
                ou_type_error(vm, "Item in ``from list'' must be str, not %T", x);
            ou_xdecref(vm, where);
            r = -1;
        } else if (ou_str_eq_s(x, "*")) {
            if (!recursive && (r = ou_lookup_attr(vm, module, OU_NAME(vm, __all__), &v)) > 0)
                r = handle_fromlist(vm, module, v, true);
        } else if ((r = ou_lookup_attr(vm, module, x, &v)) == 0) {
            mname = ou_getattr(vm, module, OU_NAME(vm, __name__));
            OuObj *full = mname ? ou_str_fmt(vm, "%S.%U", mname, x) : NULL;
            full = full ? ou_str_intern(vm, full) : NULL;
            OuObj *sub = full ? ou_import_module(vm, full) : NULL;
            r = sub ? 0 : -1;
            if (!sub && full && ou_err_is(vm, OU_EXC(vm, ModuleNotFoundError))) {
                /* absent: `import x from` reports it better, unless it was found and one of its imports failed */
                OuObj *missing = ((OuExcImportError *)vm->ts->raised)->name;
                if (missing && ou_isa_str(vm, missing) && ou_str_eq(OU_STR(missing), OU_STR(full)) &&
                    ou_dict_get(vm, (OuObj *)vm->modules, full) != OU_NONE(vm)) {
                    ou_err_clear(vm);
                    r = 0;
                }
            }
            ou_xdecref(vm, sub);
            ou_xdecref(vm, full);
            ou_clear(vm, mname);
        } else if (r > 0)
            r = 0;
        ou_xdecref(vm, v);
    }
    ou_xdecref(vm, list);
    return r;
}

OuObj *ou_import_level(OuVM *vm, OuObj *name, OuObj *globals, OuObj *locals, OuObj *fromlist, int level)
{
    OuObj *abs, *m;
    if (!ou_isa_str(vm, name))
        return ou_type_error(vm, "module name must be a string");
    if (level < 0)
        return ou_value_error(vm, "level must be >= 0");
    if (level == 0 && ou_str_len(name) == 0)
        return ou_value_error(vm, "Empty module name");
    abs = level ? resolve(vm, name, globals, level) : ou_str_intern(vm, ou_ref(name));
    if (!abs)
        return NULL;
    m = ou_import_module(vm, abs);
    int has_from = m && fromlist && fromlist != OU_NONE(vm) ? ou_is_true(vm, fromlist) : 0;
    if (!m || has_from < 0)
        goto fail;
    if (has_from) {
        OuObj *path;
        int r = ou_lookup_attr(vm, m, OU_NAME(vm, __path__), &path);
        if (r > 0) {
            ou_decref(vm, path);
            r = handle_fromlist(vm, m, fromlist, false);
        }
        if (r < 0)
            goto fail;
        ou_decref(vm, abs);
        return m;
    }
    if (level == 0 || ou_str_len(name)) {
        /* import a.b.c binds a; relative without fromlist: as many components as the name has in front */
        ou_ssize i = 0, n = ou_str_len(name);
        while (i < n && ou_str_at(OU_STR(name), i) != '.')
            i++;
        if (i < n) {
            OuObj *front = ou_str_slice(vm, abs, 0, ou_str_len(abs) - (n - i));
            front = front ? ou_str_intern(vm, front) : NULL;
            ou_decref(vm, m);
            m = front ? ou_import_module(vm, front) : NULL;
            ou_xdecref(vm, front);
        }
    }
    ou_decref(vm, abs);
    return m;
fail:
    ou_decref(vm, abs);
    ou_xdecref(vm, m);
    return NULL;
}

OuObj *ou_import(OuVM *vm, const char *name)
{
    OuObj *s = ou_str_intern_s(vm, name);
    OuObj *m = s ? ou_import_module(vm, s) : NULL;
    ou_xdecref(vm, s);
    return m;
}

OuObj *ou_import_attr(OuVM *vm, const char *module, const char *name)
{
    OuObj *m = ou_import(vm, module);
    OuObj *v = m ? ou_getattr_s(vm, m, name) : NULL;
    ou_xdecref(vm, m);
    return v;
}
