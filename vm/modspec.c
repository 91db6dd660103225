/* vm/modspec.c - __spec__ and __loader__ of natively loaded modules, and the handing over to importlib.
 *
 * Until somebody imports the library's importlib, a spec is a SimpleNamespace with importlib's attribute names and no loader.
 * When importlib comes (ou_import_installed), its three finders go on sys.meta_path, what is loaded already gets real
 * specs and loaders, and later native imports make theirs through importlib too.  The native importer goes on serving as
 * long as sys.meta_path and sys.path_hooks are as importlib left them. */
#include "modspec.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err.h"
#include "exceptions.h"
#include "frame.h"
#include "codecache.h"
#include "config.h"
#include "import.h"
#include "import_lock.h"
#include "type.h"

/* Sets attributes of a namespace object from (name, value) pairs; NULL value = None. */
static int set_all(OuVM *vm, OuObj *o, int n, const char *const *names, OuObj *const *values)
{
    for (int i = 0; i < n; i++)
        if (ou_setattr_s(vm, o, names[i], values[i] ? values[i] : OU_NONE(vm)) < 0)
            return -1;
    return 0;
}

static OuObj *parent_of(OuVM *vm, OuObj *name, bool package)
{
    if (package)
        return ou_ref(name);
    ou_ssize i = ou_str_len(name);
    while (i > 0 && ou_str_at(OU_STR(name), i - 1) != '.')
        i--;
    return ou_str_slice(vm, name, 0, i ? i - 1 : 0);
}

/* What the library's importlib gave; vm->import, NULL before it is loaded. */
typedef struct OuImport {
    OuObj *find_and_load, *gcd_import, *spec_from_file, *spec_from_loader; /* functions, owned */
    OuObj *finders[3]; /* as importlib put them on sys.meta_path; owned */
    OuObj *hook;       /* its entry of sys.path_hooks; owned */
} OuImport;

/* __spec__ and __loader__ of a module inside the binary: as importlib's finders make them. */
static int inner_spec(OuVM *vm, OuObj *dict, OuObj *name, OuSpecKind kind, OuObj *search)
{
    OuImport *im = vm->import;
    OuObj *loader = im->finders[kind == OU_SPEC_NATIVE ? 0 : 1];
    OuObj *origin = ou_str_new(vm, kind == OU_SPEC_NATIVE ? "built-in" : "frozen", -1),
          *key = ou_str_intern_s(vm, "origin"), *is_package = ou_str_intern_s(vm, "is_package"),
          *parent = parent_of(vm, name, search != NULL);
    OuObj *kw = origin && key && is_package && parent ? ou_tuple_pack(vm, 2, key, is_package) : NULL;
    OuObj *args[] = {name, loader, origin, OU_BOOL(vm, search != NULL)};
    OuObj *spec = kw ? ou_call(vm, im->spec_from_loader, args, 2, kw) : NULL;
    int r = -1;
    if (spec && (!search || ou_setattr(vm, spec, OU_NAME(vm, submodule_search_locations), search) == 0) &&
        ou_dict_set(vm, dict, OU_NAME(vm, __name__), name) == 0 &&
        ou_dict_set(vm, dict, OU_NAME(vm, __package__), parent) == 0 &&
        ou_dict_set(vm, dict, OU_NAME(vm, __spec__), spec) == 0 &&
        ou_dict_set(vm, dict, OU_NAME(vm, __loader__), loader) == 0)
        r = search ? ou_dict_set(vm, dict, OU_NAME(vm, __path__), search) : 0;
    ou_xdecref(vm, origin);
    ou_xdecref(vm, key);
    ou_xdecref(vm, is_package);
    ou_xdecref(vm, parent);
    ou_xdecref(vm, kw);
    ou_xdecref(vm, spec);
    return r;
}

/* __spec__ by importlib.util.spec_from_file_location, and the attributes that go with it. */
static int real_spec(OuVM *vm, OuObj *dict, OuObj *name, OuObj *file, OuObj *search)
{
    OuImport *im = vm->import;
    OuObj *kw = ou_tuple_pack(vm, 1, OU_NAME(vm, submodule_search_locations)),
          *args[3] = {name, file, search}, *loader = NULL, *cached = NULL;
    OuObj *spec = kw ? ou_call(vm, im->spec_from_file, args, 2, search ? kw : NULL) : NULL;
    int r = -1;
    ou_xdecref(vm, kw);
    if (!spec || !(loader = ou_getattr(vm, spec, OU_NAME(vm, loader))) ||
        !(cached = ou_getattr(vm, spec, OU_NAME(vm, cached))))
        goto done;
    OuObj *parent = ou_getattr(vm, spec, OU_NAME(vm, parent));
    if (!parent)
        goto done;
    const struct {
        OuObj *name, *value;
    } rows[] = {
        {OU_NAME(vm, __name__), name},   {OU_NAME(vm, __package__), parent},
        {OU_NAME(vm, __spec__), spec},   {OU_NAME(vm, __loader__), loader},
        {OU_NAME(vm, __file__), file},   {OU_NAME(vm, __cached__), cached},
        {OU_NAME(vm, __path__), search},
    };
    r = 0;
    for (size_t i = 0; r == 0 && i < sizeof rows / sizeof *rows; i++)
        if (rows[i].value)
            r = ou_dict_set(vm, dict, rows[i].name, rows[i].value);
    ou_decref(vm, parent);
done:
    ou_xdecref(vm, spec);
    ou_xdecref(vm, loader);
    ou_xdecref(vm, cached);
    return r;
}

int ou_modspec_init(OuVM *vm, OuObj *module, OuObj *name, OuSpecKind kind, OuObj *file, OuObj *search)
{
    OuObj *dict = (OuObj *)((OuModule *)module)->dict;
    if (kind == OU_SPEC_FILE && vm->import)
        return real_spec(vm, dict, name, file, search);
    if (vm->import && (kind == OU_SPEC_NATIVE || kind == OU_SPEC_EMBEDDED))
        return inner_spec(vm, dict, name, kind, search);
    OuObj *spec = ou_namespace_new(vm, NULL), *parent = parent_of(vm, name, search != NULL), *origin = NULL;
    int r = -1;
    if (!spec || !parent)
        goto done;
    origin = kind == OU_SPEC_FILE        ? ou_ref(file)
             : kind == OU_SPEC_NAMESPACE ? ou_none(vm)
                                         : ou_str_new(vm, kind == OU_SPEC_NATIVE ? "built-in" : "frozen", -1);
    if (!origin)
        goto done;
    static const char *const names[] = {
        "name",   "loader", "origin",       "loader_state", "submodule_search_locations",
        "cached", "parent", "has_location", "_initializing"};
    OuObj *values[] = {
        name, NULL, origin, NULL, search, NULL, parent, OU_BOOL(vm, kind == OU_SPEC_FILE), OU_FALSE(vm)};
    if (set_all(vm, spec, 9, names, values) < 0)
        goto done;
    r = ou_dict_set(vm, dict, OU_NAME(vm, __spec__), spec);
    if (r == 0)
        r = ou_dict_set(vm, dict, OU_NAME(vm, __name__), name);
    if (r == 0)
        r = ou_dict_set(vm, dict, OU_NAME(vm, __package__), parent);
    if (r == 0)
        r = ou_dict_set(vm, dict, OU_NAME(vm, __loader__), OU_NONE(vm));
    if (r == 0 && file)
        r = ou_dict_set(vm, dict, OU_NAME(vm, __file__), file);
    if (r == 0 && search)
        r = ou_dict_set(vm, dict, OU_NAME(vm, __path__), search);
done:
    ou_xdecref(vm, spec);
    ou_xdecref(vm, parent);
    ou_xdecref(vm, origin);
    return r;
}

void ou_modspec_initializing(OuVM *vm, OuObj *module, bool on)
{
    OuObj *exc = ou_err_fetch(vm);
    OuObj *spec =
        ou_is(module, module) ? ou_dict_get_str(vm, ((OuModule *)module)->dict, OU_NAME(vm, __spec__)) : NULL;
    if (spec)
        ou_setattr(vm, spec, OU_NAME(vm, _initializing), OU_BOOL(vm, on));
    ou_err_clear(vm);
    ou_err_restore(vm, exc);
}

bool ou_module_is_initializing(OuVM *vm, OuObj *module)
{
    OuObj *spec = NULL, *v = NULL;
    bool on = false;
    if (ou_lookup_attr(vm, module, OU_NAME(vm, __spec__), &spec) > 0 &&
        ou_lookup_attr(vm, spec, OU_NAME(vm, _initializing), &v) > 0)
        on = ou_is_true(vm, v) > 0;
    ou_err_clear(vm);
    ou_xdecref(vm, spec);
    ou_xdecref(vm, v);
    return on;
}

static OuObj *sys_list(OuVM *vm, const char *name)
{
    OuObj *l = ou_dict_get_s(vm, (OuObj *)vm->sysdict, name);
    return l && ou_isa_list(vm, l) ? l : NULL;
}

int ou_import_meta_path_active(OuVM *vm)
{
    OuImport *im = vm->import;
    if (!im)
        return 0;
    OuObj *meta = sys_list(vm, "meta_path"), *hooks = sys_list(vm, "path_hooks");
    if (ou_err_occurred(vm))
        return -1;
    if (!meta || !hooks || OU_LIST(meta)->n != 3 || OU_LIST(hooks)->n != 2 ||
        OU_LIST(hooks)->items[0] != im->hook)
        return 1;
    for (int i = 0; i < 3; i++)
        if (OU_LIST(meta)->items[i] != im->finders[i])
            return 1;
    return 0;
}

/* Takes importlib's functions out of the traceback of the exception in flight, as CPython's remove_importlib_frames: all of
 * them for an ImportError, else those before _call_with_frames_removed. */
static void trim_traceback(OuVM *vm)
{
    OuObj *exc = ou_err_fetch(vm);
    if (!exc)
        return;
    bool all = ou_isa(vm, exc, ImportError), inside = false;
    OuTraceback **at = (OuTraceback **)&((OuExc *)exc)->traceback, **outer = NULL, *tb;
    while ((tb = *at)) {
        const OuFrameObj *f = (const OuFrameObj *)tb->frame;
        const OuCode *code = f->frame ? f->frame->code : f->code;
        bool ours = ou_str_eq_s(code->filename, "<frozen importlib._bootstrap>") ||
                    ou_str_eq_s(code->filename, "<frozen importlib._bootstrap_external>");
        if (ours && !inside)
            outer = at;
        inside = ours;
        at = &tb->next;
        if (ours && (all || ou_str_eq_s(code->name, "_call_with_frames_removed"))) {
            OuTraceback *rest = tb->next ? ou_ref(tb->next) : NULL, *old = *outer;
            *outer = rest;
            ou_decref(vm, (OuObj *)old);
            at = outer;
        }
    }
    ou_err_restore(vm, exc);
}

OuObj *ou_import_by_meta_path(OuVM *vm, OuObj *name, OuObj *path)
{
    OuObj *m = ou_call2(vm, vm->import->find_and_load, name, vm->import->gcd_import);
    if (!m && !(vm->config && vm->config->verbose))
        trim_traceback(vm);
    return m;
}

static bool ends_with(OuObj *s, const char *ascii)
{
    ou_ssize n = ou_str_len(s), m = (ou_ssize)strlen(ascii);
    for (ou_ssize i = 0; i < m; i++)
        if (n < m || ou_str_at(OU_STR(s), n - m + i) != (unsigned char)ascii[i])
            return false;
    return true;
}

/* __main__ gets the loader that CPython gives it: of its file, or the class of built-in modules. */
static int main_loader(OuVM *vm)
{
    OuObj *m = ou_dict_get(vm, (OuObj *)vm->modules, OU_NAME(vm, __main__)), *file, *loader = NULL;
    if (!m || !ou_is(m, module))
        return 0;
    OuObj *d = (OuObj *)((OuModule *)m)->dict, *now = ou_dict_get(vm, d, OU_NAME(vm, __loader__));
    if (now && now != OU_NONE(vm))
        return 0;
    file = ou_dict_get(vm, d, OU_NAME(vm, __file__));
    if (file && ou_isa_str(vm, file) && !ou_str_eq_s(file, "<stdin>")) {
        OuObj *type = ou_import_attr(vm, "importlib._bootstrap_external",
                                     ends_with(file, ".pyc") ? "SourcelessFileLoader" : "SourceFileLoader");
        loader = type ? ou_call2(vm, type, OU_NAME(vm, __main__), file) : NULL;
        ou_xdecref(vm, type);
    } else
        loader = ou_import_attr(vm, "importlib._bootstrap", "BuiltinImporter");
    int r = loader ? ou_dict_set(vm, d, OU_NAME(vm, __loader__), loader) : -1;
    ou_xdecref(vm, loader);
    return r;
}

/* Modules that the native importer loaded before get real specs. */
static int respec_loaded(OuVM *vm)
{
    OuObj *items = ou_dict_items_list(vm, (OuObj *)vm->modules);
    int r = items ? 0 : -1;
    for (size_t i = 0; r == 0 && i < OU_LIST(items)->n; i++) {
        OuObj *name = OU_TUPLE(OU_LIST(items)->items[i])->items[0],
              *m = OU_TUPLE(OU_LIST(items)->items[i])->items[1];
        if (!ou_is(m, module) || !((OuModule *)m)->dict)
            continue;
        OuDict *d = ((OuModule *)m)->dict;
        OuObj *spec = ou_dict_get_str(vm, d, OU_NAME(vm, __spec__)),
              *file = ou_dict_get_str(vm, d, OU_NAME(vm, __file__));
        if (!spec || !ou_is(spec, namespace))
            continue;
        if (!file) {
            OuObj *origin = ou_getattr_s(vm, spec, "origin");
            bool native = origin && ou_isa_str(vm, origin) && ou_str_eq_s(origin, "built-in");
            if (native || (origin && ou_isa_str(vm, origin) && ou_str_eq_s(origin, "frozen")))
                r = inner_spec(vm, (OuObj *)d, name, native ? OU_SPEC_NATIVE : OU_SPEC_EMBEDDED,
                               ou_dict_get_str(vm, d, OU_NAME(vm, __path__)));
            ou_xdecref(vm, origin);
            continue;
        }
        if (!ou_isa_str(vm, file))
            continue;
        bool initializing = ou_module_is_initializing(vm, m);
        /* the spec of a module that runs as __main__ keeps its own name */
        OuObj *own = ou_getattr(vm, spec, OU_NAME(vm, name));
        r = own ? real_spec(vm, (OuObj *)d, own, file, ou_dict_get_str(vm, d, OU_NAME(vm, __path__))) : -1;
        ou_xdecref(vm, own);
        if (r == 0)
            r = ou_dict_set(vm, (OuObj *)d, OU_NAME(vm, __name__), name);
        if (r == 0 && initializing)
            ou_modspec_initializing(vm, m, true);
    }
    ou_xdecref(vm, items);
    return r;
}

/* Whether path or a parent of it is a plain file: only then may it be an archive, or a folder inside one. */
static bool has_file(const char *path)
{
    char buf[4096];
    struct stat st;
    if (snprintf(buf, sizeof buf, "%s", path) >= (int)sizeof buf)
        return false;
    while (*buf && stat(buf, &st) < 0) {
        char *slash = strrchr(buf, '/');
        if (!slash)
            return false;
        *slash = 0;
    }
    return *buf && S_ISREG(st.st_mode);
}

static OuObj *zip_hook(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuUtf8 u;
    if (!ou_isa_str(vm, args[0]) || ou_str_utf8(vm, args[0], &u, true) < 0)
        return ou_err_occurred(vm) ? NULL : ou_raise(vm, OU_EXC(vm, ImportError), "not a path: %R", args[0]);
    bool file = has_file(u.s);
    ou_utf8_free(vm, &u);
    if (!file) /* zipimport itself need not be imported to say so */
        return ou_raise(vm, OU_EXC(vm, ImportError), "not a Zip file: %R", args[0]);
    OuObj *type = ou_import_attr(vm, "zipimport", "zipimporter"),
          *res = type ? ou_call1(vm, type, args[0]) : NULL;
    ou_xdecref(vm, type);
    return res;
}

static int add_zip_hook(OuVM *vm, OuObj *hooks)
{
    static const OuFn def = {"zipimporter(path, /)", zip_hook, 0, "The path hook of zipimport."};
    OuObj *f = ou_builtin_new(vm, &def, NULL, NULL, false);
    return f ? ou_list_append_take(vm, hooks, f) : -1;
}

int ou_import_installed(OuVM *vm)
{
    OuObj *boot = ou_import(vm, "importlib._bootstrap"),
          *ext = boot ? ou_import(vm, "importlib._bootstrap_external") : NULL;
    OuObj *imp = ext ? ou_import(vm, "_imp") : NULL, *a = NULL, *b = NULL;
    OuImport *im = NULL;
    int r = -1;
    if (!imp)
        goto done;
    OuObj *install = ou_str_intern_s(vm, "_install");
    a = ou_call_method(vm, boot, install, 2, vm->sys_module, imp);
    b = a ? ou_call_method(vm, ext, install, 1, boot) : NULL;
    ou_decref(vm, install);
    OuObj *meta = sys_list(vm, "meta_path"), *hooks = sys_list(vm, "path_hooks");
    if (!b || !meta || !hooks || !(im = ou_alloc(vm, sizeof *im)))
        goto done;
    memset(im, 0, sizeof *im);
    im->find_and_load = ou_getattr_s(vm, boot, "_find_and_load");
    im->gcd_import = ou_getattr_s(vm, boot, "_gcd_import");
    im->spec_from_loader = ou_getattr_s(vm, boot, "spec_from_loader");
    if (ou_import_lock_install(vm, boot) < 0)
        goto done;
    im->spec_from_file = ou_getattr_s(vm, ext, "spec_from_file_location");
    /* zipimport's hook is first in CPython; here it stands behind the one for folders, and its module is imported on need */
    if (OU_LIST(hooks)->n != 1 || add_zip_hook(vm, hooks) < 0)
        goto done;
    for (size_t i = 0; i < 3 && i < OU_LIST(meta)->n; i++)
        im->finders[i] = ou_ref(OU_LIST(meta)->items[i]);
    if (OU_LIST(hooks)->n)
        im->hook = ou_ref(OU_LIST(hooks)->items[0]);
    if (!im->find_and_load || !im->gcd_import || !im->spec_from_file || !im->spec_from_loader)
        goto done;
    vm->import = im;
    im = NULL;
    r = respec_loaded(vm) < 0 ? -1 : main_loader(vm);
    /* the names under which CPython's frozen importlib is known */
    if (r == 0 && (ou_dict_set_s(vm, (OuObj *)vm->modules, "_frozen_importlib", boot) < 0 ||
                   ou_dict_set_s(vm, (OuObj *)vm->modules, "_frozen_importlib_external", ext) < 0))
        r = -1;
done:
    if (im) {
        ou_xdecref(vm, im->find_and_load);
        ou_xdecref(vm, im->gcd_import);
        ou_xdecref(vm, im->spec_from_file);
        ou_xdecref(vm, im->spec_from_loader);
        ou_free(vm, im, sizeof *im);
    }
    ou_xdecref(vm, boot);
    ou_xdecref(vm, ext);
    ou_xdecref(vm, imp);
    ou_xdecref(vm, a);
    ou_xdecref(vm, b);
    return r;
}

void ou_import_free(OuVM *vm)
{
    OuImport *im = vm->import;
    if (!im)
        return;
    vm->import = NULL;
    ou_clear(vm, im->find_and_load);
    ou_clear(vm, im->gcd_import);
    ou_clear(vm, im->spec_from_file);
    ou_clear(vm, im->spec_from_loader);
    ou_clear(vm, im->hook);
    for (int i = 0; i < 3; i++)
        ou_clear(vm, im->finders[i]);
    ou_free(vm, im, sizeof *im);
}

/* Embedded sources that stand in for the library's on machines without it: the library's file is taken when it is there.
 * The others (opcode, dis: the library's describe another machine; objgraph ...) always win. */
bool ou_import_prefers_file(OuVM *vm, OuObj *name)
{
    static const char *const stand_ins[] = {"weakref", "_weakrefset", "tracemalloc"};
    for (size_t i = 0; i < sizeof stand_ins / sizeof *stand_ins; i++)
        if (ou_str_eq_s(name, stand_ins[i]))
            return true;
    return false;
}

const char *ou_import_missing_library(OuVM *vm, OuObj *name)
{
    OuObj *dir = ou_dict_get_s(vm, (OuObj *)vm->sysdict, "_stdlib_dir"), *names;
    OuUtf8 u;
    if (dir && ou_isa_str(vm, dir) &&
        ou_str_utf8(vm, dir, &u, true) == 0) { /* OUROPATH may name a folder without it */
        char file[4096];
        snprintf(file, sizeof file, "%s/os.py", u.s);
        ou_utf8_free(vm, &u);
        if (access(file, R_OK) == 0)
            return NULL;
    }
    ou_err_clear(vm);
    names = ou_dict_get_s(vm, (OuObj *)vm->sysdict, "stdlib_module_names");
    if (!names || ou_contains(vm, names, name) <= 0) {
        ou_err_clear(vm);
        return NULL;
    }
    return "it belongs to the Python 3.11 standard library, which is not installed here: install "
           "libpython3.11-stdlib, or name its folder in "
           "OUROPATH";
}
