/* vm/text/text_search.c - find, count, replace over characters of any kind.
 *
 * One-byte text goes to memchr and memmem (glibc: two-way, linear in the worst case).  Wider text uses memmem
 * on the bytes and skips matches that do not start on a character, which needs a byte pattern overlapping
 * itself. */
#include "text.h"

#include <wchar.h>

/* hay[start..end) holds c where?  c beyond the kind is never there. */
ou_ssize ou_text_find_char(const OuChars *h, uint32_t c, ou_ssize start, ou_ssize end)
{
    if (start >= end)
        return -1;
    if (h->kind == 1) {
        const char *p = c < 0x100 ? memchr((const char *)h->p + start, (int)c, (size_t)(end - start)) : NULL;
        return p ? p - (const char *)h->p : -1;
    }
    if (h->kind == 4) {
        const wchar_t *p = wmemchr((const wchar_t *)h->p + start, (wchar_t)c, (size_t)(end - start));
        return p ? p - (const wchar_t *)h->p : -1;
    }
    const uint16_t *p = h->p;
    for (ou_ssize i = start; c < 0x10000 && i < end; i++)
        if (p[i] == c)
            return i;
    return -1;
}

static ou_ssize rfind_char(const OuChars *h, uint32_t c, ou_ssize start, ou_ssize end)
{
    if (h->kind == 1 && start < end) {
        const char *p = c < 0x100 ? memrchr((const char *)h->p + start, (int)c, (size_t)(end - start)) : NULL;
        return p ? p - (const char *)h->p : -1;
    }
    for (ou_ssize i = end - 1; i >= start; i--)
        if (ou_kind_at(h->p, h->kind, i) == c)
            return i;
    return -1;
}

/* Needle of the hay's kind: itself, or a widened copy to be freed (*own_size > 0). */
static int same_kind(OuVM *vm, const OuChars *h, const OuChars *n, const void **p, size_t *own_size)
{
    *own_size = 0;
    *p = n->p;
    if (h->kind == n->kind)
        return 0;
    size_t size = (size_t)(n->n * h->kind);
    void *w = ou_alloc(vm, size);
    if (!w)
        return -1;
    ou_kind_copy(w, h->kind, 0, n->p, n->kind, 0, n->n);
    *p = w;
    *own_size = size;
    return 0;
}

static ou_ssize find_same(const OuChars *h, const void *needle, ou_ssize m, ou_ssize start, ou_ssize end)
{
    const char *base = h->p, *from = base + start * h->kind, *stop = base + end * h->kind;
    size_t bytes = (size_t)(m * h->kind);
    while ((size_t)(stop - from) >= bytes) {
        const char *at = memmem(from, (size_t)(stop - from), needle, bytes);
        if (!at)
            return -1;
        size_t off = (size_t)(at - base);
        if (off % (size_t)h->kind == 0)
            return (ou_ssize)(off / (size_t)h->kind);
        from = at + 1;
    }
    return -1;
}

ou_ssize ou_text_find(OuVM *vm, const OuChars *h, const OuChars *n, ou_ssize start, ou_ssize end)
{
    if (n->n > end - start)
        return -1;
    if (n->n == 0)
        return start;
    if (n->n == 1)
        return ou_text_find_char(h, ou_text_at(n, 0), start, end);
    if (n->kind > h->kind)
        return -1;
    const void *p;
    size_t own;
    if (same_kind(vm, h, n, &p, &own) < 0)
        return -2;
    ou_ssize r = find_same(h, p, n->n, start, end);
    if (own)
        ou_free(vm, (void *)p, own);
    return r;
}

ou_ssize ou_str_find(const OuStr *s, const OuStr *sub, ou_ssize start, ou_ssize end)
{
    OuChars h = ou_text_of_str((OuObj *)s), n = ou_text_of_str((OuObj *)sub);
    if (n.n > end - start || n.kind > h.kind)
        return -1;
    if (n.n == 0)
        return start;
    if (n.kind == h.kind && n.n > 1)
        return find_same(&h, n.p, n.n, start, end);
    for (ou_ssize i = start; (i = ou_text_find_char(&h, ou_text_at(&n, 0), i, end - n.n + 1)) >= 0; i++) {
        ou_ssize k = 1;
        while (k < n.n && ou_text_at(&h, i + k) == ou_text_at(&n, k))
            k++;
        if (k == n.n)
            return i;
    }
    return -1;
}

/* Backward search in long text with a long needle: both reversed, so that the linear forward search serves.
 */
static ou_ssize rfind_reversed(OuVM *vm, const OuChars *h, const void *needle, ou_ssize m, ou_ssize start,
                               ou_ssize end)
{
    ou_ssize len = end - start;
    size_t size = (size_t)((len + m) * h->kind);
    char *tmp = ou_alloc(vm, size);
    if (!tmp)
        return -2;
    for (ou_ssize i = 0; i < len; i++)
        ou_kind_put(tmp, h->kind, i, ou_kind_at(h->p, h->kind, end - 1 - i));
    for (ou_ssize i = 0; i < m; i++)
        ou_kind_put(tmp, h->kind, len + i, ou_kind_at(needle, h->kind, m - 1 - i));
    OuChars r = {tmp, len, h->kind, h->cls, NULL};
    ou_ssize at = find_same(&r, tmp + len * h->kind, m, 0, len);
    ou_free(vm, tmp, size);
    return at < 0 ? at : end - at - m;
}

ou_ssize ou_text_rfind(OuVM *vm, const OuChars *h, const OuChars *n, ou_ssize start, ou_ssize end)
{
    if (n->n > end - start)
        return -1;
    if (n->n == 0)
        return end;
    if (n->n == 1)
        return rfind_char(h, ou_text_at(n, 0), start, end);
    if (n->kind > h->kind)
        return -1;
    const void *p;
    size_t own;
    if (same_kind(vm, h, n, &p, &own) < 0)
        return -2;
    ou_ssize r = -1, budget = 4096;
    uint32_t first = ou_kind_at(p, h->kind, 0);
    for (ou_ssize i = end - n->n; (i = rfind_char(h, first, start, i + 1)) >= 0; i--) {
        if (memcmp((const char *)h->p + i * h->kind, p, (size_t)(n->n * h->kind)) == 0) {
            r = i;
            break;
        }
        if ((budget -= 1 + n->n / 64) < 0) {
            r = rfind_reversed(vm, h, p, n->n, start, i + n->n - 1 < end ? i + n->n - 1 : end);
            break;
        }
    }
    if (own)
        ou_free(vm, (void *)p, own);
    return r;
}

/* How often byte c is in p[0..n): sums of 255 in bytes, which the compiler makes vectors of. */
static ou_ssize count_byte(const unsigned char *p, size_t n, unsigned char c)
{
    ou_ssize count = 0;
    while (n) {
        size_t part = n < 255 ? n : 255;
        unsigned char sum = 0;
        for (size_t i = 0; i < part; i++)
            sum = (unsigned char)(sum + (p[i] == c));
        count += sum;
        p += part;
        n -= part;
    }
    return count;
}

/* Non-overlapping matches, at most max of them; the places of the first nplaces go to places. */
static ou_ssize count_upto(OuVM *vm, const OuChars *h, const OuChars *n, ou_ssize start, ou_ssize end,
                           ou_ssize max, ou_ssize *places, ou_ssize nplaces)
{
    if (max <= 0 || end < start)
        return 0;
    if (n->n == 0)
        return end - start + 1 < max ? end - start + 1 : max;
    if (n->kind > h->kind || n->n > end - start)
        return 0;
    const void *p;
    size_t own;
    if (same_kind(vm, h, n, &p, &own) < 0)
        return -1;
    ou_ssize count = 0;
    uint32_t c = ou_kind_at(p, h->kind, 0);
    if (n->n == 1 && h->kind == 1 && !nplaces && max == PTRDIFF_MAX) {
        count = count_byte((const unsigned char *)h->p + start, (size_t)(end - start), (unsigned char)c);
        max = 0;
    }
    while (count < max) {
        ou_ssize at = n->n == 1 ? ou_text_find_char(h, c, start, end) : find_same(h, p, n->n, start, end);
        if (at < 0)
            break;
        if (count < nplaces)
            places[count] = at;
        count++;
        start = at + n->n;
    }
    if (own)
        ou_free(vm, (void *)p, own);
    return count;
}

ou_ssize ou_text_count(OuVM *vm, const OuChars *h, const OuChars *n, ou_ssize start, ou_ssize end)
{
    return count_upto(vm, h, n, start, end, PTRDIFF_MAX, NULL, 0);
}

bool ou_text_tailmatch(const OuChars *h, const OuChars *sub, ou_ssize start, ou_ssize end, bool at_end)
{
    if (end - start < sub->n || start > h->n)
        return false;
    ou_ssize at = at_end ? end - sub->n : start;
    if (h->kind == sub->kind)
        return memcmp((const char *)h->p + at * h->kind, sub->p, (size_t)(sub->n * h->kind)) == 0;
    for (ou_ssize i = 0; i < sub->n; i++)
        if (ou_text_at(h, at + i) != ou_text_at(sub, i))
            return false;
    return true;
}

static OuObj *whole(OuVM *vm, const OuChars *t)
{
    return ou_text_sub(vm, t, 0, t->n);
}

enum { PLACES = 256 }; /* matches of replace() that are not looked for twice */

OuObj *ou_text_replace(OuVM *vm, const OuChars *t, const OuChars *from, const OuChars *to, ou_ssize count)
{
    if (count < 0)
        count = PTRDIFF_MAX;
    if (count == 0 || from->n > t->n || (from->n == 0 && to->n == 0))
        return whole(vm, t);
    ou_ssize places[PLACES], hits = count_upto(vm, t, from, 0, t->n, count, places, PLACES);
    if (hits < 0)
        return NULL;
    if (hits == 0)
        return whole(vm, t);
    ou_ssize delta = to->n - from->n;
    if (delta > 0 && hits > (PTRDIFF_MAX / 8 - t->n) / delta)
        return ou_raise(vm, OU_EXC(vm, OverflowError), "replace %s is too long",
                        t->cls == OU_TEXT_STR ? "string" : "bytes");
    uint32_t mt = ou_kind_max(t->p, t->kind, t->n), mo = ou_kind_max(to->p, to->kind, to->n);
    uint32_t max = mo > mt ? mo : mt;
    void *data;
    int kind;
    OuObj *r = ou_text_new(vm, t, t->n + hits * delta, max, &data, &kind);
    if (!r)
        return NULL;
    ou_ssize in = 0, out = 0;
    for (ou_ssize k = 0; k < hits; k++) {
        ou_ssize at = from->n == 0 ? (k == 0 ? 0 : in + 1)
                      : k < PLACES ? places[k]
                                   : ou_text_find(vm, t, from, in, t->n);
        if (at == -2) {
            ou_decref(vm, r);
            return NULL;
        }
        ou_kind_copy(data, kind, out, t->p, t->kind, in, at - in);
        out += at - in;
        ou_kind_copy(data, kind, out, to->p, to->kind, 0, to->n);
        out += to->n;
        in = at + from->n;
    }
    ou_kind_copy(data, kind, out, t->p, t->kind, in, t->n - in);
    return t->cls == OU_TEXT_STR && max >= 0x80 ? ou_str_narrow(vm, r) : r;
}

static int slice_bound(OuVM *vm, OuObj *o, ou_ssize *v)
{
    if (!o || o == OU_NONE(vm))
        return 0;
    if (ou_is_small(o)) {
        *v = OU_INT_V(o);
        return 0;
    }
    if (!ou_has_index(vm, o))
        return ou_type_error_i(vm, "slice indices must be integers or None or have an __index__ method");
    return ou_as_ssize(vm, o, NULL, v);
}

int ou_text_range(OuVM *vm, OuObj *start, OuObj *end, ou_ssize n, ou_ssize *s, ou_ssize *e)
{
    *s = 0;
    *e = n;
    if (slice_bound(vm, start, s) < 0 || slice_bound(vm, end, e) < 0)
        return -1;
    if (*e > n)
        *e = n;
    else if (*e < 0 && (*e += n) < 0)
        *e = 0;
    if (*s < 0 && (*s += n) < 0)
        *s = 0;
    return 0;
}

int ou_text_opt_ssize(OuVM *vm, OuObj *o, ou_ssize *v)
{
    return !o ? 0 : ou_as_ssize(vm, o, OU_EXC(vm, OverflowError), v);
}

/* ---- find() and its kin ---------------------------------------------------------------- */

int ou_text_search_args(OuVM *vm, const char *name, OuObj *const *args, size_t nargs, OuObj *kwnames,
                        ou_ssize n, ou_ssize *s, ou_ssize *e)
{
    if (ou_no_kwargs(vm, name, kwnames) < 0)
        return -1;
    if (nargs < 2 || nargs > 4)
        return ou_type_error_i(vm, "%s() takes at %s %d argument%s (%zu given)", name,
                               nargs < 2 ? "least" : "most", nargs < 2 ? 1 : 3, nargs < 2 ? "" : "s",
                               nargs - 1);
    return ou_text_range(vm, nargs > 2 ? args[2] : NULL, nargs > 3 ? args[3] : NULL, n, s, e);
}

OuObj *ou_text_search(OuVM *vm, OuSearch what, const OuChars *hay, const OuChars *sub, ou_ssize start,
                      ou_ssize end, const char *missing)
{
    ou_ssize r = what == OU_COUNT                      ? ou_text_count(vm, hay, sub, start, end)
                 : what == OU_FIND || what == OU_INDEX ? ou_text_find(vm, hay, sub, start, end)
                                                       : ou_text_rfind(vm, hay, sub, start, end);
    if (r == -2)
        return NULL;
    if (r < 0 && (what == OU_INDEX || what == OU_RINDEX))
        return ou_value_error(vm, missing);
    return ou_int(vm, r);
}
