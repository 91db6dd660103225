/* vm/text/str_intern.c - the table of interned strings of a VM.
 *
 * The table borrows: a string leaves it in its dealloc.  So an interned string counts like any other, as
 * sys.getrefcount shows. Open addressing, at most two thirds full; a removed entry leaves a mark. */
#include "text.h"
#include "../config.h"

#include <stdio.h>

struct OuInternTable {
    size_t mask, used, filled; /* filled: used and marks */
    OuObj **slot;
};
#define MARK ((OuObj *)1)

static int table_resize(OuVM *vm, struct OuInternTable *t, size_t size)
{
    OuObj **slot = ou_mem_calloc(ou_heap_mem(&vm->heap), size * sizeof *slot);
    if (!slot)
        return -1;
    for (size_t i = 0; t->slot && i <= t->mask; i++) {
        OuObj *s = t->slot[i];
        if (!s || s == MARK)
            continue;
        size_t at = (size_t)OU_STR(s)->hash & (size - 1);
        while (slot[at])
            at = (at + 1) & (size - 1);
        slot[at] = s;
    }
    if (t->slot)
        ou_mem_free(ou_heap_mem(&vm->heap), t->slot, (t->mask + 1) * sizeof *slot);
    t->slot = slot;
    t->mask = size - 1;
    t->filled = t->used;
    return 0;
}

static struct OuInternTable *table(OuVM *vm)
{
    if (vm->interned)
        return vm->interned;
    struct OuInternTable *t = ou_mem_calloc(ou_heap_mem(&vm->heap), sizeof *t);
    if (!t || table_resize(vm, t, 2048) < 0) {
        ou_mem_free(ou_heap_mem(&vm->heap), t, sizeof *t);
        return NULL;
    }
    return vm->interned = t;
}

OuObj *ou_str_intern(OuVM *vm, OuObj *s)
{
    struct OuInternTable *t;
    if (OU_STR(s)->interned || !ou_is(s, str) || !(t = table(vm)))
        return s;
    if ((t->filled + 1) * 3 > (t->mask + 1) * 2 &&
        table_resize(vm, t, t->used * 4 > t->mask + 1 ? (t->mask + 1) * 2 : t->mask + 1) < 0)
        return s;
    size_t at = (size_t)ou_str_hash(vm, s) & t->mask, free_at = SIZE_MAX;
    for (; t->slot[at]; at = (at + 1) & t->mask) {
        if (t->slot[at] == MARK) {
            if (free_at == SIZE_MAX)
                free_at = at;
            continue;
        }
        if (ou_str_eq(OU_STR(t->slot[at]), OU_STR(s))) {
            OuObj *found = ou_ref(t->slot[at]);
            ou_decref(vm, s);
            return found;
        }
    }
    if (free_at != SIZE_MAX)
        at = free_at;
    else
        t->filled++;
    t->slot[at] = s;
    t->used++;
    OU_STR(s)->interned = 1;
    return s;
}

OuObj *ou_str_intern_s(OuVM *vm, const char *utf8)
{
    OuObj *s = ou_str_new(vm, utf8, -1);
    return s ? ou_str_intern(vm, s) : NULL;
}

void ou_str_intern_free(OuVM *vm)
{
    struct OuInternTable *t = vm->interned;
    if (!t)
        return;
    vm->interned = NULL;
    int shown = 0;
    for (size_t i = 0; vm->config && vm->config->leakcheck && i <= t->mask && shown < 12; i++) {
        const OuStr *s = t->slot[i] && t->slot[i] != MARK ? OU_STR(t->slot[i]) : NULL;
        if (s && s->kind == 1 && !((char *)s >= (char *)vm && (char *)s < (char *)(vm + 1)) && ++shown)
            fprintf(stderr, "leakcheck: str '%s', count %u\n", s->data, s->hdr.rc);
    }
    ou_mem_free(ou_heap_mem(&vm->heap), t->slot, (t->mask + 1) * sizeof *t->slot);
    ou_mem_free(ou_heap_mem(&vm->heap), t, sizeof *t);
}

void ou_str_unintern(OuVM *vm, OuObj *s)
{
    struct OuInternTable *t = vm->interned;
    if (!t)
        return;
    for (size_t at = (size_t)OU_STR(s)->hash & t->mask; t->slot[at]; at = (at + 1) & t->mask) {
        if (t->slot[at] == s) {
            t->slot[at] = MARK;
            t->used--;
            break;
        }
    }
    OU_STR(s)->interned = 0;
}
