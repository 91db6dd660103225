/* vm/tracing.c - the VM's side of allocation tracing: frames for the tracer, places for scripts.
 *
 * What is recorded is (code, line); file names are worked out when somebody looks. */

#include "tracing.h"
#include "frame.h"
#include "gcstate.h"

#include <stdlib.h>

/* Frames looked at in one go: twice the limit, so that half of them can note what they saw. */
#define OU_TRACE_WALK(limit) (2 * (limit) + 16)

static inline uint32_t node_of(OuTrace *t, OuFrame *f, uint32_t caller, int depth)
{
    return ou_trace_intern(t, f->code, f->pc, caller, caller ? 0 : (uint32_t)depth);
}

/* The node of f's callers, looked up frame by frame, and noted in those frames whose callers are known far enough.
 *
 * A frame's callers stay where they are while it lives, so what it notes stays true; a new frame comes with clean
 * flags.  Only a generator changes its caller, and notes nothing. */
__attribute__((noinline)) static uint32_t note_callers(OuVM *vm, OuTrace *t, OuFrame *f, int depth)
{
    uint32_t limit = (uint32_t)vm->gc->trace_limit, most = OU_TRACE_WALK(limit), id = 0, n = 1;
    OuFrame **list = vm->gc->trace_frames, *g = f->prev;
    list[0] = f;
    for (; g && n < most && !(g->flags & OU_FR_NOTED); g = g->prev)
        list[n++] = g;
    bool whole = !g; /* id tells all that is below list[n - 1] */
    if (g && g->flags & OU_FR_NOTED) {
        id = node_of(t, g, g->trace_caller, depth - (int)n);
        whole = ou_trace_length(t, id) <= 2 * most;
        if (!whole) /* deep recursion: begin anew, so that the trie does not grow with it */
            for (id = 0, g = f->prev, n = 1; g && n < most; g = g->prev)
                list[n++] = g;
    }
    for (;;) {
        g = list[--n];
        bool note = (whole || ou_trace_length(t, id) + 1 >= limit) && !(g->flags & OU_FR_GEN);
        g->trace_caller = id;
        g->flags = (uint8_t)(note ? g->flags | OU_FR_NOTED : g->flags & ~OU_FR_NOTED);
        if (n == 0)
            return id;
        id = node_of(t, g, id, depth - (int)n);
        whole = whole && id; /* without memory for a node its chain ends here */
    }
}

/* Frames on the stack: the recursion counter knows without a walk. */
static inline int depth_of(const OuThread *ts)
{
    int depth = ts->recursion_limit - ts->recursion_left;
    return depth < 1 ? 1 : depth;
}

/* The hook with nframe 1, the usual one: 20 instructions at each allocation. */
static uint32_t here_alone(void *arg, OuTrace *t)
{
    OuVM *vm = arg;
    OuThread *ts = vm->ts;
    OuFrame *f = ts ? ts->frame : NULL;
    return f ? node_of(t, f, 0, depth_of(ts)) : 0;
}

static uint32_t here(void *arg, OuTrace *t)
{
    OuVM *vm = arg;
    OuThread *ts = vm->ts;
    OuFrame *f = ts ? ts->frame : NULL;
    if (!f)
        return 0;
    int depth = depth_of(ts);
    uint32_t caller = f->flags & OU_FR_NOTED ? f->trace_caller : note_callers(vm, t, f, depth);
    return node_of(t, f, caller, depth);
}

static uint32_t line(void *arg, const void *code, const void *pc)
{
    OuCode *c = (OuCode *)(uintptr_t)code;
    (void)arg;
    return (uint32_t)ou_code_line(c, (int)((const uint64_t *)pc - c->code) - 1);
}

static void forget_notes(OuVM *vm)
{
    for (OuThread *ts = vm->main_ts; ts; ts = ts->next)
        for (OuFrame *f = ts->frame; f; f = f->prev)
            f->flags &= (uint8_t)~OU_FR_NOTED;
}

/* Called while the tracer does not record.  Needs no memory, so that it cannot fail. */
static void keep(void *arg, const void *code)
{
    OuCode *c = (OuCode *)(uintptr_t)code;
    (void)arg;
    if (!c->traced)
        ou_incref(c);
    c->traced = true;
}

static void release_codes(OuVM *vm)
{
    for (OuCode *c = vm->codes; c;) {
        OuCode *next = c->next;
        if (c->traced) {
            c->traced = false;
            ou_decref(vm, c);
            next = vm->codes; /* others may have died with it */
        }
        c = next;
    }
}

static void free_frames(OuVM *vm)
{
    ou_free(vm, vm->gc->trace_frames, OU_TRACE_WALK((size_t)vm->gc->trace_limit) * sizeof(OuFrame *));
    vm->gc->trace_frames = NULL;
}

int ou_tracing_start(OuVM *vm, int nframe)
{
    if (ou_trace_is_on(&vm->heap.mem))
        return 0;
    forget_notes(vm);
    free_frames(vm);
    vm->gc->trace_frames = ou_alloc(vm, OU_TRACE_WALK((size_t)nframe) * sizeof(OuFrame *));
    if (!vm->gc->trace_frames)
        return -1;
    vm->gc->trace_limit = nframe;
    OuTraceHooks hooks = {.vm = vm, .here = nframe == 1 ? here_alone : here, .line = line, .keep = keep};
    return ou_trace_start(&vm->heap.mem, nframe, &hooks) < 0 ? ou_raise_memory_i(vm) : 0;
}

void ou_tracing_stop(OuVM *vm)
{
    ou_trace_stop(&vm->heap.mem);
    if (vm->gc) {
        free_frames(vm);
        release_codes(vm);
    }
}

/* (filename, line) of a node, or of nothing known. */
static OuObj *place(OuVM *vm, const OuTraceNode *n)
{
    const OuCode *code = n ? n->code : NULL;
    OuObj *items[2] = {code ? ou_ref(code->filename) : ou_str_new(vm, "<unknown>", -1),
                       ou_int(vm, code ? n->line : 0)};
    OuObj *t = items[0] && items[1] ? ou_tuple_of_take(vm, items, 2) : NULL;
    ou_xdecref(vm, items[0]);
    ou_xdecref(vm, items[1]);
    return t;
}

OuObj *ou_tracing_frames(OuVM *vm, uint32_t traceback, int *total)
{
    const OuMem *m = &vm->heap.mem;
    const OuTraceNode *n = ou_trace_node(m, traceback);
    int limit = ou_trace_limit(m), count = 0;
    *total = n ? (int)n->depth : 1;
    for (const OuTraceNode *k = n; k && count < limit; k = ou_trace_node(m, k->caller))
        count++;
    OuObj *t = ou_tuple_new(vm, count ? (size_t)count : 1);
    for (int i = 0; t && i < (count ? count : 1); i++) {
        n = ou_trace_node(m, traceback); /* again: the nodes may have moved */
        OuObj *p = place(vm, n);
        if (!p)
            ou_clear(vm, t);
        else
            OU_TUPLE(t)->items[i] = p;
        traceback = n ? n->caller : 0;
    }
    return t;
}

OuObj *ou_tracing_of_object(OuVM *vm, OuObj *o)
{
    size_t size;
    uint32_t tb;
    int total;
    if (!ou_trace_find(&vm->heap.mem, o, &size, &tb))
        return ou_none(vm);
    ou_trace_pause(&vm->heap.mem, true);
    OuObj *res = ou_tracing_frames(vm, tb, &total);
    ou_trace_pause(&vm->heap.mem, false);
    return res;
}

typedef struct Record {
    size_t size;
    uint32_t tb;
} Record;

typedef struct Records {
    Record *v;
    size_t n, cap;
} Records;

static int take_record(void *arg, const void *p, size_t size, uint32_t tb)
{
    Records *r = arg;
    (void)p;
    if (r->n == r->cap) {
        size_t cap = r->cap ? r->cap * 2 : 1024;
        Record *v = realloc(r->v, cap * sizeof *v);
        if (!v)
            return -1;
        r->v = v;
        r->cap = cap;
    }
    r->v[r->n++] = (Record){size, tb};
    return 0;
}

/* One item of the list; made caches the frames of each traceback. */
static OuObj *record_item(OuVM *vm, const Record *r, OuObj **made, int *totals)
{
    if (!made[r->tb] && !(made[r->tb] = ou_tracing_frames(vm, r->tb, &totals[r->tb])))
        return NULL;
    OuObj *items[4] = {ou_int(vm, 0), ou_int(vm, (int64_t)r->size), ou_ref(made[r->tb]),
                       ou_int(vm, totals[r->tb] > 65535 ? 65535 : totals[r->tb])};
    OuObj *t = items[0] && items[1] && items[3] ? ou_tuple_of_take(vm, items, 4) : NULL;
    for (int i = 0; i < 4; i++)
        ou_xdecref(vm, items[i]);
    return t;
}

OuObj *ou_tracing_list(OuVM *vm)
{
    OuMem *m = &vm->heap.mem;
    /* Plain memory and no records meanwhile: the snapshot must not appear in itself. */
    ou_trace_pause(m, true);
    OuObj *list = ou_list_new(vm, 0);
    if (!list || !ou_trace_is_on(m)) {
        ou_trace_pause(m, false);
        return list;
    }
    Records r = {0};
    size_t n = ou_trace_nodes(m);
    OuObj **made = calloc(n, sizeof *made);
    int *totals = calloc(n, sizeof *totals);
    bool failed = !made || !totals || ou_trace_walk(m, take_record, &r);
    if (failed)
        ou_raise_memory(vm);
    for (size_t i = 0; !failed && i < r.n; i++) {
        OuObj *t = record_item(vm, &r.v[i], made, totals);
        failed = !t || ou_list_append_take(vm, list, t) < 0;
    }
    for (size_t i = 0; made && i < n; i++)
        ou_xdecref(vm, made[i]);
    ou_trace_pause(m, false);
    free(made);
    free(totals);
    free(r.v);
    if (failed)
        ou_clear(vm, list);
    return list;
}
