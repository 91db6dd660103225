/* stdlib/_ctypes/call.c - calling C: how arguments are passed, the call through libffi, the result; CArgObject, byref. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctypes.h"
#include "vm/threads.h"

/* ---- CArgObject ---- */

CtArg *ou_ct_arg_new(OuVM *vm)
{
    return (CtArg *)ou_type_alloc(vm, CT(vm)->arg, 0);
}
CtArg *ou_ct_arg_of(OuVM *vm, OuObj *o)
{
    CData *d = CDATA(o);
    CtInfo *info = ou_ct_info_concrete(vm, (OuObj *)OU_TYPE_OF(vm, o));
    CtArg *a = info ? ou_ct_arg_new(vm) : NULL;
    if (!a)
        return NULL;
    a->obj = ou_ref(o);
    a->ffi = &ou_ct_ffi_pointer;
    a->tag = 'P';
    switch (info->kind) {
    case CT_SIMPLE:
        a->tag = info->code;
        a->ffi = ou_ct_code(info->code)->ffi;
        memcpy(&a->value, d->ptr, (size_t)info->size);
        break;
    case CT_STRUCT:
    case CT_UNION: /* by value: a copy, which the callee may change */
        a->tag = 'V';
        a->ffi = &info->ffi;
        a->size = d->size;
        if (!(a->block = malloc((size_t)d->size + 16))) {
            ou_decref(vm, a);
            return ou_raise_memory(vm);
        }
        memcpy(a->block, d->ptr, (size_t)d->size);
        a->value.p = a->block;
        break;
    case CT_ARRAY:
        a->value.p = d->ptr;
        break;
    case CT_POINTER:
    case CT_FUNC:
        if (info->kind == CT_FUNC)
            a->tag = 'X';
        memcpy(&a->value.p, d->ptr, sizeof(void *));
        break;
    }
    return a;
}

OuObj *ou_ct_byref(OuVM *vm, OuObj *data, ou_ssize offset)
{
    if (!ou_ct_is_data(vm, data))
        return ou_type_error(vm, "byref() argument must be a ctypes instance, not '%T'", data);
    CtArg *a = ou_ct_arg_new(vm);
    if (!a)
        return NULL;
    a->tag = 'P';
    a->ffi = &ou_ct_ffi_pointer;
    a->obj = ou_ref(data);
    a->value.p = CDATA(data)->ptr + offset;
    return (OuObj *)a;
}

static void arg_clear(OuVM *vm, OuObj *o)
{
    ou_clear(vm, ((CtArg *)o)->obj);
}
static void arg_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    free(((CtArg *)o)->block);
    arg_clear(vm, o);
    ou_free_object(vm, o);
}
static int arg_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((CtArg *)o)->obj);
    return 0;
}
static OuObj *arg_repr(OuVM *vm, OuObj *o)
{
    CtArg *a = (CtArg *)o;
    int64_t n = 0;
    switch (a->tag) {
    case 'b':
    case 'B':
        n = a->tag == 'b' ? (signed char)a->value.b : a->value.B;
        break;
    case 'h':
    case 'H':
        n = a->value.h;
        break;
    case 'i':
    case 'I':
        n = a->value.i;
        break;
    case 'l':
    case 'L':
    case 'q':
    case 'Q':
        n = a->value.l;
        break;
    case 'd':
    case 'f': {
        OuObj *f = ou_float(vm, a->tag == 'd' ? a->value.d : (double)a->value.f);
        OuObj *r = f ? ou_str_fmt(vm, "<cparam '%c' (%R)>", a->tag, f) : NULL;
        ou_xdecref(vm, f);
        return r;
    }
    case 'c': {
        unsigned char c = (unsigned char)a->value.b;
        if (c >= 32 && c < 127 && c != '\'' && c != '\\')
            return ou_str_fmt(vm, "<cparam '%c' ('%c')>", a->tag, c);
        char hex[3];
        snprintf(hex, sizeof hex, "%02x", c);
        return ou_str_fmt(vm, "<cparam '%c' ('\\x%s')>", a->tag, hex);
    }
    case 'z':
    case 'Z':
    case 'P': /* CPython's platform form of a pointer, which says (nil) */
        if (!a->value.p)
            return ou_str_fmt(vm, "<cparam '%c' (0x(nil))>", a->tag);
        return ou_str_fmt(vm, "<cparam '%c' (%p)>", a->tag, a->value.p);
    default:
        if (a->tag >= 32 && a->tag < 127)
            return ou_str_fmt(vm, "<cparam '%c' at %p>", a->tag, (void *)a);
        return ou_str_fmt(vm, "<cparam 0x%x at %p>", (unsigned char)a->tag, (void *)a);
    }
    return ou_str_fmt(vm, "<cparam '%c' (%lld)>", a->tag, (long long)n);
}
static const OuMember arg_members[] = {
    {"_obj", OU_MEMBER_OBJ, offsetof(CtArg, obj), true, "the wrapped object"},
    {0},
};
const OuTypeSpec ou_ct_arg_spec = {
    .name = "CArgObject",
    .size = sizeof(CtArg),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW,
    .dealloc = arg_dealloc,
    .traverse = arg_traverse,
    .clear = arg_clear,
    .s = {.repr = arg_repr},
    .members = arg_members,
};

/* ---- arguments ---- */

typedef struct Param {
    union CtValue value;
    const FfiType *ffi;
    OuObj *keep; /* owned */
} Param;

static int convert(OuVM *vm, OuObj *o, size_t index, Param *p)
{
    CtArg *a = NULL;
    if (CT_IS_ARG(vm, o))
        a = (CtArg *)ou_ref(o);
    else if (ou_ct_is_data(vm, o) && !(a = ou_ct_arg_of(vm, o)))
        return -1;
    if (a) {
        p->value = a->value;
        p->ffi = a->ffi;
        p->keep = (OuObj *)a;
        return 0;
    }
    p->ffi = &ou_ct_ffi_pointer;
    if (o == OU_NONE(vm)) {
        p->value.p = NULL;
        return 0;
    }
    if (ou_isa_int(vm, o)) {
        int64_t v;
        uint64_t u;
        p->ffi = &ou_ct_ffi_sint;
        if (!ou_int_fits(o, &v)) {
            if (ou_as_u64(vm, o, &u) < 0) {
                ou_err_clear(vm);
                return ou_raise_i(vm, OU_EXC(vm, OverflowError), "int too long to convert");
            }
            v = (int64_t)u;
        }
        p->value.l = v; /* the register holds all of it, as in CPython */
        return 0;
    }
    if (ou_isa_bytes(vm, o)) {
        p->keep = ou_ref(o);
        p->value.p = OU_BYTES(o)->data;
        return 0;
    }
    if (ou_isa_str(vm, o)) {
        if (!(p->keep = ou_ct_wide_copy(vm, o)))
            return -1;
        p->value.p = OU_BYTES(p->keep)->data;
        return 0;
    }
    OuObj *as, *name = ou_str_intern_s(vm, "_as_parameter_");
    int r = name ? ou_lookup_attr(vm, o, name, &as) : -1;
    ou_xdecref(vm, name);
    if (r < 0)
        return -1;
    if (!r)
        return ou_type_error_i(vm, "Don't know how to convert parameter %zd", (ou_ssize)index);
    r = ou_check_stack(vm, " while processing _as_parameter_") < 0 ? -1 : convert(vm, as, index, p);
    if (r == 0 && !p->keep)
        p->keep = ou_ref(as);
    ou_decref(vm, as);
    return r;
}

/* The exception in flight becomes ArgumentError("argument N: Type: text"). */
static void wrap_error(OuVM *vm, size_t index)
{
    OuObj *exc = ou_err_fetch(vm), *text = ou_str(vm, exc);
    if (!text) {
        ou_err_clear(vm);
        text = ou_str_new(vm, "???", 3);
    }
    if (text)
        ou_raise(vm, OU_AS_TYPE(CT(vm)->arg_error), "argument %zd: %T: %U", (ou_ssize)index, exc, text);
    ou_xdecref(vm, text);
    ou_decref(vm, exc);
}

const FfiType *ou_ct_ffi_type(OuVM *vm, OuObj *type)
{
    CtInfo *info = type ? ou_ct_info(vm, type) : NULL;
    return info ? &info->ffi : &ou_ct_ffi_sint;
}

/* ---- the call ---- */

static int run(OuVM *vm, void *fn, Param *params, size_t n, const FfiType *rtype, void *ret, uint32_t flags,
               bool shim)
{
    const Ffi *ffi = ou_ct_ffi(vm);
    CtThread *th = ffi ? ou_ct_thread(vm) : NULL;
    const FfiType *types[n + 1];
    void *values[n + 1];
    FfiCif cif;
    size_t k = 0;
    if (!th)
        return -1;
    OuVM *self = vm;
    if (shim) { /* our own functions take the VM first */
        types[k] = &ou_ct_ffi_pointer;
        values[k++] = &self;
    }
    for (size_t i = 0; i < n; i++, k++) {
        types[k] = params[i].ffi;
        values[k] = params[i].ffi->type == FFI_STRUCT ? params[i].value.p : (void *)&params[i].value;
    }
    if (ffi->prep(&cif, FFI_UNIX64, (unsigned)k, (FfiType *)rtype, (FfiType **)types) != FFI_OK)
        return ou_raise_i(vm, OU_EXC(vm, RuntimeError), "ffi_prep_cif failed");
    bool release = !(flags & FUNC_PYTHONAPI) && !shim;
    OuThread *ts = vm->ts, *outer = th->outside;
    th->depth++;
    th->outside = release ? ts : NULL;
    if (release)
        ou_lock_release(vm);
    int saved = errno;
    if (flags & FUNC_USE_ERRNO)
        errno = th->saved_errno;
    ffi->call(&cif, (void (*)(void))(uintptr_t)fn, ret, values);
    if (flags & FUNC_USE_ERRNO) {
        th->saved_errno = errno;
        errno = saved;
    }
    if (release)
        ou_lock_acquire(vm, ts);
    th->outside = outer;
    th->depth--;
    if (ou_err_occurred(vm)) /* a function of the interpreter itself raised */
        return -1;
    return 0;
}

static OuObj *result(OuVM *vm, OuObj *restype, void *ret, OuObj *checker)
{
    int as_int;
    memcpy(&as_int, ret, sizeof as_int);
    if (!restype)
        return ou_int(vm, as_int);
    if (restype == OU_NONE(vm))
        return ou_none(vm);
    CtInfo *info = ou_ct_info(vm, restype);
    OuObj *value;
    if (!info) {
        OuObj *n = ou_int(vm, as_int);
        value = n ? ou_call1(vm, restype, n) : NULL;
        ou_xdecref(vm, n);
        return value;
    }
    if (info->get && !(info->flags & CT_SUBCLASS)) {
        value = info->get(vm, ret, info->size);
        if (value && info->code == 'O') /* the function gave its count away, the getter took another */
            ou_decref(vm, value);
    } else {
        value = ou_ct_from_base(vm, restype, NULL, 0, ret);
    }
    if (!value || !checker)
        return value;
    OuObj *checked = ou_call1(vm, checker, value);
    ou_decref(vm, value);
    return checked;
}

OuObj *ou_ct_call(OuVM *vm, void *fn, OuObj *args, uint32_t flags, OuObj *converters, OuObj *restype,
                  OuObj *checker, bool shim)
{
    size_t n = OU_TUPLE(args)->n, nconv = converters ? OU_TUPLE(converters)->n : 0, done = 0;
    OuObj *res = NULL;
    if (n > CT_MAX_ARGS)
        return ou_raise(vm, OU_AS_TYPE(CT(vm)->arg_error), "too many arguments (%zu), maximum is %i", n,
                        CT_MAX_ARGS);
    Param small[8], *params = n <= 8 ? small : ou_alloc(vm, n * sizeof *params);
    if (!params)
        return NULL;
    const FfiType *rtype = restype == OU_NONE(vm) ? &ou_ct_ffi_void : ou_ct_ffi_type(vm, restype);
    if (rtype->type == FFI_STRUCT && rtype->elements[0] && rtype->elements[0]->type == FFI_LONGDOUBLE)
        rtype = rtype->elements[0]; /* comes back on the x87 stack, which libffi does not know of structs */
    char few[64] __attribute__((aligned(16))), *ret = few;
    if (rtype->size > sizeof few && !(ret = malloc(rtype->size))) {
        ou_raise_memory(vm);
        ret = few;
        goto done;
    }
    memset(ret, 0, rtype->size > sizeof few ? rtype->size : sizeof few);
    for (; done < n; done++) {
        Param *p = &params[done];
        OuObj *a = OU_TUPLE(args)->items[done];
        *p = (Param){0};
        if (done < nconv) {
            OuObj *c = ou_call1(vm, OU_TUPLE(converters)->items[done], a);
            int r = c ? convert(vm, c, done + 1, p) : -1;
            if (r == 0 && !p->keep) {
                p->keep = c;
                c = NULL;
            }
            ou_xdecref(vm, c);
            if (r == 0)
                continue;
        } else if (convert(vm, a, done + 1, p) == 0) {
            continue;
        }
        wrap_error(vm, done + 1);
        done++;
        goto done;
    }
    if (run(vm, fn, params, n, rtype, ret, flags, shim) == 0)
        res = result(vm, restype, ret, checker);
done:
    for (size_t i = 0; i < done; i++)
        ou_xdecref(vm, params[i].keep);
    if (params != small)
        ou_free(vm, params, n * sizeof *params);
    if (ret != few)
        free(ret);
    return res;
}
