/* stdlib/repl_memory.c - the prompt's questions about memory: `:refs x`, `:gc`, `:size x`, `:top`, `:diff`, `:forget`, `:help`.
 *
 * Referrers are found as gc.get_referrers finds them, by a walk over all containers, but named: the attribute, key, index or local
 * variable that holds the object. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "repl.h"
#include "vm/compile.h"
#include "vm/exceptions.h"
#include "vm/frame.h"
#include "vm/instance.h"
#include "vm/native.h"
#include "vm/type.h"

/* ---- sets of addresses ---- */

static size_t slot_of(const OuPtrSet *s, const void *p)
{
    size_t i = (size_t)((uintptr_t)p * 0x9e3779b97f4a7c15ull >> 20) & (s->cap - 1);
    while (s->at[i] && s->at[i] != p)
        i = (i + 1) & (s->cap - 1);
    return i;
}

bool ou_ptrset_has(const OuPtrSet *s, const void *p)
{
    return s->cap && s->at[slot_of(s, p)] != NULL;
}

bool ou_ptrset_add(OuPtrSet *s, const void *p)
{
    if (s->n * 2 >= s->cap) {
        OuPtrSet bigger = {.n = s->n, .cap = s->cap ? s->cap * 2 : 1024};
        if (!(bigger.at = calloc(bigger.cap, sizeof *bigger.at)))
            return false;
        for (size_t i = 0; i < s->cap; i++)
            if (s->at[i])
                bigger.at[slot_of(&bigger, s->at[i])] = s->at[i];
        free(s->at);
        *s = bigger;
    }
    size_t i = slot_of(s, p);
    if (s->at[i])
        return false;
    s->at[i] = (void *)p;
    s->n++;
    return true;
}

void ou_ptrset_free(OuPtrSet *s)
{
    free(s->at);
    *s = (OuPtrSet){0};
}

/* ---- output through sys.stdout ---- */

static void say(OuVM *vm, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    OuObj *s = ou_str_vfmt(vm, fmt, ap);
    va_end(ap);
    OuObj *out = ou_dict_get_str(vm, vm->sysdict, OU_NAME(vm, stdout));
    if (s && out && out != OU_NONE(vm))
        ou_xdecref(vm, ou_call_method(vm, out, OU_NAME(vm, write), 1, s));
    ou_xdecref(vm, s);
    ou_err_clear(vm);
}

/* repr, cut: new str; never NULL unless memory is out. */
static OuObj *short_repr(OuVM *vm, OuObj *o)
{
    OuObj *s = ou_repr(vm, o);
    if (!s) {
        ou_err_clear(vm);
        return ou_str_fmt(vm, "<%s object>", OU_TYPE_OF(vm, o)->name);
    }
    enum { MOST = 60 };
    if (ou_str_len(s) > MOST) {
        OuObj *cut = ou_str_slice(vm, s, 0, MOST - 3), *r = cut ? ou_str_fmt(vm, "%U...", cut) : NULL;
        ou_xdecref(vm, cut);
        ou_decref(vm, s);
        return r;
    }
    return s;
}

static OuObj *eval_expression(OuRepl *r, const char *text)
{
    OuVM *vm = r->vm;
    OuObj *file = ou_str_intern_s(vm, "<stdin>");
    OuObj *code =
        file ? ou_compile_source(vm, text, strlen(text), file, OU_PARSE_EVAL, OU_PARSE_UTF8, -1) : NULL;
    OuObj *v = code ? ou_eval_code(vm, code, OU_DICT(r->globals), NULL) : NULL;
    ou_xdecref(vm, file);
    ou_xdecref(vm, code);
    if (!v)
        ou_repl_report(r);
    return v;
}

/* ---- :refs ---- */

typedef struct Holders {
    OuVM *vm;
    OuObj *target;
    OuObj **at; /* containers that hold it; counted */
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

/* The module whose namespace d is: its name (borrowed), or NULL. */
static OuObj *module_of(OuVM *vm, OuObj *d)
{
    size_t pos = 0;
    OuObj *key, *m;
    while (ou_dict_next(vm->modules, &pos, &key, &m))
        if (ou_is(m, module) && (OuObj *)((OuModule *)m)->dict == d)
            return key;
    return NULL;
}

/* The object whose attributes d holds: borrowed, or NULL. */
typedef struct OwnerSearch {
    OuVM *vm;
    OuObj *dict, *owner;
} OwnerSearch;

static int find_owner(void *arg, OuObj *o)
{
    OwnerSearch *s = arg;
    OuType *t = OU_TYPE_OF(s->vm, o);
    if (!t->dict_off || ou_isa_type(s->vm, o) || ou_is(o, module))
        return 0;
    uint64_t w = *ou_inst_word(o, t);
    if (OU_WORD_IS_SHAPED(w) || (OuObj *)OU_WORD_DICT(w) != s->dict)
        return 0;
    s->owner = o;
    return 1;
}

static void say_dict(OuRepl *r, OuObj *d, OuObj *target)
{
    OuVM *vm = r->vm;
    OuObj *name = module_of(vm, d), *key, *value;
    OwnerSearch s = {vm, d, NULL};
    if (!name)
        ou_gc_walk(&vm->heap, -1, find_owner, &s);
    OuObj *where = s.owner ? short_repr(vm, s.owner) : NULL;
    size_t pos = 0;
    while (ou_dict_next(OU_DICT(d), &pos, &key, &value)) {
        if (value != target && key != target)
            continue;
        if (name && ou_str_eq_s(name, "builtins") && ou_str_eq_s(key, "_"))
            say(vm, "  the prompt's last result, _ (:forget drops it)\n");
        else if (name && ou_str_eq_s(name, "sys") && ou_isa_str(vm, key) &&
                 (ou_str_eq_s(key, "last_value") || ou_str_eq_s(key, "last_traceback") ||
                  ou_str_eq_s(key, "last_type")))
            say(vm, "  the last exception, sys.%U (:forget drops it)\n", key);
        else if (name)
            say(vm, "  variable %U of module %U\n", key, name);
        else if (where)
            say(vm, "  attribute .%S of %U\n", key, where);
        else
            say(vm, "  %s %R of a dict of %d\n", key == target ? "the key" : "value of key", key,
                (int)OU_DICT(d)->used);
    }
    ou_xdecref(vm, where);
}

static void say_sequence(OuRepl *r, OuObj *o, OuObj *const *items, size_t n, OuObj *target)
{
    for (size_t i = 0; i < n; i++)
        if (items[i] == target)
            say(r->vm, "  item [%zu] of a %s of %zu\n", i, OU_TYPE_OF(r->vm, o)->name, n);
}

static void say_frame(OuRepl *r, OuFrameObj *f, OuObj *target)
{
    OuVM *vm = r->vm;
    OuCode *c = f->code ? f->code : f->frame ? f->frame->code : NULL;
    OuObj **regs = f->frame ? f->frame->regs : f->saved;
    size_t n = c ? f->frame ? c->nvars : f->nsaved : 0;
    bool said = false;
    for (size_t i = 0; c && regs && i < n && i < c->nvars; i++)
        if (regs[i] == target) {
            say(vm, "  local variable %S of %S(), whose frame is kept\n", c->var_names[i], c->name);
            said = true;
        }
    if (!said)
        say(vm, "  a frame of %S()\n", c ? c->name : OU_NONE(vm));
}

static void say_instance(OuRepl *r, OuObj *o, OuType *t, OuObj *target)
{
    OuVM *vm = r->vm;
    OuObj *where = short_repr(vm, o);
    bool said = false;
    if (t->dict_off) {
        uint64_t w = *ou_inst_word(o, t);
        if (OU_WORD_IS_SHAPED(w))
            for (OuShape *s = ou_shape(vm, OU_WORD_SHAPE(w)); s && s->name; s = s->up)
                if (OU_INST_VALUES(o, t->dict_off)[s->count - 1] == target) {
                    say(vm, "  attribute .%U of %U\n", s->name, where);
                    said = true;
                }
    }
    /* __slots__: members of the classes */
    for (size_t i = 0; t->mro && i < t->mro->n; i++) {
        OuType *base = OU_AS_TYPE(t->mro->items[i]);
        size_t pos = 0;
        OuObj *key, *value;
        while (base->slot_names && base->dict && ou_dict_next(base->dict, &pos, &key, &value))
            if (ou_is(value, member_descr) && !((OuMemberDescr *)value)->def &&
                *(OuObj **)((char *)o + ((OuMemberDescr *)value)->offset) == target) {
                say(vm, "  attribute .%U of %U\n", key, where);
                said = true;
            }
    }
    if (!said)
        say(vm, "  %U\n", where);
    ou_xdecref(vm, where);
}

static void say_holder(OuRepl *r, OuObj *o, OuObj *target)
{
    OuVM *vm = r->vm;
    OuType *t = OU_TYPE_OF(vm, o);
    if (ou_isa_dict(vm, o))
        say_dict(r, o, target);
    else if (ou_isa_list(vm, o))
        say_sequence(r, o, OU_LIST(o)->items, OU_LIST(o)->n, target);
    else if (ou_isa_tuple(vm, o))
        say_sequence(r, o, OU_TUPLE(o)->items, OU_TUPLE(o)->n, target);
    else if (ou_is(o, frame))
        say_frame(r, (OuFrameObj *)o, target);
    else if (ou_is(o, cell))
        say(vm, "  a cell: variable of a closure\n");
    else if (ou_is(o, traceback))
        say(vm, "  a traceback\n");
    else if (ou_is(o, function))
        say(vm, "  function %S\n", ((OuFunc *)o)->qualname);
    else if (ou_isa_type(vm, o))
        say(vm, "  class %S\n", OU_AS_TYPE(o)->name_obj ? OU_AS_TYPE(o)->name_obj : OU_NONE(vm));
    else
        say_instance(r, o, t, target);
}

static void refs(OuRepl *r, const char *arg)
{
    OuVM *vm = r->vm;
    OuObj *x = eval_expression(r, arg);
    if (!x)
        return;
    Holders h = {.vm = vm, .target = x};
    ou_gc_walk(&vm->heap, -1, find_holder, &h);
    ou_gc_walk(&vm->heap, 3, find_holder, &h);
    for (size_t i = 0; i < h.n; i++)
        ou_incref(h.at[i]);
    OuObj *s = short_repr(vm, x);
    unsigned count = x->rc - 1; /* without ours */
    if (count >= OU_RC_SINGLETON / 2)
        say(vm, "%U: lives as long as the interpreter\n", s);
    else
        say(vm, "%U: %u reference%s\n", s, count, count == 1 ? "" : "s");
    enum { MOST = 20 };
    for (size_t i = 0; i < h.n && i < MOST; i++)
        say_holder(r, h.at[i], x);
    if (h.n > MOST)
        say(vm, "  ... and %zu more\n", h.n - MOST);
    if (h.n == 0 && count && count < OU_RC_SINGLETON / 2)
        say(vm, "  no container: constants of code, native state or running calls\n");
    for (size_t i = 0; i < h.n; i++)
        ou_decref(vm, h.at[i]);
    free(h.at);
    ou_xdecref(vm, s);
    ou_decref(vm, x);
}

/* ---- :size ---- */

static int64_t size_of(OuVM *vm, OuObj *o)
{
    OuObj *fn = ou_dict_get_s(vm, (OuObj *)vm->sysdict, "getsizeof"), *n = NULL;
    int64_t v = 0;
    if (fn && !(OU_TYPE_OF(vm, o)->flags & OU_TYPE_HEAP))
        n = ou_call1(vm, fn, o);
    else
        v = (int64_t)ou_object_size(vm, o);
    if (n)
        ou_int_fits(n, &v);
    ou_xdecref(vm, n);
    ou_err_clear(vm);
    return v;
}

typedef struct Deep {
    OuVM *vm;
    OuPtrSet seen;
    OuObj **todo;
    size_t n, cap;
} Deep;

/* What belongs to the object: not modules, classes, functions and frames, which others share. */
static int deep_visit(OuObj *o, void *arg)
{
    Deep *d = arg;
    if (o->rc >= OU_RC_SINGLETON / 2 || ou_is(o, module) || ou_isa_type(d->vm, o) || ou_is(o, function) ||
        ou_is(o, frame) || ou_is(o, code) || !ou_ptrset_add(&d->seen, o))
        return 0;
    if (d->n == d->cap) {
        size_t cap = d->cap ? d->cap * 2 : 256;
        OuObj **more = realloc(d->todo, cap * sizeof *more);
        if (!more)
            return 1;
        d->todo = more;
        d->cap = cap;
    }
    d->todo[d->n++] = o;
    return 0;
}

static void size(OuRepl *r, const char *arg)
{
    OuVM *vm = r->vm;
    OuObj *x = eval_expression(r, arg);
    if (!x)
        return;
    Deep d = {.vm = vm};
    int64_t total = 0;
    size_t objects = 0;
    ou_ptrset_add(&d.seen, x);
    for (OuObj *o = x; o; o = d.n ? d.todo[--d.n] : NULL) {
        OuTypeFace *face = ou_heap_face(&vm->heap, o);
        if (face->traverse || face->traverse_typed)
            ou_traverse(face, o, deep_visit, &d);
        total += size_of(vm, o);
        objects++;
    }
    say(vm, "%ld bytes; with everything it holds %ld bytes in %zu object%s\n", (long)size_of(vm, x),
        (long)total, objects, objects == 1 ? "" : "s");
    ou_ptrset_free(&d.seen);
    free(d.todo);
    ou_decref(vm, x);
}

/* ---- :top, :diff ---- */

typedef struct TypeCount {
    uint32_t type;
    size_t n, bytes;
} TypeCount;
typedef struct Census {
    OuVM *vm;
    OuPtrSet seen;
    TypeCount *types;      /* by type number */
    const OuPtrSet *known; /* objects not to count, or NULL */
} Census;

static void count_one(Census *c, OuObj *o)
{
    uint32_t t = ou_type_index(o);
    if (t >= c->vm->ntypes || (c->known && ou_ptrset_has(c->known, o)) || !ou_ptrset_add(&c->seen, o))
        return;
    c->types[t].type = t;
    c->types[t].n++;
    c->types[t].bytes += ou_object_size(c->vm, o);
}

static int count_child(OuObj *o, void *arg)
{
    if (!ou_gc_is_tracked(o) && o->rc < OU_RC_SINGLETON / 2)
        count_one(arg, o);
    return 0;
}

static int count_tracked(void *arg, OuObj *o)
{
    Census *c = arg;
    count_one(c, o);
    if (!c->known)
        ou_traverse(ou_heap_face(&c->vm->heap, o), o, count_child, c);
    return 0;
}

static int by_bytes(const void *a, const void *b)
{
    const TypeCount *x = a, *y = b;
    return x->bytes < y->bytes ? 1 : x->bytes > y->bytes ? -1 : x->n < y->n ? 1 : x->n > y->n ? -1 : 0;
}

static void census(OuRepl *r, const OuPtrSet *known)
{
    OuVM *vm = r->vm;
    Census c = {.vm = vm, .known = known, .types = calloc(vm->ntypes, sizeof(TypeCount))};
    if (!c.types)
        return;
    uint32_t ntypes = vm->ntypes;
    ou_gc_walk(&vm->heap, -1, count_tracked, &c);
    if (!known)
        ou_gc_walk(&vm->heap, 3, count_tracked, &c);
    size_t total = c.seen.n;
    ou_ptrset_free(&c.seen);
    qsort(c.types, ntypes, sizeof *c.types, by_bytes);
    if (c.types[0].n == 0)
        say(vm, "nothing new\n");
    else
        say(vm, "%10s %9s  type\n", "bytes", "objects");
    for (uint32_t i = 0; i < 15 && i < ntypes && c.types[i].n; i++) {
        char line[64];
        snprintf(line, sizeof line, "%10zu %9zu", c.types[i].bytes, c.types[i].n);
        say(vm, "%s  %s\n", line, vm->types[c.types[i].type] ? vm->types[c.types[i].type]->name : "?");
    }
    if (!known)
        say(vm, "%zu objects\n", total);
    free(c.types);
}

typedef struct Snapshot {
    OuPtrSet *set;
    size_t left;
} Snapshot;

static int remember_one(void *arg, OuObj *o)
{
    Snapshot *s = arg;
    if (s->left-- == 0)
        return 1;
    ou_ptrset_add(s->set, o);
    return 0;
}

void ou_repl_remember(OuRepl *r)
{
    enum { MOST = 300000 }; /* beyond that the prompt would feel it */
    Snapshot s = {&r->known, MOST};
    if (!r->term.usable && !r->known_valid)
        return; /* not worth its time when nobody types; :diff switches it on */
    if (r->known.cap) {
        memset(r->known.at, 0, r->known.cap * sizeof *r->known.at);
        r->known.n = 0;
    }
    r->known_valid = ou_gc_walk(&r->vm->heap, -1, remember_one, &s) == 0;
}

static void diff(OuRepl *r)
{
    if (r->known_valid)
        census(r, &r->known);
    else
        say(r->vm,
            "no picture of the last prompt; from now on there is one, unless there are too many objects\n");
    r->known_valid = true;
}

/* ---- the others ---- */

static void gc(OuRepl *r)
{
    OuVM *vm = r->vm;
    int count[3];
    ou_gc_count(&vm->heap, count);
    say(vm,
        "generation 0: %d containers since the last collection; 1: %d, 2: %d collections of the one below\n",
        count[0], count[1], count[2]);
    for (int i = 0; i < 3; i++) {
        const OuGcStats *s = &vm->heap.stats[i];
        char line[160];
        snprintf(line, sizeof line,
                 "collections of %d: %llu, freed %llu objects, longest pause %.3f ms, together %.3f ms", i,
                 (unsigned long long)s->collections, (unsigned long long)s->collected, s->pause_max * 1e3,
                 s->pause_total * 1e3);
        say(vm, "%s\n", line);
    }
    say(vm, "%zu blocks, %zu bytes in use\n", ou_mem_blocks(ou_heap_mem(&vm->heap)),
        ou_mem_live(ou_heap_mem(&vm->heap)));
}

static void forget(OuRepl *r)
{
    static const char *const last[] = {"last_type", "last_value", "last_traceback"};
    OuVM *vm = r->vm;
    for (int i = 0; i < 3; i++) {
        OuObj *name = ou_str_intern_s(vm, last[i]), *old = NULL;
        if (name && ou_dict_pop(vm, (OuObj *)vm->sysdict, name, &old) > 0)
            ou_decref(vm, old);
        ou_xdecref(vm, name);
    }
    OuObj *old = NULL;
    if (ou_dict_pop(vm, (OuObj *)vm->builtins, (OuObj *)&vm->latin1['_'], &old) > 0)
        ou_decref(vm, old);
    ou_err_clear(vm);
}

static void help(OuRepl *r)
{
    say(r->vm, ":refs x   how often x is referred to, and by whom\n"
               ":size x   bytes of x, and of everything it holds\n"
               ":top      types by bytes\n"
               ":diff     objects that appeared since the last prompt\n"
               ":gc       the collector's counts and pauses\n"
               ":forget   drops _ and the last exception\n"
               ":help     this list\n");
}

bool ou_repl_command(OuRepl *r, const char *text)
{
    static const struct {
        const char *name;
        void (*plain)(OuRepl *r);
        void (*with)(OuRepl *r, const char *arg);
    } rows[] = {{"refs", NULL, refs}, {"size", NULL, size},     {"top", NULL, NULL}, {"diff", diff, NULL},
                {"gc", gc, NULL},     {"forget", forget, NULL}, {"help", help, NULL}};
    if (text[0] != ':')
        return false;
    size_t n = strcspn(text + 1, " \t\n");
    const char *arg = text + 1 + n + strspn(text + 1 + n, " \t\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strlen(rows[i].name) != n || strncmp(text + 1, rows[i].name, n) != 0)
            continue;
        if (rows[i].with && *arg)
            rows[i].with(r, arg);
        else if (rows[i].with)
            say(r->vm, ":%s needs an expression\n", rows[i].name);
        else if (rows[i].plain)
            rows[i].plain(r);
        else
            census(r, NULL);
        OuObj *out = ou_dict_get_str(r->vm, r->vm->sysdict, OU_NAME(r->vm, stdout));
        if (out && out != OU_NONE(r->vm))
            ou_xdecref(r->vm, ou_call_method(r->vm, out, OU_NAME(r->vm, flush), 0));
        ou_err_clear(r->vm);
        return true;
    }
    return false;
}
