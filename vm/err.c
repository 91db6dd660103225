/* vm/err.c - raising, testing and clearing exceptions. */
#include "err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exc_impl.h"
#include "exceptions.h"
#include "frame.h"
#include "native.h"
#include "audit.h"

/* ---- context ------------------------------------------------------------------- */

OuObj *ou_err_handled(OuVM *vm)
{
    for (OuExcState *s = vm->ts->handled; s; s = s->prev)
        if (s->exc)
            return s->exc;
    return NULL;
}

/* PEP 3134: exc.__context__ = the exception being handled; a cycle through exc itself is cut. */
static void chain_context(OuVM *vm, OuExc *exc)
{
    OuExc *handled = (OuExc *)ou_err_handled(vm);
    if (!handled || handled == exc)
        return;
    OuExc *o = handled, *slow = handled;
    bool step = false;
    while (o->context) {
        OuExc *next = (OuExc *)o->context;
        if (next == exc) {
            o->context = NULL;
            ou_decref(vm, exc);
            break;
        }
        o = next;
        if (o == slow)
            break; /* a cycle among the older ones (made by hand) */
        if (step)
            slow = (OuExc *)slow->context;
        step = !step;
    }
    ou_exc_set_context(vm, (OuObj *)exc, ou_ref((OuObj *)handled));
}

void ou_err_chain(OuVM *vm)
{
    if (vm->ts->raised)
        chain_context(vm, (OuExc *)vm->ts->raised);
}

/* Puts exc (taken) in flight with its context. */
static void set_raised(OuVM *vm, OuObj *exc)
{
    OuObj *old = vm->ts->raised;
    chain_context(vm, (OuExc *)exc);
    vm->ts->raised = exc;
    ou_xdecref(vm, old);
}

void ou_exc_set_context(OuVM *vm, OuObj *exc, OuObj *context)
{
    OuObj *old = ((OuExc *)exc)->context;
    ((OuExc *)exc)->context = context;
    ou_xdecref(vm, old);
}

void ou_exc_set_cause(OuVM *vm, OuObj *exc, OuObj *cause)
{
    OuObj *old = ((OuExc *)exc)->cause;
    ((OuExc *)exc)->cause = cause;
    ((OuExc *)exc)->suppress_context = true;
    ou_xdecref(vm, old);
}

/* ---- raising ------------------------------------------------------------------- */

OuObj *ou_exc_make(OuVM *vm, OuType *type, OuObj *value)
{
    OuObj *exc;
    if (!value || value == OU_NONE(vm))
        exc = ou_call0(vm, (OuObj *)type);
    else if (ou_isa_tuple(vm, value))
        exc = ou_call_tuple(vm, (OuObj *)type, value, NULL);
    else
        exc = ou_call1(vm, (OuObj *)type, value);
    if (exc && !ou_isa_exc(vm, exc)) {
        ou_type_error(vm, "calling %R should have returned an instance of BaseException, not %R",
                      (OuObj *)type, (OuObj *)OU_TYPE_OF(vm, exc));
        ou_clear(vm, exc);
    }
    return exc;
}

void *ou_raise_value(OuVM *vm, OuType *type, OuObj *value)
{
    ou_err_clear(vm);
    OuObj *exc = ou_exc_make(vm, type, value);
    if (exc)
        set_raised(vm, exc);
    return NULL;
}

static void raise_v(OuVM *vm, OuType *type, const char *fmt, va_list ap)
{
    /* formatting may run repr(): the exception in flight, if any, is being replaced */
    ou_err_clear(vm);
    OuObj *msg = ou_str_vfmt(vm, fmt, ap);
    if (!msg)
        return;
    OuObj *exc = ou_exc_make(vm, type, msg);
    ou_decref(vm, msg);
    if (exc)
        set_raised(vm, exc);
}

void *ou_raise(OuVM *vm, OuType *type, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    raise_v(vm, type, fmt, ap);
    va_end(ap);
    return NULL;
}

int ou_raise_i(OuVM *vm, OuType *type, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    raise_v(vm, type, fmt, ap);
    va_end(ap);
    return -1;
}

void *ou_raise_from(OuVM *vm, OuType *type, const char *fmt, ...)
{
    va_list ap;
    OuObj *cause = ou_err_fetch(vm);
    va_start(ap, fmt);
    raise_v(vm, type, fmt, ap);
    va_end(ap);
    if (cause) {
        OuObj *exc = vm->ts->raised;
        ou_exc_set_context(vm, exc, ou_ref(cause));
        ou_exc_set_cause(vm, exc, cause);
    }
    return NULL;
}

void *ou_raise_obj(OuVM *vm, OuObj *exc)
{
    if (ou_isa_type(vm, exc) && (OU_AS_TYPE(exc)->flags & OU_TYPE_EXC_SUB))
        return ou_raise_value(vm, OU_AS_TYPE(exc), NULL);
    if (!ou_isa_exc(vm, exc))
        return ou_type_error(vm, "exceptions must derive from BaseException");
    ou_incref(exc);
    set_raised(vm, exc);
    return NULL;
}

void *ou_raise_key(OuVM *vm, OuObj *key)
{
    /* a tuple key must stay one argument */
    OuObj *args = ou_tuple_pack(vm, 1, key);
    if (args) {
        ou_raise_value(vm, OU_EXC(vm, KeyError), args);
        ou_decref(vm, args);
    }
    return NULL;
}

/* A MemoryError of its own: a spare, or one made now.  NULL: there is none. */
static OuObj *own_memory_error(OuVM *vm)
{
    if (vm->nmemory_spares) {
        OuObj *spare = vm->memory_spares[--vm->nmemory_spares];
        ou_gc_track(&vm->heap, spare);
        return spare;
    }
    if (vm->making_memory_error)
        return NULL;
    vm->making_memory_error = true;
    OuObj *made = ou_exc_new(vm, OU_EXC(vm, MemoryError), NULL, 0, NULL);
    vm->making_memory_error = false;
    if (!made)
        ou_err_clear(vm);
    return made;
}

void *ou_raise_memory(OuVM *vm)
{
    ou_err_clear(vm);
    OuExc *exc = (OuExc *)vm->memory_error;
    if (!exc)
        return NULL; /* the VM is being made or taken apart */
    OuObj *own = own_memory_error(vm);
    if (own) {
        set_raised(vm, own);
        return NULL;
    }
    /* nothing is left at all: this one is shared */
    if (exc->hdr.rc == 1) {
        ou_clear(vm, exc->traceback);
        ou_clear(vm, exc->context);
        ou_clear(vm, exc->cause);
        exc->suppress_context = false;
    }
    if (!ou_gc_is_tracked(&exc->hdr))
        ou_gc_track(&vm->heap, &exc->hdr);
    vm->ts->raised = ou_ref((OuObj *)exc);
    return NULL;
}

int ou_raise_memory_i(OuVM *vm)
{
    ou_raise_memory(vm);
    return -1;
}

void *ou_raise_errno2(OuVM *vm, int err, OuObj *filename, OuObj *filename2)
{
    OuObj *code = NULL, *msg = NULL, *args = NULL;
    if (err == EINTR && ou_poll(vm) < 0)
        return NULL;
    char buf[256];
    const char *text = strerror_r(err, buf, sizeof buf);
    code = ou_int(vm, err);
    msg = code ? ou_fs_decode(vm, text, -1) : NULL;
    if (msg) {
        if (filename2)
            args = ou_tuple_pack(vm, 5, code, msg, filename ? filename : OU_NONE(vm), OU_NONE(vm), filename2);
        else if (filename)
            args = ou_tuple_pack(vm, 3, code, msg, filename);
        else
            args = ou_tuple_pack(vm, 2, code, msg);
    }
    if (args)
        ou_raise_value(vm, OU_EXC(vm, OSError), args);
    ou_xdecref(vm, code);
    ou_xdecref(vm, msg);
    ou_xdecref(vm, args);
    return NULL;
}

void *ou_raise_errno(OuVM *vm, int err, OuObj *filename)
{
    return ou_raise_errno2(vm, err, filename, NULL);
}

void *ou_raise_no_attribute(OuVM *vm, OuObj *o, OuObj *name)
{
    if (ou_isa_type(vm, o))
        ou_raise(vm, OU_EXC(vm, AttributeError), "type object '%N' has no attribute '%U'", OU_AS_TYPE(o),
                 name);
    else
        ou_raise(vm, OU_EXC(vm, AttributeError), "'%T' object has no attribute '%U'", o, name);
    return NULL;
}

void *ou_raise_attribute(OuVM *vm, OuObj *o, OuObj *name)
{
    ou_raise_no_attribute(vm, o, name);
    OuExcAttributeError *e = (OuExcAttributeError *)vm->ts->raised;
    if (e && ou_is(e, AttributeError) && !e->obj) {
        e->obj = ou_ref(o);
        e->name = ou_ref(name);
    }
    return NULL;
}

/* ---- testing --------------------------------------------------------------------- */

bool ou_err_matches(OuVM *vm, OuObj *exc, OuObj *type)
{
    if (ou_isa_tuple(vm, type)) {
        for (size_t i = 0; i < OU_TUPLE(type)->n; i++)
            if (ou_err_matches(vm, exc, OU_TUPLE(type)->items[i]))
                return true;
        return false;
    }
    OuType *t = ou_isa_type(vm, exc) ? OU_AS_TYPE(exc) : OU_TYPE_OF(vm, exc);
    return ou_isa_type(vm, type) && ou_type_is_subtype(vm, t, OU_AS_TYPE(type));
}

bool ou_err_is(OuVM *vm, OuType *type)
{
    OuObj *exc = vm->ts->raised;
    return exc && ou_type_is_subtype(vm, OU_TYPE_OF(vm, exc), type);
}

void ou_err_clear(OuVM *vm)
{
    OuObj *exc = vm->ts->raised;
    if (exc) {
        vm->ts->raised = NULL;
        ou_decref(vm, exc);
    }
}

OuObj *ou_err_fetch(OuVM *vm)
{
    OuObj *exc = vm->ts->raised;
    vm->ts->raised = NULL;
    return exc;
}

void ou_err_restore(OuVM *vm, OuObj *exc)
{
    OuObj *old = vm->ts->raised;
    vm->ts->raised = exc;
    ou_xdecref(vm, old);
}

/* ---- unraisable, warnings ---------------------------------------------------------- */

void ou_err_unraisable(OuVM *vm, OuObj *obj, const char *msg)
{
    if (vm->ts->raised && !((OuExc *)vm->ts->raised)->traceback && vm->ts->frame)
        ou_traceback_here(vm, vm->ts->frame);
    OuObj *exc = ou_err_fetch(vm);
    OuObj *text = msg ? ou_str_fmt(vm, "Exception ignored %s", msg) : ou_none(vm);
    OuObj *hook = NULL, *type = NULL, *info = NULL, *res = NULL;
    if (!text)
        goto done;
    /* sys.unraisablehook(UnraisableHookArgs(type, value, traceback, message, object)) */
    hook = vm->sysdict ? ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, unraisablehook)) : NULL;
    type = vm->sysdict ? ou_dict_get_s(vm, (OuObj *)vm->sysdict, "UnraisableHookArgs") : NULL;
    if (!hook || !type || !exc)
        goto done;
    ou_incref(hook);
    OuObj *tb = ((OuExc *)exc)->traceback;
    OuObj *fields = ou_tuple_pack(vm, 5, (OuObj *)OU_TYPE_OF(vm, exc), exc, tb ? tb : OU_NONE(vm),
                                  msg ? text : OU_NONE(vm), obj ? obj : OU_NONE(vm));
    info = fields ? ou_call1(vm, type, fields) : NULL;
    ou_xdecref(vm, fields);
    if (info && ou_audit(vm, "sys.unraisablehook", "OO", hook, info) == 0)
        res = ou_call1(vm, hook, info);
    ou_decref(vm, hook);
done:
    ou_err_clear(vm); /* nothing more can be reported */
    ou_xdecref(vm, text);
    ou_xdecref(vm, info);
    ou_xdecref(vm, res);
    ou_xdecref(vm, exc);
}

/* source: or NULL */
static int warn_with(OuVM *vm, OuType *category, int stacklevel, OuObj *source, const char *fmt, va_list ap)
{
    OuObj *msg = ou_str_vfmt(vm, fmt, ap);
    if (!msg)
        return -1;
    OuObj *warn = ou_import_attr(vm, "_warnings", "warn");
    OuObj *level = warn ? ou_int(vm, stacklevel) : NULL;
    OuObj *args[] = {msg, (OuObj *)category, level, source};
    OuObj *res = level ? ou_call(vm, warn, args, source ? 4 : 3, NULL) : NULL;
    ou_decref(vm, msg);
    ou_xdecref(vm, warn);
    ou_xdecref(vm, level);
    if (!res)
        return -1;
    ou_decref(vm, res);
    return 0;
}

int ou_warn(OuVM *vm, OuType *category, int stacklevel, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int r = warn_with(vm, category, stacklevel, NULL, fmt, ap);
    va_end(ap);
    return r;
}

int ou_warn_source(OuVM *vm, OuType *category, OuObj *source, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int r = warn_with(vm, category, 1, source, fmt, ap);
    va_end(ap);
    return r;
}

void ou_err_print(OuVM *vm)
{
    OuObj *exc = ou_err_fetch(vm);
    if (!exc)
        return;
    OuObj *tb = ((OuExc *)exc)->traceback;
    if (!tb)
        tb = OU_NONE(vm);
    OuObj *type = (OuObj *)OU_TYPE_OF(vm, exc);
    if (vm->sysdict) {
        ou_dict_set(vm, (OuObj *)vm->sysdict, OU_NAME(vm, last_type), type);
        ou_dict_set(vm, (OuObj *)vm->sysdict, OU_NAME(vm, last_value), exc);
        ou_dict_set(vm, (OuObj *)vm->sysdict, OU_NAME(vm, last_traceback), tb);
        ou_err_clear(vm);
    }
    OuObj *hook = vm->sysdict ? ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, excepthook)) : NULL;
    OuObj *res = NULL;
    if (hook) {
        ou_incref(hook);
        if (ou_audit(vm, "sys.excepthook", "OOOO", hook, type, exc, tb) == 0)
            res = ou_call3(vm, hook, type, exc, tb);
        ou_decref(vm, hook);
    }
    if (!res) {
        OuObj *second = ou_err_fetch(vm);
        if (second && ou_err_matches(vm, second, (OuObj *)OU_EXC(vm, SystemExit))) {
            ou_err_restore(vm, second);
            ou_decref(vm, exc);
            return;
        }
        if (hook) {
            fputs("Error in sys.excepthook:\n", stderr);
            if (second)
                ou_exc_display(vm, second, NULL);
            fputs("\nOriginal exception was:\n", stderr);
        } else
            fputs("sys.excepthook is missing\n", stderr);
        ou_xdecref(vm, second);
        ou_exc_display(vm, exc, NULL);
        ou_err_clear(vm);
    }
    ou_xdecref(vm, res);
    ou_decref(vm, exc);
}
