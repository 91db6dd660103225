/* stdlib/asyncio/task.c - asyncio.Task: drives a coroutine, one step a turn of the loop. */
#include "asyncio.h"

#include <stddef.h>

#include "vm/exceptions.h"
#include "vm/frame.h"

static OuObj *or_none(OuVM *vm, OuObj *o)
{
    return ou_ref(o ? o : OU_NONE(vm));
}

/* ---- what the loop calls ---- */

typedef struct OuTaskStep { /* task.__step, with an exception to throw */
    OuObj hdr;
    OuTask *task;
    OuObj *exc;
} OuTaskStep;

static OuObj *step(OuVM *vm, OuTask *t, OuObj *exc);

static OuObj *step_call(OuVM *vm, OuObj *o, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuTaskStep *s = (OuTaskStep *)o;
    if (kwnames && OU_TUPLE(kwnames)->n)
        return ou_type_error(vm, "function takes no keyword arguments");
    if (nargs)
        return ou_type_error(vm, "function takes no positional arguments");
    return step(vm, s->task, s->exc);
}

static void step_clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, ((OuTaskStep *)o)->task);
    ou_clear(vm, ((OuTaskStep *)o)->exc);
}

static void step_dealloc(OuVM *vm, OuObj *o)
{
    step_clear(vm, o);
    ou_free_object(vm, o);
}

static int step_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((OuTaskStep *)o)->task);
    OU_VISIT(((OuTaskStep *)o)->exc);
    return 0;
}

static OuObj *step_get_self(OuVM *vm, OuObj *o, void *data)
{
    return or_none(vm, (OuObj *)((OuTaskStep *)o)->task);
}

static OuObj *step_get_qualname(OuVM *vm, OuObj *o, void *data)
{
    OuTask *t = ((OuTaskStep *)o)->task;
    return t && t->coro ? ou_getattr(vm, t->coro, OU_NAME(vm, __qualname__)) : ou_none(vm);
}

static const OuGetSet step_getset[] = {
    {"__self__", step_get_self, NULL, NULL}, {"__qualname__", step_get_qualname, NULL, NULL}, {0}};
const OuTypeSpec ou_task_step_spec = {
    .name = "TaskStepMethWrapper",
    .size = sizeof(OuTaskStep),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,
    .dealloc = step_dealloc,
    .traverse = step_traverse,
    .clear = step_clear,
    .s = {.call = step_call},
    .getset = step_getset,
};

static int step_soon(OuVM *vm, OuTask *t, OuObj *exc)
{
    OuTaskStep *s = (OuTaskStep *)ou_type_alloc(vm, ou_asyncio_state(vm)->step, 0);
    if (!s)
        return -1;
    s->task = OU_TASK(ou_ref((OuObj *)t));
    ou_xincref(exc);
    s->exc = exc;
    int r = ou_asyncio_call_soon(vm, t->loop, (OuObj *)s, NULL, t->task_context);
    ou_decref(vm, s);
    return r;
}

/* The future waited for is done. */
FN(task_wakeup)
{
    OuTask *t = OU_TASK(args[0]);
    OuObj *fut = args[1], *exc = NULL, *r;
    if (ou_is_future(vm, fut)) {
        OuObj *v;
        int got = ou_future_get_result(vm, OU_FUTURE(fut), &v);
        if (got > 0)
            ou_decref(vm, v);
        else if (got == 0)
            exc = v;
        else
            exc = ou_err_fetch(vm);
    } else if ((r = ou_call_method(vm, fut, ou_asyncio_state(vm)->result, 0))) {
        ou_decref(vm, r);
    } else {
        exc = ou_err_fetch(vm);
    }
    r = step(vm, t, exc);
    ou_xdecref(vm, exc);
    return r;
}

static const OuFn wakeup_def = {"task_wakeup(self, fut, /)", task_wakeup, 0, NULL};

static OuObj *wakeup_new(OuVM *vm, OuTask *t)
{
    return ou_builtin_new(vm, &wakeup_def, (OuObj *)t, NULL, true);
}

/* RuntimeError thrown into the coroutine at its next step. */
static OuObj *error_soon(OuVM *vm, OuTask *t, OuObj *msg_take)
{
    OuObj *e = msg_take ? ou_call1(vm, (OuObj *)OU_EXC(vm, RuntimeError), msg_take) : NULL;
    int r = e ? step_soon(vm, t, e) : -1;
    ou_xdecref(vm, msg_take);
    ou_xdecref(vm, e);
    return r < 0 ? NULL : ou_none(vm);
}

/* Cancelled meanwhile: the cancellation goes on to what is waited for. */
static int pass_cancel_on(OuVM *vm, OuTask *t)
{
    if (!t->must_cancel)
        return 0;
    OuAsyncioState *st = ou_asyncio_state(vm);
    OuObj *f = ou_getattr(vm, t->waiter, st->cancel);
    OuObj *msg = or_none(vm, t->cancel_msg), *r = f ? ou_call(vm, f, &msg, 0, st->msg_names) : NULL;
    int yes = r ? ou_is_true(vm, r) : -1;
    ou_xdecref(vm, f);
    ou_xdecref(vm, r);
    ou_decref(vm, msg);
    if (yes > 0)
        t->must_cancel = false;
    return yes < 0 ? -1 : 0;
}

/* fut._loop or fut.get_loop(): new. */
static OuObj *loop_of(OuVM *vm, OuObj *fut)
{
    OuAsyncioState *st = ou_asyncio_state(vm);
    OuObj *f;
    if (ou_is_future(vm, fut))
        return or_none(vm, OU_FUTURE(fut)->loop);
    int r = ou_lookup_attr(vm, fut, st->get_loop, &f);
    if (r < 0)
        return NULL;
    if (r == 0)
        return ou_getattr(vm, fut, st->loop_name);
    OuObj *loop = ou_call0(vm, f);
    ou_decref(vm, f);
    return loop;
}

/* The coroutine yielded `fut`, a future of our own. */
static OuObj *wait_own(OuVM *vm, OuTask *t, OuFuture *fut)
{
    if (fut->loop != t->loop)
        return error_soon(vm, t,
                          ou_str_fmt(vm, "Task %R got Future %R attached to a different loop", t, fut));
    if (!fut->blocking)
        return error_soon(vm, t,
                          ou_str_fmt(vm, "yield was used instead of yield from in task %R with %R", t, fut));
    fut->blocking = false;
    OuObj *w = wakeup_new(vm, t);
    int r = w ? ou_future_add_callback(vm, fut, w, t->task_context) : -1;
    ou_xdecref(vm, w);
    if (r < 0)
        return NULL;
    t->waiter = ou_ref((OuObj *)fut);
    return pass_cancel_on(vm, t) < 0 ? NULL : ou_none(vm);
}

/* ... a future of another make, with `blocking` as its _asyncio_future_blocking. */
static OuObj *wait_foreign(OuVM *vm, OuTask *t, OuObj *fut, OuObj *blocking)
{
    OuAsyncioState *st = ou_asyncio_state(vm);
    int yes = ou_is_true(vm, blocking);
    OuObj *loop = yes < 0 ? NULL : loop_of(vm, fut);
    if (!loop)
        return NULL;
    bool same = loop == t->loop;
    ou_decref(vm, loop);
    if (!same)
        return error_soon(vm, t,
                          ou_str_fmt(vm, "Task %R got Future %R attached to a different loop", t, fut));
    if (!yes)
        return error_soon(vm, t,
                          ou_str_fmt(vm, "yield was used instead of yield from in task %R with %R", t, fut));
    if (ou_setattr(vm, fut, st->blocking_name, OU_FALSE(vm)) < 0)
        return NULL;
    OuObj *w = wakeup_new(vm, t), *add = w ? ou_getattr_s(vm, fut, "add_done_callback") : NULL, *r = NULL;
    if (add) {
        OuObj *a[2] = {w, t->task_context};
        r = ou_call(vm, add, a, 1, st->context_names);
    }
    ou_xdecref(vm, w);
    ou_xdecref(vm, add);
    if (!r)
        return NULL;
    ou_decref(vm, r);
    t->waiter = ou_ref(fut);
    return pass_cancel_on(vm, t) < 0 ? NULL : ou_none(vm);
}

static OuObj *yielded(OuVM *vm, OuTask *t, OuObj *v)
{
    if (v == (OuObj *)t)
        return error_soon(vm, t, ou_str_fmt(vm, "Task cannot await on itself: %R", t));
    if (ou_is_future(vm, v))
        return wait_own(vm, t, OU_FUTURE(v));
    if (v == OU_NONE(vm))
        return step_soon(vm, t, NULL) < 0 ? NULL : ou_none(vm);
    OuObj *blocking;
    int r = ou_lookup_attr(vm, v, ou_asyncio_state(vm)->blocking_name, &blocking);
    if (r < 0)
        return NULL;
    if (r && blocking != OU_NONE(vm)) {
        OuObj *res = wait_foreign(vm, t, v, blocking);
        ou_decref(vm, blocking);
        return res;
    }
    if (r)
        ou_decref(vm, blocking);
    if (ou_is(v, generator))
        return error_soon(
            vm, t,
            ou_str_fmt(vm, "yield was used instead of yield from for generator in task %R with %R", t, v));
    return error_soon(vm, t, ou_str_fmt(vm, "Task got bad yield: %R", v));
}

/* One step of the coroutine: value yielded, new; NULL: *returned is set, or there is an exception. */
static OuObj *advance(OuVM *vm, OuObj *coro, OuObj *exc, OuObj **returned)
{
    *returned = NULL;
    OuObj *v = NULL;
    if (!exc && (ou_is(coro, coroutine) || ou_is(coro, generator)) &&
        (OU_GEN(coro)->state == OU_GEN_CREATED || OU_GEN(coro)->state == OU_GEN_SUSPENDED))
        v = ou_gen_resume(vm, OU_GEN(coro), NULL, returned);
    else if (exc)
        v = ou_call_method(vm, coro, OU_NAME(vm, throw), 1, exc);
    else
        v = ou_call_method(vm, coro, OU_NAME(vm, send), 1, OU_NONE(vm));
    if (!v && ou_err_occurred(vm) && ou_err_is(vm, OU_EXC(vm, StopIteration))) {
        OuObj *stop = ou_err_fetch(vm);
        *returned = or_none(vm, ((OuExcStopIteration *)stop)->value);
        ou_decref(vm, stop);
    } else if (!v && !ou_err_occurred(vm) && !*returned) {
        *returned = ou_none(vm);
    }
    return v;
}

static OuObj *finish(OuVM *vm, OuTask *t, OuObj *returned_take)
{
    int r;
    if (t->must_cancel) { /* cancelled right before the coroutine ended */
        t->must_cancel = false;
        r = ou_future_cancel(vm, OU_FUTURE(t), t->cancel_msg);
    } else {
        r = ou_future_set_result(vm, OU_FUTURE(t), returned_take);
    }
    ou_decref(vm, returned_take);
    return r < 0 ? NULL : ou_none(vm);
}

static OuObj *fail(OuVM *vm, OuTask *t)
{
    OuAsyncioState *st = ou_asyncio_state(vm);
    OuObj *exc = ou_err_fetch(vm);
    OuObj *cancelled = ou_asyncio_need(vm, &st->cancelled_error, "asyncio.exceptions", "CancelledError");
    int r = -1;
    if (cancelled && ou_type_is_subtype(vm, OU_TYPE_OF(vm, exc), (OuType *)cancelled)) {
        OuObj *old = t->cancelled_exc; /* kept to be chained later */
        t->cancelled_exc = ou_ref(exc);
        ou_xdecref(vm, old);
        r = ou_future_cancel(vm, OU_FUTURE(t), NULL);
    } else if (cancelled) {
        r = ou_future_set_exception(vm, OU_FUTURE(t), exc);
        if (r == 0 && (ou_type_is_subtype(vm, OU_TYPE_OF(vm, exc), OU_EXC(vm, KeyboardInterrupt)) ||
                       ou_type_is_subtype(vm, OU_TYPE_OF(vm, exc), OU_EXC(vm, SystemExit)))) {
            ou_err_restore(vm, exc);
            return NULL;
        }
    }
    ou_decref(vm, exc);
    return r < 0 ? NULL : ou_none(vm);
}

static OuObj *step_inside(OuVM *vm, OuTask *t, OuObj *exc)
{
    OuAsyncioState *st = ou_asyncio_state(vm);
    OuObj *own = NULL, *returned, *v, *r;
    if (t->state != OU_FUTURE_PENDING) {
        OuObj *type = ou_asyncio_need(vm, &st->invalid_state, "asyncio.exceptions", "InvalidStateError");
        return type
                   ? ou_raise(vm, (OuType *)type, "__step(): already done: %R %R", t, exc ? exc : OU_NONE(vm))
                   : NULL;
    }
    if (t->must_cancel) {
        OuObj *cancelled = ou_asyncio_need(vm, &st->cancelled_error, "asyncio.exceptions", "CancelledError");
        if (!cancelled)
            return NULL;
        if (!exc || !ou_type_is_subtype(vm, OU_TYPE_OF(vm, exc), (OuType *)cancelled)) {
            if (!(own = ou_future_cancelled_error(vm, OU_FUTURE(t))))
                return NULL;
            exc = own;
        }
        t->must_cancel = false;
    }
    ou_clear(vm, t->waiter);
    if (!t->coro) {
        ou_xdecref(vm, own);
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "uninitialized Task object");
    }
    v = advance(vm, t->coro, exc, &returned);
    ou_xdecref(vm, own);
    if (!v)
        return returned ? finish(vm, t, returned) : fail(vm, t);
    r = yielded(vm, t, v);
    ou_decref(vm, v);
    return r;
}

static OuObj *step(OuVM *vm, OuTask *t, OuObj *exc)
{
    ou_incref(t); /* the loop may hold it only by the handle that runs now */
    OuObj *loop = ou_ref(t->loop), *r = NULL;
    if (ou_asyncio_enter(vm, loop, (OuObj *)t) == 0) {
        r = step_inside(vm, t, exc);
        OuObj *raised = r ? NULL : ou_err_fetch(vm);
        if (ou_asyncio_leave(vm, loop, (OuObj *)t) < 0) {
            ou_clear(vm, r);
            ou_xdecref(vm, raised);
        } else if (raised) {
            ou_err_restore(vm, raised);
        }
    }
    ou_decref(vm, loop);
    ou_decref(vm, t);
    return r;
}

/* ---- life ---- */

static int is_coroutine(OuVM *vm, OuObj *o)
{
    OuAsyncioState *st = ou_asyncio_state(vm);
    if (ou_is(o, coroutine))
        return 1;
    OuObj *f = ou_asyncio_need(vm, &st->iscoroutine, "asyncio.coroutines", "iscoroutine");
    OuObj *r = f ? ou_call1(vm, f, o) : NULL;
    int yes = r ? ou_is_true(vm, r) : -1;
    ou_xdecref(vm, r);
    return yes;
}

static int task_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuTask *t = OU_TASK(self);
    OuObj *a[4]; /* coro, loop, name, context */
    if (ou_args_bind(vm, "Task(coro, *, loop=None, name=None, context=None)", args, nargs, kwnames, a) < 0)
        return -1;
    t->is_task = true;
    t->log_destroy_pending = true;
    if (ou_future_init(vm, OU_FUTURE(t), a[1]) < 0)
        return -1;
    int ok = is_coroutine(vm, a[0]);
    if (ok <= 0) {
        t->log_destroy_pending = false;
        return ok < 0 ? -1 : ou_type_error_i(vm, "a coroutine was expected, got %R", a[0]);
    }
    ou_clear(vm, t->task_context);
    ou_clear(vm, t->waiter);
    ou_clear(vm, t->name);
    OuObj *old = t->coro;
    t->coro = ou_ref(a[0]);
    ou_xdecref(vm, old);
    if (!(t->task_context = a[3] && a[3] != OU_NONE(vm) ? ou_ref(a[3]) : ou_asyncio_copy_context(vm)))
        return -1;
    if (!a[2] || a[2] == OU_NONE(vm))
        t->name = ou_str_fmt(vm, "Task-%lld", (long long)++ou_asyncio_state(vm)->next_name);
    else
        t->name = ou_is(a[2], str) ? ou_ref(a[2]) : ou_str(vm, a[2]);
    if (!t->name || step_soon(vm, t, NULL) < 0)
        return -1;
    return ou_asyncio_register(vm, self);
}

static OuObj *task_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *o = ou_type_alloc(vm, type, 0);
    if (o)
        OU_FUTURE(o)->is_task = true;
    return o;
}

static void task_clear(OuVM *vm, OuObj *o)
{
    OuTask *t = OU_TASK(o);
    OuDict *d = OU_WORD_DICT(t->dict);
    ou_future_clear(vm, o);
    t->dict = 0;
    ou_xdecref(vm, d);
    ou_clear(vm, t->task_context);
    ou_clear(vm, t->coro);
    ou_clear(vm, t->name);
    ou_clear(vm, t->waiter);
}

static void task_dealloc(OuVM *vm, OuObj *o)
{
    task_clear(vm, o);
    ou_free_object(vm, o);
}

static int task_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OuTask *t = OU_TASK(o);
    OU_VISIT(t->task_context);
    OU_VISIT(t->coro);
    OU_VISIT(t->name);
    OU_VISIT(t->waiter);
    return ou_future_traverse(o, visit, arg);
}

static void task_finalize(OuVM *vm, OuObj *o)
{
    OuTask *t = OU_TASK(o);
    if (t->state == OU_FUTURE_PENDING && t->log_destroy_pending && t->loop)
        ou_future_report(vm, o, "task", "Task was destroyed but it is pending!", NULL);
    ou_future_finalize(vm, o);
}

/* ---- methods ---- */

FN(task_set_result)
{
    return ou_raise(vm, OU_EXC(vm, RuntimeError), "Task does not support set_result operation");
}

FN(task_set_exception)
{
    return ou_raise(vm, OU_EXC(vm, RuntimeError), "Task does not support set_exception operation");
}

FN(task_cancel)
{
    OuTask *t = OU_TASK(args[0]);
    OuAsyncioState *st = ou_asyncio_state(vm);
    OuObj *msg = args[1] ? args[1] : OU_NONE(vm);
    t->log_tb = false;
    if (t->state != OU_FUTURE_PENDING)
        return ou_bool(vm, false);
    t->cancels_requested++;
    if (t->waiter) {
        OuObj *f = ou_getattr(vm, t->waiter, st->cancel),
              *r = f ? ou_call(vm, f, &msg, 0, st->msg_names) : NULL;
        int yes = r ? ou_is_true(vm, r) : -1;
        ou_xdecref(vm, f);
        ou_xdecref(vm, r);
        if (yes)
            return yes < 0 ? NULL : ou_bool(vm, true);
    }
    t->must_cancel = true;
    OuObj *old = t->cancel_msg;
    t->cancel_msg = ou_ref(msg);
    ou_xdecref(vm, old);
    return ou_bool(vm, true);
}

FN(task_cancelling)
{
    return ou_int(vm, OU_TASK(args[0])->cancels_requested);
}

FN(task_uncancel)
{
    OuTask *t = OU_TASK(args[0]);
    if (t->cancels_requested > 0)
        t->cancels_requested--;
    return ou_int(vm, t->cancels_requested);
}

FN(task_get_stack)
{
    OuAsyncioState *st = ou_asyncio_state(vm);
    OuObj *f = ou_asyncio_need(vm, &st->get_stack, "asyncio.base_tasks", "_task_get_stack");
    return f ? ou_call2(vm, f, args[0], args[1] ? args[1] : OU_NONE(vm)) : NULL;
}

FN(task_print_stack)
{
    OuAsyncioState *st = ou_asyncio_state(vm);
    OuObj *f = ou_asyncio_need(vm, &st->print_stack, "asyncio.base_tasks", "_task_print_stack");
    return f ? ou_call3(vm, f, args[0], args[1] ? args[1] : OU_NONE(vm), args[2] ? args[2] : OU_NONE(vm))
             : NULL;
}

FN(task_get_name)
{
    return or_none(vm, OU_TASK(args[0])->name);
}

FN(task_set_name)
{
    OuObj *name = ou_is(args[1], str) ? ou_ref(args[1]) : ou_str(vm, args[1]), *old = OU_TASK(args[0])->name;
    if (!name)
        return NULL;
    OU_TASK(args[0])->name = name;
    ou_xdecref(vm, old);
    return ou_none(vm);
}

FN(task_get_coro)
{
    return or_none(vm, OU_TASK(args[0])->coro);
}

static OuObj *task_repr(OuVM *vm, OuObj *o)
{
    OuAsyncioState *st = ou_asyncio_state(vm);
    OuObj *f = ou_asyncio_need(vm, &st->task_repr, "asyncio.base_tasks", "_task_repr");
    return f ? ou_call1(vm, f, o) : NULL;
}

static OuObj *get_log_destroy(OuVM *vm, OuObj *o, void *data)
{
    return ou_bool(vm, OU_TASK(o)->log_destroy_pending);
}

static int set_log_destroy(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    if (!value)
        return ou_raise_i(vm, OU_EXC(vm, AttributeError), "cannot delete attribute");
    int r = ou_is_true(vm, value);
    if (r >= 0)
        OU_TASK(o)->log_destroy_pending = r;
    return r < 0 ? -1 : 0;
}

static OuObj *get_must_cancel(OuVM *vm, OuObj *o, void *data)
{
    return ou_bool(vm, OU_TASK(o)->must_cancel);
}

static OuObj *get_coro(OuVM *vm, OuObj *o, void *data)
{
    return or_none(vm, OU_TASK(o)->coro);
}

static OuObj *get_waiter(OuVM *vm, OuObj *o, void *data)
{
    return or_none(vm, OU_TASK(o)->waiter);
}

static const OuFn methods[] = {
    {"set_result(self, result, /)", task_set_result, 0, NULL},
    {"set_exception(self, exception, /)", task_set_exception, 0, NULL},
    {"cancel(self, /, msg=None)", task_cancel, 0, "Request that this task cancel itself."},
    {"cancelling(self, /)", task_cancelling, 0, "Return the count of the task's cancellation requests."},
    {"uncancel(self, /)", task_uncancel, 0, "Decrement the task's count of cancellation requests."},
    {"get_stack(self, /, *, limit=None)", task_get_stack, 0,
     "Return the list of stack frames for this task's coroutine."},
    {"print_stack(self, /, *, limit=None, file=None)", task_print_stack, 0,
     "Print the stack or traceback for this task's coroutine."},
    {"get_name(self, /)", task_get_name, 0, NULL},
    {"set_name(self, value, /)", task_set_name, 0, NULL},
    {"get_coro(self, /)", task_get_coro, 0, NULL},
    {"__class_getitem__(cls, item, /)", ou_class_getitem_alias, OU_FN_CLASS, "See PEP 585"},
    {0},
};
static const OuGetSet getset[] = {
    {"_log_destroy_pending", get_log_destroy, set_log_destroy, NULL},
    {"_must_cancel", get_must_cancel, NULL, NULL},
    {"_coro", get_coro, NULL, NULL},
    {"_fut_waiter", get_waiter, NULL, NULL},
    {0},
};
const OuTypeSpec ou_task_spec = {
    .name = "_asyncio.Task",
    .size = sizeof(OuTask),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_WEAK | OU_TYPE_DICT,
    .dict_off = offsetof(OuTask, dict),
    .doc = "Task(coro, *, loop=None, name=None, context=None)\n--\n\nA coroutine wrapped in a Future.",
    .dealloc = task_dealloc,
    .traverse = task_traverse,
    .clear = task_clear,
    .s = {.repr = task_repr, .new_ = task_new, .init = task_init, .finalize = task_finalize},
    .methods = methods,
    .getset = getset,
};
