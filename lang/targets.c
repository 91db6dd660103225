/* lang/targets.c - an expression becomes a target: contexts Store and Del. */
#include "parser.h"

static int set_elements(const OuSeq *elts, OuTargetKind kind)
{
    for (uint32_t i = 0; i < elts->n; i++)
        if (elts->at[i] && ou_targets_set(elts->at[i], kind) < 0)
            return -1;
    return 0;
}

/* Recursion is bounded by the depth the constructors allow. */
int ou_targets_set(OuNode *x, OuTargetKind kind)
{
    uint16_t ctx = kind == OU_TARGET_DEL ? AST_Del : AST_Store;
    switch (x->kind) {
    case AST_Name:
        AST(Name, x)->ctx = ctx;
        return 0;
    case AST_Attribute:
        AST(Attribute, x)->ctx = ctx;
        return 0;
    case AST_Subscript:
        AST(Subscript, x)->ctx = ctx;
        return 0;
    case AST_Starred:
        if (kind != OU_TARGET_STAR || !AST(Starred, x)->value)
            return -1;
        AST(Starred, x)->ctx = ctx;
        return ou_targets_set(AST(Starred, x)->value, kind);
    case AST_Tuple:
        if (kind == OU_TARGET_SINGLE || x->flags & OU_NF_WITH_ITEMS)
            return -1;
        AST(Tuple, x)->ctx = ctx;
        return set_elements(&AST(Tuple, x)->elts, kind);
    case AST_List:
        if (kind == OU_TARGET_SINGLE)
            return -1;
        AST(List, x)->ctx = ctx;
        return set_elements(&AST(List, x)->elts, kind);
    default:
        return -1;
    }
}
