/* vm/code_edit.c - code objects taken apart and put together: co_code without specialisations, replace(), the constructor. */
#include <string.h>

#include "err.h"
#include "func.h"
#include "native.h"

static const uint8_t op_base[256] = {
#define OP(name, operands, ext) [OU_OP_##name] = OU_OP_##name,
#define OPS(name, operands, ext)
#include "lang/opcodes.def"
#undef OP
#undef OPS
    [OU_OP_LOAD_GLOBAL_MODULE] = OU_OP_LOAD_GLOBAL, [OU_OP_LOAD_GLOBAL_BUILTIN] = OU_OP_LOAD_GLOBAL,
    [OU_OP_LOAD_ATTR_SHAPE] = OU_OP_LOAD_ATTR,      [OU_OP_LOAD_ATTR_SLOT] = OU_OP_LOAD_ATTR,
    [OU_OP_LOAD_ATTR_MODULE] = OU_OP_LOAD_ATTR,     [OU_OP_STORE_ATTR_SHAPE] = OU_OP_STORE_ATTR,
    [OU_OP_LOAD_ATTR_ANY] = OU_OP_LOAD_ATTR,        [OU_OP_LOAD_METHOD_ANY] = OU_OP_LOAD_METHOD,
    [OU_OP_STORE_ATTR_SLOT] = OU_OP_STORE_ATTR,     [OU_OP_LOAD_ATTR_PROPERTY] = OU_OP_LOAD_ATTR,
    [OU_OP_LOAD_METHOD_SHAPE] = OU_OP_LOAD_METHOD,  [OU_OP_LOAD_METHOD_TYPE] = OU_OP_LOAD_METHOD,
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
#define OPS(name, operands, ext)
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

static int field_str(OuVM *vm, OuObj *v, OuObj **slot, const char *what)
{
    if (v && !ou_isa_str(vm, v))
        return ou_type_error_i(vm, "replace() argument '%s' must be str, not %T", what, v);
    *slot = ou_ref(v ? v : *slot);
    return 0;
}

OuObj *ou_code_replace(OuVM *vm, OuObj *const *a, size_t nargs, OuObj *kwnames)
{
    enum {
        SELF,
        ARGC,
        POSONLY,
        KWONLY,
        NLOCALS,
        STACK,
        FLAGS,
        FIRST,
        CODE,
        CONSTS,
        NAMES,
        VARS,
        FREES,
        CELLS,
        FILENAME,
        NAME,
        QUALNAME,
        LINES,
        EXCTAB
    };
    OuCode *old = (OuCode *)a[SELF], *c;
    if (!(c = ou_code_alloc(vm)))
        return NULL;
    c->argcount = old->argcount;
    c->posonlyargcount = old->posonlyargcount;
    c->kwonlyargcount = old->kwonlyargcount;
    c->flags = old->flags;
    c->nregs = old->nregs;
    c->self_attrs = old->self_attrs;
    c->firstlineno = old->firstlineno;
    uint32_t first = (uint32_t)c->firstlineno;
    if (field_int(vm, a[ARGC], &c->argcount) < 0 || field_int(vm, a[POSONLY], &c->posonlyargcount) < 0 ||
        field_int(vm, a[KWONLY], &c->kwonlyargcount) < 0 || field_int(vm, a[FLAGS], &c->flags) < 0 ||
        field_int(vm, a[FIRST], &first) < 0)
        goto fail;
    c->firstlineno = (int)first;
    c->filename = old->filename;
    c->name = old->name;
    c->qualname = old->qualname;
    OuObj *keep[3] = {old->filename, old->name, old->qualname};
    c->filename = c->name = c->qualname = NULL;
    if (field_str(vm, a[FILENAME], &keep[0], "co_filename") < 0)
        goto fail;
    c->filename = keep[0];
    if (field_str(vm, a[NAME], &keep[1], "co_name") < 0)
        goto fail;
    c->name = keep[1];
    if (field_str(vm, a[QUALNAME], &keep[2], "co_qualname") < 0)
        goto fail;
    c->qualname = keep[2];

    uint32_t ncode = old->ncode;
    if (a[CODE]) {
        if (!ou_isa_bytes(vm, a[CODE]) || OU_BYTES(a[CODE])->len != old->ncode * 8) {
            ou_value_error(
                vm, "code: co_code of this interpreter can only be replaced by code of the same length");
            goto fail;
        }
    }
    c->code = ou_alloc(vm, ncode ? ncode * 8 : 1);
    c->exc = ou_alloc(vm, old->nexc ? old->nexc * sizeof *c->exc : 1);
    c->locs = ou_alloc(vm, old->nlocs ? old->nlocs : 1);
    if (!c->code || !c->exc || !c->locs)
        goto fail;
    c->ncode = ncode;
    c->nexc = old->nexc;
    c->nlocs = old->nlocs;
    if (a[CODE])
        memcpy(c->code, OU_BYTES(a[CODE])->data, ncode * 8);
    else
        ou_code_generic(old, c->code);
    memcpy(c->exc, old->exc, old->nexc * sizeof *c->exc);
    memcpy(c->locs, old->locs, old->nlocs);

    c->consts = a[CONSTS] ? copy_tuple(vm, a[CONSTS], "co_consts") : copy_refs(vm, old->consts, old->nconsts);
    if (!c->consts)
        goto fail;
    c->nconsts = c->nconsts_alloc = a[CONSTS] ? (uint32_t)OU_TUPLE(a[CONSTS])->n : old->nconsts;
    c->names = a[NAMES] ? copy_tuple(vm, a[NAMES], "co_names") : copy_refs(vm, old->names, old->nnames);
    if (!c->names)
        goto fail;
    c->nnames = c->nnames_alloc = a[NAMES] ? (uint32_t)OU_TUPLE(a[NAMES])->n : old->nnames;
    /* variables keep their registers and kinds: only the names may change */
    c->var_kinds = ou_alloc(vm, old->nvars ? old->nvars : 1);
    if (!c->var_kinds)
        goto fail;
    c->nvars_alloc = old->nvars;
    memcpy(c->var_kinds, old->var_kinds, old->nvars);
    if (!(c->var_names = copy_refs(vm, old->var_names, old->nvars)))
        goto fail;
    c->nvars = old->nvars;
    static const struct {
        uint8_t arg, kind;
    } kinds[3] = {{VARS, OU_REG_LOCAL}, {CELLS, OU_REG_CELL}, {FREES, OU_REG_FREE}};
    for (int k = 0; k < 3; k++) {
        OuObj *t = a[kinds[k].arg];
        size_t at = 0;
        if (!t)
            continue;
        if (!ou_is(t, tuple)) {
            ou_type_error(vm, "replace() argument must be tuple, not %T", t);
            goto fail;
        }
        for (uint32_t i = 0; i < c->nvars; i++) {
            if (!(c->var_kinds[i] & kinds[k].kind))
                continue;
            if (at < OU_TUPLE(t)->n) {
                OuObj *was = c->var_names[i];
                c->var_names[i] = ou_ref(OU_TUPLE(t)->items[at]);
                ou_decref(vm, was);
            }
            at++;
        }
        if (at != OU_TUPLE(t)->n) {
            ou_value_error(vm, "code: the number of variables of a code object cannot be changed");
            goto fail;
        }
    }
    ou_code_finish(vm, c);
    return (OuObj *)c;
fail:
    ou_decref(vm, c);
    return NULL;
}

OuObj *ou_code_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_raise(
        vm, OU_EXC(vm, NotImplementedError),
        "code objects of ouro are made by compile() and code.replace(), not from CPython instructions");
}
