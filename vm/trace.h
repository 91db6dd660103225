/* vm/trace.h - sys.settrace and sys.setprofile: events of the eval loop.
 *
 * While they are off nothing is tested: the loop dispatches through its ordinary label table.  Switching on sets a bit of
 * the eval breaker; the loop then takes a second table in which every label is one stub (`trace:` in vm/eval.c) that calls
 * ou_trace_step before each instruction. */
#ifndef OU_VM_TRACE_H
#define OU_VM_TRACE_H

#include "frame.h"

enum {
    OU_TRACE_CALL,
    OU_TRACE_EXCEPTION,
    OU_TRACE_LINE,
    OU_TRACE_RETURN,
    OU_TRACE_C_CALL,
    OU_TRACE_C_EXCEPTION,
    OU_TRACE_C_RETURN,
    OU_TRACE_OPCODE
};

/* Events are to be sent by this thread now. */
static inline bool ou_trace_on(const OuThread *ts)
{
    return (ts->tracefunc || ts->profilefunc) && !ts->tracing;
}
/* Sets (func None or NULL: removes) the trace or profile function.  0/-1 */
int ou_trace_set(OuVM *vm, bool profile, OuObj *func);
/* The instruction at f->pc - 1 is about to run; prev: unit that ran before in f.  Sends call, line, opcode; *c_callee (owned by
 * the caller, NULL before) receives a native function about to be called while a profile function is set.
 * 0; -1 the trace function raised. */
int ou_trace_step(OuVM *vm, OuFrame *f, int prev, OuObj **c_callee);
/* f is (re)entered.  0/-1 */
int ou_trace_call(OuVM *vm, OuFrame *f);
/* f is left with value (NULL: by the exception in flight, which stays unless the trace function raises). 0/-1 */
int ou_trace_return(OuVM *vm, OuFrame *f, OuObj *value);
/* An exception is in flight in f. */
void ou_trace_exception(OuVM *vm, OuFrame *f);
/* The native callee (taken) returned or raised. 0/-1 */
int ou_trace_c_done(OuVM *vm, OuFrame *f, OuObj *callee);

#endif
