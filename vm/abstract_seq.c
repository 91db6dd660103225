/* vm/abstract_seq.c - operations on containers of any type: length, items, membership, iteration, conversion.
 */
#include "generic_alias.h"
#include "iterobj.h"

#include <limits.h>

bool ou_has_len(OuVM *vm, OuObj *o)
{
    return OU_TYPE_OF(vm, o)->s.len != NULL;
}

/* Native types tell by the item slot; a Python class with __getitem__ counts as a sequence unless it is a
 * dict. */
bool ou_is_sequence(OuVM *vm, OuObj *o)
{
    OuType *t = OU_TYPE_OF(vm, o);
    if (t->flags & OU_TYPE_DICT_SUB)
        return false;
    return t->s.item || ((t->flags & OU_TYPE_HEAP) && t->s.getitem);
}

ou_ssize ou_len(OuVM *vm, OuObj *o)
{
    OuType *t = OU_TYPE_OF(vm, o);
    if (t->s.len)
        return t->s.len(vm, o);
    return ou_type_error_i(vm, "object of type '%s' has no len()", t->name);
}

ou_ssize ou_length_hint(OuVM *vm, OuObj *o, ou_ssize dflt)
{
    if (ou_has_len(vm, o)) {
        ou_ssize n = ou_len(vm, o);
        if (n >= 0)
            return n;
        if (!ou_err_is(vm, OU_EXC(vm, TypeError)))
            return -1;
        ou_err_clear(vm);
    }
    OuObj *f;
    int r = ou_lookup_special(vm, o, OU_NAME(vm, __length_hint__), &f);
    if (r <= 0)
        return r < 0 ? -1 : dflt;
    OuObj *v = ou_call0(vm, f);
    ou_decref(vm, f);
    if (!v) {
        if (!ou_err_is(vm, OU_EXC(vm, TypeError)))
            return -1;
        ou_err_clear(vm);
        return dflt;
    }
    ou_ssize n = dflt;
    if (v == OU_NOTIMPLEMENTED(vm))
        ;
    else if (!ou_isa_int(vm, v))
        n = ou_type_error_i(vm, "__length_hint__ must be an integer, not %s", OU_TYPE_NAME(vm, v));
    else if (ou_as_ssize(vm, v, OU_EXC(vm, OverflowError), &n) < 0)
        n = -1;
    else if (n < 0)
        n = ou_value_error_i(vm, "__length_hint__() should return >= 0");
    ou_decref(vm, v);
    return n;
}

/* ---- items ---------------------------------------------------------------------------- */

/* Class[args]: type itself, or __class_getitem__. */
static OuObj *class_getitem(OuVM *vm, OuObj *cls, OuObj *key)
{
    if (cls == (OuObj *)OU_EXC(vm, type))
        return ou_generic_alias_new(vm, cls, key);
    OuObj *f;
    int r = ou_lookup_attr(vm, cls, OU_NAME(vm, __class_getitem__), &f);
    if (r < 0)
        return NULL;
    if (r && f != OU_NONE(vm)) {
        OuObj *res = ou_call1(vm, f, key);
        ou_decref(vm, f);
        return res;
    }
    if (r)
        ou_decref(vm, f);
    return ou_type_error(vm, "type '%s' is not subscriptable", OU_AS_TYPE(cls)->name);
}

/* Sequence item i, negative ones counted from the end if there is a length. */
static OuObj *seq_item(OuVM *vm, OuObj *o, ou_ssize i)
{
    OuType *t = OU_TYPE_OF(vm, o);
    if (i < 0 && t->s.len) {
        ou_ssize n = t->s.len(vm, o);
        if (n < 0)
            return NULL;
        i += n;
    }
    return t->s.item(vm, o, i);
}

OuObj *ou_getitem(OuVM *vm, OuObj *o, OuObj *key)
{
    OuType *t = OU_TYPE_OF(vm, o);
    if (t->s.getitem)
        return t->s.getitem(vm, o, key);
    if (t->s.item) {
        if (!ou_has_index(vm, key))
            return ou_type_error(vm, "sequence index must be integer, not '%s'", OU_TYPE_NAME(vm, key));
        ou_ssize i;
        if (ou_as_ssize(vm, key, OU_EXC(vm, IndexError), &i) < 0)
            return NULL;
        return seq_item(vm, o, i);
    }
    if (t->flags & OU_TYPE_TYPE_SUB)
        return class_getitem(vm, o, key);
    return ou_type_error(vm, "'%s' object is not subscriptable", t->name);
}

OuObj *ou_getitem_i(OuVM *vm, OuObj *o, ou_ssize i)
{
    OuType *t = OU_TYPE_OF(vm, o);
    if (t->s.item)
        return seq_item(vm, o, i);
    if (!t->s.getitem)
        return ou_type_error(vm, "'%s' object does not support indexing", t->name);
    if (t->flags & OU_TYPE_HEAP && t->s.len && i < 0) {
        ou_ssize n = t->s.len(vm, o);
        if (n < 0)
            return NULL;
        i += n;
    }
    OuObj *k = ou_int(vm, i), *res = k ? t->s.getitem(vm, o, k) : NULL;
    ou_xdecref(vm, k);
    return res;
}

bool ou_type_has_sequence(const OuType *t)
{
    return t->s.item || t->s.contains || t->s.len || t->flags & OU_TYPE_HEAP;
}

/* No assignment to items of o: the index of a sequence is converted before that is said.  1: it was one, -1: error. */
static int wrong_index(OuVM *vm, OuType *t, OuObj *key)
{
    ou_ssize i;
    if (!ou_type_has_sequence(t) || !ou_has_index(vm, key))
        return 0;
    return ou_as_ssize(vm, key, OU_EXC(vm, IndexError), &i) < 0 ? -1 : 1;
}

int ou_setitem(OuVM *vm, OuObj *o, OuObj *key, OuObj *value)
{
    OuType *t = OU_TYPE_OF(vm, o);
    if (t->s.setitem)
        return t->s.setitem(vm, o, key, value);
    if (wrong_index(vm, t, key) < 0)
        return -1;
    return ou_type_error_i(vm, "'%s' object does not support item assignment", t->name);
}
int ou_delitem(OuVM *vm, OuObj *o, OuObj *key)
{
    OuType *t = OU_TYPE_OF(vm, o);
    if (t->s.setitem)
        return t->s.setitem(vm, o, key, NULL);
    /* two texts, as the number of CPython's lookups differs */
    int seq = wrong_index(vm, t, key);
    if (seq < 0)
        return -1;
    return ou_type_error_i(vm, "'%s' object %s support item deletion", t->name, seq ? "doesn't" : "does not");
}

/* ---- membership ------------------------------------------------------------------------ */

int ou_sequence_search(OuVM *vm, OuObj *o, OuObj *x, int what, ou_ssize *out)
{
    OuObj *it = ou_iter(vm, o), *e;
    if (!it) {
        if (ou_err_is(vm, OU_EXC(vm, TypeError))) {
            ou_err_clear(vm);
            ou_type_error(vm, "argument of type '%s' is not iterable", OU_TYPE_NAME(vm, o));
        }
        return -1;
    }
    ou_ssize n = 0;
    int r = 0;
    while ((e = ou_next(vm, it))) {
        r = ou_compare_bool(vm, e, x, OU_CMP_EQ);
        ou_decref(vm, e);
        if (r < 0 || ou_poll(vm) < 0)
            goto fail;
        if (r && what != OU_SEARCH_COUNT)
            break;
        if (what != OU_SEARCH_CONTAINS && (r || what == OU_SEARCH_INDEX)) {
            if (n == INTPTR_MAX) {
                ou_raise(vm, OU_EXC(vm, OverflowError),
                         what == OU_SEARCH_COUNT ? "count exceeds C integer size"
                                                 : "index exceeds C integer size");
                goto fail;
            }
            n++;
        }
        r = 0;
    }
    if (ou_err_occurred(vm))
        goto fail;
    ou_decref(vm, it);
    if (what == OU_SEARCH_CONTAINS)
        return r;
    if (what == OU_SEARCH_INDEX && !r)
        return ou_value_error_i(vm, "sequence.index(x): x not in sequence");
    *out = n;
    return 0;
fail:
    ou_decref(vm, it);
    return -1;
}

int ou_contains(OuVM *vm, OuObj *o, OuObj *x)
{
    OuType *t = OU_TYPE_OF(vm, o);
    if (t->s.contains)
        return t->s.contains(vm, o, x);
    return ou_sequence_search(vm, o, x, OU_SEARCH_CONTAINS, NULL);
}

/* ---- iteration ------------------------------------------------------------------------- */

bool ou_is_iterator(OuVM *vm, OuObj *o)
{
    return OU_TYPE_OF(vm, o)->s.next != NULL;
}

OuObj *ou_iter(OuVM *vm, OuObj *o)
{
    OuType *t = OU_TYPE_OF(vm, o);
    if (!t->s.iter) {
        if (!ou_is_sequence(vm, o))
            return ou_type_error(vm, "'%s' object is not iterable", t->name);
        return ou_seq_iter_new(vm, OU_T_seq_iter, o);
    }
    OuObj *it = t->s.iter(vm, o);
    if (it && !OU_TYPE_OF(vm, it)->s.next) {
        ou_type_error(vm, "iter() returned non-iterator of type '%s'", OU_TYPE_NAME(vm, it));
        ou_clear(vm, it);
    }
    return it;
}

OuObj *ou_next(OuVM *vm, OuObj *it)
{
    OuUnary next = OU_TYPE_OF(vm, it)->s.next;
    if (__builtin_expect(!next, 0))
        return ou_type_error(vm, "'%s' object is not an iterator", OU_TYPE_NAME(vm, it));
    if (ou_check_stack(vm, "") < 0) /* iterators over iterators over ... */
        return NULL;
    OuObj *x = next(vm, it);
    if (!x && ou_err_occurred(vm) && ou_err_is(vm, OU_EXC(vm, StopIteration)))
        ou_err_clear(vm);
    return x;
}

/* ---- conversion ------------------------------------------------------------------------ */

OuObj *ou_sequence_list(OuVM *vm, OuObj *o)
{
    OuObj *l = ou_list_new(vm, 0);
    if (l && ou_list_extend(vm, l, o) < 0)
        ou_clear(vm, l);
    return l;
}

OuObj *ou_sequence_tuple(OuVM *vm, OuObj *o)
{
    if (ou_is(o, tuple))
        return ou_ref(o);
    if (ou_is(o, list))
        return ou_list_to_tuple(vm, o);
    OuObj *l = ou_sequence_list(vm, o);
    if (!l)
        return NULL;
    OuObj *t = ou_tuple_of_take(vm, OU_LIST(l)->items, OU_LIST(l)->n);
    if (t)
        OU_LIST(l)->n = 0; /* the items moved */
    ou_decref(vm, l);
    return t;
}

OuObj *ou_sequence_fast(OuVM *vm, OuObj *o, const char *msg)
{
    if (ou_is(o, list) || ou_is(o, tuple))
        return ou_ref(o);
    if (OU_TYPE_OF(vm, o)->s.iter && (ou_isa_list(vm, o) || ou_isa_tuple(vm, o)) &&
        (OU_TYPE_OF(vm, o)->s.iter == vm->builtin[OU_T_list].s.iter ||
         OU_TYPE_OF(vm, o)->s.iter == vm->builtin[OU_T_tuple].s.iter))
        return ou_ref(o);
    OuObj *it = ou_iter(vm, o);
    if (!it) {
        if (ou_err_is(vm, OU_EXC(vm, TypeError))) {
            ou_err_clear(vm);
            ou_type_error(vm, "%s", msg);
        }
        return NULL;
    }
    OuObj *l = ou_sequence_list(vm, it);
    ou_decref(vm, it);
    return l;
}
