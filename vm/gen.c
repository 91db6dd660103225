/* vm/gen.c - generators: objects that own a frame and its registers.  What is said here holds for coroutines and async
 * generators, too (vm/coroutine.c, vm/async_gen.c).
 *
 * A generator is resumed either from C (ou_gen_resume: send, throw, next()) in a nested ou_eval, or by FOR_ITER or SEND in the
 * caller's loop (vm/eval.c).  In both cases the frame's caller is set for the time it runs, and `exc` is pushed on the
 * thread's stack of handled exceptions. */
#include "gen.h"

#include <string.h>

#include "err.h"
#include "exceptions.h"
#include "native.h"
#include "type.h"
#include "trace.h"

/* ---- making ------------------------------------------------------------------------ */

OuObj *ou_gen_from_frame(OuVM *vm, OuFrame *f)
{
    OuCode *co = f->code;
    uint32_t type = co->flags & OU_CO_COROUTINE         ? OU_T_coroutine
                    : co->flags & OU_CO_ASYNC_GENERATOR ? OU_T_async_generator
                                                        : OU_T_generator;
    OuGen *g = (OuGen *)ou_new_gc(vm, type, sizeof *g + co->nregs * sizeof(OuObj *));
    if (!g)
        return NULL;
    memset((char *)g + sizeof(OuObj), 0, sizeof *g - sizeof(OuObj));
    memcpy(g->regs, f->regs, co->nregs * sizeof(OuObj *));
    memset(f->regs, 0, co->nregs * sizeof(OuObj *));
    g->func = ou_ref(f->func);
    g->code = ou_ref(co);
    g->name = ou_ref(f->func->name);
    g->qualname = ou_ref(f->func->qualname);
    g->state = OU_GEN_CREATED;
    g->frame = (OuFrame){
        .func = f->func,
        .code = co,
        .regs = g->regs,
        .pc = f->pc,
        .flags = OU_FR_GEN,
        .gen = g,
        .obj = f->obj, /* an object made so early (settrace) now speaks of the generator's frame */
    };
    f->obj = NULL;
    if (g->frame.obj)
        g->frame.obj->frame = &g->frame;
    if (type == OU_T_coroutine && vm->ts->coroutine_origin_depth &&
        !(g->origin = ou_coroutine_origin(vm, f->prev))) {
        ou_decref(vm, g);
        return NULL;
    }
    ou_gc_track(&vm->heap, (OuObj *)g);
    return (OuObj *)g;
}

/* ---- resuming --------------------------------------------------------------------------- */

const char *ou_gen_kind(OuGen *g)
{
    return ou_is(g, generator) ? "generator" : ou_is(g, coroutine) ? "coroutine" : "async generator";
}

static int enter_check(OuVM *vm, OuGen *g)
{
    if (g->state == OU_GEN_RUNNING)
        return ou_value_error_i(vm, "%s already executing", ou_gen_kind(g));
    if (--vm->ts->recursion_left < 0)
        return ou_recursion_error(vm);
    if (ou_check_stack(vm, " while calling a Python object") < 0) {
        vm->ts->recursion_left++;
        return -1;
    }
    return 0;
}

/* Runs g's frame; an exception in flight is raised at its yield. */
static OuObj *run(OuVM *vm, OuGen *g, bool throwing, OuObj **returned)
{
    OuThread *ts = vm->ts;
    OuFrame *f = &g->frame;
    f->prev = ts->frame;
    f->top = ts->frame ? ts->frame->top : ts->chunk->regs;
    f->flags = OU_FR_GEN | OU_FR_ENTRY;
    f->base = 0;
    g->state = OU_GEN_RUNNING;
    g->exc.prev = ts->handled;
    ts->handled = &g->exc;
    ts->frame = f;
    ou_incref(g);
    if (throwing && g->exc.exc)
        ou_err_chain(vm); /* with what g itself is handling, not its callers */
    OuObj *res = throwing ? ou_eval_throw(vm, f) : ou_eval(vm, f);
    if (res && g->state == OU_GEN_CLOSED) {
        if (returned)
            *returned = res;
        else
            ou_decref(vm, res);
        res = NULL;
    }
    ou_decref(vm, g);
    return res;
}

OuObj *ou_gen_resume(OuVM *vm, OuGen *g, OuObj *sent, OuObj **returned)
{
    if (g->state == OU_GEN_CLOSED) {
        if (ou_is(g, coroutine))
            return ou_raise(vm, OU_EXC(vm, RuntimeError), "cannot reuse already awaited coroutine");
        if (returned)
            *returned = ou_none(vm);
        return NULL;
    }
    if (g->state == OU_GEN_CREATED && sent && sent != OU_NONE(vm))
        return ou_type_error(vm, "can't send non-None value to a just-started %s", ou_gen_kind(g));
    if (enter_check(vm, g) < 0)
        return NULL;
    if (g->state == OU_GEN_SUSPENDED) {
        unsigned dest = OU_INSTR_A(g->frame.pc[-1]);
        OuObj *old = g->regs[dest];
        g->regs[dest] = ou_ref(sent ? sent : OU_NONE(vm));
        ou_xdecref(vm, old);
    }
    return run(vm, g, false, returned);
}

/* Raises exc (taken) inside g. */
static OuObj *throw_here(OuVM *vm, OuGen *g, OuObj *exc, OuObj **returned)
{
    if (g->state == OU_GEN_CLOSED) {
        if (ou_is(g, coroutine)) {
            ou_decref(vm, exc);
            return ou_raise(vm, OU_EXC(vm, RuntimeError), "cannot reuse already awaited coroutine");
        }
        ou_err_restore(vm, exc);
        return NULL;
    }
    if (enter_check(vm, g) < 0) {
        ou_decref(vm, exc);
        return NULL;
    }
    ou_err_restore(vm, exc);
    return run(vm, g, true, returned);
}

OuObj *ou_gen_delegate(OuGen *g)
{
    return g->state == OU_GEN_SUSPENDED && g->delegating ? g->regs[g->deleg_reg] : NULL;
}

static int close_iter(OuVM *vm, OuObj *it)
{
    OuObj *meth, *res;
    if (ou_is(it, generator) || ou_is(it, coroutine)) {
        res = ou_gen_close(vm, OU_GEN(it));
    } else {
        int r = ou_lookup_attr(vm, it, OU_NAME(vm, close), &meth);
        if (r < 0)
            ou_err_unraisable(vm, it, NULL);
        if (r <= 0)
            return 0;
        res = ou_call0(vm, meth);
        ou_decref(vm, meth);
    }
    ou_xdecref(vm, res);
    return res ? 0 : -1;
}

/* The delegate ended with StopIteration (value in *returned): g goes on behind its SEND. */
static OuObj *delegate_finished(OuVM *vm, OuGen *g, OuObj *value_take, OuObj **returned)
{
    /* YIELD of a delegation stands in the loop  L: SEND it, v -> end; YIELD v; RESUME; JUMP_BACK L.  The value of the
     * whole expression goes where SEND would have put it, and the loop is left by SEND's own jump. */
    uint64_t *send = g->frame.pc - 1;
    while (OU_INSTR_OP(*send) != OU_OP_SEND)
        send--;
    unsigned it = OU_INSTR_A(*send), dest = OU_INSTR_B(*send);
    OuObj *old = g->regs[dest], *iter = g->regs[it];
    g->regs[dest] = value_take;
    g->regs[it] = NULL;
    ou_xdecref(vm, old);
    ou_xdecref(vm, iter);
    g->frame.pc = send + 2 + (int32_t)send[1];
    if (enter_check(vm, g) < 0)
        return NULL;
    return run(vm, g, false, returned);
}

/* close_on_exit: GeneratorExit closes the delegate (else it is thrown into it, as aclose() and athrow() want). */
static OuObj *gen_throw(OuVM *vm, OuGen *g, OuObj *exc, bool close_on_exit, OuObj **returned)
{
    OuObj *it = ou_gen_delegate(g), *res, *inner = NULL;
    if (!it)
        return throw_here(vm, g, ou_ref(exc), returned);
    if (ou_check_stack(vm, "") < 0)
        return NULL;
    ou_incref(it);
    g->state = OU_GEN_RUNNING;
    OuThread *ts = vm->ts;
    OuFrame *f = &g->frame, *caller = ts->frame;
    if (close_on_exit && ou_err_matches(vm, exc, (OuObj *)OU_EXC(vm, GeneratorExit))) {
        int r = close_iter(vm, it);
        g->state = OU_GEN_SUSPENDED;
        ou_decref(vm, it);
        return throw_here(vm, g, r < 0 ? ou_err_fetch(vm) : ou_ref(exc), returned);
    }
    /* g stands in the chain of frames while the inner iterator runs */
    f->prev = caller;
    f->top = caller ? caller->top : ts->chunk->regs;
    ts->frame = f;
    if (ou_is(it, generator) || ou_is(it, coroutine)) {
        res = gen_throw(vm, OU_GEN(it), exc, close_on_exit, &inner);
    } else {
        OuObj *meth;
        int r = ou_lookup_attr(vm, it, OU_NAME(vm, throw), &meth);
        if (r <= 0) {
            ts->frame = caller;
            f->prev = NULL;
            g->state = OU_GEN_SUSPENDED;
            ou_decref(vm, it);
            return r < 0 ? NULL : throw_here(vm, g, ou_ref(exc), returned);
        }
        res = ou_call1(vm, meth, exc);
        ou_decref(vm, meth);
    }
    ts->frame = caller;
    f->prev = NULL;
    g->state = OU_GEN_SUSPENDED;
    ou_decref(vm, it);
    if (res)
        return res;
    if (inner || (ou_err_is(vm, OU_EXC(vm, StopIteration)) && ou_stop_value(vm, &inner) > 0))
        return delegate_finished(vm, g, inner, returned);
    return throw_here(vm, g, ou_err_fetch(vm), returned);
}

OuObj *ou_gen_throw_into(OuVM *vm, OuGen *g, OuObj *exc, bool close_on_exit)
{
    OuObj *returned = NULL, *res = gen_throw(vm, g, exc, close_on_exit, &returned);
    if (returned)
        ou_gen_raise_stop(vm, g, returned);
    return res;
}

OuObj *ou_gen_throw(OuVM *vm, OuGen *g, OuObj *exc)
{
    return ou_gen_throw_into(vm, g, exc, true);
}

void ou_gen_raise_stop(OuVM *vm, OuGen *g, OuObj *value_take)
{
    if (ou_is(g, async_generator))
        ou_raise_value(vm, OU_EXC(vm, StopAsyncIteration), NULL);
    else if (value_take == OU_NONE(vm))
        ou_raise_value(vm, OU_EXC(vm, StopIteration), NULL);
    else {
        OuObj *args = ou_tuple_pack(vm, 1, value_take);
        if (args)
            ou_raise_value(vm, OU_EXC(vm, StopIteration), args);
        ou_xdecref(vm, args);
    }
    ou_decref(vm, value_take);
}

int ou_stop_value(OuVM *vm, OuObj **out)
{
    if (!vm->ts->raised) {
        *out = ou_none(vm);
        return 0;
    }
    if (!ou_err_is(vm, OU_EXC(vm, StopIteration)))
        return -1;
    OuObj *exc = ou_err_fetch(vm), *v = ((OuExcStopIteration *)exc)->value;
    *out = ou_ref(v ? v : OU_NONE(vm));
    ou_decref(vm, exc);
    return 1;
}

OuObj *ou_gen_close(OuVM *vm, OuGen *g)
{
    if (g->state == OU_GEN_CLOSED)
        return ou_none(vm);
    if (g->state == OU_GEN_CREATED && !ou_trace_on(vm->ts)) {
        /* nothing ran: no handler can see GeneratorExit */
        ou_gen_finish(vm, g);
        return ou_none(vm);
    }
    OuObj *it = ou_gen_delegate(g), *exc = NULL;
    if (it) {
        if (ou_check_stack(vm, "") < 0)
            return NULL;
        ou_incref(it);
        g->state = OU_GEN_RUNNING;
        if (close_iter(vm, it) < 0)
            exc = ou_err_fetch(vm);
        g->state = OU_GEN_SUSPENDED;
        ou_decref(vm, it);
    }
    if (!exc && !(exc = ou_call0(vm, (OuObj *)OU_EXC(vm, GeneratorExit))))
        return NULL;
    OuObj *returned = NULL, *res = throw_here(vm, g, exc, &returned);
    if (res) {
        ou_decref(vm, res);
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "%s ignored GeneratorExit", ou_gen_kind(g));
    }
    if (returned) {
        ou_decref(vm, returned);
        return ou_none(vm);
    }
    if (ou_err_is(vm, OU_EXC(vm, GeneratorExit)) || ou_err_is(vm, OU_EXC(vm, StopIteration))) {
        ou_err_clear(vm);
        return ou_none(vm);
    }
    return NULL;
}

/* Releases the frame of a generator that will not run again. */
void ou_gen_finish(OuVM *vm, OuGen *g)
{
    if (g->state == OU_GEN_CLOSED)
        return;
    g->state = OU_GEN_CLOSED;
    for (uint32_t i = g->code->nregs; i-- > g->code->nvars;)
        ou_clear(vm, g->regs[i]);
    ou_frame_leave(vm, &g->frame);
    ou_clear(vm, g->func);
}

/* ---- the type's functions -------------------------------------------------------------------- */

OuObj *ou_gen_next(OuVM *vm, OuObj *o)
{
    OuObj *returned = NULL, *res = ou_gen_resume(vm, OU_GEN(o), NULL, &returned);
    if (returned) {
        if (returned != OU_NONE(vm))
            ou_gen_raise_stop(vm, OU_GEN(o), returned);
        else
            ou_decref(vm, returned);
    }
    return res;
}

OuObj *ou_gen_send_method(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *returned = NULL, *res = ou_gen_resume(vm, OU_GEN(args[0]), args[1], &returned);
    if (returned)
        ou_gen_raise_stop(vm, OU_GEN(args[0]), returned);
    return res;
}

/* throw(type[, value[, tb]]) to an exception instance: new, or NULL. */
OuObj *ou_gen_throw_args(OuVM *vm, OuObj *type, OuObj *value, OuObj *tb)
{
    OuObj *exc;
    if (tb == OU_NONE(vm))
        tb = NULL;
    if (tb && !ou_is(tb, traceback))
        return ou_type_error(vm, "throw() third argument must be a traceback object");
    if (ou_isa_type(vm, type) && (OU_AS_TYPE(type)->flags & OU_TYPE_EXC_SUB)) {
        if (value && ou_isa_exc(vm, value) && ou_type_is_subtype(vm, OU_TYPE_OF(vm, value), OU_AS_TYPE(type)))
            exc = ou_ref(value);
        else
            exc = ou_exc_make(vm, OU_AS_TYPE(type), value);
        if (!exc)
            return ou_err_fetch(vm); /* what went wrong is thrown instead */
    } else if (ou_isa_exc(vm, type)) {
        if (value && value != OU_NONE(vm))
            return ou_type_error(vm, "instance exception may not have a separate value");
        exc = ou_ref(type);
    } else
        return ou_type_error(
            vm, "exceptions must be classes or instances deriving from BaseException, not %T", type);
    if (exc && tb) {
        OuObj *old = ((OuExc *)exc)->traceback;
        ((OuExc *)exc)->traceback = ou_ref(tb);
        ou_xdecref(vm, old);
    }
    return exc;
}

OuObj *ou_gen_throw_method(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *exc = ou_gen_throw_args(vm, args[1], args[2], args[3]);
    if (!exc)
        return NULL;
    /* __context__ is the exception handled by the caller of throw(): set when it is raised inside */
    OuGen *g = OU_GEN(args[0]);
    if (ou_gen_delegate(g)) {
        OuObj *res = ou_gen_throw(vm, g, exc);
        ou_decref(vm, exc);
        return res;
    }
    OuObj *returned = NULL,
          *res = throw_here(vm, g, exc, &returned); /* the handler inside is the only holder */
    if (returned)
        ou_gen_raise_stop(vm, g, returned);
    return res;
}

OuObj *ou_gen_close_method(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuGen *g = OU_GEN(args[0]);
    if (g->state == OU_GEN_RUNNING)
        return ou_value_error(vm, "%s already executing", ou_gen_kind(g));
    return ou_gen_close(vm, g);
}

OuObj *ou_gen_sizeof_method(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_int(vm, (int64_t)(sizeof(OuGen) + OU_GEN(args[0])->code->nregs * sizeof(OuObj *)));
}

void ou_gen_finalize(OuVM *vm, OuObj *o)
{
    OuGen *g = OU_GEN(o);
    if (g->state != OU_GEN_SUSPENDED && g->state != OU_GEN_CREATED)
        return;
    OuObj *saved = ou_err_fetch(vm);
    if (ou_is(g, async_generator) && g->ag_hooks && g->origin && !g->ag_closed) {
        OuObj *res = ou_call1(vm, g->origin, o); /* the event loop's finalizer hook */
        if (res)
            ou_decref(vm, res);
        else
            ou_err_unraisable(vm, o, NULL);
        ou_err_restore(vm, saved);
        return;
    }
    if (ou_is(g, coroutine) && g->state == OU_GEN_CREATED)
        ou_coroutine_never_awaited(vm, g);
    if (ou_err_occurred(vm))
        ou_err_unraisable(vm, o, NULL);
    if (g->state == OU_GEN_CREATED && (!ou_trace_on(vm->ts) || ou_is(g, coroutine))) {
        /* No handler to run: dealloc releases the frame, however long the chain.  But in a cycle (the collector
         * holds it too) it falls apart here, as one that was started; but not a coroutine, of which CPython only
         * says that it was never awaited. */
        if (o->rc > 1 && !ou_is(g, coroutine))
            ou_gen_finish(vm, g);
        ou_err_restore(vm, saved);
        return;
    }
    OuObj *res = ou_gen_close(vm, g);
    if (res)
        ou_decref(vm, res);
    else if (ou_err_occurred(vm))
        ou_err_unraisable(vm, o, NULL);
    ou_err_restore(vm, saved);
}

void ou_gen_dealloc(OuVM *vm, OuObj *o)
{
    OuGen *g = OU_GEN(o);
    ou_gc_untrack(&vm->heap, o);
    ou_gen_finish(vm, g);
    ou_clear(vm, g->exc.exc);
    ou_xdecref(vm, g->func);
    ou_decref(vm, g->code);
    ou_decref(vm, g->name);
    ou_decref(vm, g->qualname);
    ou_xdecref(vm, g->origin);
    ou_free_object(vm, o);
}

int ou_gen_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OuGen *g = OU_GEN(o);
    OU_VISIT(g->func);
    OU_VISIT(g->code);
    OU_VISIT(g->name);
    OU_VISIT(g->qualname);
    OU_VISIT(g->origin);
    OU_VISIT(g->exc.exc);
    if (g->state != OU_GEN_CLOSED) {
        OU_VISIT(g->frame.obj);
        for (uint32_t i = 0; i < g->code->nregs; i++)
            OU_VISIT(g->regs[i]);
    }
    return 0;
}

OuObj *ou_gen_repr(OuVM *vm, OuObj *o)
{
    return ou_str_fmt(vm, "<%T object %U at %p>", o, OU_GEN(o)->qualname, (void *)o);
}

OuObj *ou_gen_get_frame(OuVM *vm, OuObj *o, void *data)
{
    OuGen *g = OU_GEN(o);
    if (g->state == OU_GEN_CLOSED)
        return ou_none(vm);
    OuFrameObj *f = ou_frame_object(vm, &g->frame);
    return f ? ou_ref((OuObj *)f) : NULL;
}

OuObj *ou_gen_get_running(OuVM *vm, OuObj *o, void *data)
{
    return ou_bool(vm, OU_GEN(o)->state == OU_GEN_RUNNING);
}

OuObj *ou_gen_get_suspended(OuVM *vm, OuObj *o, void *data)
{
    return ou_bool(vm, OU_GEN(o)->state == OU_GEN_SUSPENDED);
}

OuObj *ou_gen_get_delegate(OuVM *vm, OuObj *o, void *data)
{
    OuObj *it = ou_gen_delegate(OU_GEN(o));
    return ou_ref(it ? it : OU_NONE(vm));
}

OuObj *ou_gen_get_name(OuVM *vm, OuObj *o, void *data)
{
    return ou_ref(data ? OU_GEN(o)->qualname : OU_GEN(o)->name);
}

int ou_gen_set_name(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    OuObj **slot = data ? &OU_GEN(o)->qualname : &OU_GEN(o)->name, *old = *slot;
    if (!value || !ou_isa_str(vm, value))
        return ou_type_error_i(vm, "%s must be set to a string object", data ? "__qualname__" : "__name__");
    *slot = ou_ref(value);
    ou_decref(vm, old);
    return 0;
}

OuObj *ou_gen_get_code(OuVM *vm, OuObj *o, void *data)
{
    return ou_ref((OuObj *)OU_GEN(o)->code);
}

static const OuGetSet generator_getset[] = {
    OU_GEN_GETSET("gi", "gi_yieldfrom", "generator", "object being iterated by yield from, or None"),
    {0},
};
static const OuFn generator_methods[] = {
    {"send(self, arg, /)", ou_gen_send_method, 0,
     "send(arg) -> send 'arg' into generator,\nreturn next yielded value or raise StopIteration."},
    {"throw(self, type, value=None, traceback=None, /)", ou_gen_throw_method, 0,
     "throw(value)\nthrow(type[,value[,tb]])\n\nRaise exception in generator, return next yielded value or "
     "raise\nStopIteration."},
    {"close(self, /)", ou_gen_close_method, 0, "close() -> raise GeneratorExit inside generator."},
    {"__sizeof__(self, /)", ou_gen_sizeof_method, 0, "gen.__sizeof__() -> size of gen in memory, in bytes"},
    {0},
};
const OuTypeSpec ou_generator_spec = {
    .name = "generator",
    .size = sizeof(OuGen),
    .item_size = sizeof(OuObj *),
    .flags = OU_TYPE_GC | OU_TYPE_DEEP | OU_TYPE_WEAK | OU_TYPE_NO_NEW,
    .dealloc = ou_gen_dealloc,
    .traverse = ou_gen_traverse,
    .s = {.repr = ou_gen_repr, .iter = ou_self_iter, .next = ou_gen_next, .finalize = ou_gen_finalize},
    .methods = generator_methods,
    .getset = generator_getset,
};
