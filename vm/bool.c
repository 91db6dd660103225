/* vm/bool.c - the type bool: two ints inside the VM with their own repr and & | ^. */
#include "vm.h"

#include "native.h"

static OuObj *bool_repr(OuVM *vm, OuObj *o)
{
    return ou_str_intern_s(vm, OU_INT_V(o) ? "True" : "False");
}

static OuObj *bool_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, "bool", kwnames) < 0 || ou_arity(vm, "bool", nargs, 0, 1) < 0)
        return NULL;
    int t = nargs ? ou_is_true(vm, args[0]) : 0;
    return t < 0 ? NULL : ou_bool(vm, t);
}

static OuObj *logic(OuVM *vm, OuObj *a, OuObj *b, int nb)
{
    if (!ou_is(a, bool) || !ou_is(b, bool))
        return vm->builtin[OU_T_int].u->nb[nb](vm, a, b);
    int64_t x = OU_INT_V(a), y = OU_INT_V(b);
    return ou_bool(vm, nb == OU_NB_AND ? x & y : nb == OU_NB_OR ? x | y : x ^ y);
}

static OuObj *bool_and(OuVM *vm, OuObj *a, OuObj *b)
{
    return logic(vm, a, b, OU_NB_AND);
}

static OuObj *bool_or(OuVM *vm, OuObj *a, OuObj *b)
{
    return logic(vm, a, b, OU_NB_OR);
}

static OuObj *bool_xor(OuVM *vm, OuObj *a, OuObj *b)
{
    return logic(vm, a, b, OU_NB_XOR);
}

static void bool_dealloc(OuVM *vm, OuObj *o)
{
    o->rc = OU_RC_SINGLETON; /* part of the VM: never freed, whatever the counts did */
}

const OuTypeSpec ou_bool_spec = {
    .name = "bool",
    .size = sizeof(OuInt),
    .item_size = 8,
    .flags = OU_TYPE_IMMUTABLE | OU_TYPE_INT_SUB | OU_TYPE_MATCH_SELF,
    .doc = "bool(x) -> bool\n\nTrue if x counts as true, else False: the only two instances of the class, "
           "which is\n"
           "a subclass of int and cannot be subclassed itself.",
    .dealloc = bool_dealloc,
    .s = {.repr = bool_repr,
          .new_ = bool_new,
          .nb = {[OU_NB_AND] = bool_and, [OU_NB_OR] = bool_or, [OU_NB_XOR] = bool_xor}},
};
