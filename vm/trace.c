/* vm/trace.c - sys.settrace and sys.setprofile: which events are sent, and to whom. */
#include "trace.h"

#include "err.h"
#include "exceptions.h"
#include "native.h"

int ou_trace_set(OuVM *vm, bool profile, OuObj *func)
{
    OuThread *ts = vm->ts;
    OuObj **slot = profile ? &ts->profilefunc : &ts->tracefunc, *old = *slot;
    bool *busy = profile ? &ts->setting_profile : &ts->setting_trace;
    if (*busy) {
        const char *what = profile ? "profile" : "trace";
        return ou_raise_i(vm, OU_EXC(vm, RuntimeError),
                          "Cannot install a %s function while another %s function is being installed", what,
                          what);
    }
    *busy = true; /* the death of the old one may run Python code */
    *slot = NULL;
    ou_xdecref(vm, old);
    *slot = func && func != OU_NONE(vm) ? ou_ref(func) : NULL;
    *busy = false;
    __atomic_fetch_or(&vm->breaker, OU_BREAK_TRACE, __ATOMIC_RELAXED);
    return 0;
}

static OuObj *event_name(OuVM *vm, int what)
{
    switch (what) {
    case OU_TRACE_CALL:
        return OU_NAME(vm, call);
    case OU_TRACE_EXCEPTION:
        return OU_NAME(vm, exception);
    case OU_TRACE_LINE:
        return OU_NAME(vm, line);
    case OU_TRACE_RETURN:
        return OU_NAME(vm, return );
    case OU_TRACE_C_CALL:
        return OU_NAME(vm, c_call);
    case OU_TRACE_C_EXCEPTION:
        return OU_NAME(vm, c_exception);
    case OU_TRACE_C_RETURN:
        return OU_NAME(vm, c_return);
    default:
        return OU_NAME(vm, opcode);
    }
}

/* Stores what the trace function changed in f_locals into the registers.  A deleted name keeps its value: the compiler leaves
 * the test for unbound out where it proved a variable bound. */
static int write_back(OuVM *vm, OuFrame *f)
{
    OuCode *code = f->code;
    OuObj *d = f->obj->snapshot;
    for (uint32_t i = 0; i < code->nvars; i++) {
        OuObj **slot = &f->regs[i], *v;
        unsigned kind = code->var_kinds[i];
        if ((kind & OU_REG_FREE) && !(code->flags & OU_CO_OPTIMIZED))
            continue;
        int r = ou_dict_lookup(vm, d, code->var_names[i], &v);
        if (r < 0)
            return -1;
        if (!r)
            continue;
        if (*slot && (kind & (OU_REG_CELL | OU_REG_FREE)) && ou_is(*slot, cell))
            slot = &((OuCell *)*slot)->value;
        OuObj *old = *slot;
        *slot = v;
        ou_xdecref(vm, old);
    }
    return 0;
}

/* Calls func(frame, event, arg): its result, or NULL. */
static OuObj *send(OuVM *vm, OuFrame *f, OuObj *func, int what, OuObj *arg)
{
    OuThread *ts = vm->ts;
    OuFrameObj *fo = ou_frame_object(vm, f);
    if (!fo)
        return NULL;
    int old_event = ts->trace_event;
    ou_incref(fo);
    ou_incref(func);
    ts->tracing++;
    ts->trace_event = what;
    OuObj *res = ou_call3(vm, func, (OuObj *)fo, event_name(vm, what), arg ? arg : OU_NONE(vm));
    ts->trace_event = old_event;
    ts->tracing--;
    if (fo->locals_read && fo->snapshot && !f->locals) {
        fo->locals_read = false;
        OuObj *raised = ou_err_fetch(vm);
        if (write_back(vm, f) < 0)
            ou_err_clear(vm);
        ou_err_restore(vm, raised);
    }
    ou_decref(vm, func);
    ou_decref(vm, fo);
    return res;
}

/* To the trace function: `call` to the thread's, all others to the frame's.  The answer becomes f_trace. */
static int trace_event(OuVM *vm, OuFrame *f, int what, OuObj *arg)
{
    OuThread *ts = vm->ts;
    OuObj *func = what == OU_TRACE_CALL ? ts->tracefunc : f->obj ? f->obj->trace : NULL;
    if (!func || ts->tracing)
        return 0;
    OuObj *res = send(vm, f, func, what, arg);
    if (!res) {
        OuObj *raised = ou_err_fetch(vm);
        ou_trace_set(vm, false, NULL);
        if (f->obj)
            ou_clear(vm, f->obj->trace);
        ou_err_restore(vm, raised);
        return -1;
    }
    if (res != OU_NONE(vm)) {
        OuObj *old = f->obj->trace;
        f->obj->trace = res;
        ou_xdecref(vm, old);
    } else
        ou_decref(vm, res);
    return 0;
}

static int profile_event(OuVM *vm, OuFrame *f, int what, OuObj *arg)
{
    OuThread *ts = vm->ts;
    if (!ts->profilefunc || ts->tracing)
        return 0;
    OuObj *res = send(vm, f, ts->profilefunc, what, arg);
    if (!res) {
        OuObj *raised = ou_err_fetch(vm);
        ou_trace_set(vm, true, NULL);
        ou_err_restore(vm, raised);
        return -1;
    }
    ou_decref(vm, res);
    return 0;
}

/* To both functions; an exception in flight is kept, unless one of them raises. */
static int both_events(OuVM *vm, OuFrame *f, int what, OuObj *arg)
{
    OuObj *raised = ou_err_fetch(vm);
    int r = vm->ts->tracefunc ? trace_event(vm, f, what, arg) : 0;
    if (r == 0)
        r = profile_event(vm, f, what, arg);
    if (r == 0)
        ou_err_restore(vm, raised);
    else
        ou_xdecref(vm, raised);
    return r;
}

int ou_trace_call(OuVM *vm, OuFrame *f)
{
    return both_events(vm, f, OU_TRACE_CALL, NULL);
}

int ou_trace_return(OuVM *vm, OuFrame *f, OuObj *value)
{
    return both_events(vm, f, OU_TRACE_RETURN, value);
}

void ou_trace_exception(OuVM *vm, OuFrame *f)
{
    OuThread *ts = vm->ts;
    if (!ts->tracefunc || ts->tracing || !f->obj || !f->obj->trace)
        return;
    OuObj *exc = ou_err_fetch(vm), *tb = ((OuExc *)exc)->traceback;
    OuObj *arg = ou_tuple_pack(vm, 3, (OuObj *)OU_TYPE_OF(vm, exc), exc, tb ? tb : OU_NONE(vm));
    int r = arg ? trace_event(vm, f, OU_TRACE_EXCEPTION, arg) : -1;
    ou_xdecref(vm, arg);
    if (r == 0)
        ou_err_restore(vm, exc);
    else
        ou_decref(vm, exc);
}

/* ---- lines ---- */

/* The unit of code's RESUME at its start: nothing before it is traced. */
static int entry_unit(OuCode *code)
{
    int u = 0;
    while (ou_op_base((unsigned)(code->code[u] & 0xff)) != OU_OP_RESUME)
        u += 1 + (int)ou_op_ext((unsigned)(code->code[u] & 0xff));
    return u;
}

/* Sends `line` for each line on the way from unit prev to unit: marks (operands read in place), then its own. */
static int line_events(OuVM *vm, OuFrame *f, int prev, int unit, unsigned op)
{
    OuFrameObj *fo = f->obj;
    OuCode *code = f->code;
    uint64_t *pc = f->pc;
    OuLocIter it;
    int last = prev <= entry_unit(code) ? -1 : ou_code_loc(code, prev).lineno, r = 0;
    bool back = unit < prev && op != OU_OP_SEND; /* a jump backwards, but not the loop of a delegation */
    ou_incref(code);
    ou_loc_begin(&it, code->locs, code->nlocs, code->firstlineno);
    while (r == 0 && f->pc == pc && ou_loc_next(&it) && (int)it.unit <= unit) {
        bool mark = !it.units;
        int line = it.loc.lineno;
        if ((mark ? (int)it.unit != unit : (uint32_t)unit - it.unit >= it.units) || line < 0)
            continue;
        if ((line != last || back) && fo->trace_lines) {
            fo->traced_line = mark ? line : 0;
            r = trace_event(vm, f, OU_TRACE_LINE, NULL);
            fo->traced_line = 0;
        }
        last = line;
        back = false;
    }
    ou_decref(vm, (OuObj *)code);
    return r;
}

static int line_event(OuVM *vm, OuFrame *f, int prev, int unit, unsigned op)
{
    OuFrameObj *fo = f->obj;
    if (fo->trace_lines && line_events(vm, f, prev, unit, op) < 0)
        return -1;
    if (fo->trace_opcodes && unit != prev)
        return trace_event(vm, f, OU_TRACE_OPCODE, NULL);
    return 0;
}

/* ---- native calls, for the profile function ---- */

static OuObj *native_callee(OuVM *vm, OuFrame *f, uint64_t w, unsigned op)
{
    if (op != OU_OP_CALL && op != OU_OP_CALL_KW && op != OU_OP_CALL_EX)
        return NULL;
    OuObj **base = &f->regs[OU_INSTR_A(w)], *callee = base[0];
    if (ou_is(callee, builtin))
        return ou_ref(callee);
    if (ou_is(callee, method_descr) && op != OU_OP_CALL_EX) {
        OuObj *self = base[1] ? base[1] : OU_INSTR_B(w) ? base[2] : NULL;
        OuObj *bound =
            self ? OU_TYPE_OF(vm, callee)->s.descr_get(vm, callee, self, (OuObj *)OU_TYPE_OF(vm, self))
                 : NULL;
        ou_err_clear(vm); /* a wrong self: the call itself will say so */
        return bound;
    }
    return NULL;
}

int ou_trace_c_done(OuVM *vm, OuFrame *f, OuObj *callee)
{
    OuObj *raised = ou_err_fetch(vm);
    int r = profile_event(vm, f, raised ? OU_TRACE_C_EXCEPTION : OU_TRACE_C_RETURN, callee);
    ou_decref(vm, callee);
    if (r == 0)
        ou_err_restore(vm, raised);
    else
        ou_xdecref(vm, raised);
    return r;
}

int ou_trace_step(OuVM *vm, OuFrame *f, int prev, OuObj **c_callee)
{
    OuThread *ts = vm->ts;
    uint64_t w = f->pc[-1];
    unsigned op = ou_op_base((unsigned)(w & 0xff));
    int unit = OU_FRAME_LASTI(f);
    if (op == OU_OP_RESUME)
        return ou_trace_call(vm, f);
    if (ts->tracefunc && f->obj && f->obj->trace && unit > entry_unit(f->code) &&
        line_event(vm, f, prev, unit, op) < 0)
        return -1;
    if (ts->profilefunc && (*c_callee = native_callee(vm, f, w, op)) &&
        profile_event(vm, f, OU_TRACE_C_CALL, *c_callee) < 0) {
        ou_clear(vm, *c_callee);
        return -1;
    }
    return 0;
}
