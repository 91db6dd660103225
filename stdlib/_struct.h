/* stdlib/_struct.h - inside of module _struct. */
#ifndef OU_STDLIB__STRUCT_H
#define OU_STDLIB__STRUCT_H

#include "vm/native.h"

typedef struct OuStructCode {
    char code;
    bool native;
    ou_ssize offset, size; /* of one value; 's' and 'p': of the whole field */
    ou_ssize repeat;
} OuStructCode;

typedef struct OuStruct {
    OuObj hdr;
    OuObj *format; /* bytes; NULL before __init__ */
    OuStructCode *codes;
    size_t ncodes;
    ou_ssize size, nitems;
    bool order;      /* true: big-endian */
    uint32_t change; /* calls of __init__: a value's __index__ may make one while it is packed */
} OuStruct;

typedef struct OuStructState {
    OuType *type, *iter_type;
    OuObj *error, *cache;
} OuStructState;

extern const OuModuleDef ou_mod__struct;

/* Raises struct.error; NULL. */
void *ou_struct_error(OuVM *vm, const char *fmt, ...);
/* Fills codes, size, nitems, order from s->format. 0 / -1 */
int ou_struct_compile(OuVM *vm, OuStruct *s);
OuObj *ou_struct_get(OuVM *vm, const OuStructCode *c, bool big, const char *p);
int ou_struct_put(OuVM *vm, const OuStructCode *c, bool big, char *p, OuObj *v);
/* Half, single and double precision, also for array and marshal: value of the bytes, and bytes of a value
 * (OverflowError "float too large to pack with f format"). */
double ou_unpack_half(const unsigned char *p, bool big);
int ou_pack_half(OuVM *vm, double v, unsigned char *p, bool big);

#endif
