/* vm/text/bytes.h - what bytes, bytearray and memoryview share. */
#ifndef OU_VM_BYTES_H
#define OU_VM_BYTES_H

#include "text.h"

static inline OuByteArray *ou_ba(OuObj *o)
{
    return (OuByteArray *)o;
}
/* View of a bytes or bytearray object (or subclass). */
OuChars ou_text_of_bytes(OuVM *vm, OuObj *o);
/* A bytes-like argument: view.obj NULL when nothing is to be released. */
typedef struct OuBytesArg {
    OuChars t;
    OuBuffer view;
    unsigned char one;
} OuBytesArg;
/* allow_int: also an integer 0..255 (then TypeError "argument should be integer or bytes-like object, not
 * 'X'"). 0/-1 */
int ou_bytes_arg(OuVM *vm, OuObj *o, bool allow_int, OuBytesArg *a);
void ou_bytes_arg_free(OuVM *vm, OuBytesArg *a);

extern const OuFn ou_bytes_methods[], ou_bytearray_methods[];
/* Methods of both in files of their own; the table of all is in bytes_methods.c. */
#define OU_BYTES_M(name) OuObj *ou_bytes_m_##name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
/* bytes_case.c */
OU_BYTES_M(upper);
OU_BYTES_M(lower);
OU_BYTES_M(swapcase);
OU_BYTES_M(capitalize);
OU_BYTES_M(title);
OU_BYTES_M(isascii);
OU_BYTES_M(islower);
OU_BYTES_M(isupper);
OU_BYTES_M(istitle);
OU_BYTES_M(isalpha);
OU_BYTES_M(isalnum);
OU_BYTES_M(isdigit);
OU_BYTES_M(isspace);
/* bytes_hex.c */
OU_BYTES_M(hex);
OU_BYTES_M(fromhex);
OU_BYTES_M(fromhex_bytearray);
/* Methods of bytearray alone (bytearray_methods.c); the table of all is in bytes_methods.c. */
#define OU_BA(name) OuObj *ou_bytearray_m_##name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
OU_BA(append);
OU_BA(extend);
OU_BA(insert);
OU_BA(pop);
OU_BA(remove);
OU_BA(reverse);
OU_BA(clear);
OU_BA(copy);
OU_BA(alloc);
OU_BA(reduce);
OU_BA(reduce_ex);
#undef OU_BA
/* Value 0..255 of an integer object; ValueError "byte must be in range(0, 256)". -1 error */
int ou_byte_value(OuVM *vm, OuObj *o);
OuObj *ou_bytes_repr_of(OuVM *vm, const char *prefix, const char *p, size_t n, const char *suffix);
/* Contents of bytes(x) / bytearray(x) for an object without encoding: appended to a new bytearray. */
OuObj *ou_bytearray_from(OuVM *vm, OuObj *x, const char *what);
int ou_bytearray_resize(OuVM *vm, OuObj *o, size_t n);
/* n bytes at `at` are replaced by src; 0/-1 */
int ou_bytearray_splice(OuVM *vm, OuObj *o, size_t at, size_t n, const char *src, size_t nsrc);
/* hex text with optional separator object (NULL: none). */
OuObj *ou_hex(OuVM *vm, const unsigned char *p, size_t n, OuObj *sep, int group);
/* Slots that bytes and bytearray share. */
int ou_bytes_contains(OuVM *vm, OuObj *o, OuObj *x);
OuObj *ou_bytes_iter(OuVM *vm, OuObj *o);
/* bytes(x): new_ with the exact type. */
OuObj *ou_bytes_from_object(OuVM *vm, OuObj *x);
OuObj *ou_bytes_compare(OuVM *vm, const void *a, size_t na, const void *b, size_t nb, int op);

/* bytes(source, encoding, errors): 1 and out, 0: no encoding given, -1. */
int ou_encode_args(OuVM *vm, OuObj *const *a, const char *fname, OuObj **out);
OuObj *ou_bytes_percent(OuVM *vm, const char *fmt, size_t n, OuObj *args);

/* vm/text/bytes_hex.c: the value of a hexadecimal digit and one, 0 for others. */
extern const uint8_t ou_hex_values[256];

#endif
