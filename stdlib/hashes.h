/* stdlib/hashes.h - hash modules: the algorithms of libcrypto, and BLAKE2 of our own. */
#ifndef OU_STDLIB_HASHES_H
#define OU_STDLIB_HASHES_H

#include "vm/buffer.h"
#include "vm/native.h"

/* Digests of libcrypto's EVP layer. */
typedef struct OuEvp {
    void *handle; /* of dlopen, open to the end of the process */
    void *(*ctx_new)(void);
    void (*ctx_free)(void *);
    int (*ctx_copy)(void *, const void *);
    const void *(*by_name)(const char *);
    int (*init)(void *, const void *, void *);
    int (*update)(void *, const void *, size_t);
    int (*final)(void *, unsigned char *, unsigned *);
    int (*final_xof)(void *, unsigned char *, size_t);
} OuEvp;
/* Opens libcrypto; evp out.  0, or -1 with ImportError. */
int ou_evp_open(OuVM *vm, OuEvp *evp);

/* View of the data of update(): TypeError for str ("Strings must be encoded before hashing"). 0 / -1 */
int ou_hash_buffer(OuVM *vm, OuObj *o, OuBuffer *view);
/* Hexadecimal str of n bytes. */
OuObj *ou_hash_hex(OuVM *vm, const unsigned char *p, size_t n);

extern const OuModuleDef ou_mod__md5, ou_mod__sha1, ou_mod__sha256, ou_mod__sha512, ou_mod__sha3,
    ou_mod__blake2;

#endif
