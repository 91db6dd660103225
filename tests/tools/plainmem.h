/* tests/tools/plainmem.h - a memory gate in malloc=system mode, for tools and tests that link lang/ and gc/. */
#include "gc/mem.h"

static inline OuMem *plain_mem(void)
{
    static OuMem mem;
    static bool ready;
    if (!ready)
        ou_mem_init(&mem, OU_MEM_SYSTEM);
    ready = true;
    return &mem;
}
