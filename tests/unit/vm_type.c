/* tests/unit/vm_type.c - vm/type.c, vm/shape.c, vm/instance.c, vm/native.c without a script: versions, shapes, instances, argument
 * binding. */
#include <stdlib.h>
#include <string.h>

#include "suite.h"
#include "vm/config.h"
#include "vm/type.h"

static OuConfig config;
static OuVM *vm;

static void setup(void)
{
    static char *no_argv[] = {"", NULL};
    config = (OuConfig){.program = "ouro",
                        .argc = 1,
                        .argv = no_argv,
                        .int_max_str_digits = -1,
                        .hash_randomization = 1,
                        .embedded = true};
    vm = ou_vm_new(&config);
    ck_assert_ptr_nonnull(vm);
}

static void teardown(void)
{
    ou_vm_free(vm);
}

static OuObj *str(const char *s)
{
    return ou_str_intern_s(vm, s);
}

/* type(name, (base,), {}) */
static OuType *make_class(const char *name, OuType *base)
{
    OuObj *n = str(name), *bases = ou_tuple_pack(vm, 1, base), *dict = ou_dict_new(vm);
    OuObj *t = ou_type_new_class(vm, OU_EXC(vm, type), n, OU_TUPLE(bases), OU_DICT(dict), NULL, NULL);
    ck_assert_ptr_nonnull(t);
    ou_decref(vm, n);
    ou_decref(vm, bases);
    ou_decref(vm, dict);
    return OU_AS_TYPE(t);
}

START_TEST(builtin_types)
{
    ck_assert_ptr_eq(vm->types[OU_T_bool]->base, OU_EXC(vm, int));
    ck_assert(ou_type_is_subtype(vm, OU_EXC(vm, KeyError), OU_EXC(vm, LookupError)));
    ck_assert(!ou_type_is_subtype(vm, OU_EXC(vm, int), OU_EXC(vm, str)));
    OuObj *name = str("bit_length");
    OuObj *d = ou_type_lookup(vm, OU_EXC(vm, bool), name);
    ck_assert(d && ou_is(d, method_descr));
    ck_assert_ptr_eq(ou_type_lookup(vm, OU_EXC(vm, bool), name), d);
    ou_decref(vm, name);
}
END_TEST

START_TEST(versions)
{
    OuType *base = make_class("B", OU_EXC(vm, object)), *sub = make_class("S", base);
    OuObj *x = str("x"), *one = ou_int(vm, 1), *two = ou_int(vm, 1000), *f = ou_staticmethod_new(vm, one);
    uint32_t v = ou_type_version(vm, sub);
    ck_assert_uint_ne(v, 0);
    ck_assert_ptr_null(ou_type_lookup(vm, sub, x));
    ck_assert_int_eq(ou_type_setattr(vm, (OuObj *)base, x, one), 0);
    ck_assert_uint_ne(ou_type_version(vm, sub), v); /* a new name */
    ck_assert_ptr_eq(ou_type_lookup(vm, sub, x), one);
    v = sub->version;
    ck_assert_int_eq(ou_type_setattr(vm, (OuObj *)base, x, two), 0);
    ck_assert_uint_eq(sub->version, v);                /* plain over plain keeps it ... */
    ck_assert_ptr_eq(ou_type_lookup(vm, sub, x), two); /* ... and is seen */
    ck_assert_int_eq(ou_type_setattr(vm, (OuObj *)base, x, f), 0);
    ck_assert_uint_eq(sub->version, 0);
    ck_assert_ptr_eq(ou_type_lookup(vm, sub, x), f);
    ck_assert_uint_eq(base->nsubs, 1);
    ou_decref(vm, sub);
    ou_gc_collect(&vm->heap, 2);
    ck_assert_uint_eq(base->nsubs, 0);
    ou_decref(vm, base);
    ou_decref(vm, x);
    ou_decref(vm, one);
    ou_decref(vm, two);
    ou_decref(vm, f);
}
END_TEST

START_TEST(shapes)
{
    OuType *t = make_class("T", OU_EXC(vm, object));
    OuObj *a = str("a"), *b = str("b"), *one = ou_int(vm, 1), *o = ou_type_alloc(vm, t, 0),
          *p = ou_type_alloc(vm, t, 0);
    uint32_t off = t->dict_off;
    ck_assert_int_eq(ou_inst_set(vm, o, t, a, one), 0);
    ck_assert_int_eq(ou_inst_set(vm, o, t, b, one), 0);
    ck_assert_int_eq(ou_inst_set(vm, p, t, a, one), 0);
    ck_assert_uint_eq(ou_shape(vm, OU_WORD_SHAPE(*OU_DICT_WORD(o, off)))->parent,
                      OU_WORD_SHAPE(*OU_DICT_WORD(p, off)));
    /* deleting the newest name goes back; another one moves to a dict */
    ck_assert_int_eq(ou_inst_set(vm, o, t, b, NULL), 0);
    ck_assert_uint_eq(OU_WORD_SHAPE(*OU_DICT_WORD(o, off)), OU_WORD_SHAPE(*OU_DICT_WORD(p, off)));
    ck_assert_int_eq(ou_inst_set(vm, o, t, b, one), 0);
    size_t size = ou_object_size(vm, o);
    ck_assert_int_eq(ou_inst_set(vm, o, t, a, NULL), 0);
    ck_assert(!OU_WORD_IS_SHAPED(*OU_DICT_WORD(o, off)));
    ck_assert_uint_eq(ou_object_size(vm, o), size);
    int err;
    ck_assert_ptr_eq(ou_inst_get(vm, o, t, b, &err), one);
    ck_assert_ptr_null(ou_inst_get(vm, o, t, a, &err));
    ck_assert_int_eq(ou_inst_set(vm, o, t, a, NULL), -1); /* AttributeError */
    ck_assert(ou_err_is(vm, OU_EXC(vm, AttributeError)));
    ou_err_clear(vm);
    ou_decref(vm, o);
    ou_decref(vm, p);
    ou_decref(vm, a);
    ou_decref(vm, b);
    ou_decref(vm, one);
    ou_decref(vm, t);
}
END_TEST

/* Binds n ints as positional arguments and one keyword value; 0, or -1 with the message in `text`. */
static int bind(const char *sig, size_t n, const char *keyword, OuObj **out, char *text, size_t size)
{
    OuObj *args[4], *kw = NULL;
    for (size_t i = 0; i < 4; i++)
        args[i] = ou_int(vm, (int64_t)i);
    if (keyword) {
        OuObj *k = str(keyword);
        kw = ou_tuple_pack(vm, 1, k);
        ou_decref(vm, k);
    }
    int r = ou_args_bind(vm, sig, args, n, kw, out);
    *text = 0;
    if (r < 0) {
        OuObj *e = ou_err_fetch(vm), *s = ou_str(vm, e);
        strncat(text, OU_STR(s)->data, size - 1);
        ou_decref(vm, s);
        ou_decref(vm, e);
    }
    ou_xdecref(vm, kw);
    return r;
}

START_TEST(binding)
{
    OuObj *out[8];
    char text[200];
    static const char pos[] = "f(a, b=None, /)", key[] = "g(a, /, b, *, c=None)", var[] = "h(a, *rest, **kw)";
    ck_assert_int_eq(bind(pos, 1, NULL, out, text, sizeof text), 0);
    ck_assert_ptr_null(out[1]);
    ck_assert_int_eq(bind(pos, 0, NULL, out, text, sizeof text), -1);
    ck_assert_str_eq(text, "f expected at least 1 argument, got 0");
    ck_assert_int_eq(bind(pos, 1, "b", out, text, sizeof text), -1);
    ck_assert_str_eq(text, "f() takes no keyword arguments");
    ck_assert_int_eq(bind(key, 1, "b", out, text, sizeof text), 0);
    ck_assert_int_eq(OU_INT_V(out[1]), 1);
    ck_assert_int_eq(bind(key, 1, "c", out, text, sizeof text), -1);
    ck_assert_str_eq(text, "g() missing required argument 'b' (pos 2)");
    ck_assert_int_eq(bind(key, 2, "d", out, text, sizeof text), -1);
    ck_assert_str_eq(text, "'d' is an invalid keyword argument for g()");
    ck_assert_int_eq(bind(key, 2, "b", out, text, sizeof text), -1);
    ck_assert_str_eq(text, "argument for g() given by name ('b') and position (2)");
    ck_assert_int_eq(bind(var, 3, "x", out, text, sizeof text), 0);
    ck_assert_uint_eq(OU_TUPLE(out[1])->n, 2);
    ck_assert_uint_eq(OU_DICT(out[2])->used, 1);
    ou_args_free(vm, var, out);
}
END_TEST

SUITE_WITH("vm_type", setup, teardown, builtin_types, versions, shapes, binding)
