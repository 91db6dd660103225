/* stdlib/_operator_get.c - itemgetter, attrgetter, methodcaller. */
#include "_operator.h"

#include <string.h>

/* ---- itemgetter and attrgetter: keys, for attrgetter also parsed names -------------------------------- */

/* As in CPython one argument is held itself, several as a tuple: gc.collect and get_referents tell. */
typedef struct Getter {
    OuObj hdr;
    OuObj *keys;  /* the argument or a tuple of them */
    OuObj *names; /* attrgetter: per argument an interned str, or a tuple of them for dotted names */
    bool one;
} Getter;
#define GETTER(o) ((Getter *)(o))

/* The arguments as a tuple: new. */
static OuObj *getter_keys(OuVM *vm, OuObj *o)
{
    Getter *g = GETTER(o);
    return g->one ? ou_tuple_pack(vm, 1, g->keys) : ou_ref(g->keys);
}

static int getter_set_keys(OuVM *vm, OuObj *o, OuObj *const *args, size_t nargs)
{
    Getter *g = GETTER(o);
    g->one = nargs == 1;
    g->keys = g->one ? ou_ref(args[0]) : ou_tuple_of(vm, args, nargs);
    return g->keys ? 0 : -1;
}

static void getter_dealloc(OuVM *vm, OuObj *o)
{
    ou_xdecref(vm, GETTER(o)->keys);
    ou_xdecref(vm, GETTER(o)->names);
    ou_free_object(vm, o);
}
static int getter_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(GETTER(o)->keys);
    OU_VISIT(GETTER(o)->names);
    return 0;
}
static OuObj *getter_repr(OuVM *vm, OuObj *o)
{
    int r = ou_repr_enter(vm, o);
    if (r != 0)
        return r < 0 ? NULL : ou_str_fmt(vm, "%s(...)", OU_TYPE_NAME(vm, o));
    OuObj *keys = GETTER(o)->keys, *res;
    if (GETTER(o)->one)
        res = ou_str_fmt(vm, "%s(%R)", OU_TYPE_NAME(vm, o), keys);
    else
        res = ou_str_fmt(vm, "%s%R", OU_TYPE_NAME(vm, o), keys);
    ou_repr_leave(vm, o);
    return res;
}
FN(getter_reduce)
{
    OuObj *keys = getter_keys(vm, args[0]);
    OuObj *res = keys ? ou_tuple_pack(vm, 2, OU_TYPE_OBJ(vm, args[0]), keys) : NULL;
    ou_xdecref(vm, keys);
    return res;
}
static const OuFn getter_methods[] = {
    {"__reduce__(self, /)", getter_reduce, 0, "State for pickling."},
    {0},
};
/* What a getter's call returns: f of the one key, or a tuple of f of each. */
static OuObj *getter_apply(OuVM *vm, bool one, OuObj *keys, OuObj *obj, OuObj *(*f)(OuVM *, OuObj *, OuObj *))
{
    if (one)
        return f(vm, obj, keys);
    size_t n = OU_TUPLE(keys)->n;
    OuObj *res = ou_tuple_new(vm, n);
    for (size_t i = 0; res && i < n; i++)
        if (!(OU_TUPLE(res)->items[i] = f(vm, obj, OU_TUPLE(keys)->items[i])))
            ou_clear(vm, res);
    return res;
}
static int getter_args(OuVM *vm, const char *name, OuType *type, size_t nargs, OuObj *kwnames)
{
    return ou_no_kwargs(vm, name, kwnames) < 0 || (nargs < 1 && ou_arity(vm, name, nargs, 1, 1) < 0) ? -1 : 0;
}

static OuObj *itemgetter_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (getter_args(vm, "itemgetter", type, nargs, kwnames) < 0)
        return NULL;
    OuObj *o = ou_type_alloc(vm, type, 0);
    if (o && getter_set_keys(vm, o, args, nargs) < 0)
        ou_clear(vm, o);
    return o;
}
static OuObj *get_item(OuVM *vm, OuObj *o, OuObj *key)
{
    if (ou_is_small(key)) {
        uint64_t i = (uint64_t)OU_INT_V(key);
        if (ou_is(o, tuple) && i < OU_TUPLE(o)->n)
            return ou_ref(OU_TUPLE(o)->items[i]);
        if (ou_is(o, list) && i < OU_LIST(o)->n)
            return ou_ref(OU_LIST(o)->items[i]);
    }
    return ou_getitem(vm, o, key);
}
static OuObj *itemgetter_call(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, "itemgetter", kwnames) < 0 || ou_arity(vm, "itemgetter", nargs, 1, 1) < 0)
        return NULL;
    return getter_apply(vm, GETTER(self)->one, GETTER(self)->keys, args[0], get_item);
}
const OuTypeSpec ou_itemgetter_spec = {
    .name = "operator.itemgetter",
    .size = sizeof(Getter),
    .flags = OU_TYPE_GC,
    .doc = "itemgetter(item, ...) --> itemgetter object\n\n"
           "A callable that fetches the given item(s) from its argument.",
    .dealloc = getter_dealloc,
    .traverse = getter_traverse,
    .s = {.repr = getter_repr, .call = itemgetter_call, .new_ = itemgetter_new},
    .methods = getter_methods,
};

/* An interned name, or for "a.b" a tuple of them. */
static OuObj *parse_name(OuVM *vm, OuObj *s)
{
    ou_ssize n = ou_str_len(s), dots = 0;
    for (ou_ssize i = 0; i < n; i++)
        dots += ou_str_at(OU_STR(s), i) == '.';
    if (dots == 0) {
        OuObj *c = ou_str_slice(vm, s, 0, n);
        return c ? ou_str_intern(vm, c) : NULL;
    }
    OuObj *t = ou_tuple_new(vm, (size_t)dots + 1);
    size_t k = 0;
    for (ou_ssize i = 0, start = 0; t && i <= n; i++) {
        if (i < n && ou_str_at(OU_STR(s), i) != '.')
            continue;
        OuObj *part = ou_str_slice(vm, s, start, i);
        if (!part) {
            ou_clear(vm, t);
            break;
        }
        OU_TUPLE(t)->items[k++] = ou_str_intern(vm, part);
        start = i + 1;
    }
    return t;
}
static OuObj *attrgetter_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (getter_args(vm, "attrgetter", type, nargs, kwnames) < 0)
        return NULL;
    OuObj *names = ou_tuple_new(vm, nargs), *o = NULL;
    for (size_t i = 0; names && i < nargs; i++) {
        if (!ou_isa_str(vm, args[i]))
            ou_type_error(vm, "attribute name must be a string");
        else
            OU_TUPLE(names)->items[i] = parse_name(vm, args[i]);
        if (!OU_TUPLE(names)->items[i])
            ou_clear(vm, names);
    }
    if (names && (o = ou_type_alloc(vm, type, 0))) {
        GETTER(o)->names = names;
        bool plain = true;
        for (size_t i = 0; i < nargs; i++)
            plain &= ou_is(args[i], str);
        if (getter_set_keys(vm, o, args, nargs) < 0)
            ou_clear(vm, o);
        else if (plain && nargs > 1) /* CPython has no such tuple; nothing in it can be part of a cycle */
            ou_gc_untrack(&vm->heap, GETTER(o)->keys);
        return o;
    }
    ou_xdecref(vm, names);
    return o;
}
static OuObj *get_attr(OuVM *vm, OuObj *o, OuObj *name)
{
    if (!ou_is(name, tuple))
        return ou_getattr(vm, o, name);
    ou_incref(o);
    for (size_t i = 0; o && i < OU_TUPLE(name)->n; i++) {
        OuObj *next = ou_getattr(vm, o, OU_TUPLE(name)->items[i]);
        ou_decref(vm, o);
        o = next;
    }
    return o;
}
static OuObj *attrgetter_call(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, "attrgetter", kwnames) < 0 || ou_arity(vm, "attrgetter", nargs, 1, 1) < 0)
        return NULL;
    Getter *g = GETTER(self);
    return getter_apply(vm, g->one, g->one ? OU_TUPLE(g->names)->items[0] : g->names, args[0], get_attr);
}
const OuTypeSpec ou_attrgetter_spec = {
    .name = "operator.attrgetter",
    .size = sizeof(Getter),
    .flags = OU_TYPE_GC,
    .doc = "attrgetter(attr, ...) --> attrgetter object\n\n"
           "A callable that fetches the given attribute(s), dotted names allowed, from its argument.",
    .dealloc = getter_dealloc,
    .traverse = getter_traverse,
    .s = {.repr = getter_repr, .call = attrgetter_call, .new_ = attrgetter_new},
    .methods = getter_methods,
};

/* ---- methodcaller ------------------------------------------------------------------------------ */

typedef struct Caller {
    OuObj hdr;
    OuObj *name, *args, *kwnames; /* args: positional, then keyword values; kwnames: tuple or NULL */
    size_t npos;
} Caller;
#define CALLER(o) ((Caller *)(o))

static OuObj *caller_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (nargs < 1)
        return ou_type_error(vm, "methodcaller needs at least one argument, the method name");
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "method name must be a string");
    Caller *c = (Caller *)ou_type_alloc(vm, type, 0);
    if (!c)
        return NULL;
    size_t nkw = kwnames ? OU_TUPLE(kwnames)->n : 0;
    c->name = ou_is(args[0], str) ? ou_str_intern(vm, ou_ref(args[0])) : ou_ref(args[0]);
    c->npos = nargs - 1;
    c->args = ou_tuple_of(vm, args + 1, nargs - 1 + nkw);
    if (nkw)
        c->kwnames = ou_ref(kwnames);
    if (!c->args)
        ou_clear(vm, c);
    return (OuObj *)c;
}
static void caller_dealloc(OuVM *vm, OuObj *o)
{
    ou_xdecref(vm, CALLER(o)->name);
    ou_xdecref(vm, CALLER(o)->args);
    ou_xdecref(vm, CALLER(o)->kwnames);
    ou_free_object(vm, o);
}
static int caller_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(CALLER(o)->args);
    return 0;
}
static OuObj *caller_call(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, "methodcaller", kwnames) < 0 || ou_arity(vm, "methodcaller", nargs, 1, 1) < 0)
        return NULL;
    Caller *c = CALLER(self);
    ou_hold(args, 1);
    OuObj *m = ou_getattr(vm, args[0], c->name);
    OuObj *res = m ? ou_call(vm, m, OU_TUPLE(c->args)->items, c->npos, c->kwnames) : NULL;
    ou_xdecref(vm, m);
    ou_unhold(vm, args, 1);
    return res;
}
static OuObj *caller_repr(OuVM *vm, OuObj *o)
{
    Caller *c = CALLER(o);
    int r = ou_repr_enter(vm, o);
    if (r != 0)
        return r < 0 ? NULL : ou_str_fmt(vm, "%s(...)", OU_TYPE_NAME(vm, o));
    OuStrBuf b;
    ou_strbuf_init(&b, vm);
    OuObj *res = NULL, *s = ou_str_fmt(vm, "%s(%R", OU_TYPE_NAME(vm, o), c->name);
    bool ok = s && ou_strbuf_str(&b, s) == 0;
    ou_xdecref(vm, s);
    for (size_t i = 0; ok && i < OU_TUPLE(c->args)->n; i++) {
        OuObj *v = OU_TUPLE(c->args)->items[i];
        s = i < c->npos ? ou_str_fmt(vm, ", %R", v)
                        : ou_str_fmt(vm, ", %U=%R", OU_TUPLE(c->kwnames)->items[i - c->npos], v);
        ok = s && ou_strbuf_str(&b, s) == 0;
        ou_xdecref(vm, s);
    }
    if (ok && ou_strbuf_char(&b, ')') == 0)
        res = ou_strbuf_take(&b);
    ou_strbuf_free(&b);
    ou_repr_leave(vm, o);
    return res;
}
FN(caller_reduce)
{
    Caller *c = CALLER(args[0]);
    OuObj *type = OU_TYPE_OBJ(vm, args[0]), *res = NULL, *inner = NULL;
    if (!c->kwnames) {
        inner = ou_tuple_new(vm, c->npos + 1);
        if (!inner)
            return NULL;
        OU_TUPLE(inner)->items[0] = ou_ref(c->name);
        for (size_t i = 0; i < c->npos; i++)
            OU_TUPLE(inner)->items[i + 1] = ou_ref(OU_TUPLE(c->args)->items[i]);
        res = ou_tuple_pack(vm, 2, type, inner);
        ou_decref(vm, inner);
        return res;
    }
    /* partial(methodcaller, name, **kw) called with the positional arguments */
    OuObj *partial = ou_import_attr(vm, "functools", "partial"), *make = NULL;
    OuObj *kw = partial ? ou_dict_of_kwargs(vm, OU_TUPLE(c->args)->items + c->npos, c->kwnames) : NULL;
    OuObj *pos = kw ? ou_tuple_pack(vm, 2, type, c->name) : NULL;
    if (pos)
        make = ou_call_tuple(vm, partial, pos, kw);
    if (make && (inner = ou_tuple_of(vm, OU_TUPLE(c->args)->items, c->npos)))
        res = ou_tuple_pack(vm, 2, make, inner);
    ou_xdecref(vm, partial);
    ou_xdecref(vm, kw);
    ou_xdecref(vm, pos);
    ou_xdecref(vm, make);
    ou_xdecref(vm, inner);
    return res;
}
static const OuFn caller_methods[] = {
    {"__reduce__(self, /)", caller_reduce, 0, "State for pickling."},
    {0},
};
const OuTypeSpec ou_methodcaller_spec = {
    .name = "operator.methodcaller",
    .size = sizeof(Caller),
    .flags = OU_TYPE_GC,
    .doc = "methodcaller(name, ...) --> methodcaller object\n\n"
           "A callable that calls the given method of its argument, with the given arguments.",
    .dealloc = caller_dealloc,
    .traverse = caller_traverse,
    .s = {.repr = caller_repr, .call = caller_call, .new_ = caller_new},
    .methods = caller_methods,
};
