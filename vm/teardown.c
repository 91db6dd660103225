/* vm/teardown.c - gives back everything a VM owns, block by block.
 *
 * The command line leaves that to the system: its process ends.  A host that outlives its interpreters, -X malloc=system (valgrind,
 * LeakSanitizer) and -X leakcheck want it done: what is in use afterwards was lost by somebody.
 *
 * Order: what can still run code goes first (modules, registries, classes of scripts), then the thread, then the native types,
 * whose dicts hold descriptors; names, shapes and the tables that deallocs need (vm->types) go last. */
#include "teardown.h"

#include "codec/codec.h"
#include "exc_impl.h"
#include "frame.h"
#include "gcstate.h"
#include "import.h"
#include "instance.h"
#include "modspec.h"
#include "native.h"
#include "text/text.h"
#include "threads.h"
#include "type.h"

static void no_finalizer(OuVM *vm, OuObj *o) {}

static const OuHeapHooks silent = {
    .finalize = no_finalizer,
};

static void collect(OuVM *vm)
{
    vm->heap.enabled = true;
    vm->heap.debug = 0; /* no more saved garbage */
    ou_gc_unfreeze(&vm->heap);
    while (ou_gc_collect(&vm->heap, 2) > 0)
        ;
    ou_err_clear(vm);
}

/* The types of modules, and the built-in ones, lose what they hold; they stay valid for ou_heap_face. */
static void strip_native_types(OuVM *vm)
{
    for (uint32_t i = 1; i < vm->ntypes; i++) {
        OuType *t = vm->types[i];
        if (!t || t->flags & OU_TYPE_HEAP)
            continue;
        if (t->shape) {
            ou_shape_free_tree(vm, t->shape);
            t->shape = 0;
        }
        ou_type_drop_versions(t);
        ou_clear(vm, t->dict);
        ou_clear(vm, t->bases);
        ou_clear(vm, t->mro);
        ou_clear(vm, t->name_obj);
        ou_clear(vm, t->qualname);
        ou_clear(vm, t->slot_names);
        ou_clear(vm, t->doc);
    }
}

static void free_native_types(OuVM *vm)
{
    for (uint32_t i = OU_T_COUNT; i < vm->ntypes; i++) {
        OuType *t = vm->types[i];
        if (!t || t->flags & OU_TYPE_HEAP)
            continue;
        ou_suite_free(vm, t);
        if (t->subs)
            ou_free(vm, t->subs, t->subs_cap * sizeof *t->subs);
        vm->types[i] = NULL;
        ou_heap_set_type(&vm->heap, i, NULL);
        ou_heap_free_gc(&vm->heap, (OuObj *)t, sizeof *t);
    }
}

/* The lookup cache and the parsed signatures own names. */
static void strip_type_state(OuVM *vm)
{
    OuTypeState *st = vm->type_state;
    for (int i = 0; i < OU_TYPE_CACHE; i++) {
        st->cache[i].version = 0;
        ou_clear(vm, st->cache[i].name);
    }
    for (uint32_t i = 0; i < st->sigs_cap; i++) {
        OuSig *sig = st->sigs[i];
        if (!sig)
            continue;
        ou_clear(vm, sig->module);
        for (int k = 0; sig->params && k < sig->nparams; k++)
            ou_clear(vm, sig->params[k]);
    }
}

/* b'' and the bytes of one byte are singletons: their count never falls to zero. */
static void free_bytes(OuVM *vm, OuObj *b)
{
    if (b)
        ou_heap_free_leaf(&vm->heap, b, sizeof(OuBytes) + OU_BYTES(b)->len + 1);
}

void ou_vm_teardown(OuVM *vm)
{
    OuThread *ts = vm->ts;
    vm->finalizing = true;
    ou_signals_free(vm);
    ou_err_clear(vm);
    ou_clear(vm, ts->base_handled->exc);
    ou_clear(vm, ts->tracefunc);
    ou_clear(vm, ts->profilefunc);
    ou_clear(vm, ts->dict);
    ou_clear(vm, ts->context);
    ou_clear(vm, ts->async_exc);
    ou_clear(vm, ts->asyncgen_firstiter);
    ou_clear(vm, ts->asyncgen_finalizer);
    ou_clear(vm, ts->on_exit);
    ou_codecs_free(vm);
    ou_import_free(vm);
    ou_modules_strip(vm);
    collect(vm);
    /* Nothing that runs code from here on: finalizers look into the states of the modules (io's close). */
    vm->heap.hooks = &silent;
    ou_gcstate_free(vm);
    ou_exc_clear(vm, vm->memory_error);
    ou_clear(vm, vm->modules);
    ou_clear(vm, vm->builtins);
    ou_clear(vm, vm->sysdict);
    ou_clear(vm, vm->builtins_module);
    ou_clear(vm, vm->sys_module);
    ou_modules_free(vm);
    strip_type_state(vm);
    collect(vm);
    vm->heap.debug = 0;
    ou_clear(vm, vm->memory_error);
    while (vm->nmemory_spares)
        ou_decref(vm, vm->memory_spares[--vm->nmemory_spares]);
    ou_thread_free(vm, ts);
    strip_native_types(vm);
    collect(vm);
    free_bytes(vm, vm->empty_bytes);
    for (int i = 0; i < 256; i++)
        free_bytes(vm, vm->byte_objs[i]);
    free_native_types(vm);
    for (int i = 0; i < OU_NAME_COUNT; i++)
        ou_clear(vm, vm->names[i]);
    ou_shapes_free(vm);
    ou_str_intern_free(vm);
    ou_types_free(vm);
}
