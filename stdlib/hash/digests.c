/* stdlib/hash/digests.c - modules _md5, _sha1, _sha256, _sha512, _sha3 over libcrypto: the same type for all, a row an algorithm.
 * Matched: the functions of CPython 3.11's modules and their objects; their types have no public name here (MD5Type ...; the
 * sha3_* are functions). */
#include "hash.h"

typedef struct Algo {
    const char *name, *evp;
    int digest, block; /* bytes; digest 0: extendable output */
} Algo;

enum { ALGOS_MAX = 6 };
typedef struct State {
    const OuCrypto *lib;
    OuType *types[ALGOS_MAX];
} State;

typedef struct Hash {
    OuObj hdr;
    const Algo *algo;
    State *st;
    void *ctx;
} Hash;
#define HASH(o) ((Hash *)(o))

static Hash *new_hash(OuVM *vm, OuType *t, State *st, const Algo *a)
{
    Hash *h = (Hash *)ou_type_alloc(vm, t, 0);
    if (!h)
        return NULL;
    h->algo = a;
    h->st = st;
    h->ctx = st->lib->ctx_new();
    if (!h->ctx) {
        ou_decref(vm, h);
        return ou_raise_memory(vm);
    }
    return h;
}

static int feed(OuVM *vm, Hash *h, OuObj *data)
{
    return ou_hash_feed(vm, data, h->st->lib->update, h->ctx);
}

static OuObj *make(OuVM *vm, const OuModuleDef *def, const Algo *a, int index, OuObj *data)
{
    State *st = ou_module_state(vm, def);
    Hash *h = new_hash(vm, st->types[index], st, a);
    if (!h)
        return NULL;
    const void *md = st->lib->by_name(a->evp);
    if (!md || !st->lib->init(h->ctx, md, NULL)) {
        ou_decref(vm, h);
        return ou_value_error(vm, "libcrypto does not offer %s", a->name);
    }
    if (data && feed(vm, h, data) < 0) {
        ou_decref(vm, h);
        return NULL;
    }
    return (OuObj *)h;
}

static void hash_dealloc(OuVM *vm, OuObj *o)
{
    if (HASH(o)->ctx)
        HASH(o)->st->lib->ctx_free(HASH(o)->ctx);
    ou_free_object(vm, o);
}

static OuObj *m_update(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return feed(vm, HASH(args[0]), args[1]) < 0 ? NULL : ou_none(vm);
}

static OuObj *m_copy(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Hash *h = HASH(args[0]), *c = new_hash(vm, OU_TYPE_OF(vm, args[0]), h->st, h->algo);
    if (c && !h->st->lib->ctx_copy(c->ctx, h->ctx)) {
        ou_decref(vm, c);
        return ou_raise_memory(vm);
    }
    return (OuObj *)c;
}

/* The digest so far, of n bytes, into out; the hash object goes on. */
static int finish(OuVM *vm, Hash *h, unsigned char *out, size_t n)
{
    const OuCrypto *l = h->st->lib;
    void *ctx = l->ctx_new();
    int ok = ctx && l->ctx_copy(ctx, h->ctx);
    if (ok)
        ok = h->algo->digest ? l->final(ctx, out, NULL) : n == 0 || l->final_xof(ctx, out, n);
    l->ctx_free(ctx);
    return ok ? 0 : ou_raise_memory_i(vm);
}

/* The length argument of extendable hashes. */
static int output_length(OuVM *vm, Hash *h, OuObj *arg, size_t *n)
{
    *n = (size_t)h->algo->digest;
    if (h->algo->digest)
        return 0;
    uint64_t v = 0;
    OuObj *i = ou_index(vm, arg);
    int r = !i                   ? -1
            : ou_int_sign(i) < 0 ? ou_value_error_i(vm, "value must be positive")
                                 : ou_as_u64(vm, i, &v);
    ou_xdecref(vm, i);
    if (r < 0)
        return -1;
    if (v >= 1u << 29)
        return ou_value_error_i(vm, "length is too large");
    *n = v;
    return 0;
}

static OuObj *m_digest(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    size_t n;
    if (output_length(vm, HASH(args[0]), args[1], &n) < 0)
        return NULL;
    OuObj *r = ou_bytes_new(vm, NULL, (ou_ssize)n);
    if (r && finish(vm, HASH(args[0]), (unsigned char *)OU_BYTES(r)->data, n) < 0) {
        ou_decref(vm, r);
        return NULL;
    }
    return r;
}

static OuObj *m_hexdigest(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *d = m_digest(vm, args, nargs, kwnames);
    if (!d)
        return NULL;
    OuObj *r = ou_hash_hex(vm, (unsigned char *)OU_BYTES(d)->data, OU_BYTES(d)->len);
    ou_decref(vm, d);
    return r;
}

static OuObj *m_digest0(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *two[2] = {args[0], NULL};
    return m_digest(vm, two, 2, NULL);
}

static OuObj *m_hexdigest0(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *two[2] = {args[0], NULL};
    return m_hexdigest(vm, two, 2, NULL);
}

static const OuFn fixed_methods[] = {
    {"copy(self, /)", m_copy, 0, "Return a copy of the hash object."},
    {"digest(self, /)", m_digest0, 0, "Return the digest value as a bytes object."},
    {"hexdigest(self, /)", m_hexdigest0, 0, "Return the digest value as a string of hexadecimal digits."},
    {"update(self, obj, /)", m_update, 0, "Update this hash object's state with the provided string."},
    {0},
};
static const OuFn xof_methods[] = {
    {"copy(self, /)", m_copy, 0, "Return a copy of the hash object."},
    {"digest(self, length, /)", m_digest, 0, "Return the digest value as a bytes object."},
    {"hexdigest(self, length, /)", m_hexdigest, 0,
     "Return the digest value as a string of hexadecimal digits."},
    {"update(self, data, /)", m_update, 0,
     "Update this hash object's state with the provided bytes-like object."},
    {0},
};

static OuObj *get_name(OuVM *vm, OuObj *o, void *data)
{
    return ou_str_new(vm, HASH(o)->algo->name, -1);
}

static OuObj *get_digest_size(OuVM *vm, OuObj *o, void *data)
{
    return ou_int(vm, HASH(o)->algo->digest);
}

static OuObj *get_block_size(OuVM *vm, OuObj *o, void *data)
{
    return ou_int(vm, HASH(o)->algo->block);
}

static const OuGetSet getset[] = {
    {"name", get_name, NULL, NULL, NULL},
    {"digest_size", get_digest_size, NULL, NULL, NULL},
    {"block_size", get_block_size, NULL, NULL, NULL},
    {0},
};

/* SHA-3: parameters of the sponge */
static OuObj *get_capacity(OuVM *vm, OuObj *o, void *data)
{
    return ou_int(vm, 1600 - 8 * (int64_t)HASH(o)->algo->block);
}

static OuObj *get_rate(OuVM *vm, OuObj *o, void *data)
{
    return ou_int(vm, 8 * (int64_t)HASH(o)->algo->block);
}

static OuObj *get_suffix(OuVM *vm, OuObj *o, void *data)
{
    return ou_bytes_new(vm, HASH(o)->algo->digest ? "\x06" : "\x1f", 1);
}

static const OuGetSet sponge_getset[] = {
    {"name", get_name, NULL, NULL, NULL},
    {"digest_size", get_digest_size, NULL, NULL, NULL},
    {"block_size", get_block_size, NULL, NULL, NULL},
    {"_capacity_bits", get_capacity, NULL, NULL, NULL},
    {"_rate_bits", get_rate, NULL, NULL, NULL},
    {"_suffix", get_suffix, NULL, NULL, NULL},
    {0},
};

#define SPEC(type_name, table) SPEC_OF(type_name, table, getset)
#define SPEC_OF(type_name, table, attributes)                                                 \
    {                                                                                         \
        .name = type_name, .size = sizeof(Hash), .flags = OU_TYPE_IMMUTABLE | OU_TYPE_NO_NEW, \
        .dealloc = hash_dealloc, .methods = table, .getset = attributes                       \
    }

static int exec_with(OuVM *vm, OuObj *m, const OuTypeSpec *specs, int n)
{
    State *st = ((OuModule *)m)->state;
    if (!(st->lib = ou_crypto(vm)))
        return -1;
    for (int i = 0; i < n; i++)
        if (!(st->types[i] = ou_type_from_spec(vm, &specs[i], NULL)))
            return -1;
    return 0;
}

#define MAKER(mod, fn, index)                                                           \
    static OuObj *make_##fn(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames) \
    {                                                                                   \
        return make(vm, &ou_mod_##mod, &mod##_algos[index], index, args[0]);            \
    }
#define ROW(fn, text)                                                                                   \
    {                                                                                                   \
#fn "(string=b'', *, usedforsecurity=True)", make_##fn, 0, "Return a new " text " hash object." \
    }
#define MODULE_OF(mod, text)                                                            \
    static int exec_##mod(OuVM *vm, OuObj *m)                                           \
    {                                                                                   \
        return exec_with(vm, m, mod##_specs, sizeof mod##_specs / sizeof *mod##_specs); \
    }                                                                                   \
    const OuModuleDef ou_mod_##mod = {.name = #mod,                                     \
                                      .doc = text,                                      \
                                      .functions = mod##_functions,                     \
                                      .state_size = sizeof(State),                      \
                                      .exec = exec_##mod};

static const Algo _md5_algos[] = {{"md5", "MD5", 16, 64}};
static const OuTypeSpec _md5_specs[] = {SPEC("_md5.md5", fixed_methods)};
MAKER(_md5, md5, 0)
static const OuFn _md5_functions[] = {ROW(md5, "MD5"), {0}};
MODULE_OF(_md5, "The MD5 hash algorithm.")

static const Algo _sha1_algos[] = {{"sha1", "SHA1", 20, 64}};
static const OuTypeSpec _sha1_specs[] = {SPEC("_sha1.sha1", fixed_methods)};
MAKER(_sha1, sha1, 0)
static const OuFn _sha1_functions[] = {ROW(sha1, "SHA1"), {0}};
MODULE_OF(_sha1, "The SHA-1 hash algorithm.")

static const Algo _sha256_algos[] = {{"sha256", "SHA256", 32, 64}, {"sha224", "SHA224", 28, 64}};
static const OuTypeSpec _sha256_specs[] = {SPEC("_sha256.sha256", fixed_methods),
                                           SPEC("_sha256.sha224", fixed_methods)};
MAKER(_sha256, sha256, 0)
MAKER(_sha256, sha224, 1)
static const OuFn _sha256_functions[] = {ROW(sha256, "SHA-256"), ROW(sha224, "SHA-224"), {0}};
MODULE_OF(_sha256, "The SHA-224 and SHA-256 hash algorithms.")

static const Algo _sha512_algos[] = {{"sha512", "SHA512", 64, 128}, {"sha384", "SHA384", 48, 128}};
static const OuTypeSpec _sha512_specs[] = {SPEC("_sha512.sha512", fixed_methods),
                                           SPEC("_sha512.sha384", fixed_methods)};
MAKER(_sha512, sha512, 0)
MAKER(_sha512, sha384, 1)
static const OuFn _sha512_functions[] = {ROW(sha512, "SHA-512"), ROW(sha384, "SHA-384"), {0}};
MODULE_OF(_sha512, "The SHA-384 and SHA-512 hash algorithms.")

static const Algo _sha3_algos[] = {
    {"sha3_224", "SHA3-224", 28, 144}, {"sha3_256", "SHA3-256", 32, 136}, {"sha3_384", "SHA3-384", 48, 104},
    {"sha3_512", "SHA3-512", 64, 72},  {"shake_128", "SHAKE128", 0, 168}, {"shake_256", "SHAKE256", 0, 136},
};
static const OuTypeSpec _sha3_specs[] = {
    SPEC_OF("_sha3.sha3_224", fixed_methods, sponge_getset),
    SPEC_OF("_sha3.sha3_256", fixed_methods, sponge_getset),
    SPEC_OF("_sha3.sha3_384", fixed_methods, sponge_getset),
    SPEC_OF("_sha3.sha3_512", fixed_methods, sponge_getset),
    SPEC_OF("_sha3.shake_128", xof_methods, sponge_getset),
    SPEC_OF("_sha3.shake_256", xof_methods, sponge_getset),
};
MAKER(_sha3, sha3_224, 0)
MAKER(_sha3, sha3_256, 1)
MAKER(_sha3, sha3_384, 2)
MAKER(_sha3, sha3_512, 3)
MAKER(_sha3, shake_128, 4)
MAKER(_sha3, shake_256, 5)
#define ROW3(fn)                                                                                        \
    {                                                                                                   \
#fn "(data=b'', /, *, usedforsecurity=True)", make_##fn, 0, "Return a new " #fn " hash object." \
    }
static const OuFn _sha3_functions[] = {
    ROW3(sha3_224), ROW3(sha3_256), ROW3(sha3_384), ROW3(sha3_512), ROW3(shake_128), ROW3(shake_256), {0}};
MODULE_OF(_sha3, "The SHA-3 and SHAKE hash algorithms.")
