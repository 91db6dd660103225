/* stdlib/sre/matchobj.c - re.Match. */
#include "sre.h"
#include "vm/generic_alias.h"

#define M(o) ((OuMatch *)(o))
#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

OuObj *ou_sre_new_match(OuVM *vm, OuPattern *p, OuSre *s)
{
    OuMatch *m = (OuMatch *)ou_type_alloc(vm, ou_sre_state(vm)->match, 0);
    if (!m)
        return NULL;
    m->string = NULL;
    m->pattern = NULL;
    m->regs = NULL;
    m->groups = p->groups + 1;
    if (!(m->mark = ou_alloc(vm, (size_t)m->groups * 2 * sizeof *m->mark))) {
        m->groups = 0;
        ou_decref(vm, m);
        return NULL;
    }
    m->string = ou_ref(s->string);
    m->pattern = ou_ref(p);
    m->pos = s->beginning;
    m->endpos = s->end;
    m->mark[0] = s->start;
    m->mark[1] = s->ptr;
    for (ou_ssize i = 0; i < p->groups; i++) {
        ou_ssize a = i * 2;
        bool ok = a + 1 <= s->lastmark && s->mark[a] >= 0 && s->mark[a + 1] >= 0;
        m->mark[a + 2] = ok ? s->mark[a] : -1;
        m->mark[a + 3] = ok ? s->mark[a + 1] : -1;
    }
    m->lastindex = s->lastindex;
    return &m->hdr;
}

static void match_dealloc(OuVM *vm, OuObj *o)
{
    OuMatch *m = M(o);
    ou_gc_untrack(&vm->heap, o);
    ou_xdecref(vm, m->regs);
    ou_xdecref(vm, m->string);
    ou_xdecref(vm, m->pattern);
    if (m->mark)
        ou_free(vm, m->mark, (size_t)m->groups * 2 * sizeof *m->mark);
    ou_free_object(vm, o);
}

static int match_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(M(o)->string);
    OU_VISIT(M(o)->pattern);
    OU_VISIT(M(o)->regs);
    return 0;
}

/* string[start:end] */
static OuObj *slice(OuVM *vm, OuMatch *m, ou_ssize a, ou_ssize b)
{
    OuObj *s = m->string;
    if (ou_isa_str(vm, s)) {
        ou_ssize n = ou_str_len(s);
        return ou_str_slice(vm, s, a > n ? n : a, b > n ? n : b);
    }
    OuBuffer v;
    if (ou_buffer_get(vm, s, &v, OU_BUF_SIMPLE) < 0)
        return NULL;
    a = a > v.len ? v.len : a;
    b = b > v.len ? v.len : b;
    OuObj *r = ou_is(s, bytes) && a == 0 && b == v.len
                   ? ou_ref(s)
                   : ou_bytes_new(vm, b > a ? (char *)v.buf + a : "", b > a ? b - a : 0);
    ou_buffer_release(vm, &v);
    return r;
}

static OuObj *group(OuVM *vm, OuMatch *m, ou_ssize i, OuObj *dflt)
{
    if (m->mark[i * 2] < 0)
        return ou_ref(dflt);
    return slice(vm, m, m->mark[i * 2], m->mark[i * 2 + 1]);
}

/* Group number of an index or name object; -1 with IndexError. */
static ou_ssize number(OuVM *vm, OuMatch *m, OuObj *x)
{
    ou_ssize i = -1;
    if (!x)
        return 0;
    if (ou_has_index(vm, x)) {
        if (ou_as_ssize(vm, x, NULL, &i) < 0)
            return -1;
    } else {
        OuObj *v = ou_dict_get(vm, m->pattern->groupindex, x);
        if (v && ou_isa_int(vm, v) && ou_as_ssize(vm, v, NULL, &i) < 0)
            return -1;
        if (ou_err_occurred(vm))
            ou_err_clear(vm);
    }
    if (i >= 0 && i < m->groups)
        return i;
    ou_raise(vm, OU_EXC(vm, IndexError), "no such group");
    return -1;
}

FN(m_group)
{
    OuMatch *m = M(args[0]);
    if (ou_no_kwargs(vm, "Match.group", kwnames) < 0)
        return NULL;
    if (nargs <= 2) {
        ou_ssize i = number(vm, m, nargs > 1 ? args[1] : NULL);
        return i < 0 ? NULL : group(vm, m, i, OU_NONE(vm));
    }
    OuObj *t = ou_tuple_new(vm, nargs - 1);
    for (size_t k = 1; t && k < nargs; k++) {
        ou_ssize i = number(vm, m, args[k]);
        if (i < 0 || !(OU_TUPLE(t)->items[k - 1] = group(vm, m, i, OU_NONE(vm))))
            ou_clear(vm, t);
    }
    return t;
}

static OuObj *match_getitem(OuVM *vm, OuObj *o, OuObj *key)
{
    ou_ssize i = number(vm, M(o), key);
    return i < 0 ? NULL : group(vm, M(o), i, OU_NONE(vm));
}

FN(m_groups)
{
    OuMatch *m = M(args[0]);
    OuObj *t = ou_tuple_new(vm, (size_t)m->groups - 1);
    for (ou_ssize i = 1; t && i < m->groups; i++)
        if (!(OU_TUPLE(t)->items[i - 1] = group(vm, m, i, args[1] ? args[1] : OU_NONE(vm))))
            ou_clear(vm, t);
    return t;
}

FN(m_groupdict)
{
    OuMatch *m = M(args[0]);
    OuObj *d = ou_dict_new(vm), *key, *v;
    for (size_t pos = 0; d && ou_dict_next(OU_DICT(m->pattern->groupindex), &pos, &key, &v);) {
        ou_ssize i = number(vm, m, key);
        OuObj *x = i < 0 ? NULL : group(vm, m, i, args[1] ? args[1] : OU_NONE(vm));
        if (!x || ou_dict_set(vm, d, key, x) < 0)
            ou_clear(vm, d);
        ou_xdecref(vm, x);
    }
    return d;
}

static OuObj *span(OuVM *vm, OuMatch *m, ou_ssize i)
{
    OuObj *a[2] = {ou_int(vm, m->mark[i * 2]), ou_int(vm, m->mark[i * 2 + 1])};
    return a[0] && a[1] ? ou_tuple_of_take(vm, a, 2) : NULL;
}
FN(m_start)
{
    ou_ssize i = number(vm, M(args[0]), args[1]);
    return i < 0 ? NULL : ou_int(vm, M(args[0])->mark[i * 2]);
}
FN(m_end)
{
    ou_ssize i = number(vm, M(args[0]), args[1]);
    return i < 0 ? NULL : ou_int(vm, M(args[0])->mark[i * 2 + 1]);
}
FN(m_span)
{
    ou_ssize i = number(vm, M(args[0]), args[1]);
    return i < 0 ? NULL : span(vm, M(args[0]), i);
}

FN(m_expand)
{
    OuObj *f = ou_import_attr(vm, "re", "_expand"),
          *r = f ? ou_call3(vm, f, (OuObj *)M(args[0])->pattern, args[0], args[1]) : NULL;
    ou_xdecref(vm, f);
    return r;
}

FN(m_self)
{
    return ou_ref(args[0]);
}

static OuObj *match_repr(OuVM *vm, OuObj *o)
{
    OuMatch *m = M(o);
    OuObj *g = group(vm, m, 0, OU_NONE(vm));
    OuObj *r = g ? ou_str_fmt(vm, "<%s object; span=(%zd, %zd), match=%.50R>", OU_TYPE_OF(vm, o)->name,
                              m->mark[0], m->mark[1], g)
                 : NULL;
    ou_xdecref(vm, g);
    return r;
}

static OuObj *get_regs(OuVM *vm, OuObj *self, void *data)
{
    OuMatch *m = M(self);
    if (!m->regs) {
        OuObj *t = ou_tuple_new(vm, (size_t)m->groups);
        for (ou_ssize i = 0; t && i < m->groups; i++)
            if (!(OU_TUPLE(t)->items[i] = span(vm, m, i)))
                ou_clear(vm, t);
        m->regs = t;
    }
    return m->regs ? ou_ref(m->regs) : NULL;
}
static OuObj *get_lastindex(OuVM *vm, OuObj *self, void *data)
{
    return M(self)->lastindex >= 0 ? ou_int(vm, M(self)->lastindex) : ou_none(vm);
}
static OuObj *get_lastgroup(OuVM *vm, OuObj *self, void *data)
{
    OuMatch *m = M(self);
    OuTuple *names = OU_TUPLE(m->pattern->indexgroup);
    return m->lastindex >= 0 && (size_t)m->lastindex < names->n ? ou_ref(names->items[m->lastindex])
                                                                : ou_none(vm);
}

static const OuGetSet getset[] = {
    {"lastindex", get_lastindex, NULL, "The integer index of the last matched capturing group.", NULL},
    {"lastgroup", get_lastgroup, NULL, "The name of the last matched capturing group.", NULL},
    {"regs", get_regs, NULL, NULL, NULL},
    {0}};
static const OuMember members[] = {
    {"string", OU_MEMBER_OBJ, offsetof(OuMatch, string), true, "The string passed to match() or search()."},
    {"re", OU_MEMBER_OBJ, offsetof(OuMatch, pattern), true, "The regular expression object."},
    {"pos", OU_MEMBER_SSIZE, offsetof(OuMatch, pos), true,
     "The index into the string at which the RE engine started looking for a match."},
    {"endpos", OU_MEMBER_SSIZE, offsetof(OuMatch, endpos), true,
     "The index into the string beyond which the RE engine will not go."},
    {0}};
static const OuFn methods[] = {
    {"group(...)", m_group, 0,
     "group([group1, ...]) -> str or tuple.\nReturn subgroup(s) of the match by indices or names.\nFor 0 "
     "returns the entire match."},
    {"start(self, group=0, /)", m_start, 0, "Return index of the start of the substring matched by group."},
    {"end(self, group=0, /)", m_end, 0, "Return index of the end of the substring matched by group."},
    {"span(self, group=0, /)", m_span, 0,
     "For match object m, return the 2-tuple (m.start(group), m.end(group))."},
    {"groups(self, /, default=None)", m_groups, 0,
     "Return a tuple containing all the subgroups of the match, from 1."},
    {"groupdict(self, /, default=None)", m_groupdict, 0,
     "Return a dictionary containing all the named subgroups of the match, keyed by the subgroup name."},
    {"expand(self, /, template)", m_expand, 0,
     "Return the string obtained by doing backslash substitution on the string template, as done by the "
     "sub() method."},
    {"__copy__(self, /)", m_self, 0, NULL},
    {"__deepcopy__(self, memo, /)", m_self, 0, NULL},
    {"__class_getitem__(cls, item, /)", ou_fn_class_getitem, OU_FN_CLASS, "See PEP 585"},
    {0},
};

const OuTypeSpec ou_sre_match_spec = {
    .name = "re.Match",
    .size = sizeof(OuMatch),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW | OU_TYPE_IMMUTABLE,
    .doc = "The result of re.match() and re.search().\nMatch objects always have a boolean value of True.",
    .dealloc = match_dealloc,
    .traverse = match_traverse,
    .s = {.repr = match_repr, .getitem = match_getitem},
    .methods = methods,
    .getset = getset,
    .members = members,
};
