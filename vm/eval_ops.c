/* vm/eval_ops.c - bodies of instructions too long for the loop: unpacking, displays, functions, async. */
#include "eval_ops.h"

#include <string.h>

#include "err.h"
#include "exceptions.h"
#include "native.h"
#include "trace.h"
#include "type.h"

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

/* a, *b, c = seq for n items that lie in a row, enough of them. */
static int unpack_row(OuVM *vm, OuObj *const *items, size_t n, OuObj **out, size_t before, size_t after)
{
    size_t middle = n - before - after;
    OuObj *list = ou_list_new(vm, middle);
    if (!list)
        return -1;
    for (size_t i = 0; i < middle; i++)
        OU_LIST(list)->items[i] = ou_ref(items[before + i]);
    for (size_t i = 0; i < before; i++)
        out[i] = ou_ref(items[i]);
    out[before] = list;
    for (size_t i = 0; i < after; i++)
        out[before + 1 + i] = ou_ref(items[n - after + i]);
    return 0;
}

int ou_op_unpack_ex(OuVM *vm, OuObj *seq, OuObj **out, size_t before, size_t after)
{
    if (ou_is(seq, tuple) && OU_TUPLE(seq)->n >= before + after)
        return unpack_row(vm, OU_TUPLE(seq)->items, OU_TUPLE(seq)->n, out, before, after);
    if (ou_is(seq, list) && OU_LIST(seq)->n >= before + after)
        return unpack_row(vm, OU_LIST(seq)->items, OU_LIST(seq)->n, out, before, after);
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
    /* CPython's format_kwargs_error does not know a KeyError that already is an object, as it is inside a handler */
    bool duplicate = ou_is(exc, KeyError) && OU_TUPLE(((OuExc *)exc)->args)->n == 1 && !ou_err_handled(vm);
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

/* ---- the prompt ---------------------------------------------------------------------------- */

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
