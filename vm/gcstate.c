/* vm/gcstate.c - the VM's side of the collector: finalizers, callbacks, garbage, untracking, tracing. */
#include "gcstate.h"
#include "frame.h"
#include "instance.h"
#include "tracing.h"
#include "weakref.h"

#include <stdio.h>

static void request(OuVM *vm)
{
    __atomic_fetch_or(&vm->breaker, OU_BREAK_GC, __ATOMIC_RELAXED); /* signal handlers set bits too */
}

/* A number for the info dict; false: could not be added (exception set). */
static bool put_take(OuVM *vm, OuObj *info, const char *key, OuObj *value)
{
    int res = value ? ou_dict_set_s(vm, info, key, value) : -1;
    ou_xdecref(vm, value);
    return res == 0;
}

static void callback(OuVM *vm, int phase, int gen, size_t collected, double seconds)
{
    if (!vm->gc || !vm->gc->callbacks || !OU_LIST(vm->gc->callbacks)->n)
        return;
    OuObj *exc = ou_err_fetch(vm);
    OuObj *list = ou_ref(vm->gc->callbacks), *info = ou_dict_new(vm);
    OuObj *name = ou_str_new(vm, phase ? "stop" : "start", -1);
    if (info && name && put_take(vm, info, "generation", ou_int(vm, gen)) &&
        put_take(vm, info, "collected", ou_int(vm, (int64_t)collected)) &&
        put_take(vm, info, "uncollectable", ou_int(vm, 0)) &&
        (!phase || put_take(vm, info, "duration", ou_float(vm, seconds)))) {
        for (size_t i = 0; i < OU_LIST(list)->n; i++) {
            OuObj *f = ou_ref(OU_LIST(list)->items[i]), *res = ou_call2(vm, f, name, info);
            if (res)
                ou_decref(vm, res);
            else
                ou_err_unraisable(vm, f, NULL);
            ou_decref(vm, f);
        }
    } else {
        ou_err_unraisable(vm, NULL, NULL);
    }
    ou_xdecref(vm, name);
    ou_xdecref(vm, info);
    ou_decref(vm, list);
    ou_err_restore(vm, exc);
}

static int garbage(OuVM *vm, OuObj *o)
{
    if (!vm->gc || !vm->gc->garbage)
        return -1;
    if (ou_list_append(vm, vm->gc->garbage, o) < 0) {
        ou_err_clear(vm);
        return -1;
    }
    return 0;
}

/* Where gc.set_debug writes: sys.stderr. */
static void message(OuVM *vm, const char *line)
{
    OuObj *exc = ou_err_fetch(vm);
    OuObj *file = vm->sysdict ? ou_dict_get_s(vm, (OuObj *)vm->sysdict, "stderr") : NULL, *s = NULL,
          *res = NULL;
    if (file && file != OU_NONE(vm)) {
        ou_incref(file);
        if ((s = ou_str_new(vm, line, -1)))
            res = ou_call_method(vm, file, OU_NAME(vm, write), 1, s);
        ou_decref(vm, file);
    }
    if (!res)
        fputs(line, stderr);
    ou_err_clear(vm);
    ou_xdecref(vm, s);
    ou_xdecref(vm, res);
    ou_err_restore(vm, exc);
}

static void roots(OuVM *vm, OuVisit visit, void *arg)
{
    if (vm->modules)
        visit((OuObj *)vm->modules, arg);
    if (vm->builtins)
        visit((OuObj *)vm->builtins, arg);
    for (OuThread *t = vm->main_ts; t; t = t->next)
        for (OuFrame *f = t->frame; f; f = f->prev) {
            if (f->flags & OU_FR_GEN) /* its registers belong to the generator */
                continue;
            for (OuObj **r = f->regs; r < f->top; r++)
                if (*r)
                    visit(*r, arg);
        }
}

const OuHeapHooks ou_vm_heap_hooks = {
    .finalize = ou_object_finalize,
    .weak_callbacks = ou_weakref_callbacks,
    .request = request,
    .callback = callback,
    .garbage = garbage,
    .message = message,
    .roots = roots,
};

/* ---- state ------------------------------------------------------------------------ */

/* What the collector may know of the commonest types; the exact types only, not their subclasses. */
static void complete_faces(OuVM *vm)
{
    OuTypeFace *tuple = &vm->builtin[OU_T_tuple].face, *dict = &vm->builtin[OU_T_dict].face;
    OuTypeFace *list = &vm->builtin[OU_T_list].face;
    vm->builtin[OU_T_int].face.flags |= OU_TF_BOX;
    vm->builtin[OU_T_float].face.flags |= OU_TF_BOX;
    vm->builtin[OU_T_generator].face.flags |= OU_TF_WEAK_FIRST;
    vm->builtin[OU_T_coroutine].face.flags |= OU_TF_WEAK_FIRST;
    vm->builtin[OU_T_async_generator].face.flags |= OU_TF_WEAK_FIRST;
    tuple->flags |= OU_TF_UNTRACK | OU_TF_FIXED;
    vm->builtin[OU_T_type].face.flags |= OU_TF_FIXED;
    tuple->layout = OU_LAYOUT_INLINE;
    tuple->at[0] = offsetof(OuTuple, n);
    tuple->at[1] = offsetof(OuTuple, items);
    list->layout = OU_LAYOUT_POINTER;
    list->at[0] = offsetof(OuList, n);
    list->at[1] = offsetof(OuList, items);
    dict->flags |= OU_TF_UNTRACK;
    dict->layout = OU_LAYOUT_TABLE;
    dict->at[0] = offsetof(OuDict, nentries);
    dict->at[1] = offsetof(OuDict, table);
    dict->at[2] = offsetof(OuDict, kind);
}

int ou_gcstate_init(OuVM *vm)
{
    complete_faces(vm);
    OuGcState *g = ou_alloc(vm, sizeof *g);
    if (!g)
        return -1;
    *g = (OuGcState){.garbage = ou_list_new(vm, 0), .callbacks = ou_list_new(vm, 0)};
    vm->gc = g;
    return g->garbage && g->callbacks ? 0 : -1;
}

void ou_gcstate_free(OuVM *vm)
{
    if (!vm->gc)
        return;
    ou_tracing_stop(vm);
    ou_xdecref(vm, vm->gc->garbage);
    ou_xdecref(vm, vm->gc->callbacks);
    ou_free(vm, vm->gc, sizeof *vm->gc);
    vm->gc = NULL;
}
