/* vm/audit.h - audit events (vm/audit.c). */
#ifndef OU_VM_AUDIT_H
#define OU_VM_AUDIT_H

#include "vm.h"

/* Calls the audit hooks with event and the arguments of format: O an object (NULL: None), i int, l int64_t, s UTF-8 text (NULL:
 * None).  0, or -1 when a hook raised: the action must not happen. */
int ou_audit_raise(OuVM *vm, const char *event, const char *format, ...);
#define ou_audit(vm, ...) (__builtin_expect((vm)->auditing, 0) ? ou_audit_raise(vm, __VA_ARGS__) : 0)

#endif
