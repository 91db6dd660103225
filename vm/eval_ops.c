/* vm/eval_ops.c - bodies of instructions too long for the loop: names, unpacking, displays, functions, with, exceptions. */
#include "eval_ops.h"

#include <string.h>

#include "err.h"
#include "exceptions.h"
#include "native.h"
#include "trace.h"
#include "type.h"

/* ---- names ------------------------------------------------------------------------ */

/* Outcome of a subscription in a namespace: 1 found, 0 KeyError (cleared), -1. */
static int found(OuVM *vm, OuObj *v)
{
    if (v)
        return 1;
    if (!ou_err_is(vm, OU_EXC(vm, KeyError)))
        return -1;
    ou_err_clear(vm);
    return 0;
}

static OuObj *from_builtins(OuVM *vm, OuObj *b, OuObj *name)
{
    OuObj *v;
    int r;
    if (ou_is(b, dict)) {
        r = ou_dict_lookup(vm, b, name, &v);
    } else {
        v = ou_getitem(vm, b, name);
        r = found(vm, v);
    }
    if (r)
        return r > 0 ? v : NULL;
    ou_raise(vm, OU_EXC(vm, NameError), "name '%U' is not defined", name);
    OuObj *e = vm->ts->raised;
    if (e && ou_is(e, NameError) && !((OuExcNameError *)e)->name)
        ((OuExcNameError *)e)->name = ou_ref(name);
    return NULL;
}

/* Where a module or class body keeps its names; borrowed.  Such code called as a function: the globals. */
static OuObj *namespace(OuFrame *f)
{
    if (!f->locals)
        f->locals = ou_ref((OuObj *)f->func->globals);
    return f->locals;
}

OuObj *ou_op_load_global(OuVM *vm, OuFrame *f, OuObj *name, uint64_t *cache)
{
    OuDict *g = f->func->globals;
    OuObj *b = f->func->builtins, *v;
    int r;
    if (cache && ou_is(g, dict) && ou_is(b, dict)) {
        ou_ssize i = ou_dict_entry_index(vm, g, name);
        uint32_t version = ou_dict_keys_version(vm, g);
        if (i >= 0 && version) {
            cache[0] = version;
            cache[1] = (uint64_t)ou_dict_value_slot(g, (size_t)i);
            cache[-1] = (cache[-1] & ~(uint64_t)0xff) | OU_OP_LOAD_GLOBAL_MODULE;
        } else if (i < 0 && version) {
            uint32_t bversion = ou_dict_keys_version(vm, (OuDict *)b);
            i = ou_dict_entry_index(vm, (OuDict *)b, name);
            if (i >= 0 && bversion) {
                cache[0] = version | (uint64_t)bversion << 32;
                cache[1] = (uint64_t)ou_dict_value_slot((OuDict *)b, (size_t)i);
                cache[-1] = (cache[-1] & ~(uint64_t)0xff) | OU_OP_LOAD_GLOBAL_BUILTIN;
            }
        }
    }
    if (ou_is(g, dict) && ou_is(b, dict)) {
        r = ou_dict_lookup(vm, (OuObj *)g, name, &v);
    } else {
        v = ou_getitem(vm, (OuObj *)g,
                       name); /* a subclass may override `__getitem__` or have `__missing__` */
        r = found(vm, v);
    }
    return r > 0 ? v : r < 0 ? NULL : from_builtins(vm, b, name);
}

OuObj *ou_op_load_name(OuVM *vm, OuFrame *f, OuObj *name)
{
    OuObj *ns = namespace(f), *v;
    int r;
    if (ou_is(ns, dict)) {
        r = ou_dict_lookup(vm, ns, name, &v);
    } else {
        v = ou_getitem(vm, ns, name);
        r = found(vm, v);
    }
    if (r == 0 && ns != (OuObj *)f->func->globals) /* here CPython does not ask a subclass */
        r = ou_dict_lookup(vm, (OuObj *)f->func->globals, name, &v);
    return r > 0 ? v : r < 0 ? NULL : from_builtins(vm, f->func->builtins, name);
}

int ou_op_store_name(OuVM *vm, OuFrame *f, OuObj *name, OuObj *value)
{
    OuObj *ns = namespace(f);
    if (value)
        return ou_is(ns, dict) ? ou_dict_set(vm, ns, name, value) : ou_setitem(vm, ns, name, value);
    int r;
    if (ou_is(ns, dict)) {
        OuObj *old;
        r = ou_dict_pop(vm, ns, name, &old);
        if (r > 0)
            ou_decref(vm, old);
        if (r)
            return r < 0 ? -1 : 0;
    } else if ((r = ou_delitem(vm, ns, name)) == 0 || !ou_err_is(vm, OU_EXC(vm, KeyError)))
        return r;
    ou_raise(vm, OU_EXC(vm, NameError), "name '%U' is not defined", name);
    return -1;
}

int ou_op_delete_global(OuVM *vm, OuFrame *f, OuObj *name)
{
    OuObj *old;
    int r = ou_dict_pop(vm, (OuObj *)f->func->globals, name, &old);
    if (r > 0)
        ou_decref(vm, old);
    if (r)
        return r < 0 ? -1 : 0;
    return ou_raise_i(vm, OU_EXC(vm, NameError), "name '%U' is not defined", name);
}

void *ou_op_unbound(OuVM *vm, OuFrame *f, unsigned reg)
{
    OuCode *c = f->code;
    OuObj *name = c->var_names[reg];
    if (c->var_kinds[reg] & OU_REG_FREE) {
        ou_raise(
            vm, OU_EXC(vm, NameError),
            "cannot access free variable '%U' where it is not associated with a value in enclosing scope",
            name);
        OuObj *e = vm->ts->raised;
        if (e && ou_is(e, NameError))
            ((OuExcNameError *)e)->name = ou_ref(name);
        return NULL;
    }
    return ou_raise(vm, OU_EXC(vm, UnboundLocalError),
                    "cannot access local variable '%U' where it is not associated with a value", name);
}

OuObj *ou_op_load_classderef(OuVM *vm, OuFrame *f, unsigned cell_reg, OuObj *name)
{
    OuObj *v;
    if (ou_is(f->locals, dict)) {
        if ((v = ou_dict_get(vm, f->locals, name)))
            return ou_ref(v);
        if (ou_err_occurred(vm))
            return NULL;
    } else {
        v = ou_getitem(vm, f->locals, name);
        if (v || !ou_err_is(vm, OU_EXC(vm, KeyError)))
            return v;
        ou_err_clear(vm);
    }
    v = ((OuCell *)f->regs[cell_reg])->value;
    return v ? ou_ref(v) : ou_op_unbound(vm, f, cell_reg);
}

/* ---- iteration, unpacking ------------------------------------------------------------ */

/* traced: a trace function sees the StopIteration, as that of a `for` in CPython. */
static OuObj *next_item(OuVM *vm, OuObj *it, bool traced)
{
    OuType *t = OU_TYPE_OF(vm, it);
    OuObj *v = t->s.next(vm, it);
    if (!v && vm->ts->raised && ou_err_is(vm, OU_EXC(vm, StopIteration))) {
        if (traced && vm->ts->tracefunc && vm->ts->frame)
            ou_trace_exception(vm, vm->ts->frame);
        if (ou_err_is(vm, OU_EXC(vm, StopIteration)))
            ou_err_clear(vm);
    }
    return v;
}

OuObj *ou_op_next(OuVM *vm, OuObj *it)
{
    return next_item(vm, it, true);
}

static int unpack_failed(OuVM *vm, OuObj **out, size_t n)
{
    for (size_t i = n; i-- > 0;)
        ou_clear(vm, out[i]);
    return -1;
}

static OuObj *unpack_iter(OuVM *vm, OuObj *seq)
{
    OuObj *it = ou_iter(vm, seq);
    if (!it && ou_err_is(vm, OU_EXC(vm, TypeError)) && !OU_TYPE_OF(vm, seq)->s.iter &&
        !OU_TYPE_OF(vm, seq)->s.item) {
        ou_err_clear(vm);
        ou_type_error(vm, "cannot unpack non-iterable %T object", seq);
    }
    return it;
}

int ou_op_unpack(OuVM *vm, OuObj *seq, OuObj **out, size_t n)
{
    OuObj *it = unpack_iter(vm, seq);
    if (!it)
        return -1;
    for (size_t i = 0; i < n; i++) {
        if (!(out[i] = next_item(vm, it, false))) {
            if (!ou_err_occurred(vm))
                ou_value_error(vm, "not enough values to unpack (expected %zu, got %zu)", n, i);
            ou_decref(vm, it);
            return unpack_failed(vm, out, i);
        }
    }
    OuObj *more = next_item(vm, it, false);
    ou_decref(vm, it);
    if (!more && !ou_err_occurred(vm))
        return 0;
    if (more) {
        ou_decref(vm, more);
        ou_value_error(vm, "too many values to unpack (expected %zu)", n);
    }
    return unpack_failed(vm, out, n);
}

int ou_op_unpack_ex(OuVM *vm, OuObj *seq, OuObj **out, size_t before, size_t after)
{
    OuObj *it = unpack_iter(vm, seq), *list;
    if (!it)
        return -1;
    for (size_t i = 0; i < before; i++) {
        if (!(out[i] = next_item(vm, it, false))) {
            if (!ou_err_occurred(vm))
                ou_value_error(vm, "not enough values to unpack (expected %s%zu, got %zu)", "at least ",
                               before + after, i);
            ou_decref(vm, it);
            return unpack_failed(vm, out, i);
        }
    }
    list = ou_sequence_list(vm, it);
    ou_decref(vm, it);
    if (!list)
        return unpack_failed(vm, out, before);
    OuList *l = OU_LIST(list);
    if (l->n < after) {
        ou_value_error(vm, "not enough values to unpack (expected at least %zu, got %zu)", before + after,
                       before + l->n);
        ou_decref(vm, list);
        return unpack_failed(vm, out, before);
    }
    l->n -= after;
    if (after)
        memcpy(out + before + 1, l->items + l->n, after * sizeof *out);
    out[before] = list;
    return 0;
}

/* ---- displays --------------------------------------------------------------------------- */

OuObj *ou_op_build_map(OuVM *vm, OuObj **at, size_t pairs)
{
    OuObj *d = pairs ? ou_dict_new_sized(vm, pairs) : ou_dict_new(vm);
    for (size_t i = 0; d && i < pairs; i++) {
        if (ou_dict_set(vm, d, at[2 * i], at[2 * i + 1]) < 0)
            ou_clear(vm, d);
    }
    if (d)
        for (size_t i = 2 * pairs; i-- > 0;)
            ou_clear(vm, at[i]);
    return d;
}

OuObj *ou_op_build_set(OuVM *vm, OuObj **at, size_t n)
{
    OuObj *s = ou_set_new(vm, NULL);
    for (size_t i = 0; s && i < n; i++) {
        if (ou_set_add(vm, s, at[i]) < 0)
            ou_clear(vm, s);
    }
    if (s)
        for (size_t i = 0; i < n; i++)
            ou_clear(vm, at[i]);
    return s;
}

OuObj *ou_op_format(OuVM *vm, OuObj *value, OuObj *spec, int conversion)
{
    OuObj *v, *res;
    switch (conversion) {
    case 1:
        v = ou_str(vm, value);
        break;
    case 2:
        v = ou_repr(vm, value);
        break;
    case 3:
        v = ou_ascii(vm, value);
        break;
    default:
        return ou_is(value, str) && !spec ? ou_ref(value) : ou_format(vm, value, spec);
    }
    if (!v || (ou_is(v, str) && !spec))
        return v;
    res = ou_format(vm, v, spec);
    ou_decref(vm, v);
    return res;
}

int ou_op_list_extend(OuVM *vm, OuObj *list, OuObj *iterable)
{
    int r = ou_list_extend(vm, list, iterable);
    if (r < 0 && ou_err_is(vm, OU_EXC(vm, TypeError)) && !OU_TYPE_OF(vm, iterable)->s.iter &&
        !OU_TYPE_OF(vm, iterable)->s.item) {
        ou_err_clear(vm);
        ou_type_error(vm, "Value after * must be an iterable, not %T", iterable);
    }
    return r;
}

int ou_op_dict_update(OuVM *vm, OuObj *dict, OuObj *mapping)
{
    int r = ou_dict_merge(vm, dict, mapping, 1);
    if (r < 0 && ou_err_is(vm, OU_EXC(vm, AttributeError))) {
        ou_err_clear(vm);
        ou_type_error(vm, "'%T' object is not a mapping", mapping);
    }
    return r;
}

/* "module.qualname()" of a callable for argument errors; new str. */
static OuObj *function_str(OuVM *vm, OuObj *f)
{
    OuObj *name = NULL, *module = NULL, *res = NULL;
    int r = ou_lookup_attr(vm, f, OU_NAME(vm, __qualname__), &name);
    if (r < 0)
        return NULL;
    if (r == 0)
        return ou_str(vm, f);
    r = ou_lookup_attr(vm, f, OU_NAME(vm, __module__), &module);
    if (r >= 0) {
        if (r && module != OU_NONE(vm) && !(ou_isa_str(vm, module) && ou_str_eq_s(module, "builtins")))
            res = ou_str_fmt(vm, "%S.%S()", module, name);
        else
            res = ou_str_fmt(vm, "%S()", name);
    }
    ou_xdecref(vm, module);
    ou_decref(vm, name);
    return res;
}

int ou_op_dict_merge(OuVM *vm, OuObj *dict, OuObj *mapping, OuObj *func)
{
    if (ou_dict_merge(vm, dict, mapping, 2) == 0)
        return 0;
    OuObj *exc = vm->ts->raised;
    bool not_mapping = ou_err_is(vm, OU_EXC(vm, AttributeError));
    bool duplicate = ou_is(exc, KeyError) && OU_TUPLE(((OuExc *)exc)->args)->n == 1;
    if (!not_mapping && !duplicate)
        return -1;
    OuObj *key = duplicate ? ou_ref(OU_TUPLE(((OuExc *)exc)->args)->items[0]) : NULL;
    ou_err_clear(vm);
    OuObj *name = function_str(vm, func);
    if (name) {
        if (not_mapping)
            ou_type_error(vm, "%U argument after ** must be a mapping, not %T", name, mapping);
        else
            ou_type_error(vm, "%U got multiple values for keyword argument '%S'", name, key);
        ou_decref(vm, name);
    }
    ou_xdecref(vm, key);
    return -1;
}

/* ---- functions, calls --------------------------------------------------------------------- */

OuObj *ou_op_make_function(OuVM *vm, OuFrame *f, OuObj *code, OuObj **at, unsigned flags)
{
    OuFunc *fn = (OuFunc *)ou_func_new(vm, code, f->func->globals, NULL);
    if (!fn)
        return NULL;
    if (flags & 1) {
        fn->defaults = *at;
        *at++ = NULL;
    }
    if (flags & 2) {
        fn->kwdefaults = *at;
        *at++ = NULL;
    }
    if (flags & 4) {
        fn->annotations = *at;
        *at++ = NULL;
    }
    if (flags & 8) {
        fn->closure = *at;
        *at++ = NULL;
    }
    return (OuObj *)fn;
}

OuObj *ou_op_call_ex(OuVM *vm, OuObj *func, OuObj **args_slot, OuObj *kwargs)
{
    if (!ou_is(*args_slot, tuple)) {
        OuObj *it = *args_slot;
        if (!ou_isa_tuple(vm, it) && !ou_isa_list(vm, it) && !OU_TYPE_OF(vm, it)->s.iter &&
            !OU_TYPE_OF(vm, it)->s.item) {
            OuObj *name = function_str(vm, func);
            if (name) {
                ou_type_error(vm, "%U argument after * must be an iterable, not %T", name, it);
                ou_decref(vm, name);
            }
            return NULL;
        }
        OuObj *t = ou_sequence_tuple(vm, it);
        if (!t)
            return NULL;
        *args_slot = t;
        ou_decref(vm, it);
    }
    if (kwargs && !ou_is(kwargs, dict)) {
        OuObj *d = ou_dict_new(vm), *res = NULL;
        if (d && ou_op_dict_merge(vm, d, kwargs, func) == 0)
            res = ou_call_tuple(vm, func, *args_slot, d);
        ou_xdecref(vm, d);
        return res;
    }
    return ou_call_tuple(vm, func, *args_slot, kwargs);
}

/* ---- with ------------------------------------------------------------------------------------ */

int ou_op_before_with(OuVM *vm, OuObj *mgr, OuObj **out, bool is_async)
{
    OuObj *enter = NULL, *exit = NULL;
    OuObj *enter_name = is_async ? OU_NAME(vm, __aenter__) : OU_NAME(vm, __enter__);
    OuObj *exit_name = is_async ? OU_NAME(vm, __aexit__) : OU_NAME(vm, __exit__);
    const char *protocol = is_async ? "asynchronous context manager" : "context manager";
    int r = ou_lookup_special(vm, mgr, enter_name, &enter);
    if (r == 0)
        ou_type_error(vm, "'%T' object does not support the %s protocol", mgr, protocol);
    if (r <= 0)
        return -1;
    r = ou_lookup_special(vm, mgr, exit_name, &exit);
    if (r == 0)
        ou_type_error(vm, "'%T' object does not support the %s protocol (missed %U method)", mgr, protocol,
                      exit_name);
    if (r <= 0) {
        ou_decref(vm, enter);
        return -1;
    }
    out[0] = exit;
    out[1] = enter;
    return 0;
}

int ou_op_enter(OuVM *vm, OuObj **out)
{
    OuObj *enter = out[1];
    out[1] = ou_call0(vm, enter);
    ou_decref(vm, enter);
    if (out[1])
        return 0;
    ou_decref(vm, out[0]);
    return -1;
}

OuObj *ou_op_with_except_start(OuVM *vm, OuObj *exit, OuObj *exc)
{
    OuObj *tb = ((OuExc *)exc)->traceback;
    return ou_call3(vm, exit, (OuObj *)OU_TYPE_OF(vm, exc), exc, tb ? tb : OU_NONE(vm));
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

void ou_op_raise(OuVM *vm, OuObj *exc, OuObj *cause)
{
    if (!exc) {
        OuObj *handled = ou_err_handled(vm);
        if (!handled)
            ou_raise(vm, OU_EXC(vm, RuntimeError), "No active exception to reraise");
        else
            ou_err_restore(vm, ou_ref(handled));
        return;
    }
    OuObj *inst, *because = NULL;
    if (is_exc_class(vm, exc)) {
        inst = ou_call0(vm, exc);
        if (inst && !ou_isa_exc(vm, inst)) {
            ou_type_error(vm, "calling %R should have returned an instance of BaseException, not %R", exc,
                          (OuObj *)OU_TYPE_OF(vm, inst));
            ou_clear(vm, inst);
        }
        if (!inst)
            return;
    } else if (ou_isa_exc(vm, exc))
        inst = ou_ref(exc);
    else {
        ou_type_error(vm, "exceptions must derive from BaseException");
        return;
    }
    if (cause) {
        if (is_exc_class(vm, cause)) {
            because = ou_call0(vm, cause);
            if (because && !ou_isa_exc(vm, because)) {
                ou_type_error(vm, "calling %R should have returned an instance of BaseException, not %R",
                              cause, (OuObj *)OU_TYPE_OF(vm, because));
                ou_clear(vm, because);
            }
            if (!because)
                goto done;
        } else if (ou_isa_exc(vm, cause))
            because = ou_ref(cause);
        else if (cause != OU_NONE(vm)) {
            ou_type_error(vm, "exception causes must derive from BaseException");
            goto done;
        }
        ou_exc_set_cause(vm, inst, because);
    }
    ou_raise_obj(vm, inst);
done:
    ou_decref(vm, inst);
}

/* except*: splits exc by type into match and rest (PEP 654). */
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
        /* a naked exception is wrapped */
        OuObj *list = ou_tuple_pack(vm, 1, exc);
        OuObj *group =
            list ? ou_call2(vm, (OuObj *)OU_EXC(vm, ExceptionGroup), OU_EMPTY_STR(vm), list) : NULL;
        if (!group) {
            ou_err_clear(vm);
            group =
                list ? ou_call2(vm, (OuObj *)OU_EXC(vm, BaseExceptionGroup), OU_EMPTY_STR(vm), list) : NULL;
        }
        ou_xdecref(vm, list);
        out[1] = group;
        return group ? 0 : -1;
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

OuObj *ou_op_prep_reraise_star(OuVM *vm, OuObj *orig, OuObj *list)
{
    return ou_exc_prep_reraise_star(vm, orig, list);
}

/* ---- async -------------------------------------------------------------------------------------- */

OuObj *ou_op_get_aiter(OuVM *vm, OuObj *o)
{
    OuType *t = OU_TYPE_OF(vm, o);
    if (!t->u->aiter)
        return ou_type_error(vm, "'async for' requires an object with __aiter__ method, got %N", t);
    OuObj *it = t->u->aiter(vm, o);
    if (it && !OU_TYPE_OF(vm, it)->u->anext) {
        ou_type_error(
            vm, "'async for' received an object from __aiter__ that does not implement __anext__: %T", it);
        ou_clear(vm, it);
    }
    return it;
}

OuObj *ou_op_get_anext(OuVM *vm, OuObj *o)
{
    OuType *t = OU_TYPE_OF(vm, o);
    if (ou_is(o, async_generator))
        return t->u->anext(vm, o);
    if (!t->u->anext)
        return ou_type_error(vm, "'async for' requires an iterator with __anext__ method, got %N", t);
    OuObj *next = t->u->anext(vm, o);
    if (!next)
        return NULL;
    OuObj *it = ou_get_awaitable(vm, next, 0);
    if (!it) {
        OuObj *cause = ou_err_fetch(vm);
        ou_err_restore(vm, cause);
        ou_raise_from(vm, OU_EXC(vm, TypeError), "'async for' received an invalid object from __anext__: %T",
                      next);
    }
    ou_decref(vm, next);
    return it;
}

OuObj *ou_op_yield_from_iter(OuVM *vm, OuFrame *f, OuObj *o)
{
    if (ou_is(o, coroutine)) {
        if (!(f->code->flags & (OU_CO_COROUTINE | OU_CO_ITERABLE_COROUTINE)))
            return ou_type_error(vm, "cannot 'yield from' a coroutine object in a non-coroutine generator");
        return ou_ref(o);
    }
    return ou_is(o, generator) ? ou_ref(o) : ou_iter(vm, o);
}

/* ---- import and the rest ---------------------------------------------------------------------------- */

OuObj *ou_op_import_name(OuVM *vm, OuFrame *f, OuObj *name, OuObj *fromlist, OuObj *level)
{
    OuObj *b = f->func->builtins;
    OuObj *import = ou_is(b, dict) ? ou_dict_get(vm, b, OU_NAME(vm, __import__)) : NULL;
    if (!import) {
        if (!ou_err_occurred(vm))
            ou_raise(vm, OU_EXC(vm, ImportError), "__import__ not found");
        return NULL;
    }
    ou_incref(import);
    OuObj *locals = f->locals ? f->locals : OU_NONE(vm);
    OuObj *args[5] = {name, (OuObj *)f->func->globals, locals, fromlist, level};
    OuObj *m = ou_call(vm, import, args, 5, NULL);
    ou_decref(vm, import);
    return m;
}

OuObj *ou_op_import_from(OuVM *vm, OuObj *module, OuObj *name)
{
    OuObj *v, *modname = NULL, *full, *file = NULL;
    int r = ou_lookup_attr(vm, module, name, &v);
    if (r)
        return r < 0 ? NULL : v;
    /* a submodule that is being imported in a cycle is in sys.modules only */
    r = ou_lookup_attr(vm, module, OU_NAME(vm, __name__), &modname);
    if (r < 0)
        return NULL;
    if (r && ou_isa_str(vm, modname)) {
        full = ou_str_fmt(vm, "%U.%U", modname, name);
        v = full ? ou_dict_get(vm, (OuObj *)vm->modules, full) : NULL;
        ou_xdecref(vm, full);
        if (v) {
            ou_decref(vm, modname);
            return ou_ref(v);
        }
        if (ou_err_occurred(vm)) {
            ou_decref(vm, modname);
            return NULL;
        }
    }
    OuObj *shown =
        modname && ou_isa_str(vm, modname) ? ou_ref(modname) : ou_str_new(vm, "<unknown module name>", -1);
    if (ou_lookup_attr(vm, module, OU_NAME(vm, __file__), &file) < 0)
        ou_err_clear(vm);
    if (file && !ou_isa_str(vm, file))
        ou_clear(vm, file);
    bool partial = ou_module_is_initializing(vm, module);
    if (shown) {
        if (!file)
            ou_raise(vm, OU_EXC(vm, ImportError), "cannot import name %R from %R (unknown location)", name,
                     shown);
        else
            ou_raise(vm, OU_EXC(vm, ImportError),
                     partial ? "cannot import name %R from partially initialized module %R (most likely due "
                               "to a circular import) (%S)"
                             : "cannot import name %R from %R (%S)",
                     name, shown, file);
        OuExcImportError *e = (OuExcImportError *)vm->ts->raised;
        if (e && ou_is(e, ImportError)) {
            ou_clear(vm, e->name);
            ou_clear(vm, e->path);
            e->name = ou_ref(shown);
            e->path = file ? ou_ref(file) : NULL;
        }
    }
    ou_xdecref(vm, shown);
    ou_xdecref(vm, modname);
    ou_xdecref(vm, file);
    return NULL;
}

int ou_op_import_star(OuVM *vm, OuFrame *f, OuObj *module)
{
    OuObj *all = NULL, *dict = NULL, *it, *name;
    int r = ou_lookup_attr(vm, module, OU_NAME(vm, __all__), &all);
    if (r < 0)
        return -1;
    bool skip_underscored = r == 0;
    if (r == 0) {
        r = ou_lookup_attr(vm, module, OU_NAME(vm, __dict__), &dict);
        if (r == 0)
            ou_raise(vm, OU_EXC(vm, ImportError), "from-import-* object has no __dict__ and no __all__");
        if (r <= 0)
            return -1;
        all = ou_call_method(vm, dict, OU_NAME(vm, keys), 0);
        ou_decref(vm, dict);
        if (!all)
            return -1;
    }
    OuObj *list = ou_sequence_list(vm, all);
    ou_decref(vm, all);
    it = list ? ou_iter(vm, list) : NULL;
    ou_xdecref(vm, list);
    if (!it)
        return -1;
    r = 0;
    while (r == 0 && (name = ou_next(vm, it))) {
        if (!ou_isa_str(vm, name)) {
            OuObj *mod = ou_getattr(vm, module, OU_NAME(vm, __name__));
            if (mod)
                ou_type_error(vm, "%s in %S.%s must be str, not %T", skip_underscored ? "Key" : "Item", mod,
                              skip_underscored ? "__dict__" : "__all__", name);
            ou_xdecref(vm, mod);
            r = -1;
        } else if (!(skip_underscored && ou_str_len(name) && ou_str_at(OU_STR(name), 0) == '_')) {
            OuObj *v = ou_getattr(vm, module, name);
            r = v ? ou_op_store_name(vm, f, name, v) : -1;
            ou_xdecref(vm, v);
        }
        ou_decref(vm, name);
    }
    ou_decref(vm, it);
    return r < 0 || ou_err_occurred(vm) ? -1 : 0;
}

int ou_op_print_expr(OuVM *vm, OuObj *value)
{
    OuObj *hook = ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, displayhook));
    if (!hook)
        return ou_raise_i(vm, OU_EXC(vm, RuntimeError), "lost sys.displayhook");
    ou_incref(hook);
    OuObj *res = ou_call1(vm, hook, value);
    ou_decref(vm, hook);
    ou_xdecref(vm, res);
    return res ? 0 : -1;
}

int ou_op_setup_annotations(OuVM *vm, OuFrame *f)
{
    OuObj *name = OU_NAME(vm, __annotations__), *ns = namespace(f), *old;
    int r;
    if (ou_is(ns, dict)) {
        r = ou_dict_contains(vm, ns, name);
    } else {
        old = ou_getitem(vm, ns, name);
        r = found(vm, old);
        ou_xdecref(vm, old);
    }
    if (r)
        return r < 0 ? -1 : 0;
    OuObj *d = ou_dict_new(vm);
    if (!d)
        return -1;
    r = ou_setitem(vm, ns, name, d);
    ou_decref(vm, d);
    return r;
}
