/* stdlib/pickle/persistent.c - the function that turns objects into persistent ids, or ids into objects. */
#include "pickle.h"
#include "vm/func.h"

int ou_persistent_take(OuVM *vm, OuPersistent *p, OuObj *o, const char *name)
{
    OuObj *n = ou_str_intern_s(vm, name), *f = NULL;
    int r = n ? ou_lookup_attr(vm, o, n, &f) : -1;
    ou_xdecref(vm, n);
    if (r < 0)
        return -1;
    p->with_self = false;
    if (r > 0 && ou_is(f, method) && ((OuMethod *)f)->self == o) {
        OuObj *plain = ou_ref(((OuMethod *)f)->func);
        ou_decref(vm, f);
        f = plain;
        p->with_self = true;
    }
    OuObj *old = p->func;
    p->func = r > 0 ? f : NULL;
    ou_xdecref(vm, old);
    return 0;
}

OuObj *ou_persistent_call(OuVM *vm, const OuPersistent *p, OuObj *o, OuObj *arg)
{
    bool with_self = p->with_self;
    OuObj *f = ou_ref(p->func); /* the call may replace it */
    OuObj *r = with_self ? ou_call2(vm, f, o, arg) : ou_call1(vm, f, arg);
    ou_decref(vm, f);
    return r;
}

OuObj *ou_persistent_get(OuVM *vm, const OuPersistent *p, const char *name)
{
    return p->func ? ou_ref(p->func) : ou_raise(vm, OU_EXC(vm, AttributeError), "%s", name);
}

int ou_persistent_set(OuVM *vm, OuPersistent *p, const char *name, OuObj *value)
{
    if (!value)
        return ou_type_error_i(vm, "attribute deletion is not supported");
    if (!ou_callable(vm, value))
        return ou_type_error_i(vm, "%s must be a callable taking one argument", name);
    OuObj *old = p->func;
    p->func = ou_ref(value);
    p->with_self = false;
    ou_xdecref(vm, old);
    return 0;
}
