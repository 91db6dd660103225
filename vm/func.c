/* vm/func.c - functions, bound methods, cells. */
#include "func.h"

#include <string.h>

#include "audit.h"
#include "err.h"
#include "frame.h"
#include "native.h"
#include "type.h"

/* ---- function ------------------------------------------------------------------ */

OuObj *ou_func_new(OuVM *vm, OuObj *code, OuDict *globals, OuObj *qualname)
{
    OuCode *co = (OuCode *)code;
    OuObj *builtins = ou_dict_get_str(vm, globals, OU_NAME(vm, __builtins__));
    if (!builtins) /* what the code that makes the function uses */
        builtins = vm->ts->frame ? vm->ts->frame->func->builtins : (OuObj *)vm->builtins;
    OuObj *module = ou_dict_get_str(vm, globals, OU_NAME(vm, __name__));
    if (builtins && ou_is(builtins, module))
        builtins = (OuObj *)((OuModule *)builtins)->dict;
    OuFunc *f = (OuFunc *)ou_new_gc(vm, OU_T_function, sizeof *f);
    if (!f)
        return NULL;
    memset((char *)f + sizeof(OuObj), 0, sizeof *f - sizeof(OuObj));
    f->code = ou_ref(co);
    f->globals = ou_ref(globals);
    f->builtins = ou_ref(builtins);
    f->name = ou_ref(co->name);
    f->qualname = ou_ref(qualname ? qualname : co->qualname);
    f->module = module ? ou_ref(module) : NULL;
    if (co->nconsts && ou_is(co->consts[0], str) && (co->flags & OU_CO_NEWLOCALS))
        f->doc = ou_ref(co->consts[0]);
    ou_gc_track(&vm->heap, (OuObj *)f);
    return (OuObj *)f;
}

/* A function is freed at any depth, for its defaults, closure and dict are of types that put their death off.  Its __doc__ and
 * __module__ may be anything, another function too: then a tuple does it for them. */
static void release_any(OuVM *vm, OuObj *o)
{
    if (!o || ou_isa_str(vm, o) || o->rc > 1) {
        ou_xdecref(vm, o);
        return;
    }
    OuObj *exc = ou_err_fetch(vm), *t = ou_tuple_pack(vm, 1, o);
    ou_err_clear(vm);
    ou_err_restore(vm, exc);
    ou_decref(vm, o);
    ou_xdecref(vm, t);
}

static void release(OuVM *vm, OuObj *o)
{
    OuFunc *f = (OuFunc *)o;
    OuObj *module = f->module, *doc = f->doc;
    f->module = f->doc = NULL;
    ou_clear(vm, f->globals);
    release_any(vm, module);
    ou_clear(vm, f->defaults);
    ou_clear(vm, f->kwdefaults);
    release_any(vm, doc);
    ou_clear(vm, f->dict);
    ou_clear(vm, f->closure);
    ou_clear(vm, f->annotations);
    ou_clear(vm, f->builtins);
}

/* The collector's: names may be instances of a subclass of str, which are part of the cycle. */
static void function_clear(OuVM *vm, OuObj *o)
{
    OuFunc *f = (OuFunc *)o;
    release(vm, o);
    OuObj *name = f->name, *qualname = f->qualname;
    f->name = ou_ref(OU_EMPTY_STR(vm));
    f->qualname = ou_ref(OU_EMPTY_STR(vm));
    ou_decref(vm, name);
    ou_decref(vm, qualname);
}

static void function_dealloc(OuVM *vm, OuObj *o)
{
    OuFunc *f = (OuFunc *)o;
    ou_gc_untrack(&vm->heap, o);
    release(vm, o);
    ou_xdecref(vm, f->code);
    ou_xdecref(vm, f->old_codes);
    ou_xdecref(vm, f->name);
    ou_xdecref(vm, f->qualname);
    ou_free_object(vm, o);
}

static int function_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OuFunc *f = (OuFunc *)o;
    OU_VISIT(f->code);
    OU_VISIT(f->globals);
    OU_VISIT(f->module);
    OU_VISIT(f->defaults);
    OU_VISIT(f->kwdefaults);
    OU_VISIT(f->doc);
    OU_VISIT(f->name);
    OU_VISIT(f->dict);
    OU_VISIT(f->closure);
    OU_VISIT(f->annotations);
    OU_VISIT(f->qualname);
    OU_VISIT(f->builtins);
    return 0;
}

static OuObj *function_repr(OuVM *vm, OuObj *o)
{
    return ou_str_fmt(vm, "<function %U at %p>", ((OuFunc *)o)->qualname, (void *)o);
}

static OuObj *function_get(OuVM *vm, OuObj *d, OuObj *obj, OuObj *type)
{
    if (!obj || obj == OU_NONE(vm))
        return ou_ref(d);
    return ou_method_new(vm, d, obj);
}

static OuObj *function_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    static const char sig[] = "function(code, globals, name=None, argdefs=None, closure=None)";
    OuObj *a[5];
    if (ou_args_bind(vm, sig, args, nargs, kwnames, a) < 0)
        return NULL;
    if (!ou_is(a[0], code))
        return ou_type_error(vm, "function() argument 'code' must be code, not %T", a[0]);
    if (!ou_isa_dict(vm, a[1]))
        return ou_type_error(vm, "function() argument 'globals' must be dict, not %T", a[1]);
    OuObj *name = a[2] == OU_NONE(vm) ? NULL : a[2], *defaults = a[3] == OU_NONE(vm) ? NULL : a[3];
    OuObj *closure = a[4] == OU_NONE(vm) ? NULL : a[4];
    OuCode *co = (OuCode *)a[0];
    if (name && !ou_isa_str(vm, name))
        return ou_type_error(vm, "arg 3 (name) must be None or string");
    if (defaults && !ou_isa_tuple(vm, defaults))
        return ou_type_error(vm, "arg 4 (defaults) must be None or tuple");
    if (closure && !ou_isa_tuple(vm, closure))
        return ou_type_error(vm, co->nfrees ? "arg 5 (closure) must be tuple"
                                            : "arg 5 (closure) must be None or tuple");
    if (!closure && co->nfrees)
        return ou_type_error(vm, "arg 5 (closure) must be tuple");
    size_t n = closure ? OU_TUPLE(closure)->n : 0;
    if (n != co->nfrees)
        return ou_value_error(vm, "%U requires closure of length %u, not %zu", co->name, co->nfrees, n);
    for (size_t i = 0; i < n; i++)
        if (!ou_is(OU_TUPLE(closure)->items[i], cell))
            return ou_type_error(vm, "arg 5 (closure) expected cell, found %T", OU_TUPLE(closure)->items[i]);
    OuFunc *f = (OuFunc *)ou_func_new(vm, a[0], OU_DICT(a[1]), NULL);
    if (!f)
        return NULL;
    if (name) {
        OuObj *old = f->name;
        f->name = ou_ref(name);
        ou_decref(vm, old);
    }
    f->defaults = defaults ? ou_ref(defaults) : NULL;
    f->closure = closure ? ou_ref(closure) : NULL;
    return (OuObj *)f;
}

static OuObj *get_code(OuVM *vm, OuObj *o, void *data)
{
    if (ou_audit(vm, "object.__getattr__", "Os", o, "__code__") < 0)
        return NULL;
    return ou_ref((OuObj *)((OuFunc *)o)->code);
}

/* Frames borrow the code of their function: replaced codes live on with it. */
static int set_code(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    OuFunc *f = (OuFunc *)o;
    if (!value || !ou_is(value, code))
        return ou_type_error_i(vm, "__code__ must be set to a code object");
    if (ou_audit(vm, "object.__setattr__", "OsO", o, "__code__", value) < 0)
        return -1;
    OuCode *co = (OuCode *)value;
    size_t n = f->closure ? OU_TUPLE(f->closure)->n : 0;
    if (co->nfrees != n)
        return ou_value_error_i(vm, "%U() requires a code object with %zu free vars, not %u", f->name, n,
                                co->nfrees);
    if (co == f->code)
        return 0;
    if (!f->old_codes && !(f->old_codes = ou_list_new(vm, 0)))
        return -1;
    int r = ou_contains(vm, f->old_codes, (OuObj *)f->code);
    if (r < 0 || (!r && ou_list_append(vm, f->old_codes, (OuObj *)f->code) < 0))
        return -1;
    OuCode *old = f->code;
    f->code = ou_ref(co);
    ou_decref(vm, old);
    return 0;
}

static OuObj *get_defaults(OuVM *vm, OuObj *o, void *data)
{
    OuObj *d = ((OuFunc *)o)->defaults;
    return ou_ref(d ? d : OU_NONE(vm));
}

static int set_defaults(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    OuFunc *f = (OuFunc *)o;
    if (value == OU_NONE(vm))
        value = NULL;
    if (value && !ou_isa_tuple(vm, value))
        return ou_type_error_i(vm, "__defaults__ must be set to a tuple object");
    if ((value ? ou_audit(vm, "object.__setattr__", "OsO", o, "__defaults__", value)
               : ou_audit(vm, "object.__delattr__", "Os", o, "__defaults__")) < 0)
        return -1;
    OuObj *old = f->defaults;
    f->defaults = value ? ou_ref(value) : NULL;
    ou_xdecref(vm, old);
    return 0;
}

static OuObj *get_kwdefaults(OuVM *vm, OuObj *o, void *data)
{
    OuObj *d = ((OuFunc *)o)->kwdefaults;
    return ou_ref(d ? d : OU_NONE(vm));
}

static int set_kwdefaults(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    OuFunc *f = (OuFunc *)o;
    if (value == OU_NONE(vm))
        value = NULL;
    if (value && !ou_isa_dict(vm, value))
        return ou_type_error_i(vm, "__kwdefaults__ must be set to a dict object");
    if ((value ? ou_audit(vm, "object.__setattr__", "OsO", o, "__kwdefaults__", value)
               : ou_audit(vm, "object.__delattr__", "Os", o, "__kwdefaults__")) < 0)
        return -1;
    OuObj *old = f->kwdefaults;
    f->kwdefaults = value ? ou_ref(value) : NULL;
    ou_xdecref(vm, old);
    return 0;
}

/* The tuple that MAKE_FUNCTION left becomes a dict when somebody looks. */
static OuObj *annotations_of(OuVM *vm, OuFunc *f)
{
    if (!f->annotations)
        return f->annotations = ou_dict_new(vm);
    if (ou_is(f->annotations, tuple)) {
        OuTuple *t = OU_TUPLE(f->annotations);
        OuObj *d = ou_dict_new(vm);
        if (!d)
            return NULL;
        for (size_t i = 0; i + 1 < t->n; i += 2)
            if (ou_dict_set(vm, d, t->items[i], t->items[i + 1]) < 0) {
                ou_decref(vm, d);
                return NULL;
            }
        f->annotations = d;
        ou_decref(vm, t);
    }
    return f->annotations;
}

static OuObj *get_annotations(OuVM *vm, OuObj *o, void *data)
{
    OuObj *d = annotations_of(vm, (OuFunc *)o);
    return d ? ou_ref(d) : NULL;
}

static int set_annotations(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    OuFunc *f = (OuFunc *)o;
    if (value == OU_NONE(vm))
        value = NULL;
    if (value && !ou_isa_dict(vm, value))
        return ou_type_error_i(vm, "__annotations__ must be set to a dict object");
    OuObj *old = f->annotations;
    f->annotations = value ? ou_ref(value) : NULL;
    ou_xdecref(vm, old);
    return 0;
}

static OuObj *get_name(OuVM *vm, OuObj *o, void *data)
{
    return ou_ref(((OuFunc *)o)->name);
}

static int set_name(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    OuFunc *f = (OuFunc *)o;
    OuObj **slot = data ? &f->qualname : &f->name, *old = *slot;
    if (!value || !ou_isa_str(vm, value))
        return ou_type_error_i(vm, "%s must be set to a string object", data ? "__qualname__" : "__name__");
    *slot = ou_ref(value);
    ou_decref(vm, old);
    return 0;
}

static OuObj *get_qualname(OuVM *vm, OuObj *o, void *data)
{
    return ou_ref(((OuFunc *)o)->qualname);
}

static OuObj *get_dict(OuVM *vm, OuObj *o, void *data)
{
    OuFunc *f = (OuFunc *)o;
    if (!f->dict && !(f->dict = ou_dict_new(vm)))
        return NULL;
    return ou_ref(f->dict);
}

static int set_dict(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    OuFunc *f = (OuFunc *)o;
    if (!value)
        return ou_type_error_i(vm, "cannot delete __dict__");
    if (!ou_isa_dict(vm, value))
        return ou_type_error_i(vm, "__dict__ must be set to a dictionary, not a '%T'", value);
    OuObj *old = f->dict;
    f->dict = ou_ref(value);
    ou_xdecref(vm, old);
    return 0;
}

static const OuGetSet function_getset[] = {
    {"__code__", get_code, set_code, NULL},
    {"__defaults__", get_defaults, set_defaults, NULL},
    {"__kwdefaults__", get_kwdefaults, set_kwdefaults, NULL},
    {"__annotations__", get_annotations, set_annotations, NULL},
    {"__dict__", get_dict, set_dict, NULL},
    {"__name__", get_name, set_name, NULL},
    {"__qualname__", get_qualname, set_name, NULL, (void *)1},
    {0},
};
static const OuMember function_members[] = {
    {"__closure__", OU_MEMBER_OBJ, offsetof(OuFunc, closure), true, NULL},
    {"__doc__", OU_MEMBER_OBJ, offsetof(OuFunc, doc), false, NULL},
    {"__globals__", OU_MEMBER_OBJ, offsetof(OuFunc, globals), true, NULL},
    {"__module__", OU_MEMBER_OBJ, offsetof(OuFunc, module), false, NULL},
    {"__builtins__", OU_MEMBER_OBJ, offsetof(OuFunc, builtins), true, NULL},
    {0},
};

const OuTypeSpec ou_function_spec = {
    .name = "function",
    .size = sizeof(OuFunc),
    .flags = OU_TYPE_GC | OU_TYPE_WEAK | OU_TYPE_DICT | OU_TYPE_METHOD_DESCR,
    .dict_off = offsetof(OuFunc, dict),
    .doc =
        "function(code, globals, name=None, argdefs=None, closure=None)\n--\n\nCreate a function object.\n\n"
        "  code\n    a code object\n  globals\n    the globals dictionary\n  name\n    a string that "
        "overrides the name from the code "
        "object\n  argdefs\n    a tuple that specifies the default argument values\n  closure\n    a tuple "
        "that supplies the "
        "bindings for free variables",
    .dealloc = function_dealloc,
    .traverse = function_traverse,
    .clear = function_clear,
    .s = {.repr = function_repr,
          .call = ou_func_call,
          .descr_get = function_get,
          .new_ = function_new,
          .hash = ou_hash_pointer},
    .getset = function_getset,
    .members = function_members,
};

/* ---- bound method ---------------------------------------------------------------- */

OuObj *ou_method_new(OuVM *vm, OuObj *func, OuObj *self)
{
    OuMethod *m = (OuMethod *)ou_new_gc(vm, OU_T_method, sizeof *m);
    if (!m)
        return NULL;
    m->func = ou_ref(func);
    m->self = ou_ref(self);
    ou_gc_track(&vm->heap, (OuObj *)m);
    return (OuObj *)m;
}

static void method_dealloc(OuVM *vm, OuObj *o)
{
    OuMethod *m = (OuMethod *)o;
    ou_gc_untrack(&vm->heap, o);
    ou_decref(vm, m->func);
    ou_decref(vm, m->self);
    ou_free_object(vm, o);
}

static int method_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((OuMethod *)o)->func);
    OU_VISIT(((OuMethod *)o)->self);
    return 0;
}

static OuObj *method_call(OuVM *vm, OuObj *callee, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuMethod *m = (OuMethod *)callee;
    size_t n = nargs + (kwnames ? OU_TUPLE(kwnames)->n : 0);
    OuObj *small[9], **all = small;
    if (n + 1 > 9 && !(all = ou_alloc(vm, (n + 1) * sizeof *all)))
        return NULL;
    all[0] = m->self;
    if (n)
        memcpy(all + 1, args, n * sizeof *all);
    OuObj *res =
        ou_call(vm, m->func, all, nargs + 1, kwnames); /* the caller holds the method, which holds both */
    if (all != small)
        ou_free(vm, all, (n + 1) * sizeof *all);
    return res;
}

static OuObj *method_repr(OuVM *vm, OuObj *o)
{
    OuMethod *m = (OuMethod *)o;
    OuObj *name = NULL, *res;
    int r = ou_lookup_attr(vm, m->func, OU_NAME(vm, __qualname__), &name);
    if (r == 0)
        r = ou_lookup_attr(vm, m->func, OU_NAME(vm, __name__), &name);
    if (r < 0)
        return NULL;
    if (r && ou_isa_str(vm, name))
        res = ou_str_fmt(vm, "<bound method %U of %R>", name, m->self);
    else
        res = ou_str_fmt(vm, "<bound method ? of %R>", m->self);
    ou_xdecref(vm, name);
    return res;
}

static int method_hash(OuVM *vm, OuObj *o, int64_t *out)
{
    OuMethod *m = (OuMethod *)o;
    int64_t a, b;
    ou_hash_pointer(vm, m->self, &a);
    if (ou_check_stack(vm, "") < 0 || ou_hash(vm, m->func, &b) < 0)
        return -1;
    *out = (a ^ b) == -1 ? -2 : a ^ b;
    return 0;
}

static OuObj *method_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if ((op != OU_CMP_EQ && op != OU_CMP_NE) || !ou_is(a, method) || !ou_is(b, method))
        return ou_notimplemented(vm);
    OuMethod *x = (OuMethod *)a, *y = (OuMethod *)b;
    int r = ou_compare_bool(vm, x->func, y->func, OU_CMP_EQ);
    if (r < 0)
        return NULL;
    r = r && x->self == y->self;
    return ou_bool(vm, r == (op == OU_CMP_EQ));
}

/* Attributes of the method type first, then those of the function. */
static OuObj *method_getattr(OuVM *vm, OuObj *o, OuObj *name)
{
    if (ou_type_lookup(vm, OU_TYPE_OF(vm, o), name))
        return ou_generic_getattr(vm, o, name);
    if (ou_check_stack(vm, "") < 0) /* methods of methods of ... */
        return NULL;
    return ou_getattr(vm, ((OuMethod *)o)->func, name);
}

static OuObj *method_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, "method", kwnames) < 0 || ou_arity(vm, "method", nargs, 2, 2) < 0)
        return NULL;
    if (!ou_callable(vm, args[0]))
        return ou_type_error(vm, "first argument must be callable");
    if (args[1] == OU_NONE(vm))
        return ou_type_error(vm, "self must not be None");
    return ou_method_new(vm, args[0], args[1]);
}

static OuObj *method_get_doc(OuVM *vm, OuObj *o, void *data)
{
    return ou_check_stack(vm, "") < 0 ? NULL : ou_getattr(vm, ((OuMethod *)o)->func, OU_NAME(vm, __doc__));
}

static OuObj *method_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuMethod *m = (OuMethod *)args[0];
    OuObj *getattr = ou_import_attr(vm, "builtins", "getattr");
    OuObj *name = getattr ? ou_getattr(vm, m->func, OU_NAME(vm, __name__)) : NULL;
    OuObj *pair = name ? ou_tuple_pack(vm, 2, m->self, name) : NULL;
    OuObj *res = pair ? ou_tuple_pack(vm, 2, getattr, pair) : NULL;
    ou_xdecref(vm, getattr);
    ou_xdecref(vm, name);
    ou_xdecref(vm, pair);
    return res;
}

static const OuGetSet method_getset[] = {{"__doc__", method_get_doc, NULL, NULL}, {0}};
static const OuMember method_members[] = {
    {"__func__", OU_MEMBER_OBJ, offsetof(OuMethod, func), true,
     "the function (or other callable) implementing a method"},
    {"__self__", OU_MEMBER_OBJ, offsetof(OuMethod, self), true, "the instance to which a method is bound"},
    {0},
};
static const OuFn method_methods[] = {{"__reduce__(self, /)", method_reduce, 0, NULL}, {0}};

const OuTypeSpec ou_method_spec = {
    .name = "method",
    .size = sizeof(OuMethod),
    .flags = OU_TYPE_GC | OU_TYPE_DEEP | OU_TYPE_WEAK,
    .doc = "method(function, instance)\n--\n\nCreate a bound instance method object.",
    .dealloc = method_dealloc,
    .traverse = method_traverse,
    .s = {.repr = method_repr,
          .hash = method_hash,
          .call = method_call,
          .getattr = method_getattr,
          .compare = method_compare,
          .new_ = method_new}, /* no __get__: a bound method is never bound again */
    .methods = method_methods,
    .getset = method_getset,
    .members = method_members,
};

/* ---- cell -------------------------------------------------------------------------- */

OuObj *ou_cell_new(OuVM *vm, OuObj *value)
{
    OuCell *c = (OuCell *)ou_new_gc(vm, OU_T_cell, sizeof *c);
    if (!c)
        return NULL;
    c->value = value ? ou_ref(value) : NULL;
    ou_gc_track(&vm->heap, (OuObj *)c);
    return (OuObj *)c;
}

static void cell_clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, ((OuCell *)o)->value);
}

static void cell_dealloc(OuVM *vm, OuObj *o)
{
    OuObj *v = ((OuCell *)o)->value;
    ou_free_object(vm, o);
    while (v && ou_is(v, cell) && v->rc == 1) { /* cells in cells: without nesting */
        o = v;
        v = ((OuCell *)o)->value;
        o->rc = 0;
        ou_gc_untrack(&vm->heap, o);
        ou_free_object(vm, o);
    }
    ou_xdecref(vm, v);
}

static int cell_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((OuCell *)o)->value);
    return 0;
}

static OuObj *cell_repr(OuVM *vm, OuObj *o)
{
    OuObj *v = ((OuCell *)o)->value;
    if (!v)
        return ou_str_fmt(vm, "<cell at %p: empty>", (void *)o);
    return ou_str_fmt(vm, "<cell at %p: %T object at %p>", (void *)o, v, (void *)v);
}

static OuObj *cell_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if (!ou_is(a, cell) || !ou_is(b, cell))
        return ou_notimplemented(vm);
    OuObj *x = ((OuCell *)a)->value, *y = ((OuCell *)b)->value;
    if (x && y)
        return ou_compare(vm, x, y, op);
    int order = !x && !y ? OU_CMP_EQ : !x ? OU_CMP_LT : OU_CMP_GT; /* empty cells come first */
    return ou_bool(vm, (order & op) != 0);
}

static OuObj *cell_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, "cell", kwnames) < 0 || ou_arity(vm, "cell", nargs, 0, 1) < 0)
        return NULL;
    return ou_cell_new(vm, nargs ? args[0] : NULL);
}

static OuObj *cell_get(OuVM *vm, OuObj *o, void *data)
{
    OuObj *v = ((OuCell *)o)->value;
    return v ? ou_ref(v) : ou_value_error(vm, "Cell is empty");
}

static int cell_set(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    OuObj *old = ((OuCell *)o)->value;
    ((OuCell *)o)->value = value ? ou_ref(value) : NULL;
    ou_xdecref(vm, old);
    return 0;
}

static const OuGetSet cell_getset[] = {{"cell_contents", cell_get, cell_set, NULL}, {0}};

const OuTypeSpec ou_cell_spec = {
    .name = "cell",
    .size = sizeof(OuCell),
    .flags = OU_TYPE_GC,
    .doc = "cell([contents])\n--\n\nCreate a new cell object.\n\n  contents\n    the contents of the cell. "
           "If not specified, the cell will "
           "be empty,\n    and \n further attempts to access its cell_contents attribute will\n    raise a "
           "ValueError.",
    .dealloc = cell_dealloc,
    .traverse = cell_traverse,
    .clear = cell_clear,
    .s = {.repr = cell_repr, .compare = cell_compare, .new_ = cell_new, .hash = ou_hash_unhashable},
    .getset = cell_getset,
};
