/* stdlib/sys_trace.c - sys.settrace, setprofile, call_tracing, _current_frames, _current_exceptions. */
#include "sys.h"

#include "vm/exceptions.h"
#include "vm/frame.h"
#include "vm/trace.h"

OuObj *ou_sys_settrace(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_trace_set(vm, false, args[0]) < 0 ? NULL : ou_none(vm);
}

OuObj *ou_sys_gettrace(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *f = vm->ts->tracefunc;
    return ou_ref(f ? f : OU_NONE(vm));
}

OuObj *ou_sys_setprofile(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_trace_set(vm, true, args[0]) < 0 ? NULL : ou_none(vm);
}

OuObj *ou_sys_getprofile(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *f = vm->ts->profilefunc;
    return ou_ref(f ? f : OU_NONE(vm));
}

/* Lets a debugger trace code that it evaluates inside a trace function. */
OuObj *ou_sys_call_tracing(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int saved = vm->ts->tracing;
    if (!ou_isa_tuple(vm, args[1]))
        return ou_type_error(vm, "call_tracing() argument 2 must be tuple, not %T", args[1]);
    vm->ts->tracing = 0;
    OuObj *res = ou_call_tuple(vm, args[0], args[1], NULL);
    vm->ts->tracing = saved;
    return res;
}

/* The first thread of the list that vm->ts is in. */
static OuThread *first_thread(OuVM *vm)
{
    OuThread *t = vm->ts;
    while (t->prev)
        t = t->prev;
    return t;
}

OuObj *ou_sys_current_frames(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *d = ou_dict_new(vm);
    for (OuThread *t = first_thread(vm); d && t; t = t->next) {
        OuFrameObj *f = t->frame ? ou_frame_object(vm, t->frame) : NULL;
        OuObj *id = f ? ou_int_u64(vm, t->id) : NULL;
        if (t->frame && (!id || ou_dict_set(vm, d, id, (OuObj *)f) < 0))
            ou_clear(vm, d);
        ou_xdecref(vm, id);
    }
    return d;
}

OuObj *ou_sys_current_exceptions(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *d = ou_dict_new(vm);
    for (OuThread *t = first_thread(vm); d && t; t = t->next) {
        OuObj *exc = NULL, *id = ou_int_u64(vm, t->id), *none = OU_NONE(vm), *v;
        for (OuExcState *s = t->handled; s && !exc; s = s->prev)
            exc = s->exc;
        OuObj *tb = exc ? ((OuExc *)exc)->traceback : NULL;
        v = exc ? ou_tuple_pack(vm, 3, (OuObj *)OU_TYPE_OF(vm, exc), exc, tb ? tb : none)
                : ou_tuple_pack(vm, 3, none, none, none);
        if (!id || !v || ou_dict_set(vm, d, id, v) < 0)
            ou_clear(vm, d);
        ou_xdecref(vm, id);
        ou_xdecref(vm, v);
    }
    return d;
}
