/* stdlib/modules.c - the table of native modules, from stdlib/modules.def. */
#include "vm/import.h"

#define MODULE(name, def) extern const OuModuleDef def;
#include "modules.def"
#undef MODULE

const OuNativeModule ou_native_modules[] = {
#define MODULE(name, def) {name, &def},
#include "modules.def"
#undef MODULE
    {0},
};
