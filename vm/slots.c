/* vm/slots.c - special methods: from `def __add__` to the slot, and which slot a class gets.
 *
 * Each row of slots.def ties a name to a field of OuSlots.  For a native type, a filled field becomes a
 * wrapper_descriptor in its dict; for a Python class, a method found along the MRO decides the field: the
 * wrapper of a native type gives that type's own function, anything else the generic function of the row,
 * which looks the method up and calls it (vm/slot_call.c). */
#include "type.h"

#include <string.h>

/* ---- native types ---------------------------------------------------------------------------------- */

int ou_slots_fill_dict(OuVM *vm, OuType *t, const OuSlots *s, OuDict *dict)
{
    for (size_t i = 0; i < ou_slot_row_count; i++) {
        const OuSlotRow *row = &ou_slot_rows[i];
        void *fn = OU_SLOT_AT(s, row->offset);
        if (!fn || row->kind == OU_W_NONE)
            continue;
        OuObj *name = (OuObj *)vm->names[row->name], *d;
        if (ou_dict_get_str(vm, dict, name))
            continue; /* nb[ADD] wins over concat */
        if (row->kind == OU_W_HASH && fn == (void *)ou_hash_unhashable)
            d = ou_none(vm);
        else
            d = ou_wrapper_descr_new(vm, t, row, fn);
        if (!d)
            return -1;
        int r = ou_dict_set(vm, (OuObj *)dict, name, d);
        ou_decref(vm, d);
        if (r < 0)
            return -1;
    }
    /* A type that compares without its own hash is unhashable. */
    if (s->compare && !s->hash && t->s.hash == ou_hash_unhashable)
        return ou_dict_set(vm, (OuObj *)dict, OU_NAME(vm, __hash__), OU_NONE(vm));
    return 0;
}

/* ---- Python classes ---------------------------------------------------------------------------------- */

static OuObj *next_gone(OuVM *vm, OuObj *o)
{
    return ou_type_error(vm, "'%T' object is not an iterator", o);
}

/* What row's field should be for the method d found in class owner; *generic: the row's own function. */
static void *field_for(OuVM *vm, OuType *t, const OuSlotRow *row, OuObj *d, OuType *owner, bool *generic)
{
    *generic = false;
    OuType *native = NULL;
    if (d == OU_NONE(vm)) {
        if (row->offset == offsetof(OuSlots, hash))
            return (void *)ou_hash_unhashable;
    } else if (row->offset == offsetof(OuSlots, new_)) {
        /* As CPython: the slot stays what it is, so that `del C.__new__` leaves the slow way behind. */
        if (ou_is_native_new(d, &native))
            return (void *)t->s.new_;
    } else if (ou_is(d, wrapper_descr)) {
        OuWrapperDescr *w = (OuWrapperDescr *)d;
        if (w->row->name == row->name && !(owner->flags & OU_TYPE_HEAP))
            return ou_slot_get(w->owner, row->offset);
    } else if (ou_is(d, method_descr)) { /* dict.__getitem__, dict.__contains__ and the like */
        if (!(owner->flags & OU_TYPE_HEAP) && ((OuMethodDescr *)d)->owner == owner)
            return ou_slot_get(owner, row->offset);
    }
    *generic = true;
    return row->generic;
}

/* Decides the field of rows first..last of one offset; -1 if there is no memory for a suite of its own. */
static int set_field(OuVM *vm, OuType *t, size_t first, size_t last)
{
    void *specific = NULL, *generic = NULL;
    bool use_generic = false;
    for (size_t i = first; i < last; i++) {
        const OuSlotRow *row = &ou_slot_rows[i];
        OuType *owner;
        OuObj *d = ou_type_lookup_owner(vm, t, (OuObj *)vm->names[row->name], &owner);
        if (!d)
            continue;
        bool g;
        void *fn = field_for(vm, t, row, d, owner, &g);
        if (g) {
            use_generic = true;
            generic = fn;
        } else if (specific && fn && fn != specific) {
            use_generic = true;
            generic = row->generic;
        } else if (fn) {
            specific = fn;
        }
    }
    void *fn = use_generic ? generic : specific, *old = ou_slot_get(t, ou_slot_rows[first].offset);
    /* Loops hold on to an iterator: losing __next__ must not leave an empty field behind. */
    if (!fn && old && ou_slot_rows[first].offset == offsetof(OuSlots, next))
        fn = (void *)next_gone;
    return fn == old ? 0 : ou_slot_set(vm, t, ou_slot_rows[first].offset, fn);
}

static void finish(OuType *t)
{
    t->face.flags = (t->face.flags & ~(uint32_t)OU_TF_FINALIZE) | (t->s.finalize ? OU_TF_FINALIZE : 0);
}

static size_t group_end(size_t i)
{
    size_t j = i + 1;
    while (j < ou_slot_row_count && ou_slot_rows[j].offset == ou_slot_rows[i].offset)
        j++;
    return j;
}

/* Updates the fields that name plays a part in: 1 if there is one, else 0; -1 */
static int set_by_name(OuVM *vm, OuType *t, OuObj *name)
{
    int any = 0;
    for (size_t i = 0, j; i < ou_slot_row_count; i = j) {
        j = group_end(i);
        for (size_t k = i; k < j; k++) {
            if ((OuObj *)vm->names[ou_slot_rows[k].name] == name) {
                if (set_field(vm, t, i, j) < 0)
                    return -1;
                any = 1;
                break;
            }
        }
    }
    return any;
}

static bool is_dunder(OuObj *name)
{
    const OuStr *s = OU_STR(name);
    return s->kind == 1 && s->len > 4 && s->data[0] == '_' && s->data[1] == '_' && s->data[s->len - 1] == '_';
}

int ou_slots_set_all(OuVM *vm, OuType *t)
{
    OuType *base = t->base;
    t->s = base->s;
    if (t->own_suite) /* a mro() of Python has set __bases__ already */
        ou_suite_free(vm, t);
    t->u = base->u;
    bool chain =
        t->mro->n == base->mro->n + 1 && t->bases->n == 1; /* the MRO is the base's with t in front */
    for (size_t i = 0; chain && i < base->mro->n; i++)
        chain = t->mro->items[i + 1] == base->mro->items[i];
    if (chain) { /* only names of its own dict can differ from the base */
        size_t pos = 0;
        OuObj *key, *value;
        while (ou_dict_next(t->dict, &pos, &key, &value))
            if (ou_is(key, str) && is_dunder(key) && set_by_name(vm, t, key) < 0)
                return -1;
    } else {
        for (size_t i = 0, j; i < ou_slot_row_count; i = j) {
            j = group_end(i);
            if (set_field(vm, t, i, j) < 0)
                return -1;
        }
        /* Slots without a name come from the base, or else from the first class of the MRO that has them. */
        for (size_t i = 1; !t->u->getbuffer && i < t->mro->n; i++) {
            const OuSuite *u = OU_AS_TYPE(t->mro->items[i])->u;
            if (u->getbuffer &&
                (ou_slot_set(vm, t, offsetof(OuSlots, getbuffer), (void *)u->getbuffer) < 0 ||
                 ou_slot_set(vm, t, offsetof(OuSlots, releasebuffer), (void *)u->releasebuffer) < 0))
                return -1;
        }
    }
    finish(t);
    return 0;
}

/* Does t, when its base's suite changes in name, change alike?  Then it may go on sharing it. */
static bool follows(OuVM *vm, OuType *t, OuObj *name)
{
    if (!name || !t->dict || t->bases->n != 1 || t->mro->n != t->base->mro->n + 1)
        return false;
    for (size_t i = 0, j; i < ou_slot_row_count; i = j) {
        bool here = false, own = false;
        j = group_end(i);
        for (size_t k = i; k < j; k++) {
            OuObj *row = (OuObj *)vm->names[ou_slot_rows[k].name];
            here = here || row == name;
            own = own || ou_dict_get_str(vm, t->dict, row);
        }
        if (here && own)
            return false;
    }
    return true;
}

static bool in_suite(OuVM *vm, OuObj *name)
{
    for (size_t i = 0; i < ou_slot_row_count; i++)
        if ((OuObj *)vm->names[ou_slot_rows[i].name] == name && ou_slot_rows[i].offset >= sizeof(OuSlotHead))
            return true;
    return false;
}

static int reserve(OuVM *vm, OuType *t, OuObj *name, bool first)
{
    if (t->flags & OU_TYPE_HEAP && !t->own_suite && (first || !follows(vm, t, name)) &&
        ou_suite_own(vm, t) < 0)
        return -1;
    for (uint32_t i = 0; i < t->nsubs; i++)
        if (t->subs[i]->mro && reserve(vm, t->subs[i], name, false) < 0)
            return -1;
    return 0;
}

int ou_slots_reserve(OuVM *vm, OuType *t, OuObj *name)
{
    return name && !in_suite(vm, name) ? 0 : reserve(vm, t, name, true);
}

void ou_slots_update(OuVM *vm, OuType *t, OuObj *name)
{
    if (t->flags & OU_TYPE_HEAP) {
        if (!name) {
            for (size_t i = 0, j; i < ou_slot_row_count; i = j) {
                j = group_end(i);
                if (set_field(vm, t, i, j) < 0)
                    ou_err_clear(vm); /* without ou_slots_reserve: the field stays what it was */
            }
        } else {
            int any = set_by_name(vm, t, name);
            if (any == 0)
                return;
            if (any < 0)
                ou_err_clear(vm);
        }
        finish(t);
    }
    for (uint32_t i = 0; i < t->nsubs; i++) {
        OuType *sub = t->subs[i];
        if (sub->mro && (!name || !sub->dict || !ou_dict_get_str(vm, sub->dict, name)))
            ou_slots_update(vm, sub, name);
    }
}
