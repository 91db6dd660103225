/* vm/err.h - raising, testing and clearing exceptions (vm/err.c).
 *
 * The exception in flight is an instance in vm->ts->raised.  NULL/-1 results and a raised exception go together;
 * debug builds check that at every native call boundary. */
#ifndef OU_VM_ERR_H
#define OU_VM_ERR_H

#include "object.h"

/* The way to an error is laid out apart from the code that runs (and off its pages, at the start). */
#define OU_COLD __attribute__((cold))
#define OU_EXC(vm, Name) (&(vm)->builtin[OU_T_##Name]) /* the class, borrowed: OU_EXC(vm, ValueError) */

/* Raises a new instance of type (OU_EXC) with the formatted message; returns NULL (assignable to any pointer).
 * Formats: %d %i %u %ld %lu %zd %zu %lld %llu %x %c %s (UTF-8) %.Ns %p, and
 *   %R repr of an OuObj*   %S str of it   %A ascii of it   %T name of its type   %N name of an OuType*
 *   %U an OuStr* as it is (NULL not allowed).   In-flight context is chained by the eval loop. */
OU_COLD void *ou_raise(OuVM *vm, OuType *type, const char *fmt, ...);
/* The same, returning -1. */
OU_COLD int ou_raise_i(OuVM *vm, OuType *type, const char *fmt, ...);
/* Shorthand: ou_type_error(vm, "...") and so on. */
#define ou_type_error(vm, ...) ou_raise(vm, OU_EXC(vm, TypeError), __VA_ARGS__)
#define ou_type_error_i(vm, ...) ou_raise_i(vm, OU_EXC(vm, TypeError), __VA_ARGS__)
#define ou_value_error(vm, ...) ou_raise(vm, OU_EXC(vm, ValueError), __VA_ARGS__)
#define ou_value_error_i(vm, ...) ou_raise_i(vm, OU_EXC(vm, ValueError), __VA_ARGS__)
/* New instance of the exception class type, called as Python would, so that subclasses and OSError's constructor work.
 * value as for ou_raise_value, None: no argument.  TypeError when something else comes out. */
OuObj *ou_exc_make(OuVM *vm, OuType *type, OuObj *value);
/* Raises type(value) without formatting (value borrowed, may be NULL: no argument; a tuple is the args). NULL. */
OU_COLD void *ou_raise_value(OuVM *vm, OuType *type, OuObj *value);
/* Raises this exception instance or class (as the raise statement; borrowed).  Returns NULL. */
OU_COLD void *ou_raise_obj(OuVM *vm, OuObj *exc);
/* KeyError(key) with the key itself as argument. */
OU_COLD void *ou_raise_key(OuVM *vm, OuObj *key);
OU_COLD void *ou_raise_memory(OuVM *vm);
OU_COLD int ou_raise_memory_i(OuVM *vm);
/* OSError(errno, strerror[, filename[, filename2]]) as its right subclass.  filename may be NULL. */
OU_COLD void *ou_raise_errno(OuVM *vm, int err, OuObj *filename);
OU_COLD void *ou_raise_errno2(OuVM *vm, int err, OuObj *filename, OuObj *filename2);
OU_COLD void *ou_raise_attribute(OuVM *vm, OuObj *o,
                                 OuObj *name); /* "'X' object has no attribute 'name'", name/obj set */
/* The same text, as setting and deleting say it: name and obj stay None. */
OU_COLD void *ou_raise_no_attribute(OuVM *vm, OuObj *o, OuObj *name);

#define ou_err_occurred(vm) ((vm)->ts->raised != NULL)
/* The exception in flight matches the class (or tuple)? */
bool ou_err_is(OuVM *vm, OuType *type);
bool ou_err_matches(OuVM *vm, OuObj *exc, OuObj *type_or_tuple);
void ou_err_clear(OuVM *vm);
/* Takes the exception out of flight: new reference or NULL. */
OuObj *ou_err_fetch(OuVM *vm);
/* Puts exc (taken; NULL: none) in flight, replacing what was. */
void ou_err_restore(OuVM *vm, OuObj *exc);
/* The exception being handled (sys.exc_info), borrowed or NULL. */
OuObj *ou_err_handled(OuVM *vm);
/* Sets __context__ / __cause__ (cause taken; NULL clears). */
void ou_exc_set_context(OuVM *vm, OuObj *exc, OuObj *context_take);
void ou_exc_set_cause(OuVM *vm, OuObj *exc, OuObj *cause_take);
/* The exception in flight gets the one being handled as its __context__. */
void ou_err_chain(OuVM *vm);
/* Raises a new exception whose __cause__ and __context__ are the one in flight. */
OU_COLD void *ou_raise_from(OuVM *vm, OuType *type, const char *fmt, ...);
/* sys.unraisablehook for the exception in flight ("Exception ignored in: obj"), which is cleared. */
OU_COLD void ou_err_unraisable(OuVM *vm, OuObj *obj, const char *msg);
/* warnings.warn: 0, or -1 if the warning became an exception. category borrowed. */
OU_COLD int ou_warn(OuVM *vm, OuType *category, int stacklevel, const char *fmt, ...);
/* The same about an object (ResourceWarning): the library adds where it was allocated. */
OU_COLD int ou_warn_source(OuVM *vm, OuType *category, OuObj *source, const char *fmt, ...);
/* Prints the exception in flight through sys.excepthook (traceback on stderr) and clears it. */
OU_COLD void ou_err_print(OuVM *vm);
/* Adds a traceback entry for a place without a frame of Python code. */

#endif
