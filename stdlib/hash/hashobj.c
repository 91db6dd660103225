/* stdlib/hash/hashobj.c - the objects of module _hashlib: HASH, HASHXOF (a digest as long as asked for) and HMAC. */
#include <limits.h>
#include <stdio.h>

#include "hash.h"
#include "vm/type.h"

enum { FLAG_XOF = 2 };

/* One struct for the three: md is libcrypto's and lives as long as the library. */
typedef struct Hash {
    OuObj hdr;
    OuHashlib *st;
    const void *md;
    void *ctx;
    char name[24];
} Hash;
#define HASH(o) ((Hash *)(o))

static void name_of(const OuHashlib *st, const void *md, char *out, size_t cap)
{
    const char *name = NULL;
    for (int i = 0; i < OU_DIGEST_NAMES; i++)
        if (st->mds[i] == md)
            name = ou_digest_names[i].python;
    if (!name)
        name = st->lib->long_name(st->lib->nid(md));
    snprintf(out, cap, "%s", name ? name : "");
}

static Hash *new_hash(OuVM *vm, OuHashlib *st, OuType *type, const void *md)
{
    Hash *h = (Hash *)ou_type_alloc(vm, type, 0);
    if (!h)
        return NULL;
    h->st = st;
    h->md = md;
    h->ctx = type == st->hmac ? st->lib->hmac_ctx_new() : st->lib->ctx_new();
    if (!h->ctx) {
        ou_decref(vm, h);
        return ou_raise_memory(vm);
    }
    name_of(st, md, h->name, sizeof h->name);
    return h;
}

static void hash_dealloc(OuVM *vm, OuObj *o)
{
    Hash *h = HASH(o);
    if (h->ctx && OU_TYPE_OF(vm, o) == h->st->hmac)
        h->st->lib->hmac_ctx_free(h->ctx);
    else if (h->ctx)
        h->st->lib->ctx_free(h->ctx);
    ou_free_object(vm, o);
}

static bool is_hmac(OuVM *vm, const Hash *h)
{
    return OU_TYPE_OF(vm, h) == h->st->hmac;
}

static int feed(OuVM *vm, Hash *h, OuObj *data)
{
    const OuCrypto *l = h->st->lib;
    return ou_hash_feed(vm, data, is_hmac(vm, h) ? l->hmac_update : l->update, h->ctx);
}

OuObj *ou_hash_start(OuVM *vm, const void *md, OuObj *data)
{
    OuHashlib *st = ou_hashlib(vm);
    if (!md)
        return NULL;
    Hash *h = new_hash(vm, st, st->lib->flags(md) & FLAG_XOF ? st->xof : st->hash, md);
    if (h && !st->lib->init(h->ctx, md, NULL)) {
        ou_decref(vm, h);
        return ou_crypto_error(vm, OU_EXC(vm, ValueError));
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
    const OuCrypto *l = h->st->lib;
    if (c && !(is_hmac(vm, h) ? l->hmac_ctx_copy(c->ctx, h->ctx) : l->ctx_copy(c->ctx, h->ctx))) {
        ou_decref(vm, c);
        return ou_crypto_error(vm, OU_EXC(vm, ValueError));
    }
    return (OuObj *)c;
}

static int digest_size(const Hash *h)
{
    return h->st->lib->flags(h->md) & FLAG_XOF ? 0 : h->st->lib->size(h->md);
}

/* The digest so far, of n bytes, into out; the object goes on. */
static int finish(OuVM *vm, Hash *h, unsigned char *out, size_t n)
{
    const OuCrypto *l = h->st->lib;
    bool hmac = is_hmac(vm, h);
    void *ctx = hmac ? l->hmac_ctx_new() : l->ctx_new();
    unsigned len = 0;
    int ok;
    if (hmac)
        ok = ctx && l->hmac_ctx_copy(ctx, h->ctx) && l->hmac_final(ctx, out, &len);
    else
        ok = ctx && l->ctx_copy(ctx, h->ctx) &&
             (digest_size(h) ? l->final(ctx, out, NULL) : n == 0 || l->final_xof(ctx, out, n));
    if (ctx && hmac)
        l->hmac_ctx_free(ctx);
    else if (ctx)
        l->ctx_free(ctx);
    if (ok)
        return 0;
    ou_crypto_error(vm, OU_EXC(vm, ValueError));
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
    bool hmac = is_hmac(vm, HASH(o));
    return ou_str_fmt(vm, "%s%s", hmac ? "hmac-" : "", HASH(o)->name);
}

static OuObj *get_digest_size(OuVM *vm, OuObj *o, void *data)
{
    return ou_int(vm, digest_size(HASH(o)));
}

static OuObj *get_block_size(OuVM *vm, OuObj *o, void *data)
{
    return ou_int(vm, HASH(o)->st->lib->block_size(HASH(o)->md));
}

static OuObj *hash_repr(OuVM *vm, OuObj *o)
{
    bool hmac = is_hmac(vm, HASH(o));
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
const OuTypeSpec ou_hash_spec = {.name = "_hashlib.HASH",
                                 .doc = "An object that calculates the digest of a string of information.",
                                 .size = sizeof(Hash),
                                 .flags = OU_TYPE_BASE | OU_TYPE_IMMUTABLE | OU_TYPE_NO_NEW,
                                 .dealloc = hash_dealloc,
                                 .s = {.repr = hash_repr},
                                 .methods = methods,
                                 .getset = getset};
const OuTypeSpec ou_hash_xof_spec = {.name = "_hashlib.HASHXOF",
                                     .doc = "A hash object whose digest is as long as asked for.",
                                     .size = sizeof(Hash),
                                     .flags = OU_TYPE_IMMUTABLE | OU_TYPE_NO_NEW,
                                     .dealloc = hash_dealloc,
                                     .s = {.repr = hash_repr},
                                     .methods = xof_methods};
const OuTypeSpec ou_hash_hmac_spec = {.name = "_hashlib.HMAC",
                                      .doc = "The object used to calculate HMAC of a message.",
                                      .size = sizeof(Hash),
                                      .flags = OU_TYPE_IMMUTABLE | OU_TYPE_NO_NEW,
                                      .dealloc = hash_dealloc,
                                      .s = {.repr = hash_repr},
                                      .methods = hmac_methods,
                                      .getset = getset};

OuObj *ou_hash_hmac_new(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuHashlib *st = ou_hashlib(vm);
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
        md = ou_digest_of(vm, args[2]);
    if (md && (h = new_hash(vm, st, st->hmac, md)) &&
        !st->lib->hmac_init(h->ctx, key.buf, (int)key.len, md, NULL)) {
        ou_decref(vm, h);
        h = ou_crypto_error(vm, OU_EXC(vm, ValueError));
    }
    ou_buffer_release(vm, &key);
    if (h && args[1] && !ou_is(args[1], NoneType) && feed(vm, h, args[1]) < 0) {
        ou_decref(vm, h);
        return NULL;
    }
    return (OuObj *)h;
}
