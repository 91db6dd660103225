/* stdlib/hash/hashlib.c - module _hashlib: every digest that libcrypto knows, HMAC, PBKDF2 and scrypt.
 * Python's name of a digest comes from the table below, or is libcrypto's own name (bpo-40479).  Matched: CPython 3.11's
 * module, but for FIPS providers (usedforsecurity is accepted and changes nothing). */
#include <stdio.h>
#include <string.h>

#include "hash.h"
#include "stdlib/support.h"
#include "vm/type.h"

const OuDigestName ou_digest_names[OU_DIGEST_NAMES] = {
    {"md5", "MD5"},
    {"sha1", "SHA1"},
    {"sha224", "SHA224"},
    {"sha256", "SHA256"},
    {"sha384", "SHA384"},
    {"sha512", "SHA512"},
    {"sha512_224", "SHA512-224"},
    {"sha512_256", "SHA512-256"},
    {"sha3_224", "SHA3-224"},
    {"sha3_256", "SHA3-256"},
    {"sha3_384", "SHA3-384"},
    {"sha3_512", "SHA3-512"},
    {"shake_128", "SHAKE128"},
    {"shake_256", "SHAKE256"},
    {"blake2s", "BLAKE2s256"},
    {"blake2b", "BLAKE2b512"},
    {"md5-sha1", "MD5-SHA1"},
    {"ripemd160", "RIPEMD160"},
    {"sm3", "SM3"},
};
const void *ou_digest_by_name(OuVM *vm, OuObj *name)
{
    OuHashlib *st = ou_hashlib(vm);
    OuUtf8 u;
    if (ou_str_utf8(vm, name, &u, true) < 0)
        return NULL;
    const char *wanted = u.s;
    for (int i = 0; i < OU_DIGEST_NAMES; i++)
        if (!strcmp(ou_digest_names[i].python, u.s))
            wanted = ou_digest_names[i].crypto;
    const void *md = strlen(u.s) == u.n ? st->lib->by_name(wanted) : NULL;
    ou_utf8_free(vm, &u);
    if (!md)
        ou_raise(vm, OU_AS_TYPE(st->unsupported), "[digital envelope routines] unsupported");
    return md;
}

const void *ou_digest_of(OuVM *vm, OuObj *digestmod)
{
    if (ou_isa_str(vm, digestmod))
        return ou_digest_by_name(vm, digestmod);
    OuObj *name = NULL;
    if (ou_is(digestmod, builtin)) {
        name = ou_getitem(vm, ou_hashlib(vm)->constructors, digestmod);
        if (!name)
            ou_err_clear(vm);
    }
    if (!name)
        return ou_raise(vm, OU_AS_TYPE(ou_hashlib(vm)->unsupported), "Unsupported digestmod %S", digestmod);
    const void *md = ou_digest_by_name(vm, name);
    ou_decref(vm, name);
    return md;
}

/* ---- functions --------------------------------------------------------------------------- */
static OuObj *f_new(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "name must be a string");
    return ou_hash_start(vm, ou_digest_by_name(vm, args[0]), args[1]);
}

#define OPENSSL(fn, crypto)                                                                       \
    static OuObj *f_##fn(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)              \
    {                                                                                             \
        const void *md = ou_hashlib(vm)->lib->by_name(crypto);                                    \
        return md ? ou_hash_start(vm, md, args[0]) : ou_crypto_error(vm, OU_EXC(vm, ValueError)); \
    }
OPENSSL(md5, "MD5")
OPENSSL(sha1, "SHA1")
OPENSSL(sha224, "SHA224")
OPENSSL(sha256, "SHA256")
OPENSSL(sha384, "SHA384")
OPENSSL(sha512, "SHA512")
OPENSSL(sha3_224, "SHA3-224")
OPENSSL(sha3_256, "SHA3-256")
OPENSSL(sha3_384, "SHA3-384")
OPENSSL(sha3_512, "SHA3-512")
OPENSSL(shake_128, "SHAKE128")
OPENSSL(shake_256, "SHAKE256")

/* 0: libcrypto's default properties do not ask for fips; 1.1 has no such provider at all */
static OuObj *f_get_fips_mode(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    const OuCrypto *l = ou_hashlib(vm)->lib;
    return ou_int(vm, l->fips_enabled ? l->fips_enabled(NULL) : 0);
}

#define ROW(fn)                                                                   \
    {                                                                             \
        "openssl_" #fn "(string=b'', *, usedforsecurity=True)", f_##fn, 0,        \
            "Returns a " #fn " hash object; optionally initialized with a string" \
    }
static const OuFn functions[] = {
    ROW(md5),
    ROW(sha1),
    ROW(sha224),
    ROW(sha256),
    ROW(sha384),
    ROW(sha512),
    ROW(sha3_224),
    ROW(sha3_256),
    ROW(sha3_384),
    ROW(sha3_512),
    ROW(shake_128),
    ROW(shake_256),
    {"new(name, string=b'', *, usedforsecurity=True)", f_new, 0,
     "Return a new hash object of the named algorithm, fed with string."},
    {"hmac_new(key, msg=b'', digestmod=None)", ou_hash_hmac_new, 0, "Return a new hmac object."},
    {"hmac_digest(key, msg, digest)", ou_hash_hmac_digest, 0, "Single-shot HMAC."},
    {"pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None)", ou_hash_pbkdf2_hmac, 0,
     "Password based key derivation function 2 (PKCS #5 v2.0) with HMAC as pseudorandom function."},
    {"scrypt(password, *, salt=None, n=None, r=None, p=None, maxmem=0, dklen=64)", ou_hash_scrypt, 0,
     "scrypt password-based key derivation function."},
    {"get_fips_mode()", f_get_fips_mode, 0, "Whether libcrypto works in FIPS mode: 0 if not."},
    {0},
};

/* _constructors: {openssl_md5: 'md5', ...}, and openssl_md_meth_names: what libcrypto offers */
static int add_tables(OuVM *vm, OuObj *m, OuHashlib *st)
{
    OuObj *table = ou_dict_new(vm), *offered = ou_frozenset_new(vm, NULL);
    int r = table && offered ? 0 : -1;
    for (int i = 0; r == 0 && i < OU_DIGEST_NAMES; i++) {
        OuObj *name = ou_str_new(vm, ou_digest_names[i].python, -1);
        if (!name)
            r = -1;
        st->mds[i] = st->lib->by_name(ou_digest_names[i].crypto);
        if (r == 0 && st->mds[i])
            r = ou_set_add(vm, offered, name);
        char attr[40];
        snprintf(attr, sizeof attr, "openssl_%s", ou_digest_names[i].python);
        bool has = false;
        for (const OuFn *f = functions; f->sig; f++)
            has |= !strncmp(f->sig, attr, strlen(attr)) && f->sig[strlen(attr)] == '(';
        OuObj *fn = r == 0 && has ? ou_getattr_s(vm, m, attr) : NULL;
        if (r == 0 && has)
            r = fn ? ou_dict_set(vm, table, fn, name) : -1;
        ou_xdecref(vm, fn);
        ou_xdecref(vm, name);
    }
    if (r == 0) {
        st->constructors = ou_mappingproxy_new(vm, table);
        r = st->constructors ? ou_module_add(vm, m, "_constructors", ou_ref(st->constructors)) : -1;
    }
    if (r == 0) {
        r = ou_module_add(vm, m, "openssl_md_meth_names", offered);
        offered = NULL;
    }
    ou_xdecref(vm, table);
    ou_xdecref(vm, offered);
    return r;
}

static int exec_hashlib(OuVM *vm, OuObj *m)
{
    OuHashlib *st = ((OuModule *)m)->state;
    if (!(st->lib = ou_crypto(vm)) || !(st->hash = ou_module_add_type(vm, m, &ou_hash_spec, NULL)) ||
        !(st->xof = ou_module_add_type(vm, m, &ou_hash_xof_spec, st->hash)) ||
        !(st->hmac = ou_module_add_type(vm, m, &ou_hash_hmac_spec, NULL)) ||
        !(st->unsupported = ou_module_add_exception(vm, m, "_hashlib", "UnsupportedDigestmodError",
                                                    OU_EXC(vm, ValueError))) ||
        ou_module_add(vm, m, "compare_digest", ou_import_attr(vm, "_operator", "_compare_digest")) < 0)
        return -1;
    return add_tables(vm, m, st);
}

static int traverse(void *state_, OuVisit visit, void *arg)
{
    OuHashlib *st = state_;
    OU_VISIT(st->unsupported);
    OU_VISIT(st->constructors);
    return 0;
}

static void clear(OuVM *vm, void *state_)
{
    OuHashlib *st = state_;
    ou_clear(vm, st->unsupported);
    ou_clear(vm, st->constructors);
}

const OuModuleDef ou_mod__hashlib = {.name = "_hashlib",
                                     .doc = "OpenSSL interface for hashlib module",
                                     .functions = functions,
                                     .state_size = sizeof(OuHashlib),
                                     .exec = exec_hashlib,
                                     .traverse = traverse,
                                     .clear = clear};
