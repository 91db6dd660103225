/* vm/type_attr.c - attributes of classes, the methods and computed attributes of type, and the type `type`
 * itself. */
#include "type.h"

#include <stdarg.h>
#include <string.h>

#include "audit.h"
#include "exceptions.h"

void *ou_raise_attr(OuVM *vm, OuObj *o, OuObj *name, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    OuObj *text = ou_str_vfmt(vm, fmt, ap);
    va_end(ap);
    if (!text)
        return NULL;
    ou_raise_value(vm, OU_EXC(vm, AttributeError), text);
    ou_decref(vm, text);
    OuObj *e = vm->ts->raised;
    if (e && ou_is(e, AttributeError)) {
        OuExcAttributeError *a = (OuExcAttributeError *)e;
        if (!a->obj)
            a->obj = ou_ref(o);
        if (!a->name)
            a->name = ou_ref(name);
    }
    return NULL;
}

OuObj *ou_type_getattr(OuVM *vm, OuObj *type, OuObj *name)
{
    OuType *t = OU_AS_TYPE(type), *meta = OU_TYPE_OF(vm, type);
    if (!ou_is(name, str) && !ou_isa_str(vm, name))
        return ou_type_error(vm, "attribute name must be string, not '%T'", name);
    OuObj *md = ou_type_lookup(vm, meta, name), *r;
    OuObj *(*meta_get)(OuVM *, OuObj *, OuObj *, OuObj *) = NULL;
    if (md) {
        meta_get = OU_TYPE_OF(vm, md)->s.descr_get;
        if (meta_get && OU_TYPE_OF(vm, md)->s.descr_set) {
            ou_incref(md);
            r = meta_get(vm, md, type, (OuObj *)meta);
            ou_decref(vm, md);
            return r;
        }
        ou_incref(md);
    }
    OuObj *d = ou_type_lookup(vm, t, name);
    if (d) {
        OuObj *(*get)(OuVM *, OuObj *, OuObj *, OuObj *) = OU_TYPE_OF(vm, d)->s.descr_get;
        ou_incref(d);
        ou_xdecref(vm, md);
        if (!get)
            return d;
        r = get(vm, d, NULL, type);
        ou_decref(vm, d);
        return r;
    }
    if (meta_get) {
        r = meta_get(vm, md, type, (OuObj *)meta);
        ou_decref(vm, md);
        return r;
    }
    if (md)
        return md;
    return ou_raise_attr(vm, type, name, "type object '%N' has no attribute '%U'", t, name);
}

static bool is_plain(OuVM *vm, OuObj *v)
{
    return !OU_TYPE_OF(vm, v)->s.descr_get;
}

static bool is_dunder(OuObj *name)
{
    const OuStr *s = OU_STR(name);
    return s->kind == 1 && s->len > 4 && s->data[0] == '_' && s->data[1] == '_' &&
           s->data[s->len - 1] == '_' && s->data[s->len - 2] == '_';
}

int ou_type_setattr(OuVM *vm, OuObj *type, OuObj *name, OuObj *value)
{
    OuType *t = OU_AS_TYPE(type), *meta = OU_TYPE_OF(vm, type);
    if (!ou_isa_str(vm, name))
        return ou_type_error_i(vm, "attribute name must be string, not '%T'", name);
    if (t->flags & OU_TYPE_IMMUTABLE)
        return ou_type_error_i(vm, "cannot set '%U' attribute of immutable type '%N'", name, t);
    OuObj *md = ou_type_lookup(vm, meta, name);
    if (md && OU_TYPE_OF(vm, md)->s.descr_set) {
        ou_incref(md);
        int r = OU_TYPE_OF(vm, md)->s.descr_set(vm, md, type, value);
        ou_decref(vm, md);
        return r;
    }
    if (!ou_is(name, str)) {
        if (!(name = ou_str_slice(vm, name, 0, ou_str_len(name))))
            return -1;
        name = ou_str_intern(vm, name);
    } else {
        name = OU_STR(name)->interned ? ou_ref(name) : ou_str_intern(vm, ou_ref(name));
    }
    OuObj *d = (OuObj *)t->dict, *old = ou_dict_get_str(vm, t->dict, name);
    int r = 0;
    ou_xincref(old);
    /* See the rule in type.h: a plain value over a plain value leaves every cache valid. */
    bool keep = old && value && is_plain(vm, old) && is_plain(vm, value);
    ou_incref(d);
    if ((value || old) && is_dunder(name) && ou_slots_reserve(vm, t, name) < 0) {
        r = -1;
    } else if (value) {
        r = ou_dict_set(vm, d, name, value);
    } else if (!old) {
        r = ou_raise_i(vm, OU_EXC(vm, AttributeError), "type object '%N' has no attribute '%U'", t, name);
    } else {
        r = ou_dict_del(vm, d, name);
    }
    if (r == 0 && !keep)
        ou_type_drop_versions(t);
    if (r == 0 && is_dunder(name)) {
        ou_type_drop_versions(t);
        ou_slots_update(vm, t, name);
    }
    ou_decref(vm, d);
    ou_decref(vm, name);
    ou_xdecref(vm, old);
    return r;
}

/* ---- computed attributes ------------------------------------------------------------------------ */

/* May the special attribute be set? */
static bool special_ok(OuVM *vm, OuType *t, OuObj *value, const char *name)
{
    if (t->flags & OU_TYPE_IMMUTABLE) {
        ou_type_error(vm, "cannot set '%s' attribute of immutable type '%N'", name, t);
        return false;
    }
    if (!value) {
        ou_type_error(vm, "cannot delete '%s' attribute of immutable type '%N'", name, t);
        return false;
    }
    return ou_audit(vm, "object.__setattr__", "OsO", (OuObj *)t, name, value) == 0;
}

static OuObj *get_name(OuVM *vm, OuObj *o, void *data)
{
    return ou_type_name(vm, OU_AS_TYPE(o));
}

static int set_name(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    OuType *t = OU_AS_TYPE(o);
    if (!special_ok(vm, t, value, "__name__"))
        return -1;
    if (!ou_isa_str(vm, value))
        return ou_type_error_i(vm, "can only assign string to %N.__name__, not '%T'", t, value);
    if (ou_str_find(OU_STR(value), (OuStr *)&vm->latin1[0], 0, ou_str_len(value)) >= 0)
        return ou_value_error_i(vm, "type name must not contain null characters");
    ou_type_drop_versions(t);
    return ou_type_set_name(vm, t, value);
}

static OuObj *get_qualname(OuVM *vm, OuObj *o, void *data)
{
    return ou_type_qualname(vm, OU_AS_TYPE(o));
}

static int set_qualname(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    OuType *t = OU_AS_TYPE(o);
    if (!special_ok(vm, t, value, "__qualname__"))
        return -1;
    if (!ou_isa_str(vm, value))
        return ou_type_error_i(vm, "can only assign string to %N.__qualname__, not '%T'", t, value);
    OuObj *old = t->qualname;
    t->qualname = ou_ref(value);
    ou_xdecref(vm, old);
    return 0;
}

static OuObj *get_module(OuVM *vm, OuObj *o, void *data)
{
    return ou_type_module_name(vm, OU_AS_TYPE(o));
}

static int set_module(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    OuType *t = OU_AS_TYPE(o);
    if (!special_ok(vm, t, value, "__module__"))
        return -1;
    ou_type_drop_versions(t);
    return ou_dict_set(vm, (OuObj *)t->dict, OU_NAME(vm, __module__), value);
}

static OuObj *get_doc(OuVM *vm, OuObj *o, void *data)
{
    OuType *t = OU_AS_TYPE(o);
    if (t == &vm->builtin[OU_T_type]) /* its dict has the descriptor under this name */
        return ou_str_new(vm, t->spec->doc, -1);
    OuDict *d = ou_type_dict(vm, t);
    OuObj *v = d ? ou_dict_get_str(vm, d, OU_NAME(vm, __doc__)) : NULL;
    if (!v)
        return ou_err_occurred(vm) ? NULL : ou_none(vm);
    OuObj *(*get)(OuVM *, OuObj *, OuObj *, OuObj *) = OU_TYPE_OF(vm, v)->s.descr_get;
    return get ? get(vm, v, NULL, o) : ou_ref(v);
}

static int set_doc(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    OuType *t = OU_AS_TYPE(o);
    if (!special_ok(vm, t, value, "__doc__"))
        return -1;
    ou_type_drop_versions(t);
    return ou_dict_set(vm, (OuObj *)t->dict, OU_NAME(vm, __doc__), value);
}

static OuObj *get_text_signature(OuVM *vm, OuObj *o, void *data)
{
    OuType *t = OU_AS_TYPE(o);
    OuObj *s = NULL;
    if (t->spec && !(t->flags & OU_TYPE_HEAP)) {
        s = ou_doc_signature(vm, t->name, t->spec->doc);
    } else if (t->dict) {
        OuObj *doc = ou_dict_get_str(vm, t->dict, OU_NAME(vm, __doc__));
        OuUtf8 u;
        if (doc && ou_is(doc, str) && ou_str_utf8(vm, doc, &u, true) == 0) {
            s = u.own ? NULL : ou_doc_signature(vm, t->name, u.s);
            ou_utf8_free(vm, &u);
        }
    }
    return s || ou_err_occurred(vm) ? s : ou_none(vm);
}

static OuObj *get_annotations(OuVM *vm, OuObj *o, void *data)
{
    OuType *t = OU_AS_TYPE(o);
    if (!(t->flags & OU_TYPE_HEAP))
        return ou_raise_attr(vm, o, OU_NAME(vm, __annotations__),
                             "type object '%N' has no attribute '__annotations__'", t);
    OuObj *v = ou_dict_get_str(vm, t->dict, OU_NAME(vm, __annotations__));
    if (v) {
        OuObj *(*get)(OuVM *, OuObj *, OuObj *, OuObj *) = OU_TYPE_OF(vm, v)->s.descr_get;
        return get ? get(vm, v, NULL, o) : ou_ref(v);
    }
    if (ou_err_occurred(vm) || !(v = ou_dict_new(vm)))
        return NULL;
    ou_type_drop_versions(t);
    if (ou_dict_set(vm, (OuObj *)t->dict, OU_NAME(vm, __annotations__), v) < 0)
        ou_clear(vm, v);
    return v;
}

static int set_annotations(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    OuType *t = OU_AS_TYPE(o);
    if (t->flags & OU_TYPE_IMMUTABLE)
        return ou_type_error_i(vm, "cannot set '__annotations__' attribute of immutable type '%N'", t);
    ou_type_drop_versions(t);
    if (value)
        return ou_dict_set(vm, (OuObj *)t->dict, OU_NAME(vm, __annotations__), value);
    OuObj *old;
    int r = ou_dict_pop(vm, (OuObj *)t->dict, OU_NAME(vm, __annotations__), &old);
    if (r > 0)
        ou_decref(vm, old);
    if (r == 0) {
        ou_raise_attr(vm, o, OU_NAME(vm, __annotations__), "__annotations__");
        return -1;
    }
    return r < 0 ? -1 : 0;
}

static OuObj *get_abstract(OuVM *vm, OuObj *o, void *data)
{
    OuType *t = OU_AS_TYPE(o);
    OuObj *v = o != (OuObj *)&vm->builtin[OU_T_type] && t->dict
                   ? ou_dict_get_str(vm, t->dict, OU_NAME(vm, __abstractmethods__))
                   : NULL;
    if (v)
        return ou_ref(v);
    return ou_err_occurred(vm)
               ? NULL
               : ou_raise_attr(vm, o, OU_NAME(vm, __abstractmethods__), "__abstractmethods__");
}

static int set_abstract(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    OuType *t = OU_AS_TYPE(o);
    int abstract = 0, r;
    if (value) {
        if ((abstract = ou_is_true(vm, value)) < 0)
            return -1;
        r = ou_dict_set(vm, (OuObj *)ou_type_dict(vm, t), OU_NAME(vm, __abstractmethods__), value);
    } else {
        OuObj *old;
        r = t->dict ? ou_dict_pop(vm, (OuObj *)t->dict, OU_NAME(vm, __abstractmethods__), &old) : 0;
        if (r == 0) {
            ou_raise_attr(vm, o, OU_NAME(vm, __abstractmethods__), "__abstractmethods__");
            return -1;
        }
        if (r > 0)
            ou_decref(vm, old);
    }
    if (r < 0)
        return -1;
    ou_type_drop_versions(t);
    t->flags = (t->flags & ~(uint32_t)OU_TYPE_ABSTRACT) | (abstract ? OU_TYPE_ABSTRACT : 0);
    return 0;
}

static OuObj *get_dict(OuVM *vm, OuObj *o, void *data)
{
    OuDict *d = ou_type_dict(vm, OU_AS_TYPE(o));
    return d ? ou_mappingproxy_new(vm, (OuObj *)d) : NULL;
}

static OuObj *get_bases(OuVM *vm, OuObj *o, void *data)
{
    OuTuple *b = OU_AS_TYPE(o)->bases;
    return b ? ou_ref((OuObj *)b) : ou_none(vm);
}

static int set_bases(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    if (!special_ok(vm, OU_AS_TYPE(o), value, "__bases__"))
        return -1;
    return ou_type_set_bases(vm, OU_AS_TYPE(o), value);
}

static OuObj *get_flags(OuVM *vm, OuObj *o, void *data)
{
    const OuType *t = OU_AS_TYPE(o);
    uint32_t f = t->flags;
    /* CPython's numbers of the documented bits. */
    uint64_t r = 0x1000 | (f & OU_TYPE_SEQUENCE ? 1 << 5 : 0) | (f & OU_TYPE_MAPPING ? 1 << 6 : 0) |
                 (f & OU_TYPE_NO_NEW ? 1 << 7 : 0) | (f & OU_TYPE_IMMUTABLE ? 1 << 8 : 0) |
                 (f & OU_TYPE_HEAP ? 1 << 9 : 0) | (f & OU_TYPE_BASE ? 1 << 10 : 0) |
                 (f & OU_TYPE_GC ? 1 << 14 : 0) | (f & OU_TYPE_METHOD_DESCR ? 1 << 17 : 0) |
                 (f & OU_TYPE_ABSTRACT ? 1 << 20 : 0) | (f & OU_TYPE_MATCH_SELF ? 1 << 22 : 0) |
                 (f & OU_TYPE_INT_SUB ? 1 << 24 : 0) | (f & OU_TYPE_LIST_SUB ? 1 << 25 : 0) |
                 (f & OU_TYPE_TUPLE_SUB ? 1 << 26 : 0) | (f & OU_TYPE_BYTES_SUB ? 1 << 27 : 0) |
                 (f & OU_TYPE_STR_SUB ? 1 << 28 : 0) | (f & OU_TYPE_DICT_SUB ? 1 << 29 : 0) |
                 (f & OU_TYPE_EXC_SUB ? 1 << 30 : 0) | (f & OU_TYPE_TYPE_SUB ? 1ull << 31 : 0);
    return ou_int(vm, (int64_t)r);
}

static OuObj *get_dictoffset(OuVM *vm, OuObj *o, void *data)
{
    OuType *t = OU_AS_TYPE(o);
    bool own =
        t->dict_off && !ou_type_native_base(t)->dict_off; /* CPython says -1 of dicts it manages itself */
    return ou_int(vm, t->dict_off == OU_DICT_OFF_END ? -8 : own ? -1 : (int64_t)t->dict_off);
}

/* Weak references live in a side table: the figure only says that there may be some. */
static OuObj *get_weakrefoffset(OuVM *vm, OuObj *o, void *data)
{
    return ou_int(vm, OU_AS_TYPE(o)->flags & OU_TYPE_WEAK ? 8 : 0);
}

static const OuGetSet type_getset[] = {
    {"__name__", get_name, set_name},
    {"__qualname__", get_qualname, set_qualname},
    {"__bases__", get_bases, set_bases},
    {"__module__", get_module, set_module},
    {"__abstractmethods__", get_abstract, set_abstract},
    {"__dict__", get_dict},
    {"__doc__", get_doc, set_doc},
    {"__text_signature__", get_text_signature},
    {"__annotations__", get_annotations, set_annotations},
    {"__flags__", get_flags},
    {"__dictoffset__", get_dictoffset},
    {"__weakrefoffset__", get_weakrefoffset},
    {0},
};
static const OuMember type_members[] = {
    {"__basicsize__", OU_MEMBER_UINT, offsetof(OuType, face.size), true, NULL},
    {"__itemsize__", OU_MEMBER_UINT, offsetof(OuType, face.item_size), true, NULL},
    {"__base__", OU_MEMBER_OBJ, offsetof(OuType, base), true, NULL},
    {"__mro__", OU_MEMBER_OBJ, offsetof(OuType, mro), true, NULL},
    {0},
};

/* ---- __bases__ and layouts ------------------------------------------------------------------------- */

/* Class t adds nothing to the instances of its base. */
static bool like_base(const OuType *t)
{
    const OuType *b = t->base;
    return t->flags & OU_TYPE_HEAP && t->nslots == b->nslots && !t->dict_off == !b->dict_off &&
           ((t->flags ^ b->flags) & (OU_TYPE_WEAK | OU_TYPE_GC)) == 0;
}

/* Both classes add the same members to the same base. */
static bool same_added(const OuType *a, const OuType *b)
{
    if (a->base != b->base || !a->dict_off != !b->dict_off || (a->flags ^ b->flags) & OU_TYPE_WEAK ||
        a->nslots != b->nslots)
        return false;
    if (!a->slot_names || !b->slot_names)
        return a->slot_names == b->slot_names;
    const OuTuple *x = OU_TUPLE(a->slot_names), *y = OU_TUPLE(b->slot_names);
    for (size_t i = 0; i < x->n; i++)
        if (x->items[i] != y->items[i] && !ou_str_eq(OU_STR(x->items[i]), OU_STR(y->items[i])))
            return false;
    return true;
}

bool ou_type_compatible(OuVM *vm, OuType *from, OuType *to, const char *attr)
{
    OuType *nf = ou_type_native_base(from), *nt = ou_type_native_base(to), *a = from, *b = to;
    if (nf->face.dealloc != nt->face.dealloc) {
        ou_type_error(vm, "%s assignment: '%N' deallocator differs from '%N'", attr, to, from);
        return false;
    }
    while (like_base(a))
        a = a->base;
    while (like_base(b))
        b = b->base;
    if (nf->layout != nt->layout || (a != b && !(a->flags & b->flags & OU_TYPE_HEAP && same_added(a, b)))) {
        ou_type_error(vm, "%s assignment: '%N' object layout differs from '%N'", attr, to, from);
        return false;
    }
    return true;
}

/* New MROs for t and all below; undo: list of (class, new MRO, old MRO). */
static int update_mros(OuVM *vm, OuType *t, OuObj *undo)
{
    OuTuple *old = t->mro;
    ou_xincref(old);
    int r = ou_mro_set(vm, t);
    if (r > 0 && old) {
        OuObj *row = ou_tuple_pack(vm, 3, t, t->mro, old);
        if (!row || ou_list_append_take(vm, undo, row) < 0)
            r = -1;
    }
    ou_xdecref(vm, old);
    if (r <= 0)
        return r; /* a mro() of Python assigned bases itself: then its result stands */
    for (uint32_t i = 0; i < t->nsubs; i++) {
        OuType *sub = t->subs[i];
        if (!sub->hdr.rc)
            continue;
        ou_incref(sub); /* a mro() of Python may take it away from t */
        r = update_mros(vm, sub, undo);
        ou_decref(vm, sub);
        if (r < 0)
            return -1;
    }
    return 0;
}

/* t is on b's chain of first bases: true while the MROs are not yet up to date, too. */
static bool on_chain(OuType *b, OuType *t)
{
    for (; b; b = b->base)
        if (b == t)
            return true;
    return false;
}

int ou_type_relink(OuVM *vm, OuType *t, OuTuple *old)
{
    for (size_t i = 0; i < old->n; i++)
        ou_type_remove_subclass(vm, OU_AS_TYPE(old->items[i]), t);
    for (size_t i = 0; t->bases != old && i < t->bases->n; i++)
        ou_type_remove_subclass(vm, OU_AS_TYPE(t->bases->items[i]), t);
    int r = 0;
    for (size_t i = 0; i < t->bases->n; i++)
        if (ou_type_add_subclass(vm, OU_AS_TYPE(t->bases->items[i]), t) < 0)
            r = -1;
    return r;
}

int ou_type_set_bases(OuVM *vm, OuType *t, OuObj *value)
{
    if (!ou_isa_tuple(vm, value))
        return ou_type_error_i(vm, "can only assign tuple to %N.__bases__, not %T", t, value);
    OuTuple *bases = OU_TUPLE(value);
    if (!bases->n)
        return ou_type_error_i(vm, "can only assign non-empty tuple to %N.__bases__, not ()", t);
    for (size_t i = 0; i < bases->n; i++) {
        if (!ou_isa_type(vm, bases->items[i]))
            return ou_type_error_i(vm, "%N.__bases__ must be tuple of classes, not '%T'", t, bases->items[i]);
        OuType *b = OU_AS_TYPE(bases->items[i]);
        if (ou_type_is_subtype(vm, b, t) || on_chain(b, t))
            return ou_type_error_i(vm, "a __bases__ item causes an inheritance cycle");
    }
    OuType *base = ou_type_best_base(vm, bases);
    if (!base || !ou_type_compatible(vm, t->base, base, "__bases__") || ou_slots_reserve(vm, t, NULL) < 0)
        return -1;
    OuTuple *old_bases = t->bases;
    OuType *old_base = t->base;
    OuObj *undo = ou_list_new(vm, 0);
    if (!undo)
        return -1;
    t->bases = ou_ref(bases);
    t->base = ou_ref(base);
    if (update_mros(vm, t, undo) < 0) {
        for (size_t i = OU_LIST(undo)->n; i-- > 0;) {
            OuTuple *row = OU_TUPLE(OU_LIST(undo)->items[i]);
            OuType *c = OU_AS_TYPE(row->items[0]);
            if ((OuObj *)c->mro != row->items[1])
                continue; /* it has a newer one */
            c->mro = (OuTuple *)ou_ref(row->items[2]);
            ou_type_drop_versions(c);
            ou_decref(vm, row->items[1]);
        }
        ou_decref(vm, undo);
        if (t->bases == bases) { /* a mro() of Python may have assigned again: then that stays */
            t->bases = old_bases;
            t->base = old_base;
            ou_type_relink(vm, t, bases);
            ou_decref(vm, bases);
            ou_decref(vm, base);
        } else {
            ou_type_relink(vm, t, old_bases);
            ou_decref(vm, old_bases);
            ou_decref(vm, old_base);
        }
        return -1;
    }
    ou_decref(vm, undo);
    int r = ou_type_relink(vm, t, old_bases);
    if (t->bases == bases) {
        ou_type_drop_versions(t);
        ou_slots_update(vm, t, NULL);
    }
    ou_decref(vm, old_bases);
    ou_decref(vm, old_base);
    return r;
}

/* ---- methods --------------------------------------------------------------------------------------- */

static OuObj *type_mro(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuType *t = OU_AS_TYPE(args[0]);
    OuTuple *mro = ou_mro_compute(vm, t, t->bases);
    OuObj *list = mro ? ou_sequence_list(vm, (OuObj *)mro) : NULL;
    ou_xdecref(vm, mro);
    return list;
}

static OuObj *type_subclasses(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuType *t = OU_AS_TYPE(args[0]);
    OuObj *list = ou_list_new(vm, 0);
    for (uint32_t i = 0; list && i < t->nsubs; i++)
        if (t->subs[i]->hdr.rc && ou_list_append(vm, list, (OuObj *)t->subs[i]) < 0)
            ou_clear(vm, list);
    return list;
}

static OuObj *type_prepare(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_dict_new(vm);
}

static OuObj *type_instancecheck(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int r = ou_real_isinstance(vm, args[1], args[0]);
    return r < 0 ? NULL : ou_bool(vm, r);
}

static OuObj *type_subclasscheck(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int r = ou_real_issubclass(vm, args[1], args[0]);
    return r < 0 ? NULL : ou_bool(vm, r);
}

static int merge_names(OuVM *vm, OuObj *into, OuType *t)
{
    OuDict *d = ou_type_dict(vm, t);
    if (!d || ou_dict_update(vm, into, (OuObj *)d) < 0)
        return -1;
    for (size_t i = 0; i < t->bases->n; i++)
        if (merge_names(vm, into, OU_AS_TYPE(t->bases->items[i])) < 0)
            return -1;
    return 0;
}

static OuObj *type_dir(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuObj *d = ou_dict_new(vm), *r = NULL;
    if (d && merge_names(vm, d, OU_AS_TYPE(args[0])) == 0)
        r = ou_dict_keys_list(vm, d);
    ou_xdecref(vm, d);
    return r;
}

static OuObj *type_sizeof(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuType *t = OU_AS_TYPE(args[0]);
    /* As CPython: the struct and its parts; the list of subclasses, there a dict of its own, is not counted. */
    return ou_int(vm, (int64_t)(OU_TYPE_OF(vm, t)->face.size + (t->own_suite ? sizeof *t->u : 0)));
}

static const OuFn type_methods[] = {
    {"mro(self, /)", type_mro, 0, "Return a type's method resolution order."},
    {"__subclasses__(self, /)", type_subclasses, 0, "Return a list of immediate subclasses."},
    {"__prepare__(...)", type_prepare, OU_FN_CLASS,
     "__prepare__() -> dict\nused to create the namespace for the class statement"},
    {"__instancecheck__(self, instance, /)", type_instancecheck, 0, "Check if an object is an instance."},
    {"__subclasscheck__(self, subclass, /)", type_subclasscheck, 0, "Check if a class is a subclass."},
    {"__dir__(self, /)", type_dir, 0, "Specialized __dir__ implementation for types."},
    {"__sizeof__(self, /)", type_sizeof, 0, "Return memory consumption of the type object."},
    {0},
};

static OuObj *type_repr(OuVM *vm, OuObj *o)
{
    OuType *t = OU_AS_TYPE(o);
    OuObj *mod = ou_type_module_name(vm, t), *qual, *r;
    if (!mod)
        ou_err_clear(vm);
    bool foreign = mod && ou_isa_str(vm, mod) && !ou_str_eq_s(mod, "builtins");
    if (!(qual = foreign ? ou_type_qualname(vm, t) : ou_ref((OuObj *)vm->names[0]))) {
        ou_decref(vm, mod);
        return NULL;
    }
    r = foreign ? ou_str_fmt(vm, "<class '%U.%U'>", mod, qual) : ou_str_fmt(vm, "<class '%N'>", t);
    ou_decref(vm, qual);
    ou_xdecref(vm, mod);
    return r;
}

/* ---- life of Python classes ---------------------------------------------------------------------------- */

static void type_dealloc(OuVM *vm, OuObj *o)
{
    OuType *t = OU_AS_TYPE(o);
    uint32_t index = t->face.index;
    for (size_t i = 0; t->bases && i < t->bases->n; i++)
        ou_type_remove_subclass(vm, OU_AS_TYPE(t->bases->items[i]), t);
    if (t->shape)
        ou_shape_free_tree(vm, t->shape);
    ou_suite_free(vm, t);
    if (t->subs)
        ou_free(vm, t->subs, t->subs_cap * sizeof *t->subs);
    if (index && vm->types[index] == t)
        ou_type_release_index(vm, index);
    ou_xdecref(vm, t->base);
    ou_xdecref(vm, t->dict);
    ou_xdecref(vm, t->bases);
    ou_xdecref(vm, t->mro);
    if (t->name_obj && !OU_STR(t->name_obj)->ascii)
        ou_free(vm, (char *)t->name, strlen(t->name) + 1);
    ou_xdecref(vm, t->name_obj);
    ou_xdecref(vm, t->qualname);
    ou_xdecref(vm, t->slot_names);
    ou_free_object(vm, o);
}

static int type_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OuType *t = OU_AS_TYPE(o);
    OU_VISIT(t->dict);
    OU_VISIT(t->bases);
    OU_VISIT(t->mro);
    if (t->flags & OU_TYPE_HEAP)
        OU_VISIT(t->base);
    return 0;
}

static void type_clear(OuVM *vm, OuObj *o)
{
    OuType *t = OU_AS_TYPE(o);
    if (!(t->flags & OU_TYPE_HEAP))
        return;
    ou_type_drop_versions(t);
    if (t->dict)
        ou_dict_clear(vm, (OuObj *)t->dict);
    ou_clear(vm, t->mro);
}

static OuObj *type_or(OuVM *vm, OuObj *a, OuObj *b)
{
    return ou_union_or(vm, a, b);
}

const OuTypeSpec ou_type_spec = {
    .name = "type",
    .size = sizeof(OuType),
    .flags = OU_TYPE_BASE | OU_TYPE_GC | OU_TYPE_WEAK,
    .dict_off = offsetof(OuType, dict),
    .doc = "type(object) -> the object's type\ntype(name, bases, dict, **kwds) -> a new type",
    .dealloc = type_dealloc,
    .traverse = type_traverse,
    .clear = type_clear,
    .s = {.repr = type_repr,
          .call = ou_type_call,
          .getattr = ou_type_getattr,
          .setattr = ou_type_setattr,
          .new_ = ou_type_new,
          .init = ou_type_init,
          .nb[OU_NB_OR] = type_or},
    .methods = type_methods,
    .getset = type_getset,
    .members = type_members,
};
