/* gc/trace.c - allocation tracing.
 *
 * All memory of the tracer is plain malloc: it must neither trace itself nor eat the script's budget. */
#include "trace.h"
#include "ptrmap.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    MAX_FRAMES = 65535,
    TB_BITS = 23, /* of a shadow entry: traceback + 1 below, size - 1 above; 0 is no record */
    MAX_NODES = (1 << TB_BITS) - 2,
    SHADOW_BYTES = OU_REGION_SIZE / 16 * 4,
    WIDE_TB_BITS = 28, /* of an entry in `blocks` */
};

/* Recently seen nodes: direct mapped, in front of the trie, and the only place where instructions count.  The
 * address of an instruction names its code too, which hooks.keep keeps alive. */
enum { QUICK = 4096 };
typedef struct Quick {
    const void *pc;
    uint32_t from, node; /* from: caller, or AT_DEPTH + depth where that is 0 */
} Quick;
#define AT_DEPTH (1u << 31)

struct OuTrace {
    OuTraceHooks hooks;
    Quick quick[QUICK];
    int limit;
    OuPtrMap blocks;    /* large block or span -> size << WIDE_TB_BITS | traceback */
    OuTraceNode *nodes; /* [0] is the empty traceback */
    uint32_t nnodes, cap;
    uint32_t *index; /* open addressing over nodes */
    uint32_t index_cap;
    OuPtrMap codes; /* codes that were reported to hooks.keep */
    size_t now, peak;
    bool busy; /* paused, or a hook that may allocate is running: what it allocates is not traced */
};

static uint32_t node_hash(const void *code, uint32_t line, uint32_t caller)
{
    uint64_t h = ((uintptr_t)code >> 4) * OU_GOLDEN;
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

/* The number of the node (code, line, caller, depth), made when new; 0: no memory. */
static uint32_t intern(OuTrace *t, const void *code, uint32_t line, uint32_t caller, uint32_t depth)
{
    uint32_t mask = t->index_cap - 1, h = node_hash(code, line, caller) & mask, i;
    for (; (i = t->index[h]); h = (h + 1) & mask) {
        const OuTraceNode *n = &t->nodes[i];
        if (n->code == code && n->line == line && n->caller == caller && n->depth == depth)
            return i;
    }
    if (t->nnodes >= MAX_NODES)
        return 0;
    if (t->nnodes == t->cap) {
        uint32_t cap = t->cap * 2;
        OuTraceNode *nodes = realloc(t->nodes, cap * sizeof *nodes);
        if (!nodes)
            return 0;
        t->nodes = nodes;
        t->cap = cap;
    }
    if (!ou_ptrmap_get(&t->codes, code)) {
        if (ou_ptrmap_put(&t->codes, code, 1) < 0)
            return 0;
        if (t->hooks.keep)
            t->hooks.keep(t->hooks.vm, code);
    }
    i = t->nnodes++;
    t->nodes[i] = (OuTraceNode){code, line, caller, depth, t->nodes[caller].length + 1};
    t->index[h] = i;
    if (t->nnodes * 2 > t->index_cap && index_grow(t) < 0) {
        t->index[h] = 0;
        t->nnodes--;
        return 0;
    }
    return i;
}

__attribute__((noinline)) static uint32_t intern_slow(OuTrace *t, const void *code, const void *pc,
                                                      uint32_t from, Quick *q)
{
    uint32_t caller = from & AT_DEPTH ? 0 : from;
    t->busy = true;
    uint32_t line = t->hooks.line(t->hooks.vm, code, pc);
    uint32_t id = intern(t, code, line, caller, caller ? t->nodes[caller].depth + 1 : from - AT_DEPTH);
    t->busy = false;
    if (id)
        *q = (Quick){pc, from, id};
    return id;
}

uint32_t ou_trace_intern(OuTrace *t, const void *code, const void *pc, uint32_t caller, uint32_t depth)
{
    uint32_t from = caller ? caller : AT_DEPTH + depth;
    /* recursion: neighbouring instructions and depths must not fall together */
    Quick *q = &t->quick[((uintptr_t)pc / 8 + from * 1013) % QUICK];
    if (__builtin_expect(q->pc == pc && q->from == from, 1))
        return q->node;
    return intern_slow(t, code, pc, from, q);
}

uint32_t ou_trace_length(const OuTrace *t, uint32_t node)
{
    return t->nodes[node].length;
}

static void count(OuTrace *t, size_t n)
{
    t->now += n;
    if (t->now > t->peak)
        t->peak = t->now;
}

static uint32_t *shadow_entry(OuRegion *r, const void *p)
{
    return &r->shadow[((uintptr_t)p & (OU_REGION_SIZE - 1)) / 16];
}

__attribute__((noinline)) static int make_shadow(OuRegion *r)
{
    void *s = mmap(NULL, SHADOW_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (s == MAP_FAILED)
        return -1;
    r->shadow = s;
    return 0;
}

static inline void record(OuTrace *t, OuRegion *r, const void *p, size_t n, uint32_t tb)
{
    *shadow_entry(r, p) = (uint32_t)(n - 1) << TB_BITS | (tb + 1);
    count(t, n);
}

static int add_pool(OuTrace *t, const void *p, size_t n, uint32_t tb)
{
    OuRegion *r = ou_region_of(p);
    if (!r->shadow && make_shadow(r) < 0)
        return -1;
    record(t, r, p, n, tb);
    return 0;
}

int ou_trace_add_pool(OuTrace *t, const void *p, size_t n)
{
    return t->busy ? 0 : add_pool(t, p, n, t->hooks.here(t->hooks.vm, t));
}

/* Needs a page or a shadow. */
__attribute__((noinline)) static void *take_first(OuMem *m, unsigned cls, size_t n, uint32_t tb)
{
    void *p = ou_mem_pool_take(m, cls);
    if (p && add_pool(m->trace, p, n, tb) < 0) {
        ou_mem_free_mode(m, p, n, cls);
        return NULL;
    }
    return p;
}

void *ou_trace_take(OuMem *m, unsigned cls, size_t n)
{
    OuTrace *t = m->trace;
    if (__builtin_expect(t->busy, 0))
        return ou_mem_pool_take(m, cls);
    uint32_t tb = t->hooks.here(t->hooks.vm, t);
    OuPage *pg = m->real[cls];
    void *p = pg->free;
    if (__builtin_expect(!p || !ou_region_of(p)->shadow, 0))
        return take_first(m, cls, n, tb); /* no call returns to here: little is saved on the stack */
    pg->free = *(void **)p;
    pg->credit++;
    record(t, ou_region_of(p), p, n, tb);
    return p;
}

void ou_trace_remove_pool(OuTrace *t, const void *p)
{
    OuRegion *r = ou_region_of(p);
    if (!r->shadow)
        return;
    uint32_t *e = shadow_entry(r, p);
    if (*e)
        t->now -= (*e >> TB_BITS) + 1;
    *e = 0;
}

void ou_trace_drop_region(OuRegion *r)
{
    if (r->shadow)
        munmap(r->shadow, SHADOW_BYTES);
    r->shadow = NULL;
}

int ou_trace_add(OuTrace *t, const void *p, size_t n)
{
    if (t->busy)
        return 0;
    if (n >> (64 - WIDE_TB_BITS) ||
        ou_ptrmap_put(&t->blocks, p, (uint64_t)n << WIDE_TB_BITS | t->hooks.here(t->hooks.vm, t)) < 0)
        return -1;
    count(t, n);
    return 0;
}

void ou_trace_remove(OuTrace *t, const void *p)
{
    uint64_t v;
    if (ou_ptrmap_pop(&t->blocks, p, &v))
        t->now -= v >> WIDE_TB_BITS;
}

void ou_trace_pause(OuMem *m, bool on)
{
    if (m->trace)
        m->trace->busy = on;
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
    t->nnodes = 1;
    t->cap = 256;
    t->nodes = calloc(t->cap, sizeof *t->nodes);
    m->trace = t;
    if (!t->nodes || index_grow(t) < 0) {
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
    for (OuRegion *r = m->regions; r; r = r->next)
        ou_trace_drop_region(r);
    ou_ptrmap_free(&t->blocks);
    ou_ptrmap_free(&t->codes);
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
    for (OuRegion *r = m->regions; r; r = r->next)
        ou_trace_drop_region(r);
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
    size_t shadows = 0;
    for (OuRegion *r = m->regions; r; r = r->next)
        shadows += r->shadow != NULL;
    return sizeof *t + (t->blocks.cap + t->codes.cap) * sizeof(OuPtrSlot) + t->cap * sizeof *t->nodes +
           t->index_cap * sizeof *t->index + shadows * SHADOW_BYTES;
}

static void unpack(uint64_t v, size_t *size, uint32_t *traceback)
{
    *size = v >> WIDE_TB_BITS;
    *traceback = (uint32_t)(v & ((UINT64_C(1) << WIDE_TB_BITS) - 1));
}

static void unpack_shadow(uint32_t e, size_t *size, uint32_t *traceback)
{
    *size = (e >> TB_BITS) + 1;
    *traceback = (e & ((1u << TB_BITS) - 1)) - 1;
}

bool ou_trace_find(const OuMem *m, const void *p, size_t *size, uint32_t *traceback)
{
    if (!m->trace)
        return false;
    const uint64_t *v = ou_ptrmap_get(&m->trace->blocks, p);
    if (v) {
        unpack(*v, size, traceback);
        return true;
    }
    for (OuRegion *r = m->regions; r; r = r->next) /* p may be anywhere: no masking */
        if (r == ou_region_of(p) && r->shadow && *shadow_entry(r, p)) {
            unpack_shadow(*shadow_entry(r, p), size, traceback);
            return true;
        }
    return false;
}

int ou_trace_walk(const OuMem *m, int (*fn)(void *arg, const void *p, size_t size, uint32_t traceback),
                  void *arg)
{
    const OuTrace *t = m->trace;
    size_t size;
    uint32_t tb;
    if (!t)
        return 0;
    for (OuRegion *r = m->regions; r; r = r->next) {
        const char *base = (const char *)((uintptr_t)r & ~(uintptr_t)(OU_REGION_SIZE - 1));
        for (size_t i = 0; r->shadow && i < SHADOW_BYTES / 4; i++)
            if (r->shadow[i]) {
                unpack_shadow(r->shadow[i], &size, &tb);
                int res = fn(arg, base + i * 16, size, tb);
                if (res)
                    return res;
            }
    }
    for (size_t i = 0; i < t->blocks.cap; i++)
        if (t->blocks.slots[i].key) {
            unpack(t->blocks.slots[i].val, &size, &tb);
            int res = fn(arg, t->blocks.slots[i].key, size, tb);
            if (res)
                return res;
        }
    return 0;
}

const OuTraceNode *ou_trace_node(const OuMem *m, uint32_t number)
{
    return m->trace && number && number < m->trace->nnodes ? &m->trace->nodes[number] : NULL;
}

uint32_t ou_trace_nodes(const OuMem *m)
{
    return m->trace ? m->trace->nnodes : 0;
}
