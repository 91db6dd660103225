/* vm/gen.h - the inside of generators, shared by vm/gen.c (generator, coroutine) and vm/async_gen.c. */
#ifndef OU_VM_GEN_H
#define OU_VM_GEN_H

#include "frame.h"

typedef struct OuCoroWrapper { /* coroutine.__await__() */
    OuObj hdr;
    OuObj *coro;
} OuCoroWrapper;

const char *ou_gen_kind(OuGen *g); /* "generator", "coroutine", "async generator" */
/* The iterator g is delegating to (yield from, await) while suspended, borrowed; or NULL. */
OuObj *ou_gen_delegate(OuGen *g);
OuObj *ou_gen_close(OuVM *vm, OuGen *g); /* None, or NULL */
void ou_gen_finish(OuVM *vm, OuGen *g);  /* releases the frame; no Python handler runs */
/* StopIteration(value) or StopAsyncIteration for a finished g. */
void ou_gen_raise_stop(OuVM *vm, OuGen *g, OuObj *value_take);
/* As ou_gen_throw; whether GeneratorExit closes what g is delegating to, or is thrown into it. */
OuObj *ou_gen_throw_into(OuVM *vm, OuGen *g, OuObj *exc, bool close_on_exit);
OuObj *ou_gen_throw_args(OuVM *vm, OuObj *type, OuObj *value, OuObj *tb);
OuObj *ou_gen_send_method(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_gen_throw_method(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_gen_close_method(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
void ou_gen_finalize(OuVM *vm, OuObj *o);
void ou_gen_dealloc(OuVM *vm, OuObj *o);
int ou_gen_traverse(OuObj *o, OuVisit visit, void *arg);
OuObj *ou_gen_repr(OuVM *vm, OuObj *o);
OuObj *ou_coroutine_origin(OuVM *vm, OuFrame *f);
void ou_coroutine_never_awaited(OuVM *vm, OuGen *g);
/* anext(it, default): awaitable giving default instead of StopAsyncIteration; vm/async_gen.c */
OuObj *ou_anext_awaitable_new(OuVM *vm, OuObj *awaitable, OuObj *dflt);

/* ---- async generators: vm/async_gen.c ---- */
/* What `anext(it, default)` returns: awaits awaitable, StopAsyncIteration becomes the default. */
OuObj *ou_anext_awaitable_new(OuVM *vm, OuObj *awaitable, OuObj *dflt);

#endif
