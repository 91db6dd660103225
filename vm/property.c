/* vm/property.c - property. */
#include "type.h"

typedef OuProperty Property;

static OuObj *property_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_type_alloc(vm, type, 0);
}

static OuObj *none_to_null(OuVM *vm, OuObj *o)
{
    return o == OU_NONE(vm) ? NULL : o;
}

static void replace(OuVM *vm, OuObj **slot, OuObj *value)
{
    OuObj *old = *slot;
    ou_xincref(value);
    *slot = value;
    ou_xdecref(vm, old);
}

static int property_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[4];
    if (ou_args_bind(vm, "property(fget=None, fset=None, fdel=None, doc=None)", args, nargs, kwnames, a) < 0)
        return -1;
    Property *p = (Property *)self;
    replace(vm, &p->get, none_to_null(vm, a[0]));
    replace(vm, &p->set, none_to_null(vm, a[1]));
    replace(vm, &p->del, none_to_null(vm, a[2]));
    replace(vm, &p->doc, a[3]);
    replace(vm, &p->name, NULL);
    p->getter_doc = false;
    if ((!a[3] || a[3] == OU_NONE(vm)) && p->get) {
        OuObj *doc;
        int r = ou_lookup_attr(vm, p->get, OU_NAME(vm, __doc__), &doc);
        if (r <= 0)
            return r;
        if (OU_TYPE_OF(vm, self) == &vm->builtin[OU_T_property]) {
            replace(vm, &p->doc, doc);
        } else {
            /* the class attribute __doc__ of a subclass hides the member: put it into the instance */
            r = ou_setattr(vm, self, OU_NAME(vm, __doc__), doc);
        }
        ou_decref(vm, doc);
        if (r < 0)
            return -1;
        p->getter_doc = true;
    }
    return 0;
}

static void *lacks(OuVM *vm, Property *p, OuObj *obj, const char *what)
{
    OuObj *q = obj ? ou_type_qualname(vm, OU_TYPE_OF(vm, obj)) : NULL;
    if (obj && !q)
        return NULL;
    if (p->name && q)
        ou_raise(vm, OU_EXC(vm, AttributeError), "property %R of %R object has no %s", p->name, q, what);
    else if (q)
        ou_raise(vm, OU_EXC(vm, AttributeError), "property of %R object has no %s", q, what);
    else
        ou_raise(vm, OU_EXC(vm, AttributeError), "property has no %s", what);
    ou_xdecref(vm, q);
    return NULL;
}

static OuObj *property_get(OuVM *vm, OuObj *o, OuObj *obj, OuObj *type)
{
    Property *p = (Property *)o;
    if (!obj || obj == OU_NONE(vm))
        return ou_ref(o);
    if (!p->get)
        return lacks(vm, p, obj, "getter");
    return ou_call1(vm, p->get, obj);
}

static int property_set(OuVM *vm, OuObj *o, OuObj *obj, OuObj *value)
{
    Property *p = (Property *)o;
    OuObj *f = value ? p->set : p->del;
    if (!f) {
        lacks(vm, p, obj, value ? "setter" : "deleter");
        return -1;
    }
    OuObj *r = value ? ou_call2(vm, f, obj, value) : ou_call1(vm, f, obj);
    if (!r)
        return -1;
    ou_decref(vm, r);
    return 0;
}

/* A property like old with some functions exchanged; its own class decides the type of the result. */
static OuObj *copy_with(OuVM *vm, OuObj *o, OuObj *get, OuObj *set, OuObj *del)
{
    Property *p = (Property *)o;
    get = none_to_null(vm, get) ? get : p->get;
    set = none_to_null(vm, set) ? set : p->set;
    del = none_to_null(vm, del) ? del : p->del;
    OuObj *doc = (p->getter_doc && get) || !p->doc ? OU_NONE(vm) : p->doc;
    OuObj *args[] = {get ? get : OU_NONE(vm), set ? set : OU_NONE(vm), del ? del : OU_NONE(vm), doc};
    OuObj *r = ou_call(vm, (OuObj *)OU_TYPE_OF(vm, o), args, 4, NULL);
    if (r && ou_isa(vm, r, property))
        replace(vm, &((Property *)r)->name, p->name);
    return r;
}

static OuObj *property_getter(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return copy_with(vm, args[0], args[1], OU_NONE(vm), OU_NONE(vm));
}
static OuObj *property_setter(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return copy_with(vm, args[0], OU_NONE(vm), args[1], OU_NONE(vm));
}
static OuObj *property_deleter(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return copy_with(vm, args[0], OU_NONE(vm), OU_NONE(vm), args[1]);
}

static OuObj *property_set_name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (nargs != 3)
        return ou_type_error(vm, "__set_name__() takes 2 positional arguments but %zu were given", nargs - 1);
    replace(vm, &((Property *)args[0])->name, args[2]);
    return ou_none(vm);
}

static OuObj *get_abstract(OuVM *vm, OuObj *o, void *data)
{
    Property *p = (Property *)o;
    OuObj *const *const parts[] = {&p->get, &p->set, &p->del};
    int r = ou_check_stack(vm, "");
    for (int i = 0; i < 3 && r == 0; i++) {
        OuObj *f = *parts[i], *v;
        if (!f)
            continue;
        ou_incref(f); /* asking it may run code that exchanges it */
        r = ou_lookup_attr(vm, f, OU_NAME(vm, __isabstractmethod__), &v);
        if (r > 0) {
            r = ou_is_true(vm, v);
            ou_decref(vm, v);
        }
        ou_decref(vm, f);
    }
    return r < 0 ? NULL : ou_bool(vm, r > 0);
}

static void property_dealloc(OuVM *vm, OuObj *o)
{
    Property *p = (Property *)o;
    ou_xdecref(vm, p->get);
    ou_xdecref(vm, p->set);
    ou_xdecref(vm, p->del);
    ou_xdecref(vm, p->doc);
    ou_xdecref(vm, p->name);
    ou_free_object(vm, o);
}

static int property_traverse(OuObj *o, OuVisit visit, void *arg)
{
    Property *p = (Property *)o;
    OU_VISIT(p->get);
    OU_VISIT(p->set);
    OU_VISIT(p->del);
    OU_VISIT(p->doc);
    OU_VISIT(p->name);
    return 0;
}

static void property_clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, ((Property *)o)->doc);
}

static const OuFn property_methods[] = {
    {"getter(self, fget, /)", property_getter, 0,
     "Descriptor to obtain a copy of the property with a different getter."},
    {"setter(self, fset, /)", property_setter, 0,
     "Descriptor to obtain a copy of the property with a different setter."},
    {"deleter(self, fdel, /)", property_deleter, 0,
     "Descriptor to obtain a copy of the property with a different deleter."},
    {"__set_name__(...)", property_set_name, 0, "Method to set name of a property."},
    {0},
};
static const OuMember property_members[] = {
    {"fget", OU_MEMBER_OBJ, offsetof(Property, get), true, NULL},
    {"fset", OU_MEMBER_OBJ, offsetof(Property, set), true, NULL},
    {"fdel", OU_MEMBER_OBJ, offsetof(Property, del), true, NULL},
    {"__doc__", OU_MEMBER_OBJ, offsetof(Property, doc), false, NULL},
    {0},
};
static const OuGetSet property_getset[] = {
    {"__isabstractmethod__", get_abstract},
    {0},
};

const OuTypeSpec ou_property_spec = {
    .name = "property",
    .size = sizeof(Property),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_DEEP,
    .doc = "property(fget=None, fset=None, fdel=None, doc=None)\n--\n\nProperty attribute.",
    .dealloc = property_dealloc,
    .traverse = property_traverse,
    .clear = property_clear,
    .s = {.descr_get = property_get, .descr_set = property_set, .new_ = property_new, .init = property_init},
    .methods = property_methods,
    .getset = property_getset,
    .members = property_members,
};
