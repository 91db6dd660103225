/* stdlib/gcmodule.c - module gc: the collector as scripts see it.
 *
 * Beyond CPython: get_stats() also carries pause_total, pause_max (seconds) and visited per generation,
 * and the info of gc.callbacks carries duration. */
#include "vm/gcstate.h"
#include "vm/native.h"
#include "support.h"
#include "vm/audit.h"

#include <string.h>

#define HEAP(vm) (&(vm)->heap)

static OuObj *gc_enable(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    ou_gc_enable(HEAP(vm), true);
    return ou_none(vm);
}

static OuObj *gc_disable(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    ou_gc_enable(HEAP(vm), false);
    return ou_none(vm);
}

static OuObj *gc_isenabled(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_bool(vm, HEAP(vm)->enabled);
}

static OuObj *gc_collect(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int gen = 2;
    if (args[0] && ou_as_int(vm, args[0], &gen) < 0)
        return NULL;
    if (gen < 0 || gen > 2)
        return ou_value_error(vm, "invalid generation");
    OuObj *exc = ou_err_fetch(vm);
    size_t n = ou_gc_collect(HEAP(vm), gen);
    ou_err_restore(vm, exc);
    return ou_int(vm, (int64_t)n);
}

static OuObj *three_ints(OuVM *vm, const int v[3])
{
    OuObj *t = ou_tuple_new(vm, 3);
    for (int i = 0; t && i < 3; i++)
        if (!(OU_TUPLE(t)->items[i] = ou_int(vm, v[i])))
            ou_clear(vm, t);
    return t;
}

static OuObj *gc_get_count(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int c[3];
    ou_gc_count(HEAP(vm), c);
    return three_ints(vm, c);
}

static OuObj *gc_get_threshold(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return three_ints(vm, HEAP(vm)->threshold);
}

static OuObj *gc_set_threshold(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int t[3] = {0, HEAP(vm)->threshold[1], HEAP(vm)->threshold[2]};
    if (ou_no_kwargs(vm, "gc.set_threshold", kwnames) < 0)
        return NULL;
    if (nargs < 1 || nargs > 3)
        return ou_type_error(vm, "set_threshold requires 1 to 3 arguments"), NULL;
    for (size_t i = 0; i < nargs; i++)
        if (ou_as_int(vm, args[i], &t[i]) < 0)
            return NULL;
    ou_gc_set_threshold(HEAP(vm), t[0], t[1], t[2]);
    return ou_none(vm);
}

static int put_take(OuVM *vm, OuObj *d, const char *key, OuObj *value)
{
    int res = value ? ou_dict_set_s(vm, d, key, value) : -1;
    ou_xdecref(vm, value);
    return res;
}

static OuObj *gc_get_stats(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    OuGcStats st[3]; /* a copy: making the dicts may collect */
    memcpy(st, HEAP(vm)->stats, sizeof st);
    OuObj *list = ou_list_new(vm, 0);
    for (int i = 0; list && i < 3; i++) {
        OuObj *d = ou_dict_new(vm);
        if (!d || put_take(vm, d, "collections", ou_int(vm, (int64_t)st[i].collections)) < 0 ||
            put_take(vm, d, "collected", ou_int(vm, (int64_t)st[i].collected)) < 0 ||
            put_take(vm, d, "uncollectable", ou_int(vm, 0)) < 0 ||
            put_take(vm, d, "visited", ou_int(vm, (int64_t)st[i].visited)) < 0 ||
            put_take(vm, d, "pause_total", ou_float(vm, st[i].pause_total)) < 0 ||
            put_take(vm, d, "pause_max", ou_float(vm, st[i].pause_max)) < 0) {
            ou_xdecref(vm, d);
            ou_clear(vm, list);
            break;
        }
        if (ou_list_append_take(vm, list, d) < 0)
            ou_clear(vm, list);
    }
    return list;
}

static OuObj *gc_set_debug(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int flags;
    if (ou_as_int(vm, args[0], &flags) < 0)
        return NULL;
    HEAP(vm)->debug = flags;
    return ou_none(vm);
}

static OuObj *gc_get_debug(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_int(vm, HEAP(vm)->debug);
}

static OuObj *gc_get_objects(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    int gen = -1;
    if (args[0] && args[0] != OU_NONE(vm)) {
        ou_ssize g;
        if (!ou_has_index(vm, args[0]))
            return ou_type_error(vm, "argument should be integer or None, not '%T'", args[0]);
        if (ou_as_ssize(vm, args[0], OU_EXC(vm, OverflowError), &g) < 0)
            return NULL;
        if (g > 2)
            return ou_value_error(
                vm, "generation parameter must be less than the number of available generations (3)");
        if (g < -1) /* -1 is None's value in CPython, and means all */
            return ou_value_error(vm, "generation parameter cannot be negative");
        gen = (int)g;
    }
    if (ou_audit(vm, "gc.get_objects", "i", gen) < 0)
        return NULL;
    size_t n, cap;
    OuObj **v = ou_gc_snapshot(HEAP(vm), gen, &n, &cap);
    if (!v)
        return ou_raise_memory(vm);
    OuObj *list = ou_list_of_take(vm, v, n);
    for (size_t i = 0; !list && i < n; i++)
        ou_decref(vm, v[i]);
    ou_mem_free(&HEAP(vm)->mem, v, cap * sizeof *v);
    return list;
}

/* ---- referrers and referents ------------------------------------------------------- */

typedef struct Search {
    OuVM *vm;
    OuObj *const *targets;
    size_t n;
    OuObj **found; /* borrowed during the walk */
    size_t nfound, cap;
    bool failed;
} Search;

static int visit_target(OuObj *child, void *arg)
{
    Search *s = arg;
    for (size_t i = 0; i < s->n; i++)
        if (s->targets[i] == child)
            return 1;
    return 0;
}

static int add(Search *s, OuObj *o)
{
    if (s->nfound == s->cap) {
        size_t cap = s->cap ? s->cap * 2 : 64;
        OuObj **v = ou_mem_realloc(&HEAP(s->vm)->mem, s->found, s->cap * sizeof *v, cap * sizeof *v);
        if (!v) {
            s->failed = true;
            return -1;
        }
        s->found = v;
        s->cap = cap;
    }
    s->found[s->nfound++] = o;
    return 0;
}

static int walk_referrer(void *arg, OuObj *o)
{
    Search *s = arg;
    return ou_traverse(ou_heap_face(HEAP(s->vm), o), o, visit_target, s) ? add(s, o) : 0;
}

static int visit_referent(OuObj *child, void *arg)
{
    return add(arg, child);
}

static OuObj *search_result(Search *s)
{
    OuVM *vm = s->vm;
    OuObj *list = NULL;
    for (size_t i = 0; i < s->nfound; i++)
        ou_incref(s->found[i]);
    if (s->failed)
        ou_raise_memory(vm);
    else
        list = ou_list_of_take(vm, s->found, s->nfound);
    for (size_t i = 0; !list && i < s->nfound; i++)
        ou_decref(vm, s->found[i]);
    ou_mem_free(&HEAP(vm)->mem, s->found, s->cap * sizeof *s->found);
    return list;
}

static int audit_objects(OuVM *vm, const char *event, OuObj *const *objects, size_t n)
{
    if (!vm->auditing)
        return 0;
    OuObj *t = ou_tuple_of(vm, objects, n);
    int r = t ? ou_audit(vm, event, "O", t) : -1;
    ou_xdecref(vm, t);
    return r;
}

static OuObj *gc_get_referrers(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, "gc.get_referrers", kwnames) < 0)
        return NULL;
    if (audit_objects(vm, "gc.get_referrers", args, nargs) < 0)
        return NULL;
    Search s = {.vm = vm, .targets = args, .n = nargs};
    ou_gc_walk(HEAP(vm), -1, walk_referrer, &s);
    return search_result(&s);
}

static OuObj *gc_get_referents(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    if (ou_no_kwargs(vm, "gc.get_referents", kwnames) < 0 ||
        audit_objects(vm, "gc.get_referents", args, nargs) < 0)
        return NULL;
    Search s = {.vm = vm};
    for (size_t i = 0; i < nargs && !s.failed; i++) {
        OuTypeFace *face = ou_heap_face(HEAP(vm), args[i]);
        if (face->flags & OU_TF_CONTAINER)
            ou_traverse(face, args[i], visit_referent, &s);
    }
    return search_result(&s);
}

static OuObj *gc_is_tracked(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_bool(vm, ou_gc_is_tracked(args[0]));
}

static OuObj *gc_is_finalized(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_bool(vm, (args[0]->tf & OU_F_FINALIZED) != 0);
}

static OuObj *gc_freeze(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    ou_gc_freeze(HEAP(vm));
    return ou_none(vm);
}

static OuObj *gc_unfreeze(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    ou_gc_unfreeze(HEAP(vm));
    return ou_none(vm);
}

static OuObj *gc_get_freeze_count(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
{
    return ou_int(vm, (int64_t)ou_gc_freeze_count(HEAP(vm)));
}

static const OuFn gc_functions[] = {
    {"enable()", gc_enable, 0, "Enable automatic garbage collection."},
    {"disable()", gc_disable, 0, "Disable automatic garbage collection."},
    {"isenabled()", gc_isenabled, 0, "Returns true if automatic garbage collection is enabled."},
    {"set_debug(flags, /)", gc_set_debug, 0,
     "Set the garbage collection debugging flags: an integer that may combine DEBUG_STATS, "
     "DEBUG_COLLECTABLE,\n"
     "DEBUG_UNCOLLECTABLE, DEBUG_SAVEALL and DEBUG_LEAK.  What they report goes to stderr."},
    {"get_debug()", gc_get_debug, 0, "Get the garbage collection debugging flags."},
    {"get_count()", gc_get_count, 0,
     "Return (young objects alive, collections of generation 0 and of 1 since the last of the next)."},
    {"set_threshold(...)", gc_set_threshold, OU_FN_RAW,
     "set_threshold(threshold0, [threshold1, threshold2]) -> None\n\n"
     "Set the collection thresholds (the collection frequency).\n\n"
     "Setting 'threshold0' to zero disables collection."},
    {"get_threshold()", gc_get_threshold, 0, "Return the current collection thresholds."},
    {"collect(generation=2)", gc_collect, 0,
     "Run the garbage collector: all generations, or those up to the given one.\n\n"
     "The number of unreachable objects is returned."},
    {"get_objects(generation=None)", gc_get_objects, 0,
     "Return a list of objects tracked by the collector (excluding the list returned), all or of one "
     "generation."},
    {"get_stats()", gc_get_stats, 0, "Return a list of dictionaries containing per-generation statistics."},
    {"is_tracked(obj, /)", gc_is_tracked, 0,
     "Returns true if the object is tracked by the garbage collector."},
    {"is_finalized(obj, /)", gc_is_finalized, 0,
     "Returns true if the object has been already finalized by the GC."},
    {"get_referrers(...)", gc_get_referrers, OU_FN_RAW,
     "get_referrers(*objs) -> list\n\nReturn the list of objects that directly refer to any of objs."},
    {"get_referents(...)", gc_get_referents, OU_FN_RAW,
     "get_referents(*objs) -> list\n\nReturn the list of objects that are directly referred to by objs."},
    {"freeze()", gc_freeze, 0,
     "Freeze all current tracked objects and ignore them for future collections.\n\n"
     "After a fork, a collection in the child then leaves the pages of these objects shared."},
    {"unfreeze()", gc_unfreeze, 0,
     "Unfreeze all objects in the permanent generation: they go to the oldest generation."},
    {"get_freeze_count()", gc_get_freeze_count, 0,
     "Return the number of objects in the permanent generation."},
    {0},
};

static int gc_exec(OuVM *vm, OuObj *m)
{
    static const OuIntRow flags[] = {
        {"DEBUG_STATS", OU_GC_DEBUG_STATS},
        {"DEBUG_COLLECTABLE", OU_GC_DEBUG_COLLECTABLE},
        {"DEBUG_UNCOLLECTABLE", OU_GC_DEBUG_UNCOLLECTABLE},
        {"DEBUG_SAVEALL", OU_GC_DEBUG_SAVEALL},
        {"DEBUG_LEAK", OU_GC_DEBUG_COLLECTABLE | OU_GC_DEBUG_UNCOLLECTABLE | OU_GC_DEBUG_SAVEALL},
        {0},
    };
    if (ou_module_add(vm, m, "garbage", ou_ref(vm->gc->garbage)) < 0 ||
        ou_module_add(vm, m, "callbacks", ou_ref(vm->gc->callbacks)) < 0)
        return -1;
    return ou_module_add_ints(vm, m, flags);
}

const OuModuleDef ou_mod_gc = {
    .name = "gc",
    .doc = "This module provides access to the garbage collector for reference cycles.",
    .functions = gc_functions,
    .exec = gc_exec,
};
