/* stdlib/_crypt.c - module _crypt: crypt(3) of libcrypt, which is opened on first import. */
#include <errno.h>

#include "library.h"

typedef struct State {
    char *(*crypt)(const char *word, const char *salt);
} State;
extern const OuModuleDef ou_mod__crypt;

static OuObj *f_crypt(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    State *st = ou_module_state(vm, &ou_mod__crypt);
    OuUtf8 word, salt;
    for (int i = 0; i < 2; i++)
        if (!ou_isa_str(vm, args[i]))
            return ou_type_error(vm, "crypt() argument %d must be str, not %s", i + 1,
                                 ou_arg_type_name(vm, args[i]));
    if (ou_str_utf8(vm, args[0], &word, false) < 0)
        return NULL;
    if (ou_str_utf8(vm, args[1], &salt, false) < 0) {
        ou_utf8_free(vm, &word);
        return NULL;
    }
    errno = 0;
    const char *hash = st->crypt(word.s, salt.s);
    OuObj *r =
        hash && *hash != '*' ? ou_str_new(vm, hash, -1) : ou_raise_errno(vm, errno ? errno : EINVAL, NULL);
    ou_utf8_free(vm, &word);
    ou_utf8_free(vm, &salt);
    return r;
}

static const OuFn functions[] = {
    {"crypt(word, salt, /)", f_crypt, 0,
     "Hash a *word* with the given *salt* and return the hashed password."},
    {0},
};

static int exec(OuVM *vm, OuObj *m)
{
    State *st = ((OuModule *)m)->state;
    static const OuLibrary library = {"libcrypt", "libcrypt1", {"libcrypt.so.1"}};
    const OuSymbol symbol = {"crypt", (void **)&st->crypt};
    return ou_library_open(vm, OU_EXC(vm, ImportError), &library, &symbol, 1);
}

const OuModuleDef ou_mod__crypt = {
    .name = "_crypt",
    .functions = functions,
    .state_size = sizeof(State),
    .exec = exec,
};
