/* vm/abstract_attr.c - attributes, special methods, isinstance, dir, id of any object. */
#include "exceptions.h"
#include "type.h"

OuObj *ou_getattr(OuVM *vm, OuObj *o, OuObj *name)
{
    if (!ou_is(name, str) && !ou_isa_str(vm, name))
        return ou_type_error(vm, "attribute name must be string, not '%T'", name);
    OuObj *v = OU_TYPE_OF(vm, o)->s.getattr(vm, o, name);
    if (!v)
        ou_attribute_context(vm, o, name);
    return v;
}

void ou_attribute_context(OuVM *vm, OuObj *o, OuObj *name)
{
    OuExcAttributeError *e = (OuExcAttributeError *)vm->ts->raised;
    if (e && ou_isa(vm, e, AttributeError) && !e->name && !e->obj) {
        e->name = ou_ref(name);
        e->obj = ou_ref(o);
    }
}

int ou_setattr(OuVM *vm, OuObj *o, OuObj *name, OuObj *value)
{
    if (!ou_is(name, str) && !ou_isa_str(vm, name))
        return ou_type_error_i(vm, "attribute name must be string, not '%T'", name);
    OuObj *own = NULL;
    if (ou_is(name, str) && !OU_STR(name)->interned)
        name = own = ou_str_intern(vm, ou_ref(name));
    int r = OU_TYPE_OF(vm, o)->s.setattr(vm, o, name, value);
    ou_xdecref(vm, own);
    return r;
}

int ou_lookup_attr(OuVM *vm, OuObj *o, OuObj *name, OuObj **out)
{
    OuObj *(*get)(OuVM *, OuObj *, OuObj *) = OU_TYPE_OF(vm, o)->s.getattr;
    int r;
    *out = NULL;
    if (get == ou_generic_getattr) {
        r = ou_generic_lookup_attr(vm, o, name, out);
        if (r >= 0)
            return r;
    } else if ((*out = get(vm, o, name))) {
        return 1;
    }
    if (!ou_err_is(vm, OU_EXC(vm, AttributeError)))
        return -1;
    ou_err_clear(vm);
    *out = NULL;
    return 0;
}

OuObj *ou_getattr_s(OuVM *vm, OuObj *o, const char *name)
{
    OuObj *s = ou_str_intern_s(vm, name);
    OuObj *r = s ? ou_getattr(vm, o, s) : NULL;
    ou_xdecref(vm, s);
    return r;
}

int ou_setattr_s(OuVM *vm, OuObj *o, const char *name, OuObj *value)
{
    OuObj *s = ou_str_intern_s(vm, name);
    int r = s ? ou_setattr(vm, o, s, value) : -1;
    ou_xdecref(vm, s);
    return r;
}

int ou_hasattr(OuVM *vm, OuObj *o, OuObj *name)
{
    OuObj *v;
    int r = ou_lookup_attr(vm, o, name, &v);
    if (r > 0)
        ou_decref(vm, v);
    return r;
}

int ou_lookup_special(OuVM *vm, OuObj *o, OuObj *name, OuObj **out)
{
    OuType *t = OU_TYPE_OF(vm, o);
    OuObj *f = ou_type_lookup(vm, t, name);
    if (!f) {
        *out = NULL;
        return 0;
    }
    OuObj *(*get)(OuVM *, OuObj *, OuObj *, OuObj *) = OU_TYPE_OF(vm, f)->s.descr_get;
    ou_incref(f);
    if (!get) {
        *out = f;
        return 1;
    }
    *out = get(vm, f, o, (OuObj *)t);
    ou_decref(vm, f);
    return *out ? 1 : -1;
}

int ou_lookup_special_method(OuVM *vm, OuObj *o, OuObj *name, OuObj **func, bool *unbound)
{
    OuType *t = OU_TYPE_OF(vm, o);
    OuObj *f = ou_type_lookup(vm, t, name);
    *unbound = false;
    if (f && OU_TYPE_OF(vm, f)->flags & OU_TYPE_METHOD_DESCR) {
        *func = ou_ref(f);
        *unbound = true;
        return 1;
    }
    return ou_lookup_special(vm, o, name, func);
}

int ou_lookup_method(OuVM *vm, OuObj *o, OuObj *name, OuObj **func, bool *unbound)
{
    OuType *t = OU_TYPE_OF(vm, o);
    *unbound = false;
    if (t->s.getattr == ou_generic_getattr) {
        OuObj *f = ou_type_lookup(vm, t, name);
        if (f && OU_TYPE_OF(vm, f)->flags & OU_TYPE_METHOD_DESCR) {
            ou_incref(f);
            if (t->dict_off) { /* an attribute of the instance comes first */
                int err;
                OuObj *v = ou_inst_get(vm, o, t, name, &err);
                if (v || err) {
                    *func = v ? ou_ref(v) : NULL;
                    ou_decref(vm, f);
                    return v ? 1 : -1;
                }
            }
            *func = f;
            *unbound = true;
            return 1;
        }
        return ou_generic_lookup_attr(vm, o, name, func);
    }
    *func = t->s.getattr(vm, o, name);
    if (!*func)
        ou_attribute_context(vm, o, name);
    return *func ? 1 : -1;
}

bool ou_callable(OuVM *vm, OuObj *o)
{
    return OU_TYPE_OF(vm, o)->s.call != NULL;
}

/* ---- isinstance, issubclass -------------------------------------------------------------------- */

/* `__bases__` of cls if it is a tuple: new; NULL without exception if not. */
static OuObj *abstract_bases(OuVM *vm, OuObj *cls)
{
    OuObj *bases;
    if (ou_lookup_attr(vm, cls, OU_NAME(vm, __bases__), &bases) <= 0)
        return NULL;
    if (ou_isa_tuple(vm, bases))
        return bases;
    ou_decref(vm, bases);
    return NULL;
}

static int abstract_issubclass(OuVM *vm, OuObj *derived, OuObj *cls)
{
    OuObj *hold = NULL;
    int r = 0;
    if (ou_recursion_enter(vm, " in __issubclass__") < 0)
        return -1;
    for (;;) {
        if (derived == cls) {
            r = 1;
            break;
        }
        OuObj *bases = abstract_bases(vm, derived);
        ou_xdecref(vm, hold);
        hold = bases;
        if (!bases) {
            r = ou_err_occurred(vm) ? -1 : 0;
            break;
        }
        size_t n = OU_TUPLE(bases)->n;
        if (n == 1) { /* a chain needs no recursion */
            derived = OU_TUPLE(bases)->items[0];
            continue;
        }
        for (size_t i = 0; i < n && r == 0; i++)
            r = abstract_issubclass(vm, OU_TUPLE(bases)->items[i], cls);
        break;
    }
    ou_recursion_leave(vm);
    ou_xdecref(vm, hold);
    return r;
}

static int check_class(OuVM *vm, OuObj *cls, const char *error)
{
    OuObj *bases = abstract_bases(vm, cls);
    if (!bases) {
        if (!ou_err_occurred(vm))
            ou_type_error(vm, "%s", error);
        return -1;
    }
    ou_decref(vm, bases);
    return 0;
}

/* type.__instancecheck__ */
int ou_real_isinstance(OuVM *vm, OuObj *o, OuObj *cls)
{
    OuObj *c;
    if (ou_isa_type(vm, cls)) {
        if (ou_type_is_subtype(vm, OU_TYPE_OF(vm, o), OU_AS_TYPE(cls)))
            return 1;
        int r = ou_lookup_attr(vm, o, OU_NAME(vm, __class__), &c);
        if (r <= 0)
            return r;
        r = c != (OuObj *)OU_TYPE_OF(vm, o) && ou_isa_type(vm, c) &&
            ou_type_is_subtype(vm, OU_AS_TYPE(c), OU_AS_TYPE(cls));
        ou_decref(vm, c);
        return r;
    }
    if (check_class(vm, cls, "isinstance() arg 2 must be a type, a tuple of types, or a union") < 0)
        return -1;
    int r = ou_lookup_attr(vm, o, OU_NAME(vm, __class__), &c);
    if (r <= 0)
        return r;
    r = abstract_issubclass(vm, c, cls);
    ou_decref(vm, c);
    return r;
}

int ou_real_issubclass(OuVM *vm, OuObj *derived, OuObj *cls)
{
    if (ou_isa_type(vm, cls) && ou_isa_type(vm, derived))
        return ou_type_is_subtype(vm, OU_AS_TYPE(derived), OU_AS_TYPE(cls));
    if (check_class(vm, derived, "issubclass() arg 1 must be a class") < 0)
        return -1;
    if (!ou_is(cls, union) &&
        check_class(vm, cls, "issubclass() arg 2 must be a class, a tuple of classes, or a union") < 0)
        return -1;
    return abstract_issubclass(vm, derived, cls);
}

/* Both checks: the tuple, the hook of cls's type, then the plain rule. */
static int check(OuVM *vm, OuObj *x, OuObj *cls, OuObj *hook, const char *where,
                 int (*plain)(OuVM *, OuObj *, OuObj *))
{
    if (ou_is(cls, type))
        return plain(vm, x, cls);
    if (ou_is(cls, union))
        return hook == OU_NAME(vm, __instancecheck__) ? ou_union_isinstance(vm, x, cls)
                                                      : ou_union_issubclass(vm, x, cls);
    if (ou_isa_tuple(vm, cls)) {
        if (ou_recursion_enter(vm, where) < 0)
            return -1;
        int r = 0;
        for (size_t i = 0; i < OU_TUPLE(cls)->n && r == 0; i++)
            r = hook == OU_NAME(vm, __instancecheck__) ? ou_isinstance(vm, x, OU_TUPLE(cls)->items[i])
                                                       : ou_issubclass(vm, x, OU_TUPLE(cls)->items[i]);
        ou_recursion_leave(vm);
        return r;
    }
    OuObj *f;
    bool unbound;
    int r = ou_lookup_special_method(vm, cls, hook, &f, &unbound);
    if (r < 0)
        return -1;
    if (r) {
        OuObj *v = NULL;
        if (ou_recursion_enter(vm, where) == 0) {
            ou_incref(cls); /* CPython's bound method */
            v = unbound ? ou_call2(vm, f, cls, x) : ou_call1(vm, f, x);
            ou_decref(vm, cls);
            ou_recursion_leave(vm);
        }
        ou_decref(vm, f);
        r = v ? ou_is_true(vm, v) : -1;
        ou_xdecref(vm, v);
        return r;
    }
    return plain(vm, x, cls);
}

int ou_isinstance(OuVM *vm, OuObj *o, OuObj *cls)
{
    if ((OuObj *)OU_TYPE_OF(vm, o) == cls)
        return 1;
    return check(vm, o, cls, OU_NAME(vm, __instancecheck__), " in __instancecheck__", ou_real_isinstance);
}

int ou_issubclass(OuVM *vm, OuObj *c, OuObj *cls)
{
    if (ou_is(cls, type) && c == cls)
        return 1;
    return check(vm, c, cls, OU_NAME(vm, __subclasscheck__), " in __subclasscheck__", ou_real_issubclass);
}

/* ---- dir, id -------------------------------------------------------------------------------------- */

OuObj *ou_dir(OuVM *vm, OuObj *o)
{
    OuObj *f;
    int r = ou_lookup_special(vm, o, OU_NAME(vm, __dir__), &f);
    if (r < 0)
        return NULL;
    if (!r)
        return ou_type_error(vm, "object does not provide __dir__");
    OuObj *v = ou_call0(vm, f);
    ou_decref(vm, f);
    if (!v)
        return NULL;
    OuObj *list = ou_sequence_list(vm, v);
    ou_decref(vm, v);
    if (list && ou_list_sort(vm, list, NULL, false) < 0)
        ou_clear(vm, list);
    return list;
}

OuObj *ou_id(OuVM *vm, OuObj *o)
{
    if (o->rc < OU_RC_SINGLETON / 2) /* a cached int is never reused, and keeps its plain header */
        o->tf |= OU_F_ADDR;
    return ou_int_u64(vm, (uint64_t)(uintptr_t)o);
}
