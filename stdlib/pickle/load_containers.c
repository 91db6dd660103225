/* stdlib/pickle/load_containers.c - opcodes that make and fill tuples, lists, dicts and sets. */
#include "load.h"

int ou_load_empty_tuple(OuVM *vm, OuUnpickler *u, int arg)
{
    return ou_stack_push_take(vm, u, ou_ref(OU_EMPTY_TUPLE(vm)));
}

int ou_load_empty_list(OuVM *vm, OuUnpickler *u, int arg)
{
    return ou_stack_push_take(vm, u, ou_list_new(vm, 0));
}

int ou_load_empty_dict(OuVM *vm, OuUnpickler *u, int arg)
{
    return ou_stack_push_take(vm, u, ou_dict_new(vm));
}

int ou_load_empty_set(OuVM *vm, OuUnpickler *u, int arg)
{
    return ou_stack_push_take(vm, u, ou_set_new(vm, NULL));
}

int ou_load_counted_tuple(OuVM *vm, OuUnpickler *u, int count)
{
    size_t n = (size_t)count;
    if (u->n < n || u->n - n < u->fence)
        return ou_stack_underflow(vm, u);
    return ou_stack_push_take(vm, u, ou_stack_pop_tuple(vm, u, u->n - n));
}

int ou_load_marked(OuVM *vm, OuUnpickler *u, int op)
{
    ou_ssize at = ou_stack_take_mark(vm, u);
    if (at < 0)
        return -1;
    if (op == OU_P_TUPLE)
        return ou_stack_push_take(vm, u, ou_stack_pop_tuple(vm, u, (size_t)at));
    if (op == OU_P_LIST)
        return ou_stack_push_take(vm, u, ou_stack_pop_list(vm, u, (size_t)at));
    if (op == OU_P_FROZENSET) {
        OuObj *items = ou_stack_pop_tuple(vm, u, (size_t)at), *r = items ? ou_frozenset_new(vm, items) : NULL;
        ou_xdecref(vm, items);
        return ou_stack_push_take(vm, u, r);
    }
    if ((u->n - (size_t)at) % 2)
        return UNPICKLING("odd number of items for DICT");
    OuObj *items = ou_stack_pop_tuple(vm, u, (size_t)at), *d = items ? ou_dict_new(vm) : NULL;
    for (size_t i = 0; d && i < OU_TUPLE(items)->n; i += 2)
        if (ou_dict_set(vm, d, OU_TUPLE(items)->items[i], OU_TUPLE(items)->items[i + 1]) < 0)
            ou_clear(vm, d);
    ou_xdecref(vm, items);
    return ou_stack_push_take(vm, u, d);
}

/* f(x) for every object above height `from`, which leave the stack */
static int feed(OuVM *vm, OuUnpickler *u, OuObj *f, size_t from)
{
    OuObj *items = ou_stack_pop_tuple(vm, u, from);
    int r = items ? 0 : -1;
    for (size_t i = 0; r == 0 && i < OU_TUPLE(items)->n; i++) {
        OuObj *x = ou_call1(vm, f, OU_TUPLE(items)->items[i]);
        r = x ? 0 : -1;
        ou_xdecref(vm, x);
    }
    ou_xdecref(vm, items);
    return r;
}

/* Whether anything is above height `from` for the container below it: 1, 0; -1 if that is out of reach. */
static int to_fill(OuVM *vm, OuUnpickler *u, size_t from)
{
    return from > u->n || from <= u->fence ? ou_stack_underflow(vm, u) : from < u->n;
}

static int append_from(OuVM *vm, OuUnpickler *u, size_t from)
{
    int r = to_fill(vm, u, from);
    if (r <= 0)
        return r;
    OuObj *list = u->stack[from - 1], *f;
    if (ou_is(list, list)) {
        r = 0;
        for (size_t i = from; r == 0 && i < u->n; i++)
            r = ou_list_append(vm, list, u->stack[i]);
        ou_stack_cut(vm, u, from);
        return r;
    }
    ou_incref(list);
    r = ou_lookup_attr(vm, list, OU_NAME(vm, extend), &f);
    if (r > 0) {
        OuObj *slice = ou_stack_pop_list(vm, u, from), *res = slice ? ou_call1(vm, f, slice) : NULL;
        r = res ? 0 : -1;
        ou_xdecref(vm, slice);
        ou_xdecref(vm, res);
        ou_decref(vm, f);
    } else if (r == 0) {
        f = ou_getattr(vm, list, OU_NAME(vm, append));
        r = f ? feed(vm, u, f, from) : -1;
        ou_xdecref(vm, f);
    }
    ou_decref(vm, list);
    return r;
}

static int setitems_from(OuVM *vm, OuUnpickler *u, size_t from)
{
    int r = to_fill(vm, u, from);
    if (r <= 0)
        return r;
    if ((u->n - from) % 2)
        return UNPICKLING("odd number of items for SETITEMS");
    OuObj *d = ou_ref(u->stack[from - 1]), *items = ou_stack_pop_tuple(vm, u, from);
    r = items ? 0 : -1;
    for (size_t i = 0; r == 0 && i < OU_TUPLE(items)->n; i += 2) {
        OuObj *k = OU_TUPLE(items)->items[i], *v = OU_TUPLE(items)->items[i + 1];
        r = ou_is(d, dict) ? ou_dict_set(vm, d, k, v) : ou_setitem(vm, d, k, v);
    }
    ou_xdecref(vm, items);
    ou_decref(vm, d);
    return r;
}

static int additems_from(OuVM *vm, OuUnpickler *u, size_t from)
{
    int r = to_fill(vm, u, from);
    if (r <= 0)
        return r;
    OuObj *set = ou_ref(u->stack[from - 1]);
    if (ou_is(set, set)) {
        OuObj *items = ou_stack_pop_tuple(vm, u, from);
        r = items ? ou_set_update(vm, set, items) : -1;
        ou_xdecref(vm, items);
    } else {
        OuObj *f = ou_getattr(vm, set, OU_NAME(vm, add));
        r = f ? feed(vm, u, f, from) : -1;
        ou_xdecref(vm, f);
    }
    ou_decref(vm, set);
    return r;
}

static int marked(OuVM *vm, OuUnpickler *u, int (*f)(OuVM *, OuUnpickler *, size_t))
{
    ou_ssize at = ou_stack_take_mark(vm, u);
    return at < 0 ? -1 : f(vm, u, (size_t)at);
}

int ou_load_append(OuVM *vm, OuUnpickler *u, int arg)
{
    if (u->n == 0 || u->n - 1 <= u->fence)
        return ou_stack_underflow(vm, u);
    return append_from(vm, u, u->n - 1);
}

int ou_load_setitem(OuVM *vm, OuUnpickler *u, int arg)
{
    if (u->n < 2)
        return ou_stack_underflow(vm, u);
    return setitems_from(vm, u, u->n - 2);
}

int ou_load_appends(OuVM *vm, OuUnpickler *u, int arg)
{
    return marked(vm, u, append_from);
}

int ou_load_setitems(OuVM *vm, OuUnpickler *u, int arg)
{
    return marked(vm, u, setitems_from);
}

int ou_load_additems(OuVM *vm, OuUnpickler *u, int arg)
{
    return marked(vm, u, additems_from);
}
