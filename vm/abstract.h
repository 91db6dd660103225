/* vm/abstract.h - operations on any object (vm/abstract.c, vm/arith.c, vm/call.c). New results, borrowed
 * arguments, NULL/-1 with exception, unless noted. */
#ifndef OU_VM_ABSTRACT_H
#define OU_VM_ABSTRACT_H

#include "object.h"

/* str; TypeError where __repr__ or __str__ gives something else. */
OuObj *ou_repr(OuVM *vm, OuObj *o);
OuObj *ou_str(OuVM *vm, OuObj *o); /* NULL o: "<NULL>" */
OuObj *ou_ascii(OuVM *vm, OuObj *o);
OuObj *ou_bytes_of(OuVM *vm, OuObj *o);
OuObj *ou_format(OuVM *vm, OuObj *o, OuObj *spec); /* spec: str or NULL */
int ou_hash(OuVM *vm, OuObj *o, int64_t *out);
int ou_is_true(OuVM *vm, OuObj *o);                        /* 1, 0, -1 */
OuObj *ou_compare(OuVM *vm, OuObj *a, OuObj *b, int op);   /* OU_CMP_; the rich comparison's own result */
int ou_compare_bool(OuVM *vm, OuObj *a, OuObj *b, int op); /* identity implies equality */
/* attributes; name is a str */
OuObj *ou_getattr(OuVM *vm, OuObj *o, OuObj *name);
/* An AttributeError in flight learns of which object and name it is, for suggestions (as every getattr does on failure). */
void ou_attribute_context(OuVM *vm, OuObj *o, OuObj *name);
int ou_setattr(OuVM *vm, OuObj *o, OuObj *name, OuObj *value);    /* NULL: delete */
int ou_lookup_attr(OuVM *vm, OuObj *o, OuObj *name, OuObj **out); /* AttributeError becomes 0 */
OuObj *ou_getattr_s(OuVM *vm, OuObj *o, const char *name);
int ou_setattr_s(OuVM *vm, OuObj *o, const char *name, OuObj *value);
int ou_hasattr(OuVM *vm, OuObj *o, OuObj *name);
/* Looks a special method up on the type (no instance dict), bound to o: 1/0/-1. */
int ou_lookup_special(OuVM *vm, OuObj *o, OuObj *name, OuObj **out);
/* The attribute o.name for a call: out: function and whether it wants self prepended (then it was not bound). 1/0/-1. */
int ou_lookup_method(OuVM *vm, OuObj *o, OuObj *name, OuObj **func, bool *unbound);
/* calls: nargs positional values, then one for each name of the tuple kwnames (NULL: none) */
OuObj *ou_call(OuVM *vm, OuObj *f, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_call0(OuVM *vm, OuObj *f);
OuObj *ou_call1(OuVM *vm, OuObj *f, OuObj *a);
OuObj *ou_call2(OuVM *vm, OuObj *f, OuObj *a, OuObj *b);
OuObj *ou_call3(OuVM *vm, OuObj *f, OuObj *a, OuObj *b, OuObj *c);
OuObj *ou_call_tuple(OuVM *vm, OuObj *f, OuObj *args, OuObj *kwargs); /* tuple, dict or NULL */
/* o.name(args...): n objects follow. */
OuObj *ou_call_method(OuVM *vm, OuObj *o, OuObj *name, int n, ...);
bool ou_callable(OuVM *vm, OuObj *o);
/* numbers */
OuObj *ou_binop(OuVM *vm, int nb, OuObj *a, OuObj *b); /* OU_NB_*, + OU_NB_INPLACE for the augmented form */
OuObj *ou_power(OuVM *vm, OuObj *a, OuObj *b, OuObj *mod); /* mod: None for two operands */
OuObj *ou_negative(OuVM *vm, OuObj *o);
OuObj *ou_positive(OuVM *vm, OuObj *o);
OuObj *ou_invert(OuVM *vm, OuObj *o);
OuObj *ou_absolute(OuVM *vm, OuObj *o);
OuObj *ou_index(OuVM *vm, OuObj *o);    /* int (exact or subclass) by __index__ */
OuObj *ou_to_int(OuVM *vm, OuObj *o);   /* int(o) */
OuObj *ou_to_float(OuVM *vm, OuObj *o); /* float(o) */
bool ou_has_index(OuVM *vm, OuObj *o);
/* Integer argument by __index__; overflow raises `exc` or clips when exc is NULL. 0 / -1. */
int ou_as_ssize(OuVM *vm, OuObj *o, OuType *exc, ou_ssize *out);
int ou_as_double(OuVM *vm, OuObj *o, double *out); /* float, __float__, __index__ */
/* __index__; OverflowError "Python int too large to convert to C long" */
int ou_as_i64(OuVM *vm, OuObj *o, int64_t *out);
int ou_as_u64(OuVM *vm, OuObj *o, uint64_t *out);
int ou_as_int(OuVM *vm, OuObj *o, int *out);
/* containers */
ou_ssize ou_len(OuVM *vm, OuObj *o);
/* len(o) or __length_hint__, dflt where o has neither; -1 */
ou_ssize ou_length_hint(OuVM *vm, OuObj *o, ou_ssize dflt);
OuObj *ou_getitem(OuVM *vm, OuObj *o, OuObj *key);
/* What CPython calls tp_as_sequence, which every class of Python has. */
bool ou_type_has_sequence(const OuType *t);
int ou_setitem(OuVM *vm, OuObj *o, OuObj *key, OuObj *value);
int ou_delitem(OuVM *vm, OuObj *o, OuObj *key);
OuObj *ou_getitem_i(OuVM *vm, OuObj *o, ou_ssize i); /* o[i] of a sequence, i as it is */
int ou_contains(OuVM *vm, OuObj *o, OuObj *x);       /* x in o */
OuObj *ou_iter(OuVM *vm, OuObj *o);
OuObj *ou_next(OuVM *vm, OuObj *it); /* NULL without exception: exhausted (StopIteration is cleared) */
bool ou_is_iterator(OuVM *vm, OuObj *o);
OuObj *ou_sequence_list(OuVM *vm, OuObj *o);  /* new list */
OuObj *ou_sequence_tuple(OuVM *vm, OuObj *o); /* tuple (o itself if exactly a tuple) */
/* list or tuple of any iterable, for fast item access; TypeError with msg. */
OuObj *ou_sequence_fast(OuVM *vm, OuObj *o, const char *msg);
/* classes */
int ou_isinstance(OuVM *vm, OuObj *o, OuObj *cls); /* __instancecheck__, tuples, unions */
int ou_issubclass(OuVM *vm, OuObj *c, OuObj *cls);
OuObj *ou_dir(OuVM *vm, OuObj *o);
OuObj *ou_id(OuVM *vm, OuObj *o); /* sets OU_F_ADDR */
/* repr of recursive containers: 1 = o's repr is running already, 0 entered, -1 error. */
int ou_repr_enter(OuVM *vm, OuObj *o);
void ou_repr_leave(OuVM *vm, OuObj *o);

#endif
