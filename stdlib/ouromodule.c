/* stdlib/ouromodule.c - module _ouro: the allocator's figures and the switches of the tests.
 *
 * Not part of Python; memory_profiler stands on it, and tests make allocations fail with it. */
#include "vm/native.h"

#define MEM(vm) (&(vm)->heap.mem)

static OuObj *memory_in_use(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_int(vm, (int64_t)ou_mem_live(MEM(vm)));
}

static OuObj *memory_peak(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_int(vm, (int64_t)MEM(vm)->peak);
}

static OuObj *memory_reset_peak(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    MEM(vm)->peak = MEM(vm)->used;
    return ou_none(vm);
}

static OuObj *memory_limit(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    uint64_t bytes;
    if (args[0]) {
        if (ou_as_u64(vm, args[0], &bytes) < 0)
            return NULL;
        ou_mem_set_budget(MEM(vm), bytes);
    }
    return ou_int(vm, (int64_t)MEM(vm)->budget);
}

static OuObj *fail_alloc(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    uint64_t start = 0, stop = 0;
    if (ou_as_u64(vm, args[0], &start) < 0 || (args[1] && ou_as_u64(vm, args[1], &stop) < 0))
        return NULL;
    ou_mem_set_fail(MEM(vm), start, stop);
    return ou_none(vm);
}

static OuObj *failed(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    uint64_t n = MEM(vm)->failed;
    ou_mem_set_fail(MEM(vm), 0, 0);
    return ou_int(vm, (int64_t)n);
}

static OuObj *check_heap(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    const char *bad = ou_gc_check_heap(&vm->heap);
    return bad ? ou_raise(vm, OU_EXC(vm, SystemError), "heap: %s", bad) : ou_none(vm);
}

static OuObj *gc_stress(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int on = ou_is_true(vm, args[0]);
    if (on < 0)
        return NULL;
    ou_gc_set_stress(&vm->heap, on, 0);
    return ou_none(vm);
}

static const OuFn functions[] = {
    {"memory_in_use()", memory_in_use, 0, "Bytes in live blocks."},
    {"memory_peak()", memory_peak, 0, "Most bytes ever taken from the system, or since memory_reset_peak()."},
    {"memory_reset_peak()", memory_reset_peak, 0, "Starts the peak anew."},
    {"memory_limit(bytes=None, /)", memory_limit, 0,
     "Sets the budget (0: none), as -X memlimit; returns it."},
    {"fail_alloc(start, stop=0, /)", fail_alloc, 0,
     "The allocations number start to stop-1 from now fail; stop 0: all from start on; start 0: none."},
    {"failed()", failed, 0, "Ends fail_alloc; returns how many allocations were made to fail."},
    {"check_heap()", check_heap, 0, "Checks the invariants of the heap; SystemError if one is broken."},
    {"gc_stress(on, /)", gc_stress, 0, "Collects at every tracking of a container."},
    {0},
};

const OuModuleDef ou_mod_ouro = {
    .name = "_ouro",
    .doc = "The allocator's figures, and switches for tests.",
    .functions = functions,
};
