/* stdlib/repl_refs.c - `:refs x`: how often x is referred to, and by whom.
 *
 * Holders are found as gc.get_referrers finds them, by a walk over all containers, but each is named by the attribute, key, index,
 * variable or parameter that holds the object; an anonymous container also by who holds it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "repl.h"
#include "vm/compile.h"
#include "vm/frame.h"
#include "vm/instance.h"
#include "vm/native.h"
#include "vm/type.h"

/* ---- walks ---- */

typedef struct Holders {
    OuVM *vm;
    OuObj *target;
    OuObj **at; /* containers that hold it; borrowed */
    size_t n, cap;
} Holders;

static int is_target(OuObj *child, void *arg)
{
    return child == arg;
}

static int find_holder(void *arg, OuObj *o)
{
    Holders *h = arg;
    if (!ou_traverse(ou_heap_face(&h->vm->heap, o), o, is_target, h->target))
        return 0;
    if (h->n == h->cap) {
        size_t cap = h->cap ? h->cap * 2 : 16;
        OuObj **more = realloc(h->at, cap * sizeof *more);
        if (!more)
            return 1;
        h->at = more;
        h->cap = cap;
    }
    h->at[h->n++] = o;
    return 0;
}

static Holders holders_of(OuVM *vm, OuObj *o)
{
    Holders h = {.vm = vm, .target = o};
    ou_gc_walk(&vm->heap, -1, find_holder, &h);
    ou_gc_walk(&vm->heap, 3, find_holder, &h);
    return h;
}

OuObj *ou_repl_module_of(OuVM *vm, OuObj *d)
{
    size_t pos = 0;
    OuObj *key, *m;
    while (ou_dict_next(vm->modules, &pos, &key, &m))
        if (ou_is(m, module) && (OuObj *)((OuModule *)m)->dict == d)
            return key;
    return NULL;
}

typedef struct OwnerSearch {
    OuVM *vm;
    OuObj *dict, *owner;
} OwnerSearch;

static int find_owner(void *arg, OuObj *o)
{
    OwnerSearch *s = arg;
    OuType *t = OU_TYPE_OF(s->vm, o);
    OuObj *d = NULL;
    if (ou_isa_type(s->vm, o))
        d = (OuObj *)OU_AS_TYPE(o)->dict;
    else if (ou_is(o, function))
        d = ((OuFunc *)o)->dict;
    else if (t->dict_off && !ou_is(o, module)) {
        uint64_t w = *ou_inst_word(o, t);
        d = OU_WORD_IS_SHAPED(w) ? NULL : (OuObj *)OU_WORD_DICT(w);
    }
    if (d != s->dict)
        return 0;
    s->owner = o;
    return 1;
}

/* The object whose attributes d holds: borrowed, or NULL. */
static OuObj *owner_of_dict(OuVM *vm, OuObj *d)
{
    OwnerSearch s = {vm, d, NULL};
    ou_gc_walk(&vm->heap, -1, find_owner, &s);
    if (!s.owner)
        ou_gc_walk(&vm->heap, 3, find_owner, &s);
    return s.owner;
}

/* ---- names of places ---- */

typedef struct Places { /* texts, owned */
    OuVM *vm;
    OuObj *at[8];
    size_t n, more;
    OuObj *via; /* whose holder is of interest, when not the container's own; borrowed */
} Places;

static void add(Places *p, const char *fmt, ...)
{
    if (p->n == sizeof p->at / sizeof *p->at) {
        p->more++;
        return;
    }
    va_list ap;
    va_start(ap, fmt);
    OuObj *s = ou_str_vfmt(p->vm, fmt, ap);
    va_end(ap);
    if (s)
        p->at[p->n++] = s;
    else
        ou_err_clear(p->vm);
}

/* "class A", "function f", or its repr. */
static OuObj *name_of(OuVM *vm, OuObj *o)
{
    if (ou_isa_type(vm, o))
        return ou_str_fmt(vm, "class %s", OU_AS_TYPE(o)->name);
    if (ou_is(o, function))
        return ou_str_fmt(vm, "function %S", ((OuFunc *)o)->qualname);
    return ou_repl_short_repr(vm, o);
}

static void in_dict(Places *p, OuObj *d, OuObj *target)
{
    OuVM *vm = p->vm;
    OuObj *module = ou_repl_module_of(vm, d), *owner = module ? NULL : owner_of_dict(vm, d), *key, *value;
    if (owner)
        p->via = owner;
    OuObj *where = owner ? name_of(vm, owner) : NULL;
    size_t pos = 0;
    while (ou_dict_next(OU_DICT(d), &pos, &key, &value)) {
        if (value != target && key != target)
            continue;
        if (module && ou_str_eq_s(module, "builtins") && ou_isa_str(vm, key) && ou_str_eq_s(key, "_"))
            add(p, "the prompt's last result, _ (:forget drops it)");
        else if (module && ou_str_eq_s(module, "sys") && ou_isa_str(vm, key) &&
                 (ou_str_eq_s(key, "last_value") || ou_str_eq_s(key, "last_traceback") ||
                  ou_str_eq_s(key, "last_type")))
            add(p, "the last exception, sys.%U (:forget drops it)", key);
        else if (key == target)
            add(p, "a key of %s of %d", where ? "the attributes" : "a dict", (int)OU_DICT(d)->used);
        else if (module)
            add(p, "variable %S of module %U", key, module);
        else if (where)
            add(p, "attribute .%S of %U", key, where);
        else
            add(p, "value of key %R of a dict of %d", key, (int)OU_DICT(d)->used);
    }
    ou_xdecref(vm, where);
}

static void in_function(Places *p, OuFunc *f, OuObj *target)
{
    OuVM *vm = p->vm;
    OuCode *c = f->code;
    bool said = false;
    if (target == f->closure)
        add(p, "the closure of function %S", f->qualname), said = true;
    if (target == f->defaults || target == f->kwdefaults)
        add(p, "the defaults of function %S", f->qualname), said = true;
    if (target == f->annotations)
        add(p, "the annotations of function %S", f->qualname), said = true;
    if (target == (OuObj *)c)
        add(p, "the code of function %S", f->qualname), said = true;
    if (!said)
        add(p, "function %S", f->qualname);
    (void)vm;
}

/* The tuples that belong to functions, and cells: "variable x of the closure of function f". true: said. */
static bool of_function(Places *p, OuObj *o, OuObj *target)
{
    OuVM *vm = p->vm;
    OuObj *held = o;
    Holders h = holders_of(vm, o);
    bool said = false;
    for (size_t i = 0; i < h.n && !said; i++) {
        OuObj *outer = h.at[i];
        if (ou_is(o, cell) && ou_is(outer, tuple)) { /* the function one further */
            Holders up = holders_of(vm, outer);
            for (size_t k = 0; k < up.n; k++)
                if (ou_is(up.at[k], function) && ((OuFunc *)up.at[k])->closure == outer) {
                    held = outer;
                    outer = up.at[k];
                    break;
                }
            free(up.at);
        }
        if (ou_is(outer, frame) && ou_is(o, cell)) {
            OuFrameObj *f = (OuFrameObj *)outer;
            OuCode *c = f->code ? f->code : f->frame ? f->frame->code : NULL;
            OuObj **regs = f->frame ? f->frame->regs : f->saved;
            for (size_t v = 0; c && regs && v < c->nvars; v++)
                if (regs[v] == o) {
                    add(p, "variable %S of %S(), whose frame is kept", c->var_names[v], c->name);
                    said = true;
                    break;
                }
        }
        if (!ou_is(outer, function))
            continue;
        OuFunc *f = (OuFunc *)outer;
        OuCode *c = f->code;
        if (f->closure == held && ou_is(held, tuple)) {
            size_t free_i = 0;
            for (size_t v = 0; v < c->nvars && !said; v++) {
                if (!(c->var_kinds[v] & OU_REG_FREE))
                    continue;
                OuObj *cell = free_i < OU_TUPLE(held)->n ? OU_TUPLE(held)->items[free_i] : NULL;
                free_i++;
                if (cell != o && !(cell && ou_is(cell, cell) && ((OuCell *)cell)->value == target))
                    continue;
                add(p, "variable %S in the closure of function %S", c->var_names[v], f->qualname);
                p->via = outer;
                said = true;
            }
        } else if (f->defaults == o && ou_is(o, tuple))
            for (size_t k = 0; k < OU_TUPLE(o)->n; k++) {
                size_t param = c->argcount - OU_TUPLE(o)->n + k;
                if (OU_TUPLE(o)->items[k] == target && param < c->nvars) {
                    add(p, "default of parameter %S of function %S", c->var_names[param], f->qualname);
                    p->via = outer;
                    said = true;
                }
            }
        else if (f->annotations == o) {
            add(p, "an annotation of function %S", f->qualname);
            said = true;
        }
    }
    free(h.at);
    return said;
}

static void in_sequence(Places *p, OuObj *o, OuObj *const *items, size_t n, OuObj *target)
{
    for (size_t i = 0; i < n; i++)
        if (items[i] == target)
            add(p, "item [%zu] of a %s of %zu", i, OU_TYPE_OF(p->vm, o)->name, n);
}

static void in_frame(Places *p, OuFrameObj *f, OuObj *target)
{
    OuCode *c = f->code ? f->code : f->frame ? f->frame->code : NULL;
    OuObj **regs = f->frame ? f->frame->regs : f->saved;
    size_t n = c ? f->frame ? c->nvars : f->nsaved : 0, before = p->n;
    for (size_t i = 0; c && regs && i < n && i < c->nvars; i++)
        if (regs[i] == target)
            add(p, "local variable %S of %S(), whose frame is kept", c->var_names[i], c->name);
    if (p->n == before)
        add(p, "a frame of %S()", c ? c->name : OU_NONE(p->vm));
}

/* Generators and coroutines: their local variables. */
static void in_generator(Places *p, OuGen *g, OuObj *target)
{
    OuVM *vm = p->vm;
    size_t before = p->n;
    for (size_t i = 0; g->code && i < g->code->nvars; i++)
        if (g->regs[i] == target)
            add(p, "local variable %S of %s %S", g->code->var_names[i], OU_TYPE_OF(vm, &g->hdr)->name,
                g->qualname);
    if (p->n == before)
        add(p, "inside %s %S", OU_TYPE_OF(vm, &g->hdr)->name, g->qualname);
}

static void in_instance(Places *p, OuObj *o, OuType *t, OuObj *target)
{
    OuVM *vm = p->vm;
    OuObj *where = name_of(vm, o);
    size_t before = p->n;
    if (t->dict_off && !ou_isa_type(vm, o)) {
        uint64_t w = *ou_inst_word(o, t);
        if (OU_WORD_IS_SHAPED(w))
            for (OuShape *s = ou_shape(vm, OU_WORD_SHAPE(w)); s && s->name; s = s->up)
                if (OU_INST_VALUES(o, t->dict_off)[s->count - 1] == target)
                    add(p, "attribute .%U of %U", s->name, where);
    }
    for (size_t i = 0; t->mro && i < t->mro->n; i++) { /* __slots__: members of the classes */
        OuType *base = OU_AS_TYPE(t->mro->items[i]);
        size_t pos = 0;
        OuObj *key, *value;
        while (base->slot_names && base->dict && ou_dict_next(base->dict, &pos, &key, &value))
            if (ou_is(value, member_descr) && !((OuMemberDescr *)value)->def &&
                *(OuObj **)((char *)o + ((OuMemberDescr *)value)->offset) == target)
                add(p, "attribute .%U of %U", key, where);
    }
    if (p->n == before)
        add(p, "%s %U", ou_isa_type(vm, o) ? "the" : "inside", where);
    ou_xdecref(vm, where);
}

static void in_object(Places *p, OuObj *o, OuObj *target)
{
    OuVM *vm = p->vm;
    OuType *t = OU_TYPE_OF(vm, o);
    if (ou_isa_dict(vm, o))
        in_dict(p, o, target);
    else if (ou_isa_list(vm, o))
        in_sequence(p, o, OU_LIST(o)->items, OU_LIST(o)->n, target);
    else if (ou_isa_tuple(vm, o)) {
        if (!of_function(p, o, target))
            in_sequence(p, o, OU_TUPLE(o)->items, OU_TUPLE(o)->n, target);
    } else if (ou_is(o, set) || ou_is(o, frozenset))
        add(p, "an element of a %s of %zd", t->name, (ssize_t)ou_len(vm, o));
    else if (ou_is(o, frame))
        in_frame(p, (OuFrameObj *)o, target);
    else if (ou_is(o, cell)) {
        if (!of_function(p, o, target))
            add(p, "a cell: variable of a closure");
    } else if (ou_is(o, traceback))
        add(p, "a traceback");
    else if (ou_is(o, method))
        add(p, "a bound method %S of it",
            ou_is(((OuMethod *)o)->func, function) ? ((OuFunc *)((OuMethod *)o)->func)->qualname
                                                   : OU_NONE(vm));
    else if (ou_is(o, function))
        in_function(p, (OuFunc *)o, target);
    else if (ou_is(o, generator) || ou_is(o, coroutine) || ou_is(o, async_generator))
        in_generator(p, OU_GEN(o), target);
    else if (strstr(t->name, "_lru_list_elem"))
        add(p, "a result kept by functools.lru_cache (its cache_clear() drops it)");
    else if (strstr(t->name, "iterator"))
        add(p, "a %s", t->name);
    else
        in_instance(p, o, t, target);
}

static void places_free(Places *p)
{
    for (size_t i = 0; i < p->n; i++)
        ou_decref(p->vm, p->at[i]);
}

/* ---- who holds the holder ---- */

/* What a name leads to on its way to x; a way through x itself is said to be a cycle.  New str or NULL. */
static OuObj *way_to(OuVM *vm, OuObj *holder, OuObj *x, double seconds)
{
    OuObj *way, *other;
    bool rooted;
    if (holder == x || ou_repl_is_root(vm, holder))
        return NULL;
    if ((way = ou_repl_path(vm, holder, x, seconds, &rooted)))
        return way;
    if ((other = ou_repl_path(vm, holder, NULL, seconds, &rooted)))
        way = ou_str_fmt(vm, rooted ? "%U: a cycle" : "%U, which native code or a running call holds", other);
    ou_xdecref(vm, other);
    ou_err_clear(vm);
    return way;
}

/* ---- the command ---- */

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void ou_repl_refs(OuRepl *r, const char *expression)
{
    enum { MOST = 20 };
    OuVM *vm = r->vm;
    OuObj *x = ou_repl_eval(r, expression);
    if (!x)
        return;
    double start = seconds();
    Holders h = holders_of(vm, x);
    for (size_t i = 0; i < h.n; i++)
        ou_incref(h.at[i]);
    OuObj *s = ou_repl_short_repr(vm, x);
    unsigned count = x->rc - 1; /* without ours */
    bool forever = count >= OU_RC_SINGLETON / 2;
    if (forever)
        ou_repl_say(vm, "%U: lives as long as the interpreter\n", s);
    else
        ou_repl_say(vm, "%U: %u reference%s\n", s, count, count == 1 ? "" : "s");
    for (size_t i = 0; i < h.n && i < MOST; i++) {
        Places p = {.vm = vm};
        in_object(&p, h.at[i], x);
        /* each step of a way is a walk over the heap: not when that is felt */
        double left = 0.5 - (seconds() - start);
        OuObj *by = !forever && left > 0 ? way_to(vm, p.via ? p.via : h.at[i], x, left) : NULL;
        for (size_t k = 0; k < p.n; k++)
            if (by)
                ou_repl_say(vm, "  %U (%U)\n", p.at[k], by);
            else
                ou_repl_say(vm, "  %U\n", p.at[k]);
        if (p.more)
            ou_repl_say(vm, "  ... and %zu more places of it\n", p.more);
        ou_xdecref(vm, by);
        places_free(&p);
    }
    if (h.n > MOST)
        ou_repl_say(vm, "  ... and %zu more\n", h.n - MOST);
    if (h.n == 0 && count && !forever)
        ou_repl_say(vm, "  no container: constants of code, native state or running calls\n");
    for (size_t i = 0; i < h.n; i++)
        ou_decref(vm, h.at[i]);
    free(h.at);
    ou_xdecref(vm, s);
    ou_decref(vm, x);
    ou_err_clear(vm);
}
