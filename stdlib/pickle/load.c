/* stdlib/pickle/load.c - the pickle machine: its loop, the opcodes of the memo, the stack and the stream. */
#include "vm/codec/codec.h"
#include "load.h"

/* ---- memo ---------------------------------------------------------------------------------- */
static int text_number(OuVM *vm, OuUnpickler *u, ou_ssize *out)
{
    const char *s;
    size_t n;
    if (ou_load_line(vm, u, &s, &n) < 0)
        return -1;
    OuObj *text = ou_utf8_decode(vm, s, n, NULL, NULL),
          *i = text ? ou_call1(vm, (OuObj *)&vm->builtin[OU_T_int], text) : NULL;
    ou_xdecref(vm, text);
    int r = i ? ou_as_ssize(vm, i, OU_EXC(vm, OverflowError), out) : -1;
    ou_xdecref(vm, i);
    return r;
}

static int memo_get(OuVM *vm, OuUnpickler *u, size_t i)
{
    OuObj *o = ou_unpickler_memo_get(u, vm, i);
    if (!o)
        return ou_err_occurred(vm) ? -1 : UNPICKLING("Memo value not found at index %ld", (long)i);
    return ou_stack_push_take(vm, u, ou_ref(o));
}

int ou_load_get(OuVM *vm, OuUnpickler *u, int nsize)
{
    uint64_t i;
    ou_ssize v;
    if (nsize)
        return ou_load_le(vm, u, nsize, &i) < 0 ? -1 : memo_get(vm, u, i);
    return text_number(vm, u, &v) < 0 ? -1 : memo_get(vm, u, (size_t)v);
}

static int memo_top(OuVM *vm, OuUnpickler *u, size_t i)
{
    OuObj *top = ou_stack_top(vm, u);
    return top ? ou_unpickler_memo_put(vm, u, i, top) : -1;
}

int ou_load_put(OuVM *vm, OuUnpickler *u, int nsize)
{
    uint64_t i;
    ou_ssize v;
    if (nsize) {
        if (ou_load_le(vm, u, nsize, &i) < 0)
            return -1;
    } else {
        if (text_number(vm, u, &v) < 0)
            return -1;
        if (v < 0)
            return ou_value_error_i(vm, "negative PUT argument");
        i = (uint64_t)v;
    }
    return memo_top(vm, u, i);
}

int ou_load_memoize(OuVM *vm, OuUnpickler *u, int arg)
{
    return memo_top(vm, u, u->memo_len);
}

/* ---- stack, marks, the stream itself ---------------------------------------------------- */
int ou_load_pop(OuVM *vm, OuUnpickler *u, int arg)
{
    if (u->nmarks && u->marks[u->nmarks - 1] == u->n)
        return ou_stack_take_mark(vm, u) < 0 ? -1 : 0;
    OuObj *o = ou_stack_pop(vm, u);
    ou_xdecref(vm, o);
    return o ? 0 : -1;
}

int ou_load_pop_mark(OuVM *vm, OuUnpickler *u, int arg)
{
    ou_ssize at = ou_stack_take_mark(vm, u);
    if (at >= 0)
        ou_stack_cut(vm, u, (size_t)at);
    return at < 0 ? -1 : 0;
}

int ou_load_proto(OuVM *vm, OuUnpickler *u, int arg)
{
    uint64_t v;
    if (ou_load_le(vm, u, 1, &v) < 0)
        return -1;
    if (v > OU_PICKLE_HIGHEST)
        return ou_value_error_i(vm, "unsupported pickle protocol: %d", (int)v);
    u->proto = (int)v;
    return 0;
}

int ou_load_frame(OuVM *vm, OuUnpickler *u, int arg)
{
    uint64_t n;
    const char *s;
    if (ou_load_length(vm, u, 8, "FRAME length exceeds system's maximum of %zd bytes", &n) < 0 ||
        ou_unpickler_read(vm, u, &s, n) < 0)
        return -1;
    u->at -= n; /* it is in the buffer now */
    return 0;
}

int ou_load_dup(OuVM *vm, OuUnpickler *u, int arg)
{
    OuObj *top = ou_stack_top(vm, u);
    return top ? ou_stack_push_take(vm, u, ou_ref(top)) : -1;
}

int ou_load_mark(OuVM *vm, OuUnpickler *u, int arg)
{
    return ou_stack_push_mark(vm, u);
}

int ou_load_stop(OuVM *vm, OuUnpickler *u, int arg)
{
    return 1;
}

/* ---- the loop ------------------------------------------------------------------------------ */
static int step(OuVM *vm, OuUnpickler *u, int op)
{
    static const struct {
        int (*load)(OuVM *vm, OuUnpickler *u, int arg);
        int arg;
    } rows[256] = {
#define X(name, byte, function, argument) [byte] = {ou_load_##function, argument},
#include "opcodes.def"
#undef X
    };
    if (rows[op].load)
        return rows[op].load(vm, u, rows[op].arg);
    if (op >= 0x20 && op <= 0x7e && op != '\'' && op != '\\')
        return UNPICKLING("invalid load key, '%c'.", op);
    return UNPICKLING("invalid load key, '\\x%s%x'.", op < 16 ? "0" : "", op);
}

OuObj *ou_unpickler_load(OuVM *vm, OuUnpickler *u)
{
    ou_stack_cut(vm, u, 0);
    u->nmarks = 0;
    u->fence = 0;
    u->proto = 0;
    for (;;) {
        const char *s;
        if (ou_unpickler_read(vm, u, &s, 1) < 0) {
            if (ou_err_is(vm, OU_AS_TYPE(u->st->unpickling_error))) {
                ou_err_clear(vm);
                ou_raise(vm, OU_EXC(vm, EOFError), "Ran out of input");
            }
            return NULL;
        }
        int r = step(vm, u, (unsigned char)*s);
        if (r > 0)
            break;
        if (r < 0 || ou_poll(vm) < 0)
            return NULL;
    }
    return ou_unpickler_skip(vm, u) < 0 ? NULL : ou_stack_pop(vm, u);
}
