/* stdlib/pickle/load_objects.c - opcodes of classes and functions, of calls, of the state of objects. */
#include "load.h"

static OuObj *find_class(OuVM *vm, OuUnpickler *u, OuObj *module, OuObj *name)
{
    OuObj *a[3] = {&u->hdr, module, name};
    if (OU_TYPE_OF(vm, u) == u->st->unpickler)
        return ou_unpickler_find_class(vm, a, 3, NULL);
    OuObj *method = ou_str_intern_s(vm, "find_class");
    OuObj *r = method ? ou_call_method(vm, &u->hdr, method, 2, module, name) : NULL;
    ou_xdecref(vm, method);
    return r;
}

static OuObj *line_text(OuVM *vm, OuUnpickler *u, const char *codec)
{
    const char *s;
    size_t n;
    return ou_load_line(vm, u, &s, &n) < 0 ? NULL : ou_str_decode(vm, s, n - 1, codec, "strict");
}

/* What a line with a module and a line with a name in it say: new. */
static OuObj *class_of_lines(OuVM *vm, OuUnpickler *u, const char *codec)
{
    OuObj *module = line_text(vm, u, codec), *name = module ? line_text(vm, u, codec) : NULL;
    OuObj *r = name ? find_class(vm, u, module, name) : NULL;
    ou_xdecref(vm, module);
    ou_xdecref(vm, name);
    return r;
}

static OuObj *instantiate(OuVM *vm, OuObj *cls, OuObj *args)
{
    if (OU_TUPLE(args)->n == 0 && ou_isa_type(vm, cls)) {
        OuObj *name = ou_str_intern_s(vm, "__getinitargs__"), *f;
        int r = name ? ou_lookup_attr(vm, cls, name, &f) : -1;
        ou_xdecref(vm, name);
        if (r < 0)
            return NULL;
        if (r == 0)
            return ou_call_method(vm, cls, OU_NAME(vm, __new__), 1, cls);
        ou_decref(vm, f);
    }
    return ou_call_tuple(vm, cls, args, NULL);
}

int ou_load_inst(OuVM *vm, OuUnpickler *u, int arg)
{
    ou_ssize at = ou_stack_take_mark(vm, u);
    if (at < 0)
        return -1;
    OuObj *cls = class_of_lines(vm, u, "ascii");
    OuObj *args = cls ? ou_stack_pop_tuple(vm, u, (size_t)at) : NULL,
          *r = args ? instantiate(vm, cls, args) : NULL;
    ou_xdecref(vm, cls);
    ou_xdecref(vm, args);
    return ou_stack_push_take(vm, u, r);
}

int ou_load_obj(OuVM *vm, OuUnpickler *u, int arg)
{
    ou_ssize at = ou_stack_take_mark(vm, u);
    if (at < 0)
        return -1;
    if (u->n <= (size_t)at)
        return ou_stack_underflow(vm, u);
    OuObj *args = ou_stack_pop_tuple(vm, u, (size_t)at + 1), *cls = args ? ou_stack_pop(vm, u) : NULL;
    OuObj *r = cls ? instantiate(vm, cls, args) : NULL;
    ou_xdecref(vm, args);
    ou_xdecref(vm, cls);
    return ou_stack_push_take(vm, u, r);
}

int ou_load_newobj(OuVM *vm, OuUnpickler *u, int ex)
{
    const char *what = ex ? "NEWOBJ_EX" : "NEWOBJ";
    OuObj *kw = NULL, *args = NULL, *cls = NULL, *r = NULL;
    if (ex && !(kw = ou_stack_pop(vm, u)))
        return -1;
    if (!(args = ou_stack_pop(vm, u)) || !(cls = ou_stack_pop(vm, u)))
        goto done;
    if (!ou_isa_type(vm, cls)) {
        ou_pickle_raise(vm, u->st->unpickling_error, "%s class argument must be a type, not %T", what, cls);
    } else if (!OU_AS_TYPE(cls)->s.new_ || OU_AS_TYPE(cls)->flags & OU_TYPE_NO_NEW) {
        ou_pickle_raise(vm, u->st->unpickling_error, "%s class argument '%s' doesn't have __new__", what,
                        OU_AS_TYPE(cls)->name);
    } else if (!ou_isa_tuple(vm, args)) {
        ou_pickle_raise(vm, u->st->unpickling_error, "%s args argument must be a tuple, not %T", what, args);
    } else if (kw && !ou_isa_dict(vm, kw)) {
        ou_pickle_raise(vm, u->st->unpickling_error, "%s kwargs argument must be a dict, not %T", what, kw);
    } else if (kw && OU_DICT(kw)->used) {
        size_t n = OU_TUPLE(args)->n;
        OuObj *all = ou_tuple_new(vm, n + 1), *f = all ? ou_getattr(vm, cls, OU_NAME(vm, __new__)) : NULL;
        if (all) {
            OU_TUPLE(all)->items[0] = ou_ref(cls);
            for (size_t i = 0; i < n; i++)
                OU_TUPLE(all)->items[i + 1] = ou_ref(OU_TUPLE(args)->items[i]);
        }
        r = f ? ou_call_tuple(vm, f, all, kw) : NULL;
        ou_xdecref(vm, f);
        ou_xdecref(vm, all);
    } else {
        r = OU_AS_TYPE(cls)->s.new_(vm, OU_AS_TYPE(cls), OU_TUPLE(args)->items, OU_TUPLE(args)->n, NULL);
    }
done:
    ou_xdecref(vm, kw);
    ou_xdecref(vm, args);
    ou_xdecref(vm, cls);
    return ou_stack_push_take(vm, u, r);
}

int ou_load_global(OuVM *vm, OuUnpickler *u, int arg)
{
    return ou_stack_push_take(vm, u, class_of_lines(vm, u, "utf-8"));
}

int ou_load_stack_global(OuVM *vm, OuUnpickler *u, int arg)
{
    OuObj *name = ou_stack_pop(vm, u), *module = name ? ou_stack_pop(vm, u) : NULL, *r = NULL;
    if (module && (!ou_is(name, str) || !ou_is(module, str)))
        ou_pickle_raise(vm, u->st->unpickling_error, "STACK_GLOBAL requires str");
    else if (module)
        r = find_class(vm, u, module, name);
    ou_xdecref(vm, name);
    ou_xdecref(vm, module);
    return ou_stack_push_take(vm, u, r);
}

int ou_load_persistent(OuVM *vm, OuUnpickler *u, int bin)
{
    if (!u->persistent.func)
        return UNPICKLING("A load persistent id instruction was encountered,\n"
                          "but no persistent_load function was specified.");
    OuObj *pid;
    if (bin) {
        pid = ou_stack_pop(vm, u);
    } else {
        const char *s;
        size_t n;
        if (ou_unpickler_line(vm, u, &s, &n) < 0)
            return -1;
        pid = ou_str_decode(vm, s, n - 1, "ascii", "strict");
        if (!pid && ou_err_is(vm, OU_EXC(vm, UnicodeDecodeError))) {
            ou_err_clear(vm);
            return UNPICKLING("persistent IDs in protocol 0 must be ASCII strings");
        }
    }
    if (!pid)
        return -1;
    OuObj *r = ou_persistent_call(vm, &u->persistent, &u->hdr, pid);
    ou_decref(vm, pid);
    return ou_stack_push_take(vm, u, r);
}

int ou_load_extension(OuVM *vm, OuUnpickler *u, int n)
{
    uint64_t raw;
    if (ou_load_le(vm, u, n, &raw) < 0)
        return -1;
    int64_t code = n == 4 ? (int64_t)(int32_t)raw : (int64_t)raw;
    if (code <= 0)
        return UNPICKLING("EXT specifies code <= 0");
    OuObj *key = ou_int(vm, code), *o = NULL, *pair = NULL;
    int r = key ? ou_dict_lookup(vm, u->st->extension_cache, key, &o) : -1;
    if (r == 0 && (r = ou_dict_lookup(vm, u->st->inverted_registry, key, &pair)) == 0)
        r = ou_value_error_i(vm, "unregistered extension code %ld", (long)code);
    if (pair) {
        OuTuple *t = OU_TUPLE(pair);
        if (!ou_isa_tuple(vm, pair) || t->n != 2 || !ou_isa_str(vm, t->items[0]) ||
            !ou_isa_str(vm, t->items[1]))
            ou_value_error(vm, "_inverted_registry[%ld] isn't a 2-tuple of strings", (long)code);
        else if ((o = find_class(vm, u, t->items[0], t->items[1])) &&
                 ou_dict_set(vm, u->st->extension_cache, key, o) < 0)
            ou_clear(vm, o);
        ou_decref(vm, pair);
    }
    ou_xdecref(vm, key);
    return r < 0 ? -1 : ou_stack_push_take(vm, u, o);
}

int ou_load_reduce(OuVM *vm, OuUnpickler *u, int arg)
{
    OuObj *args = ou_stack_pop(vm, u), *f = args ? ou_stack_pop(vm, u) : NULL, *r = NULL;
    if (f && !ou_isa_tuple(vm, args))
        ou_type_error(vm, "argument list must be a tuple");
    else if (f)
        r = ou_call_tuple(vm, f, args, NULL);
    ou_xdecref(vm, args);
    ou_xdecref(vm, f);
    return ou_stack_push_take(vm, u, r);
}

/* obj.__dict__.update(state); setattr for the state of slots */
static int set_state(OuVM *vm, OuUnpickler *u, OuObj *o, OuObj *state, OuObj *slots)
{
    size_t pos = 0;
    OuObj *k, *v;
    int r = 0;
    if (state != OU_NONE(vm)) {
        if (!ou_isa_dict(vm, state))
            return UNPICKLING("state is not a dictionary");
        OuObj *d = ou_getattr(vm, o, OU_NAME(vm, __dict__));
        r = d ? 0 : -1;
        while (r == 0 && ou_dict_next(OU_DICT(state), &pos, &k, &v)) {
            OuObj *name = ou_ref(k), *value = ou_ref(v);
            if (ou_is(name, str))
                name = ou_str_intern(vm, name);
            r = ou_setitem(vm, d, name, value);
            ou_decref(vm, name);
            ou_decref(vm, value);
        }
        ou_xdecref(vm, d);
    }
    if (r < 0 || !slots)
        return r;
    if (!ou_isa_dict(vm, slots))
        return UNPICKLING("slot state is not a dictionary");
    for (pos = 0; r == 0 && ou_dict_next(OU_DICT(slots), &pos, &k, &v);) {
        OuObj *name = ou_ref(k), *value = ou_ref(v);
        r = ou_isa_str(vm, name) ? ou_setattr(vm, o, name, value)
                                 : ou_type_error_i(vm, "attribute name must be string, not '%T'", name);
        ou_decref(vm, name);
        ou_decref(vm, value);
    }
    return r;
}

int ou_load_build(OuVM *vm, OuUnpickler *u, int arg)
{
    if (u->n < 2 || u->n - 2 < u->fence)
        return ou_stack_underflow(vm, u);
    OuObj *state = ou_stack_pop(vm, u), *o = ou_ref(u->stack[u->n - 1]), *f, *slots = NULL;
    int r = ou_lookup_attr(vm, o, OU_NAME(vm, __setstate__), &f);
    if (r > 0) {
        OuObj *res = ou_call1(vm, f, state);
        r = res ? 0 : -1;
        ou_xdecref(vm, res);
        ou_decref(vm, f);
    } else if (r == 0) {
        if (ou_isa_tuple(vm, state) && OU_TUPLE(state)->n == 2) {
            OuObj *pair = state;
            state = ou_ref(OU_TUPLE(pair)->items[0]);
            slots = ou_ref(OU_TUPLE(pair)->items[1]);
            ou_decref(vm, pair);
        }
        r = set_state(vm, u, o, state, slots);
    }
    ou_decref(vm, state);
    ou_xdecref(vm, slots);
    ou_decref(vm, o);
    return r;
}
