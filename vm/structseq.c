/* vm/structseq.c - named tuples of native modules. */
#include "structseq.h"

#include <string.h>

#include "type.h"

static const OuStructSeq *desc_of(OuVM *vm, OuObj *o)
{
    return (const OuStructSeq *)OU_TYPE_OF(vm, o)->spec;
}

OuObj *ou_structseq_get(OuVM *vm, OuObj *self, void *data)
{
    OuObj *v = OU_TUPLE(self)->items[(intptr_t)data];
    return v ? ou_ref(v) : ou_none(vm);
}

OuObj *ou_structseq_new(OuVM *vm, OuType *t)
{
    const OuStructSeq *d = (const OuStructSeq *)t->spec;
    OuObj *o = ou_type_alloc(vm, t, (ou_ssize)d->total);
    if (o) {
        ou_gc_untrack(&vm->heap, o); /* as CPython: made by natives, they hold numbers and texts */
        OU_TUPLE(o)->n = d->visible;
        for (size_t i = 0; i < d->total; i++)
            OU_TUPLE(o)->items[i] = NULL;
    }
    return o;
}

OuObj *ou_structseq_of(OuVM *vm, const OuStructSeq *desc)
{
    OuType *t = ou_structseq_type(vm, NULL, desc);
    return t ? ou_structseq_new(vm, t) : NULL;
}

OuObj *ou_structseq_done(OuVM *vm, OuObj *o)
{
    if (o && ou_err_occurred(vm)) {
        ou_decref(vm, o);
        return NULL;
    }
    for (size_t i = 0; o && i < desc_of(vm, o)->total; i++)
        if (!OU_TUPLE(o)->items[i])
            OU_TUPLE(o)->items[i] = ou_none(vm);
    return o;
}

void ou_structseq_dealloc(OuVM *vm, OuObj *o)
{
    OuTuple *t = OU_TUPLE(o);
    size_t total = desc_of(vm, o)->total;
    for (size_t i = total; i-- > 0;)
        ou_xdecref(vm, t->items[i]);
    t->n = total; /* the size the memory was taken with */
    ou_free_object(vm, o);
}

int ou_structseq_traverse(OuObj *o, OuVisit visit, void *arg)
{
    /* hidden items are numbers and strings: not visiting them only means they count as held from outside */
    for (size_t i = OU_TUPLE(o)->n; i-- > 0;)
        OU_VISIT(OU_TUPLE(o)->items[i]);
    return 0;
}

OuObj *ou_structseq_repr(OuVM *vm, OuObj *o)
{
    const OuStructSeq *d = desc_of(vm, o);
    int running = ou_repr_enter(vm, o);
    if (running != 0)
        return running > 0 ? ou_str_fmt(vm, "%s(...)", d->spec.name) : NULL;
    OuStrBuf b;
    OuObj *r = NULL;
    ou_strbuf_init(&b, vm);
    if (ou_strbuf_ascii(&b, d->spec.name, -1) < 0 || ou_strbuf_char(&b, '(') < 0)
        goto done;
    for (size_t i = 0; i < d->visible; i++) {
        OuObj *item = OU_TUPLE(o)->items[i], *text = item ? ou_repr(vm, item) : ou_str_new(vm, "None", 4);
        if (!text)
            goto done;
        int bad = (i && ou_strbuf_ascii(&b, ", ", 2) < 0) ||
                  ou_strbuf_ascii(&b, d->spec.getset[i].name, -1) < 0 || ou_strbuf_char(&b, '=') < 0 ||
                  ou_strbuf_str(&b, text) < 0;
        ou_decref(vm, text);
        if (bad)
            goto done;
    }
    if (ou_strbuf_char(&b, ')') == 0)
        r = ou_strbuf_take(&b);
done:
    ou_strbuf_free(&b);
    ou_repr_leave(vm, o);
    return r;
}

static OuObj *xref(OuObj *o)
{
    ou_xincref(o);
    return o;
}

OuObj *ou_structseq_tp_new(OuVM *vm, OuType *type, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    const OuStructSeq *d = (const OuStructSeq *)type->spec;
    if (d->no_new)
        return ou_type_error(vm, "cannot create '%s' instances", type->name);
    OuObj *a[2];
    if (ou_args_bind(vm, "structseq(sequence, dict={})", args, nargs, kwnames, a) < 0)
        return NULL;
    OuObj *fast = ou_sequence_fast(vm, a[0], "constructor requires a sequence");
    if (!fast)
        return NULL;
    OuObj *o = NULL;
    bool is_list = ou_isa_list(vm, fast);
    size_t n = is_list ? OU_LIST(fast)->n : OU_TUPLE(fast)->n;
    OuObj **items = is_list ? OU_LIST(fast)->items : OU_TUPLE(fast)->items;
    if (a[1] && !ou_isa_dict(vm, a[1])) {
        ou_type_error(vm, "%s() takes a dict as second arg, if any", type->name);
    } else if (d->visible == d->total && n != d->total) {
        ou_type_error(vm, "%s() takes a %zu-sequence (%zu-sequence given)", type->name, d->total, n);
    } else if (n < d->visible) {
        ou_type_error(vm, "%s() takes an at least %zu-sequence (%zu-sequence given)", type->name, d->visible,
                      n);
    } else if (n > d->total) {
        ou_type_error(vm, "%s() takes an at most %zu-sequence (%zu-sequence given)", type->name, d->total, n);
    } else if ((o = ou_structseq_new(vm, type))) {
        for (size_t i = 0; i < n; i++)
            OU_TUPLE(o)->items[i] = ou_ref(items[i]);
        for (size_t i = 0; i < d->visible; i++)
            if (ou_gc_is_tracked(items[i]))
                ou_gc_track(&vm->heap, o); /* of a script's own making, it may be part of a cycle */
        for (const OuGetSet *f = d->spec.getset; a[1] && f->name; f++) {
            size_t i = (size_t)(intptr_t)f->data;
            if (i >= n && !OU_TUPLE(o)->items[i])
                OU_TUPLE(o)->items[i] = xref(ou_dict_get_s(vm, a[1], f->name));
        }
        o = ou_structseq_done(vm, o);
    }
    ou_decref(vm, fast);
    return o;
}

static OuObj *m_reduce(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    const OuStructSeq *d = desc_of(vm, args[0]);
    OuObj *seq = ou_tuple_of(vm, OU_TUPLE(args[0])->items, d->visible), *hidden = ou_dict_new(vm);
    OuObj *inner = NULL, *r = NULL;
    if (!seq || !hidden)
        goto done;
    for (const OuGetSet *f = d->spec.getset; f->name; f++)
        if ((size_t)(intptr_t)f->data >= d->visible &&
            ou_dict_set_s(vm, hidden, f->name, OU_TUPLE(args[0])->items[(intptr_t)f->data]) < 0)
            goto done;
    if ((inner = ou_tuple_pack(vm, 2, seq, hidden)))
        r = ou_tuple_pack(vm, 2, OU_TYPE_OF(vm, args[0]), inner);
done:
    ou_xdecref(vm, seq);
    ou_xdecref(vm, hidden);
    ou_xdecref(vm, inner);
    return r;
}

const OuFn ou_structseq_methods[] = {{"__reduce__(...)", m_reduce, 0, NULL}, {0}};

static int add_int(OuVM *vm, OuType *t, const char *name, size_t v)
{
    OuObj *i = ou_int(vm, (int64_t)v);
    OuDict *d = ou_type_dict(vm, t);
    int r = i && d ? ou_dict_set_s(vm, (OuObj *)d, name, i) : -1;
    ou_xdecref(vm, i);
    return r;
}

OuType *ou_structseq_type(OuVM *vm, OuObj *module, const OuStructSeq *desc)
{
    OuTypeState *st = vm->type_state;
    for (uint32_t i = 0; i < st->nseqs; i++)
        if (st->seqs[i]->spec == &desc->spec) {
            const char *dot = strrchr(desc->spec.name, '.');
            return module && ou_module_add(vm, module, dot ? dot + 1 : desc->spec.name,
                                           ou_ref((OuObj *)st->seqs[i])) < 0
                       ? NULL
                       : st->seqs[i];
        }
    OuType *t = module ? ou_module_add_type(vm, module, &desc->spec, &vm->builtin[OU_T_tuple])
                       : ou_type_from_spec(vm, &desc->spec, &vm->builtin[OU_T_tuple]);
    if (!t)
        return NULL;
    if (st->nseqs < OU_STRUCTSEQ_MAX)
        st->seqs[st->nseqs++] = t;
    size_t named = 0, named_visible = 0;
    for (const OuGetSet *f = desc->spec.getset; f->name; f++) {
        named++;
        named_visible += (size_t)(intptr_t)f->data < desc->visible;
    }
    OuObj *match = ou_tuple_new(vm, named_visible);
    for (size_t i = 0; match && i < named_visible; i++)
        if (!(OU_TUPLE(match)->items[i] = ou_str_intern_s(vm, desc->spec.getset[i].name))) {
            ou_decref(vm, match);
            return NULL;
        }
    OuDict *d = ou_type_dict(vm, t);
    int bad = !match || !d || ou_dict_set(vm, (OuObj *)d, OU_NAME(vm, __match_args__), match) < 0 ||
              add_int(vm, t, "n_sequence_fields", desc->visible) < 0 ||
              add_int(vm, t, "n_fields", desc->total) < 0 ||
              add_int(vm, t, "n_unnamed_fields", desc->total - named) < 0;
    ou_xdecref(vm, match);
    return bad ? NULL : t;
}
