/* gc/mem.h - the one gate for memory.
 *
 * Every byte ouro uses comes through an OuMem: budget (-X memlimit), fail-the-Nth
 * (tests), tracing (tracemalloc) and statistics hang here and nowhere else.
 *
 * Sizes are given back on free: the caller always knows them, and the allocator then
 * needs no per-block header.  Blocks are 16-byte aligned.  Small sizes (<= 512) come
 * from size-class pools, larger ones from malloc/mmap; see gc/mem.c.
 */
#ifndef OU_GC_MEM_H
#define OU_GC_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct OuMem OuMem;

/* New block of `n` bytes (n == 0 is treated as 1), uninitialised; NULL on failure.
 * lang/ and vm/ raise MemoryError; nothing here knows exceptions. */
void *ou_mem_alloc(OuMem *m, size_t n);
/* As ou_mem_alloc, zero filled. */
void *ou_mem_calloc(OuMem *m, size_t n);
/* Resizes p (NULL with old == 0 allowed) from `old` to `n` bytes; NULL on failure and
 * then p is still valid.  Shrinking never fails. */
void *ou_mem_realloc(OuMem *m, void *p, size_t old, size_t n);
/* Frees p, which was allocated with size n.  NULL is ignored. */
void ou_mem_free(OuMem *m, void *p, size_t n);

#endif
