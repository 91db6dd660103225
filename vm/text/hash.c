/* vm/text/hash.c - the hash of str and bytes: SipHash-1-3 with a key of the VM.
 *
 * Equal to CPython's for the same PYTHONHASHSEED: seed 0 is a zero key, another seed fills the secret from a
 * linear congruential generator (Python/bootstrap_hash.c: x = x * 214013 + 2531011, bits 16..23 of each
 * step). */
#include "text.h"

#include <sys/random.h>
#include <time.h>

void ou_hash_set_seed(OuVM *vm, uint32_t seed)
{
    unsigned char key[16] = {0};
    uint32_t x = seed;
    for (size_t i = 0; seed && i < sizeof key; i++) {
        x = x * 214013u + 2531011u;
        key[i] = (unsigned char)(x >> 16);
    }
    memcpy(vm->hash_key, key, sizeof key);
    vm->hash_key_set = 1;
}

void ou_hash_set_random(OuVM *vm)
{
    if (getrandom(vm->hash_key, sizeof vm->hash_key, GRND_NONBLOCK) != (ssize_t)sizeof vm->hash_key) {
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        vm->hash_key[0] = (uint64_t)now.tv_nsec * OU_GOLDEN;
        vm->hash_key[1] = (uint64_t)now.tv_sec ^ (uint64_t)(uintptr_t)vm;
    }
    vm->hash_key_set = 1;
}

static inline uint64_t rotl(uint64_t x, int b)
{
    return x << b | x >> (64 - b);
}

#define SIP_ROUND(v0, v1, v2, v3)                       \
    do {                                                \
        v0 += v1, v2 += v3;                             \
        v1 = rotl(v1, 13) ^ v0, v3 = rotl(v3, 16) ^ v2; \
        v0 = rotl(v0, 32);                              \
        v2 += v1, v0 += v3;                             \
        v1 = rotl(v1, 17) ^ v2, v3 = rotl(v3, 21) ^ v0; \
        v2 = rotl(v2, 32);                              \
    } while (0)

uint64_t ou_hash_keyed(uint64_t k0, uint64_t k1, const void *p, size_t n)
{
    const unsigned char *s = p;
    uint64_t b = (uint64_t)n << 56, m;
    uint64_t v0 = k0 ^ 0x736f6d6570736575u, v1 = k1 ^ 0x646f72616e646f6du;
    uint64_t v2 = k0 ^ 0x6c7967656e657261u, v3 = k1 ^ 0x7465646279746573u;
    for (; n >= 8; n -= 8, s += 8) {
        memcpy(&m, s, 8);
        v3 ^= m;
        SIP_ROUND(v0, v1, v2, v3);
        v0 ^= m;
    }
    m = 0;
    memcpy(&m, s, n);
    b |= m;
    v3 ^= b;
    SIP_ROUND(v0, v1, v2, v3);
    v0 ^= b;
    v2 ^= 0xff;
    SIP_ROUND(v0, v1, v2, v3);
    SIP_ROUND(v0, v1, v2, v3);
    SIP_ROUND(v0, v1, v2, v3);
    return v0 ^ v1 ^ v2 ^ v3;
}

int64_t ou_hash_bytes(OuVM *vm, const void *p, size_t n)
{
    if (n == 0)
        return 0;
    int64_t h = (int64_t)ou_hash_keyed(vm->hash_key[0], vm->hash_key[1], p, n);
    return h == -1 ? -2 : h;
}
