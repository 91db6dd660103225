/* lang/codegen_name.c - reading, binding and deleting names. */
#include "codegen.h"

#include <string.h>

typedef enum { NAME_FAST, NAME_GLOBAL, NAME_DEREF, NAME_NAME } NameKind;

static NameKind kind_of(OuGen *g, OuText *mangled, OuSymbol **out)
{
    OuGenUnit *u = g->u;
    OuSymbol *sym = ou_scope_find(u->scope, mangled);
    bool function = u->scope->type == OU_BLOCK_FUNCTION;
    *out = sym;
    switch (sym ? (OuNameScope)sym->scope : OU_NAME_UNKNOWN) {
    case OU_NAME_FREE:
    case OU_NAME_CELL:
        return NAME_DEREF;
    case OU_NAME_LOCAL:
        return function ? NAME_FAST : NAME_NAME;
    case OU_NAME_GLOBAL_EXPLICIT:
        return NAME_GLOBAL;
    case OU_NAME_GLOBAL_IMPLICIT:
        return function ? NAME_GLOBAL : NAME_NAME;
    default:
        return NAME_NAME;
    }
}

OuReg ou_gen_local(OuGen *g, OuText *name)
{
    OuSymbol *sym;
    if (name->len == 9 && !strcmp(name->s, "__debug__")) /* no variable: ou_gen_store_name refuses it */
        return OU_R_NONE;
    if (kind_of(g, ou_gen_mangle(g, name), &sym) != NAME_FAST)
        return OU_R_NONE;
    return ou_gen_variable(g, sym);
}

void ou_gen_check(OuGen *g, OuReg local)
{
    ou_gen_emit(g, OU_OP_CHECK, 0, local, 0, 0);
}

bool ou_gen_forbidden(OuGen *g, OuText *name, bool del)
{
    if (strcmp(name->s, "__debug__"))
        return false;
    OuLoc at = g->u->loc;
    ou_diag_set_pass(&g->p->diag, g->p->arena, OU_DIAG_COMPILER, at.lineno, at.col, at.end_lineno, at.end_col,
                     del ? "cannot delete __debug__" : "cannot assign to __debug__");
    return true;
}

/* The cell of a name that the block itself uses.  In a class body `__class__` is the outer function's
 * variable, although the class has a cell of that name for its methods. */
static OuReg used_cell(OuGen *g, OuText *name, const OuSymbol *sym)
{
    OuGenUnit *u = g->u;
    if (u->kind == OU_UNIT_CLASS && sym && sym->scope == OU_NAME_FREE)
        for (uint32_t i = u->ncells; i < u->ncells + u->nfree; i++)
            if (u->cells[i] == name)
                return OU_R_CELL | i;
    return ou_gen_cell(g, name);
}

void ou_gen_load_name(OuGen *g, OuText *name, OuReg dst)
{
    OuSymbol *sym;
    name = ou_gen_mangle(g, name);
    switch (kind_of(g, name, &sym)) {
    case NAME_FAST: {
        OuReg local = ou_gen_variable(g, sym);
        ou_gen_check(g, local);
        if (local != dst)
            ou_gen_emit(g, OU_OP_MOVE, 0, dst, local, 0);
        break;
    }
    case NAME_DEREF:
        if (g->u->scope->type == OU_BLOCK_CLASS)
            ou_gen_emit(g, OU_OP_LOAD_CLASSDEREF, 0, dst, used_cell(g, name, sym),
                        ou_gen_name_index(g, name));
        else
            ou_gen_emit(g, OU_OP_LOAD_DEREF, 0, dst, used_cell(g, name, sym), 0);
        break;
    case NAME_GLOBAL:
        ou_gen_emit(g, OU_OP_LOAD_GLOBAL, 0, dst, ou_gen_name_index(g, name), 0);
        break;
    case NAME_NAME:
        ou_gen_emit(g, OU_OP_LOAD_NAME, 0, dst, ou_gen_name_index(g, name), 0);
        break;
    }
}

/* A constant put into a register of its own (never kept); any other operand as it is. */
static OuReg in_register(OuGen *g, OuReg value, unsigned *keep)
{
    if (!ou_reg_is_const(value))
        return value;
    OuReg t = ou_gen_push(g, 1);
    *keep = 0;
    ou_gen_loadk(g, t, value);
    return t;
}

void ou_gen_store_name(OuGen *g, OuText *name, OuReg value, unsigned keep)
{
    OuSymbol *sym;
    uint32_t top = g->u->top;
    name = ou_gen_mangle(g, name);
    if (ou_gen_forbidden(g, name, false))
        return;
    switch (kind_of(g, name, &sym)) {
    case NAME_FAST: {
        OuReg local = ou_gen_variable(g, sym);
        if (ou_reg_is_const(value))
            ou_gen_loadk(g, local, value);
        else if (ou_reg_is_temp(value) && !keep)
            ou_gen_emit(g, OU_OP_TAKE, 0, local, value, 0);
        else
            ou_gen_emit(g, OU_OP_MOVE, 0, local, value,
                        0); /* also x = x: stores and releases like any other */
        break;
    }
    case NAME_DEREF:
        value = in_register(g, value, &keep);
        ou_gen_emit(g, OU_OP_STORE_DEREF, keep ? OU_GEN_KEEP_B : 0, used_cell(g, name, sym), value, 0);
        break;
    case NAME_GLOBAL:
        value = in_register(g, value, &keep);
        ou_gen_emit(g, OU_OP_STORE_GLOBAL, keep, value, ou_gen_name_index(g, name), 0);
        break;
    case NAME_NAME:
        value = in_register(g, value, &keep);
        ou_gen_emit(g, OU_OP_STORE_NAME, keep, value, ou_gen_name_index(g, name), 0);
        break;
    }
    ou_gen_pop_to(g, top);
}

void ou_gen_delete_name(OuGen *g, OuText *name)
{
    OuSymbol *sym;
    name = ou_gen_mangle(g, name);
    if (ou_gen_forbidden(g, name, true))
        return;
    switch (kind_of(g, name, &sym)) {
    case NAME_FAST:
        ou_gen_emit(g, OU_OP_DELETE_LOCAL, 0, ou_gen_variable(g, sym), 0, 0);
        break;
    case NAME_DEREF:
        ou_gen_emit(g, OU_OP_DELETE_DEREF, 0, used_cell(g, name, sym), 0, 0);
        break;
    case NAME_GLOBAL:
        ou_gen_emit(g, OU_OP_DELETE_GLOBAL, 0, 0, ou_gen_name_index(g, name), 0);
        break;
    case NAME_NAME:
        ou_gen_emit(g, OU_OP_DELETE_NAME, 0, 0, ou_gen_name_index(g, name), 0);
        break;
    }
}
