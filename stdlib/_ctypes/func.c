/* stdlib/_ctypes/func.c - CFuncPtr and its metaclass: foreign functions, paramflags, errcheck. */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "ctypes.h"

#define FUNC(o) ((CtFunc *)(o))
enum { PARAM_IN = 1, PARAM_OUT = 2, PARAM_LCID = 4 };

/* ---- classes ---- */

/* The from_param of each type: new tuple. */
static OuObj *converters_of(OuVM *vm, OuObj *types)
{
    size_t n = OU_TUPLE(types)->n;
    if (n > CT_MAX_ARGS)
        return ou_raise(vm, OU_AS_TYPE(CT(vm)->arg_error),
                        "_argtypes_ has too many arguments (%zi), maximum is %i", (ou_ssize)n, CT_MAX_ARGS);
    OuObj *t = ou_tuple_new(vm, n);
    for (size_t i = 0; t && i < n; i++) {
        OuObj *name = ou_str_intern_s(vm, "from_param"), *f = NULL;
        int r = name ? ou_lookup_attr(vm, OU_TUPLE(types)->items[i], name, &f) : -1;
        ou_xdecref(vm, name);
        if (r == 0)
            ou_type_error(vm, "item %zd in _argtypes_ has no from_param method", (ou_ssize)i + 1);
        if (r <= 0)
            ou_clear(vm, t);
        else
            OU_TUPLE(t)->items[i] = f;
    }
    return t;
}

static CtInfo *make_info(OuVM *vm, OuObj *type)
{
    CtInfo *info = ou_ct_info_new(vm, CT_FUNC);
    OuObj *v;
    int64_t flags;
    if (!info)
        return NULL;
    info->size = info->align = sizeof(void *);
    info->length = 0;
    info->ffi = ou_ct_ffi_pointer;
    if (ou_ct_format(vm, info, "X{}") < 0)
        goto fail;
    info->flags = CT_ISPOINTER;
    v = ou_ct_own(vm, type, "_flags_");
    if (!v || !ou_isa_int(vm, v) || !ou_int_fits(v, &flags)) {
        ou_type_error(vm, "class must define _flags_ which must be an integer");
        goto fail;
    }
    info->flags |= (uint32_t)flags & 0xff;
    if ((v = ou_ct_own(vm, type, "_argtypes_"))) {
        if (!ou_isa_tuple(vm, v)) {
            ou_type_error(vm, "_argtypes_ must be a sequence of types");
            goto fail;
        }
        info->argtypes = ou_ref(v);
        if (!(info->converters = converters_of(vm, v)))
            goto fail;
    }
    if ((v = ou_ct_own(vm, type, "_restype_"))) {
        if (v != OU_NONE(vm) && !ou_ct_info(vm, v) && !ou_callable(vm, v)) {
            ou_type_error(vm, "_restype_ must be a type, a callable, or None");
            goto fail;
        }
        info->restype = ou_ref(v);
        OuObj *name = ou_str_intern_s(vm, "_check_retval_");
        int r = name ? ou_lookup_attr(vm, v, name, &info->checker) : -1;
        ou_xdecref(vm, name);
        if (r < 0)
            goto fail;
        if (!r)
            info->checker = NULL;
    }
    return info;
fail:
    ou_ct_info_free(vm, info);
    return NULL;
}

static OuObj *new_type(OuVM *vm, OuType *meta, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_ct_type_new(vm, meta, args, nargs, kwnames, make_info);
}
const OuTypeSpec ou_ct_meta_func = CT_META("PyCFuncPtrType", new_type, "metatype for C function pointers", );

/* ---- making one ---- */

static OuObj *with_address(OuVM *vm, OuType *type, void *p)
{
    OuObj *o = ou_ct_data_new(vm, type, NULL, 0, NULL);
    if (o) {
        memcpy(CDATA(o)->ptr, &p, sizeof p);
        FUNC(o)->shim = ou_ct_is_shim(p);
    }
    return o;
}

/* paramflags: a tuple of (flag[, name[, default]]) for each argument. */
static int check_paramflags(OuVM *vm, OuType *type, OuObj *flags)
{
    CtInfo *info = ou_ct_info_concrete(vm, (OuObj *)type);
    if (!info)
        return -1;
    if (!info->argtypes || !flags || flags == OU_NONE(vm))
        return 0;
    if (!ou_isa_tuple(vm, flags))
        return ou_type_error_i(vm, "paramflags must be a tuple or None");
    size_t n = OU_TUPLE(flags)->n;
    if (n != OU_TUPLE(info->argtypes)->n)
        return ou_value_error_i(vm, "paramflags must have the same length as argtypes");
    for (size_t i = 0; i < n; i++) {
        OuObj *item = OU_TUPLE(flags)->items[i], *t = OU_TUPLE(info->argtypes)->items[i];
        int64_t flag;
        size_t k = ou_isa_tuple(vm, item) ? OU_TUPLE(item)->n : 0;
        if (k < 1 || k > 3 || !ou_isa_int(vm, OU_TUPLE(item)->items[0]) ||
            !ou_int_fits(OU_TUPLE(item)->items[0], &flag) ||
            (k > 1 && OU_TUPLE(item)->items[1] != OU_NONE(vm) && !ou_isa_str(vm, OU_TUPLE(item)->items[1])))
            return ou_type_error_i(vm, "paramflags must be a sequence of (int [,string [,value]]) tuples");
        switch (flag & (PARAM_IN | PARAM_OUT | PARAM_LCID)) {
        case 0:
        case PARAM_IN:
        case PARAM_IN | PARAM_LCID:
        case PARAM_IN | PARAM_OUT:
            break;
        case PARAM_OUT: { /* must be a pointer, to be filled in */
            CtInfo *a = ou_ct_info(vm, t);
            if (!a || (a->kind != CT_POINTER && a->kind != CT_ARRAY &&
                       !(a->kind == CT_SIMPLE && strchr("zZP", a->code))))
                return ou_type_error_i(vm, "'out' parameter %d must be a pointer type, not %s", (int)i + 1,
                                       ou_isa_type(vm, t) ? OU_AS_TYPE(t)->name : "?");
            break;
        }
        default:
            return ou_type_error_i(vm, "paramflag value %d not supported", (int)flag);
        }
    }
    return 0;
}

/* (name or ordinal, library)[, paramflags] */
static OuObj *from_library(OuVM *vm, OuType *type, OuObj *spec, OuObj *paramflags)
{
    OuUtf8 u = {0};
    void *handle, *p;
    if (OU_TUPLE(spec)->n != 2)
        return ou_type_error(vm, "illegal func_spec argument");
    OuObj *name = OU_TUPLE(spec)->items[0], *dll = OU_TUPLE(spec)->items[1];
    if (ou_ct_audit(vm, "ctypes.dlsym", 2, dll, name) < 0)
        return NULL;
    OuObj *h = ou_getattr_s(vm, dll, "_handle");
    if (!h)
        return NULL;
    int r = ou_ct_address(vm, h, "the _handle attribute of the second argument must be an integer", &handle);
    ou_decref(vm, h);
    if (r < 0 || check_paramflags(vm, type, paramflags) < 0)
        return NULL;
    if (ou_isa_str(vm, name)) {
        if (ou_str_utf8(vm, name, &u, true) < 0)
            return NULL;
    } else if (ou_isa_bytes(vm, name)) {
        u.s = OU_BYTES(name)->data;
    } else {
        return ou_type_error(vm, "function name must be string, bytes object or integer");
    }
    bool own = (CT_INFO(type)->flags & FUNC_PYTHONAPI) != 0;
    p = own ? ou_ct_shim(u.s) : NULL;
    dlerror();
    if (!p && !(p = dlsym(handle, u.s))) {
        const char *why = dlerror();
        if (own && (strncmp(u.s, "Py", 2) == 0 || strncmp(u.s, "_Py", 3) == 0))
            ou_raise(vm, OU_EXC(vm, AttributeError),
                     "%s: undefined symbol (of CPython's C interface, ouro provides in ctypes.pythonapi only "
                     "the functions "
                     "that memory tools use)",
                     u.s);
        else
            ou_raise(vm, OU_EXC(vm, AttributeError), "%s", why ? why : "symbol not found");
    }
    if (ou_isa_str(vm, name))
        ou_utf8_free(vm, &u);
    OuObj *o = p ? with_address(vm, type, p) : NULL;
    if (!o)
        return NULL;
    FUNC(o)->paramflags = paramflags && paramflags != OU_NONE(vm) ? ou_ref(paramflags) : NULL;
    if (ou_ct_keep(vm, CDATA(o), 0, ou_ref(dll)) < 0)
        ou_clear(vm, o);
    return o;
}

static OuObj *new_func(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (nargs == 0)
        return ou_ct_data_new(vm, type, NULL, 0, NULL);
    if (ou_isa_tuple(vm, args[0])) {
        if (nargs > 2)
            return ou_type_error(vm, "function takes at most 2 arguments (%zu given)", nargs);
        return ou_ct_info_concrete(vm, (OuObj *)type)
                   ? from_library(vm, type, args[0], nargs > 1 ? args[1] : NULL)
                   : NULL;
    }
    if (nargs == 1 && ou_isa_int(vm, args[0])) {
        void *p;
        return ou_ct_address(vm, args[0], "", &p) < 0 ? NULL : with_address(vm, type, p);
    }
    if (nargs != 1)
        return ou_type_error(vm, "function takes exactly 1 argument (%zu given)", nargs);
    if (!ou_callable(vm, args[0]))
        return ou_type_error(vm, "argument must be callable or integer function address");
    CtInfo *info = ou_ct_info(vm, (OuObj *)type);
    if (!info || !info->argtypes)
        return ou_type_error(vm, "cannot construct instance of this class: no argtypes?");
    OuObj *thunk = ou_ct_thunk_new(vm, args[0], info->argtypes, info->restype, info->flags & 0xff);
    OuObj *o = thunk ? ou_ct_data_new(vm, type, NULL, 0, NULL) : NULL;
    if (!o) {
        ou_xdecref(vm, thunk);
        return NULL;
    }
    FUNC(o)->callable = ou_ref(args[0]);
    FUNC(o)->thunk = thunk;
    memcpy(CDATA(o)->ptr, &((CtThunk *)thunk)->code, sizeof(void *));
    if (ou_ct_keep(vm, CDATA(o), 0, ou_ref(thunk)) < 0)
        ou_clear(vm, o);
    return o;
}

/* ---- calling ---- */

/* Where arguments of one call come from. */
typedef struct Given {
    OuObj *const *args;
    size_t nargs, used;
    OuObj *kwnames;
} Given;

/* The next positional or the named argument: borrowed; NULL with TypeError. */
static OuObj *take_arg(OuVM *vm, Given *g, OuObj *name, OuObj *dflt)
{
    if (g->used < g->nargs)
        return g->args[g->used++];
    for (size_t k = 0; name && g->kwnames && k < OU_TUPLE(g->kwnames)->n; k++)
        if (ou_str_eq(OU_STR(OU_TUPLE(g->kwnames)->items[k]), OU_STR(name))) {
            g->used++;
            return g->args[g->nargs + k];
        }
    if (dflt)
        return dflt;
    if (name)
        return ou_type_error(vm, "required argument '%S' missing", name);
    return ou_type_error(vm, "not enough arguments");
}

/* An 'out' argument: a new instance of what the parameter points to. */
static OuObj *out_argument(OuVM *vm, OuObj *type)
{
    CtInfo *info = ou_ct_info(vm, type);
    if (info->kind == CT_ARRAY)
        return ou_call0(vm, type);
    if (!info->proto || ou_isa_str(vm, info->proto))
        return ou_type_error(vm, "%s 'out' parameter must be passed as default value",
                             OU_AS_TYPE(type)->name);
    return ou_call0(vm, info->proto);
}

/* The arguments by paramflags: new tuple; outs and inouts: bits of the positions that make up the result. */
static OuObj *flagged_args(OuVM *vm, CtFunc *f, OuObj *argtypes, Given *g, uint64_t *outs, uint64_t *inouts,
                           int *nout)
{
    size_t n = OU_TUPLE(argtypes)->n;
    OuObj *t = ou_tuple_new(vm, n);
    for (size_t i = 0; t && i < n; i++) {
        OuTuple *item = OU_TUPLE(OU_TUPLE(f->paramflags)->items[i]);
        OuObj *name = item->n > 1 && item->items[1] != OU_NONE(vm) ? item->items[1] : NULL;
        OuObj *dflt = item->n > 2 ? item->items[2] : NULL, *v = NULL;
        int64_t flag = 0;
        ou_int_fits(item->items[0], &flag);
        switch (flag & (PARAM_IN | PARAM_OUT | PARAM_LCID)) {
        case PARAM_IN | PARAM_LCID: /* LCID: always the default, or 0 */
            v = dflt ? ou_ref(dflt) : ou_int(vm, 0);
            break;
        case PARAM_IN | PARAM_OUT:
            *inouts |= 1ull << (i & 63);
            (*nout)++; /* fall through */
        case 0:
        case PARAM_IN:
            v = take_arg(vm, g, name, dflt);
            ou_xincref(v);
            break;
        case PARAM_OUT:
            v = dflt ? ou_ref(dflt) : out_argument(vm, OU_TUPLE(argtypes)->items[i]);
            *outs |= 1ull << (i & 63);
            (*nout)++;
            break;
        }
        if (!v)
            ou_clear(vm, t);
        else
            OU_TUPLE(t)->items[i] = v;
    }
    size_t given = g->nargs + (g->kwnames ? OU_TUPLE(g->kwnames)->n : 0);
    if (t && given != g->used) {
        ou_decref(vm, t);
        return ou_type_error(vm, "call takes exactly %d arguments (%zd given)", (int)g->used,
                             (ou_ssize)given);
    }
    return t;
}

/* The result of a function with out parameters: those, one alone or a tuple. */
static OuObj *out_result(OuVM *vm, OuObj *res_take, OuObj *args, uint64_t outs, uint64_t inouts, int nout)
{
    if (!res_take || !nout)
        return res_take;
    ou_decref(vm, res_take);
    OuObj *t = nout > 1 ? ou_tuple_new(vm, (size_t)nout) : NULL;
    int k = 0;
    if (nout > 1 && !t)
        return NULL;
    for (size_t i = 0; i < OU_TUPLE(args)->n && i < 64; i++) {
        OuObj *v = OU_TUPLE(args)->items[i];
        if (inouts & 1ull << i) {
            v = ou_ref(v);
        } else if (outs & 1ull << i) {
            OuObj *name = ou_str_intern_s(vm, "__ctypes_from_outparam__");
            v = name ? ou_call_method(vm, v, name, 0) : NULL;
            ou_xdecref(vm, name);
        } else {
            continue;
        }
        if (!t)
            return v;
        if (!v) {
            ou_decref(vm, t);
            return NULL;
        }
        OU_TUPLE(t)->items[k++] = v;
    }
    return t;
}

static OuObj *call(OuVM *vm, OuObj *o, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    CtFunc *f = FUNC(o);
    CtInfo *info = ou_ct_info_concrete(vm, (OuObj *)OU_TYPE_OF(vm, o));
    if (!info)
        return NULL;
    OuObj *argtypes = f->argtypes ? f->argtypes : info->argtypes;
    OuObj *converters = f->converters ? f->converters : info->converters;
    OuObj *restype = f->restype ? f->restype : info->restype;
    OuObj *checker = f->checker ? f->checker : f->restype ? NULL : info->checker;
    uint64_t outs = 0, inouts = 0;
    int nout = 0;
    void *p;
    OuObj *res = NULL, *callargs;
    if (f->paramflags && argtypes) {
        Given g = {args, nargs, 0, kwnames};
        OuObj *types = ou_sequence_tuple(vm, argtypes);
        if (types && OU_TUPLE(types)->n != OU_TUPLE(f->paramflags)->n) {
            ou_decref(vm, types);
            return ou_value_error(vm, "paramflags must have the same length as argtypes");
        }
        callargs = types ? flagged_args(vm, f, types, &g, &outs, &inouts, &nout) : NULL;
        ou_xdecref(vm, types);
    } else {
        callargs = ou_tuple_of(vm, args, nargs);
    }
    if (!callargs)
        return NULL;
    memcpy(&p, f->data.ptr, sizeof p);
    ou_xincref(converters);
    ou_xincref(restype);
    ou_xincref(checker);
    size_t want = converters ? OU_TUPLE(converters)->n : 0, have = OU_TUPLE(callargs)->n;
    if (converters && info->flags & FUNC_CDECL && want > have)
        ou_type_error(vm, "this function takes at least %zd argument%s (%zd given)", (ou_ssize)want,
                      want == 1 ? "" : "s", (ou_ssize)have);
    else if (converters && !(info->flags & FUNC_CDECL) && want != have)
        ou_type_error(vm, "this function takes %zd argument%s (%zd given)", (ou_ssize)want,
                      want == 1 ? "" : "s", (ou_ssize)have);
    else
        res = ou_ct_call(vm, p, callargs, info->flags, converters, restype, checker, f->shim);
    if (res && f->errcheck) {
        OuObj *check = ou_ref(f->errcheck), *v = ou_call3(vm, check, res, o, callargs);
        ou_decref(vm, check);
        if (v != callargs) { /* unchanged arguments ask for the usual result */
            ou_decref(vm, res);
            res = v;
            goto done;
        }
        ou_decref(vm, v);
    }
    res = out_result(vm, res, callargs, outs, inouts, nout);
done:
    ou_xdecref(vm, converters);
    ou_xdecref(vm, restype);
    ou_xdecref(vm, checker);
    ou_decref(vm, callargs);
    return res;
}

/* ---- attributes ---- */

static OuObj *get_errcheck(OuVM *vm, OuObj *o, void *data)
{
    return FUNC(o)->errcheck ? ou_ref(FUNC(o)->errcheck) : ou_none(vm);
}
static int set_errcheck(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    if (value && !ou_callable(vm, value))
        return ou_type_error_i(vm, "the errcheck attribute must be callable");
    OuObj *old = FUNC(o)->errcheck;
    FUNC(o)->errcheck = value ? ou_ref(value) : NULL;
    ou_xdecref(vm, old);
    return 0;
}
static OuObj *get_restype(OuVM *vm, OuObj *o, void *data)
{
    CtInfo *info = ou_ct_info_concrete(vm, (OuObj *)OU_TYPE_OF(vm, o));
    if (FUNC(o)->restype)
        return ou_ref(FUNC(o)->restype);
    return !info ? NULL : info->restype ? ou_ref(info->restype) : ou_none(vm);
}
static int set_restype(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    CtFunc *f = FUNC(o);
    OuObj *checker = NULL;
    if (value && value != OU_NONE(vm) && !ou_ct_info(vm, value) && !ou_callable(vm, value))
        return ou_type_error_i(vm, "restype must be a type, a callable, or None");
    if (value) {
        OuObj *name = ou_str_intern_s(vm, "_check_retval_");
        int r = name ? ou_lookup_attr(vm, value, name, &checker) : -1;
        ou_xdecref(vm, name);
        if (r < 0)
            return -1;
        if (!r)
            checker = NULL;
    }
    OuObj *old = f->restype, *old_checker = f->checker;
    f->restype = value ? ou_ref(value) : NULL;
    f->checker = checker;
    ou_xdecref(vm, old);
    ou_xdecref(vm, old_checker);
    return 0;
}
static OuObj *get_argtypes(OuVM *vm, OuObj *o, void *data)
{
    CtInfo *info = ou_ct_info_concrete(vm, (OuObj *)OU_TYPE_OF(vm, o));
    if (FUNC(o)->argtypes)
        return ou_ref(FUNC(o)->argtypes);
    return !info ? NULL : info->argtypes ? ou_ref(info->argtypes) : ou_none(vm);
}
static int set_argtypes(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    CtFunc *f = FUNC(o);
    OuObj *types = NULL, *converters = NULL;
    if (value && value != OU_NONE(vm)) {
        if (!(types = ou_sequence_tuple(vm, value)))
            return ou_err_is(vm, OU_EXC(vm, TypeError))
                       ? ou_type_error_i(vm, "_argtypes_ must be a sequence of types")
                       : -1;
        if (!(converters = converters_of(vm, types))) {
            ou_decref(vm, types);
            return -1;
        }
        ou_decref(vm, types);
        types = ou_ref(value); /* CPython gives back the very object */
    }
    OuObj *old = f->argtypes, *old_converters = f->converters;
    f->argtypes = types;
    f->converters = converters;
    ou_xdecref(vm, old);
    ou_xdecref(vm, old_converters);
    return 0;
}
static OuObj *repr(OuVM *vm, OuObj *o)
{
    return ou_str_fmt(vm, "<%T object at %p>", o, (void *)o);
}
static int truth(OuVM *vm, OuObj *o)
{
    void *p;
    memcpy(&p, CDATA(o)->ptr, sizeof p);
    return p != NULL;
}

static void clear(OuVM *vm, OuObj *o)
{
    CtFunc *f = FUNC(o);
    ou_clear(vm, f->callable);
    ou_clear(vm, f->restype);
    ou_clear(vm, f->checker);
    ou_clear(vm, f->errcheck);
    ou_clear(vm, f->argtypes);
    ou_clear(vm, f->converters);
    ou_clear(vm, f->paramflags);
    ou_clear(vm, f->thunk);
    ou_ct_data_clear(vm, o);
}
static void dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    clear(vm, o);
    ou_free_object(vm, o);
}
static int traverse(OuObj *o, OuVisit visit, void *arg)
{
    CtFunc *f = FUNC(o);
    OU_VISIT(f->callable);
    OU_VISIT(f->restype);
    OU_VISIT(f->checker);
    OU_VISIT(f->errcheck);
    OU_VISIT(f->argtypes);
    OU_VISIT(f->converters);
    OU_VISIT(f->paramflags);
    OU_VISIT(f->thunk);
    return ou_ct_data_traverse(o, visit, arg);
}
static const OuGetSet getset[] = {
    {"errcheck", get_errcheck, set_errcheck, "a function to check for errors", NULL},
    {"restype", get_restype, set_restype, "specify the result type", NULL},
    {"argtypes", get_argtypes, set_argtypes, "specify the argument types", NULL},
    {0},
};
const OuTypeSpec ou_ct_func_spec = {
    .name = "_ctypes.CFuncPtr",
    .size = sizeof(CtFunc),
    .flags = OU_TYPE_BASE | OU_TYPE_GC,
    .doc = "Function Pointer",
    .dealloc = dealloc,
    .traverse = traverse,
    .clear = clear,
    .s = {.new_ = new_func, .call = call, .repr = repr, .truth = truth},
    .getset = getset,
};
