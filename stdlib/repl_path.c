/* stdlib/repl_path.c - the way to an object from a name that a script knows, as an expression: `cache['k'].items[0]`.
 *
 * It is searched backwards from the object, breadth first: one walk over all containers finds who holds any of the last ring, until
 * a namespace of a module or a class is among them. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "repl.h"
#include "vm/exceptions.h"
#include "vm/frame.h"
#include "vm/instance.h"
#include "vm/native.h"
#include "vm/type.h"

typedef struct Node {
    OuObj *o;      /* borrowed: nothing dies while this is under way */
    size_t toward; /* index of the node that it holds */
} Node;

typedef struct Search {
    OuVM *vm;
    Node *nodes; /* [0]: the object; rings follow each other */
    size_t n, cap;
    size_t ring, ring_end; /* nodes whose holders are sought */
    OuPtrSet seen;
    size_t root, last_result; /* index of the first root found, of the namespace of builtins; 0: none */
    size_t found;
} Search;

bool ou_repl_is_root(OuVM *vm, OuObj *o)
{
    return ou_isa_type(vm, o) || ou_is(o, module) || (ou_isa_dict(vm, o) && ou_repl_module_of(vm, o));
}

static int visit(OuObj *child, void *arg)
{
    Search *s = arg;
    if (!ou_ptrset_has(&s->seen, child))
        return 0;
    for (size_t i = s->ring; i < s->ring_end; i++)
        if (s->nodes[i].o == child) {
            s->found = i;
            return 1;
        }
    return 0;
}

static int look(void *arg, OuObj *holder)
{
    Search *s = arg;
    OuVM *vm = s->vm;
    if (s->root || ou_ptrset_has(&s->seen, holder) ||
        !ou_traverse(ou_heap_face(&vm->heap, holder), holder, visit, s))
        return s->root != 0;
    if (s->n == s->cap) {
        size_t cap = s->cap ? s->cap * 2 : 64;
        Node *more = realloc(s->nodes, cap * sizeof *more);
        if (!more)
            return 1;
        s->nodes = more;
        s->cap = cap;
    }
    s->nodes[s->n] = (Node){holder, s->found};
    if (holder ==
        (OuObj *)vm->builtins) /* _, which the next statement changes: only when there is no other */
        s->last_result = s->last_result ? s->last_result : s->n;
    else if (ou_repl_is_root(vm, holder))
        s->root = s->n;
    s->n++;
    return s->root != 0;
}

/* ---- steps ---- */

static OuObj *then(OuVM *vm, OuObj *text, const char *fmt, OuObj *what)
{
    return text ? ou_str_fmt(vm, fmt, text, what) : NULL;
}

static bool is_name(OuVM *vm, OuObj *key)
{
    OuUtf8 u;
    if (!ou_isa_str(vm, key) || ou_str_utf8(vm, key, &u, true) < 0) {
        ou_err_clear(vm);
        return false;
    }
    bool ok = u.n > 0 && !isdigit((unsigned char)u.s[0]);
    for (size_t i = 0; i < u.n; i++)
        ok = ok && (isalnum((unsigned char)u.s[i]) || u.s[i] == '_' || (u.s[i] & 0x80));
    ou_utf8_free(vm, &u);
    return ok;
}

/* attributes: d is the __dict__ of what text names. */
static OuObj *in_dict(OuVM *vm, OuObj *text, OuObj *d, OuObj *child, bool attributes)
{
    size_t pos = 0;
    OuObj *key, *value;
    while (ou_dict_next(OU_DICT(d), &pos, &key, &value)) {
        if (value == child && attributes && is_name(vm, key))
            return then(vm, text, "%U.%S", key);
        if (value == child || key == child) {
            OuObj *shown = ou_repl_short_repr(vm, key);
            OuObj *res = shown ? then(vm, text, value == child ? "%U[%U]" : "a key of %U, %U", shown) : NULL;
            ou_xdecref(vm, shown);
            return res;
        }
    }
    return then(vm, text, "%U", NULL);
}

/* The dict that holds the attributes of o, if it has one: borrowed or NULL. */
static OuObj *attributes_of(OuVM *vm, OuObj *o)
{
    OuType *t = OU_TYPE_OF(vm, o);
    if (ou_isa_type(vm, o))
        return (OuObj *)OU_AS_TYPE(o)->dict;
    if (ou_is(o, module))
        return (OuObj *)((OuModule *)o)->dict;
    if (ou_is(o, function))
        return ((OuFunc *)o)->dict;
    if (!t->dict_off)
        return NULL;
    uint64_t w = *ou_inst_word(o, t);
    return OU_WORD_IS_SHAPED(w) ? NULL : (OuObj *)OU_WORD_DICT(w);
}

/* The attribute that holds child in a field of o itself: borrowed name or NULL. */
static OuObj *field(OuVM *vm, OuObj *o, OuObj *child)
{
    OuType *t = OU_TYPE_OF(vm, o);
    if (t->dict_off && !ou_isa_type(vm, o) && !ou_is(o, module)) {
        uint64_t w = *ou_inst_word(o, t);
        if (OU_WORD_IS_SHAPED(w))
            for (OuShape *s = ou_shape(vm, OU_WORD_SHAPE(w)); s && s->name; s = s->up)
                if (OU_INST_VALUES(o, t->dict_off)[s->count - 1] == child)
                    return s->name;
    }
    for (size_t i = 0; t->mro && i < t->mro->n; i++) {
        OuType *base = OU_AS_TYPE(t->mro->items[i]);
        size_t pos = 0;
        OuObj *key, *value;
        while (base->dict && ou_dict_next(base->dict, &pos, &key, &value)) {
            if (!ou_is(value, member_descr))
                continue;
            OuMemberDescr *m = (OuMemberDescr *)value;
            uint32_t off = m->def ? m->def->offset : m->offset;
            if ((!m->def || m->def->kind == OU_MEMBER_OBJ || m->def->kind == OU_MEMBER_OBJ_EX) &&
                *(OuObj **)((char *)o + off) == child)
                return key;
        }
    }
    return NULL;
}

/* The local variable of that value: borrowed name or NULL. */
static OuObj *variable(OuCode *c, OuObj *const *regs, size_t n, OuObj *child)
{
    for (size_t i = 0; c && regs && i < n && i < c->nvars; i++)
        if (regs[i] == child)
            return c->var_names[i];
    return NULL;
}

/* Words that are no expression, and need parentheses when something follows. */
static bool phrase(OuVM *vm, OuObj *text)
{
    static const char *const words[] = {"inside ", "an element of ", "a key of "};
    OuUtf8 u;
    bool yes = false;
    if (ou_str_utf8(vm, text, &u, true) < 0)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        yes = yes || strncmp(u.s, words[i], strlen(words[i])) == 0;
    ou_utf8_free(vm, &u);
    return yes;
}

/* The place of child in a deque: -1, it is none, or not there. */
static ou_ssize place_in_deque(OuVM *vm, OuObj *o, OuObj *child)
{
    enum { MOST = 10000 };
    ou_ssize n = strcmp(OU_TYPE_OF(vm, o)->name, "collections.deque") == 0 ? ou_len(vm, o) : 0;
    for (ou_ssize i = 0; i < n && i < MOST; i++) {
        OuObj *v = ou_getitem_i(vm, o, i);
        ou_xdecref(vm, v);
        if (v == child)
            return i;
    }
    ou_err_clear(vm);
    return -1;
}

/* What is named text, holder, holds child: text (taken, may be NULL) with one more step, new or NULL. */
static OuObj *step(OuVM *vm, OuObj *text, OuObj *holder, OuObj *child, bool attributes)
{
    const char *plain = NULL;
    OuObj *res, *name = NULL;
    ou_ssize place;
    if (text && ou_str_at(OU_STR(text), 0) != '(' && phrase(vm, text)) {
        OuObj *whole = ou_str_fmt(vm, "(%U)", text);
        ou_decref(vm, text);
        text = whole;
    }
    if (ou_isa_dict(vm, holder))
        res = in_dict(vm, text, holder, child, attributes);
    else if (attributes_of(vm, holder) == child)
        res = then(vm, text, "%U", NULL);
    else if (ou_isa_list(vm, holder) || ou_isa_tuple(vm, holder)) {
        bool list = ou_isa_list(vm, holder);
        OuObj **items = list ? OU_LIST(holder)->items : OU_TUPLE(holder)->items;
        size_t n = list ? OU_LIST(holder)->n : OU_TUPLE(holder)->n, i = 0;
        while (i < n && items[i] != child)
            i++;
        res = i < n ? ou_str_fmt(vm, "%U[%zu]", text, i) : then(vm, text, "inside %U", NULL);
    } else if (text && (place = place_in_deque(vm, holder, child)) >= 0)
        res = ou_str_fmt(vm, "%U[%zd]", text, (ssize_t)place);
    else {
        if (ou_is(holder, function)) {
            OuFunc *f = (OuFunc *)holder;
            plain = child == f->closure            ? "%U.__closure__"
                    : child == f->defaults         ? "%U.__defaults__"
                    : child == f->kwdefaults       ? "%U.__kwdefaults__"
                    : child == f->annotations      ? "%U.__annotations__"
                    : child == (OuObj *)f->code    ? "%U.__code__"
                    : child == (OuObj *)f->globals ? "%U.__globals__"
                                                   : NULL;
        } else if (ou_is(holder, cell))
            plain = "%U.cell_contents";
        else if (ou_is(holder, method))
            plain = child == ((OuMethod *)holder)->self ? "%U.__self__" : "%U.__func__";
        else if (ou_is(holder, traceback))
            plain = child == ((OuTraceback *)holder)->frame ? "%U.tb_frame" : "%U.tb_next";
        else if (ou_is(holder, set) || ou_is(holder, frozenset))
            plain = "an element of %U";
        else if (ou_isa(vm, holder, BaseException)) {
            OuExc *e = (OuExc *)holder;
            plain = child == e->args        ? "%U.args"
                    : child == e->traceback ? "%U.__traceback__"
                    : child == e->context   ? "%U.__context__"
                    : child == e->cause     ? "%U.__cause__"
                    : child == e->dict      ? "%U"
                                            : NULL;
        } else if (ou_is(holder, frame)) {
            OuFrameObj *f = (OuFrameObj *)holder;
            OuCode *c = f->code ? f->code : f->frame ? f->frame->code : NULL;
            name = variable(c, f->frame ? f->frame->regs : f->saved, f->frame ? c ? c->nvars : 0 : f->nsaved,
                            child);
            plain = name ? "%U.f_locals[%R]" : child == (OuObj *)f->back ? "%U.f_back" : NULL;
        } else if (ou_is(holder, generator) || ou_is(holder, coroutine)) {
            OuGen *g = OU_GEN(holder);
            name = g->code ? variable(g->code, g->regs, g->code->nvars, child) : NULL;
            plain = !name                      ? NULL
                    : ou_is(holder, generator) ? "%U.gi_frame.f_locals[%R]"
                                               : "%U.cr_frame.f_locals[%R]";
        }
        if (!plain && (name = field(vm, holder, child)))
            plain = "%U.%S";
        res = then(vm, text, plain ? plain : "inside %U", name);
    }
    ou_xdecref(vm, text);
    return res;
}

/* How the way begins: text for the root and its step to child, new. */
static OuObj *begin(OuVM *vm, OuObj *root, OuObj *child)
{
    OuObj *module = ou_isa_dict(vm, root) ? ou_repl_module_of(vm, root) : NULL;
    if (module) {
        size_t pos = 0;
        OuObj *key, *value;
        bool bare = ou_str_eq_s(module, "__main__");
        while (ou_dict_next(OU_DICT(root), &pos, &key, &value))
            if (value == child && ou_isa_str(vm, key)) {
                if (ou_str_eq_s(module, "builtins") && ou_str_eq_s(key, "_"))
                    bare = true;
                return bare ? ou_str_fmt(vm, "%S", key) : ou_str_fmt(vm, "%U.%S", module, key);
            }
        return step(vm, ou_str_fmt(vm, "vars(%U)", module), root, child, false);
    }
    if (ou_is(root, module)) { /* its state, which is no variable */
        OuObj *name = ou_dict_get_str(vm, ((OuModule *)root)->dict, OU_NAME(vm, __name__));
        return ou_str_fmt(vm, "inside module %S", name ? name : OU_NONE(vm));
    }
    if (!ou_isa_type(vm, root)) /* nobody but native code or a running call holds it */
        return step(vm, ou_repl_short_repr(vm, root), root, child, false);
    return step(vm, ou_str_fmt(vm, "%s", OU_AS_TYPE(root)->name), root, child, false);
}

OuObj *ou_repl_path(OuVM *vm, OuObj *o, OuObj *avoid, double seconds, bool *rooted)
{
    enum { WIDEST = 2000, DEEPEST = 30 };
    struct timespec start, now;
    Search s = {.vm = vm, .nodes = malloc(64 * sizeof(Node)), .n = 1, .cap = 64, .ring_end = 1};
    OuObj *text = NULL;
    if (!s.nodes)
        return NULL;
    clock_gettime(CLOCK_MONOTONIC, &start);
    s.nodes[0] = (Node){o, 0};
    if (avoid)
        ou_ptrset_add(&s.seen, avoid);
    for (int depth = 0; !s.root && s.ring < s.ring_end && depth < DEEPEST; depth++) {
        for (size_t i = s.ring; i < s.ring_end; i++)
            ou_ptrset_add(&s.seen, s.nodes[i].o);
        ou_gc_walk(&vm->heap, -1, look, &s);
        if (!s.root)
            ou_gc_walk(&vm->heap, 3, look, &s);
        if (!s.root)
            s.root = s.last_result;
        s.ring = s.ring_end;
        s.ring_end = s.n - s.ring > WIDEST ? s.ring + WIDEST : s.n;
        clock_gettime(CLOCK_MONOTONIC, &now);
        if ((double)(now.tv_sec - start.tv_sec) + (double)(now.tv_nsec - start.tv_nsec) * 1e-9 > seconds)
            break;
    }
    size_t top = s.root                    ? s.root
                 : s.ring == s.n && !avoid ? s.n - 1
                                           : 0; /* a walk that was cut short knows no top */
    *rooted = s.root != 0;
    if (top) {
        size_t at = top, next = s.nodes[at].toward;
        text = begin(vm, s.nodes[at].o, s.nodes[next].o);
        bool attributes = ou_isa_type(vm, s.nodes[at].o);
        for (at = next; text && at != 0; at = next) {
            next = s.nodes[at].toward;
            OuObj *holder = s.nodes[at].o, *child = s.nodes[next].o;
            text = step(vm, text, holder, child, attributes);
            attributes = attributes_of(vm, holder) == child;
        }
    }
    ou_err_clear(vm);
    ou_ptrset_free(&s.seen);
    free(s.nodes);
    return text;
}
