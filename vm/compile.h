/* vm/compile.h - the steps of compile(), for callers that need the tree (`_ast`, the REPL). */
#ifndef OU_VM_COMPILE_H
#define OU_VM_COMPILE_H

#include "func.h"

/* flags of compile() besides OU_PARSE_* and OU_CO_FUTURE_* */
enum {
    OU_COMPILE_ONLY_AST = 0x400,
    OU_COMPILE_TOP_LEVEL_AWAIT = 0x2000,
    OU_COMPILE_SCRIPT = 0x40000000, /* bytes of the file `filename`: for messages of undecodable source */
};

typedef struct OuParsed {
    OuArena arena;
    OuParse parse;
    OuNode *tree;
    OuUtf8 name;
} OuParsed;
/* Lowers max_depth where this thread's C stack is small. */
void ou_parse_fit_stack(OuVM *vm, OuParse *p);
/* Parses; 0, or -1 with the exception set.  ou_parsed_free is due in both cases. */
int ou_parse_source(OuVM *vm, OuParsed *ps, const char *src, size_t n, OuObj *filename, int mode,
                    unsigned flags);
void ou_parsed_free(OuVM *vm, OuParsed *ps);
/* Code object of a tree in p's arena: new. */
OuObj *ou_compile_tree(OuVM *vm, OuParse *p, OuNode *tree, OuObj *filename, int mode, unsigned flags,
                       int optimize);

/* The file name argument of compile() as a str (new): str, bytes, os.PathLike; other bytes-like objects with a warning. */
OuObj *ou_compile_filename(OuVM *vm, OuObj *o);
/* Raises what p->diag says. */
void ou_compile_raise(OuVM *vm, OuParse *p, OuObj *filename);
/* Issues p's warnings; -1 when one became an exception. */
int ou_compile_warnings(OuVM *vm, OuParse *p, OuObj *filename);

/* ---- the tree as objects (vm/astobj.c) ---- */
/* Compiles an `ast.AST` object (or returns it converted for PyCF_ONLY_AST); NULL without exception: o is not one. */
OuObj *ou_ast_compile(OuVM *vm, OuObj *o, OuObj *filename, int mode, unsigned flags, int optimize);
/* Source to an `ast.AST` object; minor >= 0: SyntaxError for what Python 3.minor did not know. */
OuObj *ou_ast_parse(OuVM *vm, const char *src, size_t n, OuObj *filename, int mode, unsigned flags,
                    int minor);
/* That test of a tree: 0/-1 (vm/ast_version.c). */
int ou_ast_check_version(OuVM *vm, OuParse *p, OuNode *tree, int minor, OuObj *filename);

#endif
