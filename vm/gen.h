/* vm/gen.h - the inside of generators, shared by vm/gen.c, vm/coroutine.c and vm/async_gen.c. */
#ifndef OU_VM_GEN_H
#define OU_VM_GEN_H

#include "frame.h"

const char *ou_gen_kind(OuGen *g); /* "generator", "coroutine", "async generator" */
/* The iterator g is delegating to (yield from, await) while suspended, borrowed; or NULL. */
OuObj *ou_gen_delegate(OuGen *g);
OuObj *ou_gen_close(OuVM *vm, OuGen *g); /* None, or NULL */
void ou_gen_finish(OuVM *vm, OuGen *g);  /* releases the frame; no Python handler runs */
/* StopIteration(value) or StopAsyncIteration for a finished g. */
void ou_gen_raise_stop(OuVM *vm, OuGen *g, OuObj *value_take);
/* As ou_gen_throw; whether GeneratorExit closes what g is delegating to, or is thrown into it. */
OuObj *ou_gen_throw_into(OuVM *vm, OuGen *g, OuObj *exc, bool close_on_exit);
/* The arguments of throw(type[, value[, tb]]) as an exception instance. */
OuObj *ou_gen_throw_args(OuVM *vm, OuObj *type, OuObj *value, OuObj *tb);

/* ---- what the three types have in common ---- */
OuObj *ou_gen_next(OuVM *vm, OuObj *o);
void ou_gen_finalize(OuVM *vm, OuObj *o);
void ou_gen_dealloc(OuVM *vm, OuObj *o);
int ou_gen_traverse(OuObj *o, OuVisit visit, void *arg);
OuObj *ou_gen_repr(OuVM *vm, OuObj *o);
OuObj *ou_gen_send_method(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_gen_throw_method(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_gen_close_method(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_gen_sizeof_method(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
/* __name__, and with data __qualname__ */
OuObj *ou_gen_get_name(OuVM *vm, OuObj *o, void *data);
int ou_gen_set_name(OuVM *vm, OuObj *o, OuObj *value, void *data);
OuObj *ou_gen_get_frame(OuVM *vm, OuObj *o, void *data);
OuObj *ou_gen_get_running(OuVM *vm, OuObj *o, void *data);
OuObj *ou_gen_get_suspended(OuVM *vm, OuObj *o, void *data);
OuObj *ou_gen_get_delegate(OuVM *vm, OuObj *o, void *data);
OuObj *ou_gen_get_code(OuVM *vm, OuObj *o, void *data);
/* Their rows for generators and coroutines; p: prefix of the attribute names. */
/* clang-format off */
#define OU_GEN_GETSET(p, delegate, what, delegate_doc)                                  \
    {"__name__", ou_gen_get_name, ou_gen_set_name, "name of the " what, NULL},          \
    {"__qualname__", ou_gen_get_name, ou_gen_set_name, "qualified name of the " what, (void *)1}, \
    {p "_frame", ou_gen_get_frame, NULL, NULL, NULL},                                   \
    {p "_running", ou_gen_get_running, NULL, NULL, NULL},                               \
    {p "_suspended", ou_gen_get_suspended, NULL, NULL, NULL},                           \
    {p "_code", ou_gen_get_code, NULL, NULL, NULL},                                     \
    {delegate, ou_gen_get_delegate, NULL, delegate_doc, NULL}
/* clang-format on */

/* ---- vm/coroutine.c ---- */
/* cr_origin: ((filename, line, function), ...) of the frames from f outwards. */
OuObj *ou_coroutine_origin(OuVM *vm, OuFrame *f);
/* The RuntimeWarning; errors are unraisable. */
void ou_coroutine_never_awaited(OuVM *vm, OuGen *g);

/* ---- vm/async_gen.c ---- */
/* What `anext(it, default)` returns: awaits awaitable, StopAsyncIteration becomes the default. */
OuObj *ou_anext_awaitable_new(OuVM *vm, OuObj *awaitable, OuObj *dflt);

#endif
