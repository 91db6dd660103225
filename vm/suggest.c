/* vm/suggest.c - "Did you mean: 'x'?": the closest name by edit distance, with the weights and limits CPython 3.11
 * shows: a changed, added or missing byte costs 2, a change of case 1, at most a third of the bytes may differ. */
#include <string.h>

#include "exceptions.h"
#include "frame.h"

enum { MOVE = 2, CASE = 1, MAX_CANDIDATES = 750, MAX_NAME = 40 };

static unsigned char fold(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

static size_t change_cost(unsigned char a, unsigned char b)
{
    return a == b ? 0 : fold(a) == fold(b) ? CASE : MOVE;
}

/* Distance of a and b, or anything above max when it exceeds max. */
static size_t distance(const char *a, size_t n, const char *b, size_t m, size_t max)
{
    size_t row[MAX_NAME];
    while (n && m && *a == *b)
        a++, b++, n--, m--;
    while (n && m && a[n - 1] == b[m - 1])
        n--, m--;
    if (!n || !m)
        return (n + m) * MOVE;
    if (n > MAX_NAME || m > MAX_NAME)
        return max + 1;
    if (m < n) {
        const char *t = a;
        size_t k = n;
        a = b, n = m;
        b = t, m = k;
    }
    if ((m - n) * MOVE > max)
        return max + 1;
    for (size_t i = 0; i < n; i++)
        row[i] = (i + 1) * MOVE;
    size_t result = 0;
    for (size_t j = 0; j < m; j++) {
        size_t diagonal = j * MOVE, best = SIZE_MAX;
        result = diagonal;
        for (size_t i = 0; i < n; i++) {
            size_t change = diagonal + change_cost((unsigned char)b[j], (unsigned char)a[i]);
            diagonal = row[i];
            size_t move = (result < diagonal ? result : diagonal) + MOVE;
            result = move < change ? move : change;
            row[i] = result;
            if (result < best)
                best = result;
        }
        if (best > max)
            return max + 1;
    }
    return result;
}

/* The best of the list's names; borrowed or NULL. */
static OuObj *closest(OuVM *vm, OuObj *list, OuObj *name)
{
    OuUtf8 want, have;
    OuObj *found = NULL;
    size_t best = SIZE_MAX;
    if (OU_LIST(list)->n >= MAX_CANDIDATES || ou_str_utf8(vm, name, &want, false) < 0)
        return NULL;
    for (size_t i = 0; i < OU_LIST(list)->n; i++) {
        OuObj *item = OU_LIST(list)->items[i];
        if (!ou_isa_str(vm, item) || ou_str_utf8(vm, item, &have, false) < 0) {
            found = NULL;
            break;
        }
        if (have.n != want.n || memcmp(have.s, want.s, want.n)) {
            size_t max = (want.n + have.n + 3) * MOVE / 6;
            if (max > best - 1)
                max = best - 1;
            size_t d = distance(want.s, want.n, have.s, have.n, max);
            if (d <= max && d < best) {
                best = d;
                found = item;
            }
        }
        ou_utf8_free(vm, &have);
    }
    ou_utf8_free(vm, &want);
    return found;
}

static OuObj *closest_of(OuVM *vm, OuObj *list_take, OuObj *name)
{
    OuObj *found = list_take ? closest(vm, list_take, name) : NULL;
    ou_xincref(found);
    ou_xdecref(vm, list_take);
    ou_err_clear(vm);
    return found;
}

static OuObj *for_name(OuVM *vm, OuExcNameError *e)
{
    OuTraceback *tb = (OuTraceback *)e->traceback;
    if (!e->name || !ou_isa_str(vm, e->name) || !tb)
        return NULL;
    while (tb->next)
        tb = tb->next;
    OuFrameObj *o = (OuFrameObj *)tb->frame;
    OuCode *code = o->frame ? o->frame->code : o->code;
    OuFunc *func = o->frame ? o->frame->func : o->func;
    if (!code || !func)
        return NULL;
    OuObj *names = ou_list_new(vm, 0), *found;
    for (uint32_t i = 0; names && i < code->nlocals; i++)
        if (ou_list_append(vm, names, code->var_names[i]) < 0)
            ou_clear(vm, names);
    if ((found = closest_of(vm, names, e->name)))
        return found;
    if ((found = closest_of(vm, ou_sequence_list(vm, (OuObj *)func->globals), e->name)))
        return found;
    return closest_of(vm, ou_sequence_list(vm, func->builtins), e->name);
}

OuObj *ou_exc_suggestion(OuVM *vm, OuObj *exc)
{
    if (ou_is(exc, NameError))
        return for_name(vm, (OuExcNameError *)exc);
    OuExcAttributeError *e = (OuExcAttributeError *)exc;
    if (!ou_is(exc, AttributeError) || !e->name || !e->obj || !ou_isa_str(vm, e->name))
        return NULL;
    return closest_of(vm, ou_dir(vm, e->obj), e->name);
}
