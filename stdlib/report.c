/* stdlib/report.c - figures of the heap for -X showrefcount and -X gcstats. */
#include "report.h"

#include <stdio.h>

typedef struct Count {
    OuHeap *heap;
    uint64_t refs, objects;
} Count;

static int count_ref(OuObj *child, void *arg)
{
    ((Count *)arg)->refs++;
    return 0;
}

static int count_object(void *arg, OuObj *o)
{
    Count *c = arg;
    c->objects++;
    ou_traverse(ou_heap_face(c->heap, o), o, count_ref, c);
    return 0;
}

void ou_report_refcount(OuVM *vm)
{
    Count c = {.heap = &vm->heap};
    ou_gc_walk(&vm->heap, -1, count_object, &c);
    ou_gc_walk(&vm->heap, 3, count_object, &c);
    fprintf(stderr, "[%llu refs, %zu blocks]\n", (unsigned long long)c.refs,
            ou_mem_blocks(ou_heap_mem(&vm->heap)));
}

static void put_line(void *arg, const char *line)
{
    fprintf(arg, "%s\n", line);
}

void ou_report_end(OuVM *vm, const OuCommand *cmd)
{
    if (cmd->gcstats)
        ou_heap_stats(&vm->heap, put_line, stderr);
    if (cmd->showrefcount)
        ou_report_refcount(vm);
}
