/* vm/code_tables.h - the tables of a code object in CPython's formats. */
#ifndef OU_VM_CODE_TABLES_H
#define OU_VM_CODE_TABLES_H

#include "func.h"

/* New bytes objects. */
OuObj *ou_code_linetable(OuVM *vm, OuCode *c);
OuObj *ou_code_lnotab(OuVM *vm, OuCode *c);
OuObj *ou_code_exceptiontable(OuVM *vm, OuCode *c);
/* Replace what c (not yet in use) has by what the bytes object says.  0, or -1: no memory, or ValueError. */
int ou_code_set_linetable(OuVM *vm, OuCode *c, OuObj *table);
int ou_code_set_exceptiontable(OuVM *vm, OuCode *c, OuObj *table);

#endif
