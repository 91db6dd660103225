/* stdlib/asyncio/future.c - asyncio.Future: state, callbacks, attributes. */
#include "asyncio.h"

#include <stddef.h>

#include "vm/exceptions.h"

static OuObj *or_none(OuVM *vm, OuObj *o)
{
    return ou_ref(o ? o : OU_NONE(vm));
}

int ou_future_alive(OuVM *vm, OuObj *o)
{
    if (OU_FUTURE(o)->loop)
        return 0;
    return ou_raise_i(vm, OU_EXC(vm, RuntimeError), "Future object is not initialized.");
}

bool ou_is_future(OuVM *vm, OuObj *o)
{
    OuAsyncioState *st = ou_asyncio_state(vm);
    OuType *t = OU_TYPE_OF(vm, o);
    return t == st->future || t == st->task;
}

static int not_ready(OuVM *vm, const char *msg)
{
    OuAsyncioState *st = ou_asyncio_state(vm);
    OuObj *t = ou_asyncio_need(vm, &st->invalid_state, "asyncio.exceptions", "InvalidStateError");
    return t ? ou_raise_i(vm, (OuType *)t, "%s", msg) : -1;
}

/* ---- life ---- */

int ou_future_init(OuVM *vm, OuFuture *f, OuObj *loop)
{
    OuAsyncioState *st = ou_asyncio_state(vm);
    ou_future_clear(vm, (OuObj *)f);
    f->state = OU_FUTURE_PENDING;
    f->log_tb = f->blocking = f->must_cancel = false;
    f->cancels_requested = 0;
    if (!(f->loop = loop && loop != OU_NONE(vm) ? ou_ref(loop) : ou_asyncio_get_event_loop(vm)))
        return -1;
    OuObj *debug = ou_call_method(vm, f->loop, st->get_debug, 0);
    int on = debug ? ou_is_true(vm, debug) : -1;
    ou_xdecref(vm, debug);
    if (on > 0) {
        OuObj *extract = ou_asyncio_need(vm, &st->extract_stack, "traceback", "extract_stack");
        if (!extract || !(f->source_tb = ou_call0(vm, extract)))
            on = -1;
    }
    return on < 0 ? -1 : 0;
}

static int future_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *loop;
    if (ou_args_bind(vm, "Future(*, loop=None)", args, nargs, kwnames, &loop) < 0)
        return -1;
    return ou_future_init(vm, OU_FUTURE(self), loop);
}

static OuObj *future_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_type_alloc(vm, type, 0);
}

void ou_future_clear(OuVM *vm, OuObj *o)
{
    OuFuture *f = OU_FUTURE(o);
    ou_clear(vm, f->loop);
    ou_clear(vm, f->callback);
    ou_clear(vm, f->context);
    ou_clear(vm, f->callbacks);
    ou_clear(vm, f->result);
    ou_clear(vm, f->exception);
    ou_clear(vm, f->exception_tb);
    ou_clear(vm, f->source_tb);
    ou_clear(vm, f->cancel_msg);
    ou_clear(vm, f->cancelled_exc);
}

static void clear_with_dict(OuVM *vm, OuObj *o)
{
    OuDict *d = OU_WORD_DICT(OU_FUTURE(o)->dict);
    ou_future_clear(vm, o);
    OU_FUTURE(o)->dict = 0;
    ou_xdecref(vm, d);
}

static void future_dealloc(OuVM *vm, OuObj *o)
{
    clear_with_dict(vm, o);
    ou_free_object(vm, o);
}

int ou_future_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OuFuture *f = OU_FUTURE(o);
    OU_VISIT(f->loop);
    OU_VISIT(f->callback);
    OU_VISIT(f->context);
    OU_VISIT(f->callbacks);
    OU_VISIT(f->result);
    OU_VISIT(f->exception);
    OU_VISIT(f->exception_tb);
    OU_VISIT(f->source_tb);
    OU_VISIT(f->cancel_msg);
    OU_VISIT(f->cancelled_exc);
    OU_VISIT(OU_WORD_DICT(f->dict));
    return 0;
}

void ou_future_report(OuVM *vm, OuObj *o, const char *key, const char *msg, OuObj *exception)
{
    OuFuture *f = OU_FUTURE(o);
    OuObj *saved = ou_err_fetch(vm);
    OuObj *context = ou_dict_new(vm), *text = ou_str_new(vm, msg, -1), *handler = NULL, *r = NULL;
    if (context && text && ou_dict_set_s(vm, context, "message", text) == 0 &&
        (!exception || ou_dict_set_s(vm, context, "exception", exception) == 0) &&
        ou_dict_set_s(vm, context, key, o) == 0 &&
        (!f->source_tb || ou_dict_set_s(vm, context, "source_traceback", f->source_tb) == 0) &&
        (handler = ou_getattr_s(vm, f->loop, "call_exception_handler")))
        r = ou_call1(vm, handler, context);
    if (!r)
        ou_err_unraisable(vm, handler ? handler : o, NULL);
    ou_xdecref(vm, context);
    ou_xdecref(vm, text);
    ou_xdecref(vm, handler);
    ou_xdecref(vm, r);
    if (saved)
        ou_err_restore(vm, saved);
}

void ou_future_finalize(OuVM *vm, OuObj *o)
{
    OuFuture *f = OU_FUTURE(o);
    if (!f->log_tb || !f->loop)
        return;
    f->log_tb = false;
    OuObj *saved = ou_err_fetch(vm), *name = ou_type_name(vm, OU_TYPE_OF(vm, o));
    OuObj *msg = name ? ou_str_fmt(vm, "%U exception was never retrieved", name) : NULL;
    OuUtf8 u;
    if (msg && ou_str_utf8(vm, msg, &u, true) == 0) {
        ou_future_report(vm, o, "future", u.s, f->exception);
        ou_utf8_free(vm, &u);
    }
    ou_xdecref(vm, name);
    ou_xdecref(vm, msg);
    if (ou_err_occurred(vm))
        ou_err_unraisable(vm, o, NULL);
    if (saved)
        ou_err_restore(vm, saved);
}

/* ---- callbacks ---- */

static int schedule_callbacks(OuVM *vm, OuFuture *f)
{
    if (f->callback) {
        OuObj *fn = f->callback, *context = f->context;
        f->callback = f->context = NULL;
        int r = ou_asyncio_call_soon(vm, f->loop, fn, (OuObj *)f, context);
        ou_decref(vm, fn);
        ou_decref(vm, context);
        if (r < 0) {
            ou_clear(vm, f->callbacks); /* as CPython: all are lost */
            return -1;
        }
    }
    OuObj *list = f->callbacks;
    f->callbacks = NULL;
    int r = 0;
    for (size_t i = 0; list && r == 0 && i < OU_LIST(list)->n; i++) {
        OuObj **pair = OU_TUPLE(OU_LIST(list)->items[i])->items;
        r = ou_asyncio_call_soon(vm, f->loop, pair[0], (OuObj *)f, pair[1]);
    }
    ou_xdecref(vm, list);
    return r;
}

int ou_future_add_callback(OuVM *vm, OuFuture *f, OuObj *fn, OuObj *context)
{
    if (f->state != OU_FUTURE_PENDING)
        return ou_asyncio_call_soon(vm, f->loop, fn, (OuObj *)f, context);
    if (!f->callback && !f->callbacks) {
        f->callback = ou_ref(fn);
        f->context = ou_ref(context);
        return 0;
    }
    if (!f->callbacks && !(f->callbacks = ou_list_new(vm, 0)))
        return -1;
    OuObj *pair = ou_tuple_pack(vm, 2, fn, context);
    return pair ? ou_list_append_take(vm, f->callbacks, pair) : -1;
}

FN(add_done_callback)
{
    if (!OU_FUTURE(args[0])->loop)
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "uninitialized Future object");
    OuObj *context = args[2] ? ou_ref(args[2]) : ou_asyncio_copy_context(vm);
    int r = -1;
    if (context)
        r = ou_future_add_callback(vm, OU_FUTURE(args[0]), args[1], context);
    ou_xdecref(vm, context);
    return r < 0 ? NULL : ou_none(vm);
}

FN(remove_done_callback)
{
    OuFuture *f = OU_FUTURE(args[0]);
    int64_t removed = 0;
    if (ou_future_alive(vm, args[0]) < 0)
        return NULL;
    if (f->callback) {
        int eq = ou_compare_bool(vm, args[1], f->callback, OU_CMP_EQ);
        if (eq < 0)
            return NULL;
        if (eq) {
            ou_clear(vm, f->callback);
            ou_clear(vm, f->context);
            removed++;
        }
    }
    if (!f->callbacks)
        return ou_int(vm, removed);
    /* comparisons may change the list: work on a copy of what is there */
    OuObj *kept = ou_list_new(vm, 0);
    for (size_t i = 0; kept && f->callbacks && i < OU_LIST(f->callbacks)->n; i++) {
        OuObj *pair = ou_ref(OU_LIST(f->callbacks)->items[i]);
        int eq = ou_compare_bool(vm, OU_TUPLE(pair)->items[0], args[1], OU_CMP_EQ);
        if (eq < 0 || (eq == 0 && ou_list_append(vm, kept, pair) < 0))
            ou_clear(vm, kept);
        else
            removed += eq;
        ou_decref(vm, pair);
    }
    if (!kept)
        return NULL;
    OuObj *old = f->callbacks;
    if (!OU_LIST(kept)->n)
        ou_clear(vm, kept);
    if (old)
        f->callbacks = kept;
    else
        ou_xdecref(vm, kept);
    ou_xdecref(vm, old);
    return ou_int(vm, removed);
}

/* ---- results ---- */

OuObj *ou_future_cancelled_error(OuVM *vm, OuFuture *f)
{
    OuAsyncioState *st = ou_asyncio_state(vm);
    OuObj *exc = f->cancelled_exc;
    if (exc) {
        f->cancelled_exc = NULL;
        return exc;
    }
    OuObj *t = ou_asyncio_need(vm, &st->cancelled_error, "asyncio.exceptions", "CancelledError");
    if (!t)
        return NULL;
    return f->cancel_msg && f->cancel_msg != OU_NONE(vm) ? ou_call1(vm, t, f->cancel_msg) : ou_call0(vm, t);
}

static int raise_cancelled(OuVM *vm, OuFuture *f)
{
    OuObj *exc = ou_future_cancelled_error(vm, f);
    if (exc) {
        ou_raise_obj(vm, exc);
        ou_decref(vm, exc);
    }
    return -1;
}

int ou_future_get_result(OuVM *vm, OuFuture *f, OuObj **out)
{
    if (f->state == OU_FUTURE_CANCELLED)
        return raise_cancelled(vm, f);
    if (f->state != OU_FUTURE_FINISHED)
        return not_ready(vm, "Result is not set.");
    f->log_tb = false;
    if (!f->exception) {
        *out = ou_ref(f->result);
        return 1;
    }
    OuExc *e = (OuExc *)f->exception;
    OuObj *old = e->traceback;
    e->traceback = f->exception_tb;
    f->exception_tb = NULL;
    ou_xdecref(vm, old);
    *out = ou_ref(f->exception);
    return 0;
}

int ou_future_set_result(OuVM *vm, OuFuture *f, OuObj *value)
{
    if (ou_future_alive(vm, (OuObj *)f) < 0)
        return -1;
    if (f->state != OU_FUTURE_PENDING)
        return not_ready(vm, "invalid state");
    f->result = ou_ref(value);
    f->state = OU_FUTURE_FINISHED;
    return schedule_callbacks(vm, f);
}

int ou_future_set_exception(OuVM *vm, OuFuture *f, OuObj *exc)
{
    if (ou_future_alive(vm, (OuObj *)f) < 0)
        return -1;
    if (f->state != OU_FUTURE_PENDING)
        return not_ready(vm, "invalid state");
    OuObj *e = ou_isa_type(vm, exc) && ou_type_is_subtype(vm, (OuType *)exc, OU_EXC(vm, BaseException))
                   ? ou_call0(vm, exc)
                   : ou_ref(exc);
    if (!e)
        return -1;
    if (!ou_isa_exc(vm, e)) {
        ou_decref(vm, e);
        return ou_type_error_i(vm, "invalid exception object");
    }
    if (OU_TYPE_OF(vm, e) == OU_EXC(vm, StopIteration)) {
        ou_decref(vm, e);
        return ou_type_error_i(
            vm, "StopIteration interacts badly with generators and cannot be raised into a Future");
    }
    f->exception = e;
    ou_xincref(((OuExc *)e)->traceback);
    f->exception_tb = ((OuExc *)e)->traceback;
    f->state = OU_FUTURE_FINISHED;
    if (schedule_callbacks(vm, f) < 0)
        return -1;
    f->log_tb = true;
    return 0;
}

int ou_future_cancel(OuVM *vm, OuFuture *f, OuObj *msg)
{
    f->log_tb = false;
    if (f->state != OU_FUTURE_PENDING)
        return 0;
    f->state = OU_FUTURE_CANCELLED;
    OuObj *old = f->cancel_msg;
    ou_xincref(msg);
    f->cancel_msg = msg;
    ou_xdecref(vm, old);
    return schedule_callbacks(vm, f) < 0 ? -1 : 1;
}

FN(future_result)
{
    OuObj *v;
    if (!OU_FUTURE(args[0])->loop) {
        not_ready(vm, "Future object is not initialized.");
        return NULL;
    }
    int r = ou_future_get_result(vm, OU_FUTURE(args[0]), &v);
    if (r > 0)
        return v;
    if (r == 0) {
        ou_raise_obj(vm, v);
        ou_decref(vm, v);
    }
    return NULL;
}

FN(future_exception)
{
    OuFuture *f = OU_FUTURE(args[0]);
    if (!f->loop) {
        not_ready(vm, "Future object is not initialized.");
        return NULL;
    }
    if (f->state == OU_FUTURE_CANCELLED) {
        raise_cancelled(vm, f);
        return NULL;
    }
    if (f->state != OU_FUTURE_FINISHED) {
        not_ready(vm, "Exception is not set.");
        return NULL;
    }
    f->log_tb = false;
    return or_none(vm, f->exception);
}

FN(future_set_result)
{
    return ou_future_set_result(vm, OU_FUTURE(args[0]), args[1]) < 0 ? NULL : ou_none(vm);
}

FN(future_set_exception)
{
    return ou_future_set_exception(vm, OU_FUTURE(args[0]), args[1]) < 0 ? NULL : ou_none(vm);
}

FN(future_cancel)
{
    if (ou_future_alive(vm, args[0]) < 0)
        return NULL;
    int r = ou_future_cancel(vm, OU_FUTURE(args[0]), args[1] ? args[1] : OU_NONE(vm));
    return r < 0 ? NULL : ou_bool(vm, r);
}

FN(future_cancelled)
{
    return ou_bool(vm, OU_FUTURE(args[0])->loop && OU_FUTURE(args[0])->state == OU_FUTURE_CANCELLED);
}

FN(future_done)
{
    return ou_bool(vm, OU_FUTURE(args[0])->loop && OU_FUTURE(args[0])->state != OU_FUTURE_PENDING);
}

FN(future_get_loop)
{
    return ou_future_alive(vm, args[0]) < 0 ? NULL : ou_ref(OU_FUTURE(args[0])->loop);
}

FN(make_cancelled_error)
{
    return ou_future_cancelled_error(vm, OU_FUTURE(args[0]));
}

/* ---- attributes ---- */

#define GET_OBJ(name, field)                           \
    static OuObj *name(OuVM *vm, OuObj *o, void *data) \
    {                                                  \
        return or_none(vm, OU_FUTURE(o)->field);       \
    }
GET_OBJ(get_loop, loop)
GET_OBJ(get_source_tb, source_tb)
GET_OBJ(get_cancel_message, cancel_msg)

static OuObj *get_result(OuVM *vm, OuObj *o, void *data)
{
    return ou_future_alive(vm, o) < 0 ? NULL : or_none(vm, OU_FUTURE(o)->result);
}

static OuObj *get_exception(OuVM *vm, OuObj *o, void *data)
{
    return ou_future_alive(vm, o) < 0 ? NULL : or_none(vm, OU_FUTURE(o)->exception);
}

static OuObj *get_state(OuVM *vm, OuObj *o, void *data)
{
    static const char *const names[] = {"PENDING", "CANCELLED", "FINISHED"};
    return ou_future_alive(vm, o) < 0 ? NULL : ou_str_intern_s(vm, names[OU_FUTURE(o)->state]);
}

static OuObj *get_blocking(OuVM *vm, OuObj *o, void *data)
{
    return ou_bool(vm, OU_FUTURE(o)->loop && OU_FUTURE(o)->blocking);
}

static int cannot_delete(OuVM *vm)
{
    return ou_raise_i(vm, OU_EXC(vm, AttributeError), "cannot delete attribute");
}

static int set_blocking(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    if (ou_future_alive(vm, o) < 0)
        return -1;
    if (!value)
        return cannot_delete(vm);
    int r = ou_is_true(vm, value);
    if (r >= 0)
        OU_FUTURE(o)->blocking = r;
    return r < 0 ? -1 : 0;
}

static OuObj *get_callbacks(OuVM *vm, OuObj *o, void *data)
{
    OuFuture *f = OU_FUTURE(o);
    if (ou_future_alive(vm, o) < 0)
        return NULL;
    if (!f->callback)
        return or_none(vm, f->callbacks);
    OuObj *first = ou_tuple_pack(vm, 2, f->callback, f->context), *list = ou_list_new(vm, 0);
    if (!first || !list || ou_list_append(vm, list, first) < 0 ||
        (f->callbacks && ou_list_extend(vm, list, f->callbacks) < 0))
        ou_clear(vm, list);
    ou_xdecref(vm, first);
    return list;
}

static OuObj *get_log_tb(OuVM *vm, OuObj *o, void *data)
{
    return ou_future_alive(vm, o) < 0 ? NULL : ou_bool(vm, OU_FUTURE(o)->log_tb);
}

static int set_log_tb(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    if (!value)
        return cannot_delete(vm);
    int r = ou_is_true(vm, value);
    if (r < 0)
        return -1;
    if (r)
        return ou_value_error_i(vm, "_log_traceback can only be set to False");
    OU_FUTURE(o)->log_tb = false;
    return 0;
}

static int set_cancel_message(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    if (!value)
        return cannot_delete(vm);
    OuObj *old = OU_FUTURE(o)->cancel_msg;
    OU_FUTURE(o)->cancel_msg = ou_ref(value);
    ou_xdecref(vm, old);
    return 0;
}

static OuObj *future_repr(OuVM *vm, OuObj *o)
{
    OuAsyncioState *st = ou_asyncio_state(vm);
    if (ou_future_alive(vm, o) < 0)
        return NULL;
    OuObj *f = ou_asyncio_need(vm, &st->future_repr, "asyncio.base_futures", "_future_repr");
    return f ? ou_call1(vm, f, o) : NULL;
}

/* ---- the type ---- */

const OuFn ou_future_methods[] = {
    {"result(self, /)", future_result, 0, "Return the result this future represents."},
    {"exception(self, /)", future_exception, 0, "Return the exception that was set on this future."},
    {"set_result(self, result, /)", future_set_result, 0, "Mark the future done and set its result."},
    {"set_exception(self, exception, /)", future_set_exception, 0,
     "Mark the future done and set an exception."},
    {"add_done_callback(self, fn, /, *, context=<unrepresentable>)", add_done_callback, 0,
     "Add a callback to be run when the future becomes done."},
    {"remove_done_callback(self, fn, /)", remove_done_callback, 0,
     "Remove all instances of a callback from the \"call when done\" list."},
    {"cancel(self, /, msg=None)", future_cancel, 0, "Cancel the future and schedule callbacks."},
    {"cancelled(self, /)", future_cancelled, 0, "Return True if the future was cancelled."},
    {"done(self, /)", future_done, 0, "Return True if the future is done."},
    {"get_loop(self, /)", future_get_loop, 0, "Return the event loop the Future is bound to."},
    {"_make_cancelled_error(self, /)", make_cancelled_error, 0,
     "Create the CancelledError to raise if the Future is cancelled."},
    {"__class_getitem__(cls, item, /)", ou_class_getitem_alias, OU_FN_CLASS, "See PEP 585"},
    {0},
};
const OuGetSet ou_future_getset[] = {
    {"_state", get_state, NULL, NULL},
    {"_asyncio_future_blocking", get_blocking, set_blocking, NULL},
    {"_loop", get_loop, NULL, NULL},
    {"_callbacks", get_callbacks, NULL, NULL},
    {"_result", get_result, NULL, NULL},
    {"_exception", get_exception, NULL, NULL},
    {"_log_traceback", get_log_tb, set_log_tb, NULL},
    {"_source_traceback", get_source_tb, NULL, NULL},
    {"_cancel_message", get_cancel_message, set_cancel_message, NULL},
    {0},
};
const OuTypeSpec ou_future_spec = {
    .name = "_asyncio.Future",
    .size = sizeof(OuFuture),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_WEAK | OU_TYPE_DICT,
    .dict_off = offsetof(OuFuture, dict),
    .doc = "Future(*, loop=None)\n--\n\nThis class is *almost* compatible with "
           "concurrent.futures.Future.\n\n    "
           "Differences:\n\n    - result() and exception() do not take a timeout argument and\n      raise "
           "an exception "
           "when the future isn't done yet.\n\n    - Callbacks registered with add_done_callback() are "
           "always called\n "
           "     via the event loop's call_soon_threadsafe().\n\n    - This class is not compatible with the "
           "wait() and "
           "as_completed()\n      methods in the concurrent.futures package.",
    .dealloc = future_dealloc,
    .traverse = ou_future_traverse,
    .clear = clear_with_dict,
    .s = {.repr = future_repr,
          .new_ = future_new,
          .init = future_init,
          .finalize = ou_future_finalize,
          .iter = ou_future_iter,
          .await = ou_future_iter},
    .methods = ou_future_methods,
    .getset = ou_future_getset,
};
