/* vm/astobj.h - the tree as objects: tables from lang/ast.def shared by vm/astobj.c (tree to objects), vm/astobj_in.c (objects to
 * tree) and stdlib/_ast.c (the module). */
#ifndef OU_VM_ASTOBJ_H
#define OU_VM_ASTOBJ_H

#include "lang/ast_build.h"
#include "compile.h"
#include "native.h"

/* field kinds, named after the macros of lang/ast.def */
typedef enum {
    OU_AF_ONE,
    OU_AF_OPT,
    OU_AF_SEQ,
    OU_AF_NAM,
    OU_AF_NAO,
    OU_AF_NAS,
    OU_AF_ENU,
    OU_AF_ENS,
    OU_AF_INT,
    OU_AF_INO,
    OU_AF_STO,
    OU_AF_STR,
    OU_AF_CON,
} OuAstFieldKind;
typedef struct OuAstField {
    OuAstFieldKind kind;
    const char *type; /* sum of ONE, OPT, SEQ, ENU, ENS; else NULL */
    const char *name;
    uint32_t offset;
} OuAstField;
typedef struct OuAstClass {
    const char *name, *sum;
    uint32_t size;
    bool is_enum, positioned, product; /* product: a sum with this single constructor, of the same name */
    const OuAstField *fields;          /* ended by a NULL name */
} OuAstClass;
/* The class of a kind, by value (AST_NULL: name NULL). */
OuAstClass ou_ast_class(unsigned kind);
typedef struct OuAstSum {
    const char *name;
    bool positioned;
} OuAstSum;
extern const OuAstSum ou_ast_sums[]; /* ended by a NULL name; products are not here */

/* State of module _ast: classes and enum singletons, made when it is first imported. */
typedef struct OuAstState {
    OuType *base;                   /* AST */
    OuObj *classes[AST_KIND_COUNT]; /* owned */
    OuObj *enums[AST_KIND_COUNT];   /* owned; instances of the enum classes */
    OuObj *sums[32];
} OuAstState;
extern const OuModuleDef ou_mod_ast;
/* The state, importing the module if need be; NULL with exception. */
OuAstState *ou_ast_state(OuVM *vm);
/* new object of tree; NULL with exception */
OuObj *ou_ast_to_object(OuVM *vm, OuAstState *st, const OuNode *n);
/* Tree in p's arena of object o, which must be of class `sum` (or a product); NULL with exception. */
OuNode *ou_ast_from_object(OuVM *vm, OuAstState *st, OuParse *p, OuObj *o, const char *sum);
/* Rejects trees that the parser could not have made (ValueError, as CPython's ast.c validator). 0/-1 */
int ou_ast_validate(OuVM *vm, OuParse *p, OuNode *tree);

#endif
