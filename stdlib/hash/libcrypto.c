/* stdlib/hash/libcrypto.c - libcrypto, opened by the first hash module that is imported. */
#include "hash.h"
#include "stdlib/library.h"

static int open_library(OuVM *vm, OuObj *m)
{
    OuCrypto *l = ((OuModule *)m)->state;
    static const OuLibrary library = {"libcrypto", "libssl3", {"libcrypto.so.3", "libcrypto.so.1.1"}};
    const OuSymbol symbols[] = {
        {"EVP_get_digestbyname", (void **)&l->by_name},
        {"EVP_MD_get_size", (void **)&l->size, "EVP_MD_size"},
        {"EVP_MD_get_block_size", (void **)&l->block_size, "EVP_MD_block_size"},
        {"EVP_MD_get_flags", (void **)&l->flags, "EVP_MD_flags"},
        {"EVP_MD_get_type", (void **)&l->nid, "EVP_MD_type"},
        {"OBJ_nid2ln", (void **)&l->long_name},
        {"EVP_MD_CTX_new", (void **)&l->ctx_new},
        {"EVP_MD_CTX_free", (void **)&l->ctx_free},
        {"EVP_MD_CTX_copy_ex", (void **)&l->ctx_copy},
        {"EVP_DigestInit_ex", (void **)&l->init},
        {"EVP_DigestUpdate", (void **)&l->update},
        {"EVP_DigestFinal_ex", (void **)&l->final},
        {"EVP_DigestFinalXOF", (void **)&l->final_xof},
        {"HMAC_CTX_new", (void **)&l->hmac_ctx_new},
        {"HMAC_CTX_free", (void **)&l->hmac_ctx_free},
        {"HMAC_CTX_copy", (void **)&l->hmac_ctx_copy},
        {"HMAC_Init_ex", (void **)&l->hmac_init},
        {"HMAC_Update", (void **)&l->hmac_update},
        {"HMAC_Final", (void **)&l->hmac_final},
        {"PKCS5_PBKDF2_HMAC", (void **)&l->pbkdf2},
        {"EVP_PBE_scrypt", (void **)&l->scrypt},
        {"EVP_default_properties_is_fips_enabled", (void **)&l->fips_enabled, .optional = true},
        {"ERR_get_error", (void **)&l->get_error},
        {"ERR_lib_error_string", (void **)&l->error_lib},
        {"ERR_reason_error_string", (void **)&l->error_reason},
    };
    return ou_library_open(vm, OU_EXC(vm, ImportError), &library, symbols, sizeof symbols / sizeof *symbols);
}

/* No script sees this module: it is the place of the table in a VM. */
static const OuModuleDef libcrypto = {
    .name = "libcrypto", .state_size = sizeof(OuCrypto), .exec = open_library};

const OuCrypto *ou_crypto(OuVM *vm)
{
    OuObj *m = ou_module_from_def(vm, &libcrypto);
    ou_xdecref(vm, m); /* the VM keeps it */
    return m ? ou_module_state(vm, &libcrypto) : NULL;
}

void *ou_crypto_error(OuVM *vm, OuType *type)
{
    const OuCrypto *l = ou_crypto(vm);
    unsigned long code = 0;
    for (unsigned long e; (e = l->get_error()) != 0;)
        code = e;
    const char *lib = code ? l->error_lib(code) : NULL, *reason = code ? l->error_reason(code) : NULL;
    if (lib && reason)
        return ou_raise(vm, type, "[%s] %s", lib, reason);
    return ou_raise(vm, type, "%s", reason ? reason : "no reason supplied");
}
