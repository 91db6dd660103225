/* vm/call.c - calling anything from C, and binding arguments to the parameters of a Python function. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "frame.h"
#include "native.h"

OuObj *ou_call(OuVM *vm, OuObj *f, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_is(f, function))
        return ou_func_call(vm, f, args, nargs, kwnames);
    OuType *t = OU_TYPE_OF(vm, f);
    if (!t->s.call)
        return ou_type_error(vm, "'%T' object is not callable", f);
    if (ou_check_stack(vm, " while calling a Python object") < 0)
        return NULL;
    OuObj *res = t->s.call(vm, f, args, nargs, kwnames);
#ifdef OU_DEBUG
    /* the convention of vm/object.h: NULL if and only if an exception is set */
    if ((res != NULL) == (vm->ts->raised != NULL)) {
        if (res) {
            ou_decref(vm, res);
            return ou_raise_from(vm, OU_EXC(vm, SystemError), "%R returned a result with an exception set",
                                 f);
        }
        return ou_raise(vm, OU_EXC(vm, SystemError), "%R returned NULL without setting an exception", f);
    }
#endif
    return res;
}

OuObj *ou_call0(OuVM *vm, OuObj *f)
{
    return ou_call(vm, f, NULL, 0, NULL);
}

OuObj *ou_call1(OuVM *vm, OuObj *f, OuObj *a)
{
    return ou_call(vm, f, &a, 1, NULL);
}

OuObj *ou_call2(OuVM *vm, OuObj *f, OuObj *a, OuObj *b)
{
    OuObj *args[2] = {a, b};
    return ou_call(vm, f, args, 2, NULL);
}

OuObj *ou_call3(OuVM *vm, OuObj *f, OuObj *a, OuObj *b, OuObj *c)
{
    OuObj *args[3] = {a, b, c};
    return ou_call(vm, f, args, 3, NULL);
}

OuObj *ou_call_tuple(OuVM *vm, OuObj *f, OuObj *args, OuObj *kwargs)
{
    size_t n = OU_TUPLE(args)->n, nkw = kwargs ? OU_DICT(kwargs)->used : 0;
    if (!nkw)
        return ou_call(vm, f, OU_TUPLE(args)->items, n, NULL);
    OuObj *kwnames = ou_tuple_new(vm, nkw);
    if (!kwnames)
        return NULL;
    size_t bytes = (n + nkw) * sizeof(OuObj *);
    OuObj **all = ou_alloc(vm, bytes), *res = NULL;
    if (!all)
        goto done;
    memcpy(all, OU_TUPLE(args)->items, n * sizeof *all);
    size_t pos = 0, i = 0;
    OuObj *key, *value;
    while (i < nkw && ou_dict_next(OU_DICT(kwargs), &pos, &key, &value)) {
        if (!ou_isa_str(vm, key)) {
            if (ou_callable(vm, f))
                ou_type_error(vm, "keywords must be strings");
            else
                ou_type_error(vm, "'%T' object is not callable", f);
            nkw = i;
            goto release;
        }
        OU_TUPLE(kwnames)->items[i] = ou_ref(key);
        all[n + i++] = ou_ref(value);
    }
    res = ou_call(vm, f, all, n, kwnames);
release:
    for (i = 0; i < nkw; i++)
        ou_decref(vm, all[n + i]);
    ou_free(vm, all, bytes);
done:
    ou_decref(vm, kwnames);
    return res;
}

OuObj *ou_call_method(OuVM *vm, OuObj *o, OuObj *name, int n, ...)
{
    OuObj *args[8], *func, *res;
    bool unbound;
    va_list ap;
    int r = ou_lookup_method(vm, o, name, &func, &unbound);
    if (r < 0)
        return NULL;
    if (r == 0)
        return ou_raise_attribute(vm, o, name);
    args[0] = o;
    va_start(ap, n);
    for (int i = 0; i < n; i++)
        args[i + 1] = va_arg(ap, OuObj *);
    va_end(ap);
    res = ou_call(vm, func, unbound ? args : args + 1, (size_t)n + unbound, NULL);
    ou_decref(vm, func);
    return res;
}

/* ---- binding ---------------------------------------------------------------------- */

/* Names the parameters among [from, to) that have no value, joined as CPython joins them: "'a', 'b', and 'c'".  -1. */
static __attribute__((noinline, cold)) int missing_error(OuVM *vm, OuFunc *fn, OuObj **regs, size_t from,
                                                         size_t to, const char *kind)
{
    OuStrBuf b;
    size_t n = 0, said = 0;
    for (size_t i = from; i < to; i++)
        n += !regs[i];
    ou_strbuf_init(&b, vm);
    for (size_t i = from; i < to; i++) {
        if (regs[i])
            continue;
        const char *sep = said == 0 ? "" : n == 2 ? " and " : said == n - 1 ? ", and " : ", ";
        OuObj *r = ou_repr(vm, fn->code->var_names[i]);
        int bad = !r || ou_strbuf_ascii(&b, sep, -1) < 0 || ou_strbuf_str(&b, r) < 0;
        ou_xdecref(vm, r);
        if (bad) {
            ou_strbuf_free(&b);
            return -1;
        }
        said++;
    }
    OuObj *names = ou_strbuf_take(&b);
    if (names) {
        ou_type_error(vm, "%U() missing %zu required %s argument%s: %U", fn->qualname, n, kind,
                      n == 1 ? "" : "s", names);
        ou_decref(vm, names);
    }
    return -1;
}

static int too_many_error(OuVM *vm, OuFunc *fn, OuObj **regs, size_t given)
{
    OuCode *co = fn->code;
    size_t ndefaults = fn->defaults ? OU_TUPLE(fn->defaults)->n : 0, kwgiven = 0;
    for (uint32_t i = 0; i < co->kwonlyargcount; i++)
        kwgiven += regs[co->argcount + i] != NULL;
    char takes[64], kwsig[80] = "";
    bool plural;
    if (ndefaults) {
        /* below zero when __defaults__ was set to more than there are parameters: so CPython says it, too */
        snprintf(takes, sizeof takes, "from %zd to %u", (ssize_t)(co->argcount - ndefaults), co->argcount);
        plural = true;
    } else {
        snprintf(takes, sizeof takes, "%u", co->argcount);
        plural = co->argcount != 1;
    }
    if (kwgiven)
        snprintf(kwsig, sizeof kwsig, " positional argument%s (and %zu keyword-only argument%s)",
                 given != 1 ? "s" : "", kwgiven, kwgiven != 1 ? "s" : "");
    return ou_type_error_i(vm, "%U() takes %s positional argument%s but %zu%s %s given", fn->qualname, takes,
                           plural ? "s" : "", given, kwsig, given == 1 && !kwgiven ? "was" : "were");
}

/* Index of the parameter among [from, to) whose name is this very object, as the names of nearly all calls are; to: none. */
static inline uint32_t find_same(const OuCode *co, const OuObj *name, uint32_t from, uint32_t to)
{
    while (from < to && co->var_names[from] != name)
        from++;
    return from;
}

/* Index of the parameter called `name` among [from, to), or -1; -2 on error: comparing may run Python code. */
static int find_equal(OuVM *vm, OuCode *co, OuObj *name, uint32_t from, uint32_t to)
{
    uint32_t same = find_same(co, name, from, to);
    if (same < to)
        return (int)same;
    for (uint32_t i = from; i < to; i++) {
        int r = ou_compare_bool(vm, name, co->var_names[i], OU_CMP_EQ);
        if (r)
            return r < 0 ? -2 : (int)i;
    }
    return -1;
}

static int posonly_as_keyword(OuVM *vm, OuFunc *fn, OuObj **kwargs, OuObj *kwnames)
{
    OuCode *co = fn->code;
    OuStrBuf b;
    size_t found = 0;
    ou_strbuf_init(&b, vm);
    for (uint32_t i = 0; i < co->posonlyargcount; i++)
        for (size_t k = 0; k < OU_TUPLE(kwnames)->n; k++) {
            if (!kwargs[k] || !ou_str_eq(OU_STR(OU_TUPLE(kwnames)->items[k]), OU_STR(co->var_names[i])))
                continue;
            if ((found++ && ou_strbuf_ascii(&b, ", ", 2) < 0) || ou_strbuf_str(&b, co->var_names[i]) < 0) {
                ou_strbuf_free(&b);
                return -1;
            }
        }
    OuObj *names = ou_strbuf_take(&b);
    if (!names)
        return -1;
    if (found)
        ou_type_error(vm, "%U() got some positional-only arguments passed as keyword arguments: '%U'",
                      fn->qualname, names);
    ou_decref(vm, names);
    return found ? -1 : 0;
}

/* The usual case of keyword arguments: few, each the very name of a parameter that has no value yet.  Moves the values,
 * which lie behind the positional ones, to their places; false: not that case, nothing done. */
static inline bool place_keywords(OuCode *co, OuObj **regs, size_t npos, OuObj *kwnames)
{
    uint32_t total = co->argcount + co->kwonlyargcount, at[8];
    OuObj *values[8];
    size_t nkw = OU_TUPLE(kwnames)->n;
    if (nkw > 8)
        return false;
    for (size_t k = 0; k < nkw; k++) {
        OuObj *name = OU_TUPLE(kwnames)->items[k];
        uint32_t from = npos > co->posonlyargcount ? (uint32_t)npos : co->posonlyargcount;
        if ((at[k] = find_same(co, name, from, total)) == total)
            return false;
    }
    for (size_t k = 0; k < nkw; k++) {
        values[k] = regs[npos + k];
        regs[npos + k] = NULL;
    }
    for (size_t k = 0; k < nkw; k++)
        regs[at[k]] = values[k];
    return true;
}

/* New, or NULL.  The dict is held: comparing its keys may run code that gives fn another one. */
static inline OuObj *keyword_default(OuVM *vm, OuFunc *fn, OuObj *name)
{
    OuObj *defaults = ou_ref(fn->kwdefaults), *d = ou_dict_get_str(vm, OU_DICT(defaults), name);
    ou_xincref(d);
    ou_decref(vm, defaults);
    return d;
}

/* The keyword-only parameter `first` has no value and its default was not found: names it and those behind that lack both. */
static __attribute__((noinline, cold)) int missing_keyword_only(OuVM *vm, OuFunc *fn, OuObj **regs,
                                                                uint32_t first)
{
    OuCode *co = fn->code;
    uint32_t total = co->argcount + co->kwonlyargcount;
    for (uint32_t i = first + 1; i < total && fn->kwdefaults && !ou_err_occurred(vm); i++)
        if (!regs[i])
            regs[i] = keyword_default(vm, fn, co->var_names[i]);
    return ou_err_occurred(vm) ? -1 : missing_error(vm, fn, regs, first, total, "keyword-only");
}

/* Defaults into the parameters that have no value; the first npos have one.  -1 with a TypeError that names those which have
 * no default either.  The last default belongs to the last parameter: __defaults__ may be longer than the parameters are.
 * Always inline: not to call it saves a twentieth of the instructions of a call with keyword arguments. */
static inline __attribute__((always_inline)) int fill_defaults(OuVM *vm, OuFunc *fn, OuObj **regs,
                                                               size_t npos)
{
    OuCode *co = fn->code;
    uint32_t argc = co->argcount, total = argc + co->kwonlyargcount;
    size_t nd = fn->defaults ? OU_TUPLE(fn->defaults)->n : 0;
    for (size_t i = npos; i < argc; i++) {
        if (regs[i])
            continue;
        if (i + nd < argc)
            return missing_error(vm, fn, regs, i, argc - nd, "positional");
        regs[i] = ou_ref(OU_TUPLE(fn->defaults)->items[i + nd - argc]);
    }
    for (uint32_t i = argc; i < total; i++) {
        if (regs[i])
            continue;
        OuObj *d = fn->kwdefaults ? keyword_default(vm, fn, co->var_names[i]) : NULL;
        if (!d)
            return missing_keyword_only(vm, fn, regs, i);
        regs[i] = d;
    }
    return 0;
}

/* One keyword argument of bind_slow to its parameter or into kwdict (NULL: there is no **); what has found its place is taken
 * from *value.  1: no such parameter; -1: error. */
static int bind_keyword(OuVM *vm, OuFunc *fn, OuObj **regs, size_t npos, OuObj *kwdict, OuObj *name,
                        OuObj **value)
{
    OuCode *co = fn->code;
    uint32_t total = co->argcount + co->kwonlyargcount;
    if (!ou_isa_str(vm, name))
        return ou_type_error_i(vm, "%U() keywords must be strings", fn->qualname);
    int at = find_equal(vm, co, name, co->posonlyargcount, total);
    if (at == -2)
        return -1;
    if (at < 0) {
        if (!kwdict)
            return 1;
        if (ou_dict_set(vm, kwdict, name, *value) < 0)
            return -1;
        ou_clear(vm, *value);
        return 0;
    }
    /* where npos is above argcount, a surplus positional argument lies in the place of a keyword-only parameter: both stay
     * where they are, and surplus_error tells */
    if ((size_t)at < npos && (uint32_t)at >= co->argcount)
        return 0;
    if (regs[at])
        return ou_type_error_i(vm, "%U() got multiple values for argument '%S'", fn->qualname, name);
    regs[at] = *value;
    *value = NULL;
    return 0;
}

/* Too many positional arguments.  CPython counts the keyword-only parameters that were given: so the surplus values in their
 * places are released, and the keyword arguments that bind_keyword left in kw[] get there. -1. */
static int surplus_error(OuVM *vm, OuFunc *fn, OuObj **regs, size_t npos, OuObj **kw, size_t nkw,
                         OuObj *kwnames)
{
    OuCode *co = fn->code;
    uint32_t argc = co->argcount, total = argc + co->kwonlyargcount;
    for (size_t i = argc; i < npos; i++)
        ou_clear(vm, regs[i]);
    for (size_t i = 0; i < nkw; i++) {
        int at = kw[i] ? find_equal(vm, co, OU_TUPLE(kwnames)->items[i], argc, total) : -1;
        if (at >= 0 && !regs[at]) {
            regs[at] = kw[i];
            kw[i] = NULL;
        }
    }
    return too_many_error(vm, fn, regs, npos);
}

/* The first n of regs, after an error; -1. */
static int release(OuVM *vm, OuObj **regs, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (regs[i])
            ou_clear(vm, regs[i]);
    return -1;
}

/* ou_bind_args for * and **, for keyword names that are not the parameter's own string object, and for errors. */
static __attribute__((noinline)) int bind_slow(OuVM *vm, OuFunc *fn, OuObj **regs, size_t npos, size_t nkw,
                                               OuObj *kwnames)
{
    OuCode *co = fn->code;
    uint32_t argc = co->argcount, total = argc + co->kwonlyargcount;
    OuObj *extra = NULL, *kwdict = NULL, *kwstack[16], **kw = kwstack;
    size_t nregs = npos + nkw > co->nregs ? npos + nkw : co->nregs, kw_bytes = nkw * sizeof *kw;
    int res = -1;

    /* keyword values leave the registers first: the places behind the positional ones are parameters */
    if (nkw > 16 && !(kw = ou_alloc(vm, kw_bytes)))
        return release(vm, regs, nregs);
    for (size_t i = 0; i < nkw; i++) {
        kw[i] = regs[npos + i];
        regs[npos + i] = NULL;
    }
    if (co->flags & OU_CO_VARARGS) {
        size_t n = npos > argc ? npos - argc : 0;
        extra = n ? ou_tuple_of_take(vm, regs + argc, n) : ou_ref(OU_EMPTY_TUPLE(vm));
        if (!extra)
            goto done;
        npos -= n;
    }
    if ((co->flags & OU_CO_VARKEYWORDS) && !(kwdict = ou_dict_new(vm)))
        goto done;
    for (size_t i = 0; i < nkw; i++) {
        int r = bind_keyword(vm, fn, regs, npos, kwdict, OU_TUPLE(kwnames)->items[i], &kw[i]);
        if (r > 0 && !(co->posonlyargcount && posonly_as_keyword(vm, fn, kw, kwnames) < 0))
            ou_type_error(vm, "%U() got an unexpected keyword argument '%S'", fn->qualname,
                          OU_TUPLE(kwnames)->items[i]);
        if (r)
            goto done;
    }
    if (npos > argc)
        surplus_error(vm, fn, regs, npos, kw, nkw, kwnames);
    else
        res = fill_defaults(vm, fn, regs, npos);
done:
    for (size_t i = 0; i < nkw; i++)
        ou_xdecref(vm, kw[i]);
    if (kw != kwstack)
        ou_free(vm, kw, kw_bytes);
    if (res < 0) {
        ou_xdecref(vm, extra);
        ou_xdecref(vm, kwdict);
        return release(vm, regs, nregs);
    }
    if (extra)
        regs[total++] = extra;
    if (kwdict)
        regs[total] = kwdict;
    return 0;
}

int ou_bind_args(OuVM *vm, OuFunc *fn, OuObj **regs, size_t npos, OuObj *kwnames)
{
    OuCode *co = fn->code;
    if (npos <= co->argcount && !(co->flags & (OU_CO_VARARGS | OU_CO_VARKEYWORDS)) &&
        (!kwnames || place_keywords(co, regs, npos, kwnames)))
        return fill_defaults(vm, fn, regs, npos) < 0 ? release(vm, regs, co->nregs) : 0;
    size_t nkw = kwnames ? OU_TUPLE(kwnames)->n : 0;
    /* a name that is not exactly str may compare by Python code, whose frames must stay above these registers */
    OuFrame *f = vm->ts->frame;
    bool odd = false;
    for (size_t i = 0; i < nkw; i++)
        odd |= !ou_is(OU_TUPLE(kwnames)->items[i], str);
    if (!odd || !f)
        return bind_slow(vm, fn, regs, npos, nkw, kwnames);
    OuObj **top = f->top;
    size_t n = npos + nkw > co->nregs ? npos + nkw : co->nregs;
    if (!(regs >= f->regs && regs + n <= top)) /* else they are its own */
        f->top = regs + n;
    int r = bind_slow(vm, fn, regs, npos, nkw, kwnames);
    f->top = top;
    return r;
}
