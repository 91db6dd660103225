/* stdlib/_uuid.c - module _uuid over libuuid, which is opened on first import. */
#include <dlfcn.h>

#include "vm/native.h"

typedef struct State {
    int (*generate)(unsigned char *); /* uuid_generate_time_safe */
} State;
extern const OuModuleDef ou_mod__uuid;

static OuObj *generate(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    unsigned char id[16];
    State *st = ou_module_state(vm, &ou_mod__uuid);
    int status = st->generate(id);
    OuObj *v[2] = {ou_bytes_new(vm, (const char *)id, sizeof id), ou_int(vm, status)};
    OuObj *t = v[0] && v[1] ? ou_tuple_of_take(vm, v, 2) : NULL;
    ou_xdecref(vm, v[0]);
    ou_xdecref(vm, v[1]);
    return t;
}

static int exec(OuVM *vm, OuObj *m)
{
    State *st = ((OuModule *)m)->state;
    void *lib = dlopen("libuuid.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!lib)
        return ou_raise_i(vm, OU_EXC(vm, ImportError), "libuuid was not found: %s", dlerror());
    *(void **)&st->generate = dlsym(lib, "uuid_generate_time_safe");
    if (!st->generate)
        return ou_raise_i(vm, OU_EXC(vm, ImportError), "libuuid has no uuid_generate_time_safe");
    return ou_module_add_int(vm, m, "has_uuid_generate_time_safe", 1);
}

static const OuFn functions[] = {{"generate_time_safe()", generate, 0, NULL}, {0}};
const OuModuleDef ou_mod__uuid = {
    .name = "_uuid", .functions = functions, .state_size = sizeof(State), .exec = exec};
