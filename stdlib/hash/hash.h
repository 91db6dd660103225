/* stdlib/hash/hash.h - the hash modules: libcrypto's digests (_md5, _sha1, _sha256, _sha512, _sha3, _hashlib), and BLAKE2 of our
 * own.
 *
 * As in CPython the C side of hashlib is several modules: _hashlib offers whatever libcrypto knows, the small ones the
 * algorithms Python guarantees.  CPython has code of its own for those; here both stand on libcrypto, so that without it
 * hashlib has only BLAKE2. */
#ifndef OU_STDLIB_HASH_HASH_H
#define OU_STDLIB_HASH_HASH_H

#include "vm/buffer.h"
#include "vm/native.h"

/* ---- libcrypto.c ---- */
/* The functions of libcrypto, from version 1.1 on.  Digests (EVP_MD) are its own constants. */
typedef struct OuCrypto {
    const void *(*by_name)(const char *);
    int (*size)(const void *);
    int (*block_size)(const void *);
    unsigned long (*flags)(const void *);
    int (*nid)(const void *);
    const char *(*long_name)(int);
    void *(*ctx_new)(void);
    void (*ctx_free)(void *);
    int (*ctx_copy)(void *, const void *);
    int (*init)(void *, const void *, void *);
    int (*update)(void *, const void *, size_t);
    int (*final)(void *, unsigned char *, unsigned *);
    int (*final_xof)(void *, unsigned char *, size_t);
    void *(*hmac_ctx_new)(void);
    void (*hmac_ctx_free)(void *);
    int (*hmac_ctx_copy)(void *, void *);
    int (*hmac_init)(void *, const void *, int, const void *, void *);
    int (*hmac_update)(void *, const void *, size_t);
    int (*hmac_final)(void *, unsigned char *, unsigned *);
    int (*pbkdf2)(const char *, int, const unsigned char *, int, int, const void *, int, unsigned char *);
    int (*scrypt)(const char *, size_t, const unsigned char *, size_t, uint64_t, uint64_t, uint64_t, uint64_t,
                  unsigned char *, size_t);
    int (*fips_enabled)(void *); /* NULL in 1.1 */
    unsigned long (*get_error)(void);
    const char *(*error_lib)(unsigned long);
    const char *(*error_reason)(unsigned long);
} OuCrypto;
/* The VM's table, which its first hash module opens: borrowed, or NULL with ImportError. */
const OuCrypto *ou_crypto(OuVM *vm);
/* Raises type with libcrypto's last error, and empties its queue.  NULL */
void *ou_crypto_error(OuVM *vm, OuType *type);

/* ---- hash.c ---- */
/* View of the data of update(): TypeError for str ("Strings must be encoded before hashing"). 0 / -1 */
int ou_hash_buffer(OuVM *vm, OuObj *o, OuBuffer *view);
/* Gives data to update(ctx, ...) of libcrypto, in pieces between which signals are served.  0 / -1 */
int ou_hash_feed(OuVM *vm, OuObj *data, int (*update)(void *, const void *, size_t), void *ctx);
/* Hexadecimal str of n bytes. */
OuObj *ou_hash_hex(OuVM *vm, const unsigned char *p, size_t n);

/* ---- hashlib.c ---- */
enum { OU_DIGEST_MAX = 64 };
typedef struct OuHashlib {
    const OuCrypto *lib;
    const void *mds[19]; /* of ou_digest_names; NULL: libcrypto has none */
    OuType *hash, *xof, *hmac;
    OuObj *unsupported, *constructors; /* UnsupportedDigestmodError; {openssl_md5: 'md5', ...} */
} OuHashlib;
extern const OuModuleDef ou_mod__hashlib;
#define ou_hashlib(vm) ((OuHashlib *)ou_module_state(vm, &ou_mod__hashlib))
/* Python's names of libcrypto's digests. */
typedef struct OuDigestName {
    const char *python, *crypto;
} OuDigestName;
enum { OU_DIGEST_NAMES = sizeof(((OuHashlib *)0)->mds) / sizeof(void *) };
extern const OuDigestName ou_digest_names[OU_DIGEST_NAMES];
/* The digest called name (a str: Python's or libcrypto's name), or NULL with UnsupportedDigestmodError. */
const void *ou_digest_by_name(OuVM *vm, OuObj *name);
/* The digest that digestmod means: a name, or one of the module's constructors.  NULL likewise. */
const void *ou_digest_of(OuVM *vm, OuObj *digestmod);

/* ---- hashobj.c ---- */
extern const OuTypeSpec ou_hash_spec, ou_hash_xof_spec, ou_hash_hmac_spec;
/* A HASH or HASHXOF of md (NULL: an exception is set), fed with data (may be NULL).  new */
OuObj *ou_hash_start(OuVM *vm, const void *md, OuObj *data);
/* _hashlib's functions of a key: the module's table lists them. */
OuObj *ou_hash_hmac_new(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
/* ---- kdf.c ---- */
OuObj *ou_hash_hmac_digest(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_hash_pbkdf2_hmac(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);
OuObj *ou_hash_scrypt(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames);

extern const OuModuleDef ou_mod__md5, ou_mod__sha1, ou_mod__sha256, ou_mod__sha512, ou_mod__sha3,
    ou_mod__blake2;

#endif
