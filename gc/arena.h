/* gc/arena.h - bump allocation for data that dies together (trees, tokens, scopes).
 *
 * An arena takes chunks from an OuMem and frees them all at once; there is no free of
 * a single block.  Failure returns NULL and sets `failed`, which stays set, so that a
 * builder may check once at the end of a step. */
#ifndef OU_GC_ARENA_H
#define OU_GC_ARENA_H

#include "mem.h"

typedef struct OuArenaChunk OuArenaChunk;
typedef struct OuArena {
    OuMem *mem;
    OuArenaChunk *chunks; /* newest first; owned */
    char *at, *end;       /* free part of the newest chunk */
    bool failed;
} OuArena;

/* Empty; blocks will come from mem (borrowed).  Cannot fail. */
void ou_arena_init(OuArena *a, OuMem *mem);
/* Gives every block back; the arena is empty again. */
void ou_arena_free(OuArena *a);
/* New zero-filled block, 8-byte aligned, living as long as the arena; NULL on failure. */
void *ou_arena_alloc(OuArena *a, size_t n);
/* Copy of s[0..n) with a NUL after it; NULL on failure. */
char *ou_arena_copy(OuArena *a, const char *s, size_t n);

#endif
