/* stdlib/hash/hash.c - what all hash modules share: reading the data, hexadecimal digests. */
#include "hash.h"

int ou_hash_buffer(OuVM *vm, OuObj *o, OuBuffer *view)
{
    if (ou_isa_str(vm, o))
        return ou_type_error_i(vm, "Strings must be encoded before hashing");
    if (!ou_has_buffer(vm, o))
        return ou_type_error_i(vm, "object supporting the buffer API required");
    return ou_buffer_get(vm, o, view, OU_BUF_SIMPLE);
}

int ou_hash_feed(OuVM *vm, OuObj *data, int (*update)(void *, const void *, size_t), void *ctx)
{
    enum { PIECE = 1 << 24 };
    OuBuffer view;
    if (ou_hash_buffer(vm, data, &view) < 0)
        return -1;
    const char *p = view.buf;
    int r = 0;
    for (ou_ssize left = view.len; left > 0 && r == 0;) {
        size_t n = left > PIECE ? PIECE : (size_t)left;
        if (!update(ctx, p, n)) {
            ou_crypto_error(vm, OU_EXC(vm, ValueError));
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

OuObj *ou_hash_hex(OuVM *vm, const unsigned char *p, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    OuObj *r = ou_str_alloc(vm, (ou_ssize)n * 2, 127);
    for (size_t i = 0; r && i < n; i++) {
        OU_STR(r)->data[2 * i] = digits[p[i] >> 4];
        OU_STR(r)->data[2 * i + 1] = digits[p[i] & 15];
    }
    return r;
}
