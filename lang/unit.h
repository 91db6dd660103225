/* lang/unit.h - what the compiler publishes: one code unit, plain data in an arena.
 *
 * vm/code.c makes a code object of it.  One row of positions belongs to each 64-bit unit of code, and
 * scripts see f_lasti = 2 * unit index (library code divides by 2). */
#ifndef OU_LANG_UNIT_H
#define OU_LANG_UNIT_H

#include "parse.h"

/* co_flags */
enum {
    OU_CO_OPTIMIZED = 0x1,
    OU_CO_NEWLOCALS = 0x2,
    OU_CO_VARARGS = 0x4,
    OU_CO_VARKEYWORDS = 0x8,
    OU_CO_NESTED = 0x10,
    OU_CO_GENERATOR = 0x20,
    OU_CO_COROUTINE = 0x80,
    OU_CO_ITERABLE_COROUTINE = 0x100,
    OU_CO_ASYNC_GENERATOR = 0x200,
    OU_CO_FUTURE_MASK = 0x1ff0000, /* __future__ flags as CPython numbers them */
    OU_CO_FUTURE_BARRY = 0x400000,
    OU_CO_FUTURE_ANNOTATIONS = 0x1000000,
};
enum {
    OU_REG_LOCAL = 1,
    OU_REG_CELL = 2,
    OU_REG_FREE = 4
}; /* LOCAL|CELL: a parameter or local that is a cell */

/* sorted by start; innermost first where they overlap is the compiler's job: disjoint ranges */
typedef struct OuExcEntry {
    uint32_t start, end; /* units, end exclusive */
    uint32_t target;
    uint32_t height; /* register index: temporaries from here up are released, the exception goes there */
} OuExcEntry;

typedef struct OuUnit {
    OuText *name, *qualname;
    uint32_t flags, argcount, posonlyargcount, kwonlyargcount; /* argcount includes positional-only */
    uint32_t nlocals;   /* co_nlocals: variables of kind OU_REG_LOCAL */
    uint32_t nvars;     /* named registers: locals, cell-only, free, in this order */
    uint32_t nregs;     /* all, temporaries included */
    OuText **var_names; /* nvars */
    uint8_t *var_kinds; /* nvars, OU_REG_* */
    int firstlineno;
    uint32_t ncode, nconsts, nnames, nexc, nlocs;
    uint64_t *code;
    OuConst *consts; /* K[0] is the docstring or None, as co_consts[0] of a function */
    OuText **names;
    OuExcEntry *exc;
    uint8_t *locs; /* packed positions, see ou_loc_* */
    /* distinct attributes stored on the first parameter: by a class body's functions, or by a function of one */
    uint32_t self_attrs;
    bool has_self_attrs;
} OuUnit;

typedef struct OuLoc {
    int lineno, end_lineno, col, end_col; /* -1: none (artificial instruction) */
} OuLoc;

/* Iterates packed positions: state zeroed by ou_loc_begin, each ou_loc_next gives `units` more units at `loc`.
 * A row of no units is a line to be visited on the way to the next row (see lang/loctab.c). */
typedef struct OuLocIter {
    const uint8_t *at, *end;
    int line;
    uint32_t unit; /* first unit of the row */
    uint32_t units;
    OuLoc loc;
} OuLocIter;
void ou_loc_begin(OuLocIter *it, const uint8_t *locs, uint32_t n, int firstlineno);
bool ou_loc_next(OuLocIter *it);
/* Position of one unit. */
OuLoc ou_loc_find(const uint8_t *locs, uint32_t n, int firstlineno, uint32_t unit);

typedef struct OuCompile {
    OuParse *parse;         /* arena, names, diag, warnings */
    int optimize;           /* 0, 1 (-O: no asserts, __debug__ False), 2 (-OO: no docstrings) */
    unsigned future;        /* inherited __future__ flags (OU_CO_FUTURE_*) ; out: with the unit's own */
    bool interactive_exprs; /* OU_PARSE_SINGLE: expression statements print */
    bool top_level_await;   /* PyCF_ALLOW_TOP_LEVEL_AWAIT */
} OuCompile;

/* Compiles a mod node to a unit (arena of c->parse), or NULL with c->parse->diag set. */
OuUnit *ou_compile(OuCompile *c, OuNode *mod);

/* aux bits of operand instructions (lang/opcodes.def) */
enum {
    OU_AUX_B_TAKE = 1,    /* operand B is a temporary: empty it */
    OU_AUX_C_TAKE = 2,    /* same for C */
    OU_AUX_B_CONST = 4,   /* operand B is K[B] */
    OU_AUX_C_CONST = 8,   /* operand C is K[C] */
    OU_AUX_INPLACE = 16,  /* arithmetic: `+=` form.  IS, CONTAINS: inverted (`is not`, `not in`) */
    OU_AUX_A_TAKE = 32,   /* instructions that read A (STORE_ATTR, SETITEM ...): A is a temporary */
    OU_AUX_DROP = 32,     /* arithmetic: an operand to be emptied is not in A (set by lang/assemble.c) */
    OU_AUX_CMP_SHIFT = 5, /* COMPARE, JCOMPARE: bits 5..7 are a set of LT=1, EQ=2, GT=4 (LE 3, NE 5, GE 6) */
};
enum { OU_UNPACK_VARS = 8 }; /* most items of UNPACK_VARS */
enum { OU_CMP_LT = 1, OU_CMP_EQ = 2, OU_CMP_LE = 3, OU_CMP_GT = 4, OU_CMP_NE = 5, OU_CMP_GE = 6 };

typedef enum {
#define OP(name, operands, ext) OU_OP_##name,
#include "opcodes.def"
#undef OP
    OU_OP_COUNT
} OuOp;

#define OU_INSTR_OP(w) ((unsigned)((w)&0xff))
#define OU_INSTR_AUX(w) ((unsigned)((w) >> 8 & 0xff))
#define OU_INSTR_A(w) ((unsigned)((w) >> 16 & 0xffff))
#define OU_INSTR_B(w) ((unsigned)((w) >> 32 & 0xffff))
#define OU_INSTR_C(w) ((unsigned)((w) >> 48))
#define OU_INSTR_BC(w) ((int32_t)((w) >> 32))
#define OU_INSTR(op, aux, a, b, c) \
    ((uint64_t)(op) | (uint64_t)(aux) << 8 | (uint64_t)(a) << 16 | (uint64_t)(b) << 32 | (uint64_t)(c) << 48)
#define OU_INSTR_J(op, aux, a, bc) \
    ((uint64_t)(op) | (uint64_t)(aux) << 8 | (uint64_t)(a) << 16 | (uint64_t)(uint32_t)(bc) << 32)

#endif
