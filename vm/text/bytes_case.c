/* vm/text/bytes_case.c - the methods of bytes and bytearray that map ASCII case or ask for classes. */
#include "bytes.h"

static inline bool up(unsigned char c)
{
    return c >= 'A' && c <= 'Z';
}
static inline bool low(unsigned char c)
{
    return c >= 'a' && c <= 'z';
}
static inline bool digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}
#define METHOD1(name, value) \
    OU_BYTES_M(name)         \
    {                        \
        return value;        \
    }

/* What map_case does: all letters to one case, or case swapped, or only the first letter (of each word) upper. */
typedef enum { UPPER, LOWER, SWAPCASE, CAPITALIZE, TITLE } CaseMap;

static OuObj *map_case(OuVM *vm, OuObj *self, CaseMap mode)
{
    OuChars t = ou_text_of_bytes(vm, self);
    void *data;
    int kind;
    bool prev = false;
    OuObj *r = ou_text_new(vm, &t, t.n, 0xff, &data, &kind);
    if (r && (mode == UPPER || mode == LOWER)) { /* without branches: vectors */
        const uint8_t *restrict from = t.p, first = mode == UPPER ? 'a' : 'A';
        uint8_t *restrict to = data;
        for (ou_ssize i = 0, n = t.n; i < n; i++)
            to[i] = (uint8_t)(from[i] ^ (((uint8_t)(from[i] - first) < 26) << 5));
        return r;
    }
    for (ou_ssize i = 0; r && i < t.n; i++) {
        unsigned char c = ((const unsigned char *)t.p)[i];
        bool cased = up(c) || low(c);
        bool make_up = mode == UPPER || (mode == SWAPCASE && low(c)) || (mode == CAPITALIZE && i == 0) ||
                       (mode == TITLE && !prev);
        if (cased)
            c = make_up ? c & 0xdf : c | 0x20;
        prev = cased;
        ((unsigned char *)data)[i] = c;
    }
    return r;
}
METHOD1(upper, map_case(vm, args[0], UPPER))
METHOD1(lower, map_case(vm, args[0], LOWER))
METHOD1(swapcase, map_case(vm, args[0], SWAPCASE))
METHOD1(capitalize, map_case(vm, args[0], CAPITALIZE))
METHOD1(title, map_case(vm, args[0], TITLE))

#define IS(name, cond)                                         \
    OU_BYTES_M(name)                                           \
    {                                                          \
        OuChars t = ou_text_of_bytes(vm, args[0]);             \
        for (ou_ssize i = 0; i < t.n; i++) {                   \
            unsigned char c = ((const unsigned char *)t.p)[i]; \
            if (!(cond))                                       \
                return ou_bool(vm, false);                     \
        }                                                      \
        return ou_bool(vm, t.n > 0);                           \
    }
IS(isalpha, up(c) || low(c))
IS(isalnum, up(c) || low(c) || digit(c))
IS(isdigit, digit(c))
IS(isspace, ou_ascii_space(c))

OU_BYTES_M(isascii)
{
    OuChars t = ou_text_of_bytes(vm, args[0]);
    return ou_bool(vm, ou_ascii_prefix(t.p, (size_t)t.n) == (size_t)t.n);
}

static OuObj *one_case(OuVM *vm, OuObj *self, bool upper)
{
    OuChars t = ou_text_of_bytes(vm, self);
    bool cased = false;
    for (ou_ssize i = 0; i < t.n; i++) {
        unsigned char c = ((const unsigned char *)t.p)[i];
        if (upper ? low(c) : up(c))
            return ou_bool(vm, false);
        cased |= up(c) || low(c);
    }
    return ou_bool(vm, cased);
}
METHOD1(islower, one_case(vm, args[0], false))
METHOD1(isupper, one_case(vm, args[0], true))
OU_BYTES_M(istitle)
{
    OuChars t = ou_text_of_bytes(vm, args[0]);
    bool cased = false, prev = false;
    for (ou_ssize i = 0; i < t.n; i++) {
        unsigned char c = ((const unsigned char *)t.p)[i];
        if ((up(c) && prev) || (low(c) && !prev))
            return ou_bool(vm, false);
        prev = up(c) || low(c);
        cased |= prev;
    }
    return ou_bool(vm, cased);
}
