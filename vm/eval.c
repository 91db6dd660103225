/* vm/eval.c - the evaluation loop: one label per row of lang/opcodes.def.  Groups of instructions are in the headers
 * eval_name.h, _attr, _arith, _iter, _call, _gen and _exc, which stand in the body of the loop; bodies too long for it are in
 * the .c files of these names and eval_ops.c.
 *
 * Theory.  The machine has registers, not a stack; see lang/opcodes.def for the instruction word and vm/frame.h for
 * frames.  Ownership inside the loop:
 *   - a register owns what it holds; an operand read in place is borrowed from its register;
 *   - an instruction that leaves its inline fast path *owns* its operands first (OWN/DISOWN), because Python code
 *     may then run and rebind the register; this also gives CPython's reference counts inside called code;
 *   - a temporary is emptied by the instruction that consumes it, before the result is stored;
 *   - an arithmetic result reuses the box of its destination (or of a dying operand) when that box has count 1 and no flag
 *     set: one 64-bit compare of the header.  id() sets OU_F_ADDR, which makes the compare fail.
 * f->pc is saved (SAVE) before anything that may raise, run Python code or be traced; `error:` relies on it.
 *
 * Python-to-Python calls push an OuFrame and go on in the same C function.
 */
#include "eval_ops.h"

#include <math.h>
#include <string.h>
#include "exceptions.h"
#include "native.h"
#include "type.h"
#include "instance.h"
#include "eval_str.h"
#include "trace.h"
#include "gen.h"
#include "table.h"

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

/* the whole header of an int/float box nobody else holds */
#define HEAD(o) (*(uint64_t *)(o))
#define HEAD_INT1 OU_HEADER_RC1(OU_T_int)
#define HEAD_FLOAT1 OU_HEADER_RC1(OU_T_float)

/* The fields of the instruction before pc, read where they lie: one movzx each, where a word kept in a register costs a
 * move, a shift and a mask a field.  Valid until pc moves. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "operands are read in place");
typedef uint16_t __attribute__((may_alias)) OuHalf;
typedef int32_t __attribute__((may_alias)) OuWord;
#define OPCODE (((const uint8_t *)pc)[-8])
#define AUX_BYTE (((const uint8_t *)pc)[-7])
#define A ((unsigned)((const OuHalf *)pc)[-3])
#define B ((unsigned)((const OuHalf *)pc)[-2])
#define C ((unsigned)((const OuHalf *)pc)[-1])
#define BC (((const OuWord *)pc)[-1])
#define AUX(bit) (AUX_BYTE & (bit))
#ifdef OU_NO_COMPUTED_GOTO
#define DISPATCH() goto dispatch
#define TARGET(name) case OU_OP_##name
#else
#define DISPATCH()                                 \
    do {                                           \
        pc++;                                      \
        goto *dispatch[((const uint8_t *)pc)[-8]]; \
    } while (0)
#define TARGET(name) L_##name
#endif
#define SAVE() (f->pc = pc)
/* releases o; a finalizer that looks at the frame finds the place saved */
#define DECREF(o)               \
    do {                        \
        OuObj *q_ = (o);        \
        if (--q_->rc == 0) {    \
            SAVE();             \
            ou_dealloc(vm, q_); \
        }                       \
    } while (0)
#define NEXT() DISPATCH()
#define NEXT_SKIP(n) \
    do {             \
        pc += (n);   \
        DISPATCH();  \
    } while (0)

#define OPERAND_B() (AUX(OU_AUX_B_CONST) ? K[B] : R[B])
#define OPERAND_C() (AUX(OU_AUX_C_CONST) ? K[C] : R[C])
/* own operand o of a register unless the register is a temporary that the instruction empties anyway */
#define OWN_B(o)                 \
    do {                         \
        if (!AUX(OU_AUX_B_TAKE)) \
            ou_incref(o);        \
    } while (0)
#define OWN_C(o)                 \
    do {                         \
        if (!AUX(OU_AUX_C_TAKE)) \
            ou_incref(o);        \
    } while (0)
#define DISOWN_B(o)             \
    do {                        \
        if (AUX(OU_AUX_B_TAKE)) \
            R[B] = NULL;        \
        DECREF(o);              \
    } while (0)
#define DISOWN_C(o)             \
    do {                        \
        if (AUX(OU_AUX_C_TAKE)) \
            R[C] = NULL;        \
        DECREF(o);              \
    } while (0)
/* empties a consumed temporary after a fast path that only borrowed */
#define DROP_B()                \
    do {                        \
        if (AUX(OU_AUX_B_TAKE)) \
            EMPTY(B);           \
    } while (0)
#define DROP_C()                \
    do {                        \
        if (AUX(OU_AUX_C_TAKE)) \
            EMPTY(C);           \
    } while (0)
#define EMPTY(reg)          \
    do {                    \
        OuObj *e_ = R[reg]; \
        R[reg] = NULL;      \
        DECREF(e_);         \
    } while (0)
/* store a new reference, then release what the register held */
#define SET(reg, value)                 \
    do {                                \
        OuObj *new_ = (OuObj *)(value); \
        OuObj *old_ = R[reg];           \
        R[reg] = new_;                  \
        if (old_)                       \
            DECREF(old_);               \
    } while (0)

/* int v into A: cached object, reused box, or a new box. */
#define PUT_INT(value)                                                 \
    do {                                                               \
        int64_t v_ = (value);                                          \
        OuObj *d_ = R[A];                                              \
        if ((uint64_t)v_ - (uint64_t)OU_SMALL_MIN < OU_SMALL_COUNT) {  \
            OuObj *s_ = (OuObj *)&vm->small_ints[v_ - OU_SMALL_MIN];   \
            s_->rc++;                                                  \
            R[A] = s_;                                                 \
            if (d_)                                                    \
                DECREF(d_);                                            \
        } else if (d_ && HEAD(d_) == HEAD_INT1) {                      \
            ((OuInt *)d_)->v = v_;                                     \
        } else {                                                       \
            SAVE();                                                    \
            OuObj *b_ = ou_new_leaf_fast(vm, OU_T_int, sizeof(OuInt)); \
            if (UNLIKELY(!b_))                                         \
                goto error;                                            \
            ((OuInt *)b_)->v = v_;                                     \
            R[A] = b_;                                                 \
            if (d_)                                                    \
                DECREF(d_);                                            \
        }                                                              \
    } while (0)
/* empties consumed operands that are not the destination (whose box was reused or replaced) */
#define DROP_OPERANDS()                   \
    do {                                  \
        if (AUX(OU_AUX_B_TAKE) && B != A) \
            EMPTY(B);                     \
        if (AUX(OU_AUX_C_TAKE) && C != A) \
            EMPTY(C);                     \
    } while (0)
/* A := the result of a call that only reads operand l of register B, and may run Python code */
#define UNARY_SLOW(call)     \
    do {                     \
        SAVE();              \
        OWN_B(l);            \
        OuObj *res = (call); \
        DISOWN_B(l);         \
        if (UNLIKELY(!res))  \
            goto error;      \
        SET(A, res);         \
        NEXT();              \
    } while (0)
/* polls signals, collections, budgets, other threads */
#define POLL()                        \
    do {                              \
        if (UNLIKELY(vm->breaker)) {  \
            SAVE();                   \
            if (ou_poll_slow(vm) < 0) \
                goto error;           \
            CHOOSE_DISPATCH();        \
        }                             \
    } while (0)
#ifdef OU_NO_COMPUTED_GOTO
#define CHOOSE_DISPATCH() ((void)0)
#else
#define CHOOSE_DISPATCH()                                                                                  \
    do {                                                                                                   \
        if (dispatch == labels || !ou_trace_on(ts))                                                        \
            ou_clear(vm, c_callee); /* what was called or ended while profiling was off is not reported */ \
        dispatch = ou_trace_on(ts) ? traced : labels;                                                      \
    } while (0)
#endif
/* An exception of the poll belongs to the jump itself: its line, its handlers. */
#define JUMP(offset)           \
    do {                       \
        int32_t j_ = (offset); \
        if (j_ < 0)            \
            POLL();            \
        pc += j_;              \
    } while (0)

static inline OuObj *ou_new_leaf_fast(OuVM *vm, uint32_t type, size_t size)
{
    OuObj *o = ou_heap_alloc_leaf(&vm->heap, type, size);
    return LIKELY(o) ? o : ou_raise_memory(vm);
}

/* The set bit of the comparison of a and b: LT, EQ or GT; 0 when unordered. */
#define ORDER(a, b) ((a) < (b) ? OU_CMP_LT : (a) == (b) ? OU_CMP_EQ : (a) > (b) ? OU_CMP_GT : 0)
/* NaN is unequal to everything: `!=` holds though no order bit is set */
#define FLOAT_HOLDS(a, b, set) ((ORDER(a, b) & (set)) != 0 || ((set) == OU_CMP_NE && (a) != (b)))

static inline __attribute__((always_inline)) OuFrame *fill_frame(OuThread *ts, OuFrame *nf, OuFrame *f,
                                                                 OuFunc *fn, OuCode *co, OuObj **regs,
                                                                 OuObj **limit, unsigned flags)
{
    ts->frame_top = nf + 1;
    ts->recursion_left--;
    nf->prev = f;
    nf->func = fn;
    nf->code = co;
    nf->regs = regs;
    nf->top = regs + co->nregs;
    nf->limit = limit;
    nf->locals = NULL;
    nf->obj = NULL;
    nf->flags = (uint8_t)flags;
    return nf;
}

/* What a failed native call was given: released callee first as after one that succeeded, before a tracer or a handler hears of the
 * exception. */
static __attribute__((noinline, cold)) void drop_call(OuVM *vm, OuObj **base, size_t n)
{
    OuObj *raised = ou_err_fetch(vm);
    for (size_t i = 0; i < n; i++)
        if (base[i])
            ou_clear(vm, base[i]);
    ou_err_restore(vm, raised);
}

/* push_frame where something is not as usual. */
static __attribute__((noinline)) OuFrame *push_frame_slow(OuVM *vm, OuFrame *f, OuFunc *fn, OuObj **args,
                                                          size_t npos, OuObj *kwnames, unsigned flags)
{
    OuThread *ts = vm->ts;
    OuCode *co = fn->code;
    OuObj **regs = args, **limit = f->limit;
    if (args + co->nregs > limit) {
        bool chunked = false;
        size_t n = npos + (kwnames ? OU_TUPLE(kwnames)->n : 0);
        regs = ou_stack_reserve(vm, f->top, co->nregs > n ? co->nregs : n, &chunked);
        if (!regs)
            return NULL;
        memcpy(regs, args, n * sizeof *regs);
        memset(args, 0, n * sizeof *args);
        flags |= chunked ? OU_FR_CHUNK : 0;
        limit = ts->chunk->end;
    }
    if ((npos != co->argcount || !co->simple_args || kwnames) &&
        ou_bind_args(vm, fn, regs, npos, kwnames) < 0)
        goto failed;
    OuFrame *nf = ts->frame_top;
    if (ts->recursion_left <= 0) {
        ts->recursion_left--;
        ou_recursion_error(vm);
        goto undo;
    }
    if (nf == ts->frame_end && !(nf = ou_frame_push_slow(vm)))
        goto undo;
    return fill_frame(ts, nf, f, fn, co, regs, limit, flags);
undo:
    for (size_t i = 0; i < co->nvars; i++)
        if (regs[i])
            ou_clear(vm, regs[i]);
failed:
    if (flags & OU_FR_CHUNK)
        ou_stack_pop_chunk(vm);
    return NULL;
}

/* A frame on top of f for a call of fn: npos positional arguments lie at args, the values of kwnames behind them; all are
 * taken.  The registers begin at args where the stack chunk has room: then nothing is copied.  The caller sets dest, base
 * and skip.  NULL: error, the arguments are released. */
static inline __attribute__((always_inline)) OuFrame *
push_frame(OuVM *vm, OuFrame *f, OuFunc *fn, OuObj **args, size_t npos, OuObj *kwnames, unsigned flags)
{
    OuThread *ts = vm->ts;
    OuCode *co = fn->code;
    OuFrame *nf = ts->frame_top;
    if (LIKELY(args + co->nregs <= f->limit && npos == co->argcount && co->simple_args && !kwnames &&
               nf != ts->frame_end && ts->recursion_left > 0))
        return fill_frame(ts, nf, f, fn, co, args, f->limit, flags);
    return push_frame_slow(vm, f, fn, args, npos, kwnames, flags);
}

/* Goes on in frame nf; its result goes to register `to` of f, the run of registers at `first` - 1 is emptied, and f skips
 * `units` then. */
#define ENTER(nf, to, first, units)     \
    do {                                \
        (nf)->dest = (to);              \
        (nf)->base = (uint16_t)(first); \
        (nf)->skip = (units);           \
        f = ts->frame = (nf);           \
        R = f->regs;                    \
        K = f->code->consts;            \
        pc = f->code->code;             \
        NEXT();                         \
    } while (0)

/* Goes on in generator g, which is not running, nor ended: its yield expression has the value `sent` (borrowed), what it
 * yields goes to register `to` of f, which skips `units` then; register `iter` of f holds g. */
#define ENTER_GENERATOR(g, to, units, iter, sent)                        \
    do {                                                                 \
        OuObj *sent_ = (sent);                                           \
        OuFrame *nf_ = &(g)->frame;                                      \
        nf_->prev = f;                                                   \
        nf_->top = f->top;                                               \
        nf_->dest = (to);                                                \
        nf_->flags = OU_FR_GEN;                                          \
        nf_->skip = (units);                                             \
        nf_->base = (uint16_t)((iter) + 1);                              \
        (g)->exc.prev = ts->handled;                                     \
        ts->handled = &(g)->exc;                                         \
        f = ts->frame = nf_;                                             \
        R = f->regs;                                                     \
        K = f->code->consts;                                             \
        pc = f->pc;                                                      \
        bool begun_ = (g)->state == OU_GEN_SUSPENDED;                    \
        (g)->state = OU_GEN_RUNNING;                                     \
        if (begun_)                                                      \
            SET(A, ou_ref(sent_)); /* A of the YIELD it stands behind */ \
        NEXT();                                                          \
    } while (0)

static OuObj *eval(OuVM *vm, OuFrame *f, bool throwing)
{
    OuThread *ts = vm->ts;
    OuObj **R = f->regs;
    OuObj **K = f->code->consts;
    uint64_t *pc = f->pc;
    OuObj *result;
    OuObj *c_callee = NULL; /* profiling: the native function being called */
    int64_t int_result;     /* for store_int, store_float */
    double float_result;

#ifndef OU_NO_COMPUTED_GOTO
    static const void *const traced[256] = {[0 ... 255] = &&trace};
    static const void *const labels[256] = {
        [OU_OP_COUNT... 255] = &&L_bad,
#define OP(name, operands, ext) [OU_OP_##name] = &&L_##name,
#define OPS(name, base, operands, ext) [OU_OP_##name] = &&L_##name,
#include "lang/opcodes.def"
#undef OP
#undef OPS
    };
    const void *const *dispatch = ou_trace_on(ts) ? traced : labels;
    if (UNLIKELY(throwing)) {
        if (dispatch == traced && ou_trace_call(vm, f) < 0)
            goto unwind;
        goto error;
    }
    NEXT();
#else
    if (UNLIKELY(throwing))
        goto error;
dispatch:
    pc++;
    switch (OPCODE) {
#endif

    /* ---- moves and constants ---- */
    TARGET(NOP) : NEXT();
    TARGET(RESUME) :
    {
        if (UNLIKELY(vm->breaker)) {
            SAVE();
            if (ou_poll_slow(vm) < 0)
                goto error;
#ifndef OU_NO_COMPUTED_GOTO
            if (dispatch == labels && ou_trace_on(ts)) {
                ou_clear(vm, c_callee);
                dispatch = traced;
                if (ou_trace_call(vm, f) < 0) {
                    ou_traceback_here(vm, f);
                    goto unwind;
                }
            }
#endif
        }
        NEXT();
    }
    TARGET(MOVE) :
    {
        OuObj *o = R[B];
        ou_incref(o);
        SET(A, o);
        NEXT();
    }
    TARGET(TAKE) :
    {
        OuObj *o = R[B];
        R[B] = NULL;
        SET(A, o);
        NEXT();
    }
    TARGET(LOADK) :
    {
        OuObj *o = K[BC];
        ou_incref(o);
        SET(A, o);
        NEXT();
    }
    TARGET(CLEAR) :
    {
        OuObj *o = R[A];
        if (o) {
            SAVE();
            R[A] = NULL;
            ou_decref(vm, o);
        }
        NEXT();
    }
    TARGET(CHECK) : if (UNLIKELY(!R[A]))
    {
        SAVE();
        ou_op_unbound(vm, f, A);
        goto error;
    }
    NEXT();
    TARGET(DELETE_LOCAL) : SAVE();
    if (UNLIKELY(!R[A])) {
        ou_op_unbound(vm, f, A);
        goto error;
    }
    EMPTY(A);
    NEXT();

    /* ---- names ---- */
#include "eval_name.h"

    /* ---- attributes ---- */
#include "eval_attr.h"

    /* ---- items ---- */
    TARGET(GETITEM) :
    {
        OuObj *o = OPERAND_B(), *key = OPERAND_C(), *res;
        uint32_t t = ou_type_index(o);
        if (key->tf == OU_T_int) {
            int64_t i = OU_INT_V(key);
            OuObj **items;
            size_t n;
            if (t == OU_T_list) {
                items = OU_LIST(o)->items;
                n = OU_LIST(o)->n;
            } else if (t == OU_T_tuple) {
                items = OU_TUPLE(o)->items;
                n = OU_TUPLE(o)->n;
            } else if (t == OU_T_str && OU_STR(o)->kind == 1) {
                n = OU_STR(o)->len;
                i += i < 0 ? (int64_t)n : 0;
                if (LIKELY((uint64_t)i < n)) {
                    res = ou_ref((OuObj *)&vm->latin1[(unsigned char)OU_STR(o)->data[i]]);
                    goto getitem_done;
                }
                goto getitem_slow;
            } else {
                goto getitem_slow;
            }
            if (UNLIKELY(i < 0))
                i += (int64_t)n;
            if (LIKELY((uint64_t)i < n)) {
                res = ou_ref(items[i]);
                goto getitem_done;
            }
        } else if (t == OU_T_dict && ou_is(key, str)) {
            res = ou_dict_get_str(vm, (OuDict *)o, key);
            if (LIKELY(res != NULL)) {
                ou_incref(res);
                goto getitem_done;
            }
        }
    getitem_slow:
        SAVE();
        OWN_B(o);
        OWN_C(key);
        res = ou_getitem(vm, o, key);
        DISOWN_B(o);
        DISOWN_C(key);
        if (UNLIKELY(!res))
            goto error;
        SET(A, res);
        NEXT();
    getitem_done:
        if (AUX(OU_AUX_B_TAKE | OU_AUX_C_TAKE)) {
            SAVE();
            DROP_B();
            DROP_C();
        }
        SET(A, res);
        NEXT();
    }
    TARGET(SETITEM) :
    {
        OuObj *o = R[A], *key = OPERAND_B(), *value = OPERAND_C();
        SAVE();
        if (ou_is(o, list) && key->tf == OU_T_int) {
            OuList *l = (OuList *)o;
            int64_t i = OU_INT_V(key);
            i += i < 0 ? (int64_t)l->n : 0;
            if (LIKELY((uint64_t)i < l->n)) {
                OuObj *old = l->items[i];
                if (AUX(OU_AUX_C_TAKE))
                    R[C] = NULL;
                else
                    ou_incref(value);
                l->items[i] = value;
                ou_decref(vm, old);
                if (AUX(OU_AUX_A_TAKE))
                    EMPTY(A);
                DROP_B();
                NEXT();
            }
        }
        OWN_B(key);
        OWN_C(value);
        if (!AUX(OU_AUX_A_TAKE))
            ou_incref(o);
        int r = ou_is(o, dict) ? ou_dict_set(vm, o, key, value) : ou_setitem(vm, o, key, value);
        DISOWN_C(value);
        if (AUX(OU_AUX_A_TAKE))
            R[A] = NULL;
        ou_decref(vm, o);
        DISOWN_B(key);
        if (UNLIKELY(r < 0))
            goto error;
        NEXT();
    }
    TARGET(DELITEM) :
    {
        OuObj *o = OPERAND_B(), *key = OPERAND_C();
        SAVE();
        OWN_B(o);
        OWN_C(key);
        int r = ou_delitem(vm, o, key);
        DISOWN_B(o);
        DISOWN_C(key);
        if (UNLIKELY(r < 0))
            goto error;
        NEXT();
    }
    TARGET(BUILD_SLICE) :
    {
        SAVE();
        OuObj *s = ou_slice_new(vm, R[B], R[B + 1], C == 3 ? R[B + 2] : NULL);
        if (UNLIKELY(!s))
            goto error;
        for (unsigned i = 0; i < C; i++)
            EMPTY(B + i);
        SET(A, s);
        NEXT();
    }

    /* ---- arithmetic ---- */
#include "eval_arith.h"
    TARGET(NOT) :
    {
        OuObj *l = OPERAND_B();
        SAVE();
        OWN_B(l);
        int t = ou_is(l, bool) ? l == OU_TRUE(vm) : ou_is_true(vm, l);
        DISOWN_B(l);
        if (UNLIKELY(t < 0))
            goto error;
        SET(A, ou_bool(vm, !t));
        NEXT();
    }
    TARGET(COMPARE) :
    {
        OuObj *l = OPERAND_B(), *r = OPERAND_C();
        unsigned set = AUX_BYTE >> OU_AUX_CMP_SHIFT;
        bool holds;
        if (BOTH(int))
            holds = (ORDER(OU_INT_V(l), OU_INT_V(r)) & set) != 0;
        else if (BOTH(float))
            holds = FLOAT_HOLDS(OU_FLOAT_V(l), OU_FLOAT_V(r), set);
        else {
            SAVE();
            OWN_B(l);
            OWN_C(r);
            OuObj *res = ou_compare(vm, l, r, (int)set);
            DISOWN_B(l);
            DISOWN_C(r);
            if (UNLIKELY(!res))
                goto error;
            SET(A, res);
            NEXT();
        }
        DROP_B();
        DROP_C();
        SET(A, ou_bool(vm, holds));
        NEXT();
    }
    TARGET(IS) :
    {
        bool holds = (OPERAND_B() == OPERAND_C()) != (AUX(OU_AUX_INPLACE) != 0);
        SAVE();
        DROP_B();
        DROP_C();
        SET(A, ou_bool(vm, holds));
        NEXT();
    }
    TARGET(CONTAINS) :
    {
        OuObj *l = OPERAND_B(), *r = OPERAND_C();
        SAVE();
        OWN_B(l);
        OWN_C(r);
        int t = ou_contains(vm, r, l);
        DISOWN_B(l);
        DISOWN_C(r);
        if (UNLIKELY(t < 0))
            goto error;
        SET(A, ou_bool(vm, t != (AUX(OU_AUX_INPLACE) != 0)));
        NEXT();
    }

    /* ---- jumps ---- */
    TARGET(JUMP) : TARGET(JUMP_BACK) : JUMP(BC);
    NEXT();
/* truth of R[A] into t; consumes it when it is a temporary */
#define TRUTH(t)                                    \
    OuObj *o = R[A];                                \
    int t;                                          \
    if (o == OU_TRUE(vm))                           \
        t = 1;                                      \
    else if (o == OU_FALSE(vm) || o == OU_NONE(vm)) \
        t = 0;                                      \
    else {                                          \
        SAVE();                                     \
        if (!AUX(OU_AUX_A_TAKE))                    \
            ou_incref(o);                           \
        t = ou_is_true(vm, o);                      \
        if (!AUX(OU_AUX_A_TAKE))                    \
            ou_decref(vm, o);                       \
        if (UNLIKELY(t < 0))                        \
            goto error;                             \
    }                                               \
    if (AUX(OU_AUX_A_TAKE)) {                       \
        SAVE();                                     \
        EMPTY(A);                                   \
    }
    TARGET(JUMP_IF_FALSE) :
    {
        TRUTH(t);
        if (!t)
            JUMP(BC);
        NEXT();
    }
    TARGET(JUMP_IF_TRUE) :
    {
        TRUTH(t);
        if (t)
            JUMP(BC);
        NEXT();
    }
    TARGET(JUMP_IF_FALSE_OR_POP) :
    {
        SAVE();
        int t = ou_is_true(vm, R[A]);
        if (UNLIKELY(t < 0))
            goto error;
        if (!t)
            JUMP(BC);
        else
            EMPTY(A);
        NEXT();
    }
    TARGET(JUMP_IF_TRUE_OR_POP) :
    {
        SAVE();
        int t = ou_is_true(vm, R[A]);
        if (UNLIKELY(t < 0))
            goto error;
        if (t)
            JUMP(BC);
        else
            EMPTY(A);
        NEXT();
    }
    TARGET(JCOMPARE) :
    {
        OuObj *l = OPERAND_B(), *r = OPERAND_C();
        unsigned set = AUX_BYTE >> OU_AUX_CMP_SHIFT;
        bool holds;
        if (BOTH(int)) {
            holds = (ORDER(OU_INT_V(l), OU_INT_V(r)) & set) != 0;
        } else if (BOTH(float)) {
            holds = FLOAT_HOLDS(OU_FLOAT_V(l), OU_FLOAT_V(r), set);
        } else if (ou_is(l, str) && ou_is(r, str) && (set == OU_CMP_EQ || set == OU_CMP_NE)) {
            holds = (l == r || ou_str_eq((OuStr *)l, (OuStr *)r)) == (set == OU_CMP_EQ);
        } else {
            SAVE();
            OWN_B(l);
            OWN_C(r);
            OuObj *res = ou_compare(vm, l, r, (int)set);
            DISOWN_B(l);
            DISOWN_C(r);
            if (UNLIKELY(!res))
                goto error;
            int t = ou_is_true(vm, res);
            ou_decref(vm, res);
            if (UNLIKELY(t < 0))
                goto error;
            holds = t;
            goto jcompare_done;
        }
        DROP_B();
        DROP_C();
    jcompare_done:
        if (holds == (A != 0)) {
            int32_t j = (int32_t)pc[0];
            pc++;
            JUMP(j);
            NEXT();
        }
        NEXT_SKIP(1);
    }
    TARGET(JIS) :
    {
        bool holds = OPERAND_B() == OPERAND_C();
        SAVE();
        DROP_B();
        DROP_C();
        if (holds == (A != 0)) {
            int32_t j = (int32_t)pc[0];
            pc++;
            JUMP(j);
            NEXT();
        }
        NEXT_SKIP(1);
    }
    TARGET(JCONTAINS) :
    {
        OuObj *l = OPERAND_B(), *r = OPERAND_C();
        SAVE();
        OWN_B(l);
        OWN_C(r);
        int t = ou_contains(vm, r, l);
        DISOWN_B(l);
        DISOWN_C(r);
        if (UNLIKELY(t < 0))
            goto error;
        if ((t != 0) == (A != 0)) {
            int32_t j = (int32_t)pc[0];
            pc++;
            JUMP(j);
            NEXT();
        }
        NEXT_SKIP(1);
    }

    /* ---- iteration ---- */
#include "eval_iter.h"

    /* ---- displays ---- */
    TARGET(BUILD_TUPLE) :
    {
        SAVE();
        OuObj *t = ou_tuple_of_take(vm, &R[B], C);
        if (UNLIKELY(!t))
            goto error;
        SET(A, t);
        NEXT();
    }
    TARGET(BUILD_LIST) :
    {
        SAVE();
        OuObj *l = ou_list_of_take(vm, &R[B], C);
        if (UNLIKELY(!l))
            goto error;
        SET(A, l);
        NEXT();
    }
    TARGET(BUILD_SET) :
    {
        SAVE();
        OuObj *s = ou_op_build_set(vm, &R[B], C);
        if (UNLIKELY(!s))
            goto error;
        SET(A, s);
        NEXT();
    }
    TARGET(BUILD_MAP) :
    {
        SAVE();
        OuObj *d = ou_op_build_map(vm, &R[B], C);
        if (UNLIKELY(!d))
            goto error;
        SET(A, d);
        NEXT();
    }
    TARGET(BUILD_STRING) :
    {
        SAVE();
        OuObj *s = ou_str_join(vm, OU_EMPTY_STR(vm), &R[B], C);
        if (UNLIKELY(!s))
            goto error;
        for (unsigned i = 0; i < C; i++)
            EMPTY(B + i);
        SET(A, s);
        NEXT();
    }
    TARGET(LIST_APPEND) :
    {
        OuObj *l = OPERAND_B();
        OuList *list = (OuList *)R[A];
        SAVE();
        if (AUX(OU_AUX_B_TAKE))
            R[B] = NULL;
        else
            ou_incref(l);
        if (LIKELY(list->n < list->cap))
            list->items[list->n++] = l;
        else if (UNLIKELY(ou_list_append_take(vm, (OuObj *)list, l) < 0))
            goto error;
        NEXT();
    }
    TARGET(SET_ADD) :
    {
        OuObj *l = OPERAND_B();
        SAVE();
        if (UNLIKELY(ou_set_add(vm, R[A], l) < 0))
            goto error;
        DROP_B();
        NEXT();
    }
    TARGET(MAP_ADD) : SAVE();
    if (UNLIKELY(ou_dict_set(vm, R[A], OPERAND_B(), OPERAND_C()) < 0))
        goto error;
    DROP_B();
    DROP_C();
    NEXT();
    TARGET(LIST_EXTEND) :
    {
        OuObj *l = OPERAND_B();
        SAVE();
        OWN_B(l);
        int r = ou_op_list_extend(vm, R[A], l);
        DISOWN_B(l);
        if (UNLIKELY(r < 0))
            goto error;
        NEXT();
    }
    TARGET(SET_UPDATE) :
    {
        OuObj *l = OPERAND_B();
        SAVE();
        OWN_B(l);
        int r = ou_set_update(vm, R[A], l);
        DISOWN_B(l);
        if (UNLIKELY(r < 0))
            goto error;
        NEXT();
    }
    TARGET(DICT_UPDATE) :
    {
        OuObj *l = OPERAND_B();
        SAVE();
        OWN_B(l);
        int r = ou_op_dict_update(vm, R[A], l);
        DISOWN_B(l);
        if (UNLIKELY(r < 0))
            goto error;
        NEXT();
    }
    TARGET(DICT_MERGE) :
    {
        OuObj *l = OPERAND_B();
        SAVE();
        OWN_B(l);
        int r = ou_op_dict_merge(vm, R[A], l, R[C]);
        DISOWN_B(l);
        if (UNLIKELY(r < 0))
            goto error;
        NEXT();
    }
    TARGET(LIST_TO_TUPLE) :
    {
        SAVE();
        OuObj *t = ou_list_to_tuple(vm, R[B]);
        if (UNLIKELY(!t))
            goto error;
        DROP_B();
        SET(A, t);
        NEXT();
    }
    TARGET(FORMAT) :
    {
        OuObj *l = OPERAND_B(), *spec = AUX(OU_AUX_INPLACE) ? OPERAND_C() : NULL;
        SAVE();
        OWN_B(l);
        OuObj *res = ou_op_format(vm, l, spec, AUX_BYTE >> OU_AUX_CMP_SHIFT);
        DISOWN_B(l);
        if (UNLIKELY(!res))
            goto error;
        if (spec)
            DROP_C();
        SET(A, res);
        NEXT();
    }

    /* ---- calls ---- */
#include "eval_call.h"

    TARGET(MAKE_FUNCTION) :
    {
        SAVE();
        OuObj *fn = ou_op_make_function(vm, f, K[C], &R[B], AUX_BYTE);
        if (UNLIKELY(!fn))
            goto error;
        SET(A, fn);
        NEXT();
    }
    TARGET(LOAD_BUILD_CLASS) :
    {
        SAVE();
        OuObj *o = ou_getitem(vm, f->func->builtins, OU_NAME(vm, __build_class__));
        if (UNLIKELY(!o)) {
            if (ou_err_is(vm, OU_EXC(vm, KeyError))) {
                ou_err_clear(vm);
                ou_raise(vm, OU_EXC(vm, NameError), "__build_class__ not found");
            }
            goto error;
        }
        SET(A, o);
        NEXT();
    }
    TARGET(LOAD_ASSERTION_ERROR) : SET(A, ou_ref((OuObj *)OU_EXC(vm, AssertionError)));
    NEXT();

    /* ---- generators, coroutines ---- */
#include "eval_gen.h"

    /* ---- with, exceptions ---- */
#include "eval_exc.h"

    /* ---- the rest ---- */
    TARGET(IMPORT_NAME) :
    {
        SAVE();
        OuObj *m = ou_op_import_name(vm, f, f->code->names[C], R[B + 1], R[B]);
        if (UNLIKELY(!m))
            goto error;
        EMPTY(B);
        EMPTY(B + 1);
        SET(A, m);
        NEXT();
    }
    TARGET(IMPORT_FROM) :
    {
        SAVE();
        OuObj *o = ou_op_import_from(vm, R[B], f->code->names[C]);
        if (UNLIKELY(!o))
            goto error;
        SET(A, o);
        NEXT();
    }
    TARGET(IMPORT_STAR) : SAVE();
    if (ou_op_import_star(vm, f, R[B]) < 0)
        goto error;
    DROP_B();
    NEXT();
    TARGET(PRINT_EXPR) : SAVE();
    if (ou_op_print_expr(vm, R[B]) < 0)
        goto error;
    DROP_B();
    NEXT();
    TARGET(SETUP_ANNOTATIONS) : SAVE();
    if (ou_op_setup_annotations(vm, f) < 0)
        goto error;
    NEXT();
    TARGET(GET_LEN) :
    {
        SAVE();
        ou_ssize n = ou_len(vm, R[B]);
        if (n < 0)
            goto error;
        OuObj *o = ou_int(vm, n);
        if (!o)
            goto error;
        SET(A, o);
        NEXT();
    }
    TARGET(MATCH_SEQUENCE) : SET(A, ou_bool(vm, ou_has_flag(vm, R[B], OU_TYPE_SEQUENCE)));
    NEXT();
    TARGET(MATCH_MAPPING) : SET(A, ou_bool(vm, ou_has_flag(vm, R[B], OU_TYPE_MAPPING)));
    NEXT();
    TARGET(MATCH_KEYS) :
    {
        SAVE();
        OuObj *o = ou_op_match_keys(vm, R[B], R[C]);
        if (UNLIKELY(!o))
            goto error;
        SET(A, o);
        NEXT();
    }
    TARGET(MATCH_CLASS) :
    {
        SAVE();
        OuObj *o = ou_op_match_class(vm, R[B], R[B + 1], R[B + 2], C);
        if (UNLIKELY(!o))
            goto error;
        EMPTY(B + 1);
        EMPTY(B + 2);
        SET(A, o);
        NEXT();
    }
    TARGET(COPY_DICT_WITHOUT) :
    {
        SAVE();
        OuObj *o = ou_op_copy_dict_without(vm, R[B], R[C]);
        if (UNLIKELY(!o))
            goto error;
        SET(A, o);
        NEXT();
    }

#ifdef OU_NO_COMPUTED_GOTO
default:
    goto L_bad;
}
#endif
L_bad : SAVE();
ou_raise(vm, OU_EXC(vm, SystemError), "unknown opcode %d", OPCODE);
goto error;

store_int : /* arithmetic result whose box is not the destination's: a dying operand's or a new one */
            STORE_BOX(OuInt, OU_T_int, HEAD_INT1, int_result);
store_float : STORE_BOX(OuFloat, OU_T_float, HEAD_FLOAT1, float_result);
drop_operands : DROP_OPERANDS();
NEXT();

#ifndef OU_NO_COMPUTED_GOTO
/* ---- settrace, setprofile: every instruction comes here first ---------------- */
trace:
{
    int prev = OU_FRAME_LASTI(f);
    SAVE();
    if (!ou_trace_on(ts)) {
        ou_clear(vm, c_callee); /* nobody hears of its return: it switched profiling off */
        dispatch = labels;
        goto *labels[OPCODE];
    }
    if (c_callee) {
        OuObj *o = c_callee;
        c_callee = NULL;
        if (ou_trace_c_done(vm, f, o) < 0)
            goto error;
    }
    if (ou_trace_step(vm, f, prev, &c_callee) < 0) {
        if (OPCODE == OU_OP_RESUME) {
            ou_traceback_here(vm, f); /* no handler of f runs */
            goto unwind;
        }
        goto error;
    }
    pc = f->pc; /* f_lineno may have been set */
    switch (OPCODE) {
    case OU_OP_RETURN:
        if (ou_trace_return(vm, f, R[A]) < 0)
            goto unwind;
        break;
    case OU_OP_RETURNK:
        if (ou_trace_return(vm, f, K[BC]) < 0)
            goto unwind;
        break;
    case OU_OP_YIELD:
        if (ou_trace_return(vm, f, R[B]) < 0)
            goto unwind;
        break;
    default:
        break;
    }
    goto *labels[OPCODE];
}
#endif

/* ---- leaving a frame ------------------------------------------------------ */
frame_return : /* `result` is the value; locals are released in slot order, then the caller goes on */
               if (UNLIKELY(f->flags & OU_FR_GEN)) f->gen->state =
    OU_GEN_CLOSED; /* before the locals go: their finalizers find it exhausted */
if (UNLIKELY(f->obj != NULL || f->locals != NULL)) {
    ou_frame_leave(vm, f);
} else {
    OuObj **end = R + f->code->nvars;
    for (OuObj **r = R; r < end; r++) {
        OuObj *o = *r;
        if (o) {
            *r = NULL;
            DECREF(o);
        }
    }
    if (UNLIKELY(f->obj != NULL)) /* the death of a local asked for the frame */
        ou_frame_leave(vm, f);
}
if (UNLIKELY(f->flags & OU_FR_GEN)) {
    OuGen *g = f->gen;
    ts->handled = g->exc.prev;
    ts->recursion_left++;
    OuFrame *caller = f->prev;
    f->prev = NULL;
    ts->frame = caller;
    ou_clear(vm, g->func);
    if (f->flags & OU_FR_ENTRY)
        return result;
    /* exhausted inside FOR_ITER, which drops the value, or SEND, which keeps it; the iterator is emptied, jump */
    unsigned base = f->base - 1u, dest = f->dest;
    int skip = f->skip;
    f = caller;
    R = f->regs;
    K = f->code->consts;
    pc = f->pc;
    bool send = OPCODE == OU_OP_SEND;
    if (UNLIKELY(ts->tracefunc != NULL) &&
        (result != OU_NONE(vm) || (send && (ou_is(g, coroutine) || R[dest] != OU_NONE(vm))))) {
        ou_gen_raise_stop(vm, g, ou_ref(result)); /* a trace function sees StopIteration with a value */
        ou_trace_exception(vm, f);
        if (!ou_err_is(vm, OU_EXC(vm, StopIteration))) {
            ou_decref(vm, result);
            goto error;
        }
        ou_err_clear(vm);
    }
    if (send)
        SET(dest, result);
    else
        ou_decref(vm, result);
    EMPTY(base);
    pc += skip + (int32_t)pc[0];
    NEXT();
}
frame_return_moved: /* registers are empty already */
{
    unsigned flags = f->flags, dest = f->dest, skip = f->skip, base = f->base;
    OuObj *self = NULL;
    if (UNLIKELY(flags & (OU_FR_INIT | OU_FR_CHUNK))) {
        if (flags & OU_FR_CHUNK)
            ou_stack_pop_chunk(vm);
        if (flags & OU_FR_INIT) {
            self = f->self_result;
            if (UNLIKELY(result != OU_NONE(vm))) {
                ou_type_error(vm, "__init__() should return None, not '%T'", result);
                ou_decref(vm, self);
                self = NULL;
            }
            ou_decref(vm, result);
            result = self;
        }
    }
    OuFrame *caller = f->prev;
    ou_frame_pop(ts, f);
    ts->frame = caller;
    ts->recursion_left++;
    if (flags & OU_FR_ENTRY)
        return result;
    f = caller;
    R = f->regs;
    K = f->code->consts;
    pc = f->pc;
    if (base)
        EMPTY(base - 1);
    if (UNLIKELY(!result))
        goto error;
    pc += skip;
    SET(dest, result);
    NEXT();
}

/* ---- exceptions ------------------------------------------------------------ */
error : /* an exception is in flight; f->pc is the raising instruction */
#ifdef OU_DEBUG
        if (!ts->raised)
{
    ou_raise(vm, OU_EXC(vm, SystemError), "error without exception set (opcode %d)", (int)(f->pc[-1] & 0xff));
}
#endif
if (UNLIKELY(c_callee != NULL)) {
    OuObj *o = c_callee;
    c_callee = NULL;
    ou_trace_c_done(vm, f, o);
}
ou_traceback_here(vm, f);
if (UNLIKELY(ts->tracefunc != NULL))
    ou_trace_exception(vm, f);
reraise : for (;;)
{
    OuCode *code = f->code;
    uint32_t at = (uint32_t)OU_FRAME_LASTI(f);
    pc = f->pc;
    const OuExcEntry *e = code->exc, *e_end = e + code->nexc;
    while (e < e_end && !(at >= e->start && at < e->end))
        e++;
    if (e < e_end) {
        if (!OU_RERAISES_PLACE(f->pc[-1])) {
            ts->caught = f;
            ts->caught_at = at;
        } else if (UNLIKELY(ou_trace_on(ts))) {
            ou_frame_restore_lasti(vm, f); /* the next `line` event compares with the line of the raise */
            pc = f->pc;
        }
        for (unsigned i = code->nregs; i-- > e->height;)
            if (R[i])
                EMPTY(i);
        R[e->height] = ou_err_fetch(vm);
        pc = code->code + e->target;
        NEXT();
    }
    /* leave the frame: temporaries top down, then locals (or the frame object takes them over) */
unwind:
    if (OU_RERAISES_PLACE(f->pc[-1]))
        ou_frame_restore_lasti(vm, f);
    if (UNLIKELY(ou_trace_on(ts)))
        ou_trace_return(vm, f, NULL);
    pc = f->pc;
    for (unsigned i = f->code->nregs; i-- > f->code->nvars;)
        if (R[i])
            EMPTY(i);
    if (f->flags & OU_FR_GEN)
        f->gen->state = OU_GEN_CLOSED;
    ou_frame_leave(vm, f);
    unsigned flags = f->flags, base = f->base;
    OuFrame *caller = f->prev;
    if (flags & OU_FR_GEN) {
        OuGen *g = f->gen;
        ts->handled = g->exc.prev;
        f->prev = NULL;
        ou_clear(vm, g->exc.exc);
        ou_clear(vm, g->func);
        base = 0; /* FOR_ITER and SEND keep their iterator until unwinding */
        if (ou_err_is(vm, OU_EXC(vm, StopIteration)) ||
            (ou_is(g, async_generator) && ou_err_is(vm, OU_EXC(vm, StopAsyncIteration)))) {
            const char *what =
                ou_err_is(vm, OU_EXC(vm, StopIteration)) ? "StopIteration" : "StopAsyncIteration";
            const char *kind = ou_is(g, generator)   ? "generator"
                               : ou_is(g, coroutine) ? "coroutine"
                                                     : "async generator";
            ou_raise_from(vm, OU_EXC(vm, RuntimeError), "%s raised %s", kind, what);
        }
    } else {
        if (flags & OU_FR_INIT)
            ou_decref(vm, f->self_result);
        if (flags & OU_FR_CHUNK)
            ou_stack_pop_chunk(vm);
        ou_frame_pop(ts, f);
    }
    ts->frame = caller;
    ts->recursion_left++;
    if (flags & OU_FR_ENTRY)
        return NULL;
    f = caller;
    R = f->regs;
    K = f->code->consts;
    pc = f->pc;
    if (base)
        EMPTY(base - 1);
    ou_traceback_here(vm, f);
    if (UNLIKELY(ts->tracefunc != NULL))
        ou_trace_exception(vm, f);
}
}

/* The loop that called this one may have chosen its dispatch table before a script switched tracing on in here. */
static inline OuObj *left(OuVM *vm, OuObj *result)
{
    if (UNLIKELY(ou_trace_on(vm->ts)))
        __atomic_fetch_or(&vm->breaker, OU_BREAK_TRACE, __ATOMIC_RELAXED);
    return result;
}

OuObj *ou_eval(OuVM *vm, OuFrame *f)
{
    return left(vm, eval(vm, f, false));
}

OuObj *ou_eval_throw(OuVM *vm, OuFrame *f)
{
    return left(vm, eval(vm, f, true));
}
