/* vm/wrapper.c - calling a native slot through its special method: argument checks of CPython's wrap_*
 * functions, and
 * `__new__` of native types. */
#include "type.h"

#include <string.h>

const char *ou_doc_text(const char *name, const char *doc)
{
    const char *dot = strrchr(name, '.');
    if (dot)
        name = dot + 1;
    size_t n = strlen(name);
    if (!strncmp(doc, name, n) && doc[n] == '(') {
        const char *end = strstr(doc, ")\n--\n\n");
        if (end)
            return end + 6;
    }
    return doc;
}

OuObj *ou_doc_signature(OuVM *vm, const char *name, const char *doc)
{
    const char *text = doc ? ou_doc_text(name, doc) : NULL;
    if (!text || text == doc)
        return NULL;
    const char *start = strchr(doc, '(');
    return ou_str_new(vm, start, text - 5 - start);
}

/* object and type refuse to be changed through a base's __setattr__ (object.__setattr__(int, ...)). */
static int check_hack(OuVM *vm, OuObj *self, void *fn, const char *what)
{
    OuType *t = OU_TYPE_OF(vm, self);
    OuTuple *mro = t->mro;
    if (!mro)
        return 0;
    /* The first native class of the MRO that defines setattr must be the one whose function is called. */
    for (size_t i = 0; i < mro->n; i++) {
        OuType *c = OU_AS_TYPE(mro->items[i]);
        if (c->flags & OU_TYPE_HEAP)
            continue;
        if ((void *)c->s.setattr == fn)
            return 0;
        return ou_type_error_i(vm, "can't apply this %s to %T object", what, self);
    }
    return 0;
}

static OuObj *none_or_null(OuVM *vm, int r)
{
    return r < 0 ? NULL : ou_none(vm);
}

static int item_index(OuVM *vm, OuObj *self, OuObj *key, ou_ssize *i)
{
    if (ou_as_ssize(vm, key, OU_EXC(vm, OverflowError), i) < 0)
        return -1;
    OuType *t = OU_TYPE_OF(vm, self);
    if (*i < 0 && t->s.len) {
        ou_ssize n = t->s.len(vm, self);
        if (n < 0)
            return -1;
        *i += n;
    }
    return 0;
}

static int check_name(OuVM *vm, OuObj *name)
{
    return ou_isa_str(vm, name) ? 0 : ou_type_error_i(vm, "attribute name must be string, not '%T'", name);
}

OuObj *ou_wrapper_call(OuVM *vm, const OuSlotRow *row, void *fn, OuObj *self, OuObj *const *args,
                       size_t nargs, OuObj *kwnames)
{
    if (kwnames && OU_TUPLE(kwnames)->n && row->kind != OU_W_CALL && row->kind != OU_W_INIT)
        return ou_type_error(vm, "wrapper %U() takes no keyword arguments", vm->names[row->name]);
    static const uint8_t cmp_op[] = {OU_CMP_LT, OU_CMP_EQ, OU_CMP_LE, OU_CMP_GT, OU_CMP_NE, OU_CMP_GE};
#define ARITY(n)                                                 \
    if (nargs != (n) && ou_arity(vm, NULL, nargs, (n), (n)) < 0) \
    return NULL
    switch ((OuWrapKind)row->kind) {
    case OU_W_UNARY:
        ARITY(0);
        return ((OuUnary)fn)(vm, self);
    case OU_W_NEXT: {
        ARITY(0);
        OuObj *r = ((OuUnary)fn)(vm, self);
        if (!r && !ou_err_occurred(vm))
            ou_raise_value(vm, OU_EXC(vm, StopIteration), NULL);
        return r;
    }
    case OU_W_BINARY:
        ARITY(1);
        return ((OuBinary)fn)(vm, self, args[0]);
    case OU_W_BINARY_R:
        ARITY(1);
        return ((OuBinary)fn)(vm, args[0], self);
    case OU_W_POW:
    case OU_W_POW_R: {
        if (ou_arity(vm, "", nargs, 1, 2) < 0)
            return NULL;
        OuObj *a = row->kind == OU_W_POW ? self : args[0], *b = row->kind == OU_W_POW ? args[0] : self;
        if (nargs == 2 && args[1] != OU_NONE(vm)) {
            OuType *t = OU_TYPE_OF(vm, self);
            return t->u->power3 ? t->u->power3(vm, a, b, args[1]) : ou_notimplemented(vm);
        }
        return ((OuBinary)fn)(vm, a, b);
    }
    case OU_W_LEN: {
        ARITY(0);
        ou_ssize n = ((OuLenFn)fn)(vm, self);
        return n < 0 ? NULL : ou_int(vm, n);
    }
    case OU_W_TRUTH: {
        ARITY(0);
        int r = ((OuInquiry)fn)(vm, self);
        return r < 0 ? NULL : ou_bool(vm, r);
    }
    case OU_W_HASH: {
        ARITY(0);
        int64_t h;
        return ((OuHashFn)fn)(vm, self, &h) < 0 ? NULL : ou_int(vm, h);
    }
    case OU_W_CALL:
        return ((OuCallFn)fn)(vm, self, args, nargs, kwnames);
    case OU_W_INIT:
        return none_or_null(vm, ((OuInitFn)fn)(vm, self, args, nargs, kwnames));
    case OU_W_GETATTR:
        ARITY(1);
        if (check_name(vm, args[0]) < 0)
            return NULL;
        return ((OuBinary)fn)(vm, self, args[0]);
    case OU_W_SETATTR:
        if (ou_arity(vm, "", nargs, 2, 2) < 0 || check_hack(vm, self, fn, "__setattr__") < 0 ||
            check_name(vm, args[0]) < 0)
            return NULL;
        return none_or_null(vm, ((OuSetter)fn)(vm, self, args[0], args[1]));
    case OU_W_DELATTR:
        ARITY(1);
        if (check_hack(vm, self, fn, "__delattr__") < 0 || check_name(vm, args[0]) < 0)
            return NULL;
        return none_or_null(vm, ((OuSetter)fn)(vm, self, args[0], NULL));
    case OU_W_LT:
    case OU_W_EQ:
    case OU_W_LE:
    case OU_W_GT:
    case OU_W_NE:
    case OU_W_GE:
        ARITY(1);
        return ((OuCompareFn)fn)(vm, self, args[0], cmp_op[row->kind - OU_W_LT]);
    case OU_W_GET: {
        if (ou_arity(vm, "", nargs, 1, 2) < 0)
            return NULL;
        OuObj *obj = args[0] == OU_NONE(vm) ? NULL : args[0];
        OuObj *type = nargs < 2 || args[1] == OU_NONE(vm) ? NULL : args[1];
        if (!obj && !type)
            return ou_type_error(vm, "__get__(None, None) is invalid");
        return ((OuTernary)fn)(vm, self, obj, type);
    }
    case OU_W_SET:
        if (ou_arity(vm, "", nargs, 2, 2) < 0)
            return NULL;
        return none_or_null(vm, ((OuSetter)fn)(vm, self, args[0], args[1]));
    case OU_W_DELETE:
        ARITY(1);
        return none_or_null(vm, ((OuSetter)fn)(vm, self, args[0], NULL));
    case OU_W_SETITEM:
        if (ou_arity(vm, "", nargs, 2, 2) < 0)
            return NULL;
        return none_or_null(vm, ((OuSetter)fn)(vm, self, args[0], args[1]));
    case OU_W_DELITEM:
        ARITY(1);
        return none_or_null(vm, ((OuSetter)fn)(vm, self, args[0], NULL));
    case OU_W_ITEM: {
        ARITY(1);
        ou_ssize i;
        return item_index(vm, self, args[0], &i) < 0 ? NULL : ((OuItemFn)fn)(vm, self, i);
    }
    case OU_W_CONTAINS: {
        ARITY(1);
        int r = ((OuContainsFn)fn)(vm, self, args[0]);
        return r < 0 ? NULL : ou_bool(vm, r);
    }
    case OU_W_REPEAT: {
        if (ou_arity(vm, "", nargs, 1, 1) < 0) /* an empty name there too: " expected 1 argument" */
            return NULL;
        ou_ssize n;
        if (ou_as_ssize(vm, args[0], OU_EXC(vm, OverflowError), &n) < 0)
            return NULL;
        return ((OuItemFn)fn)(vm, self, n);
    }
    case OU_W_DEL:
        ARITY(0);
        ((OuFinalizeFn)fn)(vm, self);
        return ou_none(vm);
    case OU_W_NONE:
        break;
    }
#undef ARITY
    return ou_raise(vm, OU_EXC(vm, SystemError), "slot wrapper without a kind");
}

/* ---- __new__ ----------------------------------------------------------------------------------- */

static OuObj *call_new(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuType *type = OU_AS_TYPE(args[0]);
    if (nargs < 2)
        return ou_type_error(vm, "%N.__new__(): not enough arguments", type);
    if (!ou_isa_type(vm, args[1]))
        return ou_type_error(vm, "%N.__new__(X): X is not a type object (%T)", type, args[1]);
    OuType *sub = OU_AS_TYPE(args[1]);
    if (!ou_type_is_subtype(vm, sub, type))
        return ou_type_error(vm, "%N.__new__(%N): %N is not a subtype of %N", type, sub, sub, type);
    /* The most derived native constructor must agree: list.__new__ cannot make the struct of a dict. */
    OuType *native = sub;
    while (ou_slots_new_is_python(native))
        native = native->base;
    if (native->s.new_ != type->s.new_)
        return ou_type_error(vm, "%N.__new__(%N) is not safe, use %N.__new__()", type, sub, native);
    if (!type->s.new_)
        return ou_type_error(vm, "cannot create '%N' instances", type);
    return type->s.new_(vm, sub, args + 2, nargs - 2, kwnames);
}

const OuFn ou_new_fn = {"__new__($type, *args, **kwargs)", call_new, OU_FN_RAW,
                        "Create and return a new object.  See help(type) for accurate signature."};

bool ou_is_native_new(OuObj *f, OuType **type)
{
    if (!ou_is(f, builtin) || ((OuBuiltin *)f)->def != &ou_new_fn)
        return false;
    *type = OU_AS_TYPE(((OuBuiltin *)f)->self);
    return true;
}
