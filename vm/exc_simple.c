/* vm/exc_simple.c - exceptions with a few fields of their own: StopIteration, SystemExit, KeyError, NameError,
 * AttributeError, ImportError. */
#include "exc_impl.h"

/* ---- StopIteration ---- */

static int stopiteration_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_exc_init_base(vm, self, args, nargs, kwnames) < 0)
        return -1;
    ou_exc_put(vm, &((OuExcStopIteration *)self)->value, nargs ? args[0] : OU_NONE(vm));
    return 0;
}

OU_EXC_LAYOUT(stopiteration, OuExcStopIteration, value, 1)
static const OuMember stopiteration_members[] = {
    {"value", OU_MEMBER_OBJ, offsetof(OuExcStopIteration, value), false, "generator return value"},
    {0},
};
const OuTypeSpec ou_exc_spec_stopiteration = {
    OU_EXC_SPEC(stopiteration, OuExcStopIteration, "StopIteration"),
    .s = {.init = stopiteration_init},
    .members = stopiteration_members,
};

/* ---- SystemExit ---- */

static int systemexit_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_exc_init_base(vm, self, args, nargs, kwnames) < 0)
        return -1;
    if (nargs)
        ou_exc_put(vm, &((OuExcSystemExit *)self)->code, nargs == 1 ? args[0] : ((OuExc *)self)->args);
    return 0;
}

OU_EXC_LAYOUT(systemexit, OuExcSystemExit, code, 1)
static const OuMember systemexit_members[] = {
    {"code", OU_MEMBER_OBJ, offsetof(OuExcSystemExit, code), false, "exception code"},
    {0},
};
const OuTypeSpec ou_exc_spec_systemexit = {
    OU_EXC_SPEC(systemexit, OuExcSystemExit, "SystemExit"),
    .s = {.init = systemexit_init},
    .members = systemexit_members,
};

/* ---- KeyError: one key is shown by repr(), so that KeyError('') and KeyError('1') can be told ---- */

static OuObj *keyerror_str(OuVM *vm, OuObj *self)
{
    OuObj *args = ((OuExc *)self)->args;
    if (args && OU_TUPLE(args)->n == 1)
        return ou_repr(vm, OU_TUPLE(args)->items[0]);
    return ou_exc_str(vm, self);
}

const OuTypeSpec ou_exc_spec_keyerror = {
    .name = "KeyError",
    .size = sizeof(OuExc),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_DEEP,
    .s = {.str = keyerror_str, .init = ou_exc_init_base},
};

/* ---- NameError ---- */

static int nameerror_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    static const char *const names[] = {"name"};
    OuObj *out[1];
    if (ou_exc_set_args(vm, self, args, nargs) < 0 ||
        ou_exc_keywords(vm, "NameError", names, 1, args + nargs, kwnames, out) < 0)
        return -1;
    ou_exc_put(vm, &((OuExcNameError *)self)->name, out[0]);
    return 0;
}

OU_EXC_LAYOUT(nameerror, OuExcNameError, name, 1)
static const OuMember nameerror_members[] = {
    {"name", OU_MEMBER_OBJ, offsetof(OuExcNameError, name), false, "name"},
    {0},
};
const OuTypeSpec ou_exc_spec_nameerror = {
    OU_EXC_SPEC(nameerror, OuExcNameError, "NameError"),
    .s = {.str = ou_exc_str, .init = nameerror_init},
    .members = nameerror_members,
};

/* ---- AttributeError ---- */

static int attributeerror_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    static const char *const names[] = {"name", "obj"};
    OuObj *out[2];
    if (ou_exc_set_args(vm, self, args, nargs) < 0 ||
        ou_exc_keywords(vm, "AttributeError", names, 2, args + nargs, kwnames, out) < 0)
        return -1;
    ou_exc_put(vm, &((OuExcAttributeError *)self)->name, out[0]);
    ou_exc_put(vm, &((OuExcAttributeError *)self)->obj, out[1]);
    return 0;
}

OU_EXC_LAYOUT(attributeerror, OuExcAttributeError, obj, 2)
static const OuMember attributeerror_members[] = {
    {"name", OU_MEMBER_OBJ, offsetof(OuExcAttributeError, name), false, "attribute name"},
    {"obj", OU_MEMBER_OBJ, offsetof(OuExcAttributeError, obj), false, "object"},
    {0},
};
const OuTypeSpec ou_exc_spec_attributeerror = {
    OU_EXC_SPEC(attributeerror, OuExcAttributeError, "AttributeError"),
    .s = {.str = ou_exc_str, .init = attributeerror_init},
    .members = attributeerror_members,
};

/* ---- ImportError ---- */

static int importerror_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    static const char *const names[] = {"name", "path"};
    OuExcImportError *e = (OuExcImportError *)self;
    OuObj *out[2];
    if (ou_exc_set_args(vm, self, args, nargs) < 0 ||
        ou_exc_keywords(vm, "ImportError", names, 2, args + nargs, kwnames, out) < 0)
        return -1;
    ou_exc_put(vm, &e->name, out[0]);
    ou_exc_put(vm, &e->path, out[1]);
    ou_exc_put(vm, &e->msg, nargs == 1 ? args[0] : NULL);
    return 0;
}

static OuObj *importerror_str(OuVM *vm, OuObj *self)
{
    OuObj *msg = ((OuExcImportError *)self)->msg;
    return msg && ou_is(msg, str) ? ou_ref(msg) : ou_exc_str(vm, self);
}

/* The state carries name and path, which `args` does not have. */
static OuObj *importerror_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuExcImportError *e = (OuExcImportError *)args[0];
    OuObj *state = NULL, *res;
    if (e->name || e->path) {
        state = e->dict ? ou_dict_copy(vm, e->dict) : ou_dict_new(vm);
        if (!state || (e->name && ou_dict_set(vm, state, OU_NAME(vm, name), e->name) < 0) ||
            (e->path && ou_dict_set(vm, state, OU_NAME(vm, path), e->path) < 0)) {
            ou_xdecref(vm, state);
            return NULL;
        }
    } else if (e->dict)
        state = ou_ref(e->dict);
    res = ou_exc_reduce_with(vm, args[0], ou_ref(e->args ? e->args : OU_EMPTY_TUPLE(vm)), state);
    ou_xdecref(vm, state);
    return res;
}

OU_EXC_LAYOUT(importerror, OuExcImportError, msg, 3)
static const OuFn importerror_methods[] = {{"__reduce__(self, /)", importerror_reduce, 0, NULL}, {0}};
static const OuMember importerror_members[] = {
    {"msg", OU_MEMBER_OBJ, offsetof(OuExcImportError, msg), false, "exception message"},
    {"name", OU_MEMBER_OBJ, offsetof(OuExcImportError, name), false, "module name"},
    {"path", OU_MEMBER_OBJ, offsetof(OuExcImportError, path), false, "module path"},
    {0},
};
const OuTypeSpec ou_exc_spec_importerror = {
    OU_EXC_SPEC(importerror, OuExcImportError, "ImportError"),
    .s = {.str = importerror_str, .init = importerror_init},
    .methods = importerror_methods,
    .members = importerror_members,
};
