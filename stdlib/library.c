/* stdlib/library.c - opening C libraries on first use. */
#include "library.h"

#include <dlfcn.h>

int ou_library_open(OuVM *vm, OuType *exc, const OuLibrary *lib, const OuSymbol *symbols, size_t n)
{
    void *handle = NULL;
    for (const char *const *file = lib->files; *file && !handle; file++)
        handle = dlopen(*file, RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        return ou_raise_i(vm, exc, "%s was not found (Debian package %s): %s", lib->name, lib->package,
                          dlerror());
    for (const OuSymbol *s = symbols; s < symbols + n; s++) {
        *s->slot = dlsym(handle, s->name);
        if (!*s->slot && s->older)
            *s->slot = dlsym(handle, s->older);
        if (!*s->slot && !s->optional)
            return ou_raise_i(vm, exc, "%s has no %s", lib->name, s->name);
    }
    return 0;
}
