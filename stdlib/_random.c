/* stdlib/_random.c - module _random: the Mersenne Twister MT19937 (M. Matsumoto, T. Nishimura), seeded as
 * CPython does. */
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "vm/int_big.h"
#include "vm/native.h"

enum { N = 624, M = 397 };

typedef struct Random {
    OuObj hdr;
    int index;
    uint32_t state[N];
} Random;
#define RANDOM(o) ((Random *)(o))

static inline uint32_t twist(uint32_t high, uint32_t low)
{
    uint32_t y = (high & 0x80000000u) | (low & 0x7fffffffu);
    return (y >> 1) ^ (-(y & 1) & 0x9908b0dfu);
}

static uint32_t next32(Random *r)
{
    uint32_t *mt = r->state;
    if (r->index >= N) {
        int k = 0;
        for (; k < N - M; k++)
            mt[k] = mt[k + M] ^ twist(mt[k], mt[k + 1]);
        for (; k < N - 1; k++)
            mt[k] = mt[k + M - N] ^ twist(mt[k], mt[k + 1]);
        mt[N - 1] = mt[M - 1] ^ twist(mt[N - 1], mt[0]);
        r->index = 0;
    }
    uint32_t y = mt[r->index++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
}

static void init_number(Random *r, uint32_t s)
{
    uint32_t *mt = r->state;
    mt[0] = s;
    for (uint32_t i = 1; i < N; i++)
        mt[i] = 1812433253u * (mt[i - 1] ^ (mt[i - 1] >> 30)) + i;
    r->index = N;
}

static void init_key(Random *r, const uint32_t *key, size_t n)
{
    uint32_t *mt = r->state;
    size_t i = 1, j = 0;
    init_number(r, 19650218u);
    for (size_t k = N > n ? N : n; k; k--) {
        mt[i] = (mt[i] ^ ((mt[i - 1] ^ (mt[i - 1] >> 30)) * 1664525u)) + key[j] + (uint32_t)j;
        if (++i >= N) {
            mt[0] = mt[N - 1];
            i = 1;
        }
        if (++j >= n)
            j = 0;
    }
    for (int k = N - 1; k; k--) {
        mt[i] = (mt[i] ^ ((mt[i - 1] ^ (mt[i - 1] >> 30)) * 1566083941u)) - (uint32_t)i;
        if (++i >= N) {
            mt[0] = mt[N - 1];
            i = 1;
        }
    }
    mt[0] = 0x80000000u;
}

static void seed_random(Random *r)
{
    uint32_t key[N];
    if (getrandom(key, sizeof key, GRND_NONBLOCK) == (ssize_t)sizeof key) {
        init_key(r, key, N);
        return;
    }
    struct timespec now, mono;
    clock_gettime(CLOCK_REALTIME, &now);
    clock_gettime(CLOCK_MONOTONIC, &mono);
    key[0] = (uint32_t)now.tv_sec;
    key[1] = (uint32_t)now.tv_nsec;
    key[2] = (uint32_t)getpid();
    key[3] = (uint32_t)mono.tv_sec;
    key[4] = (uint32_t)mono.tv_nsec;
    init_key(r, key, 5);
}

static int seed(OuVM *vm, Random *r, OuObj *arg)
{
    if (!arg || arg == OU_NONE(vm)) {
        seed_random(r);
        return 0;
    }
    OuNum x;
    mp_limb_t h;
    if (ou_isa_int(vm, arg)) {
        ou_num_of(&x, arg);
    } else {
        int64_t hash;
        if (ou_hash(vm, arg, &hash) < 0)
            return -1;
        h = (uint64_t)hash;
        x.p = &h;
        x.n = h != 0;
    }
    /* the magnitude in words of 32 bits, at least one */
    size_t words = (ou_num_bits(&x) + 31) / 32;
    if (words <= 1) {
        uint32_t key = x.n ? (uint32_t)x.p[0] : 0;
        init_key(r, &key, 1);
        return 0;
    }
    init_key(r, (const uint32_t *)x.p, words); /* little-endian limbs are the words in order */
    return 0;
}

static OuObj *random_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (nargs + (kwnames ? OU_TUPLE(kwnames)->n : 0) > 1 && !(type->flags & OU_TYPE_HEAP))
        return ou_type_error(vm, "Random() requires 0 or 1 argument");
    Random *r = (Random *)ou_type_alloc(vm, type, 0);
    if (!r)
        return NULL;
    r->index = N;
    if (seed(vm, r, nargs ? args[0] : NULL) < 0) {
        ou_decref(vm, r);
        return NULL;
    }
    return (OuObj *)r;
}

static int random_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return 0;
}

static void random_dealloc(OuVM *vm, OuObj *o)
{
    ou_free_object(vm, o);
}

static OuObj *m_random(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    uint32_t a = next32(RANDOM(args[0])) >> 5, b = next32(RANDOM(args[0])) >> 6;
    return ou_float(vm, (a * 67108864.0 + b) * (1.0 / 9007199254740992.0));
}

static OuObj *m_seed(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return seed(vm, RANDOM(args[0]), args[1]) < 0 ? NULL : ou_none(vm);
}

static OuObj *m_getrandbits(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int k;
    if (ou_as_int(vm, args[1], &k) < 0)
        return NULL;
    if (k < 0)
        return ou_value_error(vm, "number of bits must be non-negative");
    if (k == 0)
        return ou_int(vm, 0);
    if (k <= 32)
        return ou_int(vm, next32(RANDOM(args[0])) >> (32 - k));
    size_t words = ((size_t)k + 31) / 32;
    OuLimbs t;
    if (ou_limbs_get(vm, &t, words / 2 + 1) < 0)
        return NULL;
    memset(t.p, 0, (words / 2 + 1) * 8);
    for (size_t i = 0; i < words; i++, k -= 32) {
        uint32_t w = next32(RANDOM(args[0]));
        if (k < 32)
            w >>= 32 - k;
        t.p[i / 2] |= (mp_limb_t)w << (i % 2 * 32);
    }
    OuObj *r = ou_big_from(vm, t.p, words / 2 + 1, false);
    ou_limbs_free(vm, &t);
    return r;
}

static OuObj *m_getstate(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    Random *r = RANDOM(args[0]);
    OuObj *t = ou_tuple_new(vm, N + 1);
    for (int i = 0; t && i <= N; i++)
        if (!(OU_TUPLE(t)->items[i] = ou_int(vm, i < N ? (int64_t)r->state[i] : r->index)))
            ou_clear(vm, t);
    return t;
}

static OuObj *m_setstate(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (!ou_isa_tuple(vm, args[1]))
        return ou_type_error(vm, "state vector must be a tuple");
    const OuTuple *t = OU_TUPLE(args[1]);
    if (t->n != N + 1)
        return ou_value_error(vm, "state vector is the wrong size");
    uint32_t state[N];
    int64_t index;
    for (int i = 0; i < N; i++) {
        uint64_t v;
        if (!ou_isa_int(vm, t->items[i]))
            return ou_type_error(vm, "an integer is required");
        if (ou_as_u64(vm, t->items[i], &v) < 0)
            return NULL;
        state[i] = (uint32_t)v;
    }
    if (ou_as_i64(vm, t->items[N], &index) < 0)
        return NULL;
    if (index < 0 || index > N)
        return ou_value_error(vm, "invalid state");
    memcpy(RANDOM(args[0])->state, state, sizeof state);
    RANDOM(args[0])->index = (int)index;
    return ou_none(vm);
}

static const OuFn methods[] = {
    {"random(self, /)", m_random, 0, "random() -> x in the interval [0, 1)."},
    {"seed(self, n=None, /)", m_seed, 0,
     "seed([n]) -> None.\n\nInitializes the generator from an int or a hash; without argument from the "
     "system's\nrandomness."},
    {"getstate(self, /)", m_getstate, 0, "getstate() -> tuple containing the current state."},
    {"setstate(self, state, /)", m_setstate, 0, "setstate(state) -> None.  Restores generator state."},
    {"getrandbits(self, k, /)", m_getrandbits, 0,
     "getrandbits(k) -> x.  Generates an int with k random bits."},
    {0},
};

static const OuTypeSpec random_spec = {
    .name = "_random.Random",
    .size = sizeof(Random),
    .flags = OU_TYPE_BASE | OU_TYPE_IMMUTABLE,
    .doc = "Random() -> create a random number generator with its own internal state.",
    .dealloc = random_dealloc,
    .s = {.new_ = random_new, .init = random_init},
    .methods = methods,
};

static int exec(OuVM *vm, OuObj *m)
{
    return ou_module_add_type(vm, m, &random_spec, NULL) ? 0 : -1;
}

const OuModuleDef ou_mod__random = {
    .name = "_random",
    .doc = "Module implements the Mersenne Twister random number generator.",
    .exec = exec,
};
