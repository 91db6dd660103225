/* vm/vm.c - making and ending a VM, guards, memory with exceptions. */
#include "vm.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "config.h"
#include "err.h"
#include "exceptions.h"
#include "frame.h"
#include "gcstate.h"
#include "import.h"
#include "tracing.h"
#include "teardown.h"
#include "threads.h"
#include "type.h"
#include "text/text.h"

/* ---- memory with exceptions ---- */

void *ou_alloc(OuVM *vm, size_t n)
{
    void *p = ou_mem_alloc(ou_heap_mem(&vm->heap), n);
    return p ? p : ou_raise_memory(vm);
}

void *ou_realloc(OuVM *vm, void *p, size_t old, size_t n)
{
    void *q = ou_mem_realloc(ou_heap_mem(&vm->heap), p, old, n);
    return q ? q : ou_raise_memory(vm);
}

void ou_free(OuVM *vm, void *p, size_t n)
{
    ou_mem_free(ou_heap_mem(&vm->heap), p, n);
}

OuObj *ou_new_leaf(OuVM *vm, uint32_t type, size_t size)
{
    OuObj *o = ou_heap_alloc_leaf(&vm->heap, type, size);
    return o ? o : ou_raise_memory(vm);
}

OuObj *ou_new_gc(OuVM *vm, uint32_t type, size_t size)
{
    OuObj *o = ou_heap_alloc_gc(&vm->heap, type, size);
    return o ? o : ou_raise_memory(vm);
}

/* ---- guards ---- */

int ou_check_stack(OuVM *vm, const char *where)
{
    char here;
    if (__builtin_expect(&here > vm->ts->stack_limit, 1))
        return 0;
    /* the error is made in the reserve below the limit; its own construction must not be refused again */
    char *limit = vm->ts->stack_limit;
    vm->ts->stack_limit = limit - 64 * 1024;
    ou_raise(vm, OU_EXC(vm, RecursionError), "maximum recursion depth exceeded%s", where);
    vm->ts->stack_limit = limit;
    return -1;
}

/* The C stack of this thread: native recursion stops 256 KiB (of a small stack, a third) above its end: GMP takes up to 64 KiB at
 * once. */
static char *main_stack_limit(void)
{
    struct rlimit rl;
    size_t size = 8u << 20;
    if (getrlimit(RLIMIT_STACK, &rl) == 0 && rl.rlim_cur != RLIM_INFINITY && rl.rlim_cur < (64u << 20))
        size = rl.rlim_cur;
    return (char *)__builtin_frame_address(0) - size + (size > 768 * 1024 ? 256 * 1024 : size / 3);
}

/* ---- singletons ---- */

static void singleton(OuObj *o, uint32_t type)
{
    o->rc = OU_RC_SINGLETON;
    o->tf = type;
}

static void init_singletons(OuVM *vm)
{
    singleton(&vm->none, OU_T_NoneType);
    singleton(&vm->notimplemented, OU_T_NotImplementedType);
    singleton(&vm->ellipsis, OU_T_ellipsis);
    singleton(&vm->true_.hdr, OU_T_bool);
    singleton(&vm->false_.hdr, OU_T_bool);
    vm->true_.v = 1;
    for (int i = 0; i < OU_SMALL_COUNT; i++) {
        singleton(&vm->small_ints[i].hdr, OU_T_int);
        vm->small_ints[i].v = i + OU_SMALL_MIN;
    }
    singleton(&vm->empty_tuple.hdr, OU_T_tuple);
}

OuVM *ou_vm_new(OuConfig *config)
{
    OuVM *vm = calloc(1, sizeof *vm);
    if (!vm)
        return NULL;
    OuThread *ts = calloc(1, sizeof *ts);
    vm->config = config;
    vm->int_max_str_digits = config && config->int_max_str_digits >= 0 ? config->int_max_str_digits : 4300;
    vm->optimize = config ? config->optimize : 0;
    vm->no_debug_ranges = config && config->no_debug_ranges;
    vm->type_version_next = 1;
    int mode = config && config->malloc_system ? OU_MEM_SYSTEM : 0;
    if (!ts || ou_heap_init_mode(&vm->heap, &ou_vm_heap_hooks, mode) < 0)
        goto fail;
    if (config && config->fail_alloc)
        ou_mem_set_fail(ou_heap_mem(&vm->heap), config->fail_alloc, config->fail_alloc + 1);
    if (config && config->embedded && ou_mem_keep(ou_heap_mem(&vm->heap)) < 0)
        goto fail;
    ts->stack_limit = main_stack_limit();
    vm->ts = vm->main_ts = ts;
    vm->nthreads = 1;
    ts->id = ou_thread_ident();
    init_singletons(vm);
    if (config && !config->hash_randomization)
        ou_hash_set_seed(vm, config->hash_seed);
    if (ou_thread_init(vm, ts) < 0 || ou_str_init(vm) < 0 || ou_type_init_builtins(vm) < 0 ||
        ou_exc_init(vm) < 0 || ou_gcstate_init(vm) < 0 || ou_import_init(vm) < 0)
        goto fail;
    if (!config || !config->embedded)
        ou_signals_init(vm);
    if (config && config->gc_stress)
        ou_gc_set_stress(&vm->heap, true, config->gc_stress_full);
    if (config && config->memlimit)
        ou_mem_set_budget(ou_heap_mem(&vm->heap), config->memlimit);
    if (config && config->tracemalloc && ou_tracing_start(vm, config->tracemalloc) < 0)
        goto fail;
    return vm;
fail:
    ou_heap_free(&vm->heap); /* what was made so far vanishes with it */
    free(ts);
    free(vm);
    return NULL;
}

/* The order of the end is visible to scripts: see DESIGN of exit in vm/finalize.c. */
void ou_vm_free(OuVM *vm)
{
    const OuConfig *c = vm->config;
    ou_vm_finalize(vm);
    if (vm->nthreads > 1)
        return; /* daemon threads still run on what it owns */
    OuThread *ts = vm->ts;
    if (c && (c->embedded || c->malloc_system || c->leakcheck)) {
        OuMem *mem = ou_heap_mem(&vm->heap);
        ou_mem_set_fail(mem, 0, 0);
        ou_vm_teardown(vm);
        if (c->leakcheck)
            ou_heap_report_left(&vm->heap, stderr);
    } else {
        ou_signals_free(vm);
    }
    ou_lock_free(vm);
    ou_heap_free(&vm->heap);
    free(ts);
    free(vm);
}
