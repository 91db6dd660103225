/* vm/text/text_search.c - find, count, replace over characters of any kind.
 *
 * A single character goes to memchr and wmemchr, or to a loop of vectors.  A longer needle is looked for by its first
 * and last character, sixteen bytes at a time; where that finds too many false places, memmem (glibc: two-way, linear
 * in the worst case) goes on, over the bytes of wider text too: matches that do not start on a character are skipped. */
#include "text.h"

#include <emmintrin.h>
#include <wchar.h>

static inline __m128i load(const void *p)
{
    return _mm_loadu_si128((const __m128i *)p);
}
static inline __m128i splat(uint32_t c, int kind)
{
    return kind == 1 ? _mm_set1_epi8((char)c) : kind == 2 ? _mm_set1_epi16((short)c) : _mm_set1_epi32((int)c);
}
static inline __m128i equal(__m128i a, __m128i b, int kind)
{
    return kind == 1 ? _mm_cmpeq_epi8(a, b) : kind == 2 ? _mm_cmpeq_epi16(a, b) : _mm_cmpeq_epi32(a, b);
}
/* One bit a character, at its first byte. */
static inline unsigned places(__m128i eq, int kind)
{
    return (unsigned)_mm_movemask_epi8(eq) & (kind == 1 ? 0xffffu : kind == 2 ? 0x5555u : 0x1111u);
}

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
    if (c >= 0x10000)
        return -1;
    const uint16_t *p = h->p;
    ou_ssize i = start;
    __m128i want = splat(c, 2);
    for (; i + 8 <= end; i += 8) {
        unsigned at = places(equal(load(p + i), want, 2), 2);
        if (at)
            return i + __builtin_ctz(at) / 2;
    }
    for (; i < end; i++)
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
    ou_ssize i = end;
    if (h->kind == 2 && c < 0x10000) {
        __m128i want = splat(c, 2);
        for (; i - 8 >= start; i -= 8) {
            unsigned at = places(equal(load((const uint16_t *)h->p + i - 8), want, 2), 2);
            if (at)
                return i - 8 + (31 - __builtin_clz(at)) / 2;
        }
    }
    while (--i >= start)
        if (ou_kind_at(h->p, h->kind, i) == c)
            return i;
    return -1;
}

int ou_text_same_kind(OuVM *vm, const OuChars *h, const OuChars *n, const void **p, size_t *own_size)
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

/* The needle of `bytes` bytes (two characters or more) in n bytes of text: its offset, -1, or -2 - offset: not before
 * that, but there were too many places to look at. */
static inline __attribute__((always_inline)) ou_ssize find_by_ends(const char *h, size_t n,
                                                                   const char *needle, size_t bytes, int kind)
{
    size_t last = bytes - (size_t)kind, i = 0;
    if (n < bytes)
        return -1;
    size_t stop = n - last; /* starts lie below */
    __m128i first_c = splat(ou_kind_at(needle, kind, 0), kind);
    __m128i last_c = splat(ou_kind_at(needle + last, kind, 0), kind);
    ou_ssize budget = 256 + (ou_ssize)(n / 8);
    for (; i + 16 <= stop; i += 16) {
        unsigned at = places(
            _mm_and_si128(equal(load(h + i), first_c, kind), equal(load(h + i + last), last_c, kind)), kind);
        for (; at; at &= at - 1) {
            size_t k = i + (size_t)__builtin_ctz(at);
            if (memcmp(h + k, needle, bytes) == 0)
                return (ou_ssize)k;
            budget -= 1 + (ou_ssize)(bytes / 16);
        }
        if (budget < 0)
            return -2 - (ou_ssize)(i + 16);
    }
    for (; i < stop; i += (size_t)kind)
        if (ou_kind_at(h + i, kind, 0) == ou_kind_at(needle, kind, 0) && memcmp(h + i, needle, bytes) == 0)
            return (ou_ssize)i;
    return -1;
}

/* m > 1 characters of hay's kind */
static ou_ssize find_same(const OuChars *h, const void *needle, ou_ssize m, ou_ssize start, ou_ssize end)
{
    const char *base = h->p, *from = base + start * h->kind, *stop = base + end * h->kind;
    size_t bytes = (size_t)(m * h->kind), n = (size_t)(stop - from);
    if (stop < from)
        return -1;
    ou_ssize got = h->kind == 1   ? find_by_ends(from, n, needle, bytes, 1)
                   : h->kind == 2 ? find_by_ends(from, n, needle, bytes, 2)
                                  : find_by_ends(from, n, needle, bytes, 4);
    if (got >= 0)
        return start + got / h->kind;
    if (got == -1)
        return -1;
    from += -2 - got;
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

static inline __attribute__((always_inline)) size_t
char_places(const char *h, uint32_t c, ou_ssize *at, ou_ssize end, ou_ssize *pos, size_t max, int kind)
{
    ou_ssize i = *at, step = 16 / kind;
    size_t got = 0;
    __m128i want = splat(c, kind);
    for (; i + step <= end; i += step) {
        for (unsigned bits = places(equal(load(h + i * kind), want, kind), kind); bits; bits &= bits - 1) {
            pos[got++] = i + __builtin_ctz(bits) / kind;
            if (got == max) {
                *at = pos[got - 1] + 1;
                return got;
            }
        }
    }
    for (; i < end && got < max; i++)
        if (ou_kind_at(h, kind, i) == c)
            pos[got++] = i;
    *at = i;
    return got;
}

size_t ou_text_matches(const OuChars *h, const void *needle, ou_ssize m, ou_ssize *at, ou_ssize end,
                       ou_ssize *pos, size_t max)
{
    size_t got = 0;
    if (m == 1) {
        uint32_t c = ou_kind_at(needle, h->kind, 0);
        return h->kind == 1   ? char_places(h->p, c, at, end, pos, max, 1)
               : h->kind == 2 ? char_places(h->p, c, at, end, pos, max, 2)
                              : char_places(h->p, c, at, end, pos, max, 4);
    }
    while (got < max) {
        ou_ssize k = find_same(h, needle, m, *at, end);
        if (k < 0)
            break;
        pos[got++] = k;
        *at = k + m;
    }
    return got;
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
    if (ou_text_same_kind(vm, h, n, &p, &own) < 0)
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
    if (ou_text_same_kind(vm, h, n, &p, &own) < 0)
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

/* Non-overlapping matches, at most max of them. */
static ou_ssize count_upto(OuVM *vm, const OuChars *h, const OuChars *n, ou_ssize start, ou_ssize end,
                           ou_ssize max)
{
    if (max <= 0 || end < start)
        return 0;
    if (n->n == 0)
        return end - start + 1 < max ? end - start + 1 : max;
    if (n->kind > h->kind || n->n > end - start)
        return 0;
    const void *p;
    size_t own;
    if (ou_text_same_kind(vm, h, n, &p, &own) < 0)
        return -1;
    ou_ssize count = 0, pos[64];
    size_t got;
    do {
        got = ou_text_matches(h, p, n->n, &start, end, pos, max - count < 64 ? (size_t)(max - count) : 64);
        count += (ou_ssize)got;
    } while (got == 64 && count < max);
    if (own)
        ou_free(vm, (void *)p, own);
    return count;
}

ou_ssize ou_text_count(OuVM *vm, const OuChars *h, const OuChars *n, ou_ssize start, ou_ssize end)
{
    return count_upto(vm, h, n, start, end, PTRDIFF_MAX);
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

/* Result of a replacement: hits places of `from` characters become `to`. */
static OuObj *replaced(OuVM *vm, const OuChars *t, ou_ssize from, const OuChars *to, ou_ssize hits,
                       uint32_t *max, void **data, int *kind)
{
    ou_ssize delta = to->n - from;
    if (delta > 0 && hits > (PTRDIFF_MAX / 8 - t->n) / delta)
        return ou_raise(vm, OU_EXC(vm, OverflowError), "replace %s is too long",
                        t->cls == OU_TEXT_STR ? "string" : "bytes");
    uint32_t mo = to->n ? ou_kind_max(to->p, to->kind, to->n) : 0;
    *max = t->cls == OU_TEXT_STR ? ou_kind_max(t->p, t->kind, t->n) : 0;
    *max = mo > *max ? mo : *max;
    return ou_text_new(vm, t, t->n + hits * delta, *max, data, kind);
}

/* What was taken out may have been the only wide character. */
static OuObj *narrowed(OuVM *vm, const OuChars *t, OuObj *r_take, uint32_t max)
{
    return t->cls == OU_TEXT_STR && max >= 0x80 ? ou_str_narrow(vm, r_take) : r_take;
}

/* One character for another, both of the text's kind. */
static OuObj *replace_char(OuVM *vm, const OuChars *t, uint32_t from, uint32_t to)
{
    ou_ssize n = t->n, i = ou_text_find_char(t, from, 0, n);
    if (i < 0)
        return whole(vm, t);
    OuChars one = {&to, 1, 4, t->cls, NULL};
    uint32_t max;
    void *data;
    int kind;
    OuObj *r = replaced(vm, t, 1, &one, 1, &max, &data, &kind);
    if (!r)
        return NULL;
    ou_kind_copy(data, kind, 0, t->p, t->kind, 0, i);
#define REPLACE(T)                                   \
    do {                                             \
        T *restrict d_ = data;                       \
        const T *restrict s_ = t->p;                 \
        for (; i < n; i++)                           \
            d_[i] = (T)(s_[i] == from ? to : s_[i]); \
    } while (0)
    if (kind != t->kind) /* the caller's kinds agree, so only a text of one character can be narrower */
        ou_kind_put(data, kind, 0, to);
    else if (kind == 1)
        REPLACE(uint8_t);
    else if (kind == 2)
        REPLACE(uint16_t);
    else
        REPLACE(uint32_t);
#undef REPLACE
    return narrowed(vm, t, r, max);
}

/* `to` before every character and at the end: what replacing nothing means. */
static OuObj *interleave(OuVM *vm, const OuChars *t, const OuChars *to, ou_ssize count)
{
    ou_ssize hits = count < t->n + 1 ? count : t->n + 1, out = 0;
    uint32_t max;
    void *data;
    int kind;
    OuObj *r = replaced(vm, t, 0, to, hits, &max, &data, &kind);
    if (!r)
        return NULL;
    for (ou_ssize k = 0; k < hits; k++) {
        ou_kind_copy(data, kind, out, to->p, to->kind, 0, to->n);
        out += to->n;
        if (k < t->n)
            ou_kind_put(data, kind, out++, ou_text_at(t, k));
    }
    if (hits < t->n)
        ou_kind_copy(data, kind, out, t->p, t->kind, hits, t->n - hits);
    return narrowed(vm, t, r, max);
}

enum { KNOWN = 128 }; /* places of the first matches are kept from the count to the copy */

/* p: the from->n = m characters to replace, of the text's kind. */
static OuObj *replace_same(OuVM *vm, const OuChars *t, const void *p, ou_ssize m, const OuChars *to,
                           ou_ssize count)
{
    ou_ssize pos[KNOWN], more[KNOWN], at = 0, in = 0, out = 0;
    size_t got = ou_text_matches(t, p, m, &at, t->n, pos, count < KNOWN ? (size_t)count : KNOWN), g = got;
    ou_ssize hits = (ou_ssize)got, next = at;
    while (g == KNOWN && hits < count) {
        g = ou_text_matches(t, p, m, &at, t->n, more, count - hits < KNOWN ? (size_t)(count - hits) : KNOWN);
        hits += (ou_ssize)g;
    }
    if (hits == 0)
        return whole(vm, t);
    uint32_t max;
    void *data;
    int kind;
    OuObj *r = replaced(vm, t, m, to, hits, &max, &data, &kind);
    if (!r)
        return NULL;
    for (at = next; hits > 0;) {
        for (size_t k = 0; k < got; k++) {
            ou_kind_copy(data, kind, out, t->p, t->kind, in, pos[k] - in);
            out += pos[k] - in;
            ou_kind_copy(data, kind, out, to->p, to->kind, 0, to->n);
            out += to->n;
            in = pos[k] + m;
        }
        hits -= (ou_ssize)got;
        if (hits > 0)
            got = ou_text_matches(t, p, m, &at, t->n, pos, hits < KNOWN ? (size_t)hits : KNOWN);
    }
    ou_kind_copy(data, kind, out, t->p, t->kind, in, t->n - in);
    return narrowed(vm, t, r, max);
}

OuObj *ou_text_replace(OuVM *vm, const OuChars *t, const OuChars *from, const OuChars *to, ou_ssize count)
{
    if (count < 0)
        count = PTRDIFF_MAX;
    if (count == 0 || from->n > t->n || (from->n == 0 && to->n == 0))
        return whole(vm, t);
    if (from->n == 1 && to->n == 1 && t->kind == to->kind && count == PTRDIFF_MAX)
        return replace_char(vm, t, ou_text_at(from, 0), ou_text_at(to, 0));
    if (from->n == 0)
        return interleave(vm, t, to, count);
    if (from->kind > t->kind)
        return whole(vm, t);
    const void *p;
    size_t own;
    if (ou_text_same_kind(vm, t, from, &p, &own) < 0)
        return NULL;
    OuObj *r = replace_same(vm, t, p, from->n, to, count);
    if (own)
        ou_free(vm, (void *)p, own);
    return r;
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
