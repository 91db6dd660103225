/* vm/func.h - code, function, bound method, cell. */
#ifndef OU_VM_FUNC_H
#define OU_VM_FUNC_H

#include "vm.h"

typedef struct OuCode {
    OuObj hdr;
    uint64_t *code; /* instructions with their caches: written by specialisation */
    uint32_t ncode, nconsts, nnames, nexc, nvars, nregs;
    uint32_t nlocals, ncells, nfrees;
    uint32_t argcount, posonlyargcount, kwonlyargcount; /* argcount includes positional-only */
    uint32_t nparams;                                   /* argcount + kwonly + *args + **kw */
    uint32_t flags;                                     /* OU_CO_* */
    int firstlineno;
    OuObj **consts;    /* owned */
    OuObj **names;     /* interned str */
    OuObj **var_names; /* nvars */
    uint8_t *var_kinds;
    OuExcEntry *exc;
    uint8_t *locs;
    uint32_t nlocs;
    uint32_t self_attrs;
    OuObj *filename, *name, *qualname;
    struct OuCode *next, *prev; /* vm->codes */
    bool simple_args; /* no *args, **kw, keyword-only: a plain positional call binds by count alone */
    bool traced;      /* tracemalloc noted it and holds a count: vm/tracing.c */
    uint32_t id;      /* for tracemalloc */
    uint32_t nvars_alloc, nconsts_alloc, nnames_alloc; /* sizes of the arrays, for freeing them */
} OuCode;

typedef struct OuFunc {
    OuObj hdr;
    OuCode *code;
    OuDict *globals;
    OuObj *builtins; /* dict (or mapping) */
    OuObj *name, *qualname, *module, *doc;
    OuObj *defaults;    /* tuple or NULL */
    OuObj *kwdefaults;  /* dict or NULL */
    OuObj *closure;     /* tuple of cells or NULL */
    OuObj *annotations; /* dict, or tuple (name, value, ...) until asked for, or NULL */
    OuObj *dict;
    OuObj *old_codes; /* list of replaced codes, which running frames may borrow; NULL or owned */
    uint32_t version; /* 0: unassigned; for inline caches of calls */
} OuFunc;

typedef struct OuMethod {
    OuObj hdr;
    OuObj *func, *self;
} OuMethod;

typedef struct OuCell {
    OuObj hdr;
    OuObj *value; /* NULL: empty */
} OuCell;

/* Empty code object to fill (new), and the derived fields once it is filled. */
OuCode *ou_code_alloc(OuVM *vm);
void ou_code_finish(OuVM *vm, OuCode *c);
/* The instructions without specialisations and caches; whether two codes have the same ones. */
void ou_code_generic(OuCode *c, uint64_t *out);
bool ou_code_same(OuCode *a, OuCode *b);
void ou_code_flush_caches(OuCode *c);
unsigned ou_op_base(unsigned op);
unsigned ou_op_ext(unsigned op);
OuObj *ou_code_replace(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_code_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames);
/* The object of a constant (code units get `filename`): new. */
OuObj *ou_const_object(OuVM *vm, const OuConst *k, OuObj *filename);
OuObj *ou_code_from_unit(OuVM *vm, OuUnit *unit, OuObj *filename);
OuObj *ou_func_new(OuVM *vm, OuObj *code, OuDict *globals, OuObj *qualname);
OuObj *ou_method_new(OuVM *vm, OuObj *func, OuObj *self);
OuObj *ou_cell_new(OuVM *vm, OuObj *value);
/* Calls a Python function from C; vm/call.c */
OuObj *ou_func_call(OuVM *vm, OuObj *func, OuObj *const *args, size_t nargs, OuObj *kwnames);

/* compile(): source text to a code object; exceptions as CPython's.  vm/compile.c
 * mode: OU_PARSE_*; flags: OU_PARSE_* and OU_CO_FUTURE_* bits; optimize -1: the VM's. */
OuObj *ou_compile_source(OuVM *vm, const char *src, size_t n, OuObj *filename, int mode, unsigned flags,
                         int optimize);
/* Runs code with globals (dict) and locals (mapping; NULL = globals). */
OuObj *ou_eval_code(OuVM *vm, OuObj *code, OuDict *globals, OuObj *locals);
/* The same with cells for the free variables (tuple or NULL). */
OuObj *ou_eval_code_closure(OuVM *vm, OuObj *code, OuDict *globals, OuObj *locals, OuObj *closure);

#endif
