/* vm/async_gen.c - asynchronous generators (PEP 525).
 *
 * The body is an OuGen.  `yield v` inside it gives the value in a box (async_generator_wrapped_value), so that the awaitables
 * below can tell it from what an `await` in the body passes on to the event loop.  asend() and __anext__() make one kind of
 * awaitable, athrow() and aclose() the other; each drives the generator and turns a box into StopIteration(v). */
#include "gen.h"

#include <stddef.h>

#include "err.h"
#include "exceptions.h"
#include "native.h"
#include "type.h"

typedef enum { INIT, ITER, CLOSED } AwaitState;

typedef struct OuAsyncWrapped {
    OuObj hdr;
    OuObj *value;
} OuAsyncWrapped;
typedef struct OuAsyncSend { /* async_generator_asend, async_generator_athrow */
    OuObj hdr;
    OuGen *gen;
    OuObj *arg; /* asend: value to send or NULL; athrow: tuple of its arguments, NULL for aclose() */
    AwaitState state;
} OuAsyncSend;
typedef struct OuAnext {
    OuObj hdr;
    OuObj *wrapped, *dflt;
} OuAnext;

/* StopIteration(value) in flight; value borrowed. */
static void stop_with(OuVM *vm, OuObj *value)
{
    OuObj *args = value == OU_NONE(vm) ? NULL : ou_tuple_pack(vm, 1, value);
    if (args || value == OU_NONE(vm))
        ou_raise_value(vm, OU_EXC(vm, StopIteration), args);
    ou_xdecref(vm, args);
}

static OuObj *generator_send(OuVM *vm, OuGen *g, OuObj *arg)
{
    OuObj *returned = NULL, *res = ou_gen_resume(vm, g, arg, &returned);
    if (returned) {
        ou_decref(vm, returned);
        ou_raise_value(vm, OU_EXC(vm, StopAsyncIteration), NULL);
    }
    return res;
}

static bool is_end(OuVM *vm)
{
    return ou_err_is(vm, OU_EXC(vm, StopAsyncIteration)) || ou_err_is(vm, OU_EXC(vm, GeneratorExit));
}

/* What a step of g gave (taken, may be NULL) as what the awaitable gives. */
static OuObj *unwrap(OuVM *vm, OuGen *g, OuObj *res)
{
    if (!res) {
        if (is_end(vm))
            g->ag_closed = true;
        g->ag_running = false;
        return NULL;
    }
    if (ou_is(res, async_gen_wrapped)) {
        stop_with(vm, ((OuAsyncWrapped *)res)->value);
        ou_decref(vm, res);
        g->ag_running = false;
        return NULL;
    }
    return res;
}

/* ---- the box ---- */

OuObj *ou_async_gen_wrap(OuVM *vm, OuObj *value)
{
    OuAsyncWrapped *w = (OuAsyncWrapped *)ou_new_gc(vm, OU_T_async_gen_wrapped, sizeof *w);
    if (!w) {
        ou_decref(vm, value);
        return NULL;
    }
    w->value = value;
    ou_gc_track(&vm->heap, (OuObj *)w);
    return (OuObj *)w;
}

static void wrapped_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    ou_xdecref(vm, ((OuAsyncWrapped *)o)->value);
    ou_free_object(vm, o);
}

static int wrapped_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((OuAsyncWrapped *)o)->value);
    return 0;
}

const OuTypeSpec ou_async_gen_wrapped_spec = {
    .name = "async_generator_wrapped_value",
    .size = sizeof(OuAsyncWrapped),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW | OU_TYPE_DEEP,
    .dealloc = wrapped_dealloc,
    .traverse = wrapped_traverse,
};

/* ---- both awaitables ---- */

static OuObj *awaitable_new(OuVM *vm, uint32_t type, OuObj *gen, OuObj *arg)
{
    OuAsyncSend *s = (OuAsyncSend *)ou_new_gc(vm, type, sizeof *s);
    if (!s)
        return NULL;
    s->gen = (OuGen *)ou_ref(gen);
    ou_xincref(arg);
    s->arg = arg;
    s->state = INIT;
    ou_gc_track(&vm->heap, (OuObj *)s);
    return (OuObj *)s;
}

static void awaitable_dealloc(OuVM *vm, OuObj *o)
{
    OuAsyncSend *s = (OuAsyncSend *)o;
    ou_gc_untrack(&vm->heap, o);
    ou_clear(vm, s->gen);
    ou_clear(vm, s->arg);
    ou_free_object(vm, o);
}

static int awaitable_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((OuAsyncSend *)o)->gen);
    OU_VISIT(((OuAsyncSend *)o)->arg);
    return 0;
}

static OuObj *awaitable_close(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    ((OuAsyncSend *)args[0])->state = CLOSED;
    return ou_none(vm);
}

/* ---- asend, __anext__ ---- */

static OuObj *asend_step(OuVM *vm, OuObj *o, OuObj *arg)
{
    OuAsyncSend *s = (OuAsyncSend *)o;
    if (s->state == CLOSED)
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "cannot reuse already awaited __anext__()/asend()");
    if (s->state == INIT) {
        if (s->gen->ag_running)
            return ou_raise(vm, OU_EXC(vm, RuntimeError),
                            "anext(): asynchronous generator is already running");
        if (!arg || arg == OU_NONE(vm))
            arg = s->arg;
        s->state = ITER;
    }
    s->gen->ag_running = true;
    OuObj *res = unwrap(vm, s->gen, generator_send(vm, s->gen, arg));
    if (!res)
        s->state = CLOSED;
    return res;
}

static OuObj *asend_next(OuVM *vm, OuObj *o)
{
    return asend_step(vm, o, NULL);
}

static OuObj *asend_send(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return asend_step(vm, args[0], args[1]);
}

static OuObj *asend_throw(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuAsyncSend *s = (OuAsyncSend *)args[0];
    if (s->state == CLOSED)
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "cannot reuse already awaited __anext__()/asend()");
    OuObj *exc = ou_gen_throw_args(vm, args[1], args[2], args[3]);
    if (!exc)
        return NULL;
    OuObj *res = unwrap(vm, s->gen, ou_gen_throw_into(vm, s->gen, exc, false));
    ou_decref(vm, exc);
    if (!res)
        s->state = CLOSED;
    return res;
}

#define THROW_DOC                                                                                           \
    "throw(value)\nthrow(type[,value[,tb]])\n\nRaise exception in generator, return next yielded value or " \
    "raise\nStopIteration."
#define SEND_DOC "send(arg) -> send 'arg' into generator,\nreturn next yielded value or raise StopIteration."
static const OuFn asend_methods[] = {
    {"send(self, arg, /)", asend_send, 0, SEND_DOC},
    {"throw(self, type, value=None, traceback=None, /)", asend_throw, 0, THROW_DOC},
    {"close(self, /)", awaitable_close, 0, "close() -> raise GeneratorExit inside generator."},
    {0},
};
const OuTypeSpec ou_async_gen_asend_spec = {
    .name = "async_generator_asend",
    .size = sizeof(OuAsyncSend),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW | OU_TYPE_DEEP,
    .dealloc = awaitable_dealloc,
    .traverse = awaitable_traverse,
    .s = {.iter = ou_self_iter, .next = asend_next, .await = ou_self_iter},
    .methods = asend_methods,
};

/* ---- athrow, aclose ---- */

static OuObj *ignored_exit(OuVM *vm, OuAsyncSend *s, OuObj *boxed)
{
    ou_decref(vm, boxed);
    s->gen->ag_running = false;
    s->state = CLOSED;
    return ou_raise(vm, OU_EXC(vm, RuntimeError), "async generator ignored GeneratorExit");
}

/* After an exception: aclose() is done when the generator is, and says so by StopIteration. */
static OuObj *failed(OuVM *vm, OuAsyncSend *s)
{
    s->gen->ag_running = false;
    s->state = CLOSED;
    if (!s->arg && is_end(vm)) {
        ou_err_clear(vm);
        ou_raise_value(vm, OU_EXC(vm, StopIteration), NULL);
    }
    return NULL;
}

static OuObj *athrow_begin(OuVM *vm, OuAsyncSend *s, OuObj *arg)
{
    OuGen *g = s->gen;
    OuObj *exc, *res;
    if (g->ag_running) {
        s->state = CLOSED;
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "%s: asynchronous generator is already running",
                        s->arg ? "athrow()" : "aclose()");
    }
    if (g->ag_closed) {
        s->state = CLOSED;
        return ou_raise_value(vm, OU_EXC(vm, StopAsyncIteration), NULL);
    }
    if (arg != OU_NONE(vm))
        return ou_raise(vm, OU_EXC(vm, RuntimeError),
                        "can't send non-None value to a just-started coroutine");
    s->state = ITER;
    g->ag_running = true;
    if (s->arg) {
        size_t n = OU_TUPLE(s->arg)->n;
        OuObj **a = OU_TUPLE(s->arg)->items;
        exc = ou_arity(vm, "athrow", n, 1, 3) < 0
                  ? NULL
                  : ou_gen_throw_args(vm, a[0], n > 1 ? a[1] : NULL, n > 2 ? a[2] : NULL);
    } else {
        g->ag_closed = true;
        exc = ou_call0(vm, (OuObj *)OU_EXC(vm, GeneratorExit));
    }
    if (!exc)
        return failed(vm, s);
    res = ou_gen_throw_into(vm, g, exc, false);
    ou_decref(vm, exc);
    if (s->arg)
        res = unwrap(vm, g, res);
    else if (res && ou_is(res, async_gen_wrapped))
        return ignored_exit(vm, s, res);
    return res ? res : failed(vm, s);
}

static OuObj *athrow_step(OuVM *vm, OuObj *o, OuObj *arg)
{
    OuAsyncSend *s = (OuAsyncSend *)o;
    if (s->state == CLOSED)
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "cannot reuse already awaited aclose()/athrow()");
    if (s->gen->state == OU_GEN_CLOSED) {
        s->state = CLOSED;
        return ou_raise_value(vm, OU_EXC(vm, StopIteration), NULL);
    }
    if (s->state == INIT)
        return athrow_begin(vm, s, arg);
    OuObj *res = generator_send(vm, s->gen, arg);
    if (s->arg)
        return unwrap(vm, s->gen, res);
    if (res && ou_is(res, async_gen_wrapped))
        return ignored_exit(vm, s, res);
    return res ? res : failed(vm, s);
}

static OuObj *athrow_next(OuVM *vm, OuObj *o)
{
    return athrow_step(vm, o, OU_NONE(vm));
}

static OuObj *athrow_send(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return athrow_step(vm, args[0], args[1]);
}

static OuObj *athrow_throw(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuAsyncSend *s = (OuAsyncSend *)args[0];
    if (s->state == CLOSED)
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "cannot reuse already awaited aclose()/athrow()");
    OuObj *exc = ou_gen_throw_args(vm, args[1], args[2], args[3]);
    if (!exc)
        return NULL;
    OuObj *res = ou_gen_throw_into(vm, s->gen, exc, true);
    ou_decref(vm, exc);
    if (s->arg)
        return unwrap(vm, s->gen, res);
    if (res && ou_is(res, async_gen_wrapped))
        return ignored_exit(vm, s, res);
    if (!res && is_end(vm)) {
        ou_err_clear(vm);
        ou_raise_value(vm, OU_EXC(vm, StopIteration), NULL);
    }
    return res;
}

static const OuFn athrow_methods[] = {
    {"send(self, arg, /)", athrow_send, 0, SEND_DOC},
    {"throw(self, type, value=None, traceback=None, /)", athrow_throw, 0, THROW_DOC},
    {"close(self, /)", awaitable_close, 0, "close() -> raise GeneratorExit inside generator."},
    {0},
};
const OuTypeSpec ou_async_gen_athrow_spec = {
    .name = "async_generator_athrow",
    .size = sizeof(OuAsyncSend),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW | OU_TYPE_DEEP,
    .dealloc = awaitable_dealloc,
    .traverse = awaitable_traverse,
    .s = {.iter = ou_self_iter, .next = athrow_next, .await = ou_self_iter},
    .methods = athrow_methods,
};

/* ---- the generator ---- */

/* First use: the event loop's hooks (sys.set_asyncgen_hooks) learn of g.  0/-1 */
static int init_hooks(OuVM *vm, OuGen *g)
{
    OuThread *ts = vm->ts;
    if (g->ag_hooks)
        return 0;
    g->ag_hooks = true;
    if (ts->asyncgen_finalizer)
        g->origin = ou_ref(ts->asyncgen_finalizer);
    if (!ts->asyncgen_firstiter)
        return 0;
    OuObj *hook = ou_ref(ts->asyncgen_firstiter), *res = ou_call1(vm, hook, (OuObj *)g);
    ou_decref(vm, hook);
    ou_xdecref(vm, res);
    return res ? 0 : -1;
}

static OuObj *async_generator_anext(OuVM *vm, OuObj *o)
{
    return init_hooks(vm, OU_GEN(o)) < 0 ? NULL : awaitable_new(vm, OU_T_async_gen_asend, o, NULL);
}

static OuObj *asend_method(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return init_hooks(vm, OU_GEN(args[0])) < 0 ? NULL
                                               : awaitable_new(vm, OU_T_async_gen_asend, args[0], args[1]);
}

static OuObj *athrow_method(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return init_hooks(vm, OU_GEN(args[0])) < 0 ? NULL
                                               : awaitable_new(vm, OU_T_async_gen_athrow, args[0], args[1]);
}

static OuObj *aclose_method(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return init_hooks(vm, OU_GEN(args[0])) < 0 ? NULL
                                               : awaitable_new(vm, OU_T_async_gen_athrow, args[0], NULL);
}

static const OuFn async_generator_methods[] = {
    {"asend(self, value, /)", asend_method, 0, "asend(v) -> send 'v' in generator."},
    {"athrow(self, *args)", athrow_method, 0, "athrow(typ[,val[,tb]]) -> raise exception in generator."},
    {"aclose(self, /)", aclose_method, 0, "aclose() -> raise GeneratorExit inside generator."},
    {"__sizeof__(self, /)", ou_gen_sizeof_method, 0, "gen.__sizeof__() -> size of gen in memory, in bytes"},
    {"__class_getitem__(cls, item, /)", ou_class_getitem_alias, OU_FN_CLASS, "See PEP 585"},
    {0},
};
static const OuGetSet async_generator_getset[] = {
    {"__name__", ou_gen_get_name, ou_gen_set_name, "name of the async generator", NULL},
    {"__qualname__", ou_gen_get_name, ou_gen_set_name, "qualified name of the async generator", (void *)1},
    {"ag_await", ou_gen_get_delegate, NULL, "object being awaited on, or None", NULL},
    {"ag_frame", ou_gen_get_frame, NULL, NULL, NULL},
    {0},
};
static const OuMember async_generator_members[] = {
    {"ag_running", OU_MEMBER_BOOL, offsetof(OuGen, ag_running), true, NULL},
    {"ag_code", OU_MEMBER_OBJ, offsetof(OuGen, code), true, NULL},
    {0},
};
const OuTypeSpec ou_async_generator_spec = {
    .name = "async_generator",
    .size = sizeof(OuGen),
    .item_size = sizeof(OuObj *),
    .flags = OU_TYPE_GC | OU_TYPE_WEAK | OU_TYPE_NO_NEW,
    .dealloc = ou_gen_dealloc,
    .traverse = ou_gen_traverse,
    .s = {.repr = ou_gen_repr,
          .aiter = ou_self_iter,
          .anext = async_generator_anext,
          .finalize = ou_gen_finalize},
    .methods = async_generator_methods,
    .getset = async_generator_getset,
    .members = async_generator_members,
};

/* ---- anext(it, default) ---- */

OuObj *ou_anext_awaitable_new(OuVM *vm, OuObj *awaitable, OuObj *dflt)
{
    OuAnext *a = (OuAnext *)ou_new_gc(vm, OU_T_anext_awaitable, sizeof *a);
    if (!a)
        return NULL;
    a->wrapped = ou_ref(awaitable);
    a->dflt = ou_ref(dflt);
    ou_gc_track(&vm->heap, (OuObj *)a);
    return (OuObj *)a;
}

static void anext_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    ou_clear(vm, ((OuAnext *)o)->wrapped);
    ou_clear(vm, ((OuAnext *)o)->dflt);
    ou_free_object(vm, o);
}

static int anext_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((OuAnext *)o)->wrapped);
    OU_VISIT(((OuAnext *)o)->dflt);
    return 0;
}

/* An iterator over the wrapped awaitable: of a coroutine its __await__ wrapper. */
static OuObj *anext_iter(OuVM *vm, OuAnext *a)
{
    OuObj *it = ou_get_awaitable(vm, a->wrapped, 0);
    if (!it || OU_TYPE_OF(vm, it)->s.next)
        return it;
    OuObj *inner = OU_TYPE_OF(vm, it)->u->await(vm, it);
    ou_decref(vm, it);
    if (inner && !OU_TYPE_OF(vm, inner)->s.next) {
        ou_type_error(vm, "__await__ returned a non-iterable");
        ou_clear(vm, inner);
    }
    return inner;
}

static OuObj *anext_result(OuVM *vm, OuAnext *a, OuObj *res)
{
    if (!res && ou_err_is(vm, OU_EXC(vm, StopAsyncIteration))) {
        ou_err_clear(vm);
        stop_with(vm, a->dflt);
    }
    return res;
}

static OuObj *anext_next(OuVM *vm, OuObj *o)
{
    OuObj *it = anext_iter(vm, (OuAnext *)o);
    if (!it)
        return NULL;
    OuObj *res = OU_TYPE_OF(vm, it)->s.next(vm, it);
    ou_decref(vm, it);
    return anext_result(vm, (OuAnext *)o, res);
}

static OuObj *anext_forward(OuVM *vm, OuObj *o, OuObj *name, OuObj *const *args, size_t nargs)
{
    OuObj *it = anext_iter(vm, (OuAnext *)o), *meth, *res = NULL;
    if (!it)
        return NULL;
    if ((meth = ou_getattr(vm, it, name))) {
        res = ou_call(vm, meth, args, nargs, NULL);
        ou_decref(vm, meth);
    }
    ou_decref(vm, it);
    return anext_result(vm, (OuAnext *)o, res);
}

static OuObj *anext_send(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return anext_forward(vm, args[0], OU_NAME(vm, send), args + 1, 1);
}

static OuObj *anext_throw(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return anext_forward(vm, args[0], OU_NAME(vm, throw), args + 1, args[3] ? 3 : args[2] ? 2 : 1);
}

static OuObj *anext_close(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return anext_forward(vm, args[0], OU_NAME(vm, close), NULL, 0);
}

static const OuFn anext_methods[] = {
    {"send(self, arg, /)", anext_send, 0,
     "send(arg) -> send 'arg' into the wrapped iterator,\nreturn next yielded value or raise StopIteration."},
    {"throw(self, type, value=None, traceback=None, /)", anext_throw, 0,
     "throw(typ[,val[,tb]]) -> raise exception in the wrapped iterator,\nreturn next yielded value or raise "
     "StopIteration."},
    {"close(self, /)", anext_close, 0, "close() -> raise GeneratorExit inside generator."},
    {0},
};
const OuTypeSpec ou_anext_awaitable_spec = {
    .name = "anext_awaitable",
    .size = sizeof(OuAnext),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW | OU_TYPE_DEEP,
    .dealloc = anext_dealloc,
    .traverse = anext_traverse,
    .s = {.iter = ou_self_iter, .next = anext_next, .await = ou_self_iter},
    .methods = anext_methods,
};
