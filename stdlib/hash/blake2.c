/* stdlib/hash/blake2.c - module _blake2: BLAKE2b and BLAKE2s (RFC 7693) with key, salt, person and tree
 * parameters.
 *
 * One implementation serves both: words are kept in 64 bits and cut to 32 for BLAKE2s. */
#include <stdio.h>
#include <string.h>

#include "hash.h"
#include "vm/type.h"

typedef struct State {
    OuType *types[2];
} State;

typedef struct Blake {
    OuObj hdr;
    bool s; /* BLAKE2s */
    bool last_node;
    uint8_t digest;
    uint64_t h[8], t[2];
    size_t fill;
    unsigned char buf[128];
} Blake;
#define BLAKE(o) ((Blake *)(o))

static const uint8_t sigma[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};
static const uint64_t iv_b[8] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                                 0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                                 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

static uint64_t iv(bool s, int i)
{
    return s ? iv_b[i] >> 32 : iv_b[i]; /* SHA-256's are the upper halves of SHA-512's */
}

static uint64_t rotate(bool s, uint64_t x, int n)
{
    if (s) {
        uint32_t w = (uint32_t)x;
        return w >> n | (uint32_t)(w << (32 - n));
    }
    return x >> n | x << (64 - n);
}

static void compress(Blake *b, const unsigned char *block, bool last)
{
    bool s = b->s;
    const int r[4] = {s ? 16 : 32, s ? 12 : 24, s ? 8 : 16, s ? 7 : 63};
    uint64_t m[16], v[16], mask = s ? 0xffffffffu : ~(uint64_t)0;
    for (int i = 0; i < 16; i++) {
        m[i] = 0;
        memcpy(&m[i], block + i * (s ? 4 : 8), s ? 4 : 8);
    }
    for (int i = 0; i < 8; i++) {
        v[i] = b->h[i];
        v[i + 8] = iv(s, i);
    }
    v[12] ^= b->t[0];
    v[13] ^= b->t[1];
    if (last)
        v[14] ^= mask;
    if (last && b->last_node)
        v[15] ^= mask;
    for (int round = 0; round < (s ? 10 : 12); round++) {
        const uint8_t *p = sigma[round % 10];
        static const uint8_t lanes[8][4] = {{0, 4, 8, 12},  {1, 5, 9, 13},  {2, 6, 10, 14}, {3, 7, 11, 15},
                                            {0, 5, 10, 15}, {1, 6, 11, 12}, {2, 7, 8, 13},  {3, 4, 9, 14}};
        for (int k = 0; k < 8; k++) {
            uint64_t *a = &v[lanes[k][0]], *bb = &v[lanes[k][1]], *c = &v[lanes[k][2]], *d = &v[lanes[k][3]];
            *a = (*a + *bb + m[p[2 * k]]) & mask;
            *d = rotate(s, *d ^ *a, r[0]);
            *c = (*c + *d) & mask;
            *bb = rotate(s, *bb ^ *c, r[1]);
            *a = (*a + *bb + m[p[2 * k + 1]]) & mask;
            *d = rotate(s, *d ^ *a, r[2]);
            *c = (*c + *d) & mask;
            *bb = rotate(s, *bb ^ *c, r[3]);
        }
    }
    for (int i = 0; i < 8; i++)
        b->h[i] ^= v[i] ^ v[i + 8];
}

static void count(Blake *b, size_t n)
{
    if (b->s) {
        uint64_t t = (b->t[1] << 32 | b->t[0]) + n;
        b->t[0] = t & 0xffffffffu;
        b->t[1] = t >> 32;
    } else {
        b->t[0] += n;
        b->t[1] += b->t[0] < n;
    }
}

/* The last block is compressed by finish, so a full buffer waits. */
static void absorb(Blake *b, const unsigned char *p, size_t n)
{
    size_t block = b->s ? 64 : 128;
    while (n) {
        if (b->fill == block) {
            count(b, block);
            compress(b, b->buf, false);
            b->fill = 0;
        }
        size_t k = block - b->fill < n ? block - b->fill : n;
        memcpy(b->buf + b->fill, p, k);
        b->fill += k;
        p += k;
        n -= k;
    }
}

static void finish(const Blake *from, unsigned char out[64])
{
    Blake b = *from;
    size_t word = b.s ? 4 : 8;
    memset(b.buf + b.fill, 0, sizeof b.buf - b.fill);
    count(&b, b.fill);
    compress(&b, b.buf, true);
    for (size_t i = 0; i < 8; i++)
        memcpy(out + i * word, &b.h[i], word);
}

static int feed(OuVM *vm, Blake *b, OuObj *data)
{
    OuBuffer view;
    if (ou_hash_buffer(vm, data, &view) < 0)
        return -1;
    absorb(b, view.buf, (size_t)view.len);
    ou_buffer_release(vm, &view);
    return 0;
}

static int number(OuVM *vm, OuObj *o, uint64_t dflt, uint64_t min, uint64_t max, const char *msg,
                  uint64_t *out)
{
    *out = dflt;
    if (!o)
        return 0;
    bool wide = max > 255; /* sizes and offsets: too large is OverflowError */
    OuObj *i = ou_index(vm, o);
    if (!i)
        return -1;
    int r = 0;
    if (wide && ou_int_sign(i) < 0) {
        r = ou_value_error_i(vm, "value must be positive");
    } else if (ou_as_u64(vm, i, out) < 0) {
        r = -1;
        if (!wide && ou_err_is(vm, OU_EXC(vm, OverflowError))) {
            ou_err_clear(vm);
            ou_value_error(vm, "%s", msg);
        }
    } else if (*out < min || *out > max) {
        r = ou_raise_i(vm, wide ? OU_EXC(vm, OverflowError) : OU_EXC(vm, ValueError), "%s", msg);
    }
    ou_decref(vm, i);
    return r;
}

/* Bytes parameter of at most max bytes into out (zero padded); its length, or -1. */
static int bytes_arg(OuVM *vm, OuObj *o, const char *what, size_t max, unsigned char *out)
{
    memset(out, 0, max);
    if (!o)
        return 0;
    OuBuffer view;
    if (ou_buffer_get(vm, o, &view, OU_BUF_SIMPLE) < 0)
        return -1;
    int n = (int)view.len;
    if ((size_t)view.len > max)
        n = ou_value_error_i(vm, "maximum %s length is %zu bytes", what, max);
    else
        memcpy(out, view.buf, (size_t)view.len);
    ou_buffer_release(vm, &view);
    return n;
}

static const char sig_b[] =
    "blake2b(data=b'', /, *, digest_size=64, key=b'', salt=b'', person=b'', fanout=1, depth=1, "
    "leaf_size=0, node_offset=0, node_depth=0, inner_size=0, last_node=False, usedforsecurity=True)";
static const char sig_s[] =
    "blake2s(data=b'', /, *, digest_size=32, key=b'', salt=b'', person=b'', fanout=1, depth=1, "
    "leaf_size=0, node_offset=0, node_depth=0, inner_size=0, last_node=False, usedforsecurity=True)";

static OuObj *blake_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames, bool s)
{
    OuObj *a[13];
    uint64_t digest, fanout, depth, leaf, offset, node_depth, inner;
    size_t out_max = s ? 32 : 64, salt_max = s ? 8 : 16;
    unsigned char key[128] = {0}, salt[16], person[16], param[64] = {0};
    if (ou_args_bind(vm, s ? sig_s : sig_b, args, nargs, kwnames, a) < 0)
        return NULL;
    uint64_t offset_max = s ? ((uint64_t)1 << 48) - 1 : UINT64_MAX;
    if (number(vm, a[1], out_max, 1, out_max,
               s ? "digest_size for BLAKE2s must be between 1 and 32 bytes, here it is out of range"
                 : "digest_size for BLAKE2b must be between 1 and 64 bytes, here it is out of range",
               &digest) < 0)
        return NULL;
    int nkey = bytes_arg(vm, a[2], "key", out_max, key);
    if (nkey < 0 || bytes_arg(vm, a[3], "salt", salt_max, salt) < 0 ||
        bytes_arg(vm, a[4], "person", salt_max, person) < 0 ||
        number(vm, a[5], 1, 0, 255, "fanout must be between 0 and 255", &fanout) < 0 ||
        number(vm, a[6], 1, 1, 255, "depth must be between 1 and 255", &depth) < 0 ||
        number(vm, a[7], 0, 0, 0xffffffffu, "leaf_size is too large", &leaf) < 0 ||
        number(vm, a[8], 0, 0, offset_max, "node_offset is too large", &offset) < 0 ||
        number(vm, a[9], 0, 0, 255, "node_depth must be between 0 and 255", &node_depth) < 0 ||
        number(vm, a[10], 0, 0, out_max,
               s ? "inner_size must be between 0 and is 32" : "inner_size must be between 0 and is 64",
               &inner) < 0)
        return NULL;
    int last = a[11] ? ou_is_true(vm, a[11]) : 0;
    if (last < 0)
        return NULL;
    Blake *b = (Blake *)ou_type_alloc(vm, type, 0);
    if (!b)
        return NULL;
    memset((char *)b + sizeof(OuObj), 0, sizeof *b - sizeof(OuObj));
    b->s = s;
    b->last_node = last;
    b->digest = (uint8_t)digest;
    /* the parameter block, little-endian */
    param[0] = (unsigned char)digest;
    param[1] = (unsigned char)nkey;
    param[2] = (unsigned char)fanout;
    param[3] = (unsigned char)depth;
    memcpy(param + 4, &leaf, 4);
    memcpy(param + 8, &offset, s ? 6 : 8);
    param[s ? 14 : 16] = (unsigned char)node_depth;
    param[s ? 15 : 17] = (unsigned char)inner;
    memcpy(param + (s ? 16 : 32), salt, salt_max);
    memcpy(param + (s ? 24 : 48), person, salt_max);
    for (int i = 0; i < 8; i++) {
        uint64_t w = 0;
        memcpy(&w, param + i * (s ? 4 : 8), s ? 4 : 8);
        b->h[i] = iv(s, i) ^ w;
    }
    if (nkey) /* the key is the first block */
        absorb(b, key, s ? 64 : 128);
    if (a[0] && feed(vm, b, a[0]) < 0) {
        ou_decref(vm, b);
        return NULL;
    }
    return (OuObj *)b;
}

static OuObj *new_b(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return blake_new(vm, type, args, nargs, kwnames, false);
}

static OuObj *new_s(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return blake_new(vm, type, args, nargs, kwnames, true);
}

static void blake_dealloc(OuVM *vm, OuObj *o)
{
    memset((char *)o + sizeof(OuObj), 0, sizeof(Blake) - sizeof(OuObj)); /* it may have held a key */
    ou_free_object(vm, o);
}

static OuObj *m_update(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return feed(vm, BLAKE(args[0]), args[1]) < 0 ? NULL : ou_none(vm);
}

static OuObj *m_copy(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Blake *c = (Blake *)ou_type_alloc(vm, OU_TYPE_OF(vm, args[0]), 0);
    if (c)
        memcpy((char *)c + sizeof(OuObj), (char *)args[0] + sizeof(OuObj), sizeof *c - sizeof(OuObj));
    return (OuObj *)c;
}

static OuObj *m_digest(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    unsigned char out[64];
    finish(BLAKE(args[0]), out);
    return ou_bytes_new(vm, (char *)out, BLAKE(args[0])->digest);
}

static OuObj *m_hexdigest(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    unsigned char out[64];
    finish(BLAKE(args[0]), out);
    return ou_hash_hex(vm, out, BLAKE(args[0])->digest);
}

static const OuFn methods[] = {
    {"copy(self, /)", m_copy, 0, "Return a copy of the hash object."},
    {"digest(self, /)", m_digest, 0, "Return the digest value as a bytes object."},
    {"hexdigest(self, /)", m_hexdigest, 0, "Return the digest value as a string of hexadecimal digits."},
    {"update(self, data, /)", m_update, 0,
     "Update this hash object's state with the provided bytes-like object."},
    {0},
};

static OuObj *get_name(OuVM *vm, OuObj *o, void *data)
{
    return ou_str_new(vm, BLAKE(o)->s ? "blake2s" : "blake2b", -1);
}

static OuObj *get_digest_size(OuVM *vm, OuObj *o, void *data)
{
    return ou_int(vm, BLAKE(o)->digest);
}

static OuObj *get_block_size(OuVM *vm, OuObj *o, void *data)
{
    return ou_int(vm, BLAKE(o)->s ? 64 : 128);
}

static const OuGetSet getset[] = {
    {"name", get_name, NULL, NULL, NULL},
    {"digest_size", get_digest_size, NULL, NULL, NULL},
    {"block_size", get_block_size, NULL, NULL, NULL},
    {0},
};

static const OuTypeSpec specs[2] = {
    {.name = "_blake2.blake2b",
     .size = sizeof(Blake),
     .flags = OU_TYPE_BASE | OU_TYPE_IMMUTABLE,
     .doc = "Return a new BLAKE2b hash object.",
     .dealloc = blake_dealloc,
     .s = {.new_ = new_b},
     .methods = methods,
     .getset = getset},
    {.name = "_blake2.blake2s",
     .size = sizeof(Blake),
     .flags = OU_TYPE_BASE | OU_TYPE_IMMUTABLE,
     .doc = "Return a new BLAKE2s hash object.",
     .dealloc = blake_dealloc,
     .s = {.new_ = new_s},
     .methods = methods,
     .getset = getset},
};

static int add_limits(OuVM *vm, OuType *t, bool s)
{
    static const struct {
        const char *name;
        int b, s;
    } rows[] = {
        {"SALT_SIZE", 16, 8}, {"PERSON_SIZE", 16, 8}, {"MAX_KEY_SIZE", 64, 32}, {"MAX_DIGEST_SIZE", 64, 32}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        OuObj *v = ou_int(vm, s ? rows[i].s : rows[i].b);
        OuDict *d = ou_type_dict(vm, t);
        int r = v && d ? ou_dict_set_s(vm, (OuObj *)d, rows[i].name, v) : -1;
        ou_xdecref(vm, v);
        if (r < 0)
            return -1;
    }
    return 0;
}

static int exec(OuVM *vm, OuObj *m)
{
    State *st = ((OuModule *)m)->state;
    static const char *const limits[] = {"SALT_SIZE", "PERSON_SIZE", "MAX_KEY_SIZE", "MAX_DIGEST_SIZE"};
    static const int values[2][4] = {{16, 16, 64, 64}, {8, 8, 32, 32}};
    for (int i = 0; i < 2; i++) {
        if (!(st->types[i] = ou_module_add_type(vm, m, &specs[i], NULL)) ||
            add_limits(vm, st->types[i], i == 1) < 0)
            return -1;
        for (int k = 0; k < 4; k++) {
            char name[40];
            snprintf(name, sizeof name, "%s_%s", i ? "BLAKE2S" : "BLAKE2B", limits[k]);
            if (ou_module_add_int(vm, m, name, values[i][k]) < 0)
                return -1;
        }
    }
    return 0;
}

const OuModuleDef ou_mod__blake2 = {
    .name = "_blake2",
    .doc = "_blake2b provides BLAKE2b for hashlib\n",
    .state_size = sizeof(State),
    .exec = exec,
};
