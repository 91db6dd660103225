/* vm/list_impl.h - inside the list files: resizing and slices. */
#ifndef OU_VM_LIST_IMPL_H
#define OU_VM_LIST_IMPL_H

#include "iterobj.h"

/* Room for n items and n := n (new places are uninitialised; shrinking does not release items). */
int ou_list_resize(OuVM *vm, OuList *l, size_t n);
/* Places for exactly cap > n items.  0/-1 */
int ou_list_set_cap(OuVM *vm, OuList *l, size_t cap);
/* l[start:stop] = the n items (borrowed); removed ones are released last to first after the list is whole. */
int ou_list_splice(OuVM *vm, OuList *l, ou_ssize start, ou_ssize stop, OuObj *const *items, size_t n);
/* del l[:], items released last to first. */
void ou_list_clear(OuVM *vm, OuObj *o);
OuObj *ou_list_slice(OuVM *vm, OuList *l, size_t start, size_t stop);
OuObj *ou_list_reviter_new(OuVM *vm, OuObj *list);
/* l[key] = value for a slice key (value NULL: del). */
int ou_list_set_slice(OuVM *vm, OuList *l, OuObj *key, OuObj *value);
extern const OuFn ou_list_methods[];

#endif
