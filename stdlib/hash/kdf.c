/* stdlib/hash/kdf.c - one-shot functions of module _hashlib that take a secret: HMAC, PBKDF2, scrypt. */
#include <limits.h>

#include "hash.h"
#include "vm/threads.h"

OuObj *ou_hash_hmac_digest(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuHashlib *st = ou_hashlib(vm);
    const void *md = ou_digest_of(vm, args[2]);
    OuBuffer key, msg;
    if (!md || ou_buffer_get(vm, args[0], &key, OU_BUF_SIMPLE) < 0)
        return NULL;
    OuObj *r = NULL;
    if (ou_buffer_get(vm, args[1], &msg, OU_BUF_SIMPLE) == 0) {
        unsigned char out[OU_DIGEST_MAX];
        unsigned n = 0;
        void *ctx = NULL;
        if (key.len > INT_MAX)
            ou_raise(vm, OU_EXC(vm, OverflowError), "key is too long.");
        else if (msg.len > INT_MAX)
            ou_raise(vm, OU_EXC(vm, OverflowError), "msg is too long.");
        else if ((ctx = st->lib->hmac_ctx_new()) &&
                 st->lib->hmac_init(ctx, key.buf, (int)key.len, md, NULL) &&
                 st->lib->hmac_update(ctx, msg.buf, (size_t)msg.len) && st->lib->hmac_final(ctx, out, &n))
            r = ou_bytes_new(vm, (char *)out, n);
        else
            ou_crypto_error(vm, OU_EXC(vm, ValueError));
        if (ctx)
            st->lib->hmac_ctx_free(ctx);
        ou_buffer_release(vm, &msg);
    }
    ou_buffer_release(vm, &key);
    return r;
}

OuObj *ou_hash_pbkdf2_hmac(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "pbkdf2_hmac() argument 'hash_name' must be str, not %s",
                             ou_arg_type_name(vm, args[0]));
    OuHashlib *st = ou_hashlib(vm);
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
    if (ou_as_i64(vm, args[3], &rounds) < 0 || !(md = ou_digest_by_name(vm, args[0])))
        goto done;
    len = st->lib->size(md);
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
        OU_BLOCKING(vm, ok = st->lib->pbkdf2(pass.buf, (int)pass.len, salt.buf, (int)salt.len, (int)rounds,
                                             md, (int)len, (unsigned char *)OU_BYTES(r)->data));
        if (!ok) {
            ou_decref(vm, r);
            r = ou_crypto_error(vm, OU_EXC(vm, ValueError));
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

OuObj *ou_hash_scrypt(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuHashlib *st = ou_hashlib(vm);
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
    else if (!st->lib->scrypt(NULL, 0, NULL, 0, n, block, parallel, (uint64_t)maxmem, NULL, 0)) {
        /* a dry run says whether the parameters fit */
        if (block == 0 || parallel == 0) {
            while (st->lib->get_error())
                ;
            ou_value_error(vm, "Invalid parameter combination for n, r, p, maxmem.");
        } else
            ou_crypto_error(vm, OU_EXC(vm, ValueError));
    } else if ((r = ou_bytes_new(vm, NULL, len))) {
        int ok;
        OU_BLOCKING(vm, ok = st->lib->scrypt(pass.buf, (size_t)pass.len, salt.buf, (size_t)salt.len, n, block,
                                             parallel, (uint64_t)maxmem, (unsigned char *)OU_BYTES(r)->data,
                                             (size_t)len));
        if (!ok) {
            ou_decref(vm, r);
            r = ou_crypto_error(vm, OU_EXC(vm, ValueError));
        }
    }
done:
    ou_buffer_release(vm, &salt);
no_salt:
    ou_buffer_release(vm, &pass);
    return r;
}
