/* vm/mro.c - method resolution order (C3, "The Python 2.3 Method Resolution Order") and the base that gives
 * the layout. */
#include "type.h"

#include <string.h>

static void *order_error(OuVM *vm, OuTuple *bases)
{
    OuStrBuf b;
    ou_strbuf_init(&b, vm);
    int r = ou_strbuf_ascii(&b, "Cannot create a consistent method resolution\norder (MRO) for bases ", -1);
    for (size_t i = 0; i < bases->n && r == 0; i++) {
        OuObj *name = ou_type_name(vm, OU_AS_TYPE(bases->items[i]));
        r = !name || (i && ou_strbuf_ascii(&b, ", ", 2) < 0) || ou_strbuf_str(&b, name) < 0 ? -1 : 0;
        ou_xdecref(vm, name);
    }
    OuObj *text = r < 0 ? NULL : ou_strbuf_take(&b);
    if (!text) {
        ou_strbuf_free(&b);
        return NULL;
    }
    ou_type_error(vm, "%U", text);
    ou_decref(vm, text);
    return NULL;
}

OuTuple *ou_mro_compute(OuVM *vm, OuType *t, OuTuple *bases)
{
    size_t nb = bases->n;
    for (size_t i = 0; i < nb; i++)
        if (!OU_AS_TYPE(bases->items[i])->mro)
            return ou_type_error(vm, "Cannot extend an incomplete type '%N'", OU_AS_TYPE(bases->items[i]));
    if (nb == 1) {
        OuTuple *m = OU_AS_TYPE(bases->items[0])->mro;
        OuTuple *r = (OuTuple *)ou_tuple_new(vm, m->n + 1);
        if (!r)
            return NULL;
        r->items[0] = (OuObj *)ou_ref(t);
        for (size_t i = 0; i < m->n; i++)
            r->items[i + 1] = ou_ref(m->items[i]);
        return r;
    }
    for (size_t i = 0; i < nb; i++)
        for (size_t j = i + 1; j < nb; j++)
            if (bases->items[i] == bases->items[j]) {
                OuObj *name = ou_type_name(vm, OU_AS_TYPE(bases->items[i]));
                if (name)
                    ou_type_error(vm, "duplicate base class %U", name);
                ou_xdecref(vm, name);
                return NULL;
            }
    /* Lists to merge: the MRO of each base, and the bases themselves; at[] is how far each is used up. */
    size_t total = nb + 1;
    for (size_t i = 0; i < nb; i++)
        total += OU_AS_TYPE(bases->items[i])->mro->n;
    size_t bytes = (nb + 1) * sizeof(size_t) + total * sizeof(OuObj *);
    size_t *at = ou_alloc(vm, bytes);
    if (!at)
        return NULL;
    memset(at, 0, (nb + 1) * sizeof *at);
    OuObj **out = (OuObj **)(at + nb + 1);
    size_t n = 0;
    out[n++] = (OuObj *)t;
#define LIST(i) ((i) < nb ? OU_AS_TYPE(bases->items[i])->mro : bases)
    for (;;) {
        OuObj *next = NULL;
        bool left = false;
        for (size_t i = 0; i <= nb && !next; i++) {
            OuTuple *l = LIST(i);
            if (at[i] >= l->n)
                continue;
            left = true;
            OuObj *c = l->items[at[i]];
            bool good = true; /* c heads list i: it must be in no other list's tail */
            for (size_t j = 0; j <= nb && good; j++) {
                OuTuple *m = LIST(j);
                for (size_t k = at[j] + 1; k < m->n && good; k++)
                    good = m->items[k] != c;
            }
            if (good)
                next = c;
        }
        if (!left)
            break;
        if (!next) {
            ou_free(vm, at, bytes);
            return order_error(vm, bases);
        }
        out[n++] = next;
        for (size_t i = 0; i <= nb; i++) {
            OuTuple *l = LIST(i);
            if (at[i] < l->n && l->items[at[i]] == next)
                at[i]++;
        }
    }
#undef LIST
    OuTuple *r = (OuTuple *)ou_tuple_of(vm, out, n);
    ou_free(vm, at, bytes);
    return r;
}

/* The class on t's chain of bases that last added to the instance layout. */
static OuType *solid_base(OuVM *vm, OuType *t)
{
    for (; t->base; t = t->base) {
        if (t->flags & OU_TYPE_HEAP) {
            if (t->nslots > t->base->nslots)
                return t;
        } else if (t->layout != t->base->layout) {
            return t;
        }
    }
    return t;
}

OuType *ou_type_best_base(OuVM *vm, OuTuple *bases)
{
    OuType *base = NULL, *winner = NULL;
    for (size_t i = 0; i < bases->n; i++) {
        if (!ou_isa_type(vm, bases->items[i]))
            return ou_type_error(vm, "bases must be types");
        OuType *b = OU_AS_TYPE(bases->items[i]);
        if (!(b->flags & OU_TYPE_BASE))
            return ou_type_error(vm, "type '%N' is not an acceptable base type", b);
        OuType *candidate = solid_base(vm, b);
        if (!winner) {
            winner = candidate;
            base = b;
        } else if (ou_type_is_subtype(vm, winner, candidate)) {
            continue;
        } else if (ou_type_is_subtype(vm, candidate, winner)) {
            winner = candidate;
            base = b;
        } else {
            return ou_type_error(vm, "multiple bases have instance lay-out conflict");
        }
    }
    return base;
}

int ou_mro_set(OuVM *vm, OuType *t)
{
    OuTuple *mro = NULL, *before = t->mro;
    OuType *meta = OU_TYPE_OF(vm, t);
    OuObj *custom = meta == &vm->builtin[OU_T_type] ? NULL : ou_type_lookup(vm, meta, OU_NAME(vm, mro));
    if (!custom ||
        (ou_is(custom, method_descr) && ((OuMethodDescr *)custom)->owner == &vm->builtin[OU_T_type])) {
        mro = ou_mro_compute(vm, t, t->bases);
    } else {
        OuObj *r = ou_call_method(vm, (OuObj *)t, OU_NAME(vm, mro), 0);
        OuObj *seq = r ? ou_sequence_tuple(vm, r) : NULL;
        ou_xdecref(vm, r);
        if (!seq)
            return -1;
        OuType *solid = solid_base(vm, t);
        for (size_t i = 0; i < OU_TUPLE(seq)->n; i++) {
            OuObj *c = OU_TUPLE(seq)->items[i];
            if (!ou_isa_type(vm, c))
                ou_type_error(vm, "mro() returned a non-class ('%T')", c);
            else if (!ou_type_is_subtype(vm, solid, solid_base(vm, OU_AS_TYPE(c))))
                ou_type_error(vm, "mro() returned base with unsuitable layout ('%N')", OU_AS_TYPE(c));
            else
                continue;
            ou_decref(vm, seq);
            return -1;
        }
        mro = OU_TUPLE(seq);
    }
    if (!mro)
        return -1;
    if (t->mro != before) { /* mro() came back here for the same class */
        ou_decref(vm, mro);
        return 0;
    }
    t->mro = mro;
    ou_type_drop_versions(t);
    ou_xdecref(vm, before);
    return 1;
}
