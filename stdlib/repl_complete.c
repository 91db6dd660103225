/* stdlib/repl_complete.c - what Tab offers: names, attributes, keys of dictionaries, keyword arguments, modules, files in strings.
 *
 * Nothing here runs a script's code: attributes are read from instance values, modules and classes directly; properties,
 * __getattr__ and __dir__ are not asked. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "repl.h"
#include "vm/err.h"
#include "vm/func.h"
#include "vm/import.h"
#include "vm/instance.h"
#include "vm/native.h"
#include "vm/type.h"

typedef struct Words {
    char **at;
    size_t n, cap;
    const char *prefix; /* words must begin with it */
    size_t prefix_n;
} Words;

static void add(Words *w, const char *s, size_t n, const char *suffix)
{
    if (n < w->prefix_n || strncmp(s, w->prefix, w->prefix_n) != 0)
        return;
    if (n && s[0] == '_' && w->prefix_n == 0) /* private names are asked for */
        return;
    if (w->n == w->cap) {
        size_t cap = w->cap ? w->cap * 2 : 32;
        char **more = realloc(w->at, cap * sizeof *more);
        if (!more)
            return;
        w->at = more;
        w->cap = cap;
    }
    size_t m = strlen(suffix);
    char *copy = malloc(n + m + 1);
    if (!copy)
        return;
    memcpy(copy, s, n);
    memcpy(copy + n, suffix, m + 1);
    w->at[w->n++] = copy;
}

static void add_obj(OuVM *vm, Words *w, OuObj *name, const char *suffix)
{
    OuUtf8 u;
    if (!ou_isa_str(vm, name))
        return;
    if (ou_str_utf8(vm, name, &u, false) < 0) {
        ou_err_clear(vm);
        return;
    }
    add(w, u.s, u.n, suffix);
    ou_utf8_free(vm, &u);
}

static void add_dict(OuVM *vm, Words *w, OuDict *d)
{
    size_t pos = 0;
    OuObj *key, *value;
    while (d && ou_dict_next(d, &pos, &key, &value))
        add_obj(vm, w, key, "");
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort(Words *w)
{
    size_t to = 0;
    if (w->n)
        qsort(w->at, w->n, sizeof *w->at, compare);
    for (size_t i = 0; i < w->n; i++) {
        if (to && strcmp(w->at[to - 1], w->at[i]) == 0)
            free(w->at[i]);
        else
            w->at[to++] = w->at[i];
    }
    w->n = to;
}

/* ---- objects, without running code ---- */

/* The instance's dict, when it has one already: borrowed or NULL. */
static OuDict *dict_of(OuVM *vm, OuObj *o)
{
    OuType *t = OU_TYPE_OF(vm, o);
    if (ou_is(o, module))
        return ((OuModule *)o)->dict;
    if (ou_is(o, function))
        return (OuDict *)((OuFunc *)o)->dict;
    if (!t->dict_off || ou_isa_type(vm, o))
        return NULL;
    uint64_t w = *ou_inst_word(o, t);
    return OU_WORD_IS_SHAPED(w) ? NULL : OU_WORD_DICT(w);
}

/* o.name as far as it is plain data: borrowed or NULL. */
static OuObj *peek(OuVM *vm, OuObj *o, OuObj *name)
{
    OuType *t = OU_TYPE_OF(vm, o);
    OuDict *d = dict_of(vm, o);
    OuObj *v = d ? ou_dict_get_str(vm, d, name) : NULL;
    int err = 0;
    if (!v && !d && t->dict_off && !ou_isa_type(vm, o))
        v = ou_inst_get(vm, o, t, name, &err);
    if (!v && ou_isa_type(vm, o))
        v = ou_type_lookup(vm, OU_AS_TYPE(o), name);
    if (!v)
        v = ou_type_lookup(vm, t, name);
    ou_err_clear(vm);
    if (v && (ou_is(v, property) || ou_is(v, getset_descr) || ou_is(v, member_descr)))
        return NULL;
    return v;
}

static void add_type(OuVM *vm, Words *w, OuType *t)
{
    for (size_t i = 0; t->mro && i < t->mro->n; i++)
        add_dict(vm, w, ou_type_dict(vm, OU_AS_TYPE(t->mro->items[i])));
}

static void add_attributes(OuVM *vm, Words *w, OuObj *o)
{
    OuType *t = OU_TYPE_OF(vm, o);
    add_dict(vm, w, dict_of(vm, o));
    if (t->dict_off && !ou_isa_type(vm, o)) {
        uint64_t word = *ou_inst_word(o, t);
        if (OU_WORD_IS_SHAPED(word))
            for (OuShape *s = ou_shape(vm, OU_WORD_SHAPE(word)); s && s->name; s = s->up)
                add_obj(vm, w, s->name, "");
    }
    if (ou_isa_type(vm, o))
        add_type(vm, w, OU_AS_TYPE(o));
    if (!ou_is(o, module) || w->prefix_n)
        add_type(vm, w, t);
}

/* The value of a dotted name s[0..n): borrowed or NULL. */
static OuObj *resolve(OuRepl *r, const char *s, size_t n)
{
    OuVM *vm = r->vm;
    OuObj *o = NULL;
    for (size_t i = 0; i <= n;) {
        const char *dot = memchr(s + i, '.', n - i);
        size_t end = dot ? (size_t)(dot - s) : n;
        OuObj *name = end > i ? ou_str_new(vm, s + i, (ou_ssize)(end - i)) : NULL;
        name = name ? ou_str_intern(vm, name) : NULL;
        if (!name)
            return NULL;
        if (i > 0)
            o = peek(vm, o, name);
        else if (!(o = ou_dict_get_str(vm, OU_DICT(r->globals), name)))
            o = ou_dict_get_str(vm, vm->builtins, name);
        ou_decref(vm, name);
        if (!o || end == n)
            return o;
        i = end + 1;
    }
    return NULL;
}

/* ---- modules ---- */

static void add_folder(Words *w, const char *dir)
{
    DIR *d = opendir(*dir ? dir : ".");
    for (struct dirent *e; d && (e = readdir(d));) {
        const char *dot = strchrnul(e->d_name, '.');
        size_t n = (size_t)(dot - e->d_name);
        if (n == 0 || strncmp(e->d_name, "__", 2) == 0 || strchr(e->d_name, '-'))
            continue;
        if (strcmp(dot, ".py") == 0)
            add(w, e->d_name, n, "");
        else if (!*dot) {
            char file[4096];
            struct stat st;
            snprintf(file, sizeof file, "%s/%s/__init__.py", *dir ? dir : ".", e->d_name);
            if (stat(file, &st) == 0)
                add(w, e->d_name, n, "");
        }
    }
    if (d)
        closedir(d);
}

static void add_folders(OuVM *vm, Words *w, OuObj *list)
{
    for (size_t i = 0; list && ou_isa_list(vm, list) && i < OU_LIST(list)->n; i++) {
        OuUtf8 u;
        OuObj *s = OU_LIST(list)->items[i];
        if (ou_isa_str(vm, s) && ou_str_utf8(vm, s, &u, true) == 0) {
            add_folder(w, u.s);
            ou_utf8_free(vm, &u);
        }
    }
}

/* name: "os.pa": submodules of a package that was imported, else top-level modules. */
static void add_modules(OuRepl *r, Words *w, const char *name, size_t n)
{
    OuVM *vm = r->vm;
    const char *dot = memrchr(name, '.', n);
    if (dot) {
        OuObj *full = ou_str_new(vm, name, dot - name),
              *m = full ? ou_dict_get(vm, (OuObj *)vm->modules, full) : NULL;
        if (m && ou_is(m, module))
            add_folders(vm, w, ou_dict_get_str(vm, ((OuModule *)m)->dict, OU_NAME(vm, __path__)));
        ou_xdecref(vm, full);
        return;
    }
    for (const OuNativeModule *m = ou_native_modules; m->name; m++)
        add(w, m->name, strlen(m->name), "");
    for (const OuEmbeddedModule *m = ou_embedded_modules; m->name; m++)
        if (!strchr(m->name, '.'))
            add(w, m->name, strlen(m->name), "");
    add_folders(vm, w, ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, path)));
}

/* ---- the place ---- */

static bool name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (c & 0x80);
}

static size_t name_start(const char *s, size_t n)
{
    while (n > 0 && name_char(s[n - 1]))
        n--;
    return n;
}

static size_t dotted_start(const char *s, size_t n)
{
    while (n > 0 && (name_char(s[n - 1]) || s[n - 1] == '.'))
        n--;
    return n;
}

/* The call whose parentheses are open at the end of s: out: its function's dotted name. */
static bool open_call(const char *s, size_t n, size_t *start, size_t *end)
{
    int depth = 0;
    for (size_t i = n; i > 0; i--) {
        char c = s[i - 1];
        if (c == ')' || c == ']' || c == '}')
            depth++;
        else if ((c == '(' || c == '[' || c == '{') && depth-- == 0) {
            if (c != '(')
                return false;
            *end = i - 1;
            *start = dotted_start(s, i - 1);
            return *start < *end;
        }
    }
    return false;
}

static void add_arguments(OuRepl *r, Words *w, const char *s, size_t n)
{
    OuVM *vm = r->vm;
    OuObj *f = resolve(r, s, n);
    if (f && ou_isa_type(vm, f))
        f = ou_type_lookup(vm, OU_AS_TYPE(f), OU_NAME(vm, __init__));
    if (f && ou_is(f, method))
        f = ((OuMethod *)f)->func;
    if (f && ou_is(f, function)) {
        OuCode *c = ((OuFunc *)f)->code;
        for (uint32_t i = c->posonlyargcount; i < c->argcount + c->kwonlyargcount && i < c->nvars; i++)
            add_obj(vm, w, c->var_names[i], "=");
    } else if (f && (ou_is(f, builtin) || ou_is(f, method_descr))) {
        const OuSig *sig = ou_is(f, builtin) ? ((OuBuiltin *)f)->sig : ((OuMethodDescr *)f)->sig;
        OuObj **params = sig && sig->text ? ou_sig_params(vm, (OuSig *)sig) : NULL;
        for (unsigned i = sig ? sig->nposonly : 0; params && i < sig->nnamed; i++)
            add_obj(vm, w, params[i], "=");
        ou_err_clear(vm);
    }
}

/* d['ke: keys of the dict named before the bracket, with the quote that was typed. true: it was such a place. */
static bool keys(OuRepl *r, Words *w, const char *s, size_t n, size_t *start)
{
    size_t q = n;
    while (q > 0 && s[q - 1] != '\'' && s[q - 1] != '"' && s[q - 1] != '\n' && s[q - 1] != ']')
        q--;
    if (q < 2 || (s[q - 1] != '\'' && s[q - 1] != '"') || s[q - 2] != '[')
        return false;
    size_t from = dotted_start(s, q - 2);
    OuObj *d = from < q - 2 ? resolve(r, s + from, q - 2 - from) : NULL;
    if (!d || !ou_isa_dict(r->vm, d))
        return true;
    char suffix[3] = {s[q - 1], ']', 0};
    size_t pos = 0;
    OuObj *key, *value;
    *start = q;
    w->prefix = s + q;
    w->prefix_n = n - q;
    while (ou_dict_next(OU_DICT(d), &pos, &key, &value))
        add_obj(r->vm, w, key, suffix);
    return true;
}

/* Whether s[0..n) ends inside a string (*open: behind its quote mark) or a comment (*open: n). */
static bool inside_string(const char *s, size_t n, size_t *open)
{
    char quote = 0;
    *open = n;
    for (size_t i = 0; i < n; i++) {
        if (quote && s[i] == '\\')
            i++;
        else if (quote ? s[i] == quote : s[i] == '\'' || s[i] == '"') {
            quote = quote ? 0 : s[i];
            *open = quote ? i + 1 : n;
        } else if (!quote && s[i] == '#')
            return true;
    }
    return quote != 0;
}

/* Files whose names begin like the path s[0..n): *start is where the last part begins in it. */
static void add_files(Words *w, const char *s, size_t n, size_t *start)
{
    const char *slash = memrchr(s, '/', n), *home = getenv("HOME");
    size_t dir_n = slash ? (size_t)(slash - s) + 1 : 0;
    bool tilde = dir_n > 1 && s[0] == '~' && s[1] == '/' && home;
    char dir[4096], file[8192];
    if (n == 0) /* a string that is no path yet */
        return;
    snprintf(dir, sizeof dir, "%s%.*s", tilde ? home : "", (int)(dir_n - tilde), s + tilde);
    *start = dir_n;
    w->prefix = s + dir_n;
    w->prefix_n = n - dir_n;
    DIR *d = opendir(*dir ? dir : ".");
    for (struct dirent *e; d && (e = readdir(d));) {
        struct stat st;
        if (e->d_name[0] == '.' && (w->prefix_n == 0 || !e->d_name[1] || strcmp(e->d_name, "..") == 0))
            continue;
        snprintf(file, sizeof file, "%s%s", dir, e->d_name);
        bool folder = stat(file, &st) == 0 && S_ISDIR(st.st_mode);
        add(w, e->d_name, strlen(e->d_name), folder ? "/" : "");
    }
    if (d)
        closedir(d);
}

static bool starts_with(const char *s, size_t n, const char *word)
{
    size_t k = strlen(word);
    return n >= k && memcmp(s, word, k) == 0;
}

bool ou_repl_plain_completer(OuVM *vm, OuObj *completer)
{
    if (!completer)
        return true;
    if (!ou_is(completer, method) || !ou_is(((OuMethod *)completer)->func, function))
        return false;
    OuFunc *f = (OuFunc *)((OuMethod *)completer)->func;
    if (!ou_isa_str(vm, f->qualname) || !ou_str_eq_s(f->qualname, "Completer.complete") || !f->module ||
        !ou_isa_str(vm, f->module) || !ou_str_eq_s(f->module, "rlcompleter"))
        return false;
    OuObj *name = ou_str_intern_s(vm, "use_main_ns"), *v = NULL;
    bool plain =
        name && ou_lookup_attr(vm, ((OuMethod *)completer)->self, name, &v) > 0 && ou_is_true(vm, v) > 0;
    ou_xdecref(vm, name);
    ou_xdecref(vm, v);
    ou_err_clear(vm);
    return plain;
}

char **ou_repl_words(OuRepl *r, const char *before, size_t n, size_t *start, size_t *count)
{
    static const char *const keywords[] = {
        "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
        "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
        "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
        "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield",
    };
    OuVM *vm = r->vm;
    Words w = {0};
    const char *nl = memrchr(before, '\n', n);
    size_t line = nl ? (size_t)(nl - before) + 1 : 0, at = 0;
    while (line < n && before[line] == ' ')
        line++;
    const char *s = before + line;
    size_t len = n - line, open;
    if (keys(r, &w, s, len, &at)) {
        *start = line + at;
    } else if (inside_string(s, len, &open)) {
        add_files(&w, s + open, len - open, &at);
        *start = line + open + at;
    } else {
        at = name_start(s, len);
        *start = line + at;
        w.prefix = s + at;
        w.prefix_n = len - at;
        bool from = starts_with(s, len, "from "), import = starts_with(s, len, "import ");
        const char *import_word = from ? memmem(s, at, " import ", 8) : NULL;
        if (import_word) {
            const char *name = s + 5;
            size_t name_n = (size_t)(import_word - name);
            OuObj *full = ou_str_new(vm, name, (ou_ssize)name_n),
                  *m = full ? ou_dict_get(vm, (OuObj *)vm->modules, full) : NULL;
            if (m && ou_is(m, module)) {
                add_dict(vm, &w, ((OuModule *)m)->dict);
                add_folders(vm, &w, ou_dict_get_str(vm, ((OuModule *)m)->dict, OU_NAME(vm, __path__)));
            }
            ou_xdecref(vm, full);
        } else if (from || import) {
            size_t d = dotted_start(s, len);
            add_modules(r, &w, s + d, len - d);
        } else if (at > 0 && s[at - 1] == '.') {
            size_t d = dotted_start(s, at - 1);
            OuObj *o = d < at - 1 ? resolve(r, s + d, at - 1 - d) : NULL;
            if (o)
                add_attributes(vm, &w, o);
        } else {
            size_t call, end;
            if (open_call(s, at, &call, &end))
                add_arguments(r, &w, s + call, end - call);
            add_dict(vm, &w, OU_DICT(r->globals));
            if (w.prefix_n) {
                add_dict(vm, &w, vm->builtins);
                for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
                    add(&w, keywords[i], strlen(keywords[i]), "");
            }
        }
    }
    ou_err_clear(vm);
    sort(&w);
    *count = w.n;
    if (w.n == 0) {
        free(w.at);
        return NULL;
    }
    return w.at;
}
