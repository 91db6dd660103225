/* vm/singletons.c - the types of None, NotImplemented and Ellipsis. */
#include "type.h"

static void immortal(OuVM *vm, OuObj *o)
{
    o->rc = OU_RC_SINGLETON; /* somebody released too often: the singleton stays */
}

static OuObj *give(OuVM *vm, OuObj *singleton, const char *name, size_t nargs, OuObj *kwnames)
{
    if (nargs || (kwnames && OU_TUPLE(kwnames)->n))
        return ou_type_error(vm, "%s takes no arguments", name);
    return ou_ref(singleton);
}

static OuObj *none_repr(OuVM *vm, OuObj *o)
{
    return ou_str_intern_s(vm, "None");
}
static int none_truth(OuVM *vm, OuObj *o)
{
    return 0;
}
static OuObj *none_new(OuVM *vm, OuType *t, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return give(vm, OU_NONE(vm), "NoneType", nargs, kwnames);
}

const OuTypeSpec ou_none_spec = {
    .name = "NoneType",
    .size = sizeof(OuObj),
    .dealloc = immortal,
    .s = {.repr = none_repr, .hash = ou_hash_pointer, .truth = none_truth, .new_ = none_new},
};

static OuObj *notimplemented_repr(OuVM *vm, OuObj *o)
{
    return ou_str_intern_s(vm, "NotImplemented");
}
static int notimplemented_truth(OuVM *vm, OuObj *o)
{
    return ou_warn(vm, OU_EXC(vm, DeprecationWarning), 1,
                   "NotImplemented should not be used in a boolean context") < 0
               ? -1
               : 1;
}
static OuObj *notimplemented_new(OuVM *vm, OuType *t, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return give(vm, OU_NOTIMPLEMENTED(vm), "NotImplementedType", nargs, kwnames);
}
static OuObj *notimplemented_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_str_intern_s(vm, "NotImplemented");
}
static const OuFn notimplemented_methods[] = {
    {"__reduce__(self, /)", notimplemented_reduce, 0, NULL},
    {0},
};

const OuTypeSpec ou_notimplemented_spec = {
    .name = "NotImplementedType",
    .size = sizeof(OuObj),
    .dealloc = immortal,
    .s = {.repr = notimplemented_repr, .truth = notimplemented_truth, .new_ = notimplemented_new},
    .methods = notimplemented_methods,
};

static OuObj *ellipsis_repr(OuVM *vm, OuObj *o)
{
    return ou_str_intern_s(vm, "Ellipsis");
}
static OuObj *ellipsis_new(OuVM *vm, OuType *t, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return give(vm, OU_ELLIPSIS(vm), "EllipsisType", nargs, kwnames);
}
static OuObj *ellipsis_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_str_intern_s(vm, "Ellipsis");
}
static const OuFn ellipsis_methods[] = {
    {"__reduce__(self, /)", ellipsis_reduce, 0, NULL},
    {0},
};

const OuTypeSpec ou_ellipsis_spec = {
    .name = "ellipsis",
    .size = sizeof(OuObj),
    .dealloc = immortal,
    .s = {.repr = ellipsis_repr, .new_ = ellipsis_new},
    .methods = ellipsis_methods,
};
