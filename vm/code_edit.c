/* vm/code_edit.c - code objects taken apart and put together: co_code without specialisations, replace(), the constructor. */
#include <string.h>

#include "code_tables.h"
#include "err.h"
#include "func.h"
#include "lang/verify.h"
#include "native.h"

static const uint8_t op_base[256] = {
#define OP(name, operands, ext) [OU_OP_##name] = OU_OP_##name,
#define OPS(name, base, operands, ext) [OU_OP_##name] = OU_OP_##base,
#include "lang/opcodes.def"
#undef OP
#undef OPS
};
static const uint8_t op_ext[256] = {
#define OP(name, operands, ext) [OU_OP_##name] = ext,
#include "lang/opcodes.def"
#undef OP
};
/* whether the first ext unit keeps data of the compiler (jump, keyword names) in its low 32 bits */
static const bool op_keeps_ext[256] = {
#define OP(name, operands, ext)
#define OPJ(name, operands, ext) [OU_OP_##name] = true,
#define OPS(name, base, operands, ext)
#include "lang/opcodes.def"
#undef OP
#undef OPJ
#undef OPS
    [OU_OP_CALL_KW] = true,
};

/* Base opcode of a possibly specialised one. */
unsigned ou_op_base(unsigned op)
{
    return op_base[op];
}

unsigned ou_op_ext(unsigned op)
{
    return op_ext[op];
}

void ou_code_generic(OuCode *c, uint64_t *out)
{
    for (uint32_t i = 0; i < c->ncode; i++) {
        unsigned op = op_base[c->code[i] & 0xff], ext = op_ext[op];
        out[i] = (c->code[i] & ~(uint64_t)0xff) | op;
        for (unsigned e = 1; e <= ext && i + e < c->ncode; e++)
            out[i + e] = e == 1 && op_keeps_ext[op] ? c->code[i + 1] & 0xffffffffu : 0;
        i += ext;
    }
}

bool ou_code_same(OuCode *a, OuCode *b)
{
    for (uint32_t i = 0; i < a->ncode; i++) {
        unsigned op = op_base[a->code[i] & 0xff];
        if (op != op_base[b->code[i] & 0xff] || a->code[i] >> 8 != b->code[i] >> 8)
            return false;
        if (op_keeps_ext[op] && (uint32_t)a->code[i + 1] != (uint32_t)b->code[i + 1])
            return false;
        i += op_ext[op];
    }
    return true;
}

void ou_code_flush_caches(OuCode *c)
{
    ou_code_generic(c, c->code);
}

static OuObj **copy_refs(OuVM *vm, OuObj *const *from, uint32_t n)
{
    OuObj **to = ou_alloc(vm, (n + 1) * sizeof *to);
    for (uint32_t i = 0; to && i < n; i++)
        to[i] = ou_ref(from[i]);
    return to;
}

static OuObj **copy_tuple(OuVM *vm, OuObj *t, const char *what)
{
    if (!ou_is(t, tuple))
        return ou_type_error(vm, "replace() argument '%s' must be tuple, not %T", what, t);
    return copy_refs(vm, OU_TUPLE(t)->items, (uint32_t)OU_TUPLE(t)->n);
}

static int field_int(OuVM *vm, OuObj *v, uint32_t *out)
{
    int64_t x;
    if (!v)
        return 0;
    if (ou_as_i64(vm, v, &x) < 0)
        return -1;
    if (x < 0 || x > INT32_MAX)
        return ou_value_error_i(vm, "code: argcount must not be negative");
    *out = (uint32_t)x;
    return 0;
}

/* v, which must be a str, or old if it is not given: new. */
static OuObj *field_str(OuVM *vm, OuObj *v, OuObj *old, const char *what)
{
    if (v && !ou_isa_str(vm, v))
        return ou_type_error(vm, "replace() argument '%s' must be str, not %T", what, v);
    return ou_ref(v ? v : old);
}

static int code_length(OuVM *vm, OuObj *o, uint32_t *units)
{
    if (!ou_isa_bytes(vm, o))
        return ou_type_error_i(vm, "code: co_code must be bytes, not %T", o);
    size_t n = OU_BYTES(o)->len;
    if (n % 8 || n / 8 > INT32_MAX)
        return ou_value_error_i(vm, "code: co_code is malformed");
    *units = (uint32_t)(n / 8);
    return 0;
}

static int field_table(OuVM *vm, OuCode *c, OuObj *table, const char *what,
                       int (*set)(OuVM *, OuCode *, OuObj *))
{
    if (!ou_isa_bytes(vm, table))
        return ou_type_error_i(vm, "replace() argument '%s' must be bytes, not %T", what, table);
    return set(vm, c, table);
}

/* Instructions given by a script are looked over before they can run. */
static int verify(OuVM *vm, OuCode *c)
{
    char why[200];
    OuText *name = (OuText *)&(struct {
        OuText text;
        char s[4];
    }){0};
    OuConst *consts = ou_alloc(vm, (c->nconsts + 1) * sizeof *consts);
    if (!consts)
        return -1;
    memset(consts, 0, (c->nconsts + 1) * sizeof *consts);
    for (uint32_t i = 0; i < c->nconsts; i++)
        consts[i].kind = OU_K_NONE;
    uint32_t nlocals = 0;
    for (uint32_t i = 0; i < c->nvars; i++)
        nlocals += (c->var_kinds[i] & OU_REG_LOCAL) != 0;
    OuUnit u = {.name = name,
                .qualname = name,
                .ncode = c->ncode,
                .code = c->code,
                .nexc = c->nexc,
                .exc = c->exc,
                .nregs = c->nregs,
                .nvars = c->nvars,
                .nlocals = nlocals,
                .nconsts = c->nconsts,
                .consts = consts,
                .nnames = c->nnames};
    int r = ou_verify_unit(&u, why, sizeof why);
    ou_free(vm, consts, (c->nconsts + 1) * sizeof *consts);
    return r < 0 ? ou_value_error_i(vm, "code: malformed: %s", why) : 0;
}

/* The arguments of code.replace(), in the order of its signature. */
enum {
    R_SELF,
    R_ARGC,
    R_POSONLY,
    R_KWONLY,
    R_NLOCALS,
    R_STACK,
    R_FLAGS,
    R_FIRST,
    R_CODE,
    R_CONSTS,
    R_NAMES,
    R_VARS,
    R_FREES,
    R_CELLS,
    R_FILENAME,
    R_NAME,
    R_QUALNAME,
    R_LINES,
    R_EXCTAB
};

/* The numbers and texts of a code object. */
static int replace_fields(OuVM *vm, OuCode *c, const OuCode *old, OuObj *const *a)
{
    c->argcount = old->argcount;
    c->posonlyargcount = old->posonlyargcount;
    c->kwonlyargcount = old->kwonlyargcount;
    c->flags = old->flags;
    c->nregs = old->nregs;
    c->self_attrs = old->self_attrs;
    uint32_t first = (uint32_t)old->firstlineno,
             nlocals = a[R_VARS] && ou_is(a[R_VARS], tuple) ? (uint32_t)OU_TUPLE(a[R_VARS])->n : old->nlocals,
             count = nlocals;
    if (field_int(vm, a[R_ARGC], &c->argcount) < 0 || field_int(vm, a[R_POSONLY], &c->posonlyargcount) < 0 ||
        field_int(vm, a[R_KWONLY], &c->kwonlyargcount) < 0 || field_int(vm, a[R_FLAGS], &c->flags) < 0 ||
        field_int(vm, a[R_FIRST], &first) < 0 || field_int(vm, a[R_NLOCALS], &nlocals) < 0)
        return -1;
    if (nlocals != count)
        return ou_value_error_i(vm, "code: co_nlocals != len(co_varnames)");
    c->firstlineno = (int)first;
    c->filename = field_str(vm, a[R_FILENAME], old->filename, "co_filename");
    c->name = c->filename ? field_str(vm, a[R_NAME], old->name, "co_name") : NULL;
    c->qualname = c->name ? field_str(vm, a[R_QUALNAME], old->qualname, "co_qualname") : NULL;
    return c->qualname ? 0 : -1;
}

/* Instructions, exception table, positions, constants and names. */
static int replace_body(OuVM *vm, OuCode *c, OuCode *old, OuObj *const *a)
{
    uint32_t ncode = old->ncode;
    if (a[R_CODE] && code_length(vm, a[R_CODE], &ncode) < 0)
        return -1;
    c->code = ou_alloc(vm, ncode ? ncode * sizeof *c->code : 1);
    c->exc = ou_alloc(vm, old->nexc ? old->nexc * sizeof *c->exc : 1);
    c->locs = ou_alloc(vm, old->nlocs ? old->nlocs : 1);
    if (!c->code || !c->exc || !c->locs)
        return -1;
    c->ncode = ncode;
    c->nexc = old->nexc;
    c->nlocs = old->nlocs;
    if (a[R_CODE])
        memcpy(c->code, OU_BYTES(a[R_CODE])->data, ncode * sizeof *c->code);
    else
        ou_code_generic(old, c->code);
    memcpy(c->exc, old->exc, old->nexc * sizeof *c->exc);
    memcpy(c->locs, old->locs, old->nlocs);
    OuObj *consts = a[R_CONSTS], *names = a[R_NAMES];
    if (!(c->consts =
              consts ? copy_tuple(vm, consts, "co_consts") : copy_refs(vm, old->consts, old->nconsts)))
        return -1;
    c->nconsts = c->nconsts_alloc = consts ? (uint32_t)OU_TUPLE(consts)->n : old->nconsts;
    if (!(c->names = names ? copy_tuple(vm, names, "co_names") : copy_refs(vm, old->names, old->nnames)))
        return -1;
    c->nnames = c->nnames_alloc = names ? (uint32_t)OU_TUPLE(names)->n : old->nnames;
    return 0;
}

static size_t count_params(const OuCode *c)
{
    return (size_t)c->argcount + c->kwonlyargcount + ((c->flags & OU_CO_VARARGS) != 0) +
           ((c->flags & OU_CO_VARKEYWORDS) != 0);
}

/* Gives the variables of one kind (OU_REG_) the names of tuple t (NULL: they keep theirs). */
static int rename_kind(OuVM *vm, OuCode *c, uint8_t kind, OuObj *t, bool nlocals_given)
{
    size_t at = 0;
    if (!t)
        return 0;
    if (!ou_is(t, tuple))
        return ou_type_error_i(vm, "replace() argument must be tuple, not %T", t);
    for (uint32_t i = 0; i < c->nvars; i++) {
        if (!(c->var_kinds[i] & kind))
            continue;
        if (at < OU_TUPLE(t)->n) {
            OuObj *was = c->var_names[i];
            c->var_names[i] = ou_ref(OU_TUPLE(t)->items[at]);
            ou_decref(vm, was);
        }
        at++;
    }
    if (at == OU_TUPLE(t)->n)
        return 0;
    if (kind == OU_REG_LOCAL && !nlocals_given)
        return ou_value_error_i(vm, OU_TUPLE(t)->n < count_params(c)
                                        ? "code: co_varnames is too small"
                                        : "code: co_nlocals != len(co_varnames)");
    return ou_value_error_i(vm, "code: the number of variables of a code object cannot be changed");
}

/* Variables keep their registers and kinds: only the names may change. */
static int replace_variables(OuVM *vm, OuCode *c, const OuCode *old, OuObj *const *a)
{
    if (!(c->var_kinds = ou_alloc(vm, old->nvars ? old->nvars : 1)))
        return -1;
    c->nvars_alloc = old->nvars;
    memcpy(c->var_kinds, old->var_kinds, old->nvars);
    if (!(c->var_names = copy_refs(vm, old->var_names, old->nvars)))
        return -1;
    c->nvars = old->nvars;
    return rename_kind(vm, c, OU_REG_LOCAL, a[R_VARS], a[R_NLOCALS]) < 0 ||
                   rename_kind(vm, c, OU_REG_CELL, a[R_CELLS], false) < 0 ||
                   rename_kind(vm, c, OU_REG_FREE, a[R_FREES], false) < 0
               ? -1
               : 0;
}

OuObj *ou_code_replace(OuVM *vm, OuObj *const *a, size_t nargs, OuObj *kwnames)
{
    OuCode *old = (OuCode *)a[R_SELF], *c = ou_code_alloc(vm);
    if (!c)
        return NULL;
    if (replace_fields(vm, c, old, a) < 0 || replace_body(vm, c, old, a) < 0 ||
        replace_variables(vm, c, old, a) < 0 ||
        (a[R_LINES] && field_table(vm, c, a[R_LINES], "co_linetable", ou_code_set_linetable) < 0) ||
        (a[R_EXCTAB] &&
         field_table(vm, c, a[R_EXCTAB], "co_exceptiontable", ou_code_set_exceptiontable) < 0) ||
        ((a[R_CODE] || a[R_EXCTAB] || a[R_CONSTS] || a[R_NAMES]) && verify(vm, c) < 0)) {
        ou_decref(vm, c);
        return NULL;
    }
    ou_code_finish(vm, c);
    return (OuObj *)c;
}

static bool in_tuple(OuObj *t, OuObj *name)
{
    for (size_t i = 0; i < OU_TUPLE(t)->n; i++)
        if (ou_str_eq(OU_STR(OU_TUPLE(t)->items[i]), OU_STR(name)))
            return true;
    return false;
}

/* Registers: the local variables (some of them cells), the other cells, the free variables. */
static int set_variables(OuVM *vm, OuCode *c, OuObj *vars, OuObj *cells, OuObj *frees)
{
    size_t n = OU_TUPLE(vars)->n, most = n + OU_TUPLE(cells)->n + OU_TUPLE(frees)->n;
    c->nvars_alloc = (uint32_t)most;
    if (!(c->var_kinds = ou_alloc(vm, most ? most : 1)) ||
        !(c->var_names = ou_alloc(vm, (most + 1) * sizeof *c->var_names)))
        return -1;
    for (size_t i = 0; i < most; i++) {
        OuObj *name = i < n                        ? OU_TUPLE(vars)->items[i]
                      : i < n + OU_TUPLE(cells)->n ? OU_TUPLE(cells)->items[i - n]
                                                   : OU_TUPLE(frees)->items[i - n - OU_TUPLE(cells)->n];
        uint8_t kind = i < n                        ? OU_REG_LOCAL | (in_tuple(cells, name) ? OU_REG_CELL : 0)
                       : i < n + OU_TUPLE(cells)->n ? OU_REG_CELL
                                                    : OU_REG_FREE;
        if (kind == OU_REG_CELL && in_tuple(vars, name))
            continue;
        c->var_names[c->nvars] = ou_ref(name);
        c->var_kinds[c->nvars++] = kind;
    }
    return 0;
}

/* The arguments of code(), in the order of its signature. */
enum {
    N_ARGC,
    N_POSONLY,
    N_KWONLY,
    N_NLOCALS,
    N_STACK,
    N_FLAGS,
    N_CODE,
    N_CONSTS,
    N_NAMES,
    N_VARS,
    N_FILENAME,
    N_NAME,
    N_QUALNAME,
    N_FIRST,
    N_LINES,
    N_EXCTAB,
    N_FREES,
    N_CELLS,
    N_ARGS
};

static int check_new_args(OuVM *vm, OuObj *const *a)
{
    static const uint8_t tuples[5] = {N_CONSTS, N_NAMES, N_VARS, N_FREES, N_CELLS},
                         strings[3] = {N_FILENAME, N_NAME, N_QUALNAME},
                         bytes[3] = {N_CODE, N_LINES, N_EXCTAB};
    for (int i = 0; i < 5; i++) {
        if (!ou_is(a[tuples[i]], tuple))
            return ou_type_error_i(vm, "code() argument %d must be tuple, not %T", tuples[i] + 1,
                                   a[tuples[i]]);
        for (size_t k = 0; tuples[i] != N_CONSTS && k < OU_TUPLE(a[tuples[i]])->n; k++)
            if (!ou_isa_str(vm, OU_TUPLE(a[tuples[i]])->items[k]))
                return ou_type_error_i(vm, "name tuples must contain only strings, not '%T'",
                                       OU_TUPLE(a[tuples[i]])->items[k]);
    }
    for (int i = 0; i < 3; i++) {
        if (!ou_isa_str(vm, a[strings[i]]))
            return ou_type_error_i(vm, "code() argument %d must be str, not %T", strings[i] + 1,
                                   a[strings[i]]);
        if (!ou_isa_bytes(vm, a[bytes[i]]))
            return ou_type_error_i(vm, "code() argument %d must be bytes, not %T", bytes[i] + 1, a[bytes[i]]);
    }
    return 0;
}

OuObj *ou_code_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *a[N_ARGS];
    static const char sig[] = "code(argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize, flags, "
                              "codestring, constants, names, "
                              "varnames, filename, name, qualname, firstlineno, linetable, exceptiontable, "
                              "freevars=(), cellvars=(), /)";
    if (ou_args_bind(vm, sig, args, nargs, kwnames, a) < 0)
        return NULL;
    OuObj *empty = OU_EMPTY_TUPLE(vm);
    if (!a[N_FREES])
        a[N_FREES] = empty;
    if (!a[N_CELLS])
        a[N_CELLS] = empty;
    if (check_new_args(vm, a) < 0)
        return NULL;
    uint32_t nlocals = 0, stack = 0, first = 0;
    OuCode *c = ou_code_alloc(vm);
    if (!c)
        return NULL;
    if (field_int(vm, a[N_ARGC], &c->argcount) < 0 || field_int(vm, a[N_POSONLY], &c->posonlyargcount) < 0 ||
        field_int(vm, a[N_KWONLY], &c->kwonlyargcount) < 0 || field_int(vm, a[N_NLOCALS], &nlocals) < 0 ||
        field_int(vm, a[N_STACK], &stack) < 0 || field_int(vm, a[N_FLAGS], &c->flags) < 0 ||
        field_int(vm, a[N_FIRST], &first) < 0 || code_length(vm, a[N_CODE], &c->ncode) < 0)
        goto fail;
    c->firstlineno = (int)first;
    c->filename = ou_ref(a[N_FILENAME]);
    c->name = ou_ref(a[N_NAME]);
    c->qualname = ou_ref(a[N_QUALNAME]);
    uint32_t ncode = c->ncode;
    c->ncode = 0;
    if (!(c->code = ou_alloc(vm, ncode ? ncode * sizeof *c->code : 1)))
        goto fail;
    c->ncode = ncode;
    memcpy(c->code, OU_BYTES(a[N_CODE])->data, ncode * sizeof *c->code);
    if (!(c->exc = ou_alloc(vm, 1)) || !(c->locs = ou_alloc(vm, 1)) ||
        !(c->consts = copy_tuple(vm, a[N_CONSTS], "co_consts")))
        goto fail;
    c->nconsts = c->nconsts_alloc = (uint32_t)OU_TUPLE(a[N_CONSTS])->n;
    if (!(c->names = copy_tuple(vm, a[N_NAMES], "co_names")))
        goto fail;
    c->nnames = c->nnames_alloc = (uint32_t)OU_TUPLE(a[N_NAMES])->n;
    if (set_variables(vm, c, a[N_VARS], a[N_CELLS], a[N_FREES]) < 0)
        goto fail;
    if (c->posonlyargcount > c->argcount || count_params(c) > OU_TUPLE(a[N_VARS])->n) {
        ou_value_error(vm, "code: varnames is too small");
        goto fail;
    }
    if (nlocals != OU_TUPLE(a[N_VARS])->n) {
        ou_value_error(vm, "code: co_nlocals != len(co_varnames)");
        goto fail;
    }
    c->nregs = c->nvars + (stack < UINT16_MAX ? stack : UINT16_MAX);
    if (ou_code_set_linetable(vm, c, a[N_LINES]) < 0 || ou_code_set_exceptiontable(vm, c, a[N_EXCTAB]) < 0 ||
        verify(vm, c) < 0)
        goto fail;
    ou_code_finish(vm, c);
    return (OuObj *)c;
fail:
    ou_decref(vm, c);
    return NULL;
}
