/* vm/text/text.h - what the files of str, bytes and bytearray share.
 *
 * OuChars is a borrowed view of characters: one implementation of searching, splitting, stripping and padding
 * serves the three types.  Results are made by ou_text_sub and ou_text_new, which know the class. */
#ifndef OU_VM_TEXT_H
#define OU_VM_TEXT_H

#include <string.h>

#include "../native.h"
#include "../buffer.h"

typedef enum { OU_TEXT_STR, OU_TEXT_BYTES, OU_TEXT_BYTEARRAY } OuCharsClass;

typedef struct OuChars {
    const void *p;
    ou_ssize n;
    int kind; /* 1, 2, 4 */
    OuCharsClass cls;
    OuObj *owner; /* borrowed; returned itself for "all of it" when exactly str or bytes */
} OuChars;

static inline uint32_t ou_kind_at(const void *p, int kind, ou_ssize i)
{
    return kind == 1   ? ((const uint8_t *)p)[i]
           : kind == 2 ? ((const uint16_t *)p)[i]
                       : ((const uint32_t *)p)[i];
}
static inline void ou_kind_put(void *p, int kind, ou_ssize i, uint32_t c)
{
    if (kind == 1)
        ((uint8_t *)p)[i] = (uint8_t)c;
    else if (kind == 2)
        ((uint16_t *)p)[i] = (uint16_t)c;
    else
        ((uint32_t *)p)[i] = c;
}
static inline uint32_t ou_text_at(const OuChars *t, ou_ssize i)
{
    return ou_kind_at(t->p, t->kind, i);
}
static inline OuChars ou_text_of_str(OuObj *s)
{
    return (OuChars){OU_STR(s)->data, ou_str_len(s), (int)OU_STR(s)->kind, OU_TEXT_STR, s};
}
/* An upper bound without a look at the characters of a str. */
static inline uint32_t ou_text_bound(const OuChars *t)
{
    return t->owner && t->cls == OU_TEXT_STR && OU_STR(t->owner)->ascii ? 0x7f
           : t->kind == 1                                               ? 0xff
           : t->kind == 2                                               ? 0xffff
                                                                        : 0x10ffff;
}
/* What bytes.isspace(), split() and fromhex() take for space. */
static inline bool ou_ascii_space(unsigned char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}
static inline int ou_kind_of_char(uint32_t c)
{
    return c < 0x100 ? 1 : c < 0x10000 ? 2 : 4;
}

/* ---- str.c ---- */
/* Copies n characters between kinds; the destination kind holds every character. */
void ou_kind_copy(void *dst, int dkind, ou_ssize dpos, const void *src, int skind, ou_ssize spos, ou_ssize n);
/* An upper bound of the characters of the narrowest kind that holds them; 0x7f or 0xff for kind 1. */
uint32_t ou_kind_max(const void *p, int kind, ou_ssize n);
/* n times c at `at`. */
void ou_kind_fill(void *p, int kind, ou_ssize at, uint32_t c, ou_ssize n);
static inline uint32_t ou_str_maxbound(const OuStr *s)
{
    return s->ascii ? 0x7f : s->kind == 1 ? 0xff : s->kind == 2 ? 0xffff : 0x10ffff;
}
/* The same characters in their narrowest form (taken, new). */
OuObj *ou_str_narrow(OuVM *vm, OuObj *s_take);
/* s if it is exactly str, else an exact copy: new. */
OuObj *ou_str_exact(OuVM *vm, OuObj *s);
/* Number of leading bytes below 0x80. */
size_t ou_ascii_prefix(const char *s, size_t n);
OuObj *ou_str_repr(OuVM *vm, OuObj *s);
/* Characters that a byte takes in a repr, but for the quote: 1, 2 or 4. */
extern const uint8_t ou_repr_widths[256];
/* s * n for any exact or inexact str. */
OuObj *ou_str_repeat(OuVM *vm, OuObj *s, ou_ssize n);
bool ou_char_printable(uint32_t c);
bool ou_char_space(uint32_t c);
bool ou_char_linebreak(uint32_t c);

/* ---- text_search.c ---- */
/* First / last match of needle in hay[start..end), or -1.  Needle may be of any kind. -2: MemoryError set. */
ou_ssize ou_text_find(OuVM *vm, const OuChars *hay, const OuChars *needle, ou_ssize start, ou_ssize end);
ou_ssize ou_text_rfind(OuVM *vm, const OuChars *hay, const OuChars *needle, ou_ssize start, ou_ssize end);
ou_ssize ou_text_find_char(const OuChars *hay, uint32_t c, ou_ssize start, ou_ssize end);
ou_ssize ou_text_count(OuVM *vm, const OuChars *hay, const OuChars *needle, ou_ssize start, ou_ssize end);
/* sub matches at the start (or end) of hay[start..end)? */
bool ou_text_tailmatch(const OuChars *hay, const OuChars *sub, ou_ssize start, ou_ssize end, bool at_end);
OuObj *ou_text_replace(OuVM *vm, const OuChars *t, const OuChars *from, const OuChars *to, ou_ssize count);
/* Python's slice arguments start, end (NULL or None: default) clipped to 0..n.  0/-1 */
int ou_text_range(OuVM *vm, OuObj *start, OuObj *end, ou_ssize n, ou_ssize *s, ou_ssize *e);
/* *v stays as it is when o is NULL; 0/-1 */
int ou_text_opt_ssize(OuVM *vm, OuObj *o, ou_ssize *v);

/* ---- text_search.c: find() and its kin, startswith(), endswith() ---- */
/* Their arguments are (self, sub[, start[, end]]): TypeError when there are more or fewer, or the range [*s, *e) of n
 * characters.  0/-1 */
int ou_text_search_args(OuVM *vm, const char *name, OuObj *const *args, size_t nargs, OuObj *kwnames,
                        ou_ssize n, ou_ssize *s, ou_ssize *e);
typedef enum { OU_FIND, OU_RFIND, OU_INDEX, OU_RINDEX, OU_COUNT } OuSearch;
/* The result of the method `what`; missing: ValueError of index(). */
OuObj *ou_text_search(OuVM *vm, OuSearch what, const OuChars *hay, const OuChars *sub, ou_ssize start,
                      ou_ssize end, const char *missing);

/* Non-overlapping matches of needle (of hay's kind, m > 0 characters) from *at to end, at most max: their places in pos,
 * *at behind the last. */
size_t ou_text_matches(const OuChars *hay, const void *needle, ou_ssize m, ou_ssize *at, ou_ssize end,
                       ou_ssize *pos, size_t max);
/* Needle of the hay's kind: itself, or a widened copy the caller frees (*own > 0 bytes).  0/-1 */
int ou_text_same_kind(OuVM *vm, const OuChars *hay, const OuChars *needle, const void **p, size_t *own);

/* ---- text_split.c ---- */
OuObj *ou_text_sub(OuVM *vm, const OuChars *t, ou_ssize start, ou_ssize end);
/* Result of t's class, n characters; maxchar for str.  *data: where to write. */
OuObj *ou_text_new(OuVM *vm, const OuChars *t, ou_ssize n, uint32_t maxchar, void **data, int *kind);
OuObj *ou_text_split(OuVM *vm, const OuChars *t, const OuChars *sep, ou_ssize maxsplit, bool from_right);
OuObj *ou_text_splitlines(OuVM *vm, const OuChars *t, bool keepends);
/* sepobj goes into the tuple; for bytearray a copy of the separator does. */
OuObj *ou_text_partition(OuVM *vm, const OuChars *t, const OuChars *sep, OuObj *sepobj, bool from_right);
OuObj *ou_text_strip(OuVM *vm, const OuChars *t, const OuChars *chars, bool left, bool right);
OuObj *ou_text_expandtabs(OuVM *vm, const OuChars *t, int tabsize);
OuObj *ou_text_pad(OuVM *vm, const OuChars *t, ou_ssize left, ou_ssize right, uint32_t fill);
OuObj *ou_text_center(OuVM *vm, const OuChars *t, ou_ssize width, uint32_t fill);
OuObj *ou_text_zfill(OuVM *vm, const OuChars *t, ou_ssize width);

/* ---- tables of methods, one file each ---- */
#define OU_M(name) static OuObj *name(OuVM *vm, OuObj *const *args, size_t nargs, OuObj *kwnames)
/* A method that is one expression. */
#define OU_M1(name, ...)    \
    OU_M(name)              \
    {                       \
        return __VA_ARGS__; \
    }

#endif
