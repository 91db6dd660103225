/* tests/tools/plainmem.h - the memory gate over malloc, for tools and tests that link lang/ alone. */
#include "gc/mem.h"

#include <stdlib.h>

void *ou_mem_alloc(OuMem *m, size_t n)
{
    (void)m;
    return malloc(n ? n : 1);
}

void *ou_mem_calloc(OuMem *m, size_t n)
{
    (void)m;
    return calloc(1, n ? n : 1);
}

void *ou_mem_realloc(OuMem *m, void *p, size_t old, size_t n)
{
    (void)m;
    (void)old;
    return realloc(p, n ? n : 1);
}

void ou_mem_free(OuMem *m, void *p, size_t n)
{
    (void)m;
    (void)n;
    free(p);
}
