/* vm/tracing.c - the VM's side of allocation tracing: frames for the tracer, places for scripts.
 *
 * What is recorded is (code, instruction); file names and lines are worked out when somebody looks. */
#include "tracing.h"
#include "frame.h"
#include "gcstate.h"

#include <stdlib.h>

static int frames(void *arg, OuTraceFrame *out, int max, int *total)
{
    OuThread *ts = ((OuVM *)arg)->ts;
    int n = 0;
    if (!ts)
        return 0;
    OuFrame *f = ts->frame;
    for (; f && n < max; f = f->prev)
        out[n++] = (OuTraceFrame){f->code, (uint32_t)OU_FRAME_LASTI(f)};
    /* The recursion counter knows the depth without a walk. */
    int depth = ts->recursion_limit - ts->recursion_left;
    *total = !f || depth < n ? n : depth;
    return n;
}

static int newest(void *arg, OuTraceFrame *out)
{
    OuThread *ts = ((OuVM *)arg)->ts;
    OuFrame *f = ts ? ts->frame : NULL;
    if (!f)
        return 0;
    *out = (OuTraceFrame){f->code, (uint32_t)OU_FRAME_LASTI(f)};
    int depth = ts->recursion_limit - ts->recursion_left;
    return depth > 0 ? depth : 1;
}

/* Called while the tracer does not record. */
static void keep(void *arg, const void *code)
{
    OuVM *vm = arg;
    OuObj *exc = ou_err_fetch(vm);
    if (!vm->gc->traced_codes || ou_list_append(vm, vm->gc->traced_codes, (OuObj *)(uintptr_t)code) < 0) {
        ou_err_clear(vm);
        ((OuObj *)(uintptr_t)code)->rc++; /* better kept for ever than dangling */
    }
    ou_err_restore(vm, exc);
}

int ou_tracing_start(OuVM *vm, int nframe)
{
    if (ou_trace_is_on(&vm->heap.mem))
        return 0;
    ou_clear(vm, vm->gc->traced_codes);
    if (!(vm->gc->traced_codes = ou_list_new(vm, 0)))
        return -1;
    vm->gc->trace_limit = nframe;
    OuTraceHooks hooks = {.vm = vm, .frames = frames, .newest = newest, .keep = keep};
    return ou_trace_start(&vm->heap.mem, nframe, &hooks) < 0 ? ou_raise_memory_i(vm) : 0;
}

void ou_tracing_stop(OuVM *vm)
{
    ou_trace_stop(&vm->heap.mem);
    if (vm->gc)
        ou_clear(vm, vm->gc->traced_codes);
}

/* (filename, line) of a node, or of nothing known. */
static OuObj *place(OuVM *vm, const OuTraceNode *n)
{
    const OuCode *code = n ? n->code : NULL;
    OuObj *items[2] = {code ? ou_ref(code->filename) : ou_str_new(vm, "<unknown>", -1),
                       ou_int(vm, code ? ou_code_line((OuCode *)(uintptr_t)code, (int)n->place) : 0)};
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
    OuObj *list = ou_list_new(vm, 0);
    if (!list || !ou_trace_is_on(m))
        return list;
    /* Plain memory and no records meanwhile: the snapshot must not appear in itself. */
    Records r = {0};
    size_t n = ou_trace_nodes(m);
    OuObj **made = calloc(n, sizeof *made);
    int *totals = calloc(n, sizeof *totals);
    bool failed = !made || !totals || ou_trace_walk(m, take_record, &r);
    if (failed)
        ou_raise_memory(vm);
    ou_trace_pause(m, true);
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
