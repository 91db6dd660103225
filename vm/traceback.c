/* vm/traceback.c - the traceback type: a chain of (frame, place), newest call last. */
#include <stddef.h>

#include "exceptions.h"
#include "frame.h"
#include "native.h"

int ou_traceback_lineno(OuTraceback *tb)
{
    if (tb->lineno >= 0)
        return tb->lineno;
    OuFrameObj *f = (OuFrameObj *)tb->frame;
    OuCode *code = f->frame ? f->frame->code : f->code;
    return code ? ou_code_line(code, tb->lasti < 0 ? -1 : tb->lasti / 2) : -1;
}

static OuObj *traceback_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    static const char sig[] = "TracebackType(tb_next, tb_frame, tb_lasti, tb_lineno)";
    OuObj *a[4];
    int lasti, lineno;
    if (ou_args_bind(vm, sig, args, nargs, kwnames, a) < 0)
        return NULL;
    if (!ou_is(a[1], frame))
        return ou_type_error(vm, "TracebackType() argument 'tb_frame' must be frame, not %T", a[1]);
    if (ou_as_int(vm, a[2], &lasti) < 0 || ou_as_int(vm, a[3], &lineno) < 0)
        return NULL;
    if (a[0] != OU_NONE(vm) && !ou_is(a[0], traceback))
        return ou_type_error(vm, "expected traceback object or None, got '%T'", a[0]);
    OuTraceback *tb = (OuTraceback *)ou_new_gc(vm, OU_T_traceback, sizeof *tb);
    if (!tb)
        return NULL;
    tb->next = a[0] == OU_NONE(vm) ? NULL : (OuTraceback *)ou_ref(a[0]);
    tb->frame = ou_ref(a[1]);
    tb->lasti = lasti;
    tb->lineno = lineno;
    ou_gc_track(&vm->heap, (OuObj *)tb);
    return (OuObj *)tb;
}

static void traceback_clear(OuVM *vm, OuObj *o)
{
    OuTraceback *tb = (OuTraceback *)o;
    ou_clear(vm, tb->next);
    ou_clear(vm, tb->frame);
}

static void traceback_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    traceback_clear(vm, o);
    ou_free_object(vm, o);
}

static int traceback_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(((OuTraceback *)o)->next);
    OU_VISIT(((OuTraceback *)o)->frame);
    return 0;
}

static OuObj *get_next(OuVM *vm, OuObj *o, void *data)
{
    OuTraceback *next = ((OuTraceback *)o)->next;
    return ou_ref(next ? (OuObj *)next : OU_NONE(vm));
}

static int set_next(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    OuTraceback *tb = (OuTraceback *)o, *old = tb->next;
    if (!value)
        return ou_type_error_i(vm, "can't delete tb_next attribute");
    if (value == OU_NONE(vm))
        value = NULL;
    else if (!ou_is(value, traceback))
        return ou_type_error_i(vm, "expected traceback object, got '%T'", value);
    for (OuTraceback *t = (OuTraceback *)value; t; t = t->next)
        if (t == tb)
            return ou_value_error_i(vm, "traceback loop detected");
    ou_xincref(value);
    tb->next = (OuTraceback *)value;
    ou_xdecref(vm, old);
    return 0;
}

static OuObj *get_lineno(OuVM *vm, OuObj *o, void *data)
{
    int line = ou_traceback_lineno((OuTraceback *)o);
    return line < 0 ? ou_none(vm) : ou_int(vm, line);
}

static OuObj *dir_method(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    static const char *const names[] = {"tb_frame", "tb_next", "tb_lasti", "tb_lineno"};
    OuObj *list = ou_list_new(vm, 0);
    for (int i = 0; list && i < 4; i++) {
        OuObj *s = ou_str_from_ascii(vm, names[i], -1);
        if (!s || ou_list_append_take(vm, list, s) < 0)
            ou_clear(vm, list);
    }
    return list;
}

static const OuFn traceback_methods[] = {{"__dir__(self, /)", dir_method, 0, NULL}, {0}};
static const OuGetSet traceback_getset[] = {
    {"tb_next", get_next, set_next, NULL},
    {"tb_lineno", get_lineno, NULL, NULL},
    {0},
};
static const OuMember traceback_members[] = {
    {"tb_frame", OU_MEMBER_OBJ, offsetof(OuTraceback, frame), true, NULL},
    {"tb_lasti", OU_MEMBER_INT, offsetof(OuTraceback, lasti), true, NULL},
    {0},
};
const OuTypeSpec ou_traceback_spec = {
    .name = "traceback",
    .size = sizeof(OuTraceback),
    .flags = OU_TYPE_GC | OU_TYPE_DEEP,
    .doc = "TracebackType(tb_next, tb_frame, tb_lasti, tb_lineno)\n--\n\nCreate a new traceback object.",
    .dealloc = traceback_dealloc,
    .traverse = traceback_traverse,
    .clear = traceback_clear,
    .s = {.getattr = ou_generic_getattr, .new_ = traceback_new},
    .methods = traceback_methods,
    .getset = traceback_getset,
    .members = traceback_members,
};
