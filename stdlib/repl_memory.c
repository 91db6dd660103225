/* stdlib/repl_memory.c - the prompt's questions about memory: `:refs x`, `:gc`, `:size x`, `:top`, `:diff`, `:forget`, `:help`; repl_refs.c has the first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

void ou_repl_say(OuVM *vm, const char *fmt, ...)
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

OuObj *ou_repl_short_repr(OuVM *vm, OuObj *o)
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

OuObj *ou_repl_eval(OuRepl *r, const char *text)
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

/* What belongs to the object: not modules, classes, code and frames, which others share. */
static int deep_visit(OuObj *o, void *arg)
{
    Deep *d = arg;
    if (o->rc >= OU_RC_SINGLETON / 2 || ou_is(o, module) || ou_isa_type(d->vm, o) || ou_is(o, frame) ||
        ou_is(o, code) || !ou_ptrset_add(&d->seen, o))
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

/* A function holds its closure, defaults and attributes for itself; its code and globals are others'. */
static void deep_function(Deep *d, OuFunc *f)
{
    OuObj *own[] = {f->defaults, f->kwdefaults, f->closure, f->dict};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (own[i])
            deep_visit(own[i], d);
}

static void size(OuRepl *r, const char *arg)
{
    OuVM *vm = r->vm;
    OuObj *x = ou_repl_eval(r, arg);
    if (!x)
        return;
    Deep d = {.vm = vm};
    int64_t total = 0;
    size_t objects = 0;
    ou_ptrset_add(&d.seen, x);
    for (OuObj *o = x; o; o = d.n ? d.todo[--d.n] : NULL) {
        OuTypeFace *face = ou_heap_face(&vm->heap, o);
        if (ou_is(o, function))
            deep_function(&d, (OuFunc *)o);
        else if (face->traverse || face->traverse_typed)
            ou_traverse(face, o, deep_visit, &d);
        total += size_of(vm, o);
        objects++;
    }
    ou_repl_say(vm, "%ld bytes; with everything it holds %ld bytes in %zu object%s\n", (long)size_of(vm, x),
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

/* What only a new container holds is new itself. */
static int count_only_child(OuObj *o, void *arg)
{
    if (!ou_gc_is_tracked(o) && o->rc == 1)
        count_one(arg, o);
    return 0;
}

static int count_tracked(void *arg, OuObj *o)
{
    Census *c = arg;
    bool known = c->known && ou_ptrset_has(c->known, o);
    count_one(c, o);
    if (!known)
        ou_traverse(ou_heap_face(&c->vm->heap, o), o, c->known ? count_only_child : count_child, c);
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
        ou_repl_say(vm, "nothing new\n");
    else
        ou_repl_say(vm, "%10s %9s  type\n", "bytes", "objects");
    for (uint32_t i = 0; i < 15 && i < ntypes && c.types[i].n; i++) {
        char line[64];
        snprintf(line, sizeof line, "%10zu %9zu", c.types[i].bytes, c.types[i].n);
        ou_repl_say(vm, "%s  %s\n", line,
                    vm->types[c.types[i].type] ? vm->types[c.types[i].type]->name : "?");
    }
    if (!known)
        ou_repl_say(vm, "%zu objects\n", total);
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
    if (!r->console && !r->known_wanted)
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
        ou_repl_say(
            r->vm,
            "no picture of the last prompt; from now on there is one, unless there are too many objects\n");
    r->known_wanted = true;
}

/* ---- the others ---- */

static void gc(OuRepl *r)
{
    OuVM *vm = r->vm;
    int count[3];
    ou_gc_count(&vm->heap, count);
    ou_repl_say(
        vm,
        "generation 0: %d containers since the last collection; 1: %d, 2: %d collections of the one below\n",
        count[0], count[1], count[2]);
    for (int i = 0; i < 3; i++) {
        const OuGcStats *s = &vm->heap.stats[i];
        char line[160];
        snprintf(line, sizeof line,
                 "collections of %d: %llu, freed %llu objects, longest pause %.3f ms, together %.3f ms", i,
                 (unsigned long long)s->collections, (unsigned long long)s->collected, s->pause_max * 1e3,
                 s->pause_total * 1e3);
        ou_repl_say(vm, "%s\n", line);
    }
    if (vm->heap.last_at > 0) {
        struct timespec now;
        char line[160];
        clock_gettime(CLOCK_MONOTONIC, &now);
        snprintf(line, sizeof line, "last collection: of %d, %.1f s ago, freed %llu objects in %.3f ms",
                 vm->heap.last_gen, (double)now.tv_sec + (double)now.tv_nsec * 1e-9 - vm->heap.last_at,
                 (unsigned long long)vm->heap.last_found, vm->heap.last_pause * 1e3);
        ou_repl_say(vm, "%s\n", line);
    } else
        ou_repl_say(vm, "no collection yet\n");
    ou_repl_say(vm, "%zu blocks, %zu bytes in use\n", ou_mem_blocks(ou_heap_mem(&vm->heap)),
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
    ou_repl_say(r->vm, ":refs x   how often x is referred to, and by whom\n"
                       ":size x   bytes of x, and of everything it holds\n"
                       ":top      types by bytes\n"
                       ":diff     objects that appeared since the statement before was typed\n"
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
    } rows[] = {{"refs", NULL, ou_repl_refs}, {"size", NULL, size}, {"top", NULL, NULL},
                {"diff", diff, NULL},         {"gc", gc, NULL},     {"forget", forget, NULL},
                {"help", help, NULL}};
    if (text[0] != ':')
        return false;
    size_t n = strcspn(text + 1, " \t\n");
    const char *arg = text + 1 + n + strspn(text + 1 + n, " \t\n");
    char name[32];
    snprintf(name, sizeof name, "%.*s", (int)n, text + 1);
    if (!r->console && n == 0)
        return false;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strlen(rows[i].name) != n || strncmp(text + 1, rows[i].name, n) != 0)
            continue;
        if (rows[i].with && *arg)
            rows[i].with(r, arg);
        else if (rows[i].with)
            ou_repl_say(r->vm, ":%s needs an expression\n", rows[i].name);
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
    ou_repl_say(r->vm, "no command :%s; :help lists them\n", name);
    return true;
}
