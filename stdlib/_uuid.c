/* stdlib/_uuid.c - module _uuid over libuuid, which is opened on first import. */
#include "library.h"

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
    static const OuLibrary library = {"libuuid", "libuuid1", {"libuuid.so.1"}};
    const OuSymbol symbol = {"uuid_generate_time_safe", (void **)&st->generate};
    if (ou_library_open(vm, OU_EXC(vm, ImportError), &library, &symbol, 1) < 0)
        return -1;
    return ou_module_add_int(vm, m, "has_uuid_generate_time_safe", 1);
}

static const OuFn functions[] = {{"generate_time_safe()", generate, 0, NULL}, {0}};
const OuModuleDef ou_mod__uuid = {
    .name = "_uuid", .functions = functions, .state_size = sizeof(State), .exec = exec};
