/* stdlib/_ctypes/callback.c - callbacks: C code that calls a Python function through a closure of libffi.
 *
 * C may call from the thread that is in a foreign call (with or without the lock), or from a thread that Python does not know, which
 * then gets a thread state for the time of the call. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ctypes.h"
#include "vm/threads.h"

/* ---- arguments and result ---- */

static OuObj *argument(OuVM *vm, OuObj *type, void *p)
{
    CtInfo *info = ou_ct_info(vm, type);
    if (!info)
        return ou_type_error(vm, "cannot build parameter");
    if (info->get && !(info->flags & CT_SUBCLASS))
        return info->get(vm, p, info->size);
    OuObj *o = ou_call0(vm, type);
    if (o && !ou_ct_is_data(vm, o)) {
        ou_decref(vm, o);
        return ou_type_error(vm, "unexpected result of create argument");
    }
    if (o)
        memcpy(CDATA(o)->ptr, p, (size_t)(CDATA(o)->size < info->size ? CDATA(o)->size : info->size));
    return o;
}

static void store_result(CtThunk *t, OuObj *res, void *ret)
{
    OuVM *vm = t->vm;
    CtInfo *info = ou_ct_info(vm, t->restype);
    OuObj *keep = NULL;
    char wide[16] = {0};
    if (!info)
        return;
    if (info->set(vm, wide, res, 0, &keep) < 0) {
        ou_err_unraisable(vm, t->callable, "on converting result of ctypes callback function");
        return;
    }
    /* libffi wants small integers widened to a register */
    int64_t v;
    switch (info->ffi.type) {
    case FFI_SINT8:
        v = *(int8_t *)wide;
        break;
    case FFI_SINT16:
        v = *(int16_t *)wide;
        break;
    case FFI_SINT32:
        memcpy(&v, wide, sizeof v);
        v = (int32_t)v;
        break;
    default:
        memcpy(&v, wide, sizeof v);
    }
    if (info->size <= 8)
        memcpy(ret, &v, info->ffi.type == FFI_FLOAT ? 4 : 8);
    else
        memcpy(ret, wide, (size_t)info->size);
    if (keep && keep != OU_NONE(vm) && info->code != 'O' &&
        ou_warn(vm, OU_EXC(vm, RuntimeWarning), 1, "memory leak in callback function.") < 0)
        ou_err_unraisable(vm, t->callable, "on converting result of ctypes callback function");
    else if (keep && keep != OU_NONE(vm))
        return; /* nobody can tell when C is done with it */
    ou_xdecref(vm, keep);
}

/* Runs the Python function; the lock is held. */
static void call_python(CtThunk *t, CtThread *th, void *ret, void **args)
{
    OuVM *vm = t->vm;
    OuObj *values[t->nargs + 1], *res = NULL;
    OuObj *pending = ou_err_fetch(vm); /* of a PyDLL function that called us */
    size_t n = 0;
    ou_incref(t);
    for (; n < t->nargs; n++)
        if (!(values[n] = argument(vm, OU_TUPLE(t->argtypes)->items[n], args[n])))
            break;
    if (n < t->nargs) {
        ou_err_unraisable(vm, t->callable, "on converting arguments of ctypes callback function");
    } else {
        if (t->flags & FUNC_USE_ERRNO && th) {
            int e = errno;
            errno = th->saved_errno;
            th->saved_errno = e;
        }
        if (!(res = ou_call(vm, t->callable, values, n, NULL)))
            ou_err_unraisable(vm, t->callable, "on calling ctypes callback function");
        if (t->flags & FUNC_USE_ERRNO && th) {
            int e = errno;
            errno = th->saved_errno;
            th->saved_errno = e;
        }
    }
    if (res && t->restype != OU_NONE(vm))
        store_result(t, res, ret);
    ou_xdecref(vm, res);
    while (n)
        ou_decref(vm, values[--n]);
    ou_decref(vm, t);
    if (pending)
        ou_err_restore(vm, pending);
}

static void entry(FfiCif *cif, void *ret, void **args, void *user)
{
    CtThunk *t = user;
    OuVM *vm = t->vm;
    CtThread *th = pthread_getspecific(t->key);
    if (cif->rtype->type != FFI_VOID)
        memset(ret, 0, cif->rtype->size < 8 ? 8 : cif->rtype->size);
    if (th && th->outside) {
        OuThread *ts = th->outside;
        ou_lock_acquire(vm, ts);
        th->outside = NULL;
        call_python(t, th, ret, args);
        th->outside = ts;
        ou_lock_release(vm);
    } else if ((th && th->depth) || (vm->ts && vm->ts->id == ou_thread_ident())) {
        call_python(t, th, ret, args);
    } else {
        OuThread *ts = ou_thread_attach(vm);
        if (!ts)
            return;
        call_python(t, th, ret, args);
        ou_thread_detach(vm, ts);
    }
}

/* ---- the object ---- */

OuObj *ou_ct_thunk_new(OuVM *vm, OuObj *callable, OuObj *argtypes, OuObj *restype, uint32_t flags)
{
    CtState *st = CT(vm);
    const Ffi *ffi = ou_ct_ffi(vm);
    CtInfo *info = restype && restype != OU_NONE(vm) ? ou_ct_info(vm, restype) : NULL;
    /* a thread of C's own may call from now on: it waits for the lock */
    if (!ffi || ou_lock_init(vm) < 0)
        return NULL;
    if (restype && restype != OU_NONE(vm) && (!info || !info->set))
        return ou_type_error(vm, "invalid result type for callback function");
    CtThunk *t = (CtThunk *)ou_type_alloc(vm, st->thunk, 0);
    if (!t)
        return NULL;
    size_t n = OU_TUPLE(argtypes)->n;
    t->vm = vm;
    t->closure_free = ffi->closure_free;
    t->key = st->key;
    t->flags = flags;
    t->callable = ou_ref(callable);
    t->argtypes = ou_ref(argtypes);
    t->restype = ou_ref(restype ? restype : OU_NONE(vm));
    t->types = calloc(n + 1, sizeof *t->types);
    t->closure = ffi->closure_alloc(FFI_CLOSURE_SIZE, &t->code);
    if (!t->types || !t->closure) {
        ou_decref(vm, t);
        return ou_raise_memory(vm);
    }
    t->nargs = (uint32_t)n;
    for (size_t i = 0; i < n; i++)
        t->types[i] = (FfiType *)ou_ct_ffi_type(vm, OU_TUPLE(argtypes)->items[i]);
    const FfiType *rtype = info ? &info->ffi : &ou_ct_ffi_void;
    if (ffi->prep(&t->cif, FFI_UNIX64, (unsigned)n, (FfiType *)rtype, t->types) != FFI_OK ||
        ffi->prep_closure(t->closure, &t->cif, entry, t, t->code) != FFI_OK) {
        ou_decref(vm, t);
        return ou_raise(vm, OU_EXC(vm, RuntimeError), "ffi_prep_closure failed");
    }
    return (OuObj *)t;
}

static void clear(OuVM *vm, OuObj *o)
{
    CtThunk *t = (CtThunk *)o;
    ou_clear(vm, t->callable);
    ou_clear(vm, t->argtypes);
    ou_clear(vm, t->restype);
}
static void dealloc(OuVM *vm, OuObj *o)
{
    CtThunk *t = (CtThunk *)o;
    ou_gc_untrack(&vm->heap, o);
    if (t->closure)
        t->closure_free(t->closure);
    free(t->types);
    clear(vm, o);
    ou_free_object(vm, o);
}
/* Not cleared by the collector before it dies: C may still call it. */
static int traverse(OuObj *o, OuVisit visit, void *arg)
{
    CtThunk *t = (CtThunk *)o;
    OU_VISIT(t->callable);
    OU_VISIT(t->argtypes);
    OU_VISIT(t->restype);
    return 0;
}
const OuTypeSpec ou_ct_thunk_spec = {
    .name = "_ctypes.CThunkObject",
    .size = sizeof(CtThunk),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,
    .doc = "CThunkObject",
    .dealloc = dealloc,
    .traverse = traverse,
    .clear = clear,
};
