/* vm/weakref.c - weakref.ReferenceType: creation, callbacks, hash, equality.
 *
 * The order in a chain is CPython's (Objects/weakrefobject.c): the plain reference without callback first,
 * the plain proxy second, then the others, newest first.  Both plain ones are shared: asking
 * again gives the same object. */
#include "weakref.h"
#include "native.h"
#include "type.h"

static bool is_plain(OuWeakNode *n, bool proxy)
{
    OuWeakRef *r = n ? (OuWeakRef *)ou_weak_owner(n) : NULL;
    if (!r || r->callback)
        return false;
    return proxy ? ou_is(r, weakproxy) || ou_is(r, weakcallableproxy) : ou_is(r, weakref);
}

void ou_weakref_basics(OuVM *vm, OuObj *o, OuWeakRef **ref, OuWeakRef **proxy)
{
    *ref = *proxy = NULL;
    OuWeakNode *n = ou_weak_first(&vm->heap, o);
    if (is_plain(n, false)) {
        *ref = (OuWeakRef *)ou_weak_owner(n);
        n = n->next;
    }
    if (is_plain(n, true))
        *proxy = (OuWeakRef *)ou_weak_owner(n);
}

OuWeakRef *ou_weakref_make(OuVM *vm, OuType *t, OuObj *o, OuObj *callback)
{
    OuWeakRef *r = (OuWeakRef *)ou_type_alloc(vm, t, 0), *ref, *proxy;
    if (!r)
        return NULL;
    r->hash = -1;
    /* After the allocation, which may have run code: who is there now? */
    ou_weakref_basics(vm, o, &ref, &proxy);
    bool is_proxy = t->face.index == OU_T_weakproxy || t->face.index == OU_T_weakcallableproxy;
    OuWeakRef *before = proxy ? proxy : ref;
    if (!callback && t->face.index == OU_T_weakref)
        before = NULL;
    else if (!callback && is_proxy)
        before = ref;
    if (before) {
        ou_weak_add_after(&r->node, &before->node);
    } else if (ou_weak_add(&vm->heap, &r->node, o) < 0) {
        ou_decref(vm, r);
        return ou_raise_memory(vm);
    }
    r->callback = callback ? ou_ref(callback) : NULL;
    return r;
}

static int check_target(OuVM *vm, OuObj *o)
{
    if (ou_has_flag(vm, o, OU_TYPE_WEAK))
        return 0;
    return ou_type_error_i(vm, "cannot create weak reference to '%T' object", o);
}

static OuObj *make_ref(OuVM *vm, OuType *type, OuObj *o, OuObj *callback)
{
    if (check_target(vm, o) < 0)
        return NULL;
    if (callback == OU_NONE(vm))
        callback = NULL;
    if (!callback && type->face.index == OU_T_weakref) {
        OuWeakRef *ref, *proxy;
        ou_weakref_basics(vm, o, &ref, &proxy);
        if (ref && ref->hdr.rc)
            return ou_ref(&ref->hdr);
    }
    return (OuObj *)ou_weakref_make(vm, type, o, callback);
}

OuObj *ou_weakref_new(OuVM *vm, OuObj *o, OuObj *callback)
{
    return make_ref(vm, &vm->builtin[OU_T_weakref], o, callback);
}

OuObj *ou_weakproxy_new(OuVM *vm, OuObj *o, OuObj *callback)
{
    if (check_target(vm, o) < 0)
        return NULL;
    if (callback == OU_NONE(vm))
        callback = NULL;
    if (!callback) {
        OuWeakRef *ref, *proxy;
        ou_weakref_basics(vm, o, &ref, &proxy);
        if (proxy && proxy->hdr.rc)
            return ou_ref(&proxy->hdr);
    }
    OuType *t = &vm->builtin[ou_callable(vm, o) ? OU_T_weakcallableproxy : OU_T_weakproxy];
    return (OuObj *)ou_weakref_make(vm, t, o, callback);
}

size_t ou_weakref_count(OuVM *vm, OuObj *o)
{
    size_t n = 0;
    for (OuWeakNode *w = ou_weak_first(&vm->heap, o); w; w = w->next)
        n++;
    return n;
}

OuObj *ou_weakref_list(OuVM *vm, OuObj *o)
{
    size_t n = ou_weakref_count(vm, o), i = 0;
    OuObj *list = ou_list_new(vm, n);
    if (!list)
        return NULL;
    OuWeakNode *w = ou_weak_first(&vm->heap, o);
    for (; w && i < n; w = w->next)
        OU_LIST(list)->items[i++] = ou_ref(ou_weak_owner(w));
    OU_LIST(list)->n = i;
    return list;
}

void ou_weakref_callbacks(OuVM *vm, OuWeakNode *chain)
{
    /* Hold every reference that lives on, before any code runs; drop the dying ones from the chain. */
    OuWeakNode *first = NULL, **link = &first;
    bool alone = chain && !chain->next; /* CPython's callback then sees no other holder than its argument */
    for (OuWeakNode *n = chain, *next; n; n = next) {
        next = n->next;
        n->next = n->prev = NULL;
        if (ou_weak_owner(n)->rc) {
            ou_weak_owner(n)->rc += !alone;
            *link = n;
            link = &n->next;
        }
    }
    OuObj *exc = ou_err_fetch(vm);
    for (OuWeakNode *n = first, *next; n; n = next) {
        OuWeakRef *r = (OuWeakRef *)ou_weak_owner(n);
        OuObj *callback = r->callback;
        next = n->next;
        n->next = NULL;
        r->callback = NULL;
        if (callback) {
            OuObj *res = ou_call1(vm, callback, &r->hdr);
            if (res)
                ou_decref(vm, res);
            else
                ou_err_unraisable(vm, callback, NULL);
            ou_decref(vm, callback);
        }
        if (!alone)
            ou_decref(vm, r);
    }
    ou_err_restore(vm, exc);
}

/* ---- slots ---------------------------------------------------------------------- */

void ou_weakref_clear(OuVM *vm, OuObj *o)
{
    OuWeakRef *r = (OuWeakRef *)o;
    ou_weak_remove(&vm->heap, &r->node);
    ou_clear(vm, r->callback);
}

void ou_weakref_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    ou_weakref_clear(vm, o);
    ou_free_object(vm, o);
}

int ou_weakref_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((OuWeakRef *)o)->callback);
    return 0;
}

static OuObj *ref_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    (void)kwnames; /* judged by __init__, as in CPython: subclasses take keywords */
    if (ou_arity(vm, "__new__", nargs, 1, 2) < 0)
        return NULL;
    return make_ref(vm, type, args[0], nargs > 1 ? args[1] : NULL);
}

static int ref_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    (void)self, (void)args;
    if (ou_no_kwargs(vm, "ref", kwnames) < 0)
        return -1;
    return ou_arity(vm, "__init__", nargs, 1, 2);
}

static OuObj *ref_call(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    (void)args;
    if (ou_no_kwargs(vm, "weakref", kwnames) < 0)
        return NULL;
    if (nargs)
        return ou_type_error(vm, "weakref expected 0 arguments, got %zu", nargs);
    OuObj *o = ou_weakref_target((OuWeakRef *)self);
    return o ? ou_ref(o) : ou_none(vm);
}

static int ref_hash(OuVM *vm, OuObj *self, int64_t *out)
{
    OuWeakRef *r = (OuWeakRef *)self;
    if (r->hash == -1) {
        OuObj *o = ou_weakref_target(r);
        if (!o)
            return ou_type_error_i(vm, "weak object has gone away");
        ou_incref(o);
        int res = ou_hash(vm, o, &r->hash);
        ou_decref(vm, o);
        if (res < 0) {
            r->hash = -1;
            return -1;
        }
    }
    *out = r->hash;
    return 0;
}

static OuObj *ref_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if ((op != OU_CMP_EQ && op != OU_CMP_NE) || !ou_isa(vm, a, weakref) || !ou_isa(vm, b, weakref))
        return ou_notimplemented(vm);
    OuObj *x = ou_weakref_target((OuWeakRef *)a), *y = ou_weakref_target((OuWeakRef *)b);
    if (!x || !y)
        return ou_bool(vm, (a == b) == (op == OU_CMP_EQ));
    ou_incref(x);
    ou_incref(y);
    OuObj *res = ou_compare(vm, x, y, op);
    ou_decref(vm, x);
    ou_decref(vm, y);
    return res;
}

static OuObj *ref_repr(OuVM *vm, OuObj *self)
{
    OuObj *o = ou_weakref_target((OuWeakRef *)self), *name = NULL, *res;
    if (!o)
        return ou_str_fmt(vm, "<weakref at %p; dead>", (void *)self);
    ou_incref(o);
    if (ou_lookup_special(vm, o, OU_NAME(vm, __name__), &name) <
        0) { /* of the type: no code of the instance runs */
        ou_decref(vm, o);
        return NULL;
    }
    if (name && ou_isa_str(vm, name))
        res = ou_str_fmt(vm, "<weakref at %p; to '%T' at %p (%U)>", (void *)self, o, (void *)o, name);
    else
        res = ou_str_fmt(vm, "<weakref at %p; to '%T' at %p>", (void *)self, o, (void *)o);
    ou_xdecref(vm, name);
    ou_decref(vm, o);
    return res;
}

static const OuMember ref_members[] = {
    {"__callback__", OU_MEMBER_OBJ, offsetof(OuWeakRef, callback), true, NULL},
    {0},
};

static const OuFn ref_methods[] = {
    {"__class_getitem__(cls, item, /)", ou_class_getitem_alias, OU_FN_CLASS, "See PEP 585"},
    {0},
};

const OuTypeSpec ou_weakref_spec = {
    .name = "weakref.ReferenceType",
    .size = sizeof(OuWeakRef),
    .flags = OU_TYPE_GC | OU_TYPE_BASE | OU_TYPE_DEEP,
    .dealloc = ou_weakref_dealloc,
    .traverse = ou_weakref_traverse,
    .clear = ou_weakref_clear,
    .s = {.repr = ref_repr,
          .hash = ref_hash,
          .call = ref_call,
          .compare = ref_compare,
          .new_ = ref_new,
          .init = ref_init},
    .methods = ref_methods,
    .members = ref_members,
};
