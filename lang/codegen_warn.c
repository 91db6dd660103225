/* lang/codegen_warn.c - SyntaxWarnings about code that cannot mean what it says. */
#include "codegen.h"

static const char *const_type(const OuConst *k)
{
    switch ((OuConstKind)k->kind) {
    case OU_K_NONE:
        return "NoneType";
    case OU_K_TRUE:
    case OU_K_FALSE:
        return "bool";
    case OU_K_ELLIPSIS:
        return "ellipsis";
    case OU_K_INT:
    case OU_K_BIGINT:
        return "int";
    case OU_K_FLOAT:
        return "float";
    case OU_K_COMPLEX:
        return "complex";
    case OU_K_STR:
        return "str";
    case OU_K_BYTES:
        return "bytes";
    case OU_K_TUPLE:
        return "tuple";
    case OU_K_FROZENSET:
        return "frozenset";
    default:
        return NULL;
    }
}

/* Type an expression is bound to have, or NULL. */
static const char *type_of(const OuNode *e)
{
    switch (e->kind) {
    case AST_Tuple:
        return "tuple";
    case AST_List:
    case AST_ListComp:
        return "list";
    case AST_Dict:
    case AST_DictComp:
        return "dict";
    case AST_Set:
    case AST_SetComp:
        return "set";
    case AST_GeneratorExp:
        return "generator";
    case AST_Lambda:
        return "function";
    case AST_JoinedStr:
    case AST_FormattedValue:
        return "str";
    case AST_Constant:
        return const_type(&AST(Constant, e)->value);
    default:
        return NULL;
    }
}

/* An operand of `is` that has no identity to speak of. */
static bool is_literal(const OuNode *e)
{
    if (e->kind != AST_Constant)
        return false;
    uint8_t k = AST(Constant, e)->value.kind;
    return k != OU_K_NONE && k != OU_K_TRUE && k != OU_K_FALSE && k != OU_K_ELLIPSIS;
}

void ou_gen_warn_compare(OuGen *g, OuAst_Compare *e)
{
    const OuNode *left = e->left;
    for (uint32_t i = 0; i < e->ops.n; i++) {
        const OuNode *right = e->comparators.at[i];
        int op = e->ops.at[i];
        if ((op == AST_Is || op == AST_IsNot) && (is_literal(left) || is_literal(right))) {
            ou_gen_warn(g, &e->node,
                        op == AST_Is ? "\"is\" with a literal. Did you mean \"==\"?"
                                     : "\"is not\" with a literal. Did you mean \"!=\"?");
            return;
        }
        left = right;
    }
}

void ou_gen_warn_call(OuGen *g, OuAst_Call *e)
{
    const char *type = e->func->kind == AST_Lambda ? NULL : type_of(e->func);
    if (type)
        ou_gen_warn(g, &e->node, "'%s' object is not callable; perhaps you missed a comma?", type);
}

void ou_gen_warn_subscript(OuGen *g, OuAst_Subscript *e)
{
    const OuNode *v = e->value;
    if (e->ctx != AST_Load)
        return;
    bool constant = v->kind == AST_Constant;
    uint8_t k = constant ? AST(Constant, v)->value.kind : 0;
    bool scalar = constant && (k == OU_K_NONE || k == OU_K_TRUE || k == OU_K_FALSE || k == OU_K_ELLIPSIS ||
                               k == OU_K_INT || k == OU_K_BIGINT || k == OU_K_FLOAT || k == OU_K_COMPLEX ||
                               k == OU_K_FROZENSET);
    if (scalar || v->kind == AST_Set || v->kind == AST_SetComp || v->kind == AST_GeneratorExp ||
        v->kind == AST_Lambda) {
        ou_gen_warn(g, &e->node, "'%s' object is not subscriptable; perhaps you missed a comma?", type_of(v));
        return;
    }
    bool sequence = v->kind == AST_Tuple || v->kind == AST_List || v->kind == AST_ListComp ||
                    v->kind == AST_JoinedStr || v->kind == AST_FormattedValue ||
                    (constant && (k == OU_K_STR || k == OU_K_BYTES || k == OU_K_TUPLE));
    const char *index = sequence ? type_of(e->slice) : NULL;
    if (!index)
        return;
    if (e->slice->kind == AST_Constant) {
        uint8_t i = AST(Constant, e->slice)->value.kind;
        if (i == OU_K_INT || i == OU_K_BIGINT || i == OU_K_TRUE || i == OU_K_FALSE)
            return;
    }
    ou_gen_warn(g, &e->node, "%s indices must be integers or slices, not %s; perhaps you missed a comma?",
                type_of(v), index);
}
