/* gc/mem.c - size-class pools in regions, large blocks, and the modes of the gate.
 *
 * See gc/mem.h for the states of a page.  Blocks of a page are handed out lowest first: a new page is
 * carved in address order, and a container page that is taken up again gets its free list sorted, so that
 * address order stays close to creation order. */
#include "mem.h"
#include "trace.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { CURRENT = 1, FULL, AVAIL, LIMBO };
enum { MAP_FROM = 1 << 20, CARVE_BYTES = 2048, SPARE_MAX = 4 << 20 };

static void list_push(OuPageList *l, OuPage *pg)
{
    pg->next = NULL;
    pg->prev = l->tail;
    if (l->tail)
        l->tail->next = pg;
    else
        l->head = pg;
    l->tail = pg;
}

static void list_drop(OuPageList *l, OuPage *pg)
{
    if (pg->prev)
        pg->prev->next = pg->next;
    else
        l->head = pg->next;
    if (pg->next)
        pg->next->prev = pg->prev;
    else
        l->tail = pg->prev;
    pg->next = pg->prev = NULL;
}

/* ---- the gate ---------------------------------------------------------------------- */

bool ou_mem_charge(OuMem *m, size_t n)
{
    size_t used = m->used + n;
    if (used < n)
        return false;
    if (m->budget) {
        if (used > m->budget) {
            if (m->pressure)
                m->pressure(m->owner);
            return false;
        }
        if (used > m->soft && m->pressure) {
            m->soft = used + (m->budget - used) / 4; /* not again before a quarter of the rest is gone */
            m->pressure(m->owner);
        }
    }
    m->used = used;
    if (used > m->peak)
        m->peak = used;
    return true;
}

void ou_mem_uncharge(OuMem *m, size_t n)
{
    m->used -= n;
}

bool ou_mem_should_fail(OuMem *m)
{
    if (!(m->mode & OU_MEM_FAIL))
        return false;
    uint64_t c = ++m->fail_count;
    if (c < m->fail_start || (m->fail_stop && c >= m->fail_stop))
        return false;
    m->failed++;
    return true;
}

void ou_mem_set_mode(OuMem *m, int bit, bool on)
{
    m->mode = (uint8_t)(on ? m->mode | bit : m->mode & ~bit);
    m->slow_free = (m->mode & (OU_MEM_TRACE | OU_MEM_SYSTEM)) != 0;
    for (int i = 0; i < OU_ALL_CLASSES; i++)
        m->cur[i] = m->mode ? &m->none : m->real[i];
}

void ou_mem_set_budget(OuMem *m, size_t bytes)
{
    m->budget = bytes;
    m->soft = bytes - bytes / 8;
}

void ou_mem_set_fail(OuMem *m, uint64_t start, uint64_t stop)
{
    m->fail_start = start;
    m->fail_stop = stop;
    m->fail_count = m->failed = 0;
    ou_mem_set_mode(m, OU_MEM_FAIL, start != 0);
}

/* ---- regions and pages --------------------------------------------------------------- */

static OuRegion *region_new(OuMem *m)
{
    size_t want = OU_REGION_SIZE;
    char *p =
        mmap(NULL, 2 * want, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        return NULL;
    char *base = (char *)(((uintptr_t)p + want - 1) & ~(uintptr_t)(want - 1));
    if (base > p)
        munmap(p, (size_t)(base - p));
    if (base + want < p + 2 * want)
        munmap(base + want, (size_t)(p + 2 * want - (base + want)));
    OuRegion *r = (OuRegion *)(base + OU_REGION_PAGES * 64);
    r->free = ~(uint64_t)0;
    r->containers = r->dead = r->dirty = 0;
    r->shadow = NULL;
    r->marks = NULL;
    r->next = NULL;
    r->prev = m->last_region;
    if (r->prev)
        r->prev->next = r;
    else
        m->regions = r;
    m->last_region = r;
    m->nregions++;
    m->regions_made++;
    return r;
}

static void region_free(OuMem *m, OuRegion *r)
{
    if (r->prev)
        r->prev->next = r->next;
    else
        m->regions = r->next;
    if (r->next)
        r->next->prev = r->prev;
    else
        m->last_region = r->prev;
    if (m->fill == r)
        m->fill = NULL;
    m->nregions--;
    ou_trace_drop_region(r);
    munmap((char *)r - OU_REGION_PAGES * 64, OU_REGION_SIZE);
}

/* The fullest region with a free page: emptier ones get a chance to drain. */
static OuRegion *region_pick(OuMem *m)
{
    OuRegion *best = NULL;
    int least = OU_REGION_PAGES + 1;
    for (OuRegion *r = m->regions; r; r = r->next) {
        int n = __builtin_popcountll(r->free);
        if (n && n < least) {
            least = n;
            best = r;
        }
    }
    return best ? best : region_new(m);
}

static OuPage *page_new(OuMem *m, unsigned cls)
{
    if (!ou_mem_charge(m, OU_PAGE_SIZE))
        return NULL;
    OuRegion *r = m->fill;
    if (!r || !r->free)
        r = m->fill = region_pick(m);
    if (!r) {
        ou_mem_uncharge(m, OU_PAGE_SIZE);
        return NULL;
    }
    unsigned i = (unsigned)__builtin_ctzll(r->free);
    r->free &= r->free - 1;
    r->dirty |= (uint64_t)1 << i;
    if (cls >= OU_GC_CLASS)
        r->containers |= (uint64_t)1 << i;
    m->npages++;
    OuPage *pg = ou_region_page(r, i);
    char *base = (char *)((uintptr_t)r & ~(uintptr_t)(OU_REGION_SIZE - 1)) + (size_t)i * OU_PAGE_SIZE;
    uint32_t size = (cls % OU_CLASSES + 1) * 16;
    pg->start = i ? base : base + OU_REGION_HEAD;
    pg->end = pg->start + (size_t)(base + OU_PAGE_SIZE - pg->start) / size * size;
    pg->bump = pg->start;
    pg->free = NULL;
    pg->size = size;
    pg->cls = (uint16_t)cls;
    pg->frozen = 0;
    pg->next = pg->prev = NULL;
    pg->credit = pg->bias = 0;
    return pg;
}

static void page_release(OuMem *m, OuPage *pg)
{
    OuRegion *r = ou_region_of(pg);
    unsigned i = (unsigned)(pg - ou_region_page(r, 0));
    uint64_t bit = (uint64_t)1 << i;
    r->free |= bit;
    r->containers &= ~bit;
    pg->state = 0;
    m->npages--;
    ou_mem_uncharge(m, OU_PAGE_SIZE);
    /* The region being filled is kept as the one spare; any other empty one goes back. */
    if (r->free == ~(uint64_t)0 && r != m->fill)
        region_free(m, r);
}

static void page_reset(OuPage *pg)
{
    pg->free = NULL;
    pg->bump = pg->start;
    pg->frozen = 0;
}

/* Links the free blocks of pg in address order. */
static void page_sort(OuPage *pg)
{
    uint64_t map[OU_PAGE_SIZE / 16 / 64] = {0};
    for (void *p = pg->free; p; p = *(void **)p) {
        size_t g = (uintptr_t)p % OU_PAGE_SIZE / 16;
        map[g / 64] |= (uint64_t)1 << g % 64;
    }
    char *base = (char *)((uintptr_t)pg->start & ~(uintptr_t)(OU_PAGE_SIZE - 1));
    void *list = NULL;
    for (int w = (int)(sizeof map / sizeof *map) - 1; w >= 0; w--)
        for (uint64_t bits = map[w]; bits;) {
            int b = 63 - __builtin_clzll(bits);
            bits ^= (uint64_t)1 << b;
            void *p = base + ((size_t)w * 64 + (size_t)b) * 16;
            *(void **)p = list;
            list = p;
        }
    pg->free = list;
}

static void page_carve(OuPage *pg)
{
    size_t size = pg->size, n = CARVE_BYTES / size, left = (size_t)(pg->end - pg->bump) / size;
    n = n < left ? n : left;
    char *p = pg->bump + (n - 1) * size;
    void *list = NULL;
    for (;; p -= size) {
        *(void **)p = list;
        list = p;
        if (p == pg->bump)
            break;
    }
    pg->free = list;
    pg->bump += n * size;
}

static void set_current(OuMem *m, unsigned cls, OuPage *pg)
{
    m->real[cls] = pg;
    if (!m->mode)
        m->cur[cls] = pg;
}

void *ou_mem_pool_take(OuMem *m, unsigned cls)
{
    OuPage *pg = m->real[cls];
    while (!pg->free) {
        if (pg->bump < pg->end) {
            page_carve(pg);
            break;
        }
        if (pg != &m->none) { /* retire it */
            int32_t n = ou_page_used(pg), wait = 1 + n / 16;
            pg->credit = wait;
            pg->bias = n - wait;
            pg->state = FULL;
            set_current(m, cls, &m->none);
        }
        OuPageList *l = &m->avail[cls];
        if ((pg = l->head)) {
            list_drop(l, pg);
            if (cls >= OU_GC_CLASS)
                page_sort(pg);
        } else if (cls >= OU_GC_CLASS && (pg = m->limbo[cls - OU_GC_CLASS].head)) {
            list_drop(&m->limbo[cls - OU_GC_CLASS], pg);
            m->nlimbo--;
            page_reset(pg);
        } else if (!(pg = page_new(m, cls))) {
            return NULL;
        }
        /* One more than in use, so that frees never find a current page worth looking at. */
        int32_t n = ou_page_used(pg);
        pg->credit = n + 1;
        pg->bias = -1;
        pg->state = CURRENT;
        set_current(m, cls, pg);
    }
    void *p = pg->free;
    pg->free = *(void **)p;
    pg->credit++;
    return p;
}

void ou_mem_put_slow(OuMem *m, OuPage *pg)
{
    pg->credit = pg->bias;
    pg->bias = 0;
    if (pg->state == FULL) {
        if (pg->credit) {
            pg->state = AVAIL;
            if (!pg->frozen)
                list_push(&m->avail[pg->cls], pg);
            return;
        }
    } else if (pg->credit) {
        return;
    } else if (!pg->frozen) {
        list_drop(&m->avail[pg->cls], pg);
    }
    if (pg->cls < OU_GC_CLASS) {
        page_release(m, pg);
        return;
    }
    pg->state = LIMBO;
    list_push(&m->limbo[pg->cls - OU_GC_CLASS], pg);
    if (++m->nlimbo > m->limbo_max && m->limbo_full)
        m->limbo_full(m->owner);
}

void ou_mem_release_limbo(OuMem *m)
{
    for (int i = 0; i < OU_CLASSES; i++)
        for (OuPage *pg; (pg = m->limbo[i].head);) {
            list_drop(&m->limbo[i], pg);
            page_release(m, pg);
        }
    m->nlimbo = 0;
}

void ou_mem_trim(OuMem *m)
{
    if (m->spare)
        munmap(m->spare, m->spare_size);
    m->spare = NULL;
    m->spare_size = 0;
    for (OuRegion *r = m->regions; r; r = r->next) {
        /* Page 0 holds the records. */
        uint64_t back = r->free & r->dirty & ~(uint64_t)1;
        if (back) /* not even the record of a region is written to without need: it may be shared with a
                     parent process */
            r->dirty &= ~back;
        while (back) {
            unsigned i = (unsigned)__builtin_ctzll(back);
            uint64_t run = ~(back >> i);
            unsigned n = run ? (unsigned)__builtin_ctzll(run) : OU_REGION_PAGES - i;
            char *base = (char *)r - OU_REGION_PAGES * 64;
            madvise(base + (size_t)i * OU_PAGE_SIZE, (size_t)n * OU_PAGE_SIZE, MADV_DONTNEED);
            back &= n + i >= 64 ? 0 : ~(((uint64_t)1 << n) - 1) << i;
        }
    }
}

/* ---- freeze --------------------------------------------------------------------------- */

void ou_mem_freeze(OuMem *m)
{
    for (unsigned c = OU_GC_CLASS; c < OU_ALL_CLASSES; c++) {
        OuPage *pg = m->real[c];
        if (pg != &m->none) { /* its free blocks stay unused until it is thawed */
            pg->credit--;
            pg->bias++;
            pg->state = AVAIL;
            set_current(m, c, &m->none);
            if (!pg->credit) {
                pg->state = LIMBO;
                list_push(&m->limbo[c - OU_GC_CLASS], pg);
                m->nlimbo++;
            }
        }
        while ((pg = m->avail[c].head))
            list_drop(&m->avail[c], pg);
    }
    for (OuRegion *r = m->regions; r; r = r->next)
        for (uint64_t left = r->containers; left; left &= left - 1) {
            OuPage *pg = ou_region_page(r, (unsigned)__builtin_ctzll(left));
            if (pg->state != LIMBO)
                pg->frozen = 1;
        }
}

void ou_mem_thaw(OuMem *m)
{
    for (OuRegion *r = m->regions; r; r = r->next)
        for (uint64_t left = r->containers; left; left &= left - 1) {
            OuPage *pg = ou_region_page(r, (unsigned)__builtin_ctzll(left));
            if (!pg->frozen)
                continue;
            pg->frozen = 0;
            if (pg->state == AVAIL)
                list_push(&m->avail[pg->cls], pg);
        }
}

/* ---- blocks --------------------------------------------------------------------------- */

/* With fail-the-Nth or malloc=system, and perhaps tracing besides. */
__attribute__((noinline)) static void *take_checked(OuMem *m, unsigned cls, size_t n)
{
    if (ou_mem_should_fail(m))
        return NULL;
    void *p;
    bool system = m->mode & OU_MEM_SYSTEM;
    if (system) {
        if (!ou_mem_charge(m, n))
            return NULL;
        p = malloc(n);
        if (!p) {
            ou_mem_uncharge(m, n);
            return NULL;
        }
        m->nlarge++;
    } else {
        p = ou_mem_pool_take(m, cls);
    }
    if (p && m->mode & OU_MEM_TRACE &&
        (system ? ou_trace_add(m->trace, p, n) : ou_trace_add_pool(m->trace, p, n)) < 0) {
        ou_mem_free_mode(m, p, n, cls);
        return NULL;
    }
    return p;
}

void *ou_mem_take_slow(OuMem *m, unsigned cls, size_t n)
{
    if (!m->mode)
        return ou_mem_pool_take(m, cls);
    return m->mode == OU_MEM_TRACE ? ou_trace_take(m, cls, n) : take_checked(m, cls, n);
}

__attribute__((noinline)) static void free_system(OuMem *m, void *p, size_t n)
{
    if (m->mode & OU_MEM_TRACE)
        ou_trace_remove(m->trace, p);
    ou_mem_uncharge(m, n);
    m->nlarge--;
    free(p);
}

void ou_mem_free_mode(OuMem *m, void *p, size_t n, unsigned cls)
{
    (void)cls;
    if (m->mode & OU_MEM_SYSTEM) {
        free_system(m, p, n);
        return;
    }
    ou_trace_remove_pool(m->trace, p);
    OuPage *pg = ou_mem_page(p);
    *(void **)p = pg->free;
    pg->free = p;
    if (--pg->credit == 0)
        ou_mem_put_slow(m, pg);
}

static bool is_mapped(const OuMem *m, size_t n)
{
    return n >= MAP_FROM && !(m->mode & OU_MEM_SYSTEM);
}

static size_t whole_pages(size_t n)
{
    return (n + 4095) & ~(size_t)4095;
}

static void *map(OuMem *m, size_t n, bool zeroed)
{
    n = whole_pages(n);
    if (!zeroed && m->spare_size >= n && m->spare_size / 2 <= n) {
        char *p = m->spare;
        if (m->spare_size > n)
            munmap(p + n, m->spare_size - n);
        m->spare = NULL;
        m->spare_size = 0;
        return p;
    }
    void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

static void unmap(OuMem *m, void *p, size_t n)
{
    n = whole_pages(n);
    if (n > SPARE_MAX) {
        munmap(p, n);
        return;
    }
    if (m->spare)
        munmap(m->spare, m->spare_size);
    m->spare = p;
    m->spare_size = n;
}

static void *alloc_large(OuMem *m, size_t n, bool zeroed)
{
    if (n == 0)
        return ou_mem_take(m, 0, 1);
    if (n > PTRDIFF_MAX || ou_mem_should_fail(m) || !ou_mem_charge(m, n))
        return NULL;
    void *p = is_mapped(m, n) ? map(m, n, zeroed) : malloc(n);
    bool refused = p && m->mode & OU_MEM_TRACE && ou_trace_add(m->trace, p, n) < 0;
    if (p && !refused && m->kept && ou_mem_kept_add(m, p, n) < 0) {
        if (m->mode & OU_MEM_TRACE)
            ou_trace_remove(m->trace, p);
        refused = true;
    }
    if (refused) {
        if (is_mapped(m, n))
            unmap(m, p, n);
        else
            free(p);
        p = NULL;
    }
    if (!p) {
        ou_mem_uncharge(m, n);
        return NULL;
    }
    m->large += n;
    m->nlarge++;
    return p;
}

void *ou_mem_alloc_large(OuMem *m, size_t n)
{
    return alloc_large(m, n, false);
}

void ou_mem_free_large(OuMem *m, void *p, size_t n)
{
    if (n == 0) {
        ou_mem_put(m, p, 1, 0);
        return;
    }
    if (m->mode & OU_MEM_TRACE)
        ou_trace_remove(m->trace, p);
    if (m->kept)
        ou_mem_kept_remove(m, p);
    ou_mem_uncharge(m, n);
    m->large -= n;
    m->nlarge--;
    if (is_mapped(m, n))
        unmap(m, p, n);
    else
        free(p);
}

void *ou_mem_calloc(OuMem *m, size_t n)
{
    if (is_mapped(m, n)) /* a new mapping is zero already */
        return alloc_large(m, n, true);
    void *p = ou_mem_alloc(m, n);
    if (p)
        memset(p, 0, n ? n : 1);
    return p;
}

/* Both sizes large and of the same kind: let the system move it. */
static void *realloc_large(OuMem *m, void *p, size_t old, size_t n)
{
    if (n > old && ou_mem_should_fail(m))
        return NULL;
    if (n > old && !ou_mem_charge(m, n - old))
        return NULL;
    if (m->mode & OU_MEM_TRACE)
        ou_trace_remove(m->trace, p);
    if (m->kept)
        ou_mem_kept_remove(m, p); /* leaves room for the new entry */
    void *q;
    if (is_mapped(m, n)) {
        q = mremap(p, whole_pages(old), whole_pages(n), MREMAP_MAYMOVE);
        q = q == MAP_FAILED ? NULL : q;
    } else {
        q = realloc(p, n);
    }
    if (!q && n > old)
        ou_mem_uncharge(m, n - old);
    if (q && n < old)
        ou_mem_uncharge(m, old - n);
    if (q)
        m->large += n - old;
    if (m->kept)
        ou_mem_kept_add(m, q ? q : p, q ? n : old);
    if (m->mode & OU_MEM_TRACE)
        ou_trace_add(m->trace, q ? q : p, q ? n : old); /* a lost record is better than a lost block */
    return q;
}

void *ou_mem_realloc(OuMem *m, void *p, size_t old, size_t n)
{
    if (!p)
        return ou_mem_alloc(m, n);
    old = old ? old : 1;
    n = n ? n : 1;
    if (n > PTRDIFF_MAX)
        return NULL;
    if (old <= OU_SMALL && n <= OU_SMALL && (old - 1) / 16 == (n - 1) / 16 && !m->mode)
        return p;
    if (old > OU_SMALL && n > OU_SMALL && is_mapped(m, old) == is_mapped(m, n))
        return realloc_large(m, p, old, n);
    void *q;
    if (n > old) {
        q = ou_mem_alloc(m, n);
    } else { /* a smaller block that was refused could not be kept: its size tells where it came from */
        size_t budget = m->budget, soft = m->soft;
        bool fail = m->mode & OU_MEM_FAIL;
        m->budget = 0;
        ou_mem_set_mode(m, OU_MEM_FAIL, false);
        q = ou_mem_alloc(m, n);
        m->budget = budget;
        m->soft = soft;
        ou_mem_set_mode(m, OU_MEM_FAIL, fail);
    }
    if (!q)
        return NULL;
    memcpy(q, p, old < n ? old : n);
    ou_mem_free(m, p, old);
    return q;
}

size_t ou_mem_blocks(const OuMem *m)
{
    size_t n = m->nlarge;
    for (OuRegion *r = m->regions; r; r = r->next)
        for (uint64_t left = ~r->free; left; left &= left - 1)
            n += (size_t)ou_page_used(ou_region_page(r, (unsigned)__builtin_ctzll(left)));
    return n;
}

size_t ou_mem_live(const OuMem *m)
{
    size_t n = m->mode & OU_MEM_SYSTEM ? m->used : m->large;
    for (OuRegion *r = m->regions; r; r = r->next)
        for (uint64_t left = ~r->free; left; left &= left - 1) {
            const OuPage *pg = ou_region_page(r, (unsigned)__builtin_ctzll(left));
            n += (size_t)ou_page_used(pg) * pg->size;
        }
    return n;
}

void ou_mem_init(OuMem *m, int mode)
{
    memset(m, 0, sizeof *m);
    for (int i = 0; i < OU_ALL_CLASSES; i++)
        m->real[i] = &m->none;
    m->limbo_max = 64;
    ou_mem_set_mode(m, mode, true);
}

void ou_mem_done(OuMem *m)
{
    ou_trace_stop(m);
    ou_mem_kept_free(m);
    ou_mem_trim(m);
    m->fill = NULL;
    while (m->regions)
        region_free(m, m->regions);
    ou_mem_init(m, m->mode & OU_MEM_SYSTEM);
}
