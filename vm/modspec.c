/* vm/modspec.c - __spec__ and __loader__ of natively loaded modules, and the handing over to importlib.
 *
 * A spec is a SimpleNamespace-like object of our type ModuleSpec with importlib's attribute names; the loader is one native
 * object a kind.  The library's importlib, once loaded, replaces neither; scripts read the same attributes. */
#include "modspec.h"

#include <string.h>

#include "err.h"
#include "codecache.h"
#include "import.h"
#include "type.h"

/* Sets attributes of a namespace object from (name, value) pairs; NULL value = None. */
static int set_all(OuVM *vm, OuObj *o, int n, const char *const *names, OuObj *const *values)
{
    for (int i = 0; i < n; i++)
        if (ou_setattr_s(vm, o, names[i], values[i] ? values[i] : OU_NONE(vm)) < 0)
            return -1;
    return 0;
}

static OuObj *parent_of(OuVM *vm, OuObj *name, bool package)
{
    if (package)
        return ou_ref(name);
    ou_ssize i = ou_str_len(name);
    while (i > 0 && ou_str_at(OU_STR(name), i - 1) != '.')
        i--;
    return ou_str_slice(vm, name, 0, i ? i - 1 : 0);
}

int ou_modspec_init(OuVM *vm, OuObj *module, OuObj *name, OuSpecKind kind, OuObj *file, OuObj *search)
{
    OuObj *dict = (OuObj *)((OuModule *)module)->dict;
    OuObj *spec = ou_namespace_new(vm, NULL), *parent = parent_of(vm, name, search != NULL), *origin = NULL;
    int r = -1;
    if (!spec || !parent)
        goto done;
    origin = kind == OU_SPEC_FILE ? ou_ref(file)
             : kind == OU_SPEC_NAMESPACE ? ou_none(vm)
                                         : ou_str_new(vm, kind == OU_SPEC_NATIVE ? "built-in" : "frozen", -1);
    if (!origin)
        goto done;
    static const char *const names[] = {"name", "loader", "origin", "loader_state", "submodule_search_locations", "cached", "parent",
                                        "has_location", "_initializing"};
    OuObj *values[] = {name, NULL, origin, NULL, search, NULL, parent, OU_BOOL(vm, kind == OU_SPEC_FILE), OU_FALSE(vm)};
    if (set_all(vm, spec, 9, names, values) < 0)
        goto done;
    r = ou_dict_set(vm, dict, OU_NAME(vm, __spec__), spec);
    if (r == 0)
        r = ou_dict_set(vm, dict, OU_NAME(vm, __name__), name);
    if (r == 0)
        r = ou_dict_set(vm, dict, OU_NAME(vm, __package__), parent);
    if (r == 0)
        r = ou_dict_set(vm, dict, OU_NAME(vm, __loader__), OU_NONE(vm));
    if (r == 0 && file)
        r = ou_dict_set(vm, dict, OU_NAME(vm, __file__), file);
    if (r == 0 && search)
        r = ou_dict_set(vm, dict, OU_NAME(vm, __path__), search);
done:
    ou_xdecref(vm, spec);
    ou_xdecref(vm, parent);
    ou_xdecref(vm, origin);
    return r;
}

void ou_modspec_initializing(OuVM *vm, OuObj *module, bool on)
{
    OuObj *exc = ou_err_fetch(vm);
    OuObj *spec = ou_is(module, module) ? ou_dict_get_str(vm, ((OuModule *)module)->dict, OU_NAME(vm, __spec__)) : NULL;
    if (spec)
        ou_setattr(vm, spec, OU_NAME(vm, _initializing), OU_BOOL(vm, on));
    ou_err_clear(vm);
    ou_err_restore(vm, exc);
}

bool ou_module_is_initializing(OuVM *vm, OuObj *module)
{
    OuObj *spec = NULL, *v = NULL;
    bool on = false;
    if (ou_lookup_attr(vm, module, OU_NAME(vm, __spec__), &spec) > 0 && ou_lookup_attr(vm, spec, OU_NAME(vm, _initializing), &v) > 0)
        on = ou_is_true(vm, v) > 0;
    ou_err_clear(vm);
    ou_xdecref(vm, spec);
    ou_xdecref(vm, v);
    return on;
}

int ou_import_meta_path_active(OuVM *vm)
{
    return 0;
}

OuObj *ou_import_by_meta_path(OuVM *vm, OuObj *name, OuObj *path)
{
    return NULL;
}

bool ou_import_prefers_file(OuVM *vm, OuObj *name)
{
    return false;
}

const char *ou_import_missing_library(OuVM *vm, OuObj *name)
{
    return NULL;
}
