/* vm/native.h - native functions, methods and modules (vm/native.c, vm/module.c). */
#ifndef OU_VM_NATIVE_H
#define OU_VM_NATIVE_H

#include "vm.h"

/* A parsed OuFn.sig, made once per VM and function. */
typedef struct OuSig {
    const char *name; /* not NUL-terminated */
    uint16_t name_len;
    uint8_t nparams;        /* all, *args and **kw included */
    uint8_t nposonly, npos; /* positional-only, positional (posonly included) */
    uint8_t nrequired;      /* leading positional parameters without default */
    bool raw, varargs, varkw;
    bool
        simple; /* only required positional-only parameters: fn may be called with the caller's args as they are */
    bool pad_ok;       /* fn may be called with nrequired <= n <= npos arguments followed by npos - n NULLs:
                            not raw, no *args, **kw or keyword-only parameters */
    bool class_method; /* OU_FN_CLASS */
    bool method;       /* the first parameter is self (or the type of a class method) */
    uint8_t kind;      /* how CPython would take the arguments, for its error texts: vm/native.c */
    uint8_t nnamed;    /* parameters without *args and **kw */
    const char *text;  /* "(...)" in the source of the signature, or NULL: none */
    OuObj **params;    /* interned names of all parameters, made on first need: ou_sig_params() */
    uint64_t kw_required; /* bit i: parameter i is keyword-only and has no default */
    OuType *type;         /* for "list.append()" in messages: owner type, or */
    OuObj *module;        /* str, owned; both NULL in builtins */
} OuSig;

/* builtin_function_or_method: a native bound to self (module, type or object) */
typedef struct OuBuiltin {
    OuObj hdr;
    const OuFn *def;
    const OuSig *sig;
    OuObj *self;    /* owned or NULL; for methods it becomes args[0] */
    OuObj *module;  /* str or NULL */
    bool pass_self; /* self is prepended to the arguments (methods); false for module functions */
} OuBuiltin;
/* method_descriptor */
typedef struct OuMethodDescr {
    OuObj hdr;
    OuType *owner;
    OuObj *name;
    const OuFn *def;
    const OuSig *sig;
    OuObj *qualname;
} OuMethodDescr;

/* Binds and calls fn. args as in OuNative (raw). */
OuObj *ou_native_call(OuVM *vm, const OuSig *sig, OuNative fn, OuObj *const *args, size_t nargs,
                      OuObj *kwnames);
/* For raw functions that want to bind by themselves (tp_new/tp_init with "name(x, y=0)" signatures): out[nparams] is filled
 * with borrowed arguments (NULL absent); * and ** entries are new and must be released with ou_args_free. 0/-1. */
int ou_args_bind(OuVM *vm, const char *sig, OuObj *const *args, size_t nargs, OuObj *kwnames, OuObj **out);
void ou_args_free(OuVM *vm, const char *sig, OuObj **out);
/* TypeError "NAME() takes no keyword arguments" / arity checks for raw functions; 0 / -1. */
int ou_no_kwargs(OuVM *vm, const char *name, OuObj *kwnames);
int ou_arity(OuVM *vm, const char *name, size_t nargs, size_t min, size_t max);
const OuSig *ou_sig_get(OuVM *vm, const OuFn *def,
                        bool method); /* parsed, cached per VM; NULL on no memory */

/* A builtin_function_or_method for def (borrowed for ever); self and module are borrowed and may be NULL. */
OuObj *ou_builtin_new(OuVM *vm, const OuFn *def, OuObj *self, OuObj *module, bool pass_self);

/* ---- modules ---- */
typedef struct OuModule {
    OuObj hdr;
    OuDict *dict;
    const struct OuModuleDef *def; /* native modules */
    void *state;                   /* def->state_size zeroed bytes */
} OuModule;
typedef struct OuModuleDef {
    const char *name;
    const char *doc;
    const OuFn *functions;
    size_t state_size;
    /* Adds constants and types; 0 / -1. */
    int (*exec)(OuVM *vm, OuObj *module);
    int (*traverse)(void *state, OuVisit visit, void *arg);
    void (*clear)(OuVM *vm, void *state);
} OuModuleDef;
OuObj *ou_module_new(OuVM *vm, OuObj *name);
OuObj *ou_module_from_def(OuVM *vm, const OuModuleDef *def);
/* State of the (only) instance of a native module in this VM, or NULL if it was not imported yet. */
void *ou_module_state(OuVM *vm, const OuModuleDef *def);
/* Adds functions of a native module: rows ended by {0}, or NULL.  0/-1 */
int ou_module_add_functions(OuVM *vm, OuObj *module, const OuFn *rows);
int ou_module_add(OuVM *vm, OuObj *module, const char *name, OuObj *value_take); /* NULL value: -1 */
int ou_module_add_int(OuVM *vm, OuObj *module, const char *name, int64_t v);
int ou_module_add_str(OuVM *vm, OuObj *module, const char *name, const char *s);
/* Makes a type of spec and adds it under its short name; borrowed result. */
OuType *ou_module_add_type(OuVM *vm, OuObj *module, const OuTypeSpec *spec, OuType *base);
/* Whether module.__spec__._initializing is true (circular imports). Never raises. */
bool ou_module_is_initializing(OuVM *vm, OuObj *module);
/* import name (dotted): the module of that full name, new. */
OuObj *ou_import(OuVM *vm, const char *name);
OuObj *ou_import_attr(OuVM *vm, const char *module, const char *name);
bool ou_isatty(int fd);

#endif
