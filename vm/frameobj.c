/* vm/frameobj.c - the frame type: what scripts see of a call (sys._getframe, tb_frame, gi_frame). */
#include <stddef.h>

#include "exceptions.h"
#include "gen.h"
#include "native.h"

#define FRAME(o) ((OuFrameObj *)(o))

static OuCode *code_of(OuFrameObj *o)
{
    return o->frame ? o->frame->code : o->code;
}

static OuFunc *func_of(OuFrameObj *o)
{
    return o->frame ? o->frame->func : o->func;
}

static int unit_of(OuFrameObj *o)
{
    return o->frame ? OU_FRAME_LASTI(o->frame) : o->lasti;
}

static int line_of(OuFrameObj *o)
{
    if (o->traced_line)
        return o->traced_line;
    return ou_code_line(code_of(o), unit_of(o));
}

/* ---- memory ---- */

static void drop_locals(OuVM *vm, OuFrameObj *o)
{
    for (uint32_t i = 0; i < o->nsaved; i++)
        ou_clear(vm, o->saved[i]);
}

static void frame_clear(OuVM *vm, OuObj *self)
{
    OuFrameObj *o = FRAME(self);
    if (o->frame)
        return; /* its registers belong to the running call */
    ou_clear(vm, o->trace);
    drop_locals(vm, o);
    ou_clear(vm, o->snapshot);
    ou_clear(vm, o->locals_map);
    ou_clear(vm, o->back);
}

static void frame_dealloc(OuVM *vm, OuObj *self)
{
    OuFrameObj *o = FRAME(self);
    ou_gc_untrack(&vm->heap, self);
    o->frame = NULL;
    frame_clear(vm, self);
    if (o->saved)
        ou_free(vm, o->saved, o->nsaved * sizeof *o->saved);
    ou_xdecref(vm, o->code);
    ou_xdecref(vm, o->func);
    ou_free_object(vm, self);
}

static int frame_traverse(OuObj *self, OuVisit visit, void *arg)
{
    OuFrameObj *o = FRAME(self);
    OU_VISIT(o->trace);
    OU_VISIT(o->snapshot);
    OU_VISIT(o->locals_map);
    OU_VISIT(o->back);
    OU_VISIT(o->code);
    OU_VISIT(o->func);
    for (uint32_t i = 0; i < o->nsaved; i++)
        OU_VISIT(o->saved[i]);
    return 0;
}

/* ---- attributes ---- */

static OuObj *get_back(OuVM *vm, OuObj *self, void *data)
{
    OuFrameObj *o = FRAME(self), *back = o->back;
    if (o->frame) {
        OuFrame *prev = ou_frame_visible(vm, o->frame->prev);
        if (!prev)
            return ou_none(vm);
        back = ou_frame_object(vm, prev);
        return back ? ou_ref((OuObj *)back) : NULL;
    }
    return ou_ref(back ? (OuObj *)back : OU_NONE(vm));
}

static OuObj *get_code(OuVM *vm, OuObj *self, void *data)
{
    return ou_ref((OuObj *)code_of(FRAME(self)));
}

static OuObj *get_globals(OuVM *vm, OuObj *self, void *data)
{
    return ou_ref((OuObj *)func_of(FRAME(self))->globals);
}

static OuObj *get_builtins(OuVM *vm, OuObj *self, void *data)
{
    return ou_ref(func_of(FRAME(self))->builtins);
}

static OuObj *get_locals(OuVM *vm, OuObj *self, void *data)
{
    OuFrameObj *o = FRAME(self);
    OuObj *map = o->frame ? o->frame->locals : o->locals_map;
    if (map)
        return ou_ref(map);
    o->locals_read = true;
    return ou_frame_snapshot(vm, o);
}

static OuObj *get_lasti(OuVM *vm, OuObj *self, void *data)
{
    int unit = unit_of(FRAME(self));
    return ou_int(vm, unit < 0 ? -1 : 2 * unit);
}

static OuObj *get_lineno(OuVM *vm, OuObj *self, void *data)
{
    int line = line_of(FRAME(self));
    return line < 0 ? ou_none(vm) : ou_int(vm, line);
}

static OuObj *get_trace(OuVM *vm, OuObj *self, void *data)
{
    OuObj *t = FRAME(self)->trace;
    return ou_ref(t ? t : OU_NONE(vm));
}

static int set_trace(OuVM *vm, OuObj *self, OuObj *value, void *data)
{
    OuFrameObj *o = FRAME(self);
    OuObj *old = o->trace;
    o->trace = !value || value == OU_NONE(vm) ? NULL : ou_ref(value);
    ou_xdecref(vm, old);
    return 0;
}

static int set_lineno(OuVM *vm, OuObj *self, OuObj *value, void *data)
{
    if (!value)
        return ou_raise_i(vm, OU_EXC(vm, AttributeError), "cannot delete attribute");
    return ou_frame_jump(vm, FRAME(self), value);
}

/* ---- methods ---- */

static OuObj *clear_method(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuFrameObj *o = FRAME(args[0]);
    OuFrame *f = o->frame;
    if (f) {
        if (!(f->flags & OU_FR_GEN) || f->gen->state == OU_GEN_RUNNING)
            return ou_raise(vm, OU_EXC(vm, RuntimeError), "cannot clear an executing frame");
        OuObj *gen = ou_ref((OuObj *)f->gen);
        ou_gen_finalize(vm, gen);
        ou_decref(vm, gen);
    }
    if (!o->frame) {
        ou_clear(vm, o->trace);
        drop_locals(vm, o);
    }
    return ou_none(vm);
}

static OuObj *sizeof_method(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_int(vm, (int64_t)(sizeof(OuFrameObj) + FRAME(args[0])->nsaved * sizeof(OuObj *)));
}

static OuObj *frame_repr(OuVM *vm, OuObj *self)
{
    OuCode *code = code_of(FRAME(self));
    return ou_str_fmt(vm, "<frame at %p, file %R, line %d, code %U>", (void *)self, code->filename,
                      line_of(FRAME(self)), code->name);
}

static const OuFn frame_methods[] = {
    {"clear(self, /)", clear_method, 0, "F.clear(): clear most references held by the frame"},
    {"__sizeof__(self, /)", sizeof_method, 0, "F.__sizeof__() -> size of F in memory, in bytes"},
    {0},
};
static const OuGetSet frame_getset[] = {
    {"f_back", get_back, NULL, NULL},
    {"f_locals", get_locals, NULL, NULL},
    {"f_lineno", get_lineno, set_lineno, NULL},
    {"f_trace", get_trace, set_trace, NULL},
    {"f_lasti", get_lasti, NULL, NULL},
    {"f_globals", get_globals, NULL, NULL},
    {"f_builtins", get_builtins, NULL, NULL},
    {"f_code", get_code, NULL, NULL},
    {0},
};
static const OuMember frame_members[] = {
    {"f_trace_lines", OU_MEMBER_BOOL, offsetof(OuFrameObj, trace_lines), false, NULL},
    {"f_trace_opcodes", OU_MEMBER_BOOL, offsetof(OuFrameObj, trace_opcodes), false, NULL},
    {0},
};
const OuTypeSpec ou_frame_spec = {
    .name = "frame",
    .size = sizeof(OuFrameObj),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW | OU_TYPE_DEEP,
    .dealloc = frame_dealloc,
    .traverse = frame_traverse,
    .clear = frame_clear,
    .s = {.repr = frame_repr, .getattr = ou_generic_getattr, .setattr = ou_generic_setattr},
    .methods = frame_methods,
    .getset = frame_getset,
    .members = frame_members,
};
