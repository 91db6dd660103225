/* gc/trace.c - allocation tracing.
 *
 * All memory of the tracer is plain malloc: it must neither trace itself nor eat the script's budget.
 * A record costs 24 bytes at most half of the table full: key and size/traceback packed in one word.  */
#include "trace.h"
#include "ptrmap.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_FRAMES = 65535, SIZE_BITS = 36 };

struct OuTrace {
    OuTraceHooks hooks;
    int limit;
    OuTraceFrame *frames; /* scratch, `limit` long */
    OuPtrMap blocks;      /* block -> size << 28 | traceback, or an index into `wide` */
    OuTraceNode *nodes;   /* [0] is the empty traceback */
    uint32_t nnodes, cap;
    uint32_t *index; /* open addressing over nodes */
    uint32_t index_cap;
    OuPtrMap codes; /* codes that were reported to hooks.keep */
    size_t now, peak;
    /* The stack of the last record: most allocations come from the same place, or one line further. */
    OuTraceFrame *last;
    uint32_t *last_node; /* node of last[i..] */
    int nlast, last_total;
    bool busy; /* the VM's hook allocates: not traced */
};

enum { TB_BITS = 64 - SIZE_BITS };

static uint32_t node_hash(const void *code, uint32_t line, uint32_t caller)
{
    uint64_t h = ((uintptr_t)code >> 4) * UINT64_C(0x9e3779b97f4a7c15);
    h ^= ((uint64_t)line << 32 | caller) * UINT64_C(0xc2b2ae3d27d4eb4f);
    return (uint32_t)(h >> 29);
}

static int index_grow(OuTrace *t)
{
    uint32_t cap = t->index_cap ? t->index_cap * 2 : 256;
    uint32_t *index = calloc(cap, sizeof *index);
    if (!index)
        return -1;
    for (uint32_t i = 1; i < t->nnodes; i++) {
        const OuTraceNode *n = &t->nodes[i];
        uint32_t h = node_hash(n->code, n->line, n->caller) & (cap - 1);
        while (index[h])
            h = (h + 1) & (cap - 1);
        index[h] = i;
    }
    free(t->index);
    t->index = index;
    t->index_cap = cap;
    return 0;
}

/* The number of the node (frame, caller), made when new; 0: no memory. */
static uint32_t intern(OuTrace *t, OuTraceFrame f, uint32_t caller, uint32_t total)
{
    uint32_t mask = t->index_cap - 1, h = node_hash(f.code, f.line, caller) & mask, i;
    for (; (i = t->index[h]); h = (h + 1) & mask) {
        const OuTraceNode *n = &t->nodes[i];
        if (n->code == f.code && n->line == f.line && n->caller == caller && n->total == total)
            return i;
    }
    if (t->nnodes >> TB_BITS)
        return 0;
    if (t->nnodes == t->cap) {
        uint32_t cap = t->cap ? t->cap * 2 : 256;
        OuTraceNode *nodes = realloc(t->nodes, cap * sizeof *nodes);
        if (!nodes)
            return 0;
        t->nodes = nodes;
        t->cap = cap;
    }
    if (!ou_ptrmap_get(&t->codes, f.code)) {
        if (ou_ptrmap_put(&t->codes, f.code, 1) < 0)
            return 0;
        if (t->hooks.keep)
            t->hooks.keep(t->hooks.vm, f.code);
    }
    i = t->nnodes++;
    t->nodes[i] = (OuTraceNode){f.code, f.line, caller, caller ? t->nodes[caller].depth + 1 : 1, total};
    t->index[h] = i;
    if (t->nnodes * 2 > t->index_cap && index_grow(t) < 0) {
        t->index[h] = 0;
        t->nnodes--;
        return 0;
    }
    return i;
}

/* The traceback of the running code; 0 also when there is none. */
static uint32_t here(OuTrace *t)
{
    int total = 0, n = t->hooks.frames ? t->hooks.frames(t->hooks.vm, t->frames, t->limit, &total) : 0;
    if (n <= 0)
        return 0;
    /* Callers in common with the last record need no look-up: compare from the outermost end. */
    int same = 0, max = n < t->nlast ? n : t->nlast;
    if (total - n == t->last_total - t->nlast)
        while (same < max && t->frames[n - 1 - same].code == t->last[t->nlast - 1 - same].code &&
               t->frames[n - 1 - same].line == t->last[t->nlast - 1 - same].line)
            same++;
    uint32_t id = same ? t->last_node[t->nlast - same] : 0;
    if (n != t->nlast)
        memmove(t->last_node + (n - same), t->last_node + (t->nlast - same),
                (size_t)same * sizeof *t->last_node);
    for (int i = n - same - 1; i >= 0; i--) {
        id = intern(t, t->frames[i], id, (uint32_t)(total - n));
        if (!id) {
            t->nlast = 0;
            return 0;
        }
        t->last_node[i] = id;
    }
    OuTraceFrame *swap = t->last;
    t->last = t->frames;
    t->frames = swap;
    t->nlast = n;
    t->last_total = total;
    return id;
}

int ou_trace_add(OuTrace *t, const void *p, size_t n)
{
    if (t->busy)
        return 0;
    t->busy = true;
    uint32_t tb = here(t);
    t->busy = false;
    if (n >> SIZE_BITS || ou_ptrmap_put(&t->blocks, p, (uint64_t)n << TB_BITS | tb) < 0)
        return -1;
    t->now += n;
    if (t->now > t->peak)
        t->peak = t->now;
    return 0;
}

void ou_trace_remove(OuTrace *t, const void *p)
{
    uint64_t v;
    if (ou_ptrmap_pop(&t->blocks, p, &v))
        t->now -= v >> TB_BITS;
}

int ou_trace_start(OuMem *m, int nframe, const OuTraceHooks *hooks)
{
    if (m->trace)
        return 0;
    OuTrace *t = calloc(1, sizeof *t);
    if (!t)
        return -1;
    t->hooks = *hooks;
    t->limit = nframe < 1 ? 1 : nframe > MAX_FRAMES ? MAX_FRAMES : nframe;
    ou_ptrmap_init(&t->blocks, NULL);
    ou_ptrmap_init(&t->codes, NULL);
    t->frames = malloc((size_t)t->limit * sizeof *t->frames);
    t->last = malloc((size_t)t->limit * sizeof *t->last);
    t->last_node = malloc((size_t)t->limit * sizeof *t->last_node);
    t->nnodes = 1;
    t->cap = 256;
    t->nodes = calloc(t->cap, sizeof *t->nodes);
    m->trace = t;
    if (!t->frames || !t->last || !t->last_node || !t->nodes || index_grow(t) < 0) {
        ou_trace_stop(m);
        return -1;
    }
    ou_mem_set_mode(m, OU_MEM_TRACE, true);
    return 0;
}

void ou_trace_stop(OuMem *m)
{
    OuTrace *t = m->trace;
    if (!t)
        return;
    ou_mem_set_mode(m, OU_MEM_TRACE, false);
    m->trace = NULL;
    ou_ptrmap_free(&t->blocks);
    ou_ptrmap_free(&t->codes);
    free(t->frames);
    free(t->last);
    free(t->last_node);
    free(t->nodes);
    free(t->index);
    free(t);
}

bool ou_trace_is_on(const OuMem *m)
{
    return m->trace != NULL;
}

int ou_trace_limit(const OuMem *m)
{
    return m->trace ? m->trace->limit : 1;
}

void ou_trace_clear(OuMem *m)
{
    OuTrace *t = m->trace;
    if (!t)
        return;
    ou_ptrmap_free(&t->blocks);
    t->now = t->peak = 0;
}

void ou_trace_memory(const OuMem *m, size_t *now, size_t *peak)
{
    *now = m->trace ? m->trace->now : 0;
    *peak = m->trace ? m->trace->peak : 0;
}

void ou_trace_reset_peak(OuMem *m)
{
    if (m->trace)
        m->trace->peak = m->trace->now;
}

size_t ou_trace_overhead(const OuMem *m)
{
    const OuTrace *t = m->trace;
    if (!t)
        return 0;
    return sizeof *t + (t->blocks.cap + t->codes.cap) * sizeof(OuPtrSlot) + t->cap * sizeof *t->nodes +
           t->index_cap * sizeof *t->index +
           (size_t)t->limit * (2 * sizeof *t->frames + sizeof *t->last_node);
}

bool ou_trace_find(const OuMem *m, const void *p, size_t *size, uint32_t *traceback)
{
    const uint64_t *v = m->trace ? ou_ptrmap_get(&m->trace->blocks, p) : NULL;
    if (!v)
        return false;
    *size = *v >> TB_BITS;
    *traceback = (uint32_t)(*v & ((UINT64_C(1) << TB_BITS) - 1));
    return true;
}

int ou_trace_walk(const OuMem *m, int (*fn)(void *arg, const void *p, size_t size, uint32_t traceback),
                  void *arg)
{
    const OuTrace *t = m->trace;
    for (size_t i = 0; t && i < t->blocks.cap; i++) {
        const OuPtrSlot *s = &t->blocks.slots[i];
        if (s->key) {
            int r = fn(arg, s->key, s->val >> TB_BITS, (uint32_t)(s->val & ((UINT64_C(1) << TB_BITS) - 1)));
            if (r)
                return r;
        }
    }
    return 0;
}

const OuTraceNode *ou_trace_node(const OuMem *m, uint32_t number)
{
    return m->trace && number < m->trace->nnodes ? &m->trace->nodes[number] : NULL;
}

uint32_t ou_trace_nodes(const OuMem *m)
{
    return m->trace ? m->trace->nnodes : 0;
}
