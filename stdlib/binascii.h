/* stdlib/binascii.h - inside of module binascii. */
#ifndef OU_STDLIB_BINASCII_H
#define OU_STDLIB_BINASCII_H

#include "vm/buffer.h"
#include "vm/native.h"

extern const OuModuleDef ou_mod_binascii;
/* Raises binascii.Error; NULL. */
void *ou_binascii_error(OuVM *vm, const char *fmt, ...);
/* View of an ASCII str or of a buffer. 0 / -1 */
int ou_binascii_ascii(OuVM *vm, OuObj *o, OuBuffer *view);
/* quoted-printable: stdlib/binascii_qp.c */
OuObj *ou_binascii_a2b_qp(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_binascii_b2a_qp(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);

#endif
