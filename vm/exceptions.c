/* vm/exceptions.c - BaseException: the layout `base`, and what every other layout begins with. */
#include "exc_impl.h"

#include <string.h>

#include "instance.h"

/* ---- making ------------------------------------------------------------------------ */

void ou_exc_put(OuVM *vm, OuObj **slot, OuObj *value)
{
    OuObj *old = *slot;
    ou_xincref(value);
    *slot = value;
    ou_xdecref(vm, old);
}

int ou_exc_set_args(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs)
{
    OuExc *e = (OuExc *)self;
    /* __init__ normally gets what __new__ got: the tuple is made once */
    if (e->args && ou_is(e->args, tuple) && OU_TUPLE(e->args)->n == nargs &&
        (!nargs || memcmp(OU_TUPLE(e->args)->items, args, nargs * sizeof *args) == 0))
        return 0;
    OuObj *t = ou_tuple_of(vm, args, nargs), *old = e->args;
    if (!t)
        return -1;
    e->args = t;
    ou_xdecref(vm, old);
    return 0;
}

OuObj *ou_exc_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *self = ou_type_alloc(vm, type, 0);
    if (self && ou_exc_set_args(vm, self, args, nargs) < 0)
        ou_clear(vm, self);
    return self;
}

int ou_exc_init_base(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (kwnames && OU_TUPLE(kwnames)->n && ou_no_kwargs(vm, OU_TYPE_OF(vm, self)->name, kwnames) < 0)
        return -1;
    return ou_exc_set_args(vm, self, args, nargs);
}

int ou_exc_keywords(OuVM *vm, const char *fname, const char *const *names, size_t n, OuObj *const *values,
                    OuObj *kwnames, OuObj **out)
{
    size_t given = kwnames ? OU_TUPLE(kwnames)->n : 0;
    for (size_t i = 0; i < n; i++)
        out[i] = NULL;
    if (given > n)
        return ou_type_error_i(vm, "%s() takes at most %zu keyword argument%s (%zu given)", fname, n,
                               n == 1 ? "" : "s", given);
    for (size_t k = 0; k < given; k++) {
        OuObj *name = OU_TUPLE(kwnames)->items[k];
        size_t i = 0;
        while (i < n && !ou_str_eq_s(name, names[i]))
            i++;
        if (i == n)
            return ou_type_error_i(vm, "'%U' is an invalid keyword argument for %s()", name, fname);
        out[i] = values[k];
    }
    return 0;
}

int ou_exc_init(OuVM *vm)
{
    if (!(vm->memory_error = ou_exc_new(vm, OU_EXC(vm, MemoryError), NULL, 0, NULL)))
        return -1;
    ou_gc_untrack(&vm->heap, vm->memory_error); /* until it is raised */
    while (vm->nmemory_spares < 2) {
        OuObj *o = ou_exc_new(vm, OU_EXC(vm, MemoryError), NULL, 0, NULL);
        if (!o)
            return -1;
        ou_gc_untrack(&vm->heap, o);
        vm->memory_spares[vm->nmemory_spares++] = o;
    }
    return 0;
}

/* A dead MemoryError becomes a spare again; false: it is to be freed. */
static bool keep_spare(OuVM *vm, OuObj *o)
{
    enum { MAX = sizeof vm->memory_spares / sizeof *vm->memory_spares };
    if (!ou_is(o, MemoryError) || vm->nmemory_spares == MAX || vm->finalizing)
        return false;
    OuExc *e = (OuExc *)o;
    e->args = ou_ref(OU_EMPTY_TUPLE(vm));
    e->suppress_context = false;
    o->rc = 1;
    o->tf &= OU_TYPE_MASK | OU_F_SPAN; /* tracked again when it is raised */
    vm->memory_spares[vm->nmemory_spares++] = o;
    return true;
}

/* ---- memory ------------------------------------------------------------------------- */

void ou_exc_clear(OuVM *vm, OuObj *o)
{
    OuExc *e = (OuExc *)o;
    ou_clear(vm, e->dict);
    ou_clear(vm, e->args);
    ou_clear(vm, e->traceback);
    ou_clear(vm, e->cause);
    ou_clear(vm, e->context);
}

int ou_exc_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OuExc *e = (OuExc *)o;
    OU_VISIT(e->dict);
    OU_VISIT(e->args);
    OU_VISIT(e->traceback);
    OU_VISIT(e->cause);
    OU_VISIT(e->context);
    return 0;
}

static void base_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    ou_exc_clear(vm, o);
    if (!keep_spare(vm, o))
        ou_free_object(vm, o);
}

/* ---- text ----------------------------------------------------------------------------- */

OuObj *ou_exc_str(OuVM *vm, OuObj *self)
{
    OuObj *args = ((OuExc *)self)->args;
    if (!args || OU_TUPLE(args)->n == 0)
        return ou_ref(OU_EMPTY_STR(vm));
    return ou_str(vm, OU_TUPLE(args)->n == 1 ? OU_TUPLE(args)->items[0] : args);
}

static OuObj *base_repr(OuVM *vm, OuObj *self)
{
    OuObj *args = ((OuExc *)self)->args;
    const char *name = OU_TYPE_OF(vm, self)->name, *dot = strrchr(name, '.');
    if (dot)
        name = dot + 1;
    if (args && OU_TUPLE(args)->n == 1)
        return ou_str_fmt(vm, "%s(%R)", name, OU_TUPLE(args)->items[0]);
    return ou_str_fmt(vm, "%s%R", name, args ? args : OU_EMPTY_TUPLE(vm));
}

/* ---- methods ---------------------------------------------------------------------------- */

OuObj *ou_exc_reduce_with(OuVM *vm, OuObj *self, OuObj *args_take, OuObj *state)
{
    OuObj *type = (OuObj *)OU_TYPE_OF(vm, self), *res = NULL;
    if (args_take) {
        res = state ? ou_tuple_pack(vm, 3, type, args_take, state) : ou_tuple_pack(vm, 2, type, args_take);
        ou_decref(vm, args_take);
    }
    return res;
}

static OuObj *base_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a = ((OuExc *)args[0])->args;
    return ou_exc_reduce_with(vm, args[0], ou_ref(a ? a : OU_EMPTY_TUPLE(vm)), ou_exc_dict(args[0]));
}

static OuObj *base_setstate(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *state = args[1], *key, *value;
    size_t pos = 0;
    if (state == OU_NONE(vm))
        return ou_none(vm);
    if (!ou_isa_dict(vm, state))
        return ou_type_error(vm, "state is not a dictionary");
    while (ou_dict_next(OU_DICT(state), &pos, &key, &value)) {
        ou_incref(key);
        ou_incref(value);
        int r = ou_setattr(vm, args[0], key, value);
        ou_decref(vm, key);
        ou_decref(vm, value);
        if (r < 0)
            return NULL;
    }
    return ou_none(vm);
}

static int set_traceback(OuVM *vm, OuObj *self, OuObj *tb, void *data)
{
    if (!tb)
        return ou_type_error_i(vm, "__traceback__ may not be deleted");
    if (tb != OU_NONE(vm) && !ou_is(tb, traceback))
        return ou_type_error_i(vm, "__traceback__ must be a traceback or None");
    ou_exc_put(vm, &((OuExc *)self)->traceback, tb == OU_NONE(vm) ? NULL : tb);
    return 0;
}

static OuObj *base_with_traceback(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return set_traceback(vm, args[0], args[1], NULL) < 0 ? NULL : ou_ref(args[0]);
}

static OuObj *base_add_note(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *notes;
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "note must be a str, not '%T'", args[1]);
    int r = ou_lookup_attr(vm, args[0], OU_NAME(vm, __notes__), &notes);
    if (r < 0)
        return NULL;
    if (!r) {
        notes = ou_list_new(vm, 0);
        r = notes ? ou_setattr(vm, args[0], OU_NAME(vm, __notes__), notes) : -1;
    } else if (!ou_isa_list(vm, notes)) {
        r = ou_type_error_i(vm, "Cannot add note: __notes__ is not a list");
    } else
        r = 0;
    if (r == 0)
        r = ou_list_append(vm, notes, args[1]);
    ou_xdecref(vm, notes);
    return r < 0 ? NULL : ou_none(vm);
}

/* ---- attributes --------------------------------------------------------------------------- */

static OuObj *get_args(OuVM *vm, OuObj *self, void *data)
{
    OuObj *args = ((OuExc *)self)->args;
    return ou_ref(args ? args : OU_NONE(vm));
}

static int set_args(OuVM *vm, OuObj *self, OuObj *value, void *data)
{
    if (!value)
        return ou_type_error_i(vm, "args may not be deleted");
    OuObj *t = ou_sequence_tuple(vm, value), *old = ((OuExc *)self)->args;
    if (!t)
        return -1;
    ((OuExc *)self)->args = t;
    ou_xdecref(vm, old);
    return 0;
}

static OuObj *get_traceback(OuVM *vm, OuObj *self, void *data)
{
    OuObj *tb = ((OuExc *)self)->traceback;
    return ou_ref(tb ? tb : OU_NONE(vm));
}

static OuObj *get_context(OuVM *vm, OuObj *self, void *data)
{
    OuObj *o = ((OuExc *)self)->context;
    return ou_ref(o ? o : OU_NONE(vm));
}

static int set_context(OuVM *vm, OuObj *self, OuObj *value, void *data)
{
    if (!value)
        return ou_type_error_i(vm, "__context__ may not be deleted");
    if (value != OU_NONE(vm) && !ou_isa_exc(vm, value))
        return ou_type_error_i(vm, "exception context must be None or derive from BaseException");
    ou_exc_set_context(vm, self, value == OU_NONE(vm) ? NULL : ou_ref(value));
    return 0;
}

static OuObj *get_cause(OuVM *vm, OuObj *self, void *data)
{
    OuObj *o = ((OuExc *)self)->cause;
    return ou_ref(o ? o : OU_NONE(vm));
}

static int set_cause(OuVM *vm, OuObj *self, OuObj *value, void *data)
{
    if (!value)
        return ou_type_error_i(vm, "__cause__ may not be deleted");
    if (value != OU_NONE(vm) && !ou_isa_exc(vm, value))
        return ou_type_error_i(vm, "exception cause must be None or derive from BaseException");
    ou_exc_set_cause(vm, self, value == OU_NONE(vm) ? NULL : ou_ref(value));
    return 0;
}

static OuObj *get_dict(OuVM *vm, OuObj *self, void *data)
{
    OuObj *d = (OuObj *)ou_inst_dict(vm, self, OU_TYPE_OF(vm, self));
    ou_xincref(d);
    return d;
}

static int set_dict(OuVM *vm, OuObj *self, OuObj *value, void *data)
{
    if (!value)
        return ou_type_error_i(vm, "cannot delete __dict__");
    if (!ou_isa_dict(vm, value))
        return ou_type_error_i(vm, "__dict__ must be set to a dictionary, not a '%T'", value);
    return ou_inst_set_dict(vm, self, OU_TYPE_OF(vm, self), value);
}

static const OuFn base_methods[] = {
    {"__reduce__(self, /)", base_reduce, 0, NULL},
    {"__setstate__(self, state, /)", base_setstate, 0, NULL},
    {"with_traceback(self, tb, /)", base_with_traceback, 0,
     "Exception.with_traceback(tb) --\n    set self.__traceback__ to tb and return self."},
    {"add_note(self, note, /)", base_add_note, 0,
     "Exception.add_note(note) --\n    add a note to the exception"},
    {0},
};
static const OuGetSet base_getset[] = {
    {"__dict__", get_dict, set_dict, NULL},
    {"args", get_args, set_args, NULL},
    {"__traceback__", get_traceback, set_traceback, NULL},
    {"__context__", get_context, set_context, "exception context"},
    {"__cause__", get_cause, set_cause, "exception cause"},
    {0},
};
static const OuMember base_members[] = {
    {"__suppress_context__", OU_MEMBER_BOOL, offsetof(OuExc, suppress_context), false, NULL},
    {0},
};
#define base_traverse ou_exc_traverse
#define base_clear ou_exc_clear
const OuTypeSpec ou_exc_spec_base = {
    OU_EXC_SPEC(base, OuExc, "BaseException"),
    .doc = "Common base class for all exceptions",
    .s = {.repr = base_repr,
          .str = ou_exc_str,
          .getattr = ou_generic_getattr,
          .setattr = ou_generic_setattr,
          .new_ = ou_exc_new,
          .init = ou_exc_init_base},
    .methods = base_methods,
    .getset = base_getset,
    .members = base_members,
};
