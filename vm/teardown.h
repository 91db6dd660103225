/* vm/teardown.h - the slow, complete end of a VM (vm/teardown.c). */
#ifndef OU_VM_TEARDOWN_H
#define OU_VM_TEARDOWN_H

#include "vm.h"

/* After ou_vm_finalize: releases all that the VM owns in its heap; no object may be used afterwards. */
void ou_vm_teardown(OuVM *vm);

#endif
