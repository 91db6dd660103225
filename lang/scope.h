/* lang/scope.h - which name means what: symbol tables of a tree.
 *
 * A first walk (scope.c) records what each block does with each name, in CPython's order, so that its
 * messages come out at the same place; a second (scope_resolve.c) decides local, global, free or cell.
 * The flags carry CPython's numbers, which `_symtable` publishes. */
#ifndef OU_LANG_SCOPE_H
#define OU_LANG_SCOPE_H

#include "unit.h"
#include "keymap.h"

/* OuSymbol.flags */
enum {
    OU_SYM_GLOBAL = 1, /* `global` statement */
    OU_SYM_LOCAL = 2,  /* bound here */
    OU_SYM_PARAM = 4,
    OU_SYM_NONLOCAL = 8, /* `nonlocal` statement */
    OU_SYM_USE = 16,
    OU_SYM_FREE = 32,
    OU_SYM_FREE_CLASS = 64, /* free in a class body that also binds it */
    OU_SYM_IMPORT = 128,
    OU_SYM_ANNOT = 256,
    OU_SYM_COMP_ITER = 512, /* comprehension iteration variable */
    OU_SYM_BOUND = OU_SYM_LOCAL | OU_SYM_PARAM | OU_SYM_IMPORT,
};

/* what a name turned out to be; `_symtable` numbers */
typedef enum {
    OU_NAME_UNKNOWN,
    OU_NAME_LOCAL = 1,
    OU_NAME_GLOBAL_EXPLICIT = 2,
    OU_NAME_GLOBAL_IMPLICIT = 3,
    OU_NAME_FREE = 4,
    OU_NAME_CELL = 5,
} OuNameScope;

typedef enum { OU_BLOCK_FUNCTION, OU_BLOCK_CLASS, OU_BLOCK_MODULE, OU_BLOCK_ANNOTATION } OuBlockType;
typedef enum { OU_COMP_NONE, OU_COMP_LIST, OU_COMP_DICT, OU_COMP_SET, OU_COMP_GENEXP } OuCompType;

typedef struct OuSymbol {
    OuText *name; /* mangled */
    uint32_t flags;
    uint8_t scope; /* OuNameScope */
    int32_t reg;   /* codegen's: variable number in the unit being made, or -1 */
} OuSymbol;

typedef struct OuDirective { /* `global`, `nonlocal`: place for later messages */
    struct OuDirective *next;
    OuText *name;
    OuNode *at;
} OuDirective;

typedef struct OuScope {
    struct OuScope *parent;
    struct OuScope **children; /* in order of opening */
    uint32_t nchildren, capchildren;
    OuNode *node;
    OuText *name;
    OuBlockType type;
    OuCompType comp;
    OuSymbol *syms; /* in order of first mention */
    uint32_t nsyms, capsyms;
    OuKeyMap index;  /* name -> syms */
    OuText **params; /* in order of definition, `.0` included */
    uint32_t nparams, capparams;
    OuDirective *directives;
    bool nested, has_free, has_child_free;
    bool generator, coroutine, comprehension_async, returns_value;
    bool varargs, varkeywords, needs_class_closure;
    bool in_comp_target; /* walk: inside the target of a `for` clause */
    int comp_iter_depth; /* walk: inside iterables of comprehensions */
    int lineno, col, end_lineno, end_col;
} OuScope;

typedef struct OuScopes {
    OuParse *p;
    unsigned future;
    OuScope *module;
    OuScope **all; /* every scope */
    uint32_t n, cap;
    OuKeyMap of_node; /* node -> all */
} OuScopes;

/* Builds the tables for a mod node in p's arena.  0, or -1 with p->diag set. */
int ou_scope_build(OuScopes *s, OuParse *p, OuNode *mod, unsigned future);
/* Second half of ou_scope_build: decides every symbol's scope. */
int ou_scope_resolve(OuScopes *s);
/* Scope opened by a Module, FunctionDef, Lambda, ClassDef, comprehension ... node; NULL if there is none. */
OuScope *ou_scope_of(const OuScopes *s, const OuNode *node);
/* Symbol of a (mangled) name, or NULL. */
OuSymbol *ou_scope_find(const OuScope *scope, const OuText *name);
/* Adds `flags` to the symbol of a mangled name, making it.  NULL when out of memory. */
OuSymbol *ou_scope_add(OuScopes *s, OuScope *scope, OuText *name, uint32_t flags);
/* `__x` inside class `cls` (may be NULL) is `_cls__x`.  Interned; NULL when out of memory. */
OuText *ou_scope_mangle(OuParse *p, const OuText *cls, OuText *name);
/* Fails with a SyntaxError at node (NULL: without place).  -1. */
int ou_scope_error(OuParse *p, const OuNode *at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Scans the leading `from __future__` statements; *flags is added to, *last_line is the last one's or -1. */
int ou_future_scan(OuParse *p, OuNode *mod, unsigned *flags, int *last_line);

#endif
