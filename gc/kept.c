/* gc/kept.c - the large blocks of an OuMem by address, so that ou_mem_done can release those that are still alive.
 *
 * A program that ends leaves that to the system; one that embeds interpreters switches this on (ou_mem_keep).  Open addressing,
 * holes closed by moving later entries back; the table itself comes from malloc. */
#include <stdlib.h>

#include "mem.h"

typedef struct Kept {
    void *p;
    size_t n;
} Kept;
struct OuMemKept {
    Kept *at;
    size_t n, cap; /* cap: a power of two */
};

static size_t home(const struct OuMemKept *k, const void *p)
{
    return (size_t)((uintptr_t)p * OU_GOLDEN >> 20) & (k->cap - 1);
}

static size_t find(const struct OuMemKept *k, const void *p)
{
    size_t i = home(k, p);
    while (k->at[i].p && k->at[i].p != p)
        i = (i + 1) & (k->cap - 1);
    return i;
}

int ou_mem_keep(OuMem *m)
{
    struct OuMemKept *k = calloc(1, sizeof *k);
    if (k && !(k->at = calloc(k->cap = 64, sizeof *k->at))) {
        free(k);
        k = NULL;
    }
    m->kept = k;
    return k ? 0 : -1;
}

int ou_mem_kept_add(OuMem *m, void *p, size_t n)
{
    struct OuMemKept *k = m->kept;
    if (k->n * 2 >= k->cap) {
        struct OuMemKept bigger = {calloc(k->cap * 2, sizeof *k->at), k->n, k->cap * 2};
        if (!bigger.at)
            return -1;
        for (size_t i = 0; i < k->cap; i++)
            if (k->at[i].p)
                bigger.at[find(&bigger, k->at[i].p)] = k->at[i];
        free(k->at);
        *k = bigger;
    }
    k->at[find(k, p)] = (Kept){p, n};
    k->n++;
    return 0;
}

void ou_mem_kept_remove(OuMem *m, void *p)
{
    struct OuMemKept *k = m->kept;
    size_t hole = find(k, p), i = hole;
    if (!k->at[hole].p)
        return;
    for (;;) {
        i = (i + 1) & (k->cap - 1);
        if (!k->at[i].p)
            break;
        size_t h = home(k, k->at[i].p);
        if (((i - h) & (k->cap - 1)) >= ((i - hole) & (k->cap - 1))) {
            k->at[hole] = k->at[i];
            hole = i;
        }
    }
    k->at[hole] = (Kept){0};
    k->n--;
}

void ou_mem_kept_free(OuMem *m)
{
    struct OuMemKept *k = m->kept;
    if (!k)
        return;
    while (k->n) { /* freeing removes the entry and may move others */
        for (size_t i = 0; i < k->cap; i++)
            if (k->at[i].p)
                ou_mem_free_large(m, k->at[i].p, k->at[i].n);
    }
    m->kept = NULL;
    free(k->at);
    free(k);
}
