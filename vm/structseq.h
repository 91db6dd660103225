/* vm/structseq.h - named tuples of native modules (time.struct_time, os.stat_result, sys.flags, ...).
 *
 * A tuple subclass: the first `visible` items are the sequence, the others (up to `total`) can be had by name
 * only. One static table a type:
 *
 *     static const OuGetSet fields[] = {OU_SEQ_FIELD(0, "tm_year", "year"), ..., {0}};
 *     static const OuStructSeq desc = {OU_STRUCTSEQ("time.struct_time", "doc", fields), .visible = 9, .total
 * = 11};
 *
 * Rows stand in index order; an index without a row is an unnamed item (st_atime as an int). */
#ifndef OU_VM_STRUCTSEQ_H
#define OU_VM_STRUCTSEQ_H

#include "native.h"

typedef struct OuStructSeq {
    OuTypeSpec spec; /* first: OuType.spec of the type is this struct */
    size_t visible, total;
    bool no_new; /* "cannot create 'sys.flags' instances" */
} OuStructSeq;

#define OU_SEQ_FIELD(index, name, doc)                               \
    {                                                                \
        name, ou_structseq_get, NULL, doc, (void *)(intptr_t)(index) \
    }
#define OU_STRUCTSEQ(type_name, type_doc, fields)                                            \
    .spec = {.name = type_name,                                                              \
             .size = sizeof(OuTuple),                                                        \
             .item_size = sizeof(OuObj *),                                                   \
             .flags = OU_TYPE_GC | OU_TYPE_SEQUENCE | OU_TYPE_TUPLE_SUB | OU_TYPE_IMMUTABLE, \
             .doc = type_doc,                                                                \
             .dealloc = ou_structseq_dealloc,                                                \
             .traverse = ou_structseq_traverse,                                              \
             .s = {.repr = ou_structseq_repr, .new_ = ou_structseq_tp_new},                  \
             .methods = ou_structseq_methods,                                                \
             .getset = fields}

/* The type, made once per VM by the module that owns it; borrowed (types of native modules are immortal).
 * With a module it is added under its short name. */
OuType *ou_structseq_type(OuVM *vm, OuObj *module, const OuStructSeq *desc);
/* An instance to fill: OU_TUPLE(o)->items[0 .. total), all NULL.  NULL items become None in
 * ou_structseq_done, which returns o (or NULL, releasing it, when an exception is set). */
OuObj *ou_structseq_new(OuVM *vm, OuType *t);
OuObj *ou_structseq_of(OuVM *vm, const OuStructSeq *desc); /* ... of the type of desc */
OuObj *ou_structseq_done(OuVM *vm, OuObj *o);

/* For the macros above. */
OuObj *ou_structseq_get(OuVM *vm, OuObj *self, void *data);
OuObj *ou_structseq_repr(OuVM *vm, OuObj *o);
OuObj *ou_structseq_tp_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames);
void ou_structseq_dealloc(OuVM *vm, OuObj *o);
int ou_structseq_traverse(OuObj *o, OuVisit visit, void *arg);
extern const OuFn ou_structseq_methods[];

#endif
