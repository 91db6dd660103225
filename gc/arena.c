/* gc/arena.c - bump allocation in chunks.
 *
 * Chunks grow from 8 KiB (a one-line script needs no more) to 256 KiB; a block above a quarter of the next
 * chunk gets a chunk of its own, placed behind the newest so that its free part stays in use. */
#include "arena.h"

#include <string.h>

#define CHUNK_MIN ((size_t)8 << 10)
#define CHUNK_MAX ((size_t)256 << 10)

struct OuArenaChunk {
    OuArenaChunk *next;
    size_t size; /* of the whole chunk, for ou_mem_free */
};

void ou_arena_init(OuArena *a, OuMem *mem)
{
    *a = (OuArena){.mem = mem};
}

void ou_arena_free(OuArena *a)
{
    for (OuArenaChunk *c = a->chunks, *next; c; c = next) {
        next = c->next;
        ou_mem_free(a->mem, c, c->size);
    }
    *a = (OuArena){.mem = a->mem};
}

static OuArenaChunk *chunk_new(OuArena *a, size_t size)
{
    OuArenaChunk *c = ou_mem_alloc(a->mem, size);
    if (c)
        c->size = size;
    else
        a->failed = true;
    return c;
}

void *ou_arena_alloc(OuArena *a, size_t n)
{
    if (a->failed || n > SIZE_MAX / 2) {
        a->failed = true;
        return NULL;
    }
    n = (n + 7) & ~(size_t)7;
    if (n > (size_t)(a->end - a->at)) {
        size_t size = a->chunks ? a->chunks->size * 2 : CHUNK_MIN;
        if (size > CHUNK_MAX)
            size = CHUNK_MAX;
        if (n > size / 4) {
            OuArenaChunk *c = chunk_new(a, sizeof *c + n);
            if (!c)
                return NULL;
            OuArenaChunk **at = a->chunks ? &a->chunks->next : &a->chunks;
            c->next = *at;
            *at = c;
            return memset(c + 1, 0, n);
        }
        OuArenaChunk *c = chunk_new(a, size);
        if (!c)
            return NULL;
        c->next = a->chunks;
        a->chunks = c;
        a->at = (char *)(c + 1);
        a->end = (char *)c + size;
    }
    void *p = a->at;
    a->at += n;
    return memset(p, 0, n);
}

char *ou_arena_copy(OuArena *a, const char *s, size_t n)
{
    char *p = ou_arena_alloc(a, n + 1);
    if (p && n)
        memcpy(p, s, n);
    return p;
}
