/* vm/exc_group.c - BaseExceptionGroup and ExceptionGroup (PEP 654), and what except* re-raises. */
#include "exc_impl.h"

#include "type.h"

/* ---- making ---- */

static bool is_sequence(OuVM *vm, OuObj *o)
{
    OuType *t = OU_TYPE_OF(vm, o);
    if (ou_isa_dict(vm, o))
        return false;
    return t->s.item || (t->s.getitem && (t->flags & (OU_TYPE_HEAP | OU_TYPE_SEQUENCE)));
}

static OuObj *group_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (nargs != 2)
        return ou_type_error(vm, "BaseExceptionGroup.__new__() takes exactly 2 arguments (%zu given)", nargs);
    if (!ou_isa_str(vm, args[0]))
        return args[0] == OU_NONE(vm)
                   ? ou_type_error(vm, "BaseExceptionGroup.__new__() argument 1 must be str, not None")
                   : ou_type_error(vm, "BaseExceptionGroup.__new__() argument 1 must be str, not %T",
                                   args[0]);
    if (!is_sequence(vm, args[1]))
        return ou_type_error(vm, "second argument (exceptions) must be a sequence");
    OuObj *excs = ou_sequence_tuple(vm, args[1]), *self = NULL;
    if (!excs)
        return NULL;
    size_t n = OU_TUPLE(excs)->n;
    bool nested_base = false;
    if (n == 0) {
        ou_value_error(vm, "second argument (exceptions) must be a non-empty sequence");
        goto done;
    }
    for (size_t i = 0; i < n; i++) {
        OuObj *e = OU_TUPLE(excs)->items[i];
        if (!ou_isa_exc(vm, e)) {
            ou_value_error(vm, "Item %zu of second argument (exceptions) is not an exception", i);
            goto done;
        }
        int ordinary = ou_isinstance(vm, e, (OuObj *)OU_EXC(vm, Exception));
        if (ordinary < 0)
            goto done;
        if (!ordinary)
            nested_base = true;
    }
    if (type == OU_EXC(vm, ExceptionGroup)) {
        if (nested_base) {
            ou_type_error(vm, "Cannot nest BaseExceptions in an ExceptionGroup");
            goto done;
        }
    } else if (type == OU_EXC(vm, BaseExceptionGroup)) {
        if (!nested_base)
            type = OU_EXC(vm, ExceptionGroup);
    } else if (nested_base && ou_type_is_subtype(vm, type, OU_EXC(vm, Exception))) {
        ou_type_error(vm, "Cannot nest BaseExceptions in '%N'", type);
        goto done;
    }
    self = ou_exc_new(vm, type, args, nargs, kwnames);
    if (self) {
        ou_exc_put(vm, &((OuExcGroup *)self)->msg, args[0]);
        ou_exc_put(vm, &((OuExcGroup *)self)->excs, excs);
    }
done:
    ou_decref(vm, excs);
    return self;
}

static OuObj *group_str(OuVM *vm, OuObj *self)
{
    OuExcGroup *g = (OuExcGroup *)self;
    size_t n = OU_TUPLE(g->excs)->n;
    return ou_str_fmt(vm, "%S (%zu sub-exception%s)", g->msg, n, n > 1 ? "s" : "");
}

/* A group of orig's kind with the exceptions of list; traceback, cause, context and notes copied.  None for an empty list. */
static OuObj *subset(OuVM *vm, OuObj *orig, OuObj *list)
{
    OuExc *from = (OuExc *)orig;
    OuObj *notes = NULL;
    if (OU_LIST(list)->n == 0)
        return ou_none(vm);
    OuObj *name = ou_str_intern_s(vm, "derive"), *res = name ? ou_call_method(vm, orig, name, 1, list) : NULL;
    ou_xdecref(vm, name);
    if (!res)
        return NULL;
    if (!ou_isa(vm, res, BaseExceptionGroup)) {
        ou_type_error(vm, "derive must return an instance of BaseExceptionGroup");
        goto fail;
    }
    ou_exc_put(vm, &((OuExc *)res)->traceback, from->traceback);
    ou_exc_put(vm, &((OuExc *)res)->context, from->context);
    ou_exc_set_cause(vm, res, from->cause ? ou_ref(from->cause) : NULL);
    int r = ou_lookup_attr(vm, orig, OU_NAME(vm, __notes__), &notes);
    if (r < 0)
        goto fail;
    if (r && is_sequence(vm, notes)) { /* anything else is ignored, as the printer does */
        OuObj *copy = ou_sequence_list(vm, notes);
        r = copy ? ou_setattr(vm, res, OU_NAME(vm, __notes__), copy) : -1;
        ou_xdecref(vm, copy);
        if (r < 0)
            goto fail;
    }
    ou_xdecref(vm, notes);
    return res;
fail:
    ou_xdecref(vm, notes);
    ou_decref(vm, res);
    return NULL;
}

/* ---- splitting ---- */

typedef enum { BY_TYPE, BY_PREDICATE, BY_IDENTITY } Matcher;

static int matcher_of(OuVM *vm, OuObj *value)
{
    if (ou_is(value, function))
        return BY_PREDICATE;
    if (ou_isa_type(vm, value) && (OU_AS_TYPE(value)->flags & OU_TYPE_EXC_SUB))
        return BY_TYPE;
    if (ou_is(value, tuple)) {
        size_t i = 0, n = OU_TUPLE(value)->n;
        while (i < n && ou_isa_type(vm, OU_TUPLE(value)->items[i]) &&
               (OU_AS_TYPE(OU_TUPLE(value)->items[i])->flags & OU_TYPE_EXC_SUB))
            i++;
        if (i == n)
            return BY_TYPE;
    }
    return ou_type_error_i(vm, "expected a function, exception type or tuple of exception types");
}

static int matches(OuVM *vm, OuObj *exc, Matcher how, OuObj *value)
{
    if (how == BY_TYPE)
        return ou_err_matches(vm, exc, value);
    if (how == BY_IDENTITY) {
        if (ou_isa(vm, exc, BaseExceptionGroup))
            return 0;
        for (size_t i = 0; i < OU_LIST(value)->n; i++)
            if (OU_LIST(value)->items[i] == exc)
                return 1;
        return 0;
    }
    OuObj *res = ou_call1(vm, value, exc);
    if (!res)
        return -1;
    int r = ou_is_true(vm, res);
    ou_decref(vm, res);
    return r;
}

/* out[0]: the matching part, out[1]: the rest (if wanted), new; None when empty. */
static int split(OuVM *vm, OuObj *exc, Matcher how, OuObj *value, bool want_rest, OuObj **out)
{
    int r = matches(vm, exc, how, value), res = -1;
    if (r < 0)
        return -1;
    if (r || !ou_isa(vm, exc, BaseExceptionGroup)) {
        out[0] = ou_ref(r ? exc : OU_NONE(vm));
        out[1] = ou_ref(r ? OU_NONE(vm) : exc);
        return 0;
    }
    OuObj *group = ou_ref(exc), *excs = ou_ref(((OuExcGroup *)exc)->excs), *part[2], *a = NULL;
    OuObj *match = ou_list_new(vm, 0), *rest = ou_list_new(vm, 0);
    bool deep = --vm->ts->recursion_left < 0; /* counts as a call, as in CPython */
    if (deep)
        ou_raise(vm, OU_EXC(vm, RecursionError),
                 "maximum recursion depth exceeded in exceptiongroup_split_recursive");
    if (deep || !match || !rest || ou_check_stack(vm, " in exceptiongroup_split_recursive") < 0)
        goto done;
    for (size_t i = 0; i < OU_TUPLE(excs)->n; i++) {
        if (split(vm, OU_TUPLE(excs)->items[i], how, value, want_rest, part) < 0)
            goto done;
        int err = part[0] == OU_NONE(vm) ? 0 : ou_list_append(vm, match, part[0]);
        if (!err && want_rest && part[1] != OU_NONE(vm))
            err = ou_list_append(vm, rest, part[1]);
        ou_decref(vm, part[0]);
        ou_decref(vm, part[1]);
        if (err < 0)
            goto done;
    }
    a = subset(vm, group, match);
    if (!a || !(out[1] = want_rest ? subset(vm, group, rest) : ou_none(vm)))
        goto done;
    out[0] = ou_ref(a);
    res = 0;
done:
    vm->ts->recursion_left++;
    ou_xdecref(vm, a);
    ou_xdecref(vm, match);
    ou_xdecref(vm, rest);
    ou_decref(vm, excs);
    ou_decref(vm, group);
    return res;
}

static OuObj *group_split(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *out[2];
    int how = matcher_of(vm, args[1]);
    if (how < 0 || split(vm, args[0], (Matcher)how, args[1], true, out) < 0)
        return NULL;
    OuObj *pair = ou_tuple_pack(vm, 2, out[0], out[1]);
    ou_decref(vm, out[0]);
    ou_decref(vm, out[1]);
    return pair;
}

static OuObj *group_subgroup(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *out[2];
    int how = matcher_of(vm, args[1]);
    if (how < 0 || split(vm, args[0], (Matcher)how, args[1], false, out) < 0)
        return NULL;
    ou_decref(vm, out[1]);
    return out[0];
}

static OuObj *group_derive(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_call2(vm, (OuObj *)OU_EXC(vm, BaseExceptionGroup), ((OuExcGroup *)args[0])->msg, args[1]);
}

/* ---- except* -------------------------------------------------------------------------- */

/* Only a re-raise leaves traceback, cause and context alone: so a part of orig is known by them. */
static bool same_metadata(OuObj *a, OuObj *b)
{
    OuExc *x = (OuExc *)a, *y = (OuExc *)b;
    return x->traceback == y->traceback && x->cause == y->cause && x->context == y->context;
}

static int collect_leaves(OuVM *vm, OuObj *exc, OuObj *list)
{
    if (exc == OU_NONE(vm))
        return 0;
    if (!ou_isa(vm, exc, BaseExceptionGroup))
        return ou_list_append(vm, list, exc);
    if (ou_check_stack(vm, " in collect_exception_group_leaf_ids") < 0)
        return -1;
    OuObj *excs = ((OuExcGroup *)exc)->excs;
    for (size_t i = 0; i < OU_TUPLE(excs)->n; i++)
        if (collect_leaves(vm, OU_TUPLE(excs)->items[i], list) < 0)
            return -1;
    return 0;
}

/* The part of group whose leaves occur in the exceptions of keep. */
static OuObj *projection(OuVM *vm, OuObj *group, OuObj *keep)
{
    OuObj *leaves = ou_list_new(vm, 0), *out[2] = {NULL, NULL};
    int r = leaves ? 0 : -1;
    for (size_t i = 0; r == 0 && i < OU_LIST(keep)->n; i++)
        r = collect_leaves(vm, OU_LIST(keep)->items[i], leaves);
    if (r == 0)
        r = split(vm, group, BY_IDENTITY, leaves, false, out);
    ou_xdecref(vm, leaves);
    if (r < 0)
        return NULL;
    ou_decref(vm, out[1]);
    return out[0];
}

OuObj *ou_exc_prep_reraise_star(OuVM *vm, OuObj *orig, OuObj *list)
{
    size_t n = OU_LIST(list)->n;
    OuObj *again = NULL, *res = NULL;
    if (n == 0)
        return ou_none(vm);
    if (!ou_isa(vm, orig, BaseExceptionGroup)) /* a naked exception: at most one clause ran */
        return ou_ref(OU_LIST(list)->items[0]);
    OuObj *raised = ou_list_new(vm, 0), *reraised = ou_list_new(vm, 0);
    if (!raised || !reraised)
        goto done;
    for (size_t i = 0; i < n; i++) {
        OuObj *e = OU_LIST(list)->items[i];
        if (e != OU_NONE(vm) && ou_list_append(vm, same_metadata(e, orig) ? reraised : raised, e) < 0)
            goto done;
    }
    if (!(again = projection(vm, orig, reraised)))
        goto done;
    if (OU_LIST(raised)->n == 0) {
        res = ou_ref(again);
        goto done;
    }
    if (again != OU_NONE(vm) && ou_list_append(vm, raised, again) < 0)
        goto done;
    if (OU_LIST(raised)->n > 1)
        res = ou_call2(vm, (OuObj *)OU_EXC(vm, BaseExceptionGroup), OU_EMPTY_STR(vm), raised);
    else
        res = ou_ref(OU_LIST(raised)->items[0]);
done:
    ou_xdecref(vm, again);
    ou_xdecref(vm, raised);
    ou_xdecref(vm, reraised);
    return res;
}

OU_EXC_LAYOUT(group, OuExcGroup, msg, 2)
static const OuFn group_methods[] = {
    {"__class_getitem__(cls, item, /)", ou_class_getitem_alias, OU_FN_CLASS, "See PEP 585"},
    {"derive(self, excs, /)", group_derive, 0, NULL},
    {"split(self, matcher, /)", group_split, 0, NULL},
    {"subgroup(self, matcher, /)", group_subgroup, 0, NULL},
    {0},
};
static const OuMember group_members[] = {
    {"message", OU_MEMBER_OBJ, offsetof(OuExcGroup, msg), true, "exception message"},
    {"exceptions", OU_MEMBER_OBJ, offsetof(OuExcGroup, excs), true, "nested exceptions"},
    {0},
};
const OuTypeSpec ou_exc_spec_group = {
    OU_EXC_SPEC(group, OuExcGroup, "BaseExceptionGroup"),
    .s = {.str = group_str, .new_ = group_new, .init = ou_exc_init_base},
    .methods = group_methods,
    .members = group_members,
};
