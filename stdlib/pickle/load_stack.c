/* stdlib/pickle/load_stack.c - the stack of the pickle machine and its marks. */
#include "load.h"

int ou_stack_push_take(OuVM *vm, OuUnpickler *u, OuObj *o)
{
    if (!o)
        return -1;
    if (u->n == u->cap) {
        size_t cap = u->cap ? u->cap * 2 : 16;
        OuObj **s = u->stack ? ou_realloc(vm, u->stack, u->cap * sizeof *s, cap * sizeof *s)
                             : ou_alloc(vm, cap * sizeof *s);
        if (!s) {
            ou_decref(vm, o);
            return -1;
        }
        u->stack = s;
        u->cap = cap;
    }
    u->stack[u->n++] = o;
    return 0;
}

int ou_stack_underflow(OuVM *vm, OuUnpickler *u)
{
    return UNPICKLING(u->nmarks ? "unexpected MARK found" : "unpickling stack underflow");
}

OuObj *ou_stack_top(OuVM *vm, OuUnpickler *u)
{
    if (u->n <= u->fence) {
        ou_stack_underflow(vm, u);
        return NULL;
    }
    return u->stack[u->n - 1];
}

OuObj *ou_stack_pop(OuVM *vm, OuUnpickler *u)
{
    OuObj *o = ou_stack_top(vm, u);
    u->n -= o != NULL;
    return o;
}

int ou_stack_push_mark(OuVM *vm, OuUnpickler *u)
{
    if (u->nmarks == u->marks_cap) {
        size_t cap = u->marks_cap ? u->marks_cap * 2 : 16;
        size_t *m = u->marks ? ou_realloc(vm, u->marks, u->marks_cap * sizeof *m, cap * sizeof *m)
                             : ou_alloc(vm, cap * sizeof *m);
        if (!m)
            return -1;
        u->marks = m;
        u->marks_cap = cap;
    }
    u->marks[u->nmarks++] = u->fence = u->n;
    return 0;
}

ou_ssize ou_stack_take_mark(OuVM *vm, OuUnpickler *u)
{
    if (!u->nmarks)
        return UNPICKLING("could not find MARK");
    size_t at = u->marks[--u->nmarks];
    u->fence = u->nmarks ? u->marks[u->nmarks - 1] : 0;
    return (ou_ssize)at;
}

void ou_stack_cut(OuVM *vm, OuUnpickler *u, size_t to)
{
    while (u->n > to)
        ou_decref(vm, u->stack[--u->n]);
}

OuObj *ou_stack_pop_tuple(OuVM *vm, OuUnpickler *u, size_t from)
{
    if (from < u->fence) {
        ou_stack_underflow(vm, u);
        return NULL;
    }
    OuObj *t = ou_tuple_of_take(vm, u->stack + from, u->n - from);
    if (t)
        u->n = from;
    return t;
}

OuObj *ou_stack_pop_list(OuVM *vm, OuUnpickler *u, size_t from)
{
    OuObj *l = ou_list_of_take(vm, u->stack + from, u->n - from);
    if (l)
        u->n = from;
    return l;
}
