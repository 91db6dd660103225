/* vm/frame.c - the register stack, frame slots, frame objects, and what is asked of a frame. */
#include "frame.h"

#include <string.h>

#include "err.h"
#include "exceptions.h"

enum {
    CHUNK_REGS = 8000,  /* registers of an ordinary stack chunk (64 KiB) */
    CHUNK_FRAMES = 200, /* frames of a frame chunk */
};

/* ---- stacks ---- */

static OuChunk *chunk_new(OuVM *vm, OuChunk *prev, size_t n)
{
    OuChunk *c = ou_alloc(vm, sizeof *c + n * sizeof(OuObj *));
    if (!c)
        return NULL;
    memset(c->regs, 0, n * sizeof(OuObj *));
    c->prev = prev;
    c->end = c->regs + n;
    return c;
}

static void chunk_free(OuVM *vm, OuChunk *c)
{
    ou_free(vm, c, (size_t)((char *)c->end - (char *)c));
}

OuObj **ou_stack_reserve(OuVM *vm, OuObj **from, size_t n, bool *chunked)
{
    OuThread *ts = vm->ts;
    *chunked = false;
    if (from && from >= ts->chunk->regs && from + n <= ts->chunk->end)
        return from;
    OuChunk *c = chunk_new(vm, ts->chunk, n > CHUNK_REGS ? n + 256 : CHUNK_REGS);
    if (!c)
        return NULL;
    ts->chunk = c;
    *chunked = true;
    return c->regs;
}

void ou_stack_pop_chunk(OuVM *vm)
{
    OuChunk *c = vm->ts->chunk;
    vm->ts->chunk = c->prev;
    chunk_free(vm, c);
}

OuFrame *ou_frame_push_slow(OuVM *vm)
{
    OuThread *ts = vm->ts;
    OuFrameChunk *c = ts->frame_chunk;
    /* frame_top may stand at the end of an older chunk whose successor exists already */
    if (c && c->next)
        c = c->next;
    else {
        OuFrameChunk *n = ou_alloc(vm, sizeof *n + CHUNK_FRAMES * sizeof(OuFrame));
        if (!n)
            return NULL;
        n->prev = c;
        n->next = NULL;
        n->end = n->frames + CHUNK_FRAMES;
        if (c)
            c->next = n;
        c = n;
    }
    ts->frame_chunk = c;
    ts->frame_first = c->frames;
    ts->frame_end = c->end;
    ts->frame_top = c->frames;
    return c->frames;
}

void ou_frame_pop_slow(OuThread *ts)
{
    OuFrameChunk *c = ts->frame_chunk->prev;
    if (!c)
        return;
    /* the older chunk is full: the next push finds the newer one, which is kept, through push_slow */
    ts->frame_chunk = c;
    ts->frame_first = c->frames;
    ts->frame_top = ts->frame_end = c->end;
}

int ou_thread_init(OuVM *vm, OuThread *ts)
{
    ts->vm = vm;
    ts->recursion_limit = ts->recursion_left = 1000;
    OuThread *saved = vm->ts;
    vm->ts = ts;
    ts->base_handled = ou_mem_calloc(ou_heap_mem(&vm->heap), sizeof(OuExcState));
    ts->handled = ts->base_handled;
    bool ok = ts->base_handled && (ts->chunk = chunk_new(vm, NULL, CHUNK_REGS)) && ou_frame_push_slow(vm);
    if (!ok && ts->base_handled)
        ou_thread_free(vm, ts);
    vm->ts = saved ? saved : ts;
    return ok ? 0 : -1;
}

void ou_thread_free(OuVM *vm, OuThread *ts)
{
    ou_clear(vm, ts->raised);
    ou_clear(vm, ts->base_handled->exc);
    ou_clear(vm, ts->tracefunc);
    ou_clear(vm, ts->profilefunc);
    ou_clear(vm, ts->dict);
    ou_clear(vm, ts->context);
    ou_clear(vm, ts->async_exc);
    ou_clear(vm, ts->asyncgen_firstiter);
    ou_clear(vm, ts->asyncgen_finalizer);
    ou_clear(vm, ts->repr_running);
    ou_free(vm, ts->base_handled, sizeof(OuExcState));
    while (ts->chunk) {
        OuChunk *c = ts->chunk;
        ts->chunk = c->prev;
        chunk_free(vm, c);
    }
    OuFrameChunk *c = ts->frame_chunk;
    while (c && c->next)
        c = c->next;
    while (c) {
        OuFrameChunk *prev = c->prev;
        ou_free(vm, c, sizeof *c + CHUNK_FRAMES * sizeof(OuFrame));
        c = prev;
    }
}

int ou_recursion_error(OuVM *vm)
{
    OuThread *ts = vm->ts;
    ts->recursion_left++;
    /* room for handlers: the error itself may need a few frames to be formatted */
    return ou_raise_i(vm, OU_EXC(vm, RecursionError), "maximum recursion depth exceeded");
}

/* Runs func's code in a fresh entry frame; regs were bound by the caller. */
static OuObj *run_frame(OuVM *vm, OuFunc *func, OuObj **regs, bool chunked, OuObj *locals)
{
    OuThread *ts = vm->ts;
    OuCode *code = func->code;
    OuFrame *f = NULL;
    if (--ts->recursion_left < 0)
        ou_recursion_error(vm);
    else if (ou_check_stack(vm, " while calling a Python object") == 0) {
        f = ts->frame_top;
        if (f == ts->frame_end)
            f = ou_frame_push_slow(vm);
        if (!f)
            ts->recursion_left++;
    } else
        ts->recursion_left++;
    if (!f) {
        for (size_t i = 0; i < code->nvars; i++)
            ou_clear(vm, regs[i]);
        if (chunked)
            ou_stack_pop_chunk(vm);
        return NULL;
    }
    ts->frame_top = f + 1;
    *f = (OuFrame){
        .prev = ts->frame,
        .func = func,
        .code = code,
        .regs = regs,
        .top = regs + code->nregs,
        .limit = ts->chunk->end,
        .pc = code->code,
        .locals = locals ? ou_ref(locals) : NULL,
        .flags = OU_FR_ENTRY | (chunked ? OU_FR_CHUNK : 0),
    };
    ts->frame = f;
    ou_incref(func); /* a C caller may hold it only through an attribute that the code rebinds */
    OuObj *res = ou_eval(vm, f);
    ou_decref(vm, func);
    return res;
}

/* First register free for a call from C. */
static OuObj **call_top(OuThread *ts)
{
    return ts->frame ? ts->frame->top : ts->chunk->regs;
}

OuObj *ou_func_call(OuVM *vm, OuObj *callee, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuFunc *func = (OuFunc *)callee;
    OuCode *code = func->code;
    size_t n = nargs + (kwnames ? OU_TUPLE(kwnames)->n : 0);
    bool chunked;
    OuObj **regs = ou_stack_reserve(vm, call_top(vm->ts), code->nregs > n ? code->nregs : n, &chunked);
    if (!regs)
        return NULL;
    for (size_t i = 0; i < n; i++)
        regs[i] = ou_ref(args[i]);
    if (kwnames || n != code->argcount || !code->simple_args) {
        if (ou_bind_args(vm, func, regs, nargs, kwnames) < 0) {
            if (chunked)
                ou_stack_pop_chunk(vm);
            return NULL;
        }
    }
    return run_frame(vm, func, regs, chunked, NULL);
}

OuObj *ou_func_call_body(OuVM *vm, OuObj *callee, OuObj *locals, OuObj **cell)
{
    OuFunc *func = (OuFunc *)callee;
    bool chunked;
    OuObj **regs = ou_stack_reserve(vm, call_top(vm->ts), func->code->nregs, &chunked);
    if (!regs)
        return NULL;
    OuObj *res = run_frame(vm, func, regs, chunked, locals);
    if (!res)
        return NULL;
    if (ou_is(res, cell)) {
        *cell = res;
        return ou_none(vm);
    }
    *cell = NULL;
    return res;
}

OuObj *ou_eval_code(OuVM *vm, OuObj *code, OuDict *globals, OuObj *locals)
{
    return ou_eval_code_closure(vm, code, globals, locals, NULL);
}

OuObj *ou_eval_code_closure(OuVM *vm, OuObj *code, OuDict *globals, OuObj *locals, OuObj *closure)
{
    OuObj *func = ou_func_new(vm, code, globals, NULL);
    if (!func)
        return NULL;
    ((OuFunc *)func)->closure = closure ? ou_ref(closure) : NULL;
    bool chunked;
    OuObj *res = NULL;
    OuObj **regs = ou_stack_reserve(vm, call_top(vm->ts), ((OuCode *)code)->nregs, &chunked);
    if (regs)
        res = run_frame(vm, (OuFunc *)func, regs, chunked, locals ? locals : (OuObj *)globals);
    ou_decref(vm, func);
    return res;
}

/* ---- leaving ---- */

OuFrame *ou_frame_visible(OuVM *vm, OuFrame *f)
{
    for (; f; f = f->prev) {
        unsigned op = OU_INSTR_OP(f->pc[-1]);
        /* a frame at its return runs no code of its own but the trace function */
        if (!(f->flags & OU_FR_LEFT) && ((op != OU_OP_RETURN && op != OU_OP_RETURNK) || vm->ts->tracing))
            break;
    }
    return f;
}

void ou_frame_leave(OuVM *vm, OuFrame *f)
{
    f->flags |= OU_FR_LEFT;
    OuObj **R = f->regs;
    uint32_t n = f->code->nvars;
again:
    if (f->obj) {
        OuFrameObj *o = f->obj;
        f->obj = NULL;
        if (o->hdr.rc > 1) { /* somebody else keeps it: it takes the registers over */
            o->saved = n ? ou_mem_alloc(ou_heap_mem(&vm->heap), n * sizeof(OuObj *)) : NULL;
            o->lasti = OU_FRAME_LASTI(f);
            o->code = ou_ref(f->code);
            o->func = ou_ref(f->func);
            o->locals_map = f->locals;
            f->locals = NULL;
            o->frame = NULL;
            if (f->prev &&
                !(f->flags & OU_FR_GEN)) { /* CPython unlinks the frame of a generator before it keeps it */
                OuObj *raised = ou_err_fetch(vm);
                o->back = ou_frame_object(vm, f->prev);
                if (o->back)
                    ou_incref(o->back);
                else
                    ou_err_clear(vm);
                ou_err_restore(vm, raised);
            }
            if (o->saved) {
                memcpy(o->saved, R, n * sizeof(OuObj *));
                memset(R, 0, n * sizeof(OuObj *));
                o->nsaved = n;
            } /* else without memory: locals are lost to the traceback, and released below */
            ou_gc_track(&vm->heap, (OuObj *)o);
        } else
            o->frame = NULL;
        ou_decref(vm, o);
    }
    for (uint32_t i = 0; i < n; i++) {
        OuObj *o = R[i];
        if (o) {
            R[i] = NULL;
            ou_decref(vm, o);
        }
    }
    ou_clear(vm, f->locals);
    if (f->obj) /* an error in a callback or finalizer of a local asked for the frame */
        goto again;
}

OuFrameObj *ou_frame_object(OuVM *vm, OuFrame *f)
{
    if (f->obj)
        return f->obj;
    OuFrameObj *o = (OuFrameObj *)ou_new_gc(vm, OU_T_frame, sizeof *o);
    if (!o)
        return NULL;
    memset((char *)o + sizeof(OuObj), 0, sizeof *o - sizeof(OuObj));
    o->frame = f;
    o->trace_lines = true;
    f->obj = o;
    return o;
}

/* ---- places ---- */

OuLoc ou_code_loc(OuCode *code, int unit)
{
    return ou_loc_find(code->locs, code->nlocs, code->firstlineno, unit < 0 ? 0 : (uint32_t)unit);
}

int ou_code_line(OuCode *code, int unit)
{
    return unit < 0 ? code->firstlineno : ou_code_loc(code, unit).lineno;
}

int ou_frame_lineno(OuFrame *f)
{
    return ou_code_line(f->code, OU_FRAME_LASTI(f));
}

int ou_traceback_here(OuVM *vm, OuFrame *f)
{
    OuThread *ts = vm->ts;
    OuExc *exc = (OuExc *)ts->raised;
    if (!exc)
        return 0;
    ts->raised = NULL;
    OuFrameObj *fo = ou_frame_object(vm, f);
    OuTraceback *tb = fo ? (OuTraceback *)ou_new_gc(vm, OU_T_traceback, sizeof *tb) : NULL;
    if (!tb) { /* no memory for the entry: the exception itself matters more */
        ou_err_clear(vm);
        ts->raised = (OuObj *)exc;
        return -1;
    }
    tb->next = (OuTraceback *)exc->traceback;
    tb->frame = ou_ref((OuObj *)fo);
    tb->lasti = 2 * OU_FRAME_LASTI(f);
    tb->lineno = -1;
    ou_gc_track(&vm->heap, (OuObj *)tb);
    exc->traceback = (OuObj *)tb;
    ts->raised = (OuObj *)exc;
    return 0;
}

void ou_frame_restore_lasti(OuVM *vm, OuFrame *f)
{
    OuExc *exc = (OuExc *)vm->ts->raised;
    OuTraceback *tb = exc ? (OuTraceback *)exc->traceback : NULL;
    if (vm->ts->caught == f && vm->ts->caught_at < f->code->ncode)
        f->pc = f->code->code + vm->ts->caught_at + 1;
    /* an __exit__ has caught others since: the newest entry is f's own */
    else if (tb && f->obj && tb->frame == (OuObj *)f->obj && tb->lasti >= 0)
        f->pc = f->code->code + tb->lasti / 2 + 1;
}

OuObj *ou_frame_locals(OuVM *vm, OuFrame *f)
{
    if (f->locals)
        return ou_ref(f->locals);
    OuFrameObj *o = ou_frame_object(vm, f);
    if (!o)
        return NULL;
    return ou_frame_snapshot(vm, o);
}

/* CPython 3.11's rule: one dict a frame, refreshed at each request; not a view. */
OuObj *ou_frame_snapshot(OuVM *vm, OuFrameObj *o)
{
    OuCode *code = o->frame ? o->frame->code : o->code;
    OuObj **regs = o->frame ? o->frame->regs : o->saved;
    if (!o->snapshot && !(o->snapshot = ou_dict_new(vm)))
        return NULL;
    OuObj *d = o->snapshot;
    if (!o->frame && o->nsaved < code->nvars)
        return ou_ref(d);
    for (uint32_t i = 0; i < code->nvars; i++) {
        OuObj *v = regs[i], *name = code->var_names[i];
        unsigned kind = code->var_kinds[i];
        if ((kind & OU_REG_FREE) && !(code->flags & OU_CO_OPTIMIZED))
            continue; /* free variables of a class body are not its locals */
        /* before COPY_FREE_VARS and MAKE_CELL ran, a cell variable holds its plain value or nothing */
        if (v && (kind & (OU_REG_CELL | OU_REG_FREE)) && ou_is(v, cell))
            v = ((OuCell *)v)->value;
        if (v) {
            if (ou_dict_set(vm, d, name, v) < 0)
                return NULL;
        } else {
            OuObj *old;
            int r = ou_dict_pop(vm, d, name, &old);
            if (r < 0)
                return NULL;
            if (r)
                ou_decref(vm, old);
        }
    }
    return ou_ref(d);
}

int ou_frame_super_args(OuVM *vm, OuType **type, OuObj **self)
{
    OuFrame *f = vm->ts->frame;
    if (!f)
        return ou_raise_i(vm, OU_EXC(vm, RuntimeError), "super(): no current frame");
    OuCode *code = f->code;
    if (code->argcount == 0 && !(code->flags & OU_CO_VARARGS && code->nparams))
        return ou_raise_i(vm, OU_EXC(vm, RuntimeError), "super(): no arguments");
    OuObj *first = code->argcount ? f->regs[0] : NULL;
    if (first && ou_is(first, cell) && (code->var_kinds[0] & OU_REG_CELL))
        first = ((OuCell *)first)->value;
    if (!first)
        return ou_raise_i(vm, OU_EXC(vm, RuntimeError),
                          code->argcount ? "super(): arg[0] deleted" : "super(): no arguments");
    for (uint32_t i = code->nvars - code->nfrees; i < code->nvars; i++) {
        if (code->var_names[i] != OU_NAME(vm, __class__))
            continue;
        OuObj *cell = f->regs[i];
        if (!cell || !ou_is(cell, cell))
            return ou_raise_i(vm, OU_EXC(vm, RuntimeError), "super(): bad __class__ cell");
        OuObj *t = ((OuCell *)cell)->value;
        if (!t)
            return ou_raise_i(vm, OU_EXC(vm, RuntimeError), "super(): empty __class__ cell");
        if (!ou_isa_type(vm, t))
            return ou_raise_i(vm, OU_EXC(vm, RuntimeError), "super(): __class__ is not a type (%T)", t);
        *type = (OuType *)t;
        *self = first;
        return 0;
    }
    return ou_raise_i(vm, OU_EXC(vm, RuntimeError), "super(): __class__ cell not found");
}
