/* stdlib/sre/pattern.c - re.Pattern and its scanner. */
#include "sre.h"
#include "vm/generic_alias.h"
#include "vm/iterobj.h"
#include "vm/containers.h"
#include "vm/type.h"

#define P(o) ((OuPattern *)(o))
#define FN(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)

static void pattern_dealloc(OuVM *vm, OuObj *o)
{
    OuPattern *p = P(o);
    ou_gc_untrack(&vm->heap, o);
    ou_xdecref(vm, p->groupindex);
    ou_xdecref(vm, p->indexgroup);
    ou_xdecref(vm, p->pattern);
    if (p->code)
        ou_free(vm, p->code, p->ncode * sizeof *p->code);
    ou_free_object(vm, o);
}

static int pattern_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(P(o)->groupindex);
    OU_VISIT(P(o)->indexgroup);
    OU_VISIT(P(o)->pattern);
    return 0;
}

static int limits(OuVM *vm, OuObj *pos_obj, OuObj *end_obj, ou_ssize *pos, ou_ssize *end)
{
    *pos = 0;
    *end = PTRDIFF_MAX;
    if ((pos_obj && ou_as_ssize(vm, pos_obj, OU_EXC(vm, OverflowError), pos) < 0) ||
        (end_obj && ou_as_ssize(vm, end_obj, OU_EXC(vm, OverflowError), end) < 0))
        return -1;
    return 0;
}

typedef enum { MATCH, FULLMATCH, SEARCH } How;

static OuObj *once(OuVM *vm, OuObj *const *args, How how)
{
    OuSre s;
    ou_ssize pos, end;
    OuPattern *p = P(args[0]);
    if (limits(vm, args[2], args[3], &pos, &end) < 0 || ou_sre_begin(vm, &s, p, args[1], pos, end) < 0)
        return NULL;
    ou_ssize origin = s.start;
    s.match_all = how == FULLMATCH;
    int r = how == SEARCH ? ou_sre_search(&s, p->code) : ou_sre_match(&s, p->code);
    OuObj *m = NULL;
    if (r > 0) {
        m = ou_sre_new_match(vm, p, &s);
        if (m)
            ((OuMatch *)m)->pos = origin;
    } else if (r == 0) {
        m = ou_none(vm);
    }
    ou_sre_end(&s);
    return m;
}
FN(m_match)
{
    return once(vm, args, MATCH);
}
FN(m_fullmatch)
{
    return once(vm, args, FULLMATCH);
}
FN(m_search)
{
    return once(vm, args, SEARCH);
}

/* The next match is looked for behind this one; an empty one must not be found again at its place. */
static void advance(OuSre *s)
{
    s->must_advance = s->ptr == s->start ? s->ptr : -1;
    s->start = s->ptr;
}

FN(m_findall)
{
    OuSre s;
    ou_ssize pos, end;
    OuPattern *p = P(args[0]);
    if (limits(vm, args[2], args[3], &pos, &end) < 0 || ou_sre_begin(vm, &s, p, args[1], pos, end) < 0)
        return NULL;
    OuObj *list = ou_list_new(vm, 0);
    while (list && s.start <= s.end) {
        ou_sre_reset(&s);
        int r = ou_sre_search(&s, p->code);
        if (r <= 0) {
            if (r < 0)
                ou_clear(vm, list);
            break;
        }
        OuObj *item;
        if (p->groups <= 1) {
            item = ou_sre_group(&s, p->groups);
            if (!item && !ou_err_occurred(vm))
                item = ou_sre_slice(&s, 0, 0);
        } else {
            item = ou_tuple_new(vm, (size_t)p->groups);
            for (ou_ssize i = 1; item && i <= p->groups; i++) {
                OuObj *g = ou_sre_group(&s, i);
                if (!g && !ou_err_occurred(vm))
                    g = ou_sre_slice(&s, 0, 0);
                if (!(OU_TUPLE(item)->items[i - 1] = g)) {
                    ou_clear(vm, item);
                    break;
                }
            }
        }
        if (!item || ou_list_append_take(vm, list, item) < 0)
            ou_clear(vm, list);
        advance(&s);
    }
    ou_sre_end(&s);
    return list;
}

FN(m_split)
{
    OuSre s;
    OuPattern *p = P(args[0]);
    ou_ssize max = 0, n = 0, last;
    if ((args[2] && ou_as_ssize(vm, args[2], OU_EXC(vm, OverflowError), &max) < 0) ||
        ou_sre_begin(vm, &s, p, args[1], 0, PTRDIFF_MAX) < 0)
        return NULL;
    OuObj *list = ou_list_new(vm, 0), *item;
    last = s.start;
    while (list && (!max || n < max)) {
        ou_sre_reset(&s);
        int r = ou_sre_search(&s, p->code);
        if (r < 0)
            ou_clear(vm, list);
        if (r <= 0)
            break;
        item = ou_sre_slice(&s, last, s.start);
        if (!item || ou_list_append_take(vm, list, item) < 0) {
            ou_clear(vm, list);
            break;
        }
        for (ou_ssize i = 1; list && i <= p->groups; i++) {
            item = ou_sre_group(&s, i);
            if (!item && !ou_err_occurred(vm))
                item = ou_none(vm);
            if (!item || ou_list_append_take(vm, list, item) < 0)
                ou_clear(vm, list);
        }
        n++;
        last = s.ptr;
        advance(&s);
    }
    if (list && (!(item = ou_sre_slice(&s, last, s.end)) || ou_list_append_take(vm, list, item) < 0))
        ou_clear(vm, list);
    ou_sre_end(&s);
    return list;
}

/* The replacement: *callable, or a literal (new). */
static OuObj *filter_of(OuVM *vm, OuPattern *p, OuObj *repl, bool *callable)
{
    *callable = true;
    if (ou_callable(vm, repl))
        return ou_ref(repl);
    bool literal = false;
    if (ou_isa_str(vm, repl)) {
        OuChars t = ou_text_of_str(repl);
        literal = ou_text_find_char(&t, '\\', 0, t.n) < 0;
    } else if (ou_has_buffer(vm, repl)) {
        OuBuffer v;
        if (ou_buffer_get(vm, repl, &v, OU_BUF_SIMPLE) < 0)
            return NULL;
        literal = v.len == 0 || !memchr(v.buf, '\\', (size_t)v.len);
        ou_buffer_release(vm, &v);
    }
    if (literal) {
        *callable = false;
        return ou_ref(repl);
    }
    OuObj *f = ou_import_attr(vm, "re", "_subx"), *r = f ? ou_call2(vm, f, (OuObj *)p, repl) : NULL;
    ou_xdecref(vm, f);
    if (r)
        *callable = ou_callable(vm, r);
    return r;
}

static OuObj *substitute(OuVM *vm, OuObj *const *args, bool with_count)
{
    OuSre s;
    OuPattern *p = P(args[0]);
    ou_ssize count = 0, n = 0, last = 0;
    bool callable;
    OuObj *list = NULL, *item, *result = NULL;
    if (args[3] && ou_as_ssize(vm, args[3], OU_EXC(vm, OverflowError), &count) < 0)
        return NULL;
    OuObj *filter = filter_of(vm, p, args[1], &callable);
    if (!filter)
        return NULL;
    if (ou_sre_begin(vm, &s, p, args[2], 0, PTRDIFF_MAX) < 0) {
        ou_decref(vm, filter);
        return NULL;
    }
    if (!(list = ou_list_new(vm, 0)))
        goto done;
    while (!count || n < count) {
        ou_sre_reset(&s);
        int r = ou_sre_search(&s, p->code);
        if (r < 0)
            goto done;
        if (r == 0)
            break;
        if (last < s.start &&
            (!(item = ou_sre_slice(&s, last, s.start)) || ou_list_append_take(vm, list, item) < 0))
            goto done;
        if (callable) {
            OuObj *m = ou_sre_new_match(vm, p, &s);
            if (m)
                ((OuMatch *)m)->pos = 0;
            item = m ? ou_call1(vm, filter, m) : NULL;
            ou_xdecref(vm, m);
        } else {
            item = ou_ref(filter);
        }
        if (!item)
            goto done;
        if (item == OU_NONE(vm))
            ou_decref(vm, item);
        else if (ou_list_append_take(vm, list, item) < 0)
            goto done;
        last = s.ptr;
        n++;
        advance(&s);
    }
    if (n == 0) {
        result = ou_sre_slice(&s, 0, s.end);
    } else {
        if (last < s.end &&
            (!(item = ou_sre_slice(&s, last, s.end)) || ou_list_append_take(vm, list, item) < 0))
            goto done;
        OuObj *empty = ou_sre_slice(&s, 0, 0);
        if (empty)
            result = s.isbytes ? ou_call_method(vm, empty, OU_NAME(vm, join), 1, list)
                               : ou_str_join(vm, empty, OU_LIST(list)->items, OU_LIST(list)->n);
        ou_xdecref(vm, empty);
    }
done:
    ou_xdecref(vm, list);
    ou_decref(vm, filter);
    ou_sre_end(&s);
    if (result && with_count) {
        OuObj *a[2] = {result, ou_int(vm, n)};
        return ou_tuple_of_take(vm, a, 2);
    }
    return result;
}
FN(m_sub)
{
    return substitute(vm, args, false);
}
FN(m_subn)
{
    return substitute(vm, args, true);
}

/* ---- scanner -------------------------------------------------------------------------------------- */
typedef struct OuScanner {
    OuObj hdr;
    OuPattern *pattern;
    OuObj *string;
    OuSre s;
    ou_ssize origin;
    bool executing;
} OuScanner;
#define SC(o) ((OuScanner *)(o))

FN(m_scanner)
{
    ou_ssize pos, end;
    if (limits(vm, args[2], args[3], &pos, &end) < 0)
        return NULL;
    OuScanner *sc = (OuScanner *)ou_type_alloc(vm, ou_sre_state(vm)->scanner, 0);
    if (!sc)
        return NULL;
    sc->pattern = NULL;
    sc->string = NULL;
    sc->executing = false;
    sc->s = (OuSre){.vm = vm};
    if (ou_sre_begin(vm, &sc->s, P(args[0]), args[1], pos, end) < 0) {
        sc->s = (OuSre){.vm = vm};
        ou_decref(vm, sc);
        return NULL;
    }
    sc->pattern = ou_ref(P(args[0]));
    sc->string = ou_ref(args[1]);
    sc->origin = sc->s.start;
    return &sc->hdr;
}

FN(m_finditer)
{
    OuObj *sc = m_scanner(vm, args, nargs, NULL), *f = sc ? ou_getattr_s(vm, sc, "search") : NULL;
    OuObj *it = f ? ou_callable_iter_new(vm, f, OU_NONE(vm)) : NULL;
    ou_xdecref(vm, sc);
    ou_xdecref(vm, f);
    return it;
}

static void scanner_dealloc(OuVM *vm, OuObj *o)
{
    ou_gc_untrack(&vm->heap, o);
    SC(o)->s.vm = vm;
    ou_sre_end(&SC(o)->s);
    ou_xdecref(vm, SC(o)->pattern);
    ou_xdecref(vm, SC(o)->string);
    ou_free_object(vm, o);
}

static int scanner_traverse(OuObj *o, OuVisit visit, void *arg)
{
    OU_VISIT(SC(o)->pattern);
    OU_VISIT(SC(o)->string);
    return 0;
}

static OuObj *step(OuVM *vm, OuObj *o, bool search)
{
    OuScanner *sc = SC(o);
    if (sc->executing)
        return ou_value_error(vm, "regular expression scanner already executing");
    if (sc->s.start > sc->s.end)
        return ou_none(vm);
    sc->executing = true;
    ou_sre_reset(&sc->s);
    int r = search ? ou_sre_search(&sc->s, sc->pattern->code) : ou_sre_match(&sc->s, sc->pattern->code);
    OuObj *m = r > 0 ? ou_sre_new_match(vm, sc->pattern, &sc->s) : r == 0 ? ou_none(vm) : NULL;
    if (r > 0 && m)
        ((OuMatch *)m)->pos = sc->origin;
    if (r > 0)
        advance(&sc->s);
    else
        sc->s.start = PTRDIFF_MAX; /* exhausted */
    sc->executing = false;
    return m;
}
FN(s_match)
{
    return step(vm, args[0], false);
}
FN(s_search)
{
    return step(vm, args[0], true);
}

static const OuFn scanner_methods[] = {
    {"match(self, /)", s_match, 0, NULL}, {"search(self, /)", s_search, 0, NULL}, {0}};
static const OuMember scanner_members[] = {
    {"pattern", OU_MEMBER_OBJ, offsetof(OuScanner, pattern), true, NULL}, {0}};
const OuTypeSpec ou_sre_scanner_spec = {
    .name = "_sre.SRE_Scanner",
    .size = sizeof(OuScanner),
    .flags = OU_TYPE_GC | OU_TYPE_NO_NEW | OU_TYPE_IMMUTABLE,
    .dealloc = scanner_dealloc,
    .traverse = scanner_traverse,
    .methods = scanner_methods,
    .members = scanner_members,
};

/* ---- slots -------------------------------------------------------------------------------------------- */
static OuObj *pattern_repr(OuVM *vm, OuObj *o)
{
    static const struct {
        const char *name;
        int value;
    } names[] = {
        {"re.TEMPLATE", FLAG_TEMPLATE},   {"re.IGNORECASE", FLAG_IGNORECASE}, {"re.LOCALE", FLAG_LOCALE},
        {"re.MULTILINE", FLAG_MULTILINE}, {"re.DOTALL", FLAG_DOTALL},         {"re.UNICODE", FLAG_UNICODE},
        {"re.VERBOSE", FLAG_VERBOSE},     {"re.DEBUG", FLAG_DEBUG},           {"re.ASCII", FLAG_ASCII}};
    OuPattern *p = P(o);
    int flags = p->flags;
    if (p->isbytes == 0 && (flags & (FLAG_LOCALE | FLAG_UNICODE | FLAG_ASCII)) == FLAG_UNICODE)
        flags &= ~FLAG_UNICODE; /* the default of str patterns */
    OuObj *head = ou_str_fmt(vm, "re.compile(%.200R", p->pattern);
    OuStrBuf b;
    ou_strbuf_init(&b, vm);
    int r = head ? ou_strbuf_str(&b, head) : -1;
    ou_xdecref(vm, head);
    bool first = true;
    for (size_t i = 0; r == 0 && i < sizeof names / sizeof *names; i++) {
        if (!(flags & names[i].value))
            continue;
        r = ou_strbuf_ascii(&b, first ? ", " : "|", -1) < 0 ? -1 : ou_strbuf_ascii(&b, names[i].name, -1);
        first = false;
        flags &= ~names[i].value;
    }
    if (r == 0 && flags) {
        OuObj *x = ou_str_fmt(vm, "%s0x%x", first ? ", " : "|", flags);
        r = x ? ou_strbuf_str(&b, x) : -1;
        ou_xdecref(vm, x);
    }
    if (r < 0 || ou_strbuf_char(&b, ')') < 0) {
        ou_strbuf_free(&b);
        return NULL;
    }
    return ou_strbuf_take(&b);
}

static int pattern_hash(OuVM *vm, OuObj *o, int64_t *out)
{
    OuPattern *p = P(o);
    int64_t h;
    if (ou_hash(vm, p->pattern, &h) < 0)
        return -1;
    h ^= ou_hash_bytes(vm, p->code, p->ncode * sizeof *p->code) ^ p->flags ^ p->isbytes ^ p->groups;
    *out = h == -1 ? -2 : h;
    return 0;
}

static OuObj *pattern_compare(OuVM *vm, OuObj *a, OuObj *b, int op)
{
    if ((op != OU_CMP_EQ && op != OU_CMP_NE) || OU_TYPE_OF(vm, a) != OU_TYPE_OF(vm, b))
        return ou_notimplemented(vm);
    OuPattern *x = P(a), *y = P(b);
    int eq = x == y;
    if (!eq && x->flags == y->flags && x->isbytes == y->isbytes && x->groups == y->groups &&
        x->ncode == y->ncode && memcmp(x->code, y->code, x->ncode * sizeof *x->code) == 0 &&
        (eq = ou_compare_bool(vm, x->pattern, y->pattern, OU_CMP_EQ)) < 0)
        return NULL;
    return ou_bool(vm, eq == (op == OU_CMP_EQ));
}

static OuObj *get_groupindex(OuVM *vm, OuObj *self, void *data)
{
    if (ou_isa_dict(vm, P(self)->groupindex) &&
        !OU_DICT(P(self)->groupindex)->used) /* a dict of its own, as in _sre.c */
        return ou_dict_new(vm);
    return ou_mappingproxy_new(vm, P(self)->groupindex);
}
FN(m_self)
{
    return ou_ref(args[0]);
}

static const OuGetSet getset[] = {
    {"groupindex", get_groupindex, NULL, "A dictionary mapping group names to group numbers.", NULL}, {0}};
static const OuMember members[] = {
    {"pattern", OU_MEMBER_OBJ, offsetof(OuPattern, pattern), true,
     "The pattern string from which the RE object was compiled."},
    {"flags", OU_MEMBER_INT, offsetof(OuPattern, flags), true, "The regex matching flags."},
    {"groups", OU_MEMBER_SSIZE, offsetof(OuPattern, groups), true,
     "The number of capturing groups in the pattern."},
    {0}};
static const OuFn methods[] = {
    {"match(self, /, string, pos=0, endpos=sys.maxsize)", m_match, 0,
     "Matches zero or more characters at the beginning of the string."},
    {"fullmatch(self, /, string, pos=0, endpos=sys.maxsize)", m_fullmatch, 0,
     "Matches against all of the string."},
    {"search(self, /, string, pos=0, endpos=sys.maxsize)", m_search, 0,
     "Scan through string looking for a match, and return a corresponding match object instance."},
    {"sub(self, /, repl, string, count=0)", m_sub, 0,
     "Return the string obtained by replacing the leftmost non-overlapping occurrences of pattern in string "
     "by the replacement repl."},
    {"subn(self, /, repl, string, count=0)", m_subn, 0,
     "Return the tuple (new_string, number_of_subs_made) found by replacing the leftmost non-overlapping "
     "occurrences of pattern with the replacement repl."},
    {"findall(self, /, string, pos=0, endpos=sys.maxsize)", m_findall, 0,
     "Return a list of all non-overlapping matches of pattern in string."},
    {"split(self, /, string, maxsplit=0)", m_split, 0, "Split string by the occurrences of pattern."},
    {"finditer(self, /, string, pos=0, endpos=sys.maxsize)", m_finditer, 0,
     "Return an iterator over all non-overlapping matches for the RE pattern in string."},
    {"scanner(self, /, string, pos=0, endpos=sys.maxsize)", m_scanner, 0, NULL},
    {"__copy__(self, /)", m_self, 0, NULL},
    {"__deepcopy__(self, memo, /)", m_self, 0, NULL},
    {"__class_getitem__(cls, item, /)", ou_fn_class_getitem, OU_FN_CLASS, "See PEP 585"},
    {0},
};

const OuTypeSpec ou_sre_pattern_spec = {
    .name = "re.Pattern",
    .size = sizeof(OuPattern),
    .flags = OU_TYPE_GC | OU_TYPE_WEAK | OU_TYPE_NO_NEW | OU_TYPE_IMMUTABLE,
    .doc = "Compiled regular expression object.",
    .dealloc = pattern_dealloc,
    .traverse = pattern_traverse,
    .s = {.repr = pattern_repr, .hash = pattern_hash, .compare = pattern_compare},
    .methods = methods,
    .getset = getset,
    .members = members,
};
