/* stdlib/_warnings.c - module _warnings: filters and registries of warnings; works with the library's `warnings` loaded or
 * absent (then the message is printed from here). */
#include "vm/frame.h"
#include "vm/native.h"
#include "vm/source_line.h"

extern const OuModuleDef ou_mod__warnings;

typedef struct WarningsState {
    OuObj *filters, *once_registry, *default_action;
    int64_t version; /* of the filters: registries of an older one are emptied */
} WarningsState;

static WarningsState *state_of(OuVM *vm)
{
    return ou_module_state(vm, &ou_mod__warnings);
}

/* Attribute of the library's module `warnings` if that is loaded (import: load it): 1/0/-1, out: new. */
static int warnings_attr(OuVM *vm, const char *name, bool import, OuObj **out)
{
    OuObj *module = NULL;
    *out = NULL;
    if (import && !vm->finalizing) {
        module = ou_import(vm, "warnings");
        if (!module) {
            if (!ou_err_is(vm, OU_EXC(vm, ImportError)))
                return -1;
            ou_err_clear(vm);
            return 0;
        }
    } else {
        if (vm->finalizing || !vm->modules)
            return 0;
        module = ou_dict_get_str(vm, vm->modules, OU_NAME(vm, warnings));
        if (!module)
            return ou_err_occurred(vm) ? -1 : 0;
        ou_incref(module);
    }
    OuObj *key = ou_str_intern_s(vm, name);
    int r = key ? ou_lookup_attr(vm, module, key, out) : -1;
    ou_xdecref(vm, key);
    ou_decref(vm, module);
    return r;
}

/* Refreshes *slot from warnings.NAME. 0/-1 */
static int refresh(OuVM *vm, const char *name, OuObj **slot)
{
    OuObj *v, *old = *slot;
    int r = warnings_attr(vm, name, false, &v);
    if (r > 0) {
        *slot = v;
        ou_xdecref(vm, old);
    }
    return r < 0 ? -1 : 0;
}

/* ---- filters ---- */

static int matched(OuVM *vm, OuObj *pattern, OuObj *text)
{
    if (pattern == OU_NONE(vm))
        return 1;
    if (ou_is(pattern, str)) /* the filters made here use plain names */
        return ou_compare_bool(vm, pattern, text, OU_CMP_EQ);
    OuObj *meth = ou_getattr_s(vm, pattern, "match"), *res = meth ? ou_call1(vm, meth, text) : NULL;
    int r = res ? ou_is_true(vm, res) : -1;
    ou_xdecref(vm, meth);
    ou_xdecref(vm, res);
    return r;
}

/* 1: the filter applies, 0, -1 */
static int applies(OuVM *vm, OuObj *item, OuObj *category, OuObj *text, int lineno, OuObj *module)
{
    OuObj **v = OU_TUPLE(item)->items;
    ou_ssize line;
    if (!ou_isa_str(vm, v[0]))
        return ou_type_error_i(vm, "action must be a string, not '%T'", v[0]);
    int msg = matched(vm, v[1], text);
    int mod = msg < 0 ? -1 : matched(vm, v[3], module);
    int sub = mod < 0 ? -1 : ou_issubclass(vm, category, v[2]);
    if (sub < 0 || ou_as_ssize(vm, v[4], OU_EXC(vm, OverflowError), &line) < 0)
        return -1;
    return msg && mod && sub && (line == 0 || line == lineno);
}

/* The action for this warning (new), out: the filter (new; None for the default). */
static OuObj *find_action(OuVM *vm, WarningsState *st, OuObj *category, OuObj *text, int lineno,
                          OuObj *module, OuObj **filter)
{
    if (refresh(vm, "filters", &st->filters) < 0)
        return NULL;
    OuObj *filters = st->filters;
    if (!filters || !ou_isa_list(vm, filters))
        return ou_value_error(vm, "_warnings.filters must be a list");
    ou_incref(filters);
    for (size_t i = 0; i < OU_LIST(filters)->n; i++) {
        OuObj *item = OU_LIST(filters)->items[i];
        if (!ou_isa_tuple(vm, item) || OU_TUPLE(item)->n != 5) {
            ou_decref(vm, filters);
            return ou_value_error(vm, "_warnings.filters item %zu isn't a 5-tuple", i);
        }
        ou_incref(item);
        int r = applies(vm, item, category, text, lineno, module);
        if (r) {
            ou_decref(vm, filters);
            if (r < 0) {
                ou_decref(vm, item);
                return NULL;
            }
            *filter = item;
            return ou_ref(OU_TUPLE(item)->items[0]);
        }
        ou_decref(vm, item);
    }
    ou_decref(vm, filters);
    if (refresh(vm, "defaultaction", &st->default_action) < 0)
        return NULL;
    if (!ou_isa_str(vm, st->default_action))
        return ou_type_error(vm, "_warnings.defaultaction must be a string, not '%T'", st->default_action);
    *filter = ou_none(vm);
    return ou_ref(st->default_action);
}

/* ---- registries ---- */

/* 1: key was shown before; 0; -1.  A registry older than the filters is emptied. */
static int already_warned(OuVM *vm, WarningsState *st, OuObj *registry, OuObj *key, bool set)
{
    int64_t version;
    OuObj *v = ou_dict_get(vm, registry, OU_NAME(vm, version));
    if (!v && ou_err_occurred(vm))
        return -1;
    if (!v || !ou_is(v, int) || !ou_int_fits(v, &version) || version != st->version) {
        ou_dict_clear(vm, registry);
        OuObj *n = ou_int(vm, st->version);
        int r = n ? ou_dict_set(vm, registry, OU_NAME(vm, version), n) : -1;
        ou_xdecref(vm, n);
        if (r < 0)
            return -1;
    } else {
        v = ou_dict_get(vm, registry, key);
        if (!v && ou_err_occurred(vm))
            return -1;
        if (v) {
            int r = ou_is_true(vm, v);
            if (r)
                return r;
        }
    }
    return set ? ou_dict_set(vm, registry, key, OU_TRUE(vm)) : 0;
}

static int update_registry(OuVM *vm, WarningsState *st, OuObj *registry, OuObj *text, OuObj *category,
                           bool add_zero)
{
    OuObj *zero = add_zero ? ou_int(vm, 0) : NULL;
    OuObj *key = zero ? ou_tuple_pack(vm, 3, text, category, zero) : ou_tuple_pack(vm, 2, text, category);
    int r = key ? already_warned(vm, st, registry, key, true) : -1;
    ou_xdecref(vm, zero);
    ou_xdecref(vm, key);
    return r;
}

/* ---- showing ---- */

/* Without the library: "file:line: Category: text" and the source line. */
static void print_warning(OuVM *vm, OuObj *filename, int lineno, OuObj *text, OuObj *category,
                          OuObj *source_line)
{
    OuObj *err = ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, stderr));
    OuObj *name = ou_getattr(vm, category, OU_NAME(vm, __name__)), *line = NULL, *msg = NULL;
    if (!err || err == OU_NONE(vm) || !name)
        goto done;
    ou_incref(err);
    if (source_line)
        line = ou_ref(source_line);
    else {
        OuSourceFiles files = {0};
        line = ou_source_line(vm, &files, filename, lineno);
        ou_source_files_free(vm, &files);
    }
    ou_ssize skip = 0, n = line ? ou_str_len(line) : 0;
    for (; skip < n; skip++) {
        uint32_t c = ou_str_at(OU_STR(line), skip);
        if (c != ' ' && c != '\t' && c != '\f')
            break;
    }
    OuObj *rest = line ? ou_str_slice(vm, line, skip, n) : NULL;
    msg = rest ? ou_str_fmt(vm, "%S:%d: %S: %S\n  %U\n", filename, lineno, name, text, rest)
               : ou_str_fmt(vm, "%S:%d: %S: %S\n", filename, lineno, name, text);
    ou_xdecref(vm, rest);
    OuObj *res = msg ? ou_call_method(vm, err, OU_NAME(vm, write), 1, msg) : NULL;
    ou_xdecref(vm, res);
    ou_decref(vm, err);
done:
    ou_xdecref(vm, name);
    ou_xdecref(vm, line);
    ou_xdecref(vm, msg);
    ou_err_clear(vm);
}

typedef struct Warning {
    OuObj *category, *message, *text, *filename, *lineno_obj, *source_line, *source;
    int lineno;
} Warning;

static int show(OuVM *vm, const Warning *w)
{
    OuObj *fn, *cls = NULL, *msg = NULL, *res = NULL;
    /* only the library can tell where `source` was allocated */
    int r = warnings_attr(vm, "_showwarnmsg", w->source != NULL, &fn);
    if (r < 0)
        return -1;
    if (r == 0) {
        print_warning(vm, w->filename, w->lineno, w->text, w->category, w->source_line);
        return 0;
    }
    if (!ou_callable(vm, fn))
        ou_type_error(vm, "warnings._showwarnmsg() must be set to a callable");
    else if ((r = warnings_attr(vm, "WarningMessage", false, &cls)) == 0)
        ou_raise(vm, OU_EXC(vm, RuntimeError), "unable to get warnings.WarningMessage");
    else if (r > 0) {
        OuObj *none = OU_NONE(vm);
        OuObj *args[] = {
            w->message, w->category, w->filename, w->lineno_obj, none, none, w->source ? w->source : none};
        msg = ou_call(vm, cls, args, 7, NULL);
        res = msg ? ou_call1(vm, fn, msg) : NULL;
    }
    ou_decref(vm, fn);
    ou_xdecref(vm, cls);
    ou_xdecref(vm, msg);
    ou_xdecref(vm, res);
    return res ? 0 : -1;
}

/* "dir/name.py" -> "dir/name" */
static OuObj *module_of_file(OuVM *vm, OuObj *filename)
{
    ou_ssize n = ou_str_len(filename);
    OuStr *s = OU_STR(filename);
    if (n == 0)
        return ou_str_from_ascii(vm, "<unknown>", -1);
    if (n >= 3 && ou_str_at(s, n - 3) == '.' && ou_str_at(s, n - 2) == 'p' && ou_str_at(s, n - 1) == 'y')
        return ou_str_slice(vm, filename, 0, n - 3);
    return ou_ref(filename);
}

/* 1: show it, 0: not, -1: it became an exception or failed. */
static int decide(OuVM *vm, WarningsState *st, const Warning *w, OuObj *module, OuObj *registry)
{
    OuObj *key = ou_tuple_pack(vm, 3, w->text, w->category, w->lineno_obj), *action = NULL, *filter = NULL;
    int r = -1;
    if (!key)
        return -1;
    if (registry && (r = already_warned(vm, st, registry, key, false)) != 0) {
        r = r < 0 ? -1 : 0;
        goto done;
    }
    r = -1;
    action = find_action(vm, st, w->category, w->text, w->lineno, module, &filter);
    if (!action)
        goto done;
    if (ou_str_eq_s(action, "error")) {
        ou_raise_obj(vm, w->message);
        goto done;
    }
    if (ou_str_eq_s(action, "ignore")) {
        r = 0;
        goto done;
    }
    int shown = 0;
    if (!ou_str_eq_s(action, "always")) {
        if (registry && ou_dict_set(vm, registry, key, OU_TRUE(vm)) < 0)
            goto done;
        if (ou_str_eq_s(action, "once")) {
            if (!registry) {
                if (refresh(vm, "onceregistry", &st->once_registry) < 0)
                    goto done;
                if (!ou_isa_dict(vm, st->once_registry)) {
                    ou_type_error(vm, "_warnings.onceregistry must be a dict, not '%T'", st->once_registry);
                    goto done;
                }
                registry = st->once_registry;
            }
            shown = update_registry(vm, st, registry, w->text, w->category, false);
        } else if (ou_str_eq_s(action, "module")) {
            if (registry)
                shown = update_registry(vm, st, registry, w->text, w->category, true);
        } else if (!ou_str_eq_s(action, "default")) {
            ou_raise(vm, OU_EXC(vm, RuntimeError), "Unrecognized action (%R) in warnings.filters:\n %R",
                     action, filter);
            shown = -1;
        }
    }
    r = shown < 0 ? -1 : !shown;
done:
    ou_decref(vm, key);
    ou_xdecref(vm, action);
    ou_xdecref(vm, filter);
    return r;
}

/* The common end of warn and warn_explicit.  w: category, message, filename, lineno, source_line, source are set. */
static OuObj *warn_at(OuVM *vm, Warning *w, OuObj *module, OuObj *registry)
{
    OuObj *res = NULL, *made = NULL, *module_name = NULL;
    WarningsState *st = state_of(vm);
    if (module == OU_NONE(vm)) /* late in the shutdown */
        return ou_none(vm);
    if (registry == OU_NONE(vm))
        registry = NULL;
    if (registry && !ou_isa_dict(vm, registry))
        return ou_type_error(vm, "'registry' must be a dict or None");
    int is_warning = ou_isinstance(vm, w->message, (OuObj *)OU_EXC(vm, Warning));
    if (is_warning < 0)
        return NULL;
    if (is_warning) {
        w->text = ou_str(vm, w->message);
        w->category = (OuObj *)OU_TYPE_OF(vm, w->message);
        made = ou_ref(w->message);
    } else {
        w->text = ou_ref(w->message);
        made = ou_call1(vm, w->category, w->message);
    }
    w->message = made;
    w->lineno_obj = ou_int(vm, w->lineno);
    if (w->source == OU_NONE(vm))
        w->source = NULL;
    module_name = module ? ou_ref(module) : module_of_file(vm, w->filename);
    if (made && w->text && w->lineno_obj && module_name) {
        int r = decide(vm, st, w, module_name, registry);
        if (r == 0 || (r > 0 && show(vm, w) == 0))
            res = ou_none(vm);
    }
    ou_xdecref(vm, made);
    ou_xdecref(vm, w->text);
    ou_xdecref(vm, w->lineno_obj);
    ou_xdecref(vm, module_name);
    return res;
}

/* ---- the caller's place ---- */

static bool contains(OuVM *vm, OuObj *s, const char *part)
{
    OuObj *sub = ou_str_from_ascii(vm, part, -1);
    bool r = sub && ou_str_find(OU_STR(s), OU_STR(sub), 0, ou_str_len(s)) >= 0;
    ou_xdecref(vm, sub);
    return r;
}

/* Frames of the import system are not counted. */
static bool is_internal(OuVM *vm, OuFrame *f)
{
    return f && contains(vm, f->code->filename, "importlib") && contains(vm, f->code->filename, "_bootstrap");
}

static OuObj *do_warn(OuVM *vm, Warning *w, int64_t level)
{
    OuFrame *f = ou_frame_visible(vm, vm->ts->frame);
    OuObj *globals = (OuObj *)vm->sysdict, *registry, *module, *res = NULL;
    if (level <= 0 || is_internal(vm, f)) {
        while (--level > 0 && f)
            f = ou_frame_visible(vm, f->prev);
    } else {
        while (--level > 0 && f) {
            do
                f = ou_frame_visible(vm, f->prev);
            while (is_internal(vm, f));
        }
    }
    if (f) {
        globals = (OuObj *)f->func->globals;
        w->filename = ou_ref(f->code->filename);
        w->lineno = ou_frame_lineno(f);
    } else {
        w->filename = ou_str_from_ascii(vm, "sys", -1);
        w->lineno = 1;
    }
    ou_incref(globals);
    registry = ou_dict_get_s(vm, globals, "__warningregistry__");
    if (registry)
        ou_incref(registry);
    else if (!ou_err_occurred(vm) && (registry = ou_dict_new(vm)) &&
             ou_dict_set_s(vm, globals, "__warningregistry__", registry) < 0)
        ou_clear(vm, registry);
    module = ou_dict_get_str(vm, OU_DICT(globals), OU_NAME(vm, __name__));
    if (module && (module == OU_NONE(vm) || ou_isa_str(vm, module)))
        ou_incref(module);
    else
        module = ou_str_from_ascii(vm, "<string>", -1);
    if (w->filename && registry && module)
        res = warn_at(vm, w, module, registry);
    ou_xdecref(vm, w->filename);
    ou_xdecref(vm, registry);
    ou_xdecref(vm, module);
    ou_decref(vm, globals);
    return res;
}

static OuObj *warn(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Warning w = {.message = args[0], .category = args[1], .source = args[3]};
    int64_t level = 1;
    if (args[2] && ou_as_i64(vm, args[2], &level) < 0)
        return NULL;
    int is_warning = ou_isinstance(vm, w.message, (OuObj *)OU_EXC(vm, Warning));
    if (is_warning < 0)
        return NULL;
    if (is_warning)
        w.category = (OuObj *)OU_TYPE_OF(vm, w.message);
    else if (!w.category || w.category == OU_NONE(vm))
        w.category = (OuObj *)OU_EXC(vm, UserWarning);
    int ok = ou_isa_type(vm, w.category) ? ou_issubclass(vm, w.category, (OuObj *)OU_EXC(vm, Warning)) : 0;
    if (ok < 0)
        return NULL;
    if (!ok)
        return ou_type_error(vm, "category must be a Warning subclass, not '%T'", w.category);
    return do_warn(vm, &w, level);
}

/* The line from the loader of a module's globals: new; NULL without exception if there is none. */
static OuObj *loader_line(OuVM *vm, OuObj *globals, int lineno)
{
    OuObj *loader = ou_dict_get_str(vm, OU_DICT(globals), OU_NAME(vm, __loader__));
    OuObj *name = ou_dict_get_str(vm, OU_DICT(globals), OU_NAME(vm, __name__)), *meth, *source, *lines = NULL,
          *line = NULL;
    if (!loader || !name)
        return NULL;
    ou_incref(name);
    int r = ou_lookup_attr(vm, loader, OU_NAME(vm, get_source), &meth);
    if (r <= 0) {
        ou_decref(vm, name);
        return NULL;
    }
    source = ou_call1(vm, meth, name);
    ou_decref(vm, meth);
    ou_decref(vm, name);
    if (source && source != OU_NONE(vm)) {
        /* not the method of a subclass, whatever that may return */
        OuObj *split = ou_getattr_s(vm, (OuObj *)&vm->builtin[OU_T_str], "splitlines");
        lines = split ? ou_call1(vm, split, source) : NULL;
        ou_xdecref(vm, split);
        if (lines)
            line = ou_getitem_i(vm, lines, lineno - 1);
    }
    ou_xdecref(vm, source);
    ou_xdecref(vm, lines);
    return line;
}

static OuObj *warn_explicit(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Warning w = {.message = args[0], .category = args[1], .filename = args[2], .source = args[7]};
    if (!ou_isa_str(vm, args[2]))
        return ou_type_error(vm,
                             args[2] == OU_NONE(vm) ? "warn_explicit() argument 3 must be str, not None"
                                                    : "warn_explicit() argument 3 must be str, not %T",
                             args[2]);
    if (ou_as_int(vm, args[3], &w.lineno) < 0)
        return NULL;
    OuObj *globals = args[6] == OU_NONE(vm) ? NULL : args[6];
    if (globals) {
        if (!ou_isa_dict(vm, globals))
            return ou_type_error(vm, "module_globals must be a dict, not '%T'", globals);
        w.source_line = loader_line(vm, globals, w.lineno);
        if (!w.source_line && ou_err_occurred(vm))
            return NULL;
    }
    OuObj *res = warn_at(vm, &w, args[4], args[5]);
    ou_xdecref(vm, w.source_line);
    return res;
}

static OuObj *filters_mutated(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    state_of(vm)->version++;
    return ou_none(vm);
}

static int add_filter(OuVM *vm, OuObj *list, const char *action, OuTypeNumber category, const char *module)
{
    OuObj *a = ou_str_intern_s(vm, action), *m = module ? ou_str_intern_s(vm, module) : ou_none(vm),
          *zero = ou_int(vm, 0);
    OuObj *t = a && m && zero ? ou_tuple_pack(vm, 5, a, OU_NONE(vm), (OuObj *)&vm->builtin[category], m, zero)
                              : NULL;
    ou_xdecref(vm, a);
    ou_xdecref(vm, m);
    ou_xdecref(vm, zero);
    return t ? ou_list_append_take(vm, list, t) : -1;
}

static int exec(OuVM *vm, OuObj *module)
{
    WarningsState *st = ((OuModule *)module)->state;
    st->filters = ou_list_new(vm, 0);
    st->once_registry = ou_dict_new(vm);
    st->default_action = ou_str_intern_s(vm, "default");
    if (!st->filters || !st->once_registry || !st->default_action)
        return -1;
    if (add_filter(vm, st->filters, "default", OU_T_DeprecationWarning, "__main__") < 0 ||
        add_filter(vm, st->filters, "ignore", OU_T_DeprecationWarning, NULL) < 0 ||
        add_filter(vm, st->filters, "ignore", OU_T_PendingDeprecationWarning, NULL) < 0 ||
        add_filter(vm, st->filters, "ignore", OU_T_ImportWarning, NULL) < 0 ||
        add_filter(vm, st->filters, "ignore", OU_T_ResourceWarning, NULL) < 0)
        return -1;
    if (ou_module_add(vm, module, "filters", ou_ref(st->filters)) < 0 ||
        ou_module_add(vm, module, "_onceregistry", ou_ref(st->once_registry)) < 0)
        return -1;
    return ou_module_add(vm, module, "_defaultaction", ou_ref(st->default_action));
}

static int traverse(void *state, OuVisit visit, void *arg)
{
    WarningsState *st = state;
    OU_VISIT(st->filters);
    OU_VISIT(st->once_registry);
    OU_VISIT(st->default_action);
    return 0;
}

static void clear(OuVM *vm, void *state)
{
    WarningsState *st = state;
    ou_clear(vm, st->filters);
    ou_clear(vm, st->once_registry);
    ou_clear(vm, st->default_action);
}

static const OuFn functions[] = {
    {"warn(message, category=None, stacklevel=1, source=None)", warn, 0,
     "Issue a warning, or maybe ignore it or raise an exception."},
    {"warn_explicit(message, category, filename, lineno, module=None, registry=None, module_globals=None, "
     "source=None)",
     warn_explicit, 0, "Issue a warning, or maybe ignore it or raise an exception."},
    {"_filters_mutated()", filters_mutated, 0, NULL},
    {0},
};
const OuModuleDef ou_mod__warnings = {
    .name = "_warnings",
    .doc = "_warnings provides basic warning filtering support.\nIt is a helper module to speed up "
           "interpreter start-up.",
    .functions = functions,
    .state_size = sizeof(WarningsState),
    .exec = exec,
    .traverse = traverse,
    .clear = clear,
};
