/* vm/text/text_split.c - cutting, stripping and padding, for str, bytes and bytearray alike. */
#include "text.h"
#include "../list_impl.h"

OuObj *ou_text_sub(OuVM *vm, const OuChars *t, ou_ssize a, ou_ssize b)
{
    if (t->cls == OU_TEXT_STR) {
        if (t->owner)
            return ou_str_slice(vm, t->owner, a, b);
        return ou_str_from_ucs(vm, (const char *)t->p + a * t->kind, t->kind, b > a ? b - a : 0);
    }
    const char *p = (const char *)t->p + a;
    ou_ssize n = b > a ? b - a : 0;
    if (t->cls == OU_TEXT_BYTEARRAY)
        return ou_bytearray_new(vm, p, n);
    if (n == t->n && t->owner && ou_is(t->owner, bytes))
        return ou_ref(t->owner);
    return ou_bytes_new(vm, p, n);
}

OuObj *ou_text_new(OuVM *vm, const OuChars *t, ou_ssize n, uint32_t maxchar, void **data, int *kind)
{
    OuObj *o;
    *kind = 1;
    if (t->cls == OU_TEXT_STR) {
        if (!(o = ou_str_alloc(vm, n, maxchar)))
            return NULL;
        *data = OU_STR(o)->data;
        *kind = (int)OU_STR(o)->kind;
    } else if (t->cls == OU_TEXT_BYTES) {
        if (!(o = ou_bytes_new(vm, NULL, n)))
            return NULL;
        *data = OU_BYTES(o)->data;
    } else {
        if (!(o = ou_bytearray_new(vm, NULL, n)))
            return NULL;
        *data = ((OuByteArray *)o)->start;
    }
    return o;
}

static inline bool is_space(const OuChars *t, ou_ssize i)
{
    uint32_t c = ou_text_at(t, i);
    if (c < 0x80)
        return c == ' ' || (c >= 9 && c <= 13) || (c >= 0x1c && c <= 0x1f && t->cls == OU_TEXT_STR);
    return t->cls == OU_TEXT_STR && ou_char_space(c);
}

/* Appends s (taken).  CPython makes the list with twelve places at once: beyond eight, ours grows as that one. */
static int add_take(OuVM *vm, OuObj *list, OuObj *s)
{
    OuList *l = OU_LIST(list);
    if (l->n == 8 && l->cap == 8 && ou_list_set_cap(vm, l, 12) < 0) {
        ou_decref(vm, s);
        return -1;
    }
    return ou_list_append_take(vm, list, s);
}

static int add_piece(OuVM *vm, OuObj *list, const OuChars *t, ou_ssize a, ou_ssize b)
{
    OuObj *s = ou_text_sub(vm, t, a, b);
    return s ? add_take(vm, list, s) : -1;
}

/* White space below 128, of a str or of bytes. */
static inline bool is_ascii_space(char ch, bool str)
{
    unsigned char c = (unsigned char)ch;
    return ou_ascii_space(c) || (str && c >= 0x1c && c <= 0x1f);
}

/* split_space of an ASCII str, of bytes. */
static inline __attribute__((always_inline)) int split_ascii(OuVM *vm, OuObj *list, const OuChars *t,
                                                             ou_ssize max, bool str)
{
    const char *p = t->p, *end = p + t->n;
    for (;;) {
        while (p < end && is_ascii_space(*p, str))
            p++;
        if (p == end)
            return 0;
        const char *start = p;
        if (max-- <= 0) {
            p = end;
        } else {
            /* what is above the blank is no white space: one compare a character */
            while (p < end && ((unsigned char)*p > ' ' || !is_ascii_space(*p, str)))
                p++;
        }
        OuObj *s = start == t->p && p == end ? ou_text_sub(vm, t, 0, t->n)
                   : str                     ? ou_str_from_ascii(vm, start, p - start)
                                             : ou_bytes_new(vm, start, p - start);
        if (!s || add_take(vm, list, s) < 0)
            return -1;
    }
}

/* Pieces between runs of white space. */
static int split_space(OuVM *vm, OuObj *list, const OuChars *t, ou_ssize max)
{
    ou_ssize i = 0, n = t->n;
    if (t->cls == OU_TEXT_STR && t->owner && OU_STR(t->owner)->ascii)
        return split_ascii(vm, list, t, max, true);
    if (t->cls == OU_TEXT_BYTES)
        return split_ascii(vm, list, t, max, false);
    for (;;) {
        while (i < n && is_space(t, i))
            i++;
        if (i >= n)
            return 0;
        ou_ssize start = i;
        if (max-- <= 0) /* the rest as it is: white space at its end stays */
            return add_piece(vm, list, t, start, n);
        while (i < n && !is_space(t, i))
            i++;
        if (add_piece(vm, list, t, start, i) < 0)
            return -1;
    }
}

static int rsplit_space(OuVM *vm, OuObj *list, const OuChars *t, ou_ssize max)
{
    ou_ssize i = t->n;
    for (;;) {
        while (i > 0 && is_space(t, i - 1))
            i--;
        if (i <= 0)
            return 0;
        ou_ssize end = i;
        if (max-- <= 0)
            return add_piece(vm, list, t, 0, end);
        while (i > 0 && !is_space(t, i - 1))
            i--;
        if (add_piece(vm, list, t, i, end) < 0)
            return -1;
    }
}

/* Pieces between separators, whose places come many at a time. */
static int split_at(OuVM *vm, OuObj *list, const OuChars *t, const OuChars *sep, ou_ssize max)
{
    ou_ssize start = 0, at = 0, pos[64];
    size_t got = 0, own = 0;
    const void *p;
    if (sep->kind <= t->kind && sep->n <= t->n && max > 0) {
        if (ou_text_same_kind(vm, t, sep, &p, &own) < 0)
            return -1;
        do {
            got = ou_text_matches(t, p, sep->n, &at, t->n, pos, max < 64 ? (size_t)max : 64);
            max -= (ou_ssize)got;
            for (size_t i = 0; i < got; i++) {
                if (add_piece(vm, list, t, start, pos[i]) < 0) {
                    max = -1;
                    break;
                }
                start = pos[i] + sep->n;
            }
        } while (got == 64 && max > 0);
        if (own)
            ou_free(vm, (void *)p, own);
        if (max < 0)
            return -1;
    }
    return add_piece(vm, list, t, start, t->n);
}

OuObj *ou_text_split(OuVM *vm, const OuChars *t, const OuChars *sep, ou_ssize max, bool right)
{
    if (max < 0)
        max = PTRDIFF_MAX;
    if (sep && sep->n == 0)
        return ou_value_error(vm, "empty separator");
    OuObj *list = ou_list_new(vm, 0);
    if (!list)
        return NULL;
    int r = 0;
    if (!sep) {
        r = right ? rsplit_space(vm, list, t, max) : split_space(vm, list, t, max);
    } else if (right) {
        ou_ssize end = t->n, at = -1;
        while (max-- > 0 && (at = ou_text_rfind(vm, t, sep, 0, end)) >= 0) {
            if ((r = add_piece(vm, list, t, at + sep->n, end)) < 0)
                break;
            end = at;
        }
        if (at == -2 || r < 0 || add_piece(vm, list, t, 0, end) < 0)
            r = -1;
    } else {
        r = split_at(vm, list, t, sep, max);
    }
    if (r < 0 || (right && ou_list_reverse(vm, list) < 0)) {
        ou_decref(vm, list);
        return NULL;
    }
    return list;
}

static inline bool is_break(const OuChars *t, uint32_t c)
{
    return c == '\n' || c == '\r' || (t->cls == OU_TEXT_STR && c > 10 && ou_char_linebreak(c));
}

/* The first line break from i on, or the end.  Blocks of characters above the controls are passed over whole. */
static ou_ssize next_break(const OuChars *t, ou_ssize i)
{
    ou_ssize n = t->n;
    if (t->kind == 1) {
        const uint8_t *p = t->p;
        bool ascii = t->cls != OU_TEXT_STR || !t->owner || OU_STR(t->owner)->ascii;
        for (; i + 16 <= n; i += 16) {
            uint8_t low = 0;
            for (int k = 0; k < 16; k++)
                low |= (uint8_t)((p[i + k] < 0x20) | (p[i + k] == 0x85));
            if (low)
                break;
        }
        while (i < n && ((ascii ? p[i] >= 0x20 : p[i] >= 0x20 && p[i] != 0x85) || !is_break(t, p[i])))
            i++;
        return i;
    }
    const uint16_t *w = t->p;
    for (; t->kind == 2 && i + 8 <= n; i += 8) {
        uint16_t odd = 0;
        for (int k = 0; k < 8; k++)
            odd |= (uint16_t)((w[i + k] < 0x20) | (w[i + k] == 0x85) | ((w[i + k] & 0xfffe) == 0x2028));
        if (odd)
            break;
    }
    while (i < n) {
        uint32_t c = ou_text_at(t, i);
        if ((c < 0x20 || c == 0x85 || (c & ~1u) == 0x2028) && is_break(t, c))
            break;
        i++;
    }
    return i;
}

OuObj *ou_text_splitlines(OuVM *vm, const OuChars *t, bool keepends)
{
    OuObj *list = ou_list_new(vm, 0);
    if (!list)
        return NULL;
    for (ou_ssize i = 0; i < t->n;) {
        ou_ssize start = i, end;
        i = next_break(t, i);
        end = i;
        if (i < t->n) {
            i += ou_text_at(t, i) == '\r' && i + 1 < t->n && ou_text_at(t, i + 1) == '\n' ? 2 : 1;
            if (keepends)
                end = i;
        }
        if (add_piece(vm, list, t, start, end) < 0) {
            ou_decref(vm, list);
            return NULL;
        }
    }
    return list;
}

OuObj *ou_text_partition(OuVM *vm, const OuChars *t, const OuChars *sep, OuObj *sepobj, bool right)
{
    if (sep->n == 0)
        return ou_value_error(vm, "empty separator");
    ou_ssize at = right ? ou_text_rfind(vm, t, sep, 0, t->n) : ou_text_find(vm, t, sep, 0, t->n);
    if (at == -2)
        return NULL;
    OuObj *part[3] = {NULL, NULL, NULL};
    if (at < 0) {
        part[right ? 2 : 0] = ou_text_sub(vm, t, 0, t->n);
        part[1] = ou_text_sub(vm, t, 0, 0);
        part[right ? 0 : 2] = ou_text_sub(vm, t, 0, 0);
    } else {
        part[0] = ou_text_sub(vm, t, 0, at);
        part[1] = t->cls == OU_TEXT_BYTEARRAY ? ou_text_sub(vm, t, at, at + sep->n) : ou_ref(sepobj);
        part[2] = ou_text_sub(vm, t, at + sep->n, t->n);
    }
    OuObj *r = part[0] && part[1] && part[2] ? ou_tuple_of_take(vm, part, 3) : NULL;
    for (int i = 0; i < 3; i++)
        ou_xdecref(vm, part[i]);
    return r;
}

static inline bool stripped(const OuChars *chars, uint32_t c)
{
    return chars->n == 1 ? ou_text_at(chars, 0) == c : ou_text_find_char(chars, c, 0, chars->n) >= 0;
}

OuObj *ou_text_strip(OuVM *vm, const OuChars *t, const OuChars *chars, bool left, bool right)
{
    ou_ssize a = 0, b = t->n;
    if (!chars) {
        while (left && a < b && is_space(t, a))
            a++;
        while (right && b > a && is_space(t, b - 1))
            b--;
    } else {
        while (left && a < b && stripped(chars, ou_text_at(t, a)))
            a++;
        while (right && b > a && stripped(chars, ou_text_at(t, b - 1)))
            b--;
    }
    return ou_text_sub(vm, t, a, b);
}

OuObj *ou_text_expandtabs(OuVM *vm, const OuChars *t, int tabsize)
{
    bool found = false;
    ou_ssize col = 0, total = 0;
    for (ou_ssize i = 0; i < t->n; i++) {
        uint32_t c = ou_text_at(t, i);
        ou_ssize add = 1;
        if (c == '\t') {
            found = true;
            add = tabsize > 0 ? tabsize - col % tabsize : 0;
            col += add;
        } else {
            col = c == '\n' || c == '\r' ? 0 : col + 1;
        }
        if (total > PTRDIFF_MAX / 8 - add)
            return ou_raise(vm, OU_EXC(vm, OverflowError),
                            t->cls == OU_TEXT_STR ? "new string is too long" : "result too long");
        total += add;
    }
    if (!found)
        return ou_text_sub(vm, t, 0, t->n);
    void *data;
    int kind;
    OuObj *r = ou_text_new(vm, t, total, ou_text_bound(t), &data, &kind);
    if (!r)
        return NULL;
    col = total = 0;
    for (ou_ssize i = 0; i < t->n; i++) {
        uint32_t c = ou_text_at(t, i);
        if (c == '\t') {
            for (ou_ssize k = tabsize > 0 ? tabsize - col % tabsize : 0; k > 0; k--, col++)
                ou_kind_put(data, kind, total++, ' ');
            continue;
        }
        col = c == '\n' || c == '\r' ? 0 : col + 1;
        ou_kind_put(data, kind, total++, c);
    }
    return r;
}

OuObj *ou_text_pad(OuVM *vm, const OuChars *t, ou_ssize left, ou_ssize right, uint32_t fill)
{
    left = left < 0 ? 0 : left;
    right = right < 0 ? 0 : right;
    if (left == 0 && right == 0)
        return ou_text_sub(vm, t, 0, t->n);
    if (left > PTRDIFF_MAX / 8 || right > PTRDIFF_MAX / 8)
        return ou_raise(vm, OU_EXC(vm, OverflowError), "padded string is too long");
    uint32_t max = ou_text_bound(t);
    void *data;
    int kind;
    OuObj *r = ou_text_new(vm, t, left + t->n + right, fill > max ? fill : max, &data, &kind);
    if (!r)
        return NULL;
    ou_kind_fill(data, kind, 0, fill, left);
    ou_kind_copy(data, kind, left, t->p, t->kind, 0, t->n);
    ou_kind_fill(data, kind, left + t->n, fill, right);
    return r;
}

OuObj *ou_text_center(OuVM *vm, const OuChars *t, ou_ssize width, uint32_t fill)
{
    ou_ssize marg = width - t->n;
    if (width <= t->n)
        return ou_text_sub(vm, t, 0, t->n);
    ou_ssize left = marg / 2 + (marg & width & 1);
    return ou_text_pad(vm, t, left, marg - left, fill);
}

OuObj *ou_text_zfill(OuVM *vm, const OuChars *t, ou_ssize width)
{
    ou_ssize fill = width - t->n;
    if (width <= t->n)
        return ou_text_sub(vm, t, 0, t->n);
    OuObj *r = ou_text_pad(vm, t, fill, 0, '0');
    if (!r || t->n == 0)
        return r;
    void *data = t->cls == OU_TEXT_STR     ? OU_STR(r)->data
                 : t->cls == OU_TEXT_BYTES ? OU_BYTES(r)->data
                                           : ((OuByteArray *)r)->start;
    uint32_t c = ou_text_at(t, 0);
    if (c == '+' || c == '-') {
        ou_kind_put(data, t->kind, 0, c);
        ou_kind_put(data, t->kind, fill, '0');
    }
    return r;
}
