/* vm/instance.c - instances: memory, attributes (shape or dict), death, the collector's view. */
#include "type.h"

#include <string.h>

enum { INST_CAP_FIRST = 4, INST_CAP_MAX = 64, MAX_DICT_NAMES = 256, INST_TRIALS = 16 };

/* ---- memory --------------------------------------------------------------------------------- */

/* Bytes of the native part of an instance whose items follow its struct. */
static size_t var_size(const OuObj *o, const OuType *t)
{
    if (t->flags & OU_TYPE_INT_SUB) {
        if (!ou_int_is_big(o))
            return sizeof(OuInt);
        int64_t n = ((const OuBigInt *)o)->size;
        return sizeof(OuBigInt) + (size_t)(n < 0 ? -n : n) * 8;
    }
    if (t->flags & OU_TYPE_TUPLE_SUB)
        return sizeof(OuTuple) + ((const OuTuple *)o)->n * sizeof(OuObj *);
    if (t->flags & OU_TYPE_STR_SUB)
        return sizeof(OuStr) + (((const OuStr *)o)->len + 1) * ((const OuStr *)o)->kind;
    if (t->flags & OU_TYPE_BYTES_SUB)
        return sizeof(OuBytes) + ((const OuBytes *)o)->len + 1;
    return t->face.size;
}

static bool is_var(const OuType *t)
{
    return t->face.item_size != 0 ||
           (t->flags & (OU_TYPE_INT_SUB | OU_TYPE_STR_SUB | OU_TYPE_BYTES_SUB)) != 0;
}

#define ALIGN8(n) (((n) + 7) & ~(size_t)7)

uint64_t *ou_inst_word_end(OuObj *o, const OuType *t)
{
    return (uint64_t *)((char *)o + ALIGN8(var_size(o, t))) + t->nslots;
}

OuObj **ou_inst_slots(OuObj *o, const OuType *t)
{
    return (OuObj **)((char *)o + (t->slots_off == OU_SLOTS_OFF_END ? ALIGN8(var_size(o, t)) : t->slots_off));
}

/* Bytes of what follows the native part of `size` bytes: members, then the dict word. */
static size_t with_end(const OuType *t, size_t size)
{
    if (t->slots_off == OU_SLOTS_OFF_END)
        size = ALIGN8(size) + t->nslots * sizeof(OuObj *);
    return t->dict_off == OU_DICT_OFF_END ? ALIGN8(size) + sizeof(uint64_t) : size;
}

OuObj *ou_type_alloc(OuVM *vm, OuType *t, ou_ssize nitems)
{
    size_t size = t->face.size;
    uint32_t root = 0, cap = 0;
    if (t->flags & OU_TYPE_SHAPED) {
        /* A class whose __init__ told nothing gives its first instances some room; then what they used
         * decides. */
        if (__builtin_expect(t->inst_seen < INST_TRIALS, 0) && ++t->inst_seen == INST_TRIALS &&
            t->inst_guessed)
            t->inst_cap = t->max_names + (t->face.size / 8 + t->max_names) % 2;
        cap = t->inst_cap;
        root = t->shape ? t->shape : ou_shape_root(vm, t);
        size += cap * sizeof(OuObj *);
    } else if (nitems || t->dict_off == OU_DICT_OFF_END || t->slots_off == OU_SLOTS_OFF_END) {
        if (nitems && (size_t)nitems > (SIZE_MAX / 2 - size) / (t->face.item_size ? t->face.item_size : 1))
            return ou_raise_memory(vm);
        size = with_end(t, size + (size_t)nitems * t->face.item_size);
    }
    bool gc = (t->flags & OU_TYPE_GC) != 0;
    OuObj *o = gc ? ou_new_gc(vm, t->face.index, size) : ou_new_leaf(vm, t->face.index, size);
    if (!o)
        return NULL;
    memset(o + 1, 0, size - sizeof *o);
    if (t->flags & OU_TYPE_HEAP)
        ou_incref(t);
    if (cap || root)
        *OU_DICT_WORD(o, t->dict_off) = root ? OU_WORD_MAKE(root, cap) : OU_WORD_MAKE_DICT(NULL, cap);
    if (gc)
        ou_gc_track(&vm->heap, o);
    return o;
}

size_t ou_object_size(OuVM *vm, OuObj *o)
{
    OuType *t = OU_TYPE_OF(vm, o);
    size_t size = t->face.size;
    if (t->flags & OU_TYPE_SHAPED) {
        uint64_t w = *OU_DICT_WORD(o, t->dict_off);
        size += (OU_WORD_IS_SHAPED(w) ? OU_WORD_CAP(w) : (size_t)(w >> 48)) * sizeof(OuObj *);
    } else if (is_var(t)) {
        size = with_end(t, var_size(o, t));
    }
    return size;
}

void ou_free_object(OuVM *vm, OuObj *o)
{
    OuType *t = OU_TYPE_OF(vm, o);
    size_t size = ou_object_size(vm, o);
    if (t->flags & OU_TYPE_GC)
        ou_heap_free_gc(&vm->heap, o, size);
    else
        ou_heap_free_leaf(&vm->heap, o, size);
    if (t->flags & OU_TYPE_HEAP)
        ou_decref(vm, t);
}

/* ---- attributes -------------------------------------------------------------------------------- */

/* The interned exact str equal to name, new; NULL if name is a str subclass (which goes to the dict as it
 * is). */
static OuObj *attr_key(OuVM *vm, OuObj *name)
{
    if (!ou_is(name, str))
        return NULL;
    return OU_STR(name)->interned ? ou_ref(name) : ou_str_intern(vm, ou_ref(name));
}

static OuObj *dict_get(OuVM *vm, OuDict *d, OuObj *name, int *err)
{
    OuObj *v;
    if (ou_is(name, str) && d->kind == OU_DICT_STR)
        return ou_dict_get_str(vm, d, name);
    ou_incref(d); /* foreign keys may run code that drops the dict */
    v = ou_dict_get(vm, (OuObj *)d, name);
    if (!v && ou_err_occurred(vm))
        *err = 1;
    ou_decref(vm, d);
    return v;
}

OuObj *ou_inst_get(OuVM *vm, OuObj *o, OuType *t, OuObj *name, int *err)
{
    *err = 0;
    uint64_t w = *ou_inst_word(o, t);
    if (!OU_WORD_IS_SHAPED(w)) {
        OuDict *d = OU_WORD_DICT(w);
        return d ? dict_get(vm, d, name, err) : NULL;
    }
    OuObj *key = ou_is(name, str) && OU_STR(name)->interned ? name : NULL, *own = NULL;
    if (!key) {
        OuObj *exact = ou_is(name, str) ? ou_ref(name) : ou_str_slice(vm, name, 0, ou_str_len(name));
        if (!exact) {
            *err = 1;
            return NULL;
        }
        key = own = ou_str_intern(vm, exact);
    }
    int i = ou_shape_find(vm, OU_WORD_SHAPE(w), key);
    ou_xdecref(vm, own);
    return i < 0 ? NULL : OU_INST_VALUES(o, t->dict_off)[i];
}

/* Moves the values of a shaped instance into a new dict. */
static OuDict *move_to_dict(OuVM *vm, OuObj *o, OuType *t)
{
    uint64_t *word = OU_DICT_WORD(o, t->dict_off), w = *word;
    OuShape *sh = ou_shape(vm, OU_WORD_SHAPE(w));
    size_t n = sh->count;
    OuDict *d = (OuDict *)ou_dict_new_sized(vm, n);
    if (!d)
        return NULL;
    OuObj **values = OU_INST_VALUES(o, t->dict_off);
    OuObj *names[MAX_DICT_NAMES];
    for (OuShape *s = sh; s->up; s = s->up)
        names[s->count - 1] = s->name;
    for (size_t i = 0; i < n; i++) {
        if (values[i] && ou_dict_set(vm, (OuObj *)d, names[i], values[i]) < 0) {
            ou_decref(vm, d);
            return NULL;
        }
    }
    *word = OU_WORD_MAKE_DICT(d, OU_WORD_CAP(w));
    for (size_t i = 0; i < n; i++)
        ou_clear(vm, values[i]); /* never the last count: the dict has one */
    return d;
}

OuDict *ou_inst_dict(OuVM *vm, OuObj *o, OuType *t)
{
    uint64_t *word = ou_inst_word(o, t);
    if (OU_WORD_IS_SHAPED(*word))
        return move_to_dict(vm, o, t);
    OuDict *d = OU_WORD_DICT(*word);
    if (!d) {
        if (!(d = (OuDict *)ou_dict_new(vm)))
            return NULL;
        *word = OU_WORD_MAKE_DICT(d, *word >> 48);
    }
    return d;
}

int ou_inst_set_dict(OuVM *vm, OuObj *o, OuType *t, OuObj *dict)
{
    uint64_t *word = ou_inst_word(o, t);
    if (OU_WORD_IS_SHAPED(*word) && !move_to_dict(vm, o, t))
        return -1;
    OuDict *old = OU_WORD_DICT(*word);
    ou_xincref(dict);
    *word = OU_WORD_MAKE_DICT(dict, *word >> 48);
    ou_xdecref(vm, old);
    return 0;
}

/* The class gives later instances more room. */
static void learn(OuType *t, uint32_t cap)
{
    uint32_t want = cap < INST_CAP_FIRST ? INST_CAP_FIRST : cap + cap / 2;
    if (want > INST_CAP_MAX)
        want = INST_CAP_MAX;
    if (t->inst_cap < want)
        t->inst_cap = want;
    t->inst_guessed = false;
}

static int set_in_dict(OuVM *vm, OuObj *o, OuType *t, OuObj *name, OuObj *value)
{
    OuDict *d = OU_WORD_DICT(*ou_inst_word(o, t));
    int r;
    if (!d) {
        if (!value) {
            ou_raise_no_attribute(vm, o, name);
            return -1;
        }
        if (!(d = ou_inst_dict(vm, o, t)))
            return -1;
    }
    ou_incref(d);
    if (value) {
        r = ou_dict_set(vm, (OuObj *)d, name, value);
    } else {
        OuObj *old;
        r = ou_dict_pop(vm, (OuObj *)d, name, &old);
        if (r == 0) {
            ou_raise_no_attribute(vm, o, name);
            r = -1;
        } else if (r > 0) {
            ou_decref(vm, old);
            r = 0;
        }
    }
    ou_decref(vm, d);
    return r;
}

int ou_inst_set(OuVM *vm, OuObj *o, OuType *t, OuObj *name, OuObj *value)
{
    uint64_t *word = ou_inst_word(o, t), w = *word;
    if (!OU_WORD_IS_SHAPED(w))
        return set_in_dict(vm, o, t, name, value);
    OuObj *key = attr_key(vm, name);
    if (!key) {
        if (!move_to_dict(vm, o, t))
            return -1;
        return set_in_dict(vm, o, t, name, value);
    }
    OuObj **values = OU_INST_VALUES(o, t->dict_off);
    int i = ou_shape_find(vm, OU_WORD_SHAPE(w), key), r = 0;
    if (i >= 0 && value) {
        OuObj *old = values[i];
        values[i] = ou_ref(value);
        ou_xdecref(vm, old);
    } else if (value) {
        uint32_t n = ou_shape(vm, OU_WORD_SHAPE(w))->count, cap = OU_WORD_CAP(w);
        uint32_t next = n < cap ? ou_shape_add(vm, OU_WORD_SHAPE(w), key) : 0;
        if (next) {
            values[n] = ou_ref(value);
            *word = OU_WORD_MAKE(next, cap);
        } else {
            if (n >= cap)
                learn(t, cap);
            r = move_to_dict(vm, o, t) ? set_in_dict(vm, o, t, key, value) : -1;
        }
    } else if (i < 0 || !values[i]) {
        ou_raise_no_attribute(vm, o, name);
        r = -1;
    } else {
        OuShape *sh = ou_shape(vm, OU_WORD_SHAPE(w));
        if ((uint32_t)i + 1 == sh->count) { /* the newest name: back to the parent */
            OuObj *old = values[i];
            values[i] = NULL;
            *word = OU_WORD_MAKE(sh->parent, OU_WORD_CAP(w));
            ou_decref(vm, old);
        } else {
            r = move_to_dict(vm, o, t) ? set_in_dict(vm, o, t, key, NULL) : -1;
        }
    }
    ou_decref(vm, key);
    return r;
}

/* Values beyond a new shape's count are released by the caller. */
int ou_inst_change_class(OuVM *vm, OuObj *o, OuType *to)
{
    OuType *from = OU_TYPE_OF(vm, o);
    if (from->flags & OU_TYPE_SHAPED && to->flags & OU_TYPE_SHAPED) {
        uint64_t *word = OU_DICT_WORD(o, from->dict_off), w = *word;
        if (OU_WORD_IS_SHAPED(w)) {
            OuShape *sh = ou_shape(vm, OU_WORD_SHAPE(w));
            OuObj *names[MAX_DICT_NAMES];
            size_t n = sh->count;
            for (OuShape *s = sh; s->up; s = s->up)
                names[s->count - 1] = s->name;
            uint32_t number = ou_shape_root(vm, to);
            for (size_t i = 0; i < n && number; i++)
                number = ou_shape_add(vm, number, names[i]);
            if (number)
                *word = OU_WORD_MAKE(number, OU_WORD_CAP(w));
            else if (!move_to_dict(vm, o, from))
                return -1;
        }
    }
    if (to->flags & OU_TYPE_HEAP)
        ou_incref(to);
    o->tf = (o->tf & ~OU_TYPE_MASK) | to->face.index;
    if (from->flags & OU_TYPE_HEAP)
        ou_decref(vm, from);
    return 0;
}

/* ---- death and the collector ----------------------------------------------------------------------- */

/* The most derived class's members first, each class's in sorted order, as they are stored. */
static void clear_slots(OuVM *vm, OuObj *o, OuType *t)
{
    OuObj **slots = ou_inst_slots(o, t);
    for (; t->nslots; t = t->base)
        for (uint32_t i = t->base->nslots; i < t->nslots; i++)
            ou_clear(vm, slots[i]);
}

/* Has t a dict word of its own (behind the native part)? */
static bool owns_word(OuType *t)
{
    return t->dict_off && !ou_type_native_base(t)->dict_off;
}

void ou_inst_dealloc(OuVM *vm, OuObj *o)
{
    OuType *t = OU_TYPE_OF(vm, o);
    if (t->nslots)
        clear_slots(vm, o, t);
    if (t->flags & OU_TYPE_SHAPED) {
        uint64_t w = *OU_DICT_WORD(o, t->dict_off);
        size_t size = t->face.size;
        if (OU_WORD_IS_SHAPED(w)) {
            OuObj **values = OU_INST_VALUES(o, t->dict_off);
            size_t n = ou_shape(vm, OU_WORD_SHAPE(w))->count;
            for (size_t i = 0; i < n; i++)
                ou_xdecref(vm, values[i]);
            size += OU_WORD_CAP(w) * sizeof(OuObj *);
        } else {
            ou_xdecref(vm, OU_WORD_DICT(w));
            size += (size_t)(w >> 48) * sizeof(OuObj *);
        }
        ou_heap_free_gc(&vm->heap, o, size);
        ou_decref(vm, t);
        return;
    }
    if (owns_word(t)) {
        uint64_t *word = ou_inst_word(o, t);
        OuDict *d = OU_WORD_DICT(*word);
        *word = 0;
        ou_xdecref(vm, d);
    }
    ou_type_native_base(t)->face.dealloc(vm, o);
}

int ou_inst_traverse(OuTypeFace *face, OuObj *o, OuVisit visit, void *arg)
{
    OuType *t = (OuType *)((char *)face - offsetof(OuType, face));
    OuObj **slots = ou_inst_slots(o, t);
    for (uint32_t i = 0; i < t->nslots; i++)
        OU_VISIT(slots[i]);
    if (t->flags & OU_TYPE_SHAPED) {
        uint64_t w = *OU_DICT_WORD(o, t->dict_off);
        if (OU_WORD_IS_SHAPED(w)) {
            /* Places beyond the shape's count are NULL, so the cap serves as well and needs no table. */
            OuObj **values = OU_INST_VALUES(o, t->dict_off);
            for (size_t i = 0, n = OU_WORD_CAP(w); i < n; i++)
                OU_VISIT(values[i]);
        } else {
            OU_VISIT(OU_WORD_DICT(w));
        }
    } else {
        OuType *native = ou_type_native_base(t);
        if (t->dict_off && !native->dict_off)
            OU_VISIT(OU_WORD_DICT(*ou_inst_word(o, t)));
        if (native->face.traverse) {
            int r = native->face.traverse(o, visit, arg);
            if (r)
                return r;
        }
    }
    OU_VISIT(t);
    return 0;
}

void ou_inst_clear(OuVM *vm, OuObj *o)
{
    OuType *t = OU_TYPE_OF(vm, o);
    if (t->nslots)
        clear_slots(vm, o, t);
    if (t->flags & OU_TYPE_SHAPED) {
        uint64_t *word = OU_DICT_WORD(o, t->dict_off), w = *word;
        if (OU_WORD_IS_SHAPED(w)) {
            OuObj **values = OU_INST_VALUES(o, t->dict_off);
            *word = OU_WORD_MAKE(t->shape, OU_WORD_CAP(w));
            for (size_t i = 0, n = OU_WORD_CAP(w); i < n; i++)
                ou_clear(vm, values[i]);
        } else {
            OuDict *d = OU_WORD_DICT(w);
            *word = OU_WORD_MAKE_DICT(NULL, w >> 48);
            ou_xdecref(vm, d);
        }
        return;
    }
    OuType *native = ou_type_native_base(t);
    if (t->dict_off && !native->dict_off) {
        uint64_t *word = ou_inst_word(o, t);
        OuDict *d = OU_WORD_DICT(*word);
        *word = 0;
        ou_xdecref(vm, d);
    }
    if (native->face.clear)
        native->face.clear(vm, o);
}

void ou_object_finalize(OuVM *vm, OuObj *o)
{
    OuType *t = OU_TYPE_OF(vm, o);
    if (t->s.finalize)
        t->s.finalize(vm, o);
}

/* ---- __dict__ and __weakref__ of Python classes -------------------------------------------------------- */

/* The `__dict__` descriptor of the native class that already gives t's instances a dict, borrowed; or NULL.
 */
static OuObj *native_dict_descr(OuVM *vm, OuType *t)
{
    OuType *native = ou_type_native_base(t);
    OuObj *d = native->dict_off ? ou_type_lookup(vm, native, OU_NAME(vm, __dict__)) : NULL;
    return d && OU_TYPE_OF(vm, d)->s.descr_set &&
                   !(ou_is(d, getset_descr) && ((OuGetSetDescr *)d)->def == &ou_inst_dict_getset)
               ? d
               : NULL;
}

OuObj *ou_inst_dict_attr(OuVM *vm, OuObj *o, void *data)
{
    OuDict *d = ou_inst_dict(vm, o, OU_TYPE_OF(vm, o));
    return d ? ou_ref((OuObj *)d) : NULL;
}
int ou_inst_set_dict_attr(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    if (!value)
        return ou_type_error_i(vm, "cannot delete __dict__");
    if (!ou_isa_dict(vm, value))
        return ou_type_error_i(vm, "__dict__ must be set to a dictionary, not a '%T'", value);
    return ou_inst_set_dict(vm, o, OU_TYPE_OF(vm, o), value);
}

static OuObj *get_dict(OuVM *vm, OuObj *o, void *data)
{
    OuType *t = OU_TYPE_OF(vm, o);
    OuObj *descr = native_dict_descr(vm, t);
    if (descr)
        return OU_TYPE_OF(vm, descr)->s.descr_get(vm, descr, o, (OuObj *)t);
    if (!t->dict_off)
        return ou_raise(vm, OU_EXC(vm, AttributeError), "This object has no __dict__");
    return ou_inst_dict_attr(vm, o, data);
}

static int set_dict(OuVM *vm, OuObj *o, OuObj *value, void *data)
{
    OuType *t = OU_TYPE_OF(vm, o);
    OuObj *descr = native_dict_descr(vm, t);
    if (descr)
        return OU_TYPE_OF(vm, descr)->s.descr_set(vm, descr, o, value);
    if (!t->dict_off)
        return ou_raise_i(vm, OU_EXC(vm, AttributeError), "This object has no __dict__");
    return value ? ou_inst_set_dict_attr(vm, o, value, data) : ou_inst_set_dict(vm, o, t, NULL);
}

static OuObj *get_weakref(OuVM *vm, OuObj *o, void *data)
{
    if (!(OU_TYPE_OF(vm, o)->flags & OU_TYPE_WEAK))
        return ou_raise(vm, OU_EXC(vm, AttributeError), "This object has no __weakref__");
    OuWeakNode *n = ou_weak_first(&vm->heap, o);
    return n ? ou_ref((OuObj *)n - 1) : ou_none(vm);
}

const OuGetSet ou_inst_dict_getset = {"__dict__", get_dict, set_dict, "dictionary for instance variables",
                                      NULL};
const OuGetSet ou_inst_weakref_getset = {"__weakref__", get_weakref, NULL,
                                         "list of weak references to the object", NULL};
