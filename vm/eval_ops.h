/* vm/eval_ops.h - the longer bodies of instructions (vm/eval_names.c, eval_ops.c,
 * eval_exc.c, eval_attr.c, eval_match.c): called by vm/eval.c only.  Results are new, arguments borrowed; NULL or -1 with
 * an exception set. */
#ifndef OU_VM_EVAL_OPS_H
#define OU_VM_EVAL_OPS_H

#include "frame.h"

/* Turns the instruction before pc into form op of it: specialised, or its base again. */
static inline void ou_op_become(uint64_t *pc, unsigned op)
{
    pc[-1] = (pc[-1] & ~(uint64_t)0xff) | op;
}

/* names */
OuObj *ou_op_load_global(OuVM *vm, OuFrame *f, OuObj *name, uint64_t *cache);
int ou_op_store_global(OuVM *vm, OuFrame *f, OuObj *name, OuObj *value, uint64_t *cache);
OuObj *ou_op_load_name(OuVM *vm, OuFrame *f, OuObj *name);
int ou_op_store_name(OuVM *vm, OuFrame *f, OuObj *name, OuObj *value); /* NULL: delete */
int ou_op_delete_global(OuVM *vm, OuFrame *f, OuObj *name);
void *ou_op_unbound(OuVM *vm, OuFrame *f, unsigned reg); /* UnboundLocalError / NameError for variable reg */
OuObj *ou_op_load_classderef(OuVM *vm, OuFrame *f, unsigned cell_reg, OuObj *name);
/* iteration, unpacking: out[0..n) filled with new references or all NULL */
int ou_op_unpack(OuVM *vm, OuObj *seq, OuObj **out, size_t n);
int ou_op_unpack_ex(OuVM *vm, OuObj *seq, OuObj **out, size_t before, size_t after);
OuObj *ou_op_next(OuVM *vm, OuObj *it);
/* displays */
OuObj *ou_op_build_map(OuVM *vm, OuObj **at, size_t pairs); /* takes and empties at[] */
OuObj *ou_op_build_set(OuVM *vm, OuObj **at, size_t n);
OuObj *ou_op_format(OuVM *vm, OuObj *value, OuObj *spec, int conversion);
int ou_op_list_extend(OuVM *vm, OuObj *list, OuObj *iterable);
int ou_op_dict_merge(OuVM *vm, OuObj *dict, OuObj *mapping, OuObj *func);
int ou_op_dict_update(OuVM *vm, OuObj *dict, OuObj *mapping);
OuObj *ou_op_make_function(OuVM *vm, OuFrame *f, OuObj *code, OuObj **at, unsigned flags);
/* calls */
OuObj *ou_op_call_ex(OuVM *vm, OuObj *func, OuObj **args_slot, OuObj *kwargs);
/* with, exceptions */
/* out[0..4]: what BEFORE_WITH puts into its registers, new.  0/-1. */
int ou_op_before_with(OuVM *vm, OuObj *mgr, OuObj **out, bool is_async);
/* exit[0], exit[1]: __exit__ and its self, or NULL. */
OuObj *ou_op_with_except_start(OuVM *vm, OuObj *const *exit, OuObj *exc);
int ou_op_exc_match(OuVM *vm, OuObj *exc, OuObj *type); /* 1/0/-1 */
int ou_op_check_eg(OuVM *vm, OuObj *exc, OuObj *type, OuObj **out);
void ou_op_raise(OuVM *vm, OuObj *exc, OuObj *cause); /* leaves an exception in flight; exc NULL: re-raise */
/* async */
OuObj *ou_op_get_aiter(OuVM *vm, OuObj *o);
OuObj *ou_op_get_anext(OuVM *vm, OuObj *o);
OuObj *ou_op_yield_from_iter(OuVM *vm, OuFrame *f, OuObj *o);
/* import and the rest */
OuObj *ou_op_import_name(OuVM *vm, OuFrame *f, OuObj *name, OuObj *fromlist, OuObj *level);
OuObj *ou_op_import_from(OuVM *vm, OuObj *module, OuObj *name);
int ou_op_import_star(OuVM *vm, OuFrame *f, OuObj *module);
int ou_op_print_expr(OuVM *vm, OuObj *value);
int ou_op_setup_annotations(OuVM *vm, OuFrame *f);
OuObj *ou_op_match_keys(OuVM *vm, OuObj *subject, OuObj *keys);
OuObj *ou_op_match_class(OuVM *vm, OuObj *subject, OuObj *cls, OuObj *names, size_t npos);
OuObj *ou_op_copy_dict_without(OuVM *vm, OuObj *d, OuObj *keys);
/* attributes with caches: specialise the instruction at pc (unit after the op word) when they can */
OuObj *ou_op_load_attr(OuVM *vm, OuObj *o, OuObj *name, uint64_t *pc);
int ou_op_store_attr(OuVM *vm, OuObj *o, OuObj *name, OuObj *value, uint64_t *pc);
/* without caching: sites of many classes */
OuObj *ou_op_load_attr_any(OuVM *vm, OuObj *o, OuObj *name);
int ou_op_load_method_any(OuVM *vm, OuObj *o, OuObj *name, OuObj **out);
/* out[0], out[1] as LOAD_METHOD */
int ou_op_load_method(OuVM *vm, OuObj *o, OuObj *name, OuObj **out, uint64_t *pc);

#endif
