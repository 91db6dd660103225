/* vm/capsule.c - PyCapsule: a named C pointer as an object. */
#include "type.h"

#include <string.h>

typedef struct Capsule {
    OuObj hdr;
    void *p;
    const char *name; /* static */
} Capsule;

OuObj *ou_capsule_new(OuVM *vm, void *p, const char *name)
{
    Capsule *c = (Capsule *)ou_new_leaf(vm, OU_T_capsule, sizeof *c);
    if (!c)
        return NULL;
    c->p = p;
    c->name = name;
    return &c->hdr;
}

void *ou_capsule_pointer(OuVM *vm, OuObj *o, const char *name)
{
    if (!ou_is(o, capsule) || strcmp(((Capsule *)o)->name, name))
        return ou_value_error(vm, "PyCapsule_GetPointer called with incorrect name");
    return ((Capsule *)o)->p;
}

static OuObj *capsule_repr(OuVM *vm, OuObj *o)
{
    return ou_str_fmt(vm, "<capsule object \"%s\" at %p>", ((Capsule *)o)->name, (void *)o);
}

const OuTypeSpec ou_capsule_spec = {
    .name = "PyCapsule",
    .size = sizeof(Capsule),
    .flags = OU_TYPE_NO_NEW,
    .s = {.repr = capsule_repr},
};
