/* vm/code.c - code objects: made from a unit of lang/, and what scripts see of them. */
#include <string.h>

#include "code_tables.h"
#include "err.h"
#include "func.h"
#include "native.h"
#include "type.h"

/* ---- from a unit -------------------------------------------------------------------- */

static OuObj *text_str(OuVM *vm, const OuText *t)
{
    OuObj *s = ou_str_new(vm, t->s, t->len);
    return s ? ou_str_intern(vm, s) : NULL;
}

/* CPython interns constants that look like identifiers. */
static bool name_like(const OuText *t)
{
    for (uint32_t i = 0; i < t->len; i++) {
        unsigned char c = (unsigned char)t->s[i];
        if (!(c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')))
            return false;
    }
    return true;
}

OuObj *ou_const_object(OuVM *vm, const OuConst *k, OuObj *filename)
{
    switch ((OuConstKind)k->kind) {
    case OU_K_NONE:
        return ou_none(vm);
    case OU_K_TRUE:
        return ou_bool(vm, true);
    case OU_K_FALSE:
        return ou_bool(vm, false);
    case OU_K_ELLIPSIS:
        return ou_ref(OU_ELLIPSIS(vm));
    case OU_K_INT:
        return ou_int(vm, k->i);
    case OU_K_BIGINT:
        return ou_int_from_digits(vm, k->text->s, k->text->len, k->base, k->negative);
    case OU_K_FLOAT:
        return ou_float(vm, k->f);
    case OU_K_COMPLEX:
        return ou_complex(vm, k->f, k->imag);
    case OU_K_STR:
        return name_like(k->text) ? text_str(vm, k->text) : ou_str_new(vm, k->text->s, k->text->len);
    case OU_K_BYTES:
        return ou_bytes_new(vm, k->text->s, k->text->len);
    case OU_K_TUPLE:
    case OU_K_FROZENSET: {
        OuObj *t = ou_tuple_new(vm, k->n);
        for (uint32_t i = 0; t && i < k->n; i++) {
            OuObj *item = ou_const_object(vm, &k->items[i], filename);
            if (!item)
                ou_clear(vm, t);
            else
                OU_TUPLE(t)->items[i] = item;
        }
        if (t && k->kind == OU_K_FROZENSET) {
            OuObj *set = ou_frozenset_new(vm, t);
            ou_decref(vm, t);
            return set;
        }
        if (t && k->n)
            ou_gc_untrack(&vm->heap, t); /* constants are leaves all the way down */
        return t;
    }
    case OU_K_CODE:
        return ou_code_from_unit(vm, k->unit, filename);
    case OU_K_OBJECT:
        return ou_ref((OuObj *)k->any);
    }
    return ou_raise(vm, OU_EXC(vm, SystemError), "bad constant kind %d", k->kind);
}

static void *copy_block(OuVM *vm, const void *p, size_t n)
{
    void *q = ou_alloc(vm, n ? n : 1);
    if (q && n)
        memcpy(q, p, n);
    return q;
}

OuCode *ou_code_alloc(OuVM *vm)
{
    OuCode *c = (OuCode *)ou_new_leaf(vm, OU_T_code, sizeof *c);
    if (c)
        memset((char *)c + sizeof(OuObj), 0, sizeof *c - sizeof(OuObj));
    return c;
}

void ou_code_finish(OuVM *vm, OuCode *c)
{
    c->nparams =
        c->argcount + c->kwonlyargcount + !!(c->flags & OU_CO_VARARGS) + !!(c->flags & OU_CO_VARKEYWORDS);
    c->simple_args = c->nparams == c->argcount;
    c->nlocals = c->ncells = c->nfrees = 0;
    for (uint32_t i = 0; i < c->nvars; i++) {
        c->nlocals += (c->var_kinds[i] & OU_REG_LOCAL) != 0;
        c->ncells += (c->var_kinds[i] & OU_REG_CELL) != 0;
        c->nfrees += (c->var_kinds[i] & OU_REG_FREE) != 0;
    }
    c->id = ++vm->next_code_id;
    c->next = vm->codes;
    if (c->next)
        c->next->prev = c;
    vm->codes = c;
}

OuObj *ou_code_from_unit(OuVM *vm, OuUnit *u, OuObj *filename)
{
    OuCode *c = ou_code_alloc(vm);
    if (!c)
        return NULL;
    c->flags = u->flags;
    c->argcount = u->argcount;
    c->posonlyargcount = u->posonlyargcount;
    c->kwonlyargcount = u->kwonlyargcount;
    c->firstlineno = u->firstlineno;
    c->nregs = u->nregs;
    c->self_attrs = u->has_self_attrs ? u->self_attrs : 0;
    c->filename = ou_ref(filename);
    c->name = text_str(vm, u->name);
    c->qualname = text_str(vm, u->qualname);
    c->code = copy_block(vm, u->code, u->ncode * sizeof *u->code);
    c->exc = copy_block(vm, u->exc, u->nexc * sizeof *u->exc);
    c->locs = copy_block(vm, u->locs, u->nlocs);
    c->var_kinds = copy_block(vm, u->var_kinds, u->nvars);
    c->consts = ou_alloc(vm, (u->nconsts + 1) * sizeof *c->consts);
    c->names = ou_alloc(vm, (u->nnames + 1) * sizeof *c->names);
    c->var_names = ou_alloc(vm, (u->nvars + 1) * sizeof *c->var_names);
    c->ncode = u->ncode;
    c->nexc = u->nexc;
    c->nlocs = u->nlocs;
    c->nvars_alloc = u->nvars;
    c->nconsts_alloc = u->nconsts;
    c->nnames_alloc = u->nnames;
    if (!c->name || !c->qualname || !c->code || !c->exc || !c->locs || !c->var_kinds || !c->consts ||
        !c->names || !c->var_names)
        goto fail;
    for (; c->nconsts < u->nconsts; c->nconsts++)
        if (!(c->consts[c->nconsts] = ou_const_object(vm, &u->consts[c->nconsts], filename)))
            goto fail;
    for (; c->nnames < u->nnames; c->nnames++)
        if (!(c->names[c->nnames] = text_str(vm, u->names[c->nnames])))
            goto fail;
    for (; c->nvars < u->nvars; c->nvars++)
        if (!(c->var_names[c->nvars] = text_str(vm, u->var_names[c->nvars])))
            goto fail;
    ou_code_finish(vm, c);
    return (OuObj *)c;
fail:
    ou_decref(vm, c);
    return NULL;
}

static void code_dealloc(OuVM *vm, OuObj *o)
{
    OuCode *c = (OuCode *)o;
    for (uint32_t i = 0; i < c->nconsts; i++)
        ou_decref(vm, c->consts[i]);
    for (uint32_t i = 0; i < c->nnames; i++)
        ou_decref(vm, c->names[i]);
    for (uint32_t i = 0; i < c->nvars; i++)
        ou_decref(vm, c->var_names[i]);
    ou_free(vm, c->code, c->ncode ? c->ncode * sizeof *c->code : 1);
    ou_free(vm, c->exc, c->nexc ? c->nexc * sizeof *c->exc : 1);
    ou_free(vm, c->locs, c->nlocs ? c->nlocs : 1);
    ou_free(vm, c->var_kinds, c->nvars_alloc ? c->nvars_alloc : 1);
    ou_free(vm, c->consts, (c->nconsts_alloc + 1) * sizeof *c->consts);
    ou_free(vm, c->names, (c->nnames_alloc + 1) * sizeof *c->names);
    ou_free(vm, c->var_names, (c->nvars_alloc + 1) * sizeof *c->var_names);
    ou_xdecref(vm, c->filename);
    ou_xdecref(vm, c->name);
    ou_xdecref(vm, c->qualname);
    if (c->prev)
        c->prev->next = c->next;
    else if (vm->codes == c)
        vm->codes = c->next;
    if (c->next)
        c->next->prev = c->prev;
    ou_free_object(vm, o);
}

/* ---- what scripts see ------------------------------------------------------------------ */

static OuObj *tuple_of_kind(OuVM *vm, OuCode *c, unsigned kind)
{
    size_t n = 0;
    for (uint32_t i = 0; i < c->nvars; i++)
        n += (c->var_kinds[i] & kind) != 0;
    OuObj *t = ou_tuple_new(vm, n);
    if (!t)
        return NULL;
    n = 0;
    for (uint32_t i = 0; i < c->nvars; i++)
        if (c->var_kinds[i] & kind)
            OU_TUPLE(t)->items[n++] = ou_ref(c->var_names[i]);
    return t;
}

static OuObj *get_varnames(OuVM *vm, OuObj *o, void *data)
{
    return tuple_of_kind(vm, (OuCode *)o, (unsigned)(uintptr_t)data);
}

static OuObj *get_consts(OuVM *vm, OuObj *o, void *data)
{
    return ou_tuple_of(vm, ((OuCode *)o)->consts, ((OuCode *)o)->nconsts);
}

static OuObj *get_names(OuVM *vm, OuObj *o, void *data)
{
    return ou_tuple_of(vm, ((OuCode *)o)->names, ((OuCode *)o)->nnames);
}

static OuObj *get_code(OuVM *vm, OuObj *o, void *data)
{
    OuCode *c = (OuCode *)o;
    OuObj *b = ou_bytes_new(vm, NULL, (ou_ssize)(c->ncode * 8));
    if (!b)
        return NULL;
    uint64_t *out = (uint64_t *)OU_BYTES(b)->data;
    ou_code_generic(c, out);
    return b;
}

static OuObj *get_linetable(OuVM *vm, OuObj *o, void *data)
{
    return ou_code_linetable(vm, (OuCode *)o);
}

static OuObj *get_lnotab(OuVM *vm, OuObj *o, void *data)
{
    return ou_code_lnotab(vm, (OuCode *)o);
}

static OuObj *get_exceptiontable(OuVM *vm, OuObj *o, void *data)
{
    return ou_code_exceptiontable(vm, (OuCode *)o);
}

static OuObj *get_nlocals(OuVM *vm, OuObj *o, void *data)
{
    return ou_int(vm, ((OuCode *)o)->nlocals);
}

static OuObj *get_stacksize(OuVM *vm, OuObj *o, void *data)
{
    return ou_int(vm, ((OuCode *)o)->nregs - ((OuCode *)o)->nvars);
}

static OuObj *int_or_none(OuVM *vm, int v)
{
    return v < 0 ? ou_none(vm) : ou_int(vm, v);
}

/* (start line, end line, start column, end column) of every unit, as a list iterator. */
static OuObj *code_positions(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuCode *c = (OuCode *)args[0];
    OuObj *list = ou_list_new(vm, 0);
    OuLocIter it;
    if (!list)
        return NULL;
    ou_loc_begin(&it, c->locs, c->nlocs, c->firstlineno);
    while (ou_loc_next(&it)) {
        bool no_columns = vm->no_debug_ranges;
        OuObj *v[4] = {
            int_or_none(vm, it.loc.lineno), int_or_none(vm, no_columns ? it.loc.lineno : it.loc.end_lineno),
            int_or_none(vm, no_columns ? -1 : it.loc.col), int_or_none(vm, no_columns ? -1 : it.loc.end_col)};
        OuObj *row = v[0] && v[1] && v[2] && v[3] ? ou_tuple_of_take(vm, v, 4) : NULL;
        for (uint32_t i = 0; row && i < it.units; i++)
            if (ou_list_append(vm, list, row) < 0)
                ou_clear(vm, row);
        for (int i = 0; i < 4; i++)
            ou_xdecref(vm, v[i]);
        if (!row) {
            ou_decref(vm, list);
            return NULL;
        }
        ou_decref(vm, row);
    }
    OuObj *iter = ou_iter(vm, list);
    ou_decref(vm, list);
    return iter;
}

/* PEP 626: (start, end, line) ranges in bytes of co_code's scale (2 a unit). */
static OuObj *code_lines(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuCode *c = (OuCode *)args[0];
    OuObj *list = ou_list_new(vm, 0);
    OuLocIter it;
    if (!list)
        return NULL;
    ou_loc_begin(&it, c->locs, c->nlocs, c->firstlineno);
    bool more = ou_loc_next(&it);
    while (more && !it.units)
        more = ou_loc_next(&it);
    while (more) {
        uint32_t start = it.unit, end = it.unit + it.units;
        int line = it.loc.lineno;
        while ((more = ou_loc_next(&it)) && (it.loc.lineno == line || !it.units))
            end = it.unit +
                  it.units; /* a line without an instruction has no range: CPython has none that are empty */
        OuObj *v[3] = {ou_int(vm, start * 2), ou_int(vm, end * 2), int_or_none(vm, line)};
        OuObj *row = v[0] && v[1] && v[2] ? ou_tuple_of_take(vm, v, 3) : NULL;
        for (int i = 0; i < 3; i++)
            ou_xdecref(vm, v[i]);
        if (!row || ou_list_append_take(vm, list, row) < 0) {
            ou_decref(vm, list);
            return NULL;
        }
    }
    OuObj *iter = ou_iter(vm, list);
    ou_decref(vm, list);
    return iter;
}

static OuObj *code_repr(OuVM *vm, OuObj *o)
{
    OuCode *c = (OuCode *)o;
    return ou_str_fmt(vm, "<code object %U at %p, file \"%S\", line %d>", c->name, (void *)c, c->filename,
                      c->firstlineno);
}

/* Equality of constants is by type as well as value (0.0 and 0 and False differ). */
static int consts_equal(OuVM *vm, OuCode *a, OuCode *b)
{
    if (a->nconsts != b->nconsts)
        return 0;
    for (uint32_t i = 0; i < a->nconsts; i++) {
        OuObj *x = a->consts[i], *y = b->consts[i];
        if (ou_type_index(x) != ou_type_index(y))
            return 0;
        int r = ou_compare_bool(vm, x, y, OU_CMP_EQ);
        if (r <= 0)
            return r;
    }
    return 1;
}

static bool names_equal(OuObj **a, OuObj **b, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (a[i] != b[i] && !ou_str_eq(OU_STR(a[i]), OU_STR(b[i])))
            return false;
    return true;
}

/* As scripts see them: a line without an instruction counts for nothing. */
static int places_equal(OuVM *vm, OuCode *a, OuCode *b)
{
    if (a->nlocs == b->nlocs && memcmp(a->locs, b->locs, a->nlocs) == 0)
        return 1;
    OuObj *x = ou_code_linetable(vm, a), *y = x ? ou_code_linetable(vm, b) : NULL;
    int r = y ? OU_BYTES(x)->len == OU_BYTES(y)->len &&
                    memcmp(OU_BYTES(x)->data, OU_BYTES(y)->data, OU_BYTES(x)->len) == 0
              : -1;
    ou_xdecref(vm, x);
    ou_xdecref(vm, y);
    return r;
}

static OuObj *code_compare(OuVM *vm, OuObj *x, OuObj *y, int op)
{
    if ((op != OU_CMP_EQ && op != OU_CMP_NE) || !ou_is(x, code) || !ou_is(y, code))
        return ou_notimplemented(vm);
    OuCode *a = (OuCode *)x, *b = (OuCode *)y;
    int r = 1;
    if (a != b) {
        r = ou_str_eq(OU_STR(a->name), OU_STR(b->name)) && a->argcount == b->argcount &&
            a->posonlyargcount == b->posonlyargcount && a->kwonlyargcount == b->kwonlyargcount &&
            a->flags == b->flags && a->firstlineno == b->firstlineno && a->ncode == b->ncode &&
            a->nnames == b->nnames && a->nvars == b->nvars && a->nexc == b->nexc;
        r = r && names_equal(a->names, b->names, a->nnames) &&
            names_equal(a->var_names, b->var_names, a->nvars) &&
            memcmp(a->var_kinds, b->var_kinds, a->nvars) == 0 &&
            memcmp(a->exc, b->exc, a->nexc * sizeof *a->exc) == 0 && ou_code_same(a, b);
        if (r && (r = places_equal(vm, a, b)) > 0)
            r = consts_equal(vm, a, b);
        if (r < 0)
            return NULL;
    }
    return ou_bool(vm, r == (op == OU_CMP_EQ));
}

static int code_hash(OuVM *vm, OuObj *o, int64_t *out)
{
    OuCode *c = (OuCode *)o;
    int64_t h = ou_str_hash(vm, c->name);
    h ^= (int64_t)c->argcount << 1 ^ (int64_t)c->flags << 8 ^ (int64_t)c->firstlineno << 20 ^
         (int64_t)c->ncode << 40;
    *out = h == -1 ? -2 : h;
    return 0;
}

void ou_eval_flush_caches(OuVM *vm)
{
    for (OuCode *c = vm->codes; c; c = c->next)
        ou_code_flush_caches(c);
}

static const OuGetSet code_getset[] = {
    {"co_consts", get_consts, NULL, NULL},
    {"co_names", get_names, NULL, NULL},
    {"co_varnames", get_varnames, NULL, NULL, (void *)OU_REG_LOCAL},
    {"co_cellvars", get_varnames, NULL, NULL, (void *)OU_REG_CELL},
    {"co_freevars", get_varnames, NULL, NULL, (void *)OU_REG_FREE},
    {"co_code", get_code, NULL, NULL},
    {"_co_code_adaptive", get_code, NULL, NULL},
    {"co_linetable", get_linetable, NULL, NULL},
    {"co_lnotab", get_lnotab, NULL, NULL},
    {"co_exceptiontable", get_exceptiontable, NULL, NULL},
    {"co_nlocals", get_nlocals, NULL, NULL},
    {"co_stacksize", get_stacksize, NULL, NULL},
    {0},
};
static const OuMember code_members[] = {
    {"co_argcount", OU_MEMBER_UINT, offsetof(OuCode, argcount), true, NULL},
    {"co_posonlyargcount", OU_MEMBER_UINT, offsetof(OuCode, posonlyargcount), true, NULL},
    {"co_kwonlyargcount", OU_MEMBER_UINT, offsetof(OuCode, kwonlyargcount), true, NULL},
    {"co_flags", OU_MEMBER_UINT, offsetof(OuCode, flags), true, NULL},
    {"co_firstlineno", OU_MEMBER_INT, offsetof(OuCode, firstlineno), true, NULL},
    {"co_filename", OU_MEMBER_OBJ, offsetof(OuCode, filename), true, NULL},
    {"co_name", OU_MEMBER_OBJ, offsetof(OuCode, name), true, NULL},
    {"co_qualname", OU_MEMBER_OBJ, offsetof(OuCode, qualname), true, NULL},
    {0},
};
static const OuFn code_methods[] = {
    {"co_positions(self, /)", code_positions, 0, NULL},
    {"co_lines(self, /)", code_lines, 0, NULL},
    {"replace(self, /, *, co_argcount=-1, co_posonlyargcount=-1, co_kwonlyargcount=-1, co_nlocals=-1, "
     "co_stacksize=-1, co_flags=-1, "
     "co_firstlineno=-1, co_code=None, co_consts=None, co_names=None, co_varnames=None, co_freevars=None, "
     "co_cellvars=None, "
     "co_filename=None, co_name=None, co_qualname=None, co_linetable=None, co_exceptiontable=None)",
     ou_code_replace, 0, "Return a copy of the code object with new values for the specified fields."},
    {0},
};

const OuTypeSpec ou_code_spec = {
    .name = "code",
    .size = sizeof(OuCode),
    .flags = OU_TYPE_WEAK,
    .doc = "Create a code object.  Not for mere mortals.",
    .dealloc = code_dealloc,
    .s = {.repr = code_repr, .hash = code_hash, .compare = code_compare, .new_ = ou_code_new},
    .methods = code_methods,
    .getset = code_getset,
    .members = code_members,
};
