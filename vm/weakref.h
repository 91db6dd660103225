/* vm/weakref.h - weak references and proxies (vm/weakref.c, vm/weakproxy.c). */
#ifndef OU_VM_WEAKREF_H
#define OU_VM_WEAKREF_H

#include "vm.h"

/* weakref.ReferenceType and its subclasses, and both proxy types. */
typedef struct OuWeakRef {
    OuObj hdr;
    OuWeakNode node; /* must follow the header: see gc/heap.h */
    OuObj *callback; /* NULL: none, or run already */
    int64_t hash;    /* of the target, -1: not asked yet */
} OuWeakRef;

/* The target, borrowed, or NULL when it is dead or dying. */
static inline OuObj *ou_weakref_target(const OuWeakRef *r)
{
    OuObj *o = r->node.target;
    return o && o->rc ? o : NULL;
}

/* weakref.ref(o, callback): callback may be NULL or None; the plain one is shared.  TypeError if o's type has
 * none. */
OuObj *ou_weakref_new(OuVM *vm, OuObj *o, OuObj *callback);
OuObj *ou_weakproxy_new(OuVM *vm, OuObj *o, OuObj *callback);
size_t ou_weakref_count(OuVM *vm, OuObj *o);
OuObj *ou_weakref_list(OuVM *vm, OuObj *o); /* weakref.getweakrefs(o) */
/* hooks.weak_callbacks */
void ou_weakref_callbacks(OuVM *vm, OuWeakNode *chain);

/* Between the two files: a reference object of type t put into o's chain as CPython orders it. */
OuWeakRef *ou_weakref_make(OuVM *vm, OuType *t, OuObj *o, OuObj *callback);
void ou_weakref_basics(OuVM *vm, OuObj *o, OuWeakRef **ref, OuWeakRef **proxy);
void ou_weakref_dealloc(OuVM *vm, OuObj *o);
int ou_weakref_traverse(OuObj *o, OuVisit visit, void *arg);
void ou_weakref_clear(OuVM *vm, OuObj *o);

#endif
