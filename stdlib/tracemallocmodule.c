/* stdlib/tracemallocmodule.c - module _tracemalloc: switches and raw records of allocation tracing. */
#include "vm/gcstate.h"
#include "vm/native.h"
#include "vm/tracing.h"

#define MEM(vm) (&(vm)->heap.mem)

static OuObj *start(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int nframe = 1;
    if (args[0] && ou_as_int(vm, args[0], &nframe) < 0)
        return NULL;
    if (nframe < 1 || nframe > 65535)
        return ou_value_error(vm, "the number of frames must be in range [1; 65535]");
    return ou_tracing_start(vm, nframe) < 0 ? NULL : ou_none(vm);
}

static OuObj *stop(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    ou_tracing_stop(vm);
    return ou_none(vm);
}

static OuObj *is_tracing(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_bool(vm, ou_trace_is_on(MEM(vm)));
}

static OuObj *clear_traces(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    ou_trace_clear(MEM(vm));
    return ou_none(vm);
}

static OuObj *get_traceback_limit(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_int(vm, vm->gc->trace_limit ? vm->gc->trace_limit : 1);
}

static OuObj *get_traced_memory(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    size_t now, peak;
    ou_trace_memory(MEM(vm), &now, &peak);
    OuObj *items[2] = {ou_int(vm, (int64_t)now), ou_int(vm, (int64_t)peak)};
    OuObj *t = items[0] && items[1] ? ou_tuple_of_take(vm, items, 2) : NULL;
    ou_xdecref(vm, items[0]);
    ou_xdecref(vm, items[1]);
    return t;
}

static OuObj *reset_peak(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    ou_trace_reset_peak(MEM(vm));
    return ou_none(vm);
}

static OuObj *get_tracemalloc_memory(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_int(vm, (int64_t)ou_trace_overhead(MEM(vm)));
}

static OuObj *get_traces(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_tracing_list(vm);
}

static OuObj *get_object_traceback(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_tracing_of_object(vm, args[0]);
}

static const OuFn functions[] = {
    {"is_tracing()", is_tracing, 0, "Return True if memory allocations are being traced."},
    {"clear_traces()", clear_traces, 0, "Clear traces of memory blocks."},
    {"_get_traces()", get_traces, 0,
     "Get traces of all memory blocks: a list of (domain, size, ((filename, lineno), ...), total_nframe),\n"
     "or an empty list when not tracing."},
    {"_get_object_traceback(obj, /)", get_object_traceback, 0,
     "Get the traceback where the object obj was allocated, ((filename, lineno), ...), or None."},
    {"start(nframe=1, /)", start, 0,
     "Start tracing memory allocations, with at most nframe frames in a traceback."},
    {"stop()", stop, 0, "Stop tracing memory allocations, and clear traces of memory blocks."},
    {"get_traceback_limit()", get_traceback_limit, 0,
     "Get the maximum number of frames stored in the traceback of a trace."},
    {"get_tracemalloc_memory()", get_tracemalloc_memory, 0, "Get the bytes used by the traces themselves."},
    {"get_traced_memory()", get_traced_memory, 0,
     "Get the current size and peak size of traced memory blocks: (current, peak)."},
    {"reset_peak()", reset_peak, 0, "Set the peak size of traced memory blocks to the current size."},
    {0},
};

const OuModuleDef ou_mod_tracemalloc = {
    .name = "_tracemalloc",
    .doc = "Debug module to trace memory blocks allocated by Python.",
    .functions = functions,
};
