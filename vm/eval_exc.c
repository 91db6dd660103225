/* vm/eval_exc.c - instructions too long for the loop: with, raise, except, except* (PEP 654). */
#include "eval_ops.h"

#include "err.h"
#include "exceptions.h"
#include "native.h"
#include "type.h"

/* ---- with ------------------------------------------------------------------------------------ */

/* out[0], out[1]: the special method `name` of mgr and its self, or the bound one and NULL.  1/0/-1. */
static int special(OuVM *vm, OuObj *mgr, OuObj *name, OuObj **out)
{
    bool unbound;
    int r = ou_lookup_special_method(vm, mgr, name, &out[0], &unbound);
    out[1] = r > 0 && unbound ? ou_ref(mgr) : NULL;
    return r;
}

int ou_op_before_with(OuVM *vm, OuObj *mgr, OuObj **out, bool is_async)
{
    OuObj *enter_name = is_async ? OU_NAME(vm, __aenter__) : OU_NAME(vm, __enter__);
    OuObj *exit_name = is_async ? OU_NAME(vm, __aexit__) : OU_NAME(vm, __exit__);
    const char *protocol = is_async ? "asynchronous context manager" : "context manager";
    int r = special(vm, mgr, enter_name, out + 3);
    if (r == 0)
        ou_type_error(vm, "'%T' object does not support the %s protocol", mgr, protocol);
    if (r <= 0)
        return -1;
    r = special(vm, mgr, exit_name, out);
    if (r == 0)
        ou_type_error(vm, "'%T' object does not support the %s protocol (missed %U method)", mgr, protocol,
                      exit_name);
    if (r <= 0) {
        ou_decref(vm, out[3]);
        ou_xdecref(vm, out[4]);
        return -1;
    }
    out[2] = ou_ref(mgr);
    return 0;
}

OuObj *ou_op_with_except_start(OuVM *vm, OuObj *const *exit, OuObj *exc)
{
    OuObj *tb = ((OuExc *)exc)->traceback;
    OuObj *args[4] = {exit[1], (OuObj *)OU_TYPE_OF(vm, exc), exc, tb ? tb : OU_NONE(vm)};
    return exit[1] ? ou_call(vm, exit[0], args, 4, NULL) : ou_call(vm, exit[0], args + 1, 3, NULL);
}

/* ---- exceptions --------------------------------------------------------------------------------- */

static bool is_exc_class(OuVM *vm, OuObj *o)
{
    return ou_isa_type(vm, o) && (OU_AS_TYPE(o)->flags & OU_TYPE_EXC_SUB);
}

static int check_except_type(OuVM *vm, OuObj *type)
{
    static const char msg[] = "catching classes that do not inherit from BaseException is not allowed";
    if (ou_isa_tuple(vm, type)) {
        for (size_t i = 0; i < OU_TUPLE(type)->n; i++)
            if (!is_exc_class(vm, OU_TUPLE(type)->items[i]))
                return ou_type_error_i(vm, "%s", msg);
        return 0;
    }
    return is_exc_class(vm, type) ? 0 : ou_type_error_i(vm, "%s", msg);
}

int ou_op_exc_match(OuVM *vm, OuObj *exc, OuObj *type)
{
    if (check_except_type(vm, type) < 0)
        return -1;
    return ou_err_matches(vm, exc, type);
}

/* Operand of `raise`, an exception or its class, as an instance: new.  TypeError `otherwise` if it is neither. */
static OuObj *instance(OuVM *vm, OuObj *o, const char *otherwise)
{
    if (is_exc_class(vm, o))
        return ou_exc_make(vm, OU_AS_TYPE(o), NULL);
    return ou_isa_exc(vm, o) ? ou_ref(o) : ou_type_error(vm, "%s", otherwise);
}

static void reraise_handled(OuVM *vm)
{
    OuObj *handled = ou_err_handled(vm);
    if (handled)
        ou_err_restore(vm, ou_ref(handled));
    else
        ou_raise(vm, OU_EXC(vm, RuntimeError), "No active exception to reraise");
}

void ou_op_raise(OuVM *vm, OuObj *exc, OuObj *cause)
{
    if (!exc) {
        reraise_handled(vm);
        return;
    }
    OuObj *inst = instance(vm, exc, "exceptions must derive from BaseException"), *because = NULL;
    if (!inst)
        return;
    if (cause) {
        if (cause != OU_NONE(vm) &&
            !(because = instance(vm, cause, "exception causes must derive from BaseException"))) {
            ou_decref(vm, inst);
            return;
        }
        ou_exc_set_cause(vm, inst, because);
    }
    ou_raise_obj(vm, inst);
    ou_decref(vm, inst);
}

/* A naked exception in a group of its own, for except*: new. */
static OuObj *wrap_in_group(OuVM *vm, OuObj *exc)
{
    OuObj *list = ou_tuple_pack(vm, 1, exc);
    if (!list)
        return NULL;
    OuObj *group = ou_call2(vm, (OuObj *)OU_EXC(vm, ExceptionGroup), OU_EMPTY_STR(vm), list);
    if (!group) { /* not an Exception */
        ou_err_clear(vm);
        group = ou_call2(vm, (OuObj *)OU_EXC(vm, BaseExceptionGroup), OU_EMPTY_STR(vm), list);
    }
    ou_decref(vm, list);
    return group;
}

int ou_op_check_eg(OuVM *vm, OuObj *exc, OuObj *type, OuObj **out)
{
    if (check_except_type(vm, type) < 0)
        return -1;
    bool tuple = ou_isa_tuple(vm, type);
    for (size_t i = 0; i < (tuple ? OU_TUPLE(type)->n : 1); i++) {
        OuObj *t = tuple ? OU_TUPLE(type)->items[i] : type;
        if (ou_type_is_subtype(vm, OU_AS_TYPE(t), OU_EXC(vm, BaseExceptionGroup)))
            return ou_type_error_i(
                vm, "catching ExceptionGroup with except* is not allowed. Use except instead.");
    }
    if (exc == OU_NONE(vm)) {
        out[0] = ou_none(vm);
        out[1] = ou_none(vm);
        return 0;
    }
    if (ou_err_matches(vm, exc, type)) {
        out[0] = ou_none(vm);
        if (ou_isa(vm, exc, BaseExceptionGroup)) {
            out[1] = ou_ref(exc);
            return 0;
        }
        out[1] = wrap_in_group(vm, exc);
        return out[1] ? 0 : -1;
    }
    if (ou_isa(vm, exc, BaseExceptionGroup)) {
        OuObj *pair = ou_call_method(vm, exc, OU_NAME(vm, split), 1, type);
        if (!pair)
            return -1;
        if (!ou_isa_tuple(vm, pair) || OU_TUPLE(pair)->n < 2) {
            ou_decref(vm, pair);
            return ou_type_error_i(vm, "%T.split must return a 2-tuple", exc);
        }
        out[1] = ou_ref(OU_TUPLE(pair)->items[0]);
        out[0] = ou_ref(OU_TUPLE(pair)->items[1]);
        ou_decref(vm, pair);
        return 0;
    }
    out[0] = ou_ref(exc);
    out[1] = ou_none(vm);
    return 0;
}
