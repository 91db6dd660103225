/* vm/marshal.h - values as bytes: module marshal and the code cache (vm/marshal.c, marshal_load.c).
 *
 * Values other than code use CPython's type bytes (format 4), so that data files can be exchanged; a code object is 'C' with our own
 * layout and never CPython's 'c'. */
#ifndef OU_VM_MARSHAL_H
#define OU_VM_MARSHAL_H

#include "native.h"

enum { OU_MARSHAL_VERSION = 4, OU_MARSHAL_MAX_DEPTH = 2000 };

/* Of the instruction table and this build: code objects of another one are refused. */
uint32_t ou_instruction_hash(OuVM *vm); /* kept in vm */
/* new bytes; ValueError "unmarshallable object" */
OuObj *ou_marshal_dump(OuVM *vm, OuObj *o, int version);
/* Object at data[0..n), out: bytes used (may be NULL).  EOFError, ValueError, TypeError as CPython's. */
OuObj *ou_marshal_load(OuVM *vm, const unsigned char *data, size_t n, size_t *used);

#endif
