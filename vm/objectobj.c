/* vm/objectobj.c - type object, and the generic attribute functions. */
#include "type.h"

#include <string.h>

#include "audit.h"

/* ---- generic attributes --------------------------------------------------------------------- */

int ou_generic_lookup_attr(OuVM *vm, OuObj *o, OuObj *name, OuObj **out)
{
    if (!ou_is(name, str) && !ou_isa_str(vm, name))
        return ou_type_error_i(vm, "attribute name must be string, not '%T'", name);
    OuType *t = OU_TYPE_OF(vm, o);
    OuObj *d = ou_type_lookup(vm, t, name);
    OuObj *(*get)(OuVM *, OuObj *, OuObj *, OuObj *) = NULL;
    if (d) {
        OuType *dt = OU_TYPE_OF(vm, d);
        get = dt->s.descr_get;
        if (get && dt->s.descr_set) {
            ou_incref(d);
            *out = get(vm, d, o, (OuObj *)t);
            ou_decref(vm, d);
            if (*out)
                return 1;
            return -1;
        }
        ou_incref(d); /* looking into the instance dict may run code */
    }
    if (t->dict_off) {
        int err;
        if (t->flags & OU_TYPE_TYPE_SUB)
            ou_type_dict(vm, OU_AS_TYPE(o));
        OuObj *v = ou_inst_get(vm, o, t, name, &err);
        if (v || err) {
            if (v)
                *out = ou_ref(v);
            ou_xdecref(vm, d);
            return v ? 1 : -1;
        }
    }
    if (!d)
        return 0;
    if (!get) {
        *out = d;
        return 1;
    }
    *out = get(vm, d, o, (OuObj *)t);
    ou_decref(vm, d);
    return *out ? 1 : -1;
}

OuObj *ou_generic_getattr(OuVM *vm, OuObj *o, OuObj *name)
{
    OuObj *v = NULL;
    int r = ou_generic_lookup_attr(vm, o, name, &v);
    if (r > 0)
        return v;
    if (r == 0)
        ou_raise_attr(vm, o, name, "'%T' object has no attribute '%U'", o, name);
    return NULL;
}

int ou_generic_setattr(OuVM *vm, OuObj *o, OuObj *name, OuObj *value)
{
    if (!ou_is(name, str) && !ou_isa_str(vm, name))
        return ou_type_error_i(vm, "attribute name must be string, not '%T'", name);
    OuType *t = OU_TYPE_OF(vm, o);
    OuObj *d = ou_type_lookup(vm, t, name);
    if (d && OU_TYPE_OF(vm, d)->s.descr_set) {
        ou_incref(d);
        int r = OU_TYPE_OF(vm, d)->s.descr_set(vm, d, o, value);
        ou_decref(vm, d);
        return r;
    }
    if (t->dict_off)
        return ou_inst_set(vm, o, t, name, value);
    if (d)
        return ou_raise_i(vm, OU_EXC(vm, AttributeError), "'%N' object attribute '%U' is read-only", t, name);
    return ou_raise_i(vm, OU_EXC(vm, AttributeError), "'%N' object has no attribute '%U'", t, name);
}

/* ---- slots of object ---------------------------------------------------------------------------- */

static int object_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames);

OuObj *ou_object_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (nargs || (kwnames && OU_TUPLE(kwnames)->n)) {
        if (type->s.new_ != ou_object_new)
            return ou_type_error(vm, "object.__new__() takes exactly one argument (the type to instantiate)");
        if (type->s.init == object_init)
            return ou_type_error(vm, "%N() takes no arguments", type);
    }
    if (type->flags & OU_TYPE_ABSTRACT) {
        OuObj *set = ou_dict_get_str(vm, type->dict, OU_NAME(vm, __abstractmethods__));
        OuObj *list = set ? ou_list_new(vm, 0) : NULL, *sep = NULL, *joined = NULL;
        if (list && ou_list_extend(vm, list, set) == 0 && ou_list_sort(vm, list, NULL, false) == 0 &&
            (sep = ou_str_new(vm, ", ", 2)) &&
            (joined = ou_str_join(vm, sep, OU_LIST(list)->items, OU_LIST(list)->n)))
            ou_type_error(vm, "Can't instantiate abstract class %N with abstract method%s %U", type,
                          OU_LIST(list)->n > 1 ? "s" : "", joined);
        ou_xdecref(vm, list);
        ou_xdecref(vm, sep);
        ou_xdecref(vm, joined);
        return NULL;
    }
    return ou_type_alloc(vm, type, 0);
}

static int object_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (!nargs && !(kwnames && OU_TUPLE(kwnames)->n))
        return 0;
    OuType *t = OU_TYPE_OF(vm, self);
    if (t->s.init != object_init)
        return ou_type_error_i(vm,
                               "object.__init__() takes exactly one argument (the instance to initialize)");
    if (t->s.new_ == ou_object_new)
        return ou_type_error_i(vm, "%N.__init__() takes exactly one argument (the instance to initialize)",
                               t);
    return 0;
}

static OuObj *object_repr(OuVM *vm, OuObj *o)
{
    OuType *t = OU_TYPE_OF(vm, o);
    OuObj *mod = ou_type_module_name(vm, t), *qual, *r = NULL;
    if (!mod)
        ou_err_clear(vm);
    qual = ou_type_qualname(vm, t);
    if (qual) {
        if (mod && ou_isa_str(vm, mod) && !ou_str_eq_s(mod, "builtins"))
            r = ou_str_fmt(vm, "<%U.%U object at %p>", mod, qual, (void *)o);
        else
            r = ou_str_fmt(vm, "<%N object at %p>", t, (void *)o);
    }
    ou_xdecref(vm, mod);
    ou_xdecref(vm, qual);
    return r;
}

static OuObj *object_str(OuVM *vm, OuObj *o)
{
    return OU_TYPE_OF(vm, o)->s.repr(vm, o); /* whether it is a str, str() tests */
}

int ou_hash_pointer(OuVM *vm, OuObj *o, int64_t *out)
{
    uint64_t x = (uint64_t)(uintptr_t)o;
    if (o->rc < OU_RC_SINGLETON / 2)
        o->tf |= OU_F_ADDR;
    *out = (int64_t)(x >> 4 | x << 60);
    if (*out == -1)
        *out = -2;
    return 0;
}

int ou_hash_unhashable(OuVM *vm, OuObj *o, int64_t *out)
{
    return ou_type_error_i(vm, "unhashable type: '%T'", o);
}

OuObj *ou_self_iter(OuVM *vm, OuObj *o)
{
    return ou_ref(o);
}

static OuObj *object_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if (op == OU_CMP_EQ)
        return a == b ? ou_ref(OU_TRUE(vm)) : ou_notimplemented(vm);
    if (op != OU_CMP_NE)
        return ou_notimplemented(vm);
    OuObj *(*compare)(OuVM *, OuObj *, OuObj *, int) = OU_TYPE_OF(vm, a)->s.compare;
    if (!compare)
        return ou_notimplemented(vm);
    bool hold =
        compare != object_compare; /* CPython comes here by a slot wrapper, with a tuple of arguments */
    ou_hold((OuObj *[]){a, b, b}, hold ? 3 : 0);
    OuObj *r = compare(vm, a, b, OU_CMP_EQ);
    ou_unhold(vm, (OuObj *[]){a, b, b}, hold ? 3 : 0);
    if (!r || r == OU_NOTIMPLEMENTED(vm))
        return r;
    int truth = ou_is_true(vm, r);
    ou_decref(vm, r);
    return truth < 0 ? NULL : ou_bool(vm, !truth);
}

/* ---- __class__ -------------------------------------------------------------------------------------- */

static OuObj *get_class(OuVM *vm, OuObj *o, void *data)
{
    return ou_ref((OuObj *)OU_TYPE_OF(vm, o));
}

static int set_class(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    OuType *from = OU_TYPE_OF(vm, o);
    if (!value)
        return ou_type_error_i(vm, "can't delete __class__ attribute");
    if (!ou_isa_type(vm, value))
        return ou_type_error_i(vm, "__class__ must be set to a class, not '%T' object", value);
    if (ou_audit(vm, "object.__setattr__", "OsO", o, "__class__", value) < 0)
        return -1;
    OuType *to = OU_AS_TYPE(value);
    from = OU_TYPE_OF(vm, o);
    if (from == to)
        return 0;
    OuType *module = &vm->builtin[OU_T_module];
    bool modules = ou_type_is_subtype(vm, to, module) && ou_type_is_subtype(vm, from, module);
    if (!modules && (to->flags & OU_TYPE_IMMUTABLE || from->flags & OU_TYPE_IMMUTABLE))
        return ou_type_error_i(
            vm, "__class__ assignment only supported for mutable types or ModuleType subclasses");
    if (!ou_type_compatible(vm, from, to, "__class__"))
        return -1;
    return ou_inst_change_class(vm, o, to);
}

/* ---- methods ------------------------------------------------------------------------------------------ */

static OuObj *object_format(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "__format__() argument must be str, not %T", args[1]);
    if (ou_str_len(args[1]) > 0)
        return ou_type_error(vm, "unsupported format string passed to %T.__format__", args[0]);
    return ou_str(vm, args[0]);
}

static OuObj *object_sizeof(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_int(vm, (int64_t)ou_object_size(vm, args[0]));
}

static OuObj *return_none(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_none(vm);
}

static OuObj *return_notimplemented(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_notimplemented(vm);
}

/* Adds the names of cls and its bases to dict. */
static int merge_class(OuVM *vm, OuObj *dict, OuObj *cls)
{
    OuObj *v = NULL;
    if (ou_check_stack(vm, "") < 0)
        return -1;
    int r = ou_lookup_attr(vm, cls, OU_NAME(vm, __dict__), &v);
    if (r > 0) {
        r = ou_dict_update(vm, dict, v);
        ou_decref(vm, v);
    }
    if (r < 0)
        return -1;
    r = ou_lookup_attr(vm, cls, OU_NAME(vm, __bases__), &v);
    if (r <= 0)
        return r;
    ou_ssize n = ou_len(vm, v);
    if (n < 0)
        ou_err_clear(vm);
    r = 0;
    for (ou_ssize i = 0; i < n && r == 0; i++) {
        OuObj *base = ou_getitem_i(vm, v, i);
        r = base ? merge_class(vm, dict, base) : -1;
        ou_xdecref(vm, base);
    }
    ou_decref(vm, v);
    return r;
}

static OuObj *object_dir(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *self = args[0], *d = NULL, *copy, *cls = NULL, *r = NULL;
    int found = ou_lookup_attr(vm, self, OU_NAME(vm, __dict__), &d);
    if (found < 0)
        return NULL;
    copy = found && ou_isa_dict(vm, d) ? ou_dict_copy(vm, d) : ou_dict_new(vm);
    if (copy) {
        found = ou_lookup_attr(vm, self, OU_NAME(vm, __class__), &cls);
        if (found >= 0 && (!found || merge_class(vm, copy, cls) == 0))
            r = ou_dict_keys_list(vm, copy);
    }
    ou_xdecref(vm, d);
    ou_xdecref(vm, copy);
    ou_xdecref(vm, cls);
    return r;
}

static const OuFn object_methods[] = {
    {"__reduce_ex__(self, protocol, /)", ou_object_reduce_ex, 0, "Helper for pickle."},
    {"__reduce__(self, /)", ou_object_reduce, 0, "Helper for pickle."},
    {"__getstate__(self, /)", ou_object_getstate, 0, "Helper for pickle."},
    {"__subclasshook__(type, /, *args)", return_notimplemented, OU_FN_CLASS | OU_FN_NOTEXT,
     "Abstract classes can override this to customize issubclass().\n\n"
     "This is invoked early on by abc.ABCMeta.__subclasscheck__().\n"
     "It should return True, False or NotImplemented.  If it returns\n"
     "NotImplemented, the normal algorithm is used.  Otherwise, it\n"
     "overrides the normal algorithm (and the outcome is cached).\n"},
    {"__init_subclass__(type)", return_none, OU_FN_CLASS | OU_FN_NOTEXT,
     "This method is called when a class is subclassed.\n\n"
     "The default implementation does nothing. It may be\noverridden to extend subclasses.\n"},
    {"__format__(self, format_spec, /)", object_format, 0, "Default object formatter."},
    {"__sizeof__(self, /)", object_sizeof, 0, "Size of object in memory, in bytes."},
    {"__dir__(self, /)", object_dir, 0, "Default dir() implementation."},
    {0},
};
static const OuGetSet object_getset[] = {
    {"__class__", get_class, set_class, "the object's class", NULL},
    {0},
};

static void object_dealloc(OuVM *vm, OuObj *o)
{
    ou_free_object(vm, o);
}

const OuTypeSpec ou_object_spec = {
    .name = "object",
    .size = sizeof(OuObj),
    .flags = OU_TYPE_BASE,
    .doc = "object()\n--\n\nThe base class of the class hierarchy.\n\nWhen called, it accepts no arguments "
           "and returns a new "
           "featureless\ninstance that has no instance attributes and cannot be given any.\n",
    .dealloc = object_dealloc,
    .s = {.repr = object_repr,
          .str = object_str,
          .hash = ou_hash_pointer,
          .getattr = ou_generic_getattr,
          .setattr = ou_generic_setattr,
          .compare = object_compare,
          .new_ = ou_object_new,
          .init = object_init},
    .methods = object_methods,
    .getset = object_getset,
};
