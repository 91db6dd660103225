/* vm/super.c - super. */
#include "frame.h"
#include "type.h"

typedef struct Super {
    OuObj hdr;
    OuType *type;     /* __thisclass__ */
    OuObj *obj;       /* __self__ */
    OuType *obj_type; /* __self_class__: the class whose MRO is followed */
} Super;

/* The class of obj for a lookup behind type: obj itself if it is a subclass.  New; NULL with TypeError. */
static OuType *check(OuVM *vm, OuType *type, OuObj *obj)
{
    if (ou_isa_type(vm, obj) && ou_type_is_subtype(vm, OU_AS_TYPE(obj), type))
        return (OuType *)ou_ref(obj);
    if (ou_type_is_subtype(vm, OU_TYPE_OF(vm, obj), type))
        return ou_ref(OU_TYPE_OF(vm, obj));
    OuObj *cls; /* a proxy may say that it is an instance */
    int r = ou_lookup_attr(vm, obj, OU_NAME(vm, __class__), &cls);
    if (r < 0)
        return NULL;
    if (r) {
        if (ou_isa_type(vm, cls) && cls != (OuObj *)OU_TYPE_OF(vm, obj) &&
            ou_type_is_subtype(vm, OU_AS_TYPE(cls), type))
            return OU_AS_TYPE(cls);
        ou_decref(vm, cls);
    }
    return ou_type_error(vm, "super(type, obj): obj must be an instance or subtype of type");
}

static int fill(OuVM *vm, Super *s, OuType *type, OuObj *obj)
{
    OuType *obj_type = NULL;
    if (obj == OU_NONE(vm))
        obj = NULL;
    ou_incref(type); /* both may be s's own, and check() runs code */
    ou_xincref(obj);
    if (obj && !(obj_type = check(vm, type, obj))) {
        ou_decref(vm, type);
        ou_xdecref(vm, obj);
        return -1;
    }
    OuType *old_type = s->type, *old_obj_type = s->obj_type;
    OuObj *old_obj = s->obj;
    s->type = type;
    s->obj = obj;
    s->obj_type = obj_type;
    ou_xdecref(vm, old_type);
    ou_xdecref(vm, old_obj);
    ou_xdecref(vm, old_obj_type);
    return 0;
}

static OuObj *super_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_type_alloc(vm, type, 0);
}

static int super_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, "super", kwnames) < 0 || ou_arity(vm, "super", nargs, 0, 2) < 0)
        return -1;
    OuType *type;
    OuObj *obj = nargs > 1 ? args[1] : OU_NONE(vm);
    if (!nargs) {
        if (ou_frame_super_args(vm, &type, &obj) < 0)
            return -1;
    } else {
        if (!ou_isa_type(vm, args[0]))
            return ou_type_error_i(vm, "super() argument 1 must be a type, not %T", args[0]);
        type = OU_AS_TYPE(args[0]);
    }
    return fill(vm, (Super *)self, type, obj);
}

OuObj *ou_super_new(OuVM *vm, OuType *type, OuObj *obj)
{
    OuObj *s = ou_type_alloc(vm, &vm->builtin[OU_T_super], 0);
    if (s && fill(vm, (Super *)s, type, obj) < 0)
        ou_clear(vm, s);
    return s;
}

OuObj *ou_super_lookup(OuVM *vm, OuType *type, OuObj *obj, OuType *start, OuObj *name)
{
    OuTuple *mro = start->mro;
    size_t i = 0;
    if (!mro)
        return NULL;
    while (i < mro->n && mro->items[i] != (OuObj *)type)
        i++;
    ou_incref(mro);
    OuObj *found = NULL;
    for (i++; i < mro->n; i++) {
        OuDict *d = ou_type_dict(vm, OU_AS_TYPE(mro->items[i]));
        OuObj *v = d ? ou_dict_get(vm, (OuObj *)d, name) : NULL;
        if (v) {
            OuObj *(*get)(OuVM *, OuObj *, OuObj *, OuObj *) = OU_TYPE_OF(vm, v)->s.descr_get;
            ou_incref(v);
            found = v;
            if (get) {
                found = get(vm, v, obj == (OuObj *)start ? NULL : obj, (OuObj *)start);
                ou_decref(vm, v);
            }
            break;
        }
        if (ou_err_occurred(vm))
            break;
    }
    ou_decref(vm, mro);
    return found;
}

static OuObj *super_getattr(OuVM *vm, OuObj *o, OuObj *name)
{
    Super *s = (Super *)o;
    /* super(...).__class__ is super: what isinstance() asks */
    if (s->obj_type && !(ou_isa_str(vm, name) && ou_str_eq(OU_STR(name), OU_STR(OU_NAME(vm, __class__))))) {
        OuType *start = ou_ref(s->obj_type), *type = ou_ref(s->type);
        OuObj *obj = ou_ref(s->obj), *v = ou_super_lookup(vm, type, obj, start, name);
        ou_decref(vm, start);
        ou_decref(vm, type);
        ou_decref(vm, obj);
        if (v || ou_err_occurred(vm))
            return v;
    }
    return ou_generic_getattr(vm, o, name);
}

static OuObj *super_get(OuVM *vm, OuObj *o, OuObj *obj, OuObj *type)
{
    Super *s = (Super *)o;
    if (!obj || obj == OU_NONE(vm) || s->obj)
        return ou_ref(o);
    if (!s->type)
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "super(): no type"); /* before __init__ */
    if (OU_TYPE_OF(vm, o) != &vm->builtin[OU_T_super])
        return ou_call2(vm, (OuObj *)OU_TYPE_OF(vm, o), (OuObj *)s->type, obj);
    return ou_super_new(vm, s->type, obj);
}

static OuObj *super_repr(OuVM *vm, OuObj *o)
{
    Super *s = (Super *)o;
    const char *name = s->type ? s->type->name : "NULL";
    if (s->obj_type)
        return ou_str_fmt(vm, "<super: <class '%s'>, <%N object>>", name, s->obj_type);
    return ou_str_fmt(vm, "<super: <class '%s'>, NULL>", name);
}

static void super_dealloc(OuVM *vm, OuObj *o)
{
    Super *s = (Super *)o;
    ou_xdecref(vm, s->obj);
    ou_xdecref(vm, s->type);
    ou_xdecref(vm, s->obj_type);
    ou_free_object(vm, o);
}

static int super_traverse(OuObj *o, OuVisit visit, void *arg)
{
    Super *s = (Super *)o;
    OU_VISIT(s->obj);
    OU_VISIT(s->type);
    OU_VISIT(s->obj_type);
    return 0;
}

static const OuMember super_members[] = {
    {"__thisclass__", OU_MEMBER_OBJ, offsetof(Super, type), true, "the class invoking super()"},
    {"__self__", OU_MEMBER_OBJ, offsetof(Super, obj), true, "the instance invoking super(); may be None"},
    {"__self_class__", OU_MEMBER_OBJ, offsetof(Super, obj_type), true,
     "the type of the instance invoking super(); may be None"},
    {0},
};

const OuTypeSpec ou_super_spec = {
    .name = "super",
    .size = sizeof(Super),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_DEEP,
    .doc = "super() -> same as super(__class__, <first argument>)\nsuper(type) -> unbound super object\n"
           "super(type, obj) -> bound super object; requires isinstance(obj, type)\n"
           "super(type, type2) -> bound super object; requires issubclass(type2, type)",
    .dealloc = super_dealloc,
    .traverse = super_traverse,
    .s = {.repr = super_repr,
          .getattr = super_getattr,
          .descr_get = super_get,
          .new_ = super_new,
          .init = super_init},
    .members = super_members,
};
