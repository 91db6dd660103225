/* stdlib/asyncio/awaiting.c - the iterator by which a future is awaited: it gives the future once, and then its result. */
#include "asyncio.h"
#include "vm/exceptions.h"

typedef struct OuFutureIter {
    OuObj hdr;
    OuFuture *future; /* NULL: finished */
} OuFutureIter;

OuObj *ou_future_iter(OuVM *vm, OuObj *o)
{
    if (ou_future_alive(vm, o) < 0)
        return NULL;
    OuFutureIter *it = (OuFutureIter *)ou_type_alloc(vm, ou_asyncio_state(vm)->iter, 0);
    if (it)
        it->future = OU_FUTURE(ou_ref(o));
    return (OuObj *)it;
}

static void iter_clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, ((OuFutureIter *)o)->future);
}

static void iter_dealloc(OuVM *vm, OuObj *o)
{
    iter_clear(vm, o);
    ou_free_object(vm, o);
}

static int iter_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((OuFutureIter *)o)->future);
    return 0;
}

static OuObj *iter_next(OuVM *vm, OuObj *o)
{
    OuFutureIter *it = (OuFutureIter *)o;
    OuFuture *f = it->future;
    if (!f)
        return NULL;
    if (f->state == OU_FUTURE_PENDING) {
        if (f->blocking)
            return ou_raise(vm, OU_EXC(vm, RuntimeError), "await wasn't used with future");
        f->blocking = true;
        return ou_ref((OuObj *)f);
    }
    it->future = NULL;
    OuObj *v;
    int r = ou_future_get_result(vm, f, &v);
    ou_decref(vm, f);
    if (r == 0) {
        ou_raise_obj(vm, v);
        ou_decref(vm, v);
    } else if (r > 0) {
        if (v == OU_NONE(vm)) {
            ou_decref(vm, v);
            return NULL;
        }
        OuObj *stop =
            ou_call1(vm, (OuObj *)OU_EXC(vm, StopIteration), v); /* v may be a tuple or an exception */
        ou_decref(vm, v);
        if (stop)
            ou_err_restore(vm, stop);
    }
    return NULL;
}

/* next() for send and close, which must tell the end by StopIteration. */
FN(iter_send)
{
    OuObj *v = iter_next(vm, args[0]);
    if (!v && !ou_err_occurred(vm))
        ou_raise_value(vm, OU_EXC(vm, StopIteration), NULL);
    return v;
}

FN(iter_throw)
{
    if (nargs < 2)
        return ou_type_error(vm, "throw expected at least 1 argument, got 0");
    if (nargs > 4)
        return ou_type_error(vm, "throw expected at most 3 arguments, got %zu", nargs - 1);
    OuObj *type = args[1], *value = nargs > 2 && args[2] != OU_NONE(vm) ? args[2] : NULL;
    OuObj *tb = nargs > 3 && args[3] != OU_NONE(vm) ? args[3] : NULL, *exc;
    if (tb && !ou_is(tb, traceback))
        return ou_type_error(vm, "throw() third argument must be a traceback");
    if (ou_isa_type(vm, type) && ou_type_is_subtype(vm, (OuType *)type, OU_EXC(vm, BaseException))) {
        exc = value && ou_isa_exc(vm, value) ? ou_ref(value)
              : value                        ? ou_call1(vm, type, value)
                                             : ou_call0(vm, type);
    } else if (ou_isa_exc(vm, type)) {
        if (value)
            return ou_type_error(vm, "instance exception may not have a separate value");
        exc = ou_ref(type);
    } else {
        return ou_type_error(
            vm, "exceptions must be classes deriving BaseException or instances of such a class");
    }
    iter_clear(vm, args[0]);
    if (!exc)
        return NULL;
    if (tb && ou_isa_exc(vm, exc)) {
        OuObj *old = ((OuExc *)exc)->traceback;
        ((OuExc *)exc)->traceback = ou_ref(tb);
        ou_xdecref(vm, old);
    }
    ou_raise_obj(vm, exc);
    ou_decref(vm, exc);
    return NULL;
}

FN(iter_close)
{
    iter_clear(vm, args[0]);
    return ou_none(vm);
}

static const OuFn iter_methods[] = {
    {"send(self, value, /)", iter_send, 0, NULL},
    {"throw(self, type, val=None, tb=None, /)", iter_throw, OU_FN_RAW, NULL},
    {"close(self, /)", iter_close, 0, NULL},
    {0},
};
const OuTypeSpec ou_future_iter_spec = {
    .name = "_asyncio.FutureIter",
    .size = sizeof(OuFutureIter),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,
    .dealloc = iter_dealloc,
    .traverse = iter_traverse,
    .clear = iter_clear,
    .s = {.iter = ou_self_iter, .next = iter_next},
    .methods = iter_methods,
};
