/* gc/cycle.c - the cycle collector: trial deletion in place.
 *
 * During the passes 1-4 no code but `traverse` runs, and the tracked and visit bits of a header mean
 *
 *     tracked visit
 *        0      0    not tracked
 *        1      0    tracked, not in the set being collected
 *        0      1    in the set, not (yet) reached from outside
 *        1      1    in the set, reached
 *
 *  1 gather    every tracked object of the set goes to 01
 *  2 subtract  each reference between two objects of the set is taken off the target's count; what is left
 *              are references from outside
 *  3 mark      an object 01 with a count above 0 becomes 11, its references to the set are given back, and
 *              their targets are marked in turn
 *  4 restore   objects still 01 are trash: their references are given back as well; 11 returns to 10
 *
 * That is for sets without an order: the test for resurrection, and large heaps, whose members are found by
 * scanning pages (gc/pages.c).  There, unless something is frozen, "tracked" already says "in the set",
 * and pass 1 is left out: an object is 10, and 01 only while the scan of pass 3 has passed it without finding
 * a reference from outside.  Before that, what the roots of the VM lead to is marked as alive (gc/alive.c), and
 * the passes are run on the rest, in a vector.
 *
 * The young, and all objects while there are no more than h->ordered_max, are in vectors in CPython's order,
 * and gc/vectors.c keeps that order: there 11 is a member, 01 one that the scan passed over.
 *
 * Working in the counts themselves needs no scratch memory and no second cache miss: the child's header is
 * loaded anyway to see whether it belongs to the set.  Every change of pass 2 is undone by passes 3 and 4,
 * since all three walk the same references.  A frozen object is never in the set, so its page stays clean.
 *
 * The mark stack is bounded: a target that finds no room just gets its count back and stays as it is; the
 * linear scan of pass 3 will come to it, or is repeated.
 *
 * Then (gc/trash.c) the trash is held by a count of our own, weak references into it are cleared, their callbacks
 * and the finalizers run, the trash is tested again when a finalizer ran (resurrection), and what is left is
 * cleared in the order of creation.  PEP 442: nothing is uncollectable. */
#include "cycle.h"

#include <stdio.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void message_start(OuHeap *h, int gen)
{
    char line[160];
    int c[3];
    ou_gc_count(h, c);
    size_t old = h->long_lived_total + h->long_lived_pending;
    snprintf(line, sizeof line, "gc: collecting generation %d...\n", gen);
    h->hooks->message((OuVM *)h, line);
    snprintf(line, sizeof line, "gc: objects in each generation: %d %zu %zu\n", c[0], h->middle.n, old);
    h->hooks->message((OuVM *)h, line);
    snprintf(line, sizeof line, "gc: objects in permanent generation: %zu\n", ou_gc_freeze_count(h));
    h->hooks->message((OuVM *)h, line);
}

static void message_end(OuHeap *h)
{
    char line[160];
    snprintf(line, sizeof line, "gc: done, %zu unreachable, 0 uncollectable, %.4fs elapsed\n",
             (size_t)h->last_found, h->last_pause);
    h->hooks->message((OuVM *)h, line);
}

static void count_collection(OuHeap *h, int gen)
{
    for (int i = 0; i <= gen; i++)
        h->count[i] = 0;
    if (gen < 2)
        h->count[gen + 1]++;
}

static void note_statistics(OuHeap *h, int gen, size_t visited, size_t found, double start)
{
    OuGcStats *st = &h->stats[gen];
    h->last_gen = gen;
    h->last_found = found;
    h->last_at = start;
    h->last_pause = now() - start;
    st->collections++;
    st->collected += found;
    st->visited += visited;
    st->pause_total += h->last_pause;
    if (h->last_pause > st->pause_max)
        st->pause_max = h->last_pause;
}

size_t ou_gc_collect(OuHeap *h, int gen)
{
    if (h->collecting)
        return 0;
    if (h->deferred)
        ou_heap_drain_deferred(h);
    if (h->deferred || h->collecting)
        return 0; /* dead objects that wait for another thread wear our visit bit */
    h->collecting = true;
    h->requested = false;
    if (h->hooks->callback)
        h->hooks->callback((OuVM *)h, 0, gen, 0, 0);
    bool tell = h->debug & OU_GC_DEBUG_STATS && h->hooks->message;
    if (tell)
        message_start(h, gen);

    double start = now();
    count_collection(h, gen);
    h->work.n = 0;
    size_t visited = gen == 2 && !h->ordered ? ou_gc_collect_pages(h) : ou_gc_collect_vectors(h, gen);
    size_t found = ou_gc_bury(h);
    note_statistics(h, gen, visited, found, start);

    if (tell)
        message_end(h);
    h->collecting = false;
    if (gen == 2 || h->mem.nlimbo > h->mem.limbo_max)
        ou_gc_release_limbo(h);
    if (gen == 2)
        ou_mem_trim(&h->mem);
    if (h->hooks->callback) {
        h->collecting = true; /* a callback must not start another collection */
        h->hooks->callback((OuVM *)h, 1, gen, found, h->last_pause);
        h->collecting = false;
    }
    return found;
}

void ou_gc_poll(OuHeap *h)
{
    bool requested = h->requested;
    h->requested = false;
    if (h->collecting)
        return;
    if (h->emergency) {
        h->emergency = false;
        ou_gc_collect(h, 2);
        return;
    }
    if (!h->enabled || !requested)
        return;
    if (h->stress) {
        bool full = h->stress_full && ++h->stress_count % h->stress_full == 0;
        ou_gc_collect(h, full ? 2 : 0);
        return;
    }
    if (h->threshold[0] <= 0)
        return;
    for (int g = 2; g >= 0; g--) {
        if (g && h->count[g] <= h->threshold[g])
            continue;
        /* A full collection waits until a quarter of the old generation is new. */
        if (g == 2 && h->long_lived_pending < h->long_lived_total / 4)
            continue;
        ou_gc_collect(h, g);
        return;
    }
}
