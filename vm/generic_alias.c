/* vm/generic_alias.c - types.GenericAlias: list[int] (PEP 585), starred forms (PEP 646), substitution of type
 * variables. */
#include "generic_alias.h"
#include "iterobj.h"
#include "type.h"

#include <string.h>

typedef struct Alias {
    OuObj hdr;
    OuObj *origin, *args, *parameters; /* parameters: NULL until asked for */
    bool starred;
} Alias;
#define ALIAS(o) ((Alias *)(o))

static OuObj *alias_of_type(OuVM *vm, OuType *type, OuObj *origin, OuObj *args)
{
    OuObj *tuple = ou_isa_tuple(vm, args) ? ou_ref(args) : ou_tuple_pack(vm, 1, args);
    OuObj *o = tuple ? ou_type_alloc(vm, type, 0) : NULL;
    if (!o) {
        ou_xdecref(vm, tuple);
        return NULL;
    }
    ALIAS(o)->origin = ou_ref(origin);
    ALIAS(o)->args = tuple;
    return o;
}

OuObj *ou_generic_alias_new(OuVM *vm, OuObj *origin, OuObj *args)
{
    return alias_of_type(vm, &vm->builtin[OU_T_generic_alias], origin, args);
}

OuObj *ou_fn_class_getitem(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_generic_alias_new(vm, args[0], args[1]);
}

static OuObj *alias_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, "GenericAlias", kwnames) < 0 || ou_arity(vm, "GenericAlias", nargs, 2, 2) < 0)
        return NULL;
    return alias_of_type(vm, type, args[0], args[1]);
}

/* ---- parameters and substitution ------------------------------------------------------------- */

static ou_ssize index_of(OuObj *tuple, OuObj *o)
{
    for (size_t i = 0; i < OU_TUPLE(tuple)->n; i++)
        if (OU_TUPLE(tuple)->items[i] == o)
            return (ou_ssize)i;
    return -1;
}

static int add_once(OuVM *vm, OuObj *list, OuObj *o)
{
    for (size_t i = 0; i < OU_LIST(list)->n; i++)
        if (OU_LIST(list)->items[i] == o)
            return 0;
    return ou_list_append(vm, list, o);
}

OuObj *ou_make_parameters(OuVM *vm, OuObj *args)
{
    OuObj *list = ou_list_new(vm, 0), *r = NULL;
    if (!list)
        return NULL;
    for (size_t i = 0; i < OU_TUPLE(args)->n; i++) {
        OuObj *t = OU_TUPLE(args)->items[i], *v;
        if (ou_isa_type(vm, t))
            continue; /* the descriptor of a bare class is not meant */
        int found = ou_lookup_attr(vm, t, OU_NAME(vm, __typing_subst__), &v);
        if (found > 0) {
            ou_decref(vm, v);
            found = add_once(vm, list, t);
        } else if (found == 0) {
            found = ou_lookup_attr(vm, t, OU_NAME(vm, __parameters__), &v);
            if (found > 0) {
                found = 0;
                for (size_t k = 0; ou_isa_tuple(vm, v) && k < OU_TUPLE(v)->n && found == 0; k++)
                    found = add_once(vm, list, OU_TUPLE(v)->items[k]);
                ou_decref(vm, v);
            }
        }
        if (found < 0)
            goto done;
    }
    r = ou_list_to_tuple(vm, list);
done:
    ou_decref(vm, list);
    return r;
}

/* obj[...] with its own parameters replaced by the items that belong to them. */
static OuObj *subs_tvars(OuVM *vm, OuObj *obj, OuObj *params, OuObj *items)
{
    OuObj *sub;
    int found = ou_lookup_attr(vm, obj, OU_NAME(vm, __parameters__), &sub);
    if (found < 0)
        return NULL;
    if (!found || !ou_isa_tuple(vm, sub) || !OU_TUPLE(sub)->n) {
        if (found)
            ou_decref(vm, sub);
        return ou_ref(obj);
    }
    OuObj *list = ou_list_new(vm, 0), *r = NULL, *key = NULL;
    for (size_t i = 0; list && i < OU_TUPLE(sub)->n; i++) {
        OuObj *arg = OU_TUPLE(sub)->items[i];
        ou_ssize at = index_of(params, arg);
        int e;
        if (at >= 0) {
            OuObj *param = arg;
            arg = OU_TUPLE(items)->items[at];
            if (OU_TYPE_OF(vm, param)->s.iter && ou_isa_tuple(vm, arg)) /* TypeVarTuple */
                e = ou_list_extend(vm, list, arg);
            else
                e = ou_list_append(vm, list, arg);
        } else {
            e = ou_list_append(vm, list, arg);
        }
        if (e < 0)
            ou_clear(vm, list);
    }
    if (list && (key = ou_list_to_tuple(vm, list)))
        r = ou_getitem(vm, obj, key);
    ou_xdecref(vm, list);
    ou_xdecref(vm, key);
    ou_decref(vm, sub);
    return r;
}

/* The subscript as a tuple, with starred tuples of known length unpacked; new. */
static OuObj *unpack_args(OuVM *vm, OuObj *item)
{
    OuObj *list = ou_list_new(vm, 0), *one[1] = {item}, *const *v = one, *r;
    size_t n = 1;
    if (!list)
        return NULL;
    if (ou_isa_tuple(vm, item)) {
        v = OU_TUPLE(item)->items;
        n = OU_TUPLE(item)->n;
    }
    for (size_t i = 0; i < n; i++) {
        OuObj *sub = NULL;
        int e = ou_isa_type(vm, v[i])
                    ? 0
                    : ou_lookup_attr(vm, v[i], OU_NAME(vm, __typing_unpacked_tuple_args__), &sub);
        if (e >= 0) {
            size_t m = sub && ou_isa_tuple(vm, sub) ? OU_TUPLE(sub)->n : 0;
            if (sub && ou_isa_tuple(vm, sub) && !(m && OU_TUPLE(sub)->items[m - 1] == OU_ELLIPSIS(vm)))
                e = ou_list_extend(vm, list, sub);
            else
                e = ou_list_append(vm, list, v[i]);
        }
        ou_xdecref(vm, sub);
        if (e < 0) {
            ou_decref(vm, list);
            return NULL;
        }
    }
    r = ou_list_to_tuple(vm, list);
    ou_decref(vm, list);
    return r;
}

static int is_unpacked_typevartuple(OuVM *vm, OuObj *arg)
{
    OuObj *v;
    if (ou_isa_type(vm, arg))
        return 0;
    int r = ou_lookup_attr(vm, arg, OU_NAME(vm, __typing_is_unpacked_typevartuple__), &v);
    if (r > 0) {
        r = ou_is_true(vm, v);
        ou_decref(vm, v);
    }
    return r;
}

OuObj *ou_subs_parameters(OuVM *vm, OuObj *self, OuObj *args, OuObj *params, OuObj *item)
{
    size_t nparams = OU_TUPLE(params)->n;
    if (!nparams)
        return ou_type_error(vm, "%R is not a generic class", self);
    OuObj *items = unpack_args(vm, item), *list = NULL, *r = NULL;
    for (size_t i = 0; items && i < nparams; i++) {
        OuObj *prepare;
        int found =
            ou_lookup_attr(vm, OU_TUPLE(params)->items[i], OU_NAME(vm, __typing_prepare_subst__), &prepare);
        if (found > 0) {
            if (prepare != OU_NONE(vm)) {
                OuObj *prepared = ou_call2(vm, prepare, self, items);
                ou_decref(vm, items);
                items = prepared;
                if (items && !ou_isa_tuple(vm, items)) {
                    OuObj *t = ou_tuple_pack(vm, 1, items);
                    ou_decref(vm, items);
                    items = t;
                }
            }
            ou_decref(vm, prepare);
        } else if (found < 0) {
            ou_clear(vm, items);
        }
    }
    if (!items)
        return NULL;
    if (OU_TUPLE(items)->n != nparams) {
        ou_type_error(vm, "Too %s arguments for %R; actual %zu, expected %zu",
                      OU_TUPLE(items)->n > nparams ? "many" : "few", self, OU_TUPLE(items)->n, nparams);
        goto done;
    }
    if (!(list = ou_list_new(vm, 0)))
        goto done;
    for (size_t i = 0; i < OU_TUPLE(args)->n; i++) {
        OuObj *arg = OU_TUPLE(args)->items[i], *subst = NULL, *v;
        if (ou_isa_type(vm, arg)) {
            if (ou_list_append(vm, list, arg) < 0)
                goto done;
            continue;
        }
        int unpack = is_unpacked_typevartuple(vm, arg);
        int found = unpack < 0 ? -1 : ou_lookup_attr(vm, arg, OU_NAME(vm, __typing_subst__), &subst);
        if (found < 0)
            goto done;
        if (found) {
            ou_ssize at = index_of(params, arg);
            v = at < 0 ? ou_ref(arg) : ou_call1(vm, subst, OU_TUPLE(items)->items[at]);
            ou_decref(vm, subst);
        } else {
            v = subs_tvars(vm, arg, params, items);
        }
        if (!v)
            goto done;
        int e = unpack && ou_isa_tuple(vm, v) ? ou_list_extend(vm, list, v) : ou_list_append(vm, list, v);
        ou_decref(vm, v);
        if (e < 0)
            goto done;
    }
    r = ou_list_to_tuple(vm, list);
done:
    ou_xdecref(vm, list);
    ou_decref(vm, items);
    return r;
}

static OuObj *parameters(OuVM *vm, OuObj *o)
{
    if (!ALIAS(o)->parameters)
        ALIAS(o)->parameters = ou_make_parameters(vm, ALIAS(o)->args);
    return ALIAS(o)->parameters;
}

static OuObj *alias_getitem(OuVM *vm, OuObj *o, OuObj *item)
{
    OuObj *params = parameters(vm, o);
    OuObj *args = params ? ou_subs_parameters(vm, o, ALIAS(o)->args, params, item) : NULL;
    OuObj *r = args ? ou_generic_alias_new(vm, ALIAS(o)->origin, args) : NULL;
    if (r)
        ALIAS(r)->starred = ALIAS(o)->starred;
    ou_xdecref(vm, args);
    return r;
}

/* ---- repr ------------------------------------------------------------------------------------------ */

int ou_alias_repr_item(OuVM *vm, OuStrBuf *b, OuObj *p)
{
    OuObj *origin = NULL, *args = NULL, *qual = NULL, *mod = NULL, *r = NULL;
    if (p == OU_ELLIPSIS(vm))
        return ou_strbuf_ascii(b, "...", 3);
    int e = ou_lookup_attr(vm, p, OU_NAME(vm, __origin__), &origin);
    if (e > 0)
        e = ou_lookup_attr(vm, p, OU_NAME(vm, __args__), &args);
    ou_xdecref(vm, origin);
    ou_xdecref(vm, args);
    if (e < 0)
        return -1;
    if (e) {
        r = ou_repr(vm, p);
    } else {
        e = ou_lookup_attr(vm, p, OU_NAME(vm, __qualname__), &qual);
        if (e > 0)
            e = ou_lookup_attr(vm, p, OU_NAME(vm, __module__), &mod);
        if (e < 0) {
            ou_xdecref(vm, qual);
            return -1;
        }
        if (!qual || !mod || mod == OU_NONE(vm))
            r = ou_repr(vm, p);
        else if (ou_isa_str(vm, mod) && ou_str_eq_s(mod, "builtins"))
            r = ou_str(vm, qual);
        else
            r = ou_str_fmt(vm, "%S.%S", mod, qual);
    }
    ou_xdecref(vm, qual);
    ou_xdecref(vm, mod);
    e = r ? ou_strbuf_str(b, r) : -1;
    ou_xdecref(vm, r);
    return e;
}

static OuObj *alias_repr(OuVM *vm, OuObj *o)
{
    Alias *a = ALIAS(o);
    OuStrBuf b;
    ou_strbuf_init(&b, vm);
    if (ou_check_stack(vm, " while getting the repr of an object") < 0)
        return NULL;
    if ((a->starred && ou_strbuf_char(&b, '*') < 0) || ou_alias_repr_item(vm, &b, a->origin) < 0 ||
        ou_strbuf_char(&b, '[') < 0)
        goto fail;
    for (size_t i = 0; i < OU_TUPLE(a->args)->n; i++)
        if ((i && ou_strbuf_ascii(&b, ", ", 2) < 0) ||
            ou_alias_repr_item(vm, &b, OU_TUPLE(a->args)->items[i]) < 0)
            goto fail;
    if ((!OU_TUPLE(a->args)->n && ou_strbuf_ascii(&b, "()", 2) < 0) || ou_strbuf_char(&b, ']') < 0)
        goto fail;
    return ou_strbuf_take(&b);
fail:
    ou_strbuf_free(&b);
    return NULL;
}

/* ---- the rest ------------------------------------------------------------------------------------------ */

static OuObj *alias_call(OuVM *vm, OuObj *o, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *r = ou_call(vm, ALIAS(o)->origin, args, nargs, kwnames);
    if (r && ou_setattr(vm, r, OU_NAME(vm, __orig_class__), o) < 0) {
        if (!ou_err_is(vm, OU_EXC(vm, AttributeError)) && !ou_err_is(vm, OU_EXC(vm, TypeError))) {
            ou_decref(vm, r);
            return NULL;
        }
        ou_err_clear(vm);
    }
    return r;
}

static int alias_hash(OuVM *vm, OuObj *o, int64_t *out)
{
    int64_t a, b;
    if (ou_check_stack(vm, "") < 0 || ou_hash(vm, ALIAS(o)->origin, &a) < 0 ||
        ou_hash(vm, ALIAS(o)->args, &b) < 0)
        return -1;
    *out = a ^ b;
    if (*out == -1)
        *out = -2;
    return 0;
}

static const char *const own_names[] = {"__class__",       "__origin__",     "__args__",
                                        "__unpacked__",    "__parameters__", "__typing_unpacked_tuple_args__",
                                        "__mro_entries__", "__reduce_ex__",  "__reduce__",
                                        "__copy__",        "__deepcopy__"};

static OuObj *alias_getattr(OuVM *vm, OuObj *o, OuObj *name)
{
    if (ou_isa_str(vm, name)) {
        bool own = false;
        for (size_t i = 0; i < sizeof own_names / sizeof *own_names && !own; i++)
            own = ou_str_eq_s(name, own_names[i]);
        if (!own) /* the origin may be an alias itself, and so on */
            return ou_check_stack(vm, "") < 0 ? NULL : ou_getattr(vm, ALIAS(o)->origin, name);
    }
    return ou_generic_getattr(vm, o, name);
}

static OuObj *alias_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if ((op != OU_CMP_EQ && op != OU_CMP_NE) || !ou_isa(vm, a, generic_alias) ||
        !ou_isa(vm, b, generic_alias))
        return ou_notimplemented(vm);
    int eq = ALIAS(a)->starred == ALIAS(b)->starred;
    if (eq)
        eq = ou_compare_bool(vm, ALIAS(a)->origin, ALIAS(b)->origin, OU_CMP_EQ);
    if (eq > 0)
        eq = ou_compare_bool(vm, ALIAS(a)->args, ALIAS(b)->args, OU_CMP_EQ);
    return eq < 0 ? NULL : ou_bool(vm, eq == (op == OU_CMP_EQ));
}

static OuObj *alias_mro_entries(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_tuple_pack(vm, 1, ALIAS(args[0])->origin);
}
static OuObj *alias_instancecheck(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_type_error(vm, "isinstance() argument 2 cannot be a parameterized generic");
}
static OuObj *alias_subclasscheck(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_type_error(vm, "issubclass() argument 2 cannot be a parameterized generic");
}

static OuObj *alias_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Alias *a = ALIAS(args[0]);
    OuObj *r = NULL;
    if (a->starred) {
        OuObj *plain = ou_generic_alias_new(vm, a->origin, a->args), *it = plain ? ou_iter(vm, plain) : NULL;
        OuObj *next = it ? ou_dict_get_s(vm, (OuObj *)vm->builtins, "next") : NULL,
              *t = next ? ou_tuple_pack(vm, 1, it) : NULL;
        r = t ? ou_tuple_pack(vm, 2, next, t) : NULL;
        ou_xdecref(vm, plain);
        ou_xdecref(vm, it);
        ou_xdecref(vm, t);
        return r;
    }
    OuObj *pair = ou_tuple_pack(vm, 2, a->origin, a->args);
    r = pair ? ou_tuple_pack(vm, 2, OU_TYPE_OF(vm, args[0]), pair) : NULL;
    ou_xdecref(vm, pair);
    return r;
}

static OuObj *alias_dir(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *dir = ou_dir(vm, ALIAS(args[0])->origin);
    for (size_t i = 0; dir && i < sizeof own_names / sizeof *own_names; i++) {
        OuObj *s = ou_str_intern_s(vm, own_names[i]);
        int has = s ? ou_contains(vm, dir, s) : -1;
        if (has == 0)
            has = ou_list_append(vm, dir, s);
        ou_xdecref(vm, s);
        if (has < 0)
            ou_clear(vm, dir);
    }
    return dir;
}

static OuObj *get_parameters(OuVM *vm, OuObj *o, void *data)
{
    OuObj *p = parameters(vm, o);
    return p ? ou_ref(p) : NULL;
}

static OuObj *get_unpacked_args(OuVM *vm, OuObj *o, void *data)
{
    if (ALIAS(o)->starred && ALIAS(o)->origin == (OuObj *)&vm->builtin[OU_T_tuple])
        return ou_ref(ALIAS(o)->args);
    return ou_none(vm);
}

static OuObj *alias_iter(OuVM *vm, OuObj *o)
{
    return ou_seq_iter_new(vm, OU_T_generic_alias_iter, o);
}

static void alias_dealloc(OuVM *vm, OuObj *o)
{
    ou_xdecref(vm, ALIAS(o)->origin);
    ou_xdecref(vm, ALIAS(o)->args);
    ou_xdecref(vm, ALIAS(o)->parameters);
    ou_free_object(vm, o);
}

static int alias_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(ALIAS(o)->origin);
    OU_VISIT(ALIAS(o)->args);
    OU_VISIT(ALIAS(o)->parameters);
    return 0;
}

static const OuFn alias_methods[] = {
    {"__mro_entries__(self, bases, /)", alias_mro_entries, 0, NULL},
    {"__instancecheck__(self, instance, /)", alias_instancecheck, 0, NULL},
    {"__subclasscheck__(self, subclass, /)", alias_subclasscheck, 0, NULL},
    {"__reduce__(self, /)", alias_reduce, 0, NULL},
    {"__dir__(self, /)", alias_dir, 0, NULL},
    {0},
};
static const OuMember alias_members[] = {
    {"__origin__", OU_MEMBER_OBJ, offsetof(Alias, origin), true, NULL},
    {"__args__", OU_MEMBER_OBJ, offsetof(Alias, args), true, NULL},
    {"__unpacked__", OU_MEMBER_BOOL, offsetof(Alias, starred), true, NULL},
    {0},
};
static const OuGetSet alias_getset[] = {
    {"__parameters__", get_parameters, NULL, "Type variables in the GenericAlias.", NULL},
    {"__typing_unpacked_tuple_args__", get_unpacked_args},
    {0},
};

const OuTypeSpec ou_generic_alias_spec = {
    .name = "types.GenericAlias",
    .size = sizeof(Alias),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_DEEP | OU_TYPE_WEAK,
    .doc = "Represent a PEP 585 generic type\n\nE.g. for t = list[int], t.__origin__ is list and t.__args__ "
           "is (int,).",
    .dealloc = alias_dealloc,
    .traverse = alias_traverse,
    .s = {.repr = alias_repr,
          .hash = alias_hash,
          .call = alias_call,
          .getattr = alias_getattr,
          .compare = alias_compare,
          .iter = alias_iter,
          .new_ = alias_new,
          .getitem = alias_getitem,
          .nb[OU_NB_OR] = ou_union_or},
    .methods = alias_methods,
    .getset = alias_getset,
    .members = alias_members,
};

/* ---- iterator: gives the starred form once ------------------------------------------------------------ */

static OuObj *alias_iter_next(OuVM *vm, OuObj *o)
{
    OuSeqIter *it = (OuSeqIter *)o;
    if (!it->seq)
        return NULL;
    OuObj *a = it->seq, *r = ou_generic_alias_new(vm, ALIAS(a)->origin, ALIAS(a)->args);
    if (r) {
        ALIAS(r)->starred = true;
        it->seq = NULL;
        ou_decref(vm, a);
    }
    return r;
}

static OuObj *alias_iter_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuSeqIter *it = (OuSeqIter *)args[0];
    OuObj *iter = ou_dict_get_s(vm, (OuObj *)vm->builtins, "iter");
    OuObj *t = ou_tuple_pack(vm, 1, it->seq ? it->seq : OU_EMPTY_TUPLE(vm));
    OuObj *r = iter && t ? ou_tuple_pack(vm, 2, iter, t) : NULL;
    ou_xdecref(vm, t);
    return r;
}

static void alias_iter_clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, ((OuSeqIter *)o)->seq);
}

static const OuFn alias_iter_methods[] = {
    {"__reduce__(self, /)", alias_iter_reduce, 0, NULL},
    {0},
};

const OuTypeSpec ou_generic_alias_iter_spec = {
    .name = "generic_alias_iterator",
    .size = sizeof(OuSeqIter),
    .flags = OU_TYPE_GC | OU_TYPE_DEEP | OU_TYPE_NO_NEW,
    .dealloc = ou_seq_iter_dealloc,
    .traverse = ou_seq_iter_traverse,
    .clear = alias_iter_clear,
    .s = {.iter = ou_self_iter, .next = alias_iter_next},
    .methods = alias_iter_methods,
};
