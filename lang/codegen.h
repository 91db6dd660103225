/* lang/codegen.h - inside of the code generator; seen by lang/codegen*.c, flow.c, assemble.c only.
 *
 * Theory.  Each unit is first a list of OuIns with symbolic registers, labels and handlers; flow.c tidies
 * the list and proves names bound; assemble.c makes the published OuUnit of it.
 *
 * Registers are tagged numbers until assembly: variables by their symbol, cells, temporaries, constants.
 * Temporaries are a stack: `u->top` is the first free one.  The convention of every expression function:
 *   - ou_gen_expr_to(g, e, dst) leaves the value in dst, which is a plain local or temporary `top` (not yet
 *     counted in `top`), and leaves `top` as it was;
 *   - ou_gen_operand pushes a temporary only where the value cannot be read in place; the caller notes `top`
 *     before and sets it back when the instruction that consumes the operands has been emitted.
 *
 * Reading in place: a plain local is an operand as it stands only if nothing that can run code or rebind it
 * is evaluated between its place in the text and the instruction, that is, if every operand after it is
 * quiet (ou_gen_is_quiet).  Otherwise it is copied first (`x + f()` adds the old x, whatever f rebinds).
 *
 * Errors are sticky: the first fills p->diag, everything after it is harmless and is thrown away. */
#ifndef OU_LANG_CODEGEN_H
#define OU_LANG_CODEGEN_H

#include "opcode.h"
#include "scope.h"

typedef uint32_t OuReg;
#define OU_R_CELL 0x10000000u  /* | number of the cell-only or free variable */
#define OU_R_TEMP 0x20000000u  /* | height */
#define OU_R_CONST 0x40000000u /* | constant index */
#define OU_NARROW_CONSTS \
    60000u /* constants from here on are loaded by 32-bit forms; code objects there come first */
#define OU_R_NONE 0xffffffffu
#define OU_R_INDEX 0x0fffffffu
static inline bool ou_reg_is_temp(OuReg r)
{
    return (r & 0x70000000u) == OU_R_TEMP;
}
static inline bool ou_reg_is_const(OuReg r)
{
    return (r & 0x70000000u) == OU_R_CONST;
}
static inline bool ou_reg_is_local(OuReg r)
{
    return !(r & 0xf0000000u);
}

/* beside the aux bits: this operand is not emptied although it is a temporary */
enum {
    OU_GEN_KEEP_A = 0x100,
    OU_GEN_KEEP_B = 0x200,
    OU_GEN_KEEP_C = 0x400,
};

typedef uint32_t OuLabel; /* 0: none */

typedef struct OuIns {
    uint8_t op, aux;
    bool dead;        /* dropped by flow.c */
    bool mark;        /* NOP that takes no unit: its line is visited here (ou_gen_mark) */
    OuReg a, b, c;    /* registers or immediates, as the opcode's row says; b: also a 32-bit index */
    uint32_t ext;     /* first of its following units, low half (CALL_KW) */
    OuLabel label;    /* target of a jump */
    uint32_t handler; /* index of unit's handlers; 0: none */
    OuLoc loc;
} OuIns;

typedef struct OuHandler {
    OuLabel label;
    uint32_t height; /* temporary */
} OuHandler;

typedef enum {
    OU_FB_WHILE,
    OU_FB_FOR,         /* reg: iterator */
    OU_FB_ASYNC_FOR,   /* reg: iterator */
    OU_FB_TRY,         /* body of try with handlers */
    OU_FB_FINALLY_TRY, /* body whose `finalbody` is still to run */
    OU_FB_FINALLY_END, /* inside the exceptional copy of a finally body; reg: handled before, reg + 1:
                          exception */
    OU_FB_WITH,        /* reg: bound __exit__ */
    OU_FB_ASYNC_WITH,
    OU_FB_HANDLER,      /* except body; reg: handled before; name: variable to unbind */
    OU_FB_EXCEPT,       /* between handlers (counts as a block only) */
    OU_FB_STAR_HANDLER, /* except* body */
    OU_FB_VALUE,        /* reg: a value held over a finally body */
} OuBlockKind;

typedef struct OuBlock {
    OuBlockKind kind;
    OuLabel brk, cont;
    uint32_t outer_handler; /* in force around the block */
    OuReg reg;
    OuNode *node; /* With: for positions */
    OuSeq finalbody;
    OuText *name;
} OuBlock;
#define OU_MAX_BLOCKS 20

typedef enum {
    OU_UNIT_MODULE,
    OU_UNIT_CLASS,
    OU_UNIT_FUNCTION,
    OU_UNIT_ASYNC,
    OU_UNIT_LAMBDA,
    OU_UNIT_COMP
} OuUnitKind;

typedef struct OuGenUnit {
    struct OuGenUnit *outer;
    OuScope *scope;
    OuUnitKind kind;
    OuText *name, *qualname;
    OuText *cls; /* class whose name mangles */
    uint32_t flags, argcount, posonly, kwonly;
    int firstlineno;
    OuIns *ins;
    uint32_t nins, capins;
    uint32_t *labels; /* label -> index in ins, or UINT32_MAX */
    uint32_t nlabels, caplabels;
    OuHandler *handlers; /* [0] unused */
    uint32_t nhandlers, caphandlers;
    OuConst *consts;
    uint32_t nconsts, capconsts, *const_slots, nconst_slots;
    OuText **names;
    uint32_t nnames, capnames;
    OuKeyMap name_index;
    OuText **locals; /* in order of first use, parameters first */
    uint32_t nlocals, caplocals;
    OuText **cells; /* cell-only, then free, each sorted */
    uint32_t ncells, nfree;
    uint32_t top, max_top;
    uint32_t handler;
    OuBlock blocks[OU_MAX_BLOCKS + 1];
    uint32_t nblocks;
    OuLoc loc;
    OuKeyMap self_attrs; /* class: names its functions store on their first parameter */
} OuGenUnit;

typedef struct OuGen {
    OuCompile *c;
    OuParse *p;
    OuScopes scopes;
    OuGenUnit *u;
    int interactive;
    unsigned future;
    int future_line;    /* of the last leading `from __future__`, or -1 */
    uint32_t unentered; /* calls of ou_gen_enter that found no memory and are still to be left */
    OuText *empty;      /* "" */
    OuIns scratch;      /* what emitters write to after a failure */
} OuGen;

static inline bool ou_gen_failed(const OuGen *g)
{
    return g->p->diag.kind != OU_DIAG_NONE;
}

/* ---- codegen.c: units, instructions, tables ---- */
void ou_gen_error(OuGen *g, const OuNode *at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* The same at the current place. */
void ou_gen_error_here(OuGen *g, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Out of memory, sticky like a syntax error. */
void ou_gen_no_memory(OuGen *g);
/* SyntaxWarning at a node. */
void ou_gen_warn(OuGen *g, const OuNode *at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
OuText *ou_gen_text(OuGen *g, const char *s); /* interned; "" on failure */
/* name as the class around says it: __x becomes _Class__x (or name itself). */
OuText *ou_gen_mangle(OuGen *g, OuText *name);
/* Room for an item n of the array `old` of *cap items of `item` bytes: the array, moved perhaps; NULL without memory. */
void *ou_gen_grow(OuGen *g, void *old, uint32_t n, uint32_t *cap, size_t item);

/* Begins a unit inside the current one; ou_gen_leave must follow, after a failure too. */
void ou_gen_enter(OuGen *g, OuText *name, OuUnitKind kind, OuNode *node, int firstlineno);
/* Assembles the current unit and goes back to the outer one.  NULL on failure (sticky). */
OuUnit *ou_gen_leave(OuGen *g);
/* COPY_FREE_VARS, MAKE_CELL, RETURN_GENERATOR, RESUME: start of every unit. */
void ou_gen_prologue(OuGen *g);

/* An instruction at the current place: borrowed, valid until the next one.  After a failure it is a scratch one, never NULL. */
OuIns *ou_gen_emit(OuGen *g, OuOp op, unsigned aux, OuReg a, OuReg b, OuReg c);
/* The same with a label to go to. */
OuIns *ou_gen_jump(OuGen *g, OuOp op, unsigned aux, OuReg a, OuReg b, OuReg c, OuLabel to);
void ou_gen_goto(OuGen *g, OuLabel to);
/* A label, to be placed once; jumps may come before. */
OuLabel ou_gen_label(OuGen *g);
void ou_gen_place(OuGen *g, OuLabel l);
/* Number of a new exception handler at l, for OuGenUnit.handler; the registers from height on are emptied on the way. */
uint32_t ou_gen_handler(OuGen *g, OuLabel l, OuReg height);
OuIns *ou_gen_line(OuGen *g); /* NOP that keeps the current line alive for tracing */
/* n is read or stored in place, by an instruction at the current place: if that is on another line, CPython
 * visits n's line for it.  Costs an entry of the position table, no instruction. */
void ou_gen_mark(OuGen *g, const OuNode *n);
static inline OuReg ou_gen_top(const OuGen *g)
{
    return OU_R_TEMP | g->u->top;
}
OuReg ou_gen_push(OuGen *g, uint32_t n); /* reserves n temporaries; the first */
static inline void ou_gen_pop_to(OuGen *g, uint32_t top)
{
    g->u->top = top;
}
static inline void ou_gen_at(OuGen *g, const OuNode *n)
{
    g->u->loc = (OuLoc){n->lineno, n->end_lineno, n->col, n->end_col};
}
static inline void ou_gen_at_none(OuGen *g)
{
    g->u->loc = (OuLoc){-1, -1, -1, -1};
}

OuReg ou_gen_const(OuGen *g, const OuConst *k); /* any index */
OuReg ou_gen_const_kind(OuGen *g, OuConstKind kind);
OuReg ou_gen_const_text(OuGen *g, OuText *t);
OuReg ou_gen_const_int(OuGen *g, int64_t i);
OuReg ou_gen_const_names(OuGen *g, OuText **names, uint32_t n); /* tuple of strings */
void ou_gen_loadk(OuGen *g, OuReg dst, OuReg k);
uint32_t ou_gen_name_index(OuGen *g, OuText *name); /* mangled by the caller */
/* Register of a plain local or of a parameter that is a cell: the symbol's index until assembly.  Numbers are
 * given in the order of emission, which is CPython's co_varnames. */
static inline OuReg ou_gen_variable(const OuGen *g, const OuSymbol *sym)
{
    return (OuReg)(sym - g->u->scope->syms);
}
OuReg ou_gen_cell(OuGen *g, OuText *name); /* register of a cell or free variable */

/* ---- codegen_name.c ---- */
/* Register of a plain local that `name` (unmangled) is here, or OU_R_NONE. */
OuReg ou_gen_local(OuGen *g, OuText *name);
void ou_gen_load_name(OuGen *g, OuText *name, OuReg dst);
void ou_gen_check(OuGen *g, OuReg local);
void ou_gen_store_name(OuGen *g, OuText *name, OuReg value,
                       unsigned keep); /* value: any operand; keep: OU_GEN_KEEP_A */
void ou_gen_delete_name(OuGen *g, OuText *name);
bool ou_gen_forbidden(OuGen *g, OuText *name, bool del); /* `__debug__`: error set */

/* ---- codegen_expr.c ---- */
/* Evaluating e runs no code and rebinds nothing: a constant, any name in a function, a slice of such. */
bool ou_gen_is_quiet(OuGen *g, const OuNode *e);
void ou_gen_expr_to(OuGen *g, OuNode *e, OuReg dst);
OuReg ou_gen_expr_push(OuGen *g, OuNode *e); /* into a new temporary */
OuReg ou_gen_operand(OuGen *g, OuNode *e, bool place);
/* As ou_gen_operand, but never a constant. */
OuReg ou_gen_register(OuGen *g, OuNode *e, bool place);
void ou_gen_effect(OuGen *g, OuNode *e); /* evaluates, throws away */
unsigned ou_gen_binop(int op, unsigned *aux);
void ou_gen_at_attr(OuGen *g, OuNode *attr);
OuReg ou_gen_index(OuGen *g, OuNode *slice);
void ou_gen_await(OuGen *g, OuReg dst, int kind);        /* awaits R[top] (an object, counted in no top) */
void ou_gen_yield_loop(OuGen *g, OuReg dst, int resume); /* sends to the iterator in R[top] until done */

/* ---- codegen_display.c ---- */
void ou_gen_sequence(OuGen *g, OuNode *e, OuSeq elts, OuOp build, OuReg dst);
void ou_gen_dict(OuGen *g, OuAst_Dict *d, OuReg dst);
void ou_gen_joined(OuGen *g, OuSeq values, OuReg dst);
void ou_gen_formatted(OuGen *g, OuAst_FormattedValue *f, OuReg dst);

/* ---- codegen_cond.c ---- */
void ou_gen_jump_if(OuGen *g, OuNode *e, OuLabel to, bool cond);
void ou_gen_compare(OuGen *g, OuAst_Compare *e, OuReg dst);
void ou_gen_boolop(OuGen *g, OuAst_BoolOp *e, OuReg dst);
void ou_gen_ifexp(OuGen *g, OuAst_IfExp *e, OuReg dst);

/* ---- codegen_call.c ---- */
void ou_gen_call(OuGen *g, OuNode *call, OuReg dst);
/* Calls R[base] (callable in place, R[base + 1] reserved; top is base + 2 + pushed) with pushed arguments and
 * these. */
void ou_gen_call_args(OuGen *g, OuReg base, uint32_t pushed, OuSeq args, OuSeq keywords, OuReg dst);

/* ---- codegen_comp.c ---- */
void ou_gen_comp(OuGen *g, OuNode *e, OuReg dst);

/* ---- codegen_assign.c ---- */
/* Stores a value (any operand; a temporary is emptied unless keep) into a target. */
void ou_gen_store(OuGen *g, OuNode *target, OuReg value, unsigned keep);
void ou_gen_assign(OuGen *g, OuAst_Assign *s);
void ou_gen_aug_assign(OuGen *g, OuAst_AugAssign *s);
void ou_gen_ann_assign(OuGen *g, OuAst_AnnAssign *s);
void ou_gen_delete(OuGen *g, OuNode *target);
void ou_gen_setup_annotations(OuGen *g, OuSeq body); /* SETUP_ANNOTATIONS where a body annotates names */
void ou_gen_annotation(OuGen *g, OuNode *annotation, OuReg dst); /* value, or text under the future import */

/* ---- codegen_stmt.c ---- */
void ou_gen_body(OuGen *g, OuSeq body);

/* ---- codegen_loop.c ---- */
bool ou_gen_push_block(OuGen *g, OuBlock b, const OuNode *at);
void ou_gen_pop_block(OuGen *g);
void ou_gen_for(OuGen *g, OuAst_For *s);
void ou_gen_async_for(OuGen *g, OuAst_AsyncFor *s);
/* Awaits R[iter + 1] (what GET_ANEXT gave) and stores the item; `handler` is in force from then on. */
void ou_gen_next_async(OuGen *g, OuNode *target, OuReg iter, uint32_t handler);
void ou_gen_while(OuGen *g, OuAst_While *s);
void ou_gen_break(OuGen *g, OuNode *s);
void ou_gen_continue(OuGen *g, OuNode *s);
void ou_gen_return(OuGen *g, OuAst_Return *s);

/* ---- codegen_try.c ---- */
void ou_gen_try(OuGen *g, OuAst_Try *s);
void ou_gen_try_star(OuGen *g, OuAst_TryStar *s);
/* The end of every handler: handled := R[h]; re-raise R[h + 1]. */
void ou_gen_reraise(OuGen *g, OuReg h);

/* name := None, del name: end of `except E as name`. */
void ou_gen_unbind(OuGen *g, OuText *name);

/* ---- codegen_with.c ---- */
void ou_gen_with(OuGen *g, OuAst_With *s);
void ou_gen_async_with(OuGen *g, OuAst_AsyncWith *s);
void ou_gen_exit_call(OuGen *g, OuReg exit, bool async); /* exit(None, None, None), result dropped */

/* ---- codegen_def.c ---- */
void ou_gen_function(OuGen *g, OuNode *s);
void ou_gen_lambda(OuGen *g, OuAst_Lambda *e, OuReg dst);
void ou_gen_class(OuGen *g, OuAst_ClassDef *s);
/* Function object of a finished unit; `filled` (aux bits 1, 2, 4) parts stand at R[base...), top behind them.
 */
void ou_gen_make_function(OuGen *g, OuUnit *unit, OuScope *inner, OuReg base, unsigned filled, OuReg dst);
uint32_t ou_gen_flags(OuGen *g);      /* co_flags that follow from the current scope */
OuText *ou_gen_docstring(OuSeq body); /* or NULL */

/* ---- codegen_import.c ---- */
void ou_gen_import(OuGen *g, OuAst_Import *s);
void ou_gen_import_from(OuGen *g, OuAst_ImportFrom *s);

/* ---- codegen_match.c ---- */
void ou_gen_match(OuGen *g, OuAst_Match *s);

/* ---- codegen_warn.c: SyntaxWarnings about code that cannot mean what it says ---- */
void ou_gen_warn_compare(OuGen *g, OuAst_Compare *e);
void ou_gen_warn_call(OuGen *g, OuAst_Call *e);
void ou_gen_warn_subscript(OuGen *g, OuAst_Subscript *e);

/* ---- future.c ---- */

/* ---- fold.c ---- */
int ou_fold_tree(OuParse *p, OuNode *mod, int optimize, unsigned future);

/* ---- unparse.c ---- */
/* Source text of an expression as CPython's unparser writes it; NULL when out of memory. */
OuText *ou_unparse_expr(OuParse *p, OuNode *e);

/* ---- flow.c, assemble.c ---- */
void ou_flow_run(OuGen *g);
OuUnit *ou_assemble_unit(OuGen *g);

#endif
