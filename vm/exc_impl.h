/* vm/exc_impl.h - what the files of exception layouts share (vm/exceptions.c, vm/exc_*.c). */
#ifndef OU_VM_EXC_IMPL_H
#define OU_VM_EXC_IMPL_H

#include <stddef.h>

#include "exceptions.h"
#include "native.h"

/* BaseException.__new__: memory and `args` from the positional arguments; keywords are not looked at. */
OuObj *ou_exc_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames);
/* BaseException.__init__: refuses keywords, sets `args`.  0/-1 */
int ou_exc_init_base(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames);
/* Sets `args` alone.  0/-1 */
int ou_exc_set_args(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs);
/* Takes the keyword arguments named by names[0..n) out of values (the positional ones are before it): out[i] is borrowed or
 * NULL.  TypeError in the words CPython uses for `fname`.  0/-1 */
int ou_exc_keywords(OuVM *vm, const char *fname, const char *const *names, size_t n, OuObj *const *values,
                    OuObj *kwnames, OuObj **out);
/* Replaces *slot by a new reference to value (borrowed, may be NULL). */
void ou_exc_put(OuVM *vm, OuObj **slot, OuObj *value);
/* str(): the only argument, or the tuple of all. */
OuObj *ou_exc_str(OuVM *vm, OuObj *self);
/* __reduce__ result (type, args[, state]); args taken, state borrowed or NULL. */
OuObj *ou_exc_reduce_with(OuVM *vm, OuObj *self, OuObj *args_take, OuObj *state);
/* The instance dict if there is one; borrowed or NULL. */
static inline OuObj *ou_exc_dict(OuObj *self)
{
    return ((OuExc *)self)->dict;
}
void ou_exc_clear(OuVM *vm, OuObj *o);
int ou_exc_traverse(OuObj *o, OuVisit visit, void *arg);

/* dealloc, traverse and clear of a layout whose own object fields are the n pointers from `first` on; these die first. */
#define OU_EXC_LAYOUT(layout, Struct, first, n)                      \
    static void layout##_clear(OuVM *vm, OuObj *o)                   \
    {                                                                \
        OuObj **p_ = &((Struct *)o)->first;                          \
        for (int i_ = 0; i_ < (n); i_++)                             \
            ou_clear(vm, p_[i_]);                                    \
        ou_exc_clear(vm, o);                                         \
    }                                                                \
    static int layout##_traverse(OuObj *o, OuVisit visit, void *arg) \
    {                                                                \
        OuObj **p_ = &((Struct *)o)->first;                          \
        for (int i_ = 0; i_ < (n); i_++)                             \
            OU_VISIT(p_[i_]);                                        \
        return ou_exc_traverse(o, visit, arg);                       \
    }                                                                \
    static void layout##_dealloc(OuVM *vm, OuObj *o)                 \
    {                                                                \
        ou_gc_untrack(&vm->heap, o);                                 \
        layout##_clear(vm, o);                                       \
        ou_free_object(vm, o);                                       \
    }
#define OU_EXC_SPEC(layout, Struct, Name)                                                          \
    .name = Name, .size = sizeof(Struct), .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_DEEP,       \
    .dict_off = offsetof(OuExc, dict), .dealloc = layout##_dealloc, .traverse = layout##_traverse, \
    .clear = layout##_clear

#endif
