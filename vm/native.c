/* vm/native.c - signatures of native functions: parsing, argument binding with CPython's messages
 * (Python/getargs.c), and the type builtin_function_or_method. */
#include "type.h"

#include <string.h>

/* OuSig.kind: which of CPython's calling conventions gives the messages */
enum {
    SIG_NOARGS,
    SIG_ONE,
    SIG_POSITIONAL, /* positional-only, several or optional */
    SIG_KEYWORDS,
    SIG_MAX_PARAMS = 64
};

/* ---- parsing -------------------------------------------------------------------------- */

typedef struct Param {
    const char *name;
    size_t len;
    char mark; /* '/', '*' (bare), 'a' (*args), 'k' (**kw), 0 */
    bool dflt;
} Param;

static bool name_char(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Reads one parameter at *p and moves behind its comma; false at the closing parenthesis. */
static bool next_param(const char **p, Param *out)
{
    const char *s = *p;
    while (*s == ' ' || *s == '\n' || *s == '[' || *s == ',')
        s++;
    if (*s == ')' || !*s)
        return false;
    *out = (Param){0};
    if (*s == '$')
        s++;
    if (*s == '/') {
        out->mark = '/';
        s++;
    } else if (*s == '*') {
        s++;
        out->mark = '*';
        if (*s == '*') {
            out->mark = 'k';
            s++;
        } else if (name_char(*s)) {
            out->mark = 'a';
        }
    }
    out->name = s;
    while (name_char(*s))
        s++;
    out->len = (size_t)(s - out->name);
    int depth = 0;
    for (char quote = 0; *s; s++) {
        if (quote) {
            if (*s == '\\' && s[1])
                s++;
            else if (*s == quote)
                quote = 0;
        } else if (*s == '\'' || *s == '"') {
            quote = *s;
        } else if (*s == '(' || *s == '{' || *s == '<') {
            depth++;
        } else if (depth && (*s == ')' || *s == '}' || *s == '>')) {
            depth--;
        } else if (!depth && (*s == ',' || *s == ')')) {
            break;
        } else if (*s == '=') {
            out->dflt = true;
        }
    }
    *p = *s == ',' ? s + 1 : s;
    return true;
}

static void parse(OuSig *sig, const char *text, bool method)
{
    const char *p = strchr(text, '(');
    sig->name = text;
    sig->name_len = (uint16_t)(p ? (size_t)(p - text) : strlen(text));
    sig->method = method;
    if (!p || !strncmp(p, "(...)", 5)) {
        sig->raw = true;
        return;
    }
    sig->text = p++;
    Param q;
    bool star = false;
    while (next_param(&p, &q)) {
        if (q.mark == '/') {
            sig->nposonly = sig->nparams;
            continue;
        }
        if (q.mark == '*') {
            star = true;
            continue;
        }
        if (q.mark == 'a') {
            sig->varargs = star = true;
        } else if (q.mark == 'k') {
            sig->varkw = true;
        } else {
            sig->nnamed++;
            if (!star) {
                sig->npos++;
                if (!q.dflt && sig->nrequired == sig->nparams)
                    sig->nrequired++;
            } else if (!q.dflt && sig->nparams < SIG_MAX_PARAMS) {
                sig->kw_required |= 1ull << sig->nparams;
            }
        }
        sig->nparams++;
    }
    if (method && !sig->nposonly)
        sig->nposonly = 1;
    bool keywords = sig->varkw || sig->nnamed > sig->nposonly;
    size_t self = method;
    if (keywords)
        sig->kind = SIG_KEYWORDS;
    else if (sig->nparams == self)
        sig->kind = SIG_NOARGS;
    else if (sig->nparams == self + 1 && sig->nrequired == self + 1)
        sig->kind = SIG_ONE;
    else
        sig->kind = SIG_POSITIONAL;
    sig->pad_ok = !sig->varargs && !sig->varkw && sig->nnamed == sig->npos;
    sig->simple = !keywords && !sig->varargs && sig->nrequired == sig->nparams;
}

/* ---- the table of parsed signatures, in OuTypeState: open addressing, nothing is removed -------- */

enum { SIGS_MIN = 512 };

static uint32_t sig_home(const void *key, uint32_t cap)
{
    return (uint32_t)((uintptr_t)key * OU_GOLDEN >> 40) & (cap - 1);
}

/* Twice the room; -1 with MemoryError. */
static int grow_sigs(OuVM *vm, OuTypeState *st)
{
    uint32_t cap = st->sigs_cap ? st->sigs_cap * 2 : SIGS_MIN;
    OuMem *mem = ou_heap_mem(&vm->heap);
    const void **keys = ou_mem_calloc(mem, cap * sizeof *keys);
    OuSig **sigs = ou_mem_calloc(mem, cap * sizeof *sigs);
    if (!keys || !sigs) {
        ou_mem_free(mem, keys, cap * sizeof *keys);
        ou_mem_free(mem, sigs, cap * sizeof *sigs);
        return ou_raise_memory_i(vm);
    }
    for (uint32_t i = 0; i < st->sigs_cap; i++) {
        if (!st->sigs[i])
            continue;
        uint32_t at = sig_home(st->sig_keys[i], cap);
        while (sigs[at])
            at = (at + 1) & (cap - 1);
        keys[at] = st->sig_keys[i];
        sigs[at] = st->sigs[i];
    }
    ou_mem_free(mem, st->sig_keys, st->sigs_cap * sizeof *keys);
    ou_mem_free(mem, st->sigs, st->sigs_cap * sizeof *sigs);
    st->sig_keys = keys;
    st->sigs = sigs;
    st->sigs_cap = cap;
    return 0;
}

/* The parsed form of text, kept under key; NULL with MemoryError. */
static OuSig *sig_for(OuVM *vm, const void *key, const char *text, bool method, bool raw)
{
    OuTypeState *st = vm->type_state;
    if (st->nsigs * 2 >= st->sigs_cap && grow_sigs(vm, st) < 0)
        return NULL;
    uint32_t at = sig_home(key, st->sigs_cap);
    while (st->sigs[at]) {
        if (st->sig_keys[at] == key)
            return st->sigs[at];
        at = (at + 1) & (st->sigs_cap - 1);
    }
    OuSig *sig = ou_alloc(vm, sizeof *sig);
    if (!sig)
        return NULL;
    memset(sig, 0, sizeof *sig);
    parse(sig, text, method);
    if (raw)
        sig->raw = true;
    if (sig->raw)
        sig->simple = sig->pad_ok = false;
    st->sig_keys[at] = key;
    st->sigs[at] = sig;
    st->nsigs++;
    return sig;
}

const OuSig *ou_sig_get(OuVM *vm, const OuFn *def, bool method)
{
    OuSig *sig = sig_for(vm, def, def->sig, method, (def->flags & OU_FN_RAW) != 0);
    if (sig)
        sig->class_method = (def->flags & OU_FN_CLASS) != 0;
    return sig;
}

OuObj **ou_sig_params(OuVM *vm, OuSig *sig)
{
    if (sig->params || !sig->nparams)
        return sig->params;
    OuObj **v = ou_alloc(vm, sig->nparams * sizeof *v);
    if (!v)
        return NULL;
    const char *p = sig->text + 1;
    Param q;
    size_t n = 0;
    while (n < sig->nparams && next_param(&p, &q)) {
        if (q.mark == '/' || q.mark == '*')
            continue;
        OuObj *s = ou_str_latin1(vm, q.name, (ou_ssize)q.len);
        if (!s) {
            while (n)
                ou_decref(vm, v[--n]);
            ou_free(vm, v, sig->nparams * sizeof *v);
            return NULL;
        }
        v[n++] = ou_str_intern(vm, s);
    }
    return sig->params = v;
}

OuObj *ou_sig_text(OuVM *vm, const OuSig *sig, uint32_t flags)
{
    if (!sig->text || flags & OU_FN_NOTEXT)
        return ou_none(vm);
    const char *s = sig->text + 1;
    /* The text ends at the parenthesis that closes the parameter list. */
    const char *end = s;
    Param q;
    while (next_param(&end, &q)) {
    }
    while (*end && *end != ')')
        end++;
    if (sig->method) {
        const char *own = s;
        while (name_char(*own) || *own == '$')
            own++;
        return ou_str_fmt(vm, "($%s%.*s)", flags & OU_FN_CLASS ? "type" : "self", (int)(end - own), own);
    }
    if (flags & OU_FN_STATIC)
        return ou_str_fmt(vm, "(%.*s)", (int)(end - s), s);
    return ou_str_fmt(vm, end > s ? "($module, %.*s)" : "($module)", (int)(end - s), s);
}

/* ---- messages ------------------------------------------------------------------------------ */

/* "list.append", "math.sqrt" or "len": new str. */
static OuObj *function_name(OuVM *vm, const OuSig *sig)
{
    if (sig->type) {
        OuObj *q = ou_type_qualname(vm, sig->type);
        OuObj *r = q ? ou_str_fmt(vm, "%U.%.*s", q, (int)sig->name_len, sig->name) : NULL;
        ou_xdecref(vm, q);
        return r;
    }
    if (sig->module && ou_isa_str(vm, sig->module) && !ou_str_eq_s(sig->module, "builtins"))
        return ou_str_fmt(vm, "%U.%.*s", sig->module, (int)sig->name_len, sig->name);
    return ou_str_new(vm, sig->name, sig->name_len);
}

static int complain(OuVM *vm, const OuSig *sig, OuObj *self, const char *fmt, size_t n)
{
    OuObj *name = NULL;
    if (sig->class_method && self && ou_isa_type(vm, self)) { /* named after the class it was called on */
        OuObj *q = ou_type_qualname(vm, OU_AS_TYPE(self));
        name = q ? ou_str_fmt(vm, "%U.%.*s", q, (int)sig->name_len, sig->name) : NULL;
        ou_xdecref(vm, q);
    } else {
        name = function_name(vm, sig);
    }
    if (name) {
        ou_type_error(vm, fmt, name, n);
        ou_decref(vm, name);
    }
    return -1;
}

static int arity_text(OuVM *vm, const char *name, int len, size_t nargs, size_t min, size_t max)
{
    if (nargs < min)
        return ou_type_error_i(vm, "%.*s expected %s%zu argument%s, got %zu", len, name,
                               min == max ? "" : "at least ", min, min == 1 ? "" : "s", nargs);
    if (nargs > max)
        return ou_type_error_i(vm, "%.*s expected %s%zu argument%s, got %zu", len, name,
                               min == max ? "" : "at most ", max, max == 1 ? "" : "s", nargs);
    return 0;
}

int ou_arity(OuVM *vm, const char *name, size_t nargs, size_t min, size_t max)
{
    if (nargs >= min && nargs <= max)
        return 0;
    if (!name) /* wrappers of slots */
        return ou_type_error_i(vm, "expected %zu argument%s, got %zu", min, min == 1 ? "" : "s", nargs);
    return arity_text(vm, name, (int)strlen(name), nargs, min, max);
}

int ou_no_kwargs(OuVM *vm, const char *name, OuObj *kwnames)
{
    if (!kwnames || !OU_TUPLE(kwnames)->n)
        return 0;
    return ou_type_error_i(vm, "%s() takes no keyword arguments", name);
}

/* ---- binding -------------------------------------------------------------------------------- */

/* Where the keyword value for parameter number i is, or NULL. */
static OuObj *find_keyword(OuObj *name, OuTuple *kwnames, OuObj *const *values)
{
    for (size_t k = 0; k < kwnames->n; k++)
        if (kwnames->items[k] == name)
            return values[k];
    for (size_t k = 0; k < kwnames->n; k++)
        if (ou_str_eq(OU_STR(kwnames->items[k]), OU_STR(name)))
            return values[k];
    return NULL;
}

/* The numbers of a signature that messages speak of: all without self. */
typedef struct Counts {
    size_t self;              /* 1 for a method */
    size_t pos, min, posonly; /* positional parameters; required ones among them; positional-only ones */
    size_t named;             /* all but *args and **kw */
} Counts;

static Counts counts(const OuSig *sig)
{
    size_t self = sig->method;
    return (Counts){.self = self,
                    .pos = sig->npos - self,
                    .min = sig->nrequired > self ? sig->nrequired - self : 0,
                    .posonly = sig->nposonly > self ? sig->nposonly - self : 0,
                    .named = sig->nnamed - self};
}

/* Number of the i-th named parameter: *args lies between the positional and the keyword-only ones. */
static size_t param_number(const OuSig *sig, const Counts *c, size_t i)
{
    return i < c->pos ? i : i + sig->varargs;
}

static int check_counts(OuVM *vm, const OuSig *sig, const Counts *c, size_t nargs, size_t nkw)
{
    int name_len = sig->name_len;
    const char *name = sig->name;
    if (!sig->varargs && !sig->varkw && nargs + nkw > c->named)
        return ou_type_error_i(vm, "%.*s() takes at most %zu %sargument%s (%zu given)", name_len, name,
                               c->named, nargs == 0 ? "keyword " : "", c->named == 1 ? "" : "s", nargs + nkw);
    if (!sig->varargs && nargs > c->pos) {
        if (!c->pos)
            return ou_type_error_i(vm, "%.*s() takes no positional arguments", name_len, name);
        return ou_type_error_i(vm, "%.*s() takes %s %zu positional argument%s (%zu given)", name_len, name,
                               c->min < c->pos ? "at most" : "exactly", c->pos, c->pos == 1 ? "" : "s",
                               nargs);
    }
    size_t least = c->posonly < c->min ? c->posonly : c->min;
    if (nargs >= least)
        return 0;
    if (sig->varargs)
        return arity_text(vm, name, name_len, nargs, least, SIZE_MAX);
    return ou_type_error_i(vm, "%.*s() takes %s %zu positional argument%s (%zu given)", name_len, name,
                           least < c->pos ? "at least" : "exactly", least, least == 1 ? "" : "s", nargs);
}

/* Some keyword values found no parameter: they go into kw (NULL: there is no **kw), or TypeError.  The first `direct`
 * parameters were given by position. */
static int place_rest(OuVM *vm, const OuSig *sig, const Counts *c, OuObj **params, size_t direct,
                      OuTuple *kwnames, OuObj *const *values, OuObj *kw)
{
    for (size_t i = c->posonly; i < direct; i++)
        if (find_keyword(params[i], kwnames, values))
            return ou_type_error_i(vm, "argument for %.*s() given by name ('%U') and position (%zu)",
                                   sig->name_len, sig->name, params[i], i + 1);
    for (size_t k = 0; k < kwnames->n; k++) {
        OuObj *key = kwnames->items[k];
        bool known = false;
        for (size_t i = c->posonly; i < c->named && !known; i++)
            known = ou_str_eq(OU_STR(params[param_number(sig, c, i)]), OU_STR(key));
        if (known)
            continue;
        if (!kw)
            return ou_type_error_i(vm, "'%S' is an invalid keyword argument for %.*s()", key, sig->name_len,
                                   sig->name);
        if (ou_dict_set(vm, kw, key, values[k]) < 0)
            return -1;
    }
    return 0;
}

static int bind_keywords(OuVM *vm, OuSig *sig, OuObj *const *args, size_t nargs, OuTuple *kwnames,
                         OuObj **out)
{
    Counts c = counts(sig);
    size_t nkw = kwnames ? kwnames->n : 0, total = sig->nparams - c.self;
    OuObj *const *values = args + nargs;
    OuObj **params = ou_sig_params(vm, sig), *kw = NULL;
    if (!params)
        return -1;
    params += c.self;
    for (size_t i = 0; i < total; i++)
        out[i] = NULL;
    if (check_counts(vm, sig, &c, nargs, nkw) < 0)
        return -1;
    size_t direct = nargs < c.pos ? nargs : c.pos, left = nkw;
    for (size_t i = 0; i < direct; i++)
        out[i] = args[i];
    if (sig->varargs) {
        OuObj *extra =
            nargs > c.pos ? ou_tuple_of(vm, args + c.pos, nargs - c.pos) : ou_ref(OU_EMPTY_TUPLE(vm));
        if (!(out[c.pos] = extra))
            return -1;
    }
    for (size_t i = direct > c.posonly ? direct : c.posonly; i < c.named; i++) {
        size_t at = param_number(sig, &c, i);
        OuObj *v = left ? find_keyword(params[at], kwnames, values) : NULL;
        if (v) {
            out[at] = v;
            left--;
        } else if (i < c.min || (i >= c.pos && sig->kw_required >> (at + c.self) & 1)) {
            return ou_type_error_i(vm, "%.*s() missing required argument '%U' (pos %zu)", sig->name_len,
                                   sig->name, params[at], i + 1);
        }
    }
    if (sig->varkw && !(out[total - 1] = kw = ou_dict_new(vm)))
        return -1;
    return left ? place_rest(vm, sig, &c, params, direct, kwnames, values, kw) : 0;
}

static int bind(OuVM *vm, OuSig *sig, OuObj *const *args, size_t nargs, OuObj *kwnames, OuObj **out)
{
    if (sig->method) {
        if (!nargs)
            return complain(vm, sig, NULL, "unbound method %U() needs an argument", 0);
        *out++ = *args++;
        nargs--;
    }
    OuTuple *kw = kwnames ? OU_TUPLE(kwnames) : NULL;
    if (sig->kind == SIG_KEYWORDS)
        return bind_keywords(vm, sig, args, nargs, kw, out);
    size_t self = sig->method, max = sig->npos - self,
           min = sig->nrequired > self ? sig->nrequired - self : 0;
    for (size_t i = 0; i < sig->nparams - self; i++)
        out[i] = NULL;
    if (kw && kw->n)
        return complain(vm, sig, self ? args[-1] : NULL, "%U() takes no keyword arguments", 0);
    if (sig->kind == SIG_NOARGS && nargs)
        return complain(vm, sig, self ? args[-1] : NULL, "%U() takes no arguments (%zu given)", nargs);
    if (sig->kind == SIG_ONE && nargs != 1)
        return complain(vm, sig, self ? args[-1] : NULL, "%U() takes exactly one argument (%zu given)",
                        nargs);
    if (nargs < min || (nargs > max && !sig->varargs))
        return arity_text(vm, sig->name, sig->name_len, nargs, min, sig->varargs ? SIZE_MAX : max);
    for (size_t i = 0; i < max && i < nargs; i++)
        out[i] = args[i];
    if (sig->varargs) {
        out[max] = nargs > max ? ou_tuple_of(vm, args + max, nargs - max) : ou_ref(OU_EMPTY_TUPLE(vm));
        if (!out[max])
            return -1;
    }
    return 0;
}

static void release_var(OuVM *vm, const OuSig *sig, OuObj **out)
{
    if (sig->varargs)
        ou_clear(vm, out[sig->npos]);
    if (sig->varkw)
        ou_clear(vm, out[sig->nparams - 1]);
}

OuObj *ou_native_call(OuVM *vm, const OuSig *sig, OuNative fn, OuObj *const *args, size_t nargs,
                      OuObj *kwnames)
{
    if (sig->raw)
        return fn(vm, args, nargs, kwnames);
    if (sig->simple && !kwnames && nargs == sig->nparams)
        return fn(vm, args, nargs, NULL);
    OuObj *out[sig->nparams + 1];
    if (!kwnames && !sig->varargs && !sig->varkw && !sig->kw_required && nargs <= sig->npos &&
        nargs >= sig->nrequired) {
        for (size_t i = 0; i < nargs; i++)
            out[i] = args[i];
        for (size_t i = nargs; i < sig->nparams; i++)
            out[i] = NULL;
        return fn(vm, out, sig->nparams, NULL);
    }
    for (size_t i = 0; i <= sig->nparams; i++)
        out[i] = NULL;
    OuObj *r = bind(vm, (OuSig *)sig, args, nargs, kwnames, out) < 0 ? NULL : fn(vm, out, sig->nparams, NULL);
    release_var(vm, sig, out);
    return r;
}

int ou_args_bind(OuVM *vm, const char *text, OuObj *const *args, size_t nargs, OuObj *kwnames, OuObj **out)
{
    OuSig *sig = sig_for(vm, text, text, false, false);
    if (!sig)
        return -1;
    for (size_t i = 0; i < sig->nparams; i++)
        out[i] = NULL;
    if (bind(vm, sig, args, nargs, kwnames, out) < 0) {
        release_var(vm, sig, out);
        return -1;
    }
    return 0;
}

void ou_args_free(OuVM *vm, const char *text, OuObj **out)
{
    OuSig *sig = sig_for(vm, text, text, false, false);
    if (sig)
        release_var(vm, sig, out);
}

/* ---- builtin_function_or_method ------------------------------------------------------------------ */

OuObj *ou_builtin_new(OuVM *vm, const OuFn *def, OuObj *self, OuObj *module, bool pass_self)
{
    OuSig *sig = (OuSig *)ou_sig_get(vm, def, pass_self);
    if (!sig)
        return NULL;
    if (module && !sig->module)
        sig->module = ou_ref(module);
    OuBuiltin *b = (OuBuiltin *)ou_new_gc(vm, OU_T_builtin, sizeof *b);
    if (!b)
        return NULL;
    b->def = def;
    b->sig = sig;
    b->self = self;
    ou_xincref(self);
    b->module = module;
    ou_xincref(module);
    b->pass_self = pass_self;
    ou_gc_track(&vm->heap, &b->hdr);
    return &b->hdr;
}

static OuObj *builtin_call(OuVM *vm, OuObj *o, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuBuiltin *b = (OuBuiltin *)o;
    if (!b->pass_self)
        return ou_native_call(vm, b->sig, b->def->fn, args, nargs, kwnames);
    size_t n = nargs + (kwnames ? OU_TUPLE(kwnames)->n : 0);
    OuObj *small[12], **v = small;
    if (n + 1 > 12 && !(v = ou_alloc(vm, (n + 1) * sizeof *v)))
        return NULL;
    v[0] = b->self;
    if (n)
        memcpy(v + 1, args, n * sizeof *v);
    OuObj *r = ou_native_call(vm, b->sig, b->def->fn, v, nargs + 1, kwnames);
    if (v != small)
        ou_free(vm, v, (n + 1) * sizeof *v);
    return r;
}

static OuObj *builtin_name(OuVM *vm, OuObj *o, void *data)
{
    const OuSig *sig = ((OuBuiltin *)o)->sig;
    return ou_str_new(vm, sig->name, sig->name_len);
}

static OuObj *builtin_qualname(OuVM *vm, OuObj *o, void *data)
{
    OuBuiltin *b = (OuBuiltin *)o;
    if (!b->self || ou_is(b->self, module) || ou_isa(vm, b->self, module))
        return builtin_name(vm, o, data);
    OuType *t = ou_isa_type(vm, b->self) ? OU_AS_TYPE(b->self) : OU_TYPE_OF(vm, b->self);
    OuObj *q = ou_type_qualname(vm, t);
    OuObj *r = q ? ou_str_fmt(vm, "%U.%.*s", q, (int)b->sig->name_len, b->sig->name) : NULL;
    ou_xdecref(vm, q);
    return r;
}

static OuObj *builtin_self(OuVM *vm, OuObj *o, void *data)
{
    OuBuiltin *b = (OuBuiltin *)o;
    return b->self && !(b->def->flags & OU_FN_STATIC) ? ou_ref(b->self) : ou_none(vm);
}

static OuObj *builtin_doc(OuVM *vm, OuObj *o, void *data)
{
    const OuFn *def = ((OuBuiltin *)o)->def;
    return def->doc && *def->doc ? ou_str_new(vm, def->doc, -1) : ou_none(vm);
}

static OuObj *builtin_text_signature(OuVM *vm, OuObj *o, void *data)
{
    OuBuiltin *b = (OuBuiltin *)o;
    uint32_t flags = b->def->flags;
    if (!b->self)
        flags |= OU_FN_STATIC;
    if (b->def == &ou_new_fn)
        flags |= OU_FN_CLASS;
    return ou_sig_text(vm, b->sig, flags);
}

static OuObj *builtin_repr(OuVM *vm, OuObj *o)
{
    OuBuiltin *b = (OuBuiltin *)o;
    if (!b->self || ou_isa(vm, b->self, module))
        return ou_str_fmt(vm, "<built-in function %.*s>", (int)b->sig->name_len, b->sig->name);
    return ou_str_fmt(vm, "<built-in method %.*s of %T object at %p>", (int)b->sig->name_len, b->sig->name,
                      b->self, (void *)b->self);
}

static OuObj *builtin_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if ((op != OU_CMP_EQ && op != OU_CMP_NE) || !ou_is(a, builtin) || !ou_is(b, builtin))
        return ou_notimplemented(vm);
    OuBuiltin *x = (OuBuiltin *)a, *y = (OuBuiltin *)b;
    bool eq = x->self == y->self && x->def->fn == y->def->fn && x->def == y->def;
    return ou_bool(vm, eq == (op == OU_CMP_EQ));
}

static int builtin_hash(OuVM *vm, OuObj *o, int64_t *out)
{
    OuBuiltin *b = (OuBuiltin *)o;
    uint64_t x = (uint64_t)(uintptr_t)b->self, y = (uint64_t)(uintptr_t)b->def;
    *out = (int64_t)((x >> 4 | x << 60) ^ (y >> 4 | y << 60));
    if (*out == -1)
        *out = -2;
    return 0;
}

static OuObj *builtin_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuBuiltin *b = (OuBuiltin *)args[0];
    OuObj *name = builtin_name(vm, args[0], NULL), *r = NULL;
    if (!name)
        return NULL;
    if (!b->self || ou_isa(vm, b->self, module)) {
        r = ou_ref(name);
    } else {
        OuObj *getattr = ou_dict_get_s(vm, (OuObj *)vm->builtins, "getattr");
        OuObj *pair = getattr ? ou_tuple_pack(vm, 2, b->self, name) : NULL;
        r = pair ? ou_tuple_pack(vm, 2, getattr, pair) : NULL;
        ou_xdecref(vm, pair);
    }
    ou_decref(vm, name);
    return r;
}

static void builtin_dealloc(OuVM *vm, OuObj *o)
{
    OuBuiltin *b = (OuBuiltin *)o;
    ou_xdecref(vm, b->self);
    ou_xdecref(vm, b->module);
    ou_heap_free_gc(&vm->heap, o, sizeof *b);
}

static int builtin_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((OuBuiltin *)o)->self);
    OU_VISIT(((OuBuiltin *)o)->module);
    return 0;
}

static const OuFn builtin_methods[] = {
    {"__reduce__(self, /)", builtin_reduce, 0, NULL},
    {0},
};
static const OuGetSet builtin_getset[] = {
    {"__doc__", builtin_doc},
    {"__name__", builtin_name},
    {"__qualname__", builtin_qualname},
    {"__self__", builtin_self},
    {"__text_signature__", builtin_text_signature},
    {0},
};
static const OuMember builtin_members[] = {
    {"__module__", OU_MEMBER_OBJ, offsetof(OuBuiltin, module), false, NULL},
    {0},
};

const OuTypeSpec ou_builtin_spec = {
    .name = "builtin_function_or_method",
    .size = sizeof(OuBuiltin),
    .flags = OU_TYPE_GC | OU_TYPE_DEEP | OU_TYPE_WEAK | OU_TYPE_NO_NEW,
    .dealloc = builtin_dealloc,
    .traverse = builtin_traverse,
    .s = {.repr = builtin_repr, .hash = builtin_hash, .call = builtin_call, .compare = builtin_compare},
    .methods = builtin_methods,
    .getset = builtin_getset,
    .members = builtin_members,
};
