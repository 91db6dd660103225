/* vm/frame.h - frames, the register stack, frame objects, generators.
 *
 * A running call is an OuFrame on the thread's frame stack (chunks, never moved) and a window of registers on the register
 * stack (chunks, never moved, natives hold pointers into it).  A callee's registers begin at the caller's argument
 * registers, so arguments are moved by standing still.  Generators own an OuFrame and its registers.
 *
 * INVARIANT: every register above the live temporaries of the newest frame is NULL.
 *
 * A frame borrows its function: the caller's callee register (or the C caller, or the generator) owns it until the frame is
 * left.  A frame object (OuFrameObj) is made when a script or a traceback asks for one; it points to the frame while that
 * runs and takes the registers over when the frame is left and somebody still holds the object. */
#ifndef OU_VM_FRAME_H
#define OU_VM_FRAME_H

#include "func.h"

typedef struct OuFrameObj OuFrameObj;
typedef struct OuGen OuGen;

/* OuFrame.flags */
enum {
    OU_FR_ENTRY = 1,    /* entered from C: returning leaves the eval loop */
    OU_FR_INIT = 2,     /* __init__ called by a class: the result must be None, the value is `self_result` */
    OU_FR_GEN = 4,      /* belongs to `gen` */
    OU_FR_CHUNK = 8,    /* its registers began a new stack chunk */
    OU_FR_DISCARD = 16, /* the result is dropped */
    OU_FR_TRACED = 32,  /* settrace: a call event was sent */
    OU_FR_LEFT = 64,    /* its registers are being released */
    OU_FR_NOTED = 128,  /* trace_caller is valid: its callers have not moved on since, or it would be gone */
};

struct OuFrame {
    OuFrame *prev;
    OuFunc *func; /* borrowed */
    OuCode *code; /* borrowed from func (which keeps replaced codes alive) */
    OuObj **regs;
    OuObj **top;     /* first register above this frame (of the resumer, for a generator) */
    OuObj **limit;   /* end of the stack chunk that in-place callees may use; NULL in a generator */
    uint64_t *pc;    /* unit after the op word being executed */
    OuObj *locals;   /* owned: namespace of module and class bodies; NULL in functions */
    OuFrameObj *obj; /* owned while the frame runs, or NULL */
    union {
        OuGen *gen;         /* FR_GEN: borrowed */
        OuObj *self_result; /* FR_INIT: owned */
    };
    uint32_t dest; /* register of the caller that takes the result */
    uint8_t flags;
    uint8_t skip;          /* units the caller skips after its pc when this frame returns */
    uint16_t base;         /* 1 + caller's register that holds the callee, released on return; 0: none */
    uint32_t trace_caller; /* FR_NOTED: tracemalloc's node of the callers (vm/tracing.c) */
};

#define OU_FRAME_LASTI(f) ((int)((f)->pc - (f)->code->code) - 1) /* unit index of the current instruction */

struct OuFrameObj {
    OuObj hdr;
    OuFrame *frame;    /* running (or suspended) frame; NULL once it was left: then the fields below hold */
    OuFrameObj *back;  /* after the frame was left; owned */
    OuCode *code;      /* owned */
    OuFunc *func;      /* owned */
    OuObj *locals_map; /* module/class namespace; owned or NULL */
    OuObj *snapshot;   /* dict of f_locals of a function; owned or NULL */
    OuObj *trace;      /* f_trace */
    OuObj **saved;     /* nsaved registers; owned */
    uint32_t nsaved;
    int lasti; /* unit index */
    bool trace_lines, trace_opcodes;
    bool
        locals_read; /* f_locals was handed out: the next trace function's return stores it into the registers */
    int traced_line; /* f_lineno while an event of a line without an instruction is sent, else 0 */
};

typedef struct OuExcState { /* stack of handled exceptions: one for the thread, one per generator */
    OuObj *exc;             /* handled exception or NULL; owned */
    struct OuExcState *prev;
} OuExcState;

enum { OU_GEN_CREATED, OU_GEN_SUSPENDED, OU_GEN_RUNNING, OU_GEN_CLOSED };
struct OuGen { /* generator, coroutine, async generator */
    OuObj hdr;
    OuFrame frame;
    OuFunc *func; /* owned; NULL once closed: a dead generator keeps nothing of its frame alive */
    OuCode *code; /* owned */
    OuObj *name, *qualname;
    OuExcState exc;
    OuObj *origin; /* cr_origin, or async generator finalizer hook */
    uint8_t state;
    bool delegating; /* suspended in YIELD of a delegation: R[deleg_reg] is the inner iterator */
    bool ag_running, ag_hooks, ag_closed;
    uint16_t deleg_reg;
    OuObj *regs[]; /* inline registers, code->nregs */
};
#define OU_GEN(o) ((OuGen *)(o))

/* Runs f (an entry frame on top of the stack) until it returns or yields. NULL: exception. */
OuObj *ou_eval(OuVM *vm, OuFrame *f);

/* The same, raising the exception in flight at f->pc first. */
OuObj *ou_eval_throw(OuVM *vm, OuFrame *f);

/* ---- register stack and frames (vm/frame.c) ---- */
typedef struct OuChunk {
    struct OuChunk *prev;
    OuObj **end;
    OuObj *regs[];
} OuChunk;
typedef struct OuFrameChunk {
    struct OuFrameChunk *prev, *next;
    OuFrame *end;
    OuFrame frames[];
} OuFrameChunk;

/* State of one thread: its first register and frame chunks.  -1 without memory (no exception), all given back. */
int ou_thread_init(OuVM *vm, OuThread *ts);
/* The thread runs nothing any more. */
void ou_thread_free(OuVM *vm, OuThread *ts);
/* Room for n registers above `from` (a frame's top) or in a new chunk (*chunked set). All NULL. MemoryError. */
OuObj **ou_stack_reserve(OuVM *vm, OuObj **from, size_t n, bool *chunked);
void ou_stack_pop_chunk(OuVM *vm);
OuFrame *ou_frame_push_slow(OuVM *vm); /* next frame slot when the chunk is full; MemoryError */
void ou_frame_pop_slow(OuThread *ts);
/* Frame slot f is free again. */
static inline void ou_frame_pop(OuThread *ts, OuFrame *f)
{
    ts->frame_top = f;
    if (__builtin_expect(f == ts->frame_first, 0))
        ou_frame_pop_slow(ts);
}
/* RecursionError "maximum recursion depth exceeded ..." -1 */
int ou_recursion_error(OuVM *vm);

/* Binds the npos positional and the keyword arguments lying in regs (owned) to the parameters of func, in place; regs has room
 * for code->nregs.  On failure -1 and everything in regs is released and NULL. kwnames: tuple or NULL. */
int ou_bind_args(OuVM *vm, OuFunc *func, OuObj **regs, size_t npos, OuObj *kwnames);

/* The frame object of f, made on demand: borrowed; NULL with MemoryError. */
OuFrameObj *ou_frame_object(OuVM *vm, OuFrame *f);
/* f is being left: hands registers to its object if that survives, else releases all of them. */
void ou_frame_leave(OuVM *vm, OuFrame *f);
/* f, or the nearest frame outside that is not just being left: a finalizer of a local sees the caller, as in CPython. */
OuFrame *ou_frame_visible(OuVM *vm, OuFrame *f);
int ou_frame_lineno(OuFrame *f);
int ou_code_line(OuCode *code, int unit);
OuLoc ou_code_loc(OuCode *code, int unit);
/* Adds (frame, lasti) to the exception in flight. */
int ou_traceback_here(OuVM *vm, OuFrame *f);
/* locals() of f: mapping of module/class, or the refreshed snapshot dict; new. */
OuObj *ou_frame_locals(OuVM *vm, OuFrame *f);
/* Refreshes and returns (new) the dict of locals of a function frame, running or left. */
OuObj *ou_frame_snapshot(OuVM *vm, OuFrameObj *o);
/* A RERAISE at the end of a handler: f is left as if by the instruction that raised, not by this one. */
#define OU_RERAISES_PLACE(w) (OU_INSTR_OP(w) == OU_OP_RERAISE && (OU_INSTR_AUX(w) & OU_AUX_INPLACE))
/* f is left by such a RERAISE: its last instruction becomes the one that raised. */
void ou_frame_restore_lasti(OuVM *vm, OuFrame *f);
/* f_lineno = line (vm/frame_jump.c): moves the running frame o to the first instruction of that line, if what lies on its
 * temporaries fits.  0, or -1 with ValueError. */
int ou_frame_jump(OuVM *vm, OuFrameObj *o, OuObj *line);
/* For super() without arguments. */
int ou_frame_super_args(OuVM *vm, OuType **type, OuObj **self);
/* Class body: runs func with namespace `locals`; None (new), out: the __classcell__ or NULL. */
OuObj *ou_func_call_body(OuVM *vm, OuObj *func, OuObj *locals, OuObj **cell);

/* ---- generators (vm/gen.c) ---- */
OuObj *ou_gen_from_frame(OuVM *vm, OuFrame *f); /* takes f's registers over; f is then left by the loop */
/* Resumes with value sent (NULL: next). Result: value yielded; NULL with exception; NULL without exception:
 * returned (out: the return value, new). */
OuObj *ou_gen_resume(OuVM *vm, OuGen *g, OuObj *sent, OuObj **returned);
OuObj *ou_gen_throw(OuVM *vm, OuGen *g,
                    OuObj *exc); /* like resume, raising exc inside; StopIteration comes as exception */
/* The awaitable iterator of o (await o): new. */
OuObj *ou_get_awaitable(OuVM *vm, OuObj *o, int why);
OuObj *ou_async_gen_wrap(OuVM *vm, OuObj *value_take);
/* StopIteration in flight: takes its value out (None if another is not...). 1: was StopIteration, out new; 0: no exception (None); -1 other */
int ou_stop_value(OuVM *vm, OuObj **out);

#endif
