/* vm/type_new.c - making Python classes: type(name, bases, dict), __slots__, __set_name__, __init_subclass__,
 * and calling a class. */
#include "type.h"
#include "frame.h"

#include <string.h>

/* What __slots__ asks for. */
typedef struct Slots {
    OuObj *names; /* list of own member names, mangled and sorted; NULL: none */
    bool dict, weak;
} Slots;

static bool may_add_dict(const OuType *base)
{
    return base->dict_off == 0;
}

static bool is_var(const OuType *base)
{
    return base->face.item_size != 0 ||
           (base->flags & (OU_TYPE_INT_SUB | OU_TYPE_TUPLE_SUB | OU_TYPE_STR_SUB | OU_TYPE_BYTES_SUB |
                           OU_TYPE_TYPE_SUB)) != 0;
}

static bool may_add_weak(const OuType *base)
{
    return !(base->flags & OU_TYPE_WEAK) && (!is_var(base) || base->flags & OU_TYPE_STR_SUB);
}

/* "__x" in class C is "_C__x"; new, interned. */
static OuObj *mangle(OuVM *vm, OuObj *cls, OuObj *name)
{
    ou_ssize n = ou_str_len(name), skip = 0, cn = ou_str_len(cls);
    OuObj *r;
    const OuStr *s = OU_STR(name);
    if (n < 3 || ou_str_at(s, 0) != '_' || ou_str_at(s, 1) != '_' ||
        (ou_str_at(s, n - 1) == '_' && ou_str_at(s, n - 2) == '_') ||
        ou_str_find(s, (OuStr *)&vm->latin1['.'], 0, n) >= 0)
        return ou_str_intern(vm, ou_is(name, str) ? ou_ref(name) : ou_str_slice(vm, name, 0, n));
    while (skip < cn && ou_str_at(OU_STR(cls), skip) == '_')
        skip++;
    if (skip == cn)
        return ou_str_intern(vm, ou_ref(name));
    OuObj *tail = ou_str_slice(vm, cls, skip, cn);
    r = tail ? ou_str_fmt(vm, "_%U%U", tail, name) : NULL;
    ou_xdecref(vm, tail);
    return r ? ou_str_intern(vm, r) : NULL;
}

static int is_identifier(OuVM *vm, OuObj *s)
{
    OuObj *f = ou_getattr_s(vm, s, "isidentifier"), *r = f ? ou_call0(vm, f) : NULL;
    int truth = r ? ou_is_true(vm, r) : -1;
    ou_xdecref(vm, f);
    ou_xdecref(vm, r);
    return truth;
}

/* What one item of __slots__ asks for. */
typedef enum { SLOT_NAME, SLOT_DICT, SLOT_WEAK } SlotKind;

static SlotKind slot_kind(OuVM *vm, OuObj *s)
{
    return ou_str_eq(OU_STR(s), OU_STR(OU_NAME(vm, __dict__)))      ? SLOT_DICT
           : ou_str_eq(OU_STR(s), OU_STR(OU_NAME(vm, __weakref__))) ? SLOT_WEAK
                                                                    : SLOT_NAME;
}

/* Checks an item of __slots__; notes __dict__ and __weakref__ in out. */
static int check_slot(OuVM *vm, OuType *base, OuObj *s, Slots *out)
{
    if (!ou_isa_str(vm, s))
        return ou_type_error_i(vm, "__slots__ items must be strings, not '%T'", s);
    int name_ok = is_identifier(vm, s);
    if (name_ok <= 0)
        return name_ok < 0 ? -1 : ou_type_error_i(vm, "__slots__ must be identifiers");
    switch (slot_kind(vm, s)) {
    case SLOT_DICT:
        if (!may_add_dict(base) || out->dict)
            return ou_type_error_i(vm, "__dict__ slot disallowed: we already got one");
        out->dict = true;
        break;
    case SLOT_WEAK:
        if (!may_add_weak(base) || out->weak)
            return ou_type_error_i(
                vm, "__weakref__ slot disallowed: either we already got one, or __itemsize__ != 0");
        out->weak = true;
        break;
    case SLOT_NAME:
        break;
    }
    return 0;
}

/* Puts the names of the slots, mangled by the class's name, into out->names, sorted. */
static int collect_slots(OuVM *vm, OuTuple *seq, OuObj *name, OuObj *dict, Slots *out)
{
    if (!(out->names = ou_list_new(vm, 0)))
        return -1;
    for (size_t i = 0; i < seq->n; i++) {
        if (slot_kind(vm, seq->items[i]) != SLOT_NAME)
            continue;
        OuObj *m = mangle(vm, name, seq->items[i]);
        if (!m || ou_list_append_take(vm, out->names, m) < 0)
            return -1;
        if (ou_dict_get_str(vm, OU_DICT(dict), m) && !ou_str_eq_s(m, "__qualname__") &&
            !ou_str_eq_s(m, "__classcell__"))
            return ou_value_error_i(vm, "%R in __slots__ conflicts with class variable", m);
    }
    return ou_list_sort(vm, out->names, NULL, false);
}

/* A secondary base may bring a dict or weak references. */
static void inherit_slots(OuType *base, const OuTuple *bases, Slots *out)
{
    for (size_t i = 0; i < bases->n; i++) {
        OuType *b = OU_AS_TYPE(bases->items[i]);
        if (b == base)
            continue;
        if (b->dict_off && may_add_dict(base))
            out->dict = true;
        if (b->flags & OU_TYPE_WEAK && may_add_weak(base))
            out->weak = true;
    }
}

/* What __slots__ of the class's dict say, or that there are none.  out->names is new. */
static int read_slots(OuVM *vm, OuType *base, OuTuple *bases, OuObj *name, OuObj *dict, Slots *out)
{
    OuObj *given = ou_dict_get_str(vm, OU_DICT(dict), OU_NAME(vm, __slots__)), *seq = NULL;
    *out = (Slots){0};
    if (!given) {
        out->dict = may_add_dict(base);
        out->weak = may_add_weak(base);
        return 0;
    }
    seq = ou_isa_str(vm, given) ? ou_tuple_pack(vm, 1, given) : ou_sequence_tuple(vm, given);
    if (!seq)
        return -1;
    size_t n = OU_TUPLE(seq)->n;
    if (n && is_var(base) && !(base->flags & OU_TYPE_STR_SUB)) {
        ou_type_error(vm, "nonempty __slots__ not supported for subtype of '%N'", base);
        goto fail;
    }
    for (size_t i = 0; i < n; i++)
        if (check_slot(vm, base, OU_TUPLE(seq)->items[i], out) < 0)
            goto fail;
    if (collect_slots(vm, OU_TUPLE(seq), name, dict, out) < 0)
        goto fail;
    inherit_slots(base, bases, out);
    ou_decref(vm, seq);
    return 0;
fail:
    ou_decref(vm, seq);
    ou_clear(vm, out->names);
    return -1;
}

/* Sizes and offsets of instances: native struct, slots, dict word. */
static void set_layout(OuType *t, OuType *base, const Slots *slots)
{
    OuType *native = ou_type_native_base(base);
    t->layout = native->layout;
    t->slots_off = (native->face.size + 7) & ~7u;
    t->nslots = base->nslots + (slots->names ? (uint32_t)OU_LIST(slots->names)->n : 0);
    if (t->nslots && is_var(native))
        t->slots_off = OU_SLOTS_OFF_END;
    bool has_dict = base->dict_off || slots->dict;
    t->face.item_size = native->face.item_size;
    if (native->dict_off || !has_dict) {
        t->dict_off = native->dict_off;
        t->face.size =
            t->nslots && t->slots_off != OU_SLOTS_OFF_END ? t->slots_off + 8 * t->nslots : native->face.size;
    } else if (is_var(native)) {
        t->dict_off = OU_DICT_OFF_END;
        t->face.size = native->face.size;
    } else {
        t->dict_off = t->slots_off + 8 * t->nslots;
        t->face.size = t->dict_off + 8;
        if (!native->base)
            t->flags |= OU_TYPE_SHAPED;
    }
    t->flags |= base->flags & (OU_TYPE_INT_SUB | OU_TYPE_LIST_SUB | OU_TYPE_TUPLE_SUB | OU_TYPE_STR_SUB |
                               OU_TYPE_BYTES_SUB | OU_TYPE_DICT_SUB | OU_TYPE_EXC_SUB | OU_TYPE_TYPE_SUB |
                               OU_TYPE_MATCH_SELF | OU_TYPE_WEAK);
    if (slots->weak)
        t->flags |= OU_TYPE_WEAK;
    if (t->dict_off)
        t->flags |= OU_TYPE_DICT;
    t->face.flags = OU_TF_CONTAINER | OU_TF_HEAP | OU_TF_DEEP;
    t->face.dealloc = ou_inst_dealloc;
    t->face.traverse = NULL;
    t->face.traverse_typed = ou_inst_traverse;
    t->face.clear = ou_inst_clear;
    if (t->flags & OU_TYPE_SHAPED && !t->nslots && t->dict_off <= UINT16_MAX) {
        t->face.layout = OU_LAYOUT_SHAPED;
        t->face.at[0] = (uint16_t)t->dict_off;
    } else if (!t->dict_off && !native->base && t->slots_off + 8 * t->nslots <= UINT16_MAX) {
        t->face.layout = OU_LAYOUT_FIELDS;
        t->face.at[0] = (uint16_t)t->slots_off;
        t->face.at[1] = (uint16_t)t->nslots;
    }
}

/* Room for values in a first instance: the attributes that __init__ stores through self. */
static void guess_cap(OuVM *vm, OuType *t)
{
    OuObj *init = ou_dict_get_str(vm, t->dict, OU_NAME(vm, __init__));
    uint32_t cap = t->base->flags & OU_TYPE_SHAPED ? t->base->inst_cap : 0;
    if (init && ou_is(init, function))
        cap += ((OuFunc *)init)->code->self_attrs;
    /* Attributes also come from outside; the first instances should not need a dict each for one or two of them: a script
     * sees it in what gc.collect() counts and in the order of finalizers.  Four places keep sys.getsizeof (48) within
     * CPython's figure (56).  What was used is looked at after some instances: see ou_type_alloc. */
    t->inst_guessed = true;
    if (!(t->base->flags & OU_TYPE_SHAPED) && cap < 4)
        cap = 4;
    if ((t->face.size + cap * sizeof(OuObj *)) % 16)
        cap++; /* blocks come in steps of 16 bytes: an odd place is free */
    t->inst_cap = cap > 30 ? 30 : cap;
}

static int add_getset(OuVM *vm, OuType *t, const OuGetSet *def, OuObj *name)
{
    if (ou_dict_get_str(vm, t->dict, name))
        return 0;
    OuObj *d = ou_getset_descr_new(vm, t, def);
    int r = d ? ou_dict_set(vm, (OuObj *)t->dict, name, d) : -1;
    ou_xdecref(vm, d);
    return r;
}

/* Replaces a plain function in the class dict by wrap(function). */
static int wrap_function(OuVM *vm, OuType *t, OuObj *name, OuObj *(*wrap)(OuVM *, OuObj *))
{
    OuObj *f = ou_dict_get_str(vm, t->dict, name);
    if (!f || !ou_is(f, function))
        return 0;
    OuObj *w = wrap(vm, f);
    int r = w ? ou_dict_set(vm, (OuObj *)t->dict, name, w) : -1;
    ou_xdecref(vm, w);
    return r;
}

/* Entries of the class dict that type.__new__ itself sees to. */
static int complete_dict(OuVM *vm, OuType *t, const Slots *slots)
{
    OuObj *d = (OuObj *)t->dict, *v;
    if (!ou_dict_get_str(vm, t->dict, OU_NAME(vm, __module__))) {
        OuFrame *f = vm->ts->frame;
        OuObj *globals = f ? (OuObj *)f->func->globals : NULL;
        v = globals ? ou_dict_get(vm, globals, OU_NAME(vm, __name__)) : NULL;
        if (v && ou_dict_set(vm, d, OU_NAME(vm, __module__), v) < 0)
            return -1;
        if (ou_err_occurred(vm))
            return -1;
    }
    OuObj *qualname;
    int r = ou_dict_pop(vm, d, OU_NAME(vm, __qualname__), &qualname);
    if (r < 0)
        return -1;
    if (r && !ou_isa_str(vm, qualname)) {
        ou_type_error(vm, "type __qualname__ must be a str, not %T", qualname);
        ou_decref(vm, qualname);
        return -1;
    }
    t->qualname = r ? qualname : ou_ref(t->name_obj);
    if (wrap_function(vm, t, OU_NAME(vm, __new__), ou_staticmethod_new) < 0 ||
        wrap_function(vm, t, OU_NAME(vm, __init_subclass__), ou_classmethod_new) < 0 ||
        wrap_function(vm, t, OU_NAME(vm, __class_getitem__), ou_classmethod_new) < 0)
        return -1;
    OuObj *cell;
    r = ou_dict_pop(vm, d, OU_NAME(vm, __classcell__), &cell);
    if (r > 0) {
        if (!ou_is(cell, cell)) {
            ou_type_error(vm, "__classcell__ must be a nonlocal cell, not %R", (OuObj *)OU_TYPE_OF(vm, cell));
            r = -1;
        } else {
            OuObj *old = ((OuCell *)cell)->value;
            ((OuCell *)cell)->value = (OuObj *)ou_ref(t);
            ou_xdecref(vm, old);
        }
        ou_decref(vm, cell);
    }
    if (r < 0)
        return -1;
    for (size_t i = 0; slots->names && i < OU_LIST(slots->names)->n; i++) {
        OuObj *name = OU_LIST(slots->names)->items[i];
        if (ou_dict_get_str(vm, t->dict, name))
            continue; /* CPython keeps what is there (__qualname__) */
        uint32_t at = t->base->nslots + (uint32_t)i;
        v = ou_slot_descr_new(vm, t, name, t->slots_off + (t->slots_off == OU_SLOTS_OFF_END ? at : 8 * at));
        r = v ? ou_dict_set(vm, d, name, v) : -1;
        ou_xdecref(vm, v);
        if (r < 0)
            return -1;
    }
    if (slots->dict && add_getset(vm, t, &ou_inst_dict_getset, OU_NAME(vm, __dict__)) < 0)
        return -1;
    if (slots->weak && add_getset(vm, t, &ou_inst_weakref_getset, OU_NAME(vm, __weakref__)) < 0)
        return -1;
    OuObj *doc = ou_dict_get_str(vm, t->dict, OU_NAME(vm, __doc__));
    if (doc && ou_is(doc, str) && !OU_STR(doc)->ascii) { /* it must have a UTF-8 form */
        OuUtf8 u;
        if (ou_str_utf8(vm, doc, &u, false) < 0)
            return -1;
        ou_utf8_free(vm, &u);
    }
    if (!doc && ou_dict_set(vm, d, OU_NAME(vm, __doc__), OU_NONE(vm)) < 0)
        return -1;
    /* __eq__ without __hash__ makes instances unhashable. */
    if (ou_dict_get_str(vm, t->dict, OU_NAME(vm, __eq__)) &&
        !ou_dict_get_str(vm, t->dict, OU_NAME(vm, __hash__)))
        return ou_dict_set(vm, d, OU_NAME(vm, __hash__), OU_NONE(vm));
    return 0;
}

static int call_set_names(OuVM *vm, OuType *t)
{
    bool any = false;
    size_t pos = 0;
    OuObj *key, *value;
    while (!any && ou_dict_next(t->dict, &pos, &key, &value)) {
        OuType *vt = OU_TYPE_OF(vm, value);
        if (vt == &vm->builtin[OU_T_function] || vt->flags & (OU_TYPE_STR_SUB | OU_TYPE_INT_SUB) ||
            value == OU_NONE(vm))
            continue;
        any = ou_type_lookup(vm, vt, OU_NAME(vm, __set_name__)) != NULL;
    }
    if (!any)
        return 0;
    OuObj *items = ou_dict_copy(vm, (OuObj *)t->dict); /* __set_name__ may change the class */
    if (!items)
        return -1;
    int r = 0;
    pos = 0;
    while (r == 0 && ou_dict_next(OU_DICT(items), &pos, &key, &value)) {
        OuObj *f;
        r = ou_lookup_special(vm, value, OU_NAME(vm, __set_name__), &f);
        if (r <= 0)
            continue;
        OuObj *v = ou_call2(vm, f, (OuObj *)t, key);
        ou_decref(vm, f);
        r = v ? 0 : -1;
        if (!v)
            ou_raise_from(vm, OU_EXC(vm, RuntimeError),
                          "Error calling __set_name__ on '%T' instance %R in '%N'", value, key, t);
        ou_xdecref(vm, v);
    }
    ou_decref(vm, items);
    return r;
}

/* super(t, t).__init_subclass__(**kwargs) */
static int call_init_subclass(OuVM *vm, OuType *t, OuObj *const *kwargs, OuObj *kwnames)
{
    OuObj *f = NULL, *name = OU_NAME(vm, __init_subclass__);
    size_t start = 0;
    while (start < t->mro->n && t->mro->items[start] != (OuObj *)t)
        start++;
    if (start == t->mro->n) /* what super() says about a mro() that leaves the class out */
        return ou_type_error_i(vm, "super(type, obj): obj must be an instance or subtype of type");
    for (size_t i = start + 1; i < t->mro->n && !f; i++) {
        OuDict *d = ou_type_dict(vm, OU_AS_TYPE(t->mro->items[i]));
        f = d ? ou_dict_get_str(vm, d, name) : NULL;
    }
    bool kw = kwnames && OU_TUPLE(kwnames)->n;
    if (!f ||
        (!kw && ou_is(f, classmethod_descr) && ((OuMethodDescr *)f)->owner == &vm->builtin[OU_T_object]))
        return 0;
    OuObj *(*get)(OuVM *, OuObj *, OuObj *, OuObj *) = OU_TYPE_OF(vm, f)->s.descr_get;
    OuObj *bound = get ? get(vm, f, NULL, (OuObj *)t) : ou_ref(f);
    if (!bound)
        return -1;
    OuObj *r = ou_call(vm, bound, kwargs, 0, kw ? kwnames : NULL);
    ou_decref(vm, bound);
    ou_xdecref(vm, r);
    return r ? 0 : -1;
}

static char *utf8_name(OuVM *vm, OuObj *name)
{
    OuUtf8 u;
    if (ou_str_utf8(vm, name, &u, false) < 0)
        return NULL;
    char *p = ou_alloc(vm, u.n + 1);
    if (p) {
        memcpy(p, u.s, u.n);
        p[u.n] = 0;
    }
    ou_utf8_free(vm, &u);
    return p;
}

/* Sets __name__ (checked to be an exact str without NUL); 0/-1. */
int ou_type_set_name(OuVM *vm, OuType *t, OuObj *name)
{
    char *own = NULL;
    OuObj *exact = ou_is(name, str) ? ou_ref(name) : ou_str_slice(vm, name, 0, ou_str_len(name));
    if (!exact)
        return -1;
    if (!OU_STR(exact)->ascii && !(own = utf8_name(vm, exact))) {
        ou_decref(vm, exact);
        return -1;
    }
    OuObj *old = t->name_obj;
    if (old && !OU_STR(old)->ascii)
        ou_free(vm, (char *)t->name, strlen(t->name) + 1);
    t->name_obj = exact;
    t->name = own ? own : OU_STR(exact)->data;
    t->face.name = t->name;
    ou_xdecref(vm, old);
    return 0;
}

OuObj *ou_type_new_class(OuVM *vm, OuType *meta, OuObj *name, OuTuple *bases, OuDict *dict,
                         OuObj *const *kwargs, OuObj *kwnames)
{
    OuTuple *own_bases =
        bases->n ? ou_ref(bases) : (OuTuple *)ou_tuple_pack(vm, 1, &vm->builtin[OU_T_object]);
    OuType *t = NULL;
    Slots slots = {0};
    if (!own_bases)
        return NULL;
    OuType *base = ou_type_best_base(vm, own_bases);
    OuDict *copy =
        base ? (OuDict *)(ou_is(dict, dict) ? ou_dict_copy(vm, (OuObj *)dict) : ou_dict_new(vm)) : NULL;
    if (copy && !ou_is(dict, dict) &&
        ou_dict_merge(vm, (OuObj *)copy, (OuObj *)dict, 1) < 0) /* a subclass may order its keys */
        goto fail;
    if (!copy || read_slots(vm, base, own_bases, name, (OuObj *)copy, &slots) < 0)
        goto fail;
    if (ou_str_find(OU_STR(name), (OuStr *)&vm->latin1[0], 0, ou_str_len(name)) >= 0) {
        ou_value_error(vm, "type name must not contain null characters");
        goto fail;
    }
    uint32_t index = ou_type_take_index(vm);
    if (!index)
        goto fail;
    t = (OuType *)ou_type_alloc(vm, meta, 0);
    if (!t) {
        ou_type_release_index(vm, index);
        goto fail;
    }
    t->face.index = index;
    t->flags = OU_TYPE_BASE | OU_TYPE_HEAP | OU_TYPE_GC | OU_TYPE_DEEP;
    t->base = ou_ref(base);
    t->bases = own_bases;
    own_bases = NULL;
    t->dict = copy;
    copy = NULL;
    set_layout(t, base, &slots);
    if (ou_heap_set_type(&vm->heap, index, &t->face) < 0) {
        ou_raise_memory(vm);
        goto fail;
    }
    ou_type_set_face(vm, t);
    if (ou_type_set_name(vm, t, name) < 0 || complete_dict(vm, t, &slots) < 0)
        goto fail;
    if (slots.names && OU_LIST(slots.names)->n && !(t->slot_names = ou_list_to_tuple(vm, slots.names)))
        goto fail;
    ou_clear(vm, slots.names);
    guess_cap(vm, t);
    if (ou_mro_set(vm, t) < 0)
        goto fail;
    for (size_t i = 1; i < t->mro->n && !(t->flags & (OU_TYPE_SEQUENCE | OU_TYPE_MAPPING)); i++)
        t->flags |= OU_AS_TYPE(t->mro->items[i])->flags & (OU_TYPE_SEQUENCE | OU_TYPE_MAPPING);
    if (ou_slots_set_all(vm, t) < 0)
        goto fail;
    if (OU_TYPE_OF(vm, t) !=
        &vm->builtin[OU_T_type]) { /* its mro() may have assigned bases: linked already */
        if (ou_type_relink(vm, t, t->bases) < 0)
            goto fail;
    } else {
        for (size_t i = 0; i < t->bases->n; i++)
            if (ou_type_add_subclass(vm, OU_AS_TYPE(t->bases->items[i]), t) < 0)
                goto fail;
    }
    if (call_set_names(vm, t) < 0 || call_init_subclass(vm, t, kwargs, kwnames) < 0)
        goto fail;
    return (OuObj *)t;
fail:
    ou_xdecref(vm, own_bases);
    ou_xdecref(vm, copy);
    ou_xdecref(vm, slots.names);
    ou_xdecref(vm, t);
    return NULL;
}

OuType *ou_type_metaclass(OuVM *vm, OuType *meta, OuTuple *bases)
{
    OuType *winner = meta;
    for (size_t i = 0; i < bases->n; i++) {
        OuType *m = OU_TYPE_OF(vm, bases->items[i]);
        if (ou_type_is_subtype(vm, winner, m))
            continue;
        if (ou_type_is_subtype(vm, m, winner)) {
            winner = m;
            continue;
        }
        return ou_type_error(
            vm, "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the "
                "metaclasses of all its bases");
    }
    return winner;
}

/* type.__new__(meta, name, bases, dict, **kwargs) */
OuObj *ou_type_new(OuVM *vm, OuType *meta, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (nargs != 3)
        return ou_type_error(vm, "type.__new__() takes exactly 3 arguments (%zu given)", nargs);
    if (!ou_isa_str(vm, args[0]))
        return ou_type_error(vm, "type.__new__() argument 1 must be str, not %T", args[0]);
    if (!ou_isa_tuple(vm, args[1]))
        return ou_type_error(vm, "type.__new__() argument 2 must be tuple, not %T", args[1]);
    if (!ou_isa_dict(vm, args[2]))
        return ou_type_error(vm, "type.__new__() argument 3 must be dict, not %T", args[2]);
    OuTuple *bases = OU_TUPLE(args[1]);
    for (size_t i = 0; i < bases->n; i++) {
        if (ou_isa_type(vm, bases->items[i]))
            continue;
        OuObj *f;
        int r = ou_lookup_attr(vm, bases->items[i], OU_NAME(vm, __mro_entries__), &f);
        if (r < 0)
            return NULL;
        if (r) {
            ou_decref(vm, f);
            return ou_type_error(vm, "type() doesn't support MRO entry resolution; use types.new_class()");
        }
    }
    OuType *winner = ou_type_metaclass(vm, meta, bases);
    if (!winner)
        return NULL;
    if (winner != meta) {
        if (winner->s.new_ != ou_type_new)
            return winner->s.new_(vm, winner, args, nargs, kwnames);
        meta = winner;
    }
    return ou_type_new_class(vm, meta, args[0], bases, OU_DICT(args[2]), args + 3, kwnames);
}

int ou_type_init(OuVM *vm, OuObj *self, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (nargs == 1 && kwnames && OU_TUPLE(kwnames)->n)
        return ou_type_error_i(vm, "type.__init__() takes no keyword arguments");
    if (nargs != 1 && nargs != 3)
        return ou_type_error_i(vm, "type.__init__() takes 1 or 3 arguments");
    return 0;
}

/* Native types that CPython calls with a tuple of arguments, which counts (see ou_hold): all without a vectorcall of their
 * own.  int and str do it by themselves, where it shows. */
static bool packs_arguments(const OuType *t)
{
    if (t->flags &
        (OU_TYPE_HEAP | OU_TYPE_EXC_SUB)) /* classes keep the arguments where they are: it is faster */
        return t->flags & OU_TYPE_TYPE_SUB;
    switch (t->face.index) {
    case OU_T_object:
    case OU_T_type:
    case OU_T_int:
    case OU_T_bool:
    case OU_T_float:
    case OU_T_str:
    case OU_T_tuple:
    case OU_T_list:
    case OU_T_dict:
    case OU_T_set:
    case OU_T_frozenset:
    case OU_T_range:
    case OU_T_enumerate:
    case OU_T_reversed:
    case OU_T_map:
    case OU_T_filter:
        return false;
    default:
        return true;
    }
}

OuObj *ou_type_call(OuVM *vm, OuObj *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuType *t = OU_AS_TYPE(type);
    if (t == &vm->builtin[OU_T_type]) {
        size_t nkw = kwnames ? OU_TUPLE(kwnames)->n : 0;
        if (nargs == 1 && !nkw)
            return ou_ref((OuObj *)OU_TYPE_OF(vm, args[0]));
        if (nargs != 3)
            return ou_type_error(vm, "type() takes 1 or 3 arguments");
    }
    if (!t->s.new_)
        return ou_type_error(vm, "cannot create '%N' instances", t);
    bool hold = packs_arguments(t);
    size_t nheld = hold ? nargs + (kwnames ? OU_TUPLE(kwnames)->n : 0) : 0;
    ou_hold(args, nheld);
    OuObj *o = t->s.new_(vm, t, args, nargs, kwnames);
    OuType *ot = o ? OU_TYPE_OF(vm, o) : NULL;
    if (o && (ot == t || ou_type_is_subtype(vm, ot, t)) && ot->s.init &&
        ot->s.init(vm, o, args, nargs, kwnames) < 0)
        ou_clear(vm, o);
    ou_unhold(vm, args, nheld);
    return o;
}
