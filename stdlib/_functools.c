/* stdlib/_functools.c - reduce, cmp_to_key, partial.  lru_cache: stdlib/_functools_lru.c. */
#include "_functools.h"

FN(reduce)
{
    OuObj *func = args[0], *acc = args[2] ? ou_ref(args[2]) : NULL, *it = ou_iter(vm, args[1]), *x;
    size_t held = acc ? 3 : 2;
    if (!it) {
        if (ou_err_is(vm, OU_EXC(vm, TypeError))) {
            ou_err_clear(vm);
            ou_type_error(vm, "reduce() arg 2 must support iteration");
        }
        ou_xdecref(vm, acc);
        return NULL;
    }
    ou_hold(args, held);
    while ((x = ou_next(vm, it))) {
        if (!acc) {
            acc = x;
            continue;
        }
        OuObj *next = ou_call2(vm, func, acc, x);
        ou_decref(vm, x);
        ou_decref(vm, acc);
        acc = next;
        if (!acc || ou_poll(vm) < 0)
            break;
    }
    ou_decref(vm, it);
    ou_unhold(vm, args, held);
    if (ou_err_occurred(vm)) {
        ou_xdecref(vm, acc);
        return NULL;
    }
    return acc ? acc : ou_type_error(vm, "reduce() of empty iterable with no initial value");
}

/* ---- cmp_to_key ---------------------------------------------------------------------------------- */

typedef struct KeyObj {
    OuObj hdr;
    OuObj *cmp, *obj; /* obj NULL: the factory that cmp_to_key returns */
} KeyObj;

static OuObj *key_make(OuVM *vm, OuObj *cmp, OuObj *obj)
{
    KeyObj *k = (KeyObj *)ou_type_alloc(vm, FUNCTOOLS(vm)->keyobj, 0);
    if (!k)
        return NULL;
    k->cmp = ou_ref(cmp);
    ou_xincref(obj);
    k->obj = obj;
    return &k->hdr;
}
static void key_dealloc(OuVM *vm, OuObj *o)
{
    ou_xdecref(vm, ((KeyObj *)o)->cmp);
    ou_xdecref(vm, ((KeyObj *)o)->obj);
    ou_free_object(vm, o);
}
static int key_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((KeyObj *)o)->cmp);
    OU_VISIT(((KeyObj *)o)->obj);
    return 0;
}
static OuObj *key_call(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *obj;
    if (nargs == 1 && !kwnames)
        obj = args[0];
    else if (ou_args_bind(vm, "K(obj)", args, nargs, kwnames, &obj) < 0)
        return NULL;
    return key_make(vm, ((KeyObj *)self)->cmp, obj);
}
static OuObj *key_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if (ou_type_index(a) != ou_type_index(b))
        return ou_type_error(vm, "other argument must be K instance");
    KeyObj *x = (KeyObj *)a, *y = (KeyObj *)b;
    if (!x->obj || !y->obj)
        return ou_raise(vm, OU_EXC(vm, AttributeError), "object");
    OuObj *r = ou_call2(vm, x->cmp, x->obj, y->obj), *zero = r ? ou_int(vm, 0) : NULL;
    OuObj *res = zero ? ou_compare(vm, r, zero, op) : NULL;
    ou_xdecref(vm, r);
    ou_xdecref(vm, zero);
    return res;
}
static const OuMember key_members[] = {
    {"obj", OU_MEMBER_OBJ, offsetof(KeyObj, obj), false, "Value wrapped by a key function."},
    {0},
};
static const OuTypeSpec keyobj_spec = {
    .name = "functools.KeyWrapper",
    .size = sizeof(KeyObj),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,
    .dealloc = key_dealloc,
    .traverse = key_traverse,
    .s = {.hash = ou_hash_unhashable, .call = key_call, .compare = key_compare},
    .members = key_members,
};
FN(cmp_to_key)
{
    return key_make(vm, args[0], NULL);
}

/* ---- partial ------------------------------------------------------------------------------------- */

typedef struct Partial {
    OuObj hdr;
    OuObj *func, *args, *kw; /* args a tuple, kw a dict */
    uint64_t dict;           /* dict word */
} Partial;
#define PARTIAL(o) ((Partial *)(o))

static OuObj *partial_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (nargs < 1)
        return ou_type_error(vm, "type 'partial' takes at least one argument");
    OuObj *func = args[0];
    Partial *inner = NULL;
    if (type->s.call == OU_TYPE_OF(vm, func)->s.call && OU_TYPE_OF(vm, func) == FUNCTOOLS(vm)->partial) {
        inner = PARTIAL(func); /* partial of a partial without attributes: flattened */
        if (OU_WORD_DICT(inner->dict))
            inner = NULL;
        else
            func = inner->func;
    }
    if (!ou_callable(vm, func))
        return ou_type_error(vm, "the first argument must be callable");
    size_t first = inner ? OU_TUPLE(inner->args)->n : 0;
    OuObj *all = ou_tuple_new(vm, first + nargs - 1), *kw = NULL, *more = NULL;
    if (!all)
        return NULL;
    for (size_t i = 0; i < first; i++)
        OU_TUPLE(all)->items[i] = ou_ref(OU_TUPLE(inner->args)->items[i]);
    for (size_t i = 1; i < nargs; i++)
        OU_TUPLE(all)->items[first + i - 1] = ou_ref(args[i]);
    kw = inner ? ou_dict_copy(vm, inner->kw) : ou_dict_new(vm);
    if (kw && kwnames &&
        ((more = ou_dict_of_kwargs(vm, args + nargs, kwnames)) == NULL || ou_dict_merge(vm, kw, more, 1) < 0))
        ou_clear(vm, kw);
    ou_xdecref(vm, more);
    Partial *p = kw ? (Partial *)ou_type_alloc(vm, type, 0) : NULL;
    if (!p) {
        ou_decref(vm, all);
        ou_xdecref(vm, kw);
        return NULL;
    }
    p->func = ou_ref(func);
    p->args = all;
    p->kw = kw;
    return &p->hdr;
}
static void partial_dealloc(OuVM *vm, OuObj *o)
{
    Partial *p = PARTIAL(o);
    ou_xdecref(vm, p->func);
    ou_xdecref(vm, p->args);
    ou_xdecref(vm, p->kw);
    ou_xdecref(vm, OU_WORD_DICT(p->dict));
    ou_free_object(vm, o);
}
static int partial_traverse(OuObj *o, OuVisit visit, void *arg)
{
    Partial *p = PARTIAL(o);
    OU_VISIT(p->func);
    OU_VISIT(p->args);
    OU_VISIT(p->kw);
    OU_VISIT(OU_WORD_DICT(p->dict));
    return 0;
}
static OuObj *partial_call(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Partial *p = PARTIAL(self);
    size_t first = OU_TUPLE(p->args)->n, nkw = kwnames ? OU_TUPLE(kwnames)->n : 0, n = first + nargs;
    if (OU_DICT(p->kw)->used == 0) {
        if (first == 0)
            return ou_call(vm, p->func, args, nargs, kwnames);
        OuObj *few[8], **v = few;
        if (n + nkw > 8 && !(v = ou_alloc(vm, (n + nkw) * sizeof *v)))
            return NULL;
        OuObj *hold = ou_ref(p->args); /* __setstate__ may replace them */
        for (size_t i = 0; i < first; i++)
            v[i] = OU_TUPLE(hold)->items[i];
        for (size_t i = 0; i < nargs + nkw; i++)
            v[first + i] = args[i];
        OuObj *res = ou_call(vm, p->func, v, n, kwnames);
        if (v != few)
            ou_free(vm, v, (n + nkw) * sizeof *v);
        ou_decref(vm, hold);
        return res;
    }
    OuObj *all = ou_tuple_new(vm, n), *kw = all ? ou_dict_copy(vm, p->kw) : NULL, *more = NULL, *res = NULL;
    if (kw) {
        for (size_t i = 0; i < first; i++)
            OU_TUPLE(all)->items[i] = ou_ref(OU_TUPLE(p->args)->items[i]);
        for (size_t i = 0; i < nargs; i++)
            OU_TUPLE(all)->items[first + i] = ou_ref(args[i]);
        if (nkw == 0 ||
            ((more = ou_dict_of_kwargs(vm, args + nargs, kwnames)) && ou_dict_merge(vm, kw, more, 1) == 0))
            res = ou_call_tuple(vm, p->func, all, kw);
    }
    ou_xdecref(vm, more);
    ou_xdecref(vm, all);
    ou_xdecref(vm, kw);
    return res;
}
static OuObj *partial_repr(OuVM *vm, OuObj *o)
{
    Partial *p = PARTIAL(o);
    int r = ou_repr_enter(vm, o);
    if (r != 0)
        return r < 0 ? NULL : ou_str_new(vm, "...", 3);
    const char *name = OU_TYPE_NAME(vm, o);
    OuObj *func = ou_ref(p->func), *pos = ou_ref(p->args), *kw = ou_ref(p->kw), *res = NULL, *k, *v;
    OuStrBuf b;
    ou_strbuf_init(&b, vm);
    OuObj *s = ou_str_fmt(vm, "%s(%R", name, func);
    bool ok = s && ou_strbuf_str(&b, s) == 0;
    ou_xdecref(vm, s);
    for (size_t i = 0; ok && i < OU_TUPLE(pos)->n; i++) {
        s = ou_str_fmt(vm, ", %R", OU_TUPLE(pos)->items[i]);
        ok = s && ou_strbuf_str(&b, s) == 0;
        ou_xdecref(vm, s);
    }
    for (size_t at = 0; ok && ou_dict_next(OU_DICT(kw), &at, &k, &v);) {
        ou_incref(k);
        ou_incref(v);
        s = ou_str_fmt(vm, ", %S=%R", k, v);
        ou_decref(vm, k);
        ou_decref(vm, v);
        ok = s && ou_strbuf_str(&b, s) == 0;
        ou_xdecref(vm, s);
    }
    if (ok && ou_strbuf_char(&b, ')') == 0)
        res = ou_strbuf_take(&b);
    ou_strbuf_free(&b);
    ou_decref(vm, func);
    ou_decref(vm, pos);
    ou_decref(vm, kw);
    ou_repr_leave(vm, o);
    return res;
}
FN(partial_reduce)
{
    Partial *p = PARTIAL(args[0]);
    OuDict *d = OU_WORD_DICT(p->dict);
    OuObj *inner = ou_tuple_pack(vm, 1, p->func),
          *state = inner ? ou_tuple_pack(vm, 4, p->func, p->args, p->kw, d ? (OuObj *)d : OU_NONE(vm)) : NULL;
    OuObj *res = state ? ou_tuple_pack(vm, 3, OU_TYPE_OBJ(vm, args[0]), inner, state) : NULL;
    ou_xdecref(vm, inner);
    ou_xdecref(vm, state);
    return res;
}
FN(partial_setstate)
{
    Partial *p = PARTIAL(args[0]);
    OuObj *t = args[1], *func, *pos, *kw, *dict;
    if (!ou_isa_tuple(vm, t) || OU_TUPLE(t)->n != 4)
        return ou_type_error(vm, "invalid partial state");
    func = OU_TUPLE(t)->items[0];
    pos = OU_TUPLE(t)->items[1];
    kw = OU_TUPLE(t)->items[2];
    dict = OU_TUPLE(t)->items[3];
    if (!ou_callable(vm, func) || !ou_isa_tuple(vm, pos) || (kw != OU_NONE(vm) && !ou_isa_dict(vm, kw)))
        return ou_type_error(vm, "invalid partial state");
    pos = ou_is(pos, tuple) ? ou_ref(pos) : ou_tuple_of(vm, OU_TUPLE(pos)->items, OU_TUPLE(pos)->n);
    kw = kw == OU_NONE(vm) ? ou_dict_new(vm) : ou_is(kw, dict) ? ou_ref(kw) : ou_dict_copy(vm, kw);
    if (!pos || !kw) {
        ou_xdecref(vm, pos);
        ou_xdecref(vm, kw);
        return NULL;
    }
    OuObj *old[4] = {p->func, p->args, p->kw, (OuObj *)OU_WORD_DICT(p->dict)};
    p->func = ou_ref(func);
    p->args = pos;
    p->kw = kw;
    p->dict = OU_WORD_MAKE_DICT(dict == OU_NONE(vm) ? NULL : ou_ref(dict), 0);
    for (int i = 0; i < 4; i++)
        ou_xdecref(vm, old[i]);
    return ou_none(vm);
}
static const OuFn partial_methods[] = {
    {"__reduce__(self, /)", partial_reduce, 0, NULL},
    {"__setstate__(self, state, /)", partial_setstate, 0, NULL},
    {"__class_getitem__(type, item, /)", ou_fn_class_getitem, OU_FN_CLASS, "See PEP 585"},
    {0},
};
static const OuMember partial_members[] = {
    {"func", OU_MEMBER_OBJ, offsetof(Partial, func), true, "function object to use in future partial calls"},
    {"args", OU_MEMBER_OBJ, offsetof(Partial, args), true, "tuple of arguments to future partial calls"},
    {"keywords", OU_MEMBER_OBJ, offsetof(Partial, kw), true,
     "dictionary of keyword arguments to future partial calls"},
    {0},
};
static const OuGetSet partial_getset[] = {
    {"__dict__", ou_inst_dict_attr, ou_inst_set_dict_attr, NULL, NULL},
    {0},
};
const OuTypeSpec ou_partial_spec = {
    .name = "functools.partial",
    .size = sizeof(Partial),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_WEAK | OU_TYPE_DICT | OU_TYPE_DEEP,
    .dict_off = offsetof(Partial, dict),
    .doc = "partial(func, *args, **keywords) - new function with partial application\n"
           "    of the given arguments and keywords.\n",
    .dealloc = partial_dealloc,
    .traverse = partial_traverse,
    .s = {.repr = partial_repr, .call = partial_call, .new_ = partial_new},
    .methods = partial_methods,
    .members = partial_members,
    .getset = partial_getset,
};

/* ---- module -------------------------------------------------------------------------------------- */

static const OuFn functions[] = {
    {"reduce(function, iterable, initial=None, /)", reduce, 0,
     "reduce(function, iterable[, initial]) -> value\n\nfunction(function(function(initial, item 0), item "
     "1), ...)"},
    {"cmp_to_key(mycmp)", cmp_to_key, 0, "Makes a key= function of a cmp= function."},
    {0},
};
static int exec(OuVM *vm, OuObj *module)
{
    OuFunctools *st = ((OuModule *)module)->state;
    if (!(st->kwd_mark = ou_call0(vm, (OuObj *)OU_EXC(vm, object))))
        return -1;
    st->keyobj = ou_type_from_spec(vm, &keyobj_spec, NULL);
    st->link = ou_type_from_spec(vm, &ou_lru_link_spec, NULL);
    if (!st->keyobj || !st->link)
        return -1;
    st->partial = ou_module_add_type(vm, module, &ou_partial_spec, NULL);
    st->lru = ou_module_add_type(vm, module, &ou_lru_spec, NULL);
    return st->partial && st->lru ? 0 : -1;
}
static int mod_traverse(void *state, OuVisit visit, void *arg)
{
    OuFunctools *st = state;
    OU_VISIT(st->kwd_mark);
    OU_VISIT(st->keyobj);
    OU_VISIT(st->link);
    return 0;
}
static void mod_clear(OuVM *vm, void *state)
{
    OuFunctools *st = state;
    ou_clear(vm, st->kwd_mark);
    ou_clear(vm, st->keyobj);
    ou_clear(vm, st->link);
}
const OuModuleDef ou_mod__functools = {
    .name = "_functools",
    .doc = "Tools that operate on functions.",
    .functions = functions,
    .state_size = sizeof(OuFunctools),
    .exec = exec,
    .traverse = mod_traverse,
    .clear = mod_clear,
};
