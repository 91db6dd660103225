/* vm/text/str.c - strings: memory, kinds, creation, concatenation.
 *
 * A string holds 1, 2 or 4 bytes a character, always the narrowest that fits (PEP 393).  INVARIANT: every
 * maker narrows, so equality compares kind, length and memory.
 *
 * In-place growth (`s += x`): a string that was grown carries `slack`; its memory then is grow_size() of what
 * it needs, a grid of four steps per power of two, so the true size still follows from the length alone. */
#include "text.h"

#include <wchar.h>

#define OU_STR_MAX ((ou_ssize)((UINT64_C(1) << 54) - 1))

static size_t grow_size(size_t n)
{
    if (n <= 64)
        return (n + 15) & ~(size_t)15;
    size_t step = (size_t)1 << (61 - __builtin_clzl(n));
    return (n + step - 1) & ~(step - 1);
}

static inline size_t need_size(size_t len, size_t kind)
{
    return sizeof(OuStr) + (len + 1) * kind;
}

size_t ou_str_memsize(const OuStr *s)
{
    size_t n = need_size(s->len, s->kind);
    return s->slack ? grow_size(n) : n;
}

static inline void put_end(OuStr *s)
{
    ou_kind_put(s->data, (int)s->kind, (ou_ssize)s->len, 0);
}

/* n > 0 */
static inline OuObj *alloc_ascii(OuVM *vm, size_t n)
{
    OuStr *s = (OuStr *)ou_heap_alloc_leaf(&vm->heap, OU_T_str, sizeof(OuStr) + n + 1);
    if (__builtin_expect(!s, 0))
        return ou_raise_memory(vm);
    s->hash = -1;
    s->bits = n | OU_STR_BITS_ASCII;
    s->data[n] = 0;
    return (OuObj *)s;
}

OuObj *ou_str_alloc(OuVM *vm, ou_ssize n, uint32_t maxchar)
{
    if (n == 0)
        return ou_ref(OU_EMPTY_STR(vm));
    if (n < 0 || n > OU_STR_MAX)
        return ou_raise_memory(vm);
    if (maxchar < 0x80)
        return alloc_ascii(vm, (size_t)n);
    int kind = ou_kind_of_char(maxchar);
    OuStr *s = (OuStr *)ou_new_leaf(vm, OU_T_str, need_size((size_t)n, (size_t)kind));
    if (!s)
        return NULL;
    s->hash = -1;
    s->bits = (uint64_t)n | OU_STR_BITS_KIND(kind);
    put_end(s);
    return (OuObj *)s;
}

static void init_static(OuStrStatic *st, uint32_t c, int len)
{
    OuStr *s = (OuStr *)st;
    s->hdr.rc = OU_RC_SINGLETON;
    s->hdr.tf = OU_T_str;
    s->hash = -1;
    s->bits = (uint64_t)len | (c < 0x80 ? OU_STR_BITS_ASCII : OU_STR_BITS_KIND(1));
    memset(st->data, 0, sizeof st->data);
    if (len)
        st->data[0] = (char)c;
}

int ou_str_init(OuVM *vm)
{
    static const char *const names[] = {
#define NAME(n) #n,
#include "../names.def"
#undef NAME
    };
    if (!vm->hash_key_set)
        ou_hash_set_random(vm);
    init_static(&vm->empty_str, 0, 0);
    for (uint32_t c = 0; c < 256; c++)
        init_static(&vm->latin1[c], c, 1);
    for (size_t i = 0; i < OU_NAME_COUNT; i++) {
        OuObj *s = ou_str_intern_s(vm, names[i]);
        if (!s)
            return -1;
        OU_STR(s)->interned = 2;
        vm->names[i] = OU_STR(s);
    }
    return 0;
}

OuObj *ou_str_char(OuVM *vm, uint32_t c)
{
    if (c < 256)
        return ou_ref((OuObj *)&vm->latin1[c]);
    OuObj *s = ou_str_alloc(vm, 1, c);
    if (s)
        ou_kind_put(OU_STR(s)->data, (int)OU_STR(s)->kind, 0, c);
    return s;
}

OuObj *ou_str_from_ascii(OuVM *vm, const char *p, ou_ssize n)
{
    if (n < 0)
        n = (ou_ssize)strlen(p);
    if (n == 1)
        return ou_ref((OuObj *)&vm->latin1[(unsigned char)*p]);
    if (n == 0)
        return ou_ref(OU_EMPTY_STR(vm));
    if (n > OU_STR_MAX)
        return ou_raise_memory(vm);
    OuObj *s = alloc_ascii(vm, (size_t)n);
    if (s)
        memcpy(OU_STR(s)->data, p, (size_t)n);
    return s;
}

OuObj *ou_str_latin1(OuVM *vm, const char *p, ou_ssize n)
{
    if (n == 1)
        return ou_ref((OuObj *)&vm->latin1[(unsigned char)*p]);
    OuObj *s = ou_str_alloc(vm, n, ou_ascii_prefix(p, (size_t)n) == (size_t)n ? 0x7f : 0xff);
    if (s && n)
        memcpy(OU_STR(s)->data, p, (size_t)n);
    return s;
}

size_t ou_ascii_prefix(const char *s, size_t n)
{
    size_t i = 0;
    for (; i + 32 <= n; i += 32) {
        uint64_t w[4];
        memcpy(w, s + i, 32);
        if ((w[0] | w[1] | w[2] | w[3]) & 0x8080808080808080u)
            break;
    }
    for (; i + 8 <= n; i += 8) {
        uint64_t w;
        memcpy(&w, s + i, 8);
        if (w & 0x8080808080808080u)
            return i + (size_t)__builtin_ctzll(w & 0x8080808080808080u) / 8;
    }
    while (i < n && !(s[i] & 0x80))
        i++;
    return i;
}

uint32_t ou_kind_max(const void *p, int kind, ou_ssize n)
{
    uint32_t m = 0;
    if (kind == 1)
        return ou_ascii_prefix(p, (size_t)n) == (size_t)n ? 0x7f : 0xff;
    /* the first characters of wide text mostly say that it is wide: blocks, until one does */
    ou_ssize i = 0;
    if (kind == 2) {
        const uint16_t *s = p;
        for (; i + 16 <= n; i += 16) {
            for (int k = 0; k < 16; k++)
                m |= s[i + k];
            if (m >= 0x100)
                return 0xffff;
        }
        for (; i < n; i++)
            m |= s[i];
        return m;
    }
    const uint32_t *s = p;
    for (; i + 16 <= n; i += 16) {
        for (int k = 0; k < 16; k++)
            m |= s[i + k];
        if (m >= 0x10000)
            return 0x10ffff;
    }
    for (; i < n; i++)
        m |= s[i];
    return m > 0x10ffff ? 0x10ffff : m;
}

void ou_kind_fill(void *p, int kind, ou_ssize at, uint32_t c, ou_ssize n)
{
    if (n <= 0)
        return;
    if (kind == 1) {
        memset((char *)p + at, (int)c, (size_t)n);
        return;
    }
    if (kind == 4) {
        wmemset((wchar_t *)p + at, (wchar_t)c, (size_t)n);
        return;
    }
    uint16_t *d = (uint16_t *)p + at;
    for (ou_ssize i = 0; i < n; i++)
        d[i] = (uint16_t)c;
}

void ou_kind_copy(void *dst, int dkind, ou_ssize dpos, const void *src, int skind, ou_ssize spos, ou_ssize n)
{
    if (dkind == skind) {
        if (n)
            memcpy((char *)dst + dpos * dkind, (const char *)src + spos * skind, (size_t)(n * dkind));
        return;
    }
#define CONVERT(D, S)                        \
    do {                                     \
        D *d_ = (D *)dst + dpos;             \
        const S *s_ = (const S *)src + spos; \
        for (ou_ssize i_ = 0; i_ < n; i_++)  \
            d_[i_] = (D)s_[i_];              \
    } while (0)
    switch (dkind * 8 + skind) {
    case 1 * 8 + 2:
        CONVERT(uint8_t, uint16_t);
        break;
    case 1 * 8 + 4:
        CONVERT(uint8_t, uint32_t);
        break;
    case 2 * 8 + 1:
        CONVERT(uint16_t, uint8_t);
        break;
    case 2 * 8 + 4:
        CONVERT(uint16_t, uint32_t);
        break;
    case 4 * 8 + 1:
        CONVERT(uint32_t, uint8_t);
        break;
    default:
        CONVERT(uint32_t, uint16_t);
        break;
    }
#undef CONVERT
}

OuObj *ou_str_from_ucs(OuVM *vm, const void *data, int kind, ou_ssize n)
{
    if (n == 1)
        return ou_str_char(vm, ou_kind_at(data, kind, 0));
    OuObj *s = ou_str_alloc(vm, n, ou_kind_max(data, kind, n));
    if (s && n)
        ou_kind_copy(OU_STR(s)->data, (int)OU_STR(s)->kind, 0, data, kind, 0, n);
    return s;
}

/* Reads one UTF-8 sequence, surrogates allowed; invalid: one byte as U+FFFD. */
static inline uint32_t utf8_next(const unsigned char **p, const unsigned char *end)
{
    const unsigned char *s = *p;
    uint32_t c = *s++;
    int more = c < 0x80                ? 0
               : c >= 0xc2 && c < 0xe0 ? 1
               : c >= 0xe0 && c < 0xf0 ? 2
               : c >= 0xf0 && c < 0xf5 ? 3
                                       : -1;
    uint32_t v = more <= 0 ? c : c & (0x3fu >> more);
    *p = s;
    if (more == 0)
        return c;
    if (more < 0 || end - s < more)
        return 0xfffd;
    for (int i = 0; i < more; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0xfffd;
        v = v << 6 | (s[i] & 0x3f);
    }
    if ((more == 2 && v < 0x800) || (more == 3 && (v < 0x10000 || v > 0x10ffff)))
        return 0xfffd;
    *p = s + more;
    return v;
}

OuObj *ou_str_new(OuVM *vm, const char *utf8, ou_ssize n)
{
    if (n < 0)
        n = (ou_ssize)strlen(utf8);
    if (ou_ascii_prefix(utf8, (size_t)n) == (size_t)n)
        return ou_str_from_ascii(vm, utf8, n);
    const unsigned char *p = (const unsigned char *)utf8, *end = p + n;
    ou_ssize len = 0;
    uint32_t max = 0;
    while (p < end) {
        uint32_t c = utf8_next(&p, end);
        max = c > max ? c : max;
        len++;
    }
    if (len == 1)
        return ou_str_char(vm, max);
    OuObj *s = ou_str_alloc(vm, len, max);
    if (!s)
        return NULL;
    p = (const unsigned char *)utf8;
    int kind = (int)OU_STR(s)->kind;
    for (ou_ssize i = 0; i < len; i++)
        ou_kind_put(OU_STR(s)->data, kind, i, utf8_next(&p, end));
    return s;
}

int64_t ou_str_hash(OuVM *vm, OuObj *o)
{
    OuStr *s = OU_STR(o);
    if (s->hash == -1)
        s->hash = ou_hash_bytes(vm, s->data, s->len * s->kind);
    return s->hash;
}

bool ou_str_eq(const OuStr *a, const OuStr *b)
{
    if (a == b)
        return true;
    if (a->len != b->len || a->kind != b->kind)
        return false;
    if (a->hash != -1 && b->hash != -1 && a->hash != b->hash)
        return false;
    return memcmp(a->data, b->data, a->len * a->kind) == 0;
}

bool ou_str_eq_s(OuObj *o, const char *ascii)
{
    OuStr *s = OU_STR(o);
    size_t n = strlen(ascii);
    return s->kind == 1 && s->len == n && memcmp(s->data, ascii, n) == 0;
}

int ou_str_cmp(const OuStr *a, const OuStr *b)
{
    ou_ssize n = (ou_ssize)(a->len < b->len ? a->len : b->len);
    if (a->kind == 1 && b->kind == 1) {
        int r = memcmp(a->data, b->data, (size_t)n);
        if (r)
            return r < 0 ? -1 : 1;
    } else {
        for (ou_ssize i = 0; i < n; i++) {
            uint32_t x = ou_str_at(a, i), y = ou_str_at(b, i);
            if (x != y)
                return x < y ? -1 : 1;
        }
    }
    return a->len < b->len ? -1 : a->len > b->len;
}

OuObj *ou_str_exact(OuVM *vm, OuObj *s)
{
    if (ou_is(s, str))
        return ou_ref(s);
    return ou_str_from_ucs(vm, OU_STR(s)->data, (int)OU_STR(s)->kind, ou_str_len(s));
}

OuObj *ou_str_narrow(OuVM *vm, OuObj *o)
{
    OuStr *s = OU_STR(o);
    if (s->ascii || s->len == 0)
        return o;
    uint32_t max = ou_kind_max(s->data, (int)s->kind, (ou_ssize)s->len);
    if (s->len > 1 && ou_kind_of_char(max) == (int)s->kind && max >= 0x80)
        return o;
    OuObj *r = ou_str_from_ucs(vm, s->data, (int)s->kind, (ou_ssize)s->len);
    ou_decref(vm, o);
    return r;
}

OuObj *ou_str_concat(OuVM *vm, OuObj *a, OuObj *b)
{
    OuStr *x = OU_STR(a), *y = OU_STR(b);
    if (x->len == 0)
        return ou_str_exact(vm, b);
    if (y->len == 0)
        return ou_str_exact(vm, a);
    uint32_t mx = ou_str_maxbound(x), my = ou_str_maxbound(y);
    OuObj *o = ou_str_alloc(vm, (ou_ssize)(x->len + y->len), mx > my ? mx : my);
    if (!o)
        return NULL;
    OuStr *r = OU_STR(o);
    ou_kind_copy(r->data, (int)r->kind, 0, x->data, (int)x->kind, 0, (ou_ssize)x->len);
    ou_kind_copy(r->data, (int)r->kind, (ou_ssize)x->len, y->data, (int)y->kind, 0, (ou_ssize)y->len);
    return o;
}

int ou_str_append(OuVM *vm, OuObj **left, OuObj *right)
{
    OuObj *l = *left;
    OuStr *a = OU_STR(l), *b = OU_STR(right);
    bool in_place = l->rc == 1 && l != right && a->interned == 0 && a->kind >= b->kind && a->len && b->len &&
                    !(l->tf & (OU_F_WEAK | OU_F_SPAN)) && a->len + b->len <= (uint64_t)OU_STR_MAX;
    if (!in_place) {
        *left = ou_str_concat(vm, l, right);
        ou_decref(vm, l);
        return *left ? 0 : -1;
    }
    size_t old = ou_str_memsize(a), n = a->len + b->len, size = grow_size(need_size(n, a->kind));
    if (size != old) {
        /* the box moves: header and contents go along, the old memory is given back without a dealloc */
        OuStr *r = (OuStr *)ou_new_leaf(vm, OU_T_str, size);
        if (!r) {
            *left = NULL;
            ou_decref(vm, l);
            return -1;
        }
        uint32_t tf = r->hdr.tf;
        memcpy(r, a, need_size(a->len, a->kind));
        r->hdr.tf = tf;
        ou_heap_free_leaf(&vm->heap, l, old);
        a = r;
    }
    a->slack = 1;
    ou_kind_copy(a->data, (int)a->kind, (ou_ssize)a->len, b->data, (int)b->kind, 0, (ou_ssize)b->len);
    a->len = n;
    a->hash = -1;
    a->ascii = a->ascii && b->ascii;
    put_end(a);
    *left = (OuObj *)a;
    return 0;
}

OuObj *ou_str_slice(OuVM *vm, OuObj *o, ou_ssize start, ou_ssize end)
{
    OuStr *s = OU_STR(o);
    ou_ssize n = end - start;
    if (n <= 0)
        return ou_ref(OU_EMPTY_STR(vm));
    if (n == 1)
        return ou_str_char(vm, ou_str_at(s, start));
    if (n == (ou_ssize)s->len && ou_is(o, str))
        return ou_ref(o);
    if (s->ascii)
        return ou_str_from_ascii(vm, s->data + start, n);
    return ou_str_from_ucs(vm, s->data + start * (ou_ssize)s->kind, (int)s->kind, n);
}

OuObj *ou_str_repeat(OuVM *vm, OuObj *o, ou_ssize n)
{
    OuStr *s = OU_STR(o);
    if (n <= 0 || s->len == 0)
        return ou_ref(OU_EMPTY_STR(vm));
    if (n == 1)
        return ou_str_exact(vm, o);
    if ((ou_ssize)s->len > OU_STR_MAX / n)
        return ou_raise_memory(vm);
    ou_ssize total = (ou_ssize)s->len * n;
    OuObj *r = ou_str_alloc(vm, total, ou_str_maxbound(s));
    if (!r)
        return NULL;
    char *d = OU_STR(r)->data;
    size_t unit = s->len * s->kind, all = unit * (size_t)n;
    if (unit == 1) {
        memset(d, s->data[0], all);
        return r;
    }
    memcpy(d, s->data, unit);
    for (size_t have = unit; have < all;) {
        size_t m = have <= all - have ? have : all - have;
        memcpy(d + have, d, m);
        have += m;
    }
    return r;
}

/* CPython joins through the sequence it was given; items are checked first so that nothing is copied in vain.
 */
OuObj *ou_str_join(OuVM *vm, OuObj *sep, OuObj *const *items, size_t n)
{
    if (n == 0)
        return ou_ref(OU_EMPTY_STR(vm));
    if (n == 1 && ou_is(items[0], str))
        return ou_ref(items[0]);
    OuStr *sp = OU_STR(sep);
    uint64_t total = n > 1 ? sp->len * (n - 1) : 0;
    uint32_t max = n > 1 && sp->len ? ou_str_maxbound(sp) : 0;
    if (n > 1 && sp->len && sp->len > (uint64_t)OU_STR_MAX / (n - 1))
        return ou_raise(vm, OU_EXC(vm, OverflowError), "join() result is too long for a Python string");
    for (size_t i = 0; i < n; i++) {
        if (!ou_isa_str(vm, items[i]))
            return ou_type_error(vm, "sequence item %zu: expected str instance, %T found", i, items[i]);
        OuStr *s = OU_STR(items[i]);
        total += s->len;
        uint32_t m = ou_str_maxbound(s);
        if (s->len && m > max)
            max = m;
    }
    if (total > (uint64_t)OU_STR_MAX)
        return ou_raise(vm, OU_EXC(vm, OverflowError), "join() result is too long for a Python string");
    OuObj *r = ou_str_alloc(vm, (ou_ssize)total, max);
    if (!r || total == 0)
        return r;
    OuStr *d = OU_STR(r);
    ou_ssize at = 0;
    if (d->kind == 1) { /* the usual case without a call per piece */
        char *p = d->data;
        for (size_t i = 0; i < n; i++) {
            OuStr *s = OU_STR(items[i]);
            if (i && sp->len) {
                memcpy(p, sp->data, sp->len);
                p += sp->len;
            }
            memcpy(p, s->data, s->len);
            p += s->len;
        }
        return r;
    }
    for (size_t i = 0; i < n; i++) {
        OuStr *s = OU_STR(items[i]);
        if (i) {
            ou_kind_copy(d->data, (int)d->kind, at, sp->data, (int)sp->kind, 0, (ou_ssize)sp->len);
            at += (ou_ssize)sp->len;
        }
        ou_kind_copy(d->data, (int)d->kind, at, s->data, (int)s->kind, 0, (ou_ssize)s->len);
        at += (ou_ssize)s->len;
    }
    return r;
}

const char *ou_arg_type_name(OuVM *vm, OuObj *o)
{
    return o == OU_NONE(vm) ? "None" : OU_TYPE_OF(vm, o)->name;
}
