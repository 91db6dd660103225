/* stdlib/_contextvars.c - module _contextvars: Context, ContextVar, Token (PEP 567).
 *
 * A context holds a dict that it may share with its copies; whoever writes first to a shared one copies it.  So
 * copy_context() costs nothing, as asyncio expects. */
#include <stddef.h>

#include "vm/native.h"
#include "vm/type.h"

extern const OuModuleDef ou_mod__contextvars;

typedef struct OuContext {
    OuObj hdr;
    OuObj *vars; /* dict of variable to value; shared while its count is above 1 */
    OuObj *prev; /* while entered: the thread's context before, or NULL */
    bool entered;
} OuContext;
typedef struct OuContextVar {
    OuObj hdr;
    OuObj *name, *dflt; /* dflt may be NULL */
    int64_t hash;
} OuContextVar;
typedef struct OuToken {
    OuObj hdr;
    OuObj *context, *var, *old; /* old NULL: was unset */
    bool used;
} OuToken;
typedef struct State {
    OuType *context, *var, *token, *missing_type;
    OuObj *missing;
} State;

static State *state_of(OuVM *vm)
{
    return ou_module_state(vm, &ou_mod__contextvars);
}

static bool is_type(OuObj *o, OuType *t)
{
    return ou_type_index(o) == t->face.index;
}

/* ---- Context ---- */

static OuObj *context_of(OuVM *vm, OuObj *vars_take)
{
    OuContext *c = vars_take ? (OuContext *)ou_type_alloc(vm, state_of(vm)->context, 0) : NULL;
    if (c)
        c->vars = vars_take;
    else
        ou_xdecref(vm, vars_take);
    return (OuObj *)c;
}

/* The running context, made on demand; borrowed. */
static OuContext *current(OuVM *vm)
{
    if (!vm->ts->context)
        vm->ts->context = context_of(vm, ou_dict_new(vm));
    return (OuContext *)vm->ts->context;
}

/* Sets (value NULL: removes) var in c. 0/-1 */
static int context_store(OuVM *vm, OuContext *c, OuObj *var, OuObj *value)
{
    if (c->vars->rc > 1) {
        OuObj *own = ou_dict_copy(vm, c->vars), *old = c->vars;
        if (!own)
            return -1;
        c->vars = own;
        ou_decref(vm, old);
    }
    return value ? ou_dict_set(vm, c->vars, var, value) : ou_dict_del(vm, c->vars, var);
}

static OuObj *context_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (nargs || (kwnames && OU_TUPLE(kwnames)->n))
        return ou_type_error(vm, "Context() does not accept any arguments");
    return context_of(vm, ou_dict_new(vm));
}

static void context_clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, ((OuContext *)o)->vars);
    ou_clear(vm, ((OuContext *)o)->prev);
}

static void context_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    context_clear(vm, o);
    ou_free_object(vm, o);
}

static int context_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((OuContext *)o)->vars);
    OU_VISIT(((OuContext *)o)->prev);
    return 0;
}

static int check_key(OuVM *vm, OuObj *key)
{
    if (is_type(key, state_of(vm)->var))
        return 0;
    return ou_type_error_i(vm, "a ContextVar key was expected, got %R", key);
}

static OuObj *context_getitem(OuVM *vm, OuObj *o, OuObj *key)
{
    OuObj *v;
    if (check_key(vm, key) < 0)
        return NULL;
    int r = ou_dict_lookup(vm, ((OuContext *)o)->vars, key, &v);
    return r > 0 ? v : r < 0 ? NULL : ou_raise_key(vm, key);
}

static int context_contains(OuVM *vm, OuObj *o, OuObj *key)
{
    return check_key(vm, key) < 0 ? -1 : ou_dict_contains(vm, ((OuContext *)o)->vars, key);
}

static ou_ssize context_len(OuVM *vm, OuObj *o)
{
    return OU_DICT(((OuContext *)o)->vars)->used;
}

static OuObj *iter_of(OuVM *vm, OuObj *list_take)
{
    OuObj *it = list_take ? ou_iter(vm, list_take) : NULL;
    ou_xdecref(vm, list_take);
    return it;
}

static OuObj *context_iter(OuVM *vm, OuObj *o)
{
    return iter_of(vm, ou_dict_keys_list(vm, ((OuContext *)o)->vars));
}

static OuObj *context_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    OuType *t = state_of(vm)->context;
    if ((op != OU_CMP_EQ && op != OU_CMP_NE) || !is_type(a, t) || !is_type(b, t))
        return ou_notimplemented(vm);
    return ou_compare(vm, ((OuContext *)a)->vars, ((OuContext *)b)->vars, op);
}

static OuObj *context_get(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *v;
    if (check_key(vm, args[1]) < 0)
        return NULL;
    int r = ou_dict_lookup(vm, ((OuContext *)args[0])->vars, args[1], &v);
    return r > 0 ? v : r < 0 ? NULL : ou_ref(args[2] ? args[2] : OU_NONE(vm));
}

static OuObj *context_keys(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return context_iter(vm, args[0]);
}

static OuObj *context_values(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return iter_of(vm, ou_dict_values_list(vm, ((OuContext *)args[0])->vars));
}

static OuObj *context_items(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return iter_of(vm, ou_dict_items_list(vm, ((OuContext *)args[0])->vars));
}

static OuObj *context_copy(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return context_of(vm, ou_ref(((OuContext *)args[0])->vars));
}

static OuObj *context_run(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuContext *c = (OuContext *)args[0];
    OuThread *ts = vm->ts;
    if (nargs < 2)
        return ou_type_error(vm, "run() missing 1 required positional argument");
    if (c->entered)
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "cannot enter context: %R is already entered", c);
    c->prev = ts->context;
    c->entered = true;
    ts->context = ou_ref((OuObj *)c);
    OuObj *res = ou_call(vm, args[1], args + 2, nargs - 2, kwnames);
    OuObj *inner = ts->context;
    ts->context = c->prev;
    c->prev = NULL;
    c->entered = false;
    ou_xdecref(vm, inner);
    return res;
}

static const OuFn context_methods[] = {
    {"get(self, key, default=None, /)", context_get, 0,
     "Return the value for `key` if `key` has the value in the context object.\n\nIf `key` does not exist, "
     "return `default`. If `default` "
     "is not given,\nreturn None."},
    {"items(self, /)", context_items, 0, "Return all variables and their values in the context object."},
    {"keys(self, /)", context_keys, 0, "Return a list of all variables in the context object."},
    {"values(self, /)", context_values, 0, "Return a list of all variables' values in the context object."},
    {"copy(self, /)", context_copy, 0, "Return a shallow copy of the context object."},
    {"run(...)", context_run, OU_FN_RAW, NULL},
    {0},
};
static const OuTypeSpec context_spec = {
    .name = "_contextvars.Context",
    .size = sizeof(OuContext),
    .flags = OU_TYPE_GC | OU_TYPE_WEAK,
    .dealloc = context_dealloc,
    .traverse = context_traverse,
    .clear = context_clear,
    .s = {.hash = ou_hash_unhashable,
          .compare = context_compare,
          .iter = context_iter,
          .new_ = context_new,
          .len = context_len,
          .getitem = context_getitem,
          .contains = context_contains},
    .methods = context_methods,
};

/* ---- ContextVar ---- */

static OuObj *var_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *dflt = NULL;
    size_t nkw = kwnames ? OU_TUPLE(kwnames)->n : 0;
    if (nargs < 1)
        return ou_type_error(vm, "ContextVar() takes exactly 1 positional argument (0 given)");
    if (nargs > 1)
        return ou_type_error(vm, "ContextVar() takes at most 1 positional argument (%zu given)", nargs);
    for (size_t i = 0; i < nkw; i++) {
        if (!ou_str_eq_s(OU_TUPLE(kwnames)->items[i], "default"))
            return ou_type_error(vm, "'%U' is an invalid keyword argument for ContextVar()",
                                 OU_TUPLE(kwnames)->items[i]);
        dflt = args[nargs + i];
    }
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "context variable name must be a str");
    int64_t name_hash, self_hash;
    if (ou_hash(vm, args[0], &name_hash) < 0)
        return NULL;
    OuContextVar *v = (OuContextVar *)ou_type_alloc(vm, type, 0);
    if (!v)
        return NULL;
    v->name = ou_ref(args[0]);
    if (dflt)
        v->dflt = ou_ref(dflt);
    ou_hash_pointer(vm, (OuObj *)v, &self_hash);
    v->hash = self_hash ^ name_hash;
    if (v->hash == -1)
        v->hash = -2;
    return (OuObj *)v;
}

static void var_clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, ((OuContextVar *)o)->dflt);
}

static void var_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    var_clear(vm, o);
    ou_clear(vm, ((OuContextVar *)o)->name);
    ou_free_object(vm, o);
}

static int var_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((OuContextVar *)o)->name);
    OU_VISIT(((OuContextVar *)o)->dflt);
    return 0;
}

static int var_hash(OuVM *vm, OuObj *o, int64_t *out)
{
    *out = ((OuContextVar *)o)->hash;
    return 0;
}

static OuObj *var_repr(OuVM *vm, OuObj *o)
{
    OuContextVar *v = (OuContextVar *)o;
    if (v->dflt)
        return ou_str_fmt(vm, "<ContextVar name=%R default=%R at %p>", v->name, v->dflt, (void *)o);
    return ou_str_fmt(vm, "<ContextVar name=%R at %p>", v->name, (void *)o);
}

/* Value of var in the running context: 1/0/-1, out: new. */
static int var_lookup(OuVM *vm, OuObj *var, OuObj **out)
{
    OuContext *c = (OuContext *)vm->ts->context;
    return c ? ou_dict_lookup(vm, c->vars, var, out) : 0;
}

static OuObj *var_get(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *v;
    int r = var_lookup(vm, args[0], &v);
    if (r)
        return r < 0 ? NULL : v;
    if (args[1])
        return ou_ref(args[1]);
    v = ((OuContextVar *)args[0])->dflt;
    return v ? ou_ref(v) : ou_raise_value(vm, OU_EXC(vm, LookupError), args[0]);
}

static OuObj *var_set(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuContext *c = current(vm);
    OuObj *old = NULL;
    if (!c || ou_dict_lookup(vm, c->vars, args[0], &old) < 0)
        return NULL;
    OuToken *t = (OuToken *)ou_type_alloc(vm, state_of(vm)->token, 0);
    if (!t || context_store(vm, c, args[0], args[1]) < 0) {
        ou_xdecref(vm, old);
        ou_xdecref(vm, t);
        return NULL;
    }
    t->context = ou_ref((OuObj *)c);
    t->var = ou_ref(args[0]);
    t->old = old;
    return (OuObj *)t;
}

static OuObj *var_reset(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuToken *t = (OuToken *)args[1];
    if (!is_type(args[1], state_of(vm)->token))
        return ou_type_error(vm, "expected an instance of Token, got %R", args[1]);
    if (t->used)
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "%R has already been used once", t);
    if (t->var != args[0])
        return ou_value_error(vm, "%R was created by a different ContextVar", t);
    OuContext *c = current(vm);
    if (!c)
        return NULL;
    if (t->context != (OuObj *)c)
        return ou_value_error(vm, "%R was created in a different Context", t);
    t->used = true;
    return context_store(vm, c, args[0], t->old) < 0 ? NULL : ou_none(vm);
}

static const OuFn var_methods[] = {
    {"get(self, default=<unrepresentable>, /)", var_get, 0,
     "Return a value for the context variable for the current context."},
    {"set(self, value, /)", var_set, 0,
     "Call to set a new value for the context variable in the current context."},
    {"reset(self, token, /)", var_reset, 0, "Reset the context variable."},
    {"__class_getitem__(cls, item, /)", ou_class_getitem_alias, OU_FN_CLASS, "See PEP 585"},
    {0},
};
static const OuMember var_members[] = {{"name", OU_MEMBER_OBJ, offsetof(OuContextVar, name), true, NULL},
                                       {0}};
static const OuTypeSpec var_spec = {
    .name = "_contextvars.ContextVar",
    .size = sizeof(OuContextVar),
    .flags = OU_TYPE_GC,
    .dealloc = var_dealloc,
    .traverse = var_traverse,
    .clear = var_clear,
    .s = {.repr = var_repr, .hash = var_hash, .new_ = var_new},
    .methods = var_methods,
    .members = var_members,
};

/* ---- Token ---- */

static OuObj *token_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_raise(vm, OU_EXC(vm, RuntimeError), "Tokens can only be created by ContextVars");
}

static void token_clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, ((OuToken *)o)->context);
    ou_clear(vm, ((OuToken *)o)->var);
    ou_clear(vm, ((OuToken *)o)->old);
}

static void token_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    token_clear(vm, o);
    ou_free_object(vm, o);
}

static int token_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((OuToken *)o)->context);
    OU_VISIT(((OuToken *)o)->var);
    OU_VISIT(((OuToken *)o)->old);
    return 0;
}

static OuObj *token_repr(OuVM *vm, OuObj *o)
{
    OuToken *t = (OuToken *)o;
    return ou_str_fmt(vm, "<Token%s var=%R at %p>", t->used ? " used" : "", t->var, (void *)o);
}

static OuObj *token_get_var(OuVM *vm, OuObj *o, void *data)
{
    return ou_ref(((OuToken *)o)->var);
}

static OuObj *token_get_old(OuVM *vm, OuObj *o, void *data)
{
    OuObj *old = ((OuToken *)o)->old;
    return ou_ref(old ? old : state_of(vm)->missing);
}

static const OuFn token_methods[] = {
    {"__class_getitem__(cls, item, /)", ou_class_getitem_alias, OU_FN_CLASS, "See PEP 585"},
    {0},
};
static const OuGetSet token_getset[] = {
    {"var", token_get_var, NULL, NULL}, {"old_value", token_get_old, NULL, NULL}, {0}};
static const OuTypeSpec token_spec = {
    .name = "_contextvars.Token",
    .size = sizeof(OuToken),
    .flags = OU_TYPE_GC,
    .dealloc = token_dealloc,
    .traverse = token_traverse,
    .clear = token_clear,
    .s = {.repr = token_repr, .hash = ou_hash_unhashable, .new_ = token_new},
    .methods = token_methods,
    .getset = token_getset,
};

static OuObj *missing_repr(OuVM *vm, OuObj *o)
{
    return ou_str_from_ascii(vm, "<Token.MISSING>", -1);
}

static const OuTypeSpec missing_spec = {
    .name = "Token.MISSING",
    .size = sizeof(OuObj),
    .flags = OU_TYPE_NO_NEW,
    .s = {.repr = missing_repr},
};

/* ---- the module ---- */

static OuObj *copy_context(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuContext *c = current(vm);
    return c ? context_of(vm, ou_ref(c->vars)) : NULL;
}

static int exec(OuVM *vm, OuObj *m)
{
    State *st = ((OuModule *)m)->state;
    st->missing_type = ou_type_from_spec(vm, &missing_spec, NULL);
    st->missing = st->missing_type ? ou_type_alloc(vm, st->missing_type, 0) : NULL;
    if (!st->missing || !(st->context = ou_module_add_type(vm, m, &context_spec, NULL)) ||
        !(st->var = ou_module_add_type(vm, m, &var_spec, NULL)) ||
        !(st->token = ou_module_add_type(vm, m, &token_spec, NULL)))
        return -1;
    OuDict *d = ou_type_dict(vm, st->token);
    return d ? ou_dict_set_s(vm, (OuObj *)d, "MISSING", st->missing) : -1;
}

static int traverse(void *state, OuVisit visit, void *arg)
{
    OU_VISIT(((State *)state)->missing);
    return 0;
}

static void clear(OuVM *vm, void *state)
{
    ou_clear(vm, ((State *)state)->missing);
}

static const OuFn functions[] = {{"copy_context()", copy_context, 0, NULL}, {0}};
const OuModuleDef ou_mod__contextvars = {
    .name = "_contextvars",
    .doc = "Context Variables",
    .functions = functions,
    .state_size = sizeof(State),
    .exec = exec,
    .traverse = traverse,
    .clear = clear,
};
