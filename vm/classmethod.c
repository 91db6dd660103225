/* vm/classmethod.c - classmethod and staticmethod. */
#include "func.h"
#include "type.h"

#include <string.h>

/* Both wrap one callable.  CPython copies __name__, __doc__ and so on into the instance dict at once; here
 * the dict is filled when an attribute is asked for, which is almost never. */
typedef struct Wrapper {
    OuObj hdr;
    OuObj *callable; /* NULL before __init__ */
    OuDict *dict;
    bool filled;
} Wrapper;

static OuObj *wrapper_new_of(OuVM *vm, uint32_t type, OuObj *f)
{
    Wrapper *w = (Wrapper *)ou_new_gc(vm, type, sizeof *w);
    if (!w)
        return NULL;
    w->callable = ou_ref(f);
    w->dict = NULL;
    w->filled = false;
    ou_gc_track(&vm->heap, &w->hdr);
    return &w->hdr;
}

OuObj *ou_classmethod_new(OuVM *vm, OuObj *f)
{
    return wrapper_new_of(vm, OU_T_classmethod, f);
}

OuObj *ou_staticmethod_new(OuVM *vm, OuObj *f)
{
    return wrapper_new_of(vm, OU_T_staticmethod, f);
}

static OuObj *wrapper_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_type_alloc(vm, type, 0);
}

static int wrapper_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    const char *name = ou_isa(vm, self, classmethod) ? "classmethod" : "staticmethod";
    if (ou_no_kwargs(vm, name, kwnames) < 0 || ou_arity(vm, name, nargs, 1, 1) < 0)
        return -1;
    Wrapper *w = (Wrapper *)self;
    OuObj *old = w->callable;
    w->callable = ou_ref(args[0]);
    w->filled = false;
    ou_xdecref(vm, old);
    return 0;
}

/* Copies the wrapped function's names into the dict. */
static int fill(OuVM *vm, Wrapper *w)
{
    if (w->filled || !w->callable)
        return 0;
    if (ou_check_stack(vm, "") < 0 || (!w->dict && !(w->dict = (OuDict *)ou_dict_new(vm))))
        return -1;
    w->filled = true;
    OuObj *callable = ou_ref(w->callable),
          *dict = ou_ref((OuObj *)w->dict); /* both may be exchanged meanwhile */
    int r = 0;
    OuObj *const names[] = {OU_NAME(vm, __module__), OU_NAME(vm, __name__), OU_NAME(vm, __qualname__),
                            OU_NAME(vm, __doc__), OU_NAME(vm, __annotations__)};
    for (size_t i = 0; i < sizeof names / sizeof *names && r >= 0; i++) {
        OuObj *v;
        if (ou_dict_get_str(vm, OU_DICT(dict), names[i]))
            continue;
        r = ou_lookup_attr(vm, callable, names[i], &v);
        if (r > 0) {
            r = ou_dict_set(vm, dict, names[i], v);
            ou_decref(vm, v);
        }
    }
    ou_decref(vm, callable);
    ou_decref(vm, dict);
    return r < 0 ? -1 : 0;
}

static OuObj *wrapper_getattr(OuVM *vm, OuObj *o, OuObj *name)
{
    return fill(vm, (Wrapper *)o) < 0 ? NULL : ou_generic_getattr(vm, o, name);
}

static int wrapper_setattr(OuVM *vm, OuObj *o, OuObj *name, OuObj *value)
{
    return fill(vm, (Wrapper *)o) < 0 ? -1 : ou_generic_setattr(vm, o, name, value);
}

static void wrapper_dealloc(OuVM *vm, OuObj *o)
{
    Wrapper *w = (Wrapper *)o;
    ou_xdecref(vm, w->callable);
    ou_xdecref(vm, w->dict);
    ou_free_object(vm, o);
}

static int wrapper_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((Wrapper *)o)->callable);
    OU_VISIT(((Wrapper *)o)->dict);
    return 0;
}

static void wrapper_clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, ((Wrapper *)o)->callable);
    ou_clear(vm, ((Wrapper *)o)->dict);
}

static OuObj *wrapper_repr(OuVM *vm, OuObj *o)
{
    return ou_str_fmt(vm, ou_isa(vm, o, classmethod) ? "<classmethod(%R)>" : "<staticmethod(%R)>",
                      ((Wrapper *)o)->callable);
}

static OuObj *get_abstract(OuVM *vm, OuObj *o, void *data)
{
    OuObj *f = ((Wrapper *)o)->callable, *v;
    if (ou_check_stack(vm, "") < 0)
        return NULL;
    ou_xincref(f);
    int r = f ? ou_lookup_attr(vm, f, OU_NAME(vm, __isabstractmethod__), &v) : 0;
    if (r > 0) {
        r = ou_is_true(vm, v);
        ou_decref(vm, v);
    }
    ou_xdecref(vm, f);
    return r < 0 ? NULL : ou_bool(vm, r);
}

static OuObj *get_dict(OuVM *vm, OuObj *o, void *data)
{
    if (fill(vm, (Wrapper *)o) < 0)
        return NULL;
    OuDict *d = ou_inst_dict(vm, o, OU_TYPE_OF(vm, o));
    return d ? ou_ref((OuObj *)d) : NULL;
}

static int set_dict(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    if (fill(vm, (Wrapper *)o) < 0)
        return -1;
    if (value && !ou_isa_dict(vm, value))
        return ou_type_error_i(vm, "__dict__ must be set to a dictionary, not a '%T'", value);
    return ou_inst_set_dict(vm, o, OU_TYPE_OF(vm, o), value);
}

static OuObj *classmethod_get(OuVM *vm, OuObj *o, OuObj *obj, OuObj *type)
{
    OuObj *f = ((Wrapper *)o)->callable;
    if (!f)
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "uninitialized classmethod object");
    if (!type)
        type = (OuObj *)OU_TYPE_OF(vm, obj);
    OuObj *(*get)(OuVM *, OuObj *, OuObj *, OuObj *) = OU_TYPE_OF(vm, f)->s.descr_get;
    if (!get)
        return ou_method_new(vm, f, type);
    return ou_check_stack(vm, "") < 0 ? NULL : get(vm, f, type, type);
}

static OuObj *staticmethod_get(OuVM *vm, OuObj *o, OuObj *obj, OuObj *type)
{
    OuObj *f = ((Wrapper *)o)->callable;
    return f ? ou_ref(f) : ou_raise(vm, OU_EXC(vm, RuntimeError), "uninitialized staticmethod object");
}

static OuObj *staticmethod_call(OuVM *vm, OuObj *o, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *f = ((Wrapper *)o)->callable;
    return f ? ou_call(vm, f, args, nargs, kwnames)
             : ou_raise(vm, OU_EXC(vm, RuntimeError), "uninitialized staticmethod object");
}

static const OuMember wrapper_members[] = {
    {"__func__", OU_MEMBER_OBJ, offsetof(Wrapper, callable), true, NULL},
    {"__wrapped__", OU_MEMBER_OBJ, offsetof(Wrapper, callable), true, NULL},
    {0},
};
static const OuGetSet wrapper_getset[] = {
    {"__isabstractmethod__", get_abstract},
    {"__dict__", get_dict, set_dict},
    {0},
};

#define WRAPPER_SPEC                                                                               \
    .size = sizeof(Wrapper), .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_DEEP,                    \
    .dict_off = offsetof(Wrapper, dict), .dealloc = wrapper_dealloc, .traverse = wrapper_traverse, \
    .clear = wrapper_clear, .getset = wrapper_getset, .members = wrapper_members

const OuTypeSpec ou_classmethod_spec = {
    .name = "classmethod",
    WRAPPER_SPEC,
    .doc = "classmethod(function) -> method\n\nConvert a function to be a class method.",
    .s = {.repr = wrapper_repr,
          .getattr = wrapper_getattr,
          .setattr = wrapper_setattr,
          .descr_get = classmethod_get,
          .new_ = wrapper_new,
          .init = wrapper_init},
};

const OuTypeSpec ou_staticmethod_spec = {
    .name = "staticmethod",
    WRAPPER_SPEC,
    .doc = "staticmethod(function) -> method\n\nConvert a function to be a static method.",
    .s = {.repr = wrapper_repr,
          .call = staticmethod_call,
          .getattr = wrapper_getattr,
          .setattr = wrapper_setattr,
          .descr_get = staticmethod_get,
          .new_ = wrapper_new,
          .init = wrapper_init},
};
