/* stdlib/builtins_fn.c - built-in functions that work on objects. */
#include <string.h>

#include "builtins.h"
#include "vm/frame.h"
#include "vm/gen.h"
#include "vm/iterobj.h"
#include "vm/type.h"

#define FN(name) OuObj *ou_builtin_##name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

FN(abs)
{
    return ou_absolute(vm, args[0]);
}

/* Goes through iterable while its items are true (all) or false (any). */
static OuObj *while_all(OuVM *vm, OuObj *iterable, bool are)
{
    OuObj *it = ou_iter(vm, iterable), *x;
    int r = are;
    if (!it)
        return NULL;
    while (r == are && (x = ou_next(vm, it))) {
        r = ou_is_true(vm, x);
        ou_decref(vm, x);
        if (ou_poll(vm) < 0)
            r = -1;
    }
    ou_decref(vm, it);
    return r < 0 || ou_err_occurred(vm) ? NULL : ou_bool(vm, r);
}

FN(all)
{
    return while_all(vm, args[0], true);
}

FN(any)
{
    return while_all(vm, args[0], false);
}

FN(aiter)
{
    OuType *t = OU_TYPE_OF(vm, args[0]);
    if (!t->u->aiter)
        return ou_type_error(vm, "'%T' object is not an async iterable", args[0]);
    OuObj *it = t->u->aiter(vm, args[0]);
    if (it && !OU_TYPE_OF(vm, it)->u->anext) {
        ou_type_error(vm, "aiter() returned not an async iterator of type '%T'", it);
        ou_clear(vm, it);
    }
    return it;
}

FN(anext)
{
    OuType *t = OU_TYPE_OF(vm, args[0]);
    if (!t->u->anext)
        return ou_type_error(vm, "'%T' object is not an async iterator", args[0]);
    OuObj *a = t->u->anext(vm, args[0]);
    if (!a || !args[1])
        return a;
    OuObj *res = ou_anext_awaitable_new(vm, a, args[1]);
    ou_decref(vm, a);
    return res;
}

FN(ascii)
{
    return ou_ascii(vm, args[0]);
}

static OuObj *in_base(OuVM *vm, OuObj *o, int base)
{
    OuObj *i = ou_index(vm, o);
    OuObj *s = i ? ou_int_to_str(vm, i, base, true) : NULL;
    ou_xdecref(vm, i);
    return s;
}

FN(bin)
{
    return in_base(vm, args[0], 2);
}

FN(oct)
{
    return in_base(vm, args[0], 8);
}

FN(hex)
{
    return in_base(vm, args[0], 16);
}

FN(build_class)
{
    return ou_class_build(vm, args, nargs, kwnames);
}

FN(callable)
{
    return ou_bool(vm, ou_callable(vm, args[0]));
}

FN(chr)
{
    int64_t c;
    OuObj *i = ou_index(vm, args[0]);
    if (!i)
        return NULL;
    int fits = ou_int_fits(i, &c);
    ou_decref(vm, i);
    if (!fits || c < INT32_MIN || c > INT32_MAX)
        return ou_raise(vm, OU_EXC(vm, OverflowError), "Python int too large to convert to C int");
    if (c < 0 || c > 0x10ffff)
        return ou_value_error(vm, "chr() arg not in range(0x110000)");
    return ou_str_char(vm, (uint32_t)c);
}

FN(delattr)
{
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "attribute name must be string, not '%T'", args[1]);
    return ou_setattr(vm, args[0], args[1], NULL) < 0 ? NULL : ou_none(vm);
}

/* Names of the current frame's locals, sorted. */
static OuObj *local_names(OuVM *vm)
{
    OuObj *ns = vm->ts->frame ? ou_frame_locals(vm, vm->ts->frame) : NULL, *keys = NULL;
    if (!ns)
        return ou_err_occurred(vm) ? NULL : ou_raise(vm, OU_EXC(vm, SystemError), "frame does not exist");
    keys = ou_call_method(vm, ns, OU_NAME(vm, keys), 0);
    ou_decref(vm, ns);
    OuObj *list = keys ? ou_sequence_list(vm, keys) : NULL;
    ou_xdecref(vm, keys);
    if (list && ou_list_sort(vm, list, NULL, false) < 0)
        ou_clear(vm, list);
    return list;
}

FN(dir)
{
    if (ou_no_kwargs(vm, "dir", kwnames) < 0 || ou_arity(vm, "dir", nargs, 0, 1) < 0)
        return NULL;
    if (!nargs)
        return local_names(vm);
    ou_hold(args, 1);
    OuObj *names = ou_dir(vm, args[0]);
    ou_unhold(vm, args, 1);
    return names;
}

FN(divmod)
{
    return ou_binop(vm, OU_NB_DIVMOD, args[0], args[1]);
}

FN(format)
{
    if (args[1] && !ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "format() argument 2 must be str, not %T", args[1]);
    return ou_format(vm, args[0], args[1]);
}

FN(getattr)
{
    OuObj *v;
    if (ou_no_kwargs(vm, "getattr", kwnames) < 0 || ou_arity(vm, "getattr", nargs, 2, 3) < 0)
        return NULL;
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "attribute name must be string, not '%T'", args[1]);
    if (nargs == 2)
        return ou_getattr(vm, args[0], args[1]);
    int r = ou_lookup_attr(vm, args[0], args[1], &v);
    return r < 0 ? NULL : r ? v : ou_ref(args[2]);
}

FN(globals)
{
    OuFrame *f = vm->ts->frame;
    return f ? ou_ref((OuObj *)f->func->globals) : ou_none(vm);
}

FN(hasattr)
{
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "attribute name must be string, not '%T'", args[1]);
    int r = ou_hasattr(vm, args[0], args[1]);
    return r < 0 ? NULL : ou_bool(vm, r);
}

FN(hash)
{
    int64_t h;
    return ou_hash(vm, args[0], &h) < 0 ? NULL : ou_int(vm, h);
}

FN(id)
{
    return ou_id(vm, args[0]);
}

FN(isinstance)
{
    int r = ou_isinstance(vm, args[0], args[1]);
    return r < 0 ? NULL : ou_bool(vm, r);
}

FN(issubclass)
{
    int r = ou_issubclass(vm, args[0], args[1]);
    return r < 0 ? NULL : ou_bool(vm, r);
}

FN(iter)
{
    if (ou_no_kwargs(vm, "iter", kwnames) < 0 || ou_arity(vm, "iter", nargs, 1, 2) < 0)
        return NULL;
    if (nargs == 1)
        return ou_iter(vm, args[0]);
    if (!ou_callable(vm, args[0]))
        return ou_type_error(vm, "iter(v, w): v must be callable");
    return ou_callable_iter_new(vm, args[0], args[1]);
}

FN(len)
{
    ou_ssize n = ou_len(vm, args[0]);
    return n < 0 ? NULL : ou_int(vm, n);
}

FN(locals)
{
    return vm->ts->frame ? ou_frame_locals(vm, vm->ts->frame)
                         : ou_raise(vm, OU_EXC(vm, SystemError), "frame does not exist");
}

/* min() and max(): op is the comparison by which an item replaces the best so far. */
static OuObj *extreme_of(OuVM *vm, const char *name, int op, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *key = NULL, *dflt = NULL, *it = NULL, *best = NULL, *best_key = NULL, *x;
    if (nargs == 0)
        return ou_type_error(vm, "%s expected at least 1 argument, got 0", name);
    for (size_t i = 0; kwnames && i < OU_TUPLE(kwnames)->n; i++) {
        OuObj *k = OU_TUPLE(kwnames)->items[i];
        if (ou_str_eq_s(k, "key"))
            key = args[nargs + i];
        else if (ou_str_eq_s(k, "default"))
            dflt = args[nargs + i];
        else
            return ou_type_error(vm, "'%S' is an invalid keyword argument for %s()", k, name);
    }
    if (nargs > 1 && dflt)
        return ou_type_error(vm, "Cannot specify a default for %s() with multiple positional arguments",
                             name);
    if (key == OU_NONE(vm))
        key = NULL;
    if (nargs == 1 && !(it = ou_iter(vm, args[0])))
        return NULL;
    for (size_t i = 0;; i++) {
        if (it) {
            if (!(x = ou_next(vm, it)))
                break;
        } else if (i < nargs)
            x = ou_ref(args[i]);
        else
            break;
        OuObj *k = key ? ou_call1(vm, key, x) : ou_ref(x);
        int better = 0;
        if (!k || ou_poll(vm) < 0)
            better = -1;
        else if (!best)
            better = 1;
        else if (ou_is_small(k) && ou_is_small(best_key))
            better = op == OU_CMP_LT ? OU_INT_V(k) < OU_INT_V(best_key) : OU_INT_V(k) > OU_INT_V(best_key);
        else if (ou_is(k, float) && ou_is(best_key, float))
            better =
                op == OU_CMP_LT ? OU_FLOAT_V(k) < OU_FLOAT_V(best_key) : OU_FLOAT_V(k) > OU_FLOAT_V(best_key);
        else {
            OuObj *c = ou_compare(vm, k, best_key, op);
            better = c ? ou_is_true(vm, c) : -1;
            ou_xdecref(vm, c);
        }
        if (better <= 0) {
            ou_decref(vm, x);
            ou_xdecref(vm, k);
            if (better < 0)
                goto fail;
            continue;
        }
        OuObj *old = best, *old_key = best_key;
        best = x;
        best_key = k;
        ou_xdecref(vm, old);
        ou_xdecref(vm, old_key);
    }
    if (ou_err_occurred(vm))
        goto fail;
    ou_xdecref(vm, it);
    ou_xdecref(vm, best_key);
    if (!best)
        return dflt ? ou_ref(dflt) : ou_value_error(vm, "%s() arg is an empty sequence", name);
    return best;
fail:
    ou_xdecref(vm, it);
    ou_xdecref(vm, best);
    ou_xdecref(vm, best_key);
    return NULL;
}

static OuObj *extreme(OuVM *vm, const char *name, int op, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    bool hold = nargs && !ou_is(args[0], int) && !ou_is(args[0], float); /* whose comparison runs no code */
    ou_hold(args, hold ? nargs : 0);
    OuObj *r = extreme_of(vm, name, op, args, nargs, kwnames);
    ou_unhold(vm, args, hold ? nargs : 0);
    return r;
}

FN(max)
{
    return extreme(vm, "max", OU_CMP_GT, args, nargs, kwnames);
}

FN(min)
{
    return extreme(vm, "min", OU_CMP_LT, args, nargs, kwnames);
}

FN(next)
{
    if (ou_no_kwargs(vm, "next", kwnames) < 0 || ou_arity(vm, "next", nargs, 1, 2) < 0)
        return NULL;
    if (!ou_is_iterator(vm, args[0]))
        return ou_type_error(vm, "'%T' object is not an iterator", args[0]);
    OuObj *v = OU_TYPE_OF(vm, args[0])->s.next(vm, args[0]);
    if (v)
        return v;
    if (nargs == 2) {
        if (ou_err_occurred(vm)) {
            if (!ou_err_is(vm, OU_EXC(vm, StopIteration)))
                return NULL;
            ou_err_clear(vm);
        }
        return ou_ref(args[1]);
    }
    return ou_err_occurred(vm) ? NULL : ou_raise_value(vm, OU_EXC(vm, StopIteration), NULL);
}

FN(ord)
{
    OuObj *c = args[0];
    size_t n;
    if (ou_isa_str(vm, c)) {
        n = (size_t)ou_str_len(c);
        if (n == 1)
            return ou_int(vm, ou_str_at(OU_STR(c), 0));
    } else if (ou_isa_bytes(vm, c)) {
        n = OU_BYTES(c)->len;
        if (n == 1)
            return ou_int(vm, (unsigned char)OU_BYTES(c)->data[0]);
    } else if (ou_isa(vm, c, bytearray)) {
        n = ((OuByteArray *)c)->len;
        if (n == 1)
            return ou_int(vm, (unsigned char)((OuByteArray *)c)->start[0]);
    } else
        return ou_type_error(vm, "ord() expected string of length 1, but %T found", c);
    return ou_type_error(vm, "ord() expected a character, but string of length %zu found", n);
}

FN(pow)
{
    return ou_power(vm, args[0], args[1], args[2] ? args[2] : OU_NONE(vm));
}

FN(repr)
{
    return ou_repr(vm, args[0]);
}

FN(round)
{
    OuObj *meth, *res;
    int r = ou_lookup_special(vm, args[0], OU_NAME(vm, __round__), &meth);
    if (r == 0)
        ou_type_error(vm, "type %T doesn't define __round__ method", args[0]);
    if (r <= 0)
        return NULL;
    res = args[1] && args[1] != OU_NONE(vm) ? ou_call1(vm, meth, args[1]) : ou_call0(vm, meth);
    ou_decref(vm, meth);
    return res;
}

FN(setattr)
{
    if (!ou_isa_str(vm, args[1]))
        return ou_type_error(vm, "attribute name must be string, not '%T'", args[1]);
    return ou_setattr(vm, args[0], args[1], args[2]) < 0 ? NULL : ou_none(vm);
}

FN(sorted)
{
    if (ou_arity(vm, "sorted", nargs, 1, 1) < 0)
        return NULL;
    OuObj *list = ou_sequence_list(vm, args[0]), *a[2];
    if (!list)
        return NULL;
    if (ou_args_bind(vm, "sort(*, key=None, reverse=False)", args + 1, 0, kwnames, a) <
        0) { /* the messages are list.sort's */
        ou_decref(vm, list);
        return NULL;
    }
    int reverse = 0;
    if (a[1]) {
        OuObj *i = ou_index(vm, a[1]);
        if (!i) {
            ou_decref(vm, list);
            return NULL;
        }
        reverse = ou_is_true(vm, i);
        ou_decref(vm, i);
    }
    OuObj *key = a[0] == OU_NONE(vm) ? NULL : a[0];
    if (ou_list_sort(vm, list, key, reverse > 0) < 0)
        ou_clear(vm, list);
    return list;
}

/* ou_next for a loop over one iterator: nested ones look after the stack themselves. */
static inline OuObj *next_quick(OuVM *vm, OuObj *it)
{
    OuObj *x = OU_TYPE_OF(vm, it)->s.next(vm, it);
    if (__builtin_expect(!x, 0) && ou_err_occurred(vm) && ou_err_is(vm, OU_EXC(vm, StopIteration)))
        ou_err_clear(vm);
    return x;
}

FN(sum)
{
    OuObj *it, *x, *total;
    const char *kind = !args[1]                         ? NULL
                       : ou_isa_str(vm, args[1])        ? "strings [use ''"
                       : ou_isa_bytes(vm, args[1])      ? "bytes [use b''"
                       : ou_isa(vm, args[1], bytearray) ? "bytearray [use b''"
                                                        : NULL;
    if (!(it = ou_iter(vm, args[0])))
        return NULL;
    if (kind) {
        ou_decref(vm, it);
        return ou_type_error(vm, "sum() can't sum %s.join(seq) instead]", kind);
    }
    total = args[1] ? ou_ref(args[1]) : ou_int(vm, 0);
    /* exact ints and floats are summed unboxed as long as they last */
    while (total && ou_is_small(total)) {
        int64_t sum = OU_INT_V(total), next;
        bool more = true;
        if (ou_is(it, range_iter)) { /* whose ints need not be made */
            OuRangeIter *r = (OuRangeIter *)it;
            for (; r->left && !vm->breaker && !__builtin_add_overflow(sum, r->next, &next); r->left--) {
                sum = next;
                r->next = (int64_t)((uint64_t)r->next + (uint64_t)r->step);
            }
        }
        while ((x = next_quick(vm, it))) {
            if (!(ou_is_small(x) || ou_is(x, bool)) || __builtin_add_overflow(sum, OU_INT_V(x), &next))
                break;
            sum = next;
            ou_decref(vm, x);
            if (ou_poll(vm) < 0) {
                ou_decref(vm, total);
                ou_decref(vm, it);
                return NULL;
            }
        }
        ou_decref(vm, total);
        total = ou_err_occurred(vm) ? NULL : ou_int(vm, sum);
        if (!x)
            more = false;
        else if (total) {
            OuObj *t = ou_binop(vm, OU_NB_ADD, total, x);
            ou_decref(vm, total);
            total = t;
        }
        ou_xdecref(vm, x);
        if (!more)
            goto done;
        if (!total)
            break;
    }
    while (total && ou_is(total, float)) {
        double sum = OU_FLOAT_V(total);
        while ((x = next_quick(vm, it))) {
            if (ou_is(x, float))
                sum += OU_FLOAT_V(x);
            else if (ou_is_small(x))
                sum += (double)OU_INT_V(x);
            else
                break;
            ou_decref(vm, x);
            if (ou_poll(vm) < 0) {
                ou_decref(vm, total);
                ou_decref(vm, it);
                return NULL;
            }
        }
        ou_decref(vm, total);
        total = ou_err_occurred(vm) ? NULL : ou_float(vm, sum);
        if (!x)
            goto done;
        if (total) {
            OuObj *t = ou_binop(vm, OU_NB_ADD, total, x);
            ou_decref(vm, total);
            total = t;
        }
        ou_decref(vm, x);
    }
    while (total && (x = ou_next(vm, it))) {
        OuObj *t = ou_binop(vm, OU_NB_ADD, total, x);
        ou_decref(vm, total);
        ou_decref(vm, x);
        total = t;
        if (total && ou_poll(vm) < 0)
            break;
    }
done:
    ou_decref(vm, it);
    if (total && ou_err_occurred(vm))
        ou_clear(vm, total);
    return total;
}

FN(vars)
{
    OuObj *d;
    if (ou_no_kwargs(vm, "vars", kwnames) < 0 || ou_arity(vm, "vars", nargs, 0, 1) < 0)
        return NULL;
    if (!nargs)
        return ou_builtin_locals(vm, NULL, 0, NULL);
    int r = ou_lookup_attr(vm, args[0], OU_NAME(vm, __dict__), &d);
    if (r == 0)
        ou_type_error(vm, "vars() argument must have __dict__ attribute");
    return r > 0 ? d : NULL;
}
