/* stdlib/sys.c - module sys: state of the interpreter that scripts may see.  Parts: sys_stream.c (streams), sys_info.c (flags and
 * structures), sys_hooks.c (excepthook, displayhook, unraisablehook), sys_trace.c
 * (settrace, setprofile), sys_audit.c (audit hooks, switches).
 *
 * Matched: CPython 3.11's module on Linux, but for figures of its interpreter (_getquickenedcount); getsizeof and what names the
 * implementation are ours. */
#include "sys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vm/config.h"
#include "vm/exceptions.h"
#include "vm/frame.h"
#include "vm/instance.h"
#include "vm/type.h"
#include "vm/audit.h"

#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

FN(sys_getrefcount)
{
    /* the argument register counts one, as CPython's argument does */
    return ou_int(vm, args[0]->rc);
}

FN(sys_getsizeof)
{
    OuObj *meth, *res = NULL;
    int r = ou_lookup_special(vm, args[0], OU_NAME(vm, __sizeof__), &meth);
    if (r == 0)
        ou_type_error(vm, "Type %T doesn't define __sizeof__", args[0]);
    if (r > 0) {
        ou_hold(args, 1);
        res = ou_call0(vm, meth);
        ou_unhold(vm, args, 1);
        ou_decref(vm, meth);
    }
    if (res) {
        int64_t n;
        if (!ou_isa_int(vm, res)) {
            ou_type_error(vm, "'%T' object cannot be interpreted as an integer", res);
            ou_clear(vm, res);
        } else if (ou_int_fits(res, &n) && n < 0) {
            ou_clear(vm, res);
            ou_value_error(vm, "__sizeof__() should return >= 0");
        }
    }
    if (!res && args[1] && ou_err_is(vm, OU_EXC(vm, TypeError))) {
        ou_err_clear(vm);
        return ou_ref(args[1]);
    }
    return res;
}

FN(sys_intern)
{
    if (!ou_is(args[0], str)) {
        if (ou_isa_str(vm, args[0]))
            return ou_type_error(vm, "can't intern %T", args[0]);
        return ou_type_error(vm, "intern() argument must be str, not %T", args[0]);
    }
    return ou_str_intern(vm, ou_ref(args[0]));
}

FN(sys_getrecursionlimit)
{
    return ou_int(vm, vm->ts->recursion_limit);
}

FN(sys_setrecursionlimit)
{
    int limit;
    OuThread *ts = vm->ts;
    if (ou_as_int(vm, args[0], &limit) < 0)
        return NULL;
    if (limit < 1)
        return ou_value_error(vm, "recursion limit must be greater or equal than 1");
    int depth = ts->recursion_limit - ts->recursion_left;
    if (depth >= limit)
        return ou_raise(
            vm, OU_EXC(vm, RecursionError),
            "cannot set the recursion limit to %d at the recursion depth %d: the limit is too low", limit,
            depth);
    ts->recursion_left += limit - ts->recursion_limit;
    ts->recursion_limit = limit;
    return ou_none(vm);
}

FN(sys_exc_info)
{
    OuExc *e = (OuExc *)ou_err_handled(vm);
    if (!e)
        return ou_tuple_pack(vm, 3, OU_NONE(vm), OU_NONE(vm), OU_NONE(vm));
    return ou_tuple_pack(vm, 3, (OuObj *)OU_TYPE_OF(vm, e), (OuObj *)e,
                         e->traceback ? e->traceback : OU_NONE(vm));
}

FN(sys_exception)
{
    OuObj *e = ou_err_handled(vm);
    return ou_ref(e ? e : OU_NONE(vm));
}

FN(sys_exit)
{
    return ou_raise_value(vm, OU_EXC(vm, SystemExit), args[0] ? args[0] : OU_NONE(vm));
}

FN(sys_getframe)
{
    int depth = 0;
    if (args[0] && ou_as_int(vm, args[0], &depth) < 0)
        return NULL;
    OuFrame *f = ou_frame_visible(vm, vm->ts->frame);
    while (f && depth-- > 0)
        f = ou_frame_visible(vm, f->prev);
    if (!f)
        return ou_value_error(vm, "call stack is not deep enough");
    OuFrameObj *o = ou_frame_object(vm, f);
    if (!o || ou_audit(vm, "sys._getframe", "O", o) < 0)
        return NULL;
    return ou_ref((OuObj *)o);
}

FN(sys_getdefaultencoding)
{
    return ou_str_new(vm, "utf-8", -1);
}

FN(sys_getfilesystemencodeerrors)
{
    return ou_str_new(vm, "surrogateescape", -1);
}

FN(sys_is_finalizing)
{
    return ou_bool(vm, vm->finalizing);
}

FN(sys_getallocatedblocks)
{
    return ou_int(vm, (int64_t)ou_mem_blocks(ou_heap_mem(&vm->heap)));
}

static void put_line(void *arg, const char *line)
{
    fprintf(arg, "%s", line);
}

FN(sys_debugmallocstats)
{
    ou_heap_stats(&vm->heap, put_line, stderr);
    return ou_none(vm);
}

FN(sys_get_int_max_str_digits)
{
    return ou_int(vm, vm->int_max_str_digits);
}

FN(sys_set_int_max_str_digits)
{
    int n;
    if (ou_as_int(vm, args[0], &n) < 0)
        return NULL;
    if (n != 0 && n < 640)
        return ou_value_error(vm, "maxdigits must be 0 or larger than 640");
    vm->int_max_str_digits = n;
    return ou_none(vm);
}

FN(sys_get_asyncgen_hooks)
{
    OuThread *ts = vm->ts;
    OuObj *type = ou_dict_get_s(vm, (OuObj *)vm->sysdict, "_asyncgen_hooks_type");
    OuObj *pair = ou_tuple_pack(vm, 2, ts->asyncgen_firstiter ? ts->asyncgen_firstiter : OU_NONE(vm),
                                ts->asyncgen_finalizer ? ts->asyncgen_finalizer : OU_NONE(vm));
    OuObj *res = pair && type ? ou_call1(vm, type, pair) : NULL;
    ou_xdecref(vm, pair);
    return res;
}

static int set_hook(OuVM *vm, OuObj *value, OuObj **slot, const char *what)
{
    if (!value)
        return 0;
    if (value != OU_NONE(vm) && !ou_callable(vm, value))
        return ou_type_error_i(vm, "callable %s expected, got %T", what, value);
    OuObj *old = *slot;
    *slot = value == OU_NONE(vm) ? NULL : ou_ref(value);
    ou_xdecref(vm, old);
    return 0;
}

FN(sys_set_asyncgen_hooks)
{
    if (set_hook(vm, args[1], &vm->ts->asyncgen_finalizer, "finalizer") < 0 ||
        set_hook(vm, args[0], &vm->ts->asyncgen_firstiter, "firstiter") < 0)
        return NULL;
    return ou_none(vm);
}

FN(sys_get_origin_depth)
{
    return ou_int(vm, vm->ts->coroutine_origin_depth);
}

FN(sys_set_origin_depth)
{
    int depth;
    if (ou_as_int(vm, args[0], &depth) < 0)
        return NULL;
    if (depth < 0)
        return ou_value_error(vm, "depth must be >= 0");
    vm->ts->coroutine_origin_depth = depth;
    return ou_none(vm);
}

static const OuFn functions[] = {
    {"getrefcount(object, /)", sys_getrefcount, 0,
     "Return the reference count of object.\n\nThe count returned is generally one higher than you might "
     "expect,\nbecause it includes the "
     "(temporary) reference as an argument to\ngetrefcount()."},
    {"getsizeof(object, default=None)", sys_getsizeof, 0,
     "getsizeof(object [, default]) -> int\n\nReturn the size of object in bytes."},
    {"intern(string, /)", sys_intern, 0,
     "``Intern'' the given string.\n\nThis enters the string in the (global) table of interned strings "
     "whose\npurpose is to speed up "
     "dictionary lookups. Return the string itself or\nthe previously interned string object with the same "
     "value."},
    {"getrecursionlimit()", sys_getrecursionlimit, 0, "Return the current value of the recursion limit."},
    {"setrecursionlimit(limit, /)", sys_setrecursionlimit, 0,
     "Set the maximum depth of the Python interpreter stack to n."},
    {"exc_info()", sys_exc_info, 0, "Return current exception information: (type, value, traceback)."},
    {"exception()", sys_exception, 0, "Return the current exception."},
    {"exit(status=None, /)", sys_exit, 0, "Exit the interpreter by raising SystemExit(status)."},
    {"_getframe(depth=0, /)", sys_getframe, 0, "Return a frame object from the call stack."},
    {"getdefaultencoding()", sys_getdefaultencoding, 0,
     "Return the current default encoding used by the Unicode implementation."},
    {"getfilesystemencoding()", sys_getdefaultencoding, 0,
     "Return the encoding used to convert Unicode filenames to OS filenames."},
    {"getfilesystemencodeerrors()", sys_getfilesystemencodeerrors, 0,
     "Return the error mode used for Unicode to OS filename conversion."},
    {"is_finalizing()", sys_is_finalizing, 0, "Return True if Python is exiting."},
    {"getallocatedblocks()", sys_getallocatedblocks, 0,
     "Return the number of memory blocks currently allocated."},
    {"_debugmallocstats()", sys_debugmallocstats, 0,
     "Print debug info to stderr about the state of the allocator."},
    {"get_int_max_str_digits()", sys_get_int_max_str_digits, 0,
     "Return the maximum string digits limit for non-binary int<->str conversions."},
    {"set_int_max_str_digits(maxdigits)", sys_set_int_max_str_digits, 0,
     "Set the maximum string digits limit for non-binary int<->str conversions."},
    {"get_asyncgen_hooks()", sys_get_asyncgen_hooks, 0,
     "Return the installed asynchronous generators hooks."},
    {"set_asyncgen_hooks(firstiter=None, finalizer=None)", sys_set_asyncgen_hooks, 0,
     "set_asyncgen_hooks(* [, firstiter] [, finalizer])\n\nSet a finalizer for async generators objects."},
    {"get_coroutine_origin_tracking_depth()", sys_get_origin_depth, 0,
     "Check status of origin tracking for coroutine objects in this thread."},
    {"set_coroutine_origin_tracking_depth(depth)", sys_set_origin_depth, 0,
     "Enable or disable origin tracking for coroutine objects in this thread."},
    {"audit(...)", ou_sys_audit, OU_FN_RAW,
     "audit(event, *args)\n\nPasses the event to any hooks that are attached."},
    {"getswitchinterval()", ou_sys_getswitchinterval, 0, "Return the current thread switch interval."},
    {"setswitchinterval(interval, /)", ou_sys_setswitchinterval, 0,
     "Set the ideal thread switching delay inside the Python interpreter."},
    {"addaudithook(hook)", ou_sys_addaudithook, 0, "Adds a new audit hook callback."},
    {"breakpointhook(...)", ou_sys_breakpointhook, OU_FN_RAW,
     "breakpointhook(*args, **kws)\n\nThis hook function is called by built-in breakpoint()."},
    {"getdlopenflags()", ou_sys_getdlopenflags, 0,
     "Return the current value of the flags that are used for dlopen calls."},
    {"setdlopenflags(flags, /)", ou_sys_setdlopenflags, 0,
     "Set the flags used by the interpreter for dlopen calls."},
    {"_clear_type_cache()", ou_sys_clear_type_cache, 0, "Clear the internal type lookup cache."},
    {"excepthook(exctype, value, traceback, /)", ou_sys_excepthook, 0,
     "Handle an exception by displaying it with a traceback on sys.stderr."},
    {"settrace(function, /)", ou_sys_settrace, 0,
     "settrace(function)\n\nSet the global debug tracing function.  It will be called on each\nfunction "
     "call."},
    {"gettrace()", ou_sys_gettrace, 0, "Return the global debug tracing function set with sys.settrace."},
    {"setprofile(function, /)", ou_sys_setprofile, 0,
     "setprofile(function)\n\nSet the profiling function.  It will be called on each function call\nand "
     "return."},
    {"getprofile()", ou_sys_getprofile, 0, "Return the profiling function set with sys.setprofile."},
    {"call_tracing(func, args, /)", ou_sys_call_tracing, 0,
     "Call func(*args), while tracing is enabled.\n\nA debugger can so check code that it evaluates at a "
     "checkpoint."},
    {"_current_frames()", ou_sys_current_frames, 0,
     "Return a dict mapping each thread's identifier to its current stack frame."},
    {"_current_exceptions()", ou_sys_current_exceptions, 0,
     "Return a dict mapping each thread's identifier to its current raised exception."},
    {"displayhook(object, /)", ou_sys_displayhook, 0,
     "Print an object to sys.stdout and also save it in builtins._"},
    {"unraisablehook(unraisable, /)", ou_sys_unraisablehook, 0, "Handle an unraisable exception."},
    {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    static const char *const hooks[][2] = {{"breakpointhook", "__breakpointhook__"},
                                           {"displayhook", "__displayhook__"},
                                           {"excepthook", "__excepthook__"},
                                           {"unraisablehook", "__unraisablehook__"}};
    OuObj *d = (OuObj *)((OuModule *)m)->dict;
    for (int i = 0; i < 4; i++)
        if (ou_dict_set_s(vm, d, hooks[i][1], ou_dict_get_s(vm, d, hooks[i][0])) < 0)
            return -1;
    return ou_sys_init_info(vm, m);
}

const OuModuleDef ou_mod_sys = {
    .name = "sys",
    .doc = "This module provides access to some objects used or maintained by the\ninterpreter and to "
           "functions that interact strongly with "
           "the interpreter.",
    .functions = functions,
    .state_size = sizeof(OuSysState),
    .exec = exec,
    .traverse = ou_sys_state_traverse,
    .clear = ou_sys_state_clear,
};
