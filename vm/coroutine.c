/* vm/coroutine.c - coroutines: generators that are awaited.  Their wrapper, which is an iterator, and await itself. */
#include "gen.h"

#include "err.h"
#include "exceptions.h"
#include "native.h"
#include "type.h"

typedef struct CoroWrapper { /* coroutine.__await__() */
    OuObj hdr;
    OuObj *coro;
} CoroWrapper;

static OuObj *coroutine_await(OuVM *vm, OuObj *o)
{
    CoroWrapper *w = (CoroWrapper *)ou_new_gc(vm, OU_T_coroutine_wrapper, sizeof *w);
    if (!w)
        return NULL;
    w->coro = ou_ref(o);
    ou_gc_track(&vm->heap, (OuObj *)w);
    return (OuObj *)w;
}

static OuObj *get_origin(OuVM *vm, OuObj *o, void *data)
{
    return ou_ref(OU_GEN(o)->origin ? OU_GEN(o)->origin : OU_NONE(vm));
}

static const OuGetSet coroutine_getset[] = {
    OU_GEN_GETSET("cr", "cr_await", "coroutine", "object being awaited on, or None"),
    {"cr_origin", get_origin, NULL, NULL, NULL},
    {0},
};
static const OuFn coroutine_methods[] = {
    {"send(self, arg, /)", ou_gen_send_method, 0,
     "send(arg) -> send 'arg' into coroutine,\nreturn next iterated value or raise StopIteration."},
    {"throw(self, type, value=None, traceback=None, /)", ou_gen_throw_method, 0,
     "throw(value)\nthrow(type[,value[,traceback]])\n\nRaise exception in coroutine, return next iterated "
     "value or raise\nStopIteration."},
    {"close(self, /)", ou_gen_close_method, 0, "close() -> raise GeneratorExit inside coroutine."},
    {"__sizeof__(self, /)", ou_gen_sizeof_method, 0, NULL},
    {0},
};
const OuTypeSpec ou_coroutine_spec = {
    .name = "coroutine",
    .size = sizeof(OuGen),
    .item_size = sizeof(OuObj *),
    .flags = OU_TYPE_GC | OU_TYPE_DEEP | OU_TYPE_WEAK | OU_TYPE_NO_NEW,
    .dealloc = ou_gen_dealloc,
    .traverse = ou_gen_traverse,
    .s = {.repr = ou_gen_repr, .await = coroutine_await, .finalize = ou_gen_finalize},
    .methods = coroutine_methods,
    .getset = coroutine_getset,
};

/* ---- coroutine.__await__() ------------------------------------------------------------------------- */

static void wrapper_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    ou_decref(vm, ((CoroWrapper *)o)->coro);
    ou_free_object(vm, o);
}

static int wrapper_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((CoroWrapper *)o)->coro);
    return 0;
}

static OuObj *wrapper_next(OuVM *vm, OuObj *o)
{
    return ou_gen_next(vm, ((CoroWrapper *)o)->coro);
}

static OuObj *wrapper_send(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[2] = {((CoroWrapper *)args[0])->coro, args[1]};
    return ou_gen_send_method(vm, a, 2, NULL);
}

static OuObj *wrapper_throw(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[4] = {((CoroWrapper *)args[0])->coro, args[1], args[2], args[3]};
    return ou_gen_throw_method(vm, a, 4, NULL);
}

static OuObj *wrapper_close(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_gen_close_method(vm, &((CoroWrapper *)args[0])->coro, 1, NULL);
}

static const OuFn wrapper_methods[] = {
    {"send(self, arg, /)", wrapper_send, 0, NULL},
    {"throw(self, type, value=None, traceback=None, /)", wrapper_throw, 0, NULL},
    {"close(self, /)", wrapper_close, 0, NULL},
    {0},
};
const OuTypeSpec ou_coroutine_wrapper_spec = {
    .name = "coroutine_wrapper",
    .size = sizeof(CoroWrapper),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,
    .doc = "A wrapper object implementing __await__ for coroutines.",
    .dealloc = wrapper_dealloc,
    .traverse = wrapper_traverse,
    .s = {.iter = ou_self_iter, .next = wrapper_next},
    .methods = wrapper_methods,
};

/* ---- await ------------------------------------------------------------------------------------------ */

OuObj *ou_get_awaitable(OuVM *vm, OuObj *o, int why)
{
    OuObj *it;
    if (ou_is(o, coroutine) || (ou_is(o, generator) && (OU_GEN(o)->code->flags & OU_CO_ITERABLE_COROUTINE))) {
        if (ou_is(o, coroutine) && ou_gen_delegate(OU_GEN(o)))
            return ou_raise(vm, OU_EXC(vm, RuntimeError), "coroutine is being awaited already");
        return ou_ref(o);
    }
    OuType *t = OU_TYPE_OF(vm, o);
    if (!t->u->await) {
        if (why == 1)
            return ou_type_error(
                vm, "'async with' received an object from __aenter__ that does not implement __await__: %N",
                t);
        if (why == 2)
            return ou_type_error(
                vm, "'async with' received an object from __aexit__ that does not implement __await__: %N",
                t);
        return ou_type_error(vm, "object %N can't be used in 'await' expression", t);
    }
    it = t->u->await(vm, o);
    if (!it)
        return NULL;
    if (ou_is(it, coroutine) ||
        (ou_is(it, generator) && (OU_GEN(it)->code->flags & OU_CO_ITERABLE_COROUTINE))) {
        ou_decref(vm, it);
        return ou_type_error(vm, "__await__() returned a coroutine");
    }
    if (!ou_is_iterator(vm, it)) {
        ou_type_error(vm, "__await__() returned non-iterator of type '%T'", it);
        ou_clear(vm, it);
    }
    return it;
}

/* cr_origin: ((filename, line, function), ...) of the callers. */
OuObj *ou_coroutine_origin(OuVM *vm, OuFrame *f)
{
    OuObj *list = ou_list_new(vm, 0);
    for (int i = 0; list && f && i < vm->ts->coroutine_origin_depth; i++, f = f->prev) {
        OuObj *line = ou_int(vm, ou_frame_lineno(f));
        OuObj *row = line ? ou_tuple_pack(vm, 3, f->code->filename, line, f->code->name) : NULL;
        ou_xdecref(vm, line);
        if (!row || ou_list_append_take(vm, list, row) < 0)
            ou_clear(vm, list);
    }
    if (!list)
        return NULL;
    OuObj *t = ou_list_to_tuple(vm, list);
    ou_decref(vm, list);
    return t;
}

void ou_coroutine_never_awaited(OuVM *vm, OuGen *g)
{
    bool warned = false;
    OuObj *fn =
        vm->modules && !vm->finalizing ? ou_import_attr(vm, "warnings", "_warn_unawaited_coroutine") : NULL;
    if (fn) {
        OuObj *res = ou_call1(vm, fn, (OuObj *)g);
        warned = res || ou_err_is(vm, OU_EXC(vm, RuntimeWarning));
        ou_xdecref(vm, res);
        ou_decref(vm, fn);
    } else if (ou_err_is(vm, OU_EXC(vm, AttributeError)) || ou_err_is(vm, OU_EXC(vm, ImportError)))
        ou_err_clear(vm); /* no such module, or not its function: the plain warning does */
    if (ou_err_occurred(vm))
        ou_err_unraisable(vm, (OuObj *)g, NULL);
    if (!warned &&
        ou_warn(vm, OU_EXC(vm, RuntimeWarning), 1, "coroutine '%U' was never awaited", g->qualname) < 0)
        ou_err_unraisable(vm, (OuObj *)g, NULL);
}
