/* stdlib/pickle/load.h - inside of the pickle machine: its stack (load_stack.c) and the functions of its opcodes (opcodes.def). */
#ifndef OU_STDLIB_PICKLE_LOAD_H
#define OU_STDLIB_PICKLE_LOAD_H

#include "pickle.h"

#define UNPICKLING(...) (ou_pickle_raise(vm, u->st->unpickling_error, __VA_ARGS__), -1)

/* load_stack.c.  The fence is the height of the newest mark: nothing below it may be taken by an opcode that does not look for
 * the mark.  Scripts run inside many opcodes and may use this very unpickler: heights are read anew after every call. */
/* o (taken) goes on the stack; NULL is passed on as an error.  0/-1 */
int ou_stack_push_take(OuVM *vm, OuUnpickler *u, OuObj *o);
/* The topmost object: new; NULL with UnpicklingError below the fence. */
OuObj *ou_stack_pop(OuVM *vm, OuUnpickler *u);
/* The topmost object, which stays: borrowed; NULL with UnpicklingError below the fence. */
OuObj *ou_stack_top(OuVM *vm, OuUnpickler *u);
/* The error of an opcode that found too few objects: -1. */
int ou_stack_underflow(OuVM *vm, OuUnpickler *u);
int ou_stack_push_mark(OuVM *vm, OuUnpickler *u);
/* Height at the newest mark, which is removed; -1. */
ou_ssize ou_stack_take_mark(OuVM *vm, OuUnpickler *u);
/* The objects from height `to` on are dropped. */
void ou_stack_cut(OuVM *vm, OuUnpickler *u, size_t to);
/* The objects from height `from` on leave the stack as a tuple or list: new. */
OuObj *ou_stack_pop_tuple(OuVM *vm, OuUnpickler *u, size_t from);
OuObj *ou_stack_pop_list(OuVM *vm, OuUnpickler *u, size_t from);

/* load_values.c: n bytes, little end first; a line that holds more than its newline; a number of `size` bytes that is the length of
 * something, OverflowError (too_long, with %zd) if there can be none so large.  0/-1 */
int ou_load_le(OuVM *vm, OuUnpickler *u, int n, uint64_t *out);
int ou_load_line(OuVM *vm, OuUnpickler *u, const char **s, size_t *n);
int ou_load_length(OuVM *vm, OuUnpickler *u, int size, const char *too_long, uint64_t *n);

/* The functions of the opcodes: 0, 1 (the pickle ends here), -1.  load_values.c, load_containers.c, load_objects.c, load.c */
#define X(name, byte, function, argument) int ou_load_##function(OuVM *vm, OuUnpickler *u, int arg);
#include "opcodes.def"
#undef X

#endif
