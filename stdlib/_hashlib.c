/* stdlib/_hashlib.c - module _hashlib over libcrypto, which is opened on import: every digest that libcrypto
 * knows, HMAC, PBKDF2 and scrypt.  Without libcrypto the import fails, and _md5, _sha1 ... (hashes.c) fail with it: BLAKE2 stays.
 * Python's name of a digest comes from the table below, or is libcrypto's own name (bpo-40479). */
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "hashes.h"
#include "support.h"
#include "vm/threads.h"
#include "vm/type.h"

enum { DIGEST_MAX = 64, CHUNK = 1 << 24, FLAG_XOF = 2 };

typedef struct Lib {
    OuEvp evp;
    int (*size)(const void *);
    int (*block_size)(const void *);
    unsigned long (*flags)(const void *);
    int (*nid)(const void *);
    const char *(*long_name)(int);
    void *(*hmac_ctx_new)(void);
    void (*hmac_ctx_free)(void *);
    int (*hmac_ctx_copy)(void *, void *);
    int (*hmac_init)(void *, const void *, int, const void *, void *);
    int (*hmac_update)(void *, const unsigned char *, size_t);
    int (*hmac_final)(void *, unsigned char *, unsigned *);
    int (*pbkdf2)(const char *, int, const unsigned char *, int, int, const void *, int, unsigned char *);
    int (*scrypt)(const char *, size_t, const unsigned char *, size_t, uint64_t, uint64_t, uint64_t, uint64_t,
                  unsigned char *, size_t);
    unsigned long (*get_error)(void);
    const char *(*error_lib)(unsigned long);
    const char *(*error_reason)(unsigned long);
} Lib;

typedef struct State {
    Lib lib;
    OuType *hash, *xof, *hmac;
    OuObj *unsupported, *constructors;
} State;
extern const OuModuleDef ou_mod__hashlib;

/* HASH, HASHXOF and HMAC: md is libcrypto's and lives as long as the library */
typedef struct Hash {
    OuObj hdr;
    State *st;
    const void *md;
    void *ctx;
    char name[24];
} Hash;
#define HASH(o) ((Hash *)(o))

static const struct {
    const char *python, *crypto;
} names[] = {
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
enum { NAMES = sizeof names / sizeof *names };

static State *state(OuVM *vm)
{
    return ou_module_state(vm, &ou_mod__hashlib);
}

static int open_lib(OuVM *vm, Lib *l)
{
    if (ou_evp_open(vm, &l->evp) < 0)
        return -1;
    const struct {
        const char *name, *old; /* old: the name before libcrypto 3 */
        void **slot;
    } rows[] = {
        {"EVP_MD_get_size", "EVP_MD_size", (void **)&l->size},
        {"EVP_MD_get_block_size", "EVP_MD_block_size", (void **)&l->block_size},
        {"EVP_MD_get_flags", "EVP_MD_flags", (void **)&l->flags},
        {"EVP_MD_get_type", "EVP_MD_type", (void **)&l->nid},
        {"OBJ_nid2ln", NULL, (void **)&l->long_name},
        {"HMAC_CTX_new", NULL, (void **)&l->hmac_ctx_new},
        {"HMAC_CTX_free", NULL, (void **)&l->hmac_ctx_free},
        {"HMAC_CTX_copy", NULL, (void **)&l->hmac_ctx_copy},
        {"HMAC_Init_ex", NULL, (void **)&l->hmac_init},
        {"HMAC_Update", NULL, (void **)&l->hmac_update},
        {"HMAC_Final", NULL, (void **)&l->hmac_final},
        {"PKCS5_PBKDF2_HMAC", NULL, (void **)&l->pbkdf2},
        {"EVP_PBE_scrypt", NULL, (void **)&l->scrypt},
        {"ERR_get_error", NULL, (void **)&l->get_error},
        {"ERR_lib_error_string", NULL, (void **)&l->error_lib},
        {"ERR_reason_error_string", NULL, (void **)&l->error_reason},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!(*rows[i].slot = dlsym(l->evp.handle, rows[i].name)) &&
            (!rows[i].old || !(*rows[i].slot = dlsym(l->evp.handle, rows[i].old))))
            return ou_raise_i(vm, OU_EXC(vm, ImportError), "libcrypto has no %s", rows[i].name);
    return 0;
}

/* Raises type with libcrypto's last error, and empties its queue; NULL. */
static void *crypto_error(OuVM *vm, OuType *type)
{
    const Lib *l = &state(vm)->lib;
    unsigned long code = 0;
    for (unsigned long e; (e = l->get_error()) != 0;)
        code = e;
    const char *lib = code ? l->error_lib(code) : NULL, *reason = code ? l->error_reason(code) : NULL;
    if (lib && reason)
        return ou_raise(vm, type, "[%s] %s", lib, reason);
    return ou_raise(vm, type, "%s", reason ? reason : "no reason supplied");
}

/* libcrypto's digest called name (Python's or its own name), or NULL with UnsupportedDigestmodError. */
static const void *md_by_name(OuVM *vm, OuObj *name)
{
    State *st = state(vm);
    OuUtf8 u;
    if (ou_str_utf8(vm, name, &u, true) < 0)
        return NULL;
    const char *wanted = u.s;
    for (int i = 0; i < NAMES; i++)
        if (!strcmp(names[i].python, u.s))
            wanted = names[i].crypto;
    const void *md = strlen(u.s) == u.n ? st->lib.evp.by_name(wanted) : NULL;
    ou_utf8_free(vm, &u);
    if (!md)
        ou_raise(vm, OU_AS_TYPE(st->unsupported), "[digital envelope routines] unsupported");
    return md;
}

/* The digest that digestmod means: a name, or one of this module's constructors. */
static const void *md_of(OuVM *vm, OuObj *digestmod)
{
    if (ou_isa_str(vm, digestmod))
        return md_by_name(vm, digestmod);
    OuObj *name = NULL;
    if (ou_is(digestmod, builtin)) {
        name = ou_getitem(vm, state(vm)->constructors, digestmod);
        if (!name)
            ou_err_clear(vm);
    }
    if (!name)
        return ou_raise(vm, OU_AS_TYPE(state(vm)->unsupported), "Unsupported digestmod %S", digestmod);
    const void *md = md_by_name(vm, name);
    ou_decref(vm, name);
    return md;
}

static void name_of(const Lib *l, const void *md, char *out, size_t cap)
{
    const char *name = l->long_name(l->nid(md));
    for (int i = 0; i < NAMES; i++)
        if (l->evp.by_name(names[i].crypto) == md)
            name = names[i].python;
    snprintf(out, cap, "%s", name ? name : "");
}

static Hash *new_hash(OuVM *vm, State *st, OuType *type, const void *md)
{
    Hash *h = (Hash *)ou_type_alloc(vm, type, 0);
    if (!h)
        return NULL;
    h->st = st;
    h->md = md;
    h->ctx = type == st->hmac ? st->lib.hmac_ctx_new() : st->lib.evp.ctx_new();
    if (!h->ctx) {
        ou_decref(vm, h);
        return ou_raise_memory(vm);
    }
    name_of(&st->lib, md, h->name, sizeof h->name);
    return h;
}

static void hash_dealloc(OuVM *vm, OuObj *o)
{
    Hash *h = HASH(o);
    if (h->ctx && OU_TYPE_OF(vm, o) == h->st->hmac)
        h->st->lib.hmac_ctx_free(h->ctx);
    else if (h->ctx)
        h->st->lib.evp.ctx_free(h->ctx);
    ou_free_object(vm, o);
}

static int feed(OuVM *vm, Hash *h, OuObj *data)
{
    OuBuffer view;
    if (ou_hash_buffer(vm, data, &view) < 0)
        return -1;
    const Lib *l = &h->st->lib;
    bool hmac = OU_TYPE_OF(vm, h) == h->st->hmac;
    const unsigned char *p = view.buf;
    int r = 0;
    for (ou_ssize left = view.len; left > 0 && r == 0;) {
        size_t n = left > CHUNK ? CHUNK : (size_t)left;
        if (!(hmac ? l->hmac_update(h->ctx, p, n) : l->evp.update(h->ctx, p, n))) {
            crypto_error(vm, OU_EXC(vm, ValueError));
            r = -1;
            break;
        }
        p += n;
        left -= (ou_ssize)n;
        r = ou_poll(vm);
    }
    ou_buffer_release(vm, &view);
    return r;
}

/* A HASH or HASHXOF of md, fed with data (may be NULL). */
static OuObj *start(OuVM *vm, const void *md, OuObj *data)
{
    State *st = state(vm);
    if (!md)
        return NULL;
    Hash *h = new_hash(vm, st, st->lib.flags(md) & FLAG_XOF ? st->xof : st->hash, md);
    if (h && !st->lib.evp.init(h->ctx, md, NULL)) {
        ou_decref(vm, h);
        return crypto_error(vm, OU_EXC(vm, ValueError));
    }
    if (h && data && feed(vm, h, data) < 0) {
        ou_decref(vm, h);
        return NULL;
    }
    return (OuObj *)h;
}

static OuObj *m_update(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return feed(vm, HASH(args[0]), args[1]) < 0 ? NULL : ou_none(vm);
}

static OuObj *m_copy(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Hash *h = HASH(args[0]), *c = new_hash(vm, h->st, OU_TYPE_OF(vm, args[0]), h->md);
    const Lib *l = &h->st->lib;
    if (c && !(OU_TYPE_OF(vm, h) == h->st->hmac ? l->hmac_ctx_copy(c->ctx, h->ctx)
                                                : l->evp.ctx_copy(c->ctx, h->ctx))) {
        ou_decref(vm, c);
        return crypto_error(vm, OU_EXC(vm, ValueError));
    }
    return (OuObj *)c;
}

static int digest_size(const Hash *h)
{
    return h->st->lib.flags(h->md) & FLAG_XOF ? 0 : h->st->lib.size(h->md);
}

/* The digest so far, of n bytes, into out; the object goes on. */
static int finish(OuVM *vm, Hash *h, unsigned char *out, size_t n)
{
    const Lib *l = &h->st->lib;
    bool hmac = OU_TYPE_OF(vm, h) == h->st->hmac;
    void *ctx = hmac ? l->hmac_ctx_new() : l->evp.ctx_new();
    unsigned len = 0;
    int ok;
    if (hmac)
        ok = ctx && l->hmac_ctx_copy(ctx, h->ctx) && l->hmac_final(ctx, out, &len);
    else
        ok = ctx && l->evp.ctx_copy(ctx, h->ctx) &&
             (digest_size(h) ? l->evp.final(ctx, out, NULL) : n == 0 || l->evp.final_xof(ctx, out, n));
    if (ctx && hmac)
        l->hmac_ctx_free(ctx);
    else if (ctx)
        l->evp.ctx_free(ctx);
    if (ok)
        return 0;
    crypto_error(vm, OU_EXC(vm, ValueError));
    return -1;
}

static OuObj *digest_of(OuVM *vm, Hash *h, size_t n)
{
    OuObj *r = ou_bytes_new(vm, NULL, (ou_ssize)n);
    if (r && finish(vm, h, (unsigned char *)OU_BYTES(r)->data, n) < 0) {
        ou_decref(vm, r);
        return NULL;
    }
    return r;
}

static OuObj *hex_of(OuVM *vm, OuObj *digest_take)
{
    OuObj *r = digest_take ? ou_hash_hex(vm, (unsigned char *)OU_BYTES(digest_take)->data,
                                         (size_t)OU_BYTES(digest_take)->len)
                           : NULL;
    ou_xdecref(vm, digest_take);
    return r;
}

static OuObj *m_digest(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return digest_of(vm, HASH(args[0]), (size_t)digest_size(HASH(args[0])));
}

static OuObj *m_hexdigest(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return hex_of(vm, m_digest(vm, args, 1, NULL));
}

static OuObj *x_digest(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int64_t n;
    if (ou_as_i64(vm, args[1], &n) < 0)
        return NULL;
    if (n < 0)
        return ou_value_error(vm, "value must be positive");
    return digest_of(vm, HASH(args[0]), (size_t)n);
}

static OuObj *x_hexdigest(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return hex_of(vm, x_digest(vm, args, nargs, NULL));
}

static OuObj *get_name(OuVM *vm, OuObj *o, void *data)
{
    bool hmac = OU_TYPE_OF(vm, o) == HASH(o)->st->hmac;
    return ou_str_fmt(vm, "%s%s", hmac ? "hmac-" : "", HASH(o)->name);
}

static OuObj *get_digest_size(OuVM *vm, OuObj *o, void *data)
{
    return ou_int(vm, digest_size(HASH(o)));
}

static OuObj *get_block_size(OuVM *vm, OuObj *o, void *data)
{
    return ou_int(vm, HASH(o)->st->lib.block_size(HASH(o)->md));
}

static OuObj *hash_repr(OuVM *vm, OuObj *o)
{
    bool hmac = OU_TYPE_OF(vm, o) == HASH(o)->st->hmac;
    const char *kind = hmac                                    ? "HMAC"
                       : OU_TYPE_OF(vm, o) == HASH(o)->st->xof ? "_hashlib.HASHXOF"
                                                               : "_hashlib.HASH";
    return ou_str_fmt(vm, "<%s %s object @ %p>", HASH(o)->name, kind, (void *)o);
}

static const OuFn methods[] = {
    {"copy(self, /)", m_copy, 0, "Return a copy of the hash object."},
    {"digest(self, /)", m_digest, 0, "Return the digest value as a bytes object."},
    {"hexdigest(self, /)", m_hexdigest, 0, "Return the digest value as a string of hexadecimal digits."},
    {"update(self, obj, /)", m_update, 0, "Update this hash object's state with the provided string."},
    {0},
};
static const OuFn xof_methods[] = {
    {"digest(self, /, length)", x_digest, 0, "Return the digest value as a bytes object."},
    {"hexdigest(self, /, length)", x_hexdigest, 0,
     "Return the digest value as a string of hexadecimal digits."},
    {0},
};
static const OuFn hmac_methods[] = {
    {"copy(self, /)", m_copy, 0, "Return a copy (\"clone\") of the HMAC object."},
    {"digest(self, /)", m_digest, 0, "Return the digest of the bytes passed to the update() method so far."},
    {"hexdigest(self, /)", m_hexdigest, 0,
     "Return hexadecimal digest of the bytes passed to the update() method so far."},
    {"update(self, /, msg)", m_update, 0, "Update the HMAC object with msg."},
    {0},
};
static const OuGetSet getset[] = {
    {"name", get_name, NULL, NULL, NULL},
    {"digest_size", get_digest_size, NULL, NULL, NULL},
    {"block_size", get_block_size, NULL, NULL, NULL},
    {0},
};
static const OuTypeSpec hash_spec = {.name = "_hashlib.HASH",
                                     .doc =
                                         "An object that calculates the digest of a string of information.",
                                     .size = sizeof(Hash),
                                     .flags = OU_TYPE_BASE | OU_TYPE_IMMUTABLE | OU_TYPE_NO_NEW,
                                     .dealloc = hash_dealloc,
                                     .s = {.repr = hash_repr},
                                     .methods = methods,
                                     .getset = getset};
static const OuTypeSpec xof_spec = {.name = "_hashlib.HASHXOF",
                                    .doc = "A hash object whose digest is as long as asked for.",
                                    .size = sizeof(Hash),
                                    .flags = OU_TYPE_IMMUTABLE | OU_TYPE_NO_NEW,
                                    .dealloc = hash_dealloc,
                                    .s = {.repr = hash_repr},
                                    .methods = xof_methods};
static const OuTypeSpec hmac_spec = {.name = "_hashlib.HMAC",
                                     .doc = "The object used to calculate HMAC of a message.",
                                     .size = sizeof(Hash),
                                     .flags = OU_TYPE_IMMUTABLE | OU_TYPE_NO_NEW,
                                     .dealloc = hash_dealloc,
                                     .s = {.repr = hash_repr},
                                     .methods = hmac_methods,
                                     .getset = getset};

/* ---- functions --------------------------------------------------------------------------- */
static OuObj *f_new(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "name must be a string");
    return start(vm, md_by_name(vm, args[0]), args[1]);
}

#define OPENSSL(fn, crypto)                                                            \
    static OuObj *f_##fn(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)   \
    {                                                                                  \
        const void *md = state(vm)->lib.evp.by_name(crypto);                           \
        return md ? start(vm, md, args[0]) : crypto_error(vm, OU_EXC(vm, ValueError)); \
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

static OuObj *f_hmac_new(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    State *st = state(vm);
    OuBuffer key;
    if (ou_buffer_get(vm, args[0], &key, OU_BUF_SIMPLE) < 0)
        return NULL;
    Hash *h = NULL;
    const void *md = NULL;
    if (key.len > INT_MAX)
        ou_raise(vm, OU_EXC(vm, OverflowError), "key is too long.");
    else if (!args[2])
        ou_type_error(vm, "Missing required parameter 'digestmod'.");
    else
        md = md_of(vm, args[2]);
    if (md && (h = new_hash(vm, st, st->hmac, md)) &&
        !st->lib.hmac_init(h->ctx, key.buf, (int)key.len, md, NULL)) {
        ou_decref(vm, h);
        h = crypto_error(vm, OU_EXC(vm, ValueError));
    }
    ou_buffer_release(vm, &key);
    if (h && args[1] && !ou_is(args[1], NoneType) && feed(vm, h, args[1]) < 0) {
        ou_decref(vm, h);
        return NULL;
    }
    return (OuObj *)h;
}

static OuObj *f_hmac_digest(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    State *st = state(vm);
    const void *md = md_of(vm, args[2]);
    OuBuffer key, msg;
    if (!md || ou_buffer_get(vm, args[0], &key, OU_BUF_SIMPLE) < 0)
        return NULL;
    OuObj *r = NULL;
    if (ou_buffer_get(vm, args[1], &msg, OU_BUF_SIMPLE) == 0) {
        unsigned char out[DIGEST_MAX];
        unsigned n = 0;
        void *ctx = NULL;
        if (key.len > INT_MAX)
            ou_raise(vm, OU_EXC(vm, OverflowError), "key is too long.");
        else if (msg.len > INT_MAX)
            ou_raise(vm, OU_EXC(vm, OverflowError), "msg is too long.");
        else if ((ctx = st->lib.hmac_ctx_new()) && st->lib.hmac_init(ctx, key.buf, (int)key.len, md, NULL) &&
                 st->lib.hmac_update(ctx, msg.buf, (size_t)msg.len) && st->lib.hmac_final(ctx, out, &n))
            r = ou_bytes_new(vm, (char *)out, n);
        else
            crypto_error(vm, OU_EXC(vm, ValueError));
        if (ctx)
            st->lib.hmac_ctx_free(ctx);
        ou_buffer_release(vm, &msg);
    }
    ou_buffer_release(vm, &key);
    return r;
}

static OuObj *f_pbkdf2_hmac(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "pbkdf2_hmac() argument 'hash_name' must be str, not %s",
                             ou_arg_type_name(vm, args[0]));
    State *st = state(vm);
    OuBuffer pass, salt;
    if (ou_buffer_get(vm, args[1], &pass, OU_BUF_SIMPLE) < 0)
        return NULL;
    if (ou_buffer_get(vm, args[2], &salt, OU_BUF_SIMPLE) < 0) {
        ou_buffer_release(vm, &pass);
        return NULL;
    }
    OuObj *r = NULL;
    int64_t rounds, len = 0;
    const void *md;
    if (ou_as_i64(vm, args[3], &rounds) < 0 || !(md = md_by_name(vm, args[0])))
        goto done;
    len = st->lib.size(md);
    if (args[4] && !ou_is(args[4], NoneType) && ou_as_i64(vm, args[4], &len) < 0)
        goto done;
    if (pass.len > INT_MAX)
        ou_raise(vm, OU_EXC(vm, OverflowError), "password is too long.");
    else if (salt.len > INT_MAX)
        ou_raise(vm, OU_EXC(vm, OverflowError), "salt is too long.");
    else if (rounds < 1)
        ou_value_error(vm, "iteration value must be greater than 0.");
    else if (rounds > INT_MAX)
        ou_raise(vm, OU_EXC(vm, OverflowError), "iteration value is too great.");
    else if (len < 1)
        ou_value_error(vm, "key length must be greater than 0.");
    else if (len > INT_MAX)
        ou_raise(vm, OU_EXC(vm, OverflowError), "key length is too great.");
    else if ((r = ou_bytes_new(vm, NULL, len))) {
        int ok;
        OU_BLOCKING(vm, ok = st->lib.pbkdf2(pass.buf, (int)pass.len, salt.buf, (int)salt.len, (int)rounds, md,
                                            (int)len, (unsigned char *)OU_BYTES(r)->data));
        if (!ok) {
            ou_decref(vm, r);
            r = crypto_error(vm, OU_EXC(vm, ValueError));
        }
    }
done:
    ou_buffer_release(vm, &salt);
    ou_buffer_release(vm, &pass);
    return r;
}

/* Parameter n, r or p of scrypt(): 0 / -1 */
static int scrypt_number(OuVM *vm, OuObj *arg, const char *name, uint64_t *out)
{
    if (arg && !ou_is(arg, NoneType)) {
        if (!ou_isa_int(vm, arg))
            return ou_type_error_i(vm, "scrypt() argument '%s' must be int, not %s", name,
                                   ou_arg_type_name(vm, arg));
        if (ou_as_u64(vm, arg, out) == 0)
            return 0;
        ou_err_clear(vm);
    }
    return ou_type_error_i(vm, "%s is required and must be an unsigned int", name);
}

static OuObj *f_scrypt(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    State *st = state(vm);
    OuBuffer pass, salt;
    uint64_t n, block, parallel;
    int64_t maxmem = 0, len = 64;
    static const char *const wanted[] = {"n", "r", "p"};
    for (int i = 0; i < 3; i++)
        if (args[2 + i] && !ou_is(args[2 + i], NoneType) && !ou_isa_int(vm, args[2 + i]))
            return ou_type_error(vm, "scrypt() argument '%s' must be int, not %s", wanted[i],
                                 ou_arg_type_name(vm, args[2 + i]));
    if ((args[5] && ou_as_i64(vm, args[5], &maxmem) < 0) || (args[6] && ou_as_i64(vm, args[6], &len) < 0) ||
        ou_buffer_get(vm, args[0], &pass, OU_BUF_SIMPLE) < 0)
        return NULL;
    OuObj *r = NULL;
    if (!args[1] || ou_is(args[1], NoneType)) {
        ou_type_error(vm, "salt is required");
        goto no_salt;
    }
    if (ou_buffer_get(vm, args[1], &salt, OU_BUF_SIMPLE) < 0)
        goto no_salt;
    if (scrypt_number(vm, args[2], "n", &n) < 0)
        goto done;
    if (n < 2 || (n & (n - 1))) {
        ou_value_error(vm, "n must be a power of 2.");
        goto done;
    }
    if (scrypt_number(vm, args[3], "r", &block) < 0 || scrypt_number(vm, args[4], "p", &parallel) < 0)
        goto done;
    if (maxmem < 0 || maxmem > INT_MAX)
        ou_value_error(vm, "maxmem must be positive and smaller than %d", INT_MAX);
    else if (len < 1 || len > INT_MAX)
        ou_value_error(vm, "dklen must be greater than 0 and smaller than %d", INT_MAX);
    else if (!st->lib.scrypt(NULL, 0, NULL, 0, n, block, parallel, (uint64_t)maxmem, NULL, 0)) {
        /* a dry run says whether the parameters fit */
        if (block == 0 || parallel == 0) {
            while (st->lib.get_error())
                ;
            ou_value_error(vm, "Invalid parameter combination for n, r, p, maxmem.");
        } else
            crypto_error(vm, OU_EXC(vm, ValueError));
    } else if ((r = ou_bytes_new(vm, NULL, len))) {
        int ok;
        OU_BLOCKING(vm, ok = st->lib.scrypt(pass.buf, (size_t)pass.len, salt.buf, (size_t)salt.len, n, block,
                                            parallel, (uint64_t)maxmem, (unsigned char *)OU_BYTES(r)->data,
                                            (size_t)len));
        if (!ok) {
            ou_decref(vm, r);
            r = crypto_error(vm, OU_EXC(vm, ValueError));
        }
    }
done:
    ou_buffer_release(vm, &salt);
no_salt:
    ou_buffer_release(vm, &pass);
    return r;
}

/* 0: libcrypto's default properties do not ask for fips; 1.1 has no such provider at all */
static OuObj *f_get_fips_mode(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int (*enabled)(void *) = NULL;
    *(void **)&enabled = dlsym(state(vm)->lib.evp.handle, "EVP_default_properties_is_fips_enabled");
    return ou_int(vm, enabled ? enabled(NULL) : 0);
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
    {"hmac_new(key, msg=b'', digestmod=None)", f_hmac_new, 0, "Return a new hmac object."},
    {"hmac_digest(key, msg, digest)", f_hmac_digest, 0, "Single-shot HMAC."},
    {"pbkdf2_hmac(hash_name, password, salt, iterations, dklen=None)", f_pbkdf2_hmac, 0,
     "Password based key derivation function 2 (PKCS #5 v2.0) with HMAC as pseudorandom function."},
    {"scrypt(password, *, salt=None, n=None, r=None, p=None, maxmem=0, dklen=64)", f_scrypt, 0,
     "scrypt password-based key derivation function."},
    {"get_fips_mode()", f_get_fips_mode, 0, "Whether libcrypto works in FIPS mode: 0 if not."},
    {0},
};

/* _constructors: {openssl_md5: 'md5', ...}, and openssl_md_meth_names: what libcrypto offers */
static int add_tables(OuVM *vm, OuObj *m, State *st)
{
    OuObj *table = ou_dict_new(vm), *offered = ou_frozenset_new(vm, NULL);
    int r = table && offered ? 0 : -1;
    for (int i = 0; r == 0 && i < NAMES; i++) {
        OuObj *name = ou_str_new(vm, names[i].python, -1);
        if (!name)
            r = -1;
        if (r == 0 && st->lib.evp.by_name(names[i].crypto))
            r = ou_set_add(vm, offered, name);
        char attr[40];
        snprintf(attr, sizeof attr, "openssl_%s", names[i].python);
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
    State *st = ((OuModule *)m)->state;
    if (open_lib(vm, &st->lib) < 0 || !(st->hash = ou_module_add_type(vm, m, &hash_spec, NULL)) ||
        !(st->xof = ou_module_add_type(vm, m, &xof_spec, st->hash)) ||
        !(st->hmac = ou_module_add_type(vm, m, &hmac_spec, NULL)) ||
        !(st->unsupported =
              ou_new_exception(vm, "_hashlib", "UnsupportedDigestmodError", OU_EXC(vm, ValueError))) ||
        ou_module_add(vm, m, "UnsupportedDigestmodError", ou_ref(st->unsupported)) < 0 ||
        ou_module_add(vm, m, "compare_digest", ou_import_attr(vm, "_operator", "_compare_digest")) < 0)
        return -1;
    return add_tables(vm, m, st);
}

static int traverse(void *state_, OuVisit visit, void *arg)
{
    State *st = state_;
    OU_VISIT(st->unsupported);
    OU_VISIT(st->constructors);
    return 0;
}

/* The library stays mapped: objects may outlive their module. */
static void clear(OuVM *vm, void *state_)
{
    State *st = state_;
    ou_clear(vm, st->unsupported);
    ou_clear(vm, st->constructors);
}

const OuModuleDef ou_mod__hashlib = {.name = "_hashlib",
                                     .doc = "OpenSSL interface for hashlib module",
                                     .functions = functions,
                                     .state_size = sizeof(State),
                                     .exec = exec_hashlib,
                                     .traverse = traverse,
                                     .clear = clear};
